//! Graphs of the current state of the store, lent to one request at a time.

use super::Host;
use crate::error::Result;
use crate::graph::{Graph, Stop};
use crate::query::Scratch;
use crate::store::{Bytes, MANIFEST};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A graph with its place to work in.
pub(super) struct Handle {
    pub(super) graph: Graph,
    pub(super) scratch: Scratch,
}

/// One state of the store.
struct State {
    /// The manifest as it lay there just before the graph was opened.
    manifest: Vec<u8>,
    base: Graph,
    idle: Mutex<Vec<Handle>>,
}

/// The graphs. Those of an older state go when they are given back.
pub(super) struct Pool {
    now: Mutex<Option<Arc<State>>>,
}

/// A graph out on loan.
pub(super) struct Loan {
    handle: Option<Handle>,
    from: Arc<State>,
}

fn locked<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    pub(super) fn new() -> Pool {
        Pool { now: Mutex::new(None) }
    }

    /// A graph of the store as it is now, which `stop` ends.
    pub(super) fn take(&self, host: &dyn Host, stop: &Stop) -> Result<Loan> {
        let state = self.current(host)?;
        let idle = locked(&state.idle).pop();
        let mut handle = match idle {
            Some(h) => h,
            None => {
                let graph = crate::resolve::decided_at(&state.base, state.base.decided_at())?;
                Handle { graph, scratch: Scratch::default() }
            }
        };
        handle.graph.stop = stop.clone();
        Ok(Loan { handle: Some(handle), from: state })
    }

    /// The current state: a look at the manifest, which every change replaces. Files lie in
    /// memory and do not change.
    fn current(&self, host: &dyn Host) -> Result<Arc<State>> {
        let mut now = locked(&self.now);
        if let Some(state) = &*now
            && manifest(&state.base).is_some_and(|m| *m == *state.manifest)
        {
            return Ok(Arc::clone(state));
        }
        let base = host.open()?;
        // A writer may have come between the opening and this look: then it is not that of the
        // graph, and the next request opens anew.
        let hash = |b: &Bytes| Sha256::digest(&b[..]).iter().take(16).map(|b| format!("{b:02x}")).collect::<String>();
        let known = base.snapshot().map(|s| s.hash().to_owned());
        let manifest = manifest(&base).filter(|m| known == Some(hash(m))).map(|m| m.to_vec()).unwrap_or_default();
        let state = Arc::new(State { manifest, base, idle: Mutex::new(Vec::new()) });
        *now = Some(Arc::clone(&state));
        Ok(state)
    }
}

/// The bytes of the manifest where a graph lies.
fn manifest(graph: &Graph) -> Option<Bytes> {
    graph.snapshot()?.storage().open(MANIFEST).ok()
}

impl Loan {
    /// The graph and the place to work in; `None` once given back.
    pub(super) fn parts(&mut self) -> Option<(&Graph, &mut Scratch)> {
        self.handle.as_mut().map(|h| (&h.graph, &mut h.scratch))
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // What a fault left behind is not lent again.
        if let Some(handle) = self.handle.take().filter(|_| !std::thread::panicking()) {
            locked(&self.from.idle).push(handle);
        }
    }
}
