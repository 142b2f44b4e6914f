//! FollowTheMoney entities (JSON lines), with the properties of its model and no others.
//!
//! Parties become entities, relations edge entities or properties that link, listings
//! `Sanction` entities. What the model has no place for stands in `notes` or `description`
//! as text, and every kind of it is told; what makes the network (types, shares, statuses, stakes,
//! options) stands in a member `cuibono_network` as well, for our own reader. The first line carries the attribution that the
//! licences of the sources ask for, as a member beside the properties.

mod edge;
mod entity;
mod ids;
mod party;

#[cfg(feature = "serve")]
pub(crate) use self::edge::name_of;
#[cfg(feature = "serve")]
pub(crate) use self::entity::{Entity as Written, concrete};
#[cfg(feature = "serve")]
pub(crate) use self::ids::{Ids as WrittenIds, OWN as OWN_IDS, edge_key, free, plain};
#[cfg(feature = "serve")]
pub(crate) use self::party::schema_of;

use self::edge::{Fans, datasets_of_list};
use self::entity::{Entity, Lost, Properties};
use self::ids::{Ids, OWN};
use super::graph::credits;
use super::{Export, Options, notes, whole};
use crate::error::Result;
use crate::model::{Document, End, Id, Listing, PartyRecord};
use std::collections::{BTreeMap, HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// What is written so far.
#[derive(Default)]
struct Writer<'d> {
    ids: Ids,
    entities: Vec<Entity>,
    /// Where the entity of a party is, by the party's id.
    places: HashMap<&'d str, usize>,
    /// Sanctions that are parties of the document, and whom they are known to be about.
    sanctions: HashMap<&'d str, HashSet<&'d str>>,
    /// Listings by party, and those that an entity states already, by place.
    listed: HashMap<&'d str, &'d [Listing]>,
    said: HashSet<(String, usize)>,
    /// Links written, by place and hash of property and value.
    linked: HashSet<(usize, u64)>,
    fans: Fans,
    properties: Properties,
    lost: Lost,
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let whole::Whole { doc, edge_ids } = whole::whole(kept, &mut warnings);
    let doc = doc.as_ref();
    let w = written(doc, &edge_ids, Ids::default());
    let attribution = credits(doc).join("\n");
    let mut out = String::new();
    for (i, e) in w.entities.iter().enumerate() {
        out.push_str(&e.line((i == 0).then_some(attribution.as_str())));
    }
    warnings.extend(w.lost.warnings());
    Ok(Export::one("ftm.json", out, warnings))
}

/// The entities of a document that is whole, under ids that were settled before as far as they are
/// there.
#[cfg(feature = "serve")]
pub(crate) fn entities(doc: &Document, edge_ids: &[String], ids: Ids) -> Vec<Entity> {
    written(doc, edge_ids, ids).entities
}

fn written<'d>(doc: &'d Document, edge_ids: &[String], ids: Ids) -> Writer<'d> {
    let mut w = Writer { ids, ..Writer::default() };
    // Their own ids stay what they are; the others make room.
    let all = || {
        doc.nodes.iter().map(|p| p.id.as_str()).chain(doc.edges.iter().filter_map(|r| Some(r.id.as_ref()?.as_str())))
    };
    all().filter(|id| id.starts_with(OWN)).for_each(|id| w.ids.add(id));
    doc.nodes.iter().for_each(|p| w.ids.add(p.id.as_str()));
    for r in doc.edges.iter().filter(|r| r.edge_type == "designation_of") {
        if let (End::Id(a), End::Id(b)) = (&r.source, &r.target) {
            w.sanctions.entry(a.as_str()).or_default().insert(b.as_str());
        }
    }
    for p in &doc.nodes {
        if bare(p) {
            // Entities may refer to ids that a file does not hold; nothing is made up of them.
            continue;
        }
        let id = w.ids.of(p.id.as_str());
        let mut e = w.party(p, id);
        w.topics(&mut e, p);
        w.places.insert(p.id.as_str(), w.entities.len());
        w.entities.push(e);
    }
    w.listed = doc.nodes.iter().map(|p| (p.id.as_str(), p.listings.as_slice())).collect();
    for (r, id) in doc.edges.iter().zip(edge_ids) {
        w.relation(r, id);
    }
    w.gather();
    for p in &doc.nodes {
        w.listings(p);
    }
    w
}

/// A party of which only the id is known.
fn bare(p: &PartyRecord) -> bool {
    p.facts.is_empty() && p.listings.is_empty() && matches!(p.node_type.as_str(), "" | "thing")
}

impl<'d> Writer<'d> {
    /// The sanctions that list a party, but for those that are entities already.
    fn listings(&mut self, p: &'d PartyRecord) {
        let mut mine: BTreeMap<String, Vec<&'d Listing>> = BTreeMap::new();
        let mut again = 0u32;
        for (i, l) in p.listings.iter().enumerate() {
            if self.said.contains(&(p.id.as_str().to_owned(), i)) {
                continue;
            }
            let stated = l.cites.iter().find_map(|c| {
                let own = p.id.as_str().starts_with(OWN) && !c.locator.is_empty() && c.locator != p.id.local();
                own.then(|| Id::new("ftm", &c.locator).ok())?
            });
            if let Some(id) = &stated {
                if let Some(about) = self.sanctions.get(id.as_str())
                    && about.contains(p.id.as_str())
                {
                    continue;
                }
                if let Some(e) = self.places.get(id.as_str()).and_then(|at| self.entities.get_mut(*at)) {
                    // The sanction is here, the relation to the party was not selected.
                    let of = self.ids.of(p.id.as_str());
                    e.put("entity", of);
                    continue;
                }
                mine.entry(id.as_str().to_owned()).or_default().push(l);
                continue;
            }
            let day = l.from.map(|d| d.to_string()).unwrap_or_default();
            let key = format!("{}|{}|{day}|{again}", p.id, l.list);
            again += 1;
            mine.entry(format!("sanction:{:016x}", xxh3_64(key.as_bytes()))).or_default().push(l);
        }
        for (id, all) in mine {
            let e = self.sanction(p, &id, &all);
            self.entities.push(e);
        }
    }

    fn sanction(&mut self, p: &PartyRecord, id: &str, all: &[&Listing]) -> Entity {
        let mut e = Entity::new(self.ids.of(id), "Sanction");
        e.put("entity", self.ids.of(p.id.as_str()));
        for l in all {
            e.put("authority", l.list.as_str());
            self.listing(&mut e, l);
        }
        e
    }

    /// What a listing says, into the sanction that it is.
    fn listing(&mut self, e: &mut Entity, l: &Listing) {
        if datasets_of_list(&l.cites, &l.list) {
            e.cite(&l.cites);
        } else {
            if !l.cites.is_empty() {
                self.lost.count("listings are cited to their list alone");
            }
            if !e.datasets.contains(&l.list) {
                e.datasets.push(l.list.clone());
            }
        }
        for (name, day) in [("listingDate", l.from), ("endDate", l.to)] {
            if let Some(day) = day {
                e.put(name, day.to_string());
            }
        }
        l.programs.iter().for_each(|v| e.put("program", v.as_str()));
        l.measures.iter().for_each(|v| e.put("provisions", v.as_str()));
        for b in &l.basis {
            self.prose(e, format!("basis: {b}"), "legal bases of listings");
        }
    }
}

#[cfg(test)]
mod tests;
