//! `send` of a campaign: how its messages go out.

use model::arrivals::{Pace, Sending};
use routing::hours::WeekHours;
use serde_json::json;

use crate::node::{Node, shortened};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;

pub(crate) const TAKES: Takes = Takes::Other(
    "{ batch = 500, every = \"10min\" } or { rate = \"1000/min\" }, with between = \
     \"09:00-17:00\" if wanted",
    schema,
);

const KEYS: &[KeySpec] = &[
    key(
        "batch",
        Takes::Whole(1, 1_000_000_000),
        "so many messages at a time (the platform's drip mode)",
    ),
    key("every", Takes::Duration(false), "from batch to batch"),
    key(
        "rate",
        Takes::Rate,
        "messages per time, one after the other",
    ),
    key(
        "between",
        Takes::Text,
        "local hours in which messages go out, \"09:00-17:00\" or \"Mon-Fri 09:00-17:00\"",
    ),
];

fn schema() -> serde_json::Value {
    let mut table = crate::schema::table(KEYS);
    table["anyOf"] = json!([
        { "required": ["batch", "every"] },
        { "required": ["rate"] },
        { "required": ["between"] },
    ]);
    table
}

/// The table.
pub(crate) fn read(r: &Reading<'_>, node: &Node) -> Option<Sending> {
    let table = Table::open(r, node, KEYS, None)?;
    let (batch, every) = (table.whole("batch"), table.duration("every"));
    let rate = table.rate("rate");
    let given = |name: &str| table.given(name).is_some();
    if given("rate") && (given("batch") || given("every")) {
        let message = "messages go out in batches or at a rate, not both";
        table.error("rate", Fault::new(message));
        return None;
    }
    if given("batch") != given("every") {
        let fault = Fault::new("`batch` and `every` go together");
        r.error(
            node.span,
            fault.help(format!("expected {}", TAKES.expected())),
        );
        return None;
    }
    let pace = match (rate, batch, every) {
        (Some(rate), ..) => Some(Pace::Rate(rate)),
        (_, Some(batch), Some(every)) => Some(Pace::Batches { batch, every }),
        _ => None,
    };
    if pace.is_none() && (given("rate") || given("batch")) {
        // It could not be read, which was said.
        return None;
    }
    let between = match table.given("between") {
        Some(_) => Some(table.take("between", between)?),
        None => None,
    };
    if pace.is_none() && between.is_none() {
        let message = format!("it says nothing, expected {}", TAKES.expected());
        r.error(node.span, Fault::new(message));
        return None;
    }
    Some(Sending { pace, between })
}

/// Hours of every day, or of some days.
fn between(r: &Reading<'_>, node: &Node) -> Option<WeekHours> {
    let text = crate::values::text(r, node)?;
    let daily = text
        .trim_start()
        .starts_with(|first: char| first.is_ascii_digit());
    let whole = if daily {
        format!("Mon-Sun {}", text.trim())
    } else {
        text.clone()
    };
    if let Ok(window) = whole.parse() {
        return Some(WeekHours::new(vec![window]));
    }
    let message = format!(
        "found {:?}, expected hours such as \"09:00-17:00\" or \"Mon-Fri 09:00-17:00\"",
        shortened(&text)
    );
    r.error(node.span, Fault::new(message));
    None
}
