//! A folder for downloads, and fetching the files of one source into it.

use super::address;
use super::check;
use super::client::{Client, Failure, offline};
use super::download::{Got, Wanted, download, hash, text};
use super::pause::http_day;
use super::state::{Imported, Seen, State, place};
use super::table::{PublishedFile, Publisher};
use super::{Event, Settings};
use crate::error::{Error, Kind, Place, Result};
use crate::import;
use crate::model::PartialDate;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Name of the lock file.
const LOCK: &str = "lock";
/// Folder of a source for what has not been looked at.
const INCOMING: &str = "incoming";
/// Largest text with a checksum.
const MAX_SUM: u64 = 64 * 1024;

/// Fetches files into one folder; one session at a time has it.
pub struct Session {
    settings: Settings,
    client: Client,
    state: State,
    notes: Vec<String>,
    lock: File,
}

/// The files of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// All of them, in the order of the table.
    pub files: Vec<FetchedFile>,
    /// The newest day on which the server says that one of them was changed.
    pub modified: Option<PartialDate>,
    /// Every one of them has been imported already; there is nothing to read.
    pub nothing_new: bool,
}

/// One fetched file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    /// Its name in the table.
    pub name: String,
    /// Where it lies; not there when nothing is new.
    pub path: PathBuf,
    /// What is known of it.
    pub seen: Seen,
    /// It came just now.
    pub new: bool,
}

impl Session {
    /// Makes and locks the folder, and reads what it remembers.
    pub fn open(settings: Settings) -> Result<Session> {
        if settings.offline {
            return Err(offline());
        }
        let client = Client::new(&settings)?;
        let folder = &settings.folder;
        let shown = folder.display();
        fs::create_dir_all(folder).map_err(|e| Error::io(format!("make the folder {shown}"), e))?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(LOCK));
        let lock = lock.map_err(|e| Error::io(format!("lock {shown}"), e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(Kind::Busy, "another process is downloading into this folder")
                    .at(Place::file(shown.to_string()))
                    .hint("try again when it has finished, or name another folder with --downloads"));
            }
            Err(TryLockError::Error(e)) => return Err(Error::io(format!("lock {shown}"), e)),
        }
        let (state, why) = State::load(folder);
        Ok(Session { client, state, notes: why.into_iter().collect(), lock, settings })
    }

    /// What its user should know.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Fetches what has changed of a source. `holds` says whether a release that files went into
    /// earlier is still where they were imported; if not, they count as new.
    ///
    /// All files of the source are there when this returns, or it fails. What has been fetched
    /// before a failure is kept for the next time.
    pub fn fetch(
        &mut self,
        p: &Publisher,
        holds: &dyn Fn(&Imported) -> bool,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<Fetched> {
        // What this program cannot read is not downloaded.
        if import::detect(&[], Some(&p.format)).is_err() {
            return Err(Error::usage(format!("{}: this program does not read the format {:?}", p.id, p.format)));
        }
        let incoming = self.settings.folder.join(&p.id).join(INCOMING);
        fs::create_dir_all(&incoming).map_err(|e| Error::io(format!("make the folder {}", incoming.display()), e))?;
        let mut files = Vec::with_capacity(p.files.len());
        for f in &p.files {
            files.push(self.one(p, f, true, holds, events)?);
        }
        let nothing_new = files.iter().all(|f| self.imported_as(&f.seen, holds));
        if !nothing_new {
            // A file that has not changed and is no longer here belongs to the release all the same.
            for (f, of) in files.iter_mut().zip(&p.files) {
                if !f.path.exists() {
                    *f = self.one(p, of, false, holds, events)?;
                }
            }
        }
        let modified = files.iter().filter_map(|f| day(&f.seen.last_modified)).max();
        Ok(Fetched { files, modified, nothing_new })
    }

    /// Remembers that the files of a source went into a release; without `keep` they are removed.
    pub fn imported(&mut self, p: &Publisher, release: &Imported, keep: bool) -> Result<()> {
        for f in &p.files {
            if let Some(seen) = self.state.files.get_mut(&key(p, f)) {
                seen.imported = Some(release.clone());
            }
            if !keep {
                fs::remove_file(place(&self.settings.folder, &p.id, &f.name)).ok();
            }
        }
        self.state.save(&self.settings.folder)?;
        if !keep {
            // Only folders that are empty go.
            fs::remove_dir(self.settings.folder.join(&p.id).join(INCOMING)).ok();
            fs::remove_dir(self.settings.folder.join(&p.id)).ok();
        }
        Ok(())
    }

    fn imported_as(&self, seen: &Seen, holds: &dyn Fn(&Imported) -> bool) -> bool {
        seen.imported.as_ref().is_some_and(holds)
    }

    /// Fetches one file, or finds that it has not changed.
    fn one(
        &mut self,
        p: &Publisher,
        f: &PublishedFile,
        conditional: bool,
        holds: &dyn Fn(&Imported) -> bool,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<FetchedFile> {
        let path = place(&self.settings.folder, &p.id, &f.name);
        let known = self.state.files.get(&key(p, f)).cloned();
        let here = known.as_ref().is_some_and(|k| hash(&path).is_ok_and(|h| h == (k.sha256.clone(), k.bytes)));
        if !here {
            fs::remove_file(&path).ok();
        }
        // A condition makes sense only where "not changed" leaves us with something.
        let known = known.filter(|k| conditional && (here || self.imported_as(k, holds)));
        let mut date = self.settings.today;
        let mut back = f.back_days;
        loop {
            // The date stays in what is remembered, the token does not.
            let shown = address::fill(&f.url.replace("{token}", "\u{1}"), date, None)?.replace('\u{1}', "{token}");
            let of_this = known.as_ref().filter(|k| k.url == shown);
            match self.from(p, f, date, &shown, of_this, events) {
                Ok(None) => {
                    let seen = of_this.cloned().unwrap_or_default();
                    return Ok(FetchedFile { name: f.name.clone(), path, seen, new: false });
                }
                Ok(Some(mut seen)) => {
                    // A server may send again what we have.
                    let same = known.as_ref().filter(|k| k.sha256 == seen.sha256 && k.bytes == seen.bytes);
                    seen.imported = same.and_then(|k| k.imported.clone()).filter(holds);
                    let new = same.is_none();
                    self.state.files.insert(key(p, f), seen.clone());
                    self.state.save(&self.settings.folder)?;
                    return Ok(FetchedFile { name: f.name.clone(), path, seen, new });
                }
                Err(Failure::Missing(e)) => {
                    match date.and_then(PartialDate::day_before).filter(|_| back > 0 && f.url.contains("{date}")) {
                        Some(earlier) => (date, back) = (Some(earlier), back - 1),
                        None => return Err(e),
                    }
                }
                Err(other) => return Err(other.into_error()),
            }
        }
    }

    /// Fetches one file from the address of one day, checks it and puts it into its place; `None`
    /// when it has not changed.
    fn from(
        &self,
        p: &Publisher,
        f: &PublishedFile,
        date: Option<PartialDate>,
        shown: &str,
        known: Option<&Seen>,
        events: &mut dyn FnMut(Event<'_>),
    ) -> std::result::Result<Option<Seen>, Failure> {
        let s = &self.settings;
        let url = address::fill(&f.url, date, s.tokens.get(&p.id).map(String::as_str))
            .map_err(|e| Failure::Final(explain(e, p)))?;
        let incoming = s.folder.join(&p.id).join(INCOMING).join(&f.name);
        let max = s.max_bytes.unwrap_or(f.max_bytes);
        let wanted = Wanted { name: &f.name, url: &url, shown, max, path: &incoming };
        let mut seen = match download(&self.client, &wanted, known, s, events)? {
            Got::Same => return Ok(None),
            Got::New(seen) => seen,
        };
        let checked = self.compare(p, f, date, shown, &incoming, &seen.sha256);
        if let Err(e) = checked.and_then(|()| check::content(&incoming, shown, &p.format).map_err(Failure::Final)) {
            fs::remove_file(&incoming).ok();
            return Err(e);
        }
        let path = place(&s.folder, &p.id, &f.name);
        fs::rename(&incoming, &path).map_err(|e| Failure::Final(Error::io(format!("write {}", path.display()), e)))?;
        seen.fetched.clone_from(&s.now);
        Ok(Some(seen))
    }

    /// Compares a file with the publisher's own checksum, where the table names one.
    fn compare(
        &self,
        p: &Publisher,
        f: &PublishedFile,
        date: Option<PartialDate>,
        shown: &str,
        beside: &Path,
        sha256: &str,
    ) -> std::result::Result<(), Failure> {
        let Some(sum) = &f.checksum else { return Ok(()) };
        let url = address::fill(&sum.url, date, self.settings.tokens.get(&p.id).map(String::as_str))
            .map_err(|e| Failure::Final(explain(e, p)))?;
        let path = beside.with_extension("sum");
        let told = sum.url.as_str();
        let wanted = Wanted { name: "checksum", url: &url, shown: told, max: MAX_SUM, path: &path };
        // A checksum that lacks is no reason to look for an older file.
        let stated = text(&self.client, &wanted, &self.settings).map_err(|f| Failure::Final(f.into_error()))?;
        let base = shown.split(['?', '#']).next().and_then(|u| u.rsplit('/').next()).filter(|b| !b.is_empty());
        let names: Vec<&str> = std::iter::once(f.name.as_str()).chain(base).collect();
        let wrong = |text: String| {
            Err(Failure::Final(Error::input(text).at(Place::file(shown)).hint("nothing was imported; try again later")))
        };
        match check::stated_sum(&stated, &names) {
            None => wrong(format!("the publisher's checksum at {told} cannot be read")),
            Some(s) if s != sha256 => wrong(format!("the file has the SHA-256 {sha256}, and the publisher states {s}")),
            Some(_) => Ok(()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.lock.unlock().ok();
    }
}

fn key(p: &Publisher, f: &PublishedFile) -> String {
    format!("{}/{}", p.id, f.name)
}

/// Says where a missing token comes from.
fn explain(e: Error, p: &Publisher) -> Error {
    match &p.token {
        Some(t) if e.message().contains("token") => Error::new(e.kind(), format!("{}: {}", p.id, e.message()))
            .hint(format!("give it with --token or in {}; {}", t.variable, t.how)),
        _ => e,
    }
}

/// The day of an HTTP date.
fn day(text: &str) -> Option<PartialDate> {
    let (y, m, d) = http_day(text)?;
    PartialDate::new(y, m, d).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_back_over_months_and_years() {
        let before = |d: &str| PartialDate::parse(d).unwrap().day_before().unwrap().to_string();
        assert_eq!(before("2026-01-05"), "2026-01-04");
        assert_eq!(before("2028-03-01"), "2028-02-29");
        assert_eq!(before("2026-01-01"), "2025-12-31");
        assert_eq!(day("Sun, 06 Nov 1994 08:49:37 GMT").unwrap().to_string(), "1994-11-06");
        assert_eq!(day("Sun, 31 Feb 1994 08:49:37 GMT"), None);
    }
}
