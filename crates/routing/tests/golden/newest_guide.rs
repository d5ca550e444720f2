//! domain.md 1.5: the newest description (H2a, H2b), which `stages-2026` follows.
//!
//! Not here because they happen in a run, not in a decision: the first answer ends all other
//! legs, one extra user who declines does not stop the others, and the cut after two hours.

use routing::Nanos;
use routing::account::{Backup, Prefer, VoiceAi};
use routing::params::{OwnerFallthrough, RoutingParams};

use crate::office::{Caller, Office, hours};

const NEWEST: [&str; 1] = ["stages-2026"];

fn office() -> Office {
    Office::new()
        .user("ann", "WM")
        .user("ben", "M")
        .owner("ann")
        .forward()
        .ring_more(&["ben"])
}

#[test]
fn stage_one_an_ivr_or_a_direct_voice_ai_ends_processing() {
    office()
        .number(|it| it.ivr = true)
        .expect_all(Caller::Stranger, "ivr");
    let direct = office().number(|it| it.voice_ai = VoiceAi::Direct);
    direct.expect_all(Caller::Stranger, "voice-ai");
    direct
        .number(|it| it.ivr = true)
        .expect_all(Caller::Stranger, "ivr");
}

#[test]
fn stage_two_devices_one_phone_and_extra_users_ring_in_one_dial() {
    let decision = office().decide("stages-2026", Caller::Stranger);
    assert_eq!(decision.stages.len(), 1);
    office().expect(&NEWEST, Caller::Stranger, "W(ann)+M(ann)+F+M(ben)");
}

#[test]
fn stage_three_a_backup_voice_ai_comes_before_the_backup() {
    let office = office().number(|it| {
        it.voice_ai = VoiceAi::Backup;
        it.voice_ai_hours = Some(hours("Mon-Fri 18:00-08:00"));
        it.backup = Backup::Voicemail;
    });
    assert_eq!(
        office
            .clone()
            .at(1, 20)
            .ends("stages-2026", Caller::Stranger),
        "voice-ai"
    );
    assert_eq!(
        office.at(1, 12).ends("stages-2026", Caller::Stranger),
        "voicemail/default"
    );
}

#[test]
fn each_backup_has_its_ending() {
    for (backup, end) in [
        (Backup::Voicemail, "voicemail/default"),
        (Backup::VoiceAi, "voice-ai"),
        (Backup::Hold, "hold"),
        (Backup::None, "hang-up"),
    ] {
        let with_legs = office().number(|it| it.backup = backup);
        for entry in routing::policy::POLICIES {
            assert_eq!(
                with_legs.ends(entry.name, Caller::Stranger),
                end,
                "{}",
                entry.name
            );
        }
        let empty = Office::new().number(|it| it.backup = backup);
        empty.expect(&NEWEST, Caller::Stranger, end);
        assert_eq!(empty.rule("stages-2026", Caller::Stranger), "backup");
    }
}

#[test]
fn a_voice_ai_that_answers_directly_does_so_within_its_hours() {
    let office = office().number(|it| {
        it.voice_ai = VoiceAi::Direct;
        it.voice_ai_hours = Some(hours("Sat,Sun 00:00-24:00"));
    });
    office
        .clone()
        .at(6, 3)
        .expect_all(Caller::Stranger, "voice-ai");
    office
        .at(0, 3)
        .expect(&NEWEST, Caller::Stranger, "W(ann)+M(ann)+F+M(ben)");
}

#[test]
fn the_preferred_owner_is_the_contacts_or_the_numbers() {
    let office = office().lead(Some("ben")).ring_more(&[]);
    office.expect(&NEWEST, Caller::Lead, "W(ann)+M(ann)+F");
    let office = office.account(|it| it.prefer = Prefer::ContactOwner);
    office.expect(&NEWEST, Caller::Lead, "M(ben)+F");
}

#[test]
fn an_absent_preferred_owner_falls_to_the_other_or_to_none() {
    let office = office()
        .account(|it| it.prefer = Prefer::ContactOwner)
        .ring_more(&[]);
    office.expect(&NEWEST, Caller::Stranger, "W(ann)+M(ann)+F");
    let office = office.params(|it| it.owner_fallthrough = OwnerFallthrough::NextLayer);
    office.expect(&NEWEST, Caller::Stranger, "F");
    assert_eq!(office.rule("stages-2026", Caller::Stranger), "forwarding");
    // The table knows no next layer.
    office.expect(&["table-2024"], Caller::Stranger, "W(ann)+M(ann)+F");
}

#[test]
fn an_owner_without_legs_is_still_the_owner() {
    let office = Office::new()
        .user("ann", "W")
        .user("ben", "U")
        .owner("ben")
        .lead(Some("ann"));
    let office = office.who(|ben| ben.phone = None);
    office.expect(&NEWEST, Caller::Lead, "voicemail/default");
}

#[test]
fn calls_are_cut_at_two_hours_by_default() {
    assert_eq!(RoutingParams::default().max_call, Nanos(2 * Nanos::HOUR.0));
}
