//! domain.md 1.3: the questions and answers of the article of 2024, by their number there.

use routing::account::Prefer;
use routing::policy::really_rings;

use crate::office::{Caller, Office, secs};

const PREFERENCE: [&str; 2] = ["stages-2026", "table-2024"];

#[test]
fn fact_1_the_number_owner_beats_the_contact_owner() {
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .owner("ben")
        .lead(Some("ann"));
    let policies = [
        "stages-2026",
        "table-2024",
        "priority-2025",
        "tree-owner-first",
    ];
    office.expect(&policies, Caller::Lead, "U(ben)");
    assert_eq!(office.rule("table-2024", Caller::Lead), "number-owner");
}

#[test]
fn fact_2_a_number_owner_without_a_phone_falls_to_the_forwarding_number() {
    let office = Office::new()
        .user("ann", "")
        .owner("ann")
        .forward()
        .business();
    office.expect_all(Caller::Stranger, "F");
    assert_eq!(office.rule("table-2024", Caller::Stranger), "forwarding");
}

#[test]
fn fact_3_a_setting_says_which_owner_is_asked_first() {
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .owner("ben")
        .lead(Some("ann"));
    office.expect(&PREFERENCE, Caller::Lead, "U(ben)");
    let office = office.account(|account| account.prefer = Prefer::ContactOwner);
    office.expect(&PREFERENCE, Caller::Lead, "U(ann)");
    office.expect(&PREFERENCE, Caller::Stranger, "U(ben)");
    assert_eq!(office.rule("stages-2026", Caller::Lead), "contact-owner");
}

#[test]
fn fact_4_the_business_phone_is_used_when_neither_forwarding_nor_user_phone_is_set() {
    let office = Office::new().user("ann", "W").owner("ann").business();
    office.expect(&PREFERENCE, Caller::Stranger, "W(ann)+B");
    office
        .clone()
        .forward()
        .expect(&PREFERENCE, Caller::Stranger, "W(ann)+F");
    let off = office.account(|account| account.forward_to_business_phone = false);
    off.expect(&PREFERENCE, Caller::Stranger, "W(ann)");
}

/// S0 FAQ 6, in the same paragraph.
#[test]
fn fact_4_a_call_without_user_and_forwarding_goes_to_the_business_phone() {
    Office::new().business().expect_all(Caller::Stranger, "B");
    assert_eq!(
        Office::new()
            .business()
            .rule("table-2024", Caller::Stranger),
        "business-phone"
    );
}

#[test]
fn fact_5_no_target_is_a_drop_but_apps_of_the_assigned_user_still_ring() {
    let office = Office::new().user("ann", "");
    office.expect(&["table-2024"], Caller::Stranger, "drop/no-destination");
    let office = Office::new().user("ann", "WM").owner("ann");
    office.expect(&["table-2024"], Caller::Stranger, "W(ann)+M(ann)");
}

/// The decision keeps the 1 s; two or three rings come of the 5 s clamp and the 5 s buffer (3.4).
#[test]
fn fact_6_one_second_to_voicemail_still_rings_two_or_three_times() {
    let office = Office::new().user("ann", "U").owner("ann");
    let office = office.number(|number| number.incoming_timeout = Some(secs(1)));
    assert_eq!(office.ring("table-2024", Caller::Stranger), secs(1));
    assert_eq!(
        office.ends("table-2024", Caller::Stranger),
        "voicemail/default"
    );
    assert_eq!(really_rings(secs(1), secs(5)), secs(10));
}

#[test]
fn fact_7_a_number_assigned_to_a_user_always_rings_that_users_phone() {
    let office = Office::new()
        .user("desk", "U")
        .user("ann", "U")
        .owner("desk")
        .lead(Some("ann"));
    for caller in [Caller::Lead, Caller::Stranger, Caller::Private] {
        office.expect(&["table-2024"], caller, "U(desk)");
    }
}

#[test]
fn fact_8_a_broken_whisper_or_no_voice_capability_disconnects_at_once() {
    let office = Office::new().forward();
    let broken = "Call from {{custom_values.gone}}";
    office
        .clone()
        .number(|number| number.whisper = Some(broken.into()))
        .expect_all(Caller::Stranger, "drop/whisper-fault");
    office
        .number(|number| number.voice_capable = false)
        .expect_all(Caller::Stranger, "drop/not-voice-capable");
}

#[test]
fn fact_9_the_layers_look_at_the_lead_alone() {
    let office = Office::new()
        .user("ann", "WU")
        .user("ben", "WU")
        .owner("ben")
        .business();
    let layers = ["layers-legacy"];
    office.clone().lead(None).expect(&layers, Caller::Lead, "B");
    office
        .clone()
        .lead(None)
        .forward()
        .expect(&layers, Caller::Lead, "F");
    office
        .lead(Some("ann"))
        .forward()
        .expect(&layers, Caller::Lead, "U(ann)");
}
