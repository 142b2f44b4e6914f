//! What holds on a day when dates are partial: certainly, possibly, or not.

use crate::model::PartialDate;

/// How far something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Force {
    /// Not at all.
    Never,
    /// Under some reading of the dates, or by somebody's word only.
    Possible,
    /// Under every reading.
    Certain,
}

/// Whether an interval of valid time (an end is the first day no longer) holds on a day, each
/// date standing for any of the days it covers. No start: always, no end: still.
pub(super) fn holds(start: Option<PartialDate>, end: Option<PartialDate>, day: PartialDate) -> Force {
    let (first, last) = (day.first_day(), day.last_day());
    let surely = start.is_none_or(|s| s.last_day() <= first) && end.is_none_or(|e| e.first_day() > last);
    let maybe = start.is_none_or(|s| s.first_day() <= last) && end.is_none_or(|e| e.last_day() > first);
    match (surely, maybe) {
        (true, _) => Force::Certain,
        (_, true) => Force::Possible,
        _ => Force::Never,
    }
}

/// The earlier of two ends.
pub(super) fn earlier(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.last_day() < a.last_day() { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Days from one full day to another; partial dates count as their first day.
pub fn days_between(a: PartialDate, b: PartialDate) -> i64 {
    b.days_since_1970() - a.days_since_1970()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let d = |t: &str| PartialDate::parse(t).unwrap();
        assert_eq!(days_between(d("2023-08-24"), d("2023-08-31")), 7);
        assert_eq!(days_between(d("2024-03-01"), d("2024-02-28")), -2);
        assert_eq!(days_between(d("1970-01-01"), d("2001-09-09")), 11_574);
    }

    #[test]
    fn partial_dates_are_intervals() {
        let d = |t: &str| PartialDate::parse(t).unwrap();
        let at =
            |s: &str, e: &str, day: &str| holds((!s.is_empty()).then(|| d(s)), (!e.is_empty()).then(|| d(e)), d(day));
        assert_eq!(at("", "", "2024-01-01"), Force::Certain);
        assert_eq!(at("2024-01-01", "", "2024-01-01"), Force::Certain);
        assert_eq!(at("", "2024-01-01", "2024-01-01"), Force::Never);
        assert_eq!(at("", "2024-01-02", "2024-01-01"), Force::Certain);
        assert_eq!(at("2024", "", "2024-06-01"), Force::Possible);
        assert_eq!(at("2024", "", "2024-12-31"), Force::Certain);
        assert_eq!(at("", "2024", "2024-06-01"), Force::Possible);
        assert_eq!(at("", "2024", "2024-12-31"), Force::Never);
        assert_eq!(at("", "2024-07", "2024"), Force::Possible);
        assert_eq!(at("2025", "", "2024-06-01"), Force::Never);
    }
}
