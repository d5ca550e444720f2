//! domain.md section 3: the failure modes that show in a decision.
//!
//! The others happen in a run (3.4, 3.5, 3.7, 3.9, 3.10, 3.16, 3.17), at admission (3.12) or on
//! the wire (3.13).

use routing::params::{AvailabilityGate, WhisperAt};

use crate::office::{Caller, Office, hours};

#[test]
fn mode_3_1_a_broken_whisper_drops_at_the_webhook_or_is_left_to_the_answer() {
    let office = Office::new()
        .forward()
        .number(|it| it.whisper = Some("{{ gone }}".into()));
    office.expect_all(Caller::Stranger, "drop/whisper-fault");
    let decision = office.decide("stages-2026", Caller::Stranger);
    assert!(decision.stages.is_empty());
    assert_eq!(decision.rule.name(), "whisper-fault");
    let later = office.params(|it| it.whisper_fault = WhisperAt::OnAnswer);
    later.expect_all(Caller::Stranger, "F");
}

#[test]
fn mode_3_1_a_pools_phone_leg_plays_the_whisper_too() {
    let office = Office::new().forward().number(|it| {
        it.pool = Some("adwords".into());
        it.whisper = Some("{{custom_values.promo}}".into());
    });
    office.expect_all(Caller::Stranger, "drop/whisper-fault");
    let defined = office.account(|it| {
        it.custom_values.insert("promo".into(), "Spring".into());
    });
    defined.expect_all(Caller::Stranger, "F");
}

#[test]
fn mode_3_1_the_cap_may_leave_no_phone_leg_to_whisper_on() {
    let office = Office::new().user("ann", "WMU").owner("ann");
    let office = office.number(|it| it.whisper = Some("{{ gone }}".into()));
    office.expect(&["stages-2026"], Caller::Stranger, "drop/whisper-fault");
    let capped = office.params(|it| it.max_legs = 2);
    capped.expect(&["stages-2026"], Caller::Stranger, "W(ann)+M(ann)");
}

#[test]
fn mode_3_6_a_leg_outside_the_countries_stays_in_the_decision() {
    let office = Office::new()
        .forward()
        .account(|it| it.countries = Some(vec!["DE".into()]));
    office.expect_all(Caller::Stranger, "F");
}

#[test]
fn mode_3_8_all_devices_offline_depends_on_the_gate() {
    let office = Office::new()
        .user("ben", "W")
        .user("ann", "WM")
        .owner("ann")
        .lead(Some("ben"));
    let office = office
        .who(|ann| ann.hours = Some(hours("Mon-Fri 09:00-17:00")))
        .at(5, 12);
    office.expect(
        &["priority-2025", "tree-owner-first"],
        Caller::Lead,
        "W(ben)",
    );
    office.expect(&["stages-2026"], Caller::Lead, "voicemail/default");
    let listed = office.params(|it| it.availability_gate = AvailabilityGate::ConfigOnly);
    let rings_nobody = [
        "stages-2026",
        "table-2024",
        "priority-2025",
        "tree-owner-first",
    ];
    listed.expect(&rings_nobody, Caller::Lead, "W(ann)+M(ann)");
}

#[test]
fn mode_3_8_an_extra_user_who_is_logged_out_is_left_out_but_a_phone_stays() {
    let office = Office::new()
        .user("ann", "W")
        .user("ben", "U")
        .ring_more(&["ann", "ben"]);
    let office = office.account(|it| {
        for user in &mut it.users {
            user.available = false;
        }
    });
    office.expect(
        &["stages-2026", "priority-2025"],
        Caller::Stranger,
        "R(ben)",
    );
}

/// The same phone under two roles is open in the documents: users are struck out twice, phones
/// are not.
#[test]
fn mode_3_15_one_user_is_rung_once_but_one_phone_may_ring_in_two_roles() {
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .owner("ann")
        .ring_more(&["ben"]);
    let office = office.account(|it| it.users[1].phone = it.users[0].phone);
    office.expect(&["stages-2026"], Caller::Stranger, "U(ann)+R(ben)");
}

#[test]
fn mode_3_18_legs_above_the_cap_are_reported_and_do_not_ring() {
    let office = Office::new()
        .user("ann", "WMSU")
        .user("ben", "W")
        .user("eve", "U")
        .owner("ann");
    let office = office
        .ring_more(&["ben", "eve"])
        .params(|it| it.max_legs = 4);
    office.expect(
        &["stages-2026"],
        Caller::Stranger,
        "W(ann)+M(ann)+S(ann)+U(ann)",
    );
    let decision = office.decide("stages-2026", Caller::Stranger);
    let cut: Vec<_> = decision
        .truncated
        .iter()
        .map(|leg| leg.device().name())
        .collect();
    assert_eq!(cut, ["web", "phone"]);
}

#[test]
fn mode_3_18_a_cap_of_ten_holds_the_largest_stage_there_is() {
    let ids = ["ann", "u1", "u2", "u3", "u4", "u5", "u6"];
    let office = ids
        .iter()
        .fold(Office::new(), |office, id| office.user(id, "WMSU"))
        .owner("ann");
    let decision = office
        .ring_more(&ids[1..])
        .decide("stages-2026", Caller::Stranger);
    assert_eq!((decision.legs().count(), decision.truncated.len()), (10, 0));
}
