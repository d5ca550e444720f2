//! A key that says its default says nothing new.

use super::{SCENARIO, read, small, with_scenario};
use crate::node::Node;
use crate::reading::Reading;
use crate::spec::{KeySpec, Takes};
use crate::top;

/// Every key with a default, with its path.
fn with_defaults(keys: &[KeySpec], path: &str, all: &mut Vec<(String, &'static str)>) {
    for key in keys.iter().filter(|key| key.refused.is_empty()) {
        let path = format!("{path}{}", key.name);
        match key.takes {
            // Of a scenario that has no accounts.
            Takes::Table(_) if key.name == "population" => {}
            // Tables with required keys are not there unless they are written.
            Takes::Table(keys) if keys.iter().any(|key| key.required) => {}
            Takes::Table(keys) => with_defaults(keys, &format!("{path}."), all),
            _ if !key.default.is_empty() => all.push((path, key.default)),
            _ => {}
        }
    }
}

#[test]
fn a_default_written_down_changes_no_parameter() {
    let plain = read(&small(), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let mut all = Vec::new();
    with_defaults(top::KEYS, "", &mut all);
    assert!(all.len() > 60, "{}", all.len());
    for (path, default) in all {
        let text = format!("{path} = {default}\n{SCENARIO}");
        let scenario = read(&with_scenario(&text), &[], &[]);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{path}: {problems}"));
        assert_eq!(scenario.parameters, plain.parameters, "{path}");
        assert!(
            scenario.warnings.is_empty(),
            "{path}: {:?}",
            scenario.warnings
        );
        assert_eq!(scenario.people, plain.people, "{path}");
        assert_eq!(scenario.routing, plain.routing, "{path}");
        assert_eq!(scenario.limits, plain.limits, "{path}");
        assert_eq!(scenario.backend, plain.backend, "{path}");
    }
}

#[test]
fn every_parameter_in_force_is_listed_once() {
    let plain = read(&small(), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let names: Vec<&str> = plain
        .parameters
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{names:?}");
    for (name, value) in [
        ("seed", "1"),
        ("start", "2026-01-05T00:00:00"),
        ("duration", "1h"),
        ("policy", "stages-2026"),
        (
            "people.answer.phone.carrier_voicemail",
            "{\"uniform\": [\"20s\", \"30s\"]}",
        ),
        ("people.redial", "none"),
        ("routing.max_call", "2h"),
        ("routing.ring_timeout", "none"),
        ("limits.regular.from_per_minute", "10"),
        ("limits.block_until", "never"),
        ("backend.timeout", "15s"),
        ("arrivals.0.rate", "12/min"),
        ("arrivals.0.to", "all"),
    ] {
        let found = plain.parameters.iter().find(|(key, _)| key == name);
        let found = found.unwrap_or_else(|| panic!("{name} is not among {names:?}"));
        let shown = found
            .1
            .replace("{ ", "{\"")
            .replace(" = ", "\": ")
            .replace(" }", "}");
        assert_eq!(
            if value.starts_with('{') {
                shown
            } else {
                found.1.clone()
            },
            value,
            "{name}"
        );
    }
    assert!(!names.contains(&"accounts"), "no path stands in a manifest");
}

#[test]
fn every_default_is_toml() {
    fn all(keys: &[KeySpec]) {
        for key in keys {
            match key.takes {
                Takes::Table(keys) | Takes::Tables(keys) => all(keys),
                _ if !key.default.is_empty() => {
                    let node: Node = Reading::default_node(key.default);
                    let text = node.as_text();
                    assert!(
                        text.is_none() || key.default.starts_with('"'),
                        "{}",
                        key.name
                    );
                }
                _ => {}
            }
        }
    }
    all(top::KEYS);
    all(crate::accounts::keys::TOP);
}
