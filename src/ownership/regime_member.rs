//! Members of a regime file with their places: every reader here tells line, element and reason.

use crate::error::{Error, Place, Result};
use crate::model::{PartialDate, Percent};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// The text of a file, to tell the line of any part of it.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) file: &'a str,
}

/// A value and the path to it (`regimes[1].rules[0]`).
pub(super) struct Item<'a> {
    pub(super) raw: &'a RawValue,
    pub(super) at: String,
}

impl<'a> Source<'a> {
    /// The whole text as one value; refused where it is no well-formed JSON.
    pub(super) fn root(&self) -> Result<Item<'a>> {
        let raw: &'a RawValue = serde_json::from_str(self.text).map_err(|e| self.syntax(0, "", &e))?;
        Ok(Item { raw, at: String::new() })
    }

    fn offset(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn place(&self, offset: usize, at: &str) -> Place {
        let newlines = self.text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count();
        let place = Place::file(self.file).line(newlines as u64 + 1);
        if at.is_empty() { place } else { place.element(at) }
    }

    pub(super) fn bad(&self, raw: &RawValue, at: &str, message: impl Into<String>) -> Error {
        Error::input(message).at(self.place(self.offset(raw), at))
    }

    /// A syntax error in the value at `offset`, at its own line.
    fn syntax(&self, offset: usize, at: &str, e: &serde_json::Error) -> Error {
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(m, _)| m);
        let mut place = self.place(offset, at);
        place.line = place.line.map(|l| l + (e.line() as u64).saturating_sub(1));
        let what = if e.is_eof() { "the file ends too early" } else { "not well-formed JSON" };
        Error::input(format!("{what}: {message}")).at(place)
    }

    pub(super) fn text_of(&self, raw: &'a RawValue, at: &str) -> Result<String> {
        if !raw.get().starts_with('"') {
            return Err(self.bad(raw, at, "expected a text"));
        }
        serde_json::from_str(raw.get()).map_err(|e| self.syntax(self.offset(raw), at, &e))
    }

    pub(super) fn word<T: Copy>(&self, raw: &'a RawValue, at: &str, words: &[(&str, T)]) -> Result<T> {
        let text = self.text_of(raw, at)?;
        words.iter().find(|(w, _)| *w == text).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(w, _)| *w).collect();
            let member = at.rsplit('.').next().unwrap_or(at);
            let member = member.split('[').next().unwrap_or(member);
            self.bad(raw, at, format!("unknown {member} {text:?}")).hint(format!("use one of: {}", known.join(", ")))
        })
    }
}

/// Members in their order, each value still text.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    all.push((key, value));
                }
                Ok(Members(all))
            }
        }
        d.deserialize_map(V)
    }
}

/// An object all of whose members are known.
pub(super) struct Object<'a, 's> {
    pub(super) source: &'s Source<'a>,
    raw: &'a RawValue,
    at: String,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a, 's> Object<'a, 's> {
    pub(super) fn read(source: &'s Source<'a>, item: Item<'a>, known: &[&str]) -> Result<Object<'a, 's>> {
        let Item { raw, at } = item;
        if !raw.get().starts_with('{') {
            return Err(source.bad(raw, &at, "expected an object"));
        }
        let Members(members) =
            serde_json::from_str(raw.get()).map_err(|e| source.syntax(source.offset(raw), &at, &e))?;
        let o = Object { source, raw, at, members };
        let mut seen = HashSet::new();
        for (name, value) in &o.members {
            if !known.contains(&name.as_ref()) {
                let message = format!("unknown member {name:?}");
                return Err(source.bad(value, &o.path(name), message).hint(format!("known: {}", known.join(", "))));
            }
            if !seen.insert(name.as_ref()) {
                return Err(source.bad(value, &o.path(name), format!("member {name:?} is given twice")));
            }
        }
        Ok(o)
    }

    pub(super) fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.members.iter().find(|(n, _)| n == name).map(|(_, v)| *v)
    }

    /// A member that is there and not null.
    pub(super) fn value(&self, name: &str) -> Option<&'a RawValue> {
        self.get(name).filter(|v| v.get() != "null")
    }

    /// An error at a member, or at the object where it has no such member.
    pub(super) fn bad(&self, name: &str, message: impl Into<String>) -> Error {
        match self.get(name) {
            Some(raw) => self.source.bad(raw, &self.path(name), message),
            None => self.source.bad(self.raw, &self.at, message),
        }
    }

    pub(super) fn missing(&self, name: &str) -> Error {
        self.bad(name, format!("the member {name:?} is missing"))
    }

    /// A text that must be there and say something.
    pub(super) fn required(&self, name: &str) -> Result<String> {
        let raw = self.value(name).ok_or_else(|| self.missing(name))?;
        let text = self.source.text_of(raw, &self.path(name))?;
        if text.trim().is_empty() { Err(self.bad(name, format!("{name:?} is empty"))) } else { Ok(text) }
    }

    pub(super) fn id(&self) -> Result<String> {
        let id = self.required("id")?;
        let ok =
            id.len() <= 64 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
        if ok {
            Ok(id)
        } else {
            Err(self.bad("id", format!("{id:?} is no id")).hint("small letters, digits, _ and -, 64 at most"))
        }
    }

    pub(super) fn items(&self, name: &str) -> Result<Vec<Item<'a>>> {
        let Some(raw) = self.value(name) else { return Ok(Vec::new()) };
        let at = self.path(name);
        if !raw.get().starts_with('[') {
            return Err(self.source.bad(raw, &at, "expected an array"));
        }
        let all: Vec<&'a RawValue> =
            serde_json::from_str(raw.get()).map_err(|e| self.source.syntax(self.source.offset(raw), &at, &e))?;
        Ok(all.into_iter().enumerate().map(|(i, raw)| Item { raw, at: format!("{at}[{i}]") }).collect())
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>> {
        self.items(name)?.iter().map(|item| self.source.text_of(item.raw, &item.at)).collect()
    }

    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        self.value(name).map(|raw| self.source.word(raw, &self.path(name), words)).transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.value(name).map(RawValue::get) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(self.bad(name, "expected true or false")),
        }
    }

    /// A percentage of 0 to 100, as text or number, never through a float.
    pub(super) fn percent(&self, name: &str) -> Result<Option<Percent>> {
        let Some(raw) = self.value(name) else { return Ok(None) };
        let text =
            if raw.get().starts_with('"') { self.source.text_of(raw, &self.path(name))? } else { raw.get().to_owned() };
        let number_like = text.trim_start().trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        match Percent::parse(&text) {
            Ok(p) if p <= Percent::HUNDRED => Ok(Some(p)),
            Err(_) if !number_like => Err(self.bad(name, format!("{text:?} is not a percentage"))),
            _ => {
                Err(self.bad(name, format!("{text} is not a percentage of 0 to 100")).hint("write \"50\" or \"100/3\""))
            }
        }
    }

    /// A full day; rules change on days.
    pub(super) fn day(&self, name: &str) -> Result<Option<PartialDate>> {
        let Some(raw) = self.value(name) else { return Ok(None) };
        let text = self.source.text_of(raw, &self.path(name))?;
        let day = PartialDate::parse(&text).map_err(|e| self.bad(name, e.message()))?;
        if day.is_full() && text.len() == 10 {
            Ok(Some(day))
        } else {
            Err(self.bad(name, format!("{text:?} is not a full day")).hint("write YYYY-MM-DD"))
        }
    }
}
