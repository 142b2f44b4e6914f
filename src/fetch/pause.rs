//! How long to wait before the next try.

use crate::model::PartialDate;
use std::time::Duration;

/// Longest pause of our own making.
const LONGEST: Duration = Duration::from_secs(60);
/// Longest pause that a server may ask for; beyond it the try fails at once.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// Pauses that double, each with a random part, so that many clients do not come back at once.
#[derive(Debug, Clone)]
pub(super) struct Pauses {
    next: Duration,
    random: u64,
}

impl Pauses {
    /// The first pause, and where the random part begins.
    pub(super) fn new(first: Duration, seed: u64) -> Pauses {
        Pauses { next: first.min(LONGEST), random: seed | 1 }
    }

    /// The next pause: between half and the whole of its step, or what the server asked for and
    /// a little more.
    pub(super) fn next(&mut self, asked: Option<Duration>) -> Duration {
        // xorshift: spread, not secrecy.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let step = self.next;
        self.next = (step * 2).min(LONGEST);
        let part = step.as_millis() as u64 / 2;
        let random = Duration::from_millis(if part == 0 { 0 } else { self.random % (part + 1) });
        match asked {
            Some(asked) => asked + random,
            None => step - Duration::from_millis(part) + random,
        }
    }
}

/// `Retry-After` as seconds; as a date it is counted from the server's own `Date`.
pub(super) fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let (then, now) = (http_seconds(value)?, http_seconds(date?)?);
    Some(Duration::from_secs(then.saturating_sub(now)))
}

/// Seconds from one HTTP date to a later one; `None` when it is not later.
pub(super) fn seconds_between(from: &str, to: &str) -> Option<u64> {
    http_seconds(to)?.checked_sub(http_seconds(from)?)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month, day and the rest of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT` (the one form
/// of RFC 9110 that may be sent).
pub(super) fn http_day(text: &str) -> Option<(u32, u32, u32)> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let day: u32 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|m| *m == month)? as u32 + 1;
    let year: u32 = words.next()?.parse().ok()?;
    ((1970..=9999).contains(&year) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// Seconds of an HTTP date on some scale, for differences.
fn http_seconds(text: &str) -> Option<u64> {
    let (y, m, d) = http_day(text)?;
    let mut time = text.split(' ').nth(4)?.split(':').map(|p| p.parse::<u64>().ok());
    let (h, min, s) = (time.next()??, time.next()??, time.next()??);
    let days = u64::try_from(PartialDate::new(y, m, d).ok()?.days_since_1970()).ok()?;
    Some(days * 86_400 + h.min(24) * 3_600 + min.min(60) * 60 + s.min(61))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        let mut p = Pauses::new(Duration::from_secs(1), 7);
        let got: Vec<u128> = (0..9).map(|_| p.next(None).as_millis()).collect();
        for (i, ms) in got.iter().enumerate() {
            let step = (1000u128 << i).min(60_000);
            assert!((step / 2..=step).contains(ms), "{got:?}");
        }
        let mut other = Pauses::new(Duration::from_secs(1), 1_234_567);
        assert_ne!(got, (0..9).map(|_| other.next(None).as_millis()).collect::<Vec<_>>());
        let asked = Pauses::new(Duration::from_secs(1), 7).next(Some(Duration::from_secs(20)));
        assert!((20_000..=20_500).contains(&asked.as_millis()), "{asked:?}");
        assert_eq!(Pauses::new(Duration::ZERO, 7).next(None), Duration::ZERO);
    }

    #[test]
    fn what_a_server_asks_for() {
        assert_eq!(retry_after(Some(" 12 "), None), Some(Duration::from_secs(12)));
        let now = Some("Tue, 29 Feb 2028 23:59:50 GMT");
        assert_eq!(retry_after(Some("Wed, 01 Mar 2028 00:00:20 GMT"), now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(Some("Sun, 31 Dec 2028 23:59:50 GMT"), now), Some(Duration::from_secs(306 * 86_400)));
        // A date in the past asks for no pause; one without `Date` to compare with says nothing.
        assert_eq!(retry_after(Some("Tue, 29 Feb 2028 00:00:00 GMT"), now), Some(Duration::ZERO));
        assert_eq!(retry_after(Some("Tue, 29 Feb 2028 00:00:00 GMT"), None), None);
        assert_eq!(retry_after(Some("soon"), now), None);
        assert_eq!(http_day("Sun, 06 Nov 1994 08:49:37 GMT"), Some((1994, 11, 6)));
        assert_eq!(http_day("06/11/1994"), None);
    }
}
