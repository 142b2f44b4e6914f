//! Numbers of as many bits as they need, one after the other: how they are laid out in a section
//! and read from it. Bytes that are not there read as nothing; who reads says what that means.

use std::ops::Range;

/// Zeros behind the last number, so that eight bytes can be read wherever one begins.
pub(super) const PAD: usize = 8;

/// Offsets that share a first one: a step of [stairs](Stairs).
pub(super) const STEP: usize = 64;

/// Numbers of a width in bits, at most 32, that lie `slope` further apart than is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Packing {
    width: u32,
    mask: u64,
    slope: u32,
    base: u32,
}

impl Packing {
    #[inline]
    pub(super) fn new(width: u8, slope: u8, base: u32) -> Packing {
        let width = u32::from(width).min(u32::BITS);
        Packing { width, mask: (1 << width) - 1, slope: u32::from(slope), base }
    }

    /// Bytes of so many numbers.
    pub(super) fn len(&self, items: u64) -> Option<u64> {
        let bits = items.checked_mul(u64::from(self.width))?;
        if bits == 0 { Some(0) } else { bits.div_ceil(8).checked_add(PAD as u64) }
    }

    /// The byte in which a number begins, and the bit in that.
    #[inline]
    pub(super) fn place(&self, i: usize) -> (usize, u32) {
        let bit = i as u64 * u64::from(self.width);
        ((bit >> 3) as usize, (bit & 7) as u32)
    }

    /// A number from the eight bytes at its place.
    #[inline]
    pub(super) fn value(&self, i: usize, eight: &[u8; 8], bit: u32) -> u32 {
        let above = (u64::from_le_bytes(*eight) >> bit & self.mask) as u32;
        self.plain(i).wrapping_add(above)
    }

    /// A number where none is written down.
    #[inline]
    pub(super) fn plain(&self, i: usize) -> u32 {
        self.base.wrapping_add(self.slope.wrapping_mul(i as u32))
    }

    /// A number from the bytes of a whole column.
    #[inline]
    pub(super) fn get(&self, bytes: &[u8], i: usize) -> Option<u32> {
        let (at, bit) = self.place(i);
        eight(bytes, at).map(|b| self.value(i, b, bit))
    }

    /// Whether all are alike.
    pub(super) fn only(&self) -> Option<u32> {
        (self.width == 0 && self.slope == 0).then_some(self.base)
    }

    /// Whether numbers follow from their places.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.width == 0
    }

    /// Neighbouring numbers, from the bytes that begin at the place of the first.
    #[inline]
    pub(super) fn run<'a>(&self, bytes: &'a [u8], first: usize, count: usize) -> Run<'a> {
        let bit = if self.width == 0 { 0 } else { self.place(first).1 as usize };
        Run { bytes, bit, next: self.plain(first), left: count, how: *self }
    }
}

/// Eight bytes at a place.
#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<&[u8; 8]> {
    bytes.get(at..)?.first_chunk()
}

/// Neighbouring numbers.
#[derive(Clone)]
pub(super) struct Run<'a> {
    bytes: &'a [u8],
    bit: usize,
    next: u32,
    left: usize,
    how: Packing,
}

impl Iterator for Run<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let above = eight(self.bytes, self.bit >> 3)
            .map_or(0, |b| (u64::from_le_bytes(*b) >> (self.bit & 7) & self.how.mask) as u32);
        let value = self.next.wrapping_add(above);
        self.bit = self.bit.wrapping_add(self.how.width as usize);
        self.next = self.next.wrapping_add(self.how.slope);
        Some(value)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Run<'_> {}

/// Offsets that never fall, in steps of [`STEP`]: the first of a step as a u32, then how far each
/// of the step lies above it, in bits of one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stairs {
    packing: Packing,
    stride: usize,
}

impl Stairs {
    #[inline]
    pub(super) fn new(width: u8) -> Stairs {
        let packing = Packing::new(width, 0, 0);
        Stairs { packing, stride: 4 + STEP / 8 * packing.width as usize }
    }

    /// Bytes of so many offsets.
    pub(super) fn len(&self, items: u64) -> Option<u64> {
        if items == 0 {
            return Some(0);
        }
        items.div_ceil(STEP as u64).checked_mul(self.stride as u64)?.checked_add(PAD as u64)
    }

    /// The bytes in which an offset and the next one lie: those of its step, and what follows.
    #[inline]
    pub(super) fn place(&self, i: usize) -> Range<usize> {
        let from = (i / STEP).saturating_mul(self.stride);
        from..from.saturating_add(self.stride + PAD)
    }

    /// An offset from the bytes at its place.
    #[inline]
    pub(super) fn get(&self, step: &[u8], i: usize) -> Option<u32> {
        let first = u32::from_le_bytes(*step.first_chunk()?);
        let (at, bit) = self.packing.place(i % STEP);
        let above = self.packing.value(0, eight(step, 4 + at)?, bit);
        Some(first.wrapping_add(above))
    }

    /// An offset and the next one, from the bytes at the place of the first.
    #[inline]
    pub(super) fn pair(&self, step: &[u8], i: usize) -> Option<(u32, u32)> {
        let end = match i % STEP + 1 {
            STEP => u32::from_le_bytes(*step.get(self.stride..)?.first_chunk()?),
            _ => self.get(step, i + 1)?,
        };
        Some((self.get(step, i)?, end))
    }
}

/// Neighbouring numbers of whole bytes, none above or below what is written down. Quicker than a
/// [`Run`] where a walk meets many short ones.
#[derive(Clone)]
pub(super) struct Ends<'a> {
    bytes: &'a [u8],
    step: usize,
    mask: u32,
}

impl<'a> Ends<'a> {
    /// From a column whose numbers have so many bits; the places must lie in it.
    #[inline]
    pub(super) fn new(column: &'a [u8], width: u32, at: Range<usize>) -> Option<Ends<'a>> {
        let step = (width / 8) as usize;
        let last = at.end.checked_sub(1)?.checked_mul(step)?.checked_add(4)?;
        let bytes = column.get(at.start.checked_mul(step)?..last)?;
        Some(Ends { bytes, step, mask: u32::MAX >> (u32::BITS - width.clamp(1, u32::BITS)) })
    }

    /// Neighbouring numbers into an array, as many as fit.
    pub(super) fn unpack(self, out: &mut [u32]) {
        match self.step {
            // A byte is left behind the last.
            3 => out.iter_mut().zip(self.bytes.as_chunks().0).for_each(|(slot, [a, b, c])| {
                *slot = u32::from_le_bytes([*a, *b, *c, 0]);
            }),
            4 => out.iter_mut().zip(self.bytes.as_chunks().0).for_each(|(slot, word)| {
                *slot = u32::from_le_bytes(*word);
            }),
            _ => out.iter_mut().zip(self).for_each(|(slot, end)| *slot = end),
        }
    }

    /// None.
    #[inline]
    pub(super) fn none() -> Ends<'a> {
        Ends { bytes: &[], step: 4, mask: 0 }
    }
}

impl Iterator for Ends<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        // Behind the last number fewer than four bytes are left.
        let four = self.bytes.first_chunk()?;
        self.bytes = self.bytes.get(self.step..).unwrap_or_default();
        Some(u32::from_le_bytes(*four) & self.mask)
    }
}

/// Nodes of a [line](Lines).
pub(super) const LINE: usize = 29;

/// Bytes of a line: what a processor fetches at once.
const LINE_BYTES: usize = 64;

/// Offsets of nodes that never fall: of every [`LINE`] nodes one line, the first offset as a u32 and
/// then, as u16, how far each of them and the end of the last lie above it. Where that does not
/// fit, u32 one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lines {
    wide: bool,
}

impl Lines {
    #[inline]
    pub(super) fn new(width: u8) -> Lines {
        Lines { wide: width == 32 }
    }

    /// Bytes of so many offsets, one more than there are nodes.
    pub(super) fn len(&self, items: u64) -> Option<u64> {
        let nodes = items.checked_sub(1)?;
        if self.wide { items.checked_mul(4) } else { nodes.div_ceil(LINE as u64).checked_mul(LINE_BYTES as u64) }
    }

    /// The bytes in which the offset of a node and the next one lie.
    #[inline]
    pub(super) fn place(&self, node: usize) -> Range<usize> {
        let (from, len) = if self.wide { (node.saturating_mul(4), 8) } else { (node / LINE * LINE_BYTES, LINE_BYTES) };
        from..from.saturating_add(len)
    }

    /// The offset of a node and the next one, from the bytes of the whole.
    #[inline]
    pub(super) fn pair(&self, bytes: &[u8], node: usize) -> Option<(u32, u32)> {
        self.pair_in(bytes.get(self.place(node))?, node)
    }

    /// The same from the bytes at its place.
    #[inline]
    pub(super) fn pair_in(&self, line: &[u8], node: usize) -> Option<(u32, u32)> {
        let number = |at: usize| line.get(at..).and_then(<[u8]>::first_chunk).map(|b| u32::from_le_bytes(*b));
        if self.wide {
            return Some((number(0)?, number(4)?));
        }
        let (first, both) = (number(0)?, number(4 + node % LINE * 2)?);
        Some((first.wrapping_add(both & 0xffff), first.wrapping_add(both >> 16)))
    }

    /// Offsets from one on, as far as there are bytes of them; how many.
    pub(super) fn unpack(&self, bytes: &[u8], from: usize, out: &mut [u32]) -> usize {
        let mut done = 0;
        if self.wide {
            let all = bytes.get(from.saturating_mul(4)..).unwrap_or_default().as_chunks().0;
            all.iter().zip(&mut *out).for_each(|(word, slot)| *slot = u32::from_le_bytes(*word));
            return all.len().min(out.len());
        }
        while let Some(slots) = out.get_mut(done..).filter(|s| !s.is_empty()) {
            let (line, at) = ((from + done) / LINE, (from + done) % LINE);
            let Some(line) = bytes.get(line * LINE_BYTES..).and_then(<[u8]>::first_chunk::<LINE_BYTES>) else { break };
            let first = u32::from_le_bytes([line[0], line[1], line[2], line[3]]);
            let above = line.get(4 + 2 * at..4 + 2 * LINE).unwrap_or_default().as_chunks().0;
            above.iter().zip(&mut *slots).for_each(|(a, slot)| {
                *slot = first.wrapping_add(u32::from(u16::from_le_bytes(*a)));
            });
            done += above.len().min(slots.len());
        }
        done
    }

    /// How offsets lie, and their bytes.
    pub(super) fn write(offsets: &[u32]) -> (u8, Vec<u8>) {
        let nodes = offsets.len().saturating_sub(1);
        let lines = || (0..nodes).step_by(LINE).map(|n| offsets.get(n..=(n + LINE).min(nodes)).unwrap_or_default());
        let range = |line: &[u32]| line.last().unwrap_or(&0).wrapping_sub(*line.first().unwrap_or(&0));
        if !lines().all(|line| range(line) <= u32::from(u16::MAX)) {
            return (32, offsets.iter().flat_map(|o| o.to_le_bytes()).collect());
        }
        let mut out = Vec::with_capacity(nodes.div_ceil(LINE) * LINE_BYTES);
        for line in lines() {
            let first = line.first().copied().unwrap_or(0);
            out.extend_from_slice(&first.to_le_bytes());
            out.extend(line.iter().flat_map(|o| (o.wrapping_sub(first) as u16).to_le_bytes()));
            out.resize(out.len().next_multiple_of(LINE_BYTES), 0);
        }
        (16, out)
    }
}

/// Writes numbers of a width in bits, lowest bits first.
pub(super) struct BitWriter {
    out: Vec<u8>,
    held: u64,
    bits: u32,
}

impl BitWriter {
    pub(super) fn new(room: usize) -> BitWriter {
        BitWriter { out: Vec::with_capacity(room), held: 0, bits: 0 }
    }

    /// A number of at most 32 bits.
    #[inline]
    pub(super) fn push(&mut self, value: u32, width: u32) {
        self.held |= u64::from(value) << self.bits;
        self.bits += width;
        if self.bits >= u32::BITS {
            self.out.extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= u32::BITS;
            self.bits -= u32::BITS;
        }
    }

    /// The bytes so far that are whole.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Ends the last byte.
    pub(super) fn flush(&mut self) {
        let bytes = self.held.to_le_bytes();
        self.out.extend_from_slice(bytes.get(..self.bits.div_ceil(8) as usize).unwrap_or_default());
        (self.held, self.bits) = (0, 0);
    }
}

/// Bits that a number needs.
pub(super) fn width_of(most: u64) -> u8 {
    (u64::BITS - most.leading_zeros()) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[u32], width: u8) -> Vec<u8> {
        let mut w = BitWriter::new(0);
        values.iter().for_each(|v| w.push(*v, u32::from(width)));
        w.flush();
        let mut bytes = w.bytes().clone();
        if !bytes.is_empty() {
            bytes.resize(bytes.len() + PAD, 0);
        }
        bytes
    }

    #[test]
    fn numbers_of_every_width_come_back() {
        for width in 0..=32u8 {
            let most = ((1u64 << width) - 1) as u32;
            let values: Vec<u32> = (0..301u32).map(|i| i.wrapping_mul(0x9e37_79b9) & most).chain([most, 0]).collect();
            let bytes = written(&values, width);
            let p = Packing::new(width, 3, 7);
            assert_eq!(p.len(values.len() as u64), Some(bytes.len() as u64), "{width}");
            let want: Vec<u32> =
                values.iter().enumerate().map(|(i, v)| v.wrapping_add(7).wrapping_add(3 * i as u32)).collect();
            for first in [0, 1, 5, 8, 299] {
                let from = p.place(first).0.min(bytes.len());
                let run: Vec<u32> = p.run(&bytes[from..], first, values.len() - first).collect();
                assert_eq!(run, want[first..], "{width}");
            }
            if width > 0 {
                assert!(want.iter().enumerate().all(|(i, w)| p.get(&bytes, i) == Some(*w)), "{width}");
                assert_eq!(p.get(&bytes, values.len() + 64), None);
            }
        }
    }

    #[test]
    fn numbers_of_whole_bytes_come_back() {
        for width in [8u8, 16, 24, 32] {
            let most = ((1u64 << width) - 1) as u32;
            let values: Vec<u32> = (0..50u32).map(|i| i.wrapping_mul(0x9e37_79b9) & most).collect();
            let bytes = written(&values, width);
            for at in [0..50, 3..4, 7..31, 49..50] {
                let run: Vec<u32> = Ends::new(&bytes, width.into(), at.clone()).unwrap().collect();
                assert_eq!(run, values[at.clone()], "{width}");
                let mut out = vec![0; at.len()];
                Ends::new(&bytes, width.into(), at).unwrap().unpack(&mut out);
                assert_eq!(out, run);
            }
            assert!(
                Ends::new(&bytes, width.into(), 0..0).is_none() && Ends::new(&bytes, width.into(), 0..70).is_none()
            );
        }
    }

    #[test]
    fn lines_hold_the_offsets_of_nodes() {
        for (nodes, hub) in
            [(0, 0), (1, 5), (28, 3), (29, 3), (30, 3), (58, 3), (100, 65_000), (100, 66_000), (90, 1 << 30)]
        {
            let mut offsets = vec![0u32];
            for n in 0..nodes {
                offsets.push(offsets[n] + if n == 40 { hub } else { n as u32 % 4 });
            }
            let (width, bytes) = Lines::write(&offsets);
            let lines = Lines::new(width);
            assert_eq!(width, if hub > 65_500 { 32 } else { 16 });
            assert_eq!(lines.len(offsets.len() as u64), Some(bytes.len() as u64));
            for n in 0..nodes {
                assert_eq!(lines.pair(&bytes, n), Some((offsets[n], offsets[n + 1])), "{n} of {nodes}");
            }
            assert_eq!(lines.pair(&bytes, nodes + LINE), None);
            for from in [0, 1, 28, 29, 57].into_iter().filter(|f| *f < nodes) {
                let mut out = vec![0; nodes - from];
                assert_eq!(lines.unpack(&bytes, from, &mut out), nodes - from);
                assert_eq!(out, offsets[from..nodes]);
            }
        }
    }

    #[test]
    fn stairs_hold_offsets() {
        let offsets: Vec<u32> = (0..200u32).map(|i| i * 9 + i % 7).collect();
        let step = |from: usize| offsets[from];
        let mut w = BitWriter::new(0);
        for (i, o) in offsets.iter().enumerate() {
            if i % STEP == 0 {
                w.bytes().extend_from_slice(&o.to_le_bytes());
            }
            w.push(o - step(i / STEP * STEP), 10);
        }
        (200..256).for_each(|_| w.push(0, 10));
        w.flush();
        w.bytes().extend_from_slice(&[0; PAD]);
        let (bytes, s) = (w.bytes().clone(), Stairs::new(10));
        assert_eq!(s.len(200), Some(bytes.len() as u64));
        for i in 0..199 {
            let at = &bytes[s.place(i)];
            assert_eq!((s.get(at, i), s.pair(at, i)), (Some(offsets[i]), Some((offsets[i], offsets[i + 1]))), "{i}");
        }
    }

    #[test]
    fn bytes_that_are_missing_read_as_nothing() {
        let p = Packing::new(20, 0, 0);
        assert_eq!((p.get(&[1; 7], 0), p.get(&[], 0)), (None, None));
        assert_eq!(p.run(&[1; 3], 0, 2).collect::<Vec<_>>(), [0, 0]);
        assert_eq!((p.len(u64::MAX), Stairs::new(32).len(u64::MAX)), (None, None));
        assert_eq!((Lines::new(16).pair(&[1; 63], 3), Lines::new(32).pair(&[1; 11], 1)), (None, None));
        assert_eq!((Lines::new(16).len(0), Lines::new(32).len(u64::MAX)), (None, None));
        let s = Stairs::new(9);
        assert_eq!((s.get(&[1; 3], 0), s.get(&[1; 10], 0), s.pair(&[1; 40], 63)), (None, None, None));
    }
}
