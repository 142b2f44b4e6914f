// What a proof lights up and what it says, step by step.
import type { Proof, ProofEdge, SetEntity } from '../api/types.ts';
import type { Lit } from './scene.ts';
import { span } from './facts.ts';

export interface Line { text: string; edge?: string; node?: string; depth: number }

const basis = (by: string | undefined): string => by === 'votes' ? ' of the votes' : by === 'control' ? ' by control' : '';

function edgeLine(e: ProofEdge): Line {
  const share = e.share_used ? `holds ${e.share_used} %` : 'has a tie';
  return { text: `${e.name ?? e.holder} ${share}${e.why ? `: ${e.why}` : ''}`, edge: e.id, depth: 1 };
}

function setLines(entities: SetEntity[]): Line[] {
  return entities.flatMap((e): Line[] => e.most === undefined ? [] : [
    { text: `${e.name ?? e.entity}: others than the parties that count hold all but what is counted; those hold at most ${e.most} %${basis(e.by)}, the line is ${e.threshold ?? '?'} %`, node: e.entity, depth: 0 },
    ...(e.edges ?? []).map(edgeLine),
  ]);
}

export function proofLines(p: Proof): Line[] {
  const out: Line[] = [];
  for (const l of p.listings ?? []) {
    out.push({ text: `${l.name ?? l.entity} is on ${l.list}${span(l.from) ? ` ${span(l.from) ?? ''}` : ''}`, node: l.entity, depth: 0 });
  }
  const steps = [...p.steps ?? [], ...p.possible?.steps ?? []];
  steps.forEach((s, i) => {
    const terms = (s.edges ?? []).filter((e) => e.share_used).map((e) => e.share_used);
    const sum = s.sum === null || s.sum === undefined ? '' : `: ${terms.length > 1 ? `${terms.join(' + ')} = ` : ''}${s.open ? 'more than ' : ''}${s.sum} %${basis(s.by)}`;
    const line = s.threshold ? `, the line is ${s.inclusive ? '' : 'more than '}${s.threshold} %${s.inclusive ? ' or more' : ''}` : basis(s.by);
    const may = p.verdict === 'indeterminate' ? 'may be' : 'is';
    out.push({ text: `Step ${i + 1}: ${s.name ?? s.entity} ${may} over the line${sum}${line}`, node: s.entity, depth: 0 });
    out.push(...(s.edges ?? []).map(edgeLine));
  });
  for (const set of p.sets ?? []) out.push(...setLines(set.entities));
  for (const m of p.missing ?? []) {
    out.push(typeof m === 'string' ? { text: `Would have to be known: ${m}`, edge: m, depth: 0 }
      : { text: `Would have to be known: what ${m.holder_name ?? m.holder} has in ${m.entity}${m.low !== null && m.low !== undefined ? ` (between ${m.low} and ${m.high ?? '100'} %)` : ''}`, edge: m.edge, depth: 0 });
  }
  return out;
}

export function proofLit(p: Proof): Lit {
  const nodes = new Set<string>([p.id]), edges = new Set<string>();
  const sets = p.verdict === 'not_blocked' ? p.sets ?? [] : [];
  for (const l of p.listings ?? []) nodes.add(l.entity);
  for (const s of [...p.steps ?? [], ...p.possible?.steps ?? [], ...sets.flatMap((x) => x.entities)]) {
    nodes.add(s.entity);
    for (const e of s.edges ?? []) { nodes.add(e.holder); edges.add(e.id); }
  }
  for (const m of p.missing ?? []) {
    if (typeof m === 'string') edges.add(m);
    else { edges.add(m.edge); nodes.add(m.entity); nodes.add(m.holder); }
  }
  return { nodes, edges };
}
