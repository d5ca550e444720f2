//! `busyhour new`: the first minute of a new user.

use crate::desk::Desk;

#[test]
fn a_new_scenario_runs_as_it_is() {
    let desk = Desk::empty();
    let said = desk.ends(0, &["new"]);
    assert!(
        said.stderr().contains("busyhour run office-day"),
        "{}",
        said.stderr()
    );
    let copy = desk
        .ends(0, &["run", "office-day", "--format", "json", "--out", "a"])
        .json();
    let elsewhere = Desk::empty();
    let built_in = elsewhere
        .ends(0, &["run", "office-day", "--format", "json"])
        .json();
    assert_eq!(copy["metrics"], built_in["metrics"]);
    assert_eq!(copy["fingerprint"], built_in["fingerprint"]);
}

#[test]
fn every_template_is_listed_checks_clean_and_keeps_its_gates() {
    let desk = Desk::empty();
    let list = desk.ends(0, &["new", "--list"]).stdout();
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 3 && names.contains(&"office-day"), "{list}");
    for name in names {
        desk.ends(0, &["new", name, &format!("mine/{name}")]);
        let scenario = format!("mine/{name}/scenario.toml");
        let checked = desk
            .ends(0, &["check", &scenario, "--format", "json"])
            .json();
        assert_eq!(
            checked["files"][0]["warnings"].as_array().map(Vec::len),
            Some(0),
            "{checked}"
        );
        desk.ends(
            0,
            &[
                "run",
                &scenario,
                "--strict",
                "--out",
                &format!("runs/{name}"),
            ],
        );
    }
}

#[test]
fn nothing_that_exists_is_overwritten_without_force() {
    let desk = Desk::empty();
    desk.ends(0, &["new", "office-day", "here"]);
    desk.write("here/scenario.toml", "mine");
    let said = desk.ends(2, &["new", "office-day", "here"]).stderr();
    assert!(said.contains("--force"), "{said}");
    assert_eq!(desk.read("here/scenario.toml"), "mine");
    desk.ends(0, &["new", "office-day", "here", "--force"]);
    assert_ne!(desk.read("here/scenario.toml"), "mine");
}
