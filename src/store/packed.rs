//! How the records of a segment become bytes: what records have in common stands once in a list
//! of words, what a record does not state takes no room. `docs/format.md`, "Records".
//!
//! Numbers are written as in the other encoded values (one byte below 251). The rare kinds
//! (decisions, sources, types) are whole values of [`crate::codec`].

use crate::codec;
use crate::error::{Error, Result};
use crate::model::{
    Act, CitationView, Direct, EndView, FactView, IdView, ListingView, PartialDate, PartyView, Percent, Record,
    RecordView, RelationView, Share, Status,
};
use hashbrown::HashTable;
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_64;

/// The most words of one segment.
const MAX_WORDS: usize = 65_535;
/// The longest text that becomes a word, in bytes.
const MAX_WORD: usize = 64;

/// Words kept at hand; a power of two.
const AT_HAND: usize = 64;

/// The words of a segment that is being written.
pub(super) struct Words {
    table: HashTable<u32>,
    list: Vec<String>,
    /// Numbers from 1 of words used lately, by length, first and last byte: most are found here
    /// without a hash.
    lately: [u32; AT_HAND],
}

impl Default for Words {
    fn default() -> Words {
        Words { table: HashTable::new(), list: Vec::new(), lately: [0; AT_HAND] }
    }
}

impl Words {
    /// The number of a word, from 1; 0 where it has to stand in the record.
    fn number(&mut self, text: &str) -> u32 {
        if text.len() > MAX_WORD {
            return 0;
        }
        let Words { table, list, lately } = self;
        let end = |b: Option<&u8>| usize::from(b.copied().unwrap_or(0));
        let (first, last) = (end(text.as_bytes().first()), end(text.as_bytes().last()));
        let Some(lately) = lately.get_mut((text.len() ^ first << 1 ^ last << 3) % AT_HAND) else { return 0 };
        if lately.checked_sub(1).and_then(|i| list.get(i as usize)).is_some_and(|w| w == text) {
            return *lately;
        }
        let hash = xxh3_64(text.as_bytes());
        let at = |i: &u32| list.get(*i as usize).map_or("", String::as_str);
        if let Some(i) = table.find(hash, |i| at(i) == text) {
            *lately = i + 1;
            return i + 1;
        }
        if list.len() >= MAX_WORDS {
            return 0;
        }
        let i = list.len() as u32;
        *lately = i + 1;
        table.insert_unique(hash, i, |i| xxh3_64(at(i).as_bytes()));
        list.push(text.to_owned());
        i + 1
    }

    /// The words, by number.
    pub(super) fn list(&self) -> &[String] {
        &self.list
    }
}

/// Bits of a relation's mask, in the order in which what they announce follows.
pub(super) mod has {
    pub(in super::super) const ID: u16 = 1;
    pub(in super::super) const SOURCE_NAME: u16 = 1 << 1;
    pub(in super::super) const TARGET_NAME: u16 = 1 << 2;
    pub(in super::super) const SHARE: u16 = 1 << 3;
    pub(in super::super) const STAKE: u16 = 1 << 4;
    pub(in super::super) const JOINT: u16 = 1 << 5;
    pub(in super::super) const ORDINAL: u16 = 1 << 6;
    pub(in super::super) const DIRECT: u16 = 1 << 7;
    pub(in super::super) const START: u16 = 1 << 8;
    pub(in super::super) const END: u16 = 1 << 9;
    pub(in super::super) const ROLE: u16 = 1 << 10;
    pub(in super::super) const STATUS: u16 = 1 << 11;
    pub(in super::super) const ACT: u16 = 1 << 12;
    pub(in super::super) const FACTS: u16 = 1 << 13;
    pub(in super::super) const CITES: u16 = 1 << 14;
}

/// Appends the shortest form of a number.
pub(super) fn put_number(out: &mut Vec<u8>, n: u64) {
    let bytes = n.to_le_bytes();
    match n {
        0..=250 => out.extend_from_slice(&bytes[..1]),
        251..=0xffff => {
            out.push(0xfb);
            out.extend_from_slice(&bytes[..2]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(0xfc);
            out.extend_from_slice(&bytes[..4]);
        }
        _ => {
            out.push(0xfd);
            out.extend_from_slice(&bytes);
        }
    }
}

/// Reads a number at a place and moves on; `None` past the end.
pub(super) fn take_number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let first = *bytes.get(*at)?;
    *at += 1;
    let width = match first {
        0..=250 => return Some(u64::from(first)),
        0xfb => 2,
        0xfc => 4,
        0xfd => 8,
        _ => return None,
    };
    let mut value = [0u8; 8];
    value.get_mut(..width)?.copy_from_slice(bytes.get(*at..*at + width)?);
    *at += width;
    Some(u64::from_le_bytes(value))
}

/// Writes records. Without words every text stands in the record: that form of a record is the
/// same whichever segment holds it.
pub(super) struct Packer<'w> {
    pub(super) out: &'w mut Vec<u8>,
    pub(super) words: Option<&'w mut Words>,
}

impl Packer<'_> {
    fn number(&mut self, n: u64) {
        put_number(self.out, n);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    fn word(&mut self, text: &str) {
        match self.words.as_mut().map_or(0, |w| w.number(text)) {
            0 => {
                self.out.push(0);
                self.text(text);
            }
            n => self.number(u64::from(n)),
        }
    }

    fn id(&mut self, id: &IdView<'_>) {
        if let (Some(namespace), Some(words)) = (id.namespace, self.words.as_mut()) {
            let n = words.number(namespace);
            if n != 0 {
                self.number(u64::from(n));
                return self.text(id.local);
            }
        }
        self.out.push(0);
        let namespace = id.namespace.map_or(0, |n| n.len() + 1);
        self.number((namespace + id.local.len()) as u64);
        id.write(self.out);
    }

    fn end(&mut self, end: &EndView<'_>) {
        match end {
            EndView::Id(id) => self.id(id),
            EndView::Name(name) => self.text(name),
        }
    }

    fn date(&mut self, date: Option<PartialDate>) {
        if let Some(d) = date {
            self.out.extend_from_slice(d.to_bits().to_le_bytes().get(..3).unwrap_or_default());
        }
    }

    fn percent(&mut self, p: Percent) {
        let (num, den) = p.fraction();
        self.number(num);
        self.number(den);
    }

    fn share(&mut self, s: &Share) {
        let exact = s.min == s.max;
        self.out.push(u8::from(s.open_min) | u8::from(s.open_max) << 1 | u8::from(exact) << 2);
        self.percent(s.min);
        if !exact {
            self.percent(s.max);
        }
    }

    fn cites(&mut self, cites: &[CitationView<'_>]) {
        self.number(cites.len() as u64);
        for c in cites {
            self.word(c.source);
            self.text(c.locator);
            self.text(c.quote);
        }
    }

    fn words(&mut self, list: &[&str]) {
        self.number(list.len() as u64);
        list.iter().for_each(|w| self.word(w));
    }

    fn facts(&mut self, facts: &[FactView<'_>]) {
        self.number(facts.len() as u64);
        for f in facts {
            let stated = [
                !f.kind.is_empty(),
                !f.script.is_empty(),
                !f.lang.is_empty(),
                !f.raw.is_empty(),
                f.from.is_some(),
                f.to.is_some(),
                f.status != Status::Asserted,
                !f.cites.is_empty(),
            ];
            self.word(f.prop);
            self.out.push(stated.iter().enumerate().fold(0, |m, (i, s)| m | u8::from(*s) << i));
            self.text(f.value);
            for w in [f.kind, f.script, f.lang] {
                if !w.is_empty() {
                    self.word(w);
                }
            }
            if !f.raw.is_empty() {
                self.text(f.raw);
            }
            self.date(f.from);
            self.date(f.to);
            if f.status != Status::Asserted {
                self.out.push(code(Status::ALL, f.status));
            }
            if !f.cites.is_empty() {
                self.cites(&f.cites);
            }
        }
    }

    fn listing(&mut self, l: &ListingView<'_>) {
        let stated = [
            l.from.is_some(),
            l.to.is_some(),
            !l.programs.is_empty(),
            !l.basis.is_empty(),
            !l.measures.is_empty(),
            !l.cites.is_empty(),
        ];
        self.word(l.list);
        self.out.push(stated.iter().enumerate().fold(0, |m, (i, s)| m | u8::from(*s) << i));
        self.date(l.from);
        self.date(l.to);
        for list in [&l.programs, &l.basis, &l.measures] {
            if !list.is_empty() {
                self.words(list);
            }
        }
        if !l.cites.is_empty() {
            self.cites(&l.cites);
        }
    }

    fn relation(&mut self, r: &RelationView<'_>) {
        let mask = [
            (r.id.is_some(), has::ID),
            (matches!(r.source, EndView::Name(_)), has::SOURCE_NAME),
            (matches!(r.target, EndView::Name(_)), has::TARGET_NAME),
            (r.share.is_some(), has::SHARE),
            (!r.stake.is_empty(), has::STAKE),
            (!r.joint.is_empty(), has::JOINT),
            (r.ordinal != 0, has::ORDINAL),
            (r.direct != Direct::Direct, has::DIRECT),
            (r.start.is_some(), has::START),
            (r.end.is_some(), has::END),
            (!r.role.is_empty(), has::ROLE),
            (r.status != Status::Asserted, has::STATUS),
            (r.act != Act::Done, has::ACT),
            (!r.facts.is_empty(), has::FACTS),
            (!r.cites.is_empty(), has::CITES),
        ];
        let mask = mask.iter().fold(0, |m, (set, bit)| if *set { m | bit } else { m });
        self.out.extend_from_slice(&mask.to_le_bytes());
        self.word(r.edge_type);
        if let Some(id) = &r.id {
            self.id(id);
        }
        self.end(&r.source);
        self.end(&r.target);
        if let Some(s) = &r.share {
            self.share(s);
        }
        for t in [r.stake, r.joint] {
            if !t.is_empty() {
                self.text(t);
            }
        }
        if r.ordinal != 0 {
            self.number(u64::from(r.ordinal));
        }
        if r.direct != Direct::Direct {
            self.out.push(code(Direct::ALL, r.direct));
        }
        self.date(r.start);
        self.date(r.end);
        if !r.role.is_empty() {
            self.word(r.role);
        }
        if r.status != Status::Asserted {
            self.out.push(code(Status::ALL, r.status));
        }
        if r.act != Act::Done {
            self.out.push(code(Act::ALL, r.act));
        }
        if !r.facts.is_empty() {
            self.facts(&r.facts);
        }
        if !r.cites.is_empty() {
            self.cites(&r.cites);
        }
    }

    /// Appends a record.
    pub(super) fn record(&mut self, record: &RecordView<'_>) -> Result<()> {
        match record {
            RecordView::Party(p) => {
                self.id(&p.id);
                self.word(p.node_type);
                self.facts(&p.facts);
                self.number(p.listings.len() as u64);
                p.listings.iter().for_each(|l| self.listing(l));
                self.cites(&p.cites);
                Ok(())
            }
            RecordView::Relation(r) => {
                self.relation(r);
                Ok(())
            }
            RecordView::Other(o) => codec::encode_into(self.out, &**o),
        }
    }
}

fn code<T: PartialEq>(all: &[T], value: T) -> u8 {
    all.iter().position(|v| *v == value).unwrap_or(0) as u8
}

pub(super) type Read<T> = std::result::Result<T, &'static str>;

/// Reads records.
pub(super) struct Unpacker<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) words: &'a [String],
}

const SHORT: &str = "it ends too early";

impl<'a> Unpacker<'a> {
    pub(super) fn number(&mut self) -> Read<u64> {
        take_number(self.bytes, &mut self.at).ok_or(SHORT)
    }

    /// A number of things of at least one byte each.
    pub(super) fn count(&mut self) -> Read<usize> {
        let n = self.number()?;
        let left = self.bytes.len() - self.at.min(self.bytes.len());
        usize::try_from(n).ok().filter(|n| *n <= left).ok_or("a list is longer than the record")
    }

    pub(super) fn byte(&mut self) -> Read<u8> {
        let b = *self.bytes.get(self.at).ok_or(SHORT)?;
        self.at += 1;
        Ok(b)
    }

    pub(super) fn text(&mut self) -> Read<&'a str> {
        let n = usize::try_from(self.number()?).map_err(|_| SHORT)?;
        let end = self.at.checked_add(n).ok_or(SHORT)?;
        let bytes = self.bytes.get(self.at..end).ok_or(SHORT)?;
        self.at = end;
        std::str::from_utf8(bytes).map_err(|_| "a text is not UTF-8")
    }

    /// A word by its number, from 1.
    pub(super) fn known(&self, n: u64) -> Read<&'a str> {
        let i = usize::try_from(n - 1).unwrap_or(usize::MAX);
        self.words.get(i).map(String::as_str).ok_or("a word that the segment does not have")
    }

    fn word(&mut self) -> Read<&'a str> {
        match self.number()? {
            0 => self.text(),
            n => self.known(n),
        }
    }

    pub(super) fn id(&mut self) -> Read<IdView<'a>> {
        match self.number()? {
            0 => Ok(IdView::of(self.text()?)),
            n => Ok(IdView { namespace: Some(self.known(n)?), local: self.text()? }),
        }
    }

    pub(super) fn date(&mut self, there: bool) -> Read<Option<PartialDate>> {
        if !there {
            return Ok(None);
        }
        let &[a, b, c] = self.bytes.get(self.at..self.at + 3).ok_or(SHORT)? else { return Err(SHORT) };
        self.at += 3;
        PartialDate::from_bits(u32::from_le_bytes([a, b, c, 0])).map(Some).ok_or("an impossible date")
    }

    pub(super) fn one_of<T: Copy + Default>(&mut self, there: bool, all: &[T], other: T) -> Read<T> {
        if !there {
            return Ok(other);
        }
        all.get(usize::from(self.byte()?)).copied().ok_or("an unknown code")
    }

    fn percent(&mut self) -> Read<Percent> {
        let (num, den) = (self.number()?, self.number()?);
        Percent::new(num, den).ok_or("a fraction without a denominator")
    }

    pub(super) fn share(&mut self) -> Read<Share> {
        let flags = self.byte()?;
        let min = self.percent()?;
        let max = if flags & 4 != 0 { min } else { self.percent()? };
        Share::interval(min, flags & 1 != 0, max, flags & 2 != 0).map_err(|_| "an impossible share")
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let n = self.count()?;
        let mut list = Vec::with_capacity(n.min(64));
        for _ in 0..n {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn cites(&mut self, there: bool) -> Read<Vec<CitationView<'a>>> {
        if !there {
            return Ok(Vec::new());
        }
        self.list(|u| Ok(CitationView { source: u.word()?, locator: u.text()?, quote: u.text()? }))
    }

    fn words(&mut self, there: bool) -> Read<Vec<&'a str>> {
        if there { self.list(Self::word) } else { Ok(Vec::new()) }
    }

    fn word_if(&mut self, there: bool) -> Read<&'a str> {
        if there { self.word() } else { Ok("") }
    }

    fn text_if(&mut self, there: bool) -> Read<&'a str> {
        if there { self.text() } else { Ok("") }
    }

    fn fact(&mut self) -> Read<FactView<'a>> {
        let prop = self.word()?;
        let mask = self.byte()?;
        let bit = |i: u8| mask >> i & 1 != 0;
        Ok(FactView {
            prop,
            value: self.text()?,
            kind: self.word_if(bit(0))?,
            script: self.word_if(bit(1))?,
            lang: self.word_if(bit(2))?,
            raw: self.text_if(bit(3))?,
            from: self.date(bit(4))?,
            to: self.date(bit(5))?,
            status: self.one_of(bit(6), Status::ALL, Status::Asserted)?,
            cites: self.cites(bit(7))?,
        })
    }

    fn listing(&mut self) -> Read<ListingView<'a>> {
        let list = self.word()?;
        let mask = self.byte()?;
        let bit = |i: u8| mask >> i & 1 != 0;
        Ok(ListingView {
            list,
            from: self.date(bit(0))?,
            to: self.date(bit(1))?,
            programs: self.words(bit(2))?,
            basis: self.words(bit(3))?,
            measures: self.words(bit(4))?,
            cites: self.cites(bit(5))?,
        })
    }

    pub(super) fn end(&mut self, named: bool) -> Read<EndView<'a>> {
        if named { self.text().map(EndView::Name) } else { self.id().map(EndView::Id) }
    }

    fn relation(&mut self) -> Read<RelationView<'a>> {
        let mask = u16::from(self.byte()?) | u16::from(self.byte()?) << 8;
        let has = |bit: u16| mask & bit != 0;
        Ok(RelationView {
            edge_type: self.word()?,
            id: if has(has::ID) { Some(self.id()?) } else { None },
            source: self.end(has(has::SOURCE_NAME))?,
            target: self.end(has(has::TARGET_NAME))?,
            share: if has(has::SHARE) { Some(self.share()?) } else { None },
            stake: self.text_if(has(has::STAKE))?,
            joint: self.text_if(has(has::JOINT))?,
            ordinal: if has(has::ORDINAL) {
                u32::try_from(self.number()?).map_err(|_| "an impossible ordinal")?
            } else {
                0
            },
            direct: self.one_of(has(has::DIRECT), Direct::ALL, Direct::Direct)?,
            start: self.date(has(has::START))?,
            end: self.date(has(has::END))?,
            role: self.word_if(has(has::ROLE))?,
            status: self.one_of(has(has::STATUS), Status::ALL, Status::Asserted)?,
            act: self.one_of(has(has::ACT), Act::ALL, Act::Done)?,
            facts: if has(has::FACTS) { self.list(Self::fact)? } else { Vec::new() },
            cites: self.cites(has(has::CITES))?,
        })
    }

    fn party(&mut self) -> Read<PartyView<'a>> {
        Ok(PartyView {
            id: self.id()?,
            node_type: self.word()?,
            facts: self.list(Self::fact)?,
            listings: self.list(Self::listing)?,
            cites: self.cites(true)?,
        })
    }
}

/// Reads a record that fills `bytes`. The error says what is wrong, not where.
pub(super) fn unpack<'a>(
    kind: u8,
    bytes: &'a [u8],
    words: &'a [String],
) -> std::result::Result<RecordView<'a>, Cow<'static, str>> {
    let mut u = Unpacker { bytes, at: 0, words };
    let record = match kind {
        0 => RecordView::Party(u.party()?),
        1 => RecordView::Relation(u.relation()?),
        _ => {
            let other: Record = codec::decode(bytes)?;
            if other.kind_code() != kind {
                return Err("it is of another kind than it says".into());
            }
            return Ok(RecordView::Other(Cow::Owned(other)));
        }
    };
    if u.at != bytes.len() {
        return Err("bytes are left over".into());
    }
    Ok(record)
}

/// A record in the form that is the same in all segments.
pub(super) fn canonical(record: &RecordView<'_>, out: &mut Vec<u8>) -> Result<()> {
    Packer { out, words: None }.record(record)
}

/// A record that is too long for any segment.
pub(super) fn too_long(bytes: usize, most: usize) -> Error {
    Error::input(format!("one record has {bytes} bytes, more than {most}"))
}

#[cfg(test)]
pub(super) mod testing {
    //! Records that state as much as can be stated, and as little.

    use super::*;
    use crate::model::{Citation, Decision, End, Fact, Id, Listing, PartyRecord, RelationRecord, Ruling};

    /// Some of each kind that is packed here.
    pub(in super::super) fn samples() -> Vec<Record> {
        let d = |t: &str| PartialDate::parse(t).ok();
        let cite = |s: &str, l: &str| Citation { source: s.into(), locator: l.into(), quote: "q".into() };
        let mut p = PartyRecord::new(Id::new("ofac", "7:8").unwrap(), "person");
        p.facts.push(Fact::name("name", "Ж"));
        p.facts.push(Fact {
            raw: "circa 1951".into(),
            lang: "en".into(),
            from: d("1951"),
            to: d("9999-12-31"),
            status: Status::Withdrawn,
            cites: vec![cite("a", "1"), cite("b", "")],
            ..Fact::new("birth", "x".repeat(300)).kind("k".repeat(100))
        });
        p.listings.push(Listing {
            list: "ofac_sdn".into(),
            from: d("2023-08"),
            programs: vec!["DPRK2".into(), String::new()],
            measures: vec!["block".into()],
            ..Listing::default()
        });
        p.cites.push(cite("", "9"));
        let mut r = RelationRecord::new(End::Id(Id::new("a", "1").unwrap()), "owns", End::Name("N".into()));
        r.share = Some(Share::exact(Percent::parse("100/3").unwrap()).unwrap());
        let mut full = RelationRecord::new(End::Name("é".into()), "votes_in", End::Id(Id::new("b", "2").unwrap()));
        full.id = Some(Id::new("x", "rel/1").unwrap());
        full.share =
            Some(Share::interval(Percent::parse("25").unwrap(), true, Percent::parse("50").unwrap(), false).unwrap());
        (full.stake, full.joint, full.role) = ("s".into(), "j".into(), "director".into());
        (full.ordinal, full.direct, full.status, full.act) = (70_000, Direct::Unknown, Status::Alleged, Act::Sought);
        (full.start, full.end) = (d("2001-01-01"), d("2002"));
        full.facts = p.facts.clone();
        full.cites = p.cites.clone();
        let decision =
            Decision { a: p.id.clone(), b: full.id.clone().unwrap(), ruling: Ruling::Same, note: "n".into() };
        vec![
            Record::Party(PartyRecord::new(Id::new("y", "1").unwrap(), "")),
            Record::Party(p),
            Record::Relation(r),
            Record::Relation(full),
            Record::Decision(decision),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::testing::samples;
    use super::*;
    use crate::model::{Fact, Id, PartyRecord};

    #[test]
    fn records_survive_their_bytes() {
        let mut words = Words::default();
        for round in 0..2 {
            for record in samples() {
                let mut out = Vec::new();
                Packer { out: &mut out, words: Some(&mut words) }.record(&record.view()).unwrap();
                let list = words.list().to_vec();
                let back = unpack(record.kind_code(), &out, &list).unwrap();
                let (mut a, mut b) = (Vec::new(), Vec::new());
                back.write_key(&mut a);
                record.view().write_key(&mut b);
                assert_eq!((&a, &b), (&record.key().into_bytes(), &a), "round {round}");
                assert_eq!(back.into_owned(), record);
                let mut plain = Vec::new();
                canonical(&record.view(), &mut plain).unwrap();
                assert_eq!(unpack(record.kind_code(), &plain, &[]).unwrap().into_owned(), record);
                for cut in 0..out.len() {
                    assert!(unpack(record.kind_code(), &out[..cut], &list).is_err(), "cut at {cut}");
                }
            }
        }
    }

    /// Pins the bytes: a change here is a change of the store's format.
    #[test]
    fn golden_bytes() {
        let all = samples();
        let mut words = Words::default();
        let mut hex = Vec::new();
        for i in [0, 2] {
            let mut out = Vec::new();
            Packer { out: &mut out, words: Some(&mut words) }.record(&all[i].view()).unwrap();
            hex.push(out.iter().map(|b| format!("{b:02x}")).collect::<String>());
        }
        assert_eq!(hex, ["010131".to_owned() + "02000000", "0c00030401".to_owned() + "31014e046403"]);
        assert_eq!(words.list(), ["y", "", "owns", "a"]);
    }

    #[test]
    fn a_full_list_of_words_is_no_limit() {
        let mut words = Words::default();
        for i in 0..MAX_WORDS + 10 {
            let n = words.number(&format!("w{i}"));
            assert_eq!(n == 0, i >= MAX_WORDS);
        }
        assert_eq!(words.number("w0"), 1);
        assert_eq!(words.number(&"x".repeat(MAX_WORD + 1)), 0);
        let mut p = PartyRecord::new(Id::new("unheard", "1").unwrap(), "of");
        p.facts.push(Fact::new("p", "v"));
        let record = Record::Party(p);
        let mut out = Vec::new();
        Packer { out: &mut out, words: Some(&mut words) }.record(&record.view()).unwrap();
        assert_eq!(unpack(0, &out, words.list()).unwrap().into_owned(), record);
    }

    #[test]
    fn spoilt_records_are_refused_or_differ_but_never_worse() {
        let mut x = 88172645463325252u64;
        for record in samples() {
            let mut out = Vec::new();
            let mut words = Words::default();
            Packer { out: &mut out, words: Some(&mut words) }.record(&record.view()).unwrap();
            for _ in 0..2000 {
                let mut bad = out.clone();
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                let at = usize::try_from(x >> 8).unwrap() % bad.len();
                bad[at] = x.to_le_bytes()[0];
                unpack(record.kind_code(), &bad, words.list()).ok();
            }
        }
    }
}
