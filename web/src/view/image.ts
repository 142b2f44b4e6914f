// The picture as the drawing that is shown has it; who draws registers here.
import type { Drawing } from '../draw/drawing.ts';

const drawings: Drawing[] = [];

export const shownDrawing = (d: Drawing): void => { drawings.push(d); };
export const goneDrawing = (d: Drawing | undefined): void => { const i = d ? drawings.indexOf(d) : -1; if (i >= 0) drawings.splice(i, 1); };
export const drawingImage = async (): Promise<Blob | null> => await drawings[0]?.image() ?? null;
