//! The target guard: to whom a load run may connect at all (contract.md section 7).
//!
//! A pure decision about a host, the addresses that it resolved to, what the user allowed, and
//! what the target itself allows. Loopback needs nothing; a private address needs the user's word;
//! a public one needs the user's word and its own; providers, metadata services and link-local
//! addresses are never loaded. Asked before any socket, and again about the address that was
//! really reached. Must not know sockets.

mod allow;
mod never;

use std::net::IpAddr;

pub use allow::{Allow, AllowError};

use crate::url::Url;

/// Where a public target says that it may be loaded.
pub const CONSENT_PATH: &str = "/.well-known/busyhour-consent.txt";

/// What kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// This machine.
    Loopback,
    /// A network of one's own.
    Private,
    /// Anybody's.
    Public,
    /// Never to be loaded, and why.
    Never(&'static str),
}

/// Up to how many requests a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passed {
    /// None is no bound.
    pub per_s: Option<f64>,
    /// Whether the target itself must agree before the first request: see [`consent_line`].
    pub consent: bool,
}

/// Why a target is refused: exit code 6.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A host or address that is never loaded.
    #[error("{host} is {why}: busyhour never sends load there")]
    Never {
        /// The host.
        host: String,
        /// What it is.
        why: &'static str,
    },
    /// A private address that the user did not allow.
    #[error(
        "{host}:{port} is the private address {address}: load only goes to this machine unless \
         you say otherwise\n  help: if it is yours, say --allow-target {host}:{port}@RATE/s"
    )]
    Private {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What it resolved to.
        address: IpAddr,
    },
    /// A public address that the user did not allow.
    #[error(
        "{host}:{port} is the public address {address}: load only goes to this machine unless \
         both of you say otherwise\n  help: say --allow-target {host}:{port}@RATE/s, and let it \
         serve at {CONSENT_PATH} the line\n  {line}"
    )]
    Public {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What it resolved to.
        address: IpAddr,
        /// What it must serve.
        line: String,
    },
    /// A public address without a bound.
    #[error(
        "{host}:{port} is public: --allow-target must say up to how many requests a second, as \
         {host}:{port}@10/s"
    )]
    NoRate {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The target does not serve its consent.
    #[error("{host}:{port} does not agree: at {CONSENT_PATH} must stand the line\n  {line}")]
    NoConsent {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What it must serve.
        line: String,
    },
    /// The ends of calls would go to another host.
    #[error(
        "the status URL is at {found}, which is another host than {host}: load goes to one target"
    )]
    StatusElsewhere {
        /// Where it is.
        found: String,
        /// Where the router is.
        host: String,
    },
    /// The name leads nowhere.
    #[error("{host} resolves to no address")]
    NoAddress {
        /// The host.
        host: String,
    },
    /// The connection went to another place than the one that passed.
    #[error("{host} was reached at {address}, which is not an address that was allowed")]
    ReachedElsewhere {
        /// The host.
        host: String,
        /// Where it was.
        address: IpAddr,
    },
}

/// The line that a public target must serve at [`CONSENT_PATH`] to be loaded up to this rate.
pub fn consent_line(host: &str, port: u16, per_s: f64) -> String {
    format!("busyhour may send up to {per_s} requests a second to {host}:{port}")
}

/// What kind of place an address is. An IPv4 address inside an IPv6 one is the IPv4 address.
pub fn place(address: IpAddr) -> Place {
    never::place(address.to_canonical())
}

/// Whether the name alone forbids it: asked before the name is looked up.
///
/// # Errors
/// See [`Refusal::Never`].
pub fn decide_host(url: &Url) -> Result<(), Refusal> {
    match never::host(&url.host) {
        Some(why) => Err(Refusal::Never {
            host: url.host.clone(),
            why,
        }),
        None => Ok(()),
    }
}

/// Whether a target may be loaded, before any socket: every address that its name resolved to
/// must pass, the strictest decides.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(url: &Url, addresses: &[IpAddr], allowed: &[Allow]) -> Result<Passed, Refusal> {
    let (host, port) = (url.host.clone(), url.port);
    decide_host(url)?;
    let strictest = addresses.iter().max_by_key(|address| place(**address));
    let Some(&address) = strictest else {
        return Err(Refusal::NoAddress { host });
    };
    let allow = allowed.iter().find(|it| it.names(&host, port));
    match (place(address), allow) {
        (Place::Never(why), _) => Err(Refusal::Never { host, why }),
        (Place::Loopback, _) => Ok(Passed {
            per_s: allow.and_then(|it| it.per_s),
            consent: false,
        }),
        (Place::Private, Some(allow)) => Ok(Passed {
            per_s: allow.per_s,
            consent: false,
        }),
        (Place::Private, None) => Err(Refusal::Private {
            host,
            port,
            address,
        }),
        (Place::Public, Some(allow)) if allow.per_s.is_some() => Ok(Passed {
            per_s: allow.per_s,
            consent: true,
        }),
        (Place::Public, Some(_)) => Err(Refusal::NoRate { host, port }),
        (Place::Public, None) => Err(Refusal::Public {
            line: consent_line(&host, port, 10.0),
            host,
            port,
            address,
        }),
    }
}

/// Whether what a public target serves says that it may be loaded up to this rate: the line for it,
/// or for a higher one.
pub fn agrees(served: &[u8], url: &Url, per_s: f64) -> bool {
    let text = String::from_utf8_lossy(served);
    let end = format!(" requests a second to {}:{}", url.host, url.port);
    text.lines().any(|line| {
        line.trim()
            .strip_prefix("busyhour may send up to ")
            .and_then(|rest| rest.strip_suffix(&end))
            .and_then(|rate| rate.parse::<f64>().ok())
            .is_some_and(|rate| rate >= per_s)
    })
}

#[cfg(test)]
mod tests;
