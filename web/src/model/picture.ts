// The network document that a state shows, put together from answers. Pure: same state and answers, same picture.
import type { Doc, EntityDoc, Party, Relation, Source } from '../api/types.ts';
import type { Kept } from '../api/answers.ts';
import { amongThem, amongUrl, entityUrl, expansionUrl, wayUrl } from './needs.ts';
import { isLiteral, type State } from './state.ts';

export interface Picture {
  scope: string | undefined;
  /** The state of the store that the answers come from. */
  store: string | undefined;
  sources: Map<string, Source>;
  nodes: Map<string, Party>;
  edges: Map<string, Relation>;
  /** Everything that the answers brought of the parties shown, before filters and hiding. */
  all: Map<string, Relation>;
  /** Parties that answers brought, shown or not: for their names. */
  known: Map<string, Party>;
  waiting: number;
  failed: { url: string; error: string; next: string }[];
  notes: string[];
  cut: boolean;
}

export type Ask = <T>(url: string) => Kept<T>;

export const emptyPicture = (): Picture => ({
  scope: undefined, store: undefined, sources: new Map(), nodes: new Map(), edges: new Map(), all: new Map(), known: new Map(), waiting: 0, failed: [], notes: [], cut: false,
});

/** The other end as the id of a node; a literal name is a node of its own. */
export const targetId = (e: Relation): string => typeof e.target === 'string' ? e.target : `name: ${e.target.name}`;

class Gather {
  readonly out = emptyPicture();
  readonly known = this.out.known;
  readonly edges = new Map<string, Relation>();
  constructor(private readonly ask: Ask) {}

  fetch<T extends Doc>(url: string): T | null {
    const kept = this.ask<T>(url);
    if (kept.state === 'waiting') { this.out.waiting += 1; return null; }
    if (kept.state === 'failed' || !kept.data) {
      this.out.failed.push({ url, error: kept.error?.message ?? 'failed', next: kept.error?.next ?? '' });
      return null;
    }
    this.read(kept.data);
    return kept.data;
  }

  read(doc: Doc): void {
    this.out.scope ??= doc.scope;
    this.out.store ??= doc.answer?.store;
    for (const s of doc.sources ?? []) {
      const source = typeof s === 'string' ? { id: s } : s;
      this.out.sources.set(source.id, source);
    }
    for (const n of doc.nodes) this.known.set(n.id, n);
    for (const e of doc.edges) {
      this.edges.set(e.id, e);
      if (typeof e.target !== 'string') {
        const id = targetId(e);
        this.known.set(id, { id, type: 'unresolved_name', name: e.target.name });
      }
    }
    // That of a hub only so many are listed is said where they are counted.
    const counted = Array.isArray((doc.answer?.result as { links?: unknown } | undefined)?.links);
    if (doc.answer?.truncated && !counted) {
      this.cut(doc.answer.notes ?? []);
    }
  }

  cut(notes: string[]): void {
    this.out.cut = true;
    for (const note of notes) if (!this.out.notes.includes(note)) this.out.notes.push(note);
  }
}

function edgesOf(doc: EntityDoc, direction: string, type: string): string[] {
  return (doc.answer?.result?.links ?? []).filter((l) => l.type === type && (direction === 'both' || l.direction === direction || l.direction === 'both'))
    .flatMap((l) => l.edges);
}

export function picture(s: State, ask: Ask): Picture {
  const g = new Gather(ask);
  const shown = new Set<string>();
  const hidden = new Set(s.hidden);
  // An answer may know a party by another id than was asked for (a name in a link, a merged party).
  for (const id of s.roots) {
    const doc = g.fetch<EntityDoc>(entityUrl(s, id));
    const said = doc?.answer?.result?.id;
    if (said !== undefined) shown.add(said);
  }
  for (const way of s.ways) {
    const doc = g.fetch<Doc>(wayUrl(s, way));
    for (const n of doc?.nodes ?? []) shown.add(n.id);
  }
  for (const e of s.expansions) {
    if (!shown.has(e.id) || hidden.has(e.id)) continue;
    const doc = g.fetch<EntityDoc>(expansionUrl(s, e));
    if (!doc) continue;
    if ('hops' in e) { for (const n of doc.nodes) shown.add(n.id); continue; }
    for (const id of edgesOf(doc, e.direction, e.type)) {
      const edge = g.edges.get(id);
      if (edge) { shown.add(edge.source); shown.add(targetId(edge)); }
    }
  }
  if (s.among && shown.size > 1) {
    const some = amongThem([...shown]);
    g.fetch<Doc>(amongUrl(s, some));
    if (some.length < shown.size) g.cut([`relations among the first ${some.length} of ${shown.size} parties only`]);
  }
  const out = g.out;
  for (const id of shown) {
    const party = g.known.get(id);
    if (party && !hidden.has(id)) out.nodes.set(id, party);
  }
  for (const e of g.edges.values()) {
    if (!out.nodes.has(e.source) || !out.nodes.has(targetId(e))) continue;
    out.all.set(e.id, e);
    if (passes(s, e)) out.edges.set(e.id, e);
  }
  return out;
}

const passes = (s: State, e: Relation): boolean =>
  !s.hiddenTypes.includes(e.type) && !s.hiddenStatuses.includes(e.status ?? 'asserted');

/** A picture of a document as it is: the tree. */
export function pictureOf(doc: Doc, s: State): Picture {
  const g = new Gather(() => ({ state: 'failed' }));
  g.read(doc);
  const out = g.out;
  for (const [id, party] of g.known) if (!s.hidden.includes(id)) out.nodes.set(id, party);
  for (const e of g.edges.values()) {
    if (!out.nodes.has(e.source) || !out.nodes.has(targetId(e))) continue;
    out.all.set(e.id, e);
    if (passes(s, e)) out.edges.set(e.id, e);
  }
  return out;
}

/** The picture as a network document: what exports are made of. */
export function toDocument(p: Picture): Doc {
  const cited = new Set<string>();
  const text = JSON.stringify([[...p.nodes.values()], [...p.edges.values()]]);
  for (const id of p.sources.keys()) if (text.includes(JSON.stringify(id))) cited.add(id);
  return {
    cuibono: 1, ...(p.scope === undefined ? {} : { scope: p.scope }),
    sources: [...p.sources.values()].filter((s) => cited.has(s.id)),
    nodes: [...p.nodes.values()].filter((n) => n.type !== 'unresolved_name' || !isLiteral(n.id)),
    edges: [...p.edges.values()],
  };
}
