//! A log that may be shared: pseudonyms for numbers and names, and messages without them.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use calllog::{CanonicalCall, Fault, ImportError, LogError};
use report::pseudonym::Pseudonyms;
use routing::PhoneNumber;

/// So many digits in a row may be somebody's number.
const FEWEST_DIGITS: usize = 7;

/// What stands for what is hidden.
const HIDDEN: &str = "…";

/// How to see it.
const HELP: &str = "\n  help: --redact hides what the log holds; import it without, to see it here";

/// What hides numbers and names.
pub(super) struct Redact(Pseudonyms);

impl Redact {
    /// Under the key `BUSYHOUR_KEY`, so that logs of other days fit together; else under one that
    /// is drawn now and forgotten.
    pub(super) fn new() -> Self {
        match std::env::var_os("BUSYHOUR_KEY") {
            Some(key) if !key.is_empty() => Self(Pseudonyms::new(key.as_encoded_bytes())),
            _ => {
                // Each state is seeded by the operating system.
                let words = (0..8u64).map(|nth| RandomState::new().hash_one(nth));
                let key: Vec<u8> = words.flat_map(u64::to_be_bytes).collect();
                Self(Pseudonyms::new(&key))
            }
        }
    }

    pub(super) fn call(&self, call: &CanonicalCall) -> CanonicalCall {
        let mut hidden = call.clone();
        hidden.from = call.from.map(|it| self.0.of(it));
        hidden.to = call.to.map(|it| self.0.of(it));
        hidden.user = call.user.as_deref().map(|it| self.0.of_name(it));
        hidden
    }

    /// The name of a log. What may be a number in it gets the digits of a pseudonym, so that two
    /// logs keep two names.
    pub(super) fn file(&self, name: &str) -> String {
        let mut shown = String::with_capacity(name.len());
        let mut digits = String::new();
        for c in name.chars().chain(['\0']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if digits.len() < FEWEST_DIGITS {
                shown += &digits;
            } else {
                match format!("+{digits}").parse::<PhoneNumber>() {
                    Ok(number) => shown += self.0.of(number).to_string().trim_start_matches('+'),
                    Err(_) => shown += HIDDEN,
                }
            }
            digits.clear();
            shown.push(c);
        }
        shown.pop();
        shown
    }

    /// Why an import ended, without what the log holds.
    pub(super) fn ended(&self, why: &ImportError) -> String {
        match why {
            ImportError::Row { file, error } => {
                format!("{}:{}{HELP}", self.file(file), placed(error))
            }
            ImportError::Words { file, error, seen } => {
                let place = placed(error);
                let mut text = format!("{}:{place}\n  seen in this file:", self.file(file));
                for (word, count) in seen {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "\n    {} ({count})", clean(self::word(word)));
                }
                text + HELP
            }
            ImportError::Dialect { file, columns } => {
                let columns = vec![HIDDEN.to_owned(); columns.len().min(1)];
                let file = self.file(file);
                format!("{}{HELP}", ImportError::Dialect { file, columns })
            }
            ImportError::Output(why) => why.to_string(),
        }
    }
}

/// `LINE:COLUMN: FIELD: message`, the message without the value.
fn placed(error: &LogError) -> String {
    let field = error.field.map(|it| format!("{}: ", it.name()));
    let field = field.unwrap_or_default();
    let message = message(&error.fault);
    format!("{}:{}: {field}{message}", error.line, error.column)
}

/// A word of the log as a message may hold it: not if it may be a number.
pub(super) fn word(word: &str) -> &str {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits >= FEWEST_DIGITS {
        HIDDEN
    } else {
        word
    }
}

/// A warning without the texts of the log in it: they may hold the marks that they stand in.
pub(super) fn warning(text: &str) -> String {
    match (text.find('`'), text.rfind('`')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}`{HIDDEN}`{}", &text[..first], &text[last + 1..])
        }
        (Some(first), _) => format!("{}{HIDDEN}", &text[..first]),
        _ => text.to_owned(),
    }
}

/// No control characters, and not more of it than a line has room for.
fn clean(word: &str) -> String {
    let kept = |c: char| if c.is_control() { ' ' } else { c };
    word.chars().take(60).map(kept).collect()
}

fn message(fault: &Fault) -> String {
    let text = || HIDDEN.to_owned();
    let hidden = match fault {
        Fault::MissingColumns { missing, .. } => Fault::MissingColumns {
            missing: missing.clone(),
            found: text(),
        },
        Fault::NoColumn { wanted, .. } => Fault::NoColumn {
            wanted: wanted.clone(),
            found: text(),
        },
        Fault::Start(_) => Fault::Start(text()),
        Fault::NoOffset(_) => Fault::NoOffset(text()),
        Fault::NoZone(_) => Fault::NoZone(text()),
        Fault::Time(_) => Fault::Time(text()),
        Fault::TimeOrder(_) => Fault::TimeOrder(text()),
        Fault::TimeByPattern { pattern, .. } => Fault::TimeByPattern {
            found: text(),
            pattern: pattern.clone(),
        },
        Fault::Number { why, .. } => Fault::Number {
            found: text(),
            why: why.clone(),
        },
        Fault::Spreadsheet(_) => Fault::Spreadsheet(text()),
        Fault::Direction(_) => Fault::Direction(text()),
        Fault::Outcome(_) => Fault::Outcome(text()),
        Fault::UnknownOutcome(_) => Fault::UnknownOutcome(text()),
        Fault::NoCountryCode(_) => Fault::NoCountryCode(text()),
        Fault::NoNumber(_) => Fault::NoNumber(text()),
        Fault::Span { why, .. } => Fault::Span {
            found: text(),
            why: *why,
        },
        Fault::SourceRow(_) => Fault::SourceRow(text()),
        Fault::Json(_) => Fault::Json(text()),
        Fault::EmptyFile
        | Fault::ColumnTwice(_)
        | Fault::Ragged { .. }
        | Fault::UnclosedQuote
        | Fault::QuoteTooLong(_)
        | Fault::RowTooLong(_)
        | Fault::ObjectTooLong(_)
        | Fault::AfterQuote
        | Fault::LoneCarriageReturn
        | Fault::Nul
        | Fault::NotUtf8
        | Fault::Utf16
        | Fault::NoStart
        | Fault::TooManyTexts(_)
        | Fault::OutOfOrder { .. }
        | Fault::Read(_) => fault.clone(),
        // Of what is not known here nothing but the name is sure to hold no text of the log.
        _ => return fault.name().to_owned(),
    };
    hidden.to_string()
}
