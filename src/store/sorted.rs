//! Sorting more texts, each with a row, than should be held in memory.
//!
//! They are gathered in a buffer; a full buffer is sorted and goes to a nameless file beside the
//! store, and the runs are merged when all rows are in. Where there is no such file (a store in
//! memory) everything stays in the buffer.

use super::row_sort::{Row, sort_by};
use super::storage::Storage;
use crate::error::{Error, Result};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// How many bytes of rows one sorter holds.
const LIMIT: usize = 40 << 20;
/// The same as long as they come in order: such rows are not sorted, and writing them out is cheap.
const ORDERED: usize = 4 << 20;
/// How many bytes are read from a run at a time.
const READ: usize = 128 << 10;

/// What rows with texts are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The text, then the row.
    Text,
    /// The row, then the text.
    Row,
}

impl By {
    fn order<R: Row>(self, a: (&[u8], &R), b: (&[u8], &R)) -> Ordering {
        match self {
            By::Text => a.0.cmp(b.0).then_with(|| a.1.cmp(b.1)),
            By::Row => a.1.cmp(b.1).then_with(|| a.0.cmp(b.0)),
        }
    }
}

/// A row in the buffer.
#[derive(Clone, Copy)]
struct Entry<R> {
    /// The first eight bytes of its text: most comparisons end there.
    prefix: u64,
    start: u32,
    end: u32,
    row: R,
}

fn prefix(text: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (slot, b) in first.iter_mut().zip(text) {
        *slot = *b;
    }
    u64::from_be_bytes(first)
}

/// Gathers rows, each with a text that may be empty.
pub(crate) struct Sorter<R> {
    storage: Arc<dyn Storage>,
    by: By,
    limit: usize,
    rows: Vec<Entry<R>>,
    texts: Vec<u8>,
    /// All rows came in order so far, and the text of the last.
    ordered: bool,
    last: Option<(Vec<u8>, R)>,
    /// The file of the runs, `None` before the first; `Some(None)` where there can be none.
    file: Option<Option<File>>,
    /// First byte of each run, and the end of the last.
    runs: Vec<u64>,
    len: u64,
}

/// A refusal while rows go to their file.
pub(super) fn failed(e: io::Error) -> Error {
    super::container::refused("sort rows in a temporary file".to_owned(), e)
}

impl<R: Row + Send + Sync> Sorter<R> {
    /// A sorter whose file lies beside a store.
    pub(crate) fn new(storage: &Arc<dyn Storage>, by: By) -> Sorter<R> {
        Sorter {
            storage: Arc::clone(storage),
            by,
            limit: LIMIT,
            rows: Vec::new(),
            texts: Vec::new(),
            ordered: true,
            last: None,
            file: None,
            runs: vec![0],
            len: 0,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Takes a row.
    pub(crate) fn push(&mut self, text: &[u8], row: R) -> Result<()> {
        let held = self.texts.len() + text.len() + self.rows.len() * size_of::<Entry<R>>();
        let limit = if self.ordered { self.limit.min(ORDERED) } else { self.limit };
        if held > limit && !self.rows.is_empty() && !matches!(self.file, Some(None)) {
            self.spill()?;
        }
        let too_long = || Error::input("texts of more than 4 GiB in one store in memory");
        let start = u32::try_from(self.texts.len()).map_err(|_| too_long())?;
        let end = u32::try_from(self.texts.len() + text.len()).map_err(|_| too_long())?;
        if self.ordered {
            let by = self.by;
            let (last, known) = self.last.get_or_insert_with(|| (text.to_vec(), row));
            self.ordered = by.order((last, known), (text, &row)) != Ordering::Greater;
            last.clear();
            last.extend_from_slice(text);
            *known = row;
        }
        self.texts.extend_from_slice(text);
        self.rows.push(Entry { prefix: prefix(text), start, end, row });
        self.len += 1;
        Ok(())
    }

    fn sort(&mut self) {
        if self.ordered {
            return;
        }
        let (texts, by) = (&self.texts, self.by);
        let text = |r: &Entry<R>| texts.get(r.start as usize..r.end as usize).unwrap_or_default();
        sort_by(&mut self.rows, |a, b| match (by, a.prefix.cmp(&b.prefix)) {
            (By::Text, Ordering::Equal) | (By::Row, _) => by.order((text(a), &a.row), (text(b), &b.row)),
            (By::Text, other) => other,
        });
    }

    /// Sends the sorted buffer to the file, where there is one.
    fn spill(&mut self) -> Result<()> {
        if self.file.is_none() {
            self.file = Some(self.storage.scratch().map_err(failed)?);
        }
        if matches!(self.file, Some(None)) {
            return Ok(());
        }
        self.sort();
        let Some(Some(file)) = &mut self.file else { return Ok(()) };
        let mut buffer = Vec::with_capacity(READ * 2);
        let mut at = self.runs.last().copied().unwrap_or(0);
        for e in &self.rows {
            put(&mut buffer, self.texts.get(e.start as usize..e.end as usize).unwrap_or_default(), &e.row);
            if buffer.len() > READ {
                file.write_all(&buffer).map_err(failed)?;
                at += buffer.len() as u64;
                buffer.clear();
            }
        }
        file.write_all(&buffer).map_err(failed)?;
        self.runs.push(at + buffer.len() as u64);
        // What comes may be far less: the memory is not kept for it.
        self.rows = Vec::new();
        self.texts = Vec::new();
        Ok(())
    }

    /// Sorts what was taken.
    pub(crate) fn finish(mut self) -> Result<Sorted<R>> {
        if self.runs.len() > 1 {
            self.spill()?;
        }
        if self.runs.len() <= 1 {
            self.sort();
            return Ok(Sorted(Held::Memory(self.rows, self.texts)));
        }
        self.rows = Vec::new();
        self.texts = Vec::new();
        let Some(Some(file)) = self.file.take() else {
            return Err(Error::input("a store that had temporary files has none any more"));
        };
        if self.ordered {
            return Ok(Sorted(Held::File(file)));
        }
        let file = &file;
        let Some(mut merged) = self.storage.scratch().map_err(failed)? else {
            return Err(Error::input("a store that had temporary files has none any more"));
        };
        let mut runs: Vec<Run<'_, R>> = Vec::new();
        for (from, to) in self.runs.iter().zip(self.runs.iter().skip(1)) {
            runs.push(Run { file, at: *from, end: *to, buffer: Vec::new(), read: 0, next: None });
        }
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (i, run) in runs.iter_mut().enumerate() {
            run.step()?;
            heap.extend(run.next.take().map(|(text, row)| Reverse(Head { by: self.by, text, row, run: i })));
        }
        let mut buffer = Vec::with_capacity(READ * 2);
        while let Some(Reverse(mut head)) = heap.pop() {
            put(&mut buffer, &head.text, &head.row);
            if buffer.len() > READ {
                merged.write_all(&buffer).map_err(failed)?;
                buffer.clear();
            }
            let Some(run) = runs.get_mut(head.run) else { continue };
            run.next = Some((std::mem::take(&mut head.text), head.row));
            run.step()?;
            heap.extend(run.next.take().map(|(text, row)| Reverse(Head { text, row, ..head })));
        }
        merged.write_all(&buffer).map_err(failed)?;
        Ok(Sorted(Held::File(merged)))
    }
}

fn put<R: Row>(out: &mut Vec<u8>, text: &[u8], row: &R) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
    row.write(out);
}

/// The next row of a run on its way into the merge.
struct Head<R> {
    by: By,
    text: Vec<u8>,
    row: R,
    run: usize,
}

impl<R: Row> Ord for Head<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.by.order((&self.text, &self.row), (&other.text, &other.row)).then(self.run.cmp(&other.run))
    }
}

impl<R: Row> PartialOrd for Head<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Row> PartialEq for Head<R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<R: Row> Eq for Head<R> {}

/// A run, or all rows, being read from a file.
struct Run<'f, R> {
    file: &'f File,
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    read: usize,
    next: Option<(Vec<u8>, R)>,
}

impl<R: Row> Run<'_, R> {
    /// Makes sure that so many bytes are in the buffer; `false` at the end.
    fn fill(&mut self, wanted: usize) -> Result<bool> {
        if self.buffer.len() - self.read >= wanted {
            return Ok(true);
        }
        self.buffer.drain(..self.read);
        self.read = 0;
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let more = left.min(wanted.max(READ));
        let old = self.buffer.len();
        self.buffer.resize(old + more, 0);
        let mut file = self.file;
        file.seek(SeekFrom::Start(self.at)).map_err(failed)?;
        file.read_exact(self.buffer.get_mut(old..).unwrap_or_default()).map_err(failed)?;
        self.at += more as u64;
        Ok(self.buffer.len() >= wanted)
    }

    /// Lends the next row; `None` at the end.
    fn row(&mut self) -> Result<Option<(&[u8], R)>> {
        if !self.fill(4)? {
            return Ok(None);
        }
        let len = u32::read(self.buffer.get(self.read..).unwrap_or_default()) as usize;
        if !self.fill(4 + len + R::SIZE)? {
            return Ok(None);
        }
        let from = self.read + 4;
        self.read = from + len + R::SIZE;
        let row = R::read(self.buffer.get(from + len..self.read).unwrap_or_default());
        Ok(Some((self.buffer.get(from..from + len).unwrap_or_default(), row)))
    }

    /// Goes on to the next row, in the memory of the one before.
    fn step(&mut self) -> Result<()> {
        let mut text = self.next.take().map(|n| n.0).unwrap_or_default();
        text.clear();
        self.next = self.row()?.map(|(t, row)| {
            text.extend_from_slice(t);
            (text, row)
        });
        Ok(())
    }
}

/// Sorted rows; they can be gone through any number of times.
pub(crate) struct Sorted<R>(Held<R>);

enum Held<R> {
    Memory(Vec<Entry<R>>, Vec<u8>),
    File(File),
}

impl<R: Row> Sorted<R> {
    /// Hands over each row in order.
    pub(crate) fn each(&self, mut take: impl FnMut(&[u8], R) -> Result<()>) -> Result<()> {
        match &self.0 {
            Held::Memory(rows, texts) => {
                for e in rows {
                    take(texts.get(e.start as usize..e.end as usize).unwrap_or_default(), e.row)?;
                }
                Ok(())
            }
            Held::File(file) => {
                let end = file.metadata().map_err(failed)?.len();
                let mut run = Run { file, at: 0, end, buffer: Vec::new(), read: 0, next: None };
                while let Some((text, row)) = run.row()? {
                    take(text, row)?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::storage::{Folder, Memory};
    use super::*;

    type Out = Vec<(Vec<u8>, (u32, u16))>;

    fn sorted(storage: &Arc<dyn Storage>, by: By, limit: usize, rows: &Out) -> Out {
        let mut sorter = Sorter::new(storage, by);
        sorter.limit = limit;
        for (text, row) in rows {
            sorter.push(text, *row).unwrap();
        }
        let all = sorter.finish().unwrap();
        let read = || {
            let mut out = Vec::new();
            all.each(|text, row| {
                out.push((text.to_vec(), row));
                Ok(())
            })
            .unwrap();
            out
        };
        let once = read();
        assert_eq!(read(), once, "a second pass is the same");
        once
    }

    #[test]
    fn agrees_with_a_sort_in_memory() {
        let dir = tempfile::tempdir().unwrap();
        let folder: Arc<dyn Storage> = Arc::new(Folder::new(dir.path()));
        let memory: Arc<dyn Storage> = Arc::new(Memory::new());
        let mut x = 88172645463325252u64;
        let mut next = || {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x
        };
        for rows in [0usize, 1, 50, 5000] {
            let rows: Out = (0..rows)
                .map(|_| {
                    let text = "y".repeat((next() % 7) as usize) + &(next() % 100).to_string();
                    let long = if next() % 97 == 0 { "z".repeat(300_000) } else { String::new() };
                    ((text + &long).into_bytes(), ((next() % 50) as u32, (next() % 9) as u16))
                })
                .collect();
            let mut by_text = rows.clone();
            by_text.sort();
            let mut by_row = rows.clone();
            by_row.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
            for storage in [&folder, &memory] {
                for limit in [100, 4096, 1 << 30] {
                    assert!(sorted(storage, By::Text, limit, &rows) == by_text);
                    assert!(sorted(storage, By::Row, limit, &rows) == by_row);
                }
            }
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
    }
}
