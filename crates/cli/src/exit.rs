//! Exit codes: an interface that scripts rely on (contract.md section 1).

/// How the program ends. When several hold: 5, 4, 1, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is well.
    Pass = 0,
    /// A gate failed.
    GateFailed = 1,
    /// A file or value that the user named is missing, unreadable or invalid.
    Input = 2,
    /// A gate was inconclusive, with `--strict`.
    Inconclusive = 3,
    /// A gate's metric was not measured.
    Invalid = 4,
    /// Cannot write, or a bug.
    CannotWrite = 5,
    /// The target guard says no.
    Refused = 6,
    /// Ctrl-C.
    Interrupted = 130,
    /// SIGTERM.
    Terminated = 143,
}

/// What ends a command early, with what the user should read.
#[derive(Debug)]
pub(crate) struct Stop {
    pub exit: Exit,
    /// For stderr; may be empty when all was said.
    pub message: String,
}

impl Stop {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Input,
            message: message.into(),
        }
    }

    pub(crate) fn cannot_write(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::CannotWrite,
            message: message.into(),
        }
    }

    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Self::cannot_write(message)
    }
}
