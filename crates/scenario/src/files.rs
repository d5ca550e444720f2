//! How the reader gets at the text of files: whoever opens them is outside.

use std::io::{BufRead, Cursor};
use std::path::Path;
use std::sync::Arc;

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

/// What the reader is given instead of a file system.
pub trait Files {
    /// All bytes of this file. The path is ready to be opened: a path written in a file comes with that
    /// file's folder before it.
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
}
