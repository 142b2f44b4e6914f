// Two clocks: what held on a day, and what had been published by a day.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { dayNumber, dayText, isDay, isWhole } from '../model/dates.ts';
import type { State } from '../model/state.ts';
import { act, meta } from '../store.ts';
import { Button } from './ui.tsx';

/** A day that is typed or dragged to is asked about when the reader stops. */
const TYPED = 600;
const DRAGGED = 350;
const RELEASES = 200;

export function Time({ s, turns }: { s: State; turns: string[] }): JSX.Element {
  const m = meta();
  const today = m?.today ?? '';
  const first = dayNumber(m?.first && isDay(m.first) ? m.first : '2000-01-01');
  const lastDay = [m?.last, today].filter((d): d is string => Boolean(d && isDay(d))).sort().at(-1) ?? dayText(first + 1);
  const last = Math.max(dayNumber(lastDay), first + 1);
  // While the slider is dragged the words move, the question waits; so it does while a date is typed, which is a date at every digit of its year.
  const [drag, setDrag] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const pending = typed !== null && isWhole(typed) && typed !== s.asOf;
  useEffect(() => { setTyped(null); }, [s.asOf]);
  const commit = (): void => { if (pending) set(typed); };
  useEffect(() => {
    if (!pending) return;
    const t = setTimeout(commit, TYPED);
    return () => { clearTimeout(t); };
  }, [typed]);
  useEffect(() => {
    if (drag === null) return;
    const t = setTimeout(() => { set(dayText(drag)); setDrag(null); }, DRAGGED);
    return () => { clearTimeout(t); };
  }, [drag]);
  const set = (day: string | null): void => {
    act((x) => x.asOf === day ? x : { ...x, asOf: day }, day === null ? 'No day: the whole record; rules as of today' : `As of ${day}`);
  };
  const now = drag !== null ? dayText(drag) : s.asOf;
  const step = (way: 1 | -1): void => {
    const at = now ?? today;
    const next = way === 1 ? turns.find((d) => d > at) : turns.findLast((d) => d < at);
    if (next) set(next);
  };
  const releases = [...new Set((m?.sources ?? []).flatMap((x) => x.releases ?? []))].sort().reverse();
  return (
    <div class="time" role="group" aria-label="Time">
      <label class="field" for="as-of">As of</label>
      <input id="as-of" type="date" class={pending ? 'waiting' : ''} value={typed ?? now ?? ''} onInput={(e) => { setTyped(e.currentTarget.value); }}
        onKeyDown={(e) => { if (e.key === 'Enter') commit(); }}
        onBlur={(e) => { if (typed === '' && !e.currentTarget.validity.badInput) set(null); else commit(); setTyped(null); }} />
      <Button kind="icon" on={() => { step(-1); }} label="To the change before" disabled={!turns.some((d) => d < (now ?? today))}>◂</Button>
      <input type="range" class="slider" aria-label="Day asked about" min={first} max={last} step={1} value={now && isDay(now) ? dayNumber(now) : last} aria-valuetext={now ?? 'the whole record'}
        onInput={(e) => { setTyped(null); setDrag(Number(e.currentTarget.value)); }} />
      <Button kind="icon" on={() => { step(1); }} label="To the change after" disabled={!turns.some((d) => d > (now ?? today))}>▸</Button>
      <Button on={() => { set(null); }} disabled={s.asOf === null} label="No day: show the whole record">No day</Button>
      <label class="field" for="known-at">Known by</label>
      <select id="known-at" value={s.knownAt ?? ''} onChange={(e) => { const day = e.currentTarget.value || null; act((x) => ({ ...x, knownAt: day }), day ? `What was published by ${day}` : 'Everything published'); }}>
        <option value="">everything published</option>
        {s.knownAt && !releases.includes(s.knownAt) ? <option value={s.knownAt}>{s.knownAt}</option> : null}
        {releases.slice(0, RELEASES).map((d) => <option key={d} value={d}>{d}</option>)}
        {releases.length > RELEASES ? <option disabled>{`${releases.length - RELEASES} earlier ones are not listed`}</option> : null}
      </select>
    </div>
  );
}
