//! Partial dates: a year, a month or a day, each read as the interval it covers.

use crate::error::{Error, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A date with the precision its source gave: `2023`, `2023-08` or `2023-08-31`
/// (proleptic Gregorian, years 1 to 9999).
///
/// Ordered by year, month, day, the coarser date first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate(u32);

/// Text where people read it, the packed number in the store.
impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_u32(self.0) }
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        if d.is_human_readable() {
            PartialDate::parse(&String::deserialize(d)?).map_err(|e| D::Error::custom(e.message()))
        } else {
            PartialDate::from_bits(u32::deserialize(d)?).ok_or_else(|| D::Error::custom("not a date"))
        }
    }
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl PartialDate {
    /// A date from its parts; month and day 0 mean "not given".
    pub fn new(year: u32, month: u32, day: u32) -> Result<PartialDate> {
        let ok = (1..=9999).contains(&year) && month <= 12 && (day == 0 || (month != 0 && day <= days_in(year, month)));
        if ok {
            Ok(PartialDate(year << 9 | month << 5 | day))
        } else {
            Err(Error::input(format!("{year:04}-{month:02}-{day:02} is not a date")))
        }
    }

    /// The day after the last one it may mean; `None` at the end of the calendar.
    pub fn next_day(self) -> Option<PartialDate> {
        let (y, m, d) = self.last_day().parts();
        let next = match () {
            () if d < days_in(y, m) => (y, m, d + 1),
            () if m < 12 => (y, m + 1, 1),
            () => (y + 1, 1, 1),
        };
        PartialDate::new(next.0, next.1, next.2).ok()
    }

    /// The day before the first one it may mean; `None` at the start of the calendar.
    pub fn day_before(self) -> Option<PartialDate> {
        PartialDate::from_days_since_1970(self.days_since_1970() - 1)
    }

    /// Parses `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a time of day after `T` or a blank is cut off.
    pub fn parse(text: &str) -> Result<PartialDate> {
        let bad = || Error::input(format!("{text:?} is not a date (expected YYYY, YYYY-MM or YYYY-MM-DD)"));
        // What nearly all are: a day in ten digits and signs.
        if let Ok([y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]) = <[u8; 10]>::try_from(text.as_bytes()) {
            let digits = [y0, y1, y2, y3, m0, m1, d0, d1];
            if digits.iter().all(u8::is_ascii_digit) {
                let number = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
                let (year, month, day) = (number(&[y0, y1, y2, y3]), number(&[m0, m1]), number(&[d0, d1]));
                return if month == 0 || day == 0 { Err(bad()) } else { PartialDate::new(year, month, day) };
            }
        }
        let t = text.trim();
        let t = if t.len() > 10 && matches!(t.as_bytes().get(10), Some(b'T' | b' ')) {
            t.get(..10).ok_or_else(bad)?
        } else {
            t
        };
        let mut parts = t.split('-');
        let mut next = |len: usize| -> Result<Option<u32>> {
            match parts.next() {
                None => Ok(None),
                Some(p) if p.len() == len && p.bytes().all(|b| b.is_ascii_digit()) => {
                    p.parse().map(Some).map_err(|_| bad())
                }
                Some(_) => Err(bad()),
            }
        };
        let year = next(4)?.ok_or_else(bad)?;
        let (month, day) = (next(2)?, next(2)?);
        if parts.next().is_some() || month == Some(0) || day == Some(0) {
            return Err(bad());
        }
        PartialDate::new(year, month.unwrap_or(0), day.unwrap_or(0))
    }

    /// Year, month, day; 0 where not given.
    pub fn parts(self) -> (u32, u32, u32) {
        (self.0 >> 9, self.0 >> 5 & 15, self.0 & 31)
    }

    /// The packed form used in index columns; never 0.
    pub fn to_bits(self) -> u32 {
        self.0
    }

    /// The inverse of [`PartialDate::to_bits`].
    pub fn from_bits(bits: u32) -> Option<PartialDate> {
        if bits == 0 {
            return None;
        }
        PartialDate::new(bits >> 9, bits >> 5 & 15, bits & 31).ok()
    }

    /// The first day it may mean.
    pub fn first_day(self) -> PartialDate {
        let (y, m, d) = self.parts();
        PartialDate(y << 9 | m.max(1) << 5 | d.max(1))
    }

    /// The last day it may mean.
    pub fn last_day(self) -> PartialDate {
        let (y, m, d) = self.parts();
        let m = if m == 0 { 12 } else { m };
        PartialDate(y << 9 | m << 5 | if d == 0 { days_in(y, m) } else { d })
    }

    /// Days from 1970-01-01 to its first day.
    pub fn days_since_1970(self) -> i64 {
        // Howard Hinnant, "chrono-compatible low-level date algorithms"; years from March on.
        let (y, m, d) = self.first_day().parts();
        let (y, m, d) = (i64::from(y) - i64::from(m <= 2), i64::from(m), i64::from(d));
        let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
        let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
        era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }

    /// The day so many days after 1970-01-01; `None` outside the calendar.
    pub fn from_days_since_1970(days: i64) -> Option<PartialDate> {
        let z = days.checked_add(719_468)?;
        let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        PartialDate::new(u32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?).ok()
    }

    /// Whether it has come by a day, whatever days the two may mean. Of an end, which is the first
    /// day no longer: that it is over.
    pub fn has_come(self, day: PartialDate) -> bool {
        self.last_day() <= day.first_day()
    }

    /// Whether it may have come by a day. Of a start: that what starts may hold.
    pub fn may_have_come(self, day: PartialDate) -> bool {
        self.first_day() <= day.last_day()
    }

    /// Whether it names a single day.
    pub fn is_full(self) -> bool {
        self.0 & 31 != 0
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (y, 0, _) => write!(f, "{y:04}"),
            (y, m, 0) => write!(f, "{y:04}-{m:02}"),
            (y, m, d) => write!(f, "{y:04}-{m:02}-{d:02}"),
        }
    }
}

/// A date that may be approximate or a range: a birth "circa 1951", "1951 to 1953".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FuzzyDate {
    /// Start of the range, or the date itself.
    pub first: PartialDate,
    /// End of the range (inclusive), where it is one.
    pub last: Option<PartialDate>,
    /// The source says "circa" or "approximately".
    pub circa: bool,
}

impl FuzzyDate {
    /// Parses the canonical text: `[circa ]DATE[ to DATE]`.
    pub fn parse(text: &str) -> Result<FuzzyDate> {
        let t = text.trim();
        let (circa, t) = t.strip_prefix("circa ").map_or((false, t), |r| (true, r));
        match t.split_once(" to ") {
            None => Ok(FuzzyDate { first: PartialDate::parse(t)?, last: None, circa }),
            Some((a, b)) => {
                let (first, last) = (PartialDate::parse(a)?, PartialDate::parse(b)?);
                if last.last_day() < first.first_day() {
                    return Err(Error::input(format!("{text:?} ends before it starts")));
                }
                Ok(FuzzyDate { first, last: Some(last), circa })
            }
        }
    }
}

impl fmt::Display for FuzzyDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.circa {
            f.write_str("circa ")?;
        }
        self.first.fmt(f)?;
        if let Some(last) = self.last {
            write!(f, " to {last}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_day_and_the_one_before() {
        let next = |t: &str| PartialDate::parse(t).unwrap().next_day().map(|d| d.to_string());
        assert_eq!(next("2024-02").as_deref(), Some("2024-03-01"));
        assert_eq!(next("2023-02-28").as_deref(), Some("2023-03-01"));
        assert_eq!(next("2023").as_deref(), Some("2024-01-01"));
        assert_eq!(next("9999-12-31"), None);
        let before = |t: &str| PartialDate::parse(t).unwrap().day_before().map(|d| d.to_string());
        for (day, want) in [("2024-03", "2024-02-29"), ("2021", "2020-12-31"), ("2021-07-15", "2021-07-14")] {
            assert_eq!(before(day).as_deref(), Some(want));
        }
        assert_eq!(before("0001-01-01"), None);
    }

    #[test]
    fn days_are_numbered_one_after_the_other() {
        let d = |t| PartialDate::parse(t).unwrap();
        assert_eq!((d("1970").days_since_1970(), d("2001-09-09").days_since_1970()), (0, 11_574));
        let (mut day, mut number) = (d("0001-01-01"), d("0001-01-01").days_since_1970());
        while let Some(next) = day.next_day() {
            number += 1;
            assert_eq!((next.days_since_1970(), PartialDate::from_days_since_1970(number)), (number, Some(next)));
            day = next;
        }
        assert_eq!(day, d("9999-12-31"));
        for out in [number + 1, i64::MAX, i64::MIN, d("0001-01-01").days_since_1970() - 1] {
            assert_eq!(PartialDate::from_days_since_1970(out), None);
        }
    }

    #[test]
    fn what_has_come_and_what_may_have() {
        let d = |t| PartialDate::parse(t).unwrap();
        for (date, day, sure, may) in [
            ("2024-05-01", "2024-05-01", true, true),
            ("2024-05", "2024-05-01", false, true),
            ("2024-05", "2024-05-31", true, true),
            ("2024", "2024-12-30", false, true),
            ("2024-05-15", "2024-05", false, true),
            ("2024-06", "2024-05", false, false),
            ("2023", "2024", true, true),
        ] {
            assert_eq!((d(date).has_come(d(day)), d(date).may_have_come(d(day))), (sure, may), "{date} by {day}");
        }
    }

    #[test]
    fn dates() {
        let d = |t| PartialDate::parse(t).unwrap();
        assert_eq!(d("2023").first_day(), d("2023-01-01"));
        assert_eq!(d("2024-02").last_day(), d("2024-02-29"));
        assert_eq!(d("2023-08-31T12:00:00").to_string(), "2023-08-31");
        assert!(d("2023") < d("2023-01") && d("2023-12-31") < d("2024"));
        assert_eq!(PartialDate::from_bits(d("1999-05").to_bits()), Some(d("1999-05")));
        for bad in ["", "23", "2023-13", "2023-02-29", "2023-00", "2023-1-1", "31.08.2023", "2023-08-31-1", "२०२३"]
        {
            assert!(PartialDate::parse(bad).is_err(), "{bad}");
        }
        for t in ["1951", "circa 1951", "1951 to 1953", "circa 1960-01-01 to 1962-12-31"] {
            assert_eq!(FuzzyDate::parse(t).unwrap().to_string(), t);
        }
        assert!(FuzzyDate::parse("1953 to 1951").is_err());
    }
}
