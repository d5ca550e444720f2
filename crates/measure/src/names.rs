//! Every metric there is: its name, unit, what a share is of, and a line of help.
//!
//! Names are what scenario files, gates and scripts rest on (contract.md section 5). Most are
//! fixed; service levels take any duration and distributions any percentile.

mod duration;
mod nearest;
pub(crate) mod table;

use std::borrow::Cow;

use routing::Nanos;
use routing::record::{Cause, Outcome};

pub use table::all;

/// What a level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Calls in the system.
    Calls,
    /// Legs ringing or connected.
    Legs,
}

/// What a span of time runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From arrival to a person's answer.
    Answer,
    /// On hold, over the calls that reached it.
    Hold,
    /// On hold, over those who were served.
    HoldServed,
    /// On hold, over those who left.
    HoldAbandoned,
}

impl Span {
    /// What there must be some of.
    pub const fn of(self) -> &'static str {
        match self {
            Self::Answer => "answered calls",
            Self::Hold => "calls on hold",
            Self::HoldServed => "calls served from hold",
            Self::HoldAbandoned => "calls that left hold",
        }
    }
}

/// What is said of spans of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stat {
    /// Their mean.
    Mean,
    /// Their variance.
    Variance,
    /// What so many percent do not exceed.
    Percentile(Percentile),
}

/// A percentile above 0 and below 100, to a thousandth of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentile(u32);

impl Percentile {
    /// Those that every distribution has.
    pub const USUAL: [Self; 4] = [Self(50_000), Self(90_000), Self(95_000), Self(99_000)];

    /// In thousandths of a percent: 99.9 % is 99 900.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// As a share of one.
    pub fn share(self) -> f64 {
        f64::from(self.0) / 100_000.0
    }

    /// From a text such as `50` or `99.9`; at most three decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 2 || part.len() > 3 {
            return None;
        }
        let value =
            whole.parse::<u32>().ok()? * 1000 + format!("{part:0<3}").parse::<u32>().ok()?;
        (value > 0).then_some(Self(value))
    }
}

impl std::fmt::Display for Percentile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", f64::from(self.0) / 1000.0)
    }
}

/// What a service level is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denominator {
    /// All calls.
    Offered,
    /// Those that a person answered.
    Answered,
    /// All but those abandoned within 5 s.
    OfferedLessShort,
    /// Answered, or abandoned after the time.
    AnsweredOrLate,
}

impl Denominator {
    /// Every one.
    pub const ALL: [Self; 4] = [
        Self::Offered,
        Self::Answered,
        Self::OfferedLessShort,
        Self::AnsweredOrLate,
    ];

    /// The last part of the metric's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offered => "of_offered",
            Self::Answered => "of_answered",
            Self::OfferedLessShort => "of_offered_less_short",
            Self::AnsweredOrLate => "of_answered_or_late",
        }
    }

    /// What the share is of, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Offered => "calls offered",
            Self::Answered => "answered calls",
            Self::OfferedLessShort => "calls offered that did not leave within 5 s",
            Self::AnsweredOrLate => "calls answered or abandoned late",
        }
    }

    /// What stands under `of` in files.
    pub const fn of(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Answered => "answered",
            Self::OfferedLessShort => "offered less short",
            Self::AnsweredOrLate => "answered or late",
        }
    }
}

/// What a metric tells, without its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table has a line of help for each")]
pub enum Kind {
    CallersOffered,
    CallersReached,
    CallersReachedShare,
    CallersGaveUp,
    CallersAttempts,
    Offered,
    Fresh,
    Redials,
    Outcome(Outcome),
    OutcomeShare(Outcome),
    Cause(Outcome, Cause),
    Hops,
    InSystem,
    RedialsPending,
    Delay(Span, Stat),
    Waited,
    QueueMean,
    QueueVariance,
    ServiceLevel(Nanos, Denominator),
    AnsweredWithin(Nanos),
    AbandonedWithin(Nanos),
    Occupancy,
    BusyMean,
    ConcurrentMean(Level),
    ConcurrentMax(Level),
    Violations,
    AccountsBlocked,
    FirstViolation,
    FirstBlock,
    BlockChance,
    /// Told by a clock: not computed from records.
    Measured,
}

impl Kind {
    /// Whether it exists for each interval of a time series.
    pub const fn by_interval(self) -> bool {
        matches!(
            self,
            Self::Offered
                | Self::Fresh
                | Self::Redials
                | Self::Outcome(_)
                | Self::OutcomeShare(_)
                | Self::Cause(..)
                | Self::Hops
                | Self::InSystem
                | Self::Delay(..)
                | Self::Waited
                | Self::ServiceLevel(..)
                | Self::AnsweredWithin(_)
                | Self::AbandonedWithin(_)
                | Self::BusyMean
                | Self::ConcurrentMean(Level::Calls)
                | Self::Violations
        )
    }

    /// Whether it counts things, so that it is a whole number in one replication.
    pub const fn is_count(self) -> bool {
        matches!(
            self,
            Self::CallersOffered
                | Self::CallersReached
                | Self::CallersGaveUp
                | Self::Offered
                | Self::Fresh
                | Self::Redials
                | Self::Outcome(_)
                | Self::Cause(..)
                | Self::Hops
                | Self::AnsweredWithin(_)
                | Self::ConcurrentMax(_)
                | Self::Violations
                | Self::AccountsBlocked
        )
    }
}

/// A metric that can exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it tells.
    pub kind: Kind,
    /// Its unit; none for a share.
    pub unit: Option<&'static str>,
    /// What a share is of.
    pub of: Option<&'static str>,
    /// What it tells, for people.
    pub help: Cow<'static, str>,
}

impl Known {
    /// Whether `each` may be used with it.
    pub const fn each(&self) -> bool {
        self.kind.by_interval()
    }
}

/// A metric that cannot exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no metric `{name}`; the nearest is `{nearest}`")]
pub struct Nearest {
    /// What was asked for.
    pub name: String,
    /// The most similar name that exists.
    pub nearest: String,
}

/// What a name means.
///
/// # Errors
/// The nearest name, when no such metric can exist.
pub fn check(name: &str) -> Result<Known, Nearest> {
    if let Some(known) = all().find(|known| known.name == name) {
        return Ok(known);
    }
    table::service_level(name)
        .or_else(|| table::within(name))
        .or_else(|| table::percentile(name))
        .ok_or_else(|| Nearest {
            name: name.to_owned(),
            nearest: nearest::to(name),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_itself_and_stands_once() {
        let mut names = std::collections::BTreeSet::new();
        for known in all() {
            assert!(names.insert(known.name.clone()), "{} twice", known.name);
            assert_eq!(check(&known.name).as_ref(), Ok(&known));
            assert!(
                known.unit.is_some() != known.of.is_some(),
                "{}: a unit or a share",
                known.name
            );
            assert!(!known.help.is_empty());
        }
    }

    #[test]
    fn open_patterns_take_any_duration_and_percentile() {
        for name in [
            "service_level.1min30s.of_answered",
            "service_level.0.5s.of_answered_or_late",
            "answered_within.0.5s",
            "abandoned_within.1min30s.share",
            "answer.delay_s.p99.9",
            "hold.wait_s.p25",
        ] {
            assert_eq!(check(name).expect("a name").name, name);
        }
    }

    #[test]
    fn the_nearest_name_is_given() {
        for (name, nearest) in [
            ("calls.anwsered.share", "calls.answered.share"),
            ("callers.reach", "callers.reached"),
            (
                "service_level.20.of_offered",
                "service_level.20s.of_offered",
            ),
            ("answer.delay_s.p100", "answer.delay_s.p50"),
            ("answer.delay_s.p50.0", "answer.delay_s.p50"),
            ("calls.blocked.from_rate", "calls.blocked.from-rate"),
            ("", "calls.ivr"),
        ] {
            assert_eq!(check(name).expect_err(name).nearest, nearest);
        }
    }

    #[test]
    fn percentiles_are_read_as_they_are_printed() {
        for text in ["50", "99.9", "0.001", "99.999"] {
            assert_eq!(
                Percentile::parse(text).map(|it| it.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in ["", "0", "100", "1.", ".5", "-5", "99.9999", "5e1"] {
            assert_eq!(Percentile::parse(text), None, "{text}");
        }
    }
}
