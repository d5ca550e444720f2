//! Laws of the arrival processes: how many come, when, and that nothing comes outside the run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::arrivals::{
    ArrivalProcess, Due, KINDS, LoggedCall, Setting, Spread, Start, Value, Values,
};
use model::{Calendar, Draws, Rate};
use routing::Nanos;

fn kind(name: &str, values: Vec<(&'static str, Value)>) -> Box<dyn ArrivalProcess> {
    let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
    let values = Values(values.into_iter().collect::<BTreeMap<_, _>>());
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    (kind.make)(&values, &setting)
        .unwrap_or_else(|fault| panic!("{}: {}", fault.key, fault.message))
}

fn per_hour(rate: f64) -> Rate {
    Rate::per_second(rate / 3600.0).unwrap()
}

fn calendar(zone: &str, start: &str) -> Calendar {
    let zone = TimeZone::get(zone).unwrap();
    Calendar::new(zone, start.parse().unwrap(), Nanos(400 * Nanos::DAY.0)).unwrap()
}

struct Drawn {
    all: Vec<Due>,
}

fn draw(
    process: &dyn ArrivalProcess,
    calendar: &Calendar,
    until: Nanos,
    replication: u32,
    day_cv: f64,
) -> Drawn {
    let draws = Draws::new(11, replication);
    let mut cursor = process.start(&Start {
        draws,
        source: 0,
        calendar,
        until,
        spread: Spread {
            day_cv,
            ..Spread::NONE
        },
    });
    let mut all: Vec<Due> = Vec::new();
    while let Some(due) = cursor.next() {
        assert!(due.at < until, "nothing comes after the end");
        if let Some(last) = all.last() {
            assert!(last.at <= due.at, "in order of time");
            assert!(last.n < due.n, "each has its own number");
        }
        all.push(due);
    }
    Drawn { all }
}

impl Drawn {
    fn between(&self, from: Nanos, until: Nanos) -> usize {
        self.all
            .iter()
            .filter(|due| (from..until).contains(&due.at))
            .count()
    }
}

const H: u64 = Nanos::HOUR.0;

/// Within five standard deviations of a Poisson count.
fn near(found: usize, expected: f64) {
    let off = (found as f64 - expected).abs();
    assert!(
        off < 5.0 * expected.sqrt() + 1e-9,
        "{found} calls, expected {expected}"
    );
}

#[test]
fn poisson_has_its_rate_in_every_hour_and_counts_like_one() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let process = kind("poisson", vec![("rate", Value::Rate(per_hour(900.0)))]);
    let until = Nanos(200 * H);
    let drawn = draw(&*process, &calendar, until, 0, 0.0);
    near(drawn.all.len(), 180_000.0);
    assert!((process.expected(&calendar, until) - 180_000.0).abs() < 1e-6);
    // Index of dispersion over quarter hours: 1 within five standard errors, sqrt(2 / n).
    let quarter = Nanos(H / 4);
    let mut counts = vec![0f64; 800];
    for due in &drawn.all {
        counts[(due.at.0 / quarter.0) as usize] += 1.0;
    }
    let mean = counts.iter().sum::<f64>() / 800.0;
    let variance = counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 799.0;
    assert!((variance / mean - 1.0).abs() < 5.0 * (2.0f64 / 800.0).sqrt());
}

#[test]
fn a_rate_of_zero_brings_nothing() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let process = kind("poisson", vec![("rate", Value::Rate(per_hour(0.0)))]);
    assert!(
        draw(&*process, &calendar, Nanos(100 * H), 0, 0.0)
            .all
            .is_empty()
    );
}

fn profile(rates: &[f64], shape: &'static str, days: &str) -> Box<dyn ArrivalProcess> {
    kind(
        "profile",
        vec![
            ("every", Value::Duration(Nanos(H))),
            (
                "rates",
                Value::Rates(rates.iter().map(|rate| per_hour(*rate)).collect()),
            ),
            ("shape", Value::Word(shape)),
            ("days", Value::Days(days.parse().unwrap())),
        ],
    )
}

#[test]
fn a_profile_follows_its_slots_and_is_silent_after_the_last() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let process = profile(&[600.0, 0.0, 1800.0], "steps", "Mon-Sun");
    let drawn = draw(&*process, &calendar, Nanos(24 * 20 * H), 0, 0.0);
    let slot = |hour: u64| -> usize {
        let day = |day: u64| {
            drawn.between(
                Nanos((24 * day + hour) * H),
                Nanos((24 * day + hour + 1) * H),
            )
        };
        (0..20).map(day).sum()
    };
    near(slot(0), 12_000.0);
    assert_eq!(slot(1), 0);
    near(slot(2), 36_000.0);
    assert_eq!((3..24).map(slot).sum::<usize>(), 0);
    let expected = process.expected(&calendar, Nanos(24 * 20 * H));
    assert!((expected - 48_000.0).abs() < 1e-6, "{expected}");
}

#[test]
fn a_linear_profile_meets_each_rate_in_the_middle_of_its_slot() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    // A triangle over two slots of a day that is otherwise flat: from the middle of hour 0 to that
    // of hour 1 the rate runs from 1000 to 3000 an hour.
    let process = profile(&[1000.0, 3000.0], "linear", "Mon-Sun");
    let days = 60u64;
    let drawn = draw(&*process, &calendar, Nanos(24 * days * H), 0, 0.0);
    let part = |from: f64, until: f64| -> usize {
        let at = |day: u64, hour: f64| Nanos(day * 24 * H + (hour * H as f64) as u64);
        (0..days)
            .map(|day| drawn.between(at(day, from), at(day, until)))
            .sum()
    };
    near(part(0.0, 0.5), 60.0 * 500.0);
    near(part(0.5, 1.0), 60.0 * 750.0);
    near(part(1.0, 1.5), 60.0 * 1250.0);
    near(part(1.5, 2.0), 60.0 * 1500.0);
    assert_eq!(part(2.0, 24.0), 0);
}

#[test]
fn office_hours_are_local_and_know_the_days_of_the_week() {
    // Friday to Tuesday over the change to daylight saving time in New York.
    let calendar = calendar("America/New_York", "2026-03-06T00:00:00");
    let mut rates = vec![0.0; 24];
    rates[9] = 3600.0;
    let process = profile(&rates, "steps", "Mon-Fri");
    let drawn = draw(&*process, &calendar, Nanos(4 * 24 * H), 0, 0.0);
    for due in &drawn.all {
        let local = calendar.local(due.at);
        assert!(local.weekday < 5 && local.second / 3600 == 9, "{local:?}");
    }
    near(drawn.all.len(), 2.0 * 3600.0);
}

#[test]
fn a_day_factor_changes_days_and_not_the_mean() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let process = kind("poisson", vec![("rate", Value::Rate(per_hour(100.0)))]);
    let days = 300u64;
    let drawn = draw(&*process, &calendar, Nanos(days * 24 * H), 0, 0.2);
    let counts: Vec<f64> = (0..days)
        .map(|day| drawn.between(Nanos(day * 24 * H), Nanos((day + 1) * 24 * H)) as f64)
        .collect();
    let mean = counts.iter().sum::<f64>() / days as f64;
    let variance = counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / (days - 1) as f64;
    assert!(
        (mean - 2400.0).abs() < 5.0 * 480.0 / (days as f64).sqrt(),
        "{mean}"
    );
    // Negative binomial: m + m² cv².
    let law = 2400.0 + 2400.0 * 2400.0 * 0.04;
    assert!(
        (variance / law - 1.0).abs() < 0.45,
        "{variance} where the law says {law}"
    );
}

#[test]
fn replications_differ_and_repeat() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let process = kind("poisson", vec![("rate", Value::Rate(per_hour(60.0)))]);
    let times = |replication| draw(&*process, &calendar, Nanos(10 * H), replication, 0.0).all;
    assert_eq!(times(3), times(3));
    assert_ne!(times(3), times(4));
}

fn logged(calendar: &Calendar, at_s: i64, inbound: bool) -> LoggedCall {
    LoggedCall {
        at: calendar.start() + jiff::SignedDuration::from_secs(at_s),
        from: None,
        to: "+15555550199".parse().unwrap(),
        inbound,
    }
}

#[test]
fn a_log_brings_its_inbound_calls_within_the_run_and_tells_of_the_others() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let rows: Arc<[LoggedCall]> = vec![
        logged(&calendar, 30, true),
        logged(&calendar, -5, true),
        logged(&calendar, 10, true),
        logged(&calendar, 10, false),
        logged(&calendar, 3600, true),
    ]
    .into();
    let process = kind("log", vec![("file", Value::Calls(rows))]);
    let until = Nanos(H);
    let drawn = draw(&*process, &calendar, until, 0, 0.0);
    let times: Vec<u64> = drawn.all.iter().map(|due| due.at.whole_secs()).collect();
    assert_eq!(times, [10, 30]);
    let left_out: Vec<u64> = process
        .left_out(&calendar, until)
        .iter()
        .map(|(n, _)| *n)
        .collect();
    assert_eq!(left_out, [1, 1, 1]);
}

#[test]
fn a_thinned_log_keeps_its_share_and_the_same_calls_when_it_keeps_more() {
    let calendar = calendar("UTC", "2026-01-05T00:00:00");
    let rows: Arc<[LoggedCall]> = (0..3000).map(|at| logged(&calendar, at, true)).collect();
    let kept = |scale: f64| {
        let values = vec![
            ("file", Value::Calls(Arc::clone(&rows))),
            ("scale", Value::Factor(scale)),
        ];
        let all = draw(&*kind("log", values), &calendar, Nanos(H), 0, 0.0).all;
        all.iter().map(|due| due.n).collect::<Vec<u64>>()
    };
    let (few, more) = (kept(0.3), kept(0.6));
    near(few.len(), 900.0);
    near(more.len(), 1800.0);
    assert!(few.iter().all(|n| more.contains(n)));
}
