use proptest::prelude::*;

use super::*;

fn times(format: &str, zone: &str) -> Times {
    let zone = (!zone.is_empty()).then(|| TimeZone::get(zone).unwrap());
    Times::new(TimeFormat::new(format).unwrap(), zone)
}

#[test]
fn the_usual_forms_are_one_instant() {
    for (format, zone, text) in [
        ("", "", "2026-03-02T15:00:05-05:00"),
        ("", "", "2026-03-02T20:00:05Z"),
        ("", "", "2026-03-02 20:00:05 +0000"),
        ("", "", "2026-03-02 20:00:05 UTC"),
        ("", "", "Mon, 02 Mar 2026 20:00:05 +0000"),
        ("", "America/New_York", "2026-03-02 15:00:05"),
        ("", "America/New_York", "2026/03/02 15:00:05"),
        ("", "UTC", "2026-03-02T20:00:05.000000000123"),
        ("unix", "", "1772481605"),
        ("unix", "", "1772481605.0"),
        ("unix-ms", "", "1772481605000"),
        (
            "%d.%m.%Y %H:%M:%S",
            "America/New_York",
            "02.03.2026 15:00:05",
        ),
        (
            "%m/%d/%Y %I:%M:%S %p",
            "America/New_York",
            "03/02/2026 03:00:05 PM",
        ),
        ("%Y-%m-%d %H:%M:%S %z", "", "2026-03-02 15:00:05 -0500"),
    ] {
        let read = times(format, zone).read(text).unwrap();
        assert_eq!(read.as_second(), 1_772_481_605, "{format} {text}");
    }
    let minute = times("", "UTC").read("2026-03-02 20:00").unwrap();
    assert_eq!(minute.as_second(), 1_772_481_600);
}

#[test]
fn a_zone_is_never_guessed_and_neither_is_the_order_of_a_date() {
    let told = |format: &str, zone: &str, text: &str| {
        times(format, zone).read(text).unwrap_err().to_string()
    };
    assert!(told("", "", "2026-03-02 15:00:05").contains("--tz"));
    assert!(told("", "UTC", "03/02/2026 15:00").contains("--time-format"));
    assert!(told("", "UTC", "yesterday").contains("`yesterday` is not a time"));
    assert!(
        told("", "UTC", "2026-02-30 15:00").contains("is not a time")
            || told("", "UTC", "2026-02-30 15:00").contains("--time-format")
    );
    assert!(told("%d.%m.%Y", "UTC", "2026-03-02").contains("%d.%m.%Y"));
    assert!(TimeFormat::new("dd.mm.yyyy").is_err());
}

#[test]
fn gaps_and_overlaps_of_daylight_saving_are_counted() {
    let mut times = times("", "America/New_York");
    let mut at = |text: &str| times.read(text).unwrap().to_string();
    assert_eq!(at("2026-03-08 01:59:59"), "2026-03-08T06:59:59Z");
    assert_eq!(at("2026-03-08 02:30:00"), "2026-03-08T07:30:00Z");
    assert_eq!(at("2026-03-08 03:00:00"), "2026-03-08T07:00:00Z");
    assert_eq!(at("2026-11-01 00:59:59"), "2026-11-01T04:59:59Z");
    assert_eq!(at("2026-11-01 01:30:00"), "2026-11-01T05:30:00Z");
    assert_eq!(at("2026-11-01 02:00:00"), "2026-11-01T07:00:00Z");
    assert_eq!((times.gaps, times.overlaps), (1, 1));
}

proptest! {
    /// By hand as by the calendar library, in any order of times.
    #[test]
    fn local_times_become_the_instants_of_the_calendar(
        seconds in prop::collection::vec(-2_000_000_000i64..4_000_000_000, 1..20),
        zone in prop::sample::select(vec!["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    ) {
        let mut times = times("", zone);
        let zone = TimeZone::get(zone).unwrap();
        for second in seconds {
            let civil = civil(second).unwrap();
            let expected = zone.to_ambiguous_timestamp(civil).compatible().unwrap();
            let text = civil.strftime("%Y-%m-%d %H:%M:%S").to_string();
            prop_assert_eq!(times.read(&text).unwrap(), expected);
        }
    }
}
