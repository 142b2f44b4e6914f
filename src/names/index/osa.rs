//! Edit distance with transpositions of neighbours (optimal string alignment), for one word against many: its letters as
//! bits, a column of the table in one machine word (Hyyrö 2003).

/// A word to compare with many others.
pub(super) struct Pattern {
    /// For each byte, where it stands in the word.
    at: [u64; 256],
    len: usize,
}

impl Pattern {
    /// A word of at most 64 bytes; what is longer is cut.
    pub(super) fn new(word: &[u8]) -> Pattern {
        let word = word.get(..word.len().min(64)).unwrap_or_default();
        let mut at = [0u64; 256];
        for (i, b) in word.iter().enumerate() {
            if let Some(a) = at.get_mut(usize::from(*b)) {
                *a |= 1 << i;
            }
        }
        Pattern { at, len: word.len() }
    }

    /// Bytes of the word.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The distance to another word in bytes where it is at most `most`.
    pub(super) fn distance(&self, other: &[u8], most: u32) -> Option<u32> {
        if self.len.abs_diff(other.len()) > most as usize {
            return None;
        }
        if self.len == 0 {
            return Some(other.len() as u32);
        }
        let top = 1u64 << (self.len - 1);
        let (mut vp, mut vn, mut d0, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
        let mut score = self.len as u32;
        for (j, b) in other.iter().enumerate() {
            let here = self.at.get(usize::from(*b)).copied().unwrap_or(0);
            let swapped = ((!d0 & here) << 1) & before;
            d0 = (((here & vp).wrapping_add(vp)) ^ vp) | here | vn | swapped;
            let hp = vn | !(d0 | vp);
            let hn = d0 & vp;
            if hp & top != 0 {
                score += 1;
            } else if hn & top != 0 {
                score -= 1;
            }
            // Each byte left can lower the score by one at most.
            let left = (other.len() - j - 1) as u32;
            if score > most + left {
                return None;
            }
            let hp = (hp << 1) | 1;
            vp = (hn << 1) | !(d0 | hp);
            vn = hp & d0;
            before = here;
        }
        (score <= most).then_some(score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table written out.
    fn plain(a: &[u8], b: &[u8]) -> u32 {
        let mut t = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                t[i][j] = if i == 0 || j == 0 {
                    (i + j) as u32
                } else {
                    let same = u32::from(a[i - 1] != b[j - 1]);
                    let mut d = (t[i - 1][j] + 1).min(t[i][j - 1] + 1).min(t[i - 1][j - 1] + same);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        d = d.min(t[i - 2][j - 2] + 1);
                    }
                    d
                };
            }
        }
        t[a.len()][b.len()]
    }

    #[test]
    fn agrees_with_the_table() {
        let mut seed = 7u64;
        let mut next = |n: u64| {
            seed = super::super::hashes::mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
            seed % n
        };
        for _ in 0..20_000 {
            let a: Vec<u8> = (0..next(12)).map(|_| b'a' + next(3) as u8).collect();
            let b: Vec<u8> = (0..next(12)).map(|_| b'a' + next(3) as u8).collect();
            let d = plain(&a, &b);
            for most in 0..5 {
                let wanted = (d <= most).then_some(d);
                assert_eq!(Pattern::new(&a).distance(&b, most), wanted, "{a:?} {b:?} {most}");
            }
        }
    }
}
