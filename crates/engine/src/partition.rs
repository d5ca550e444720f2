//! Which sub-accounts have nothing to do with each other, so that each can be run alone.
//!
//! Two sub-accounts belong to one group when a person works for both, when a leg of one can ring a
//! number of the other, or when a limit counts them together. Whatever happens in one group leaves
//! every other as it is: the records of the groups, each run alone, are those of the whole run.
//! What is counted over all of them (people who call, levels, sums) adds up afterwards.
//!
//! Holds for decisions of the routing core, which rings nobody but whom the accounts name. A back
//! end from outside may ring anybody's number: its runs are not divided.

use routing::PhoneNumber;
use routing::account::{Accounts, NumberId, SubAccountId};
use routing::limit::{AccountScope, FromScope, LimitParams};
use rustc_hash::FxHashMap;

use model::arrivals::{Source, Start};
use model::ivr::{Connect, Workflow};

use crate::plan::Plan;

/// Weights are whole parts of a call, so that they add up exactly.
const PARTS_OF_A_CALL: f64 = 1024.0;

/// The groups of a plan's sub-accounts, in the order of their first sub-account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    group_of: Vec<u32>,
    groups: u32,
}

impl Partition {
    /// The groups of this plan.
    pub fn of(plan: &Plan) -> Self {
        let accounts = &*plan.accounts;
        let mut joined = Joined::new(accounts.sub_accounts().len());
        shared_people(accounts, &mut joined);
        legs(plan, &mut joined);
        if plan.limits.enabled {
            wide_limits(&plan.limits, accounts, &mut joined);
        }
        joined.groups()
    }

    /// How many there are.
    pub fn groups(&self) -> usize {
        self.groups as usize
    }

    /// The group of a sub-account.
    pub fn group_of(&self, sub_account: SubAccountId) -> u32 {
        self.group_of[sub_account.index()]
    }

    /// The groups in at most so many bundles (one at least), about equally heavy by the fresh
    /// calls expected: the heaviest group first, each to the lightest bundle so far. Depends on
    /// the plan and the count alone, so several processes divide a run alike.
    pub fn bundles(&self, plan: &Plan, most: usize) -> Bundles {
        let weights = self.weights(plan);
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|group| (std::cmp::Reverse(weights[*group]), *group));
        let count = most.min(weights.len()).clamp(1, usize::from(u16::MAX));
        let mut load = vec![0u128; count];
        let mut bundle_of_group = vec![0u16; weights.len()];
        for group in order {
            let lightest = (0..count).min_by_key(|at| (load[*at], *at)).unwrap_or(0);
            load[lightest] += u128::from(weights[group]);
            bundle_of_group[group] = lightest as u16;
        }
        let heaviest = load.iter().max().copied().unwrap_or(0);
        let all: u128 = load.iter().sum();
        let of_number = |(_, number): (_, &routing::account::Number)| {
            bundle_of_group[self.group_of(number.sub_account) as usize]
        };
        Bundles {
            of_number: plan.accounts.numbers().map(of_number).collect(),
            count: count as u16,
            heaviest: if all == 0 {
                1.0
            } else {
                heaviest as f64 / all as f64
            },
        }
    }

    /// The fresh calls expected to each group.
    fn weights(&self, plan: &Plan) -> Vec<u64> {
        let mut weights = vec![0u64; self.groups()];
        let accounts = &plan.accounts;
        let mut add = |sub_account: SubAccountId, weight: u64| {
            let own = &mut weights[self.group_of(sub_account) as usize];
            *own = own.saturating_add(weight);
        };
        for (at, source) in plan.sources.iter().enumerate() {
            let whole = source.process.expected(&plan.calendar, plan.duration) * PARTS_OF_A_CALL;
            match &source.targets {
                None => logged(plan, at, source, &mut |to| {
                    if let Some(number) = accounts.find_number(to) {
                        add(accounts.number(number).sub_account, PARTS_OF_A_CALL as u64);
                    }
                }),
                Some(targets) => targets.each_share(&mut |number, share| {
                    add(accounts.number(number).sub_account, (whole * share) as u64);
                }),
            }
        }
        weights
    }
}

/// Tells of each call that an `[[arrivals]]` brings with its own number, as the first replication
/// has them.
fn logged(plan: &Plan, at: usize, source: &Source, each: &mut dyn FnMut(PhoneNumber)) {
    let start = Start {
        draws: plan.draws(0),
        source: at as u16,
        calendar: &plan.calendar,
        until: plan.duration,
        spread: source.spread,
    };
    let mut cursor = source.process.start(&start);
    while let Some(due) = cursor.next() {
        if let Some((_, to)) = due.call {
            each(to);
        }
    }
}

/// A person who works for several sub-accounts is busy in all of them.
fn shared_people(accounts: &Accounts, joined: &mut Joined) {
    let mut first = vec![None; accounts.persons().len()];
    for (_, user) in accounts.users() {
        let known: &mut Option<SubAccountId> = &mut first[user.person.index()];
        joined.join(*known.get_or_insert(user.sub_account), user.sub_account);
    }
}

/// A leg to a number of another sub-account is a call there.
fn legs(plan: &Plan, joined: &mut Joined) {
    let accounts = &*plan.accounts;
    dialled(plan, &mut |from, to| {
        if let Some(inner) = accounts.find_number(to) {
            joined.join(from, accounts.number(inner).sub_account);
        }
    });
}

/// Tells of each number that a leg of a sub-account may dial.
pub(crate) fn dialled(plan: &Plan, each: &mut dyn FnMut(SubAccountId, PhoneNumber)) {
    let accounts = &*plan.accounts;
    let mut dials = |from: SubAccountId, to: Option<PhoneNumber>| {
        if let Some(to) = to {
            each(from, to);
        }
    };
    for (id, account) in accounts.sub_accounts() {
        dials(id, account.business_phone);
    }
    for (_, user) in accounts.users() {
        dials(user.sub_account, user.phone);
    }
    for (id, number) in accounts.numbers() {
        dials(number.sub_account, number.forward_to);
        for whom in plan.workflows.get(&id).into_iter().flat_map(connects) {
            // A user's phone is looked at with the user, who belongs to the same sub-account.
            if let Connect::Number(to) = whom {
                dials(number.sub_account, Some(to));
            }
        }
    }
}

fn connects(workflow: &Workflow) -> impl Iterator<Item = Connect> {
    let branches = workflow.branches.iter();
    branches.flat_map(|branch| branch.connect.iter().copied())
}

/// A limit that counts or blocks several sub-accounts together.
fn wide_limits(limits: &LimitParams, accounts: &Accounts, joined: &mut Joined) {
    let platform = limits.from_scope == FromScope::Platform;
    let agency = limits.from_scope == FromScope::Agency || limits.account == AccountScope::Agency;
    let mut first = FxHashMap::default();
    for (id, account) in accounts.sub_accounts() {
        if platform {
            joined.join(SubAccountId(0), id);
        }
        if let (true, Some(of)) = (agency, account.agency) {
            joined.join(*first.entry(of.0).or_insert(id), id);
        }
    }
}

/// Sets that grow together; the first sub-account of a set stands for it.
struct Joined(Vec<u32>);

impl Joined {
    fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    fn first(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let up = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = up;
            at = up;
        }
        at
    }

    fn join(&mut self, a: SubAccountId, b: SubAccountId) {
        let (a, b) = (self.first(a.0), self.first(b.0));
        self.0[a.max(b) as usize] = a.min(b);
    }

    fn groups(mut self) -> Partition {
        let mut groups = 0;
        let mut group_of: Vec<u32> = Vec::with_capacity(self.0.len());
        for at in 0..self.0.len() as u32 {
            let first = self.first(at);
            if first == at {
                group_of.push(groups);
                groups += 1;
            } else {
                group_of.push(group_of[first as usize]);
            }
        }
        Partition { group_of, groups }
    }
}

/// Groups of sub-accounts, bundled to be run together.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundles {
    of_number: Box<[u16]>,
    count: u16,
    heaviest: f64,
}

impl Bundles {
    /// How many there are: one at least.
    pub fn count(&self) -> usize {
        usize::from(self.count)
    }

    /// The bundle that takes the calls to this number; a number that nobody owns is the first
    /// one's.
    pub fn of(&self, to: Option<NumberId>) -> usize {
        let known = to.and_then(|to| self.of_number.get(to.index()));
        usize::from(known.copied().unwrap_or(0))
    }

    /// The share of the expected fresh calls that the heaviest bundle has: no number of threads is
    /// faster than 1 over this.
    pub fn heaviest(&self) -> f64 {
        self.heaviest
    }

    /// How many times faster than one thread so many are, as far as the calls can be shared out.
    pub fn speed_up(&self, threads: usize) -> f64 {
        (threads as f64).min(1.0 / self.heaviest)
    }
}
