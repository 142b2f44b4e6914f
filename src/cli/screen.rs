//! `screen`: a list of names against the store, both cores at work.

use super::args_ask::ScreenArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::progress::Progress;
use super::search::word;
use cuibono::error::{Error, Result};
use cuibono::export::formula;
use cuibono::graph::{Graph, View};
use cuibono::import::{Asked, AskedParties, Input};
use cuibono::names::Band;
use cuibono::query::{Finder, Found, Ready, Wanted};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Rows in memory at once, and rows a thread takes at once.
const WAVE: usize = 2048;
const PIECE: usize = 16;
/// Bad rows told one by one.
const TOLD: usize = 20;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ScreenForm {
    /// JSON lines
    Jsonl,
    /// A table, one result a row
    Csv,
}

/// A row with what was found for it.
struct Done {
    asked: Asked,
    found: Result<Vec<Found>>,
    micros: u128,
}

#[derive(Default)]
struct Counts {
    rows: usize,
    matched: usize,
    review: usize,
    bad: usize,
}

/// Answers each row in the order of the file.
pub(crate) fn run(args: &ScreenArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.seen.filters().filter()?)?;
    let wanted = Wanted {
        limit: args.limit,
        band: Some(args.band.band()),
        threshold: args.threshold.unwrap_or(0.0),
        listed: args.listed,
        lists: args.list.clone(),
    };
    let mut parties = AskedParties::new(Input::open(&args.file)?)?;
    let begun = Instant::now();
    // What is made at first need is made before the clock of the first row runs.
    graph.name_bytes()?;
    let ready = Ready::new(&view);
    let finders: Mutex<Vec<Finder>> = Mutex::new(Vec::new());
    let mut out = Output::new(args, io.wants_json());
    let mut counts = Counts::default();
    let mut progress = Progress::new("names screened", io.quiet);
    let mut more = true;
    while more {
        let mut wave: Vec<Asked> = Vec::new();
        while wave.len() < WAVE {
            match parties.next()? {
                Some(a) => wave.push(a),
                None => {
                    more = false;
                    break;
                }
            }
        }
        let done: Vec<Mutex<Vec<Done>>> = wave.chunks(PIECE).map(|_| Mutex::default()).collect();
        let work = wave.chunks(PIECE).zip(&done);
        cuibono::query::on_both(work, |(rows, slot)| {
            let mut finder = finders.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let results: Vec<Done> = rows.iter().map(|a| answer(a, &view, &ready, &wanted, &mut finder)).collect();
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = results;
            finders.lock().unwrap_or_else(PoisonError::into_inner).push(finder);
        });
        view.stop().check()?;
        graph.sound()?;
        for slot in done {
            for d in slot.into_inner().unwrap_or_else(PoisonError::into_inner) {
                counts.rows += 1;
                match (&d.asked.profile, &d.found) {
                    (Err(why), _) => {
                        counts.bad += 1;
                        if counts.bad <= TOLD {
                            io.note(&format!("{}:{}: {why}", args.file.display(), d.asked.line));
                        }
                    }
                    (_, Ok(found)) => match found.iter().map(|f| f.outcome.band).max() {
                        Some(Band::Match) => counts.matched += 1,
                        Some(Band::Review) => counts.review += 1,
                        _ => {}
                    },
                    (_, Err(_)) => {}
                }
                out.write(&d, &view, io)?;
            }
        }
        progress.at(counts.rows as u64);
    }
    drop(progress);
    out.end(io)?;
    let Counts { rows, matched, review, bad } = counts;
    let seconds = begun.elapsed().as_secs_f64();
    io.note(&format!(
        "{rows} rows in {seconds:.1} s: {matched} match, {review} to review, {} clear{}",
        rows - matched - review - bad,
        if bad > 0 { format!(", {bad} not usable") } else { String::new() },
    ));
    if bad > 0 {
        let more = if bad > TOLD { format!("; the first {TOLD} are named above") } else { String::new() };
        return Err(Error::input(format!("{bad} of {rows} rows could not be used{more}"))
            .hint("the other rows were answered; mend these and screen them again"));
    }
    Ok(Outcome::of(matched + review > 0 || out.any))
}

fn answer(asked: &Asked, view: &View<'_>, ready: &Ready, wanted: &Wanted, finder: &mut Finder) -> Done {
    let begun = Instant::now();
    let found = match &asked.profile {
        Ok(profile) if view.stop().why().is_none() => finder.find(view, ready, profile, wanted),
        _ => Ok(Vec::new()),
    };
    Done { asked: asked.clone(), found, micros: begun.elapsed().as_micros() }
}

/// Writes rows in the form asked for.
struct Output {
    form: ScreenForm,
    guard: bool,
    head: bool,
    any: bool,
}

impl Output {
    fn new(args: &ScreenArgs, json: bool) -> Output {
        let form = if json { ScreenForm::Jsonl } else { args.format.unwrap_or(ScreenForm::Jsonl) };
        Output { form, guard: args.for_spreadsheet, head: false, any: false }
    }

    fn write(&mut self, d: &Done, view: &View<'_>, io: &mut Io<'_>) -> Result<()> {
        let found: &[Found] = match &d.found {
            Ok(list) => list,
            Err(e) => return Err(again(e)),
        };
        self.any |= !found.is_empty();
        match self.form {
            ScreenForm::Jsonl => jsonl(d, found, view, io),
            ScreenForm::Csv => self.csv(d, found, view, io),
        }
    }

    fn csv(&mut self, d: &Done, found: &[Found], view: &View<'_>, io: &mut Io<'_>) -> Result<()> {
        let g = view.graph();
        let style = if self.guard { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut w = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
        let fail = |e: csv::Error| write_error(std::io::Error::other(e.to_string()));
        let asked = d.asked.profile.as_ref().ok().and_then(|p| p.names.first()).map_or("", |(n, _)| n.as_str());
        let line = d.asked.line.to_string();
        if !std::mem::replace(&mut self.head, true) {
            w.write_record(["line", "id", "name", "party", "party_name", "listed", "matched", "score", "band", "why"])
                .map_err(fail)?;
        }
        let mut row = |cells: [&str; 10]| {
            let guarded = cells.map(|c| if self.guard && formula(c) { format!("'{c}") } else { c.to_owned() });
            w.write_record(&guarded).map_err(fail)
        };
        if let Err(why) = &d.asked.profile {
            row([&line, &d.asked.id, asked, "", "", "", "", "", "error", why])?;
        } else if found.is_empty() {
            row([&line, &d.asked.id, asked, "", "", "", "", "", "no", ""])?;
        }
        for f in found {
            let score = format!("{:.4}", f.outcome.score);
            let band = f.outcome.band.to_string();
            let why = f.outcome.words();
            let matched = f.name.as_ref().map_or("", |(n, _)| n.as_str());
            let party = g.show_id(g.id(f.node));
            let lists = lists(view, f).join(" ");
            row([&line, &d.asked.id, asked, party, g.label(f.node), &lists, matched, &score, &band, &why])?;
        }
        let bytes = w.into_inner().map_err(|e| write_error(std::io::Error::other(e.to_string())))?;
        io.out.write_all(&bytes).map_err(write_error)
    }

    /// A table without rows has its head all the same.
    fn end(&mut self, io: &mut Io<'_>) -> Result<()> {
        if self.form == ScreenForm::Csv && !self.head {
            return io.write("line,id,name,party,party_name,listed,matched,score,band,why\n");
        }
        Ok(())
    }
}

/// The lists that a party is on.
fn lists(view: &View<'_>, f: &Found) -> Vec<String> {
    let mut lists: Vec<String> = view.listings(f.node).into_iter().map(|l| l.list).collect();
    lists.sort_unstable();
    lists.dedup();
    lists
}

fn jsonl(d: &Done, found: &[Found], view: &View<'_>, io: &mut Io<'_>) -> Result<()> {
    let g = view.graph();
    let results: Vec<Value> = found
        .iter()
        .map(|f| {
            let (text, of) = f.name.as_ref().map_or(("", ""), |(n, borne)| (n.as_str(), word(*borne)));
            json!({
                "id": g.show_id(g.id(f.node)), "name": g.label(f.node), "type": g.node_type(f.node).name,
                "listed": lists(view, f), "match": { "of": of, "text": text },
                "score": f.outcome.score_json(), "band": f.outcome.band.to_string(),
                "evidence": f.outcome.items_json(),
            })
        })
        .collect();
    let mut line = json!({ "id": d.asked.id, "results": results, "micros": d.micros as u64 });
    if let (Err(why), Some(m)) = (&d.asked.profile, line.as_object_mut()) {
        m.insert("line".to_owned(), d.asked.line.into());
        m.insert("error".to_owned(), why.as_str().into());
    }
    io.write(&format!("{line}\n"))
}

/// An error that was only lent.
fn again(e: &Error) -> Error {
    let mut new = Error::new(e.kind(), e.message());
    if let Some(place) = e.place() {
        new = new.at(place.clone());
    }
    match e.next_step() {
        Some(hint) => new.hint(hint),
        None => new,
    }
}
