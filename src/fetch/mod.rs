//! Downloading publishers' files: what to fetch from where, safely and no more than needed.
//!
//! A [`Table`] names sources, their files and their terms; the one compiled in lists official
//! publishers. A [`Session`] owns a folder for downloads, remembers what it has seen there, and
//! fetches the files of one source at a time: over TLS alone, only when they have changed, never
//! more than the table allows, and never half a file. What it hands out has been recognised as
//! the format that the table names; importing it is up to the caller.
//!
//! Nothing here reads the environment, a home folder or the wall clock: proxies, tokens, the
//! folder and the time come with the [`Settings`]. (Pauses and limits of time use the monotonic
//! clock, which tells no date.) Compiled with the feature `fetch` only.

mod address;
mod check;
mod client;
mod download;
mod part;
mod pause;
mod proxy;
mod session;
mod state;
mod table;

pub use proxy::Proxies;
pub use session::{Fetched, FetchedFile, Session};
pub use state::{Imported, Seen};
pub use table::{Checksum, PublishedFile, Publisher, Table, Token};

use crate::model::PartialDate;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// What a [`Session`] may do, and with what. It holds secrets: it does not print itself.
#[derive(Clone)]
pub struct Settings {
    /// Where downloads and what is remembered of them go; made when it is missing.
    pub folder: PathBuf,
    /// The time, as RFC 3339, to be remembered with each file.
    pub now: String,
    /// The day that `{date}` in an address begins with.
    pub today: Option<PartialDate>,
    /// Value of `{token}` in the addresses of a source, by the id of its entry.
    pub tokens: BTreeMap<String, String>,
    /// Largest file in bytes, in place of what the table says.
    pub max_bytes: Option<u64>,
    /// How often a file is tried before it is given up; at least once.
    pub tries: u32,
    /// Pause before the second try; it doubles with each further one.
    pub pause: Duration,
    /// Longest time for one file, all tries together.
    pub timeout: Duration,
    /// Longest time without a byte.
    pub idle: Duration,
    /// Any number: where the random part of pauses begins.
    pub jitter: u64,
    /// PEM certificates trusted besides the built-in roots.
    pub ca: Option<Vec<u8>>,
    /// The proxy, and what goes past it.
    pub proxies: Option<Proxies>,
    /// Refuse to open any connection.
    pub offline: bool,
}

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// A file begins, or goes on at a byte.
    Begin {
        /// Its name.
        name: &'a str,
        /// Bytes there already.
        at: u64,
        /// Bytes in all, where the server says so.
        total: Option<u64>,
    },
    /// So many bytes of the file are there.
    At(u64),
    /// The file is tried again after a pause.
    Again {
        /// Its name.
        name: &'a str,
        /// Why.
        why: &'a str,
        /// The pause.
        pause: Duration,
    },
}
