//! One keep-alive connection: a request out, an answer in, no task of its own.
//!
//! Spoken without a library above the parser of heads: what a request costs us is what a load
//! generator is judged by, and bounds on what is read are easier to keep where the reading is.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::answer::{self, Chunk, Framing, Got, Head, MAX_ANSWER, MAX_BODY};
use super::endpoint::Endpoint;
use crate::url::Url;
use crate::wire::flaw::Flaw;

/// A connection that was not used for so long may have been closed by a router that keeps none
/// without work.
const RESTED: Duration = Duration::from_secs(1);

/// Room for an answer to come.
const ROOM: usize = 8 * 1024;

/// Why a request has no answer.
#[derive(Debug)]
pub(super) enum Lost {
    /// It never reached the wire: the connection was closed between two requests. It may be asked
    /// again over another one.
    NotSent,
    /// Everything else.
    Flawed(Flaw),
}

impl From<Flaw> for Lost {
    fn from(flaw: Flaw) -> Self {
        Self::Flawed(flaw)
    }
}

/// What carries the bytes.
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes).await,
            Self::Tls(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    async fn read(&mut self, into: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read_buf(into).await,
            Self::Tls(stream) => stream.read_buf(into).await,
        }
    }

    /// Whether it is closed, asked of the system itself: what the runtime knows is of its last
    /// look, and after a standstill of this process that was too long ago.
    #[cfg(unix)]
    fn is_closed(&self) -> bool {
        use rustix::net::{RecvFlags, recv};
        let (stream, may_say) = match self {
            Self::Plain(stream) => (stream, false),
            // TLS has things to say of its own.
            Self::Tls(stream) => (stream.get_ref().0, true),
        };
        let mut byte = [0; 1];
        match recv(stream, &mut byte, RecvFlags::PEEK | RecvFlags::DONTWAIT) {
            Ok((_, 0)) => true,
            Ok(_) => !may_say,
            Err(why) => why != rustix::io::Errno::AGAIN && why != rustix::io::Errno::INTR,
        }
    }

    #[cfg(not(unix))]
    fn is_closed(&self) -> bool {
        false
    }

    /// Whether the other side has said anything, or closed, though nothing was asked.
    async fn is_spoilt(&mut self) -> bool {
        let mut byte = [0; 1];
        poll_fn(|cx| {
            let mut one = ReadBuf::new(&mut byte);
            let read = match self {
                Self::Plain(stream) => Pin::new(stream).poll_read(cx, &mut one),
                Self::Tls(stream) => Pin::new(stream).poll_read(cx, &mut one),
            };
            Poll::Ready(read.is_ready())
        })
        .await
    }
}

/// A connection.
pub struct Connection {
    stream: Stream,
    /// What came for the request at hand.
    came: Vec<u8>,
    /// Whether nothing is under way, and the other side keeps it.
    open: bool,
    /// When it was used last; none before that.
    used: Option<Instant>,
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
        let stream = match &endpoint.tls {
            None => Stream::Plain(stream),
            Some(tls) => {
                let host = &endpoint.settings.url.host;
                let secured = tls.secure(host, stream).await.map_err(Flaw::Connect)?;
                Stream::Tls(Box::new(secured))
            }
        };
        Ok(Self {
            stream,
            came: Vec::new(),
            open: true,
            used: None,
        })
    }

    /// Whether it can take another request, as far as is known without asking.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    /// By GET.
    pub(crate) async fn get(&mut self, url: &Url, within: Duration) -> Result<Got, Flaw> {
        let (path, host) = (&url.path, url.authority());
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        let got = timeout(within, self.send(request.as_bytes(), &mut None)).await;
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
        request: &[u8],
        sent: &mut Option<Instant>,
    ) -> Result<Got, Lost> {
        if !std::mem::replace(&mut self.open, false) {
            return Err(Lost::NotSent);
        }
        let now = Instant::now();
        if let Some(used) = self.used.replace(now) {
            // Asking the system takes a call to it: not where requests follow each other.
            let rested = now.duration_since(used) >= RESTED;
            if rested && self.stream.is_closed() || self.stream.is_spoilt().await {
                return Err(Lost::NotSent);
            }
        }
        self.came.clear();
        *sent = Some(now);
        let written = self.stream.write(request).await;
        written.map_err(|why| Flaw::Broken(why.to_string()))?;
        Ok(self.answer().await?)
    }

    async fn answer(&mut self) -> Result<Got, Flaw> {
        let (head, from) = self.head().await?;
        let mut got = head.got;
        let end = match head.framing {
            Framing::Length(length) => {
                while self.came.len() < from + length {
                    self.more("its body").await?;
                }
                got.body = self.came[from..from + length].to_vec();
                from + length
            }
            Framing::Chunked => self.chunks(from, &mut got.body).await?,
            Framing::UntilClosed => {
                while self.fill().await? > 0 {
                    if self.came.len() - from > MAX_BODY {
                        return Err(Flaw::TooLarge(MAX_BODY));
                    }
                }
                got.body = self.came[from..].to_vec();
                self.came.len()
            }
        };
        // What came beyond would be taken for the next answer.
        self.open = head.keeps && self.came.len() == end;
        Ok(got)
    }

    /// The head of the real answer, behind whatever informational ones, and where its body begins.
    async fn head(&mut self) -> Result<(Head, usize), Flaw> {
        let mut from = 0;
        loop {
            if from < self.came.len()
                && let Some(head) = answer::head(&self.came[from..])?
            {
                from += head.bytes;
                if head.got.status >= 200 {
                    return Ok((head, from));
                }
                continue;
            }
            self.more("its head").await?;
        }
    }

    async fn chunks(&mut self, from: usize, body: &mut Vec<u8>) -> Result<usize, Flaw> {
        let mut at = from;
        loop {
            match answer::chunk(&self.came[at..])? {
                Chunk::Partial => self.more("its body").await?,
                Chunk::End(framing) => return Ok(at + framing),
                Chunk::Data(framing, length) => {
                    let data = at + framing;
                    if body.len() + length > MAX_BODY {
                        return Err(Flaw::TooLarge(MAX_BODY));
                    }
                    while self.came.len() < data + length + 2 {
                        self.more("its body").await?;
                    }
                    body.extend_from_slice(&self.came[data..data + length]);
                    at = data + length + 2;
                    if &self.came[at - 2..at] != b"\r\n" {
                        return Err(Flaw::NotHttp("a chunk does not end".into()));
                    }
                }
            }
        }
    }

    /// More bytes, of which there must be some.
    async fn more(&mut self, of: &str) -> Result<(), Flaw> {
        match self.fill().await? {
            0 if self.came.is_empty() => Err(Flaw::Broken("closed without an answer".into())),
            0 => Err(Flaw::Broken(format!("closed in {of}"))),
            _ => Ok(()),
        }
    }

    async fn fill(&mut self) -> Result<usize, Flaw> {
        if self.came.len() > MAX_ANSWER {
            return Err(Flaw::TooLarge(MAX_ANSWER));
        }
        if self.came.capacity() - self.came.len() < ROOM / 4 {
            self.came.reserve(ROOM);
        }
        let read = self.stream.read(&mut self.came).await;
        read.map_err(|why| Flaw::Broken(why.to_string()))
    }
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

fn connect(why: &io::Error) -> Flaw {
    Flaw::Connect(why.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::super::endpoint::{Protocol, Settings};
    use super::*;

    #[test]
    fn a_connection_that_was_closed_behind_our_back_is_not_written_to() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut head = [0; 256];
            let asked = stream.read(&mut head).expect("a request");
            assert!(asked > 0);
            let answer = b"HTTP/1.1 204 x\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).expect("it reads");
        });
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let url = Url::parse(&format!("http://{address}/route")).expect("a URL");
            let settings = Settings::new(url, Protocol::Json);
            let endpoint = Endpoint::find(settings, Vec::new()).await.expect("it may");
            let mut connection = Connection::open(&endpoint).await.expect("it listens");
            let request = b"GET /route HTTP/1.1\r\nhost: x\r\n\r\n";
            let first = connection.send(request, &mut None).await;
            assert_eq!(first.expect("an answer").status, 204);
            // The process stands still: nobody asks the system what has become of its sockets.
            server.join().expect("it closes");
            thread::sleep(RESTED);
            let mut sent = None;
            let second = connection.send(request, &mut sent).await;
            assert!(matches!(second, Err(Lost::NotSent)), "{second:?}");
            assert_eq!(sent, None);
        });
    }
}
