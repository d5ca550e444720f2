//! The scenarios that come with the program read without an error.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::arrivals::LoggedCall;

use crate::{FileError, Files, Options, read_scenario};

/// The folder of this checkout.
struct Checkout;

impl Files for Checkout {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        std::fs::read(path).map_err(|error| FileError::Unreadable(error.to_string()))
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(vec![format!(
            "{}:1:1: no logs are read here",
            path.display()
        )])
    }
}

#[test]
fn the_ready_scenarios_read() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios"));
    let any = |_: &str| Ok("s");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut scenarios: Vec<PathBuf> = entries
        .map(|it| it.unwrap().path().join("scenario.toml"))
        .filter(|it| it.exists())
        .collect();
    scenarios.sort();
    assert!(!scenarios.is_empty());
    for path in scenarios {
        let options = Options {
            overrides: Vec::new(),
            gates: Vec::new(),
            metrics: &any,
        };
        match read_scenario(&path, &Checkout, &options) {
            Ok(scenario) => {
                for warning in scenario.warnings {
                    println!("{warning}");
                }
            }
            Err(problems) => panic!("{problems}"),
        }
    }
}
