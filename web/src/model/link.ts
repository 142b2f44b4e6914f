// The whole state in the fragment of the address. Two forms are read:
//   #entity=ID&view=tree&regime=ofac,eu&as_of=2024-05-01   written by hand or by other programs
//   #1.BASE64URL                                           written by the page: deflated JSON, only what is not the start
import { START, supposed, type Expansion, type Light, type Point, type Selection, type State, type Suppose, type View, type Way } from './state.ts';

const MOST = 4_000_000;

/** Why a link is not taken, in words that follow `cannot be read:`. */
export class LinkError extends Error {}

function toText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

async function pass(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream as unknown as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) { await reader.cancel(); throw new LinkError('it is too long'); }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

/** What of a state differs from the start, positions to the pixel. */
export function lean(state: State): Partial<State> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(START) as (keyof State)[]) {
    if (JSON.stringify(state[key]) !== JSON.stringify(START[key])) out[key] = state[key];
  }
  if (out.positions) {
    out.positions = Object.fromEntries(Object.entries(state.positions).map(([id, [x, y]]) => [id, [Math.round(x), Math.round(y)]]));
  }
  return out as Partial<State>;
}

export async function encode(state: State): Promise<string> {
  const text = JSON.stringify(lean(state));
  return `#1.${toText(await pass(new TextEncoder().encode(text), new CompressionStream('deflate-raw')))}`;
}

const PARTIES = 500;
const OTHERS = 300;

const object = (x: unknown): Record<string, unknown> | null => typeof x === 'object' && x !== null && !Array.isArray(x) ? x as Record<string, unknown> : null;
const text = (x: unknown): string | null => typeof x === 'string' && x !== '' ? x : null;
const texts = (x: unknown): string[] => Array.isArray(x) ? [...new Set(x.map(text).filter((v) => v !== null))] : [];
const whole = (x: unknown, least: number): number | null => typeof x === 'number' && Number.isSafeInteger(x) && x >= least ? x : null;
const one = <T extends string>(x: unknown, of: readonly T[]): T | null => of.includes(x as T) ? x as T : null;

/** Members of a list that are of their kind. */
function members<T>(x: unknown, what: string, read: (of: Record<string, unknown>) => T | null): T[] {
  if (!Array.isArray(x)) return [];
  return few(x.map((v) => { const of = object(v); return of && read(of); }).filter((v) => v !== null), OTHERS, what);
}

/** Each of them is asked for: a link must not keep the server busy for minutes. */
function few<T>(list: T[], most: number, what: string): T[] {
  if (list.length > most) throw new LinkError(`it has more than ${most} ${what}`);
  return list;
}

function expansion(of: Record<string, unknown>): Expansion | null {
  const id = text(of.id), limit = whole(of.limit, 1), hops = whole(of.hops, 1), type = text(of.type), direction = one(of.direction, ['in', 'out', 'both']);
  if (id === null || limit === null) return null;
  if ('hops' in of) return hops === null ? null : { id, hops, limit };
  return type === null || direction === null ? null : { id, type, direction, limit };
}

function way(of: Record<string, unknown>): Way | null {
  const ids = texts(of.ids);
  return ids.length > 1 ? { ids, k: whole(of.k, 0) ?? 0, through: of.through === true } : null;
}

function selection(of: Record<string, unknown>): Selection | null {
  const kind = one(of.kind, ['node', 'edge', 'bundle']), id = text(of.id), a = text(of.a), b = text(of.b);
  if (kind === 'bundle') return a === null || b === null ? null : { kind, a, b };
  return kind === null || id === null ? null : { kind, id };
}

function light(of: Record<string, unknown>): Light | null {
  const id = text(of.id), regime = text(of.regime), at = whole(of.at, 0);
  if (of.kind === 'way') return at === null ? null : { kind: 'way', at };
  return of.kind !== 'proof' || id === null || regime === null ? null : { kind: 'proof', id, regime };
}

function supposition(of: Record<string, unknown>): Suppose | null {
  const kind = one(of.kind, ['list', 'delist', 'set', 'add', 'remove']);
  const id = text(of.id), edge = text(of.edge), share = text(of.share), holder = text(of.holder), target = text(of.target);
  switch (kind) {
    case 'list': case 'delist': return id === null ? null : { kind, id };
    case 'remove': return edge === null ? null : { kind, edge };
    case 'set': return edge === null || share === null ? null : { kind, edge, share };
    case 'add': return holder === null || target === null || share === null ? null : { kind, holder, target, share, votes: of.votes === true };
    case null: return null;
  }
}

function places(x: unknown): State['positions'] {
  const out: [string, Point][] = [];
  for (const [id, p] of Object.entries(object(x) ?? {})) {
    if (Array.isArray(p) && p.length === 2 && p.every((n) => Number.isFinite(n))) out.push([id, [p[0] as number, p[1] as number]]);
  }
  return Object.fromEntries(out);
}

/** A state from what came over a link: members of another shape count as missing. */
export function sound(raw: unknown): State {
  const from = object(raw) ?? {};
  const regimes = texts(from.regimes);
  return {
    view: one(from.view, ['network', 'tree']) ?? START.view,
    shown: one(from.shown, ['auto', 'picture', 'table', 'both']) ?? START.shown,
    tab: one(from.tab, ['details', 'ways', 'whatif', 'notes']) ?? START.tab,
    roots: few(texts(from.roots), PARTIES, 'parties'),
    expansions: members(from.expansions, 'expansions', expansion),
    ways: members(from.ways, 'connections', way),
    among: from.among === true,
    hidden: texts(from.hidden),
    pinned: texts(from.pinned),
    positions: places(from.positions),
    tree: text(from.tree),
    regimes: regimes.length > 0 ? regimes : START.regimes,
    asOf: text(from.asOf),
    knownAt: text(from.knownAt),
    sources: texts(from.sources),
    hiddenTypes: texts(from.hiddenTypes),
    hiddenStatuses: texts(from.hiddenStatuses),
    selected: members([from.selected], 'selections', selection)[0] ?? null,
    light: members([from.light], 'highlights', light)[0] ?? null,
    suppose: members(from.suppose, 'suppositions', supposition).reduce(supposed, []),
  };
}

function readable(fragment: string): State {
  const q = new URLSearchParams(fragment);
  const list = (name: string): string[] => q.getAll(name).flatMap((v) => v.split(',')).filter(Boolean);
  const ids = q.getAll('entity').filter(Boolean);
  const view: View = q.get('view') === 'tree' ? 'tree' : 'network';
  const first = ids[0] ?? null;
  return sound({
    view, roots: view === 'network' ? ids : [], tree: view === 'tree' ? first : null, regimes: list('regime'),
    asOf: q.get('as_of'), knownAt: q.get('known_at'), sources: list('source'),
    ways: q.get('connect') !== null && ids.length > 1 ? [{ ids, k: 0, through: false }] : [],
    selected: first ? { kind: 'node', id: first } : null,
  });
}

/** The state of a fragment; null where there is none, an error where it cannot be read. */
export async function decode(fragment: string): Promise<State | null> {
  const body = fragment.replace(/^#/, '');
  if (body === '') return null;
  if (!body.startsWith('1.')) return readable(body);
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder().decode(await pass(fromText(body.slice(2)), new DecompressionStream('deflate-raw'))));
  } catch (e) { throw e instanceof LinkError ? e : new LinkError('it is damaged'); }
  return sound(raw);
}
