//! On hold: callers wait in line, people who get free take them.

use routing::account::{Backup, HoldStaff, NumberId, PersonId, UserId};
use routing::call::Availability;
use routing::record::{Cause, Outcome, Sink};
use routing::time::Nanos;
use smallvec::SmallVec;

use crate::backend::Backend;
use crate::call::{End, State, Who};
use crate::engine::Engine;
use crate::hold::{Hold, NO_HOLD, Staff, Waiting};
use crate::queue::Kind;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Queues of all numbers whose backup is hold: their staff is at work from the start.
    pub(crate) fn open_holds(&mut self) {
        let accounts = &self.plan.accounts;
        let held = accounts
            .numbers()
            .filter(|(_, number)| number.backup == Backup::Hold);
        for number in held.map(|(id, _)| id).collect::<Vec<_>>() {
            self.hold_of(number);
        }
    }

    #[inline]
    fn hold_of(&mut self, number: NumberId) -> u32 {
        let known = self.hold_of[number.index()];
        if known != NO_HOLD {
            return known;
        }
        self.open_hold(number)
    }

    fn open_hold(&mut self, number: NumberId) -> u32 {
        let index = self.holds.len() as u32;
        let accounts = &self.plan.accounts;
        let it = accounts.number(number);
        let staff = match it.hold_staff {
            HoldStaff::Unnamed(there) => Staff::Unnamed { there, busy: 0 },
            HoldStaff::Roster(_) => Staff::Unnamed { there: 0, busy: 0 },
            HoldStaff::Default | HoldStaff::Users(_) => Staff::Named(accounts.hold_users(number)),
        };
        self.holds.push(Hold::new(number, staff, it.hold_room));
        self.hold_of[number.index()] = index;
        self.holds[index as usize].changed = self.now;
        self.staff_log_in(index);
        if matches!(it.hold_staff, HoldStaff::Roster(_)) {
            self.roster_changes(index);
        }
        index
    }

    /// The named staff of a queue knows that it serves it, and looks at it when logging in.
    fn staff_log_in(&mut self, hold: u32) {
        let Staff::Named(users) = &self.holds[hold as usize].staff else {
            return;
        };
        for id in users.clone() {
            let person = self.plan.accounts.user(id).person;
            self.duties[person.index()].serves.push(hold);
            self.awaits_log_in(person, id);
        }
    }

    /// Puts in when the person of this user logs in next, if no earlier log-in is put in already.
    fn awaits_log_in(&mut self, person: PersonId, user: UserId) {
        let plan = self.plan;
        let user = plan.accounts.user(user);
        let Some(hours) = user.hours.as_deref().filter(|_| user.available) else {
            return;
        };
        let ends = plan.calendar_ends();
        let Some(next) = plan.calendar.next_log_in(hours, self.now, ends) else {
            return;
        };
        let own = &mut self.duties[person.index()];
        if next < own.next_log_in {
            own.next_log_in = next;
            self.queue.push(next, Kind::Person, person.0);
        }
    }

    /// A person logs in, or wrap-up is over.
    pub(crate) fn person_due(&mut self, person: PersonId) {
        if self.duties[person.index()].next_log_in <= self.now {
            self.duties[person.index()].next_log_in = Nanos::NEVER;
            for at in 0..self.duties[person.index()].serves.len() {
                let hold = self.duties[person.index()].serves[at];
                for user in self.users_serving(hold, person) {
                    self.awaits_log_in(person, user);
                }
            }
        }
        self.person_may_serve(person);
    }

    /// As which users a person serves a queue.
    fn users_serving(&self, hold: u32, person: PersonId) -> SmallVec<[UserId; 2]> {
        let Staff::Named(users) = &self.holds[hold as usize].staff else {
            return SmallVec::new();
        };
        let same = |user: &UserId| self.plan.accounts.user(*user).person == person;
        users.iter().copied().filter(same).collect()
    }

    /// The roster of a queue takes its next steps.
    pub(crate) fn roster_changes(&mut self, hold: u32) {
        let now = self.now;
        let own = &mut self.holds[hold as usize];
        let HoldStaff::Roster(roster) = self.plan.accounts.number(own.number).hold_staff else {
            return;
        };
        let steps = self
            .plan
            .rosters
            .get(roster.index())
            .map_or(&[][..], |it| it.steps());
        while let Some((from, agents)) = steps.get(own.next_step) {
            if *from > now {
                self.queue.push(*from, Kind::Roster, hold);
                break;
            }
            own.next_step += 1;
            if let Staff::Unnamed { there, .. } = &mut own.staff {
                *there = *agents;
            }
        }
        self.serve_line(hold);
    }

    /// A call reaches hold: somebody free takes it, or it waits, or there is no room.
    #[inline]
    pub(crate) fn enter_hold(&mut self, slot: u32) {
        let Some(number) = self.calls[slot].number.get() else {
            return self.finish_call(slot, End::new(Outcome::NoAnswer, Cause::None));
        };
        let hold = self.hold_of(number);
        self.staff_serve_first(hold);
        if let Some(server) = self.free_server(hold) {
            return self.serve(hold, slot, self.now, server);
        }
        if self.holds[hold as usize].full() {
            return self.finish_call(slot, End::new(Outcome::Busy, Cause::HoldFull));
        }
        let turn = self.next_turn;
        self.next_turn += 1;
        let own = &mut self.holds[hold as usize];
        own.line.push_back(Waiting::new(slot, turn));
        let span = own.change(1, self.now);
        self.sink.queue(&span);
        let call = &mut self.calls[slot];
        call.state = State::Held {
            hold,
            since: self.now,
            turn,
        };
        let hold_patience = &self.plan.people.hold_patience;
        if hold_patience.is_infinite() {
            return self.schedule(slot, Nanos::NEVER);
        }
        let uniform = self
            .draws
            .hold(call.fresh(), u32::from(call.attempt))
            .patience;
        let patience = hold_patience.draw(uniform);
        self.schedule(slot, self.now + patience);
    }

    /// The caller's patience on hold is over.
    pub(crate) fn leave_hold(&mut self, slot: u32) {
        self.step_out(slot);
        self.finish_call(slot, End::new(Outcome::Abandoned, Cause::Hold));
    }

    /// Takes a call out of its line; since when it waited.
    #[inline]
    fn step_out(&mut self, slot: u32) -> Nanos {
        let State::Held { hold, since, .. } = self.calls[slot].state else {
            return self.now;
        };
        let span = self.holds[hold as usize].change(-1, self.now);
        self.sink.queue(&span);
        since
    }

    /// The first in line, if anybody waits: (slot, turn). Those who left are dropped.
    #[inline]
    fn first_in_line(&mut self, hold: u32) -> Option<(u32, u64)> {
        loop {
            let first = *self.holds[hold as usize].line.front()?;
            match self.calls[first.slot()].state {
                State::Held { turn, .. } if turn == first.turn() => {
                    return Some((first.slot(), turn));
                }
                _ => self.holds[hold as usize].line.pop_front(),
            };
        }
    }

    /// Whoever of a queue's staff gets free or logs in at this very instant takes the
    /// longest-waiting caller, here or elsewhere, before one who comes at the same instant.
    fn staff_serve_first(&mut self, hold: u32) {
        let mut at = 0;
        while let Staff::Named(users) = &self.holds[hold as usize].staff
            && let Some(user) = users.get(at)
        {
            let person = self.plan.accounts.user(*user).person;
            self.person_may_serve(person);
            at += 1;
        }
    }

    /// Gives waiting callers to whoever is free.
    #[inline]
    fn serve_line(&mut self, hold: u32) {
        while self.holds[hold as usize].waiting > 0 {
            let Some((slot, _)) = self.first_in_line(hold) else {
                return;
            };
            let Some(server) = self.free_server(hold) else {
                return;
            };
            let since = self.step_out(slot);
            self.serve(hold, slot, since, server);
        }
    }

    /// Whoever is free longest; ties by file order.
    #[inline]
    fn free_server(&self, hold: u32) -> Option<Who> {
        match &self.holds[hold as usize].staff {
            Staff::Unnamed { there, busy } => (busy < there).then_some(Who::Agent(hold)),
            Staff::Named(users) => {
                let free = users
                    .iter()
                    .filter_map(|user| Some((self.free_since(*user)?, *user)));
                let longest = free.min_by_key(|(since, _)| *since);
                let person = |user| self.plan.accounts.user(user).person;
                longest.map(|(_, user)| Who::Named(person(user), user))
            }
        }
    }

    /// Since when a user is free: the later of log-in and end of wrap-up; none when busy or logged
    /// out.
    fn free_since(&self, id: UserId) -> Option<Nanos> {
        let user = self.plan.accounts.user(id);
        let person = &self.people[user.person.index()];
        if person.busy(self.now) || !self.plan.world(self.now).logged_in(id) {
            return None;
        }
        let logged_in = match &user.hours {
            Some(hours) => self.plan.calendar.log_in(hours, self.now),
            None => Nanos::ZERO,
        };
        Some(person.busy_until.max(logged_in))
    }

    #[inline]
    fn serve(&mut self, hold: u32, slot: u32, since: Nanos, server: Who) {
        if let Staff::Unnamed { busy, .. } = &mut self.holds[hold as usize].staff {
            *busy += 1;
        }
        self.connect_from_hold(slot, since, server);
    }

    /// A person may have become free, or has logged in: takes the longest-waiting caller over all
    /// numbers that the person serves.
    pub(crate) fn person_may_serve(&mut self, person: PersonId) {
        if self.holds.is_empty() || self.people[person.index()].busy(self.now) {
            return;
        }
        let mut longest: Option<(u64, u32, u32, UserId)> = None;
        for at in 0..self.duties[person.index()].serves.len() {
            let hold = self.duties[person.index()].serves[at];
            if self.holds[hold as usize].waiting == 0 {
                continue;
            }
            let Some(user) = self.serves_now(hold, person) else {
                continue;
            };
            let Some((slot, turn)) = self.first_in_line(hold) else {
                continue;
            };
            if longest.is_none_or(|(first, ..)| turn < first) {
                longest = Some((turn, hold, slot, user));
            }
        }
        if let Some((_, hold, slot, user)) = longest {
            let since = self.step_out(slot);
            self.serve(hold, slot, since, Who::Named(person, user));
        }
    }

    /// As which user a person serves a queue now.
    fn serves_now(&self, hold: u32, person: PersonId) -> Option<UserId> {
        let world = self.plan.world(self.now);
        let users = self.users_serving(hold, person);
        users.into_iter().find(|user| world.logged_in(*user))
    }

    pub(crate) fn person_free_after(&mut self, person: PersonId, wrap_up: Nanos) {
        if self.holds.is_empty() || self.duties[person.index()].serves.is_empty() {
            return;
        }
        if wrap_up.0 == 0 {
            self.person_may_serve(person);
        } else {
            self.queue.push(self.now + wrap_up, Kind::Person, person.0);
        }
    }

    pub(crate) fn agent_free_after(&mut self, hold: u32, wrap_up: Nanos) {
        if wrap_up.0 == 0 {
            self.agent_free(hold);
        } else {
            self.queue.push(self.now + wrap_up, Kind::Agent, hold);
        }
    }

    /// An unnamed agent is free again.
    pub(crate) fn agent_free(&mut self, hold: u32) {
        if let Staff::Unnamed { busy, .. } = &mut self.holds[hold as usize].staff {
            *busy -= 1;
        }
        self.serve_line(hold);
    }

    /// Nothing is left to happen: who still waits ends unserved, at the end of the run or, if
    /// later, at the beginning of the wait, however long other calls went on.
    pub(crate) fn end_unserved(&mut self) {
        for hold in 0..self.holds.len() as u32 {
            while let Some((slot, _)) = self.first_in_line(hold) {
                let State::Held { since, .. } = self.calls[slot].state else {
                    return;
                };
                let at = since.max(self.plan.duration);
                self.step_out(slot);
                self.finish_call_at(slot, End::new(Outcome::NoAnswer, Cause::Unserved), at);
            }
        }
    }
}
