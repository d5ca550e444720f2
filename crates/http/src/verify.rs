//! `busyhour verify`: does a live router decide as the documents say?
//!
//! Cases are made from the accounts until everything that can fire has fired often enough
//! ([`cases`]), each is asked once, and every answer is held against all six policies
//! ([`compare`]). Disagreements are put together by class ([`verdict`]). Must not: print.

pub mod cases;
pub mod compare;
pub mod coverage;
pub mod verdict;

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::DateTime;
use routing::account::Accounts;
use routing::call::{AtTime, Availability as _, InboundCall};
use routing::decision::Decision;
use routing::hours::LocalTime;
use routing::policy::{self, POLICIES};
use routing::record::FreshId;
use routing::trace::Trace;

pub use cases::Cases;
pub use compare::Difference;
pub use coverage::{Coverage, Item};
pub use verdict::{Class, Disagreement, Verification};

use crate::client::{self, Connection, Endpoint, Given, Told, Turn};
use crate::serve::Desk;
use crate::wire::ask::{Ask, CallId};
use crate::wire::flaw::Flaw;

/// So many questions in a row without an answer, from the first on, and there is no router.
const NOBODY_THERE: usize = 5;

/// Monday noon: cases are asked for one moment, hours are the same for all.
const AT: DateTime = DateTime::constant(2026, 1, 5, 12, 0, 0, 0);

/// Why there is nothing to verify.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFault {
    /// Not one of the first questions was answered.
    #[error("no answer to the first {NOBODY_THERE} questions: {0}")]
    NobodyThere(Flaw),
    /// The accounts hold no number.
    #[error("the accounts hold no number that could be called")]
    NothingToAsk,
}

/// What a router is held against.
pub struct Examiner {
    desk: Desk,
    at: Timestamp,
    now: LocalTime,
}

impl Examiner {
    /// Holds routers against this desk.
    pub fn new(desk: Desk) -> Self {
        let at = desk
            .zone
            .to_ambiguous_zoned(AT)
            .compatible()
            .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        let now = LocalTime {
            weekday: 0,
            second: 12 * 3600,
        };
        Self { desk, at, now }
    }

    /// The accounts.
    pub fn accounts(&self) -> &Arc<Accounts> {
        &self.desk.accounts
    }

    /// What a policy decides about a call.
    pub fn decides(&self, policy: &str, call: &InboundCall, trace: &mut Trace) -> Decision {
        let accounts = &*self.desk.accounts;
        policy::decide(
            policy::find(policy).unwrap_or(self.desk.policy),
            call,
            accounts,
            &self.desk.params,
            &AtTime::new(accounts, Some(self.now)),
            trace,
        )
    }

    /// The name of the policy that the router should follow.
    pub fn policy(&self) -> &'static str {
        self.desk.policy.name()
    }

    fn question(&self, n: usize, call: &InboundCall) -> Ask {
        let accounts = &*self.desk.accounts;
        let world = AtTime::new(accounts, Some(self.now));
        let staff = accounts
            .find_number(call.to)
            .into_iter()
            .flat_map(|number| accounts.users_of(accounts.number(number).sub_account));
        let differs = staff.filter_map(|id| {
            let user = accounts.user(id);
            let is = world.logged_in(id);
            (is != user.available).then(|| (Box::from(&*user.id), is))
        });
        Ask {
            id: CallId {
                fresh: FreshId {
                    source: 0,
                    n: n as u64,
                },
                attempt: 1,
                hop: 0,
            },
            at: self.at,
            from: call.from,
            to: call.to,
            available: differs.collect(),
        }
    }

    /// Asks every case, one after the other, and says what came of it.
    ///
    /// # Errors
    /// When there is nobody to ask, or nothing to ask about.
    pub async fn examine(
        &self,
        endpoint: &Endpoint,
        cases: &Cases,
    ) -> Result<Verification, VerifyFault> {
        if cases.calls.is_empty() {
            return Err(VerifyFault::NothingToAsk);
        }
        let mut verification = Verification::new(self.policy(), cases);
        let mut lane = None;
        let mut answered = false;
        for (n, call) in cases.calls.iter().enumerate() {
            let (given, turns) = self.asked(endpoint, &mut lane, n, call).await;
            match &given {
                Ok(_) => answered = true,
                Err(flaw) if !answered && n + 1 >= NOBODY_THERE.min(cases.calls.len()) => {
                    if nobody(flaw) {
                        return Err(VerifyFault::NobodyThere(flaw.clone()));
                    }
                    answered = true;
                }
                Err(_) => {}
            }
            self.judge(&mut verification, call, &given, turns);
        }
        Ok(verification)
    }

    async fn asked(
        &self,
        endpoint: &Endpoint,
        lane: &mut Option<Connection>,
        n: usize,
        call: &InboundCall,
    ) -> (Result<Given, Flaw>, Vec<Turn>) {
        let mut told = Told {
            turns: Some(Vec::new()),
            ..Told::default()
        };
        let now = Instant::now();
        let question = self.question(n, call);
        let given = client::ask(endpoint, lane, &question, now, now, &mut told).await;
        (given, told.turns.unwrap_or_default())
    }

    fn judge(
        &self,
        verification: &mut Verification,
        call: &InboundCall,
        given: &Result<Given, Flaw>,
        turns: Vec<Turn>,
    ) {
        let accounts = &*self.desk.accounts;
        for (at, entry) in POLICIES.iter().enumerate() {
            let expected = self.decides(entry.name, call, &mut Trace::off());
            let found = compare::differences(&expected, given, accounts, call);
            if found.is_empty() {
                verification.by_policy[at].1 += 1;
            }
        }
        let mut trace = Trace::on();
        let expected = self.decides(self.policy(), call, &mut trace);
        let found = compare::differences(&expected, given, accounts, call);
        verification.add(*call, expected, trace, found, given, turns);
    }
}

/// Whether this is as if no router were there.
fn nobody(flaw: &Flaw) -> bool {
    matches!(flaw, Flaw::Connect(_) | Flaw::ConnectTimeout)
}
