//! A call arrives: admission first, then the decision.

use routing::account::NumberId;
use routing::call::InboundCall;
use routing::limit::{Admission, CheckPosition, Verdict};
use routing::record::{Cause, Outcome, Sink, ViolationRecord};

use crate::backend::Backend;
use crate::call::{End, MaybeNumber, State, UNFINISHED};
use crate::engine::Engine;
use crate::life::decide::Asked;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The next attempt of a caller.
    pub(crate) fn arrive(&mut self, slot: u32) {
        let call = &self.calls[slot];
        let number = self.plan.accounts.find_number(call.to);
        let life = self.draws.attempt(call.fresh(), u32::from(call.attempt));
        self.lives.keep(call, life);
        self.arrive_at(slot, number);
    }

    /// A call to this number of ours, or to one that is not.
    #[inline]
    pub(crate) fn arrive_at(&mut self, slot: u32, number: Option<NumberId>) {
        self.counts.arrived += 1;
        self.live += 1;
        let call = &mut self.calls[slot];
        call.arrived = self.now;
        call.state = State::Between;
        call.dialled = MaybeNumber::of(number);
        call.number = call.dialled;
        let inbound = InboundCall {
            from: call.from,
            to: call.to,
        };
        if let Some(cause) = self.admission(inbound, number, CheckPosition::Before) {
            return self.finish_call(slot, End::new(Outcome::Blocked, cause));
        }
        if self.closed {
            return self.finish_call(slot, UNFINISHED);
        }
        if let Some(known) = self.recalled(inbound, number) {
            return self.decided(slot, Ok(known));
        }
        match self.ask(slot, inbound, number, 0) {
            Asked::Now(reply) => self.decided(slot, reply),
            Asked::Later(phase) => self.await_decision(slot, phase),
        }
    }

    /// Asks the limits, if this is where they stand: the cause when the attempt is blocked.
    #[inline]
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
        match self.limiter.as_mut()?.admit(&call, number, self.now) {
            Verdict::Admitted => None,
            verdict @ Verdict::Blocked { .. } => self.blocked(number, verdict),
        }
    }

    /// Tells of the violation that blocked an attempt, if there was one.
    #[cold]
    fn blocked(&mut self, number: NumberId, verdict: Verdict) -> Option<Cause> {
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
                number,
                cause,
                count: violations,
                blocks_account,
            });
        }
        Some(cause)
    }
}
