//! The statements of a file, one text at a time: a JSON array, or one object after another
//! (JSON lines). Only where an object begins and ends is looked at here; what it says is
//! read from its text.

use crate::error::{Error, Place, Result};
use crate::import::Input;
use std::io::BufRead;

/// Longest statement accepted, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// Deepest nesting accepted within a statement.
const MAX_DEPTH: u32 = 64;
const HINT: &str = "a BODS file is one JSON array of statements, or one statement per line";

/// Where in the file the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// After `[`.
    Open,
    /// After a statement of an array.
    Within,
    /// One object after another.
    Lines,
    End,
}

/// Cuts a file into statements.
pub(super) struct Elements<'i> {
    input: &'i mut Input,
    line: u64,
    state: State,
}

impl<'i> Elements<'i> {
    pub(super) fn new(input: &'i mut Input) -> Elements<'i> {
        Elements { input, line: 1, state: State::Start }
    }

    fn here(&self) -> Place {
        self.input.place().line(self.line)
    }

    fn refuse(&self, what: impl Into<String>) -> Error {
        Error::input(what).at(self.here()).hint(HINT)
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        match self.input.fill_buf() {
            Ok(b) => Ok(b.first().copied()),
            Err(e) => {
                let e = std::io::Error::new(e.kind(), e.to_string());
                Err(self.input.read_error(e))
            }
        }
    }

    /// The next byte that is no blank, still unread.
    fn solid(&mut self) -> Result<Option<u8>> {
        loop {
            let Some(b) = self.peek()? else { return Ok(None) };
            if !b.is_ascii_whitespace() {
                return Ok(Some(b));
            }
            self.line += u64::from(b == b'\n');
            self.input.consume(1);
        }
    }

    /// Reads the next statement into `buf` and gives the line on which it begins; `None` at the
    /// end of the file. The bytes are those of one bracketed whole, not checked further.
    pub(super) fn next(&mut self, buf: &mut Vec<u8>) -> Result<Option<u64>> {
        buf.clear();
        if self.state == State::Start {
            self.begin()?;
        }
        let found = match self.state {
            State::End => return self.rest(),
            State::Within => match self.solid()? {
                Some(b',') => {
                    self.input.consume(1);
                    self.solid()?
                }
                Some(b']') => return self.close(),
                Some(b) => return Err(self.refuse(format!("{:?} where a comma or `]` should be", char::from(b)))),
                None => return Err(self.refuse("the file ends within its array")),
            },
            State::Open => match self.solid()? {
                Some(b']') => return self.close(),
                other => other,
            },
            State::Start | State::Lines => self.solid()?,
        };
        match found {
            Some(b'{') => {}
            Some(b) => return Err(self.refuse(format!("{:?} where a statement should begin", char::from(b)))),
            None if self.state == State::Lines => return Ok(None),
            None => return Err(self.refuse("the file ends within its array")),
        }
        let start = self.line;
        self.object(buf)?;
        if self.state == State::Open {
            self.state = State::Within;
        }
        Ok(Some(start))
    }

    fn begin(&mut self) -> Result<()> {
        for mark in [0xef, 0xbb, 0xbf] {
            if self.peek()? == Some(mark) {
                self.input.consume(1);
            }
        }
        self.state = State::Lines;
        if self.solid()? == Some(b'[') {
            self.input.consume(1);
            self.state = State::Open;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<Option<u64>> {
        self.input.consume(1);
        self.state = State::End;
        self.rest()
    }

    fn rest(&mut self) -> Result<Option<u64>> {
        match self.solid()? {
            None => Ok(None),
            Some(_) => Err(self.refuse("something stands behind the end of the array")),
        }
    }

    /// Reads one object, from its `{` to the `}` that closes it.
    fn object(&mut self, buf: &mut Vec<u8>) -> Result<()> {
        let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) => {
                    let e = std::io::Error::new(e.kind(), e.to_string());
                    return Err(self.input.read_error(e));
                }
            };
            if chunk.is_empty() {
                return Err(self.refuse("the file ends within a statement"));
            }
            let (mut end, mut lines) = (None, 0);
            for (i, b) in chunk.iter().enumerate() {
                lines += u64::from(*b == b'\n');
                if quoted {
                    match b {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => quoted = false,
                        _ => {}
                    }
                    continue;
                }
                match b {
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => continue,
                }
                if depth == 0 {
                    end = Some(i + 1);
                    break;
                }
                if depth > MAX_DEPTH {
                    break;
                }
            }
            let taken = end.unwrap_or(chunk.len());
            buf.extend_from_slice(chunk.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            self.line += lines;
            if depth > MAX_DEPTH {
                return Err(self.refuse(format!("a statement nested deeper than {MAX_DEPTH}")));
            }
            if buf.len() > MAX_BYTES {
                return Err(self.refuse(format!("a statement of more than {MAX_BYTES} bytes")));
            }
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Result<Vec<(u64, String)>> {
        let mut input = Input::from_bytes("x.json", text.as_bytes().to_vec())?;
        let mut elements = Elements::new(&mut input);
        let (mut buf, mut out) = (Vec::new(), Vec::new());
        while let Some(line) = elements.next(&mut buf)? {
            out.push((line, String::from_utf8(buf.clone()).unwrap()));
        }
        Ok(out)
    }

    #[test]
    fn arrays_and_lines() {
        let one = (2, r#"{"a":"]}\"","b":[{}]}"#.to_owned());
        assert_eq!(cut("\u{feff}[\n{\"a\":\"]}\\\"\",\"b\":[{}]},\n\n {}\n]\n").unwrap(), [one, (4, "{}".into())]);
        assert_eq!(cut("{\"a\":1}\n\n{\n}\n{}").unwrap().iter().map(|(l, _)| *l).collect::<Vec<_>>(), [1, 3, 5]);
        assert!(cut(" [ ] ").unwrap().is_empty() && cut("").unwrap().is_empty());
    }

    #[test]
    fn faults_have_lines() {
        let deep = format!("[\n{{\"a\":{}", "[".repeat(100_000));
        for bad in [
            "[\n{}",
            "[\n{},",
            "[\n{},]",
            "[\n{} {}]",
            "[{},\n{]",
            "[\n1]",
            "[\n{}]{}",
            "[\n{}]]",
            "{}\n]",
            "{}\n{",
            "{}\n{\"a",
            "\n[[]]",
            "{}\n,{}",
            "[\n",
            &deep,
        ] {
            let e = cut(bad).err().unwrap_or_else(|| panic!("{bad:?}"));
            assert_eq!((e.exit_code(), e.place().unwrap().line), (2, Some(2)), "{bad:?}: {e}");
        }
    }
}
