//! Exact numbers: fractions of 64-bit integers, big integers where those overflow.

use crate::model::Percent;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// An exact rational number. Shares are in percent unless a function says otherwise.
#[derive(Debug, Clone)]
pub struct Exact(Repr);

#[derive(Debug, Clone)]
enum Repr {
    /// Numerator and denominator in lowest terms, the denominator above 0.
    Small(i64, i64),
    Big(Box<BigRational>),
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Most numbers are small; 64-bit division is several times faster.
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            let (mut x, mut y) = (x, y);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return u128::from(x);
        }
        (a, b) = (b, a % b);
    }
    a
}

impl Exact {
    /// Nought.
    pub const ZERO: Exact = Exact(Repr::Small(0, 1));
    /// One.
    pub const ONE: Exact = Exact(Repr::Small(1, 1));
    /// A hundred: the whole, in percent.
    pub const HUNDRED: Exact = Exact(Repr::Small(100, 1));

    /// A fraction in lowest terms; the denominator is above 0.
    fn reduced(num: i128, den: i128) -> Exact {
        let g =
            if den == 1 { 1 } else { i128::try_from(gcd(num.unsigned_abs(), den.unsigned_abs()).max(1)).unwrap_or(1) };
        match (i64::try_from(num / g), i64::try_from(den / g)) {
            (Ok(n), Ok(d)) => Exact(Repr::Small(n, d)),
            _ => Exact(Repr::Big(Box::new(BigRational::new(num.into(), den.into())))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new(BigInt::from(*n), BigInt::from(*d)),
            Repr::Big(b) => (**b).clone(),
        }
    }

    fn from_big(b: BigRational) -> Exact {
        match (b.numer().to_i64(), b.denom().to_i64()) {
            (Some(n), Some(d)) => Exact(Repr::Small(n, d)),
            _ => Exact(Repr::Big(Box::new(b))),
        }
    }

    /// A fraction; `None` when the denominator is nought.
    pub fn ratio(num: i64, den: i64) -> Option<Exact> {
        let sign = if den < 0 { -1 } else { 1 };
        (den != 0).then(|| Exact::reduced(sign * i128::from(num), sign * i128::from(den)))
    }

    /// Whether it is nought.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether it is above nought.
    pub fn is_positive(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n > 0,
            Repr::Big(b) => b.is_positive(),
        }
    }

    /// The nearest float, for display and estimates only.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(n, d) => *n as f64 / *d as f64,
            Repr::Big(b) => b.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// Bits of numerator and denominator together: how large the number has become.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small(..) => 128,
            Repr::Big(b) => b.numer().bits() + b.denom().bits(),
        }
    }

    /// The quotient; `None` when the divisor is nought.
    pub fn checked_div(&self, other: &Exact) -> Option<Exact> {
        (!other.is_zero()).then(|| self / other)
    }

    /// Always `numerator/denominator`, or the numerator alone where the denominator is 1.
    pub fn fraction(&self) -> String {
        match &self.0 {
            Repr::Small(n, 1) => n.to_string(),
            Repr::Small(n, d) => format!("{n}/{d}"),
            Repr::Big(b) => b.to_string(),
        }
    }

    /// Reads `50`, `12.5`, `-1` or `100/3`, with as many digits as there are.
    pub fn parse(text: &str) -> Option<Exact> {
        let t = text.trim();
        if t.len() > 10_000 {
            return None;
        }
        let int = |s: &str| -> Option<BigInt> {
            let digits = s.strip_prefix('-').unwrap_or(s);
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
        };
        if let Some((n, d)) = t.split_once('/') {
            let (n, d) = (int(n)?, int(d)?);
            return (!d.is_zero()).then(|| Exact::from_big(BigRational::new(n, d)));
        }
        let (whole, places) = t.split_once('.').unwrap_or((t, ""));
        let n = int(&format!("{whole}{places}"))?;
        let d = BigInt::from(10).pow(u32::try_from(places.len()).ok()?);
        Some(Exact::from_big(BigRational::new(n, d)))
    }
}

impl From<Percent> for Exact {
    fn from(p: Percent) -> Exact {
        let (n, d) = p.fraction();
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) => Exact(Repr::Small(n, d)),
            _ => Exact(Repr::Big(Box::new(BigRational::new(n.into(), d.into())))),
        }
    }
}

impl From<i64> for Exact {
    fn from(n: i64) -> Exact {
        Exact(Repr::Small(n, 1))
    }
}

impl Add for &Exact {
    type Output = Exact;
    fn add(self, o: &Exact) -> Exact {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &o.0) {
            let (a, b, c, d) = (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
            if b == d {
                return Exact::reduced(a + c, b);
            }
            if let Some(n) = (a * d).checked_add(c * b) {
                return Exact::reduced(n, b * d);
            }
        }
        Exact::from_big(self.big() + o.big())
    }
}

impl Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        match &self.0 {
            Repr::Small(n, d) => Exact::reduced(-i128::from(*n), i128::from(*d)),
            Repr::Big(b) => Exact::from_big(-(**b).clone()),
        }
    }
}

impl Sub for &Exact {
    type Output = Exact;
    fn sub(self, o: &Exact) -> Exact {
        self + &-o
    }
}

impl Mul for &Exact {
    type Output = Exact;
    fn mul(self, o: &Exact) -> Exact {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &o.0) {
            return Exact::reduced(i128::from(*a) * i128::from(*c), i128::from(*b) * i128::from(*d));
        }
        Exact::from_big(self.big() * o.big())
    }
}

impl Div for &Exact {
    type Output = Exact;
    /// The divisor must not be nought; see [`Exact::checked_div`].
    fn div(self, o: &Exact) -> Exact {
        if o.is_zero() {
            return Exact::ZERO;
        }
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &o.0) {
            let sign = if *c < 0 { -1 } else { 1 };
            return Exact::reduced(sign * i128::from(*a) * i128::from(*d), sign * i128::from(*b) * i128::from(*c));
        }
        Exact::from_big(self.big() / o.big())
    }
}

impl PartialEq for Exact {
    fn eq(&self, o: &Exact) -> bool {
        self.cmp(o) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, o: &Exact) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}

impl Ord for Exact {
    fn cmp(&self, o: &Exact) -> Ordering {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &o.0) {
            return (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)));
        }
        self.big().cmp(&o.big())
    }
}

impl fmt::Display for Exact {
    /// A finite decimal where there is one of at most 18 places, else the fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let b = self.big();
        let (mut den, mut places) = (b.denom().clone(), 0usize);
        let mut scale = BigInt::from(1);
        while den != BigInt::from(1) && places < 18 {
            let g = num_integer::Integer::gcd(&den, &BigInt::from(10));
            if g == BigInt::from(1) {
                break;
            }
            den /= g;
            scale *= 10;
            places += 1;
        }
        if den != BigInt::from(1) {
            return f.write_str(&self.fraction());
        }
        let scaled = b.numer() * &scale / b.denom();
        let sign = if scaled.is_negative() { "-" } else { "" };
        let (whole, rest) = num_integer::Integer::div_rem(&scaled.abs(), &scale);
        if places == 0 {
            return write!(f, "{sign}{whole}");
        }
        let rest = format!("{:0>places$}", rest.to_string());
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{rest}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(t: &str) -> Exact {
        Exact::parse(t).unwrap()
    }

    #[test]
    fn arithmetic_is_exact() {
        let tenths = ["3.9", "10.2", "16.7", "1.3", "17.9"].iter().fold(Exact::ZERO, |s, t| &s + &x(t));
        assert_eq!(tenths, Exact::from(50));
        assert_eq!(&(&x("100/3") + &x("100/3")) + &x("100/3"), Exact::HUNDRED);
        assert_eq!((&x("1/3") * &x("3/7")).fraction(), "1/7");
        assert_eq!((&x("1/3") - &x("1/2")).to_string(), "-1/6");
        assert_eq!((&x("-1/3") / &x("-2")).to_string(), "1/6");
        assert!(x("49.9999") < x("50") && x("100/3") > x("33.3333"));
        assert_eq!(x("1").checked_div(&Exact::ZERO), None);
    }

    #[test]
    fn overflow_goes_to_big_integers_and_comes_back() {
        let mut big = Exact::ONE;
        for _ in 0..200 {
            big = &big * &x("1/7");
        }
        assert!(matches!(big.0, Repr::Big(_)) && big.bits() > 500);
        for _ in 0..200 {
            big = &big * &Exact::from(7);
        }
        assert!(matches!(big.0, Repr::Small(1, 1)));
        let near = x("170141183460469231731687303715884105727");
        assert_eq!((&near + &Exact::ONE).to_string(), "170141183460469231731687303715884105728");
        assert!(&near + &Exact::ONE > near);
    }

    #[test]
    fn text() {
        for (t, shown) in [("50.50", "50.5"), ("100/3", "100/3"), ("1/8", "0.125"), ("-0.5", "-0.5"), ("007", "7")] {
            assert_eq!(x(t).to_string(), shown);
        }
        for t in ["", "-", ".", "1/0", "1e3", "a", "1/-"] {
            assert!(Exact::parse(t).is_none(), "{t}");
        }
    }
}
