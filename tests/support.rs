//! What several test modules need.

use cuibono::graph::Graph;
use cuibono::import::{self, Input, Outcome, Request};
use cuibono::model::PartialDate;
use cuibono::store::{Memory, Snapshot, Storage};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// The folder with the real data, or a printed note that the calling test was skipped.
pub(crate) fn test_data() -> Option<PathBuf> {
    match std::env::var_os("CUIBONO_TEST_DATA") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => {
            println!("skipped: CUIBONO_TEST_DATA not set");
            None
        }
    }
}

/// A file of this package's `data/`.
pub(crate) fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

pub(crate) fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

/// A request with a release date.
pub(crate) fn on(day: &str) -> Request {
    Request { release: Some(date(day)), ..Request::default() }
}

/// An empty store in memory.
pub(crate) fn memory() -> Arc<dyn Storage> {
    Arc::new(Memory::new())
}

/// Imports texts as one release.
pub(crate) fn import_texts(
    storage: &Arc<dyn Storage>,
    files: &[(&str, &str)],
    request: &Request,
) -> cuibono::error::Result<Outcome> {
    let inputs = files.iter().map(|(n, t)| Input::from_bytes(n, t.as_bytes().to_vec()).unwrap()).collect();
    import::import(Arc::clone(storage), inputs, request, &mut |_| {})
}

/// Imports files as one release, its date taken from the files.
pub(crate) fn import_files(storage: &Arc<dyn Storage>, files: &[PathBuf], request: &Request) -> Outcome {
    let inputs = files.iter().map(|f| Input::open(f).unwrap()).collect();
    import::import(Arc::clone(storage), inputs, request, &mut |_| {}).unwrap()
}

/// The dump of a store as text.
pub(crate) fn dump(storage: &Arc<dyn Storage>) -> String {
    let mut out = Vec::new();
    import::dump::write(&Snapshot::open(Arc::clone(storage)).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The graph of a store.
pub(crate) fn graph(storage: &Arc<dyn Storage>) -> Graph {
    Graph::open(Snapshot::open(Arc::clone(storage)).unwrap()).unwrap()
}

/// How a run of the built program ended, and what it printed.
pub(crate) struct Done {
    /// Exit code.
    pub(crate) code: i32,
    /// Data.
    pub(crate) out: String,
    /// Notes and errors.
    pub(crate) err: String,
}

/// The built program in a folder, as user `tester` without settings of the one who runs the tests.
pub(crate) fn program(dir: &Path) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).stdin(Stdio::null());
    for name in ["CUIBONO_STORE", "NO_COLOR", "CLICOLOR_FORCE"] {
        c.env_remove(name);
    }
    c.env("USER", "tester");
    c
}

/// What came of a run.
pub(crate) fn done(o: Output) -> Done {
    Done {
        code: o.status.code().unwrap_or(-1),
        out: String::from_utf8(o.stdout).unwrap(),
        err: String::from_utf8(o.stderr).unwrap(),
    }
}
