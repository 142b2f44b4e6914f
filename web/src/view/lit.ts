// What is highlighted: the subgraph of a proof, or of a way between parties.
import { ask } from '../api/answers.ts';
import type { Doc, PathResult, Proof, TreeDoc } from '../api/types.ts';
import { proofUrl, treeUrl, wayUrl } from '../model/needs.ts';
import { proofLit } from '../model/proof.ts';
import type { Lit } from '../model/scene.ts';
import type { State } from '../model/state.ts';

export function litOf(s: State, regime: string): Lit | null {
  if (!s.light) return null;
  if (s.light.kind === 'way') {
    const way = s.ways[s.light.at];
    if (!way) return null;
    const result = ask<Doc<PathResult>>(wayUrl(s, way)).data?.answer?.result;
    const parts = [...result?.paths ?? [], ...result?.joins ?? []];
    return { nodes: new Set(parts.flatMap((p) => p.nodes)), edges: new Set(parts.flatMap((p) => p.edges).flat()) };
  }
  // Two panes show two regimes: each lights its own proof of the party.
  const under = s.view === 'tree' && s.regimes.includes(s.light.regime) ? regime : s.light.regime;
  if (s.view === 'tree' && s.tree === s.light.id) {
    const own = ask<TreeDoc>(treeUrl(s, s.tree)).data?.answer?.result?.regimes[under]?.proof;
    if (own && own.nodes.length > 0) return { nodes: new Set(own.nodes), edges: new Set(own.edges) };
  }
  const proof = ask<Proof>(proofUrl(s, s.light.id, under)).data;
  return proof ? proofLit(proof) : null;
}
