//! The recorded calls as the text of a canonical log: what the fingerprint of the inputs is made
//! from. Written while it is read, because the text of a long log takes more room than its calls.

use std::io::{self, BufRead, Read};

use calllog::{CanonicalCall, CanonicalWriter};
use jiff::tz::TimeZone;

/// Reads the log that these calls make, in UTC.
pub(super) struct Rewritten<'a> {
    calls: std::slice::Iter<'a, CanonicalCall>,
    /// None before the header, and behind the last call.
    writer: Option<CanonicalWriter<Vec<u8>>>,
    begun: bool,
    text: Vec<u8>,
    at: usize,
}

impl<'a> Rewritten<'a> {
    pub(super) fn new(calls: &'a [CanonicalCall]) -> Self {
        Self {
            calls: calls.iter(),
            writer: None,
            begun: false,
            text: Vec::new(),
            at: 0,
        }
    }

    /// The next piece of text; an empty one behind the last.
    fn next_piece(&mut self) -> io::Result<()> {
        (self.at, self.text) = (0, Vec::new());
        if !std::mem::replace(&mut self.begun, true) {
            self.writer = Some(CanonicalWriter::new(Vec::new(), TimeZone::UTC, &[])?);
        }
        let Some(mut writer) = self.writer.take() else {
            return Ok(());
        };
        for call in self.calls.by_ref() {
            writer.write(call, &[])?;
            if !writer.out().is_empty() {
                self.text = std::mem::take(writer.out());
                self.writer = Some(writer);
                return Ok(());
            }
        }
        self.text = writer.finish()?;
        Ok(())
    }
}

impl BufRead for Rewritten<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.next_piece()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl Read for Rewritten<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    #[test]
    fn it_is_the_log_that_would_have_been_written_at_once() {
        for count in [0, 1, 5_000] {
            let at = |nth: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_millis(nth * 700);
            let calls: Vec<CanonicalCall> =
                (0..count).map(|nth| CanonicalCall::at(at(nth))).collect();
            let mut writer = CanonicalWriter::new(Vec::new(), TimeZone::UTC, &[]).unwrap();
            for call in &calls {
                writer.write(call, &[]).unwrap();
            }
            let mut text = Vec::new();
            Rewritten::new(&calls).read_to_end(&mut text).unwrap();
            assert_eq!(text, writer.finish().unwrap(), "{count} calls");
        }
    }
}
