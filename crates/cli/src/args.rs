//! What can be typed.

mod generate;
mod live;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use generate::{Generate, GenerateCalls, GenerateFrom, Generated};
pub(crate) use live::{Serve, Targets, Verify};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Call simulation and load testing for inbound call routing.
///
/// How many of tomorrow's callers reach a person, what breaks first, and why: one scenario file,
/// millions of simulated calls a second.
#[derive(Debug, Parser)]
#[command(name = "busyhour", version, styles = STYLES, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Colours on the terminal
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Color::Auto,
        value_name = "WHEN",
        display_order = 900
    )]
    pub color: Color,

    /// No progress and no warnings on stderr
    #[arg(long, short, global = true, display_order = 901)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// Annotations of a GitHub workflow, then text
    Github,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario, print its summary and write a run folder
    Run(Run),
    /// Two policies or settings on the same calls, or two runs: what differs, and which calls change
    Compare(Compare),
    /// Say which devices ring for one call, for how long, what then, and by which rule
    Route(Route),
    /// Turn any supported production log into the canonical call log, with a report on the data
    Import(crate::commands::import::args::Import),
    /// A recorded day again: how well the simulation meets it, or what another policy would change
    Replay(Box<crate::commands::replay::Replay>),
    /// Find every error of scenario and accounts files, and what is odd in them
    Check(Check),
    /// Write a ready scenario with its accounts and comments
    New(New),
    /// Play queues whose answers are known, and compare
    Selftest(Selftest),
    /// Ask a live router every kind of call: does it decide as the documents say?
    Verify(Verify),
    /// Serve a reference router to test against
    Serve(Serve),
    /// Write the population or the arrivals of a scenario as files
    Generate(Generate),
    /// Print the JSON Schema of scenario or accounts files
    Schema(Schema),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A scenario file, its folder, or the name of a built-in one
    pub scenario: String,

    /// Seed of all draws [default: the scenario's, else 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,

    /// How many times the scenario is run, each with other draws [default: the scenario's, else 1]
    #[arg(long, value_name = "N")]
    pub replications: Option<String>,

    /// Threads to run on [default: one a core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Set a key by its path, as in duration=4h or accounts.acme-dental.incoming_timeout=20s
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// What the run must keep, as in 'calls.answered.share >= 0.8'
    #[arg(long = "gate", value_name = "METRIC >= VALUE")]
    pub gates: Vec<String>,

    /// A grid of runs over these values, in one table, as in policy=table-2024,stages-2026; given
    /// twice, every value of the one with every value of the other
    #[arg(long, value_name = "KEY=a,b,c")]
    pub vary: Vec<String>,

    /// Leave out the tables that the scenario asks for (its `table` sections)
    #[arg(long)]
    pub no_tables: bool,

    /// Routing policy [default: the scenario's, else stages-2026]
    #[arg(long, value_name = "NAME", long_help = policies(OF_SCENARIO))]
    pub policy: Option<String>,

    /// virtual: as fast as it can be computed; wall: in real time [default: the scenario's, else
    /// virtual]
    #[arg(long, value_name = "virtual|wall")]
    pub clock: Option<String>,

    /// Who decides: this program, or the live router at a URL [default: the scenario's, else
    /// in-process]
    #[arg(long, value_name = "in-process|URL")]
    pub backend: Option<String>,

    /// How the router is spoken to [default: the scenario's, else json for a URL that ends in
    /// /route, else twilio]
    #[arg(long, value_name = "json|twilio")]
    pub backend_protocol: Option<String>,

    /// Connections to the router at once [default: the scenario's, else 4096]
    #[arg(long, value_name = "N")]
    pub max_connections: Option<String>,

    /// After the last arrival, send what falls due and await answers for so long [default: 30s]
    #[arg(long, value_name = "TIME")]
    pub drain: Option<String>,

    /// Hold the world still while the router is asked: with one that conforms, the outcomes are
    /// those of the simulation
    #[arg(long)]
    pub lockstep: bool,

    #[command(flatten)]
    pub targets: Targets,

    /// Where the run folder goes [default: reports/NAME/N with the next free N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write into the folder of --out though it exists
    #[arg(long, requires = "out")]
    pub force: bool,

    /// Also write calls.csv, a row a call, under pseudonyms
    #[arg(long)]
    pub calls: bool,

    /// An inconclusive gate ends with exit code 3
    #[arg(long)]
    pub strict: bool,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// A scenario (a file, its folder, or the name of a built-in one) or a run folder
    pub base: String,

    /// What to compare with it: another scenario, or another run folder
    pub candidate: Option<String>,

    /// Routing policy of A, then of B; given once, of both
    #[arg(long, value_name = "NAME", long_help = policies(OF_SCENARIO))]
    pub policy: Vec<String>,

    /// Set a key on side A alone
    #[arg(long, value_name = "KEY=VALUE")]
    pub a: Vec<String>,

    /// Set a key on side B alone
    #[arg(long, value_name = "KEY=VALUE")]
    pub b: Vec<String>,

    /// Set a key on both sides
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// What both sides must keep, as in 'calls.answered.share >= 0.8'
    #[arg(long = "gate", value_name = "METRIC >= VALUE")]
    pub gates: Vec<String>,

    /// Seed of all draws [default: the scenario's, else 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,

    /// How many times each side is run [default: the scenario's, else 1]
    #[arg(long, value_name = "N")]
    pub replications: Option<String>,

    /// Threads to run on [default: one a core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Of each kind of change, how many calls are shown with both traces
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub show: u16,

    /// Write compare.json and compare.md into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write into the folder of --out though it exists
    #[arg(long, requires = "out")]
    pub force: bool,

    /// An inconclusive comparison ends with exit code 3
    #[arg(long)]
    pub strict: bool,

    /// Compare with a baseline (comes later)
    #[arg(long, value_name = "NAME", hide = true)]
    pub baseline: Option<String>,

    /// Two live routers in turn (comes later)
    #[arg(long, hide = true)]
    pub paired: bool,

    /// Who decides (comes later)
    #[arg(long, value_name = "URL", hide = true)]
    pub backend: Vec<String>,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Route {
    /// Accounts file (TOML, JSON or JSON Lines), or a folder with an accounts.toml
    #[arg(long, value_name = "FILE")]
    pub accounts: PathBuf,

    /// Who calls: a number as +15555550100, or private
    #[arg(long, value_name = "NUM|private", allow_hyphen_values = true)]
    pub from: String,

    /// The number that is called
    #[arg(long, value_name = "NUM")]
    pub to: String,

    /// Routing policy
    #[arg(long, value_name = "NAME", long_help = policies("[default: stages-2026]"))]
    pub policy: Option<String>,

    /// Local time of the call, as 2026-03-02T15:00 or with a zone; without it all hours are ignored
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,

    /// Set a key by its path
    #[arg(
        long = "set",
        value_name = "KEY=VALUE",
        help = "Set a key by its path, as in routing.max_legs=4"
    )]
    pub set: Vec<String>,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Scenario or accounts files, or names of built-in scenarios
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,

    /// Routing policy that the findings are about
    #[arg(long, value_name = "NAME", long_help = policies(OF_SCENARIO))]
    pub policy: Option<String>,

    /// Set a key by its path before checking
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Which one [default: office-day]; `busyhour new --list` names them
    pub template: Option<String>,

    /// Where to [default: a new folder of the template's name]
    pub dir: Option<PathBuf>,

    /// Print the templates instead
    #[arg(long)]
    pub list: bool,

    /// Overwrite files that exist
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Selftest {
    /// A table of known answers (CSV) [default: built-in rows, computed from exact formulas]
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,

    /// Short runs, and one queue of each class only: some seconds instead of minutes
    #[arg(long)]
    pub quick: bool,

    /// Only the rows of this table, by their `table_id`
    #[arg(long, value_name = "TABLE_ID")]
    pub rows: Option<String>,

    /// Seed of all draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u32,

    /// Threads to run on [default: one a core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Also write every scenario that is played into this new folder, to run it by hand
    #[arg(long, value_name = "DIR")]
    pub save: Option<PathBuf>,

    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of which file
    #[arg(value_enum, default_value_t = SchemaOf::Scenario)]
    pub of: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    Scenario,
    Accounts,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

const OF_SCENARIO: &str = "[default: the scenario's, else stages-2026]";

/// Long help of `--policy`: every policy there is.
fn policies(default: &str) -> String {
    let line = |it: &routing::policy::PolicyEntry| format!("\n- {}: {}", it.name, it.help);
    let lines: String = routing::policy::POLICIES.iter().map(line).collect();
    format!("Routing policy {default}{lines}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }
}
