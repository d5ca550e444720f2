//! Where texts come from: the file system, or the program itself for built-in scenarios.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calllog::Direction;
use model::arrivals::LoggedCall;
use scenario::{FileError, FileKind, Files, LogReading};

use crate::builtin;
use crate::commands::import;
use crate::exit::Stop;

/// The files of this machine and the built-in ones.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Disk;

fn fault(error: &std::io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(error.to_string()),
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match builtin::read(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => std::fs::read(path).map_err(|error| fault(&error)),
        }
    }

    fn open(&self, path: &Path) -> Result<Box<dyn BufRead + '_>, FileError> {
        if let Some(text) = builtin::read(path) {
            return Ok(Box::new(text.as_bytes()));
        }
        let file = File::open(path).map_err(|error| fault(&error))?;
        Ok(Box::new(BufReader::new(file)))
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        self.call_log_as(path, &LogReading::default())
    }

    fn call_log_as(&self, path: &Path, how: &LogReading) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        let file = path.display().to_string();
        let fault = |error: &dyn std::fmt::Display| vec![format!("{file}:1:1: {error}")];
        let mut log = self.open(path).map_err(|error| fault(&error))?;
        let dialect = match &how.dialect {
            None => None,
            Some((name, path)) => {
                let named = if path.exists() {
                    path.display().to_string()
                } else {
                    name.clone()
                };
                let read = import::args::named(&named);
                Some(read.map_err(|stop| fault(&stop.message))?)
            }
        };
        let head = log.fill_buf().map_err(|error| fault(&error))?;
        let canonical = calllog::dialect::detect(head, &[]).is_none_or(|it| it.name == "canonical");
        if dialect.is_none() && canonical {
            // Ours: every fault is told at once.
            let mut bytes = Vec::new();
            log.read_to_end(&mut bytes).map_err(|error| fault(&error))?;
            if !bytes.starts_with(&[0x1f, 0x8b]) {
                let calls = calllog::read_all(&bytes, &file);
                let calls = calls.map_err(|errors| vec![errors.to_string()])?;
                return Ok(calls.iter().filter_map(logged).collect());
            }
            return imported(bytes.as_slice(), &file, dialect, how);
        }
        imported(log, &file, dialect, how)
    }
}

/// Calls of any dialect.
fn imported(
    log: impl std::io::Read,
    file: &str,
    dialect: Option<calllog::Dialect>,
    how: &LogReading,
) -> Result<Arc<[LoggedCall]>, Vec<String>> {
    struct Gathered(Vec<LoggedCall>);
    impl calllog::Calls for Gathered {
        fn call(&mut self, call: &calllog::CanonicalCall) -> std::io::Result<()> {
            self.0.extend(logged(call));
            Ok(())
        }
    }
    let told = |why: calllog::ImportError| {
        let text = why.to_string().replace(
            "say which with --tz, as in --tz",
            "say `time_zone =`, as in",
        );
        vec![text]
    };
    let options = calllog::Options {
        dialect,
        zone: how.zone.clone(),
        ..calllog::Options::default()
    };
    let mut gathered = Gathered(Vec::new());
    let mut importer = calllog::Importer::new(options);
    importer.read(log, file, &mut gathered).map_err(told)?;
    importer.finish(&mut gathered).map_err(told)?;
    Ok(gathered.0.into())
}

/// The call as arrivals want it; a row whose `to` is unknown was refused by the reader.
pub(crate) fn logged(call: &calllog::CanonicalCall) -> Option<LoggedCall> {
    Some(LoggedCall {
        at: call.start,
        from: call.from,
        to: call.to?,
        inbound: matches!(call.direction, Direction::Inbound | Direction::Unknown),
    })
}

/// The most of a file that is read to tell what it is.
const HEAD_BYTES: u64 = 64 << 20;

/// What this file is.
///
/// # Errors
/// When it is missing or cannot be read.
pub(crate) fn kind(path: &Path) -> Result<FileKind, FileError> {
    let mut head = Vec::new();
    let mut text = Disk.open(path)?.take(HEAD_BYTES);
    text.read_to_end(&mut head).map_err(|error| fault(&error))?;
    Ok(scenario::kind_of(path, &head))
}

/// The accounts file that the user means: a file, or the folder of one.
pub(crate) fn accounts_path(named: &Path) -> Result<PathBuf, Stop> {
    let shown = named.display();
    let path = if named.is_dir() {
        named.join("accounts.toml")
    } else {
        named.to_owned()
    };
    match kind(&path) {
        Err(FileError::Missing) if named.is_dir() => Err(Stop::input(format!(
            "{shown}: the folder holds no accounts.toml"
        ))),
        Ok(FileKind::Scenario) => Err(Stop::input(format!(
            "{}: found a scenario, expected an accounts file ([[sub_account]] …)\n  help: a \
             scenario names its own in `accounts`",
            path.display()
        ))),
        // What else is wrong, the reader tells with its place.
        _ => Ok(path),
    }
}

/// The scenario file that the user means: a file, the folder of one, or a built-in name.
pub(crate) fn scenario_path(named: &str) -> Result<PathBuf, Stop> {
    let path = Path::new(named);
    if path.is_dir() {
        let inside = path.join("scenario.toml");
        if inside.is_file() {
            return Ok(inside);
        }
        return Err(Stop::input(format!(
            "{named}: the folder holds no scenario.toml"
        )));
    }
    if path.exists() {
        return Ok(path.to_owned());
    }
    if let Some(builtin) = builtin::find(named) {
        return Ok(builtin.path());
    }
    let names: Vec<&str> = builtin::BUILTINS.iter().map(|it| it.name).collect();
    Err(Stop::input(format!(
        "{named}: there is no such file, and no built-in scenario of this name\n  help: built \
         in are {}",
        names.join(", ")
    )))
}
