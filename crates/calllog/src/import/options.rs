//! What whoever imports a log says about it.

use jiff::tz::TimeZone;
use routing::Nanos;
use routing::record::Outcome;

use super::Limits;
use crate::call::Column;
use crate::dialect::{Dialect, Is};
use crate::rows::Encoding;
use crate::times::TimeFormat;

/// What becomes of a malformed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnBadRow {
    /// It ends the import.
    #[default]
    Stop,
    /// It is left out, counted and handed to [`super::Calls::skipped`].
    Skip,
}

/// Everything that can be said.
#[derive(Debug, Clone)]
pub struct Options {
    /// The dialect; found out where it is left out.
    pub dialect: Option<Dialect>,
    /// Which column is what, over what the dialect says.
    pub map: Vec<(Column, String)>,
    /// What words for outcomes mean, before what the dialect says.
    pub outcomes: Vec<(String, Is<Outcome>)>,
    /// The zone of times that name none.
    pub zone: Option<TimeZone>,
    /// Its name, where it is to be written into a saved dialect.
    pub zone_name: Option<String>,
    /// How times are written, over what the dialect says.
    pub time_format: Option<TimeFormat>,
    /// Put before numbers of national form: digits without `+`.
    pub country_code: Option<String>,
    /// Between fields; found out where it is left out.
    pub delimiter: Option<u8>,
    /// How bytes are text, over what the dialect says.
    pub encoding: Option<Encoding>,
    /// The column of callers holds no phone numbers.
    pub opaque_from: bool,
    /// The column of called numbers holds none.
    pub opaque_to: bool,
    /// Every call without a caller comes from somebody else, not from a withheld number.
    pub empty_from_distinct: bool,
    /// What becomes of a malformed row.
    pub on_bad_row: OnBadRow,
    /// So many calls are held back to be sorted.
    pub order_window: usize,
    /// An answered call with a shorter talk than this, or with a ring of [`LONG_RING`] and more, is
    /// taken for one that a phone company's voicemail answered; none takes nobody for it.
    pub suspect_voicemail: Option<Nanos>,
    /// How much a packed log may unpack to.
    pub limits: Limits,
}

/// From here on it is likely that a phone company's voicemail answers (`HighLevel`'s help, 2025:
/// after 20 to 30 s).
pub const LONG_RING: Nanos = Nanos(20 * Nanos::SECOND.0);

impl Options {
    /// The zone of the log: that of the times that name none, as far as it is known before the log
    /// is read; else UTC. Days are told, and canonical logs written, in it.
    pub fn zone(&self) -> TimeZone {
        let of_dialect = self.dialect.as_ref().and_then(|it| it.time_zone.as_ref());
        let of_dialect = of_dialect.and_then(|it| TimeZone::get(it).ok());
        self.zone.clone().or(of_dialect).unwrap_or(TimeZone::UTC)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: None,
            map: Vec::new(),
            outcomes: Vec::new(),
            zone: None,
            zone_name: None,
            time_format: None,
            country_code: None,
            delimiter: None,
            encoding: None,
            opaque_from: false,
            opaque_to: false,
            empty_from_distinct: false,
            on_bad_row: OnBadRow::Stop,
            order_window: super::WINDOW,
            suspect_voicemail: None,
            limits: Limits::default(),
        }
    }
}
