// What the page shows, as one immutable value. Everything else is derived from it and from answers.
import type { Direction } from '../api/types.ts';

export const STEP = 25;

/** More of the graph around a party: one type of relation, or all within some steps. */
export type Expansion =
  | { id: string; type: string; direction: Direction; limit: number }
  | { id: string; hops: number; limit: number };

/** Two parties: all shortest ways (or the `k` shortest). More: what connects them. */
export interface Way { ids: string[]; k: number; through: boolean }

export type Suppose =
  | { kind: 'list'; id: string }
  | { kind: 'delist'; id: string }
  | { kind: 'set'; edge: string; share: string }
  | { kind: 'add'; holder: string; target: string; share: string; votes: boolean }
  | { kind: 'remove'; edge: string };

export type Selection = { kind: 'node' | 'edge'; id: string } | { kind: 'bundle'; a: string; b: string };
export type Light = { kind: 'proof'; id: string; regime: string } | { kind: 'way'; at: number };
export type View = 'network' | 'tree';
export type Shown = 'auto' | 'picture' | 'table' | 'both';
export type Tab = 'details' | 'ways' | 'whatif' | 'notes';
export type Point = [number, number];

export interface State {
  view: View;
  shown: Shown;
  tab: Tab;
  roots: string[];
  expansions: Expansion[];
  ways: Way[];
  among: boolean;
  hidden: string[];
  pinned: string[];
  positions: Record<string, Point>;
  tree: string | null;
  regimes: string[];
  asOf: string | null;
  knownAt: string | null;
  sources: string[];
  hiddenTypes: string[];
  hiddenStatuses: string[];
  selected: Selection | null;
  light: Light | null;
  suppose: Suppose[];
}

export const START: State = {
  view: 'network', shown: 'auto', tab: 'details', roots: [], expansions: [], ways: [], among: false, hidden: [], pinned: [],
  positions: {}, tree: null, regimes: ['ofac'], asOf: null, knownAt: null, sources: [], hiddenTypes: [],
  hiddenStatuses: [], selected: null, light: null, suppose: [],
};

/** A name that a source gives for no party of the store. */
export const isLiteral = (id: string): boolean => id.startsWith('name: ');

export const isEmpty = (s: State): boolean =>
  s.view === 'tree' ? s.tree === null : s.roots.length === 0 && s.ways.length === 0;

const toggled = <T>(list: T[], item: T): T[] => list.includes(item) ? list.filter((x) => x !== item) : [...list, item];
const without = <T>(list: T[], item: T): T[] => list.filter((x) => x !== item);
const withOne = <T>(list: T[], item: T): T[] => list.includes(item) ? list : [...list, item];

export const sameExpansion = (a: Expansion, b: Expansion): boolean =>
  a.id === b.id && ('hops' in a ? 'hops' in b : !('hops' in b) && a.type === b.type && a.direction === b.direction);

/** Puts a party into the picture; what is selected stays so. */
export const add = (s: State, id: string): State =>
  ({ ...s, view: 'network', roots: withOne(s.roots, id), hidden: without(s.hidden, id) });

/** Puts a party into the picture and selects it. */
export const open = (s: State, id: string): State => ({ ...add(s, id), selected: { kind: 'node', id }, tab: 'details' });

export const openTree = (s: State, id: string): State => ({
  ...s, view: 'tree', tree: id, selected: { kind: 'node', id }, light: null, tab: 'details',
});

/** Back to the network; one that was never opened begins with the party of the tree. */
export const toNetwork = (s: State): State => ({
  ...s, view: 'network', roots: s.roots.length === 0 && s.ways.length === 0 && s.tree !== null ? [s.tree] : s.roots,
});

/** Whose tree is meant: that of the selected party, else the one before, else that of the first party of the network. */
export function treeOf(s: State): string | null {
  const chosen = s.selected?.kind === 'node' && !isLiteral(s.selected.id) ? s.selected.id : null;
  return chosen ?? (s.view === 'tree' ? s.tree : null) ?? s.roots[0] ?? s.ways[0]?.ids[0] ?? s.tree;
}

export function toTree(s: State): State {
  const id = treeOf(s);
  return id === null ? s : openTree(s, id);
}

/** Expands, or changes how much of an expansion is shown. */
export function expand(s: State, e: Expansion): State {
  const rest = s.expansions.some((x) => sameExpansion(x, e))
    ? s.expansions.map((x) => sameExpansion(x, e) ? e : x)
    : [...s.expansions, e];
  return { ...s, view: 'network', roots: s.view === 'tree' ? withOne(s.roots, e.id) : s.roots, expansions: rest };
}

export const collapse = (s: State, e: Expansion): State =>
  ({ ...s, expansions: s.expansions.filter((x) => !sameExpansion(x, e)) });

export const collapseAll = (s: State, id: string): State =>
  ({ ...s, roots: withOne(s.roots, id), expansions: s.expansions.filter((x) => x.id !== id) });

/** Takes a party out of the picture, and keeps it out until it is shown again. */
export const hide = (s: State, id: string): State => ({
  ...s, hidden: withOne(s.hidden, id), pinned: without(s.pinned, id),
  selected: s.selected?.kind === 'node' && s.selected.id === id ? null : s.selected,
});

export const unhide = (s: State, id: string | null): State => ({ ...s, hidden: id === null ? [] : without(s.hidden, id) });

export const pin = (s: State, id: string): State => ({ ...s, pinned: toggled(s.pinned, id) });

/** A party was moved by hand: it stays there. */
export const move = (s: State, moved: Record<string, Point>): State => ({
  ...s, positions: { ...s.positions, ...moved }, pinned: Object.keys(moved).reduce(withOne, s.pinned),
});

/** Positions that the page worked out; of parties that are not pinned. */
export function arrange(s: State, positions: Record<string, Point>): State {
  const kept: Record<string, Point> = { ...s.positions };
  for (const [id, p] of Object.entries(positions)) if (!s.pinned.includes(id) || !kept[id]) kept[id] = p;
  return { ...s, positions: kept };
}

export const select = (s: State, selected: Selection | null): State => ({ ...s, selected, tab: selected ? 'details' : s.tab });
export const addWay = (s: State, way: Way): State =>
  ({ ...s, view: 'network', ways: [...s.ways, way], light: { kind: 'way', at: s.ways.length } });
export const dropWay = (s: State, at: number): State => ({
  ...s, ways: s.ways.filter((_, i) => i !== at), light: s.light?.kind === 'way' ? null : s.light,
});
export const toggleType = (s: State, type: string): State => ({ ...s, hiddenTypes: toggled(s.hiddenTypes, type) });
export const toggleStatus = (s: State, status: string): State => ({ ...s, hiddenStatuses: toggled(s.hiddenStatuses, status) });
export const setSources = (s: State, sources: string[]): State => ({ ...s, sources });
export const toggleRegime = (s: State, id: string): State => {
  const regimes = toggled(s.regimes, id);
  return { ...s, regimes: regimes.length === 0 ? s.regimes : regimes, light: null };
};
/** What is supposed otherwise: a party is listed or not, a stake is another or gone. */
export const supposedOf = (x: Suppose): string =>
  JSON.stringify(x.kind === 'add' ? ['new', x.holder, x.target] : 'edge' in x ? ['stake', x.edge] : ['party', x.id]);

/** Whether the stakes that are supposed on top are votes; null where there are none. The server takes one kind at a time. */
export const supposedVotes = (list: Suppose[]): boolean | null => list.find((x) => x.kind === 'add')?.votes ?? null;

/** One more; of two on one thing the later counts. */
export function supposed(list: Suppose[], x: Suppose): Suppose[] {
  const rest = list.filter((y) => supposedOf(x) !== supposedOf(y)), votes = supposedVotes(rest);
  return [...rest, x.kind === 'add' && votes !== null ? { ...x, votes } : x];
}

export const suppose = (s: State, x: Suppose): State => ({ ...s, suppose: supposed(s.suppose, x), tab: 'whatif' });
/** Another share for a stake that is supposed already: it keeps its place in the list. */
export const reshare = (s: State, edge: string, share: string): State =>
  ({ ...s, suppose: s.suppose.map((x) => x.kind === 'set' && x.edge === edge ? { ...x, share } : x) });
export const unsuppose = (s: State, at: number | null): State =>
  ({ ...s, suppose: at === null ? [] : s.suppose.filter((_, i) => i !== at) });
export const clear = (s: State): State => ({ ...START, regimes: s.regimes, asOf: s.asOf, knownAt: s.knownAt, sources: s.sources, shown: s.shown });
