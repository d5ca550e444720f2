//! One sub-account: from its table to what the core's builder takes.

use std::collections::BTreeMap;

use model::callers::made_up;
use routing::PhoneNumber;
use routing::account::{
    Backup, Device, NewContact, NewHoldStaff, NewNumber, NewSubAccount, NewUser, Prefer, RosterId,
    VoiceAi,
};
use routing::country;

use super::ivr::{self, NamedWorkflow};
use super::keys::{CONTACT, NUMBER, STAFF_FILE, SUB_ACCOUNT, USER};
use super::roster::{self, RosterText};
use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::table::Table;
use crate::values;

/// A sub-account as it was declared, with the tables that its parts came from.
pub(crate) struct Declared<'n> {
    pub(crate) new: NewSubAccount,
    pub(crate) node: &'n Node,
    pub(crate) users: Vec<&'n Node>,
    pub(crate) numbers: Vec<&'n Node>,
    pub(crate) contacts: Vec<&'n Node>,
    /// Workflows by the position of their number.
    pub(crate) workflows: Vec<(usize, NamedWorkflow)>,
}

/// Reads a sub-account; what cannot be read is reported and left out. Rosters that it names are added.
pub(crate) fn read<'n>(
    r: &'n Reading<'n>,
    node: &'n Node,
    rosters: &mut Vec<RosterText>,
) -> Option<Declared<'n>> {
    let table = Table::open(r, node, SUB_ACCOUNT, None)?;
    let default = NewSubAccount::default();
    let mut declared = Declared {
        new: NewSubAccount {
            id: table.text("id").unwrap_or_default(),
            name: table.text("name"),
            agency: table.text("agency"),
            business_phone: table.phone("business_phone"),
            forward_to_business_phone: table.flag("forward_to_business_phone"),
            prefer: match table.word("prefer") {
                Some("contact-owner") => Prefer::ContactOwner,
                _ => Prefer::NumberOwner,
            },
            incoming_timeout: table.duration("incoming_timeout"),
            allow_private_calls: table.flag("allow_private_calls"),
            voicemail_greeting: table.flag("voicemail_greeting"),
            custom_values: table.take("custom_values", texts).unwrap_or_default(),
            countries: table.take("countries", countries),
            ..default
        },
        node,
        users: Vec::new(),
        numbers: Vec::new(),
        contacts: Vec::new(),
        workflows: Vec::new(),
    };
    for node in tables(&table, "user") {
        if let Some(user) = user(r, node) {
            declared.users.push(node);
            declared.new.users.push(user);
        }
    }
    for node in tables(&table, "number") {
        if let Some((number, workflow)) = number(r, node, rosters) {
            let at = declared.numbers.len();
            declared
                .workflows
                .extend(workflow.map(|workflow| (at, workflow)));
            declared.numbers.push(node);
            declared.new.numbers.push(number);
        }
    }
    for node in tables(&table, "contact") {
        if let Some(contact) = contact(r, node) {
            declared.contacts.push(node);
            declared.new.contacts.push(contact);
        }
    }
    Some(declared).filter(|it| !it.new.id.is_empty())
}

/// The elements of a list of tables.
pub(crate) fn tables<'n>(table: &Table<'n>, name: &'static str) -> &'n [Node] {
    match table.given(name) {
        None => &[],
        Some(Node {
            value: Value::List(list),
            ..
        }) => list,
        Some(node) => {
            table
                .reading
                .error(node.span, values::mismatch(node, "a list of tables"));
            &[]
        }
    }
}

fn texts(r: &Reading<'_>, node: &Node) -> Option<BTreeMap<String, String>> {
    let Value::Table(entries) = &node.value else {
        r.error(node.span, values::mismatch(node, "a table of texts"));
        return None;
    };
    let entry = |(key, value): &(crate::node::Key, Node)| {
        let text = r.text_of(value);
        if text.is_none() {
            r.error(value.span, values::mismatch(value, "a text"));
        }
        Some((key.name.clone(), text?))
    };
    entries.iter().map(entry).collect()
}

fn countries(r: &Reading<'_>, node: &Node) -> Option<Vec<String>> {
    let Value::List(list) = &node.value else {
        let expected = "a list of country codes such as [\"US\", \"CA\"]";
        r.error(node.span, values::mismatch(node, expected));
        return None;
    };
    let code = |node: &Node| {
        let text = r.text_of(node).filter(|text| country::is_known(text));
        if text.is_none() {
            let fault = values::mismatch(node, "an ISO 3166 country code such as \"US\"");
            let upper = node.as_text().map(str::to_ascii_uppercase);
            let help = match upper.filter(|code| country::is_known(code)) {
                Some(code) => format!("did you mean {code:?}?"),
                None => "the United Kingdom is \"GB\", the United States are \"US\"".to_owned(),
            };
            r.error(node.span, fault.help(help));
        }
        text
    };
    let codes: Vec<_> = list.iter().map(code).collect();
    codes.into_iter().collect()
}

/// A list of names of users.
fn names(r: &Reading<'_>, node: &Node) -> Option<Vec<String>> {
    let Value::List(list) = &node.value else {
        r.error(node.span, values::mismatch(node, "a list of users"));
        return None;
    };
    let names: Vec<_> = list.iter().map(|node| values::text(r, node)).collect();
    names.into_iter().collect()
}

fn device(table: &Table<'_>, name: &'static str) -> Option<Device> {
    let word = table.word(name)?;
    Device::ALL.into_iter().find(|device| device.name() == word)
}

fn user(r: &Reading<'_>, node: &Node) -> Option<NewUser> {
    let table = Table::open(r, node, USER, None)?;
    let id = table.text("id");
    let user = NewUser {
        id: id.clone().unwrap_or_default(),
        person: table.text("person"),
        phone: table.phone("phone"),
        extension: table.text("extension"),
        web_app: table.flag("web_app"),
        mobile_app: table.flag("mobile_app"),
        desk_phone: table.flag("desk_phone"),
        client: table.text("client"),
        sip: table.text("sip"),
        incoming_timeout: table.duration("incoming_timeout"),
        voicemail_greeting: table.flag("voicemail_greeting"),
        available: table.flag("available"),
        hours: table.hours("hours"),
        ring_more_device: device(&table, "ring_more_device"),
        ivr_device: device(&table, "ivr_device"),
    };
    if user.hours.is_some() && !user.available && table.given("available").is_some() {
        let message = "`hours` has no effect: the user is not available at any time";
        r.warn(table.span("hours"), Fault::new(message));
    }
    id.map(|_| user)
}

fn number(
    r: &Reading<'_>,
    node: &Node,
    rosters: &mut Vec<RosterText>,
) -> Option<(NewNumber, Option<NamedWorkflow>)> {
    let table = Table::open(r, node, NUMBER, None)?;
    let found: Option<PhoneNumber> = table.phone("number");
    let (ivr, workflow) = match table.given("ivr") {
        Some(node) if matches!(node.value, Value::Table(_)) => (true, ivr::read(r, node)),
        _ => (table.take("ivr", ivr::flag).unwrap_or_default(), None),
    };
    let staff = hold_staff(&table, rosters);
    let new = NewNumber {
        // One that cannot be read is thrown away below, when all its keys have been looked at.
        number: found.unwrap_or(made_up(0, 0)),
        assigned_to: table.text("assigned_to"),
        forward_to: table.phone("forward_to"),
        ring_more: table.take("ring_more", names).unwrap_or_default(),
        incoming_timeout: table.duration("incoming_timeout"),
        voice_capable: table.flag("voice_capable"),
        whisper: table.text("whisper"),
        call_connect: table.flag("call_connect"),
        pass_called_number: table.flag("pass_called_number"),
        pool: table.text("pool"),
        ivr,
        voice_ai: match table.word("voice_ai") {
            Some("direct") => VoiceAi::Direct,
            Some("backup") => VoiceAi::Backup,
            _ => VoiceAi::Off,
        },
        voice_ai_hours: table.hours("voice_ai_hours"),
        backup: match table.word("backup") {
            Some("voice-ai") => Backup::VoiceAi,
            Some("hold") => Backup::Hold,
            Some("none") => Backup::None,
            _ => Backup::Voicemail,
        },
        hold_staff: staff,
        hold_room: table.whole("hold_room").map(|room| room as u32),
    };
    found.map(|_| (new, workflow))
}

fn hold_staff(table: &Table<'_>, rosters: &mut Vec<RosterText>) -> NewHoldStaff {
    let r = table.reading;
    let Some(node) = table.given("hold_staff") else {
        return NewHoldStaff::Default;
    };
    match &node.value {
        Value::List(_) => names(r, node).map_or(NewHoldStaff::Default, NewHoldStaff::Users),
        Value::Whole(_) => {
            let count = values::whole(r, node, 0, 1_000_000);
            NewHoldStaff::Unnamed(count.unwrap_or_default() as u32)
        }
        Value::Table(_) => {
            let file = Table::open(r, node, STAFF_FILE, None).and_then(|it| it.given("file"));
            if let Some(roster) = file.and_then(|file| roster::read(r, file)) {
                rosters.push(roster);
            }
            NewHoldStaff::Roster(RosterId(rosters.len().saturating_sub(1) as u32))
        }
        _ => {
            let expected = "a list of users, a number of agents or { file = \"roster.csv\" }";
            r.error(node.span, values::mismatch(node, expected));
            NewHoldStaff::Default
        }
    }
}

fn contact(r: &Reading<'_>, node: &Node) -> Option<NewContact> {
    let table = Table::open(r, node, CONTACT, None)?;
    let (phone, assigned_to) = (table.phone("phone"), table.text("assigned_to"));
    Some(NewContact {
        phone: phone?,
        assigned_to,
    })
}
