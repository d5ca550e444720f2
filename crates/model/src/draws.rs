//! Randomness as an address: a draw is a pure function of (seed, replication, purpose, fresh
//! call, attempt, who, device, which time). No generator is stored anywhere, so no draw depends
//! on the order of events, on threads, on shards or on which policy is tried, and a new purpose
//! moves no other draw.
//!
//! The function is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
//! 1, 2, 3", SC11), checked against the vectors of the Random123 distribution. One block of 128
//! bits serves everything that belongs to one address; what its bits are for is said by the typed
//! packs ([`FreshDraws`], [`AttemptDraws`], [`LegDraws`], ...).
//!
//! In an antithetic pair of replications the second one sees every uniform of the first one
//! complemented: where a draw is made by inversion, what came early comes late.

mod batch;
mod packs;

use routing::record::FreshId;

pub(crate) use batch::Lanes;
pub use batch::{BATCH, Batch};
pub use packs::{
    AfterDraws, AttemptDraws, DeviceDraws, FreshDraws, HoldDraws, LegDraws, TextBackDraws,
};

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const ROUNDS: usize = 10;
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What a draw is for. The numbers are part of every result: they never change, new ones are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// A fresh call: the time to it, whom it calls, who calls ([`FreshDraws`]).
    Fresh = 1,
    /// Whether a row of a log is kept when it is thinned.
    Thin = 4,
    /// How busy a day is.
    DayFactor = 5,
    /// The life of an attempt: patience while ringing, and talk time ([`AttemptDraws`]).
    Life = 6,
    /// Patience on hold, and wrap-up ([`HoldDraws`]).
    Hold = 7,
    /// What happens to a leg ([`LegDraws`]).
    Leg = 8,
    /// What the device of a leg is up to ([`DeviceDraws`]).
    Device = 9,
    /// What comes after the attempt ([`AfterDraws`]).
    After = 10,
    /// How long a message is.
    Message = 11,
    /// How long the Voice AI talks.
    Machine = 12,
    /// Time in the menu of an IVR.
    Menu = 13,
    /// Whether the caller hangs up after the menu, and which branch they take.
    Branch = 14,
    /// Time that a decision takes (virtual clock).
    Latency = 15,
    /// Whether a missed caller answers the text, and when ([`TextBackDraws`]).
    TextBack = 16,
    /// How long it takes until the key of Call Connect is pressed.
    Prompt = 20,
    /// Whether a recipient of a campaign replies: one word of the block for each of four.
    Reply = 21,
    /// How busy a half-hour is.
    PeriodFactor = 22,
    /// How many calls an event brings.
    Event = 23,
    /// When a call brings the next one.
    Echo = 24,
    /// Where within its stretch of time the copy of a logged call lies.
    Jitter = 25,
    /// What a sub-account of a synthetic population is like; its users, numbers and contacts.
    Population = 30,
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
    #[inline]
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

    #[inline]
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

/// All draws of one replication: its key, made once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    key: [u32; 2],
    /// The keys of the rounds, which follow from it: a sixth of the work of a block that stands
    /// alone.
    round_keys: [[u32; 2]; ROUNDS],
    /// All ones in the second replication of an antithetic pair, which complements every uniform.
    flip: u32,
}

impl Draws {
    /// The draws of this replication under this seed.
    pub fn new(seed: u64, replication: u32) -> Self {
        let seed = [seed as u32, (seed >> 32) as u32];
        let [a, b, _, _] = philox([replication, 0, 0, 0x6275_7379], seed);
        Self {
            key: [a, b],
            round_keys: round_keys([a, b]),
            flip: 0,
        }
    }

    /// The draws of a replication that is one of an antithetic pair, (0, 1), (2, 3) and so on. The
    /// even one draws what it would draw alone; the odd one draws its complement (`!x`) at every
    /// address.
    ///
    /// What is drawn by inversion is mirrored then: shares, rates of arrival, and all random times
    /// but gamma and erlang. Those take the uniform as the seed of a generator, so that theirs stay
    /// as good as independent. So does the factor of a day.
    pub fn paired(seed: u64, replication: u32) -> Self {
        Self {
            flip: (replication & 1).wrapping_neg(),
            ..Self::new(seed, replication & !1)
        }
    }

    /// Whether this is the complemented one of an antithetic pair.
    pub const fn antithetic(&self) -> bool {
        self.flip != 0
    }

    /// The 128 bits of an address.
    #[inline]
    pub fn block(&self, address: Address) -> [u32; 4] {
        self.inlined_block(address)
    }

    /// The same without a call, for loops over addresses that share most of their parts.
    #[expect(clippy::inline_always, reason = "that is what it is for")]
    #[inline(always)]
    fn inlined_block(&self, address: Address) -> [u32; 4] {
        let mut counter = address.counter();
        for key in &self.round_keys {
            counter = round(counter, *key);
        }
        counter.map(|word| word ^ self.flip)
    }

    /// The blocks of an address and of the attempts after it, made side by side.
    #[inline]
    pub(crate) fn blocks<const COUNT: usize>(&self, first: Address) -> [[u32; 4]; COUNT] {
        let mut counters: [[u32; 4]; COUNT] = std::array::from_fn(|at| {
            let attempt = first.attempt + at as u32;
            Address { attempt, ..first }.counter()
        });
        for key in &self.round_keys {
            for counter in &mut counters {
                *counter = round(*counter, *key);
            }
        }
        counters.map(|counter| counter.map(|word| word ^ self.flip))
    }

    /// Two independent uniforms of 64 bits.
    #[inline]
    pub fn pair(&self, address: Address) -> (u64, u64) {
        let block = self.block(address);
        (join(block[0], block[1]), join(block[2], block[3]))
    }

    /// One uniform of 64 bits.
    #[inline]
    pub fn one(&self, address: Address) -> u64 {
        self.pair(address).0
    }
}

#[inline]
const fn join(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

/// A uniform of 64 bits as a number strictly between 0 and 1, to 52 bits (with 53 the last one
/// would round up to 1).
#[inline]
pub fn unit(uniform: u64) -> f64 {
    ((uniform >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// A uniform of 32 bits as one of 64: the middle of the stretch that it stands for. The complement
/// becomes the complement.
#[inline]
pub const fn widen(uniform: u32) -> u64 {
    // The two middles take turns at the half, so that the mirror of one is the other.
    (uniform as u64) << 32 | (0x8000_0000 - (uniform >> 31)) as u64
}

/// A whole number below `bound` (which must not be 0), by the multiply-shift method; its bias is
/// below bound / 2^32.
#[inline]
pub const fn below(uniform: u32, bound: u32) -> u32 {
    ((uniform as u64 * bound as u64) >> 32) as u32
}

/// How many of the 2^32 uniforms of 32 bits lie within this share of them, to the nearest; 2^32 of
/// 1 or more, none of 0 or less. A uniform hits the share when it is below this.
pub fn threshold(share: f64) -> u64 {
    // `as` stops at 0 and takes NaN for 0.
    (share.min(1.0) * 4_294_967_296.0).round() as u64
}

/// One block of Philox4x32-10.
#[expect(
    clippy::inline_always,
    reason = "a call in the loop over lanes keeps it from becoming vector code"
)]
#[inline(always)]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        counter = round(counter, key);
        key = next_key(key);
    }
    counter
}

#[expect(clippy::inline_always, reason = "as for `philox`, whose body it is")]
#[inline(always)]
const fn round(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let a = MULTIPLIERS[0] as u64 * counter[0] as u64;
    let b = MULTIPLIERS[1] as u64 * counter[2] as u64;
    [
        (b >> 32) as u32 ^ counter[1] ^ key[0],
        b as u32,
        (a >> 32) as u32 ^ counter[3] ^ key[1],
        a as u32,
    ]
}

#[expect(clippy::inline_always, reason = "as for `philox`, whose body it is")]
#[inline(always)]
const fn next_key(key: [u32; 2]) -> [u32; 2] {
    [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])]
}

/// The key of each round.
fn round_keys(key: [u32; 2]) -> [[u32; 2]; ROUNDS] {
    let mut next = key;
    std::array::from_fn(|_| {
        let key = next;
        next = next_key(key);
        key
    })
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
    fn a_block_is_philox_of_its_address() {
        for draws in [Draws::new(1, 0), Draws::paired(5, 3)] {
            let address = Address::of(FreshId { source: 3, n: 77 }, 2, Purpose::Life);
            let plain = philox(address.counter(), draws.key).map(|word| word ^ draws.flip);
            assert_eq!(draws.block(address), plain);
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
                purpose: Purpose::Device,
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
        assert_eq!(first(Purpose::Fresh), GOLDEN_FRESH);
        assert_eq!(first(Purpose::After), GOLDEN_AFTER);
    }

    const GOLDEN_FRESH: u64 = 12_274_253_920_583_135_112;
    const GOLDEN_AFTER: u64 = 16_443_219_012_240_986_391;

    #[test]
    fn unit_is_never_zero_or_one() {
        assert!(unit(0) > 0.0 && unit(u64::MAX) < 1.0);
        assert_eq!(below(u32::MAX, 7), 6);
        assert_eq!(below(0, 7), 0);
    }

    #[test]
    fn the_second_of_a_pair_is_the_complement_of_the_first() {
        let (even, odd) = (Draws::paired(9, 6), Draws::paired(9, 7));
        assert!(!even.antithetic() && odd.antithetic());
        assert_eq!(
            even,
            Draws::new(9, 6),
            "the even one draws what it draws alone"
        );
        for n in 0..100 {
            let fresh = FreshId { source: 1, n };
            let address = Address::of(fresh, 1, Purpose::Life);
            assert_eq!(odd.one(address), !even.one(address));
            assert_eq!(odd.block(address), even.block(address).map(|word| !word));
            assert_eq!(odd.fresh(fresh).gap, !even.fresh(fresh).gap);
            assert_eq!(odd.after(fresh, 3).redial, !even.after(fresh, 3).redial);
        }
        assert_ne!(Draws::paired(9, 8), even, "another pair is another one");
    }

    #[test]
    fn complements_stay_complements() {
        for n in [0u32, 1, 77, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
            assert_eq!(widen(!n), !widen(n));
            assert_eq!((widen(n) >> 32) as u32, n);
            let wide = widen(n);
            assert_eq!(unit(wide) + unit(!wide), 1.0);
        }
        assert_eq!(threshold(0.0), 0);
        assert_eq!(threshold(1.0), 1 << 32);
        assert_eq!(threshold(2.0), 1 << 32);
        assert_eq!(threshold(-1.0), 0);
        assert_eq!(threshold(0.5), 1 << 31);
    }
}
