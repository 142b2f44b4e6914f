//! Whether a summary of a chain agrees with the links it names.
//!
//! An indirect relationship lists its components: the records of the parties and relationships
//! between the two ends. Both are kept, the summary as an indirect relation, which never adds to
//! its links. Here the share it states is compared with what its links make: the products of
//! the shares along each chain from the interested party to the subject, summed.

use crate::model::{Percent, Share};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use rustc_hash::FxHashMap;

/// A difference of at most this many hundredths of a percent is rounding.
const TOLERANCE: (i64, i64) = (5, 100);
/// Most links and chains looked at; a summary with more is not compared.
const MOST: usize = 200;

/// What kind of share a link has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Basis {
    Shares,
    Votes,
}

/// A relationship that is a component: its ends and what it states of shares.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) party: u64,
    pub(super) subject: u64,
    /// Shares by basis; several of one basis are not compared.
    pub(super) shares: Vec<(Basis, Option<Share>)>,
}

/// What a comparison says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The links do not say enough.
    Unknown,
    Agrees,
    /// What the links make, from and to.
    Differs(String),
}

/// Links by the key of their record.
pub(super) type Links = FxHashMap<u64, Link>;

fn number(p: Percent) -> BigRational {
    let (num, den) = p.fraction();
    BigRational::new(BigInt::from(num), BigInt::from(den))
}

fn hundred() -> BigRational {
    BigRational::from_integer(BigInt::from(100))
}

/// Compares a stated share with the links among the components.
pub(super) fn compare(
    links: &Links,
    components: &[u64],
    party: u64,
    subject: u64,
    basis: Basis,
    stated: Share,
) -> Verdict {
    let all: Vec<&Link> = components.iter().filter_map(|c| links.get(c)).collect();
    if all.is_empty() || all.len() > MOST {
        return Verdict::Unknown;
    }
    let (mut low, mut high, mut chains) = (BigRational::zero(), BigRational::zero(), 0);
    // Chains from the party on: where they are, what they passed, what they make so far.
    type Chain = (u64, Vec<u64>, BigRational, BigRational);
    let mut open: Vec<Chain> = vec![(party, vec![party], hundred(), hundred())];
    while let Some((at, passed, from, to)) = open.pop() {
        for link in all.iter().filter(|l| l.party == at && !passed.contains(&l.subject)) {
            let mut of = link.shares.iter().filter(|(b, _)| *b == basis).map(|(_, s)| s);
            let (Some(Some(share)), None) = (of.next(), of.next()) else { return Verdict::Unknown };
            let (from, to) = (&from * number(share.min) / hundred(), &to * number(share.max) / hundred());
            chains += 1;
            if chains > MOST {
                return Verdict::Unknown;
            }
            if link.subject == subject {
                (low, high) = (low + from, high + to);
            } else {
                let mut passed = passed.clone();
                passed.push(link.subject);
                open.push((link.subject, passed, from, to));
            }
        }
    }
    if high.is_zero() {
        return Verdict::Unknown;
    }
    let slack = BigRational::new(BigInt::from(TOLERANCE.0), BigInt::from(TOLERANCE.1));
    if number(stated.max) + &slack < low || number(stated.min) - &slack > high {
        let shown = |r: &BigRational| {
            let places = (r * BigInt::from(10_000)).round().to_integer();
            let text = format!("{:05}", places);
            let (whole, rest) = text.split_at_checked(text.len().saturating_sub(4)).unwrap_or((&text, ""));
            format!("{whole}.{rest}").trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        let (a, b) = (shown(&low), shown(&high));
        return Verdict::Differs(if a == b { a } else { format!("{a} to {b}") });
    }
    Verdict::Agrees
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(text: &str) -> Option<Share> {
        (!text.is_empty()).then(|| Share::parse(text).unwrap())
    }

    fn said(list: &[(u64, u64, &str)], stated: &str) -> Verdict {
        let link = |(party, subject, s): &(u64, u64, &str)| Link {
            party: *party,
            subject: *subject,
            shares: vec![(Basis::Shares, share(s))],
        };
        let links: Links = (100..).zip(list.iter().map(link)).collect();
        let keys: Vec<u64> = (100..100 + list.len() as u64).chain([7]).collect();
        compare(&links, &keys, 1, 9, Basis::Shares, share(stated).unwrap())
    }

    #[test]
    fn products_and_sums() {
        assert_eq!(said(&[(1, 2, "50"), (2, 9, "60")], "30"), Verdict::Agrees);
        assert_eq!(said(&[(1, 2, "50"), (2, 9, "60")], "36"), Verdict::Differs("30".into()));
        let diamond = [(1, 2, "50"), (2, 9, "60"), (1, 3, "40"), (3, 9, "20 to 30")];
        assert_eq!(said(&diamond, "40"), Verdict::Agrees);
        assert_eq!(said(&diamond, "30"), Verdict::Differs("38 to 42".into()));
        assert_eq!(said(&[(1, 2, "100/3"), (2, 9, "50")], "16.67"), Verdict::Agrees, "rounding");
        assert_eq!(said(&[(1, 2, ""), (2, 9, "50")], "90"), Verdict::Unknown);
        assert_eq!(said(&[(1, 2, "50")], "25"), Verdict::Unknown, "no chain arrives");
        assert_eq!(said(&[(1, 2, "50"), (2, 1, "50"), (2, 9, "50")], "25"), Verdict::Agrees, "a circle");
        assert_eq!(said(&[], "25"), Verdict::Unknown);
    }

    #[test]
    fn many_chains_are_not_counted_for_ever() {
        let mut list = Vec::new();
        for level in 0..20 {
            for a in 0..3 {
                for b in 0..3 {
                    list.push((1 + level * 3 + a, 1 + (level + 1) * 3 + b, "50"));
                }
            }
        }
        assert_eq!(said(&list, "25"), Verdict::Unknown);
    }
}
