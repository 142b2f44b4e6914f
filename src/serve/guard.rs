//! Who may ask: the host that was meant, the page that asks, the token.
//!
//! A page of another site can send requests to a server on loopback, and by a name that it makes
//! point here even read the answers. So the host named must be ours, a page that asks must be
//! ours, and whoever asks must know the token that was printed when the server started.

use super::Reply;
use crate::error::{Error, Result};
use hyper::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, ORIGIN};
use hyper::{StatusCode, Uri};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What is compared with.
pub(super) struct Guard {
    address: SocketAddr,
    /// SHA-256 of the token; `None`: anybody may ask.
    token: Option<[u8; 32]>,
}

/// Characters of a token.
pub(super) fn is_token(text: &str) -> bool {
    (16..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Compared without a hint by the time it takes, how much of them is alike.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let differs = a.iter().zip(b).fold(0u8, |d, (x, y)| std::hint::black_box(d | (x ^ y)));
    std::hint::black_box(differs) == 0
}

fn refused(status: StatusCode, error: &str, hint: &str) -> Reply {
    Reply::json(status.as_u16(), &json!({ "error": error, "hint": hint }))
}

impl Guard {
    /// For a server at an address.
    pub(super) fn new(address: SocketAddr, token: Option<&str>) -> Result<Guard> {
        if token.is_some_and(|t| !is_token(t)) {
            return Err(Error::usage("this is no token").hint("16 to 256 letters, digits, and - . _ ~"));
        }
        Ok(Guard { address, token: token.map(|t| digest(t.as_bytes())) })
    }

    /// An address to reach it by from this machine.
    pub(super) fn address(&self) -> SocketAddr {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        SocketAddr::new(ip, self.address.port())
    }

    /// The name of our cookie. Browsers keep one set of cookies for all ports of a host.
    pub(super) fn cookie(&self) -> String {
        format!("cuibono-{}", self.address.port())
    }

    /// Whether the request was meant for us, and comes from no other page.
    pub(super) fn place(&self, uri: &Uri, headers: &HeaderMap) -> std::result::Result<(), Reply> {
        let misdirected = || {
            let hint = format!("the address is http://{}", self.address());
            refused(StatusCode::MISDIRECTED_REQUEST, "another host was meant", &hint)
        };
        let mut hosts = headers.get_all(HOST).iter();
        let host = hosts.next().and_then(|h| h.to_str().ok());
        if hosts.next().is_some() || !host.is_some_and(|h| self.is_us(h)) {
            return Err(misdirected());
        }
        if uri.authority().is_some_and(|a| !self.is_us(a.as_str())) {
            return Err(misdirected());
        }
        let elsewhere = || {
            refused(
                StatusCode::FORBIDDEN,
                "a page from elsewhere asks",
                "open the address that `cuibono serve` printed by hand; pages of other sites get no answers",
            )
        };
        for origin in headers.get_all(ORIGIN) {
            let ours = origin.to_str().ok().and_then(|o| o.strip_prefix("http://")).is_some_and(|o| self.is_us(o));
            if !ours {
                return Err(elsewhere());
            }
        }
        for site in headers.get_all("sec-fetch-site") {
            if !matches!(site.as_bytes(), b"same-origin" | b"none") {
                return Err(elsewhere());
            }
        }
        Ok(())
    }

    /// Whether a host with its port is ours.
    fn is_us(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, Some(port)),
            _ => (host, None),
        };
        let port = match port {
            None => Some(80),
            Some(p) if !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) => p.parse::<u16>().ok(),
            Some(_) => None,
        };
        if port != Some(self.address.port()) {
            return false;
        }
        if matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        // A name can be made to point anywhere, an address cannot.
        let ip = self.address.ip();
        let named = match name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
            Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        };
        named.is_some_and(|n| ip.is_unspecified() || n == ip)
    }

    /// Whether whoever asks knows the token, by header or cookie.
    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        if let Some(value) = headers.get(AUTHORIZATION) {
            let Some((scheme, given)) = value.to_str().ok().and_then(|v| v.split_once(' ')) else { return false };
            let scheme = ["bearer", "apikey"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
            return scheme && same(&digest(given.trim().as_bytes()), token);
        }
        let name = self.cookie();
        let cookies = headers.get_all(COOKIE).iter().filter_map(|c| c.to_str().ok()).flat_map(|c| c.split(';'));
        let mut ours = cookies.filter_map(|c| c.trim().split_once('=')).filter(|(n, _)| *n == name);
        ours.any(|(_, given)| same(&digest(given.as_bytes()), token))
    }

    /// Whether a token is asked for.
    pub(super) fn asks(&self) -> bool {
        self.token.is_some()
    }

    /// Whether a token is the right one.
    pub(super) fn is_right(&self, given: &str) -> bool {
        self.token.as_ref().is_none_or(|t| same(&digest(given.as_bytes()), t))
    }

    /// The reply to who does not know the token.
    pub(super) fn unknown() -> Reply {
        refused(
            StatusCode::UNAUTHORIZED,
            "the token is missing, or is not the one of this server",
            "open the address that `cuibono serve` printed, or send `Authorization: Bearer TOKEN`",
        )
        .header("www-authenticate", "Bearer realm=\"cuibono\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_address_is_ours() {
        let ours = |listening: &str, host: &str| {
            let guard = Guard::new(listening.parse().unwrap(), None).unwrap();
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            let told = guard.place(&Uri::from_static("/"), &headers);
            told.map_err(|r| r.status)
        };
        for listening in ["127.0.0.1:80", "127.0.0.2:80", "[::1]:80", "192.0.2.7:80", "[2001:db8::7]:80", "0.0.0.0:80"]
        {
            let guard = Guard::new(listening.parse().unwrap(), None).unwrap();
            assert_eq!(ours(listening, &guard.address().to_string()), Ok(()), "{listening}");
            for loopback in ["127.0.0.1", "localhost", "[::1]"] {
                assert_eq!(ours(listening, loopback), Ok(()), "{listening} {loopback}");
            }
            for other in ["127.0.0.2:81", "evil.example", "127.0.0.2.evil.example", "[::1", "::1"] {
                assert_eq!(ours(listening, other), Err(421), "{listening} {other}");
            }
        }
        for (listening, other) in
            [("127.0.0.1:80", "127.0.0.2"), ("127.0.0.2:80", "127.0.0.3"), ("192.0.2.7:80", "192.0.2.8")]
        {
            assert_eq!(ours(listening, other), Err(421), "{listening} {other}");
        }
    }
}
