//! Every scenario in `scenarios/` runs as it is, by its folder and by its name, and keeps its
//! gates.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::Desk;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// The folders with a scenario, by name.
fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("scenarios/");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("scenario.toml").exists())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

fn run(desk: &Desk, scenario: &str, out: &str) -> Value {
    let args = ["run", scenario, "--format", "json", "--quiet", "--out", out];
    desk.ends(0, &args).json()
}

#[test]
fn every_scenario_runs_from_its_folder_and_keeps_its_gates() {
    let names = names();
    assert!(names.len() >= 3, "{names:?}");
    let desk = Desk::empty();
    for name in names {
        let path = folder().join(&name).join("scenario.toml");
        let file = path.to_str().expect("UTF-8");
        let from_file = run(&desk, file, &format!("{name}-by-file"));
        assert_eq!(from_file["verdict"], "pass", "{name}");
        let gates = from_file["gates"].as_array().expect("gates");
        assert!(!gates.is_empty(), "{name} teaches nothing that is checked");
        let by_name = run(&desk, &name, &format!("{name}-by-name"));
        assert_eq!(
            from_file["fingerprint"], by_name["fingerprint"],
            "{name} is not the one that is built in"
        );
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).expect("README.md");
    let (_, after) = readme.split_once("```text\n").expect("a sample");
    let (sample, _) = after.split_once("```").expect("its end");
    let desk = Desk::empty();
    let said = desk.ends(0, &["run", "office-day", "--quiet"]).stdout();
    let mut left = said.lines();
    for line in sample.lines().filter(|line| *line != "  ...") {
        assert!(
            left.any(|said| said == line),
            "README.md shows {line:?}, not in this order in\n{said}"
        );
    }
}
