// Pictures of up to some hundreds of parties, on a canvas.
import cytoscape from 'cytoscape';
import type { Core, StylesheetStyle, ElementDefinition } from 'cytoscape';
import type { Scene, SceneEdge, SceneNode } from '../model/scene.ts';
import { theme, type Drawing, type Events, type Make } from './drawing.ts';

const SHAPES: Record<string, string> = {
  person: 'ellipse', legal: 'round-rectangle', state: 'hexagon', asset: 'diamond', program: 'tag', other: 'octagon',
};
const BOXES: Record<string, string> = {
  person: 'round-rectangle', legal: 'rectangle', state: 'octagon', asset: 'cut-rectangle', program: 'tag', other: 'rectangle',
};

function style(boxed: boolean): StylesheetStyle[] {
  const t = theme();
  const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
  const css = (selector: string, of: Record<string, unknown>): StylesheetStyle => ({ selector, style: of as StylesheetStyle['style'] });
  const families = Object.keys(SHAPES).map((f) => css(`node.${f}`, {
    shape: (boxed ? BOXES : SHAPES)[f], 'background-color': t.fill[f], ...(boxed && f === 'person' ? { 'corner-radius': 26 } : {}),
  }));
  return [
    css('node', {
      label: 'data(text)', color: t.text, 'font-family': font, 'font-size': boxed ? 13 : 12, 'text-wrap': 'wrap', 'line-height': 1.25,
      width: boxed ? 180 : 34, height: boxed ? 56 : 34, 'border-width': 1.5, 'border-color': t.line, 'min-zoomed-font-size': boxed ? 0 : 4,
      'text-valign': boxed ? 'center' : 'bottom', 'text-halign': 'center', 'text-margin-y': boxed ? 0 : 9, 'text-max-width': boxed ? 400 : 150,
      ...(boxed ? {} : { 'text-background-color': t.back, 'text-background-opacity': 0.85, 'text-background-padding': 2, 'text-background-shape': 'roundrectangle' }),
    }),
    ...families,
    css('node.not_blocked', { 'border-color': t.line }),
    css('node.indeterminate', { 'border-style': 'dashed', 'border-width': 3, 'border-color': t.doubt }),
    css('node.blocked', { 'border-width': 4, 'border-color': t.blocked }),
    css('node.listed', { 'border-width': 6, 'border-style': 'double', 'border-color': t.listed }),
    css('node.pinned', { 'underlay-color': t.line, 'underlay-opacity': 0.18, 'underlay-padding': 5, 'underlay-shape': 'round-rectangle' }),
    css('node.flips', { 'underlay-color': t.blocked, 'underlay-opacity': 0.35, 'underlay-padding': 8, 'underlay-shape': 'round-rectangle' }),
    css('edge', {
      label: 'data(text)', color: t.text, 'font-family': font, 'font-size': boxed ? 14 : 11, 'text-background-color': t.back, 'text-background-opacity': 0.92,
      'text-background-padding': 2, 'text-rotation': boxed ? 'none' : 'autorotate', width: 1.6, 'line-color': t.line, 'curve-style': 'bezier',
      'target-arrow-color': t.line, 'source-arrow-color': t.line, 'arrow-scale': 1, 'min-zoomed-font-size': boxed ? 0 : 5, 'text-wrap': 'wrap',
      'overlay-padding': 8,
    }),
    css('edge.toB', { 'target-arrow-shape': 'triangle' }), css('edge.toA', { 'source-arrow-shape': 'triangle' }),
    css('edge.stake', { width: 2.4 }), css('edge.many', { width: 4 }), css('edge.doubtful', { 'line-style': 'dashed' }),
    css('.dim', { opacity: 0.4 }),
    css('node.lit', { 'underlay-color': t.accent, 'underlay-opacity': 0.28, 'underlay-padding': 6, 'underlay-shape': 'round-rectangle' }),
    css('edge.lit', { 'line-color': t.accent, 'target-arrow-color': t.accent, 'source-arrow-color': t.accent, width: 4 }),
    css('node.chosen', { 'outline-width': 3, 'outline-color': t.accent, 'outline-offset': 4 }),
    css('edge.chosen', { 'line-color': t.accent, 'target-arrow-color': t.accent, 'source-arrow-color': t.accent, width: 4.5 }),
    css('node:active, edge:active', { 'overlay-opacity': 0.08 }),
  ];
}

const classesOf = (n: SceneNode, dimmed: boolean): string => [n.family, n.mark ?? '', n.listed ? 'listed' : '', n.pinned ? 'pinned' : '', n.flips ? 'flips' : '',
  n.selected ? 'chosen' : '', n.lit ? 'lit' : dimmed && !n.selected ? 'dim' : ''].filter(Boolean).join(' ');
const lineClasses = (e: SceneEdge, dimmed: boolean): string => [e.toA ? 'toA' : '', e.toB ? 'toB' : '', e.doubtful ? 'doubtful' : '', e.stake ? 'stake' : '',
  e.count > 1 ? 'many' : '', e.selected ? 'chosen' : '', e.lit ? 'lit' : dimmed && !e.selected ? 'dim' : ''].filter(Boolean).join(' ');
const textOf = (n: SceneNode): string => n.lines.join('\n') + (n.noted ? ' ✎' : '');

/** Parties and lines share one space of ids. */
const N = 'n ', E = 'e ';

function elements(s: Scene): Map<string, ElementDefinition> {
  const out = new Map<string, ElementDefinition>();
  for (const n of s.nodes) out.set(N + n.id, { group: 'nodes', data: { id: N + n.id, text: textOf(n) }, position: { x: n.x, y: n.y }, classes: classesOf(n, s.dimmed) });
  for (const e of s.edges) out.set(E + e.id, { group: 'edges', data: { id: E + e.id, source: N + e.a, target: N + e.b, text: e.text }, classes: lineClasses(e, s.dimmed) });
  return out;
}

export const make: Make = (box, events, first) => {
  let boxed = first.boxed;
  const cy: Core = cytoscape({
    container: box, elements: [...elements(first).values()], style: style(boxed), layout: { name: 'preset' }, minZoom: 0.05, maxZoom: 4,
    boxSelectionEnabled: false, autounselectify: true, hideEdgesOnViewport: first.edges.length > 400, textureOnViewport: first.nodes.length > 400,
  });
  listen(cy, events, box);
  const fit = (): void => {
    cy.resize();
    cy.fit(undefined, 36);
    if (cy.zoom() > 1.15) { cy.zoom(1.15); cy.center(); }
  };
  requestAnimationFrame(fit);
  let size = [box.clientWidth, box.clientHeight].join();
  const watch = new ResizeObserver(() => {
    const now = [box.clientWidth, box.clientHeight].join();
    if (now === size) return;
    size = now;
    fit();
  });
  watch.observe(box);
  const drawing: Drawing = {
    update(s) {
      if (s.boxed !== boxed) { boxed = s.boxed; cy.style(style(boxed)); }
      const next = elements(s);
      let fresh = false;
      cy.batch(() => {
        cy.elements().forEach((el) => { if (!next.has(el.id())) { el.remove(); } });
        for (const [id, def] of next) {
          const el = cy.getElementById(id);
          if (el.empty()) { cy.add(def); fresh = true; continue; }
          if (el.data('text') !== def.data['text']) el.data('text', def.data['text']);
          el.classes(def.classes as string);
          if (def.position && !el.grabbed() && (el.position('x') !== def.position.x || el.position('y') !== def.position.y)) { el.position(def.position); fresh = true; }
        }
      });
      if (!fresh) return;
      const see = cy.extent(), all = cy.elements().boundingBox();
      if (all.x1 < see.x1 || all.x2 > see.x2 || all.y1 < see.y1 || all.y2 > see.y2) fit();
    },
    fit,
    zoom(factor) { cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }); },
    reveal(id) {
      const el = cy.getElementById(N + id);
      if (el.empty()) return;
      const p = el.renderedPosition();
      if (p.x < 40 || p.y < 40 || p.x > cy.width() - 40 || p.y > cy.height() - 40) cy.center(el);
    },
    theme() { cy.style(style(boxed)); },
    image: () => Promise.resolve(cy.png({ output: 'blob', full: true, bg: theme().back, scale: 2, maxWidth: 8000, maxHeight: 8000 })),
    destroy() { watch.disconnect(); cy.destroy(); },
  };
  return drawing;
};

function listen(cy: Core, events: Events, box: HTMLElement): void {
  const plain = (id: string): string => id.slice(2);
  cy.on('tap', 'node', (e) => { events.node(plain((e.target as { id(): string }).id())); });
  cy.on('tap', 'edge', (e) => { events.edge(plain((e.target as { id(): string }).id())); });
  cy.on('tap', (e) => { if (e.target === cy) events.nothing(); });
  cy.on('dbltap', 'node', (e) => { events.open(plain((e.target as { id(): string }).id())); });
  cy.on('dragfree', 'node', (e) => {
    const el = e.target as { id(): string; position(): { x: number; y: number } };
    const p = el.position();
    events.moved({ [plain(el.id())]: [Math.round(p.x), Math.round(p.y)] });
  });
  cy.on('mouseover', 'node', (e) => {
    const el = e.target as { id(): string; renderedPosition(): { x: number; y: number } };
    const p = el.renderedPosition();
    events.hover(plain(el.id()), [p.x, p.y]);
    box.classList.add('pointing');
  });
  cy.on('mouseover', 'edge', () => { box.classList.add('pointing'); });
  cy.on('mouseout', 'node', () => { events.hover(null, [0, 0]); box.classList.remove('pointing'); });
  cy.on('mouseout', 'edge', () => { box.classList.remove('pointing'); });
  cy.on('viewport', () => { events.hover(null, [0, 0]); });
}
