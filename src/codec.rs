//! The only file that names bincode: how manifest, presence, journal and tables become bytes, and of
//! the records those that are neither parties nor relations (see `store::packed`).
//!
//! bincode 1.3.3, variable-length integers, little-endian, trailing bytes refused. The bytes
//! are always inside a checksummed frame (`store::container`), so damage is noticed before
//! bincode sees it; the limit bounds what a hostile length can make us allocate.

use crate::error::{Error, Result};
use bincode::Options;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The largest single value, in bytes.
pub const MAX_VALUE: u64 = 1 << 30;

fn options() -> impl Options {
    bincode::DefaultOptions::new().with_varint_encoding().with_limit(MAX_VALUE).reject_trailing_bytes()
}

/// Encodes a value.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    options().serialize(value).map_err(|e| Error::input(format!("cannot be stored: {e}")))
}

/// Encodes a value at the end of a buffer.
pub fn encode_into<T: Serialize>(buffer: &mut Vec<u8>, value: &T) -> Result<()> {
    options().serialize_into(buffer, value).map_err(|e| Error::input(format!("cannot be stored: {e}")))
}

/// Decodes a value that must fill `bytes`. The error text says what is wrong, not where.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> std::result::Result<T, String> {
    options().deserialize(bytes).map_err(|e| e.to_string())
}

/// The same for a value whose texts stay where they are.
pub fn borrow<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> std::result::Result<T, String> {
    options().deserialize(bytes).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{End, Fact, Id, PartyRecord, Percent, Record, RelationRecord, Share};

    /// Pins the bytes: a change here is a change of the store's format.
    #[test]
    fn golden_bytes() {
        let mut p = PartyRecord::new(Id::new("ofac", "7").unwrap(), "person");
        p.facts.push(Fact::name("name", "Ж"));
        let bytes = encode(&Record::Party(p)).unwrap();
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "00066f6661633a3706706572736f6e01046e616d6502d09600044379726c0000000000000000");
        let mut r = RelationRecord::new(End::Id(Id::new("a", "1").unwrap()), "owns", End::Name("N".into()));
        r.share = Some(Share::exact(Percent::parse("100/3").unwrap()).unwrap());
        let r = Record::Relation(r);
        assert_eq!(decode::<Record>(&encode(&r).unwrap()).unwrap(), r);
    }

    #[test]
    fn damaged_bytes_are_refused() {
        assert!(decode::<Record>(&[9, 9, 9]).is_err());
        assert!(decode::<Vec<u64>>(&[253, 255, 255, 255, 255, 255, 255, 255, 255]).is_err());
        assert!(decode::<u8>(&[1, 2]).is_err());
    }
}
