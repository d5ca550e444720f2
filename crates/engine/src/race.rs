//! Legs that race: what is next among decisions, pick-ups, machines, ends of legs, the ring time
//! and the caller. Knows times only; what a step means is written in [`crate::life`].
//!
//! The stage that rings is kept in the call itself, and nothing of its legs but which are open:
//! what a leg will do follows from its address. A [`Race`] lies aside for the calls that need more:
//! hops, keys to press, decisions that are awaited.

use model::ivr::Then;
use routing::account::NumberId;
use routing::number::PhoneNumber;
use routing::time::Nanos;

use crate::backend::Failure;
use crate::decisions::DecisionId;

/// No race lies aside.
pub(crate) const NO_RACE: u32 = u32::MAX;

/// What happens next. At one instant the order of the variants is the order of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum What {
    /// A decision comes, or its deadline.
    Decision,
    /// A person picks up, or presses the key.
    Answer,
    /// A machine picks up.
    Machine,
    /// A leg ends by itself.
    LegEnd,
    /// Every leg has ended.
    StageOver,
    /// The ring time is over.
    RingEnd,
    /// The caller leaves.
    Caller,
}

/// What is next in a race, and where: 0 is the call's own frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    pub what: What,
    pub frame: u16,
    pub leg: u8,
}

/// What is next so far, and when; never is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Best {
    pub at: Nanos,
    pub step: Step,
}

impl Best {
    /// Nothing but the caller's patience.
    #[inline]
    pub(crate) fn patience(ends: Nanos) -> Self {
        let step = Step {
            what: What::Caller,
            frame: 0,
            leg: 0,
        };
        Self { at: ends, step }
    }

    /// Nothing but the end of the ring time.
    #[inline]
    pub(crate) fn ring_end(at: Nanos) -> Self {
        let step = Step {
            what: What::RingEnd,
            frame: 0,
            leg: 0,
        };
        Self { at, step }
    }

    /// Takes this if it comes first.
    #[inline]
    pub(crate) fn offer(&mut self, at: Nanos, what: What, frame: u16, leg: u8) {
        let step = Step { what, frame, leg };
        if at < self.at || (at == self.at && step < self.step) {
            *self = Self { at, step };
        }
    }
}

/// A stage that rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Since when.
    pub from: Nanos,
    /// Of which decision.
    pub decision: DecisionId,
    /// Its legs that have not ended, as bits.
    pub open: u32,
    /// What lies aside of the call whose own stage this is, or [`NO_RACE`].
    pub race: u32,
    /// Which of the decision's stages.
    pub at: u8,
    /// What the call's event is about, while no race lies aside.
    pub next: What,
    /// And which leg.
    pub leg: u8,
}

impl Stage {
    /// Before anything rings.
    #[inline]
    pub(crate) fn of(decision: DecisionId) -> Self {
        Self {
            from: Nanos::ZERO,
            decision,
            open: 0,
            race: NO_RACE,
            at: 0,
            next: What::Caller,
            leg: 0,
        }
    }

    #[inline]
    pub(crate) fn is_open(&self, leg: usize) -> bool {
        self.open >> leg & 1 != 0
    }
}

/// The places of the bits that are set, in order.
#[inline]
pub(crate) fn places(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            place
        })
    })
}

/// What a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Awaits its decision: at `until` the modelled one is due, or the deadline has passed.
    Awaiting {
        until: Nanos,
        ticket: u64,
        reply: Result<DecisionId, Failure>,
    },
    /// A stage runs.
    Ringing,
    /// Nothing any more.
    Over,
}

/// A decision at work inside a leg that hopped to a number of ours.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The leg (frame, leg) inside which it runs.
    pub parent: (u16, u8),
    pub from: Option<PhoneNumber>,
    pub to: PhoneNumber,
    pub number: NumberId,
    pub hop: u16,
    pub phase: Phase,
    pub stage: Stage,
}

/// A leg that was picked up and must press a key until then (Call Connect).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prompt {
    pub frame: u16,
    pub leg: u8,
    pub until: Nanos,
    pub machine: bool,
}

/// A device that rang in this attempt, and which time that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rung {
    pub who: u32,
    pub device: u8,
    pub nth: u8,
    pub frame: u16,
    pub leg: u8,
}

/// What only some calls need while they race.
#[derive(Debug)]
pub(crate) struct Race {
    /// The call's own frame: what it is about, its hop, and what comes when nobody of an IVR's
    /// branch answers.
    pub phase: Phase,
    pub hop: u16,
    pub then: Option<Then>,
    /// The frames inside legs; the first is frame 1.
    pub frames: Vec<Frame>,
    pub prompts: Vec<Prompt>,
    /// Legs (frame, leg) whose answer fell due while the person was busy.
    pub missed: Vec<(u16, u8)>,
    /// Who and what rang already in this attempt, where a decision rings a device twice.
    pub rung: Vec<Rung>,
}

impl Default for Race {
    fn default() -> Self {
        Self {
            phase: Phase::Ringing,
            hop: 0,
            then: None,
            frames: Vec::new(),
            prompts: Vec::new(),
            missed: Vec::new(),
            rung: Vec::new(),
        }
    }
}

impl Race {
    /// Empty again, its memory kept.
    pub(crate) fn clear(&mut self) {
        self.phase = Phase::Ringing;
        self.hop = 0;
        self.then = None;
        self.frames.clear();
        self.prompts.clear();
        self.missed.clear();
        self.rung.clear();
    }

    /// The key that this leg must press, if it does.
    pub(crate) fn prompt(&self, frame: u16, leg: u8) -> Option<&Prompt> {
        self.prompts
            .iter()
            .find(|it| (it.frame, it.leg) == (frame, leg))
    }

    /// A new stage of this frame: what was noted of the legs of the last one is forgotten.
    pub(crate) fn new_stage(&mut self, frame: u16) {
        self.prompts.retain(|it| it.frame != frame);
        self.missed.retain(|(of, _)| *of != frame);
    }

    /// Which time this device rings now; counts it.
    pub(crate) fn rings(&mut self, who: u32, device: u8, frame: u16, leg: u8) {
        let same = |it: &&Rung| (it.who, it.device) == (who, device);
        let nth = self.rung.iter().filter(same).count().min(255) as u8;
        self.rung.push(Rung {
            who,
            device,
            nth,
            frame,
            leg,
        });
    }

    /// Which time the device of this leg rings.
    pub(crate) fn nth(&self, frame: u16, leg: u8) -> u8 {
        let of = |it: &&Rung| (it.frame, it.leg) == (frame, leg);
        self.rung.iter().rev().find(of).map_or(0, |it| it.nth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_bits() {
        assert_eq!(places(0b1000_0000_0101).collect::<Vec<_>>(), [0, 2, 11]);
        assert_eq!(places(1 << 31).collect::<Vec<_>>(), [31]);
        assert_eq!(places(0).count(), 0);
    }

    #[test]
    fn at_one_instant_an_answer_comes_before_a_machine_and_the_caller_last() {
        let mut best = Best::patience(Nanos(5));
        best.offer(Nanos(5), What::RingEnd, 0, 0);
        best.offer(Nanos(5), What::Machine, 0, 1);
        best.offer(Nanos(5), What::Answer, 1, 3);
        best.offer(Nanos(5), What::Answer, 0, 4);
        best.offer(Nanos(6), What::Decision, 0, 0);
        assert_eq!(
            (best.step.what, best.step.frame, best.step.leg),
            (What::Answer, 0, 4)
        );
    }
}
