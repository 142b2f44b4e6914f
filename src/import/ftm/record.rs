//! From one FollowTheMoney entity to records: a party, or the relations that an edge entity
//! spells out, with the links and the listings that its properties state.

use super::line::Entity;
use super::own::{self, Own};
use super::schema::{self, EdgeSchema};
use crate::error::{Error, Place, Result};
use crate::import::percent;
use crate::import::{Input, Report};
use crate::model::{Citation, Direct, End, Fact, Id, Listing, PartialDate, PartyRecord, RelationRecord, Share, prop};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What knows where it stands in a file.
pub(super) trait Here {
    fn here(&self) -> Place;
}

impl Here for Input {
    fn here(&self) -> Place {
        Input::here(self)
    }
}

/// A place that stays.
pub(super) struct At(pub(super) Place);

impl Here for At {
    fn here(&self) -> Place {
        self.0.clone()
    }
}

/// The namespace of every id in FollowTheMoney data.
pub(super) const NAMESPACE: &str = "ftm";
/// The most relations that one edge entity may fan out to.
const MAX_PAIRS: usize = 65_536;
/// The most facts and citations that one entity may multiply into.
const MAX_STATEMENTS: usize = 4 << 20;

/// A full id; the error names the line.
pub(super) fn full_id(id: &str, input: &dyn Here) -> Result<Id> {
    Id::new(NAMESPACE, id).map_err(|e| e.at(input.here()))
}

/// One citation per dataset; none where the entity names no dataset.
pub(super) fn citations(e: &Entity<'_>, id: &str) -> Vec<Citation> {
    let cite = |d: &str| Citation { source: d.to_owned(), locator: id.to_owned(), quote: String::new() };
    e.datasets.0.iter().map(|d| d.as_str()).filter(|d| !d.is_empty()).map(cite).collect()
}

/// Members of the entity that are no properties, as facts.
fn members(e: &Entity<'_>, schema: &str, facts: &mut Vec<Fact>) {
    facts.push(Fact::new("schema", schema));
    for (name, value) in &e.seen {
        if !value.as_str().is_empty() {
            facts.push(Fact::new(*name, value.as_str()));
        }
    }
    if let Some(target) = e.target {
        facts.push(Fact::new("target", if target { "true" } else { "false" }));
    }
    for (name, json) in e.extra.iter().filter(|(name, _)| name.as_str() != own::MEMBER) {
        let text = serde_json::from_str::<String>(json.get()).unwrap_or_else(|_| json.get().to_owned());
        facts.push(Fact::new(name.as_str(), text));
    }
}

/// The party that an entity is, with every property that does not link to another.
pub(super) fn party(e: &Entity<'_>, id: &Id, schema: &str, input: &dyn Here, report: &mut Report) -> PartyRecord {
    let mut party = PartyRecord::new(id.clone(), schema::node_type(schema));
    let is_edge = schema::edge(schema).is_some();
    for (name, values) in e.properties.iter().flatten() {
        let name = name.as_str();
        if schema::link(schema, name).is_some() || (is_edge && ends_of(schema, name)) {
            continue;
        }
        let mapped = schema::property(schema, name);
        for value in &values.0 {
            let value = value.as_str();
            if value.trim().is_empty() {
                report.skip("empty value", input.here(), name);
                continue;
            }
            let fact = match mapped {
                None => Fact::new(name, value),
                Some((prop::BIRTH, _)) => birth(value, input, report),
                Some((ours, kind)) => {
                    let fact =
                        if prop::NAMES.contains(&ours) { Fact::name(ours, value) } else { Fact::new(ours, value) };
                    if kind { fact.kind(name) } else { fact }
                }
            };
            party.facts.push(e.qualified(name, value, fact));
        }
    }
    if let Some(caption) = e.caption.as_ref().map(|c| c.as_str()).filter(|c| !c.trim().is_empty()) {
        let (mut named, mut known) = (false, false);
        for f in party.facts.iter().filter(|f| prop::NAMES.contains(&f.prop.as_str())) {
            named |= f.prop == prop::NAME;
            known |= f.value == caption;
        }
        if !named && !known {
            party.facts.push(Fact::name(prop::NAME, caption).kind("caption"));
        } else {
            party.facts.push(Fact::new("caption", caption));
        }
    }
    members(e, schema, &mut party.facts);
    if let Some(own) = Own::of(e, input, report) {
        if let Some(known) = own.node_type() {
            known.clone_into(&mut party.node_type);
        }
        party.facts.extend(own.options());
    }
    party
}

fn ends_of(schema: &str, name: &str) -> bool {
    schema::edge(schema).is_some_and(|e| e.source == name || e.target == name)
}

fn birth(value: &str, input: &dyn Here, report: &mut Report) -> Fact {
    match PartialDate::parse(value) {
        Ok(date) => {
            let text = date.to_string();
            let raw = if text == value { String::new() } else { value.to_owned() };
            Fact { raw, ..Fact::new(prop::BIRTH, text) }
        }
        Err(_) => {
            report.suspect("date not understood", input.here(), value);
            Fact::new("birth_text", value)
        }
    }
}

/// The relations stated by properties that hold ids of other entities. Both ends of an edge
/// entity that lacks the other are links too.
pub(super) fn links(
    e: &Entity<'_>,
    id: &Id,
    schema: &str,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<RelationRecord>> {
    let mut out: Vec<RelationRecord> = Vec::new();
    let cites = citations(e, id.local());
    let dates = if schema == "Sanction" { period(e, &["startDate"], input, report) } else { (None, None) };
    let lone_end = schema::Link { edge_type: "linked_to", flip: false };
    // How often a type and an id were stated, and by which property last.
    let mut stated: FxHashMap<(&str, &str), (u32, &str)> = FxHashMap::default();
    for (name, values) in e.properties.iter().flatten() {
        let name = name.as_str();
        let link = if ends_of(schema, name) { Some(lone_end) } else { schema::link(schema, name) };
        let Some(link) = link else { continue };
        bounded(values.0.len(), cites.len() + 4, input)?;
        for value in values.0.iter().map(|v| v.as_str()).filter(|v| !v.trim().is_empty()) {
            let other = full_id(value, input)?;
            let (ordinal, by) = stated.entry((link.edge_type, value)).or_insert((0, ""));
            if *by == name {
                report.skip("the same value twice", input.here(), value);
                continue;
            }
            let (from, to) = if link.flip { (other, id.clone()) } else { (id.clone(), other) };
            let mut r = RelationRecord::new(End::Id(from), link.edge_type, End::Id(to));
            r.ordinal = *ordinal;
            (*ordinal, *by) = (*ordinal + 1, name);
            r.facts.push(Fact::new("source_label", name));
            if link.flip {
                r.facts.push(Fact::new("source_direction", "reversed"));
            }
            if schema == "Sanction" && link.edge_type == "designation_of" {
                (r.start, r.end) = dates;
            }
            r.cites.clone_from(match e.claim(name, value) {
                Some(claim) if !claim.cites.is_empty() => &claim.cites,
                _ => &cites,
            });
            out.push(r);
        }
    }
    Ok(out)
}

/// Refuses a line that would multiply into far more than it holds.
fn bounded(many: usize, each: usize, input: &dyn Here) -> Result<()> {
    if many.saturating_mul(each) <= MAX_STATEMENTS {
        return Ok(());
    }
    Err(Error::input(format!("one entity states over {MAX_STATEMENTS} facts")).at(input.here()))
}

/// The relations of an edge entity: every source with every target. None when an end lacks.
pub(super) fn relations(
    e: &Entity<'_>,
    id: &Id,
    edge: &EdgeSchema,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<RelationRecord>> {
    let ends = |name| e.values(name).map(|v| full_id(v, input)).collect::<Result<Vec<_>>>();
    let (sources, targets) = (ends(edge.source)?, ends(edge.target)?);
    let pairs = sources.len().saturating_mul(targets.len());
    if pairs > MAX_PAIRS {
        return Err(
            Error::input(format!("{pairs} relations in one {}, the most is {MAX_PAIRS}", edge.schema)).at(input.here())
        );
    }
    let (Some(a), Some(b)) = (sources.first(), targets.first()) else { return Ok(Vec::new()) };
    let mut base = RelationRecord::new(End::Id(a.clone()), edge.edge_type, End::Id(b.clone()));
    describe(&mut base, e, edge, input, report);
    base.cites = citations(e, id.local());
    bounded(pairs, base.facts.len() + base.cites.len(), input)?;
    let mut out = Vec::with_capacity(pairs);
    for a in &sources {
        for b in &targets {
            let (from, to) = if edge.flip { (b, a) } else { (a, b) };
            let mut r = base.clone();
            r.source = End::Id(from.clone());
            r.target = End::Id(to.clone());
            r.id = Some(if pairs == 1 {
                id.clone()
            } else {
                full_id(&format!("{}/{}", id.local(), out.len() + 1), input)?
            });
            out.push(r);
        }
    }
    Ok(out)
}

/// The type of an ownership or control of which it is not known whether it is a summary of others.
pub(crate) const DIRECT_OR_INDIRECT: &str = "direct or indirect";

/// Share, dates, role and facts of an edge entity.
fn describe(r: &mut RelationRecord, e: &Entity<'_>, edge: &EdgeSchema, input: &dyn Here, report: &mut Report) {
    r.share = share(e, input, report);
    (r.start, r.end) = period(e, &["startDate", "date"], input, report);
    let word =
        |name: &'static str, words: &[&str]| e.values(name).any(|v| words.contains(&v.trim().to_lowercase().as_str()));
    if word("ownershipType", &["indirect", "ultimate"]) || word("controlType", &["indirect"]) {
        r.direct = Direct::Indirect;
    } else if word("ownershipType", &[DIRECT_OR_INDIRECT]) || word("controlType", &[DIRECT_OR_INDIRECT]) {
        r.direct = Direct::Unknown;
    }
    let role = if e.values("role").next().is_some() { "role" } else { "relationship" };
    r.role = e.values(role).collect::<Vec<_>>().join("; ");
    for (name, values) in e.properties.iter().flatten() {
        let name = name.as_str();
        if name == edge.source || name == edge.target {
            continue;
        }
        // A single value that a field holds to the letter needs no second copy.
        let held = match name {
            "role" => values.0.len() == 1,
            "startDate" => values.0.len() == 1 && said(r.start, e, name),
            "endDate" => values.0.len() == 1 && said(r.end, e, name),
            _ => false,
        };
        if held {
            continue;
        }
        for value in &values.0 {
            if value.as_str().trim().is_empty() {
                report.skip("empty value", input.here(), name);
            } else {
                r.facts.push(e.qualified(name, value.as_str(), Fact::new(name, value.as_str())));
            }
        }
    }
    if let Some(caption) = e.caption.as_ref().filter(|c| !c.as_str().is_empty()) {
        r.facts.push(Fact::new("caption", caption.as_str()));
    }
    members(e, edge.schema, &mut r.facts);
    if edge.flip {
        r.facts.push(Fact::new("source_label", edge.schema));
        r.facts.push(Fact::new("source_direction", "reversed"));
    } else if edge.schema == "Documentation" {
        r.facts.push(Fact::new("source_label", "documents"));
    }
    if let Some(own) = Own::of(e, input, report) {
        own.tell(r, input, report);
    }
}

fn said(date: Option<PartialDate>, e: &Entity<'_>, name: &str) -> bool {
    date.is_some_and(|d| e.values(name).next() == Some(d.to_string().as_str()))
}

fn share(e: &Entity<'_>, input: &dyn Here, report: &mut Report) -> Option<Share> {
    let mut all: Option<Share> = None;
    for text in e.values("percentage") {
        let Some(share) = percent::parse(text) else {
            report.suspect("percentage not understood", input.here(), text);
            // What one value leaves open the others cannot close.
            return None;
        };
        all = Some(match all {
            Some(before) if before != share => {
                report.suspect("percentages differ", input.here(), text);
                percent::hull(before, share)
            }
            _ => share,
        });
    }
    all
}

/// All dates of a property that can be read.
fn dates(e: &Entity<'_>, name: &str, input: &dyn Here, report: &mut Report) -> Vec<PartialDate> {
    let mut out = Vec::new();
    for text in e.values(name) {
        match PartialDate::parse(text) {
            Ok(d) => out.push(d),
            Err(_) => report.suspect("date not understood", input.here(), text),
        }
    }
    let last = out.last().copied();
    if out.iter().any(|d| Some(*d) != last) {
        report.suspect(
            &format!("several values of {name}"),
            input.here(),
            &e.values(name).collect::<Vec<_>>().join(", "),
        );
    }
    out
}

/// Start and end: the first of the `starts` properties that has a date, earliest value, and the
/// latest `endDate`. A period that ends before it starts is no period: both are unknown.
fn period(
    e: &Entity<'_>,
    starts: &[&str],
    input: &dyn Here,
    report: &mut Report,
) -> (Option<PartialDate>, Option<PartialDate>) {
    let start = starts
        .iter()
        .filter(|name| e.values(name).next().is_some())
        .find_map(|name| dates(e, name, input, report).into_iter().min_by_key(|d| d.first_day()));
    let end = dates(e, "endDate", input, report).into_iter().max_by_key(|d| d.last_day());
    if let (Some(a), Some(b)) = (start, end)
        && b.last_day() < a.first_day()
    {
        report.suspect("ends before it starts", input.here(), &format!("{a} to {b}"));
        return (None, None);
    }
    (start, end)
}

/// The listings that a `Sanction` is for each of its parties: one per dataset, so that the lists
/// it stands on are told apart; on the list named by `source` where it names no dataset.
pub(super) fn listings(
    e: &Entity<'_>,
    id: &Id,
    source: &str,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<(Id, Listing)>> {
    let (from, to) = period(e, &["listingDate", "startDate"], input, report);
    let all = |names: &[&'static str]| -> Vec<String> {
        let mut seen = BTreeSet::new();
        names.iter().flat_map(|n| e.values(n)).filter(|v| seen.insert(*v)).map(str::to_owned).collect()
    };
    let mut cites = citations(e, id.local());
    if cites.is_empty() {
        cites.push(Citation { source: String::new(), locator: id.local().to_owned(), quote: String::new() });
    }
    let mut out = Vec::new();
    let parties: BTreeSet<&str> = e.values("entity").collect();
    let (programs, measures) = (all(&["programId", "program"]), all(&["provisions"]));
    bounded(parties.len().saturating_mul(cites.len()), 1 + programs.len() + measures.len(), input)?;
    for party in parties {
        let party = full_id(party, input)?;
        for cite in &cites {
            let list = if cite.source.is_empty() { source } else { schema::list_of(&cite.source) };
            out.push((
                party.clone(),
                Listing {
                    list: list.to_owned(),
                    from,
                    to,
                    programs: programs.clone(),
                    basis: Vec::new(),
                    measures: measures.clone(),
                    cites: vec![cite.clone()],
                },
            ));
        }
    }
    Ok(out)
}
