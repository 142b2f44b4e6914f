//! Building the index from the records of all sources.
//!
//! The index is derived: it can be built again from the records at any time, and its numbers
//! may change at any build.

use super::date_codes::DateCodes;
use super::edge_row::EdgeRow;
use super::gather::{Meanings, Stands, unknown};
use super::intern::Intern;
use super::literal::{Found, Literals};
use super::names::NameKind;
use super::naming::{Named, Naming, beside};
use super::prov::ProvTable;
use crate::error::{Error, Result};
use crate::model::{
    Catalogue, CitationView, EndView, FactView, IdView, PartialDate, PartyView, Record, RecordView, RelationView,
    Ruling, Share, Status, prop,
};
use crate::store::{Action, Edit, Interval, NOTES, RowSorter, Snapshot, Storage};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Bits of the node flags.
pub(super) mod flag {
    /// A literal name that fits no one party.
    pub(crate) const UNRESOLVED: u16 = 1;
    /// The name fits several parties.
    pub(crate) const AMBIGUOUS: u16 = 2;
    /// The party has a fact that sets an option of questions about ownership.
    pub(crate) const OPTIONS: u16 = 4;
}

/// Record numbers at and above this one are edits of the journal.
pub(super) const EDIT_BASE: u32 = 0xf000_0000;

/// The longest literal name that stands whole in the id of its stub, in bytes.
const MAX_STUB: usize = 900;

/// How the literal names of one source were resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resolution {
    /// Fit one party of the same source.
    pub own: u64,
    /// Fit one party of another source.
    pub other: u64,
    /// Fit several.
    pub ambiguous: u64,
    /// Fit none.
    pub unresolved: u64,
}

/// What a build found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Built {
    /// Nodes.
    pub nodes: u32,
    /// Edges.
    pub edges: u32,
    /// Per source and edge type, how literal names were resolved.
    pub resolution: BTreeMap<String, BTreeMap<String, Resolution>>,
    /// Per source, names that fit several parties, the first few.
    pub ambiguous: BTreeMap<String, Vec<String>>,
}

/// An end that is a literal name.
pub(super) struct Pending {
    /// Which of the open edges it belongs to.
    pub(super) row: usize,
    pub(super) at_source: bool,
    pub(super) name: String,
    pub(super) source: u16,
}

/// Gathers rows; [`Builder::write`] sorts them into sections.
pub(super) struct Builder {
    pub(super) catalogue: Catalogue,
    pub(super) kinds: FxHashMap<String, u16>,
    pub(super) node_kinds: FxHashMap<String, u16>,
    pub(super) ids: Intern,
    pub(super) types: Vec<u16>,
    pub(super) flags: Vec<u16>,
    /// Labels and names.
    pub(super) naming: Naming,
    /// Edges, those with an end to be resolved apart.
    pub(super) edges: RowSorter<EdgeRow>,
    /// Record, 0 and hash of the id, of the edges that have one from their source.
    pub(super) own_ids: RowSorter<(u32, u8, u64)>,
    pub(super) open_edges: Vec<EdgeRow>,
    /// Dates of edges, numbered.
    pub(super) dates: DateCodes,
    pub(super) literals: Literals,
    /// Node, record, provenance.
    pub(super) records: RowSorter<(u32, u32, u32)>,
    /// Node, list, first day, first day no longer, provenance.
    pub(super) listed: RowSorter<(u32, u32, u32, u32, u32)>,
    pub(super) lists: Intern,
    pub(super) shares: Vec<Share>,
    share_codes: FxHashMap<Share, u32>,
    /// The same of exact shares with small numbers, which nearly all are.
    plain_shares: FxHashMap<u64, u32>,
    pub(super) provs: ProvTable,
    /// Hash of another id, node, deciding record.
    pub(super) aliases: RowSorter<(u64, u32, u32)>,
    pub(super) storage: Arc<dyn Storage>,
    pub(super) pending: Vec<Pending>,
    pub(super) described: Vec<u32>,
    pub(super) arranged: Vec<u32>,
    pub(super) sources: Vec<String>,
    scratch: Vec<u8>,
    /// Room for the numbers of the ids in hand.
    pub(super) numbers: Vec<u32>,
    /// Ids of the parties below this layer that literal names may mean, by name.
    below: HashMap<String, String>,
}

/// Who stands by a record, and when.
#[derive(Clone, Copy)]
pub(super) struct Standing<'i> {
    pub(super) source: u16,
    pub(super) intervals: &'i [Interval],
}

impl Standing<'_> {
    /// Whether the source still does.
    pub(super) fn open(&self) -> bool {
        self.intervals.last().is_some_and(|i| i.to.is_none())
    }
}

pub(super) fn ids_full() -> Error {
    Error::input("the ids of the store are longer than 4 GiB")
}

pub(super) fn bits(d: Option<PartialDate>) -> u32 {
    d.map_or(0, PartialDate::to_bits)
}

impl Builder {
    /// An empty index over a catalogue. What does not fit into memory goes to nameless files of
    /// the storage.
    pub(super) fn new(catalogue: Catalogue, storage: &Arc<dyn Storage>) -> Builder {
        let mut kinds = FxHashMap::default();
        for (i, t) in catalogue.edge_types().iter().enumerate() {
            for n in std::iter::once(&t.name).chain(&t.synonyms) {
                kinds.entry(n.clone()).or_insert(i as u16);
            }
        }
        let mut node_kinds = FxHashMap::default();
        for (i, t) in catalogue.node_types().iter().enumerate() {
            for n in std::iter::once(&t.name).chain(&t.synonyms) {
                node_kinds.entry(n.clone()).or_insert(i as u16);
            }
        }
        Builder {
            catalogue,
            kinds,
            node_kinds,
            ids: Intern::default(),
            types: Vec::new(),
            flags: Vec::new(),
            naming: Naming::new(storage),
            edges: RowSorter::parked(storage),
            own_ids: RowSorter::new(storage),
            open_edges: Vec::new(),
            dates: DateCodes::default(),
            literals: Literals::default(),
            records: RowSorter::new(storage),
            listed: RowSorter::new(storage),
            lists: Intern::default(),
            shares: Vec::new(),
            share_codes: FxHashMap::default(),
            plain_shares: FxHashMap::default(),
            provs: ProvTable::default(),
            aliases: RowSorter::new(storage),
            storage: Arc::clone(storage),
            pending: Vec::new(),
            described: Vec::new(),
            arranged: Vec::new(),
            sources: Vec::new(),
            scratch: Vec::new(),
            numbers: Vec::new(),
            below: HashMap::new(),
        }
    }

    pub(super) fn unknown_type(&self) -> u16 {
        self.node_kinds.get("thing").copied().unwrap_or(0)
    }

    fn node(&mut self, id: &str) -> Result<u32> {
        let (n, new) = self.ids.number(id).ok_or_else(ids_full)?;
        if new {
            self.types.push(self.unknown_type());
            self.flags.push(0);
        }
        Ok(n)
    }

    fn node_of(&mut self, id: &IdView<'_>) -> Result<u32> {
        let (n, new) = self.ids.number_of(id).ok_or_else(ids_full)?;
        if new {
            self.types.push(self.unknown_type());
            self.flags.push(0);
        }
        Ok(n)
    }

    pub(super) fn source_code(&mut self, id: &str) -> Result<u16> {
        let at = match self.sources.iter().position(|s| s == id) {
            Some(i) => i,
            None => {
                self.sources.push(id.to_owned());
                self.sources.len() - 1
            }
        };
        u16::try_from(at).map_err(|_| Error::input("a store cannot have more than 65,536 sources"))
    }

    fn prov<'c>(&mut self, from: Standing<'_>, cites: impl Iterator<Item = &'c CitationView<'c>>) -> u32 {
        let source = self.sources.get(usize::from(from.source)).map_or("", String::as_str);
        self.provs.of(source, from.intervals, cites.map(|c| c.source))
    }

    /// Takes one record. `number` is the record's.
    fn record(&mut self, from: Standing<'_>, number: u32, record: &RecordView<'_>) -> Result<()> {
        match record {
            RecordView::Party(p) => self.party(from, number, p),
            RecordView::Relation(r) => self.relation(from, number, r),
            RecordView::Other(other) => self.other(number, other),
        }
    }

    /// Takes one record of the rarer kinds.
    pub(super) fn other(&mut self, number: u32, other: &Record) -> Result<()> {
        match other {
            Record::Decision(d) if d.ruling == Ruling::Same => {
                let node = self.node(d.a.as_str())?;
                self.aliases.push((xxh3_64(d.b.as_str().as_bytes()), node, number))
            }
            Record::Source(_) => {
                self.described.push(number);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes a type that a record states for a node: it stands in place of none and of a vaguer one.
    pub(super) fn refine_type(&mut self, node: u32, kind: u16) {
        if let Some(t) = self.types.get_mut(node as usize).filter(|t| **t != kind) {
            let name = |k: u16| self.catalogue.node_types().get(usize::from(k)).map_or("", |t| t.name.as_str());
            let vague = |k: u16| matches!(name(k), "thing" | "legal_entity" | "unknown_party");
            if vague(*t) && !(vague(kind) && name(*t) != "thing") {
                *t = kind;
            }
        }
    }

    /// The number of a share, 0 for none.
    pub(super) fn share_code(&mut self, share: Option<Share>) -> u32 {
        let Some(s) = share else { return 0 };
        let next = self.shares.len() as u32 + 1;
        let (num, den) = s.min.fraction();
        let plain = s.as_exact().is_some() && num <= u64::from(u32::MAX) && den <= u64::from(u32::MAX);
        let code = if plain {
            *self.plain_shares.entry(num << 32 | den).or_insert(next)
        } else {
            *self.share_codes.entry(s).or_insert(next)
        };
        if code == next {
            self.shares.push(s);
        }
        code
    }

    fn party(&mut self, from: Standing<'_>, number: u32, p: &PartyView<'_>) -> Result<()> {
        let node = self.node_of(&p.id)?;
        let at = node as usize;
        let of_facts = p.facts.iter().flat_map(|f| &f.cites);
        let cites = p.cites.iter().chain(of_facts).chain(p.listings.iter().flat_map(|l| &l.cites));
        let prov = self.prov(from, cites);
        if !p.node_type.is_empty() {
            let kind = self.node_kinds.get(p.node_type).copied();
            self.refine_type(node, kind.ok_or_else(|| unknown("node", p.node_type))?);
        }
        for f in &p.facts {
            if prop::OPTIONS.contains(&f.prop) {
                if let Some(flags) = self.flags.get_mut(at) {
                    *flags |= flag::OPTIONS;
                }
                if f.prop == prop::JOINT_ARRANGEMENT {
                    self.arranged.push(node);
                }
            }
        }
        self.naming.party(Named { node, prov, holds: from.open() }, p)?;
        for l in &p.listings {
            let list = self.lists.number(l.list).map_or(0, |l| l.0);
            self.listed.push((node, list, bits(l.from), bits(l.to), prov))?;
        }
        self.records.push((node, number, prov))
    }

    fn relation(&mut self, from: Standing<'_>, number: u32, r: &RelationView<'_>) -> Result<()> {
        let prov = self.prov(from, r.cites.iter().chain(r.facts.iter().flat_map(|f| &f.cites)));
        let kind = self.kinds.get(r.edge_type).copied();
        let kind = kind.ok_or_else(|| unknown("edge", r.edge_type))?;
        let share = self.share_code(r.share);
        let says_former =
            |f: &FactView<'_>| f.prop == prop::FORMER && f.value == "true" && f.status != Status::Withdrawn;
        let meta = super::index::Meta {
            status: r.status,
            act: r.act,
            direct: r.direct,
            labelled: !r.stake.is_empty() || !r.joint.is_empty(),
            former: r.facts.iter().any(says_former),
        };
        let row = self.open_edges.len();
        let mut named = false;
        let mut ends = [u32::MAX; 2];
        for (slot, (end, at_source)) in ends.iter_mut().zip([(&r.source, true), (&r.target, false)]) {
            match end {
                EndView::Id(id) => *slot = self.node_of(id)?,
                EndView::Name(name) => {
                    named = true;
                    self.pending.push(Pending { row, at_source, name: (*name).to_owned(), source: from.source });
                }
            }
        }
        let [source, target] = ends;
        if let Some(id) = &r.id {
            self.scratch.clear();
            id.write(&mut self.scratch);
            self.own_ids.push((number, 0, xxh3_64(&self.scratch).max(1)))?;
        }
        self.dates.add([r.start, r.end]);
        let edge = EdgeRow {
            source,
            target,
            kind,
            meta: meta.pack(),
            share,
            start: bits(r.start),
            end: bits(r.end),
            prov,
            record: number,
        };
        if named {
            self.open_edges.push(edge);
            return Ok(());
        }
        self.edges.push(edge)
    }

    /// Takes all records of a snapshot, journal included.
    pub(super) fn snapshot(&mut self, snapshot: &Snapshot) -> Result<()> {
        for source in snapshot.sources() {
            let code = self.source_code(&source.entry.info.id)?;
            let (codes, lists) = source.timeline()?;
            let stands = Stands { source: code, codes: Some(&codes), lists: &lists };
            let naming = std::mem::replace(&mut self.naming, Naming::new(&self.storage));
            self.naming = beside(naming, source.len(), |names| {
                let (mut meanings, mut file) = (Meanings::default(), "");
                source.chunks(|chunk| {
                    // Each segment has words of its own.
                    if chunk.file != file {
                        (meanings, file) = (Meanings::default(), chunk.file);
                    }
                    let rows = self.chunk(&stands, source.base, &chunk, &mut meanings)?;
                    names(chunk.bytes, rows)
                })
            })?;
        }
        self.journal_and_literals(snapshot)
    }

    /// The rest of what an index is made of, once it has the records of all sources.
    pub(super) fn journal_and_literals(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.edits(snapshot.journal(), 0)?;
        self.gather_literals(snapshot)
    }

    /// Literal names are few or none; only when there are any the main names that they may mean are
    /// looked for, in a second walk through the records.
    fn gather_literals(&mut self, snapshot: &Snapshot) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.literals.want(self.pending.iter().map(|p| p.name.as_str()));
        for source in snapshot.sources() {
            let code = self.source_code(&source.entry.info.id)?;
            let (codes, lists) = source.timeline()?;
            source.each(|i, frame, _, record| {
                let list = codes.get(i as usize).and_then(|c| lists.get(*c as usize));
                let intervals = list.map_or(&[][..], Vec::as_slice);
                if frame.kind != 0 || intervals.is_empty() {
                    return Ok(());
                }
                self.literal(Standing { source: code, intervals }, &record)
            })?;
        }
        self.each_edit(snapshot.journal(), 0, |b, from, _, record| b.literal(from, record))?;
        self.literals.sort();
        Ok(())
    }

    /// Takes the main names of a party as those that literal names may mean.
    fn literal(&mut self, from: Standing<'_>, record: &RecordView<'_>) -> Result<()> {
        let RecordView::Party(p) = record else { return Ok(()) };
        let names = || p.facts.iter().filter(|f| NameKind::of(f.prop) == Some(NameKind::Name));
        if !names().any(|f| self.literals.wanted(f.value)) {
            return Ok(());
        }
        let node = self.node_of(&p.id)?;
        let of_facts = p.facts.iter().flat_map(|f| &f.cites);
        let cites = p.cites.iter().chain(of_facts).chain(p.listings.iter().flat_map(|l| &l.cites));
        let prov = self.prov(from, cites);
        names().for_each(|f| self.literals.add(f.value, node, from.source, prov));
        Ok(())
    }

    /// Takes the edits of a journal from the given one on.
    pub(super) fn edits(&mut self, edits: &[Edit], from: usize) -> Result<()> {
        self.each_edit(edits, from, |b, standing, number, record| b.record(standing, number, record))
    }

    /// The edits alone, with the literal names that they may mean.
    pub(super) fn journal(&mut self, edits: &[Edit], from: usize) -> Result<()> {
        self.edits(edits, from)?;
        self.literals.want(self.pending.iter().map(|p| p.name.as_str()));
        self.each_edit(edits, from, |b, standing, _, record| b.literal(standing, record))?;
        self.literals.sort();
        Ok(())
    }

    fn each_edit(
        &mut self,
        edits: &[Edit],
        from: usize,
        mut take: impl FnMut(&mut Self, Standing<'_>, u32, &RecordView<'_>) -> Result<()>,
    ) -> Result<()> {
        let code = self.source_code(NOTES)?;
        // A fact put again after it was retracted holds: only later retractions count.
        let mut retracted: HashMap<&str, usize> = HashMap::new();
        for (i, e) in edits.iter().enumerate() {
            if let Action::Retract { id, .. } = &e.action {
                retracted.insert(id, i);
            }
        }
        for (i, e) in edits.iter().enumerate().skip(from) {
            let Action::Put(record) = &e.action else { continue };
            if retracted.get(record.key().as_str()).is_some_and(|r| *r > i) {
                continue;
            }
            // An edit that no index can hold (another program may have written it) must not shut
            // the whole store; `verify` names it.
            let Ok(since) = PartialDate::parse(e.time.get(..10).unwrap_or("")) else { continue };
            if check_types(&self.catalogue, record).is_err() {
                continue;
            }
            let intervals = [Interval { from: since, to: None, replaced: false }];
            take(self, Standing { source: code, intervals: &intervals }, EDIT_BASE + i as u32, &record.view())?;
        }
        Ok(())
    }

    /// Lets literal names that fit nobody here mean a party of the graph that this one is laid over:
    /// `find` gives the id of the one of a name. Both ways to name it then lead to one node.
    pub(super) fn over(&mut self, find: impl Fn(&str) -> Option<String>) {
        for p in &self.pending {
            if !self.below.contains_key(&p.name)
                && let Some(id) = find(&p.name)
            {
                self.below.insert(p.name.clone(), id);
            }
        }
    }

    /// Gives literal names their parties, or a stub.
    pub(super) fn resolve(&mut self, built: &mut Built) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        for p in pending {
            let source = self.sources.get(usize::from(p.source)).cloned().unwrap_or_default();
            let prov = self.open_edges.get(p.row).map_or(0, |e| e.prov);
            let (node, found) = self.literals.find(&p.name, p.source, prov, &self.provs);
            let kind = self.open_edges.get(p.row).and_then(|e| self.catalogue.edge_types().get(usize::from(e.kind)));
            let kind = kind.map_or(String::new(), |t| t.name.clone());
            // What a source no longer says is resolved too, and not counted.
            let mut uncounted = Resolution::default();
            let count = if self.provs.holds(prov) {
                built.resolution.entry(source.clone()).or_default().entry(kind).or_default()
            } else {
                &mut uncounted
            };
            let node = match (node, found) {
                (Some(n), Found::Own) => {
                    count.own += 1;
                    n
                }
                (Some(n), _) => {
                    count.other += 1;
                    n
                }
                (None, Found::None) if self.below.contains_key(&p.name) => {
                    count.other += 1;
                    let id = self.below.get(&p.name).cloned().unwrap_or_default();
                    self.node(&id)?
                }
                (None, found) => {
                    let several = found == Found::Several;
                    if several {
                        count.ambiguous += 1;
                        let list = built.ambiguous.entry(source).or_default();
                        if list.len() < 5 && !list.contains(&p.name) {
                            list.push(p.name.clone());
                        }
                    } else {
                        count.unresolved += 1;
                    }
                    self.stub(&p.name, several)?
                }
            };
            if let Some(e) = self.open_edges.get_mut(p.row) {
                if p.at_source { e.source = node } else { e.target = node }
            }
        }
        for edge in std::mem::take(&mut self.open_edges) {
            self.edges.push(edge)?;
        }
        Ok(())
    }

    fn stub(&mut self, name: &str, several: bool) -> Result<u32> {
        let mut clean: String = name.chars().filter(|c| !c.is_control()).collect();
        if clean.len() > MAX_STUB {
            // Cut to what an id may hold; the hash keeps long names apart.
            let end = (0..=MAX_STUB).rev().find(|i| clean.is_char_boundary(*i)).unwrap_or(0);
            clean.truncate(end);
            clean.push_str(&format!("… {:032x}", xxh3_128(name.as_bytes())));
        }
        let node = self.node(&format!("unresolved:{clean}"))?;
        let at = node as usize;
        if let Some(t) = self.types.get_mut(at) {
            *t = self.node_kinds.get("unresolved_name").copied().unwrap_or(*t);
        }
        if let Some(f) = self.flags.get_mut(at) {
            *f |= flag::UNRESOLVED | if several { flag::AMBIGUOUS } else { 0 };
        }
        self.naming.labels.push(clean.as_bytes(), (node, 0, 0))?;
        Ok(node)
    }
}

/// Whether a catalogue knows the type of a record.
pub(super) fn check_types(catalogue: &Catalogue, record: &Record) -> Result<()> {
    match record {
        Record::Party(p) if !p.node_type.is_empty() && catalogue.node_type(&p.node_type).is_none() => {
            Err(Error::input(format!("node type {:?} is not in the catalogue", p.node_type)))
        }
        Record::Relation(r) if catalogue.edge_type(&r.edge_type).is_none() => {
            Err(Error::input(format!("edge type {:?} is not in the catalogue", r.edge_type)))
        }
        _ => Ok(()),
    }
}

/// The catalogue of a snapshot: the built-in types and those its documents add.
pub(super) fn catalogue(snapshot: &Snapshot) -> Result<Catalogue> {
    let mut c = Catalogue::builtin().clone();
    for source in snapshot.sources() {
        // Only documents add types, and they put them in a part of their own.
        for (base, segment) in source.segments() {
            if !segment.parts().iter().any(|p| p == TYPES_PART) {
                continue;
            }
            let mut at = 0;
            let mut types = Vec::new();
            segment.frames(|frame| {
                if frame.kind >= 4 {
                    types.push(at);
                }
                at += 1;
            })?;
            for i in types {
                match source.record(base + i)?.2 {
                    Record::NodeType(t) => c.add_node_type(t)?,
                    Record::EdgeType(t) => c.add_edge_type(t)?,
                    _ => {}
                }
            }
        }
    }
    Ok(c)
}

/// The part of a release under which types are stored.
pub const TYPES_PART: &str = "types";

/// The part of a release under which descriptions of cited sources are stored.
pub const SOURCES_PART: &str = "sources";

/// The part of a release under which decisions are stored.
pub const DECISIONS_PART: &str = "decisions";
