//! What every reply wears: headers that keep pages in their place, and compression.

use super::Reply;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Shorter bodies are sent as they are.
const WORTH: usize = 500;

/// Headers of every reply.
pub(super) const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// The reply with its body compressed, where that is worth it and accepted.
pub(super) fn compress(mut reply: Reply, accepted: bool) -> Reply {
    let done = reply.headers.iter().any(|(n, _)| *n == "content-encoding");
    if done || reply.body.len() < WORTH || reply.content_type == "application/zip" {
        return reply;
    }
    reply.headers.push(("vary", "accept-encoding".to_owned()));
    if !accepted {
        return reply;
    }
    let mut gz = GzEncoder::new(Vec::with_capacity(reply.body.len() / 4), Compression::fast());
    if gz.write_all(&reply.body).is_ok()
        && let Ok(body) = gz.finish()
    {
        reply.body = body;
        reply.headers.push(("content-encoding", "gzip".to_owned()));
    }
    reply
}

/// A reply that clients keep for themselves, and ask for again before they use it: without its body
/// where a header `If-None-Match` has its tag.
pub(super) fn tagged(reply: Reply, tag: String, if_none_match: Option<&str>) -> Reply {
    let same = |known: &str| known == "*" || known.split(',').any(|t| t.trim().trim_start_matches("W/") == tag);
    let reply = match if_none_match.is_some_and(|known| same(known.trim())) {
        true => Reply { status: 304, body: Vec::new(), ..reply },
        false => reply,
    };
    reply.header("etag", tag).header("cache-control", "private, no-cache")
}

/// Whether a header `Accept-Encoding` takes gzip.
pub(super) fn takes_gzip(header: &str) -> bool {
    let mut any = None;
    for one in header.split(',') {
        let mut parts = one.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused =
            parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0)));
        match name {
            n if n.eq_ignore_ascii_case("gzip") => return !refused,
            "*" => any = Some(!refused),
            _ => {}
        }
    }
    any.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_when_it_is_said() {
        for yes in ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5", "*", "identity;q=0, *;q=1"] {
            assert!(takes_gzip(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "*, gzip;q=0.0", "*;q=0", "xgzip"] {
            assert!(!takes_gzip(no), "{no}");
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let tag = || "\"ab\"".to_owned();
        let of = |known: Option<&str>| {
            let r = tagged(Reply::bytes(200, "text/plain", "x"), tag(), known);
            assert_eq!(r.headers, [("etag", tag()), ("cache-control", "private, no-cache".to_owned())]);
            (r.status, r.body.len())
        };
        for known in ["\"ab\"", "W/\"ab\"", "\"x\", \"ab\"", " * "] {
            assert_eq!(of(Some(known)), (304, 0), "{known}");
        }
        for other in [None, Some(""), Some("\"a\""), Some("ab"), Some("\"x\", *")] {
            assert_eq!(of(other), (200, 1), "{other:?}");
        }
    }

    #[test]
    fn bodies_are_compressed_where_it_is_worth_it() {
        let long = || Reply::bytes(200, "application/json", "x".repeat(WORTH));
        let small = compress(long(), true);
        assert!(small.body.len() < 100 && small.headers.contains(&("content-encoding", "gzip".to_owned())));
        let plain = compress(long(), false);
        assert_eq!(plain.body.len(), WORTH);
        assert_eq!(plain.headers, [("vary", "accept-encoding".to_owned())]);
        let short = Reply::bytes(200, "application/json", "{}");
        assert_eq!(compress(short.clone(), true), short);
    }
}
