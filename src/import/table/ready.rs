//! What can be read of rows without looking anything up: done on the thread that splits them.

use super::columns::{Columns, Kind, edge, node};
use super::row::{Row, share};
use crate::error::{Error, Place, Result};
use crate::import::rows::Batch;
use crate::model::{Id, IdView, PartialDate, Share};
use xxhash_rust::xxh3::xxh3_64;

/// An id of a row.
#[derive(Clone, Copy)]
pub(super) struct ReadyId {
    /// Of the whole id.
    pub(super) hash: u64,
    /// The field names no namespace.
    pub(super) bare: bool,
}

/// An edge.
#[derive(Clone, Copy)]
pub(super) struct ReadyEdge {
    pub(super) source: ReadyId,
    pub(super) target: ReadyId,
    pub(super) share: Option<Share>,
    pub(super) start: Option<PartialDate>,
    pub(super) end: Option<PartialDate>,
}

/// The rows of a batch as far as they are in order; what is wrong with the others is found when it is
/// their turn.
#[derive(Default)]
pub(super) struct Ready {
    pub(super) nodes: Vec<Option<ReadyId>>,
    pub(super) edges: Vec<Option<ReadyEdge>>,
}

impl Ready {
    /// Reads the rows of a batch.
    pub(super) fn of(columns: &Columns, batch: &Batch, place: &Place, source: &str) -> Ready {
        let mut ready = Ready::default();
        let mut scratch = Vec::new();
        for at in 0..batch.len() {
            let row = Row::new(columns, batch, place, at);
            let wide = row.is_wide();
            match columns.kind {
                Kind::Nodes => {
                    ready.nodes.push(id(&row, node::ID, source, &mut scratch).ok().filter(|_| wide));
                }
                Kind::Edges => ready.edges.push(read_edge(&row, source, &mut scratch).ok().filter(|_| wide)),
            }
        }
        ready
    }
}

/// The id in a column.
pub(super) fn id(row: &Row<'_>, column: usize, source: &str, scratch: &mut Vec<u8>) -> Result<ReadyId> {
    let text = row.required(column)?;
    let id = Id::scoped_view(text, source).map_err(|e| e.at(row.place(column)))?;
    scratch.clear();
    id.write(scratch);
    Ok(ReadyId { hash: xxh3_64(scratch), bare: id.local.len() == text.len() })
}

/// What stands in the columns of an edge.
pub(super) fn read_edge(row: &Row<'_>, source: &str, scratch: &mut Vec<u8>) -> Result<ReadyEdge> {
    let ready = ReadyEdge {
        source: id(row, edge::SOURCE, source, scratch)?,
        target: id(row, edge::TARGET, source, scratch)?,
        share: row.parsed(edge::PERCENTAGE, share)?,
        start: row.parsed(edge::START, PartialDate::parse)?,
        end: row.parsed(edge::END, PartialDate::parse)?,
    };
    if let (Some(start), Some(end)) = (ready.start, ready.end)
        && end.last_day() < start.first_day()
    {
        return Err(Error::input(format!("ends on {end}, before it starts on {start}")).at(row.place(edge::END)));
    }
    Ok(ready)
}

/// The id in a column that was read before.
pub(super) fn id_view<'t>(row: &Row<'t>, column: usize, ready: ReadyId, source: &'t str) -> IdView<'t> {
    let text = row.get(column).unwrap_or_default();
    if ready.bare { IdView { namespace: Some(source), local: text } } else { IdView::of(text) }
}
