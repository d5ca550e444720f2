//! What the 128 bits of an address are for. Each pack is one block: two uniforms of 64 bits, or of
//! 32 bits where that is enough (a share to one part in four thousand million).

use routing::record::FreshId;

use super::{Address, Draws, Purpose, join};

/// Of a fresh call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FreshDraws {
    /// Time from the fresh call before it in its source.
    pub gap: u64,
    /// Which number is called.
    pub to: u32,
    /// Who calls.
    pub from: u32,
}

/// Of the life of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttemptDraws {
    /// Patience while ringing.
    pub patience: u64,
    /// Talk time.
    pub talk: u64,
}

/// Of an attempt that waits on hold or is followed by wrap-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HoldDraws {
    /// Patience on hold.
    pub patience: u64,
    /// How long whoever talked is busy afterwards.
    pub wrap_up: u64,
}

/// Of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LegDraws {
    /// Whether somebody would pick it up.
    pub reach: u32,
    /// When the phone company's machine takes it ([`crate::RandomTime::draw_32`]).
    pub carrier_voicemail: u32,
    /// When it is picked up.
    pub delay: u64,
}

/// Of the device of a leg: what keeps it from being answered. Of use only where one of the three
/// shares is above 0; everything else of the leg is drawn as if this block did not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceDraws {
    /// Whether it is in do-not-disturb.
    pub dnd: u32,
    /// Whether it sleeps.
    pub sleep: u32,
    /// Whether it is declined when reached.
    pub decline: u32,
}

/// Of what comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AfterDraws {
    /// Whether the caller calls again.
    pub redial: u32,
    /// Whether the caller leaves a message. Its length lies at [`Purpose::Message`].
    pub message: u32,
    /// When the caller calls again.
    pub redial_delay: u64,
}

/// Of the text that a missed caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextBackDraws {
    /// Whether the caller calls again because of it.
    pub answer: u32,
    /// And when.
    pub delay: u64,
}

impl From<[u32; 4]> for FreshDraws {
    #[inline]
    fn from([a, b, to, from]: [u32; 4]) -> Self {
        let gap = join(a, b);
        Self { gap, to, from }
    }
}

impl From<[u32; 4]> for AttemptDraws {
    #[inline]
    fn from([a, b, c, d]: [u32; 4]) -> Self {
        Self {
            patience: join(a, b),
            talk: join(c, d),
        }
    }
}

impl From<[u32; 4]> for LegDraws {
    #[inline]
    fn from([reach, carrier_voicemail, c, d]: [u32; 4]) -> Self {
        Self {
            reach,
            carrier_voicemail,
            delay: join(c, d),
        }
    }
}

impl Draws {
    /// The draws of a fresh call.
    #[inline]
    pub fn fresh(&self, fresh: FreshId) -> FreshDraws {
        self.block(Address::of(fresh, 1, Purpose::Fresh)).into()
    }

    /// The draws of the life of an attempt.
    #[inline]
    pub fn attempt(&self, fresh: FreshId, attempt: u32) -> AttemptDraws {
        self.block(Address::of(fresh, attempt, Purpose::Life))
            .into()
    }

    /// The draws of an attempt on hold and of its wrap-up.
    #[inline]
    pub fn hold(&self, fresh: FreshId, attempt: u32) -> HoldDraws {
        let (patience, wrap_up) = self.pair(Address::of(fresh, attempt, Purpose::Hold));
        HoldDraws { patience, wrap_up }
    }

    /// The draws of the leg at this address, whatever purpose that names.
    #[inline]
    pub fn leg(&self, address: Address) -> LegDraws {
        let purpose = Purpose::Leg;
        self.inlined_block(Address { purpose, ..address }).into()
    }

    /// The draws of the device of the leg at this address, whatever purpose that names.
    #[inline]
    pub fn device(&self, address: Address) -> DeviceDraws {
        let purpose = Purpose::Device;
        let [dnd, sleep, decline, _] = self.block(Address { purpose, ..address });
        DeviceDraws {
            dnd,
            sleep,
            decline,
        }
    }

    /// The draws of what comes after an attempt.
    #[inline]
    pub fn after(&self, fresh: FreshId, attempt: u32) -> AfterDraws {
        let [redial, message, c, d] = self.block(Address::of(fresh, attempt, Purpose::After));
        AfterDraws {
            redial,
            message,
            redial_delay: join(c, d),
        }
    }

    /// The draws of the text after a missed attempt.
    #[inline]
    pub fn text_back(&self, fresh: FreshId, attempt: u32) -> TextBackDraws {
        let [answer, _, c, d] = self.block(Address::of(fresh, attempt, Purpose::TextBack));
        TextBackDraws {
            answer,
            delay: join(c, d),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pack is the block of its address, cut in order.
    #[test]
    fn packs_are_cuts_of_their_blocks() {
        let draws = Draws::new(3, 4);
        let fresh = FreshId { source: 5, n: 6 };
        let block = |purpose| draws.block(Address::of(fresh, 2, purpose));
        let [a, b, c, d] = block(Purpose::After);
        let after = draws.after(fresh, 2);
        assert_eq!((after.redial, after.message), (a, b));
        assert_eq!(after.redial_delay, join(c, d));
        let [a, b, c, d] = block(Purpose::Life);
        let life = draws.attempt(fresh, 2);
        assert_eq!((life.patience, life.talk), (join(a, b), join(c, d)));
        let [a, b, c, d] = block(Purpose::Hold);
        let hold = draws.hold(fresh, 2);
        assert_eq!((hold.patience, hold.wrap_up), (join(a, b), join(c, d)));
        let [a, _, c, d] = block(Purpose::TextBack);
        let text_back = draws.text_back(fresh, 2);
        assert_eq!((text_back.answer, text_back.delay), (a, join(c, d)));
    }

    #[test]
    fn a_leg_has_its_own_address_whatever_purpose_it_names() {
        let draws = Draws::new(3, 4);
        let fresh = FreshId { source: 5, n: 6 };
        let named = |purpose| Address {
            who: 7,
            device: 2,
            nth: 1,
            ..Address::of(fresh, 2, purpose)
        };
        let [a, b, c, d] = draws.block(named(Purpose::Leg));
        let leg = draws.leg(named(Purpose::Prompt));
        assert_eq!((leg.reach, leg.carrier_voicemail), (a, b));
        assert_eq!(leg.delay, join(c, d));
        let [a, b, c, _] = draws.block(named(Purpose::Device));
        let device = draws.device(named(Purpose::Leg));
        assert_eq!((device.dnd, device.sleep, device.decline), (a, b, c));
    }
}
