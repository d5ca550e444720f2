//! A world in which much happens: two sub-accounts with rings of several devices, a hop, callers
//! on hold, an IVR, a Voice AI, contacts, limits that block, and callers who try again.

use crate::world::World;

/// The sub-accounts, in an order that tests may change.
pub(crate) const ACME: &str = r#"
[[sub_account]]
id = "acme"
name = "Acme Dental"
agency = "north"
business_phone = "+15555550191"
incoming_timeout = "20s"

[[sub_account.user]]
id = "ann"
phone = "+15555550101"
web_app = true
mobile_app = true

[[sub_account.user]]
id = "ben"
mobile_app = true

[[sub_account.number]]
number = "+15555550150"
assigned_to = "ann"
ring_more = ["ben"]

[[sub_account.number]]
number = "+15555550151"
forward_to = "+15555550150"
backup = "none"

[[sub_account.number]]
number = "+15555550152"
assigned_to = "ben"
backup = "hold"
hold_staff = ["ben", "ann"]
hold_room = 3

[[sub_account.contact]]
phone = "+15555550170"
assigned_to = "ben"

[[sub_account.contact]]
phone = "+15555550171"
"#;

/// See [`ACME`].
pub(crate) const BELL: &str = r#"
[[sub_account]]
id = "bell"

[[sub_account.user]]
id = "cat"
web_app = true
phone = "+15555550103"

[[sub_account.number]]
number = "+15555550160"
assigned_to = "cat"
forward_to = "+15555550192"
call_connect = true

[[sub_account.number]]
number = "+15555550161"
voice_ai = "direct"

[[sub_account.number]]
number = "+15555550162"
backup = "hold"
hold_staff = 1
hold_room = 2

[[sub_account.number]]
number = "+15555550163"
[sub_account.number.ivr]
menu = { lognormal = { median = "9s", sigma = 0.5 } }
hang_up = 0.1
[[sub_account.number.ivr.branch]]
share = 0.7
connect = ["cat", "+15555550193"]
then = "voicemail"
"#;

/// The scenario, without its people: [`PEOPLE`].
pub(crate) const SCENARIO: &str = r#"
seed = 7
duration = "8h"
replications = 2

[[arrivals]]
kind = "poisson"
rate = "60/h"
to = { "+15555550150" = 1, "+15555550151" = 1, "+15555550152" = 2 }
callers = { pool = 60 }

[[arrivals]]
kind = "poisson"
rate = "20/h"
to = ["+15555550150"]
callers = "contacts"

[[arrivals]]
kind = "poisson"
rate = "90/h"
to = { "+15555550160" = 3, "+15555550161" = 1, "+15555550162" = 4, "+15555550163" = 2 }
"#;

/// What people do, and the limits.
pub(crate) const PEOPLE: &str = r#"
[people]
wrap_up = { exponential = "15s" }
redial = { share = 0.5, delay = { exponential = "4min" }, keep = 0.9, max = 4 }
answer.web = { reach = 0.85, delay = { exponential = "6s" }, decline = 0.05, dnd = 0.03 }

[limits]
regular = { from_per_minute = 2, to_per_minute = 3 }
violations_per_hour = 5
block_until = "20min"
"#;

/// The whole of it.
pub(crate) fn office() -> World {
    with(SCENARIO, &[ACME, BELL])
}

/// With this scenario and these sub-accounts.
pub(crate) fn with(scenario: &str, accounts: &[&str]) -> World {
    World::new(&format!("{scenario}{PEOPLE}"), &accounts.concat())
}

#[test]
fn much_happens_in_it() {
    let told = office().run();
    for metric in [
        "calls.redials",
        "calls.hops",
        "calls.answered",
        "calls.carrier-voicemail",
        "calls.voicemail",
        "calls.voice-ai",
        "calls.ivr",
        "calls.abandoned.menu",
        "calls.abandoned.ringing",
        "calls.abandoned.hold",
        "calls.busy.hold-full",
        "calls.blocked.from-rate",
        "calls.blocked.to-rate",
        "calls.blocked.account",
    ] {
        assert!(
            told.value(metric) >= 2.0,
            "{metric}: {}",
            told.value(metric)
        );
    }
}
