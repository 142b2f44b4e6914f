//! Why a request of a yente client was refused, as such clients expect to be told.

use crate::error::Error;
use crate::serve::Reply;
use crate::serve::message::status;
use serde_json::{Value, json};

/// A refusal: `{"detail": ...}` under a status.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    status: u16,
    detail: Value,
    /// Methods that the address takes.
    allow: Option<&'static str>,
}

/// An answer or a refusal.
pub(super) type Answer<T> = Result<T, Problem>;

impl Problem {
    fn new(status: u16, detail: impl Into<Value>) -> Problem {
        Problem { status, detail: detail.into(), allow: None }
    }

    /// The request makes no sense: 400.
    pub(super) fn bad(text: impl Into<String>) -> Problem {
        Problem::new(400, text.into())
    }

    /// There is no such thing: 404.
    pub(super) fn missing(text: &str) -> Problem {
        Problem::new(404, text)
    }

    /// The address is there, but for other methods: 405.
    pub(super) fn method(allow: &'static str) -> Problem {
        Problem { allow: Some(allow), ..Problem::new(405, "Method Not Allowed") }
    }

    /// Not for whoever asks: 403.
    pub(super) fn forbidden(text: &str) -> Problem {
        Problem::new(403, text)
    }

    /// Not able to answer anything: 503.
    pub(super) fn unready() -> Problem {
        Problem::new(503, "Index not ready.")
    }

    /// Fields that are missing or of another type: 422, each as [`fault`] makes it.
    pub(super) fn invalid(faults: Vec<Value>) -> Problem {
        Problem::new(422, faults)
    }

    /// The reply. A failure that is not the client's has the state that clients look for, too.
    pub(super) fn reply(&self) -> Reply {
        let body = match self.status {
            500 => json!({ "status": "error", "detail": self.detail }),
            _ => json!({ "detail": self.detail }),
        };
        let reply = Reply::json(self.status, &body);
        match self.allow {
            Some(methods) => reply.header("allow", methods),
            None => reply,
        }
    }
}

impl From<Error> for Problem {
    fn from(e: Error) -> Problem {
        let hint = e.next_step().map(|h| format!(" ({h})")).unwrap_or_default();
        Problem::new(status(e.kind()), format!("{e}{hint}"))
    }
}

/// A refusal that was met before these addresses were, in the words of their clients.
pub(super) fn retold(reply: Reply) -> Reply {
    let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
    let text = |name: &str| body.as_ref().and_then(|b| b.get(name)).and_then(Value::as_str);
    let Some(error) = text("error").filter(|_| reply.status >= 400) else { return reply };
    let hint = text("hint").map(|h| format!(" ({h})")).unwrap_or_default();
    let problem = match reply.status {
        405 => Problem::new(405, "Method Not Allowed"),
        status => Problem::new(status, format!("{error}{hint}")),
    };
    Reply { headers: reply.headers, ..problem.reply() }
}

/// One wrong field, as FastAPI lists it.
pub(super) fn fault(kind: &str, at: &[&str], text: &str, input: Value) -> Value {
    json!({ "type": kind, "loc": at, "msg": text, "input": input })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn shapes() {
        let body = |p: Problem| (p.reply().status, String::from_utf8(p.reply().body).unwrap());
        assert_eq!(body(Problem::missing("No such dataset.")), (404, r#"{"detail":"No such dataset."}"#.to_owned()));
        let list = Problem::invalid(vec![fault("missing", &["body", "queries"], "Field required", json!({}))]);
        assert_eq!(
            body(list),
            (
                422,
                r#"{"detail":[{"type":"missing","loc":["body","queries"],"msg":"Field required","input":{}}]}"#
                    .to_owned()
            )
        );
        assert_eq!(body(Error::usage("no").hint("yes").into()), (400, r#"{"detail":"no (yes)"}"#.to_owned()));
        assert_eq!(body(Error::new(Kind::Stopped, "late").into()).0, 503);
        assert_eq!(
            body(Error::damaged("index", 0, "bad sum").into()).1.split(',').next(),
            Some(r#"{"status":"error""#)
        );
        let not_allowed = Problem::method("GET, HEAD").reply();
        assert_eq!((not_allowed.status, &not_allowed.headers[..]), (405, &[("allow", "GET, HEAD".to_owned())][..]));
    }

    #[test]
    fn refusals_of_the_server_are_told_alike() {
        let refused = Reply::json(503, &json!({ "error": "busy", "hint": "wait" })).header("retry-after", "1");
        let told = retold(refused);
        assert_eq!(String::from_utf8(told.body).unwrap(), r#"{"detail":"busy (wait)"}"#);
        assert_eq!((told.status, &told.headers[..]), (503, &[("retry-after", "1".to_owned())][..]));
        for answer in
            [Reply::json(200, &json!({ "error": "no" })), Problem::missing("x").reply(), Reply::bytes(502, "a/b", "\0")]
        {
            assert_eq!(retold(answer.clone()), answer);
        }
    }
}
