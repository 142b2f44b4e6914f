// The shapes of docs/json.md and docs/api.md, as far as the page reads them.

export interface Cite { source: string; locator?: string; quote?: string; party?: string }
export type CiteForm = string | Cite;

export interface Value {
  value: string; kind?: string; scheme?: string; script?: string; lang?: string; raw?: string;
  from?: string | null; to?: string | null; status?: string; cites?: CiteForm[];
}
export type Values = string | number | boolean | Value | null | (string | number | boolean | Value | null)[];

export interface Listing {
  list: string; from?: string | null; to?: string | null;
  programs?: string[]; basis?: string | string[]; measures?: string | string[]; cites?: CiteForm[];
}

export interface Party {
  id: string; type: string; name?: Values; aliases?: Values; weak_aliases?: Values; former_names?: Values;
  birth?: Values; countries?: Values; addresses?: Values; programs?: Values; identifiers?: Values;
  listed?: Listing[]; properties?: Record<string, Values>; cites?: CiteForm[]; entity_party?: string[];
}

export interface Bounds { min?: string; max?: string; exclusive_min?: string; exclusive_max?: string }
export type Share = string | number | Bounds | null | undefined;

export interface Relation {
  id: string; source: string; target: string | { name: string }; type: string; share?: Share;
  start?: string | null; end?: string | null; status?: string; act?: string; direct?: string | boolean;
  stake?: string; joint?: string; role?: string; properties?: Record<string, Values>; cites?: CiteForm[];
  subject_party?: string; object_party?: string;
}

export interface Source {
  id: string; title?: string; publisher?: string; url?: string; published?: string; licence?: string;
  attribution?: string; releases?: string[];
}

export interface Answer<R = unknown> {
  query?: string; as_of?: string | null; known_at?: string | null; store?: string; program?: string;
  rules?: string; truncated?: boolean; notes?: string[]; result?: R;
}

export interface Doc<R = unknown> {
  cuibono: number; scope?: string; sources?: (Source | string)[]; nodes: Party[]; edges: Relation[]; answer?: Answer<R>;
}

export type Direction = 'in' | 'out' | 'both';
export interface Count { type: string; direction: Direction; hub: boolean; count: number }
export interface Links extends Count { edges: string[] }
export interface Counts { id: string; name: string; type: string; counts: Count[]; total: number }
export type EntityDoc = Doc<{ id: string; links: Links[] }>;

export interface Hit {
  id: string; name: string; type: string; listed: string[]; countries?: string[];
  match?: { of: string; fit: string; text: string }; score: number; band: string;
}
export interface Hits { results: Hit[]; answer?: Answer }

export interface EdgeType {
  name: string; label?: string; ownership?: boolean; control?: boolean; votes?: boolean; ambiguous?: boolean;
  symmetric?: boolean; hub?: boolean;
}
export interface Meta {
  program: string; store: string; edit: boolean; today: string; first?: string | null; last?: string | null;
  nodes: number; edges: number; sources: Source[]; node_types: { name: string; label?: string; hub?: boolean; family?: string }[];
  edge_types: EdgeType[]; lists: string[]; regimes: { id: string; title: string; kind?: string }[];
  formats: { name: string; about?: string; extension?: string }[];
}

export interface Range { min: string; max: string; min_excluded?: boolean; max_excluded?: boolean }
export type VerdictWord = 'listed' | 'blocked' | 'indeterminate' | 'not_blocked';
export interface Verdict {
  id: string; name: string; regime: string; rule: string; verdict: VerdictWord; share: Range | null;
  missing?: string[]; missing_truncated?: boolean; warnings?: string[]; wording: string;
}
export interface Ground { regime: string; title: string; rule: string; citation?: string; notes?: string[]; missing_lists?: string[] }
export interface Verdicts { as_of: string; rules: string; verdicts: Verdict[]; warnings?: string[]; grounds?: Ground[]; answer?: Answer }

export interface TreeVerdict {
  verdict: VerdictWord; share: Range | null; wording?: string; arithmetic?: string[]; missing?: string[]; marks?: string[];
}
export interface TreeRow { depth: number; direction: 'up' | 'down'; id: string; edge: string; share: string | null; marks: string[] }
export interface TreeResult {
  root: string; tree: TreeRow[]; leads: Links[];
  regimes: Record<string, { verdicts: Record<string, TreeVerdict>; proof?: { nodes: string[]; edges: string[]; text: string[] } | null }>;
  positions: Record<string, [number, number]>; size?: [number, number]; box?: [number, number];
}
export type TreeDoc = Doc<TreeResult>;
export interface Laid { positions: Record<string, [number, number]>; size?: [number, number] }

export interface ProofEdge { id: string; holder: string; name?: string; share_used?: string | null; why?: string; step?: number; cites?: CiteForm[] }
export interface ProofStep {
  entity: string; name?: string; by?: string; sum?: string | null; open?: boolean; threshold?: string; inclusive?: boolean;
  outside?: string; edges?: ProofEdge[];
}
export interface SetEntity { entity: string; name?: string; by?: string; most?: string; open?: boolean; threshold?: string; edges?: ProofEdge[] }
export interface Missing { edge: string; entity: string; holder: string; holder_name?: string; low?: string | null; high?: string | null }
export interface Proof {
  id: string; name?: string; regime: string; verdict: VerdictWord; rule?: string; citation?: string; share?: Range | null;
  listings?: { entity: string; name?: string; list: string; from?: string | null; cites?: CiteForm[] }[];
  steps?: ProofStep[]; sets?: { entities: SetEntity[] }[]; possible?: { steps?: ProofStep[] };
  not_certain?: { sets?: { entities: SetEntity[] }[] }; missing?: (Missing | string)[];
  warnings?: string[]; wording?: string; answer?: Answer;
}

export interface Flip {
  id: string; name: string; regime: string; flips: boolean; before: VerdictWord; after: VerdictWord;
  share_before: Range | null; share_after: Range | null; proof?: Proof | null;
}
export interface WhatIf { as_of: string; supposed: { change: string; words: string }[]; flips: Flip[]; others: number; answer?: Answer }

export interface PathResult { length?: number; count?: string; paths?: { nodes: string[]; edges: (string | string[])[] }[];
  connected?: boolean; groups?: string[][]; unconnected?: string[]; joins?: { nodes: string[]; edges: (string | string[])[] }[] }
export interface Refusal { error: string; hint?: string; candidates?: string[] }
