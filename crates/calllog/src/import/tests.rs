mod odd;

use proptest::prelude::*;

use super::*;
use crate::call::Direction;
use crate::times::TimeFormat;

/// Keeps everything.
#[derive(Default)]
struct Kept {
    calls: Vec<CanonicalCall>,
    skipped: Vec<(u64, String, String)>,
}

impl Calls for Kept {
    fn call(&mut self, call: &CanonicalCall) -> io::Result<()> {
        self.calls.push(call.clone());
        Ok(())
    }

    fn skipped(&mut self, _file: &str, line: u64, reason: &str, row: &[u8]) -> io::Result<()> {
        let row = String::from_utf8_lossy(row).trim_end().to_owned();
        self.skipped.push((line, reason.to_owned(), row));
        Ok(())
    }
}

fn utc() -> Options {
    Options {
        zone: Some(TimeZone::UTC),
        zone_name: Some("UTC".to_owned()),
        ..Options::default()
    }
}

fn run(options: Options, text: impl AsRef<[u8]>) -> Result<(Kept, Quality), String> {
    let mut kept = Kept::default();
    let mut importer = Importer::new(options);
    let read = importer.read(text.as_ref(), "log.csv", &mut kept);
    read.map_err(|why| why.to_string())?;
    let (quality, _) = importer.finish(&mut kept).map_err(|why| why.to_string())?;
    Ok((kept, quality))
}

fn done(options: Options, text: impl AsRef<[u8]>) -> (Kept, Quality) {
    run(options, text).unwrap_or_else(|why| panic!("{why}"))
}

fn told(options: Options, text: impl AsRef<[u8]>) -> String {
    run(options, text).err().expect("an error")
}

fn generic(pairs: &[(Column, &str)]) -> Options {
    Options {
        map: pairs
            .iter()
            .map(|(column, name)| (*column, (*name).to_owned()))
            .collect(),
        ..utc()
    }
}

const HEAD: &str = "start,from,to,outcome\n";

fn row(minute: u32) -> String {
    format!("2026-03-02T15:{minute:02}:00Z,+15555550100,+15555550199,answered\n")
}

#[test]
fn the_first_malformed_row_ends_the_import_with_its_place() {
    let text = format!(
        "{HEAD}{}2026-03-02T15:01:00Z,1.55556E+10,+15555550199,answered\n",
        row(0)
    );
    let told = told(utc(), &text);
    assert!(
        told.starts_with("log.csv:3:22: from: `1.55556E+10`: a spreadsheet destroyed"),
        "{told}"
    );
    let ragged = self::told(utc(), format!("{HEAD}{}1,2\n", row(0)));
    assert!(
        ragged.starts_with("log.csv:3:3: 2 fields, where the header names 4"),
        "{ragged}"
    );
}

#[test]
fn malformed_rows_are_counted_by_reason_and_handed_on_when_they_are_skipped() {
    let text = format!(
        "{HEAD}{}1,2\nnever,,+15555550199,\n2026-03-02T15:01:00Z,,+15555550199,\"a\"b\n{}",
        row(0),
        row(2)
    );
    let options = Options {
        on_bad_row: OnBadRow::Skip,
        ..utc()
    };
    let (kept, quality) = done(options, &text);
    assert_eq!((quality.rows, quality.calls, quality.malformed), (5, 2, 3));
    let reasons: Vec<_> = quality
        .skipped
        .iter()
        .map(|(name, n)| (name.as_str(), *n))
        .collect();
    assert_eq!(
        reasons,
        [("bad-time", 1), ("ragged-row", 1), ("text-after-quote", 1)]
    );
    assert_eq!(
        kept.skipped[0],
        (3, "ragged-row".to_owned(), "1,2".to_owned())
    );
    assert_eq!(kept.skipped.len(), 3);
}

#[test]
fn one_unclosed_quote_names_the_line_that_it_opens_on_even_when_rows_are_skipped() {
    let options = Options {
        on_bad_row: OnBadRow::Skip,
        ..utc()
    };
    let filler = row(3).repeat(40_000);
    let text = format!(
        "{HEAD}{}\"2026-03-02T15:01:00Z,,+15555550199,\n{filler}",
        row(0)
    );
    let told = told(options, &text);
    assert!(
        told.starts_with("log.csv:3:1: a quote opens here and is not closed within"),
        "{told}"
    );
}

#[test]
fn words_that_nobody_explained_are_listed() {
    let text = "start,to,outcome\n2026-03-02T15:00:00Z,+15555550199,GONE\n\
        2026-03-02T15:00:00Z,+15555550199,answered\n2026-03-02T15:00:00Z,+15555550199,AWAY\n\
        2026-03-02T15:00:00Z,+15555550199,AWAY\n";
    let told = told(utc(), text);
    assert!(
        told.starts_with("log.csv:2:35: outcome: nobody has said what outcome `GONE` is"),
        "{told}"
    );
    assert!(
        told.ends_with("AWAY (2)\n    GONE (1)\n    answered (1)"),
        "{told}"
    );
    let options = Options {
        outcomes: vec![
            ("gone".to_owned(), Is::Word(Outcome::Abandoned)),
            ("AWAY".to_owned(), Is::Skip),
        ],
        ..utc()
    };
    let (_, quality) = done(options, text);
    assert_eq!((quality.calls, quality.skipped["AWAY"]), (2, 2));
    assert_eq!(quality.outcome(Outcome::Abandoned), 1);
}

#[test]
fn a_zone_is_required_where_the_file_has_none() {
    let text = "start,from,to,outcome\n2026-03-02 15:00:00,,+15555550199,\n";
    assert!(told(Options::default(), text).contains("say which with --tz"));
    assert_eq!(done(utc(), text).1.calls, 1);
}

#[test]
fn what_daylight_saving_does_is_reported() {
    let zone = TimeZone::get("America/New_York").unwrap();
    let options = Options {
        zone: Some(zone),
        ..Options::default()
    };
    let text =
        "start,to,outcome\n2026-03-08 02:30:00,+15555550199,\n2026-11-01 01:30:00,+15555550199,\n";
    let (kept, quality) = done(options, text);
    assert_eq!((quality.gaps, quality.overlaps), (1, 1));
    assert_eq!(kept.calls[1].start.to_string(), "2026-11-01T05:30:00Z");
    let warnings = quality.warnings().join("\n");
    assert!(
        warnings.contains("no clock showed") && warnings.contains("showed twice"),
        "{warnings}"
    );
}

#[test]
fn rows_out_of_order_are_sorted_within_the_window_or_refused() {
    let text = format!("{HEAD}{}{}{}{}", row(5), row(3), row(4), row(9));
    let (kept, quality) = done(utc(), &text);
    assert!(kept.calls.is_sorted_by_key(|it| it.start));
    assert_eq!(quality.sorted, 2);
    let narrow = |window, text: &str| {
        run(
            Options {
                order_window: window,
                ..utc()
            },
            text,
        )
    };
    let text = format!("{HEAD}{}{}{}", row(5), row(6), row(3));
    let why = narrow(1, &text).err().unwrap();
    assert!(
        why.contains("log.csv:4:1") && why.contains("this call is 120 s older"),
        "{why}"
    );
    assert!(narrow(2, &text).is_ok());
}

#[test]
fn odd_values_are_warnings_and_nothing_is_dropped() {
    let text = "start,to,outcome,talk_s,ring_s\n\
        2026-03-02T15:00:00Z,+15555550199,answered,99999,-3\n\
        2026-03-02T15:00:00Z,+15555550199,answered,99999,-3\n\
        2026-03-05T15:00:00Z,+15555550199,,5,\n";
    let (_, quality) = done(utc(), text);
    assert_eq!(
        (
            quality.calls,
            quality.duplicates,
            quality.negative,
            quality.absurd
        ),
        (3, 1, 2, 2)
    );
    assert_eq!((quality.days_missing, quality.outcome_unknown), (2, 1));
    let gap = quality.longest_gap.unwrap().1;
    assert_eq!(gap.as_hours(), 72);
    let warnings = quality.warnings().join("\n");
    for part in [
        "2026-03-03, 2026-03-04",
        "negative",
        "twelve hours",
        "equals another",
        "--offered-scale",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
}

#[test]
fn opaque_columns_get_one_fictional_number_a_text() {
    let mut options = generic(&[(Column::From, "cust"), (Column::To, "line")]);
    (
        options.opaque_from,
        options.opaque_to,
        options.empty_from_distinct,
    ) = (true, true, true);
    let text = "start;cust;line\n2026-03-02T15:00:00Z;c1;A\n2026-03-02T15:00:01Z;;A\n\
        2026-03-02T15:00:02Z;;A\n2026-03-02T15:00:03Z;c1;B\n";
    let (kept, _) = done(options, text);
    let from: Vec<_> = kept.calls.iter().map(|it| it.from.unwrap()).collect();
    assert!(from[0] == from[3] && from[1] != from[2] && from[0] != from[1]);
    assert!(kept.calls[0].to == kept.calls[2].to && kept.calls[0].to != kept.calls[3].to);
    let strict = generic(&[(Column::From, "cust"), (Column::To, "line")]);
    assert!(told(strict, text).contains("say so with --opaque"));
}

#[test]
fn spreadsheets_are_read_with_their_marks_delimiters_and_letters() {
    let mut options = generic(&[(Column::Start, "Wann")]);
    options.time_format = TimeFormat::new("%d.%m.%Y %H:%M").ok();
    let text = b"\xef\xbb\xbfWann;to;outcome;talk_s;user\r\n02.03.2026 15:00;+15555550199;answered;2m 5s;J\xfcrgen\r\n";
    let (kept, quality) = done(options.clone(), text);
    assert_eq!(kept.calls[0].user.as_deref(), Some("Jürgen"));
    assert_eq!(kept.calls[0].talk.unwrap().whole_secs(), 125);
    assert_eq!(quality.latin_1, 1);
    options.encoding = Some(Encoding::Utf8);
    assert!(told(options.clone(), text).contains("not UTF-8"));
    options.encoding = None;
    let tabs = "Wann\tto\toutcome\n02.03.2026 15:00\t+15555550199\t\n";
    assert_eq!(done(options, tabs).1.calls, 1);
}

#[test]
fn a_file_of_no_known_dialect_is_told_what_to_do() {
    let told = told(utc(), "when,who\n1,2\n");
    assert!(
        told.contains("no dialect is known") && told.contains("`when`, `who`"),
        "{told}"
    );
    let missing = generic(&[(Column::Start, "when")]);
    assert!(self::told(missing, "when,who\n1,2\n").contains("no column `to`"));
}

#[test]
fn a_packed_bomb_is_no_log() {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(HEAD.as_bytes()).unwrap();
    let line = row(1);
    for _ in 0..600_000 {
        packer.write_all(line.as_bytes()).unwrap();
    }
    let bomb = packer.finish().unwrap();
    let why = told(
        Options {
            limits: Limits {
                ratio: 50,
                ..Limits::default()
            },
            ..utc()
        },
        &bomb,
    );
    assert!(
        why.contains("unpacks to more than 50 times its size"),
        "{why}"
    );
    let why = told(
        Options {
            limits: Limits {
                bytes: 1000,
                ratio: 300,
            },
            ..utc()
        },
        &bomb,
    );
    assert!(why.contains("unpacks to more than 1000 bytes"), "{why}");
    let cut = &bomb[..bomb.len() - 20];
    assert!(
        told(
            Options {
                limits: Limits {
                    ratio: 5000,
                    ..Limits::default()
                },
                ..utc()
            },
            cut
        )
        .contains("cannot read on")
    );
}

#[test]
fn legs_far_apart_still_join_and_legs_without_a_call_are_counted() {
    let call = |sid: &str, parent: &str, direction: &str, minute: u32| {
        format!(
            "{{\"sid\":\"{sid}\",\"parent_call_sid\":\"{parent}\",\"from\":\"+15555550100\",\"to\":\
             \"+15555550199\",\"status\":\"completed\",\"start_time\":\"2026-03-02T15:{minute:02}:00Z\",\
             \"end_time\":\"2026-03-02T15:59:00Z\",\"duration\":\"9\",\"direction\":\"{direction}\"}}\n"
        )
    };
    let mut text = call("b", "a", "outbound-dial", 1);
    text += &call("x", "gone", "outbound-dial", 2);
    text += &call("a", "", "inbound", 0);
    let (kept, quality) = done(Options::default(), &text);
    assert_eq!((quality.rows, quality.calls, quality.legs), (3, 1, 1));
    assert_eq!(quality.skipped["leg-without-its-call"], 1);
    assert_eq!(kept.calls[0].direction, Direction::Inbound);
    assert_eq!(kept.calls[0].outcome, Some(Outcome::Answered));
    // Two exports that overlap tell a call twice: found by the fuzz target `log`.
    text += &call("a", "", "inbound", 0);
    let (kept, quality) = done(Options::default(), &text);
    assert_eq!((quality.rows, quality.calls, quality.legs), (4, 1, 1));
    assert_eq!(quality.skipped["call-told-twice"], 1);
    assert_eq!(kept.calls.len(), 1);
}

proptest! {
    /// Whatever the bytes, an import ends: with calls, or with an error at a place.
    #[test]
    fn any_bytes_are_read_to_an_end(
        head in prop::sample::select(vec![
            "start,from,to,outcome\n", "{\"sid\":\"a\",\"status\":\"busy\",\"direction\":\"inbound\"}\n",
            "\"\",\"5\",\"6\",\"c\",\"i\",\"x\",\"y\",\"Dial\",\"l\",\"2026-03-02 15:00:05\",,\"2026-03-02 15:00:09\",4,0,\"BUSY\",\"D\"\n",
            "",
        ]),
        bytes in prop::collection::vec(
            prop_oneof![4 => prop::sample::select(b",\"\n\r {}[]:+15T-".to_vec()), 1 => any::<u8>()],
            0..300,
        ),
        skip in any::<bool>(),
    ) {
        let on_bad_row = if skip { OnBadRow::Skip } else { OnBadRow::Stop };
        let text = [head.as_bytes(), &bytes].concat();
        if let Ok((kept, quality)) = run(Options { on_bad_row, ..utc() }, text) {
            let skipped: u64 = quality.skipped.values().sum();
            prop_assert_eq!(quality.rows, quality.calls + quality.legs + skipped);
            prop_assert_eq!(kept.calls.len() as u64, quality.calls);
        }
    }
}
