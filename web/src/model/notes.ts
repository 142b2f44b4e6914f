// Notes of one's own: kept in this browser, by the full id of a party.

export interface Note { text: string; at: string }
export type Notes = Record<string, Note[]>;

/** Full ids name a party anywhere; a bare one belongs to its scope. */
export const fullId = (id: string, scope: string | undefined): string => id.includes(':') || !scope ? id : `${scope}:${id}`;

export function readNotes(raw: string | null): Notes {
  if (!raw) return {};
  try {
    const data = JSON.parse(raw) as unknown;
    if (typeof data !== 'object' || data === null) return {};
    const out: Notes = {};
    for (const [id, list] of Object.entries(data)) {
      if (!Array.isArray(list)) continue;
      const sound = (list as unknown[]).filter((n): n is Note => typeof n === 'object' && n !== null && typeof (n as Note).text === 'string')
        .map((n) => ({ text: n.text, at: typeof n.at === 'string' ? n.at : '' }));
      if (sound.length > 0) out[id] = sound;
    }
    return out;
  } catch { return {}; }
}

export const addNote = (all: Notes, id: string, note: Note): Notes => ({ ...all, [id]: [...all[id] ?? [], note] });

/** By its words, not by its place: another tab may have changed the list. */
export function dropNote(all: Notes, id: string, note: Note): Notes {
  const list = all[id] ?? [], at = list.findIndex((n) => n.text === note.text && n.at === note.at);
  const rest = list.filter((_, i) => i !== at);
  const others = Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));
  return rest.length > 0 ? { ...others, [id]: rest } : others;
}
