//! Graphs of the current state of the store, lent to one request at a time.

use super::Host;
use crate::error::Result;
use crate::graph::{Graph, Stop, locked, wait_for};
use crate::query::Scratch;
use crate::store::{Bytes, MANIFEST, hash_of};
use std::sync::{Arc, Mutex};

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

impl Pool {
    pub(super) fn new() -> Pool {
        Pool { now: Mutex::new(None) }
    }

    /// A graph of the store as it is now, which `stop` ends.
    pub(super) fn take(&self, host: &dyn Host, stop: &Stop) -> Result<Loan> {
        let state = self.current(host, stop)?;
        let idle = locked(&state.idle).pop();
        let new = || Handle { graph: state.base.twin(), scratch: Scratch::default() };
        let mut handle = idle.unwrap_or_else(new);
        handle.graph.stop = stop.clone();
        Ok(Loan { handle: Some(handle), from: state })
    }

    /// The current state: a look at the manifest, which every change replaces. Files lie in
    /// memory and do not change. Who comes while another opens the store waits for that one, as long as
    /// `stop` lets it.
    fn current(&self, host: &dyn Host, stop: &Stop) -> Result<Arc<State>> {
        let mut now = wait_for(&self.now, stop)?;
        if let Some(state) = &*now
            && manifest(&state.base).is_some_and(|m| *m == *state.manifest)
        {
            return Ok(Arc::clone(state));
        }
        let base = host.open()?;
        // A writer may have come between the opening and this look: then it is not that of the
        // graph, and the next request opens anew.
        let known = base.snapshot().map(|s| s.hash().to_owned());
        let manifest = manifest(&base).filter(|m| known == Some(hash_of(m))).map(|m| m.to_vec()).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::super::Asker;
    use super::*;
    use crate::error::Error;
    use crate::graph::{DecidedAt, Why};
    use crate::import::{Input, Request, import};
    use crate::model::PartialDate;
    use crate::store::{Memory, Snapshot, Storage};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A program with a store in memory, which opens it when it is let.
    struct Home {
        storage: Arc<dyn Storage>,
        opened: AtomicUsize,
        held: Option<Mutex<std::sync::mpsc::Receiver<()>>>,
    }

    impl Home {
        fn new() -> Home {
            Home { storage: Arc::new(Memory::new()), opened: AtomicUsize::new(0), held: None }
        }

        fn import(&self, parties: usize, day: &str) {
            let rows: String = (0..parties).map(|i| format!("n{i},company,Firm {i}\n")).collect();
            let input = Input::from_bytes("nodes.csv", format!("id,type,name\n{rows}").into_bytes()).unwrap();
            let request = Request { release: Some(PartialDate::parse(day).unwrap()), ..Request::default() };
            import(Arc::clone(&self.storage), vec![input], &request, &mut |_| {}).unwrap();
        }
    }

    impl Asker for Home {
        fn ask(&self, _: &[String], _: &Graph, _: &mut Scratch) -> Result<(u8, Vec<u8>)> {
            Err(Error::usage("not asked here"))
        }
    }

    impl Host for Home {
        fn open(&self) -> Result<Graph> {
            self.opened.fetch_add(1, Ordering::Relaxed);
            if let Some(held) = &self.held {
                locked(held).recv().ok();
            }
            let mut graph = Graph::open(Snapshot::open(Arc::clone(&self.storage))?)?;
            crate::resolve::apply(&mut graph, DecidedAt::Now)?;
            Ok(graph)
        }
        fn today(&self) -> Option<PartialDate> {
            None
        }
        fn crowded(&self) -> bool {
            false
        }
        fn tell(&self, _: &str) {}
    }

    #[test]
    fn graphs_are_lent_again_until_the_store_changes() {
        let home = Home::new();
        let pool = Pool::new();
        assert!(pool.take(&home, &Stop::new()).is_err(), "there is no store yet");
        home.import(2, "2024-01-01");
        let (a, b) = (Stop::new(), Stop::new());
        let mut first = pool.take(&home, &a).unwrap();
        let mut second = pool.take(&home, &b).unwrap();
        a.set(Why::Asker);
        assert!(first.parts().unwrap().0.stop.is_set() && !second.parts().unwrap().0.stop.is_set());
        drop(second);
        let mut again = pool.take(&home, &Stop::new()).unwrap();
        assert_eq!(again.parts().unwrap().0.node_count(), 2);
        let opened = home.opened.load(Ordering::Relaxed);
        assert_eq!(opened, 2, "once in vain, once for all three");
        home.import(3, "2024-02-01");
        let mut new = pool.take(&home, &Stop::new()).unwrap();
        assert_eq!(new.parts().unwrap().0.node_count(), 3);
        // Those on loan keep their state, and are not lent again.
        assert_eq!(first.parts().unwrap().0.node_count(), 2);
        drop((first, again));
        let mut other = pool.take(&home, &Stop::new()).unwrap();
        assert_eq!(other.parts().unwrap().0.node_count(), 3);
        assert_eq!(home.opened.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn what_is_worked_out_is_kept_for_all_graphs_of_a_state() {
        let home = Home::new();
        home.import(2, "2024-01-01");
        let pool = Pool::new();
        let made = AtomicUsize::new(0);
        let get = |loan: &mut Loan| {
            let make = || Ok(made.fetch_add(1, Ordering::Relaxed));
            *loan.parts().unwrap().0.kept(make).unwrap()
        };
        let mut first = pool.take(&home, &Stop::new()).unwrap();
        let mut second = pool.take(&home, &Stop::new()).unwrap();
        assert_eq!((get(&mut first), get(&mut second)), (0, 0));
        drop((first, second));
        home.import(3, "2024-02-01");
        assert_eq!(get(&mut pool.take(&home, &Stop::new()).unwrap()), 1, "another state, another value");
    }

    #[test]
    fn who_waits_for_a_store_to_open_can_be_called_off() {
        let mut home = Home::new();
        home.import(2, "2024-01-01");
        let (open, opens) = std::sync::mpsc::channel();
        home.held = Some(Mutex::new(opens));
        let pool = Pool::new();
        std::thread::scope(|s| {
            let first = s.spawn(|| pool.take(&home, &Stop::new()).map(|_| ()));
            while home.opened.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            let stop = Stop::new();
            stop.set(Why::Time);
            assert_eq!(pool.take(&home, &stop).err().unwrap().kind(), crate::error::Kind::Stopped);
            open.send(()).unwrap();
            first.join().unwrap().unwrap();
        });
    }
}
