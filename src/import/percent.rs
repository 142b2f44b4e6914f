//! Percentages as people write them: `50 %`, `33,33`, `25-50`, `more than 75%`.
//!
//! A text that is not understood is no share at all: nothing is guessed, the caller keeps the
//! text. `0.5` is half a percent, as written.

use crate::model::{Percent, Share};

/// Words before a number that make it one end of an interval: is it the lower end, and is
/// the end itself left out?
const BOUNDS: &[(&str, bool, bool)] = &[
    ("not less than", true, false),
    ("no less than", true, false),
    ("not more than", false, false),
    ("no more than", false, false),
    ("more than", true, true),
    ("greater than", true, true),
    ("less than", false, true),
    ("fewer than", false, true),
    ("at least", true, false),
    ("at most", false, false),
    ("minimum", true, false),
    ("maximum", false, false),
    ("above", true, true),
    ("over", true, true),
    ("below", false, true),
    ("under", false, true),
    ("up to", false, false),
    (">=", true, false),
    ("<=", false, false),
    ("≥", true, false),
    ("≤", false, false),
    (">", true, true),
    ("<", false, true),
];

/// The share a text states, or `None` where it states none within 0 to 100.
pub(crate) fn parse(text: &str) -> Option<Share> {
    let lower = text.trim().to_lowercase();
    let mut t = lower.as_str();
    if t.len() > 80 {
        return None;
    }
    if let Some(rest) = t.strip_prefix("between ") {
        let (lo, hi) = rest.split_once(" and ")?;
        return interval(number(lo)?, false, number(hi)?, false);
    }
    if let Some(rest) = t.strip_prefix("from ") {
        t = rest;
    }
    let (open_min, head) = bound(t).map_or((None, t), |(low, open, rest)| (Some((low, open)), rest));
    for dash in [" to ", " but ", " and ", "-", "–", "—"] {
        let Some((lo, hi)) = head.split_once(dash) else { continue };
        // "more than 25 but less than 50"; a second bound needs a first one of the other side.
        let (low, open_lo) = open_min.unwrap_or((true, false));
        let hi = hi.trim();
        let hi = hi.strip_prefix("but ").unwrap_or(hi);
        let (upper_is_low, open_hi, hi) = bound(hi).unwrap_or((false, false, hi));
        if !low || upper_is_low {
            return None;
        }
        return interval(number(lo)?, open_lo, number(hi)?, open_hi);
    }
    match open_min {
        None => {
            if let Some(lo) = head.strip_suffix('+').or_else(|| head.strip_suffix(" or more")) {
                return interval(number(lo)?, false, Percent::HUNDRED, false);
            }
            interval(number(head)?, false, number(head)?, false)
        }
        Some((true, open)) => interval(number(head)?, open, Percent::HUNDRED, false),
        Some((false, open)) => interval(Percent::ZERO, false, number(head)?, open),
    }
}

/// The smallest interval that holds both.
pub(super) fn hull(a: Share, b: Share) -> Share {
    let (min, open_min) = match a.min.cmp(&b.min) {
        std::cmp::Ordering::Less => (a.min, a.open_min),
        std::cmp::Ordering::Greater => (b.min, b.open_min),
        std::cmp::Ordering::Equal => (a.min, a.open_min && b.open_min),
    };
    let (max, open_max) = match a.max.cmp(&b.max) {
        std::cmp::Ordering::Greater => (a.max, a.open_max),
        std::cmp::Ordering::Less => (b.max, b.open_max),
        std::cmp::Ordering::Equal => (a.max, a.open_max && b.open_max),
    };
    Share { min, max, open_min, open_max }
}

fn interval(min: Percent, open_min: bool, max: Percent, open_max: bool) -> Option<Share> {
    Share::interval(min, open_min, max, open_max).ok()
}

fn bound(text: &str) -> Option<(bool, bool, &str)> {
    BOUNDS.iter().find_map(|(word, low, open)| text.strip_prefix(word).map(|rest| (*low, *open, rest.trim())))
}

/// A number with an optional percent mark. A single comma is a decimal comma, since no
/// percentage has thousands; anything else beside digits and one point is refused.
fn number(text: &str) -> Option<Percent> {
    let t = text.trim();
    let t = ["percent", "per cent", "%"].iter().find_map(|mark| t.strip_suffix(mark)).unwrap_or(t).trim_end();
    if t.contains('/') {
        return Percent::parse(t).ok();
    }
    match t.split_once(',') {
        None => Percent::parse(t).ok(),
        Some((whole, frac)) if !frac.contains([',', '.']) && !whole.contains('.') && !frac.is_empty() => {
            Percent::parse(&format!("{whole}.{frac}")).ok()
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_seen_in_registers() {
        for (text, want) in [
            ("50", "50"),
            ("50%", "50"),
            ("50.00 %", "50"),
            ("100.0", "100"),
            ("0.5", "0.5"),
            ("33,33", "33.33"),
            ("100/3", "100/3"),
            ("49 percent", "49"),
            ("25-50", "25 to 50"),
            ("25 - 50%", "25 to 50"),
            ("25% – 50%", "25 to 50"),
            ("25 to 50", "25 to 50"),
            ("between 25 and 50%", "25 to 50"),
            ("From 10% to 20%", "10 to 20"),
            ("more than 75%", ">75 to 100"),
            ("More than 25% but not more than 50%", ">25 to 50"),
            ("more than 25, less than 50", "none"),
            (">75", ">75 to 100"),
            (">= 75 %", "75 to 100"),
            ("at least 25", "25 to 100"),
            ("75+", "75 to 100"),
            ("75% or more", "75 to 100"),
            ("less than 50", "0 to <50"),
            ("up to 10", "0 to 10"),
            ("<5%", "0 to <5"),
        ] {
            let got = parse(text).map_or("none".to_owned(), |s| s.to_string());
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "%",
            "half",
            "100.01",
            "150",
            "-5",
            "1,000,5",
            "1.000,5",
            "50-25",
            "less than 0",
            "more than 100",
            "5e1",
            "50 shares",
            "less than 10-20",
            "n/a",
            "25,",
            "½",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"9".repeat(10_000)), None);
    }

    #[test]
    fn hulls() {
        let s = |t| Share::parse(t).unwrap();
        assert_eq!(hull(s("50"), s("50")), s("50"));
        assert_eq!(hull(s("25"), s("50")), s("25 to 50"));
        assert_eq!(hull(s(">25 to 50"), s("30 to <75")), s(">25 to <75"));
        assert_eq!(hull(s(">25 to 50"), s("25 to 40")), s("25 to 50"));
    }
}
