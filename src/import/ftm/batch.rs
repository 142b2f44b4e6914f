//! Lines of a file, a few dozen at a time.
//!
//! Ids are looked up in a table of all that were met, which waits for memory at each look; looks
//! for many lines at once overlap.

use crate::error::Result;
use crate::import::Input;

/// Lines of one batch at most.
const LINES: usize = 64;
/// A batch ends with the line that passes so many bytes.
const BYTES: usize = 256 * 1024;

/// Lines that follow one another.
#[derive(Default)]
pub(super) struct Batch {
    text: Vec<u8>,
    /// Where each ends in the text, and its number in the file.
    ends: Vec<(usize, u64)>,
}

impl Batch {
    /// Takes the next lines in place of those it has; `false` at the end of the file. After an
    /// error it has the lines before the one that could not be read.
    pub(super) fn fill(&mut self, input: &mut Input) -> Result<bool> {
        self.text.clear();
        self.ends.clear();
        while self.ends.len() < LINES && self.text.len() < BYTES {
            if !input.line_onto(&mut self.text)? {
                return Ok(false);
            }
            self.ends.push((self.text.len(), input.line_number()));
        }
        Ok(true)
    }

    /// The lines without their ends, with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        let lines = self.ends.iter().zip(starts);
        lines.map(|((end, number), start)| (*number, self.text.get(start..*end).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_all_lines_in_order() {
        let lines: Vec<String> = (0..200).map(|i| "x".repeat(i * 37 % 9000 * usize::from(i % 5 > 0))).collect();
        let mut input = Input::from_bytes("t", lines.join("\r\n").into_bytes()).unwrap();
        let (mut batch, mut seen) = (Batch::default(), Vec::new());
        loop {
            let more = batch.fill(&mut input).unwrap();
            let texts = batch.lines().map(|(n, l)| (n, String::from_utf8(l.to_vec()).unwrap()));
            seen.extend(texts);
            if !more {
                break;
            }
        }
        let expected: Vec<(u64, String)> = (1..).zip(lines).collect();
        assert_eq!(seen, expected);
    }
}
