//! A router that always gives the same answer and takes as little of a core as it can: what load
//! generators are measured against. With a stall, all of it stands still for a while now and then,
//! so that a backlog builds up, as behind a pause of a garbage collector. With `--tls` it makes
//! itself a certificate for `localhost` and writes it down for clients.

use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const JSON: &str = r#"{"stages":[{"legs":[{"device":"web","user":"ann"}],"ring_s":15.0}],"finally":"voicemail","greeting":"user"}"#;
const TWIML: &str =
    r#"<Response><Dial timeout="15"><Client>ann</Client></Dial><Record/></Response>"#;

#[derive(Parser)]
struct Args {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8490")]
    listen: String,
    /// Milliseconds of a stall; 0 never stalls.
    #[arg(long, default_value_t = 0)]
    stall_ms: u64,
    /// Milliseconds from the start of one stall to the next.
    #[arg(long, default_value_t = 2000)]
    every_ms: u64,
    /// Speak TLS, and write the certificate to this file (PEM).
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let acceptor = args.tls.as_deref().map(acceptor).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(&args.listen).await?;
        if args.stall_ms > 0 {
            let (stall, every) = (args.stall_ms, Duration::from_millis(args.every_ms));
            tokio::spawn(async move {
                let mut ticks = tokio::time::interval(every);
                loop {
                    ticks.tick().await;
                    // The whole thread on purpose.
                    std::thread::sleep(Duration::from_millis(stall));
                }
            });
        }
        loop {
            let (stream, _) = listener.accept().await?;
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            match acceptor.clone() {
                None => _ = tokio::spawn(serve(stream)),
                Some(acceptor) => {
                    tokio::spawn(async move {
                        if let Ok(secured) = acceptor.accept(stream).await {
                            serve(secured).await;
                        }
                    });
                }
            }
        }
    })
}

fn acceptor(file: &Path) -> Result<TlsAcceptor> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]);
    let made = made.map_err(Error::other)?;
    std::fs::write(file, made.cert.pem())?;
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn answer(kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n");
    format!("{head}\r\n{body}").into_bytes()
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let json = answer("application/json", JSON);
    let twiml = answer("text/xml", TWIML);
    let mut came = Vec::with_capacity(8192);
    loop {
        match stream.read_buf(&mut came).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        while let Some(request) = whole(&came) {
            let reply = if came.starts_with(b"POST /route") {
                &json
            } else {
                &twiml
            };
            if stream.write_all(reply).await.is_err() || stream.flush().await.is_err() {
                return;
            }
            came.drain(..request);
        }
    }
}

/// The length of the first request, when all of it is there.
fn whole(came: &[u8]) -> Option<usize> {
    let head = came.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&came[..head]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let found = name.eq_ignore_ascii_case("content-length");
        found.then(|| value.trim().parse::<usize>().ok())?
    });
    let end = head + length.unwrap_or(0);
    (came.len() >= end).then_some(end)
}
