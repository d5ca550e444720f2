use super::*;

const QUEUE: About = About {
    unit_s: 100.0,
    impatient: false,
    bounded: false,
    day: false,
    usual_level_s: None,
};
const IMPATIENT: About = About {
    impatient: true,
    ..QUEUE
};
const DAY: About = About {
    unit_s: 60.0,
    day: true,
    usual_level_s: Some(20.0),
    ..IMPATIENT
};

fn known(about: &About, text: &str, name: &str, unit: Unit) {
    let take = match name.strip_prefix("1 - ") {
        Some(name) => Take::Rest(name.to_owned()),
        None => Take::Value(name.to_owned()),
    };
    assert_eq!(reading(text, about), Ok(Reading { take, unit }), "{text}");
}

#[test]
fn symbols_are_read() {
    let (one, t) = (Unit::One, Unit::Seconds(100.0));
    for (text, name, unit) in [
        ("P(W=0)", "1 - hold.waited.share", one),
        ("P(W>0)", "hold.waited.share", one),
        ("P(wait)", "hold.waited.share", one),
        ("P(A)", "calls.abandoned.share", one),
        ("E[Q]", "hold.queue.mean", one),
        ("E[N]", "calls.in_system.mean", one),
        ("E[W|S]", "hold.wait_served_s.mean", t),
        ("E[W|A]", "hold.wait_abandoned_s.mean", t),
        ("P(W<=0.1|S)", "service_level.10s.of_answered", one),
        ("P(W<=0.57|S)", "service_level.57s.of_answered", one),
        ("P(W > 20 s | S)", "1 - service_level.20s.of_answered", one),
        ("P(W<=0.4|A)", "abandoned_within.40s.share", one),
    ] {
        known(&IMPATIENT, text, name, unit);
    }
    known(&QUEUE, "P(W<=0.2)", "service_level.20s.of_offered", one);
    known(
        &QUEUE,
        "E[W|S] min",
        "hold.wait_served_s.mean",
        Unit::Seconds(60.0),
    );
    let variance = reading("Var(W|S)", &QUEUE).expect("a variance");
    assert_eq!(variance.unit, Unit::SecondsSquared(100.0));
    assert_eq!(reading("Var(Q)", &QUEUE).expect("a variance").unit, one);
}

#[test]
fn words_are_read() {
    let (one, s) = (Unit::One, Unit::Seconds(1.0));
    for (text, name, unit) in [
        ("average wait s", "hold.wait_s.mean", s),
        ("average wait s (all)", "hold.wait_s.mean", s),
        (
            "mean wait of served min",
            "hold.wait_served_s.mean",
            Unit::Seconds(60.0),
        ),
        ("90th pct wait s", "hold.wait_s.p90", s),
        ("99.5th pct wait s (all)", "hold.wait_s.p99.5", s),
        ("ASA s", "answer.delay_s.mean", s),
        ("average queue", "hold.queue.mean", one),
        ("mean queue", "hold.queue.mean", one),
        ("utilisation", "staff.occupancy", one),
        ("occupancy", "staff.occupancy", one),
        ("busy servers", "staff.busy.mean", one),
        ("service level 20 s", "service_level.20s.of_offered", one),
        ("blocking", "calls.busy.share", one),
        (
            "blocking per attempt (fresh+redial)",
            "calls.busy.share",
            one,
        ),
        ("fraction abandoning", "calls.abandoned.share", one),
        ("abandon fraction per attempt", "calls.abandoned.share", one),
        ("mean orbit size", "redials.pending.mean", one),
        (
            "attempts per unit time",
            "calls.offered",
            Unit::PerSeconds(100.0),
        ),
    ] {
        known(&QUEUE, text, name, unit);
    }
    for (text, name) in [
        ("calls answered within 20 s", "answered_within.20s"),
        ("calls answered within 0.5 min", "answered_within.30s"),
        (
            "service level (<20 s) of served",
            "service_level.20s.of_answered",
        ),
        (
            "service level (<30 s) of served",
            "service_level.30s.of_answered",
        ),
        ("service level of served", "service_level.20s.of_answered"),
        ("occupancy until close", "staff.occupancy"),
        ("abandoned per day", "calls.abandoned"),
        (
            "SL = good/(served + abandoned after 20 s)",
            "service_level.20s.of_answered_or_late",
        ),
    ] {
        known(&DAY, text, name, one);
    }
}

#[test]
fn other_words_are_not_guessed() {
    for text in [
        "",
        "required servers",
        "raw positions for 80/20, max occ .85",
        "positions with shrinkage .3",
        "mean s",
        "median s",
        "P(W<=0.1|S) min",
        "P(W<=|S)",
        "90th pct service s",
        "occupancy g0",
        "occupancy % all",
        "service level % (all)",
        "retrials (all)",
        "served",
        "patience index NE",
        "E[S]",
        "E[Q] min",
        "E[W] or so",
    ] {
        assert!(reading(text, &DAY).is_err(), "{text}");
    }
    for (text, why) in [
        ("P(W<=0.1|A)", LEAVE),
        ("E[W|A]", LEAVE),
        ("abandoned per day", "no day"),
        ("service level of served", "names no time"),
    ] {
        assert!(reading(text, &QUEUE).expect_err(text).contains(why));
    }
    for text in ["service level 20 s", "P(W<=0.2)"] {
        assert!(reading(text, &IMPATIENT).expect_err(text).contains(WHOSE));
    }
}

#[test]
fn the_time_of_a_level_is_found() {
    assert_eq!(
        level_named("service level (<20 s) of served", 60.0),
        Some(20.0)
    );
    assert_eq!(level_named("calls answered within 20 s", 60.0), Some(20.0));
    assert_eq!(level_named("service level of served", 60.0), None);
    assert_eq!(level_named("mean queue", 60.0), None);
    assert_eq!(
        (seconds(0.57 * 100.0), seconds(0.1)),
        ("57s".into(), "0.1s".into())
    );
}
