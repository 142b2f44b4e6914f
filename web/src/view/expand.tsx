// Growing the picture: counts first, then at most 25 of a type, more of it, or all of it as a table.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ask } from '../api/answers.ts';
import type { Count, Counts, EntityDoc } from '../api/types.ts';
import { nameOf } from '../model/facts.ts';
import { countsUrl, rowsUrl } from '../model/needs.ts';
import { targetId } from '../model/picture.ts';
import { shareText } from '../model/share.ts';
import { add, collapse, expand, sameExpansion, STEP, type Expansion, type State } from '../model/state.ts';
import { count, label } from '../model/words.ts';
import { act } from '../store.ts';
import { collapsing, type Now } from './deeds.ts';
import { Asked, Button, Cut, Dialog, Name } from './ui.tsx';

const AROUND = { hops: 2, limit: 1500 };
const TABLE = 500;
const ROWS = 2000;

const arrow = (d: string): string => d === 'out' ? '→' : d === 'in' ? '←' : '↔';
const wayWords = (d: string): string => d === 'out' ? 'outgoing' : d === 'in' ? 'incoming' : 'both ways';

export function Expand({ n, id, name }: { n: Now; id: string; name: string }): JSX.Element {
  const { s } = n;
  const [table, setTable] = useState<Count | null>(null);
  const counts = ask<Counts>(countsUrl(s, id));
  const around = s.expansions.find((e) => e.id === id && 'hops' in e);
  return (
    <section class="expand" aria-labelledby="expand-title">
      <h3 id="expand-title">Relations</h3>
      <Asked of={counts} what="counts">{(c) => c.counts.length === 0 ? <p class="quiet">None on the record{s.asOf ? ' on that day' : ''}.</p> : (
        <ul class="counts">
          {c.counts.map((row) => <Row key={`${row.type} ${row.direction}`} s={s} id={id} name={name} row={row} onTable={() => { setTable(row); }} />)}
        </ul>
      )}</Asked>
      <div class="buttons">
        {around
          ? <Button on={() => { act((x) => collapse(x, around), 'Collapsed'); }}>Without the {count(2, 'step')} around</Button>
          : <Button on={() => { act((x) => expand(withRoot(x, id), { id, ...AROUND }), `Two steps around ${name}`); }} title="Everything within two relations, hubs not passed through">Two steps around</Button>}
        {collapsing.not(n, id) === null ? <Button on={() => { collapsing.go(n, id); }} keys="c">Collapse</Button> : null}
      </div>
      {table ? <Rows s={s} id={id} name={name} row={table} onClose={() => { setTable(null); }} /> : null}
    </section>
  );
}

/** A party that is not in the picture for a reason of its own gets one, so that what it is expanded by shows. */
const withRoot = (s: State, id: string): State => s.roots.includes(id) ? s : { ...s, roots: [...s.roots, id] };

function Row({ s, id, name, row, onTable }: { s: State; id: string; name: string; row: Count; onTable: () => void }): JSX.Element {
  const mine: Expansion = { id, type: row.type, direction: row.direction, limit: STEP };
  const have = s.expansions.find((e) => sameExpansion(e, mine));
  const shown = have ? Math.min(have.limit, row.count) : 0;
  const words = `${label(row.type)}, ${wayWords(row.direction)}`;
  const grow = (limit: number): void => {
    act((x) => expand(withRoot(x, id), { ...mine, limit }), `${Math.min(limit, row.count)} of ${row.count} ${words} of ${name}`);
  };
  return (
    <li>
      <span class="count-name"><span aria-hidden="true">{arrow(row.direction)}</span> {label(row.type)}<span class="unseen">, {wayWords(row.direction)}</span>
        {row.hub ? <span class="quiet"> hub</span> : null}</span>
      <span class="count-number">{have ? `${shown} of ${row.count.toLocaleString('en')}` : row.count.toLocaleString('en')}</span>
      <span class="count-buttons">
        {!have ? <Button on={() => { grow(STEP); }} label={`Show ${words}`}>Show{row.count > STEP ? ` ${STEP}` : ''}</Button> : null}
        {have && shown < row.count ? <Button on={() => { grow(have.limit + STEP); }} label={`Show more: ${words}`}>Show more</Button> : null}
        {have ? <Button on={() => { act((x) => collapse(x, have), `${words} collapsed`); }} label={`Hide ${words}`}>Hide</Button> : null}
        <Button on={onTable} label={`As a table: ${words}`}>Table</Button>
      </span>
    </li>
  );
}

function Rows({ s, id, name, row, onClose }: { s: State; id: string; name: string; row: Count; onClose: () => void }): JSX.Element {
  const [most, setMost] = useState(TABLE);
  const [text, setText] = useState('');
  const doc = ask<EntityDoc>(rowsUrl(s, id, row.type, most));
  const have = new Set(s.roots);
  const nothing = (): void => { /* it is there already */ };
  return (
    <Dialog title={`${name}: ${label(row.type)}, ${wayWords(row.direction)}`} onClose={onClose} wide>
      <Asked of={doc} what="the relations">{(d) => {
        const names = new Map(d.nodes.map((n) => [n.id, n]));
        const ids = new Set((d.answer?.result?.links ?? []).filter((l) => l.type === row.type && l.direction === row.direction).flatMap((l) => l.edges));
        const all = d.edges.filter((e) => ids.has(e.id)).map((e) => ({ e, other: e.source === d.answer?.result?.id ? targetId(e) : e.source }));
        const wanted = text.toLowerCase();
        const rows = all.filter(({ other }) => (nameOf(names.get(other)) + other).toLowerCase().includes(wanted));
        return <>
          <div class="buttons">
            <label class="field">Only names with <input type="text" value={text} onInput={(e) => { setText(e.currentTarget.value); }} /></label>
            <span class="quiet">{count(rows.length, 'row')} of {row.count.toLocaleString('en')}</span>
            {all.length < row.count ? <Button on={() => { setMost(most * 4); }}>Load more</Button> : null}
          </div>
          {rows.length > ROWS ? <p class="cut">The first {ROWS.toLocaleString('en')} rows are shown: narrow them by a name.</p> : null}
          <Cut answer={d.answer} />
          <div class="scroll" tabIndex={0} role="region" aria-label="Relations">
            <table>
              <thead><tr><th scope="col">Party</th><th scope="col">Id</th><th scope="col">Share</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">Status</th><th scope="col"><span class="unseen">Picture</span></th></tr></thead>
              <tbody>{rows.slice(0, ROWS).map(({ e, other }) => (
                <tr key={e.id}>
                  <th scope="row"><Name text={nameOf(names.get(other)) || other} /></th><td><bdi>{other}</bdi></td><td>{shareText(e.share) ?? ''}</td><td>{e.start ?? ''}</td><td>{e.end ?? ''}</td><td>{e.status ?? ''}</td>
                  <td>{have.has(other) ? <Button disabled on={nothing} label={`${nameOf(names.get(other)) || other} is in the picture`}>In the picture</Button>
                    : <Button on={() => { act((x) => add(withRoot(x, id), other), 'Added to the picture'); }} label={`Add ${nameOf(names.get(other)) || other} to the picture`}>Add</Button>}</td>
                </tr>))}</tbody>
            </table>
          </div>
        </>;
      }}</Asked>
    </Dialog>
  );
}
