//! Numbers and spans of a row: nearly always as they should be, in one field.

use routing::{Nanos, PhoneNumber};

use super::take::{Take, first};
use super::{Cells, Plan, With};
use crate::call::Column;
use crate::dialect::SECOND_NS;
use crate::error::{Fault, LogError, SpanFault};
use crate::import::party::{self, Party};
use crate::times::Times;
use crate::value;

impl Plan {
    #[inline]
    pub(super) fn party(
        &self,
        row: &impl Cells,
        column: Column,
        with: &mut With<'_>,
    ) -> Result<Option<PhoneNumber>, LogError> {
        let from = column == Column::From;
        let (opaque_from, opaque_to) = with.dialect.opaque;
        let opaque = if from { opaque_from } else { opaque_to };
        if !opaque
            && let Some(text) = self.field(row, column)
            && let Some(number) = party::plain(text)
        {
            return Ok(Some(number));
        }
        self.any_party(row, column, (from, opaque), with)
    }

    /// What is no number as it should be, or stands in more than one field.
    #[inline(never)]
    fn any_party(
        &self,
        row: &impl Cells,
        column: Column,
        (from, opaque): (bool, bool),
        with: &mut With<'_>,
    ) -> Result<Option<PhoneNumber>, LogError> {
        let Some((nth, text)) = self.text(row, column) else {
            return Ok(None);
        };
        let fault = |fault| row.fault(nth, Some(column), fault);
        if opaque && !text.is_empty() {
            return with.keys.number(text).map(Some).map_err(fault);
        }
        let country = with.dialect.country_code.as_deref();
        let read = party::read(text, country, with.dialect.odd_numbers);
        match read.map_err(fault)? {
            Party::Number(number) => Ok(Some(number)),
            Party::Bare(number) => {
                with.quality.bare_number(text);
                Ok(Some(number))
            }
            Party::Withheld if from && with.dialect.empty_from_distinct => {
                Ok(Some(with.keys.nameless()))
            }
            Party::Withheld => Ok(None),
            Party::Odd => {
                with.quality.odd_number(text);
                Ok(None)
            }
        }
    }

    /// A span, where the row has one.
    #[inline]
    pub(super) fn span(
        &self,
        row: &impl Cells,
        column: Column,
        with: &mut With<'_>,
    ) -> Result<Option<Nanos>, LogError> {
        // Nearly always a field with nothing or a plain number in it.
        if let Some(Take::Field(nth)) = &self.takes[column as usize] {
            let (tail, length) = row.tail(*nth);
            if length == 0 {
                return Ok(None);
            }
            if let Some(span) = value::whole_span(tail, length) {
                with.quality.span(span);
                return Ok(Some(span));
            }
        }
        self.any_span(row, column, with)
    }

    /// What is neither nothing nor a plain number, or stands in more than one field.
    #[inline(never)]
    fn any_span(
        &self,
        row: &impl Cells,
        column: Column,
        with: &mut With<'_>,
    ) -> Result<Option<Nanos>, LogError> {
        let (nth, read) = match &self.takes[column as usize] {
            None => return Ok(None),
            Some(Take::Field(nth)) => (*nth, value::span(row.cell(*nth))),
            Some(Take::Fields { unit_ns, .. }) => {
                let (nth, text) = self.text(row, column).unwrap_or((0, ""));
                if text.is_empty() {
                    return Ok(None);
                }
                let scaled = |span: Nanos| {
                    let ns = u128::from(span.0) * u128::from(*unit_ns) / u128::from(SECOND_NS);
                    Nanos(u64::try_from(ns).unwrap_or(u64::MAX - 1))
                };
                (nth, value::span(text).map(scaled))
            }
            Some(Take::Between { from, until }) => {
                let ((nth, from), (_, until)) = (first(row, from), first(row, until));
                if from.is_empty() || until.is_empty() {
                    return Ok(None);
                }
                (nth, between(from, until, with.times))
            }
        };
        match read {
            Ok(span) => {
                with.quality.span(span);
                Ok(Some(span))
            }
            // Odd, but well formed.
            Err(Fault::Span {
                why: SpanFault::Negative,
                ..
            }) => {
                with.quality.negative += 1;
                Ok(None)
            }
            Err(fault) => Err(row.fault(nth, Some(column), fault)),
        }
    }
}

/// The time from one text to another. What daylight saving does to them was counted with the
/// start.
fn between(from: &str, until: &str, times: &mut Times) -> Result<Nanos, Fault> {
    let counted = (times.gaps, times.overlaps);
    let read = (times.read(from), times.read(until));
    (times.gaps, times.overlaps) = counted;
    let span = read.1?.duration_since(read.0?).as_nanos();
    u64::try_from(span).map(Nanos).map_err(|_| Fault::Span {
        found: until.to_owned(),
        why: SpanFault::Negative,
    })
}
