//! What the scenarios of the library teach, where a gate of one run cannot say it: that what they
//! warn of goes away when its cause does, and that an optimum lies within a range.

use crate::desk::{Desk, value};

/// One run of a built-in scenario with fewer replications and these values.
fn run(desk: &Desk, name: &str, set: &[&str]) -> serde_json::Value {
    let out = format!(
        "{name}-{}",
        set.join("-").replace(['/', '=', '.', '*', '+', '"'], "_")
    );
    let mut args = vec!["run", name, "--format", "json", "--quiet", "--out", &out];
    args.extend(["--replications", "20"]);
    for text in set {
        args.extend(["--set", text]);
    }
    let done = desk.command(&args).output().expect("the program runs");
    // Gates may fail, or have nothing to measure: that is what is looked at.
    let code = done.status.code();
    assert!(matches!(code, Some(0 | 1 | 4)), "{code:?} {name} {set:?}");
    serde_json::from_slice(&done.stdout).expect("stdout is JSON and nothing else")
}

#[test]
fn the_best_ring_time_lies_between_too_short_and_the_phone_companys_machine() {
    let desk = Desk::empty();
    let reached = |ring: &str| {
        let set = format!("routing.ring_timeout={ring}");
        let it = run(&desk, "carrier-voicemail", &[&set]);
        let failed = it["verdict"] == "fail";
        (value(&it, "callers.reached.share"), failed)
    };
    let shares = ["5s", "10s", "15s", "20s", "30s", "60s"].map(reached);
    let best = shares.iter().map(|it| it.0).fold(0.0, f64::max);
    assert_eq!(shares[2].0, best, "{shares:?}");
    assert!(
        best - shares[0].0 > 0.02 && best - shares[5].0 > 0.02,
        "{shares:?}"
    );
    // The gates hold at the optimum and at neither end.
    assert!(
        shares[0].1 && shares[4].1 && shares[5].1 && !shares[2].1,
        "{shares:?}"
    );
}

#[test]
fn without_the_loop_nothing_is_blocked() {
    let desk = Desk::empty();
    let looped = run(&desk, "redirect-loop", &[]);
    assert!(value(&looped, "limit.block.chance") > 0.95);
    let mended = "accounts.lakeview.number.+15555550192.forward_to=+15555550123";
    let mended = run(&desk, "redirect-loop", &[mended]);
    assert_eq!(value(&mended, "limit.violations"), 0.0);
    desk.ends(0, &["new", "redirect-loop"]);
    let said = desk
        .ends(0, &["check", "redirect-loop/accounts.toml"])
        .stdout();
    assert!(
        said.contains("redirect-loop"),
        "lint tells before any call: {said}"
    );
}

#[test]
fn without_the_voice_ai_its_calls_are_missed() {
    let desk = Desk::empty();
    let without = run(
        &desk,
        "voice-ai-overflow",
        &["accounts.harbor-clinic.number.+15555550199.voice_ai=off"],
    );
    let with = run(&desk, "voice-ai-overflow", &[]);
    let served = value(&with, "calls.answered.share") + value(&with, "calls.voice-ai.share");
    assert!(served > value(&without, "calls.answered.share") + 0.2);
    assert_eq!(without["verdict"], "fail");
}

#[test]
fn without_redials_the_outage_blocks_nobody() {
    let desk = Desk::empty();
    let storm = run(&desk, "outage-redial", &[]);
    assert!(value(&storm, "limit.block.chance") > 0.95);
    let calm = run(&desk, "outage-redial", &["people.redial.share=0.0"]);
    assert!(value(&calm, "limit.block.chance") < 0.05);
}

#[test]
fn without_redirect_loops_a_monday_blocks_nobody() {
    let desk = Desk::empty();
    let args = ["monday-morning", "--set", "population.redirect_loop=0.0"];
    let mut all = vec!["run", "--format", "json", "--quiet", "--out", "monday"];
    all.extend(args);
    let calm = desk.ends(1, &all).json();
    assert_eq!(value(&calm, "limit.violations"), 0.0);
    assert_eq!(value(&calm, "limit.accounts_blocked"), 0.0);
    let failed: Vec<_> = calm["gates"].as_array().expect("gates").iter().collect();
    let failed = failed.iter().filter(|gate| gate["verdict"] == "fail");
    let metrics: Vec<_> = failed.map(|gate| &gate["metric"]).collect();
    assert_eq!(metrics, ["limit.accounts_blocked"]);
}

#[test]
fn a_second_number_spares_most_spots_the_block_and_redials_do_not_matter() {
    let desk = Desk::empty();
    let chance = |set: &[&str]| value(&run(&desk, "radio-spot", set), "limit.block.chance");
    let (small, large) = (["arrivals.1.calls=30"], ["arrivals.1.calls=200"]);
    assert!(chance(&small) < 0.2 && chance(&large) > 0.6);
    let once = chance(&["people.redial.share=0.0"]);
    assert_eq!(
        once,
        chance(&[]),
        "the block comes before anybody calls again"
    );
    let two = [r#"arrivals.1.to=["+15555550199", "+15555550198"]"#];
    assert!(chance(&two) < once, "{once}");
}

#[test]
fn a_short_flood_blocks_fewer_and_a_block_that_ends_loses_fewer() {
    let desk = Desk::empty();
    let flood = run(&desk, "robocall-flood", &[]);
    let short = run(&desk, "robocall-flood", &["arrivals.2.lasts=1min"]);
    assert!(value(&short, "limit.block.chance") < value(&flood, "limit.block.chance") - 0.3);
    let ends = run(&desk, "robocall-flood", &["limits.block_until=1h"]);
    let reached = "callers.reached.share";
    assert!(value(&ends, reached) > value(&flood, reached) + 0.3);
}

#[test]
fn without_the_ivr_the_vote_blocks_the_account() {
    let desk = Desk::empty();
    let plain = "accounts.channel-nine.number.+15555550199.ivr=false";
    let plain = run(&desk, "televote", &[plain]);
    assert_eq!(value(&plain, "limit.block.chance"), 1.0);
    assert!(value(&plain, "calls.blocked.share") > 0.9);
    let uproar = run(&desk, "televote", &["arrivals.1.peak=64"]);
    assert_eq!(value(&uproar, "limit.violations"), 0.0);
}

/// A change under which what a header says is no longer true, for each scenario.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "office-day",
        "accounts.*.number.*.ring_more=[]",
        "callers.reached.share",
    ),
    (
        "office-day",
        "routing.ring_timeout=5s",
        "callers.reached.share",
    ),
    (
        "sms-blast",
        "limits.regular.to_per_minute=16",
        "limit.block.chance",
    ),
    (
        "sms-blast",
        "limits.regular.from_per_minute=1",
        "calls.blocked.from-rate",
    ),
    (
        "radio-spot",
        "limits.regular.to_per_minute=30",
        "calls.blocked.to-rate",
    ),
    (
        "radio-spot",
        "arrivals.1.callers={ pool = 3 }",
        "calls.blocked.from-rate",
    ),
    (
        "robocall-flood",
        "limits.regular.from_per_minute=14",
        "limit.block.chance",
    ),
    (
        "outage-redial",
        "people.redial.share=0.0",
        "limit.block.chance",
    ),
    (
        "outage-redial",
        "limits.block_until=1h",
        "callers.reached.share",
    ),
    ("redirect-loop", "routing.hop_cap=5", "limit.block.chance"),
    (
        "carrier-voicemail",
        "routing.ring_timeout=12s",
        "callers.reached.share",
    ),
    (
        "carrier-voicemail",
        "routing.ring_timeout=20s",
        "calls.carrier-voicemail.share",
    ),
    (
        "voice-ai-overflow",
        "accounts.harbor-clinic.number.+15555550199.voice_ai=off",
        "calls.voice-ai.share",
    ),
    (
        "monday-morning",
        "population.redirect_loop=0.0",
        "limit.accounts_blocked",
    ),
    (
        "monday-morning",
        "limits.regular.to_per_minute=1",
        "calls.blocked.share",
    ),
    (
        "televote",
        "accounts.channel-nine.number.+15555550199.ivr=false",
        "calls.ivr.share",
    ),
];

#[test]
fn a_finding_that_is_no_longer_true_fails_its_gate() {
    let desk = Desk::empty();
    for (at, (name, set, metric)) in WRONG.iter().enumerate() {
        let out = format!("wrong-{at}");
        let mut args = vec!["run", name, "--format", "json", "--quiet", "--no-tables"];
        args.extend(["--out", &out, "--set", set]);
        let done = desk.command(&args).output().expect("the program runs");
        let run: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
        // Others may have nothing to measure any more.
        let gates = run["gates"].as_array().expect("gates");
        let fails =
            |gate: &serde_json::Value| gate["metric"] == *metric && gate["verdict"] == "fail";
        assert!(gates.iter().any(fails), "{name} {set}: {gates:?}");
    }
}
