// Undo and redo of everything: a history of whole states.

export interface History<S> { past: S[]; now: S; future: S[] }

const MOST = 200;

export const begin = <S>(now: S): History<S> => ({ past: [], now, future: [] });

/** A step that can be taken back. */
export function push<S>(h: History<S>, next: S): History<S> {
  if (next === h.now) return h;
  return { past: [...h.past.slice(-(MOST - 1)), h.now], now: next, future: [] };
}

/** A change that is no step of its own: what is selected, positions that were worked out. */
export const replace = <S>(h: History<S>, next: S): History<S> => ({ ...h, now: next });

export function undo<S>(h: History<S>): History<S> {
  const last = h.past.at(-1);
  return last === undefined ? h : { past: h.past.slice(0, -1), now: last, future: [h.now, ...h.future] };
}

export function redo<S>(h: History<S>): History<S> {
  const next = h.future[0];
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future: h.future.slice(1) };
}
