//! Over real sockets of this machine: server, client, back ends.

mod conformance;
mod desk;
mod drive;
mod ends;
mod floods;
mod hostile;
mod punctual;
mod server;
mod tls;
