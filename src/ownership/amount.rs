//! An amount of ownership that may have no finite value or be beyond what may be computed.

use super::Exact;

/// How far a float may be from a threshold before it decides nothing.
const MARGIN: f64 = 1e-9;

/// An amount as a part of the whole (1 is everything).
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// A finite amount.
    Finite {
        /// The nearest float, or a float accurate to about 1e-12 where there is no exact value.
        value: f64,
        /// The exact value, unless it cost more than the budget allowed.
        exact: Option<Exact>,
    },
    /// The sum over all chains grows without end: a group owns all (or more than all) of itself.
    NoFinite,
    /// Neither could be told within the budget.
    Unknown,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount::Finite { value: 0.0, exact: Some(Exact::ZERO) };

    /// An exact amount.
    pub fn of(x: Exact) -> Amount {
        Amount::Finite { value: x.to_f64(), exact: Some(x) }
    }

    /// The exact value, where there is one.
    pub fn exact(&self) -> Option<&Exact> {
        match self {
            Amount::Finite { exact, .. } => exact.as_ref(),
            _ => None,
        }
    }

    /// The value as a float, where it is finite and known.
    pub fn value(&self) -> Option<f64> {
        match self {
            Amount::Finite { value, .. } => Some(*value),
            _ => None,
        }
    }

    /// Whether it is at least `threshold` (more than it, where not `inclusive`). `None` where that
    /// cannot be told: no finite value, unknown, or a float within 1e-9 of the threshold.
    pub fn passes(&self, threshold: &Exact, inclusive: bool) -> Option<bool> {
        match self {
            Amount::Finite { exact: Some(x), .. } => Some(x > threshold || (inclusive && x == threshold)),
            Amount::Finite { value, exact: None } => {
                let t = threshold.to_f64();
                ((value - t).abs() > MARGIN * t.abs().max(1.0)).then_some(*value > t)
            }
            Amount::NoFinite | Amount::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_decided_exactly_or_not_at_all() {
        let quarter = Exact::parse("1/4").unwrap();
        assert_eq!(Amount::of(quarter.clone()).passes(&quarter, true), Some(true));
        assert_eq!(Amount::of(quarter.clone()).passes(&quarter, false), Some(false));
        let float = |value| Amount::Finite { value, exact: None };
        assert_eq!(float(0.25).passes(&quarter, true), None);
        assert_eq!(float(0.26).passes(&quarter, false), Some(true));
        assert_eq!(float(0.24).passes(&quarter, true), Some(false));
        assert_eq!(Amount::NoFinite.passes(&quarter, true), None);
    }
}
