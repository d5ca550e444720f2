//! Which calls to ask about: every number by every kind of caller, again and again until
//! everything that can fire has fired often enough.

use routing::PhoneNumber;
use routing::account::{Accounts, NumberId};
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
        let mut others = Vec::new();
        for round in 0..ROUNDS {
            for call in round_of(accounts, round) {
                let mut trace = Trace::on();
                let decision = examiner.decides(examiner.policy(), &call, &mut trace);
                let items = fired(accounts, &call, &decision, trace.steps());
                if cases.coverage.wants(&items, LEAST) && cases.calls.len() < most {
                    cases.coverage.add(&items);
                    cases.calls.push(call);
                } else if round == 0 {
                    others.push((call, items));
                }
            }
        }
        for (call, items) in others {
            if cases.calls.len() < most {
                cases.coverage.add(&items);
                cases.calls.push(call);
            } else {
                cases.left_out += 1;
            }
        }
        let items = wanted(examiner.policy());
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

/// Every number by every kind of caller, and numbers that are nobody's.
fn round_of(accounts: &Accounts, round: u32) -> Vec<InboundCall> {
    let mut calls = Vec::new();
    for (id, number) in accounts.numbers() {
        for from in callers(accounts, id, round) {
            calls.push(InboundCall {
                from,
                to: number.number,
            });
        }
    }
    let stranger = stranger(accounts, round);
    if let Some(to) = nobodys(accounts, round) {
        calls.push(InboundCall { from: stranger, to });
        calls.push(InboundCall { from: None, to });
    }
    calls
}

/// A stranger, somebody who withholds the number, and a contact of each owner there is.
fn callers(accounts: &Accounts, number: NumberId, round: u32) -> Vec<Option<PhoneNumber>> {
    let mut callers = vec![stranger(accounts, round), None];
    let contacts = accounts.contacts_of(accounts.number(number).sub_account);
    let mut owners = Vec::new();
    for contact in contacts {
        if !owners.contains(&contact.assigned_to) {
            owners.push(contact.assigned_to);
            // Another contact of the same owner each round, where there is one.
            let same: Vec<_> = contacts
                .iter()
                .filter(|it| it.assigned_to == contact.assigned_to)
                .collect();
            callers.push(Some(same[round as usize % same.len()].phone));
        }
    }
    callers
}

/// A fictional number that is nobody's contact and none of ours.
fn stranger(accounts: &Accounts, round: u32) -> Option<PhoneNumber> {
    fictional()
        .filter(|it| is_free(accounts, *it))
        .nth(round as usize)
}

/// The same from the other end: called, not calling.
fn nobodys(accounts: &Accounts, round: u32) -> Option<PhoneNumber> {
    let free: Vec<PhoneNumber> = fictional().filter(|it| is_free(accounts, *it)).collect();
    free.iter().rev().nth(round as usize).copied()
}

/// +1555555 0100 to 0199.
fn fictional() -> impl Iterator<Item = PhoneNumber> {
    (15_555_550_100..=15_555_550_199).filter_map(PhoneNumber::from_digits)
}

fn is_free(accounts: &Accounts, number: PhoneNumber) -> bool {
    let known =
        |(id, _): (routing::account::SubAccountId, _)| accounts.find_contact(id, number).is_some();
    accounts.find_number(number).is_none() && !accounts.sub_accounts().any(known)
}
