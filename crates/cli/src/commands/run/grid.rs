//! `--vary`: a grid of runs in one table.

use std::fmt::Write as _;
use std::path::Path;

use capacity::grid::cells;
use measure::Verdict;
use scenario::parse_vary;
use serde_json::{Value, json};

use super::{Finished, folder, read, simulate, verdict_exit, write};
use crate::args::{Cli, Format, Run};
use crate::exit::{Exit, Stop};
use crate::output::{print, tell};
use crate::signals::Signals;

/// The metrics of the table, beside those of the gates.
const COLUMNS: [(&str, &str); 6] = [
    ("callers.reached.share", "callers reached"),
    ("calls.offered", "calls offered"),
    ("calls.answered.share", "answered"),
    ("calls.blocked.share", "blocked"),
    ("limit.block.chance", "block chance"),
    ("answer.delay_s.p90", "answer p90 s"),
];

/// The most runs of one grid.
const MOST_CELLS: usize = 1000;

pub(super) fn run(cli: &Cli, args: &Run, path: &Path, signals: &Signals) -> Result<Exit, Stop> {
    if args.vary.len() > 2 {
        return Err(Stop::input("--vary may be given twice at most"));
    }
    let mut axes = Vec::new();
    for text in &args.vary {
        let axis = parse_vary(text);
        axes.push(axis.map_err(|why| Stop::input(format!("--vary {text}: {why}")))?);
    }
    let cells = cells(&axes);
    if cells.len() > MOST_CELLS {
        return Err(Stop::input(format!(
            "a grid of {} runs, at most {MOST_CELLS}",
            cells.len()
        )));
    }
    // Every cell is read before the first one runs: a wrong value is told at once.
    let mut scenarios = Vec::new();
    for cell in &cells {
        scenarios.push(read(path, args, cell)?);
    }
    let name = scenarios
        .first()
        .map(|it| it.name.clone())
        .unwrap_or_default();
    let folder = folder(args, &name)?;
    let mut done: Vec<(Vec<String>, Finished)> = Vec::new();
    for (at, (cell, scenario)) in cells.into_iter().zip(scenarios).enumerate() {
        if !cli.quiet {
            tell(&format!(
                "{}/{}: {}",
                at + 1,
                axes.iter().map(|a| a.values.len()).product::<usize>(),
                cell.join(" ")
            ));
        }
        let finished = simulate(cli, args, scenario, signals)?;
        write::all(
            &folder.inside(&format!("run-{}", at + 1))?,
            &finished,
            args.calls,
        )?;
        done.push((cell, finished));
        if signals.caught().is_some() {
            break;
        }
    }
    let (grid, table) = (json(&done), table(&done));
    folder.write("grid.json", format!("{grid}\n").as_bytes())?;
    folder.write("grid.txt", table.as_bytes())?;
    let text = if args.format == Format::Json {
        format!("{grid}\n")
    } else {
        table
    };
    print(text.as_bytes())?;
    if !cli.quiet {
        tell(&format!("run folder: {}", folder.path().display()));
    }
    let worst = done
        .iter()
        .map(|(_, it)| it.document.verdict)
        .max()
        .unwrap_or(Verdict::Pass);
    Ok(signals
        .caught()
        .unwrap_or_else(|| verdict_exit(worst, args.strict)))
}

/// The whole result of each run, beside what was set in it.
fn json(done: &[(Vec<String>, Finished)]) -> Value {
    let one = |(cell, finished): &(Vec<String>, Finished)| json!({"set": cell, "run": report::json::value(&finished.document)});
    json!({"schema_version": 1, "grid": done.iter().map(one).collect::<Value>()})
}

fn table(done: &[(Vec<String>, Finished)]) -> String {
    let mut columns: Vec<(String, String)> = COLUMNS
        .iter()
        .map(|(name, head)| ((*name).to_owned(), (*head).to_owned()))
        .collect();
    for gate in done.first().iter().flat_map(|(_, it)| &it.document.gates) {
        if !columns.iter().any(|(name, _)| *name == gate.gate.metric) {
            columns.push((gate.gate.metric.clone(), gate.gate.metric.clone()));
        }
    }
    let mut rows = vec![vec!["set".to_owned()]];
    rows[0].extend(columns.iter().map(|(_, head)| head.clone()));
    rows[0].push("gates".to_owned());
    for (cell, finished) in done {
        let mut row = vec![cell.join(" ")];
        for (name, _) in &columns {
            let found = finished.document.summary.get(name);
            row.push(found.map_or_else(|| "-".to_owned(), report::numbers::metric));
        }
        row.push(match finished.document.gates.len() {
            0 => "-".to_owned(),
            _ => finished.document.verdict.name().to_owned(),
        });
        rows.push(row);
    }
    aligned(&rows)
}

fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let width = |at: usize| {
        rows.iter()
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let gap = widths[at] - cell.chars().count() + 2;
            let _ = write!(
                text,
                "{cell}{}",
                " ".repeat(if at + 1 == count { 0 } else { gap })
            );
        }
        text.push('\n');
    }
    text
}
