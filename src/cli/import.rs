//! `import`: files into the store, all of them or none.

use super::args::Global;
use super::args_ask::date;
use super::args_store::ImportArgs;
use super::clock;
use super::context::store_only;
use super::exit::Outcome;
use super::import_report;
use super::io::Io;
use super::progress::Progress;
use super::releases::group;
use cuibono::error::{Error, Result};
use cuibono::import::{Batch, Input, Options, Request, TableMap};

/// Imports the files and prints what was read; returns only when all of it is durable.
pub(crate) fn run(args: &ImportArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let storage = store_only(global, "import")?;
    let request = Request {
        format: args.format.clone(),
        options: Options { source: args.source.clone(), map: columns(&args.map)?, full: args.full },
        release: date("--release", args.release.as_deref())?,
        today: clock::today(),
        replace: args.replace,
        allow_removals: args.allow_removals,
        ..Request::default()
    };
    // Everything is opened and recognised before the store is touched.
    let files = Input::open_each(&args.files)?;
    let groups = group(files, args.format.as_deref(), args.source.is_some())?;
    groups.tell(io);
    let mut progress = Progress::new("records read", io.quiet);
    let mut batch = Batch::begin(storage)?;
    for files in groups.files {
        batch.add(files, &request, &mut |n| progress.at(n))?;
    }
    let outcomes = batch.finish()?;
    drop(progress);
    if io.wants_json() {
        io.json_value(&import_report::json(&outcomes))?;
    } else {
        for (i, o) in outcomes.iter().enumerate() {
            if i > 0 {
                io.write("\n")?;
            }
            import_report::print(o, io)?;
        }
    }
    Ok(Outcome::Found)
}

/// `OUR=THEIRS` pairs.
fn columns(pairs: &[String]) -> Result<TableMap> {
    let mut map = TableMap::new();
    for p in pairs {
        let pair = p.split_once('=').filter(|(ours, theirs)| !ours.is_empty() && !theirs.is_empty());
        let Some((ours, theirs)) = pair else {
            return Err(Error::usage(format!("--map {p:?} is not OUR=THEIRS"))
                .hint("for example --map source=holder: our column `source` is called `holder` in the file"));
        };
        if map.insert(ours.to_owned(), theirs.to_owned()).is_some() {
            return Err(Error::usage(format!("--map names our column {ours:?} twice")));
        }
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn column_pairs() {
        let pairs = |p: &[&str]| columns(&p.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(pairs(&["source=holder", "share=a=b"]).unwrap().get("share").map(String::as_str), Some("a=b"));
        for bad in [&["source"][..], &["=x"], &["x="], &["a=b", "a=c"]] {
            assert!(pairs(bad).is_err(), "{bad:?}");
        }
    }
}
