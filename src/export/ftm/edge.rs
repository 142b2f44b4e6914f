//! From relations to properties that link entities, and to edge entities.
//!
//! An edge entity never says more than the relation: what is alleged, sought, former or of a
//! type that FollowTheMoney lacks becomes an `UnknownLink` whose role says what it is.

use super::Writer;
use super::entity::Entity;
use super::ids::OWN;
use super::party::sentence;
use crate::import::ftm::{DIRECT_OR_INDIRECT, model, schema};
use crate::import::percentage;
use crate::model::{Act, Citation, Direct, End, Fact, Listing, PartialDate, RelationRecord, Status, prop};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The edge schema of an edge type that means the same.
fn edge_schema(edge_type: &str) -> Option<&'static str> {
    Some(match edge_type {
        "owns" => "Ownership",
        "controls" => "Control",
        "directs" => "Directorship",
        "member_of" => "Membership",
        "employs" => "Employment",
        "acts_for" => "Representation",
        "succeeds" => "Succession",
        "owes" => "Debt",
        "pays" => "Payment",
        "awarded_contract_to" => "ContractAward",
        "holds_position" => "Occupancy",
        "family_of" => "Family",
        "associate_of" => "Associate",
        "linked_to" => "UnknownLink",
        "possibly_same_as" => "Similar",
        _ => return None,
    })
}

/// A relation that its source does not state as a fact that holds.
fn soft(r: &RelationRecord) -> bool {
    r.status != Status::Asserted || r.act != Act::Done || r.value(prop::FORMER) == Some("true")
}

/// The type and what holds back from stating it plainly: `supplies (sought, alleged)`.
fn words(r: &RelationRecord) -> String {
    let mut why: Vec<&str> = Vec::new();
    if r.act != Act::Done {
        why.push(r.act.as_str());
    }
    if r.status != Status::Asserted {
        why.push(r.status.as_str());
    }
    if r.value(prop::FORMER) == Some("true") {
        why.push("former");
    }
    let name = r.edge_type.replace('_', " ");
    if why.is_empty() { name } else { format!("{name} ({})", why.join(", ")) }
}

fn id_of(end: &End) -> &str {
    match end {
        End::Id(id) => id.as_str(),
        End::Name(name) => name,
    }
}

/// An id that was made from the ends, as that of a relation whose source gives none.
fn derived(r: &RelationRecord, id: &str) -> bool {
    let bare = RelationRecord { id: None, ..r.clone() };
    id == bare.external_id() || id.contains(&format!(">{}>", r.edge_type))
}

/// The id of a relation before it takes their form: its own, else a hash of the one derived from
/// its ends; `id` is its id among those of the export.
pub(crate) fn name_of(r: &RelationRecord, id: &str) -> String {
    match &r.id {
        Some(own) if !derived(r, own.as_str()) => own.as_str().to_owned(),
        _ => format!("rel:{:016x}", xxh3_64(id.as_bytes())),
    }
}

impl Writer<'_> {
    /// Writes a relation; `id` is its id among those of the export.
    pub(super) fn relation(&mut self, r: &RelationRecord, id: &str) {
        if r.status == Status::Withdrawn {
            self.lost.count("withdrawn relations are left out");
            return;
        }
        if !soft(r) && (self.labelled(r) || self.programme(r) || self.designates(r) || self.natural(r)) {
            return;
        }
        let e = self.edge(r, id);
        match r.id.as_ref().map(|i| i.as_str()).and_then(|i| i.strip_prefix(OWN)?.rsplit_once('/')) {
            Some((base, n)) if n.parse::<u32>().is_ok() => {
                self.fans.entry(base.to_owned()).or_default().push(self.entities.len());
            }
            _ => {}
        }
        self.entities.push(e);
    }

    /// The schema and place of the entity that a party became.
    fn entity_of(&self, end: &End) -> Option<(usize, &'static str)> {
        let at = *self.places.get(id_of(end))?;
        Some((at, self.entities.get(at)?.schema))
    }

    /// Writes a relation that came from a property into the same property.
    fn labelled(&mut self, r: &RelationRecord) -> bool {
        let Some(label) = r.value("source_label") else { return false };
        let label = label.to_owned();
        let flip = r.value("source_direction") == Some("reversed");
        let (own, other) = if flip { (&r.target, &r.source) } else { (&r.source, &r.target) };
        let Some((at, schema_name)) = self.entity_of(own) else { return false };
        let lone = schema::edge(schema_name).is_some_and(|e| e.source == label || e.target == label);
        let fits = match schema::link(schema_name, &label) {
            Some(l) => l.edge_type == r.edge_type && l.flip == flip,
            None => lone && r.edge_type == "linked_to" && !flip,
        };
        fits && self.link(at, &label, id_of(other), r)
    }

    /// Writes a relation of another source into the property that FollowTheMoney has for it.
    fn natural(&mut self, r: &RelationRecord) -> bool {
        // Relations with dates, a share or the like of their own would lose them.
        let dated = r.share.is_some() || r.start.is_some() || r.end.is_some() || !r.role.is_empty();
        if dated || r.direct != Direct::Direct || !r.stake.is_empty() || !r.joint.is_empty() {
            return false;
        }
        let is = |found: Option<(usize, &'static str)>, wanted: &str| {
            found.filter(|(_, s)| model::is_a(s, wanted)).map(|(at, _)| at)
        };
        let (a, b) = (self.entity_of(&r.source), self.entity_of(&r.target));
        let found = match r.edge_type.as_str() {
            "has_address" => is(b, "Address").and(is(a, "Thing")).map(|at| (at, "addressEntity", &r.target)),
            "has_identifier" => is(a, "LegalEntity").and(is(b, "Identification")).map(|at| (at, "holder", &r.source)),
            "holds_wallet" => is(a, "LegalEntity").and(is(b, "CryptoWallet")).map(|at| (at, "holder", &r.source)),
            "holds_account" => is(a, "LegalEntity").and(is(b, "UserAccount")).map(|at| (at, "owner", &r.source)),
            "issues" => is(a, "LegalEntity").and(is(b, "Security")).map(|at| (at, "issuer", &r.source)),
            "parent_of" => is(a, "LegalEntity").and(is(b, "LegalEntity")).map(|at| (at, "parent", &r.source)),
            "operates" => is(a, "LegalEntity").and(is(b, "Vehicle")).map(|at| (at, "operator", &r.source)),
            "part_of" => is(b, "Territory").and(is(a, "Territory")).map(|at| (at, "partOf", &r.target)),
            "participates_in" => is(a, "LegalEntity").and(is(b, "Event")).map(|at| (at, "involved", &r.source)),
            _ => None,
        };
        found.is_some_and(|(at, name, other)| self.link(at, name, id_of(other), r))
    }

    /// A programme is a text of the parties under it, not a party itself.
    fn programme(&mut self, r: &RelationRecord) -> bool {
        let details = r.share.is_some() || r.start.or(r.end).is_some() || !r.role.is_empty();
        let Some((at, kind)) = self.entity_of(&r.source) else { return false };
        if r.edge_type != "under_program" || details || !model::is_a(kind, "Thing") {
            return false;
        }
        let target = self.entity_of(&r.target).and_then(|(at, _)| self.entities.get(at));
        let Some(name) = target.and_then(|e| e.values("name").first()).cloned() else { return false };
        let Some(e) = self.entities.get_mut(at) else { return false };
        e.put("program", name);
        e.cite(&r.cites);
        self.lost.count("relations to programmes are the text program");
        true
    }

    /// A designation and the listing that it is are one `Sanction`. Without a listing it must not
    /// become one: readers take a `Sanction` of a party as its listing.
    fn designates(&mut self, r: &RelationRecord) -> bool {
        let End::Id(party) = &r.target else { return false };
        let Some((at, "Sanction")) = self.entity_of(&r.source) else { return false };
        let free = |e: &Entity| e.values("entity").is_empty();
        if r.edge_type != "designation_of" || !self.entities.get(at).is_some_and(free) {
            return false;
        }
        let Some(all) = self.listed.get(party.as_str()) else { return false };
        let fits = |(i, l): &(usize, &Listing)| {
            (r.start.is_none() || l.from == r.start) && !self.said.contains(&(party.as_str().to_owned(), *i))
        };
        let Some((i, listing)) = all.iter().enumerate().find(fits) else { return false };
        let listing = listing.clone();
        self.said.insert((party.as_str().to_owned(), i));
        let Some(mut e) = self.entities.get(at).cloned() else { return false };
        e.put("entity", self.ids.of(party.as_str()));
        for (name, day) in [("startDate", r.start), ("endDate", r.end)] {
            if let Some(day) = day {
                e.put(name, day.to_string());
            }
        }
        if !e.datasets.is_empty() {
            self.lost.count("listings are cited to their list alone");
        }
        e.datasets.clear();
        self.listing(&mut e, &listing);
        for f in r.facts.iter().filter(|f| !matches!(f.prop.as_str(), "source_label" | "source_direction")) {
            self.prose(&mut e, sentence(f), "values that the model has no property for");
        }
        if let Some(slot) = self.entities.get_mut(at) {
            *slot = e;
        }
        true
    }

    fn link(&mut self, at: usize, name: &str, other: &str, r: &RelationRecord) -> bool {
        let other = self.ids.of(other);
        let Some(e) = self.entities.get_mut(at) else { return false };
        // One entity may have very many; a list of them would be searched each time.
        if self.linked.insert((at, xxh3_64_with_seed(other.as_bytes(), xxh3_64(name.as_bytes())))) {
            e.push(name, other);
        }
        e.cite(&r.cites);
        // The dates of a sanction are its own.
        let dated = r.start.or(r.end).is_some() && e.schema != "Sanction";
        let told = |f: &Fact| matches!(f.prop.as_str(), "source_label" | "source_direction" | "not_named_since");
        if dated || r.share.is_some() || !r.role.is_empty() || !r.facts.iter().all(told) {
            self.lost.count("links lose their details");
        }
        true
    }

    /// The schema of a relation that is an entity of its own.
    fn schema_of_edge(&mut self, r: &RelationRecord) -> &'static schema::EdgeSchema {
        let told = r.facts.iter().filter(|f| f.prop == "schema").find_map(|f| schema::edge(&f.value));
        let target = self.entity_of(&r.target).map(|(_, s)| s).unwrap_or_default();
        let known = match r.edge_type.as_str() {
            "participates_in" if model::is_a(target, "Project") => Some("ProjectParticipant"),
            "participates_in" if model::is_a(target, "CourtCase") => Some("CourtCaseParty"),
            other => edge_schema(other),
        };
        let found = match told.filter(|s| s.edge_type == r.edge_type).or_else(|| known.and_then(schema::edge)) {
            Some(s) if !soft(r) => Some(s),
            Some(_) => {
                self.lost.count("relations that are former, not done or not asserted are UnknownLink");
                None
            }
            None => {
                self.lost.count(format!("relations of type {} are UnknownLink with that role", r.edge_type));
                None
            }
        };
        found.unwrap_or_else(schema::unknown_link)
    }

    fn edge(&mut self, r: &RelationRecord, id: &str) -> Entity {
        let s = self.schema_of_edge(r);
        let id = self.ids.of_edge(&name_of(r, id));
        let mut e = Entity::new(id, s.schema);
        let (near, far) = if s.flip { (&r.target, &r.source) } else { (&r.source, &r.target) };
        e.put(s.source, self.ids.of(id_of(near)));
        e.put(s.target, self.ids.of(id_of(far)));
        e.cite(&r.cites);
        let plain = s.edge_type == r.edge_type && !soft(r);
        if !plain {
            e.put("role", words(r));
        }
        if s.edge_type != r.edge_type {
            (e.own.kind, e.own.role) = (r.edge_type.clone(), r.role.clone());
        }
        self.edge_share(&mut e, r);
        self.edge_dates(&mut e, r);
        let role = ["role", "relationship"].into_iter().find(|n| self.properties.text(e.schema, n));
        let joined = |name: &str| values(r, name).collect::<Vec<_>>().join("; ");
        match role {
            // Several values were joined to one role at import.
            Some(name) if plain && (joined("role") == r.role || joined(name) == r.role) => {}
            Some(name) => e.put(name, r.role.as_str()),
            None if !r.role.is_empty() && joined("role") != r.role => {
                self.prose(&mut e, format!("role: {}", r.role), "roles");
            }
            None => {}
        }
        self.edge_qualities(&mut e, r);
        for f in &r.facts {
            self.edge_fact(&mut e, r, f, s);
        }
        e
    }

    fn edge_share(&mut self, e: &mut Entity, r: &RelationRecord) {
        let Some(share) = r.share else { return };
        if e.schema != "Ownership" {
            e.own.share = share.to_string();
            return self.prose(e, format!("share: {share}"), "shares of relations that are no Ownership");
        }
        // The source's own words stay where they say the same; they are among the facts.
        let said = values(r, "percentage").filter_map(percentage).collect::<Vec<_>>();
        if said.first() != Some(&share) {
            e.put("percentage", share.to_string());
        }
    }

    fn edge_dates(&mut self, e: &mut Entity, r: &RelationRecord) {
        let has = |names: &[&str], day: PartialDate| {
            names.iter().flat_map(|n| values(r, n)).any(|t| PartialDate::parse(t).is_ok_and(|d| d == day))
        };
        for (names, day) in [(&["startDate", "date"][..], r.start), (&["endDate"][..], r.end)] {
            let Some(day) = day.filter(|d| !has(names, *d)) else { continue };
            let name = names.first().copied().unwrap_or_default();
            if self.properties.text(e.schema, name) {
                e.put(name, day.to_string());
            } else {
                let own = if name == "endDate" { &mut e.own.end } else { &mut e.own.start };
                *own = day.to_string();
                self.prose(e, format!("{name}: {day}"), "dates of relations");
            }
        }
    }

    /// Labels of stakes, joint holdings and summaries of chains.
    fn edge_qualities(&mut self, e: &mut Entity, r: &RelationRecord) {
        (e.own.stake, e.own.joint) = (r.stake.clone(), r.joint.clone());
        if r.status != Status::Asserted {
            r.status.as_str().clone_into(&mut e.own.status);
        }
        if r.act != Act::Done {
            r.act.as_str().clone_into(&mut e.own.act);
        }
        e.own.former = r.value(prop::FORMER) == Some("true");
        for (name, text) in [("stake", &r.stake), ("joint", &r.joint)] {
            if !text.is_empty() {
                self.prose(e, format!("{name}: {text}"), "labels of stakes and joint holdings");
            }
        }
        let name = match e.schema {
            "Ownership" => "ownershipType",
            "Control" => "controlType",
            _ => "",
        };
        match (r.direct, name) {
            (Direct::Direct, _) => {}
            (direct, "") => {
                direct.as_str().clone_into(&mut e.own.direct);
                self.prose(e, format!("direct: {}", direct.as_str()), "relations that may be indirect");
            }
            (Direct::Indirect, _) if values(r, name).next().is_none() => e.put(name, "indirect"),
            (Direct::Indirect, _) => {}
            // Read as direct it would be added to the links that it may sum up.
            (Direct::Unknown, _) => e.put(name, DIRECT_OR_INDIRECT),
        }
    }

    fn edge_fact(&mut self, e: &mut Entity, r: &RelationRecord, f: &Fact, s: &'static schema::EdgeSchema) {
        e.cite(&f.cites);
        if e.member(&f.prop, &f.value) {
            return;
        }
        let same = match f.prop.as_str() {
            "source_direction" => s.flip && s.edge_type == r.edge_type,
            "source_label" => f.value == s.schema || (s.schema == "Documentation" && f.value == "documents"),
            "not_named_since" => r.end.is_some_and(|d| d.to_string() == f.value),
            prop::FORMER => true,
            _ => false,
        };
        if same {
            return;
        }
        if self.properties.text(e.schema, &f.prop) && f.status == Status::Asserted {
            e.put(&f.prop, f.value.as_str());
        } else {
            self.prose(e, sentence(f), "values that the model has no property for");
        }
    }

    /// Puts the relations that one entity of several owners or assets fans out to together again.
    pub(super) fn gather(&mut self) {
        let mut gone: Vec<usize> = Vec::new();
        for (base, at) in std::mem::take(&mut self.fans) {
            let Some(whole) = self.whole_fan(&base, &at) else { continue };
            let Some((first, rest)) = at.split_first() else { continue };
            if let Some(slot) = self.entities.get_mut(*first) {
                *slot = whole;
            }
            gone.extend(rest);
        }
        gone.sort_unstable();
        let mut n = 0;
        self.entities.retain(|_| {
            n += 1;
            gone.binary_search(&(n - 1)).is_err()
        });
    }

    /// One entity for relations that agree but for their ends, if they are all pairs of them.
    fn whole_fan(&self, base: &str, at: &[usize]) -> Option<Entity> {
        let all: Vec<&Entity> = at.iter().filter_map(|i| self.entities.get(*i)).collect();
        let first = *all.first()?;
        let s = schema::edge(first.schema)?;
        let mut whole = Entity { id: base.to_owned(), ..first.clone() };
        let strip = |e: &Entity| {
            let mut e = Entity { id: String::new(), ..e.clone() };
            e.properties.retain(|(n, _)| n != s.source && n != s.target);
            e
        };
        if self.places.contains_key(format!("{OWN}{base}").as_str()) || all.iter().any(|e| strip(e) != strip(first)) {
            return None;
        }
        for e in &all {
            for name in [s.source, s.target] {
                e.values(name).iter().for_each(|v| whole.put(name, v.as_str()));
            }
        }
        (whole.values(s.source).len() * whole.values(s.target).len() == all.len()).then_some(whole)
    }
}

/// The values of one property of a relation.
fn values<'r>(r: &'r RelationRecord, name: &'r str) -> impl Iterator<Item = &'r str> {
    r.facts.iter().filter(move |f| f.prop == name).map(|f| f.value.as_str())
}

/// Whether citations name only datasets that stand for a list.
pub(super) fn datasets_of_list(cites: &[Citation], list: &str) -> bool {
    !cites.is_empty() && cites.iter().all(|c| schema::list_of(&c.source) == list)
}

/// Places of the relations of one fan, by the id of its entity.
pub(super) type Fans = std::collections::BTreeMap<String, Vec<usize>>;
