//! Gathering the rows of an index from records as they lie in segments.
//!
//! Records come in chunks. A first walk reads what the index holds of each and hashes the ids, the
//! ids of the whole chunk are numbered in one go, a second walk puts the numbers in.

use super::build::{Builder, Pending, Standing, bits, flag, ids_full};
use super::edge_row::EdgeRow;
use super::index::Meta;
use super::names::NameKind;
use super::naming::{NameRow, Named};
use crate::error::{Error, Result};
use crate::model::{EndView, IdView, Record, RecordView, Ruling, prop};
use crate::store::{Chunk, Interval, Outline, PartyOutline, RelationOutline, Term};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Who stands by the records of a source, and when: for each record the number of its intervals, or
/// one list for all.
pub(super) struct Stands<'t> {
    pub(super) source: u16,
    pub(super) codes: Option<&'t [u32]>,
    pub(super) lists: &'t [Vec<Interval>],
}

impl<'t> Stands<'t> {
    /// The number of the intervals of a record, and they.
    fn of(&self, record: u32) -> (u32, Standing<'t>) {
        let code = self.codes.map_or(Some(0), |c| c.get(record as usize).copied());
        let list = code.and_then(|c| self.lists.get(c as usize));
        (code.unwrap_or(0), Standing { source: self.source, intervals: list.map_or(&[][..], Vec::as_slice) })
    }
}

/// What a word means where it stands for a type, a property or a list.
#[derive(Clone, Copy)]
struct Meaning {
    edge: Option<u16>,
    node: Option<u16>,
    name: Option<NameKind>,
    option: bool,
    arrangement: bool,
    former: bool,
}

/// What was found out about the words of a segment.
#[derive(Default)]
pub(super) struct Meanings {
    words: Vec<Meaning>,
    /// Provenances by the number of intervals and the one source cited, 0 for none.
    provs: FxHashMap<(u32, u32), u32>,
}

/// A party's record, its id numbered or not yet.
struct PartyRow {
    number: u32,
    prov: u32,
    kind: Option<u16>,
    options: bool,
    arranged: bool,
    /// Where its names and listings end among those of the chunk.
    names: usize,
    listed: usize,
}

/// What was read of a chunk.
#[derive(Default)]
struct Read<'a> {
    ids: Vec<(IdView<'a>, u64)>,
    parties: Vec<PartyRow>,
    /// Places of the ids of the parties.
    party_ids: Vec<u32>,
    /// Edges with the places of ids for ends, and whether an end is a name.
    edges: Vec<(EdgeRow, bool)>,
    named: usize,
    listed: Vec<(u32, u32, u32)>,
    /// Names of parties whose numbers are not known yet.
    names: Vec<NameRow>,
    /// How many of them have theirs.
    settled: usize,
    scratch: Vec<u8>,
}

impl<'a> Read<'a> {
    /// The place of an id.
    fn id(&mut self, id: IdView<'a>) -> u32 {
        self.scratch.clear();
        id.write(&mut self.scratch);
        self.ids.push((id, xxh3_64(&self.scratch)));
        self.ids.len() as u32 - 1
    }
}

impl Builder {
    fn meaning(&self, word: &str) -> Meaning {
        Meaning {
            edge: self.kinds.get(word).copied(),
            node: self.node_kinds.get(word).copied(),
            name: NameKind::of(word),
            option: prop::OPTIONS.contains(&word),
            arrangement: word == prop::JOINT_ARRANGEMENT,
            former: word == prop::FORMER,
        }
    }

    fn means(&self, meanings: &Meanings, term: Term<'_>) -> Meaning {
        match term {
            Term::Word(i) => meanings.words.get(i as usize).copied().unwrap_or_else(|| self.meaning("")),
            Term::Text(text) => self.meaning(text),
        }
    }

    fn prov_of(
        &mut self,
        meanings: &mut Meanings,
        (code, from): (u32, Standing<'_>),
        chunk: &Chunk<'_>,
        cited: &[Term<'_>],
    ) -> u32 {
        let one = match cited {
            [] => Some(0),
            [Term::Word(i)] => Some(i + 1),
            _ => None,
        };
        if let Some(known) = one.and_then(|w| meanings.provs.get(&(code, w))) {
            return *known;
        }
        let source = self.sources.get(usize::from(from.source)).map_or("", String::as_str);
        let prov = self.provs.of(source, from.intervals, cited.iter().map(|c| chunk.text(*c)));
        if let Some(w) = one {
            meanings.provs.insert((code, w), prov);
        }
        prov
    }

    /// Takes a chunk of the records of a source, whose first one has the number `base` among all
    /// records. Gives the names of parties, for whoever gathers them.
    pub(super) fn chunk<'a>(
        &mut self,
        stands: &Stands<'_>,
        base: u32,
        chunk: &Chunk<'a>,
        meanings: &mut Meanings,
    ) -> Result<Vec<NameRow>> {
        while let Some(word) = chunk.words.get(meanings.words.len()) {
            meanings.words.push(self.meaning(word));
        }
        let mut outline = Outline::default();
        let mut read = Read::default();
        chunk.each(|number, frame, at| {
            let stand = stands.of(number);
            // Ids of records that count for nothing make no nodes.
            if stand.1.intervals.is_empty() {
                return Ok(());
            }
            let record = base + number;
            match frame.kind {
                0 => {
                    let party = outline.party(chunk, number, at)?;
                    let prov = self.prov_of(meanings, stand, chunk, &outline.cited);
                    let named = Named { node: 0, prov, holds: stand.1.open() };
                    self.read_party(&mut read, chunk, meanings, (record, named), &party, &outline)
                }
                1 => {
                    let relation = outline.relation(chunk, number, at)?;
                    let prov = self.prov_of(meanings, stand, chunk, &outline.cited);
                    self.read_relation(&mut read, chunk, meanings, (record, prov, stand.1), &relation, &outline)
                }
                _ => {
                    let RecordView::Other(other) = chunk.record(number, frame, at)? else { return Ok(()) };
                    match &*other {
                        Record::Decision(d) if d.ruling == Ruling::Same => {
                            // Ids are numbered in the order in which they come.
                            self.settle(&mut read)?;
                            self.other(record, &other)
                        }
                        _ => self.other(record, &other),
                    }
                }
            }
        })?;
        self.settle(&mut read)?;
        Ok(read.names)
    }

    fn read_party<'a>(
        &mut self,
        read: &mut Read<'a>,
        chunk: &Chunk<'a>,
        meanings: &Meanings,
        (number, named): (u32, Named),
        p: &PartyOutline<'a>,
        outline: &Outline<'a>,
    ) -> Result<()> {
        let place = read.id(p.id);
        read.party_ids.push(place);
        let means = self.means(meanings, p.node_type);
        let kind = match chunk.text(p.node_type) {
            "" => None,
            text => Some(means.node.ok_or_else(|| unknown("node", text))?),
        };
        let (mut options, mut arranged) = (false, false);
        for f in &outline.facts {
            let means = self.means(meanings, f.prop);
            options |= means.option;
            arranged |= means.arrangement;
            if let Some(kind) = means.name {
                read.names.push(NameRow { named, kind, script: f.script, at: f.at as u32, len: f.value.len() as u32 });
            }
        }
        for (list, from, to) in &outline.listings {
            let list = self.lists.number(chunk.text(*list)).map_or(0, |l| l.0);
            read.listed.push((list, *from, *to));
        }
        let (names, listed) = (read.names.len(), read.listed.len());
        read.parties.push(PartyRow { number, prov: named.prov, kind, options, arranged, names, listed });
        Ok(())
    }

    fn read_relation<'a>(
        &mut self,
        read: &mut Read<'a>,
        chunk: &Chunk<'a>,
        meanings: &Meanings,
        (number, prov, from): (u32, u32, Standing<'_>),
        r: &RelationOutline<'a>,
        outline: &Outline<'a>,
    ) -> Result<()> {
        let kind = self.means(meanings, r.edge_type).edge;
        let kind = kind.ok_or_else(|| unknown("edge", chunk.text(r.edge_type)))?;
        let share = self.share_code(r.share);
        let mut former = false;
        for f in &outline.facts {
            former |= self.means(meanings, f.prop).former && f.value == "true" && !f.withdrawn;
        }
        let meta = Meta { status: r.status, act: r.act, direct: r.direct, labelled: r.labelled, former };
        let mut ends = [u32::MAX; 2];
        let mut named = false;
        for (slot, (end, at_source)) in ends.iter_mut().zip([(r.source, true), (r.target, false)]) {
            match end {
                EndView::Id(id) => *slot = read.id(id),
                EndView::Name(name) => {
                    named = true;
                    let row = self.open_edges.len() + read.named;
                    self.pending.push(Pending { row, at_source, name: name.to_owned(), source: from.source });
                }
            }
        }
        read.named += usize::from(named);
        let [source, target] = ends;
        if let Some(id) = &r.id {
            read.scratch.clear();
            id.write(&mut read.scratch);
            self.own_ids.push((number, 0, xxh3_64(&read.scratch).max(1)))?;
        }
        self.dates.add([r.start, r.end]);
        let (start, end, meta) = (bits(r.start), bits(r.end), meta.pack());
        let edge = EdgeRow { source, target, kind, meta, share, start, end, prov, record: number };
        read.edges.push((edge, named));
        Ok(())
    }

    /// Numbers the ids that were read, and takes what has them.
    fn settle(&mut self, read: &mut Read<'_>) -> Result<()> {
        let mut numbers = std::mem::take(&mut self.numbers);
        self.ids.numbers(&read.ids, &mut numbers).ok_or_else(ids_full)?;
        read.ids.clear();
        self.types.resize(self.ids.len() as usize, self.unknown_type());
        self.flags.resize(self.ids.len() as usize, 0);
        let node = |place: u32| numbers.get(place as usize).copied().unwrap_or(u32::MAX);
        let (mut name, mut listing) = (read.settled, 0);
        for (p, place) in read.parties.drain(..).zip(read.party_ids.drain(..)) {
            let node = node(place);
            if let Some(kind) = p.kind {
                self.refine_type(node, kind);
            }
            if let Some(flags) = self.flags.get_mut(node as usize).filter(|_| p.options) {
                *flags |= flag::OPTIONS;
            }
            if p.arranged {
                self.arranged.push(node);
            }
            for row in read.names.get_mut(name..p.names).unwrap_or_default() {
                row.named.node = node;
            }
            for (list, from, to) in read.listed.get(listing..p.listed).unwrap_or_default() {
                self.listed.push((node, *list, *from, *to, p.prov))?;
            }
            (name, listing) = (p.names, p.listed);
            self.records.push((node, p.number, p.prov))?;
        }
        read.settled = read.names.len();
        read.listed.clear();
        for (mut edge, named) in read.edges.drain(..) {
            (edge.source, edge.target) = (node(edge.source), node(edge.target));
            if named {
                self.open_edges.push(edge);
            } else {
                self.edges.push(edge)?;
            }
        }
        read.named = 0;
        self.numbers = numbers;
        Ok(())
    }
}

/// A type that no catalogue has.
pub(super) fn unknown(what: &str, name: &str) -> Error {
    Error::input(format!("{what} type {name:?} is not in the catalogue"))
}
