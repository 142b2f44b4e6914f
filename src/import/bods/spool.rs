//! Statements that can be read only once (standard input), kept packed until the second look.

use crate::error::{Error, Result};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};

/// Bytes of text packed together.
const BLOCK: usize = 1 << 20;
/// The most that is kept, packed.
const LIMIT: usize = 512 << 20;

/// Texts with their lines, packed in blocks.
#[derive(Default)]
pub(super) struct Spool {
    /// The text not packed yet: line and length (8 bytes each), then the bytes.
    open: Vec<u8>,
    blocks: Vec<Vec<u8>>,
    size: usize,
}

impl Spool {
    /// Keeps one statement; refuses what would take more than half a gigabyte packed.
    pub(super) fn put(&mut self, line: u64, text: &[u8]) -> Result<()> {
        self.open.extend_from_slice(&line.to_le_bytes());
        self.open.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.open.extend_from_slice(text);
        if self.open.len() >= BLOCK {
            self.pack()?;
        }
        if self.size > LIMIT {
            return Err(Error::input("more statements than can be read from a pipe")
                .hint("save them to a file and name the file: a file is read twice, and needs no memory for that"));
        }
        Ok(())
    }

    fn pack(&mut self) -> Result<()> {
        let fail = |e| Error::io("pack statements in memory", e);
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(&self.open).map_err(fail)?;
        let block = packer.finish().map_err(fail)?;
        self.size += block.len();
        self.blocks.push(block);
        self.open.clear();
        Ok(())
    }

    /// Hands all statements on in their order, and forgets them.
    pub(super) fn each(mut self, mut take: impl FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
        self.pack()?;
        let mut text = Vec::new();
        for block in std::mem::take(&mut self.blocks) {
            text.clear();
            DeflateDecoder::new(&block[..]).read_to_end(&mut text).map_err(|e| Error::io("unpack statements", e))?;
            let mut rest = &text[..];
            while let Some((head, tail)) = rest.split_at_checked(16) {
                let number = |b: Option<&[u8]>| b.and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes);
                let (line, len) = (number(head.get(..8)), number(head.get(8..)));
                let Some((one, after)) = usize::try_from(len).ok().and_then(|n| tail.split_at_checked(n)) else {
                    break;
                };
                take(line, one)?;
                rest = after;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let mut spool = Spool::default();
        let texts: Vec<String> =
            (0..3000u64).map(|n| format!("{{\"n\":\"{}\"}}", "é".repeat((n % 900) as usize))).collect();
        for (n, t) in (7..).zip(&texts) {
            spool.put(n, t.as_bytes()).unwrap();
        }
        assert!(spool.blocks.len() > 1 && spool.size < 1 << 20);
        let mut got = Vec::new();
        spool
            .each(|line, t| {
                got.push((line, String::from_utf8(t.to_vec()).unwrap()));
                Ok(())
            })
            .unwrap();
        assert_eq!(got, (7..).zip(texts).collect::<Vec<_>>());
    }
}
