//! Accounts as somebody writes them down: references by name, not yet resolved.

use std::collections::BTreeMap;

use super::{Backup, Device, Prefer, RosterId, VoiceAi};
use crate::hours::WeekHours;
use crate::number::PhoneNumber;
use crate::time::Nanos;

/// A sub-account before its references are resolved. `Default` gives the defaults of the accounts
/// file.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubAccount {
    /// See [`super::SubAccount::id`].
    pub id: String,
    /// See [`super::SubAccount::name`].
    pub name: Option<String>,
    /// The agency by name.
    pub agency: Option<String>,
    /// B.
    pub business_phone: Option<PhoneNumber>,
    /// See [`super::SubAccount::forward_to_business_phone`]; default true.
    pub forward_to_business_phone: bool,
    /// Default: the number's owner.
    pub prefer: Prefer,
    /// Ring time of the company level.
    pub incoming_timeout: Option<Nanos>,
    /// Default true.
    pub allow_private_calls: bool,
    /// Default false.
    pub voicemail_greeting: bool,
    /// Values that a whisper may name.
    pub custom_values: BTreeMap<String, String>,
    /// ISO 3166 alpha-2 codes; none is everywhere.
    pub countries: Option<Vec<String>>,
    /// Its users.
    pub users: Vec<NewUser>,
    /// Its numbers.
    pub numbers: Vec<NewNumber>,
    /// Its contacts.
    pub contacts: Vec<NewContact>,
}

impl Default for NewSubAccount {
    fn default() -> Self {
        Self {
            id: String::new(),
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
            users: Vec::new(),
            numbers: Vec::new(),
            contacts: Vec::new(),
        }
    }
}

/// A user before its person is resolved. `Default` gives the defaults of the accounts file.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    /// Name within the sub-account.
    pub id: String,
    /// Default `<sub-account>/<id>`.
    pub person: Option<String>,
    /// U.
    pub phone: Option<PhoneNumber>,
    /// Shown and dialled.
    pub extension: Option<String>,
    /// Default false.
    pub web_app: bool,
    /// Default false.
    pub mobile_app: bool,
    /// Default false.
    pub desk_phone: bool,
    /// Default the id.
    pub client: Option<String>,
    /// Default `sip:<id>@example.invalid`.
    pub sip: Option<String>,
    /// Ring time of the user level.
    pub incoming_timeout: Option<Nanos>,
    /// Default false.
    pub voicemail_greeting: bool,
    /// Default true.
    pub available: bool,
    /// Default always.
    pub hours: Option<WeekHours>,
    /// The one channel as an extra user.
    pub ring_more_device: Option<Device>,
    /// The one channel of an IVR.
    pub ivr_device: Option<Device>,
}

impl Default for NewUser {
    fn default() -> Self {
        Self {
            id: String::new(),
            person: None,
            phone: None,
            extension: None,
            web_app: false,
            mobile_app: false,
            desk_phone: false,
            client: None,
            sip: None,
            incoming_timeout: None,
            voicemail_greeting: false,
            available: true,
            hours: None,
            ring_more_device: None,
            ivr_device: None,
        }
    }
}

/// Who serves the callers on hold, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NewHoldStaff {
    /// The owner and the ring-more users.
    #[default]
    Default,
    /// These users.
    Users(Vec<String>),
    /// So many unnamed agents.
    Unnamed(u32),
    /// Unnamed agents by a roster that the reader keeps.
    Roster(RosterId),
}

/// A number before its references are resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNumber {
    /// The number itself.
    pub number: PhoneNumber,
    /// Its owner by id.
    pub assigned_to: Option<String>,
    /// F.
    pub forward_to: Option<PhoneNumber>,
    /// Extra users by id.
    pub ring_more: Vec<String>,
    /// Ring time of the number level.
    pub incoming_timeout: Option<Nanos>,
    /// Default true.
    pub voice_capable: bool,
    /// Text played to whoever picks up a phone leg.
    pub whisper: Option<String>,
    /// Default false.
    pub call_connect: bool,
    /// Default false.
    pub pass_called_number: bool,
    /// Member of a number pool.
    pub pool: Option<String>,
    /// Default false.
    pub ivr: bool,
    /// Default off.
    pub voice_ai: VoiceAi,
    /// Default always.
    pub voice_ai_hours: Option<WeekHours>,
    /// Default voicemail.
    pub backup: Backup,
    /// Default owner and ring-more.
    pub hold_staff: NewHoldStaff,
    /// Default no bound.
    pub hold_room: Option<u32>,
}

impl NewNumber {
    /// This number with the defaults of the accounts file.
    pub fn new(number: PhoneNumber) -> Self {
        Self {
            number,
            assigned_to: None,
            forward_to: None,
            ring_more: Vec::new(),
            incoming_timeout: None,
            voice_capable: true,
            whisper: None,
            call_connect: false,
            pass_called_number: false,
            pool: None,
            ivr: false,
            voice_ai: VoiceAi::default(),
            voice_ai_hours: None,
            backup: Backup::default(),
            hold_staff: NewHoldStaff::default(),
            hold_room: None,
        }
    }
}

/// A contact before its owner is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// The caller's number.
    pub phone: PhoneNumber,
    /// The contact's owner by id.
    pub assigned_to: Option<String>,
}

/// Which part of a [`NewSubAccount`] a fault lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    /// The sub-account itself.
    SubAccount,
    /// Its user at this position.
    User(usize),
    /// Its number at this position.
    Number(usize),
    /// Its contact at this position.
    Contact(usize),
}

/// Why a sub-account cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The same name or number stands twice.
    #[error("`{0}` is named twice")]
    Twice(String),
    /// A reference leads nowhere. The second is the nearest user there is, if one is near.
    #[error("no user `{0}` in this sub-account")]
    Nobody(String),
    /// More extra users than a number may ring.
    #[error("{0} users, where a number rings at most 6 more")]
    TooManyRingMore(usize),
    /// More of something than the tables hold.
    #[error("more than 4 billion entries")]
    TooMany,
}

/// A fault with its place, in terms of what was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFault {
    /// Which part.
    pub item: Item,
    /// Which key of it.
    pub key: &'static str,
    /// Which element, where the key holds a list.
    pub element: Option<usize>,
    /// What is wrong.
    pub kind: FaultKind,
}
