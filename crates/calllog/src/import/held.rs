//! A call that is held back, in the least room: some ten thousands of them are at a time, and what
//! does not fit into a processor's cache is waited for.

use std::collections::VecDeque;

use jiff::Timestamp;
use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};

use super::draft::Draft;
use crate::call::{CanonicalCall, Direction};

/// So many bytes of a name are kept in the call itself.
const SHORT: usize = 22;

/// What [`CanonicalCall`] says.
pub(super) struct Held {
    pub(super) start: Timestamp,
    from: Option<PhoneNumber>,
    to: Option<PhoneNumber>,
    /// Ring, hold, talk, wrap, total, and the row; 0 where it is not known.
    numbers: [u64; 6],
    user: Name,
    /// A bit for each of the numbers that is known.
    known: u8,
    direction: Direction,
    outcome: Option<Outcome>,
}

/// Room for calls that are held back, and for no more of them than `most`.
pub(super) fn make_room<T>(held: &mut VecDeque<T>, most: usize) {
    if held.len() == held.capacity() {
        // Twice what there was, as elsewhere; but the last step ends where the bound is.
        let more = held.len().max(64).min(most.saturating_sub(held.len()));
        held.reserve_exact(more);
    }
}

enum Name {
    None,
    Short(u8, [u8; SHORT]),
    Long(Box<str>),
}

impl Name {
    #[inline]
    fn new(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::None;
        };
        let mut room = [0; SHORT];
        match room.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short(text.len() as u8, room)
            }
            None => Self::Long(text.into()),
        }
    }

    #[inline]
    fn text(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Short(length, room) => std::str::from_utf8(&room[..usize::from(*length)]).ok(),
            Self::Long(text) => Some(text),
        }
    }
}

impl Held {
    #[inline]
    pub(super) fn new(call: &CanonicalCall) -> Self {
        let span = |span: Option<Nanos>| span.map(|it| it.0);
        let numbers = [
            span(call.ring),
            span(call.hold),
            span(call.talk),
            span(call.wrap),
            span(call.total),
            call.source_row,
        ];
        let bit = |(nth, number): (usize, &Option<u64>)| u8::from(number.is_some()) << nth;
        Self {
            start: call.start,
            from: call.from,
            to: call.to,
            known: numbers.iter().enumerate().map(bit).sum(),
            numbers: numbers.map(Option::unwrap_or_default),
            user: Name::new(call.user.as_deref()),
            direction: call.direction,
            outcome: call.outcome,
        }
    }

    /// Writes it out.
    #[inline]
    pub(super) fn write_to(&self, draft: &mut Draft) {
        let number = |nth: usize| (self.known >> nth & 1 == 1).then_some(self.numbers[nth]);
        let span = |nth: usize| number(nth).map(Nanos);
        draft.set_user(self.user.text());
        let call = &mut draft.call;
        call.start = self.start;
        (call.from, call.to) = (self.from, self.to);
        (call.direction, call.outcome) = (self.direction, self.outcome);
        (call.ring, call.hold) = (span(0), span(1));
        (call.talk, call.wrap) = (span(2), span(3));
        (call.total, call.source_row) = (span(4), number(5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_comes_out_as_it_went_in() {
        assert!(size_of::<Held>() <= 120, "{}", size_of::<Held>());
        let mut draft = Draft::new();
        let mut call = CanonicalCall::at(Timestamp::from_second(1_772_463_605).unwrap());
        let names = [
            "",
            "agent-1",
            "twenty-two bytes of it",
            "more than twenty-two bytes",
        ];
        for (nth, name) in names.into_iter().enumerate() {
            call.user = Some(name.to_owned());
            call.from = PhoneNumber::from_digits(15_555_550_100 + nth as u64);
            call.talk = Some(Nanos(u64::MAX - nth as u64));
            call.ring = (nth % 2 == 0).then_some(Nanos::ZERO);
            call.outcome = Outcome::ALL.get(nth).copied();
            call.source_row = Some(nth as u64);
            Held::new(&call).write_to(&mut draft);
            assert_eq!(draft.call, call);
        }
        let bare = CanonicalCall::at(Timestamp::MIN);
        Held::new(&bare).write_to(&mut draft);
        assert_eq!(draft.call, bare);
    }
}
