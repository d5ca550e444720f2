//! `to`: which of our numbers are called.

use std::collections::BTreeSet;

use model::callers::Targets;
use routing::PhoneNumber;
use routing::account::{Accounts, NumberId};

use crate::nearest::nearest;
use crate::node::{Key, Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::values;

/// With how many of our numbers an unknown one is compared for a suggestion.
const MOST_COMPARED: usize = 5000;

/// Our numbers, as far as they could be read.
pub(crate) struct Ours<'a> {
    /// None when the accounts could not be read at all.
    pub(crate) accounts: Option<&'a Accounts>,
    /// Every number that some sub-account declares, faulty ones too.
    pub(crate) declared: &'a BTreeSet<PhoneNumber>,
    /// Whether nothing else may be declared.
    pub(crate) whole: bool,
}

/// The numbers and their weights.
pub(crate) fn read(r: &Reading<'_>, to: &Node, ours: &Ours<'_>) -> Option<Targets> {
    match &to.value {
        Value::List(list) => {
            let numbers: Vec<_> = list.iter().map(|node| number(r, node, ours)).collect();
            if list.is_empty() {
                r.error(
                    to.span,
                    Fault::new("an empty list, expected the numbers that are called"),
                );
            }
            Targets::evenly(numbers.into_iter().collect::<Option<_>>()?)
        }
        Value::Table(entries) => weighted(r, to, entries, ours),
        _ => word(r, to, ours),
    }
}

fn weighted(
    r: &Reading<'_>,
    to: &Node,
    entries: &[(Key, Node)],
    ours: &Ours<'_>,
) -> Option<Targets> {
    let entry = |(key, weight): &(Key, Node)| {
        let name = Node {
            span: key.span,
            value: Value::Text(key.name.clone()),
        };
        let (number, weight) = (number(r, &name, ours), values::number(r, weight, true));
        Some((number?, weight?))
    };
    let pairs: Vec<_> = entries.iter().map(entry).collect();
    let pairs: Vec<(NumberId, f64)> = pairs.into_iter().collect::<Option<_>>()?;
    let targets = Targets::weighted(&pairs);
    if targets.is_none() {
        let fault = Fault::new("all weights are 0, expected one above 0 at least");
        r.error(
            to.span,
            fault.help("a number that nobody calls may be left out"),
        );
    }
    targets
}

fn word(r: &Reading<'_>, to: &Node, ours: &Ours<'_>) -> Option<Targets> {
    let text = r.text_of(to).unwrap_or_default();
    match text.as_str() {
        "all" | "by-size" => {
            let accounts = ours.accounts.filter(|_| ours.whole)?;
            if accounts.numbers().len() == 0 && ours.declared.is_empty() {
                r.error(
                    to.span,
                    Fault::new("the accounts have no number that could be called"),
                );
            }
            if text == "all" {
                Targets::all(accounts)
            } else {
                Targets::by_size(accounts)
            }
        }
        text if text.starts_with('+') => Targets::evenly(vec![number(r, to, ours)?]),
        _ => {
            let expected =
                "a list of numbers, a table of numbers with weights, \"all\" or \"by-size\"";
            r.error(to.span, values::mismatch(to, expected));
            None
        }
    }
}

/// One of our numbers.
fn number(r: &Reading<'_>, node: &Node, ours: &Ours<'_>) -> Option<NumberId> {
    let number = values::phone(r, node)?;
    let found = ours.accounts?.find_number(number);
    if found.is_none() && ours.whole && !ours.declared.contains(&number) {
        let fault = Fault::new(format!("{number} belongs to no account"));
        let text = number.to_string();
        let known: Vec<String> = ours
            .declared
            .iter()
            .take(MOST_COMPARED)
            .map(ToString::to_string)
            .collect();
        r.error(
            node.span,
            match nearest(&text, known.iter().map(String::as_str)) {
                Some(near) => fault.help(format!("the nearest number there is {near}")),
                None => fault,
            },
        );
    }
    found
}
