//! The frames of a call that races: its own (0), whose stage lies in the call itself, and those
//! inside legs, which lie aside.

use routing::account::NumberId;
use routing::call::InboundCall;
use routing::record::Sink;

use crate::backend::Backend;
use crate::call::State;
use crate::decisions::DecisionId;
use crate::engine::Engine;
use crate::prepare::LegPlan;
use crate::race::{Frame, NO_RACE, Phase, Race, Stage};

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Whether the call races.
    #[inline]
    pub(crate) fn racing(&self, slot: u32) -> bool {
        matches!(self.calls[slot].state, State::Racing(_))
    }

    /// The call's own stage; an empty one when it does not race.
    #[inline]
    pub(crate) fn own_stage(&self, slot: u32) -> Stage {
        match self.calls[slot].state {
            State::Racing(stage) => stage,
            _ => Stage::of(DecisionId::NONE),
        }
    }

    /// What lies aside of this call, if anything does.
    #[inline]
    pub(crate) fn race(&self, slot: u32) -> Option<&Race> {
        let race = self.own_stage(slot).race;
        (race != NO_RACE).then(|| &self.races[race])
    }

    /// What lies aside of a call that races; made when nothing does yet.
    pub(crate) fn aside(&mut self, slot: u32) -> &mut Race {
        let mut race = self.own_stage(slot).race;
        if race == NO_RACE {
            race = self.races.take_used(Race::default);
            if let State::Racing(stage) = &mut self.calls[slot].state {
                stage.race = race;
            }
        }
        &mut self.races[race]
    }

    fn frame(&self, slot: u32, at: usize) -> Option<&Frame> {
        self.race(slot)?.frames.get(at.checked_sub(1)?)
    }

    /// How many frames there are.
    pub(crate) fn frame_count(&self, slot: u32) -> usize {
        1 + self.race(slot).map_or(0, |race| race.frames.len())
    }

    /// The stage of a frame.
    #[inline]
    pub(crate) fn stage(&self, slot: u32, at: usize) -> Stage {
        match self.frame(slot, at) {
            Some(frame) => frame.stage,
            None => self.own_stage(slot),
        }
    }

    /// The same, to be changed. The call must race.
    #[inline]
    pub(crate) fn stage_mut(&mut self, slot: u32, at: usize) -> &mut Stage {
        let State::Racing(own) = &mut self.calls[slot].state else {
            unreachable!("only calls that race have stages");
        };
        if at == 0 {
            own
        } else {
            &mut self.races[own.race].frames[at - 1].stage
        }
    }

    /// What a frame is about.
    pub(crate) fn phase(&self, slot: u32, at: usize) -> &Phase {
        match (self.frame(slot, at), self.race(slot)) {
            (Some(frame), _) => &frame.phase,
            (None, Some(race)) => &race.phase,
            (None, None) => &Phase::Ringing,
        }
    }

    /// The same, to be changed, where something lies aside.
    pub(crate) fn phase_mut(&mut self, slot: u32, at: usize) -> &mut Phase {
        let race = self.aside(slot);
        if at == 0 {
            &mut race.phase
        } else {
            &mut race.frames[at - 1].phase
        }
    }

    /// The leg (frame, leg) inside which a frame runs.
    pub(crate) fn parent(&self, slot: u32, at: usize) -> Option<(u16, u8)> {
        self.frame(slot, at).map(|frame| frame.parent)
    }

    /// The number whose decision a frame works on.
    pub(crate) fn frame_number(&self, slot: u32, at: usize) -> Option<NumberId> {
        match self.frame(slot, at) {
            Some(frame) => Some(frame.number),
            None => self.calls[slot].number.get(),
        }
    }

    /// Its hop: 0 for the call's own, unless an IVR's branch rings after hops.
    pub(crate) fn frame_hop(&self, slot: u32, at: usize) -> u16 {
        match (self.frame(slot, at), self.race(slot)) {
            (Some(frame), _) => frame.hop,
            (None, race) => race.map_or(0, |race| race.hop),
        }
    }

    /// The call as the number of a frame sees it.
    pub(crate) fn frame_call(&self, slot: u32, at: usize) -> InboundCall {
        match self.frame(slot, at) {
            Some(frame) => InboundCall {
                from: frame.from,
                to: frame.to,
            },
            None => InboundCall {
                from: self.calls[slot].from,
                to: self.calls[slot].to,
            },
        }
    }

    /// A leg of the stage that a frame rings.
    #[inline]
    pub(crate) fn leg_plan(&self, stage: Stage, which: usize) -> LegPlan {
        self.decisions[stage.decision].legs_of(stage.at)[which]
    }

    /// Whether a leg was picked up and must press a key; and if so, whether by a machine.
    pub(crate) fn prompted(&self, slot: u32, at: usize, which: usize) -> Option<bool> {
        let prompt = self.race(slot)?.prompt(at as u16, which as u8)?;
        Some(prompt.machine)
    }
}
