//! Drives the engine by the clock on the wall, and keeps every request to its schedule.
//!
//! The life of a call is the engine's. Here is only what time has to do with it: the engine is
//! asked what is due, goes there when it is, and what it wants decided is asked over connections
//! that are served beside. A request is due when its call is, whatever the answers do
//! ([`open_loop`]); or the next one leaves when an answer is there ([`Pace::Closed`]). Where
//! decisions are there at once, or the world waits for them, [`paced()`] is all that it takes.
//!
//! One thread does both, and looks at the clock between any two steps of a connection
//! (docs/adr/0012). Knows nothing of scenarios, statistics or
//! terminals.

mod alarm;
mod clock;
mod lanes;
mod line;
mod open_loop;
mod paced;
mod retry_after;
mod tickets;
mod view;

pub use clock::Speed;
pub use open_loop::{DriveFault, Driven, NET, Pace, Settings, open_loop};
pub use paced::{World, paced};
pub use retry_after::retry_after;
pub use view::{Noted, Seen, View};
