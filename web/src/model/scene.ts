// What is drawn, apart from how: boxes and lines with their words and marks.
import type { EdgeType, Meta, Party, Relation, TreeResult, TreeVerdict, VerdictWord } from '../api/types.ts';
import { bundleId, bundles, type Bundle } from './bundle.ts';
import { listedOn, nameOf } from './facts.ts';
import { targetId, type Picture } from './picture.ts';
import { rangeText } from './share.ts';
import type { Point, Selection } from './state.ts';
import { canvasText, clip, familyOf, shortVerdict, verdictSign, type Family } from './words.ts';

export interface SceneNode {
  id: string; name: string; lines: string[]; family: Family; mark: VerdictWord | null; listed: boolean;
  x: number; y: number; lit: boolean; selected: boolean; pinned: boolean; noted: boolean; flips: boolean;
}
export interface SceneEdge {
  id: string; a: string; b: string; text: string; toA: boolean; toB: boolean; doubtful: boolean; stake: boolean; count: number;
  lit: boolean; selected: boolean;
}
export interface Scene { nodes: SceneNode[]; edges: SceneEdge[]; boxed: boolean; dimmed: boolean; settled: boolean }

export interface Lit { nodes: Set<string>; edges: Set<string> }

export interface SceneInput {
  picture: Picture; places: Record<string, Point>; meta: Meta | null; day: string; selected: Selection | null; lit: Lit | null;
  pinned: string[]; noted: Set<string>; verdicts: Map<string, TreeVerdict>; regime: string; boxed: boolean; flips: Set<string>;
  settled: boolean;
}

export const edgeTypes = (meta: Meta | null): Map<string, EdgeType> => new Map((meta?.edge_types ?? []).map((t) => [t.name, t]));

/** Decimal texts to whole numbers of the smallest unit; null where one is no decimal. */
function units(texts: string[]): bigint[] | null {
  const parts = texts.map((t) => /^(\d+)(?:\.(\d+))?$/.exec(t));
  const places = Math.max(0, ...parts.map((p) => p?.[2]?.length ?? 0));
  if (parts.some((p) => !p)) return null;
  return parts.map((p) => BigInt((p?.[1] ?? '') + (p?.[2] ?? '').padEnd(places, '0')));
}

/** `30 + 20.5 = 50.5 %`: only where exact stakes of affected holders make the stated total; the proof has the rest. */
export function sumLine(id: string, picture: Picture, verdicts: Map<string, TreeVerdict>): string | null {
  const own = verdicts.get(id);
  if (!own?.share || own.verdict === 'listed') return null;
  const total = rangeText(own.share);
  if (total === null || own.share.min === '0' && own.share.max === '0') return null;
  const stakes: string[] = [];
  for (const e of picture.all.values()) {
    if (targetId(e) !== id || e.source === id || (e.type !== 'owns' && e.type !== 'beneficially_owns') || e.direct === 'indirect' || e.direct === false) continue;
    const holder = verdicts.get(e.source)?.verdict;
    if (holder !== 'listed' && holder !== 'blocked') continue;
    if (typeof e.share !== 'string' || (e.status ?? 'asserted') !== 'asserted') return total;
    stakes.push(e.share);
  }
  const numbers = own.share.min === own.share.max ? units([...stakes, own.share.min]) : null;
  const sum = numbers?.at(-1);
  if (!numbers || stakes.length < 2 || stakes.length > 4 || numbers.slice(0, -1).reduce((a, b) => a + b, 0n) !== sum) return total;
  return `${stakes.join(' + ')} = ${total}`;
}

function nodeLines(p: Party, mark: TreeVerdict | undefined, i: SceneInput): string[] {
  const lists = listedOn(p, i.day).map((l) => l.list === '*' ? 'every list' : l.list);
  const lines = [clip(canvasText(nameOf(p)), i.boxed ? 25 : 40)];
  if (mark) {
    const short = shortVerdict(mark.verdict, i.regime);
    const words = mark.verdict === 'not_blocked' ? short : short.toUpperCase();
    const tail = mark.verdict === 'listed' && lists.length > 0 ? ` · ${clip(lists.join(', '), 14)}` : '';
    if (mark.verdict !== 'not_blocked' || i.boxed) lines.push(`${verdictSign(mark.verdict)} ${words}${tail}`);
    if (i.boxed) { const sum = sumLine(p.id, i.picture, i.verdicts); if (sum) lines.push(clip(sum, 30)); }
  } else if (lists.length > 0) lines.push(`${verdictSign('listed')} LISTED · ${clip(lists.join(', '), 18)}`);
  return lines;
}

export function scene(i: SceneInput): Scene {
  const selectedEdge = i.selected?.kind === 'edge' ? i.selected.id : null;
  const selectedBundle = i.selected?.kind === 'bundle' ? bundleId(i.selected.a, i.selected.b) : null;
  const nodes = [...i.picture.nodes.values()].map((p): SceneNode => {
    const mark = i.verdicts.get(p.id);
    const [x, y] = i.places[p.id] ?? [0, 0];
    return {
      id: p.id, name: nameOf(p), lines: nodeLines(p, mark, i), family: familyOf(p.type, i.meta), mark: mark?.verdict ?? null,
      listed: mark ? mark.verdict === 'listed' : listedOn(p, i.day).length > 0, x, y, lit: i.lit?.nodes.has(p.id) ?? false,
      selected: i.selected?.kind === 'node' && i.selected.id === p.id, pinned: i.pinned.includes(p.id), noted: i.noted.has(p.id),
      flips: i.flips.has(p.id),
    };
  });
  const edges = bundles(i.picture.edges.values(), edgeTypes(i.meta)).map((b: Bundle): SceneEdge => ({
    id: b.id, a: b.a, b: b.b, text: b.text.split('\n').map((line) => clip(canvasText(line), 40)).join('\n'), toA: b.toA, toB: b.toB, doubtful: b.doubtful, stake: b.stake,
    count: b.edges.length, lit: b.edges.some((e) => i.lit?.edges.has(e.id)),
    selected: b.id === selectedBundle || b.edges.some((e) => e.id === selectedEdge),
  }));
  return { nodes, edges, boxed: i.boxed, dimmed: i.lit !== null && i.lit.nodes.size > 0, settled: i.settled };
}

export const verdictsOf = (result: TreeResult | undefined, regime: string): Map<string, TreeVerdict> =>
  new Map(Object.entries(result?.regimes[regime]?.verdicts ?? {}));

/** What a selected line stands for: its one relation, or all of them. */
export function selectionOf(b: { a: string; b: string; edges: Relation[] }): Selection {
  const only = b.edges.length === 1 ? b.edges[0] : undefined;
  return only ? { kind: 'edge', id: only.id } : { kind: 'bundle', a: b.a, b: b.b };
}
