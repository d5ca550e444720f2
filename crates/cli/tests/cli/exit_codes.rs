//! Exit codes are an interface (contract.md section 1).

use crate::desk::Desk;

#[test]
fn a_run_that_keeps_its_gates_ends_with_0_and_one_that_does_not_with_1() {
    let desk = Desk::small();
    let run = |gate: &str, code| desk.ends(code, &["run", "scenario.toml", "--gate", gate]);
    assert!(
        run("calls.answered.share >= 0.1", 0)
            .stdout()
            .contains("pass")
    );
    assert!(
        run("calls.answered.share >= 0.999", 1)
            .stdout()
            .contains("fail")
    );
}

#[test]
fn whatever_the_user_named_wrongly_ends_with_2_and_says_what_to_do() {
    let desk = Desk::small();
    desk.write("broken.toml", "duration = 4h\n");
    for (args, said) in [
        (&["run", "nope.toml"][..], "no built-in scenario"),
        (&["run", "broken.toml"], "broken.toml:1:"),
        (
            &[
                "run",
                "scenario.toml",
                "--gate",
                "calls.anwsered.share >= 0.5",
            ],
            "calls.answered.share",
        ),
        (
            &["run", "scenario.toml", "--set", "arrivals.7.rate=1/h"],
            "matches nothing",
        ),
        (
            &["run", "scenario.toml", "--set", "accounts.acme.name=x"],
            "acme-dental",
        ),
        (&["run", "scenario.toml", "--set", "duration"], "KEY=VALUE"),
        (
            &["run", "scenario.toml", "--policy", "table-2042"],
            "table-2024",
        ),
        (&["run", "scenario.toml", "--seed", "many"], "whole number"),
        (&["run", "scenario.toml", "--threads", "many"], "--threads"),
        (&["run", "scenario.toml", "--vary", "policy"], "KEY=a,b,c"),
        (&["run", "scenario.toml", "--frobnicate"], "--frobnicate"),
        (&["check", "nope.toml"], "no such file"),
        (
            &[
                "route",
                "--accounts",
                "nope.toml",
                "--from",
                "private",
                "--to",
                "+15555550199",
            ],
            "nope",
        ),
        (
            &[
                "route",
                "--accounts",
                "accounts.toml",
                "--from",
                "555",
                "--to",
                "+15555550199",
            ],
            "--from",
        ),
        (&["new", "nope"], "office-day"),
        (&[], "Usage"),
    ] {
        let done = desk.ends(2, args);
        let all = done.stdout() + &done.stderr();
        assert!(all.contains(said), "{args:?} says {said:?}:\n{all}");
    }
    assert!(
        !desk.path("reports").exists(),
        "a refused run leaves no folder"
    );
}

#[test]
fn all_errors_of_a_scenario_and_its_accounts_are_told_at_once_with_place_and_caret() {
    let desk = Desk::small();
    desk.write(
        "scenario.toml",
        &crate::desk::SCENARIO.replace("\"90/h\"", "\"-90/h\""),
    );
    let accounts = crate::desk::ACCOUNTS.replace("[\"ben\"]", "[\"bob\"]");
    desk.write("accounts.toml", &accounts);
    let said = desk
        .ends(2, &["run", "scenario.toml", "--set", "seed=-1"])
        .stderr();
    for place in [
        "scenario.toml:9:8: ",
        "accounts.toml:18:14: ",
        "--set:1:6: ",
    ] {
        assert!(
            said.lines().any(|line| line.starts_with(place)),
            "{place}\n{said}"
        );
    }
    assert!(said.lines().any(|line| line.contains("^^^")), "{said}");
}

#[test]
fn an_inconclusive_gate_ends_with_3_only_when_strict() {
    let desk = Desk::small();
    let run = desk.run_json("probe", &["--replications", "8"]);
    let mean = crate::desk::value(&run, "calls.answered.share");
    let gate = format!("calls.answered.share >= {mean}");
    let args = [
        "run",
        "scenario.toml",
        "--replications",
        "8",
        "--gate",
        &gate,
    ];
    assert!(desk.ends(0, &args).stdout().contains("~ inconclusive"));
    let strict = [&args[..], &["--strict"]].concat();
    desk.ends(3, &strict);
}

#[test]
fn a_gate_without_its_metric_ends_with_4_before_anything_else() {
    let desk = Desk::small();
    let gates = [
        "--gate",
        "hold.wait_s.mean <= 5s",
        "--gate",
        "calls.answered.share >= 0.999",
    ];
    let done = desk.ends(4, &[&["run", "scenario.toml"][..], &gates].concat());
    assert!(done.stdout().contains("not-measured"), "{}", done.stdout());
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_5() {
    let desk = Desk::small();
    desk.write("a-file", "");
    let done = desk.ends(5, &["run", "scenario.toml", "--out", "a-file/run"]);
    assert!(done.stderr().contains("a-file"), "{}", done.stderr());
    assert_eq!(done.stdout(), "");
}

#[test]
fn a_gate_on_a_live_router_says_that_there_is_none() {
    let desk = Desk::small();
    let gate = "backend.response_us.p99 <= 50ms";
    let done = desk.ends(4, &["run", "scenario.toml", "--gate", gate]);
    let wanted = "only a run against a live back end tells it";
    assert!(done.stdout().contains(wanted), "{}", done.stdout());
}

#[test]
fn a_run_that_would_not_fit_into_memory_is_refused() {
    let desk = Desk::small();
    let args = ["run", "scenario.toml", "--replications", "100000"];
    let done = desk.ends(2, &args);
    assert!(done.stderr().contains("GiB of memory"), "{}", done.stderr());
    assert!(!desk.path("reports").exists(), "nothing was begun");
}
