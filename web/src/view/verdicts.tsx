// Verdicts of a party under the regimes side by side, each with its arithmetic and proof.
import type { JSX } from 'preact';
import { ask } from '../api/answers.ts';
import type { Proof, TreeDoc, Verdict, Verdicts } from '../api/types.ts';
import { proofUrl, treeUrl, verdictUrl } from '../model/needs.ts';
import { proofLines, proofLit } from '../model/proof.ts';
import { rangeText } from '../model/share.ts';
import { add, type State } from '../model/state.ts';
import { count, label, shortVerdict, verdictSign, verdictWord } from '../model/words.ts';
import { act, meta } from '../store.ts';
import { treeing, type Now } from './deeds.ts';
import { Asked, Badge, Button } from './ui.tsx';

export const VerdictBadge = ({ word, regime, short }: { word: Verdict['verdict']; regime: string; short?: boolean }): JSX.Element =>
  <Badge kind={word}><span aria-hidden="true">{`${verdictSign(word)}\u00a0`}</span>{(short ? shortVerdict : verdictWord)(word, regime)}</Badge>;

export const regimeTitle = (id: string): string => meta()?.regimes.find((r) => r.id === id)?.title ?? label(id);

/** The wording is the rule's own sentence; the name at its start is the party's. */
export function VerdictPanel({ n, id }: { n: Now; id: string }): JSX.Element {
  const { s, view } = n;
  const asked = ask<Verdicts>(verdictUrl(s, [id]));
  return (
    <section class="verdicts" aria-labelledby="verdict-title">
      <h3 id="verdict-title">Under the rules</h3>
      <Asked of={asked} what="verdicts">{(v) => <>
        <p class="quiet">On {v.as_of}, on the record{s.knownAt ? ` published by ${s.knownAt}` : ''}. Not legal advice.</p>
        <table class="plain">
          <thead><tr><th scope="col">Regime</th><th scope="col">On the record</th><th scope="col">Held</th><th scope="col"><span class="unseen">Proof</span></th></tr></thead>
          <tbody>{v.verdicts.map((x) => <One key={x.regime} s={s} v={x} missing={v.grounds?.find((g) => g.regime === x.regime)?.missing_lists ?? []} />)}</tbody>
        </table>
      </>}</Asked>
      <Arithmetic s={s} id={id} />
      {s.light?.kind === 'proof' && s.light.id === id ? <ProofSteps s={s} id={id} regime={s.light.regime} shown={(x) => view.picture.nodes.has(x)} /> : null}
      {treeing.not(n, id) === null ? <Button on={() => { treeing.go(n, id); }} keys="t">Ownership tree</Button> : null}
    </section>
  );
}

function One({ s, v, missing }: { s: State; v: Verdict; missing: string[] }): JSX.Element {
  const on = s.light?.kind === 'proof' && s.light.id === v.id && s.light.regime === v.regime;
  return (
    <tr class={s.regimes.includes(v.regime) ? 'current' : ''}>
      <th scope="row" title={regimeTitle(v.regime)}>{label(v.regime)}</th>
      <td><details class="wording"><summary><VerdictBadge word={v.verdict} regime={v.regime} short /></summary>
        <p><bdi>{v.wording}</bdi></p>
        {missing.length > 0 ? <p>Lists that are not in the store: {missing.join(', ')}.</p> : null}
        {v.warnings?.length ? <p class="quiet">Warnings: <bdi>{v.warnings.join(', ')}</bdi></p> : null}</details></td>
      <td>{v.verdict === 'listed' ? '' : rangeText(v.share) ?? ''}</td>
      <td><Button pressed={on} label={`Proof under ${label(v.regime)}`}
        on={() => { act((x) => ({ ...x, light: on ? null : { kind: 'proof', id: v.id, regime: v.regime } }), on ? 'Proof no longer highlighted' : 'Proof highlighted'); }}>Proof</Button></td>
    </tr>
  );
}

/** The terms of the verdicts in the tree that is shown. */
function Arithmetic({ s, id }: { s: State; id: string }): JSX.Element | null {
  if (s.view !== 'tree' || !s.tree) return null;
  const result = ask<TreeDoc>(treeUrl(s, s.tree)).data?.answer?.result;
  const some = s.regimes.flatMap((r) => { const v = result?.regimes[r]?.verdicts[id]; return v?.arithmetic?.length ? [{ r, lines: v.arithmetic }] : []; });
  if (some.length === 0) return null;
  return (
    <div class="arithmetic">
      <h4>Arithmetic</h4>
      {some.map(({ r, lines }) => <div key={r}><strong>{label(r)}</strong><ul>{lines.map((l, i) => <li key={i}><bdi>{l}</bdi></li>)}</ul></div>)}
    </div>
  );
}

function ProofSteps({ s, id, regime, shown }: { s: State; id: string; regime: string; shown: (id: string) => boolean }): JSX.Element {
  const asked = ask<Proof>(proofUrl(s, id, regime));
  return (
    <div class="proof">
      <h4>Proof under {label(regime)}</h4>
      <Asked of={asked} what="the proof">{(p) => <>
        <p><bdi>{p.wording}</bdi></p>
        <Absent ids={[...proofLit(p).nodes].filter((x) => !shown(x))} />
        <ol>{proofLines(p).map((l, i) => (
          <li key={i} class={l.depth ? 'deep' : ''}>
            {l.edge ?? l.node
              ? <Button kind="link" on={() => { act((x) => ({ ...x, selected: l.edge ? { kind: 'edge', id: l.edge } : { kind: 'node', id: l.node ?? id } })); }}><bdi>{l.text}</bdi></Button>
              : <bdi>{l.text}</bdi>}
          </li>))}</ol>
        {p.citation ? <p class="quiet">Rule {p.rule}: {p.citation}</p> : null}
      </>}</Asked>
    </div>
  );
}

const ABSENT = 100;

/** A proof may rest on parties that the picture does not have. */
const Absent = ({ ids }: { ids: string[] }): JSX.Element | null => ids.length === 0 ? null : (
  <p>{count(ids.length, 'party', 'parties')} of the proof not in this picture. <Button on={() => {
    act((x) => ({ ...ids.slice(0, ABSENT).reduce(add, x), among: true }), 'The parties of the proof are in the picture');
  }}>Put {ids.length > ABSENT ? `the first ${ABSENT}` : 'them'} into the network</Button></p>
);
