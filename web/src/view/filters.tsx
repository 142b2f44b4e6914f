// Filters and legend: what is in the picture, what is left out, and what the signs mean.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { nameOf } from '../model/facts.ts';
import { setSources, toggleRegime, toggleStatus, toggleType, unhide, type State } from '../model/state.ts';
import { FAMILY_WORDS, familyOf, label, verdictSign, verdictWord, type Family } from '../model/words.ts';
import { act, meta } from '../store.ts';
import type { View } from './stage.tsx';
import { Badge, Button, Name, TypeSign } from './ui.tsx';

const SOURCES = 60;

const SAMPLES: Record<Family, string> = { person: 'person', legal: 'company', state: 'state', asset: 'vessel', program: 'designation', other: 'thing' };

function tally<T>(items: Iterable<T>, key: (x: T) => string): [string, number][] {
  const n = new Map<string, number>();
  for (const x of items) n.set(key(x), (n.get(key(x)) ?? 0) + 1);
  return [...n].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function Regimes({ s }: { s: State }): JSX.Element {
  const regimes = (meta()?.regimes ?? []).filter((r) => r.kind === undefined || r.kind === 'sanctions' || s.regimes.includes(r.id));
  return (
    <fieldset><legend>Regimes</legend>
      {regimes.map((r) => (
        <label class="check" key={r.id}><input type="checkbox" checked={s.regimes.includes(r.id)} onChange={() => { act((x) => toggleRegime(x, r.id), `Regimes: ${r.title}`); }} /> <span><strong>{label(r.id).toUpperCase()}</strong> <span class="quiet small">{r.title.replace(/^[^,]*, /, '').replace(/ \(.*\)$/, '')}</span></span></label>
      ))}
      <p class="quiet">The tree shows two side by side, the table all.</p>
    </fieldset>
  );
}

export function Filters({ s, view }: { s: State; view: View }): JSX.Element {
  const edges = [...view.picture.all.values()];
  const types = tally(edges, (e) => e.type), statuses = tally(edges, (e) => e.status ?? 'asserted');
  const [most, setMost] = useState(SOURCES);
  const sources = meta()?.sources ?? [];
  const toggle = (id: string): void => {
    act((x) => setSources(x, x.sources.includes(id) ? x.sources.filter((y) => y !== id) : [...x.sources, id]));
  };
  return (
    <div class="filters">
      <Regimes s={s} />
      {types.length > 0 ? <fieldset><legend>Relations</legend>
        {[...types, ...s.hiddenTypes.filter((t) => !types.some(([x]) => x === t)).map((t): [string, number] => [t, 0])].map(([t, n]) => (
          <label class="check" key={t}><input type="checkbox" checked={!s.hiddenTypes.includes(t)} onChange={() => { act((x) => toggleType(x, t)); }} /> {label(t)} <span class="quiet">{n}</span></label>
        ))}</fieldset> : null}
      {statuses.length > 0 ? <fieldset><legend>Status</legend>
        {statuses.map(([t, n]) => (
          <label class="check" key={t}><input type="checkbox" checked={!s.hiddenStatuses.includes(t)} onChange={() => { act((x) => toggleStatus(x, t)); }} /> {label(t)} <span class="quiet">{n}</span></label>
        ))}</fieldset> : null}
      {sources.length > 1 ? <details class="fold"><summary>Sources{s.sources.length > 0 ? ` (${s.sources.length} chosen)` : ''}</summary>
        <p class="quiet">With some chosen, only facts cited to them count: in pictures, verdicts and proofs.</p>
        {sources.filter((x, i) => i < most || s.sources.includes(x.id)).map((x) => (
          <label class="check" key={x.id}><input type="checkbox" checked={s.sources.includes(x.id)} onChange={() => { toggle(x.id); }} /> <bdi>{x.title ?? x.id}</bdi></label>
        ))}
        {sources.length > most ? <p class="quiet">The first {most} of {sources.length}. <Button on={() => { setMost(most + SOURCES); }}>Show more</Button></p> : null}
        {s.sources.length > 0 ? <Button on={() => { act((x) => setSources(x, [])); }}>All sources</Button> : null}</details> : null}
      {s.hidden.length > 0 ? <details class="fold"><summary>{s.hidden.length} hidden</summary>
        <ul class="simple">{s.hidden.map((id) => <li key={id}><Button kind="link" on={() => { act((x) => unhide(x, id), 'Shown again'); }}>Show <Name text={nameOf(view.picture.known.get(id)) || id} /></Button></li>)}</ul>
        <Button on={() => { act((x) => unhide(x, null), 'All shown again'); }}>Show all</Button></details> : null}
      <Legend s={s} view={view} />
    </div>
  );
}

function Legend({ s, view }: { s: State; view: View }): JSX.Element {
  const regime = s.regimes[0] ?? 'ofac';
  const families = tally(view.picture.nodes.values(), (n) => familyOf(n.type, meta()));
  return (
    <section class="legend" aria-labelledby="legend-title">
      <h3 id="legend-title">Legend</h3>
      <ul class="simple">
        {families.map(([f, n]) => <li key={f}><TypeSign type={SAMPLES[f as Family]} /> {FAMILY_WORDS[f as Family]} <span class="quiet">{n}</span></li>)}
        {(['listed', 'blocked', 'indeterminate', 'not_blocked'] as const).map((w) => <li key={w}><Badge kind={w}>{verdictSign(w)} {verdictWord(w, regime)}</Badge></li>)}
        <li><span class="line-sample" aria-hidden="true" /> relation; thicker: a stake, or several in one</li>
        <li><span class="line-sample dashed" aria-hidden="true" /> alleged, disputed, inferred or not yet done</li>
        <li>✎ has a note of yours</li>
      </ul>
      <p class="quiet">Double line: listed. Thick line: {verdictWord('blocked', regime)}. Dashed line: cannot tell.</p>
    </section>
  );
}
