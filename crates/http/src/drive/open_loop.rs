//! The engine by the clock on the wall, its decisions by a router: what is due is asked when it is
//! due, whatever became of what was asked before.

mod ends;
mod requests;
mod seen;

use std::future::poll_fn;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use engine::run::Watch;
use engine::{Counts, Engine, Fault, Plan};
use model::Calendar;
use routing::Nanos;
use routing::account::Accounts;
use routing::record::Sink;
use tokio::runtime::Builder;

use super::alarm::{Alarm, EARLY, LAST};
use super::clock::{Clock, Speed};
use super::lanes::{Lanes, Step};
use super::line::Line;
use super::tickets::Tickets;
use super::view::{Noted, View};
use crate::client::Endpoint;
use crate::latency::Latency;
use ends::Ends;

/// How often the view is brought up to date.
const SHOW_EVERY: Duration = Duration::from_secs(1);

/// How often it is looked whether the run is to stop, at least.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// In a closed loop, so many things happen at most before the lanes are looked at again.
const STEPS: u32 = 4096;

/// How long one question may take in all, with all its requests: no more than a net below the
/// time-outs of the requests themselves, which the client keeps.
pub const NET: Nanos = Nanos(1_000 * Nanos::DAY.0);

/// By what the requests go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// By the schedule, at their due times.
    Open,
    /// So many are under way at any time; the world goes on as fast as the router answers.
    Closed(usize),
}

/// How a run is driven.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// By what the requests go.
    pub pace: Pace,
    /// How fast the life of the calls passes; the router goes at its own pace.
    pub speed: Speed,
    /// Connections at once.
    pub max_connections: usize,
    /// After the last arrival, so long is what falls due still sent and awaited.
    pub drain: Duration,
    /// The longest `Retry-After` that a refused caller heeds; none is not heeded.
    pub retry_after_max: Option<Duration>,
}

/// A run that is over.
pub struct Driven<S> {
    /// Who was told.
    pub sink: S,
    /// Events and calls.
    pub counts: Counts,
    /// How the requests went.
    pub latency: Latency,
    /// The most connections that there were.
    pub connections: usize,
    /// How long it took.
    pub took: Duration,
}

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum DriveFault {
    /// The engine stopped.
    #[error(transparent)]
    Engine(#[from] Fault),
    /// The machine has no room for a runtime or an alarm.
    #[error("cannot drive a run by the clock: {0}")]
    Machine(#[from] std::io::Error),
    /// Requests went missing.
    #[error("{due} requests were due, {sent} sent and {not_sent} not: this is a bug of busyhour")]
    RequestsLost {
        /// What was due.
        due: u64,
        /// Of that, sent.
        sent: u64,
        /// Of that, given up.
        not_sent: u64,
    },
}

/// Drives one replication of this plan, whose deadline for decisions is [`NET`].
///
/// # Errors
/// See [`DriveFault`].
pub fn open_loop<S: Sink>(
    (plan, replication): (&Plan, u32),
    endpoint: &Endpoint,
    settings: Settings,
    sink: S,
    (watch, view): (&Watch, &View),
) -> Result<Driven<S>, DriveFault> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let tickets = Tickets::new(&plan.accounts, &plan.calendar);
    let lanes = match settings.pace {
        Pace::Open => settings.max_connections,
        Pace::Closed(connections) => connections,
    };
    let closed = settings.pace != Pace::Open;
    let ends = Ends::of(endpoint, &settings);
    let lanes = Ends::left_of(ends.as_ref(), lanes);
    let mut noted = Noted::new(sink);
    noted.ends = ends.is_some().then(Default::default);
    let mut driver = Driver {
        engine: Engine::new(plan, replication, tickets, noted),
        line: Line::new(Lanes::new(endpoint, lanes, closed)),
        endpoint,
        accounts: &plan.accounts,
        calendar: &plan.calendar,
        ends,
        latency: Latency::default(),
        settings,
        clock: Clock::start(settings.speed),
        begun: Instant::now(),
        arrivals_end: plan.duration,
        duration: plan.duration,
        due: 0,
        looked: Instant::now(),
        shown: Instant::now(),
        alarm_at: None,
        stopped: false,
        over: false,
        watch,
        view,
    };
    runtime.block_on(async {
        let mut alarm = Alarm::new()?;
        // The schedule is not to wait for its turn.
        let run = poll_fn(|cx| driver.poll(cx, &mut alarm));
        tokio::task::unconstrained(run).await;
        Ok::<_, DriveFault>(())
    })?;
    driver.finish()
}

struct Driver<'a, S> {
    engine: Engine<'a, Tickets<'a>, Noted<S>>,
    /// For questions.
    line: Line<'a>,
    endpoint: &'a Endpoint,
    accounts: &'a Accounts,
    calendar: &'a Calendar,
    /// None where nobody wants to know the ends of calls.
    ends: Option<Ends<'a>>,
    latency: Latency,
    settings: Settings,
    clock: Clock,
    begun: Instant,
    /// Nothing arrives from here on.
    arrivals_end: Nanos,
    duration: Nanos,
    /// Requests that were due: questions, what the router's answers led to, and ends of calls.
    due: u64,
    looked: Instant,
    shown: Instant,
    /// For when the alarm is set.
    alarm_at: Option<Instant>,
    stopped: bool,
    /// Whether the drain is over: nothing is asked any more.
    over: bool,
    watch: &'a Watch,
    view: &'a View,
}

impl<S: Sink> Driver<'_, S> {
    fn poll(&mut self, cx: &mut Context<'_>, alarm: &mut Alarm) -> Poll<()> {
        loop {
            let now = Instant::now();
            self.look(now);
            self.go_on(now);
            self.hand_out(now);
            match self.line.lanes.step() {
                Step::Ended(done) => {
                    self.take(done);
                    self.line.feed();
                    continue;
                }
                Step::Opened => {
                    self.line.feed();
                    continue;
                }
                Step::Closed(flaw) => {
                    self.unreachable(&flaw, now);
                    continue;
                }
                Step::Went => continue,
                Step::None => {}
            }
            if self.tell_ends(now) {
                continue;
            }
            let Some(next) = self.next_due(now) else {
                self.show();
                return Poll::Ready(());
            };
            let next = next.min(self.looked + LOOK_EVERY);
            let left = next.saturating_duration_since(now);
            if left <= LAST {
                while Instant::now() < next {
                    std::hint::spin_loop();
                }
                continue;
            }
            if !self.line.lanes.rest(cx) || self.ends.as_mut().is_some_and(|it| !it.rest(cx)) {
                continue;
            }
            let Some(sleep) = left.checked_sub(EARLY).filter(|it| !it.is_zero()) else {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            };
            if self.alarm_at != Some(next) {
                self.alarm_at = Some(next);
                alarm.set(sleep);
            }
            if alarm.poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.alarm_at = None;
        }
    }

    /// When there is something to do unless a router answers first; none when the run is over.
    fn next_due(&mut self, now: Instant) -> Option<Instant> {
        let calls = self.next_of_calls(now);
        let ends = self.next_of_ends();
        calls.into_iter().chain(ends).min()
    }

    fn next_of_calls(&mut self, now: Instant) -> Option<Instant> {
        let drained = self.clock.when(self.drained_at());
        let open = self.settings.pace == Pace::Open;
        if let Some(asked) = self.engine.backend().asked.front() {
            return Some(self.clock.when(asked.due).min(drained));
        }
        let next = if open {
            self.engine.next_due().map(|due| self.clock.when(due))
        } else {
            // There may be more than the steps of one look, none of which asked anybody.
            self.next_of_closed().map(|_| now)
        };
        if self.line.is_idle() {
            return next;
        }
        // What is awaited comes by itself, until the drain is over.
        let latest = if open || self.stopped {
            drained
        } else {
            now + LOOK_EVERY
        };
        Some(next.map_or(latest, |next| next.min(latest)))
    }

    /// What a closed loop may go on to: nothing while all its connections are taken, and nothing as
    /// late as the net below the time-outs.
    fn next_of_closed(&mut self) -> Option<Nanos> {
        let Pace::Closed(connections) = self.settings.pace else {
            return None;
        };
        let room = self.engine.awaited() < connections;
        self.engine.next_due().filter(|due| room && *due < NET)
    }

    /// When the drain is over. A closed loop drains when its last call has arrived.
    fn drained_at(&self) -> Nanos {
        self.arrivals_end + self.settings.speed.run(self.settings.drain)
    }

    /// Whether somebody wants it stopped, and what is to be seen.
    fn look(&mut self, now: Instant) {
        if now.saturating_duration_since(self.looked) < LOOK_EVERY {
            return;
        }
        self.looked = now;
        let passed = self.clock.at(now).min(self.duration).whole_secs();
        self.watch.passed_s.fetch_max(passed, Ordering::Relaxed);
        self.watch
            .ended
            .store(self.engine.counts().ended, Ordering::Relaxed);
        if self.watch.stop.load(Ordering::Relaxed) && !self.stopped {
            self.stopped = true;
            self.engine.stop_arrivals();
            self.arrivals_end = self.clock.at(now).min(self.arrivals_end);
            if matches!(self.settings.pace, Pace::Closed(_)) {
                self.arrivals_end = self.clock.at(now);
            }
        }
        self.expire(now);
        self.expire_ends(now);
        if now.saturating_duration_since(self.shown) >= SHOW_EVERY {
            self.shown = now;
            self.show();
        }
    }

    /// The world, as far as it may be at this instant.
    fn go_on(&mut self, now: Instant) {
        let at = self.clock.at(now);
        match self.settings.pace {
            Pace::Closed(_) => {
                for _ in 0..STEPS {
                    let Some(due) = self.next_of_closed() else {
                        break;
                    };
                    self.engine.advance(due);
                }
                if self.stopped && at >= self.drained_at() {
                    self.end_drain();
                }
            }
            Pace::Open => {
                self.engine.advance(at);
                if at >= self.arrivals_end {
                    self.sprint(at);
                }
            }
        }
    }

    /// After the last arrival: what needs no router need not wait for the clock. What is asked
    /// meanwhile is sent when it is due.
    fn sprint(&mut self, at: Nanos) {
        let drained = self.drained_at();
        if at >= drained {
            self.end_drain();
        }
        while self.engine.awaited() == 0
            && let Some(due) = self.engine.next_due()
        {
            if due > drained {
                self.end_drain();
            }
            self.engine.advance(due);
        }
    }

    /// Nothing is sent any more, and no answer awaited.
    fn end_drain(&mut self) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        self.line.lanes.break_off();
        while let Some(done) = self.line.broken_off() {
            self.count(&done);
        }
        let unsent = self.line.dismiss() + self.engine.backend().asked.len();
        self.due += self.engine.backend().asked.len() as u64;
        self.engine.backend().asked.clear();
        let kind = self.endpoint.settings().protocol.first();
        for _ in 0..unsent {
            self.latency.give_up(kind, false);
        }
        self.engine.close_backend();
    }
}
