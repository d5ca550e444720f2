//! `busyhour check`: every error and every oddity of any number of files.

use crate::desk::{ACCOUNTS, Desk, SCENARIO};

#[test]
fn scenarios_accounts_and_built_in_names_are_checked_together() {
    let desk = Desk::small();
    let said = desk
        .ends(
            0,
            &["check", "scenario.toml", "accounts.toml", "office-day"],
        )
        .stdout();
    for line in [
        "scenario.toml: scenario ok",
        "accounts.toml: accounts ok",
        "office-day: scenario ok",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(
        said.contains("about 90 fresh calls a replication, 1 replication"),
        "{said}"
    );
}

#[test]
fn a_missing_file_does_not_keep_the_others_from_being_checked() {
    let desk = Desk::small();
    desk.write("broken.toml", "duration = 4h\nseed = \"x\"\n");
    let args = [
        "check",
        "nope.toml",
        "broken.toml",
        "scenario.toml",
        "--format",
        "json",
    ];
    let found = desk.ends(2, &args).json();
    let files = found["files"].as_array().expect("files");
    let ok: Vec<bool> = files.iter().map(|it| it["ok"] == true).collect();
    assert_eq!(ok, [false, false, true]);
    let first = &files[0]["errors"][0];
    assert!(
        first["message"]
            .as_str()
            .is_some_and(|it| it.contains("no such file")),
        "{first}"
    );
    assert!(
        files[1]["errors"]
            .as_array()
            .is_some_and(|it| it.len() >= 2),
        "{}",
        files[1]
    );
    assert_eq!(files[1]["errors"][0]["line"], 1);
}

#[test]
fn accounts_are_read_as_toml_json_and_json_lines_alike() {
    let desk = Desk::small();
    let number = "+15555550199";
    let account = serde_json::json!({
        "id": "acme-dental",
        "user": [{"id": "ann", "web_app": true}],
        "number": [{"number": number, "assigned_to": "ann", "forward_to": number}],
    });
    desk.write("a.json", &format!("{{\"sub_account\":[{account}]}}"));
    desk.write("a.jsonl", &format!("{account}\n"));
    let toml = format!(
        r#"
[[sub_account]]
id = "acme-dental"
[[sub_account.user]]
id = "ann"
web_app = true
[[sub_account.number]]
number = "{number}"
assigned_to = "ann"
forward_to = "{number}"
"#
    );
    desk.write("a.toml", &toml);
    let args = ["check", "a.toml", "a.json", "a.jsonl", "--format", "json"];
    let found = desk.ends(0, &args).json();
    let lint = &found["files"][0]["lint"];
    assert_eq!(lint[0]["kind"], "redirect-loop", "{lint}");
    for file in 1..3 {
        assert_eq!(&found["files"][file]["lint"], lint);
    }
    desk.write(
        "bad.jsonl",
        &format!("{account}\n{{\"id\":\"b\",\"nmae\":\"B\"}}\n"),
    );
    let said = desk.ends(2, &["check", "bad.jsonl"]).stdout();
    assert!(said.contains("bad.jsonl:2:11: "), "{said}");
}

#[test]
fn loops_dead_ends_and_timeout_traps_are_findings_and_no_errors() {
    let desk = Desk::small();
    let loops = ACCOUNTS.replace("ring_more = [\"ben\"]", "forward_to = \"+15555550198\"");
    let more = r#"
[[sub_account.number]]
number = "+15555550198"
forward_to = "+15555550199"
[[sub_account.number]]
number = "+15555550197"
voice_capable = false
[[sub_account.number]]
number = "+15555550196"
forward_to = "+12125550100"
"#;
    desk.write(
        "accounts.toml",
        &loops.replace("phone = \"+15555550101\"\n", "").replace(
            "[[sub_account.contact]]",
            &format!("{more}\n[[sub_account.contact]]"),
        ),
    );
    let found = desk
        .ends(0, &["check", "accounts.toml", "--format", "json"])
        .json();
    let kinds = found["files"][0]["lint"].to_string();
    for kind in ["redirect-loop", "dead-end", "carrier-voicemail-race"] {
        assert!(kinds.contains(kind), "{kind}: {kinds}");
    }
    let args = ["check", "accounts.toml", "--format", "github"];
    let said = desk.ends(0, &args).stdout();
    assert!(
        said.contains("::notice file=accounts.toml::redirect-loop"),
        "{said}"
    );
}

#[test]
fn calls_that_never_reach_the_back_end_are_found() {
    let desk = Desk::small();
    desk.write(
        "log.csv",
        "start,from,to,direction\n2026-01-05T10:00:00Z,,+15555550199,inbound\n\
         2026-01-05T10:10:00Z,+15555550150,+15555550142,inbound\n\
         2026-01-05T10:20:00Z,,+15555550199,outbound\n2026-01-06T10:00:00Z,,+15555550199,\n",
    );
    let scenario = SCENARIO.replace("\"90/h\"", "\"20/min\"")
        + "\n[[arrivals]]\nkind = \"log\"\nfile = \"log.csv\"\n\n[[arrivals]]\nkind = \"profile\"\n\
           every = \"1h\"\nrates = [\"0/h\"]\nto = \"all\"\n\n[[arrivals]]\nkind = \"poisson\"\n\
           rate = \"11/min\"\ncallers = \"private\"\nto = \"all\"\n";
    desk.write(
        "scenario.toml",
        &scenario.replace("seed = 11", "start = \"2026-01-05T10:00:00\""),
    );
    let found = desk
        .ends(0, &["check", "scenario.toml", "--format", "json"])
        .json();
    let lint = found["files"][0]["lint"]
        .as_array()
        .expect("findings")
        .clone();
    let at = |kind: &str| {
        let row = lint.iter().find(|it| it["kind"] == kind);
        let row = row.unwrap_or_else(|| panic!("{kind}: {lint:?}"));
        format!(
            "{} {}",
            row["at"].as_str().unwrap_or(""),
            row["detail"].as_str().unwrap_or("")
        )
    };
    assert_eq!(at("nobody-owns"), "arrivals.1 1 calls to +15555550142");
    assert_eq!(at("no-calls"), "arrivals.2 ");
    assert_eq!(
        at("over-to-limit"),
        "+15555550199 31.0 calls in its busiest minute, limit 15"
    );
    assert_eq!(
        at("over-private-limit"),
        " 11.0 private calls in its busiest minute, limit 10"
    );
    assert_eq!(
        at("calls-left-out"),
        "arrivals 1 calls of the log are not inbound"
    );
    assert!(
        lint.iter()
            .any(|it| it["detail"] == "1 calls of the log came after its end")
    );
    let unlimited = ["check", "scenario.toml", "--set", "limits.preset=none"];
    assert!(!desk.ends(0, &unlimited).stdout().contains("over-to-limit"));
}

#[test]
fn the_policy_decides_what_is_a_dead_end() {
    let desk = Desk::small();
    let apps_only = ACCOUNTS.replace("phone = \"+15555550101\"\n", "");
    desk.write("accounts.toml", &apps_only);
    desk.ends(2, &["check", "accounts.toml", "--policy", "nope"]);
    let said = |policy: &str| {
        desk.ends(0, &["check", "scenario.toml", "--policy", policy])
            .stdout()
    };
    assert!(!said("stages-2026").contains("dead-end"));
    let legacy = said("layers-legacy");
    assert!(
        legacy.contains("dead-end") && legacy.contains("only-dead-ends"),
        "{legacy}"
    );
}
