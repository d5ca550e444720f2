//! `docs/arrivals.md`: every example runs, every kind has one, and what a kind says of its calls
//! holds in a run.

use std::fs;
use std::path::Path;

use crate::desk::Desk;

const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme"

[[sub_account.user]]
id = "ann"
web_app = true

[[sub_account.number]]
number = "+15555550199"
assigned_to = "ann"
backup = "hold"

[[sub_account.number]]
number = "+15555550198"
assigned_to = "ann"
"#;

const HEAD: &str = "start = \"2026-03-06T09:00:00\"\nduration = \"14h\"\nseed = 3\n\
                    accounts = \"accounts.toml\"\nlimits.preset = \"none\"\n";

const FORECAST: &str = "interval_start,calls,talk_s,wrap_s,agents\n\
    2026-03-06T09:00:00,30,40,20,2\n2026-03-06T09:30:00,60,80,,3\n\
    2026-03-06T12:00:00,30,,,3\n";

const LOG: &str = "start,from,to,direction,outcome\n\
    2026-03-06T10:00:00Z,+15555550177,+15555550199,inbound,answered\n\
    2026-03-06T11:00:00Z,+15555550177,+15555550198,inbound,\n\
    2026-03-06T11:30:00Z,,+15555550198,inbound,abandoned\n";

fn docs() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/arrivals.md");
    fs::read_to_string(path).expect("docs/arrivals.md")
}

fn examples(text: &str) -> Vec<&str> {
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .filter_map(|it| Some(it.split_once("```")?.0))
        .collect()
}

fn desk(arrivals: &str) -> Desk {
    let desk = Desk::empty();
    desk.write("accounts.toml", ACCOUNTS);
    desk.write("forecast.csv", FORECAST);
    desk.write("day.csv", LOG);
    desk.write("scenario.toml", &format!("{HEAD}\n{arrivals}"));
    desk
}

#[test]
fn every_kind_has_an_example_and_every_example_runs() {
    let text = docs();
    let examples = examples(&text);
    for kind in model::arrivals::KINDS {
        let line = format!("kind = \"{}\"\n", kind.name);
        assert!(
            examples.iter().any(|it| it.contains(&line)),
            "{}",
            kind.name
        );
        for key in kind.keys {
            assert!(text.contains(key.name), "{} of {}", key.name, kind.name);
        }
    }
    for example in examples {
        let desk = desk(example);
        let ran = desk
            .ends(0, &["run", "scenario.toml", "--format", "json", "--quiet"])
            .json();
        let offered = &ran["metrics"]["calls.offered"]["value"];
        assert!(offered.as_u64() > Some(0), "{offered} calls of\n{example}");
    }
}

#[test]
fn check_tells_how_many_calls_each_kind_brings() {
    let text = docs();
    for example in examples(&text) {
        let desk = desk(example);
        let checked = desk
            .ends(0, &["check", "scenario.toml", "--format", "json"])
            .json();
        let planned = checked["files"][0]["plan"]["fresh_calls"].as_f64();
        let planned = planned.expect("planned calls");
        let ran = desk.ends(
            0,
            &[
                "run",
                "scenario.toml",
                "--replications",
                "60",
                "--format",
                "json",
                "--quiet",
            ],
        );
        let fresh = &ran.json()["metrics"]["calls.fresh"];
        let (value, high) = (
            fresh["value"].as_f64().unwrap(),
            fresh["ci95"][1].as_f64().unwrap(),
        );
        let close = 2.5 * (high - value) + 0.005 * planned;
        assert!(
            (value - planned).abs() <= close,
            "{planned} planned, {value} came:\n{example}"
        );
    }
}

/// The talks of a run in seconds.
fn talks(desk: &Desk, arrivals_at: &str) -> Vec<f64> {
    let args = [
        "run",
        "scenario.toml",
        "--calls",
        "--quiet",
        "--out",
        arrivals_at,
    ];
    desk.ends(0, &args);
    let calls = desk.read(&format!("{arrivals_at}/calls.csv"));
    let mut lines = calls.lines();
    let columns: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let talk = columns
        .iter()
        .position(|it| *it == "talk_s")
        .expect("talk_s");
    let cells = lines.filter_map(|line| line.split(',').nth(talk));
    cells.filter_map(|cell| cell.parse().ok()).collect()
}

#[test]
fn robocalls_are_short_and_come_from_one_caller_in_a_flood() {
    let desk = desk(
        "[[arrivals]]\nkind = \"robocall\"\nmode = \"flood\"\nlasts = \"30min\"\n\
         to = [\"+15555550198\"]\n",
    );
    let talks = talks(&desk, "out");
    assert!(talks.len() > 50, "{}", talks.len());
    assert!(
        talks.iter().all(|it| (3.0..=10.0).contains(it)),
        "{talks:?}"
    );
    let ran = desk
        .ends(0, &["run", "scenario.toml", "--format", "json", "--quiet"])
        .json();
    assert_eq!(ran["metrics"]["callers.offered"]["value"], 1);
}

#[test]
fn a_forecast_says_how_long_its_calls_are() {
    let desk = desk("[[arrivals]]\nkind = \"forecast\"\nfile = \"forecast.csv\"\nto = \"all\"\n");
    let only = |rows: &str| {
        let head = "interval_start,calls,talk_s\n";
        desk.write("forecast.csv", &format!("{head}{rows}"));
        let talks = talks(&desk, &format!("out-{}", rows.len()));
        talks.iter().sum::<f64>() / talks.len() as f64
    };
    let long = only("2026-03-06T09:00:00,400,30\n2026-03-06T21:00:00,400,30\n");
    assert!((long - 30.0).abs() < 6.0, "{long}");
    // `people.talk` as it is: a lognormal with median 120 s and sigma .93.
    let usual = only("2026-03-06T09:00:00,400,\n2026-03-06T21:00:00,400,\n");
    assert!((usual - 185.0).abs() < 50.0, "{usual}");
}

#[test]
fn slips_are_told_at_their_key() {
    let campaign = "[[arrivals]]\nkind = \"campaign\"\nrecipients = 10\nto = \"all\"\n";
    for (more, said) in [
        (
            "at = \"2026-03-06T08:00:00\"\n",
            "lies before the start of the run",
        ),
        ("send = { batch = 5 }\n", "`batch` and `every` go together"),
        (
            "send = { rate = \"5/h\", batch = 5, every = \"1h\" }\n",
            "not both",
        ),
        (
            "send = { between = \"9 to 5\" }\n",
            "expected hours such as",
        ),
        ("send = {}\n", "it says nothing"),
        ("send = { rate = \"0/h\" }\n", "a rate of 0 sends nothing"),
        (
            "sends_as = \"60000\"\n",
            "expected \"60000/h\", \"6000/h\" or \"at-once\"",
        ),
        ("response_share = 2\n", "expected a number from 0 to 1"),
    ] {
        let desk = desk(&format!("{campaign}{more}"));
        let said_so = desk.ends(2, &["check", "scenario.toml"]).stdout();
        assert!(said_so.contains(said), "{more}: {said_so}");
    }
    for (rows, said) in [
        ("start,calls\n", "the column `interval_start` is missing"),
        (
            "interval_start,calls\n2026-03-06T09:00:00,5\n",
            "one row does not tell",
        ),
        (
            "interval_start,calls\n2026-03-06T09:00:00,-5\n",
            "a number of calls from 0",
        ),
        (
            "interval_start,calls\n2026-03-06T09:00:00,1\n2026-03-06T09:00:00,2\n",
            "a second row for",
        ),
        (
            "interval_start,calls\n2026-03-05T09:00:00,1\n2026-03-05T09:30:00,2\n",
            "lies before the start of the run",
        ),
    ] {
        let desk =
            desk("[[arrivals]]\nkind = \"forecast\"\nfile = \"forecast.csv\"\nto = \"all\"\n");
        desk.write("forecast.csv", rows);
        let said_so = desk.ends(2, &["check", "scenario.toml"]).stdout();
        assert!(said_so.contains(said), "{rows}: {said_so}");
    }
}

#[test]
fn contacts_that_are_not_there_are_said() {
    let desk = desk(
        "[[arrivals]]\nkind = \"poisson\"\nrate = \"5/h\"\ncallers = \"contacts\"\nto = \"all\"\n",
    );
    let said = desk.ends(0, &["check", "scenario.toml"]).stdout();
    assert!(
        said.contains("the called sub-account has no contacts: strangers call it"),
        "{said}"
    );
}

#[test]
fn arrivals_that_bring_nothing_are_said_by_the_run_too() {
    let late = "[[arrivals]]\nkind = \"campaign\"\nrecipients = 10\nto = \"all\"\n\
                at = \"2026-03-06T23:00:00\"\n";
    let desk = desk(&format!(
        "{late}\n[[arrivals]]\nkind = \"poisson\"\nrate = \"5/h\"\nto = \"all\"\n"
    ));
    let said = desk.ends(0, &["run", "scenario.toml", "--out", "out"]);
    let told = "arrivals.0 brings no call within the run";
    assert!(said.stderr().contains(told), "{}", said.stderr());
    assert!(desk.read("out/summary.md").contains(told));
    assert!(!said.stderr().contains("arrivals.1"), "{}", said.stderr());
}

#[test]
fn a_campaign_too_large_for_memory_is_told_what_to_lessen() {
    let desk = desk(
        "[[arrivals]]\nkind = \"campaign\"\nrecipients = 1000000000\nresponse_share = 1\n\
         sends_as = \"at-once\"\nto = \"all\"\n",
    );
    let said = desk.ends(2, &["run", "scenario.toml"]).stderr();
    assert!(said.contains("help: fewer `recipients`"), "{said}");
}
