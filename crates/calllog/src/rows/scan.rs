//! A row with quotes, cut into fields byte by byte and across physical lines.

use memchr::memchr;

use super::Field;
use crate::error::Fault;

/// How a quote stands within quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quoting {
    /// Twice, as RFC 4180 says.
    #[default]
    Doubled,
    /// As it is: a field ends at a quote that a delimiter or the end of the line follows. A row is
    /// a line.
    Raw,
}

/// Where in a field the scan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Start,
    Bare,
    Quoted,
    /// Behind a quote that closes the field or is the first of two.
    Quote,
}

/// One record cut into fields.
#[derive(Debug, Default)]
pub(super) struct Scan {
    at: At,
    field_at: usize,
    value_at: usize,
    pub(super) values: Vec<u8>,
    pub(super) fields: Vec<Field>,
    pub(super) fault: Option<(usize, Fault)>,
}

impl Scan {
    pub(super) fn restart(&mut self) {
        self.at = At::Start;
        self.field_at = 0;
        self.value_at = 0;
        self.values.clear();
        self.fields.clear();
        self.fault = None;
    }

    /// Where the quote opened that is still open.
    pub(super) fn open_quote(&self) -> Option<usize> {
        (self.at == At::Quoted).then_some(self.field_at)
    }

    pub(super) fn go(&mut self, raw: &[u8], from: usize, delimiter: u8) {
        let mut at = from;
        while let Some(byte) = raw.get(at).copied() {
            match (self.at, byte) {
                (At::Quoted, _) => {
                    // As far as the next quote all is text.
                    let until = memchr(b'"', &raw[at..]).map_or(raw.len(), |it| at + it);
                    let text = &raw[at..until];
                    if let Some(nul) = memchr(0, text) {
                        self.blame(at + nul, Fault::Nul);
                    }
                    self.values.extend_from_slice(text);
                    if until < raw.len() {
                        self.at = At::Quote;
                    }
                    at = until;
                }
                (_, 0) => self.blame(at, Fault::Nul),
                (At::Start, b'"') => self.at = At::Quoted,
                (At::Quote, b'"') => {
                    self.values.push(byte);
                    self.at = At::Quoted;
                }
                (_, _) if byte == delimiter => self.end_field(at + 1),
                (_, b'\n') => {}
                (_, b'\r') if matches!(raw.get(at + 1), None | Some(b'\n')) => {}
                (_, b'\r') => self.blame(at, Fault::LoneCarriageReturn),
                (At::Quote, _) => self.blame(at, Fault::AfterQuote),
                (At::Start | At::Bare, _) => {
                    self.values.push(byte);
                    self.at = At::Bare;
                }
            }
            at += 1;
        }
    }

    /// A line of [`Quoting::Raw`].
    pub(super) fn raw(&mut self, raw: &[u8], delimiter: u8) {
        let line = super::without_line_end(raw);
        if let Some(at) = line.iter().position(|byte| matches!(byte, 0 | b'\r')) {
            let fault = if line[at] == 0 {
                Fault::Nul
            } else {
                Fault::LoneCarriageReturn
            };
            self.blame(at, fault);
        }
        let mut at = 0;
        loop {
            self.field_at = at;
            let blanks = line[at..].iter().take_while(|it| **it == b' ').count();
            let quoted = line.get(at + blanks) == Some(&b'"');
            let (value, next) = if quoted {
                let open = at + blanks + 1;
                let close = closing(line, open, delimiter);
                (open..close, close + 1)
            } else {
                let end = memchr(delimiter, &line[at..]).map_or(line.len(), |it| at + it);
                (at..end, end)
            };
            self.values
                .extend_from_slice(&line[value.start..value.end.min(line.len())]);
            let next = next.min(line.len());
            let next = next
                + line[next..]
                    .iter()
                    .take_while(|it| **it != delimiter)
                    .count();
            if next >= line.len() {
                return;
            }
            at = next + 1;
            self.end_field(at);
        }
    }

    fn end_field(&mut self, next_at: usize) {
        self.fields.push(Field {
            at: self.field_at as u32,
            from: self.value_at as u32,
            until: self.values.len() as u32,
        });
        self.field_at = next_at;
        self.value_at = self.values.len();
        self.at = At::Start;
    }

    pub(super) fn finish(&mut self, raw_len: usize) {
        self.end_field(raw_len);
    }

    /// The first fault of a record is told.
    fn blame(&mut self, at: usize, fault: Fault) {
        self.fault.get_or_insert((at, fault));
    }
}

/// The quote that ends a field: one that a delimiter and the beginning of another field follow, or
/// the end of the line (perhaps with a `;`, as one layout of `FreeSWITCH` ends).
fn closing(line: &[u8], open: usize, delimiter: u8) -> usize {
    let ends = |at: usize| {
        let rest = &line[at + 1..];
        let Some((first, rest)) = rest.split_first() else {
            return true;
        };
        if *first != delimiter {
            return *first == b';' && rest.is_empty();
        }
        let rest = rest.trim_ascii_start();
        // What follows is another quoted field, an empty one, or a bare number.
        rest.first()
            .is_none_or(|it| matches!(it, b'"' | b'0'..=b'9') || *it == delimiter)
    };
    let quotes = memchr::memchr_iter(b'"', &line[open..]).map(|at| open + at);
    let mut quotes = quotes.filter(|at| ends(*at));
    quotes.next().unwrap_or(line.len())
}
