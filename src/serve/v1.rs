//! Addresses of `/v1` that a command answers: parameters become its words.

use super::asked::Asked;
use super::file::attachment;
use super::table::{Kind as P, Route};
use super::{Context, Reply, Request};
use crate::error::{Error, Kind, Result};
use crate::export::target;
use crate::graph::{Filter, View};
use crate::store::NOTES;
use serde::Deserialize;
use serde_json::json;

/// Answers with the JSON of a command.
pub(super) fn answer(
    command: &str,
    route: &Route,
    id: Option<&str>,
    request: &Request,
    context: &mut Context<'_>,
) -> Result<Reply> {
    let words = words(command, route, id, &request.query)?;
    let (code, body) = context.asker.ask(&words, context.graph, context.scratch)?;
    reply(code, body, context)
}

/// The reply of what a command printed: an answer, an empty one too. A search that the budget
/// ended before it found anything has none.
fn reply(code: u8, body: Vec<u8>, context: &Context<'_>) -> Result<Reply> {
    if code == Error::new(Kind::Stopped, "").exit_code() {
        context.graph.stop.check()?;
    }
    Ok(Reply::bytes(200, "application/json", body))
}

/// Answers with a file.
pub(super) fn export(route: &Route, request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    let words = words("export", route, None, &request.query)?;
    let target = target(request.param("format").unwrap_or_default())?;
    let stem = match request.param("entity") {
        None => "network".to_owned(),
        Some(text) => {
            let view = View::new(context.graph, Filter::default())?;
            context.graph.label(view.resolve(text)?).to_owned()
        }
    };
    let Some(export) = context.asker.export(&words, context.graph, context.scratch)? else {
        return Err(Error::not_found("nothing fits, so there is no file").hint("ask with fewer filters"));
    };
    attachment(target, &stem, export)
}

/// Verifies the proof that the body is.
pub(super) fn check_proof(request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    let (code, body) = context.asker.check_proof(&request.body, context.graph)?;
    reply(code, body, context)
}

/// Keeps a note: `{"entity", "text", "cite"?}`, the last a text or several. Without any the note
/// rests on itself.
pub(super) fn note(request: &Request, edit: bool, context: &mut Context<'_>) -> Result<Reply> {
    if !edit {
        let hint = "start it with `cuibono serve --edit`";
        return Ok(Reply::json(403, &json!({ "error": "this server changes nothing", "hint": hint })));
    }
    let hint = "{\"entity\": \"an id or a name\", \"text\": \"the note\", \"cite\": \"SOURCE: LOCATOR\"}";
    let body: NoteBody = serde_json::from_slice(&request.body)
        .map_err(|e| Error::input(format!("the body is not as expected: {e}")).hint(hint))?;
    let cite = match body.cite {
        Some(Cite::One(c)) => vec![c],
        Some(Cite::Many(list)) if !list.is_empty() => list,
        // An empty list says no more than none.
        Some(Cite::Many(_)) | None => vec![NOTES.to_owned()],
    };
    let (code, body) = context.asker.note(&body.entity, &body.text, cite)?;
    reply(code, body, context)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    entity: String,
    text: String,
    cite: Option<Cite>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Cite {
    One(String),
    Many(Vec<String>),
}

/// Parameters that an address does not know are refused.
pub(super) fn only_known(route: &Route, id: Option<&str>, query: &[(String, String)]) -> Result<()> {
    let known = || route.params().map(|p| p.name).filter(|n| id.is_none() || *n != "id");
    if let Some((bad, _)) = query.iter().find(|(name, _)| !known().any(|k| k == name)) {
        let known: Vec<&str> = known().collect();
        let hint = if known.is_empty() { "it has none".to_owned() } else { format!("known: {}", known.join(", ")) };
        return Err(Error::usage(format!("unknown parameter {bad:?}")).hint(hint));
    }
    Ok(())
}

/// The question as the command line has it. A value is never a word of its own unless it comes
/// after `--`, so none can become a flag.
fn words(command: &str, route: &Route, id: Option<&str>, query: &[(String, String)]) -> Result<Vec<String>> {
    let asked = Asked(query);
    let mut words = vec![command.to_owned()];
    let mut last = Vec::new();
    for p in route.params() {
        let in_path = id.filter(|_| p.name == "id");
        let values: Vec<&str> = in_path.into_iter().chain(asked.all(p.name)).collect();
        if values.len() > 1 && !matches!(p.kind, P::List | P::Again | P::Words) {
            return Err(Error::usage(format!("{} is given more than once", p.name)));
        }
        let flag = || format!("--{}", p.name.replace('_', "-"));
        match (p.kind, &values[..]) {
            (P::Word | P::Needed, []) => {
                return Err(Error::usage(format!("{} is missing", p.name)).hint(format!("{}: {}", p.name, p.about)));
            }
            (P::Word | P::Perhaps | P::Words, values) => last.extend(values.iter().map(|v| (*v).to_owned())),
            (P::Flag, _) => words.extend(asked.flag(p.name)?.then(flag)),
            (_, values) => words.extend(values.iter().map(|v| format!("{}={v}", flag()))),
        }
    }
    words.push("--".to_owned());
    words.extend(last);
    Ok(words)
}

/// A reply for an address that is not there.
pub(super) fn nothing_here() -> Reply {
    let body = json!({ "error": "there is no such address", "hint": "GET /v1/openapi.json lists those there are" });
    Reply::json(404, &body)
}

#[cfg(test)]
mod tests {
    use super::super::{Method, table};
    use super::*;

    fn of(path: &str, query: &[(&str, &str)]) -> Result<Vec<String>> {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        let (route, id) = table::find(Method::Get, &path).unwrap();
        let query: Vec<_> = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        only_known(route, id, &query)?;
        words("c", route, id, &query)
    }

    #[test]
    fn parameters_become_words() {
        let got = of(
            "v1/path",
            &[
                ("to", "B"),
                ("limit", "5"),
                ("from", "A"),
                ("type", "owns,controls"),
                ("type", "x"),
                ("all", ""),
                ("through", "false"),
            ],
        );
        let want = ["c", "--all", "--limit=5", "--type=owns,controls", "--type=x", "--", "A", "B"];
        assert_eq!(got.unwrap(), want);
        assert_eq!(of("v1/entity/a:1", &[("as_of", "2023")]).unwrap(), ["c", "--as-of=2023", "--", "a:1"]);
        assert_eq!(of("v1/between", &[("entity", "A, B"), ("entity", "C")]).unwrap(), ["c", "--", "A, B", "C"]);
    }

    #[test]
    fn no_value_becomes_a_flag() {
        assert_eq!(of("v1/search", &[("q", "--output=/tmp/x")]).unwrap(), ["c", "--", "--output=/tmp/x"]);
        assert_eq!(of("v1/search", &[("q", "--"), ("limit", "--json")]).unwrap(), ["c", "--limit=--json", "--", "--"]);
        assert_eq!(of("v1/entity/--limit", &[]).unwrap(), ["c", "--", "--limit"]);
        for (name, value) in [("output", "x"), ("o", "x"), ("json", "true"), ("id", "a"), ("--limit", "1"), ("", "")] {
            let e = of("v1/entity/a", &[(name, value)]).unwrap_err();
            assert!(e.message().contains("unknown parameter"), "{name}");
        }
        for bad in ["yes", "TRUE", "--limit=1"] {
            assert!(of("v1/trace", &[("entity", "a"), ("up", bad)]).is_err(), "{bad}");
        }
        assert!(of("v1/search", &[("q", "a"), ("q", "b")]).is_err());
        assert!(of("v1/search", &[]).unwrap_err().message().contains("q is missing"));
    }
}
