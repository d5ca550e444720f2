//! A person is connected, talks, and has wrap-up.

use routing::record::{Cause, LegRecord, Outcome, Sink};
use routing::time::Nanos;

use crate::backend::Backend;
use crate::call::{Call, End, MaybeNumber, Talk, Who};
use crate::engine::Engine;
use crate::prepare::LegPlan;
use crate::race::Stage;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The winner of the race talks with the caller.
    #[inline]
    pub(crate) fn connect(
        &mut self,
        slot: u32,
        at: usize,
        which: usize,
        stage: Stage,
        leg: LegPlan,
    ) {
        let number = MaybeNumber::of(self.frame_number(slot, at));
        self.wins(slot, at, which, stage, leg);
        self.calls[slot].number = number;
        let who = leg.person().zip(leg.user());
        let talk = Talk {
            since: stage.from,
            answered: self.now,
            who: who.map_or(Who::Nobody, |(person, user)| Who::Named(person, user)),
            from_hold: false,
            first_of_person: leg.first_of_person,
        };
        self.talk(slot, talk);
    }

    /// Somebody of a queue on hold talks with a caller who has waited since then.
    #[inline]
    pub(crate) fn connect_from_hold(&mut self, slot: u32, since: Nanos, who: Who) {
        self.legs += 1;
        let talk = Talk {
            since,
            answered: self.now,
            who,
            from_hold: true,
            first_of_person: matches!(who, Who::Named(..)),
        };
        self.talk(slot, talk);
    }

    #[inline]
    fn talk(&mut self, slot: u32, talk: Talk) {
        let uniform = self.life(&self.calls[slot]).talk;
        let length = if self.as_people {
            self.plan.people.talk.draw(uniform)
        } else {
            self.own_talk(slot, uniform)
        };
        let length = length.min(self.plan.routing.max_call);
        let ends = self.now + length;
        self.calls[slot].state = talk.into();
        self.schedule(slot, ends);
        if let Some(person) = talk.person() {
            self.people[person.index()].busy_until = ends + self.wrap_up(&self.calls[slot]);
            self.others_stop_ringing(person, slot);
        }
    }

    /// How long whoever talks with this caller is busy after the call.
    #[inline]
    pub(crate) fn wrap_up(&self, call: &Call) -> Nanos {
        if !self.as_people {
            return self.own_wrap_up(call);
        }
        let wrap_up = &self.plan.people.wrap_up;
        wrap_up.as_constant().unwrap_or_else(|| {
            let draws = self.draws.hold(call.fresh(), u32::from(call.attempt));
            wrap_up.draw(draws.wrap_up)
        })
    }

    /// Talk and wrap-up of an attempt as the process that brought it says.
    #[cold]
    fn own_talk(&self, slot: u32, uniform: u64) -> Nanos {
        let call = &self.calls[slot];
        let people = &self.plan.people.talk;
        match self.plan.sources.get(usize::from(call.fresh().source)) {
            Some(source) => source.process.talk(people, call.arrived, uniform),
            None => people.draw(uniform),
        }
    }

    #[cold]
    fn own_wrap_up(&self, call: &Call) -> Nanos {
        let people = &self.plan.people.wrap_up;
        let draws = self.draws.hold(call.fresh(), u32::from(call.attempt));
        match self.plan.sources.get(usize::from(call.fresh().source)) {
            Some(source) => source.process.wrap_up(people, call.arrived, draws.wrap_up),
            None => people.draw(draws.wrap_up),
        }
    }

    /// The talk is over; whoever talked is busy for the wrap-up and then free.
    #[inline]
    pub(crate) fn hang_up(&mut self, slot: u32) {
        let call = &self.calls[slot];
        let Some(talk) = call.state.talk() else {
            return;
        };
        self.legs -= 1;
        let wrap_up = self.wrap_up(call);
        self.sink.leg(&LegRecord {
            person: talk.person(),
            call_arrived: call.arrived,
            from: talk.leg_from(),
            until: self.now,
            first_of_person: talk.first_of_person,
            busy: false,
        });
        self.finish_call(slot, End::new(Outcome::Answered, Cause::None));
        match talk.who {
            Who::Nobody => {}
            Who::Named(person, _) => self.person_free_after(person, wrap_up),
            Who::Agent(hold) => self.agent_free_after(hold, wrap_up),
        }
    }
}
