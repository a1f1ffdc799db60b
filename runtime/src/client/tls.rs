//! Which certificates of upstreams are trusted.

use super::unusable_ca_file;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// TLS 1.2 and 1.3. Trusts the authorities that browsers trust (webpki-roots), and those in the file.
pub(crate) fn config(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = ca_file {
        add(&mut roots, file)?;
    }
    // The provider is named, so that another one elsewhere in the program does not matter.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| format!("TLS cannot be set up: {error}."))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Adds the certificates of a PEM file, of which there must be at least one.
fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let wrong = |why: String| unusable_ca_file(file, &why);
    let pem = std::fs::read(file).map_err(|error| wrong(format!("it cannot be read ({error})")))?;
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(format!("it is not PEM ({error})")))?;
        count += 1;
        roots.add(certificate).map_err(|error| wrong(format!("certificate {count} in it cannot be used ({error})")))?;
    }
    match count {
        0 => Err(wrong("there is no `BEGIN CERTIFICATE` in it".to_owned())),
        _ => Ok(()),
    }
}
