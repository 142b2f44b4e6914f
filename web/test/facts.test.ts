import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Party, Proof, Relation } from '../src/api/types.ts';
import { dayNumber, dayText, firstDay, isDay, isWhole, turningDays } from '../src/model/dates.ts';
import { citesOf, edgeContradictions, listedOn, nameOf, partyContradictions, partyFacts, relationFacts, safeUrl, span } from '../src/model/facts.ts';
import { fileName, withNotes } from '../src/model/files.ts';
import { addNote, dropNote, fullId, readNotes } from '../src/model/notes.ts';
import { proofLines, proofLit } from '../src/model/proof.ts';
import { rangeText, shareText } from '../src/model/share.ts';
import { canvasText, clip, verdictWord } from '../src/model/words.ts';

const P: Party = {
  id: 'a', type: 'person', name: { value: 'Ann', cites: [{ source: 's1', locator: 'p. 1', quote: 'Ann said' }] },
  birth: [{ value: '1981', cites: ['s1'] }, { value: '1981-03-05', cites: ['s2'] }],
  countries: [{ value: 'QZ', kind: 'nationality', cites: ['s1'] }, { value: 'QZ', kind: 'nationality', cites: ['s2'] }],
  listed: [{ list: 'x', from: '2020', to: '2021-06-01', programs: ['P'] }], properties: { gender: ['F', 'M'], note: 'n' },
};

test('each fact has its citations; one fact of two sources is one row', () => {
  const groups = partyFacts(P);
  const countries = groups.find((g) => g.label === 'Countries');
  assert.equal(countries?.facts.length, 1);
  assert.deepEqual(countries.facts[0]?.cites.map((c) => c.source), ['s1', 's2']);
  assert.equal(groups[0]?.label, 'Listed');
  assert.deepEqual(groups[0].facts[0]?.more, ['from 2020 until 2021-06-01', 'programme P']);
  assert.equal(groups.find((g) => g.label === 'Name')?.facts[0]?.cites[0]?.quote, 'Ann said');
  assert.deepEqual(citesOf(['a', { source: 'b', locator: 'l' }]), [{ source: 'a' }, { source: 'b', locator: 'l' }]);
  assert.equal(nameOf({ id: 'q', type: 'x' }), 'q');
});

test('a less exact date is no contradiction, another one is', () => {
  assert.deepEqual(partyContradictions(P).map((c) => c.of), ['Gender']);
  const other = partyContradictions({ ...P, birth: ['1981', '1982-01-01'], properties: {} });
  assert.equal(other[0]?.of, 'Born');
  assert.equal(other[0].sides.length, 2);
});

test('reports of one stake that differ stand side by side; two stakes do not', () => {
  const e = (id: string, share: string, more: Partial<Relation> = {}): Relation => ({ id, source: 'a', target: 'b', type: 'owns', share, ...more });
  assert.equal(edgeContradictions([e('1', '50'), e('2', '49')])[0]?.edges.length, 2);
  assert.equal(edgeContradictions([e('1', '50'), e('2', '50')]).length, 0);
  assert.equal(edgeContradictions([e('1', '50'), e('2', '49', { stake: 'B' })]).length, 0);
});

test('facts of a relation', () => {
  const groups = relationFacts({ id: 'e', source: 'a', target: 'b', type: 'owns', share: null, start: '2020-01', cites: [{ source: 's', quote: 'q' }] });
  assert.deepEqual(groups.map((g) => [g.label, g.facts[0]?.text]), [['Share', 'not stated'], ['In force', 'since 2020-01'], ['Status', 'asserted'], ['Stated by', '']]);
  assert.equal(span(null, null), null);
});

test('listings hold from a day to the first day no longer', () => {
  assert.equal(listedOn(P, '2021-05-31').length, 1);
  assert.equal(listedOn(P, '2021-06-01').length, 0);
  assert.equal(listedOn(P, '2019-12-31').length, 0);
});

test('only addresses of the web are links', () => {
  assert.equal(safeUrl('https://example.org/a'), 'https://example.org/a');
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/relative', 'not a url', '', undefined]) assert.equal(safeUrl(bad), null);
});

test('shares keep their exact text', () => {
  assert.equal(shareText('100/3'), '100/3 %');
  assert.equal(shareText({ min: '25', max: '25' }), '25 %');
  assert.equal(shareText({ exclusive_min: '25' }), '>25 to 100 %');
  assert.equal(shareText(null), null);
  assert.equal(rangeText({ min: '0', max: '35', min_excluded: true }), '>0 to 35 %');
  assert.equal(rangeText(null), null);
});

test('no verdict says that somebody is safe', () => {
  assert.equal(verdictWord('blocked', 'eu'), 'presumed frozen');
  assert.equal(verdictWord('not_blocked', 'ofac'), 'not blocked on the record');
  assert.equal(verdictWord('indeterminate', 'uk'), 'cannot tell');
  for (const r of ['ofac', 'eu', 'bis', 'ofac_ssi', 'new']) for (const w of ['listed', 'blocked', 'indeterminate', 'not_blocked'] as const) assert.doesNotMatch(verdictWord(w, r), /safe|clear|clean/i);
});

test('names on a canvas', () => {
  assert.equal(canvasText('a\u202Eb\nc'), 'a b c');
  assert.equal(clip('абвгд', 3), 'аб…');
  assert.equal(clip('abc', 3), 'abc');
});

test('days', () => {
  assert.ok(isDay('2024-02-29') && !isDay('2023-02-29') && !isDay('2024-2-9') && !isDay(''));
  assert.equal(dayText(dayNumber('2024-02-29') + 1), '2024-03-01');
  assert.equal(firstDay('2024'), '2024-01-01');
  assert.deepEqual(turningDays(['2024', null, '2023-05', '2024-01-01', 'circa 1950']), ['2023-05-01', '2024-01-01']);
});

test('a year that is being typed is no day to ask about', () => {
  assert.deepEqual(['0002-05-02', '0020-05-02', '0202-05-02', '2024-05-02', '2024-05', ''].filter(isWhole), ['2024-05-02']);
});

test('notes: kept by full id, damaged storage does no harm, exported only with notes', () => {
  assert.equal(fullId('crown', 'holding'), 'holding:crown');
  assert.equal(fullId('ofac:1', 'holding'), 'ofac:1');
  assert.deepEqual(readNotes('{"a":[{"text":"t"},5],"b":"x"}'), { a: [{ text: 't', at: '' }] });
  for (const bad of [null, '', '{', '[]', '5']) assert.deepEqual(readNotes(bad), {});
  const notes = addNote({}, 'h:a', { text: 'look', at: '2024-01-01' });
  assert.deepEqual(dropNote(notes, 'h:a', { text: 'look', at: '2024-01-01' }), {});
  const doc = withNotes({ cuibono: 1, scope: 'h', nodes: [{ id: 'a', type: 'person' }, { id: 'b', type: 'person' }], edges: [] }, notes);
  assert.deepEqual(doc.nodes[0]?.properties, { own_note: [{ value: 'look', from: '2024-01-01' }] });
  assert.equal(doc.nodes[1]?.properties, undefined);
});

test('a note is deleted by its words, whatever another tab has put before it', () => {
  const notes = addNote(addNote({}, 'a', { text: 'from another tab', at: '' }), 'a', { text: 'mine', at: '' });
  assert.deepEqual(dropNote(notes, 'a', { text: 'mine', at: '' }), { a: [{ text: 'from another tab', at: '' }] });
  assert.deepEqual(dropNote(notes, 'a', { text: 'gone already', at: '' }), notes);
});

test('names of files', () => {
  assert.equal(fileName('Ann & Söhne, ownership / 2024', 'svg'), 'Ann-Söhne-ownership-2024.svg');
  assert.equal(fileName('दिल्ली ट्रेडिंग', 'svg'), 'दिल्ली-ट्रेडिंग.svg');
  assert.equal(fileName('../..', 'png'), 'view.png');
});

const PROOF: Proof = {
  id: 'b', regime: 'ofac', verdict: 'blocked', listings: [{ entity: 'x', name: 'X', list: 'ofac_sdn', from: null }],
  steps: [{ entity: 'b', name: 'B', by: 'shares', sum: '50', threshold: '50', inclusive: true, edges: [
    { id: 'e1', holder: 'x', name: 'X', share_used: '10', why: 'X is listed' }, { id: 'e2', holder: 'a', name: 'A', share_used: '40', why: 'A is blocked (step 1)', step: 1 }] }],
};

test('a proof lights its subgraph and tells its sum', () => {
  const lit = proofLit(PROOF);
  assert.deepEqual([...lit.nodes].sort(), ['a', 'b', 'x']);
  assert.deepEqual([...lit.edges], ['e1', 'e2']);
  const lines = proofLines(PROOF).map((l) => l.text);
  assert.equal(lines[1], 'Step 1: B is over the line: 10 + 40 = 50 %, the line is 50 % or more');
});

test('what is missing lights up in a proof that cannot tell', () => {
  const lit = proofLit({ id: 'b', regime: 'uk', verdict: 'indeterminate', missing: [{ edge: 'e9', entity: 'b', holder: 'q', low: '0', high: '100' }] });
  assert.ok(lit.edges.has('e9') && lit.nodes.has('q'));
});
