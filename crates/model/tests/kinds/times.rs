//! When calls come: in order, within the run, as many as expected, and whatever else is drawn.

use std::collections::BTreeSet;

use model::Draws;
use model::arrivals::{Arrivals, Due, KINDS, Kind, Source, Spread, Stream};
use model::callers::{Callers, Targets};
use routing::Nanos;
use routing::account::{Accounts, AccountsBuilder, NewNumber, NewSubAccount};
use routing::record::FreshCall;

use crate::made::{MIN, UNTIL, all, calendar, draw, draw_of, made, mean};

#[test]
fn calls_come_in_order_within_the_run_each_with_its_own_number() {
    for (name, process) in all() {
        let mut seen = 0;
        for replication in 0..20 {
            let calls = draw(&*process, replication, UNTIL, Spread::NONE);
            assert!(calls.is_sorted_by_key(|due| due.at), "{name}");
            let begins = process.begins().map_or(Nanos::ZERO, |(at, _)| at);
            assert!(
                calls.iter().all(|it| (begins..UNTIL).contains(&it.at)),
                "{name}"
            );
            let numbers: BTreeSet<u64> = calls.iter().map(|due| due.n).collect();
            assert_eq!(numbers.len(), calls.len(), "{name}");
            assert!(numbers.last().is_none_or(|n| *n < 1 << 48), "{name}");
            seen += calls.len();
        }
        assert!(seen > 0, "{name} brings nothing");
    }
}

#[test]
fn a_longer_run_begins_as_the_shorter_one() {
    let spread = Spread {
        day_cv: 0.2,
        period_cv: 0.2,
    };
    for (name, process) in all() {
        for spread in [Spread::NONE, spread] {
            let half = Nanos(UNTIL.0 / 2);
            let whole = draw(&*process, 1, UNTIL, spread);
            let cut: Vec<Due> = whole.into_iter().filter(|due| due.at < half).collect();
            assert_eq!(draw(&*process, 1, half, spread), cut, "{name}");
        }
    }
}

#[test]
fn replications_differ_and_repeat() {
    for (name, process) in all() {
        let drawn = |replication| draw(&*process, replication, UNTIL, Spread::NONE);
        assert_eq!(drawn(7), drawn(7), "{name}");
        assert_ne!(drawn(7), drawn(8), "{name}");
    }
}

/// In the whole run and up to some time in it, with factors and without.
#[test]
fn as_many_calls_come_as_are_expected() {
    let calendar = calendar();
    let varied = Spread {
        day_cv: 0.3,
        period_cv: 0.2,
    };
    for (name, process) in all() {
        for spread in [Spread::NONE, varied] {
            let runs: Vec<Vec<Due>> = (0..250)
                .map(|at| draw(&*process, at, UNTIL, spread))
                .collect();
            for until in [Nanos(73 * MIN), Nanos(151 * MIN), UNTIL] {
                let count = |run: &Vec<Due>| run.iter().filter(|due| due.at < until).count() as f64;
                let (found, error) = mean(&runs.iter().map(count).collect::<Vec<_>>());
                let expected = process.expected(&calendar, until);
                // What is expected of a campaign is known to a thousandth of its delays.
                let close = 5.0 * error + 0.003 * expected + 1e-9;
                assert!(
                    (found - expected).abs() <= close,
                    "{name} up to {until}: {found} ±{error} where {expected} is expected"
                );
            }
        }
    }
}

fn accounts() -> Accounts {
    let number = |last: u32| NewNumber::new(format!("+155555501{last:02}").parse().unwrap());
    let mut builder = AccountsBuilder::default();
    builder
        .push(&NewSubAccount {
            id: "a".to_owned(),
            numbers: (0..20).map(number).collect(),
            ..NewSubAccount::default()
        })
        .unwrap();
    builder.finish()
}

fn source(kind: &'static Kind, accounts: &Accounts) -> Source {
    let numbers = accounts.numbers().map(|(number, _)| number).collect();
    Source {
        process: made(kind, 0),
        targets: Targets::evenly(numbers).filter(|_| !kind.brings_calls),
        callers: Callers::Unique,
        spread: Spread {
            day_cv: 0.1,
            period_cv: 0.1,
        },
    }
}

#[test]
fn another_table_moves_no_call() {
    let (accounts, calendar) = (accounts(), calendar());
    let calls = |sources: &[Source]| -> Vec<FreshCall> {
        let stream = Stream {
            draws: Draws::new(9, 2),
            sources,
            accounts: &accounts,
            calendar: &calendar,
            until: UNTIL,
        };
        Arrivals::new(&stream).map(|arrival| arrival.call).collect()
    };
    for one in KINDS {
        let alone = calls(&[source(one, &accounts)]);
        for other in KINDS {
            let both = calls(&[source(one, &accounts), source(other, &accounts)]);
            let mine: Vec<FreshCall> = both
                .into_iter()
                .filter(|call| call.id.source == 0)
                .collect();
            assert_eq!(mine, alone, "{} beside {}", one.name, other.name);
        }
    }
}

/// The correlation of two samples; none where one of them does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (a, b) = pairs
        .iter()
        .fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let off = |pair: &(f64, f64)| (pair.0 - a / n, pair.1 - b / n);
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for (x, y) in pairs.iter().map(off) {
        both += x * y;
        one += x * x;
        other += y * y;
    }
    (one > 0.0 && other > 0.0).then(|| both / (one * other).sqrt())
}

#[test]
fn two_tables_of_one_kind_have_nothing_in_common() {
    let until = Nanos(151 * MIN);
    for (name, process) in all() {
        let count = |source, replication| {
            draw_of(&*process, (source, replication), until, Spread::NONE).len() as f64
        };
        let pairs: Vec<_> = (0..250).map(|at| (count(3, at), count(4, at))).collect();
        let found = correlation(&pairs).unwrap_or_default();
        assert!(found.abs() < 5.0 / 250f64.sqrt(), "{name}: {found}");
    }
}

#[test]
fn when_a_call_comes_says_nothing_of_who_calls_whom() {
    for (name, process) in all() {
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for replication in 0..20 {
            let calls = draw(&*process, replication, UNTIL, Spread::NONE);
            for pair in calls.windows(2).filter(|pair| pair[1].call.is_none()) {
                let gap = (pair[1].at - pair[0].at).as_secs_f64();
                to.push((gap, f64::from(pair[1].draws.to)));
                from.push((gap, f64::from(pair[1].draws.from)));
            }
        }
        for pairs in [to, from] {
            let found = correlation(&pairs).unwrap_or_default();
            let close = 5.0 / (pairs.len().max(1) as f64).sqrt();
            assert!(found.abs() < close, "{name}: {found}");
        }
    }
}
