//! Stakes between numbered parties as plain arrays: the ground all ownership mathematics works on.

use super::Exact;
use crate::error::{Error, Result};
use crate::graph::Stop;

/// Which end of a stake's range a calculation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// What is certain.
    Low,
    /// What is possible.
    High,
}

/// What one party holds of another, as parts of the whole: 0 is nothing, 1 everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stake {
    /// The party that holds.
    pub holder: u32,
    /// The party that is held.
    pub target: u32,
    /// At least this much.
    pub low: Exact,
    /// At most this much.
    pub high: Exact,
    /// More than `low`, not `low` itself.
    pub low_open: bool,
    /// Less than `high`, not `high` itself.
    pub high_open: bool,
}

impl Stake {
    /// A stake known exactly.
    pub fn exact(holder: u32, target: u32, share: Exact) -> Stake {
        Stake { holder, target, low: share.clone(), high: share, low_open: false, high_open: false }
    }

    /// One end of its range.
    pub fn at(&self, bound: Bound) -> &Exact {
        match bound {
            Bound::Low => &self.low,
            Bound::High => &self.high,
        }
    }
}

/// Stakes among the parties `0..len`, by holder and by target.
#[derive(Debug, Clone)]
pub struct Weights {
    /// By (holder, target), each pair once.
    stakes: Vec<Stake>,
    /// Where the stakes of each holder begin; one more than there are parties.
    down: Vec<usize>,
    /// Places in `stakes` by target.
    up: Vec<u32>,
    /// Where those of each target begin.
    up_start: Vec<usize>,
    /// Ends calculations on them.
    stop: Stop,
}

impl Weights {
    /// Stakes among `len` parties. Several between one holder and one target are added; a party
    /// may hold itself.
    ///
    /// # Errors
    /// A stake of a party that is not below `len`, below nought, or with its low above its high.
    pub fn new(len: usize, stakes: impl IntoIterator<Item = Stake>) -> Result<Weights> {
        let mut all: Vec<Stake> = stakes.into_iter().collect();
        for s in &all {
            if s.holder as usize >= len || s.target as usize >= len {
                return Err(Error::usage(format!("stake of {} in {}: there are {len} parties", s.holder, s.target)));
            }
            if s.low < Exact::ZERO || s.low > s.high {
                return Err(Error::usage(format!("stake of {} in {}: {} to {}", s.holder, s.target, s.low, s.high)));
            }
        }
        if u32::try_from(all.len()).is_err() {
            return Err(Error::usage("more than 4,294,967,295 stakes".to_owned()));
        }
        all.sort_by_key(|s| (s.holder, s.target));
        let mut merged: Vec<Stake> = Vec::with_capacity(all.len());
        for s in all {
            match merged.last_mut() {
                Some(last) if (last.holder, last.target) == (s.holder, s.target) => {
                    last.low = &last.low + &s.low;
                    last.high = &last.high + &s.high;
                    last.low_open |= s.low_open;
                    last.high_open |= s.high_open;
                }
                _ => merged.push(s),
            }
        }
        let down = starts(len, merged.iter().map(|s| s.holder));
        let up_start = starts(len, merged.iter().map(|s| s.target));
        let (mut next, mut up) = (up_start.clone(), vec![0u32; merged.len()]);
        for (place, s) in (0u32..).zip(&merged) {
            let slot = &mut next[s.target as usize];
            up[*slot] = place;
            *slot += 1;
        }
        Ok(Weights { stakes: merged, down, up, up_start, stop: Stop::new() })
    }

    /// The same with a mark that ends calculations on them. What they say then is of no use: ask
    /// the mark before reading it.
    #[must_use]
    pub fn until(mut self, stop: &Stop) -> Weights {
        self.stop = stop.clone();
        self
    }

    /// What ends calculations on them.
    #[inline]
    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// How many parties there are.
    pub fn len(&self) -> usize {
        self.down.len().saturating_sub(1)
    }

    /// Whether there are no parties.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All stakes, by holder, then target.
    pub fn stakes(&self) -> &[Stake] {
        &self.stakes
    }

    /// What a party holds, by target. Empty for a party there is not.
    pub fn holdings(&self, holder: u32) -> &[Stake] {
        let h = holder as usize;
        match (self.down.get(h), self.down.get(h + 1)) {
            (Some(a), Some(b)) => self.stakes.get(*a..*b).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Who holds a party, by holder. Empty for a party there is not.
    pub fn holders(&self, target: u32) -> impl Iterator<Item = &Stake> {
        let t = target as usize;
        let range = match (self.up_start.get(t), self.up_start.get(t + 1)) {
            (Some(a), Some(b)) => *a..*b,
            _ => 0..0,
        };
        self.up.get(range).unwrap_or(&[]).iter().filter_map(|&place| self.stakes.get(place as usize))
    }
}

/// Where the entries of each of `len` keys begin once they are sorted by key.
pub(super) fn starts(len: usize, keys: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut starts = vec![0usize; len + 1];
    for k in keys {
        if let Some(count) = starts.get_mut(k as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for s in &mut starts {
        sum += *s;
        *s = sum;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stakes_add_and_are_found_both_ways() {
        let x = |t| Exact::parse(t).unwrap();
        let open = Stake { low_open: true, ..Stake::exact(0, 2, x("0.25")) };
        let w = Weights::new(
            3,
            [Stake::exact(0, 2, x("0.3")), Stake::exact(1, 2, x("0.1")), open, Stake::exact(2, 2, x("0.1"))],
        )
        .unwrap();
        assert_eq!(w.stakes().len(), 3);
        assert_eq!((w.holdings(0)[0].low.clone(), w.holdings(0)[0].low_open), (x("0.55"), true));
        assert_eq!(w.holders(2).map(|s| s.holder).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(w.holders(0).next().is_none() && w.holdings(9).is_empty() && w.holders(9).next().is_none());
    }

    #[test]
    fn unsound_stakes_are_refused() {
        let x = |t| Exact::parse(t).unwrap();
        assert!(Weights::new(1, [Stake::exact(0, 1, x("0.3"))]).is_err());
        assert!(Weights::new(2, [Stake::exact(0, 1, x("-1"))]).is_err());
        assert!(Weights::new(2, [Stake { low: x("0.4"), ..Stake::exact(0, 1, x("0.3")) }]).is_err());
    }
}
