//! Single values: from a node to a checked value, or an error at its place.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{Rate, Share};
use routing::hours::{Days, WeekHours};
use routing::{Nanos, PhoneNumber};

use crate::nearest::nearest;
use crate::node::{Node, Value, shortened};
use crate::quantity::{self, Fault};
use crate::reading::Reading;
use crate::spec::{Takes, one_of};

/// The longest text that is taken, in bytes: more is a slip, or an attack.
const LONGEST_TEXT: usize = 4096;

/// A fault of the kind of value.
pub(crate) fn mismatch(node: &Node, expected: &str) -> Fault {
    Fault::new(format!("found {}, expected {expected}", node.found()))
}

pub(crate) fn report<T>(r: &Reading<'_>, node: &Node, result: Result<T, Fault>) -> Option<T> {
    result.map_err(|fault| r.error(node.span, fault)).ok()
}

pub(crate) fn text(r: &Reading<'_>, node: &Node) -> Option<String> {
    let text = r
        .text_of(node)
        .ok_or_else(|| mismatch(node, &Takes::Text.expected()));
    let checked = text.and_then(|text| match text.len() {
        0 => Err(Fault::new("the text is empty")),
        n if n > LONGEST_TEXT => Err(Fault::new("the text is longer than 4096 bytes")),
        _ => Ok(text),
    });
    report(r, node, checked)
}

pub(crate) fn flag(r: &Reading<'_>, node: &Node) -> Option<bool> {
    if let Value::Flag(flag) = node.value {
        return Some(flag);
    }
    let fault = mismatch(node, &Takes::Flag.expected());
    report(
        r,
        node,
        Err(match node.as_text() {
            Some("true" | "false") => fault.help("write it without quotes"),
            _ => fault,
        }),
    )
}

pub(crate) fn whole(r: &Reading<'_>, node: &Node, least: u64, most: u64) -> Option<u64> {
    let expected = || mismatch(node, &Takes::Whole(least, most).expected());
    let result = match node.value {
        Value::Whole(number) => u64::try_from(number)
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(expected),
        _ => Err(expected()),
    };
    report(r, node, result)
}

/// A finite number of 0 or more; above 0 where `zero` is false.
pub(crate) fn number(r: &Reading<'_>, node: &Node, zero: bool) -> Option<f64> {
    let takes = if zero { Takes::Spread } else { Takes::Factor };
    let fine = |number: &f64| number.is_finite() && (*number > 0.0 || (zero && *number == 0.0));
    let result = as_number(node).filter(fine);
    report(
        r,
        node,
        result.ok_or_else(|| mismatch(node, &takes.expected())),
    )
}

pub(crate) fn share(r: &Reading<'_>, node: &Node) -> Option<Share> {
    let fault = || {
        let fault = mismatch(node, &Takes::Share.expected());
        match node
            .as_text()
            .and_then(|text| text.strip_suffix('%'))
            .and_then(quantity::plain)
        {
            Some(percent) => fault.help(format!("write {}", percent / 100.0)),
            None => fault,
        }
    };
    report(
        r,
        node,
        as_number(node).and_then(Share::new).ok_or_else(fault),
    )
}

pub(crate) fn as_number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Whole(number) => Some(number as f64),
        Value::Number(number) => Some(number),
        _ => None,
    }
}

pub(crate) fn duration(r: &Reading<'_>, node: &Node, zero: bool) -> Option<Nanos> {
    let result = match unit_text(r, node) {
        Ok(text) => quantity::duration(&text),
        Err(Some(text)) => {
            let hint = format!("write for example \"{text}s\" or \"{text}min\"");
            Err(Fault::new(format!("{text} has no unit of time")).help(hint))
        }
        Err(None) => Err(mismatch(node, &Takes::Duration(zero).expected())),
    };
    let result = result.and_then(|value| {
        if value == Nanos::ZERO && !zero {
            Err(Fault::new(
                "found a duration of zero, expected one above zero",
            ))
        } else {
            Ok(value)
        }
    });
    report(r, node, result)
}

pub(crate) fn rate(r: &Reading<'_>, node: &Node) -> Option<Rate> {
    let result = match unit_text(r, node) {
        Ok(text) => quantity::rate(&text),
        Err(Some(text)) => {
            let hint = format!("write for example \"{text}/min\" or \"{text}/h\"");
            Err(Fault::new(format!("{text} has no unit: per what time?")).help(hint))
        }
        Err(None) => Err(mismatch(node, &Takes::Rate.expected())),
    };
    report(r, node, result)
}

/// A text with a unit; `Err(Some)` for a bare number.
fn unit_text(r: &Reading<'_>, node: &Node) -> Result<String, Option<String>> {
    match &node.value {
        Value::Text(text) => Ok(text.clone()),
        Value::Whole(number) => Err(Some(number.to_string())),
        Value::Number(number) if number.is_finite() => Err(Some(number.to_string())),
        _ => r.text_of(node).ok_or(None),
    }
}

/// One of these words.
pub(crate) fn word(r: &Reading<'_>, node: &Node, words: &[&'static str]) -> Option<&'static str> {
    let text = r.text_of(node);
    let found = text
        .as_deref()
        .and_then(|text| words.iter().find(|word| **word == text));
    let fault = || {
        let fault = mismatch(node, &one_of(words));
        match text
            .as_deref()
            .and_then(|text| nearest(text, words.iter().copied()))
        {
            Some(near) => fault.help(format!("did you mean {near:?}?")),
            None => fault,
        }
    };
    report(r, node, found.copied().ok_or_else(fault))
}

pub(crate) fn phone(r: &Reading<'_>, node: &Node) -> Option<PhoneNumber> {
    let result = match r.text_of(node) {
        Some(text) => text.parse().map_err(|error| {
            Fault::new(format!(
                "found {:?}, expected a phone number: {error}",
                shortened(&text)
            ))
        }),
        None => {
            let fault = mismatch(node, &Takes::Phone.expected());
            Err(match node.value {
                Value::Whole(_) => fault.help("write it in quotes"),
                _ => fault,
            })
        }
    };
    report(r, node, result)
}

pub(crate) fn hours(r: &Reading<'_>, node: &Node) -> Option<WeekHours> {
    let one = std::slice::from_ref(node);
    let windows = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => one,
    };
    let read = |node: &Node| {
        let text = r
            .text_of(node)
            .ok_or_else(|| mismatch(node, &Takes::Hours.expected()));
        report(
            r,
            node,
            text.and_then(|text| {
                text.parse()
                    .map_err(|error| Fault::new(format!("found {:?}: {error}", shortened(&text))))
            }),
        )
    };
    // Every window is read before any is refused.
    let read: Vec<_> = windows.iter().map(read).collect();
    read.into_iter()
        .collect::<Option<Vec<_>>>()
        .map(WeekHours::new)
}

pub(crate) fn days(r: &Reading<'_>, node: &Node) -> Option<Days> {
    let text = r
        .text_of(node)
        .ok_or_else(|| mismatch(node, &Takes::Days.expected()));
    let days = text.and_then(|text| {
        text.parse()
            .map_err(|error| Fault::new(format!("found {:?}: {error}", shortened(&text))))
    });
    report(r, node, days)
}

pub(crate) fn date_time(r: &Reading<'_>, node: &Node) -> Option<DateTime> {
    let text = match &node.value {
        Value::Date(text) => Some(text.clone()),
        _ => r.text_of(node),
    };
    let result = text
        .as_deref()
        .ok_or_else(|| mismatch(node, &Takes::DateTime.expected()));
    report(r, node, result.and_then(local_date_time))
}

/// A local date and time, without an offset.
pub(crate) fn local_date_time(text: &str) -> Result<DateTime, Fault> {
    let expected = Takes::DateTime.expected();
    let fault = || Fault::new(format!("found {:?}, expected {expected}", shortened(text)));
    let date = text.trim();
    if date.ends_with(['Z', 'z']) || date.contains('[') || has_offset(date) {
        return Err(fault().help("it is local time in `time_zone`: leave the offset out"));
    }
    date.parse().map_err(|_| fault())
}

fn has_offset(date: &str) -> bool {
    date.split_once(['T', 't', ' '])
        .is_some_and(|(_, time)| time.contains(['+', '-']))
}

pub(crate) fn zone(r: &Reading<'_>, node: &Node) -> Option<TimeZone> {
    let result = match r.text_of(node) {
        None => Err(mismatch(node, &Takes::Zone.expected())),
        Some(text) => jiff::tz::db().get(&text).map_err(|_| {
            let fault = Fault::new(format!("`{}` is no IANA time zone", shortened(&text)));
            let names: Vec<String> = jiff::tz::db()
                .available()
                .map(|name| name.as_str().to_owned())
                .collect();
            match nearest(&text, names.iter().map(String::as_str)) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("names are such as \"Europe/Berlin\" or \"America/New_York\""),
            }
        }),
    };
    report(r, node, result)
}
