//! Which local days of a log say what a day is like.
//!
//! Every day from the first call to the last is one, also those on which nobody called: else a log
//! of few calls would have only busy days. Left out are days that the log must have lost, the first
//! and the last, which are rarely whole, and those of a blast. Knows no rates.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::arrivals::Hours;

/// More calls than this are expected where none is implausible: exp(-13.816) is one in a million.
const IMPLAUSIBLE: f64 = 13.816;

static NONE: Hours = [0; 24];

/// The days of a log.
#[derive(Debug, Default)]
pub(super) struct Days<'a> {
    /// Whole days, and those of a weekday that has no whole one.
    pub(super) kept: Vec<(Date, &'a Hours)>,
    /// Whole days alone.
    pub(super) whole: Vec<Date>,
    /// First or last day, kept where its weekday has no other.
    pub(super) partial: Vec<Date>,
    /// Days without a call on which calls must have come.
    pub(super) missing: Vec<Date>,
}

/// From Monday.
pub(super) fn kind(day: Date) -> usize {
    day.weekday().to_monday_zero_offset() as usize
}

impl<'a> Days<'a> {
    /// `found` are the days with a call; those of `blast` are no ordinary ones.
    pub(super) fn of(found: &'a BTreeMap<Date, Hours>, blast: &[Date]) -> Self {
        let (Some((first, _)), Some((last, _))) = (found.first_key_value(), found.last_key_value())
        else {
            return Self::default();
        };
        let all: Vec<(Date, Option<&Hours>)> = first
            .series(jiff::Span::new().days(1))
            .take_while(|day| day <= last)
            .map(|day| (day, found.get(&day)))
            .filter(|(day, _)| !blast.contains(day))
            .collect();
        let missing = missing(&all);
        let is_missing = |day: &Date| missing.binary_search(day).is_ok();
        let there = all.iter().filter(|(day, _)| !is_missing(day));
        let mut kept: Vec<(Date, &Hours)> = there
            .map(|(day, hours)| (*day, hours.unwrap_or(&NONE)))
            .collect();
        let ends: Vec<(Date, &Hours)> = kept
            .extract_if(.., |(day, _)| day == first || day == last)
            .collect();
        let whole: Vec<Date> = kept.iter().map(|it| it.0).collect();
        let partial = without_another(&ends, &whole);
        kept.extend(ends.into_iter().filter(|it| partial.contains(&it.0)));
        kept.sort_by_key(|it| it.0);
        Self {
            kept,
            whole,
            partial,
            missing,
        }
    }
}

fn calls(hours: &Hours) -> u64 {
    hours.iter().map(|it| u64::from(*it)).sum()
}

/// Of the first day and the last those whose weekday has no whole day. Where both are of one
/// weekday, the one with more calls has lost less.
fn without_another(ends: &[(Date, &Hours)], whole: &[Date]) -> Vec<Date> {
    let alone = |it: &&(Date, &Hours)| !whole.iter().any(|day| kind(*day) == kind(it.0));
    let mut alone: Vec<&(Date, &Hours)> = ends.iter().filter(alone).collect();
    if let [first, last] = alone[..]
        && kind(first.0) == kind(last.0)
    {
        let first_is_fuller = calls(first.1) >= calls(last.1);
        alone.remove(usize::from(first_is_fuller));
    }
    alone.into_iter().map(|it| it.0).collect()
}

/// Days without a call on which, by the other days of their weekday, none is implausible; and
/// longer stretches of which the same is true as a whole, as between two logs.
fn missing(all: &[(Date, Option<&Hours>)]) -> Vec<Date> {
    let mut kinds = [(0u64, 0u64); 7];
    for (day, hours) in all {
        let sums = &mut kinds[kind(*day)];
        sums.0 += hours.map_or(0, calls);
        sums.1 += 1;
    }
    let mut missing = Vec::new();
    for stretch in all.chunk_by(|a, b| a.1.is_none() && b.1.is_none()) {
        if stretch[0].1.is_some() {
            continue;
        }
        let mut others = kinds;
        for (day, _) in stretch {
            others[kind(*day)].1 -= 1;
        }
        let expected = |day: Date| {
            let (calls, days) = others[kind(day)];
            calls as f64 / days.max(1) as f64
        };
        let days = stretch.iter().map(|it| it.0);
        let (alone, rest): (Vec<Date>, Vec<Date>) =
            days.partition(|day| expected(*day) > IMPLAUSIBLE);
        missing.extend(alone);
        if rest.iter().map(|day| expected(*day)).sum::<f64>() > IMPLAUSIBLE {
            missing.extend(rest);
        }
    }
    missing.sort_unstable();
    missing
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::*;

    /// So many calls on each day from Monday, 2 March 2026; none where there is none.
    fn log(calls: impl IntoIterator<Item = u32>) -> BTreeMap<Date, Hours> {
        let days = (0..).map(|day: i32| date(2026, 3, 2) + day.days());
        let days = days.zip(calls).filter(|it| it.1 > 0);
        days.map(|(day, calls)| {
            let mut hours = NONE;
            hours[10] = calls;
            (day, hours)
        })
        .collect()
    }

    #[test]
    fn a_day_without_a_call_counts_where_that_is_plausible() {
        // Thirteen on each other Monday leave none in a million and more; fourteen do not.
        for (calls, is_missing) in [(13, false), (14, true)] {
            let found = log((0..29).map(|day| u32::from(day != 7) * calls));
            let days = Days::of(&found, &[]);
            let lost = date(2026, 3, 9);
            assert_eq!(days.missing.contains(&lost), is_missing, "{calls}");
            assert_eq!(days.whole.contains(&lost), !is_missing, "{calls}");
            assert_eq!(days.whole.len(), 27 - days.missing.len());
        }
    }

    #[test]
    fn what_lies_between_two_logs_is_missing_and_a_closed_weekend_is_not() {
        let office = |day: u32| if day % 7 < 5 { 5 } else { 0 };
        let found = log((0..84).map(|day| u32::from(!(28..56).contains(&day)) * office(day)));
        let days = Days::of(&found, &[]);
        assert!(days.missing.contains(&date(2026, 4, 1)));
        // From Saturday of the fourth week to Sunday of the eighth.
        assert_eq!(days.missing.len(), 30, "{:?}", days.missing);
        assert_eq!(days.whole.iter().filter(|it| kind(**it) == 6).count(), 6);
    }

    #[test]
    fn of_one_week_the_first_and_last_day_stay() {
        let found = log([3, 9, 9, 9, 9, 9, 4]);
        let days = Days::of(&found, &[]);
        assert_eq!((days.kept.len(), days.whole.len()), (7, 5));
        assert_eq!(days.partial, [date(2026, 3, 2), date(2026, 3, 8)]);
        // Of two Mondays the fuller, and none where a whole one is between.
        let found = log([3, 9, 9, 9, 9, 9, 9, 8]);
        assert_eq!(Days::of(&found, &[]).partial, [date(2026, 3, 9)]);
        let found = log([3, 9, 9, 9, 9, 9, 9, 8, 9, 9, 9, 9, 9, 9, 9]);
        assert!(Days::of(&found, &[]).partial.is_empty());
        // One day alone is all there is.
        assert_eq!(Days::of(&log([5]), &[]).partial, [date(2026, 3, 2)]);
    }
}
