//! Upstreams by https: whose certificates are trusted, and what becomes of those that are not.

#![cfg(feature = "tls")]

mod support;

use bff_runtime::Runtime;
use http_body_util::Full;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

/// An authority made for one test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// How a server proves that it is `name`.
    fn server(&self, name: &str, is_expired: bool, protocols: &[&str]) -> ServerConfig {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        if is_expired {
            (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        }
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
        let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).expect("a server");
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }

    fn file(&self) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(self.pem.as_bytes()).expect("written");
        file
    }
}

/// A service that answers with the version of HTTP it was asked in. Gives its url.
async fn serve(config: ServerConfig) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust this server ends the handshake.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request: http::Request<hyper::body::Incoming>| async move {
                    let body = format!(r#"{{"name":"{:?}"}}"#, request.version());
                    let response = http::Response::builder().header("content-type", "application/json");
                    response.body(Full::new(bytes::Bytes::from(body)))
                });
                let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                let stream = TokioIo::new(stream);
                let _ = match is_h2 {
                    true => http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await,
                    false => http1::Builder::new().serve_connection(stream, service).await,
                };
            });
        }
    });
    url
}

/// What a BFF that trusts the file (or only what browsers trust) answers, and its log.
async fn ask(url: &str, trusted: Option<&tempfile::NamedTempFile>) -> (String, Vec<serde_json::Value>) {
    let mut settings = settings(url);
    settings.ca_file = trusted.map(|file| file.path().to_owned());
    let bff = Bff::start(settings).await;
    (bff.get("/api/items/1").await, bff.log())
}

#[tokio::test]
async fn only_a_trusted_valid_certificate_of_the_right_name_is_accepted() {
    let (ours, other) = (Authority::new("ours"), Authority::new("another"));
    let (ours_file, other_file) = (ours.file(), other.file());
    let good = |protocols: &[&str]| ours.server("localhost", false, protocols);
    let cases = [
        (good(&[]), Some(&ours_file), Ok("HTTP/1.1")),
        (good(&["http/1.1"]), Some(&ours_file), Ok("HTTP/1.1")),
        (good(&["h2", "http/1.1"]), Some(&ours_file), Ok("HTTP/2.0")),
        (good(&[]), Some(&other_file), Err("UnknownIssuer")),
        (good(&[]), None, Err("UnknownIssuer")),
        (ours.server("elsewhere.example", false, &[]), Some(&ours_file), Err("not valid for name")),
        (ours.server("localhost", true, &[]), Some(&ours_file), Err("expired")),
    ];
    for (index, (config, trusted, expected)) in cases.into_iter().enumerate() {
        let url = serve(config).await;
        let (answer, log) = ask(&url, trusted).await;
        match expected {
            Ok(version) => assert_eq!(json(&answer)["name"], version, "case {index}: {answer}"),
            Err(why) => {
                assert_eq!(status(&answer), 502, "case {index}: {answer}");
                assert_eq!(json(&answer)["code"], "upstream_unreachable", "case {index}: {answer}");
                let told = log.iter().find(|line| line["event"] == "call_failed").expect("the cause");
                assert!(told["error"].as_str().is_some_and(|text| text.contains(why)), "case {index}: {told}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_fails_within_the_time_to_connect() {
    // One answers what it takes for nonsense, one says nothing at all.
    let plain = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let plain_url = format!("https://{}", plain.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let silent_url = format!("https://{}", silent.local_addr().expect("an address"));
    for (url, connect) in [(plain_url, Duration::from_secs(3600)), (silent_url, Duration::from_millis(20))] {
        let mut settings = settings(&url);
        settings.calls.connect = connect;
        // For the second, only the time to connect can end this.
        settings.calls.per_try = Duration::from_secs(3600);
        let answer = Bff::start(settings).await.get("/api/items/1").await;
        assert_eq!((status(&answer), json(&answer)["code"].as_str()), (502, Some("upstream_unreachable")), "{answer}");
    }
}

#[test]
fn a_file_of_no_use_keeps_the_bff_from_starting() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (content, part) in [
        (None, "cannot be read"),
        (Some(""), "BEGIN CERTIFICATE"),
        (Some("-----BEGIN CERTIFICATE-----\n!!"), "not PEM"),
        (Some(broken), "certificate 1"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ca.pem");
        if let Some(content) = content {
            std::fs::write(&file, content).expect("written");
        }
        let mut settings = settings("https://localhost");
        settings.ca_file = Some(file);
        let error = Runtime::new(settings, UPSTREAMS).expect_err(part).to_string();
        assert!(error.contains("BFF_CA_FILE") && error.contains("ca.pem") && error.contains(part), "{error}");
    }
}
