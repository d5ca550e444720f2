//! Scenarios whose calls were recorded, and files beside the scenario.

use jiff::Timestamp;
use model::arrivals::LoggedCall;
use routing::Nanos;

use super::memory::Memory;
use super::{ACCOUNTS, read, refused};

const LOG: &str = "accounts = \"accounts.toml\"\ntime_zone = \"Asia/Kolkata\"\n\
    [[arrivals]]\nkind = \"log\"\nfile = \"calls.csv\"\n";

fn call(at: &str, inbound: bool) -> LoggedCall {
    let at: Timestamp = at.parse().unwrap();
    LoggedCall {
        at,
        from: None,
        to: "+15555550199".parse().unwrap(),
        inbound,
    }
}

fn files(text: &str) -> Memory {
    let calls = vec![
        call("2026-03-06T05:45:30Z", true),
        call("2026-03-06T04:00:00Z", false),
        call("2026-03-06T07:00:00.5Z", true),
    ];
    Memory::default()
        .with("s/scenario.toml", text)
        .with("s/accounts.toml", ACCOUNTS)
        .with_log("s/calls.csv", calls)
}

#[test]
fn a_log_alone_tells_start_and_duration() {
    let scenario = read(&files(LOG), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    // The first inbound call is at 11:15:30 in Kolkata.
    assert_eq!(scenario.start.to_string(), "2026-03-06T11:00:00");
    assert_eq!(
        scenario.calendar.label(Nanos::ZERO),
        "2026-03-06T11:00:00+05:30"
    );
    assert_eq!(
        scenario.duration,
        Nanos::from_secs(90 * 60 + 1),
        "just past 12:30:00.5"
    );
    assert!(
        scenario
            .parameters
            .contains(&("duration".to_owned(), "1h30min1s".to_owned()))
    );
    assert!(scenario.sources[0].targets.is_none());
}

#[test]
fn a_start_of_its_own_holds() {
    let scenario = read(
        &files(LOG),
        &["start=2026-03-06T12:00:00", "duration=1h"],
        &[],
    );
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.start.to_string(), "2026-03-06T12:00:00");
    assert_eq!(scenario.duration, Nanos::HOUR);
    let printed = refused(&files(LOG), &["start=2026-03-07T12:00:00"], &[]);
    assert!(
        printed.contains("after the last call of the log"),
        "{printed}"
    );
}

#[test]
fn a_log_brings_its_own_numbers() {
    let printed = refused(&files(&format!("{LOG}to = \"all\"\n")), &[], &[]);
    assert!(
        printed.contains("s/scenario.toml:6:1: error: `to` is not a key of this kind"),
        "{printed}"
    );
}

#[test]
fn a_log_beside_other_arrivals_does_not_tell_the_duration() {
    let text = format!("{LOG}[[arrivals]]\nkind = \"poisson\"\nrate = \"1/h\"\nto = \"all\"\n");
    assert!(refused(&files(&text), &[], &[]).contains("`duration` is missing"));
}

#[test]
fn the_faults_of_a_log_are_passed_on() {
    let files = files(&LOG.replace("calls.csv", "other.csv")).with("s/other.csv", "x");
    let printed = refused(&files, &[], &[]);
    assert_eq!(
        printed,
        "s/scenario.toml:5:8: error: and more\nfile = \"other.csv\"\n       ^^^^^^^^^^^\n\
         s/other.csv:2:5: error: start: no time\n  1,yesterday\n    ^\n\
         s/other.csv:3:1: error: from: no number\n"
    );
}

#[test]
fn a_roster_becomes_run_time() {
    let staffed = ACCOUNTS.replace(
        "assigned_to = \"ann\"",
        "backup = \"hold\"\nhold_staff = { file = \"roster.csv\" }",
    );
    let text = "accounts = \"accounts.toml\"\nduration = \"2d\"\nstart = \"2026-03-06T10:30:00\"\n\
        [[arrivals]]\nkind = \"poisson\"\nrate = \"1/h\"\nto = \"all\"\n";
    let with = |roster: &str| {
        Memory::default()
            .with("s/scenario.toml", text)
            .with("s/accounts.toml", &staffed)
            .with("s/roster.csv", roster)
    };
    let steps = |roster: &str| {
        let scenario =
            read(&with(roster), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
        scenario.rosters[0].steps()[..3].to_vec()
    };
    let hours = |n: u64, agents: u32| (Nanos(n * Nanos::HOUR.0 / 2), agents);
    let daily = steps("interval_start,agents\n09:00,3\n12:00,5\n17:00,0\n");
    assert_eq!(daily, [hours(0, 3), hours(3, 5), hours(13, 0)]);
    let dated = steps(
        "calls,interval_start,agents\n1,2026-03-06T11:00:00,4\n1,2026-03-06T09:00,2\n1,2026-03-07 10:30,1\n",
    );
    assert_eq!(dated, [hours(0, 2), hours(1, 4), hours(48, 1)]);
    let late = "interval_start,agents\n2027-03-06T11:00:00,4\n";
    let late = read(&with(late), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let warned: Vec<String> = late.warnings.iter().map(ToString::to_string).collect();
    assert!(
        warned
            .concat()
            .contains("nobody is on this roster within the run"),
        "{warned:?}"
    );
    for (roster, said) in [
        (
            "interval_start,agent\n09:00,3\n",
            "s/roster.csv:1:1: error: the column `agents` is missing",
        ),
        (
            "interval_start,agents\n9 am,3\n",
            "s/roster.csv:2:1: error: found \"9 am\"",
        ),
        (
            "interval_start,agents\n09:00,-3\n",
            "s/roster.csv:2:7: error: found \"-3\"",
        ),
        (
            "interval_start,agents\n09:00,3\n2026-03-06T09:00,2\n",
            "do not stand in one roster",
        ),
        ("interval_start,agents\n", "the roster has no row"),
        ("", "the roster is empty"),
    ] {
        let printed = refused(&with(roster), &[], &[]);
        assert!(printed.contains(said), "{roster}: {printed}");
    }
}

#[test]
fn an_empirical_time_is_read_from_its_file() {
    let text = "accounts = \"accounts.toml\"\nduration = \"1h\"\n\
        people.talk = { empirical = \"talk.csv\" }\n\
        [[arrivals]]\nkind = \"poisson\"\nrate = \"1/h\"\nto = \"all\"\n";
    let with = |talk: &str| {
        Memory::default()
            .with("s/scenario.toml", text)
            .with("s/accounts.toml", ACCOUNTS)
            .with("s/talk.csv", talk)
    };
    let scenario = read(&with("seconds,weight\n10,1\n20,3\n"), &[], &[]);
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.people.talk.draw(0), Nanos::from_secs(10));
    assert_eq!(
        scenario.people.talk.draw(u64::MAX / 2),
        Nanos::from_secs(20)
    );
    let other =
        read(&with("10,2\n20,3\n"), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_ne!(
        scenario.canonical, other.canonical,
        "the file's text is part of the inputs"
    );
    let printed = refused(&with("10\nten\n"), &[], &[]);
    assert_eq!(
        printed,
        "s/talk.csv:2:1: error: found \"ten\", expected a number of 0 or more\nten\n^^^\n\
         help: each row has a value in seconds, and may have a weight behind a comma\n"
    );
    assert!(refused(&with("# nothing\n"), &[], &[]).contains("at least one value"));
}

#[test]
fn a_start_that_no_clock_shows_or_that_it_shows_twice_is_said() {
    let text = |start: &str| {
        format!(
            "accounts = \"accounts.toml\"\nduration = \"2h\"\ntime_zone = \"Europe/Berlin\"\n\
             start = \"{start}\"\n[[arrivals]]\nkind = \"poisson\"\nrate = \"1/h\"\nto = \"all\"\n"
        )
    };
    let said = |start: &str| {
        let scenario = read(&files(&text(start)), &[], &[]);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        let warnings = scenario.warnings.iter().map(|it| it.message.clone());
        (scenario.start.to_string(), warnings.collect::<Vec<_>>())
    };
    for (start, taken, why) in [
        (
            "2026-03-29T02:30:00",
            "2026-03-29T03:30:00",
            "starts at 03:30:00+02:00",
        ),
        (
            "2026-10-25T02:30:00",
            "2026-10-25T02:30:00",
            "the first time, at 02:30:00+02:00",
        ),
    ] {
        let (found, warnings) = said(start);
        assert_eq!(found, taken);
        assert!(
            warnings.len() == 1 && warnings[0].ends_with(why),
            "{warnings:?}"
        );
    }
    assert_eq!(said("2026-03-29T03:30:00").1, [""; 0]);
}
