//! A counter on stderr for what takes longer than a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Shows how far a long job is, on a terminal only.
pub(crate) struct Progress {
    begun: Instant,
    bar: Option<ProgressBar>,
    silent: bool,
    what: &'static str,
}

impl Progress {
    /// A counter of `what` that stays unseen for the first second.
    pub(crate) fn new(what: &'static str, quiet: bool) -> Progress {
        let silent = quiet || !std::io::stderr().is_terminal();
        Progress { begun: Instant::now(), bar: None, silent, what }
    }

    /// The count so far.
    pub(crate) fn at(&mut self, count: u64) {
        if self.silent || self.begun.elapsed() < Duration::from_secs(1) {
            return;
        }
        let what = self.what;
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar
        });
        bar.set_position(count);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
