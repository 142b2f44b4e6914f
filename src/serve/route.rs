//! Which function answers a request.

use super::v1::{self, nothing_here};
use super::{Context, Method, Reply, Request};

/// What the server was started with.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Setup {
    /// Whether own facts may be stated.
    pub(super) edit: bool,
}

/// Answers a request that the guard let in.
pub(super) fn answer(request: &Request, _setup: Setup, context: &mut Context<'_>) -> Reply {
    if let Some((route, id)) = v1::find(&request.path) {
        return v1::answer(route, id, request, context).unwrap_or_else(|e| Reply::error(&e));
    }
    nothing_here()
}

/// Methods that an address of `/v1` takes; `None` where there is no such address.
pub(super) fn allowed(path: &[String]) -> Option<&'static str> {
    v1::find(path).map(|_| "GET, HEAD")
}

/// Whether the answer comes at once, so that it need not wait for long questions.
pub(super) fn is_quick(request: &Request) -> bool {
    request.method == Method::Get && v1::find(&request.path).is_some_and(|(route, _)| route.quick)
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
    let whole =
        matches!(path, [v1, last] if v1 == "v1" && matches!(last.as_str(), "export" | "layout" | "check-proof"));
    if whole { 16 << 20 } else { 1 << 20 }
}

/// Whether a body may be a form: OpenRefine sends its questions so.
pub(super) fn takes_forms(path: &[String]) -> bool {
    starts(path, "reconcile")
}
