//! Exact shares: a percentage, an interval with open or closed ends, never a float.
//!
//! The shape follows the Beneficial Ownership Data Standard 0.4 (`share`: exact, minimum,
//! maximum, exclusiveMinimum, exclusiveMaximum). An unknown share is `Option::None`.

use crate::error::{Error, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// An exact, non-negative percentage as a fraction in lowest terms (`100/3` is a third).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Percent {
    num: u64,
    den: u64,
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            num: u64,
            den: u64,
        }
        let raw = Raw::deserialize(d)?;
        Percent::new(raw.num, raw.den).ok_or_else(|| D::Error::custom("a fraction without a denominator"))
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Percent {
    /// Nought percent.
    pub const ZERO: Percent = Percent { num: 0, den: 1 };
    /// The whole.
    pub const HUNDRED: Percent = Percent { num: 100, den: 1 };

    /// A fraction of percent; `None` when the denominator is nought.
    pub fn new(num: u64, den: u64) -> Option<Percent> {
        if den == 0 {
            return None;
        }
        let g = gcd(num, den).max(1);
        Some(Percent { num: num / g, den: den / g })
    }

    /// Numerator and denominator in lowest terms.
    pub fn fraction(self) -> (u64, u64) {
        (self.num, self.den)
    }

    /// Parses `50`, `12.5`, `.5` or `100/3`. No sign, no exponent, no percent mark.
    pub fn parse(text: &str) -> Result<Percent> {
        let bad = || Error::input(format!("{text:?} is not a percentage (expected 50, 12.5 or 100/3)"));
        let digits = |s: &str| -> Result<u64> {
            if s.is_empty() || s.len() > 18 || !s.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            s.parse().map_err(|_| bad())
        };
        let t = text.trim();
        if let Some((n, d)) = t.split_once('/') {
            return Percent::new(digits(n.trim())?, digits(d.trim())?).ok_or_else(bad);
        }
        let (whole, frac) = t.split_once('.').unwrap_or((t, ""));
        let frac = frac.trim_end_matches('0');
        if frac.is_empty() {
            return Percent::new(digits(whole)?, 1).ok_or_else(bad);
        }
        let whole = if whole.is_empty() { 0 } else { digits(whole)? };
        let scale = 10u64.checked_pow(u32::try_from(frac.len()).map_err(|_| bad())?).ok_or_else(bad)?;
        let num = whole.checked_mul(scale).and_then(|w| w.checked_add(digits(frac).ok()?)).ok_or_else(bad)?;
        Percent::new(num, scale).ok_or_else(bad)
    }
}

impl PartialOrd for Percent {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Percent {
    fn cmp(&self, other: &Self) -> Ordering {
        (u128::from(self.num) * u128::from(other.den)).cmp(&(u128::from(other.num) * u128::from(self.den)))
    }
}

impl fmt::Display for Percent {
    /// Writes a finite decimal where there is one of at most 18 places, else the fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut den, mut places, mut scale) = (self.den, 0usize, 1u64);
        while den != 1 && places < 18 {
            let g = gcd(den, 10);
            if g == 1 {
                break;
            }
            den /= g;
            let Some(next) = scale.checked_mul(10) else { break };
            (scale, places) = (next, places + 1);
        }
        let scaled = u128::from(self.num) * u128::from(scale) / u128::from(self.den);
        if den != 1 {
            write!(f, "{}/{}", self.num, self.den)
        } else if places == 0 {
            write!(f, "{}", self.num)
        } else {
            let scale = u128::from(scale);
            let frac = format!("{:0places$}", scaled % scale);
            let frac = frac.trim_end_matches('0');
            if frac.is_empty() { write!(f, "{}", scaled / scale) } else { write!(f, "{}.{frac}", scaled / scale) }
        }
    }
}

/// A known share: an interval of percent within 0 to 100. `min == max`, both closed, is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    /// Lower end.
    pub min: Percent,
    /// Upper end.
    pub max: Percent,
    /// The lower end itself is excluded ("more than 25").
    pub open_min: bool,
    /// The upper end itself is excluded ("less than 75").
    pub open_max: bool,
}

impl Share {
    /// An exact share.
    pub fn exact(p: Percent) -> Result<Share> {
        Share::interval(p, false, p, false)
    }

    /// An interval; refuses anything over 100, an empty interval or an inverted one.
    pub fn interval(min: Percent, open_min: bool, max: Percent, open_max: bool) -> Result<Share> {
        if max > Percent::HUNDRED || min > Percent::HUNDRED {
            return Err(Error::input(format!("share {} is over 100 percent", max.max(min))));
        }
        match min.cmp(&max) {
            Ordering::Greater => Err(Error::input(format!("share from {min} to {max} is inverted"))),
            Ordering::Equal if open_min || open_max => {
                Err(Error::input(format!("share from {min} to {max} with an open end is empty")))
            }
            _ => Ok(Share { min, max, open_min, open_max }),
        }
    }

    /// The exact value, when both ends agree.
    pub fn as_exact(&self) -> Option<Percent> {
        (self.min == self.max).then_some(self.min)
    }

    /// The inverse of [`fmt::Display`]: `50`, `25 to 50`, `>25 to 50`, `75 to <100`.
    pub fn parse(text: &str) -> Result<Share> {
        let text = text.trim();
        let Some((lo, hi)) = text.split_once(" to ") else { return Share::exact(Percent::parse(text)?) };
        let (lo, hi) = (lo.trim(), hi.trim());
        let (open_min, lo) = lo.strip_prefix('>').map_or((false, lo), |l| (true, l));
        let (open_max, hi) = hi.strip_prefix('<').map_or((false, hi), |h| (true, h));
        Share::interval(Percent::parse(lo)?, open_min, Percent::parse(hi)?, open_max)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(p) = self.as_exact() {
            return p.fmt(f);
        }
        let (gt, lt) = (if self.open_min { ">" } else { "" }, if self.open_max { "<" } else { "" });
        write!(f, "{gt}{} to {lt}{}", self.min, self.max)
    }
}

/// Text where people read it, numbers in the store.
impl Serialize for Share {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            (self.min, self.max, self.open_min, self.open_max).serialize(s)
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let share = if d.is_human_readable() {
            Share::parse(&String::deserialize(d)?)
        } else {
            let (min, max, open_min, open_max) = <(Percent, Percent, bool, bool)>::deserialize(d)?;
            Share::interval(min, open_min, max, open_max)
        };
        share.map_err(|e| D::Error::custom(e.message()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_text_round_trips() {
        for (t, shown) in [
            ("50", "50"),
            ("16.6667", "16.6667"),
            ("100/3", "100/3"),
            ("0.50", "0.5"),
            (".5", "0.5"),
            ("25/2", "12.5"),
            ("361/10", "36.1"),
            ("0", "0"),
            ("007", "7"),
        ] {
            let p = Percent::parse(t).unwrap();
            assert_eq!(p.to_string(), shown);
            assert_eq!(Percent::parse(shown).unwrap(), p);
        }
        for t in ["", "-1", "+1", "1e2", "50%", "1/0", "a", ".", "1.2.3", "9999999999999999999"] {
            assert!(Percent::parse(t).is_err(), "{t}");
        }
    }

    #[test]
    fn shares_are_bounded() {
        let p = |t| Percent::parse(t).unwrap();
        assert!(Share::exact(p("100.0001")).is_err());
        assert!(Share::interval(p("50"), false, p("25"), false).is_err());
        assert!(Share::interval(p("50"), true, p("50"), false).is_err());
        let s = Share::interval(p("25"), true, p("50"), false).unwrap();
        assert_eq!(s.to_string(), ">25 to 50");
        assert_eq!(Share::parse(">25 to 50").unwrap(), s);
        assert!(p("1/3") < p("0.34"));
    }
}
