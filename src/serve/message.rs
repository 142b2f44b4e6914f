//! Requests and replies, apart from how they travel.

use crate::error::{Error, Kind};
use serde_json::{Map, Value, json};

/// What a request wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Read (`HEAD` is answered as `GET` without its body).
    Get,
    /// Read with a body, or change where the server was started for that.
    Post,
}

/// A request whose head was found sound and whose body is whole.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// What to do.
    pub(super) method: Method,
    /// The segments of the path, percent-decoded: `/entities/ofac:36217` is `["entities", "ofac:36217"]`.
    pub(super) path: Vec<String>,
    /// Names and values of the query in their order, decoded; a name may come more than once.
    pub(super) query: Vec<(String, String)>,
    /// The body; empty where there is none.
    pub(super) body: Vec<u8>,
    /// The header `If-None-Match`.
    pub(super) if_none_match: Option<String>,
    /// The header `Host`, once it was found to mean this server: `127.0.0.1:8642`.
    pub(super) host: Option<String>,
}

impl Request {
    /// A request for an address and nothing else.
    pub(super) fn to(method: Method, path: &[&str]) -> Request {
        let path = path.iter().map(|s| (*s).to_owned()).collect();
        Request { method, path, query: Vec::new(), body: Vec::new(), if_none_match: None, host: None }
    }

    /// The segments of the path, for matching.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The first value of a name of the query.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The media type of the body.
    pub(super) content_type: &'static str,
    /// Further headers, lower case.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// A JSON value.
    pub(super) fn json(status: u16, value: &Value) -> Reply {
        Reply::bytes(status, "application/json", value.to_string())
    }

    /// Anything.
    pub(super) fn bytes(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, content_type, headers: Vec::new(), body: body.into() }
    }

    /// The same reply with one more header.
    #[must_use]
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// An error as `{"error", "hint", "candidates"}`, its status by its class.
    pub(super) fn error(e: &Error) -> Reply {
        let mut body = Map::new();
        body.insert("error".to_owned(), e.to_string().into());
        if let Some(hint) = e.next_step() {
            body.insert("hint".to_owned(), hint.into());
        }
        if !e.candidate_lines().is_empty() {
            body.insert("candidates".to_owned(), json!(e.candidate_lines()));
        }
        Reply::json(status(e.kind()), &body.into())
    }
}

/// The status that tells of an error.
pub(super) fn status(kind: Kind) -> u16 {
    match kind {
        Kind::Usage | Kind::Input => 400,
        Kind::NotFound => 404,
        Kind::Busy | Kind::Stopped => 503,
        Kind::Damaged | Kind::Newer | Kind::Io => 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_keep_their_next_step() {
        let e = Error::not_found("no party is called \"x\"").candidates(vec!["a:1  X".into()]).hint("give its id");
        let reply = Reply::error(&e);
        assert_eq!(reply.status, 404);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body, json!({"error": "no party is called \"x\"", "hint": "give its id", "candidates": ["a:1  X"]}));
    }

    #[test]
    fn names_of_a_query_may_repeat() {
        let query = [("a", "1"), ("b", "2"), ("a", "3")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
        let r = Request { query, ..Request::to(Method::Get, &["v1"]) };
        assert_eq!((r.param("a"), r.param("c")), (Some("1"), None));
        assert_eq!(r.segments(), ["v1"]);
    }
}
