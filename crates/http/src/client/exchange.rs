//! A whole question over one connection: the provider's requests in turn, or the one of the JSON
//! wire.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use routing::account::Accounts;
use routing::call::InboundCall;
use routing::decision::Decision;
use tokio::time::timeout_at;

use super::answer::Got;
use super::connection::{Connection, Lost};
use super::endpoint::{Endpoint, Protocol};
use super::span::{Kind, Span};
use crate::url::Url;
use crate::wire::ask::Ask;
use crate::wire::execution::{Answer, Execution, Heard, Next};
use crate::wire::flaw::Flaw;
use crate::wire::form::{self, DialStatus};
use crate::wire::{json, signature};

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
    pub spans: Vec<Span>,
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

/// A request that is about to be made.
struct Wanted<'a> {
    /// Where documents say.
    public: Cow<'a, Url>,
    kind: Kind,
    post: bool,
    dial: Option<DialStatus>,
    ask: &'a Ask,
    /// What was wrong with which request, when the fallback is asked.
    failed: Option<(u32, String)>,
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
                };
                // The provider asks at once when it knows that it must.
                due = Instant::now();
                ready = due;
            }
        }
    }
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
    })
}

fn shown(url: &str) -> String {
    url.chars().take(120).collect()
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
    let asking = followed(endpoint, lane, wanted, told);
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
    told: &mut Told,
) -> Result<Got, Flaw> {
    let mut public = Cow::Borrowed(&*wanted.public);
    let mut post = wanted.post;
    for _ in 0..=MAX_REDIRECTS {
        let request = Prepared::new(endpoint, wanted, &public, post)?;
        let got = over_a_connection(endpoint, lane, &request, told).await;
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

/// A request, ready for the wire as often as it is needed.
struct Prepared<'a> {
    method: &'static str,
    url: Cow<'a, Url>,
    body: String,
    /// All of it.
    bytes: Vec<u8>,
}

impl<'a> Prepared<'a> {
    fn new(
        endpoint: &Endpoint,
        wanted: &Wanted<'_>,
        public: &'a Url,
        post: bool,
    ) -> Result<Self, Flaw> {
        let settings = &endpoint.settings;
        let url = if public.same_origin(&settings.url) {
            Cow::Borrowed(public)
        } else if public.same_origin(endpoint.public()) {
            Cow::Owned(public.at_origin(&settings.url))
        } else {
            return Err(Flaw::Elsewhere(shown(&public.authority())));
        };
        let mut prepared = Self {
            method: "POST",
            url,
            body: String::new(),
            bytes: Vec::new(),
        };
        if settings.protocol == Protocol::Json {
            prepared.body = json::ask(wanted.ask);
            prepared.write(json::CONTENT_TYPE, &[]);
            return Ok(prepared);
        }
        let headers = |ask: &Ask| {
            let available = form::available(ask);
            vec![
                (form::AT_HEADER, ask.at_text()),
                (form::AVAILABLE_HEADER, available),
            ]
        };
        let first = wanted.dial.is_none() && wanted.failed.is_none();
        if post && first && settings.token.is_none() {
            prepared.body = form::first_body(wanted.ask);
            prepared.write(form::CONTENT_TYPE, &headers(wanted.ask));
            return Ok(prepared);
        }
        let mut fields = form::fields(wanted.ask, wanted.dial);
        if let Some((code, url)) = &wanted.failed {
            fields.push(("ErrorCode".into(), code.to_string()));
            fields.push(("ErrorUrl".into(), url.clone()));
        }
        let mut query = None;
        if post {
            prepared.body = form::body(&fields);
        } else {
            // By GET the fields are part of the URL, which alone is signed.
            let joint = if public.path.contains('?') { '&' } else { '?' };
            let fields = form::body(&fields);
            let path = format!("{}{joint}{fields}", prepared.url.path);
            prepared.url = Cow::Owned(prepared.url.with_path(&path));
            prepared.method = "GET";
            query = Some(format!("{}{joint}{fields}", public.path));
        }
        let mut headers = headers(wanted.ask);
        if let Some(token) = &settings.token {
            let signature = match query {
                Some(path) => signature::sign(token, &public.with_path(&path).to_string(), &[]),
                None => signature::sign(token, &public.to_string(), &fields),
            };
            headers.push((signature::HEADER, signature));
        }
        prepared.write(form::CONTENT_TYPE, &headers);
        Ok(prepared)
    }

    /// Neither path nor values hold a line break: URLs are checked, the rest is written by us.
    fn write(&mut self, content_type: &str, headers: &[(&'static str, String)]) {
        let mut text = String::with_capacity(320 + self.body.len());
        let (method, path) = (self.method, &self.url.path);
        let mut put = |parts: &[&str]| parts.iter().for_each(|it| text.push_str(it));
        put(&[method, " ", path, " HTTP/1.1\r\nhost: "]);
        put(&[&self.url.authority(), "\r\ncontent-type: ", content_type]);
        for (name, value) in headers {
            put(&["\r\n", name, ": ", value]);
        }
        if method == "POST" {
            put(&["\r\ncontent-length: ", &self.body.len().to_string()]);
        }
        put(&["\r\n\r\n", &self.body]);
        self.bytes = text.into_bytes();
    }
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
    endpoint.admit().await?;
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
