//! What an index is made of, read off packed records as they lie in a segment or are on their way
//! into one: without copies, and without the lists of which a whole record consists.

use super::packed::{Read, Unpacker, has};
use super::segment::{Frame, next_record};
use crate::error::{Error, Result};
use crate::model::{Act, Direct, EndView, IdView, PartialDate, RecordView, Share, Status};
use std::ops::Range;

/// A text that may stand among the words of its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term<'a> {
    /// The number of a word, from 0.
    Word(u32),
    /// A text that stands in the record.
    Text(&'a str),
}

/// Consecutive records of a segment.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// The records one after the other, with their lengths and frames.
    pub(crate) bytes: &'a [u8],
    /// Number of the first within its source.
    pub(crate) first: u32,
    /// The words of the segment; all that these records count into.
    pub(crate) words: &'a [String],
    /// The file, for messages.
    pub(crate) file: &'a str,
}

impl<'a> Chunk<'a> {
    /// Hands over each record: its number within its source, its frame, and where it stands in `bytes`.
    pub(crate) fn each(&self, mut take: impl FnMut(u32, Frame, Range<usize>) -> Result<()>) -> Result<()> {
        let mut at = 0;
        let mut number = self.first;
        while at < self.bytes.len() {
            let start = at;
            let (frame, record) = next_record(self.bytes, &mut at)
                .ok_or_else(|| Error::damaged(self.file, start as u64, "a record is too short"))?;
            take(number, frame, record)?;
            number = number.saturating_add(1);
        }
        Ok(())
    }

    /// The text of a term.
    pub(crate) fn text(&self, term: Term<'a>) -> &'a str {
        match term {
            Term::Word(i) => self.words.get(i as usize).map_or("", String::as_str),
            Term::Text(t) => t,
        }
    }

    /// What is wrong with a record.
    pub(crate) fn bad(&self, number: u32, what: &str) -> Error {
        Error::damaged(self.file, 0, format!("record {number} cannot be read: {what}"))
    }

    /// A whole record.
    pub(crate) fn record(&self, number: u32, frame: Frame, at: Range<usize>) -> Result<RecordView<'a>> {
        let bytes = self.bytes.get(at).unwrap_or_default();
        super::packed::unpack(frame.kind, bytes, self.words).map_err(|e| self.bad(number, &e))
    }
}

/// A fact, as far as an index holds it.
pub(crate) struct FactOutline<'a> {
    pub(crate) prop: Term<'a>,
    /// Its value, checked to be text, and where in the chunk it stands.
    pub(crate) value: &'a str,
    pub(crate) at: usize,
    /// Its script is noted.
    pub(crate) script: bool,
    pub(crate) withdrawn: bool,
}

/// A listing: its list, first day and first day no longer, 0 where not known.
pub(crate) type ListingOutline<'a> = (Term<'a>, u32, u32);

/// A party.
pub(crate) struct PartyOutline<'a> {
    pub(crate) id: IdView<'a>,
    pub(crate) node_type: Term<'a>,
}

/// A relation.
pub(crate) struct RelationOutline<'a> {
    pub(crate) edge_type: Term<'a>,
    pub(crate) id: Option<IdView<'a>>,
    pub(crate) source: EndView<'a>,
    pub(crate) target: EndView<'a>,
    pub(crate) share: Option<Share>,
    /// It has a label of a stake or of joint holders.
    pub(crate) labelled: bool,
    pub(crate) direct: Direct,
    pub(crate) start: Option<PartialDate>,
    pub(crate) end: Option<PartialDate>,
    pub(crate) status: Status,
    pub(crate) act: Act,
}

/// The lists of the record in hand, in memory that serves one record after the other.
#[derive(Default)]
pub(crate) struct Outline<'a> {
    pub(crate) facts: Vec<FactOutline<'a>>,
    pub(crate) listings: Vec<ListingOutline<'a>>,
    /// The sources that the record, its facts and its listings cite; each may be there several times.
    pub(crate) cited: Vec<Term<'a>>,
}

impl<'a> Outline<'a> {
    fn start(&mut self, chunk: &Chunk<'a>, at: &Range<usize>) -> Unpacker<'a> {
        self.facts.clear();
        self.listings.clear();
        self.cited.clear();
        Unpacker { bytes: chunk.bytes.get(..at.end).unwrap_or_default(), at: at.start, words: chunk.words }
    }

    /// Reads a party's record.
    pub(crate) fn party(&mut self, chunk: &Chunk<'a>, number: u32, at: Range<usize>) -> Result<PartyOutline<'a>> {
        let mut u = self.start(chunk, &at);
        let mut read = || {
            let party = PartyOutline { id: u.id()?, node_type: u.term()? };
            self.facts(&mut u)?;
            for _ in 0..u.count()? {
                self.listing(&mut u)?;
            }
            self.cites(&mut u)?;
            u.done()?;
            Ok(party)
        };
        read().map_err(|e: &str| chunk.bad(number, e))
    }

    /// Reads a relation's record.
    pub(crate) fn relation(&mut self, chunk: &Chunk<'a>, number: u32, at: Range<usize>) -> Result<RelationOutline<'a>> {
        let mut u = self.start(chunk, &at);
        let mut read = || {
            let mask = u16::from(u.byte()?) | u16::from(u.byte()?) << 8;
            let has = |bit: u16| mask & bit != 0;
            let edge_type = u.term()?;
            let id = if has(has::ID) { Some(u.id()?) } else { None };
            let source = u.end(has(has::SOURCE_NAME))?;
            let target = u.end(has(has::TARGET_NAME))?;
            let share = if has(has::SHARE) { Some(u.share()?) } else { None };
            for _ in 0..u8::from(has(has::STAKE)) + u8::from(has(has::JOINT)) {
                u.skip()?;
            }
            if has(has::ORDINAL) {
                u.number()?;
            }
            let direct = u.one_of(has(has::DIRECT), Direct::ALL, Direct::Direct)?;
            let (start, end) = (u.date(has(has::START))?, u.date(has(has::END))?);
            if has(has::ROLE) {
                u.term()?;
            }
            let status = u.one_of(has(has::STATUS), Status::ALL, Status::Asserted)?;
            let act = u.one_of(has(has::ACT), Act::ALL, Act::Done)?;
            if has(has::FACTS) {
                self.facts(&mut u)?;
            }
            if has(has::CITES) {
                self.cites(&mut u)?;
            }
            u.done()?;
            let labelled = has(has::STAKE | has::JOINT);
            Ok(RelationOutline { edge_type, id, source, target, share, labelled, direct, start, end, status, act })
        };
        read().map_err(|e: &str| chunk.bad(number, e))
    }

    fn cites(&mut self, u: &mut Unpacker<'a>) -> Read<()> {
        for _ in 0..u.count()? {
            let source = u.term()?;
            if self.cited.last() != Some(&source) {
                self.cited.push(source);
            }
            u.skip()?;
            u.skip()?;
        }
        Ok(())
    }

    fn facts(&mut self, u: &mut Unpacker<'a>) -> Read<()> {
        for _ in 0..u.count()? {
            let prop = u.term()?;
            let mask = u.byte()?;
            let bit = |i: u8| mask >> i & 1 != 0;
            let value = u.text()?;
            let at = u.at - value.len();
            for i in 0..3 {
                if bit(i) {
                    u.term()?;
                }
            }
            if bit(3) {
                u.skip()?;
            }
            u.date(bit(4))?;
            u.date(bit(5))?;
            let status = u.one_of(bit(6), Status::ALL, Status::Asserted)?;
            if bit(7) {
                self.cites(u)?;
            }
            self.facts.push(FactOutline { prop, value, at, script: bit(1), withdrawn: status == Status::Withdrawn });
        }
        Ok(())
    }

    fn listing(&mut self, u: &mut Unpacker<'a>) -> Read<()> {
        let list = u.term()?;
        let mask = u.byte()?;
        let bit = |i: u8| mask >> i & 1 != 0;
        let bits = |d: Option<PartialDate>| d.map_or(0, PartialDate::to_bits);
        let (from, to) = (bits(u.date(bit(0))?), bits(u.date(bit(1))?));
        for i in 2..5 {
            if bit(i) {
                for _ in 0..u.count()? {
                    u.term()?;
                }
            }
        }
        if bit(5) {
            self.cites(u)?;
        }
        self.listings.push((list, from, to));
        Ok(())
    }
}

impl<'a> Unpacker<'a> {
    /// A word that need not be looked up; it is there.
    fn term(&mut self) -> Read<Term<'a>> {
        match self.number()? {
            0 => self.text().map(Term::Text),
            n => match usize::try_from(n - 1) {
                Ok(i) if i < self.words.len() => Ok(Term::Word(i as u32)),
                _ => Err("a word that the segment does not have"),
            },
        }
    }

    /// Passes over a text.
    fn skip(&mut self) -> Read<()> {
        self.at += self.count()?;
        Ok(())
    }

    fn done(&self) -> Read<()> {
        if self.at == self.bytes.len() { Ok(()) } else { Err("bytes are left over") }
    }
}

#[cfg(test)]
mod tests {
    use super::super::packed::testing::samples;
    use super::super::packed::{Packer, Words, put_number};
    use super::*;
    use crate::model::Record;

    fn framed(records: &[Record], words: &mut Words) -> Vec<u8> {
        let mut out = Vec::new();
        for r in records {
            let mut packed = vec![r.kind_code(), 0];
            Packer { out: &mut packed, words: Some(words) }.record(&r.view()).unwrap();
            put_number(&mut out, packed.len() as u64);
            out.extend(packed);
        }
        out
    }

    #[test]
    fn says_what_the_whole_record_says() {
        let (records, mut words) = (samples(), Words::default());
        let bytes = framed(&records, &mut words);
        let chunk = Chunk { bytes: &bytes, first: 7, words: words.list(), file: "f" };
        let mut outline = Outline::default();
        let mut seen = 0;
        let mut cited: Vec<&str> = Vec::new();
        chunk
            .each(|number, frame, at| {
                let record = &records[(number - 7) as usize];
                assert_eq!(chunk.record(number, frame, at.clone())?.into_owned(), *record);
                seen += 1;
                let facts = match record {
                    Record::Party(p) => {
                        let o = outline.party(&chunk, number, at)?;
                        assert_eq!(
                            (o.id.to_string().as_str(), chunk.text(o.node_type)),
                            (p.id.as_str(), &*p.node_type)
                        );
                        let lists: Vec<(&str, u32)> =
                            outline.listings.iter().map(|l| (chunk.text(l.0), l.1 | l.2)).collect();
                        let want = p.listings.iter().map(|l| {
                            (
                                l.list.as_str(),
                                l.from.map_or(0, PartialDate::to_bits) | l.to.map_or(0, PartialDate::to_bits),
                            )
                        });
                        assert_eq!(lists, want.collect::<Vec<_>>());
                        &p.facts
                    }
                    Record::Relation(r) => {
                        let o = outline.relation(&chunk, number, at)?;
                        assert_eq!(
                            (chunk.text(o.edge_type), o.share, o.start, o.end, o.direct, o.status, o.act),
                            (&*r.edge_type, r.share, r.start, r.end, r.direct, r.status, r.act)
                        );
                        assert_eq!(o.id.map(|i| i.to_string()), r.id.as_ref().map(|i| i.as_str().to_owned()));
                        assert_eq!(o.labelled, !r.stake.is_empty() || !r.joint.is_empty());
                        &r.facts
                    }
                    _ => return Ok(()),
                };
                assert_eq!(facts.len(), outline.facts.len());
                for (f, o) in facts.iter().zip(&outline.facts) {
                    assert_eq!((f.prop.as_str(), f.value.as_str()), (chunk.text(o.prop), o.value));
                    assert_eq!((!f.script.is_empty(), f.status == Status::Withdrawn), (o.script, o.withdrawn));
                    assert_eq!(&bytes[o.at..o.at + o.value.len()], f.value.as_bytes());
                }
                cited.extend(outline.cited.iter().map(|c| chunk.text(*c)));
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, records.len());
        cited.dedup();
        assert_eq!(cited, ["a", "b", "", "a", "b", ""], "those of a fact, then the record's own, twice");
    }

    #[test]
    fn spoilt_records_are_refused_or_differ_but_never_worse() {
        let mut x = 88172645463325252u64;
        let (records, mut words) = (samples(), Words::default());
        let bytes = framed(&records, &mut words);
        for cut in 0..bytes.len() {
            read_all(&bytes[..cut], &words);
        }
        for _ in 0..5000 {
            let mut bad = bytes.clone();
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = usize::try_from(x >> 8).unwrap() % bad.len();
            bad[at] = x.to_le_bytes()[0];
            read_all(&bad, &words);
        }
    }

    fn read_all(bytes: &[u8], words: &Words) {
        let chunk = Chunk { bytes, first: 0, words: words.list(), file: "f" };
        let mut outline = Outline::default();
        let end = chunk.each(|number, frame, at| match frame.kind {
            0 => outline.party(&chunk, number, at).map(|_| ()),
            1 => outline.relation(&chunk, number, at).map(|_| ()),
            _ => chunk.record(number, frame, at).map(|_| ()),
        });
        if let Err(e) = end {
            assert_eq!(e.exit_code(), 3, "{e}");
        }
    }
}
