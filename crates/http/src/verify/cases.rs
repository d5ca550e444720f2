//! Which calls to ask about: every number by every kind of caller, again and again until
//! everything that can fire has fired often enough.

use std::collections::BTreeMap;

use routing::PhoneNumber;
use routing::account::{Accounts, NumberId, UserId};
use routing::call::InboundCall;
use routing::trace::Trace;

use super::Examiner;
use super::coverage::{Coverage, Item, fired, wanted};

/// Everything is to fire so often.
pub const LEAST: u32 = 3;

/// Rounds over all numbers and callers: what did not fire often enough by then cannot.
const ROUNDS: u32 = 3;

/// The cases of a verification.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// The calls, in order.
    pub calls: Vec<InboundCall>,
    /// What fires when they are decided as they should be.
    pub coverage: Coverage,
    /// What should fire and cannot with these accounts.
    pub not_covered: Vec<Item>,
    /// Calls that were left out because of the bound.
    pub left_out: usize,
}

impl Cases {
    /// Cases for these accounts, at most so many. What is needed for the coverage comes first,
    /// then one call to every number by every kind of caller.
    pub fn of(examiner: &Examiner, most: usize) -> Self {
        let accounts = &**examiner.accounts();
        let mut cases = Self::default();
        let items = wanted(examiner.policy());
        let mut others = Vec::new();
        for round in 0..ROUNDS {
            // A second round is only for what the first did not do often enough.
            if round > 0 && !cases.coverage.wants(&items, LEAST) {
                break;
            }
            each_of_round(accounts, round, |call| {
                let mut trace = Trace::on();
                let decision = examiner.decides(examiner.policy(), &call, &mut trace);
                let items = fired(accounts, &call, &decision, trace.steps());
                if cases.coverage.wants(&items, LEAST) && cases.calls.len() < most {
                    cases.coverage.add(&items);
                    cases.calls.push(call);
                } else if round == 0 && others.len() < most {
                    others.push((call, items));
                } else if round == 0 {
                    cases.left_out += 1;
                }
            });
        }
        for (call, items) in others {
            if cases.calls.len() < most {
                cases.coverage.add(&items);
                cases.calls.push(call);
            } else {
                cases.left_out += 1;
            }
        }
        let short = |item: &Item| cases.coverage.of(*item) < LEAST;
        cases.not_covered = items.into_iter().filter(short).collect();
        cases
    }

    /// One call alone.
    pub fn alone(call: InboundCall) -> Self {
        Self {
            calls: vec![call],
            ..Self::default()
        }
    }
}

/// Every number by every kind of caller, and a number that is nobody's.
fn each_of_round(accounts: &Accounts, round: u32, mut with: impl FnMut(InboundCall)) {
    let strangers: Vec<PhoneNumber> = fictional().filter(|it| is_free(accounts, *it)).collect();
    // Another stranger each round, and from the other end one who is called.
    let stranger = strangers.get(round as usize).copied();
    let nobodys = strangers.iter().rev().nth(round as usize).copied();
    for (id, number) in accounts.numbers() {
        let to = number.number;
        for from in [stranger, None] {
            with(InboundCall { from, to });
        }
        for from in contacts(accounts, id, round) {
            let from = Some(from);
            with(InboundCall { from, to });
        }
    }
    if let Some(to) = nobodys {
        for from in [stranger, None] {
            with(InboundCall { from, to });
        }
    }
}

/// A contact of each owner there is, and one of nobody's; another one each round, where there is
/// one.
fn contacts(accounts: &Accounts, number: NumberId, round: u32) -> Vec<PhoneNumber> {
    let contacts = accounts.contacts_of(accounts.number(number).sub_account);
    let mut of_owner: BTreeMap<Option<UserId>, (u32, PhoneNumber)> = BTreeMap::new();
    for contact in contacts.iter() {
        let (seen, phone) = of_owner
            .entry(contact.assigned_to)
            .or_insert((0, contact.phone));
        if *seen <= round {
            *phone = contact.phone;
            *seen += 1;
        }
    }
    of_owner.into_values().map(|(_, phone)| phone).collect()
}

/// +1555555 0100 to 0199.
fn fictional() -> impl Iterator<Item = PhoneNumber> {
    (15_555_550_100..=15_555_550_199).filter_map(PhoneNumber::from_digits)
}

/// Whether it is nobody's contact and none of ours.
fn is_free(accounts: &Accounts, number: PhoneNumber) -> bool {
    let known =
        |(id, _): (routing::account::SubAccountId, _)| accounts.find_contact(id, number).is_some();
    accounts.find_number(number).is_none() && !accounts.sub_accounts().any(known)
}
