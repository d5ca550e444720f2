//! `[population]`: every key, what is wrong with it, and what the manual says.

use std::fmt::Write as _;

use model::population::{MIXES, keys};

use super::memory::Memory;
use super::{read, refused};

fn scenario(population: &str) -> Memory {
    let text = format!(
        "seed = 5\nduration = \"1h\"\n[population]\n{population}\n[[arrivals]]\n\
         kind = \"poisson\"\nrate = \"60/h\"\nto = \"by-size\"\n"
    );
    Memory::default().with("s/scenario.toml", &text)
}

#[test]
fn every_mix_reads_with_its_own_defaults() {
    for (at, (mix, _)) in MIXES.iter().enumerate() {
        let files = scenario(&format!("mix = \"{mix}\"\nsub_accounts = 50"));
        let read = read(&files, &[], &[]).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(read.accounts.sub_accounts().len(), 50);
        for key in keys() {
            let path = format!("population.{}", key.name);
            let found = read.parameters.iter().find(|(name, _)| *name == path);
            let (_, value) = found.unwrap_or_else(|| panic!("{path} is no parameter"));
            let plain = |text: &str| text.replace(['"', ' '], "").replace(".0", "");
            assert_eq!(plain(value), plain(key.defaults[at]), "{mix}: {path}");
        }
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    }
}

#[test]
fn every_key_is_taken() {
    for key in keys() {
        let files = scenario(&format!(
            "sub_accounts = 20\n{} = {}",
            key.name, key.defaults[2]
        ));
        read(&files, &[], &[]).unwrap_or_else(|why| panic!("{}: {why}", key.name));
        let set = format!("population.{}={}", key.name, key.defaults[1]);
        read(&files, &[&set], &[]).unwrap_or_else(|why| panic!("{set}: {why}"));
    }
}

#[test]
fn the_seed_of_the_scenario_is_that_of_the_population_unless_it_has_one() {
    let numbers = |population: &str, set: &[&str]| {
        let read = read(&scenario(population), set, &[]).unwrap_or_else(|why| panic!("{why}"));
        let owners = read.accounts.numbers().map(|(_, it)| it.assigned_to);
        owners.collect::<Vec<_>>()
    };
    assert_eq!(numbers("", &[]), numbers("seed = 5", &[]));
    assert_ne!(numbers("", &[]), numbers("seed = 6", &[]));
    assert_eq!(numbers("seed = 6", &[]), numbers("seed = 6", &["seed=9"]));
}

#[test]
fn what_is_wrong_is_told_at_its_key() {
    for (population, told) in [
        ("mix = \"shops\"", "s/scenario.toml:4:7: "),
        (
            "sub_accounts = 0",
            "expected a whole number from 1 to 1000000",
        ),
        (
            "sub_accounts = 2000000",
            "expected a whole number from 1 to 1000000",
        ),
        ("web_app = 1.2", "s/scenario.toml:4:11: "),
        ("web_apps = 0.2", "did you mean `web_app`?"),
        (
            "staff = { geometric = { mean = 0.5, least = 1 } }",
            "the mean 0.5 is below the 1",
        ),
        ("staff = { normal = 3 }", "unknown key `normal`"),
        ("staff = { most = 3 }", "expected a count such as"),
        ("numbers = { uniform = [5, 1] }", "found 5 to 1"),
        ("contacts = 20000", "10000"),
        (
            "ring_times = [{ share = 0.5, ring = \"20s\" }]",
            "the shares add up to 0.5, expected 1",
        ),
        ("ring_times = [{ ring = \"20s\" }]", "`share` is missing"),
        (
            "shifts = [{ share = 0.6, hours = \"Mon 9-17\" }]",
            "s/scenario.toml:4:",
        ),
        ("backup_hold = 0.7\nbackup_none = 0.4", "more than 1"),
        (
            "sub_accounts = 1000000\nnumbers = 11",
            "expected at most 10000000",
        ),
    ] {
        let said = refused(&scenario(population), &[], &[]);
        assert!(said.contains(told), "{population}: {said}");
    }
    let both = Memory::default().with(
        "s/scenario.toml",
        "duration = \"1h\"\naccounts = \"a.toml\"\n[population]\n[[arrivals]]\n\
         kind = \"poisson\"\nrate = \"60/h\"\nto = \"all\"\n",
    );
    assert!(refused(&both, &[], &[]).contains("a scenario has one of them"));
    let set = refused(
        &scenario(""),
        &["accounts.s000001.prefer=contact-owner"],
        &[],
    );
    assert!(set.contains("there is no file to reach into"), "{set}");
    assert!(refused(&scenario(""), &["population.own_fone=1"], &[]).contains("own_phone"));
}

/// The rows of the manual's table.
fn rows() -> String {
    let mut text = String::new();
    for key in keys() {
        let [small, agency, centre] = key.defaults.map(|it| {
            let row = it.replace('|', "\\|");
            format!("`{row}`")
        });
        let same = |it: &String| {
            if *it == small {
                "same".to_owned()
            } else {
                it.clone()
            }
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {small} | {} | {} | {} |",
            key.name,
            key.help,
            same(&agency),
            same(&centre),
            key.source
        );
    }
    text
}

#[test]
fn the_manual_has_every_key() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/populations.md");
    let manual = std::fs::read_to_string(path).unwrap();
    let rows = rows();
    for row in rows.lines() {
        assert!(
            manual.contains(row),
            "docs/populations.md lacks this row of\n{rows}"
        );
    }
}

#[test]
fn the_schema_says_where_defaults_come_from() {
    let schema = crate::schema(crate::FileKind::Scenario);
    let keys = &schema["properties"]["population"]["properties"];
    let said = keys["web_app"]["description"].as_str().unwrap();
    assert_eq!(
        said,
        "of the users: ring on the web app; source: [A]; agency: 0.7, call-centre: 0.95"
    );
    assert_eq!(keys["web_app"]["default"], 0.55);
    assert_eq!(keys["sub_accounts"]["maximum"], 1_000_000);
}
