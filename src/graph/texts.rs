//! Many texts without an allocation for each.

use crate::error::{Error, Result};

/// Texts one after the other, each known by where it begins and ends. One buffer in place of
/// one allocation per name.
#[derive(Default)]
pub(super) struct Texts(Vec<u8>);

#[derive(Clone, Copy, Default)]
pub(super) struct Text {
    start: u32,
    end: u32,
}

impl Texts {
    /// Takes a text; refuses more than 4 GiB in all.
    pub(super) fn push(&mut self, text: &str) -> Result<Text> {
        let start = self.0.len();
        self.0.extend_from_slice(text.as_bytes());
        match (u32::try_from(start), u32::try_from(self.0.len())) {
            (Ok(start), Ok(end)) => Ok(Text { start, end }),
            _ => Err(Error::input("the names of the store are longer than 4 GiB")),
        }
    }

    pub(super) fn get(&self, t: Text) -> &[u8] {
        self.0.get(t.start as usize..t.end as usize).unwrap_or_default()
    }
}
