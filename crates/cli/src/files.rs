//! Where texts come from: the file system, or the program itself for built-in scenarios.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calllog::Direction;
use model::arrivals::LoggedCall;
use scenario::{FileError, Files};

use crate::builtin;
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
        match builtin::read(path) {
            Some(text) => Ok(Box::new(text.as_bytes())),
            None => {
                let file = File::open(path).map_err(|error| fault(&error))?;
                Ok(Box::new(BufReader::new(file)))
            }
        }
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        let bytes = self
            .read(path)
            .map_err(|error| vec![format!("{}:1:1: {error}", path.display())])?;
        let calls = calllog::read_all(&bytes, &path.display().to_string())
            .map_err(|errors| vec![errors.to_string()])?;
        Ok(calls.into_iter().filter_map(logged).collect())
    }
}

/// The call as arrivals want it; a row whose `to` is unknown was refused by the reader.
fn logged(call: calllog::CanonicalCall) -> Option<LoggedCall> {
    Some(LoggedCall {
        at: call.start,
        from: call.from,
        to: call.to?,
        inbound: matches!(call.direction, Direction::Inbound | Direction::Unknown),
    })
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
        "{named}: there is no such file, and no built-in scenario of this name\n  help: built in are {}",
        names.join(", ")
    )))
}
