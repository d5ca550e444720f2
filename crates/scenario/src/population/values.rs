//! What the keys of `[population]` take: counts, ring times and shifts with their shares.

use model::Share;
use model::population::{Count, CountError, Key, Law, MOST_COUNT, Takes as Wants, Value};
use routing::Nanos;
use routing::hours::WeekHours;
use serde_json::json;

use crate::node::{Node, Value as Written};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

pub(super) const COUNT: &str = "a count such as 3, { uniform = [1, 5] }, { geometric = { mean = \
     3.0 } } or { lognormal = { median = 20.0, sigma = 1.0 } }";
pub(super) const RINGS: &str = "a list of ring times such as [{ share = 1.0, ring = \"20s\" }]";
pub(super) const SHIFTS: &str =
    "a list of shifts such as [{ share = 0.5, hours = [\"Mon-Fri 09:00-17:00\"] }]";

const MOST: Takes = Takes::Whole(0, MOST_COUNT as u64);

const COUNT_KEYS: &[KeySpec] = &[
    key("constant", MOST, "always so many"),
    key(
        "uniform",
        Takes::Other("two whole numbers", pair_schema),
        "both ends included",
    ),
    key(
        "geometric",
        Takes::Table(GEOMETRIC),
        "each one more with the same chance",
    ),
    key(
        "lognormal",
        Takes::Table(LOGNORMAL),
        "rounded to the nearest whole number",
    ),
    key("least", MOST, "what is below is as many as this").default("0"),
    key("most", MOST, "what is above is as many as this").default("10000"),
];

const GEOMETRIC: &[KeySpec] = &[
    key("mean", Takes::Spread, "with `least`").required(),
    key("least", MOST, "where it begins").default("0"),
];

const LOGNORMAL: &[KeySpec] = &[
    key("median", Takes::Factor, "the median").required(),
    key(
        "sigma",
        Takes::Factor,
        "standard deviation of the logarithm",
    )
    .required(),
];

const RING: &[KeySpec] = &[
    key("share", Takes::Share, "of the ring times that are set").required(),
    key("ring", Takes::Duration(false), "the ring time").required(),
];

const SHIFT: &[KeySpec] = &[
    key("share", Takes::Share, "of the users").required(),
    key("hours", Takes::Hours, "when they are logged in").required(),
];

pub(super) fn count_schema() -> serde_json::Value {
    let whole = json!({ "type": "integer", "minimum": 0, "maximum": MOST_COUNT });
    json!({ "anyOf": [whole, crate::schema::table(COUNT_KEYS)] })
}

pub(super) fn rings_schema() -> serde_json::Value {
    json!({ "type": "array", "items": crate::schema::table(RING), "minItems": 1 })
}

pub(super) fn shifts_schema() -> serde_json::Value {
    json!({ "type": "array", "items": crate::schema::table(SHIFT) })
}

fn pair_schema() -> serde_json::Value {
    json!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2,
            "maxItems": 2 })
}

/// The value of a key.
pub(super) fn value(table: &Table<'_>, key: &Key) -> Option<Value> {
    match key.takes {
        Wants::Share => table.share(key.name).map(Value::Share),
        Wants::Count => table.take(key.name, count).map(Value::Count),
        Wants::Rings => table.take(key.name, rings).map(Value::Rings),
        Wants::Shifts => table.take(key.name, shifts).map(Value::Shifts),
        Wants::Hours => table.hours(key.name).map(Value::Hours),
        Wants::Time => table.time(key.name).map(Value::Time),
        Wants::Duration => table.duration(key.name).map(Value::Duration),
        Wants::Whole(_) => table.whole(key.name).map(|it| Value::Whole(it as u32)),
    }
}

fn count(r: &Reading<'_>, node: &Node) -> Option<Count> {
    let most = u64::from(MOST_COUNT);
    if let Written::Whole(_) = node.value {
        return values::whole(r, node, 0, most).map(|it| Count::constant(it as u32));
    }
    let Written::Table(_) = node.value else {
        r.error(node.span, values::mismatch(node, COUNT));
        return None;
    };
    let table = Table::open(r, node, COUNT_KEYS, None)?;
    let laws = ["constant", "uniform", "geometric", "lognormal"];
    let given: Vec<&str> = laws
        .into_iter()
        .filter(|law| table.given(law).is_some())
        .collect();
    let law = match given.as_slice() {
        ["constant"] => Law::Constant(table.whole("constant")? as u32),
        ["uniform"] => {
            let (low, high) = table.take("uniform", pair)?;
            Law::Uniform(low, high)
        }
        ["geometric"] => {
            let law = table.section("geometric");
            let least = law.whole("least")? as u32;
            let mean = law.number("mean")?;
            Law::Geometric { mean, least }
        }
        ["lognormal"] => {
            let law = table.section("lognormal");
            let (median, sigma) = (law.number("median"), law.number("sigma"));
            Law::Lognormal {
                median: median?,
                sigma: sigma?,
            }
        }
        _ => {
            r.error(node.span, values::mismatch(node, COUNT));
            return None;
        }
    };
    let (least, most) = (table.whole("least")?, table.whole("most")?);
    let made = Count::new(law, least as u32, most as u32);
    made.map_err(|why: CountError| r.error(node.span, Fault::new(why.to_string())))
        .ok()
}

fn pair(r: &Reading<'_>, node: &Node) -> Option<(u32, u32)> {
    let [low, high] = node.elements() else {
        r.error(node.span, values::mismatch(node, "two whole numbers"));
        return None;
    };
    let most = u64::from(MOST_COUNT);
    let (low, high) = (
        values::whole(r, low, 0, most),
        values::whole(r, high, 0, most),
    );
    Some((low? as u32, high? as u32))
}

fn rings(r: &Reading<'_>, node: &Node) -> Option<Vec<(Share, Nanos)>> {
    list(
        r,
        node,
        RINGS,
        |table| {
            let (share, ring) = (table.share("share"), table.duration("ring"));
            Some((share?, ring?))
        },
        RING,
    )
}

fn shifts(r: &Reading<'_>, node: &Node) -> Option<Vec<(Share, WeekHours)>> {
    list(
        r,
        node,
        SHIFTS,
        |table| {
            let (share, hours) = (table.share("share"), table.hours("hours"));
            Some((share?, hours?))
        },
        SHIFT,
    )
}

fn list<T>(
    r: &Reading<'_>,
    node: &Node,
    expected: &str,
    read: impl Fn(&Table<'_>) -> Option<T>,
    keys: &'static [KeySpec],
) -> Option<Vec<T>> {
    let Written::List(list) = &node.value else {
        r.error(node.span, values::mismatch(node, expected));
        return None;
    };
    let one = |node: &Node| Table::open(r, node, keys, None).and_then(|table| read(&table));
    let read: Vec<Option<T>> = list.iter().map(one).collect();
    read.into_iter().collect()
}
