//! The table of all names, in the order of reports: callers before calls.

use std::borrow::Cow;

use routing::Nanos;
use routing::record::Outcome;

use super::duration::duration;
use super::{Denominator, Kind, Known, Level, Percentile, Span, Stat};
use crate::setup::ServiceLevel;

const fn fixed(
    name: &'static str,
    kind: Kind,
    unit: Option<&'static str>,
    of: Option<&'static str>,
    help: &'static str,
) -> Known {
    Known {
        name: Cow::Borrowed(name),
        kind,
        unit,
        of,
        help: Cow::Borrowed(help),
    }
}

const fn unit(name: &'static str, kind: Kind, unit: &'static str, help: &'static str) -> Known {
    fixed(name, kind, Some(unit), None, help)
}

const fn share(name: &'static str, kind: Kind, of: &'static str, help: &'static str) -> Known {
    fixed(name, kind, None, Some(of), help)
}

const CALLERS: &[Known] = &[
    unit(
        "callers.offered",
        Kind::CallersOffered,
        "callers",
        "distinct people who tried",
    ),
    unit(
        "callers.reached",
        Kind::CallersReached,
        "callers",
        "of them, reached a person",
    ),
    share(
        "callers.reached.share",
        Kind::CallersReachedShare,
        "callers",
        "reached a person",
    ),
    unit(
        "callers.gave_up",
        Kind::CallersGaveUp,
        "callers",
        "never reached a person",
    ),
    unit(
        "callers.attempts.mean",
        Kind::CallersAttempts,
        "calls",
        "attempts a caller",
    ),
];

const CALLS: &[Known] = &[
    unit(
        "calls.offered",
        Kind::Offered,
        "calls",
        "fresh calls and redials",
    ),
    unit("calls.fresh", Kind::Fresh, "calls", "first attempts"),
    unit("calls.redials", Kind::Redials, "calls", "later attempts"),
];

const LOAD: &[Known] = &[
    unit(
        "calls.hops",
        Kind::Hops,
        "hops",
        "calls forwarded to numbers of our own",
    ),
    unit(
        "calls.in_system.mean",
        Kind::InSystem,
        "calls",
        "calls at one time, on average",
    ),
    unit(
        "redials.pending.mean",
        Kind::RedialsPending,
        "callers",
        "will call again, on average",
    ),
];

const HOLD: &[Known] = &[
    share(
        "hold.waited.share",
        Kind::Waited,
        "offered",
        "had to wait on hold at all",
    ),
    unit(
        "hold.queue.mean",
        Kind::QueueMean,
        "callers",
        "on hold, added over all numbers",
    ),
    unit(
        "hold.queue.variance",
        Kind::QueueVariance,
        "callers²",
        "of the callers on hold over time: each number's own, added up",
    ),
];

const REST: &[Known] = &[
    share(
        "staff.occupancy",
        Kind::Occupancy,
        "staff time",
        "talk and wrap-up over the time of named people logged in and unnamed agents",
    ),
    unit(
        "staff.busy.mean",
        Kind::BusyMean,
        "people",
        "talking or in wrap-up, on average",
    ),
    unit(
        "concurrent.calls.mean",
        Kind::ConcurrentMean(Level::Calls),
        "calls",
        "at one time",
    ),
    unit(
        "concurrent.calls.max",
        Kind::ConcurrentMax(Level::Calls),
        "calls",
        "most at a second",
    ),
    unit(
        "concurrent.legs.mean",
        Kind::ConcurrentMean(Level::Legs),
        "legs",
        "at one time",
    ),
    unit(
        "concurrent.legs.max",
        Kind::ConcurrentMax(Level::Legs),
        "legs",
        "most at a second",
    ),
    unit(
        "limit.violations",
        Kind::Violations,
        "violations",
        "of rate limits",
    ),
    unit(
        "limit.accounts_blocked",
        Kind::AccountsBlocked,
        "accounts",
        "sub-accounts under a block at some time of the window",
    ),
    unit(
        "limit.first_violation_s",
        Kind::FirstViolation,
        "s",
        "from the start of the run",
    ),
    unit(
        "limit.first_block_s",
        Kind::FirstBlock,
        "s",
        "from the start of the run; in the warm-up if the block outlasts it",
    ),
    share(
        "limit.block.chance",
        Kind::BlockChance,
        "replications",
        "in which an account was blocked",
    ),
];

/// Every name that can exist; of the open patterns the usual members (`service_level.20s`, `p50`
/// …).
pub fn all() -> impl Iterator<Item = Known> {
    computed(&[ServiceLevel::standard()], &[])
        .into_iter()
        .chain(measured())
}

/// Every metric that records give, under these service levels and with these percentiles beside
/// the usual.
pub(crate) fn computed(levels: &[ServiceLevel], more: &[(Span, Percentile)]) -> Vec<Known> {
    let mut names: Vec<Known> = CALLERS.iter().chain(CALLS).cloned().collect();
    for outcome in Outcome::ALL {
        names.extend(outcome_names(*outcome));
    }
    names.extend_from_slice(LOAD);
    names.extend(distribution(Span::Answer, more));
    names.extend(distribution(Span::Hold, more));
    for span in [Span::HoldServed, Span::HoldAbandoned] {
        names.extend([Stat::Mean, Stat::Variance].map(|stat| delay(span, stat)));
    }
    names.extend_from_slice(HOLD);
    for level in levels {
        names.extend(Denominator::ALL.map(|of| level_name(&level.name, level.within, of)));
        names.push(answered_within(&level.name, level.within));
        names.push(abandoned_within(&level.name, level.within));
    }
    names.extend_from_slice(REST);
    names
}

fn outcome_names(outcome: Outcome) -> impl Iterator<Item = Known> {
    let word = outcome.name();
    let calls = |name: String, kind: Kind, help: String| Known {
        name: name.into(),
        kind,
        unit: Some("calls"),
        of: None,
        help: help.into(),
    };
    let count = calls(
        format!("calls.{word}"),
        Kind::Outcome(outcome),
        format!("calls that ended as {word}"),
    );
    let share = Known {
        name: format!("calls.{word}.share").into(),
        kind: Kind::OutcomeShare(outcome),
        unit: None,
        of: Some("offered"),
        help: format!("ended as {word}").into(),
    };
    let causes = outcome.causes().iter().map(move |cause| {
        let name = cause.name();
        calls(
            format!("calls.{word}.{name}"),
            Kind::Cause(outcome, *cause),
            format!("calls that ended as {word}: {name}"),
        )
    });
    [count, share].into_iter().chain(causes)
}

fn distribution(span: Span, more: &[(Span, Percentile)]) -> impl Iterator<Item = Known> {
    let mut percentiles: Vec<Percentile> = more
        .iter()
        .filter(|more| more.0 == span)
        .map(|more| more.1)
        .collect();
    percentiles.extend(Percentile::USUAL);
    percentiles.sort_unstable();
    percentiles.dedup();
    std::iter::once(Stat::Mean)
        .chain(percentiles.into_iter().map(Stat::Percentile))
        .map(move |stat| delay(span, stat))
}

const fn prefix(span: Span) -> &'static str {
    match span {
        Span::Answer => "answer.delay_s",
        Span::Hold => "hold.wait_s",
        Span::HoldServed => "hold.wait_served_s",
        Span::HoldAbandoned => "hold.wait_abandoned_s",
    }
}

fn delay(span: Span, stat: Stat) -> Known {
    let what = match span {
        Span::Answer => "from arrival to a person's answer",
        Span::Hold => "on hold, over the calls that reached it",
        Span::HoldServed => "on hold, over those who were served",
        Span::HoldAbandoned => "on hold, over those who left",
    };
    let (last, unit) = match stat {
        Stat::Mean => ("mean".to_owned(), "s"),
        Stat::Variance => ("variance".to_owned(), "s²"),
        Stat::Percentile(percentile) => (format!("p{percentile}"), "s"),
    };
    Known {
        name: format!("{}.{last}", prefix(span)).into(),
        kind: Kind::Delay(span, stat),
        unit: Some(unit),
        of: None,
        help: what.into(),
    }
}

fn level_name(text: &str, within: Nanos, of: Denominator) -> Known {
    Known {
        name: format!("service_level.{text}.{}", of.name()).into(),
        kind: Kind::ServiceLevel(within, of),
        unit: None,
        of: Some(of.of()),
        help: format!("answered within {text}").into(),
    }
}

/// `service_level.<duration>.<denominator>` with any duration.
pub(super) fn service_level(name: &str) -> Option<Known> {
    let (text, of) = name.strip_prefix("service_level.")?.rsplit_once('.')?;
    let of = Denominator::ALL.into_iter().find(|it| it.name() == of)?;
    Some(level_name(text, duration(text)?, of))
}

/// How many were answered in time: what a service level is a share of, times that.
fn answered_within(text: &str, within: Nanos) -> Known {
    Known {
        name: format!("answered_within.{text}").into(),
        kind: Kind::AnsweredWithin(within),
        unit: Some("calls"),
        of: None,
        help: format!("answered within {text}").into(),
    }
}

fn abandoned_within(text: &str, within: Nanos) -> Known {
    Known {
        name: format!("abandoned_within.{text}.share").into(),
        kind: Kind::AbandonedWithin(within),
        unit: None,
        of: Some("abandoned"),
        help: format!("of those who left, left within {text} of their arrival").into(),
    }
}

/// `answered_within.<duration>` and `abandoned_within.<duration>.share` with any duration.
pub(super) fn within(name: &str) -> Option<Known> {
    if let Some(text) = name.strip_prefix("answered_within.") {
        return Some(answered_within(text, duration(text)?));
    }
    let text = name.strip_prefix("abandoned_within.")?;
    let text = text.strip_suffix(".share")?;
    Some(abandoned_within(text, duration(text)?))
}

/// Any percentile of a distribution.
pub(super) fn percentile(name: &str) -> Option<Known> {
    [Span::Answer, Span::Hold].into_iter().find_map(|span| {
        let text = name.strip_prefix(prefix(span))?.strip_prefix(".p")?;
        let percentile = Percentile::parse(text)?;
        // `p099` and `p50.0` would be second names for the same thing.
        let known = delay(span, Stat::Percentile(percentile));
        (known.name == name).then_some(known)
    })
}

/// What a clock tells, with a live back end or about ourselves.
fn measured() -> impl Iterator<Item = Known> {
    let quantiles = ["p50", "p90", "p95", "p99", "p99.9", "max"];
    let spans = ["response", "service", "lag", "queue"];
    let kinds = [
        "", "voice.", "action.", "status.", "route.", "refused.", "failed.",
    ];
    let known = |name: String, unit: &'static str, help: &'static str| Known {
        name: name.into(),
        kind: Kind::Measured,
        unit: Some(unit),
        of: None,
        help: help.into(),
    };
    let mut names = Vec::new();
    for kind in kinds {
        for span in spans {
            for quantile in quantiles {
                let name = format!("backend.{kind}{span}_us.{quantile}");
                names.push(known(name, "us", "of a live back end"));
            }
        }
    }
    for count in [
        "requests",
        "sent",
        "not_sent",
        "429",
        "503",
        "failed",
        "unfinished",
        "status.requests",
        "status.not_sent",
        "status.failed",
    ] {
        names.push(known(
            format!("backend.{count}"),
            "requests",
            "to a live back end",
        ));
    }
    names.push(known(
        "backend.connections".into(),
        "connections",
        "to a live back end, at most",
    ));
    names.push(known(
        "backend.requests_per_s".into(),
        "1/s",
        "sent to a live back end",
    ));
    for quantile in ["p50", "p99"] {
        names.push(known(
            format!("decision.ns.{quantile}"),
            "ns",
            "of one decision in process",
        ));
    }
    names.push(known(
        "engine.events".into(),
        "events",
        "that the simulation took",
    ));
    names.push(known(
        "engine.events_per_s".into(),
        "1/s",
        "that the simulation took",
    ));
    names.push(known(
        "engine.calls_per_s".into(),
        "1/s",
        "that the simulation took",
    ));
    names.into_iter()
}
