//! TOML, JSON and JSON Lines say the same; and no bytes bring the reader down.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::memory::Memory;
use super::{ACCOUNTS, SCENARIO, documented, metrics, small};
use crate::{
    AccountsFile, FileError, FileKind, Files, Options, Problems, kind_of, parse_override,
    read_accounts, read_scenario, schema,
};

const JSON: &str = r#"{"sub_account": [{"id": "acme",
  "user": [{"id": "ann", "web_app": true}, {"phone": "+15555550102", "id": "ben"}],
  "number": [{"number": "+15555550199", "assigned_to": "ann"}],
  "contact": [{"phone": "+15555550177", "assigned_to": "b\u0065n"}]}]}"#;

fn lines() -> String {
    let inner = JSON
        .strip_prefix("{\"sub_account\": [")
        .unwrap()
        .strip_suffix("]}")
        .unwrap();
    format!("\n{}\n\n", inner.replace('\n', " "))
}

fn accounts(path: &str, text: impl AsRef<[u8]>) -> Result<AccountsFile, Problems> {
    read_accounts(Path::new(path), &Memory::default().with(path, text), &[])
}

fn refused(path: &str, text: impl AsRef<[u8]>) -> String {
    accounts(path, text).map_or_else(|problems| problems.to_string(), |_| "it reads".to_owned())
}

#[test]
fn three_formats_say_the_same() {
    let toml = accounts("a.toml", ACCOUNTS).unwrap_or_else(|problems| panic!("{problems}"));
    for (path, text) in [
        ("a.json", JSON.to_owned()),
        ("a.jsonl", lines()),
        ("a.ndjson", lines()),
        ("without-a-name", JSON.to_owned()),
        ("lines-without-a-name", lines().trim_start().to_owned()),
        ("toml-without-a-name", ACCOUNTS.to_owned()),
    ] {
        let other = accounts(path, text).unwrap_or_else(|problems| panic!("{path}: {problems}"));
        assert_eq!(other.sha256, toml.sha256, "{path}");
        assert_eq!(
            format!("{:?}", other.accounts.users().collect::<Vec<_>>()),
            format!("{:?}", toml.accounts.users().collect::<Vec<_>>()),
            "{path}"
        );
    }
}

#[test]
fn json_lines_name_the_line() {
    let text = "{\"id\": \"a\"}\n\n{\"id\": \"b\", \"colour\": 1}\n{\"id\": \"a\"}\n{\"id\"\n";
    assert_eq!(
        refused("a.jsonl", text),
        "a.jsonl:3:13: error: unknown key `colour`\n{\"id\": \"b\", \"colour\": 1}\n            ^^^^^^^^\n\
         help: the keys here are id, name, agency, business_phone, forward_to_business_phone, prefer, \
         incoming_timeout, allow_private_calls, voicemail_greeting, custom_values, countries, user, \
         number, contact\n\
         a.jsonl:4:8: error: `a` is named twice\n{\"id\": \"a\"}\n       ^^^\n\
         help: each sub-account has an id of its own\n\
         a.jsonl:5:6: error: invalid JSON: the text ends here, expected `:`\n{\"id\"\n     ^\n"
    );
}

#[test]
fn json_faults_have_their_place() {
    for (text, said) in [
        (
            "{\"sub_account\": [}",
            "a.json:1:18: error: invalid JSON: found `}`, expected a value",
        ),
        (
            "{\"sub_account\": [],\n \"sub_account\": []}",
            "a.json:2:2: error: the key `sub_account` stands twice",
        ),
        (
            "{\"sub_account\": [\"\\q\"]}",
            "a.json:1:20: error: invalid JSON: found `q`",
        ),
        (
            "{\"sub_account\": 01}",
            "a.json:1:18: error: invalid JSON: found `1`, where a number starts with 0",
        ),
        (
            "{\"sub_account\": []} x",
            "a.json:1:21: error: invalid JSON: found `x`, expected the end",
        ),
        (
            "{\"sub_account\": [{\"id\": \"\\ud800\"}]}",
            "expected both halves of a surrogate pair",
        ),
        ("[]", "a.json:1:1: error: found a list, expected a table"),
        (
            "",
            "a.json:1:1: error: invalid JSON: the text ends here, expected a value",
        ),
        (
            "{\"sub_account\": []}",
            "a.json:1:1: error: `a.json` holds no sub-account",
        ),
        ("{}", "a.json:1:1: error: `sub_account` is missing"),
    ] {
        let printed = refused("a.json", text);
        assert!(printed.contains(said), "{text}: {printed}");
    }
    let deep = "[".repeat(100_000);
    assert!(refused("a.json", deep).contains("deeper than 100"));
}

/// A file of one sub-account a line that was never in memory.
struct Endless {
    lines: u64,
    line: fn(u64) -> String,
}

struct Lines<'a> {
    of: &'a Endless,
    next: u64,
    rest: Vec<u8>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() && self.next < self.of.lines {
            self.rest = (self.of.line)(self.next).into_bytes();
            self.next += 1;
        }
        let read = self.rest.as_slice().read(buffer)?;
        self.rest.drain(..read);
        Ok(read)
    }
}

impl Files for Endless {
    fn read(&self, _: &Path) -> Result<Vec<u8>, FileError> {
        Err(FileError::Unreadable("it is streamed".to_owned()))
    }

    fn open(&self, _: &Path) -> Result<Box<dyn BufRead + '_>, FileError> {
        Ok(Box::new(BufReader::new(Lines {
            of: self,
            next: 0,
            rest: Vec::new(),
        })))
    }

    fn call_log(&self, _: &Path) -> Result<Arc<[model::arrivals::LoggedCall]>, Vec<String>> {
        Err(Vec::new())
    }
}

#[test]
fn json_lines_are_streamed() {
    let files = Endless {
        lines: 20_000,
        line: |n| {
            format!(
                "{{\"id\":\"a{n}\",\"user\":[{{\"id\":\"u\",\"web_app\":true}}],\
                 \"number\":[{{\"number\":\"+1555{n:07}\",\"assigned_to\":\"u\"}}]}}\n"
            )
        },
    };
    let set = [parse_override("--set", "accounts.a19999.user.u.available=false").unwrap()];
    let file = read_accounts(Path::new("big.jsonl"), &files, &set);
    let file = file.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(file.accounts.sub_accounts().len(), 20_000);
    assert_eq!(
        file.accounts
            .users()
            .filter(|(_, user)| !user.available)
            .count(),
        1
    );
}

#[test]
fn a_line_has_a_bound_and_so_has_a_file() {
    let files = Endless {
        lines: 3000,
        line: |_| " ".repeat(1000),
    };
    let found = read_accounts(Path::new("big.jsonl"), &files, &[])
        .err()
        .unwrap()
        .to_string();
    assert!(
        found.contains("big.jsonl:1:1: error: the line is longer than 1 MiB"),
        "{found}"
    );
    let files = Endless {
        lines: 70_000,
        line: |_| "#".repeat(1000),
    };
    let found = read_accounts(Path::new("big.toml"), &files, &[])
        .err()
        .unwrap()
        .to_string();
    assert!(
        found.contains("larger than 64 MiB") && found.contains("JSON Lines"),
        "{found}"
    );
}

#[test]
fn a_file_is_told_by_its_top() {
    let kind = |path: &str, text: &str| kind_of(Path::new(path), text.as_bytes());
    assert_eq!(kind("a.toml", ACCOUNTS), FileKind::Accounts);
    assert_eq!(kind("a.toml", SCENARIO), FileKind::Scenario);
    assert_eq!(kind("a.json", JSON), FileKind::Accounts);
    assert_eq!(kind("a", &lines()), FileKind::Accounts);
    assert_eq!(kind("a.toml", ""), FileKind::Scenario);
}

#[test]
fn the_schemas_know_every_key() {
    for (kind, text) in [
        (FileKind::Scenario, documented::SCENARIO),
        (FileKind::Accounts, documented::ACCOUNTS),
    ] {
        let schema = schema(kind);
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let (root, faults) = crate::toml_text::file(0, text);
        assert!(faults.is_empty());
        covers(&schema, &root, "");
        let printed = schema.to_string();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&printed).unwrap(),
            schema
        );
    }
    let schema = schema(FileKind::Scenario);
    assert_eq!(schema["properties"]["interval"]["default"], "15min");
    assert_eq!(schema["properties"]["policy"]["enum"][0], "stages-2026");
}

/// Each key of a table is among the properties of its schema.
fn covers(schema: &serde_json::Value, node: &crate::node::Node, path: &str) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    for (key, value) in node.entries() {
        let path = format!("{path}.{}", key.name);
        let inner = properties
            .get(&key.name)
            .unwrap_or_else(|| panic!("{path}"));
        covers(inner, value, &path);
        for element in value.elements() {
            covers(&inner["items"], element, &path);
        }
    }
}

/// Reads bytes as everything that they could be.
fn read_all(bytes: &[u8]) {
    for path in ["a.toml", "a.json", "a.jsonl", "a"] {
        let _ = accounts(path, bytes).map_err(|problems| problems.to_string());
        kind_of(Path::new(path), bytes);
    }
    let options = Options {
        overrides: Vec::new(),
        gates: Vec::new(),
        metrics: &metrics,
    };
    let files = small().with("s/scenario.toml", bytes);
    let _ = read_scenario(Path::new("s/scenario.toml"), &files, &options)
        .map_err(|problems| problems.to_string());
}

/// A known text with some bytes overwritten, put in or taken out.
fn damaged(text: &str, wounds: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, how, byte) in wounds {
        let at = at % bytes.len().max(1);
        match how % 3 {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            _ => drop(bytes.remove(at)),
        }
    }
    bytes
}

proptest! {
    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn no_damage_brings_the_reader_down(
        which in 0usize..3,
        wounds in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6),
    ) {
        read_all(&damaged([documented::SCENARIO, documented::ACCOUNTS, JSON][which], &wounds));
    }

    #[test]
    fn no_argument_brings_the_reader_down(set in "[a-z.0-9*\"+]{0,20}=\\PC{0,20}", gate in "\\PC{0,30}") {
        let overrides = parse_override("--set", &set).into_iter().collect();
        let options = Options { overrides, gates: vec![gate], metrics: &metrics };
        let _ = read_scenario(Path::new("s/scenario.toml"), &small(), &options)
            .map_err(|problems| problems.to_string());
        let _ = crate::parse_vary(&set);
    }
}
