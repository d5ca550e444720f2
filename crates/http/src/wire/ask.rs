//! A call that a router is asked about, with everything that a wire carries of it.

use std::fmt;

use engine::Request;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::Calendar;
use routing::PhoneNumber;
use routing::account::Accounts;
use routing::record::FreshId;

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
        let Self {
            fresh,
            attempt,
            hop,
        } = self;
        format!(
            "CA{:04x}{hop:04x}{attempt:08x}{:016x}",
            fresh.source, fresh.n
        )
    }
}

impl fmt::Display for CallId {
    /// `c-000042-1`; the second and later tables of arrivals and the hops are told behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c-{:06}-{}", self.fresh.n, self.attempt)?;
        if self.fresh.source > 0 {
            write!(f, "-a{}", self.fresh.source)?;
        }
        if self.hop > 0 {
            write!(f, "-h{}", self.hop)?;
        }
        Ok(())
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
        let at = Offset::UTC.to_datetime(self.at);
        let (year, month, day) = (at.year(), at.month(), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        let ms = at.subsec_nanosecond() / 1_000_000;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
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
