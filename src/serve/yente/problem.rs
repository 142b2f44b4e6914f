//! Why a request of a yente client was refused, as such clients expect to be told.

use crate::error::{Error, Kind};
use crate::serve::Reply;
use serde_json::{Value, json};

/// A refusal: `{"detail": ...}` under a status.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    status: u16,
    detail: Value,
}

/// An answer or a refusal.
pub(super) type Answer<T> = Result<T, Problem>;

impl Problem {
    /// The request makes no sense: 400.
    pub(super) fn bad(text: impl Into<String>) -> Problem {
        Problem { status: 400, detail: Value::String(text.into()) }
    }

    /// There is no such thing: 404.
    pub(super) fn missing(text: &str) -> Problem {
        Problem { status: 404, detail: text.into() }
    }

    /// The address is there, but for another method: 405.
    pub(super) fn method() -> Problem {
        Problem { status: 405, detail: "Method Not Allowed".into() }
    }

    /// Not for whoever asks: 403.
    pub(super) fn forbidden(text: &str) -> Problem {
        Problem { status: 403, detail: text.into() }
    }

    /// Not able to answer anything: 503.
    pub(super) fn unready() -> Problem {
        Problem { status: 503, detail: "Index not ready.".into() }
    }

    /// Fields that are missing or of another type: 422, each as [`fault`] makes it.
    pub(super) fn invalid(faults: Vec<Value>) -> Problem {
        Problem { status: 422, detail: faults.into() }
    }

    /// The reply.
    pub(super) fn reply(&self) -> Reply {
        Reply::json(self.status, &json!({ "detail": self.detail }))
    }
}

impl From<Error> for Problem {
    fn from(e: Error) -> Problem {
        let status = match e.kind() {
            Kind::Usage | Kind::Input => 400,
            Kind::NotFound => 404,
            Kind::Busy | Kind::Stopped => 503,
            Kind::Damaged | Kind::Newer | Kind::Io => 500,
        };
        let hint = e.next_step().map(|h| format!(" ({h})")).unwrap_or_default();
        Problem { status, detail: format!("{e}{hint}").into() }
    }
}

/// One wrong field, as FastAPI lists it.
pub(super) fn fault(kind: &str, at: &[&str], text: &str, input: Value) -> Value {
    json!({ "type": kind, "loc": at, "msg": text, "input": input })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
