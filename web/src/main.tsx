// Begins: the state of the address, the page, and the address kept in step with the state.
import { render } from 'preact';
import { ask, onChanged } from './api/answers.ts';
import { decode, encode, LinkError } from './model/link.ts';
import { START } from './model/state.ts';
import { act, metaUrl, onState, start, state } from './store.ts';
import { say, voice } from './view/announce.ts';
import { App } from './view/app.tsx';
import { keepFocus } from './view/focus.ts';
import { unfoldForPaper } from './view/paper.ts';

ask(metaUrl);

let written = '';

/** What the address says; a link that is opened later is a step, so that undo leads back to what was there. */
async function read(later: boolean): Promise<void> {
  const hash = location.hash;
  if (hash === written) return;
  try {
    const s = await decode(hash) ?? START;
    if (location.hash !== hash) return;
    written = hash;
    if (later) act(() => s, 'Link opened'); else start(s);
  } catch (e) {
    const why = e instanceof LinkError ? e.message : String(e);
    say(`The link cannot be read: ${why}. ${later ? 'What was shown stays' : 'This is the beginning'}`);
    if (later) keep();
  }
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

voice(document.body);
await read(false);
EMPTY = await encode(START);
onState(keep);
onChanged(() => { say('The store has changed; what is shown is asked for again'); });
addEventListener('hashchange', () => { void read(true); });
keepFocus();
unfoldForPaper();
const host = document.getElementById('app');
if (host) { host.replaceChildren(); render(<App />, host); }
