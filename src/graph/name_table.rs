//! The name table of the index: normalised names in order, and the words they are made of.

use super::intern::Intern;
use super::layout::{Section, SectionWriter};
use super::names::words;
use crate::error::{Error, Result};
use crate::store::{RowSorter, Sorted, Storage};
use std::sync::Arc;

/// A name of the table: its number, node, kind and provenance, and 1 where it is the label.
type NameRow = (u32, u32, u8, u32, u8);

fn too_long() -> Error {
    Error::input("the names of the store are longer than 4 GiB")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}

/// Goes through the names, each only once, with its row.
fn each_name(
    names: &Sorted<(u8, u32, u32, u32)>,
    winners: &[u32],
    mut take: impl FnMut(&[u8], NameRow) -> Result<()>,
) -> Result<()> {
    let mut last: (Vec<u8>, Option<(u8, u32, u32)>) = (Vec::new(), None);
    let mut number = 0u32;
    names.each(|text, (kind, node, prov, order)| {
        if last.1 == Some((kind, node, prov)) && last.0 == text {
            return Ok(());
        }
        last.0.clear();
        last.0.extend_from_slice(text);
        last.1 = Some((kind, node, prov));
        let label = order != u32::MAX && winners.get(node as usize) == Some(&order);
        take(text, (number, node, kind, prov, u8::from(label)))?;
        number = number.checked_add(1).ok_or_else(too_long)?;
        Ok(())
    })
}

/// The table of names (kind, node, provenance, number among the labels) sorted by text, and the
/// words they are made of. `winners` tells which name is the label of each node.
pub(super) fn name_sections(
    w: &mut SectionWriter,
    names: &Sorted<(u8, u32, u32, u32)>,
    winners: &[u32],
    storage: &Arc<dyn Storage>,
) -> Result<()> {
    // One walk through the texts gathers what all columns but that of the texts are made of.
    let mut rows: RowSorter<NameRow> = RowSorter::new(storage);
    let mut ends: RowSorter<u32> = RowSorter::new(storage);
    let mut intern = Intern::default();
    let mut counts: Vec<u32> = Vec::new();
    let mut postings: RowSorter<(u32, u32)> = RowSorter::new(storage);
    let mut end = 0usize;
    let mut here: Vec<u32> = Vec::new();
    each_name(names, winners, |name, row| {
        rows.push(row)?;
        if row.4 == 0 {
            end += name.len();
            ends.push(u32::try_from(end).map_err(|_| too_long())?)?;
        }
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
            postings.push((*code, row.0))
        })
    })?;
    let (rows, ends) = (rows.finish()?, ends.finish()?);
    w.packed(Section::NameText, |out| {
        let mut texts = 0u32;
        rows.each(|row| {
            texts += u32::from(row.4 == 0);
            out(if row.4 == 0 { texts } else { 0 })
        })
    })?;
    w.stairs(Section::NameOffset, |out| {
        out(0)?;
        ends.each(&mut *out)
    })?;
    w.stream(Section::NameBytes, |out| {
        // Where every text is a label there is nothing to write.
        if end == 0 { Ok(()) } else { each_name(names, winners, |t, row| if row.4 == 0 { out(t) } else { Ok(()) }) }
    })?;
    w.packed(Section::NameNode, |out| rows.each(|row| out(row.1)))?;
    w.packed(Section::NameKind, |out| rows.each(|row| out(u32::from(row.2))))?;
    w.packed(Section::NameProv, |out| rows.each(|row| out(row.3)))?;
    drop((rows, ends));

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
    let postings = postings.finish()?;
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
