//! Every name of contract.md section 5 is there, or it is said why not.

use std::fmt::Write as _;

use serde_json::Value;

use crate::desk::Desk;

/// Hold, Voice AI, IVR, limits, hops, redials, drops: everything that can happen to a call.
const ACCOUNTS: &str = r#"
[[sub_account]]
id = "all"
allow_private_calls = false

[[sub_account.user]]
id = "ann"
phone = "+15555550101"
web_app = true

[[sub_account.number]]
number = "+15555550199"
assigned_to = "ann"
backup = "hold"
hold_staff = 2
hold_room = 3

[[sub_account.number]]
number = "+15555550198"
voice_ai = "direct"

[[sub_account.number]]
number = "+15555550197"
ivr = true

[[sub_account.number]]
number = "+15555550196"
assigned_to = "ann"

[[sub_account.number]]
number = "+15555550195"
forward_to = "+15555550196"
backup = "none"

[[sub_account.number]]
number = "+15555550194"
forward_to = "+15555550194"

[[sub_account.number]]
number = "+15555550193"
voice_capable = false
"#;

const SCENARIO: &str = r#"
seed = 5
duration = "12h"
replications = 3
accounts = "accounts.toml"

[[arrivals]]
kind = "poisson"
rate = "200/h"
to = "all"

[[arrivals]]
kind = "poisson"
rate = "60/h"
to = ["+15555550199"]

[[arrivals]]
kind = "poisson"
rate = "12/h"
callers = "private"
to = "all"

[people]
redial = { share = 0.4, delay = { exponential = "4min" }, max = 2 }
hold_patience = { exponential = "60s" }

# Shorter than the limits let a loop run.
[routing]
hop_cap = 5

[limits]
preset = "leadconnector"
violations_per_hour = 100
"#;

const OUTCOMES: [(&str, &[&str]); 11] = [
    ("answered", &[]),
    ("carrier-voicemail", &[]),
    ("voicemail", &[]),
    ("voice-ai", &[]),
    ("ivr", &[]),
    ("abandoned", &["menu", "ringing", "hold"]),
    ("busy", &[]),
    ("no-answer", &["unserved"]),
    (
        "dropped",
        &[
            "no-destination",
            "not-voice-capable",
            "whisper-fault",
            "private-caller",
            "unknown-number",
            "redirect-loop",
        ],
    ),
    ("blocked", &["from-rate", "to-rate", "account"]),
    (
        "failed",
        &[
            "backend-timeout",
            "backend-error",
            "backend-bad-reply",
            "backend-refused",
        ],
    ),
];

const OTHERS: &str = "callers.offered callers.reached callers.reached.share callers.gave_up \
    callers.attempts.mean calls.offered calls.fresh calls.redials calls.hops calls.in_system.mean \
    redials.pending.mean answer.delay_s.mean answer.delay_s.p50 answer.delay_s.p90 \
    answer.delay_s.p95 answer.delay_s.p99 hold.wait_s.mean hold.wait_s.p50 \
    hold.wait_served_s.mean hold.wait_served_s.variance hold.wait_abandoned_s.mean \
    hold.wait_abandoned_s.variance hold.waited.share hold.queue.mean hold.queue.variance \
    service_level.20s.of_offered service_level.20s.of_answered \
    service_level.20s.of_offered_less_short service_level.20s.of_answered_or_late \
    staff.occupancy staff.busy.mean concurrent.calls.mean concurrent.calls.max \
    concurrent.legs.mean concurrent.legs.max limit.violations limit.accounts_blocked \
    limit.first_violation_s limit.first_block_s limit.block.chance";

fn everything() -> (Desk, Value) {
    let desk = Desk::empty();
    desk.write("scenario.toml", SCENARIO);
    desk.write("accounts.toml", ACCOUNTS);
    let run = desk.run_json("a", &["--calls"]);
    (desk, run)
}

fn missing(run: &Value, name: &str) -> Option<String> {
    let there = run["metrics"].get(name).is_some();
    let told = run["absent"][name]
        .as_str()
        .is_some_and(|reason| !reason.is_empty());
    (!there && !told).then(|| name.to_owned())
}

#[test]
fn every_name_of_the_contract_has_a_value_or_a_reason() {
    let (_desk, run) = everything();
    let mut names: Vec<String> = OTHERS.split_whitespace().map(str::to_owned).collect();
    for (outcome, causes) in OUTCOMES {
        names.push(format!("calls.{outcome}"));
        names.push(format!("calls.{outcome}.share"));
        names.extend(
            causes
                .iter()
                .map(|cause| format!("calls.{outcome}.{cause}")),
        );
    }
    let missing: Vec<String> = names
        .iter()
        .filter_map(|name| missing(&run, name))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
    for name in [
        "engine.events",
        "engine.events_per_s",
        "decision.ns.p50",
        "decision.ns.p99",
    ] {
        assert!(run["measured"][name]["value"].is_number(), "{name}");
        assert!(
            run["metrics"].get(name).is_none(),
            "{name} is measured by a clock"
        );
    }
}

#[test]
fn all_that_is_set_up_to_happen_happens() {
    let (_desk, run) = everything();
    for name in [
        "calls.answered",
        "calls.carrier-voicemail",
        "calls.voicemail",
        "calls.voice-ai",
        "calls.ivr",
        "calls.abandoned.ringing",
        "calls.abandoned.hold",
        "calls.busy",
        "calls.dropped.private-caller",
        "calls.dropped.not-voice-capable",
        "calls.dropped.redirect-loop",
        "calls.blocked.to-rate",
        "calls.redials",
        "calls.hops",
        "hold.waited.share",
        "limit.violations",
    ] {
        assert!(crate::desk::value(&run, name) > 0.0, "{name}");
    }
}

#[test]
fn offered_is_the_sum_of_outcomes_in_the_run_its_intervals_and_its_accounts() {
    let (desk, run) = everything();
    let of = |name: &str| (crate::desk::value(&run, name) * 3.0).round();
    let mut sum = of("calls.unfinished");
    let mut said = String::new();
    for (outcome, causes) in OUTCOMES {
        let calls = of(&format!("calls.{outcome}"));
        sum += calls;
        let parts: f64 = causes
            .iter()
            .map(|it| of(&format!("calls.{outcome}.{it}")))
            .sum();
        assert!(parts <= calls, "{outcome}: {parts} of {calls}");
        let _ = writeln!(said, "{outcome} {calls}");
    }
    assert_eq!(of("calls.offered"), sum, "{said}");
    assert_eq!(of("calls.offered"), of("calls.fresh") + of("calls.redials"));
    let mut rows = csv::Reader::from_path(desk.path("a/calls.csv")).expect("calls.csv");
    assert_eq!(rows.records().count() as f64, sum);
    for file in ["a/timeseries.csv", "a/accounts.csv"] {
        let mut rows = csv::Reader::from_path(desk.path(file)).expect(file);
        let head = rows.headers().expect("a header").clone();
        let place = |name: &str| head.iter().position(|it| it == name);
        let offered = place("offered").expect("offered");
        let outcomes: Vec<usize> = OUTCOMES
            .iter()
            .filter_map(|(name, _)| place(name))
            .collect();
        assert_eq!(outcomes.len(), OUTCOMES.len(), "{file}: {head:?}");
        let mut all = 0.0;
        for row in rows.records().map(|row| row.expect("a row")) {
            let number = |at: usize| row[at].parse::<f64>().expect("a number");
            let sum: f64 = outcomes.iter().map(|at| number(*at)).sum();
            assert!((number(offered) - sum).abs() < 1e-6, "{file}: {row:?}");
            all += number(offered);
        }
        assert!(
            (all - sum / 3.0).abs() < 1e-6 || (all - sum).abs() < 1e-6,
            "{file}: {all}"
        );
    }
}
