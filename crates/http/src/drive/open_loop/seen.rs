//! What is seen of a driven run, while it runs and when it is over.

use std::cell::RefCell;

use routing::record::Sink;

use super::ends::Ends;
use super::{DriveFault, Driven, Driver, Pace};
use crate::client::Kind;
use crate::drive::view::Seen;
use crate::latency::{Fared, Measure};

impl<S: Sink> Driver<'_, S> {
    /// Shows how far the run is.
    pub(super) fn show(&self) {
        let calls = self.engine.sink().calls;
        let latency = &self.latency;
        let answered = latency.of(Fared::Answered, None, Measure::Response);
        let lag = latency.of(Fared::Answered, None, Measure::Lag);
        let at = |share: f64| {
            answered
                .as_ref()
                .map_or(0, |it| it.value_at_quantile(share))
        };
        let refused = latency.count("429") + latency.count("503");
        let flaws: u64 = latency.flaws.values().sum();
        self.view.show(Seen {
            elapsed: self.begun.elapsed(),
            duration: self.settings.speed.wall(self.duration),
            passed: self.passed(),
            due: self.due,
            sent: latency.requests - latency.not_sent,
            not_sent: latency.not_sent,
            done: latency.requests,
            in_flight: self.line.lanes.busy(),
            waiting: self.line.waiting(),
            connections: self.line.lanes.count() + self.ends.as_ref().map_or(0, Ends::connections),
            live: self.engine.live(),
            refused,
            failed: flaws - refused,
            response_ns: [at(0.5), at(0.9), at(0.99), at(1.0)],
            lag_p99_ns: lag.map_or(0, |it| it.value_at_quantile(0.99)),
            lag_of_late_ns: latency.lag_of_late_ns(),
            calls,
        });
    }

    fn passed(&self) -> Option<f64> {
        let closed = self.settings.pace != Pace::Open;
        let share = self.engine.now().0 as f64 / self.duration.0.max(1) as f64;
        closed.then_some(share.min(1.0))
    }

    /// The result. The engine is over first: calls that nobody ever served end with it, and their
    /// ends are due like any other, and not sent, like all that is left when the drain is over.
    pub(super) fn finish(self) -> Result<Driven<S>, DriveFault> {
        let told = self.ends.as_ref().map_or(0, Ends::connections);
        let (took, connections) = (self.begun.elapsed(), self.line.lanes.count() + told);
        let (noted, counts) = self.engine.finish()?;
        let (mut latency, mut due) = (self.latency, self.due);
        for _ in noted.ends.map(RefCell::into_inner).unwrap_or_default() {
            due += 1;
            latency.give_up(Kind::Status, false);
        }
        let not_sent = latency.not_sent;
        let sent = latency.requests - not_sent;
        if sent + not_sent != due {
            return Err(DriveFault::RequestsLost {
                due,
                sent,
                not_sent,
            });
        }
        Ok(Driven {
            sink: noted.inner,
            counts,
            latency,
            connections,
            took,
        })
    }
}
