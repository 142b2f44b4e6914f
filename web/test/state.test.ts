import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, push, redo, replace, undo } from '../src/model/history.ts';
import { decode, encode, lean, LinkError, sound } from '../src/model/link.ts';
import { add, arrange, collapse, collapseAll, expand, hide, move, open, openTree, pin, reshare, select, START, suppose, toggleRegime, toNetwork, toTree, unhide, type State, type Suppose } from '../src/model/state.ts';

test('undo and redo go through whole states; a new step ends redo', () => {
  let h = begin(START);
  h = push(h, open(h.now, 'a'));
  h = push(h, open(h.now, 'b'));
  h = replace(h, select(h.now, { kind: 'node', id: 'a' }));
  assert.deepEqual(h.now.roots, ['a', 'b']);
  h = undo(h);
  assert.deepEqual(h.now.roots, ['a']);
  h = undo(h);
  assert.deepEqual(h.now, START);
  assert.equal(undo(h), h);
  h = redo(redo(h));
  assert.deepEqual(h.now.roots, ['a', 'b']);
  assert.deepEqual(h.now.selected, { kind: 'node', id: 'a' });
  h = push(undo(h), open(START, 'c'));
  assert.equal(redo(h), h);
});

test('history is bounded', () => {
  let h = begin(0);
  for (let i = 1; i <= 1000; i += 1) h = push(h, i);
  assert.equal(h.past.length, 200);
  assert.equal(undo(h).now, 999);
});

test('more of an expansion replaces it; collapse takes it away', () => {
  let s = open(START, 'a');
  s = expand(s, { id: 'a', type: 'owns', direction: 'out', limit: 25 });
  s = expand(s, { id: 'a', type: 'owns', direction: 'out', limit: 50 });
  s = expand(s, { id: 'a', type: 'owns', direction: 'in', limit: 25 });
  s = expand(s, { id: 'a', hops: 2, limit: 100 });
  assert.equal(s.expansions.length, 3);
  assert.equal((s.expansions[0] as { limit: number }).limit, 50);
  assert.equal(collapse(s, { id: 'a', type: 'owns', direction: 'in', limit: 1 }).expansions.length, 2);
  assert.deepEqual(collapseAll(s, 'a').expansions, []);
});

test('hidden parties come back; what is pinned is not rearranged', () => {
  let s = pin(move(open(START, 'a'), { a: [10, 20] }), 'b');
  s = arrange(s, { a: [0, 0], c: [5, 5] });
  assert.deepEqual(s.positions, { a: [10, 20], c: [5, 5] });
  s = hide(s, 'a');
  assert.deepEqual(s.hidden, ['a']);
  assert.equal(s.selected, null);
  assert.deepEqual(unhide(s, null).hidden, []);
  assert.deepEqual(open(s, 'a').hidden, []);
});

test('there is always a regime', () => {
  assert.deepEqual(toggleRegime(START, 'ofac').regimes, ['ofac']);
  assert.deepEqual(toggleRegime(toggleRegime(START, 'eu'), 'ofac').regimes, ['eu']);
});

const FULL: State = {
  view: 'tree', shown: 'both', tab: 'whatif', roots: ['ofac:1', 'name with "quotes" & <script>', 'имя:ü'],
  expansions: [{ id: 'ofac:1', type: 'owns', direction: 'both', limit: 50 }, { id: 'x', hops: 2, limit: 9 }],
  ways: [{ ids: ['a', 'b', 'c'], k: 3, through: true }], among: true, hidden: ['h'], pinned: ['p'], positions: { p: [1, -2] }, tree: 'ofac:1', regimes: ['eu', 'uk'],
  asOf: '2024-02-29', knownAt: '2023-08-31', sources: ['s,1'], hiddenTypes: ['directs'], hiddenStatuses: ['alleged'],
  selected: { kind: 'bundle', a: 'a', b: 'b' }, light: { kind: 'proof', id: 'x', regime: 'eu' },
  suppose: [{ kind: 'add', holder: 'a', target: 'b', share: '33.3', votes: true }, { kind: 'set', edge: 'a>owns>b>50', share: 'unknown' }, { kind: 'list', id: 'z' }],
};

test('a link restores the whole state', async () => {
  assert.deepEqual(await decode(await encode(FULL)), FULL);
  assert.deepEqual(await decode(await encode(START)), START);
  assert.equal(Object.keys(lean(START)).length, 0);
  assert.match(await encode(FULL), /^#1\.[\w-]+$/);
});

test('every member of the state is in a link', () => {
  assert.deepEqual(Object.keys(lean(FULL)).sort(), Object.keys(START).sort());
});

test('positions of a link are whole pixels', async () => {
  const s = await decode(await encode({ ...START, positions: { a: [1.4, 2.6] } }));
  assert.deepEqual(s?.positions, { a: [1, 3] });
});

test('links that others write', async () => {
  const s = await decode('#entity=ofac%3A36217&view=tree&regime=ofac,eu&as_of=2024-05-01');
  assert.deepEqual(s, { ...openTree(START, 'ofac:36217'), regimes: ['ofac', 'eu'], asOf: '2024-05-01' });
  const way = await decode('#entity=a&entity=b&connect=');
  assert.deepEqual(way?.ways, [{ ids: ['a', 'b'], k: 0, through: false }]);
  assert.equal(await decode(''), null);
  assert.equal(await decode('#'), null);
});

test('a damaged link is an error, a strange one is made sound', async () => {
  for (const bad of ['#1.!!!', '#1.AAAA', '#1.', (await encode(FULL)).slice(0, -9)]) await assert.rejects(decode(bad), LinkError);
  const s = sound({ view: 'nonsense', roots: ['a', 5, null], positions: { a: [1, 'x'], b: [1, 2] }, regimes: [], expansions: [{ id: 'a' }, { id: 'a', hops: 1, limit: 'many' }], ways: [{ ids: ['only one'] }], selected: 'a', asOf: 7 });
  assert.deepEqual(s, { ...START, roots: ['a'], positions: { b: [1, 2] } });
});

test('members of another shape never reach the page', () => {
  const odd = [null, 5, 'text', [], {}, { kind: 'node' }, { kind: 'node', id: 7 }, { kind: 'bundle', a: 'a' }, { kind: 'proof', id: 'a' }, { kind: 'way', at: -1 }, { kind: 'set', edge: 'e' }, { kind: 'add', holder: 'a', target: {}, share: '5' },
    { id: 'a', limit: 0 }, { id: 'a', limit: 5, hops: 'x' }, { id: 'a', limit: 5, type: 'owns', direction: 'up' }, { ids: ['a', 'a'] }];
  for (const x of odd) assert.deepEqual(sound({ selected: x, light: x, suppose: [x], expansions: [x], ways: [x], roots: [x].filter((r) => typeof r !== 'string'), positions: { a: x } }), START, JSON.stringify(x));
  for (const raw of [null, 5, 'text', [], [[]]]) assert.deepEqual(sound(raw), START);
});

test('a link that would keep the server busy for long is refused whole, not cut', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => `p${i}`);
  assert.equal(sound({ roots: many(500) }).roots.length, 500);
  assert.throws(() => sound({ roots: many(501) }), LinkError);
  assert.throws(() => sound({ expansions: many(301).map((id) => ({ id, hops: 1, limit: 5 })) }), LinkError);
});

test('a link cannot unpack to more than it may', async () => {
  const big = await encode({ ...START, roots: ['x'.repeat(5_000_000)] });
  assert.ok(big.length < 20_000);
  await assert.rejects(decode(big), /too long/);
});

test('of two suppositions on one thing the later counts', () => {
  const list: Suppose[] = [{ kind: 'list', id: 'a' }, { kind: 'set', edge: 'e', share: '49' }, { kind: 'delist', id: 'a' }, { kind: 'remove', edge: 'e' }];
  const s = list.reduce(suppose, START);
  assert.deepEqual(s.suppose, [{ kind: 'delist', id: 'a' }, { kind: 'remove', edge: 'e' }]);
});

test('stakes that are added are all votes or all shares, as the first is', () => {
  const stake = (holder: string, votes: boolean): Suppose => ({ kind: 'add', holder, target: 't', share: '10', votes });
  const two = suppose(suppose(START, stake('a', true)), stake('b', false));
  assert.deepEqual(two.suppose.map((x) => x.kind === 'add' && x.votes), [true, true]);
  assert.deepEqual(suppose(suppose(START, stake('a', true)), stake('a', false)).suppose, [stake('a', false)]);
  assert.deepEqual(sound({ suppose: [stake('a', false), stake('b', true)] }).suppose, [stake('a', false), stake('b', false)]);
});

test('another share keeps the place in the list', () => {
  const s = suppose(suppose(START, { kind: 'set', edge: 'e', share: '49' }), { kind: 'list', id: 'a' });
  assert.deepEqual(reshare(s, 'e', '10').suppose, [{ kind: 'set', edge: 'e', share: '10' }, { kind: 'list', id: 'a' }]);
});

test('a party is added without losing what is selected', () => {
  const s = add(open(START, 'a'), 'b');
  assert.deepEqual([s.roots, s.selected], [['a', 'b'], { kind: 'node', id: 'a' }]);
});

test('whose tree, and which network', () => {
  assert.equal(toTree(open(START, 'a')).tree, 'a');
  assert.equal(toTree(select(open(open(START, 'a'), 'b'), null)).tree, 'a');
  assert.equal(toTree(select(open(START, 'a'), { kind: 'node', id: 'name: Somebody' })).tree, 'a');
  assert.equal(toTree(START), START);
  assert.deepEqual(toNetwork(openTree(START, 'a')).roots, ['a']);
  assert.deepEqual(toNetwork(openTree(open(START, 'b'), 'a')).roots, ['b']);
});

test('suppositions are steps like others', () => {
  const h = push(begin(START), suppose(START, { kind: 'list', id: 'a' }));
  assert.equal(undo(h).now.suppose.length, 0);
  assert.equal(h.now.tab, 'whatif');
});
