//! Sheets of OpenDocument spreadsheets (ISO/IEC 26300), one row at a time.

use super::cells::{Cells, MAX_COLUMNS};
use super::number::plain;
use super::zip::Zip;
use crate::error::{Error, Result};
use crate::import::xml::{El, Step, Tree, Xml};

/// The most rows of a sheet, as in the programs that write them.
const MAX_ROWS: u64 = 1 << 20;
/// The most blanks written as one element.
const MAX_BLANKS: usize = 4096;

/// What the member `mimetype` says.
pub(super) const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The first sheet of a spreadsheet.
pub(super) struct Ods {
    xml: Xml,
    tree: Tree,
    /// How often the row just read is still to be given.
    again: u64,
    row: u64,
    depth: usize,
    /// Depth of the sheet being read.
    sheet: Option<usize>,
    done: bool,
    /// Names of the sheets that are not read.
    pub(super) others: Vec<String>,
}

/// How often something is repeated; an odd number counts as once.
fn times(el: El<'_>, name: &str) -> u64 {
    el.attr(name).parse().unwrap_or(1).max(1)
}

/// The text of a paragraph.
fn paragraph(p: El<'_>, out: &mut String) {
    for d in p.descendants() {
        match d.name() {
            "" => out.push_str(d.text()),
            "s" => {
                let n = usize::try_from(times(d, "c")).unwrap_or(MAX_BLANKS).min(MAX_BLANKS);
                out.extend(std::iter::repeat_n(' ', n));
            }
            "tab" => out.push('\t'),
            "line-break" => out.push('\n'),
            _ => {}
        }
    }
}

/// The value of a cell.
fn value(cell: El<'_>, out: &mut String) {
    let day = cell.attr("date-value");
    let attribute = match cell.attr("value-type") {
        "float" | "currency" | "percentage" => plain(cell.attr("value")),
        "date" => day.strip_suffix("T00:00:00").unwrap_or(day).to_owned(),
        "boolean" => cell.attr("boolean-value").to_owned(),
        _ => cell.attr("string-value").to_owned(),
    };
    if !attribute.is_empty() {
        out.push_str(&attribute);
        return;
    }
    for (n, p) in cell.all("p").enumerate() {
        if n > 0 {
            out.push('\n');
        }
        paragraph(p, out);
    }
}

impl Ods {
    /// Opens the first sheet.
    ///
    /// # Errors
    /// A document that is not a spreadsheet, or has no contents.
    pub(super) fn open(zip: &Zip) -> Result<Ods> {
        let kind = zip.input("mimetype")?.text(1024)?;
        if kind.trim() != MIMETYPE {
            return Err(Error::input(format!("the document is no spreadsheet but {:?}", kind.trim())));
        }
        Ok(Ods {
            xml: Xml::mixed(zip.input("content.xml")?),
            tree: Tree::default(),
            again: 0,
            row: 0,
            depth: 0,
            sheet: None,
            done: false,
            others: Vec::new(),
        })
    }

    /// Reads the next row and says which it is; `None` at the end of the sheet. Blank rows at
    /// the end are repeated by the million and not given one by one.
    pub(super) fn next(&mut self, cells: &mut Cells) -> Result<Option<u64>> {
        if self.again > 0 {
            self.again -= 1;
            self.row += 1;
            return Ok(Some(self.row));
        }
        while !self.done {
            match self.xml.step()? {
                Step::Start => self.depth += 1,
                Step::End => {
                    if self.sheet == Some(self.depth) {
                        self.finish()?;
                    }
                    self.depth = self.depth.saturating_sub(1);
                    continue;
                }
                Step::Eof => {
                    self.done = true;
                    continue;
                }
            }
            let tag = self.xml.tag();
            match (tag.name(), self.sheet) {
                ("table", None) => self.sheet = Some(self.depth),
                ("table-row", Some(_)) => {
                    let repeated = times(tag, "number-rows-repeated");
                    self.xml.subtree(&mut self.tree)?;
                    self.depth -= 1;
                    self.read(cells)?;
                    self.row += 1;
                    if cells.blank() {
                        self.row = self.row.saturating_add(repeated - 1);
                        continue;
                    }
                    if self.row.saturating_add(repeated) > MAX_ROWS {
                        return Err(Error::input(format!("the sheet has over {MAX_ROWS} rows")).at(self.xml.place()));
                    }
                    self.again = repeated - 1;
                    return Ok(Some(self.row));
                }
                // Drawings in a sheet may hold tables of their own.
                ("shapes" | "forms" | "table-column" | "tracked-changes" | "calculation-settings", _) => {
                    self.xml.skip()?;
                    self.depth -= 1;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// After the first sheet: the rest is only looked through.
    fn finish(&mut self) -> Result<()> {
        loop {
            match self.xml.step()? {
                Step::Start if self.xml.tag().name() == "table" => {
                    self.others.push(self.xml.tag().attr("name").to_owned());
                    self.xml.skip()?;
                }
                Step::Eof => break,
                _ => {}
            }
        }
        self.done = true;
        Ok(())
    }

    fn read(&mut self, cells: &mut Cells) -> Result<()> {
        cells.clear();
        let (mut at, mut text) = (0usize, String::new());
        for cell in self.tree.root().children() {
            if !matches!(cell.name(), "table-cell" | "covered-table-cell") {
                continue;
            }
            let repeated = usize::try_from(times(cell, "number-columns-repeated")).unwrap_or(usize::MAX);
            text.clear();
            value(cell, &mut text);
            // A cell of blanks is as good as empty, and sheets are sixteen thousand columns wide.
            if at < MAX_COLUMNS || !text.trim().is_empty() {
                cells.repeat(at, repeated, &text).map_err(|why| Error::input(why).at(self.xml.place()))?;
            }
            at = at.saturating_add(repeated);
        }
        Ok(())
    }
}
