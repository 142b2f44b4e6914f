//! The cells of one row, whatever the file.

use std::ops::Range;

/// The most columns.
pub(super) const MAX_COLUMNS: usize = 4096;
/// The longest cell and the most text of a row, in bytes.
const MAX_CELL: usize = 1 << 20;
const MAX_ROW: usize = 16 << 20;

/// Cells as texts, in one buffer that is used again for the next row.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    cells: Vec<Range<usize>>,
}

impl Cells {
    /// Forgets the row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// How many cells there are, up to the last that holds something.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell; empty where there is none.
    pub(super) fn get(&self, i: usize) -> &str {
        self.cells.get(i).and_then(|c| self.text.get(c.clone())).unwrap_or_default()
    }

    /// Whether no cell holds anything but blanks.
    pub(super) fn blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Fills one cell, those between it and the last one being empty.
    pub(super) fn set(&mut self, at: usize, text: &str) -> Result<(), String> {
        self.repeat(at, 1, text)
    }

    /// Fills several cells with the same text, which is kept once.
    pub(super) fn repeat(&mut self, at: usize, times: usize, text: &str) -> Result<(), String> {
        if text.is_empty() || times == 0 {
            return Ok(());
        }
        if at < self.cells.len() {
            return Err(format!("column {} comes twice or too late in its row", at + 1));
        }
        let end = at.saturating_add(times);
        if end > MAX_COLUMNS {
            return Err(format!("more than {MAX_COLUMNS} columns"));
        }
        if text.len() > MAX_CELL || self.text.len() + text.len() > MAX_ROW {
            return Err(format!("the cell in column {} is longer than {MAX_CELL} bytes, or its row too long", at + 1));
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.cells.resize(at, start..start);
        self.cells.resize(end, start..self.text.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling() {
        let mut c = Cells::default();
        assert!(c.blank());
        c.set(1, "b").unwrap();
        c.set(2, "").unwrap();
        c.repeat(3, 2, "d").unwrap();
        let all: Vec<&str> = (0..c.len() + 1).map(|i| c.get(i)).collect();
        assert_eq!(all, ["", "b", "", "d", "d", ""]);
        assert!(c.set(3, "x").unwrap_err().contains("column 4"));
        assert!(c.repeat(9, usize::MAX, "x").unwrap_err().contains("columns"));
        assert!(c.set(9, &"x".repeat(MAX_CELL + 1)).unwrap_err().contains("longer"));
        c.clear();
        assert_eq!((c.len(), c.get(1)), (0, ""));
    }
}
