//! Calls to the canonical log.

use std::io::{self, Write};

use crate::call::{CanonicalCall, Column};
use jiff::tz::TimeZone;
use routing::Nanos;

mod instant;
mod line;

use instant::Instants;
use line::Line;

/// So many bytes are gathered before they are written.
const FLUSH_BYTES: usize = 64 << 10;

/// A name of at most so many bytes is short.
const SHORT: usize = 64;

/// Writes the canonical log: a header, then a row a call. Times carry the offset of a time zone,
/// numbers stand as they are, unknown values are empty.
#[derive(Debug)]
pub struct CanonicalWriter<W: Write> {
    out: W,
    gathered: Vec<u8>,
    line: Line,
    instants: Instants,
    extra: usize,
}

impl<W: Write> CanonicalWriter<W> {
    /// Writes the header: the canonical columns, then `extra` ones that every row must bring.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn new(out: W, time_zone: TimeZone, extra: &[&str]) -> io::Result<Self> {
        let mut gathered = Vec::with_capacity(FLUSH_BYTES + (1 << 12));
        let names = Column::ALL.iter().map(|it| it.name());
        for (nth, name) in names.chain(extra.iter().copied()).enumerate() {
            if nth > 0 {
                gathered.push(b',');
            }
            text(&mut gathered, name);
        }
        gathered.push(b'\n');
        // Not written yet: whoever fails before the first call has written nothing.
        Ok(Self {
            out,
            gathered,
            line: Line::new(),
            instants: Instants::new(time_zone),
            extra: extra.len(),
        })
    }

    /// Writes a call, and the values of the extra columns.
    ///
    /// # Errors
    /// Whatever the output says, and a count of extra values that is not that of the extra
    /// columns.
    pub fn write(&mut self, call: &CanonicalCall, extra: &[&str]) -> io::Result<()> {
        if extra.len() != self.extra {
            return Err(io::Error::other(format!(
                "{} values for {} extra columns",
                extra.len(),
                self.extra
            )));
        }
        let (row, line) = (&mut self.gathered, &mut self.line);
        self.instants.write(call.start, line);
        for number in [call.from, call.to] {
            line.byte(b',');
            if let Some(number) = number {
                line.byte(b'+');
                line.whole(number.digits());
            }
        }
        line.byte(b',');
        line.text(call.direction.name());
        line.byte(b',');
        line.text(call.outcome.map_or("", |it| it.name()));
        for span in [call.ring, call.hold, call.talk, call.wrap, call.total] {
            line.byte(b',');
            if let Some(span) = span {
                // Exact, and no digit more than needed: `0`, `12.5`, `0.000000001`.
                line.whole(span.whole_secs());
                line.fraction(span.0 % Nanos::SECOND.0);
            }
        }
        line.byte(b',');
        match call.user.as_deref() {
            None => {}
            Some(user) if user.len() <= SHORT && !is_special(user) => line.text(user),
            Some(user) => {
                row.extend_from_slice(line.take());
                text(row, user);
            }
        }
        line.byte(b',');
        if let Some(source_row) = call.source_row {
            line.whole(source_row);
        }
        row.extend_from_slice(line.take());
        for value in extra {
            row.push(b',');
            text(row, value);
        }
        row.push(b'\n');
        if self.gathered.len() >= FLUSH_BYTES {
            self.hand_on()?;
        }
        Ok(())
    }

    /// What it writes to: whole rows, so far as they were handed on.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Writes what is still held back and gives the output back.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn finish(mut self) -> io::Result<W> {
        self.hand_on()?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

/// Whether a value needs quotes.
fn is_special(value: &str) -> bool {
    // Looked at without a way out in between, which takes many bytes at a time.
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    value.bytes().fold(false, |any, byte| any | special(byte))
}

/// A value, in quotes where it needs them.
fn text(row: &mut Vec<u8>, value: &str) {
    if !is_special(value) {
        row.extend_from_slice(value.as_bytes());
        return;
    }
    row.push(b'"');
    for byte in value.bytes() {
        if byte == b'"' {
            row.push(b'"');
        }
        row.push(byte);
    }
    row.push(b'"');
}

#[cfg(test)]
mod tests;
