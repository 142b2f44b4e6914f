//! Today and now, in UTC. Only the command line reads the clock.

use cuibono::model::PartialDate;
use std::time::{SystemTime, UNIX_EPOCH};

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// Today.
pub(crate) fn today() -> Option<PartialDate> {
    day(seconds())
}

/// Now, as RFC 3339.
pub(crate) fn now() -> String {
    stamp(seconds())
}

/// A number that differs from run to run, to spread pauses.
#[cfg(feature = "fetch")]
pub(crate) fn jitter() -> u64 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| u64::from(d.subsec_nanos()));
    nanos << 32 ^ seconds() << 16 ^ u64::from(std::process::id())
}

fn day(seconds: u64) -> Option<PartialDate> {
    PartialDate::from_days_since_1970(i64::try_from(seconds / 86_400).ok()?)
}

fn stamp(s: u64) -> String {
    let day = day(s).map_or_else(|| "9999-12-31".to_owned(), |d| d.to_string());
    let t = s % 86_400;
    format!("{day}T{:02}:{:02}:{:02}Z", t / 3_600, t / 60 % 60, t % 60)
}

#[cfg(test)]
mod tests {
    #[test]
    fn stamps() {
        assert_eq!(super::stamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(super::stamp(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(super::stamp(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(super::stamp(1_693_440_000), "2023-08-31T00:00:00Z");
    }
}
