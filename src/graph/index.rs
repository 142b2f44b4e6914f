//! The mapped index: columns of nodes and edges, adjacency both ways, look-up by id and name.

use super::column::Column;
use super::intern::{Probe, tag_of};
use super::layout::{Section, SectionReader, Whole, WholeLines};
use super::names::{NameKind, normalise};
use super::prov::{self, Prov};
use super::steps::Held;
use crate::error::{Error, Result};
use crate::model::{Act, Direct, EdgeType, NodeType, PartialDate, Percent, Share, Status};
use crate::store::{Container, u32_at, u64_at};
use std::borrow::Cow;
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// What an edge's column tells of its record: status in bits 0 to 2, act in bits 3 and 4,
/// directness in bits 5 and 6, whether it is labelled in bit 7, whether it is former in bit 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meta {
    /// How far the source stands behind it.
    pub status: Status,
    /// How far the act has got.
    pub act: Act,
    /// Link or summary.
    pub direct: Direct,
    /// Its record has a stake or joint label; without the mark there is no need to look.
    pub labelled: bool,
    /// Its source says that it no longer holds (property [`crate::model::prop::FORMER`]).
    pub former: bool,
}

fn code<T: PartialEq>(all: &[T], value: &T) -> u16 {
    all.iter().position(|v| v == value).unwrap_or(0) as u16
}

impl Meta {
    pub(super) fn pack(self) -> u16 {
        code(Status::ALL, &self.status)
            | code(Act::ALL, &self.act) << 3
            | code(Direct::ALL, &self.direct) << 5
            | u16::from(self.labelled) << 7
            | u16::from(self.former) << 8
    }

    pub(super) fn unpack(bits: u16) -> Meta {
        fn get<T: Copy + Default>(all: &[T], i: u16) -> T {
            all.get(usize::from(i)).copied().unwrap_or_default()
        }
        Meta {
            status: get(Status::ALL, bits & 7),
            act: get(Act::ALL, bits >> 3 & 3),
            direct: get(Direct::ALL, bits >> 5 & 3),
            labelled: bits & 1 << 7 != 0,
            former: bits & 1 << 8 != 0,
        }
    }
}

/// Codes of shares: 0 is unknown; below this are whole hundredths of a percent, one more than so many;
/// from here on places in the table of shares.
pub(super) const SHARES_FROM: u32 = HUNDREDTHS + 2;

/// The whole in hundredths of a percent.
const HUNDREDTHS: u32 = 10_000;

/// The code that says a share by itself, where it is a number of hundredths of a percent.
pub(super) fn plain_code(share: &Share) -> Option<u32> {
    let (num, den) = share.as_exact().filter(|_| !share.open_min && !share.open_max)?.fraction();
    let parts = num.checked_mul(100).filter(|n| n.is_multiple_of(den))? / den;
    u32::try_from(parts).ok().filter(|p| *p <= HUNDREDTHS).map(|p| p + 1)
}

/// The hundredths of a percent that a code says by itself.
#[inline]
pub(super) fn hundredths(code: u32) -> Option<u32> {
    code.checked_sub(1).filter(|p| *p <= HUNDREDTHS)
}

/// A listing of a node as the index has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListedRow {
    pub(super) list: u32,
    pub(super) from: Option<PartialDate>,
    pub(super) to: Option<PartialDate>,
    pub(super) prov: u32,
}

/// One entry of the name table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameRow {
    pub(super) node: u32,
    pub(super) kind: NameKind,
    pub(super) prov: u32,
}

/// An opened index.
pub(super) struct Index {
    s: SectionReader,
    pub(super) provs: Vec<Prov>,
}

impl Index {
    pub(super) fn open(file: Container) -> Result<Index> {
        let s = SectionReader::open(file)?;
        let len = s.len(Section::Provs, 1);
        let bytes = s.bytes(Section::Provs, 0..len);
        let provs = prov::decode(bytes);
        s.sound()?;
        let provs =
            provs.map_err(|e| Error::damaged("index", 0, format!("the provenance table cannot be read: {e}")))?;
        Ok(Index { s, provs })
    }

    pub(super) fn sound(&self) -> Result<()> {
        self.s.sound()
    }

    pub(super) fn nodes(&self) -> u32 {
        self.s.directory.nodes
    }

    pub(super) fn edges(&self) -> u32 {
        self.s.directory.edges
    }

    pub(super) fn node_types(&self) -> &[NodeType] {
        &self.s.directory.node_types
    }

    pub(super) fn edge_types(&self) -> &[EdgeType] {
        &self.s.directory.edge_types
    }

    pub(super) fn folded(&self) -> u32 {
        self.s.directory.edits
    }

    /// Numbers of the records that describe cited sources.
    pub(super) fn described(&self) -> &[u32] {
        &self.s.directory.described
    }

    /// Numbers of the nodes with a joint arrangement, ascending.
    pub(super) fn arranged(&self) -> &[u32] {
        &self.s.directory.arranged
    }

    /// Decisions that a node has another id, by position: the node and the record.
    pub(super) fn alias_rows(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let n = self.s.items(Section::AliasNode);
        (0..n).map(|i| (self.s.num(Section::AliasNode, i), self.s.num(Section::AliasRecord, i)))
    }

    pub(super) fn list(&self, code: u32) -> &str {
        self.s.directory.lists.get(code as usize).map_or("", String::as_str)
    }

    pub(super) fn id(&self, n: u32) -> &str {
        self.s.text(Section::IdOffset, Section::IdBytes, n as usize)
    }

    pub(super) fn label(&self, n: u32) -> &str {
        self.s.text(Section::LabelOffset, Section::LabelBytes, n as usize)
    }

    pub(super) fn node_type(&self, n: u32) -> u16 {
        self.s.num(Section::NodeType, n as usize) as u16
    }

    pub(super) fn flags(&self, n: u32) -> u16 {
        self.s.num(Section::NodeFlags, n as usize) as u16
    }

    /// Nodes that have one of some flags, in order; reads the column as a whole.
    pub(super) fn flagged(&self, bits: u16) -> impl Iterator<Item = u32> + '_ {
        let bits = u32::from(bits);
        let all = self.s.items(Section::NodeFlags).min(self.nodes() as usize);
        let column = self.s.num_run(Section::NodeFlags, 0..all);
        (0..).zip(column).filter(move |(_, f)| f & bits != 0).map(|(n, _)| n)
    }

    /// Numbers in an open-addressing table whose tag fits a hash; the caller compares.
    fn probe(&self, table: Section, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let (slots, width) = (self.s.items(table), self.s.width(table));
        let mut probe = Probe::new(hash, slots);
        std::iter::from_fn(move || {
            loop {
                let at = probe.next()? * width;
                let bytes = self.s.bytes(table, at..at + width);
                let (tag, number) = match width {
                    4 => (bytes.get(3).copied().map_or(0, u32::from), u32_at(bytes, 0) & 0xff_ffff),
                    _ => (u32_at(bytes, 4), u32_at(bytes, 0)),
                };
                if number == 0 {
                    return None;
                }
                if tag == tag_of(hash, width) {
                    return Some(number - 1);
                }
            }
        })
    }

    pub(super) fn find_id(&self, id: &str) -> Option<u32> {
        self.probe(Section::IdHash, xxh3_64(id.as_bytes())).find(|n| *n < self.nodes() && self.id(*n) == id)
    }

    /// Nodes whose id is this after its namespace.
    pub(super) fn find_local<'a>(&'a self, local: &'a str) -> impl Iterator<Item = u32> + 'a {
        let only = self.s.directory.namespace.as_ref().and_then(|n| self.find_id(&format!("{n}:{local}")));
        let hash = xxh3_64(local.as_bytes());
        let fits = move |n: &u32| *n < self.nodes() && self.id(*n).split_once(':').is_some_and(|(_, l)| l == local);
        only.into_iter().chain(self.probe(Section::LocalHash, hash).filter(fits))
    }

    /// Edges that carry an id of their own which hashes like this one; the caller compares.
    pub(super) fn edges_with_id(&self, id: &str) -> impl Iterator<Item = u32> + '_ {
        self.probe(Section::EdgeHash, xxh3_64(id.as_bytes()).max(1)).filter(|e| *e < self.edges())
    }

    /// Nodes that a decision gives another id like this one, with the number of the decision.
    pub(super) fn find_alias(&self, id: &str) -> Vec<(u32, u32)> {
        let hash = xxh3_64(id.as_bytes());
        let n = self.s.len(Section::AliasHash, 8);
        let (mut lo, mut hi) = (0, n);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.s.u64(Section::AliasHash, mid) < hash { lo = mid + 1 } else { hi = mid }
        }
        (lo..n)
            .take_while(|i| self.s.u64(Section::AliasHash, *i) == hash)
            .map(|i| (self.s.num(Section::AliasNode, i), self.s.num(Section::AliasRecord, i)))
            .collect()
    }

    #[inline]
    pub(super) fn out(&self, n: u32) -> Range<usize> {
        self.s.line(Section::OutOffset, n as usize)
    }

    #[inline]
    pub(super) fn target(&self, e: u32) -> u32 {
        self.s.num(Section::Target, e as usize)
    }

    #[inline]
    pub(super) fn kind(&self, e: u32) -> u16 {
        self.s.num(Section::EdgeType, e as usize) as u16
    }

    #[inline]
    pub(super) fn inn(&self, n: u32) -> Range<usize> {
        self.s.line(Section::InOffset, n as usize)
    }

    /// Subject and number of an in-edge by its position among all in-edges.
    #[inline]
    pub(super) fn in_edge(&self, at: usize) -> (u32, u32) {
        (self.s.num(Section::InSource, at), self.s.num(Section::InEdge, at))
    }

    /// Subjects and numbers of neighbouring in-edges.
    #[inline]
    pub(super) fn in_edges(&self, at: Range<usize>) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.s.ends(Section::InSource, at.clone()).zip(self.s.ends(Section::InEdge, at))
    }

    /// Objects of neighbouring edges, with the numbers of the edges.
    #[inline]
    pub(super) fn targets(&self, edges: Range<usize>) -> impl Iterator<Item = (u32, u32)> + '_ {
        edges.clone().map(|e| e as u32).zip(self.s.ends(Section::Target, edges))
    }

    /// Types, provenances and packed columns of neighbouring edges.
    #[inline]
    pub(super) fn out_rows(&self, edges: Range<usize>) -> impl Iterator<Item = (u16, u32, u16)> + '_ {
        let kinds = self.s.num_run(Section::EdgeType, edges.clone());
        let provs = self.s.num_run(Section::EdgeProv, edges.clone());
        kinds.zip(provs).zip(self.s.num_run(Section::EdgeMeta, edges)).map(|((k, p), m)| (k as u16, p, m as u16))
    }

    /// First days and first days no longer of neighbouring edges, in bits.
    #[inline]
    pub(super) fn terms(&self, edges: Range<usize>) -> impl Iterator<Item = (u32, u32)> + '_ {
        let starts = self.s.num_run(Section::EdgeStart, edges.clone());
        starts.zip(self.s.num_run(Section::EdgeEnd, edges)).map(|(a, b)| (self.date_bits(a), self.date_bits(b)))
    }

    /// A column held ready for a search.
    pub(super) fn column(&self, section: Section) -> Column<'_> {
        Column::new(&self.s, section)
    }

    /// Checks every block of some columns now.
    pub(super) fn check(&self, sections: &[Section]) {
        sections.iter().for_each(|s| self.s.check(*s));
    }

    /// Both columns of a direction as wholes: where the edges of each node begin, one more than
    /// there are nodes, and the other ends.
    pub(super) fn half(&self, outgoing: bool) -> (WholeLines<'_>, Whole<'_>) {
        let (offsets, ends) = match outgoing {
            true => (Section::OutOffset, Section::Target),
            false => (Section::InOffset, Section::InSource),
        };
        (self.s.whole_lines(offsets), self.s.whole(ends))
    }

    /// Number of each in-edge, the whole column.
    pub(super) fn in_numbers(&self) -> Whole<'_> {
        self.s.whole(Section::InEdge)
    }

    /// Type code of each node, the whole column.
    pub(super) fn types_of_nodes(&self) -> Whole<'_> {
        self.s.whole(Section::NodeType)
    }

    /// Type code of each edge, the whole column.
    pub(super) fn kinds(&self) -> Whole<'_> {
        self.s.whole(Section::EdgeType)
    }

    /// Packed [`Meta`] of each edge, the whole column.
    pub(super) fn metas(&self) -> Whole<'_> {
        self.s.whole(Section::EdgeMeta)
    }

    /// Provenance of each edge, the whole column.
    pub(super) fn provs_of_edges(&self) -> Whole<'_> {
        self.s.whole(Section::EdgeProv)
    }

    /// First days and first days no longer, 0 where none is given, else place in [`Index::dates`]
    /// and one more: whole columns.
    pub(super) fn days(&self) -> (Whole<'_>, Whole<'_>) {
        (self.s.whole(Section::EdgeStart), self.s.whole(Section::EdgeEnd))
    }

    /// The dates of edges, in bits.
    pub(super) fn dates(&self) -> Vec<u32> {
        self.s.words(Section::Dates).iter().map(|w| u32::from_le_bytes(*w)).collect()
    }

    /// The subject of an edge, by search in the offsets.
    pub(super) fn source(&self, e: u32) -> u32 {
        let (mut lo, mut hi) = (0usize, self.nodes() as usize);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.s.line(Section::OutOffset, mid).end <= e as usize { lo = mid + 1 } else { hi = mid }
        }
        lo as u32
    }

    pub(super) fn meta(&self, e: u32) -> Meta {
        Meta::unpack(self.meta_bits(e))
    }

    /// The column as it is packed; the status is in the lowest three bits.
    #[inline]
    pub(super) fn meta_bits(&self, e: u32) -> u16 {
        self.s.num(Section::EdgeMeta, e as usize) as u16
    }

    pub(super) fn share(&self, e: u32) -> Option<Share> {
        self.share_of(self.share_code(e))
    }

    pub(super) fn share_code(&self, e: u32) -> u32 {
        self.s.num(Section::EdgeShare, e as usize)
    }

    /// A share by its code, see [`SHARES_FROM`].
    pub(super) fn share_of(&self, code: u32) -> Option<Share> {
        if let Some(parts) = hundredths(code) {
            return Share::exact(Percent::new(u64::from(parts), 100)?).ok();
        }
        let at = (code.checked_sub(SHARES_FROM)? as usize) * 5;
        let row = self.s.bytes(Section::Shares, at.saturating_mul(8)..at.saturating_add(5).saturating_mul(8));
        let v = |k: usize| u64_at(row, k * 8);
        let flags = v(4);
        let min = Percent::new(v(0), v(1))?;
        let max = if (v(0), v(1)) == (v(2), v(3)) { min } else { Percent::new(v(2), v(3))? };
        Share::interval(min, flags & 1 == 1, max, flags & 2 == 2).ok()
    }

    /// The same, as it is where it says all by itself.
    #[inline]
    pub(super) fn held(&self, code: u32) -> Held {
        match hundredths(code) {
            Some(parts) => Held::Hundredths(parts),
            None if code == 0 => Held::Unknown,
            None => self.share_of(code).map_or(Held::Unknown, Held::Other),
        }
    }

    pub(super) fn start(&self, e: u32) -> Option<PartialDate> {
        PartialDate::from_bits(self.start_bits(e))
    }

    pub(super) fn end(&self, e: u32) -> Option<PartialDate> {
        PartialDate::from_bits(self.end_bits(e))
    }

    pub(super) fn start_bits(&self, e: u32) -> u32 {
        self.date_bits(self.s.num(Section::EdgeStart, e as usize))
    }

    pub(super) fn end_bits(&self, e: u32) -> u32 {
        self.date_bits(self.s.num(Section::EdgeEnd, e as usize))
    }

    /// A date by its code in a column of dates, in bits; 0 is none.
    #[inline]
    fn date_bits(&self, code: u32) -> u32 {
        if code == 0 { 0 } else { self.s.u32(Section::Dates, code as usize - 1) }
    }

    #[inline]
    pub(super) fn prov(&self, e: u32) -> u32 {
        self.s.num(Section::EdgeProv, e as usize)
    }

    pub(super) fn record(&self, e: u32) -> u32 {
        self.s.num(Section::EdgeRecord, e as usize)
    }

    /// Record and provenance numbers of a node.
    pub(super) fn records(&self, n: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.s
            .packed_span(Section::RecordOffset, n as usize)
            .map(|i| (self.s.num(Section::Record, i), self.s.num(Section::RecordProv, i)))
    }

    pub(super) fn listings(&self, n: u32) -> impl Iterator<Item = ListedRow> + '_ {
        let len = self.s.items(Section::ListedNode);
        let (mut lo, mut hi) = (0, len);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.s.num(Section::ListedNode, mid) < n { lo = mid + 1 } else { hi = mid }
        }
        (lo..len).take_while(move |i| self.s.num(Section::ListedNode, *i) == n).map(|i| self.listing(i).1)
    }

    /// All listings, by position.
    pub(super) fn listing_count(&self) -> usize {
        self.s.items(Section::ListedNode)
    }

    /// Node and provenance of each listing, by position.
    pub(super) fn listed(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let all = 0..self.listing_count();
        self.s.num_run(Section::ListedNode, all.clone()).zip(self.s.num_run(Section::ListedProv, all))
    }

    pub(super) fn listing(&self, i: usize) -> (u32, ListedRow) {
        let date = |s| PartialDate::from_bits(self.s.num(s, i));
        let row = ListedRow {
            list: self.s.num(Section::ListedList, i),
            from: date(Section::ListedFrom),
            to: date(Section::ListedTo),
            prov: self.s.num(Section::ListedProv, i),
        };
        (self.s.num(Section::ListedNode, i), row)
    }

    pub(super) fn name_count(&self) -> usize {
        self.s.items(Section::NameKind)
    }

    /// A normalised text of the name table.
    pub(super) fn name_text(&self, i: usize) -> Cow<'_, str> {
        match self.s.num(Section::NameText, i) {
            0 => Cow::Owned(normalise(self.label(self.s.num(Section::NameNode, i)))),
            code => Cow::Borrowed(self.s.text(Section::NameOffset, Section::NameBytes, code as usize - 1)),
        }
    }

    pub(super) fn name(&self, i: usize) -> NameRow {
        NameRow {
            node: self.s.num(Section::NameNode, i),
            kind: NameKind::from_code(self.s.num(Section::NameKind, i) as u8),
            prov: self.s.num(Section::NameProv, i),
        }
    }

    /// The first name not before a text.
    pub(super) fn name_from(&self, text: &str) -> usize {
        let (mut lo, mut hi) = (0, self.name_count());
        while lo < hi {
            let mid = (lo + hi) / 2;
            if *self.name_text(mid) < *text { lo = mid + 1 } else { hi = mid }
        }
        lo
    }

    /// Ranges of the posting lists of all words that begin with a text (only the word itself
    /// when `whole`).
    pub(super) fn postings(&self, word: &str, whole: bool) -> Vec<Range<usize>> {
        let words = self.s.items(Section::WordOffset).saturating_sub(1);
        let text = |i| self.s.text(Section::WordOffset, Section::WordBytes, i);
        let (mut lo, mut hi) = (0, words);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if text(mid) < word { lo = mid + 1 } else { hi = mid }
        }
        let fits = |i: &usize| if whole { text(*i) == word } else { text(*i).starts_with(word) };
        (lo..words).take_while(fits).map(|i| self.s.span(Section::PostOffset, i)).collect()
    }

    pub(super) fn posting(&self, i: usize) -> u32 {
        self.s.num(Section::Posting, i)
    }

    /// Checks every byte and that the numbers fit together.
    pub(super) fn verify(&self, records: u32, edits: u32) -> Result<()> {
        self.s.verify()?;
        let (n, m) = (self.nodes(), self.edges());
        let bad = |what: &str| Err(Error::damaged("index", 0, format!("the index contradicts itself: {what}")));
        let record_ok = |r: u32| r < records || (r >= super::build::EDIT_BASE && r - super::build::EDIT_BASE < edits);
        let arranged = self.arranged();
        let flagged = |i: &u32| *i < n && self.flags(*i) & super::build::flag::OPTIONS != 0;
        if !arranged.is_sorted_by(|a, b| a < b) || !arranged.iter().all(flagged) {
            return bad("the list of joint arrangements does not fit the nodes");
        }
        let mut seen = 0u64;
        for node in 0..n {
            if self.find_id(self.id(node)) != Some(node) {
                return bad("an id does not lead to its node");
            }
            if usize::from(self.node_type(node)) >= self.node_types().len() {
                return bad("a node of an unknown type");
            }
            for e in self.out(node) {
                let e = e as u32;
                let ok = e < m
                    && self.target(e) < n
                    && usize::from(self.kind(e)) < self.edge_types().len()
                    && (self.prov(e) as usize) < self.provs.len()
                    && record_ok(self.record(e));
                if !ok {
                    return bad("an edge leads nowhere");
                }
            }
            for at in self.inn(node) {
                let (source, e) = self.in_edge(at);
                if e >= m || self.target(e) != node || !self.out(source).contains(&(e as usize)) {
                    return bad("the two directions of the adjacency differ");
                }
                seen += 1;
            }
            if self.records(node).any(|(r, p)| !record_ok(r) || p as usize >= self.provs.len()) {
                return bad("a node with a record that is not there");
            }
        }
        if seen != u64::from(m) {
            return bad("the two directions of the adjacency differ in number");
        }
        self.sound()
    }
}
