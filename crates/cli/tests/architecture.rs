//! What ARCHITECTURE.md promises of the crates, read from the manifests and the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which crate of ours may use which, directly. `cli` may use all of them.
const MAY_USE: &[(&str, &[&str])] = &[
    ("routing", &[]),
    ("model", &["routing"]),
    ("scenario", &["routing", "model"]),
    ("engine", &["routing", "model"]),
    ("calllog", &["routing"]),
    ("measure", &["routing"]),
    ("report", &["routing", "measure"]),
    (
        "capacity",
        &[
            "routing", "model", "scenario", "engine", "measure", "calllog",
        ],
    ),
];

/// Crates that the deterministic core must not reach, not even through others.
const OUT_OF_REACH: &[&str] = &[
    "tokio",
    "mio",
    "hyper",
    "socket2",
    "serde_json",
    "getrandom",
    "tempfile",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every crate that this one is built with when it is built alone, itself included, by name; only
/// those that it names itself when `direct`.
fn built_with(name: &str, direct: bool) -> BTreeSet<String> {
    let depth = if direct { "1" } else { "255" };
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--package",
            name,
            "--depth",
            depth,
        ])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {problem}");
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').next());
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    assert!(
        names.contains(name),
        "cargo tree does not show {name}: {text}"
    );
    names
}

#[test]
fn crates_depend_on_each_other_in_one_direction() {
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|it| it.0).collect();
    for folder in std::fs::read_dir(root().join("crates")).expect("the crates are here") {
        let folder = folder.expect("a folder").file_name();
        let name = folder.to_string_lossy();
        assert!(
            name == "cli" || ours.contains(&*name),
            "{name}: give it a line in MAY_USE"
        );
    }
    for (name, may_use) in MAY_USE {
        let used = built_with(name, true);
        for used in used
            .iter()
            .filter(|it| *it == "cli" || ours.contains(it.as_str()))
        {
            let allowed = used == name || may_use.contains(&used.as_str());
            assert!(allowed, "{name} must not use {used}");
        }
    }
}

#[test]
fn the_core_reaches_no_socket_no_runtime_and_no_entropy() {
    for name in ["routing", "model", "engine"] {
        let reached = built_with(name, false);
        let found: Vec<_> = OUT_OF_REACH
            .iter()
            .filter(|it| reached.contains(**it))
            .collect();
        assert!(found.is_empty(), "{name} reaches {found:?}");
    }
}

/// The Rust files of a crate without its tests, as (path, text up to the tests).
fn sources(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let named = |name: &str| path.file_stem().is_some_and(|it| it == name);
        if path.is_dir() && !named("tests") {
            sources(&path, out);
        } else if path.extension().is_some_and(|it| it == "rs") && !named("tests") {
            let text = std::fs::read_to_string(&path).expect("a readable source");
            let code = text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .to_owned();
            out.push((path, code));
        }
    }
}

/// Where one of these words stands outside comments, in crates for which it is not meant.
fn places(words: &[&str], meant_for: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, _) in MAY_USE.iter().filter(|(name, _)| !meant_for.contains(name)) {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        assert!(!files.is_empty(), "{name} has no sources");
        for (path, code) in files {
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let hits = code.filter(|line| words.iter().any(|word| line.contains(word)));
            found.extend(hits.map(|line| format!("{}: {}", path.display(), line.trim())));
        }
    }
    found
}

#[test]
fn only_the_program_prints_opens_files_and_looks_around() {
    let words = [
        "println!",
        "eprintln!",
        "print!(",
        "eprint!(",
        "dbg!(",
        "stdout()",
        "stderr()",
        "std::fs",
        "File::open",
        "File::create",
        "std::env::",
        "std::net",
        "std::process",
    ];
    assert_eq!(places(&words, &[]), [] as [String; 0]);
}

#[test]
fn no_result_is_made_with_a_clock() {
    // `capacity` times its own runs: what it reads stands apart, under `measured`.
    let words = ["Instant::now", "SystemTime", "Timestamp::now", "Zoned::now"];
    assert_eq!(places(&words, &["capacity"]), [] as [String; 0]);
}
