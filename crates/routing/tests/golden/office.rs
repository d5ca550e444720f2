//! An office with one number, and a short hand for who rings when somebody calls it.

use routing::PhoneNumber;
use routing::account::{Accounts, AccountsBuilder, NewContact, NewNumber, NewSubAccount, NewUser};
use routing::call::{AtTime, InboundCall};
use routing::decision::{App, Decision, Leg, Role, Terminal};
use routing::hours::{LocalTime, WeekHours};
use routing::params::RoutingParams;
use routing::policy::{self, POLICIES};
use routing::trace::Trace;
use routing::{Nanos, account::NumberId};

/// Of the fictional range +1 555 555 0100 to 0199.
pub(crate) fn line(last_two: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_100 + last_two).unwrap()
}

pub(crate) fn secs(secs: u64) -> Nanos {
    Nanos::from_secs(secs)
}

pub(crate) fn hours(text: &str) -> WeekHours {
    WeekHours::new(vec![text.parse().unwrap()])
}

/// The number that is called.
pub(crate) const CALLED: u64 = 99;
/// F, where it is set.
pub(crate) const F: u64 = 23;
/// B, where it is set.
pub(crate) const B: u64 = 90;

/// Who calls.
#[derive(Clone, Copy)]
pub(crate) enum Caller {
    /// The one contact of the office.
    Lead,
    Stranger,
    Private,
}

impl Caller {
    fn from(self) -> Option<PhoneNumber> {
        match self {
            Self::Lead => Some(line(77)),
            Self::Stranger => Some(line(88)),
            Self::Private => None,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) account: NewSubAccount,
    pub(crate) params: RoutingParams,
    pub(crate) now: Option<LocalTime>,
}

impl Office {
    /// One number, nobody and nothing else.
    pub(crate) fn new() -> Self {
        let account = NewSubAccount {
            id: "acme-dental".into(),
            numbers: vec![NewNumber::new(line(CALLED))],
            ..Default::default()
        };
        Self {
            account,
            params: RoutingParams::default(),
            now: None,
        }
    }

    /// Adds a user with devices of `W`, `M`, `S` and `U`; the first user's phone is 0101, and so
    /// on.
    pub(crate) fn user(self, id: &str, devices: &str) -> Self {
        let phone = line(self.account.users.len() as u64 + 1);
        let user = NewUser {
            id: id.into(),
            web_app: devices.contains('W'),
            mobile_app: devices.contains('M'),
            desk_phone: devices.contains('S'),
            phone: devices.contains('U').then_some(phone),
            ..Default::default()
        };
        self.account(|account| account.users.push(user))
    }

    /// Changes the user that was added last.
    pub(crate) fn who(self, change: impl FnOnce(&mut NewUser)) -> Self {
        self.account(|account| change(account.users.last_mut().unwrap()))
    }

    /// Assigns the number.
    pub(crate) fn owner(self, id: &str) -> Self {
        self.number(|number| number.assigned_to = Some(id.into()))
    }

    /// Makes the lead a contact, of somebody or of nobody.
    pub(crate) fn lead(self, owner: Option<&str>) -> Self {
        let contact = NewContact {
            phone: line(77),
            assigned_to: owner.map(Into::into),
        };
        self.account(|account| account.contacts.push(contact))
    }

    pub(crate) fn ring_more(self, ids: &[&str]) -> Self {
        self.number(|number| number.ring_more = ids.iter().map(|id| (*id).into()).collect())
    }

    /// Sets F.
    pub(crate) fn forward(self) -> Self {
        self.number(|number| number.forward_to = Some(line(F)))
    }

    /// Sets B.
    pub(crate) fn business(self) -> Self {
        self.account(|account| account.business_phone = Some(line(B)))
    }

    pub(crate) fn number(self, change: impl FnOnce(&mut NewNumber)) -> Self {
        self.account(|account| change(&mut account.numbers[0]))
    }

    pub(crate) fn account(mut self, change: impl FnOnce(&mut NewSubAccount)) -> Self {
        change(&mut self.account);
        self
    }

    pub(crate) fn params(mut self, change: impl FnOnce(&mut RoutingParams)) -> Self {
        change(&mut self.params);
        self
    }

    pub(crate) fn at(mut self, weekday: u8, hour: u32) -> Self {
        self.now = Some(LocalTime {
            weekday,
            second: hour * 3600,
        });
        self
    }

    pub(crate) fn accounts(&self) -> Accounts {
        let mut builder = AccountsBuilder::new();
        builder.push(&self.account).unwrap();
        builder.finish()
    }

    pub(crate) fn decide(&self, policy: &str, caller: Caller) -> Decision {
        self.traced(policy, caller, &mut Trace::off())
    }

    pub(crate) fn traced(&self, policy: &str, caller: Caller, trace: &mut Trace) -> Decision {
        let accounts = self.accounts();
        let call = InboundCall {
            from: caller.from(),
            to: line(CALLED),
        };
        let world = AtTime::new(&accounts, self.now);
        let policy = policy::find(policy).unwrap();
        policy::decide(policy, &call, &accounts, &self.params, &world, trace)
    }

    /// Who rings, such as `W(ann)+U(ann)+F`, with `R(ben)` for the phone of an extra user; or how
    /// the call ends without ringing anybody.
    pub(crate) fn rings(&self, policy: &str, caller: Caller) -> String {
        let decision = self.decide(policy, caller);
        if decision.stages.is_empty() {
            return end(&decision);
        }
        let accounts = self.accounts();
        let legs: Vec<String> = decision.legs().map(|leg| short(&accounts, leg)).collect();
        legs.join("+")
    }

    /// What comes when nobody answers, and whose greeting it plays.
    pub(crate) fn ends(&self, policy: &str, caller: Caller) -> String {
        end(&self.decide(policy, caller))
    }

    /// How long it rings as it is set.
    pub(crate) fn ring(&self, policy: &str, caller: Caller) -> Nanos {
        self.decide(policy, caller).stages[0].ring
    }

    /// The word of the rule that decided.
    pub(crate) fn rule(&self, policy: &str, caller: Caller) -> &'static str {
        self.decide(policy, caller).rule.name()
    }

    /// Asserts who rings in each of these policies.
    #[track_caller]
    pub(crate) fn expect(&self, policies: &[&str], caller: Caller, rings: &str) {
        for policy in policies {
            assert_eq!(self.rings(policy, caller), rings, "{policy}");
        }
    }

    /// Asserts who rings in all policies.
    #[track_caller]
    pub(crate) fn expect_all(&self, caller: Caller, rings: &str) {
        for entry in POLICIES {
            assert_eq!(self.rings(entry.name, caller), rings, "{}", entry.name);
        }
    }
}

/// The id of the office's number.
pub(crate) const NUMBER: NumberId = NumberId(0);

fn short(accounts: &Accounts, leg: Leg) -> String {
    let letter = match leg {
        Leg::App { app: App::Web, .. } => "W",
        Leg::App {
            app: App::Mobile, ..
        } => "M",
        Leg::App { app: App::Desk, .. } => "S",
        Leg::Phone {
            role: Role::User, ..
        } => "U",
        Leg::Phone {
            role: Role::Forwarding,
            ..
        } => "F",
        Leg::Phone {
            role: Role::Business,
            ..
        } => "B",
        Leg::Phone {
            role: Role::RingMore,
            ..
        } => "R",
    };
    match leg.user() {
        Some(user) => format!("{letter}({})", accounts.user(user).id),
        None => letter.into(),
    }
}

fn end(decision: &Decision) -> String {
    match (decision.finally, decision.greeting) {
        (Terminal::Drop(cause) | Terminal::Reject(cause), _) => {
            format!("{}/{}", decision.finally.name(), cause.name())
        }
        (finally, Some(greeting)) => format!("{}/{}", finally.name(), greeting.name()),
        (finally, None) => finally.name().into(),
    }
}
