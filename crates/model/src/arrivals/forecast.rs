//! Calls per interval from a file, as a planning tool exports them: the rate is the same throughout
//! an interval, and nothing comes between intervals.

use std::sync::{Arc, OnceLock};

use routing::Nanos;

use super::intensity::{self, Intensity, Piece, Thinned};
use super::values::ForecastInterval;
use super::{ArrivalProcess, Cursor, Key, KeyFault, Kind, PLAIN, Setting, Start, Takes, Values};
use crate::calendar::Calendar;
use crate::random_time::RandomTime;

pub(super) const KIND: Kind = Kind {
    name: "forecast",
    help: "calls per interval from a file, with a day factor",
    keys: &[Key::required(
        "file",
        Takes::Forecast,
        "CSV with interval_start,calls and, if wanted, talk_s,wrap_s (means); agents is for \
         hold_staff",
    )],
    make,
    ..PLAIN
};

fn make(values: &Values, setting: &Setting<'_>) -> Result<Box<dyn ArrivalProcess>, KeyFault> {
    let forecast = values
        .forecast("file")
        .ok_or_else(|| KeyFault::missing("file"))?;
    let calendar = setting.calendar;
    let mut steps: Vec<Step> = Vec::with_capacity(forecast.intervals.len());
    let mut early = 0.0;
    for row in &forecast.intervals {
        let every_s = forecast.every.as_secs_f64();
        match calendar.since_start_local(row.start) {
            Some(from) => {
                // An hour that the clock skips or repeats does not make two intervals overlap.
                let from = steps.last().map_or(from, |last| from.max(last.until));
                steps.push(Step {
                    from,
                    until: from + forecast.every,
                    per_s: row.calls / every_s,
                    row: *row,
                });
            }
            None => early += row.calls,
        }
    }
    let mut starts = forecast.intervals.iter().map(|row| row.start);
    if steps.is_empty() {
        let message = format!(
            "its last interval, {}, lies before the start of the run, {}",
            starts
                .next_back()
                .map(|it| it.to_string())
                .unwrap_or_default(),
            calendar.label(Nanos::ZERO)
        );
        return Err(KeyFault::new("file", message));
    }
    let of_rows = |is: fn(&ForecastInterval) -> bool| forecast.intervals.iter().any(is);
    Ok(Box::new(Intervals {
        steps: steps.into(),
        early,
        own: of_rows(|row| row.talk.is_some() || row.wrap_up.is_some()),
        talk_mean: OnceLock::new(),
        wrap_up_mean: OnceLock::new(),
    }))
}

#[derive(Debug, Clone, Copy)]
struct Step {
    from: Nanos,
    until: Nanos,
    per_s: f64,
    row: ForecastInterval,
}

struct Intervals {
    steps: Arc<[Step]>,
    /// Calls of intervals that begin before the run.
    early: f64,
    /// Whether some interval says how long its calls are.
    own: bool,
    /// Mean seconds of what `[people]` says, which is the same all through a run.
    talk_mean: OnceLock<f64>,
    wrap_up_mean: OnceLock<f64>,
}

impl Intervals {
    /// The interval of this time.
    fn step(&self, at: Nanos) -> Option<&Step> {
        let begun = self.steps.partition_point(|step| step.from <= at);
        self.steps[..begun].last().filter(|step| at < step.until)
    }
}

impl ArrivalProcess for Intervals {
    fn start<'a>(&'a self, start: &Start<'a>) -> Box<dyn Cursor + 'a> {
        Box::new(Thinned::new(*start, self))
    }

    fn left_out(&self, _calendar: &Calendar, until: Nanos) -> Vec<(u64, &'static str)> {
        let late = self.steps.iter().filter(|step| step.from >= until);
        let late: f64 = late.map(|step| step.row.calls).sum();
        let mut left_out = vec![
            (
                self.early.round() as u64,
                "came before the start of the run",
            ),
            (late.round() as u64, "came after its end"),
        ];
        left_out.retain(|(calls, _)| *calls > 0);
        left_out
    }

    fn expected(&self, calendar: &Calendar, until: Nanos) -> f64 {
        intensity::area(self, calendar, until)
    }

    fn as_people(&self) -> bool {
        !self.own
    }

    fn talk(&self, people: &RandomTime, at: Nanos, uniform: u64) -> Nanos {
        let mean = self.step(at).and_then(|step| step.row.talk);
        stretched(people, mean, &self.talk_mean, uniform)
    }

    fn wrap_up(&self, people: &RandomTime, at: Nanos, uniform: u64) -> Nanos {
        let mean = self.step(at).and_then(|step| step.row.wrap_up);
        stretched(people, mean, &self.wrap_up_mean, uniform)
    }
}

/// The time of `[people]`, stretched so that its mean is this one.
fn stretched(
    people: &RandomTime,
    mean: Option<Nanos>,
    people_mean_s: &OnceLock<f64>,
    uniform: u64,
) -> Nanos {
    let Some(mean) = mean else {
        return people.draw(uniform);
    };
    let of_people = *people_mean_s.get_or_init(|| people.mean_s());
    if of_people <= 0.0 || !of_people.is_finite() {
        return mean;
    }
    let drawn = people.draw(uniform).as_secs_f64();
    let stretched = Nanos::from_secs_f64(drawn * mean.as_secs_f64() / of_people);
    stretched.min(crate::random_time::LONGEST)
}

impl Intensity for Intervals {
    fn piece(&self, calendar: &Calendar, at: Nanos) -> Piece {
        let midnight = calendar.until_second(at, routing::hours::DAY_S);
        let begun = self.steps.partition_point(|step| step.from <= at);
        let next = self.steps.get(begun).map_or(Nanos::NEVER, |step| step.from);
        let (per_s, until) = match self.step(at) {
            Some(step) => (step.per_s, step.until.min(next)),
            None => (0.0, next),
        };
        Piece {
            until: until.min(midnight),
            from_per_s: per_s,
            to_per_s: per_s,
        }
    }
}
