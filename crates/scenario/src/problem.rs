//! What is wrong with a text, where, and how it is printed.
//!
//! A [`Problem`] is complete in itself: it holds the line it speaks of, so that a streamed file need not
//! be kept. Knows nothing of scenarios or accounts.

use std::fmt;

/// The most problems that are printed; the rest is counted.
pub const MOST_PRINTED: usize = 100;

/// The most problems that are kept; the rest is counted.
const MOST_KEPT: usize = 5_000;

/// The longest part of a source line that is shown, in characters.
const WIDEST: usize = 160;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing can be run.
    Error,
    /// The run is as asked for, but something in it is odd or does nothing.
    Warning,
}

impl Level {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Where something stands: file, line and column, and the line itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file as the user named it, or the flag (`--set`) whose text it is.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters are meant, at least 1, at most to the end of the line.
    pub width: u32,
    /// The line; empty where there is none to show (a file that cannot be read).
    pub text: String,
    /// In which order its source was opened: sorts problems by file.
    pub(crate) order: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Place {
    /// A file as a whole.
    pub fn whole(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 1,
            column: 1,
            ..Self::default()
        }
    }
}

/// One thing that is wrong, or odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad.
    pub level: Level,
    /// Where.
    pub place: Place,
    /// What was found and what is expected, in one sentence.
    pub message: String,
    /// What to do, where that is not obvious.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    /// `FILE:LINE:COLUMN: error: message`, the source line, a caret line and a help line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.level.name(), self.message)?;
        if !self.place.text.is_empty() {
            let (shown, before, width) = self.place.window();
            write!(f, "\n{shown}\n{before}{}", "^".repeat(width))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

impl Place {
    /// The part of the line that is shown, the blanks below it before the carets, and their number.
    fn window(&self) -> (String, String, usize) {
        let at = self.column.max(1) as usize - 1;
        let first = if at > WIDEST / 2 { at - WIDEST / 4 } else { 0 };
        let cut = |c: char| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        };
        let shown: String = self
            .text
            .chars()
            .skip(first)
            .take(WIDEST)
            .map(cut)
            .collect();
        let before = self.text.chars().skip(first).take(at - first);
        let before: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let room = shown.chars().count().saturating_sub(at - first).max(1);
        (shown, before, (self.width as usize).clamp(1, room))
    }
}

/// All that was found: sorted by file and place, bounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    list: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    /// Those that are kept, sorted by file and place, warnings too.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many there are, those included that are not kept.
    pub fn count(&self) -> usize {
        self.list.len() + self.dropped
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < MOST_KEPT {
            if !self.list.contains(&problem) {
                self.list.push(problem);
            }
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.list.sort_by(|a, b| {
            let key = |p: &Problem| (p.place.order, p.place.line, p.place.column, p.level);
            key(a).cmp(&key(b))
        });
        self
    }

    /// One problem on its own.
    pub(crate) fn one(problem: Problem) -> Self {
        Self {
            list: vec![problem],
            dropped: 0,
        }
    }
}

impl fmt::Display for Problems {
    /// Each in turn, the first hundred, then how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.list.iter().take(MOST_PRINTED) {
            writeln!(f, "{problem}")?;
        }
        let more = self.count().saturating_sub(MOST_PRINTED);
        if more > 0 {
            writeln!(f, "… and {more} more")
        } else {
            Ok(())
        }
    }
}

impl std::error::Error for Problems {}

impl Problems {
    /// Should reading end without a value and without a word: then that is said.
    pub(crate) fn unexplained(path: &std::path::Path) -> Self {
        Self::one(Problem {
            level: Level::Error,
            place: Place {
                file: path.display().to_string(),
                line: 1,
                column: 1,
                ..Place::default()
            },
            message: "the file cannot be read, and no reason was found: this is a bug".to_owned(),
            help: None,
        })
    }
}
