//! A sub-account of a population as text: what the reader of accounts files makes the same of.

use model::RandomTime;
use model::ivr::{Connect, Then, Workflow};
use model::population::Made;
use routing::Nanos;
use routing::account::{
    Backup, HoldStaff, Name, NewSubAccount, Number, Prefer, Resolved, SubAccount, User, UserId,
    VoiceAi,
};
use routing::hours::WeekHours;
use serde_json::{Map, Value, json};

use crate::quantity::duration_text;

/// How an accounts file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenAs {
    /// For people: small ones.
    Toml,
    /// One sub-account a line: any number of them.
    JsonLines,
}

/// Writes the sub-accounts of one population.
#[derive(Debug, Clone)]
pub struct AccountsWriter {
    /// The time in a menu as it is written, and the same as it was read.
    menu: (Value, RandomTime),
}

type Table = Map<String, Value>;

impl AccountsWriter {
    pub(crate) fn new(menu: Value, read: RandomTime) -> Self {
        Self { menu: (menu, read) }
    }

    /// A sub-account, with a line break behind it.
    pub fn sub_account(&self, made: &Made, form: WrittenAs) -> String {
        let table = self.table(made);
        match form {
            WrittenAs::JsonLines => format!("{}\n", Value::Object(table)),
            WrittenAs::Toml => toml(&table),
        }
    }

    fn table(&self, made: &Made) -> Table {
        let Resolved {
            account,
            agency,
            users,
            numbers,
            ..
        } = &made.resolved;
        let mut table = head(account, agency.as_deref());
        let rows = users.iter().map(|it| Value::Object(user(it)));
        list(&mut table, "user", rows.collect());
        let names: Vec<&Name> = users.iter().map(|(user, _)| &user.id).collect();
        let rows = numbers.iter().enumerate().map(|(place, it)| {
            let mut row = number(it, &names);
            let flow = made.workflows.iter().find(|(at, _)| *at as usize == place);
            match flow {
                Some((_, flow)) => row.insert("ivr".to_owned(), self.ivr(flow, &names)),
                None if it.ivr => row.insert("ivr".to_owned(), json!(true)),
                None => None,
            };
            Value::Object(row)
        });
        list(&mut table, "number", rows.collect());
        let first = made
            .resolved
            .first_contact
            .map_or(0, routing::PhoneNumber::digits);
        let owners = made.resolved.contact_owners.iter().enumerate();
        let rows = owners.map(|(at, owner)| {
            let mut row = Table::new();
            row.insert("phone".to_owned(), json!(format!("+{}", first + at as u64)));
            if *owner != Resolved::NOBODY {
                let owner: &str = names[usize::from(*owner)];
                row.insert("assigned_to".to_owned(), json!(owner));
            }
            Value::Object(row)
        });
        list(&mut table, "contact", rows.collect());
        table
    }

    fn ivr(&self, flow: &Workflow, names: &[&Name]) -> Value {
        debug_assert_eq!(flow.menu, self.menu.1);
        let mut table = Table::new();
        table.insert("menu".to_owned(), self.menu.0.clone());
        table.insert("hang_up".to_owned(), json!(flow.hang_up.get()));
        let branch = |branch: &model::ivr::Branch| {
            let whom = branch.connect.iter().map(|whom| match whom {
                Connect::User(user) => name(names, *user),
                Connect::Number(number) => json!(number.to_string()),
            });
            let then = match branch.then {
                Then::Voicemail => "voicemail",
                Then::End => "end",
            };
            json!({
                "share": branch.share.get(),
                "connect": whom.collect::<Vec<_>>(),
                "connect_timeout": duration_text(branch.connect_timeout),
                "then": then,
            })
        };
        list(
            &mut table,
            "branch",
            flow.branches.iter().map(branch).collect(),
        );
        Value::Object(table)
    }
}

/// Adds a list of tables, if there is one.
fn list(table: &mut Table, key: &str, rows: Vec<Value>) {
    if !rows.is_empty() {
        table.insert(key.to_owned(), Value::Array(rows));
    }
}

/// Adds a value that is not what is meant where nothing stands.
fn unless<T: PartialEq + Into<Value>>(table: &mut Table, key: &str, value: T, default: &T) {
    if value != *default {
        table.insert(key.to_owned(), value.into());
    }
}

fn set<T: Into<Value>>(table: &mut Table, key: &str, value: Option<T>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

fn name(names: &[&Name], user: UserId) -> Value {
    let name: &str = names[user.index()];
    json!(name)
}

fn ring(time: Option<Nanos>) -> Option<String> {
    time.map(duration_text)
}

fn hours(hours: &WeekHours) -> Value {
    hours.windows().map(|it| json!(it.to_string())).collect()
}

fn head(account: &SubAccount, agency: Option<&str>) -> Table {
    let default = NewSubAccount::default();
    let mut table = Table::new();
    table.insert("id".to_owned(), json!(&*account.id));
    set(&mut table, "agency", agency);
    let phone = account.business_phone.map(|it| it.to_string());
    set(&mut table, "business_phone", phone);
    let to_business = account.forward_to_business_phone;
    unless(
        &mut table,
        "forward_to_business_phone",
        to_business,
        &default.forward_to_business_phone,
    );
    let contact_first = account.prefer == Prefer::ContactOwner;
    set(
        &mut table,
        "prefer",
        contact_first.then_some("contact-owner"),
    );
    set(
        &mut table,
        "incoming_timeout",
        ring(account.incoming_timeout),
    );
    let private = account.allow_private_calls;
    unless(&mut table, "allow_private_calls", private, &true);
    unless(
        &mut table,
        "voicemail_greeting",
        account.voicemail_greeting,
        &false,
    );
    table
}

fn user((user, person): &(User, Option<String>)) -> Table {
    let mut table = Table::new();
    table.insert("id".to_owned(), json!(&*user.id));
    set(&mut table, "person", person.as_deref());
    set(&mut table, "phone", user.phone.map(|it| it.to_string()));
    unless(&mut table, "web_app", user.web_app, &false);
    unless(&mut table, "mobile_app", user.mobile_app, &false);
    unless(&mut table, "desk_phone", user.desk_phone, &false);
    set(&mut table, "incoming_timeout", ring(user.incoming_timeout));
    unless(
        &mut table,
        "voicemail_greeting",
        user.voicemail_greeting,
        &false,
    );
    unless(&mut table, "available", user.available, &true);
    set(&mut table, "hours", user.hours.as_deref().map(hours));
    table
}

fn number(number: &Number, names: &[&Name]) -> Table {
    let mut table = Table::new();
    let all = |users: &[UserId]| -> Value { users.iter().map(|it| name(names, *it)).collect() };
    table.insert("number".to_owned(), json!(number.number.to_string()));
    set(
        &mut table,
        "assigned_to",
        number.assigned_to.map(|it| name(names, it)),
    );
    set(
        &mut table,
        "forward_to",
        number.forward_to.map(|it| it.to_string()),
    );
    let extra = &number.ring_more;
    set(
        &mut table,
        "ring_more",
        (!extra.is_empty()).then(|| all(extra)),
    );
    set(
        &mut table,
        "incoming_timeout",
        ring(number.incoming_timeout),
    );
    unless(&mut table, "voice_capable", number.voice_capable, &true);
    set(&mut table, "whisper", number.whisper.as_deref());
    unless(&mut table, "call_connect", number.call_connect, &false);
    unless(
        &mut table,
        "pass_called_number",
        number.pass_called_number,
        &false,
    );
    set(&mut table, "pool", number.pool.as_deref());
    let ai = (number.voice_ai != VoiceAi::Off).then(|| number.voice_ai.name());
    set(&mut table, "voice_ai", ai);
    set(
        &mut table,
        "voice_ai_hours",
        number.voice_ai_hours.as_deref().map(hours),
    );
    let backup = (number.backup != Backup::Voicemail).then(|| number.backup.name());
    set(&mut table, "backup", backup);
    if let HoldStaff::Users(users) = &number.hold_staff {
        table.insert("hold_staff".to_owned(), all(users));
    }
    table
}

/// A `[[sub_account]]` with what belongs to it.
fn toml(table: &Table) -> String {
    let mut out = String::new();
    tables(&mut out, "sub_account", table);
    out
}

/// One table of a list, its own lists of tables behind it.
fn tables(out: &mut String, path: &str, table: &Table) {
    out.push_str("[[");
    out.push_str(path);
    out.push_str("]]\n");
    let is_list = |value: &Value| {
        let rows = value.as_array().filter(|rows| !rows.is_empty());
        rows.is_some_and(|rows| rows.iter().all(Value::is_object))
    };
    for (key, value) in table.iter().filter(|(_, value)| !is_list(value)) {
        out.push_str(key);
        out.push_str(" = ");
        inline(out, value);
        out.push('\n');
    }
    out.push('\n');
    for (key, rows) in table.iter().filter(|(_, value)| is_list(value)) {
        let path = format!("{path}.{key}");
        for row in rows.as_array().into_iter().flatten() {
            if let Value::Object(row) = row {
                tables(out, &path, row);
            }
        }
    }
}

/// A value on its line. Texts are written alike in JSON and in TOML.
fn inline(out: &mut String, value: &Value) {
    match value {
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                inline(out, value);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                out.push_str(if at == 0 { " " } else { ", " });
                out.push_str(key);
                out.push_str(" = ");
                inline(out, value);
            }
            out.push_str(" }");
        }
        other => out.push_str(&other.to_string()),
    }
}
