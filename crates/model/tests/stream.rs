//! Laws of the merged stream of fresh calls: read ahead and drawn in lanes, it is what one gets
//! call by call.

use std::sync::Arc;

use jiff::tz::TimeZone;
use model::arrivals::{
    ArrivalProcess, Arrivals, KINDS, LoggedCall, Setting, Source, Spread, Start, Stream, Value,
    Values,
};
use model::callers::{Callers, Targets};
use model::{Calendar, Draws, Rate};
use proptest::prelude::*;
use routing::Nanos;
use routing::account::{Accounts, AccountsBuilder, NewContact, NewNumber, NewSubAccount};
use routing::record::{FreshCall, FreshId};

const UNTIL: Nanos = Nanos(3 * Nanos::HOUR.0);

fn accounts() -> Accounts {
    let phone = |n: u32| format!("+155555501{n:02}").parse().unwrap();
    let mut builder = AccountsBuilder::new();
    let declared = NewSubAccount {
        id: "office".to_owned(),
        numbers: (90..99).map(|n| NewNumber::new(phone(n))).collect(),
        contacts: (10..30)
            .map(|n| NewContact {
                phone: phone(n),
                assigned_to: None,
            })
            .collect(),
        ..NewSubAccount::default()
    };
    builder.push(&declared).unwrap();
    builder.finish()
}

fn calendar() -> Calendar {
    let start = "2026-01-05T00:30:00".parse().unwrap();
    Calendar::new(TimeZone::UTC, start, Nanos(30 * Nanos::DAY.0)).unwrap()
}

fn process(name: &str, values: Vec<(&'static str, Value)>) -> Box<dyn ArrivalProcess> {
    let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
    let calendar = calendar();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    (kind.make)(&Values(values.into_iter().collect()), &setting)
        .unwrap_or_else(|fault| panic!("{}: {}", fault.key, fault.message))
}

fn rate(an_hour: f64) -> Rate {
    Rate::per_second(an_hour / 3600.0).unwrap()
}

/// Rows at odd intervals, some outbound, some of them to numbers of nobody.
fn log(rows: u32) -> Arc<[LoggedCall]> {
    let start = calendar().start();
    (0..rows)
        .map(|row| LoggedCall {
            at: start + jiff::SignedDuration::from_secs(i64::from(row * 131 % 11_000)),
            from: None,
            to: format!("+155555501{:02}", 85 + row % 15).parse().unwrap(),
            inbound: row % 5 != 0,
        })
        .collect()
}

/// A source of each kind that can be made, and of each kind of callers.
fn source(which: usize, an_hour: f64, accounts: &Accounts) -> Source {
    let numbers: Vec<_> = accounts.numbers().map(|(number, _)| number).collect();
    let weighted: Vec<_> = numbers.iter().map(|it| (*it, 1.5)).collect();
    let profile = |shape| {
        let rates = vec![rate(an_hour), rate(0.0), rate(3.0 * an_hour)];
        let every = Value::Duration(Nanos(Nanos::HOUR.0 / 2));
        let mut values = vec![("every", every), ("rates", Value::Rates(rates))];
        values.push(("shape", Value::Word(shape)));
        process("profile", values)
    };
    let poisson = || process("poisson", vec![("rate", Value::Rate(rate(an_hour)))]);
    let rows = Value::Calls(log(an_hour as u32));
    let scale = if which.is_multiple_of(2) { 0.5 } else { 1.0 };
    let (process, day_cv) = match which % 5 {
        0 => (poisson(), 0.0),
        1 => (poisson(), 0.3),
        2 => (profile("steps"), 0.0),
        3 => (profile("linear"), 0.2),
        _ => (
            process("log", vec![("file", rows), ("scale", Value::Factor(scale))]),
            0.0,
        ),
    };
    let targets = if which.is_multiple_of(2) {
        Targets::evenly(numbers)
    } else {
        Targets::weighted(&weighted)
    };
    Source {
        process,
        targets: targets.filter(|_| which % 5 != 4),
        callers: [
            Callers::Unique,
            Callers::Contacts,
            Callers::Private,
            Callers::Pool(7),
            Callers::Spoofed,
        ][which / 5 % 5],
        spread: Spread {
            day_cv,
            period_cv: day_cv / 2.0,
        },
    }
}

/// The calls of all sources by the plain way: every source to its end, then sorted.
fn one_by_one(
    sources: &[Source],
    draws: Draws,
    accounts: &Accounts,
    calendar: &Calendar,
) -> Vec<FreshCall> {
    let mut calls = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let index = at as u16;
        let mut cursor = source.process.start(&Start {
            draws,
            source: index,
            calendar,
            until: UNTIL,
            spread: source.spread,
        });
        while let Some(due) = cursor.next() {
            if source.targets.is_some() {
                let fresh = FreshId {
                    source: index,
                    n: due.n,
                };
                assert_eq!(due.draws, draws.fresh(fresh));
            }
            calls.push(source.call(index, &due, accounts));
        }
    }
    // Stable: calls of one instant stay in the order of their sources.
    calls.sort_by_key(|call| call.at);
    calls
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_stream_is_every_source_call_by_call(
        kinds in prop::collection::vec((0usize..25, 0.0f64..400.0), 0..6),
        seed in any::<u64>(),
        replication in 0u32..4,
        paired in any::<bool>(),
    ) {
        let (accounts, calendar) = (accounts(), calendar());
        let draws = if paired {
            Draws::paired(seed, replication)
        } else {
            Draws::new(seed, replication)
        };
        let sources: Vec<Source> =
            kinds.iter().map(|(which, rate)| source(*which, *rate, &accounts)).collect();
        let expected = one_by_one(&sources, draws, &accounts, &calendar);
        let mut stream = Arrivals::new(&Stream {
            draws,
            sources: &sources,
            accounts: &accounts,
            calendar: &calendar,
            until: UNTIL,
        });
        for call in &expected {
            prop_assert_eq!(stream.due(), Some(call.at));
            let arrival = stream.next().unwrap();
            prop_assert_eq!(arrival.call, *call);
            prop_assert_eq!(arrival.number, accounts.find_number(call.to));
            prop_assert_eq!(arrival.life, draws.attempt(call.id, 1));
        }
        prop_assert_eq!(stream.due(), None);
        prop_assert_eq!(stream.next(), None);
    }
}

/// The number of calls of a pair is mirrored: where one has more than expected the other has less.
#[test]
fn the_replications_of_a_pair_make_up_for_each_other() {
    let (accounts, calendar) = (accounts(), calendar());
    let sources = [source(0, 300.0, &accounts)];
    let count = |draws: Draws| one_by_one(&sources, draws, &accounts, &calendar).len() as f64;
    let mut products = 0.0;
    let mut squares = 0.0;
    for pair in 0..40 {
        let [a, b] = [0, 1].map(|at| count(Draws::paired(3, 2 * pair + at)) - 900.0);
        products += a * b;
        squares += f64::midpoint(a * a, b * b);
    }
    // The correlation of an exponential and its mirror is 1 - pi²/6, about -0.64.
    let correlation = products / squares;
    assert!(correlation < -0.35, "{correlation}");
}
