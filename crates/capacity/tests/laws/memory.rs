//! How much memory a run is expected to take, before it is begun.

use crate::world::World;

const OFFICE: &str = r#"
[[sub_account]]
id = "acme"

[[sub_account.user]]
id = "ann"
web_app = true

[[sub_account.number]]
number = "+15555550100"
assigned_to = "ann"
"#;

fn world(duration: &str, gate: &str) -> World {
    let scenario = format!(
        "duration = \"{duration}\"\ninterval = \"30min\"\n[[arrivals]]\nkind = \"poisson\"\n\
         rate = \"60/h\"\nto = \"all\"\n{gate}"
    );
    World::new(&scenario, OFFICE)
}

const BY_INTERVAL: &str = "[[gate]]\nmetric = \"answer.delay_s.p90\"\nmax = 20\neach = \"30min\"\n";

#[test]
fn distributions_of_intervals_are_counted_before_the_run() {
    let without = world("10h", "").job(&[]).expected_bytes();
    let with = world("10h", BY_INTERVAL).job(&[]).expected_bytes();
    // Twenty intervals, answers and waits, half a megabyte each while they are open.
    assert!(with - without > 20.0 * 2.0 * 5e5, "{}", with - without);
    assert!(with - without < 20.0 * 2.0 * 6e5, "{}", with - without);
}

#[test]
fn a_run_whose_distributions_do_not_fit_is_refused() {
    assert!(world("364d", "").job(&[]).fits().is_ok());
    let refused = world("364d", BY_INTERVAL).job(&[]).fits();
    let refused = refused.expect_err("17 472 intervals of a megabyte");
    assert!(refused.to_string().contains("17472 intervals"), "{refused}");
}

#[test]
fn series_that_gates_ask_for_are_counted_too() {
    let finer = BY_INTERVAL.replace("30min", "1min");
    let (own, both) = (
        world("10h", BY_INTERVAL).job(&[]).expected_bytes(),
        world("10h", &finer).job(&[]).expected_bytes(),
    );
    assert!(both > 10.0 * own, "{both} {own}");
}
