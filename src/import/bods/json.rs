//! JSON whose numbers stay text: an object is its members with the texts of their values.
//! Shares must not pass through a float, and what this program has no place for is kept as
//! it was written.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// An object: members in the order of the file.
#[derive(Debug, Default, Clone)]
pub(super) struct Obj<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Obj<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Obj<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Obj<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some((Key(k), v)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    all.push((k, v));
                }
                Ok(Obj(all))
            }
        }
        d.deserialize_map(V)
    }
}

impl<'a> Obj<'a> {
    /// Reads the text of an object.
    pub(super) fn parse(text: &'a str) -> Result<Obj<'a>, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// An object where there is one.
    pub(super) fn of(raw: &'a RawValue) -> Option<Obj<'a>> {
        raw.get().starts_with('{').then(|| Obj::parse(raw.get()).ok())?
    }

    /// A member that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.members().find(|(k, _)| *k == name).map(|(_, v)| v)
    }

    /// A member as text, without blanks around it; `None` where it is missing or empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(text).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    }

    /// A member that is an object.
    pub(super) fn obj(&self, name: &str) -> Option<Obj<'a>> {
        self.get(name).and_then(Obj::of)
    }

    /// The elements of a member that is an array; a single value counts as one.
    pub(super) fn list(&self, name: &str) -> Vec<&'a RawValue> {
        self.get(name).map(elements).unwrap_or_default()
    }

    /// The members that are not null, in order.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().filter(|(_, v)| v.get() != "null").map(|(k, v)| (k.as_ref(), *v))
    }
}

/// The elements of an array; anything else is one element.
pub(super) fn elements(raw: &RawValue) -> Vec<&RawValue> {
    if raw.get().starts_with('[') { serde_json::from_str(raw.get()).unwrap_or_default() } else { vec![raw] }
}

/// A value as text: a string as it reads, anything else as it is written.
pub(super) fn text(raw: &RawValue) -> String {
    if raw.get().starts_with('"') { serde_json::from_str(raw.get()).unwrap_or_default() } else { compact(raw.get()) }
}

/// JSON without the blanks between its parts.
pub(super) fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        if quoted {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            return true;
        }
        quoted = *c == '"';
        !c.is_ascii_whitespace()
    };
    json.chars().filter(keep).collect()
}

/// A member's name as the name of a property: `foundingDate` becomes `founding_date`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && !before.is_uppercase() && before != '_' {
            out.push('_');
        }
        out.extend(c.to_lowercase());
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text() {
        let o = Obj::parse(
            r#"{"a": 33.333333333333333333, "b": " x\u0041 ", "c": null, "d": [ 1, "2 3" ], "e": {"f": "g h"}}"#,
        )
        .unwrap();
        assert_eq!(o.text("a").as_deref(), Some("33.333333333333333333"));
        assert_eq!(o.text("b").as_deref(), Some("xA"));
        assert!(o.get("c").is_none() && o.text("z").is_none());
        assert_eq!(o.list("d").iter().map(|r| text(r)).collect::<Vec<_>>(), ["1", "2 3"]);
        assert_eq!(o.text("e").as_deref(), Some(r#"{"f":"g h"}"#));
        assert_eq!(o.obj("e").unwrap().text("f").as_deref(), Some("g h"));
        assert_eq!(o.members().count(), 4);
        assert!(Obj::parse("[]").is_err() && Obj::parse("{} x").is_err());
    }

    #[test]
    fn names_of_properties() {
        for (name, want) in [
            ("foundingDate", "founding_date"),
            ("companyFilingsURLs", "company_filings_urls"),
            ("uri", "uri"),
            ("x-Custom", "x-_custom"),
            ("statementID", "statement_id"),
        ] {
            assert_eq!(snake(name), want);
        }
    }
}
