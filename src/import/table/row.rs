//! One row of a table of nodes or edges, with the columns it has.

use super::columns::Columns;
use super::ready::Ready;
use crate::error::{Error, Place, Result};
use crate::import::percent;
use crate::import::rows::Batch;
use crate::model::{FactView, Percent, Share};

/// Some rows of a table.
pub(super) struct Table<'t> {
    pub(super) columns: &'t Columns,
    pub(super) batch: &'t Batch,
    /// The file.
    pub(super) place: &'t Place,
    /// What was read of them beforehand.
    pub(super) ready: &'t Ready,
}

impl<'t> Table<'t> {
    /// One of the rows; it must be as wide as the header.
    pub(super) fn row(&self, at: usize) -> Result<Row<'t>> {
        let row = Row::new(self.columns, self.batch, self.place, at);
        if row.is_wide() {
            return Ok(row);
        }
        let width = self.batch.width(at);
        Err(Error::input(format!("{width} columns where the header has {}", self.columns.width))
            .at(row.here())
            .hint("a field that holds the separator must stand in double quotes"))
    }
}

/// A row.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    pub(super) columns: &'t Columns,
    batch: &'t Batch,
    file: &'t Place,
    pub(super) at: usize,
}

impl<'t> Row<'t> {
    pub(super) fn new(columns: &'t Columns, batch: &'t Batch, file: &'t Place, at: usize) -> Row<'t> {
        Row { columns, batch, file, at }
    }

    /// Whether it is as wide as the header.
    pub(super) fn is_wide(&self) -> bool {
        self.batch.width(self.at) == self.columns.width
    }

    /// A field, `None` when it is empty or there is no such column.
    pub(super) fn get(&self, column: usize) -> Option<&'t str> {
        self.columns.at(column).map(|i| self.batch.field(self.at, i)).filter(|t| !t.is_empty())
    }

    /// A hash of all fields.
    pub(super) fn hash(&self) -> u64 {
        self.batch.hash(self.at)
    }

    pub(super) fn here(&self) -> Place {
        self.file.clone().line(self.batch.line(self.at))
    }

    /// The place of a column in this row.
    pub(super) fn place(&self, column: usize) -> Place {
        self.here().element(format!("column {}", self.columns.name(column)))
    }

    pub(super) fn required(&self, column: usize) -> Result<&'t str> {
        self.get(column).ok_or_else(|| Error::input("the field is empty").at(self.place(column)))
    }

    /// A field parsed; the error names the column.
    pub(super) fn parsed<T>(&self, column: usize, parse: impl Fn(&'t str) -> Result<T>) -> Result<Option<T>> {
        self.get(column).map(parse).transpose().map_err(|e| e.at(self.place(column)))
    }

    /// One word of a fixed set.
    pub(super) fn word<T: Copy>(
        &self,
        column: usize,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>> {
        let Some(text) = self.get(column) else { return Ok(None) };
        all.iter().copied().find(|t| word(*t) == text).map(Some).ok_or_else(|| {
            let known = all.iter().map(|t| word(*t)).collect::<Vec<_>>().join(", ");
            Error::input(format!("{text:?} is none of: {known}")).at(self.place(column))
        })
    }

    /// The columns that have no meaning of their own here, kept as facts.
    pub(super) fn extra(&self) -> impl Iterator<Item = FactView<'t>> + use<'t> {
        let Row { columns, batch, at, .. } = *self;
        let facts = columns.extra.iter().map(move |(i, name)| (name, batch.field(at, *i)));
        facts.filter(|(_, v)| !v.is_empty()).map(|(n, v)| FactView::new(n, v))
    }
}

/// A share as written, whole or as an interval; anything outside 0 to 100 is an error.
pub(super) fn share(text: &str) -> Result<Share> {
    match Percent::parse(text.strip_suffix('%').unwrap_or(text)) {
        Ok(percent) => Share::exact(percent),
        Err(e) => percent::parse(text).ok_or(e),
    }
}

/// The lists that a `listed` field names: `*` for a plain yes.
pub(super) fn lists(text: &str) -> Result<Vec<&str>> {
    // What nearly all rows say.
    if text == "0" {
        return Ok(Vec::new());
    }
    match text.to_ascii_lowercase().as_str() {
        "0" | "false" | "no" | "n" => return Ok(Vec::new()),
        "1" | "true" | "yes" | "y" | "*" => return Ok(vec!["*"]),
        _ => {}
    }
    let lists: Vec<&str> = text.split([';', '|', ',', ' ']).map(str::trim).filter(|l| !l.is_empty()).collect();
    let word = |l: &str| l.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    match lists.iter().find(|l| !word(l) || l.len() > 64) {
        Some(bad) => Err(Error::input(format!("{bad:?} is no list (expected yes, no, or ids such as ofac_sdn)"))),
        None => Ok(lists),
    }
}
