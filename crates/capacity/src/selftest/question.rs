//! A row of a table to what is asked of a model, or the reason why it cannot be asked.

use super::discipline::{Discipline, beside_taken, discipline, taken_from};
use super::law::{Family, Law, law};
use super::metric::{About, Reading, level_named, reading};
use super::model::{Model, Redial};
use super::table::{Column, Row};
use super::words::{Span, Words};

/// A unit of time without a name, in seconds.
const NAMELESS_S: f64 = 100.0;

/// How an expected number came about, and with it how near ours must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nearness {
    /// Exact: four standard errors of ours.
    Exact,
    /// Simulated by others with this half-width of their 95 % interval.
    Simulated(f64),
}

/// What a row asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Of which model.
    pub model: Model,
    /// Which metric.
    pub reading: Reading,
    /// The answer that is known.
    pub expected: f64,
    /// Half a unit of its last printed digit.
    pub half_unit: f64,
    /// How near ours must be, beside the half unit.
    pub nearness: Nearness,
}

/// The number that a row expects, as it is printed; none without one.
pub fn expected(row: &Row) -> Option<(f64, f64)> {
    let printed = match row.get(Column::OurCheck) {
        "" => row.get(Column::Value),
        check => check,
    };
    printed_number(printed)
}

/// A number, and half a unit of its last printed digit: `0.0499`, `3.1%`, `1e-5`.
fn printed_number(text: &str) -> Option<(f64, f64)> {
    let (text, scale) = match text.strip_suffix('%') {
        Some(number) => (number.trim_end(), 0.01),
        None => (text, 1.0),
    };
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let decimals = plain.split_once('.').map_or(0, |(_, after)| after.len());
    let number: f64 = text.parse().ok()?;
    if !number.is_finite() || !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let unit = 10f64.powi(exponent.checked_sub(i32::try_from(decimals).ok()?)?);
    Some((number * scale, 0.5 * unit * scale))
}

/// What a row asks, where `table` is the whole table.
///
/// # Errors
/// Why it cannot be asked, for people.
pub fn question(row: &Row, table: &[Row]) -> Result<Question, String> {
    let nearness = nearness(row)?;
    let (expected, half_unit) = expected(row).ok_or_else(|| {
        let value = row.get(Column::Value);
        format!("value: `{value}` is no number to compare with")
    })?;
    let (whole, discipline) = completed(row, table)?;
    let parts = Parts::of(&whole, &discipline)?;
    let unit_s = parts.unit_s(&discipline);
    let model = parts.model(&discipline, unit_s)?;
    if let Some(why) = model.fault() {
        return Err(why);
    }
    let about = About {
        unit_s,
        impatient: model.patience.is_some(),
        bounded: model.room.is_some(),
        day: model.day_s.is_some(),
        usual_level_s: usual_level_s(row, table, unit_s),
    };
    Ok(Question {
        model,
        reading: reading(row.get(Column::Metric), &about)?,
        expected,
        half_unit,
        nearness,
    })
}

/// By its kind, how near a row must be met; none where it is not to be met.
fn nearness(row: &Row) -> Result<Nearness, String> {
    let kind = row.get(Column::Kind);
    let told = [Column::Note, Column::Certainty].map(|column| row.get(column).to_lowercase());
    let denied = ["no misprint", "not a misprint"];
    let misprint = told.iter().any(|text| {
        text.contains("misprint") && !denied.iter().any(|denied| text.contains(denied))
    });
    if misprint && row.get(Column::OurCheck).is_empty() {
        return Err("its value is called a misprint, and no other is given".to_owned());
    }
    if kind.starts_with("exact") {
        return Ok(Nearness::Exact);
    }
    if !kind.starts_with("simulated") {
        return Err(format!("kind: `{kind}` is neither exact nor simulated"));
    }
    let half_width = match row.get(Column::OurHalfWidth) {
        "" => row.get(Column::HalfWidth),
        ours => ours,
    };
    // The table was read: what stands here is nothing or a number.
    Ok(Nearness::Simulated(half_width.parse().unwrap_or(0.0)))
}

/// The columns that a model takes over from another table.
const TAKEN: [Column; 5] = [
    Column::Lambda,
    Column::Servers,
    Column::Room,
    Column::Service,
    Column::Patience,
];

/// The row with everything that `as <table_id>` brings, and what its model says.
fn completed(row: &Row, table: &[Row]) -> Result<(Row, Discipline), String> {
    completed_from(row, table, &mut Vec::new())
}

fn completed_from<'a>(
    row: &'a Row,
    table: &'a [Row],
    seen: &mut Vec<&'a str>,
) -> Result<(Row, Discipline), String> {
    let model = row.get(Column::Model);
    let mut ids: Vec<&str> = table.iter().map(|it| it.get(Column::TableId)).collect();
    ids.dedup();
    ids.retain(|id| !id.is_empty());
    let Some(taken) = taken_from(model, &ids) else {
        return Ok((row.clone(), discipline(model)?));
    };
    let (id, beside) = taken?;
    if seen.contains(&id) {
        return Err(format!("model: `{model}` leads back to itself"));
    }
    seen.push(id);
    let own = beside_taken(beside)?;
    let mut others = Vec::new();
    for other in table.iter().filter(|it| it.get(Column::TableId) == id) {
        others.push(completed_from(other, table, &mut seen.clone())?);
    }
    let mut whole = row.clone();
    for column in TAKEN.into_iter().filter(|it| row.get(*it).is_empty()) {
        if column == Column::Patience && beside.to_lowercase().contains("patience") {
            return Err(format!(
                "model: `{model}` speaks of a patience, and none is given"
            ));
        }
        let texts = others.iter().map(|(other, _)| other.get(column));
        whole = whole.with(column, one_of(id, column, texts)?);
    }
    let Some((_, first)) = others.first() else {
        return Err(format!("model: table `{id}` has no rows"));
    };
    let differ = |(_, it): &(Row, Discipline)| {
        (own.redials.is_none() && it.redials != first.redials)
            || (own.day.is_none() && it.day != first.day)
    };
    if others.iter().any(differ) {
        return Err(format!(
            "model: the rows of table `{id}` have several models"
        ));
    }
    let discipline = Discipline {
        redials: own.redials.or(first.redials),
        day: own.day.or(first.day),
        kendall: None,
    };
    Ok((whole, discipline))
}

/// What all rows of a table say in a column.
fn one_of<'a>(
    id: &str,
    column: Column,
    mut texts: impl Iterator<Item = &'a str>,
) -> Result<&'a str, String> {
    let first = texts.next().unwrap_or_default();
    if texts.all(|text| text == first) {
        Ok(first)
    } else {
        Err(format!("{column:?}: the rows of table `{id}` differ in it").to_lowercase())
    }
}

/// The columns, read.
struct Parts {
    lambda: Span,
    servers: u32,
    room: Option<u32>,
    service: Law,
    patience: Option<Law>,
}

impl Parts {
    fn of(row: &Row, discipline: &Discipline) -> Result<Self, String> {
        let of = |name: &str, why: String| format!("{name}: {why}");
        let lambda = row.get(Column::Lambda);
        let servers = row.get(Column::Servers);
        let count = servers.parse::<u32>().ok().filter(|it| *it > 0);
        let servers = count.ok_or_else(|| format!("servers: `{servers}` is no number of them"))?;
        let service = law(row.get(Column::Service)).map_err(|why| of("service", why))?;
        let patience = match row.get(Column::Patience) {
            "none" => None,
            text => Some(law(text).map_err(|why| of("patience", why))?),
        };
        let parts = Self {
            lambda: rate(lambda).ok_or_else(|| format!("lambda: `{lambda}` is no rate"))?,
            servers,
            room: room(row.get(Column::Room), servers)?,
            service,
            patience,
        };
        let family = |law: Law| -> Family { law.family };
        let kendall = discipline.kendall.as_ref();
        let contradicts =
            kendall.and_then(|it| it.contradicts(service.family, servers, patience.map(family)));
        match contradicts {
            Some(why) => Err(format!("model: `{}`: {why}", row.get(Column::Model))),
            None => Ok(parts),
        }
    }

    /// The table's unit of time in seconds: that of the arrivals, else of the first time with one.
    fn unit_s(&self, discipline: &Discipline) -> f64 {
        let times = [Some(self.service), self.patience];
        let units = times.into_iter().flatten().map(|law| law.mean.unit_s);
        let redials = discipline.redials.and_then(|it| it.rate.unit_s);
        let mut units = std::iter::once(self.lambda.unit_s)
            .chain(units)
            .chain([redials]);
        units.find_map(|unit| unit).unwrap_or(NAMELESS_S)
    }

    fn model(&self, discipline: &Discipline, unit_s: f64) -> Result<Model, String> {
        let redial = discipline.redials.map(|it| Redial {
            after: it.after,
            share: it.share,
            mean_s: it.rate.unit_s.unwrap_or(unit_s) / it.rate.number,
        });
        let in_seconds = |law: Law| (law.family, law.mean.seconds(unit_s));
        if self.lambda.number <= 0.0 {
            return Err("lambda: nobody calls".to_owned());
        }
        Ok(Model {
            rate_per_s: self.lambda.number / self.lambda.unit_s.unwrap_or(unit_s),
            servers: self.servers,
            room: self.room,
            service: in_seconds(self.service),
            patience: self.patience.map(in_seconds),
            redial,
            day_s: discipline.day.map(|day| day.seconds(unit_s)),
        })
    }
}

/// `102`, `48/min`, `100 per 30 min`: calls per unit of time.
fn rate(text: &str) -> Option<Span> {
    let mut words = Words::new(text);
    let mut number = words.number()?;
    let unit_s = if words.eat("/") {
        Some(words.unit()?)
    } else if words.eat("per") {
        number /= words.number().filter(|it| *it > 0.0)?;
        Some(words.unit()?)
    } else {
        None
    };
    words.is_over().then_some(Span { number, unit_s })
}

/// `inf`, `200`, `50-60 (blocking <1e-12)`, `40 trunks`: how many may wait.
fn room(text: &str, servers: u32) -> Result<Option<u32>, String> {
    let unknown = || format!("room: `{text}` is not in the grammar");
    if text == "inf" {
        return Ok(None);
    }
    let mut words = Words::new(text);
    let first = words.whole().ok_or_else(unknown)?;
    if words.is_over() {
        return Ok(Some(first));
    }
    if words.eat("trunks") && words.is_over() {
        let waiting = first.checked_sub(servers);
        let why = || format!("room: `{text}` are fewer than the {servers} servers");
        return waiting.map(Some).ok_or_else(why);
    }
    let last = words.eat("-").then(|| words.whole()).flatten();
    let last = last.filter(|last| *last >= first);
    last.map(Some).ok_or_else(unknown)
}

/// The one time of a service level that the rows of this row's table name, or of the table that its
/// model takes over.
fn usual_level_s(row: &Row, table: &[Row], unit_s: f64) -> Option<f64> {
    let of_table = |id: &str| {
        let rows = table.iter().filter(|it| it.get(Column::TableId) == id);
        let mut levels: Vec<f64> = rows
            .filter_map(|it| level_named(it.get(Column::Metric), unit_s))
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        match levels.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    };
    let ids: Vec<&str> = table.iter().map(|it| it.get(Column::TableId)).collect();
    let taken = taken_from(row.get(Column::Model), &ids).and_then(Result::ok);
    of_table(row.get(Column::TableId)).or_else(|| taken.and_then(|(id, _)| of_table(id)))
}

#[cfg(test)]
mod tests;
