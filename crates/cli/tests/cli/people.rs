//! Who calls and who picks up, key by key: what each of them changes in a run, as a user sees it.

use serde_json::Value;

use crate::desk::{Desk, value};

const ACCOUNTS: &str = r#"
[[sub_account]]
id = "acme"

[[sub_account.user]]
id = "ann"
web_app = true

[[sub_account.user]]
id = "ben"
mobile_app = true

[[sub_account.number]]
number = "+15555550199"
assigned_to = "ann"

[[sub_account.contact]]
phone = "+15555550177"
assigned_to = "ben"
"#;

const SCENARIO: &str = r#"
name = "people"
seed = 5
start = "2026-03-02T09:00:00"
duration = "8h"
interval = "30min"
accounts = "accounts.toml"
limits.preset = "none"
people.answer.web.reach = 1.0
people.answer.mobile.reach = 1.0
people.patience = "infinite"
people.talk = { constant = "60s" }

[[arrivals]]
kind = "poisson"
rate = "20/h"
to = "all"
"#;

struct Case(Desk);

impl Case {
    /// With these accounts.
    fn of(accounts: &str) -> Self {
        let desk = Desk::empty();
        desk.write("scenario.toml", SCENARIO);
        desk.write("accounts.toml", accounts);
        Self(desk)
    }

    fn plain() -> Self {
        Self::of(ACCOUNTS)
    }

    fn run(&self, set: &[&str]) -> Value {
        let mut args = vec!["--force"];
        for text in set {
            args.extend(["--set", text]);
        }
        self.0.run_json("out", &args)
    }

    /// The column of a row of a CSV file of the last run.
    fn cell(&self, file: &str, row: &str, column: &str) -> f64 {
        let text = self.0.read(&format!("out/{file}"));
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = lines.next().expect("a head");
        let at = head.iter().position(|it| *it == column);
        let at = at.unwrap_or_else(|| panic!("{column} is not among {head:?}"));
        let found = lines.find(|it| it.iter().any(|cell| cell.contains(row)));
        let found = found.unwrap_or_else(|| panic!("{row} is not in\n{text}"));
        found[at].parse().unwrap_or_default()
    }
}

fn share(run: &Value, outcome: &str) -> f64 {
    value(run, &format!("calls.{outcome}")) / value(run, "calls.offered")
}

#[test]
fn callers_are_all_different_or_from_a_pool() {
    let case = Case::plain();
    let unique = case.run(&[]);
    assert_eq!(
        value(&unique, "callers.offered"),
        value(&unique, "calls.fresh")
    );
    let pool = case.run(&["arrivals.0.callers={ pool = 5 }"]);
    assert_eq!(value(&pool, "callers.offered"), 5.0);
    assert_eq!(value(&pool, "calls.fresh"), value(&unique, "calls.fresh"));
}

#[test]
fn a_contact_is_put_through_to_its_owner() {
    let case = Case::plain();
    let set = "accounts.acme.prefer=contact-owner";
    case.run(&[set]);
    assert!(case.cell("staff.csv", "ann", "answered") > 50.0);
    assert_eq!(case.cell("staff.csv", "ben", "answered"), 0.0);
    case.run(&[set, "arrivals.0.callers=contacts"]);
    assert_eq!(case.cell("staff.csv", "ann", "answered"), 0.0);
    assert!(case.cell("staff.csv", "ben", "answered") > 50.0);
}

#[test]
fn private_callers_are_turned_away_where_they_are_not_wanted_and_count_as_one() {
    let case = Case::plain();
    let private = "arrivals.0.callers=private";
    assert!(share(&case.run(&[private]), "answered") > 0.5);
    let refused = case.run(&[private, "accounts.acme.allow_private_calls=false"]);
    assert_eq!(
        value(&refused, "calls.dropped.private-caller"),
        value(&refused, "calls.offered")
    );
    let limits = ["limits.preset=leadconnector", "arrivals.0.rate=14/min"];
    let blocked = case.run(&[private, limits[0], limits[1]]);
    assert!(value(&blocked, "calls.blocked.from-rate") > 0.0);
    let strangers = case.run(&limits);
    assert_eq!(value(&strangers, "calls.blocked.from-rate"), 0.0);
}

#[test]
fn spoofed_callers_look_like_neighbours() {
    let case = Case::plain();
    let args = ["generate", "calls", "scenario.toml", "--out", "calls.csv"];
    let spoofed = ["--set", "arrivals.0.callers=spoofed"];
    case.0.ends(0, &[&args[..], &spoofed].concat());
    let calls = case.0.read("calls.csv");
    let from: Vec<&str> = calls
        .lines()
        .skip(1)
        .filter_map(|it| it.split(',').nth(1))
        .collect();
    assert!(
        from.len() > 100 && from.iter().all(|it| it.starts_with("+1555555")),
        "{from:?}"
    );
}

#[test]
fn the_persistence_of_callers_falls_from_attempt_to_attempt() {
    let case = Case::plain();
    let nobody = "accounts.acme.user.ann.available=false";
    let none = "accounts.acme.number.+15555550199.backup=none";
    let redials = |keep: &str| {
        let redial = format!(
            "people.redial={{ share = 0.8, keep = {keep}, delay = {{ constant = \"1min\" }} }}"
        );
        let run = case.run(&[nobody, none, &redial]);
        value(&run, "calls.redials") / value(&run, "calls.fresh")
    };
    let (once, some, all) = (redials("0.0"), redials("0.5"), redials("1.0"));
    // .8, .8 + .8 x .4 + …, and .8 / .2, cut off by the end of the day.
    assert!((once - 0.8).abs() < 0.1, "{once}");
    assert!(some > once + 0.2 && all > some + 1.5, "{once} {some} {all}");
}

#[test]
fn apps_are_silent_at_lunch_and_when_logged_out() {
    let case = Case::plain();
    let shifts = r#"accounts.acme.user.ann.hours=["Mon-Fri 09:00-12:30", "Mon-Fri 13:00-17:00"]"#;
    case.run(&[shifts]);
    assert!(case.cell("timeseries.csv", "T12:00:00", "answered") > 0.0);
    assert!(case.cell("timeseries.csv", "T12:30:00", "offered") > 0.0);
    assert_eq!(case.cell("timeseries.csv", "T12:30:00", "answered"), 0.0);
    assert!(case.cell("timeseries.csv", "T13:00:00", "answered") > 0.0);
    let out = case.run(&["accounts.acme.user.ann.available=false"]);
    assert_eq!(value(&out, "calls.answered"), 0.0);
}

#[test]
fn sleeping_tabs_and_do_not_disturb_keep_calls_from_people() {
    let case = Case::plain();
    let awake = share(&case.run(&[]), "answered");
    let asleep = share(&case.run(&["people.answer.web.sleep=0.5"]), "answered");
    assert!((asleep / awake - 0.5).abs() < 0.15, "{awake} {asleep}");
    let silent = share(&case.run(&["people.answer.web.dnd=0.5"]), "answered");
    assert!((silent / awake - 0.5).abs() < 0.15, "{awake} {silent}");
    let phones = Case::of(&ACCOUNTS.replace("web_app = true", "phone = \"+15555550101\""));
    let dnd = phones.run(&["people.answer.phone.dnd=1.0"]);
    assert_eq!(share(&dnd, "carrier-voicemail"), 1.0);
}

#[test]
fn a_phone_companys_voicemail_takes_what_nobody_picks_up_in_time() {
    let case = Case::of(&ACCOUNTS.replace("web_app = true", "phone = \"+15555550101\""));
    let never = "people.answer.phone.reach=0.0";
    let late = case.run(&[
        never,
        "people.answer.phone.carrier_voicemail={ constant = \"40s\" }",
    ]);
    assert_eq!(share(&late, "carrier-voicemail"), 1.0);
    let short = case.run(&[
        never,
        "people.answer.phone.carrier_voicemail={ constant = \"40s\" }",
        "routing.ring_timeout=20s",
    ]);
    assert_eq!(share(&short, "voicemail"), 1.0);
}

#[test]
fn who_talks_or_wraps_up_is_busy_in_every_sub_account() {
    let two = format!(
        "{}{}",
        ACCOUNTS.replace("id = \"ann\"", "id = \"ann\"\nperson = \"ann.lee\""),
        ACCOUNTS
            .replace("acme", "bolt")
            .replace("0199", "0198")
            .replace("id = \"ann\"", "id = \"ann\"\nperson = \"ann.lee\"")
    );
    let apart = Case::of(&two.replace("\nperson = \"ann.lee\"", ""));
    let together = Case::of(&two);
    let busy = ["arrivals.0.rate=60/h"];
    let (apart, shared) = (apart.run(&busy), together.run(&busy));
    let lost = share(&apart, "answered") - share(&shared, "answered");
    assert!(lost > 0.1, "{lost}");
    let wraps = together.run(&[
        "arrivals.0.rate=60/h",
        "people.wrap_up={ constant = \"2min\" }",
    ]);
    assert!(share(&wraps, "answered") < share(&shared, "answered") - 0.1);
}

#[test]
fn a_roster_says_who_serves_the_queue_and_when() {
    let case = Case::of(&ACCOUNTS.replace(
        "assigned_to = \"ann\"\n",
        "backup = \"hold\"\nhold_staff = { file = \"roster.csv\" }\n",
    ));
    case.0.write(
        "roster.csv",
        "interval_start,agents\n2026-03-02T09:00:00,0\n2026-03-02T11:00:00,2\n\
         2026-03-02T15:00:00,0\n",
    );
    case.run(&["people.hold_patience={ constant = \"5min\" }"]);
    let answered = |at: &str| case.cell("timeseries.csv", at, "answered");
    assert_eq!(answered("T09:30:00"), 0.0);
    assert!(answered("T11:30:00") > 0.0 && answered("T14:00:00") > 0.0);
    assert_eq!(answered("T15:30:00"), 0.0);
}

#[test]
fn a_menu_takes_its_time_and_its_branches_connect() {
    let menu = "\n[sub_account.number.ivr]\nmenu = { constant = \"9s\" }\nhang_up = 0.2\n\
                [[sub_account.number.ivr.branch]]\nshare = 0.5\nconnect = [\"ann\", \"ben\"]\n\
                connect_timeout = \"20s\"\nthen = \"voicemail\"\n\n[[sub_account.contact]]";
    let case = Case::of(&ACCOUNTS.replace("\n[[sub_account.contact]]", menu));
    let run = case.run(&[]);
    let near = |outcome: &str, about: f64| {
        let found = share(&run, outcome);
        assert!((found - about).abs() < 0.1, "{outcome}: {found}");
    };
    near("abandoned.menu", 0.2);
    // Of those who stay, half choose the branch.
    near("ivr", 0.4);
    near("answered", 0.4);
    assert!(value(&run, "answer.delay_s.p50") > 9.0);
    let nobody = case.run(&["accounts.acme.user.*.available=false"]);
    assert!(share(&nobody, "voicemail") > 0.3, "the branch's own end");
}

#[test]
fn a_voice_ai_keeps_hours_a_pool_goes_to_one_number_and_legs_stay_in_their_countries() {
    let case = Case::plain();
    let number = "accounts.acme.number.+15555550199";
    let direct = format!("{number}.voice_ai=direct");
    let hours = format!(r#"{number}.voice_ai_hours=["Mon 12:00-17:00"]"#);
    case.run(&[&direct, &hours]);
    assert_eq!(case.cell("timeseries.csv", "T10:00:00", "voice-ai"), 0.0);
    assert_eq!(case.cell("timeseries.csv", "T14:00:00", "answered"), 0.0);
    assert!(case.cell("timeseries.csv", "T14:00:00", "voice-ai") > 0.0);
    let pool = format!("{number}.pool=adwords");
    let nowhere = case.run(&[&pool]);
    assert_eq!(share(&nowhere, "dropped.no-destination"), 1.0);
    let forward = format!("{number}.forward_to=+15555550123");
    let reach = "people.answer.phone.reach=1.0";
    let forwarded = case.run(&[&pool, &forward, reach]);
    assert!(share(&forwarded, "answered") > 0.9);
    let abroad = case.run(&[&pool, &forward, reach, r#"accounts.acme.countries=["DE"]"#]);
    assert_eq!(value(&abroad, "calls.answered"), 0.0);
}
