//! HTTPS routers by rustls.

use std::net::SocketAddr;
use std::sync::Arc;

use http::client::{Endpoint, Protocol, Settings};
use http::url::Url;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::desk::{endpoint_with, runtime};
use crate::server::asked;

/// A TLS server for `localhost` that answers everything with a voicemail, and its certificate.
fn secure() -> (SocketAddr, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a key");
    let der = made.cert.der().to_vec();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(der.clone())], key)
        .expect("a certificate");
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async move {
            let acceptor = TlsAcceptor::from(Arc::new(config));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let _ = tell.send(listener.local_addr().expect("an address"));
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 30\r\n\r\n\
                              <Response><Record/></Response>";
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
    });
    (told.recv().expect("it begins"), der)
}

fn to(host: &str, address: SocketAddr, roots: Vec<Vec<u8>>) -> Arc<Endpoint> {
    let url = format!("https://{host}:{}/voice", address.port());
    let mut settings = Settings::new(Url::parse(&url).expect("a URL"), Protocol::Twilio);
    settings.roots = roots;
    endpoint_with(settings)
}

#[test]
fn a_router_behind_tls_is_asked_if_its_certificate_is_trusted_and_its_own() {
    let (address, root) = secure();
    let (given, _) = asked(&to("localhost", address, vec![root.clone()]));
    assert!(given.is_ok(), "{given:?}");
    for (host, roots, why) in [
        ("localhost", Vec::new(), "an unknown authority"),
        ("127.0.0.1", vec![root], "another name"),
    ] {
        let flaw = asked(&to(host, address, roots)).0.expect_err(why);
        assert_eq!(flaw.class(), "connect", "{why}: {flaw}");
    }
}
