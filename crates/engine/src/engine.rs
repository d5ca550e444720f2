//! The world of one replication and its clock: what is due, and going on to it.

use model::Draws;
use model::arrivals::Arrival;
use model::draws::AttemptDraws;
use routing::account::{NumberId, PersonId, SubAccountId};
use routing::limit::Limiter;
use routing::record::{FreshCall, FreshId, Level, Sink};
use routing::time::Nanos;
use rustc_hash::FxHashMap;

use crate::arrivals::Arrivals;
use crate::backend::{Backend, Reply, Ticket};
use crate::call::{Call, State, Taken, UNFINISHED};
use crate::counts::{Counts, Fault};
use crate::decisions::Decisions;
use crate::fate::Odds;
use crate::hold::{Hold, NO_HOLD};
use crate::lives::Lives;
use crate::people::{Duty, Person};
use crate::plan::Plan;
use crate::queue::{Event, Kind, Queue, Stamp};
use crate::race::Race;
use crate::room::Room;
use crate::silence;

/// One replication: the life of every call, without a clock, without I/O. Drive it with
/// [`Engine::next_due`] and [`Engine::advance`]; answer pending decisions with [`Engine::reply`].
pub struct Engine<'p, B, S> {
    pub(crate) plan: &'p Plan,
    pub(crate) draws: Draws,
    pub(crate) now: Nanos,
    pub(crate) queue: Queue,
    pub(crate) calls: Room<Call>,
    pub(crate) races: Room<Race>,
    pub(crate) people: Vec<Person>,
    /// Of each person, apart from what every call asks.
    pub(crate) duties: Vec<Duty>,
    pub(crate) holds: Vec<Hold>,
    /// The queue of each number.
    pub(crate) hold_of: Vec<u32>,
    /// Of each number, side by side: what every call asks.
    pub(crate) sub_account_of: Vec<SubAccountId>,
    /// For each number whether its sub-account has contacts.
    pub(crate) knows_callers: Vec<bool>,
    pub(crate) decisions: Decisions,
    pub(crate) lives: Lives,
    pub(crate) odds: Odds<'p>,
    /// Whether the back end may be remembered.
    pub(crate) steady: bool,
    /// Whether a decision that is remembered is there at once.
    pub(crate) recalls: bool,
    /// Whether all calls are as long as `[people]` says.
    pub(crate) as_people: bool,
    /// Calls that lose a leg at once; kept for its memory.
    pub(crate) scratch: Vec<u32>,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) pending: FxHashMap<Ticket, u32>,
    /// The call that was told to come back later with the reply at hand, and when.
    pub(crate) told_to_wait: Option<(FreshId, Nanos)>,
    pub(crate) next_ticket: u64,
    pub(crate) next_turn: u64,
    pub(crate) legs: u32,
    pub(crate) live: u32,
    pub(crate) counts: Counts,
    pub(crate) fault: Option<Fault>,
    /// Whether nobody calls (again) any more.
    pub(crate) stopped: bool,
    /// Whether the back end is asked nothing any more.
    pub(crate) closed: bool,
    pub(crate) backend: B,
    pub(crate) sink: S,
    arrivals: Arrivals<'p>,
    next_arrival: Option<Nanos>,
    next_second: u64,
}

/// So many defaults.
fn defaults<T: Default>(count: usize) -> Vec<T> {
    std::iter::repeat_with(T::default).take(count).collect()
}

impl<'p, B: Backend, S: Sink> Engine<'p, B, S> {
    /// A replication of this plan, at its start.
    pub fn new(plan: &'p Plan, replication: u32, backend: B, sink: S) -> Self {
        let mut engine = Self::fed(plan, replication, backend, sink);
        engine.arrivals = Arrivals::new(plan, replication);
        engine.next_arrival = engine.arrivals.next_at();
        engine
    }

    /// The same, but its fresh calls are brought by whoever drives it: see [`Engine::meet`].
    pub(crate) fn fed(plan: &'p Plan, replication: u32, backend: B, sink: S) -> Self {
        let draws = plan.draws(replication);
        let limiter = plan.limits.enabled.then(|| {
            let offset = plan.calendar.into_hour();
            let limiter = Limiter::new(&plan.limits, &plan.accounts, offset);
            if backend.rings_the_named() && silence::of_callers(plan) {
                limiter.without_callers()
            } else {
                limiter
            }
        });
        let accounts = &plan.accounts;
        let mut engine = Self {
            plan,
            draws,
            now: Nanos::ZERO,
            queue: Queue::default(),
            calls: Room::default(),
            races: Room::default(),
            people: defaults(accounts.persons().len()),
            duties: defaults(accounts.persons().len()),
            holds: Vec::new(),
            hold_of: vec![NO_HOLD; accounts.numbers().len()],
            sub_account_of: accounts.numbers().map(|(_, it)| it.sub_account).collect(),
            knows_callers: accounts
                .numbers()
                .map(|(_, it)| !accounts.contacts_of(it.sub_account).is_empty())
                .collect(),
            decisions: Decisions::new(accounts.numbers().len()),
            lives: Lives::none(),
            odds: Odds::of(plan),
            steady: backend.is_steady(),
            recalls: backend.is_steady() && plan.latency.as_constant() == Some(Nanos::ZERO),
            as_people: plan.sources.iter().all(|source| source.process.as_people()),
            scratch: Vec::new(),
            limiter,
            pending: FxHashMap::default(),
            told_to_wait: None,
            next_ticket: 0,
            next_turn: 0,
            legs: 0,
            live: 0,
            counts: Counts::default(),
            fault: None,
            stopped: false,
            closed: false,
            backend,
            sink,
            arrivals: Arrivals::none(plan),
            next_arrival: None,
            next_second: 0,
        };
        engine.open_holds();
        engine
    }

    /// Time of the run.
    pub fn now(&self) -> Nanos {
        self.now
    }

    /// Counts so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Calls in the system.
    pub fn live(&self) -> u32 {
        self.live
    }

    /// Decisions that are awaited from outside.
    pub fn awaited(&self) -> usize {
        self.pending.len()
    }

    /// Who decides.
    pub fn backend(&mut self) -> &mut B {
        &mut self.backend
    }

    /// Who is told.
    pub fn sink(&self) -> &S {
        &self.sink
    }

    /// The caller whose call awaits this ticket was told to come back in so long: should the call
    /// end for want of the decision, and should the caller redial, then not before. Say it before
    /// the reply.
    pub fn not_before(&mut self, ticket: Ticket, wait: Nanos) {
        if let Some(slot) = self.pending.get(&ticket) {
            self.told_to_wait = Some((self.calls[*slot].fresh(), self.now + wait));
        }
    }

    /// No fresh call or redial arrives any more; those in the system are followed to their end.
    pub fn stop_arrivals(&mut self) {
        self.arrivals = Arrivals::none(self.plan);
        self.next_arrival = None;
        self.stopped = true;
        for slot in 0..self.calls.slots() {
            if self.calls[slot].state == State::ToArrive {
                self.calls[slot].state = State::Over;
                self.calls[slot].stamp = Stamp::NONE;
                self.calls.free(slot);
            }
        }
    }

    /// The back end is asked nothing any more (the drain of a wall-clock run is over): calls that
    /// await a reply end as unfinished now, those that would need one later end so then. All
    /// others live on.
    pub fn close_backend(&mut self) {
        self.closed = true;
        let mut awaiting: Vec<u32> = self.pending.values().copied().collect();
        awaiting.sort_unstable();
        awaiting.dedup();
        for slot in awaiting {
            self.finish_call(slot, UNFINISHED);
        }
    }

    /// When the next thing happens; none when nothing will (but for replies that are awaited
    /// without a deadline, which there are none of: every pending decision has one).
    pub fn next_due(&mut self) -> Option<Nanos> {
        let event = self.next_event().map(|event| event.at);
        match (event, self.next_arrival) {
            (Some(event), Some(arrival)) => Some(event.min(arrival)),
            (event, arrival) => event.or(arrival),
        }
    }

    /// The next current event; stale ones are dropped. None when no call is alive and none will
    /// arrive: who logs in then changes nothing.
    #[inline]
    fn next_event(&mut self) -> Option<Event> {
        if self.calls.taken() == 0 && self.next_arrival.is_none() {
            return None;
        }
        loop {
            let event = self.queue.peek()?;
            if event.kind != Kind::Call || self.calls[event.slot].stamp == event.stamp {
                return Some(event);
            }
            self.queue.pop();
        }
    }

    /// Works off all that is due up to `to`, inclusive.
    pub fn advance(&mut self, to: Nanos) {
        while self.next_due().is_some_and(|due| due <= to) && self.fault.is_none() {
            self.step();
        }
        if to > self.now && !to.is_never() {
            self.go_to(to);
        }
    }

    /// Works off the next thing, if there is one. At one instant what is under way comes before
    /// what arrives.
    #[inline]
    pub(crate) fn step(&mut self) -> bool {
        let event = self.next_event();
        match (event, self.next_arrival) {
            (Some(event), None) => self.happen(event),
            (Some(event), Some(at)) if event.at <= at => self.happen(event),
            (_, Some(_)) => self.fresh(),
            (None, None) => return false,
        }
        true
    }

    fn happen(&mut self, event: Event) {
        self.queue.take_first();
        self.counts.events += 1;
        self.go_to(event.at);
        match event.kind {
            Kind::Call => {
                self.calls[event.slot].stamp = Stamp::NONE;
                self.call_due(event.slot);
            }
            Kind::Person => self.person_due(PersonId(event.slot)),
            Kind::Agent => self.agent_free(event.slot),
            Kind::Roster => self.roster_changes(event.slot),
        }
    }

    fn fresh(&mut self) {
        if let Some(arrival) = self.arrivals.bring() {
            self.next_arrival = self.arrivals.next_at();
            self.comes(&arrival.call, arrival.number, arrival.life);
        }
    }

    /// A fresh call that is brought: first what is due until then, then the call itself. They are
    /// brought in the order of time.
    pub(crate) fn meet(&mut self, fresh: &Arrival) {
        if self.stopped || self.fault.is_some() {
            return;
        }
        let at = fresh.call.at;
        self.next_arrival = Some(at);
        while let Some(event) = self.next_event().filter(|event| event.at <= at) {
            self.happen(event);
        }
        self.next_arrival = None;
        self.comes(&fresh.call, fresh.number, fresh.life);
    }

    #[inline]
    fn comes(&mut self, fresh: &FreshCall, number: Option<NumberId>, life: AttemptDraws) {
        self.counts.events += 1;
        self.go_to(fresh.at);
        self.sink.fresh(fresh);
        let call = Call::new(fresh.id, fresh.from, fresh.to);
        self.lives.keep(&call, life);
        match self.calls.put(call) {
            Some(slot) => self.arrive_at(slot, number),
            None => self.fault = Some(Fault::TooManyCalls),
        }
    }

    /// Moves the clock, and tells what there was at the whole seconds on the way.
    #[inline]
    fn go_to(&mut self, to: Nanos) {
        self.now = to;
        if to >= Nanos::from_secs(self.next_second) {
            self.seconds_pass(to.whole_secs() + 1);
        }
    }

    fn seconds_pass(&mut self, passed: u64) {
        self.sink.level(&Level {
            from_s: self.next_second,
            until_s: passed,
            calls: self.live,
            legs: self.legs,
        });
        self.next_second = passed;
    }

    /// The draws of the life of a call's attempt.
    #[inline]
    pub(crate) fn life(&self, call: &Call) -> AttemptDraws {
        self.lives.of(call, &self.draws)
    }

    /// Puts the next event of a call where it belongs; never is no event. An event that it had is
    /// void.
    #[inline]
    pub(crate) fn schedule(&mut self, slot: u32, at: Nanos) {
        self.calls[slot].stamp = if at.is_never() {
            Stamp::NONE
        } else {
            self.queue.push(at, Kind::Call, slot)
        };
    }

    /// A decision that was pending, or why there is none. Late ones (past their deadline, or for a
    /// call that has ended) are dropped: `false`.
    pub fn reply(&mut self, ticket: Ticket, reply: Reply) -> bool {
        let Some(slot) = self.pending.remove(&ticket) else {
            return false;
        };
        let taken = self.decision_arrives(slot, ticket, reply);
        self.told_to_wait = None;
        taken
    }

    /// Ends whatever waits on hold when nothing is left to happen, and closes the books.
    ///
    /// # Errors
    /// When calls went missing or did not fit.
    pub fn finish(mut self) -> Result<(S, Counts), Fault> {
        if self.now < self.plan.duration {
            self.go_to(self.plan.duration);
        }
        self.end_unserved();
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let Counts {
            arrived: offered,
            ended,
            ..
        } = self.counts;
        if offered != ended || self.live != 0 {
            return Err(Fault::CallsLost { offered, ended });
        }
        Ok((self.sink, self.counts))
    }

    /// What is due for a call.
    fn call_due(&mut self, slot: u32) {
        match self.calls[slot].state {
            State::ToArrive => self.arrive(slot),
            State::Racing(_) => self.race_due(slot),
            State::Menu => self.leave_menu(slot),
            State::Held { .. } => self.leave_hold(slot),
            State::Connected { .. } => self.hang_up(slot),
            State::Ending { outcome, .. } => self.end(slot, outcome),
            State::LeavingMessage {
                person,
                from,
                first_of_person,
                ..
            } => {
                let leg = Taken {
                    person,
                    from,
                    first_of_person,
                };
                self.message_left(slot, leg);
            }
            State::Over | State::Between => {}
        }
    }
}
