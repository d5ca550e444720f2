//! Calls to the canonical log.

use std::io::{self, Write};

use crate::call::{CanonicalCall, Column, Direction};
use jiff::tz::TimeZone;
use routing::Nanos;
use routing::record::Outcome;

mod instant;
mod line;

use instant::Instants;
use line::{Line, ROOM, Word};

/// So many bytes are gathered before they are written.
const FLUSH_BYTES: usize = 64 << 10;

/// A name of at most so many bytes is short.
const SHORT: usize = 64;

/// The words of directions, in the order of the type.
const DIRECTIONS: [Word; 4] = [
    Word::new(Direction::Unknown.name()),
    Word::new(Direction::Inbound.name()),
    Word::new(Direction::Outbound.name()),
    Word::new(Direction::Internal.name()),
];

/// The words of outcomes, in the order of the type.
const OUTCOMES: [Word; Outcome::ALL.len()] = {
    let mut words = [const { Word::new("") }; Outcome::ALL.len()];
    let mut nth = 0;
    while nth < words.len() {
        words[nth] = Word::new(Outcome::ALL[nth].name());
        nth += 1;
    }
    words
};

/// Writes the canonical log: a header, then a row a call. Times carry the offset of a time zone,
/// numbers stand as they are, unknown values are empty.
#[derive(Debug)]
pub struct CanonicalWriter<W: Write> {
    out: W,
    /// Room for what is gathered and for a row more.
    gathered: Box<[u8]>,
    filled: usize,
    instants: Instants,
    extra: usize,
}

impl<W: Write> CanonicalWriter<W> {
    /// Writes the header: the canonical columns, then `extra` ones that every row must bring.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn new(out: W, time_zone: TimeZone, extra: &[&str]) -> io::Result<Self> {
        let mut writer = Self {
            out,
            gathered: vec![0; FLUSH_BYTES + ROOM].into(),
            filled: 0,
            instants: Instants::new(time_zone),
            extra: extra.len(),
        };
        // Not written yet: whoever fails before the first call has written nothing.
        let names = Column::ALL.iter().map(|it| it.name());
        for (nth, name) in names.chain(extra.iter().copied()).enumerate() {
            if nth > 0 {
                writer.bytes(b",")?;
            }
            writer.text(name)?;
        }
        writer.bytes(b"\n")?;
        Ok(writer)
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
        let mut line = Line::new(room(&mut self.gathered, self.filled)?);
        self.instants.write(call.start, &mut line);
        for number in [call.from, call.to] {
            line.byte(b',');
            if let Some(number) = number {
                line.byte(b'+');
                line.whole(number.digits());
            }
        }
        line.byte(b',');
        line.word(&DIRECTIONS[call.direction as usize]);
        line.byte(b',');
        if let Some(outcome) = call.outcome {
            line.word(&OUTCOMES[outcome as usize]);
        }
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
                self.filled += line.len();
                self.text(user)?;
                line = Line::new(room(&mut self.gathered, self.filled)?);
            }
        }
        line.byte(b',');
        if let Some(source_row) = call.source_row {
            line.whole(source_row);
        }
        if extra.is_empty() {
            line.byte(b'\n');
            self.filled += line.len();
        } else {
            self.filled += line.len();
            self.more(extra)?;
        }
        if self.filled >= FLUSH_BYTES {
            self.hand_on()?;
        }
        Ok(())
    }

    /// The values of the extra columns, and the end of the line.
    fn more(&mut self, extra: &[&str]) -> io::Result<()> {
        for value in extra {
            self.bytes(b",")?;
            self.text(value)?;
        }
        self.bytes(b"\n")
    }

    /// A value, in quotes where it needs them.
    fn text(&mut self, value: &str) -> io::Result<()> {
        if !is_special(value) {
            return self.bytes(value.as_bytes());
        }
        self.bytes(b"\"")?;
        for (nth, part) in value.split('"').enumerate() {
            if nth > 0 {
                self.bytes(b"\"\"")?;
            }
            self.bytes(part.as_bytes())?;
        }
        self.bytes(b"\"")
    }

    /// Bytes of any number.
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.filled + bytes.len() > FLUSH_BYTES {
            self.hand_on()?;
        }
        if bytes.len() > FLUSH_BYTES {
            return self.out.write_all(bytes);
        }
        self.gathered[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
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
        self.out.write_all(&self.gathered[..self.filled])?;
        self.filled = 0;
        Ok(())
    }
}

/// Room for the part of a row that is never long.
#[inline]
fn room(gathered: &mut [u8], filled: usize) -> io::Result<&mut [u8; ROOM]> {
    let rest = gathered.get_mut(filled..).unwrap_or_default();
    let room = rest.first_chunk_mut();
    room.ok_or_else(|| io::Error::other("no room for a row: this is a bug of busyhour"))
}

/// Whether a value needs quotes.
fn is_special(value: &str) -> bool {
    // Looked at without a way out in between, which takes many bytes at a time.
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    value.bytes().fold(false, |any, byte| any | special(byte))
}

#[cfg(test)]
mod tests;
