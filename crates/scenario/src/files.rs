//! How the reader gets at the text of files: whoever opens them is outside.

use std::io::{BufRead, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use model::arrivals::LoggedCall;

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("there is no such file")]
    Missing,
    /// It is there, but something keeps it shut.
    #[error("cannot be read: {0}")]
    Unreadable(String),
}

/// What a scenario says of how its log is to be read.
#[derive(Debug, Clone, Default)]
pub struct LogReading {
    /// The scenario's `time_zone`, where it is given: that of times which name none.
    pub zone: Option<TimeZone>,
    /// `dialect` as it is written, and as a file beside the scenario; found out where it is left
    /// out.
    pub dialect: Option<(String, PathBuf)>,
}

/// What the reader is given instead of a file system.
pub trait Files {
    /// All bytes of this file. The path is ready to be opened: a path written in a file comes with
    /// that file's folder before it.
    ///
    /// # Errors
    /// When the file is missing or cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError>;

    /// The same as a stream, for files too large to hold. Left as it is, it holds them.
    ///
    /// # Errors
    /// When the file is missing or cannot be read.
    fn open(&self, path: &Path) -> Result<Box<dyn BufRead + '_>, FileError> {
        Ok(Box::new(Cursor::new(self.read(path)?)))
    }

    /// The calls of a canonical call log (contract.md section 6).
    ///
    /// # Errors
    /// Each fault, ready to print, starting with `FILE:LINE:COLUMN: `.
    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>>;

    /// The calls of a log of any dialect. Left as it is, only the canonical one is read.
    ///
    /// # Errors
    /// As [`Files::call_log`].
    fn call_log_as(
        &self,
        path: &Path,
        _how: &LogReading,
    ) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        self.call_log(path)
    }
}
