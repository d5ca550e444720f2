//! The ends of calls, told to a router that wants to know them: at their due times, over
//! connections of their own, and only when no question can go on, so that no call waits for them.

use std::task::Context;
use std::time::Instant;

use routing::record::Sink;

use super::{Driver, Pace};
use crate::client::{Endpoint, Kind};
use crate::drive::lanes::{Done, Errand, Lanes, Over, Step, Task};
use crate::drive::line::Line;
use crate::drive::open_loop::Settings;
use crate::wire::flaw::Flaw;
use crate::wire::status::Ended;

/// Of all connections, one in so many is for the ends of calls.
const ONE_IN: usize = 4;

/// How the ends of calls are told.
pub(super) struct Ends<'a> {
    line: Line<'a>,
    /// Whether the drain is over.
    over: bool,
}

/// Of so many connections, those for the ends of calls.
fn own(most: usize) -> usize {
    (most / ONE_IN).max(1)
}

/// Where the target allows only so many requests a second, more lanes than ends may leave in one
/// would only stand and wait for their second.
fn lanes_for(endpoint: &Endpoint, most: usize) -> usize {
    let per_s = endpoint.ends_per_s().unwrap_or(usize::MAX);
    own(most).min(per_s.max(1))
}

impl<'a> Ends<'a> {
    /// None where the router does not want to know, and in a closed loop, where calls have no time.
    pub(super) fn of(endpoint: &'a Endpoint, settings: &Settings) -> Option<Self> {
        let told = endpoint.settings().status.is_some() && settings.pace == Pace::Open;
        told.then(|| {
            let most = lanes_for(endpoint, settings.max_connections);
            Self {
                line: Line::new(Lanes::new(endpoint, most, false)),
                over: false,
            }
        })
    }

    /// Connections that are left for questions; at least one (so that a single connection is one
    /// more than the settings say, which a scenario refuses).
    pub(super) fn left_of(of: Option<&Self>, most: usize) -> usize {
        if of.is_some() {
            most.saturating_sub(own(most)).max(1)
        } else {
            most
        }
    }

    /// How many connections there are.
    pub(super) fn connections(&self) -> usize {
        self.line.lanes.count()
    }

    /// Whoever polls is woken when a lane can go on, unless one can already: `false`.
    pub(super) fn rest(&mut self, cx: &Context<'_>) -> bool {
        self.line.lanes.rest(cx)
    }
}

impl<S: Sink> Driver<'_, S> {
    /// Takes one step with the ends of calls; whether there was one to take.
    pub(super) fn tell_ends(&mut self, now: Instant) -> bool {
        let Some(mut ends) = self.ends.take() else {
            return false;
        };
        if !ends.over && now >= self.clock.when(self.drained_at()) {
            self.end_of_ends(&mut ends);
        }
        self.due_ends(&mut ends, now);
        ends.line.feed();
        let went = match ends.line.lanes.step() {
            Step::None => false,
            Step::Went | Step::Opened => true,
            Step::Ended(done) => {
                self.count_end(&done);
                true
            }
            Step::Closed(flaw) => {
                for task in ends.line.stranded() {
                    self.fail(&task, &flaw, now);
                }
                true
            }
        };
        self.ends = Some(ends);
        went
    }

    /// What is due is handed out.
    fn due_ends(&mut self, ends: &mut Ends<'_>, now: Instant) {
        let at = self.clock.at(now);
        while !ends.over
            && let Some(ended) = self.next_end(|it| it.at <= at)
        {
            self.due += 1;
            let ask = ended.ask(self.calendar);
            let task = Task {
                due: self.clock.when(ended.at),
                errand: Errand::Tell(ask, ended),
                waits_since: None,
            };
            ends.line.take(task, now);
        }
    }

    /// The next end, if it is like this.
    fn next_end(&self, is: impl FnOnce(&mut Ended) -> bool) -> Option<Ended> {
        let ends = self.engine.sink().ends.as_ref()?;
        ends.borrow_mut().pop_front_if(is)
    }

    /// Whoever has waited for a connection as long as a whole request may take is given up.
    pub(super) fn expire_ends(&mut self, now: Instant) {
        let Some(mut ends) = self.ends.take() else {
            return;
        };
        let total = self.endpoint.settings().total;
        while let Some(task) = ends.line.expired(now, total) {
            self.fail(&task, &Flaw::ConnectTimeout, now);
        }
        self.ends = Some(ends);
    }

    /// When there is something to do with them unless a router answers first; none when they are
    /// over.
    pub(super) fn next_of_ends(&self) -> Option<Instant> {
        let ends = self.ends.as_ref().filter(|it| !it.over)?;
        let drained = self.drained_at();
        let queue = self.engine.sink().ends.as_ref()?.borrow();
        let next = queue.front().map(|it| it.at).filter(|it| *it < drained);
        let awaited = (!ends.line.is_idle()).then_some(drained);
        let next = next.into_iter().chain(awaited).min()?;
        Some(self.clock.when(next))
    }

    /// Nothing is told any more, and no answer awaited.
    fn end_of_ends(&mut self, ends: &mut Ends<'_>) {
        ends.over = true;
        ends.line.lanes.break_off();
        while let Some(done) = ends.line.broken_off() {
            self.count_end(&done);
        }
        for _ in 0..ends.line.dismiss() {
            self.latency.give_up(Kind::Status, false);
        }
    }

    fn count_end(&mut self, done: &Done) {
        self.latency.add(&done.told);
        if matches!(done.over, Over::BrokenOff) {
            self.latency.give_up(Kind::Status, done.told.sent.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn the_connections_of_both_are_together_those_of_the_settings() {
        for (most, ends) in [(2, 1), (3, 1), (4, 1), (7, 1), (8, 2), (4096, 1024)] {
            assert_eq!(own(most), ends, "of {most}");
            assert!(most > own(most), "of {most}");
        }
    }
}
