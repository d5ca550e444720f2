//! A dialect held against the columns of a file: which field is what.

use jiff::Timestamp;
use routing::record::Outcome;

use super::draft::Draft;
use super::{Keys, Options, Quality};
use crate::call::{Column, Direction};
use crate::dialect::{Dialect, Is, KeyForm, Rule, Test, bare};
use crate::error::{Fault, LogError};
use crate::times::Times;
use crate::value;

mod take;
mod values;

use take::Take;

/// The fields of a row, whatever the row was.
pub(super) trait Cells {
    fn cell(&self, nth: usize) -> &str;
    /// The same as bytes: those of a row need not be looked at as text first.
    fn bytes(&self, nth: usize) -> &[u8];
    /// The last eight of these bytes, the last one highest, and how many bytes there are.
    fn tail(&self, nth: usize) -> (u64, usize) {
        value::tail(self.bytes(nth))
    }
    fn fault(&self, nth: usize, column: Option<Column>, fault: Fault) -> LogError;
}

/// A rule whose columns were found; a test of a column that is not there sees an empty text.
#[derive(Debug, Clone)]
struct Found<T> {
    when: Vec<(Option<usize>, Test)>,
    is: T,
}

/// The most bytes of a name, or of what tells which call a row belongs to: tens of thousands are
/// held at a time.
pub(super) const MOST_TEXT: usize = 256;

/// Which field is what.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) width: usize,
    takes: [Option<Take>; Column::ALL.len()],
    outcomes: Vec<Found<Is<Outcome>>>,
    directions: Vec<Found<Is<Direction>>>,
    join: Vec<usize>,
    key_form: KeyForm,
    parent: Option<usize>,
    /// A name on a call that nobody answered is not that of who talked.
    clears_user: bool,
}

/// What else a row is read with.
pub(super) struct With<'a> {
    pub(super) dialect: &'a Dialect,
    pub(super) times: &'a mut Times,
    pub(super) quality: &'a mut Quality,
    pub(super) keys: &'a mut Keys,
}

/// What a row turned out to be.
pub(super) enum Leg {
    /// A call, or a leg of one: it stands in the draft.
    Call {
        /// It is the row of the call itself, as far as the row tells.
        parent: bool,
    },
    /// Of no interest, by this word.
    Skipped(String),
}

impl Plan {
    /// Looks for the dialect's columns among these.
    ///
    /// # Errors
    /// The columns that are missing: those without which a log is none, and those that the command
    /// line names.
    pub(super) fn new(dialect: &Dialect, options: &Options, names: &[&str]) -> Result<Self, Fault> {
        let bare_names: Vec<String> = names.iter().map(|it| bare(it)).collect();
        let find = |name: &str| {
            let name = bare(name);
            bare_names.iter().position(|it| *it == name)
        };
        let all = |columns: &[String]| columns.iter().filter_map(|it| find(it)).collect();
        let found = || {
            let shown = names
                .iter()
                .take(40)
                .map(|it| format!("`{}`", crate::error::shown(it)));
            shown.collect::<Vec<_>>().join(", ")
        };
        for (_, column) in &options.map {
            if find(column).is_none() {
                let wanted = column.clone();
                return Err(Fault::NoColumn {
                    wanted,
                    found: found(),
                });
            }
        }
        let mut takes = [const { None }; Column::ALL.len()];
        for (column, source) in &dialect.map {
            let times = |name: &str| bare_names.iter().filter(|it| **it == bare(name)).count();
            if source.columns().any(|it| times(it) > 1) {
                return Err(Fault::ColumnTwice(column.name()));
            }
            takes[*column as usize] = Take::new(source, all);
        }
        let missing = Column::REQUIRED
            .iter()
            .filter(|it| takes[**it as usize].is_none());
        let missing: Vec<String> = missing.map(|it| wanted(dialect, *it)).collect();
        if !missing.is_empty() {
            let missing = missing.join(" and ");
            return Err(Fault::MissingColumns {
                missing,
                found: found(),
            });
        }
        Ok(Self {
            width: names.len(),
            takes,
            outcomes: rules(&dialect.outcomes, find),
            directions: rules(&dialect.directions, find),
            join: all(&dialect.join),
            key_form: dialect.key_form,
            parent: dialect.parent.as_deref().and_then(find),
            clears_user: !matches!(dialect.name.as_str(), "canonical" | "generic"),
        })
    }

    /// The call or leg that a row tells of.
    ///
    /// # Errors
    /// The first fault of the row.
    pub(super) fn leg(
        &self,
        row: &impl Cells,
        with: &mut With<'_>,
        draft: &mut Draft,
    ) -> Result<Leg, LogError> {
        let outcome = match self.outcome(row)? {
            Ok(outcome) => outcome,
            Err(word) => {
                self.odd_spans(row, with);
                return Ok(Leg::Skipped(word));
            }
        };
        let direction = match self.direction(row)? {
            Ok(direction) => direction,
            Err(word) => return Ok(Leg::Skipped(word)),
        };
        let talked = !self.clears_user || matches!(outcome, None | Some(Outcome::Answered));
        let call = &mut draft.call;
        call.start = self.start(row, with)?;
        call.outcome = outcome;
        call.direction = direction;
        call.from = self.party(row, Column::From, with)?;
        call.to = self.party(row, Column::To, with)?;
        call.ring = self.span(row, Column::RingS, with)?;
        call.hold = self.span(row, Column::HoldS, with)?;
        call.talk = self.span(row, Column::TalkS, with)?;
        call.wrap = self.span(row, Column::WrapS, with)?;
        call.total = self.span(row, Column::TotalS, with)?;
        let user = self.text(row, Column::User);
        if let Some((nth, user)) = user.filter(|it| it.1.len() > MOST_TEXT) {
            let found = user.len();
            let fault = Fault::TextTooLong {
                found,
                most: MOST_TEXT,
            };
            return Err(row.fault(nth, Some(Column::User), fault));
        }
        let user = user.map(|it| it.1);
        draft.set_user(user.filter(|it| talked && !it.is_empty()));
        let parent = self.parent.is_none_or(|it| row.cell(it).is_empty());
        Ok(Leg::Call { parent })
    }

    /// What says which call the row belongs to; none when nothing does.
    pub(super) fn key<'r>(&self, row: &'r impl Cells) -> Option<&'r str> {
        let keys = self.join.iter().map(|it| row.cell(*it));
        let mut keys = keys.filter(|it| !it.is_empty());
        keys.find(|it| self.key_form == KeyForm::Any || is_epoch(it))
    }

    /// The word for the outcome, as the log has it.
    pub(super) fn word<'r>(&self, row: &'r impl Cells) -> &'r str {
        self.text(row, Column::Outcome).map_or("", |it| it.1)
    }

    /// The bytes of a column that is one field as it stands.
    #[inline]
    fn field<'r>(&self, row: &'r impl Cells, column: Column) -> Option<&'r [u8]> {
        match &self.takes[column as usize] {
            Some(Take::Field(nth)) => Some(row.bytes(*nth)),
            _ => None,
        }
    }

    #[inline]
    fn text<'r>(&self, row: &'r impl Cells, column: Column) -> Option<(usize, &'r str)> {
        match &self.takes[column as usize] {
            Some(Take::Field(nth)) => Some((*nth, row.cell(*nth))),
            Some(take) => take.text(row),
            None => None,
        }
    }

    fn start(&self, row: &impl Cells, with: &mut With<'_>) -> Result<Timestamp, LogError> {
        let column = Column::Start;
        let usual = self.field(row, column).and_then(|it| with.times.usual(it));
        if let Some(start) = usual {
            return Ok(start);
        }
        let (nth, text) = self.text(row, column).unwrap_or((0, ""));
        if text.is_empty() {
            return Err(row.fault(nth, Some(column), Fault::NoStart));
        }
        with.times
            .read(text)
            .map_err(|fault| row.fault(nth, Some(column), fault))
    }

    /// What is odd about the spans of a row that is of no interest is counted all the same.
    fn odd_spans(&self, row: &impl Cells, with: &mut With<'_>) {
        use Column::{HoldS, RingS, TalkS, TotalS, WrapS};
        for column in [RingS, HoldS, TalkS, WrapS, TotalS] {
            let _ = self.span(row, column, with);
        }
    }

    /// The outcome, none where nothing is known, or the word of a row that is of no interest.
    fn outcome(&self, row: &impl Cells) -> Result<Result<Option<Outcome>, String>, LogError> {
        let column = Column::Outcome;
        match decide(&self.outcomes, row) {
            Some(Is::Word(outcome)) => return Ok(Ok(Some(*outcome))),
            Some(Is::Unknown) => return Ok(Ok(None)),
            Some(Is::Skip) => return Ok(Err(self.word(row).to_owned())),
            None => {}
        }
        let known = self.field(row, column).and_then(value::known_outcome);
        if known.is_some() {
            return Ok(Ok(known));
        }
        match self.text(row, column) {
            None | Some((_, "")) => Ok(Ok(None)),
            Some((nth, text)) => value::outcome(text).map(|it| Ok(Some(it))).map_err(|_| {
                let fault = Fault::UnknownOutcome(crate::error::shown(text));
                row.fault(nth, Some(column), fault)
            }),
        }
    }

    fn direction(&self, row: &impl Cells) -> Result<Result<Direction, String>, LogError> {
        let column = Column::Direction;
        match decide(&self.directions, row) {
            Some(Is::Word(direction)) => return Ok(Ok(*direction)),
            Some(Is::Unknown) => return Ok(Ok(Direction::Unknown)),
            Some(Is::Skip) => {
                let word = self.text(row, column).map_or("direction", |it| it.1);
                return Ok(Err(word.to_owned()));
            }
            None => {}
        }
        let known = self.field(row, column).and_then(value::known_direction);
        if let Some(known) = known {
            return Ok(Ok(known));
        }
        match self.text(row, column) {
            None | Some((_, "")) => Ok(Ok(Direction::Unknown)),
            Some((nth, text)) => {
                let read = value::direction(text).map(Ok);
                read.map_err(|fault| row.fault(nth, Some(column), fault))
            }
        }
    }
}

fn rules<T: Copy>(rules: &[Rule<T>], find: impl Fn(&str) -> Option<usize>) -> Vec<Found<T>> {
    let found = |rule: &Rule<T>| Found {
        when: rule
            .when
            .iter()
            .map(|(name, test)| (find(name), test.clone()))
            .collect(),
        is: rule.is,
    };
    rules.iter().map(found).collect()
}

fn decide<'a, T>(rules: &'a [Found<T>], row: &impl Cells) -> Option<&'a T> {
    let holds = |(at, test): &(Option<usize>, Test)| test.holds(at.map_or("", |it| row.cell(it)));
    rules
        .iter()
        .find(|rule| rule.when.iter().all(holds))
        .map(|rule| &rule.is)
}

/// How a column that is missing was to be called.
fn wanted(dialect: &Dialect, column: Column) -> String {
    let names = dialect
        .map
        .get(&column)
        .map(|it| it.columns().collect::<Vec<_>>().join("` or `"));
    format!("`{}`", names.unwrap_or_else(|| column.name().to_owned()))
}

/// `1772463605.1`, perhaps with the name of a system and a dash in front.
fn is_epoch(text: &str) -> bool {
    let own = text.rsplit('-').next().unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    own.split_once('.')
        .is_some_and(|(second, count)| digits(second) && digits(count))
}
