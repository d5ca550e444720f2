//! What must stay as it is when something beside it changes: laws of whole runs, from the text of
//! a scenario to its summary.

mod feedback;
mod label;
mod memory;
mod office;
mod parts;
mod quiet;
mod scale;
mod shift;
mod threads;
mod world;
