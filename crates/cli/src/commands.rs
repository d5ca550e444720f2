//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod generate;
pub(crate) mod import;
mod live;
pub(crate) mod new;
mod overrides;
pub(crate) mod replay;
pub(crate) mod route;
pub(crate) mod run;
pub(crate) mod selftest;
pub(crate) mod serve;
pub(crate) mod texts;
pub(crate) mod verify;
