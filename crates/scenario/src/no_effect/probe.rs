//! Whether two settings of the core decide alike, found by asking it.

use model::callers::made_up;
use routing::PhoneNumber;
use routing::account::Accounts;
use routing::call::{AtTime, InboundCall};
use routing::params::RoutingParams;
use routing::policy::{decide, find};
use routing::trace::Trace;

/// Beyond so many numbers nothing is asked, and nothing is claimed.
pub(crate) const MOST_NUMBERS: usize = 20_000;

/// Of each sub-account at most so many contacts call.
const MOST_CONTACTS: usize = 64;

/// One setting of the core.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) accounts: &'a Accounts,
    pub(crate) params: &'a RoutingParams,
    pub(crate) policy: &'a str,
}

/// Whether each number gives each kind of caller (unknown, private, each contact) the same legs, ring
/// time and end in both. `None` when there are too many numbers to ask.
pub(crate) fn alike(one: Setup<'_>, other: Setup<'_>) -> Option<bool> {
    let numbers = one.accounts.numbers();
    if numbers.len() > MOST_NUMBERS || numbers.len() != other.accounts.numbers().len() {
        return None;
    }
    for (_, number) in numbers {
        let contacts = one
            .accounts
            .contacts_of(number.sub_account)
            .iter()
            .map(|it| Some(it.phone));
        let callers = [None, Some(made_up(0, 0))]
            .into_iter()
            .chain(contacts.take(MOST_CONTACTS));
        for from in callers {
            if !same(one, other, from, number.number) {
                return Some(false);
            }
        }
    }
    Some(true)
}

fn same(one: Setup<'_>, other: Setup<'_>, from: Option<PhoneNumber>, to: PhoneNumber) -> bool {
    let call = InboundCall { from, to };
    let ask = |it: Setup<'_>| {
        let policy = find(it.policy)?;
        let world = AtTime::new(it.accounts, None);
        Some(decide(
            policy,
            &call,
            it.accounts,
            it.params,
            &world,
            &mut Trace::off(),
        ))
    };
    let (one, other) = (ask(one), ask(other));
    let parts = |it: &Option<routing::decision::Decision>| {
        it.as_ref()
            .map(|it| (it.stages.clone(), it.finally, it.greeting))
    };
    parts(&one) == parts(&other)
}
