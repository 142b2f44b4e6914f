// Single keys, where nothing is being typed; they do what the buttons do.
import { note, redo, state, undo } from '../store.ts';
import { say } from './announce.ts';
import { collapsing, hiding, pinning, showNetwork, showTree, type Deed, type Now } from './deeds.ts';
import { focusDetails, focusExpand, focusSearch, focusStage } from './focus.ts';
import { singleKeys } from './singles.ts';

export interface Actions { now: () => Now; help: () => void; export: () => void; link: () => void; cycle: () => void }

const typing = (el: EventTarget | null): boolean => el instanceof HTMLElement
  && (el.isContentEditable || ['TEXTAREA', 'SELECT'].includes(el.tagName) || (el instanceof HTMLInputElement && !['checkbox', 'range', 'button'].includes(el.type)));

export function listen(actions: Actions): () => void {
  const withParty = (deed: Deed) => (): void => {
    const at = state().selected;
    if (at?.kind !== 'node') { say('No party is selected'); return; }
    const now = actions.now(), not = deed.not(now, at.id);
    if (not === null) deed.go(now, at.id); else say(not);
  };
  const panel = (tab: 'details' | 'ways' | 'whatif' | 'notes', then: () => void) => (): void => {
    if (!document.getElementById('details')) { say('Nothing is shown yet: search a party'); return; }
    note((s) => ({ ...s, tab }));
    then();
  };
  const single: Record<string, () => void> = {
    '/': focusSearch, '?': actions.help, x: actions.export, l: actions.link, v: actions.cycle, u: undo, r: redo,
    e: panel('details', focusExpand), f: panel('ways', focusDetails), w: panel('whatif', focusDetails), o: panel('notes', focusDetails),
    c: withParty(collapsing), h: withParty(hiding), p: withParty(pinning),
    t: () => { const not = showTree(actions.now()); if (not !== null) say(not); },
    n: showNetwork,
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
    const does = singleKeys() ? single[e.key] : undefined;
    if (does) { e.preventDefault(); does(); }
  };
  document.addEventListener('keydown', key);
  return () => { document.removeEventListener('keydown', key); };
}
