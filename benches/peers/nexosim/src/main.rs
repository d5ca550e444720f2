//! M/M/50 in NeXosim: one model that schedules its own arrivals and ends of service, the faster of
//! the two ways to write it (the other is a source that sends to a station). One thread. The
//! generator and the exponential are those of the floor.
//!
//! `nexosim-mm50 CUSTOMERS SEED` prints one line of JSON.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

const SERVERS: u32 = 50;
const GAP_NS: f64 = 1e9 / 45.0;
const SERVICE_NS: f64 = 1e9;

// What the model has seen when it stands still; a model is not given back.
static SERVED: AtomicU64 = AtomicU64::new(0);
static WAITED: AtomicU64 = AtomicU64::new(0);
static WAIT_NS: AtomicU64 = AtomicU64::new(0);

#[derive(Serialize, Deserialize)]
struct Centre {
    draws: Pcg64Mcg,
    customers: u64,
    arrived: u64,
    served: u64,
    waited: u64,
    wait_ns: u64,
    busy: u32,
    line: VecDeque<MonotonicTime>,
}

#[Model]
impl Centre {
    fn new(customers: u64, seed: u64) -> Self {
        Self {
            draws: Pcg64Mcg::seed_from_u64(seed),
            customers,
            arrived: 0,
            served: 0,
            waited: 0,
            wait_ns: 0,
            busy: 0,
            line: VecDeque::new(),
        }
    }

    /// A span of no length cannot be scheduled, so the least is a nanosecond.
    fn exponential(&mut self, mean_ns: f64) -> Duration {
        let ns = -(1.0 - self.draws.random::<f64>()).ln() * mean_ns;
        Duration::from_nanos((ns as u64).max(1))
    }

    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>) {
        self.next_arrival(context);
    }

    fn next_arrival(&mut self, context: &Context<Self>) {
        let gap = self.exponential(GAP_NS);
        context
            .schedule_event(gap, schedulable!(Self::arrival), ())
            .expect("it lies ahead");
    }

    fn serve(&mut self, context: &Context<Self>) {
        self.served += 1;
        let length = self.exponential(SERVICE_NS);
        context
            .schedule_event(length, schedulable!(Self::service_end), ())
            .expect("it lies ahead");
    }

    #[nexosim(schedulable)]
    async fn arrival(&mut self, _: (), context: &Context<Self>) {
        self.arrived += 1;
        if self.arrived < self.customers {
            self.next_arrival(context);
        }
        if self.busy < SERVERS {
            self.busy += 1;
            self.serve(context);
        } else {
            self.line.push_back(context.time());
        }
    }

    #[nexosim(schedulable)]
    async fn service_end(&mut self, _: (), context: &Context<Self>) {
        if let Some(came) = self.line.pop_front() {
            self.waited += 1;
            self.wait_ns += context.time().duration_since(came).as_nanos() as u64;
            self.serve(context);
            return;
        }
        self.busy -= 1;
        if self.busy == 0 {
            SERVED.store(self.served, Relaxed);
            WAITED.store(self.waited, Relaxed);
            WAIT_NS.store(self.wait_ns, Relaxed);
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(customers)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: nexosim-mm50 CUSTOMERS SEED");
        std::process::exit(2);
    };
    let mut simulation = SimInit::with_num_threads(1)
        .add_model(Centre::new(customers, seed), Mailbox::new(), "centre")
        .init(MonotonicTime::EPOCH)
        .expect("one model");
    simulation.run().expect("it runs until nothing is scheduled");
    let served = SERVED.load(Relaxed);
    println!(
        "{{\"customers\": {served}, \"wait_share\": {}, \"mean_wait_s\": {}}}",
        WAITED.load(Relaxed) as f64 / served as f64,
        WAIT_NS.load(Relaxed) as f64 / 1e9 / served as f64,
    );
}
