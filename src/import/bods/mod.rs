//! Beneficial Ownership Data Standard (BODS): statements on entities, persons and the
//! relationships between them, versions 0.4, 0.3 and 0.2, as a JSON array or as JSON lines.
//!
//! **History.** A file may hold several statements on one record, each of its own day. The
//! latest that does not close the record is what holds now. Of a relationship every version
//! becomes relations of its own with the days on which it held, so that a question about an
//! earlier day finds the earlier share:
//!
//! * an interest holds from its `startDate`; without one, from ever if the first statement on
//!   the record names it, else from the day of the statement that first does;
//! * when a later statement says something else of the same interest (same record, type,
//!   directness and number), the earlier version ends and the later begins on the later
//!   `startDate` if that lies after the start of the earlier one (after its statement, where it
//!   has none), else on the day of the later statement;
//! * a later statement that says the same confirms: the two are one relation, and the later
//!   one's words are kept; of two of one day the later in the file corrects the earlier;
//! * an interest that a later statement leaves out, or whose record it closes, ends on that day
//!   unless it ended before (`endDate`: the first day it no longer is).
//!
//! The latest version keeps the id `record/type`, earlier ones get the date of their statement
//! behind it, so a new release with a new version changes one relation and adds one. Of a party the
//! latest statement is the record; what earlier ones said and later ones no longer do is kept
//! with the day since when it is not said (part `history`).
//!
//! Before 0.4 a statement names those it takes the place of. One that replaces one other and alone
//! does so is its next version; else what is replaced ends on the day of what replaces it.
//!
//! **Reading.** Whether a statement is the latest is known only at the end, so a file is
//! read twice; what can be read only once is kept packed in memory in between. Beyond that,
//! some 60 bytes are kept of a statement, and the links that are components of others.
//!
//! **Chains.** The summary of a chain is an indirect relation, which never adds to its links;
//! a summary whose links are missing or make another share is counted as suspicious.

mod components;
mod elements;
mod history;
mod json;
mod party;
mod relation;
mod share;
mod spool;
mod statement;

pub(crate) use self::relation::TYPES as INTEREST_TYPES;
pub(crate) use self::statement::interest_type;

use self::components::{Basis, Link, Links, Verdict};
use self::elements::Elements;
use self::history::{History, Interest, Use};
use self::json::Obj;
use self::spool::Spool;
use self::statement::{Kind, Party, Statement, key};
use super::document::top_keys;
use super::hashes::Hashes;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::import::slug::slug;
use crate::model::{
    Catalogue, Citation, Direct, End, Fact, Id, PartialDate, PartyRecord, Record, RelationRecord, Share, SourceInfo,
    prop,
};
use std::collections::BTreeSet;

/// What statements say now, and the relations of earlier versions.
const STATEMENTS: &str = "statements";
/// What earlier statements said of parties.
const HISTORY: &str = "history";
/// Publisher of the program's own exports: their record ids are whole ids.
const OWN: &str = "cuibono";
const HINT: &str = "a BODS file is one JSON array of statements, or one statement per line";

pub(super) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let head = head.strip_prefix(b"[").unwrap_or(head).trim_ascii_start();
    if head.first() != Some(&b'{') {
        return false;
    }
    let keys = top_keys(head);
    let has = |k: &str| keys.contains(&k.as_bytes());
    (has("statementId") && (has("recordType") || has("recordDetails") || has("recordId")))
        || (has("statementID") && has("statementType"))
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let stem = files.first().map(|f| f.stem().to_owned()).ok_or_else(|| Error::usage("no file given"))?;
    let mut first = First::default();
    let mut again = Vec::new();
    for mut file in files {
        again.push(first.file(&mut file)?);
        drop(file);
    }
    first.history.finish();
    let publisher = first.publisher.clone().unwrap_or_default();
    let bare = stem.trim_end_matches(".json").trim_end_matches(".jsonl");
    let source = match &options.source {
        Some(s) => s.clone(),
        None => slug(if publisher.is_empty() { bare } else { &publisher }),
    };
    let namespace =
        if Id::has_namespace(&format!("{source}:x")) { source.clone() } else { crate::model::slug(&source) };
    let own = publisher == OWN;
    let title = match publisher.as_str() {
        "" => bare.to_owned(),
        p => format!("Beneficial ownership statements of {p}"),
    };
    if first.publishers.len() > 1 {
        let all: Vec<&str> = first.publishers.iter().map(String::as_str).collect();
        sink.report.suspect("statements of several publishers in one import", Place::file(stem), &all.join(", "));
    }
    let info = SourceInfo {
        id: source.clone(),
        title,
        publisher,
        url: std::mem::take(&mut first.url),
        published: first.published.map(|d| d.to_string()).unwrap_or_default(),
        licence: std::mem::take(&mut first.licence),
        attribution: String::new(),
    };
    let stated = first.published.or(first.declared);
    let mut second = Second { sink, first: &first, namespace, own, number: 0, ids: Hashes::default() };
    for (place, kept) in again {
        second.file(place, kept)?;
    }
    second.finish();
    let parts = vec![STATEMENTS.to_owned(), HISTORY.to_owned()];
    // A file may hold a register, one declaration or what changed: nothing in it says which.
    let mode = if options.full { Mode::Full } else { Mode::Additive };
    Ok(Draft { source, info, format: "bods", stated, parts, mode })
}

/// Where the statements of a file come from at the second look.
enum Kept {
    /// The file, opened twice, and what it held at the first look.
    File(Box<Input>, super::input::FileDigest),
    Packed(Spool),
}

/// What the first look at the files finds out.
#[derive(Default)]
struct First {
    history: History,
    links: Links,
    publisher: Option<String>,
    publishers: BTreeSet<String>,
    url: String,
    licence: String,
    published: Option<PartialDate>,
    declared: Option<PartialDate>,
}

fn parse<'t>(bytes: &'t [u8], place: &Place) -> Result<(&'t str, Obj<'t>)> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        Error::input(format!("not valid UTF-8 at byte {} of the statement", e.valid_up_to())).at(place.clone())
    })?;
    let obj = Obj::parse(text).map_err(|e| {
        let message = e.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        let line = place.line.unwrap_or(1) + (e.line() as u64).saturating_sub(1);
        Error::input(format!("not a statement: {what}")).at(place.clone().line(line)).hint(HINT)
    })?;
    Ok((text, obj))
}

impl First {
    fn file(&mut self, input: &mut Input) -> Result<(Place, Kept)> {
        let place = input.place();
        let second = input.again().transpose()?;
        let mut spool = Spool::default();
        let digest = input.digest();
        let mut elements = Elements::new(input);
        let mut buf = Vec::new();
        while let Some(line) = elements.next(&mut buf)? {
            let place = place.clone().line(line);
            let (text, obj) = parse(&buf, &place)?;
            if let Ok(s) = Statement::of(obj, text) {
                self.statement(&s);
            }
            if second.is_none() {
                spool.put(line, &buf)?;
            }
        }
        Ok((
            place,
            match second {
                Some(i) => Kept::File(Box::new(i), digest),
                None => Kept::Packed(spool),
            },
        ))
    }

    fn statement(&mut self, s: &Statement<'_>) {
        self.publication(s);
        let record = key(&s.record);
        let relation = s.kind == Kind::Relationship;
        let mut interests = Vec::new();
        if relation {
            for item in relation::items(s) {
                let (track, content) = relation::hashes(s, &item);
                interests.push(Interest::new(track, content, statement::dates(&item.obj)));
            }
            if s.is_component() {
                self.link(record, s);
            }
        }
        let (number, seen) = self.history.add(record, s.date, s.closed, relation, interests);
        let replaces = s.replaces();
        for other in &replaces {
            self.history.replaces(number, record, key(other), other);
        }
        if !relation && (seen || !replaces.is_empty()) {
            let (_, facts) = party::party(s, &mut |_, _| {});
            self.history.facts(number, facts.iter().map(party::fact_hash).collect());
        }
    }

    fn publication(&mut self, s: &Statement<'_>) {
        self.declared = self.declared.max(s.date);
        let Some(p) = s.top.obj("publicationDetails") else { return };
        let date = p.text("publicationDate").and_then(|d| PartialDate::parse(&d).ok());
        self.published = self.published.max(date);
        if self.licence.is_empty() {
            self.licence = p.text("license").unwrap_or_default();
        }
        let Some(who) = p.obj("publisher") else { return };
        if let Some(name) = who.text("name").or_else(|| who.text("url")) {
            if self.publisher.is_none() {
                self.publisher = Some(name.clone());
                self.url = who.text("url").unwrap_or_default();
            }
            if self.publishers.len() < 20 {
                self.publishers.insert(name);
            }
        }
    }

    fn link(&mut self, record: u64, s: &Statement<'_>) {
        let (Party::Record(party), Party::Record(subject)) = relation::ends(s) else { return };
        let shares = relation::items(s).into_iter();
        let shares = shares.filter_map(|i| Some((basis(&i.kind)?, relation::share_of(&i, s.old).0))).collect();
        let link = Link { party: key(&party), subject: key(&subject), shares };
        self.links.insert(record, link);
    }
}

fn basis(kind: &str) -> Option<Basis> {
    match kind {
        "shareholding" => Some(Basis::Shares),
        "votingRights" => Some(Basis::Votes),
        _ => None,
    }
}

/// The second look, which makes the records.
struct Second<'r, 's> {
    sink: &'r mut Sink<'s>,
    first: &'r First,
    namespace: String,
    own: bool,
    number: u32,
    ids: Hashes,
}

impl Second<'_, '_> {
    fn file(&mut self, place: Place, kept: Kept) -> Result<()> {
        match kept {
            Kept::Packed(spool) => spool.each(|line, text| self.text(text, place.clone().line(line))),
            Kept::File(mut input, before) => {
                let digest = input.digest();
                let mut buf = Vec::new();
                let mut elements = Elements::new(&mut input);
                while let Some(line) = elements.next(&mut buf)? {
                    self.text(&buf, place.clone().line(line))?;
                }
                drop(input);
                if digest.hex() != before.hex() {
                    return Err(Error::input("the file changed while it was read")
                        .at(place)
                        .hint("import it again when nothing writes to it any more"));
                }
                Ok(())
            }
        }
    }

    fn text(&mut self, bytes: &[u8], place: Place) -> Result<()> {
        let (text, obj) = parse(bytes, &place)?;
        self.sink.report.count("statements", 1);
        match Statement::of(obj, text) {
            Ok(s) => self.statement(&s, &place),
            Err(why) => {
                self.sink.report.skip(why, place, text);
                Ok(())
            }
        }
    }

    /// The id of a party or relationship of the file.
    fn id(&self, record: &str, more: &str) -> Result<Id> {
        if self.own {
            return Id::scoped(&format!("{record}{more}"), &self.namespace);
        }
        Id::new(&self.namespace, &format!("{}{more}", self.first.history.root(record)))
    }

    fn statement(&mut self, s: &Statement<'_>, place: &Place) -> Result<()> {
        let number = self.number;
        self.number += 1;
        if number as usize >= self.first.history.len() {
            return Err(Error::input("the file changed while it was read").at(place.clone()));
        }
        self.count(s);
        if s.derived {
            self.sink.report.suspect("statement without an id", place.clone(), &s.record);
        }
        if s.date.is_none() {
            let text = s.top.text("statementDate").unwrap_or_default();
            self.sink.report.suspect("date of statement missing or not understood", place.clone(), &text);
        }
        match s.kind {
            Kind::Relationship => self.relationship(s, number, place),
            _ => self.party(s, number, place),
        }
    }

    fn count(&mut self, s: &Statement<'_>) {
        if !s.id.is_empty() {
            self.ids.insert(key(&s.id), 0);
        }
        let report = &mut self.sink.report;
        let kind = match s.kind {
            Kind::Entity => "entity",
            Kind::Person => "person",
            Kind::Relationship => "relationship",
        };
        report.count(&format!("by_record_type/{kind}"), 1);
        if let Some(status) = s.top.text("recordStatus") {
            report.count(&format!("by_record_status/{status}"), 1);
        }
        if s.kind != Kind::Relationship {
            return;
        }
        for interest in s.interests().into_iter().filter_map(Obj::of) {
            report.count("interests", 1);
            let kind = interest.text("type").map(|t| statement::interest_type(&t));
            report.count(&format!("interest_types/{}", kind.as_deref().unwrap_or("null")), 1);
            let level = interest.text("directOrIndirect").or_else(|| interest.text("interestLevel"));
            report.count(&format!("direct_or_indirect/{}", level.as_deref().unwrap_or("null")), 1);
            if let Some(share) = interest.obj("share") {
                let exact = share.get("exact").is_some();
                report.count(if exact { "shares_exact" } else { "shares_range" }, 1);
            }
        }
        report.count("components", s.components().len() as u64);
        if matches!(s.party("interestedParty"), Party::Unspecified { .. }) {
            report.count("unspecified_interested_party", 1);
        }
    }

    /// What an own export says beside the standard.
    fn own_words(&self, s: &Statement<'_>) -> Option<String> {
        if self.own { relation::own(s) } else { None }
    }

    fn cites(s: &Statement<'_>) -> Vec<Citation> {
        if s.id.is_empty() { Vec::new() } else { vec![Citation { locator: s.id.clone(), ..Citation::default() }] }
    }

    fn party(&mut self, s: &Statement<'_>, number: u32, place: &Place) -> Result<()> {
        let report = &mut self.sink.report;
        let (node, facts) = party::party(s, &mut |what, text| report.suspect(what, place.clone(), text));
        let history = &self.first.history;
        let id = self.id(&s.record, "")?;
        if history.is_latest(number) {
            let mut p = PartyRecord::new(id.clone(), node);
            p.facts = facts;
            p.facts.extend(party::about(s));
            if let Some(words) = self.own_words(s) {
                restore_party(&mut p, &words, &self.sink.catalogue);
            }
            p.cites = Self::cites(s);
            self.sink.put(STATEMENTS, Record::Party(p))?;
        } else {
            let next = history.next(number);
            let (to, later) = next.unwrap_or_default();
            let gone = |f: &Fact| !later.is_some_and(|l| l.contains(&party::fact_hash(f)));
            let mut p = PartyRecord::new(id.clone(), "");
            p.facts = facts.into_iter().filter(|f| !s.closed && gone(f)).map(|f| Fact { to, ..f }).collect();
            for f in p.facts.iter_mut().filter(|f| f.prop == prop::NAME) {
                f.prop = prop::FORMER_NAME.to_owned();
            }
            p.cites = Self::cites(s);
            if !p.facts.is_empty() {
                self.sink.report.count("earlier versions", 1);
                self.sink.put(HISTORY, Record::Party(p))?;
            }
        }
        if s.closed {
            let mut p = PartyRecord::new(id, "");
            p.facts.push(Fact { from: s.date, ..Fact::new("record_closed", "true") });
            p.cites = Self::cites(s);
            self.sink.put(HISTORY, Record::Party(p))?;
        }
        Ok(())
    }

    fn relationship(&mut self, s: &Statement<'_>, number: u32, place: &Place) -> Result<()> {
        let first = self.first;
        let mut spans = first.history.spans(number);
        let (party, subject) = relation::ends(s);
        let mut ends: Option<(End, End)> = None;
        for item in relation::items(s) {
            let dates = statement::dates(&item.obj);
            let span = spans.next();
            let (from, to) = span.map_or(dates, |s| (s.from, s.to));
            let used = span.map_or(Use::Latest, |s| s.used);
            if used == Use::Skip {
                self.sink.report.count("interests repeated or closed", 1);
                continue;
            }
            if nobody(&party, s) {
                return self.nobody(s, &party, &subject, (from, to));
            }
            let (source, target) = match &ends {
                Some(both) => both.clone(),
                None => {
                    let source = self.end(s, &party, "/unspecified", "party")?;
                    let target = self.end(s, &subject, "/unspecified-subject", "subject")?;
                    ends.insert((source, target)).clone()
                }
            };
            let mut r = RelationRecord::new(source, "", target);
            (r.start, r.end) = (from, to);
            let report = &mut self.sink.report;
            relation::fill(&mut r, s, &item, &mut |what, text| report.suspect(what, place.clone(), text));
            let mut more = String::new();
            if !item.word.is_empty() && !self.own {
                more = format!("/{}", item.word);
            }
            if used == Use::Earlier {
                let day = s.date.map_or_else(|| format!("?{number}"), |d| d.to_string());
                more.push_str(&format!("@{day}"));
                self.sink.report.count("earlier versions", 1);
            }
            r.id = Some(self.id(&s.record, &more)?);
            r.cites = Self::cites(s);
            if let Some(words) = self.own_words(s) {
                restore(&mut r, &words, &self.sink.catalogue);
            }
            if let (Use::Earlier, Some(a), Some(b)) = (used, r.start, r.end)
                && b.last_day() <= a.first_day()
            {
                // Changed before it began: it never held, and stays on record as withdrawn.
                r.status = crate::model::Status::Withdrawn;
                self.sink.report.count("versions that never held", 1);
            }
            if used == Use::Latest {
                self.components(s, &item, r.share, place);
            }
            self.sink.put(STATEMENTS, Record::Relation(r))?;
        }
        Ok(())
    }

    /// An end of a relationship; one that is not specified gets a party of its own.
    fn end(&mut self, s: &Statement<'_>, party: &Party, more: &str, name: &str) -> Result<End> {
        let (reason, description) = match party {
            Party::Record(record) => return Ok(End::Id(self.id(record, "")?)),
            Party::Unspecified { reason, description } => (reason, description),
        };
        let own = self.own_words(s).and_then(|w| Id::parse(&Obj::parse(&w).ok()?.text(name)?).ok());
        let id = own.map_or_else(|| self.id(&s.record, more), Ok)?;
        let mut p = PartyRecord::new(id.clone(), "unknown_party");
        p.facts.push(Fact::new("unspecified", if reason.is_empty() { "not stated" } else { reason }));
        if !description.is_empty() {
            p.facts.push(Fact::new("description", description.as_str()));
        }
        p.cites = Self::cites(s);
        self.sink.put(STATEMENTS, Record::Party(p))?;
        Ok(End::Id(id))
    }

    /// The word that an entity has no beneficial owners is a fact about it: there is nobody to
    /// be an end of a relation.
    fn nobody(
        &mut self,
        s: &Statement<'_>,
        party: &Party,
        subject: &Party,
        (from, to): (Option<PartialDate>, Option<PartialDate>),
    ) -> Result<()> {
        let (Party::Unspecified { reason, description }, Party::Record(subject)) = (party, subject) else {
            return Ok(());
        };
        let mut p = PartyRecord::new(self.id(subject, "")?, "");
        let fact = Fact { from: from.or(s.date), to, ..Fact::new("unspecified_interested_party", reason.as_str()) };
        p.facts.push(fact.kind(description.as_str()));
        p.cites = Self::cites(s);
        self.sink.put(HISTORY, Record::Party(p))
    }

    /// Compares a summary of a chain with the links it names.
    fn components(&mut self, s: &Statement<'_>, item: &relation::Item<'_>, share: Option<Share>, place: &Place) {
        let components = s.components();
        if components.is_empty() {
            return;
        }
        let keys: Vec<u64> = components.iter().map(|c| key(c)).collect();
        let history = &self.first.history;
        let missing = components.iter().zip(&keys).filter(|(_, k)| !history.contains(**k));
        if item.nth == 0 && relation::items(s).first().is_some_and(|i| i.word == item.word) {
            for (c, _) in missing {
                self.sink.report.suspect("component record is not in the file", place.clone(), c);
            }
        }
        if item.level.as_deref() == Some("direct") {
            return;
        }
        let (Some(share), Some(basis), (Party::Record(party), Party::Record(subject))) =
            (share, basis(&item.kind), relation::ends(s))
        else {
            return;
        };
        match components::compare(&self.first.links, &keys, key(&party), key(&subject), basis, share) {
            Verdict::Agrees => self.sink.report.count("indirect shares that agree with their components", 1),
            Verdict::Unknown => self.sink.report.count("indirect shares whose components do not say enough", 1),
            Verdict::Differs(by) => {
                let text = format!("{}: {share} stated, {by} by its components", s.record);
                self.sink.report.suspect("indirect share is not what its components make", place.clone(), &text);
            }
        }
    }

    fn finish(self) {
        let report = &mut self.sink.report;
        report.count("distinct_statement_ids", self.ids.len() as u64);
        report.count("distinct_record_ids", self.first.history.records());
    }
}

/// Whether a relationship only says that there is nobody to name.
fn nobody(party: &Party, s: &Statement<'_>) -> bool {
    let none = |r: &str| matches!(r, "noBeneficialOwners" | "no-beneficial-owners");
    matches!(party, Party::Unspecified { reason, .. } if none(reason)) && s.interests().is_empty()
}

/// Gives a relation back what BODS has no words for, from the annotation of an own export.
fn restore(r: &mut RelationRecord, words: &str, catalogue: &Catalogue) {
    let Ok(o) = Obj::parse(words) else { return };
    let text = |name: &str, to: &mut String| {
        if let Some(t) = o.text(name) {
            *to = t;
        }
    };
    if let Some(t) = o.text("type").filter(|t| catalogue.edge_type(t).is_some()) {
        r.edge_type = t;
    }
    text("stake", &mut r.stake);
    text("joint", &mut r.joint);
    text("role", &mut r.role);
    r.share = o.text("share").and_then(|t| Share::parse(&t).ok()).or(r.share);
    r.direct = o.text("direct").and_then(|t| Direct::parse(&t)).unwrap_or(r.direct);
    let date = |name: &str| o.text(name).and_then(|t| PartialDate::parse(&t).ok());
    r.start = date("start").or(r.start);
    r.end = date("end").or(r.end);
    r.facts.retain(|f| !own_annotation(f));
}

/// The same for a party.
fn restore_party(p: &mut PartyRecord, words: &str, catalogue: &Catalogue) {
    let stated = Obj::parse(words).ok().and_then(|o| o.text("type"));
    if let Some(t) = stated.filter(|t| catalogue.node_type(t).is_some()) {
        p.node_type = t;
    }
    p.facts.retain(|f| !own_annotation(f));
}

fn own_annotation(f: &Fact) -> bool {
    f.prop == "annotation" && Obj::parse(&f.value).is_ok_and(|o| o.get("cuibono").is_some())
}

#[cfg(test)]
mod tests;
