//! Files that an import writes: whole, or not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exit::Stop;

/// Where the canonical log goes.
pub(super) enum Out {
    Stdout(io::Stdout),
    /// Into a file under another name, until it is whole.
    File {
        part: PathBuf,
        path: PathBuf,
        file: File,
    },
}

fn failed(path: &Path, why: &io::Error) -> Stop {
    Stop::cannot_write(format!("cannot write {}: {why}", path.display()))
}

/// A file that exists is the user's own.
pub(super) fn refuse_existing(path: &Path, force: bool) -> Result<(), Stop> {
    if path.exists() && !force {
        return Err(Stop::input(format!(
            "{}: it exists already\n  help: name another, or overwrite it with --force",
            path.display()
        )));
    }
    Ok(())
}

/// `calls.csv` and `keys.csv` give `calls.keys.csv`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    path.with_extension(ending)
}

/// Writes a file at once.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let part = part(path);
    fs::write(&part, bytes).map_err(|why| failed(&part, &why))?;
    fs::rename(&part, path).map_err(|why| failed(path, &why))
}

fn part(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

impl Out {
    pub(super) fn new(path: Option<&Path>, force: bool) -> Result<Self, Stop> {
        let Some(path) = path else {
            return Ok(Self::Stdout(io::stdout()));
        };
        refuse_existing(path, force)?;
        let part = part(path);
        let file = File::create(&part).map_err(|why| failed(path, &why))?;
        let path = path.to_owned();
        Ok(Self::File { part, path, file })
    }

    /// The file is whole.
    pub(super) fn keep(self) -> Result<(), Stop> {
        if let Self::File { part, path, .. } = &self {
            fs::rename(part, path).map_err(|why| failed(path, &why))?;
        }
        Ok(())
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        if let Self::File { part, .. } = self {
            // Renamed already when all went well.
            let _ = fs::remove_file(part);
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}
