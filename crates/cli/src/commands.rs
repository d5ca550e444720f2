//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod new;
pub(crate) mod replay;
pub(crate) mod route;
pub(crate) mod run;
pub(crate) mod selftest;
pub(crate) mod texts;
