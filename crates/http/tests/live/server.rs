//! The reference server over sockets.
