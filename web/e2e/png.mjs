// Screenshots with a palette of 256 colours: a third of the size, for pictures in the repository.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGN = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TABLE = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
const crc = (data) => { let c = 0xffffffff; for (const b of data) c = TABLE[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** Width, height, bytes per pixel and the pixels of an 8-bit colour PNG. */
function decode(png) {
  let at = 8, width = 0, height = 0, bpp = 0;
  const parts = [];
  while (at < png.length) {
    const size = png.readUInt32BE(at), name = png.toString('latin1', at + 4, at + 8), data = png.subarray(at + 8, at + 8 + size);
    if (name === 'IHDR') { width = data.readUInt32BE(0); height = data.readUInt32BE(4); bpp = data[9] === 6 ? 4 : 3; }
    if (name === 'IDAT') parts.push(data);
    at += size + 12;
  }
  const raw = inflateSync(Buffer.concat(parts)), line = width * bpp;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; x += 1) {
      const v = raw[y * (line + 1) + 1 + x], a = x >= bpp ? out[y * line + x - bpp] : 0, b = y > 0 ? out[(y - 1) * line + x] : 0, c = x >= bpp && y > 0 ? out[(y - 1) * line + x - bpp] : 0;
      const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
      const add = [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][filter];
      out[y * line + x] = (v + add) & 255;
    }
  }
  return { width, height, bpp, out };
}

export function smaller(png) {
  const { width, height, bpp, out } = decode(png);
  const seen = new Map();
  const keys = new Uint32Array(width * height);
  for (let i = 0; i < keys.length; i += 1) {
    const at = i * bpp;
    keys[i] = (out[at] << 16) | (out[at + 1] << 8) | out[at + 2];
    seen.set(keys[i], (seen.get(keys[i]) ?? 0) + 1);
  }
  // The most frequent of each neighbourhood of colours first, so that a rare red stays red.
  const frequent = [...seen].sort((a, b) => b[1] - a[1]).map(([k]) => k);
  const bins = new Map();
  for (const k of frequent) { const bin = k & 0xe0e0e0; if (!bins.has(bin)) bins.set(bin, k); }
  const palette = [...new Set([...[...bins.values()].slice(0, 160), ...frequent])].slice(0, 256);
  const nearest = new Map(palette.map((k, i) => [k, i]));
  for (const k of seen.keys()) {
    if (nearest.has(k)) continue;
    let best = 0, least = Infinity;
    palette.forEach((q, i) => {
      const d = ((k >> 16) - (q >> 16)) ** 2 + (((k >> 8) & 255) - ((q >> 8) & 255)) ** 2 + ((k & 255) - (q & 255)) ** 2;
      if (d < least) { least = d; best = i; }
    });
    nearest.set(k, best);
  }
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = nearest.get(keys[y * width + x]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0); head.writeUInt32BE(height, 4); head[8] = 8; head[9] = 3;
  const colours = Buffer.from(palette.flatMap((k) => [k >> 16, (k >> 8) & 255, k & 255]));
  return Buffer.concat([SIGN, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
