//! Western given names put before or behind an East Asian name ("Jack Ma Yun").

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let text = files::WESTERN;
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a word is such a name.
pub(super) fn is(word: &str) -> bool {
    NAMES.contains(word)
}

/// Takes one such name out, wherever it stands: how many were taken and the other words. `None` if
/// the rest is too short to be a name by itself (then the name is a Western one with a surname).
pub(super) fn strip(words: &[Vec<String>]) -> Option<(u8, Vec<&[String]>)> {
    let found = words.iter().position(|parts| matches!(&parts[..], [one] if is(one)));
    let rest = words.iter().enumerate().filter(|(place, _)| Some(*place) != found).map(|(_, parts)| parts.as_slice());
    let rest: Vec<&[String]> = rest.collect();
    if found.is_some() && rest.iter().map(|parts| parts.len()).sum::<usize>() < 2 {
        return None;
    }
    Some((u8::from(found.is_some()), rest))
}
