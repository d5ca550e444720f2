//! How good the data of an import are: counts of what went by, and the sentences they make.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};
use rustc_hash::{FxHashSet, FxHasher};

use crate::call::{CanonicalCall, Direction};
use crate::dialect::Dialect;

mod told;

/// A span longer than this is told: nobody talks or waits for half a day.
const ABSURD: Nanos = Nanos(12 * Nanos::HOUR.0);

/// So many days without a call are listed; the rest are counted.
const MOST_DAYS: usize = 20;

/// So many different reasons of skipped rows are told apart.
const MOST_REASONS: usize = 200;

/// So many different calls of one instant are told apart: those of a busy day, where a log has
/// days and no times.
const MOST_SAME: usize = 1 << 18;

/// Room for so many is kept from instant to instant.
const FEW: usize = 1024;

/// What was seen of the logs that an import read.
#[derive(Debug, Clone)]
pub struct Quality {
    /// Rows of calls, the header not counted.
    pub rows: u64,
    /// Calls that were handed on.
    pub calls: u64,
    /// Rows that are legs of calls and not calls themselves.
    pub legs: u64,
    /// Rows that were left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Of these, rows that were malformed.
    pub malformed: u64,
    /// Calls by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Calls whose outcome is unknown.
    pub outcome_unknown: u64,
    /// Calls that are not inbound.
    pub not_inbound: u64,
    /// Calls without a caller.
    pub without_from: u64,
    /// Calls without a called number.
    pub without_to: u64,
    /// When the first call arrived.
    pub first: Option<Timestamp>,
    /// When the last one did.
    pub last: Option<Timestamp>,
    /// The longest time without a call, and when it began.
    pub longest_gap: Option<(Timestamp, SignedDuration)>,
    /// Local days without a call between days with calls: the first of them.
    pub missing_days: Vec<Date>,
    /// How many there are.
    pub days_missing: u64,
    /// Durations below zero.
    pub negative: u64,
    /// Durations above twelve hours.
    pub absurd: u64,
    /// Calls that equal another one in everything.
    pub duplicates: u64,
    /// Local times that no clock showed, when it was put forward.
    pub gaps: u64,
    /// Local times that the clock showed twice, when it was put back.
    pub overlaps: u64,
    /// Rows that were not UTF-8.
    pub latin_1: u64,
    /// Answered calls that were taken for a phone company's voicemail, as was asked for.
    pub suspected: u64,
    /// Rows of calls that had been closed to make room: each began another call.
    pub reopened: u64,
    /// Calls that came late and were sorted.
    pub sorted: u64,
    /// Each file and its dialect.
    pub files: Vec<(String, String)>,
    bare_numbers: (u64, String),
    odd_numbers: (u64, String),
    pub(super) unproven: u64,
    pub(super) legless: u64,
    loses: Option<String>,
    assumed: Vec<String>,
    zone: TimeZone,
    /// The local day of the last call, and the first second of the next one.
    day: Option<(Date, Timestamp)>,
    /// What the calls of the last instant look like.
    same: FxHashSet<u64>,
}

impl Quality {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self {
            rows: 0,
            calls: 0,
            legs: 0,
            skipped: BTreeMap::new(),
            malformed: 0,
            outcomes: [0; Outcome::ALL.len()],
            outcome_unknown: 0,
            not_inbound: 0,
            without_from: 0,
            without_to: 0,
            first: None,
            last: None,
            longest_gap: None,
            missing_days: Vec::new(),
            days_missing: 0,
            negative: 0,
            absurd: 0,
            duplicates: 0,
            gaps: 0,
            overlaps: 0,
            latin_1: 0,
            suspected: 0,
            reopened: 0,
            sorted: 0,
            files: Vec::new(),
            bare_numbers: (0, String::new()),
            odd_numbers: (0, String::new()),
            unproven: 0,
            legless: 0,
            loses: None,
            assumed: Vec::new(),
            zone,
            day: None,
            same: FxHashSet::default(),
        }
    }

    pub(super) fn file(&mut self, file: &str, dialect: &Dialect) {
        self.files.push((file.to_owned(), dialect.name.clone()));
        if self.loses.is_none() {
            self.loses.clone_from(&dialect.loses);
        }
        if let Some(assumed) = &dialect.assumed
            && !self.assumed.contains(assumed)
        {
            self.assumed.push(assumed.clone());
        }
    }

    pub(super) fn skip(&mut self, reason: &str) {
        let known = self.skipped.len() < MOST_REASONS || self.skipped.contains_key(reason);
        let reason = if known { reason } else { "other" };
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }

    /// The call as one that a phone company's voicemail answered.
    pub(super) fn suspect(&mut self, call: &CanonicalCall) -> CanonicalCall {
        self.suspected += 1;
        CanonicalCall {
            outcome: Some(Outcome::CarrierVoicemail),
            ..call.clone()
        }
    }

    /// A row, or a call, that is left out because of a fault.
    pub(super) fn malformed(&mut self, reason: &str) {
        self.skip(reason);
        self.malformed += 1;
    }

    pub(super) fn orphans(&mut self, legs: u64) {
        *self
            .skipped
            .entry("leg-without-its-call".to_owned())
            .or_default() += legs;
    }

    /// Rows of a call that has one already.
    pub(super) fn told_twice(&mut self, rows: u64) {
        if rows > 0 {
            *self
                .skipped
                .entry("call-told-twice".to_owned())
                .or_default() += rows;
        }
    }

    pub(super) fn bare_number(&mut self, text: &str) {
        count(&mut self.bare_numbers, text);
    }

    pub(super) fn odd_number(&mut self, text: &str) {
        count(&mut self.odd_numbers, text);
    }

    #[inline]
    pub(super) fn span(&mut self, span: Nanos) {
        self.absurd += u64::from(span > ABSURD);
    }

    /// A call, in order of time. Of one that comes at the instant of the call before,
    /// [`Self::first_of_instant`] has to know that first.
    pub(super) fn call(&mut self, call: &CanonicalCall) {
        self.calls += 1;
        match call.outcome {
            Some(outcome) => self.outcomes[outcome as usize] += 1,
            None => self.outcome_unknown += 1,
        }
        let inbound = matches!(call.direction, Direction::Inbound | Direction::Unknown);
        self.not_inbound += u64::from(!inbound);
        self.without_from += u64::from(call.from.is_none());
        self.without_to += u64::from(call.to.is_none());
        self.instant(call);
        self.first.get_or_insert(call.start);
        self.last = Some(call.start);
    }

    fn instant(&mut self, call: &CanonicalCall) {
        if let Some(last) = self.last {
            let gap = call.start.duration_since(last);
            if self.longest_gap.is_none_or(|(_, longest)| gap > longest) {
                self.longest_gap = Some((last, gap));
            }
        }
        // Most calls are alone in their instant, and equal nobody.
        if self.last == Some(call.start) {
            self.look(call);
        } else if self.same.capacity() > FEW {
            self.same = FxHashSet::default();
        } else {
            self.same.clear();
        }
        if self.day.is_none_or(|(_, until)| call.start >= until) {
            self.new_day(call.start);
        }
    }

    /// The call that came last, before another of its instant.
    pub(super) fn first_of_instant(&mut self, call: &CanonicalCall) {
        if self.same.is_empty() {
            self.look(call);
        }
    }

    fn look(&mut self, call: &CanonicalCall) {
        let look = look(call);
        if self.same.contains(&look) {
            self.duplicates += 1;
        } else if self.same.len() < MOST_SAME {
            self.same.insert(look);
        }
    }

    #[cold]
    fn new_day(&mut self, at: Timestamp) {
        let date = self.zone.to_datetime(at).date();
        if let Some((before, _)) = self.day {
            let mut missing = before.tomorrow().unwrap_or(date);
            let between = missing.until(date).map_or(0, |it| it.get_days());
            self.days_missing += u64::try_from(between).unwrap_or(0);
            while missing < date && self.missing_days.len() < MOST_DAYS {
                self.missing_days.push(missing);
                missing = missing.tomorrow().unwrap_or(date);
            }
        }
        let next = date
            .tomorrow()
            .ok()
            .and_then(|it| it.to_zoned(self.zone.clone()).ok());
        let next = next.map_or(Timestamp::MAX, |it| it.timestamp());
        // A day may have begun twice; it ends in any case.
        let later = at
            .saturating_add(SignedDuration::from_secs(1))
            .unwrap_or(Timestamp::MAX);
        self.day = Some((date, next.max(later)));
    }

    pub(super) fn close(&mut self) {
        self.same.clear();
    }

    /// An instant in the zone of the import, RFC 3339 to the second.
    pub fn local(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Calls that this outcome ended.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }
}

fn count((count, example): &mut (u64, String), text: &str) {
    if *count == 0 {
        crate::error::shown(text).clone_into(example);
    }
    *count += 1;
}

/// Everything but the start, which is compared by itself, and the row, which differs. A sum of
/// products, each with an odd number of its own: none has to wait for the one before.
fn look(call: &CanonicalCall) -> u64 {
    const ODD: [u64; 8] = [
        0x9e37_79b9_7f4a_7c15,
        0xbf58_476d_1ce4_e5b9,
        0x94d0_49bb_1331_11eb,
        0xd6e8_feb8_6659_fd93,
        0xa076_1d64_78bd_642f,
        0xe703_7ed1_a0b4_28db,
        0x8ebc_6af0_9c88_c6e3,
        0x5899_65cc_7537_4cc3,
    ];
    // A number is never the greatest one; a span of that length is none of a call.
    let number = |it: Option<PhoneNumber>| it.map_or(u64::MAX, PhoneNumber::digits);
    let span = |it: Option<Nanos>| it.map_or(u64::MAX, |it| it.0);
    let words = [
        number(call.from),
        number(call.to),
        call.outcome.map_or(u64::MAX, |it| it as u64) << 8 ^ call.direction as u64,
        span(call.ring),
        span(call.hold),
        span(call.talk),
        span(call.wrap),
        span(call.total),
    ];
    let each = words.into_iter().zip(ODD);
    let sum = each.fold(0u64, |sum, (word, odd)| {
        sum.wrapping_add((word ^ word >> 29).wrapping_mul(odd).rotate_left(32))
    });
    let mut hasher = FxHasher::default();
    (sum, &call.user).hash(&mut hasher);
    hasher.finish()
}
