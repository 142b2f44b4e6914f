// Asking the server: one place that knows about addresses, errors and time limits.
import type { Refusal } from './types.ts';

export class ApiError extends Error {
  constructor(readonly status: number, readonly refusal: Refusal) { super(refusal.error); }
  /** What to tell the reader, and what to do next. */
  get next(): string {
    if (this.status === 401) return 'Open the address again that `cuibono serve` printed: it carries the token.';
    if (this.status === 0) return 'Start `cuibono serve` again; this page then goes on where it was.';
    return this.refusal.hint ?? '';
  }
}

/** Anything that was thrown, as what the page can show. */
export const asError = (e: unknown): ApiError => e instanceof ApiError ? e : new ApiError(0, { error: String(e) });

const GONE: Refusal = { error: 'The server does not answer.' };

function refusal(status: number, text: string): Refusal {
  try {
    const body = JSON.parse(text) as Partial<Refusal> & { detail?: unknown };
    if (typeof body.error === 'string') return body as Refusal;
    if (typeof body.detail === 'string') return { error: body.detail };
  } catch { /* not JSON: said below */ }
  if (status === 401) return { error: 'The server asks for its token.' };
  return { error: `The server answered with status ${status}.` };
}

async function send(url: string, init: RequestInit, seconds: number): Promise<Response> {
  const limit = AbortSignal.timeout(seconds * 1000);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  let reply: Response;
  try {
    reply = await fetch(url, { credentials: 'same-origin', cache: 'no-store', ...init, signal });
  } catch (e) {
    if (init.signal?.aborted) throw e;
    if (limit.aborted) throw new ApiError(0, { error: `No answer within ${seconds} seconds.` });
    throw new ApiError(0, GONE);
  }
  if (!reply.ok) throw new ApiError(reply.status, refusal(reply.status, await reply.text()));
  return reply;
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const reply = await send(url, signal ? { signal } : {}, 60);
  return await reply.json() as T;
}

export async function postJson<T>(url: string, body: unknown): Promise<T> {
  const reply = await send(url, post(body), 60);
  return await reply.json() as T;
}

/** What the server says of a file that it made: notes in one line of a header, maybe percent-encoded. */
export function notesOf(header: string | null): string[] {
  const plain = (header ?? '').replace(/(?:%[0-9a-f]{2})+/gi, (coded) => { try { return decodeURIComponent(coded); } catch { return coded; } });
  return plain.split('; ').map((note) => note.trim()).filter(Boolean);
}

/** A file the server makes of what is sent, the name it gives it, and what it says of it. */
export async function postFile(url: string, body: unknown): Promise<{ blob: Blob; name: string | null; notes: string[] }> {
  const reply = await send(url, post(body), 120);
  const said = /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '');
  return { blob: await reply.blob(), name: said?.[1] ?? null, notes: notesOf(reply.headers.get('x-cuibono-notes')) };
}

const post = (body: unknown): RequestInit =>
  ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** An address with its parameters; lists repeat the name, as ids may hold commas. */
export function address(path: string, params: Record<string, string | number | boolean | null | undefined | string[]> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === false || value === '') continue;
    if (Array.isArray(value)) for (const v of value) query.append(name, v);
    else query.append(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
