//! Arrival processes: when fresh calls come. One file each below `arrivals/`, one line each in
//! [`KINDS`].
//!
//! A run takes them all together, as [`Arrivals`]. A process knows times only; who calls whom is
//! [`crate::callers`]'. What depends on the outcome of calls (redials, text-back) belongs to the
//! life of a call and is not here.

mod intensity;
mod log;
mod merged;
mod poisson;
mod profile;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use routing::hours::Days;
use routing::record::FreshId;
use routing::{Nanos, PhoneNumber};

use crate::calendar::Calendar;
use crate::callers::{Callers, Targets};
use crate::draws::{Address, Batch, Draws, FreshDraws, Purpose};
use crate::quantity::{Rate, Share};

pub use merged::{Arrival, Arrivals, Stream};

/// Makes a process from its checked values, or says which of them do not go together.
pub type Make = fn(&Values) -> Result<Box<dyn ArrivalProcess>, KeyFault>;

/// One kind of `[[arrivals]]`: how it is written and made. Help, schema and error texts come from
/// here.
pub struct Kind {
    /// Its word in `kind`.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Its keys beside `kind`, `to`, `callers`, `day_cv` and `period_cv`.
    pub keys: &'static [Key],
    /// Whether each of its calls brings its own caller and number (then `to` and `callers` are
    /// not its keys).
    pub brings_calls: bool,
    /// How it is made; `None` when it comes with a later version.
    pub make: Option<Make>,
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    poisson::KIND,
    profile::KIND,
    log::KIND,
    later(
        "forecast",
        "calls per interval from a file, with a day factor",
    ),
    later("campaign", "replies to an SMS or e-mail blast"),
    later("burst", "a short burst, as after a radio spot"),
    later("televote", "ramp, hold and decay of a mass call"),
    later("robocall", "robocall noise and floods"),
    later("hawkes", "calls that bring more calls"),
];

const fn later(name: &'static str, help: &'static str) -> Kind {
    Kind {
        name,
        help,
        keys: &[],
        brings_calls: false,
        make: None,
    }
}

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
    /// One of these words.
    Word(&'static [&'static str]),
    /// Days of the week, as in `Mon-Fri`.
    Days,
    /// The path of a canonical call log.
    CallLog,
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
    /// For [`Takes::Factor`].
    Factor(f64),
    /// For [`Takes::Word`].
    Word(&'static str),
    /// For [`Takes::Days`].
    Days(Days),
    /// For [`Takes::CallLog`].
    Calls(Arc<[LoggedCall]>),
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
    fn missing(key: &'static str) -> Self {
        Self {
            key,
            message: format!("`{key}` is missing"),
        }
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
}

/// What a process is told when a run starts.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// The draws of the replication.
    pub draws: Draws,
    /// Its `[[arrivals]]` index.
    pub source: u16,
    /// Local time.
    pub calendar: &'a Calendar,
    /// Nothing arrives from here on.
    pub until: Nanos,
    /// Coefficient of variation of the gamma day factor; 0 is none.
    pub day_cv: f64,
}

impl Start<'_> {
    /// The uniform of this purpose for the `n`-th call (or day) of the source.
    fn uniform(&self, n: u64, purpose: Purpose) -> u64 {
        let fresh = FreshId {
            source: self.source,
            n,
        };
        self.draws.one(Address::of(fresh, 1, purpose))
    }

    /// The draws of its fresh calls, made many at a time.
    fn batch(&self) -> Batch {
        Batch::new(self.draws, self.source)
    }

    /// How busy this local day is, 1 on average (Whitt 1999; Avramidis, Deslauriers and L'Ecuyer
    /// 2004).
    fn day_factor(&self, day: u64) -> f64 {
        if self.day_cv <= 0.0 {
            return 1.0;
        }
        let shape = 1.0 / (self.day_cv * self.day_cv);
        crate::random_time::gamma(shape, self.uniform(day, Purpose::DayFactor)) / shape
    }
}

/// One call that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When; never before the one before it.
    pub at: Nanos,
    /// Its number within the source.
    pub n: u64,
    /// The draws of the fresh call; where the process brings the calls there is nothing to draw,
    /// and these are left at 0.
    pub draws: FreshDraws,
    /// Caller and number dialled, where the process brings them.
    pub call: Option<(Option<PhoneNumber>, PhoneNumber)>,
}

/// When fresh calls come.
pub trait ArrivalProcess: Send + Sync {
    /// Starts a replication.
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a>;

    /// Calls that the process knows of and leaves out, with the reason: (count, reason).
    fn left_out(&self, _calendar: &Calendar, _until: Nanos) -> Vec<(u64, &'static str)> {
        Vec::new()
    }

    /// Calls expected up to `until`, for plans and progress.
    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64;
}

/// A process on its way through one replication; parts of one may run on several threads.
pub trait Cursor: Send {
    /// The next call; none when nothing comes any more.
    fn next(&mut self) -> Option<Due>;
}

/// One `[[arrivals]]`: when, who, whom.
pub struct Source {
    /// When.
    pub process: Box<dyn ArrivalProcess>,
    /// Whom; none when the process brings its calls.
    pub targets: Option<Targets>,
    /// Who.
    pub callers: Callers,
    /// Coefficient of variation of the day factor.
    pub day_cv: f64,
}

impl Source {
    /// Whether each of its fresh calls is another person.
    pub fn all_different(&self) -> bool {
        self.targets.is_some() && self.callers.all_different()
    }
}
