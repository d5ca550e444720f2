//! What a replay says of what it did: that it compares like with like, and why where it does not.

use std::fmt::Write as _;

use crate::desk::Desk;
use crate::live::Router;

const REPLAY: [&str; 4] = ["replay", "log.csv", "--accounts", "accounts.toml"];

/// Sixty calls of one hour to `to`; every fifth ends as `fifth` says, and its caller, who is one,
/// calls again with the next.
fn desk(to: &str, fifth: &str) -> Desk {
    let desk = Desk::small();
    let mut log = String::from("start,from,to,direction,outcome,ring_s,talk_s\n");
    for nth in 0..60u32 {
        let (outcome, talk) = match nth % 5 {
            0 => (fifth, ""),
            _ => ("answered", "60"),
        };
        let from = 100 + if nth % 10 == 1 { nth - 1 } else { nth };
        let _ = writeln!(
            log,
            "2026-03-02T09:{nth:02}:00Z,+15555550{from},{to},inbound,{outcome},8,{talk}",
        );
    }
    desk.write("log.csv", &log);
    desk
}

fn usual() -> Desk {
    desk("+15555550199", "no-answer")
}

fn said(desk: &Desk, code: i32, more: &[&str]) -> String {
    desk.ends(code, &[&REPLAY[..], more].concat()).stdout()
}

#[test]
fn redials_that_are_left_out_stay_among_the_recorded_calls() {
    let desk = usual();
    let report = |more: &[&str]| {
        let all = [&REPLAY[..], &["--format", "json"], more].concat();
        desk.ends(0, &all).json()
    };
    let (kept, dropped) = (report(&[]), report(&["--drop-redials"]));
    assert_eq!(kept["intervals"][0]["calls"], 60);
    assert_eq!(dropped["intervals"][0]["calls"], 60);
    let simulated = |it: &serde_json::Value| it["intervals"][0]["missed"]["simulated"].clone();
    assert_ne!(simulated(&kept), simulated(&dropped), "six are not offered");
    let warnings = dropped["warnings"].to_string();
    assert!(
        warnings.contains("6 recorded redials of known callers were left out, and nothing makes"),
        "{warnings}"
    );
    let redial = "people.redial={ share = 0.9, delay = { constant = \"1min\" } }";
    let made = report(&["--drop-redials", "--base", redial])["warnings"].to_string();
    assert!(made.contains("to be made anew by the scenario"), "{made}");
}

#[test]
fn counts_are_not_held_against_another_number_of_calls_and_the_factor_is_named() {
    let desk = usual();
    let text = said(&desk, 0, &["--offered-scale", "1.5"]);
    assert!(
        text.contains("missed           not compared: with --offered-scale"),
        "{text}"
    );
    assert!(text.contains("are offered 1.5 times"), "{text}");
    assert!(text.contains("answered.share   "), "{text}");
    let what_if = ["--offered-scale", "1.5", "--policy", "stages-2026"];
    let text = desk.ends(0, &[&REPLAY[..], &what_if].concat());
    let text = text.stdout() + &text.stderr();
    assert!(text.contains("are offered 1.5 times"), "{text}");
}

#[test]
fn calls_of_unknown_outcome_may_have_been_missed() {
    let text = said(&desk("+15555550199", ""), 0, &[]);
    assert!(text.contains("12 calls have no known outcome"), "{text}");
    assert!(
        text.contains("missed           not compared: every interval has calls whose outcome"),
        "{text}"
    );
}

#[test]
fn a_strict_backtest_that_compares_nothing_is_inconclusive_and_says_why() {
    let desk = usual();
    for (more, why) in [
        (["--fewest", "500"], "no interval has 500 calls"),
        (["--replications", "1"], "one replication has no band"),
    ] {
        let text = said(&desk, 0, &more);
        assert!(text.contains(why), "{text}");
        let strict = [&more[..], &["--strict", "--format", "github"]].concat();
        let text = said(&desk, 3, &strict);
        assert!(text.starts_with("::warning title=replay::"), "{text}");
    }
    let reach = ["web", "mobile", "phone"].map(|it| format!("people.answer.{it}.reach=0.0"));
    let mut wrong = vec!["--strict", "--format", "github"];
    wrong.extend(reach.iter().flat_map(|it| ["--base", it]));
    let text = said(&desk, 1, &wrong);
    assert!(
        text.starts_with("::error title=replay::replay of log: differs: 0 of 1"),
        "{text}"
    );
}

#[test]
fn calls_to_numbers_of_nobody_are_told() {
    let text = said(&usual(), 0, &[]);
    assert!(!text.contains("limits blocked"), "{text}");
    let nobody = said(&desk("+15555550155", "no-answer"), 0, &[]);
    assert!(
        nobody.contains("60 of 60 recorded calls go to numbers that no account")
            && nobody.contains("(+999"),
        "{nobody}"
    );
    assert!(!nobody.contains("+15555550155"), "{nobody}");
}

/// Sixty calls a minute of one caller: more than the limits allow of one number.
fn storm() -> Desk {
    let desk = Desk::small();
    let mut log = String::from("start,from,to,direction,outcome\n");
    for nth in 0..240u32 {
        let (minute, second) = (nth / 60, nth % 60);
        let _ = writeln!(
            log,
            "2026-03-02T09:{minute:02}:{second:02}Z,+15555550101,+15555550199,inbound,answered"
        );
    }
    desk.write("log.csv", &log);
    desk
}

#[test]
fn recorded_calls_that_limits_block_are_told_of_a_simulation_and_of_a_router() {
    let desk = storm();
    let router = Router::of(desk.path("accounts.toml").to_str().expect("UTF-8"), &[]);
    let url = router.at("/route");
    let live = ["--backend", &url, "--speed", "3600", "--out", "live"];
    let lag = ["--base", "backend.max_lag=10s", "--force"];
    let live = [&live[..], &lag].concat();
    let free = ["--base", "limits.preset=none"];
    for more in [&[][..], &live] {
        let blocked = said(&desk, 0, more);
        assert!(blocked.contains("limits blocked "), "{blocked}");
        let none = said(&desk, 0, &[more, &free].concat());
        assert!(!none.contains("limits blocked "), "{none}");
    }
}

#[test]
fn a_log_of_any_name_is_replayed() {
    let desk = usual();
    for name in ["cafe\u{301}", "a\u{1}b", "a\u{7f}\"\\'b"] {
        let file = format!("{name}.csv");
        desk.write(&file, &desk.read("log.csv"));
        desk.ends(0, &["replay", &file, "--accounts", "accounts.toml"]);
    }
}

#[test]
fn other_accounts_are_named_above_their_side() {
    let desk = usual();
    desk.write("more.toml", &desk.read("accounts.toml"));
    let text = said(&desk, 0, &["--what-if-accounts", "more.toml"]);
    assert!(text.contains("accounts=more.toml"), "{text}");
}

#[test]
fn a_replay_does_not_complain_of_what_it_set_itself() {
    let desk = usual();
    let redial = "\n[people]\nredial = { share = 0.5, delay = { constant = \"1min\" } }\n";
    desk.write("scenario.toml", &(desk.read("scenario.toml") + redial));
    let text = said(&desk, 0, &["--scenario", "scenario.toml"]);
    assert!(!text.contains("no effect"), "{text}");
    let kept = "recorded redials are kept instead of the scenario's";
    assert_eq!(text.matches(kept).count(), 1, "{text}");
}

#[test]
fn a_wrong_flag_is_named() {
    let desk = usual();
    let live = ["--backend", "http://127.0.0.1:1/route"];
    for (more, why) in [
        (vec!["--per", "abc"], "--per"),
        (vec!["--per", "0s"], "--per"),
        (
            vec!["--offered-scale=nan"],
            "--offered-scale NaN: expected a factor",
        ),
        (
            vec!["--offered-scale=0"],
            "--offered-scale 0: expected a factor",
        ),
        (
            [&live[..], &["--per", "30min"]].concat(),
            "--per is of what",
        ),
        (
            [&live[..], &["--fewest", "3"]].concat(),
            "--fewest is of what",
        ),
        ([&live[..], &["--show", "3"]].concat(), "--show is of what"),
    ] {
        let said = desk.ends(2, &[&REPLAY[..], &more].concat()).stderr();
        assert!(said.contains(why) && !said.contains("replay:1"), "{said}");
    }
}

#[test]
fn a_router_that_answers_nothing_is_told() {
    let desk = usual();
    let accounts = desk.path("accounts.toml");
    let router = Router::of(accounts.to_str().expect("UTF-8"), &[]);
    let send = |path: &str, out: &str| {
        let url = router.at(path);
        let more = ["--backend", &url, "--speed", "3600", "--format", "json"];
        let lag = ["--base", "backend.max_lag=10s", "--out", out];
        let protocol = ["--backend-protocol", "json"];
        let all = [&REPLAY[..], &more, &lag, &protocol].concat();
        desk.ends(0, &all).json()["warnings"].to_string()
    };
    let lost = send("/nowhere", "lost");
    assert!(
        lost.contains("not one of 60 requests was answered"),
        "{lost}"
    );
    let found = send("/route", "found");
    assert!(!found.contains("not one of"), "{found}");
}
