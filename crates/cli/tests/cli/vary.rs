//! `--vary`: a grid of runs in one table.

use serde_json::Value;

use crate::desk::Desk;

fn grid(desk: &Desk, args: &[&str]) -> Value {
    let all = [
        &["run", "scenario.toml", "--format", "json", "--quiet"][..],
        args,
    ]
    .concat();
    desk.ends(0, &all).json()
}

#[test]
fn one_key_gives_a_run_a_value_each_as_it_would_be_alone() {
    let desk = Desk::small();
    let done = grid(
        &desk,
        &["--vary", "policy=stages-2026,table-2024", "--out", "grid"],
    );
    let runs = done["grid"].as_array().expect("runs");
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[1]["set"][0], "policy=table-2024");
    let alone = desk.run_json("alone", &["--policy", "table-2024"]);
    assert_eq!(runs[1]["run"]["metrics"], alone["metrics"]);
    assert_eq!(runs[1]["run"]["fingerprint"], alone["fingerprint"]);
    let written: Value = serde_json::from_str(&desk.read("grid/grid.json")).expect("JSON");
    assert_eq!(written, done);
    let table = desk.read("grid/grid.txt");
    assert!(
        table.starts_with("policy ") && table.lines().count() == 3,
        "{table}"
    );
    assert!(desk.path("grid/run-2/run.json").exists());
}

#[test]
fn two_keys_give_every_value_of_one_with_every_value_of_the_other() {
    let desk = Desk::small();
    let second = "people.talk=[{constant=\"60s\"}, {uniform=[\"1s\",\"2s\"]}]";
    let done = grid(&desk, &["--vary", "seed=1,2,3", "--vary", second]);
    let set: Vec<String> = done["grid"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|it| it["set"].to_string())
        .collect();
    assert_eq!(set.len(), 6);
    assert!(
        set[0].contains("seed=1") && set[0].contains("60s"),
        "{set:?}"
    );
    assert!(
        set[5].contains("seed=3") && set[5].contains("uniform"),
        "{set:?}"
    );
    let three = [
        "--vary",
        "seed=1",
        "--vary",
        "name=x",
        "--vary",
        "duration=1h",
    ];
    desk.ends(2, &[&["run", "scenario.toml"][..], &three].concat());
}

#[test]
fn a_value_that_cannot_be_stops_the_grid_before_its_first_run() {
    let desk = Desk::small();
    let args = [
        "run",
        "scenario.toml",
        "--vary",
        "seed=1,2,many",
        "--out",
        "grid",
    ];
    let said = desk.ends(2, &args).stderr();
    assert!(said.contains("--vary:1:6"), "{said}");
    assert!(!desk.path("grid").exists());
}

#[test]
fn the_worst_verdict_of_the_grid_is_its_exit_code() {
    let desk = Desk::small();
    let rates = "arrivals.0.rate=1/h,600/h";
    let args = [
        "run",
        "scenario.toml",
        "--vary",
        rates,
        "--gate",
        "calls.offered <= 100",
    ];
    let table = desk.ends(1, &args).stdout();
    assert!(table.contains("pass") && table.contains("fail"), "{table}");
}
