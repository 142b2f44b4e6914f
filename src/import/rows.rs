//! Rows of a delimited table (RFC 4180, any of several delimiters), with exact line numbers.

use crate::error::{Error, Place, Result};
use crate::import::Input;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The largest field accepted, in bytes.
pub(super) const MAX_FIELD: usize = 1 << 20;
/// The most columns accepted.
const MAX_COLUMNS: usize = 4096;
/// The longest row accepted, in bytes, however many lines it has.
const MAX_ROW: usize = 16 << 20;

/// The rows of one file, one at a time.
pub(super) struct Rows {
    input: Input,
    delimiter: u8,
    /// The row, quotes undone.
    text: String,
    /// Where each field lies in `text`.
    fields: Vec<(usize, usize)>,
    /// The raw line of a row that holds quotes.
    raw: Vec<u8>,
    /// First line of the row.
    line: u64,
}

/// The delimiter that a header line uses: comma, tab or semicolon, whichever is most frequent.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let count = |d: u8| header.iter().filter(|b| **b == d).count();
    let mut best = b',';
    for d in [b'\t', b';'] {
        if count(d) > count(best) {
            best = d;
        }
    }
    best
}

impl Rows {
    /// Starts before the header.
    pub(super) fn new(input: Input) -> Rows {
        let head = input.head();
        let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
        let delimiter = delimiter(first);
        Rows { input, delimiter, text: String::new(), fields: Vec::new(), raw: Vec::new(), line: 0 }
    }

    /// The place of the current row.
    pub(super) fn here(&self) -> Place {
        self.input.place().line(self.line)
    }

    /// How many fields the row has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field without white space around it; empty when there is none.
    pub(super) fn field(&self, i: usize) -> &str {
        trimmed(self.fields.get(i).and_then(|(a, b)| self.text.get(*a..*b)).unwrap_or_default())
    }

    /// A hash of the whole row, the same however its fields are quoted.
    pub(super) fn hash(&self) -> u64 {
        (0..self.len()).fold(0, |h, i| xxh3_64_with_seed(self.field(i).as_bytes(), h))
    }

    /// Goes to the next row that is not blank; `false` at the end.
    pub(super) fn next(&mut self) -> Result<bool> {
        loop {
            let mut bytes = std::mem::take(&mut self.text).into_bytes();
            if !self.input.line(&mut bytes)? {
                return Ok(false);
            }
            self.line = self.input.line_number();
            if self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
            }
            if bytes.first().is_none_or(u8::is_ascii_whitespace) && bytes.iter().all(u8::is_ascii_whitespace) {
                // A row of empty fields separated by tabs is a row, not a blank line.
                if !(self.delimiter == b'\t' && bytes.contains(&b'\t')) {
                    self.text = String::from_utf8(bytes).unwrap_or_default();
                    continue;
                }
            }
            self.fields.clear();
            if memchr::memchr(b'"', &bytes).is_some() {
                self.raw.clear();
                self.raw.append(&mut bytes);
                self.unquote(&mut bytes)?;
            } else {
                let mut from = 0;
                for i in memchr::memchr_iter(self.delimiter, &bytes).take(MAX_COLUMNS + 1) {
                    self.fields.push((from, i));
                    from = i + 1;
                }
                self.fields.push((from, bytes.len()));
            }
            if self.fields.len() > MAX_COLUMNS {
                return Err(Error::input(format!("more than {MAX_COLUMNS} columns")).at(self.here()));
            }
            if let Some(i) = self.fields.iter().position(|(a, b)| b - a > MAX_FIELD) {
                return Err(Error::input(format!("field {} is longer than {MAX_FIELD} bytes", i + 1)).at(self.here()));
            }
            self.text = String::from_utf8(bytes).map_err(|e| {
                Error::input(format!("not valid UTF-8 at byte {} of the row", e.utf8_error().valid_up_to()))
                    .at(self.here())
                    .hint("save the table as UTF-8")
            })?;
            return Ok(true);
        }
    }

    /// Splits `raw` into `out`, undoing quotes; a quoted field may go on over further lines.
    fn unquote(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let (mut at, mut from) = (0, 0);
        let mut quoted = false;
        // Whether the current field started with a quote: only then a quote has a meaning.
        let mut was_quoted = false;
        loop {
            let Some(b) = self.raw.get(at).copied() else {
                if !quoted {
                    break;
                }
                out.push(b'\n');
                if out.len() > MAX_ROW {
                    return Err(Error::input(format!("a row is longer than {MAX_ROW} bytes")).at(self.here()));
                }
                if out.len() - from > MAX_FIELD || !self.input.line(&mut self.raw)? {
                    return Err(Error::input("a quote that starts in this row is never closed").at(self.here()));
                }
                at = 0;
                continue;
            };
            at += 1;
            match b {
                b'"' if quoted => {
                    if self.raw.get(at) == Some(&b'"') {
                        out.push(b'"');
                        at += 1;
                    } else {
                        quoted = false;
                    }
                }
                b'"' if out.len() == from && !was_quoted => (quoted, was_quoted) = (true, true),
                d if d == self.delimiter && !quoted => {
                    if self.fields.len() > MAX_COLUMNS {
                        return Ok(());
                    }
                    self.fields.push((from, out.len()));
                    from = out.len();
                    was_quoted = false;
                }
                _ if was_quoted && !quoted && !b.is_ascii_whitespace() => {
                    return Err(Error::input("text after a closing quote")
                        .at(self.here())
                        .hint("a quote inside a quoted field is written twice"));
                }
                _ => out.push(b),
            }
        }
        self.fields.push((from, out.len()));
        Ok(())
    }
}

/// How many bytes of rows a batch holds, about.
const BATCH_BYTES: usize = 128 << 10;
/// How many rows a batch holds at most: so few that they are still in the processor's cache when they
/// are looked at again.
const BATCH_ROWS: usize = 1024;
/// How many batches are read ahead.
const AHEAD: usize = 4;

/// Rows that were read ahead.
pub(super) struct Batch {
    text: String,
    /// Where each field lies in `text`.
    fields: Vec<(u32, u32)>,
    /// First line, first field and hash of each row.
    rows: Vec<(u64, u32, u64)>,
    /// What ended the file, if nothing sound did.
    failed: Option<Error>,
}

impl Batch {
    fn with_room() -> Batch {
        Batch {
            text: String::with_capacity(BATCH_BYTES + BATCH_BYTES / 8),
            fields: Vec::with_capacity(8 * BATCH_ROWS),
            rows: Vec::with_capacity(BATCH_ROWS),
            failed: None,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What was wrong with the row after the last.
    pub(super) fn failed(&mut self) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }

    fn span(&self, row: usize) -> (usize, usize) {
        let first = |r: usize| self.rows.get(r).map_or(self.fields.len(), |r| r.1 as usize);
        (first(row), first(row + 1))
    }

    /// How many fields a row has.
    pub(super) fn width(&self, row: usize) -> usize {
        let (first, end) = self.span(row);
        end - first
    }

    /// A field without white space around it; empty when there is none.
    pub(super) fn field(&self, row: usize, i: usize) -> &str {
        let (first, end) = self.span(row);
        let span = self.fields.get(first..end).and_then(|f| f.get(i));
        trimmed(span.and_then(|(a, b)| self.text.get(*a as usize..*b as usize)).unwrap_or_default())
    }

    /// The first line of a row.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |r| r.0)
    }

    /// A hash of a whole row, the same however its fields are quoted; 0 where none was asked for.
    pub(super) fn hash(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |r| r.2)
    }
}

/// A field without white space around it.
fn trimmed(text: &str) -> &str {
    // Most fields have nothing to trim; looking at two bytes is cheaper than at characters.
    let plain = |b: Option<&u8>| b.is_none_or(u8::is_ascii_graphic);
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) { text } else { text.trim() }
}

impl Rows {
    /// Reads and splits the rows that are left on a second thread, and hands them over in batches, each
    /// with what `prepare` made of it there; `hashed` says whether hashes of rows are wanted.
    pub(super) fn ahead<X: Send>(
        mut self,
        hashed: bool,
        prepare: impl Fn(&Batch) -> X + Send,
        mut take: impl FnMut(&mut Batch, X) -> Result<()>,
    ) -> Result<()> {
        std::thread::scope(|s| {
            let (send, receive) = std::sync::mpsc::sync_channel::<(Batch, X)>(AHEAD);
            // Batches that were taken come back, for their memory.
            let (give_back, used) = std::sync::mpsc::sync_channel::<Batch>(AHEAD);
            s.spawn(move || {
                loop {
                    let batch = self.batch(used.try_recv().unwrap_or_else(|_| Batch::with_room()), hashed);
                    let last = batch.rows.is_empty() || batch.failed.is_some();
                    let prepared = prepare(&batch);
                    // Nobody listens any more when a batch was refused.
                    if send.send((batch, prepared)).is_err() || last {
                        break;
                    }
                }
            });
            receive.into_iter().try_for_each(|(mut batch, prepared)| {
                if batch.len() > 0 || batch.failed.is_some() {
                    take(&mut batch, prepared)?;
                }
                give_back.try_send(batch).ok();
                Ok(())
            })
        })
    }

    fn batch(&mut self, mut batch: Batch, hashed: bool) -> Batch {
        batch.text.clear();
        batch.fields.clear();
        batch.rows.clear();
        while batch.rows.len() < BATCH_ROWS && batch.text.len() < BATCH_BYTES {
            match self.next() {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => {
                    batch.failed = Some(e);
                    break;
                }
            }
            // A row holds at most 16 MiB a line and 1 MiB a field.
            let start = batch.text.len() as u32;
            let hash = if hashed { self.hash() } else { 0 };
            batch.rows.push((self.line, batch.fields.len() as u32, hash));
            batch.text.push_str(&self.text);
            batch.fields.extend(self.fields.iter().map(|(a, b)| (start + *a as u32, start + *b as u32)));
        }
        batch
    }
}

/// The columns of a publisher's table, found by the words of its header.
pub(super) struct Header {
    names: Vec<String>,
}

impl Header {
    /// Reads the row that `rows` stands on as a header.
    pub(super) fn of(rows: &Rows) -> Header {
        Header::new((0..rows.len()).map(|i| rows.field(i).to_owned()).collect())
    }

    /// A header of these names.
    pub(super) fn new(names: Vec<String>) -> Header {
        Header { names }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Where a column is, whatever the case of its name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n.eq_ignore_ascii_case(name))
    }

    /// Where a column is that the format cannot do without.
    pub(super) fn need(&self, name: &str, place: &Place) -> Result<usize> {
        self.find(name).ok_or_else(|| {
            Error::input(format!("the table has no column {name:?}"))
                .at(place.clone())
                .hint("fetch the file again from its publisher; its header is not the one expected")
        })
    }

    /// Refuses a row that is not as wide as the header.
    pub(super) fn check(&self, rows: &Rows) -> Result<()> {
        if rows.len() == self.names.len() {
            return Ok(());
        }
        Err(Error::input(format!("{} columns where the header has {}", rows.len(), self.names.len()))
            .at(rows.here())
            .hint("the file may be cut short or edited; fetch it again from its publisher"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<(u64, Vec<String>)>> {
        let mut rows = Rows::new(Input::from_bytes("t.csv", text.to_vec()).unwrap());
        let mut out = Vec::new();
        while rows.next()? {
            out.push((rows.line, (0..rows.len()).map(|i| rows.field(i).to_owned()).collect()));
        }
        Ok(out)
    }

    #[test]
    fn quotes_lines_and_delimiters() {
        let got = rows(b"\xef\xbb\xbfa,b\r\n\n\"x, \"\"y\"\"\r\nz\",5\" disk\n,\n\"\",\"q\" \n").unwrap();
        let want: &[(u64, &[&str])] =
            &[(1, &["a", "b"]), (3, &["x, \"y\"\nz", "5\" disk"]), (5, &["", ""]), (6, &["", "q"])];
        let got: Vec<(u64, Vec<&str>)> =
            got.iter().map(|(l, f)| (*l, f.iter().map(String::as_str).collect())).collect();
        assert_eq!(got, want.iter().map(|(l, f)| (*l, f.to_vec())).collect::<Vec<_>>());
        assert_eq!(rows(b"a;b,c;d\n\n1;2;3").unwrap()[1].1, ["1", "2", "3"]);
        assert_eq!(rows(b"a\tb\n\t\n").unwrap()[1].1, ["", ""]);
        assert!(rows(b"").unwrap().is_empty());
    }

    #[test]
    fn headers() {
        let mut rows = Rows::new(Input::from_bytes("t.csv", b"Id,Full Name\n1,x\n1\n".to_vec()).unwrap());
        assert!(rows.next().unwrap());
        let header = Header::of(&rows);
        assert_eq!((header.find("full name"), header.find("name")), (Some(1), None));
        assert_eq!(header.names().collect::<Vec<_>>(), ["Id", "Full Name"]);
        assert!(header.need("Date", &rows.here()).unwrap_err().to_string().contains("\"Date\""));
        assert!(rows.next().unwrap() && header.check(&rows).is_ok());
        assert!(rows.next().unwrap());
        assert_eq!(header.check(&rows).unwrap_err().place().unwrap().line, Some(3));
    }

    #[test]
    fn faults_name_their_line() {
        for (text, line) in [
            (&b"a,b\nx,\"open\nmore\n"[..], 2),
            (b"a,b\n\"x\"y,1\n", 2),
            (b"a,b\n1,\xff\n", 2),
            (b"a,b\n\"1\n2\",3\n\"\xff\",2", 4),
        ] {
            let e = rows(text).unwrap_err();
            assert_eq!(e.place().unwrap().line, Some(line), "{e}");
        }
        let mut long = b"a,b\n1,".to_vec();
        long.resize(long.len() + MAX_FIELD + 1, b'x');
        assert!(rows(&long).unwrap_err().to_string().contains("longer than"));
        assert!(rows(&vec![b','; 10_000]).is_err());
    }
}
