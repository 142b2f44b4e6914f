//! Dates as publishers write them: `05/11/1971`, `00/00/1975`, `17.3.2014`, `23-MAR-2006`,
//! `circa 1951`, `between 1951 and 1953`, `3 June 1960`.
//!
//! Nothing is guessed: a text that is not understood as a whole is no date, and the caller keeps
//! the text. A part that is all noughts is not stated.

use crate::model::{Fact, FuzzyDate, PartialDate, prop};

/// The longest text looked at, in bytes.
const MAX: usize = 120;

/// Which number comes first in `05/11/1971`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Day, month, year: everywhere but in the United States.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that make a date approximate.
const CIRCA: [&str; 12] =
    ["circa", "approximately", "approx.", "approx", "around", "about", "ca.", "ca", "c.", "environ", "estimated", "c"];

/// A number of at most `len` digits.
fn number(text: &str, len: usize) -> Option<u32> {
    (!text.is_empty() && text.len() <= len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A month by its English name or the first three letters of it, or by number.
fn month(text: &str) -> Option<u32> {
    let t = text.trim_end_matches('.').to_lowercase();
    let named = |m: &&str| **m == *t || (t.len() == 3 && m.starts_with(&t)) || (t == "sept" && **m == *"september");
    match MONTHS.iter().position(named) {
        Some(i) => u32::try_from(i + 1).ok(),
        None => number(&t, 2),
    }
}

/// A day as XML writes it (`2016-11-30-05:00`, `2016-11-30Z`), without its time zone.
fn zoneless(text: &str) -> &str {
    match text.split_at_checked(10) {
        Some((day, "Z")) => day,
        Some((day, zone)) if zone.len() == 6 && zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":") => day,
        _ => text,
    }
}

/// Reads one date; see the module for the forms.
pub(super) fn date(text: &str, order: Order) -> Option<PartialDate> {
    let text = text.trim().trim_end_matches(',');
    if text.len() > MAX {
        return None;
    }
    if let Ok(d) = PartialDate::parse(zoneless(text)) {
        return Some(d);
    }
    // A time of day after the date says nothing about it.
    let text = match text.split_once(' ') {
        Some((d, time)) if time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit()) && d.len() >= 8 => d,
        _ => text,
    };
    let parts: Vec<&str> =
        text.split([' ', '/', '.', '-', ',', '\u{a0}']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let year = |t: &str| number(t, 4).filter(|_| t.len() == 4);
    match parts[..] {
        [y] => PartialDate::new(year(y)?, 0, 0).ok(),
        [m, y] => PartialDate::new(year(y)?, month(m)?, 0).ok(),
        [a, b, c] => {
            let named = |t: &str| t.starts_with(|c: char| c.is_alphabetic());
            let (d, m, y) = match () {
                () if year(a).is_some() => (c, b, a),
                // "June 3, 1960" says itself which is the month.
                () if named(a) || (order == Order::MonthFirst && !named(b)) => (b, a, c),
                () => (a, b, c),
            };
            let (d, m) = (number(d, 2)?, month(m)?);
            // A day of no month is not a date.
            if m == 0 && d != 0 {
                return None;
            }
            PartialDate::new(year(y)?, m, d).ok()
        }
        _ => None,
    }
}

/// Reads a date that may be vague: `circa` a date, a range of two, or a plain one.
pub(super) fn fuzzy(text: &str, order: Order) -> Option<FuzzyDate> {
    let text = text.trim();
    if text.len() > MAX {
        return None;
    }
    let lower = text.to_lowercase();
    // Lower case may have another length in other scripts; those hold none of these words.
    let at = |rest: &str| text.get(text.len().checked_sub(rest.len())?..);
    let circa = CIRCA.iter().find_map(|w| {
        let rest = lower.strip_prefix(w)?;
        let apart =
            rest.starts_with([' ', ':']) || (w.ends_with('.') && rest.starts_with(|c: char| c.is_ascii_digit()));
        apart.then(|| at(rest.trim_start_matches([' ', ':'])))?
    });
    let (circa, body) = circa.map_or((false, text), |b| (true, b));
    let lower = body.to_lowercase();
    let bounded = ["between ", "from "].iter().find_map(|w| lower.strip_prefix(w)).and_then(at).unwrap_or(body);
    if let Some(first) = date(bounded, order).filter(|_| bounded.len() == body.len()) {
        return Some(FuzzyDate { first, last: None, circa });
    }
    let (a, b) = [" to ", " and ", " - ", " \u{2013} ", "\u{2013}", "-", "/"].iter().find_map(|s| {
        let (a, b) = bounded.split_once(s)?;
        Some((date(a, order)?, date(b, order)?))
    })?;
    if b.last_day() < a.first_day() {
        return None;
    }
    if a == b {
        return Some(FuzzyDate { first: a, last: None, circa });
    }
    Some(FuzzyDate { first: a, last: Some(b), circa })
}

/// A date of birth as a fact, with the literal text where it differs; `Err` holds the fact
/// `birth_text` for a text that is not understood.
// Both are facts of the same size, and both are kept.
#[allow(clippy::result_large_err)]
pub(super) fn birth(text: &str, order: Order) -> Result<Fact, Fact> {
    let text = text.trim();
    let Some(d) = fuzzy(text, order) else { return Err(Fact::new("birth_text", text)) };
    let value = d.to_string();
    let raw = if value == text { String::new() } else { text.to_owned() };
    Ok(Fact { raw, ..Fact::new(prop::BIRTH, value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        fuzzy(text, Order::DayFirst).map_or_else(|| "none".to_owned(), |d| d.to_string())
    }

    #[test]
    fn forms_seen_in_lists() {
        for (text, want) in [
            ("1951", "1951"),
            ("1971-06-05", "1971-06-05"),
            ("1971-06-05T00:00:00", "1971-06-05"),
            ("05/06/1971 00:00:00", "1971-06-05"),
            ("2016-11-30-05:00", "2016-11-30"),
            ("2016-11-30Z", "2016-11-30"),
            ("05/06/1971", "1971-06-05"),
            ("5/6/1971", "1971-06-05"),
            ("00/00/1975", "1975"),
            ("00/06/1975", "1975-06"),
            ("17.3.2014", "2014-03-17"),
            ("23-MAR-2006", "2006-03-23"),
            ("3 June 1960", "1960-06-03"),
            ("June 3, 1960", "1960-06-03"),
            ("Sept. 1960", "1960-09"),
            ("circa 1951", "circa 1951"),
            ("Circa: 1951", "circa 1951"),
            ("c.1951", "circa 1951"),
            ("approximately 1 May 1951", "circa 1951-05-01"),
            ("between 1951 and 1953", "1951 to 1953"),
            ("1951 to 1953", "1951 to 1953"),
            ("1951-1953", "1951 to 1953"),
            ("1951/1953", "1951 to 1953"),
            ("1951 \u{2013} 1953", "1951 to 1953"),
            ("circa 1951-1953", "circa 1951 to 1953"),
            ("01.01.1951 - 31.12.1953", "1951-01-01 to 1953-12-31"),
            ("1951 to 1951", "1951"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
        assert_eq!(date("05/06/1971", Order::MonthFirst).unwrap().to_string(), "1971-05-06");
        assert_eq!(date("06 May 1971", Order::MonthFirst).unwrap().to_string(), "1971-05-06");
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "unknown",
            "71",
            "05/06/71",
            "31/02/1970",
            "12/00/1970",
            "1953 to 1951",
            "1951 or 1953",
            "circa",
            "carnival 1951",
            "1 2 3 1951",
            "mid-1950s",
            "05/06/1971 Gender: female",
            "between 1951",
            "from 1951",
            "٠٥/٠٦/١٩٧١",
            "İ1951",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
        assert_eq!(read(&"1".repeat(10_000)), "none");
    }

    #[test]
    fn births() {
        let f = birth(" 05/06/1971 ", Order::DayFirst).unwrap();
        assert_eq!((f.prop.as_str(), f.value.as_str(), f.raw.as_str()), ("birth", "1971-06-05", "05/06/1971"));
        assert_eq!(birth("1971", Order::DayFirst).unwrap().raw, "");
        assert_eq!(birth("in spring", Order::DayFirst).unwrap_err(), Fact::new("birth_text", "in spring"));
    }
}
