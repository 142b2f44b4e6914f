// Answers by address: asked once, kept, and told to whoever draws. A changed store empties it.
import { ApiError, asError, getJson } from './client.ts';

export interface Kept<T = unknown> { state: 'waiting' | 'here' | 'failed'; data?: T; error?: ApiError }

export const KEPT_MOST = 3000;
/** The one used longest ago comes first. */
const kept = new Map<string, Kept>();
const told = new Set<() => void>();

let timer: ReturnType<typeof setTimeout> | null = null;
let generation = 0;
let questions = 0;

function tell(): void {
  timer ??= setTimeout(() => { timer = null; for (const f of told) f(); }, 0);
}

/** Calls back after any answer arrives; returns what stops that. */
export function onAnswer(f: () => void): () => void {
  told.add(f);
  return () => told.delete(f);
}

/** Raised whenever an answer arrives: a cheap sign that derived things are old. */
export const generationOf = (): number => generation;

export function ask<T>(url: string): Kept<T> {
  const have = kept.get(url);
  if (have) {
    kept.delete(url);
    kept.set(url, have);
    return have as Kept<T>;
  }
  const entry: Kept<T> = { state: 'waiting' };
  kept.set(url, entry);
  if (kept.size > KEPT_MOST) {
    const oldest = kept.keys().next().value;
    if (oldest !== undefined) kept.delete(oldest);
  }
  const question = questions += 1;
  getJson<T>(url).then(
    (data) => {
      // Asked again meanwhile, or no longer wanted: the store may have changed since.
      if (kept.get(url) !== entry) return;
      if (compare(url, data, question)) { entry.state = 'here'; entry.data = data; } else kept.delete(url);
    },
    (e: unknown) => { entry.state = 'failed'; entry.error = asError(e); },
  ).finally(() => { generation += 1; tell(); });
  return entry;
}

/** The store that answers come from, and the newest question that said so. */
let store: { of: string; question: number } | null = null;

/** Another process may import while this page is open: answers of two states are not mixed. False: of the state before. */
function compare(url: string, data: unknown, question: number): boolean {
  const said = data as { answer?: { store?: unknown }; store?: unknown } | null;
  const of = said?.answer?.store ?? said?.store;
  if (typeof of !== 'string') return true;
  if (store !== null && store.of !== of) {
    if (question < store.question) return false;
    const mine = kept.get(url);
    kept.clear();
    if (mine) kept.set(url, mine);
    for (const f of changed) f();
  }
  store = { of, question: store?.of === of ? Math.max(store.question, question) : question };
  return true;
}

const changed = new Set<() => void>();
/** Calls back when the store turned out to have changed. */
export const onChanged = (f: () => void): void => { changed.add(f); };

/** The first failure that asking again may mend: no server, no token, no room. */
export function outage(): ApiError | null {
  for (const entry of kept.values()) if (entry.error && [0, 401, 503].includes(entry.error.status)) return entry.error;
  return null;
}

export function forget(which: (url: string, entry: Kept) => boolean = () => true): void {
  for (const [url, entry] of kept) if (which(url, entry)) kept.delete(url);
  generation += 1;
  tell();
}
