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

/// A bar for files that are fetched one after the other, on a terminal only.
#[cfg(feature = "fetch")]
pub(crate) struct Download {
    silent: bool,
    bar: Option<ProgressBar>,
}

#[cfg(feature = "fetch")]
impl Download {
    /// Nothing is shown before the first file begins.
    pub(crate) fn new(quiet: bool) -> Download {
        Download { silent: quiet || !std::io::stderr().is_terminal(), bar: None }
    }

    /// A file begins at a byte; its size, where the server tells it.
    pub(crate) fn begin(&mut self, name: &str, at: u64, total: Option<u64>) {
        self.clear();
        if self.silent {
            return;
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(8));
        let template = match total {
            Some(_) => "{msg} [{bar:30}] {bytes} of {total_bytes} ({bytes_per_sec}, {eta})",
            None => "{spinner} {msg} {bytes} ({bytes_per_sec}, {elapsed})",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name.to_owned());
        bar.set_position(at);
        bar.reset_eta();
        self.bar = Some(bar);
    }

    /// The bytes there so far.
    pub(crate) fn at(&mut self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// Takes the bar away, for a note or the next file.
    pub(crate) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(feature = "fetch")]
impl Drop for Download {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
