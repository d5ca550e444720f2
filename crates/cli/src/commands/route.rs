//! `busyhour route`: one decision with its trace.

use jiff::civil::DateTime;
use report::decision::{self, Shown};
use routing::PhoneNumber;
use routing::call::{AtTime, InboundCall};
use routing::hours::LocalTime;
use routing::policy;
use routing::trace::Trace;
use scenario::{Override, parse_override, read_accounts};

use crate::args::{Cli, Format, Route};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, accounts_path};
use crate::output::{print, tell};

pub(crate) fn run(cli: &Cli, args: &Route) -> Result<Exit, Stop> {
    let from = match args.from.as_str() {
        "private" => None,
        text => Some(number("--from", text)?),
    };
    let call = InboundCall {
        from,
        to: number("--to", &args.to)?,
    };
    let now = args.at.as_deref().map(local_time).transpose()?;
    let overrides = overrides(args)?;
    let path = accounts_path(&args.accounts)?;
    let file = read_accounts(&path, &Disk, &overrides)
        .map_err(|problems| Stop::input(problems.to_string()))?;
    if !cli.quiet {
        file.warnings
            .iter()
            .for_each(|warning| tell(&warning.to_string()));
    }
    let chosen = policy::find(file.policy).ok_or_else(|| Stop::bug("a policy without a rule"))?;
    let mut trace = Trace::on();
    let world = AtTime::new(&file.accounts, now);
    let made = policy::decide(
        chosen,
        &call,
        &file.accounts,
        &file.routing,
        &world,
        &mut trace,
    );
    let shown = Shown {
        policy: file.policy,
        call,
        decision: &made,
        trace: &trace,
        accounts: &file.accounts,
    };
    let text = match args.format {
        Format::Json => format!("{}\n", decision::json(&shown)),
        Format::Text | Format::Github => decision::text(&shown),
    };
    print(text.as_bytes())?;
    Ok(Exit::Pass)
}

fn overrides(args: &Route) -> Result<Vec<Override>, Stop> {
    let mut overrides = super::overrides::overrides(&args.set, &[])?;
    if let Some(policy) = &args.policy {
        let text = format!("policy={policy}");
        overrides.push(
            parse_override("--policy", &text).map_err(|why| wrong("--policy", policy, &why))?,
        );
    }
    Ok(overrides)
}

pub(super) fn wrong(flag: &str, text: &str, why: &str) -> Stop {
    Stop::input(format!("{flag} {text}: {why}"))
}

pub(super) fn number(flag: &str, text: &str) -> Result<PhoneNumber, Stop> {
    text.parse()
        .map_err(|why: routing::number::NumberError| wrong(flag, text, &why.to_string()))
}

/// The moment of the week that the text names; a zone or an offset behind it changes nothing,
/// because hours are in local time as written.
fn local_time(text: &str) -> Result<LocalTime, Stop> {
    let zoned: Option<jiff::Zoned> = text.parse().ok();
    let civil: Result<DateTime, _> = zoned.map_or_else(|| text.parse(), |it| Ok(it.datetime()));
    let civil = civil.map_err(|_| {
        wrong(
            "--at",
            text,
            "expected a local time, as in 2026-03-02T15:00 or 2026-03-02T15:00:05",
        )
    })?;
    let time = civil.time();
    Ok(LocalTime {
        weekday: civil.weekday().to_monday_zero_offset() as u8,
        second: time.hour() as u32 * 3600 + time.minute() as u32 * 60 + time.second() as u32,
    })
}
