//! One party of a UK list while its lines or its element are read, and what becomes of it.

use super::refs::{Refs, un_number};
use super::text::{names, nothing, numbered, percentage, squeeze};
use crate::error::{Place, Result};
use crate::import::dates::{self, Order};
use crate::import::{Report, Sink, percent};
use crate::model::{End, Fact, Id, Listing, PartialDate, PartyRecord, Record, RelationRecord, prop};
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The most listings of one party.
const MAX_LISTINGS: usize = 1000;
/// The most counts of a report; what comes beyond is counted together.
const MAX_COUNTS: usize = 2000;

/// Counts something by a word of the file.
pub(in crate::import) fn tally(report: &mut Report, by: &str, word: &str) {
    let known = report.counts.len() < MAX_COUNTS && word.len() < 500;
    report.count(&format!("{by}/{}", if known { word } else { "other" }), 1);
}

/// What is at hand while a party is read.
pub(in crate::import) struct Ctx<'a> {
    /// Where findings are counted.
    pub(in crate::import) report: &'a mut Report,
    /// Numbers in other id spaces.
    pub(in crate::import) refs: &'a mut Refs,
    /// Where we are.
    pub(in crate::import) place: Place,
}

impl Ctx<'_> {
    /// Counts something that looks wrong here.
    pub(in crate::import) fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }
}

/// A relation to a party that is only named.
struct Link {
    edge: &'static str,
    other: String,
    label: &'static str,
    /// The other party is the subject.
    flipped: bool,
    former: bool,
    percentage: String,
}

/// One of the fields that name other parties.
#[derive(Clone, Copy)]
pub(in crate::import) struct Relation {
    prop: &'static str,
    label: &'static str,
    edge: &'static str,
    flipped: bool,
    former: bool,
}

/// `Parent company`: turned round, the parent points at its child.
pub(in crate::import) const PARENT: Relation =
    Relation { prop: "parent_company", label: "Parent company", edge: "parent_of", flipped: true, former: false };
/// `Subsidiaries`.
pub(in crate::import) const SUBSIDIARY: Relation =
    Relation { prop: "subsidiaries", label: "Subsidiaries", edge: "parent_of", flipped: false, former: false };
/// `Current owner/operator (s)` of a ship.
pub(in crate::import) const OPERATOR: Relation = Relation {
    prop: "current_owner_operator",
    label: "Current owner/operator",
    edge: "owns_controls_or_operates",
    flipped: true,
    former: false,
};
/// `Previous owner/operator (s)` of a ship.
pub(in crate::import) const FORMER_OPERATOR: Relation = Relation {
    prop: "previous_owner_operator",
    label: "Previous owner/operator",
    edge: "owns_controls_or_operates",
    flipped: true,
    former: true,
};

/// A party being read.
pub(in crate::import) struct Party {
    /// Its id.
    pub(in crate::import) id: Id,
    /// The publisher's word for what it is, empty until stated.
    pub(in crate::import) kind: String,
    names: Vec<Fact>,
    core: Vec<Fact>,
    details: Vec<Fact>,
    listings: Vec<Listing>,
    links: Vec<Link>,
    /// Hashes of what was said.
    said: HashSet<u64>,
    /// Bytes of text kept.
    pub(in crate::import) size: usize,
}

impl Party {
    /// A party of which nothing is known yet.
    pub(in crate::import) fn new(id: Id) -> Party {
        Party {
            id,
            kind: String::new(),
            names: Vec::new(),
            core: Vec::new(),
            details: Vec::new(),
            listings: Vec::new(),
            links: Vec::new(),
            said: HashSet::new(),
            size: 256,
        }
    }

    /// Notes that something was said; `false` when it was before.
    fn first(&mut self, parts: &[&str]) -> bool {
        let hash = parts.iter().fold(0, |h, p| xxh3_64_with_seed(p.as_bytes(), h));
        let new = self.said.insert(hash);
        if new {
            self.size += 128 + parts.iter().map(|p| p.len()).sum::<usize>();
        }
        new
    }

    fn new_fact(&mut self, fact: &Fact) -> bool {
        !nothing(&fact.value) && self.first(&[&fact.prop, &fact.value, &fact.kind, &fact.lang])
    }

    /// Counts something that looks wrong; once, however many lines repeat it.
    fn doubt(&mut self, reason: &str, text: &str, ctx: &mut Ctx<'_>) {
        if self.first(&["doubt", reason, text]) {
            ctx.suspect(reason, text);
        }
    }

    /// A day; a text that is none is counted.
    pub(in crate::import) fn date(&mut self, text: &str, ctx: &mut Ctx<'_>) -> Option<PartialDate> {
        let found = dates::date(text, Order::DayFirst);
        if found.is_none() && !nothing(text) {
            self.doubt("date that cannot be read", text, ctx);
        }
        found
    }

    /// A day as a fact, with the literal text.
    pub(in crate::import) fn day(&mut self, name: &str, text: &str, ctx: &mut Ctx<'_>) {
        let fact = match self.date(text, ctx) {
            Some(day) => {
                let value = day.to_string();
                let raw = if value == text { String::new() } else { text.to_owned() };
                Fact { raw, ..Fact::new(name, value) }
            }
            None => Fact::new(name, text),
        };
        self.say(fact);
    }

    /// A fact that every form of the list has.
    pub(in crate::import) fn core(&mut self, fact: Fact) {
        if self.new_fact(&fact) {
            self.core.push(fact);
        }
    }

    /// The values of one fact that every form of the list has.
    pub(in crate::import) fn core_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.core.iter().filter(move |f| f.prop == name).map(|f| f.value.as_str())
    }

    /// A fact; once is enough. Says whether it was new.
    pub(in crate::import) fn say(&mut self, fact: Fact) -> bool {
        let new = self.new_fact(&fact);
        if new {
            self.details.push(fact);
        }
        new
    }

    /// The publisher's word for what the party is: an individual, an entity or a ship.
    pub(in crate::import) fn is(&mut self, kind: &str, ctx: &mut Ctx<'_>) {
        if self.kind.is_empty() {
            kind.clone_into(&mut self.kind);
        } else if !kind.is_empty() && kind != self.kind {
            self.doubt("entry of two types, the first is kept", kind, ctx);
            self.say(Fact::new("other_type", kind));
        }
    }

    /// A name from its parts in the order in which they are said, the family name last; the
    /// parts are kept, so that nobody has to guess which is which.
    pub(in crate::import) fn name(&mut self, parts: &[&str], kind: &str, quality: &str, ctx: &mut Ctx<'_>) {
        let whole = squeeze(&parts.join(" "));
        if nothing(&whole) {
            ctx.report.skip("name without text", ctx.place.clone(), kind);
            return;
        }
        let lower = squeeze(kind).to_lowercase();
        let weak = quality.to_lowercase().contains("low");
        let property = match lower.as_str() {
            "primary name" => prop::NAME,
            _ if weak => prop::WEAK_ALIAS,
            "fka" | "f.k.a." | "f.k.a" | "formerly known as" => prop::FORMER_NAME,
            "alias" | "aka" | "a.k.a." | "a.k.a" | "primary name variation" => prop::ALIAS,
            _ => {
                self.doubt("unknown type of name, taken as an alias", kind, ctx);
                prop::ALIAS
            }
        };
        let label = if nothing(quality) { kind.to_owned() } else { format!("{kind}, {quality}") };
        let mut fact = Fact::name(property, whole).kind(if property == prop::NAME { "" } else { &label });
        if parts.iter().filter(|p| !p.trim().is_empty()).count() > 1 {
            fact.raw = parts.iter().map(|p| squeeze(p)).collect::<Vec<_>>().join("|");
        }
        if self.first(&[property, &fact.value]) {
            self.names.push(fact);
        }
    }

    /// A name in its own script, with the publisher's words for script and language.
    pub(in crate::import) fn original(&mut self, text: &str, script: &str, language: &str) {
        let text = squeeze(text);
        if nothing(&text) {
            return;
        }
        self.say(Fact::new("non_latin_script_type", script).kind(text.as_str()));
        if self.first(&[prop::ALIAS, &text]) {
            let fact = Fact::name(prop::ALIAS, text).kind("non-Latin script");
            self.names.push(Fact { lang: language.to_owned(), ..fact });
        }
    }

    /// An address: its lines, postal code and country.
    pub(in crate::import) fn address(&mut self, lines: &[&str], postal_code: &str, country: &str) {
        let mut parts: Vec<String> = Vec::new();
        for part in lines.iter().copied().chain([postal_code]).filter(|p| !nothing(p)) {
            parts.push(squeeze(part));
        }
        let country = squeeze(country);
        if !nothing(&country) {
            if !parts.is_empty() {
                parts.push(country.clone());
            }
            self.say(Fact::new(prop::COUNTRY, country).kind("address"));
        }
        self.say(Fact::new(prop::ADDRESS, parts.join(", ")));
    }

    /// Dates of birth; unknown parts are noughts or `dd/mm`.
    pub(in crate::import) fn births(&mut self, text: &str, ctx: &mut Ctx<'_>) {
        for value in numbered(text) {
            let noughts = value.to_lowercase().replace("dd/", "00/").replace("/mm/", "/00/");
            let fact = match dates::birth(&noughts, Order::DayFirst) {
                Ok(f) => Fact { raw: if f.value == value { String::new() } else { value.to_owned() }, ..f },
                Err(_) => {
                    self.doubt("date of birth not understood", value, ctx);
                    Fact::new("birth_text", value)
                }
            };
            self.say(fact);
        }
    }

    /// Places of birth: towns and countries are put together where there are as many of each.
    pub(in crate::import) fn born_in(&mut self, towns: &str, countries: &str) {
        let (towns, countries) = (numbered(towns), numbered(countries));
        if towns.len() == countries.len() {
            for (town, country) in towns.iter().zip(&countries) {
                let both: Vec<String> = [*town, *country].into_iter().filter(|p| !nothing(p)).map(squeeze).collect();
                self.say(Fact::new(prop::BIRTH_PLACE, both.join(", ")));
            }
            return;
        }
        for place in towns.iter().chain(&countries) {
            self.say(Fact::new(prop::BIRTH_PLACE, squeeze(place)));
        }
    }

    /// Numbers of documents with what is said of each.
    pub(in crate::import) fn documents(&mut self, kind: &str, details_prop: &str, numbers: &str, details: &str) {
        let (found, about) = (numbered(numbers), numbered(details));
        if found.len() != about.len() {
            // Nobody knows which goes with which.
            self.say(Fact::new(details_prop, details));
        }
        for (n, number) in found.iter().enumerate() {
            let about = about.get(n).filter(|a| !nothing(a) && found.len() == about.len());
            let raw = about.map(|a| format!("{number}, {a}")).unwrap_or_default();
            if nothing(number) {
                self.say(Fact::new(details_prop, about.copied().unwrap_or_default()));
            } else {
                self.say(Fact { raw, ..Fact::new(prop::IDENTIFIER, *number).kind(kind) });
            }
        }
    }

    /// A number in the id space of another publisher, as an identifier and as the publisher's
    /// word that both are the same party.
    pub(in crate::import) fn reference(&mut self, scheme: &'static str, number: &str, core: bool, ctx: &mut Ctx<'_>) {
        if nothing(number) {
            return;
        }
        let fact = Fact::new(prop::IDENTIFIER, number).kind(scheme);
        if core {
            self.core(fact);
        } else {
            self.say(fact);
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let other = match scheme {
            "OFSI Group ID" if number.bytes().all(|b| b.is_ascii_digit()) => Id::new("uk.ofsi", number).ok(),
            "UN Reference Number" => un_number(number).and_then(|n| Id::new("un", &n).ok()),
            "UK Sanctions List Ref" if number.chars().all(word) => Id::new("uk", number).ok(),
            _ => None,
        };
        let note = match scheme {
            "OFSI Group ID" => "the UK Sanctions List states the OFSI group id",
            "UN Reference Number" => "the list states the reference number of the United Nations",
            _ => "the OFSI list states the id of the UK Sanctions List",
        };
        match other {
            Some(other) => ctx.refs.add(&self.id, other, note),
            None => self.doubt("number of another list that is not understood", number, ctx),
        }
    }

    /// The parties that a field names, as relations; the field itself stays a fact. Where it is
    /// not sure to hold names and nothing else, it is only that.
    pub(in crate::import) fn relate(&mut self, relation: Relation, cell: &str, ctx: &mut Ctx<'_>) {
        if nothing(cell) {
            return;
        }
        self.say(Fact::new(relation.prop, cell.trim()));
        let Some(found) = names(cell) else {
            return self.doubt("relation field that is not plainly a list of names, kept as text", cell, ctx);
        };
        for name in found {
            let (name, share) = percentage(name);
            let other = squeeze(name);
            if self.first(&["link", relation.label, &other]) {
                ctx.report.count(&format!("relations/{}", relation.label), 1);
                self.links.push(Link {
                    edge: relation.edge,
                    other,
                    label: relation.label,
                    flipped: relation.flipped,
                    former: relation.former,
                    percentage: share.unwrap_or_default().to_owned(),
                });
            }
        }
    }

    /// A listing; those of one list that begin on the same day are one.
    pub(in crate::import) fn listed(&mut self, new: Listing, ctx: &mut Ctx<'_>) {
        // Nearly every line of a party repeats it.
        let day = new.from.map(|d| d.to_string()).unwrap_or_default();
        let words: Vec<String> = [&new.programs, &new.basis, &new.measures].iter().map(|w| w.join("|")).collect();
        if !self.first(&["listing", &new.list, &day, &words.join("\n")]) {
            return;
        }
        if self.listings.len() >= MAX_LISTINGS {
            return ctx.suspect("more listings of one party than can be, the rest are not used", &day);
        }
        let same = self.listings.iter_mut().find(|l| l.list == new.list && l.from == new.from && l.to == new.to);
        let Some(old) = same else {
            self.size += 256;
            self.listings.push(new);
            return;
        };
        for (to, from) in
            [(&mut old.programs, new.programs), (&mut old.basis, new.basis), (&mut old.measures, new.measures)]
        {
            for text in from {
                if !to.contains(&text) {
                    to.push(text);
                }
            }
        }
    }

    /// The record of what every form of the list says, that of the rest, and the relations, each
    /// with its part. `rest` may be the same part: then there is one record.
    fn records(mut self, rest: &'static str, ctx: &mut Ctx<'_>) -> Vec<(&'static str, Record)> {
        let mut out = Vec::new();
        let node_type = match self.kind.to_lowercase().as_str() {
            "individual" => "person",
            "entity" => "legal_entity",
            "ship" => "vessel",
            _ => {
                let kind = std::mem::take(&mut self.kind);
                ctx.suspect("party of unknown type", &kind);
                self.core(Fact::new("type", kind));
                "thing"
            }
        };
        let mut record = PartyRecord::new(self.id.clone(), node_type);
        let mut more = PartyRecord::new(self.id.clone(), "");
        let primary: HashSet<String> =
            self.names.iter().filter(|f| f.prop == prop::NAME).map(|f| f.value.clone()).collect();
        let strong: HashSet<String> =
            self.names.iter().filter(|f| f.prop == prop::ALIAS).map(|f| f.value.clone()).collect();
        if primary.is_empty() {
            ctx.suspect("entry without a primary name", self.id.local());
        }
        for fact in self.names {
            // The same words as a better name say nothing new.
            let weak = fact.prop == prop::WEAK_ALIAS && strong.contains(&fact.value);
            match fact.prop == prop::NAME {
                true => record.facts.push(fact),
                false if weak || primary.contains(&fact.value) => ctx.report.count("names said twice", 1),
                false => more.facts.push(fact),
            }
        }
        record.facts.append(&mut self.core);
        more.facts.append(&mut self.details);
        for listing in &self.listings {
            ctx.report.count(&format!("by_list/{}", listing.list), 1);
        }
        record.listings = self.listings;
        if rest == "primary" {
            record.facts.append(&mut more.facts);
        }
        out.push(("primary", Record::Party(record)));
        if !more.facts.is_empty() {
            out.push((rest, Record::Party(more)));
        }
        let mut seen: HashMap<(&str, String), u32> = HashMap::new();
        for link in self.links {
            let key = (if link.flipped { link.edge } else { "" }, link.other.clone());
            let (own, other) = (End::Id(self.id.clone()), End::Name(link.other));
            let (from, to) = if link.flipped { (other, own) } else { (own, other) };
            let mut r = RelationRecord::new(from, link.edge, to);
            let ordinal = seen.entry(key).or_default();
            r.ordinal = *ordinal;
            *ordinal += 1;
            r.facts.push(Fact::new("source_label", link.label));
            if link.flipped {
                r.facts.push(Fact::new("source_direction", "reversed"));
            }
            if link.former {
                r.facts.push(Fact::new(prop::FORMER, "true"));
            }
            if !link.percentage.is_empty() {
                r.share = percent::parse(&link.percentage);
                if r.share.is_none() {
                    ctx.suspect("share that is not understood", &link.percentage);
                }
                r.facts.push(Fact::new("percentage", link.percentage));
            }
            out.push((rest, Record::Relation(r)));
        }
        out
    }
}

/// Hands a finished party to the sink.
pub(in crate::import) fn hand_over(
    party: Party,
    rest: &'static str,
    refs: &mut Refs,
    place: Place,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let records = party.records(rest, &mut Ctx { report: &mut sink.report, refs, place });
    for (part, record) in records {
        sink.put(part, record)?;
    }
    Ok(())
}
