//! Building the index from the records of all sources.
//!
//! The index is derived: it can be built again from the records at any time, and its numbers
//! may change at any build.

use super::intern::{Intern, hash_table};
use super::layout::{Directory, Section, SectionWriter};
use super::literal::{Found, Literals};
use super::name_table::{NameRow, name_sections};
use super::names::{NameKind, normalise};
use super::prov::{Prov, ProvTable};
use super::texts::{Text, Texts};
use crate::error::{Error, Result};
use crate::model::{
    Catalogue, Citation, End, Fact, Listing, PartialDate, PartyRecord, Record, RelationRecord, Ruling, Share, Status,
    prop,
};
use crate::store::{Action, Edit, FileWriter, NOTES, Snapshot};
use std::collections::{BTreeMap, HashMap};
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

struct EdgeRow {
    source: u32,
    target: u32,
    kind: u16,
    meta: u16,
    share: u32,
    start: u32,
    end: u32,
    prov: u32,
    record: u32,
    own_id: u64,
}

struct ListedRow {
    node: u32,
    list: u32,
    from: u32,
    to: u32,
    prov: u32,
}

struct Pending {
    row: usize,
    at_source: bool,
    name: String,
    source: u16,
}

/// Gathers rows; [`Builder::write`] sorts them into sections.
pub(super) struct Builder {
    catalogue: Catalogue,
    kinds: HashMap<String, u16>,
    node_kinds: HashMap<String, u16>,
    ids: Intern,
    types: Vec<u16>,
    flags: Vec<u16>,
    labels: Vec<(u8, Text)>,
    label_texts: Texts,
    name_texts: Texts,
    edges: Vec<EdgeRow>,
    names: Vec<NameRow>,
    literals: Literals,
    records: Vec<(u32, u32, u32)>,
    listed: Vec<ListedRow>,
    lists: Intern,
    shares: Vec<Share>,
    share_codes: HashMap<Share, u32>,
    provs: ProvTable,
    aliases: Vec<(u64, u32, u32)>,
    pending: Vec<Pending>,
    described: Vec<u32>,
    arranged: Vec<u32>,
    sources: Vec<String>,
}

fn bits(d: Option<PartialDate>) -> u32 {
    d.map_or(0, PartialDate::to_bits)
}

impl Builder {
    /// An empty index over a catalogue.
    pub(super) fn new(catalogue: Catalogue) -> Builder {
        let mut kinds = HashMap::new();
        for (i, t) in catalogue.edge_types().iter().enumerate() {
            for n in std::iter::once(&t.name).chain(&t.synonyms) {
                kinds.entry(n.clone()).or_insert(i as u16);
            }
        }
        let mut node_kinds = HashMap::new();
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
            labels: Vec::new(),
            edges: Vec::new(),
            names: Vec::new(),
            label_texts: Texts::default(),
            name_texts: Texts::default(),
            literals: Literals::default(),
            records: Vec::new(),
            listed: Vec::new(),
            lists: Intern::default(),
            shares: Vec::new(),
            share_codes: HashMap::new(),
            provs: ProvTable::default(),
            aliases: Vec::new(),
            pending: Vec::new(),
            described: Vec::new(),
            arranged: Vec::new(),
            sources: Vec::new(),
        }
    }

    fn unknown_type(&self) -> u16 {
        self.node_kinds.get("thing").copied().unwrap_or(0)
    }

    fn node(&mut self, id: &str) -> Result<u32> {
        let (n, new) = self.ids.number(id).ok_or_else(|| Error::input("the ids of the store are longer than 4 GiB"))?;
        if new {
            self.types.push(self.unknown_type());
            self.flags.push(0);
            self.labels.push((u8::MAX, Text::default()));
        }
        Ok(n)
    }

    fn prov(
        &mut self,
        source: u16,
        intervals: &[crate::store::Interval],
        cites: &[Citation],
        extra: &[Vec<Citation>],
    ) -> u32 {
        let mut cited: Vec<String> =
            cites.iter().chain(extra.iter().flatten()).map(|c| c.source.clone()).filter(|s| !s.is_empty()).collect();
        cited.sort();
        cited.dedup();
        let source = self.sources.get(usize::from(source)).cloned().unwrap_or_default();
        self.provs.number(Prov { source, intervals: intervals.to_vec(), cited })
    }

    fn source_code(&mut self, id: &str) -> Result<u16> {
        let at = match self.sources.iter().position(|s| s == id) {
            Some(i) => i,
            None => {
                self.sources.push(id.to_owned());
                self.sources.len() - 1
            }
        };
        u16::try_from(at).map_err(|_| Error::input("a store cannot have more than 65,536 sources"))
    }

    /// Takes one record. `number` is the record's, `intervals` when its source stood by it.
    fn record(
        &mut self,
        source: u16,
        intervals: &[crate::store::Interval],
        number: u32,
        record: &Record,
    ) -> Result<()> {
        match record {
            Record::Party(p) => self.party(source, intervals, number, p),
            Record::Relation(r) => self.relation(source, intervals, number, r),
            Record::Decision(d) if d.ruling == Ruling::Same => {
                let node = self.node(d.a.as_str())?;
                self.aliases.push((xxh3_64(d.b.as_str().as_bytes()), node, number));
                Ok(())
            }
            Record::Source(_) => {
                self.described.push(number);
                Ok(())
            }
            Record::Decision(_) | Record::NodeType(_) | Record::EdgeType(_) => Ok(()),
        }
    }

    fn party(&mut self, source: u16, intervals: &[crate::store::Interval], number: u32, p: &PartyRecord) -> Result<()> {
        let node = self.node(p.id.as_str())?;
        let at = node as usize;
        let extra: Vec<Vec<Citation>> =
            p.facts.iter().map(|f| f.cites.clone()).chain(p.listings.iter().map(|l| l.cites.clone())).collect();
        let prov = self.prov(source, intervals, &p.cites, &extra);
        let open = intervals.last().is_some_and(|i| i.to.is_none());
        if !p.node_type.is_empty() {
            let kind = self.node_kinds.get(&p.node_type).copied();
            let kind =
                kind.ok_or_else(|| Error::input(format!("node type {:?} is not in the catalogue", p.node_type)))?;
            let name = |k: u16| self.catalogue.node_types().get(usize::from(k)).map_or("", |t| t.name.as_str());
            let vague = |k: u16| matches!(name(k), "thing" | "legal_entity" | "unknown_party");
            if let Some(t) = self.types.get_mut(at) {
                let vaguer = |a: u16, b: u16| vague(a) && !(vague(b) && name(a) != "thing");
                if vaguer(*t, kind) {
                    *t = kind;
                }
            }
        }
        for f in &p.facts {
            if prop::OPTIONS.contains(&f.prop.as_str()) {
                if let Some(flags) = self.flags.get_mut(at) {
                    *flags |= flag::OPTIONS;
                }
                if f.prop == prop::JOINT_ARRANGEMENT {
                    self.arranged.push(node);
                }
            }
            let Some(kind) = NameKind::of(&f.prop) else { continue };
            // Lower is better: a name the source still stands by before one it dropped.
            let rank = (kind as u8) | if open { 0 } else { 0x40 } | if f.script.is_empty() { 0 } else { 0x20 };
            if kind != NameKind::Identifier
                && let Some(label) = self.labels.get_mut(at)
                && rank < label.0
            {
                *label = (rank, self.label_texts.push(&f.value)?);
            }
            if kind == NameKind::Name {
                self.literals.add(&f.value, node, source, prov);
            }
            let text = normalise(&f.value);
            if !text.is_empty() {
                let text = self.name_texts.push(&text)?;
                self.names.push(NameRow { text, node, kind, prov });
            }
        }
        for Listing { list, from, to, .. } in &p.listings {
            let list = self.lists.number(list).map_or(0, |l| l.0);
            self.listed.push(ListedRow { node, list, from: bits(*from), to: bits(*to), prov });
        }
        self.records.push((node, number, prov));
        Ok(())
    }

    fn relation(
        &mut self,
        source: u16,
        intervals: &[crate::store::Interval],
        number: u32,
        r: &RelationRecord,
    ) -> Result<()> {
        let extra: Vec<Vec<Citation>> = r.facts.iter().map(|f| f.cites.clone()).collect();
        let prov = self.prov(source, intervals, &r.cites, &extra);
        let kind = self.kinds.get(&r.edge_type).copied();
        let kind = kind.ok_or_else(|| Error::input(format!("edge type {:?} is not in the catalogue", r.edge_type)))?;
        let share = match r.share {
            None => 0,
            Some(s) => match self.share_codes.get(&s) {
                Some(c) => *c,
                None => {
                    self.shares.push(s);
                    let c = self.shares.len() as u32;
                    self.share_codes.insert(s, c);
                    c
                }
            },
        };
        let says_former = |f: &Fact| f.prop == prop::FORMER && f.value == "true" && f.status != Status::Withdrawn;
        let meta = super::index::Meta {
            status: r.status,
            act: r.act,
            direct: r.direct,
            labelled: !r.stake.is_empty() || !r.joint.is_empty(),
            former: r.facts.iter().any(says_former),
        };
        let row = self.edges.len();
        let mut ends = [u32::MAX; 2];
        for (slot, (end, at_source)) in ends.iter_mut().zip([(&r.source, true), (&r.target, false)]) {
            match end {
                End::Id(id) => *slot = self.node(id.as_str())?,
                End::Name(name) => self.pending.push(Pending { row, at_source, name: name.clone(), source }),
            }
        }
        let [from, to] = ends;
        self.edges.push(EdgeRow {
            source: from,
            target: to,
            kind,
            meta: meta.pack(),
            share,
            start: bits(r.start),
            end: bits(r.end),
            prov,
            record: number,
            own_id: r.id.as_ref().map_or(0, |id| xxh3_64(id.as_str().as_bytes()).max(1)),
        });
        Ok(())
    }

    /// Takes all records of a snapshot, journal included.
    pub(super) fn snapshot(&mut self, snapshot: &Snapshot) -> Result<()> {
        for source in snapshot.sources() {
            let code = self.source_code(&source.entry.info.id)?;
            let (codes, lists) = source.timeline()?;
            for (i, list) in codes.iter().enumerate() {
                let intervals = lists.get(*list as usize).map_or(&[][..], Vec::as_slice);
                if intervals.is_empty() {
                    continue;
                }
                let (_, _, record) = source.record(i as u32)?;
                self.record(code, intervals, source.base + i as u32, &record)?;
            }
        }
        self.edits(snapshot.journal(), 0)
    }

    /// Takes the edits of a journal from the given one on.
    pub(super) fn edits(&mut self, edits: &[Edit], from: usize) -> Result<()> {
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
            let intervals = [crate::store::Interval { from: since, to: None, replaced: false }];
            self.record(code, &intervals, EDIT_BASE + i as u32, record)?;
        }
        Ok(())
    }

    /// Gives literal names their parties, or a stub.
    fn resolve(&mut self, built: &mut Built) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            self.literals.sort();
        }
        for p in pending {
            let source = self.sources.get(usize::from(p.source)).cloned().unwrap_or_default();
            let prov = self.edges.get(p.row).map_or(0, |e| e.prov);
            let (node, found) = self.literals.find(&p.name, p.source, prov, &self.provs);
            let kind = self.edges.get(p.row).and_then(|e| self.catalogue.edge_types().get(usize::from(e.kind)));
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
            if let Some(e) = self.edges.get_mut(p.row) {
                if p.at_source { e.source = node } else { e.target = node }
            }
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
        if let Some(l) = self.labels.get_mut(at) {
            *l = (0, self.label_texts.push(&clean)?);
        }
        Ok(node)
    }

    /// Sorts everything and writes the sections.
    pub(super) fn write(mut self, file: FileWriter, edits: u32) -> Result<(FileWriter, Built)> {
        let mut built = Built::default();
        self.resolve(&mut built)?;
        self.literals = Literals::default();
        let n = self.ids.len() as usize;
        built.nodes = n as u32;
        built.edges = self.edges.len() as u32;
        self.arranged.sort_unstable();
        self.arranged.dedup();
        let directory = Directory {
            sections: Vec::new(),
            nodes: built.nodes,
            edges: built.edges,
            node_types: self.catalogue.node_types().to_vec(),
            edge_types: self.catalogue.edge_types().to_vec(),
            lists: (0..self.lists.len()).map(|i| self.lists.get(i).to_owned()).collect(),
            edits,
            described: std::mem::take(&mut self.described),
            arranged: std::mem::take(&mut self.arranged),
        };
        let mut w = SectionWriter::new(file, directory);
        self.nodes(&mut w)?;
        self.edges.sort_by_key(|e| (e.source, e.kind, e.target, e.start, e.record));
        adjacency(&mut w, &self.edges, n)?;
        let (edges, provs) = (&self.edges, &self.provs);
        let own = |open: bool| {
            let numbered = edges.iter().enumerate();
            let wanted = numbered.filter(move |(_, e)| e.own_id != 0 && provs.holds(e.prov) == open);
            wanted.map(|(i, e)| (e.own_id, i as u32))
        };
        // What a source still says is found first.
        let own: Vec<(u64, u32)> = own(true).chain(own(false)).collect();
        self.edges = Vec::new();
        self.details(&mut w, n)?;
        name_sections(&mut w, std::mem::take(&mut self.names), std::mem::take(&mut self.name_texts))?;
        w.put(Section::EdgeHash, &hash_table(own))?;
        self.aliases.sort_unstable();
        self.aliases.dedup_by_key(|a| (a.0, a.1));
        w.put(Section::AliasHash, &self.aliases.iter().flat_map(|a| a.0.to_le_bytes()).collect::<Vec<u8>>())?;
        w.u32s(Section::AliasNode, self.aliases.iter().map(|a| a.1))?;
        w.u32s(Section::AliasRecord, self.aliases.iter().map(|a| a.2))?;
        w.put(Section::Provs, &self.provs.encode()?)?;
        Ok((w.finish()?, built))
    }

    fn nodes(&mut self, w: &mut SectionWriter) -> Result<()> {
        w.u16s(Section::NodeType, self.types.iter().copied())?;
        w.u16s(Section::NodeFlags, self.flags.iter().copied())?;
        let (offsets, bytes) = self.ids.parts();
        w.u32s(Section::IdOffset, offsets)?;
        w.put(Section::IdBytes, bytes)?;
        let (mut offsets, mut bytes) = (vec![0u32], Vec::new());
        for (i, (_, label)) in self.labels.iter().enumerate() {
            // A party without a name goes by its id.
            let text = self.label_texts.get(*label);
            let shown = if text.is_empty() { self.ids.get(i as u32).as_bytes() } else { text };
            bytes.extend_from_slice(shown);
            offsets.push(
                u32::try_from(bytes.len()).map_err(|_| Error::input("the names of the store are longer than 4 GiB"))?,
            );
        }
        w.u32s(Section::LabelOffset, offsets)?;
        w.put(Section::LabelBytes, &bytes)?;
        self.labels = Vec::new();
        self.label_texts = Texts::default();
        let n = self.ids.len();
        let ids = &self.ids;
        let by_id: Vec<(u64, u32)> = (0..n).map(|i| (xxh3_64(ids.get(i).as_bytes()), i)).collect();
        w.put(Section::IdHash, &hash_table(by_id))?;
        let local = |i: u32| ids.get(i).split_once(':').map_or(ids.get(i), |(_, l)| l);
        let by_local: Vec<(u64, u32)> = (0..n).map(|i| (xxh3_64(local(i).as_bytes()), i)).collect();
        w.put(Section::LocalHash, &hash_table(by_local))
    }

    fn details(&mut self, w: &mut SectionWriter, n: usize) -> Result<()> {
        self.records.sort_unstable();
        w.u32s(Section::RecordOffset, offsets_of(self.records.iter().map(|r| r.0), n))?;
        w.u32s(Section::Record, self.records.iter().map(|r| r.1))?;
        w.u32s(Section::RecordProv, self.records.iter().map(|r| r.2))?;
        self.records = Vec::new();
        self.listed.sort_by_key(|l| (l.node, l.list, l.from, l.to, l.prov));
        w.u32s(Section::ListedNode, self.listed.iter().map(|l| l.node))?;
        w.u32s(Section::ListedList, self.listed.iter().map(|l| l.list))?;
        w.u32s(Section::ListedFrom, self.listed.iter().map(|l| l.from))?;
        w.u32s(Section::ListedTo, self.listed.iter().map(|l| l.to))?;
        w.u32s(Section::ListedProv, self.listed.iter().map(|l| l.prov))?;
        let mut shares = Vec::with_capacity(self.shares.len() * 40);
        for s in &self.shares {
            let ((a, b), (c, d)) = (s.min.fraction(), s.max.fraction());
            for v in [a, b, c, d, u64::from(s.open_min) | u64::from(s.open_max) << 1] {
                shares.extend_from_slice(&v.to_le_bytes());
            }
        }
        w.put(Section::Shares, &shares)
    }
}

/// Start of each node's run in a list sorted by node, and the end of the last.
pub(super) fn offsets_of(nodes: impl Iterator<Item = u32>, n: usize) -> Vec<u32> {
    let mut offsets = vec![0u32; n + 1];
    for node in nodes {
        if let Some(o) = offsets.get_mut(node as usize + 1) {
            *o += 1;
        }
    }
    let mut sum = 0;
    for o in &mut offsets {
        sum += *o;
        *o = sum;
    }
    offsets
}

/// The out-columns in edge order, and the in-columns sorted by (target, type, source).
fn adjacency(w: &mut SectionWriter, edges: &[EdgeRow], n: usize) -> Result<()> {
    w.u32s(Section::OutOffset, offsets_of(edges.iter().map(|e| e.source), n))?;
    w.u32s(Section::Target, edges.iter().map(|e| e.target))?;
    w.u16s(Section::EdgeType, edges.iter().map(|e| e.kind))?;
    w.u16s(Section::EdgeMeta, edges.iter().map(|e| e.meta))?;
    w.u32s(Section::EdgeShare, edges.iter().map(|e| e.share))?;
    w.u32s(Section::EdgeStart, edges.iter().map(|e| e.start))?;
    w.u32s(Section::EdgeEnd, edges.iter().map(|e| e.end))?;
    w.u32s(Section::EdgeProv, edges.iter().map(|e| e.prov))?;
    w.u32s(Section::EdgeRecord, edges.iter().map(|e| e.record))?;
    let mut order: Vec<u32> = (0..edges.len() as u32).collect();
    let key = |i: &u32| edges.get(*i as usize).map_or((0, 0, 0), |e| (e.target, e.kind, e.source));
    order.sort_by_key(key);
    w.u32s(Section::InOffset, offsets_of(order.iter().map(|i| key(i).0), n))?;
    w.u32s(Section::InSource, order.iter().map(|i| key(i).2))?;
    w.u32s(Section::InEdge, order.iter().copied())
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
            for i in 0..segment.len() {
                if segment.raw(i)?.0.kind < 4 {
                    continue;
                }
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
