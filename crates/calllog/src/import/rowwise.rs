//! One file, row by row: what becomes of each.

use std::collections::BTreeMap;
use std::io::Read;

use super::draft::Draft;
use super::join::Joiner;
use super::json::{self, Objects};
use super::order::Order;
use super::plan::{Cells, Leg, MOST_TEXT, Plan, With};
use super::{Calls, ImportError, Keys, OnBadRow, Options, Quality};
use crate::call::Column;
use crate::dialect::Dialect;
use crate::error::{Fault, LogError};
use crate::rows::{Row, Rows};
use crate::times::Times;

/// A file that is being read.
pub(super) struct Reading<'a> {
    pub(super) options: &'a Options,
    pub(super) quality: &'a mut Quality,
    pub(super) keys: &'a mut Keys,
    pub(super) joiner: &'a mut Joiner,
    pub(super) order: &'a mut Order,
    pub(super) dialect: &'a Dialect,
    pub(super) times: Times,
    pub(super) file: &'a str,
    pub(super) calls: &'a mut dyn Calls,
    /// Words for outcomes that nobody has explained: once there is one, they are all gathered.
    pub(super) unknown: Option<Unknown>,
    /// The call of the row.
    pub(super) draft: Draft,
}

pub(super) struct Unknown {
    first: LogError,
    words: BTreeMap<String, u64>,
}

/// So many different words are shown.
const MOST_WORDS: usize = 40;

impl Cells for Row<'_> {
    #[inline]
    fn cell(&self, nth: usize) -> &str {
        self.value(nth)
    }

    #[expect(clippy::inline_always, reason = "as what it asks")]
    #[inline(always)]
    fn bytes(&self, nth: usize) -> &[u8] {
        Row::bytes(self, nth)
    }

    #[expect(clippy::inline_always, reason = "as what it asks")]
    #[inline(always)]
    fn tail(&self, nth: usize) -> (u64, usize) {
        Row::tail(self, nth)
    }

    #[cold]
    fn fault(&self, nth: usize, column: Option<Column>, fault: Fault) -> LogError {
        Row::fault(self, nth, column, fault)
    }
}

/// A JSON object as a row: the columns that the dialect asks for.
struct Values<'a> {
    text: &'a [u8],
    line: u64,
    names: &'a [&'a str],
    cells: Vec<String>,
}

impl Cells for Values<'_> {
    fn cell(&self, nth: usize) -> &str {
        &self.cells[nth]
    }

    fn bytes(&self, nth: usize) -> &[u8] {
        self.cells[nth].as_bytes()
    }

    fn fault(&self, nth: usize, column: Option<Column>, fault: Fault) -> LogError {
        let key = format!("\"{}\"", self.names.get(nth).copied().unwrap_or_default());
        let at = memchr::memmem::find(self.text, key.as_bytes()).unwrap_or(0);
        LogError::new(self.text, self.line, at, column, fault)
    }
}

impl Reading<'_> {
    /// Rows of fields.
    pub(super) fn csv<R: Read>(&mut self, mut rows: Rows<R>) -> Result<(), ImportError> {
        let mut plans: BTreeMap<usize, Plan> = BTreeMap::new();
        if self.dialect.columns.is_empty() {
            let header = match rows.next_row() {
                None => Err(LogError::bare(1, Fault::EmptyFile)),
                Some(Err(error)) => Err(error),
                Some(Ok(row)) => {
                    let names: Vec<&str> = row.values().collect();
                    let plan = Plan::new(self.dialect, self.options, &names);
                    plan.map_err(|fault| row.fault(0, None, fault))
                }
            };
            let plan = header.map_err(|error| self.fault(error))?;
            plans.insert(plan.width, plan);
        } else {
            self.widths(&mut plans)?;
        }
        let mut last = None;
        while let Some(row) = rows.next_row() {
            self.quality.rows += 1;
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    self.bad(error, rows.last_raw())?;
                    continue;
                }
            };
            let width = row.len();
            if last.as_ref().is_none_or(|plan: &&Plan| plan.width != width) {
                last = plans.get(&width);
            }
            let Some(plan) = last else {
                let error = ragged(&row, &plans);
                self.bad(error, row.raw())?;
                continue;
            };
            self.row(plan, &row, row.line(), row.raw())?;
        }
        self.quality.latin_1 += rows.latin_1;
        self.end()
    }

    /// The plans of a file without a header, by how many fields a row has.
    fn widths(&self, plans: &mut BTreeMap<usize, Plan>) -> Result<(), ImportError> {
        let own: Vec<&str> = self.dialect.columns.iter().map(String::as_str).collect();
        let mut all = vec![own.clone()];
        for more in self.dialect.more_columns.values() {
            let more = more.iter().map(String::as_str);
            all.push(own.iter().copied().chain(more).collect());
        }
        for names in all {
            let plan = Plan::new(self.dialect, self.options, &names);
            let plan = plan.map_err(|fault| self.fault(LogError::bare(1, fault)))?;
            plans.insert(names.len(), plan);
        }
        Ok(())
    }

    /// JSON objects.
    pub(super) fn json<R: Read>(&mut self, mut objects: Objects<'_, R>) -> Result<(), ImportError> {
        let dialect = self.dialect;
        let mut names = dialect.asked();
        names.sort_unstable();
        names.dedup();
        let plan = Plan::new(dialect, self.options, &names);
        let plan = plan.map_err(|fault| self.fault(LogError::bare(1, fault)))?;
        while let Some(object) = objects.next_object() {
            self.quality.rows += 1;
            let object = match object {
                Ok(object) => object,
                Err(error) => {
                    self.bad(error, objects.text())?;
                    continue;
                }
            };
            match json::read(object.text) {
                Ok(read) => {
                    let row = Values {
                        text: object.text,
                        line: object.line,
                        names: &names,
                        cells: names.iter().map(|it| json::text_of(&read, it)).collect(),
                    };
                    self.row(&plan, &row, object.number, object.text)?;
                }
                Err(why) => {
                    let fault = Fault::Json(why);
                    let error = LogError::new(object.text, object.line, 0, None, fault);
                    self.bad(error, object.text)?;
                }
            }
        }
        self.end()
    }

    #[inline]
    fn row<C: Cells>(
        &mut self,
        plan: &Plan,
        row: &C,
        number: u64,
        raw: &[u8],
    ) -> Result<(), ImportError> {
        if self.unknown.is_some() {
            self.only_words(plan, row);
            return Ok(());
        }
        let mut with = With {
            dialect: self.dialect,
            times: &mut self.times,
            quality: self.quality,
            keys: self.keys,
        };
        match plan.leg(row, &mut with, &mut self.draft) {
            Ok(Leg::Call { parent }) => {
                let call = &mut self.draft.call;
                call.source_row = Some(number);
                if self.joiner.joins()
                    && let Some(key) = plan.key(row)
                {
                    if key.len() > MOST_TEXT {
                        let fault = Fault::TextTooLong {
                            found: key.len(),
                            most: MOST_TEXT,
                        };
                        return self.bad(row.fault(0, None, fault), raw);
                    }
                    self.calls.leg(self.file, call);
                    let draft = &mut self.draft;
                    let done = self.joiner.add(key, parent, draft, self.quality);
                    return if done { self.hand_on() } else { Ok(()) };
                }
                if let Some(fault) = self.order.refuses(call) {
                    let error = row.fault(0, Some(Column::Start), fault);
                    return self.bad(error, raw);
                }
                self.calls.leg(self.file, call);
                self.order.push(call, self.quality, self.calls)
            }
            Ok(Leg::Skipped(word)) => {
                self.quality.skip(&word);
                Ok(())
            }
            Err(error) => {
                let stops = self.options.on_bad_row == OnBadRow::Stop;
                if stops && matches!(error.fault, Fault::UnknownOutcome(_)) {
                    self.unknown = Some(Unknown {
                        first: error,
                        words: BTreeMap::new(),
                    });
                    self.only_words(plan, row);
                    return Ok(());
                }
                self.bad(error, raw)
            }
        }
    }

    /// A call whose legs are together, in the draft.
    fn hand_on(&mut self) -> Result<(), ImportError> {
        let call = &self.draft.call;
        if let Some(fault) = self.order.refuses(call) {
            let on_bad_row = self.options.on_bad_row;
            return self
                .joiner
                .too_late(call, fault, on_bad_row, (self.quality, self.calls));
        }
        self.order.push(call, self.quality, self.calls)
    }

    fn only_words<C: Cells>(&mut self, plan: &Plan, row: &C) {
        let Some(unknown) = &mut self.unknown else {
            return;
        };
        let word = plan.word(row);
        if let Some(count) = unknown.words.get_mut(word) {
            *count += 1;
        } else if unknown.words.len() < MOST_WORDS {
            unknown.words.insert(word.to_owned(), 1);
        }
    }

    fn bad(&mut self, error: LogError, raw: &[u8]) -> Result<(), ImportError> {
        if self.unknown.is_some() {
            return Ok(());
        }
        if self.options.on_bad_row == OnBadRow::Stop || error.ends_the_reading() {
            return Err(self.fault(error));
        }
        let reason = error.fault.name();
        self.quality.malformed(reason);
        Ok(self.calls.skipped(self.file, error.line, reason, raw)?)
    }

    fn fault(&self, error: LogError) -> ImportError {
        ImportError::Row {
            file: self.file.to_owned(),
            error: Box::new(error),
        }
    }

    fn end(&mut self) -> Result<(), ImportError> {
        self.quality.gaps += self.times.gaps;
        self.quality.overlaps += self.times.overlaps;
        if let Some(unknown) = self.unknown.take() {
            let mut seen: Vec<(String, u64)> = unknown.words.into_iter().collect();
            seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            return Err(ImportError::Words {
                file: self.file.to_owned(),
                error: Box::new(unknown.first),
                seen,
            });
        }
        Ok(())
    }
}

#[cold]
fn ragged(row: &Row<'_>, plans: &BTreeMap<usize, Plan>) -> LogError {
    let expected = plans.keys().next_back().copied().unwrap_or(0);
    let fault = Fault::Ragged {
        found: row.len(),
        expected,
    };
    // The first field too many, or the last there is.
    let nth = expected.min(row.len() - 1);
    row.fault(nth, None, fault)
}
