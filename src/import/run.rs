//! One import from opened files to a committed generation.

use super::detect::{Format, detect};
use super::dump;
use super::input::Input;
use super::report::Report;
use super::sink::{Draft, Options, Sink};
use crate::error::{Error, Kind, Place, Result};
use crate::graph::{
    Built, DECISIONS_PART, EarlyIndex, Graph, Oddities, Resolution, SOURCES_PART, TYPES_PART, finish_index,
};
use crate::model::{Catalogue, Mode, PartialDate, Record, RecordView, SourceInfo};
use crate::store::{Commit, Release, Snapshot, Stage, Staged, Storage};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What to import and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Name of the format; `None` recognises it by content.
    pub format: Option<String>,
    /// Source id, table columns, full or additive.
    pub options: Options,
    /// Release date, in place of what the files say.
    pub release: Option<PartialDate>,
    /// Release date by the server that handed out the files, when they say none.
    pub served: Option<PartialDate>,
    /// Release date when nothing says one.
    pub today: Option<PartialDate>,
    /// What is known of the source where its importer says nothing.
    pub about: SourceInfo,
    /// Refuse files of any source but this one.
    pub only_source: Option<String>,
    /// Take the place of a release of the same date with other content.
    pub replace: bool,
    /// Go on although more than a fifth of the source would end.
    pub allow_removals: bool,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Source id.
    pub source: String,
    /// Release date, and where it was found.
    pub date: PartialDate,
    /// `given`, `stated`, `name`, `served` or `today`.
    pub date_from: &'static str,
    /// Name of the format.
    pub format: &'static str,
    /// What became of the records.
    pub staged: Staged,
    /// What came in, was skipped or looks wrong.
    pub report: Report,
    /// How the literal names of this source were resolved, by edge type.
    pub resolution: BTreeMap<String, Resolution>,
    /// Names that fit several parties, the first few.
    pub ambiguous: Vec<String>,
}

/// Several releases going into one commit.
pub struct Batch {
    commit: Commit,
    outcomes: Vec<Outcome>,
    catalogue: Catalogue,
    /// The index of the one release of a new store.
    early: Option<EarlyIndex>,
}

impl Batch {
    /// Takes the writer's lock.
    pub fn begin(storage: Arc<dyn Storage>) -> Result<Batch> {
        let commit = Commit::begin(storage)?;
        let catalogue = match commit.old() {
            Some(l) => crate::graph::catalogue_of(commit.storage(), l)?,
            None => Catalogue::builtin().clone(),
        };
        Ok(Batch { commit, outcomes: Vec::new(), catalogue, early: None })
    }

    /// Reads the files of one release.
    pub fn add(&mut self, files: Vec<Input>, request: &Request, progress: &mut dyn FnMut(u64)) -> Result<()> {
        // An index that was begun holds one release alone.
        self.early = None;
        let format: &Format = detect(&files, request.format.as_deref())?;
        if format.name == dump::FORMAT {
            return self.add_dump(files, request);
        }
        let names: Vec<String> = files.iter().map(|f| f.stem().to_owned()).collect();
        let place = files.first().map(Input::place).unwrap_or_default();
        let hashes: Vec<_> = files.iter().map(Input::digest).collect();
        let begun = if self.outcomes.is_empty() { EarlyIndex::begin(&self.commit) } else { None };
        let (mut early, mut stage) = match begun {
            Some((early, hand_on)) => (Some(early), Stage::begin_and_hand_on(&mut self.commit, hand_on)?),
            None => (None, Stage::begin(&mut self.commit)?),
        };
        let mut extra_parts: Vec<&'static str> = Vec::new();
        let mut write = |part: &str, record: &RecordView<'_>| {
            // Types, decisions and cited sources go into parts of their own, where they are found without
            // reading everything else.
            let RecordView::Other(other) = record else { return stage.put(part, record) };
            let part = match **other {
                Record::NodeType(_) | Record::EdgeType(_) => TYPES_PART,
                Record::Decision(_) => DECISIONS_PART,
                Record::Source(_) => SOURCES_PART,
                _ => return stage.put(part, record),
            };
            if !extra_parts.contains(&part) {
                extra_parts.push(part);
            }
            stage.put(part, record)
        };
        let mut sink = Sink::new(&mut write, progress, self.catalogue.clone());
        let mut draft: Draft = (format.import)(files, &request.options, &mut sink)?;
        let Sink { mut report, deleted, catalogue, .. } = sink;
        self.catalogue = catalogue;
        draft.parts.extend(extra_parts.into_iter().map(str::to_owned));
        let digests: Vec<String> = hashes.iter().map(super::input::FileDigest::hex).collect();
        let (date, date_from) = release_date(request, &draft, &names)?;
        if draft.source == crate::store::NOTES {
            return Err(
                Error::usage("the source id `notes` is kept for your own facts").hint("name another with --source")
            );
        }
        if let Some(only) = request.only_source.as_ref().filter(|o| **o != draft.source) {
            let text = format!("this is the source {:?}, and {only:?} is expected", draft.source);
            return Err(Error::input(text).at(place));
        }
        let mut info = draft.info.clone();
        info.fill(&request.about);
        info.id.clone_from(&draft.source);
        let release = Release {
            info,
            date,
            format: draft.format.to_owned(),
            mode: draft.mode,
            parts: draft.parts.clone(),
            files: names.into_iter().zip(digests).collect(),
            counts: report.counts.clone(),
            deleted,
            replace: request.replace,
            allow_removals: request.allow_removals,
        };
        let staged = stage.finish(&mut self.commit, release).map_err(|e| match e.kind() {
            Kind::Input => e.at(place),
            _ => e,
        })?;
        // Records that were dropped leave other numbers; types of its own change what the rest means.
        if staged.repeated > 0 || draft.parts.iter().any(|p| p == TYPES_PART) {
            early = None;
        }
        self.early = early;
        if staged.repeated > 0 {
            report.count("repeated word for word", staged.repeated);
        }
        self.outcomes.push(Outcome {
            source: draft.source,
            date,
            date_from,
            format: draft.format,
            staged,
            report,
            resolution: BTreeMap::new(),
            ambiguous: Vec::new(),
        });
        Ok(())
    }

    /// Reads a dump, sources and journal and all.
    fn add_dump(&mut self, files: Vec<Input>, request: &Request) -> Result<()> {
        for file in files {
            let place = file.place();
            let restored = dump::restore(&mut self.commit, file)?;
            let mut report = Report::default();
            for (what, n) in [
                ("sources", restored.sources),
                ("releases", restored.releases),
                ("records", restored.records),
                ("edits", restored.edits),
            ] {
                report.count(what, n);
            }
            if restored.decisions > 0 {
                report.count("decisions", restored.decisions);
            }
            // A dump may hold own facts alone; then it has no date but that of the question.
            let date = self.commit.manifest.sources.iter().flat_map(|s| &s.releases).map(|r| r.date).max();
            let date = date.or(request.release).or(request.today);
            self.outcomes.push(Outcome {
                source: "dump".to_owned(),
                date: date.ok_or_else(|| Error::input("the dump holds no release").at(place))?,
                date_from: "stated",
                format: "dump",
                staged: Staged { records: restored.records, new: restored.records, ..Staged::default() },
                report,
                resolution: BTreeMap::new(),
                ambiguous: Vec::new(),
            });
        }
        Ok(())
    }

    /// Builds the index and makes everything durable. When no release brought anything new the
    /// store stays as it is.
    pub fn finish(mut self) -> Result<Vec<Outcome>> {
        if self.outcomes.iter().all(|o| o.staged.unchanged) {
            self.commit.unchanged()?;
            return Ok(self.outcomes);
        }
        let built: Built = finish_index(&mut self.commit, self.early.take())?;
        let storage = Arc::clone(self.commit.storage());
        self.commit.finish()?;
        let sources: Vec<&str> = self.outcomes.iter().map(|o| o.source.as_str()).collect();
        // The import stands; a reader that cannot open it now will say so by itself.
        let odd = Snapshot::open(storage).and_then(Graph::open).map(|g| g.oddities(&sources)).unwrap_or_default();
        for o in &mut self.outcomes {
            if let Some(odd) = odd.get(&o.source) {
                note_oddities(&mut o.report, odd, &o.source);
            }
            o.resolution = built.resolution.get(&o.source).cloned().unwrap_or_default();
            o.ambiguous = built.ambiguous.get(&o.source).cloned().unwrap_or_default();
        }
        Ok(self.outcomes)
    }
}

/// Imports the files of one release into a store.
pub fn import(
    storage: Arc<dyn Storage>,
    files: Vec<Input>,
    request: &Request,
    progress: &mut dyn FnMut(u64),
) -> Result<Outcome> {
    let mut batch = Batch::begin(storage)?;
    batch.add(files, request, progress)?;
    batch.finish()?.pop().ok_or_else(|| Error::usage("no file given"))
}

/// Puts what looks wrong in a source's ownership into its report, unless its importer has
/// said so already.
fn note_oddities(report: &mut Report, odd: &Oddities, source: &str) {
    for (what, words, oddity) in [
        ("owned party", "a person, a state or a programme is the owned party", &odd.owned),
        ("each other", "two parties own each other", &odd.mutual),
    ] {
        let told = |k: &String| k.contains(what) || (what == "each other" && k.contains("reciprocal"));
        if oddity.count == 0 || report.suspicious.keys().any(told) {
            continue;
        }
        for (owner, owned) in &oddity.examples {
            report.suspect(words, Place::file(source), &format!("{owner} and {owned}"));
        }
        if let Some(f) = report.suspicious.get_mut(words) {
            f.count = oddity.count;
        }
    }
}

/// The date of a release: given, else stated by the file, else in its name, else today.
fn release_date(request: &Request, draft: &Draft, names: &[String]) -> Result<(PartialDate, &'static str)> {
    if let Some(d) = request.release {
        return Ok((d, "given"));
    }
    if let Some(d) = draft.stated {
        return Ok((d, "stated"));
    }
    let mut dates: Vec<PartialDate> = names.iter().filter_map(|n| date_in_name(n)).collect();
    dates.sort_unstable();
    dates.dedup();
    match (&dates[..], draft.mode) {
        ([one], _) => Ok((*one, "name")),
        // Files of one release need not be of one day (comment files often are older): the
        // newest dates the release.
        ([.., last], Mode::Full) => Ok((*last, "name")),
        _ => (request.served.map(|d| (d, "served")))
            .or(request.today.map(|d| (d, "today")))
            .ok_or_else(|| Error::usage("the files state no date").hint("give one with --release")),
    }
}

/// A date `YYYY-MM-DD`, `YYYY-MM` or `YYYYMMDD` in a file name.
pub(super) fn date_in_name(name: &str) -> Option<PartialDate> {
    let b = name.as_bytes();
    let digit = |i: usize| b.get(i).is_some_and(u8::is_ascii_digit);
    for i in 0..b.len() {
        if i > 0 && digit(i - 1) {
            continue;
        }
        for len in [10, 8, 7] {
            let Some(t) = name.get(i..i + len).filter(|_| !digit(i + len)) else { continue };
            let date = if len == 8 {
                if !t.bytes().all(|c| c.is_ascii_digit()) {
                    continue;
                }
                PartialDate::parse(&format!("{}-{}-{}", t.get(..4)?, t.get(4..6)?, t.get(6..)?))
            } else {
                PartialDate::parse(t)
            };
            // Years outside these are numbers of something else.
            if let Ok(d) = date
                && (1970..2100).contains(&d.parts().0)
            {
                return Some(d);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_names() {
        let d = |n| date_in_name(n).map(|d| d.to_string());
        assert_eq!(d("sdn-2023-08-24.csv").as_deref(), Some("2023-08-24"));
        assert_eq!(d("cons_prim-2025-12.csv").as_deref(), Some("2025-12"));
        assert_eq!(d("list_20230831_full.xml").as_deref(), Some("2023-08-31"));
        assert_eq!(d("eu-oj-32014R0269.csv"), None);
        assert_eq!(d("1234567890.csv"), None);
        assert_eq!(d("seed.json"), None);
        assert_eq!(d("2023-13-45.json"), None);
    }
}
