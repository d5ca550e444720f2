//! Random times as they are written: `{ lognormal = { median = "30s", sigma = 0.5 } }`.

use model::RandomTime;
use model::random_time::TimeError;
use routing::Nanos;

use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::quantity::Fault;
use crate::reading::Reading;
use crate::spec::{KeySpec, Takes, key};
use crate::table::Table;
use crate::values;

const FAMILIES: [&str; 9] = [
    "constant",
    "exponential",
    "uniform",
    "lognormal",
    "erlang",
    "gamma",
    "weibull",
    "hyperexponential",
    "empirical",
];

const ABOVE: Takes = Takes::Duration(false);

const LOGNORMAL: &[KeySpec] = &[
    key("median", ABOVE, "the median, with sigma"),
    key(
        "sigma",
        Takes::Factor,
        "standard deviation of the logarithm, with median",
    ),
    key("mean", ABOVE, "the mean, with cv"),
    key(
        "cv",
        Takes::Factor,
        "standard deviation over mean, with mean",
    ),
];

const ERLANG: &[KeySpec] = &[
    key("k", Takes::Whole(1, 1_000_000), "phases").required(),
    key("mean", ABOVE, "the mean").required(),
];

const GAMMA: &[KeySpec] = &[
    key("shape", Takes::Factor, "1 / cv²").required(),
    key("mean", ABOVE, "the mean").required(),
];

const WEIBULL: &[KeySpec] = &[
    key("shape", Takes::Factor, "1 is exponential").required(),
    key("scale", ABOVE, "the 63rd percentile").required(),
];

pub(crate) const PART: &[KeySpec] = &[
    key("share", Takes::Share, "share of the draws").required(),
    key("mean", ABOVE, "mean of this part").required(),
];

/// The families that are tables.
pub(crate) const TABLES: [(&str, &[KeySpec]); 4] = [
    ("lognormal", LOGNORMAL),
    ("erlang", ERLANG),
    ("gamma", GAMMA),
    ("weibull", WEIBULL),
];

/// A random time; `infinite` where it may be `"infinite"`.
pub(crate) fn read(r: &Reading<'_>, node: &Node, infinite: bool) -> Option<RandomTime> {
    if r.text_of(node).as_deref() == Some("infinite") {
        if infinite {
            return Some(RandomTime::infinite());
        }
        let help = "patience, hold_patience and carrier_voicemail may be";
        r.error(
            node.span,
            Fault::new("this time cannot be infinite").help(help),
        );
        return None;
    }
    let expected = Takes::Time(infinite).expected();
    let Value::Table(entries) = &node.value else {
        r.error(node.span, values::mismatch(node, &expected));
        return None;
    };
    let [(family, value)] = entries.as_slice() else {
        let message = format!(
            "{} keys, where a random time has one: its family",
            entries.len()
        );
        let help = format!("the families are {}", FAMILIES.join(", "));
        r.error(node.span, Fault::new(message).help(help));
        return None;
    };
    match family.name.as_str() {
        "constant" => values::duration(r, value, true).map(RandomTime::constant),
        "exponential" => values::duration(r, value, false).map(RandomTime::exponential),
        "uniform" => uniform(r, value),
        "lognormal" => lognormal(&Table::open(r, value, LOGNORMAL, None)?),
        "erlang" => erlang(&Table::open(r, value, ERLANG, None)?),
        "gamma" => gamma(&Table::open(r, value, GAMMA, None)?),
        "weibull" => weibull(&Table::open(r, value, WEIBULL, None)?),
        "hyperexponential" => hyperexponential(r, value),
        "empirical" => empirical(r, value),
        "histogram" => {
            let message = "`histogram` comes later: this version has the families of random times";
            r.error(family.span, Fault::new(message));
            None
        }
        other => {
            let fault = Fault::new(format!("`{other}` is no family of random times"));
            let help = match nearest(other, FAMILIES) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the families are {}", FAMILIES.join(", ")),
            };
            r.error(family.span, fault.help(help));
            None
        }
    }
}

fn made(
    r: &Reading<'_>,
    node: Option<&Node>,
    law: Result<RandomTime, TimeError>,
) -> Option<RandomTime> {
    let span = node.map(|node| node.span).unwrap_or_default();
    law.map_err(|error| r.error(span, Fault::new(error.to_string())))
        .ok()
}

fn uniform(r: &Reading<'_>, node: &Node) -> Option<RandomTime> {
    let [low, high] = node.elements() else {
        let expected = "its two ends such as [\"20s\", \"30s\"]";
        r.error(node.span, values::mismatch(node, expected));
        return None;
    };
    let (low, high) = (
        values::duration(r, low, true),
        values::duration(r, high, true),
    );
    made(r, Some(node), RandomTime::uniform(low?, high?))
}

fn lognormal(table: &Table<'_>) -> Option<RandomTime> {
    let (median, sigma) = (table.duration("median"), table.number("sigma"));
    let (mean, cv) = (table.duration("mean"), table.number("cv"));
    let given = ["median", "sigma", "mean", "cv"].map(|name| table.given(name).is_some());
    let law = match given {
        [true, true, false, false] => RandomTime::lognormal(median?, sigma?),
        [false, false, true, true] => RandomTime::lognormal_mean(mean?, cv?),
        _ => {
            let message = "a lognormal has `median` and `sigma`, or `mean` and `cv`";
            let span = table.node.map(|node| node.span).unwrap_or_default();
            table.reading.error(span, Fault::new(message));
            return None;
        }
    };
    made(table.reading, table.node, law)
}

fn erlang(table: &Table<'_>) -> Option<RandomTime> {
    let (k, mean) = (table.whole("k"), table.duration("mean"));
    made(
        table.reading,
        table.node,
        RandomTime::erlang(k? as u32, mean?),
    )
}

fn gamma(table: &Table<'_>) -> Option<RandomTime> {
    let (shape, mean) = (table.number("shape"), table.duration("mean"));
    made(table.reading, table.node, RandomTime::gamma(shape?, mean?))
}

fn weibull(table: &Table<'_>) -> Option<RandomTime> {
    let (shape, scale) = (table.number("shape"), table.duration("scale"));
    made(
        table.reading,
        table.node,
        RandomTime::weibull(shape?, scale?),
    )
}

fn hyperexponential(r: &Reading<'_>, node: &Node) -> Option<RandomTime> {
    if node.elements().is_empty() {
        let expected = "parts such as [{ share = 0.5, mean = \"1min\" }, …]";
        r.error(node.span, values::mismatch(node, expected));
        return None;
    }
    let part = |node| {
        let table = Table::open(r, node, PART, None)?;
        let (share, mean) = (table.share("share"), table.duration("mean"));
        Some((share?.get(), mean?))
    };
    let parts: Vec<_> = node.elements().iter().map(part).collect();
    let parts: Vec<_> = parts.into_iter().collect::<Option<_>>()?;
    made(r, Some(node), RandomTime::hyperexponential(&parts))
}

/// A file with a value in seconds a row, or a value and a weight.
fn empirical(r: &Reading<'_>, node: &Node) -> Option<RandomTime> {
    let path = values::text(r, node).and_then(|_| r.table_file(node));
    let (source, text) = path?;
    let mut values = Vec::new();
    let mut failed = false;
    for row in crate::rows::rows(source, &text) {
        let first = row.cells[0].text.parse::<f64>();
        if row.line == 1 && first.is_err() {
            continue; // names of the columns
        }
        let weight = row
            .cells
            .get(1)
            .map_or(Ok(1.0), |cell| cell.text.parse::<f64>());
        let value = first.ok().filter(|it| (0.0..=315_360_000.0).contains(it));
        let weight = weight.ok().filter(|it| *it >= 0.0 && it.is_finite());
        match (value, weight) {
            (Some(value), Some(weight)) => values.push((Nanos::from_secs_f64(value), weight)),
            (value, _) => {
                let cell = &row.cells[usize::from(value.is_some())];
                let message = format!("found {:?}, expected a number of 0 or more", cell.text);
                let help = "each row has a value in seconds, and may have a weight behind a comma";
                r.error(cell.span, Fault::new(message).help(help));
                failed = true;
            }
        }
    }
    if failed {
        None
    } else {
        made(r, Some(node), RandomTime::empirical(values))
    }
}
