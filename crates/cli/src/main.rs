//! The `busyhour` binary: arguments in, work done by the other crates, text out, one exit code.

mod args;
mod builtin;
mod commands;
mod exit;
mod files;
mod folder;
mod out;
mod output;
mod panics;
mod progress;
mod signals;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::exit::{Exit, Stop};

fn main() -> ExitCode {
    panics::without_numbers();
    let cli = Cli::parse();
    let done = std::panic::catch_unwind(|| run(&cli)).unwrap_or_else(|_| {
        Err(Stop::bug(
            "busyhour: this is a bug; please report it with the command and its files",
        ))
    });
    let exit = done.unwrap_or_else(|stop| {
        if !stop.message.is_empty() {
            output::tell(&stop.message);
        }
        stop.exit
    });
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli) -> Result<Exit, Stop> {
    match &cli.command {
        Command::Run(args) => commands::run::run(cli, args),
        Command::Compare(args) => commands::compare::run(cli, args),
        Command::Route(args) => commands::route::run(cli, args),
        Command::Import(args) => commands::import::run(cli, args),
        Command::Replay(args) => commands::replay::run(cli, args),
        Command::Check(args) => commands::check::run(cli, args),
        Command::New(args) => commands::new::run(args),
        Command::Generate(args) => commands::generate::run(cli, args),
        Command::Selftest(args) => commands::selftest::run(cli, args),
        Command::Verify(args) => commands::verify::run(cli, args),
        Command::Serve(args) => commands::serve::run(cli, args),
        Command::Schema(args) => commands::texts::schema(args),
        Command::Completions(args) => commands::texts::completions(args),
        Command::Man => commands::texts::man(),
    }
}
