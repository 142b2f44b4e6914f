// Buttons over the picture.
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asError, postJson } from '../api/client.ts';
import type { Laid } from '../api/types.ts';
import { toDocument } from '../model/picture.ts';
import { arrange, clear, treeOf, type Shown, type State } from '../model/state.ts';
import { act } from '../store.ts';
import { say } from './announce.ts';
import { BIG } from './canvas.tsx';
import { AMONG_MOST } from '../model/needs.ts';
import { showNetwork, showTree } from './deeds.ts';
import type { View } from './stage.tsx';
import { Button } from './ui.tsx';

export interface ToolsProps {
  s: State; view: View; shown: 'picture' | 'table' | 'both'; fit: () => void; zoom: (f: number) => void; spread: () => void;
  children: ComponentChildren;
}

export function Tools({ s, view, shown, fit, zoom, spread, children }: ToolsProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const size = view.picture.nodes.size;
  const layered = (): void => {
    setBusy(true);
    postJson<Laid>('/v1/layout', { document: toDocument(view.picture), box: [150, 70] }).then(
      (l) => { act((x) => arrange(x, l.positions), 'Arranged in layers'); requestAnimationFrame(fit); },
      (e: unknown) => { const error = asError(e); say(`Not arranged: ${error.message} ${error.next}`.trim()); },
    ).finally(() => { setBusy(false); });
  };
  const show = (how: Shown): void => { act((x) => ({ ...x, shown: how }), `Shown as ${how}`); };
  return (
    <div class="tools" role="toolbar" aria-label="View">
      {children}
      <div class="group" role="group" aria-label="What is shown">
        <Button pressed={s.view === 'network'} keys="n" on={showNetwork}>Network</Button>
        <Button pressed={s.view === 'tree'} keys="t" disabled={treeOf(s) === null} on={() => { showTree({ s, view }); }}>Ownership tree</Button>
      </div>
      <div class="group" role="group" aria-label="How it is shown">
        <Button pressed={shown === 'picture'} keys="v" on={() => { show('picture'); }}>Picture</Button>
        <Button pressed={shown === 'table'} keys="v" on={() => { show('table'); }}>Table</Button>
        <Button pressed={shown === 'both'} keys="v" on={() => { show('both'); }}>Both</Button>
      </div>
      {shown !== 'table' ? <div class="group" role="group" aria-label="Picture">
        <Button kind="icon" label="Nearer" on={() => { zoom(1.3); }}>+</Button>
        <Button kind="icon" label="Farther" on={() => { zoom(1 / 1.3); }}>−</Button>
        <Button on={fit} title="See all of it">Fit</Button>
        {s.view === 'network' && size <= BIG ? <>
          <Button on={spread}>Spread</Button>
          <Button on={layered} disabled={busy}>Layers</Button>
        </> : null}
      </div> : null}
      {s.view === 'network' ? <div class="group">
        <Button pressed={s.among} title={`Relations that the parties shown have among each other, up to ${AMONG_MOST} parties`} on={() => { act((x) => ({ ...x, among: !x.among }), 'Relations among the parties shown'); }}>All among them</Button>
        <Button on={() => { act(clear); say('Cleared; undo brings it back'); }}>Clear</Button>
      </div> : null}
      {view.waiting ? <span class="quiet waiting" role="status">Asking …</span> : null}
    </div>
  );
}
