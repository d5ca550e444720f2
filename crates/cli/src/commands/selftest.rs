//! `busyhour selftest`: queues whose answers are known.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use capacity::selftest::{Answer, Effort, Row, Selftest as Plan, built_in, play, read};
use engine::run::Watch;
use report::selftest::{Rows, json, text};
use scenario::Files as _;

use crate::args::{Cli, Format, Selftest};
use crate::exit::{Exit, Stop};
use crate::files::Disk;
use crate::output::{coloured, print, tell};
use crate::progress::Progress;
use crate::signals::Signals;

pub(crate) fn run(cli: &Cli, args: &Selftest) -> Result<Exit, Stop> {
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    let effort = if args.quick {
        Effort::Quick
    } else {
        Effort::Full
    };
    let mut plan = Plan::new(rows(args.table.as_deref())?, effort, u64::from(args.seed));
    if let Some(table_id) = &args.rows
        && !plan.keep_table(table_id)
    {
        let message = format!("--rows {table_id}: the table has no row with this table_id");
        return Err(Stop::input(message));
    }
    if let Some(folder) = &args.save {
        save(&plan, folder)?;
    }
    let rows = played(cli, args, &plan, &signals)?;
    match args.format {
        Format::Json => print(&json(&rows))?,
        Format::Text | Format::Github => print(text(&rows, coloured(cli)).as_bytes())?,
    }
    Ok(match signals.caught() {
        Some(caught) => caught,
        None if rows.count("differ") > 0 => Exit::GateFailed,
        None => Exit::Pass,
    })
}

/// The rows of the user's table, or our own.
fn rows(table: Option<&Path>) -> Result<Vec<Row>, Stop> {
    let Some(path) = table else {
        return Ok(built_in());
    };
    let name = path.display().to_string();
    let bytes = Disk
        .read(path)
        .map_err(|error| Stop::input(format!("{name}:1:1: error: {error}")))?;
    read(&name, &bytes).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Stop::input(faults.join("\n"))
    })
}

/// Writes each scenario with its accounts into a folder of its own.
fn save(plan: &Plan, folder: &Path) -> Result<(), Stop> {
    let shown = folder.display();
    if folder.exists() {
        let message = format!("{shown}: exists; --save writes into a new folder");
        return Err(Stop::input(message));
    }
    let failed = |error: std::io::Error| Stop::cannot_write(format!("{shown}: {error}"));
    for round in &plan.rounds {
        let own = folder.join(&round.name);
        std::fs::create_dir_all(&own).map_err(failed)?;
        std::fs::write(own.join("scenario.toml"), round.scenario()).map_err(failed)?;
        std::fs::write(own.join("accounts.toml"), round.accounts()).map_err(failed)?;
    }
    tell(&format!("{} scenarios: {shown}", plan.rounds.len()));
    Ok(())
}

/// Plays all rounds, one after the other, each on all threads.
fn played(cli: &Cli, args: &Selftest, plan: &Plan, signals: &Signals) -> Result<Rows, Stop> {
    let threads = args.threads.map_or(0, usize::from);
    let watch = Arc::new(Watch::default());
    let progress = Progress::start(watch, plan.total_s(), cli.quiet, signals.clone());
    let mut summaries = Vec::with_capacity(plan.rounds.len());
    for round in &plan.rounds {
        let summary = play(round, threads, progress.watch()).map_err(Stop::bug)?;
        // A round that was stopped is no test of anything.
        if progress.watch().stop.load(Ordering::Relaxed) {
            break;
        }
        summaries.push(summary);
    }
    drop(progress);
    let stopped = &plan.rounds[summaries.len()..];
    let left_out = stopped
        .iter()
        .map(capacity::selftest::Round::asked)
        .sum::<usize>()
        + plan.left_out;
    let rows = plan.answers(&summaries).into_iter().map(row).collect();
    Ok(Rows { rows, left_out })
}

fn row(answer: Answer) -> report::selftest::Row {
    let finite = |value: f64| Some(value).filter(|it| it.is_finite());
    let measured = answer.measured;
    let ci95 = measured.and_then(|it| {
        let half = finite(it.half_width)?;
        Some((it.value - half, it.value + half))
    });
    report::selftest::Row {
        table_id: answer.table_id,
        model: answer.model,
        metric: answer.metric,
        scenario: answer.scenario,
        expected: answer.expected,
        measured: measured.and_then(|it| finite(it.value)),
        ci95,
        verdict: answer.verdict.name(),
        reason: answer.reason,
    }
}
