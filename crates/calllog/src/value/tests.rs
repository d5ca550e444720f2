use super::*;

#[test]
fn spans_are_read_in_every_form() {
    let s = 1_000_000_000;
    for (text, ns) in [
        ("0", 0),
        ("125", 125 * s),
        ("12.5", 12 * s + s / 2),
        ("0.000000001", 1),
        ("0.0000000019", 1),
        ("2:05", 125 * s),
        ("2:05.5", 125 * s + s / 2),
        ("90:00", 5400 * s),
        ("1:02:03", 3723 * s),
        ("2m 5s", 125 * s),
        ("2m5s", 125 * s),
        ("2 min 5 sec", 125 * s),
        ("1h 0m 3.5s", 3603 * s + s / 2),
        ("1.5m", 90 * s),
    ] {
        assert_eq!(span(text), Ok(Nanos(ns)), "{text}");
    }
}

#[test]
fn what_is_no_span_says_why() {
    use SpanFault::{Form, Negative, Sixty, TooLong};
    for (text, why) in [
        ("abc", Form),
        ("12,5", Form),
        (".5", Form),
        ("5.", Form),
        ("1.2.3", Form),
        ("+5", Form),
        ("NaN", Form),
        ("inf", Form),
        ("--5", Form),
        ("٣", Form),
        ("-5", Negative),
        ("-0:10", Negative),
        ("1:75", Sixty),
        ("1:60:00", Sixty),
        (":05", Form),
        ("1:2:3:4", Form),
        ("1:-5", Form),
        ("5s 2m", Form),
        ("2m 3m", Form),
        ("5 x", Form),
        ("s", Form),
        ("99999999999", TooLong),
        ("99999999999999999999999999999999999999999999", TooLong),
        ("99999999999999999999999999999999999999999999h", TooLong),
        (
            "99999999999999999999999999999999999999999999:00:00",
            TooLong,
        ),
    ] {
        assert_eq!(
            span(text),
            Err(Fault::Span {
                found: text.into(),
                why
            }),
            "{text}"
        );
    }
}

#[test]
fn a_spreadsheet_is_blamed_for_what_it_destroyed() {
    for text in [
        "1.55556E+10",
        "+1.55556E+10",
        "1,55556E+10",
        "1.5e10",
        "2E+05",
    ] {
        let fault = Fault::Spreadsheet(text.into());
        assert_eq!(number(text), Err(fault.clone()));
        assert_eq!(span(text), Err(fault.clone()));
        assert!(
            fault
                .to_string()
                .contains("a spreadsheet destroyed this number"),
            "{fault}"
        );
    }
    assert!(matches!(number("+1555E"), Err(Fault::Number { .. })));
}

#[test]
fn a_time_without_offset_is_not_guessed() {
    for text in ["2026-03-02T15:00:05", "2026-03-02 15:00:05.25"] {
        assert_eq!(start(text), Err(Fault::NoOffset(text.into())));
    }
    for text in [
        "yesterday",
        "2026-02-30T00:00:00Z",
        "03/02/2026 15:00",
        "2026-03-02",
    ] {
        let blamed = start(text).unwrap_err();
        assert!(
            matches!(blamed, Fault::Start(_) | Fault::NoOffset(_)),
            "{text}: {blamed}"
        );
    }
    let noon = "2026-03-02T12:00:00Z".parse().unwrap();
    for text in [
        "2026-03-02T07:00:00-05:00",
        "2026-03-02 12:00:00.000Z",
        "2026-03-02t17:30:00+05:30",
    ] {
        assert_eq!(start(text), Ok(noon), "{text}");
    }
}

#[test]
fn directions_and_outcomes_are_words_in_any_case() {
    assert_eq!(direction("Inbound"), Ok(Direction::Inbound));
    assert_eq!(direction("outbound-dial"), Ok(Direction::Outbound));
    assert_eq!(direction("INTERNAL"), Ok(Direction::Internal));
    assert_eq!(
        direction("sideways"),
        Err(Fault::Direction("sideways".into()))
    );
    assert_eq!(outcome("No-Answer"), Ok(Outcome::NoAnswer));
    let fault = outcome("completed").unwrap_err().to_string();
    assert!(fault.starts_with("`completed` is no outcome"), "{fault}");
    assert!(
        fault.contains("answered, carrier-voicemail, voicemail"),
        "{fault}"
    );
    for known in Outcome::ALL {
        assert_eq!(outcome(known.name()), Ok(*known));
    }
}

#[test]
fn a_source_row_is_a_whole_number() {
    assert_eq!(source_row("18446744073709551615"), Ok(u64::MAX));
    for text in ["1.5", "-1", "x", "18446744073709551616"] {
        assert_eq!(source_row(text), Err(Fault::SourceRow(text.into())));
    }
}

#[test]
fn eight_digits_are_what_they_are_one_by_one() {
    for text in ["00000000", "12345678", "99999999", "90000001", "01020304"] {
        let word = u64::from_le_bytes(text.as_bytes().try_into().unwrap());
        assert_eq!(eight_digits(word), text.parse().ok(), "{text}");
        for at in 0..8 {
            for odd in (0..=255).filter(|it: &u8| !it.is_ascii_digit()) {
                let mut bytes = word.to_le_bytes();
                bytes[at] = odd;
                assert_eq!(eight_digits(u64::from_le_bytes(bytes)), None);
            }
        }
    }
}

#[test]
fn whole_seconds_are_read_whatever_stands_before_them() {
    for text in ["0", "7", "05", "125", "99999999", "00000000"] {
        let (last, length) = tail(text.as_bytes());
        let expected = text.parse::<u64>().unwrap() * 1_000_000_000;
        for before in ["", "12345678", "abc,def,", "\u{ff}\u{ff}\u{ff}\u{ff}"] {
            let (word, _) = tail(format!("{before}{text}").as_bytes());
            assert_eq!(
                whole_span(word, length),
                Some(Nanos(expected)),
                "{before}{text}"
            );
        }
        assert_eq!(whole_span(last, length), Some(Nanos(expected)));
    }
    for text in ["", "123456789", "1.5", "-1", "1 ", "a", "2:05", "/", "1:"] {
        let (last, length) = tail(text.as_bytes());
        assert_eq!(whole_span(last, length), None, "{text:?}");
    }
}
