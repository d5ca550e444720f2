//! A leg to one of our own numbers: a new admission and decision inside the leg.

use routing::account::NumberId;
use routing::call::InboundCall;
use routing::decision::Terminal;
use routing::limit::CheckPosition;
use routing::record::{Cause, Outcome, Sink};

use crate::backend::{Backend, Reply};
use crate::call::{End, UNFINISHED};
use crate::engine::Engine;
use crate::life::decide::{Asked, frame};
use crate::race::Phase;

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
        let outer = &self.frames(slot)[at];
        let shows_called = outer
            .number
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
        let asked = self.ask(slot, call, Some(inner), hop);
        let parent = Some((at as u16, which as u8));
        let (phase, decision) = match asked {
            Asked::Later(awaited) => awaited,
            // Due at once: applied as the race's next step, so that a long loop needs no deep
            // stack.
            Asked::Now(reply) => (
                Phase::Awaiting {
                    until: self.now,
                    ticket: NO_TICKET,
                    fails: reply.as_ref().err().copied(),
                },
                reply.ok(),
            ),
        };
        self.frames(slot)
            .push(frame(parent, call, Some(inner), hop, phase, decision));
    }

    /// The decision of a frame inside a leg.
    pub(crate) fn decided_inside(&mut self, slot: u32, at: usize, reply: Reply) {
        self.frames(slot)[at].phase = Phase::Over;
        let Ok(decision) = reply else {
            return self.inside_fails(slot, at);
        };
        let own = &self.frames(slot)[at];
        let (call, number, hop) = (
            InboundCall {
                from: own.from,
                to: own.to,
            },
            own.number,
            own.hop,
        );
        self.tell_decision(slot, hop, &decision);
        if self.admission_after(call, number, &decision).is_some() {
            return self.inside_fails(slot, at);
        }
        if decision.stages.is_empty() {
            return self.terminal_inside(slot, at, decision.finally);
        }
        self.frames(slot)[at].decision = decision;
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
                self.calls[slot].number = self.frames(slot)[at].number;
                self.terminal(slot, finally);
            }
        }
    }

    /// What runs inside a leg ended without an answer: the leg has failed.
    pub(crate) fn inside_fails(&mut self, slot: u32, at: usize) {
        let own = &mut self.frames(slot)[at];
        own.phase = Phase::Over;
        if let Some((outer, leg)) = own.parent {
            self.hop_fails(slot, outer.into(), leg.into());
        }
    }

    fn hop_fails(&mut self, slot: u32, at: usize, which: usize) {
        self.end_leg(slot, at, which, false);
    }
}
