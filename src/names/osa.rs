//! Edit distance with transpositions of neighbours (optimal string alignment), bit-parallel.
//!
//! After H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances"
//! (Nordic Journal of Computing 10, 2003).

/// The longer of the two is cut to this many bytes.
pub(super) const MAX_WORD: usize = 64;

/// The distance of two ASCII words, or `None` where it is over `limit`.
pub(super) fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let (a, b) = trim(a, b);
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let (short, long) = (short.get(..MAX_WORD).unwrap_or(short), long.get(..MAX_WORD).unwrap_or(long));
    if long.len() - short.len() > limit {
        return None;
    }
    if short.is_empty() {
        return Some(long.len());
    }
    if limit == 0 {
        return None;
    }
    Pattern::new(short).distance(long, u32::try_from(limit).unwrap_or(u32::MAX)).map(|d| d as usize)
}

/// A word to compare with many others.
pub(super) struct Pattern {
    /// For each byte, where it stands in the word.
    at: [u64; 256],
    len: usize,
}

impl Pattern {
    /// A word of at most [`MAX_WORD`] bytes; what is longer is cut.
    pub(super) fn new(word: &[u8]) -> Pattern {
        let word = word.get(..word.len().min(MAX_WORD)).unwrap_or_default();
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

/// Both without what they share at their ends.
pub(super) fn trim<'a>(a: &'a [u8], b: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(head..).unwrap_or(&[]), b.get(head..).unwrap_or(&[]));
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (a.get(..a.len() - tail).unwrap_or(&[]), b.get(..b.len() - tail).unwrap_or(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(a: &[u8], b: &[u8]) -> usize {
        let mut d = vec![vec![0usize; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let same = usize::from(a[i - 1] != b[j - 1]);
                    let mut best = (d[i - 1][j] + 1).min(d[i][j - 1] + 1).min(d[i - 1][j - 1] + same);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(d[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        d[a.len()][b.len()]
    }

    #[test]
    fn equals_the_table_method_on_all_short_words() {
        let words: Vec<Vec<u8>> = (0..4usize.pow(5))
            .map(|n| (0..5).map(|k| b"abc."[n / 4usize.pow(k) % 4]).filter(|c| *c != b'.').collect())
            .collect();
        for a in words.iter().step_by(7) {
            for b in words.iter().step_by(5) {
                let want = slow(a, b);
                for limit in 0..6 {
                    assert_eq!(distance(a, b, limit), (want <= limit).then_some(want), "{a:?} {b:?} {limit}");
                }
            }
        }
    }

    #[test]
    fn known_words() {
        assert_eq!(distance(b"sergey", b"sregey", 2), Some(1));
        assert_eq!(distance(b"kozlov", b"kotov", 3), Some(2));
        assert_eq!(distance(b"", b"abc", 3), Some(3));
        assert_eq!(distance(&[b'a'; 200], &[b'b'; 200], 3), None);
    }

    #[test]
    fn a_pattern_agrees_with_the_table_method() {
        let mut seed = 7u64;
        let mut next = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for _ in 0..20_000 {
            let a: Vec<u8> = (0..next(12)).map(|_| b'a' + next(3) as u8).collect();
            let b: Vec<u8> = (0..next(12)).map(|_| b'a' + next(3) as u8).collect();
            let d = slow(&a, &b) as u32;
            for most in 0..5 {
                let wanted = (d <= most).then_some(d);
                assert_eq!(Pattern::new(&a).distance(&b, most), wanted, "{a:?} {b:?} {most}");
            }
        }
    }
}
