//! Fingerprints of a run: what tells whether two runs were the same, layer by layer.
//!
//! A layer's fingerprint is the wrapping 128-bit sum of keyed hashes of its records in words of a
//! fixed order (`words`), address included. So it needs no order, and parts add up. It is no
//! signature: it guards against change, not against malice.

mod words;

use std::fmt;
use std::str::FromStr;

use routing::decision::{Decision, Leg, RingStage};
use routing::record::{CallRecord, DecisionRecord, FreshCall, FreshId};
use routing::{Nanos, PhoneNumber};
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// The keys of the layers: changing one changes every stored fingerprint.
const INPUTS: u64 = 0x6275_7379_696e_7031;
const ARRIVALS: u64 = 0x6275_7379_6172_7231;
const DECISIONS: u64 = 0x6275_7379_6465_6331;
const OUTCOMES: u64 = 0x6275_7379_6f75_7431;

/// The sum of the hashes of a layer's records; printed as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// Of the inputs in their canonical form.
    pub fn of_inputs(canonical: &[u8]) -> Self {
        Self(xxh3_128_with_seed(canonical, INPUTS))
    }

    #[inline]
    fn add<const N: usize>(&mut self, record: [u64; N], layer: u64) {
        self.0 = self.0.wrapping_add(words::hash(record, layer));
    }

    /// What another part has seen.
    pub fn merge(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no fingerprint: 32 hexadecimal digits are")]
pub struct NotAFingerprint(String);

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = digits
            .then(|| u128::from_str_radix(text, 16).ok())
            .flatten();
        value
            .map(Self)
            .ok_or_else(|| NotAFingerprint(text.to_owned()))
    }
}

/// The fingerprints of all layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprints {
    /// Scenario, accounts, files and overrides; made by whoever reads them.
    pub inputs: Fingerprint,
    /// Fresh calls: time, from, to.
    pub arrivals: Fingerprint,
    /// Legs, ring times, terminal, cause.
    pub decisions: Fingerprint,
    /// Outcome, cause, times.
    pub outcomes: Fingerprint,
}

/// Takes the records of one replication in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prints {
    /// So far; the inputs are none of its business.
    pub so_far: Fingerprints,
    /// Of this replication: its records are hashed under keys of their own.
    key: u64,
    /// Room for one decision in its canonical form.
    room: Room,
}

/// Room that is no part of the value.
#[derive(Debug, Clone, Default)]
struct Room(Vec<u8>);

impl PartialEq for Room {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Room {}

impl Prints {
    /// Nothing seen yet.
    pub fn new(replication: u32) -> Self {
        Self {
            so_far: Fingerprints::default(),
            key: u64::from(replication) << 32,
            room: Room::default(),
        }
    }

    /// What another part of the same replication has seen.
    pub fn merge(&mut self, other: &Self) {
        self.so_far.arrivals.merge(other.so_far.arrivals);
        self.so_far.decisions.merge(other.so_far.decisions);
        self.so_far.outcomes.merge(other.so_far.outcomes);
    }

    /// A fresh call.
    #[inline]
    pub fn arrival(&mut self, call: &FreshCall) {
        let record = [
            which(call.id),
            call.at.0,
            digits(call.from),
            digits(Some(call.to)),
        ];
        self.so_far.arrivals.add(record, ARRIVALS ^ self.key);
    }

    /// A decision; `ordinals` has a number for each user. The print of the decision alone is kept
    /// in its memo: a run has few different ones.
    #[inline]
    pub fn decision(&mut self, decided: &DecisionRecord<'_>, ordinals: &[u32]) {
        let mut own = decided.memo.get();
        if own == 0 {
            own = self.of_decision(decided.decision, ordinals);
            decided.memo.set(own);
        }
        // The print is as good as random: with it the address is hashed as under keys of its own.
        let (low, high) = (own as u64, (own >> 64) as u64);
        let turn = u64::from(decided.attempt) << 16 | u64::from(decided.hop);
        let record = [
            which(decided.fresh).wrapping_add(low),
            turn.wrapping_add(high),
        ];
        self.so_far.decisions.add(record, DECISIONS ^ self.key);
    }

    /// The print of a decision, whoever it is for; never 0, which is a memo without one.
    #[cold]
    fn of_decision(&mut self, it: &Decision, ordinals: &[u32]) -> u128 {
        let record = &mut self.room.0;
        record.clear();
        decision(record, it, ordinals);
        xxh3_128_with_seed(record, DECISIONS).max(1)
    }

    /// A call that ended.
    #[inline]
    pub fn outcome(&mut self, call: &CallRecord) {
        // By their places: a new outcome or cause goes to the end of its list, or moves stored
        // prints.
        let end = u64::from(call.outcome as u8) << 8 | u64::from(call.cause as u8);
        let hold = |(since, left): (Nanos, Nanos)| since.0 ^ left.0.rotate_left(32);
        let record = [
            which(call.fresh),
            u64::from(call.attempt) << 16 | end,
            call.arrived.0,
            call.ended.0,
            call.answered.unwrap_or(Nanos::NEVER).0,
            call.held.map_or(u64::MAX, hold),
        ];
        self.so_far.outcomes.add(record, OUTCOMES ^ self.key);
    }
}

/// Which fresh call, in one word.
#[inline]
fn which(fresh: FreshId) -> u64 {
    fresh.n | u64::from(fresh.source) << 48
}

/// A withheld number is 0, which no number is.
fn digits(number: Option<PhoneNumber>) -> u64 {
    number.map_or(0, PhoneNumber::digits)
}

/// Words rather than their places in a list: they are what decisions are compared by.
fn word(record: &mut Vec<u8>, word: &str) {
    record.push(word.len() as u8);
    record.extend_from_slice(word.as_bytes());
}

fn decision(record: &mut Vec<u8>, decision: &Decision, ordinals: &[u32]) {
    record.push(decision.stages.len().min(255) as u8);
    for stage in &decision.stages {
        self::stage(record, stage, ordinals);
    }
    word(record, decision.finally.name());
    word(
        record,
        decision.finally.cause().map_or("", |cause| cause.name()),
    );
}

/// Legs of a stage have no order.
fn stage(record: &mut Vec<u8>, stage: &RingStage, ordinals: &[u32]) {
    record.extend_from_slice(&stage.ring.0.to_le_bytes());
    record.push(stage.legs.len().min(255) as u8);
    let start = record.len();
    for leg in &stage.legs {
        self::leg(record, *leg, ordinals);
    }
    let (legs, _) = record[start..].as_chunks_mut::<LEG_BYTES>();
    legs.sort_unstable();
}

/// Every leg takes as many bytes, so that they can be sorted where they lie.
const LEG_BYTES: usize = 14;

fn leg(record: &mut Vec<u8>, leg: Leg, ordinals: &[u32]) {
    let role = match leg {
        Leg::App { .. } => 0,
        Leg::Phone { role, .. } => 1 + role as u8,
    };
    let user = leg.user().map_or(u32::MAX, |user| {
        // A user that nobody numbered stands for itself.
        ordinals.get(user.index()).copied().unwrap_or(user.0)
    });
    record.push(leg.device() as u8);
    record.push(role);
    record.extend_from_slice(&user.to_le_bytes());
    record.extend_from_slice(&digits(leg.number()).to_le_bytes());
}

#[cfg(test)]
mod tests;
