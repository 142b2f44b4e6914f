//! Close links: holdings of a threshold or more, direct or through others, and common holders.

use super::integrated::{Budget, Method, Options, integrated};
use super::paths::simple_path_sums;
use super::weights::{Bound, Weights};
use super::{Amount, Exact};
use std::collections::BTreeMap;

/// How indirect holdings are added up; in rings the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkMethod {
    /// Over chains that pass no party twice, in at most so many steps in all.
    SimplePaths {
        /// Steps.
        steps: u64,
    },
    /// By integrated ownership.
    Integrated {
        /// Which measure.
        method: Method,
        /// For exact values, of each holder.
        budget: Budget,
        /// At most so many holdings looked at, of all holders; the one that goes beyond is finished.
        steps: u64,
    },
}

/// The question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkQuery {
    /// At least this part of the whole.
    pub threshold: Exact,
    /// Certain links or possible ones.
    pub bound: Bound,
    /// How chains are added.
    pub method: LinkMethod,
    /// At most so many common holdings.
    pub limit: usize,
}

/// A holding of the threshold or more.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Who holds.
    pub holder: u32,
    /// Whom.
    pub target: u32,
    /// How much.
    pub share: Amount,
}

/// Two parties with the same holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Common {
    /// One.
    pub a: u32,
    /// The other, the larger number.
    pub b: u32,
    /// A third party that holds the threshold or more of both.
    pub holder: u32,
}

/// Close links.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CloseLinks {
    /// By holder, then target.
    pub links: Vec<Link>,
    /// Holdings of which it could not be told (no finite value, or beyond the budget).
    pub undecided: Vec<Link>,
    /// Pairs with a common holder, by holder, then pair.
    pub common: Vec<Common>,
    /// Steps or limit ran out: there may be more.
    pub truncated: bool,
}

/// Close links from the holders given, or from everybody.
pub fn close_links(w: &Weights, holders: Option<&[u32]>, q: &LinkQuery) -> CloseLinks {
    let mut sources: Vec<u32> = match holders {
        Some(h) => h.to_vec(),
        None => w.stakes().iter().map(|s| s.holder).collect(),
    };
    sources.sort_unstable();
    sources.dedup();
    let mut out = CloseLinks::default();
    let (LinkMethod::SimplePaths { mut steps } | LinkMethod::Integrated { mut steps, .. }) = q.method;
    for holder in sources {
        if w.stop().is_set() {
            out.truncated = true;
            break;
        }
        let shares: Vec<(u32, Amount)> = match q.method {
            LinkMethod::SimplePaths { .. } => {
                let sums = simple_path_sums(w, holder, q.bound, &mut steps);
                out.truncated |= sums.truncated;
                sums.sums.into_iter().map(|(t, x)| (t, Amount::of(x))).collect()
            }
            LinkMethod::Integrated { .. } if steps == 0 => {
                out.truncated = true;
                break;
            }
            LinkMethod::Integrated { method, budget, .. } => {
                let options = Options { method, bound: q.bound, target: None, budget };
                let all = integrated(w, &[(holder, Exact::ONE)], &options);
                steps = steps.saturating_sub(1 + all.iter().count() as u64);
                all.iter().map(|(t, x)| (t, x.clone())).collect()
            }
        };
        for (target, share) in shares.into_iter().filter(|(t, _)| *t != holder) {
            match share.passes(&q.threshold, true) {
                Some(true) => out.links.push(Link { holder, target, share }),
                Some(false) => {}
                None => out.undecided.push(Link { holder, target, share }),
            }
        }
    }
    let mut held: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for l in &out.links {
        held.entry(l.holder).or_default().push(l.target);
    }
    for (holder, targets) in held {
        for (at, &a) in targets.iter().enumerate() {
            for &b in targets.iter().skip(at + 1) {
                if out.common.len() >= q.limit {
                    out.truncated = true;
                    return out;
                }
                out.common.push(Common { a: a.min(b), b: a.max(b), holder });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::weights::Stake;

    #[test]
    fn a_common_holder_links_two_parties() {
        let x = |t| Exact::parse(t).unwrap();
        let w = Weights::new(
            4,
            [
                Stake::exact(0, 1, x("0.2")),
                Stake::exact(0, 2, x("0.5")),
                Stake::exact(2, 3, x("0.4")),
                Stake::exact(1, 3, x("0.19")),
            ],
        )
        .unwrap();
        let method = LinkMethod::Integrated { method: Method::Baldone, budget: Budget::default(), steps: 1_000 };
        let mut q = LinkQuery { threshold: x("0.2"), bound: Bound::Low, method, limit: 10 };
        let found = close_links(&w, None, &q);
        let pairs: Vec<_> = found.links.iter().map(|l| (l.holder, l.target)).collect();
        assert_eq!(pairs, [(0, 1), (0, 2), (0, 3), (2, 3)]);
        assert_eq!(found.links[2].share, Amount::of(x("0.238")));
        assert_eq!(found.common[0], Common { a: 1, b: 2, holder: 0 });
        assert_eq!((found.common.len(), found.truncated), (3, false));
        q.limit = 2;
        assert!(close_links(&w, Some(&[0]), &q).truncated);
    }
}
