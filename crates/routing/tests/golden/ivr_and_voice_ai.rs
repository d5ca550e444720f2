//! domain.md 1.8: IVR, Voice AI by the older rules (H15), number pools (H12).
//!
//! Not expressed: what the workflow does (Connect Call, Gather, Record Voicemail) is not in a
//! decision, which ends with `ivr`; that a number is the location's default number, because the
//! accounts know no such number; the pool minimum of four, because nothing depends on it.

use routing::account::{Backup, Device, VoiceAi};

use crate::office::{Caller, Office, secs};

#[test]
fn an_ivr_path_never_ends_in_our_voicemail() {
    let office = Office::new().forward().number(|number| {
        number.ivr = true;
        number.backup = Backup::Voicemail;
    });
    let decision = office.decide("stages-2026", Caller::Stranger);
    assert!(decision.stages.is_empty() && decision.greeting.is_none());
    office.expect_all(Caller::Stranger, "ivr");
}

/// Vocabulary 1.1, H26: one channel, not always the ring-all one.
#[test]
fn an_ivr_connects_a_user_on_the_one_ivr_channel() {
    let office = Office::new()
        .user("ann", "WMU")
        .who(|ann| ann.ivr_device = Some(Device::Web));
    let accounts = office.accounts();
    let (_, ann) = accounts.users().next().unwrap();
    assert_eq!(ann.ivr_channel(), Some(Device::Web));
    assert_eq!(ann.ring_more_channel(), Some(Device::Mobile));
}

/// H15: without call forwarding the AI always answers.
#[test]
fn older_rule_without_forwarding_is_the_direct_mode() {
    let office = Office::new().number(|number| number.voice_ai = VoiceAi::Direct);
    office.expect_all(Caller::Stranger, "voice-ai");
}

/// H15: with forwarding, or on the default number, the AI takes missed calls only.
#[test]
fn older_rule_with_forwarding_is_the_backup_mode() {
    let office = Office::new()
        .forward()
        .number(|number| number.voice_ai = VoiceAi::Backup);
    office.expect_all(Caller::Stranger, "F");
    for entry in routing::policy::POLICIES {
        assert_eq!(
            office.ends(entry.name, Caller::Stranger),
            "voice-ai",
            "{}",
            entry.name
        );
    }
}

/// contract.md 3: `backup = "voice-ai"` equals `voice_ai = "backup"` without hours.
#[test]
fn a_backup_voice_ai_can_be_written_both_ways() {
    let one = Office::new()
        .forward()
        .number(|number| number.backup = Backup::VoiceAi);
    let other = Office::new()
        .forward()
        .number(|number| number.voice_ai = VoiceAi::Backup);
    for entry in routing::policy::POLICIES {
        let [one, other] = [&one, &other].map(|it| it.decide(entry.name, Caller::Stranger));
        assert!(one.agrees_with(&other), "{}", entry.name);
    }
}

fn pool() -> Office {
    Office::new()
        .user("ann", "WMU")
        .owner("ann")
        .ring_more(&["ann"])
        .business()
        .number(|number| number.pool = Some("adwords".into()))
}

#[test]
fn a_pool_number_goes_to_its_forwarding_number_alone() {
    pool().forward().expect_all(Caller::Stranger, "F");
    assert_eq!(
        pool().forward().rule("stages-2026", Caller::Stranger),
        "pool"
    );
    assert_eq!(
        pool().forward().ends("stages-2026", Caller::Stranger),
        "voicemail/default"
    );
    let set = pool()
        .forward()
        .number(|number| number.incoming_timeout = Some(secs(18)));
    assert_eq!(set.ring("layers-legacy", Caller::Stranger), secs(18));
}

#[test]
fn a_pool_number_without_forwarding_number_drops_whatever_the_parameter_says() {
    pool().expect_all(Caller::Stranger, "drop/no-destination");
    let office = pool().params(|it| it.empty_targets = routing::params::EmptyTargets::Backup);
    office.expect_all(Caller::Stranger, "drop/no-destination");
}

/// 155000005221: a Voice AI agent may be assigned a whole pool.
#[test]
fn a_voice_ai_takes_a_pools_calls_before_the_pool_forwards_them() {
    let office = pool()
        .forward()
        .number(|number| number.voice_ai = VoiceAi::Direct);
    office.expect_all(Caller::Stranger, "voice-ai");
    // A policy that ranks the Voice AI never comes to its ranks on a pool number.
    office
        .params(|it| it.ai_rank = 3)
        .expect(&["priority-2025"], Caller::Stranger, "F");
}
