//! A person is connected, talks, and has wrap-up.

use routing::account::{PersonId, UserId};
use routing::record::{LegRecord, Outcome, Sink};
use routing::time::Nanos;

use crate::backend::Backend;
use crate::call::{End, State, Talk};
use crate::engine::Engine;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// The winner of the race talks with the caller.
    pub(crate) fn connect(&mut self, slot: u32, at: usize, which: usize) {
        let number = self.frames(slot)[at].number;
        let winner = self.takes_leg(slot, at, which);
        self.leave_race(slot);
        self.calls[slot].number = number;
        let user = winner.leg.user();
        let talk = Talk {
            who: winner.person.zip(user),
            agent_of: None,
            leg_from: winner.from,
            first_of_person: winner.first_of_person,
            wrap_up: Nanos::ZERO,
        };
        self.talk(slot, talk);
    }

    /// Somebody of a queue on hold talks with the caller.
    pub(crate) fn connect_from_hold(
        &mut self,
        slot: u32,
        who: Option<(PersonId, UserId)>,
        agent_of: Option<u32>,
    ) {
        self.legs += 1;
        let first_of_person = who.is_some();
        let leg_from = self.now;
        let wrap_up = Nanos::ZERO;
        self.talk(
            slot,
            Talk {
                who,
                agent_of,
                leg_from,
                first_of_person,
                wrap_up,
            },
        );
    }

    fn talk(&mut self, slot: u32, mut talk: Talk) {
        let (fresh, attempt) = (self.calls[slot].fresh, self.calls[slot].attempt);
        let people = &self.plan.people;
        let uniform = self.draws.attempt(fresh, attempt).talk;
        let length = people.talk.draw(uniform).min(self.plan.routing.max_call);
        talk.wrap_up = people.wrap_up.as_constant().unwrap_or_else(|| {
            let uniform = self.draws.hold(fresh, attempt).wrap_up;
            people.wrap_up.draw(uniform)
        });
        let ends = self.now + length;
        let call = &mut self.calls[slot];
        call.answered = Some(self.now);
        call.state = State::Connected(talk);
        self.schedule(slot, ends);
        if let Some((person, _)) = talk.who {
            self.people[person.index()].busy_until = ends + talk.wrap_up;
            self.others_stop_ringing(person, slot);
        }
    }

    /// The talk is over; whoever talked is busy for the wrap-up and then free.
    pub(crate) fn hang_up(&mut self, slot: u32, talk: Talk) {
        self.legs -= 1;
        self.sink.leg(&LegRecord {
            person: talk.who.map(|(person, _)| person),
            call_arrived: self.calls[slot].arrived,
            from: talk.leg_from,
            until: self.now,
            first_of_person: talk.first_of_person,
            busy: false,
        });
        self.finish_call(
            slot,
            End::new(Outcome::Answered, routing::record::Cause::None),
        );
        if let Some((person, _)) = talk.who {
            self.person_free_after(person, talk.wrap_up);
        }
        if let Some(hold) = talk.agent_of {
            self.agent_free_after(hold, talk.wrap_up);
        }
    }
}
