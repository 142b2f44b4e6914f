// How two or more parties are connected.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ask } from '../api/answers.ts';
import type { Doc, PathResult } from '../api/types.ts';
import { nameOf } from '../model/facts.ts';
import { wayUrl } from '../model/needs.ts';
import { addWay, dropWay, type State, type Way } from '../model/state.ts';
import { count } from '../model/words.ts';
import { act, note } from '../store.ts';
import { SearchBox } from './search.tsx';
import type { View } from './stage.tsx';
import { Asked, Button, Cut, Name } from './ui.tsx';

const MOST = 20;

interface End { id: string; name: string }

export function Ways({ s, view }: { s: State; view: View }): JSX.Element {
  const [ends, setEnds] = useState<End[]>([]);
  const [k, setK] = useState(0);
  const [through, setThrough] = useState(false);
  const add = (e: End): void => { setEnds((l) => l.some((x) => x.id === e.id) ? l : [...l, e]); };
  const chosen = s.selected?.kind === 'node' ? s.selected.id : null;
  return (
    <div class="ways">
      <h2 tabIndex={-1}>How are they connected?</h2>
      <SearchBox id="way-search" name="Add a party" onPick={(h) => { add({ id: h.id, name: h.name }); }} />
      {chosen && !ends.some((e) => e.id === chosen) ? <Button on={() => { add({ id: chosen, name: nameOf(view.picture.nodes.get(chosen)) || chosen }); }}>Add what is selected: <Name text={nameOf(view.picture.nodes.get(chosen)) || chosen} /></Button> : null}
      <ul class="ends-list">{ends.map((e) => <li key={e.id}><Name text={e.name} /> <Button kind="icon" label={`Remove ${e.name}`} on={() => { setEnds(ends.filter((x) => x.id !== e.id)); }}>✕</Button></li>)}</ul>
      {ends.length === 2 ? <label class="field">Ways <select value={String(k)} onChange={(e) => { setK(Number(e.currentTarget.value)); }}>
        <option value="0">all shortest</option><option value="3">3 shortest</option><option value="10">10 shortest</option></select></label> : null}
      <label class="check"><input type="checkbox" checked={through} onChange={(e) => { setThrough(e.currentTarget.checked); }} /> Also through hubs: states, programmes, authorities</label>
      <Button kind="main" disabled={ends.length < 2} on={() => { act((x) => addWay(x, { ids: ends.map((e) => e.id), k: ends.length === 2 ? k : 0, through }), 'Looking for connections'); setEnds([]); }}>
        {ends.length > 2 ? 'What connects them' : 'Find the ways'}</Button>
      {s.ways.map((w, i) => <Found key={i} s={s} way={w} at={i} view={view} />)}
    </div>
  );
}

function Found({ s, way, at, view }: { s: State; way: Way; at: number; view: View }): JSX.Element {
  const asked = ask<Doc<PathResult>>(wayUrl(s, way));
  const on = s.light?.kind === 'way' && s.light.at === at;
  return (
    <section class="found-way">
      <Asked of={asked} what="connections">{(d) => {
        const names = new Map(d.nodes.map((n) => [n.id, nameOf(n)]));
        const name = (id: string): JSX.Element => <Name text={names.get(id) ?? (nameOf(view.picture.nodes.get(id)) || id)} />;
        const r = d.answer?.result;
        const parts = r?.paths ?? r?.joins ?? [];
        const summary = r?.paths ? `${count(Number(r.count ?? parts.length), 'way')}${r.length === undefined ? '' : `, ${count(r.length, 'step')}`}`
          : r?.connected ? 'Connected' : `Not all connected: ${r?.unconnected?.length ?? 0} stand apart`;
        return <>
          <h3>{way.ids.map((id, i) => <span key={id}>{i > 0 ? ' – ' : ''}{name(id)}</span>)}</h3>
          <p>{parts.length === 0 ? 'No connection on the record.' : summary}</p>
          <ol>{parts.slice(0, MOST).map((p, i) => (
            <li key={i}>{p.nodes.map((id, j) => <span key={id}>{j > 0 ? ' – ' : ''}<Button kind="link" on={() => { note((x) => ({ ...x, selected: { kind: 'node', id } })); }}>{name(id)}</Button></span>)}</li>))}</ol>
          {parts.length > MOST ? <p class="cut">The first {MOST} of {parts.length}; the picture has all of them.</p> : null}
          <Cut answer={d.answer} />
        </>;
      }}</Asked>
      <div class="buttons">
        <Button pressed={on} on={() => { act((x) => ({ ...x, light: on ? null : { kind: 'way', at } })); }}>Highlight</Button>
        <Button on={() => { act((x) => dropWay(x, at), 'Connection removed'); }}>Remove</Button>
      </div>
    </section>
  );
}
