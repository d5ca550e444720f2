//! Open loop on an absolute schedule.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Counts, Engine, Plan};
use routing::Nanos;
use routing::record::Sink;
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::sleep;

use super::DriveFault;
use super::board::{Board, put};
use super::lanes::{Done, Job, Lanes};
use super::outbox::{Outbox, Questions};
use crate::client::Endpoint;
use crate::latency::{Fared, Latency, Measure};

/// The timers of the runtime are a millisecond coarse: what is due sooner than this is waited for
/// by looking at the clock again and again, and at the sockets in between.
const CLOSE: Duration = Duration::from_micros(1_500);

/// How often the percentiles on the board are worked out.
const BOARD_EVERY: Duration = Duration::from_secs(2);

/// How a router is loaded.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections at once.
    pub connections: usize,
    /// How long after the end of arrivals the router is still asked.
    pub drain: Nanos,
}

/// One replication on the wall clock against a live router.
///
/// # Errors
/// See [`DriveFault`].
pub fn open<S: Sink>(
    plan: &Plan,
    replication: u32,
    endpoint: &Arc<Endpoint>,
    load: Load,
    sink: S,
    board: &Board,
) -> Result<(S, Counts, Latency), DriveFault> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        // Sockets are looked at after few other steps: an answer must not wait.
        .event_interval(16)
        .build()?;
    let driver = Driver::new(plan, replication, endpoint, load, sink, board);
    runtime.block_on(driver.run())
}

/// A replication under way.
pub(super) struct Driver<'a, S> {
    pub(super) plan: &'a Plan,
    pub(super) engine: Engine<'a, Outbox, S>,
    pub(super) questions: Questions,
    pub(super) lanes: Lanes,
    pub(super) latency: Latency,
    pub(super) board: &'a Board,
    load: Load,
    pub(super) epoch: Instant,
    /// Time that was skipped because nothing could happen in it.
    skipped: Duration,
    /// Time of the run at which the router is asked no more.
    closes: Nanos,
    told: Instant,
    pub(super) due: u64,
    pub(super) done: u64,
}

impl<'a, S: Sink> Driver<'a, S> {
    pub(super) fn new(
        plan: &'a Plan,
        replication: u32,
        endpoint: &Arc<Endpoint>,
        load: Load,
        sink: S,
        board: &'a Board,
    ) -> Self {
        let questions: Questions = Rc::new(RefCell::new(VecDeque::new()));
        let outbox = Outbox {
            questions: Rc::clone(&questions),
            accounts: Arc::clone(&plan.accounts),
            calendar: plan.calendar.clone(),
        };
        let epoch = Instant::now();
        Self {
            plan,
            engine: Engine::new(plan, replication, outbox, sink),
            questions,
            lanes: Lanes::new(Arc::clone(endpoint), load.connections),
            latency: Latency::default(),
            board,
            load,
            epoch,
            skipped: Duration::ZERO,
            closes: plan.duration + load.drain,
            told: epoch,
            due: 0,
            done: 0,
        }
    }

    /// Time of the run.
    fn now(&self) -> Nanos {
        let passed = self.epoch.elapsed() + self.skipped;
        Nanos(u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX - 1))
    }

    /// A time of the run on the clock.
    fn on_clock(&self, at: Nanos) -> Instant {
        let since = Duration::from_nanos(at.0);
        match since.checked_sub(self.skipped) {
            Some(since) => self.epoch + since,
            None => self.epoch,
        }
    }

    async fn run(mut self) -> Result<(S, Counts, Latency), DriveFault> {
        while !self.engine.has_fault() {
            let now = self.now();
            if now >= self.closes {
                break;
            }
            self.engine.advance(now);
            self.dispatch();
            while let Some(done) = self.lanes.try_done() {
                self.hear(done);
            }
            // What came of the answers is asked at once.
            self.dispatch();
            self.stop_if_told();
            self.tell();
            let Some(next) = self.engine.next_due() else {
                break;
            };
            if self.skip_to(next) {
                continue;
            }
            self.wait(next).await;
        }
        self.end()
    }

    /// Sends what the engine asks.
    fn dispatch(&mut self) {
        while let Some(question) = self.next_question() {
            let due = self.on_clock(question.due);
            self.send(question, due);
        }
    }

    pub(super) fn next_question(&mut self) -> Option<super::outbox::Question> {
        self.questions.borrow_mut().pop_front()
    }

    pub(super) fn send(&mut self, question: super::outbox::Question, due: Instant) {
        self.due += 1;
        // What is due and what is ready come from two looks at the clock.
        let ready = Instant::now().max(due);
        self.lanes.send(Job {
            ticket: question.ticket,
            call: question.call,
            ask: question.ask,
            due,
            ready,
        });
    }

    pub(super) fn hear(&mut self, done: Done) {
        self.done += 1;
        self.latency.add(&done.told);
        let accounts = &self.plan.accounts;
        let decided = done
            .given
            .and_then(|given| given.decision(accounts, &done.call));
        let reply = decided.map_err(|flaw| {
            self.latency.flawed(&flaw);
            let failure = flaw.failure();
            let on = match failure {
                engine::Failure::Refused => &self.board.refused,
                _ => &self.board.failed,
            };
            on.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            failure
        });
        self.engine.reply(done.ticket, reply);
    }

    fn stop_if_told(&mut self) {
        if self.board.stops() && self.closes == self.plan.duration + self.load.drain {
            self.engine.stop_arrivals();
            self.closes = self.now() + self.load.drain;
        }
    }

    /// When nobody calls any more and nothing is under way, time up to the next event is not
    /// waited for: nothing of the router's could happen in it.
    fn skip_to(&mut self, next: Nanos) -> bool {
        let now = self.now();
        let over = now >= self.plan.duration || self.board.stops();
        if !over || self.lanes.busy() > 0 || self.lanes.waiting() > 0 || next <= now {
            return false;
        }
        self.skipped += Duration::from_nanos(next.since(now).0);
        true
    }

    async fn wait(&mut self, next: Nanos) {
        // The end of the drain is something to wake up for as well.
        let until = self.on_clock(next.min(self.closes));
        let left = until.saturating_duration_since(Instant::now());
        if left <= CLOSE {
            return yield_now().await;
        }
        let nap = (left - CLOSE).min(Duration::from_millis(50));
        tokio::select! {
            done = self.lanes.next_done() => if let Some(done) = done {
                // The world is as late as the answer.
                let now = self.now();
                self.engine.advance(now);
                self.hear(done);
            },
            () = sleep(nap) => {}
        }
    }

    pub(super) fn tell(&mut self) {
        let (board, counts) = (self.board, self.engine.counts());
        put(&board.passed_ns, self.engine.now().0);
        put(&board.arrived, counts.arrived);
        put(&board.ended, counts.ended);
        put(&board.due, self.due);
        put(&board.done, self.done);
        put(&board.in_flight, self.lanes.busy() as u64);
        put(&board.waiting, self.lanes.waiting() as u64);
        if self.told.elapsed() < BOARD_EVERY {
            return;
        }
        self.told = Instant::now();
        let of = |measure: Measure, quantile: f64| {
            let histogram = self.latency.of(Fared::Answered, None, measure);
            histogram.map_or(0, |it| it.value_at_quantile(quantile) / 1_000)
        };
        put(&board.p50_us, of(Measure::Response, 0.5));
        put(&board.p99_us, of(Measure::Response, 0.99));
        put(&board.lag_p99_us, of(Measure::Lag, 0.99));
    }

    /// The router is asked nothing any more; lives that do not need it end in virtual time.
    pub(super) fn end(mut self) -> Result<(S, Counts, Latency), DriveFault> {
        self.engine.close_backend();
        for told in self.lanes.give_up() {
            self.latency.add(&told);
        }
        // Under way and never answered: due, sent, and nothing came.
        let lost = self.lanes.busy() as u64;
        self.latency.unanswered(lost);
        self.engine.run();
        let (sink, counts) = self.engine.finish()?;
        Ok((sink, counts, self.latency))
    }
}
