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
