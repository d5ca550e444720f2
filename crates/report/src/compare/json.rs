//! A comparison for scripts.

use measure::difference::Difference;
use measure::moves::Change;
use serde_json::{Map, Value, json};

use super::{Call, Calls, Comparison, Gate, Lived, Side};
use crate::json::{SCHEMA_VERSION, metric};

/// The object of `compare.json`, with a line break at its end.
pub fn json(comparison: &Comparison) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(&value(comparison)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn value(it: &Comparison) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("schema_version", SCHEMA_VERSION.into());
    put("name", it.name.clone().into());
    put("a", side(&it.sides[0]));
    put("b", side(&it.sides[1]));
    let differs = |it: &super::Differs| {
        let [a, b] = &it.values;
        json!({"key": it.key, "a": a, "b": b})
    };
    put("differs", it.differs.iter().map(differs).collect());
    if !it.not_comparable.is_empty() {
        put("not_comparable", json!(it.not_comparable));
    }
    put("same_calls", it.same_calls.into());
    let metrics = it.differences.iter();
    let metrics: Map<String, Value> = metrics
        .map(|it| (it.name.clone(), difference(it)))
        .collect();
    put("metrics", metrics.into());
    if let Some(all) = &it.calls {
        put("calls", calls(all));
    }
    put("gates", it.gates.iter().map(gate).collect());
    put("warnings", json!(it.warnings));
    if it.interrupted {
        put("interrupted", true.into());
    }
    put("verdict", it.verdict.into());
    Value::Object(object)
}

fn side(side: &Side) -> Value {
    let print = |it: Option<measure::Fingerprint>| it.map(|it| it.to_string());
    json!({
        "label": side.label,
        "replications": side.replications,
        "fingerprint": {
            "inputs": print(side.inputs),
            "arrivals": print(side.arrivals),
            "outcomes": print(side.outcomes),
        },
    })
}

fn difference(it: &Difference) -> Value {
    let mut object = Map::new();
    for (name, side) in [("a", &it.a), ("b", &it.b)] {
        let value = side.as_ref().map_or(Value::Null, metric);
        object.insert(name.to_owned(), value);
    }
    if let Some(by) = it.by {
        let mut of = Map::new();
        of.insert("value".into(), by.into());
        if let Some((low, high)) = it.ci95 {
            of.insert("ci95".into(), json!([low, high]));
        }
        if let Some(n) = it.n {
            of.insert("n".into(), n.into());
        }
        of.insert("paired".into(), it.n.is_some().into());
        object.insert("difference".into(), of.into());
    }
    if let Some(shown) = it.shown {
        object.insert("verdict".into(), shown.name().into());
    }
    Value::Object(object)
}

fn calls(calls: &Calls) -> Value {
    let change = |(change, first): &(Change, Vec<Call>)| {
        json!({
            "from": change.kind.0.name(),
            "to": change.kind.1.name(),
            "calls": change.calls,
            "mean": metric(&change.mean),
            "first": first.iter().map(call).collect::<Vec<_>>(),
        })
    };
    json!({
        "fresh": calls.all,
        "unchanged": calls.unchanged,
        "unchanged_mean": metric(&calls.unchanged_mean),
        "changes": calls.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn call(call: &Call) -> Value {
    json!({
        "call": call.id,
        "replication": call.replication,
        "at": call.at,
        "from": call.from,
        "to": call.to,
        "a": lived(&call.lived[0]),
        "b": lived(&call.lived[1]),
    })
}

fn lived(lived: &Lived) -> Value {
    json!({"life": lived.life, "decision": lived.decision})
}

fn gate(gate: &Gate) -> Value {
    json!({
        "gate": gate.asked,
        "a": gate.held[0].name(),
        "b": gate.held[1].name(),
        "found": gate.found,
        "verdict": gate.verdict,
    })
}
