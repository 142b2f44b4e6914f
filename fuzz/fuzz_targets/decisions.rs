#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cuibono_fuzz::run("decisions", bytes));
