//! Closed loop, for peak throughput only: as many requests under way as there are connections,
//! always. Calls come in the order of their schedule, but when a connection is free instead of
//! when they are due; so its latencies leave out what a caller would have waited (coordinated
//! omission).

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Counts, Plan};
use routing::Nanos;
use routing::record::Sink;
use tokio::runtime::Builder;

use super::DriveFault;
use super::board::Board;
use super::open::{Driver, Load};
use crate::client::Endpoint;
use crate::latency::Latency;

/// One replication in closed loop: until its calls are all asked about, or so much time of the
/// clock has passed as the run should last. The plan's time-out should be longer than any run: in
/// it the time of the schedule passes, not that of the clock.
///
/// # Errors
/// See [`DriveFault`].
pub fn closed<S: Sink>(
    plan: &Plan,
    replication: u32,
    endpoint: &Arc<Endpoint>,
    connections: usize,
    sink: S,
    board: &Board,
) -> Result<(S, Counts, Latency), DriveFault> {
    let load = Load {
        connections,
        drain: Nanos::ZERO,
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let driver = Driver::new(plan, replication, endpoint, load, sink, board);
    runtime.block_on(driver.run_closed(connections))
}

impl<S: Sink> Driver<'_, S> {
    async fn run_closed(mut self, connections: usize) -> Result<(S, Counts, Latency), DriveFault> {
        let ends = self.epoch + Duration::from_nanos(self.plan.duration.0);
        let mut steps = 0u32;
        loop {
            let over = Instant::now() >= ends || self.board.stops();
            if over || self.engine.has_fault() {
                break;
            }
            self.fill(connections);
            if self.lanes.busy() == 0 {
                break;
            }
            if let Some(done) = self.lanes.next_done().await {
                self.hear(done);
            }
            while let Some(done) = self.lanes.try_done() {
                self.hear(done);
            }
            steps += 1;
            if steps.is_multiple_of(256) {
                self.tell();
            }
        }
        self.engine.stop_arrivals();
        while self.lanes.busy() > 0 {
            if let Some(done) = self.lanes.next_done().await {
                self.hear(done);
            }
        }
        self.end()
    }

    /// Goes on in the schedule until every connection has something to do.
    fn fill(&mut self, connections: usize) {
        while self.lanes.busy() < connections {
            if let Some(question) = self.next_question() {
                self.send(question, Instant::now());
                continue;
            }
            let Some(next) = self.engine.next_due() else {
                return;
            };
            self.engine.advance(next);
        }
    }
}
