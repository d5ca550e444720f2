//! `busyhour compare`: two sides on the same calls, and two runs that are over.

use serde_json::Value;

use crate::desk::{ACCOUNTS, Desk, SCENARIO};

fn compare(desk: &Desk, code: i32, args: &[&str]) -> Value {
    let all = ["compare", "scenario.toml", "--format", "json"];
    desk.ends(code, &[&all[..], args].concat()).json()
}

const POLICIES: [&str; 4] = ["--policy", "stages-2026", "--policy", "table-2024"];
const TWENTY: [&str; 2] = ["--replications", "20"];

#[test]
fn two_policies_meet_the_same_calls_and_every_call_is_accounted_for() {
    let desk = Desk::small();
    let found = compare(&desk, 1, &[&POLICIES[..], &TWENTY].concat());
    assert_eq!(found["same_calls"], true);
    assert_eq!(
        found["a"]["fingerprint"]["arrivals"],
        found["b"]["fingerprint"]["arrivals"]
    );
    assert_eq!(found["differs"][0]["key"], "policy");
    let calls = &found["calls"];
    let all = calls["fresh"].as_u64().expect("a count");
    let unchanged = calls["unchanged"].as_u64().expect("a count");
    let changes = calls["changes"].as_array().expect("a list");
    let moved: u64 = changes.iter().filter_map(|it| it["calls"].as_u64()).sum();
    assert_eq!(all, unchanged + moved);
    assert!(unchanged > 0 && moved > 0, "{unchanged} {moved}");
    // What ends as answered on either side adds up to what the sides count by themselves.
    let answered = |side: &str, kind: &str| {
        let own = changes.iter().filter(|it| it[kind] == "answered");
        let other = changes.iter().filter(|it| it[side] == "answered");
        let sum = |it: &Value| it["calls"].as_i64().unwrap_or(0);
        own.map(sum).sum::<i64>() - other.map(sum).sum::<i64>()
    };
    let lost = answered("to", "from");
    let by = &found["metrics"]["calls.answered"]["difference"];
    let by_all = by["value"].as_f64().expect("a number") * 20.0;
    assert!((by_all + lost as f64).abs() < 1e-6, "{by_all} {lost}");
    assert_eq!((&by["n"], &by["paired"]), (&20.into(), &true.into()));
}

#[test]
fn each_side_is_the_run_that_it_would_be_alone() {
    let desk = Desk::small();
    let more = ["--set", "people.patience={ exponential = \"9s\" }"];
    let found = compare(&desk, 1, &[&POLICIES[..], &TWENTY, &more].concat());
    for (side, policy) in [("a", "stages-2026"), ("b", "table-2024")] {
        let run = desk.run_json(side, &[&["--policy", policy], &TWENTY[..], &more].concat());
        let metrics = run["metrics"].as_object().expect("metrics");
        assert!(metrics.len() > 50);
        for (name, metric) in metrics {
            assert_eq!(&found["metrics"][name][side], metric, "{side} {name}");
        }
        for layer in ["inputs", "arrivals", "outcomes"] {
            let (one, other) = (&found[side]["fingerprint"], &run["fingerprint"]);
            assert_eq!(one[layer], other[layer], "{side} {layer}");
        }
    }
}

#[test]
fn the_first_calls_of_each_change_come_with_both_lives_and_both_traces() {
    let desk = Desk::small();
    let args = [&POLICIES[..], &TWENTY, &["--show", "2"]].concat();
    let found = compare(&desk, 1, &args);
    let changes = found["calls"]["changes"].as_array().expect("a list");
    for change in changes {
        let first = change["first"].as_array().expect("a list");
        let expected = change["calls"].as_u64().expect("a count").min(2);
        assert_eq!(first.len() as u64, expected, "{change}");
        for call in first {
            assert_eq!(call["a"]["life"]["outcome"], change["from"]);
            assert_eq!(call["b"]["life"]["outcome"], change["to"]);
            assert_eq!(call["a"]["decision"]["policy"], "stages-2026");
            assert_eq!(call["b"]["decision"]["policy"], "table-2024");
            assert!(
                call["b"]["decision"]["trace"]
                    .as_array()
                    .is_some_and(|it| !it.is_empty())
            );
            assert_ne!(call["a"]["life"], call["b"]["life"]);
        }
        let order: Vec<(u64, &str)> = first
            .iter()
            .map(|it| {
                (
                    it["replication"].as_u64().unwrap(),
                    it["at"].as_str().unwrap(),
                )
            })
            .collect();
        assert!(order.is_sorted(), "{order:?}");
    }
    let text = desk.ends(1, &[&["compare", "scenario.toml"], &args[..]].concat());
    let text = text.stdout();
    for part in [
        "A decides:",
        "B decides:",
        "number-owner",
        "callers.reached.share",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for real in ["+15555550101", "+15555550199", "+15555550177"] {
        assert!(!text.contains(real), "{real}: {text}");
        assert!(!found.to_string().contains(real), "{real}");
    }
}

#[test]
fn what_changes_nothing_is_equal_to_the_last_call() {
    let desk = Desk::small();
    let found = compare(
        &desk,
        0,
        &["--b", "routing.max_call=\"3h\"", "--replications", "4"],
    );
    let calls = &found["calls"];
    assert_eq!(calls["fresh"], calls["unchanged"]);
    assert_eq!(calls["changes"], Value::Array(Vec::new()));
    let metrics = found["metrics"].as_object().expect("metrics");
    assert!(metrics.values().all(|it| it["verdict"] == "equal"));
    assert_eq!(found["a"]["label"], "as it is");
    assert_eq!(found["b"]["label"], "routing.max_call=\"3h\"");
    assert_eq!(
        found["a"]["fingerprint"]["outcomes"],
        found["b"]["fingerprint"]["outcomes"]
    );
}

#[test]
fn a_gate_that_only_b_breaks_is_a_regression_and_decides_alone() {
    let desk = Desk::small();
    let base = [&POLICIES[..], &TWENTY].concat();
    let share = |found: &Value, side: &str| {
        let value = &found["metrics"]["calls.answered.share"][side]["value"];
        value.as_f64().expect("a share")
    };
    let found = compare(&desk, 1, &base);
    let (a, b) = (share(&found, "a"), share(&found, "b"));
    assert!(a > b);
    let gated = |bound: f64, code: i32, more: &[&str]| {
        let gate = format!("calls.answered.share >= {bound}");
        let args = [&base[..], &["--gate", &gate], more].concat();
        compare(&desk, code, &args)["verdict"].clone()
    };
    // Kept by both, though B is worse; kept by A alone; kept by neither.
    assert_eq!(gated(0.01, 0, &[]), "pass");
    assert_eq!(gated(f64::midpoint(a, b), 1, &[]), "regression");
    assert_eq!(gated(0.999, 0, &[]), "pass");
    assert_eq!(gated(b + 1e-9, 0, &[]), "inconclusive");
    assert_eq!(gated(b + 1e-9, 3, &["--strict"]), "inconclusive");
    let waits = ["--gate", "hold.wait_s.mean < 1min"];
    let found = compare(&desk, 4, &[&base[..], &waits].concat());
    assert_eq!(found["verdict"], "not-measured");
    let annotated = ["compare", "scenario.toml", "--format", "github"];
    let text = desk.ends(1, &[&annotated[..], &base].concat()).stdout();
    assert!(
        text.starts_with("::error title=compare::callers.reached.share: regression\n"),
        "{text}"
    );
}

#[test]
fn threads_change_no_byte_and_the_folder_holds_both_forms() {
    let desk = Desk::small();
    let run = |out: &str, threads: &str| {
        let all = [
            "compare",
            "scenario.toml",
            "--out",
            out,
            "--threads",
            threads,
        ];
        desk.ends(1, &[&all[..], &POLICIES, &TWENTY].concat());
        (
            desk.read(&format!("{out}/compare.json")),
            desk.read(&format!("{out}/compare.md")),
        )
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    assert!(one == three);
    assert!(
        one.1
            .starts_with("<!-- busyhour compare -->\n# small: REGRESSION\n"),
        "{}",
        one.1
    );
}

#[test]
fn other_arrivals_are_compared_as_independent_runs() {
    let desk = Desk::small();
    let found = compare(
        &desk,
        0,
        &[&["--b", "arrivals.0.rate=45/h"], &TWENTY[..]].concat(),
    );
    assert_eq!(found["same_calls"], false);
    assert_eq!(found["calls"], Value::Null);
    let offered = &found["metrics"]["calls.offered"];
    assert_eq!(offered["difference"]["paired"], false);
    assert_eq!(offered["verdict"], "differs");
    let text = ["compare", "scenario.toml", "--b", "seed=12"];
    let text = desk.ends(0, &[&text[..], &TWENTY].concat()).stdout();
    assert!(text.contains("other calls on each side"), "{text}");
}

#[test]
fn two_scenario_files_are_compared_like_two_settings() {
    let desk = Desk::small();
    desk.write(
        "other.toml",
        &format!("policy = \"table-2024\"\n{SCENARIO}"),
    );
    let args = ["other.toml", "--replications", "20"];
    let found = compare(&desk, 1, &args);
    let same = compare(&desk, 1, &[&POLICIES[..], &TWENTY].concat());
    assert_eq!(found["metrics"], same["metrics"]);
    // Another scenario makes other pseudonyms, but counts the same.
    let counts = |found: &Value| {
        let changes = found["calls"]["changes"].as_array().expect("a list").iter();
        let counts = changes.map(|it| (it["from"].clone(), it["to"].clone(), it["calls"].clone()));
        counts.collect::<Vec<_>>()
    };
    assert_eq!(counts(&found), counts(&same));
    assert_eq!(found["b"]["label"], "other.toml");
}

#[test]
fn other_windows_are_not_comparable() {
    let desk = Desk::small();
    for set in [
        "duration=2h",
        "warm_up=5min",
        "start=\"2026-03-02T08:00:00\"",
    ] {
        let found = compare(&desk, 4, &["--b", set]);
        assert_eq!(found["verdict"], "not-comparable", "{set}");
        let key = set.split('=').next().expect("a key");
        let reasons = found["not_comparable"].to_string();
        assert!(reasons.contains(key), "{reasons}");
    }
}

#[test]
fn a_found_warm_up_is_the_same_on_both_sides() {
    let desk = Desk::small();
    let more = ["--set", "warm_up=auto", "--set", "duration=12h"];
    let found = compare(&desk, 1, &[&POLICIES[..], &TWENTY, &more].concat());
    assert_eq!(found["same_calls"], true);
    let fresh = &found["metrics"]["calls.fresh"];
    assert_eq!(fresh["a"]["value"], fresh["b"]["value"]);
}

#[test]
fn two_run_folders_are_compared_by_their_summaries() {
    let desk = Desk::small();
    let run = |out: &str, more: &[&str]| desk.run_json(out, &[&TWENTY[..], more].concat());
    let one = run("one", &[]);
    run("again", &[]);
    run("other", &["--policy", "table-2024"]);
    run("longer", &["--set", "duration=2h"]);
    let compare = |code: i32, pair: [&str; 2]| {
        let args = ["compare", pair[0], pair[1], "--format", "json"];
        desk.ends(code, &args).json()
    };
    let same = compare(0, ["one", "again/run.json"]);
    let metrics = same["metrics"].as_object().expect("metrics");
    assert!(metrics.values().all(|it| it["verdict"] == "equal"));
    let other = compare(1, ["one", "other"]);
    assert_eq!(
        (&other["verdict"], &other["same_calls"]),
        (&"regression".into(), &true.into())
    );
    let answered = &other["metrics"]["calls.answered.share"];
    assert_eq!(
        answered["a"]["value"],
        one["metrics"]["calls.answered.share"]["value"]
    );
    assert_eq!(answered["verdict"], "worse");
    assert_eq!(answered["difference"]["paired"], false);
    let longer = compare(4, ["one", "longer"]);
    assert_eq!(
        longer["not_comparable"][0],
        "`duration` is 1h in A and 2h in B"
    );
    assert_eq!(longer["metrics"], Value::Object(serde_json::Map::new()));
}

#[test]
fn gates_of_run_folders_are_held_against_each_other() {
    let desk = Desk::small();
    let gate = [
        "--gate",
        "answer.delay_s.mean < 25s",
        "--gate",
        "calls.answered.share >= 0.3",
    ];
    let base = ["run", "scenario.toml", "--replications", "20", "--quiet"];
    desk.ends(0, &[&base[..], &gate, &["--out", "one"]].concat());
    let never = [
        "--set",
        "people.answer.web.reach=0.01",
        "--set",
        "people.answer.mobile.reach=0.01",
    ];
    let phone = ["--set", "people.answer.phone.reach=0.01", "--out", "two"];
    desk.ends(1, &[&base[..], &gate, &never, &phone].concat());
    let text = desk.ends(1, &["compare", "one", "two"]).stdout();
    assert!(
        text.contains("regression: calls.answered.share >= 0.3"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_compared_is_an_input_error() {
    let desk = Desk::small();
    desk.write("broken/run.json", "{\"schema_version\": 7}");
    desk.run_json("one", &[]);
    for (args, said) in [
        (vec!["scenario.toml"], "nothing to compare with"),
        (
            vec!["scenario.toml", "--policy", "stages-2026"],
            "nothing to compare with",
        ),
        (vec!["one", "scenario.toml"], "expected two of a kind"),
        (vec!["scenario.toml", "one"], "expected two of a kind"),
        (vec!["one"], "expected a second one"),
        (vec!["one", "broken"], "schema_version 7"),
        (vec!["one", "one", "--a", "seed=3"], "nothing can be set"),
        (vec!["scenario.toml", "--baseline", "main"], "comes later"),
        (vec!["scenario.toml", "--b", "policy=none"], "policy"),
        (vec!["nothing.toml", "--b", "seed=3"], "nothing.toml"),
    ] {
        let done = desk.ends(2, &[&["compare"], &args[..]].concat());
        assert!(done.stderr().contains(said), "{said}: {}", done.stderr());
        assert_eq!(done.stdout(), "");
    }
    assert!(ACCOUNTS.contains("acme-dental"));
}
