// The one state of the page and its history; who draws is told of every change.
import { useLayoutEffect, useReducer } from 'preact/hooks';
import { ask, onAnswer } from './api/answers.ts';
import type { Meta } from './api/types.ts';
import { begin, push, redo as forward, replace, undo as back, type History } from './model/history.ts';
import { START, type State } from './model/state.ts';
import { announce, say } from './view/announce.ts';

let history: History<State> = begin(START);
const told = new Set<() => void>();
const tell = (): void => { for (const f of told) f(); };

export const state = (): State => history.now;
export const canUndo = (): boolean => history.past.length > 0;
export const canRedo = (): boolean => history.future.length > 0;
export const onState = (f: () => void): void => { told.add(f); };

/** A step that undo takes back; said aloud where there are words. */
export function act(f: (s: State) => State, said?: string): void {
  const next = f(history.now);
  // Asked for what is so already: no step that undo would have to take back.
  if (JSON.stringify(next) !== JSON.stringify(history.now)) history = push(history, next);
  if (said) announce(said);
  tell();
}

/** A change that is no step: selection, places that were worked out. */
export function note(f: (s: State) => State): void {
  const next = f(history.now);
  if (next === history.now) return;
  history = replace(history, next);
  tell();
}

export function start(s: State): void { history = begin(s); tell(); }

export function undo(): void {
  if (!canUndo()) { say('Nothing to undo'); return; }
  history = back(history); announce('Undone'); tell();
}
export function redo(): void {
  if (!canRedo()) { say('Nothing to redo'); return; }
  history = forward(history); announce('Done again'); tell();
}

export const metaUrl = '/v1/meta';
export const meta = (): Meta | null => ask<Meta>(metaUrl).data ?? null;

/** Draws again after every change of the state and every answer. */
export function useApp(): State {
  const [, again] = useReducer((n: number) => n + 1, 0);
  // Before anything else can happen: an answer that came between drawing and listening would be missed.
  useLayoutEffect(() => {
    const f = (): void => { again(0); };
    told.add(f);
    const stop = onAnswer(f);
    return () => { told.delete(f); stop(); };
  }, []);
  return history.now;
}
