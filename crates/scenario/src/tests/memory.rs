//! Files that are not on a disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use model::arrivals::LoggedCall;

use crate::{FileError, Files};

/// Texts and call logs by path.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    texts: BTreeMap<String, Vec<u8>>,
    logs: BTreeMap<String, Vec<LoggedCall>>,
}

impl Memory {
    /// With this file too.
    pub(crate) fn with(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.texts.insert(path.to_owned(), text.as_ref().to_vec());
        self
    }

    /// With this call log too.
    pub(crate) fn with_log(mut self, path: &str, calls: Vec<LoggedCall>) -> Self {
        self.logs.insert(path.to_owned(), calls);
        self.with(path, path)
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let found = self.texts.get(&path.display().to_string());
        found.cloned().ok_or(FileError::Missing)
    }

    fn call_log(&self, path: &Path) -> Result<Arc<[LoggedCall]>, Vec<String>> {
        match self.logs.get(&path.display().to_string()) {
            Some(calls) => Ok(calls.as_slice().into()),
            None => Err(vec![format!(
                "{}:2:5: no time: `yesterday`",
                path.display()
            )]),
        }
    }
}
