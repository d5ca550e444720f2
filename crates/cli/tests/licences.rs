//! Every crate that comes in, for the program, its tests or its benches, has a licence that
//! `deny.toml` allows: what `cargo deny check licenses` says of their manifests, wherever tests run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};
use toml::Table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn told(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).expect("text")
}

/// All crates as they are resolved for this machine.
fn crates() -> Vec<Value> {
    let rustc = told(Command::new("rustc").arg("-vV"));
    let host = rustc.lines().find_map(|it| it.strip_prefix("host: "));
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--format-version", "1", "--offline", "--locked"]);
    metadata.args(["--filter-platform", host.expect("a host")]);
    let metadata = told(metadata.current_dir(root()));
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo writes JSON");
    let resolved = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let used: BTreeSet<&str> = resolved.iter().filter_map(|it| it["id"].as_str()).collect();
    let packages = metadata["packages"].as_array().expect("packages");
    let is_used = |it: &&Value| it["id"].as_str().is_some_and(|id| used.contains(id));
    packages.iter().filter(is_used).cloned().collect()
}

/// What `deny.toml` allows: of all crates, and of some beside that.
struct Allowed {
    all: BTreeSet<String>,
    exceptions: Vec<(String, BTreeSet<String>)>,
}

fn names(list: &toml::Value) -> BTreeSet<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|it| it.as_str().expect("a licence").to_owned())
        .collect()
}

impl Allowed {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
        let deny: Table = text.parse().expect("TOML");
        let licences = &deny["licenses"];
        let exceptions = licences["exceptions"].as_array().expect("exceptions");
        let named = |it: &toml::Value| {
            let name = it["crate"].as_str().expect("a crate").to_owned();
            (name, names(&it["allow"]))
        };
        Self {
            all: names(&licences["allow"]),
            exceptions: exceptions.iter().map(named).collect(),
        }
    }

    /// Whether a crate may come in under this expression.
    fn may(&self, name: &str, licence: &str) -> bool {
        let own = self.exceptions.iter().find(|(of, _)| of == name);
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        expression.is_ok_and(|it| {
            it.evaluate(|asked| {
                let asked = asked.to_string();
                self.all.contains(&asked) || own.is_some_and(|(_, more)| more.contains(&asked))
            })
        })
    }
}

#[test]
fn every_crate_comes_under_a_licence_that_is_allowed() {
    let allowed = Allowed::read();
    let crates = crates();
    assert!(crates.len() > 100, "only {} crates", crates.len());
    let wrong: Vec<String> = crates
        .iter()
        .filter_map(|it| {
            let name = it["name"].as_str().expect("a name");
            let licence = it["license"].as_str().unwrap_or("none in its manifest");
            (!allowed.may(name, licence)).then(|| format!("{name}: {licence}"))
        })
        .collect();
    assert_eq!(wrong, [""; 0], "allowed are those of deny.toml");
}

#[test]
fn what_is_not_allowed_is_noticed() {
    let allowed = Allowed::read();
    for (name, licence, may) in [
        ("any", "MIT", true),
        ("any", "MIT/Apache-2.0", true),
        ("any", "GPL-3.0-only", false),
        ("any", "MIT OR GPL-3.0-only", true),
        ("any", "MIT AND GPL-3.0-only", false),
        ("any", "Apache-2.0 WITH LLVM-exception", true),
        ("any", "CDLA-Permissive-2.0", false),
        ("webpki-roots", "CDLA-Permissive-2.0", true),
        ("any", "none in its manifest", false),
    ] {
        assert_eq!(allowed.may(name, licence), may, "{name} under {licence}");
    }
}
