//! Where the marks of an axis stand and what is written at them. Pure arithmetic: draws nothing.

use super::font::width;

/// Size of the letters at an axis, in pixels an em.
pub(super) const EM_PX: f64 = 12.0;

/// Free pixels between two labels of the horizontal axis.
const GAP_PX: i32 = 12;

/// Widths of time at which marks of a clock are read easily, in minutes.
const ROUND_MINUTES: [u32; 13] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720];

const MINUTES_A_DAY: u32 = 24 * 60;

/// A vertical axis from 0 to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    step: f64,
    steps: u32,
}

impl Scale {
    /// Covers 0 to `highest` in about `marks` steps; in whole ones when `whole`.
    pub(super) fn over(highest: f64, whole: bool, marks: u32) -> Self {
        if highest <= 0.0 {
            return Self {
                step: 1.0,
                steps: 1,
            };
        }
        let rough = highest / f64::from(marks.max(1));
        let power = 10_f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0, 10.0].map(|it| it * power);
        let step = round
            .into_iter()
            .find(|it| *it >= rough * 0.999)
            .unwrap_or(power * 10.0);
        let step = if whole { step.max(1.0) } else { step };
        Self {
            step,
            steps: ((highest / step - 1e-9).ceil() as u32).max(1),
        }
    }

    pub(super) fn top(self) -> f64 {
        self.step * f64::from(self.steps)
    }

    /// Each mark with what is written at it, from below.
    pub(super) fn marks(self) -> impl Iterator<Item = (f64, String)> {
        (0..=self.steps).map(move |k| {
            let value = self.step * f64::from(k);
            (value, number(value, self.step))
        })
    }
}

/// The value with as many decimals as a step of this size needs, thousands apart.
fn number(value: f64, step: f64) -> String {
    if value >= 1e9 {
        return format!("{value:e}");
    }
    if step < 1.0 {
        let decimals = (-step.log10().floor()).clamp(1.0, 12.0) as usize;
        return format!("{value:.decimals$}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{A0}');
        }
        out.push(digit);
    }
    out
}

/// A mark of the horizontal axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The interval at whose start it stands.
    pub(super) interval: usize,
    /// What is written below it.
    pub(super) text: String,
    /// What is written below that: the day, where it changes. May be empty.
    pub(super) day: String,
}

/// Marks that do not touch each other, at round times where the labels tell the time. `x_of` is
/// where an interval starts, in pixels.
pub(super) fn marks(labels: &[String], x_of: &dyn Fn(usize) -> i32) -> Vec<Mark> {
    let clock: Option<Vec<Moment<'_>>> = labels.iter().map(|it| Moment::read(it)).collect();
    let by_clock = clock.and_then(|moments| clock_marks(&moments, x_of));
    by_clock.unwrap_or_else(|| even_marks(labels, x_of))
}

/// A label that tells a time of day.
#[derive(Debug, Clone, Copy)]
struct Moment<'a> {
    day: &'a str,
    time: &'a str,
    minute: u32,
}

impl<'a> Moment<'a> {
    fn read(label: &'a str) -> Option<Self> {
        let (day, time) = label.trim().rsplit_once(' ').unwrap_or(("", label.trim()));
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        let valid = hour < 24 && minute < 60;
        valid.then_some(Self {
            day: day.trim(),
            time,
            minute: hour * 60 + minute,
        })
    }
}

fn clock_marks(moments: &[Moment<'_>], x_of: &dyn Fn(usize) -> i32) -> Option<Vec<Mark>> {
    let at_times = |round: u32| {
        let these = moments
            .iter()
            .enumerate()
            .filter(|(_, it)| it.minute.is_multiple_of(round));
        these
            .map(|(interval, it)| (interval, it.time))
            .collect::<Vec<_>>()
    };
    let enough = |it: &Vec<(usize, &str)>| it.len() > 1 && apart(it, x_of);
    let times = ROUND_MINUTES.iter().map(|it| at_times(*it)).find(enough);
    if let Some(times) = times {
        return Some(with_days(&times, moments, x_of));
    }
    let midnights: Vec<(usize, &str)> = moments
        .iter()
        .enumerate()
        .filter(|(_, it)| it.minute.is_multiple_of(MINUTES_A_DAY) && !it.day.is_empty())
        .map(|(interval, it)| (interval, it.day))
        .collect();
    let days =
        [1, 2, 3, 7, 14, 28, 56, 112, 224].map(|n| midnights.iter().copied().step_by(n).collect());
    let days = days.into_iter().find(enough)?;
    Some(
        days.into_iter()
            .map(|(interval, day)| mark(interval, day, ""))
            .collect(),
    )
}

fn mark(interval: usize, text: &str, day: &str) -> Mark {
    Mark {
        interval,
        text: text.to_owned(),
        day: day.to_owned(),
    }
}

/// Whether the labels, each centred below its mark, leave a gap.
fn apart(labels: &[(usize, &str)], x_of: &dyn Fn(usize) -> i32) -> bool {
    let halves =
        |pair: &[(usize, &str)]| i32::midpoint(width(pair[0].1, EM_PX), width(pair[1].1, EM_PX));
    labels
        .windows(2)
        .all(|pair| x_of(pair[1].0) - x_of(pair[0].0) >= halves(pair) + GAP_PX)
}

fn with_days(
    times: &[(usize, &str)],
    moments: &[Moment<'_>],
    x_of: &dyn Fn(usize) -> i32,
) -> Vec<Mark> {
    let mut shown: Option<(usize, &str)> = None;
    let mut marks = Vec::with_capacity(times.len());
    for &(interval, time) in times {
        let day = moments[interval].day;
        let here = (interval, day);
        let free = shown.is_none_or(|last| last.1 != day && apart(&[last, here], x_of));
        marks.push(mark(interval, time, if free { day } else { "" }));
        if free {
            shown = Some(here);
        }
    }
    marks
}

fn even_marks(labels: &[String], x_of: &dyn Fn(usize) -> i32) -> Vec<Mark> {
    let every = |n: usize| {
        let these = labels.iter().enumerate().step_by(n);
        these
            .map(|(interval, it)| (interval, it.as_str()))
            .collect::<Vec<_>>()
    };
    let steps = (0..usize::BITS - 1).flat_map(|k| [1 << k, (1 << k) + (1 << k) / 2]);
    let fitting = steps.map(every).find(|it| it.len() < 2 || apart(it, x_of));
    fitting
        .unwrap_or_default()
        .into_iter()
        .map(|(interval, it)| mark(interval, it, ""))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quarter_hours(first: usize, n: usize) -> Vec<String> {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let label = |i: usize| {
            let minute = i * 15;
            format!(
                "{} {:02}:{:02}",
                days[minute / 1440 % 7],
                minute / 60 % 24,
                minute % 60
            )
        };
        (first..first + n).map(label).collect()
    }

    fn shown(labels: &[String], width_px: usize) -> String {
        let x_of = |i: usize| (i * width_px / labels.len()) as i32;
        let marks = marks(labels, &x_of);
        let words = marks.iter().map(|it| format!("{} {}", it.text, it.day));
        words
            .map(|it| it.trim().to_owned())
            .collect::<Vec<_>>()
            .join(" | ")
    }

    #[test]
    fn marks_stand_at_round_times_and_name_the_day_where_it_changes() {
        assert_eq!(
            shown(&quarter_hours(36, 4), 700),
            "09:00 Mon | 09:15 | 09:30 | 09:45"
        );
        assert_eq!(
            shown(&quarter_hours(37, 40), 700),
            "10:00 Mon | 11:00 | 12:00 | 13:00 | 14:00 | 15:00 | 16:00 | 17:00 | 18:00 | 19:00"
        );
        assert_eq!(
            shown(&quarter_hours(0, 2 * 96), 700),
            "00:00 Mon | 04:00 | 08:00 | 12:00 | 16:00 | 20:00 | \
             00:00 Tue | 04:00 | 08:00 | 12:00 | 16:00 | 20:00"
        );
        let week = "Mon | Tue | Wed | Thu | Fri | Sat | Sun";
        assert_eq!(
            shown(&quarter_hours(0, 14 * 96), 600),
            format!("{week} | {week}")
        );
        assert_eq!(
            shown(&quarter_hours(0, 14 * 96), 300),
            "Mon | Thu | Sun | Wed | Sat"
        );
    }

    #[test]
    fn other_words_stand_evenly() {
        let labels: Vec<String> = (0..100).map(|i| format!("week {i}")).collect();
        assert!(shown(&labels, 300).starts_with("week 0 | week 24 | week 48"));
        assert_eq!(shown(&["only".to_owned()], 300), "only");
        assert_eq!(marks(&[], &|_| 0), []);
    }

    #[test]
    fn a_scale_ends_at_a_round_number_above_the_highest() {
        let told = |highest, whole| {
            let marks = Scale::over(highest, whole, 5).marks();
            marks.map(|(_, text)| text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(0.0, true), "0 1");
        assert_eq!(told(1.0, true), "0 1");
        assert_eq!(told(7.0, true), "0 2 4 6 8");
        assert_eq!(told(0.3, false), "0.0 0.1 0.2 0.3");
        assert_eq!(
            told(4_100.0, true),
            "0 1\u{A0}000 2\u{A0}000 3\u{A0}000 4\u{A0}000 5\u{A0}000"
        );
        assert_eq!(told(1e12, true), "0 2e11 4e11 6e11 8e11 1e12");
    }

    proptest! {
        #[test]
        fn no_two_labels_touch(
            first in 0..96_usize,
            n in 1..3_000_usize,
            width_px in 100..2_000_usize,
        ) {
            let labels = quarter_hours(first, n);
            let x_of = |i: usize| (i * width_px / n) as i32;
            let marks = marks(&labels, &x_of);
            prop_assert!(!marks.is_empty());
            let texts: Vec<_> = marks.iter().map(|it| (it.interval, it.text.as_str())).collect();
            prop_assert!(apart(&texts, &x_of));
            let days = marks.iter().filter(|it| !it.day.is_empty());
            let days: Vec<_> = days.map(|it| (it.interval, it.day.as_str())).collect();
            prop_assert!(apart(&days, &x_of));
        }

        #[test]
        fn a_scale_covers_what_it_is_for(highest in 1e-6..1e15_f64, whole: bool) {
            let scale = Scale::over(highest, whole, 5);
            prop_assert!(scale.top() >= highest * 0.999_999);
            prop_assert!(scale.marks().count() <= 7);
        }
    }
}
