//! JSON to the tree, with places: RFC 8259, which `serde_json` reads without telling where.
//!
//! Stops at the first fault of syntax; keys that stand twice are reported and read on.

use std::ops::Range;

use crate::node::{Key, Node, Value};
use crate::source::Span;
use crate::toml_text::TextFault;

/// How deep tables and lists may lie in each other.
const DEEPEST: u32 = 100;

/// The tree of a text that holds one value, as far as it can be read, and what is wrong with it.
pub(crate) fn file(source: u32, text: &str) -> (Option<Node>, Vec<TextFault>) {
    let mut reader = Reader {
        source,
        text,
        at: 0,
        depth: 0,
        faults: Vec::new(),
    };
    let node = reader.whole();
    (node, reader.faults)
}

struct Reader<'t> {
    source: u32,
    text: &'t str,
    at: usize,
    depth: u32,
    faults: Vec<TextFault>,
}

impl Reader<'_> {
    fn whole(&mut self) -> Option<Node> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let node = self.value()?;
        self.blanks();
        if self.at < self.text.len() {
            self.fault("expected the end of the text");
            return None;
        }
        Some(node)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn fault(&mut self, expected: &str) {
        let found = match self.text[self.at..].chars().next() {
            Some(c) => format!("found `{}`", c.escape_debug()),
            None => "the text ends here".to_owned(),
        };
        let end = self.at
            + self.text[self.at..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        self.faults
            .push((self.at..end, format!("invalid JSON: {found}, {expected}")));
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    fn value(&mut self) -> Option<Node> {
        self.blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::table)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Some(Node {
            span: self.span(&(start..self.at)),
            value,
        })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Value>) -> Option<Value> {
        if self.depth >= DEEPEST {
            self.fault("where tables and lists lie deeper than 100 in each other");
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn table(&mut self) -> Option<Value> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        self.blanks();
        if self.take(b'}') {
            return Some(Value::Table(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                self.fault("expected a key in quotes");
                return None;
            }
            let name = self.string()?;
            let range = start..self.at;
            self.blanks();
            if !self.take(b':') {
                self.fault("expected `:`");
                return None;
            }
            let value = self.value()?;
            entries.push((
                Key {
                    span: self.span(&range),
                    name,
                },
                value,
            ));
            self.blanks();
            if self.take(b'}') {
                self.twice(&entries);
                return Some(Value::Table(entries));
            }
            if !self.take(b',') {
                self.fault("expected `,` or `}`");
                return None;
            }
        }
    }

    fn twice(&mut self, entries: &[(Key, Node)]) {
        let mut keys: Vec<&Key> = entries.iter().map(|(key, _)| key).collect();
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in keys.windows(2).filter(|pair| pair[0].name == pair[1].name) {
            let range = pair[1].span.start as usize..pair[1].span.end as usize;
            self.faults
                .push((range, format!("the key `{}` stands twice", pair[1].name)));
        }
    }

    fn list(&mut self) -> Option<Value> {
        let mut elements = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Some(Value::List(elements));
        }
        loop {
            elements.push(self.value()?);
            self.blanks();
            if self.take(b']') {
                return Some(Value::List(elements));
            }
            if !self.take(b',') {
                self.fault("expected `,` or `]`");
                return None;
            }
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self) -> Option<Value> {
        let words = [
            ("true", Value::Flag(true)),
            ("false", Value::Flag(false)),
            ("null", Value::Null),
        ];
        for (word, value) in words {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Some(value);
            }
        }
        self.fault("expected a value");
        None
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        self.take(b'-');
        let first = self.at;
        self.digits()?;
        if self.text.as_bytes()[first] == b'0' && self.at > first + 1 {
            self.at = first + 1;
            self.fault("where a number starts with 0");
            return None;
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let number = || Value::Number(text.parse().unwrap_or(f64::NAN));
        Some(if whole {
            text.parse().map_or_else(|_| number(), Value::Whole)
        } else {
            number()
        })
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            self.fault("expected a digit");
            return None;
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.text[self.at..].chars().next() else {
                self.fault("expected the closing quote");
                return None;
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Some(out);
                }
                '\\' => out.push(self.escape()?),
                c if (c as u32) < 0x20 => {
                    self.fault("where a text holds no control characters");
                    return None;
                }
                c => {
                    self.at += c.len_utf8();
                    out.push(c);
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let plain = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => c as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                self.fault("expected one of \" \\ / b f n r t u after a backslash");
                return None;
            }
        };
        self.at += 1;
        Some(plain)
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).or_else(|| self.lone());
        }
        if !self.text[self.at..].starts_with("\\u") {
            return self.lone();
        }
        self.at += 1;
        let low = self.hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            return self.lone();
        }
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn lone(&mut self) -> Option<char> {
        self.fault("expected both halves of a surrogate pair");
        None
    }

    /// Four hexadecimal digits after the `u` on which the reader stands.
    fn hex(&mut self) -> Option<u32> {
        self.at += 1;
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            self.fault("expected four hexadecimal digits");
            return None;
        };
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
