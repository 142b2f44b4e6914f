//! Where importers put what they read.

use super::report::Report;
use crate::error::Result;
use crate::model::{Catalogue, Mode, PartialDate, Record, RecordView};
use std::collections::BTreeMap;

/// What an importer says of the release it read. The importer fills it while reading; the
/// store decides with it what ends and what goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Source id, such as `ofac_sdn`.
    pub source: String,
    /// Title, publisher, licence and so on of the source.
    pub info: crate::model::SourceInfo,
    /// Name of the format.
    pub format: &'static str,
    /// The date the file itself states.
    pub stated: Option<PartialDate>,
    /// Parts of the source that this release covers, such as `primary`, `alias`, `address`.
    pub parts: Vec<String>,
    /// What absence means.
    pub mode: Mode,
}

/// How to read a table whose header does not use our names: our column -> their column.
pub type TableMap = BTreeMap<String, String>;

/// What the user said about an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// `--source`: id of the source, in place of the format's own.
    pub source: Option<String>,
    /// `--map`: columns of tables.
    pub map: TableMap,
    /// `--full`: absence from a document or table ends what was there.
    pub full: bool,
}

/// Takes the records of one import. Importers write to it in the order of the file; it holds
/// none of them.
pub struct Sink<'a> {
    write: &'a mut dyn FnMut(&str, &RecordView<'_>) -> Result<()>,
    progress: &'a mut dyn FnMut(u64),
    /// What came in and what did not.
    pub report: Report,
    /// Ids that a delta deletes.
    pub deleted: Vec<String>,
    /// The types known: the built-in ones and those of the store; documents may add to it.
    pub catalogue: Catalogue,
    records: u64,
}

impl<'a> Sink<'a> {
    /// A sink that hands each record with the name of its part to `write`, and the number of
    /// records so far to `progress` now and then.
    pub fn new(
        write: &'a mut dyn FnMut(&str, &RecordView<'_>) -> Result<()>,
        progress: &'a mut dyn FnMut(u64),
        catalogue: Catalogue,
    ) -> Self {
        Sink { write, progress, report: Report::default(), deleted: Vec::new(), catalogue, records: 0 }
    }

    /// Takes one record that belongs to `part` of the release.
    pub fn put(&mut self, part: &str, record: Record) -> Result<()> {
        self.put_view(part, &record.view())
    }

    /// Takes one record without copies.
    pub fn put_view(&mut self, part: &str, record: &RecordView<'_>) -> Result<()> {
        (self.write)(part, record)?;
        self.records += 1;
        if self.records.is_multiple_of(4096) {
            (self.progress)(self.records);
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Runs one importer on texts and keeps what it says.

    use super::*;
    use crate::import::Input;

    /// What an importer produced.
    pub(crate) struct Got {
        pub(crate) draft: Draft,
        pub(crate) records: Vec<(String, Record)>,
        pub(crate) report: Report,
        pub(crate) deleted: Vec<String>,
    }

    /// Runs `import` over named texts.
    pub(crate) fn run(
        import: fn(Vec<Input>, &Options, &mut Sink<'_>) -> Result<Draft>,
        files: &[(&str, &[u8])],
        options: &Options,
    ) -> Result<Got> {
        let inputs = files.iter().map(|(n, b)| Input::from_bytes(n, b.to_vec())).collect::<Result<Vec<_>>>()?;
        run_inputs(import, inputs, options)
    }

    /// Runs `import` over inputs.
    pub(crate) fn run_inputs(
        import: fn(Vec<Input>, &Options, &mut Sink<'_>) -> Result<Draft>,
        inputs: Vec<Input>,
        options: &Options,
    ) -> Result<Got> {
        let mut records = Vec::new();
        let mut write = |part: &str, r: &RecordView<'_>| {
            records.push((part.to_owned(), r.clone().into_owned()));
            Ok(())
        };
        let mut progress = |_| {};
        let mut sink = Sink::new(&mut write, &mut progress, Catalogue::builtin().clone());
        let draft = import(inputs, options, &mut sink)?;
        let (report, deleted) = (sink.report, sink.deleted);
        Ok(Got { draft, records, report, deleted })
    }

    /// The folder of the publishers' real files and the counts that an independent script found in
    /// them, where the environment says where they are.
    pub(crate) fn real() -> Option<(std::path::PathBuf, serde_json::Value)> {
        let Some(root) = std::env::var_os("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return None;
        };
        let data = std::path::Path::new(&root).join("data");
        let expected = serde_json::from_slice(&std::fs::read(data.join("EXPECTED.json")).unwrap()).unwrap();
        Some((data, expected))
    }

    /// Reads `rounds` variants of a file with up to three bytes changed, mostly into one of
    /// `likely`; each is read or refused as bad input. Gives how many were read and refused.
    pub(crate) fn spoil(
        import: fn(Vec<Input>, &Options, &mut Sink<'_>) -> Result<Draft>,
        name: &str,
        whole: &[u8],
        rounds: usize,
        likely: &[u8],
    ) -> (u32, u32) {
        let mut x = 88172645463325252u64;
        let (mut read, mut refused) = (0, 0);
        for _ in 0..rounds {
            let mut bytes = whole.to_vec();
            for _ in 0..=x % 3 {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                let at = usize::try_from(x >> 8).unwrap() % bytes.len();
                let byte = x.to_le_bytes()[1];
                bytes[at] = if x.is_multiple_of(8) { byte } else { likely[usize::from(byte) % likely.len()] };
            }
            match run(import, &[(name, &bytes)], &Options::default()) {
                Ok(_) => read += 1,
                Err(e) => {
                    assert_eq!(e.exit_code(), 2, "{e}");
                    refused += 1;
                }
            }
        }
        (read, refused)
    }
}
