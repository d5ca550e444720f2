//! Results on stdout, the rest on stderr (contract.md sections 1 and 5).

use std::io::Read as _;
use std::process::Stdio;

use crate::desk::Desk;

#[test]
fn json_stands_alone_on_stdout_and_has_every_field() {
    let desk = Desk::small();
    let run = desk.run_json("a", &["--replications", "3", "--gate", "calls.offered > 1"]);
    assert_eq!(run["schema_version"], 1);
    let manifest = &run["manifest"];
    assert_eq!(manifest["name"], "small");
    assert_eq!(manifest["seed"], 11);
    assert_eq!(manifest["busyhour"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["clock"], "virtual");
    assert_eq!(manifest["backend"], "in-process");
    assert_eq!(manifest["scenario_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(manifest["parameters"]["people.call_waiting"], "false");
    let offered = &run["metrics"]["calls.offered"];
    assert_eq!(offered["n"], 3);
    assert_eq!(offered["unit"], "calls");
    assert_eq!(offered["class"], "estimate");
    assert_eq!(offered["ci95"].as_array().map(Vec::len), Some(2));
    assert!(offered["spread"]["p5"].is_number());
    let share = &run["metrics"]["calls.answered.share"];
    assert_eq!(share["of"], "offered");
    assert_eq!(run["measured"]["engine.events_per_s"]["class"], "sampled");
    assert_eq!(run["gates"][0]["verdict"], "pass");
    for layer in ["inputs", "arrivals", "decisions", "outcomes"] {
        assert_eq!(
            run["fingerprint"][layer].as_str().map(str::len),
            Some(32),
            "{layer}"
        );
    }
    assert_eq!(run["verdict"], "pass");
}

#[test]
fn one_replication_gives_whole_counts_without_an_interval() {
    let run = Desk::small().run_json("a", &[]);
    let offered = &run["metrics"]["calls.offered"];
    assert!(offered["value"].is_u64(), "{offered}");
    assert_eq!(offered["class"], "exact");
    assert!(offered.get("ci95").is_none() && offered.get("spread").is_none());
}

#[test]
fn run_json_is_what_format_json_prints() {
    let desk = Desk::small();
    let args = ["run", "scenario.toml", "--format", "json", "--out", "a"];
    let printed = desk.ends(0, &args).stdout();
    assert_eq!(printed, desk.read("a/run.json"));
}

#[test]
fn quiet_says_nothing_on_stderr_and_progress_needs_a_terminal() {
    let desk = Desk::small();
    let quiet = desk.ends(0, &["run", "scenario.toml", "--quiet"]);
    assert_eq!(quiet.stderr(), "");
    assert!(quiet.stdout().ends_with('\n'));
    let loud = desk
        .ends(0, &["run", "scenario.toml", "--vary", "seed=1,2"])
        .stderr();
    assert_eq!(loud, "run folder: reports/small/2\n");
}

#[test]
fn colours_come_when_asked_for_and_not_into_pipes() {
    let desk = Desk::small();
    assert!(
        !desk
            .ends(0, &["run", "scenario.toml"])
            .stdout()
            .contains('\u{1b}')
    );
    let always = desk.ends(0, &["run", "scenario.toml", "--color", "always"]);
    assert!(always.stdout().contains('\u{1b}'));
}

#[test]
fn github_annotations_name_gates_that_do_not_pass() {
    let desk = Desk::small();
    let gate = "calls.answered.share >= 0.999";
    let args = ["run", "scenario.toml", "--format", "github", "--gate", gate];
    let said = desk.ends(1, &args).stdout();
    assert!(
        said.starts_with("::error title=gate::calls.answered.share"),
        "{said}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::small();
    let program = assert_cmd::cargo::cargo_bin!("busyhour");
    for args in [
        &["man"][..],
        &["schema"],
        &["run", "scenario.toml", "--format", "json"],
    ] {
        let mut child = std::process::Command::new(program)
            .current_dir(desk.path(""))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        drop(stdout.read(&mut [0; 1]));
        drop(stdout);
        let done = child.wait_with_output().expect("the program ends");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(0), "{args:?}: {said}");
        assert!(!said.contains("ipe"), "{said}");
    }
}

#[test]
fn texts_about_the_program_are_complete() {
    let desk = Desk::empty();
    for of in ["scenario", "accounts"] {
        let schema = desk.ends(0, &["schema", of]).json();
        assert!(
            schema["$schema"].is_string() && schema["properties"].is_object(),
            "{of}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            desk.ends(0, &["completions", shell])
                .stdout()
                .contains("busyhour"),
            "{shell}"
        );
    }
    let man = desk.ends(0, &["man"]).stdout();
    for command in [
        "run",
        "route",
        "check",
        "new",
        "schema",
        "completions",
        "man",
    ] {
        assert!(man.contains(&format!("busyhour\\-{command}")), "{command}");
        let help = desk.ends(0, &["help", command]).stdout();
        assert!(help.contains("Usage: busyhour"), "{help}");
    }
    let help = desk.ends(0, &["help", "run"]).stdout();
    for policy in ["stages-2026", "layers-legacy"] {
        assert!(help.contains(policy), "{help}");
    }
}
