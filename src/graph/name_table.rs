//! The name table of the index: normalised names in order, and the words they are made of.

use super::build::offsets_of;
use super::intern::Intern;
use super::layout::{Section, SectionWriter};
use super::names::{NameKind, words};
use super::texts::{Text, Texts};
use crate::error::{Error, Result};

/// One name of one node.
pub(super) struct NameRow {
    pub(super) text: Text,
    pub(super) node: u32,
    pub(super) kind: NameKind,
    pub(super) prov: u32,
}

/// The table of names sorted by text, and the words they are made of.
pub(super) fn name_sections(w: &mut SectionWriter, mut names: Vec<NameRow>, texts: Texts) -> Result<()> {
    let too_long = || Error::input("the names of the store are longer than 4 GiB");
    fn key<'t>(texts: &'t Texts, r: &NameRow) -> (&'t [u8], NameKind, u32, u32) {
        (texts.get(r.text), r.kind, r.node, r.prov)
    }
    names.sort_by(|a, b| key(&texts, a).cmp(&key(&texts, b)));
    names.dedup_by(|a, b| key(&texts, a) == key(&texts, b));
    let (mut offsets, mut bytes) = (vec![0u32], Vec::new());
    for r in &names {
        bytes.extend_from_slice(texts.get(r.text));
        offsets.push(u32::try_from(bytes.len()).map_err(|_| too_long())?);
    }
    w.u32s(Section::NameOffset, offsets)?;
    w.put(Section::NameBytes, &bytes)?;
    w.u32s(Section::NameNode, names.iter().map(|r| r.node))?;
    w.put(Section::NameKind, &names.iter().map(|r| r.kind as u8).collect::<Vec<u8>>())?;
    w.u32s(Section::NameProv, names.iter().map(|r| r.prov))?;
    let mut intern = Intern::default();
    let mut postings: Vec<(u32, u32)> = Vec::new();
    for (i, r) in names.iter().enumerate() {
        for word in words(std::str::from_utf8(texts.get(r.text)).unwrap_or("")) {
            let code = intern.number(word).ok_or_else(too_long)?.0;
            postings.push((code, i as u32));
        }
    }
    drop((names, texts));
    let mut order: Vec<u32> = (0..intern.len()).collect();
    order.sort_by(|a, b| intern.get(*a).cmp(intern.get(*b)));
    let mut rank = vec![0u32; order.len()];
    for (r, code) in order.iter().enumerate() {
        if let Some(slot) = rank.get_mut(*code as usize) {
            *slot = r as u32;
        }
    }
    for p in &mut postings {
        p.0 = rank.get(p.0 as usize).copied().unwrap_or(0);
    }
    postings.sort_unstable();
    postings.dedup();
    let (mut offsets, mut bytes) = (vec![0u32], Vec::new());
    for code in &order {
        bytes.extend_from_slice(intern.get(*code).as_bytes());
        offsets.push(u32::try_from(bytes.len()).map_err(|_| too_long())?);
    }
    w.u32s(Section::WordOffset, offsets)?;
    w.put(Section::WordBytes, &bytes)?;
    w.u32s(Section::PostOffset, offsets_of(postings.iter().map(|p| p.0), order.len()))?;
    w.u32s(Section::Posting, postings.iter().map(|p| p.1))
}
