// Parallel edges as one line with a count.
import type { EdgeType, Relation } from '../api/types.ts';
import { targetId } from './picture.ts';
import { shareText } from './share.ts';
import { label } from './words.ts';

export interface Bundle {
  id: string; a: string; b: string; edges: Relation[];
  /** Which ends have an arrow. */
  toA: boolean; toB: boolean;
  text: string; doubtful: boolean; stake: boolean;
}

export const bundleId = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);

export const isStake = (t: EdgeType | undefined): boolean => Boolean(t && (t.ownership || t.votes || t.ambiguous));

/** The words on a line: the relation, and its share, range, or that it is not known. */
export function edgeText(e: Relation, types: Map<string, EdgeType>): string {
  const type = types.get(e.type);
  const name = type?.label && type.label.length <= 24 ? type.label : label(e.type);
  const share = shareText(e.share);
  const tail = e.direct === 'indirect' || e.direct === false ? ', indirect' : '';
  const of = e.type === 'owns' ? '' : type?.votes ? 'votes ' : `${name} `;
  if (share !== null) return of + share + tail;
  return isStake(type) ? `${of}share unknown${tail}` : name;
}

export function bundles(edges: Iterable<Relation>, types: Map<string, EdgeType>): Bundle[] {
  const groups = new Map<string, Relation[]>();
  for (const e of edges) {
    const key = bundleId(e.source, targetId(e));
    const group = groups.get(key);
    if (group) group.push(e); else groups.set(key, [e]);
  }
  const out: Bundle[] = [];
  for (const [id, group] of groups) {
    const first = group[0];
    if (!first) continue;
    const a = first.source, b = targetId(first);
    const directed = group.filter((e) => !types.get(e.type)?.symmetric);
    const words = [...new Set(group.map((e) => edgeText(e, types)))];
    out.push({
      id, a, b, edges: group,
      toA: directed.some((e) => targetId(e) === a && e.source !== a), toB: directed.some((e) => targetId(e) === b),
      // Two relations are both named, a line each; more are counted.
      text: group.length === 1 ? words[0] ?? '' : group.length === 2
        ? `${words.join('\n')}${words.length < 2 ? ` (${group.length})` : ''}` : `${group.length} relations`,
      doubtful: group.every((e) => (e.status ?? 'asserted') !== 'asserted' || (e.act ?? 'done') !== 'done'),
      stake: group.some((e) => isStake(types.get(e.type))),
    });
  }
  return out;
}
