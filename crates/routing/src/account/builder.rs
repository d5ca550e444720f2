//! From declared sub-accounts to checked tables.

mod resolved;

pub use resolved::TableSizes;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::contacts::ContactRange;
use super::declared::{AccountFault, FaultKind, Item, NewHoldStaff, NewNumber, NewSubAccount};
use super::{
    Accounts, AgencyId, Contact, HoldStaff, MAX_RING_MORE, Name, Number, NumberId, PersonId,
    SubAccount, SubAccountId, User, UserId,
};
use crate::hours::WeekHours;

/// Takes sub-accounts one at a time and makes [`Accounts`]. What is faulty is reported and left
/// out.
#[derive(Debug, Default)]
pub struct AccountsBuilder {
    accounts: Accounts,
    ids: FxHashSet<Box<str>>,
    person_ids: FxHashMap<Box<str>, PersonId>,
    agency_ids: FxHashMap<Box<str>, AgencyId>,
    /// Hours are the same for many: kept once.
    hours: FxHashMap<WeekHours, Arc<WeekHours>>,
}

impl AccountsBuilder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a sub-account.
    ///
    /// # Errors
    /// Every fault of it: a user, number or contact named twice (a number also across
    /// sub-accounts), a reference to nobody, more than six in `ring_more`. With one or more
    /// faults nothing is added.
    pub fn push(&mut self, new: &NewSubAccount) -> Result<SubAccountId, Vec<AccountFault>> {
        let faults = self.faults(new);
        if !faults.is_empty() {
            return Err(faults);
        }
        let id = SubAccountId(self.accounts.sub_accounts.len() as u32);
        let users = self.push_users(id, new);
        let first_user = users.start;
        let find = |name: &str| {
            let at = new.users.iter().position(|user| user.id == name);
            at.map(|at| UserId(first_user + at as u32))
        };
        let numbers = self.push_numbers(id, new, &find);
        let contacts = self.push_contacts(new, first_user, &find);
        self.ids.insert(new.id.as_str().into());
        let agency = new.agency.as_deref().map(|name| self.agency(name));
        self.accounts.sub_accounts.push(SubAccount {
            id: Name::from(new.id.as_str()),
            name: new.name.as_deref().map(Into::into),
            agency,
            business_phone: new.business_phone,
            forward_to_business_phone: new.forward_to_business_phone,
            prefer: new.prefer,
            incoming_timeout: new.incoming_timeout,
            allow_private_calls: new.allow_private_calls,
            voicemail_greeting: new.voicemail_greeting,
            custom_values: new
                .custom_values
                .iter()
                .map(|(key, value)| (key.as_str().into(), value.as_str().into()))
                .collect(),
            countries: new
                .countries
                .as_ref()
                .map(|list| list.iter().map(|code| code.as_str().into()).collect()),
            users,
            numbers,
            contacts,
        });
        Ok(id)
    }

    /// All that was added.
    pub fn finish(self) -> Accounts {
        self.accounts
    }

    fn push_users(&mut self, id: SubAccountId, new: &NewSubAccount) -> std::ops::Range<u32> {
        let start = self.accounts.users.len() as u32;
        for (at, user) in (start..).zip(&new.users) {
            let person = match &user.person {
                Some(name) => self.person(name, true, UserId(at)),
                None => self.person(&format!("{}/{}", new.id, user.id), false, UserId(at)),
            };
            let hours = self.shared_hours(user.hours.as_ref());
            self.accounts.users.push(User {
                id: Name::from(user.id.as_str()),
                sub_account: id,
                person,
                phone: user.phone,
                extension: user.extension.as_deref().map(Into::into),
                web_app: user.web_app,
                mobile_app: user.mobile_app,
                desk_phone: user.desk_phone,
                client: user.client.as_deref().map(Into::into),
                sip: user.sip.as_deref().map(Into::into),
                incoming_timeout: user.incoming_timeout,
                voicemail_greeting: user.voicemail_greeting,
                available: user.available,
                hours,
                ring_more_device: user.ring_more_device,
                ivr_device: user.ivr_device,
            });
        }
        start..self.accounts.users.len() as u32
    }

    fn push_numbers(
        &mut self,
        id: SubAccountId,
        new: &NewSubAccount,
        find: &dyn Fn(&str) -> Option<UserId>,
    ) -> std::ops::Range<u32> {
        let start = self.accounts.numbers.len() as u32;
        for number in &new.numbers {
            let at = NumberId(self.accounts.numbers.len() as u32);
            self.accounts.by_number.insert(number.number, at);
            self.accounts.dialled.push(number.number);
            let hours = self.shared_hours(number.voice_ai_hours.as_ref());
            let number = resolve(id, number, hours, find);
            self.accounts.numbers.push(number);
        }
        start..self.accounts.numbers.len() as u32
    }

    fn push_contacts(
        &mut self,
        new: &NewSubAccount,
        first_user: u32,
        find: &dyn Fn(&str) -> Option<UserId>,
    ) -> ContactRange {
        let contacts = new.contacts.iter().map(|contact| Contact {
            phone: contact.phone,
            assigned_to: contact.assigned_to.as_deref().and_then(find),
        });
        self.accounts.contacts.push(contacts.collect(), first_user)
    }

    fn shared_hours(&mut self, hours: Option<&WeekHours>) -> Option<Arc<WeekHours>> {
        let hours = hours?;
        if let Some(known) = self.hours.get(hours) {
            return Some(Arc::clone(known));
        }
        let shared = Arc::new(hours.clone());
        self.hours.insert(hours.clone(), Arc::clone(&shared));
        Some(shared)
    }

    /// The person of this name, which was given or is that of the user.
    fn person(&mut self, name: &str, given: bool, user: UserId) -> PersonId {
        if let Some(id) = self.person_ids.get(name) {
            return *id;
        }
        let id = self.accounts.persons.push(user, given.then_some(name));
        self.person_ids.insert(name.into(), id);
        id
    }

    fn agency(&mut self, name: &str) -> AgencyId {
        if let Some(id) = self.agency_ids.get(name) {
            return *id;
        }
        let id = AgencyId(self.accounts.agencies.len() as u32);
        self.accounts.agencies.push(name.into());
        self.agency_ids.insert(name.into(), id);
        id
    }

    fn faults(&self, new: &NewSubAccount) -> Vec<AccountFault> {
        let mut faults = Faults::default();
        if self.ids.contains(new.id.as_str()) {
            faults.add(
                Item::SubAccount,
                "id",
                None,
                FaultKind::Twice(new.id.clone()),
            );
        }
        self.too_many(new, &mut faults);
        let mut users = FxHashSet::default();
        for (at, user) in new.users.iter().enumerate() {
            if !users.insert(user.id.as_str()) {
                faults.add(
                    Item::User(at),
                    "id",
                    None,
                    FaultKind::Twice(user.id.clone()),
                );
            }
        }
        let mut numbers = FxHashSet::default();
        for (at, number) in new.numbers.iter().enumerate() {
            let known = self.accounts.by_number.contains_key(&number.number);
            if known || !numbers.insert(number.number) {
                let kind = FaultKind::Twice(number.number.to_string());
                faults.add(Item::Number(at), "number", None, kind);
            }
            number_faults(at, number, &users, &mut faults);
        }
        let mut contacts = FxHashSet::default();
        for (at, contact) in new.contacts.iter().enumerate() {
            if !contacts.insert(contact.phone) {
                let kind = FaultKind::Twice(contact.phone.to_string());
                faults.add(Item::Contact(at), "phone", None, kind);
            }
            let owner = contact.assigned_to.as_deref();
            faults.reference(Item::Contact(at), "assigned_to", None, owner, &users);
        }
        faults.0
    }

    fn too_many(&self, new: &NewSubAccount, faults: &mut Faults) {
        let tables = [
            ("user", self.accounts.users.len() + new.users.len()),
            ("number", self.accounts.numbers.len() + new.numbers.len()),
            ("contact", self.accounts.contacts.len() + new.contacts.len()),
        ];
        for (key, length) in tables {
            if u32::try_from(length).is_err() {
                faults.add(Item::SubAccount, key, None, FaultKind::TooMany);
            }
        }
    }
}

fn resolve(
    id: SubAccountId,
    new: &NewNumber,
    hours: Option<Arc<WeekHours>>,
    find: &dyn Fn(&str) -> Option<UserId>,
) -> Number {
    let all = |names: &[String]| names.iter().filter_map(|name| find(name)).collect();
    Number {
        number: new.number,
        sub_account: id,
        assigned_to: new.assigned_to.as_deref().and_then(find),
        forward_to: new.forward_to,
        ring_more: all(&new.ring_more),
        incoming_timeout: new.incoming_timeout,
        voice_capable: new.voice_capable,
        whisper: new.whisper.as_deref().map(Into::into),
        call_connect: new.call_connect,
        pass_called_number: new.pass_called_number,
        pool: new.pool.as_deref().map(Into::into),
        ivr: new.ivr,
        voice_ai: new.voice_ai,
        voice_ai_hours: hours,
        backup: new.backup,
        hold_staff: match &new.hold_staff {
            NewHoldStaff::Default => HoldStaff::Default,
            NewHoldStaff::Users(names) => HoldStaff::Users(all(names)),
            NewHoldStaff::Unnamed(count) => HoldStaff::Unnamed(*count),
            NewHoldStaff::Roster(roster) => HoldStaff::Roster(*roster),
        },
        hold_room: new.hold_room,
    }
}

fn number_faults(at: usize, number: &NewNumber, users: &FxHashSet<&str>, faults: &mut Faults) {
    let item = Item::Number(at);
    faults.reference(
        item,
        "assigned_to",
        None,
        number.assigned_to.as_deref(),
        users,
    );
    if number.ring_more.len() > MAX_RING_MORE {
        let kind = FaultKind::TooManyRingMore(number.ring_more.len());
        faults.add(item, "ring_more", None, kind);
    }
    faults.references(item, "ring_more", &number.ring_more, users);
    if let NewHoldStaff::Users(names) = &number.hold_staff {
        faults.references(item, "hold_staff", names, users);
    }
}

#[derive(Default)]
struct Faults(Vec<AccountFault>);

impl Faults {
    fn add(&mut self, item: Item, key: &'static str, element: Option<usize>, kind: FaultKind) {
        self.0.push(AccountFault {
            item,
            key,
            element,
            kind,
        });
    }

    fn reference(
        &mut self,
        item: Item,
        key: &'static str,
        element: Option<usize>,
        name: Option<&str>,
        users: &FxHashSet<&str>,
    ) {
        if let Some(name) = name.filter(|name| !users.contains(name)) {
            self.add(item, key, element, FaultKind::Nobody(name.to_owned()));
        }
    }

    fn references(
        &mut self,
        item: Item,
        key: &'static str,
        names: &[String],
        users: &FxHashSet<&str>,
    ) {
        for (at, name) in names.iter().enumerate() {
            self.reference(item, key, Some(at), Some(name), users);
        }
    }
}
