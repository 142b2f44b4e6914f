//! From one FollowTheMoney entity to records: a party, or the relations that an edge entity
//! spells out, with the links and the listings that its properties state.
//!
//! Records borrow from the line; texts that do not stand there lie in an arena that lasts as long.

use super::line::Entity;
use super::own::{self, Own};
use super::schema::{self, EdgeSchema};
use crate::error::{Error, Place, Result};
use crate::import::percent;
use crate::import::{Input, Report};
use crate::model::{
    CitationView, Direct, EndView, FactView, Id, IdView, ListingView, PartialDate, PartyView, RelationView, Share, prop,
};
use bumpalo::Bump;
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
pub(super) fn full_id<'b>(id: &'b str, input: &dyn Here) -> Result<IdView<'b>> {
    Id::view(NAMESPACE, id).map_err(|e| e.at(input.here()))
}

/// One citation per dataset; none where the entity names no dataset.
pub(super) fn citations<'b>(e: &'b Entity<'_>, id: IdView<'b>) -> Vec<CitationView<'b>> {
    let cite = |d: &'b str| CitationView { source: d, locator: id.local, quote: "" };
    e.datasets.0.iter().map(|d| d.as_str()).filter(|d| !d.is_empty()).map(cite).collect()
}

/// The most facts that room is made for ahead.
const ROOM: usize = 1024;

/// About how many facts an entity makes.
fn room(e: &Entity<'_>) -> usize {
    let values: usize = e.properties.iter().flatten().map(|(_, v)| v.0.len()).sum();
    (values + e.seen.len() + e.extra.len() + 5).min(ROOM)
}

/// Members of the entity that are no properties, as facts.
fn members<'b>(e: &'b Entity<'_>, schema: &'b str, arena: &'b Bump, facts: &mut Vec<FactView<'b>>) {
    facts.push(FactView::new("schema", schema));
    for (name, value) in &e.seen {
        if !value.as_str().is_empty() {
            facts.push(FactView::new(name, value.as_str()));
        }
    }
    if let Some(target) = e.target {
        facts.push(FactView::new("target", if target { "true" } else { "false" }));
    }
    for (name, json) in e.extra.iter().filter(|(name, _)| name.as_str() != own::MEMBER) {
        let text = match serde_json::from_str::<String>(json.get()) {
            Ok(text) => arena.alloc_str(&text),
            Err(_) => json.get(),
        };
        facts.push(FactView::new(name.as_str(), text));
    }
}

/// The party that an entity is, with every property that does not link to another.
pub(super) fn party<'b>(
    e: &'b Entity<'_>,
    id: IdView<'b>,
    schema: &'b str,
    arena: &'b Bump,
    input: &dyn Here,
    report: &mut Report,
) -> PartyView<'b> {
    let mut party = PartyView { id, node_type: schema::node_type(schema), ..PartyView::default() };
    party.facts.reserve(room(e));
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
                None => FactView::new(name, value),
                Some((prop::BIRTH, _)) => birth(value, arena, input, report),
                Some((ours, kind)) => {
                    let named = prop::NAMES.contains(&ours);
                    let fact = if named { FactView::name(ours, value) } else { FactView::new(ours, value) };
                    if kind { FactView { kind: name, ..fact } } else { fact }
                }
            };
            party.facts.push(e.qualified(name, value, arena, fact));
        }
    }
    if let Some(caption) = e.caption.as_ref().map(|c| c.as_str()).filter(|c| !c.trim().is_empty()) {
        let (mut named, mut known) = (false, false);
        for f in party.facts.iter().filter(|f| prop::NAMES.contains(&f.prop)) {
            named |= f.prop == prop::NAME;
            known |= f.value == caption;
        }
        if !named && !known {
            party.facts.push(FactView { kind: "caption", ..FactView::name(prop::NAME, caption) });
        } else {
            party.facts.push(FactView::new("caption", caption));
        }
    }
    members(e, schema, arena, &mut party.facts);
    if let Some(own) = Own::of(e, input, report) {
        if let Some(known) = own.node_type() {
            party.node_type = arena.alloc_str(known);
        }
        party.facts.extend(own.options(arena));
    }
    party
}

fn ends_of(schema: &str, name: &str) -> bool {
    schema::edge(schema).is_some_and(|e| e.source == name || e.target == name)
}

fn birth<'b>(value: &'b str, arena: &'b Bump, input: &dyn Here, report: &mut Report) -> FactView<'b> {
    match PartialDate::parse(value) {
        Ok(date) => {
            let text = date.to_string();
            if text == value {
                return FactView::new(prop::BIRTH, value);
            }
            FactView { raw: value, ..FactView::new(prop::BIRTH, arena.alloc_str(&text)) }
        }
        Err(_) => {
            report.suspect("date not understood", input.here(), value);
            FactView::new("birth_text", value)
        }
    }
}

/// The relations stated by properties that hold ids of other entities. Both ends of an edge
/// entity that lacks the other are links too.
pub(super) fn links<'b>(
    e: &'b Entity<'_>,
    id: IdView<'b>,
    schema: &str,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<RelationView<'b>>> {
    let mut out: Vec<RelationView<'b>> = Vec::new();
    let cites = citations(e, id);
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
            let (from, to) = if link.flip { (other, id) } else { (id, other) };
            let mut r = RelationView::new(EndView::Id(from), link.edge_type, EndView::Id(to));
            r.ordinal = *ordinal;
            (*ordinal, *by) = (*ordinal + 1, name);
            r.facts.push(FactView::new("source_label", name));
            if link.flip {
                r.facts.push(FactView::new("source_direction", "reversed"));
            }
            if schema == "Sanction" && link.edge_type == "designation_of" {
                (r.start, r.end) = dates;
            }
            r.cites = match e.claim(name, value) {
                Some(claim) if !claim.cites.is_empty() => claim.citations(),
                _ => cites.clone(),
            };
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
pub(super) fn relations<'b>(
    e: &'b Entity<'_>,
    id: IdView<'b>,
    edge: &EdgeSchema,
    arena: &'b Bump,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<RelationView<'b>>> {
    let ends = |name| e.values(name).map(|v| full_id(v, input)).collect::<Result<Vec<_>>>();
    let (sources, targets) = (ends(edge.source)?, ends(edge.target)?);
    let pairs = sources.len().saturating_mul(targets.len());
    if pairs > MAX_PAIRS {
        return Err(
            Error::input(format!("{pairs} relations in one {}, the most is {MAX_PAIRS}", edge.schema)).at(input.here())
        );
    }
    let (Some(a), Some(b)) = (sources.first(), targets.first()) else { return Ok(Vec::new()) };
    let turned = |a: IdView<'b>, b: IdView<'b>| {
        let (from, to) = if edge.flip { (b, a) } else { (a, b) };
        (EndView::Id(from), EndView::Id(to))
    };
    let (from, to) = turned(*a, *b);
    let mut base = RelationView { id: Some(id), ..RelationView::new(from, edge.edge_type, to) };
    describe(&mut base, e, edge, arena, input, report);
    base.cites = citations(e, id);
    bounded(pairs, base.facts.len() + base.cites.len(), input)?;
    if pairs == 1 {
        return Ok(vec![base]);
    }
    let mut out = Vec::with_capacity(pairs);
    for a in &sources {
        for b in &targets {
            let (source, target) = turned(*a, *b);
            let id = full_id(arena.alloc_str(&format!("{}/{}", id.local, out.len() + 1)), input)?;
            out.push(RelationView { id: Some(id), source, target, ..base.clone() });
        }
    }
    Ok(out)
}

/// The type of an ownership or control of which it is not known whether it is a summary of others.
pub(crate) const DIRECT_OR_INDIRECT: &str = "direct or indirect";

/// Share, dates, role and facts of an edge entity.
fn describe<'b>(
    r: &mut RelationView<'b>,
    e: &'b Entity<'_>,
    edge: &EdgeSchema,
    arena: &'b Bump,
    input: &dyn Here,
    report: &mut Report,
) {
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
    let roles: Vec<&'b str> = e.values(role).collect();
    r.role = match &roles[..] {
        [] => "",
        [one] => one,
        all => arena.alloc_str(&all.join("; ")),
    };
    r.facts.reserve(room(e));
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
                let fact = FactView::new(name, value.as_str());
                r.facts.push(e.qualified(name, value.as_str(), arena, fact));
            }
        }
    }
    if let Some(caption) = e.caption.as_ref().filter(|c| !c.as_str().is_empty()) {
        r.facts.push(FactView::new("caption", caption.as_str()));
    }
    members(e, edge.schema, arena, &mut r.facts);
    if edge.flip {
        r.facts.push(FactView::new("source_label", edge.schema));
        r.facts.push(FactView::new("source_direction", "reversed"));
    } else if edge.schema == "Documentation" {
        r.facts.push(FactView::new("source_label", "documents"));
    }
    if let Some(own) = Own::of(e, input, report) {
        own.tell(r, arena, input, report);
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
pub(super) fn listings<'b>(
    e: &'b Entity<'_>,
    id: IdView<'b>,
    source: &'b str,
    input: &dyn Here,
    report: &mut Report,
) -> Result<Vec<(IdView<'b>, ListingView<'b>)>> {
    let (from, to) = period(e, &["listingDate", "startDate"], input, report);
    let all = |names: &[&'static str]| -> Vec<&'b str> {
        let mut seen = BTreeSet::new();
        names.iter().flat_map(|n| e.values(n)).filter(|v| seen.insert(*v)).collect()
    };
    let mut cites = citations(e, id);
    if cites.is_empty() {
        cites.push(CitationView { source: "", locator: id.local, quote: "" });
    }
    let mut out = Vec::new();
    let parties: BTreeSet<&str> = e.values("entity").collect();
    let (programs, measures) = (all(&["programId", "program"]), all(&["provisions"]));
    bounded(parties.len().saturating_mul(cites.len()), 1 + programs.len() + measures.len(), input)?;
    for party in parties {
        let party = full_id(party, input)?;
        for cite in &cites {
            let list = if cite.source.is_empty() { source } else { schema::list_of(cite.source) };
            out.push((
                party,
                ListingView {
                    list,
                    from,
                    to,
                    programs: programs.clone(),
                    basis: Vec::new(),
                    measures: measures.clone(),
                    cites: vec![*cite],
                },
            ));
        }
    }
    Ok(out)
}
