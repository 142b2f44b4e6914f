// Verdicts of the parties of a network, asked for in groups.
import type { TreeVerdict, Verdicts } from '../api/types.ts';
import { valuesOf } from './facts.ts';
import { groups, verdictUrl } from './needs.ts';
import type { Ask, Picture } from './picture.ts';
import type { State } from './state.ts';

export const MARK_MOST = 300;

export interface Marks {
  of: Map<string, TreeVerdict>;
  waiting: boolean;
  /** Too many parties: none was asked about. */
  tooMany: boolean;
  failed: string | null;
}

export const noMarks = (of = new Map<string, TreeVerdict>()): Marks => ({ of, waiting: false, tooMany: false, failed: null });

export function marks(s: State, p: Picture, regime: string, ask: Ask): Marks {
  const out = noMarks();
  // A party without a name is one that the chosen sources only point at.
  const ids = [...p.nodes.values()].filter((n) => n.type !== 'unresolved_name' && valuesOf(n.name).length > 0).map((n) => n.id);
  if (ids.length > MARK_MOST) return { ...out, tooMany: true };
  const todo = groups(ids);
  for (let some = todo.pop(); some; some = todo.pop()) {
    const asked = ask<Verdicts>(verdictUrl(s, some, [regime]));
    for (const v of asked.data?.verdicts ?? []) out.of.set(v.id, v);
    if (asked.state === 'waiting') out.waiting = true;
    if (!asked.error) continue;
    // One that is not known on the day keeps the others of its group from an answer.
    if (asked.error.status !== 404) out.failed = asked.error.message;
    else if (some.length > 1) todo.push(some.slice(0, some.length >> 1), some.slice(some.length >> 1));
  }
  return out;
}

/** Why a party may be without a mark. */
export function marksNote(m: Marks): string | null {
  if (m.tooMany) return `no verdicts are marked: more than ${MARK_MOST} parties`;
  return m.failed === null ? null : `not all verdicts are marked: ${m.failed}`;
}
