//! The explorer and the API over HTTP, on loopback.
//!
//! What a request asks is answered by functions from a `Request` and a `Context` to a
//! `Reply`, which know nothing of sockets. Questions of `/v1` are those of the command line: an
//! [`Asker`] answers them, so that both have one meaning, one shape and the same limits.
//!
//! One thread does the talking ([`Server`]); a few others answer, each request on a graph of its
//! own, which a pool lends out. Before anything is answered a guard looks at who asks.

mod asked;
mod assets;
mod connection;
mod counts;
mod dress;
mod file;
mod guard;
mod message;
mod meta;
mod openapi;
mod percent;
mod picture;
mod pool;
mod route;
mod server;
mod table;
mod tree;
mod v1;
mod workers;
mod yente;

use message::{Method, Reply, Request};
pub use server::{Options, Server};

use crate::error::{Error, Result};
use crate::export::Export;
use crate::graph::Graph;
use crate::model::PartialDate;
use crate::query::Scratch;

/// Answers questions in the words of the command line. The library has the queries; which flags
/// there are and how an answer is written as JSON belongs to the command line.
pub trait Asker: Send + Sync {
    /// Answers one question, for example `["neighbours", "--limit=25", "--", "ofac:36217"]`: the
    /// code that the command would exit with, and its JSON.
    fn ask(&self, words: &[String], graph: &Graph, scratch: &mut Scratch) -> Result<(u8, Vec<u8>)>;

    /// Makes the files of a question `export`, with everything that the command would say beside them
    /// as warnings; `None` where nothing fits.
    fn export(&self, _words: &[String], _graph: &Graph, _scratch: &mut Scratch) -> Result<Option<Export>> {
        Err(Error::usage("files are not made here"))
    }

    /// Verifies a proof anew: the code and the JSON of `check-proof`.
    fn check_proof(&self, _proof: &[u8], _graph: &Graph) -> Result<(u8, Vec<u8>)> {
        Err(Error::usage("proofs are not verified here"))
    }

    /// Keeps a remark on a party, citing `SOURCE` or `SOURCE: LOCATOR`: the code and the JSON of `note`.
    fn note(&self, _entity: &str, _text: &str, _cite: Vec<String>) -> Result<(u8, Vec<u8>)> {
        Err(Error::usage("notes are not kept here"))
    }
}

/// The program around a server.
pub trait Host: Asker {
    /// Opens the store, or the files, as they are now, with parties taken for the same as was decided.
    fn open(&self) -> Result<Graph>;

    /// Today, if the system knows.
    fn today(&self) -> Option<PartialDate>;

    /// Whether the questions that run now take more memory than they may.
    fn crowded(&self) -> bool;

    /// Tells the one who started the server what no client is told.
    fn tell(&self, text: &str);
}

/// What answers are made from: one graph, and a place to work in, for one request at a time.
struct Context<'a> {
    /// The store as it was when the request came.
    graph: &'a Graph,
    /// For walks.
    scratch: &'a mut Scratch,
    /// Answers questions of the command line.
    asker: &'a dyn Asker,
    /// Today, if the system knows.
    today: Option<PartialDate>,
}
