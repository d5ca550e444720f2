//! From a request to its answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HOST, HeaderMap, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use routing::call::InboundCall;
use routing::trace::Trace;
use tokio::time::{sleep, timeout};

use super::accept::House;
use super::fault::Fate;
use super::{Question, metrics};
use crate::url::Url;
use crate::wire::{form, json, reply, signature, twiml};

/// What is sent back.
pub(super) type Answer = Response<Full<Bytes>>;

/// The connection is closed instead of an answer.
#[derive(Debug, thiserror::Error)]
#[error("reset on purpose")]
pub(super) struct Reset;

const XML: &str = "text/xml; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// What a path is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Route,
    Voice,
    After,
    Leg,
    Status,
    Whisper,
    Health,
    Metrics,
    Nothing,
}

impl Asked {
    fn of(path: &str) -> Self {
        match path {
            "/route" => Self::Route,
            "/voice" => Self::Voice,
            "/voice/after" => Self::After,
            "/voice/leg" => Self::Leg,
            "/status" | "/voice/status" => Self::Status,
            "/voice/whisper" => Self::Whisper,
            "/healthz" => Self::Health,
            "/metrics" => Self::Metrics,
            _ => Self::Nothing,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Voice => "voice",
            Self::After => "after",
            Self::Leg => "leg",
            Self::Status => "status",
            Self::Whisper => "whisper",
            _ => "other",
        }
    }

    /// Whether the provider asks for it by GET as well, if told to.
    const fn takes(self, method: &Method) -> bool {
        match *method {
            Method::POST => !matches!(self, Self::Health | Self::Metrics),
            Method::GET => !matches!(self, Self::Route),
            _ => false,
        }
    }
}

/// One request.
pub(super) async fn answer(house: &House, request: Request<Incoming>) -> Result<Answer, Reset> {
    let begun = Instant::now();
    let asked = Asked::of(request.uri().path());
    let answered = counted(house, asked, request).await;
    let code = answered.as_ref().map_or(0, |it| it.status().as_u16());
    house.metrics.answered(asked.name(), code, begun.elapsed());
    answered
}

async fn counted(house: &House, asked: Asked, request: Request<Incoming>) -> Result<Answer, Reset> {
    if !asked.takes(request.method()) && asked != Asked::Nothing {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "wrong method\n");
        let allowed = if asked == Asked::Route {
            "POST"
        } else {
            "GET, POST"
        };
        if let Ok(value) = allowed.parse() {
            refused.headers_mut().insert(ALLOW, value);
        }
        return Ok(refused);
    }
    match asked {
        Asked::Health => return Ok(plain(StatusCode::OK, "ok\n")),
        Asked::Metrics => {
            let text = house.metrics.text();
            return Ok(typed(StatusCode::OK, metrics::CONTENT_TYPE, text.into()));
        }
        Asked::Nothing => {
            let paths = "not found: there are POST /route, POST /voice, /healthz and /metrics\n";
            return Ok(plain(StatusCode::NOT_FOUND, paths));
        }
        _ => {}
    }
    let (_held, now) = house.metrics.in_flight.enter();
    if now > house.bounds.in_flight {
        return Ok(later(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(1),
        ));
    }
    let n = house.number();
    let fate = house.faults.fate(n);
    let waits = house.faults.waits(n, house.begun.elapsed());
    let decided = decided(house, asked, request).await;
    if !waits.is_zero() {
        sleep(waits).await;
    }
    match fate {
        Fate::Answer => Ok(decided),
        Fate::Error => Ok(plain(StatusCode::INTERNAL_SERVER_ERROR, "planted error\n")),
        Fate::Malformed => Ok(malformed(asked)),
        Fate::Reset => Err(Reset),
    }
}

async fn decided(house: &House, asked: Asked, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let limited = Limited::new(body, house.bounds.body_bytes);
    let body = match timeout(house.bounds.body, limited.collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => {
            return plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is too large or broken\n",
            );
        }
        Err(_) => {
            return plain(
                StatusCode::REQUEST_TIMEOUT,
                "the body did not come in time\n",
            );
        }
    };
    let path = head.uri.path_and_query().map_or("/", |it| it.as_str());
    if asked == Asked::Route {
        return route(house, &body);
    }
    let query = form::read(head.uri.query().unwrap_or_default().as_bytes());
    let posted = form::read(&body);
    if !signed(house, &head.headers, path, &posted) {
        return plain(StatusCode::FORBIDDEN, "the signature does not fit\n");
    }
    let fields = if head.method == Method::GET {
        &query
    } else {
        &posted
    };
    match asked {
        Asked::Leg | Asked::Status => return typed(StatusCode::NO_CONTENT, TEXT, Bytes::new()),
        Asked::Whisper => return whisper(),
        _ => {}
    }
    let call = match form::call(fields) {
        Ok((from, to)) => InboundCall { from, to },
        Err(why) => return plain(StatusCode::BAD_REQUEST, &format!("{why}\n")),
    };
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let question = Question {
        call,
        at: header(form::AT_HEADER).map(str::to_owned),
        available: header(form::AVAILABLE_HEADER).map(form::read_available),
    };
    let stage = match asked {
        Asked::After => form::field(&query, "stage").and_then(|it| it.parse().ok()),
        _ => None,
    };
    if asked == Asked::Voice
        && let Err(wait) = rated(house, &question)
    {
        return later(StatusCode::TOO_MANY_REQUESTS, wait);
    }
    voice(house, &question, stage.unwrap_or(0))
}

fn route(house: &House, body: &[u8]) -> Answer {
    let asked = match json::read_ask(body) {
        Ok(asked) => asked,
        Err(why) => return plain(StatusCode::BAD_REQUEST, &format!("{why}\n")),
    };
    let question = Question {
        call: InboundCall {
            from: asked.from,
            to: asked.to,
        },
        at: asked.at,
        available: asked.available,
    };
    if let Err(wait) = rated(house, &question) {
        return later(StatusCode::TOO_MANY_REQUESTS, wait);
    }
    let mut trace = Trace::on();
    let mut decision = house.desk.decide(&question, &mut trace);
    if let Some(wrong) = house.faults.wrong_rule {
        wrong.spoil(&mut decision);
    }
    let name = house.desk.policy.name();
    let accounts = &house.desk.accounts;
    let object = json::decision(name, &question.call, &decision, &trace, accounts);
    typed(
        StatusCode::OK,
        json::CONTENT_TYPE,
        object.to_string().into(),
    )
}

fn voice(house: &House, question: &Question, stage: usize) -> Answer {
    let mut decision = house.desk.decide(question, &mut Trace::off());
    if let Some(wrong) = house.faults.wrong_rule {
        wrong.spoil(&mut decision);
    }
    let reply = reply::at_stage(&decision, stage, &question.call, &house.desk.accounts);
    let mut answer = typed(StatusCode::OK, XML, twiml::write(&reply.document).into());
    if let Some(cause) = reply.cause
        && let Ok(value) = cause.parse()
    {
        answer.headers_mut().insert(form::CAUSE_HEADER, value);
    }
    answer
}

/// What whoever picks up a phone leg hears before the call is connected.
fn whisper() -> Answer {
    let document = twiml::Document {
        verbs: vec![
            twiml::Verb::Say("Press any key to take this call.".into()),
            twiml::Verb::Gather,
        ],
    };
    typed(StatusCode::OK, XML, twiml::write(&document).into())
}

/// Whether the request is signed as it should be, where that is checked.
fn signed(house: &House, headers: &HeaderMap, path: &str, posted: &[(String, String)]) -> bool {
    let Some(token) = &house.desk.token else {
        return true;
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = || Url::parse(&format!("http://{}", header(HOST.as_str())?)).ok();
    let (Some(given), Some(origin)) = (
        header(signature::HEADER),
        house.desk.signed_as.clone().or_else(host),
    ) else {
        return false;
    };
    signature::verifies(token, &origin.with_path(path).to_string(), posted, given)
}

/// Whether the sub-account may ask now, or after what time.
fn rated(house: &House, question: &Question) -> Result<(), Duration> {
    let Some(rates) = &house.rates else {
        return Ok(());
    };
    let accounts = &house.desk.accounts;
    let Some(number) = accounts.find_number(question.call.to) else {
        return Ok(());
    };
    rates.take(accounts.number(number).sub_account, Instant::now())
}

fn malformed(asked: Asked) -> Answer {
    let (kind, body) = match asked {
        Asked::Route => (json::CONTENT_TYPE, "{\"stages\":[{\"legs\":"),
        _ => (XML, "<Response><Dial timeout=\"20\"><Number>"),
    };
    typed(StatusCode::OK, kind, Bytes::from_static(body.as_bytes()))
}

/// Come back later, in whole seconds.
pub(super) fn later(status: StatusCode, after: Duration) -> Answer {
    let seconds = after.as_secs_f64().ceil().max(1.0) as u64;
    let mut answer = plain(status, "come back later\n");
    answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    answer
}

fn plain(status: StatusCode, text: &str) -> Answer {
    typed(status, TEXT, Bytes::copy_from_slice(text.as_bytes()))
}

fn typed(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let kind = hyper::header::HeaderValue::from_static(kind);
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}
