//! A stage opens: who is busy, who rings, what is next.

use model::Purpose;
use routing::record::{LegRecord, Sink};
use routing::time::Nanos;

use crate::backend::Backend;
use crate::call::{State, came};
use crate::engine::Engine;
use crate::fate::Fates;
use crate::prepare::LegPlan;
use crate::race::{Best, NO_RACE, Phase, Stage, What, places};

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Opens the current stage of a frame. It may end the call (a redirect loop, a machine inside
    /// a hop).
    #[inline]
    pub(crate) fn open_stage(&mut self, slot: u32, at: usize) {
        if !self.open_plain(slot) {
            self.open_leg_by_leg(slot, at);
        }
    }

    /// The plain form, which does for every stage.
    fn open_leg_by_leg(&mut self, slot: u32, at: usize) {
        let now = self.now;
        let stage = self.stage_mut(slot, at);
        stage.from = now;
        stage.open = 0;
        let stage = *stage;
        let prepared = &self.decisions[stage.decision];
        let count = prepared.legs_of(stage.at).len();
        let repeats = prepared.repeats;
        if self.own_stage(slot).race != NO_RACE {
            *self.phase_mut(slot, at) = Phase::Ringing;
            self.aside(slot).new_stage(at as u16);
        }
        if came(self.calls[slot].rang).is_none() {
            self.calls[slot].rang = now;
        }
        for which in 0..count {
            let leg = self.leg_plan(stage, which);
            self.open_leg(slot, at, which, leg);
            if !self.racing(slot) {
                return;
            }
            if repeats && leg.hop().is_none() && self.stage(slot, at).is_open(which) {
                self.notes_ring(slot, at, which, leg);
            }
        }
    }

    /// Opens a stage of a call beside which nothing lies, and need not: person by person, which
    /// comes to the same as leg by leg. Says whether it did.
    #[inline]
    fn open_plain(&mut self, slot: u32) -> bool {
        let now = self.now;
        let call = &mut self.calls[slot];
        let State::Racing(stage) = &mut call.state else {
            return false;
        };
        let prepared = &self.decisions[stage.decision];
        if stage.race != NO_RACE || prepared.repeats || prepared.hops {
            return false;
        }
        if call.rang.is_never() {
            call.rang = now;
        }
        let plan = prepared.stages[usize::from(stage.at)];
        let busy_counts = !self.plan.people.call_waiting;
        let mut open = plan.nobodys;
        let mut count = if open == 0 { 0 } else { open.count_ones() };
        for ringer in prepared.ringers_of(plan) {
            let person = &mut self.people[ringer.person.index()];
            if !(busy_counts && person.busy(now)) {
                person.rings_anew(slot, ringer.count);
                open |= ringer.legs;
                count += ringer.count;
            }
        }
        stage.from = now;
        stage.open = open;
        self.legs += count;
        if count < u32::from(plan.count) {
            let shut = |(which, _): &(usize, &LegPlan)| open >> which & 1 == 0;
            for (_, leg) in prepared.legs_in(plan).iter().enumerate().filter(shut) {
                // Whoever is not barred has a person who is busy.
                let busy = !leg.barred;
                call.tried = true;
                call.all_busy &= busy;
                self.sink.leg(&LegRecord {
                    person: leg.person(),
                    call_arrived: call.arrived,
                    from: now,
                    until: now,
                    first_of_person: leg.first_of_person,
                    busy,
                });
            }
        }
        true
    }

    #[inline]
    fn open_leg(&mut self, slot: u32, at: usize, which: usize, leg: LegPlan) {
        let busy = !leg.barred
            && !self.plan.people.call_waiting
            && leg
                .person()
                .is_some_and(|person| self.people[person.index()].busy(self.now));
        if busy || leg.barred {
            return self.tell_leg(slot, leg, self.now, busy);
        }
        self.stage_mut(slot, at).open |= 1 << which;
        self.legs += 1;
        if let Some(person) = leg.person() {
            self.people[person.index()].rings(slot, 1);
        }
        if let Some(inner) = leg.hop() {
            self.hop(slot, at, which, inner);
        }
    }

    /// Notes which time a device rings, where a decision rings one twice.
    fn notes_ring(&mut self, slot: u32, at: usize, which: usize, leg: LegPlan) {
        let who = leg.who ^ u32::from(self.frame_hop(slot, at)) << 16;
        let device = leg.device_word();
        self.aside(slot).rings(who, device, at as u16, which as u8);
    }

    /// Tells of a leg that ended without winning, and remembers whether every one so far was busy.
    #[inline]
    pub(crate) fn tell_leg(&mut self, slot: u32, leg: LegPlan, from: Nanos, busy: bool) {
        let call = &mut self.calls[slot];
        call.tried = true;
        call.all_busy &= busy;
        self.sink.leg(&LegRecord {
            person: leg.person(),
            call_arrived: call.arrived,
            from,
            until: self.now,
            first_of_person: leg.first_of_person,
            busy,
        });
    }

    /// When the caller's patience ends: it began with the first ring.
    #[inline]
    fn patience_ends(&self, slot: u32) -> Nanos {
        let call = &self.calls[slot];
        if call.rang.is_never() {
            return Nanos::NEVER;
        }
        let uniform = self.life(call).patience;
        call.rang + self.plan.people.patience.draw(uniform)
    }

    /// What is next in a race, and when.
    #[inline]
    pub(crate) fn next_step(&self, slot: u32) -> Best {
        let own = self.own_stage(slot);
        let plain = own.race == NO_RACE && own.open != 0 && self.odds.plain;
        if plain && !self.decisions[own.decision].comes_and_goes {
            self.next_plain(slot, own)
        } else {
            self.next_otherwise(slot, own)
        }
    }

    /// The same of a call beside which nothing lies, where legs are no more than two draws each. The
    /// end of the ring time comes first, which is at hand: most draws need not be made then.
    fn next_plain(&self, slot: u32, stage: Stage) -> Best {
        let prepared = &self.decisions[stage.decision];
        let call = &self.calls[slot];
        let plan = prepared.stages[usize::from(stage.at)];
        let mut best = Best::ring_end(stage.from + plan.rings);
        let fates = Fates {
            plan: self.plan,
            draws: &self.draws,
            base: call.address(Purpose::Leg),
            from: stage.from,
        };
        let legs = prepared.legs_in(plan);
        fates.offer_plain(&self.odds, legs, stage.open, &mut best);
        // The patience of a call that rings has begun.
        let patience = self.life(call).patience;
        self.odds.offer_patience(call.rang, patience, &mut best);
        best
    }

    fn next_otherwise(&self, slot: u32, own: Stage) -> Best {
        let mut best = Best::patience(self.patience_ends(slot));
        if own.race == NO_RACE {
            self.offers(slot, 0, own, &mut best);
            return best;
        }
        for at in 0..self.frame_count(slot) {
            match self.phase(slot, at) {
                Phase::Over => {}
                Phase::Awaiting { until, .. } => best.offer(*until, What::Decision, at as u16, 0),
                Phase::Ringing => self.offers(slot, at, self.stage(slot, at), &mut best),
            }
        }
        best
    }

    /// What the legs of a stage, and its ring time, have to offer.
    #[inline]
    fn offers(&self, slot: u32, at: usize, stage: Stage, best: &mut Best) {
        let frame = at as u16;
        if stage.open == 0 {
            return best.offer(Nanos::ZERO, What::StageOver, frame, 0);
        }
        let prepared = &self.decisions[stage.decision];
        let legs = prepared.legs_of(stage.at);
        let fates = Fates {
            plan: self.plan,
            draws: &self.draws,
            base: self.calls[slot].address(Purpose::Leg),
            from: stage.from,
        };
        if self.own_stage(slot).race == NO_RACE {
            for which in places(stage.open) {
                let fate = fates.of(&legs[which], 0, 0);
                let (due, what) = fate.first();
                best.offer(due, what, 0, which as u8);
            }
        } else if !self.offers_aside(slot, at, stage, &fates, best) {
            return;
        }
        let rings = prepared.stages[usize::from(stage.at)].rings;
        best.offer(stage.from + rings, What::RingEnd, frame, 0);
    }

    /// The same where something lies aside: keys to press, hops, answers that were missed. Says
    /// whether anything rings.
    fn offers_aside(
        &self,
        slot: u32,
        at: usize,
        stage: Stage,
        fates: &Fates<'_>,
        best: &mut Best,
    ) -> bool {
        let frame = at as u16;
        let hop = self.frame_hop(slot, at);
        let Some(race) = self.race(slot) else {
            return false;
        };
        let mut ringing = false;
        for which in places(stage.open) {
            let leg = which as u8;
            if let Some(prompt) = race.prompt(frame, leg) {
                let what = if prompt.machine {
                    What::LegEnd
                } else {
                    What::Answer
                };
                best.offer(prompt.until, what, frame, leg);
                continue;
            }
            ringing = true;
            let plan = self.leg_plan(stage, which);
            if plan.hop().is_some() {
                continue;
            }
            let mut fate = fates.of(&plan, hop, race.nth(frame, leg));
            if race.missed.contains(&(frame, leg)) {
                fate.answer = Nanos::NEVER;
            }
            let (due, what) = fate.first();
            best.offer(due, what, frame, leg);
        }
        ringing
    }

    /// Notes what the call's next event is about.
    #[inline]
    pub(crate) fn note_next(&mut self, slot: u32, best: Best) {
        if let State::Racing(stage) = &mut self.calls[slot].state {
            stage.next = best.step.what;
            stage.leg = best.step.leg;
        }
    }
}
