//! How counts vary: the index of dispersion at one minute and at fifteen, and what day and period
//! factors add.

use std::collections::BTreeMap;

use model::arrivals::{ArrivalProcess, Counts, Due, KINDS, Setting, Spread, Value, Values};
use model::{Rate, Share};
use routing::Nanos;

use crate::made::{MIN, UNTIL, all, calendar, draw, mean};

/// Over replications, at one minute and at fifteen, as each kind says of itself.
#[test]
fn counts_are_as_dispersed_as_the_kind_says() {
    for (name, process) in all() {
        let kind = KINDS.iter().find(|kind| name.starts_with(kind.name));
        let counts = kind.expect("a kind").counts;
        let runs: Vec<Vec<Due>> = (0..250)
            .map(|at| draw(&*process, at, UNTIL, Spread::NONE))
            .collect();
        for slot in [MIN, 15 * MIN] {
            let (index, error) = dispersion(&runs, slot);
            let (low, high) = match counts {
                Counts::Poisson => (1.0 - error, 1.0 + error),
                Counts::Steadier => (0.0, 1.0 + error),
                Counts::Burstier => (1.0 - error, f64::INFINITY),
            };
            assert!(
                (low..=high).contains(&index),
                "{name} at {slot} ns: {index}, expected {low} to {high}"
            );
        }
    }
}

/// Variance over mean of the counts of a slot from run to run, over all slots that have any; and
/// five standard errors of that where the counts are Poisson's.
fn dispersion(runs: &[Vec<Due>], slot: u64) -> (f64, f64) {
    let n = runs.len() as f64;
    let mut counts = vec![vec![0.0f64; runs.len()]; (UNTIL.0 / slot) as usize];
    for (run, calls) in runs.iter().enumerate() {
        for due in calls {
            counts[(due.at.0 / slot) as usize][run] += 1.0;
        }
    }
    // The variance of a variance of n Poisson counts is about (2 m² + m) / n.
    let (mut sum, mut variance, mut spread) = (0.0, 0.0, 0.0);
    for slot in &counts {
        let (mean, error) = mean(slot);
        sum += mean;
        variance += error * error * n;
        spread += (2.0 * mean * mean + mean) / n;
    }
    (variance / sum, 5.0 * spread.sqrt() / sum)
}

fn index_of(process: &dyn ArrivalProcess, slot: u64, until: Nanos, spread: Spread) -> (f64, f64) {
    let calls = draw(process, 0, until, spread);
    let mut counts = vec![0.0f64; (until.0 / slot) as usize];
    for due in &calls {
        counts[(due.at.0 / slot) as usize] += 1.0;
    }
    let (mean, error) = mean(&counts);
    (mean, error * error * counts.len() as f64 / mean)
}

/// A slot of which m calls are expected has the variance m + m² cv²: the size of the whole is
/// random.
#[test]
fn bursts_disperse_counts_as_their_sizes_do() {
    let kind = KINDS.iter().find(|kind| kind.name == "burst").unwrap();
    let cv = 0.5;
    let values = Values(BTreeMap::from([
        ("calls", Value::Factor(200.0)),
        ("calls_cv", Value::Factor(cv)),
        ("mean", Value::Duration(Nanos::from_secs(600))),
        ("shape", Value::Factor(2.0)),
    ]));
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let process = (kind.make)(&values, &setting).ok().unwrap();
    let n = 4000.0;
    let runs: Vec<Vec<Due>> = (0..n as u32)
        .map(|at| draw(&*process, at, UNTIL, Spread::NONE))
        .collect();
    for slot in [MIN, 15 * MIN] {
        // That around the mean time, where it is busy.
        let from = Nanos(600_000_000_000 / slot * slot);
        let within = |due: &&Due| (from..from + Nanos(slot)).contains(&due.at);
        let count = |run: &Vec<Due>| run.iter().filter(within).count() as f64;
        let (mean, error) = mean(&runs.iter().map(count).collect::<Vec<_>>());
        let (found, law) = (error * error * n / mean, 1.0 + mean * cv * cv);
        assert!(
            (found - law).abs() < 0.15 * law,
            "{slot} ns: {found}, {law}"
        );
    }
}

/// The long-run index of a Hawkes process is 1 / (1 - n)²; at a slot of x memories of its settled
/// rate it is 1 + (1 / (1-n)² - 1) (1 - (1 - e^-y) / y) with y = (1-n) x (Hawkes 1971).
#[test]
fn echoes_disperse_counts_as_the_theory_says() {
    let kind = KINDS.iter().find(|kind| kind.name == "hawkes").unwrap();
    let (n, memory_s) = (0.42, 180.0);
    let values = Values(BTreeMap::from([
        ("rate", Value::Rate(Rate::per_second(0.1).unwrap())),
        ("n", Value::Share(Share::new(n).unwrap())),
        ("memory", Value::Duration(Nanos::from_secs(memory_s as u64))),
    ]));
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let process = (kind.make)(&values, &setting).ok().unwrap();
    let until = Nanos(30 * Nanos::DAY.0);
    for slot in [MIN, 15 * MIN, 240 * MIN] {
        let y = (1.0 - n) * slot as f64 / 1e9 / memory_s;
        let whole = 1.0 / ((1.0 - n) * (1.0 - n));
        let law = 1.0 + (whole - 1.0) * (1.0 - (1.0 - (-y).exp()) / y);
        let (_, found) = index_of(&*process, slot, until, Spread::NONE);
        let slots = until.0 as f64 / slot as f64;
        let error = 6.0 * law * (2.0 / slots).sqrt() + 0.02;
        assert!(
            (found - law).abs() < error,
            "at {slot} ns: {found}, the law says {law}"
        );
    }
}

#[test]
fn factors_of_half_hours_disperse_counts_as_the_theory_says() {
    let kind = KINDS.iter().find(|kind| kind.name == "poisson").unwrap();
    let rate = Rate::per_second(0.1).unwrap();
    let values = Values(BTreeMap::from([("rate", Value::Rate(rate))]));
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    let process = (kind.make)(&values, &setting).ok().unwrap();
    let spread = Spread {
        period_cv: 0.2,
        ..Spread::NONE
    };
    let until = Nanos(29 * Nanos::DAY.0);
    for slot in [MIN, 15 * MIN] {
        // A slot lies within one half-hour: m + m² cv².
        let (mean, found) = index_of(&*process, slot, until, spread);
        let law = 1.0 + mean * 0.04;
        // Half-hours hang together: there are fewer than it seems.
        assert!(
            (found - law).abs() < 0.2 * law,
            "at {slot} ns: {found}, the law says {law}"
        );
    }
}

/// Within one day all calls of a process have one factor: the variance grows by (m cv)².
#[test]
fn a_busy_day_is_busy_in_every_kind() {
    let cv = 1.0;
    let spread = Spread {
        day_cv: cv,
        period_cv: 0.0,
    };
    let brings_calls = |name: &str| {
        let kind = KINDS.iter().find(|kind| name.starts_with(kind.name));
        kind.expect("a kind").brings_calls
    };
    for (name, process) in all().into_iter().filter(|it| !brings_calls(&it.0)) {
        let moments = |spread| {
            let counts: Vec<f64> = (0..300)
                .map(|at| draw(&*process, at, UNTIL, spread).len() as f64)
                .collect();
            let (mean, error) = mean(&counts);
            (mean, error * error * 300.0)
        };
        let ((mean, plain), (_, varied)) = (moments(Spread::NONE), moments(spread));
        let added = (varied - plain) / (mean * cv * mean * cv);
        assert!((0.5..2.0).contains(&added), "{name}: {added}");
    }
}
