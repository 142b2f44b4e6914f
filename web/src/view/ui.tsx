// Small pieces that every panel uses.
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Kept } from '../api/answers.ts';
import type { ApiError } from '../api/client.ts';
import { familyOf, type Family } from '../model/words.ts';
import { meta } from '../store.ts';
import { voice } from './announce.ts';
import { keyShown } from './singles.ts';

/** A name of a party: its own direction, never markup. */
export const Name = ({ text }: { text: string }): JSX.Element => <bdi class="name">{text}</bdi>;

interface ButtonProps {
  on: () => void; children: ComponentChildren; label?: string; pressed?: boolean; disabled?: boolean; kind?: 'plain' | 'main' | 'icon' | 'link'; title?: string;
  keys?: string;
}
/** One that can do nothing now stays where it is, so that the focus does: it is said to be disabled, and does nothing. */
export const Button = (p: ButtonProps): JSX.Element => (
  <button type="button" class={`button ${p.kind ?? 'plain'}`} onClick={() => { if (!p.disabled) p.on(); }} aria-label={p.label} aria-pressed={p.pressed}
    aria-keyshortcuts={keyShown(p.keys)} aria-disabled={p.disabled ? true : undefined} title={p.title ?? p.label}>{p.children}</button>
);

export const Badge = ({ kind, children }: { kind: string; children: ComponentChildren }): JSX.Element => <span class={`badge ${kind}`}>{children}</span>;

export const Failure = ({ error }: { error: ApiError | undefined }): JSX.Element => (
  <div class="failure" role="alert">
    <p>{error?.message ?? 'That did not work.'}</p>
    {error?.next ? <p class="quiet">{error.next}</p> : null}
    {error?.refusal.candidates?.length ? <ul>{error.refusal.candidates.map((c) => <li key={c}><bdi>{c}</bdi></li>)}</ul> : null}
  </div>
);

/** An answer, or that it is on its way, or why there is none. */
export function Asked<T>({ of, children, what }: { of: Kept<T>; children: (data: T) => ComponentChildren; what: string }): JSX.Element {
  if (of.state === 'waiting') return <p class="quiet waiting">Asking for {what} …</p>;
  if (of.state === 'failed' || of.data === undefined) return <Failure error={of.error} />;
  return <>{children(of.data)}</>;
}

export const Cut = ({ answer }: { answer: { truncated?: boolean; notes?: string[] } | undefined }): JSX.Element | null => answer?.truncated
  ? <p class="cut">Cut short by a limit{answer.notes?.length ? `: ${answer.notes.join('; ')}` : ''}.</p> : null;

export const TypeSign = ({ type }: { type: string }): JSX.Element => {
  const family = familyOf(type, meta());
  return <svg class={`sign ${family}`} viewBox="0 0 16 16" aria-hidden="true">{shape(family)}</svg>;
};

function shape(family: Family): JSX.Element {
  switch (family) {
    case 'person': return <circle cx="8" cy="8" r="6" />;
    case 'legal': return <rect x="2" y="2" width="12" height="12" rx="3" />;
    case 'state': return <path d="M4.5 2h7L15 8l-3.5 6h-7L1 8z" />;
    case 'asset': return <path d="M8 1l7 7-7 7-7-7z" />;
    case 'program': return <path d="M1 3h9l5 5-5 5H1z" />;
    case 'other': return <path d="M5 2h6l3 3v6l-3 3H5l-3-3V5z" />;
  }
}

/** A dialog of the browser's own: it keeps the focus, closes by Escape, and has a voice of its own, as the page behind it has none. */
export function Dialog({ title, onClose, children, wide }: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  // Before anything is painted: the page behind is never there to be used.
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    const before = document.activeElement;
    box.showModal();
    const silence = voice(box);
    return () => { silence(); box.close(); if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus(); };
  }, []);
  return (
    <dialog ref={ref} class={wide ? 'wide' : ''} aria-label={title} onClose={onClose} onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <header><h2>{title}</h2><Button kind="icon" on={onClose} label="Close">✕</Button></header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
