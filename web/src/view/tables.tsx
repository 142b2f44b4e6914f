// The table twin of every picture: the same parties and relations, in step with what is selected.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Party } from '../api/types.ts';
import { isStake } from '../model/bundle.ts';
import { citesOf, listedOn, nameOf, valuesOf } from '../model/facts.ts';
import { targetId } from '../model/picture.ts';
import { edgeTypes } from '../model/scene.ts';
import { rangeText, shareText } from '../model/share.ts';
import { select, type State } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { meta, note } from '../store.ts';
import type { View } from './stage.tsx';
import { Badge, Button, Name, TypeSign } from './ui.tsx';
import { regimeTitle, VerdictBadge } from './verdicts.tsx';

const PAGE = 200;

export function Tables({ s, view }: { s: State; view: View }): JSX.Element {
  return <div class="tables"><Parties s={s} view={view} /><Relations s={s} view={view} /></div>;
}

function Head({ name, n, most, more }: { name: string; n: number; most: number; more: () => void }): JSX.Element {
  return <div class="table-head"><h2>{name} <span class="quiet">{n.toLocaleString('en')}</span></h2>
    {n > most ? <span class="quiet">the first {most.toLocaleString('en')} <Button on={more}>Show {Math.min(PAGE, n - most)} more</Button></span> : null}</div>;
}

function depths(view: View): Map<string, string> {
  const out = new Map<string, string>();
  const result = view.tree?.answer?.result;
  if (!result) return out;
  out.set(result.root, 'asked about');
  for (const row of result.tree) if (!out.has(row.id)) out.set(row.id, `${count(row.depth, 'step')} ${row.direction}`);
  return out;
}

function Parties({ s, view }: { s: State; view: View }): JSX.Element {
  const [most, setMost] = useState(PAGE);
  const tree = s.view === 'tree';
  const regimes = tree ? s.regimes : s.regimes.slice(0, 1);
  const marks = regimes.map((r) => view.verdicts(r).of);
  const place = depths(view);
  const day = s.asOf ?? meta()?.today ?? '';
  const all = [...view.picture.nodes.values()];
  return (
    <section>
      <Head name="Parties" n={all.length} most={most} more={() => { setMost(most + PAGE); }} />
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of parties">
        <table>
          <thead><tr><th scope="col">Name</th><th scope="col">Type</th>{tree ? <th scope="col">Where</th> : null}<th scope="col">Countries</th><th scope="col">Listed</th>
            {regimes.map((r) => <th scope="col" key={r} title={regimeTitle(r)}>{label(r).toUpperCase()}</th>)}</tr></thead>
          <tbody>{all.slice(0, most).map((p: Party) => {
            const on = s.selected?.kind === 'node' && s.selected.id === p.id;
            return (
              <tr key={p.id} class={on ? 'chosen' : ''} aria-current={on ? 'true' : undefined}>
                <th scope="row"><Button kind="link" on={() => { note((x) => select(x, { kind: 'node', id: p.id })); }}><TypeSign type={p.type} /> <Name text={nameOf(p)} /></Button></th>
                <td>{label(p.type)}</td>{tree ? <td>{place.get(p.id) ?? ''}</td> : null}
                <td><bdi>{[...new Set(valuesOf(p.countries).map((v) => v.value))].join(', ')}</bdi></td>
                <td>{listedOn(p, day).map((l, i) => <Badge key={i} kind="listed">■ {l.list === '*' ? 'every list' : l.list}</Badge>)}</td>
                {marks.map((m, i) => { const v = m.get(p.id); return <td key={regimes[i]}>{v ? <><VerdictBadge word={v.verdict} regime={regimes[i] ?? ''} /> {v.share && v.verdict !== 'listed' ? rangeText(v.share) : ''}</> : ''}</td>; })}
              </tr>);
          })}</tbody>
        </table>
      </div>
    </section>
  );
}

function Relations({ s, view }: { s: State; view: View }): JSX.Element {
  const [most, setMost] = useState(PAGE);
  const p = view.picture;
  const all = [...p.edges.values()];
  const name = (id: string): JSX.Element => <Name text={nameOf(p.nodes.get(id)) || id} />;
  const types = edgeTypes(meta());
  return (
    <section>
      <Head name="Relations" n={all.length} most={most} more={() => { setMost(most + PAGE); }} />
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of relations">
        <table>
          <thead><tr><th scope="col">From</th><th scope="col">Relation</th><th scope="col">To</th><th scope="col">Share</th><th scope="col">Since</th><th scope="col">Until</th><th scope="col">Status</th><th scope="col">Sources</th></tr></thead>
          <tbody>{all.slice(0, most).map((e) => {
            const on = s.selected?.kind === 'edge' && s.selected.id === e.id;
            return (
              <tr key={e.id} class={on ? 'chosen' : ''} aria-current={on ? 'true' : undefined}>
                <td>{name(e.source)}</td>
                <th scope="row"><Button kind="link" on={() => { note((x) => select(x, { kind: 'edge', id: e.id })); }}>{label(e.type)}</Button></th>
                <td>{name(targetId(e))}</td><td>{shareText(e.share) ?? (isStake(types.get(e.type)) ? 'unknown' : '')}</td><td>{e.start ?? ''}</td><td>{e.end ?? ''}</td><td>{e.status ?? 'asserted'}</td>
                <td><bdi>{[...new Set(citesOf(e.cites).map((c) => p.sources.get(c.source)?.title ?? c.source))].join('; ')}</bdi></td>
              </tr>);
          })}</tbody>
        </table>
      </div>
    </section>
  );
}
