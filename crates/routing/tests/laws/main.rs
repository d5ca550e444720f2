//! Laws of every registered policy, over generated accounts and calls.

mod decisions;
mod generate;
mod lints;
