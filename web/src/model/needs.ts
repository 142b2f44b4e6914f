// Which addresses a state stands on.
import { address } from '../api/client.ts';
import type { Expansion, State, Suppose, Way } from './state.ts';
import { STEP } from './state.ts';

type Params = Record<string, string | number | boolean | null | undefined | string[]>;

export const filters = (s: State): Params => ({ as_of: s.asOf, known_at: s.knownAt, source: s.sources });
const path = (id: string): string => `/v1/entity/${encodeURIComponent(id)}`;

export const entityUrl = (s: State, id: string): string => address(path(id), { limit: STEP, ...filters(s) });
export const countsUrl = (s: State, id: string): string => address('/v1/counts', { entity: id, ...filters(s) });
export const rowsUrl = (s: State, id: string, type: string, limit: number): string =>
  address(path(id), { limit, type, ...filters(s) });

export function expansionUrl(s: State, e: Expansion): string {
  return 'hops' in e
    ? address('/v1/neighbourhood', { entity: e.id, hops: e.hops, limit: e.limit, ...filters(s) })
    : rowsUrl(s, e.id, e.type, e.limit);
}

export function wayUrl(s: State, w: Way): string {
  const [from, to] = w.ids;
  if (w.ids.length === 2) {
    return address('/v1/path', { from, to, ...(w.k > 0 ? { k: w.k } : { all: true }), through: w.through, ...filters(s) });
  }
  return address('/v1/between', { entity: w.ids, through: w.through, ...filters(s) });
}

export const AMONG_MOST = 150;
const LONGEST = 6000;

/** Ids in groups that an address has room for. */
export function groups(ids: string[], most = 40): string[][] {
  const out: string[][] = [];
  let size = LONGEST;
  for (const id of ids) {
    const more = encodeURIComponent(id).length + 8;
    const last = out.at(-1);
    if (!last || size + more > LONGEST || last.length >= most) { out.push([id]); size = more; } else { last.push(id); size += more; }
  }
  return out;
}

/** As many as one question takes. */
export const amongThem = (ids: string[]): string[] => groups(ids, AMONG_MOST)[0] ?? [];
export const amongUrl = (s: State, ids: string[]): string =>
  address('/v1/export', { format: 'document', hops: 0, entity: ids, ...filters(s) });

export const treeUrl = (s: State, id: string): string =>
  address('/v1/tree', { entity: id, regime: s.regimes, ...filters(s) });

export const verdictUrl = (s: State, ids: string[], regimes: string[] = []): string =>
  address('/v1/verdict', { entity: ids, regime: regimes, ...filters(s) });

export const proofUrl = (s: State, id: string, regime: string): string =>
  address('/v1/proof', { entity: id, regime, ...filters(s) });

export function whatIfUrl(s: State, changes: Suppose[], regimes: string[]): string {
  const list: string[] = [], delist: string[] = [], set: string[] = [], add: string[] = [], remove: string[] = [];
  let votes = false;
  for (const c of changes) {
    if (c.kind === 'list') list.push(c.id);
    else if (c.kind === 'delist') delist.push(c.id);
    else if (c.kind === 'set') set.push(`${c.edge}=${c.share}`);
    else if (c.kind === 'remove') remove.push(c.edge);
    else { add.push(`${c.holder}>${c.target}=${c.share}`); votes ||= c.votes; }
  }
  return address('/v1/what-if', { list, delist, set, add, remove, votes, regime: regimes, limit: 500, ...filters(s) });
}
