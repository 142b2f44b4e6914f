// Where the focus goes when a key or a click opens something. After the page has drawn.
const after = (f: () => void): void => { requestAnimationFrame(() => requestAnimationFrame(f)); };

const first = (selectors: string[]): HTMLElement | null => {
  for (const s of selectors) { const el = document.querySelector<HTMLElement>(s); if (el) return el; }
  return null;
};

export const focusDetails = (): void => { after(() => { first(['#details [tabindex="-1"]', '#details'])?.focus(); }); };
export const focusExpand = (): void => { after(() => { first(['#details .counts button', '#details .expand button', '#details'])?.focus(); }); };
export const focusSearch = (): void => { first(['#search'])?.focus(); };
export const focusStage = (): void => { after(() => { first(['#stage .canvas', '#stage table', '#stage'])?.focus(); }); };
