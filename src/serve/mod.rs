//! The explorer and the API over HTTP, on loopback.
//!
//! What a request asks is answered by functions from a [`Request`] and a [`Context`] to a
//! [`Reply`], which know nothing of sockets. Questions of `/v1` are those of the command line: an
//! [`Asker`] answers them, so that both have one meaning, one shape and the same limits.

mod message;
pub mod yente;

pub use message::{Method, Reply, Request};

use crate::error::Result;
use crate::graph::Graph;
use crate::model::PartialDate;
use crate::query::Scratch;

/// Answers questions in the words of the command line. The library has the queries; which flags
/// there are and how an answer is written as JSON belongs to the command line.
pub trait Asker: Send + Sync {
    /// Answers one question, for example `["neighbours", "--limit=25", "--", "ofac:36217"]`: the
    /// code that the command would exit with, and its JSON.
    fn ask(&self, words: &[String], graph: &Graph, scratch: &mut Scratch) -> Result<(u8, Vec<u8>)>;
}

/// What answers are made from: one graph, and a place to work in, for one request at a time.
pub struct Context<'a> {
    /// The store as it was when the request came.
    pub graph: &'a Graph,
    /// For walks.
    pub scratch: &'a mut Scratch,
    /// Answers questions of the command line.
    pub asker: &'a dyn Asker,
    /// Today, if the system knows.
    pub today: Option<PartialDate>,
}
