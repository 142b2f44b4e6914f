// Notes of one's own: in this browser, and in the store where the server was started for that.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { forget } from '../api/answers.ts';
import { ApiError, postJson } from '../api/client.ts';
import { nameOf } from '../model/facts.ts';
import { addNote, dropNote, fullId, readNotes, type Notes } from '../model/notes.ts';
import type { Picture } from '../model/picture.ts';
import { select, type State } from '../model/state.ts';
import { meta, note as change } from '../store.ts';
import { announce } from './announce.ts';
import { Button, Failure, Name } from './ui.tsx';

const KEY = 'cuibono.notes';
let all: Notes | null = null;

export function notes(): Notes {
  if (all) return all;
  try { all = readNotes(localStorage.getItem(KEY)); } catch { all = {}; }
  return all;
}

function keep(next: Notes): boolean {
  all = next;
  change((s) => ({ ...s }));
  try { localStorage.setItem(KEY, JSON.stringify(next)); return true; } catch { return false; }
}

export const notedIds = (p: Picture): Set<string> => new Set([...p.nodes.keys()].filter((id) => notes()[fullId(id, p.scope)]));

export function NotesPanel({ s, picture }: { s: State; picture: Picture }): JSX.Element {
  const [text, setText] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const id = s.selected?.kind === 'node' ? s.selected.id : null;
  const key = id === null ? '' : fullId(id, picture.scope);
  const mine = notes()[key] ?? [];
  const add = (): void => {
    if (!keep(addNote(notes(), key, { text: text.trim(), at: new Date().toISOString().slice(0, 10) }))) announce('The browser does not keep notes here');
    else announce('Note kept in this browser');
    setText('');
  };
  const toStore = (): void => {
    postJson('/v1/note', { entity: id, text: text.trim() }).then(() => { setText(''); setError(null); forget((u) => u.startsWith('/v1/entity')); announce('Note kept in the store'); },
      (e: unknown) => { setError(e instanceof ApiError ? e : new ApiError(0, { error: String(e) })); });
  };
  const others = [...picture.nodes.values()].filter((n) => n.id !== id && notes()[fullId(n.id, picture.scope)]);
  return (
    <div class="notes">
      <h2 tabIndex={-1}>Notes of your own</h2>
      <p class="quiet">Kept in this browser, for this address; they leave it only in an export that you ask to carry them.{meta()?.edit ? ' Those kept in the store are own facts like those of `cuibono note`.' : ''}</p>
      {id === null ? <p>Select a party to write on it.</p> : <>
        <label class="field-block" for="note-text">On <Name text={nameOf(picture.nodes.get(id)) || id} /></label>
        <textarea id="note-text" rows={4} value={text} onInput={(e) => { setText(e.currentTarget.value); }} />
        <div class="buttons">
          <Button kind="main" disabled={text.trim() === ''} on={add}>Keep in this browser</Button>
          {meta()?.edit ? <Button disabled={text.trim() === ''} on={toStore}>Keep in the store</Button> : null}
        </div>
        {error ? <Failure error={error} /> : null}
        <ul class="note-list">{mine.map((n, i) => (
          <li key={i}><p><bdi>{n.text}</bdi></p><span class="quiet">{n.at}</span> <Button kind="icon" label="Delete this note" on={() => { keep(dropNote(notes(), key, i)); announce('Note deleted'); }}>✕</Button></li>))}</ul>
      </>}
      {others.length > 0 ? <><h3>Also noted in this picture</h3><ul class="simple">{others.map((n) => <li key={n.id}><Button kind="link" on={() => { change((x) => ({ ...select(x, { kind: 'node', id: n.id }), tab: 'notes' })); }}><Name text={nameOf(n)} /></Button></li>)}</ul></> : null}
    </div>
  );
}
