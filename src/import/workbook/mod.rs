//! Tables that come as spreadsheets (Office Open XML or OpenDocument), read like those that
//! come as delimited text: rows of texts, one at a time.
//!
//! Of a workbook the first sheet is read. What a workbook may do to its reader is bounded: its
//! size packed and unpacked, checked before anything is unpacked and again while reading; the
//! length of rows and cells; and repeated cells and rows are never written out in memory.
//! Numbers are the digits of the file, days are `YYYY-MM-DD`.

mod cells;
mod number;
mod ods;
#[cfg(test)]
pub(crate) mod testing;
mod xlsx;
mod zip;

use self::cells::Cells;
use self::ods::Ods;
use self::xlsx::Xlsx;
use self::zip::Zip;
use super::rows::{Header, Rows};
use super::{Input, Report};
use crate::error::{Error, Place, Result};
use std::io::Read;

/// The largest packed workbook, in bytes.
pub(super) const MAX_PACKED: u64 = 128 << 20;

/// Whether a file is an office document of either kind, from the names of the members in its
/// first bytes: other ZIP files hold files to import.
pub(super) fn is_workbook(head: &[u8]) -> bool {
    const PARTS: [&[u8]; 6] =
        [b"xl/workbook.xml", b"xl/worksheets/", b"xl/sharedStrings.xml", b"xl/styles.xml", b"xl/_rels/", b"xl/theme/"];
    let (mut mimetype, mut open_document) = (false, false);
    for name in zip::names(head) {
        if PARTS.iter().any(|p| name.starts_with(p)) {
            return true;
        }
        mimetype |= name == b"mimetype";
        open_document |= name == b"content.xml" || name == b"META-INF/manifest.xml";
    }
    mimetype && open_document
}

enum Sheet {
    Xlsx(Box<Xlsx>),
    Ods(Box<Ods>),
}

/// The first sheet of a workbook.
pub(super) struct Book {
    file: String,
    sheet: Sheet,
    cells: Cells,
    row: u64,
}

impl Book {
    /// Opens a workbook from its bytes.
    fn open(file: &str, bytes: Vec<u8>) -> Result<Book> {
        let zip = Zip::open(file, bytes)?;
        let sheet = match zip.has("content.xml") {
            true => Ods::open(&zip).map(|o| Sheet::Ods(Box::new(o))),
            false => Xlsx::open(&zip).map(|x| Sheet::Xlsx(Box::new(x))),
        };
        let sheet = sheet.map_err(|e| e.at(Place::file(file)))?;
        Ok(Book { file: file.to_owned(), sheet, cells: Cells::default(), row: 0 })
    }

    fn next(&mut self) -> Result<bool> {
        loop {
            let row = match &mut self.sheet {
                Sheet::Xlsx(x) => x.next(&mut self.cells)?,
                Sheet::Ods(o) => o.next(&mut self.cells)?,
            };
            match row {
                None => return Ok(false),
                Some(_) if self.cells.blank() => {}
                Some(row) => {
                    self.row = row;
                    return Ok(true);
                }
            }
        }
    }
}

/// The first rows of a workbook whose head is all of it; none where it cannot be read. For
/// telling formats apart.
fn peek(input: &Input, rows: usize) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let Ok(mut book) = Book::open(input.name(), input.head().to_vec()) else { return out };
    while out.len() < rows && book.next().unwrap_or(false) {
        out.push((0..book.cells.len()).map(|i| book.cells.get(i).trim().to_owned()).collect());
    }
    out
}

/// A publisher's table: rows of text, or the first sheet of a workbook.
pub(super) enum Table {
    /// Delimited text.
    Text(Rows),
    /// A workbook.
    Book(Book),
}

impl Table {
    /// Starts before the first row.
    ///
    /// # Errors
    /// A workbook that cannot be opened, or is over 128 MiB packed or 512 MiB unpacked.
    pub(super) fn open(mut input: Input) -> Result<Table> {
        if !is_workbook(input.head()) {
            return Ok(Table::Text(Rows::new(input)));
        }
        let mut bytes = Vec::new();
        if let Err(e) = Read::take(&mut input, MAX_PACKED + 1).read_to_end(&mut bytes) {
            return Err(input.read_error(e));
        }
        if bytes.len() as u64 > MAX_PACKED {
            return Err(Error::input(format!("the workbook is larger than {MAX_PACKED} bytes"))
                .at(input.place())
                .hint("save the sheet that is wanted as CSV"));
        }
        Ok(Table::Book(Book::open(input.name(), bytes)?))
    }

    /// The first rows of a file, for telling formats apart; nothing is checked.
    pub(super) fn peek(input: &Input, rows: usize) -> Vec<Vec<String>> {
        if is_workbook(input.head()) {
            return peek(input, rows);
        }
        // The last line of the head may be cut.
        let Ok(copy) = Input::from_bytes(input.name(), input.head().to_vec()) else { return Vec::new() };
        let (mut out, mut table) = (Vec::new(), Rows::new(copy));
        while out.len() < rows && table.next().unwrap_or(false) {
            out.push((0..table.len()).map(|i| table.field(i).to_owned()).collect());
        }
        out
    }

    /// Goes to the next row that is not blank; `false` at the end.
    pub(super) fn next(&mut self) -> Result<bool> {
        match self {
            Table::Text(rows) => rows.next(),
            Table::Book(book) => book.next(),
        }
    }

    /// A field without white space around it; empty when there is none.
    pub(super) fn field(&self, i: usize) -> &str {
        match self {
            Table::Text(rows) => rows.field(i),
            Table::Book(book) => book.cells.get(i).trim(),
        }
    }

    /// How many fields the row has.
    pub(super) fn len(&self) -> usize {
        match self {
            Table::Text(rows) => rows.len(),
            Table::Book(book) => book.cells.len(),
        }
    }

    /// The place of the current row.
    pub(super) fn here(&self) -> Place {
        match self {
            Table::Text(rows) => rows.here(),
            Table::Book(book) => Place::file(book.file.clone()).line(book.row),
        }
    }

    /// The current row as a header.
    pub(super) fn header(&self) -> Header {
        Header::new((0..self.len()).map(|i| self.field(i).to_owned()).collect())
    }

    /// Refuses a row that does not fit the header. Workbooks do not write empty cells at the
    /// end of a row; delimited text does.
    pub(super) fn check(&self, header: &Header) -> Result<()> {
        match self {
            Table::Text(rows) => header.check(rows),
            Table::Book(book) if book.cells.len() <= header.len() => Ok(()),
            Table::Book(book) => {
                let (found, known) = (book.cells.len(), header.len());
                Err(Error::input(format!("{found} columns where the header has {known}")).at(self.here()))
            }
        }
    }

    /// Counts the sheets that were not read; to be called at the end of the table.
    pub(super) fn note_other_sheets(&self, report: &mut Report) {
        let Table::Book(book) = self else { return };
        let others = match &book.sheet {
            Sheet::Xlsx(x) => &x.others,
            Sheet::Ods(o) => &o.others,
        };
        for name in others {
            report.skip("further sheet of the workbook", Place::file(book.file.clone()), name);
        }
    }
}

#[cfg(test)]
mod tests;
