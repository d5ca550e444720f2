//! Legs to calls: rows that share a key are one call.
//!
//! A bounded number of calls is open at a time; the one that began first is closed when another
//! needs its place. The call is the row that says so (its parent column is empty), or the earliest.

use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use routing::Nanos;
use routing::record::Outcome;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::draft::Draft;
use super::held::{Held, make_room};
use super::order::Order;
use super::{Calls, ImportError, OnBadRow, Quality};
use crate::call::CanonicalCall;
use crate::dialect::Dialect;
use crate::error::{Fault, LogError};

/// So many calls are open at a time.
const MOST_OPEN: usize = 32_768;

#[derive(Default)]
pub(super) struct Joiner {
    by: Vec<String>,
    /// Whether a column says which row is the call.
    by_parent: bool,
    /// Which call a key belongs to, counted from the first of all.
    places: FxHashMap<Rc<str>, u64>,
    /// Calls as they began.
    open: VecDeque<Group>,
    /// So many were closed.
    closed: u64,
    /// The files that the rows stand in, one after the other.
    files: Vec<String>,
    /// In which the call that was closed last began.
    file: usize,
    /// What calls that were closed to make room are known by, the last ones.
    gone: Gone,
}

/// Hashes of keys, each in a place of its own until another takes it: one look a row, and no more
/// room than a processor keeps near.
#[derive(Default)]
struct Gone(Vec<u64>);

/// So many calls that were closed are remembered at most.
const MOST_GONE: usize = 1 << 16;

impl Gone {
    fn hash(key: &str) -> (u64, usize) {
        let hash = FxBuildHasher.hash_one(key);
        (hash, (hash >> 48) as usize % MOST_GONE)
    }

    fn add(&mut self, key: &str) {
        if self.0.is_empty() {
            self.0 = vec![0; MOST_GONE];
        }
        let (hash, place) = Self::hash(key);
        self.0[place] = hash;
    }

    fn has(&self, key: &str) -> bool {
        let (hash, place) = Self::hash(key);
        self.0.get(place) == Some(&hash)
    }
}

/// One call so far.
struct Group {
    key: Rc<str>,
    file: usize,
    base: Option<Held>,
    legs: u64,
    /// Further rows that say they are the call itself.
    twice: u64,
    /// Known where the rows are several: most calls are one row.
    answered: Option<Box<Answered>>,
    last: Option<Timestamp>,
}

/// The leg that was answered first.
struct Answered {
    outcome: Outcome,
    at: Option<Timestamp>,
    until: Option<Timestamp>,
    talk: Option<Nanos>,
    user: Option<String>,
}

impl Joiner {
    pub(super) fn of(dialect: &Dialect) -> Self {
        Self {
            by: dialect.join.clone(),
            by_parent: dialect.parent.is_some(),
            ..Self::default()
        }
    }

    pub(super) fn is_of(&self, dialect: &Dialect) -> bool {
        self.by == dialect.join && self.by_parent == dialect.parent.is_some()
    }

    /// Rows of this file come now.
    pub(super) fn begin(&mut self, file: &str) {
        if self.joins() {
            self.files.push(file.to_owned());
        }
    }

    /// In which file the call began that was closed last.
    pub(super) fn file(&self) -> &str {
        self.files.get(self.file).map_or("", String::as_str)
    }

    pub(super) fn joins(&self) -> bool {
        !self.by.is_empty()
    }

    /// Adds the row in the draft. If a call had to make room it is in the draft then: whether.
    pub(super) fn add(
        &mut self,
        key: &str,
        parent: bool,
        draft: &mut Draft,
        quality: &mut Quality,
    ) -> bool {
        if let Some(place) = self.places.get(key) {
            let group = &mut self.open[(place - self.closed) as usize];
            group.add(&draft.call, parent, self.by_parent);
            return false;
        }
        quality.reopened += u64::from(self.gone.has(key));
        let key: Rc<str> = key.into();
        let place = self.closed + self.open.len() as u64;
        self.places.insert(Rc::clone(&key), place);
        let mut group = Group {
            key,
            file: self.files.len().saturating_sub(1),
            base: None,
            legs: 0,
            twice: 0,
            answered: None,
            last: None,
        };
        group.add(&draft.call, parent, self.by_parent);
        make_room(&mut self.open, MOST_OPEN + 1);
        self.open.push_back(group);
        if self.open.len() <= MOST_OPEN {
            return false;
        }
        if let Some(first) = self.open.front() {
            self.gone.add(&first.key);
        }
        self.close_first(draft, quality)
    }

    /// Closes the call that began first: whether it is one, in the draft.
    fn close_first(&mut self, draft: &mut Draft, quality: &mut Quality) -> bool {
        let Some(group) = self.open.pop_front() else {
            return false;
        };
        self.closed += 1;
        self.file = group.file;
        self.places.remove(&group.key);
        group.close(self.by_parent, draft, quality)
    }

    /// What becomes of the call that was closed last, when it comes too late: its rows may stand in
    /// a file before the one that is read.
    pub(super) fn too_late(
        &self,
        call: &CanonicalCall,
        fault: Fault,
        on_bad_row: OnBadRow,
        (quality, calls): (&mut Quality, &mut dyn Calls),
    ) -> Result<(), ImportError> {
        let (file, line) = (self.file(), call.source_row.unwrap_or(1));
        if on_bad_row == OnBadRow::Stop {
            return Err(ImportError::Row {
                file: file.to_owned(),
                error: Box::new(LogError::bare(line, fault)),
            });
        }
        quality.malformed(fault.name());
        Ok(calls.skipped(file, line, fault.name(), b"")?)
    }

    /// Hands on every call that is open.
    pub(super) fn finish(
        &mut self,
        quality: &mut Quality,
        order: &mut Order,
        calls: &mut dyn Calls,
        on_bad_row: OnBadRow,
    ) -> Result<(), ImportError> {
        let mut draft = Draft::new();
        while !self.open.is_empty() {
            if !self.close_first(&mut draft, quality) {
                continue;
            }
            let call = &draft.call;
            if let Some(fault) = order.refuses(call) {
                self.too_late(call, fault, on_bad_row, (quality, calls))?;
                continue;
            }
            order.push(call, quality, calls)?;
        }
        Ok(())
    }
}

impl Group {
    fn add(&mut self, call: &CanonicalCall, parent: bool, by_parent: bool) {
        let until = ended(call);
        self.last = self.last.max(until);
        if by_parent {
            if parent {
                self.twice += u64::from(self.base.is_some());
            } else {
                self.legs += 1;
                self.leg(call, until);
            }
        } else {
            self.legs += 1;
            // The only row of a call is what it is; with the second they are held together.
            if let (2, Some(first)) = (self.legs, &self.base) {
                let mut draft = Draft::new();
                first.write_to(&mut draft);
                self.leg(&draft.call, ended(&draft.call));
            }
            if self.legs > 1 {
                self.leg(call, until);
            }
        }
        let is_base = match &self.base {
            None => parent,
            Some(base) if by_parent => parent && base.start > call.start,
            Some(base) => base.start > call.start,
        };
        if is_base {
            self.base = Some(Held::new(call));
        }
    }

    /// Keeps the leg that was answered first; a person comes before a machine.
    fn leg(&mut self, call: &CanonicalCall, until: Option<Timestamp>) {
        let Some(outcome) = call.outcome.filter(|it| rank(*it).is_some()) else {
            return;
        };
        let at = answered_at(call);
        let better = self.answered.as_ref().is_none_or(|known| {
            (rank(outcome), at.is_none(), at) < (rank(known.outcome), known.at.is_none(), known.at)
        });
        // Two legs that follow each other (a transfer) are one talk: it lasts to the later's end.
        let same = self.answered.as_ref().map(|it| it.outcome) == Some(outcome);
        let until = match &self.answered {
            Some(known) if same => known.until.max(until),
            _ => until,
        };
        if better {
            self.answered = Some(Box::new(Answered {
                outcome,
                at,
                until,
                talk: call.talk,
                user: call.user.clone(),
            }));
        } else if same && let Some(known) = &mut self.answered {
            known.until = until;
        }
    }

    /// Writes the call to the draft, if it is one.
    fn close(self, by_parent: bool, draft: &mut Draft, quality: &mut Quality) -> bool {
        let Some(base) = self.base else {
            quality.orphans(self.legs);
            return false;
        };
        base.write_to(draft);
        quality.told_twice(self.twice);
        let others = if by_parent {
            self.legs
        } else {
            self.legs.saturating_sub(1)
        };
        quality.legs += others;
        if by_parent {
            // The number called, or what stands in its place.
            draft.set_user(None);
        }
        let call = &mut draft.call;
        if others > 0 {
            if let Some(answered) = self.answered {
                call.outcome = Some(answered.outcome);
                let ring = answered.at.and_then(|at| between(call.start, at));
                let talk = answered.at.zip(answered.until);
                let talk = talk
                    .and_then(|(at, until)| between(at, until))
                    .or(answered.talk);
                (call.ring, call.talk) = (ring.or(call.ring), talk.or(call.talk));
                call.user = answered
                    .user
                    .filter(|_| answered.outcome == Outcome::Answered);
            } else if by_parent && call.outcome == Some(Outcome::Answered) {
                quality.unproven += 1;
                call.outcome = Some(Outcome::NoAnswer);
                call.talk = None;
            }
            let total = self.last.and_then(|last| between(call.start, last));
            call.total = total.max(call.total);
        } else if by_parent && call.outcome == Some(Outcome::Answered) {
            quality.legless += 1;
        }
        true
    }
}

/// How good it is that a leg ended so; none where nobody and nothing answered it.
fn rank(outcome: Outcome) -> Option<u8> {
    match outcome {
        Outcome::Answered => Some(0),
        Outcome::Voicemail => Some(1),
        Outcome::VoiceAi => Some(2),
        Outcome::Ivr => Some(3),
        Outcome::CarrierVoicemail => Some(4),
        _ => None,
    }
}

fn after(at: Timestamp, span: Nanos) -> Option<Timestamp> {
    let span = SignedDuration::from_nanos(i64::try_from(span.0).ok()?);
    at.checked_add(span).ok()
}

fn between(from: Timestamp, until: Timestamp) -> Option<Nanos> {
    u64::try_from(until.duration_since(from).as_nanos())
        .ok()
        .map(Nanos)
}

/// When a leg was answered: after its ring, or its talk before its end.
fn answered_at(call: &CanonicalCall) -> Option<Timestamp> {
    if let Some(ring) = call.ring {
        return after(call.start, ring);
    }
    let ring = call.total?.0.checked_sub(call.talk?.0)?;
    after(call.start, Nanos(ring))
}

fn ended(call: &CanonicalCall) -> Option<Timestamp> {
    match (call.total, call.talk) {
        (Some(total), _) => after(call.start, total),
        (None, Some(talk)) => after(answered_at(call)?, talk),
        _ => None,
    }
}
