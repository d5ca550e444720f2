//! Sub-accounts, users, numbers and contacts: the accounts model (what an accounts file says).
//!
//! Everything lies in flat tables and is named by a `u32` id; a sub-account's users, numbers and
//! contacts are contiguous. Built by [`AccountsBuilder`], which resolves names and refuses what
//! cannot be. Knows nothing of file formats.

mod builder;
mod contacts;
mod declared;
mod name;
mod persons;
mod resolved;
mod words;

pub use builder::{AccountsBuilder, TableSizes};
pub use contacts::Contacts;
pub use declared::{
    AccountFault, FaultKind, Item, NewContact, NewHoldStaff, NewNumber, NewSubAccount, NewUser,
};
pub use name::Name;
pub use resolved::{NumberBlocks, Resolved};

pub use words::{
    AgencyId, Backup, Device, HoldStaff, NumberId, PersonId, Prefer, RosterId, SubAccountId,
    UserId, VoiceAi,
};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::hours::WeekHours;
use crate::number::PhoneNumber;
use crate::time::Nanos;
use contacts::{ContactRange, ContactTables};
use persons::Persons;

/// The most extra users that a number may ring (domain.md D6: 1 primary and 6 extra).
pub const MAX_RING_MORE: usize = 6;

/// A sub-account.
#[derive(Debug, Clone)]
pub struct SubAccount {
    /// Its name in files and reports.
    pub id: Name,
    /// Its name for people; none when it is the id.
    pub name: Option<Box<str>>,
    /// The agency it belongs to.
    pub agency: Option<AgencyId>,
    /// B: the phone of the business profile.
    pub business_phone: Option<PhoneNumber>,
    /// Whether B is used at all.
    pub forward_to_business_phone: bool,
    /// Which owner is asked first.
    pub prefer: Prefer,
    /// Ring time of the company level.
    pub incoming_timeout: Option<Nanos>,
    /// Whether withheld numbers may call.
    pub allow_private_calls: bool,
    /// Whether a company greeting exists.
    pub voicemail_greeting: bool,
    /// What `{{custom_values.X}}` in a whisper may name.
    pub custom_values: BTreeMap<Box<str>, Box<str>>,
    /// Where legs may be dialled: E.164 prefixes are checked with [`crate::country`]; none is
    /// everywhere.
    pub countries: Option<Box<[Box<str>]>>,
    users: Range<u32>,
    numbers: Range<u32>,
    contacts: ContactRange,
}

impl Default for SubAccount {
    /// One without a name and without anybody, with the defaults of the accounts file.
    fn default() -> Self {
        Self {
            id: Name::from(""),
            name: None,
            agency: None,
            business_phone: None,
            forward_to_business_phone: true,
            prefer: Prefer::default(),
            incoming_timeout: None,
            allow_private_calls: true,
            voicemail_greeting: false,
            custom_values: BTreeMap::new(),
            countries: None,
            users: 0..0,
            numbers: 0..0,
            contacts: ContactRange::NONE,
        }
    }
}

/// A user of a sub-account.
#[derive(Debug, Clone)]
pub struct User {
    /// Its name within the sub-account.
    pub id: Name,
    /// Where it belongs.
    pub sub_account: SubAccountId,
    /// Who it is; shared when one person works for several sub-accounts.
    pub person: PersonId,
    /// U: the user's own phone.
    pub phone: Option<PhoneNumber>,
    /// Shown and dialled, without effect on the simulation.
    pub extension: Option<Box<str>>,
    /// Rings on the web app.
    pub web_app: bool,
    /// Rings on the mobile app.
    pub mobile_app: bool,
    /// Rings on a VoIP desk phone.
    pub desk_phone: bool,
    /// TwiML `<Client>` identity; none when it is the id.
    pub client: Option<Box<str>>,
    /// TwiML `<Sip>` address; none when it is `sip:<id>@example.invalid`.
    pub sip: Option<Box<str>>,
    /// Ring time of the user level.
    pub incoming_timeout: Option<Nanos>,
    /// Whether the user has a greeting.
    pub voicemail_greeting: bool,
    /// False: the apps are logged out everywhere, always.
    pub available: bool,
    /// When logged in; none is always.
    pub hours: Option<Arc<WeekHours>>,
    /// The one channel as an extra user; none is the default of [`User::ring_more_channel`].
    pub ring_more_device: Option<Device>,
    /// The one channel of an IVR; none is the same default.
    pub ivr_device: Option<Device>,
}

impl User {
    /// Whether the user has this device.
    pub fn has(&self, device: Device) -> bool {
        match device {
            Device::Web => self.web_app,
            Device::Mobile => self.mobile_app,
            Device::Desk => self.desk_phone,
            Device::Phone => self.phone.is_some(),
        }
    }

    /// The first that the user has of mobile, web, desk, phone: the default of both single
    /// channels.
    fn first_channel(&self) -> Option<Device> {
        [Device::Mobile, Device::Web, Device::Desk, Device::Phone]
            .into_iter()
            .find(|device| self.has(*device))
    }

    /// The one channel on which the user rings as an extra user (domain.md 1.1, H5), if the user
    /// has it.
    pub fn ring_more_channel(&self) -> Option<Device> {
        self.ring_more_device
            .or_else(|| self.first_channel())
            .filter(|d| self.has(*d))
    }

    /// The one channel on which an IVR connects the user (domain.md 1.1, H26), if the user has it.
    pub fn ivr_channel(&self) -> Option<Device> {
        self.ivr_device
            .or_else(|| self.first_channel())
            .filter(|d| self.has(*d))
    }
}

/// One of our numbers.
#[derive(Debug, Clone)]
pub struct Number {
    /// The number itself.
    pub number: PhoneNumber,
    /// Where it belongs.
    pub sub_account: SubAccountId,
    /// Its owner.
    pub assigned_to: Option<UserId>,
    /// F: the forwarding number.
    pub forward_to: Option<PhoneNumber>,
    /// Extra users, at most [`MAX_RING_MORE`], in file order.
    pub ring_more: Box<[UserId]>,
    /// Ring time of the number level.
    pub incoming_timeout: Option<Nanos>,
    /// Whether it can take voice calls.
    pub voice_capable: bool,
    /// The text played to whoever picks up a phone leg.
    pub whisper: Option<Box<str>>,
    /// Whether a phone leg must press a key (Call Connect).
    pub call_connect: bool,
    /// Whether a forwarded leg shows the called number instead of the caller.
    pub pass_called_number: bool,
    /// Member of a number pool.
    pub pool: Option<Box<str>>,
    /// An IVR workflow takes every call.
    pub ivr: bool,
    /// Whether a Voice AI is assigned.
    pub voice_ai: VoiceAi,
    /// When the Voice AI answers; none is always.
    pub voice_ai_hours: Option<Arc<WeekHours>>,
    /// What comes when nobody answered.
    pub backup: Backup,
    /// Who serves callers on hold.
    pub hold_staff: HoldStaff,
    /// How many may wait on hold; none is no bound.
    pub hold_room: Option<u32>,
}

/// A known caller of a sub-account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// The caller's number.
    pub phone: PhoneNumber,
    /// The contact's owner.
    pub assigned_to: Option<UserId>,
}

/// All sub-accounts of a run, checked: every reference leads somewhere, every number stands once.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "the table of sub-accounts has no other name"
)]
pub struct Accounts {
    sub_accounts: Vec<SubAccount>,
    users: Vec<User>,
    numbers: Vec<Number>,
    contacts: ContactTables,
    persons: Persons,
    agencies: Vec<Box<str>>,
    /// The numbers alone, side by side: what every fresh call asks for.
    dialled: Vec<PhoneNumber>,
    by_number: FxHashMap<PhoneNumber, NumberId>,
    /// Where they lie in blocks, instead of that.
    blocks: Option<NumberBlocks>,
}

impl Accounts {
    /// All sub-accounts, in file order.
    pub fn sub_accounts(&self) -> impl ExactSizeIterator<Item = (SubAccountId, &SubAccount)> {
        self.sub_accounts
            .iter()
            .enumerate()
            .map(|(at, it)| (SubAccountId(at as u32), it))
    }

    /// All numbers, in file order.
    pub fn numbers(&self) -> impl ExactSizeIterator<Item = (NumberId, &Number)> {
        self.numbers
            .iter()
            .enumerate()
            .map(|(at, it)| (NumberId(at as u32), it))
    }

    /// All users, in file order.
    pub fn users(&self) -> impl ExactSizeIterator<Item = (UserId, &User)> {
        self.users
            .iter()
            .enumerate()
            .map(|(at, it)| (UserId(at as u32), it))
    }

    /// All persons, in the order of their first user.
    pub fn persons(&self) -> impl ExactSizeIterator<Item = PersonId> {
        (0..self.persons.len() as u32).map(PersonId)
    }

    /// The name of a person: the one that was given, or `<sub-account>/<user>`.
    pub fn person_name(&self, id: PersonId) -> Cow<'_, str> {
        if let Some(given) = self.persons.given_name(id) {
            return Cow::Borrowed(given);
        }
        let user = self.user(self.persons.first_user(id));
        let account = self.sub_account(user.sub_account);
        Cow::Owned(format!("{}/{}", account.id, user.id))
    }

    /// How many contacts there are in all.
    pub fn contact_count(&self) -> usize {
        self.contacts.len()
    }

    /// How many agencies are named.
    pub fn agency_count(&self) -> usize {
        self.agencies.len()
    }

    /// This sub-account.
    pub fn sub_account(&self, id: SubAccountId) -> &SubAccount {
        &self.sub_accounts[id.index()]
    }

    /// This user.
    pub fn user(&self, id: UserId) -> &User {
        &self.users[id.index()]
    }

    /// This number.
    pub fn number(&self, id: NumberId) -> &Number {
        &self.numbers[id.index()]
    }

    /// The name of this agency.
    pub fn agency(&self, id: AgencyId) -> &str {
        &self.agencies[id.index()]
    }

    /// What is dialled to reach this number.
    #[inline]
    pub fn dialled(&self, id: NumberId) -> PhoneNumber {
        self.dialled[id.index()]
    }

    /// Which of our numbers this is, if it is one.
    pub fn find_number(&self, number: PhoneNumber) -> Option<NumberId> {
        let Some(blocks) = self.blocks else {
            return self.by_number.get(&number).copied();
        };
        let (block, at) = blocks.place(number)?;
        let own = &self.sub_accounts.get(usize::try_from(block).ok()?)?.numbers;
        let id = own.start + u32::try_from(at).ok()?;
        own.contains(&id).then_some(NumberId(id))
    }

    /// The sub-account with this id. Takes time in proportion to their count.
    pub fn find_sub_account(&self, id: &str) -> Option<SubAccountId> {
        self.sub_accounts()
            .find(|(_, it)| &*it.id == id)
            .map(|(at, _)| at)
    }

    /// The user with this id in a sub-account.
    pub fn find_user(&self, sub_account: SubAccountId, id: &str) -> Option<UserId> {
        let range = self.sub_account(sub_account).users.clone();
        range.map(UserId).find(|at| &*self.user(*at).id == id)
    }

    /// The contact with this number in a sub-account: exact match (domain.md section 7, question
    /// 13).
    #[inline]
    pub fn find_contact(&self, sub_account: SubAccountId, phone: PhoneNumber) -> Option<Contact> {
        self.contacts_of(sub_account).find(phone)
    }

    /// The users of a sub-account.
    pub fn users_of(&self, sub_account: SubAccountId) -> impl ExactSizeIterator<Item = UserId> {
        self.sub_account(sub_account).users.clone().map(UserId)
    }

    /// The numbers of a sub-account.
    pub fn numbers_of(&self, sub_account: SubAccountId) -> impl ExactSizeIterator<Item = NumberId> {
        self.sub_account(sub_account).numbers.clone().map(NumberId)
    }

    /// The contacts of a sub-account, sorted by number.
    #[inline]
    pub fn contacts_of(&self, sub_account: SubAccountId) -> Contacts<'_> {
        let it = self.sub_account(sub_account);
        self.contacts.of(it.contacts, it.users.start)
    }

    /// A user's position within its own sub-account: stable when other accounts come and go.
    pub fn ordinal(&self, user: UserId) -> u32 {
        user.0 - self.sub_account(self.user(user).sub_account).users.start
    }

    /// Who serves the callers on hold of a number by name, in file order; empty when its agents
    /// are unnamed.
    pub fn hold_users(&self, number: NumberId) -> Vec<UserId> {
        let it = self.number(number);
        match &it.hold_staff {
            HoldStaff::Users(users) => each_once(users.iter().copied()),
            HoldStaff::Default => each_once(
                it.assigned_to
                    .into_iter()
                    .chain(it.ring_more.iter().copied()),
            ),
            HoldStaff::Unnamed(_) | HoldStaff::Roster(_) => Vec::new(),
        }
    }
}

fn each_once(users: impl Iterator<Item = UserId>) -> Vec<UserId> {
    let mut list = Vec::new();
    for user in users {
        if !list.contains(&user) {
            list.push(user);
        }
    }
    list
}
