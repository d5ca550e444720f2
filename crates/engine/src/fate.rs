//! What a leg will do: a pure function of where its draws lie and when it began to ring.

use model::draws::DeviceDraws;
use model::{Address, Draws};
use routing::account::Device;
use routing::call::Availability;
use routing::params::AvailabilityGate;
use routing::time::Nanos;

use crate::plan::Plan;
use crate::prepare::LegPlan;
use crate::race::What;

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

/// The fates of the legs of one stage.
pub(crate) struct Fates<'a> {
    pub plan: &'a Plan,
    pub draws: Draws,
    /// The address of the attempt.
    pub base: Address,
    /// When the stage began.
    pub from: Nanos,
}

impl Fates<'_> {
    /// What a leg will do, in the order of contract.md: do-not-disturb, sleep, reach, decline.
    /// `nth` is which time its device rings in this attempt.
    #[inline]
    pub(crate) fn of(&self, leg: LegPlan, hop: u16, nth: u8) -> Fate {
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
