//! The parts of a network document that occur in many places: texts, dates, citations, values,
//! listings, shares; and the places and warnings that go with them.

use super::{Citation, Fact, FuzzyDate, Listing, PartialDate, Percent, Share, Status, prop};
use crate::error::{Error, Place, Result};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// Something in a document that was not used, or that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it stands first.
    pub place: Place,
    /// What kind of thing it is, in words that are the same for every case of it.
    pub reason: String,
    /// The member, id or source concerned.
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.reason, self.text)
    }
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in their order, each value still text.
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| *v)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    all.push((key, value));
                }
                Ok(Members(all))
            }
        }
        d.deserialize_map(V)
    }
}

/// What a value is, from its first byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Number,
    Bool,
    Null,
    Array,
    Object,
}

pub(super) fn shape(raw: &RawValue) -> Shape {
    match raw.get().as_bytes().first() {
        Some(b'"') => Shape::Text,
        Some(b't' | b'f') => Shape::Bool,
        Some(b'n') | None => Shape::Null,
        Some(b'[') => Shape::Array,
        Some(b'{') => Shape::Object,
        Some(_) => Shape::Number,
    }
}

/// Where in a document the reader stands: `nodes[3].share`.
#[derive(Clone, Copy)]
pub(super) struct At<'m> {
    pub(super) list: &'m str,
    pub(super) index: Option<usize>,
    pub(super) member: &'m str,
}

impl<'m> At<'m> {
    pub(super) fn top(member: &'m str) -> At<'m> {
        At { list: "", index: None, member }
    }

    pub(super) fn item(list: &'m str, index: usize) -> At<'m> {
        At { list, index: Some(index), member: "" }
    }

    pub(super) fn member(self, member: &'m str) -> At<'m> {
        At { member, ..self }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.list)?;
        if let Some(i) = self.index {
            write!(f, "[{i}]")?;
        }
        let dot = if self.list.is_empty() || self.member.is_empty() { "" } else { "." };
        write!(f, "{dot}{}", self.member)
    }
}

/// Reads values of one text and knows where they stand.
pub(super) struct Values<'a> {
    text: &'a str,
    file: &'a str,
    /// An offset and its line, so that warnings in file order cost one pass in all.
    cursor: (usize, u64),
    warned: HashSet<String>,
    pub(super) warnings: Vec<Warning>,
    /// Sources that may be cited without a warning.
    pub(super) sources: HashSet<String>,
}

impl<'a> Values<'a> {
    pub(super) fn new(text: &'a str, file: &'a str) -> Values<'a> {
        let (warned, warnings, sources) = Default::default();
        Values { text, file, cursor: (0, 1), warned, warnings, sources }
    }

    fn line(&mut self, offset: usize) -> u64 {
        let (from, line) = if offset >= self.cursor.0 { self.cursor } else { (0, 1) };
        let newlines = self.text.as_bytes().get(from..offset).unwrap_or_default().iter().filter(|b| **b == b'\n');
        self.cursor = (offset, line + newlines.count() as u64);
        self.cursor.1
    }

    /// The place of a value, which must be a slice of the text.
    pub(super) fn place(&mut self, raw: &RawValue, at: At<'_>) -> Place {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let line = self.line(offset);
        let element = at.to_string();
        let place = Place::file(self.file).line(line);
        if element.is_empty() { place } else { place.element(element) }
    }

    /// An error at a value.
    pub(super) fn bad(&mut self, raw: &RawValue, at: At<'_>, message: impl Into<String>) -> Error {
        Error::input(message).at(self.place(raw, at))
    }

    /// Puts the place of a value on an error that has none.
    pub(super) fn on<T>(&mut self, raw: &RawValue, at: At<'_>, result: Result<T>) -> Result<T> {
        result.map_err(|e| {
            let place = self.place(raw, at);
            e.at(place)
        })
    }

    /// A syntax error, its own line added to that of the value it stands in.
    pub(super) fn syntax(&mut self, raw: Option<&RawValue>, at: At<'_>, e: &serde_json::Error) -> Error {
        let message = e.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(m, _)| m);
        let mut place = match raw {
            Some(raw) => self.place(raw, at),
            None => Place::file(self.file).line(1),
        };
        place.line = place.line.map(|l| l + (e.line() as u64).saturating_sub(1));
        let what = if e.is_eof() { "the file ends too early" } else { "not well-formed JSON" };
        Error::input(format!("{what}: {message}")).at(place).hint("mend the file, or fetch it again")
    }

    /// Warns of each thing once.
    pub(super) fn warn_once(&mut self, raw: &RawValue, at: At<'_>, reason: &str, text: &str) {
        if self.warned.insert(format!("{reason}\0{text}")) {
            self.warn(raw, at, reason, text);
        }
    }

    pub(super) fn warn(&mut self, raw: &RawValue, at: At<'_>, reason: &str, text: &str) {
        let place = self.place(raw, at);
        self.warnings.push(Warning { place, reason: reason.to_owned(), text: text.to_owned() });
    }

    /// A member that the reader does not know.
    pub(super) fn unknown(&mut self, raw: &RawValue, at: At<'_>, of: &str, name: &str) {
        self.warn_once(raw, at, &format!("unknown member of {of} ignored"), name);
    }

    pub(super) fn members(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Members<'a>> {
        if shape(raw) != Shape::Object {
            return Err(self.bad(raw, at, "expected an object"));
        }
        let members: Members<'a> = serde_json::from_str(raw.get()).map_err(|e| self.syntax(Some(raw), at, &e))?;
        let mut names: Vec<&str> = members.0.iter().map(|(k, _)| k.as_ref()).collect();
        names.sort_unstable();
        match names.windows(2).find(|w| w.first() == w.last()).and_then(|w| w.first()) {
            Some(twice) => Err(self.bad(raw, at, format!("member {twice:?} is given twice"))),
            None => Ok(members),
        }
    }

    pub(super) fn array(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<&'a RawValue>> {
        if shape(raw) != Shape::Array {
            return Err(self.bad(raw, at, "expected an array"));
        }
        serde_json::from_str(raw.get()).map_err(|e| self.syntax(Some(raw), at, &e))
    }

    /// One value, or the values of an array; none for null.
    fn one_or_many(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<&'a RawValue>> {
        match shape(raw) {
            Shape::Array => self.array(raw, at),
            Shape::Null => Ok(Vec::new()),
            _ => Ok(vec![raw]),
        }
    }

    /// A text; numbers and truth values are taken as they are written, never through a float.
    pub(super) fn text(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Cow<'a, str>> {
        match shape(raw) {
            Shape::Text => {
                serde_json::from_str::<Text<'a>>(raw.get()).map(|Text(t)| t).map_err(|e| self.syntax(Some(raw), at, &e))
            }
            Shape::Number | Shape::Bool => Ok(Cow::Borrowed(raw.get())),
            Shape::Null => Ok(Cow::Borrowed("")),
            Shape::Array | Shape::Object => Err(self.bad(raw, at, "expected a text")),
        }
    }

    /// A text without control characters: labels become part of ids.
    pub(super) fn label(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<String> {
        let text = self.text(raw, at)?;
        if text.chars().any(char::is_control) {
            return Err(self.bad(raw, at, format!("{text:?} holds control characters")));
        }
        Ok(text.into_owned())
    }

    pub(super) fn date(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Option<PartialDate>> {
        let text = self.text(raw, at)?;
        if text.is_empty() {
            return Ok(None);
        }
        let date = PartialDate::parse(&text);
        self.on(raw, at, date).map(Some)
    }

    pub(super) fn status(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Status> {
        self.word(raw, at, "status", Status::parse, Status::ALL.iter().map(|s| s.as_str()))
    }

    /// One of a few words.
    pub(super) fn word<T: Default>(
        &mut self,
        raw: &'a RawValue,
        at: At<'_>,
        what: &str,
        parse: fn(&str) -> Option<T>,
        known: impl Iterator<Item = &'static str>,
    ) -> Result<T> {
        let text = self.text(raw, at)?;
        if text.is_empty() {
            return Ok(T::default());
        }
        match parse(&text) {
            Some(t) => Ok(t),
            None => {
                let known: Vec<&str> = known.collect();
                Err(self
                    .bad(raw, at, format!("unknown {what} {text:?}"))
                    .hint(format!("use one of: {}", known.join(", "))))
            }
        }
    }

    /// Citations: a source id, `{"source", "locator", "quote"}`, or an array of those.
    pub(super) fn cites(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<Citation>> {
        let mut all = Vec::new();
        for one in self.one_or_many(raw, at)? {
            let mut c = Citation::default();
            if shape(one) == Shape::Object {
                for (key, value) in self.members(one, at)?.0 {
                    match key.as_ref() {
                        "source" => c.source = self.label(value, at)?,
                        "locator" => c.locator = self.text(value, at)?.into_owned(),
                        "quote" => c.quote = self.text(value, at)?.into_owned(),
                        _ => self.unknown(value, at, "a citation", &key),
                    }
                }
            } else {
                c.source = self.label(one, at)?;
            }
            if !c.source.is_empty() && !self.sources.contains(&c.source) {
                self.warn_once(one, at, "cited source is not described in `sources`", &c.source);
            }
            all.push(c);
        }
        Ok(all)
    }

    /// The values of one property. `open` properties keep anything, as JSON text if need be.
    pub(super) fn facts(
        &mut self,
        raw: &'a RawValue,
        at: At<'_>,
        prop: &str,
        open: bool,
        into: &mut Vec<Fact>,
    ) -> Result<()> {
        for one in self.one_or_many(raw, at)? {
            let mut fact = match shape(one) {
                Shape::Null => continue,
                Shape::Object => {
                    let members = self.members(one, at)?;
                    if members.get("value").is_some() {
                        self.fact(members, at, prop)?
                    } else if open {
                        Fact::new(prop, one.get())
                    } else {
                        return Err(self.bad(one, at, "the value has no member `value`"));
                    }
                }
                Shape::Array if open => Fact::new(prop, one.get()),
                _ => Fact::new(prop, self.text(one, at)?),
            };
            if prop == prop::IDENTIFIER
                && shape(one) == Shape::Text
                && let Some((scheme, value)) = fact.value.split_once(':')
                && !scheme.is_empty()
                && !value.is_empty()
            {
                fact = Fact::new(prop, value).kind(scheme);
            }
            if prop == prop::BIRTH {
                self.birth(one, at, &mut fact)?;
            }
            if prop::NAMES.contains(&prop) {
                if fact.value.trim().is_empty() && fact.raw.is_empty() {
                    return Err(self.bad(one, at, "the name is empty").hint("leave the member out"));
                }
                if fact.script.is_empty() {
                    fact.script = Fact::name(prop, fact.value.as_str()).script;
                }
            }
            if let (Some(from), Some(to)) = (fact.from, fact.to)
                && to.last_day() < from.first_day()
            {
                return Err(self.bad(one, at, format!("from {from} to {to} ends before it starts")));
            }
            into.push(fact);
        }
        Ok(())
    }

    fn fact(&mut self, members: Members<'a>, at: At<'_>, prop: &str) -> Result<Fact> {
        let mut f = Fact::new(prop, "");
        for (key, value) in members.0 {
            match key.as_ref() {
                "value" => {
                    f.value = match shape(value) {
                        Shape::Array | Shape::Object => value.get().to_owned(),
                        _ => self.text(value, at)?.into_owned(),
                    }
                }
                "kind" | "scheme" => f.kind = self.text(value, at)?.into_owned(),
                "script" => f.script = self.text(value, at)?.into_owned(),
                "lang" => f.lang = self.text(value, at)?.into_owned(),
                "raw" => f.raw = self.text(value, at)?.into_owned(),
                "from" => f.from = self.date(value, at)?,
                "to" => f.to = self.date(value, at)?,
                "status" => f.status = self.status(value, at)?,
                "cites" => f.cites = self.cites(value, at)?,
                _ => self.unknown(value, at, "a value", &key),
            }
        }
        Ok(f)
    }

    /// A birth must be a date; one that a publisher wrote illegibly has only its raw text.
    fn birth(&mut self, raw: &RawValue, at: At<'_>, fact: &mut Fact) -> Result<()> {
        if fact.value.is_empty() && !fact.raw.is_empty() {
            return Ok(());
        }
        let date = FuzzyDate::parse(&fact.value);
        let date = self.on(raw, at, date).map_err(|e| e.hint("write 1951, circa 1951, or 1951 to 1953"))?;
        let shown = date.to_string();
        if shown != fact.value {
            let found = std::mem::replace(&mut fact.value, shown);
            if fact.raw.is_empty() {
                fact.raw = found;
            }
        }
        Ok(())
    }

    /// The member `listed`, in any of its forms.
    pub(super) fn listings(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<Listing>> {
        let on = |list: &str| Listing { list: list.to_owned(), ..Listing::default() };
        let mut all = Vec::new();
        match shape(raw) {
            Shape::Null => {}
            Shape::Bool if raw.get() == "false" => {}
            Shape::Bool => all.push(on("*")),
            Shape::Object => {
                let members = self.members(raw, at)?;
                if members.get("list").is_some_and(|l| shape(l) == Shape::Text) {
                    all.push(self.listing(raw, members, at, "")?);
                } else {
                    for (list, value) in members.0 {
                        match shape(value) {
                            Shape::Bool if value.get() == "false" => {}
                            Shape::Bool | Shape::Null => all.push(on(&list)),
                            _ => {
                                let inner = self.members(value, at)?;
                                all.push(self.listing(value, inner, at, &list)?);
                            }
                        }
                    }
                }
            }
            _ => {
                for one in self.one_or_many(raw, at)? {
                    all.push(if shape(one) == Shape::Object {
                        let members = self.members(one, at)?;
                        self.listing(one, members, at, "")?
                    } else {
                        on(&self.label(one, at)?)
                    });
                }
            }
        }
        if all.iter().any(|l| l.list.is_empty() || l.list.chars().any(|c| c.is_control() || c.is_whitespace())) {
            return Err(self
                .bad(raw, at, "a listing names no list")
                .hint("name one such as `ofac_sdn`, or `*` for all"));
        }
        Ok(all)
    }

    fn listing(&mut self, raw: &RawValue, members: Members<'a>, at: At<'_>, list: &str) -> Result<Listing> {
        let mut l = Listing { list: list.to_owned(), ..Listing::default() };
        for (key, value) in members.0 {
            match key.as_ref() {
                "list" => l.list = self.label(value, at)?,
                "from" => l.from = self.date(value, at)?,
                "to" => l.to = self.date(value, at)?,
                "programs" => l.programs = self.texts(value, at)?,
                "basis" => l.basis = self.texts(value, at)?,
                "measures" => l.measures = self.texts(value, at)?,
                "cites" => l.cites = self.cites(value, at)?,
                _ => self.unknown(value, at, "a listing", &key),
            }
        }
        match (l.from, l.to) {
            (Some(from), Some(to)) if to.last_day() < from.first_day() => {
                Err(self.bad(raw, at, format!("listed from {from} to {to} ends before it starts")))
            }
            _ => Ok(l),
        }
    }

    pub(super) fn texts(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for one in self.one_or_many(raw, at)? {
            all.push(self.text(one, at)?.into_owned());
        }
        Ok(all)
    }

    /// A share: text, number, bounds, or null for unknown.
    pub(super) fn share(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Option<Share>> {
        let share = match shape(raw) {
            Shape::Null => return Ok(None),
            Shape::Text => Share::parse(&self.text(raw, at)?),
            Shape::Number => Percent::parse(raw.get()).and_then(Share::exact),
            Shape::Object => return self.bounds(raw, at).map(Some),
            _ => Err(Error::input("expected a share: text, number, bounds or null")),
        };
        self.on(raw, at, share).map(Some).map_err(|e| e.hint("write \"50\", \"100/3\", bounds, or null for unknown"))
    }

    fn bounds(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Share> {
        let (mut min, mut max) = (None, None);
        for (key, value) in self.members(raw, at)?.0 {
            let (end, open) = match key.as_ref() {
                "min" => (&mut min, false),
                "exclusive_min" => (&mut min, true),
                "max" => (&mut max, false),
                "exclusive_max" => (&mut max, true),
                _ => return Err(self.bad(value, at, format!("unknown bound {key:?}"))),
            };
            let percent = Percent::parse(&self.text(value, at)?);
            if end.replace((self.on(value, at, percent)?, open)).is_some() {
                return Err(self.bad(value, at, "an end of the share is given both open and closed"));
            }
        }
        if min.is_none() && max.is_none() {
            return Err(self.bad(raw, at, "the share has no bound").hint("write null for an unknown share"));
        }
        let ((min, open_min), (max, open_max)) =
            (min.unwrap_or((Percent::ZERO, false)), max.unwrap_or((Percent::HUNDRED, false)));
        let share = Share::interval(min, open_min, max, open_max);
        self.on(raw, at, share)
    }
}
