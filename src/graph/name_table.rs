//! The name table of the index: normalised names in order, and the words they are made of.

use super::intern::Intern;
use super::layout::{Section, SectionWriter};
use super::names::words;
use super::write::packed_offsets;
use crate::error::{Error, Result};
use crate::store::{RowSorter, Sorted, Storage};
use std::sync::Arc;

/// Takes a name: its number, its text, kind, node and provenance, and whether it is the label.
type Take<'t> = dyn FnMut(u32, &[u8], (u8, u32, u32), bool) -> Result<()> + 't;

fn too_long() -> Error {
    Error::input("the names of the store are longer than 4 GiB")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}

/// The table of names (kind, node, provenance, number among the labels) sorted by text, and the
/// words they are made of. `winners` tells which name is the label of each node.
pub(super) fn name_sections(
    w: &mut SectionWriter,
    names: &Sorted<(u8, u32, u32, u32)>,
    winners: &[u32],
    storage: &Arc<dyn Storage>,
) -> Result<()> {
    // Goes through the names, each only once, with its number.
    let each = |take: &mut Take<'_>| {
        let mut last: (Vec<u8>, Option<(u8, u32, u32)>) = (Vec::new(), None);
        let mut number = 0u32;
        names.each(|text, (kind, node, prov, order)| {
            let row = (kind, node, prov);
            let label = order != u32::MAX && winners.get(node as usize) == Some(&order);
            if last.1 == Some(row) && last.0 == text {
                return Ok(());
            }
            last.0.clear();
            last.0.extend_from_slice(text);
            last.1 = Some(row);
            take(number, text, row, label)?;
            number = number.checked_add(1).ok_or_else(too_long)?;
            Ok(())
        })
    };
    w.packed(Section::NameText, |out| {
        let mut texts = 0u32;
        each(&mut |_, _, _, label| {
            texts += u32::from(!label);
            out(if label { 0 } else { texts })
        })
    })?;
    w.stream(Section::NameOffset, |out| {
        out(&0u32.to_le_bytes())?;
        let mut end = 0usize;
        each(&mut |_, text, _, label| {
            if label {
                return Ok(());
            }
            end += text.len();
            out(&u32::try_from(end).map_err(|_| too_long())?.to_le_bytes())
        })
    })?;
    w.stream(Section::NameBytes, |out| each(&mut |_, text, _, label| if label { Ok(()) } else { out(text) }))?;
    w.packed(Section::NameNode, |out| each(&mut |_, _, row, _| out(row.1)))?;
    w.packed(Section::NameKind, |out| each(&mut |_, _, row, _| out(u32::from(row.0))))?;
    w.packed(Section::NameProv, |out| each(&mut |_, _, row, _| out(row.2)))?;

    // Words in order first, so that their postings can be sorted by the numbers they will have.
    let mut intern = Intern::default();
    each(&mut |_, name, _, _| {
        for word in words(text(name)) {
            intern.number(word).ok_or_else(too_long)?;
        }
        Ok(())
    })?;
    let mut order: Vec<u32> = (0..intern.len()).collect();
    order.sort_unstable_by(|a, b| intern.get(*a).cmp(intern.get(*b)));
    let mut rank = vec![0u32; order.len()];
    for (r, code) in order.iter().enumerate() {
        if let Some(slot) = rank.get_mut(*code as usize) {
            *slot = r as u32;
        }
    }
    let mut postings: RowSorter<(u32, u32)> = RowSorter::new(storage);
    each(&mut |number, name, _, _| {
        let mut here: Vec<u32> = Vec::new();
        for word in words(text(name)) {
            let code = intern.number(word).ok_or_else(too_long)?.0;
            here.push(rank.get(code as usize).copied().unwrap_or(0));
        }
        here.sort_unstable();
        here.dedup();
        here.into_iter().try_for_each(|word| postings.push((word, number)))
    })?;
    w.stream(Section::WordOffset, |out| {
        out(&0u32.to_le_bytes())?;
        let mut end = 0usize;
        order.iter().try_for_each(|code| {
            end += intern.get(*code).len();
            out(&u32::try_from(end).map_err(|_| too_long())?.to_le_bytes())
        })
    })?;
    w.stream(Section::WordBytes, |out| order.iter().try_for_each(|code| out(intern.get(*code).as_bytes())))?;
    let words = order.len();
    drop((intern, order, rank));
    let postings = postings.finish()?;
    packed_offsets(w, Section::PostOffset, &postings, words, |p| p.0)?;
    w.column(Section::Posting, &postings, |p| p.1)
}
