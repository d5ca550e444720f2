//! What was set and changes nothing is said; what changes something is not.

use std::path::Path;

use super::memory::Memory;
use super::{ACCOUNTS, SCENARIO, read, small, with_scenario};
use crate::{parse_override, read_accounts};

fn warnings(files: &Memory, set: &[&str]) -> Vec<String> {
    let scenario = read(files, set, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    scenario.warnings.into_iter().map(|it| it.message).collect()
}

#[test]
fn a_value_that_acts_on_nothing_is_said() {
    for (set, reason) in [
        ("people.answer.desk.reach=0.5", "no user has a desk phone"),
        (
            "people.hold_patience=infinite",
            "no number has backup = \"hold\"",
        ),
        (
            "people.ai_talk={ constant = \"9s\" }",
            "no number has a Voice AI",
        ),
        (
            "people.connect_prompt={ constant = \"9s\" }",
            "no number has call_connect",
        ),
        (
            "routing.contact_first=true",
            "only tree-owner-first reads it",
        ),
        ("routing.ai_rank=3", "only priority-2025 reads it"),
        ("routing.hop_cap=3", "no leg leads to one of our numbers"),
        (
            "routing.max_legs=3",
            "with max_legs or without, stages-2026 decides alike",
        ),
        (
            "limits.voice_ai.to_per_minute=1",
            "no number has a Voice AI",
        ),
        ("limits.pool_class=regular", "no number is in a pool"),
        (
            "backend.timeout=3s",
            "the modelled latency never reaches it",
        ),
        (
            "backend.url=http://127.0.0.1:1/",
            "the back end is in process",
        ),
        ("duration=1h", "it already had this value"),
        ("seed=1", "it already had this value"),
        (
            "accounts.*.user.*.available=true",
            "2 of 2 already had this value",
        ),
        (
            "accounts.*.name=Acme",
            "it is shown or sent, and decides nothing",
        ),
        (
            "accounts.acme.number.*.hold_room=3",
            "no number has backup = \"hold\"",
        ),
        (
            "accounts.acme.allow_private_calls=false",
            "no caller is private",
        ),
        (
            "accounts.acme.user.ben.incoming_timeout=9s",
            "no number whose calls ring is assigned to them",
        ),
        (
            "accounts.acme.user.ben.ring_more_device=phone",
            "stages-2026 decides alike with and without it",
        ),
    ] {
        let key = set.split_once('=').unwrap().0;
        assert_eq!(
            warnings(&small(), &[set]),
            [format!("`{key}` had no effect: {reason}")],
            "{set}"
        );
    }
}

#[test]
fn a_value_that_changes_something_is_not_mentioned() {
    for set in [
        "people.answer.web.reach=0.5",
        "people.patience=infinite",
        "routing.ring_timeout=20s",
        "limits.regular.to_per_minute=1",
        "limits.preset=none",
        "accounts.acme.incoming_timeout=20s",
        "accounts.acme.user.ann.incoming_timeout=20s",
        "accounts.acme.user.ann.available=false",
        "accounts.acme.number.*.forward_to=+15555550123",
        "accounts.acme.business_phone=+15555550190",
        "accounts.acme.user.ann.hours=Mon-Fri 09:00-17:00",
        "policy=strict-both",
        "duration=2h",
    ] {
        assert_eq!(warnings(&small(), &[set]), [""; 0], "{set}");
    }
}

#[test]
fn users_who_set_their_own_are_counted() {
    let own = ACCOUNTS.replace(
        "web_app = true",
        "web_app = true\nincoming_timeout = \"9s\"",
    );
    let files = small().with("s/accounts.toml", own);
    assert_eq!(
        warnings(&files, &["accounts.*.incoming_timeout=20s"]),
        ["`accounts.*.incoming_timeout` had no effect: 1 of 1 users set their own"]
    );
    assert_eq!(
        warnings(
            &small(),
            &["routing.ring_timeout=9s", "accounts.*.incoming_timeout=20s"]
        ),
        [
            "`accounts.*.incoming_timeout` had no effect: [routing] ring_timeout overrides the lookup"
        ]
    );
}

#[test]
fn a_key_of_the_file_is_mentioned_when_it_differs_from_its_default() {
    let text = "people.answer.desk = { reach = 0.5, dnd = 0.1 }\npeople.hold_patience = { lognormal = \
        { median = \"348s\", sigma = 1.85 } }\nbackend.url = \"http://127.0.0.1:1/\"\n\
        limits = { preset = \"none\", window = \"gcra\", double_hit = 2 }\n";
    assert_eq!(
        warnings(&with_scenario(&format!("{text}{SCENARIO}")), &[]),
        [
            "`people.answer.desk.reach`, `people.answer.desk.dnd` have no effect: no user has a desk phone",
            "`backend.url` has no effect: the back end is in process",
            "`limits.window`, `limits.double_hit` have no effect: preset is \"none\"",
        ]
    );
}

#[test]
fn an_accounts_file_alone_has_its_own_probe() {
    let files = Memory::default().with("a.toml", ACCOUNTS);
    let warnings = |set: &[&str]| {
        let set: Vec<_> = set
            .iter()
            .map(|text| parse_override("--set", text).unwrap())
            .collect();
        let file = read_accounts(Path::new("a.toml"), &files, &set);
        let file = file.unwrap_or_else(|problems| panic!("{problems}"));
        (
            file.routing.max_legs,
            file.warnings
                .into_iter()
                .map(|it| it.message)
                .collect::<Vec<_>>(),
        )
    };
    let (legs, said) = warnings(&["routing.max_legs=3", "accounts.acme.prefer=number-owner"]);
    assert_eq!((legs, said.len()), (3, 1), "{said:?}");
    assert!(
        warnings(&["accounts.acme.prefer=contact-owner"])
            .1
            .is_empty()
    );
    let bad = [parse_override("--set", "duration=4h").unwrap()];
    let printed = read_accounts(Path::new("a.toml"), &files, &bad)
        .err()
        .unwrap()
        .to_string();
    assert!(printed.contains("unknown key `duration`"), "{printed}");
}

#[test]
fn a_flag_of_its_own_may_say_what_holds_anyway() {
    let options = crate::Options {
        overrides: vec![crate::Override::of("--seed", "seed", "1")],
        gates: Vec::new(),
        metrics: &super::metrics,
    };
    let scenario = crate::read_scenario(Path::new("s/scenario.toml"), &small(), &options);
    assert!(scenario.is_ok_and(|it| it.seed == 1 && it.warnings.is_empty()));
}

#[test]
fn what_switches_redials_off_is_not_without_effect() {
    let people = "\n[people]\nredial = { share = 0.6, delay = { constant = \"1min\" } }\n\
        text_back = { share = 0.2, delay = { constant = \"1min\" } }\n";
    let files = with_scenario(&format!("{SCENARIO}{people}"));
    for set in [
        "people.redial.share=0",
        "people.redial.max=0",
        "people.text_back.share=0",
    ] {
        let said = warnings(&files, &[set]);
        let about_it: Vec<_> = said.iter().filter(|it| it.contains("had no")).collect();
        assert!(about_it.is_empty(), "{set}: {said:?}");
    }
    let both = ["people.redial.share=0", "people.redial.keep=0.5"];
    let said = warnings(&files, &both);
    let wanted = "`people.redial.keep` had no effect: nobody redials: share or max is 0";
    assert!(said.iter().any(|it| it == wanted), "{said:?}");
}
