//! `busyhour import`: any supported log to the canonical call log, with a report on the data.

pub(crate) mod args;
mod fit;
mod fitted;
mod outputs;
mod queue;
mod redact;
mod seen;
mod sink;
mod told;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use calllog::{ImportError, Importer, Quality};
use jiff::tz::TimeZone;

use crate::args::{Cli, Format};
use crate::exit::{Exit, Stop};
use crate::out::{self, Out};
use crate::output::{print, tell};
use args::{Import, SubAccountFrom};
use outputs::Outputs;
use queue::Queue;
use redact::Redact;
use seen::Seen;
use sink::{Sink, Written};

pub(crate) fn run(cli: &Cli, args: &Import) -> Result<Exit, Stop> {
    let options = args.reading.options()?;
    let zone = options.zone();
    let dialect_opaque = options.dialect.as_ref().map(|it| it.opaque);
    let opaque =
        !args.reading.opaque.is_empty() || dialect_opaque.is_some_and(|(from, to)| from || to);
    let outputs = Outputs::of(args, opaque)?;
    if args.sub_account_from == Some(SubAccountFrom::Filename) {
        seen::named_apart(&args.logs)?;
    }
    let redact = args.redact.then(Redact::new);
    let ended =
        |why: &ImportError, sink: &Sink<'_>| ended(why, sink, redact.as_ref(), args, &outputs);
    let blast = fit::blast(args)?;
    let mut sink = sink(args, &outputs, redact.as_ref(), &zone)?;
    let mut importer = Importer::new(options);
    for log in &args.logs {
        let read = importer.read(open(log)?, shown(log), &mut sink);
        read.map_err(|why| ended(&why, &sink))?;
    }
    let dialect = importer.dialect().cloned();
    let finished = importer.finish(&mut sink);
    let (quality, keys) = finished.map_err(|why| ended(&why, &sink))?;
    let mut written = sink.finish()?;
    something(args, &quality, written.seen.as_ref())?;
    let mut outs = std::mem::take(&mut written.outs);
    if let (Some(path), Some(dialect)) = (&args.save_dialect, dialect) {
        let mut dialect = dialect;
        let stem = path.file_stem().map(|it| it.to_string_lossy().into_owned());
        dialect.name = stem.unwrap_or(dialect.name);
        outs.push(out::staged(path, dialect.to_toml().as_bytes())?);
    }
    if !args.redact && !keys.is_empty() {
        match outputs.late_keys(args)? {
            Some(path) => outs.push(out::staged(path, keys.to_csv().as_bytes())?),
            None if cli.quiet => {}
            None => keys_nowhere(args),
        }
    }
    outs.extend(accounts(args, &written, &outputs, redact.as_ref())?);
    let fitted = match &written.fit {
        Some(it) => Some(fit::write(args, it, blast, &zone)?),
        None => None,
    };
    if let (Some(path), Some(queue)) = (&outputs.roster, &written.queue) {
        let text = queue.to_csv(fitted.as_ref().map(|it| &it.fitted), &zone);
        outs.push(out::staged(path, text.as_bytes())?);
    }
    outs.into_iter().try_for_each(Out::keep)?;
    let told = told::Told {
        fitted: fitted.as_ref(),
        quality: &quality,
        unqueued: written.queue.as_ref().map_or(0, Queue::left_out),
        in_two: written.seen.as_ref().map_or(0, Seen::in_two),
        redact: redact.as_ref(),
        side: written.skipped.as_deref(),
    };
    tell_of(cli, args.format, &told, &outputs)?;
    Ok(Exit::Pass)
}

/// What takes the calls.
fn sink<'a>(
    args: &Import,
    outputs: &Outputs,
    redact: Option<&'a Redact>,
    zone: &TimeZone,
) -> Result<Sink<'a>, Stop> {
    let seen = args
        .accounts
        .is_some()
        .then(|| Seen::new(args.sub_account_from == Some(SubAccountFrom::Filename)));
    let wanted = args.fit.is_some() || args.fit_campaign.is_some();
    let fit = wanted.then(|| capacity::fit::Fit::new(zone.clone()));
    let queue = args.one_queue.as_deref().map(Queue::new).transpose()?;
    let out = Out::new(args.file(), args.force)?;
    let skipped = outputs.skipped.clone();
    Sink::new(out, zone.clone(), (redact, queue), (seen, fit), skipped)
}

/// Files that tell of calls need some.
fn something(args: &Import, quality: &Quality, seen: Option<&Seen>) -> Result<(), Stop> {
    let nothing = |flag: &str| {
        let what = if quality.calls == 0 {
            "no call was found"
        } else {
            "no inbound call to a known number was found"
        };
        Err(Stop::input(format!(
            "{flag}: {what}, so there is nothing to write"
        )))
    };
    if args.fit.is_some() && quality.calls == quality.not_inbound {
        return nothing("--fit");
    }
    if seen.is_some_and(Seen::is_empty) {
        return nothing("--accounts");
    }
    Ok(())
}

/// The accounts file.
fn accounts(
    args: &Import,
    written: &Written,
    outputs: &Outputs,
    redact: Option<&Redact>,
) -> Result<Option<Out>, Stop> {
    let (Some(path), Some(seen)) = (&args.accounts, &written.seen) else {
        return Ok(None);
    };
    let roster = outputs.roster.as_deref().zip(written.queue.as_ref());
    let roster = roster.map(|(path, queue)| queue.roster(path));
    let logs = args.logs.iter();
    let logs: Vec<String> = match redact {
        Some(it) => logs.map(|log| it.file(log)).collect(),
        None => logs.cloned().collect(),
    };
    let text = seen.to_toml(&logs, roster.as_ref());
    out::staged(path, text.as_bytes()).map(Some)
}

/// The report, on stdout unless an output goes there.
fn tell_of(
    cli: &Cli,
    format: Format,
    told: &told::Told<'_>,
    outputs: &Outputs,
) -> Result<(), Stop> {
    let text = match format {
        Format::Json => return print(&told.json()),
        Format::Text => told.text(),
        Format::Github => told.annotations() + &told.text(),
    };
    if outputs.stdout.is_none() {
        return print(text.as_bytes());
    }
    if !cli.quiet {
        tell(text.trim_end());
    }
    Ok(())
}

fn keys_nowhere(args: &Import) {
    let out = args.file().map(|it| it.display().to_string());
    let out = out.as_deref().unwrap_or("stdout");
    tell(&format!(
        "warning: which text became which number is written beside the log: nowhere, as that goes \
         to {out}; --out FILE keeps it"
    ));
}

/// What an import that ended early means: its input is wrong, or whoever read our output is gone.
fn ended(
    why: &ImportError,
    sink: &Sink<'_>,
    redact: Option<&Redact>,
    args: &Import,
    outputs: &Outputs,
) -> Stop {
    if let ImportError::Output(why) = why {
        return sink.cannot(why);
    }
    let message = match redact {
        Some(redact) => redact.ended(why),
        None => why.to_string(),
    };
    if args.format == Format::Github {
        let annotation = told::fault(why, redact, &message);
        match outputs.stdout {
            // Whoever reads stdout no longer needs no second complaint.
            None => drop(print(annotation.as_bytes())),
            Some(_) => tell(annotation.trim_end()),
        }
    }
    Stop::input(message)
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
