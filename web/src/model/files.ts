// The document of an export, with notes where they were asked for.
import type { Doc, Party, Value } from '../api/types.ts';
import { valuesOf } from './facts.ts';
import { fullId, type Notes } from './notes.ts';

export function withNotes(doc: Doc, notes: Notes): Doc {
  const nodes = doc.nodes.map((n): Party => {
    const mine = notes[fullId(n.id, doc.scope)];
    if (!mine) return n;
    const values: Value[] = [...valuesOf(n.properties?.['own_note']), ...mine.map((x): Value => ({ value: x.text, ...(x.at ? { from: x.at } : {}) }))];
    return { ...n, properties: { ...n.properties, own_note: values } };
  });
  return { ...doc, nodes };
}

/** A name of a file: letters and digits of what is shown. */
export function fileName(title: string, extension: string): string {
  const stem = title.normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'view';
  return `${stem}.${extension}`;
}
