//! The race goes on: one step after the other until the next one lies in the future.

use model::Purpose;
use routing::record::{Cause, LegRecord, Outcome, Sink};
use routing::time::Nanos;

use crate::backend::{Backend, Ticket};
use crate::call::{End, State, Taken};
use crate::engine::Engine;
use crate::race::{Doing, Frame, LegState, Phase, Step};

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The frames of a call that races.
    pub(crate) fn frames(&mut self, slot: u32) -> &mut Vec<Frame> {
        let race = self.calls[slot].race.unwrap_or_default();
        &mut self.races[race].frames
    }

    /// Whether the call still races.
    pub(crate) fn racing(&self, slot: u32) -> bool {
        let call = &self.calls[slot];
        call.state == State::Racing && call.race.is_some()
    }

    /// Takes every step that is due, then waits for the next.
    pub(crate) fn settle(&mut self, slot: u32) {
        while self.racing(slot) {
            let (due, step) = self.next_step(slot);
            if due > self.now {
                return self.schedule(slot, due);
            }
            self.take_step(slot, step);
        }
    }

    fn next_step(&self, slot: u32) -> (Nanos, Step) {
        let call = &self.calls[slot];
        let race = call.race.unwrap_or_default();
        self.races[race].next(call.patience_ends)
    }

    /// Something outside changed a race: its next event may lie elsewhere now.
    fn reschedule(&mut self, slot: u32) {
        let (due, _) = self.next_step(slot);
        self.schedule(slot, due.max(self.now));
    }

    fn take_step(&mut self, slot: u32, step: Step) {
        match step {
            Step::Decision { frame } => self.decision_due(slot, frame.into()),
            Step::Answer { frame, leg } => self.picked_up(slot, frame.into(), leg.into()),
            Step::Machine { frame, leg } => self.machine(slot, frame.into(), leg.into()),
            Step::LegEnd { frame, leg } => self.end_leg(slot, frame.into(), leg.into(), false),
            Step::StageOver { frame } => self.stage_over(slot, frame.into()),
            Step::RingEnd { frame } => self.ring_time_over(slot, frame.into()),
            Step::Caller => self.finish_call(slot, End::new(Outcome::Abandoned, Cause::Ringing)),
        }
    }

    /// A person picks up, or has pressed the key.
    fn picked_up(&mut self, slot: u32, at: usize, which: usize) {
        let state = self.frames(slot)[at].legs[which];
        if matches!(state.doing, Doing::Prompt { .. }) {
            return self.connect(slot, at, which);
        }
        if state
            .person
            .is_some_and(|person| self.people[person.index()].busy(self.now))
        {
            // Call waiting: an answer that falls due while the person is busy does not happen.
            self.frames(slot)[at].legs[which].answer = Nanos::NEVER;
            return;
        }
        if state.leg.number().is_none() {
            return self.connect(slot, at, which);
        }
        if self.whisper_breaks(slot, at) {
            return self.whisper_drops(slot, at);
        }
        if self.must_press_a_key(slot, at) {
            self.prompt(slot, at, which, false);
            if let Some(person) = state.person {
                self.others_stop_ringing(person, slot);
            }
        } else {
            self.connect(slot, at, which);
        }
    }

    /// The winner's leg goes on: it is taken out before the others end.
    pub(crate) fn takes_leg(&mut self, slot: u32, at: usize, which: usize) -> LegState {
        let state = &mut self.frames(slot)[at].legs[which];
        let winner = *state;
        state.doing = Doing::Ended;
        if let Some(person) = winner.person {
            self.people[person.index()].stops_ringing(slot);
        }
        winner
    }

    /// A phone company's machine picks up.
    fn machine(&mut self, slot: u32, at: usize, which: usize) {
        if self.whisper_breaks(slot, at) {
            self.whisper_drops(slot, at);
        } else if self.must_press_a_key(slot, at) {
            self.prompt(slot, at, which, true);
        } else {
            let state = self.takes_leg(slot, at, which);
            let taken = Taken {
                person: state.person,
                from: state.from,
                first_of_person: state.first_of_person,
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

    fn must_press_a_key(&mut self, slot: u32, at: usize) -> bool {
        let number = self.frames(slot)[at].number;
        number.is_some_and(|number| self.plan.accounts.number(number).call_connect)
    }

    /// Call Connect: the leg's ring time stops, the others end or ring on.
    fn prompt(&mut self, slot: u32, at: usize, which: usize, machine: bool) {
        let leg = self.frames(slot)[at].legs[which];
        let who = leg
            .leg
            .user()
            .map_or(0, |user| self.plan.accounts.ordinal(user));
        let call = &self.calls[slot];
        let address = model::Address {
            device: leg.leg.device() as u8 + 1,
            nth: leg.nth,
            who,
            ..model::Address::of(call.fresh, call.attempt, Purpose::Prompt)
        };
        let until = self.now
            + self
                .plan
                .people
                .connect_prompt
                .draw(self.draws.one(address));
        self.frames(slot)[at].legs[which].doing = Doing::Prompt { until, machine };
        if let (Some(person), false) = (leg.person, machine) {
            self.people[person.index()].busy_until = until;
        }
        if !self.plan.routing.screening_cancels_others {
            return;
        }
        for other in 0..self.frames(slot)[at].legs.len() {
            if other != which {
                self.end_leg(slot, at, other, false);
            }
        }
    }

    /// A leg ends without winning, and whatever runs inside it ends with it.
    pub(crate) fn end_leg(&mut self, slot: u32, at: usize, which: usize, busy: bool) {
        if self.close_leg(slot, at, which, busy) == Doing::Hop {
            self.end_inside(slot, at);
        }
    }

    /// Ends one leg, if it has not ended yet; what it did until now.
    fn close_leg(&mut self, slot: u32, at: usize, which: usize, busy: bool) -> Doing {
        let state = &mut self.frames(slot)[at].legs[which];
        let was = *state;
        if was.doing == Doing::Ended {
            return was.doing;
        }
        state.doing = Doing::Ended;
        self.leg_over(slot, &was, self.now, busy);
        if let (Doing::Prompt { machine: false, .. }, Some(person)) = (was.doing, was.person) {
            self.people[person.index()].busy_until = self.now;
            self.person_may_serve(person);
        }
        was.doing
    }

    /// Ends every frame above `at` whose leg has ended. A frame stands behind the one it runs in,
    /// so one pass reaches hops of hops, however deep.
    fn end_inside(&mut self, slot: u32, at: usize) {
        for frame in at + 1..self.frames(slot).len() {
            let frames = self.frames(slot);
            let Some((outer, leg)) = frames[frame].parent else {
                continue;
            };
            let leg = frames[usize::from(outer)].legs.get(usize::from(leg));
            let ended = leg.is_some_and(|leg| leg.doing == Doing::Ended);
            if ended && frames[frame].phase != Phase::Over {
                self.close_frame(slot, frame);
            }
        }
    }

    /// A frame is over: its legs end, and no decision is awaited any more.
    fn close_frame(&mut self, slot: u32, at: usize) {
        let own = &mut self.frames(slot)[at];
        let (phase, legs) = (own.phase, own.legs.len());
        own.phase = Phase::Over;
        if let Phase::Awaiting { ticket, .. } = phase {
            self.pending.remove(&Ticket(ticket));
        }
        for leg in 0..legs {
            self.close_leg(slot, at, leg, false);
        }
    }

    /// Books of a leg that is over.
    fn leg_over(&mut self, slot: u32, state: &LegState, until: Nanos, busy: bool) {
        self.legs -= 1;
        if let Some(person) = state.person {
            self.people[person.index()].stops_ringing(slot);
        }
        self.tell_leg(slot, state, until, busy);
    }

    /// Tells of a leg that ended without winning, and remembers whether every one so far was busy.
    pub(crate) fn tell_leg(&mut self, slot: u32, state: &LegState, until: Nanos, busy: bool) {
        let call = &mut self.calls[slot];
        call.tried = true;
        call.all_busy &= busy;
        self.sink.leg(&LegRecord {
            person: state.person,
            call_arrived: self.calls[slot].arrived,
            from: state.from,
            until,
            first_of_person: state.first_of_person,
            busy,
        });
    }

    /// The ring time is over: what still rings ends; a leg that must press a key may still do so.
    fn ring_time_over(&mut self, slot: u32, at: usize) {
        for leg in 0..self.frames(slot)[at].legs.len() {
            let doing = self.frames(slot)[at].legs[leg].doing;
            if matches!(doing, Doing::Ringing | Doing::Hop) {
                self.end_leg(slot, at, leg, false);
            }
        }
    }

    /// Every leg has ended: the next stage, or what comes then.
    fn stage_over(&mut self, slot: u32, at: usize) {
        let own = &mut self.frames(slot)[at];
        if own.stage + 1 < own.decision.stages.len() {
            own.stage += 1;
            return self.open_stage(slot, at);
        }
        let (finally, then) = (own.decision.finally, own.then);
        own.phase = Phase::Over;
        if at > 0 {
            self.terminal_inside(slot, at, finally);
        } else if let Some(then) = then {
            self.branch_over(slot, then);
        } else {
            self.terminal(slot, finally);
        }
    }

    /// Somebody answered elsewhere: their legs in all other calls end as busy.
    pub(crate) fn others_stop_ringing(
        &mut self,
        person: routing::account::PersonId,
        answered: u32,
    ) {
        if self.plan.people.call_waiting {
            return;
        }
        let ringing = std::mem::take(&mut self.people[person.index()].ringing);
        let mut others: smallvec::SmallVec<[u32; 4]> = smallvec::SmallVec::new();
        for slot in ringing {
            if slot == answered {
                self.people[person.index()].ringing.push(slot);
            } else if !others.contains(&slot) {
                others.push(slot);
            }
        }
        for slot in others {
            self.end_legs_of(person, slot);
            self.reschedule(slot);
        }
    }

    fn end_legs_of(&mut self, person: routing::account::PersonId, slot: u32) {
        for at in 0..self.frames(slot).len() {
            for leg in 0..self.frames(slot)[at].legs.len() {
                let state = &self.frames(slot)[at].legs[leg];
                let rings = matches!(state.doing, Doing::Ringing | Doing::Hop);
                if rings && state.person == Some(person) {
                    self.end_leg(slot, at, leg, true);
                }
            }
        }
    }

    /// The race is over for the caller: all legs that are still open end. Gives the race back.
    pub(crate) fn leave_race(&mut self, slot: u32) {
        let Some(race) = self.calls[slot].race else {
            return;
        };
        for at in 0..self.races[race].frames.len() {
            self.close_frame(slot, at);
        }
        let used = &mut self.races[race];
        used.frames.clear();
        used.rung.clear();
        self.races.free(race);
        self.calls[slot].race = None;
    }
}
