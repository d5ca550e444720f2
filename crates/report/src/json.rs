//! Everything, for scripts: the object of `run.json` and `--format json` (contract.md section 5).
//!
//! Floats are the shortest text that reads back as the same number; counts that are whole are
//! integers.

use measure::{Class, GateResult, Metric, Summary};
use serde_json::{Map, Value, json};

use crate::Report;
use crate::document::Document;

/// The version of the form: raised when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The object.
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl Report for Json {
    fn render(&self, document: &Document) -> Vec<u8> {
        json(document)
    }
}

/// The object as text, indented, with a line break at its end.
pub fn json(document: &Document) -> Vec<u8> {
    // A value has no key but strings and no number but finite ones: writing it cannot fail.
    let mut bytes = serde_json::to_vec_pretty(&value(document)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The object.
pub fn value(document: &Document) -> Value {
    let manifest = &document.manifest;
    let summary = &document.summary;
    let prints = summary.fingerprints;
    let parameters: Map<String, Value> = manifest.parameters.iter().cloned().collect();
    let mut object = Map::new();
    object.insert("schema_version".into(), SCHEMA_VERSION.into());
    object.insert(
        "manifest".into(),
        json!({
            "name": manifest.name,
            "seed": manifest.seed,
            "scenario_sha256": manifest.scenario_sha256,
            "busyhour": manifest.busyhour,
            "clock": manifest.clock,
            "backend": manifest.backend,
            "parameters": parameters,
        }),
    );
    if let Some(found) = &document.warm_up {
        object["manifest"]["warm_up"] = json!({
            "by": "MSER-5",
            "found_s": found.warm_up.as_secs_f64(),
            "pilots": found.pilots,
            "step_s": found.step.as_secs_f64(),
            "too_short": found.too_short,
        });
    }
    object.insert("metrics".into(), metrics(&summary.metrics));
    object.insert("absent".into(), absent(summary));
    object.insert("measured".into(), metrics(&summary.measured));
    let gates = document.gates.iter().map(|it| gate(it, document)).collect();
    object.insert("gates".into(), Value::Array(gates));
    object.insert(
        "fingerprint".into(),
        json!({
            "inputs": prints.inputs.to_string(),
            "arrivals": prints.arrivals.to_string(),
            "decisions": prints.decisions.to_string(),
            "outcomes": prints.outcomes.to_string(),
        }),
    );
    if let Some(precision) = &document.precision {
        object.insert("precision".into(), crate::precision::json(precision));
    }
    object.insert("warnings".into(), json!(document.warnings));
    let decided = crate::decided::sentences(document);
    if !decided.is_empty() {
        object.insert("decided".into(), json!(decided));
    }
    if !document.tables.is_empty() {
        let tables = document.tables.iter().map(crate::crosstab::Crosstab::json);
        object.insert("tables".into(), Value::Array(tables.collect()));
    }
    if document.interrupted {
        object.insert("interrupted".into(), true.into());
    }
    object.insert("verdict".into(), document.verdict.name().into());
    Value::Object(object)
}

fn metrics(metrics: &[(String, Metric)]) -> Value {
    Value::Object(
        metrics
            .iter()
            .map(|(name, it)| (name.clone(), metric(it)))
            .collect(),
    )
}

fn absent(summary: &Summary) -> Value {
    let absent = summary.absent.iter();
    Value::Object(
        absent
            .map(|it| (it.name.clone(), it.reason.clone().into()))
            .collect(),
    )
}

pub(crate) fn metric(metric: &Metric) -> Value {
    let mut object = Map::new();
    let number = |value: f64| number(value, metric.count);
    object.insert("value".into(), number(metric.value));
    if let Some((low, high)) = metric.ci95 {
        object.insert("ci95".into(), json!([number(low), number(high)]));
    }
    if let Some(spread) = metric.spread {
        let (p5, p50, p95) = (number(spread.p5), number(spread.p50), number(spread.p95));
        object.insert("spread".into(), json!({"p5": p5, "p50": p50, "p95": p95}));
    }
    if metric.class != Class::Sampled {
        object.insert("n".into(), metric.n.into());
    }
    if let Some(unit) = metric.unit {
        object.insert("unit".into(), unit.into());
    }
    if let Some(of) = metric.of {
        object.insert("of".into(), of.into());
    }
    object.insert("class".into(), metric.class.name().into());
    Value::Object(object)
}

fn gate(result: &GateResult, document: &Document) -> Value {
    let gate = &result.gate;
    let mut object = Map::new();
    object.insert("metric".into(), gate.metric.clone().into());
    object.insert("verdict".into(), result.verdict.name().into());
    let numbers = [
        ("min", gate.min),
        ("above", gate.above),
        ("max", gate.max),
        ("below", gate.below),
        ("equals", gate.equals),
        ("each_s", gate.each.map(routing::Nanos::as_secs_f64)),
        ("holds_on", gate.holds_on),
        ("value", result.value),
    ];
    let numbers = numbers
        .into_iter()
        .filter_map(|(name, it)| Some((name, it?)));
    for (name, value) in numbers {
        object.insert(name.into(), number(value, true));
    }
    if let Some((low, high)) = result.ci95 {
        object.insert("ci95".into(), json!([low, high]));
    }
    if let Some(start) = result.worst {
        object.insert(
            "interval_start".into(),
            document.local_time.of(start).into(),
        );
    }
    if let Some(held_on) = result.held_on {
        object.insert("held_on".into(), number(held_on, true));
    }
    if let Some(reason) = &result.reason {
        object.insert("reason".into(), reason.clone().into());
    }
    Value::Object(object)
}

/// A number; where it counts things and is whole, an integer.
pub(crate) fn number(value: f64, count: bool) -> Value {
    let exact = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if count && exact {
        (value as i64).into()
    } else {
        value.into()
    }
}
