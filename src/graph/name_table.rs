//! The name table of the index: normalised names in order, and the words they are made of.

use super::intern::Intern;
use super::layout::{Section, SectionWriter};
use super::names::words;
use crate::error::{Error, Result};
use crate::store::{RowSorter, Sorted, SortedRows, Sorter, Storage};
use std::cell::Cell;
use std::sync::Arc;

/// A name of the table: its number, node and kind; its provenance, number among the labels (`u32::MAX`
/// for none) and length.
type NameRow = ((u32, u32, u8), (u32, u32, u32));

/// What the name table is made of.
pub(super) struct Names {
    names: Sorted<(u8, u32, u32, u32)>,
    rows: SortedRows<NameRow>,
    /// The words, and how many names hold each.
    words: Intern,
    counts: Vec<u32>,
    /// Words as they came, and numbers of names.
    postings: SortedRows<(u32, u32)>,
}

fn too_long() -> Error {
    Error::input("the names of the store are longer than 4 GiB")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}

/// Goes through the names, each only once, with its row.
fn each_name(names: &Sorted<(u8, u32, u32, u32)>, mut take: impl FnMut(&[u8], NameRow) -> Result<()>) -> Result<()> {
    let mut last: (Vec<u8>, Option<(u8, u32, u32)>) = (Vec::new(), None);
    let mut number = 0u32;
    names.each(|text, (kind, node, prov, order)| {
        if last.1 == Some((kind, node, prov)) && last.0 == text {
            return Ok(());
        }
        last.0.clear();
        last.0.extend_from_slice(text);
        last.1 = Some((kind, node, prov));
        let len = u32::try_from(text.len()).map_err(|_| too_long())?;
        take(text, ((number, node, kind), (prov, order, len)))?;
        number = number.checked_add(1).ok_or_else(too_long)?;
        Ok(())
    })
}

/// Sorts names (kind, node, provenance, number among the labels) by text, and gathers in one walk
/// through the texts what all columns but that of the texts are made of.
pub(super) fn read_names(names: Sorter<(u8, u32, u32, u32)>, storage: &Arc<dyn Storage>) -> Result<Names> {
    let names = names.finish()?;
    let mut rows: RowSorter<NameRow> = RowSorter::new(storage);
    let mut intern = Intern::default();
    let mut counts: Vec<u32> = Vec::new();
    let mut postings: RowSorter<(u32, u32)> = RowSorter::new(storage);
    let mut here: Vec<u32> = Vec::new();
    each_name(&names, |name, row| {
        rows.push(row)?;
        here.clear();
        for word in words(text(name)) {
            let (code, _) = intern.number(word).ok_or_else(too_long)?;
            here.push(code);
        }
        here.sort_unstable();
        here.dedup();
        counts.resize(intern.len() as usize, 0);
        here.iter().try_for_each(|code| {
            if let Some(n) = counts.get_mut(*code as usize) {
                *n += 1;
            }
            postings.push((*code, row.0.0))
        })
    })?;
    Ok(Names { names, rows: rows.finish()?, words: intern, counts, postings: postings.finish()? })
}

/// The table of names, and the words they are made of. `winners` tells which name is the label of each
/// node.
pub(super) fn name_sections(w: &mut SectionWriter, names: Names, winners: &[u32]) -> Result<()> {
    let Names { names, rows, words: intern, counts, postings } = names;
    let label =
        |((_, node, _), (_, order, _)): &NameRow| *order != u32::MAX && winners.get(*node as usize) == Some(order);
    w.packed(Section::NameText, |out| {
        let mut texts = 0u32;
        rows.each(|row| {
            let own = !label(&row);
            texts += u32::from(own);
            out(if own { texts } else { 0 })
        })
    })?;
    let length = Cell::new(0u32);
    w.stairs(Section::NameOffset, |out| {
        let mut end = 0u32;
        out(end)?;
        rows.each(|row| {
            if label(&row) {
                return Ok(());
            }
            end = end.checked_add(row.1.2).ok_or_else(too_long)?;
            length.set(end);
            out(end)
        })
    })?;
    w.stream(Section::NameBytes, |out| {
        // Where every text is a label there is nothing to write.
        if length.get() == 0 { Ok(()) } else { each_name(&names, |t, row| if label(&row) { Ok(()) } else { out(t) }) }
    })?;
    drop(names);
    w.packed(Section::NameNode, |out| rows.each(|row| out(row.0.1)))?;
    w.packed(Section::NameKind, |out| rows.each(|row| out(u32::from(row.0.2))))?;
    w.packed(Section::NameProv, |out| rows.each(|row| out(row.1.0)))?;
    drop(rows);

    let mut order: Vec<u32> = (0..intern.len()).collect();
    order.sort_unstable_by(|a, b| intern.get(*a).cmp(intern.get(*b)));
    w.stairs(Section::WordOffset, |out| {
        out(0)?;
        let mut end = 0usize;
        order.iter().try_for_each(|code| {
            end += intern.get(*code).len();
            out(u32::try_from(end).map_err(|_| too_long())?)
        })
    })?;
    w.stream(Section::WordBytes, |out| order.iter().try_for_each(|code| out(intern.get(*code).as_bytes())))?;
    drop(intern);
    // The postings are sorted by the words as they came, and written by the words as they are spelt.
    let count = |code: &u32| counts.get(*code as usize).copied().unwrap_or(0);
    w.stairs(Section::PostOffset, |out| {
        let mut at = 0u32;
        out(at)?;
        order.iter().try_for_each(|code| {
            at += count(code);
            out(at)
        })
    })?;
    let mut starts = Vec::with_capacity(counts.len());
    let mut at = 0usize;
    for n in &counts {
        starts.push(at);
        at += *n as usize;
    }
    w.packed(Section::Posting, |out| {
        order.iter().try_for_each(|code| {
            let from = starts.get(*code as usize).copied().unwrap_or(0);
            postings.range(from..from + count(code) as usize, |(_, number)| out(number))
        })
    })
}
