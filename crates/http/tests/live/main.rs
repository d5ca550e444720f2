//! Over real sockets of this machine: server, client, back ends.

mod conformance;
mod desk;
mod drive;
mod floods;
mod hostile;
mod server;
mod tls;
