// What every way of drawing offers; two modules have it, loaded when they are needed.
import type { Scene } from '../model/scene.ts';
import type { Point } from '../model/state.ts';

export interface Events {
  node(id: string): void;
  edge(id: string): void;
  nothing(): void;
  open(id: string): void;
  moved(places: Record<string, Point>): void;
  hover(id: string | null, at: Point): void;
  /** Places that the drawing worked out itself. */
  arranged?(places: Record<string, Point>): void;
}

export interface Drawing {
  update(scene: Scene): void;
  fit(): void;
  zoom(factor: number): void;
  /** Brings a party into sight. */
  reveal(id: string): void;
  theme(): void;
  image(): Promise<Blob | null>;
  destroy(): void;
}

export type Make = (box: HTMLElement, events: Events, scene: Scene) => Drawing;

export interface Theme { text: string; back: string; line: string; soft: string; accent: string; listed: string; blocked: string; doubt: string; fill: Record<string, string> }

export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const v = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: v('text'), back: v('canvas'), line: v('edge'), soft: v('soft'), accent: v('accent'), listed: v('listed'), blocked: v('blocked'),
    doubt: v('doubt'),
    fill: { person: v('fill-person'), legal: v('fill-legal'), state: v('fill-state'), asset: v('fill-asset'), program: v('fill-program'), other: v('fill-other') },
  };
}

export function hasWebGl(): boolean {
  try {
    const canvas = document.createElement('canvas');
    const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    (gl as WebGLRenderingContext | null)?.getExtension('WEBGL_lose_context')?.loseContext();
    return gl !== null;
  } catch { return false; }
}
