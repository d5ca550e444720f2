//! The program as its users meet it: arguments in, text, files and an exit code out.

mod arrivals;
mod blast;
mod builtins;
mod check;
mod compare;
mod desk;
mod determinism;
mod exit_codes;
mod folder;
mod generate;
mod library;
mod live;
mod metrics;
mod new;
mod output;
mod privacy;
mod real_log;
mod replicating;
mod route;
mod selftest;
mod settings;
mod signals;
mod vary;
mod wall;
