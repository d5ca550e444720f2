//! Broken files and exactly what is printed of them.

use super::memory::Memory;
use super::{ACCOUNTS, SCENARIO, read, refused, small, with_scenario};

/// The small scenario with this text in place of that.
fn changed(from: &str, to: &str) -> String {
    assert!(SCENARIO.contains(from), "{from}");
    SCENARIO.replace(from, to)
}

fn with_accounts(from: &str, to: &str) -> Memory {
    assert!(ACCOUNTS.contains(from), "{from}");
    Memory::default()
        .with("s/scenario.toml", SCENARIO)
        .with("s/accounts.toml", ACCOUNTS.replacen(from, to, 1))
}

#[test]
fn the_small_files_read() {
    assert!(read(&small(), &[], &[]).is_ok_and(|scenario| scenario.warnings.is_empty()));
}

#[test]
fn a_slip_of_the_scenario_is_printed_with_its_line_and_a_caret() {
    for (from, to, printed) in [
        (
            "duration = \"1h\"",
            "duratoin = \"1h\"",
            "s/scenario.toml:1:1: error: `duration` is missing\n\
             accounts = \"accounts.toml\"\n\
             ^\n\
             help: expected how long calls arrive, as in \"10h\"\n\
             s/scenario.toml:2:1: error: unknown key `duratoin`\n\
             duratoin = \"1h\"\n\
             ^^^^^^^^\n\
             help: did you mean `duration`?\n",
        ),
        (
            "duration = \"1h\"",
            "duration = 3600 # an hour",
            "s/scenario.toml:2:12: error: 3600 has no unit of time\n\
             duration = 3600 # an hour\n           \
                        ^^^^\n\
             help: write for example \"3600s\" or \"3600min\"\n",
        ),
        (
            "duration = \"1h\"",
            "duration = \"0s\"",
            "s/scenario.toml:2:12: error: found a duration of zero, expected one above zero\n\
             duration = \"0s\"\n           \
                        ^^^^\n",
        ),
        (
            "\"12/min\"",
            "\"-12/min\"",
            "s/scenario.toml:6:8: error: the rate \"-12/min\" is negative, expected 0 or more\n\
             rate = \"-12/min\"\n       \
                    ^^^^^^^^^\n",
        ),
        (
            "\"poisson\"",
            "\"campagne\"",
            "s/scenario.toml:5:8: error: found \"campagne\", expected one of poisson, profile, \
             forecast, campaign, log, burst, televote, robocall, hawkes\n\
             kind = \"campagne\"\n       \
                    ^^^^^^^^^^\n\
             help: did you mean \"campaign\"?\n",
        ),
        (
            "to = \"all\"",
            "to = [\"+15555550198\"]",
            "s/scenario.toml:7:7: error: +15555550198 belongs to no account\n\
             to = [\"+15555550198\"]\n      \
                   ^^^^^^^^^^^^^^\n\
             help: the nearest number there is +15555550199\n",
        ),
        (
            "\"accounts.toml\"",
            "\"acounts.toml\"",
            "s/scenario.toml:1:12: error: `s/acounts.toml`: there is no such file\n\
             accounts = \"acounts.toml\"\n           \
                        ^^^^^^^^^^^^^^\n",
        ),
    ] {
        assert_eq!(
            refused(&with_scenario(&changed(from, to)), &[], &[]),
            printed,
            "{to}"
        );
    }
}

#[test]
fn a_slip_of_the_accounts_is_printed_with_its_line_and_a_caret() {
    for (from, to, printed) in [
        (
            "assigned_to = \"ann\"",
            "assigned_to = \"anna\"",
            "s/accounts.toml:14:15: error: no user `anna` in this sub-account\n\
             assigned_to = \"anna\"\n              \
                           ^^^^^^\n\
             help: did you mean `ann`?\n",
        ),
        (
            "id = \"ben\"",
            "id = \"ann\"",
            "s/accounts.toml:9:6: error: `ann` is named twice\n\
             id = \"ann\"\n     \
                  ^^^^^\n\
             help: each user of a sub-account has an id of its own\n\
             s/accounts.toml:18:15: error: no user `ben` in this sub-account\n\
             assigned_to = \"ben\"\n              \
                           ^^^^^\n\
             help: its users are ann, ann\n",
        ),
        (
            "phone = \"+15555550102\"",
            "phone = 15555550102",
            "s/accounts.toml:10:9: error: found 15555550102, expected a phone number such as \
             \"+15555550100\"\n\
             phone = 15555550102\n        \
                     ^^^^^^^^^^^\n\
             help: write it in quotes\n",
        ),
        (
            "id = \"acme\"\n",
            "id = \"acme\"\ncountries = [\"us\"]\n",
            "s/accounts.toml:3:14: error: found \"us\", expected an ISO 3166 country code such \
             as \"US\"\n\
             countries = [\"us\"]\n             \
                          ^^^^\n\
             help: did you mean \"US\"?\n",
        ),
        (
            "assigned_to = \"ann\"",
            "ring_more = [\"ann\", \"ann\", \"ann\", \"ann\", \"ann\", \"ann\", \"ben\"]",
            "s/accounts.toml:14:13: error: 7 users, where a number rings at most 6 more\n\
             ring_more = [\"ann\", \"ann\", \"ann\", \"ann\", \"ann\", \"ann\", \"ben\"]\n            \
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n",
        ),
        (
            "assigned_to = \"ann\"",
            "ivr.branch = [{ share = 0.7, connect = [\"bn\"] }, { share = 0.5 }]",
            "s/accounts.toml:14:41: error: no user `bn` in this sub-account\n\
             ivr.branch = [{ share = 0.7, connect = [\"bn\"] }, { share = 0.5 }]\n                                        \
                                                     ^^^^\n\
             help: did you mean `ben`?\n\
             s/accounts.toml:14:60: error: the shares of the branches add up to 1.2, expected at \
             most 1\n\
             ivr.branch = [{ share = 0.7, connect = [\"bn\"] }, { share = 0.5 }]\n                                                           \
                                                                       ^^^\n",
        ),
    ] {
        assert_eq!(refused(&with_accounts(from, to), &[], &[]), printed, "{to}");
    }
}

#[test]
fn both_files_and_the_command_line_are_reported_at_once_sorted_by_place() {
    let files = Memory::default()
        .with(
            "s/scenario.toml",
            changed("\"12/min\"", "\"12\"") + "colour = 1\n[limits]\nwindow = 1\n",
        )
        .with(
            "s/accounts.toml",
            ACCOUNTS.replace("web_app = true", "web_app = 1"),
        );
    let printed = refused(
        &files,
        &["interval=5", "people.talk=5s"],
        &["calls.offred > 3"],
    );
    let places: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.split_once(": error: "))
        .map(|it| it.0)
        .collect();
    assert_eq!(
        places,
        [
            "s/scenario.toml:6:8",
            "s/scenario.toml:8:1",
            "s/scenario.toml:10:10",
            "--set:1:10",
            "--set:1:13",
            "s/accounts.toml:6:11",
            "--gate:1:1",
        ],
        "{printed}"
    );
}

#[test]
fn syntax_errors_do_not_hide_the_rest_nor_invent_what_is_missing() {
    let printed = refused(&with_scenario("name = \"a\nname = 4\nx = [1,\n"), &[], &[]);
    assert_eq!(
        printed,
        "s/scenario.toml:1:10: error: invalid basic string, expected `\"`\nname = \"a\n         ^\n\
         s/scenario.toml:2:1: error: duplicate key\nname = 4\n^^^^\n\
         s/scenario.toml:3:1: error: unknown key `x`\nx = [1,\n^\n\
         help: the keys here are name, seed, clock, start, time_zone, duration, warm_up, \
         replications, precision, antithetic, interval, accounts, population, policy, arrivals, \
         people, routing, limits, backend, gate, table\n\
         s/scenario.toml:3:8: error: unclosed array, expected `]`\nx = [1,\n       ^\n"
    );
}

#[test]
fn columns_count_characters_and_carets_follow_tabs() {
    let text = changed(
        "[[arrivals]]\n",
        "[[arrivals]]\n\tcallers = { \"pööl\" = 1 }\n",
    );
    assert!(refused(&with_scenario(&text), &[], &[]).contains(
        "s/scenario.toml:5:14: error: unknown key `pööl`\n\tcallers = { \"pööl\" = 1 }\n\t            ^^^^^^\n"
    ));
    let text = format!("\u{feff}{SCENARIO}");
    assert!(
        read(&with_scenario(&text), &[], &[]).is_ok(),
        "a byte order mark is no error"
    );
}

#[test]
fn more_than_a_hundred_are_counted() {
    let many: Vec<String> = (0..150).map(|n| format!("k{n} = 1\n")).collect();
    let printed = refused(&with_scenario(&(many.concat() + SCENARIO)), &[], &[]);
    assert_eq!(printed.matches(": error: ").count(), 100);
    assert!(printed.ends_with("… and 50 more\n"), "{printed}");
}

#[test]
fn a_live_back_end_has_an_address() {
    for (text, said) in [
        ("backend.kind = \"http\"", "no url says where"),
        (
            "backend = { kind = \"http\", url = \"127.0.0.1:8080\" }",
            "expected a URL as http://127.0.0.1:8080/voice",
        ),
        (
            "backend = { kind = \"http\", url = \"http://h/\", closed = { connections = 0 } }",
            "from 1 to 65536",
        ),
        (
            "backend = { kind = \"http\", url = \"http://h/\", status_url = \"http://h/end\", \
             closed = { connections = 2 } }",
            "error: the ends of calls are not told in a closed loop",
        ),
        (
            "backend = { kind = \"http\", url = \"http://h/\", status_url = \"http://h/end\", \
             protocol = \"json\" }",
            "s/scenario.toml:1:60: error: the json wire does not know the ends of calls",
        ),
        (
            "backend = { kind = \"http\", url = \"http://h/route\", \
             status_url = \"http://h/end\" }",
            "s/scenario.toml:1:65: error: the json wire does not know the ends of calls",
        ),
        (
            "backend = { kind = \"http\", url = \"http://h/\", status_url = \"http://h/end\", \
             max_connections = 1 }",
            "error: the ends of calls need a connection of their own",
        ),
    ] {
        let printed = refused(&with_scenario(&format!("{text}\n{SCENARIO}")), &[], &[]);
        assert!(printed.contains(said), "{text}: {printed}");
        assert_eq!(printed.matches(": error: ").count(), 1, "{text}: {printed}");
    }
}

#[test]
fn a_router_over_the_provider_s_wire_may_be_told_of_ends() {
    for more in [
        "",
        ", max_connections = 2",
        // What is named stands above what the path suggests; a host is no path.
        ", protocol = \"twilio\", url = \"http://h/route\"",
        ", url = \"http://route\"",
    ] {
        let url = if more.contains("url") {
            ""
        } else {
            ", url = \"http://h/voice\""
        };
        let keys = format!("kind = \"http\", status_url = \"http://h/end\"{url}{more}");
        let text = format!("backend = {{ {keys} }}\n{SCENARIO}");
        let files = with_scenario(&text);
        assert!(read(&files, &[], &[]).is_ok(), "{keys}");
    }
}

#[test]
fn what_comes_later_is_not_unknown() {
    let text = "backend.latency = { histogram = \"a.hlog\" }";
    let printed = refused(&with_scenario(&format!("{text}\n{SCENARIO}")), &[], &[]);
    assert!(printed.contains("`histogram` comes later"), "{printed}");
    assert_eq!(printed.matches(": error: ").count(), 1, "{printed}");
}

#[test]
fn absurd_values_are_refused_at_their_key() {
    for text in [
        "replications = 0",
        "replications = 100001",
        "replications = 1.5",
        "seed = -1",
        "duration = \"4000d\"",
        "interval = \"1us\"",
        "interval = 15",
        "interval = true",
        "warm_up = \"2h\"",
        "warm_up = \"automatic\"",
        "precision = 0",
        "precision = 1",
        "precision = nan",
        "precision = \"1%\"",
        "antithetic = 1",
        "start = \"2026-13-01T00:00:00\"",
        "start = \"2026-03-06T09:00:00+01:00\"",
        "time_zone = \"Mars/Olympus\"",
        "policy = \"table\"",
        "people.talk = { constant = \"1s\", exponential = \"1s\" }",
        "people.talk = { exponential = \"0s\" }",
        "people.talk = { lognormal = { median = \"1s\", cv = 1.0 } }",
        "people.talk = { lognormal = { mean = \"1s\", cv = inf } }",
        "people.talk = { uniform = [\"3s\", \"2s\"] }",
        "people.talk = { uniform = [\"3s\"] }",
        "people.talk = { erlang = { k = 0, mean = \"1s\" } }",
        "people.talk = { gamma = { shape = -1.0, mean = \"1s\" } }",
        "people.talk = { weibull = { shape = nan, scale = \"1s\" } }",
        "people.talk = { hyperexponential = [{ share = 0.5, mean = \"1s\" }] }",
        "people.talk = { hyperexponential = [] }",
        "people.talk = { empirical = \"none.csv\" }",
        "people.talk = \"infinite\"",
        "people.answer.web.reach = 1.01",
        "people.answer.web.reach = nan",
        "people.answer.web.reach = \"80%\"",
        "people.answer.web.carrier_voicemail = \"infinite\"",
        "people.dial_buffer = \"-1s\"",
        "people.redial = { share = 0.4 }",
        "people.redial = { share = 0.4, delay = { constant = \"1s\" }, max = \"often\" }",
        "people.redial = { share = 0.4, delay = { constant = \"1s\" }, after = [\"answered\"] }",
        "people.redial = { share = 0.4, delay = { constant = \"1s\" }, after = [] }",
        "routing.ai_rank = 1",
        "routing.max_legs = 11",
        "routing.max_call = \"0s\"",
        "limits.double_hit = 3",
        "limits.block_until = \"0s\"",
        "limits.block_until = \"tomorrow\"",
        "backend.timeout = \"0s\"",
        "backend.kind = \"http\"",
        "backend.protocol = \"sip\"",
        "backend.max_connections = 0",
        "backend.closed = { connections = 0 }",
        "backend.closed = {}",
        "backend.connect_retries = 6",
        "backend.retry_after = \"always\"",
        "backend.max_lag = \"0s\"",
        "gate = [{ metric = \"calls.offered\" }]",
        "gate = [{ metric = \"calls.offered\", min = nan }]",
        "gate = [{ metric = \"calls.offered\", min = 3, max = 2 }]",
        "gate = [{ min = 1 }]",
        "gate = { metric = \"calls.offered\" }",
    ] {
        let base = SCENARIO;
        let rest = if text.starts_with("duration") {
            base.replace("duration = \"1h\"\n", "")
        } else {
            base.to_owned()
        };
        let printed = refused(&with_scenario(&format!("{text}\n{rest}")), &[], &[]);
        assert!(
            printed.starts_with("s/scenario.toml:1:"),
            "{text}: {printed}"
        );
    }
}
