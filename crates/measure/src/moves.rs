//! Which calls end otherwise on two sides that met the same calls.
//!
//! A fresh call is followed to the end of its first attempt on both sides and matched by its
//! address. What is matched is counted and forgotten, so that only calls that have ended on one
//! side alone are held.

use std::collections::{BTreeMap, BTreeSet};

use routing::account::UserId;
use routing::record::{CallRecord, Cause, FreshCall, FreshId, Outcome};
use routing::time::Nanos;
use routing::trace::RuleId;
use rustc_hash::FxHashMap;

use crate::estimate::{half_width, mean};
use crate::setup::Window;
use crate::summary::{Class, Metric};

/// What became of a call on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub cause: Cause,
    /// When anything first rang.
    pub rang: Option<Nanos>,
    /// When it reached hold, and when it left the queue.
    pub held: Option<(Nanos, Nanos)>,
    /// When a person was connected.
    pub answered: Option<Nanos>,
    /// When it ended.
    pub ended: Nanos,
    /// The rule of its decision.
    pub rule: Option<RuleId>,
    /// Who talked, where they have a name.
    pub user: Option<UserId>,
}

impl Life {
    /// That of a call.
    pub const fn of(call: &CallRecord) -> Self {
        Self {
            outcome: call.outcome,
            cause: call.cause,
            rang: call.rang,
            held: call.held,
            answered: call.answered,
            ended: call.ended,
            rule: call.rule,
            user: call.user,
        }
    }

    /// Whether the caller lived through the same: outcome, cause and times.
    pub fn same(&self, other: &Self) -> bool {
        let lived = |it: &Self| {
            (
                it.outcome,
                it.cause,
                it.rang,
                it.held,
                it.answered,
                it.ended,
            )
        };
        lived(self) == lived(other)
    }
}

/// A call that ends otherwise on side B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// In which replication.
    pub replication: u32,
    /// The call.
    pub call: FreshCall,
    /// Its life on side A.
    pub a: Life,
    /// And on side B.
    pub b: Life,
}

/// From which outcome to which; the same twice where only cause or times differ.
pub type Move = (Outcome, Outcome);

/// The first attempts of the fresh calls of one replication, matched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moves {
    /// Fresh calls.
    pub calls: u64,
    /// Those that lived alike on both sides.
    pub unchanged: u64,
    /// Those that did not.
    pub moved: BTreeMap<Move, u64>,
    /// The first of each kind, in the order of their arrival.
    pub first: BTreeMap<Move, Vec<Moved>>,
}

/// Matches the calls of one replication of two sides.
#[derive(Debug)]
pub struct Matching {
    replication: u32,
    window: Window,
    show: usize,
    /// Arrived on a side since the last look.
    arrived: [Vec<FreshCall>; 2],
    /// Ended on one side only.
    waiting: FxHashMap<FreshId, Waiting>,
    differ: bool,
    moves: Moves,
}

#[derive(Debug)]
struct Waiting {
    side: usize,
    call: FreshCall,
    life: Life,
}

impl Matching {
    /// Of calls that arrive in this window; of each kind of change the first `show` are kept.
    pub fn new(replication: u32, window: Window, show: usize) -> Self {
        Self {
            replication,
            window,
            show,
            arrived: [Vec::new(), Vec::new()],
            waiting: FxHashMap::default(),
            differ: false,
            moves: Moves::default(),
        }
    }

    /// A fresh call arrived on side 0 or 1.
    pub fn fresh(&mut self, side: usize, call: &FreshCall) {
        if !self.differ {
            self.arrived[side].push(*call);
        }
    }

    /// A call ended on side 0 or 1.
    pub fn ended(&mut self, side: usize, call: &CallRecord) {
        if self.differ || call.attempt > 1 || !self.window.contains(call.arrived) {
            return;
        }
        let life = Life::of(call);
        match self.waiting.remove(&call.fresh) {
            Some(other) if other.side != side => {
                let (a, b) = if side == 0 {
                    (life, other.life)
                } else {
                    (other.life, life)
                };
                self.matched(other.call, a, b);
            }
            _ => {
                let call = FreshCall {
                    id: call.fresh,
                    at: call.arrived,
                    from: call.from,
                    to: call.to,
                };
                let waiting = Waiting { side, call, life };
                self.waiting.insert(call.id, waiting);
            }
        }
    }

    /// Both sides have come to the same instant: what has arrived must be the same. If it is not,
    /// nothing is matched any more.
    pub fn look(&mut self) {
        if self.arrived[0] != self.arrived[1] {
            self.differ = true;
            self.waiting = FxHashMap::default();
        }
        self.arrived.iter_mut().for_each(Vec::clear);
    }

    /// How many calls are held at present.
    pub fn held(&self) -> usize {
        self.waiting.len()
    }

    /// What was found; none when other calls arrived on one side than on the other.
    pub fn finish(mut self) -> Option<Moves> {
        self.look();
        (!self.differ && self.waiting.is_empty()).then_some(self.moves)
    }

    fn matched(&mut self, call: FreshCall, a: Life, b: Life) {
        self.moves.calls += 1;
        if a.same(&b) {
            self.moves.unchanged += 1;
            return;
        }
        let kind = (a.outcome, b.outcome);
        *self.moves.moved.entry(kind).or_default() += 1;
        let first = self.moves.first.entry(kind).or_default();
        let order = |it: &Moved| (it.call.at, it.call.id);
        let moved = Moved {
            replication: self.replication,
            call,
            a,
            b,
        };
        let place = first.partition_point(|it| order(it) < order(&moved));
        if place < self.show {
            first.insert(place, moved);
            first.truncate(self.show);
        }
    }
}

/// One kind of change over all replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// From which outcome to which.
    pub kind: Move,
    /// How many calls, in all replications together.
    pub calls: u64,
    /// How many a replication.
    pub mean: Metric,
    /// The first of them.
    pub first: Vec<Moved>,
}

/// All kinds of change over the replications of a comparison, the most frequent first. `pairs` are
/// antithetic replications, `show` how many calls of each kind are kept.
pub fn changes(moves: &[Moves], pairs: bool, show: usize) -> Vec<Change> {
    let kinds: BTreeSet<Move> = moves
        .iter()
        .flat_map(|it| it.moved.keys().copied())
        .collect();
    let change = |kind: Move| {
        let in_each = |it: &Moves| it.moved.get(&kind).copied().unwrap_or(0);
        let first = moves.iter().filter_map(|it| it.first.get(&kind)).flatten();
        Change {
            kind,
            calls: moves.iter().map(in_each).sum(),
            mean: per_replication(moves, pairs, in_each),
            first: first.take(show).copied().collect(),
        }
    };
    let mut changes: Vec<Change> = kinds.into_iter().map(change).collect();
    changes.sort_by_key(|it| std::cmp::Reverse(it.calls));
    changes
}

/// A count of each replication as its mean with its interval.
pub fn per_replication(moves: &[Moves], pairs: bool, count: impl Fn(&Moves) -> u64) -> Metric {
    let values: Vec<f64> = moves.iter().map(|it| count(it) as f64).collect();
    let observations: Vec<f64> = if pairs {
        values.chunks(2).filter_map(mean).collect()
    } else {
        values
    };
    let value = mean(&observations).unwrap_or(0.0);
    Metric {
        value,
        ci95: half_width(&observations).map(|half| (value - half, value + half)),
        n: observations.len() as u64,
        class: if moves.len() > 1 {
            Class::Estimate
        } else {
            Class::Exact
        },
        count: true,
        ..Metric::sampled(value, "calls")
    }
}

#[cfg(test)]
mod tests;
