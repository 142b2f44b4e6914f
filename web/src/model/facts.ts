// What is known of a party or a relation, as rows: each with its words and its citations.
import type { Cite, CiteForm, Listing, Party, Relation, Value, Values } from '../api/types.ts';
import { shareText } from './share.ts';
import { label } from './words.ts';
import { targetId } from './picture.ts';

export interface Fact { text: string; more: string[]; cites: Cite[] }
export interface Group { label: string; facts: Fact[] }

export const citesOf = (cites: CiteForm[] | undefined): Cite[] =>
  (cites ?? []).map((c) => typeof c === 'string' ? { source: c } : c);

export function valuesOf(values: Values | undefined): Value[] {
  if (values === null || values === undefined) return [];
  const list = Array.isArray(values) ? values : [values];
  return list.filter((v) => v !== null).map((v) => typeof v === 'object' ? v : { value: String(v) });
}

export const nameOf = (p: Party | undefined): string => valuesOf(p?.name)[0]?.value ?? p?.id ?? '';

export function span(from?: string | null, to?: string | null): string | null {
  if (from && to) return `from ${from} until ${to}`;
  if (from) return `since ${from}`;
  return to ? `until ${to}` : null;
}

function factOf(v: Value): Fact {
  const more: string[] = [];
  if (v.kind) more.push(label(v.kind));
  if (v.scheme) more.push(v.scheme);
  if (v.script && v.script !== 'Latn') more.push(`script ${v.script}`);
  if (v.lang) more.push(`language ${v.lang}`);
  if (v.raw && v.raw !== v.value) more.push(`as written: ${v.raw}`);
  const when = span(v.from, v.to);
  if (when) more.push(when);
  if (v.status && v.status !== 'asserted') more.push(v.status);
  return { text: String(v.value), more, cites: citesOf(v.cites) };
}

/** One fact said by several sources is one row with all their citations. */
function merged(facts: Fact[]): Fact[] {
  const by = new Map<string, Fact>();
  for (const f of facts) {
    const key = JSON.stringify([f.text, f.more]);
    const have = by.get(key);
    if (have) have.cites.push(...f.cites); else by.set(key, { ...f, cites: [...f.cites] });
  }
  return [...by.values()];
}

const words = (x: string | string[] | undefined): string[] => x === undefined ? [] : Array.isArray(x) ? x : [x];

function listingFact(l: Listing): Fact {
  const more: string[] = [];
  const when = span(l.from, l.to);
  if (when) more.push(when);
  if (l.programs?.length) more.push(`programme ${l.programs.join(', ')}`);
  for (const b of words(l.basis)) more.push(b);
  for (const m of words(l.measures)) more.push(m);
  return { text: l.list === '*' ? 'every list' : l.list, more, cites: citesOf(l.cites) };
}

export function partyFacts(p: Party): Group[] {
  const group = (name: string, values: Values | undefined): Group => ({ label: name, facts: merged(valuesOf(values).map(factOf)) });
  const groups = [
    { label: 'Listed', facts: (p.listed ?? []).map(listingFact) },
    group('Name', p.name), group('Also known as', p.aliases), group('Weak aliases', p.weak_aliases), group('Former names', p.former_names),
    group('Born', p.birth), group('Countries', p.countries), group('Identifiers', p.identifiers), group('Addresses', p.addresses),
    group('Programmes', p.programs),
    ...Object.entries(p.properties ?? {}).map(([name, values]) => group(capital(label(name)), values)),
    { label: 'One entity of', facts: (p.entity_party ?? []).map((id) => ({ text: id, more: [], cites: [] })) },
  ];
  const rest = citesOf(p.cites);
  if (rest.length > 0) groups.push({ label: 'The party as a whole', facts: [{ text: 'stated', more: [], cites: rest }] });
  return groups.filter((g) => g.facts.length > 0);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function relationFacts(e: Relation): Group[] {
  const row = (name: string, text: string | null | undefined): Group => ({ label: name, facts: text ? [{ text, more: [], cites: [] }] : [] });
  return [
    row('Share', shareText(e.share) ?? (e.share === null ? 'not stated' : null)),
    row('In force', span(e.start, e.end) ?? 'no dates stated'),
    row('Status', e.status ?? 'asserted'), row('Act', e.act && e.act !== 'done' ? e.act : null),
    row('Directness', e.direct === undefined || e.direct === true || e.direct === 'direct' ? null : e.direct === false ? 'indirect' : String(e.direct)),
    row('Stake', e.stake), row('Held jointly as', e.joint), row('Role', e.role),
    row('Said of', [e.subject_party, e.object_party].filter(Boolean).join(' and ') || null),
    ...Object.entries(e.properties ?? {}).map(([name, values]) => ({ label: capital(label(name)), facts: merged(valuesOf(values).map(factOf)) })),
    { label: 'Stated by', facts: citesOf(e.cites).map((c) => ({ text: '', more: [], cites: [c] })) },
  ].filter((g) => g.facts.length > 0);
}

/** What sources say differently of one thing: shown side by side. */
export interface Contradiction { of: string; sides: Fact[] }

const ONE_VALUE = ['established', 'gender', 'incorporated', 'founded', 'dissolved', 'built', 'death', 'date_of_death'];

/** `1981` and `1981-03-05` do not contradict each other. */
const agree = (a: string, b: string): boolean => {
  const x = a.toLowerCase().trim(), y = b.toLowerCase().trim();
  return x === y || x.startsWith(`${y}-`) || y.startsWith(`${x}-`);
};

function differing(of: string, facts: Fact[]): Contradiction[] {
  const some = facts.some((f, i) => facts.slice(i + 1).some((g) => !agree(f.text, g.text)));
  return some ? [{ of, sides: facts }] : [];
}

export function partyContradictions(p: Party): Contradiction[] {
  const out = differing('Born', merged(valuesOf(p.birth).map(factOf)));
  for (const [name, values] of Object.entries(p.properties ?? {})) {
    if (ONE_VALUE.includes(name)) out.push(...differing(capital(label(name)), merged(valuesOf(values).map(factOf))));
  }
  return out;
}

/** Reports of one stake (same holder, party, basis and stake) that do not say the same. */
export function edgeContradictions(edges: Iterable<Relation>): { of: string; edges: Relation[] }[] {
  const groups = new Map<string, Relation[]>();
  for (const e of edges) {
    const key = JSON.stringify([e.source, targetId(e), e.type, e.stake ?? '']);
    groups.set(key, [...groups.get(key) ?? [], e]);
  }
  const said = (e: Relation): string => JSON.stringify([shareText(e.share), e.status ?? 'asserted', e.start ?? null, e.end ?? null]);
  return [...groups.values()].filter((g) => g.length > 1 && new Set(g.map(said)).size > 1).map((g) => ({ of: label(g[0]?.type ?? ''), edges: g }));
}

/** Only addresses of the web become links. */
export function safeUrl(url: string | undefined): string | null {
  if (!url) return null;
  try {
    const u = new URL(url);
    return u.protocol === 'https:' || u.protocol === 'http:' ? u.href : null;
  } catch { return null; }
}

/** On a list on the day (or today's record where no day is asked for). */
export function listedOn(p: Party, day: string): Listing[] {
  return (p.listed ?? []).filter((l) => (!l.from || l.from <= day) && (!l.to || l.to > day));
}
