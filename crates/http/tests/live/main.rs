//! Over real sockets of this machine: server, client, back ends.

mod conformance;
mod desk;
mod floods;
mod hostile;
mod server;
mod tls;
