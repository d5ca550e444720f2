//! What takes the calls of an import: the canonical log, what is seen of accounts, and the side
//! file of skipped rows.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use calllog::{Calls, CanonicalCall, CanonicalWriter};
use capacity::fit::Fit;
use jiff::tz::TimeZone;
use report::tables;

use super::queue::Queue;
use super::redact::Redact;
use super::seen::Seen;
use crate::exit::Stop;
use crate::out::{Out, cannot};

pub(super) struct Sink<'a> {
    /// What the output is called.
    name: String,
    writer: CanonicalWriter<Out>,
    redact: Option<&'a Redact>,
    queue: Option<Queue>,
    seen: Option<Seen>,
    fit: Option<Fit>,
    /// Where skipped rows go; none if there can be none.
    skipped: Option<PathBuf>,
    side: Option<BufWriter<Out>>,
    /// Whether it was the side file that could not be written.
    side_failed: bool,
    /// A file as it was called last, and as it is shown.
    shown: (String, String),
}

/// What is left when all calls are written.
pub(super) struct Written {
    pub(super) seen: Option<Seen>,
    pub(super) fit: Option<Fit>,
    pub(super) queue: Option<Queue>,
    /// The side file, when there is one.
    pub(super) skipped: Option<PathBuf>,
    /// What is written and not there yet: the log, then the side file.
    pub(super) outs: Vec<Out>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(
        out: Out,
        zone: TimeZone,
        (redact, queue): (Option<&'a Redact>, Option<Queue>),
        (seen, fit): (Option<Seen>, Option<Fit>),
        skipped: Option<PathBuf>,
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
            side_failed: false,
            shown: Default::default(),
        })
    }

    /// Why the import ends, by what could not be written.
    pub(super) fn cannot(&self, why: &io::Error) -> Stop {
        match self.skipped.as_deref().filter(|_| self.side_failed) {
            Some(side) => cannot(&side.display().to_string(), why),
            None => cannot(&self.name, why),
        }
    }

    pub(super) fn finish(self) -> Result<Written, Stop> {
        let written = self.writer.finish();
        let mut outs = vec![written.map_err(|why| cannot(&self.name, &why))?];
        let skipped = self.skipped.filter(|_| self.side.is_some());
        if let Some(side) = self.side {
            let name = side.get_ref().name();
            let side = side.into_inner();
            outs.push(side.map_err(|why| cannot(&name, why.error()))?);
        }
        Ok(Written {
            seen: self.seen,
            fit: self.fit,
            queue: self.queue,
            skipped,
            outs,
        })
    }

    /// A row into the side file, which is begun with the first one.
    fn set_aside(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let side = match &mut self.side {
            Some(side) => side,
            none => {
                let out = Out::at(path).map_err(|stop| io::Error::other(stop.message))?;
                let mut side = BufWriter::new(out);
                side.write_all(b"file,line,reason,row\n")?;
                none.insert(side)
            }
        };
        side.write_all(text.as_bytes())
    }

    /// How a file is called in what is written: without a number, if that is asked for.
    fn show(&mut self, file: &str) {
        if self.shown.0 != file {
            let shown = self.redact.map(|it| it.file(file));
            self.shown = (file.to_owned(), shown.unwrap_or_else(|| file.to_owned()));
        }
    }
}

/// A field that no spreadsheet takes for a formula, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", tables::text(text).replace('"', "\"\""))
}

impl Calls for Sink<'_> {
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
        if self.seen.is_none() {
            return;
        }
        self.show(file);
        if let Some(seen) = &mut self.seen {
            match self.redact {
                Some(redact) => seen.leg(&self.shown.1, &redact.call(call)),
                None => seen.leg(&self.shown.1, call),
            }
        }
    }

    fn skipped(&mut self, file: &str, line: u64, reason: &str, row: &[u8]) -> io::Result<()> {
        let Some(path) = self.skipped.clone() else {
            return Ok(());
        };
        self.show(file);
        // A redacted log shows no row as it was.
        let row = if self.redact.is_some() {
            b""
        } else {
            row.trim_ascii_end()
        };
        let row = quoted(&String::from_utf8_lossy(row));
        let text = format!("{},{line},{reason},{row}\n", quoted(&self.shown.1));
        let done = self.set_aside(&path, &text);
        self.side_failed = done.is_err();
        done
    }
}
