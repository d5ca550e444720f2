//! Slower, longer, more: how a queue must answer, call by call.

use routing::record::{CallRecord, Outcome};

use crate::world::{Told, World};

/// Agents behind one number, who ring for a while first.
fn queue(agents: u32, set: &str) -> World {
    let accounts = format!(
        "[[sub_account]]\nid = \"desk\"\n[[sub_account.user]]\nid = \"ann\"\nweb_app = true\n\
         [[sub_account.number]]\nnumber = \"+15555550150\"\nassigned_to = \"ann\"\n\
         incoming_timeout = \"10s\"\n\
         [[sub_account.number]]\nnumber = \"+15555550151\"\nbackup = \"hold\"\n\
         hold_staff = {agents}\n"
    );
    let scenario = format!(
        "duration = \"10h\"\n[[arrivals]]\nkind = \"poisson\"\nrate = \"2/min\"\n\
         to = [\"+15555550151\"]\n[[arrivals]]\nkind = \"poisson\"\nrate = \"30/h\"\n\
         to = [\"+15555550150\"]\n[limits]\npreset = \"none\"\n[people]\n{set}\n"
    );
    World::new(&scenario, &accounts)
}

fn waits(told: &Told) -> Vec<u64> {
    let held = |it: &CallRecord| it.held.map(|(from, until)| until.since(from).0);
    told.calls.iter().filter_map(|(_, it)| held(it)).collect()
}

fn counts(told: &Told) -> Vec<f64> {
    let of = |it: &Outcome| told.value(&format!("calls.{}", it.name()));
    let real = Outcome::ALL.iter().filter(|it| **it != Outcome::Unfinished);
    real.map(of).collect()
}

/// Twice as slow in everything: the same, twice as slow. Only the grain of a nanosecond may show.
#[test]
fn everything_twice_as_slow_is_the_same_twice_as_slow() {
    let people = "talk = { lognormal = { median = \"60s\", sigma = 0.8 } }\n\
        hold_patience = { exponential = \"40s\" }\n\
        redial = { share = 0.5, delay = { exponential = \"200s\" } }";
    let world = queue(2, people);
    let fast = world.run();
    let slow = world.run_set(&[
        "duration=20h",
        "arrivals.0.rate=1/min",
        "arrivals.1.rate=15/h",
        "accounts.desk.number.+15555550150.incoming_timeout=20s",
        "people.dial_buffer=10s",
        "people.talk={lognormal={median=\"120s\",sigma=0.8}}",
        "people.hold_patience={exponential=\"80s\"}",
        "people.patience={lognormal={median=\"60s\",sigma=0.5}}",
        "people.answer.web.delay={lognormal={median=\"8.6s\",sigma=0.94}}",
        "people.voicemail.length={lognormal={mean=\"50s\",cv=0.66}}",
        "people.redial.delay={exponential=\"400s\"}",
        "routing.max_call=4h",
    ]);
    assert!(fast.value("calls.abandoned") > 50.0 && fast.value("calls.redials") > 50.0);
    assert!(fast.value("calls.voicemail") > 20.0);
    assert_eq!(counts(&fast), counts(&slow));
    assert_eq!(fast.calls.len(), slow.calls.len());
    for ((_, a), (_, b)) in fast.calls.iter().zip(&slow.calls) {
        assert_eq!(
            (a.fresh, a.attempt, a.outcome),
            (b.fresh, b.attempt, b.outcome)
        );
        // A redial adds up what was rounded before it.
        let grain = 100 * u64::from(a.attempt);
        for (a, b) in [(a.arrived, b.arrived), (a.ended, b.ended)] {
            assert!((2 * a.0).abs_diff(b.0) <= grain, "{a:?} and {b:?}");
        }
    }
}

const PATIENT: &str = "talk = { exponential = \"80s\" }\nhold_patience = \"infinite\"";

/// First come first served and nobody leaves: whatever makes the servers free earlier lets every
/// single call wait no longer.
#[test]
fn with_an_agent_more_nobody_waits_longer() {
    let waited: Vec<Vec<u64>> = (3..7)
        .map(|agents| waits(&queue(agents, PATIENT).run()))
        .collect();
    assert!(waited[0].iter().filter(|it| **it > 0).count() > 400);
    for pair in waited.windows(2) {
        assert_eq!(pair[0].len(), pair[1].len());
        assert!(pair[0].iter().zip(&pair[1]).all(|(few, more)| more <= few));
        assert!(pair[0] != pair[1]);
    }
}

#[test]
fn when_calls_take_longer_nobody_waits_less() {
    let with = |set: &[&str]| waits(&queue(3, PATIENT).run_set(set));
    let plain = with(&[]);
    for set in [
        "people.talk={exponential=\"85s\"}",
        "people.wrap_up={constant=\"3s\"}",
        "people.wrap_up={exponential=\"5s\"}",
    ] {
        let longer = with(&[set]);
        assert_eq!(plain.len(), longer.len());
        assert!(plain.iter().zip(&longer).all(|(a, b)| a <= b), "{set}");
        assert!(plain != longer);
    }
}
