//! Another start: where nothing hangs on the hour or the day, nothing changes.

use crate::office::{ACME, BELL, PEOPLE, SCENARIO, office, with};
use crate::world::World;

fn starting(world: &World, start: &str) -> World {
    let mut moved = world.clone();
    moved.scenario = format!("start = \"{start}\"\n{}", moved.scenario);
    moved
}

/// The same three layers from both starts, and other inputs.
fn alike(world: &World, one: &str, other: &str) {
    let (a, b) = (starting(world, one).run(), starting(world, other).run());
    assert_eq!(a.layers(), b.layers(), "{one} and {other}");
    assert_ne!(a.prints().inputs, b.prints().inputs);
    assert_eq!(a.summary.metrics, b.summary.metrics);
    assert_eq!(a.calls, b.calls);
}

fn differ(world: &World, one: &str, other: &str) {
    let (a, b) = (starting(world, one).run(), starting(world, other).run());
    assert_ne!(
        a.prints().outcomes,
        b.prints().outcomes,
        "{one} and {other}"
    );
}

#[test]
fn without_hours_and_profiles_any_start_gives_the_same_run() {
    alike(&office(), "2026-01-05T00:00:00", "2026-01-06T00:00:00");
    alike(&office(), "2026-01-05T00:00:00", "2031-08-13T17:23:45");
}

#[test]
fn limits_that_follow_the_clock_see_minutes_and_hours_but_no_days() {
    for set in [
        "window = \"fixed-minute\"",
        "window = \"sliding-counter\"",
        "violation_window = \"fixed-hour\"",
    ] {
        let people = PEOPLE.replace("[limits]\n", &format!("[limits]\n{set}\n"));
        let mut world = office();
        world.scenario = world.scenario.replace(PEOPLE, &people);
        alike(&world, "2026-01-05T00:00:00", "2026-03-18T05:00:00");
        differ(&world, "2026-01-05T00:00:00", "2026-01-05T00:29:31");
    }
}

#[test]
fn in_another_zone_without_hours_nothing_changes() {
    let here = starting(&office(), "2026-03-07T20:00:00");
    let mut there = here.clone();
    there.scenario = format!("time_zone = \"America/New_York\"\n{}", there.scenario);
    // The clocks change in the night; the run has eight hours all the same.
    assert_eq!(here.run().layers(), there.run().layers());
}

/// The office with hours, a Voice AI by night and a profile of the week.
fn weekly() -> World {
    let acme = ACME.replace(
        "id = \"ben\"\n",
        "id = \"ben\"\nhours = [\"Mon-Fri 02:00-05:30\", \"Sat 01:00-03:00\"]\n",
    );
    let bell = BELL.replace(
        "voice_ai = \"direct\"\n",
        "voice_ai = \"direct\"\nvoice_ai_hours = [\"Mon-Thu 00:00-04:00\"]\n",
    );
    let profile = "[[arrivals]]\nkind = \"profile\"\nevery = \"2h\"\ndays = \"Mon-Fri\"\n\
        shape = \"linear\"\nrates = [\"5/h\", \"40/h\", \"30/h\", \"10/h\"]\n\
        to = [\"+15555550161\", \"+15555550152\"]\n";
    with(&format!("{SCENARIO}{profile}"), &[&acme, &bell])
}

#[test]
fn with_hours_and_profiles_whole_weeks_later_is_the_same_and_a_day_later_is_not() {
    let world = weekly();
    alike(&world, "2026-01-09T20:00:00", "2026-01-16T20:00:00");
    alike(&world, "2026-01-05T00:00:00", "2028-02-28T00:00:00");
    differ(&world, "2026-01-09T20:00:00", "2026-01-10T20:00:00");
    differ(&world, "2026-01-05T00:00:00", "2026-01-05T01:00:00");
}
