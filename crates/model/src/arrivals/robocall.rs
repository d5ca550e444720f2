//! Robocalls: a steady noise on every number, or a flood from one caller. Most are short or silent.

use routing::Nanos;

use super::intensity::{self, Intensity, Piece, Thinned};
use super::{ArrivalProcess, Cursor, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::callers::Callers;
use crate::quantity::Rate;
use crate::random_time::RandomTime;

pub(super) const KIND: Kind = Kind {
    name: "robocall",
    help: "robocall noise on every number, or a flood from one caller",
    keys: &[
        Key::optional(
            "mode",
            Takes::Word(&["noise", "flood"]),
            "noise: independent calls, for every number in `to`; flood: one caller for a while",
        )
        .or("\"noise\""),
        Key::optional(
            "rate",
            Takes::Rate,
            "noise: calls to each number, default 0.12/d (Prasad et al., USENIX Security 2020); \
             flood: calls of the caller, default 13/min (an owner's report in the FreePBX forum)",
        ),
        Key::optional(
            "at",
            Takes::Moment,
            "flood: when it begins; default the start",
        ),
        Key::optional(
            "lasts",
            Takes::Duration,
            "flood: how long, default 1min (13 calls, the mean of a robocall campaign in Prasad \
             et al.)",
        ),
        Key::optional(
            "talk",
            Takes::Time,
            "how long a call lasts when somebody answers; default uniform, noise 0 to 6 s (about \
             half are silent, RRAPTOR), flood 3 to 10 s",
        ),
    ],
    callers: |values| {
        if is_flood(values) {
            Callers::Pool(1)
        } else {
            Callers::Unique
        }
    },
    make,
    ..PLAIN
};

fn is_flood(values: &Values) -> bool {
    values.word("mode") == Some(&"flood")
}

fn make(values: &Values, setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let flood = is_flood(values);
    for key in ["at", "lasts"] {
        if !flood && values.0.contains_key(key) {
            let message =
                format!("`{key}` is a key of a flood: leave it out, or write mode = \"flood\"");
            return Err(KeyFault::new(key, message));
        }
    }
    let default = if flood { 13.0 / 60.0 } else { 0.12 / 86_400.0 };
    let rate = values.rate("rate").copied().map_or(default, Rate::get);
    let (from_s, to_s) = if flood { (3, 10) } else { (0, 6) };
    let (from, until, numbers) = if flood {
        let from = setting.moment(values, "at")?;
        let lasts = values.duration("lasts").copied().unwrap_or(Nanos::MINUTE);
        (from, from + lasts, 1)
    } else {
        (Nanos::ZERO, Nanos::NEVER, setting.numbers)
    };
    let usual = || RandomTime::uniform(Nanos::from_secs(from_s), Nanos::from_secs(to_s)).ok();
    let talk = values.time("talk").cloned().or_else(usual);
    Ok(Box::new(Robocall {
        from,
        until,
        per_s: rate * numbers as f64,
        flood,
        talk: talk.unwrap_or(RandomTime::constant(Nanos::SECOND)),
    }))
}

struct Robocall {
    from: Nanos,
    until: Nanos,
    per_s: f64,
    flood: bool,
    talk: RandomTime,
}

impl ArrivalProcess for Robocall {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        Box::new(Thinned::new(*start, self))
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        intensity::area(self, calendar, until)
    }

    fn begins(&self) -> Option<(Nanos, &'static str)> {
        self.flood.then_some((self.from, "the flood began"))
    }

    fn as_people(&self) -> bool {
        false
    }

    fn talk(&self, _people: &RandomTime, _at: Nanos, uniform: u64) -> Nanos {
        self.talk.draw(uniform)
    }
}

impl Intensity for Robocall {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece {
        let midnight = calendar.until_second(at, routing::hours::DAY_S);
        let (per_s, until) = if at < self.from {
            (0.0, self.from)
        } else if at < self.until {
            (self.per_s, self.until)
        } else {
            (0.0, Nanos::NEVER)
        };
        Piece {
            until: until.min(midnight),
            from_per_s: per_s,
            to_per_s: per_s,
        }
    }
}
