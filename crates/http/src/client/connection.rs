//! One keep-alive connection: whoever uses it also drives it, so that a request wakes one task.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::endpoint::Endpoint;
use super::metered::{MAX_ANSWER, Meter, Metered};
use crate::url::Url;
use crate::wire::flaw::Flaw;
use crate::wire::form::CAUSE_HEADER;
use crate::wire::twiml;

/// The largest body that is read: what the provider takes.
const MAX_BODY: usize = twiml::MAX_BYTES;

/// The largest head of an answer.
const MAX_HEAD: usize = 32 * 1024;

/// An answer, whole.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) enum Lost {
    /// It never reached the wire: the connection was closed between two requests. It may be asked
    /// again over another one.
    NotSent,
    /// Everything else.
    Flawed(Flaw),
}

type Wire = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// A connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// What moves the bytes; gone when the connection is over.
    wire: Option<Wire>,
    meter: Meter,
}

impl Connection {
    /// Connects to the first address that answers, and checks again that it may be loaded.
    ///
    /// # Errors
    /// When there is no connection in time.
    pub async fn open(endpoint: &Endpoint) -> Result<Self, Flaw> {
        let settings = &endpoint.settings;
        let opened = timeout(settings.connect, Self::connect(endpoint)).await;
        opened.unwrap_or(Err(Flaw::ConnectTimeout))
    }

    async fn connect(endpoint: &Endpoint) -> Result<Self, Flaw> {
        let stream = tcp(&endpoint.addresses).await?;
        let reached = stream.peer_addr().map_err(|why| connect(&why))?;
        endpoint
            .may_stay(reached.ip())
            .map_err(|why| Flaw::Connect(why.to_string()))?;
        // A small request must not wait for more of it to come.
        stream.set_nodelay(true).map_err(|why| connect(&why))?;
        match &endpoint.tls {
            None => Self::shake(stream).await,
            Some(tls) => {
                let host = &endpoint.settings.url.host;
                let secured = tls.secure(host, stream).await.map_err(Flaw::Connect)?;
                Self::shake(secured).await
            }
        }
    }

    async fn shake<T>(stream: T) -> Result<Self, Flaw>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let meter = Meter::default();
        let io = TokioIo::new(Metered::new(stream, meter.clone()));
        let shaken = http1::Builder::new()
            .max_buf_size(MAX_HEAD)
            .handshake(io)
            .await;
        let (sender, wire) = shaken.map_err(|why| Flaw::Connect(why.to_string()))?;
        Ok(Self {
            sender,
            wire: Some(Box::pin(wire)),
            meter,
        })
    }

    /// Whether it can take another request, as far as is known without asking.
    pub(super) fn is_open(&self) -> bool {
        self.wire.is_some() && !self.sender.is_closed()
    }

    /// By GET.
    pub(crate) async fn get(&mut self, url: &Url, within: Duration) -> Result<Got, Flaw> {
        let request = Request::builder()
            .method(Method::GET)
            .uri(url.path.as_str())
            .header(HOST, url.authority())
            .body(Full::default())
            .map_err(|why| Flaw::NotHttp(why.to_string()))?;
        let got = timeout(within, self.send(request, &mut None)).await;
        match got {
            Ok(Ok(got)) => Ok(got),
            Ok(Err(Lost::Flawed(flaw))) => Err(flaw),
            Ok(Err(Lost::NotSent)) => Err(Flaw::Broken("closed at once".into())),
            Err(_) => Err(Flaw::Timeout),
        }
    }

    /// Sends a request and reads the whole answer. `sent` is set when the request goes to the
    /// wire. After an error or when it is dropped half-way, the connection is of no use any more.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
        sent: &mut Option<Instant>,
    ) -> Result<Got, Lost> {
        let Some(mut wire) = self.wire.take() else {
            return Err(Lost::NotSent);
        };
        self.meter.restart();
        let (sender, meter) = (&mut self.sender, &self.meter);
        let exchange = async {
            sender.ready().await.map_err(|_| Lost::NotSent)?;
            *sent = Some(Instant::now());
            let response = sender.try_send_request(request).await.map_err(|mut why| {
                match why.take_message() {
                    Some(_) => Lost::NotSent,
                    None => Lost::Flawed(flaw(why.error(), meter)),
                }
            })?;
            read(response, meter).await.map_err(Lost::Flawed)
        };
        let (done, over) = together(exchange, &mut wire).await;
        if matches!(done, Err(Lost::NotSent)) {
            *sent = None;
        }
        // Whatever is left of an answer that was not read whole would be taken for the next one.
        if done.is_ok() && !over {
            self.wire = Some(wire);
        }
        done
    }
}

/// Drives both until the exchange is done; also whether the connection is over.
async fn together<T>(exchange: impl Future<Output = T>, wire: &mut Wire) -> (T, bool) {
    let mut exchange = pin!(exchange);
    let mut over = false;
    let step = |cx: &mut Context<'_>| {
        if let Poll::Ready(done) = exchange.as_mut().poll(cx) {
            return Poll::Ready(done);
        }
        if over {
            return Poll::Pending;
        }
        over = wire.as_mut().poll(cx).is_ready();
        exchange.as_mut().poll(cx)
    };
    let done = poll_fn(step).await;
    (done, over)
}

async fn tcp(addresses: &[SocketAddr]) -> Result<TcpStream, Flaw> {
    let mut last = Flaw::Connect("no address".into());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(why) => last = connect(&why),
        }
    }
    Err(last)
}

fn connect(why: &std::io::Error) -> Flaw {
    Flaw::Connect(why.to_string())
}

fn flaw(why: &hyper::Error, meter: &Meter) -> Flaw {
    if meter.exceeded() {
        Flaw::TooLarge(MAX_ANSWER)
    } else if why.is_parse() {
        Flaw::NotHttp(why.to_string())
    } else {
        Flaw::Broken(why.to_string())
    }
}

async fn read(response: Response<hyper::body::Incoming>, meter: &Meter) -> Result<Got, Flaw> {
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let mut got = Got {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE.as_str()),
        cause: header(CAUSE_HEADER),
        location: header(LOCATION.as_str()),
        retry_after: header(RETRY_AFTER.as_str()),
        body: Vec::new(),
    };
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|why| flaw(&why, meter))?;
        if let Some(data) = frame.data_ref() {
            if got.body.len() + data.len() > MAX_BODY {
                return Err(Flaw::TooLarge(MAX_BODY));
            }
            got.body.extend_from_slice(data);
        }
    }
    Ok(got)
}
