//! A back end that asks a router and waits for its answer: the world stands still meanwhile, so a
//! conforming router gives the very run that the simulation gives.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use engine::{Backend, Request, Submitted, Ticket};
use model::Calendar;
use routing::account::Accounts;
use tokio::runtime::{Builder, Runtime};

use crate::client::{self, Connection, Endpoint, Told};
use crate::latency::Latency;
use crate::wire::ask::Ask;

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
