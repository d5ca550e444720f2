//! Keys of a scenario that act on something that is not there.

use model::RandomTime;
use routing::account::Device;

use super::world::World;
use crate::backend::is_of_live;
use crate::scenario::Scenario;

/// A key (or the beginning of several, where it ends in a dot), when it does nothing, and why.
type Rule = (&'static str, fn(&Scenario, &World) -> bool, &'static str);

const NOBODY_REDIALS: &str = "nobody redials: share or max is 0";

const RULES: &[Rule] = &[
    (
        "people.answer.web.",
        |_, w| !w.web,
        "no user has the web app",
    ),
    (
        "people.answer.mobile.",
        |_, w| !w.mobile,
        "no user has the mobile app",
    ),
    (
        "people.answer.desk.",
        |_, w| !w.desk,
        "no user has a desk phone",
    ),
    (
        "people.answer.phone.",
        |_, w| !w.phone,
        "no phone number is ever rung",
    ),
    (
        "people.answer.phone.delay",
        |s, _| reach(s, Device::Phone) == 0.0,
        "reach is 0",
    ),
    (
        "people.answer.web.delay",
        |s, _| reach(s, Device::Web) == 0.0,
        "reach is 0",
    ),
    (
        "people.answer.mobile.delay",
        |s, _| reach(s, Device::Mobile) == 0.0,
        "reach is 0",
    ),
    (
        "people.answer.desk.delay",
        |s, _| reach(s, Device::Desk) == 0.0,
        "reach is 0",
    ),
    (
        "people.hold_patience",
        |_, w| !w.hold,
        "no number has backup = \"hold\"",
    ),
    (
        "people.connect_prompt",
        |_, w| !w.call_connect,
        "no number has call_connect",
    ),
    (
        "people.ai_talk",
        |_, w| !w.voice_ai,
        "no number has a Voice AI",
    ),
    (
        "people.voicemail.",
        |_, w| !w.voicemail,
        "no number leads to our voicemail",
    ),
    (
        "people.voicemail.length",
        |s, _| s.people.voicemail.message.get() == 0.0,
        "message is 0",
    ),
    (
        "people.redial.keep",
        |s, _| redials_once(s),
        "a caller redials once at most",
    ),
    // What switches something off is not itself without effect: hence the keys one by one.
    (
        "people.redial.share",
        |s, _| redial_max_is_0(s),
        "nobody redials: max is 0",
    ),
    (
        "people.redial.max",
        |s, _| redial_share_is_0(s),
        "nobody redials: share is 0",
    ),
    (
        "people.redial.keep",
        |s, _| redial_is_off(s),
        NOBODY_REDIALS,
    ),
    (
        "people.redial.delay",
        |s, _| redial_is_off(s),
        NOBODY_REDIALS,
    ),
    (
        "people.redial.after",
        |s, _| redial_is_off(s),
        NOBODY_REDIALS,
    ),
    (
        "people.text_back.delay",
        |s, _| text_back_is_off(s),
        "share is 0",
    ),
    (
        "routing.owner_fallthrough",
        |s, _| s.policy != "stages-2026",
        "only stages-2026 reads it",
    ),
    (
        "routing.ai_rank",
        |s, _| s.policy != "priority-2025",
        "only priority-2025 reads it",
    ),
    (
        "routing.ai_rank",
        |_, w| !w.direct_ai,
        "no number has voice_ai = \"direct\"",
    ),
    (
        "routing.contact_first",
        |s, _| s.policy != "tree-owner-first",
        "only tree-owner-first reads it",
    ),
    (
        "routing.ring_more_max",
        |s, _| !rings_more(s),
        "the policy rings no extra users",
    ),
    (
        "routing.whisper_fault",
        |_, w| !w.broken_whisper,
        "no whisper is broken",
    ),
    (
        "routing.screening_cancels_others",
        |_, w| !w.call_connect,
        "no number has call_connect",
    ),
    (
        "routing.hop_cap",
        |_, w| !w.redirects,
        "no leg leads to one of our numbers",
    ),
    (
        "routing.availability_gate",
        |_, w| !w.logged_out,
        "everyone is logged in at all times",
    ),
    (
        "limits.reject_form",
        |_, _| true,
        "what a blocked caller hears changes no outcome",
    ),
    (
        "limits.voice_ai.",
        |_, w| !w.voice_ai,
        "no number has a Voice AI",
    ),
    (
        "limits.ai_backup_class",
        |_, w| !w.backup_ai,
        "no Voice AI is only a backup",
    ),
    (
        "limits.pool_class",
        |_, w| !w.pool,
        "no number is in a pool",
    ),
    (
        "limits.account",
        |_, w| w.agencies == 0,
        "no sub-account has an agency",
    ),
    (
        "limits.from_scope",
        |_, w| w.sub_accounts == 1,
        "there is one sub-account",
    ),
    ("limits.block_scope", |_, w| !w.ivr, "no number has an IVR"),
    (
        "limits.anonymous_from",
        |_, w| !w.private_callers,
        "no caller is private",
    ),
    ("limits.", |s, _| !s.limits.enabled, "preset is \"none\""),
    (
        "backend.timeout",
        |s, _| never_late(s),
        "the modelled latency never reaches it",
    ),
];

/// Why this key of the scenario does nothing, if so.
pub(crate) fn reason(path: &str, scenario: &Scenario, world: &World) -> Option<&'static str> {
    if is_of_live(path) {
        let in_process = scenario.backend.live.is_none();
        return in_process.then_some("the back end is in process");
    }
    if path == "backend.latency" && scenario.backend.live.is_some() {
        return Some("a live router takes the time that it takes");
    }
    if path == "limits.preset" {
        return None;
    }
    let below = |key: &str| {
        key.strip_suffix('.')
            .is_some_and(|table| path == table || path.starts_with(key))
    };
    let meant = |key: &str| path == key || below(key);
    let rule = RULES
        .iter()
        .find(|(key, holds, _)| meant(key) && holds(scenario, world));
    rule.map(|(_, _, reason)| *reason)
}

fn reach(scenario: &Scenario, device: Device) -> f64 {
    scenario.people.answer(device).reach.get()
}

fn redials_once(scenario: &Scenario) -> bool {
    scenario
        .people
        .redial
        .as_ref()
        .is_some_and(|it| it.max.is_some_and(|max| max <= 1))
}

fn redial_is_off(scenario: &Scenario) -> bool {
    redial_share_is_0(scenario) || redial_max_is_0(scenario)
}

fn redial_share_is_0(scenario: &Scenario) -> bool {
    let redial = scenario.people.redial.as_ref();
    redial.is_some_and(|it| it.share.get() == 0.0)
}

fn redial_max_is_0(scenario: &Scenario) -> bool {
    let redial = scenario.people.redial.as_ref();
    redial.is_some_and(|it| it.max == Some(0))
}

fn text_back_is_off(scenario: &Scenario) -> bool {
    scenario
        .people
        .text_back
        .as_ref()
        .is_some_and(|it| it.share.get() == 0.0)
}

fn rings_more(scenario: &Scenario) -> bool {
    let policy = matches!(
        scenario.policy,
        "stages-2026" | "priority-2025" | "tree-owner-first"
    );
    policy
        && scenario
            .accounts
            .numbers()
            .any(|(_, number)| !number.ring_more.is_empty())
}

fn never_late(scenario: &Scenario) -> bool {
    let latency: &RandomTime = &scenario.backend.latency;
    let modelled = scenario.backend.live.is_none();
    let constant = latency.as_constant().filter(|_| modelled);
    constant.is_some_and(|latency| latency < scenario.backend.timeout)
}
