//! The decision: recalled or asked for, awaited (in modelled time or until a reply), applied.

use model::{Address, Purpose};
use routing::account::NumberId;
use routing::call::InboundCall;
use routing::decision::{Decision, Terminal};
use routing::limit::CheckPosition;
use routing::record::{Cause, DecisionRecord, Outcome, Sink};

use crate::backend::{Backend, Failure, Reply, Request, Submitted, Ticket};
use crate::call::{End, State};
use crate::decisions::{Asking, Caller, DecisionId};
use crate::engine::Engine;
use crate::race::{Phase, Stage};

/// A decision in the table, or why there is none.
pub(crate) type Decided = Result<DecisionId, Failure>;

/// What came of asking.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The decision is there.
    Now(Decided),
    /// The frame awaits it.
    Later(Phase),
}

/// No decision: what is awaited may yet come.
pub(crate) const NOT_YET: Decided = Err(Failure::Timeout);

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The usual case of [`Engine::ask`]: a decision that is remembered and there at once. It uses
    /// a ticket up as any other.
    #[inline]
    pub(crate) fn recalled(
        &mut self,
        call: InboundCall,
        number: Option<NumberId>,
    ) -> Option<DecisionId> {
        let number = number.filter(|_| self.recalls)?;
        if Ticket(self.next_ticket).is_asked_anew() {
            return None;
        }
        let caller = self.caller(call, number);
        let known = self.decisions.remembered(number, caller, self.now)?;
        self.next_ticket += 1;
        Some(known)
    }

    /// Asks about a call or one of its hops, unless it is known what will be said.
    #[inline]
    pub(crate) fn ask(
        &mut self,
        slot: u32,
        call: InboundCall,
        number: Option<NumberId>,
        hop: u16,
    ) -> Asked {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let caller = number
            .filter(|_| self.steady)
            .map(|number| (number, self.caller(call, number)));
        if let Some((number, caller)) = caller
            && let Some(known) = self.decisions.remembered(number, caller, self.now)
            && !ticket.is_asked_anew()
        {
            return self.in_its_time(slot, Ok(known), ticket, hop);
        }
        let (submitted, before) = self.submit(slot, call, number, hop, ticket);
        let decided = match submitted {
            Submitted::Pending => {
                self.pending.insert(ticket, slot);
                return Asked::Later(Phase::Awaiting {
                    until: self.now + self.plan.timeout,
                    ticket: ticket.0,
                    reply: NOT_YET,
                });
            }
            Submitted::Done(reply) => self.tabled(reply, number),
        };
        if let (Ok(decision), Some((number, caller))) = (decided, caller) {
            self.decisions.remember(number, caller, decision, before);
        }
        self.in_its_time(slot, decided, ticket, hop)
    }

    /// Really asks; also until when the same question gets the same answer.
    fn submit(
        &mut self,
        slot: u32,
        call: InboundCall,
        number: Option<NumberId>,
        hop: u16,
        ticket: Ticket,
    ) -> (Submitted, routing::Nanos) {
        let world = Asking::new(self.plan, self.now);
        let request = Request {
            call,
            number,
            at: self.now,
            fresh: self.calls[slot].fresh(),
            attempt: u32::from(self.calls[slot].attempt),
            hop,
            world: &world,
        };
        let submitted = self.backend.submit(ticket, &request);
        (submitted, world.before())
    }

    #[inline]
    fn caller(&self, call: InboundCall, number: NumberId) -> Caller {
        let Some(from) = call.from else {
            return Caller::Private;
        };
        if !self.knows_callers[number.index()] {
            return Caller::Stranger;
        }
        let accounts = &self.plan.accounts;
        let contact = accounts.find_contact(accounts.number(number).sub_account, from);
        contact
            .and_then(|contact| contact.assigned_to)
            .map_or(Caller::Stranger, Caller::ContactOf)
    }

    /// Puts a reply into the table of decisions.
    fn tabled(&mut self, reply: Reply, number: Option<NumberId>) -> Decided {
        if self.decisions.overflows() {
            let needed = self.decisions_needed();
            self.decisions.keep(&needed);
        }
        reply.map(|decision| self.decisions.line(self.plan, decision, number))
    }

    /// The decisions that live calls are at work on.
    fn decisions_needed(&self) -> Vec<DecisionId> {
        let mut needed = Vec::new();
        let awaited = |phase: &Phase| match phase {
            Phase::Awaiting { reply, .. } => reply.ok(),
            Phase::Ringing | Phase::Over => None,
        };
        for slot in 0..self.calls.slots() {
            if let State::Racing(stage) = self.calls[slot].state {
                needed.push(stage.decision);
            }
        }
        for slot in 0..self.races.slots() {
            let race = &self.races[slot];
            needed.extend(awaited(&race.phase));
            for frame in &race.frames {
                needed.push(frame.stage.decision);
                needed.extend(awaited(&frame.phase));
            }
        }
        needed.retain(|id| *id != DecisionId::NONE);
        needed
    }

    /// A decision in the time that it is modelled to take.
    #[inline]
    fn in_its_time(&mut self, slot: u32, reply: Decided, ticket: Ticket, hop: u16) -> Asked {
        let latency = match self.plan.latency.as_constant() {
            Some(constant) => constant,
            None => self.plan.latency.draw(self.draws.one(Address {
                nth: hop.min(31) as u8,
                ..self.calls[slot].address(Purpose::Latency)
            })),
        };
        if latency.0 == 0 {
            return Asked::Now(reply);
        }
        let timeout = self.plan.timeout;
        Asked::Later(Phase::Awaiting {
            until: self.now + latency.min(timeout),
            ticket: ticket.0,
            reply: if latency > timeout { NOT_YET } else { reply },
        })
    }

    /// The call awaits its own decision.
    pub(crate) fn await_decision(&mut self, slot: u32, phase: Phase) {
        self.calls[slot].state = State::Racing(Stage::of(DecisionId::NONE));
        self.aside(slot).phase = phase;
        self.settle(slot);
    }

    /// The call's own decision.
    #[inline]
    pub(crate) fn decided(&mut self, slot: u32, reply: Decided) {
        let id = match reply {
            Ok(id) => id,
            Err(failure) => {
                return self.finish_call(slot, End::new(Outcome::Failed, failure.into()));
            }
        };
        let prepared = &self.decisions[id];
        let (finally, at_once) = (prepared.finally, prepared.stages.is_empty());
        let call = &mut self.calls[slot];
        call.rule = Some(prepared.rule);
        let (inbound, number) = (
            InboundCall {
                from: call.from,
                to: call.to,
            },
            call.number.get(),
        );
        self.tell_decision(slot, 0, id);
        if let Some(cause) = self.admission_after(inbound, number, finally) {
            return self.finish_call(slot, End::new(Outcome::Blocked, cause));
        }
        if at_once {
            return self.terminal(slot, finally);
        }
        self.leave_race(slot);
        self.calls[slot].state = State::Racing(Stage::of(id));
        self.open_stage(slot, 0);
        self.settle(slot);
    }

    /// With `check_position = "after"`: the limits see what the decision lets through.
    #[inline]
    pub(crate) fn admission_after(
        &mut self,
        call: InboundCall,
        number: Option<NumberId>,
        finally: Terminal,
    ) -> Option<Cause> {
        if matches!(finally, Terminal::Drop(_) | Terminal::Reject(_)) {
            return None;
        }
        self.admission(call, number, CheckPosition::After)
    }

    #[inline]
    pub(crate) fn tell_decision(&mut self, slot: u32, hop: u16, id: DecisionId) {
        let call = &self.calls[slot];
        let prepared = &self.decisions[id];
        self.sink.decision(&DecisionRecord {
            fresh: call.fresh(),
            attempt: u32::from(call.attempt),
            hop,
            decision: self.decisions.as_it_came(id),
            memo: &prepared.memo,
        });
    }

    /// A frame's waiting is over: the modelled time has passed, or the deadline.
    pub(crate) fn decision_due(&mut self, slot: u32, at: usize) {
        let Phase::Awaiting { ticket, reply, .. } = *self.phase(slot, at) else {
            return;
        };
        self.pending.remove(&Ticket(ticket));
        self.apply(slot, at, reply);
    }

    /// A reply from outside.
    pub(crate) fn decision_arrives(&mut self, slot: u32, ticket: Ticket, reply: Reply) -> bool {
        let awaits = |at: &usize| match self.phase(slot, *at) {
            Phase::Awaiting {
                ticket: awaited, ..
            } => *awaited == ticket.0,
            Phase::Ringing | Phase::Over => false,
        };
        let Some(at) = (0..self.frame_count(slot)).find(awaits) else {
            return false;
        };
        let number = self.frame_number(slot, at);
        let scheduled = self.next_step(slot).at;
        let decided = self.tabled(reply, number);
        self.apply(slot, at, decided);
        if self.racing(slot) {
            self.settle_from(slot, scheduled);
        }
        true
    }

    fn apply(&mut self, slot: u32, at: usize, reply: Decided) {
        if at == 0 {
            self.decided(slot, reply);
        } else {
            self.decided_inside(slot, at, reply);
        }
    }
}

/// A decision that was made here, for calls to this number.
impl<B: Backend, S: Sink> Engine<'_, B, S> {
    pub(crate) fn own_decision(
        &mut self,
        decision: Decision,
        number: Option<NumberId>,
    ) -> DecisionId {
        match self.tabled(Ok(decision), number) {
            Ok(id) => id,
            Err(_) => DecisionId::NONE,
        }
    }
}
