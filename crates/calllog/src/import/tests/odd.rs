//! Nothing of an odd log is lost without a word.

use routing::Nanos;

use super::*;

fn skipping() -> Options {
    Options {
        on_bad_row: OnBadRow::Skip,
        ..utc()
    }
}

/// A call of Twilio's.
fn object(nth: u32) -> String {
    format!(
        "{{\"sid\":\"CA{nth}\",\"status\":\"busy\",\"direction\":\"inbound\",\"to\":\"+15555550199\",\
         \"start_time\":\"2026-03-02T15:{:02}:00Z\"}}\n",
        nth % 60
    )
}

#[test]
fn a_line_between_json_objects_is_one_bad_row() {
    let text = format!("{}ERROR: reset\n{}{}", object(1), object(2), object(3));
    let (kept, quality) = done(skipping(), &text);
    assert_eq!((quality.rows, quality.calls, quality.malformed), (4, 3, 1));
    assert_eq!(
        kept.skipped,
        [(2, "bad-json".to_owned(), "ERROR: reset".to_owned())]
    );
    let why = told(utc(), &text);
    assert!(why.starts_with("log.csv:2:1: not a JSON object"), "{why}");
    // The last line may be one, without an end.
    let (_, quality) = done(skipping(), format!("{}bye", object(1)));
    assert_eq!((quality.calls, quality.malformed), (1, 1));
}

#[test]
fn what_does_not_end_in_json_ends_the_import_though_bad_rows_are_skipped() {
    let open = object(2).replace('}', "");
    for (text, line) in [
        (format!("{}{open}{}", object(1), object(3)), 2),
        (format!("[{},", object(1).trim_end()), 1),
        (format!("[{},\nx\n{}]", object(1).trim_end(), object(2)), 2),
    ] {
        let why = told(skipping(), &text);
        let place = format!("log.csv:{line}:1: this object or list does not end");
        assert!(why.starts_with(&place), "{why}");
    }
}

#[test]
fn a_page_may_hold_more_behind_its_list() {
    let call = object(7);
    let page = format!(
        "{{\"calls\":[{}],\"page_size\":1,\"meta\":{{\"a\":{{\"b\":[1,\"}}\"]}}}}}}\n",
        call.trim_end()
    );
    let (kept, _) = done(utc(), format!("{page}{page}"));
    // The second tells the same call again.
    assert_eq!(kept.calls.len(), 1);
}

/// Asterisk's 18 fields.
fn cdr(second: u32, id: u32) -> String {
    format!(
        "\"\",\"+15555550100\",\"+15555550199\",\"in\",\"\",\"PJSIP/t-1\",\"PJSIP/201-1\",\"Dial\",\"x\",\
         \"2026-03-02 {:02}:{:02}:{:02}\",,\"2026-03-02 23:59:59\",9,0,\"NO ANSWER\",\"DOCUMENTATION\",\
         \"17724{second:05}.{id}\",\"\"\n",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[test]
fn a_late_call_at_the_end_of_joined_rows_is_told_with_its_file() {
    let mut text: String = (0..100).map(|it| cdr(1000 + it, it)).collect();
    text.push_str(&cdr(5, 900));
    let narrow = |on_bad_row| Options {
        order_window: 10,
        on_bad_row,
        ..utc()
    };
    let run = |options| {
        let mut kept = Kept::default();
        let mut importer = Importer::new(options);
        for (name, text) in [("a.csv", text.as_str()), ("b.csv", &cdr(7200, 901))] {
            importer.read(text.as_bytes(), name, &mut kept).unwrap();
        }
        let finished = importer.finish(&mut kept).map_err(|why| why.to_string());
        finished.map(|(quality, _)| (kept, quality))
    };
    let why = run(narrow(OnBadRow::Stop)).err().expect("an error");
    assert!(why.starts_with("a.csv:101:1: this call is"), "{why}");
    let (kept, quality) = run(narrow(OnBadRow::Skip)).unwrap();
    assert_eq!((quality.calls, quality.malformed), (101, 1));
    assert_eq!((kept.skipped[0].0, kept.calls.len()), (101, 101));
}

#[test]
fn a_row_of_a_call_that_was_closed_is_told() {
    let mut text = cdr(0, 0);
    text.extend((1..33_000).map(|it| cdr(it % 60, it)));
    text.push_str(&cdr(0, 0));
    let (_, quality) = done(utc(), &text);
    assert_eq!((quality.calls, quality.reopened), (33_001, 1));
    let warnings = quality.warnings().join("\n");
    assert!(
        warnings.contains("1 row tells of a call that had been closed"),
        "{warnings}"
    );
}

#[test]
fn one_odd_row_among_the_first_does_not_hide_the_dialect_and_is_told_with_its_place() {
    let text = format!("{}{}\"\",\"cut\n{}", cdr(1, 1), cdr(2, 2), cdr(3, 3));
    let why = told(utc(), &text);
    assert!(why.starts_with("log.csv:3:"), "{why}");
    for (text, said) in [
        (&b""[..], "the file is empty"),
        (b"\xff\xfes\0t\0", "UTF-16"),
        (b"a,b\rc,d\r", "carriage return"),
        (b"a\0b,c\n", "NUL"),
    ] {
        let why = told(utc(), text);
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn skipped_rows_are_kept_whatever_is_wrong_with_them() {
    let text = format!("{HEAD}{}a\0b\nc\rd\n\"e\"f,g\n{}", row(0), row(1));
    let (kept, quality) = done(skipping(), &text);
    assert_eq!((quality.calls, quality.malformed), (2, 3));
    let rows: Vec<&str> = kept.skipped.iter().map(|it| it.2.as_str()).collect();
    assert_eq!(rows, ["a\0b", "c\rd", "\"e\"f,g"]);
}

#[test]
fn equal_calls_are_counted_however_many_share_an_instant() {
    let one = |nth: u32| format!("2026-03-02T15:00:00Z,+1555555{nth:04},+15555550199,answered\n");
    let all: String = (0..3_000).chain(0..3_000).map(one).collect();
    let (_, quality) = done(utc(), format!("{HEAD}{all}"));
    assert_eq!(quality.duplicates, 3_000);
}

#[test]
fn a_column_that_a_header_names_twice_and_a_name_without_end_are_errors() {
    let twice = format!("start,from,From,to\n{}", row(0));
    assert!(
        told(utc(), &twice).contains("`from`"),
        "{}",
        told(utc(), &twice)
    );
    let name = "x".repeat(300);
    let long = format!("start,from,to,outcome,user\n2026-03-02T15:00:00Z,,+15555550199,,{name}\n");
    let why = told(utc(), &long);
    assert!(
        why.starts_with("log.csv:2:37: user: a text of 300 bytes"),
        "{why}"
    );
}

#[test]
fn answers_that_may_be_a_voicemail_s_are_taken_for_one_only_when_asked() {
    let text = "start,to,outcome,ring_s,talk_s\n\
        2026-03-02T15:00:00Z,+15555550199,answered,9,8\n\
        2026-03-02T15:01:00Z,+15555550199,answered,19,10\n\
        2026-03-02T15:02:00Z,+15555550199,answered,20,300\n\
        2026-03-02T15:03:00Z,+15555550199,no-answer,25,0\n\
        2026-03-02T15:04:00Z,+15555550199,answered,,\n";
    let (_, quality) = done(utc(), text);
    assert_eq!(
        (quality.outcome(Outcome::Answered), quality.suspected),
        (4, 0)
    );
    for order_window in [1, 100] {
        let asked = Options {
            suspect_voicemail: Some(Nanos(10 * Nanos::SECOND.0)),
            order_window,
            ..utc()
        };
        let (kept, quality) = done(asked, text);
        let outcome = |nth: usize| kept.calls[nth].outcome;
        assert_eq!(outcome(0), Some(Outcome::CarrierVoicemail));
        assert_eq!(outcome(1), Some(Outcome::Answered));
        assert_eq!(outcome(2), Some(Outcome::CarrierVoicemail));
        assert_eq!(outcome(3), Some(Outcome::NoAnswer));
        assert_eq!(outcome(4), Some(Outcome::Answered));
        assert_eq!(quality.suspected, 2);
        let warnings = quality.warnings().join("\n");
        assert!(
            warnings.contains("2 calls answered after a short talk"),
            "{warnings}"
        );
    }
}
