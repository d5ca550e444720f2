//! domain.md 1.7: ring times and greetings (H3, H4, V4).
//!
//! The guide values (20 s, 1-4 s, 60 s, below 20 s, 10-20 s) are advice about the race against
//! carrier voicemail; no decision depends on them. The lint has them: see `findings.rs`.

use crate::office::{Caller, Office, secs};

#[track_caller]
fn expect_ring(office: &Office, ring_s: u64) {
    for entry in routing::policy::POLICIES {
        assert_eq!(
            office.ring(entry.name, Caller::Lead),
            secs(ring_s),
            "{}",
            entry.name
        );
    }
}

/// Every policy rings F for a lead whose owner has no device.
fn office() -> Office {
    Office::new().user("ann", "").user("ben", "").forward()
}

#[test]
fn a_ring_time_that_nobody_set_is_60_seconds() {
    expect_ring(&office(), 60);
}

#[test]
fn the_lookup_is_user_of_the_called_number_then_number_then_company() {
    let office = office().account(|it| it.incoming_timeout = Some(secs(30)));
    expect_ring(&office, 30);
    let office = office.number(|it| it.incoming_timeout = Some(secs(25)));
    expect_ring(&office, 25);
    let office = office.who(|ben| ben.incoming_timeout = Some(secs(15)));
    expect_ring(&office, 25);
    expect_ring(&office.owner("ben"), 15);
}

#[test]
fn the_lookup_is_independent_of_the_rule_that_routed() {
    let office = office()
        .who(|ben| ben.incoming_timeout = Some(secs(15)))
        .lead(Some("ben"));
    // The lead's owner rings or not: it is not the called number's user.
    expect_ring(&office, 60);
    let rung = Office::new().user("ben", "U").lead(Some("ben"));
    let rung = rung.who(|ben| ben.incoming_timeout = Some(secs(15)));
    rung.expect(&["stages-2026"], Caller::Lead, "U(ben)");
    assert_eq!(rung.ring("stages-2026", Caller::Lead), secs(60));
}

#[test]
fn a_what_if_overrides_the_lookup() {
    let office = office().account(|it| it.incoming_timeout = Some(secs(30)));
    expect_ring(&office.params(|it| it.ring_timeout = Some(secs(7))), 7);
}

#[track_caller]
fn expect_greeting(office: &Office, end: &str) {
    for entry in routing::policy::POLICIES {
        assert_eq!(office.ends(entry.name, Caller::Lead), end, "{}", entry.name);
    }
}

#[test]
fn the_users_greeting_plays_when_number_or_contact_is_assigned() {
    let office = office().account(|it| it.voicemail_greeting = true);
    let office = office.who(|ben| ben.voicemail_greeting = true);
    expect_greeting(&office.clone().owner("ben"), "voicemail/user");
    expect_greeting(&office.clone().lead(Some("ben")), "voicemail/user");
    expect_greeting(&office.clone().lead(None), "voicemail/company");
    expect_greeting(&office, "voicemail/company");
}

#[test]
fn the_number_owner_comes_before_the_contact_owner_for_the_greeting() {
    let office = office().account(|it| it.voicemail_greeting = true);
    let office = office.who(|ben| ben.voicemail_greeting = true);
    expect_greeting(&office.owner("ann").lead(Some("ben")), "voicemail/company");
}

#[test]
fn a_missing_user_file_plays_the_business_file_after_the_users_timeout() {
    let office = office().account(|it| it.voicemail_greeting = true);
    let office = office
        .who(|ben| ben.incoming_timeout = Some(secs(15)))
        .owner("ben");
    expect_greeting(&office, "voicemail/company");
    expect_ring(&office, 15);
}

#[test]
fn no_file_anywhere_plays_the_stock_prompt() {
    expect_greeting(&office().owner("ann"), "voicemail/default");
}

#[test]
fn only_a_voicemail_has_a_greeting() {
    let office = office().number(|it| it.backup = routing::account::Backup::Hold);
    expect_greeting(&office, "hold");
}

#[test]
fn without_a_target_voicemail_cannot_play_in_the_older_policies() {
    let office = Office::new().account(|it| it.voicemail_greeting = true);
    let older = [
        "table-2024",
        "tree-owner-first",
        "strict-both",
        "layers-legacy",
    ];
    office.expect(&older, Caller::Lead, "drop/no-destination");
}
