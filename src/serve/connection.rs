//! One request on its way: from what hyper read to a reply that wears its headers.

use super::guard::Guard;
use super::pool::Pool;
use super::route::{self, Setup};
use super::workers::{self, Asked, Workers};
use super::{Context, Host, Method, Reply, Request, assets, dress, percent};
use crate::error::Error;
use crate::graph::Stop;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
};
use hyper::{Response, StatusCode};
use serde_json::json;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// Requests that are answered at once; others wait for their turn.
pub(super) const AT_ONCE: usize = 64;
/// A body must have come within that time.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Headers, and bytes of all of them.
const HEADERS: (usize, usize) = (64, 16 << 10);
/// Pieces of a reply that are handed on.
const PIECE: usize = 64 << 10;

/// What all connections share.
pub(super) struct Shared {
    pub(super) guard: Guard,
    pub(super) setup: Arc<Setup>,
    pub(super) host: Arc<dyn Host>,
    pub(super) pool: Arc<Pool>,
    pub(super) workers: Workers,
    pub(super) turns: Semaphore,
    pub(super) time: Duration,
}

/// The body of a reply, and what is held until it has gone.
pub(super) struct Piecewise {
    rest: Bytes,
    _held: Option<Box<dyn Send>>,
}

impl Piecewise {
    pub(super) fn holding(self, held: impl Send + 'static) -> Piecewise {
        Piecewise { _held: Some(Box::new(held)), ..self }
    }
}

impl Body for Piecewise {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Task<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let n = self.rest.len().min(PIECE);
        Poll::Ready((n > 0).then(|| Ok(Frame::data(self.rest.split_to(n)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// An error that is no error of a question.
fn refuse(status: StatusCode, error: &str) -> Reply {
    Reply::json(status.as_u16(), &json!({ "error": error }))
}

/// Answers a request.
pub(super) async fn answer(request: hyper::Request<Incoming>, shared: Arc<Shared>) -> Response<Piecewise> {
    let path = percent::segments(request.uri().path());
    let refusal = |r| route::refusal(path.as_deref().unwrap_or_default(), r);
    let reply = reply(request, path.as_deref(), &shared).await.unwrap_or_else(refusal);
    let mut response = Response::new(Piecewise { rest: Bytes::from(reply.body), _held: None });
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in dress::ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    for (name, value) in reply.headers {
        // What cannot stand in a header is left out: no part of an answer may become a header.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// `path`: the segments of the address, where it is sound.
async fn reply(
    request: hyper::Request<Incoming>,
    path: Option<&[String]>,
    shared: &Arc<Shared>,
) -> Result<Reply, Reply> {
    let (head, body) = request.into_parts();
    let (uri, headers) = (&head.uri, &head.headers);
    shared.guard.place(uri, headers)?;
    let bytes: usize = headers.iter().map(|(n, v)| n.as_str().len() + v.len() + 4).sum();
    if headers.len() > HEADERS.0 || bytes > HEADERS.1 {
        return Err(refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers"));
    }
    let wrong = || refuse(StatusCode::BAD_REQUEST, "the address is no UTF-8 written with percent signs");
    let path = path.ok_or_else(wrong)?;
    if uri.path_and_query().map_or(0, |p| p.as_str().len()) > route::address_limit(path) {
        return Err(refuse(StatusCode::URI_TOO_LONG, "the address is too long"));
    }
    let mut query = percent::pairs(uri.query().unwrap_or_default()).ok_or_else(wrong)?;
    let gzip = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(dress::takes_gzip);
    if path.is_empty()
        && head.method == hyper::Method::GET
        && let Some(at) = query.iter().position(|(name, _)| name == "token")
    {
        let (_, given) = query.remove(at);
        let right = shared.guard.is_right(&given);
        return if right { Ok(welcome(&given, &query, &shared.guard)) } else { Err(Guard::unknown()) };
    }
    if !shared.guard.knows(headers) {
        return Err(Guard::unknown());
    }
    let method = match head.method {
        hyper::Method::GET | hyper::Method::HEAD => Method::Get,
        hyper::Method::POST => Method::Post,
        _ => return Err(not_allowed(route::allowed(path).unwrap_or("GET, HEAD"))),
    };
    let known: Vec<&str> = headers.get_all(IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).collect();
    let if_none_match = (!known.is_empty()).then(|| known.join(", "));
    if let Some(file) = assets::file(path, gzip, if_none_match.as_deref()) {
        return if method == Method::Get { Ok(file) } else { Err(not_allowed("GET, HEAD")) };
    }
    let allowed = route::allowed(path).ok_or_else(super::v1::nothing_here)?;
    if !route::takes(path, method) {
        return Err(not_allowed(allowed));
    }
    let mut bytes = Vec::new();
    if method == Method::Post && route::reads_body(path) {
        let form = media_type(headers, path)?;
        let limit = route::body_limit(path);
        bytes = timeout(BODY_TIME, read(body, headers, limit)).await.map_err(|_| {
            refuse(StatusCode::REQUEST_TIMEOUT, "the body did not come in time").header("connection", "close")
        })??;
        if form {
            let text = String::from_utf8(std::mem::take(&mut bytes)).map_err(|_| wrong())?;
            query.extend(percent::pairs(&text).ok_or_else(wrong)?);
        }
    }
    let host = headers.get(HOST).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let request = Request { method, path: path.to_vec(), query, body: bytes, if_none_match, host };
    ask(request, gzip, shared).await
}

/// Has a worker answer, once it is this request's turn.
async fn ask(request: Request, gzip: bool, shared: &Arc<Shared>) -> Result<Reply, Reply> {
    let Ok(Ok(_turn)) = timeout(shared.time.max(Duration::from_millis(100)), shared.turns.acquire()).await else {
        return Err(workers::full());
    };
    let (send, receive) = oneshot::channel();
    let quick = route::is_quick(&request);
    let (pool, host, setup) = (Arc::clone(&shared.pool), Arc::clone(&shared.host), Arc::clone(&shared.setup));
    let work = move |stop: &Stop| dress::compress(one(&request, &pool, &*host, &setup, stop), gzip);
    // Dropped with this future when the client goes away, which calls the question off.
    let _asked = shared.workers.submit(quick, work, move |reply| {
        send.send(reply).ok();
    });
    let reply = receive.await.map_err(|_| workers::full())?;
    if reply.status < 400 { Ok(reply) } else { Err(reply) }
}

/// Has what every page asks for first found out before it is asked, and the names read; held for
/// as long as that is wanted.
pub(super) fn ahead(shared: &Arc<Shared>) -> Asked {
    let meta = Request::to(Method::Get, &["v1", "meta"]);
    let mut search = Request::to(Method::Get, &["v1", "search"]);
    search.query = [("q", "an"), ("limit", "1")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    let (pool, host, setup) = (Arc::clone(&shared.pool), Arc::clone(&shared.host), Arc::clone(&shared.setup));
    let both = move |stop: &Stop| {
        one(&meta, &pool, &*host, &setup, stop);
        one(&search, &pool, &*host, &setup, stop)
    };
    shared.workers.submit(false, both, drop)
}

/// Answers on a graph from the pool.
fn one(request: &Request, pool: &Pool, host: &dyn Host, setup: &Setup, stop: &Stop) -> Reply {
    let mut loan = match pool.take(host, stop) {
        Ok(loan) => loan,
        Err(e) => return route::without_store(request, e),
    };
    let Some((graph, scratch)) = loan.parts() else { return workers::full() };
    let mut context = Context { graph, scratch, asker: host, today: host.today() };
    route::answer(request, setup, &mut context)
}

/// The first visit: the token becomes a cookie, and leaves the address.
fn welcome(token: &str, rest: &[(String, String)], guard: &Guard) -> Reply {
    let rest: Vec<String> =
        rest.iter().map(|(n, v)| format!("{}={}", percent::encode(n), percent::encode(v))).collect();
    let place = if rest.is_empty() { "/".to_owned() } else { format!("/?{}", rest.join("&")) };
    let reply = Reply::bytes(303, "text/plain; charset=utf-8", "").header("location", place);
    // Without a token of our own there is nothing to remember.
    match guard.asks() {
        true => reply.header("set-cookie", format!("{}={token}; HttpOnly; SameSite=Strict; Path=/", guard.cookie())),
        false => reply,
    }
}

fn not_allowed(allowed: &'static str) -> Reply {
    refuse(StatusCode::METHOD_NOT_ALLOWED, "this address is not asked in that way").header("allow", allowed)
}

/// Whether the body is a form, which only addresses that expect one take; else it must be JSON.
fn media_type(headers: &HeaderMap, path: &[String]) -> Result<bool, Reply> {
    let given = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let name = given.split(';').next().unwrap_or_default().trim();
    let form = route::takes_forms(path);
    match name.to_ascii_lowercase().as_str() {
        "application/json" => Ok(false),
        "application/x-www-form-urlencoded" if form => Ok(true),
        _ => Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a body is sent as application/json")),
    }
}

/// The whole body, unless it is too long.
async fn read(body: Incoming, headers: &HeaderMap, limit: usize) -> Result<Vec<u8>, Reply> {
    // What is left of it is not read: the connection ends.
    let too_long = || {
        let text = format!("the body is longer than {} KiB", limit >> 10);
        refuse(StatusCode::PAYLOAD_TOO_LARGE, &text).header("connection", "close")
    };
    let said = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if said.is_some_and(|n| n > limit as u64) {
        return Err(too_long());
    }
    let mut body = pin!(body);
    let mut out = Vec::new();
    while let Some(frame) = poll_fn(|task| body.as_mut().poll_frame(task)).await {
        let frame = frame.map_err(|e| Reply::error(&Error::input(format!("the body cannot be read: {e}"))))?;
        if let Ok(data) = frame.into_data() {
            if out.len() + data.len() > limit {
                return Err(too_long());
            }
            out.extend_from_slice(&data);
        }
    }
    Ok(out)
}
