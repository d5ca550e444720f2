//! Other names and another order, where neither means anything.

use measure::Summary;

use crate::office::{ACME, BELL, SCENARIO, office, with};
use crate::world::{Told, World};

/// Every word of the accounts under another name.
fn renamed(text: &str) -> String {
    let mut text = text.to_owned();
    for (old, new) in [
        ("\"acme\"", "\"zeta\""),
        ("\"bell\"", "\"alpha\""),
        ("\"Acme Dental\"", "\"Something else\""),
        ("\"north\"", "\"south\""),
        ("\"ann\"", "\"zoe\""),
        ("\"ben\"", "\"yan\""),
        ("\"cat\"", "\"xen\""),
    ] {
        text = text.replace(old, new);
    }
    text
}

fn same_but_for_the_inputs(a: &Told, b: &Told) {
    assert_eq!(a.layers(), b.layers());
    assert_ne!(a.prints().inputs, b.prints().inputs);
    assert_eq!(a.summary.metrics, b.summary.metrics);
}

#[test]
fn other_names_change_nothing() {
    let world = office();
    let named = World {
        accounts: renamed(&world.accounts),
        ..world.clone()
    };
    let (a, b) = (world.run(), named.run());
    same_but_for_the_inputs(&a, &b);
    assert_eq!(a.calls, b.calls);
    assert_eq!(a.summary.people, b.summary.people);
}

/// The rows of the sub-accounts, by what is in them.
fn rows(summary: &Summary) -> Vec<String> {
    let mut rows: Vec<String> = summary
        .accounts
        .iter()
        .map(|it| format!("{it:?}"))
        .collect();
    rows.extend(summary.people.iter().map(|it| format!("{it:?}")));
    rows.sort();
    rows
}

/// The scenario names each number that is called, in an order of its own, so that the order of
/// the accounts is of no account. It would be with `to = "all"`.
#[test]
fn the_order_of_sub_accounts_changes_the_order_of_rows_only() {
    let a = office().run();
    let b = with(SCENARIO, &[BELL, ACME]).run();
    same_but_for_the_inputs(&a, &b);
    assert_ne!(a.summary.accounts, b.summary.accounts);
    assert_eq!(rows(&a.summary), rows(&b.summary));
}

#[test]
fn the_order_of_numbers_and_contacts_changes_nothing() {
    let swap = |text: &str, head: &str| {
        let mut parts: Vec<&str> = text.split(head).collect();
        let at = parts.len() - 2;
        // The last part ends the sub-account: it is swapped with the one before as it stands.
        parts.swap(at, at + 1);
        parts.join(head)
    };
    let (numbers, contacts) = ACME.split_once("[[sub_account.contact]]").unwrap();
    let contacts = format!("[[sub_account.contact]]{contacts}");
    let moved = format!(
        "{}{}",
        swap(numbers, "[[sub_account.number]]"),
        swap(&contacts, "[[sub_account.contact]]")
    );
    assert_ne!(moved, ACME);
    let (a, b) = (office().run(), with(SCENARIO, &[&moved, BELL]).run());
    same_but_for_the_inputs(&a, &b);
    assert_eq!(a.summary.accounts, b.summary.accounts);
    assert_eq!(a.summary.people, b.summary.people);
}

/// What our own numbers are is nobody's business but of those who dial them: who calls, who picks
/// up and how long they talk stays. (The numbers that are rung, F and B, are addresses of draws.)
#[test]
fn other_numbers_of_ours_change_the_arrivals_only() {
    let world = office();
    let other = |text: &str| {
        let mut text = text.replace("+15555550150", "+15555550180");
        for at in 0..4 {
            text = text.replace(
                &format!("+1555555016{at}"),
                &format!("+1555555018{}", 9 - at),
            );
        }
        text
    };
    let moved = World {
        scenario: other(&world.scenario),
        accounts: other(&world.accounts),
    };
    let (a, b) = (world.run(), moved.run());
    assert_ne!(a.prints().arrivals, b.prints().arrivals);
    assert_eq!(a.prints().outcomes, b.prints().outcomes);
    assert_eq!(a.summary.metrics, b.summary.metrics);
}
