//! How a call ends: what comes when nobody answered, messages, the IVR, the record, the next
//! attempt.

use model::Purpose;
use model::draws::unit;
use model::ivr::{Connect, Then, Workflow};
use model::people::MISSED;
use routing::account::Device;
use routing::decision::{App, Decision, Leg, RingStage, Role, Terminal};
use routing::record::{CallRecord, Cause, LegRecord, Outcome, Sink};
use routing::time::Nanos;
use routing::trace::RuleId;

use crate::backend::Backend;
use crate::call::{Call, End, State, Taken, Who, came};
use crate::engine::Engine;
use crate::queue::Stamp;
use crate::race::Stage;

/// The most attempts of one caller: what the address of a draw holds.
const MOST_ATTEMPTS: u32 = u16::MAX as u32;

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// What comes when no stage was answered, or instead of stages.
    pub(crate) fn terminal(&mut self, slot: u32, finally: Terminal) {
        self.leave_race(slot);
        match finally {
            Terminal::Voicemail => self.greet(slot),
            Terminal::VoiceAi => {
                let uniform = self.draw(slot, Purpose::Machine);
                let length = self.plan.people.ai_talk.draw(uniform);
                let length = length.min(self.plan.routing.max_call);
                self.end_in(slot, length, Outcome::VoiceAi);
            }
            Terminal::Ivr => self.enter_menu(slot),
            Terminal::Hold => self.enter_hold(slot),
            Terminal::HangUp => {
                let call = &self.calls[slot];
                let end = if call.tried && call.all_busy {
                    End::new(Outcome::Busy, Cause::AllBusy)
                } else {
                    End::new(Outcome::NoAnswer, Cause::None)
                };
                self.finish_call(slot, end);
            }
            Terminal::Drop(cause) | Terminal::Reject(cause) => {
                self.finish_call(slot, End::new(Outcome::Dropped, cause.into()));
            }
        }
    }

    fn draw(&self, slot: u32, purpose: Purpose) -> u64 {
        self.draws.one(self.calls[slot].address(purpose))
    }

    /// Our greeting was reached.
    pub(crate) fn greet(&mut self, slot: u32) {
        self.leave_race(slot);
        let length = self.message(slot);
        self.end_in(slot, length, Outcome::Voicemail);
    }

    /// A phone company's machine has this leg: it stays connected as long as the caller speaks.
    pub(crate) fn leave_message(&mut self, slot: u32, leg: Taken) {
        self.leave_race(slot);
        let length = self.message(slot);
        self.calls[slot].state = State::LeavingMessage {
            person: leg.person,
            from: leg.from,
            first_of_person: leg.first_of_person,
            since: self.now,
        };
        if length.0 == 0 {
            self.message_left(slot, leg);
        } else {
            self.schedule(slot, self.now + length);
        }
    }

    /// How long the caller speaks after a greeting: not at all, or a message.
    fn message(&self, slot: u32) -> Nanos {
        let call = &self.calls[slot];
        let leaves = self
            .draws
            .after(call.fresh(), u32::from(call.attempt))
            .message;
        let messages = &self.plan.people.voicemail;
        if messages.message.hit_32(leaves) {
            messages.length.draw(self.draw(slot, Purpose::Message))
        } else {
            Nanos::ZERO
        }
    }

    /// The call ends with this outcome after this time.
    fn end_in(&mut self, slot: u32, length: Nanos, outcome: Outcome) {
        if length.0 == 0 {
            return self.end(slot, outcome);
        }
        let since = self.now;
        self.calls[slot].state = State::Ending { outcome, since };
        self.schedule(slot, self.now + length);
    }

    pub(crate) fn end(&mut self, slot: u32, outcome: Outcome) {
        self.finish_call(slot, End::new(outcome, Cause::None));
    }

    /// The caller has spoken to a phone company's machine, and its leg ends with the call.
    pub(crate) fn message_left(&mut self, slot: u32, leg: Taken) {
        self.legs -= 1;
        self.sink.leg(&LegRecord {
            person: leg.person,
            call_arrived: self.calls[slot].arrived,
            from: leg.from,
            until: self.now,
            first_of_person: leg.first_of_person,
            busy: false,
        });
        self.end(slot, Outcome::CarrierVoicemail);
    }

    fn workflow(&self, slot: u32) -> Option<&Workflow> {
        self.plan.workflows.get(&self.calls[slot].number.get()?)
    }

    fn enter_menu(&mut self, slot: u32) {
        let uniform = self.draw(slot, Purpose::Menu);
        let Some(workflow) = self.workflow(slot) else {
            return self.end(slot, Outcome::Ivr);
        };
        let menu = workflow.menu.draw(uniform);
        self.calls[slot].state = State::Menu;
        if menu.0 == 0 {
            self.leave_menu(slot);
        } else {
            self.schedule(slot, self.now + menu);
        }
    }

    /// The caller has heard the menu: hangs up, chooses a branch, or stays in the workflow.
    pub(crate) fn leave_menu(&mut self, slot: u32) {
        let address = self.calls[slot].address(Purpose::Branch);
        let (hangs_up, choice) = self.draws.pair(address);
        let Some(workflow) = self.workflow(slot) else {
            return self.end(slot, Outcome::Ivr);
        };
        if workflow.hang_up.hit(hangs_up) {
            return self.finish_call(slot, End::new(Outcome::Abandoned, Cause::Menu));
        }
        let Some(branch) = workflow.choose(unit(choice)) else {
            return self.end(slot, Outcome::Ivr);
        };
        let then = branch.then;
        let legs = branch
            .connect
            .iter()
            .filter_map(|whom| self.branch_leg(*whom))
            .collect();
        let stage = RingStage {
            legs,
            ring: branch.connect_timeout,
        };
        if stage.legs.is_empty() {
            return self.branch_over(slot, then);
        }
        self.ring_branch(slot, stage, then);
    }

    fn ring_branch(&mut self, slot: u32, stage: RingStage, then: Then) {
        let mut decision = Decision::at_once(Terminal::HangUp, RuleId::Ivr);
        decision.stages.push(stage);
        let id = self.own_decision(decision, self.calls[slot].number.get());
        self.calls[slot].state = State::Racing(Stage::of(id));
        // Draws of its own, where the same people rang before the hop that led here.
        let hop = self.calls[slot].hops;
        let race = self.aside(slot);
        race.hop = hop;
        race.then = Some(then);
        self.open_stage(slot, 0);
        self.settle(slot);
    }

    /// Each user on the one device of an IVR; a number as it stands.
    fn branch_leg(&self, whom: Connect) -> Option<Leg> {
        let user = match whom {
            Connect::Number(number) => {
                return Some(Leg::Phone {
                    role: Role::Forwarding,
                    user: None,
                    number,
                });
            }
            Connect::User(user) => user,
        };
        let it = self.plan.accounts.user(user);
        let app = |app| Some(Leg::App { app, user });
        match it.ivr_channel()? {
            Device::Web => app(App::Web),
            Device::Mobile => app(App::Mobile),
            Device::Desk => app(App::Desk),
            Device::Phone => it.phone.map(|number| Leg::Phone {
                role: Role::User,
                user: Some(user),
                number,
            }),
        }
    }

    /// Nobody of a branch answered.
    pub(crate) fn branch_over(&mut self, slot: u32, then: Then) {
        match then {
            Then::Voicemail => self.greet(slot),
            Then::End => {
                self.leave_race(slot);
                self.end(slot, Outcome::Ivr);
            }
        }
    }

    /// The one place where a call ends: its record, and its caller's next attempt.
    pub(crate) fn finish_call(&mut self, slot: u32, end: End) {
        self.finish_call_at(slot, end, self.now);
    }

    /// The same at this time, which only differs from now when the run is over.
    pub(crate) fn finish_call_at(&mut self, slot: u32, end: End, at: Nanos) {
        self.leave_race(slot);
        self.live -= 1;
        self.counts.ended += 1;
        let call = &self.calls[slot];
        let may_redial = u32::from(call.attempt) < MOST_ATTEMPTS;
        let redial_at = may_redial
            .then(|| self.redial_at(call, end.outcome, at))
            .flatten();
        let record = self.record(call, end, at, redial_at);
        self.counts.attempts_cut += u64::from(!may_redial);
        self.sink.record(&record);
        let counted = (self.plan.warm_up..self.plan.duration).contains(&record.arrived);
        let call = &mut self.calls[slot];
        call.stamp = Stamp::NONE;
        call.reached_before |= counted && end.outcome == Outcome::Answered;
        if let Some(due) = redial_at.filter(|due| *due < self.plan.duration && !self.stopped) {
            *call = call.again();
            self.schedule(slot, due);
        } else {
            call.state = State::Over;
            self.calls.free(slot);
        }
    }

    #[inline]
    fn record(&self, call: &Call, end: End, ended: Nanos, redial_at: Option<Nanos>) -> CallRecord {
        let number = call.dialled.get();
        let mut record = CallRecord {
            fresh: call.fresh(),
            attempt: u32::from(call.attempt),
            from: call.from,
            to: call.to,
            number,
            sub_account: number.map(|number| self.sub_account_of[number.index()]),
            arrived: call.arrived,
            rang: came(call.rang),
            held: None,
            answered: None,
            taken: None,
            ended,
            person: None,
            user: None,
            unnamed_agent: false,
            wrap_up: Nanos::ZERO,
            outcome: end.outcome,
            cause: end.cause,
            rule: call.rule,
            hops: call.hops,
            redial_at,
            previous_arrived: came(call.previous_arrived),
            reached_before: call.reached_before,
        };
        match call.state {
            State::Held { since, .. } => record.held = Some((since, ended)),
            State::Ending { since, .. } | State::LeavingMessage { since, .. } => {
                record.taken = Some(since);
            }
            _ => {}
        }
        if let Some(talk) = call.state.talk() {
            record.answered = Some(talk.answered);
            record.held = talk.from_hold.then_some((talk.since, talk.answered));
            record.wrap_up = self.wrap_up(call);
            match talk.who {
                Who::Nobody => {}
                Who::Agent(_) => record.unnamed_agent = true,
                Who::Named(person, user) => {
                    (record.person, record.user) = (Some(person), Some(user));
                }
            }
        }
        record
    }

    /// When the caller will call again: by itself, or because a text came.
    #[inline]
    fn redial_at(&self, call: &Call, outcome: Outcome, ended: Nanos) -> Option<Nanos> {
        let people = &self.plan.people;
        if let Some(redial) = people
            .redial
            .as_ref()
            .filter(|it| it.after.contains(outcome))
        {
            let draws = self.draws.after(call.fresh(), u32::from(call.attempt));
            if redial.tries(u32::from(call.attempt), draws.redial) {
                let due = ended + redial.delay.draw(draws.redial_delay);
                let told = self.told_to_wait.filter(|(told, _)| *told == call.fresh());
                return Some(told.map_or(due, |(_, not_before)| due.max(not_before)));
            }
        }
        let text_back = people
            .text_back
            .as_ref()
            .filter(|_| MISSED.contains(&outcome))?;
        let draws = self.draws.text_back(call.fresh(), u32::from(call.attempt));
        text_back
            .share
            .hit_32(draws.answer)
            .then(|| ended + text_back.delay.draw(draws.delay))
    }
}
