//! The explorer's files, built in.

use super::dress::tagged;
use super::table::ROUTES;
use super::{Method, Reply};
use crate::export::markup::escape;
use flate2::read::GzDecoder;
use std::io::Read;

// `FILES`: path, media type, bytes (compressed with gzip). Empty where the explorer was not built.
include!(concat!(env!("OUT_DIR"), "/explorer.rs"));

/// The file at a path.
pub(super) fn file(path: &[String], gzip: bool, if_none_match: Option<&str>) -> Option<Reply> {
    if path.is_empty() && FILES.is_empty() {
        return Some(Reply::bytes(200, "text/html; charset=utf-8", page()));
    }
    // `//` is not the page.
    if path.iter().any(String::is_empty) {
        return None;
    }
    let path = format!("/{}", path.join("/"));
    let (_, media, bytes) = FILES.iter().find(|(p, _, _)| *p == path)?;
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(bytes));
    let reply =
        |body: Vec<u8>| tagged(Reply::bytes(200, media, body).header("vary", "accept-encoding"), tag, if_none_match);
    if gzip {
        // A reply without a body has no encoding.
        let whole = reply(bytes.to_vec());
        return Some(if whole.status == 200 { whole.header("content-encoding", "gzip") } else { whole });
    }
    let mut plain = Vec::new();
    GzDecoder::new(*bytes).read_to_end(&mut plain).ok()?;
    Some(reply(plain))
}

/// A page in place of the explorer: how to get it, and what is there without it.
fn page() -> String {
    let mut s = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>cuibono</title></head>\n<body>\n\
         <h1>cuibono</h1>\n<p>This program was built without the explorer: <code>npm</code> was not there when it was \
         built, could not fetch what the page is made of (the build warned of that), or the page was left out on \
         purpose (<code>CUIBONO_WEB=off</code>). Install Node.js with npm, <code>touch build.rs</code> and build again \
         (<code>cargo build --release</code>), or take a published package, which carries it. Everything else \
         works:</p>\n<table>\n",
    );
    for route in ROUTES {
        let (method, path) = (if route.method == Method::Get { "GET" } else { "POST" }, escape(route.path));
        s.push_str(&format!("<tr><td><code>{method} {path}</code></td><td>{}</td></tr>\n", escape(route.about)));
    }
    s.push_str(
        "</table>\n<p><a href=\"/v1/openapi.json\">/v1/openapi.json</a> lists all of it.</p>\n</body>\n</html>\n",
    );
    s
}
