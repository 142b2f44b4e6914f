// What buttons and keys do alike: why it cannot be done now, or null; and doing it.
import { nameOf } from '../model/facts.ts';
import { collapseAll, hide, isLiteral, openTree, pin, toNetwork, toTree, treeOf, type State } from '../model/state.ts';
import { act } from '../store.ts';
import type { View } from './stage.tsx';

export interface Now { s: State; view: View }
export interface Deed { not: (n: Now, id: string) => string | null; go: (n: Now, id: string) => void }

const nameIn = (n: Now, id: string): string => nameOf(n.view.picture.known.get(id) ?? n.view.picture.nodes.get(id)) || id;

function notPlaced({ s, view }: Now, id: string): string | null {
  if (s.view === 'tree') return 'The places of an ownership tree are its own';
  return view.picture.nodes.has(id) ? null : 'The party is not in the picture';
}

export const pinning: Deed = {
  not: notPlaced,
  go: (n, id) => { act((s) => pin(s, id), `${nameIn(n, id)} ${n.s.pinned.includes(id) ? 'unpinned' : 'pinned'}`); },
};

export const hiding: Deed = {
  not: notPlaced,
  go: (n, id) => { act((s) => hide(s, id), `${nameIn(n, id)} hidden`); },
};

export const collapsing: Deed = {
  not: ({ s }, id) => s.expansions.some((e) => e.id === id) ? null : 'Nothing of the party is expanded',
  go: (n, id) => { act((s) => collapseAll(s, id), `${nameIn(n, id)} collapsed`); },
};

/** The tree of one party. */
export const treeing: Deed = {
  not: ({ s }, id) => isLiteral(id) ? 'A name alone has no ownership tree' : s.view === 'tree' && s.tree === id ? 'This is its ownership tree' : null,
  go: (n, id) => { act((s) => openTree(s, id), `Ownership tree of ${nameIn(n, id)}`); },
};

/** The tree of whoever is meant. */
export function showTree(n: Now): string | null {
  const id = treeOf(n.s);
  if (id === null) return 'There is no party to show the ownership tree of';
  act((s) => toTree(s), `Ownership tree of ${nameIn(n, id)}`);
  return null;
}

export const showNetwork = (): void => { act(toNetwork, 'Network'); };
