//! A log of which each call comes more than once.
//!
//! The log's own calls come as they were recorded. Beside each of them come others: to the same
//! number, at any time within the same stretch (so that no stretch gets more than its share, and
//! nothing comes before the start of the run), from somebody else. Who called three times in the
//! log has doubles who call three times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use routing::{Nanos, PhoneNumber};

use super::{Cursor, Due, FreshDraws, Log, Purpose, Start, unit};
use crate::callers::made_up;

/// When a call comes, and its number: the row of its log, and so many times the rows of the log
/// for each of its copies.
type Pending = Reverse<(Nanos, u64)>;

/// Memory of one, in a heap that grows by doubling.
pub(super) const HELD_BYTES: f64 = 2.0 * size_of::<Pending>() as f64;

pub(super) struct Copies<'a> {
    log: &'a Log,
    start: Start<'a>,
    next: usize,
    pending: BinaryHeap<Pending>,
}

impl<'a> Copies<'a> {
    pub(super) fn new(log: &'a Log, start: Start<'a>) -> Self {
        Self {
            log,
            start,
            next: 0,
            pending: BinaryHeap::new(),
        }
    }

    /// When the next row's stretch begins; none when no stretch begins within the run any more.
    fn next_stretch(&mut self) -> Option<Nanos> {
        loop {
            let call = self.log.calls.get(self.next)?;
            let at = self.start.calendar.since_start(call.at);
            match at.filter(|_| call.inbound) {
                Some(at) => {
                    let begins = self.log.stretch(at);
                    return (begins < self.start.until).then_some(begins);
                }
                None => self.next += 1,
            }
        }
    }

    /// The next row, and its copies.
    fn read(&mut self) {
        let row = self.next as u64;
        let call = &self.log.calls[self.next];
        self.next += 1;
        let Some(at) = self.start.calendar.since_start(call.at) else {
            return;
        };
        self.pending.push(Reverse((at, row)));
        let begins = self.log.stretch(at);
        let whole = self.log.scale as u64;
        let rows = self.log.calls.len() as u64;
        for copy in 1..=whole {
            let n = row + copy * rows;
            let rest = self.log.scale - whole as f64;
            if copy == whole && unit(self.start.uniform(n, Purpose::Thin)) >= rest {
                break;
            }
            let within = unit(self.start.uniform(n, Purpose::Jitter));
            let later = Nanos((self.log.jitter.0 as f64 * within) as u64);
            self.pending.push(Reverse((begins + later, n)));
        }
    }

    /// Who makes the copy of a call from this number.
    fn double(&self, of: PhoneNumber, copy: u64) -> PhoneNumber {
        let who = self.log.people.partition_point(|it| *it < of) as u64;
        let people = self.log.people.len() as u64;
        made_up(self.start.source, copy * people + who)
    }
}

impl Cursor for Copies<'_> {
    fn next(&mut self) -> Option<Due> {
        while let Some(begins) = self.next_stretch()
            && self.pending.peek().is_none_or(|first| first.0.0 >= begins)
        {
            self.read();
        }
        let Reverse((at, n)) = self.pending.pop()?;
        if at >= self.start.until {
            return None;
        }
        let rows = self.log.calls.len() as u64;
        let (row, copy) = (n % rows, n / rows);
        let call = &self.log.calls[row as usize];
        let from = match copy {
            0 => call.from,
            _ => call.from.map(|from| self.double(from, copy)),
        };
        Some(Due {
            at,
            n,
            draws: FreshDraws::default(),
            call: Some((from, call.to)),
        })
    }
}
