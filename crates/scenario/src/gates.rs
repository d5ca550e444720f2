//! `[[gate]]` and `--gate`: what must hold of a run.

use crate::node::{Node, Value};
use crate::quantity::{self, Fault};
use crate::reading::Reading;
use crate::scenario::{Bound, BoundOp, GateSpec, MetricNames};
use crate::source::Span;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

const BOUND: Takes = Takes::Other(
    "a number, or a text with a unit such as \"150ms\"",
    bound_schema,
);

/// The keys of a gate.
pub(crate) const KEYS: &[KeySpec] = &[
    key("metric", Takes::Text, "the metric").required(),
    key("min", BOUND, "at least"),
    key("max", BOUND, "at most"),
    key("equals", BOUND, "exactly"),
    key(
        "each",
        Takes::Duration(false),
        "in each interval of this length",
    ),
    key(
        "holds_on",
        Takes::Share,
        "on at least this share of the replications",
    ),
];

fn bound_schema() -> serde_json::Value {
    serde_json::json!({ "type": ["number", "string"] })
}

const OPS: [(&str, BoundOp); 3] = [
    ("min", BoundOp::AtLeast),
    ("max", BoundOp::AtMost),
    ("equals", BoundOp::Equals),
];

/// One `[[gate]]`.
pub(crate) fn read(r: &Reading<'_>, node: &Node, metrics: MetricNames<'_>) -> Option<GateSpec> {
    let table = Table::open(r, node, KEYS, None)?;
    let metric = table.text("metric");
    let unit = metric
        .as_deref()
        .and_then(|name| unit(r, table.span("metric"), name, metrics));
    let mut bounds = Vec::new();
    for (name, op) in OPS {
        if let Some(node) = table.given(name) {
            bounds.push(bound(r, node, op, unit));
        }
    }
    if bounds.is_empty() {
        let fault = Fault::new("a gate without a bound, expected `min`, `max` or `equals`");
        r.error(node.span, fault);
    }
    let (each, holds_on) = (table.duration("each"), table.share("holds_on"));
    let bounds: Vec<Bound> = bounds.into_iter().collect::<Option<_>>()?;
    if let [
        Bound {
            op: BoundOp::AtLeast,
            value: low,
            ..
        },
        Bound {
            op: BoundOp::AtMost,
            value: high,
            ..
        },
        ..,
    ] = bounds.as_slice()
        && low > high
    {
        table.error("min", Fault::new("`min` lies above `max`"));
    }
    let place = r.place(table.span("metric"));
    unit?;
    Some(GateSpec {
        metric: metric?,
        bounds,
        each,
        holds_on,
        place,
    })
}

fn unit(r: &Reading<'_>, span: Span, name: &str, metrics: MetricNames<'_>) -> Option<&'static str> {
    match metrics(name) {
        Ok(unit) => Some(unit),
        Err(near) => {
            let fault = Fault::new(format!("there is no metric `{name}`"));
            r.error(
                span,
                match near {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault,
                },
            );
            None
        }
    }
}

fn bound(r: &Reading<'_>, node: &Node, op: BoundOp, unit: Option<&str>) -> Option<Bound> {
    let text = match &node.value {
        Value::Whole(_) | Value::Number(_) => node.render(),
        Value::Text(text) => text.clone(),
        _ => r.text_of(node).unwrap_or_default(),
    };
    let value = match values::as_number(node) {
        Some(number) if number.is_finite() => Ok(number),
        None if !text.is_empty() => match unit {
            Some(unit) => quantity::bound(&text, unit),
            None => return None,
        },
        _ => Err(values::mismatch(node, &BOUND.expected())),
    };
    values::report(r, node, value).map(|value| Bound { op, value, text })
}

/// `METRIC >= VALUE`, whose text is this source.
pub(crate) fn argument(
    r: &Reading<'_>,
    source: u32,
    text: &str,
    metrics: MetricNames<'_>,
) -> Option<GateSpec> {
    const HELP: &str = "write for example 'calls.answered.share >= 0.8' (also <=, >, <, ==)";
    let whole = Span::new(source, &(0..text.len()));
    let Some(at) = text.find(['<', '>', '=']) else {
        r.error(whole, Fault::new("a gate without a comparison").help(HELP));
        return None;
    };
    let rest = &text[at..];
    let sign = rest.find(|c| !"<>=".contains(c)).unwrap_or(rest.len());
    let (sign, value) = rest.split_at(sign);
    let op = match sign {
        ">=" => BoundOp::AtLeast,
        ">" => BoundOp::Above,
        "<=" => BoundOp::AtMost,
        "<" => BoundOp::Below,
        "=" | "==" => BoundOp::Equals,
        _ => {
            let span = Span::new(source, &(at..at + sign.len()));
            r.error(
                span,
                Fault::new(format!("`{sign}` is no comparison")).help(HELP),
            );
            return None;
        }
    };
    let metric = text[..at].trim();
    let begin = text[..at].len() - text[..at].trim_start().len();
    let span = Span::new(source, &(begin..begin + metric.len()));
    let unit = unit(r, span, metric, metrics);
    let value_at = text.len() - value.trim_start().len();
    let value = value.trim();
    let value_span = Span::new(source, &(value_at..value_at + value.len()));
    let number = quantity::bound(value, unit.unwrap_or("s"));
    let number = number.map_err(|fault| r.error(value_span, fault)).ok();
    unit?;
    let bound = Bound {
        op,
        value: number?,
        text: value.to_owned(),
    };
    let place = r.place(span);
    Some(GateSpec {
        metric: metric.to_owned(),
        bounds: vec![bound],
        each: None,
        holds_on: None,
        place,
    })
}
