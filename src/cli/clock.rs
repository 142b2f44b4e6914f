//! Today and now, in UTC. Only the command line reads the clock.

use cuibono::model::PartialDate;
use std::time::{SystemTime, UNIX_EPOCH};

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// Year, month, day of a number of days since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + u64::from(month <= 2), month, day)
}

/// Today.
pub(crate) fn today() -> Option<PartialDate> {
    let (y, m, d) = civil(seconds() / 86_400);
    PartialDate::new(y as u32, m as u32, d as u32).ok()
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

fn stamp(s: u64) -> String {
    let (y, m, d) = civil(s / 86_400);
    let t = s % 86_400;
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", t / 3_600, t / 60 % 60, t % 60)
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
