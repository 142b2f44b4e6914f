//! One request: which agent, which redirects, what went wrong.

use super::address;
use super::pause::retry_after;
use super::{Proxies, Settings};
use crate::error::{Error, Kind, Result};
use std::io;
use std::time::{Duration, Instant};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, http};

/// Redirects followed.
const REDIRECTS: usize = 10;
/// Largest head of an answer.
const MAX_HEAD: usize = 64 * 1024;
/// Longest time to reach a server.
const CONNECT: Duration = Duration::from_secs(30);

/// What became of a try that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// It may go better later; the server may have said when.
    Later(Error, Option<Duration>),
    /// The file is not there.
    Missing(Error),
    /// It would fail again.
    Final(Error),
}

impl Failure {
    pub(super) fn into_error(self) -> Error {
        match self {
            Failure::Later(e, _) | Failure::Missing(e) | Failure::Final(e) => e,
        }
    }
}

/// An answer with its head read.
pub(super) struct Answer {
    pub(super) status: u16,
    response: http::Response<Body>,
}

impl Answer {
    /// A header, trimmed; `None` when it lacks or is empty.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::trim).filter(|v| !v.is_empty())
    }

    /// The length that the server states.
    pub(super) fn length(&self) -> Option<u64> {
        self.header("content-length").and_then(|v| v.parse().ok())
    }

    /// Whether the end of the body can be told from a cut connection.
    pub(super) fn has_an_end(&self) -> bool {
        let chunked = self.header("transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked"));
        chunked || self.length().is_some()
    }

    pub(super) fn body(self) -> impl io::Read {
        self.response.into_body().into_with_config().limit(u64::MAX).reader()
    }
}

/// Opens connections as the settings allow.
pub(super) struct Client {
    direct: Agent,
    through: Option<(Agent, Proxies)>,
    idle: Duration,
    offline: bool,
}

impl Client {
    /// Reads certificates and proxy; opens nothing.
    pub(super) fn new(settings: &Settings) -> Result<Client> {
        let tls = TlsConfig::builder().root_certs(roots(settings.ca.as_deref())?).build();
        let agent = |proxy: Option<ureq::Proxy>| -> Agent {
            Agent::config_builder()
                .https_only(true)
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(proxy)
                .tls_config(tls.clone())
                .user_agent(concat!("cuibono/", env!("CARGO_PKG_VERSION")))
                .accept("*/*")
                .max_response_header_size(MAX_HEAD)
                .timeout_resolve(Some(CONNECT.min(settings.idle)))
                .timeout_connect(Some(CONNECT.min(settings.idle)))
                .timeout_recv_response(Some(settings.idle))
                .timeout_per_read(Some(settings.idle))
                .timeout_per_write(Some(settings.idle))
                .max_idle_connections_per_host(1)
                .build()
                .new_agent()
        };
        let through = match &settings.proxies {
            Some(p) => {
                let proxy =
                    ureq::Proxy::new(p.url()).map_err(|_| Error::usage("the address of the proxy cannot be read"))?;
                Some((agent(Some(proxy)), p.clone()))
            }
            None => None,
        };
        Ok(Client { direct: agent(None), through, idle: settings.idle, offline: settings.offline })
    }

    /// Asks for an address, follows redirects to https, and gives back the answer that is none.
    /// `shown` is the address as messages may show it (without a token).
    pub(super) fn get(
        &self,
        url: &str,
        shown: &str,
        headers: &[(&str, String)],
        deadline: Instant,
    ) -> std::result::Result<Answer, Failure> {
        if self.offline {
            return Err(Failure::Final(offline()));
        }
        let mut url = url.to_owned();
        let mut visited = vec![url.clone()];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Failure::Final(too_slow(shown)));
            }
            let host = address::host(&url);
            let agent = match &self.through {
                Some((agent, p)) if !p.bypassed(host) => agent,
                _ => &self.direct,
            };
            let mut request = agent.get(&url).config().timeout_global(Some(left)).build();
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let response = request.call().map_err(|e| self.failure(e, shown, host))?;
            let status = response.status().as_u16();
            let answer = Answer { status, response };
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            // Where a redirect leads is not repeated in full: it may be signed, or carry the token.
            let refuse = |why: String| {
                Failure::Final(
                    Error::new(Kind::Io, format!("{shown}: {host} redirects {why}"))
                        .hint("nothing was fetched from there; look at the publisher's page for a new address"),
                )
            };
            let location = answer.header("location").unwrap_or_default();
            let next = address::redirect(&url, location).map_err(refuse)?;
            if visited.contains(&next) {
                return Err(refuse("in a circle".to_owned()));
            }
            if visited.len() > REDIRECTS {
                return Err(refuse(format!("more than {REDIRECTS} times")));
            }
            visited.push(next.clone());
            url = next;
        }
    }

    /// What a failed connection means.
    fn failure(&self, e: ureq::Error, shown: &str, host: &str) -> Failure {
        let io_kind = if let ureq::Error::Io(e) = &e { Some(e.kind()) } else { None };
        let fail = |text: String| Error::new(Kind::Io, format!("{shown}: {text}"));
        match &e {
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
                Failure::Final(untrusted(fail(format!("no secure connection with {host}: {e}"))))
            }
            // What rustls refuses arrives as invalid data.
            ureq::Error::Io(inner) if io_kind == Some(io::ErrorKind::InvalidData) => {
                Failure::Final(untrusted(fail(format!("no secure connection with {host}: {inner}"))))
            }
            ureq::Error::HostNotFound => Failure::Final(
                fail(format!("the host {host} is not found"))
                    .hint("is there a network? behind a proxy, name it with --proxy or HTTPS_PROXY"),
            ),
            ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
                Failure::Final(fail(format!("{host}: the address cannot be asked for")))
            }
            ureq::Error::InvalidProxyUrl => Failure::Final(Error::usage("the address of the proxy cannot be read")),
            ureq::Error::ConnectProxyFailed(why) => {
                let e = fail(format!("the proxy does not connect to {host}: {why}"))
                    .hint("check --proxy, HTTPS_PROXY and NO_PROXY");
                if why.contains("407") || why.contains("403") { Failure::Final(e) } else { Failure::Later(e, None) }
            }
            ureq::Error::Timeout(_) => Failure::Later(silent(fail, host, self.idle), None),
            _ => Failure::Later(fail(format!("no answer from {host}: {e}")), None),
        }
    }

    /// What a failed read of a body means.
    pub(super) fn broken(&self, e: &io::Error, shown: &str) -> Failure {
        let fail = |text: String| Error::new(Kind::Io, format!("{shown}: {text}"));
        if e.kind() == io::ErrorKind::TimedOut || e.to_string().contains("timeout") {
            return Failure::Later(silent(fail, "the server", self.idle), None);
        }
        Failure::Later(fail(format!("the connection was cut: {e}")), None)
    }
}

fn silent(fail: impl Fn(String) -> Error, who: &str, idle: Duration) -> Error {
    fail(format!("nothing came from {who} for too long (the limit is {} s)", idle.as_secs_f32()))
        .hint("try later, or allow more time with --idle and --timeout")
}

fn untrusted(e: Error) -> Error {
    e.hint("where a company inspects TLS, name its certificates with --ca; otherwise do not trust this connection")
}

/// The refusal to connect.
pub(super) fn offline() -> Error {
    Error::usage("this would open a connection, and --offline (or CUIBONO_OFFLINE) forbids it")
        .hint("`cuibono update --list` has the addresses; fetch the files elsewhere and `cuibono import` them")
}

/// The end of the time for one file.
pub(super) fn too_slow(shown: &str) -> Error {
    Error::new(Kind::Io, format!("{shown}: the time for this file is over"))
        .hint("what has arrived is kept where the server can go on with it; run the command again, or allow more time with --timeout")
}

/// Mozilla's roots, and those given besides.
fn roots(pem: Option<&[u8]>) -> Result<RootCerts> {
    let Some(pem) = pem else { return Ok(RootCerts::WebPki) };
    let mut certs: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(c)) => certs.push(c),
            Ok(_) => {}
            Err(e) => return Err(Error::input(format!("the file of certificates cannot be read: {e}"))),
        }
    }
    if certs.is_empty() {
        return Err(Error::input("the file of certificates holds none")
            .hint("--ca expects PEM: blocks that begin with -----BEGIN CERTIFICATE-----"));
    }
    certs.extend(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|c| Certificate::from_der(c.as_ref())));
    Ok(RootCerts::new_with_certs(&certs))
}

/// What an answer other than the file means.
pub(super) fn refusal(answer: &Answer, shown: &str) -> Failure {
    let status = answer.status;
    let wait = retry_after(answer.header("retry-after"), answer.header("date"));
    let fail = |text: &str| Error::new(Kind::Io, format!("{shown}: the server answers {status}, {text}"));
    match status {
        404 | 410 => Failure::Missing(
            fail("there is no such file")
                .hint("the publisher may have moved it: see `cuibono update --list` and the publisher's page"),
        ),
        401 | 403 => {
            Failure::Final(fail("access refused").hint("an address with a token may need a new one (--token)"))
        }
        408 | 425 | 429 => Failure::Later(fail("not now"), wait),
        500..=599 => Failure::Later(fail("it has a fault"), wait),
        _ => Failure::Final(fail("which is no file")),
    }
}
