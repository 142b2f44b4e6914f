//! Which function answers a request.

use super::asked::Asked;
use super::table::{self, By};
use super::v1::{self, nothing_here};
use super::{Context, Method, Reply, Request, counts, meta, openapi, picture, tree, yente};
use crate::error::{Error, Result};

/// What the server was started with.
#[derive(Debug, Default)]
pub(super) struct Setup {
    /// Whether own facts may be stated.
    pub(super) edit: bool,
}

/// Answers a request that the guard let in.
pub(super) fn answer(request: &Request, setup: &Setup, context: &mut Context<'_>) -> Reply {
    let Some((route, id)) = table::find(request.method, &request.path) else {
        return yente::answer(request, context).unwrap_or_else(nothing_here);
    };
    by(route, id, request, setup, context).unwrap_or_else(|e| Reply::error(&e))
}

fn by(
    route: &table::Route,
    id: Option<&str>,
    request: &Request,
    setup: &Setup,
    context: &mut Context<'_>,
) -> Result<Reply> {
    v1::only_known(route, id, &request.query)?;
    match route.by {
        By::Command(command) => v1::answer(command, route, id, request, context),
        By::Export => v1::export(route, request, context),
        By::Meta => meta::answer(setup.edit, context),
        By::Counts => counts::answer(request, context),
        By::Tree => tree::answer(request, context),
        By::Picture => picture::answer(request, context),
        By::CheckProof => v1::check_proof(request, context),
        By::Note => v1::note(request, setup.edit, context),
        By::OpenApi => Ok(openapi::answer()),
    }
}

/// Whether the answer comes at once, so that it need not wait for long questions. What lies more than
/// one relation away may be much.
pub(super) fn is_quick(request: &Request) -> bool {
    // Who asks for these wants to know whether the server still answers.
    if matches!(request.segments()[..], ["healthz" | "readyz"]) {
        return true;
    }
    let far = |h: &str| h.trim().parse::<u32>().is_ok_and(|n| n > 1);
    table::find(request.method, &request.path).is_some_and(|(route, _)| route.quick)
        && !Asked(&request.query).all("hops").any(far)
}

fn starts(path: &[String], with: &str) -> bool {
    path.first().is_some_and(|p| p == with)
}

/// Bytes of an address with its query. Programs written for yente send long ones.
pub(super) fn address_limit(path: &[String]) -> usize {
    if path.is_empty() || starts(path, "v1") { 8 << 10 } else { 60_000 }
}

/// Bytes of a body.
pub(super) fn body_limit(path: &[String]) -> usize {
    let large = |p: &str| matches!(p, "export" | "layout" | "check-proof");
    if starts(path, "v1") && path.get(1).is_some_and(|p| large(p)) { 16 << 20 } else { 1 << 20 }
}

/// Whether a body sent to an address is read.
pub(super) fn reads_body(path: &[String]) -> bool {
    starts(path, "v1") || yente::reads_body(path)
}

/// A refusal that a request met on its way, in the words that the clients of its address expect.
pub(super) fn refusal(path: &[String], reply: Reply) -> Reply {
    yente::refusal(path, reply)
}

/// The answer where the store cannot be opened.
pub(super) fn without_store(request: &Request, e: Error) -> Reply {
    let plain = Reply::error(&e);
    yente::without_store(request, e).unwrap_or(plain)
}

/// Whether a body may be a form: OpenRefine sends its questions so.
pub(super) fn takes_forms(path: &[String]) -> bool {
    starts(path, "reconcile")
}

/// Methods that an address takes.
pub(super) fn allowed(path: &[String]) -> Option<&'static str> {
    if starts(path, "v1") { table::allowed(path) } else { yente::allowed(path) }
}

/// Whether an address takes a method.
pub(super) fn takes(path: &[String], method: Method) -> bool {
    let word = if method == Method::Get { "GET" } else { "POST" };
    allowed(path).is_some_and(|a| a.split(", ").any(|w| w == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quick() {
        let quick = |address: &str, hops: &[&str]| {
            let query = hops.iter().map(|h| ("hops".to_owned(), (*h).to_owned())).collect();
            is_quick(&Request { query, ..Request::to(Method::Get, &["v1", address]) })
        };
        assert!(quick("search", &[]) && quick("neighbourhood", &[]) && quick("neighbourhood", &["1"]));
        assert!(is_quick(&Request::to(Method::Get, &["readyz"])));
        assert!(!quick("neighbourhood", &["2"]) && !quick("neighbourhood", &["1", "3"]) && !quick("path", &[]));
    }
}
