//! A call that a router is asked about, with everything that a wire carries of it.

use std::fmt;

use engine::Request;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::Calendar;
use routing::PhoneNumber;
use routing::account::Accounts;
use routing::record::FreshId;

use super::digits;

/// The name of one question on the wire: every attempt and every hop has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallId {
    /// The fresh call that it goes back to.
    pub fresh: FreshId,
    /// 1 for the fresh call, 2 for its first redial.
    pub attempt: u32,
    /// 0 for the call itself, then its hops over our own numbers.
    pub hop: u16,
}

impl CallId {
    /// As a Twilio `CallSid`: `CA` and 32 hexadecimal digits.
    pub fn sid(&self) -> String {
        let mut sid = String::with_capacity(34);
        self.push_sid(&mut sid);
        sid
    }

    /// The same, behind what is there.
    pub(super) fn push_sid(&self, into: &mut String) {
        into.push_str("CA");
        digits::push_hex::<2>(into, self.fresh.source.into());
        digits::push_hex::<2>(into, self.hop.into());
        digits::push_hex::<4>(into, self.attempt.into());
        digits::push_hex::<8>(into, self.fresh.n);
    }

    /// The name itself, behind what is there.
    pub(super) fn push(&self, into: &mut String) {
        into.push_str("c-");
        digits::push_padded(into, self.fresh.n, 6);
        into.push('-');
        digits::push(into, self.attempt.into());
        if self.fresh.source > 0 {
            into.push_str("-a");
            digits::push(into, self.fresh.source.into());
        }
        if self.hop > 0 {
            into.push_str("-h");
            digits::push(into, self.hop.into());
        }
    }
}

impl fmt::Display for CallId {
    /// `c-000042-1`; the second and later tables of arrivals and the hops are told behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(24);
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A question to a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which.
    pub id: CallId,
    /// Scenario time.
    pub at: Timestamp,
    /// The caller; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
    /// The staff of the called sub-account whose being logged in differs from `available` of the
    /// accounts file, by user id, in file order.
    pub available: Vec<(Box<str>, bool)>,
}

impl Ask {
    /// What the engine asks, as the wires carry it.
    pub fn of(request: &Request<'_>, accounts: &Accounts, calendar: &Calendar) -> Self {
        let staff = request.number.into_iter().flat_map(|number| {
            let sub_account = accounts.number(number).sub_account;
            accounts.users_of(sub_account)
        });
        let differs = staff.filter_map(|id| {
            let user = accounts.user(id);
            let logged_in = request.world.logged_in(id);
            (logged_in != user.available).then(|| (Box::from(&*user.id), logged_in))
        });
        Self {
            id: CallId {
                fresh: request.fresh,
                attempt: request.attempt,
                hop: request.hop,
            },
            at: calendar.timestamp(request.at),
            from: request.call.from,
            to: request.call.to,
            available: differs.collect(),
        }
    }

    /// `at` as the wires carry it: RFC 3339 in UTC, to the millisecond, the rest cut off.
    pub fn at_text(&self) -> String {
        let mut text = String::with_capacity(24);
        self.push_at(&mut text);
        text
    }

    /// The same, behind what is there.
    pub(crate) fn push_at(&self, into: &mut String) {
        let at = Offset::UTC.to_datetime(self.at);
        let ms = at.subsec_nanosecond() / 1_000_000;
        // No run is before the year 0.
        let of = |part: i8| u64::from(part.unsigned_abs());
        for (part, digits, behind) in [
            (at.year().unsigned_abs().into(), 4, '-'),
            (of(at.month()), 2, '-'),
            (of(at.day()), 2, 'T'),
            (of(at.hour()), 2, ':'),
            (of(at.minute()), 2, ':'),
            (of(at.second()), 2, '.'),
            (ms.unsigned_abs().into(), 3, 'Z'),
        ] {
            digits::push_padded(into, part, digits);
            into.push(behind);
        }
    }
}

/// A number in E.164, behind what is there.
pub(super) fn push_number(into: &mut String, plus: &str, number: PhoneNumber) {
    into.push_str(plus);
    digits::push(into, number.digits());
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ask() -> Ask {
        Ask {
            id: CallId {
                fresh: FreshId { source: 0, n: 42 },
                attempt: 1,
                hop: 0,
            },
            at: "2026-03-02T15:00:05.250Z".parse().unwrap(),
            from: Some("+15555550177".parse().unwrap()),
            to: "+15555550199".parse().unwrap(),
            available: vec![("ann".into(), true), ("ben".into(), false)],
        }
    }

    #[test]
    fn every_attempt_and_hop_has_its_own_name() {
        let id = ask().id;
        assert_eq!(id.to_string(), "c-000042-1");
        assert_eq!(id.sid(), "CA0000000000000001000000000000002a");
        let hop = CallId { hop: 2, ..id };
        assert_eq!(hop.to_string(), "c-000042-1-h2");
        let other = CallId {
            fresh: FreshId { source: 3, n: 42 },
            ..id
        };
        assert_eq!(other.to_string(), "c-000042-1-a3");
        assert!(id.sid() != hop.sid() && id.sid() != other.sid());
    }

    #[test]
    fn the_time_is_cut_to_the_millisecond() {
        let mut ask = ask();
        assert_eq!(ask.at_text(), "2026-03-02T15:00:05.250Z");
        ask.at = "2026-03-02T15:59:59.999999999Z".parse().unwrap();
        assert_eq!(ask.at_text(), "2026-03-02T15:59:59.999Z");
    }
}
