//! The calls that a lint tries on every number: who calls, and who could answer.
//!
//! Phone legs do not depend on who is logged in, apps do. So the two ends (all in, all out) show
//! every phone that a policy of ranks can ever reach: with all out, no rank before it rings an
//! app.

use std::collections::BTreeMap;

use crate::account::{Accounts, NumberId, SubAccountId, UserId, VoiceAi};
use crate::call::{Availability, InboundCall};
use crate::decision::{Decision, DropCause, Terminal};
use crate::number::PhoneNumber;
use crate::params::RoutingParams;
use crate::policy::{RoutingPolicy, decide};
use crate::trace::Trace;

/// Who calls, as far as routing can tell callers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody that the sub-account knows.
    Unknown,
    /// A withheld number.
    Private,
    /// A contact of this owner, or of none.
    Contact(Option<UserId>),
}

/// A call that a lint tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Who calls.
    pub caller: Caller,
    /// Whether all are logged in that can be; else all are out that can be.
    pub logged_in: bool,
    /// Whether the Voice AI is within its hours.
    pub voice_ai_open: bool,
}

/// What the decisions of one number showed.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The phones that any of them rings, cut legs not counted.
    pub(super) phones: Vec<PhoneNumber>,
    /// Whether any of them rings anything.
    pub(super) rings: bool,
    /// Whether any call is taken: rung, or ended by something else than a drop or a refusal.
    pub(super) taken: bool,
    /// The first that is dropped.
    pub(super) first_drop: Option<(DropCause, Case)>,
    /// The most legs that the cap cut from one stage.
    pub(super) most_cut: u32,
}

impl Seen {
    fn add(&mut self, decision: &Decision, case: Case) {
        match decision.finally {
            Terminal::Drop(cause) => {
                self.first_drop.get_or_insert((cause, case));
            }
            Terminal::Reject(_) => {}
            _ => self.taken = true,
        }
        for leg in decision.legs() {
            self.rings = true;
            if let Some(phone) = leg.number().filter(|phone| !self.phones.contains(phone)) {
                self.phones.push(phone);
            }
        }
        self.most_cut = self.most_cut.max(decision.truncated.len() as u32);
    }
}

/// What every number showed, in the order of the numbers.
pub(super) fn look(
    policy: &dyn RoutingPolicy,
    accounts: &Accounts,
    params: &RoutingParams,
) -> Vec<Seen> {
    let mut all = Vec::with_capacity(accounts.numbers().len());
    for (sub_account, _) in accounts.sub_accounts() {
        let callers = callers(accounts, sub_account);
        for number in accounts.numbers_of(sub_account) {
            let to = accounts.number(number).number;
            let mut seen = Seen::default();
            for world in worlds(accounts, number) {
                for (caller, from) in &callers {
                    let call = InboundCall { from: *from, to };
                    let trace = &mut Trace::off();
                    let decision = decide(policy, &call, accounts, params, &world, trace);
                    let World {
                        logged_in,
                        voice_ai_open,
                        ..
                    } = world;
                    seen.add(
                        &decision,
                        Case {
                            caller: *caller,
                            logged_in,
                            voice_ai_open,
                        },
                    );
                }
            }
            all.push(seen);
        }
    }
    all
}

/// One caller of each sort, the lowest number of each owner's contacts.
fn callers(accounts: &Accounts, sub_account: SubAccountId) -> Vec<(Caller, Option<PhoneNumber>)> {
    let mut contacts = BTreeMap::new();
    for contact in accounts.contacts_of(sub_account).iter() {
        contacts.entry(contact.assigned_to).or_insert(contact.phone);
    }
    // Country code 999 is assigned to nobody; should contacts be written so, one more than there
    // are contacts is enough to find a stranger.
    let most = accounts.contacts_of(sub_account).len() as u64;
    let stranger = (0..=most)
        .filter_map(|n| PhoneNumber::from_digits(999_000_000_000 + n))
        .find(|phone| accounts.find_contact(sub_account, *phone).is_none());
    let owned = contacts
        .into_iter()
        .map(|(owner, phone)| (Caller::Contact(owner), Some(phone)));
    [(Caller::Unknown, stranger), (Caller::Private, None)]
        .into_iter()
        .chain(owned)
        .collect()
}

/// One end of what the world can be.
struct World<'a> {
    accounts: &'a Accounts,
    logged_in: bool,
    voice_ai_open: bool,
}

fn worlds(accounts: &Accounts, number: NumberId) -> Vec<World<'_>> {
    let it = accounts.number(number);
    let ai_closes = it.voice_ai != VoiceAi::Off && it.voice_ai_hours.is_some();
    let comes_and_goes =
        |user| accounts.user(user).available && accounts.user(user).hours.is_some();
    let staff_leaves = accounts.users_of(it.sub_account).any(comes_and_goes);
    let ends = |changes: bool| {
        if changes {
            &[true, false][..]
        } else {
            &[true][..]
        }
    };
    let mut worlds = Vec::new();
    for &logged_in in ends(staff_leaves) {
        for &voice_ai_open in ends(ai_closes) {
            worlds.push(World {
                accounts,
                logged_in,
                voice_ai_open,
            });
        }
    }
    worlds
}

impl Availability for World<'_> {
    fn logged_in(&self, user: UserId) -> bool {
        let user = self.accounts.user(user);
        user.available && (self.logged_in || user.hours.is_none())
    }

    fn voice_ai_open(&self, _number: NumberId) -> bool {
        self.voice_ai_open
    }
}
