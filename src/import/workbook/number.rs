//! Numbers and days as spreadsheets keep them, as texts: nothing is rounded that the program
//! which wrote the file did not round.

use crate::model::PartialDate;

/// The most digits written out for a number in scientific notation.
const MAX_DIGITS: usize = 340;

/// A number as people write it: `12703` for `12703.0` and `1.2703E4`, `0.1` for the
/// `0.10000000000000001` that spreadsheets write; a text that is no number stays as it is.
pub(super) fn plain(text: &str) -> String {
    let t = text.trim();
    let digits = t.bytes().filter(u8::is_ascii_digit).count();
    let known = t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let exponent = t.contains(['e', 'E']);
    let Some(value) = t.parse::<f64>().ok().filter(|v| v.is_finite() && known && digits <= MAX_DIGITS) else {
        return t.to_owned();
    };
    // Fewer digits than a double holds are exactly what was typed; of 17 the last is noise.
    let significant = t.trim_start_matches(['-', '+', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    let short = if exponent || significant == 17 { format!("{value}") } else { t.to_owned() };
    match short.contains('.') {
        true => short.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => short,
    }
}

/// Whether a number format shows days, or days and times.
pub(super) fn is_day(id: u32, code: Option<&str>) -> bool {
    let Some(code) = code else {
        return matches!(id, 14..=17 | 22 | 27..=31 | 34..=36 | 50..=54 | 57 | 58);
    };
    // Only the first section (positive numbers); quoted, escaped and bracketed texts say nothing.
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}

/// The day, and the time where there is one, of a serial number: days since 30 December 1899,
/// or since 1 January 1904. `None` for what is no day of the calendar.
pub(super) fn day(text: &str, since_1904: bool) -> Option<String> {
    let value = text.trim().parse::<f64>().ok().filter(|v| (0.0..2_958_466.0).contains(v))?;
    // In seconds, which is as fine as spreadsheets show times.
    let seconds = (value * 86_400.0).round() as i64;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let days = match (since_1904, days) {
        (true, d) => d + 1462,
        // The year 1900 counts as a leap year: day 60 never was, those before are one off.
        (false, 60) => return None,
        (false, d @ 1..60) => d + 1,
        (false, 0) => return None,
        (false, d) => d,
    };
    let date = PartialDate::from_days_since_1970(days - 25_569)?;
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    Some(if rest == 0 { date.to_string() } else { format!("{date}T{h:02}:{m:02}:{s:02}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, want) in [
            ("12703", "12703"),
            (" 12703.0 ", "12703"),
            ("1.2703E4", "12703"),
            ("0.10000000000000001", "0.1"),
            ("33.333333333333336", "33.333333333333336"),
            ("1E-3", "0.001"),
            ("1.2345E+19", "12345000000000000000"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("0012", "0012"),
            ("-5.50", "-5.5"),
            ("100", "100"),
            ("1e999", "1e999"),
            ("inf", "inf"),
            ("n/a", "n/a"),
        ] {
            assert_eq!(plain(text), want, "{text}");
        }
    }

    #[test]
    fn days() {
        for (text, want) in [
            ("44685", Some("2022-05-04")),
            ("44685.5", Some("2022-05-04T12:00:00")),
            ("44685.999999", Some("2022-05-05")),
            ("1", Some("1900-01-01")),
            ("59", Some("1900-02-28")),
            ("60", None),
            ("61", Some("1900-03-01")),
            ("2958465", Some("9999-12-31")),
            ("2958466", None),
            ("0.5", None),
            ("-1", None),
            ("x", None),
        ] {
            assert_eq!(day(text, false).as_deref(), want, "{text}");
        }
        assert_eq!(day("0", true).as_deref(), Some("1904-01-01"));
        assert_eq!(day("43223", true).as_deref(), Some("2022-05-04"));
    }

    #[test]
    fn formats() {
        for (id, code, want) in [
            (14, None, true),
            (0, None, false),
            (49, None, false),
            (164, Some("dd/mm/yyyy"), true),
            (164, Some("[$-809]d mmmm yyyy;@"), true),
            (164, Some("#,##0.00 \"days\""), false),
            (164, Some("[Red]0.00;dd"), false),
            (164, Some("\\d0"), false),
            (164, Some("h:mm:ss"), false),
            (164, Some("\"open"), false),
        ] {
            assert_eq!(is_day(id, code), want, "{id} {code:?}");
        }
    }
}
