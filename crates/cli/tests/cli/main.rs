//! The program as its users meet it: arguments in, text, files and an exit code out.

mod arrivals;
mod blast;
mod builtins;
mod check;
mod compare;
mod corpus;
mod desk;
mod determinism;
mod exit_codes;
mod folder;
mod generate;
mod import;
mod library;
mod metrics;
mod new;
mod output;
mod privacy;
mod real_log;
mod replay;
mod replicating;
mod route;
mod selftest;
mod settings;
mod signals;
mod vary;
