//! One reading of a scenario or an accounts file: its texts, and what was found so far.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::backend;
use crate::files::Files;
use crate::node::{Node, Value};
use crate::problem::{Level, Place, Problem, Problems};
use crate::quantity::Fault;
use crate::source::{DEFAULTS, Sources, Span};
use crate::toml_text;

/// The largest file of values (rosters, empirical distributions) that is read.
const LARGEST_TABLE: u64 = 16 << 20;

/// What is known while reading. Everything is found before anything is refused.
pub(crate) struct Reading<'f> {
    pub(crate) files: &'f dyn Files,
    pub(crate) sources: RefCell<Sources>,
    problems: RefCell<Problems>,
    parameters: RefCell<Vec<(String, String)>>,
    given: RefCell<Vec<(String, Span)>>,
    hashes: RefCell<BTreeMap<Span, String>>,
    broken: RefCell<BTreeSet<u32>>,
    defaults: RefCell<BTreeMap<&'static str, Rc<Node>>>,
    /// The scenario's `time_zone`, where it is given.
    pub(crate) zone: RefCell<Option<jiff::tz::TimeZone>>,
}

impl<'f> Reading<'f> {
    pub(crate) fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            sources: RefCell::default(),
            problems: RefCell::default(),
            parameters: RefCell::default(),
            given: RefCell::default(),
            hashes: RefCell::default(),
            broken: RefCell::default(),
            defaults: RefCell::default(),
            zone: RefCell::default(),
        }
    }

    /// Reports an error.
    pub(crate) fn error(&self, span: Span, fault: Fault) {
        self.push(Level::Error, span, fault);
    }

    /// Reports something odd.
    pub(crate) fn warn(&self, span: Span, fault: Fault) {
        self.push(Level::Warning, span, fault);
    }

    fn push(&self, level: Level, span: Span, fault: Fault) {
        let place = self.place(span);
        self.push_at(level, place, fault);
    }

    pub(crate) fn push_at(&self, level: Level, mut place: Place, fault: Fault) {
        let Fault { message, help } = fault;
        place.text = backend::line_without_secrets(&place.text);
        self.problems.borrow_mut().push(Problem {
            level,
            place,
            message,
            help,
        });
    }

    pub(crate) fn place(&self, span: Span) -> Place {
        self.sources.borrow().place(span)
    }

    /// Whether an error was found.
    pub(crate) fn failed(&self) -> bool {
        self.problems.borrow().has_errors()
    }

    /// All that was found; `Err` when there is an error among it.
    pub(crate) fn finish(self) -> Result<Vec<Problem>, Problems> {
        let failed = self.failed();
        let problems = self.problems.into_inner().sorted();
        if failed {
            Err(problems)
        } else {
            Ok(problems.list().to_vec())
        }
    }

    /// Notes that the tree of this source is not whole: what is missing in it may be there.
    pub(crate) fn mark_broken(&self, source: u32) {
        self.broken.borrow_mut().insert(source);
    }

    pub(crate) fn is_broken(&self, source: u32) -> bool {
        self.broken.borrow().contains(&source)
    }

    /// Notes a parameter in force.
    pub(crate) fn parameter(&self, path: &str, value: String) {
        self.parameters.borrow_mut().push((path.to_owned(), value));
    }

    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        self.parameters.borrow().clone()
    }

    /// Notes that this key is written down, and where.
    pub(crate) fn give(&self, path: &str, span: Span) {
        self.given.borrow_mut().push((path.to_owned(), span));
    }

    /// Every key that is written down, with its place.
    pub(crate) fn given(&self) -> Vec<(String, Span)> {
        self.given.borrow().clone()
    }

    /// The text of a value: a text as it is; from an argument, whatever was written there.
    pub(crate) fn text_of(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::List(_) | Value::Table(_) => None,
            _ => {
                let sources = self.sources.borrow();
                sources
                    .is_argument(node.span.source)
                    .then(|| sources.slice(node.span))
            }
        }
    }

    /// The path that a value means: relative to the folder of the file that it is written in.
    pub(crate) fn path_of(&self, node: &Node) -> Option<PathBuf> {
        let text = self.text_of(node)?;
        Some(self.sources.borrow().folder(node.span.source).join(text))
    }

    /// The node of a default, as it would be written.
    pub(crate) fn default_node(text: &str) -> Node {
        toml_text::value(DEFAULTS, 0, text).unwrap_or(Node {
            span: Span {
                source: DEFAULTS,
                ..Span::default()
            },
            value: Value::Text(text.to_owned()),
        })
    }

    /// The same, made once: a million sub-accounts ask for it a million times.
    pub(crate) fn cached_default(&self, text: &'static str) -> Rc<Node> {
        let mut defaults = self.defaults.borrow_mut();
        Rc::clone(
            defaults
                .entry(text)
                .or_insert_with(|| Rc::new(Self::default_node(text))),
        )
    }

    /// Notes the sha256 of what stands at a place instead of the place's own text.
    pub(crate) fn note_hash(&self, span: Span, hash: &str) {
        self.hashes
            .borrow_mut()
            .insert(span, format!("sha256:{hash}"));
    }

    /// What stands for the value at this place in canonical texts.
    pub(crate) fn hash_at(&self, span: Span) -> Option<String> {
        if span.source == DEFAULTS {
            return None;
        }
        self.hashes.borrow().get(&span).cloned()
    }

    /// Forgets the files named in a streamed source that is moved on.
    pub(crate) fn forget_hashes(&self, source: u32) {
        self.hashes
            .borrow_mut()
            .retain(|span, _| span.source != source);
    }

    /// The text of a small file that a value names; reported and none when it cannot be had.
    pub(crate) fn table_file(&self, node: &Node) -> Option<(u32, Rc<str>)> {
        let path = self.path_of(node)?;
        let bytes = self.bytes(node.span, &path, LARGEST_TABLE)?;
        self.note_hash(node.span, &hex(&Sha256::digest(&bytes)));
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!("`{}` is not UTF-8 text", path.display());
            self.error(node.span, Fault::new(message));
            return None;
        };
        let text: Rc<str> = text.into();
        let source = self.sources.borrow_mut().add_file(&path, Rc::clone(&text));
        Some((source, text))
    }

    /// At most so many bytes of a file; reported at `span` and none when it cannot be had or is
    /// larger.
    pub(crate) fn bytes(&self, span: Span, path: &Path, largest: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut stream = self.open(span, path)?.take(largest + 1);
        if let Err(error) = stream.read_to_end(&mut bytes) {
            let message = format!("`{}` cannot be read: {error}", path.display());
            self.error(span, Fault::new(message));
            return None;
        }
        if bytes.len() as u64 > largest {
            let message = format!("`{}` is larger than {} MiB", path.display(), largest >> 20);
            self.error(span, Fault::new(message));
            return None;
        }
        Some(bytes)
    }

    /// A file as a stream; reported at `span` and none when it cannot be had.
    pub(crate) fn open(&self, span: Span, path: &Path) -> Option<Box<dyn BufRead + 'f>> {
        match self.files.open(path) {
            Ok(stream) => Some(stream),
            Err(error) => {
                self.error(span, Fault::new(format!("`{}`: {error}", path.display())));
                None
            }
        }
    }

    /// The sha256 of a file of any size, noted for the place that names it.
    pub(crate) fn hash_file(&self, span: Span, path: &Path) -> Option<()> {
        let mut stream = self.open(span, path)?;
        let mut hash = Sha256::new();
        loop {
            let read = match stream.fill_buf() {
                Ok([]) => break,
                Ok(part) => {
                    hash.update(part);
                    part.len()
                }
                Err(error) => {
                    let message = format!("`{}` cannot be read: {error}", path.display());
                    self.error(span, Fault::new(message));
                    return None;
                }
            };
            stream.consume(read);
        }
        self.note_hash(span, &hex(&hash.finalize()));
        Some(())
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
