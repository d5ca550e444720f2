//! `[routing]`: the open questions of the documents that are not about limits.

use routing::params::{AvailabilityGate, EmptyTargets, OwnerFallthrough, RoutingParams, WhisperAt};

use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;

const FALLTHROUGH: [(&str, OwnerFallthrough); 2] = [
    ("other-owner", OwnerFallthrough::OtherOwner),
    ("next-layer", OwnerFallthrough::NextLayer),
];

const EMPTY: [(&str, EmptyTargets); 3] = [
    ("policy", EmptyTargets::Policy),
    ("drop", EmptyTargets::Drop),
    ("backup", EmptyTargets::Backup),
];

const GATE: [(&str, AvailabilityGate); 2] = [
    ("live", AvailabilityGate::Live),
    ("config-only", AvailabilityGate::ConfigOnly),
];

const WHISPER: [(&str, WhisperAt); 2] = [
    ("webhook", WhisperAt::Webhook),
    ("on-answer", WhisperAt::OnAnswer),
];

fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(name, _)| *name).collect()
}

/// The keys of `[routing]`.
pub(crate) const KEYS: &[KeySpec] = &[
    key(
        "owner_fallthrough",
        Takes::Words(|| names(&FALLTHROUGH)),
        "stages-2026: what an absent preferred owner means",
    )
    .default("\"other-owner\""),
    key(
        "empty_targets",
        Takes::Words(|| names(&EMPTY)),
        "what happens when nothing is there to ring",
    )
    .default("\"policy\""),
    key(
        "availability_gate",
        Takes::Words(|| names(&GATE)),
        "live: apps that are logged out are left out of the decision",
    )
    .default("\"live\""),
    key(
        "ring_more_max",
        Takes::Whole(0, 6),
        "at most so many extra users ring",
    )
    .default("6"),
    key(
        "max_legs",
        Takes::Whole(1, 10),
        "at most so many legs ring in one stage",
    )
    .default("10"),
    key(
        "max_call",
        Takes::Duration(false),
        "a call is cut so long after its answer",
    )
    .default("\"2h\""),
    key(
        "ai_rank",
        Takes::Other("0 or 3", ai_rank_schema),
        "priority-2025: 3 puts a direct Voice AI behind the external number",
    )
    .default("0"),
    key(
        "contact_first",
        Takes::Flag,
        "tree-owner-first: a known contact's owner before the number's",
    )
    .default("false"),
    key(
        "whisper_fault",
        Takes::Words(|| names(&WHISPER)),
        "when a broken whisper drops the call",
    )
    .default("\"webhook\""),
    key(
        "screening_cancels_others",
        Takes::Flag,
        "the other legs end when one is picked up and must press a key",
    )
    .default("true"),
    key(
        "hop_cap",
        Takes::Whole(0, 1000),
        "at most so many hops over our own numbers a call",
    )
    .default("20"),
    key(
        "ring_timeout",
        Takes::Duration(false),
        "overrides the lookup of the ring time",
    ),
];

fn ai_rank_schema() -> serde_json::Value {
    serde_json::json!({ "enum": [0, 3] })
}

fn word<T: Copy + Default>(table: &Table<'_>, key: &'static str, words: &[(&str, T)]) -> T {
    let found = table.word(key);
    let found = words.iter().find(|(name, _)| Some(*name) == found);
    found.map(|(_, value)| *value).unwrap_or_default()
}

/// `[routing]`, read.
pub(crate) fn read(table: &Table<'_>) -> RoutingParams {
    let default = RoutingParams::default();
    let ai_rank = table.take("ai_rank", |r, node| match node.value {
        crate::node::Value::Whole(rank @ (0 | 3)) => Some(rank as u8),
        _ => {
            r.error(node.span, crate::values::mismatch(node, "0 or 3"));
            None
        }
    });
    RoutingParams {
        owner_fallthrough: word(table, "owner_fallthrough", &FALLTHROUGH),
        empty_targets: word(table, "empty_targets", &EMPTY),
        availability_gate: word(table, "availability_gate", &GATE),
        ring_more_max: table
            .whole("ring_more_max")
            .map_or(default.ring_more_max, |n| n as u8),
        max_legs: table
            .whole("max_legs")
            .map_or(default.max_legs, |n| n as u8),
        max_call: table.duration("max_call").unwrap_or(default.max_call),
        ai_rank: ai_rank.unwrap_or(default.ai_rank),
        contact_first: table.flag("contact_first"),
        whisper_fault: word(table, "whisper_fault", &WHISPER),
        screening_cancels_others: table.flag("screening_cancels_others"),
        hop_cap: table.whole("hop_cap").map_or(default.hop_cap, |n| n as u16),
        ring_timeout: table.duration("ring_timeout"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::memory::Memory;

    #[test]
    fn the_written_defaults_are_those_of_the_core() {
        let files = Memory::default();
        let reading = crate::reading::Reading::new(&files);
        let node = crate::reading::Reading::default_node("{}");
        let table = Table::open(&reading, &node, KEYS, Some("routing.".to_owned())).unwrap();
        assert_eq!(read(&table), RoutingParams::default());
        assert!(!reading.failed());
    }
}
