//! The durations in names of service levels.

use routing::Nanos;

/// A duration as in scenario files: numbers with units, several in a row; zero is none.
pub(super) fn duration(text: &str) -> Option<Nanos> {
    let (mut rest, mut total) = (text, 0u64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let end = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (word, next) = after.split_at(end);
        let unit_ns: u64 = match word {
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => Nanos::SECOND.0,
            "min" => Nanos::MINUTE.0,
            "h" => Nanos::HOUR.0,
            "d" => Nanos::DAY.0,
            _ => return None,
        };
        total = total.checked_add(times(number, unit_ns)?)?;
        rest = next;
    }
    (total > 0).then_some(Nanos(total))
}

fn times(number: &str, unit_ns: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let scale = 10u64.checked_pow(part.len() as u32)?;
    let part = u128::from(part.parse::<u64>().ok()?) * u128::from(unit_ns) / u128::from(scale);
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(unit_ns)?
        .checked_add(part as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, ns) in [
            ("20s", Some(20_000_000_000)),
            ("1min", Some(60_000_000_000)),
            ("1min30s", Some(90_000_000_000)),
            ("1.5s", Some(1_500_000_000)),
            ("250ms", Some(250_000_000)),
            ("20", None),
            ("", None),
            ("0s", None),
            ("s", None),
            ("1.2.3s", None),
            ("20 s", None),
            ("1.s", None),
            ("99999999999999999999s", None),
            ("99999999999d", None),
            ("0.99999999999999999999999999s", None),
        ] {
            assert_eq!(duration(text), ns.map(Nanos), "{text}");
        }
    }
}
