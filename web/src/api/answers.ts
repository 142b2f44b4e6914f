// Answers by address: asked once, kept, and told to whoever draws. A changed store empties it.
import { ApiError, getJson } from './client.ts';

export interface Kept<T = unknown> { state: 'waiting' | 'here' | 'failed'; data?: T; error?: ApiError }

const MOST = 3000;
const kept = new Map<string, Kept>();
const told = new Set<() => void>();

let timer: ReturnType<typeof setTimeout> | null = null;
let generation = 0;

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
  if (have) return have as Kept<T>;
  const entry: Kept<T> = { state: 'waiting' };
  kept.set(url, entry);
  if (kept.size > MOST) {
    const oldest = kept.keys().next().value;
    if (oldest !== undefined) kept.delete(oldest);
  }
  getJson<T>(url).then(
    (data) => { entry.state = 'here'; entry.data = data; compare(url, data); },
    (e: unknown) => {
      entry.state = 'failed';
      entry.error = e instanceof ApiError ? e : new ApiError(0, { error: String(e) });
    },
  ).finally(() => { generation += 1; tell(); });
  return entry;
}

let store: string | null = null;

/** Another process may import while this page is open: answers of two states are not mixed. */
function compare(url: string, data: unknown): void {
  const of = (data as { answer?: { store?: unknown } } | null)?.answer?.store;
  if (typeof of !== 'string') return;
  if (store !== null && store !== of) {
    const mine = kept.get(url);
    kept.clear();
    if (mine) kept.set(url, mine);
    for (const f of changed) f();
  }
  store = of;
}

const changed = new Set<() => void>();
/** Calls back when the store turned out to have changed. */
export const onChanged = (f: () => void): void => { changed.add(f); };

/** The first failure that asking again may mend: no server, no token, no room. */
export function outage(): ApiError | null {
  for (const entry of kept.values()) if (entry.error && [0, 401, 503].includes(entry.error.status)) return entry.error;
  return null;
}

/** What is there already, without asking. */
export const peek = <T>(url: string): Kept<T> | undefined => kept.get(url) as Kept<T> | undefined;

export function forget(which: (url: string, entry: Kept) => boolean = () => true): void {
  for (const [url, entry] of kept) if (which(url, entry)) kept.delete(url);
  generation += 1;
  tell();
}
