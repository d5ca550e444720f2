//! An accounts file, TOML, JSON or JSON Lines: checked, or every error at its place.
#![no_main]

use std::path::Path;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use model::arrivals::LoggedCall;
use scenario::{FileError, Files, Options};

/// The file in question, and no other.
struct Only<'a>(&'a str, &'a [u8]);

impl Files for Only<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        if path == Path::new(self.0) { Ok(self.1.to_vec()) } else { Err(FileError::Missing) }
    }

    fn call_log(&self, _: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(Vec::new())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let metrics = |_: &str| Ok("calls");
    let options = Options { overrides: Vec::new(), gates: Vec::new(), metrics: &metrics };
    for name in ["accounts.toml", "accounts.json", "accounts.jsonl"] {
        let files = Only(name, bytes);
        let _ = scenario::read_accounts(Path::new(name), &files, &options);
    }
});
