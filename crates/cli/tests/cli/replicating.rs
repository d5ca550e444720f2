//! How often a run is repeated, and what it leaves out at its beginning: `precision`, `warm_up`.

use serde_json::Value;

use crate::desk::{Desk, value};
use crate::determinism::{comparable, same};

const GATE: [&str; 2] = ["--gate", "calls.answered.share >= 0.1"];

#[test]
fn a_run_goes_on_until_every_gated_metric_is_known_and_says_which_took_longest() {
    let desk = Desk::small();
    let second = ["--gate", "answer.delay_s.mean < 1min"];
    let run = desk.run_json(
        "to-precision",
        &[&GATE[..], &second, &["--set", "precision=0.03"]].concat(),
    );
    let precision = &run["precision"];
    assert_eq!(precision["reached"], true, "{precision}");
    assert_eq!(precision["most"], 1000);
    let n = precision["replications"].as_u64().expect("a number");
    assert!((14..1000).contains(&n), "{precision}");
    for (at, metric) in ["calls.answered.share", "answer.delay_s.mean"]
        .iter()
        .enumerate()
    {
        let it = &run["metrics"][metric];
        let ci95: Vec<f64> = serde_json::from_value(it["ci95"].clone()).expect("an interval");
        let share = (ci95[1] - ci95[0]) / 2.0 / value(&run, metric);
        assert!(share < 0.03, "{metric}: {share}");
        assert_eq!(precision["metrics"][at]["metric"], *metric);
        assert!((precision["metrics"][at]["share"].as_f64().expect("one") - share).abs() < 1e-12);
        assert_eq!(it["n"], n);
    }
    // It is the run with so many replications, and one round before it was not enough.
    let fixed = ["--replications", &n.to_string()];
    let fixed = desk.run_json("fixed", &[&GATE[..], &second, &fixed].concat());
    assert_eq!(run["metrics"], fixed["metrics"]);
    assert_eq!(
        run["fingerprint"]["outcomes"],
        fixed["fingerprint"]["outcomes"]
    );
    let decided = precision["decided_by"].as_str().expect("a metric");
    assert!(run["metrics"][decided].is_object());
    let page = desk.read("to-precision/summary.md");
    assert!(
        page.contains(&format!("reached with {n} of at most 1000")),
        "{page}"
    );
}

#[test]
fn what_was_not_reached_when_the_budget_was_spent_is_named() {
    let desk = Desk::small();
    let more = ["--gate", "hold.wait_s.mean < 1min", "--replications", "12"];
    let all = [
        &["run", "scenario.toml", "--out", "a", "--format", "json"],
        &GATE[..],
        &more,
        &["--set", "precision=0.001"],
    ];
    // Nobody waits on hold: that gate cannot be measured, which decides the exit code.
    let run = desk.ends(4, &all.concat()).json();
    let precision = &run["precision"];
    assert_eq!(precision["reached"], false);
    assert_eq!(precision["replications"], 12);
    let metrics = precision["metrics"].as_array().expect("a list");
    assert_eq!(metrics[0]["reached"], false);
    assert!(metrics[0]["share"].as_f64().is_some_and(|it| it > 0.001));
    assert_eq!(metrics[1]["why"], "there were no calls on hold");
    assert_eq!(metrics[1]["share"], Value::Null);
}

#[test]
fn a_precision_without_a_gate_is_an_input_error() {
    let desk = Desk::small();
    let done = desk.ends(2, &["run", "scenario.toml", "--set", "precision=0.01"]);
    assert!(
        done.stderr().contains("there is no gate"),
        "{}",
        done.stderr()
    );
}

/// A desk that fills up slowly: a hundred calls an hour, each of two hours, and four hundred
/// agents.
fn filling(desk: &Desk) {
    let scenario = "name = \"filling\"\nseed = 2\nduration = \"40h\"\naccounts = \"accounts.toml\"\n\
         warm_up = \"auto\"\n\n[limits]\npreset = \"none\"\n\n\
         [routing]\nmax_call = \"4d\"\n\n\
         [people]\ntalk = { exponential = \"2h\" }\n\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"100/h\"\nto = \"all\"\n";
    desk.write("scenario.toml", scenario);
    desk.write(
        "accounts.toml",
        "[[sub_account]]\nid = \"a\"\n[[sub_account.number]]\nnumber = \"+15555550199\"\n\
         backup = \"hold\"\nhold_staff = 400\n",
    );
}

#[test]
fn a_warm_up_that_is_to_be_found_is_found_and_told() {
    let desk = Desk::empty();
    filling(&desk);
    let run = desk.run_json("auto", &["--replications", "3"]);
    let found = &run["manifest"]["warm_up"];
    assert_eq!(found["by"], "MSER-5");
    assert_eq!(found["too_short"], false, "{found}");
    // The mean in the system nears its limit as 1 - exp(-t/2h).
    let found_s = found["found_s"].as_f64().expect("seconds");
    assert!((4.0..16.0).contains(&(found_s / 3600.0)), "{found_s}");
    assert_eq!(run["manifest"]["parameters"]["warm_up"], "auto");
    // The run is the one with that warm-up given.
    let given = format!("warm_up={found_s}s");
    let given = desk.run_json("given", &["--replications", "3", "--set", &given]);
    assert_eq!(run["metrics"], given["metrics"]);
    assert_eq!(
        desk.read("auto/timeseries.csv"),
        desk.read("given/timeseries.csv")
    );
    assert!(value(&run, "staff.busy.mean") > 190.0);
    let page = desk.read("auto/summary.md");
    assert!(page.contains("found by MSER-5 from 5 pilot"), "{page}");
}

#[test]
fn a_run_that_is_too_short_for_its_warm_up_is_warned_of() {
    let desk = Desk::empty();
    filling(&desk);
    let run = desk.run_json("auto", &["--set", "duration=2h"]);
    assert_eq!(run["manifest"]["warm_up"]["too_short"], true);
    let warnings = run["warnings"].to_string();
    assert!(
        warnings.contains("too short to find its warm-up"),
        "{warnings}"
    );
}

#[test]
fn neither_depends_on_the_number_of_threads() {
    let desk = Desk::empty();
    filling(&desk);
    let run = |out: &str, threads: &str| {
        let args = ["run", "scenario.toml", "--set", "precision=0.02", "--calls"];
        let more = ["--gate", "staff.busy.mean < 1000", "--replications", "30"];
        let rest = ["--threads", threads, "--out", out, "--set", "duration=20h"];
        desk.ends(0, &[&args[..], &more, &rest].concat());
        comparable(desk.files(out))
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    same(&one, &three, "threads");
}

fn half_width(run: &Value, metric: &str) -> f64 {
    let ci95 = &run["metrics"][metric]["ci95"];
    let end = |at: usize| ci95[at].as_f64().expect("an interval");
    (end(1) - end(0)) / 2.0
}

#[test]
fn antithetic_pairs_count_as_one_observation_each_and_know_more_of_a_monotone_metric() {
    let desk = Desk::small();
    let forty = ["--replications", "40", "--calls"];
    let plain = desk.run_json("plain", &forty);
    let pairs = [&forty[..], &["--set", "antithetic=true"]].concat();
    let pairs = desk.run_json("pairs", &pairs);
    let offered = "calls.offered";
    assert_eq!(plain["metrics"][offered]["n"], 40);
    assert_eq!(pairs["metrics"][offered]["n"], 20);
    let (alone, paired) = (half_width(&plain, offered), half_width(&pairs, offered));
    // Times between calls are exponential: a pair of sums of them correlates by 1 - pi^2/6, which
    // leaves 0.6 of the width.
    assert!(paired < 0.8 * alone, "{paired} against {alone}");
    assert_eq!(pairs["manifest"]["parameters"]["antithetic"], "true");
    // The even ones are what they are alone, the odd ones something else.
    let of = |folder: &str, replication: &str| {
        let calls = desk.read(&format!("{folder}/calls.csv"));
        let starts = calls
            .lines()
            .filter(|row| row.contains(&format!(",{replication},1,")));
        let starts: Vec<String> = starts.map(|row| row[..30].to_owned()).collect();
        assert!(starts.len() > 50, "{replication}: {}", starts.len());
        starts
    };
    assert_eq!(of("plain", "0"), of("pairs", "0"));
    assert_ne!(of("plain", "1"), of("pairs", "1"));
    // The value is the mean over all of them, whichever way it is counted.
    let series = desk.read("pairs/timeseries.csv");
    let sum: f64 = series
        .lines()
        .skip(1)
        .map(|row| {
            row.split(',')
                .nth(1)
                .expect("offered")
                .parse::<f64>()
                .expect("a number")
        })
        .sum();
    assert!((sum - value(&pairs, offered)).abs() < 1e-6, "{sum}");
}

#[test]
fn an_odd_number_of_antithetic_replications_is_an_input_error() {
    let desk = Desk::small();
    let odd = [
        "run",
        "scenario.toml",
        "--set",
        "antithetic=true",
        "--replications",
        "3",
    ];
    let done = desk.ends(2, &odd);
    assert!(
        done.stderr().contains("no even number"),
        "{}",
        done.stderr()
    );
}

#[test]
fn a_precision_looks_at_ten_pairs_before_it_trusts_them() {
    let desk = Desk::small();
    let set = ["--set", "antithetic=true", "--set", "precision=0.5"];
    let run = desk.run_json("pairs", &[&GATE[..], &set].concat());
    assert_eq!(run["precision"]["replications"], 20);
    assert_eq!(run["metrics"]["calls.answered.share"]["n"], 10);
}

#[test]
fn antithetic_sides_are_compared_pair_by_pair() {
    let desk = Desk::small();
    let both = [
        "--replications",
        "20",
        "--set",
        "antithetic=true",
        "--format",
        "json",
    ];
    let sides = ["--b", "policy=table-2024"];
    let found = desk.ends(
        1,
        &[&["compare", "scenario.toml"], &both[..], &sides].concat(),
    );
    let found = found.json();
    assert_eq!(found["same_calls"], true);
    let answered = &found["metrics"]["calls.answered.share"];
    assert_eq!(answered["difference"]["n"], 10);
    assert_eq!(found["calls"]["unchanged_mean"]["n"], 10);
}
