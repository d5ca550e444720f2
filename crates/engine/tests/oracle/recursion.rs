//! The heap of free times: Kiefer and Wolfowitz's recursion for a queue with several servers,
//! first come first served, with callers who leave and a waiting room that may be full.
//!
//! A caller is served by whichever server gets free first, if that is no later than the caller's
//! patience lasts; else the caller leaves and no server ever knows. (J. Kiefer and J. Wolfowitz,
//! "On the theory of queues with many servers", 1955; with impatient callers F. Baccelli, P. Boyer
//! and G. Hebuterne, "Single-server queues with impatient customers", 1984.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use routing::Nanos;

/// What a caller brings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) arrived: Nanos,
    /// How long the caller waits; never is no bound.
    pub(crate) patience: Nanos,
    /// How long the talk takes.
    pub(crate) talk: Nanos,
    /// How long the server is busy after it.
    pub(crate) wrap_up: Nanos,
}

/// What becomes of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Served { start: Nanos, end: Nanos },
    Left { at: Nanos },
    Full,
}

impl Fate {
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Served { .. } => 0,
            Self::Left { .. } => 1,
            Self::Full => 2,
        }
    }
}

/// A queue between two arrivals.
pub(crate) struct Queue {
    /// When each server gets free from all callers so far.
    free: BinaryHeap<Reverse<Nanos>>,
    /// When each caller so far stops waiting.
    waiting: BinaryHeap<Reverse<Nanos>>,
    room: Option<u32>,
}

impl Queue {
    pub(crate) fn new(servers: u32, room: Option<u32>) -> Self {
        Self {
            free: (0..servers).map(|_| Reverse(Nanos::ZERO)).collect(),
            waiting: BinaryHeap::new(),
            room,
        }
    }

    /// The next caller, who arrives no earlier than all before.
    pub(crate) fn next(&mut self, caller: &Caller) -> Fate {
        while self.waiting.peek().is_some_and(|it| it.0 <= caller.arrived) {
            self.waiting.pop();
        }
        let Reverse(free) = *self.free.peek().expect("one server at least");
        let start = free.max(caller.arrived);
        if start > caller.arrived
            && self
                .room
                .is_some_and(|it| self.waiting.len() >= it as usize)
        {
            return Fate::Full;
        }
        let gives_up = caller.arrived + caller.patience;
        if gives_up < start {
            self.waiting.push(Reverse(gives_up));
            return Fate::Left { at: gives_up };
        }
        self.waiting.push(Reverse(start));
        self.free.pop();
        let end = start + caller.talk;
        self.free.push(Reverse(end + caller.wrap_up));
        Fate::Served { start, end }
    }
}
