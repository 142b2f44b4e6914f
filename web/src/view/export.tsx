// Exactly this picture as a file. The server makes all of them but PNG.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { address, ApiError, asError, postFile } from '../api/client.ts';
import { nameOf } from '../model/facts.ts';
import { fileName, viewAnswer, withNotes } from '../model/files.ts';
import { apart } from '../model/layout.ts';
import { toDocument } from '../model/picture.ts';
import type { Point, State } from '../model/state.ts';
import { meta } from '../store.ts';
import { announce } from './announce.ts';
import { BIG } from './canvas.tsx';
import { notes } from './notes.tsx';
import type { View } from './stage.tsx';
import { Button, Dialog, Failure } from './ui.tsx';

interface Kind { name: string; title: string; about: string; extension: string }
const BOX = [215, 125] as const;
const FIRST: Kind[] = [
  { name: 'html', title: 'One HTML file', about: 'picture, tables and sources in one page, to mail to an editor', extension: 'html' },
  { name: 'svg', title: 'SVG', about: 'picture for print and layout', extension: 'svg' },
  { name: 'png', title: 'PNG', about: 'picture', extension: 'png' },
  { name: 'gexf', title: 'GEXF', about: 'Gephi, Gephi Lite', extension: 'gexf' },
  { name: 'graphml', title: 'GraphML', about: 'yEd, Cytoscape, networkx, igraph', extension: 'graphml' },
  { name: 'document', title: 'Network document', about: 'JSON with everything; cuibono reads it again', extension: 'json' },
];

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
}

/** A picture from the server's SVG, where the drawing has none of its own. */
async function rasterise(svg: Blob): Promise<Blob | null> {
  const text = await svg.text();
  const img = new Image();
  img.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await img.decode();
  const scale = Math.min(2, 8000 / Math.max(img.width, img.height, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(img.width * scale)); canvas.height = Math.max(1, Math.round(img.height * scale));
  canvas.getContext('2d')?.drawImage(img, 0, 0, canvas.width, canvas.height);
  return await new Promise((done) => { canvas.toBlob(done, 'image/png'); });
}

export const titleOf = (s: State, view: View): string => {
  const id = s.view === 'tree' ? s.tree : s.roots[0] ?? s.ways[0]?.ids[0] ?? null;
  const name = id === null ? 'View' : nameOf(view.picture.nodes.get(id)) || id;
  return `${name}${s.view === 'tree' ? ', ownership' : ''}${s.asOf ? `, ${s.asOf}` : ''}`;
};

export function ExportMenu({ view, image, onClose }: { view: View; image: () => Promise<Blob | null>; onClose: () => void }): JSX.Element {
  const [busy, setBusy] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [own, setOwn] = useState(false);
  const [done, setDone] = useState<{ title: string; notes: string[] } | null>(null);
  const known = meta()?.formats ?? [];
  const rest = known.filter((f) => !FIRST.some((x) => x.name === f.name)).map((f): Kind => ({ name: f.name, title: f.name, about: f.about ?? '', extension: f.extension ?? f.name }));
  // What was asked for is what the answers that are shown were asked for, not what is asked for now.
  const s = view.of;
  const regime = s.regimes[0] ?? 'ofac';
  const marks = view.verdicts(regime);
  const waiting = view.waiting || marks.waiting;
  const title = titleOf(s, view);
  const places: Record<string, Point> = {};
  for (const id of view.picture.nodes.keys()) { const p = (s.view === 'network' ? s.positions[id] : undefined) ?? view.places[id]; if (p) places[id] = p; }
  const ask = async (k: Kind): Promise<void> => {
    const answer = view.tree ? view.tree.answer : viewAnswer(s, view.picture, meta(), regime, marks);
    const plain = { ...toDocument(view.picture), ...(answer ? { answer } : {}) };
    const doc = own ? withNotes(plain, notes()) : plain;
    // The files that draw boxes need more room than the picture with its small signs.
    const boxes = s.view === 'network' && ['svg', 'html', 'png'].includes(k.name);
    const body = { document: doc, positions: boxes && view.picture.nodes.size <= BIG ? apart(places, BOX[0], BOX[1]) : places, title };
    const made = async (format: string): ReturnType<typeof postFile> => await postFile(address('/v1/export', { format, with_notes: own }), body);
    let blob: Blob | null = null, name: string | null = null, said: string[] = [];
    if (k.name !== 'png') ({ blob, name, notes: said } = await made(k.name));
    else {
      blob = await image();
      if (!blob) {
        const svg = await made('svg');
        blob = await rasterise(svg.blob);
        said = svg.notes;
      }
    }
    if (!blob) throw new ApiError(0, { error: 'The browser made no picture.', hint: 'Take the SVG.' });
    const zipped = name?.endsWith('.zip') ? 'zip' : k.extension;
    download(blob, fileName(title, zipped));
    setDone({ title: k.title, notes: said });
    announce(`${k.title} saved${said.length > 0 ? `. ${said.join('; ')}` : ''}`);
  };
  const save = (k: Kind): void => {
    setBusy(k.name); setError(null); setDone(null);
    ask(k).catch((e: unknown) => { setError(asError(e)); }).finally(() => { setBusy(''); });
  };
  const row = (k: Kind): JSX.Element => (
    <li key={k.name}><Button disabled={busy !== '' || waiting || view.picture.nodes.size === 0} on={() => { save(k); }}>{busy === k.name ? 'Making it …' : k.title}</Button> <span class="quiet">{k.about}</span></li>
  );
  return (
    <Dialog title="Export this view" onClose={onClose}>
      <p>{view.picture.nodes.size} parties and {view.picture.edges.size} relations, as shown: filters and hidden parties count.</p>
      {waiting ? <p class="cut waiting" role="status">Asking …: a file can be made as soon as all of what is asked for is shown.</p> : null}
      <label class="check"><input type="checkbox" checked={own} onChange={(e) => { setOwn(e.currentTarget.checked); }} /> With notes of your own (else they stay here)</label>
      <ul class="export-list">{FIRST.map(row)}</ul>
      {rest.length > 0 ? <details class="fold"><summary>More formats</summary><ul class="export-list">{rest.map(row)}</ul></details> : null}
      {done ? <div class="saved"><p>{done.title} is saved.</p>{done.notes.length > 0 ? <ul>{done.notes.map((x, i) => <li key={i} class="cut"><bdi>{x}</bdi></li>)}</ul> : null}</div> : null}
      {error ? <Failure error={error} /> : null}
    </Dialog>
  );
}
