//! A router that may be asked: where it is, how it is spoken to, and what the guard allows.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::connection::Connection;
use super::span::Kind;
use super::tls::Tls;
use crate::target::{self, Allow, CONSENT_PATH, Passed, Refusal};
use crate::url::{Scheme, Url};
use crate::wire::flaw::Flaw;
use crate::wire::signature::Token;

/// How soon a request that waits for its second looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Of the requests that are allowed a second, one in so many may tell the end of a call, and only
/// where the others leave that much free.
const ENDS_ONE_IN: f64 = 4.0;

/// Which wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The provider's webhook.
    Twilio,
    /// One question, one answer.
    Json,
}

impl Protocol {
    /// What the first request of a question is.
    pub const fn first(self) -> Kind {
        match self {
            Self::Twilio => Kind::Voice,
            Self::Json => Kind::Route,
        }
    }
}

/// How a router is to be asked. [`Settings::new`] gives the provider's own rules (domain.md 2.5).
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub url: Url,
    /// Which wire.
    pub protocol: Protocol,
    /// The URL that is signed and against which documents are resolved, where a proxy hides the
    /// real one; none is `url`.
    pub signed_as: Option<Url>,
    /// The token of the signature; none is not signed.
    pub token: Option<Token>,
    /// For one request, its connection and its whole answer.
    pub total: Duration,
    /// For the connection alone.
    pub connect: Duration,
    /// How often a connection that failed is tried again; the provider does once.
    pub connect_retries: u32,
    /// Asked when the router fails; none as in the documented set-up.
    pub fallback: Option<Url>,
    /// Told of the end of each call; none is not told. The provider's wire only.
    pub status: Option<Url>,
    /// Whether a request that `--allow-target` allows no sooner waits for its second, instead of
    /// failing: for questions without a schedule.
    pub waits_for_rate: bool,
    /// Roots of TLS beside those of the web (DER).
    pub roots: Vec<Vec<u8>>,
}

impl Settings {
    /// The provider's rules: 15 s in all, 5 s to connect, one more try for a connection that
    /// failed, no fallback.
    pub fn new(url: Url, protocol: Protocol) -> Self {
        Self {
            url,
            protocol,
            signed_as: None,
            token: None,
            total: Duration::from_secs(15),
            connect: Duration::from_secs(5),
            connect_retries: 1,
            fallback: None,
            status: None,
            waits_for_rate: false,
            roots: Vec::new(),
        }
    }
}

/// Why a router cannot be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum EndpointFault {
    /// The guard refuses: exit code 6.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The name does not resolve.
    #[error("{host} does not resolve: {why}")]
    Unresolved {
        /// The name.
        host: String,
        /// Why.
        why: String,
    },
    /// The end of a call cannot be told over this wire.
    #[error("the JSON wire does not know the end of a call: leave the status URL out")]
    NoStatus,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// A router that the guard has passed.
pub struct Endpoint {
    pub(super) settings: Settings,
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) tls: Option<Tls>,
    /// As the `host` header has it.
    pub(super) authority: String,
    allowed: Vec<Allow>,
    passed: Passed,
    /// When the requests of the last second left, and for what, for a target that allows only so
    /// many.
    last_second: Mutex<VecDeque<(Instant, Kind)>>,
}

impl Endpoint {
    /// Looks the name up and asks the guard; for a public target also fetches its consent. Nothing
    /// is connected to before the guard has passed it.
    ///
    /// # Errors
    /// See [`EndpointFault`].
    pub async fn find(settings: Settings, allowed: Vec<Allow>) -> Result<Self, EndpointFault> {
        let url = &settings.url;
        // Hosts that are never loaded are refused before their name is even looked up.
        target::decide_host(url)?;
        may_be_told(&settings)?;
        let addresses = resolve(url).await?;
        let ips: Vec<IpAddr> = addresses.iter().map(SocketAddr::ip).collect();
        let passed = target::decide(url, &ips, &allowed)?;
        let tls = match url.scheme {
            Scheme::Http => None,
            Scheme::Https => Some(Tls::new(&settings.roots).map_err(EndpointFault::Tls)?),
        };
        let endpoint = Self {
            authority: url.authority(),
            settings,
            addresses,
            tls,
            allowed,
            passed,
            last_second: Mutex::default(),
        };
        endpoint.consents().await?;
        Ok(endpoint)
    }

    /// How it is asked.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address under which documents are resolved and requests are signed.
    pub(super) fn public(&self) -> &Url {
        self.settings
            .signed_as
            .as_ref()
            .unwrap_or(&self.settings.url)
    }

    /// Whether the address that was really reached passes as well.
    pub(super) fn may_stay(&self, reached: IpAddr) -> Result<(), Refusal> {
        let known = self
            .addresses
            .iter()
            .any(|it| it.ip().to_canonical() == reached.to_canonical());
        let passes = target::decide(&self.settings.url, &[reached], &self.allowed).is_ok();
        if known && passes {
            return Ok(());
        }
        Err(Refusal::ReachedElsewhere {
            host: self.settings.url.host.clone(),
            address: reached,
        })
    }

    /// Lets one more request out, now or in its second, which is awaited until then at most.
    pub(super) async fn admit(&self, kind: Kind, until: Instant) -> Result<(), Flaw> {
        let is_end = kind == Kind::Status && self.ends_per_s() != Some(0);
        loop {
            let now = Instant::now();
            match self.may_send(kind, now) {
                Err(_) if self.settings.waits_for_rate => sleep(LOOK_AGAIN).await,
                Err(_) if is_end && now + LOOK_AGAIN < until => sleep(LOOK_AGAIN).await,
                told => return told,
            }
        }
    }

    /// The most ends of calls that may be told in a second; none where there is no bound.
    pub(crate) fn ends_per_s(&self) -> Option<usize> {
        let per_s = self.passed.per_s?;
        Some((per_s.max(1.0) / ENDS_ONE_IN) as usize)
    }

    /// Whether one more request may go out, so that no second has more than are allowed; counts it
    /// if so.
    fn may_send(&self, kind: Kind, now: Instant) -> Result<(), Flaw> {
        let Some(per_s) = self.passed.per_s else {
            return Ok(());
        };
        let mut left = self.last_second.lock().map_err(|_| Flaw::OverAllowed)?;
        let second = Duration::from_secs(1);
        let is_past = |(at, _): &mut (Instant, Kind)| now.saturating_duration_since(*at) >= second;
        while left.pop_front_if(is_past).is_some() {}
        // A bound below one a second still lets one request out a second.
        let most = per_s.max(1.0);
        let mut room = left.len() as f64 + 1.0 <= most;
        if kind == Kind::Status {
            // What questions may still need in this second is not for the ends of calls.
            let ends = left.iter().filter(|(_, it)| *it == Kind::Status).count();
            let (own, whole) = (most / ENDS_ONE_IN, left.len() as f64 + 1.0);
            room = ends as f64 + 1.0 <= own && whole <= most - own;
        }
        if !room {
            return Err(Flaw::OverAllowed);
        }
        left.push_back((now, kind));
        Ok(())
    }

    async fn consents(&self) -> Result<(), EndpointFault> {
        let (true, Some(per_s)) = (self.passed.consent, self.passed.per_s) else {
            return Ok(());
        };
        let url = &self.settings.url;
        let refusal = || Refusal::NoConsent {
            host: url.host.clone(),
            port: url.port,
            line: target::consent_line(&url.host, url.port, per_s),
        };
        let served = self.fetch(CONSENT_PATH).await.map_err(|_| refusal())?;
        if target::agrees(&served, url, per_s) {
            Ok(())
        } else {
            Err(refusal().into())
        }
    }

    /// What stands at a path, by GET.
    ///
    /// # Errors
    /// When there is no answer, or it is no success.
    pub async fn fetch(&self, path: &str) -> Result<Vec<u8>, Flaw> {
        let url = self.settings.url.with_path(path);
        let mut connection = Connection::open(self).await?;
        let got = connection.get(&url, self.settings.total).await?;
        match Flaw::of_status(got.status) {
            None => Ok(got.body),
            Some(flaw) => Err(flaw),
        }
    }
}

/// Whether the ends of calls go where the calls go: the guard passes one target.
fn may_be_told(settings: &Settings) -> Result<(), EndpointFault> {
    let (Some(status), url) = (&settings.status, &settings.url) else {
        return Ok(());
    };
    let public = settings.signed_as.as_ref().unwrap_or(url);
    if settings.protocol == Protocol::Json {
        return Err(EndpointFault::NoStatus);
    }
    if status.same_origin(url) || status.same_origin(public) {
        return Ok(());
    }
    Err(Refusal::StatusElsewhere {
        found: status.authority(),
        host: url.authority(),
    }
    .into())
}

/// Where a host is. Addresses and `localhost` are known without asking anybody.
async fn resolve(url: &Url) -> Result<Vec<SocketAddr>, EndpointFault> {
    let at = |ip: IpAddr| SocketAddr::new(ip, url.port);
    if let Ok(ip) = url.host.parse::<IpAddr>() {
        return Ok(vec![at(ip)]);
    }
    if url.host == "localhost" {
        return Ok(vec![
            at(Ipv4Addr::LOCALHOST.into()),
            at(Ipv6Addr::LOCALHOST.into()),
        ]);
    }
    let found = tokio::net::lookup_host((url.host.as_str(), url.port)).await;
    let unresolved = |why: std::io::Error| EndpointFault::Unresolved {
        host: url.host.clone(),
        why: why.to_string(),
    };
    Ok(found.map_err(unresolved)?.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Settings;

    fn allowing(per_s: &str) -> Endpoint {
        let url = Url::parse("http://127.0.0.1:9/voice").expect("a URL");
        let allow = Allow::parse(&format!("127.0.0.1:9@{per_s}/s")).expect("a target");
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let settings = Settings::new(url, Protocol::Twilio);
        let found = Endpoint::find(settings, vec![allow]);
        let found = runtime.expect("a runtime").block_on(found);
        found.unwrap_or_else(|why| panic!("{why}"))
    }

    /// Which of these may leave: what for, and when, in milliseconds.
    fn may(endpoint: &Endpoint, begun: Instant, all: &[(Kind, u64)]) -> Vec<bool> {
        let at = |ms| begun + Duration::from_millis(ms);
        all.iter()
            .map(|(kind, ms)| endpoint.may_send(*kind, at(*ms)).is_ok())
            .collect()
    }

    #[test]
    fn no_second_has_more_than_are_allowed_wherever_it_begins() {
        let (endpoint, begun) = (allowing("20"), Instant::now());
        let all: Vec<u64> = (0..3_000).step_by(7).collect();
        let left: Vec<u64> = all
            .into_iter()
            .filter(|ms| may(&endpoint, begun, &[(Kind::Route, *ms)])[0])
            .collect();
        for from in &left {
            let within = left.iter().filter(|it| (*from..from + 1_000).contains(it));
            assert!(within.count() <= 20, "from {from} ms");
        }
        // As many as are allowed.
        assert_eq!(left.len(), 60, "{left:?}");
        let seldom = allowing("0.1");
        let found = may(
            &seldom,
            begun,
            &[0, 1, 999, 1_000].map(|ms| (Kind::Voice, ms)),
        );
        assert_eq!(found, [true, false, false, true]);
    }

    #[test]
    fn an_end_takes_no_slot_that_a_question_of_the_same_second_may_need() {
        let (endpoint, begun) = (allowing("8"), Instant::now());
        let end = |ms| (Kind::Status, ms);
        // A quarter of them.
        let ends = may(&endpoint, begun, &[end(0), end(1), end(2), end(999)]);
        assert_eq!(ends, [true, true, false, false]);
        let asked: Vec<_> = (10..17).map(|ms| (Kind::Voice, ms)).collect();
        let asked = may(&endpoint, begun, &asked);
        assert_eq!(asked, [[true; 6].as_slice(), &[false]].concat());
        // And none where questions already need more than three quarters.
        assert_eq!(may(&endpoint, begun, &[end(1_005)]), [false]);
        assert_eq!(
            may(&endpoint, begun, &[end(1_012), end(1_013)]),
            [true, true]
        );
    }

    #[test]
    fn where_hardly_anything_is_allowed_no_end_is_told_nor_waited_for() {
        let endpoint = allowing("3");
        assert_eq!(endpoint.ends_per_s(), Some(0));
        let (begun, until) = (Instant::now(), Instant::now() + Duration::from_mins(1));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let admitted = endpoint.admit(Kind::Status, until);
        let admitted = runtime.expect("a runtime").block_on(admitted);
        assert_eq!(admitted, Err(Flaw::OverAllowed));
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}
