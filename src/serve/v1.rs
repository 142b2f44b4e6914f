//! Addresses of `/v1` that a command answers: parameters become its words.

use super::table::{Kind, ROUTES, Route};
use super::{Context, Reply, Request};
use crate::error::{Error, Result};
use serde_json::json;

/// The route of a path and what `{id}` stands for.
pub(super) fn find<'r>(path: &'r [String]) -> Option<(&'static Route, Option<&'r str>)> {
    ROUTES.iter().find_map(|route| {
        let mut id = None;
        let mut parts = route.path.trim_start_matches('/').split('/');
        for segment in path {
            match parts.next()? {
                "{id}" => id = Some(segment.as_str()),
                part if part == segment => {}
                _ => return None,
            }
        }
        parts.next().is_none().then_some((route, id))
    })
}

/// Answers the request.
pub(super) fn answer(route: &Route, id: Option<&str>, request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    let words = words(route, id, &request.query)?;
    let (code, body) = context.asker.ask(&words, context.graph, context.scratch)?;
    let _ = code;
    Ok(Reply::bytes(200, "application/json", body))
}

/// The question as the command line has it. A value is never a word of its own unless it comes
/// after `--`, so none can become a flag.
pub(super) fn words(route: &Route, id: Option<&str>, query: &[(String, String)]) -> Result<Vec<String>> {
    let mut words = vec![route.command.to_owned()];
    let unknown = |name: &str| !route.params().any(|p| p.name == name && (id.is_none() || name != "id"));
    if let Some((bad, _)) = query.iter().find(|(name, _)| unknown(name)) {
        let known: Vec<&str> = route.params().map(|p| p.name).filter(|n| id.is_none() || *n != "id").collect();
        return Err(Error::usage(format!("unknown parameter {bad:?}")).hint(format!("known: {}", known.join(", "))));
    }
    let mut last = Vec::new();
    for p in route.params() {
        let in_path = id.filter(|_| p.name == "id");
        let given = query.iter().filter(|(name, _)| name == p.name).map(|(_, v)| v.as_str());
        let values: Vec<&str> = in_path.into_iter().chain(given).collect();
        if values.len() > 1 && !matches!(p.kind, Kind::List | Kind::Again | Kind::Words) {
            return Err(Error::usage(format!("{} is given more than once", p.name)));
        }
        let flag = || format!("--{}", p.name.replace('_', "-"));
        match (p.kind, &values[..]) {
            (Kind::Word, []) => {
                return Err(Error::usage(format!("{} is missing", p.name)).hint(format!("{}: {}", p.name, p.about)));
            }
            (Kind::Word | Kind::Perhaps | Kind::Words, values) => last.extend(values.iter().map(|v| (*v).to_owned())),
            (Kind::Flag, ["" | "true" | "1"]) => words.push(flag()),
            (Kind::Flag, [] | ["false" | "0"]) => {}
            (Kind::Flag, [other, ..]) => {
                return Err(Error::usage(format!("{}: {other:?} is neither true nor false", p.name)));
            }
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
