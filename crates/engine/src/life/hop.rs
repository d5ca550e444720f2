//! A leg to one of our own numbers: a new admission and decision inside the leg.

use routing::account::NumberId;
use routing::call::InboundCall;
use routing::decision::Terminal;
use routing::limit::CheckPosition;
use routing::record::{Cause, Outcome, Sink};

use crate::backend::Backend;
use crate::call::{End, MaybeNumber, UNFINISHED};
use crate::decisions::DecisionId;
use crate::engine::Engine;
use crate::life::decide::{Asked, Decided};
use crate::race::{Frame, Phase, Stage};

/// The ticket of a decision that is there already.
const NO_TICKET: u64 = u64::MAX;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The leg `which` of the frame `at` calls our number `inner`.
    pub(crate) fn hop(&mut self, slot: u32, at: usize, which: usize, inner: NumberId) {
        self.calls[slot].hops += 1;
        let hop = self.calls[slot].hops;
        if hop > self.plan.routing.hop_cap {
            return self.finish_call(slot, End::new(Outcome::Dropped, Cause::RedirectLoop));
        }
        let accounts = &self.plan.accounts;
        let outer = self.frame_call(slot, at);
        let shows_called = self
            .frame_number(slot, at)
            .is_some_and(|number| accounts.number(number).pass_called_number);
        let from = if shows_called {
            Some(outer.to)
        } else {
            outer.from
        };
        let call = InboundCall {
            from,
            to: accounts.number(inner).number,
        };
        if self
            .admission(call, Some(inner), CheckPosition::Before)
            .is_some()
        {
            return self.hop_fails(slot, at, which);
        }
        if self.closed {
            return self.finish_call(slot, UNFINISHED);
        }
        let phase = match self.ask(slot, call, Some(inner), hop) {
            Asked::Later(awaited) => awaited,
            // Due at once: applied as the race's next step, so that a long loop needs no deep
            // stack.
            Asked::Now(reply) => Phase::Awaiting {
                until: self.now,
                ticket: NO_TICKET,
                reply,
            },
        };
        self.aside(slot).frames.push(Frame {
            parent: (at as u16, which as u8),
            from: call.from,
            to: call.to,
            number: inner,
            hop,
            phase,
            stage: Stage::of(DecisionId::NONE),
        });
    }

    /// The decision of a frame inside a leg.
    pub(crate) fn decided_inside(&mut self, slot: u32, at: usize, reply: Decided) {
        *self.phase_mut(slot, at) = Phase::Over;
        let Ok(id) = reply else {
            return self.inside_fails(slot, at);
        };
        let hop = self.frame_hop(slot, at);
        self.tell_decision(slot, hop, id);
        let (call, number) = (self.frame_call(slot, at), self.frame_number(slot, at));
        let prepared = &self.decisions[id];
        let (finally, at_once) = (prepared.finally, prepared.stages.is_empty());
        if self.admission_after(call, number, finally).is_some() {
            return self.inside_fails(slot, at);
        }
        if at_once {
            return self.terminal_inside(slot, at, finally);
        }
        *self.stage_mut(slot, at) = Stage::of(id);
        self.open_stage(slot, at);
    }

    /// Nobody inside answered. Our greeting, AI, IVR or hold answers the leg at once and the call
    /// goes on there; anything else fails the leg.
    pub(crate) fn terminal_inside(&mut self, slot: u32, at: usize, finally: Terminal) {
        match finally {
            Terminal::HangUp | Terminal::Drop(_) | Terminal::Reject(_) => {
                self.inside_fails(slot, at);
            }
            Terminal::Voicemail | Terminal::VoiceAi | Terminal::Ivr | Terminal::Hold => {
                let number = self.frame_number(slot, at);
                self.calls[slot].number = MaybeNumber::of(number);
                self.terminal(slot, finally);
            }
        }
    }

    /// What runs inside a leg ended without an answer: the leg has failed.
    pub(crate) fn inside_fails(&mut self, slot: u32, at: usize) {
        *self.phase_mut(slot, at) = Phase::Over;
        if let Some((outer, leg)) = self.parent(slot, at) {
            self.hop_fails(slot, outer.into(), leg.into());
        }
    }

    fn hop_fails(&mut self, slot: u32, at: usize, which: usize) {
        self.end_leg(slot, at, which, false);
    }
}
