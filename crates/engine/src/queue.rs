//! The event queue: events by time, those of one instant in the order in which they were put in.
//!
//! A heap of `u128` keys in which every parent has four children, which fill a cache line. There is
//! no removal: whoever puts an event in keeps its [`Stamp`], and an event whose stamp is no longer
//! the current one is dropped when it comes to the top.

use std::hint::select_unpredictable;

use routing::Nanos;

const SLOT_BITS: u32 = 24;
const KIND_BITS: u32 = 2;

/// The most slots of one kind: 16.7 million live calls.
pub const MAX_SLOTS: usize = 1 << SLOT_BITS;

/// What an event concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A call: its state says what is due.
    Call = 0,
    /// A person who may have become free, or logged in.
    Person = 1,
    /// A queue on hold: an unnamed agent became free.
    Agent = 2,
    /// A queue on hold: its roster changes.
    Roster = 3,
}

/// The sequence number of an event: unique within a run, and its proof of being current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u64);

impl Stamp {
    /// No event.
    pub const NONE: Self = Self(u64::MAX);
}

/// An event that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Nanos,
    /// Its proof of being current.
    pub stamp: Stamp,
    /// What it concerns.
    pub kind: Kind,
    /// Which one of them.
    pub slot: u32,
}

impl Event {
    fn key(self) -> u128 {
        let tag = (self.stamp.0 << (SLOT_BITS + KIND_BITS))
            | (self.kind as u64) << SLOT_BITS
            | u64::from(self.slot);
        u128::from(self.at.0) << 64 | u128::from(tag)
    }

    fn of(key: u128) -> Self {
        let tag = key as u64;
        let kind = match (tag >> SLOT_BITS) & ((1 << KIND_BITS) - 1) {
            0 => Kind::Call,
            1 => Kind::Person,
            2 => Kind::Agent,
            _ => Kind::Roster,
        };
        Self {
            at: Nanos((key >> 64) as u64),
            stamp: Stamp(tag >> (SLOT_BITS + KIND_BITS)),
            kind,
            slot: (tag & (MAX_SLOTS as u64 - 1)) as u32,
        }
    }
}

/// Four keys that are children of one parent, in one cache line. Where there is no event stands
/// [`NOTHING`].
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line([u128; 4]);

/// Later than every event.
const NOTHING: u128 = u128::MAX;

/// The root is the last key of the first line, so that the children of the key at place `p` are
/// the line `p - 2`.
const ROOT: usize = 3;

/// Events to come.
///
/// A pop leaves a hole at the root. Most events put in their successor at once, and it sinks from
/// the hole: one walk through the heap instead of two. Whoever looks first closes the hole.
#[derive(Debug, Default)]
pub struct Queue {
    lines: Vec<Line>,
    /// Keys, the hole counted with them.
    keys: usize,
    next: u64,
    hole: bool,
}

impl Queue {
    /// Puts an event in. A slot must be below [`MAX_SLOTS`]; a run holds 2^38 events.
    #[inline]
    pub fn push(&mut self, at: Nanos, kind: Kind, slot: u32) -> Stamp {
        let stamp = Stamp(self.next);
        self.next += 1;
        let key = Event {
            at,
            stamp,
            kind,
            slot,
        }
        .key();
        if self.hole {
            self.hole = false;
            self.sink(key);
        } else {
            self.rise(key);
        }
        stamp
    }

    /// When the next event is due, current or not.
    #[inline]
    pub fn peek(&mut self) -> Option<Event> {
        self.close();
        self.first()
    }

    /// Takes the next event out.
    #[inline]
    pub fn pop(&mut self) -> Option<Event> {
        self.close();
        let first = self.first();
        self.hole = first.is_some();
        first
    }

    /// Takes the event out that [`Queue::peek`] has just shown.
    #[inline]
    pub(crate) fn take_first(&mut self) {
        debug_assert!(!self.hole && self.keys > 0);
        self.hole = true;
    }

    #[inline]
    fn first(&self) -> Option<Event> {
        let root = self.lines.first()?.0[ROOT];
        (root != NOTHING).then(|| Event::of(root))
    }

    /// How many events are in it, current or not.
    pub fn len(&self) -> usize {
        self.keys - usize::from(self.hole)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many events were ever put in.
    pub fn pushed(&self) -> u64 {
        self.next
    }

    #[inline]
    fn key(&mut self, place: usize) -> &mut u128 {
        &mut self.lines[place / 4].0[place % 4]
    }

    /// Fills the hole with the last key.
    #[inline]
    fn close(&mut self) {
        if self.hole {
            self.hole = false;
            self.keys -= 1;
            let last = std::mem::replace(self.key(ROOT + self.keys), NOTHING);
            if self.keys > 0 {
                self.sink(last);
            }
        }
    }

    /// Puts a key in at the end and lets it rise.
    #[inline]
    fn rise(&mut self, key: u128) {
        let mut at = ROOT + self.keys;
        self.keys += 1;
        if at / 4 == self.lines.len() {
            self.grow();
        }
        while at > ROOT {
            let parent = at / 4 + 2;
            let above = *self.key(parent);
            if above <= key {
                break;
            }
            *self.key(at) = above;
            at = parent;
        }
        *self.key(at) = key;
    }

    /// One more line. Room is made for a thirty-second more rather than for the double: see
    /// [`crate::room`].
    #[cold]
    fn grow(&mut self) {
        if self.lines.len() == self.lines.capacity() {
            self.lines.reserve_exact(self.lines.len() / 32 + 16);
        }
        self.lines.push(Line([NOTHING; 4]));
    }

    /// Puts a key in at the root and lets it sink.
    #[inline]
    fn sink(&mut self, key: u128) {
        let mut at = ROOT;
        while let Some(children) = self.lines.get(at - 2) {
            let (child, least) = least_of(&children.0);
            if key <= least {
                break;
            }
            let below = 4 * (at - 2) + child;
            *self.key(at) = least;
            at = below;
        }
        *self.key(at) = key;
    }
}

/// The least of four keys, and its place: two pairs side by side, then their winners. Chosen
/// without branches, since nobody can foretell which child is the least.
#[inline]
fn least_of(keys: &[u128; 4]) -> (usize, u128) {
    let left = usize::from(keys[1] < keys[0]);
    let right = 2 + usize::from(keys[3] < keys[2]);
    let least = select_unpredictable(keys[right] < keys[left], right, left) % 4;
    (least, keys[least])
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_stable_priority_queue(
            steps in prop::collection::vec((prop::option::of(0u64..8), any::<bool>()), 1..400),
        ) {
            let mut queue = Queue::default();
            let mut plain: BinaryHeap<Reverse<(u64, u64)>> = BinaryHeap::new();
            let mut seq = 0;
            for (step, looks) in steps {
                if let Some(at) = step {
                    queue.push(Nanos(at), Kind::Call, (seq % 7) as u32);
                    plain.push(Reverse((at, seq)));
                    seq += 1;
                } else {
                    let expected = plain
                        .pop()
                        .map(|Reverse((at, seq))| (Nanos(at), Stamp(seq), (seq % 7) as u32));
                    if looks {
                        prop_assert_eq!(queue.peek().map(|e| e.at), expected.map(|e| e.0));
                    }
                    prop_assert_eq!(queue.pop().map(|e| (e.at, e.stamp, e.slot)), expected);
                }
                prop_assert_eq!(queue.len(), plain.len());
            }
        }

        #[test]
        fn an_event_survives_its_packing(
            at: u64,
            seq in 0u64..1 << 38,
            slot in 0u32..1 << 24,
            kind in 0u8..4,
        ) {
            let kind = [Kind::Call, Kind::Person, Kind::Agent, Kind::Roster][usize::from(kind)];
            let event = Event { at: Nanos(at), stamp: Stamp(seq), kind, slot };
            prop_assert_eq!(Event::of(event.key()), event);
        }
    }
}
