//! All `[[arrivals]]` of a run as one stream of fresh calls, in order of time, each with the draws
//! of its first attempt.
//!
//! Reads ahead a few calls a source, so that their draws are made side by side. That is only
//! early evaluation: times and draws are functions of their addresses, whatever happens meanwhile.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use routing::Nanos;
use routing::account::{Accounts, NumberId};
use routing::record::{FreshCall, FreshId};

use super::{Cursor, Due, Source, Start};
use crate::calendar::Calendar;
use crate::draws::{AttemptDraws, BATCH, Draws, Lanes};

/// A fresh call as it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When, who, whom.
    pub call: FreshCall,
    /// The number dialled, where it is one of ours.
    pub number: Option<NumberId>,
    /// The draws of the life of its first attempt: what [`Draws::attempt`] gives.
    pub life: AttemptDraws,
}

/// What a stream of fresh calls is made for.
#[derive(Clone, Copy)]
pub struct Stream<'p> {
    /// The draws of the replication.
    pub draws: Draws,
    /// The `[[arrivals]]` in their order.
    pub sources: &'p [Source],
    /// Whose numbers are called.
    pub accounts: &'p Accounts,
    /// Local time.
    pub calendar: &'p Calendar,
    /// Nothing arrives from here on.
    pub until: Nanos,
}

/// The fresh calls of one replication, in order of time; at one instant in the order of the
/// `[[arrivals]]`.
pub struct Arrivals<'p> {
    /// When the next call of each source is due.
    heads: BinaryHeap<Reverse<(Nanos, u16)>>,
    sources: Vec<Ahead<'p>>,
}

impl<'p> Arrivals<'p> {
    /// The stream from its start. More than 65 536 sources are not told apart; a scenario has
    /// fewer.
    pub fn new(stream: &Stream<'p>) -> Self {
        let mut sources: Vec<Ahead<'p>> = Vec::with_capacity(stream.sources.len());
        for (at, source) in stream.sources.iter().enumerate() {
            let mut ahead = Ahead::new(stream, source, at as u16);
            ahead.fill();
            sources.push(ahead);
        }
        let due = |(at, ahead): (usize, &Ahead<'p>)| Some(Reverse((ahead.due()?, at as u16)));
        let heads = sources.iter().enumerate().filter_map(due).collect();
        Self { heads, sources }
    }

    /// When the next call arrives; none when nothing comes any more.
    #[inline]
    pub fn due(&self) -> Option<Nanos> {
        self.heads.peek().map(|Reverse((at, _))| *at)
    }
}

impl Iterator for Arrivals<'_> {
    type Item = Arrival;

    #[inline]
    fn next(&mut self) -> Option<Arrival> {
        let mut head = self.heads.peek_mut()?;
        let ahead = &mut self.sources[usize::from(head.0.1)];
        let arrival = ahead.take();
        match ahead.due() {
            Some(due) => head.0.0 = due,
            None => {
                PeekMut::pop(head);
            }
        }
        arrival
    }
}

/// One source, read a few calls ahead.
struct Ahead<'p> {
    draws: Draws,
    index: u16,
    source: &'p Source,
    accounts: &'p Accounts,
    cursor: Box<dyn Cursor + 'p>,
    ready: Vec<Arrival>,
    next: usize,
}

impl<'p> Ahead<'p> {
    fn new(stream: &Stream<'p>, source: &'p Source, index: u16) -> Self {
        let start = Start {
            draws: stream.draws,
            source: index,
            calendar: stream.calendar,
            until: stream.until,
            spread: source.spread,
        };
        Self {
            draws: stream.draws,
            index,
            source,
            accounts: stream.accounts,
            cursor: source.process.start(&start),
            ready: Vec::with_capacity(BATCH),
            next: 0,
        }
    }

    #[inline]
    fn due(&self) -> Option<Nanos> {
        self.ready.get(self.next).map(|arrival| arrival.call.at)
    }

    #[inline]
    fn take(&mut self) -> Option<Arrival> {
        let arrival = self.ready.get(self.next).copied();
        self.next += 1;
        if self.next >= self.ready.len() {
            self.fill();
        }
        arrival
    }

    /// Reads the next calls, as many as are drawn together.
    #[inline(never)]
    fn fill(&mut self) {
        self.next = 0;
        self.ready.clear();
        while self.ready.len() < BATCH
            && let Some(due) = self.cursor.next()
        {
            let (call, number) = self.source.fresh(self.index, &due, self.accounts);
            let life = AttemptDraws::default();
            self.ready.push(Arrival { call, number, life });
        }
        let numbers: [u64; BATCH] =
            std::array::from_fn(|lane| self.ready.get(lane).map_or(0, |it| it.call.id.n));
        let lives = Lanes::lives(&self.draws, self.index, &numbers);
        for (lane, arrival) in self.ready.iter_mut().enumerate() {
            arrival.life = lives.attempt(lane);
        }
    }
}

impl Source {
    /// The fresh call of this arrival.
    pub fn call(&self, source: u16, due: &Due, accounts: &Accounts) -> FreshCall {
        self.fresh(source, due, accounts).0
    }

    /// The same, and which of our numbers is called.
    #[inline]
    fn fresh(&self, source: u16, due: &Due, accounts: &Accounts) -> (FreshCall, Option<NumberId>) {
        let id = FreshId { source, n: due.n };
        let (from, to, number) = match (&due.call, &self.targets) {
            (Some((from, to)), _) => (*from, *to, accounts.find_number(*to)),
            (None, Some(targets)) => {
                let number = targets.draw(due.draws.to);
                let from = self.callers.draw(due.draws.from, id, number, accounts);
                (from, accounts.dialled(number), Some(number))
            }
            (None, None) => (None, crate::callers::made_up(source, 0), None),
        };
        let at = due.at;
        (FreshCall { id, at, from, to }, number)
    }
}
