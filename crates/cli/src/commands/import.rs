//! `busyhour import`: any supported log to the canonical call log, with a report on the data.

pub(crate) mod args;
mod fit;
mod fitted;
mod queue;
mod redact;
mod seen;
mod sink;
mod told;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use calllog::{ImportError, Importer};

use crate::args::{Cli, Format};
use crate::exit::{Exit, Stop};
use crate::out::{self, Out};
use crate::output::{print, tell};
use args::{Import, SubAccountFrom};
use queue::Queue;
use redact::Redact;
use seen::Seen;
use sink::Sink;

pub(crate) fn run(cli: &Cli, args: &Import) -> Result<Exit, Stop> {
    let options = args.reading.options()?;
    let zone = options.zone();
    for path in [&args.save_dialect, &args.accounts, &args.fit]
        .into_iter()
        .flatten()
    {
        out::refuse_existing(path, args.force)?;
    }
    if args.format == Format::Json && args.file().is_none() {
        return Err(Stop::input(
            "--format json prints the report on stdout, where the log would go: say where that \
             goes with --out FILE",
        ));
    }
    let out = Out::new(args.file(), args.force)?;
    let name = out.name();
    let seen = args
        .accounts
        .is_some()
        .then(|| Seen::new(args.sub_account_from == Some(SubAccountFrom::Filename)));
    let redact = args.redact.then(Redact::new);
    let blast = fit::blast(args)?;
    let wanted = args.fit.is_some() || blast.is_some();
    let fit = wanted.then(|| capacity::fit::Fit::new(zone.clone()));
    let queue = args.one_queue.as_deref().map(Queue::new).transpose()?;
    let hiding = (redact, queue);
    let mut sink = Sink::new(out, zone.clone(), hiding, (seen, fit), skipped_path(args))?;
    let mut importer = Importer::new(options);
    for log in &args.logs {
        let read = importer.read(open(log)?, shown(log), &mut sink);
        read.map_err(|why| ended(why, &name))?;
    }
    let dialect = importer.dialect().cloned();
    let (quality, keys) = importer
        .finish(&mut sink)
        .map_err(|why| ended(why, &name))?;
    let written = sink.finish()?;
    if let (Some(path), Some(dialect)) = (&args.save_dialect, dialect) {
        let mut dialect = dialect;
        let stem = path.file_stem().map(|it| it.to_string_lossy().into_owned());
        dialect.name = stem.unwrap_or(dialect.name);
        out::write(path, dialect.to_toml().as_bytes())?;
    }
    if let (Some(path), Some(seen)) = (&args.accounts, &written.seen) {
        let roster = written.queue.as_ref().map(|it| it.roster(path));
        let text = seen.to_toml(&args.logs, roster.as_ref());
        out::write(path, text.as_bytes())?;
    }
    if !args.redact && !keys.is_empty() {
        match args.file() {
            Some(path) => out::write(&out::beside(path, "keys.csv"), keys.to_csv().as_bytes())?,
            None if cli.quiet => {}
            None => tell(
                "warning: which text became which number is written beside the log: nowhere, as \
                 that goes to stdout; --out FILE keeps it",
            ),
        }
    }
    let fitted = match &written.fit {
        Some(it) => Some(fit::write(args, it, blast, &zone)?),
        None => None,
    };
    if let (Some(path), Some(queue)) = (&args.accounts, &written.queue) {
        queue.write(path, fitted.as_ref().map(|it| &it.fitted), &zone)?;
    }
    let told = told::Told {
        fitted: fitted.as_ref(),
        quality: &quality,
        unqueued: written.queue.as_ref().map_or(0, Queue::left_out),
        redacted: args.redact,
        skipped: written.skipped.as_deref(),
    };
    match args.format {
        Format::Json => print(&told.json())?,
        Format::Text | Format::Github if args.file().is_some() => print(told.text().as_bytes())?,
        Format::Text | Format::Github if !cli.quiet => tell(told.text().trim_end()),
        Format::Text | Format::Github => {}
    }
    Ok(Exit::Pass)
}

/// What an import that ended early means: its input is wrong, or whoever read our output is gone.
fn ended(why: ImportError, out: &str) -> Stop {
    match why {
        ImportError::Output(why) => out::cannot(out, &why),
        why => Stop::input(why.to_string()),
    }
}

/// How messages call a log.
pub(crate) fn shown(log: &str) -> &str {
    if log == "-" { "<stdin>" } else { log }
}

/// A log, or stdin.
pub(crate) fn open(log: &str) -> Result<Box<dyn Read>, Stop> {
    if log == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let path = Path::new(log);
    if path.is_dir() {
        return Err(Stop::input(format!(
            "{log}: is a folder, expected a call log"
        )));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(why) => Err(Stop::input(format!("{log}: cannot be read: {why}"))),
    }
}

/// The side file of skipped rows: beside the result, or beside the first log.
fn skipped_path(args: &Import) -> std::path::PathBuf {
    match (args.file(), args.logs.first().map(String::as_str)) {
        (Some(out), _) => out::beside(out, "skipped.csv"),
        (None, None | Some("-")) => "skipped.csv".into(),
        (None, Some(log)) => {
            let name = Path::new(log).file_name().unwrap_or_default();
            out::beside(Path::new(name), "skipped.csv")
        }
    }
}
