import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ask, forget, KEPT_MOST, onChanged, outage } from '../src/api/answers.ts';
import { notesOf } from '../src/api/client.ts';

type Reply = (body: unknown, status?: number) => void;
const open = new Map<string, Reply[]>();
let asked: string[] = [];
const real = globalThis.fetch;
globalThis.fetch = ((url: string) => new Promise<Response>((done) => {
  asked.push(url);
  open.set(url, [...open.get(url) ?? [], (body, status = 200) => { done(new Response(JSON.stringify(body), { status })); }]);
})) as typeof fetch;
process.on('exit', () => { globalThis.fetch = real; });

/** Answers the oldest question at an address that is still open. */
async function reply(url: string, body: unknown, status?: number): Promise<void> {
  const first = open.get(url)?.shift();
  assert.ok(first, `nothing was asked at ${url}`);
  first(body, status);
  await new Promise((done) => { setTimeout(done, 5); });
}
const of = (store: string, text: string) => ({ answer: { store }, text });
const text = (url: string): unknown => ask<{ text: string }>(url).data?.text;

afterEach(() => { open.clear(); asked = []; forget(); });

test('an answer is asked for once, and failures can be asked for again', async () => {
  ask('/a'); ask('/a');
  assert.deepEqual(asked, ['/a']);
  await reply('/a', { error: 'no room' }, 503);
  assert.equal(ask('/a').state, 'failed');
  assert.equal(outage()?.message, 'no room');
  forget((_, kept) => kept.state === 'failed');
  assert.equal(ask('/a').state, 'waiting');
});

test('what is used stays, what was used longest ago goes', () => {
  for (let i = 0; i < KEPT_MOST; i += 1) ask(`/${i}`);
  ask('/0');
  ask('/new');
  asked = [];
  ask('/0');
  assert.deepEqual(asked, []);
  ask('/1');
  assert.deepEqual(asked, ['/1']);
});

test('an answer to a question that was given up is not taken for the new one', async () => {
  ask('/a');
  forget();
  ask('/a');
  await reply('/a', of('s1', 'old'));
  assert.equal(ask('/a').state, 'waiting');
  await reply('/a', of('s1', 'new'));
  assert.equal(text('/a'), 'new');
});

test('answers of two states of the store are never mixed, in whichever order they come', async () => {
  let changes = 0;
  onChanged(() => { changes += 1; });
  ask('/a'); await reply('/a', of('x1', 'a1'));
  const before = changes;
  ask('/slow'); ask('/b');
  await reply('/b', of('x2', 'b2'));
  assert.equal(changes, before + 1);
  assert.equal(ask('/a').state, 'waiting');
  await reply('/slow', of('x1', 'too late'));
  assert.notEqual(text('/slow'), 'too late');
  assert.equal(text('/b'), 'b2');
  assert.equal(changes, before + 1);
});

test('an older answer of the state before is asked for again', async () => {
  ask('/c'); ask('/d');
  const now = { answer: { store: 'x2' } };
  await reply('/d', { ...now, text: 'd' });
  await reply('/c', of('x1', 'before'));
  assert.equal(ask('/c').state, 'waiting');
  await reply('/c', { ...now, text: 'c' });
  assert.deepEqual([text('/c'), text('/d')], ['c', 'd']);
});

test('the figures of the store say its state, too', async () => {
  ask('/v1/meta'); await reply('/v1/meta', { store: 'y1', text: 'old figures' });
  ask('/b'); await reply('/b', of('y2', 'b'));
  assert.equal(ask('/v1/meta').state, 'waiting');
});

test('notes of a file, as they are or percent-encoded', () => {
  assert.deepEqual(notesOf(null), []);
  assert.deepEqual(notesOf('dates are left out; 3 edges have no place'), ['dates are left out', '3 edges have no place']);
  assert.deepEqual(notesOf('J%C3%BCrgen%20is%20shortened%3B%20see%20the%20document'), ['Jürgen is shortened', 'see the document']);
  assert.deepEqual(notesOf('100 % of it; %E9 and %zz'), ['100 % of it', '%E9 and %zz']);
});
