//! The `ivr` table of a number: what its workflow does.

use model::ivr::{Branch, Connect, MAX_CONNECT, Then, Workflow};
use model::{RandomTime, Share};
use routing::account::{NewUser, UserId};
use routing::{Nanos, PhoneNumber};

use super::keys::{BRANCH, IVR};
use super::sub_account::tables;
use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::source::Span;
use crate::table::Table;
use crate::values;

/// A workflow whose users are still names.
pub(crate) struct NamedWorkflow {
    menu: RandomTime,
    hang_up: Share,
    branches: Vec<NamedBranch>,
}

struct NamedBranch {
    share: Share,
    connect: Vec<(Span, Named)>,
    connect_timeout: Nanos,
    then: Then,
}

enum Named {
    User(String),
    Number(PhoneNumber),
}

/// `ivr = true`.
pub(crate) fn flag(r: &Reading<'_>, node: &Node) -> Option<bool> {
    match node.value {
        Value::Flag(flag) => Some(flag),
        _ => {
            r.error(node.span, values::mismatch(node, "true, false or a table"));
            None
        }
    }
}

/// The table of a workflow.
pub(crate) fn read(r: &Reading<'_>, node: &Node) -> Option<NamedWorkflow> {
    let table = Table::open(r, node, IVR, None)?;
    let mut branches = Vec::new();
    let mut total = 0.0;
    for node in tables(&table, "branch") {
        let branch = branch(r, node);
        let before = total;
        total += branch.as_ref().map_or(0.0, |it| it.share.get());
        if total > 1.0 + 1e-9 && before <= 1.0 + 1e-9 {
            let message =
                format!("the shares of the branches add up to {total}, expected at most 1");
            let span = node.get("share").map_or(node.span, |node| node.span);
            r.error(span, Fault::new(message));
        }
        branches.extend(branch);
    }
    let (menu, hang_up) = (table.time("menu"), table.share("hang_up"));
    Some(NamedWorkflow {
        menu: menu?,
        hang_up: hang_up?,
        branches,
    })
}

fn branch(r: &Reading<'_>, node: &Node) -> Option<NamedBranch> {
    let table = Table::open(r, node, BRANCH, None)?;
    let share = table.share("share");
    let connect = table.take("connect", connect).unwrap_or_default();
    let connect_timeout = table.duration("connect_timeout");
    let then = match table.word("then") {
        Some("voicemail") => Then::Voicemail,
        _ => Then::End,
    };
    Some(NamedBranch {
        share: share?,
        connect,
        connect_timeout: connect_timeout?,
        then,
    })
}

fn connect(r: &Reading<'_>, node: &Node) -> Option<Vec<(Span, Named)>> {
    let Value::List(list) = &node.value else {
        r.error(
            node.span,
            values::mismatch(node, "a list of users or numbers"),
        );
        return None;
    };
    if list.len() > MAX_CONNECT {
        let message = format!(
            "{} users or numbers, where a branch connects {MAX_CONNECT}",
            list.len()
        );
        r.error(node.span, Fault::new(message));
    }
    let read = |node: &Node| {
        let named = if node.as_text().is_some_and(|text| text.starts_with('+')) {
            values::phone(r, node).map(Named::Number)
        } else {
            values::text(r, node).map(Named::User)
        };
        named.map(|named| (node.span, named))
    };
    let connect: Vec<_> = list.iter().map(read).collect();
    connect.into_iter().collect()
}

impl NamedWorkflow {
    /// With its users looked up; who is nobody is reported and none. The first of the users has this id.
    pub(crate) fn resolve(
        self,
        r: &Reading<'_>,
        users: &[NewUser],
        first: UserId,
    ) -> Option<Workflow> {
        let find = |(span, named): (Span, Named)| match named {
            Named::Number(number) => Some(Connect::Number(number)),
            Named::User(name) => {
                let at = users.iter().position(|user| user.id == name);
                if at.is_none() {
                    r.error(span, nobody(&name, users));
                }
                at.map(|at| Connect::User(UserId(first.0 + at as u32)))
            }
        };
        let branch = |branch: NamedBranch| {
            let connect: Vec<_> = branch.connect.into_iter().map(find).collect();
            Some(Branch {
                share: branch.share,
                connect: connect.into_iter().collect::<Option<_>>()?,
                connect_timeout: branch.connect_timeout,
                then: branch.then,
            })
        };
        let branches: Vec<_> = self.branches.into_iter().map(branch).collect();
        let branches = branches.into_iter().collect::<Option<_>>()?;
        Some(Workflow {
            menu: self.menu,
            hang_up: self.hang_up,
            branches,
        })
    }
}

/// A reference to nobody, with the nearest user there is.
pub(crate) fn nobody(name: &str, users: &[NewUser]) -> Fault {
    let fault = Fault::new(format!("no user `{name}` in this sub-account"));
    match nearest(name, users.iter().map(|user| user.id.as_str())) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None if users.is_empty() => fault.help("it has no users"),
        None if users.len() <= 10 => {
            let names: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
            fault.help(format!("its users are {}", names.join(", ")))
        }
        None => fault,
    }
}
