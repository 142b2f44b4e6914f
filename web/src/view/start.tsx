// Before anything is searched: what is in the store, and where to begin.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/answers.ts';
import { address } from '../api/client.ts';
import type { Hit, Hits, Meta } from '../api/types.ts';
import { open, openTree, type State } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { act, metaUrl } from '../store.ts';
import { safeUrl } from '../model/facts.ts';
import { Asked, Badge, Button, Name, TypeSign } from './ui.tsx';

const LETTERS = ['a', 'm', 's', 'k'];
const KINDS = ['company', 'person', 'vessel', 'organization'];

export function Start({ s }: { s: State }): JSX.Element {
  return (
    <div class="welcome">
      <h1>Who is behind it, and who is blocked?</h1>
      <p class="lead">Search a name above. Grow the network from there, or read its ownership tree with the verdicts on it. Every fact names its source.</p>
      <Asked of={ask<Meta>(metaUrl)} what="what is in the store">{(m) => <>
        <ul class="figures" aria-label="In this store">
          <li><strong>{m.nodes.toLocaleString('en')}</strong> parties</li><li><strong>{m.edges.toLocaleString('en')}</strong> relations</li><li><strong>{m.sources.length.toLocaleString('en')}</strong> {m.sources.length === 1 ? 'source' : 'sources'}</li>
        </ul>
        {m.nodes === 0 ? <p>The store is empty. Import something: <code>cuibono import FILE</code>.</p> : <Samples s={s} />}
        <h2>Sources</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Sources">
          <table><thead><tr><th scope="col">Source</th><th scope="col">Publisher</th><th scope="col">Newest release</th><th scope="col">Releases</th></tr></thead>
            <tbody>{m.sources.slice(0, 40).map((x) => { const r = x.releases ?? (x.published ? [x.published] : []); return (
              <tr key={x.id}><th scope="row"><bdi>{safeUrl(x.url) ? <a href={safeUrl(x.url) ?? ''} target="_blank" rel="noopener noreferrer">{x.title ?? x.id}</a> : x.title ?? x.id}</bdi></th><td><bdi>{x.publisher ?? ''}</bdi></td><td>{[...r].sort().at(-1) ?? 'cited only'}</td><td>{r.length}</td></tr>); })}</tbody></table>
        </div>
        {m.sources.length > 40 ? <p class="quiet">and {count(m.sources.length - 40, 'more source', 'more sources')}</p> : null}
        <p class="quiet">Lists: {m.lists.length > 0 ? m.lists.map(label).join(', ') : 'none'}. Program {m.program}. A verdict says what follows from the record under a rule on a day; it is not legal advice.</p>
      </>}</Asked>
    </div>
  );
}

/** Some parties to begin with: the best hits of single letters, listed ones first. */
function Samples({ s }: { s: State }): JSX.Element | null {
  const [on, setOn] = useState(false);
  useEffect(() => { const t = setTimeout(() => { setOn(true); }, 250); return () => { clearTimeout(t); }; }, []);
  if (!on) return <p class="samples quiet">Looking for examples …</p>;
  const hits = new Map<string, Hit>();
  // One letter after the other, and no more than it takes: in a large store the first look-ups are slow.
  for (const q of LETTERS) {
    const asked = ask<Hits>(address('/v1/search', { q, limit: 8 }));
    if (asked.state === 'waiting') break;
    for (const h of asked.data?.results ?? []) if (KINDS.includes(h.type)) hits.set(h.id, h);
    if (hits.size >= 6 && [...hits.values()].some((h) => h.listed.length > 0)) break;
  }
  const best = [...hits.values()].sort((a, b) => b.listed.length - a.listed.length).slice(0, 6);
  if (best.length === 0) return null;
  return (
    <section class="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">For example</h2>
      <ul>{best.map((h) => (
        <li key={h.id}><Button on={() => { act((x) => s.view === 'tree' ? openTree(x, h.id) : open(x, h.id), `${h.name} is in the picture`); }}>
          <TypeSign type={h.type} /> <Name text={h.name} /> {h.listed.length > 0 ? <Badge kind="listed">■ listed</Badge> : null}</Button></li>))}</ul>
    </section>
  );
}
