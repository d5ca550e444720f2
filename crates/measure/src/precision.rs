//! How precisely a run knows what its gates rest on: half the 95 % interval as a share of the
//! value.
//!
//! Looks at replications that are over; when to look, and whether to go on, is the business of
//! whoever runs them.

use crate::gate::Gate;
use crate::names::{self, Kind, Known};
use crate::replication::Replication;
use crate::summary::over;

/// As many independent observations a metric has at least before its interval is trusted to stop a
/// run: of fewer the standard deviation itself is hardly known, and a run would stop by luck
/// (Law, Simulation Modeling and Analysis, section 9.4.1, takes ten).
pub const LEAST: u32 = 10;

/// How precisely one metric is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Known95 {
    /// Its name.
    pub metric: String,
    /// Half the width of its 95 % interval as a share of its value; infinite about zero. None when
    /// it has no interval.
    pub share: Option<f64>,
    /// Whether that is below the precision wanted, by enough observations.
    pub reached: bool,
    /// Why it has no interval, or one that does not count.
    pub why: Option<String>,
}

/// How a run came to its number of replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The share that was wanted.
    pub wanted: f64,
    /// Replications that were run.
    pub replications: u32,
    /// The most that might have been.
    pub most: u32,
    /// Every gated metric, in the order of the gates.
    pub metrics: Vec<Known95>,
    /// The metric that took longest; none when all were known at the first look.
    pub decided_by: Option<String>,
}

impl Precision {
    /// Whether every gated metric is known as precisely as was wanted.
    pub fn reached(&self) -> bool {
        self.metrics.iter().all(|it| it.reached)
    }
}

/// Every metric of the gates, once each, as these replications know it. Over the whole window,
/// also where a gate is about intervals or about the share of replications. What a clock measured
/// has no interval and is left out.
pub fn look(gates: &[Gate], replications: &[Replication], wanted: f64) -> Vec<Known95> {
    let mut metrics: Vec<Known95> = Vec::new();
    for gate in gates {
        let Ok(known) = names::check(&gate.metric) else {
            continue;
        };
        let seen = metrics.iter().any(|it| it.metric == known.name);
        if !seen && known.kind != Kind::Measured {
            metrics.push(of(&known, replications, wanted));
        }
    }
    metrics
}

/// The least known of those that are not reached.
pub fn least_known(metrics: &[Known95]) -> Option<&Known95> {
    let share = |it: &&Known95| it.share.unwrap_or(f64::INFINITY);
    let open = metrics.iter().filter(|it| !it.reached);
    // The first of several that are alike.
    open.reduce(|a, b| if share(&b) > share(&a) { b } else { a })
}

fn of(known: &Known, replications: &[Replication], wanted: f64) -> Known95 {
    let (share, n, why) = match over(replications, known, |it| it.value(known.kind)) {
        Ok(metric) => (metric.precision(), metric.n, None),
        Err(absence) => (None, 0, Some(absence.to_string())),
    };
    let few = (n > 0 && n < u64::from(LEAST))
        .then(|| format!("{n} observations, it takes at least {LEAST}"));
    let zero = share
        .is_some_and(f64::is_infinite)
        .then(|| "its value is 0, and no interval is a share of that".to_owned());
    Known95 {
        metric: known.name.to_string(),
        share,
        reached: few.is_none() && share.is_some_and(|share| share < wanted),
        why: why.or(few).or(zero),
    }
}
