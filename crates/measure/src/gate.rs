//! Bounds on metrics, and whether a run keeps them.

use routing::Nanos;

use crate::names::{self, Kind, Known};
use crate::replication::Replication;
use crate::summary::{Metric, Summary};

/// What a run must keep.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gate {
    /// The metric's name.
    pub metric: String,
    /// At least this much, in the metric's unit.
    pub min: Option<f64>,
    /// More than this.
    pub above: Option<f64>,
    /// At most this much.
    pub max: Option<f64>,
    /// Less than this.
    pub below: Option<f64>,
    /// Exactly this much.
    pub equals: Option<f64>,
    /// In each interval of this length.
    pub each: Option<Nanos>,
    /// On at least this share of the replications, instead of on average.
    pub holds_on: Option<f64>,
}

/// One bound of a gate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// At least.
    Min(f64),
    /// More than.
    Above(f64),
    /// At most.
    Max(f64),
    /// Less than.
    Below(f64),
    /// Exactly.
    Equals(f64),
}

impl Bound {
    /// The bound itself.
    pub const fn at(self) -> f64 {
        match self {
            Self::Min(at)
            | Self::Above(at)
            | Self::Max(at)
            | Self::Below(at)
            | Self::Equals(at) => at,
        }
    }

    /// As it is written in front of the bound.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Min(_) => ">=",
            Self::Above(_) => ">",
            Self::Max(_) => "<=",
            Self::Below(_) => "<",
            Self::Equals(_) => "==",
        }
    }

    /// Whether a value keeps it.
    fn keeps(self, value: f64) -> bool {
        match self {
            Self::Above(at) => value > at,
            Self::Below(at) => value < at,
            _ => self.margin(value) >= 0.0,
        }
    }

    /// How far a value is on the right side; negative on the wrong one.
    fn margin(self, value: f64) -> f64 {
        match self {
            Self::Min(at) | Self::Above(at) => value - at,
            Self::Max(at) | Self::Below(at) => at - value,
            Self::Equals(at) => -(value - at).abs(),
        }
    }
}

/// What a gate says. The order is that of exit codes: the later decides when several hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The bound holds.
    Pass,
    /// The bound lies inside the interval of the value: more replications would tell.
    Inconclusive,
    /// It does not hold.
    Fail,
    /// There is no value.
    NotMeasured,
    /// Of a run as a whole: what was measured cannot be believed.
    Invalid,
}

impl Verdict {
    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::NotMeasured => "not-measured",
            Self::Invalid => "invalid",
        }
    }
}

/// What became of a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct GateResult {
    /// The gate.
    pub gate: Gate,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The value that decided: in the worst interval with `each`.
    pub value: Option<f64>,
    /// Its interval.
    pub ci95: Option<(f64, f64)>,
    /// The bound that decided, where there are several.
    pub bound: Option<Bound>,
    /// The start of the interval that decided, with `each`.
    pub worst: Option<Nanos>,
    /// The share of the replications that kept the bound, with `holds_on`.
    pub held_on: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// A bound held against one value.
#[derive(Debug, Clone, Copy)]
struct Held {
    verdict: Verdict,
    bound: Bound,
    value: f64,
    ci95: Option<(f64, f64)>,
    /// The start of the interval that it is about, with `each`.
    start: Option<Nanos>,
}

impl Held {
    /// The worse verdict, then the smaller margin, then the earlier.
    fn worse(self, other: Self) -> Self {
        let margin = |held: Self| held.bound.margin(held.value);
        let order = other.verdict.cmp(&self.verdict);
        let order = order.then(margin(self).total_cmp(&margin(other)));
        if order.is_gt() { other } else { self }
    }
}

impl Gate {
    /// Its bounds, in the order of reports.
    pub fn bounds(&self) -> impl Iterator<Item = Bound> {
        let bounds = [
            self.min.map(Bound::Min),
            self.above.map(Bound::Above),
            self.max.map(Bound::Max),
            self.below.map(Bound::Below),
            self.equals.map(Bound::Equals),
        ];
        bounds.into_iter().flatten()
    }

    /// Every bound against one value; the worst. None of a gate without bounds.
    fn hold(&self, value: f64, ci95: Option<(f64, f64)>) -> Option<Held> {
        let held = |bound: Bound| {
            let inside = ci95.is_some_and(|(low, high)| low < bound.at() && bound.at() < high);
            let verdict = match (inside, bound.keeps(value)) {
                (true, _) => Verdict::Inconclusive,
                (false, true) => Verdict::Pass,
                (false, false) => Verdict::Fail,
            };
            Held {
                verdict,
                bound,
                value,
                ci95,
                start: None,
            }
        };
        self.bounds().map(held).reduce(Held::worse)
    }
}

/// Holds a summary against a gate.
///
/// With `each`, intervals without the metric are skipped and the worst of the rest decides: a
/// failing one before an inconclusive one, then the smallest margin. With `holds_on`, a
/// replication without the metric has not kept the bound, unless none has it.
pub fn judge(gate: &Gate, summary: &Summary) -> GateResult {
    let known = match names::check(&gate.metric) {
        Ok(known) => known,
        Err(nearest) => return not_measured(gate, nearest.to_string()),
    };
    let plain = gate.each.is_none() && gate.holds_on.is_none();
    if known.kind == Kind::Measured && !plain {
        return not_measured(gate, "it is known only for the whole run".to_owned());
    }
    if gate.each.is_some() && !known.each() {
        return not_measured(gate, "it is not known for each interval".to_owned());
    }
    let decided = match gate.each {
        None => whole(gate, &known, summary),
        Some(each) => worst(gate, &known, each, summary),
    };
    let held = match decided {
        Ok(held) => held,
        Err(reason) => return not_measured(gate, reason),
    };
    let result = GateResult {
        gate: gate.clone(),
        verdict: held.verdict,
        value: Some(held.value),
        ci95: held.ci95,
        bound: Some(held.bound),
        worst: held.start,
        held_on: None,
        reason: None,
    };
    match gate.holds_on {
        None => result,
        Some(share) => on_share(result, &known, share, summary),
    }
}

/// The verdict of a run: the one with the highest exit code; pass without gates.
pub fn verdict<'a>(gates: impl IntoIterator<Item = &'a GateResult>) -> Verdict {
    gates
        .into_iter()
        .map(|gate| gate.verdict)
        .max()
        .unwrap_or(Verdict::Pass)
}

fn not_measured(gate: &Gate, reason: String) -> GateResult {
    GateResult {
        gate: gate.clone(),
        verdict: Verdict::NotMeasured,
        value: None,
        ci95: None,
        bound: gate.bounds().next(),
        worst: None,
        held_on: None,
        reason: Some(reason),
    }
}

const NO_BOUND: &str = "the gate has no bound: give it min, max or equals";

type Decided = Result<Held, String>;

fn whole(gate: &Gate, known: &Known, summary: &Summary) -> Decided {
    let metric: &Metric = summary.get(&known.name).ok_or_else(|| {
        let reason = summary.reason(&known.name).map(str::to_owned);
        reason.unwrap_or_else(|| missing(known).to_owned())
    })?;
    Ok(gate.hold(metric.value, metric.ci95).ok_or(NO_BOUND)?)
}

/// Why a summary does not even know that a metric is absent.
fn missing(known: &Known) -> &'static str {
    if known.name.starts_with("backend.") {
        "only a run against a live back end tells it"
    } else if known.kind == Kind::Measured {
        "too few were timed"
    } else {
        "it was not asked for before the run"
    }
}

fn worst(gate: &Gate, known: &Known, each: Nanos, summary: &Summary) -> Decided {
    let first = summary
        .replications
        .first()
        .ok_or("there were no replications")?;
    let number = first
        .series
        .iter()
        .position(|series| series.interval == each);
    let number = number.ok_or("these intervals were not asked for before the run")?;
    let series = &first.series[number];
    let (mut worst, mut why) = (None::<Held>, None);
    for row in 0..series.rows.len() {
        match summary.interval(known, number, row) {
            Ok(metric) => {
                let mut held = gate.hold(metric.value, metric.ci95).ok_or(NO_BOUND)?;
                held.start = Some(series.bounds(row).0);
                worst = Some(worst.map_or(held, |before| before.worse(held)));
            }
            Err(absence) => why = Some(absence),
        }
    }
    worst.ok_or_else(|| {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        format!("no interval has it{why}")
    })
}

/// Counts the replications that keep the bound by themselves.
fn on_share(mut result: GateResult, known: &Known, share: f64, summary: &Summary) -> GateResult {
    let kept = summary
        .replications
        .iter()
        .filter(|it| keeps(&result.gate, known, it))
        .count();
    let all = summary.replications.len();
    // Both are whole numbers of replications: a tenth of twenty is two, whatever 0.1 * 20 gives.
    let needed = share * all as f64;
    let holds = kept as f64 >= needed - 1e-9;
    result.held_on = Some(kept as f64 / all.max(1) as f64);
    result.ci95 = None;
    result.verdict = if holds { Verdict::Pass } else { Verdict::Fail };
    result
}

/// Whether a replication keeps the bounds, in all its intervals with `each`.
fn keeps(gate: &Gate, known: &Known, replication: &Replication) -> bool {
    let keeps = |value: f64| {
        gate.hold(value, None)
            .is_some_and(|it| it.verdict == Verdict::Pass)
    };
    let Some(each) = gate.each else {
        return replication.value(known.kind).is_ok_and(keeps);
    };
    let Some(series) = replication.series_of(each) else {
        return false;
    };
    let rows = 0..series.rows.len();
    let values: Vec<f64> = rows
        .filter_map(|row| replication.interval_value(known.kind, series, row).ok())
        .collect();
    !values.is_empty() && values.into_iter().all(keeps)
}
