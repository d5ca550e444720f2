//! The language of these tests: scenario and accounts as text, and what a run of them brings.

use std::path::Path;
use std::sync::Arc;

use capacity::{Job, Ran};
use engine::run::Watch;
use measure::{Fingerprints, Summary, names};
use model::arrivals::LoggedCall;
use routing::record::CallRecord;
use scenario::{FileError, Files, Options, Scenario, parse_override, read_scenario};

/// The two files of a run.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) scenario: String,
    pub(crate) accounts: String,
}

impl Files for World {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match path.to_str() {
            Some("scenario.toml") => Ok(self.scenario.clone().into_bytes()),
            Some("accounts.toml") => Ok(self.accounts.clone().into_bytes()),
            _ => Err(FileError::Missing),
        }
    }

    fn call_log(&self, _path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(vec!["these worlds have no log".to_owned()])
    }
}

impl World {
    /// A scenario that begins with its accounts.
    pub(crate) fn new(scenario: &str, accounts: &str) -> Self {
        Self {
            scenario: format!("accounts = \"accounts.toml\"\n{scenario}"),
            accounts: accounts.to_owned(),
        }
    }

    /// Read with these `--set` texts.
    pub(crate) fn read(&self, set: &[&str]) -> Scenario {
        let unit = |name: &str| match names::check(name) {
            Ok(known) => Ok(known.unit.unwrap_or("share")),
            Err(nearest) => Err(Some(nearest.nearest)),
        };
        let options = Options {
            overrides: set
                .iter()
                .map(|text| parse_override("--set", text).expect("KEY=VALUE"))
                .collect(),
            gates: Vec::new(),
            metrics: &unit,
        };
        let read = read_scenario(Path::new("scenario.toml"), self, &options);
        read.unwrap_or_else(|problems| panic!("{problems}"))
    }

    pub(crate) fn job(&self, set: &[&str]) -> Job {
        Job::new(self.read(set)).expect("it can be counted")
    }

    /// Run on one thread.
    pub(crate) fn run(&self) -> Told {
        self.run_set(&[])
    }

    /// The same with these `--set` texts.
    pub(crate) fn run_set(&self, set: &[&str]) -> Told {
        Told::of(&self.job(set), 1)
    }
}

/// What a run told, without what a clock measured.
pub(crate) struct Told {
    pub(crate) summary: Summary,
    pub(crate) calls: Vec<(u32, CallRecord)>,
}

impl Told {
    pub(crate) fn of(job: &Job, threads: usize) -> Self {
        let ran = capacity::run(job, threads, true, &Watch::default());
        let Ran {
            mut summary, calls, ..
        } = ran.expect("it runs");
        summary.measured.clear();
        Self { summary, calls }
    }

    pub(crate) fn prints(&self) -> Fingerprints {
        self.summary.fingerprints
    }

    /// Arrivals, decisions and outcomes, whatever the inputs.
    pub(crate) fn layers(&self) -> Fingerprints {
        Fingerprints {
            inputs: measure::Fingerprint::default(),
            ..self.prints()
        }
    }

    pub(crate) fn value(&self, metric: &str) -> f64 {
        let found = self.summary.get(metric);
        found
            .unwrap_or_else(|| panic!("{metric}: {:?}", self.summary.reason(metric)))
            .value
    }
}
