//! One line of FollowTheMoney JSON, borrowed from the text where it can be.

use crate::model::{Citation, CitationView, FactView};
use bumpalo::Bump;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A text without a copy where the line holds no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

/// Property values: one text, several texts, and numbers and booleans as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Texts<'a>(pub(super) Vec<Text<'a>>);

/// What the statement form says of one value beyond the value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Claim {
    /// Who says so; empty where all datasets of the entity do.
    pub(super) cites: Vec<Citation>,
    /// Languages.
    pub(super) lang: Vec<String>,
    /// The texts before they were normalised.
    pub(super) original: Vec<String>,
}

impl Claim {
    /// Who says so, without copies.
    pub(super) fn citations(&self) -> Vec<CitationView<'_>> {
        self.cites.iter().map(CitationView::of).collect()
    }

    /// Adds what is known to the fact that holds the value.
    fn qualify<'b>(&'b self, fact: &mut FactView<'b>, arena: &'b Bump) {
        fact.cites = self.citations();
        fact.lang = joined(&self.lang, ", ", arena);
        if fact.raw.is_empty() {
            fact.raw = joined(&self.original, " | ", arena);
        }
    }
}

/// Texts one after the other; one alone as it is.
fn joined<'b>(texts: &'b [String], between: &str, arena: &'b Bump) -> &'b str {
    match texts {
        [] => "",
        [one] => one,
        all => arena.alloc_str(&all.join(between)),
    }
}

/// An entity as it stands in the line.
#[derive(Debug, Default)]
pub(super) struct Entity<'a> {
    pub(super) id: Option<Text<'a>>,
    pub(super) schema: Option<Text<'a>>,
    pub(super) caption: Option<Text<'a>>,
    pub(super) target: Option<bool>,
    pub(super) properties: Option<Vec<(Text<'a>, Texts<'a>)>>,
    pub(super) datasets: Texts<'a>,
    pub(super) referents: Texts<'a>,
    /// `first_seen`, `last_seen`, `last_change`, in the order of the line.
    pub(super) seen: Vec<(&'static str, Text<'a>)>,
    /// Members that this program does not know, as JSON.
    pub(super) extra: Vec<(Text<'a>, &'a RawValue)>,
    /// `op` of a delta line.
    pub(super) op: Option<Text<'a>>,
    /// `entity` of a delta line.
    pub(super) entity: Option<&'a RawValue>,
    /// The line that the licences of an export ask for.
    pub(super) attribution: Option<Text<'a>>,
    /// By property and value; empty where the form has none.
    pub(super) claims: FxHashMap<(String, String), Claim>,
}

impl<'a> Text<'a> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> Entity<'a> {
    /// The claim that a value of a property is.
    pub(super) fn claim(&self, name: &str, value: &str) -> Option<&Claim> {
        if self.claims.is_empty() {
            return None;
        }
        self.claims.get(&(name.to_owned(), value.to_owned()))
    }

    /// A fact with all that is known of the value it holds.
    pub(super) fn qualified<'b>(
        &'b self,
        name: &str,
        value: &str,
        arena: &'b Bump,
        mut fact: FactView<'b>,
    ) -> FactView<'b> {
        if let Some(claim) = self.claim(name, value) {
            claim.qualify(&mut fact, arena);
        }
        fact
    }

    /// The values of one property.
    pub(super) fn values<'s, 'n>(&'s self, name: &'n str) -> impl Iterator<Item = &'s str> + use<'s, 'n, 'a> {
        self.properties
            .iter()
            .flatten()
            .filter(move |(p, _)| p.as_str() == name)
            .flat_map(|(_, v)| v.0.iter().map(Text::as_str))
            .filter(|v| !v.trim().is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(v)))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_owned())))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_string())))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_string())))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_string())))
            }
            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(if v { "true" } else { "false" })))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed("")))
            }
        }
        d.deserialize_any(V)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Texts<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of texts")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(t) = seq.next_element()? {
                    all.push(t);
                }
                Ok(Texts(all))
            }
            fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Texts<'de>, E> {
                Ok(Texts(vec![Text(Cow::Borrowed(v))]))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Texts<'de>, E> {
                Ok(Texts(vec![Text(Cow::Owned(v.to_owned()))]))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Texts<'de>, E> {
                Ok(Texts::default())
            }
        }
        d.deserialize_any(V)
    }
}

/// The properties in the order of the line.
struct Properties<'a>(Vec<(Text<'a>, Texts<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Properties<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of properties")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties<'de>, A::Error> {
                let mut all = Vec::with_capacity(16);
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Properties(all))
            }
        }
        d.deserialize_map(V)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entity<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Entity<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an entity")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entity<'de>, A::Error> {
                let mut e = Entity::default();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match key.as_str() {
                        "id" => e.id = Some(map.next_value()?),
                        "schema" => e.schema = Some(map.next_value()?),
                        "caption" => e.caption = Some(map.next_value()?),
                        "target" => e.target = map.next_value()?,
                        "properties" => {
                            if e.properties.is_some() {
                                return Err(de::Error::duplicate_field("properties"));
                            }
                            e.properties = Some(map.next_value::<Properties<'de>>()?.0);
                        }
                        "datasets" => e.datasets = map.next_value()?,
                        "referents" => e.referents = map.next_value()?,
                        "first_seen" => e.seen.push(("first_seen", map.next_value()?)),
                        "last_seen" => e.seen.push(("last_seen", map.next_value()?)),
                        "last_change" => e.seen.push(("last_change", map.next_value()?)),
                        "op" => e.op = Some(map.next_value()?),
                        "entity" => e.entity = Some(map.next_value()?),
                        "attribution" if e.attribution.is_none() => e.attribution = Some(map.next_value()?),
                        _ => e.extra.push((key, map.next_value()?)),
                    }
                }
                Ok(e)
            }
        }
        d.deserialize_map(V)
    }
}

/// The names of the members of a JSON object, for recognising a format.
pub(super) struct Members(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    names.push(key);
                }
                Ok(Members(names))
            }
        }
        d.deserialize_map(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrows_and_tolerates() {
        let text = r#"{"id":"a","schema":"Person","x":{"y":1},"target":null,"first_seen":"2024",
            "properties":{"name":["An\u0061",""],"n":[1,2.5,true,null],"one":"alone","none":null}}"#;
        let e: Entity<'_> = serde_json::from_str(text).unwrap();
        assert!(matches!(e.id, Some(Text(Cow::Borrowed("a")))));
        assert_eq!(e.values("name").collect::<Vec<_>>(), ["Ana"]);
        assert_eq!(e.values("n").collect::<Vec<_>>(), ["1", "2.5", "true"]);
        assert_eq!(e.values("one").collect::<Vec<_>>(), ["alone"]);
        assert_eq!(e.extra[0].1.get(), r#"{"y":1}"#);
        assert_eq!(e.seen, [("first_seen", Text(Cow::Borrowed("2024")))]);
        assert!(serde_json::from_str::<Entity<'_>>(r#"{"id":"a","properties":{"name":[["deep"]]}}"#).is_err());
        assert!(serde_json::from_str::<Entity<'_>>(r#"{"properties":{},"properties":{}}"#).is_err());
    }
}
