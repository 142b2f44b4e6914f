// Single keys, where nothing is being typed.
import { collapseAll, hide, openTree, pin } from '../model/state.ts';
import { act, note, redo, state, undo } from '../store.ts';
import { focusDetails, focusExpand, focusSearch, focusStage } from './focus.ts';
import { announce } from './announce.ts';

export interface Actions { help: () => void; export: () => void; link: () => void; cycle: () => void }

const typing = (el: EventTarget | null): boolean => el instanceof HTMLElement
  && (el.isContentEditable || ['TEXTAREA', 'SELECT'].includes(el.tagName) || (el instanceof HTMLInputElement && !['checkbox', 'range', 'button'].includes(el.type)));

function selectedNode(): string | null {
  const at = state().selected;
  if (at?.kind === 'node') return at.id;
  announce('No party is selected');
  return null;
}

export function listen(actions: Actions): () => void {
  const withNode = (f: (id: string) => void) => (): void => { const id = selectedNode(); if (id !== null) f(id); };
  const single: Record<string, () => void> = {
    '/': focusSearch, '?': actions.help, x: actions.export, l: actions.link, v: actions.cycle, u: undo, r: redo,
    e: () => { note((s) => ({ ...s, tab: 'details' })); focusExpand(); },
    c: withNode((id) => { act((s) => collapseAll(s, id), 'Collapsed'); }),
    h: withNode((id) => { act((s) => hide(s, id), 'Hidden'); }),
    p: withNode((id) => { act((s) => pin(s, id), state().pinned.includes(id) ? 'Unpinned' : 'Pinned'); }),
    t: withNode((id) => { act((s) => openTree(s, id), 'Ownership tree'); }),
    n: () => { act((s) => ({ ...s, view: 'network' }), 'Network'); },
    f: () => { note((s) => ({ ...s, tab: 'ways' })); focusDetails(); },
    w: () => { note((s) => ({ ...s, tab: 'whatif' })); focusDetails(); },
    o: () => { note((s) => ({ ...s, tab: 'notes' })); focusDetails(); },
  };
  const key = (e: KeyboardEvent): void => {
    if (document.querySelector('dialog[open]')) return;
    const command = e.ctrlKey || e.metaKey;
    if (command && !e.altKey && !typing(e.target)) {
      const k = e.key.toLowerCase();
      if (k === 'z') { e.preventDefault(); if (e.shiftKey) redo(); else undo(); }
      else if (k === 'y') { e.preventDefault(); redo(); }
      return;
    }
    if (command || e.altKey || typing(e.target) || e.defaultPrevented) return;
    if (e.key === 'Escape') { focusStage(); return; }
    if (e.key === 'Enter' && e.target instanceof HTMLElement && e.target.classList.contains('canvas')) {
      e.preventDefault(); note((s) => ({ ...s, tab: 'details' })); focusDetails(); return;
    }
    const does = single[e.key];
    if (does) { e.preventDefault(); does(); }
  };
  document.addEventListener('keydown', key);
  return () => { document.removeEventListener('keydown', key); };
}
