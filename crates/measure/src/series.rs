//! The run by intervals of the time of arrival.

use routing::Nanos;
use routing::record::CallRecord;

use crate::counts::Counts;
use crate::setup::{Setup, Window};

/// One interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// The calls that arrived in it.
    pub counts: Counts,
    /// Violations of rate limits in it.
    pub violations: u64,
    /// Time of all calls in the system within it, ns.
    pub calls_ns: u128,
    /// Time of all staff busy within it, ns.
    pub busy_ns: u128,
}

/// All intervals of one length that touch the window, counted from the start of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Their length.
    pub interval: Nanos,
    /// The first one's number, counted from the start of the run: later than 0 after a warm-up.
    pub first: u64,
    /// One after the other.
    pub rows: Vec<Interval>,
    window: Window,
    /// The interval that was asked for last.
    near: Near,
}

/// An interval by its number and its instants within the window: what happens comes nearly in the
/// order of time, so the next call lies in it as a rule, and comparisons tell so where a division
/// would. No part of the value.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    row: usize,
    from: u64,
    until: u64,
}

impl PartialEq for Near {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Series {
    /// Empty intervals of this length over the window. The interval must not be zero.
    pub fn new(setup: &Setup, interval: Nanos) -> Self {
        let window = setup.window();
        let step = interval.0.max(1);
        let first = window.from.0 / step;
        let rows = window.until.0.div_ceil(step).saturating_sub(first);
        let row = Interval {
            counts: Counts::new(setup, setup.interval_delays),
            violations: 0,
            calls_ns: 0,
            busy_ns: 0,
        };
        Self {
            interval,
            first,
            rows: vec![row; rows as usize],
            window,
            near: Near::default(),
        }
    }

    /// When an interval starts, and the first instant after it. Neither is cut to the window.
    pub fn bounds(&self, row: usize) -> (Nanos, Nanos) {
        let number = self.first + row as u64;
        let from = self.interval.0.saturating_mul(number);
        (Nanos(from), Nanos(from.saturating_add(self.interval.0)))
    }

    /// How much of an interval lies in the window, ns.
    pub fn length_ns(&self, row: usize) -> u64 {
        let (from, until) = self.bounds(row);
        self.window.clip(from, until)
    }

    /// The row of an instant in the window.
    #[inline]
    fn row(&mut self, at: Nanos) -> usize {
        if at.0.wrapping_sub(self.near.from) >= self.near.until.wrapping_sub(self.near.from) {
            self.go_near(at);
        }
        self.near.row
    }

    #[cold]
    fn go_near(&mut self, at: Nanos) {
        let number = at.0 / self.interval.0.max(1);
        let row = number.saturating_sub(self.first) as usize;
        let (from, until) = self.bounds(row);
        self.near = Near {
            row,
            from: from.max(self.window.from).0,
            until: until.min(self.window.until).0,
        };
    }

    /// One more call that ended, and the time for which somebody was busy with it. It is counted
    /// where it arrived in the window; its time within the window is in any case.
    #[inline]
    pub fn add(&mut self, call: &CallRecord, busy: Option<(Nanos, Nanos)>, counted: bool) {
        let last = busy.map_or(call.ended, |(_, until)| until.max(call.ended));
        let at = call.arrived;
        if counted {
            let row = self.row(at);
            let inside = last.0 <= self.near.until;
            let Some(row) = self.rows.get_mut(row) else {
                return;
            };
            row.counts.add(call);
            if inside {
                // As most of them.
                row.calls_ns += u128::from(call.ended.since(at).0);
                if let Some((from, until)) = busy {
                    row.busy_ns += u128::from(until.since(from).0);
                }
                return;
            }
        }
        self.spread(at, call.ended, |row| &mut row.calls_ns);
        if let Some((from, until)) = busy {
            self.spread(from, until, |row| &mut row.busy_ns);
        }
    }

    /// Violations in the window.
    pub fn violations(&mut self, at: Nanos, count: u64) {
        let row = self.row(at);
        if let Some(row) = self.rows.get_mut(row) {
            row.violations += count;
        }
    }

    /// A stretch of time that is shared out over the intervals which it touches.
    fn spread(&mut self, from: Nanos, until: Nanos, field: impl Fn(&mut Interval) -> &mut u128) {
        let (from, until) = (from.max(self.window.from), until.min(self.window.until));
        if from >= until {
            return;
        }
        let (mut at, mut row) = (from, self.row(from));
        while at < until && row < self.rows.len() {
            let end = self.bounds(row).1.min(until);
            *field(&mut self.rows[row]) += u128::from(end.since(at).0);
            (at, row) = (end, row + 1);
        }
    }

    /// What another part counted.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            mine.counts.merge(&theirs.counts);
            mine.violations += theirs.violations;
            mine.calls_ns += theirs.calls_ns;
            mine.busy_ns += theirs.busy_ns;
        }
    }
}
