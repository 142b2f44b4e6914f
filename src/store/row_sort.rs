//! Sorting more rows of fixed size than should be held in memory.
//!
//! Rows are gathered in a buffer; a full buffer is sorted and goes to a nameless file beside the
//! store, and the runs are merged when all rows are in. Rows that come in order are never sorted
//! or merged. Where there is no such file (a store in memory) everything stays in the buffer.

use super::sorted::failed;
use super::storage::Storage;
use crate::error::{Error, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// How many bytes of rows one sorter holds.
const LIMIT: usize = 24 << 20;
/// The same for the few that hold a row for every record or relation of a store.
const LARGE: usize = 80 << 20;
/// The same as long as the rows come in order: writing them out is cheap then.
const ORDERED: usize = 8 << 20;
/// How many bytes a sorter holds whose rows are parked.
const PARK: usize = 8 << 20;
/// How many bytes are read from a run at a time.
const READ: usize = 256 << 10;
/// From so many rows on two threads sort.
const MANY: usize = 100_000;

/// A row of fixed size that can be laid out in bytes.
pub(crate) trait Row: Copy + Ord {
    /// Its size in bytes.
    const SIZE: usize;
    /// Appends its bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it back from [`Row::SIZE`] bytes.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($($t:ty),+) => {$(
        impl Row for $t {
            const SIZE: usize = size_of::<$t>();
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn read(bytes: &[u8]) -> $t {
                let mut b = [0; size_of::<$t>()];
                if let Some(found) = bytes.get(..b.len()) {
                    b.copy_from_slice(found);
                }
                <$t>::from_le_bytes(b)
            }
        }
    )+};
}
number!(u8, u16, u32, u64, u128);

macro_rules! tuple {
    ($($t:ident),+) => {
        impl<$($t: Row),+> Row for ($($t,)+) {
            const SIZE: usize = 0 $(+ $t::SIZE)+;
            #[allow(non_snake_case)]
            fn write(&self, out: &mut Vec<u8>) {
                let ($($t,)+) = self;
                $($t.write(out);)+
            }
            #[allow(unused_assignments)]
            fn read(bytes: &[u8]) -> Self {
                let mut at = 0;
                ($({
                    let part = $t::read(bytes.get(at..).unwrap_or_default());
                    at += $t::SIZE;
                    part
                },)+)
            }
        }
    };
}
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);

/// Sorts rows in place, many on two threads.
pub(super) fn sort_by<T: Send>(rows: &mut [T], order: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    if rows.len() < MANY {
        return rows.sort_unstable_by(&order);
    }
    let middle = rows.len() / 2;
    rows.select_nth_unstable_by(middle, &order);
    let (low, high) = rows.split_at_mut(middle);
    std::thread::scope(|s| {
        s.spawn(|| low.sort_unstable_by(&order));
        high.sort_unstable_by(&order);
    });
}

/// Gathers rows.
pub(crate) struct RowSorter<R> {
    storage: Arc<dyn Storage>,
    limit: usize,
    rows: Vec<R>,
    /// The file of the runs, `None` before the first; `Some(None)` where there can be none.
    file: Option<Option<File>>,
    /// First byte of each run, and the end of the last.
    runs: Vec<u64>,
    len: u64,
    last: Option<R>,
    /// All rows came in order so far.
    ordered: bool,
    /// Rows that are not in order go to the file as they are, up to as many bytes as may be held in the
    /// end, and are read back and sorted then: memory that others need meanwhile.
    parks: bool,
    /// How many rows lie there, behind the runs.
    parked: usize,
}

impl<R: Row + Send + Sync> RowSorter<R> {
    /// A sorter whose file lies beside a store.
    pub(crate) fn new(storage: &Arc<dyn Storage>) -> RowSorter<R> {
        RowSorter::holding(storage, LIMIT)
    }

    /// A sorter for what there is most of.
    pub(crate) fn large(storage: &Arc<dyn Storage>) -> RowSorter<R> {
        RowSorter::holding(storage, LARGE)
    }

    /// The same, where memory is short until the last row is in.
    pub(crate) fn parked(storage: &Arc<dyn Storage>) -> RowSorter<R> {
        RowSorter { parks: true, ..RowSorter::large(storage) }
    }

    fn holding(storage: &Arc<dyn Storage>, bytes: usize) -> RowSorter<R> {
        RowSorter {
            storage: Arc::clone(storage),
            limit: bytes / size_of::<R>().max(1),
            rows: Vec::new(),
            file: None,
            runs: vec![0],
            len: 0,
            last: None,
            ordered: true,
            parks: false,
            parked: 0,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Takes a row.
    pub(crate) fn push(&mut self, row: R) -> Result<()> {
        if self.rows.len() >= self.limit.min(ORDERED.min(PARK) / size_of::<R>().max(1)) {
            self.make_room()?;
        }
        if self.ordered {
            self.ordered = self.last.is_none_or(|l| l <= row);
            self.last = Some(row);
        }
        self.rows.push(row);
        self.len += 1;
        Ok(())
    }

    fn sort(&mut self) {
        if !self.ordered {
            sort_by(&mut self.rows, R::cmp);
        }
    }

    /// Makes room for a row, where it is time to.
    fn make_room(&mut self) -> Result<()> {
        let held = self.rows.len() * size_of::<R>();
        if self.limit == usize::MAX {
            return Ok(());
        }
        if self.ordered {
            return if held >= ORDERED || self.rows.len() >= self.limit { self.spill() } else { Ok(()) };
        }
        if self.parks && self.parked + self.rows.len() < self.limit {
            return if held >= PARK || self.rows.len() >= self.limit / 4 { self.park() } else { Ok(()) };
        }
        if self.parked + self.rows.len() >= self.limit {
            self.unpark()?;
            self.parks = false;
            self.spill()?;
        }
        Ok(())
    }

    /// The file, where there is one.
    fn file(&mut self) -> Result<Option<&mut File>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => self.storage.scratch().map_err(failed)?,
        };
        // Where there is nowhere to go hold on, and do not look again at every row.
        self.limit = if file.is_some() { self.limit } else { usize::MAX };
        Ok(self.file.insert(file).as_mut())
    }

    /// Writes the buffer to the file; whether there is one.
    fn write_rows(&mut self) -> Result<bool> {
        let rows = std::mem::take(&mut self.rows);
        let Some(file) = self.file()? else {
            self.rows = rows;
            return Ok(false);
        };
        let mut buffer = Vec::with_capacity(READ + R::SIZE);
        for rows in rows.chunks((READ / R::SIZE.max(1)).max(1)) {
            buffer.clear();
            rows.iter().for_each(|r| r.write(&mut buffer));
            file.write_all(&buffer).map_err(failed)?;
        }
        self.rows = rows;
        Ok(true)
    }

    /// Sends the buffer to the file as it is.
    fn park(&mut self) -> Result<()> {
        if self.write_rows()? {
            self.parked += self.rows.len();
            self.rows.clear();
        }
        Ok(())
    }

    /// Takes parked rows back.
    fn unpark(&mut self) -> Result<()> {
        let parked = std::mem::take(&mut self.parked);
        let at = self.runs.last().copied().unwrap_or(0);
        let Some(Some(file)) = self.file.as_mut().filter(|_| parked > 0) else { return Ok(()) };
        let mut rows = Vec::with_capacity(parked + self.rows.len());
        let mut run = Run { file, at, end: at + (parked * R::SIZE) as u64, buffer: Vec::new(), read: 0 };
        while let Some(row) = run.row()? {
            rows.push(row);
        }
        // What is written next takes their place.
        file.seek(SeekFrom::Start(at)).map_err(failed)?;
        rows.append(&mut self.rows);
        self.rows = rows;
        Ok(())
    }

    /// Sends the sorted buffer to the file, where there is one.
    fn spill(&mut self) -> Result<()> {
        self.sort();
        if self.write_rows()? {
            let at = self.runs.last().copied().unwrap_or(0);
            self.runs.push(at + (self.rows.len() * R::SIZE) as u64);
            self.rows.clear();
        }
        Ok(())
    }

    /// Sorts what was taken.
    pub(crate) fn finish(mut self) -> Result<SortedRows<R>> {
        self.unpark()?;
        if self.runs.len() > 1 {
            self.spill()?;
        }
        if self.runs.len() <= 1 {
            self.sort();
            return Ok(SortedRows(Held::Memory(self.rows)));
        }
        self.rows = Vec::new();
        let Some(Some(file)) = self.file.take() else {
            return Err(Error::input("a store that had temporary files has none any more"));
        };
        if self.ordered {
            return Ok(SortedRows(Held::File(file)));
        }
        let Some(mut merged) = self.storage.scratch().map_err(failed)? else {
            return Err(Error::input("a store that had temporary files has none any more"));
        };
        let mut runs: Vec<Run<'_>> = Vec::new();
        for (from, to) in self.runs.iter().zip(self.runs.iter().skip(1)) {
            runs.push(Run { file: &file, at: *from, end: *to, buffer: Vec::new(), read: 0 });
        }
        let mut heap: BinaryHeap<Reverse<(R, usize)>> = BinaryHeap::with_capacity(runs.len());
        for (i, run) in runs.iter_mut().enumerate() {
            heap.extend(run.row::<R>()?.map(|row| Reverse((row, i))));
        }
        let mut buffer = Vec::with_capacity(READ + R::SIZE);
        while let Some(mut head) = heap.peek_mut() {
            let Reverse((row, i)) = *head;
            row.write(&mut buffer);
            if buffer.len() > READ {
                merged.write_all(&buffer).map_err(failed)?;
                buffer.clear();
            }
            match runs.get_mut(i).map(Run::row::<R>).transpose()?.flatten() {
                Some(next) => *head = Reverse((next, i)),
                None => {
                    PeekMut::pop(head);
                }
            }
        }
        merged.write_all(&buffer).map_err(failed)?;
        Ok(SortedRows(Held::File(merged)))
    }
}

/// A run, or all rows, being read from a file.
struct Run<'f> {
    file: &'f File,
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    read: usize,
}

impl Run<'_> {
    fn row<R: Row>(&mut self) -> Result<Option<R>> {
        if self.read + R::SIZE > self.buffer.len() {
            let left = self.end - self.at;
            if left < R::SIZE as u64 {
                return Ok(None);
            }
            let rows = (READ / R::SIZE.max(1)).max(1) * R::SIZE;
            let more = usize::try_from(left).unwrap_or(usize::MAX).min(rows);
            self.buffer.resize(more, 0);
            let mut file = self.file;
            file.seek(SeekFrom::Start(self.at)).map_err(failed)?;
            file.read_exact(&mut self.buffer).map_err(failed)?;
            self.at += more as u64;
            self.read = 0;
        }
        let row = R::read(self.buffer.get(self.read..self.read + R::SIZE).unwrap_or_default());
        self.read += R::SIZE;
        Ok(Some(row))
    }
}

/// Sorted rows; they can be gone through any number of times.
pub(crate) struct SortedRows<R>(Held<R>);

enum Held<R> {
    Memory(Vec<R>),
    File(File),
}

impl<R: Row> SortedRows<R> {
    /// Hands over the rows at some places.
    pub(crate) fn range(&self, places: std::ops::Range<usize>, mut take: impl FnMut(R) -> Result<()>) -> Result<()> {
        match &self.0 {
            Held::Memory(rows) => rows.get(places).unwrap_or_default().iter().try_for_each(|r| take(*r)),
            Held::File(file) => {
                let (at, end) = (places.start as u64 * R::SIZE as u64, places.end as u64 * R::SIZE as u64);
                let mut run = Run { file, at, end, buffer: Vec::new(), read: 0 };
                while let Some(row) = run.row()? {
                    take(row)?;
                }
                Ok(())
            }
        }
    }

    /// Hands over each row in order.
    pub(crate) fn each(&self, mut take: impl FnMut(R) -> Result<()>) -> Result<()> {
        match &self.0 {
            Held::Memory(rows) => rows.iter().try_for_each(|r| take(*r)),
            Held::File(file) => {
                let end = file.metadata().map_err(failed)?.len();
                let mut run = Run { file, at: 0, end, buffer: Vec::new(), read: 0 };
                while let Some(row) = run.row()? {
                    take(row)?;
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

    type Out = Vec<(u32, u16)>;

    fn sorted(storage: &Arc<dyn Storage>, limit: usize, rows: &Out) -> Out {
        let parked = sorted_by(RowSorter::parked(storage), limit, rows);
        let held = sorted_by(RowSorter::new(storage), limit, rows);
        assert!(parked == held);
        held
    }

    fn sorted_by(mut sorter: RowSorter<(u32, u16)>, limit: usize, rows: &Out) -> Out {
        sorter.limit = limit;
        rows.iter().for_each(|r| sorter.push(*r).unwrap());
        assert_eq!(sorter.len(), rows.len() as u64);
        let all = sorter.finish().unwrap();
        let read = || {
            let mut out = Vec::new();
            all.each(|row| {
                out.push(row);
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
        for n in [0usize, 1, 50, 5000, 2 * MANY] {
            let rows: Out = (0..n).map(|_| ((next() % 5000) as u32, (next() % 9) as u16)).collect();
            let mut want = rows.clone();
            want.sort_unstable();
            for storage in [&folder, &memory] {
                for limit in [100.max(n / 50), 4096, 1 << 30] {
                    assert!(sorted(storage, limit, &rows) == want);
                    assert!(sorted(storage, limit, &want) == want, "rows that come in order");
                    let mut sorter = RowSorter::new(storage);
                    sorter.limit = limit;
                    rows.iter().for_each(|r| sorter.push(*r).unwrap());
                    let mut part = Vec::new();
                    let push = |r| {
                        part.push(r);
                        Ok(())
                    };
                    sorter.finish().unwrap().range(n / 3..n / 2, push).unwrap();
                    assert_eq!(part, want[n / 3..n / 2]);
                }
            }
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn rows_survive_their_bytes() {
        let row = (7u64, u32::MAX, 3u16, 1u8, u128::MAX - 1);
        let mut bytes = Vec::new();
        row.write(&mut bytes);
        assert_eq!(bytes.len(), <(u64, u32, u16, u8, u128)>::SIZE);
        assert_eq!(<(u64, u32, u16, u8, u128)>::read(&bytes), row);
    }
}
