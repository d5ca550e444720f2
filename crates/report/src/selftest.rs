//! Known answers and what a run made of them: a table for the terminal, an object for scripts
//! (contract.md section 5).

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::text::printable;

/// A row of a table of known answers, played or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row's table.
    pub table_id: String,
    /// The queue in the table's words.
    pub model: String,
    /// What of it.
    pub metric: String,
    /// The scenario that was played; none where nothing was.
    pub scenario: Option<String>,
    /// The number that is known.
    pub expected: Option<f64>,
    /// Ours.
    pub measured: Option<f64>,
    /// The 95 % interval of ours.
    pub ci95: Option<(f64, f64)>,
    /// `agree`, `differ` or `not-expressed`.
    pub verdict: &'static str,
    /// How far apart, or why nothing was played.
    pub reason: String,
}

/// All rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// In the order of the table.
    pub rows: Vec<Row>,
    /// How many more there are that were not played, to be quick or because of an interruption.
    pub left_out: usize,
}

impl Rows {
    /// How many rows have this verdict.
    pub fn count(&self, verdict: &str) -> usize {
        self.rows
            .iter()
            .filter(|row| row.verdict == verdict)
            .count()
    }
}

/// The object as text, indented, with a line break at its end.
pub fn json(rows: &Rows) -> Vec<u8> {
    let list: Vec<Value> = rows.rows.iter().map(row_json).collect();
    let object = json!({"rows": list, "left_out": rows.left_out});
    // No key but strings and no number but finite ones: writing it cannot fail.
    let mut bytes = serde_json::to_vec_pretty(&object).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn row_json(row: &Row) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("table_id", row.table_id.clone().into());
    put("metric", row.metric.clone().into());
    put("expected", row.expected.into());
    put("measured", row.measured.into());
    put("ci95", json!(row.ci95.map(|(low, high)| [low, high])));
    put("verdict", row.verdict.into());
    put("reason", row.reason.clone().into());
    put("model", row.model.clone().into());
    put("scenario", row.scenario.clone().into());
    Value::Object(object)
}

/// The longest metric that is shown in full.
const WIDEST: usize = 42;

/// The table for people: a paragraph a queue, then how many rows came out.
pub fn text(rows: &Rows, colour: bool) -> String {
    let mut page = String::new();
    let mut model = None;
    for row in rows.rows.iter().filter(|row| row.measured.is_some()) {
        let own = (row.scenario.as_deref(), row.model.as_str());
        if model != Some(own) {
            let gap = if model.is_some() { "\n" } else { "" };
            let (table, words) = (printable(&row.table_id), printable(&row.model));
            let name = row.scenario.as_deref().unwrap_or_default();
            let _ = writeln!(page, "{gap}{table}: {words} [{name}]");
            let _ = writeln!(
                page,
                "  {:<WIDEST$} {:>12} {:>12} {:>11}  verdict",
                "measure", "expected", "measured", "±95 %"
            );
            model = Some(own);
        }
        line(&mut page, row, colour);
    }
    let silent = rows.rows.iter().filter(|row| row.measured.is_none());
    let mut told: Vec<(String, usize)> = Vec::new();
    for row in silent {
        let line = format!("{}: {}", printable(&row.table_id), printable(&row.reason));
        match told.iter_mut().find(|(text, _)| *text == line) {
            Some((_, count)) => *count += 1,
            None => told.push((line, 1)),
        }
    }
    if !told.is_empty() {
        page.push_str("\nnot expressed\n");
    }
    for (text, count) in told {
        let rows = if count == 1 { "row" } else { "rows" };
        let _ = writeln!(page, "  {count:>3} {rows:<4}  {text}");
    }
    let counts = ["agree", "differ", "not-expressed"].map(|it| (it, rows.count(it)));
    let counts: Vec<String> = counts.iter().map(|(it, n)| format!("{n} {it}")).collect();
    let _ = write!(page, "\n{} rows: {}", rows.rows.len(), counts.join(", "));
    if rows.left_out > 0 {
        let _ = write!(page, "; {} more left out", rows.left_out);
    }
    page.push('\n');
    page
}

fn line(page: &mut String, row: &Row, colour: bool) {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    let half = row.ci95.map(|(low, high)| (high - low) / 2.0);
    let metric: String = printable(&row.metric).chars().take(WIDEST).collect();
    let verdict = match (row.verdict, colour) {
        ("differ", true) => "\u{1b}[31mdiffer\u{1b}[0m",
        ("agree", true) => "\u{1b}[32magree\u{1b}[0m",
        (verdict, _) => verdict,
    };
    let _ = write!(
        page,
        "  {metric:<WIDEST$} {:>12} {:>12} {:>11}  {verdict}",
        number(row.expected),
        number(row.measured),
        half.map_or_else(String::new, |half| format!("{half:.2e}"))
    );
    if row.verdict != "agree" {
        let _ = write!(page, ": {}", printable(&row.reason));
    }
    page.push('\n');
}

/// Six digits.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 5 - value.abs().log10().floor() as i32;
    format!("{value:.*}", digits.clamp(0, 9) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Rows {
        let row = Row {
            table_id: "Loss".to_owned(),
            model: "M/G/s/s, servers 5".to_owned(),
            metric: "blocking".to_owned(),
            scenario: Some("01-loss".to_owned()),
            expected: Some(0.11),
            measured: Some(0.1101),
            ci95: Some((0.1091, 0.1111)),
            verdict: "agree",
            reason: "0.0001 apart".to_owned(),
        };
        let differs = Row {
            metric: "P(wait)".to_owned(),
            verdict: "differ",
            ..row.clone()
        };
        let silent = Row {
            scenario: None,
            measured: None,
            ci95: None,
            verdict: "not-expressed",
            reason: "lambda: `see model` is no rate".to_owned(),
            ..row.clone()
        };
        Rows {
            rows: vec![row, differs, silent],
            left_out: 2,
        }
    }

    #[test]
    fn people_read_a_table() {
        let expected = "\
Loss: M/G/s/s, servers 5 [01-loss]
  measure                                        expected     measured       ±95 %  verdict
  blocking                                       0.110000     0.110100     1.00e-3  agree
  P(wait)                                        0.110000     0.110100     1.00e-3  differ: 0.0001 apart

not expressed
    1 row   Loss: lambda: `see model` is no rate

3 rows: 1 agree, 1 differ, 1 not-expressed; 2 more left out
";
        assert_eq!(text(&sample(), false), expected);
    }

    #[test]
    fn scripts_read_an_object() {
        let read: Value = serde_json::from_slice(&json(&sample())).expect("JSON");
        assert_eq!(read["rows"][0]["ci95"], json!([0.1091, 0.1111]));
        assert_eq!(read["rows"][2]["measured"], Value::Null);
        assert_eq!(read["rows"][1]["verdict"], "differ");
        assert_eq!(read["left_out"], 2);
    }
}
