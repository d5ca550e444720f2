//! Production logs as their owners meet them: any dialect in, the canonical log and a report out.

use std::fmt::Write as _;

use crate::desk::Desk;

const ASTERISK: &str = concat!(
    "\"\",\"5555550100\",\"5555550199\",\"from-trunk\",\"a\",\"PJSIP/trunk-1\",\"PJSIP/201-2\",\"Dial\",\"x\",",
    "\"2026-03-02 15:00:05\",\"2026-03-02 15:00:14\",\"2026-03-02 15:02:10\",125,116,\"ANSWERED\",\"D\",",
    "\"1772463605.1\",\"\"\n",
    "\"\",\"5555550101\",\"5555550199\",\"from-trunk\",\"a\",\"PJSIP/trunk-3\",\"PJSIP/201-4\",\"Dial\",\"x\",",
    "\"2026-03-02 15:04:40\",,\"2026-03-02 15:05:05\",25,0,\"NO ANSWER\",\"D\",\"1772463880.3\",\"\"\n",
);

const TICKETS: &str = "arrived,cust,line,result,talk_s,agent\n\
    2026-03-02T15:00:05,c1,A,AGENT,2:05,Ann\n\
    2026-03-02T15:01:00,,A,HANG,,\n\
    2026-03-02T15:02:00,c2,B,PHANTOM,0,\n";

const TICKET_FLAGS: [&str; 17] = [
    "--map",
    "start=arrived",
    "--map",
    "from=cust",
    "--map",
    "to=line",
    "--map",
    "outcome=result",
    "--map",
    "user=agent",
    "--outcome",
    "AGENT=answered",
    "--outcome",
    "HANG=abandoned",
    "--outcome",
    "PHANTOM=skip",
    "--opaque=to",
];

#[test]
fn a_log_is_detected_said_and_written_as_the_canonical_one() {
    let desk = Desk::empty();
    desk.write("Master.csv", ASTERISK);
    let done = desk.ends(
        0,
        &[
            "import",
            "Master.csv",
            "--tz",
            "America/New_York",
            "--country-code",
            "1",
        ],
    );
    assert_eq!(
        done.stdout(),
        "start,from,to,direction,outcome,ring_s,hold_s,talk_s,wrap_s,total_s,user,source_row\n\
         2026-03-02T15:00:05-05:00,+15555550100,+15555550199,inbound,answered,9,,116,,125,PJSIP/201,1\n\
         2026-03-02T15:04:40-05:00,+15555550101,+15555550199,inbound,no-answer,25,,0,,25,,2\n"
    );
    assert!(
        done.stderr().contains("Master.csv: read as asterisk"),
        "{}",
        done.stderr()
    );
    assert!(
        done.stderr()
            .contains("1 of 2 calls (50.0 %) were not answered; there may have been more")
    );
    let why = desk.ends(2, &["import", "Master.csv"]).stderr();
    assert!(
        why.starts_with("Master.csv:1:") && why.contains("--tz"),
        "{why}"
    );
    let other = desk.ends(
        2,
        &[
            "import",
            "Master.csv",
            "--dialect",
            "freeswitch",
            "--tz",
            "UTC",
        ],
    );
    assert!(
        other
            .stderr()
            .contains("18 fields, where the header names 15"),
        "{}",
        other.stderr()
    );
}

#[test]
fn json_tells_of_the_data_and_needs_a_file_for_the_log() {
    let desk = Desk::empty();
    desk.write("tickets.csv", TICKETS);
    let mut args = vec!["import", "tickets.csv", "--tz", "UTC", "--opaque", "from"];
    args.extend(TICKET_FLAGS);
    args.extend(["--format", "json"]);
    desk.ends(2, &args);
    args.extend(["--out", "calls.csv"]);
    let report = desk.ends(0, &args).json();
    assert_eq!(
        (report["rows"].as_u64(), report["calls"].as_u64()),
        (Some(3), Some(2))
    );
    assert_eq!(report["skipped"], serde_json::json!({ "PHANTOM": 1 }));
    assert_eq!(
        report["outcomes"],
        serde_json::json!({ "answered": 1, "abandoned": 1 })
    );
    assert_eq!(report["first"], "2026-03-02T15:00:05+00:00");
    assert_eq!(report["last"], "2026-03-02T15:01:00+00:00");
    assert!(report["warnings"].to_string().contains("--offered-scale"));
    assert_eq!(desk.read("calls.csv").lines().count(), 3);
    assert!(
        desk.read("calls.keys.csv").contains("\"c1\""),
        "which text is which number"
    );
    desk.ends(2, &args);
    args.push("--force");
    desk.ends(0, &args);
}

#[test]
fn the_flags_of_an_import_are_saved_as_a_dialect_that_scenarios_read_too() {
    let desk = Desk::empty();
    desk.write("tickets.csv", TICKETS);
    let mut args = vec![
        "import",
        "tickets.csv",
        "--tz",
        "UTC",
        "--opaque=from",
        "--save-dialect",
        "t.toml",
    ];
    args.extend(TICKET_FLAGS);
    args.extend(["--accounts", "seen.toml", "--out", "a.csv"]);
    desk.ends(0, &args);
    desk.ends(
        0,
        &[
            "import",
            "tickets.csv",
            "--dialect",
            "t.toml",
            "--out",
            "b.csv",
        ],
    );
    assert_eq!(desk.read("a.csv"), desk.read("b.csv"));
    let seen = desk.read("seen.toml");
    for part in [
        "id = \"Ann\"  # answered 1 calls",
        "# a guess: answered 1 of its calls",
        "# 2 calls",
    ] {
        assert!(seen.contains(part), "{part}:\n{seen}");
    }
    desk.ends(0, &["check", "seen.toml"]);
    desk.write(
        "scenario.toml",
        "accounts = \"seen.toml\"\n[[arrivals]]\nkind = \"log\"\nfile = \"tickets.csv\"\ndialect = \"t.toml\"\n",
    );
    let run = desk.run_json("run", &[]);
    assert_eq!(run["metrics"]["calls.offered"]["value"], 2);
}

#[test]
fn a_scenario_reads_a_log_of_any_dialect_in_its_own_zone() {
    let desk = Desk::small();
    desk.write("Master.csv", ASTERISK);
    let scenario = |zone: &str| {
        format!(
            "{zone}accounts = \"accounts.toml\"\n[[arrivals]]\nkind = \"log\"\nfile = \"Master.csv\"\n"
        )
    };
    desk.write(
        "scenario.toml",
        &scenario("time_zone = \"America/New_York\"\n"),
    );
    let run = desk.run_json("a", &[]);
    assert_eq!(run["metrics"]["calls.offered"]["value"], 2);
    assert_eq!(
        run["manifest"]["parameters"]["start"],
        "2026-03-02T15:00:00"
    );
    desk.write("scenario.toml", &scenario(""));
    let why = desk.ends(2, &["check", "scenario.toml"]).stdout();
    assert!(
        why.contains("Master.csv:1:") && why.contains("time_zone"),
        "{why}"
    );
}

#[test]
fn malformed_rows_go_to_a_side_file() {
    let desk = Desk::empty();
    desk.write(
        "log.csv",
        "start,from,to,outcome\n2026-03-02T15:00:00Z,,+15555550199,\nx,y\n=1+1,,+15555550199,\n",
    );
    desk.ends(2, &["import", "log.csv", "--out", "a.csv"]);
    assert!(
        !desk.path("a.csv").exists() && !desk.path(".a.csv.part").exists(),
        "nothing half done is left"
    );
    let args = [
        "import",
        "log.csv",
        "--out",
        "a.csv",
        "--on-bad-row",
        "skip",
        "--format",
        "json",
    ];
    let report = desk.ends(0, &args).json();
    assert_eq!(
        report["skipped"],
        serde_json::json!({ "bad-time": 1, "ragged-row": 1 })
    );
    assert_eq!(
        desk.read("a.skipped.csv"),
        "file,line,reason,row\n\"log.csv\",3,ragged-row,\"x,y\"\n\"log.csv\",4,bad-time,\"'=1+1,,+15555550199,\"\n"
    );
}

#[test]
fn several_logs_are_one_and_name_the_sub_accounts() {
    let desk = Desk::empty();
    desk.write(
        "north.csv",
        "start,from,to,outcome\n2026-03-02T15:00:00Z,,+15555550198,answered\n",
    );
    desk.write(
        "south.csv",
        "start,from,to,outcome\n2026-03-02T14:00:00Z,,+15555550199,answered\n",
    );
    let args = [
        "import",
        "north.csv",
        "south.csv",
        "--out",
        "all.csv",
        "--accounts",
        "seen.toml",
        "--sub-account-from",
        "filename",
    ];
    desk.ends(0, &args);
    let log = desk.read("all.csv");
    let starts: Vec<&str> = log.lines().skip(1).map(|it| &it[..16]).collect();
    assert_eq!(starts, ["2026-03-02T14:00", "2026-03-02T15:00"]);
    let seen = desk.read("seen.toml");
    assert!(
        seen.contains("id = \"north\"") && seen.contains("id = \"south\""),
        "{seen}"
    );
    let mut piped = desk.command(&["import", "-"]);
    piped.write_stdin(desk.read("north.csv"));
    let out = piped.output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&out.stdout).lines().count(), 2);
}

#[test]
fn a_redacted_log_shows_no_number_and_no_name() {
    let desk = Desk::empty();
    desk.write(
        "log.csv",
        "start,from,to,outcome,talk_s,user\n\
         2026-03-02T15:00:00Z,+15555550171,+15555550172,answered,9,Ann Lee\n\
         2026-03-02T15:00:01Z,+15555550171,+15555550172,answered,9,Ann Lee\n\
         2026-03-02T15:00:02Z,oops +15555550173,+15555550172,answered,9,Ann Lee\n",
    );
    let args = [
        "import",
        "log.csv",
        "--redact",
        "--on-bad-row",
        "skip",
        "--accounts",
        "seen.toml",
        "--out",
        "a.csv",
        "--format",
        "json",
    ];
    let done = desk.ends(0, &args);
    let shown = [
        done.stdout(),
        done.stderr(),
        desk.read("a.csv"),
        desk.read("a.skipped.csv"),
        desk.read("seen.toml"),
    ];
    for text in &shown {
        assert!(
            !text.contains("555555017") && !text.contains("Ann"),
            "{text}"
        );
    }
    let from: Vec<String> = desk
        .read("a.csv")
        .lines()
        .skip(1)
        .map(|it| it.split(',').nth(1).unwrap_or_default().to_owned())
        .collect();
    assert!(
        from.len() == 2 && from[0] == from[1] && from[0].starts_with("+999"),
        "{from:?}"
    );
    desk.ends(0, &["check", "seen.toml"]);
}

#[test]
fn a_redacted_queue_shows_no_number_and_no_name_in_its_accounts_and_roster() {
    let desk = Desk::empty();
    let mut log = String::from("start,from,to,outcome,hold_s,talk_s,user\n");
    for minute in 10..50 {
        let row = "+15555550171,+15555550172,answered,90,200,Ann Lee";
        let _ = writeln!(log, "2026-03-02T15:{minute}:00Z,{row}");
    }
    desk.write("log.csv", &log);
    let args = [
        "import",
        "log.csv",
        "--redact",
        "--one-queue",
        "+15555550175",
        "--fit",
        "--accounts",
        "seen.toml",
        "--out",
        "a.csv",
    ];
    let done = desk.ends(0, &args);
    let shown = [
        done.stdout(),
        done.stderr(),
        desk.read("a.csv"),
        desk.read("seen.toml"),
        desk.read("seen.roster.csv"),
        desk.read("fitted.toml"),
    ];
    for text in &shown {
        let bare = !text.contains("555555017") && !text.contains("Ann");
        assert!(bare, "{text}");
    }
    // One queue with one number of its own, and somebody in it.
    let accounts = desk.read("seen.toml");
    assert_eq!(accounts.matches("[[sub_account.number]]").count(), 1);
    assert!(
        accounts.contains("hold_staff = { file = \"seen.roster.csv\" }"),
        "{accounts}"
    );
    assert!(shown[4].lines().count() > 2, "{}", shown[4]);
    desk.ends(0, &["check", "fitted.toml"]);
}
