//! What a run found out about itself: its warm-up, and how many replications its precision took.

use measure::Precision;
use measure::precision::{Known95, least_known};
use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::numbers;

/// Sentences for the head of a page; none when the scenario said all.
pub fn sentences(document: &Document) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(found) = &document.warm_up {
        sentences.push(format!(
            "warm-up {} s, found by MSER-5 from {} pilot replications",
            numbers::fixed(found.warm_up.as_secs_f64(), 0),
            found.pilots
        ));
    }
    sentences.extend(document.precision.as_ref().map(of_precision));
    sentences
}

/// One sentence about how precisely the gated metrics are known.
pub fn of_precision(precision: &Precision) -> String {
    let wanted = percent(precision.wanted);
    let (replications, most) = (precision.replications, precision.most);
    let Some(open) = least_known(&precision.metrics) else {
        let decided = precision
            .decided_by
            .as_ref()
            .map(|name| format!("; {name} took longest"));
        return format!(
            "precision {wanted}: reached with {replications} of at most {most} replications{}",
            decided.unwrap_or_default()
        );
    };
    let others = precision.metrics.iter().filter(|it| !it.reached);
    let others: Vec<String> = std::iter::once(open)
        .chain(others.filter(|it| *it != open))
        .map(so_far)
        .collect();
    format!(
        "precision {wanted}: not reached with {replications} of at most {most} replications: {}",
        others.join("; ")
    )
}

/// How well a metric is known that is not known well enough.
fn so_far(known: &Known95) -> String {
    match (&known.why, known.share) {
        (Some(why), _) => format!("{} ({why})", known.metric),
        (None, Some(share)) => format!("{} is known to {}", known.metric, percent(share)),
        (None, None) => format!("{} has no interval", known.metric),
    }
}

/// A share that may be small: three digits that count.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let places = match percent {
        _ if percent >= 10.0 => 0,
        _ if percent >= 1.0 => 1,
        _ if percent >= 0.1 => 2,
        _ => 4,
    };
    let text = format!("{percent:.places$}");
    let text = match text.split_once('.') {
        Some((_, part)) if part.bytes().all(|digit| digit == b'0') => text.split('.').next(),
        _ => Some(text.as_str()),
    };
    format!("{} %", text.unwrap_or_default())
}

/// The object `precision` of `run.json`.
pub(crate) fn json(precision: &Precision) -> Value {
    let metric = |known: &Known95| {
        let mut object = Map::new();
        object.insert("metric".into(), known.metric.clone().into());
        // Infinity is no number of JSON: then `why` says it.
        if let Some(share) = known.share.filter(|it| it.is_finite()) {
            object.insert("share".into(), share.into());
        }
        object.insert("reached".into(), known.reached.into());
        if let Some(why) = &known.why {
            object.insert("why".into(), why.clone().into());
        }
        Value::Object(object)
    };
    json!({
        "wanted": precision.wanted,
        "reached": precision.reached(),
        "replications": precision.replications,
        "most": precision.most,
        "decided_by": precision.decided_by,
        "metrics": precision.metrics.iter().map(metric).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(metric: &str, share: f64, why: Option<&str>) -> Known95 {
        Known95 {
            metric: metric.to_owned(),
            share: Some(share),
            reached: share < 0.01,
            why: why.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_reached_and_what_was_not_is_told_in_a_sentence() {
        let mut precision = Precision {
            wanted: 0.01,
            replications: 46,
            most: 100,
            metrics: vec![known("calls.answered.share", 0.0093, None)],
            decided_by: Some("calls.answered.share".to_owned()),
        };
        assert_eq!(
            of_precision(&precision),
            "precision 1 %: reached with 46 of at most 100 replications; calls.answered.share \
             took longest"
        );
        precision
            .metrics
            .push(known("hold.wait_s.mean", 0.0234, None));
        let zero = Some("its value is 0, and no interval is a share of that");
        precision
            .metrics
            .push(known("limit.block.chance", f64::INFINITY, zero));
        assert_eq!(
            of_precision(&precision),
            "precision 1 %: not reached with 46 of at most 100 replications: limit.block.chance \
             (its value is 0, and no interval is a share of that); hold.wait_s.mean is known to \
             2.3 %"
        );
        let json = json(&precision).to_string();
        assert!(json.contains("\"reached\":false"), "{json}");
    }

    #[test]
    fn small_shares_keep_their_digits() {
        for (share, text) in [
            (0.5, "50 %"),
            (0.05, "5 %"),
            (0.025, "2.5 %"),
            (0.005, "0.50 %"),
            (0.0001, "0.0100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }
}
