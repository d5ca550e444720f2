//! A back end that asks a router and waits for its answer: the world stands still meanwhile, so a
//! conforming router gives the very run that the simulation gives.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use engine::{Backend, Request, Submitted, Ticket};
use model::Calendar;
use routing::account::Accounts;
use routing::record::{
    CallRecord, DecisionRecord, FreshCall, LegRecord, Level, QueueSpan, Sink, ViolationRecord,
};
use tokio::runtime::{Builder, Runtime};

use crate::client::{self, Connection, Endpoint, Told};
use crate::latency::Latency;
use crate::wire::ask::Ask;
use crate::wire::status::Ended;

/// Asks over one connection of its own.
pub struct Lockstep {
    runtime: Runtime,
    lane: Option<Connection>,
    endpoint: Arc<Endpoint>,
    accounts: Arc<Accounts>,
    calendar: Calendar,
    latency: Latency,
    /// Where what was measured goes when this back end is done.
    gather: Arc<Mutex<Latency>>,
}

impl Lockstep {
    /// Asks this router; how its requests went is added to `gather` at the end.
    ///
    /// # Errors
    /// When the machine has no room for a runtime.
    pub fn new(
        endpoint: Arc<Endpoint>,
        accounts: Arc<Accounts>,
        calendar: Calendar,
        gather: Arc<Mutex<Latency>>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            lane: None,
            endpoint,
            accounts,
            calendar,
            latency: Latency::default(),
            gather,
        })
    }
}

impl Backend for Lockstep {
    fn submit(&mut self, _ticket: Ticket, request: &Request<'_>) -> Submitted {
        let question = Ask::of(request, &self.accounts, &self.calendar);
        let now = Instant::now();
        let mut told = Told::default();
        let asking = client::ask(
            &self.endpoint,
            &mut self.lane,
            &question,
            now,
            now,
            &mut told,
        );
        let given = self.runtime.block_on(asking);
        self.latency.add(&told);
        let decided = given.and_then(|it| it.decision(&self.accounts, &request.call));
        Submitted::Done(decided.map_err(|flaw| {
            self.latency.flawed(&flaw);
            flaw.failure()
        }))
    }
}

impl Drop for Lockstep {
    fn drop(&mut self) {
        if let Ok(mut all) = self.gather.lock() {
            all.merge(&self.latency);
        }
    }
}

/// Tells a router the end of each call, over a connection of its own, and passes everything on. The
/// world stands still meanwhile: nothing in it depends on what comes of it.
pub struct EndsTold<S> {
    /// Who else is told.
    pub inner: S,
    /// None where the router does not want to know.
    runtime: Option<Runtime>,
    lane: Option<Connection>,
    endpoint: Arc<Endpoint>,
    calendar: Calendar,
    latency: Latency,
    gather: Arc<Mutex<Latency>>,
}

impl<S> EndsTold<S> {
    /// Tells this router, where it wants to know; how its requests went is added to `gather` by
    /// [`EndsTold::done`].
    ///
    /// # Errors
    /// When the machine has no room for a runtime.
    pub fn new(
        inner: S,
        endpoint: Arc<Endpoint>,
        calendar: Calendar,
        gather: Arc<Mutex<Latency>>,
    ) -> std::io::Result<Self> {
        let wants = endpoint.settings().status.is_some();
        let runtime = wants.then(|| Builder::new_current_thread().enable_all().build());
        Ok(Self {
            inner,
            runtime: runtime.transpose()?,
            lane: None,
            endpoint,
            calendar,
            latency: Latency::default(),
            gather,
        })
    }

    /// All ends were told.
    pub fn done(self) -> S {
        if let Ok(mut all) = self.gather.lock() {
            all.merge(&self.latency);
        }
        self.inner
    }
}

impl<S: Sink> Sink for EndsTold<S> {
    fn record(&mut self, record: &CallRecord) {
        self.inner.record(record);
        let (Some(runtime), Some(ended)) = (&self.runtime, Ended::of(record)) else {
            return;
        };
        let ask = ended.ask(&self.calendar);
        let now = Instant::now();
        let mut told = Told::default();
        let end = (&ask, &ended);
        let lane = &mut self.lane;
        let telling = client::tell_end(&self.endpoint, lane, end, (now, now), &mut told);
        // What became of it is in what was told.
        let _ = runtime.block_on(telling);
        self.latency.add(&told);
    }

    fn fresh(&mut self, call: &FreshCall) {
        self.inner.fresh(call);
    }

    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.inner.decision(record);
    }

    fn leg(&mut self, record: &LegRecord) {
        self.inner.leg(record);
    }

    fn violation(&mut self, record: &ViolationRecord) {
        self.inner.violation(record);
    }

    fn queue(&mut self, span: &QueueSpan) {
        self.inner.queue(span);
    }

    fn level(&mut self, level: &Level) {
        self.inner.level(level);
    }
}
