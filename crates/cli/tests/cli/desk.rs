//! A desk to work at: an empty folder with a small scenario in it, and the program to run there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// Two people behind one number, an hour of calls.
pub(crate) const SCENARIO: &str = r#"
name = "small"
seed = 11
duration = "1h"
accounts = "accounts.toml"

[[arrivals]]
kind = "poisson"
rate = "90/h"
to = ["+15555550199"]
"#;

pub(crate) const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme-dental"
incoming_timeout = "20s"

[[sub_account.user]]
id = "ann"
phone = "+15555550101"
web_app = true

[[sub_account.user]]
id = "ben"
mobile_app = true

[[sub_account.number]]
number = "+15555550199"
assigned_to = "ann"
ring_more = ["ben"]

[[sub_account.contact]]
phone = "+15555550177"
assigned_to = "ben"
"#;

pub(crate) struct Desk(TempDir);

impl Desk {
    /// With nothing on it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With `scenario.toml` and `accounts.toml`.
    pub(crate) fn small() -> Self {
        let desk = Self::empty();
        desk.write("scenario.toml", SCENARIO);
        desk.write("accounts.toml", ACCOUNTS);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("busyhour").expect("the program");
        command.current_dir(self.0.path()).args(args);
        command.env_remove("BUSYHOUR_KEY");
        command
    }

    /// What the program did, and that it ended with this exit code.
    pub(crate) fn ends(&self, code: i32, args: &[&str]) -> Done {
        let done = Done(self.command(args).output().expect("the program runs"));
        assert_eq!(
            done.0.status.code(),
            Some(code),
            "{args:?}\nstdout:\n{}\nstderr:\n{}",
            done.stdout(),
            done.stderr()
        );
        done
    }

    /// `run … --format json --out OUT`, read.
    pub(crate) fn run_json(&self, out: &str, args: &[&str]) -> Value {
        let mut all = vec!["run", "scenario.toml", "--format", "json", "--out", out];
        all.extend(args);
        self.ends(0, &all).json()
    }

    /// Every file below a folder by its path, `latency.hlog` (which a clock measures) left out.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let mut files = BTreeMap::new();
        gather(&root, &root, &mut files);
        files.remove("latency.hlog");
        files
    }
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below the root");
            let name = name.to_str().expect("UTF-8").to_owned();
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

pub(crate) struct Done(pub(crate) Output);

impl Done {
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("UTF-8")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).expect("stdout is JSON and nothing else")
    }
}

/// A metric's value.
pub(crate) fn value(run: &Value, metric: &str) -> f64 {
    run["metrics"][metric]["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("{metric} is missing; absent: {}", run["absent"][metric]))
}
