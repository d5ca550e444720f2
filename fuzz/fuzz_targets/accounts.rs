//! An accounts file, TOML, JSON or JSON Lines: checked, or every error at its place.
#![no_main]

mod only;

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use only::Only;

fuzz_target!(|bytes: &[u8]| {
    for name in ["accounts.toml", "accounts.json", "accounts.jsonl"] {
        let files = Only(name, bytes);
        let _ = scenario::read_accounts(Path::new(name), &files, &[]);
    }
});
