//! The part of an input that is in memory: from the row that is read to as far as was read ahead.

use std::io::{self, ErrorKind, Read};
use std::ops::Range;

use memchr::memchr;

/// So much is read at a time at least.
const READ_BYTES: usize = 256 << 10;

/// A growing window on an input. It never holds more than the longest row asked for and one read.
#[derive(Debug)]
pub(super) struct Window<R> {
    input: R,
    bytes: Vec<u8>,
    begin: usize,
    filled: usize,
    ended: bool,
    /// Met while only the head was asked for: told with the first line that misses it.
    failed: Option<io::Error>,
}

impl<R: Read> Window<R> {
    pub(super) const fn new(input: R) -> Self {
        Self {
            input,
            bytes: Vec::new(),
            begin: 0,
            filled: 0,
            ended: false,
            failed: None,
        }
    }

    /// Where it begins. Moves when more is read.
    pub(super) const fn begin(&self) -> usize {
        self.begin
    }

    /// Everything before this is not needed any more.
    pub(super) fn drop_to(&mut self, at: usize) {
        self.begin = at.max(self.begin);
    }

    /// All that is in memory.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    /// How long the line is that begins `skip` bytes behind the beginning, its line feed included
    /// and at most `room`, and whether the input ends with it.
    pub(super) fn line(&mut self, skip: usize, room: usize) -> io::Result<(usize, bool)> {
        let mut looked = 0;
        loop {
            let from = self.begin + skip + looked;
            let until = self.filled.min(self.begin + skip + room);
            if let Some(at) = memchr(b'\n', &self.bytes[from..until]) {
                return Ok((looked + at + 1, false));
            }
            looked += until - from;
            if looked == room {
                return Ok((looked, false));
            }
            if self.ended {
                return Ok((looked, true));
            }
            self.fill()?;
        }
    }

    /// The first bytes of the window.
    pub(super) fn head(&mut self, length: usize) -> &[u8] {
        while !self.ended && self.filled - self.begin < length {
            if let Err(why) = self.fill() {
                self.failed = Some(why);
                break;
            }
        }
        let until = self.filled.min(self.begin + length);
        &self.bytes[self.begin..until]
    }

    fn fill(&mut self) -> io::Result<()> {
        if let Some(why) = self.failed.take() {
            return Err(why);
        }
        self.bytes.copy_within(self.begin..self.filled, 0);
        self.filled -= self.begin;
        self.begin = 0;
        if self.bytes.len() < self.filled + READ_BYTES {
            self.bytes.resize(self.filled + READ_BYTES, 0);
        }
        loop {
            match self.input.read(&mut self.bytes[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(read) => {
                    self.filled += read;
                    return Ok(());
                }
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(why) => return Err(why),
            }
        }
    }
}
