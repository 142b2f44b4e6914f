// Says things to screen readers: a live region that outlives what is drawn.
let region: HTMLElement | null = null;
let last = '';

function get(): HTMLElement {
  if (!region) {
    region = document.createElement('div');
    region.className = 'unseen';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  return region;
}

export function announce(text: string): void {
  // The same words again must be a change, or they are not read.
  last = text === last ? `${text}\u00a0` : text;
  get().textContent = last;
}
