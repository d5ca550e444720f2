//! A whole question over one connection: the provider's requests in turn, or the one of the JSON
//! wire.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::Decision;
use smallvec::SmallVec;
use tokio::time::timeout_at;

use super::answer::Got;
use super::connection::{Connection, Lost};
use super::endpoint::{Endpoint, Protocol};
use super::prepared::{Prepared, Wanted, shown};
use super::span::{Kind, Span};
use crate::wire::ask::Ask;
use crate::wire::execution::{Answer, Execution, Heard, Next};
use crate::wire::flaw::Flaw;
use crate::wire::json;
use crate::wire::status::Ended;

/// HTTP redirects that are followed in a row (11215), within the same host only.
const MAX_REDIRECTS: usize = 10;

/// What a router said.
#[derive(Debug, Clone)]
pub enum Given {
    /// Over the provider's wire.
    Heard(Heard),
    /// Over the JSON wire: the body of a success.
    Json(Vec<u8>),
}

impl Given {
    /// As a decision about this call.
    ///
    /// # Errors
    /// When the JSON is none.
    pub fn decision(&self, accounts: &Accounts, call: &InboundCall) -> Result<Decision, Flaw> {
        match self {
            Self::Heard(heard) => Ok(heard.decision(accounts, call)),
            Self::Json(body) => json::read_decision(body, accounts, call),
        }
    }
}

/// One request and its answer, for whoever wants to read along.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Method, path and body of the request.
    pub asked: String,
    /// Status of the answer, or what was wrong.
    pub status: String,
    /// The body, as text.
    pub body: String,
}

/// What is told of an exchange.
#[derive(Debug, Default)]
pub struct Told {
    /// How each request went.
    pub spans: SmallVec<[Span; 1]>,
    /// What the request that is under way is for: of use when the question is broken off.
    pub under_way: Option<Kind>,
    /// When that was written; none when it was not yet.
    pub sent: Option<Instant>,
    /// `Retry-After` of the last answer, as it came.
    pub retry_after: Option<String>,
    /// Connections that were closed under a request before it was sent.
    pub reconnected: u32,
    /// Requests and answers; only gathered when it is there.
    pub turns: Option<Vec<Turn>>,
}

/// Asks a whole question: due at this time, over this connection or a new one. The connection is
/// left in `lane` if it can be used again.
///
/// # Errors
/// What was wrong with an answer, or why there was none.
pub async fn ask(
    endpoint: &Endpoint,
    lane: &mut Option<Connection>,
    question: &Ask,
    due: Instant,
    ready: Instant,
    told: &mut Told,
) -> Result<Given, Flaw> {
    let settings = &endpoint.settings;
    let mut wanted = Wanted {
        public: Cow::Borrowed(endpoint.public()),
        kind: settings.protocol.first(),
        post: true,
        dial: None,
        ask: question,
        failed: None,
        ended: None,
    };
    let mut execution = Execution::default();
    let (mut due, mut ready) = (due, ready);
    loop {
        let got = one(endpoint, lane, &wanted, (due, ready), told).await;
        let next = match (got, settings.protocol) {
            (Ok(got), Protocol::Json) => return Ok(Given::Json(got.body)),
            (Ok(got), Protocol::Twilio) => execution.read(&answer(&got)),
            (Err(flaw), _) => Err(flaw),
        };
        match next {
            Ok(Next::Done(heard)) => return Ok(Given::Heard(heard)),
            Err(flaw) => {
                wanted = fallback(endpoint, &wanted, &flaw).ok_or(flaw)?;
                due = Instant::now();
                ready = due;
            }
            Ok(Next::Ask(next)) => {
                let public = wanted.public.join(&next.url);
                wanted = Wanted {
                    public: Cow::Owned(public.map_err(|_| Flaw::NoAddress(shown(&next.url)))?),
                    kind: Kind::Action,
                    post: next.post,
                    dial: next.dial,
                    ask: question,
                    failed: None,
                    ended: None,
                };
                // The provider asks at once when it knows that it must.
                due = Instant::now();
                ready = due;
            }
        }
    }
}

/// Tells the router that a call has ended, where the settings say that it wants to know. What it
/// answers is of no matter, as long as it is a success.
///
/// # Errors
/// What was wrong with the answer, or why there was none.
pub async fn tell_end(
    endpoint: &Endpoint,
    lane: &mut Option<Connection>,
    (ask, ended): (&Ask, &Ended),
    (due, ready): (Instant, Instant),
    told: &mut Told,
) -> Result<(), Flaw> {
    let Some(url) = &endpoint.settings.status else {
        return Ok(());
    };
    let wanted = Wanted {
        public: Cow::Borrowed(url),
        kind: Kind::Status,
        post: true,
        dial: None,
        ask,
        failed: None,
        ended: Some(ended),
    };
    let got = one(endpoint, lane, &wanted, (due, ready), told).await;
    got.map(drop)
}

fn answer(got: &Got) -> Answer<'_> {
    Answer {
        status: got.status,
        content_type: got.content_type.as_deref(),
        cause: got.cause.as_deref(),
        body: &got.body,
    }
}

/// The request to the fallback after a failure: once, and only where there is one (domain.md 2.5).
fn fallback<'a>(endpoint: &'a Endpoint, failed: &Wanted<'a>, flaw: &Flaw) -> Option<Wanted<'a>> {
    let settings = &endpoint.settings;
    let url = settings.fallback.as_ref()?;
    let first = failed.failed.is_none() && settings.protocol == Protocol::Twilio;
    first.then(|| Wanted {
        public: Cow::Borrowed(url),
        kind: Kind::Action,
        post: true,
        dial: None,
        ask: failed.ask,
        failed: Some((flaw.provider_code(), failed.public.to_string())),
        ended: None,
    })
}

/// One request with its redirects, told as one span.
async fn one(
    endpoint: &Endpoint,
    lane: &mut Option<Connection>,
    wanted: &Wanted<'_>,
    (due, ready): (Instant, Instant),
    told: &mut Told,
) -> Result<Got, Flaw> {
    (told.under_way, told.sent) = (Some(wanted.kind), None);
    let until = ready + endpoint.settings.total;
    let asking = followed(endpoint, lane, wanted, until, told);
    let got = match timeout_at(until.into(), asking).await {
        Ok(got) => got,
        Err(_) => Err(if told.sent.is_some() {
            Flaw::Timeout
        } else {
            Flaw::ConnectTimeout
        }),
    };
    if got.is_err() {
        *lane = None;
    }
    told.under_way = None;
    told.spans.push(Span {
        kind: wanted.kind,
        due,
        ready,
        sent: told.sent,
        replied: Instant::now(),
        flaw: got.as_ref().err().map(Flaw::class),
    });
    got
}

async fn followed(
    endpoint: &Endpoint,
    lane: &mut Option<Connection>,
    wanted: &Wanted<'_>,
    until: Instant,
    told: &mut Told,
) -> Result<Got, Flaw> {
    let mut public = Cow::Borrowed(&*wanted.public);
    let mut post = wanted.post;
    for _ in 0..=MAX_REDIRECTS {
        let request = Prepared::new(endpoint, wanted, &public, post)?;
        let got = match endpoint.admit(wanted.kind, until).await {
            Ok(()) => over_a_connection(endpoint, lane, &request, told).await,
            Err(flaw) => Err(flaw),
        };
        tell(told, &request, got.as_ref());
        let got = got?;
        told.retry_after.clone_from(&got.retry_after);
        let Some(location) = got.location.as_deref().filter(|_| leads_on(got.status)) else {
            return match Flaw::of_status(got.status) {
                Some(flaw) => Err(flaw),
                None => Ok(got),
            };
        };
        let next = public.join(location);
        public = Cow::Owned(next.map_err(|_| Flaw::NoAddress(shown(location)))?);
        post = post && matches!(got.status, 307 | 308);
    }
    Err(Flaw::TooManyDocuments(MAX_REDIRECTS))
}

fn leads_on(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Connects; a connection that fails is tried again as often as the settings say.
///
/// # Errors
/// Why there is no connection.
pub async fn open(endpoint: &Endpoint) -> Result<Connection, Flaw> {
    let mut retries = endpoint.settings.connect_retries;
    loop {
        match Connection::open(endpoint).await {
            Err(_) if retries > 0 => {
                retries -= 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            opened => return opened,
        }
    }
}

/// Sends it over the connection that there is, or a new one. What never reached the wire is sent
/// again.
async fn over_a_connection(
    endpoint: &Endpoint,
    lane: &mut Option<Connection>,
    prepared: &Prepared<'_>,
    told: &mut Told,
) -> Result<Got, Flaw> {
    loop {
        let mut connection = match lane.take().filter(Connection::is_open) {
            Some(known) => known,
            None => open(endpoint).await?,
        };
        match connection.send(&prepared.bytes, &mut told.sent).await {
            Ok(got) => {
                *lane = Some(connection).filter(Connection::is_open);
                return Ok(got);
            }
            Err(Lost::NotSent) if told.reconnected < MAX_REDIRECTS as u32 => {
                told.reconnected += 1;
            }
            Err(Lost::NotSent) => return Err(Flaw::Broken("closed before it was sent".into())),
            Err(Lost::Flawed(flaw)) => return Err(flaw),
        }
    }
}

fn tell(told: &mut Told, prepared: &Prepared<'_>, got: Result<&Got, &Flaw>) {
    if let Some(turns) = &mut told.turns {
        let (method, path) = (prepared.method, &prepared.url.path);
        turns.push(Turn {
            asked: format!("{method} {path} {}", prepared.body),
            status: match got {
                Ok(got) => got.status.to_string(),
                Err(flaw) => flaw.to_string(),
            },
            body: got.map_or_else(
                |_| String::new(),
                |got| String::from_utf8_lossy(&got.body).into_owned(),
            ),
        });
    }
}
