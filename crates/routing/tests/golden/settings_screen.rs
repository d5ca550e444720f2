//! domain.md 1.4: the settings screen (H1a, H1b), which `priority-2025` follows.

use routing::account::{Backup, VoiceAi};

use crate::office::{Caller, Office, hours, secs};

const SCREEN: [&str; 1] = ["priority-2025"];

#[test]
fn all_ring_options_of_the_team_member_ring_together() {
    let office = Office::new()
        .user("ann", "WMSU")
        .owner("ann")
        .forward()
        .business();
    office.expect(&SCREEN, Caller::Stranger, "W(ann)+M(ann)+S(ann)+U(ann)");
}

#[test]
fn an_ivr_disables_every_other_option() {
    let office = Office::new()
        .user("ann", "WU")
        .owner("ann")
        .forward()
        .ring_more(&["ann"]);
    let office = office.number(|number| {
        number.ivr = true;
        number.voice_ai = VoiceAi::Direct;
        number.pool = Some("adwords".into());
    });
    office.expect_all(Caller::Stranger, "ivr");
}

#[test]
fn team_member_first_external_number_second_voice_ai_third() {
    let ranked = Office::new()
        .user("ann", "W")
        .business()
        .number(|number| number.voice_ai = VoiceAi::Direct)
        .params(|params| params.ai_rank = 3);
    ranked
        .clone()
        .owner("ann")
        .forward()
        .expect(&SCREEN, Caller::Stranger, "W(ann)");
    ranked
        .clone()
        .forward()
        .expect(&SCREEN, Caller::Stranger, "F");
    ranked.expect(&SCREEN, Caller::Stranger, "voice-ai");
    assert_eq!(
        ranked.rule("priority-2025", Caller::Stranger),
        "voice-ai-direct"
    );
    // The rank is that policy's alone: in the others a direct Voice AI stays before all.
    ranked.forward().expect(
        &["stages-2026", "tree-owner-first"],
        Caller::Stranger,
        "voice-ai",
    );
}

#[test]
fn a_ranked_voice_ai_outside_its_hours_is_passed_over() {
    let office = Office::new()
        .business()
        .number(|number| {
            number.voice_ai = VoiceAi::Direct;
            number.voice_ai_hours = Some(hours("Mon-Sun 18:00-08:00"));
        })
        .params(|params| params.ai_rank = 3);
    office
        .clone()
        .at(2, 12)
        .expect(&SCREEN, Caller::Stranger, "B");
    office
        .at(2, 20)
        .expect(&SCREEN, Caller::Stranger, "voice-ai");
}

/// It is advice: the values are still saved, so no decision depends on the band.
#[test]
fn a_ring_time_outside_the_recommended_band_is_taken_as_it_is() {
    for set in [1, 14, 20, 45, 900] {
        let office = Office::new().forward();
        let office = office.number(|number| number.incoming_timeout = Some(secs(set)));
        assert_eq!(office.ring("priority-2025", Caller::Stranger), secs(set));
    }
}

#[test]
fn after_the_timeout_comes_the_voice_ai_or_voicemail() {
    let office = Office::new().forward();
    assert_eq!(
        office.ends("priority-2025", Caller::Stranger),
        "voicemail/default"
    );
    let office = office.number(|number| number.backup = Backup::VoiceAi);
    assert_eq!(office.ends("priority-2025", Caller::Stranger), "voice-ai");
}

#[test]
fn the_order_is_number_owner_contact_owner_extra_users_forwarding() {
    let screen = |office: &Office, rings| office.expect(&SCREEN, Caller::Lead, rings);
    let all = Office::new()
        .user("ann", "W")
        .user("ben", "U")
        .user("eve", "M")
        .forward()
        .business();
    screen(
        &all.clone()
            .owner("ann")
            .lead(Some("ben"))
            .ring_more(&["eve"]),
        "W(ann)",
    );
    screen(&all.clone().lead(Some("ben")).ring_more(&["eve"]), "U(ben)");
    screen(
        &all.clone().lead(None).ring_more(&["eve", "ben"]),
        "M(eve)+R(ben)",
    );
    screen(&all, "F");
    screen(&Office::new().business(), "B");
    screen(&Office::new(), "voicemail/default");
}

#[test]
fn a_first_priority_user_who_is_not_logged_in_and_has_no_phone_is_passed_over() {
    let office = Office::new()
        .user("ben", "W")
        .user("ann", "WM")
        .owner("ann")
        .lead(Some("ben"));
    office.expect(&SCREEN, Caller::Lead, "W(ann)+M(ann)");
    let office = office.who(|ann| ann.available = false);
    office.expect(&SCREEN, Caller::Lead, "W(ben)");
    office
        .clone()
        .forward()
        .expect(&SCREEN, Caller::Stranger, "F");
    assert_eq!(office.rule("priority-2025", Caller::Lead), "contact-owner");
}

#[test]
fn a_first_priority_user_who_is_not_logged_in_still_rings_on_the_phone() {
    let office = Office::new().user("ann", "WU").owner("ann").forward();
    office
        .who(|ann| ann.available = false)
        .expect(&SCREEN, Caller::Stranger, "U(ann)");
}

#[test]
fn private_callers_reach_the_flow_only_where_they_are_allowed() {
    let office = Office::new().forward();
    office.expect_all(Caller::Private, "F");
    let office = office.account(|account| account.allow_private_calls = false);
    office.expect_all(Caller::Private, "reject/private-caller");
    office.expect_all(Caller::Stranger, "F");
}
