// Shares as words. They come as exact texts and stay texts: nothing here is rounded.
import type { Range, Share } from '../api/types.ts';

export function shareText(share: Share): string | null {
  if (share === null || share === undefined) return null;
  if (typeof share === 'string' || typeof share === 'number') return `${share} %`;
  const low = share.exclusive_min !== undefined ? `>${share.exclusive_min}` : share.min ?? '0';
  const high = share.exclusive_max !== undefined ? `<${share.exclusive_max}` : share.max ?? '100';
  return low === high ? `${low} %` : `${low} to ${high} %`;
}

export function rangeText(range: Range | null | undefined): string | null {
  if (!range) return null;
  if (range.min === range.max) return `${range.min} %`;
  return `${range.min_excluded ? '>' : ''}${range.min} to ${range.max_excluded ? '<' : ''}${range.max} %`;
}
