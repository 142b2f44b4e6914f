//! Companies House: snapshot of persons with significant control (JSON lines).
//!
//! Each line is `{"company_number", "data": {"kind", ...}}`: one notification of a person or a
//! firm that controls a company, a statement of the company on its register, an exemption, or
//! the totals at the end. Persons are known by the id of the notification, since the register
//! gives no number to a person; firms that are in the register themselves by their number.
//!
//! Shares come in bands, one per code. Codes of one notification and one right (`-as-trust`,
//! `-as-firm` beside the plain one) are reports of one stake: they share an empty stake label,
//! so that they are compared and never added up.

mod line;
mod natures;
mod person;
mod registers;

use self::line::{Members, keep, text};
use self::natures::Nature;
use self::registers::Numbers;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::model::{Citation, End, Fact, Id, PartialDate, PartyRecord, Record, RelationRecord, SourceInfo, prop};
use rustc_hash::FxHashMap;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Source id.
const SOURCE: &str = "gb_psc";
/// Namespace of notifications and statements.
const PSC: &str = "gb-psc";
/// Namespace of company numbers.
const COH: &str = "gb-coh";
/// The companies, each once.
const COMPANIES: &str = "companies";
/// Persons and firms with significant control, and what they hold.
const PERSONS: &str = "persons";
/// What companies state of their own register.
const STATEMENTS: &str = "statements";
/// Exemptions from keeping one.
const EXEMPTIONS: &str = "exemptions";
/// The most kinds, and the most codes, that are counted apart.
const MAX_WORDS: usize = 4096;
const HINT: &str = "every line must be one JSON object with company_number and data, as in the snapshot";

pub(super) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(head.len());
    let head = head.get(start..).unwrap_or_default();
    let end = head.iter().position(|b| *b == b'\n');
    let line = head.get(..end.unwrap_or(head.len())).unwrap_or_default();
    let Ok(outer) = serde_json::from_slice::<Members<'_>>(line) else { return false };
    let member = |name: &str| outer.0.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
    let Some(data) = member("data").and_then(Members::of) else { return false };
    let kind = data.0.iter().find(|(n, _)| n == "kind").map(|(_, v)| text(v)).unwrap_or_default();
    kind.starts_with("totals#pers") || (member("company_number").is_some() && !kind.is_empty())
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut reader = Reader { sink, state: State::default() };
    for mut file in files {
        reader.file(&mut file)?;
    }
    let (stated, whole) = (reader.state.generated, reader.state.whole());
    reader.finish();
    Ok(Draft {
        source: options.source.clone().unwrap_or_else(|| SOURCE.to_owned()),
        info: SourceInfo {
            id: options.source.clone().unwrap_or_else(|| SOURCE.to_owned()),
            title: "Persons with significant control (snapshot)".to_owned(),
            publisher: "Companies House".to_owned(),
            url: "https://download.companieshouse.gov.uk/en_pscdata.html".to_owned(),
            licence: "public register, free to reuse; personal data".to_owned(),
            ..SourceInfo::default()
        },
        format: "uk-psc",
        stated,
        parts: [COMPANIES, PERSONS, STATEMENTS, EXEMPTIONS].map(str::to_owned).to_vec(),
        // The snapshot is published whole and in dozens of parts. Only with the totals that the
        // whole one ends with, and as many lines as they name, absence means anything.
        mode: if whole || options.full { Mode::Full } else { Mode::Additive },
    })
}

/// What is kept while the lines go by.
#[derive(Default)]
struct State {
    companies: Numbers,
    kinds: FxHashMap<String, u64>,
    /// Codes with what they mean and how often they came.
    natures: FxHashMap<String, (Nature, u64)>,
    /// Counts that a totals line states; the last one stands.
    totals: BTreeMap<String, u64>,
    generated: Option<PartialDate>,
    records: u64,
    ceased: u64,
    persons: u64,
    statements: u64,
    exemptions: u64,
    relations: u64,
    joined: u64,
    unknown_parties: u64,
}

impl State {
    /// Whether at least as much came in as the totals name.
    fn whole(&self) -> bool {
        let stated = |name: &str| self.totals.get(name).copied();
        let enough = |name: &str, n: u64| stated(name).is_none_or(|t| n >= t);
        stated("persons_of_significant_control_count").is_some_and(|t| self.persons >= t)
            && enough("statements_count", self.statements)
            && enough("exemptions_count", self.exemptions)
    }
}

/// One more of a word; words beyond the bound are counted together.
fn tally(counts: &mut FxHashMap<String, u64>, word: &str) {
    let word = if counts.contains_key(word) || counts.len() < MAX_WORDS { word } else { "(others)" };
    match counts.get_mut(word) {
        Some(n) => *n += 1,
        None => {
            counts.insert(word.to_owned(), 1);
        }
    }
}

/// What every line but the totals has.
struct Notice<'a> {
    kind: String,
    /// The company; `None` where the line names none.
    company: Option<Id>,
    /// Id of the notification or statement, without a namespace.
    id: String,
    /// Path of the notification, for citations.
    path: String,
    start: Option<PartialDate>,
    end: Option<PartialDate>,
    /// Members that are said of the notification, not of the person.
    facts: Vec<Fact>,
    /// The other members of `data`.
    members: Members<'a>,
}

impl Notice<'_> {
    fn cite(&self) -> Vec<Citation> {
        let locator = if self.path.is_empty() { self.id.clone() } else { self.path.clone() };
        vec![Citation { source: String::new(), locator, quote: String::new() }]
    }
}

struct Reader<'r, 's> {
    sink: &'r mut Sink<'s>,
    state: State,
}

impl Reader<'_, '_> {
    fn file(&mut self, input: &mut Input) -> Result<()> {
        let mut buf = Vec::new();
        while input.line(&mut buf)? {
            let line = if input.line_number() == 1 { buf.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&buf) } else { &buf };
            let json = std::str::from_utf8(line).map_err(|e| {
                Error::input(format!("not valid UTF-8 at byte {} of the line", e.valid_up_to())).at(input.here())
            })?;
            if !json.trim().is_empty() {
                self.record(json, input)?;
            }
        }
        Ok(())
    }

    fn record(&mut self, json: &str, input: &Input) -> Result<()> {
        let mut outer: Members<'_> = serde_json::from_str(json).map_err(|e| {
            let message = e.to_string();
            let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
            Error::input(format!("not a record of the snapshot: {what}"))
                .at(input.here().element(format!("column {}", e.column())))
                .hint(HINT)
        })?;
        let Some(mut data) = outer.take("data").and_then(Members::of) else {
            return Err(Error::input("record without data").at(input.here()).hint(HINT));
        };
        let kind = data.take_text("kind").into_owned();
        self.state.records += 1;
        tally(&mut self.state.kinds, if kind.is_empty() { "(none)" } else { &kind });
        if kind.starts_with("totals#") {
            self.totals(&mut data, input);
            return Ok(());
        }
        let notice = self.notice(json, kind, outer, data, input)?;
        if notice.kind.contains("statement") {
            self.statement(notice, input)
        } else if notice.kind == "exemptions" {
            self.exemption(notice, input)
        } else {
            self.person(notice, input)
        }
    }

    fn totals(&mut self, data: &mut Members<'_>, input: &Input) {
        let generated = data.take_text("generated_at");
        match PartialDate::parse(&generated) {
            Ok(d) => self.state.generated = Some(d),
            Err(_) => self.sink.report.suspect("date not understood", input.here(), &generated),
        }
        for (name, value) in &data.0 {
            match text(value).parse() {
                Ok(n) if self.state.totals.len() < MAX_WORDS => {
                    self.state.totals.insert(name.clone().into_owned(), n);
                }
                _ => self.sink.report.skip("member of the totals", input.here(), name),
            }
        }
    }

    /// Reads what all kinds have: company, id, dates.
    fn notice<'a>(
        &mut self,
        json: &str,
        kind: String,
        mut outer: Members<'a>,
        mut data: Members<'a>,
        input: &Input,
    ) -> Result<Notice<'a>> {
        let mut facts = Vec::new();
        let number = outer.take_text("company_number").to_uppercase();
        let mut path = String::new();
        if let Some(links) = data.take("links") {
            match Members::of(links) {
                Some(mut links) => {
                    path = links.take_text("self").into_owned();
                    links.0.iter().for_each(|(n, v)| keep(&format!("links_{n}"), v, &mut facts));
                }
                None => keep("links", links, &mut facts),
            }
        }
        let mut id = path.rsplit('/').next().unwrap_or_default().to_owned();
        if kind == "exemptions" {
            // Its path names the company, it has no id.
            id.clear();
        } else if id.is_empty() || Id::new(PSC, &id).is_err() {
            id = format!("{number}-{:016x}", xxh3_64(json.as_bytes()));
            self.sink.report.suspect("notification without an id", input.here(), &path);
            if Id::new(PSC, &id).is_err() {
                id = format!("{:016x}", xxh3_64(json.as_bytes()));
            }
        }
        let company = if number.is_empty() { None } else { self.company(&number).transpose() };
        let company = match company {
            Some(Ok(id)) => Some(id),
            _ => {
                self.sink.report.suspect("record without a company number", input.here(), &id);
                None
            }
        };
        if let Some(c) = &company {
            let (head, tail) = (format!("/company/{}/", c.local()), format!("/{id}"));
            // A path that only repeats company, kind and id is no fact of its own.
            if !path.is_empty() && kind != "exemptions" && !(path.starts_with(&head) && path.ends_with(&tail)) {
                facts.push(Fact::new("links_self", path.as_str()));
            }
        }
        let start = self.date("notified_on", data.take("notified_on"), &mut facts, input);
        let ceased = data.take("ceased_on");
        self.state.ceased += u64::from(ceased.is_some_and(|c| !text(c).is_empty()));
        let end = self.date("ceased_on", ceased, &mut facts, input);
        let start = match (start, end) {
            (Some(a), Some(b)) if b.last_day() < a.first_day() => {
                // That it is over is known; since when it held is not.
                self.sink.report.suspect("ceased before it was notified", input.here(), &format!("{a} to {b}"));
                facts.push(Fact::new("notified_on", a.to_string()));
                None
            }
            _ => start,
        };
        outer.0.iter().for_each(|(n, v)| keep(n, v, &mut facts));
        Ok(Notice { kind, company, id, path, start, end, facts, members: data })
    }

    /// A date; one that is not understood is kept as a fact.
    fn date(
        &mut self,
        name: &str,
        value: Option<&RawValue>,
        facts: &mut Vec<Fact>,
        input: &Input,
    ) -> Option<PartialDate> {
        let value = text(value?);
        if value.is_empty() {
            return None;
        }
        match PartialDate::parse(&value) {
            Ok(d) => Some(d),
            Err(_) => {
                self.sink.report.suspect("date not understood", input.here(), &value);
                facts.push(Fact::new(name, value));
                None
            }
        }
    }

    /// The id of a company, introduced the first time it is named; `None` where the number
    /// cannot be part of an id.
    fn company(&mut self, number: &str) -> Result<Option<Id>> {
        let Ok(id) = Id::new(COH, number) else { return Ok(None) };
        if self.state.companies.insert(number) {
            let mut p = PartyRecord::new(id.clone(), "company");
            p.facts.push(Fact::new(prop::IDENTIFIER, number).kind("company_number"));
            self.sink.put(COMPANIES, Record::Party(p))?;
        }
        Ok(Some(id))
    }

    fn put_relation(&mut self, part: &str, r: RelationRecord) -> Result<()> {
        self.state.relations += 1;
        self.sink.put(part, Record::Relation(r))
    }

    /// What a company states of its register. Where it says that there is somebody who is not
    /// on it, that somebody becomes a party without a name; else it is a fact of the company.
    fn statement(&mut self, mut n: Notice<'_>, input: &Input) -> Result<()> {
        self.state.statements += 1;
        let said = n.members.take_text("statement").into_owned();
        if said.is_empty() {
            self.sink.report.suspect("statement that states nothing", input.here(), &n.id);
        }
        let cites = n.cite();
        let mut facts = vec![Fact::new("psc_statement", said.as_str())];
        facts.append(&mut n.facts);
        n.members.0.iter().for_each(|(name, v)| keep(name, v, &mut facts));
        let of_company = n.company.as_ref().filter(|_| !somebody(&said));
        if let Some(company) = of_company {
            if let Some(f) = facts.first_mut() {
                (f.from, f.to) = (n.start, n.end);
            }
            for f in &mut facts {
                f.cites.clone_from(&cites);
            }
            let mut p = PartyRecord::new(company.clone(), "");
            p.facts = facts;
            return self.sink.put(STATEMENTS, Record::Party(p));
        }
        let id = Id::new(PSC, &n.id).map_err(|e| e.at(input.here()))?;
        let mut p = PartyRecord::new(id.clone(), "unknown_party");
        p.facts = facts;
        self.state.unknown_parties += 1;
        self.sink.put(STATEMENTS, Record::Party(p))?;
        let Some(company) = n.company else { return Ok(()) };
        let mut r = RelationRecord::new(End::Id(id), "interest_in", End::Id(company));
        r.id = Id::new(PSC, &format!("{}/interest", n.id)).ok();
        (r.start, r.end) = (n.start, n.end);
        r.facts.push(Fact::new("source_label", said));
        self.put_relation(STATEMENTS, r)
    }

    fn exemption(&mut self, mut n: Notice<'_>, input: &Input) -> Result<()> {
        self.state.exemptions += 1;
        let Some(company) = n.company.clone() else { return Ok(()) };
        let mut facts = std::mem::take(&mut n.facts);
        if let Some(all) = n.members.take("exemptions") {
            match Members::of(all) {
                Some(all) => all.0.iter().for_each(|(name, v)| self.exempt(name, v, &mut facts, input)),
                None => keep("exemptions", all, &mut facts),
            }
        }
        n.members.0.iter().for_each(|(name, v)| keep(name, v, &mut facts));
        for f in &mut facts {
            f.cites = n.cite();
        }
        let mut p = PartyRecord::new(company, "");
        p.facts = facts;
        self.sink.put(EXEMPTIONS, Record::Party(p))
    }

    /// One kind of exemption with its periods.
    fn exempt(&mut self, name: &str, value: &RawValue, facts: &mut Vec<Fact>, input: &Input) {
        let Some(mut members) = Members::of(value) else { return keep(name, value, facts) };
        let what = match members.take_text("exemption_type") {
            t if t.is_empty() => name.to_owned(),
            t => t.into_owned(),
        };
        let items: Vec<Members<'_>> =
            members.take("items").and_then(|i| serde_json::from_str(i.get()).ok()).unwrap_or_default();
        let before = facts.len();
        for mut item in items {
            let from = self.date("exempt_from", item.take("exempt_from"), facts, input);
            let to = self.date("exempt_to", item.take("exempt_to"), facts, input);
            facts.push(Fact { from, to, ..Fact::new("psc_exemption", what.as_str()) });
            item.0.iter().for_each(|(n, v)| keep(n, v, facts));
        }
        if facts.len() == before {
            facts.push(Fact::new("psc_exemption", what));
        }
        members.0.iter().for_each(|(n, v)| keep(n, v, facts));
    }

    /// Fills the report.
    fn finish(self) {
        let (report, s) = (&mut self.sink.report, self.state);
        let natures: u64 = s.natures.values().map(|(_, n)| *n).sum();
        for (what, n) in [
            ("records", s.records),
            ("ceased", s.ceased),
            ("natures_of_control", natures),
            ("companies", s.companies.len()),
            ("persons", s.persons),
            ("statements", s.statements),
            ("exemptions", s.exemptions),
            ("relations", s.relations),
            ("joined by registration number", s.joined),
            ("parties not identified", s.unknown_parties),
        ] {
            report.count(what, n);
        }
        s.kinds.iter().for_each(|(kind, n)| report.count(&format!("by_kind/{kind}"), *n));
        s.natures.iter().for_each(|(code, (_, n))| report.count(&format!("natures/{code}"), *n));
        s.totals.iter().for_each(|(name, n)| report.count(&format!("stated by the publisher/{name}"), *n));
    }
}

/// Statements that say that there is a person who is not identified, or not shown.
fn somebody(statement: &str) -> bool {
    ["psc-exists-but-not-identified", "psc-details-not-confirmed", "at-least-one-beneficial-owner-unidentified"]
        .iter()
        .any(|s| statement.starts_with(s))
}

#[cfg(test)]
mod tests;
