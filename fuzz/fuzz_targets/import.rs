//! Any bytes as a file of one format, into a store in memory: an error or an import, never a
//! panic. The format comes from the environment (`CUIBONO_FUZZ_FORMAT`), so that each parser has
//! a run and a corpus of its own.
#![no_main]

use cuibono::error::Kind;
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::store::Memory;
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, OnceLock};

static FORMAT: OnceLock<String> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let format = FORMAT.get_or_init(|| std::env::var("CUIBONO_FUZZ_FORMAT").expect("CUIBONO_FUZZ_FORMAT names a format"));
    let Ok(input) = Input::from_bytes("fuzz", bytes.to_vec()) else { return };
    let request = Request {
        format: Some(format.clone()),
        today: PartialDate::parse("2024-01-01").ok(),
        ..Request::default()
    };
    // Bad input is refused as such; anything else would be a fault of ours.
    if let Err(e) = import(Arc::new(Memory::new()), vec![input], &request, &mut |_| {}) {
        assert_eq!(e.kind(), Kind::Input, "{e}");
    }
});
