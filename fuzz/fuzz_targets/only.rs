//! The files of a target that reads one file.

use std::path::Path;
use std::sync::Arc;

use model::arrivals::LoggedCall;
use scenario::{FileError, Files};

/// The file in question, by its name, and no other.
pub struct Only<'a>(pub &'a str, pub &'a [u8]);

impl Files for Only<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        if path == Path::new(self.0) { Ok(self.1.to_vec()) } else { Err(FileError::Missing) }
    }

    fn call_log(&self, _: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        Err(Vec::new())
    }
}
