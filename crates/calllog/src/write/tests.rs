use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use routing::PhoneNumber;
use routing::record::Outcome;

use super::*;
use crate::call::Direction;
use crate::read::read_all;

fn written(calls: &[CanonicalCall], time_zone: &TimeZone) -> String {
    let mut writer = CanonicalWriter::new(Vec::new(), time_zone.clone(), &[]).unwrap();
    for call in calls {
        writer.write(call, &[]).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

#[test]
fn a_call_is_written_in_local_time_with_its_offset() {
    let call = CanonicalCall {
        from: Some("+15555550177".parse().unwrap()),
        to: Some("+15555550199".parse().unwrap()),
        direction: Direction::Inbound,
        outcome: Some(Outcome::NoAnswer),
        ring: Some(Nanos(20_000_000_000)),
        talk: Some(Nanos(12_500_000_000)),
        wrap: Some(Nanos(1)),
        user: Some("Lee, Ann".to_owned()),
        source_row: Some(7),
        ..CanonicalCall::at("2026-03-02T15:00:05.25Z".parse().unwrap())
    };
    let header =
        "start,from,to,direction,outcome,ring_s,hold_s,talk_s,wrap_s,total_s,user,source_row";
    let row = "2026-03-02T10:00:05.25-05:00,+15555550177,+15555550199,inbound,no-answer,\
        20,,12.5,0.000000001,,\"Lee, Ann\",7";
    assert_eq!(
        written(std::slice::from_ref(&call), &new_york()),
        format!("{header}\n{row}\n")
    );
    let mut writer = CanonicalWriter::new(Vec::new(), TimeZone::UTC, &["call", "cause"]).unwrap();
    writer.write(&call, &["c-000042", "unserved"]).unwrap();
    assert!(writer.write(&call, &["one too few"]).is_err());
    let mut writer = CanonicalWriter::new(Vec::new(), TimeZone::UTC, &["call", "cause"]).unwrap();
    writer.write(&call, &["c-000042", "unserved"]).unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(
        text.starts_with(&format!(
            "{header},call,cause\n2026-03-02T15:00:05.25+00:00,"
        )),
        "{text}"
    );
    assert!(
        text.ends_with(",\"Lee, Ann\",7,c-000042,unserved\n"),
        "{text}"
    );
    assert_eq!(
        read_all(text.as_bytes(), "calls.csv").unwrap(),
        [call],
        "extra columns are ignored"
    );
}

#[test]
fn both_halves_of_the_hour_that_comes_twice_keep_their_instant() {
    let first: Timestamp = "2026-11-01T05:30:00Z".parse().unwrap();
    let calls = [first, first + jiff::SignedDuration::from_hours(1)].map(CanonicalCall::at);
    let text = written(&calls, &new_york());
    assert!(
        text.contains("2026-11-01T01:30:00-04:00") && text.contains("2026-11-01T01:30:00-05:00")
    );
    assert_eq!(read_all(text.as_bytes(), "calls.csv").unwrap(), calls);
}

#[test]
fn an_offset_of_odd_seconds_is_written_in_utc() {
    let old = date(1880, 1, 1)
        .at(0, 0, 0, 0)
        .to_zoned(new_york())
        .unwrap()
        .timestamp();
    let text = written(&[CanonicalCall::at(old)], &new_york());
    assert!(text.contains("1880-01-01T04:56:02+00:00"), "{text}");
}

fn number() -> impl Strategy<Value = PhoneNumber> {
    (1u64..=999_999_999_999_999).prop_map(|digits| PhoneNumber::from_digits(digits).unwrap())
}

fn span() -> impl Strategy<Value = Option<Nanos>> {
    prop::option::of(
        prop_oneof![0..u64::MAX, (0u64..9000).prop_map(|s| s * 1_000_000_000)].prop_map(Nanos),
    )
}

prop_compose! {
    fn call()(
        start in -2_000_000_000_000_000_000i128..4_000_000_000_000_000_000,
        from in prop::option::of(number()),
        to in prop::option::of(number()),
        direction in prop::sample::select(vec![
            Direction::Unknown, Direction::Inbound, Direction::Outbound, Direction::Internal,
        ]),
        outcome in prop::option::of(prop::sample::select(Outcome::ALL)),
        spans in prop::array::uniform5(span()),
        // Blanks at the ends are not kept, and no name is empty.
        user in prop::option::of("[a-zé\"][a-zé,;\"\n\r ]{0,6}[a-zé\"]"),
        source_row in any::<Option<u64>>(),
    ) -> CanonicalCall {
        let [ring, hold, talk, wrap, total] = spans;
        let start = Timestamp::from_nanosecond(start).unwrap();
        CanonicalCall {
            start, from, to, direction, outcome, ring, hold, talk, wrap, total, user, source_row,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        calls in prop::collection::vec(call(), 0..20),
        zone in prop::sample::select(vec!["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    ) {
        let text = written(&calls, &TimeZone::get(zone).unwrap());
        prop_assert_eq!(read_all(text.as_bytes(), "calls.csv").unwrap(), calls);
    }
}
