//! `busyhour generate`: the population or the arrivals of a scenario as files, row by row.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use calllog::{CanonicalCall, CanonicalWriter, Direction};
use capacity::Job;
use model::population::Made;
use scenario::read_population;
use scenario::{LARGEST_TOML, LONGEST_LINE, Override, PopulationFile, WrittenAs};

use crate::args::{Cli, Generate, GenerateCalls, GenerateFrom, Generated};
use crate::exit::{Exit, Stop};
use crate::files::{Disk, scenario_path};
use crate::out::{self, Out};
use crate::output::tell;

/// More sub-accounts than this are written as JSON Lines where the file's name does not tell.
const LARGE: u32 = 2000;

pub(crate) fn run(cli: &Cli, args: &Generate) -> Result<Exit, Stop> {
    let told = match &args.what {
        Generated::Accounts(from) => accounts(from)?,
        Generated::Calls(args) => calls(args)?,
    };
    if !cli.quiet {
        tell(&told);
    }
    Ok(Exit::Pass)
}

fn overrides(args: &GenerateFrom) -> Result<Vec<Override>, Stop> {
    super::overrides::overrides(&args.set, &[("--seed", "seed", args.seed.as_ref())])
}

fn accounts(args: &GenerateFrom) -> Result<String, Stop> {
    let path = scenario_path(&args.scenario)?;
    let read = read_population(&path, &Disk, &overrides(args)?);
    let file = read.map_err(|problems| Stop::input(problems.to_string()))?;
    let form = form(args.out.as_deref(), file.population.sub_accounts())?;
    let mut sum = Sum::default();
    write_to(args, |out| sub_accounts(&file, form, out, &mut sum))?;
    Ok(format!(
        "{} sub-accounts with {} numbers, {} users and {} contacts",
        file.population.sub_accounts(),
        sum.numbers,
        sum.users,
        sum.contacts
    ))
}

/// How the file is written: by its name, else by how much there is.
fn form(out: Option<&Path>, sub_accounts: u32) -> Result<WrittenAs, Stop> {
    let extension = out.and_then(Path::extension).and_then(|it| it.to_str());
    match extension {
        Some("toml") => Ok(WrittenAs::Toml),
        Some("jsonl" | "ndjson") => Ok(WrittenAs::JsonLines),
        Some(other) => Err(Stop::input(format!(
            "--out: `.{other}` is no accounts file that is written here, expected .toml or .jsonl"
        ))),
        None if sub_accounts > LARGE => Ok(WrittenAs::JsonLines),
        None => Ok(WrittenAs::Toml),
    }
}

#[derive(Default)]
struct Sum {
    users: usize,
    numbers: usize,
    contacts: usize,
}

fn sub_accounts(
    file: &PopulationFile,
    form: WrittenAs,
    out: &mut dyn Write,
    sum: &mut Sum,
) -> Result<(), Ended> {
    let (mut made, mut bytes) = (Made::default(), 0u64);
    for at in 0..file.population.sub_accounts() {
        file.population.make(at, &mut made);
        let text = file.writer.sub_account(&made, form);
        bytes += text.len() as u64;
        if form == WrittenAs::Toml && bytes > LARGEST_TOML {
            let size = LARGEST_TOML >> 20;
            return Err(Ended::Early(Stop::input(format!(
                "--out: more than {size} MiB of TOML, which no scenario reads\n  help: write JSON \
                 Lines (.jsonl), which are streamed"
            ))));
        }
        if form == WrittenAs::JsonLines && text.len() as u64 > LONGEST_LINE {
            let id = &*made.resolved.account.id;
            return Err(Ended::Early(Stop::input(format!(
                "sub-account {id} takes {} bytes, and a line has {LONGEST_LINE} at most\n  help: \
                 fewer `contacts` in each",
                text.len()
            ))));
        }
        sum.users += made.resolved.users.len();
        sum.numbers += made.resolved.numbers.len();
        sum.contacts += made.resolved.contact_owners.len();
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn calls(args: &GenerateCalls) -> Result<String, Stop> {
    let path = scenario_path(&args.from.scenario)?;
    let scenario = super::run::read_with(&path, overrides(&args.from)?, Vec::new())?;
    let name = scenario.name.clone();
    let job = Job::new(scenario).map_err(|why| Stop::input(format!("{name}: {why}")))?;
    let mut count = 0u64;
    write_to(&args.from, |out| {
        Ok(write_calls(&job, args.replication - 1, out, &mut count)?)
    })?;
    Ok(format!(
        "{count} fresh calls of replication {}",
        args.replication
    ))
}

fn write_calls(
    job: &Job,
    replication: u32,
    out: &mut dyn Write,
    count: &mut u64,
) -> io::Result<()> {
    let calendar = &job.plan.calendar;
    let mut log = CanonicalWriter::new(out, calendar.zone().clone(), &[])?;
    for call in engine::arrivals::Arrivals::new(&job.plan, replication) {
        *count += 1;
        let row = CanonicalCall {
            from: call.from,
            to: Some(call.to),
            direction: Direction::Inbound,
            ..CanonicalCall::at(calendar.timestamp(call.at))
        };
        log.write(&row, &[])?;
    }
    log.finish().map(|_| ())
}

/// Writes to the file that is named, or to stdout.
fn write_to(
    args: &GenerateFrom,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Ended>,
) -> Result<(), Stop> {
    let out = Out::new(args.out.as_deref(), args.force)?;
    let name = out.name();
    let mut out = BufWriter::new(out);
    match write(&mut out) {
        Err(Ended::Writing(why)) => return Err(out::cannot(&name, &why)),
        Err(Ended::Early(stop)) => return Err(stop),
        Ok(()) => {}
    }
    let out = out.into_inner();
    out.map_err(|why| out::cannot(&name, why.error()))?.keep()
}

/// Why writing ended before all was written.
enum Ended {
    Writing(io::Error),
    Early(Stop),
}

impl From<io::Error> for Ended {
    fn from(why: io::Error) -> Self {
        Self::Writing(why)
    }
}
