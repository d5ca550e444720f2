//! A call arrives: admission first, then the decision.

use routing::account::NumberId;
use routing::call::InboundCall;
use routing::limit::{Admission, CheckPosition, Verdict};
use routing::record::{Cause, Outcome, Sink, ViolationRecord};

use crate::backend::Backend;
use crate::call::{End, State};
use crate::engine::Engine;
use crate::life::decide::Asked;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// A fresh call, or the next attempt of a caller.
    pub(crate) fn arrive(&mut self, slot: u32) {
        self.counts.arrived += 1;
        self.live += 1;
        let call = &mut self.calls[slot];
        call.arrived = self.now;
        call.state = State::Racing;
        call.number = self.plan.accounts.find_number(call.to);
        let (inbound, number) = (
            InboundCall {
                from: call.from,
                to: call.to,
            },
            call.number,
        );
        if let Some(cause) = self.admission(inbound, number, CheckPosition::Before) {
            return self.finish_call(slot, End::new(Outcome::Blocked, cause));
        }
        match self.ask(slot, inbound, number, 0) {
            Asked::Now(reply) => self.decided(slot, reply),
            Asked::Later(phase) => {
                self.open_race(slot, inbound, number, phase);
                self.settle(slot);
            }
        }
    }

    /// Asks the limits, if this is where they stand: the cause when the attempt is blocked.
    pub(crate) fn admission(
        &mut self,
        call: InboundCall,
        number: Option<NumberId>,
        here: CheckPosition,
    ) -> Option<Cause> {
        let number = number?;
        if self.plan.limits.check_position != here {
            return None;
        }
        let verdict = self.limiter.as_mut()?.admit(&call, number, self.now);
        let Verdict::Blocked {
            cause,
            violations,
            blocks_account,
            ..
        } = verdict
        else {
            return None;
        };
        if violations > 0 {
            self.sink.violation(&ViolationRecord {
                at: self.now,
                sub_account: self.plan.accounts.number(number).sub_account,
                count: violations,
                blocks_account,
            });
        }
        Some(cause)
    }
}
