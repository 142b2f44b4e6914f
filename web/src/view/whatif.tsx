// Suppositions, and whose outcome they turn.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/answers.ts';
import type { WhatIf } from '../api/types.ts';
import { nameOf } from '../model/facts.ts';
import { whatIfUrl } from '../model/needs.ts';
import { targetId } from '../model/picture.ts';
import { rangeText, shareText } from '../model/share.ts';
import { open, reshare, suppose, supposedOf, supposedVotes, unsuppose, type State, type Suppose } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { act, note } from '../store.ts';
import { SearchBox } from './search.tsx';
import type { View } from './stage.tsx';
import { Asked, Button, Cut, Name } from './ui.tsx';
import { VerdictBadge } from './verdicts.tsx';

const SHARE = /^(\d{1,3}(\.\d{1,12})?|\d{1,6}\/\d{1,6}|unknown)$/;

export function WhatIfPanel({ s, view }: { s: State; view: View }): JSX.Element {
  const chosen = s.selected?.kind === 'node' ? s.selected.id : null;
  const name = (id: string): string => nameOf(view.picture.known.get(id)) || id;
  return (
    <div class="what-if">
      <h2 tabIndex={-1}>What if</h2>
      <p class="quiet">Supposed here, recorded nowhere. Select a party for its listing, a stake for its share.</p>
      {chosen ? <div class="buttons">
        <Button on={() => { act((x) => suppose(x, { kind: 'list', id: chosen }), `${name(chosen)} supposed listed`); }}>Suppose <Name text={name(chosen)} /> listed</Button>
        <Button on={() => { act((x) => suppose(x, { kind: 'delist', id: chosen }), `${name(chosen)} supposed on no list`); }}>Suppose on no list</Button>
      </div> : null}
      <AddStake s={s} view={view} />
      {s.suppose.length > 0 ? <>
        <ul class="supposed">{s.suppose.map((x, i) => (
          <li key={supposedOf(x)}><Supposed view={view} x={x} /> <Button kind="icon" label="Remove this supposition" on={() => { act((y) => unsuppose(y, i), 'Supposition removed'); }}>✕</Button></li>))}</ul>
        <Outcome s={s} view={view} />
        <Button on={() => { act((x) => unsuppose(x, null), 'Nothing is supposed'); }}>Suppose nothing</Button>
      </> : null}
    </div>
  );
}

function Supposed({ view, x }: { view: View; x: Suppose }): JSX.Element {
  const name = (id: string): JSX.Element => <Name text={nameOf(view.picture.known.get(id)) || id} />;
  if (x.kind === 'list') return <span>{name(x.id)} is on every list</span>;
  if (x.kind === 'delist') return <span>{name(x.id)} is on no list</span>;
  if (x.kind === 'add') return <span>{name(x.holder)} holds {x.share} % of {x.votes ? 'the votes of ' : ''}{name(x.target)}</span>;
  const e = view.picture.all.get(x.edge);
  const ends = e ? <>{name(e.source)} → {name(targetId(e))}, {label(e.type)} {shareText(e.share) ?? ''}</> : <bdi>{x.edge}</bdi>;
  if (x.kind === 'remove') return <span>Gone: {ends}</span>;
  return <span>{ends}: <ShareField value={x.share} label="Supposed share in percent" on={(share) => { act((y) => reshare(y, x.edge, share), `Supposed share ${share}`); }} /></span>;
}

function ShareField({ value, label: words, on }: { value: string; label: string; on: (share: string) => void }): JSX.Element {
  const [text, setText] = useState(value);
  // Undo, redo and links change it, too.
  useEffect(() => { setText(value); }, [value]);
  const good = SHARE.test(text.trim());
  const commit = (): void => { if (good && text.trim() !== value) on(text.trim()); };
  return <><input class="short" type="text" inputMode="decimal" aria-label={words} aria-invalid={!good} value={text} onInput={(e) => { setText(e.currentTarget.value); }}
    onBlur={commit} onKeyDown={(e) => { if (e.key === 'Enter') commit(); }} /> %{good ? null : <BadShare />}</>;
}

const BadShare = (): JSX.Element => <span class="cut small">A share is a number like 33.3, a fraction like 1/3, or unknown.</span>;

function AddStake({ s, view }: { s: State; view: View }): JSX.Element {
  const [holder, setHolder] = useState<{ id: string; name: string } | null>(null);
  const [share, setShare] = useState('50');
  const [votes, setVotes] = useState(false);
  const target = s.selected?.kind === 'node' ? s.selected.id : null;
  const others = supposedVotes(s.suppose), good = SHARE.test(share.trim());
  return (
    <details class="fold"><summary>Suppose one more stake</summary>
      <p>Holder: {holder ? <Name text={holder.name} /> : 'choose one'}</p>
      <SearchBox id="stake-search" name="Search the holder" onPick={(h) => { setHolder({ id: h.id, name: h.name }); }} />
      <p>In: {target ? <Name text={nameOf(view.picture.nodes.get(target)) || target} /> : 'select a party in the picture'}</p>
      <label class="field">Percent <input class="short" type="text" inputMode="decimal" aria-invalid={!good} value={share} onInput={(e) => { setShare(e.currentTarget.value); }} /></label>{good ? null : <BadShare />}
      {others === null ? <label class="check"><input type="checkbox" checked={votes} onChange={(e) => { setVotes(e.currentTarget.checked); }} /> of the votes</label>
        : <p class="quiet">{others ? 'Of the votes' : 'Of the shares'}, as what is supposed already: stakes and votes cannot be added in one question.</p>}
      <Button disabled={!holder || !target || holder.id === target || !good} on={() => {
        if (holder && target) act((x) => suppose(x, { kind: 'add', holder: holder.id, target, share: share.trim(), votes }), 'Stake supposed');
      }}>Suppose it</Button>
    </details>
  );
}

function Outcome({ s, view }: { s: State; view: View }): JSX.Element {
  const asked = ask<WhatIf>(whatIfUrl(s, s.suppose, s.regimes));
  return (
    <section class="outcome" aria-labelledby="flip-title" aria-live="polite">
      <h3 id="flip-title">What flips</h3>
      <Asked of={asked} what="what flips">{(d) => {
        const flips = d.flips.filter((f) => f.flips);
        return <>
          <p>{flips.length === 0 ? 'Nothing flips under the chosen regimes.' : `${count(flips.length, 'outcome')} on ${d.as_of}`}{d.others > 0 ? `, ${d.others} of other parties` : ''}</p>
          {flips.length > 0 ? <table class="plain"><thead><tr><th scope="col">Party</th><th scope="col">Regime</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
            <tbody>{flips.slice(0, 200).map((f) => (
              <tr key={`${f.id} ${f.regime}`}>
                <th scope="row"><Button kind="link" on={() => { if (view.picture.nodes.has(f.id)) note((x) => ({ ...x, selected: { kind: 'node', id: f.id } })); else act((x) => ({ ...open(x, f.id), tab: 'whatif' })); }}><Name text={f.name} /></Button></th>
                <td>{label(f.regime)}</td><td><VerdictBadge word={f.before} regime={f.regime} short /> {rangeText(f.share_before)}</td><td><VerdictBadge word={f.after} regime={f.regime} short /> {rangeText(f.share_after)}</td>
              </tr>))}</tbody></table> : null}
          {flips.length > 200 ? <p class="cut">The first 200 of {flips.length}.</p> : null}
          <Cut answer={d.answer} />
        </>;
      }}</Asked>
    </section>
  );
}
