//! Ending a long question from outside. The library reads no clock and measures no memory: whoever
//! asks sets the mark when it has been enough, and the question ends at its next step.

use crate::error::{Error, Kind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Why a question was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// It took too long.
    Time,
    /// It took too much memory.
    Memory,
    /// Nobody waits for the answer any more.
    Asker,
}

impl Why {
    const ALL: [Why; 3] = [Why::Time, Why::Memory, Why::Asker];

    /// A sentence for the reader of an answer that was cut.
    pub fn words(self) -> &'static str {
        match self {
            Why::Time => "the time for this question ran out",
            Why::Memory => "the memory for this question ran out",
            Why::Asker => "the question was called off",
        }
    }
}

/// A mark that ends questions, shared by all its copies. A walk that is stopped says so in
/// `truncated`; a question whose partial answer would be wrong is an error of
/// [`Kind::Stopped`](crate::error::Kind::Stopped).
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicU8>);

impl Stop {
    /// A mark that is not set.
    pub fn new() -> Stop {
        Stop::default()
    }

    /// Ends what runs. Of several reasons the most pressing stays: nobody waits, then memory, then
    /// time.
    pub fn set(&self, why: Why) {
        let code = 1 + Why::ALL.iter().position(|w| *w == why).unwrap_or(0) as u8;
        self.0.fetch_max(code, Ordering::Relaxed);
    }

    /// Takes the mark back, before the next question.
    pub fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether to stop; one load, cheap enough for every step.
    #[inline]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Why to stop, if so.
    pub fn why(&self) -> Option<Why> {
        Why::ALL.get(usize::from(self.0.load(Ordering::Relaxed)).checked_sub(1)?).copied()
    }

    /// An error when the mark is set.
    #[inline]
    pub fn check(&self) -> Result<()> {
        if self.is_set() { Err(self.error()) } else { Ok(()) }
    }

    /// An error when the mark is set for more than time: then what was found in time is not to be
    /// made into an answer either.
    pub fn check_pressing(&self) -> Result<()> {
        if self.why().is_some_and(|w| w != Why::Time) { Err(self.error()) } else { Ok(()) }
    }

    #[cold]
    fn error(&self) -> Error {
        let why = self.why().unwrap_or(Why::Asker);
        let hint = match why {
            Why::Time => "allow more with --max-time SECONDS, or ask for less (fewer parties, --limit, --max-hops)",
            Why::Memory => "allow more with --max-memory, or ask for less (fewer parties, --limit, --max-hops)",
            Why::Asker => "ask again",
        };
        Error::new(Kind::Stopped, format!("{} before there was an answer", why.words())).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_pressing_reason_stays_until_it_is_cleared() {
        let stop = Stop::new();
        assert!(stop.check().is_ok() && stop.check_pressing().is_ok() && stop.why().is_none());
        let other = stop.clone();
        other.set(Why::Time);
        assert!(stop.check().is_err() && stop.check_pressing().is_ok());
        other.set(Why::Memory);
        assert!(stop.check_pressing().is_err());
        other.set(Why::Time);
        assert_eq!(stop.why(), Some(Why::Memory));
        let e = stop.check().unwrap_err();
        assert_eq!((e.kind(), e.exit_code()), (Kind::Stopped, 4));
        assert!(e.message().contains("memory"), "{e}");
        stop.clear();
        assert!(!other.is_set());
        other.set(Why::Asker);
        assert_eq!(stop.why(), Some(Why::Asker));
    }
}
