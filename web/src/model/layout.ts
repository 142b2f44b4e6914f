// Positions of parties in the network view. Deterministic: same picture, same places. What is placed stays.
import type { Point } from './state.ts';

export interface Tie { a: string; b: string }
type Places = Record<string, Point>;

const GAP = 118;

function neighboursOf(ties: Tie[]): Map<string, string[]> {
  const out = new Map<string, string[]>();
  const add = (x: string, y: string): void => { const l = out.get(x); if (l) l.push(y); else out.set(x, [y]); };
  for (const { a, b } of ties) if (a !== b) { add(a, b); add(b, a); }
  return out;
}

/** Squares of the plane that are taken, so that a look for a free place does not go through all. */
class Taken {
  private readonly cells = new Map<string, Point[]>();
  private key(x: number, y: number): string { return `${Math.floor(x / GAP)},${Math.floor(y / GAP)}`; }
  add(p: Point): void {
    const k = this.key(p[0], p[1]);
    const have = this.cells.get(k);
    if (have) have.push(p); else this.cells.set(k, [p]);
  }
  free(p: Point, gap: number): boolean {
    for (let dx = -1; dx <= 1; dx += 1) for (let dy = -1; dy <= 1; dy += 1) {
      for (const q of this.cells.get(this.key(p[0] + dx * GAP, p[1] + dy * GAP)) ?? []) {
        if (Math.abs(q[0] - p[0]) < gap && Math.abs(q[1] - p[1]) < gap * 0.66) return false;
      }
    }
    return true;
  }
}

/** Rings around a point, nearest first, from the angle that leads away from what is there. */
function spot(around: Point, away: number, taken: Taken, full: { ring: number }): Point {
  for (let ring = full.ring; ring < 60; ring += 1) {
    full.ring = ring;
    const radius = ring * GAP * 1.25;
    const steps = Math.max(8, Math.floor((2 * Math.PI * radius) / GAP));
    for (let i = 0; i < steps; i += 1) {
      const turn = (i % 2 === 0 ? i / 2 : -(i + 1) / 2) * (2 * Math.PI / steps);
      const p: Point = [around[0] + radius * Math.cos(away + turn), around[1] + radius * 0.8 * Math.sin(away + turn)];
      if (taken.free(p, GAP)) { taken.add(p); return p; }
    }
  }
  return around;
}

/** Places for the parties that have none, beside those they are tied to. */
export function place(ids: string[], ties: Tie[], have: Places): Places {
  const out: Places = {};
  const near = neighboursOf(ties);
  const taken = new Taken();
  for (const id of ids) { const p = have[id]; if (p) { out[id] = p; taken.add(p); } }
  const queue = ids.filter((id) => !out[id]);
  // Those with most ties first among the ones without an anchor, so that they become centres.
  let waiting = queue;
  // Rings around a party that are full are not looked through again.
  const full = new Map<string, { ring: number }>();
  while (waiting.length > 0) {
    const next = waiting.filter((id) => (near.get(id) ?? []).some((n) => out[n]));
    if (next.length === 0) {
      const centre = waiting.reduce((x, y) => (near.get(y)?.length ?? 0) > (near.get(x)?.length ?? 0) ? y : x);
      const all = Object.values(out);
      const right = all.length > 0 ? Math.max(...all.map((p) => p[0])) + GAP * 3 : 0;
      const middle = all.length > 0 ? all.reduce((sum, p) => sum + p[1], 0) / all.length : 0;
      const p: Point = [right, middle];
      out[centre] = p; taken.add(p);
      waiting = waiting.filter((id) => id !== centre);
      continue;
    }
    const away = new Map<string, number>();
    for (const id of next) {
      const anchor = (near.get(id) ?? []).find((n) => out[n]);
      const at = anchor === undefined ? undefined : out[anchor];
      if (anchor === undefined || !at) continue;
      const rings = full.get(anchor) ?? { ring: 1 };
      full.set(anchor, rings);
      out[id] = spot(at, away.get(anchor) ?? awayFrom(anchor, at, near, out, next, away), taken, rings);
    }
    const placed = new Set(next);
    waiting = waiting.filter((id) => !placed.has(id));
  }
  return out;
}

function awayFrom(anchor: string, at: Point, near: Map<string, string[]>, out: Places, fresh: string[], kept: Map<string, number>): number {
  let x = 0, y = 0;
  const isNew = new Set(fresh);
  for (const n of near.get(anchor) ?? []) {
    const p = out[n];
    if (p && !isNew.has(n)) { x += p[0] - at[0]; y += p[1] - at[1]; }
  }
  const angle = x === 0 && y === 0 ? Math.PI / 2 : Math.atan2(-y, -x);
  kept.set(anchor, angle);
  return angle;
}

const bump = (of: Float64Array, i: number, by: number): void => { of[i] = (of[i] ?? 0) + by; };

/** Spreads a picture out: ties pull, parties push, pinned ones stay. Bounded; meant for up to about 800 parties. */
export function spread(ids: string[], ties: Tie[], have: Places, pinned: Set<string>, most = 160): Places {
  const rounds = ids.length > 300 ? Math.min(most, 60) : most;
  const at = ids.map((id, i): Point => have[id] ?? [Math.cos(i) * GAP * Math.sqrt(i + 1), Math.sin(i) * GAP * Math.sqrt(i + 1)]);
  const index = new Map(ids.map((id, i) => [id, i]));
  const lines = ties.flatMap(({ a, b }) => { const i = index.get(a), j = index.get(b); return i === undefined || j === undefined || i === j ? [] : [[i, j] as const]; });
  const ideal = GAP;
  for (let round = 0; round < rounds; round += 1) {
    const heat = ideal * 0.6 * (1 - round / rounds) + 1;
    const dx = new Float64Array(ids.length), dy = new Float64Array(ids.length);
    for (let i = 0; i < at.length; i += 1) for (let j = i + 1; j < at.length; j += 1) {
      const p = at[i] as Point, q = at[j] as Point;
      // Names are wider than high: beside each other parties need more room than above each other.
      let x = (p[0] - q[0]) * 0.72, y = p[1] - q[1];
      if (Math.abs(x) < 0.5 && Math.abs(y) < 0.5) { x = ((i * 7 + j * 13) % 11) - 5.5; y = ((i * 5 + j * 3) % 7) - 3.5; }
      const d2 = x * x + y * y;
      if (d2 > ideal * ideal * 25) continue;
      const f = (ideal * ideal) / d2;
      bump(dx, i, x * f); bump(dy, i, y * f); bump(dx, j, -x * f); bump(dy, j, -y * f);
    }
    for (const [i, j] of lines) {
      const p = at[i] as Point, q = at[j] as Point;
      const x = p[0] - q[0], y = p[1] - q[1];
      const f = Math.sqrt(x * x + y * y) / ideal;
      bump(dx, i, -x * f); bump(dy, i, -y * f); bump(dx, j, x * f); bump(dy, j, y * f);
    }
    for (let i = 0; i < at.length; i += 1) {
      if (pinned.has(ids[i] as string)) continue;
      const x = dx[i] as number, y = dy[i] as number;
      const length = Math.sqrt(x * x + y * y) || 1;
      const go = Math.min(length, heat) / length;
      const p = at[i] as Point;
      at[i] = [p[0] + x * go, p[1] + y * go];
    }
  }
  return Object.fromEntries(ids.map((id, i) => { const p = at[i] as Point; return [id, [Math.round(p[0]), Math.round(p[1])]]; }));
}

const LARGER = 1.7;

/** The same arrangement with room for boxes of that size: larger, then those that still lie on each other moved apart. */
export function apart(places: Places, width: number, height: number): Places {
  const ids = Object.keys(places);
  const at = ids.map((id): Point => [...places[id] as Point]);
  let scale = 1;
  each(at, (p, q) => {
    const x = Math.abs(p[0] - q[0]), y = Math.abs(p[1] - q[1]);
    if (x * scale >= width || y * scale >= height) return;
    scale = Math.min(LARGER, Math.max(scale, Math.min(x > 0 ? width / x : LARGER, y > 0 ? height / y : LARGER)));
  });
  if (scale === 1) return places;
  for (const p of at) { p[0] *= scale; p[1] *= scale; }
  for (let round = 0, moved = true; round < 200 && moved; round += 1) {
    moved = false;
    each(at, (p, q) => {
      const x = width - Math.abs(p[0] - q[0]), y = height - Math.abs(p[1] - q[1]);
      if (x <= 0.5 || y <= 0.5) return;
      moved = true;
      const axis = x / width < y / height ? 0 : 1;
      const by = (axis === 0 ? x : y) / 2 + 0.5, way = p[axis] < q[axis] ? -1 : 1;
      p[axis] += by * way; q[axis] -= by * way;
    });
  }
  return Object.fromEntries(ids.map((id, i) => { const p = at[i] as Point; return [id, [Math.round(p[0]), Math.round(p[1])]]; }));
}

function each(points: Point[], f: (p: Point, q: Point) => void): void {
  for (let i = 0; i < points.length; i += 1) for (let j = i + 1; j < points.length; j += 1) f(points[i] as Point, points[j] as Point);
}

/** The nearest party in a direction: how arrow keys move. */
export function toward(from: Point, places: Places, way: 'up' | 'down' | 'left' | 'right'): string | null {
  let best: string | null = null, least = Infinity;
  for (const [id, p] of Object.entries(places)) {
    const x = p[0] - from[0], y = p[1] - from[1];
    const along = way === 'up' ? -y : way === 'down' ? y : way === 'left' ? -x : x;
    const across = way === 'up' || way === 'down' ? Math.abs(x) : Math.abs(y);
    if (along < 1) continue;
    const cost = along + across * 2;
    if (cost < least) { least = cost; best = id; }
  }
  return best;
}

/** Places for all: new parties beside those they are tied to, then moved apart while what was there stays. */
export function settle(ids: string[], ties: Tie[], have: Places): Places {
  const fresh = ids.filter((id) => !have[id]);
  if (fresh.length === 0) return have;
  return spread(ids, ties, place(ids, ties, have), new Set(ids.filter((id) => have[id])));
}
