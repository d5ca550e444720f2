//! Files that a command writes where its user says: whole, or not there. What is no regular file
//! (a device, a named pipe) is written as it stands: a file renamed over it would take its place.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Stop};

/// Where a command's main output goes.
pub(crate) enum Out {
    /// The standard output, a device or a pipe: what is written has gone.
    Straight { to: Box<dyn Write>, name: String },
    /// Into a file under another name, until it is whole.
    File {
        part: PathBuf,
        path: PathBuf,
        file: File,
    },
}

fn failed(path: &Path, why: &io::Error) -> Stop {
    cannot(&path.display().to_string(), why)
}

/// Why a command ends that cannot write. A reader that has gone away has enough: no error of ours.
pub(crate) fn cannot(name: &str, why: &io::Error) -> Stop {
    if why.kind() == io::ErrorKind::BrokenPipe {
        return Stop {
            exit: Exit::Pass,
            message: String::new(),
        };
    }
    Stop::cannot_write(format!("cannot write {name}: {why}"))
}

/// A file that exists is the user's own. A device or a pipe is there to be written to.
pub(crate) fn refuse_existing(path: &Path, force: bool) -> Result<(), Stop> {
    if path.exists() && !force && !is_stdout(path) && !is_straight(path) {
        return Err(Stop::input(format!(
            "{}: it exists already\n  help: name another, or overwrite it with --force",
            path.display()
        )));
    }
    Ok(())
}

/// Whether it is there and neither a file nor a folder, or stands for what is open already, as
/// `/dev/stdout` does.
pub(crate) fn is_straight(path: &Path) -> bool {
    let open = path.starts_with("/dev") || path.starts_with("/proc");
    fs::metadata(path).is_ok_and(|it| !it.is_dir() && (open || !it.is_file()))
}

/// `calls.csv` and `keys.csv` give `calls.keys.csv`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    path.with_extension(ending)
}

/// Writes a file at once.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    staged(path, bytes)?.keep()
}

/// A file that is written and not there yet, so that several appear together or not at all.
pub(crate) fn staged(path: &Path, bytes: &[u8]) -> Result<Out, Stop> {
    let mut out = Out::at(path)?;
    out.write_all(bytes).map_err(|why| failed(path, &why))?;
    Ok(out)
}

fn part(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

/// Whether a path means the standard output, as `-` does. It is never opened anew: that would
/// begin a file again that it is redirected to the end of.
pub(crate) fn is_stdout(path: &Path) -> bool {
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    names.iter().any(|it| path == Path::new(it))
}

/// What is written to, if that is not the standard output.
pub(crate) fn elsewhere(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| !is_stdout(path))
}

impl Out {
    /// Standard output, or what is at this path.
    pub(crate) fn new(path: Option<&Path>, force: bool) -> Result<Self, Stop> {
        let Some(path) = elsewhere(path) else {
            return Ok(Self::stdout());
        };
        refuse_existing(path, force)?;
        Self::at(path)
    }

    fn stdout() -> Self {
        Self::Straight {
            to: Box::new(io::stdout()),
            name: "standard output".to_owned(),
        }
    }

    /// What is at this path, whether it exists or not.
    pub(crate) fn at(path: &Path) -> Result<Self, Stop> {
        if is_stdout(path) {
            return Ok(Self::stdout());
        }
        if is_straight(path) {
            let to = File::options().write(true).open(path);
            return Ok(Self::Straight {
                to: Box::new(to.map_err(|why| failed(path, &why))?),
                name: path.display().to_string(),
            });
        }
        // A link goes on leading to its file, which is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let part = part(&path);
        let file = File::create(&part).map_err(|why| failed(&path, &why))?;
        Ok(Self::File { part, path, file })
    }

    /// What it is called where it cannot be written.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Straight { name, .. } => name.clone(),
            Self::File { path, .. } => path.display().to_string(),
        }
    }

    /// All is written.
    pub(crate) fn keep(mut self) -> Result<(), Stop> {
        match &mut self {
            Self::Straight { to, name } => to.flush().map_err(|why| cannot(name, &why)),
            Self::File { part, path, .. } => {
                fs::rename(part, &*path).map_err(|why| failed(path, &why))
            }
        }
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        if let Self::File { part, .. } = self {
            // Renamed already when all went well; else of no use, and nobody asked for it.
            let _ = fs::remove_file(part);
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Straight { to, .. } => to.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Straight { to, .. } => to.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}
