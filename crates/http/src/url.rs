//! Addresses of routers: an `http` or `https` URL taken apart, and references within it resolved
//! (RFC 3986, as far as TwiML needs it). No sockets, no names looked up.

use std::fmt;

/// What speaks over the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain.
    Http,
    /// TLS.
    Https,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// An absolute URL without a fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Url {
    /// Plain or TLS.
    pub scheme: Scheme,
    /// Name or address, lower case; an IPv6 address without its brackets.
    pub host: String,
    /// The port, whether it was written or not.
    pub port: u16,
    /// From the `/` on, with the query.
    pub path: String,
    /// Whether the port was written.
    port_written: bool,
}

/// Why a text is no URL of a router.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another scheme, or none.
    #[error("expected a URL as http://127.0.0.1:8080/voice, found no http:// or https://")]
    Scheme,
    /// Nothing between the slashes.
    #[error("the URL names no host")]
    NoHost,
    /// `user@host`: what looks like the host is not.
    #[error("the URL has a name or password before the host: leave it out")]
    UserInfo,
    /// A port that is none.
    #[error("`{0}` is no port (1 to 65535)")]
    Port(String),
    /// Characters that no URL has.
    #[error("the URL holds {0:?}, which no URL may hold as it is")]
    Character(char),
}

impl Url {
    /// An absolute URL; a fragment is dropped (the provider keeps its settings there).
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.split('#').next().unwrap_or(text);
        let odd = |c: &char| !c.is_ascii_graphic() || matches!(c, '\\' | '<' | '>' | '"');
        if let Some(odd) = text.chars().find(odd) {
            return Err(UrlError::Character(odd));
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(UrlError::Scheme),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(UrlError::UserInfo);
        }
        let (host, port) = host_and_port(authority)?;
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Ok(Self {
            scheme,
            host,
            port: port.unwrap_or(scheme.port()),
            path,
            port_written: port.is_some(),
        })
    }

    /// Another reference as it stands in a document at this URL.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn join(&self, reference: &str) -> Result<Self, UrlError> {
        let reference = reference.split('#').next().unwrap_or(reference).trim();
        let own_path = self.path.split('?').next().unwrap_or(&self.path);
        let path = if has_scheme(reference) {
            return Self::parse(reference);
        } else if reference.starts_with("//") {
            return Self::parse(&format!("{}:{reference}", self.scheme.name()));
        } else if reference.is_empty() {
            self.path.clone()
        } else if reference.starts_with('/') {
            reference.to_owned()
        } else if reference.starts_with('?') {
            format!("{own_path}{reference}")
        } else {
            let folder = &own_path[..=own_path.rfind('/').unwrap_or(0)];
            format!("{folder}{reference}")
        };
        let joined = Self {
            path: without_dots(&path),
            ..self.clone()
        };
        // The same strictness as for a URL that was typed.
        Self::parse(&joined.to_string())
    }

    /// Whether both name the same place to connect to.
    pub fn same_origin(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }

    /// This path at another origin.
    #[must_use]
    pub fn at_origin(&self, origin: &Self) -> Self {
        Self {
            path: self.path.clone(),
            ..origin.clone()
        }
    }

    /// Another path at the same origin.
    #[must_use]
    pub fn with_path(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ..self.clone()
        }
    }

    /// `host:port` as the `host` header has it: the port only where it was written.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        if self.port_written {
            format!("{host}:{}", self.port)
        } else {
            host
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}{}",
            self.scheme.name(),
            self.authority(),
            self.path
        )
    }
}

fn has_scheme(reference: &str) -> bool {
    let end = reference.find(['/', '?']).unwrap_or(reference.len());
    reference[..end].contains(':')
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
pub(crate) fn host_and_port(authority: &str) -> Result<(String, Option<u16>), UrlError> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or(UrlError::NoHost)?;
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return Err(UrlError::Port(rest.to_owned())),
            Some(port) => Some(port),
        };
        (host, port)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    if host.is_empty() {
        return Err(UrlError::NoHost);
    }
    let number = |text: &str| match text.parse::<u16>() {
        Ok(port) if port > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(port),
        _ => Err(UrlError::Port(text.to_owned())),
    };
    let port = port.map(number).transpose()?;
    Ok((host.to_ascii_lowercase(), port))
}

/// RFC 3986, 5.2.4.
fn without_dots(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    let path = format!("/{}", kept.join("/"));
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (text, host, port, path) in [
            ("http://127.0.0.1:8080/voice", "127.0.0.1", 8080, "/voice"),
            ("HTTPS://Example.Invalid", "example.invalid", 443, "/"),
            ("http://[::1]:9/a?b=c#rc=2", "::1", 9, "/a?b=c"),
            ("http://host?x=1", "host", 80, "/?x=1"),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!((&*url.host, url.port, &*url.path), (host, port, path));
        }
        let shown = |text: &str| Url::parse(text).unwrap().to_string();
        assert_eq!(shown("http://[::1]:9/a"), "http://[::1]:9/a");
        assert_eq!(shown("https://h/a?b#c"), "https://h/a?b");
    }

    #[test]
    fn what_is_no_url_of_a_router_is_told() {
        for (text, expected) in [
            ("127.0.0.1:8080", UrlError::Scheme),
            ("ftp://host/", UrlError::Scheme),
            ("http:///voice", UrlError::NoHost),
            ("http://127.0.0.1@evil.invalid/", UrlError::UserInfo),
            ("http://host:0/", UrlError::Port("0".into())),
            ("http://host:+80/", UrlError::Port("+80".into())),
            ("http://host:70000/", UrlError::Port("70000".into())),
            ("http://[::1]x/", UrlError::Port("x".into())),
            ("http://ho st/", UrlError::Character(' ')),
            ("http://host\\@evil.invalid/", UrlError::Character('\\')),
            ("http://höst/", UrlError::Character('ö')),
            ("http://host/\r\nx: y", UrlError::Character('\r')),
        ] {
            assert_eq!(Url::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn references_are_resolved_as_in_a_browser() {
        let base = Url::parse("http://127.0.0.1:8080/phone/voice?x=1").unwrap();
        for (reference, expected) in [
            ("/after-dial", "http://127.0.0.1:8080/after-dial"),
            ("after", "http://127.0.0.1:8080/phone/after"),
            ("../after?s=1", "http://127.0.0.1:8080/after?s=1"),
            ("./a/../b/.", "http://127.0.0.1:8080/phone/b/"),
            ("/../../etc", "http://127.0.0.1:8080/etc"),
            ("?s=2", "http://127.0.0.1:8080/phone/voice?s=2"),
            ("", "http://127.0.0.1:8080/phone/voice?x=1"),
            ("http://other.invalid/x", "http://other.invalid/x"),
            ("//other.invalid/x", "http://other.invalid/x"),
        ] {
            let joined = base.join(reference).unwrap();
            assert_eq!(joined.to_string(), expected, "{reference}");
        }
        assert_eq!(base.join("mailto:x"), Err(UrlError::Scheme));
        assert!(base.join("/a b").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", reference in "\\PC{0,40}") {
            if let Ok(url) = Url::parse(&text) {
                prop_assert_eq!(Url::parse(&url.to_string()).map(|it| it.to_string()),
                    Ok(url.to_string()));
            }
            let base = Url::parse("http://h/a/b?c").unwrap();
            let _ = base.join(&reference);
        }
    }
}
