//! `--vary`: a grid of runs in one table.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::Path;

use capacity::grid::cells;
use http::drive::Speed;
use measure::Verdict;
use scenario::{Vary, parse_vary};
use serde_json::{Value, json};

use super::{Finished, folder, read, ready, router, simulate, told, verdict_exit, write};
use crate::args::{Cli, Format, Run};
use crate::exit::{Exit, Stop};
use crate::folder::Folder;
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
    // Every cell is read before the first one runs: a wrong value is told at once. None is kept,
    // because accounts can be large.
    let mut first = None;
    for cell in &cells {
        let scenario = read(path, args, ("--vary", &set(&axes, cell)))?;
        let pseudonyms = told::pseudonyms(&scenario);
        let name = ready(scenario, pseudonyms.clone())?.name;
        first.get_or_insert((name, pseudonyms));
    }
    // One number has one pseudonym in the whole grid.
    let Some((name, pseudonyms)) = first else {
        return Err(Stop::bug("a grid of no runs"));
    };
    let folder = folder(args, &name)?;
    let progress = !cli.quiet && std::io::stderr().is_terminal();
    let mut done = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let set = set(&axes, cell);
        if progress {
            tell(&format!("{}/{}: {}", at + 1, cells.len(), set.join(" ")));
        }
        let ready = ready(read(path, args, ("--vary", &set))?, pseudonyms.clone())?;
        let found = router(args, &ready, Speed::LIFE)?;
        let finished = simulate(cli, args, (ready, found), signals)?;
        let inside = folder.inside(&format!("run-{}", at + 1))?;
        write::all(&inside, &finished, args.calls)?;
        done.push(Done::of(&finished, &set, cell));
        if signals.caught().is_some() {
            break;
        }
    }
    let keys: Vec<String> = axes.iter().map(|it| pseudonyms.in_text(&it.key)).collect();
    let interrupted = signals.caught().is_some();
    let table = finish(cli, args, &folder, &keys, (&done, interrupted))?;
    print(table.as_bytes())?;
    let worst = done.iter().map(|it| it.verdict).max();
    let worst = worst.unwrap_or(Verdict::Pass);
    Ok(signals
        .caught()
        .unwrap_or_else(|| verdict_exit(worst, args.strict)))
}

/// Writes the table of all runs, and gives back what is printed.
fn finish(
    cli: &Cli,
    args: &Run,
    folder: &Folder,
    keys: &[String],
    (done, interrupted): (&[Done], bool),
) -> Result<String, Stop> {
    let runs = done.iter().map(|it| it.json.clone()).collect::<Value>();
    let mut grid = json!({"schema_version": 1, "grid": runs});
    if interrupted {
        grid["interrupted"] = true.into();
    }
    let grid = format!("{grid}\n");
    let table = table(keys, done);
    folder.write("grid.json", grid.as_bytes())?;
    folder.write("grid.txt", table.as_bytes())?;
    if !cli.quiet {
        tell(&format!("run folder: {}", folder.path().display()));
    }
    Ok(match args.format {
        Format::Json => grid,
        Format::Text | Format::Github => table,
    })
}

/// What is set in a cell, as `KEY=VALUE`.
fn set(axes: &[Vary], cell: &[String]) -> Vec<String> {
    let one = |(axis, value): (&Vary, &String)| format!("{}={value}", axis.key);
    axes.iter().zip(cell).map(one).collect()
}

/// What the table keeps of a run; phone numbers in it are pseudonyms.
struct Done {
    values: Vec<String>,
    /// By metric, as it is shown.
    metrics: Vec<(String, String)>,
    gates: String,
    verdict: Verdict,
    json: Value,
}

impl Done {
    fn of(finished: &Finished, set: &[String], cell: &[String]) -> Self {
        let document = &finished.document;
        let hidden = |texts: &[String]| -> Vec<String> {
            texts.iter().map(|it| finished.told.text(it)).collect()
        };
        let mut names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        for gate in &document.gates {
            if !names.contains(&gate.gate.metric.as_str()) {
                names.push(&gate.gate.metric);
            }
        }
        let shown = |name: &str| {
            let found = document.summary.get(name);
            found.map_or_else(|| "-".to_owned(), report::numbers::metric)
        };
        Self {
            values: hidden(cell),
            metrics: names
                .into_iter()
                .map(|name| (name.to_owned(), shown(name)))
                .collect(),
            gates: match document.gates.len() {
                0 => "-".to_owned(),
                _ => document.verdict.name().to_owned(),
            },
            verdict: document.verdict,
            json: json!({"set": hidden(set), "run": report::json::value(document)}),
        }
    }
}

fn table(keys: &[String], done: &[Done]) -> String {
    let mut head = keys.to_vec();
    for (name, _) in done.first().iter().flat_map(|it| &it.metrics) {
        let known = COLUMNS.iter().find(|(metric, _)| metric == name);
        head.push(known.map_or_else(|| name.clone(), |(_, head)| (*head).to_owned()));
    }
    head.push("gates".to_owned());
    let mut rows = vec![head];
    for it in done {
        let mut row = it.values.clone();
        row.extend(it.metrics.iter().map(|(_, shown)| shown.clone()));
        row.push(it.gates.clone());
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
