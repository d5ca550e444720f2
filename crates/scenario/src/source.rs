//! The texts that values come from: files, lines of streamed files, and arguments of the command line.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::problem::Place;

/// A stretch of a source, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Span {
    pub(crate) source: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The source of the defaults: none that could be shown.
pub(crate) const DEFAULTS: u32 = u32::MAX;

impl Span {
    pub(crate) fn new(source: u32, range: &std::ops::Range<usize>) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            source,
            start: short(range.start),
            end: short(range.end),
        }
    }
}

/// One text with its name.
#[derive(Debug)]
struct Source {
    name: String,
    folder: PathBuf,
    argument: bool,
    /// The line of the file in which `text` begins, from 1.
    first_line: u32,
    text: Rc<str>,
    line_starts: OnceCell<Vec<u32>>,
}

/// All texts of a reading, in the order in which they were opened.
#[derive(Debug, Default)]
pub(crate) struct Sources(Vec<Source>);

impl Sources {
    /// A file. Paths in it are relative to its folder.
    pub(crate) fn add_file(&mut self, path: &Path, text: Rc<str>) -> u32 {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        self.add(path.display().to_string(), folder, false, text)
    }

    /// An argument. Paths in it are relative to the working directory.
    pub(crate) fn add_argument(&mut self, flag: &str, text: &str) -> u32 {
        self.add(flag.to_owned(), PathBuf::new(), true, text.into())
    }

    fn add(&mut self, name: String, folder: PathBuf, argument: bool, text: Rc<str>) -> u32 {
        let line_starts = OnceCell::new();
        self.0.push(Source {
            name,
            folder,
            argument,
            first_line: 1,
            text,
            line_starts,
        });
        self.0.len() as u32 - 1
    }

    /// Moves a streamed source on to this line.
    pub(crate) fn move_to(&mut self, source: u32, line: u32, text: Rc<str>) {
        if let Some(it) = self.0.get_mut(source as usize) {
            it.first_line = line;
            it.text = text;
            it.line_starts = OnceCell::new();
        }
    }

    pub(crate) fn is_argument(&self, source: u32) -> bool {
        self.0.get(source as usize).is_some_and(|it| it.argument)
    }

    /// Where a relative path written in this source starts from.
    pub(crate) fn folder(&self, source: u32) -> &Path {
        self.0
            .get(source as usize)
            .map_or(Path::new(""), |it| &it.folder)
    }

    pub(crate) fn text(&self, source: u32) -> Rc<str> {
        self.0
            .get(source as usize)
            .map_or_else(|| "".into(), |it| Rc::clone(&it.text))
    }

    /// The text of a span; empty when it is no longer there.
    pub(crate) fn slice(&self, span: Span) -> String {
        let text = self.text(span.source);
        text.get(span.start as usize..span.end as usize)
            .unwrap_or_default()
            .to_owned()
    }

    /// Line and column of a span, with its line.
    pub(crate) fn place(&self, span: Span) -> Place {
        let Some(source) = self.0.get(span.source as usize) else {
            return Place::default();
        };
        let text = &*source.text;
        let starts = source.line_starts.get_or_init(|| line_starts(text));
        let at = floor_boundary(text, span.start as usize);
        let end = floor_boundary(text, span.end as usize).max(at);
        let line = starts.partition_point(|start| *start as usize <= at).max(1) - 1;
        let begin = starts.get(line).map_or(0, |start| *start as usize);
        let rest = text[begin..].split('\n').next().unwrap_or_default();
        let shown = rest.strip_suffix('\r').unwrap_or(rest);
        let line_end = begin + shown.len();
        let meant = &text[at.min(line_end)..end.min(line_end).max(at.min(line_end))];
        let column = text[begin..at.min(line_end).max(begin)].chars().count() + 1;
        let bom = usize::from(begin == 0 && shown.starts_with('\u{feff}') && column > 1);
        Place {
            file: source.name.clone(),
            line: source.first_line + line as u32,
            column: (column - bom) as u32,
            width: meant.chars().count().max(1) as u32,
            text: shown.trim_start_matches('\u{feff}').to_owned(),
            order: span.source,
        }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1))
        .collect()
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
