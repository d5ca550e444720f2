//! `X-Twilio-Signature` (domain.md 4.2): HMAC-SHA1 over the URL and the sorted form parameters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// The header that carries it.
pub const HEADER: &str = "x-twilio-signature";

/// The secret under which requests are signed. Shown as `…`, wherever somebody prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl std::ops::Deref for Token {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// The signature of a form request: `url` as configured, with its query; a fragment is not part
/// of it.
pub fn sign(token: &str, url: &str, form: &[(String, String)]) -> String {
    let url = url.split('#').next().unwrap_or(url);
    STANDARD.encode(mac(token, url, form).finalize().into_bytes())
}

/// Whether this is the signature, compared in constant time. The URL may have been signed with or
/// without an explicit port.
pub fn verifies(token: &str, url: &str, form: &[(String, String)], given: &str) -> bool {
    let Ok(given) = STANDARD.decode(given.trim()) else {
        return false;
    };
    let url = url.split('#').next().unwrap_or(url);
    let other = other_port_form(url);
    [Some(url), other.as_deref()]
        .into_iter()
        .flatten()
        .any(|url| mac(token, url, form).verify_slice(&given).is_ok())
}

fn mac(token: &str, url: &str, form: &[(String, String)]) -> Hmac<Sha1> {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("an HMAC takes a key of any length");
    mac.update(url.as_bytes());
    // By name, then by value: a repeated name stands once for each different value.
    let mut sorted: Vec<&(String, String)> = form.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

/// The same URL with its port added, or taken away.
fn other_port_form(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let after_host = authority.rfind(']').map_or(0, |at| at + 1);
    Some(match authority[after_host..].find(':') {
        Some(at) => format!("{scheme}://{}{path}", &authority[..after_host + at]),
        None => format!("{scheme}://{authority}:{port}{path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_signs_and_is_never_shown() {
        let token = Token::from("0123456789abcdef");
        let shown = format!("{token:?} {:?}", Some(&token));
        assert_eq!(shown, "… Some(…)");
        let plain = sign("0123456789abcdef", "http://localhost/voice", &[]);
        assert_eq!(sign(&token, "http://localhost/voice", &[]), plain);
    }

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    /// domain.md 4.2, and the vectors of the provider's own libraries (crates.md).
    #[test]
    fn the_published_vectors_agree() {
        let own = form(&[
            ("CallSid", "CA00000000000000000000000000000001"),
            ("CallStatus", "ringing"),
            ("From", "+15555550100"),
            ("To", "+15555550199"),
        ]);
        let theirs = form(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]);
        let repeated = form(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        let here = "https://127.0.0.1:8443/phone-system/voice-call/inbound?x=1";
        let there = "https://mycompany.com/myapp.php?foo=1&bar=2";
        for (url, form, expected) in [
            (here, own, "feduI4c2mqIU8mi09uefySa3AeQ="),
            (there, theirs, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            (there, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ] {
            assert_eq!(sign("12345", url, &form), expected);
            assert!(verifies("12345", url, &form, expected));
        }
    }

    #[test]
    fn the_order_of_parameters_and_a_fragment_do_not_matter() {
        let one = form(&[("A", "1"), ("B", "2"), ("A", "3")]);
        let other = form(&[("B", "2"), ("A", "3"), ("A", "1")]);
        let url = "http://127.0.0.1:8080/voice";
        assert_eq!(sign("t", url, &one), sign("t", url, &other));
        let with_overrides = format!("{url}#rc=2&rp=ct,rt");
        assert_eq!(sign("t", url, &one), sign("t", &with_overrides, &one));
    }

    #[test]
    fn a_port_may_be_signed_or_not() {
        let form = form(&[("A", "1")]);
        for (signed, seen) in [
            ("https://example.invalid/v", "https://example.invalid:443/v"),
            ("https://example.invalid:443/v", "https://example.invalid/v"),
            (
                "http://example.invalid/v?a=b:c",
                "http://example.invalid:80/v?a=b:c",
            ),
            ("http://[::1]/v", "http://[::1]:8080/v"),
        ] {
            let signature = sign("t", signed, &form);
            assert!(verifies("t", seen, &form, &signature), "{signed} as {seen}");
        }
    }

    #[test]
    fn anything_else_does_not_verify() {
        let form = form(&[("A", "1")]);
        let url = "https://example.invalid/v";
        let good = sign("t", url, &form);
        assert!(!verifies("u", url, &form, &good));
        assert!(!verifies("t", "https://example.invalid/w", &form, &good));
        assert!(!verifies("t", url, &[], &good));
        for bad in ["", "=", "not base64 at all", &good[..8]] {
            assert!(!verifies("t", url, &form, bad), "{bad}");
        }
    }
}
