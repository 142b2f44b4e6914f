import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kept } from '../src/api/answers.ts';
import { ApiError } from '../src/api/client.ts';
import type { Doc, EdgeType, Meta, Party, Relation } from '../src/api/types.ts';
import { bundles, bundleId, edgeText } from '../src/model/bundle.ts';
import { viewAnswer } from '../src/model/files.ts';
import { marks, MARK_MOST, marksNote, noMarks } from '../src/model/marks.ts';
import { apart, place, settle, spread, toward } from '../src/model/layout.ts';
import { amongUrl, entityUrl, expansionUrl, groups, verdictUrl, whatIfUrl } from '../src/model/needs.ts';
import { picture, targetId, toDocument, type Ask } from '../src/model/picture.ts';
import { edgeTypes, scene, sumLine } from '../src/model/scene.ts';
import { collapse, expand, hide, open, START, toggleStatus, toggleType, type State } from '../src/model/state.ts';

const party = (id: string, more: Partial<Party> = {}): Party => ({ id, type: 'company', name: { value: id.toUpperCase(), cites: ['reg'] }, ...more });
const owns = (id: string, source: string, target: string, share: Relation['share'], more: Partial<Relation> = {}): Relation =>
  ({ id, source, target, type: 'owns', share, status: 'asserted', cites: [{ source: 'reg', locator: id }], ...more });

const EDGES = [owns('e1', 'a', 'b', '60'), owns('e2', 'b', 'c', null), owns('e3', 'a', 'b', '5', { stake: 'B', status: 'alleged' }), { ...owns('e4', 'a', 'c', undefined), type: 'directs' }];
const NODES = ['a', 'b', 'c', 'd'].map((id) => party(id));

const entity = (id: string, type?: string): Doc => {
  const edges = EDGES.filter((e) => (e.source === id || targetId(e) === id) && (!type || e.type === type));
  const ids = new Set([id, ...edges.flatMap((e) => [e.source, targetId(e)])]);
  const group = (t: string, d: 'in' | 'out') => ({ type: t, direction: d, hub: false, count: 9, edges: edges.filter((e) => e.type === t && (d === 'out' ? e.source : targetId(e)) === id).map((e) => e.id) });
  return {
    cuibono: 1, scope: 't', sources: [{ id: 'reg', title: 'Register' }, { id: 'unused' }], nodes: NODES.filter((n) => ids.has(n.id)), edges,
    answer: { truncated: id === 'b', notes: ['cut'], result: { id, links: [group('owns', 'out'), group('owns', 'in'), group('directs', 'out'), group('directs', 'in')] } },
  };
};

const answering = (asked: string[], missing: string[] = []): Ask => <T>(url: string): Kept<T> => {
  asked.push(url);
  if (missing.includes(url)) return { state: 'waiting' };
  const u = new URL(url, 'http://x');
  if (u.pathname === '/v1/neighbourhood') {
    return { state: 'here', data: { cuibono: 1, nodes: NODES.slice(0, 2), edges: EDGES.slice(0, 1), answer: { truncated: true, notes: ['cut at 3'], result: {} } } as T };
  }
  const m = /^\/v1\/entity\/(.+)$/.exec(u.pathname);
  if (!m) return { state: 'failed', error: new ApiError(404, { error: 'nobody' }) };
  return { state: 'here', data: entity(decodeURIComponent(m[1] ?? ''), u.searchParams.get('type') ?? undefined) as T };
};

const grown = (): State => expand(open(START, 'a'), { id: 'a', type: 'owns', direction: 'out', limit: 25 });

test('a root is shown alone, its relations only when it is expanded', () => {
  const asked: string[] = [];
  const p = picture(open(START, 'a'), answering(asked));
  assert.deepEqual([...p.nodes.keys()], ['a']);
  assert.deepEqual(asked, ['/v1/entity/a?limit=25']);
  const q = picture(grown(), answering([]));
  assert.deepEqual([...q.nodes.keys()], ['a', 'b']);
  assert.deepEqual([...q.edges.keys()].sort(), ['e1', 'e3']);
});

test('what hangs on a collapsed party goes with it, and comes back', () => {
  const two = expand(grown(), { id: 'b', type: 'owns', direction: 'out', limit: 25 });
  assert.deepEqual([...picture(two, answering([])).nodes.keys()], ['a', 'b', 'c']);
  const less = collapse(two, { id: 'a', type: 'owns', direction: 'out', limit: 25 });
  assert.deepEqual([...picture(less, answering([])).nodes.keys()], ['a']);
  assert.deepEqual([...picture(hide(two, 'b'), answering([])).nodes.keys()], ['a']);
});

test('relations among those shown are seen without an expansion of theirs', () => {
  const s = open(open(START, 'a'), 'c');
  assert.deepEqual([...picture(s, answering([])).edges.keys()], ['e4']);
});

test('filters hide relations, not parties, and say so in the counts', () => {
  const p = picture(toggleStatus(grown(), 'alleged'), answering([]));
  assert.deepEqual([...p.edges.keys()], ['e1']);
  assert.equal(p.all.size, 2);
  assert.equal(picture(toggleType(grown(), 'owns'), answering([])).edges.size, 0);
});

test('waiting, refused and cut answers are told apart', () => {
  const s = grown();
  assert.equal(picture(s, answering([], [expansionUrl(s, { id: 'a', type: 'owns', direction: 'out', limit: 25 })])).waiting, 1);
  const refused = picture({ ...s, ways: [{ ids: ['a', 'z'], k: 0, through: false }] }, answering([]));
  assert.equal(refused.failed[0]?.error, 'nobody');
  assert.equal(picture(open(START, 'b'), answering([])).cut, false);
  const cut = picture({ ...open(START, 'a'), expansions: [{ id: 'a', hops: 2, limit: 3 }] }, answering([]));
  assert.ok(cut.cut);
  assert.deepEqual(cut.notes, ['cut at 3']);
  assert.deepEqual([...cut.nodes.keys()], ['a', 'b']);
});

test('filters go to the server, ids are encoded, lists repeat the name', () => {
  const s: State = { ...START, asOf: '2024-01-02', knownAt: '2024-05-01', sources: ['x', 'y,z'] };
  assert.equal(entityUrl(s, 'a/b c'), '/v1/entity/a%2Fb%20c?limit=25&as_of=2024-01-02&known_at=2024-05-01&source=x&source=y%2Cz');
  assert.equal(amongUrl(START, ['a', 'b']), '/v1/export?format=document&hops=0&entity=a&entity=b');
  assert.equal(whatIfUrl(START, [{ kind: 'add', holder: 'a', target: 'b', share: '5', votes: true }, { kind: 'set', edge: 'e1', share: '49' }, { kind: 'delist', id: 'x' }], ['eu']),
    '/v1/what-if?delist=x&set=e1%3D49&add=a%3Eb%3D5&votes=true&regime=eu&limit=500');
});

test('relations among more parties than one question takes are said to be cut', () => {
  const roots = Array.from({ length: 160 }, (_, i) => `p${i}`);
  const all: Ask = <T>(url: string): Kept<T> => {
    const id = decodeURIComponent(/^\/v1\/entity\/([^?]+)/.exec(url)?.[1] ?? '');
    return { state: 'here', data: { cuibono: 1, nodes: id ? [party(id)] : [], edges: [], answer: { store: 's1', result: { id, links: [] } } } as T };
  };
  const p = picture({ ...START, roots, among: true }, all);
  assert.equal(p.nodes.size, 160);
  assert.equal(p.cut, true);
  assert.deepEqual(p.notes, ['relations among the first 150 of 160 parties only']);
  assert.equal(p.store, 's1');
  assert.equal(picture({ ...START, roots: roots.slice(0, 150), among: true }, all).cut, false);
});

const crowd = (n: number) => {
  const p = picture(START, answering([]));
  for (let i = 0; i < n; i += 1) p.nodes.set(`p${i}`, party(`p${i}`));
  return p;
};

test('verdicts are marked up to a number of parties, and it is said when none are', () => {
  const asked: string[] = [];
  const verdicts: Ask = <T>(url: string): Kept<T> => {
    asked.push(url);
    return { state: 'here', data: { as_of: '', rules: '', verdicts: new URL(url, 'http://x').searchParams.getAll('entity').map((id) => ({ id, verdict: 'blocked', share: null })) } as T };
  };
  const some = marks(START, crowd(MARK_MOST), 'ofac', verdicts);
  assert.equal(some.of.size, MARK_MOST);
  assert.equal(marksNote(some), null);
  asked.length = 0;
  const none = marks(START, crowd(MARK_MOST + 1), 'ofac', verdicts);
  assert.deepEqual([none.of.size, asked.length], [0, 0]);
  assert.equal(marksNote(none), 'no verdicts are marked: more than 300 parties');
});

test('verdicts on their way, refused, and of parties not known on the day are told apart', () => {
  assert.equal(marks(START, crowd(1), 'ofac', () => ({ state: 'waiting' })).waiting, true);
  assert.equal(marksNote(marks(START, crowd(1), 'ofac', () => ({ state: 'failed', error: new ApiError(503, { error: 'no room' }) }))), 'not all verdicts are marked: no room');
  const one: Ask = <T>(url: string): Kept<T> => {
    const ids = new URL(url, 'http://x').searchParams.getAll('entity');
    return ids.includes('p1') ? { state: 'failed', error: new ApiError(404, { error: 'nobody' }) }
      : { state: 'here', data: { as_of: '', rules: '', verdicts: ids.map((id) => ({ id, verdict: 'listed', share: null })) } as T };
  };
  const rest = marks(START, crowd(4), 'ofac', one);
  assert.deepEqual([...rest.of.keys()].sort(), ['p0', 'p2', 'p3']);
  assert.equal(marksNote(rest), null);
});

test('ids are asked for in groups that an address has room for', () => {
  const ids = Array.from({ length: 100 }, (_, i) => `id:${i}`);
  assert.deepEqual(groups(ids).map((g) => g.length), [40, 40, 20]);
  const long = Array.from({ length: 12 }, (_, i) => `${'ж'.repeat(150)}${i}`);
  assert.ok(groups(long).every((g) => verdictUrl(START, g, ['ofac']).length < 8000));
  assert.deepEqual(groups(long).flat(), long);
  assert.deepEqual(groups([]), []);
});

test('the document of a picture holds what is shown, with the sources it cites', () => {
  const d = toDocument(picture(grown(), answering([])));
  assert.deepEqual(d.nodes.map((n) => n.id), ['a', 'b']);
  assert.deepEqual(d.sources, [{ id: 'reg', title: 'Register' }]);
  assert.equal(d.scope, 't');
});

const TYPES = new Map<string, EdgeType>([['owns', { name: 'owns', ownership: true }], ['directs', { name: 'directs' }], ['votes_in', { name: 'votes_in', votes: true }], ['family_of', { name: 'family_of', symmetric: true }]]);

test('parallel relations are one line with a count', () => {
  const list = bundles(EDGES, TYPES);
  assert.equal(list.length, 3);
  const ab = list.find((b) => b.id === bundleId('b', 'a'));
  assert.equal(ab?.edges.length, 2);
  assert.equal(ab.text, '60 %\n5 %');
  assert.ok(ab.toB && !ab.toA && ab.stake && !ab.doubtful);
  assert.equal(bundles([...EDGES, owns('e5', 'b', 'a', '1')], TYPES).find((b) => b.edges.length === 3)?.text, '3 relations');
});

test('lines say the share, the range, or that it is not known', () => {
  assert.equal(edgeText(owns('x', 'a', 'b', { exclusive_min: '10', max: '25' }), TYPES), '>10 to 25 %');
  assert.equal(edgeText(owns('x', 'a', 'b', { min: '50', exclusive_max: '75' }), TYPES), '50 to <75 %');
  assert.equal(edgeText(owns('x', 'a', 'b', null), TYPES), 'share unknown');
  assert.equal(edgeText({ ...owns('x', 'a', 'b', '51'), type: 'votes_in' }, TYPES), 'votes 51 %');
  assert.equal(edgeText(owns('x', 'a', 'b', '15', { direct: 'indirect' }), TYPES), '15 %, indirect');
  assert.equal(edgeText({ ...owns('x', 'a', 'b', null), type: 'directs' }, TYPES), 'directs');
});

test('two-way relations have no arrow, loops and literal names do no harm', () => {
  const [family] = bundles([{ ...owns('f', 'a', 'b', null), type: 'family_of' }], TYPES);
  assert.ok(family && !family.toA && !family.toB);
  const [loop] = bundles([owns('l', 'a', 'a', '10')], TYPES);
  assert.ok(loop && !loop.toA);
  assert.equal(targetId({ ...owns('n', 'a', 'b', null), target: { name: 'Somebody' } }), 'name: Somebody');
});

test('arithmetic is shown only where it is exact and adds up', () => {
  const s = expand(open(START, 'a'), { id: 'a', type: 'owns', direction: 'out', limit: 25 });
  const p = picture(s, answering([]));
  p.all.set('e9', owns('e9', 'd', 'b', '0.5'));
  p.all.set('e3', owns('e3', 'x', 'b', '5'));
  const v = (verdict: 'blocked' | 'listed' | 'not_blocked', min: string, max = min) => ({ verdict, share: { min, max } });
  const verdicts = new Map([['a', v('listed', '0')], ['d', v('blocked', '100')], ['b', v('blocked', '60.5')]]);
  assert.equal(sumLine('b', p, verdicts), '60 + 0.5 = 60.5 %');
  verdicts.set('b', v('blocked', '61'));
  assert.equal(sumLine('b', p, verdicts), '61 %');
  verdicts.set('b', v('blocked', '60', '75'));
  assert.equal(sumLine('b', p, verdicts), '60 to 75 %');
  verdicts.set('b', v('not_blocked', '0'));
  assert.equal(sumLine('b', p, verdicts), null);
  assert.equal(sumLine('a', p, verdicts), null);
});

test('a scene marks who is listed on the day, by word too, and takes turning characters out of names', () => {
  const p = picture(open(START, 'a'), answering([]));
  p.nodes.set('a', party('a', { name: 'Evil\u202Etxt.exe\u0007', listed: [{ list: 'ofac_sdn', from: '2021-01-01', to: '2023-01-01' }] }));
  const input = { picture: p, places: { a: [1, 2] as [number, number] }, meta: null, selected: null, lit: null, pinned: [], noted: new Set<string>(), verdicts: new Map(), regime: 'ofac', boxed: false, flips: new Set<string>(), settled: true };
  const on = scene({ ...input, day: '2022-01-01' }).nodes[0];
  assert.ok(on?.listed);
  assert.deepEqual(on.lines, ['Evil txt.exe', '■ LISTED · ofac_sdn']);
  assert.equal(scene({ ...input, day: '2023-01-01' }).nodes[0]?.listed, false);
  assert.equal(edgeTypes(null).size, 0);
});

test('places: new parties beside their own, none on another, the same each time; what was there stays', () => {
  const ids = Array.from({ length: 120 }, (_, i) => `n${i}`);
  const ties = ids.slice(1).map((id, i) => ({ a: i < 60 ? 'n0' : `n${i - 50}`, b: id }));
  const one = place(ids, ties, { n0: [500, 500] });
  assert.deepEqual(one, place(ids, ties, { n0: [500, 500] }));
  assert.deepEqual(one['n0'], [500, 500]);
  const points = Object.values(one).map((p) => p.map(Math.round).join());
  assert.equal(new Set(points).size, 120);
  const settled = settle(ids, ties, { n0: [500, 500], n1: [700, 500] });
  assert.deepEqual(settled['n1'], [700, 500]);
  assert.equal(Object.keys(settled).length, 120);
  const same = settle(['n0', 'n1'], [], settled);
  assert.equal(same, settled);
});

test('spreading moves parties apart that lie on each other, and leaves pinned ones', () => {
  const out = spread(['a', 'b', 'c'], [{ a: 'a', b: 'b' }], { a: [0, 0], b: [0, 0], c: [0, 0] }, new Set(['a']));
  assert.deepEqual(out['a'], [0, 0]);
  const [b, c] = [out['b'], out['c']];
  assert.ok(b && c && Math.hypot(b[0], b[1]) > 40 && Math.hypot(b[0] - c[0], b[1] - c[1]) > 40);
});

test('boxes get the room that they need, in the same arrangement', () => {
  const wide = { a: [0, 0], b: [300, 0] } as Record<string, [number, number]>;
  assert.equal(apart(wide, 200, 150), wide);
  const ids = Array.from({ length: 60 }, (_, i) => `n${i}`);
  const out = apart(settle(ids, ids.slice(1).map((b, i) => ({ a: `n${i >> 2}`, b })), {}), 200, 100);
  const boxes = Object.values(out);
  const onEachOther = boxes.flatMap((p, i) => boxes.slice(i + 1).filter((q) => Math.abs(p[0] - q[0]) < 198 && Math.abs(p[1] - q[1]) < 98));
  assert.equal(onEachOther.length, 0);
  const two = apart({ a: [1, 1], b: [1, 1] }, 200, 150);
  assert.notDeepEqual(two['a'], two['b']);
});

test('a file says what was asked, and which verdicts were marked', () => {
  const p = picture(grown(), answering([]));
  const answer = viewAnswer({ ...grown(), hiddenTypes: ['directs'], asOf: '2024-01-01' }, p, null, 'ofac', noMarks(new Map([['a', { verdict: 'listed' as const, share: null }]])));
  assert.equal(answer.query, 'a view of the explorer: A; owns (out) of A, at most 25; without directs');
  assert.equal(answer.as_of, '2024-01-01');
  assert.deepEqual(answer.result, { verdicts: [{ id: 'a', regime: 'ofac', verdict: 'listed', share: null }] });
});

test('a file names the store of what it shows, and what is lacking in it', () => {
  const p = { ...picture(grown(), answering([])), store: 'shown' };
  const meta = { store: 'asked later', program: '1' } as Meta;
  assert.equal(viewAnswer(grown(), p, meta, 'ofac', noMarks()).store, 'shown');
  p.failed.push({ url: '', error: 'the budget ran out', next: '' });
  const answer = viewAnswer(grown(), p, meta, 'ofac', { ...noMarks(), tooMany: true });
  assert.equal(answer.truncated, true);
  assert.deepEqual(answer.notes, ['not all of it is here: the budget ran out', 'no verdicts are marked: more than 300 parties']);
});

test('arrow keys go to the nearest party in that direction', () => {
  const places = { right: [100, 10], far: [400, 0], below: [0, 90] } as Record<string, [number, number]>;
  assert.equal(toward([0, 0], places, 'right'), 'right');
  assert.equal(toward([0, 0], places, 'down'), 'below');
  assert.equal(toward([0, 0], places, 'left'), null);
});
