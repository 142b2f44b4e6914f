//! Two threads for work over whole columns.

use std::sync::{Mutex, PoisonError};

/// Works through parts on two threads, each taking the next when it has done one. Where the
/// system gives no second thread, one does it all.
pub(crate) fn on_two<T: Send>(parts: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
    if matches!(parts.size_hint().1, Some(0 | 1)) {
        return parts.for_each(work);
    }
    let parts = Mutex::new(parts);
    let run = || {
        loop {
            let part = parts.lock().unwrap_or_else(PoisonError::into_inner).next();
            match part {
                Some(part) => work(part),
                None => break,
            }
        }
    };
    std::thread::scope(|scope| {
        // Dropping the handle does not detach it: the scope waits.
        drop(std::thread::Builder::new().spawn_scoped(scope, run));
        run();
    });
}
