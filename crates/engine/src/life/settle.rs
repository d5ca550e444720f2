//! The race goes on: one step after the other until the next one lies in the future.

use model::{Address, Purpose};
use routing::account::PersonId;
use routing::record::{Cause, LegRecord, Outcome, Sink};
use routing::time::Nanos;

use crate::backend::{Backend, Ticket};
use crate::call::{End, State, Taken};
use crate::engine::Engine;
use crate::people::Ringing;
use crate::prepare::LegPlan;
use crate::race::{NO_RACE, Phase, Prompt, Stage, Step, What, places};

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Takes every step that is due, then waits for the next.
    #[inline]
    pub(crate) fn settle(&mut self, slot: u32) {
        self.settle_from(slot, Nanos::NEVER);
    }

    /// The same for a call whose event stands at `scheduled` (never: it has none): an event that
    /// need not move keeps its place among those of the same instant.
    pub(crate) fn settle_from(&mut self, slot: u32, scheduled: Nanos) {
        while self.racing(slot) {
            let best = self.next_step(slot);
            if best.at > self.now {
                self.note_next(slot, best);
                if best.at != scheduled || best.at.is_never() {
                    self.schedule(slot, best.at);
                }
                return;
            }
            self.take_step(slot, best.step);
        }
    }

    /// The event of a call that races.
    #[inline]
    pub(crate) fn race_due(&mut self, slot: u32) {
        let stage = self.own_stage(slot);
        if stage.race == NO_RACE {
            self.take_step(
                slot,
                Step {
                    what: stage.next,
                    frame: 0,
                    leg: stage.leg,
                },
            );
        }
        self.settle(slot);
    }

    #[inline]
    fn take_step(&mut self, slot: u32, step: Step) {
        let (at, leg) = (usize::from(step.frame), usize::from(step.leg));
        match step.what {
            What::Decision => self.decision_due(slot, at),
            What::Answer => self.picked_up(slot, at, leg),
            What::Machine => self.machine(slot, at, leg),
            What::LegEnd => self.end_leg(slot, at, leg, false),
            What::StageOver => self.stage_over(slot, at),
            What::RingEnd => self.ring_time_over(slot, at),
            What::Caller => self.finish_call(slot, End::new(Outcome::Abandoned, Cause::Ringing)),
        }
    }

    /// A person picks up, or has pressed the key.
    fn picked_up(&mut self, slot: u32, at: usize, which: usize) {
        let stage = self.stage(slot, at);
        let leg = self.leg_plan(stage, which);
        if self.prompted(slot, at, which).is_some() {
            return self.connect(slot, at, which, stage, leg);
        }
        if leg
            .person()
            .is_some_and(|person| self.people[person.index()].busy(self.now))
        {
            // Call waiting: an answer that falls due while the person is busy does not happen.
            return self.aside(slot).missed.push((at as u16, which as u8));
        }
        let prepared = &self.decisions[stage.decision];
        if !leg.is_phone() {
            self.connect(slot, at, which, stage, leg);
        } else if prepared.whisper_breaks {
            self.whisper_drops(slot, at);
        } else if prepared.screened {
            self.prompt(slot, at, which, false);
            if let Some(person) = leg.person() {
                self.others_stop_ringing(person, slot);
            }
        } else {
            self.connect(slot, at, which, stage, leg);
        }
    }

    /// The winner's leg goes on, and the race is over for all others.
    #[inline]
    pub(crate) fn wins(&mut self, slot: u32, at: usize, which: usize, stage: Stage, leg: LegPlan) {
        if stage.race == NO_RACE && at == 0 {
            self.close_open(slot, 1 << which);
            self.calls[slot].state = State::Between;
        } else {
            self.stage_mut(slot, at).open &= !(1 << which);
            if let Some(person) = leg.person() {
                self.people[person.index()].stops_ringing(slot);
            }
            self.leave_race(slot);
        }
    }

    /// A phone company's machine picks up.
    fn machine(&mut self, slot: u32, at: usize, which: usize) {
        let stage = self.stage(slot, at);
        let prepared = &self.decisions[stage.decision];
        if prepared.whisper_breaks {
            self.whisper_drops(slot, at);
        } else if prepared.screened {
            self.prompt(slot, at, which, true);
        } else {
            let leg = self.leg_plan(stage, which);
            self.wins(slot, at, which, stage, leg);
            let taken = Taken {
                person: leg.person(),
                from: stage.from,
                first_of_person: leg.first_of_person,
            };
            self.leave_message(slot, taken);
        }
    }

    /// A broken whisper drops the call; inside a hop it is the inner call that drops.
    fn whisper_drops(&mut self, slot: u32, at: usize) {
        if at > 0 {
            self.inside_fails(slot, at);
        } else {
            self.finish_call(slot, End::new(Outcome::Dropped, Cause::WhisperFault));
        }
    }

    /// Call Connect: the leg's ring time stops, the others end or ring on.
    fn prompt(&mut self, slot: u32, at: usize, which: usize, machine: bool) {
        let stage = self.stage(slot, at);
        let leg = self.leg_plan(stage, which);
        let (frame, nth_of) = (at as u16, which as u8);
        let address = Address {
            device: leg.device_word(),
            nth: self.race(slot).map_or(0, |race| race.nth(frame, nth_of)),
            who: leg.who_presses(),
            ..self.calls[slot].address(Purpose::Prompt)
        };
        let uniform = self.draws.one(address);
        let until = self.now + self.plan.people.connect_prompt.draw(uniform);
        self.aside(slot).prompts.push(Prompt {
            frame,
            leg: nth_of,
            until,
            machine,
        });
        if let (Some(person), false) = (leg.person(), machine) {
            self.people[person.index()].busy_until = until;
        }
        if !self.plan.routing.screening_cancels_others {
            return;
        }
        for other in places(stage.open) {
            if other != which {
                self.end_leg(slot, at, other, false);
            }
        }
    }

    /// A leg ends without winning, and whatever runs inside it ends with it.
    pub(crate) fn end_leg(&mut self, slot: u32, at: usize, which: usize, busy: bool) {
        if self.close_leg(slot, at, which, busy) {
            self.end_inside(slot, at);
        }
    }

    /// Ends one leg, if it has not ended yet; whether a hop may run inside it.
    fn close_leg(&mut self, slot: u32, at: usize, which: usize, busy: bool) -> bool {
        let stage = self.stage_mut(slot, at);
        if !stage.is_open(which) {
            return false;
        }
        stage.open &= !(1 << which);
        let stage = *stage;
        let leg = self.leg_plan(stage, which);
        let prompted = self.prompted(slot, at, which);
        self.legs -= 1;
        if let Some(person) = leg.person() {
            self.people[person.index()].stops_ringing(slot);
        }
        self.tell_leg(slot, leg, stage.from, busy);
        if let (Some(false), Some(person)) = (prompted, leg.person()) {
            self.people[person.index()].busy_until = self.now;
            self.person_may_serve(person);
        }
        leg.hop().is_some()
    }

    /// Ends every frame above `at` whose leg has ended. A frame stands behind the one it runs in,
    /// so one pass reaches hops of hops, however deep.
    fn end_inside(&mut self, slot: u32, at: usize) {
        for frame in at + 1..self.frame_count(slot) {
            let Some((outer, leg)) = self.parent(slot, frame) else {
                continue;
            };
            let ended = !self.stage(slot, outer.into()).is_open(leg.into());
            if ended && *self.phase(slot, frame) != Phase::Over {
                self.close_frame(slot, frame);
            }
        }
    }

    /// A frame is over: its legs end, and no decision is awaited any more.
    fn close_frame(&mut self, slot: u32, at: usize) {
        let phase = std::mem::replace(self.phase_mut(slot, at), Phase::Over);
        if let Phase::Awaiting { ticket, .. } = phase {
            self.pending.remove(&Ticket(ticket));
        }
        for leg in places(self.stage(slot, at).open) {
            self.close_leg(slot, at, leg, false);
        }
    }

    /// The ring time is over: what still rings ends; a leg that must press a key may still do so.
    fn ring_time_over(&mut self, slot: u32, at: usize) {
        let stage = self.stage(slot, at);
        if stage.race == NO_RACE && at == 0 {
            return self.close_open(slot, 0);
        }
        for leg in places(stage.open) {
            if self.prompted(slot, at, leg).is_none() {
                self.end_leg(slot, at, leg, false);
            }
        }
    }

    /// Every leg has ended: the next stage, or what comes then.
    fn stage_over(&mut self, slot: u32, at: usize) {
        let stage = self.stage(slot, at);
        let prepared = &self.decisions[stage.decision];
        let finally = prepared.finally;
        if usize::from(stage.at) + 1 < prepared.stages.len() {
            self.stage_mut(slot, at).at += 1;
            return self.open_stage(slot, at);
        }
        if at > 0 {
            *self.phase_mut(slot, at) = Phase::Over;
            return self.terminal_inside(slot, at, finally);
        }
        match self.race(slot).and_then(|race| race.then) {
            Some(then) => self.branch_over(slot, then),
            None => self.terminal(slot, finally),
        }
    }

    /// Somebody answered elsewhere: their legs in all other calls end as busy.
    #[inline]
    pub(crate) fn others_stop_ringing(&mut self, person: PersonId, answered: u32) {
        let own = &mut self.people[person.index()];
        if own.ringing.is_empty() || self.plan.people.call_waiting {
            return;
        }
        let mut others = std::mem::take(&mut self.scratch);
        for Ringing { call, .. } in &own.ringing {
            if *call != answered && !others.contains(call) {
                others.push(*call);
            }
        }
        own.ringing.retain(|it| it.call == answered);
        for slot in &others {
            self.loses_person(*slot, person);
        }
        others.clear();
        self.scratch = others;
    }

    /// A person answered another call: their legs in this one end as busy. If the next event was
    /// one of theirs it lies elsewhere now; if not, it stays where it is.
    fn loses_person(&mut self, slot: u32, person: PersonId) {
        let stage = self.own_stage(slot);
        let theirs = self.legs_of(stage, person);
        let leg_is_next = matches!(stage.next, What::Answer | What::Machine | What::LegEnd);
        let moves = stage.race != NO_RACE
            || stage.open & !theirs == 0
            || (leg_is_next && theirs >> stage.leg & 1 != 0);
        let scheduled = if moves {
            self.next_step(slot).at.max(self.now)
        } else {
            Nanos::NEVER
        };
        for at in 0..self.frame_count(slot) {
            let stage = self.stage(slot, at);
            for leg in places(self.legs_of(stage, person)) {
                if self.prompted(slot, at, leg).is_none() {
                    self.end_leg(slot, at, leg, true);
                }
            }
        }
        if moves && self.racing(slot) {
            let mut best = self.next_step(slot);
            best.at = best.at.max(self.now);
            self.note_next(slot, best);
            if best.at != scheduled {
                self.schedule(slot, best.at);
            }
        }
    }

    /// The open legs of this person in a stage, as bits.
    fn legs_of(&self, stage: Stage, person: PersonId) -> u32 {
        let theirs = |which: &usize| self.leg_plan(stage, *which).person() == Some(person);
        places(stage.open)
            .filter(theirs)
            .fold(0, |bits, which| bits | 1 << which)
    }

    /// The race is over for the caller: all legs that are still open end.
    #[inline]
    pub(crate) fn leave_race(&mut self, slot: u32) {
        if let State::Racing(stage) = self.calls[slot].state {
            self.leave_stage(slot, stage);
        }
    }

    fn leave_stage(&mut self, slot: u32, stage: Stage) {
        if stage.race == NO_RACE {
            self.close_open(slot, 0);
        } else {
            for at in 0..self.frame_count(slot) {
                self.close_frame(slot, at);
            }
            self.races[stage.race].clear();
            self.races.free(stage.race);
        }
        self.calls[slot].state = State::Between;
    }

    /// Ends all open legs of a call beside which nothing lies, those of the winner aside: the usual
    /// end of a race, in one pass. The winner's leg rings no more either.
    fn close_open(&mut self, slot: u32, winner: u32) {
        let call = &mut self.calls[slot];
        let State::Racing(stage) = &mut call.state else {
            return;
        };
        let open = std::mem::take(&mut stage.open);
        let prepared = &self.decisions[stage.decision];
        let plan = prepared.stages[usize::from(stage.at)];
        for ringer in prepared.ringers_of(plan) {
            if open & ringer.legs != 0 {
                self.people[ringer.person.index()].all_stop(slot);
            }
        }
        let legs = prepared.legs_in(plan);
        let lost = open & !winner;
        if lost == 0 {
            return;
        }
        (call.tried, call.all_busy) = (true, false);
        let common = LegRecord {
            person: None,
            call_arrived: call.arrived,
            from: stage.from,
            until: self.now,
            first_of_person: false,
            busy: false,
        };
        let mut count = 0;
        let each = places(lost).map(|which| {
            count += 1;
            (legs[which].person(), legs[which].first_of_person)
        });
        self.sink.legs(&common, each);
        self.legs -= count;
    }
}
