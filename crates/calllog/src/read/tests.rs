use routing::record::Outcome;
use routing::{Nanos, PhoneNumber};

use super::*;

fn told(text: &str) -> String {
    read_all(text.as_bytes(), "calls.csv")
        .unwrap_err()
        .to_string()
}

fn number(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

#[test]
fn every_column_is_read_by_its_name() {
    let text = "\u{feff}Source Row,note,TO,From,Start,DIRECTION,Outcome,ring_s,Hold-S,talk s,WRAP_S,\
        total_s,user\r\n\
        7,\"x, y\",+15555550199,+15555550177,2026-03-02T10:00:05.25-05:00,inbound,answered,\
        4.25,0,2:05,30,2m 40s,Ann Lee\r\n";
    let calls = read_all(text.as_bytes(), "calls.csv").unwrap();
    let expected = CanonicalCall {
        start: "2026-03-02T15:00:05.25Z".parse().unwrap(),
        from: Some(number("+15555550177")),
        to: Some(number("+15555550199")),
        direction: Direction::Inbound,
        outcome: Some(Outcome::Answered),
        ring: Some(Nanos(4_250_000_000)),
        hold: Some(Nanos::ZERO),
        talk: Some(Nanos::from_secs(125)),
        wrap: Some(Nanos::from_secs(30)),
        total: Some(Nanos::from_secs(160)),
        user: Some("Ann Lee".to_owned()),
        source_row: Some(7),
    };
    assert_eq!(calls, [expected]);
}

#[test]
fn what_is_missing_or_empty_is_unknown() {
    let at = "2026-03-02T15:00:05Z";
    let known = CanonicalCall {
        to: Some(number("+15555550199")),
        ..CanonicalCall::at(at.parse().unwrap())
    };
    let short = format!("start,to\n{at},+15555550199\n");
    let empty = format!(
        "start,from,to,direction,outcome,talk_s,user,source_row\n{at},,+15555550199,,,,,\n"
    );
    for text in [short, empty] {
        let calls = read_all(text.as_bytes(), "calls.csv").unwrap();
        assert_eq!(calls, std::slice::from_ref(&known));
    }
    let reader = CanonicalReader::new("start,to,talk_s\n".as_bytes()).unwrap();
    assert!(reader.has(Column::TalkS) && !reader.has(Column::RingS));
    assert_eq!(reader.count(), 0, "a log of no calls is a log");
}

#[test]
fn a_file_that_is_no_log_is_told_what_is_missing() {
    let empty =
        "calls.csv:1:1: the file is empty; a header row with at least `start` and `to` is expected";
    for text in ["", "\n\r\n", "\u{feff}"] {
        assert_eq!(told(text), empty);
    }
    assert_eq!(
        told("Start Time,to\n1,2\n"),
        "calls.csv:1:1: no column `start`; the header has `Start Time`, `to`\n  Start Time,to\n  ^"
    );
    assert_eq!(
        told("call;arrived"),
        "calls.csv:1:1: no column `start` and `to`; the header has `call;arrived`\n  call;arrived\n  ^"
    );
    assert_eq!(
        told("start,to,START\n"),
        "calls.csv:1:10: a second column `start`; one of them has to go\n  start,to,START\n           ^"
    );
}

#[test]
fn each_fault_is_told_with_its_line_and_a_caret() {
    let text = "start,from,to,direction,outcome,ring_s\n\
        2026-03-02T15:00:05Z,,+15555550199,inbound,answered,3\n\
        2026-03-02T15:00:05,15555550177,+15555550199,odd,,\n\
        2026-03-02T15:00:05Z,,1.55556E+10,,completed,-3\n\
        ,,+15555550199,,,\n";
    let expected = [
        "calls.csv:3:1: start: `2026-03-02T15:00:05` has no UTC offset; add it, as in \
         2026-03-02T15:00:05-05:00, or Z for UTC",
        "  2026-03-02T15:00:05,15555550177,+15555550199,odd,,",
        "  ^",
        "calls.csv:3:21: from: `15555550177` is not a phone number: a phone number starts with `+` \
         and the country code, as in +15555550100",
        "  2026-03-02T15:00:05,15555550177,+15555550199,odd,,",
        "                      ^",
        "calls.csv:3:46: direction: `odd` is no direction; inbound, outbound, internal or nothing is \
         expected",
        "  2026-03-02T15:00:05,15555550177,+15555550199,odd,,",
        "                                               ^",
        "calls.csv:4:23: to: `1.55556E+10`: a spreadsheet destroyed this number; export the log again \
         and do not open it in one",
        "  2026-03-02T15:00:05Z,,1.55556E+10,,completed,-3",
        "                        ^",
        "calls.csv:4:36: outcome: `completed` is no outcome; expected is one of answered, \
         carrier-voicemail, voicemail, voice-ai, ivr, abandoned, busy, no-answer, dropped, blocked, \
         failed, unfinished, or nothing",
        "  2026-03-02T15:00:05Z,,1.55556E+10,,completed,-3",
        "                                     ^",
        "calls.csv:4:46: ring_s: `-3` is no span of time in seconds: it is negative",
        "  2026-03-02T15:00:05Z,,1.55556E+10,,completed,-3",
        "                                               ^",
        "calls.csv:5:1: start: no start time; RFC 3339 with offset is expected, as in \
         2026-03-02T15:00:05-05:00",
        "  ,,+15555550199,,,",
        "  ^",
    ];
    let told = told(text);
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_place_behind_quoted_line_ends_is_found() {
    let errors = read_all(
        b"user,start,to\n\"Ann\nLee\",2026-03-02T15:00:05Z,x\n",
        "calls.csv",
    );
    let errors = errors.unwrap_err().errors;
    assert_eq!(
        (errors[0].line, errors[0].column, errors[0].field),
        (3, 27, Some(Column::To))
    );
}

#[test]
fn a_ragged_row_is_told_where_it_goes_astray() {
    let text = "start,to,user\n\
        2026-03-02T15:00:05Z,+15555550199\n\
        2026-03-02T15:00:05Z,+15555550199,Lee, Ann\n";
    let errors = read_all(text.as_bytes(), "calls.csv").unwrap_err().errors;
    let places: Vec<_> = errors
        .iter()
        .map(|it| (it.line, it.column, it.fault.clone()))
        .collect();
    let ragged = |found| Fault::Ragged { found, expected: 3 };
    assert_eq!(places, [(2, 22, ragged(2)), (3, 39, ragged(4))]);
}

#[test]
fn an_open_quote_ends_the_reading() {
    let text = "start,to,user\n\
        2026-03-02T15:00:05Z,+15555550199,\"Ann\n\
        2026-03-02T15:00:06Z,+15555550199,Ben\n";
    assert_eq!(
        told(text),
        "calls.csv:2:35: a quote opens here and is never closed\n  \
         2026-03-02T15:00:05Z,+15555550199,\"Ann\n                                    ^"
    );
}

#[test]
fn no_more_than_twenty_errors_are_told_and_the_rest_are_counted() {
    let mut text = "start,to\n".to_owned();
    for _ in 0..MAX_ERRORS + 5 {
        text.push_str("x,+15555550199\n");
    }
    let errors = read_all(text.as_bytes(), "calls.csv").unwrap_err();
    assert_eq!((errors.errors.len(), errors.more), (MAX_ERRORS, 5));
    assert!(
        errors
            .to_string()
            .ends_with("\nand 5 more errors in calls.csv")
    );
}

#[test]
fn a_long_line_is_shown_around_the_place_and_without_control_characters() {
    let wide = "w".repeat(500);
    let text = format!("note,start,to,more\n{wide},x\u{1b}[31m,+15555550199,{wide}\n");
    let told = told(&text);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("calls.csv:2:502: start: "), "{told}");
    assert!(
        lines[1].starts_with(&format!("  {},x [31m,+1555", "w".repeat(59))),
        "{told}"
    );
    assert_eq!(lines[1].chars().count(), 2 + 60 + 60);
    assert_eq!(lines[2], format!("{}^", " ".repeat(62)));
    assert!(
        !told.contains('\u{1b}'),
        "the message must not carry it either: {told:?}"
    );
}

#[test]
fn calls_stream_past_a_fault() {
    let text = "start,to\nx,+15555550199\n2026-03-02T15:00:05Z,+15555550199\n";
    let calls: Vec<_> = CanonicalReader::new(text.as_bytes()).unwrap().collect();
    assert!(calls[0].is_err() && calls[1].is_ok() && calls.len() == 2);
}
