//! Calls to the canonical log.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use routing::{Nanos, PhoneNumber};

use crate::call::{CanonicalCall, Column};

/// Writes the canonical log: a header, then a row a call. Times carry the offset of a time zone,
/// numbers stand as they are, unknown values are empty.
pub struct CanonicalWriter<W: Write> {
    out: csv::Writer<W>,
    time_zone: TimeZone,
}

impl<W: Write> CanonicalWriter<W> {
    /// Writes the header: the canonical columns, then `extra` ones that every row must bring.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn new(out: W, time_zone: TimeZone, extra: &[&str]) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        let names = Column::ALL
            .iter()
            .map(|it| it.name())
            .chain(extra.iter().copied());
        out.write_record(names)?;
        Ok(Self { out, time_zone })
    }

    /// Writes a call, and the values of the extra columns.
    ///
    /// # Errors
    /// Whatever the output says, and a count of extra values that is not that of the extra
    /// columns.
    pub fn write(&mut self, call: &CanonicalCall, extra: &[&str]) -> io::Result<()> {
        for column in Column::ALL {
            self.out.write_field(self.text(call, column))?;
        }
        self.out.write_record(extra)?;
        Ok(())
    }

    /// Writes what is still held back and gives the output back.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn finish(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }

    fn text(&self, call: &CanonicalCall, column: Column) -> String {
        let number = |it: Option<PhoneNumber>| it.map(|it| it.to_string()).unwrap_or_default();
        let span = |it: Option<Nanos>| it.map(decimal_seconds).unwrap_or_default();
        match column {
            Column::Start => rfc_3339(call.start, &self.time_zone),
            Column::From => number(call.from),
            Column::To => number(call.to),
            Column::Direction => call.direction.name().to_owned(),
            Column::Outcome => call.outcome.map_or("", |it| it.name()).to_owned(),
            Column::RingS => span(call.ring),
            Column::HoldS => span(call.hold),
            Column::TalkS => span(call.talk),
            Column::WrapS => span(call.wrap),
            Column::TotalS => span(call.total),
            Column::User => call.user.clone().unwrap_or_default(),
            Column::SourceRow => call.source_row.map(|it| it.to_string()).unwrap_or_default(),
        }
    }
}

/// In local time with its offset. Where the offset is not of whole minutes (local mean time,
/// before about 1900) RFC 3339 cannot write it: then in UTC.
fn rfc_3339(at: Timestamp, time_zone: &TimeZone) -> String {
    let offset = time_zone.to_offset(at);
    let offset = if offset.seconds() % 60 == 0 {
        offset
    } else {
        Offset::UTC
    };
    at.display_with_offset(offset).to_string()
}

/// Exact, and no digit more than needed: `0`, `12.5`, `0.000000001`.
fn decimal_seconds(span: Nanos) -> String {
    let (whole, rest) = (span.whole_secs(), span.0 % Nanos::SECOND.0);
    if rest == 0 {
        return whole.to_string();
    }
    let fraction = format!("{rest:09}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests;
