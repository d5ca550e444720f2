//! `--allow-target HOST:PORT[@RATE/s]`.

use crate::url::host_and_port;

/// A target that the user allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Allow {
    /// The host as it is written in the URL, lower case.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Requests a second at most; none is no bound.
    pub per_s: Option<f64>,
}

/// Why a text is no such target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?}: expected HOST:PORT or HOST:PORT@RATE/s, as in 10.0.0.5:8080@50/s")]
pub struct AllowError {
    /// What was found.
    pub found: String,
}

impl Allow {
    /// One target.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, AllowError> {
        let wrong = || AllowError {
            found: text.to_owned(),
        };
        let (authority, rate_text) = match text.trim().split_once('@') {
            Some((authority, rate)) => (authority, Some(rate)),
            None => (text.trim(), None),
        };
        let (host, port) = host_and_port(authority).map_err(|_| wrong())?;
        let rate = |text: &str| {
            let per_s: f64 = text.strip_suffix("/s")?.parse().ok()?;
            (per_s > 0.0 && per_s.is_finite()).then_some(per_s)
        };
        let per_s = match rate_text {
            Some(text) => Some(rate(text).ok_or_else(wrong)?),
            None => None,
        };
        Ok(Self {
            host,
            port: port.ok_or_else(wrong)?,
            per_s,
        })
    }

    /// Several, between commas: the form of `BUSYHOUR_ALLOW_TARGET`.
    ///
    /// # Errors
    /// At the first that is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, AllowError> {
        text.split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(Self::parse)
            .collect()
    }

    /// Whether it is about this host and port: exactly, no other name of the same machine.
    pub fn names(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host == host
    }
}
