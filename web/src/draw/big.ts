// Overviews of thousands of parties, by WebGL. Forces run in slices between frames: no worker, no code from blobs.
import Graph from 'graphology';
import forceAtlas2 from 'graphology-layout-forceatlas2';
import Sigma from 'sigma';
import type { Scene, SceneNode } from '../model/scene.ts';
import type { Point } from '../model/state.ts';
import { theme, type Make } from './drawing.ts';

const ROUNDS = 150;

export const make: Make = (box, events, first) => {
  const graph = new Graph({ multi: true, type: 'directed', allowSelfLoops: true });
  let current = first;
  let nodes = new Map<string, SceneNode>();
  let running = 0;
  const read = (s: Scene): boolean => {
    let fresh = false;
    const ids = new Set(s.nodes.map((n) => n.id)), lines = new Set(s.edges.map((e) => e.id));
    graph.forEachEdge((id) => { if (!lines.has(id)) graph.dropEdge(id); });
    graph.forEachNode((id) => { if (!ids.has(id)) graph.dropNode(id); });
    for (const n of s.nodes) if (!graph.hasNode(n.id)) { graph.addNode(n.id, { x: n.x, y: -n.y }); fresh = true; }
    for (const e of s.edges) if (!graph.hasEdge(e.id)) { graph.addEdgeWithKey(e.id, e.a, e.b, {}); fresh = true; }
    current = s;
    nodes = new Map(s.nodes.map((n) => [n.id, n]));
    return fresh;
  };
  read(first);
  let t = theme();
  const edges = (): Map<string, Scene['edges'][number]> => new Map(current.edges.map((e) => [e.id, e]));
  let lines = edges();
  const sigma = new Sigma(graph, box, {
    allowInvalidContainer: true, defaultEdgeType: 'line', labelColor: { color: t.text }, labelFont: 'system-ui, sans-serif', labelSize: 12,
    labelRenderedSizeThreshold: 5, enableEdgeEvents: current.edges.length < 5000, zIndex: true, renderEdgeLabels: false,
    defaultDrawNodeHover: (context, data) => {
      if (!data.label) return;
      context.font = '12px system-ui, sans-serif';
      const w = context.measureText(data.label).width;
      context.fillStyle = t.back; context.strokeStyle = t.accent; context.lineWidth = 2;
      context.beginPath(); context.roundRect(data.x - data.size - 4, data.y - 11, data.size * 2 + w + 16, 22, 5); context.fill(); context.stroke();
      context.fillStyle = data.color; context.beginPath(); context.arc(data.x, data.y, data.size, 0, Math.PI * 2); context.fill();
      context.fillStyle = t.text; context.fillText(data.label, data.x + data.size + 5, data.y + 4);
    },
    nodeReducer: (id, data) => {
      const n = nodes.get(id);
      if (!n) return data;
      const faint = current.dimmed && !n.lit && !n.selected;
      return {
        ...data, label: n.lines.join('  '), size: n.selected ? 11 : n.listed || n.mark === 'blocked' ? 7 : 4,
        color: faint ? t.soft : n.listed ? t.listed : n.mark === 'blocked' ? t.blocked : n.lit ? t.accent : t.line,
        highlighted: n.selected, forceLabel: n.selected || n.lit, zIndex: n.selected || n.lit || n.listed ? 2 : 1,
      };
    },
    edgeReducer: (id, data) => {
      const e = lines.get(id);
      const strong = e?.lit || e?.selected;
      return { ...data, color: strong ? t.accent : t.soft, size: strong ? 3 : 0.7, zIndex: strong ? 2 : 0 };
    },
  });
  sigma.on('clickNode', ({ node }) => { events.node(node); });
  sigma.on('doubleClickNode', (e) => { e.preventSigmaDefault(); events.open(e.node); });
  sigma.on('clickEdge', ({ edge }) => { events.edge(edge); });
  sigma.on('clickStage', () => { events.nothing(); });
  sigma.on('enterNode', ({ node, event }) => { events.hover(node, [event.x, event.y]); });
  sigma.on('leaveNode', () => { events.hover(null, [0, 0]); });

  const settle = (): void => {
    const mine = running += 1;
    let round = 0;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const settings = { ...forceAtlas2.inferSettings(graph), barnesHutOptimize: graph.order > 500 };
    const slice = (): void => {
      if (mine !== running) return;
      const until = performance.now() + 40;
      do { forceAtlas2.assign(graph, { iterations: 1, settings }); round += 1; } while (round < ROUNDS && performance.now() < until);
      if (round < ROUNDS) { if (!still) sigma.refresh(); setTimeout(slice, 0); return; }
      sigma.refresh();
      const places: Record<string, Point> = {};
      const size = Math.sqrt(graph.order) * 60;
      let most = 1;
      graph.forEachNode((_, a) => { most = Math.max(most, Math.abs(a['x'] as number), Math.abs(a['y'] as number)); });
      graph.forEachNode((id, a) => { places[id] = [Math.round((a['x'] as number) / most * size), Math.round(-(a['y'] as number) / most * size)]; });
      events.arranged?.(places);
    };
    setTimeout(slice, 30);
  };
  if (!first.settled) settle();
  return {
    update(s) { const fresh = read(s); lines = edges(); if (fresh && !s.settled) settle(); else sigma.refresh(); },
    fit() { void sigma.getCamera().animatedReset({ duration: 0 }); },
    zoom(factor) { const c = sigma.getCamera(); c.setState({ ratio: c.ratio / factor }); },
    reveal(id) {
      const at = sigma.getNodeDisplayData(id);
      if (!at) return;
      const p = sigma.framedGraphToViewport(at), { width, height } = sigma.getDimensions();
      if (p.x < 40 || p.y < 40 || p.x > width - 40 || p.y > height - 40) sigma.getCamera().setState({ x: at.x, y: at.y });
    },
    theme() { t = theme(); sigma.setSetting('labelColor', { color: t.text }); sigma.refresh(); },
    image: () => Promise.resolve(null),
    destroy() { running += 1; sigma.kill(); },
  };
};
