//! The store: a folder of immutable, checksummed files and one manifest that is replaced
//! atomically. `docs/format.md` describes every byte.
//!
//! Readers open a [`Snapshot`] and take no lock; one [`Commit`] at a time changes the store.

mod commit;
mod container;
mod decisions;
mod journal;
mod manifest;
mod map;
mod outline;
mod packed;
mod presence;
mod row_sort;
mod segment;
mod snapshot;
mod sorted;
mod stage;
mod storage;
mod verify;

pub use commit::Commit;
pub use container::{BLOCK, Container, FORMAT, FileEntry, FileWriter, HEADER, u32_at, u64_at};
pub use decisions::{Decided, DecidedRow, Decider, DecisionLog, DecisionsEntry, Decree};
pub use journal::{Action, Edit, NOTES};
#[cfg(feature = "serve")]
pub(crate) use manifest::hash_of;
pub use manifest::{JournalEntry, Loaded, MANIFEST, Manifest, PREVIOUS, ReleaseEntry, SourceEntry, names_file};
pub use map::{Bytes, exit_when_cut};
pub(crate) use outline::{Chunk, Outline, PartyOutline, RelationOutline, Term};
pub use presence::{Interval, Member, Pattern, Presence, intervals, write_presence};
pub(crate) use row_sort::{Row, RowSorter, SortedRows};
pub use segment::{Frame, Segment, SegmentEntry, SegmentWriter};
pub(crate) use segment::{HandOn, Handed};
pub use snapshot::{Snapshot, SourceData};
pub(crate) use sorted::{By, Sorted, Sorter};
pub use stage::{Release, Stage, Staged, merge_segments};
pub use storage::{Folder, Guard, Memory, Output, Storage};
pub use verify::{Verified, repair, verify};
