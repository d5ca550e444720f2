//! What takes the calls of an import: the canonical log, what is seen of accounts, and the side
//! file of skipped rows.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use calllog::{Calls, CanonicalCall, CanonicalWriter};
use capacity::fit::Fit;
use jiff::tz::TimeZone;

use super::queue::Queue;
use super::redact::Redact;
use super::seen::Seen;
use crate::exit::Stop;
use crate::out::{Out, cannot};

pub(super) struct Sink {
    /// What the output is called.
    name: String,
    writer: CanonicalWriter<Out>,
    redact: Option<Redact>,
    queue: Option<Queue>,
    seen: Option<Seen>,
    fit: Option<Fit>,
    skipped: PathBuf,
    side: Option<BufWriter<File>>,
}

/// What is left when all calls are written.
pub(super) struct Written {
    pub(super) seen: Option<Seen>,
    pub(super) fit: Option<Fit>,
    pub(super) queue: Option<Queue>,
    /// The side file, when there is one.
    pub(super) skipped: Option<PathBuf>,
}

impl Sink {
    pub(super) fn new(
        out: Out,
        zone: TimeZone,
        (redact, queue): (Option<Redact>, Option<Queue>),
        (seen, fit): (Option<Seen>, Option<Fit>),
        skipped: PathBuf,
    ) -> Result<Self, Stop> {
        let name = out.name();
        let writer = CanonicalWriter::new(out, zone, &[]);
        let writer = writer.map_err(|why| cannot(&name, &why))?;
        Ok(Self {
            name,
            writer,
            redact,
            queue,
            seen,
            fit,
            skipped,
            side: None,
        })
    }

    pub(super) fn finish(self) -> Result<Written, Stop> {
        let written = self.writer.finish();
        written.map_err(|why| cannot(&self.name, &why))?.keep()?;
        let skipped = self.side.is_some().then(|| self.skipped.clone());
        if let Some(mut side) = self.side {
            side.flush()
                .map_err(|why| cannot(&self.skipped.display().to_string(), &why))?;
        }
        Ok(Written {
            seen: self.seen,
            fit: self.fit,
            queue: self.queue,
            skipped,
        })
    }
}

impl Calls for Sink {
    fn call(&mut self, call: &CanonicalCall) -> io::Result<()> {
        let queued = self.queue.as_mut().map(|it| it.call(call));
        let call = queued.as_ref().unwrap_or(call);
        let hidden = self.redact.as_ref().map(|it| it.call(call));
        let call = hidden.as_ref().unwrap_or(call);
        if let Some(seen) = &mut self.seen {
            seen.call(call);
        }
        if let Some(fit) = &mut self.fit {
            fit.call(call);
        }
        self.writer.write(call, &[])
    }

    fn leg(&mut self, file: &str, call: &CanonicalCall) {
        if let Some(seen) = &mut self.seen {
            match &self.redact {
                Some(redact) => seen.leg(file, &redact.call(call)),
                None => seen.leg(file, call),
            }
        }
    }

    fn skipped(&mut self, file: &str, line: u64, reason: &str, row: &[u8]) -> io::Result<()> {
        let side = match &mut self.side {
            Some(side) => side,
            none => {
                let mut side = BufWriter::new(File::create(&self.skipped)?);
                side.write_all(b"file,line,reason,row\n")?;
                none.insert(side)
            }
        };
        // A redacted log shows no row as it was.
        let row = if self.redact.is_some() {
            b""
        } else {
            row.trim_ascii_end()
        };
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let row = String::from_utf8_lossy(row);
        writeln!(side, "{},{line},{reason},{}", quoted(file), quoted(&row))
    }
}
