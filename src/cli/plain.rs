//! Output to a terminal, made harmless: a name in a list may hold characters that a terminal
//! takes for commands, or that turn the direction of writing.

use super::render::is_odd;
use std::io::{self, Write};

/// Passes text on to a terminal with odd characters written as `\u001b`, which is what they are in
/// JSON, too. Line ends and tabs are left alone. Anything but a terminal gets the bytes as they are.
pub(crate) struct Plain<W> {
    to: W,
    terminal: bool,
    /// The beginning of a character of which the rest has not come yet.
    part: Vec<u8>,
}

impl<W: Write> Plain<W> {
    pub(crate) fn new(to: W, terminal: bool) -> Plain<W> {
        Plain { to, terminal, part: Vec::new() }
    }
}

/// The text with odd characters written out.
fn plain(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if is_odd(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if !self.terminal {
            return self.to.write(buf);
        }
        self.part.extend_from_slice(buf);
        let bytes = std::mem::take(&mut self.part);
        let mut rest = bytes.as_slice();
        let mut out = String::with_capacity(bytes.len());
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    plain(text, &mut out);
                    break;
                }
                Err(e) => {
                    let (good, bad) = rest.split_at(e.valid_up_to());
                    plain(std::str::from_utf8(good).unwrap_or_default(), &mut out);
                    let Some(len) = e.error_len() else {
                        self.part = bad.to_vec();
                        break;
                    };
                    out.push('\u{fffd}');
                    rest = bad.get(len..).unwrap_or_default();
                }
            }
        }
        self.to.write_all(out.as_bytes())?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(pieces: &[&[u8]], terminal: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut p = Plain::new(&mut out, terminal);
        pieces.iter().for_each(|b| p.write_all(b).unwrap());
        p.flush().unwrap();
        out
    }

    #[test]
    fn a_terminal_gets_no_commands_and_a_file_gets_all() {
        let text = "a\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}b\tc\nКраун 전\r";
        let want = "a\\u001b]0;owned\\u0007\\u009b31m\\u202eb\tc\nКраун 전\\u000d";
        // However the bytes are cut into pieces.
        for size in [1, 2, 3, 7, 100] {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            assert_eq!(String::from_utf8(through(&pieces, true)).unwrap(), want, "{size}");
            assert_eq!(through(&pieces, false), text.as_bytes());
        }
        assert_eq!(through(&[b"x\xff\xfey\xc3"], true), "x\u{fffd}\u{fffd}y".as_bytes());
    }
}
