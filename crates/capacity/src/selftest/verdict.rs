//! What a run measured against what a row expects.

use measure::estimate::t_95;
use measure::names::{self, Denominator, Span, Stat};
use measure::{Kind, Replication, Summary};
use routing::record::Outcome;

use super::lengths::Lengths;
use super::metric::{Take, Unit};
use super::question::{Nearness, Question};

/// Whether a row's number came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Agree,
    /// It did not.
    Differ,
    /// The row cannot be played.
    NotExpressed,
}

impl Verdict {
    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Differ => "differ",
            Self::NotExpressed => "not-expressed",
        }
    }
}

/// How far from the expected number a measured one may be, in standard errors, where it is exact.
const STANDARD_ERRORS: f64 = 4.0;

/// The same in half-widths, where it was simulated: both of them squared and added up.
const HALF_WIDTHS: f64 = 1.6;

/// A number of ours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// In the row's unit.
    pub value: f64,
    /// Half of its 95 % interval.
    pub half_width: f64,
    /// One standard error of it.
    pub standard_error: f64,
}

/// What the run says to this question, in the row's unit.
///
/// # Errors
/// Why it says nothing.
pub fn measured(
    question: &Question,
    summary: &Summary,
    lengths: &Lengths,
) -> Result<Measured, String> {
    let unit = match question.reading.unit {
        Unit::One => 1.0,
        Unit::Seconds(unit_s) => unit_s,
        Unit::SecondsSquared(unit_s) => unit_s * unit_s,
        Unit::PerSeconds(unit_s) => (lengths.duration_s - lengths.warm_up_s) as f64 / unit_s,
    };
    let runs = &summary.replications;
    let pooled = match &question.reading.take {
        Take::Value(name) => Pooled::of(&values(runs, name, |it| it)?),
        Take::Rest(name) => Pooled::of(&values(runs, name, |it| 1.0 - it)?),
        Take::Variance { within, mean } => {
            let means = values(runs, mean, |it| it)?;
            let all = Pooled::of(&means).value;
            let own = values(runs, within, |it| it)?;
            let about_all = own.iter().zip(&means);
            let about_all = about_all.map(|((own, weight), (mean, _))| {
                let apart = mean - all;
                (own + apart * apart, *weight)
            });
            Pooled::of(&about_all.collect::<Vec<_>>())
        }
    };
    let t = t_95(pooled.n as f64 - 1.0).ok_or("one replication has no interval")?;
    Ok(Measured {
        value: pooled.value / unit,
        half_width: t * pooled.standard_error / unit,
        standard_error: pooled.standard_error / unit,
    })
}

/// A metric of each replication that has it, and how much it weighs.
fn values(
    runs: &[Replication],
    name: &str,
    with: impl Fn(f64) -> f64,
) -> Result<Vec<(f64, f64)>, String> {
    let kind = names::check(name).map_err(|why| why.to_string())?.kind;
    let (mut values, mut why) = (Vec::with_capacity(runs.len()), None);
    for run in runs {
        let weight = weighs_as(kind).map_or(Ok(1.0), |it| run.value(it));
        match (run.value(kind), weight) {
            (Ok(value), Ok(weight)) => values.push((with(value), weight)),
            (Err(absence), _) | (_, Err(absence)) => why = Some(absence),
        }
    }
    match why {
        Some(absence) if values.len() < 2 => Err(format!("the run has no `{name}`: {absence}")),
        _ => Ok(values),
    }
}

/// What a metric is a share of or a mean over. The plain mean over replications would be biased:
/// a busy replication has more of the calls that wait long. None for means over time.
fn weighs_as(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::OutcomeShare(_)
        | Kind::Waited
        | Kind::Delay(Span::Hold, Stat::Mean)
        | Kind::ServiceLevel(_, Denominator::Offered | Denominator::OfferedLessShort) => {
            Some(Kind::Offered)
        }
        Kind::Delay(Span::HoldServed | Span::Answer, Stat::Mean | Stat::Variance)
        | Kind::ServiceLevel(_, Denominator::Answered | Denominator::AnsweredOrLate) => {
            Some(Kind::Outcome(Outcome::Answered))
        }
        Kind::Delay(Span::HoldAbandoned, _) | Kind::AbandonedWithin(_) => {
            Some(Kind::Outcome(Outcome::Abandoned))
        }
        _ => None,
    }
}

/// A ratio of two sums over replications, estimated as such.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pooled {
    value: f64,
    standard_error: f64,
    n: usize,
}

impl Pooled {
    /// Of values with their weights: Σwz / Σw, and its standard error by linearisation (Cochran,
    /// Sampling Techniques, 6.4).
    fn of(values: &[(f64, f64)]) -> Self {
        let n = values.len();
        let weights: f64 = values.iter().map(|(_, weight)| weight).sum();
        let value = values
            .iter()
            .map(|(value, weight)| value * weight)
            .sum::<f64>()
            / weights;
        let off = |(one, weight): &(f64, f64)| ((one - value) * weight / weights).powi(2);
        let squares: f64 = values.iter().map(off).sum();
        Self {
            value,
            standard_error: (squares * n as f64 / (n as f64 - 1.0)).sqrt(),
            n,
        }
    }
}

/// Whether they agree, and in words by how much they may differ (contract.md section 5).
pub fn judged(question: &Question, measured: &Measured) -> (Verdict, String) {
    let (allowed, how) = match question.nearness {
        Nearness::Exact => (
            STANDARD_ERRORS * measured.standard_error,
            "4 standard errors",
        ),
        Nearness::Simulated(theirs) => (
            HALF_WIDTHS * measured.half_width.hypot(theirs),
            "1.6 half-widths of both",
        ),
    };
    let allowed = question.half_unit + allowed;
    let apart = (measured.value - question.expected).abs();
    let verdict = if apart <= allowed {
        Verdict::Agree
    } else {
        Verdict::Differ
    };
    let reason = format!(
        "{} apart, allowed {} (half a unit of the last digit and {how})",
        short(apart),
        short(allowed)
    );
    (verdict, reason)
}

/// Three digits.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    format!("{value:.*}", digits.clamp(0, 12) as usize)
}

#[cfg(test)]
mod tests {
    use super::super::law::Family;
    use super::super::metric::Reading;
    use super::super::model::Model;
    use super::*;

    fn question(expected: f64, half_unit: f64, nearness: Nearness) -> Question {
        Question {
            model: Model {
                rate_per_s: 1.0,
                servers: 1,
                room: Some(0),
                service: (Family::Any, 1.0),
                patience: None,
                redial: None,
                day_s: None,
            },
            reading: Reading {
                take: Take::Value("calls.busy.share".to_owned()),
                unit: Unit::One,
            },
            expected,
            half_unit,
            nearness,
        }
    }

    fn of(value: f64) -> Measured {
        Measured {
            value,
            half_width: 0.03,
            standard_error: 0.01,
        }
    }

    #[test]
    fn exact_rows_are_met_within_four_standard_errors_and_half_a_unit() {
        let exact = question(1.0, 0.005, Nearness::Exact);
        assert_eq!(judged(&exact, &of(1.0449)).0, Verdict::Agree);
        assert_eq!(judged(&exact, &of(1.0451)).0, Verdict::Differ);
        assert_eq!(judged(&exact, &of(0.9551)).0, Verdict::Agree);
        let (_, why) = judged(&exact, &of(1.1));
        assert!(why.starts_with("0.100 apart, allowed 0.0450"), "{why}");
    }

    #[test]
    fn simulated_rows_are_met_within_both_half_widths() {
        let simulated = question(1.0, 0.005, Nearness::Simulated(0.04));
        // 0.005 + 1.6 * 0.05
        assert_eq!(judged(&simulated, &of(1.0849)).0, Verdict::Agree);
        assert_eq!(judged(&simulated, &of(1.0851)).0, Verdict::Differ);
    }

    #[test]
    fn busy_replications_weigh_more() {
        let pooled = Pooled::of(&[(1.0, 1.0), (4.0, 3.0)]);
        assert_eq!(pooled.value, 3.25);
        let alike = Pooled::of(&[(1.0, 2.0), (2.0, 2.0), (3.0, 2.0), (4.0, 2.0)]);
        let plain = measure::estimate::half_width(&[1.0, 2.0, 3.0, 4.0]).expect("a width");
        let t = t_95(3.0).expect("a quantile");
        assert_eq!(alike.value, 2.5);
        assert!((t * alike.standard_error - plain).abs() < 1e-12);
    }
}
