//! `--set`: every key by its path.

use routing::Nanos;
use routing::account::Backup;

use super::memory::Memory;
use super::{ACCOUNTS, SCENARIO, read, refused, small};
use crate::{BoundOp, Scenario};

fn set(texts: &[&str]) -> Scenario {
    read(&small(), texts, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn a_value_replaces_what_is_written_or_comes_new() {
    let scenario = set(&[
        "duration=4h",
        "seed=7",
        "arrivals.0.rate=30/h",
        "people.talk={ constant = \"3s\" }",
        "people.answer.web.reach=0.5",
        "routing.ring_timeout=20s",
        "limits.regular.to_per_minute=99",
        "start=2026-03-06T09:00:00",
        "name=42",
    ]);
    assert_eq!(
        (scenario.duration, scenario.seed),
        (Nanos(4 * Nanos::HOUR.0), 7)
    );
    assert_eq!(
        scenario.people.talk.as_constant(),
        Some(Nanos::from_secs(3))
    );
    assert_eq!(
        scenario
            .people
            .answer(routing::account::Device::Web)
            .reach
            .get(),
        0.5
    );
    assert_eq!(scenario.routing.ring_timeout, Some(Nanos::from_secs(20)));
    assert_eq!(scenario.limits.regular.to_per_minute, 99);
    assert_eq!(scenario.start.to_string(), "2026-03-06T09:00:00");
    assert_eq!(scenario.name, "42", "an argument needs no quotes");
    assert!(
        scenario
            .parameters
            .contains(&("arrivals.0.rate".to_owned(), "30/h".to_owned()))
    );
}

#[test]
fn the_last_of_several_holds() {
    assert_eq!(set(&["seed=7", "seed=8"]).seed, 8);
}

#[test]
fn values_reach_into_the_accounts() {
    let scenario = set(&[
        "accounts.acme.incoming_timeout=20s",
        "accounts.*.user.*.available=false",
        "accounts.acme.number.+15555550199.backup=hold",
        "accounts.acme.number.+15555550199.forward_to=+15555550123",
        "accounts.\"acme\".contact.+15555550177.assigned_to=ann",
    ]);
    let accounts = &scenario.accounts;
    let (id, it) = accounts.sub_accounts().next().unwrap();
    assert_eq!(it.incoming_timeout, Some(Nanos::from_secs(20)));
    assert!(accounts.users().all(|(_, user)| !user.available));
    let (_, number) = accounts.numbers().next().unwrap();
    assert_eq!(number.backup, Backup::Hold);
    assert_eq!(number.forward_to.unwrap().to_string(), "+15555550123");
    assert_eq!(
        accounts.contacts_of(id).get(0).unwrap().assigned_to,
        accounts.find_user(id, "ann")
    );
}

#[test]
fn another_accounts_file_is_found_from_the_working_directory() {
    let files = small().with("other.toml", ACCOUNTS.replace("acme", "other"));
    let scenario = read(
        &files,
        &["accounts=other.toml", "accounts.other.name=Other"],
        &[],
    );
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        &*scenario.accounts.sub_accounts().next().unwrap().1.id,
        "other"
    );
}

#[test]
fn a_path_that_matches_nothing_names_the_nearest() {
    for (text, at, help) in [
        (
            "duratoin=4h",
            "--set:1:1: error: unknown key `duratoin`",
            "did you mean `duration`?",
        ),
        (
            "arrivals.3.rate=1/h",
            "--set:1:10: error: `3` matches nothing",
            "",
        ),
        (
            "arrivals.0.rte=1/h",
            "--set:1:12: error: unknown key `rte`",
            "did you mean `rate`?",
        ),
        ("seed.x=1", "--set:1:6: error: `x` matches nothing", ""),
        ("gate.0.min=1", "--set:1:6: error: `0` matches nothing", ""),
        (
            "accounts.acne.name=A",
            "--set:1:10: error: `acne` matches nothing",
            "did you mean `acme`?",
        ),
        (
            "accounts.acme.user.anne.web_app=false",
            "--set:1:20: error: `anne`",
            "did you mean `ann`?",
        ),
        (
            "accounts.acme.number.+15555550198.backup=hold",
            "--set:1:22: error: `+15555550198` matches nothing",
            "did you mean `+15555550199`?",
        ),
        (
            "accounts.acme.user.ann.web=false",
            "--set:1:24: error: unknown key `web`",
            "did you mean `web_app`?",
        ),
        (
            "accounts.acme=1",
            "--set:1:1: error: `accounts.acme` names no key",
            "accounts.acme.inc",
        ),
        ("a..b=1", "--set:1:1: error: `a..b` is no path", ""),
    ] {
        let printed = refused(&small(), &[text], &[]);
        assert!(
            printed.contains(at) && printed.contains(help),
            "{text}: {printed}"
        );
        assert_eq!(printed.matches(": error: ").count(), 1, "{text}: {printed}");
    }
}

#[test]
fn inputs_are_canonical() {
    let plain = set(&[]);
    let reordered = "duration = '1h' # an hour\naccounts = \"accounts.toml\"\n\n[[arrivals]]\n\
        to = \"all\"\nkind = \"poisson\"\nrate = \"12/min\"\n";
    let files = small().with("s/scenario.toml", reordered);
    let other = read(&files, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        other.canonical, plain.canonical,
        "order, quotes and comments are no inputs"
    );
    assert_ne!(other.sha256, plain.sha256, "but the text is another");
    let moved = Memory::default()
        .with(
            "s/scenario.toml",
            SCENARIO.replace("accounts.toml", "elsewhere/them.toml"),
        )
        .with("s/elsewhere/them.toml", ACCOUNTS);
    let moved = read(&moved, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(moved.canonical, plain.canonical, "paths are no inputs");
    let edited = small().with("s/scenario.toml", SCENARIO.replace("1h", "2h"));
    let edited = read(&edited, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        set(&["duration=2h"]).canonical,
        edited.canonical,
        "set is as good as written"
    );
    assert_ne!(plain.canonical, edited.canonical);
    assert_ne!(set(&["accounts.acme.name=A"]).canonical, plain.canonical);
    assert!(
        !String::from_utf8(plain.canonical)
            .unwrap()
            .contains("accounts.toml")
    );
}

#[test]
fn gates_come_from_the_command_line_too() {
    let gates = [
        "calls.answered.share >= 80%",
        "answer.delay_s.p90<1.5min",
        "calls.offered = 3",
    ];
    let scenario = read(&small(), &[], &gates).unwrap_or_else(|problems| panic!("{problems}"));
    let found: Vec<_> = scenario.gates.iter().map(|gate| &gate.bounds[0]).collect();
    assert_eq!((found[0].op, found[0].value), (BoundOp::AtLeast, 0.8));
    assert_eq!((found[1].op, found[1].value), (BoundOp::Below, 90.0));
    assert_eq!((found[2].op, found[2].value), (BoundOp::Equals, 3.0));
    assert!(found[0].holds(0.8) && !found[1].holds(90.0) && !found[2].holds(2.0));
    for (gate, said) in [
        (
            "calls.offered",
            "--gate:1:1: error: a gate without a comparison",
        ),
        (
            "calls.offered => 3",
            "--gate:1:15: error: `=>` is no comparison",
        ),
        ("calls.offered > ", "--gate:1:17: error: found \"\""),
        (
            "calls.offered > 3s",
            "--gate:1:17: error: found the duration",
        ),
        (
            "calls.answred.share > 3",
            "help: did you mean `calls.answered.share`?",
        ),
    ] {
        let printed = refused(&small(), &[], &[gate]);
        assert!(printed.contains(said), "{gate}: {printed}");
    }
}
