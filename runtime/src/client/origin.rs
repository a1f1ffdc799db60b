//! Where a service is: its url in parts, and why a text is no such url.

use http::uri::{Authority, Scheme, Uri};

/// A service's url in parts.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    /// The path before an operation's, without a slash at its end.
    pub(crate) path: String,
}

/// Reads a service's url. `Err`: what is wrong with it.
pub(crate) fn address(url: &str) -> Result<Address, &'static str> {
    let uri: Uri = url.trim().parse().map_err(|_| "this is not a url")?;
    let parts = uri.into_parts();
    let scheme = parts.scheme.ok_or("it does not begin with `http://` or `https://`")?;
    match scheme.as_str() {
        "http" => {}
        "https" if cfg!(feature = "tls") => {}
        "https" => return Err("this program was built without the feature `tls`"),
        _ => return Err("only `http` and `https` can be called"),
    }
    let authority = parts.authority.ok_or("it names no host")?;
    if authority.as_str().contains('@') {
        return Err("it holds a user name or password; send credentials as a header");
    }
    let path = parts.path_and_query.map(|path| path.to_string()).unwrap_or_default();
    if path.contains(['?', '{']) {
        return Err("it must end with its path, without a query");
    }
    Ok(Address { scheme, authority, path: path.trim_end_matches('/').to_owned() })
}

/// The url as it may be shown: what looks like a password is not.
pub(crate) fn shown(url: &str) -> &str {
    if url.contains('@') { "(not shown)" } else { url }
}
