//! A stage opens: each leg draws what it will do.

use model::{Address, Purpose};
use routing::account::Device;
use routing::decision::Leg;
use routing::params::AvailabilityGate;
use routing::policy::whisper_resolves;
use routing::record::Sink;
use routing::time::Nanos;
use routing::{call::Availability, country};

use crate::backend::Backend;
use crate::engine::Engine;
use crate::race::{Doing, LegState, Phase};

/// A leg that dies in its sleep rings once: a ring cycle of 2 s on and 4 s off.
const ONE_RING: Nanos = Nanos::from_secs(6);
/// What the provider makes of a ring time (domain.md 3.4, source T2).
const RING_LEAST: Nanos = Nanos::from_secs(5);
const RING_MOST: Nanos = Nanos::from_secs(600);

/// When a leg would be answered, be taken by a machine, or end.
struct Fate {
    answer: Nanos,
    machine: Nanos,
    end: Nanos,
}

impl Fate {
    const RINGS_ON: Self = Self {
        answer: Nanos::NEVER,
        machine: Nanos::NEVER,
        end: Nanos::NEVER,
    };

    const fn ends(at: Nanos) -> Self {
        Self {
            end: at,
            ..Self::RINGS_ON
        }
    }
}

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Opens the frame's current stage. It may end the call (a redirect loop, a machine inside a
    /// hop).
    pub(crate) fn open_stage(&mut self, slot: u32, at: usize) {
        let now = self.now;
        let dial_buffer = self.plan.people.dial_buffer;
        let own = &mut self.frames(slot)[at];
        own.phase = Phase::Ringing;
        own.legs.clear();
        let stage = &own.decision.stages[own.stage];
        own.ring_ends = now + stage.ring.clamp(RING_LEAST, RING_MOST) + dial_buffer;
        let count = stage.legs.len();
        if self.calls[slot].rang.is_none() {
            self.first_ring(slot);
        }
        for which in 0..count {
            self.open_leg(slot, at, which);
            if !self.racing(slot) {
                return;
            }
        }
    }

    /// The patience clock starts with the first ring and runs over all stages.
    fn first_ring(&mut self, slot: u32) {
        let call = &mut self.calls[slot];
        call.rang = Some(self.now);
        let uniform = self.draws.attempt(call.fresh, call.attempt).patience;
        call.patience_ends = self.now + self.plan.people.patience.draw(uniform);
    }

    fn open_leg(&mut self, slot: u32, at: usize, which: usize) {
        let now = self.now;
        let own = &self.frames(slot)[at];
        let leg = own.decision.stages[own.stage].legs[which];
        let number = own.number;
        let person = leg.user().map(|user| self.plan.accounts.user(user).person);
        let hop = leg
            .number()
            .and_then(|number| self.plan.accounts.find_number(number));
        let barred = leg
            .number()
            .is_some_and(|dialled| self.barred(number, dialled));
        let busy = !barred
            && !self.plan.people.call_waiting
            && person.is_some_and(|person| self.people[person.index()].busy(now));
        let first_of_person = person.is_some()
            && !self.frames(slot)[at]
                .legs
                .iter()
                .any(|leg| leg.person == person);
        let mut state = LegState {
            leg,
            person,
            from: now,
            answer: Nanos::NEVER,
            machine: Nanos::NEVER,
            end: Nanos::NEVER,
            doing: Doing::Ringing,
            first_of_person,
            nth: 0,
        };
        if busy || barred {
            state.doing = Doing::Ended;
            self.frames(slot)[at].legs.push(state);
            return self.tell_leg(slot, &state, now, busy);
        }
        self.legs += 1;
        if let Some(person) = person {
            self.people[person.index()].ringing.push(slot);
        }
        if let Some(inner) = hop {
            state.doing = Doing::Hop;
            self.frames(slot)[at].legs.push(state);
            return self.hop(slot, at, which, inner);
        }
        let (address, nth) = self.leg_address(slot, at, leg);
        let fate = self.fate(leg, address);
        (state.answer, state.machine, state.end) = (fate.answer, fate.machine, fate.end);
        state.nth = nth;
        self.frames(slot)[at].legs.push(state);
    }

    /// Whether a leg outside the sub-account's countries fails as it starts.
    fn barred(
        &self,
        number: Option<routing::account::NumberId>,
        dialled: routing::PhoneNumber,
    ) -> bool {
        let Some(number) = number else { return false };
        let accounts = &self.plan.accounts;
        let countries = &accounts
            .sub_account(accounts.number(number).sub_account)
            .countries;
        !country::dialable(dialled, countries.as_deref())
    }

    /// Where the draws of a leg lie: who (a user by its place in its sub-account, or a number), on
    /// what, which time in this attempt. Never its place in the stage.
    fn leg_address(&mut self, slot: u32, at: usize, leg: Leg) -> (Address, u8) {
        let accounts = &self.plan.accounts;
        let who = match (leg.user(), leg.number()) {
            (Some(user), _) => accounts.ordinal(user),
            (None, Some(number)) => {
                let digits = number.digits();
                (digits ^ (digits >> 32)) as u32 | 1 << 31
            }
            (None, None) => 0,
        };
        let hop = self.frames(slot)[at].hop;
        let who = who ^ u32::from(hop) << 16;
        let device = leg.device() as u8 + 1;
        let race = self.calls[slot].race.unwrap_or_default();
        let nth = self.races[race].nth(who, device);
        let call = &self.calls[slot];
        let address = Address {
            device,
            nth,
            who,
            ..Address::of(call.fresh, call.attempt, Purpose::Leg)
        };
        (address, nth)
    }

    /// What a leg will do, in the order of contract.md: do-not-disturb, sleep, reach, decline.
    fn fate(&self, leg: Leg, address: Address) -> Fate {
        let (now, device) = (self.now, leg.device());
        if let Leg::App { user, .. } = leg
            && !self.plan.world(now).logged_in(user)
        {
            return match self.plan.routing.availability_gate {
                AvailabilityGate::Live => Fate::ends(now),
                AvailabilityGate::ConfigOnly => Fate::RINGS_ON,
            };
        }
        let answering = self.plan.people.answer(device);
        let phone = device == Device::Phone;
        let own = if answering.has_moods() {
            self.draws.device(address)
        } else {
            model::draws::DeviceDraws::default()
        };
        if answering.dnd.hit_32(own.dnd) {
            return if phone {
                Fate {
                    machine: now,
                    ..Fate::RINGS_ON
                }
            } else {
                Fate::ends(now)
            };
        }
        let draws = self.draws.leg(address);
        let mut fate = Fate::RINGS_ON;
        if !answering.carrier_voicemail.is_infinite() {
            let uniform = draws.carrier_voicemail;
            fate.machine = now + answering.carrier_voicemail.draw_32(uniform);
        }
        if answering.sleep.hit_32(own.sleep) {
            fate.end = now + ONE_RING;
            return fate;
        }
        if answering.reach.hit_32(draws.reach) {
            let due = now + answering.delay.draw(draws.delay);
            if answering.decline.hit_32(own.decline) {
                fate.end = due;
            } else {
                fate.answer = due;
            }
        }
        fate
    }

    /// Whether a picked-up phone leg of this frame hears a broken whisper and the call drops.
    pub(crate) fn whisper_breaks(&mut self, slot: u32, at: usize) -> bool {
        if self.plan.routing.whisper_fault != routing::params::WhisperAt::OnAnswer {
            return false;
        }
        let Some(number) = self.frames(slot)[at].number else {
            return false;
        };
        let number = self.plan.accounts.number(number);
        let account = self.plan.accounts.sub_account(number.sub_account);
        number
            .whisper
            .as_deref()
            .is_some_and(|text| !whisper_resolves(account, text))
    }
}
