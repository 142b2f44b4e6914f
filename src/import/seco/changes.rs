//! The changes of an entry of the SECO list, and when it was listed by them.

use crate::model::PartialDate;
use std::cmp::Reverse;

/// One change of an entry.
pub(super) struct Change<'a> {
    /// The publisher's word.
    pub(super) kind: &'a str,
    pub(super) day: Option<PartialDate>,
}

/// From when to when the target was listed, by its changes. The publisher writes the newest
/// first, which decides between changes of one day.
pub(super) fn periods(changes: Vec<Change<'_>>) -> Vec<(Option<PartialDate>, Option<PartialDate>)> {
    // A change without a day came after the one that is written below it.
    let mut before = None;
    let mut ordered: Vec<(Option<PartialDate>, usize, Change<'_>)> = Vec::new();
    for (i, c) in changes.into_iter().enumerate().rev() {
        before = c.day.or(before);
        ordered.push((before, i, c));
    }
    ordered.sort_by_key(|(day, i, _)| (*day, Reverse(*i)));
    let (mut out, mut known) = (Vec::new(), false);
    let mut open: Option<Option<PartialDate>> = None;
    for (.., c) in ordered {
        match c.kind {
            "listed" | "re-listed" if open.is_none() => open = Some(c.day),
            // Who is amended was on the list before.
            "amended" if open.is_none() && !known => open = Some(None),
            "de-listed" if open.is_some() || !known => {
                // On a day that is not known: it is no longer listed, and since when is not told.
                out.extend(c.day.map(|to| (open.take().flatten(), Some(to))));
                open = None;
            }
            _ => {}
        }
        known |= matches!(c.kind, "listed" | "re-listed" | "amended" | "de-listed");
    }
    match open {
        Some(from) => out.push((from, None)),
        None if !known => out.push((None, None)),
        None => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(changes: &[(&'static str, &str)]) -> String {
        let changes = changes.iter().map(|(kind, day)| Change { kind, day: PartialDate::parse(day).ok() });
        let day = |d: Option<PartialDate>| d.map_or("?".to_owned(), |d| d.to_string());
        let all = periods(changes.collect());
        all.iter().map(|(a, b)| format!("{}..{}", day(*a), day(*b))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn periods_of_listing() {
        for (changes, want) in [
            (&[][..], "?..?"),
            (&[("listed", "2014")], "2014..?"),
            (&[("amended", "2015"), ("listed", "2014")], "2014..?"),
            (&[("amended", "2015")], "?..?"),
            (&[("de-listed", "2016"), ("amended", "2015"), ("listed", "2014")], "2014..2016"),
            (&[("amended", "2025-06-03"), ("de-listed", "2025-06-20"), ("listed", "2014")], "2014..2025-06-20"),
            (&[("de-listed", "2016")], "?..2016"),
            (&[("re-listed", "2018"), ("de-listed", "2016"), ("listed", "2014")], "2014..2016 2018..?"),
            (&[("re-listed", "2016"), ("de-listed", "2016"), ("listed", "2014")], "2014..2016 2016..?"),
            (&[("listed", "2015"), ("listed", "2014")], "2014..?"),
            (&[("de-listed", "2017"), ("de-listed", "2016"), ("listed", "2014")], "2014..2016"),
            (&[("amended", "2017"), ("de-listed", "2016"), ("listed", "2014")], "2014..2016"),
            (&[("renamed", "2017")], "?..?"),
            (&[("de-listed", ""), ("listed", "2014")], ""),
            (&[("de-listed", "2016"), ("amended", ""), ("listed", "2014")], "2014..2016"),
        ] {
            assert_eq!(shown(changes), want, "{:?}", changes.iter().collect::<Vec<_>>());
        }
    }
}
