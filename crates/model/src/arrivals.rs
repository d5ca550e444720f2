//! Arrival processes: when fresh calls come. One file each below `arrivals/`, one line each in
//! [`KINDS`].
//!
//! A run takes them all together, as [`Arrivals`]. A process knows times only; who calls whom is
//! [`crate::callers`]'. What depends on the outcome of calls (redials, text-back) belongs to the
//! life of a call and is not here.

mod burst;
mod campaign;
mod factors;
pub use factors::correlation_of_periods;
mod forecast;
mod hawkes;
mod intensity;
mod log;
mod merged;
mod poisson;
mod profile;
mod robocall;
mod schedule;
mod televote;
mod values;

use routing::record::FreshId;
use routing::{Nanos, PhoneNumber};

use crate::calendar::Calendar;
use crate::callers::{Callers, Targets};
use crate::draws::{Address, Batch, Draws, FreshDraws, Purpose};
use crate::random_time::RandomTime;

pub use merged::{Arrival, Arrivals, Stream};
pub use values::{
    Forecast, ForecastInterval, Key, KeyFault, LoggedCall, Pace, Sending, Takes, Value, Values,
};

/// Makes a process from its checked values, or says which of them do not go together.
pub type Make = fn(&Values, &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault>;

/// What is known of a run when its processes are made.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Local time.
    pub calendar: &'a Calendar,
    /// How many of our numbers the process calls.
    pub numbers: u64,
}

impl Setting<'_> {
    /// The moment at this key as a time of the run; where it is left out, the start.
    fn moment(&self, values: &Values, key: &'static str) -> Result<Nanos, KeyFault> {
        let Some(at) = values.moment(key) else {
            return Ok(Nanos::ZERO);
        };
        self.calendar.since_start_local(*at).ok_or_else(|| {
            let start = self.calendar.label(Nanos::ZERO);
            KeyFault::new(
                key,
                format!("{at} lies before the start of the run, {start}"),
            )
        })
    }
}

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
    /// Who calls where `callers` is left out.
    pub callers: fn(&Values) -> Callers,
    /// How its counts vary without day and period factors.
    pub counts: Counts,
    /// How it is made.
    pub make: Make,
}

/// How the calls within a minute or a quarter of an hour vary from replication to replication: by
/// their index of dispersion, the variance over the mean. The laws of every kind are tested by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// As those of a Poisson process: 1.
    Poisson,
    /// 1 or less: so many calls are there to come and no more.
    Steadier,
    /// 1 or more, and more over a quarter of an hour: calls bring calls, or the whole is of random
    /// size.
    Burstier,
}

/// What most kinds have in common.
const PLAIN: Kind = Kind {
    name: "",
    help: "",
    keys: &[],
    brings_calls: false,
    callers: |_| Callers::Unique,
    counts: Counts::Poisson,
    make: |_, _| Err(KeyFault::missing("kind")),
};

/// Every kind.
pub const KINDS: &[Kind] = &[
    poisson::KIND,
    profile::KIND,
    forecast::KIND,
    campaign::KIND,
    log::KIND,
    burst::KIND,
    televote::KIND,
    robocall::KIND,
    hawkes::KIND,
];

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
    /// How busy days and half-hours vary.
    pub spread: Spread,
}

/// How much busier some days and some half-hours are than others, by chance: coefficients of
/// variation of factors that are 1 on average. 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Of the gamma factor of a day.
    pub day_cv: f64,
    /// Of the correlated factors of half-hours.
    pub period_cv: f64,
}

impl Spread {
    /// Nothing varies but the calls themselves.
    pub const NONE: Self = Self {
        day_cv: 0.0,
        period_cv: 0.0,
    };

    fn is_none(self) -> bool {
        self.day_cv <= 0.0 && self.period_cv <= 0.0
    }
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

    /// Two uniforms of the same.
    fn pair(&self, n: u64, purpose: Purpose) -> (u64, u64) {
        let fresh = FreshId {
            source: self.source,
            n,
        };
        self.draws.pair(Address::of(fresh, 1, purpose))
    }

    /// The draws of its fresh calls, made many at a time.
    fn batch(&self) -> Batch {
        Batch::new(self.draws, self.source)
    }
}

/// One call that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When; never before the one before it.
    pub at: Nanos,
    /// Its number within the source: no two have the same. Not always in the order of time.
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

    /// The one moment that sets it off, where there is one, and what that is.
    fn begins(&self) -> Option<(Nanos, &'static str)> {
        None
    }

    /// The most memory that one replication may need for calls that are known before they come,
    /// in bytes.
    fn held_bytes(&self) -> f64 {
        0.0
    }

    /// Whether its calls are as long as `[people]` says; if not, [`Self::talk`] and
    /// [`Self::wrap_up`] are asked.
    fn as_people(&self) -> bool {
        true
    }

    /// How long somebody talks with a caller who came at this time; `people` is what `[people]`
    /// says.
    fn talk(&self, people: &RandomTime, _at: Nanos, uniform: u64) -> Nanos {
        people.draw(uniform)
    }

    /// How long whoever talked is busy afterwards.
    fn wrap_up(&self, people: &RandomTime, _at: Nanos, uniform: u64) -> Nanos {
        people.draw(uniform)
    }
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
    /// How busy days and half-hours vary.
    pub spread: Spread,
}

impl Source {
    /// Whether each of its fresh calls is another person.
    pub fn all_different(&self) -> bool {
        self.targets.is_some() && self.callers.all_different()
    }
}
