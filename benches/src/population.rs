//! Populations as a scenario names them.

use std::path::Path;
use std::sync::Arc;

use model::arrivals::LoggedCall;
use scenario::{FileError, Files, Options, Scenario, read_scenario};

/// The one file there is.
struct OneFile(String);

impl Files for OneFile {
    fn read(&self, _: &Path) -> Result<Vec<u8>, FileError> {
        Ok(self.0.clone().into_bytes())
    }

    fn call_log(&self, _: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(Vec::new())
    }
}

/// A day of calls to so many sub-accounts of a built-in mix: what `busyhour run` reads.
pub fn scenario(mix: &str, sub_accounts: u32) -> Scenario {
    let text = format!(
        "start = \"2026-03-02T08:00:00\"\nduration = \"10h\"\n[population]\nmix = \"{mix}\"\n\
         sub_accounts = {sub_accounts}\n[[arrivals]]\nkind = \"poisson\"\nrate = \"1000/min\"\n\
         to = \"by-size\"\n"
    );
    let options = Options {
        overrides: Vec::new(),
        gates: Vec::new(),
        metrics: &|_| Ok("s"),
    };
    read_scenario(Path::new("scenario.toml"), &OneFile(text), &options)
        .unwrap_or_else(|problems| panic!("{problems}"))
}
