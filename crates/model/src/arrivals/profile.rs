//! Rates over the day, in local time: steps or straight lines, on some days of the week.

use routing::Nanos;
use routing::hours::{DAY_S, Days};

use super::intensity::{self, Intensity, Piece, Thinned};
use super::{ArrivalProcess, Cursor, Key, KeyFault, Kind, Setting, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::quantity::Rate;

pub(super) const KIND: Kind = Kind {
    name: "profile",
    help: "rates over the day in local time",
    keys: &[
        Key {
            name: "every",
            help: "length of a slot; slots begin at local midnight",
            takes: Takes::Duration,
            required: true,
            default: None,
        },
        Key {
            name: "rates",
            help: "one rate a slot; after the last one the rest of the day is silent",
            takes: Takes::Rates,
            required: true,
            default: None,
        },
        Key {
            name: "days",
            help: "days of the week on which it holds",
            takes: Takes::Days,
            required: false,
            default: Some("Mon-Sun"),
        },
        Key {
            name: "shape",
            help: "steps: a rate holds through its slot; linear: it is met in the slot's middle",
            takes: Takes::Word(&["steps", "linear"]),
            required: false,
            default: Some("steps"),
        },
    ],
    make,
    ..super::PLAIN
};

fn make(values: &Values, _setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let every = *values
        .duration("every")
        .ok_or_else(|| KeyFault::missing("every"))?;
    let rates = values
        .rates("rates")
        .ok_or_else(|| KeyFault::missing("rates"))?;
    let every_s = u32::try_from(every.whole_secs()).unwrap_or(u32::MAX);
    if every.0 % Nanos::SECOND.0 != 0 || every_s == 0 || every_s > DAY_S {
        let message = "a slot is a whole number of seconds, at most a day".to_owned();
        return Err(KeyFault {
            key: "every",
            message,
        });
    }
    if rates.is_empty() || rates.len() as u64 * u64::from(every_s) > u64::from(DAY_S) {
        let message = format!(
            "{} slots of {every_s} s, where a day holds 1 to {}",
            rates.len(),
            DAY_S / every_s
        );
        return Err(KeyFault {
            key: "rates",
            message,
        });
    }
    Ok(Box::new(Profile {
        every_s,
        rates: rates.clone(),
        days: values.days("days").copied().unwrap_or(Days::ALL),
        linear: values.word("shape") == Some(&"linear"),
    }))
}

struct Profile {
    every_s: u32,
    rates: Vec<Rate>,
    days: Days,
    linear: bool,
}

impl ArrivalProcess for Profile {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        Box::new(Thinned::new(*start, self))
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        intensity::area(self, calendar, until)
    }
}

impl Intensity for Profile {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece {
        let local = calendar.local(at);
        let slot = (local.second / self.every_s) as usize;
        if !self.days.contains(local.weekday) || slot >= self.rates.len() {
            let until = calendar.until_second(at, DAY_S);
            return Piece {
                until,
                from_per_s: 0.0,
                to_per_s: 0.0,
            };
        }
        let slot_start = slot as u32 * self.every_s;
        if !self.linear {
            let rate = self.rates[slot].get();
            let until = calendar.until_second(at, slot_start + self.every_s);
            return Piece {
                until,
                from_per_s: rate,
                to_per_s: rate,
            };
        }
        let middle = slot_start + self.every_s / 2;
        let edge = if local.second < middle {
            middle
        } else {
            slot_start + self.every_s
        };
        let until = calendar.until_second(at, edge);
        let into = (at - Nanos(at.0 - at.0 % Nanos::SECOND.0)).as_secs_f64();
        let second = f64::from(local.second) + into;
        let end = second + (until - at).as_secs_f64();
        Piece {
            until,
            from_per_s: self.line(slot, second),
            to_per_s: self.line(slot, end),
        }
    }
}

impl Profile {
    /// The straight line through the middles of the slots; before the first and after the last
    /// middle of a profile that does not fill the day it stays at that slot's rate, else it runs
    /// on over midnight.
    fn line(&self, slot: usize, second: f64) -> f64 {
        let count = self.rates.len();
        let width = f64::from(self.every_s);
        let offset = second / width - (slot as f64 + 0.5);
        let full_day = count as u64 * u64::from(self.every_s) == u64::from(DAY_S);
        let neighbour = match (offset < 0.0, slot) {
            (true, 0) => full_day.then_some(count - 1),
            (true, _) => Some(slot - 1),
            (false, _) if slot + 1 < count => Some(slot + 1),
            (false, _) => full_day.then_some(0),
        };
        let here = self.rates[slot].get();
        let there = neighbour.map_or(here, |at| self.rates[at].get());
        (here + (there - here) * offset.abs()).max(0.0)
    }
}
