//! The index of the names of a layer: a file of its own beside the index, or made in memory where
//! there is none that fits.
//!
//! It is derived from the index and the records, named after the index file and bound to its sum,
//! and no manifest speaks of it: a store without it, or with one of another program, answers the
//! same, only its first question takes longer.

use super::build::EDIT_BASE;
use super::layer::{Graph, Layer};
use super::layout::is_known;
use super::names::NameKind;
use crate::error::{Error, Result};
use crate::model::{NodeType, RecordView, prop};
use crate::names::index::{Builder, Index, SyllableKeys};
use crate::names::{Kind, NameKind as Borne};
use crate::store::{Action, Commit, Container, FileWriter, HEADER, Loaded, Outline, Snapshot, names_file};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// Kind of the file.
pub(super) const NAMES: [u8; 4] = *b"NAME";
/// Before the block: the sum of the index file it belongs to, and eight bytes of zeros.
const HEAD: usize = 16;
/// Names handed to the other thread at once, and how many such heaps may wait. They borrow from
/// records whose memory is let go of some way behind the reader; few enough stay before that.
const BATCH: usize = 512;
const AHEAD: usize = 4;
/// With fewer records a second thread does not pay.
const FEW: u32 = 20_000;

/// The names of a layer, ready for look-up.
pub(super) enum NameBlock {
    /// As the file has it, checked.
    File(Container),
    /// Made by this process.
    Memory(Vec<u8>),
}

impl NameBlock {
    /// The index over it.
    pub(super) fn index(&self) -> Option<Index<'_>> {
        Index::open(match self {
            NameBlock::File(file) => file.raw().get(HEADER + HEAD..file.end()).unwrap_or_default(),
            NameBlock::Memory(bytes) => bytes,
        })
    }

    /// Bytes of it.
    pub(super) fn len(&self) -> usize {
        match self {
            NameBlock::File(file) => file.end().saturating_sub(HEADER + HEAD),
            NameBlock::Memory(bytes) => bytes.len(),
        }
    }
}

/// A text on its way into the index.
enum Text<'s> {
    Name(u32, Kind, Borne, &'s str),
    Identifier(u32, &'s str),
}

impl Graph {
    /// The names of a layer; read or made when first asked for.
    pub(super) fn names_of(&self, at: usize) -> Result<Option<Index<'_>>> {
        let Some(layer) = self.layers.get(at) else { return Ok(None) };
        if layer.names.get().is_none() {
            let found = if layer.is_first() { stored(&layer.snapshot) } else { None };
            let block = match found {
                Some(block) => block,
                None => NameBlock::Memory(build(layer)?),
            };
            // Another thread may have been quicker; its block is the same.
            layer.names.set(block).ok();
        }
        Ok(layer.names.get().and_then(NameBlock::index))
    }

    /// Bytes of the indexes of names, all layers together; makes those that are missing.
    pub fn name_bytes(&self) -> Result<usize> {
        let mut sum = 0;
        for (at, layer) in self.layers.iter().enumerate() {
            self.names_of(at)?;
            sum += layer.names.get().map_or(0, NameBlock::len);
        }
        Ok(sum)
    }
}

/// The file of a snapshot, if it is there, whole, of this index and of this layout.
fn stored(snapshot: &Snapshot) -> Option<NameBlock> {
    let entry = snapshot.manifest().index.as_ref()?;
    let file = Container::open(&**snapshot.storage(), &names_file(&entry.name)?, NAMES, None).ok()?;
    let bound = crate::store::u64_at(file.body().ok()?, 0) == entry.sum;
    let block = NameBlock::File(file);
    (bound && block.index().is_some()).then_some(block)
}

/// Writes the names of a commit's new index beside it. A store in memory goes without until it is
/// asked for a name.
pub(super) fn write(commit: &mut Commit) -> Result<()> {
    let storage = Arc::clone(commit.storage());
    let Some(entry) = commit.manifest.index.clone() else { return Ok(()) };
    let Some(name) = names_file(&entry.name) else { return Ok(()) };
    if !storage.lasting() {
        return Ok(());
    }
    let loaded = Loaded { manifest: commit.manifest.clone(), sum: 0, hash: String::new(), bytes: None };
    let graph = Graph::open(Snapshot::of(Arc::clone(&storage), loaded)?)?;
    let Some(layer) = graph.layers.first() else { return Ok(()) };
    let block = build(layer)?;
    graph.sound()?;
    let mut file = FileWriter::create(&*storage, &name, NAMES)?;
    file.write(&entry.sum.to_le_bytes())?;
    file.write(&[0; HEAD - 8])?;
    for piece in block.chunks(1 << 20) {
        file.write(piece)?;
    }
    file.finish(&*storage)?;
    Ok(())
}

/// Checks the sums of the file; its length. An index of this layout was written with one, so that it
/// is a fault if it is gone; older ones have none.
pub(super) fn verify(snapshot: &Snapshot) -> Result<Option<u64>> {
    let Some(entry) = &snapshot.manifest().index else { return Ok(None) };
    let Some(name) = names_file(&entry.name) else { return Ok(None) };
    let storage = snapshot.storage();
    if !storage.list().is_ok_and(|names| names.contains(&name)) {
        let index = Container::open(&**storage, &entry.name, super::maintain::INDEX, Some(entry))?;
        if storage.lasting() && is_known(&index)? {
            return Err(Error::damaged(&name, 0, "the file is missing").hint("`cuibono repair` makes it anew"));
        }
        return Ok(None);
    }
    let file = Container::open(&**storage, &name, NAMES, None)?;
    Ok(Some(file.body()?.len() as u64))
}

/// Makes the block of a layer.
fn build(layer: &Layer) -> Result<Vec<u8>> {
    let mut builder = Builder::new();
    let kinds: Vec<Kind> = layer.index.node_types().iter().map(kind_of).collect();
    let kind = |local: u32| kinds.get(usize::from(layer.index.node_type(local))).copied().unwrap_or_default();
    // The node of each record.
    let records = layer.snapshot.sources().iter().map(|s| s.base + s.len()).max().unwrap_or(0);
    let mut node_of = vec![u32::MAX; records as usize];
    let mut edits = Vec::new();
    for local in 0..layer.index.nodes() {
        let mut any = false;
        for (record, _) in layer.index.records(local) {
            any = true;
            if let Some(n) = node_of.get_mut(record as usize) {
                *n = local;
            } else if record >= EDIT_BASE {
                edits.push((record - EDIT_BASE, local));
            }
        }
        // A name that no party bears is a node of its own.
        if !any {
            builder.add(local, layer.index.label(local), Borne::Main, kind(local));
        }
    }
    for (edit, local) in edits {
        if let Some(Action::Put(record)) = layer.snapshot.journal().get(edit as usize).map(|e| &e.action)
            && let RecordView::Party(p) = record.view()
        {
            let texts = p.facts.iter().filter_map(|f| text(f.prop, f.value, local, kind(local)));
            texts.for_each(|t| put(&mut builder, &t));
        }
    }
    if records < FEW {
        recorded(layer, &node_of, &kind, &mut |t| {
            put(&mut builder, &t);
            Ok(())
        })?;
        return Ok(builder.finish());
    }
    std::thread::scope(|s| {
        let (send, receive) = sync_channel::<Vec<Text<'_>>>(AHEAD);
        let (apart, names) = sync_channel::<Vec<(u32, &str, Kind)>>(AHEAD);
        let syllables = s.spawn(move || {
            let mut keys = SyllableKeys::default();
            names.into_iter().flatten().for_each(|(number, name, kind)| keys.add(number, name, kind));
            keys
        });
        let worker = s.spawn(move || {
            for batch in receive {
                let mut syllabic = Vec::new();
                for t in batch {
                    match t {
                        Text::Name(node, kind, borne, name) => {
                            let number = builder.add_without_syllables(node, name, borne, kind);
                            syllabic.extend(number.map(|n| (n, name, kind)));
                        }
                        Text::Identifier(..) => put(&mut builder, &t),
                    }
                }
                if !syllabic.is_empty() {
                    apart.send(syllabic).ok()?;
                }
            }
            drop(apart);
            builder.add_syllables(syllables.join().ok()?);
            Some(builder.finish())
        });
        let failed = || Error::input("gathering the names failed");
        let mut batch = Vec::with_capacity(BATCH);
        recorded(layer, &node_of, &kind, &mut |t| {
            batch.push(t);
            if batch.len() < BATCH {
                return Ok(());
            }
            send.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).map_err(|_| failed())
        })?;
        send.send(batch).map_err(|_| failed())?;
        drop(send);
        drop(node_of);
        worker.join().ok().flatten().ok_or_else(failed)
    })
}

/// Hands over the names and identifiers that the sources of a layer give its nodes, by the number of
/// the node of each record.
fn recorded<'s>(
    layer: &'s Layer,
    node_of: &[u32],
    kind: &impl Fn(u32) -> Kind,
    take: &mut impl FnMut(Text<'s>) -> Result<()>,
) -> Result<()> {
    let mut outline = Outline::default();
    for source in layer.snapshot.sources() {
        source.chunks(|chunk| {
            chunk.each(|i, frame, at| {
                let node = node_of.get((source.base + i) as usize).copied().filter(|n| *n != u32::MAX);
                // Kind 0 are parties.
                let (Some(local), 0) = (node, frame.kind) else { return Ok(()) };
                outline.party(&chunk, i, at)?;
                let kind = kind(local);
                outline
                    .facts
                    .iter()
                    .filter_map(|f| text(chunk.text(f.prop), f.value, local, kind))
                    .try_for_each(&mut *take)
            })
        })?;
    }
    Ok(())
}

fn put(builder: &mut Builder, text: &Text<'_>) {
    match *text {
        Text::Name(node, kind, borne, name) => builder.add(node, name, borne, kind),
        Text::Identifier(node, value) => builder.add_identifier(node, value),
    }
}

/// The name or identifier that a fact is.
fn text<'s>(property: &str, value: &'s str, node: u32, kind: Kind) -> Option<Text<'s>> {
    match property {
        prop::IDENTIFIER => Some(Text::Identifier(node, value)),
        _ => NameKind::of(property).and_then(borne).map(|borne| Text::Name(node, kind, borne, value)),
    }
}

/// How a name of this kind is borne; identifiers are not.
pub(super) fn borne(kind: NameKind) -> Option<Borne> {
    Some(match kind {
        NameKind::Name => Borne::Main,
        NameKind::Alias => Borne::Alias,
        NameKind::Former => Borne::Former,
        NameKind::Weak => Borne::Weak,
        NameKind::Identifier => return None,
    })
}

/// What sort of party a type of node is to the matcher.
pub(super) fn kind_of(t: &NodeType) -> Kind {
    match (t.name.as_str(), t.family.as_str()) {
        ("vessel", _) => Kind::Vessel,
        ("aircraft", _) => Kind::Aircraft,
        ("group_of_persons", _) | (_, "legal") => Kind::Org,
        (_, "person") => Kind::Person,
        _ => Kind::Unknown,
    }
}
