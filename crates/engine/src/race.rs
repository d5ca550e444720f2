//! Legs that race: what is next among decisions, pick-ups, machines, ends of legs, the ring time
//! and the caller. Knows times only; what a step means is written in [`crate::life`].

use model::ivr::Then;
use routing::account::{NumberId, PersonId};
use routing::decision::{Decision, Leg, MAX_LEGS};
use routing::number::PhoneNumber;
use routing::time::Nanos;
use smallvec::SmallVec;

use crate::backend::Failure;

/// What a leg does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Rings.
    Ringing,
    /// Was picked up and must press a key until then (Call Connect).
    Prompt { until: Nanos, machine: bool },
    /// Is one of our own numbers: a frame of its own runs inside.
    Hop,
    /// Is over.
    Ended,
}

/// One leg of a running stage. A time that does not come is never.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LegState {
    pub leg: Leg,
    pub person: Option<PersonId>,
    pub from: Nanos,
    pub answer: Nanos,
    pub machine: Nanos,
    pub end: Nanos,
    pub doing: Doing,
    pub first_of_person: bool,
    /// Which time this device rings in the attempt.
    pub nth: u8,
}

/// What a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Awaits its decision: at `until` the modelled one is due, or the deadline has passed.
    Awaiting {
        until: Nanos,
        ticket: u64,
        fails: Option<Failure>,
    },
    /// A stage runs.
    Ringing,
    /// Nothing any more.
    Over,
}

/// One decision at work: the call's own, or one inside a leg that hopped to a number of ours.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The leg (frame, leg) inside which it runs.
    pub parent: Option<(u16, u8)>,
    pub from: Option<PhoneNumber>,
    pub to: PhoneNumber,
    pub number: Option<NumberId>,
    pub hop: u16,
    pub phase: Phase,
    pub decision: Decision,
    pub stage: usize,
    pub ring_ends: Nanos,
    pub legs: SmallVec<[LegState; MAX_LEGS]>,
    /// A branch of an IVR: what comes when nobody answers.
    pub then: Option<Then>,
}

/// All frames of one call.
#[derive(Debug, Default)]
pub(crate) struct Race {
    pub frames: Vec<Frame>,
    /// Who and what rang already in this attempt.
    pub rung: Vec<(u32, u8)>,
}

/// What is next in a race. At one instant the order of the variants is the order of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// A decision comes, or its deadline.
    Decision { frame: u16 },
    /// A person picks up, or presses the key.
    Answer { frame: u16, leg: u8 },
    /// A machine picks up.
    Machine { frame: u16, leg: u8 },
    /// A leg ends by itself.
    LegEnd { frame: u16, leg: u8 },
    /// Every leg has ended.
    StageOver { frame: u16 },
    /// The ring time is over.
    RingEnd { frame: u16 },
    /// The caller leaves.
    Caller,
}

impl Frame {
    fn next(&self, frame: u16, best: &mut (Nanos, Step)) {
        let mut offer = |at: Nanos, step: Step| {
            if (at, step) < *best {
                *best = (at, step);
            }
        };
        match self.phase {
            Phase::Over => return,
            Phase::Awaiting { until, .. } => return offer(until, Step::Decision { frame }),
            Phase::Ringing => {}
        }
        let (mut open, mut ringing) = (false, false);
        for (at, state) in self.legs.iter().enumerate() {
            let leg = at as u8;
            match state.doing {
                Doing::Ended => continue,
                Doing::Hop => ringing = true,
                Doing::Prompt {
                    until,
                    machine: false,
                } => offer(until, Step::Answer { frame, leg }),
                Doing::Prompt {
                    until,
                    machine: true,
                } => offer(until, Step::LegEnd { frame, leg }),
                Doing::Ringing => {
                    ringing = true;
                    offer(state.answer, Step::Answer { frame, leg });
                    offer(state.machine, Step::Machine { frame, leg });
                    offer(state.end, Step::LegEnd { frame, leg });
                }
            }
            open = true;
        }
        if !open {
            offer(Nanos::ZERO, Step::StageOver { frame });
        } else if ringing {
            offer(self.ring_ends, Step::RingEnd { frame });
        }
    }
}

impl Race {
    /// What is next, and when; never is no time.
    pub(crate) fn next(&self, patience_ends: Nanos) -> (Nanos, Step) {
        let mut best = (patience_ends, Step::Caller);
        for (at, frame) in self.frames.iter().enumerate() {
            frame.next(at as u16, &mut best);
        }
        best
    }

    /// Which time this device rings now; counts it.
    pub(crate) fn nth(&mut self, who: u32, device: u8) -> u8 {
        let before = self
            .rung
            .iter()
            .filter(|rung| **rung == (who, device))
            .count();
        self.rung.push((who, device));
        before.min(255) as u8
    }
}
