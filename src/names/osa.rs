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
    let mut peq = [0u64; 128];
    for (i, c) in short.iter().enumerate() {
        if let Some(p) = peq.get_mut(usize::from(*c & 127)) {
            *p |= 1 << i;
        }
    }
    let last = 1u64 << (short.len() - 1);
    let (mut pv, mut mv, mut d0, mut before, mut score) = (!0u64, 0u64, 0u64, 0u64, short.len());
    for (j, c) in long.iter().enumerate() {
        let pm = peq.get(usize::from(*c & 127)).copied().unwrap_or(0);
        let tr = ((!d0 & pm) << 1) & before;
        d0 = (((pm & pv).wrapping_add(pv)) ^ pv) | pm | mv | tr;
        let hp = mv | !(d0 | pv);
        let hn = d0 & pv;
        if hp & last != 0 {
            score += 1;
        }
        if hn & last != 0 {
            score -= 1;
        }
        if score > limit + (long.len() - 1 - j) {
            return None;
        }
        let hp = (hp << 1) | 1;
        pv = (hn << 1) | !(d0 | hp);
        mv = hp & d0;
        before = pm;
    }
    (score <= limit).then_some(score)
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
}
