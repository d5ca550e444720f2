//! The shape of the workspace as ARCHITECTURE.md tells it: who may use whom, who may touch the
//! world, and how large things may grow. Rules that nobody checks are wishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which of our crates each crate may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("routing", &[]),
    ("model", &["routing"]),
    ("scenario", &["routing", "model"]),
    ("engine", &["routing", "model"]),
    ("calllog", &["routing"]),
    ("measure", &["routing"]),
    (
        "capacity",
        &[
            "routing", "model", "scenario", "engine", "measure", "calllog",
        ],
    ),
    ("report", &["routing", "measure"]),
    ("http", &["routing", "model", "engine"]),
    (
        "cli",
        &[
            "routing", "model", "scenario", "engine", "calllog", "measure", "capacity", "report",
            "http",
        ],
    ),
];

/// What the pure crates never see.
const NEVER: &[(&str, &[&str])] = &[
    ("routing", &["tokio", "serde_json", "rand"]),
    ("model", &["tokio", "serde_json"]),
    ("engine", &["tokio", "serde_json"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The dependencies (not those of tests) of each workspace member.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let name = |it: &Value| it["name"].as_str().expect("a name").to_owned();
    let list = |it: &Value| it.as_array().expect("a list").clone();
    let normal = |package: &Value| {
        list(&package["dependencies"])
            .iter()
            .filter(|it| it["kind"].is_null())
            .map(name)
            .collect()
    };
    list(&metadata["packages"])
        .iter()
        .map(|package| (name(package), normal(package)))
        .collect()
}

#[test]
fn crates_use_each_other_in_one_direction() {
    let found = dependencies();
    for (name, may_use) in MAY_USE {
        let used = found
            .get(*name)
            .unwrap_or_else(|| panic!("there is no crate {name}"));
        for it in used
            .iter()
            .filter(|it| MAY_USE.iter().any(|(our, _)| our == it))
        {
            assert!(may_use.contains(&it.as_str()), "{name} may not use {it}");
        }
    }
    let known = |name: &str| MAY_USE.iter().any(|(it, _)| *it == name) || name == "benches";
    let strangers: Vec<&String> = found.keys().filter(|name| !known(name)).collect();
    assert!(
        strangers.is_empty(),
        "give {strangers:?} a place in the dependency direction"
    );
}

#[test]
fn the_pure_crates_do_not_see_the_world() {
    let found = dependencies();
    for (name, never) in NEVER {
        let seen = found[*name]
            .iter()
            .find(|used| never.contains(&used.as_str()));
        assert_eq!(seen, None, "{name} may not use it");
    }
}

/// Every Rust file of the crates' `src` folders that holds no tests only.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let crates = fs::read_dir(root().join("crates")).expect("the crates are there");
    let mut folders: Vec<PathBuf> = crates
        .map(|entry| entry.expect("a readable entry").path().join("src"))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let tests = path.file_stem().is_some_and(|name| name == "tests");
            if tests {
                // Golden texts are as long as what is printed.
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).expect("UTF-8");
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

/// The lines of a file that are code, without its tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let before_tests = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

fn is_of(path: &Path, name: &str) -> bool {
    path.components().any(|part| part.as_os_str() == name)
}

#[test]
fn only_the_command_line_opens_files_and_prints() {
    let world = [
        "std::fs",
        "File::open",
        "println!",
        "print!(",
        "std::env::",
        "std::net",
        "stdout()",
    ];
    for (path, text) in sources().iter().filter(|(path, _)| !is_of(path, "cli")) {
        let live = is_of(path, "http");
        let sockets = |word: &str| live && word == "std::net";
        let found = code(text).find(|line| {
            world
                .iter()
                .any(|word| line.contains(word) && !sockets(word))
        });
        assert_eq!(found, None, "{}", path.display());
    }
}

#[test]
fn only_whoever_runs_a_job_reads_a_clock() {
    let clocks = ["Instant::now", "SystemTime", "Timestamp::now", "Zoned::now"];
    let may = |path: &Path| {
        let of_run = ["decision_time.rs", "run.rs", "driven.rs"];
        (is_of(path, "capacity") && of_run.iter().any(|name| path.ends_with(name)))
            // What is live is measured; the wire forms and the guard are pure.
            || (is_of(path, "http") && !is_of(path, "wire") && !is_of(path, "target"))
    };
    for (path, text) in sources().iter().filter(|(path, _)| !may(path)) {
        let found = code(text).find(|line| clocks.iter().any(|word| line.contains(word)));
        assert_eq!(found, None, "{}", path.display());
    }
}

#[test]
fn files_and_lines_stay_short() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= 450,
            "{}: {lines} lines: divide where the matter divides",
            path.display()
        );
        for (at, line) in text.lines().enumerate() {
            let width = line.chars().count();
            // A text or a macro's line that the formatter leaves alone may stick out a little.
            assert!(
                width <= 110,
                "{}:{}: {width} columns",
                path.display(),
                at + 1
            );
        }
    }
}
