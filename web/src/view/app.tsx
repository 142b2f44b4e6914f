// The page: search and time above, filters left, picture and table in the middle, details right.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, forget, outage } from '../api/answers.ts';
import type { Meta } from '../api/types.ts';
import { turningDays } from '../model/dates.ts';
import { encode } from '../model/link.ts';
import { isEmpty, type Shown, type State, type Tab } from '../model/state.ts';
import { act, canRedo, canUndo, metaUrl, note, redo, undo, useApp } from '../store.ts';
import { announce, say } from './announce.ts';
import { Details } from './details.tsx';
import { ExportMenu, titleOf } from './export.tsx';
import { Filters } from './filters.tsx';
import { Help } from './help.tsx';
import { listen } from './keys.ts';
import { NotesPanel } from './notes.tsx';
import { MainSearch } from './search.tsx';
import { keyShown } from './singles.ts';
import { Stage, useView, type View } from './stage.tsx';
import { Time } from './time.tsx';
import { Button, Failure } from './ui.tsx';
import { Ways } from './ways.tsx';
import { WhatIfPanel } from './whatif.tsx';
import { drawingImage } from './image.ts';

type Open = 'help' | 'export' | null;

/** Narrow windows show the table first. */
function useNarrow(): boolean {
  const query = '(max-width: 640px)';
  const [narrow, set] = useState(matchMedia(query).matches);
  useEffect(() => {
    const m = matchMedia(query);
    const f = (): void => { set(m.matches); };
    m.addEventListener('change', f);
    return () => { m.removeEventListener('change', f); };
  }, []);
  return narrow;
}

const shownAs = (s: State, narrow: boolean): 'picture' | 'table' | 'both' => s.shown !== 'auto' ? s.shown : narrow ? 'table' : 'picture';

async function copyLink(s: State): Promise<void> {
  const url = `${location.origin}${location.pathname}${await encode(s)}`;
  try { await navigator.clipboard.writeText(url); say('Link copied'); } catch { say('The browser does not let the page copy: its address is the link'); }
}

export function App(): JSX.Element {
  const s = useApp();
  const view = useView(s);
  const narrow = useNarrow();
  const shown = shownAs(s, narrow);
  const [side, setSide] = useState(true);
  const [dialog, setDialog] = useState<Open>(null);
  const now = useRef({ s, shown, view });
  now.current = { s, shown, view };
  useEffect(() => listen({
    now: () => now.current, help: () => { setDialog('help'); }, export: () => { if (isEmpty(now.current.s)) say('Nothing is shown yet that could be exported'); else setDialog('export'); }, link: () => { void copyLink(now.current.s); },
    cycle: () => { const next: Record<string, Shown> = { picture: 'table', table: 'both', both: 'picture' }; const to = next[now.current.shown] ?? 'picture'; act((x) => ({ ...x, shown: to }), `Shown as ${to}`); },
  }), []);
  useEffect(() => { document.title = isEmpty(s) ? 'cuibono' : `${titleOf(s, view)} – cuibono`; });
  const m = ask<Meta>(metaUrl);
  const out = outage();
  const close = (): void => { setDialog(null); };
  return (
    <>
      <a class="skip" href="#stage" onClick={(e) => { e.preventDefault(); document.querySelector<HTMLElement>('#stage .canvas, #stage table, #stage')?.focus(); }}>Skip to the picture</a>
      <header class="top">
        <a class="brand" href="/" onClick={(e) => { e.preventDefault(); act((x) => isEmpty(x) ? x : { ...x, roots: [], ways: [], expansions: [], tree: null, view: 'network', selected: null, light: null }, 'Beginning'); }}>cuibono</a>
        <MainSearch />
        <div class="group" role="group" aria-label="History">
          <Button kind="icon" label="Undo" keys="Control+Z" disabled={!canUndo()} on={undo}>↶</Button>
          <Button kind="icon" label="Redo" keys="Control+Shift+Z" disabled={!canRedo()} on={redo}>↷</Button>
        </div>
        <div class="group">
          <Button on={() => { void copyLink(s); }} keys="l" title="Copy a link that opens exactly this">Link</Button>
          <Button on={() => { setDialog('export'); }} keys="x" disabled={isEmpty(s)}>Export</Button>
          <Button on={() => { setDialog('help'); }} keys="?" label="Keys and help">?</Button>
        </div>
        <Time s={s} turns={turningDays(turns(view))} />
      </header>
      {out ? <div class="outage"><Failure error={out} /><Button kind="main" on={() => { forget((_, k) => k.state === 'failed'); announce('Asking again'); }}>Try again</Button></div>
        : m.state === 'failed' ? <Failure error={m.error} /> : null}
      <div class={`page ${isEmpty(s) ? 'empty' : ''} ${narrow ? 'narrow' : ''} ${side ? '' : 'wide'}`}>
        {isEmpty(s) || !side ? null : <Side s={s} view={view} narrow={narrow} />}
        <Stage s={s} view={view} shown={shown} tools={narrow ? null : <Button pressed={side} on={() => { setSide(!side); }} title="Filters and legend beside the picture">Filters</Button>} />
        {isEmpty(s) ? null : <Panel s={s} view={view} />}
      </div>
      {dialog === 'help' ? <Help onClose={close} /> : null}
      {dialog === 'export' ? <ExportMenu view={view} image={drawingImage} onClose={close} /> : null}
    </>
  );
}

function* turns(view: View): Generator<string | null | undefined> {
  for (const e of view.picture.all.values()) { yield e.start; yield e.end; }
  for (const n of view.picture.nodes.values()) for (const l of n.listed ?? []) { yield l.from; yield l.to; }
}

function Side({ s, view, narrow }: { s: State; view: View; narrow: boolean }): JSX.Element {
  return (
    <aside class="side" aria-label="Filters and legend">
      {narrow ? <details class="fold"><summary>Filters and legend</summary><Filters s={s} view={view} /></details> : <Filters s={s} view={view} />}
    </aside>
  );
}

const TABS: [Tab, string, string][] = [['details', 'Details', 'Enter'], ['ways', 'Connections', 'f'], ['whatif', 'What if', 'w'], ['notes', 'Notes', 'o']];

function Panel({ s, view }: { s: State; view: View }): JSX.Element {
  const move = (e: KeyboardEvent): void => {
    const i = TABS.findIndex(([t]) => t === s.tab);
    const n = e.key === 'ArrowRight' ? i + 1 : e.key === 'ArrowLeft' ? i + TABS.length - 1 : -1;
    if (n < 0) return;
    e.preventDefault();
    const tab = TABS[n % TABS.length]?.[0] ?? 'details';
    note((x) => ({ ...x, tab }));
    document.getElementById(`tab-${tab}`)?.focus();
  };
  return (
    <aside class="panel" aria-label="Details">
      <div class="tabs" role="tablist" aria-label="Panels" onKeyDown={move}>
        {TABS.map(([t, words, keys]) => <button key={t} type="button" role="tab" id={`tab-${t}`} aria-keyshortcuts={keyShown(keys)} aria-selected={s.tab === t} aria-controls="details" tabIndex={s.tab === t ? 0 : -1} class="tab"
          onClick={() => { note((x) => ({ ...x, tab: t })); }}>{words}{t === 'whatif' && s.suppose.length > 0 ? ` (${s.suppose.length})` : ''}</button>)}
      </div>
      <div id="details" class="panel-body" role="tabpanel" aria-labelledby={`tab-${s.tab}`} tabIndex={0}>
        {s.tab === 'details' ? <Details n={{ s, view }} /> : s.tab === 'ways' ? <Ways s={s} view={view} /> : s.tab === 'whatif' ? <WhatIfPanel s={s} view={view} /> : <NotesPanel s={s} picture={view.picture} />}
      </div>
    </aside>
  );
}
