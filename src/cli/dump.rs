//! `dump`: everything in a store as JSON lines.

use super::args::Global;
use super::context::store_only;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::import::dump;
use cuibono::store::Snapshot;

/// Prints the dump.
pub(crate) fn run(global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    dump::write(&Snapshot::open(store_only(global, "dump")?)?, io.out)?;
    Ok(Outcome::Found)
}
