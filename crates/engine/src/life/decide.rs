//! The decision: asked for, awaited (in modelled time or until a reply), applied.

use model::{Address, Purpose};
use routing::account::NumberId;
use routing::call::InboundCall;
use routing::decision::{Decision, Terminal};
use routing::limit::CheckPosition;
use routing::record::{Cause, DecisionRecord, Outcome, Sink};
use smallvec::SmallVec;

use crate::backend::{Backend, Failure, Reply, Request, Submitted, Ticket};
use crate::call::End;
use crate::engine::Engine;
use crate::race::{Frame, Phase, Race};

/// What came of asking.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The decision is there.
    Now(Reply),
    /// The frame awaits it: the phase, and the decision where its time is only modelled.
    Later((Phase, Option<Decision>)),
}

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Asks the back end about a call or one of its hops.
    pub(crate) fn ask(
        &mut self,
        slot: u32,
        call: InboundCall,
        number: Option<NumberId>,
        hop: u16,
    ) -> Asked {
        let (fresh, attempt) = (self.calls[slot].fresh, self.calls[slot].attempt);
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let world = self.plan.world(self.now);
        let request = Request {
            call,
            number,
            at: self.now,
            fresh,
            attempt,
            hop,
            world: &world,
        };
        let until = self.now + self.plan.timeout;
        let reply = match self.backend.submit(ticket, &request) {
            Submitted::Pending => {
                self.pending.insert(ticket, slot);
                let fails = Some(Failure::Timeout);
                return Asked::Later((
                    Phase::Awaiting {
                        until,
                        ticket: ticket.0,
                        fails,
                    },
                    None,
                ));
            }
            Submitted::Done(reply) => reply,
        };
        let address = Address {
            nth: hop.min(31) as u8,
            ..Address::of(fresh, attempt, Purpose::Latency)
        };
        let latency = match self.plan.latency.as_constant() {
            Some(constant) => constant,
            None => self.plan.latency.draw(self.draws.one(address)),
        };
        if latency.0 == 0 {
            return Asked::Now(reply);
        }
        let (fails, decision) = match reply {
            _ if latency > self.plan.timeout => (Some(Failure::Timeout), None),
            Ok(decision) => (None, Some(decision)),
            Err(failure) => (Some(failure), None),
        };
        let until = until.min(self.now + latency);
        Asked::Later((
            Phase::Awaiting {
                until,
                ticket: ticket.0,
                fails,
            },
            decision,
        ))
    }

    /// A race whose first frame is the call itself.
    pub(crate) fn open_race(
        &mut self,
        slot: u32,
        call: InboundCall,
        number: Option<NumberId>,
        (phase, decision): (Phase, Option<Decision>),
    ) {
        let race = self.races.take_used(Race::default);
        self.races[race]
            .frames
            .push(frame(None, call, number, 0, phase, decision));
        self.calls[slot].race = Some(race);
    }

    /// The call's own decision.
    pub(crate) fn decided(&mut self, slot: u32, reply: Reply) {
        let decision = match reply {
            Ok(decision) => decision,
            Err(failure) => {
                return self.finish_call(slot, End::new(Outcome::Failed, failure.into()));
            }
        };
        let call = &mut self.calls[slot];
        call.rule = Some(decision.rule);
        let (inbound, number) = (
            InboundCall {
                from: call.from,
                to: call.to,
            },
            call.number,
        );
        self.tell_decision(slot, 0, &decision);
        if let Some(cause) = self.admission_after(inbound, number, &decision) {
            return self.finish_call(slot, End::new(Outcome::Blocked, cause));
        }
        if decision.stages.is_empty() {
            return self.terminal(slot, decision.finally);
        }
        if self.calls[slot].race.is_none() {
            self.open_race(slot, inbound, number, (Phase::Ringing, Some(decision)));
        } else {
            let own = &mut self.frames(slot)[0];
            own.decision = decision;
            own.phase = Phase::Ringing;
        }
        self.open_stage(slot, 0);
        self.settle(slot);
    }

    /// With `check_position = "after"`: the limits see what the decision lets through.
    pub(crate) fn admission_after(
        &mut self,
        call: InboundCall,
        number: Option<NumberId>,
        decision: &Decision,
    ) -> Option<Cause> {
        if matches!(decision.finally, Terminal::Drop(_) | Terminal::Reject(_)) {
            return None;
        }
        self.admission(call, number, CheckPosition::After)
    }

    pub(crate) fn tell_decision(&mut self, slot: u32, hop: u16, decision: &Decision) {
        let call = &self.calls[slot];
        let record = DecisionRecord {
            fresh: call.fresh,
            attempt: call.attempt,
            hop,
            decision,
        };
        self.sink.decision(&record);
    }

    /// A frame's waiting is over: the modelled time has passed, or the deadline.
    pub(crate) fn decision_due(&mut self, slot: u32, at: usize) {
        let own = &mut self.frames(slot)[at];
        let Phase::Awaiting { ticket, fails, .. } = own.phase else {
            return;
        };
        let reply = match fails {
            Some(failure) => Err(failure),
            None => Ok(take_decision(own)),
        };
        self.pending.remove(&Ticket(ticket));
        self.apply(slot, at, reply);
    }

    /// A reply from outside.
    pub(crate) fn decision_arrives(&mut self, slot: u32, ticket: Ticket, reply: Reply) -> bool {
        let awaits = |frame: &Frame| match frame.phase {
            Phase::Awaiting {
                ticket: awaited, ..
            } => awaited == ticket.0,
            Phase::Ringing | Phase::Over => false,
        };
        let Some(at) = self.frames(slot).iter().position(awaits) else {
            return false;
        };
        self.apply(slot, at, reply);
        if self.racing(slot) {
            self.settle(slot);
        }
        true
    }

    fn apply(&mut self, slot: u32, at: usize, reply: Reply) {
        if at == 0 {
            self.decided(slot, reply);
        } else {
            self.decided_inside(slot, at, reply);
        }
    }
}

fn take_decision(frame: &mut Frame) -> Decision {
    std::mem::replace(&mut frame.decision, nothing())
}

fn nothing() -> Decision {
    Decision::at_once(Terminal::HangUp, routing::trace::RuleId::External)
}

pub(crate) fn frame(
    parent: Option<(u16, u8)>,
    call: InboundCall,
    number: Option<NumberId>,
    hop: u16,
    phase: Phase,
    decision: Option<Decision>,
) -> Frame {
    Frame {
        parent,
        from: call.from,
        to: call.to,
        number,
        hop,
        phase,
        decision: decision.unwrap_or_else(nothing),
        stage: 0,
        ring_ends: routing::time::Nanos::NEVER,
        legs: SmallVec::new(),
        then: None,
    }
}
