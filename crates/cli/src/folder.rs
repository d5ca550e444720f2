//! The run folder: where it lies, and files that are whole or not there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::exit::Stop;

/// A run folder that exists and is ours.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::cannot_write(format!("cannot write {}: {error}", path.display()))
}

impl Folder {
    /// The folder that the user named. One that exists is refused without `force`.
    pub(crate) fn named(path: &Path, force: bool) -> Result<Self, Stop> {
        if path.exists() && !force {
            return Err(Stop::input(format!(
                "--out {}: it exists already\n  help: name another, or write into it with --force",
                path.display()
            )));
        }
        fs::create_dir_all(path).map_err(|error| failed(path, &error))?;
        Ok(Self(path.to_owned()))
    }

    /// `reports/<name>/<n>`, n the next free number.
    pub(crate) fn next(name: &str) -> Result<Self, Stop> {
        let parent = Path::new("reports").join(reduced(name));
        fs::create_dir_all(&parent).map_err(|error| failed(&parent, &error))?;
        let taken = fs::read_dir(&parent).map_err(|error| failed(&parent, &error))?;
        let number = |entry: std::io::Result<fs::DirEntry>| {
            entry.ok()?.file_name().to_str()?.parse::<u64>().ok()
        };
        let mut next = taken.filter_map(number).max().unwrap_or(0) + 1;
        loop {
            let path = parent.join(next.to_string());
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                // Another run took the number in between.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => next += 1,
                Err(error) => return Err(failed(&path, &error)),
            }
        }
    }

    /// A folder within.
    pub(crate) fn inside(&self, name: &str) -> Result<Self, Stop> {
        let path = self.0.join(name);
        fs::create_dir_all(&path).map_err(|error| failed(&path, &error))?;
        Ok(Self(path))
    }

    /// Writes a file: under another name first, so that it is never there in part.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Stop> {
        let path = self.0.join(name);
        let unfinished = self.0.join(format!(".{}.part", name.replace('/', "-")));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        fs::write(&unfinished, bytes).map_err(|error| failed(&unfinished, &error))?;
        fs::rename(&unfinished, &path).map_err(|error| failed(&path, &error))
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

/// A name reduced to `[A-Za-z0-9._-]`.
fn reduced(name: &str) -> String {
    let kept = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '-'
        }
    };
    let reduced: String = name.chars().map(kept).collect();
    let reduced = reduced.trim_matches(['.', '-']).to_owned();
    if reduced.is_empty() {
        "run".to_owned()
    } else {
        reduced
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_one_plain_folder() {
        assert_eq!(
            reduced("SMS blast to 20 000 leads"),
            "SMS-blast-to-20-000-leads"
        );
        assert_eq!(reduced("../../etc"), "etc");
        assert_eq!(reduced("…"), "run");
    }

    #[test]
    fn a_folder_that_exists_is_refused_without_force() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Folder::named(dir.path(), false).is_err());
        let folder = Folder::named(dir.path(), true).unwrap();
        folder.write("plots/a.svg", b"x").unwrap();
        assert_eq!(fs::read(dir.path().join("plots/a.svg")).unwrap(), b"x");
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing unfinished is left"
        );
    }
}
