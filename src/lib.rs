//! **cuibono** keeps a sanctions network in one folder: people, firms, states and programmes
//! linked by typed edges, each fact with its source. It imports official lists and registers,
//! answers who stands behind whom, says what changed between two releases of a list, and hands
//! every answer to any graph visualiser. Embedded and offline; `cuibono serve` answers over HTTP on
//! loopback for those who want a server.
//!
//! # In twenty lines
//!
//! ```
//! use cuibono::graph::{Dir, Filter, Graph, View};
//! use cuibono::import::{Input, Request, import};
//! use cuibono::store::{Memory, Snapshot, Storage};
//! use std::sync::Arc;
//!
//! # fn main() -> cuibono::error::Result<()> {
//! // A store in memory; `Folder::new("my.store")` keeps it on disk.
//! let storage: Arc<dyn Storage> = Arc::new(Memory::new());
//! let seed = Input::open("data/seed.json".as_ref())?;
//! let day = cuibono::model::PartialDate::parse("2023-09-01")?;
//! let request = Request { release: Some(day), ..Request::default() };
//! import(Arc::clone(&storage), vec![seed], &request, &mut |_| {})?;
//!
//! let graph = Graph::open(Snapshot::open(storage)?)?;
//! let view = View::new(&graph, Filter::default())?;
//! let firm = view.resolve("Intellekt LLC")?;
//! let holder = view
//!     .links(firm, Dir::In)
//!     .find(|l| graph.edge_type(l.edge).ambiguous)
//!     .expect("somebody owns or controls it");
//! assert_eq!(graph.label(holder.other), "Sergei Kozlov");
//! assert_eq!(graph.share(holder.edge), None, "the report gives no percentage");
//! graph.sound()?; // nothing read so far was damaged
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! A module imports only from those above it in this table.
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | the one error type: what, where, what next |
//! | [`model`] | ids, types, shares, dates, records, citations, the network document |
//! | [`codec`] | how records become bytes |
//! | [`store`] | immutable checksummed files behind one manifest; readers, one writer, verify, repair |
//! | [`names`] | names cleaned, compared and scored with evidence; their index |
//! | [`graph`] | the mapped index, views over valid and release time, petgraph's traits |
//! | [`import`] | one file (or folder) a format, all through one sink |
//! | `fetch` | publishers' files over TLS: conditional, bounded, resumed (feature `fetch`, on by default) |
//! | [`query`] | neighbourhood, paths, tracing, differences between releases |
//! | [`ownership`] | regimes, verdicts with proofs, integrated ownership, control, beneficial owners |
//! | [`resolve`] | decisions on which parties are the same: folded, explained, suggested, exchanged |
//! | [`export`] | one file a format, and the layered chart |
//! | `serve` | the explorer and the API over HTTP, on loopback (feature `serve`, on by default) |
//!
//! `docs/format.md` describes the files of a store byte by byte, `docs/json.md` the documents,
//! `docs/design.md` the reasons. The library never prints, and reads no environment, home
//! folder or clock.

pub mod codec;
pub mod error;
pub mod export;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod graph;
pub mod import;
pub mod model;
pub mod names;
pub mod ownership;
pub mod query;
pub mod resolve;
#[cfg(feature = "serve")]
pub mod serve;
pub mod store;
