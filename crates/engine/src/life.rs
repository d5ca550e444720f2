//! The life of a call, one file a chapter: how it arrives, how it is decided, who rings, who waits
//! on hold, who talks, and how it ends. All are methods of [`crate::Engine`], which holds the
//! world.

mod arrive;
mod decide;
mod ending;
mod frames;
mod hold;
mod hop;
mod ring;
mod settle;
mod talk;
