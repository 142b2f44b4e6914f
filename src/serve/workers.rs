//! The threads that answer, and the one that watches over their budget.
//!
//! A question that has had its time is asked to end by its mark. One that does not come to its
//! next step in good time is answered for, and its thread is replaced: the program goes on.

use super::{Host, Reply};
use crate::error::{Error, Kind};
use crate::graph::{Stop, Why, locked};
use serde_json::json;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

/// How often the budget is looked at while anything runs.
const LOOK: Duration = Duration::from_millis(50);
/// How long a question may take to its next step once its mark is set.
const GRACE: Duration = Duration::from_millis(if cfg!(test) { 200 } else { 10_000 });
/// Threads that may be lost to questions without an end before no more are replaced.
const LOST: usize = 8;

/// Whom to give the reply.
type Answer = Box<dyn FnOnce(Reply) + Send>;
/// What is to be done, on the mark that ends it.
type Work = Box<dyn FnOnce(&Stop) -> Reply + Send>;

/// One question under way.
struct Ticket {
    stop: Stop,
    came: Instant,
    /// Taken by the first that answers.
    answer: Mutex<Option<Answer>>,
    started: AtomicBool,
    /// By a thread that takes only quick questions.
    among_quick: AtomicBool,
    /// Its thread was replaced.
    given_up: AtomicBool,
    stopped: Mutex<Option<Instant>>,
}

struct Job {
    ticket: Arc<Ticket>,
    work: Work,
}

#[derive(Default)]
struct State {
    /// Questions whose answers come at once, and all others.
    quick: VecDeque<Job>,
    others: VecDeque<Job>,
    /// Waiting or running.
    tickets: Vec<Arc<Ticket>>,
    lost: usize,
    closed: bool,
}

struct Shared {
    state: Mutex<State>,
    /// There is something to do.
    work: Condvar,
    /// There is something to watch.
    watch: Condvar,
    host: Arc<dyn Host>,
    /// What a question may take.
    time: Duration,
    /// The system starts no more threads.
    #[cfg(test)]
    full: AtomicBool,
}

/// The threads. They end when this is dropped and their questions are done.
pub(super) struct Workers(Arc<Shared>);

impl Workers {
    /// Starts `count` threads for all questions, and one that takes only quick ones.
    pub(super) fn start(count: usize, time: Duration, host: Arc<dyn Host>) -> io::Result<Workers> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            work: Condvar::new(),
            watch: Condvar::new(),
            host,
            time,
            #[cfg(test)]
            full: AtomicBool::new(false),
        });
        for n in 0..=count {
            shared.hire(n == count)?;
        }
        let watched = Arc::clone(&shared);
        thread::Builder::new().name("budget".to_owned()).spawn(move || watched.look())?;
        Ok(Workers(shared))
    }

    /// Has a question answered. Dropping what comes back calls it off.
    pub(super) fn submit(
        &self,
        quick: bool,
        work: impl FnOnce(&Stop) -> Reply + Send + 'static,
        answer: impl FnOnce(Reply) + Send + 'static,
    ) -> Asked {
        let ticket = Arc::new(Ticket {
            stop: Stop::new(),
            came: Instant::now(),
            answer: Mutex::new(Some(Box::new(answer))),
            started: AtomicBool::new(false),
            among_quick: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
            stopped: Mutex::new(None),
        });
        if self.0.time.is_zero() {
            ticket.stop.set(Why::Time);
        }
        let mut state = locked(&self.0.state);
        let job = Job { ticket: Arc::clone(&ticket), work: Box::new(work) };
        if quick { &mut state.quick } else { &mut state.others }.push_back(job);
        state.tickets.push(Arc::clone(&ticket));
        drop(state);
        // One woken thread may be the one that takes only quick questions.
        self.0.work.notify_all();
        self.0.watch.notify_one();
        Asked(ticket)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let mut state = locked(&self.0.state);
        state.closed = true;
        state.tickets.iter().for_each(|t| t.stop.set(Why::Asker));
        drop(state);
        self.0.work.notify_all();
        self.0.watch.notify_all();
    }
}

/// A question that somebody waits for.
pub(super) struct Asked(Arc<Ticket>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.stop.set(Why::Asker);
        locked(&self.0.answer).take();
    }
}

impl Ticket {
    fn reply(&self, reply: Reply) {
        if let Some(answer) = locked(&self.answer).take() {
            answer(reply);
        }
    }

    /// The error of a question that its mark ended.
    fn late(&self) -> Reply {
        if !self.started.load(Ordering::Relaxed) {
            return full();
        }
        Reply::error(&self.stop.check().err().unwrap_or_else(|| Error::new(Kind::Stopped, "the question was ended")))
    }
}

/// The reply of a server with too much to do.
pub(super) fn full() -> Reply {
    let body = json!({ "error": "the server is busy with other questions", "hint": "ask again in a moment" });
    Reply::json(503, &body).header("retry-after", "1")
}

impl Shared {
    fn hire(self: &Arc<Self>, only_quick: bool) -> io::Result<()> {
        #[cfg(test)]
        if self.full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let shared = Arc::clone(self);
        let name = if only_quick { "quick" } else { "answer" };
        thread::Builder::new().name(name.to_owned()).spawn(move || shared.serve(only_quick)).map(|_| ())
    }

    /// The next question, the one that waits longest first.
    fn next(&self, only_quick: bool) -> Option<Job> {
        let mut state = locked(&self.state);
        loop {
            let job = match (state.quick.front(), state.others.front()) {
                (Some(_), _) if only_quick => state.quick.pop_front(),
                (Some(q), Some(o)) if q.ticket.came <= o.ticket.came => state.quick.pop_front(),
                (Some(_), None) => state.quick.pop_front(),
                (_, Some(_)) if !only_quick => state.others.pop_front(),
                _ => None,
            };
            if job.is_some() || state.closed {
                return job;
            }
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn serve(&self, only_quick: bool) {
        while let Some(Job { ticket, work }) = self.next(only_quick) {
            // What nobody waits for, or was answered for, need not be answered.
            let wanted = locked(&ticket.answer).is_some();
            if wanted {
                ticket.among_quick.store(only_quick, Ordering::Relaxed);
                ticket.started.store(true, Ordering::Relaxed);
                match catch_unwind(AssertUnwindSafe(|| work(&ticket.stop))) {
                    Ok(reply) => ticket.reply(reply),
                    Err(_) => {
                        self.host.tell("a question ended in a fault of the program; the others go on");
                        ticket.reply(Reply::json(500, &json!({ "error": "a fault of the program" })));
                    }
                }
            }
            let mut state = locked(&self.state);
            state.tickets.retain(|t| !Arc::ptr_eq(t, &ticket));
            // Another has taken the place meanwhile.
            if ticket.given_up.load(Ordering::Relaxed) {
                state.lost -= 1;
                return;
            }
        }
    }

    /// Sets the marks of questions that have had their time, or take too much memory together.
    fn look(self: Arc<Self>) {
        loop {
            let mut state = locked(&self.state);
            while state.tickets.is_empty() && !state.closed {
                state = self.watch.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.closed {
                return;
            }
            let tickets = state.tickets.clone();
            drop(state);
            let crowded = self.host.crowded();
            tickets.iter().for_each(|t| self.look_at(t, crowded));
            thread::sleep(LOOK);
        }
    }

    fn look_at(self: &Arc<Self>, ticket: &Arc<Ticket>, crowded: bool) {
        let started = ticket.started.load(Ordering::Relaxed);
        if ticket.came.elapsed() >= self.time {
            ticket.stop.set(Why::Time);
            if !started {
                ticket.reply(ticket.late());
            }
        }
        if crowded && started {
            ticket.stop.set(Why::Memory);
        }
        if !ticket.stop.is_set() || !started {
            return;
        }
        let since = *locked(&ticket.stopped).get_or_insert_with(Instant::now);
        if since.elapsed() < GRACE || ticket.given_up.load(Ordering::Relaxed) {
            return;
        }
        ticket.reply(ticket.late());
        let mut state = locked(&self.state);
        let there = state.tickets.iter().any(|t| Arc::ptr_eq(t, ticket));
        if !there || state.lost >= LOST {
            return;
        }
        // Held meanwhile: the question may end in this moment, and its thread must know which it is.
        match self.hire(ticket.among_quick.load(Ordering::Relaxed)) {
            Ok(()) => {
                state.lost += 1;
                ticket.given_up.store(true, Ordering::Relaxed);
                drop(state);
                self.host.tell("a question does not end though its time is over; another thread takes its place");
            }
            Err(e) => {
                drop(state);
                // Tried again after the same time.
                *locked(&ticket.stopped) = Some(Instant::now());
                self.host.tell(&format!("no other thread can be started: {e}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Asker;
    use super::*;
    use crate::error::Result;
    use crate::graph::Graph;
    use crate::model::PartialDate;
    use crate::query::Scratch;
    use std::sync::mpsc::{Receiver, channel};

    /// A program that only listens.
    #[derive(Default)]
    struct Ear {
        heard: Mutex<Vec<String>>,
        crowded: AtomicBool,
    }

    impl Asker for Ear {
        fn ask(&self, _: &[String], _: &Graph, _: &mut Scratch) -> Result<(u8, Vec<u8>)> {
            Err(Error::usage("not asked here"))
        }
    }

    impl Host for Ear {
        fn open(&self) -> Result<Graph> {
            Err(Error::usage("not opened here"))
        }
        fn today(&self) -> Option<PartialDate> {
            None
        }
        fn crowded(&self) -> bool {
            self.crowded.load(Ordering::Relaxed)
        }
        fn tell(&self, text: &str) {
            locked(&self.heard).push(text.to_owned());
        }
    }

    fn start(count: usize, time: Duration) -> (Workers, Arc<Ear>) {
        let ear = Arc::new(Ear::default());
        (Workers::start(count, time, Arc::clone(&ear) as Arc<dyn Host>).unwrap(), ear)
    }

    /// Asks, and where the reply will come.
    fn ask(w: &Workers, quick: bool, work: impl FnOnce(&Stop) -> Reply + Send + 'static) -> (Asked, Receiver<Reply>) {
        let (send, receive) = channel();
        (w.submit(quick, work, move |r| send.send(r).unwrap_or_default()), receive)
    }

    fn ok(_: &Stop) -> Reply {
        Reply::bytes(200, "text/plain", "ok")
    }

    fn heed(stop: &Stop) -> Reply {
        while !stop.is_set() {
            thread::sleep(Duration::from_millis(5));
        }
        Reply::error(&stop.check().unwrap_err())
    }

    fn status(r: &Receiver<Reply>) -> u16 {
        r.recv_timeout(Duration::from_secs(60)).unwrap().status
    }

    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn quick_questions_do_not_wait_for_long_ones() {
        let (w, _) = start(2, LONG);
        let long: Vec<_> = (0..5).map(|_| ask(&w, false, heed)).collect();
        for _ in 0..10 {
            assert_eq!(status(&ask(&w, true, ok).1), 200);
        }
        // Called off, they make room for each other.
        let waiting: Vec<Receiver<Reply>> = long.into_iter().map(|(_, r)| r).collect();
        assert_eq!(status(&ask(&w, false, ok).1), 200);
        drop(waiting);
    }

    #[test]
    fn a_fault_ends_one_question() {
        let (w, ear) = start(1, LONG);
        let (_asked, r) = ask(&w, false, |_| panic!("on purpose"));
        assert_eq!(status(&r), 500);
        assert_eq!(status(&ask(&w, false, ok).1), 200);
        assert_eq!(locked(&ear.heard).len(), 1);
    }

    #[test]
    fn time_and_memory_end_a_question() {
        let (w, ear) = start(1, Duration::from_millis(20));
        let (_asked, r) = ask(&w, false, heed);
        let reply = r.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(reply.status, 503);
        assert!(String::from_utf8(reply.body).unwrap().contains("time"));
        assert!(locked(&ear.heard).is_empty());
        let (w, ear) = start(1, LONG);
        ear.crowded.store(true, Ordering::Relaxed);
        let (_asked, r) = ask(&w, false, heed);
        let reply = r.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(reply.status == 503 && String::from_utf8(reply.body).unwrap().contains("memory"));
    }

    /// Work that heeds no mark, until it is let go.
    fn deaf(release: &Arc<AtomicBool>) -> impl FnOnce(&Stop) -> Reply + Send + 'static + use<> {
        let release = Arc::clone(release);
        move |_: &Stop| {
            while !release.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
            }
            Reply::bytes(200, "text/plain", "too late")
        }
    }

    #[test]
    fn the_thread_of_quick_questions_is_replaced_by_one() {
        let (w, ear) = start(1, LONG);
        let release = Arc::new(AtomicBool::new(false));
        // Both threads hold a quick question that does not end.
        let held: Vec<_> = (0..2).map(|_| ask(&w, true, deaf(&release))).collect();
        let running = || locked(&w.0.state).tickets.iter().filter(|t| t.started.load(Ordering::Relaxed)).count();
        while running() < 2 {
            thread::sleep(Duration::from_millis(1));
        }
        ear.crowded.store(true, Ordering::Relaxed);
        while locked(&ear.heard).len() < 2 {
            thread::sleep(Duration::from_millis(5));
        }
        ear.crowded.store(false, Ordering::Relaxed);
        // One of the new threads is kept from long questions.
        let (_long, long) = ask(&w, false, deaf(&release));
        while running() < 3 {
            thread::sleep(Duration::from_millis(1));
        }
        let (_more, waits) = ask(&w, false, ok);
        assert_eq!(status(&ask(&w, true, ok).1), 200);
        assert!(waits.try_recv().is_err(), "a long question on the thread of quick ones");
        release.store(true, Ordering::Relaxed);
        assert_eq!((status(&long), status(&waits)), (200, 200));
        drop(held);
    }

    #[test]
    fn where_no_thread_can_be_started_the_old_one_goes_on() {
        let (w, ear) = start(1, Duration::from_millis(20));
        w.0.full.store(true, Ordering::Relaxed);
        let release = Arc::new(AtomicBool::new(false));
        let (_asked, r) = ask(&w, false, deaf(&release));
        assert_eq!(status(&r), 503);
        while locked(&ear.heard).is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(locked(&ear.heard)[0].contains("no other thread"));
        assert_eq!(locked(&w.0.state).lost, 0);
        release.store(true, Ordering::Relaxed);
        while !locked(&w.0.state).tickets.is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(status(&ask(&w, false, ok).1), 200);
    }

    #[test]
    fn what_was_answered_for_while_it_waited_is_not_run() {
        let (w, _) = start(1, Duration::from_millis(20));
        let release = Arc::new(AtomicBool::new(false));
        let (_a, first) = ask(&w, false, deaf(&release));
        while !locked(&w.0.state).tickets.iter().any(|t| t.started.load(Ordering::Relaxed)) {
            thread::sleep(Duration::from_millis(1));
        }
        let ran = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&ran);
        let (_b, second) = ask(&w, false, move |stop| {
            mark.store(true, Ordering::Relaxed);
            ok(stop)
        });
        assert_eq!(status(&second), 503);
        release.store(true, Ordering::Relaxed);
        first.recv_timeout(Duration::from_secs(60)).unwrap();
        while !locked(&w.0.state).tickets.is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!ran.load(Ordering::Relaxed));
    }

    #[test]
    fn threads_that_do_not_come_back_are_replaced() {
        let (w, ear) = start(1, Duration::from_millis(20));
        let release = Arc::new(AtomicBool::new(false));
        for n in 1..=3 {
            let (_asked, r) = ask(&w, false, deaf(&release));
            assert_eq!(status(&r), 503);
            // The next is answered by another thread, and so only after that was found.
            while locked(&ear.heard).len() < n {
                thread::sleep(Duration::from_millis(5));
            }
        }
        assert_eq!(locked(&w.0.state).lost, 3);
        // One that waits behind a deaf one is told that the server is busy, not that it took long.
        let (_a, first) = ask(&w, false, deaf(&release));
        while !locked(&w.0.state)
            .tickets
            .iter()
            .any(|t| t.started.load(Ordering::Relaxed) && !t.given_up.load(Ordering::Relaxed))
        {
            thread::sleep(Duration::from_millis(1));
        }
        let (_b, second) = ask(&w, false, ok);
        let reply = second.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(reply.status == 200 || String::from_utf8(reply.body).unwrap().contains("busy"));
        assert_eq!(status(&first), 503);
        release.store(true, Ordering::Relaxed);
        while locked(&w.0.state).lost > 0 || !locked(&w.0.state).tickets.is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(status(&ask(&w, false, ok).1), 200);
    }
}
