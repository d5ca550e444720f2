//! The office day: many small offices, each number answered by its owner and one colleague.
//!
//! 2 000 numbers in sub-accounts of ten. The owner of a number has the web app, the mobile app and
//! a phone of their own, and the owner of the next number of the office rings with them on the
//! mobile app, so everybody is rung for two numbers. Six fresh calls an hour and number, the limits
//! as they are, redials. Four legs ring for a call.

use std::sync::Arc;

use engine::Plan;
use model::people::Redial;
use model::{People, RandomTime, Share};
use routing::account::{
    Accounts, AccountsBuilder, Device, NewContact, NewNumber, NewSubAccount, NewUser,
};
use routing::limit::LimitParams;
use routing::params::RoutingParams;
use routing::{Nanos, PhoneNumber};

use crate::world::{World, calendar, calls};

/// Numbers, and as many owners.
pub const NUMBERS: u32 = 2_000;

/// Numbers of one sub-account.
pub const NUMBERS_A_SUB_ACCOUNT: u32 = 10;

/// Fresh calls an hour to each number.
pub const CALLS_AN_HOUR: f64 = 6.0;

/// The whole day.
pub const DAY: Nanos = Nanos(10 * Nanos::HOUR.0);

// Made-up numbers are told apart by their arrivals table; these tables do not exist.
const OUR_NUMBERS: u16 = 100;
const OWN_PHONES: u16 = 101;
const CONTACTS: u16 = 102;

/// The offices alone. They know nobody who calls.
pub fn accounts() -> Accounts {
    build(|_| Vec::new())
}

/// The offices with [`contact`] of each number assigned to the next owner, so that under every
/// policy a call of that contact to that number rings somebody.
pub fn accounts_with_contacts() -> Accounts {
    let size = NUMBERS_A_SUB_ACCOUNT;
    build(|office| {
        let of = |at| NewContact {
            phone: contact(office * size + at),
            assigned_to: Some(owner(at + 1)),
        };
        (0..size).map(of).collect()
    })
}

/// A person whom the office of this number (0 to [`NUMBERS`]) knows, if it knows anybody.
pub fn contact(number: u32) -> PhoneNumber {
    model::callers::made_up(CONTACTS, u64::from(number))
}

fn build(contacts: impl Fn(u32) -> Vec<NewContact>) -> Accounts {
    let mut builder = AccountsBuilder::new();
    for office in 0..NUMBERS / NUMBERS_A_SUB_ACCOUNT {
        let declared = sub_account(office, contacts(office));
        builder.push(&declared).expect("an office has no faults");
    }
    builder.finish()
}

fn owner(at: u32) -> String {
    format!("owner-{}", at % NUMBERS_A_SUB_ACCOUNT)
}

fn sub_account(office: u32, contacts: Vec<NewContact>) -> NewSubAccount {
    let size = NUMBERS_A_SUB_ACCOUNT;
    let nth = |at: u32| u64::from(office * size + at);
    let user = |at| NewUser {
        id: owner(at),
        phone: Some(model::callers::made_up(OWN_PHONES, nth(at))),
        web_app: true,
        mobile_app: true,
        ring_more_device: Some(Device::Mobile),
        ..NewUser::default()
    };
    let number = |at| NewNumber {
        assigned_to: Some(owner(at)),
        ring_more: vec![owner(at + 1)],
        incoming_timeout: Some(Nanos::from_secs(20)),
        ..NewNumber::new(model::callers::made_up(OUR_NUMBERS, nth(at)))
    };
    NewSubAccount {
        id: format!("office-{office}"),
        users: (0..size).map(user).collect(),
        numbers: (0..size).map(number).collect(),
        contacts,
        ..NewSubAccount::default()
    }
}

/// The office day, for so long; [`DAY`] is the whole of it.
pub fn world(duration: Nanos) -> World {
    let accounts = accounts();
    let delay = RandomTime::lognormal(Nanos::from_secs(13 * 60), 1.95);
    let redial = Redial {
        share: Share::new(0.43).unwrap_or_default(),
        delay: delay.expect("a sane sigma"),
        keep: Share::new(0.8).unwrap_or_default(),
        max: Some(5),
        after: model::people::AFTER.into_iter().collect(),
    };
    let mut people = People::default();
    people.redial = Some(redial);
    let per_second = f64::from(NUMBERS) * CALLS_AN_HOUR / 3600.0;
    World::new(Plan {
        calendar: calendar(duration),
        seed: 1,
        duration,
        warm_up: Nanos::ZERO,
        antithetic: false,
        routing: RoutingParams::default(),
        limits: LimitParams::default(),
        people,
        sources: vec![calls(&accounts, per_second)],
        workflows: std::iter::empty().collect(),
        rosters: Vec::new(),
        latency: RandomTime::constant(Nanos::ZERO),
        timeout: Nanos::from_secs(10),
        accounts: Arc::new(accounts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use routing::call::{AtTime, InboundCall};
    use routing::policy::{POLICIES, decide};
    use routing::record::Outcome;
    use routing::trace::Trace;

    #[test]
    fn a_contact_rings_somebody_under_every_policy() {
        let accounts = accounts_with_contacts();
        let world = AtTime::new(&accounts, None);
        let (_, number) = accounts.numbers().next().unwrap();
        let call = InboundCall {
            from: Some(contact(0)),
            to: number.number,
        };
        for entry in POLICIES {
            let params = RoutingParams::default();
            let trace = &mut Trace::off();
            let decision = decide(entry.policy, &call, &accounts, &params, &world, trace);
            assert_eq!(decision.stages.len(), 1, "{}", entry.name);
        }
    }

    #[test]
    fn in_parts_it_is_the_same() {
        let world = world(Nanos(10 * Nanos::MINUTE.0));
        let (whole, counts) = world.run(3);
        let (parts, of_parts) = world.run_in_parts(3, 7);
        assert_eq!(counts.ended, of_parts.ended);
        assert_eq!(whole, parts);
    }

    #[test]
    fn an_hour_of_it_is_as_described() {
        let world = world(Nanos::HOUR);
        let accounts = &world.plan.accounts;
        assert_eq!(accounts.numbers().count(), NUMBERS as usize);
        let (ran, counts) = world.run(0);
        // 12 000 fresh calls, known to three times their root.
        let offered = ran.counts.outcomes.iter().sum::<u64>();
        assert_eq!(offered, counts.ended);
        assert!((11_600..=13_000).contains(&offered), "{offered}");
        let of = |outcome: Outcome| ran.counts.outcomes[outcome as usize];
        assert!(of(Outcome::Answered) > offered / 2);
        assert_eq!(of(Outcome::Blocked), 0);
        assert_eq!(of(Outcome::Dropped), 0);
    }
}
