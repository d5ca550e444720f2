//! Numbers as people read them. Scripts read JSON and CSV, where every digit stands.

use measure::{Class, Metric};
use routing::Nanos;

/// A share as percent with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A metric with its interval, and what it is of or its unit.
pub fn metric(metric: &Metric) -> String {
    if let Some(of) = metric.of {
        return format!(
            "{}{} of {of}",
            percent(metric.value),
            interval(metric, 100.0, 1)
        );
    }
    let places = places(metric);
    let value = fixed(metric.value, places);
    let unit = metric
        .unit
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    format!("{value}{}{unit}", interval(metric, 1.0, places))
}

/// A metric's value alone, with its unit.
pub fn value(metric: &Metric) -> String {
    bare(metric.value, metric)
}

/// A difference of this metric with half its interval: shares in points of a hundred.
pub fn difference(by: f64, ci95: Option<(f64, f64)>, metric: &Metric) -> String {
    let (scale, places, unit) = match (metric.of, metric.unit) {
        (Some(_), _) => (100.0, 1, "points"),
        (None, unit) => (1.0, places(metric), unit.unwrap_or_default()),
    };
    let shown = Metric {
        value: by,
        ci95,
        ..*metric
    };
    let sign = if by > 0.0 { "+" } else { "" };
    let value = fixed(by * scale, places);
    let value = if by == 0.0 { "0".to_owned() } else { value };
    let text = format!("{sign}{value}{} {unit}", interval(&shown, scale, places));
    text.trim_end().to_owned()
}

fn bare(value: f64, metric: &Metric) -> String {
    if metric.of.is_some() {
        return percent(value);
    }
    let unit = metric.unit.map(|unit| format!(" {unit}"));
    let value = fixed(value, places(metric));
    format!("{value}{}", unit.unwrap_or_default())
}

/// A bound of a metric, in its form.
pub fn bound(value: f64, share: bool, unit: Option<&str>) -> String {
    if share {
        return percent(value);
    }
    // A bound was written by somebody: it is told as exactly as they wrote it.
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    format!("{value}{unit}")
}

/// A span of time in the largest unit in which it is whole, as it is written in files: `10min`.
pub fn span(span: Nanos) -> String {
    in_largest_unit(span, "")
}

/// The same as people read it: `10 min`.
pub fn spaced(span: Nanos) -> String {
    in_largest_unit(span, " ")
}

fn in_largest_unit(span: Nanos, between: &str) -> String {
    let units = [
        ("d", Nanos::DAY),
        ("h", Nanos::HOUR),
        ("min", Nanos::MINUTE),
        ("s", Nanos::SECOND),
        ("ms", Nanos(1_000_000)),
    ];
    let whole = units
        .iter()
        .find(|(_, unit)| span.0 > 0 && span.0.is_multiple_of(unit.0));
    whole.map_or_else(
        || span.to_string(),
        |(name, unit)| format!("{}{between}{name}", span.0 / unit.0),
    )
}

/// The 95 % interval: half its width where the value is in its middle, else its ends.
fn interval(metric: &Metric, scale: f64, places: usize) -> String {
    let Some((low, high)) = metric.ci95 else {
        return String::new();
    };
    let (below, above) = (metric.value - low, high - metric.value);
    if (below - above).abs() <= 1e-6 * (below + above) {
        return format!(" ±{}", fixed(above * scale, places));
    }
    format!(
        " [{}, {}]",
        fixed(low * scale, places),
        fixed(high * scale, places)
    )
}

/// Whole numbers stay whole; the rest gets about three digits.
fn places(metric: &Metric) -> usize {
    match metric.value.abs() {
        _ if metric.count => usize::from(metric.class == Class::Estimate),
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    }
}

/// With so many decimals; five digits and more in groups of three.
pub fn fixed(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let whole = text.find('.').unwrap_or(text.len());
    let digits = text[..whole].trim_start_matches('-').len();
    if digits < 5 || !value.is_finite() {
        return text;
    }
    let mut grouped = String::with_capacity(text.len() + digits / 3);
    for (place, letter) in text.char_indices() {
        let left = whole.saturating_sub(place);
        if place < whole && left.is_multiple_of(3) && left < digits {
            grouped.push(' ');
        }
        grouped.push(letter);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: f64, ci95: Option<(f64, f64)>, count: bool) -> Metric {
        let class = if ci95.is_some() {
            Class::Estimate
        } else {
            Class::Exact
        };
        Metric {
            ci95,
            count,
            class,
            ..Metric::sampled(value, "calls")
        }
    }

    #[test]
    fn values_come_with_their_interval_and_unit() {
        for (value, text) in [
            (of(1234.0, None, true), "1234 calls"),
            (
                of(1234.3, Some((1221.9, 1246.7)), true),
                "1234.3 ±12.4 calls",
            ),
            (of(99_566.0, None, true), "99 566 calls"),
            (
                of(1_234_567.26, Some((1_234_567.0, 1_234_567.52)), true),
                "1 234 567.3 ±0.3 calls",
            ),
            (of(0.25, None, false), "0.250 calls"),
            (
                of(12.345, Some((12.0, 13.0)), false),
                "12.35 [12.00, 13.00] calls",
            ),
        ] {
            assert_eq!(metric(&value), text);
        }
        let share = Metric {
            of: Some("offered"),
            unit: None,
            ..of(0.812, Some((0.806, 0.818)), false)
        };
        assert_eq!(metric(&share), "81.2 % ±0.6 of offered");
    }

    #[test]
    fn spans_are_told_in_their_largest_whole_unit() {
        for (ns, text) in [
            (1_800_000_000_000, "30min"),
            (5_400_000_000_000, "90min"),
            (86_400_000_000_000, "1d"),
            (1_500_000_000, "1500ms"),
            (0, "0 s"),
        ] {
            assert_eq!(span(Nanos(ns)), text);
        }
        assert_eq!(spaced(Nanos(600_000_000_000)), "10 min");
    }
}
