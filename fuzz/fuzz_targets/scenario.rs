//! A scenario file: checked, or every error at its place.
#![no_main]

mod only;

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use only::Only;
use scenario::Options;

fuzz_target!(|bytes: &[u8]| {
    let metrics = |_: &str| Ok("calls");
    let options = Options { overrides: Vec::new(), gates: Vec::new(), metrics: &metrics };
    let files = Only("scenario.toml", bytes);
    let _ = scenario::read_scenario(Path::new("scenario.toml"), &files, &options);
});
