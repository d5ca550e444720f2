//! The keys of the kinds of `[[arrivals]]` and their checked values.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use routing::hours::{Days, WeekHours};
use routing::{Nanos, PhoneNumber};

use crate::quantity::{Rate, Share};
use crate::random_time::RandomTime;

/// A key of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it must be there.
    pub required: bool,
    /// Its default, as it would be written, for help and schema.
    pub default: Option<&'static str>,
}

impl Key {
    /// A key that must be there.
    pub(super) const fn required(name: &'static str, takes: Takes, help: &'static str) -> Self {
        Self {
            name,
            help,
            takes,
            required: true,
            default: None,
        }
    }

    /// A key that may be left out.
    pub(super) const fn optional(name: &'static str, takes: Takes, help: &'static str) -> Self {
        Self {
            required: false,
            ..Self::required(name, takes, help)
        }
    }

    /// With this default, as it would be written.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }
}

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A rate such as `12/min`.
    Rate,
    /// A list of rates.
    Rates,
    /// A duration above zero.
    Duration,
    /// A probability.
    Share,
    /// A factor above 0.
    Factor,
    /// A number of 0 or more.
    Spread,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A random time.
    Time,
    /// A local date and time.
    Moment,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Days of the week, as in `Mon-Fri`.
    Days,
    /// The path of a canonical call log.
    CallLog,
    /// How messages are sent: [`Sending`].
    Sending,
    /// The path of a file of intervals: [`Forecast`].
    Forecast,
}

/// A checked value of a key.
#[derive(Debug, Clone)]
pub enum Value {
    /// For [`Takes::Rate`].
    Rate(Rate),
    /// For [`Takes::Rates`].
    Rates(Vec<Rate>),
    /// For [`Takes::Duration`].
    Duration(Nanos),
    /// For [`Takes::Share`].
    Share(Share),
    /// For [`Takes::Factor`] and [`Takes::Spread`].
    Factor(f64),
    /// For [`Takes::Whole`].
    Whole(u64),
    /// For [`Takes::Time`].
    Time(RandomTime),
    /// For [`Takes::Moment`].
    Moment(DateTime),
    /// For [`Takes::Word`].
    Word(&'static str),
    /// For [`Takes::Days`].
    Days(Days),
    /// For [`Takes::CallLog`].
    Calls(Arc<[LoggedCall]>),
    /// For [`Takes::Sending`].
    Sending(Sending),
    /// For [`Takes::Forecast`].
    Forecast(Arc<Forecast>),
}

/// One call of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedCall {
    /// When it came.
    pub at: Timestamp,
    /// Who called; none when withheld.
    pub from: Option<PhoneNumber>,
    /// The number dialled.
    pub to: PhoneNumber,
    /// Whether it was inbound; others are counted and left out.
    pub inbound: bool,
}

/// How the messages of a campaign go out.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// How fast; none is as the platform does it.
    pub pace: Option<Pace>,
    /// When, in local time; none is at any time.
    pub between: Option<WeekHours>,
}

/// How fast messages go out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// All in one instant.
    AtOnce,
    /// One after the other, evenly.
    Rate(Rate),
    /// So many in one instant, then nothing for a while: the drip mode of the platform.
    Batches {
        /// How many; 1 at least.
        batch: u64,
        /// From batch to batch.
        every: Nanos,
    },
}

/// Calls per interval, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// How long an interval lasts.
    pub every: Nanos,
    /// The intervals; no two begin at the same time.
    pub intervals: Vec<ForecastInterval>,
}

/// One row of a forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastInterval {
    /// When it begins, in local time.
    pub start: DateTime,
    /// Calls expected in it.
    pub calls: f64,
    /// Mean talk time of its calls, where the file says.
    pub talk: Option<Nanos>,
    /// Mean wrap-up of its calls, where the file says.
    pub wrap_up: Option<Nanos>,
}

/// The checked values of one `[[arrivals]]`, by key.
#[derive(Debug, Clone, Default)]
pub struct Values(pub BTreeMap<&'static str, Value>);

/// What a kind finds wrong with the values taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// At which key.
    pub key: &'static str,
    /// What was found and what is expected.
    pub message: String,
}

impl KeyFault {
    pub(super) fn missing(key: &'static str) -> Self {
        Self::new(key, format!("`{key}` is missing"))
    }

    pub(super) const fn new(key: &'static str, message: String) -> Self {
        Self { key, message }
    }
}

macro_rules! getters {
    ($($name:ident: $variant:ident -> $type:ty;)+) => {
        impl Values {
            $(
                #[doc = concat!("The value of a key that takes `", stringify!($variant), "`.")]
                pub fn $name(&self, key: &str) -> Option<&$type> {
                    match self.0.get(key) {
                        Some(Value::$variant(value)) => Some(value),
                        _ => None,
                    }
                }
            )+
        }
    };
}

getters! {
    rate: Rate -> Rate;
    rates: Rates -> Vec<Rate>;
    duration: Duration -> Nanos;
    share: Share -> Share;
    factor: Factor -> f64;
    word: Word -> &'static str;
    days: Days -> Days;
    calls: Calls -> Arc<[LoggedCall]>;
    whole: Whole -> u64;
    time: Time -> RandomTime;
    moment: Moment -> DateTime;
    sending: Sending -> Sending;
    forecast: Forecast -> Arc<Forecast>;
}
