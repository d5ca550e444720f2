//! The tables of a scenario (`[[table]]`): the same run under several settings, one metric beside
//! the other.

use std::fmt::Write as _;

use measure::{Metric, names};
use serde_json::{Value, json};

use crate::document::LocalTime;
use crate::numbers;
use crate::text::printable;

/// One table: rows of settings against columns of settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosstab {
    /// What it is about.
    pub title: String,
    /// How many replications each cell had.
    pub replications: u32,
    /// What is set in each row.
    pub rows: Vec<String>,
    /// What is set in each column.
    pub columns: Vec<String>,
    /// The metrics that are shown.
    pub shown: Vec<Shown>,
}

/// A metric in every cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its name.
    pub metric: String,
    /// By row, then by column; none where it has no value.
    pub cells: Vec<Vec<Option<Metric>>>,
}

/// What the usual ones are called; the others go by their names.
const TITLES: [(&str, &str); 5] = [
    (
        "limit.block.chance",
        "chance of a block, with its 95 % interval",
    ),
    (
        "limit.first_block_s",
        "time of the first block, where there is one (mean)",
    ),
    (
        "callers.reached.share",
        "share of the callers who reach a person",
    ),
    ("calls.blocked.share", "share of the calls that are blocked"),
    ("limit.violations", "violations of rate limits"),
];

impl Shown {
    /// What it is called.
    pub fn title(&self) -> &str {
        let known = TITLES.iter().find(|(name, _)| *name == self.metric);
        known.map_or(&self.metric, |(_, title)| title)
    }

    /// A cell as it is read.
    fn cell(&self, metric: Option<&Metric>, local_time: &LocalTime) -> String {
        let Some(metric) = metric else {
            return "–".to_owned();
        };
        if matches!(
            self.metric.as_str(),
            "limit.first_block_s" | "limit.first_violation_s"
        ) {
            let at = routing::Nanos::from_secs_f64(metric.value);
            return crate::decided::clock(&local_time.of(at)).to_owned();
        }
        let known = names::check(&self.metric).ok();
        if known.is_some_and(|known| known.of.is_some()) {
            return share(metric);
        }
        numbers::metric(metric)
    }
}

/// A share in percent; with the interval of a yes or no by Wilson, whose ends say more.
fn share(metric: &Metric) -> String {
    let percent = |share: f64| share * 100.0;
    match metric.ci95 {
        Some((low, high)) => format!(
            "{:.0} % [{:.0}, {:.0}]",
            percent(metric.value),
            percent(low),
            percent(high)
        ),
        None => format!("{:.0} %", percent(metric.value)),
    }
}

impl Crosstab {
    /// For a terminal.
    pub fn text(&self, local_time: &LocalTime) -> String {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let head = |first: &str| {
            let columns = self.columns.iter().map(|it| printable(it));
            std::iter::once(first.to_owned()).chain(columns).collect()
        };
        lines.push(head(""));
        for shown in &self.shown {
            for (row, cells) in self.rows.iter().zip(&shown.cells) {
                let cells = cells.iter().map(|it| shown.cell(it.as_ref(), local_time));
                let name = format!("  {}", printable(row));
                lines.push(std::iter::once(name).chain(cells).collect());
            }
        }
        let width = |at: usize| {
            let cells = lines.iter().filter_map(|line| line.get(at));
            cells.map(|it| it.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..=self.columns.len()).map(width).collect();
        let aligned = |line: &[String]| {
            let mut text = String::new();
            for (cell, width) in line.iter().zip(&widths) {
                let gap = width - cell.chars().count() + 2;
                let _ = write!(text, "{cell}{}", " ".repeat(gap));
            }
            text.trim_end().to_owned()
        };
        let mut text = format!("{} ({})\n", printable(&self.title), self.runs());
        let _ = writeln!(text, "{}", aligned(&lines[0]));
        for (at, shown) in self.shown.iter().enumerate() {
            let _ = writeln!(text, "{}", shown.title());
            for row in lines
                .iter()
                .skip(1 + at * self.rows.len())
                .take(self.rows.len())
            {
                let _ = writeln!(text, "{}", aligned(row));
            }
        }
        text
    }

    /// For Markdown: (heading, head, rows) of each metric.
    pub(crate) fn parts(&self, local_time: &LocalTime) -> Vec<(String, Vec<Vec<String>>)> {
        let part = |shown: &Shown| {
            let rows = self.rows.iter().zip(&shown.cells).map(|(row, cells)| {
                let cells = cells.iter().map(|it| shown.cell(it.as_ref(), local_time));
                std::iter::once(row.clone()).chain(cells).collect()
            });
            (shown.title().to_owned(), rows.collect())
        };
        self.shown.iter().map(part).collect()
    }

    fn runs(&self) -> String {
        match self.replications {
            1 => "1 replication a cell".to_owned(),
            n => format!("{n} replications a cell"),
        }
    }

    /// For scripts.
    pub fn json(&self) -> Value {
        let cell = |it: &Option<Metric>| it.as_ref().map(crate::json::metric);
        let of = |shown: &Shown| {
            let rows = shown.cells.iter();
            let cells: Vec<Vec<_>> = rows.map(|row| row.iter().map(cell).collect()).collect();
            (shown.metric.clone(), json!(cells))
        };
        let cells: serde_json::Map<String, Value> = self.shown.iter().map(of).collect();
        json!({
            "title": self.title,
            "replications": self.replications,
            "rows": self.rows,
            "columns": self.columns,
            "cells": cells,
        })
    }
}
