// Notes of one's own: in this browser, and in the store where the server was started for that.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { forget } from '../api/answers.ts';
import { asError, postJson, type ApiError } from '../api/client.ts';
import { nameOf } from '../model/facts.ts';
import { addNote, dropNote, fullId, readNotes, type Notes } from '../model/notes.ts';
import type { Picture } from '../model/picture.ts';
import { select, type State } from '../model/state.ts';
import { meta, note as change } from '../store.ts';
import { announce, say } from './announce.ts';
import { Button, Failure, Name } from './ui.tsx';

const KEY = 'cuibono.notes';
let all: Notes | null = null;
/** The browser did not take them: they are in this tab only. */
let loose = false;

function stored(): Notes {
  try { return readNotes(localStorage.getItem(KEY)); } catch { return {}; }
}

export const notes = (): Notes => all ??= stored();

/** Changes the notes as they are now: another tab may have written since this one read them. */
function keep(f: (of: Notes) => Notes): void {
  all = f(loose ? notes() : stored());
  try { localStorage.setItem(KEY, JSON.stringify(all)); loose = false; } catch { loose = true; }
  change((s) => ({ ...s }));
  if (loose) say('The browser does not keep notes here: they go with this tab');
}

addEventListener('storage', (e) => {
  if (loose || (e.key !== KEY && e.key !== null)) return;
  all = null;
  change((s) => ({ ...s }));
});

export const notedIds = (p: Picture): Set<string> => new Set([...p.nodes.keys()].filter((id) => notes()[fullId(id, p.scope)]));

export function NotesPanel({ s, picture }: { s: State; picture: Picture }): JSX.Element {
  const [text, setText] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const id = s.selected?.kind === 'node' ? s.selected.id : null;
  const key = id === null ? '' : fullId(id, picture.scope);
  const mine = notes()[key] ?? [];
  const add = (): void => {
    keep((of) => addNote(of, key, { text: text.trim(), at: new Date().toISOString().slice(0, 10) }));
    if (!loose) announce('Note kept in this browser');
    setText('');
  };
  const toStore = (): void => {
    postJson('/v1/note', { entity: id, text: text.trim() }).then(() => { setText(''); setError(null); forget((u) => u.startsWith('/v1/entity')); say('Note kept in the store'); },
      (e: unknown) => { setError(asError(e)); });
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
          <li key={i}><p><bdi>{n.text}</bdi></p><span class="quiet">{n.at}</span> <Button kind="icon" label="Delete this note" on={() => { keep((of) => dropNote(of, key, n)); announce('Note deleted'); }}>✕</Button></li>))}</ul>
      </>}
      {others.length > 0 ? <><h3>Also noted in this picture</h3><ul class="simple">{others.map((n) => <li key={n.id}><Button kind="link" on={() => { change((x) => ({ ...select(x, { kind: 'node', id: n.id }), tab: 'notes' })); }}><Name text={nameOf(n)} /></Button></li>)}</ul></> : null}
    </div>
  );
}
