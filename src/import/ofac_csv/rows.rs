//! Rows of the files of the OFAC CSV set: which file is which, bytes to text, limits, and
//! the structural faults that refuse a file.

use crate::error::{Error, Place, Result};
use crate::import::Input;
use csv::ByteRecord;
use std::io::Read;

/// The longest field accepted, in bytes; the longest in the published files has 1,000.
const MAX_FIELD: u64 = 1 << 20;
/// How much the CSV reader asks for at a time.
const BUFFER: usize = 64 * 1024;
/// How many rows of the head are looked at to recognise a file.
const HEAD_ROWS: usize = 50;
/// What stands in an empty column.
const NULL: &str = "-0-";

/// Which file of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `sdn.csv`, `cons_prim.csv`.
    Primary,
    /// `add.csv`, `cons_add.csv`.
    Address,
    /// `alt.csv`, `cons_alt.csv`.
    Alias,
    /// `sdn_comments.csv`, `cons_comments.csv`.
    Comments,
}

impl Kind {
    /// How many columns its rows have.
    pub(super) fn columns(self) -> usize {
        match self {
            Kind::Primary => 12,
            Kind::Address => 6,
            Kind::Alias => 5,
            Kind::Comments => 2,
        }
    }

    /// The part of the release that it is, also its name in messages.
    pub(super) fn part(self) -> &'static str {
        match self {
            Kind::Primary => "primary",
            Kind::Address => "address",
            Kind::Alias => "alias",
            Kind::Comments => "comments",
        }
    }

    /// Which file a row with an entry number could be from.
    fn of_row(row: &Row, name: &str) -> Option<Kind> {
        let has_null = || row.fields.iter().any(|f| f.trim() == NULL);
        match row.fields.len() {
            12 if has_null() => Some(Kind::Primary),
            6 if has_null() && row.number(1).is_some() => Some(Kind::Address),
            5 if row.number(1).is_some() && matches!(row.get(2), Some("aka" | "fka" | "nka")) => Some(Kind::Alias),
            // Two columns fit much else: the name or the language of the remarks must say so.
            2 if name.contains("comment") || row.get(1).is_some_and(super::items::holds_items) => Some(Kind::Comments),
            _ => None,
        }
    }
}

/// One row as text.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// One-based line at which it starts.
    pub(super) line: u64,
    fields: Vec<String>,
}

impl Row {
    /// A column without the blanks around it; `None` where it is null or empty.
    pub(super) fn get(&self, column: usize) -> Option<&str> {
        self.literal(column).map(str::trim)
    }

    /// A column with its blanks; `None` where it is null or empty.
    pub(super) fn literal(&self, column: usize) -> Option<&str> {
        self.fields.get(column).map(String::as_str).filter(|f| !matches!(f.trim(), "" | NULL))
    }

    /// A column that is a whole number.
    pub(super) fn number(&self, column: usize) -> Option<u64> {
        self.get(column).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok())
    }

    /// All columns, for comparing rows.
    pub(super) fn fields(&self) -> &[String] {
        &self.fields
    }

    fn is_header(&self) -> bool {
        self.fields.first().is_some_and(|f| f.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case("ent_num"))
    }

    /// The end-of-file mark (0x1A) of the published files stands on a line of its own.
    fn is_end_mark(&self) -> bool {
        self.fields.len() == 1 && self.fields.first().is_some_and(|f| f.trim() == "\u{1a}")
    }
}

/// The files are ASCII today; older and third-party copies are Latin-1 or UTF-8.
fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

fn reader<R: Read>(from: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(from)
}

/// The complete rows at the start of a file, without header row and end mark; none of a file
/// whose first rows are no CSV.
pub(super) fn head_rows(input: &Input) -> Vec<Row> {
    let head = input.head();
    let whole = head.iter().rposition(|b| *b == b'\n').map_or(head, |i| head.get(..=i).unwrap_or(head));
    let mut rows = Vec::new();
    for record in reader(whole).into_byte_records().take(HEAD_ROWS) {
        let Ok(record) = record else { break };
        let row = Row { line: 0, fields: record.iter().map(decode).collect() };
        if !row.is_header() && !row.is_end_mark() {
            rows.push(row);
        }
    }
    rows
}

/// Which file of the set this is, by its content: the entry number first, the number of
/// columns, the null token, the alias types. Most of the first rows must agree, so that one
/// broken row is met by the reader, which can say where it is.
pub(super) fn kind_of(input: &Input) -> Option<Kind> {
    let name = input.stem().to_ascii_lowercase();
    let rows = head_rows(input);
    let kinds: Vec<Kind> =
        rows.iter().filter(|r| r.number(0).is_some()).filter_map(|r| Kind::of_row(r, &name)).collect();
    [Kind::Primary, Kind::Address, Kind::Alias, Kind::Comments]
        .into_iter()
        .find(|k| kinds.iter().filter(|x| *x == k).count() * 2 > rows.len())
}

/// Counts what the CSV reader takes, so that a quote that never closes cannot fill the memory
/// and a file that ends inside one is noticed.
struct Metered {
    input: Input,
    since_row: u64,
    limit: u64,
    over: bool,
    quotes: u64,
}

impl Read for Metered {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.since_row > self.limit {
            self.over = true;
            return Err(std::io::Error::other("row too long"));
        }
        let n = self.input.read(buf)?;
        self.since_row += n as u64;
        self.quotes += buf.iter().take(n).filter(|b| **b == b'"').count() as u64;
        Ok(n)
    }
}

/// The rows of one file of the set.
pub(super) struct Rows {
    csv: csv::Reader<Metered>,
    record: ByteRecord,
    row: Row,
    kind: Kind,
    first: bool,
    line: u64,
}

impl Rows {
    /// Starts reading a file as one of a kind.
    pub(super) fn new(input: Input, kind: Kind) -> Rows {
        let limit = MAX_FIELD * kind.columns() as u64 + BUFFER as u64;
        let metered = Metered { input, since_row: 0, limit, over: false, quotes: 0 };
        Rows { csv: reader(metered), record: ByteRecord::new(), row: Row::default(), kind, first: true, line: 1 }
    }

    /// The file, for places.
    pub(super) fn file(&self) -> Place {
        self.csv.get_ref().input.place()
    }

    fn here(&self) -> Place {
        self.file().line(self.row.line)
    }

    /// The next row, its entry number checked; `None` at the end of the file.
    ///
    /// # Errors
    /// A row with another number of columns, without an entry number, with a field over
    /// 1 MiB, or cut off at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &Row)>> {
        loop {
            let more = match self.csv.read_byte_record(&mut self.record) {
                Ok(more) => more,
                Err(e) => return Err(self.failure(e)),
            };
            self.csv.get_mut().since_row = 0;
            if !more {
                if !self.csv.get_ref().quotes.is_multiple_of(2) {
                    return Err(self.cut_off());
                }
                return Ok(None);
            }
            // The reader's own count stands before the line feed of a CR LF that ended the
            // last row, so a row is placed by where it ends, less the lines inside it.
            let inside: usize = self.record.iter().map(|f| f.iter().filter(|b| **b == b'\n').count()).sum();
            let end = self.csv.position().line();
            let start = self.record.position().map_or(self.line, csv::Position::line);
            self.row.line = start.max(self.line);
            self.line = end.max(self.row.line + inside as u64 + 1);
            self.row.fields.clear();
            self.row.fields.extend(self.record.iter().map(decode));
            if self.record.iter().any(|f| f.len() as u64 > MAX_FIELD) {
                return Err(self.too_long());
            }
            let first = std::mem::take(&mut self.first);
            if self.row.is_end_mark() || (first && self.row.is_header()) {
                continue;
            }
            let (expected, found) = (self.kind.columns(), self.row.fields.len());
            if found != expected {
                let last = matches!(self.csv.read_byte_record(&mut self.record), Ok(false));
                if last && !self.csv.get_ref().quotes.is_multiple_of(2) {
                    return Err(self.cut_off());
                }
                return Err(self.refuse(format!("expected {expected} columns, found {found}")));
            }
            let Some(number) = self.row.number(0) else {
                let found = self.row.fields.first().cloned().unwrap_or_default();
                let shown: String = found.chars().take(40).collect();
                return Err(self.refuse(format!("expected an entry number in column 1, found {shown:?}")));
            };
            // "-0" can only be a null token that lost its end.
            if self.row.fields.last().is_some_and(|f| matches!(f.as_str(), "-" | "-0")) {
                return Err(self.cut_off());
            }
            return Ok(Some((number, &self.row)));
        }
    }

    fn refuse(&self, what: String) -> Error {
        Error::input(what)
            .at(self.here())
            .hint(format!("this was read as an OFAC {} file; fetch it again or name its --format", self.kind.part()))
    }

    fn cut_off(&self) -> Error {
        Error::input("the file ends inside a row").at(self.here()).hint("the download was cut short; fetch it again")
    }

    fn too_long(&self) -> Error {
        Error::input("a field is longer than 1 MiB")
            .at(self.here())
            .hint("a quote that is never closed does that; fetch the file again")
    }

    fn failure(&mut self, e: csv::Error) -> Error {
        self.row.line = self.line;
        if self.csv.get_ref().over {
            return self.too_long();
        }
        match e.into_kind() {
            csv::ErrorKind::Io(e) => self.csv.get_ref().input.read_error(e),
            other => Error::input(format!("not readable as CSV: {other:?}")).at(self.here()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, kind: Kind) -> Result<Vec<(u64, u64)>> {
        let mut rows = Rows::new(Input::from_bytes("x.csv", text.as_bytes().to_vec()).unwrap(), kind);
        let mut got = Vec::new();
        while let Some((n, row)) = rows.next()? {
            got.push((n, row.line));
        }
        Ok(got)
    }

    #[test]
    fn lines_header_and_end_mark() {
        for end in ["\n", "\r\n"] {
            let text = ["7,\"a\"", "8,\"two", "lines\"", "9,c", "10,d"].join(end);
            assert_eq!(lines(&text, Kind::Comments).unwrap(), [(7, 1), (8, 2), (9, 4), (10, 5)], "{end:?}");
            let text = ["ent_num,text", "7,x", "\u{1a}"].join(end);
            assert_eq!(lines(&text, Kind::Comments).unwrap(), [(7, 2)], "{end:?}");
        }
    }

    #[test]
    fn structural_faults_are_placed() {
        for end in ["\n", "\r\n"] {
            let bad = |text: &[&str], kind| lines(&text.join(end), kind).unwrap_err();
            let e = bad(&["1,2,aka,A,-0- ", "1,2,aka,A,-0- ", "2,3,aka"], Kind::Alias);
            assert_eq!(e.to_string(), "x.csv:3: expected 5 columns, found 3", "{end:?}");
            assert_eq!(e.exit_code(), 2);
            let e = bad(&["x,2,aka,A,-0- "], Kind::Alias);
            assert!(e.to_string().contains("x.csv:1: expected an entry number"), "{e}");
            let e = bad(&["1,\"a\"", "2,\"cut of"], Kind::Comments);
            assert!(e.to_string().contains("x.csv:2: the file ends inside a row"), "{e}");
            let e = bad(&["1,2,aka,A,-0- ", "1,2,aka,A,-0"], Kind::Alias);
            assert!(e.to_string().contains("x.csv:2: the file ends inside a row"), "{e}");
        }
    }

    #[test]
    fn long_fields_are_refused() {
        let long = format!("1,\"{}\"\n", "x".repeat((1 << 20) + 1));
        assert!(lines(&long, Kind::Comments).unwrap_err().to_string().contains("x.csv:1: a field is longer"));
        let open = format!("1,a\n2,\"{}", "x\n".repeat(4 << 20));
        let e = lines(&open, Kind::Comments).unwrap_err();
        assert!(e.to_string().contains("x.csv:2: a field is longer"), "{e}");
    }

    #[test]
    fn bytes() {
        assert_eq!(decode(b"Jos\xe9"), "José");
        assert_eq!(decode("José".as_bytes()), "José");
    }
}
