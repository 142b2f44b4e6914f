// Where the focus goes: when a key or a click opens something, and when what had it is taken away.
const after = (f: () => void): void => { requestAnimationFrame(() => requestAnimationFrame(f)); };

const first = (selectors: string[]): HTMLElement | null => {
  for (const s of selectors) { const el = document.querySelector<HTMLElement>(s); if (el) return el; }
  return null;
};

const STAGE = ['#stage .canvas', '#stage .scroll', '#stage'];

export const focusDetails = (): void => { after(() => { first(['#details [tabindex="-1"]', '#details'])?.focus(); }); };
export const focusExpand = (): void => { after(() => { first(['#details .counts button', '#details .expand button', '#details'])?.focus(); }); };
export const focusSearch = (): void => { first(['#search'])?.focus(); };
export const focusStage = (): void => { after(() => { first(STAGE)?.focus(); }); };

const TAKES = 'button, a[href], input, select, textarea, summary, [tabindex]';
const takes = (el: HTMLElement): boolean => el.matches(TAKES) && !el.matches('[role="tab"][tabindex="-1"]') && el.checkVisibility();

function within(at: Node | null, last = false): HTMLElement | null {
  if (!(at instanceof HTMLElement) || !at.isConnected) return null;
  if (takes(at)) return at;
  const all = [...at.querySelectorAll<HTMLElement>(TAKES)].filter(takes);
  return (last ? all.at(-1) : all[0]) ?? null;
}

/** What stands nearest to something that was taken away: what followed it, what went before it, what it was in. */
function nearest(r: MutationRecord): HTMLElement | null {
  for (let n = r.nextSibling; n; n = n.nextSibling) { const el = within(n); if (el) return el; }
  for (let n = r.previousSibling; n; n = n.previousSibling) { const el = within(n, true); if (el) return el; }
  for (let at = r.target as HTMLElement | null; at && at.id !== 'app' && at !== document.body; at = at.parentElement) { const el = within(at); if (el) return el; }
  return null;
}

/** The focus does not fall to the beginning of the page when its button, row or dialog goes. */
export function keepFocus(): void {
  let last: HTMLElement | null = null, seen = false;
  document.addEventListener('focusin', (e) => {
    if (!(e.target instanceof HTMLElement)) return;
    last = e.target;
    seen = last.matches(':focus-visible');
  });
  document.addEventListener('focusout', (e) => {
    // Left on purpose for nothing: then nothing is mended later. A thing that is taken away is gone after this.
    if (e.relatedTarget === null) queueMicrotask(() => { if (last?.isConnected && document.activeElement !== last) last = null; });
  });
  new MutationObserver((records) => {
    const gone = last;
    if (!gone || gone.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
    // A picture makes room for a table, not for the buttons over it.
    const taken = gone.matches('.canvas, .scroll') ? undefined : records.find((r) => [...r.removedNodes].some((n) => n.contains(gone)));
    last = null;
    ((taken && nearest(taken)) ?? first([...STAGE, '#search']))?.focus({ preventScroll: !seen });
  }).observe(document.body, { childList: true, subtree: true });
}
