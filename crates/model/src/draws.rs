//! Randomness as an address: a draw is a pure function of (seed, replication, purpose, fresh
//! call, attempt, who, device, which time). No generator is stored anywhere, so no draw depends
//! on the order of events, on threads, on shards or on which policy is tried, and a new purpose
//! moves no other draw.
//!
//! The function is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
//! 1, 2, 3", SC11), checked against the vectors of the Random123 distribution.

use routing::record::FreshId;

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What a draw is for. The numbers are part of every result: they never change, new ones are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// Time from one fresh call of a source to the next.
    Gap = 1,
    /// Which number is called.
    To = 2,
    /// Who calls.
    From = 3,
    /// Whether a row of a log is kept when it is thinned.
    Thin = 4,
    /// How busy a day is.
    DayFactor = 5,
    /// Patience while ringing, and talk time.
    Life = 6,
    /// Patience on hold, and wrap-up.
    Hold = 7,
    /// Reach and answer delay of a leg.
    Leg = 8,
    /// When the phone company's machine takes a leg.
    CarrierVoicemail = 9,
    /// Whether the caller calls again, and when.
    Redial = 10,
    /// Whether a message is left, and how long.
    Message = 11,
    /// How long the Voice AI talks.
    Machine = 12,
    /// Time in the menu of an IVR, and whether the caller hangs up there.
    Menu = 13,
    /// Which branch of an IVR.
    Branch = 14,
    /// Time that a decision takes (virtual clock).
    Latency = 15,
    /// Whether a missed caller answers the text, and when.
    TextBack = 16,
    /// Whether a device is in do-not-disturb.
    Dnd = 17,
    /// Whether a device sleeps.
    Sleep = 18,
    /// Whether a reached leg declines.
    Decline = 19,
    /// How long it takes until the key of Call Connect is pressed.
    Prompt = 20,
}

/// Where a draw lies. `who`, `device` and `nth` stay 0 where there is nothing to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The fresh call (source and number).
    pub fresh: FreshId,
    /// Attempt, from 1; below 65 536.
    pub attempt: u32,
    /// What for.
    pub purpose: Purpose,
    /// Which device, 0 to 7.
    pub device: u8,
    /// Which time that device rings in this attempt, 0 to 31 (more wrap around).
    pub nth: u8,
    /// Who: a user or a number.
    pub who: u32,
}

impl Address {
    /// The address of a fresh call's own draw.
    pub const fn of(fresh: FreshId, attempt: u32, purpose: Purpose) -> Self {
        Self {
            fresh,
            attempt,
            purpose,
            device: 0,
            nth: 0,
            who: 0,
        }
    }

    const fn counter(self) -> [u32; 4] {
        let n = self.fresh.n;
        [
            n as u32,
            ((n >> 32) as u32 & 0xFFFF) | (self.fresh.source as u32) << 16,
            self.purpose as u32
                | (self.device as u32 & 7) << 5
                | (self.nth as u32 & 31) << 8
                | (self.attempt & 0xFFFF) << 16
                | (self.attempt >> 16) << 13,
            self.who,
        ]
    }
}

/// All draws of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    key: [u32; 2],
    antithetic: bool,
}

impl Draws {
    /// The draws of this replication under this seed.
    pub fn new(seed: u64, replication: u32) -> Self {
        let seed = [seed as u32, (seed >> 32) as u32];
        let [a, b, _, _] = philox([replication, 0, 0, 0x6275_7379], seed);
        Self {
            key: [a, b],
            antithetic: false,
        }
    }

    /// The draws of a replication that is one of an antithetic pair, (0, 1), (2, 3) and so on. The
    /// even one draws what it would draw alone; the odd one draws its complement (`!x`) at every
    /// address.
    pub fn paired(seed: u64, replication: u32) -> Self {
        Self {
            antithetic: replication % 2 == 1,
            ..Self::new(seed, replication & !1)
        }
    }

    /// Two independent uniforms of 64 bits.
    #[inline]
    pub fn pair(&self, address: Address) -> (u64, u64) {
        let block = philox(address.counter(), self.key);
        let join = |at: usize| u64::from(block[at]) | u64::from(block[at + 1]) << 32;
        if self.antithetic {
            (!join(0), !join(2))
        } else {
            (join(0), join(2))
        }
    }

    /// One uniform of 64 bits.
    #[inline]
    pub fn one(&self, address: Address) -> u64 {
        self.pair(address).0
    }
}

/// A uniform of 64 bits as a number strictly between 0 and 1, to 52 bits (with 53 the last one
/// would round up to 1).
#[inline]
pub fn unit(uniform: u64) -> f64 {
    ((uniform >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// A whole number below `bound` (which must not be 0), by the multiply-shift method; its bias is
/// below bound / 2^64.
#[inline]
pub fn below(uniform: u64, bound: u64) -> u64 {
    ((u128::from(uniform) * u128::from(bound)) >> 64) as u64
}

/// One block of Philox4x32-10.
#[inline]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let a = u64::from(MULTIPLIERS[0]) * u64::from(counter[0]);
        let b = u64::from(MULTIPLIERS[1]) * u64::from(counter[2]);
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_random123_vectors() {
        for (counter, key, expected) in [
            (
                [0; 4],
                [0; 2],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
            ),
            (
                [u32::MAX; 4],
                [u32::MAX; 2],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            assert_eq!(philox(counter, key), expected);
        }
    }

    #[test]
    fn every_field_of_the_address_matters() {
        let draws = Draws::new(1, 0);
        let base = Address {
            fresh: FreshId { source: 1, n: 2 },
            attempt: 1,
            purpose: Purpose::Leg,
            device: 1,
            nth: 0,
            who: 7,
        };
        let mut seen = vec![draws.one(base)];
        for other in [
            Address {
                fresh: FreshId { source: 2, n: 2 },
                ..base
            },
            Address {
                fresh: FreshId { source: 1, n: 3 },
                ..base
            },
            Address {
                fresh: FreshId {
                    source: 1,
                    n: 2 + (1 << 32),
                },
                ..base
            },
            Address { attempt: 2, ..base },
            Address {
                purpose: Purpose::CarrierVoicemail,
                ..base
            },
            Address { device: 2, ..base },
            Address { nth: 1, ..base },
            Address { who: 8, ..base },
        ] {
            let value = draws.one(other);
            assert!(
                !seen.contains(&value),
                "{other:?} gives the draw of another address"
            );
            seen.push(value);
        }
        assert!(!seen.contains(&Draws::new(1, 1).one(base)));
        assert!(!seen.contains(&Draws::new(2, 0).one(base)));
    }

    #[test]
    fn the_first_draws_of_seed_one_never_change() {
        let draws = Draws::new(1, 0);
        let first = |purpose| draws.one(Address::of(FreshId { source: 0, n: 0 }, 1, purpose));
        assert_eq!(first(Purpose::Gap), GOLDEN_GAP);
        assert_eq!(first(Purpose::Redial), GOLDEN_REDIAL);
    }

    const GOLDEN_GAP: u64 = 12_274_253_920_583_135_112;
    const GOLDEN_REDIAL: u64 = 16_443_219_012_240_986_391;

    #[test]
    fn unit_is_never_zero_or_one() {
        assert!(unit(0) > 0.0 && unit(u64::MAX) < 1.0);
        assert_eq!(below(u64::MAX, 7), 6);
        assert_eq!(below(0, 7), 0);
    }
}
