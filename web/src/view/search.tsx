// The search box: as you type, cards with type, countries, lists and how sure the match is.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../api/answers.ts';
import { address, asError, getJson, type ApiError } from '../api/client.ts';
import type { EntityDoc, Hit, Hits } from '../api/types.ts';
import { valuesOf } from '../model/facts.ts';
import { filters } from '../model/needs.ts';
import { open, openTree } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { act, state } from '../store.ts';
import { announce } from './announce.ts';
import { focusStage } from './focus.ts';
import { singleKeys } from './singles.ts';
import { Badge, Failure, Name, TypeSign } from './ui.tsx';

const MOST = 12;
const WAIT = 90;

interface Found { url: string; hits: Hit[]; error: ApiError | null }
const NOTHING: Found = { url: '', hits: [], error: null };

/** The newest answer; it is that of the question as soon as it has its address. */
function useSearch(url: string): Found {
  const [found, set] = useState<Found>(NOTHING);
  useEffect(() => {
    if (url === '') { set(NOTHING); return; }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      getJson<Hits>(url, stop.signal).then(
        (d) => { set({ url, hits: d.results, error: null }); },
        (e: unknown) => {
          if (stop.signal.aborted) return;
          const error = asError(e);
          // Nothing found is an answer, not a failure.
          set({ url, hits: [], error: error.status === 404 ? null : error });
        },
      );
    }, WAIT);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [url]);
  return found;
}

const BANDS: Record<string, string> = { match: 'match', review: 'to review', no: 'letters fit' };

function Card({ hit }: { hit: Hit }): JSX.Element {
  const [asked, setAsked] = useState(hit.countries !== undefined);
  // Countries are not part of a hit: asked for once the reader has stopped typing.
  useEffect(() => { const t = setTimeout(() => { setAsked(true); }, 350); return () => { clearTimeout(t); }; }, [hit.id]);
  const doc = asked && hit.countries === undefined ? ask<EntityDoc>(address(`/v1/entity/${encodeURIComponent(hit.id)}`, { limit: 1 })).data : undefined;
  const party = doc?.nodes.find((n) => n.id === doc.answer?.result?.id);
  const countries = hit.countries ?? [...new Set(valuesOf(party?.countries).map((v) => v.value))];
  const other = hit.match && hit.match.of !== 'name' && hit.match.of !== 'id' ? `${hit.match.of}: ${hit.match.text}` : null;
  return (
    <span class="card">
      <TypeSign type={hit.type} />
      <span class="card-main">
        <Name text={hit.name} />
        <span class="quiet"> {label(hit.type)}{countries.length > 0 ? <> · <bdi>{countries.slice(0, 3).join(', ')}{countries.length > 3 ? ` and ${countries.length - 3} more` : ''}</bdi></> : null}
          {other ? <> · <bdi>{other}</bdi></> : null}</span>
      </span>
      <span class="card-side">
        {hit.listed.map((l) => <Badge key={l} kind="listed">■ listed: {l}</Badge>)}
        <Badge kind={`band ${hit.band}`}>{BANDS[hit.band] ?? hit.band}</Badge>
      </span>
    </span>
  );
}

/** A combobox: what is chosen is handed on. */
export function SearchBox({ onPick, name, id, hint }: { onPick: (hit: Hit, tree: boolean) => void; name: string; id: string; hint?: string }): JSX.Element {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [shut, setShut] = useState(true);
  const q = text.trim();
  // The days and sources that are chosen are part of the question.
  const url = q === '' ? '' : address('/v1/search', { q, limit: MOST, ...filters(state()) });
  const found = useSearch(url);
  const fresh = found.url === url;
  // Enter came before the answer: its best hit is taken when it is there.
  const early = useRef<{ url: string; tree: boolean } | null>(null);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setAt(0);
    if (found.url === '' || !fresh) return;
    const wanted = early.current?.url === found.url ? early.current : null;
    early.current = null;
    if (wanted && found.hits.length > 0) { pick(found.hits[0], wanted.tree); return; }
    announce(found.hits.length === 0 ? 'Nobody found' : `${found.hits.length} found`);
  }, [found]);
  useEffect(() => { document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' }); }, [at]);
  const isOpen = !shut && q !== '';
  const pick = (hit: Hit | undefined, tree: boolean): void => {
    if (!hit) return;
    setShut(true); setText('');
    onPick(hit, tree);
  };
  const key = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault(); setShut(false);
      const n = found.hits.length;
      if (n > 0) setAt((at + (e.key === 'ArrowDown' ? 1 : n - 1)) % n);
    } else if (e.key === 'Enter' && isOpen) {
      e.preventDefault();
      if (fresh) pick(found.hits[at], e.shiftKey); else early.current = { url, tree: e.shiftKey };
    } else if (e.key === 'Escape') {
      early.current = null;
      if (isOpen) { e.stopPropagation(); setShut(true); } else { box.current?.blur(); focusStage(); }
    }
  };
  return (
    <div class="search">
      <input ref={box} id={id} type="text" role="combobox" aria-label={name} aria-expanded={isOpen} aria-controls={`${id}-list`} aria-autocomplete="list"
        aria-activedescendant={isOpen && fresh && found.hits[at] ? `${id}-${at}` : undefined} autocomplete="off" spellcheck={false} placeholder={hint ?? name} value={text}
        onInput={(e) => { early.current = null; setText(e.currentTarget.value); setShut(false); }} onKeyDown={key} onFocus={() => { setShut(false); }}
        onBlur={() => { early.current = null; setShut(true); }} />
      {/* A click in the list, on its edge or its scroll bar leaves the focus where it is, and the list open. */}
      <div class="results" hidden={!isOpen} aria-busy={!fresh} onMouseDown={(e) => { e.preventDefault(); }}>
        <ul id={`${id}-list`} role="listbox" aria-label="Parties found">
          {found.hits.map((h, i) => (
            <li key={h.id} id={`${id}-${i}`} role="option" aria-selected={i === at}
              onMouseEnter={() => { setAt(i); }} onClick={(e) => { pick(h, e.shiftKey); }}><Card hit={h} /></li>
          ))}
        </ul>
        {found.error ? <Failure error={found.error} /> : null}
        {isOpen && found.hits.length === 0 && !found.error && fresh
          ? <p class="quiet pad">Nobody of that name in this store{state().asOf || state().knownAt ? ' on the days asked about' : ''}. That is no finding about the person.</p> : null}
        {isOpen && found.hits.length > 0 ? <p class="quiet pad hint">Enter puts the party into the picture, Shift+Enter shows its ownership tree{found.hits.length === MOST ? `; the best ${count(MOST, 'hit')}` : ''}.</p> : null}
      </div>
    </div>
  );
}

export const MainSearch = (): JSX.Element => (
  <SearchBox id="search" name="Search a name, alias, number or id" hint={`Search a name, alias, number or id${singleKeys() ? '   ( / )' : ''}`} onPick={(hit, tree) => {
    act((s) => tree || s.view === 'tree' ? openTree(s, hit.id) : open(s, hit.id), tree ? `Ownership tree of ${hit.name}` : `${hit.name} is in the picture`);
  }} />
);
