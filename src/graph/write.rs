//! From gathered rows to the sections of the index file.

use super::build::{Builder, Built};
use super::date_codes::DateCodes;
use super::edge_row::EdgeRow;
use super::index::{SHARES_FROM, plain_code};
use super::intern::{Intern, hash_table};
use super::layout::{Directory, LAYOUT, Section, SectionWriter};
use super::literal::Literals;
use super::name_table::{name_sections, read_names};
use super::naming::Naming;
use super::prov::ProvTable;
use crate::error::{Error, Result};
use crate::model::Share;
use crate::store::{FileWriter, Row, RowSorter, SortedRows, Sorter, Storage};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

impl Builder {
    /// Sorts everything and writes the sections.
    pub(super) fn write(mut self, file: FileWriter, edits: u32) -> Result<(FileWriter, Built)> {
        let mut built = Built::default();
        self.resolve(&mut built)?;
        let Builder { catalogue, ids, mut arranged, described, lists, storage, provs, .. } = self;
        drop::<Literals>(self.literals);
        let n = ids.len() as usize;
        built.nodes = ids.len();
        let too_many = || Error::input("the store holds more than 4 billion relations");
        built.edges = u32::try_from(self.edges.len()).map_err(|_| too_many())?;
        arranged.sort_unstable();
        arranged.dedup();
        let directory = Directory {
            layout: LAYOUT,
            sections: Vec::new(),
            nodes: built.nodes,
            edges: built.edges,
            node_types: catalogue.node_types().to_vec(),
            edge_types: catalogue.edge_types().to_vec(),
            lists: (0..lists.len()).map(|i| lists.get(i).to_owned()).collect(),
            edits,
            described,
            arranged,
            namespace: only_namespace(&ids),
        };
        let by_local = directory.namespace.is_none();
        let mut w = SectionWriter::new(file, directory);
        for (section, codes) in [(Section::NodeType, self.types), (Section::NodeFlags, self.flags)] {
            w.packed(section, |out| codes.iter().try_for_each(|c| out(u32::from(*c))))?;
        }
        let own = std::thread::scope(|s| {
            // Names are sorted while the rest is written.
            let Naming { labels, names, .. } = self.naming;
            let names = s.spawn(|| read_names(names, &storage));
            let winners = nodes(&mut w, &ids, labels, by_local, &storage)?;
            drop(ids);
            let (codes, others) = share_codes(&self.shares);
            let own = adjacency(&mut w, self.edges, self.own_ids, n, &provs, (&self.dates, &codes), &storage)?;
            details(&mut w, self.records, self.listed, &self.dates, &others, n)?;
            let failed = |_| Error::input("sorting the names failed");
            name_sections(&mut w, names.join().map_err(failed)??, &winners)?;
            Ok::<_, Error>(own)
        })?;
        hash_table(&mut w, Section::EdgeHash, own)?;
        aliases(&mut w, self.aliases)?;
        w.put(Section::Provs, &provs.encode()?)?;
        Ok((w.finish()?, built))
    }
}

/// The namespace that all ids have.
fn only_namespace(ids: &Intern) -> Option<String> {
    let of = |i: u32| ids.get(i).split_once(':').map(|(namespace, _)| namespace);
    let first = (ids.len() > 0).then(|| of(0)).flatten()?;
    (0..ids.len()).all(|i| of(i) == Some(first)).then(|| first.to_owned())
}

/// Ids and labels, and the tables by which ids are found; gives for each node the number of the
/// name that is its label, `u32::MAX` where none is.
fn nodes(
    w: &mut SectionWriter,
    ids: &Intern,
    labels: Sorter<(u32, u8, u32)>,
    by_local: bool,
    storage: &Arc<dyn Storage>,
) -> Result<Vec<u32>> {
    let (offsets, bytes) = ids.parts();
    w.stairs(Section::IdOffset, |out| offsets.clone().try_for_each(out))?;
    w.put(Section::IdBytes, bytes)?;
    let labels = labels.finish()?;
    let mut winners = vec![u32::MAX; ids.len() as usize];
    labels.each(|text, (node, _, order)| {
        // The first of a node is the best of it.
        if let Some(w) = winners.get_mut(node as usize).filter(|w| **w == u32::MAX && !text.is_empty()) {
            *w = order;
        }
        Ok(())
    })?;
    // A party without a name goes by its id.
    let each = |take: &mut dyn FnMut(&[u8]) -> Result<()>| -> Result<()> {
        let mut next = 0;
        labels.each(|text, (node, _, _)| {
            // The first of a node is the best of it.
            if node < next {
                return Ok(());
            }
            for i in next..node {
                take(ids.get(i).as_bytes())?;
            }
            next = node + 1;
            take(if text.is_empty() { ids.get(node).as_bytes() } else { text })
        })?;
        (next..ids.len()).try_for_each(|i| take(ids.get(i).as_bytes()))
    };
    let mut ends = Vec::with_capacity(ids.len() as usize + 1);
    let mut end = 0usize;
    ends.push(0u32);
    each(&mut |text| {
        end += text.len();
        let too_long = || Error::input("the names of the store are longer than 4 GiB");
        ends.push(u32::try_from(end).map_err(|_| too_long())?);
        Ok(())
    })?;
    w.stairs(Section::LabelOffset, |out| ends.iter().try_for_each(|end| out(*end)))?;
    drop(ends);
    w.stream(Section::LabelBytes, |out| each(&mut |text| out(text)))?;
    let local = |id: &str| id.split_once(':').map_or(0, |(namespace, _)| namespace.len() + 1);
    for (section, cut) in [(Section::IdHash, false), (Section::LocalHash, true)] {
        let mut found = RowSorter::new(storage);
        for i in (0..ids.len()).filter(|_| by_local || !cut) {
            let id = ids.get(i);
            let text = if cut { id.get(local(id)..).unwrap_or(id) } else { id };
            found.push((xxh3_64(text.as_bytes()), 0, i))?;
        }
        hash_table(w, section, found)?;
    }
    Ok(winners)
}

/// The code in the index of each distinct share by its number, 0 for the unknown one at 0, and the
/// shares of the table.
fn share_codes(shares: &[Share]) -> (Vec<u32>, Vec<Share>) {
    let (mut codes, mut others) = (vec![0], Vec::new());
    for s in shares {
        codes.push(plain_code(s).unwrap_or_else(|| {
            others.push(*s);
            SHARES_FROM + others.len() as u32 - 1
        }));
    }
    (codes, others)
}

/// The out-columns in edge order, the in-columns sorted by (target, type, source); gives the
/// edges that have an id of their own, with the hash of it.
fn adjacency(
    w: &mut SectionWriter,
    edges: RowSorter<EdgeRow>,
    mut own_ids: RowSorter<(u32, u8, u64)>,
    n: usize,
    provs: &ProvTable,
    (dates, shares): (&DateCodes, &[u32]),
    storage: &Arc<dyn Storage>,
) -> Result<RowSorter<(u64, u32, u32)>> {
    let m = edges.len();
    let (last_node, last_edge) = ((n as u32).saturating_sub(1), (m as u32).saturating_sub(1));
    let edges = edges.finish()?;
    // Its memory is wanted when that of the edges is free again.
    let mut incoming: RowSorter<(u32, u16, u32, u32)> = RowSorter::parked(storage);
    let ids = own_ids.len() > 0;
    let mut number = 0u32;
    edges.each(|e| {
        incoming.push((e.target, e.kind, e.source, number))?;
        if ids {
            // What a source still says is found first.
            own_ids.push((e.record, 1, u64::from(number) | u64::from(!provs.holds(e.prov)) << 32))?;
        }
        number += 1;
        Ok(())
    })?;
    let own = named_edges(own_ids, storage)?;
    offsets(w, Section::OutOffset, &edges, n, |e| e.source)?;
    w.whole_bytes(Section::Target, m, last_node, |out| edges.each(|e| out(e.target)))?;
    w.column(Section::EdgeType, &edges, |e| u32::from(e.kind))?;
    w.column(Section::EdgeMeta, &edges, |e| u32::from(e.meta))?;
    w.column(Section::EdgeShare, &edges, |e| shares.get(e.share as usize).copied().unwrap_or(0))?;
    w.column(Section::EdgeStart, &edges, |e| dates.code(e.start))?;
    w.column(Section::EdgeEnd, &edges, |e| dates.code(e.end))?;
    w.column(Section::EdgeProv, &edges, |e| e.prov)?;
    w.column(Section::EdgeRecord, &edges, |e| e.record)?;
    drop(edges);
    let incoming = incoming.finish()?;
    offsets(w, Section::InOffset, &incoming, n, |e| e.0)?;
    w.whole_bytes(Section::InSource, m, last_node, |out| incoming.each(|e| out(e.2)))?;
    w.whole_bytes(Section::InEdge, m, last_edge, |out| incoming.each(|e| out(e.3)))?;
    Ok(own)
}

/// The edges that have an id of their own, from rows of record and either the hash of its id (0)
/// or its number and whether its source has dropped it (1).
fn named_edges(joined: RowSorter<(u32, u8, u64)>, storage: &Arc<dyn Storage>) -> Result<RowSorter<(u64, u32, u32)>> {
    let mut own = RowSorter::new(storage);
    let mut id = None;
    joined.finish()?.each(|(record, what, value)| {
        if what == 0 {
            id = Some((record, value));
        } else if let Some((_, hash)) = id.filter(|(r, _)| *r == record) {
            own.push((hash, (value >> 32) as u32, value as u32))?;
        }
        Ok(())
    })?;
    Ok(own)
}

fn details(
    w: &mut SectionWriter,
    records: RowSorter<(u32, u32, u32)>,
    listed: RowSorter<(u32, u32, u32, u32, u32)>,
    dates: &DateCodes,
    shares: &[Share],
    n: usize,
) -> Result<()> {
    let records = records.finish()?;
    packed_offsets(w, Section::RecordOffset, &records, n, |r| r.0)?;
    w.column(Section::Record, &records, |r| r.1)?;
    w.column(Section::RecordProv, &records, |r| r.2)?;
    drop(records);
    let listed = listed.finish()?;
    w.column(Section::ListedNode, &listed, |l| l.0)?;
    w.column(Section::ListedList, &listed, |l| l.1)?;
    w.column(Section::ListedFrom, &listed, |l| l.2)?;
    w.column(Section::ListedTo, &listed, |l| l.3)?;
    w.column(Section::ListedProv, &listed, |l| l.4)?;
    w.u32s(Section::Dates, dates.bits())?;
    let mut bytes = Vec::with_capacity(shares.len() * 40);
    for s in shares {
        let ((a, b), (c, d)) = (s.min.fraction(), s.max.fraction());
        for v in [a, b, c, d, u64::from(s.open_min) | u64::from(s.open_max) << 1] {
            bytes.extend_from_slice(&v.to_le_bytes());
        }
    }
    w.put(Section::Shares, &bytes)
}

/// Other ids by hash; one of several records that say the same suffices.
fn aliases(w: &mut SectionWriter, aliases: RowSorter<(u64, u32, u32)>) -> Result<()> {
    let sorted = aliases.finish()?;
    let each = |take: &mut dyn FnMut((u64, u32, u32)) -> Result<()>| {
        let mut last = None;
        sorted.each(|a| {
            if last == Some((a.0, a.1)) {
                return Ok(());
            }
            last = Some((a.0, a.1));
            take(a)
        })
    };
    w.stream(Section::AliasHash, |out| each(&mut |a| out(&a.0.to_le_bytes())))?;
    w.packed(Section::AliasNode, |out| each(&mut |a| out(a.1)))?;
    w.packed(Section::AliasRecord, |out| each(&mut |a| out(a.2)))
}

/// Where the run of each of `n` keys begins in rows sorted by it, and the end of the last.
fn each_offset<R: Row>(
    rows: &SortedRows<R>,
    n: usize,
    key: impl Fn(R) -> u32,
    mut take: impl FnMut(u32) -> Result<()>,
) -> Result<()> {
    let (mut next, mut at) = (0usize, 0u32);
    rows.each(|r| {
        while next <= key(r) as usize {
            take(at)?;
            next += 1;
        }
        at += 1;
        Ok(())
    })?;
    (next..=n).try_for_each(|_| take(at))
}

fn offsets<R: Row>(
    w: &mut SectionWriter,
    section: Section,
    rows: &SortedRows<R>,
    n: usize,
    key: impl Fn(R) -> u32,
) -> Result<()> {
    // Held, so that one walk through the rows does.
    let mut all = Vec::with_capacity(n + 1);
    each_offset(rows, n, key, |at| {
        all.push(at);
        Ok(())
    })?;
    w.lines(section, &all)
}

/// The same as a packed column.
fn packed_offsets<R: Row>(
    w: &mut SectionWriter,
    section: Section,
    rows: &SortedRows<R>,
    n: usize,
    key: impl Fn(R) -> u32,
) -> Result<()> {
    w.packed(section, |out| each_offset(rows, n, &key, out))
}
