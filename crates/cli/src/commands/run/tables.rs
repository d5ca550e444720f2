//! The tables of a scenario (`[[table]]`): the same run under several settings.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use capacity::Job;
use engine::run::Watch;
use measure::Summary;
use report::crosstab::{Crosstab, Shown};
use report::pseudonym::Pseudonyms;
use scenario::{Scenario, Setting, TableSpec};

use super::read;
use crate::args::{Cli, Run};
use crate::exit::Stop;
use crate::output::tell;
use crate::progress::Progress;
use crate::signals::Signals;

/// Where the cells of a scenario's tables are read and run.
pub(super) struct Maker<'a> {
    pub(super) cli: &'a Cli,
    pub(super) args: &'a Run,
    pub(super) path: &'a Path,
    pub(super) signals: &'a Signals,
    pub(super) pseudonyms: &'a Pseudonyms,
}

/// What is set in a cell: the row first, then the column.
fn settings(row: &Setting, column: &Setting) -> Vec<String> {
    row.set.iter().chain(&column.set).cloned().collect()
}

/// Every pair of a row and a column.
fn cells(table: &TableSpec) -> impl Iterator<Item = (&Setting, &Setting)> {
    let rows = table.rows.iter();
    rows.flat_map(|row| table.columns.iter().map(move |column| (row, column)))
}

/// Reads every cell by `read`, so that a wrong value is told before anything runs.
///
/// # Errors
/// The first cell that cannot be read, by its table, row and column.
pub(crate) fn check(
    tables: &[TableSpec],
    read: &dyn Fn(&[String]) -> Result<Scenario, Stop>,
) -> Result<(), Stop> {
    for table in tables {
        for (row, column) in cells(table) {
            if let Err(stop) = read(&settings(row, column)) {
                let (title, row, column) = (&table.title, &row.name, &column.name);
                let message = &stop.message;
                return Err(Stop::input(format!(
                    "[[table]] {title:?}, row {row:?}, column {column:?}:\n{message}"
                )));
            }
        }
    }
    Ok(())
}

impl Maker<'_> {
    /// Reads every cell.
    pub(super) fn check(&self, tables: &[TableSpec]) -> Result<(), Stop> {
        check(tables, &|set| read(self.path, self.args, ("table", set)))
    }

    /// Every table; those that an interruption cut off are left out.
    pub(super) fn all(&self, tables: &[TableSpec]) -> Result<Vec<Crosstab>, Stop> {
        let mut made = Vec::new();
        for table in tables {
            made.extend(self.table(table)?);
        }
        Ok(made)
    }

    fn table(&self, table: &TableSpec) -> Result<Option<Crosstab>, Stop> {
        let told = !self.cli.quiet && std::io::stderr().is_terminal();
        let mut replications = 0;
        let mut summaries = Vec::new();
        for (at, (row, column)) in cells(table).enumerate() {
            if told {
                let all = table.rows.len() * table.columns.len();
                tell(&format!("{}: {}/{all}", table.title, at + 1));
            }
            let scenario = read(self.path, self.args, ("table", &settings(row, column)))?;
            let name = scenario.name.clone();
            let wired = Job::new(scenario);
            let mut job = wired.map_err(|why| Stop::input(format!("{name}: {why}")))?;
            job.precision = None;
            job.replications = table.replications.unwrap_or(job.replications);
            if job.plan.antithetic {
                job.replications = job.replications.next_multiple_of(2);
            }
            job.fits()
                .map_err(|why| Stop::input(format!("{name}: {why}")))?;
            replications = job.replications;
            summaries.push(self.simulate(job)?);
            if self.signals.caught().is_some() {
                return Ok(None);
            }
        }
        let hidden = |settings: &[Setting]| {
            let names = settings.iter().map(|it| self.pseudonyms.in_text(&it.name));
            names.collect::<Vec<String>>()
        };
        let shown = |metric: &String| Shown {
            metric: metric.clone(),
            cells: summaries
                .chunks(table.columns.len())
                .map(|row| row.iter().map(|it| it.get(metric).copied()).collect())
                .collect(),
        };
        Ok(Some(Crosstab {
            title: self.pseudonyms.in_text(&table.title),
            replications,
            rows: hidden(&table.rows),
            columns: hidden(&table.columns),
            shown: table.show.iter().map(shown).collect(),
        }))
    }

    fn simulate(&self, mut job: Job) -> Result<Summary, Stop> {
        let threads = self.args.threads.map_or(0, usize::from);
        let watch = Arc::new(Watch::default());
        // The bar of a cell would flicker: only signals are watched.
        let progress = Progress::start(watch, 0, true, self.signals.clone());
        let ran = capacity::warm_up::settle(&mut job, threads, progress.watch())
            .and_then(|()| capacity::run(&job, threads, false, progress.watch()))
            .map_err(|why| Stop::bug(why.to_string()))?;
        Ok(ran.summary)
    }
}
