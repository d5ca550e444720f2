//! Whole files in, values or printed errors out.

pub(crate) mod memory;
