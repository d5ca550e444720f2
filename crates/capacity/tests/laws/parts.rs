//! A run and its parts: of its calls, of its replications, of its time.

use std::collections::BTreeMap;

use measure::Fingerprints;
use routing::Nanos;
use routing::record::{CallRecord, FreshId};

use crate::office::{ACME, BELL, SCENARIO, office, with};
use crate::world::Told;

/// What the layers of two halves of a run come to together.
fn sum(a: &Told, b: &Told) -> Fingerprints {
    let mut sum = a.layers();
    sum.arrivals.merge(b.prints().arrivals);
    sum.decisions.merge(b.prints().decisions);
    sum.outcomes.merge(b.prints().outcomes);
    sum
}

/// The two sub-accounts share nothing: each run alone, the prints add up to those of both. (An
/// arrivals table keeps its place when its rate is zero, and its place is in every draw.)
#[test]
fn sub_accounts_that_share_nothing_run_alone_as_they_run_together() {
    let both = office().run();
    let acme = office().run_set(&["arrivals.2.rate=0/h"]);
    let bell = office().run_set(&["arrivals.0.rate=0/h", "arrivals.1.rate=0/h"]);
    assert_eq!(sum(&acme, &bell), both.layers());
    for metric in [
        "calls.offered",
        "calls.answered",
        "limit.violations",
        "calls.hops",
    ] {
        let parts = acme.value(metric) + bell.value(metric);
        assert_eq!(parts, both.value(metric), "{metric}");
    }
    assert_eq!(acme.calls.len() + bell.calls.len(), both.calls.len());
    // Each also without the other's accounts.
    let (first, last) = SCENARIO.rsplit_once("[[arrivals]]").unwrap();
    assert!(last.contains("+15555550160"));
    let alone = with(first, &[ACME]).run();
    assert_eq!(alone.layers(), acme.layers());
    assert_eq!(with(SCENARIO, &[ACME, BELL]).run().layers(), both.layers());
}

fn fresh(told: &Told, tables: u16) -> Vec<(u32, FreshId, Nanos, String)> {
    let of = |(replication, call): &(u32, CallRecord)| {
        let who = format!("{:?} to {:?}", call.from, call.to);
        (*replication, call.fresh, call.arrived, who)
    };
    let calls = told.calls.iter();
    let firsts = calls.filter(|(_, it)| it.attempt == 1 && it.fresh.source < tables);
    firsts.map(of).collect()
}

#[test]
fn another_arrivals_table_moves_no_fresh_call_of_the_others() {
    let before = office().run();
    let more = "\n[[arrivals]]\nkind = \"poisson\"\nrate = \"100/h\"\nto = [\"+15555550150\"]\n";
    let after = with(&format!("{SCENARIO}{more}"), &[ACME, BELL]).run();
    assert_ne!(before.prints().outcomes, after.prints().outcomes);
    assert!(fresh(&after, 4).len() > fresh(&after, 3).len());
    assert_eq!(fresh(&before, 3), fresh(&after, 3));
}

#[test]
fn more_replications_begin_with_the_same_ones() {
    let (few, many) = (office().run(), office().run_set(&["replications=5"]));
    assert_eq!(few.summary.replications[..], many.summary.replications[..2]);
    let of_the_first_two = many
        .calls
        .iter()
        .filter(|(replication, _)| *replication < 2);
    assert!(few.calls.iter().eq(of_the_first_two));
    assert_ne!(
        many.summary.replications[0].fingerprints,
        many.summary.replications[1].fingerprints
    );
}

#[test]
fn a_longer_run_begins_as_the_shorter_one() {
    let (short, long) = (office().run(), office().run_set(&["duration=12h"]));
    let until = Nanos(8 * Nanos::HOUR.0);
    let over = |told: &Told| -> Vec<(u32, CallRecord)> {
        let calls = told.calls.iter().filter(|(_, it)| it.ended < until);
        calls.cloned().collect()
    };
    assert!(over(&short).len() > 500);
    assert!(over(&short) == over(&long));
}

/// Common random numbers: under two policies a call that is answered the first time in both is
/// answered by whoever, but talks as long.
#[test]
fn a_call_talks_as_long_under_every_policy() {
    let talks = |policy: &str| -> BTreeMap<(u32, FreshId), Nanos> {
        let told = office().run_set(&[&format!("policy={policy}")]);
        let first = told.calls.into_iter().filter(|(_, it)| it.attempt == 1);
        let talk = |(replication, it): (u32, CallRecord)| {
            Some(((replication, it.fresh), it.ended - it.answered?))
        };
        first.filter_map(talk).collect()
    };
    let (one, two) = (talks("stages-2026"), talks("layers-legacy"));
    let both: Vec<_> = one
        .iter()
        .filter_map(|(id, it)| Some((*it, *two.get(id)?)))
        .collect();
    assert!(both.len() > 200 && both.len() < one.len());
    assert!(both.iter().all(|(a, b)| a == b));
}
