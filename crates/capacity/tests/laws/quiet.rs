//! What is there and takes no part changes nothing.

use std::fmt::Write as _;

use routing::record::CallRecord;

use crate::office::{ACME, BELL, PEOPLE, SCENARIO, office, with};
use crate::world::{Told, World};

const QUIET: &str = r#"
[[sub_account]]
id = "quiet"
agency = "north"
business_phone = "+15555550194"

[[sub_account.user]]
id = "dan"
web_app = true
hours = ["Mon-Fri 01:00-02:00"]

[[sub_account.number]]
number = "+15555550140"
assigned_to = "dan"
backup = "hold"
hold_staff = ["dan"]

[[sub_account.number]]
number = "+15555550141"
backup = "hold"
hold_staff = 4
"#;

/// Every metric but the share of time that the staff is busy.
fn metrics(told: &Told) -> Vec<String> {
    let others = told
        .summary
        .metrics
        .iter()
        .filter(|(name, _)| name != "staff.occupancy");
    others.map(|it| format!("{it:?}")).collect()
}

#[test]
fn a_sub_account_that_nobody_calls_changes_no_other() {
    let alone = office().run();
    for accounts in [
        [QUIET, ACME, BELL],
        [ACME, QUIET, BELL],
        [ACME, BELL, QUIET],
    ] {
        let beside = with(SCENARIO, &accounts).run();
        assert_eq!(alone.layers(), beside.layers());
        assert_eq!(metrics(&alone), metrics(&beside));
        assert!(beside.value("staff.occupancy") < alone.value("staff.occupancy"));
    }
}

#[test]
fn somebody_who_is_never_rung_and_somebody_who_never_calls_change_nothing() {
    let alone = office().run();
    let eve = "[[sub_account.user]]\nid = \"eve\"\nweb_app = true\nphone = \"+15555550105\"\n";
    let known = "[[sub_account.contact]]\nphone = \"+15555550179\"\nassigned_to = \"cat\"\n";
    let beside = with(SCENARIO, &[ACME, BELL, known]).run();
    assert_eq!(alone.layers(), beside.layers());
    assert_eq!(alone.summary.metrics, beside.summary.metrics);
    let bell = BELL.replacen(
        "[[sub_account.number]]",
        &format!("{eve}[[sub_account.number]]"),
        1,
    );
    let beside = with(SCENARIO, &[ACME, &bell]).run();
    assert_eq!(alone.layers(), beside.layers());
    assert_eq!(metrics(&alone), metrics(&beside));
}

#[test]
fn how_a_device_is_answered_that_nobody_has_does_not_matter() {
    let alone = office().run();
    for set in [
        "people.answer.desk.reach=0.01",
        "people.answer.desk.delay={constant=\"1s\"}",
        "people.text_back={share=0.0,delay={constant=\"1s\"}}",
        "routing.contact_first=true",
        "routing.ai_rank=3",
        "limits.reject_form=silent",
        "limits.pool_class=regular",
    ] {
        assert_eq!(alone.layers(), office().run_set(&[set]).layers(), "{set}");
    }
}

#[test]
fn the_window_of_the_statistics_moves_no_call() {
    let whole = office().run();
    for set in [
        &["warm_up=2h"][..],
        &["interval=7min"],
        &["warm_up=31min", "interval=1h"],
    ] {
        let told = office().run_set(set);
        assert_eq!(whole.layers(), told.layers(), "{set:?}");
        let same = |(a, b): (&(u32, CallRecord), &(u32, CallRecord))| {
            // Who was reached before is a matter of the window.
            let of = |it: &CallRecord| (it.fresh, it.attempt, it.arrived, it.ended, it.outcome);
            of(&a.1) == of(&b.1)
        };
        assert!(whole.calls.iter().zip(&told.calls).all(same));
    }
}

/// The limits of the office, wide enough for everybody.
fn generous() -> World {
    let mut world = office();
    let wide = PEOPLE.replace(
        "from_per_minute = 2, to_per_minute = 3",
        "from_per_minute = 40, to_per_minute = 60",
    );
    world.scenario = world.scenario.replace(PEOPLE, &wide);
    world
}

#[test]
fn a_limit_that_never_stops_anybody_might_as_well_not_be_there() {
    let told = generous().run();
    assert_eq!(told.value("limit.violations"), 0.0);
    for set in [
        "limits.preset=none",
        "limits.regular.to_per_minute=61",
        "limits.window=gcra",
        "limits.window=fixed-minute",
        "limits.window=sliding-counter",
        "limits.violations_per_hour=0",
        "limits.from_scope=agency",
        "limits.account=agency",
        "limits.check_position=after",
    ] {
        let without = generous().run_set(&[set]);
        assert_eq!(told.layers(), without.layers(), "{set}");
    }
    // The office's own limits do stop some.
    assert_ne!(told.prints().outcomes, office().run().prints().outcomes);
}

/// One number, one owner with one device, who also owns every contact that calls: all policies
/// ring the same.
#[test]
fn policies_that_never_differ_give_the_same_run() {
    let mut accounts = "[[sub_account]]\nid = \"a\"\n[[sub_account.user]]\nid = \"ann\"\n\
        phone = \"+15555550101\"\n[[sub_account.number]]\nnumber = \"+15555550150\"\n\
        assigned_to = \"ann\"\nincoming_timeout = \"20s\"\n"
        .to_owned();
    for at in 170..190 {
        let contact = format!("phone = \"+15555550{at}\"\nassigned_to = \"ann\"\n");
        let _ = write!(accounts, "[[sub_account.contact]]\n{contact}");
    }
    let scenario = "duration = \"10h\"\n[[arrivals]]\nkind = \"poisson\"\nrate = \"60/h\"\n\
        to = \"all\"\ncallers = \"contacts\"\n[people]\n\
        redial = { share = 0.5, delay = { exponential = \"4min\" } }\n";
    let world = World::new(scenario, &accounts);
    let first = world.run_set(&["policy=stages-2026"]);
    assert!(first.value("calls.answered") > 100.0);
    for entry in routing::policy::POLICIES {
        let told = world.run_set(&[&format!("policy={}", entry.name)]);
        assert_eq!(first.layers(), told.layers(), "{}", entry.name);
    }
}
