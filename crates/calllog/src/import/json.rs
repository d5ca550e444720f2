//! JSON logs: objects one after the other, or in the lists of pages. Split by hand, so that a page
//! of any length is read object by object and none may be longer than a record.

use std::io::{self, Read};

use serde_json::{Map, Value};

use crate::error::{Fault, LogError};
use crate::rows::MAX_RECORD;

/// One object: its number, the line it begins on, and its text.
#[derive(Debug)]
pub(super) struct Object<'a> {
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) text: &'a [u8],
}

/// So much is read at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// So much of a key is kept: that of a list of pages is shorter.
const MOST_KEY: usize = 64;

/// Splits a stream into objects.
#[derive(Debug)]
pub(super) struct Objects<'p, R> {
    input: R,
    chunk: Vec<u8>,
    at: usize,
    pages: Option<&'p str>,
    /// The object that is being gathered.
    text: Vec<u8>,
    /// Brackets that are open, within the object.
    depth: u32,
    /// In the list of a page, whose objects are records; how deep the page itself is.
    in_page: bool,
    /// What is left of a page behind its list, and how many brackets are open there.
    rest_of_page: bool,
    rest_depth: u32,
    /// Lists of objects at the top that are open.
    lists: u32,
    /// A line that is no object is gathered.
    stray: bool,
    in_string: bool,
    escaped: bool,
    /// The last string at the top of an object, and whether a colon followed it.
    key: Vec<u8>,
    key_done: bool,
    line: u64,
    first_line: u64,
    number: u64,
    over: bool,
}

impl<'p, R: Read> Objects<'p, R> {
    pub(super) const fn new(input: R, pages: Option<&'p str>) -> Self {
        Self {
            input,
            chunk: Vec::new(),
            at: 0,
            pages,
            text: Vec::new(),
            depth: 0,
            in_page: false,
            rest_of_page: false,
            rest_depth: 0,
            lists: 0,
            stray: false,
            in_string: false,
            escaped: false,
            key: Vec::new(),
            key_done: false,
            line: 1,
            first_line: 1,
            number: 0,
            over: false,
        }
    }

    /// The next object. A line between objects that is none is an error, and the next object comes
    /// behind it; an error of reading, or an object without end, is the last.
    pub(super) fn next_object(&mut self) -> Option<Result<Object<'_>, LogError>> {
        if self.over {
            return None;
        }
        self.text.clear();
        match self.gather() {
            Ok(true) => {
                self.number += 1;
                Some(Ok(Object {
                    number: self.number,
                    line: self.first_line,
                    text: &self.text,
                }))
            }
            Ok(false) => {
                self.over = true;
                let open = self.depth > 0 || self.in_page || self.rest_of_page || self.lists > 0;
                let fault = Fault::JsonCut;
                let cut = open && !self.stray;
                let cut = cut.then(|| LogError::new(&self.text, self.first_line, 0, None, fault));
                let stray = self.stray.then(|| self.told_stray());
                stray.or(cut).map(Err)
            }
            Err(error) => {
                self.over = error.ends_the_reading();
                Some(Err(error))
            }
        }
    }

    /// The text of the last object, or of what was none.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// A line that is no object. It is not gathered any more.
    fn told_stray(&mut self) -> LogError {
        self.stray = false;
        let first = self.text.first().copied().unwrap_or(b' ');
        let found = char::from(first).escape_default().to_string();
        let fault = Fault::Json(format!("found `{found}`, expected an object"));
        LogError::new(&self.text, self.first_line, 0, None, fault)
    }

    /// Whether an object could be had.
    fn gather(&mut self) -> Result<bool, LogError> {
        loop {
            while let Some(byte) = self.chunk.get(self.at).copied() {
                if self.depth > 0 && self.in_string && !self.escaped && self.plain() {
                    continue;
                }
                self.at += 1;
                if let Step::Done = self.step(byte)? {
                    return Ok(true);
                }
            }
            self.at = 0;
            self.chunk.resize(CHUNK_BYTES, 0);
            let read = loop {
                match self.input.read(&mut self.chunk) {
                    Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            let read = read.map_err(|why| LogError::unreadable(self.line, &why))?;
            self.chunk.truncate(read);
            if read == 0 {
                return Ok(false);
            }
        }
    }

    /// Takes what of a string stands there as it is; whether there was something.
    fn plain(&mut self) -> bool {
        let rest = &self.chunk[self.at..];
        let length = memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
        let length = length.min(MAX_RECORD - self.text.len().min(MAX_RECORD));
        let text = &rest[..length];
        self.text.extend_from_slice(text);
        if self.depth == 1 {
            let room = MOST_KEY - self.key.len();
            self.key.extend_from_slice(&text[..length.min(room)]);
        }
        self.at += length;
        length > 0
    }

    fn step(&mut self, byte: u8) -> Result<Step, LogError> {
        if byte == b'\n' {
            self.line += 1;
        }
        if self.stray {
            if byte == b'\n' {
                return Err(self.told_stray());
            }
            if self.text.len() < MAX_RECORD {
                self.text.push(byte);
            }
            return Ok(Step::On);
        }
        if self.depth == 0 {
            return self.between(byte);
        }
        self.text.push(byte);
        if self.text.len() > MAX_RECORD {
            let fault = Fault::ObjectTooLong(MAX_RECORD);
            return Err(LogError::new(&self.text, self.first_line, 0, None, fault));
        }
        if self.in_string {
            self.string(byte);
            return Ok(Step::On);
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.key.clear();
                self.key_done = false;
            }
            b':' => self.key_done = true,
            b'[' if self.opens_a_page() => {
                self.in_page = true;
                self.depth = 0;
                self.text.clear();
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Ok(Step::Done);
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.key_done = false,
        }
        Ok(Step::On)
    }

    fn string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ if self.depth == 1 && self.key.len() < MOST_KEY => self.key.push(byte),
            _ => {}
        }
    }

    fn opens_a_page(&self) -> bool {
        let named = self.pages.is_some_and(|it| it.as_bytes() == self.key);
        self.depth == 1 && !self.in_page && self.key_done && named
    }

    /// Outside of records: at the top of the file, in a page's list, or in what is left of a page.
    fn between(&mut self, byte: u8) -> Result<Step, LogError> {
        if self.rest_of_page {
            // A string may hold a bracket.
            if self.in_string {
                self.string(byte);
                return Ok(Step::On);
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.rest_depth += 1,
                b'}' if self.rest_depth == 0 => self.rest_of_page = false,
                b'}' | b']' => self.rest_depth = self.rest_depth.saturating_sub(1),
                _ => {}
            }
            return Ok(Step::On);
        }
        match byte {
            b'{' => {
                self.first_line = self.line;
                self.text.push(byte);
                self.depth = 1;
                self.key.clear();
                self.key_done = false;
            }
            b']' if self.in_page => {
                self.in_page = false;
                self.rest_of_page = true;
            }
            // A list of objects at the top, and commas.
            b'[' if !self.in_page => {
                (self.lists, self.first_line) = (self.lists + 1, self.line);
            }
            b']' if self.lists > 0 => self.lists -= 1,
            b',' | b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => {}
            _ if self.in_page || self.lists > 0 => {
                return Err(LogError::bare(self.line, Fault::JsonCut));
            }
            _ => {
                (self.stray, self.first_line) = (true, self.line);
                self.text.push(byte);
            }
        }
        Ok(Step::On)
    }
}

enum Step {
    On,
    Done,
}

/// What an object holds.
pub(super) fn read(text: &[u8]) -> Result<Map<String, Value>, String> {
    serde_json::from_slice(text).map_err(|why| why.to_string())
}

/// The text of a value by its key, or by a path of keys with dots.
pub(super) fn text_of(object: &Map<String, Value>, path: &str) -> String {
    let mut value = object.get(path);
    if value.is_none() {
        let mut parts = path.split('.');
        value = parts.next().and_then(|it| object.get(it));
        value = parts.fold(value, |value, part| value?.get(part));
    }
    match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(it)) => it.to_string(),
        _ => String::new(),
    }
}

/// The first object of a file that begins so, if it begins with one. Of a page that goes on
/// behind the head, the keys that are there.
pub(crate) fn first_object(head: &[u8]) -> Option<Map<String, Value>> {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if !matches!(text, [b'{' | b'[', ..]) {
        return None;
    }
    let mut objects = Objects::new(text, None);
    if let Some(Ok(object)) = objects.next_object()
        && let Ok(object) = read(object.text)
    {
        return Some(object);
    }
    // Cut off in the middle: its keys at least.
    let text = String::from_utf8_lossy(text);
    let keys = text.match_indices('"').zip(text.match_indices('"').skip(1));
    let keys = keys.filter(|((_, _), (end, _))| text[end + 1..].trim_start().starts_with(':'));
    Some(
        keys.map(|((from, _), (end, _))| (text[from + 1..end].to_owned(), Value::Null))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, pages: Option<&str>) -> Vec<String> {
        let mut objects = Objects::new(text.as_bytes(), pages);
        let mut found = Vec::new();
        while let Some(object) = objects.next_object() {
            match object {
                Ok(it) => found.push(format!("{}:{}", it.line, String::from_utf8_lossy(it.text))),
                Err(why) => found.push(format!("{why}")),
            }
        }
        found
    }

    #[test]
    fn lines_lists_and_pages_are_split_into_objects() {
        let lines = "{\"a\":\"}\\\"{\"}\n\n{\"b\":{\"c\":[1]}}\n";
        assert_eq!(
            split(lines, None),
            ["1:{\"a\":\"}\\\"{\"}", "3:{\"b\":{\"c\":[1]}}"]
        );
        assert_eq!(
            split("[{\"a\":1},\n{\"a\":2}]", None),
            ["1:{\"a\":1}", "2:{\"a\":2}"]
        );
        let page = "{\"calls\": [{\"a\":1},{\"a\":{\"calls\":[2]}}], \"uri\": \"}]\", \"n\": 2}";
        let both = format!("{page}\n{page}");
        assert_eq!(
            split(&both, Some("calls")),
            [
                "1:{\"a\":1}",
                "1:{\"a\":{\"calls\":[2]}}",
                "2:{\"a\":1}",
                "2:{\"a\":{\"calls\":[2]}}"
            ]
        );
        // The list may stand behind the other keys, and be empty.
        assert_eq!(
            split("{\"n\": 2, \"calls\": [{\"a\":1}]}", Some("calls")),
            ["1:{\"a\":1}"]
        );
        assert!(split("{\"calls\":[]}", Some("calls")).is_empty());
    }

    #[test]
    fn what_is_no_object_is_told() {
        assert_eq!(
            split("{\"a\":1}\nx", None)[1],
            "2:1: not a JSON object: found `x`, expected an object"
        );
        assert!(split("{\"a\":", None)[0].contains("ends within it"));
        assert!(split("{\"calls\":[{\"a\":1}", Some("calls"))[1].contains("ends within it"));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_RECORD));
        assert!(split(&long, None)[0].contains("more than 1048576 bytes"));
    }

    #[test]
    fn values_are_found_by_path() {
        let object = read(br#"{"from":{"caller":"+1"},"a.b":2,"n":null}"#).unwrap();
        assert_eq!(text_of(&object, "from.caller"), "+1");
        assert_eq!(text_of(&object, "a.b"), "2");
        assert_eq!(text_of(&object, "n"), "");
        assert_eq!(text_of(&object, "from"), "");
    }
}
