//! `update`: publishers' current files, fetched, imported and compared with the release before.

use super::args::{Form, Global};
use super::args_ask::{DiffArgs, date};
use super::args_update::{Net, UpdateArgs};
use super::context::store_only;
use super::exit::Outcome;
use super::io::Io;
use super::progress::{Download, Progress};
use super::releases::group;
use super::render::Table;
use super::{clock, diff, import_report};
use cuibono::error::{Error, Kind, Result};
use cuibono::fetch::{self, Event, Fetched, Imported, Proxies, Publisher, Session, Settings};
use cuibono::graph::Graph;
use cuibono::import::{self, Batch, Input, Options, Request, detect};
use cuibono::store::{Manifest, Snapshot, Storage};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Fetches what was asked for, source by source, each a release and a commit of its own: one
/// that fails leaves the others alone.
pub(crate) fn run(args: &UpdateArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let own = args.net.table.as_deref().map(read_table).transpose()?;
    let table = own.as_ref().unwrap_or_else(|| fetch::Table::builtin());
    if args.list {
        return list(table, args, io);
    }
    let storage = store_only(global, "update")?;
    let wanted = choose(table, &args.sources, &storage)?;
    let mut session = Session::open(settings(&args.net, global, &wanted)?)?;
    session.notes().iter().for_each(|n| io.note(n));
    let (mut values, mut failed): (Vec<Value>, Vec<(&str, Error)>) = (Vec::new(), Vec::new());
    for (i, p) in wanted.iter().enumerate() {
        if i > 0 && !json_asked(args, io) {
            io.write("\n")?;
        }
        match one(p, args, &storage, &mut session, io) {
            Ok(value) => values.push(value),
            // With one source its error says it all; a busy or damaged store is so for all of them.
            Err(e) if wanted.len() == 1 || matches!(e.kind(), Kind::Busy | Kind::Damaged) => return Err(e),
            Err(e) => {
                let hint = e.next_step().map_or(String::new(), |h| format!(" ({h})"));
                io.note(&format!("{} was not updated: {e}{hint}", p.id));
                values.push(json!({ "id": p.id, "source": p.source(), "error": e.to_string() }));
                failed.push((&p.id, e));
            }
        }
    }
    if json_asked(args, io) {
        io.json_value(&json!({ "updates": values }))?;
    }
    let names: Vec<&str> = failed.iter().map(|(id, _)| *id).collect();
    match failed.first() {
        None => Ok(Outcome::Found),
        Some((_, e)) => {
            let text = format!("{} of {} sources were not updated: {}", names.len(), wanted.len(), names.join(", "));
            Err(Error::new(e.kind(), text).hint("the others were; the notes above say what is wrong with these"))
        }
    }
}

/// Whether everything goes into one JSON value, by `--json` or `--format json`.
fn json_asked(args: &UpdateArgs, io: &Io<'_>) -> bool {
    io.form(&args.output) == Form::Json
}

/// Updates one source and prints what came of it, or gives it back for JSON.
fn one(
    p: &Publisher,
    args: &UpdateArgs,
    storage: &Arc<dyn Storage>,
    session: &mut Session,
    io: &mut Io<'_>,
) -> Result<Value> {
    if p.non_commercial {
        io.note(&format!("{}: {}", p.id, p.licence));
    }
    if !p.note.is_empty() {
        io.note(&format!("{}: {}", p.id, p.note));
    }
    let held = releases(storage)?;
    let holds = |i: &Imported| held.get(&i.source).is_some_and(|all| all.iter().any(|(d, _)| *d == i.release));
    let mut progress = Download::new(io.quiet);
    let fetched = session.fetch(p, &holds, &mut |event| match event {
        Event::Again { name, why, pause } => {
            progress.clear();
            io.note(&format!("{name}: {why}; again in {:.1} s", pause.as_secs_f32()));
        }
        Event::Begin { name, at, total } => progress.begin(name, at, total),
        Event::At(bytes) => progress.at(bytes),
    })?;
    drop(progress);
    let files: Vec<Value> = fetched.files.iter().map(file_json).collect();
    if !json_asked(args, io) {
        for f in &fetched.files {
            let what = if f.new { "fetched" } else { "not changed" };
            io.line(&format!("{}: {} {what}, {} bytes, sha256 {}", p.id, f.name, f.seen.bytes, f.seen.sha256))?;
        }
    }
    if fetched.nothing_new {
        let release = fetched.files.iter().find_map(|f| f.seen.imported.clone());
        if let Some(release) = &release {
            session.imported(p, release, args.keep)?;
        }
        let day = release.map_or(String::new(), |r| r.release);
        if !json_asked(args, io) {
            io.line(&format!("{}: nothing new, the release of {day} is the latest", p.source()))?;
        }
        return Ok(json!({
            "id": p.id, "source": p.source(), "files": files, "nothing_new": true, "release": day,
        }));
    }
    let outcome = import(p, args, storage, &fetched, io)?;
    let release = Imported { source: outcome.source.clone(), release: outcome.date.to_string() };
    session.imported(p, &release, args.keep)?;
    if !json_asked(args, io) {
        import_report::print(&outcome, io)?;
    }
    let changed = compare(args, storage, &release, outcome.staged.unchanged, io)?;
    Ok(json!({
        "id": p.id, "source": p.source(), "files": files, "nothing_new": false, "release": release.release,
        "import": import_report::json(std::slice::from_ref(&outcome)), "diff": changed,
    }))
}

/// Imports the files as one release.
fn import(
    p: &Publisher,
    args: &UpdateArgs,
    storage: &Arc<dyn Storage>,
    fetched: &Fetched,
    io: &Io<'_>,
) -> Result<import::Outcome> {
    let request = Request {
        format: Some(p.format.clone()),
        options: Options { source: p.names_source.then(|| p.source().to_owned()), ..Options::default() },
        served: fetched.modified,
        today: clock::today(),
        about: p.info(),
        only_source: Some(p.source().to_owned()),
        replace: args.replace,
        allow_removals: args.allow_removals,
        ..Request::default()
    };
    let all = group(Input::open_each(fetched.files.iter().map(|f| &f.path))?, None, false)?;
    all.tell(io);
    // What else an archive holds is no part of the list.
    let ours = |i: &Input| detect(std::slice::from_ref(i), None).is_ok_and(|f| f.name == p.format);
    let files: Vec<Input> = all.files.into_iter().flatten().filter(ours).collect();
    let mut progress = Progress::new("records read", io.quiet);
    let mut batch = Batch::begin(Arc::clone(storage))?;
    batch.add(files, &request, &mut |n| progress.at(n))?;
    let outcome = batch.finish()?.pop();
    outcome.ok_or_else(|| Error::input(format!("{}: the files hold no release", p.id)))
}

/// What changed since the release before, as `diff` tells it; null when there is none before.
fn compare(
    args: &UpdateArgs,
    storage: &Arc<dyn Storage>,
    now: &Imported,
    unchanged: bool,
    io: &mut Io<'_>,
) -> Result<Value> {
    if args.no_diff || unchanged {
        return Ok(Value::Null);
    }
    let held = releases(storage)?;
    let all = held.get(&now.source).map_or(&[][..], Vec::as_slice);
    let at = all.iter().position(|(d, _)| *d == now.release).unwrap_or_default();
    let Some((before, _)) = at.checked_sub(1).and_then(|i| all.get(i)) else {
        io.note(&format!("{}: the first release, nothing to compare it with", now.source));
        return Ok(Value::Null);
    };
    let question = DiffArgs {
        source: Some(now.source.clone()),
        older: Some(before.clone()),
        newer: Some(now.release.clone()),
        as_of: Vec::new(),
        limit: 10_000,
        law: args.law.clone(),
        output: args.output.clone(),
    };
    let mut graph = Graph::open(Snapshot::open(Arc::clone(storage))?)?;
    cuibono::resolve::apply(&mut graph, cuibono::graph::DecidedAt::Now)?;
    if !json_asked(args, io) {
        io.line(&format!("{}: changes from {before} to {}", now.source, now.release))?;
        diff::run(&question, &graph, io)?;
        return Ok(Value::Null);
    }
    let mut text = Vec::new();
    diff::run(&question, &graph, &mut Io::json(&mut text))?;
    serde_json::from_slice(&text).map_err(|e| Error::io("repeat the differences", e.into()))
}

/// Dates and formats of the releases in a store, by source, oldest first; none where there is
/// no store yet.
fn releases(storage: &Arc<dyn Storage>) -> Result<BTreeMap<String, Vec<(String, String)>>> {
    let loaded = match Manifest::current(&**storage) {
        Ok(loaded) => loaded,
        Err(e) if e.kind() == Kind::Usage => return Ok(BTreeMap::new()),
        Err(e) => return Err(e),
    };
    let of = |s: &cuibono::store::SourceEntry| {
        let all = s.by_date().iter().map(|r| (r.date.to_string(), r.format.clone())).collect();
        (s.info.id.clone(), all)
    };
    Ok(loaded.manifest.sources.iter().map(of).collect())
}

/// The entries named, else those that update what the store holds.
fn choose<'t>(table: &'t fetch::Table, named: &[String], storage: &Arc<dyn Storage>) -> Result<Vec<&'t Publisher>> {
    let known = || table.sources.iter().map(|s| format!("{}  {}", s.id, s.title)).collect::<Vec<_>>();
    if named.is_empty() {
        let held = releases(storage)?;
        let format = |all: &[(String, String)]| all.last().map_or(String::new(), |(_, f)| f.clone());
        let found: Vec<&Publisher> = held.iter().filter_map(|(id, all)| table.updates(id, &format(all))).collect();
        if found.is_empty() {
            return Err(Error::usage("the store holds no source of the table, and none was named")
                .candidates(known())
                .hint("name what to fetch: cuibono update ofac_sdn un_sc"));
        }
        return Ok(found);
    }
    let mut found: Vec<&Publisher> = Vec::new();
    for id in named {
        let p = table.get(id).ok_or_else(|| {
            Error::usage(format!("the table has no source {id:?}"))
                .candidates(known())
                .hint("see cuibono update --list")
        })?;
        if !found.iter().any(|f| f.id == p.id) {
            found.push(p);
        }
    }
    Ok(found)
}

fn read_table(path: &Path) -> Result<fetch::Table> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(format!("read {shown}"), e))?;
    fetch::Table::parse(&text, &shown)
}

/// A variable of the environment that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.trim().is_empty())
}

/// Flags and environment as settings.
fn settings(net: &Net, global: &Global, wanted: &[&Publisher]) -> Result<Settings> {
    let first = |names: &[&str]| names.iter().find_map(|n| variable(n));
    let except = first(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
    let proxy = net.proxy.clone().or_else(|| first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]));
    let proxies = proxy.filter(|p| p != "none").map(|url| Proxies::new(&url, &except)).transpose()?;
    let ca = net.ca.clone().or_else(|| variable("CUIBONO_CA").map(PathBuf::from));
    let ca = ca.map(|p| std::fs::read(&p).map_err(|e| Error::io(format!("read {}", p.display()), e))).transpose()?;
    let tokens = wanted.iter().filter_map(|p| {
        let token = net.token.clone().or_else(|| p.token.as_ref().and_then(|t| variable(&t.variable)))?;
        Some((p.id.clone(), token))
    });
    let mut folder = global.store().into_os_string();
    folder.push(".downloads");
    Ok(Settings {
        folder: net.downloads.clone().unwrap_or_else(|| PathBuf::from(folder)),
        now: clock::now(),
        today: date("--date", net.date.as_deref())?.or_else(clock::today),
        tokens: tokens.collect(),
        max_bytes: net.max_size.as_deref().map(size).transpose()?,
        tries: net.tries,
        pause: Duration::from_secs_f64(net.pause),
        timeout: Duration::from_secs_f64(net.timeout),
        idle: Duration::from_secs_f64(net.idle),
        jitter: clock::jitter(),
        ca,
        proxies,
        offline: net.offline || variable("CUIBONO_OFFLINE").is_some_and(|v| v != "0"),
    })
}

/// Bytes, with `K`, `M` or `G` for powers of 1024.
fn size(text: &str) -> Result<u64> {
    let upper = text.trim().to_ascii_uppercase();
    let (number, shift) = match upper.strip_suffix('B').unwrap_or(&upper) {
        t if t.ends_with('K') => (t.trim_end_matches('K'), 10),
        t if t.ends_with('M') => (t.trim_end_matches('M'), 20),
        t if t.ends_with('G') => (t.trim_end_matches('G'), 30),
        t => (t, 0),
    };
    let bytes = number.trim().parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift)).filter(|n| *n > 0);
    bytes.ok_or_else(|| Error::usage(format!("--max-size {text:?} is no size")).hint("for example 500M or 4G"))
}

fn file_json(f: &fetch::FetchedFile) -> Value {
    json!({
        "name": f.name, "url": f.seen.url, "sha256": f.seen.sha256, "bytes": f.seen.bytes, "etag": f.seen.etag,
        "last_modified": f.seen.last_modified, "fetched": f.seen.fetched, "new": f.new,
    })
}

/// `update --list`: the table.
fn list(table: &fetch::Table, args: &UpdateArgs, io: &mut Io<'_>) -> Result<Outcome> {
    let readable = |format: &str| import::detect(&[], Some(format)).is_ok();
    if json_asked(args, io) {
        let sources: Vec<Value> = table.sources.iter().map(|s| entry_json(s, readable(&s.format))).collect();
        io.json_value(&json!({ "sources": sources }))?;
        return Ok(Outcome::of(!sources.is_empty()));
    }
    let mut t = Table::new(&["id", "source", "title", "publisher", "format", "licence", "remarks", "address"]);
    for s in &table.sources {
        let mut remarks: Vec<String> = Vec::new();
        if s.by_name {
            remarks.push("only by name".to_owned());
        }
        if s.non_commercial {
            remarks.push("no commercial use".to_owned());
        }
        if let Some(token) = &s.token {
            remarks.push(format!("needs a token (--token or {})", token.variable));
        }
        if !readable(&s.format) {
            remarks.push("this program does not read the format".to_owned());
        }
        if !s.note.is_empty() {
            remarks.push(s.note.clone());
        }
        for f in &s.files {
            t.row(vec![
                s.id.clone(),
                s.source().to_owned(),
                s.title.clone(),
                s.publisher.clone(),
                s.format.clone(),
                s.licence.clone(),
                remarks.join("; "),
                f.url.clone(),
            ]);
        }
    }
    t.write(io.form(&args.output), io)?;
    Ok(Outcome::of(!t.is_empty()))
}

fn entry_json(s: &Publisher, readable: bool) -> Value {
    let files: Vec<Value> = s
        .files
        .iter()
        .map(|f| json!({ "name": f.name, "url": f.url, "max_bytes": f.max_bytes, "checksum": f.checksum.as_ref().map(|c| &c.url) }))
        .collect();
    let token = s.token.as_ref().map(|t| json!({ "variable": t.variable, "how": t.how }));
    json!({
        "id": s.id, "source": s.source(), "title": s.title, "publisher": s.publisher, "page": s.page,
        "licence": s.licence, "attribution": s.attribution, "format": s.format, "readable": readable,
        "by_name": s.by_name, "non_commercial": s.non_commercial, "token": token, "note": s.note, "files": files,
    })
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        assert_eq!(size("500M").unwrap(), 500 << 20);
        assert_eq!(size(" 4gb ").unwrap(), 4 << 30);
        assert_eq!(size("10 k").unwrap(), 10 << 10);
        assert_eq!(size("77").unwrap(), 77);
        for bad in ["", "0", "M", "-1", "1.5G", "1T", "99999999999G"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
