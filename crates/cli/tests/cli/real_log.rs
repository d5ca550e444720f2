//! Two months of real calls through `kind = "log"`.
//!
//! Call data: "Anonymous Bank" call centre, 1999, organised by Ilan Guedj and Avishai Mandelbaum,
//! Technion, Haifa. The file is not part of the project; without it the test says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::bank::{self, FILE};
use crate::desk::{Desk, value};

/// A called number for each type of call.
const TYPES: [&str; 7] = ["AA", "IN", "NE", "NW", "PE", "PS", "TT"];

fn called(kind: &str) -> String {
    let at = TYPES
        .iter()
        .position(|it| *it == kind)
        .expect("a known type");
    format!("+1555555016{at}")
}

/// The bank's calls as a canonical log, PHANTOM rows left out; how many calls.
fn canonical() -> Option<(String, usize)> {
    let Ok(mut rows) = csv::Reader::from_path(FILE) else {
        eprintln!("skipped: {FILE} is not here");
        return None;
    };
    let mut log = String::from("start,from,to,direction,source_row\n");
    let mut customers: BTreeMap<String, usize> = BTreeMap::new();
    let mut calls = 0;
    for (row, record) in rows.records().enumerate() {
        let record = record.expect("a row");
        let (call, arrived, kind, customer) = (&record[0], &record[1], &record[3], &record[5]);
        if &record[8] == "PHANTOM" {
            continue;
        }
        // Whoever is not identified is another person in every call.
        let from = if customer.is_empty() {
            format!("+9991{call:0>11}")
        } else {
            let known = customers.len();
            let nth = *customers.entry(customer.to_owned()).or_insert(known);
            format!("+9992{nth:0>11}")
        };
        // No summer time in January and February.
        let _ = writeln!(
            log,
            "{arrived}+02:00,{from},{},inbound,{}",
            called(kind),
            row + 2
        );
        calls += 1;
    }
    Some((log, calls))
}

fn desk(log: &str) -> Desk {
    let desk = Desk::empty();
    desk.write("bank.csv", log);
    let mut accounts = String::from("[[sub_account]]\nid = \"bank\"\n");
    for kind in TYPES {
        let _ = write!(
            accounts,
            "[[sub_account.number]]\nnumber = \"{}\"\nbackup = \"hold\"\nhold_staff = 8\n",
            called(kind)
        );
    }
    desk.write("accounts.toml", &accounts);
    desk.write(
        "scenario.toml",
        "time_zone = \"Asia/Jerusalem\"\naccounts = \"accounts.toml\"\ninterval = \"1h\"\n\
         [[arrivals]]\nkind = \"log\"\nfile = \"bank.csv\"\n\
         [routing]\nempty_targets = \"backup\"\n[limits]\npreset = \"none\"\n",
    );
    desk
}

fn sum_of_outcomes(run: &Value) -> f64 {
    let metrics = run["metrics"].as_object().expect("metrics");
    let outcome = |name: &str| {
        let one = name.strip_prefix("calls.").filter(|it| !it.contains('.'));
        one.is_some_and(|it| !["offered", "fresh", "redials", "hops"].contains(&it))
    };
    let values = metrics.iter().filter(|(name, _)| outcome(name));
    values
        .filter_map(|(_, metric)| metric["value"].as_f64())
        .sum()
}

#[test]
fn every_call_of_two_months_is_offered_and_has_an_outcome() {
    let Some((log, calls)) = canonical() else {
        return;
    };
    assert_eq!(calls, 64_425);
    let desk = desk(&log);
    let run = desk.run_json("a", &["--calls"]);
    assert_eq!(value(&run, "calls.fresh"), 64_425.0);
    assert_eq!(value(&run, "calls.offered"), 64_425.0);
    assert_eq!(value(&run, "calls.redials"), 0.0);
    assert_eq!(sum_of_outcomes(&run), 64_425.0);
    assert_eq!(value(&run, "calls.dropped"), 0.0);
    assert!(value(&run, "calls.answered.share") > 0.5);
    assert_eq!(
        run["manifest"]["parameters"]["start"],
        "1999-01-01T00:00:00"
    );
    let mut starts = BTreeSet::new();
    let mut rows = csv::Reader::from_path(desk.path("a/calls.csv")).expect("calls.csv");
    let mut outcomes = 0;
    for row in rows.records().map(|row| row.expect("a row")) {
        outcomes += usize::from(!row[4].is_empty());
        starts.insert(row[0].to_owned());
    }
    assert_eq!(outcomes, 64_425);
    let begins = |text: Option<&String>, at: &str| text.is_some_and(|it| it.starts_with(at));
    assert!(
        begins(starts.first(), "1999-01-01T00:00:02"),
        "{:?}",
        starts.first()
    );
    assert!(
        begins(starts.last(), "1999-02-28T23:43:46"),
        "{:?}",
        starts.last()
    );
    // The busiest hour of the file, PHANTOM rows included, has 494 calls.
    let mut series = csv::Reader::from_path(desk.path("a/timeseries.csv")).expect("a series");
    let rows: Vec<csv::StringRecord> = series.records().map(|row| row.expect("a row")).collect();
    let offered = |row: &csv::StringRecord| row[1].parse::<f64>().expect("a number");
    let busiest = rows
        .iter()
        .max_by(|a, b| offered(a).total_cmp(&offered(b)))
        .expect("rows");
    assert_eq!(&busiest[0], "1999-02-03T13:00:00+02:00");
    assert!((480.0..=494.0).contains(&offered(busiest)), "{busiest:?}");
}

#[test]
fn calls_outside_the_window_are_counted_and_told() {
    let Some((log, calls)) = canonical() else {
        return;
    };
    let desk = desk(&log);
    let window = ["--set", "start=1999-02-03T00:00:00", "--set", "duration=1d"];
    let run = desk.run_json("a", &window);
    let within = log
        .lines()
        .filter(|line| line.starts_with("1999-02-03"))
        .count();
    let before = log
        .lines()
        .skip(1)
        .filter(|line| line[..10] < *"1999-02-03")
        .count();
    assert_eq!(value(&run, "calls.offered"), within as f64);
    let warnings = run["warnings"].to_string();
    for (count, why) in [
        (before, "before the start"),
        (calls - before - within, "after its end"),
    ] {
        let said = warnings.contains(&count.to_string()) && warnings.contains(why);
        assert!(said, "{count} {why}: {warnings}");
    }
}

#[test]
fn the_facts_of_the_bank_are_imported_to_the_call() {
    if !bank::is_here() {
        return;
    }
    let desk = Desk::empty();
    let report = bank::import(&desk, "line", &[]);
    let number = |key: &str| report[key].as_u64();
    assert_eq!(
        (number("rows"), number("calls")),
        (Some(64_943), Some(64_425))
    );
    assert_eq!(report["skipped"], serde_json::json!({ "PHANTOM": 518 }));
    let outcomes = serde_json::json!({ "answered": 54_222, "abandoned": 10_203 });
    assert_eq!(report["outcomes"], outcomes);
    assert_eq!(report["first"], "1999-01-01T00:00:02+02:00");
    assert_eq!(report["last"], "1999-02-28T23:43:46+02:00");
    assert_eq!(number("negative_durations"), Some(58));
    let days = serde_json::json!({ "count": 2, "first": ["1999-01-11", "1999-01-12"] });
    assert_eq!(report["days_without_calls"], days);
    let log = desk.read("bank.csv");
    let talks = log
        .lines()
        .filter(|it| it.contains(",answered,"))
        .filter_map(|it| it.split(',').nth(7)?.parse::<f64>().ok());
    let talks: Vec<f64> = talks.filter(|it| *it > 0.0).collect();
    assert_eq!(talks.len(), 53_860);
    assert_eq!(talks.iter().copied().fold(0.0, f64::max), 5300.0);
    let mut minutes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut hours: BTreeMap<&str, u32> = BTreeMap::new();
    for line in log.lines().skip(1) {
        *minutes.entry(&line[..16]).or_default() += 1;
        *hours.entry(&line[..13]).or_default() += 1;
    }
    let busiest = hours.iter().max_by_key(|it| it.1).map(|it| *it.0);
    assert_eq!(busiest, Some("1999-02-03T13"));
    assert!(minutes["1999-01-18T15:18"] >= 19 && minutes["1999-02-03T13:22"] >= 19);
}
