//! Neither threads nor parts change anything.

use std::fmt::Write as _;

use engine::partition::Partition;
use engine::run::{Watch, replication};
use measure::Tally;

use crate::world::{Told, World};

/// Forty sub-accounts, most of which have nothing to do with each other: two share a person, two
/// forward in a ring, and one is called more than others. Callers of a pool call several of them.
fn offices() -> World {
    let mut accounts = String::new();
    for at in 0..40 {
        let person = if at == 3 || at == 7 {
            "person = \"ann.lee\"\n"
        } else {
            ""
        };
        let forward = match at {
            11 => "forward_to = \"+15555550112\"\n",
            12 => "forward_to = \"+15555550111\"\n",
            _ => "",
        };
        let hold = if at % 5 == 0 {
            "backup = \"hold\"\nhold_room = 2\n"
        } else {
            ""
        };
        let _ = write!(
            accounts,
            "[[sub_account]]\nid = \"office-{at}\"\nincoming_timeout = \"20s\"\nagency = \"a{}\"\n\
             [[sub_account.user]]\nid = \"ann\"\nweb_app = true\n{person}\
             [[sub_account.user]]\nid = \"ben\"\nmobile_app = true\n\
             [[sub_account.number]]\nnumber = \"+15555550{}\"\nassigned_to = \"ann\"\n\
             ring_more = [\"ben\"]\n{forward}{hold}",
            at / 4,
            100 + at
        );
    }
    let scenario = "duration = \"6h\"\nwarm_up = \"10min\"\ninterval = \"30min\"\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"3000/h\"\nto = \"all\"\n\
         callers = { pool = 400 }\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"600/h\"\nto = [\"+15555550105\"]\n\
         [people]\nredial = { share = 0.43, delay = { exponential = \"13min\" } }\n";
    World::new(scenario, &accounts)
}

fn same(a: &Told, b: &Told, what: &str) {
    assert_eq!(a.prints(), b.prints(), "{what}");
    assert!(a.summary == b.summary, "{what}: the summaries differ");
    assert!(a.calls == b.calls, "{what}: the calls differ");
}

#[test]
fn a_replication_in_parts_is_the_replication() {
    let job = offices().job(&[]);
    assert_eq!(Partition::of(&job.plan).groups(), 38);
    let one = Told::of(&job, 1);
    assert!(one.value("calls.offered") > 20_000.0);
    assert!(one.value("calls.blocked") > 100.0);
    assert!(one.value("callers.offered") < one.value("calls.fresh"));
    for threads in [2, 3, 7] {
        same(
            &one,
            &Told::of(&job, threads),
            &format!("{threads} threads"),
        );
    }
}

#[test]
fn some_replications_whole_and_some_in_parts_are_the_replications() {
    let job = offices().job(&["replications=5"]);
    let one = Told::of(&job, 1);
    for threads in [2, 4] {
        same(
            &one,
            &Told::of(&job, threads),
            &format!("{threads} threads"),
        );
    }
}

/// Many offices, and callers who call several of them; three replications, of which two threads
/// run the last one in parts.
fn crowd() -> World {
    let mut accounts = String::new();
    for at in 0..700 {
        let _ = write!(
            accounts,
            "[[sub_account]]\nid = \"office-{at}\"\nincoming_timeout = \"20s\"\n\
             [[sub_account.user]]\nid = \"ann\"\nweb_app = true\n\
             [[sub_account.number]]\nnumber = \"+999{at:012}\"\nassigned_to = \"ann\"\n"
        );
    }
    let scenario = "duration = \"2h\"\nreplications = 3\n\
         [[arrivals]]\nkind = \"poisson\"\nrate = \"15000/h\"\nto = \"all\"\n\
         callers = { pool = 400 }\n\
         [people]\nredial = { share = 0.43, delay = { exponential = \"13min\" } }\n\
         [limits]\nregular = { from_per_minute = 1, to_per_minute = 2 }\n";
    World::new(scenario, &accounts)
}

#[test]
fn a_crowd_in_parts_is_what_the_engine_makes_of_it_in_one_piece() {
    let job = crowd().job(&[]);
    let watch = Watch::default();
    let whole = |at| {
        let tally = Tally::new(job.setup.clone(), at).expect("a setup that can be counted");
        let done = replication(&job.plan, at, job.in_process(), tally, &watch);
        done.expect("it runs").0.finish()
    };
    let whole = [whole(0), whole(1), whole(2)];
    for threads in [1, 2, 3] {
        let told = Told::of(&job, threads);
        assert!(told.value("calls.blocked") > 10.0);
        assert!(told.summary.replications == whole, "{threads} threads");
    }
}

#[test]
fn limits_that_count_together_are_not_divided() {
    for set in [
        "limits.from_scope=agency",
        "limits.account=agency",
        "limits.from_scope=platform",
    ] {
        let job = offices().job(&[set]);
        let groups = Partition::of(&job.plan).groups();
        assert!((1..=10).contains(&groups), "{set}: {groups} groups");
        same(&Told::of(&job, 1), &Told::of(&job, 2), set);
    }
}
