// Everything known of what is selected: a party, a relation, or the relations of a bundle.
import type { JSX } from 'preact';
import { ask } from '../api/answers.ts';
import type { EntityDoc, Party, Relation, Source } from '../api/types.ts';
import { bundleId } from '../model/bundle.ts';
import { citesOf, edgeContradictions, listedOn, nameOf, partyContradictions, partyFacts, relationFacts } from '../model/facts.ts';
import { entityUrl } from '../model/needs.ts';
import { targetId, type Picture } from '../model/picture.ts';
import { shareText } from '../model/share.ts';
import { isLiteral, open, suppose, type State } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { act, meta, note } from '../store.ts';
import { Contradictions, Facts } from './cites.tsx';
import { hiding, pinning, treeing, type Now } from './deeds.ts';
import { Expand } from './expand.tsx';
import { Badge, Button, Cut, Failure, Name, TypeSign } from './ui.tsx';
import { VerdictPanel } from './verdicts.tsx';

export function Details({ n }: { n: Now }): JSX.Element {
  const { s, view: { picture } } = n;
  const at = s.selected;
  if (!at) return <p class="quiet pad">Nothing is selected. Select a party or a relation in the picture or in the table: everything known of it is then shown here, each fact with its source.</p>;
  if (at.kind === 'node') return <PartyDetails n={n} id={at.id} />;
  if (at.kind === 'bundle') return <BundleDetails picture={picture} a={at.a} b={at.b} />;
  return <RelationDetails s={s} id={at.id} picture={picture} />;
}

function PartyDetails({ n, id }: { n: Now; id: string }): JSX.Element {
  const { s, view: { picture } } = n;
  const literal = isLiteral(id);
  const asked = literal ? null : ask<EntityDoc>(entityUrl(s, id));
  const doc = asked?.data;
  const party: Party | undefined = doc?.nodes.find((n) => n.id === doc.answer?.result?.id) ?? picture.nodes.get(id);
  if (asked?.state === 'failed' && !party) return <Failure error={asked.error} />;
  if (!party) return <p class="quiet pad">Asking …</p>;
  const sources = new Map<string, Source>([...picture.sources, ...(doc?.sources ?? []).map((x): [string, Source] => typeof x === 'string' ? [x, { id: x }] : [x.id, x])]);
  const name = nameOf(party);
  const day = s.asOf ?? meta()?.today ?? '';
  const shown = picture.nodes.has(id);
  return (
    <article aria-labelledby="party-name">
      <header class="party">
        <h2 id="party-name" tabIndex={-1}><TypeSign type={party.type} /> <Name text={name} /></h2>
        <p class="quiet">{label(party.type)} · <bdi class="id">{id}</bdi></p>
        <p>{listedOn(party, day).map((l, i) => <Badge key={i} kind="listed">■ listed: {l.list === '*' ? 'every list' : l.list}{l.from ? ` since ${l.from}` : ''}</Badge>)}</p>
        <div class="buttons">
          {pinning.not(n, id) === null ? <Button on={() => { pinning.go(n, id); }} pressed={s.pinned.includes(id)} keys="p">Pin</Button> : null}
          {hiding.not(n, id) === null ? <Button on={() => { hiding.go(n, id); }} keys="h">Hide</Button> : null}
          {!shown || s.view === 'tree' ? <Button on={() => { act((x) => open(x, id), `${name} is in the picture`); }}>To the network</Button> : null}
          {s.view === 'tree' && treeing.not(n, id) === null ? <Button on={() => { treeing.go(n, id); }} keys="t">Tree from here</Button> : null}
        </div>
      </header>
      {literal ? <p>A source gives this name only; no party of the store is meant for certain.</p> : <>
        <VerdictPanel n={n} id={id} />
        <Expand key={id} n={n} id={id} name={name} />
      </>}
      <Contradictions list={partyContradictions(party)} sources={sources} />
      <section aria-labelledby="facts-title"><h3 id="facts-title">On the record</h3><Facts groups={partyFacts(party)} sources={sources} /></section>
      {doc?.answer?.notes?.length ? <Cut answer={doc.answer} /> : null}
    </article>
  );
}

function Ends({ e, picture }: { e: Relation; picture: Picture }): JSX.Element {
  const end = (id: string): JSX.Element => (
    <Button kind="link" on={() => { note((x) => ({ ...x, selected: { kind: 'node', id } })); }}><Name text={nameOf(picture.nodes.get(id)) || id} /></Button>
  );
  return <p class="ends">{end(e.source)} <span aria-label="to">→</span> {end(targetId(e))}</p>;
}

function RelationDetails({ s, id, picture }: { s: State; id: string; picture: Picture }): JSX.Element {
  const here = picture.all.get(id);
  const asked = here ? null : ask<EntityDoc>(entityUrl(s, id));
  const e = here ?? asked?.data?.edges.find((x) => x.id === id);
  if (!e) return asked?.state === 'failed' ? <Failure error={asked.error} /> : <p class="quiet pad">Asking …</p>;
  const extra = asked?.data;
  const all: Picture = extra ? { ...picture, nodes: new Map([...picture.nodes, ...extra.nodes.map((n): [string, Party] => [n.id, n])]) } : picture;
  const others = [...picture.all.values()].filter((x) => bundleId(x.source, targetId(x)) === bundleId(e.source, targetId(e)));
  return (
    <article aria-labelledby="edge-name">
      <header class="party"><h2 id="edge-name" tabIndex={-1}>{label(e.type)} {shareText(e.share) ?? ''}</h2><Ends e={e} picture={all} /><p class="quiet"><bdi class="id">{id}</bdi></p></header>
      <EdgeWhatIf e={e} />
      <Sides edges={others} picture={all} />
      <section aria-labelledby="facts-title"><h3 id="facts-title">On the record</h3><Facts groups={relationFacts(e)} sources={all.sources} /></section>
      {others.length > 1 ? <Button on={() => { note((x) => ({ ...x, selected: { kind: 'bundle', a: e.source, b: targetId(e) } })); }}>{`All ${others.length} relations between the two`}</Button> : null}
    </article>
  );
}

function EdgeWhatIf({ e }: { e: Relation }): JSX.Element | null {
  const type = meta()?.edge_types.find((t) => t.name === e.type);
  if (!type || !(type.ownership || type.votes || type.control || type.ambiguous)) return null;
  return (
    <div class="buttons">
      <Button on={() => { act((x) => suppose(x, { kind: 'remove', edge: e.id }), 'Supposed gone'); }}>What if it were gone</Button>
      {type.ownership || type.votes ? <Button on={() => { act((x) => suppose(x, { kind: 'set', edge: e.id, share: typeof e.share === 'string' ? e.share : '50' }), 'Set another share in the panel What if'); }}>What if another share</Button> : null}
    </div>
  );
}

function Sides({ edges, picture }: { edges: Relation[]; picture: Picture }): JSX.Element | null {
  const list = edgeContradictions(edges);
  if (list.length === 0) return null;
  return (
    <section class="contradictions" aria-label="Contradictions">
      <h3>Reports of one stake differ</h3>
      {list.map((c) => (
        <div key={c.of}><h4>{c.of}</h4><div class="sides">{c.edges.map((e) => (
          <div key={e.id}><strong>{shareText(e.share) ?? 'share not stated'}</strong><Facts groups={relationFacts(e).filter((g) => g.label !== 'Share')} sources={picture.sources} /></div>
        ))}</div></div>
      ))}
    </section>
  );
}

function BundleDetails({ picture, a, b }: { picture: Picture; a: string; b: string }): JSX.Element {
  const edges = [...picture.all.values()].filter((e) => bundleId(e.source, targetId(e)) === bundleId(a, b));
  return (
    <article aria-labelledby="bundle-name">
      <header class="party"><h2 id="bundle-name" tabIndex={-1}>{count(edges.length, 'relation')}</h2>
        <p><Name text={nameOf(picture.nodes.get(a)) || a} /> and <Name text={nameOf(picture.nodes.get(b)) || b} /></p></header>
      <Sides edges={edges} picture={picture} />
      <ul class="bundle">{edges.map((e) => (
        <li key={e.id}>
          <Button kind="link" on={() => { note((x) => ({ ...x, selected: { kind: 'edge', id: e.id } })); }}>{label(e.type)} {shareText(e.share) ?? ''}</Button>
          <span class="quiet"> {e.source === a ? '→' : '←'} {[e.start ? `since ${e.start}` : '', e.end ? `until ${e.end}` : '', e.status && e.status !== 'asserted' ? e.status : '', `${citesOf(e.cites).length} sources`].filter(Boolean).join(' · ')}</span>
        </li>))}</ul>
    </article>
  );
}
