//! One metric on two sides: the difference, its interval, and which side is better.
//!
//! Two runs on the same calls are compared replication by replication (Student's t over the
//! differences of each: what both share falls out). Two runs on different calls, or of which only
//! the summaries are left, are compared by Welch's interval, chances by Newcombe's.

use crate::estimate::{half_width, mean, t_95};
use crate::names::{Kind, Known, Span};
use crate::replication::Replication;
use crate::summary::{Metric, pair_means};
use routing::record::Outcome;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// What can be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The same value in every replication.
    Equal,
    /// Zero lies in the interval: no difference is shown.
    Nothing,
    /// B is better.
    Better,
    /// B is worse.
    Worse,
    /// They differ, and neither way is known to be better.
    Differs,
    /// They differ, but there is no interval that would tell whether by chance.
    Inconclusive,
}

impl Shown {
    /// Its words in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Nothing => "no difference shown",
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Differs => "differs",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// One metric on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// On side A, if it has a value there.
    pub a: Option<Metric>,
    /// On side B.
    pub b: Option<Metric>,
    /// B less A; none where a side has no value.
    pub by: Option<f64>,
    /// The 95 % interval of that.
    pub ci95: Option<(f64, f64)>,
    /// Over how many independent differences, where they are paired.
    pub n: Option<u64>,
    /// What it shows.
    pub shown: Option<Shown>,
}

impl Kind {
    /// Which way is better, where everybody would agree.
    pub const fn better(self) -> Option<Direction> {
        match self {
            Self::CallersReached
            | Self::CallersReachedShare
            | Self::Outcome(Outcome::Answered)
            | Self::OutcomeShare(Outcome::Answered)
            | Self::ServiceLevel(..)
            | Self::FirstViolation
            | Self::FirstBlock => Some(Direction::Up),
            Self::Outcome(outcome) | Self::OutcomeShare(outcome) | Self::Cause(outcome, _) => {
                match outcome {
                    Outcome::CarrierVoicemail
                    | Outcome::Abandoned
                    | Outcome::Busy
                    | Outcome::NoAnswer
                    | Outcome::Dropped
                    | Outcome::Blocked
                    | Outcome::Failed => Some(Direction::Down),
                    // Whether a machine of ours is a good end, the caller must say.
                    _ => None,
                }
            }
            Self::CallersGaveUp
            | Self::CallersAttempts
            | Self::Redials
            | Self::RedialsPending
            | Self::Delay(Span::Answer | Span::Hold | Span::HoldServed, _)
            | Self::Waited
            | Self::QueueMean
            | Self::Violations
            | Self::AccountsBlocked
            | Self::BlockChance => Some(Direction::Down),
            _ => None,
        }
    }
}

/// A metric over the replications of two sides that met the same calls, in the same order.
/// Replications in which one side has no value are left out.
pub fn paired(
    known: &Known,
    (a, b): (Option<&Metric>, Option<&Metric>),
    sides: (&[Replication], &[Replication]),
) -> Difference {
    let by = differences(known, sides);
    let (Some(_), Some(_), Some(value)) = (a, b, mean(&by)) else {
        return unknown(known, a, b);
    };
    let ci95 = half_width(&by).map(|half| (value - half, value + half));
    let same = by.iter().all(|it| *it == 0.0);
    Difference {
        name: known.name.to_string(),
        a: a.copied(),
        b: b.copied(),
        by: Some(value),
        ci95,
        n: Some(by.len() as u64),
        shown: Some(shown(known.kind, value, ci95, same)),
    }
}

/// B less A in each replication, or in each pair of them.
fn differences(known: &Known, (a, b): (&[Replication], &[Replication])) -> Vec<f64> {
    let value = |it: &Replication| it.value(known.kind);
    if a.first().is_some_and(|it| it.setup.pairs) {
        // The partner of a replication is found by its number.
        let of_b = |one: &Replication| b.iter().find(|it| it.number == one.number);
        return pair_means(a, |one| {
            let other = of_b(one).ok_or(crate::Absence::NoneOf("replications"))?;
            Ok(value(other)? - value(one)?)
        });
    }
    let both = a.iter().zip(b);
    both.filter_map(|(a, b)| Some(value(b).ok()? - value(a).ok()?))
        .collect()
}

/// A metric of two runs on different calls, from its two estimates.
pub fn unpaired(known: &Known, a: Option<&Metric>, b: Option<&Metric>) -> Difference {
    let (Some(one), Some(other)) = (a, b) else {
        return unknown(known, a, b);
    };
    let by = other.value - one.value;
    let ci95 = if known.kind == Kind::BlockChance {
        newcombe(one, other)
    } else {
        welch(one, other)
    };
    Difference {
        name: known.name.to_string(),
        a: a.copied(),
        b: b.copied(),
        by: Some(by),
        ci95,
        n: None,
        shown: Some(shown(known.kind, by, ci95, by == 0.0)),
    }
}

fn unknown(known: &Known, a: Option<&Metric>, b: Option<&Metric>) -> Difference {
    Difference {
        name: known.name.to_string(),
        a: a.copied(),
        b: b.copied(),
        by: None,
        ci95: None,
        n: None,
        shown: None,
    }
}

fn shown(kind: Kind, by: f64, ci95: Option<(f64, f64)>, same: bool) -> Shown {
    if same {
        return Shown::Equal;
    }
    let Some((low, high)) = ci95 else {
        return Shown::Inconclusive;
    };
    if low <= 0.0 && high >= 0.0 {
        return Shown::Nothing;
    }
    match (kind.better(), by > 0.0) {
        (None, _) => Shown::Differs,
        (Some(Direction::Up), true) | (Some(Direction::Down), false) => Shown::Better,
        _ => Shown::Worse,
    }
}

/// The standard error of a mean from its t interval, and its degrees of freedom.
fn error(metric: &Metric) -> Option<(f64, f64)> {
    let (low, high) = metric.ci95?;
    let degrees = metric.n.checked_sub(1)? as f64;
    Some(((high - low) / 2.0 / t_95(degrees)?, degrees))
}

/// Welch's interval of B less A (Welch, "The generalization of Student's problem when several
/// different population variances are involved", Biometrika 34, 1947).
fn welch(a: &Metric, b: &Metric) -> Option<(f64, f64)> {
    let by = b.value - a.value;
    let ((error_a, free_a), (error_b, free_b)) = (error(a)?, error(b)?);
    let (a2, b2) = (error_a * error_a, error_b * error_b);
    let both = a2 + b2;
    if both == 0.0 {
        return Some((by, by));
    }
    let degrees = both * both / (a2 * a2 / free_a + b2 * b2 / free_b);
    let half = t_95(degrees.max(1.0))? * both.sqrt();
    Some((by - half, by + half))
}

/// Newcombe's interval of the difference of two chances from their Wilson intervals ("Interval
/// estimation for the difference between independent proportions", Statistics in Medicine 17,
/// 1998, method 10).
fn newcombe(a: &Metric, b: &Metric) -> Option<(f64, f64)> {
    let ((low_a, high_a), (low_b, high_b)) = (a.ci95?, b.ci95?);
    let by = b.value - a.value;
    let below = (b.value - low_b).hypot(high_a - a.value);
    let above = (high_b - b.value).hypot(a.value - low_a);
    Some((by - below, by + above))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::check;
    use crate::summary::Class;

    fn estimate(value: f64, half: f64, n: u64) -> Metric {
        Metric {
            ci95: Some((value - half, value + half)),
            n,
            class: Class::Estimate,
            ..Metric::sampled(value, "s")
        }
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 5e-4, "{a} is not {b}");
    }

    #[test]
    fn welch_widens_with_both_errors_and_pools_their_freedom() {
        // Standard errors 1 and 2 on 9 and 15 degrees: 19 and a bit, t 2.0895.
        let t = |degrees| t_95(degrees).unwrap();
        let (a, b) = (
            estimate(10.0, t(9.0), 10),
            estimate(12.0, 2.0 * t(15.0), 16),
        );
        let (low, high) = welch(&a, &b).unwrap();
        let degrees = 25.0 / (1.0 / 9.0 + 16.0 / 15.0);
        near(low, 2.0 - t(degrees) * 5f64.sqrt());
        near(high, 2.0 + t(degrees) * 5f64.sqrt());
        assert!(welch(&a, &Metric::sampled(3.0, "s")).is_none());
    }

    #[test]
    fn newcombe_gives_the_published_interval() {
        // Newcombe 1998, table II, case (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
        let chance = |yes, n| Metric {
            ci95: crate::estimate::wilson_95(yes, n),
            ..Metric::sampled(yes as f64 / n as f64, "")
        };
        let (low, high) = newcombe(&chance(48, 80), &chance(56, 70)).unwrap();
        near(low, 0.0524);
        near(high, 0.3339);
    }

    #[test]
    fn a_verdict_needs_an_interval_without_zero_and_a_direction() {
        let known = |name| check(name).expect("a metric");
        let answered = known("calls.answered.share");
        for (name, by, ci95, same, expected) in [
            (
                "calls.answered.share",
                0.1,
                Some((0.05, 0.15)),
                false,
                Shown::Better,
            ),
            (
                "calls.answered.share",
                -0.1,
                Some((-0.2, -0.05)),
                false,
                Shown::Worse,
            ),
            (
                "calls.blocked.share",
                0.1,
                Some((0.05, 0.15)),
                false,
                Shown::Worse,
            ),
            (
                "calls.voicemail.share",
                0.1,
                Some((0.05, 0.15)),
                false,
                Shown::Differs,
            ),
            (
                "calls.answered.share",
                0.1,
                Some((-0.05, 0.25)),
                false,
                Shown::Nothing,
            ),
            (
                "calls.answered.share",
                0.1,
                None,
                false,
                Shown::Inconclusive,
            ),
            ("calls.answered.share", 0.0, None, true, Shown::Equal),
        ] {
            assert_eq!(shown(known(name).kind, by, ci95, same), expected, "{name}");
        }
        let absent = unpaired(&answered, None, Some(&estimate(1.0, 0.1, 5)));
        assert_eq!((absent.by, absent.shown), (None, None));
    }
}
