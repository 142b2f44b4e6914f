//! One line of the snapshot: JSON objects as lists of named, unread values, so that a member
//! nobody has heard of is kept like any other.

use crate::model::Fact;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A text without a copy where it holds no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object, in the order of the line.
#[derive(Debug, Default)]
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads an object; `None` where the JSON is something else.
    pub(super) fn of(raw: &'a RawValue) -> Option<Members<'a>> {
        serde_json::from_str(raw.get()).ok()
    }

    /// Takes out the first member of that name.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let at = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes out a member as text, without white space around it; empty where there is none.
    pub(super) fn take_text(&mut self, name: &str) -> Cow<'a, str> {
        self.take(name).map_or(Cow::Borrowed(""), text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut all = Vec::with_capacity(16);
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    all.push((name, value));
                }
                Ok(Members(all))
            }
        }
        d.deserialize_map(V)
    }
}

/// A value as text, without white space around it: strings as they are, `null` as nothing,
/// anything else as its JSON.
pub(super) fn text(raw: &RawValue) -> Cow<'_, str> {
    let json = raw.get();
    if json == "null" {
        return Cow::Borrowed("");
    }
    match serde_json::from_str::<Text<'_>>(json) {
        Ok(Text(Cow::Borrowed(t))) => Cow::Borrowed(t.trim()),
        Ok(Text(Cow::Owned(t))) => Cow::Owned(t.trim().to_owned()),
        Err(_) => Cow::Borrowed(json),
    }
}

/// A list of texts, or the one text that stands in its place; `None` for anything else.
pub(super) fn texts(raw: &RawValue) -> Option<Vec<Cow<'_, str>>> {
    if raw.get() == "null" {
        return Some(Vec::new());
    }
    if let Ok(all) = serde_json::from_str::<Vec<Text<'_>>>(raw.get()) {
        return Some(all.into_iter().map(|Text(t)| t).collect());
    }
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|Text(t)| vec![t])
}

/// A name as properties are named: `ContentDate` is `content_date`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    let mut lower = false;
    for c in name.chars() {
        if c.is_uppercase() && lower {
            out.push('_');
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    out
}

/// Keeps a member under its own name: the members of an object one by one, a list of texts text
/// by text, anything deeper as its JSON.
pub(super) fn keep(name: &str, raw: &RawValue, facts: &mut Vec<Fact>) {
    let name = snake(name);
    let mut put = |name: String, value: &RawValue| match texts(value) {
        Some(all) => facts.extend(all.iter().filter(|t| !t.trim().is_empty()).map(|t| Fact::new(&name, t.trim()))),
        None => facts.push(Fact::new(name, value.get())),
    };
    match Members::of(raw) {
        Some(inner) => inner.0.iter().for_each(|(n, v)| put(format!("{name}_{}", snake(n)), v)),
        None => put(name, raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost() {
        let json = r#"{"a":{"B":"x ","n":null,"deep":{"d":[1]}},"list":["p","","q"],"num":7,"t":"\u0041 ","ContentDate":true}"#;
        let mut members: Members<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(members.take_text("t"), "A");
        assert!(members.take("t").is_none());
        let mut facts = Vec::new();
        members.0.iter().for_each(|(n, v)| keep(n, v, &mut facts));
        let facts: Vec<String> = facts.iter().map(|f| format!("{}={}", f.prop, f.value)).collect();
        assert_eq!(facts, ["a_b=x", "a_deep={\"d\":[1]}", "list=p", "list=q", "num=7", "content_date=true"]);
        assert!(serde_json::from_str::<Members<'_>>("[]").is_err());
    }
}
