//! Texts about the program itself: schema, completions, manual.

use clap::CommandFactory;
use scenario::FileKind;

use crate::args::{Cli, Completions, Schema, SchemaOf};
use crate::exit::{Exit, Stop};
use crate::output::print;

pub(crate) fn schema(args: &Schema) -> Result<Exit, Stop> {
    let of = match args.of {
        SchemaOf::Scenario => FileKind::Scenario,
        SchemaOf::Accounts => FileKind::Accounts,
    };
    let mut text = serde_json::to_vec_pretty(&scenario::schema(of))
        .map_err(|error| Stop::bug(format!("the schema cannot be written: {error}")))?;
    text.push(b'\n');
    print(&text)?;
    Ok(Exit::Pass)
}

pub(crate) fn completions(args: &Completions) -> Result<Exit, Stop> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "busyhour", &mut text);
    print(&text)?;
    Ok(Exit::Pass)
}

pub(crate) fn man() -> Result<Exit, Stop> {
    let mut text = Vec::new();
    let mut page = |command: clap::Command| {
        clap_mangen::Man::new(command)
            .render(&mut text)
            .map_err(|error| Stop::cannot_write(format!("the manual cannot be written: {error}")))
    };
    let mut all = Cli::command();
    all.build();
    page(all.clone())?;
    for command in all.get_subcommands().filter(|it| it.get_name() != "help") {
        let name = format!("busyhour-{}", command.get_name());
        page(command.clone().name(name))?;
    }
    print(&text)?;
    Ok(Exit::Pass)
}
