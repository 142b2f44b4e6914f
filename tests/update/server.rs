//! A publisher on 127.0.0.1 that speaks TLS and does as the test says, and a proxy before it.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

/// A certificate authority with one certificate for localhost.
pub(crate) struct Authority {
    pub(crate) pem: String,
    config: Arc<ServerConfig>,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let leaf = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let cert = CertificateParams::new(names).unwrap().signed_by(&leaf, &issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![cert.der().clone()];
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(rustls::ALL_VERSIONS)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .unwrap();
        Authority { pem, config: Arc::new(config) }
    }

    /// The one that the tests trust.
    pub(crate) fn ours() -> &'static Authority {
        static OURS: LazyLock<Authority> = LazyLock::new(Authority::new);
        &OURS
    }

    /// One that nobody knows.
    pub(crate) fn foreign() -> &'static Authority {
        static FOREIGN: LazyLock<Authority> = LazyLock::new(Authority::new);
        &FOREIGN
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) path: String,
    /// Which request for this path it is, from 0.
    pub(crate) nth: usize,
    headers: HashMap<String, String>,
}

impl Asked {
    /// A header, empty when it lacks.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// How the body is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// With its length.
    Length,
    /// In chunks.
    Chunks,
    /// Until the connection ends.
    Close,
    /// With its length, and the connection is cut after so many bytes.
    Cut(usize),
    /// With its length, eight bytes at a time with a pause between.
    Drip(Duration),
    /// Nothing at all, not even a head.
    Silence(Duration),
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    way: Way,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Reply {
        Reply { status, headers: Vec::new(), body: body.as_ref().to_vec(), way: Way::Length }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn sent(mut self, way: Way) -> Reply {
        self.way = way;
        self
    }

    /// A redirect.
    pub(crate) fn to(location: &str) -> Reply {
        Reply::new(302, "").with("Location", location)
    }

    /// A file with a tag, as a good server gives it: 304 for those who have it, 206 for those
    /// who have its beginning.
    pub(crate) fn file(asked: &Asked, tag: &str, body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref();
        let tag = format!("\"{tag}\"");
        if asked.header("if-none-match") == tag {
            return Reply::new(304, "").with("ETag", &tag);
        }
        let from = asked.header("range").strip_prefix("bytes=").and_then(|r| r.strip_suffix('-'));
        if let Some(from) = from.filter(|_| asked.header("if-range") == tag) {
            let from: usize = from.parse().unwrap();
            let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
            return Reply::new(206, &body[from..]).with("ETag", &tag).with("Content-Range", &range);
        }
        Reply::new(200, body).with("ETag", &tag)
    }
}

type Handler = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server that lives as long as the test process.
pub(crate) struct Server {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn new(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        Server::of(Authority::ours(), handler)
    }

    /// A server with a certificate of an authority.
    pub(crate) fn of(authority: &Authority, handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let connections: Arc<AtomicUsize> = Arc::default();
        let config = Arc::clone(&authority.config);
        let handler: Arc<Handler> = Arc::new(handler);
        let (log, count) = (Arc::clone(&asked), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (config, handler, log) = (Arc::clone(&config), Arc::clone(&handler), Arc::clone(&log));
                thread::spawn(move || answer(stream, config, &*handler, &log));
            }
        });
        Server { port, asked, connections }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Paths asked so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|a| a.path).collect()
    }

    /// Connections so far, with or without a request.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// One request a connection. A client that goes away is no failure here.
fn answer(stream: TcpStream, config: Arc<ServerConfig>, handler: &Handler, log: &Mutex<Vec<Asked>>) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut head = Vec::new();
    let mut byte = [0u8; 1];
    while !head.ends_with(b"\r\n\r\n") {
        match tls.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let text = String::from_utf8(head).unwrap();
    let mut lines = text.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let pairs = lines.filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned()));
    let asked = {
        let mut log = log.lock().unwrap();
        let nth = log.iter().filter(|a| a.path == path).count();
        log.push(Asked { path, nth, headers: pairs.collect() });
        log.last().unwrap().clone()
    };
    let reply = handler(&asked);
    send(&mut tls, &reply).ok();
}

fn send(tls: &mut StreamOwned<ServerConnection, TcpStream>, r: &Reply) -> std::io::Result<()> {
    if let Way::Silence(time) = r.way {
        thread::sleep(time);
        return Ok(());
    }
    let mut head =
        format!("HTTP/1.1 {} Said\r\nDate: Mon, 05 Jan 2026 12:00:00 GMT\r\nConnection: close\r\n", r.status);
    for (name, value) in &r.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match r.way {
        _ if r.status == 304 => {}
        Way::Chunks => head.push_str("Transfer-Encoding: chunked\r\n"),
        Way::Close => {}
        _ => head.push_str(&format!("Content-Length: {}\r\n", r.body.len())),
    }
    tls.write_all(format!("{head}\r\n").as_bytes())?;
    match r.way {
        Way::Chunks => {
            for part in r.body.chunks(1000) {
                tls.write_all(format!("{:x}\r\n", part.len()).as_bytes())?;
                tls.write_all(part)?;
                tls.write_all(b"\r\n")?;
            }
            tls.write_all(b"0\r\n\r\n")?;
        }
        Way::Cut(at) => {
            tls.write_all(&r.body[..at])?;
            tls.flush()?;
            // No word of goodbye: the connection is simply gone.
            return tls.sock.shutdown(Shutdown::Both);
        }
        Way::Drip(pause) => {
            for part in r.body.chunks(8) {
                tls.write_all(part)?;
                tls.flush()?;
                thread::sleep(pause);
            }
        }
        _ => tls.write_all(&r.body)?,
    }
    tls.conn.send_close_notify();
    tls.flush()
}

/// A proxy that knows CONNECT, and what it was asked to connect to.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    targets: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Answers with this status; 200 connects.
    pub(crate) fn new(status: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let targets: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&targets);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || connect(client, status, &log));
            }
        });
        Proxy { port, targets }
    }

    /// What it was asked to connect to.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }
}

fn connect(mut client: TcpStream, status: u16, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).ok()?;
    }
    let target = first.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    log.lock().unwrap().push(target.clone());
    client.write_all(format!("HTTP/1.1 {status} Said\r\n\r\n").as_bytes()).ok()?;
    if status != 200 {
        return None;
    }
    let mut server = TcpStream::connect(target.replace("localhost", "127.0.0.1")).ok()?;
    let (mut from, mut to) = (server.try_clone().ok()?, client.try_clone().ok()?);
    let back = thread::spawn(move || {
        std::io::copy(&mut from, &mut to).ok();
        to.shutdown(Shutdown::Both).ok();
    });
    std::io::copy(&mut reader, &mut server).ok();
    server.shutdown(Shutdown::Write).ok();
    back.join().ok()
}
