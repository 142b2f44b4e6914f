// The whole state in the fragment of the address. Two forms are read:
//   #entity=ID&view=tree&regime=ofac,eu&as_of=2024-05-01   written by hand or by other programs
//   #1.BASE64URL                                           written by the page: deflated JSON, only what is not the start
import { START, type State, type View } from './state.ts';

const MOST = 4_000_000;

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
    if (size > MOST) { await reader.cancel(); throw new Error('The link is too long.'); }
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

const texts = (x: unknown): string[] => Array.isArray(x) ? x.filter((v): v is string => typeof v === 'string') : [];
const objects = <T extends object>(x: unknown, needs: string[]): T[] => Array.isArray(x)
  ? x.filter((v): v is T => typeof v === 'object' && v !== null && needs.every((n) => n in v)) : [];
const text = (x: unknown): string | null => typeof x === 'string' ? x : null;

/** A state from what came over a link: members of another shape count as missing. */
export function sound(raw: unknown): State {
  const from = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const one = <T extends string>(x: unknown, of: readonly T[], other: T): T => of.includes(x as T) ? x as T : other;
  const positions: State['positions'] = {};
  if (typeof from.positions === 'object' && from.positions !== null) {
    for (const [id, p] of Object.entries(from.positions)) {
      if (Array.isArray(p) && p.length === 2 && p.every((n) => Number.isFinite(n))) positions[id] = [p[0] as number, p[1] as number];
    }
  }
  const regimes = texts(from.regimes);
  return {
    view: one(from.view, ['network', 'tree'], 'network'),
    shown: one(from.shown, ['auto', 'picture', 'table', 'both'], 'auto'),
    tab: one(from.tab, ['details', 'ways', 'whatif', 'notes'], 'details'),
    roots: texts(from.roots),
    expansions: objects<State['expansions'][number]>(from.expansions, ['id', 'limit']).filter((e) => Number.isFinite(e.limit)),
    ways: objects<State['ways'][number]>(from.ways, ['ids']).map((w) => ({ ids: texts(w.ids), k: Number(w.k) || 0, through: Boolean(w.through) }))
      .filter((w) => w.ids.length > 1),
    among: from.among === true,
    hidden: texts(from.hidden),
    pinned: texts(from.pinned),
    positions,
    tree: text(from.tree),
    regimes: regimes.length > 0 ? regimes : START.regimes,
    asOf: text(from.asOf),
    knownAt: text(from.knownAt),
    sources: texts(from.sources),
    hiddenTypes: texts(from.hiddenTypes),
    hiddenStatuses: texts(from.hiddenStatuses),
    selected: objects<NonNullable<State['selected']>>([from.selected], ['kind'])[0] ?? null,
    light: objects<NonNullable<State['light']>>([from.light], ['kind'])[0] ?? null,
    suppose: objects<State['suppose'][number]>(from.suppose, ['kind']),
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
  const bytes = await pass(fromText(body.slice(2)), new DecompressionStream('deflate-raw'));
  return sound(JSON.parse(new TextDecoder().decode(bytes)));
}
