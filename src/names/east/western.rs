//! Western given names put before or behind an East Asian name ("Jack Ma Yun").

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let text = include_str!("../../../data/names/east/western.tsv");
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Takes one such name from either end: how many were taken and the rest. `None` if the rest
/// is too short to be a name by itself (then the name is a Western one with a surname).
pub(super) fn strip(words: &[Vec<String>]) -> Option<(u8, &[Vec<String>])> {
    let is = |parts: &[String]| matches!(parts, [one] if NAMES.contains(one.as_str()));
    match words {
        [first, rest @ ..] if is(first) => (!rest.is_empty() && rest.iter().flatten().count() > 1).then_some((1, rest)),
        [rest @ .., last] if is(last) => (!rest.is_empty() && rest.iter().flatten().count() > 1).then_some((1, rest)),
        _ => Some((0, words)),
    }
}
