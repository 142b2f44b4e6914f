// Begins: the state of the address, the page, and the address kept in step with the state.
import { render } from 'preact';
import { ask, onChanged } from './api/answers.ts';
import { decode, encode } from './model/link.ts';
import { START } from './model/state.ts';
import { metaUrl, onState, start, state } from './store.ts';
import { announce } from './view/announce.ts';
import { App } from './view/app.tsx';

ask(metaUrl);

let written = '';

async function read(): Promise<void> {
  if (location.hash === written) return;
  try {
    const s = await decode(location.hash);
    if (s) { start(s); written = location.hash; return; }
  } catch { announce('The link cannot be read; this is the beginning'); }
  start(START);
}

let timer: ReturnType<typeof setTimeout> | null = null;
function keep(): void {
  timer ??= setTimeout(() => {
    timer = null;
    void encode(state()).then((hash) => {
      const empty = hash === EMPTY;
      written = empty ? '' : hash;
      if (location.hash !== written) history.replaceState(null, '', empty ? location.pathname : hash);
    });
  }, 250);
}
let EMPTY = '';

await read();
EMPTY = await encode(START);
onState(keep);
onChanged(() => { announce('The store has changed; what is shown is asked for again'); });
addEventListener('hashchange', () => { void read(); });
const host = document.getElementById('app');
if (host) { host.replaceChildren(); render(<App />, host); }
