//! `busyhour serve`: a reference router to test against, over the routing core.
//!
//! Both wires (`POST /route`, `POST /voice` and its actions), `/healthz` and `/metrics`. It has no
//! state but its counters: every request carries all that a decision needs. Its own accept loop
//! keeps it bounded in connections, requests, bytes and time, and [`Faults`] make it as bad a
//! router as a test wants. Must not: print, open files.

mod accept;
mod accounts_rate;
mod answer;
mod fault;
mod metrics;
mod overload;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::Decision;
use routing::hours::LocalTime;
use routing::params::RoutingParams;
use routing::policy::{self, RoutingPolicy};
use routing::trace::Trace;

pub use accept::{Served, serve};
pub use fault::{FaultError, Faults, WrongRule};

use crate::url::Url;
use crate::wire::signature::Token;
use crate::wire::stated::Stated;

/// How the server decides.
#[derive(Clone)]
pub struct Desk {
    /// Who there is.
    pub accounts: Arc<Accounts>,
    /// `[routing]`.
    pub params: RoutingParams,
    /// The policy.
    pub policy: &'static dyn RoutingPolicy,
    /// The zone in which hours are meant.
    pub zone: TimeZone,
    /// The token of signatures; none checks none.
    pub token: Option<Token>,
    /// What the caller of the server takes for its address, where a proxy hides it: its origin is
    /// signed. None is `http://` and the `host` header.
    pub signed_as: Option<Url>,
}

/// Bounds of the server.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Connections at once; some more are told 503.
    pub connections: usize,
    /// Requests at once; more are told 503.
    pub in_flight: usize,
    /// For the head of a request, and between two requests.
    pub idle: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// Requests a second of one sub-account, with a burst of one second's worth; more are told
    /// 429. None is no bound.
    pub per_account_per_s: Option<f64>,
    /// How long those under way may take when the server is told to stop.
    pub drain: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 8_192,
            in_flight: 16_384,
            idle: Duration::from_secs(30),
            body: Duration::from_secs(10),
            body_bytes: 64 * 1024,
            per_account_per_s: None,
            drain: Duration::from_secs(30),
        }
    }
}

/// A call that the server is asked about.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) call: InboundCall,
    pub(crate) at: Option<String>,
    pub(crate) available: Option<Vec<(String, bool)>>,
}

impl Desk {
    /// The decision for a call, with its trace if it is wanted.
    pub(crate) fn decide(&self, question: &Question, trace: &mut Trace) -> Decision {
        let accounts = &*self.accounts;
        let sub_account = accounts
            .find_number(question.call.to)
            .map(|number| accounts.number(number).sub_account);
        let staff = |stated: &Vec<(String, bool)>| {
            stated
                .iter()
                .filter_map(|(id, is)| Some((accounts.find_user(sub_account?, id)?, *is)))
                .collect()
        };
        let available = question.available.as_ref().map(staff);
        let now = question.at.as_deref().and_then(|at| self.local(at));
        let world = Stated::new(accounts, now, available);
        policy::decide(
            self.policy,
            &question.call,
            accounts,
            &self.params,
            &world,
            trace,
        )
    }

    /// An instant as local time of the week; what is none ignores hours.
    fn local(&self, at: &str) -> Option<LocalTime> {
        let instant: Timestamp = at.parse().ok()?;
        let zoned = instant.to_zoned(self.zone.clone());
        let (hour, minute, second) = (zoned.hour(), zoned.minute(), zoned.second());
        Some(LocalTime {
            weekday: zoned.weekday().to_monday_zero_offset() as u8,
            second: hour as u32 * 3600 + minute as u32 * 60 + second as u32,
        })
    }
}
