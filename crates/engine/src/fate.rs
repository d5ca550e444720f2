//! What a leg will do: a pure function of where its draws lie and when it began to ring.

use model::draws::DeviceDraws;
use model::{Address, Draws, RandomTime, Share};
use routing::account::Device;
use routing::call::Availability;
use routing::params::AvailabilityGate;
use routing::time::Nanos;

use crate::floors::Floors;
use crate::plan::Plan;
use crate::prepare::LegPlan;
use crate::race::{Best, What, places};

/// A leg that dies in its sleep rings once: a ring cycle of 2 s on and 4 s off.
const ONE_RING: Nanos = Nanos::from_secs(6);

/// When a leg would be answered, be taken by a machine, or end. A time that does not come is
/// never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub answer: Nanos,
    pub machine: Nanos,
    pub end: Nanos,
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

    /// What comes first; at one instant answer, machine, end.
    #[inline]
    pub(crate) fn first(self) -> (Nanos, What) {
        let mut first = (self.answer, What::Answer);
        if self.machine < first.0 {
            first = (self.machine, What::Machine);
        }
        if self.end < first.0 {
            first = (self.end, What::LegEnd);
        }
        first
    }
}

/// How one kind of device is answered, at hand for every leg.
struct Answers<'a> {
    /// Of the uniforms of 32 bits, so many reach somebody.
    reach: Share,
    delay: &'a RandomTime,
    delay_floors: Floors,
    carrier_voicemail: &'a RandomTime,
    /// The phone company's machine never picks up earlier.
    machine_from: Nanos,
}

/// What a stage can be foretold from faster, as long as no device has moods.
pub(crate) struct Odds<'a> {
    answers: [Answers<'a>; 4],
    patience: &'a RandomTime,
    patience_floors: Floors,
    /// Whether no device has moods: only then does [`Fates::offer_plain`] say the same as
    /// [`Fates::of`].
    pub plain: bool,
}

impl<'a> Odds<'a> {
    pub(crate) fn of(plan: &'a Plan) -> Self {
        let devices = [Device::Web, Device::Mobile, Device::Desk, Device::Phone];
        let people = &plan.people;
        let answers = |at: usize| {
            let it = people.answer(devices[at]);
            Answers {
                reach: it.reach,
                delay: &it.delay,
                delay_floors: Floors::of(&it.delay),
                carrier_voicemail: &it.carrier_voicemail,
                machine_from: Floors::of(&it.carrier_voicemail).least(),
            }
        };
        Self {
            answers: std::array::from_fn(answers),
            patience: &people.patience,
            patience_floors: Floors::of(&people.patience),
            plain: !devices.iter().any(|it| people.answer(*it).has_moods()),
        }
    }

    /// Offers the end of the caller's patience, which began then.
    #[inline]
    pub(crate) fn offer_patience(&self, began: Nanos, uniform: u64, best: &mut Best) {
        if began + self.patience_floors.at(uniform) <= best.at {
            best.offer(began + self.patience.draw(uniform), What::Caller, 0, 0);
        }
    }
}

/// The fates of the legs of one stage.
pub(crate) struct Fates<'a> {
    pub plan: &'a Plan,
    pub draws: &'a Draws,
    /// The address of the attempt.
    pub base: Address,
    /// When the stage began.
    pub from: Nanos,
}

impl Fates<'_> {
    /// What a leg will do, in the order of contract.md: do-not-disturb, sleep, reach, decline.
    /// `nth` is which time its device rings in this attempt.
    #[inline]
    pub(crate) fn of(&self, leg: &LegPlan, hop: u16, nth: u8) -> Fate {
        if leg.comes_and_goes
            && leg
                .user()
                .is_some_and(|user| !self.plan.world(self.from).logged_in(user))
        {
            return match self.plan.routing.availability_gate {
                AvailabilityGate::Live => Fate::ends(self.from),
                AvailabilityGate::ConfigOnly => Fate::RINGS_ON,
            };
        }
        let address = Address {
            device: leg.device_word(),
            nth,
            who: leg.who ^ u32::from(hop) << 16,
            ..self.base
        };
        self.of_device(leg.device, address)
    }

    /// Offers what the open ones of these legs will do, in a stage of a call beside which nothing
    /// lies, where no device has moods and nobody comes and goes. What its uniform allows only
    /// after the best so far is not drawn: it could not win.
    #[inline]
    pub(crate) fn offer_plain(
        &self,
        odds: &Odds<'_>,
        legs: &[LegPlan],
        open: u32,
        best: &mut Best,
    ) {
        let from = self.from;
        for which in places(open) {
            let Some(leg) = legs.get(which) else { break };
            let draws = self.draws.leg(Address {
                device: leg.device_word(),
                who: leg.who,
                ..self.base
            });
            let answers = &odds.answers[leg.device as usize];
            if answers.reach.hit_32(draws.reach)
                && from + answers.delay_floors.at(draws.delay) <= best.at
            {
                let due = from + answers.delay.draw(draws.delay);
                best.offer(due, What::Answer, 0, which as u8);
            }
            // Never, where there is no such machine.
            if from + answers.machine_from <= best.at && !answers.machine_from.is_never() {
                let due = from + answers.carrier_voicemail.draw_32(draws.carrier_voicemail);
                best.offer(due, What::Machine, 0, which as u8);
            }
        }
    }

    #[inline]
    fn of_device(&self, device: Device, address: Address) -> Fate {
        let from = self.from;
        let answering = self.plan.people.answer(device);
        let own = if answering.has_moods() {
            self.draws.device(address)
        } else {
            DeviceDraws::default()
        };
        let mut fate = Fate::RINGS_ON;
        if answering.dnd.hit_32(own.dnd) {
            return if device == Device::Phone {
                fate.machine = from;
                fate
            } else {
                Fate::ends(from)
            };
        }
        let draws = self.draws.leg(address);
        if !answering.carrier_voicemail.is_infinite() {
            let uniform = draws.carrier_voicemail;
            fate.machine = from + answering.carrier_voicemail.draw_32(uniform);
        }
        if answering.sleep.hit_32(own.sleep) {
            fate.end = from + ONE_RING;
            return fate;
        }
        if answering.reach.hit_32(draws.reach) {
            let due = from + answering.delay.draw(draws.delay);
            if answering.decline.hit_32(own.decline) {
                fate.end = due;
            } else {
                fate.answer = due;
            }
        }
        fate
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;
    use model::people::People;
    use model::{Calendar, Purpose};
    use proptest::prelude::*;
    use routing::account::AccountsBuilder;
    use routing::limit::LimitParams;
    use routing::params::RoutingParams;
    use routing::record::FreshId;

    use super::*;

    fn plan(ties: bool) -> Plan {
        let mut people = People::default();
        if ties {
            let constant = |s| RandomTime::constant(Nanos::from_secs(s));
            for device in Device::ALL {
                people.answer_mut(device).delay = constant(20);
            }
            people.answer_mut(Device::Phone).carrier_voicemail = constant(20);
            people.patience = constant(20);
        }
        let start = "2026-01-05T00:00:00Z".parse().unwrap();
        Plan {
            calendar: Calendar::at(TimeZone::UTC, start, Nanos::HOUR).unwrap(),
            antithetic: false,
            seed: 5,
            duration: Nanos::HOUR,
            warm_up: Nanos::ZERO,
            routing: RoutingParams::default(),
            limits: LimitParams::none(),
            people,
            sources: Vec::new(),
            workflows: std::iter::empty().collect(),
            rosters: Vec::new(),
            latency: RandomTime::constant(Nanos::ZERO),
            timeout: Nanos::from_secs(10),
            accounts: Arc::new(AccountsBuilder::new().finish()),
        }
    }

    proptest! {
        /// The plain form: every time is drawn and offered.
        #[test]
        fn what_is_not_drawn_would_not_have_come_first(
            n in 0u64..100_000,
            devices in prop::collection::vec(0usize..4, 1..8),
            open: u8,
            rings_s in 1u64..60,
            patience: u64,
            ties: bool,
        ) {
            let plan = plan(ties);
            let draws = plan.draws(0);
            let from = Nanos::from_secs(100);
            let leg = |(who, device): (usize, &usize)| LegPlan::bare(Device::ALL[*device], who as u32);
            let legs: Vec<LegPlan> = devices.iter().enumerate().map(leg).collect();
            let open = u32::from(open) & ((1 << legs.len()) - 1);
            let fates = Fates {
                plan: &plan,
                draws: &draws,
                base: Address::of(FreshId { source: 0, n }, 1, Purpose::Leg),
                from,
            };
            let ends = from + Nanos::from_secs(rings_s);
            let mut every = Best::patience(from + plan.people.patience.draw(patience));
            for which in places(open) {
                let (due, what) = fates.of(&legs[which], 0, 0).first();
                every.offer(due, what, 0, which as u8);
            }
            every.offer(ends, What::RingEnd, 0, 0);
            let odds = Odds::of(&plan);
            prop_assert!(odds.plain);
            let mut best = Best::ring_end(ends);
            fates.offer_plain(&odds, &legs, open, &mut best);
            odds.offer_patience(from, patience, &mut best);
            prop_assert_eq!(best, every);
        }
    }
}
