// The document of an export, with notes where they were asked for.
import type { Answer, Doc, Meta, Party, Value } from '../api/types.ts';
import { nameOf, valuesOf } from './facts.ts';
import { marksNote, type Marks } from './marks.ts';
import { fullId, type Notes } from './notes.ts';
import type { Picture } from './picture.ts';
import type { State } from './state.ts';
import { label } from './words.ts';

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
  const stem = title.normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'view';
  return `${stem}.${extension}`;
}

/** What a view shows, in words: a file says what was asked. */
function viewWords(s: State, p: Picture): string {
  const name = (id: string): string => nameOf(p.known.get(id)) || id;
  const parts = [
    ...s.roots.map(name),
    ...s.expansions.map((e) => 'hops' in e ? `${e.hops} steps around ${name(e.id)}` : `${label(e.type)} (${e.direction}) of ${name(e.id)}, at most ${e.limit}`),
    ...s.ways.map((w) => `what connects ${w.ids.map(name).join(' and ')}`),
    ...(s.hidden.length > 0 ? [`${s.hidden.length} parties hidden`] : []),
    ...(s.hiddenTypes.length > 0 ? [`without ${s.hiddenTypes.map(label).join(', ')}`] : []),
    ...(s.hiddenStatuses.length > 0 ? [`without what is ${s.hiddenStatuses.join(', ')}`] : []),
    ...(s.sources.length > 0 ? [`only facts of ${s.sources.join(', ')}`] : []),
  ];
  return `a view of the explorer: ${parts.join('; ')}`;
}

/** The answer block of a view of the network: what was asked, and the verdicts that are marked in it. */
export function viewAnswer(s: State, p: Picture, meta: Meta | null, regime: string, marks: Marks): Answer {
  const lacking = [...p.failed.map((f) => `not all of it is here: ${f.error}`), marksNote(marks) ?? ''].filter(Boolean);
  return {
    query: viewWords(s, p), as_of: s.asOf, known_at: s.knownAt, store: p.store ?? meta?.store ?? '', program: meta?.program ?? '',
    truncated: p.cut || lacking.length > 0, notes: [...p.notes, ...new Set(lacking)],
    result: { verdicts: [...marks.of].map(([id, v]) => ({ id, regime, verdict: v.verdict, share: v.share })) },
  };
}
