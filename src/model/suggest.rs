//! The known words that a misspelt word may mean.

/// Words longer than this get no suggestion: they are no misspelling of a type name.
const MAX_WORD: usize = 64;

/// Edit distance (insert, delete, replace), for short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (pair, cb) in row.windows(2).zip(&b) {
            if let [diagonal, up] = pair {
                left = (diagonal + usize::from(ca != *cb)).min(up + 1).min(left + 1);
                next.push(left);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// At most three known words near to `word`: misspellings first, then words that contain it or
/// that it contains.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if word.is_empty() || word.len() > MAX_WORD {
        return Vec::new();
    }
    let word = word.to_lowercase().replace(['-', ' '], "_");
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|k| {
            let d = distance(&word, k);
            let part = word.len() > 2 && k.len() > 2 && (k.contains(&word) || word.contains(k));
            (d * 3 <= word.len().max(3)).then_some(d).or(part.then_some(d + MAX_WORD)).map(|d| (d, k))
        })
        .collect();
    near.sort_unstable();
    near.dedup_by_key(|(_, k)| *k);
    near.into_iter().take(3).map(|(_, k)| k).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions() {
        let known = ["owns", "owns_or_controls", "person", "company", "votes_in"];
        let near = |w| nearest(w, known.iter().copied());
        assert_eq!(near("own"), ["owns", "owns_or_controls"]);
        assert_eq!(near("persn"), ["person"]);
        assert_eq!(near("Owns-or-controls").first(), Some(&"owns_or_controls"));
        assert!(near("zebra").is_empty());
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
