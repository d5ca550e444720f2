//! When a run to a precision looks at what it has, and when it goes on.
//!
//! Replications are run in rounds whose sizes depend on nothing but the scenario, and looked at
//! after each: the result is that of a run with so many replications, whatever the number of
//! threads.

use std::ops::Range;

use measure::precision::{LEAST, least_known, look};
use measure::{Gate, Precision, Replication};

use crate::job::Job;

/// The rounds of a run: one, or with a precision as many as it takes.
#[derive(Debug)]
pub struct Rounds<'a> {
    gates: &'a [Gate],
    wanted: Option<f64>,
    least: u32,
    most: u32,
    done: u32,
    reached: bool,
    /// The least known metric at the last look that was not the last.
    waited_for: Option<String>,
}

impl<'a> Rounds<'a> {
    /// Those of this job.
    pub fn of(job: &'a Job) -> Self {
        let pair = if job.plan.antithetic { 2 } else { 1 };
        Self {
            gates: &job.gates,
            wanted: job.precision,
            least: LEAST * pair,
            most: job.replications,
            done: 0,
            reached: false,
            waited_for: None,
        }
    }

    /// The same, with no more replications than these.
    #[must_use]
    pub fn at_most(mut self, most: u32) -> Self {
        self.most = self.most.min(most);
        self
    }

    /// The replications to run next; none when it is enough.
    pub fn next_round(&mut self) -> Option<Range<u32>> {
        if self.done >= self.most || self.reached {
            return None;
        }
        let from = self.done;
        let until = match (self.wanted, from) {
            (None, _) => self.most,
            (Some(_), 0) => self.least,
            // A quarter more each time: seldom looks, and at most that much too far. Even, so that
            // pairs stay together.
            (Some(_), _) => from + (from / 4).next_multiple_of(2).max(4),
        };
        self.done = until.min(self.most);
        Some(from..self.done)
    }

    /// Looks at all replications so far, of one run or of several that go on together.
    pub fn look(&mut self, runs: &[&[Replication]]) {
        let Some(wanted) = self.wanted else { return };
        let metrics = runs.iter().flat_map(|it| look(self.gates, it, wanted));
        let metrics: Vec<_> = metrics.collect();
        self.reached = metrics.iter().all(|it| it.reached);
        if let Some(open) = least_known(&metrics) {
            self.waited_for = Some(open.metric.clone());
        }
    }

    /// How it went, over the replications that count; none without a precision.
    pub fn outcome(&self, replications: &[Replication]) -> Option<Precision> {
        let wanted = self.wanted?;
        Some(Precision {
            wanted,
            replications: replications.len() as u32,
            most: self.most,
            metrics: look(self.gates, replications, wanted),
            decided_by: self.waited_for.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(wanted: Option<f64>, least: u32, most: u32) -> Vec<u32> {
        let mut rounds = Rounds {
            gates: &[],
            wanted,
            least,
            most,
            done: 0,
            reached: false,
            waited_for: None,
        };
        let mut ends = Vec::new();
        while let Some(round) = rounds.next_round() {
            assert_eq!(round.start, ends.last().copied().unwrap_or(0));
            ends.push(round.end);
        }
        ends
    }

    #[test]
    fn rounds_grow_by_a_quarter_until_the_budget_is_spent() {
        assert_eq!(rounds(None, 10, 100), [100]);
        assert_eq!(
            rounds(Some(0.1), 10, 100),
            [10, 14, 18, 22, 28, 36, 46, 58, 72, 90, 100]
        );
        assert_eq!(rounds(Some(0.1), 20, 30), [20, 26, 30]);
        assert_eq!(rounds(Some(0.1), 10, 7), [7]);
    }

    #[test]
    fn pairs_stay_together() {
        assert!(rounds(Some(0.1), 20, 5000).iter().all(|n| n % 2 == 0));
    }
}
