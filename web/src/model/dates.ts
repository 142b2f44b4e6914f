// Days as texts and as numbers of the slider.
const DAY = 86_400_000;

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
  && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
/** A year that is being typed begins with zeros: such a day is not asked about. */
export const isWhole = (day: string): boolean => isDay(day) && day >= '1000';
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
export const dayText = (n: number): string => new Date(n * DAY).toISOString().slice(0, 10);

/** The first day of a date that may be partial. */
export const firstDay = (date: string): string => date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date.slice(0, 10);

/** The days at which something of a document begins or ends: where a slider shows marks. */
export function turningDays(dates: Iterable<string | null | undefined>): string[] {
  const days = new Set<string>();
  for (const d of dates) if (d && /^\d{4}(-\d{2}){0,2}$/.test(d)) days.add(firstDay(d));
  return [...days].sort();
}
