//! `busyhour replay`: a recorded day again.
//!
//! Without anything to change it is a backtest: the simulation held against what was recorded.
//! With another policy, settings or accounts it says which calls would have ended otherwise. With
//! a router it is load: the calls of the day, by its clock or faster.

mod backtest;
mod live;
mod overlay;
mod rewritten;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::args::{Cli, Format};
use crate::commands::compare::How;
use crate::commands::import::args::Reading;
use crate::commands::overrides::parsed;
use crate::commands::run::{Ready, read_from, ready, told};
use crate::exit::{Exit, Stop};
use crate::output::tell;
use crate::signals::Signals;
use overlay::{Overlay, Recorded};
use report::pseudonym::Pseudonyms;

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The log of the day, of any dialect, plain or gzip; - is stdin
    pub log: String,

    /// Accounts file (TOML, JSON or JSON Lines) that owns the called numbers
    #[arg(long, value_name = "FILE")]
    pub accounts: PathBuf,

    /// Take people, routing and limits from this scenario (one that `import --fit` wrote): a file,
    /// its folder, or a built-in name
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,

    #[command(flatten)]
    pub reading: Reading,

    /// What if: this routing policy
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,

    /// What if: this key, by its path
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// What if: these accounts
    #[arg(long, value_name = "FILE")]
    pub what_if_accounts: Option<PathBuf>,

    /// Set a key of the day as it was: on both sides of a what-if
    #[arg(long, value_name = "KEY=VALUE")]
    pub base: Vec<String>,

    /// So many times the recorded calls were offered: refused ones are in no log
    #[arg(long, value_name = "FACTOR")]
    pub offered_scale: Option<f64>,

    /// Leave out calls whose caller was not answered within four hours before, and let the
    /// scenario's redials make them anew
    #[arg(long)]
    pub drop_redials: bool,

    /// Length of the intervals that are compared
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub per: String,

    /// Intervals with fewer calls than this are not compared
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub fewest: u64,

    /// Seed of all draws
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,

    /// How many times the day is simulated [default: 20, and 1 against a live router]
    #[arg(long, value_name = "N")]
    pub replications: Option<String>,

    /// Threads to run on [default: one a core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Of each kind of change, how many calls are shown
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub show: u16,

    /// Write the report into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write into the folder of --out though it exists
    #[arg(long, requires = "out")]
    pub force: bool,

    /// A backtest that does not agree ends with exit code 1; an inconclusive what-if with 3
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub live: live::Live,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

impl Replay {
    /// None where one is what the scenario says anyway.
    fn replications(&self) -> Option<&str> {
        let usual = match (self.live.is_live(), &self.scenario) {
            (false, _) => Some("20"),
            (true, Some(_)) => Some("1"),
            (true, None) => None,
        };
        self.replications.as_deref().or(usual)
    }
}

pub(crate) fn run(cli: &Cli, args: &Replay) -> Result<Exit, Stop> {
    args.live.check(args)?;
    let signals = Signals::listen()
        .map_err(|error| Stop::bug(format!("cannot listen to signals: {error}")))?;
    let recorded = Recorded::read(args)?;
    let files = Overlay::new(args, &recorded)?;
    let base = side(args, &files, &recorded, &[], (None, None))?;
    for warning in recorded.warnings(args) {
        if !cli.quiet {
            tell(&format!("warning: {}", base.told.text(&warning)));
        }
    }
    if args.live.is_live() {
        return live::run(cli, args, base, &signals);
    }
    let what_if = args.policy.is_some() || !args.set.is_empty() || args.what_if_accounts.is_some();
    if !what_if {
        return backtest::run(cli, args, base, &recorded, &signals);
    }
    let mut changes: Vec<String> = args.set.clone();
    changes.extend(args.policy.as_ref().map(|it| format!("policy={it}")));
    let accounts = args.what_if_accounts.as_deref();
    let pseudonyms = base.told.pseudonyms().clone();
    // One number has one pseudonym on both sides.
    let other = side(
        args,
        &files,
        &recorded,
        &changes,
        (accounts, Some(pseudonyms)),
    )?;
    let sets = [
        Vec::new(),
        changes.iter().map(|it| ("--set", it.clone())).collect(),
    ];
    let how = How {
        files: None,
        threads: args.threads,
        show: args.show,
        out: args.out.as_deref(),
        force: args.force,
        strict: args.strict,
        format: args.format,
    };
    super::compare::scenarios::between(cli, &how, &sets, (base, other), &signals)
}

/// One side: the recorded calls under the scenario's settings and these changes.
fn side(
    args: &Replay,
    files: &Overlay<'_>,
    recorded: &Recorded,
    changes: &[String],
    (accounts, pseudonyms): (Option<&Path>, Option<Pseudonyms>),
) -> Result<Ready, Stop> {
    let accounts = accounts.unwrap_or(&args.accounts);
    // What a replay sets by itself may well be what holds anyway; of the user's settings it is told.
    let own = recorded.overrides(args, accounts)?;
    let own = own.into_iter().chain(args.live.overrides());
    let typed = args.base.iter().chain(changes);
    let overrides = own
        .map(|text| parsed("replay", &text))
        .chain(typed.map(|text| parsed("--set", text)))
        .collect::<Result<_, Stop>>()?;
    let scenario = read_from(&files.path, files, overrides, Vec::new())?;
    let pseudonyms = pseudonyms.unwrap_or_else(|| told::pseudonyms(&scenario));
    ready(scenario, pseudonyms)
}
