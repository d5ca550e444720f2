//! From the provider's nouns to legs of our accounts, and from a decision to a dial.
//!
//! A noun says less than a leg: a client identity may be the web and the mobile app, a number may
//! be anybody's. Our own server says more (the devices of a client, the role of a number in its
//! status callback); for others the accounts decide.

use routing::PhoneNumber;
use routing::account::{Accounts, Device, NumberId, UserId};
use routing::call::InboundCall;
use routing::decision::{App, Leg, RingStage, Role};
use smallvec::{SmallVec, smallvec};

use super::form;
use super::twiml::Noun;

/// Where our own server tells the role of a number: the query of its status callback.
pub const LEG_PATH: &str = "/voice/leg";

/// The identity under which a user's web and mobile apps are dialled.
pub fn identity(accounts: &Accounts, user: UserId) -> &str {
    let user = accounts.user(user);
    user.client.as_deref().unwrap_or(&user.id)
}

/// The address under which a user's desk phone is dialled.
pub fn sip(accounts: &Accounts, user: UserId) -> String {
    let user = accounts.user(user);
    match &user.sip {
        Some(sip) => sip.to_string(),
        None => format!("sip:{}@example.invalid", user.id),
    }
}

/// The nouns that ring these legs, in order; web and mobile of a user are one client.
pub fn nouns(accounts: &Accounts, stage: &RingStage, screened: Option<&str>) -> Vec<Noun> {
    let mut nouns: Vec<Noun> = Vec::with_capacity(stage.legs.len());
    for leg in &stage.legs {
        match *leg {
            Leg::App {
                app: App::Desk,
                user,
            } => nouns.push(Noun::Sip {
                uri: sip(accounts, user),
            }),
            Leg::App { app, user } => {
                let name = identity(accounts, user);
                let known = nouns.iter_mut().find_map(|noun| match noun {
                    Noun::Client { identity, devices } if identity == name => Some(devices),
                    _ => None,
                });
                match known {
                    Some(devices) => devices.push(app),
                    None => nouns.push(Noun::Client {
                        identity: name.to_owned(),
                        devices: vec![app],
                    }),
                }
            }
            Leg::Phone { role, user, number } => {
                let mut told = vec![("role".to_owned(), role.name().to_owned())];
                if let Some(user) = user {
                    told.push(("user".to_owned(), accounts.user(user).id.to_string()));
                }
                nouns.push(Noun::Number {
                    number: number.to_string(),
                    url: screened.map(str::to_owned),
                    status_callback: Some(format!("{LEG_PATH}?{}", form::body(&told))),
                });
            }
        }
    }
    nouns
}

/// The legs of one noun: seldom more than the web and the mobile app of a user.
pub type Legs = SmallVec<[Leg; 2]>;

/// The legs that a noun rings; none when it rings nobody that we know.
pub fn of_noun(accounts: &Accounts, call: &InboundCall, noun: &Noun) -> Legs {
    let Some(number) = accounts.find_number(call.to) else {
        return of_stranger(noun);
    };
    match noun {
        Noun::Client { identity, devices } => of_client(accounts, call, number, identity, devices),
        Noun::Sip { uri } => with_sip(accounts, number, uri)
            .map(|user| Leg::App {
                app: App::Desk,
                user,
            })
            .into_iter()
            .collect(),
        Noun::Number {
            number: text,
            status_callback,
            ..
        } => dialled(text)
            .map(|phone| of_phone(accounts, call, number, phone, status_callback.as_deref()))
            .into_iter()
            .collect(),
        Noun::Queue | Noun::Other(_) => Legs::new(),
    }
}

/// Calls to a number that is not ours: only numbers can be dialled.
fn of_stranger(noun: &Noun) -> Legs {
    let Noun::Number { number, .. } = noun else {
        return Legs::new();
    };
    let leg = |number| Leg::Phone {
        role: Role::Forwarding,
        user: None,
        number,
    };
    dialled(number).map(leg).into_iter().collect()
}

fn dialled(text: &str) -> Option<PhoneNumber> {
    text.parse().ok()
}

fn staff(accounts: &Accounts, number: NumberId) -> impl Iterator<Item = UserId> {
    accounts.users_of(accounts.number(number).sub_account)
}

fn with_sip(accounts: &Accounts, number: NumberId, uri: &str) -> Option<UserId> {
    let same = |user: &UserId| sip(accounts, *user).eq_ignore_ascii_case(uri);
    staff(accounts, number).find(same)
}

/// Users who may own the call: of the number, then of the contact.
fn owners(accounts: &Accounts, call: &InboundCall, number: NumberId) -> [Option<UserId>; 2] {
    let it = accounts.number(number);
    let contact = call
        .from
        .and_then(|from| accounts.find_contact(it.sub_account, from));
    [
        it.assigned_to,
        contact.and_then(|contact| contact.assigned_to),
    ]
}

fn of_client(
    accounts: &Accounts,
    call: &InboundCall,
    number: NumberId,
    name: &str,
    named: &[App],
) -> Legs {
    let Some(id) = staff(accounts, number).find(|user| identity(accounts, *user) == name) else {
        return Legs::new();
    };
    let leg = |app| Leg::App { app, user: id };
    if !named.is_empty() {
        return named.iter().copied().map(leg).collect();
    }
    let user = accounts.user(id);
    let owner = owners(accounts, call, number).contains(&Some(id));
    let extra = accounts.number(number).ring_more.contains(&id);
    let one = match user.ring_more_channel() {
        Some(Device::Web) => Some(App::Web),
        Some(Device::Mobile) => Some(App::Mobile),
        _ => None,
    };
    match one {
        // An extra user rings on one channel, an owner on every app.
        Some(app) if extra && !owner => smallvec![leg(app)],
        _ => [App::Web, App::Mobile]
            .into_iter()
            .filter(|app| user.has(app.device()))
            .map(leg)
            .collect(),
    }
}

fn of_phone(
    accounts: &Accounts,
    call: &InboundCall,
    number: NumberId,
    phone: PhoneNumber,
    status_callback: Option<&str>,
) -> Leg {
    let told = status_callback.and_then(|url| of_callback(accounts, number, phone, url));
    told.unwrap_or_else(|| guessed(accounts, call, number, phone))
}

/// What our own server says of a number.
fn of_callback(
    accounts: &Accounts,
    number: NumberId,
    phone: PhoneNumber,
    url: &str,
) -> Option<Leg> {
    let (path, query) = url.split_once('?')?;
    if !path.ends_with(LEG_PATH) {
        return None;
    }
    let fields = form::read(query.as_bytes());
    let role = role(form::field(&fields, "role")?)?;
    let user = form::field(&fields, "user")
        .and_then(|id| accounts.find_user(accounts.number(number).sub_account, id));
    Some(Leg::Phone {
        role,
        user,
        number: phone,
    })
}

/// A role by its word.
pub(super) fn role(word: &str) -> Option<Role> {
    [Role::User, Role::Forwarding, Role::Business, Role::RingMore]
        .into_iter()
        .find(|role| role.name() == word)
}

/// The role of a number as the accounts tell it: an owner's phone, F, B, an extra user's phone,
/// in this order; else it is forwarded to.
pub(super) fn guessed(
    accounts: &Accounts,
    call: &InboundCall,
    number: NumberId,
    phone: PhoneNumber,
) -> Leg {
    let it = accounts.number(number);
    let has = |user: &UserId| accounts.user(*user).phone == Some(phone);
    let leg = |role, user| Leg::Phone {
        role,
        user,
        number: phone,
    };
    let owner = owners(accounts, call, number)
        .into_iter()
        .flatten()
        .find(has);
    if let Some(user) = owner {
        return leg(Role::User, Some(user));
    }
    if it.forward_to == Some(phone) {
        return leg(Role::Forwarding, None);
    }
    if accounts.sub_account(it.sub_account).business_phone == Some(phone) {
        return leg(Role::Business, None);
    }
    match it.ring_more.iter().copied().find(has) {
        Some(user) => leg(Role::RingMore, Some(user)),
        None => leg(Role::Forwarding, None),
    }
}
