//! Results to stdout, everything else to stderr.

use std::io::{ErrorKind, IsTerminal, Write};

use crate::args::{Cli, Color};
use crate::exit::Stop;

/// Writes a result to stdout. A reader that has gone away is no error of ours.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Stop::cannot_write(format!(
            "cannot write to stdout: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a line to stderr; there is nowhere to complain if that fails.
pub(crate) fn tell(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Whether stdout gets colours.
pub(crate) fn coloured(cli: &Cli) -> bool {
    match cli.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        }
    }
}
