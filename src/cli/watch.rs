//! The budget of a question: a thread looks at the clock and at the memory, and sets the graph's
//! mark when either is used up. A question that does not come to its next step in good time is
//! ended from here, unless its answer is already being written.

use super::args::Global;
use super::exit::{self, Outcome};
use cuibono::error::{Error, Kind, Result};
use cuibono::graph::{Stop, Why};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// Seconds a question may take when nothing else is said.
pub(crate) const TIMEOUT: f64 = 300.0;
/// How often the thread looks.
const LOOK: Duration = Duration::from_millis(50);
/// How long a stopped question may take to its next step.
const GRACE: Duration = Duration::from_secs(20);
/// Of the memory that is free when the program starts, the part a question may take.
const SHARE: (u64, u64) = (3, 4);

/// Set once output has begun: a slow reader of a long answer is no fault of the question.
pub(crate) static WRITING: AtomicBool = AtomicBool::new(false);

/// Watches the questions of one command.
pub(crate) struct Watch {
    stop: Stop,
    timeout: Duration,
    /// When the current question must be done, in milliseconds since `start`; 0 while none runs.
    until: Arc<AtomicU64>,
    start: Instant,
}

impl Watch {
    /// Starts watching with the flags' budget.
    pub(crate) fn new(global: &Global, stop: &Stop) -> Result<Watch> {
        let timeout = seconds(global.max_time.unwrap_or(TIMEOUT))?;
        let watch = Watch { stop: stop.clone(), timeout, until: Arc::new(AtomicU64::new(0)), start: Instant::now() };
        let (until, start, stop) = (Arc::clone(&watch.until), watch.start, stop.clone());
        let most = most(global);
        let colour = global.colour_on_stderr();
        thread::Builder::new()
            .name("budget".to_owned())
            .spawn(move || look(&until, start, &stop, most, colour))
            .map_err(|e| Error::io("watch the budget of the question", e))?;
        Ok(watch)
    }

    /// Runs one question under the budget.
    pub(crate) fn over(&self, question: impl FnOnce() -> Result<Outcome>) -> Result<Outcome> {
        self.stop.clear();
        if self.timeout.is_zero() {
            self.stop.set(Why::Time);
        }
        let until = self.start.elapsed().saturating_add(self.timeout);
        self.until.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
        let done = question();
        self.until.store(0, Ordering::Relaxed);
        done
    }
}

fn look(until: &AtomicU64, start: Instant, stop: &Stop, most: Option<u64>, colour: bool) {
    let mut stopped: Option<(Instant, u64)> = None;
    loop {
        thread::sleep(LOOK);
        let end = until.load(Ordering::Relaxed);
        if end == 0 {
            continue;
        }
        if start.elapsed() >= Duration::from_millis(end) {
            stop.set(Why::Time);
        }
        let used = most.and(used()).unwrap_or(0);
        if most.is_some_and(|m| used > m) {
            stop.set(Why::Memory);
        }
        // Memory that goes on growing is not waited for.
        let grace = if most.is_some_and(|m| used > m.saturating_add(m / 6)) { Duration::ZERO } else { GRACE };
        match stopped {
            // Another question of a batch has its own time.
            Some((_, e)) if e != end => stopped = None,
            Some((at, _)) if at.elapsed() >= grace && !WRITING.load(Ordering::Relaxed) => {
                let why = stop.why().unwrap_or(Why::Time);
                let e = Error::new(Kind::Stopped, format!("{} before there was an answer", why.words()));
                std::process::exit(i32::from(exit::code(&Err(e), colour)));
            }
            None if stop.is_set() => stopped = Some((Instant::now(), end)),
            _ => {}
        }
    }
}

/// A budget of time.
pub(crate) fn seconds(n: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(n)
        .map_err(|_| Error::usage(format!("{n} is no number of seconds")).hint("for example --max-time 30"))
}

/// The memory that this process may hold for itself; `None` where the system does not tell.
pub(crate) fn most(global: &Global) -> Option<u64> {
    let said = global.max_memory.map(|m| m.saturating_mul(1 << 20));
    said.or_else(|| Some(free()?.saturating_add(used()?) / SHARE.1 * SHARE.0))
}

/// Whether it holds more.
#[cfg(feature = "serve")]
pub(crate) fn over(most: Option<u64>) -> bool {
    most.is_some_and(|m| used().is_some_and(|u| u > m))
}

/// A number of kB after a word in a file of the system, in bytes.
fn kilobytes(file: &str, word: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix(word))?;
    line.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Memory that this process holds for itself, mapped files not counted; `None` where the system
/// does not tell (then there is no budget of memory).
fn used() -> Option<u64> {
    kilobytes("/proc/self/status", "RssAnon")
}

/// Memory that is free. Machines do not grow: it is read once.
fn free() -> Option<u64> {
    static FREE: OnceLock<Option<u64>> = OnceLock::new();
    *FREE.get_or_init(|| kilobytes("/proc/meminfo", "MemAvailable"))
}

/// Standard output that says when it is first written to.
pub(crate) struct Marking<W>(pub(crate) W);

impl<W: std::io::Write> std::io::Write for Marking<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        WRITING.store(true, Ordering::Relaxed);
        self.0.write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
