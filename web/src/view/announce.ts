// Says things to screen readers, and shows those that are to be seen nowhere else.
const SPOKEN = 10_000;
const SHOWN = 20_000;
const MOST = 5;
/** Where it is said: the last one counts, as a dialog takes the rest of the page away. */
const regions: HTMLElement[] = [];

/** A live region in a place, for as long as that is there; it must be there before there is something to say. */
export function voice(host: HTMLElement): () => void {
  const region = document.createElement('div');
  region.className = 'told';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  // What is added is read, one after the other: nothing takes the words of what was said before.
  region.setAttribute('aria-atomic', 'false');
  host.append(region);
  regions.push(region);
  return () => {
    regions.splice(regions.indexOf(region), 1);
    region.remove();
  };
}

function put(text: string, kind: string, ms: number): void {
  const region = regions.at(-1);
  if (!region) return;
  const p = document.createElement('p');
  p.className = kind;
  p.textContent = text;
  p.addEventListener('click', () => { p.remove(); });
  region.append(p);
  while (region.children.length > MOST) region.firstElementChild?.remove();
  setTimeout(() => { p.remove(); }, ms);
}

/** For those who do not see what has changed. */
export const announce = (text: string): void => { put(text, 'unseen', SPOKEN); };

/** For everybody: nothing else on the page tells it. */
export const say = (text: string): void => { put(text, 'message', SHOWN); };
