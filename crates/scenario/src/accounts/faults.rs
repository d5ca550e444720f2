//! What the core's builder refuses, at its place in the file.

use routing::account::{AccountFault, FaultKind, Item};

use super::ivr::nobody;
use super::sub_account::Declared;
use crate::quantity::Fault;
use crate::reading::Reading;

/// Reports a fault of a sub-account.
pub(crate) fn report(r: &Reading<'_>, declared: &Declared<'_>, found: &AccountFault) {
    let item = match found.item {
        Item::SubAccount => Some(declared.node),
        Item::User(at) => declared.users.get(at).copied(),
        Item::Number(at) => declared.numbers.get(at).copied(),
        Item::Contact(at) => declared.contacts.get(at).copied(),
    };
    let item = item.unwrap_or(declared.node);
    let value = item.get(found.key);
    let element = found.element.and_then(|at| value?.elements().get(at));
    let span = element.or(value).unwrap_or(item).span;
    let fault = match &found.kind {
        FaultKind::Nobody(name) => nobody(name, &declared.new.users),
        FaultKind::Twice(_) => {
            let fault = Fault::new(found.kind.to_string());
            match found.item {
                Item::SubAccount => fault.help("each sub-account has an id of its own"),
                Item::User(_) => fault.help("each user of a sub-account has an id of its own"),
                Item::Number(_) => fault.help("a number belongs to one sub-account, once"),
                Item::Contact(_) => fault.help("a caller is one contact of a sub-account"),
            }
        }
        kind => Fault::new(kind.to_string()),
    };
    r.error(span, fault);
}
