//! `busyhour new`: a ready scenario, with comments that teach.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use crate::args::New;
use crate::builtin::{self, BUILTINS, Builtin};
use crate::exit::{Exit, Stop};
use crate::output::{print, tell};

pub(crate) fn run(args: &New) -> Result<Exit, Stop> {
    if args.list {
        let line = |it: &Builtin| format!("{:<16} {}\n", it.name, it.help);
        print(BUILTINS.iter().map(line).collect::<String>().as_bytes())?;
        return Ok(Exit::Pass);
    }
    let name = args.template.as_deref().unwrap_or(BUILTINS[0].name);
    let Some(builtin) = builtin::find(name) else {
        let names: Vec<&str> = BUILTINS.iter().map(|it| it.name).collect();
        let known = names.join(", ");
        return Err(Stop::input(format!(
            "there is no template `{name}`\n  help: there are {known}"
        )));
    };
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from(name));
    if !args.force
        && let Some((taken, _)) = builtin
            .files
            .iter()
            .find(|(file, _)| dir.join(file).exists())
    {
        let path = dir.join(taken);
        return Err(Stop::input(format!(
            "{} exists already\n  help: name another folder, or overwrite it with --force",
            path.display()
        )));
    }
    let failed = |path: &std::path::Path, error: &std::io::Error| {
        Stop::cannot_write(format!("cannot write {}: {error}", path.display()))
    };
    fs::create_dir_all(&dir).map_err(|error| failed(&dir, &error))?;
    for (file, text) in builtin.files {
        let path = dir.join(file);
        let mut options = OpenOptions::new();
        options
            .write(true)
            .truncate(args.force)
            .create(args.force)
            .create_new(!args.force);
        let mut opened = options.open(&path).map_err(|error| failed(&path, &error))?;
        opened
            .write_all(text.as_bytes())
            .map_err(|error| failed(&path, &error))?;
        tell(&format!("wrote {}", path.display()));
    }
    let scenario = dir.join("scenario.toml");
    tell(&format!("run it:  busyhour run {}", scenario.display()));
    Ok(Exit::Pass)
}
