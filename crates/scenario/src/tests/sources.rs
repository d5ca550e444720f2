//! Each default says where it comes from: in the schema, and in the manual.

use std::fmt::Write as _;

use model::arrivals::{KINDS, Takes as Wants};

use crate::people;
use crate::spec::{KeySpec, Takes};

/// What is chosen and not measured: a limit that is off, a list of outcomes.
const CHOICES: [&str; 3] = ["redial.keep", "redial.max", "redial.after"];

/// Every key below these, with its path.
fn leaves(keys: &'static [KeySpec], path: &str) -> Vec<(String, KeySpec)> {
    let below = |key: &'static KeySpec| {
        let path = format!("{path}{}", key.name);
        match key.takes {
            Takes::Table(keys) => leaves(keys, &format!("{path}.")),
            _ => vec![(path, *key)],
        }
    };
    keys.iter().flat_map(below).collect()
}

#[test]
fn every_default_of_people_has_its_source() {
    for (path, key) in leaves(people::KEYS, "") {
        let chosen = CHOICES.contains(&path.as_str());
        assert_eq!(key.source.is_empty(), chosen, "{path}");
    }
    let schema = crate::schema(crate::FileKind::Scenario);
    let keys = &schema["properties"]["people"]["properties"];
    let said = |at: &str| keys.pointer(at).unwrap().as_str().unwrap().to_owned();
    assert_eq!(
        said("/patience/description"),
        "of a caller while it rings, over all stages; source: [A] no source found; sweep 20 to 45 s"
    );
    let phone = said("/answer/properties/phone/properties/carrier_voicemail/description");
    assert!(phone.contains("HighLevel help 155000006881"), "{phone}");
}

/// The rows of the manual's table.
fn rows() -> String {
    let mut text = String::new();
    for (path, key) in leaves(people::KEYS, "") {
        let default = match key.default {
            "" => "required".to_owned(),
            default => format!("`{default}`"),
        };
        let _ = writeln!(
            text,
            "| `{path}` | {} | {default} | {} |",
            key.help, key.source
        );
    }
    text
}

#[test]
fn the_manual_has_every_key_of_people() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/people.md");
    let manual = std::fs::read_to_string(path).unwrap_or_default();
    let rows = rows();
    for row in rows.lines() {
        assert!(
            manual.contains(row),
            "docs/people.md lacks {row}\nof the rows\n{rows}"
        );
    }
}

/// A year, or a word that says that there is none.
fn has_source(help: &str) -> bool {
    let year = |word: &str| matches!(word.parse(), Ok(1900..=2100));
    let mut words = help.split(|c: char| !c.is_alphanumeric());
    let named = ["assumed", "ch. 7", "open question", "FreePBX", "RRAPTOR"];
    words.any(year) || named.iter().any(|name| help.contains(name))
}

#[test]
fn every_default_of_the_arrivals_has_its_source() {
    // What changes nothing unless it is set, and how an answer is laid out.
    let choices = ["scale", "days", "shape of profile", "mode"];
    for kind in KINDS {
        for key in kind.keys.iter().filter(|key| key.default.is_some()) {
            let of = format!("{} of {}", key.name, kind.name);
            if choices.contains(&key.name) || choices.contains(&of.as_str()) {
                continue;
            }
            let moment = matches!(key.takes, Wants::Moment);
            assert!(moment || has_source(key.help), "{of}: {}", key.help);
        }
        for key in crate::arrivals::keys(kind) {
            let factor = ["day_cv", "period_cv"].contains(&key.name) && key.refused.is_empty();
            assert!(!factor || has_source(key.help), "{}", key.help);
        }
    }
}
