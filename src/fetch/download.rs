//! One file: tried, resumed, bounded, unpacked, hashed.

use super::client::{Answer, Client, Failure, refusal, too_slow};
use super::part::{Part, range};
use super::pause::{PATIENCE, Pauses};
use super::state::Seen;
use super::{Event, Settings};
use crate::error::{Error, Kind, Place, Result};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// A file to be fetched.
pub(super) struct Wanted<'a> {
    /// Its name, for messages.
    pub(super) name: &'a str,
    /// The address.
    pub(super) url: &'a str,
    /// The address as it may be shown and remembered.
    pub(super) shown: &'a str,
    /// Largest size in bytes.
    pub(super) max: u64,
    /// Where it goes.
    pub(super) path: &'a Path,
}

/// What came of it.
pub(super) enum Got {
    /// It has not changed.
    Same,
    /// It lies where it was wanted.
    New(Seen),
}

/// Fetches a file, in as many tries as the settings allow. `known` makes the request conditional.
pub(super) fn download(
    client: &Client,
    wanted: &Wanted<'_>,
    known: Option<&Seen>,
    settings: &Settings,
    events: &mut dyn FnMut(Event<'_>),
) -> std::result::Result<Got, Failure> {
    let deadline = Instant::now().checked_add(settings.timeout).ok_or_else(|| {
        Failure::Final(Error::usage("the time limit is too long to be counted").hint("give less with --timeout"))
    })?;
    let seed = wanted.url.bytes().fold(settings.jitter, |h, b| h.rotate_left(5) ^ u64::from(b));
    let mut pauses = Pauses::new(settings.pause, seed);
    let tries = settings.tries.max(1);
    let mut n = 1;
    loop {
        let (e, asked) = match attempt(client, wanted, known, deadline, events) {
            Err(Failure::Later(e, asked)) => (e, asked),
            done => return done,
        };
        if n == tries {
            let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
            return Err(Failure::Final(again(&e, &format!("{} (tried {times})", e.message()))));
        }
        if let Some(asked) = asked.filter(|a| *a > PATIENCE) {
            let text = format!("{} (it asks to be left alone for {} s)", e.message(), asked.as_secs());
            return Err(Failure::Final(again(&e, &text)));
        }
        let pause = pauses.next(asked);
        if deadline.saturating_duration_since(Instant::now()) <= pause {
            return Err(Failure::Final(again(&e, &format!("{}, and the time for this file is over", e.message()))));
        }
        events(Event::Again { name: wanted.name, why: e.message(), pause });
        std::thread::sleep(pause);
        n += 1;
    }
}

/// The same error with other words.
fn again(e: &Error, text: &str) -> Error {
    let new = Error::new(e.kind(), text);
    new.hint(e.next_step().unwrap_or("try later; what has arrived is kept where the server can go on with it"))
}

fn attempt(
    client: &Client,
    wanted: &Wanted<'_>,
    known: Option<&Seen>,
    deadline: Instant,
    events: &mut dyn FnMut(Event<'_>),
) -> std::result::Result<Got, Failure> {
    let mut part = Part::open(wanted.path, wanted.shown);
    let rest = part.rest();
    let mut headers: Vec<(&str, String)> = Vec::new();
    // What is packed already is not packed again on the way.
    let path = wanted.shown.split(['?', '#']).next().unwrap_or_default();
    let packed = [".zip", ".gz"].iter().any(|end| path.ends_with(end) || wanted.name.ends_with(end));
    headers.push(("accept-encoding", if packed { "identity" } else { "gzip" }.to_owned()));
    if let Some((range, validator)) = &rest {
        headers.push(("range", range.clone()));
        headers.push(("if-range", validator.clone()));
    } else if let Some(k) = known {
        for (name, value) in [("if-none-match", &k.etag), ("if-modified-since", &k.last_modified)] {
            if !value.is_empty() {
                headers.push((name, value.clone()));
            }
        }
    }
    let answer = client.get(wanted.url, wanted.shown, &headers, deadline)?;
    let file = match answer.status {
        304 if rest.is_none() && known.is_some() => return Ok(Got::Same),
        206 if rest.is_some() && part.continued_by(&answer) => part.append(),
        206 | 416 if rest.is_some() => {
            part.discard();
            let text = format!("{}: the server cannot go on where the last try ended", wanted.shown);
            return Err(Failure::Later(Error::new(Kind::Io, text), Some(Duration::ZERO)));
        }
        200 => part.restart(&answer, wanted.shown),
        _ => return Err(refusal(&answer, wanted.shown)),
    };
    let mut file = file.map_err(Failure::Final)?;
    let total = total(&answer, &part);
    if let Err(e) = acceptable(&answer, wanted, total) {
        part.discard();
        return Err(Failure::Final(e));
    }
    let mut seen = Seen {
        url: wanted.shown.to_owned(),
        etag: answer.header("etag").unwrap_or_default().to_owned(),
        last_modified: answer.header("last-modified").unwrap_or_default().to_owned(),
        ..Seen::default()
    };
    events(Event::Begin { name: wanted.name, at: part.have, total });
    let mut body = answer.body();
    let mut chunk = vec![0u8; CHUNK];
    loop {
        let n = match body.read(&mut chunk) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => {
                part.settle();
                if deadline <= Instant::now() {
                    return Err(Failure::Final(too_slow(wanted.shown)));
                }
                return Err(client.broken(&e, wanted.shown));
            }
        };
        if n == 0 {
            break;
        }
        part.have += n as u64;
        if part.have > wanted.max {
            part.discard();
            return Err(Failure::Final(too_large(wanted)));
        }
        let stored = file.write_all(chunk.get(..n).unwrap_or_default());
        stored.map_err(|e| Failure::Final(part.error(e)))?;
        events(Event::At(part.have));
        if deadline <= Instant::now() {
            part.settle();
            return Err(Failure::Final(too_slow(wanted.shown)));
        }
    }
    if let Some(total) = total.filter(|t| *t != part.have) {
        let text = format!("{}: {} bytes came, {total} were announced", wanted.shown, part.have);
        if part.have > total {
            part.discard()
        } else {
            part.settle()
        }
        return Err(Failure::Later(Error::new(Kind::Io, text), None));
    }
    file.sync_all().map_err(|e| Failure::Final(part.error(e)))?;
    drop(file);
    finish(&mut part, wanted, &mut seen)?;
    Ok(Got::New(seen))
}

/// Bytes of the whole file, where the answer tells.
fn total(answer: &Answer, part: &Part) -> Option<u64> {
    if answer.status == 206 {
        let told = answer.header("content-range").and_then(range).and_then(|(_, total)| total);
        return told.or_else(|| answer.length().and_then(|l| l.checked_add(part.have)));
    }
    answer.length()
}

/// What can be refused before the body is read.
fn acceptable(answer: &Answer, wanted: &Wanted<'_>, total: Option<u64>) -> Result<()> {
    if total.is_some_and(|t| t > wanted.max) {
        return Err(too_large(wanted));
    }
    // Without a length or chunks a cut connection looks like the end of the file.
    if !answer.has_an_end() {
        let text = format!("{}: the server does not say where the file ends", wanted.shown);
        return Err(Error::new(Kind::Io, text).hint("half a file could not be told from a whole one; fetch it by hand"));
    }
    let encoding = answer.header("content-encoding").unwrap_or_default();
    if !matches!(encoding, "" | "identity" | "gzip" | "x-gzip") {
        let text = format!("{}: the server packs the file in a way that was not asked for ({encoding})", wanted.shown);
        return Err(Error::new(Kind::Io, text));
    }
    Ok(())
}

fn too_large(wanted: &Wanted<'_>) -> Error {
    Error::input(format!("{}: the file is larger than {} bytes, the most that is accepted", wanted.shown, wanted.max))
        .hint("if you expect it to be this large, allow more with --max-size")
}

/// Unpacks what was packed on the way, hashes the file, and puts it where it was wanted.
fn finish(part: &mut Part, wanted: &Wanted<'_>, seen: &mut Seen) -> std::result::Result<(), Failure> {
    let result = match part.encoding() {
        "gzip" | "x-gzip" => unpack(part.path(), wanted),
        _ => hash(part.path()).and_then(|done| fs::rename(part.path(), wanted.path).map(|()| Ok(done))),
    };
    let done = match result {
        Ok(done) => done,
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
            ) =>
        {
            part.discard();
            let text = format!("{}: what came cannot be unpacked: {e}", wanted.shown);
            return Err(Failure::Later(Error::new(Kind::Io, text), None));
        }
        Err(e) => return Err(Failure::Final(part.error(e))),
    };
    part.discard();
    let (sha256, bytes) = done.map_err(Failure::Final)?;
    (seen.sha256, seen.bytes) = (sha256, bytes);
    Ok(())
}

fn unpack(from: &Path, wanted: &Wanted<'_>) -> io::Result<Result<(String, u64)>> {
    let mut packed =
        MultiGzDecoder::new(BufReader::with_capacity(CHUNK, File::open(from)?)).take(wanted.max.saturating_add(1));
    let mut out = File::create(wanted.path)?;
    let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0u64, vec![0u8; CHUNK]);
    let unpacked = (|| loop {
        let n = packed.read(&mut chunk)?;
        if n == 0 {
            return out.sync_all();
        }
        bytes += n as u64;
        sum.update(chunk.get(..n).unwrap_or_default());
        out.write_all(chunk.get(..n).unwrap_or_default())?;
    })();
    if unpacked.is_err() || bytes > wanted.max {
        fs::remove_file(wanted.path).ok();
    }
    unpacked?;
    if bytes > wanted.max {
        return Ok(Err(too_large(wanted)));
    }
    Ok(Ok((hex(sum), bytes)))
}

/// SHA-256 and size of a file.
pub(super) fn hash(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0u64, vec![0u8; CHUNK]);
    loop {
        let n = match file.read(&mut chunk) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            n => n?,
        };
        if n == 0 {
            return Ok((hex(sum), bytes));
        }
        bytes += n as u64;
        sum.update(chunk.get(..n).unwrap_or_default());
    }
}

fn hex(sum: Sha256) -> String {
    sum.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// A small text from the publisher: at most 64 KiB.
pub(super) fn text(client: &Client, wanted: &Wanted<'_>, settings: &Settings) -> std::result::Result<String, Failure> {
    match download(client, wanted, None, settings, &mut |_| {})? {
        Got::New(_) => {
            let bytes = fs::read(wanted.path);
            fs::remove_file(wanted.path).ok();
            let bytes = bytes.map_err(|e| Failure::Final(Error::io("read the publisher's checksum", e)))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        Got::Same => Err(Failure::Final(
            Error::new(Kind::Io, "the server answers 304 to a plain request").at(Place::file(wanted.shown)),
        )),
    }
}
