//! Reading and writing numbers in the block. Every read is checked against the end: past it all
//! numbers are 0 and all texts empty, so that damaged bytes give wrong answers and never a panic.

/// A little-endian u32 at a place, or 0 past the end.
#[inline]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at.wrapping_add(4)) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// The number with this place in a column of u32.
#[inline]
pub(super) fn nth(column: &[u8], i: u32) -> u32 {
    u32_at(column, (i as usize).wrapping_mul(4))
}

/// A little-endian number of `width` bytes (at most 4) at a place, or 0 past the end.
#[inline]
pub(super) fn small_at(bytes: &[u8], at: usize, width: usize) -> u32 {
    let mut out = 0u32;
    for (k, b) in bytes.get(at..at.wrapping_add(width)).unwrap_or_default().iter().take(4).enumerate() {
        out |= u32::from(*b) << (8 * k);
    }
    out
}

/// A number of seven bits a byte, low ones first; moves `at` behind it. Ends at the end of the
/// bytes and after five of them.
#[inline]
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> u32 {
    let mut out = 0u32;
    let mut shift = 0u32;
    while let Some(b) = bytes.get(*at) {
        *at += 1;
        out |= u32::from(b & 0x7f).wrapping_shl(shift);
        if b & 0x80 == 0 || shift == 28 {
            break;
        }
        shift += 7;
    }
    out
}

/// Appends such a number.
#[inline]
pub(super) fn put_varint(out: &mut Vec<u8>, mut n: u32) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends the low `width` bytes of a number.
#[inline]
pub(super) fn put_small(out: &mut [u8], at: usize, n: u32, width: usize) {
    for (k, o) in out.iter_mut().skip(at).take(width.min(4)).enumerate() {
        *o = (n >> (8 * k)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut out = Vec::new();
        let all = [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 27, u32::MAX];
        for n in all {
            put_varint(&mut out, n);
        }
        let mut at = 0;
        for n in all {
            assert_eq!(varint(&out, &mut at), n);
        }
        assert_eq!(at, out.len());
        assert_eq!(varint(&out, &mut at), 0);
    }

    #[test]
    fn nothing_past_the_end() {
        assert_eq!(u32_at(&[1, 2, 3], 0), 0);
        assert_eq!(u32_at(&[1, 2, 3, 4], usize::MAX - 1), 0);
        assert_eq!(nth(&[1, 0, 0, 0], u32::MAX), 0);
        let mut at = 0;
        assert_eq!(varint(&[0xff; 9], &mut at), u32::MAX);
        assert_eq!(at, 5);
    }
}
