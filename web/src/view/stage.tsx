// The middle of the page: the network or the ownership tree, as picture and table.
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ask, generationOf } from '../api/answers.ts';
import type { TreeDoc, WhatIf } from '../api/types.ts';
import type { Drawing } from '../draw/drawing.ts';
import { place, settle, spread, type Tie } from '../model/layout.ts';
import { marks, marksNote, noMarks, type Marks } from '../model/marks.ts';
import { treeUrl, whatIfUrl } from '../model/needs.ts';
import { emptyPicture, picture, pictureOf, targetId, type Picture } from '../model/picture.ts';
import { bundles } from '../model/bundle.ts';
import { edgeTypes, scene, selectionOf, verdictsOf } from '../model/scene.ts';
import { arrange, isEmpty, move, select, type Point, type State } from '../model/state.ts';
import { capital } from '../model/facts.ts';
import { count, verdictWord } from '../model/words.ts';
import { act, meta, note } from '../store.ts';
import { announce } from './announce.ts';
import { BIG, Canvas } from './canvas.tsx';
import { focusDetails } from './focus.ts';
import { goneDrawing, shownDrawing } from './image.ts';
import { litOf } from './lit.ts';
import { notedIds } from './notes.tsx';
import { Start } from './start.tsx';
import { Tables } from './tables.tsx';
import { Tools } from './tools.tsx';
import { Failure } from './ui.tsx';
import { regimeTitle } from './verdicts.tsx';

export interface View {
  /** The state that it shows: while answers are on their way, one before that of the page. */
  of: State;
  picture: Picture; places: Record<string, Point>; tree: TreeDoc | null; verdicts: (regime: string) => Marks; failed: JSX.Element | null;
  waiting: boolean;
}

/** The picture of a state; while answers are on their way, the last one that was whole. */
export function useView(s: State): View {
  const last = useRef<{ key: string; view: View } | null>(null);
  const generation = generationOf();
  const view = useMemo((): View => {
    if (s.view === 'tree') return treeView(s, last.current?.view ?? null);
    const p = isEmpty(s) ? emptyPicture() : picture(s, ask);
    const key = s.view;
    if (p.waiting > 0 && last.current?.key === key && last.current.view.picture.nodes.size > 0) return { ...last.current.view, waiting: true };
    const ties = tiesOf(p);
    const whole: View = {
      of: s, picture: p, tree: null, waiting: p.waiting > 0, places: (p.nodes.size > BIG ? place : settle)([...p.nodes.keys()], ties, s.positions), verdicts: (r) => marks(s, p, r, ask),
      failed: p.failed.length > 0 ? <div class="failure" role="alert">{[...new Map(p.failed.map((f) => [f.error, f.next]))].map(([error, next]) => <p key={error}>{error} <span class="quiet">{next}</span></p>)}</div> : null,
    };
    if (p.waiting === 0) last.current = { key, view: whole };
    return whole;
  }, [s, generation]);
  if (view.tree) last.current = { key: 'tree', view };
  return view;
}

const tiesOf = (p: Picture): Tie[] => [...p.edges.values()].map((e) => ({ a: e.source, b: targetId(e) }));

function treeView(s: State, last: View | null): View {
  const none: View = { of: s, picture: emptyPicture(), places: {}, tree: null, verdicts: () => noMarks(), failed: null, waiting: false };
  if (s.tree === null) return none;
  const asked = ask<TreeDoc>(treeUrl(s, s.tree));
  if (asked.state === 'waiting') return last?.tree ? { ...last, waiting: true } : { ...none, waiting: true };
  const doc = asked.data;
  if (!doc) return { ...none, failed: <Failure error={asked.error} /> };
  const result = doc.answer?.result;
  return { of: s, picture: pictureOf(doc, s), places: result?.positions ?? {}, tree: doc, verdicts: (r) => noMarks(verdictsOf(result, r)), failed: null, waiting: false };
}

function flipsOf(s: State, regime: string): Set<string> {
  if (s.suppose.length === 0) return new Set();
  const data = ask<WhatIf>(whatIfUrl(s, s.suppose, s.regimes)).data;
  return new Set((data?.flips ?? []).filter((f) => f.flips && f.regime === regime).map((f) => f.id));
}

/** Two panes lie beside or above each other, whichever leaves the pictures larger. */
function useStacked(two: boolean, size: [number, number] | undefined): { box: RefObject<HTMLDivElement | null>; stacked: boolean } {
  const box = useRef<HTMLDivElement>(null);
  const [stacked, set] = useState(false);
  useLayoutEffect(() => {
    const el = box.current;
    if (!el || !two || !size) { set(false); return; }
    const [w, h] = size, W = el.clientWidth, H = el.clientHeight - 40;
    set(Math.min(W / w, H / 2 / h) > Math.min(W / 2 / w, H / h));
  }, [two, size?.[0], size?.[1]]);
  return { box, stacked };
}

export function Stage({ s, view, shown, tools }: { s: State; view: View; shown: 'picture' | 'table' | 'both'; tools: ComponentChildren }): JSX.Element {
  const drawings = useRef(new Map<string, Drawing>());
  const [, again] = useState(0);
  const { picture: p, places } = view;
  const size = p.nodes.size;
  useEffect(() => {
    if (s.view !== 'network' || view.waiting || size === 0 || size > BIG) return;
    const fresh = Object.keys(places).some((id) => !s.positions[id]);
    if (fresh) note((x) => arrange(x, places));
  }, [places, s.view, view.waiting]);
  useEffect(() => { if (size > 0 && !view.waiting) announce(`${count(size, 'party', 'parties')}, ${count(p.edges.size, 'relation')} shown`); }, [size, p.edges.size, view.waiting]);
  const { box, stacked } = useStacked(s.view === 'tree' && s.regimes.length > 1 && shown !== 'table', view.tree?.answer?.result?.size);
  if (isEmpty(s)) return <main id="stage" class="stage start"><Start s={s} /></main>;
  const panes = s.view === 'tree' ? s.regimes.slice(0, 2) : s.regimes.slice(0, 1);
  const all = [...drawings.current.values()];
  const unmarked = marksNote(view.verdicts(s.regimes[0] ?? 'ofac'));
  return (
    <main id="stage" class={`stage ${shown}`} aria-busy={view.waiting}>
      <h1 class="unseen">{s.view === 'tree' ? 'Ownership tree' : 'Network'}</h1>
      <Tools s={s} view={view} fit={() => { all.forEach((d) => { d.fit(); }); }} zoom={(f) => { all.forEach((d) => { d.zoom(f); }); }}
        spread={() => { act((x) => arrange(x, spread([...p.nodes.keys()], tiesOf(p), places, new Set(x.pinned))), 'Spread out'); requestAnimationFrame(() => { all.forEach((d) => { d.fit(); }); }); }}
        shown={shown}>{tools}</Tools>
      {view.failed}
      {p.cut ? <p class="cut">This is cut short by a limit: {p.notes.join('; ') || 'there is more on the record than is shown'}.</p> : null}
      {unmarked === null ? null : <p class="cut">{capital(unmarked)}. Each party has its verdict in the details, and in its ownership tree.</p>}
      {shown !== 'table' ? (
        <div ref={box} class={`panes ${panes.length > 1 ? 'two' : ''} ${stacked ? 'stacked' : ''}`}>
          {panes.map((regime) => <Pane key={regime} s={s} view={view} regime={regime} titled={s.view === 'tree'}
            handle={(d) => { goneDrawing(drawings.current.get(regime)); if (d) { drawings.current.set(regime, d); shownDrawing(d); } else drawings.current.delete(regime); again((n) => n + 1); }} />)}
        </div>) : null}
      {shown !== 'picture' ? <Tables s={s} view={view} /> : null}
      <p id="canvas-help" class="unseen">Arrow keys move among parties, Enter opens the details, e the relations to expand, question mark lists all keys. The table has the same content.</p>
    </main>
  );
}

function Pane({ s, view, regime, titled, handle }: { s: State; view: View; regime: string; titled: boolean; handle: (d: Drawing | null) => void }): JSX.Element {
  const { picture: p, places } = view;
  const verdicts = view.verdicts(regime).of;
  const lit = litOf(s, regime);
  const flips = flipsOf(s, regime);
  const day = s.asOf ?? meta()?.today ?? '';
  const noted = notedIds(p);
  const sign = JSON.stringify([[...verdicts].map(([id, v]) => id + v.verdict), lit && [[...lit.nodes], [...lit.edges]], [...flips], [...noted]]);
  const drawn = useMemo(() => scene({
    picture: p, places: s.view === 'tree' ? places : { ...places, ...s.positions }, meta: meta(), day, selected: s.selected, lit, pinned: s.pinned, noted, verdicts, regime, boxed: s.view === 'tree', flips,
    settled: s.view === 'tree' || [...p.nodes.keys()].every((id) => s.positions[id]),
  }), [p, places, s.positions, s.selected, s.pinned, s.view, regime, day, sign, meta()]);
  const name = titled ? `Ownership tree under ${regimeTitle(regime)}` : 'Network';
  return (
    <section class="pane" aria-label={name}>
      {titled ? <h2 class="pane-title">{regimeTitle(regime)}</h2> : null}
      <Canvas scene={drawn} handle={handle} label={`${name}: ${count(p.nodes.size, 'party', 'parties')}, ${count(p.edges.size, 'relation')}`}
        onNode={(id) => { note((x) => select(x, { kind: 'node', id })); }}
        onEdge={(id) => {
          const b = bundles(p.edges.values(), edgeTypes(meta())).find((x) => x.id === id);
          if (b) note((x) => select(x, selectionOf(b)));
        }}
        onNothing={() => { note((x) => ({ ...x, selected: null })); }}
        onOpen={(id) => { note((x) => select(x, { kind: 'node', id })); focusDetails(); }}
        onMoved={(m) => { if (s.view === 'network') act((x) => move(x, m)); }}
        onArranged={(m) => { note((x) => arrange(x, m)); }}
        onTable={() => { act((x) => ({ ...x, shown: 'table' })); }}
        hoverText={(id) => {
          const v = verdicts.get(id), name = p.nodes.get(id);
          if (!name) return null;
          const lines = v ? [v.wording ?? verdictWord(v.verdict, regime), ...v.arithmetic ?? []] : [];
          return [drawn.nodes.find((n) => n.id === id)?.name ?? id, ...lines].join('\n');
        }} />
    </section>
  );
}
