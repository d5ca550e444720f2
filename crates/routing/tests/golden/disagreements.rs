//! domain.md 1.9: where documents disagree, the policy or parameter that takes each side.
//!
//! Not expressed in a decision: D10 (how long a ring time should be is advice; the lint flags
//! some of it), D14 (block duration: `[limits] block_until`), D15 (a user here belongs to one
//! sub-account and is logged in or not; which sub-account is active on a telephone is not in the
//! accounts model).

use routing::Nanos;
use routing::account::{Prefer, VoiceAi};
use routing::params::{EmptyTargets, RoutingParams};

use crate::office::{Caller, Office};

const ALL_BUT_STRICT: [&str; 5] = [
    "stages-2026",
    "table-2024",
    "priority-2025",
    "tree-owner-first",
    "layers-legacy",
];

#[test]
fn d1_number_owner_or_contact_owner() {
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .owner("ben")
        .lead(Some("ann"));
    let number_first = [
        "stages-2026",
        "table-2024",
        "priority-2025",
        "tree-owner-first",
    ];
    office.expect(&number_first, Caller::Lead, "U(ben)");
    office.expect(&["layers-legacy"], Caller::Lead, "U(ann)");
    office.expect(&["strict-both"], Caller::Lead, "U(ben)");
    let unknown = office.clone().forward();
    unknown.expect(&["strict-both", "layers-legacy"], Caller::Stranger, "F");
    let toggled = office
        .clone()
        .account(|it| it.prefer = Prefer::ContactOwner);
    toggled.expect(&["stages-2026", "table-2024"], Caller::Lead, "U(ann)");
    // The toggle is of those two; V1 has an option of its own.
    toggled.expect(
        &["priority-2025", "tree-owner-first"],
        Caller::Lead,
        "U(ben)",
    );
    let v1 = office.params(|it| it.contact_first = true);
    v1.expect(&["tree-owner-first"], Caller::Lead, "U(ann)");
    v1.expect(&["tree-owner-first"], Caller::Stranger, "U(ben)");
}

#[test]
fn d2_parallel_or_single_destination() {
    let office = Office::new()
        .user("ann", "W")
        .user("eve", "M")
        .owner("ann")
        .forward();
    let office = office.ring_more(&["eve"]);
    office.expect(&["stages-2026"], Caller::Stranger, "W(ann)+F+M(eve)");
    office.expect(&["table-2024"], Caller::Stranger, "W(ann)+F");
    office.expect(&["priority-2025"], Caller::Stranger, "W(ann)");
}

#[test]
fn d3_no_target_drops_or_goes_to_the_backup() {
    let drops = [
        "table-2024",
        "tree-owner-first",
        "strict-both",
        "layers-legacy",
    ];
    let backs_up = ["stages-2026", "priority-2025"];
    Office::new().expect(&drops, Caller::Stranger, "drop/no-destination");
    Office::new().expect(&backs_up, Caller::Stranger, "voicemail/default");
    let office = Office::new().params(|it| it.empty_targets = EmptyTargets::Drop);
    office.expect_all(Caller::Stranger, "drop/no-destination");
    assert_eq!(
        office.rule("stages-2026", Caller::Stranger),
        "empty-targets"
    );
    let office = Office::new().params(|it| it.empty_targets = EmptyTargets::Backup);
    office.expect_all(Caller::Stranger, "voicemail/default");
}

#[test]
fn d4_forwarding_in_the_phone_slot_or_only_without_owner_or_after_the_extra_users() {
    let office = Office::new().user("ann", "W").user("eve", "W").forward();
    let owned = office.clone().owner("ann");
    owned.expect(&["stages-2026", "table-2024"], Caller::Stranger, "W(ann)+F");
    owned.expect(
        &["tree-owner-first", "priority-2025"],
        Caller::Stranger,
        "W(ann)",
    );
    office.expect(&["tree-owner-first"], Caller::Stranger, "F");
    let more = office.ring_more(&["eve"]);
    more.expect(&["priority-2025"], Caller::Stranger, "W(eve)");
    more.number(|it| it.ring_more.clear())
        .expect(&["priority-2025"], Caller::Stranger, "F");
}

#[test]
fn d5_lead_assigned_and_number_not() {
    let office = Office::new().user("ann", "U").lead(Some("ann")).forward();
    office.expect(&ALL_BUT_STRICT, Caller::Lead, "U(ann)");
    office.expect(&["strict-both"], Caller::Lead, "F");
}

#[test]
fn d6_one_primary_and_six_extra_users_are_seven() {
    let ids = ["ann", "u1", "u2", "u3", "u4", "u5", "u6"];
    let office = ids
        .iter()
        .fold(Office::new(), |office, id| office.user(id, "W"))
        .owner("ann");
    let office = office.ring_more(&ids[1..]);
    let legs = office
        .decide("stages-2026", Caller::Stranger)
        .legs()
        .count();
    assert_eq!(legs, 7);
    let eight = ids.map(Into::into).to_vec();
    let office = office.number(|it| it.ring_more = eight);
    let mut builder = routing::account::AccountsBuilder::new();
    assert!(
        builder.push(&office.account).is_err(),
        "seven extra users are refused"
    );
}

#[test]
fn d7_extra_users_have_a_rank_of_their_own_or_join_the_route() {
    let office = Office::new()
        .user("ann", "U")
        .user("eve", "W")
        .forward()
        .ring_more(&["eve"]);
    office.expect(&["priority-2025"], Caller::Stranger, "W(eve)");
    office.expect(&["stages-2026"], Caller::Stranger, "F+W(eve)");
    let owned = office.owner("ann");
    owned.expect(&["priority-2025"], Caller::Stranger, "U(ann)");
    owned.expect(&["stages-2026"], Caller::Stranger, "U(ann)+W(eve)");
}

/// Implied by forwarding or default number (H15): the mode has to be written, see
/// `ivr_and_voice_ai.rs`.
#[test]
fn d8_voice_ai_third_or_by_its_mode() {
    let direct = Office::new()
        .forward()
        .number(|it| it.voice_ai = VoiceAi::Direct);
    direct.expect_all(Caller::Stranger, "voice-ai");
    let third = direct.params(|it| it.ai_rank = 3);
    third.expect(&["priority-2025"], Caller::Stranger, "F");
    third.expect(&["stages-2026"], Caller::Stranger, "voice-ai");
    let backup = Office::new()
        .forward()
        .number(|it| it.voice_ai = VoiceAi::Backup);
    backup.expect_all(Caller::Stranger, "F");
    assert_eq!(backup.ends("stages-2026", Caller::Stranger), "voice-ai");
}

/// The cut itself happens in a run; each side is a value of the parameter.
#[test]
fn d9_the_longest_call_is_a_parameter_with_two_hours() {
    let four = RoutingParams {
        max_call: Nanos(4 * Nanos::HOUR.0),
        ..Default::default()
    };
    assert_eq!(RoutingParams::default().max_call, Nanos(2 * Nanos::HOUR.0));
    assert_ne!(four, RoutingParams::default());
}

#[test]
fn d11_apps_ring_in_the_newer_policies_alone() {
    let office = Office::new()
        .user("ann", "WMS")
        .owner("ann")
        .lead(Some("ann"))
        .forward();
    office.expect(&["strict-both", "layers-legacy"], Caller::Lead, "F");
    office.expect(
        &["stages-2026", "table-2024"],
        Caller::Lead,
        "W(ann)+M(ann)+S(ann)+F",
    );
    office.expect(
        &["priority-2025", "tree-owner-first"],
        Caller::Lead,
        "W(ann)+M(ann)+S(ann)",
    );
}

#[test]
fn d12_the_business_phone_is_a_last_resort_or_off() {
    Office::new().business().expect_all(Caller::Stranger, "B");
    let off = Office::new()
        .business()
        .account(|it| it.forward_to_business_phone = false);
    off.expect(
        &["stages-2026", "priority-2025"],
        Caller::Stranger,
        "voicemail/default",
    );
    let drops = [
        "table-2024",
        "tree-owner-first",
        "strict-both",
        "layers-legacy",
    ];
    off.expect(&drops, Caller::Stranger, "drop/no-destination");
}

#[test]
fn d13_a_whisper_plays_on_phone_legs_alone() {
    let office = Office::new().user("ann", "WMS").owner("ann");
    let office = office.number(|it| it.whisper = Some("{{nobody.knows}}".into()));
    office.expect(&["stages-2026"], Caller::Stranger, "W(ann)+M(ann)+S(ann)");
    office
        .forward()
        .expect(&["stages-2026"], Caller::Stranger, "drop/whisper-fault");
}
