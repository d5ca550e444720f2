//! A run that is over, read back from its `run.json`.

use measure::{Class, Fingerprint, Metric, Verdict, names};
use serde_json::Value;

use crate::document::Manifest;
use crate::json::SCHEMA_VERSION;

/// What a `run.json` tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// What was run.
    pub manifest: Manifest,
    /// Every metric that this version knows, in the order of the file.
    pub metrics: Vec<(String, Metric)>,
    /// Every gate: what it asks, and what it said.
    pub gates: Vec<(String, Verdict)>,
    /// Of the inputs, the arrivals and the outcomes.
    pub fingerprints: [Option<Fingerprint>; 3],
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
}

/// Why a file cannot be read as a run.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON.
    #[error("{0}: expected the run.json of a run")]
    Json(#[from] serde_json::Error),
    /// It has another form.
    #[error("found no `{0}`: expected the run.json of a run")]
    Missing(&'static str),
    /// It was written by another version.
    #[error("found schema_version {found}, expected {SCHEMA_VERSION}: run it again")]
    Version {
        /// The version found.
        found: u64,
    },
}

/// Reads a `run.json`.
///
/// # Errors
/// See [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Stored, Unreadable> {
    let value: Value = serde_json::from_slice(bytes)?;
    let version = value["schema_version"].as_u64();
    match version.ok_or(Unreadable::Missing("schema_version"))? {
        found if found == u64::from(SCHEMA_VERSION) => {}
        found => return Err(Unreadable::Version { found }),
    }
    let metrics = value["metrics"].as_object();
    let metrics = metrics.ok_or(Unreadable::Missing("metrics"))?;
    let read = |(name, value): (&String, &Value)| Some((name.clone(), metric(name, value)?));
    let print = |layer: &str| value["fingerprint"][layer].as_str()?.parse().ok();
    let gates = value["gates"].as_array().into_iter().flatten();
    Ok(Stored {
        manifest: manifest(&value["manifest"]).ok_or(Unreadable::Missing("manifest"))?,
        metrics: metrics.iter().filter_map(read).collect(),
        gates: gates.filter_map(gate).collect(),
        fingerprints: ["inputs", "arrivals", "outcomes"].map(print),
        interrupted: value["interrupted"].as_bool().unwrap_or(false),
    })
}

fn manifest(value: &Value) -> Option<Manifest> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let parameters = value["parameters"].as_object()?.iter();
    let mut parameters: Vec<(String, Value)> = parameters
        .map(|(key, it)| (key.clone(), it.clone()))
        .collect();
    // Of a warm-up that was found, what was found decides.
    if let Some(found) = value["warm_up"]["found_s"].as_f64() {
        parameters.push(("warm_up.found_s".to_owned(), found.to_string().into()));
    }
    Some(Manifest {
        name: text("name")?,
        seed: value["seed"].as_u64()?,
        scenario_sha256: text("scenario_sha256")?,
        busyhour: text("busyhour")?,
        clock: text("clock")?,
        backend: text("backend")?,
        parameters,
    })
}

fn metric(name: &str, value: &Value) -> Option<Metric> {
    let known = names::check(name).ok()?;
    let ci95 = &value["ci95"];
    let class = match value["class"].as_str()? {
        "exact" => Class::Exact,
        "estimate" => Class::Estimate,
        _ => Class::Sampled,
    };
    Some(Metric {
        value: value["value"].as_f64()?,
        ci95: ci95[0].as_f64().zip(ci95[1].as_f64()),
        spread: None,
        n: value["n"].as_u64()?,
        of: known.of,
        unit: known.unit,
        class,
        count: known.kind.is_count(),
    })
}

fn gate(value: &Value) -> Option<(String, Verdict)> {
    let words = [
        Verdict::Pass,
        Verdict::Inconclusive,
        Verdict::Fail,
        Verdict::NotMeasured,
    ];
    let word = value["verdict"].as_str()?;
    let verdict = words.into_iter().find(|it| it.name() == word)?;
    let mut asked = value["metric"].as_str()?.to_owned();
    for (key, sign) in [
        ("min", " >= "),
        ("above", " > "),
        ("max", " <= "),
        ("below", " < "),
        ("equals", " == "),
        ("each_s", " in each s of "),
        ("holds_on", " on a share of "),
    ] {
        if let Some(bound) = value[key].as_f64() {
            asked = format!("{asked}{sign}{bound}");
        }
    }
    Some((asked, verdict))
}
