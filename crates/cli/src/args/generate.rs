//! What can be typed after `generate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(subcommand)]
    pub what: Generated,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Generated {
    /// The sub-accounts of a scenario's `[population]` as an accounts file
    Accounts(GenerateFrom),
    /// The fresh calls of a scenario as a canonical call log
    Calls(GenerateCalls),
}

#[derive(Debug, Args)]
pub(crate) struct GenerateFrom {
    /// A scenario file, its folder, or the name of a built-in one
    pub scenario: String,

    /// Seed of all draws [default: the scenario's, else 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,

    /// Set a key by its path
    #[arg(
        long = "set",
        value_name = "KEY=VALUE",
        help = "Set a key by its path, as in population.sub_accounts=500"
    )]
    pub set: Vec<String>,

    /// Where to [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Overwrite a file that exists
    #[arg(long, requires = "out")]
    pub force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateCalls {
    #[command(flatten)]
    pub from: GenerateFrom,

    /// Whose calls: those of this replication, from 1
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub replication: u32,
}
