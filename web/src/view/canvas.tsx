// One picture: loads the way of drawing that fits its size, and takes the keyboard.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { hasWebGl, type Drawing, type Make } from '../draw/drawing.ts';
import type { Scene } from '../model/scene.ts';
import type { Point } from '../model/state.ts';
import { toward } from '../model/layout.ts';
import { announce } from './announce.ts';
import { Button } from './ui.tsx';

export const BIG = 800;

export interface CanvasProps {
  scene: Scene; label: string; hoverText: (id: string) => string | null; onNode: (id: string) => void; onEdge: (id: string) => void; onNothing: () => void;
  onOpen: (id: string) => void; onMoved: (p: Record<string, Point>) => void; onArranged: (p: Record<string, Point>) => void; handle: (d: Drawing | null) => void;
  onTable: () => void;
}

export function Canvas(p: CanvasProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const props = useRef(p);
  props.current = p;
  const [tip, setTip] = useState<{ text: string; at: Point } | null>(null);
  const [anyway, setAnyway] = useState(false);
  const [broken, setBroken] = useState<string | null>(null);
  const big = p.scene.nodes.length > BIG;
  const gl = useMemo(() => !big || hasWebGl(), [big]);
  const kind = big && gl ? 'big' : 'small';
  const idle = big && !gl && !anyway;

  useEffect(() => {
    if (idle || !box.current) return;
    let gone = false;
    const host = box.current;
    const load: Promise<{ make: Make }> = kind === 'big' ? import('../draw/big.ts') : import('../draw/cyto.ts');
    load.then(({ make }) => {
      if (gone) return;
      const q = (): CanvasProps => props.current;
      drawing.current = make(host, {
        node: (id) => { q().onNode(id); }, edge: (id) => { q().onEdge(id); }, nothing: () => { q().onNothing(); }, open: (id) => { q().onOpen(id); },
        moved: (m) => { q().onMoved(m); }, arranged: (m) => { q().onArranged(m); },
        hover: (id, at) => { const text = id === null ? null : q().hoverText(id); setTip(text === null ? null : { text, at }); },
      }, q().scene);
      q().handle(drawing.current);
      setBroken(null);
    }).catch((e: unknown) => { setBroken(String(e)); });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const repaint = (): void => { drawing.current?.theme(); };
    scheme.addEventListener('change', repaint);
    return () => {
      gone = true;
      scheme.removeEventListener('change', repaint);
      p.handle(null);
      drawing.current?.destroy();
      drawing.current = null;
    };
  }, [kind, idle]);

  useEffect(() => { drawing.current?.update(p.scene); }, [p.scene]);

  const key = (e: KeyboardEvent): void => {
    const ways: Record<string, 'up' | 'down' | 'left' | 'right'> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };
    const way = ways[e.key];
    if (way === undefined || e.altKey || e.ctrlKey || e.metaKey) {
      if (e.key === '+' || e.key === '=') drawing.current?.zoom(1.3);
      else if (e.key === '-') drawing.current?.zoom(1 / 1.3);
      else if (e.key === '0') drawing.current?.fit();
      return;
    }
    e.preventDefault();
    const nodes = p.scene.nodes;
    const now = nodes.find((n) => n.selected);
    const places = Object.fromEntries(nodes.map((n): [string, Point] => [n.id, [n.x, n.y]]));
    const next = now ? toward([now.x, now.y], places, way) : nodes[0]?.id ?? null;
    if (next === null) { announce('No party in that direction'); return; }
    p.onNode(next);
    drawing.current?.reveal(next);
    const said = nodes.find((n) => n.id === next);
    if (said) announce(`${said.name}. ${said.lines.slice(1).join('. ')}`);
  };

  return (
    <div class="canvas-frame">
      <div ref={box} class="canvas" tabIndex={0} role="application" aria-roledescription="network picture" aria-label={p.label} aria-describedby="canvas-help" onKeyDown={key} />
      {idle ? (
        <div class="no-gl" role="status">
          <p>{`${p.scene.nodes.length.toLocaleString('en')} parties are too many to draw without WebGL, which this browser does not offer here. The table has them all.`}</p>
          <div class="buttons"><Button kind="main" on={p.onTable}>Show the table</Button><Button on={() => { setAnyway(true); }}>Draw it anyway (slow)</Button></div>
        </div>) : null}
      {broken ? <div class="no-gl" role="alert"><p>The picture cannot be drawn here ({broken}). The table has everything.</p><Button kind="main" on={p.onTable}>Show the table</Button></div> : null}
      {tip ? <Tip text={tip.text} at={tip.at} /> : null}
    </div>
  );
}

/** Beside the pointer; the same words stand in the panel for everybody else. */
function Tip({ text, at }: { text: string; at: Point }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const el = ref.current, frame = el?.parentElement;
    if (!el || !frame) return;
    const x = Math.min(at[0] + 18, frame.clientWidth - el.offsetWidth - 6), y = Math.min(at[1] + 18, frame.clientHeight - el.offsetHeight - 6);
    el.style.setProperty('left', `${Math.max(4, x)}px`);
    el.style.setProperty('top', `${Math.max(4, y)}px`);
  }, [at, text]);
  return <div class="tip" ref={ref} aria-hidden="true"><bdi>{text}</bdi></div>;
}
