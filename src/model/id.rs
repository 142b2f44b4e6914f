//! External ids: `namespace:local`.

use super::IdView;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest id accepted, in bytes.
pub const MAX_ID_BYTES: usize = 1024;

/// An external id, `namespace:local`, the namespace being the publisher's id space
/// (`ofac:36217`). Journal, decisions, proofs and dumps hold only these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// Joins a namespace and a local part. The local part may hold any visible text.
    pub fn new(namespace: &str, local: &str) -> Result<Id> {
        let mut text = String::with_capacity(namespace.len() + 1 + local.len());
        text.push_str(namespace);
        text.push(':');
        text.push_str(local);
        Id::check(text)
    }

    /// Takes an id as a document writes it: with a prefix it names that party anywhere,
    /// without one it is scoped to `namespace`.
    pub fn scoped(text: &str, namespace: &str) -> Result<Id> {
        if Id::has_namespace(text) { Id::check(text.to_owned()) } else { Id::new(namespace, text) }
    }

    /// What [`Id::scoped`] gives, without copies.
    pub fn scoped_view<'a>(text: &'a str, namespace: &'a str) -> Result<IdView<'a>> {
        if !Id::has_namespace(text) {
            return Id::view(namespace, text);
        }
        let id = IdView::of(text);
        Id::view(id.namespace.unwrap_or_default(), id.local)
    }

    /// What [`Id::new`] gives, without copies.
    pub fn view<'a>(namespace: &'a str, local: &'a str) -> Result<IdView<'a>> {
        let id = IdView { namespace: Some(namespace), local };
        // Plain short ids, which nearly all are, need no closer look.
        let plain = |t: &str| t.len() < 256 && t.bytes().all(|b| (0x20..0x7f).contains(&b));
        if plain(local) && plain(namespace) && !local.is_empty() && !local.ends_with(':') {
            return Ok(id);
        }
        Id::check(id.to_string()).map(|_| id)
    }

    /// Takes a full id that must already have a namespace.
    pub fn parse(text: &str) -> Result<Id> {
        if Id::has_namespace(text) {
            Id::check(text.to_owned())
        } else {
            Err(Error::input(format!("id {text:?} has no namespace (expected namespace:local)")))
        }
    }

    /// Whether a text starts with a namespace: letters, digits, `_`, `-`, `.`, then a colon
    /// and at least one further byte.
    pub fn has_namespace(text: &str) -> bool {
        memchr::memchr(b':', text.as_bytes()).is_some()
            && text.split_once(':').is_some_and(|(ns, local)| {
                !local.is_empty()
                    && ns.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && ns.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
            })
    }

    fn check(text: String) -> Result<Id> {
        if text.len() > MAX_ID_BYTES {
            return Err(Error::input(format!("id of {} bytes is longer than {MAX_ID_BYTES}", text.len())));
        }
        if text.ends_with(':') || text.chars().any(char::is_control) {
            return Err(Error::input(format!("id {text:?} is empty or holds control characters")));
        }
        Ok(Id(text))
    }

    /// An id that was checked when it was stored.
    pub(crate) fn stored(text: String) -> Id {
        Id(text)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The publisher's id space.
    pub fn namespace(&self) -> &str {
        self.0.split_once(':').map_or("", |(ns, _)| ns)
    }

    /// The id within that space.
    pub fn local(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(_, local)| local)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scoping() {
        assert_eq!(Id::scoped("36217", "ofac").unwrap().as_str(), "ofac:36217");
        assert_eq!(Id::scoped("ofac:36217", "seed").unwrap().as_str(), "ofac:36217");
        assert_eq!(Id::scoped("Über: GmbH", "x").unwrap().as_str(), "x:Über: GmbH");
        assert_eq!(Id::parse("lei:549300").unwrap().local(), "549300");
        assert!(Id::parse("36217").is_err());
        assert!(Id::new("x", "").is_err());
        assert!(Id::new("x", "a\nb").is_err());
        assert!(Id::new("x", &"a".repeat(2000)).is_err());
    }

    #[test]
    fn without_copies_the_same() {
        let long = "a".repeat(2000);
        for local in ["36217", "a:b", "Über: GmbH", "", ":", "a:", "a\nb", "a\u{85}b", "a\u{7f}b", &long, &long[..300]]
        {
            let (whole, view) = (Id::new("x", local), Id::view("x", local));
            assert_eq!(whole.map(|i| i.to_string()).ok(), view.map(|v| v.to_string()).ok(), "{local:?}");
            let (whole, view) = (Id::scoped(local, "x"), Id::scoped_view(local, "x"));
            assert_eq!(whole.map(|i| i.to_string()).ok(), view.map(|v| v.to_string()).ok(), "{local:?}");
        }
    }
}
