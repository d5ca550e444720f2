//! TLS to routers: rustls with ring, and the roots of the web.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Why a text names no roots.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRoots {
    /// It holds none.
    #[error("there is no certificate in it, expected -----BEGIN CERTIFICATE-----")]
    None,
    /// It is no PEM.
    #[error("it is no PEM: {0}")]
    NotPem(String),
}

/// The certificates in a PEM text, as the settings take them (DER).
///
/// # Errors
/// See [`NoRoots`].
pub fn roots_of_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, NoRoots> {
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text)
        .map(|root| root.map(|it| it.to_vec()))
        .collect();
    let roots = roots.map_err(|why| NoRoots::NotPem(why.to_string()))?;
    if roots.is_empty() {
        return Err(NoRoots::None);
    }
    Ok(roots)
}

/// How TLS connections are made.
#[derive(Clone)]
pub(super) struct Tls(TlsConnector);

impl Tls {
    /// With the roots of the web, and these beside them (DER).
    pub(super) fn new(more_roots: &[Vec<u8>]) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for der in more_roots {
            let root = CertificateDer::from(der.clone());
            roots.add(root).map_err(|why| why.to_string())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| why.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Shakes hands over a connection.
    pub(super) async fn secure(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, String> {
        let name = ServerName::try_from(host.to_owned()).map_err(|why| why.to_string())?;
        let secured = self.0.connect(name, stream).await;
        secured.map_err(|why| why.to_string())
    }
}
