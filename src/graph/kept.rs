//! What is worked out from a graph once, at first need, and kept with it.

use super::stop::Stop;
use crate::error::Result;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

/// How often who waits looks at the own mark: soon at first, since most locks are not held for long.
const LOOK: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(2));

type Slot = Arc<Mutex<Option<Arc<dyn Any + Send + Sync>>>>;

/// What a lock holds, also after a fault in who had it.
pub(crate) fn locked<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same of a lock that may be held for long: the mark ends the waiting.
pub(crate) fn wait_for<'m, T>(m: &'m Mutex<T>, stop: &Stop) -> Result<MutexGuard<'m, T>> {
    let mut wait = LOOK.0;
    loop {
        match m.try_lock() {
            Ok(held) => return Ok(held),
            Err(TryLockError::Poisoned(held)) => return Ok(held.into_inner()),
            Err(TryLockError::WouldBlock) => stop.check()?,
        }
        std::thread::sleep(wait);
        wait = (wait * 2).min(LOOK.1);
    }
}

/// At most one value of each type, shared by all twins of a graph.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<TypeId, Slot>>);

impl Kept {
    /// The value of a type, made where nobody has asked for it yet. Who asks while it is made
    /// waits, until its own mark is set; after a failure the next one tries again.
    pub(crate) fn get<T: Any + Send + Sync>(&self, stop: &Stop, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let slot = {
            let mut all = locked(&self.0);
            Arc::clone(all.entry(TypeId::of::<T>()).or_default())
        };
        let mut slot = wait_for(&slot, stop)?;
        if let Some(known) = slot.clone().and_then(|v| v.downcast::<T>().ok()) {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        *slot = Some(made.clone());
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::super::stop::Why;
    use super::*;
    use crate::error::{Error, Kind};
    use std::sync::mpsc::channel;

    #[test]
    fn one_of_a_type_and_failures_are_not_kept() {
        let (kept, stop) = (Kept::default(), Stop::new());
        assert!(kept.get::<u32>(&stop, || Err(Error::input("no"))).is_err());
        assert_eq!(*kept.get(&stop, || Ok(7u32)).unwrap(), 7);
        assert_eq!(*kept.get(&stop, || Ok(8u32)).unwrap(), 7);
        assert_eq!(*kept.get(&stop, || Ok("x".to_owned())).unwrap(), "x");
    }

    #[test]
    fn who_waits_heeds_the_own_mark() {
        let (kept, stop) = (Kept::default(), Stop::new());
        let ((begun, begins), (done, ends)) = (channel(), channel::<()>());
        std::thread::scope(|s| {
            let kept = &kept;
            let made = s.spawn(move || {
                kept.get(&Stop::new(), || {
                    begun.send(()).unwrap();
                    ends.recv().unwrap();
                    Ok(7u32)
                })
            });
            begins.recv().unwrap();
            assert_eq!(*kept.get(&stop, || Ok("another type")).unwrap(), "another type");
            stop.set(Why::Time);
            assert_eq!(kept.get(&stop, || Ok(8u32)).unwrap_err().kind(), Kind::Stopped);
            done.send(()).unwrap();
            assert_eq!(*made.join().unwrap().unwrap(), 7);
        });
    }
}
