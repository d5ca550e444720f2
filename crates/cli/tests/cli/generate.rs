//! `busyhour generate`: a population from its seed and from the file that was written of it are the
//! same, and so are arrivals and their log.

use serde_json::Value;

use crate::desk::{Desk, value};

const ARRIVALS: &str = r#"
[[arrivals]]
kind = "poisson"
rate = "20/min"
to = "by-size"

[[arrivals]]
kind = "poisson"
rate = "5/min"
to = "all"
callers = "contacts"

[people]
redial = { share = 0.4, delay = { lognormal = { median = "5min", sigma = 1.0 } }, max = 3 }
"#;

const TOP: &str = "seed = 3\nstart = \"2026-03-02T08:00:00\"\nduration = \"2h\"\n";

fn from_seed(population: &str) -> String {
    format!("{TOP}[population]\n{population}\n{ARRIVALS}")
}

fn from_file(name: &str) -> String {
    format!("{TOP}accounts = \"{name}\"\n{ARRIVALS}")
}

fn fingerprints(run: &Value) -> [&Value; 3] {
    ["arrivals", "decisions", "outcomes"].map(|layer| &run["fingerprint"][layer])
}

fn run(desk: &Desk, scenario: &str, out: &str, more: &[&str]) -> Value {
    let mut args = vec!["run", scenario, "--format", "json", "--quiet", "--out", out];
    args.extend(more);
    desk.ends(0, &args).json()
}

#[test]
fn from_the_file_and_from_the_seed_the_same_happens() {
    let desk = Desk::empty();
    for mix in ["small-business", "agency", "call-centre"] {
        // More broken whispers, loops and odd numbers than there are: each must come back.
        let population = format!(
            "mix = \"{mix}\"\nsub_accounts = 60\nbroken_whisper = 0.3\nredirect_loop = 0.1\n\
             number_pool = 0.3\nprivate_refused = 0.3\nivr_voicemail = 0.5\n\
             staff = {{ uniform = [0, 9] }}\nnumbers = {{ uniform = [0, 9] }}"
        );
        desk.write("seed.toml", &from_seed(&population));
        let seed = run(&desk, "seed.toml", &format!("{mix}-seed"), &[]);
        assert!(value(&seed, "calls.offered") > 2000.0);
        for file in ["a.toml", "a.jsonl"] {
            let args = [
                "generate",
                "accounts",
                "seed.toml",
                "--out",
                file,
                "--force",
            ];
            let told = desk.ends(0, &args).stderr();
            assert!(told.starts_with("60 sub-accounts with "), "{told}");
            desk.write("file.toml", &from_file(file));
            let again = run(&desk, "file.toml", &format!("{mix}-{file}"), &[]);
            assert_eq!(fingerprints(&seed), fingerprints(&again), "{mix} {file}");
            assert_ne!(
                seed["fingerprint"]["inputs"],
                again["fingerprint"]["inputs"]
            );
        }
    }
}

#[test]
fn threads_and_parts_change_nothing_of_a_population() {
    let desk = Desk::empty();
    let busy = from_seed("sub_accounts = 3000").replace("20/min", "400/min");
    desk.write("seed.toml", &busy);
    let one = run(&desk, "seed.toml", "one", &["--threads", "1"]);
    let three = run(&desk, "seed.toml", "three", &["--threads", "3"]);
    assert_eq!(one["metrics"], three["metrics"]);
    assert_eq!(one["fingerprint"], three["fingerprint"]);
}

#[test]
fn the_form_follows_the_name_else_the_size() {
    let desk = Desk::empty();
    desk.write("few.toml", &from_seed("sub_accounts = 3"));
    desk.write(
        "many.toml",
        &from_seed("sub_accounts = 2001\nmix = \"agency\""),
    );
    let few = desk.ends(0, &["generate", "accounts", "few.toml"]).stdout();
    assert!(
        few.starts_with("[[sub_account]]\nid = \"s000000\"\n"),
        "{few}"
    );
    let many = desk
        .ends(0, &["generate", "accounts", "many.toml"])
        .stdout();
    assert_eq!(many.lines().count(), 2001);
    assert!(many.starts_with("{\"id\":\"s000000\""), "{}", &many[..200]);
    let set = [
        "generate",
        "accounts",
        "many.toml",
        "--set",
        "population.sub_accounts=2",
    ];
    let two = desk.ends(0, &set).stdout();
    let first: Value = serde_json::from_str(many.lines().next().unwrap()).unwrap();
    assert!(
        two.contains(&format!("id = {}", first["id"])),
        "the first are the same"
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let desk = Desk::small();
    desk.write("seed.toml", &from_seed("sub_accounts = 3"));
    let refused = |args: &[&str]| desk.ends(2, args).stderr();
    let file = ["generate", "accounts", "scenario.toml"];
    assert!(refused(&file).contains("`population` is missing"));
    let form = ["generate", "accounts", "seed.toml", "--out", "a.csv"];
    assert!(refused(&form).contains("expected .toml or .jsonl"));
    let out = [
        "generate",
        "accounts",
        "seed.toml",
        "--out",
        "accounts.toml",
    ];
    assert!(refused(&out).contains("it exists already"));
    let set = [
        "generate",
        "accounts",
        "seed.toml",
        "--set",
        "accounts.s000000.prefer=x",
    ];
    assert!(refused(&set).contains("there is no file to reach into"));
    let wrong = [
        "generate",
        "accounts",
        "seed.toml",
        "--set",
        "population.web_app=3",
    ];
    assert!(refused(&wrong).contains("web_app"));
}

#[test]
fn the_arrivals_as_a_log_are_the_arrivals() {
    let desk = Desk::empty();
    // With several [[arrivals]] the log is one where they were many: the same calls, other names.
    let one = ARRIVALS.split("[[arrivals]]").nth(1).unwrap();
    let scenario = format!("{TOP}[population]\nsub_accounts = 40\n[[arrivals]]{one}");
    desk.write("seed.toml", &scenario);
    let drawn = run(&desk, "seed.toml", "drawn", &[]);
    let told = desk.ends(0, &["generate", "calls", "seed.toml", "--out", "calls.csv"]);
    assert!(told.stderr().contains("fresh calls of replication 1"));
    let logged = format!(
        "{TOP}[population]\nsub_accounts = 40\n[[arrivals]]\nkind = \"log\"\nfile = \"calls.csv\"\n"
    );
    desk.write("logged.toml", &logged);
    let again = run(&desk, "logged.toml", "logged", &[]);
    assert_eq!(
        drawn["fingerprint"]["arrivals"],
        again["fingerprint"]["arrivals"]
    );
    let other = ["generate", "calls", "seed.toml", "--replication", "2"];
    assert_ne!(desk.ends(0, &other).stdout(), desk.read("calls.csv"));
}

#[test]
fn a_large_population_is_checked_by_its_first_sub_accounts() {
    let desk = Desk::empty();
    desk.write("seed.toml", &from_seed("sub_accounts = 5000"));
    let said = desk.ends(0, &["check", "seed.toml"]).stdout();
    assert!(
        said.contains("of 5000 sub-accounts the first 2000 were looked through"),
        "{said}"
    );
    assert!(said.contains("5000 sub-accounts, "), "{said}");
    assert!(said.contains("redirect-loop"), "{said}");
    assert!(said.lines().count() < 150, "{said}");
    let json = desk
        .ends(0, &["check", "seed.toml", "--format", "json"])
        .json();
    let plan = &json["files"][0]["plan"];
    assert!(plan["memory_mib"].as_f64().unwrap() > 20.0);
    let larger = [
        "check",
        "seed.toml",
        "--set",
        "population.sub_accounts=50000",
        "--format",
        "json",
    ];
    let larger = desk.ends(0, &larger).json();
    let memory = |it: &Value| it["memory_mib"].as_f64().unwrap() - 19.0;
    let grown = memory(&larger["files"][0]["plan"]) / memory(plan);
    assert!((8.0..12.0).contains(&grown), "{grown}");
}
