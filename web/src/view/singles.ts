// Whether single letters do something. Who dictates, or hits keys by accident, can switch them off.
import { note } from '../store.ts';

const KEY = 'cuibono.keys';
let on: boolean | null = null;

export function singleKeys(): boolean {
  if (on === null) { try { on = localStorage.getItem(KEY) !== 'off'; } catch { on = true; } }
  return on;
}

export function setSingleKeys(to: boolean): void {
  on = to;
  try { if (to) localStorage.removeItem(KEY); else localStorage.setItem(KEY, 'off'); } catch { /* for this visit only */ }
  note((s) => ({ ...s }));
}

/** What a button says of its key: nothing where that key does nothing. */
export const keyShown = (keys: string | undefined): string | undefined => keys === undefined || singleKeys() || keys.length > 1 ? keys : undefined;
