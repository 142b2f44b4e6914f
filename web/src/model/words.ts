// Words for what the server names. No word here says that somebody is safe.
import type { Meta, VerdictWord } from '../api/types.ts';

export const label = (name: string): string => name.replaceAll('_', ' ');

const BLOCKED: Record<string, string> = {
  eu: 'presumed frozen', ch: 'presumed frozen', bis: 'restricted', ofac_ssi: 'counts as listed',
};

export function verdictWord(word: VerdictWord, regime: string): string {
  switch (word) {
    case 'listed': return 'listed';
    case 'blocked': return BLOCKED[regime] ?? 'blocked';
    case 'indeterminate': return 'cannot tell';
    case 'not_blocked': {
      const affected = BLOCKED[regime];
      return affected === 'counts as listed' ? 'does not count as listed on the record' : `not ${affected ?? 'blocked'} on the record`;
    }
  }
}

/** The same beside words that say `on the record` for all. */
export const shortVerdict = (word: VerdictWord, regime: string): string => verdictWord(word, regime).replace(' on the record', '').replace('does not count', 'not counted');

/** A sign that needs no colour. */
export const verdictSign = (word: VerdictWord): string =>
  ({ listed: '■', blocked: '◆', indeterminate: '?', not_blocked: '○' })[word];

export type Family = 'person' | 'legal' | 'state' | 'asset' | 'program' | 'other';

const FAMILIES: Record<string, Family> = {
  person: 'person', group_of_persons: 'person', company: 'legal', organization: 'legal', legal_entity: 'legal', public_body: 'state',
  international_body: 'state', arrangement: 'legal', state: 'state', place: 'other', sanctions_program: 'program', weapons_program: 'program',
  policy: 'program', designation: 'program', vessel: 'asset', aircraft: 'asset', real_estate: 'asset', asset: 'asset', vehicle: 'asset',
};

const KNOWN: readonly Family[] = ['person', 'legal', 'state', 'asset', 'program', 'other'];

/** The family of a type: the server's, else by its name. */
export function familyOf(type: string, meta: Meta | null): Family {
  const said = meta?.node_types.find((t) => t.name === type)?.family as Family | undefined;
  if (FAMILIES[type]) return FAMILIES[type];
  return said && KNOWN.includes(said) ? said : 'other';
}

export const FAMILY_WORDS: Record<Family, string> = {
  person: 'person', legal: 'firm or body', state: 'state, public body', asset: 'ship, property, asset', program: 'programme, designation', other: 'other',
};

/** A name as text on a canvas: controls that turn or break text are taken out. */
export const canvasText = (name: string): string =>
  name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g, ' ').replace(/\s+/g, ' ').trim();

export function clip(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
