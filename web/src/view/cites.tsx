// Facts with their citations: source, place in it, quote, address.
import type { JSX } from 'preact';
import type { Cite, Source } from '../api/types.ts';
import { safeUrl, type Contradiction, type Fact, type Group } from '../model/facts.ts';
import { meta } from '../store.ts';

function sourceOf(id: string, sources: Map<string, Source>): Source {
  return sources.get(id) ?? meta()?.sources.find((s) => s.id === id) ?? { id };
}

function Citation({ cite, sources }: { cite: Cite; sources: Map<string, Source> }): JSX.Element {
  const s = sourceOf(cite.source, sources);
  const url = safeUrl(s.url);
  return (
    <span class="cite">
      <cite><bdi>{s.title ?? s.id}</bdi></cite>
      {s.publisher ? <span class="quiet">, <bdi>{s.publisher}</bdi></span> : null}
      {s.published ? <span class="quiet">, {s.published}</span> : null}
      {cite.locator ? <span>; at <bdi>{cite.locator}</bdi></span> : null}
      {cite.party ? <span class="quiet">; said of <bdi>{cite.party}</bdi></span> : null}
      {url ? <> <a href={url} target="_blank" rel="noopener noreferrer">open the source<span class="unseen"> (leaves this machine)</span> ↗</a></> : null}
      {cite.quote ? <q><bdi>{cite.quote}</bdi></q> : null}
    </span>
  );
}

function Cites({ cites, sources }: { cites: Cite[]; sources: Map<string, Source> }): JSX.Element | null {
  if (cites.length === 0) return null;
  const first = cites[0] as Cite;
  const title = sourceOf(first.source, sources).title ?? first.source;
  return (
    <details class="cites">
      <summary><span class="quiet">{cites.length === 1 ? <bdi>{title.length > 46 ? `${title.slice(0, 45)}…` : title}</bdi> : `${cites.length} citations`}
        {cites.length === 1 && first.locator ? <>, <bdi>{first.locator}</bdi></> : null}</span></summary>
      <ul>{cites.map((c, i) => <li key={i}><Citation cite={c} sources={sources} /></li>)}</ul>
    </details>
  );
}

const FactRow = ({ fact, sources }: { fact: Fact; sources: Map<string, Source> }): JSX.Element => (
  <div class="fact">
    {fact.text ? <span class="fact-text"><bdi>{fact.text}</bdi></span> : null}
    {fact.more.length > 0 ? <span class="quiet"> <bdi>{fact.more.join(' · ')}</bdi></span> : null}
    {fact.text ? <Cites cites={fact.cites} sources={sources} /> : fact.cites.map((c, i) => <Citation key={i} cite={c} sources={sources} />)}
  </div>
);

export const Facts = ({ groups, sources }: { groups: Group[]; sources: Map<string, Source> }): JSX.Element => (
  <dl class="facts">
    {groups.map((g) => (
      <div key={g.label}><dt>{g.label}</dt><dd>{g.facts.map((f, i) => <FactRow key={i} fact={f} sources={sources} />)}</dd></div>
    ))}
  </dl>
);

export function Contradictions({ list, sources }: { list: Contradiction[]; sources: Map<string, Source> }): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <section class="contradictions" aria-label="Contradictions">
      <h3>Sources differ</h3>
      {list.map((c) => (
        <div key={c.of}>
          <h4>{c.of}</h4>
          <div class="sides">{c.sides.map((f, i) => <FactRow key={i} fact={f} sources={sources} />)}</div>
        </div>
      ))}
    </section>
  );
}
