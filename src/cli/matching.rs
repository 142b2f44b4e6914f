//! `match`: are two parties one, and why.

use super::answer::{about, quoted};
use super::args::Form;
use super::args_match::MatchArgs;
use super::deciding::party;
use super::exit::Outcome;
use super::io::Io;
use super::progress::Progress;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, Node, View};
use cuibono::import::{Input, asked_party};
use cuibono::model::Document;
use cuibono::names::{self, Band, BuiltIn, Kind, Match, NameKind, Prepared, Profile, Scratch};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Lines in memory at once, and lines a thread takes at once.
const WAVE: usize = 4096;
const PIECE: usize = 64;
/// Bad lines told one by one.
const TOLD: usize = 20;
/// Width of the bars of the waterfall, one way.
const BAR: f32 = 12.0;

/// Compares two parties of the store; or what needs no store.
pub(crate) fn run(args: &MatchArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    if args.bare() {
        return bare(args, io);
    }
    let filters = args.seen.filters();
    let view = View::new(graph, filters.filter()?)?;
    let (mut profiles, mut sides, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut nodes = args.sides.iter().map(|text| view.resolve(text)).collect::<Result<Vec<Node>>>()?;
    // Two parties of one entity are compared each for itself: why they were merged is the question.
    let apart = match (&nodes[..], &args.sides[..]) {
        ([x, y], [a, b]) if x == y => Some((party(graph, a)?, party(graph, b)?)).filter(|(a, b)| a != b),
        _ => None,
    };
    if let Some((a, b)) = &apart {
        nodes = [a, b].iter().filter_map(|id| graph.find_party(id)).collect();
        io.note("they are one entity, as was decided; each is compared by what is said of it alone");
    }
    for node in nodes {
        let id = graph.show_id(graph.id(node));
        profiles.push(if apart.is_some() { view.own_profile(node)? } else { view.profile(node)? });
        let name = if apart.is_some() { graph.party_label(node) } else { graph.label(node) };
        sides.push(json!({ "id": id, "name": name, "type": graph.node_type(node).name }));
        ids.push(quoted(id));
    }
    view.stop().check()?;
    graph.sound()?;
    let query = format!("match {}{}", ids.join(" "), filters.text());
    let head = Document::answer_json(&about(&view, &query, false));
    one(&profiles, &sides, head, args, io)
}

/// Compares two names, or the pairs of a file.
pub(crate) fn bare(args: &MatchArgs, io: &mut Io<'_>) -> Result<Outcome> {
    if let Some(file) = &args.pairs {
        return pairs(file, io);
    }
    let kind = match args.kind.as_deref() {
        None => Kind::Unknown,
        Some(text) => match Kind::parse(text) {
            Kind::Unknown => {
                return Err(Error::usage(format!("--type: {text:?} is no type of party"))
                    .hint("person, org, vessel or aircraft"));
            }
            kind => kind,
        },
    };
    for (flag, list) in [("birth", &args.birth), ("country", &args.country), ("id", &args.id)] {
        if list.len() > 2 {
            return Err(Error::usage(format!("--{flag} is given {} times: once for A, once for B", list.len())));
        }
    }
    let mut profiles = Vec::new();
    for (i, name) in args.sides.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(Error::usage("one of the names is empty"));
        }
        let parts = |list: &[String]| -> Vec<String> {
            let text = list.get(i).map_or("", String::as_str);
            text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let mut profile =
            Profile { births: parts(&args.birth), countries: parts(&args.country), ..Profile::named(kind, name) };
        for b in &profile.births {
            if names::Birth::parse(b).is_none() {
                return Err(Error::usage(format!("--birth: {b:?} is not a date (YYYY, YYYY-MM or YYYY-MM-DD)")));
            }
        }
        for id in parts(&args.id) {
            let Some((scheme, value)) = id.split_once(':') else {
                return Err(Error::usage(format!("--id: {id:?} has no scheme")).hint("for example --id INN:7701080141"));
            };
            profile.ids.push((scheme.trim().to_owned(), value.trim().to_owned()));
        }
        profiles.push(profile);
    }
    let sides: Vec<Value> = args.sides.iter().map(|n| json!({ "name": n, "type": kind.to_string() })).collect();
    one(&profiles, &sides, Value::Null, args, io)
}

/// Compares two profiles and prints the outcome.
fn one(profiles: &[Profile], sides: &[Value], about: Value, args: &MatchArgs, io: &mut Io<'_>) -> Result<Outcome> {
    let [left, right] = profiles else { return Err(Error::usage("two parties are compared")) };
    let (a, b) = (Prepared::new(left), Prepared::new(right));
    let m = names::compare(&a, &b, &BuiltIn, &mut Scratch::default());
    let borne = |p: &Profile, i: Option<usize>| i.and_then(|i| p.names.get(i).cloned());
    let told = [borne(left, m.names.map(|n| n.0)), borne(right, m.names.map(|n| n.1))];
    match io.text_form(&args.output) {
        Form::Table => waterfall(&m, sides, &told, io)?,
        Form::Json | Form::Jsonl => {
            let name = |n: &Option<(String, NameKind)>| {
                n.as_ref().map_or(Value::Null, |(text, of)| json!({ "text": text, "of": of.to_string() }))
            };
            let mut out = json!({
                "cuibono": 1, "left": sides.first(), "right": sides.get(1), "names": told.iter().map(name).collect::<Vec<_>>(),
                "score": m.score_json(), "band": m.band.to_string(), "evidence": m.items_json(),
                "scorer": names::SCORER,
            });
            if let (false, Some(o)) = (about.is_null(), out.as_object_mut()) {
                o.insert("answer".to_owned(), about);
            }
            if io.wants_json() || args.output.format == Some(Form::Json) {
                io.json_value(&out)?;
            } else {
                io.write(&format!("{out}\n"))?;
            }
        }
        form => {
            let mut table = Table::new(&["kind", "how", "left", "right", "bits", "weight"]);
            for e in &m.evidence {
                let number = |n: f32| format!("{n:.4}");
                table.row(vec![
                    e.what.to_string(),
                    e.how.to_string(),
                    e.left.clone(),
                    e.right.clone(),
                    number(e.bits),
                    number(e.weight),
                ]);
            }
            table.write(form, io)?;
        }
    }
    Ok(Outcome::of(m.band != Band::No))
}

/// The items as a waterfall: each one's step, and the score it leads to.
fn waterfall(m: &Match, sides: &[Value], told: &[Option<(String, NameKind)>; 2], io: &mut Io<'_>) -> Result<()> {
    let text = |v: Option<&Value>, key: &str| v.and_then(|v| v[key].as_str()).unwrap_or_default().to_owned();
    for (mark, (side, name)) in ["A", "B"].iter().zip(sides.iter().zip(told)) {
        let id = text(Some(side), "id");
        let id = if id.is_empty() { String::new() } else { format!(" ({id})") };
        let by = match name {
            Some((n, of)) if *n != text(Some(side), "name") => format!(", as {n} ({of})"),
            _ => String::new(),
        };
        io.line(&format!("{mark}  {}{id}{by}", text(Some(side), "name")))?;
    }
    io.write("\n")?;
    let mut table = Table::new(&["item", "a", "b", "how", "bits", "step", "score", ""]);
    let mut score = 0.0;
    for e in &m.evidence {
        score += e.weight;
        let len = (e.bits.abs().min(BAR)).round() as usize;
        let bar = if e.bits < 0.0 { "-".repeat(len) } else { "+".repeat(len) };
        table.row(vec![
            e.what.to_string(),
            e.left.clone(),
            e.right.clone(),
            e.how.to_string(),
            format!("{:+.1}", e.bits),
            format!("{:+.4}", e.weight),
            format!("{score:.4}"),
            bar,
        ]);
    }
    table.write(Form::Table, io)?;
    io.write(&format!("\n{:.4}  {}\n", m.score, m.band))
}

/// One line of a file of pairs.
struct Pair {
    line: u64,
    id: Value,
    sides: std::result::Result<Box<(Profile, Profile)>, String>,
}

fn pair(line: u64, bytes: &[u8]) -> Pair {
    let bad = |id: Value, why: String| Pair { line, id, sides: Err(why) };
    let m: Map<String, Value> = match serde_json::from_slice(bytes) {
        Ok(Value::Object(m)) => m,
        Ok(_) => return bad(Value::Null, "a line is an object with id, left and right".to_owned()),
        Err(e) => return bad(Value::Null, format!("this is not JSON: {e}")),
    };
    let id = m.get("id").cloned().unwrap_or(Value::Null);
    let side = |key: &str| match m.get(key) {
        Some(Value::Object(o)) => asked_party(o).map_err(|why| format!("{key}: {why}")),
        Some(Value::String(name)) if !name.trim().is_empty() => Ok(Profile::named(Kind::Unknown, name.as_str())),
        _ => Err(format!("{key} is missing, or neither an object nor a name")),
    };
    match side("left").and_then(|l| Ok((l, side("right")?))) {
        Ok(sides) => Pair { line, id, sides: Ok(Box::new(sides)) },
        Err(why) => bad(id, why),
    }
}

/// Scores each pair, on both cores, and prints them in the order of the file.
fn pairs(file: &Path, io: &mut Io<'_>) -> Result<Outcome> {
    let mut input = Input::open(file)?;
    let mut line: Vec<u8> = Vec::new();
    let mut progress = Progress::new("pairs compared", io.quiet);
    let (mut rows, mut bad, mut matched, mut more) = (0usize, 0usize, false, true);
    while more {
        let mut wave: Vec<Pair> = Vec::new();
        while wave.len() < WAVE {
            if !input.line(&mut line)? {
                more = false;
                break;
            }
            let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
            if !text.iter().all(u8::is_ascii_whitespace) {
                wave.push(pair(input.line_number(), text));
            }
        }
        let done: Vec<Mutex<Vec<Option<Match>>>> = wave.chunks(PIECE).map(|_| Mutex::default()).collect();
        cuibono::query::on_both(wave.chunks(PIECE).zip(&done), |(part, slot)| {
            let mut scratch = Scratch::default();
            let mut one = |p: &Pair| {
                let (left, right) = p.sides.as_deref().ok()?;
                Some(names::compare(&Prepared::new(left), &Prepared::new(right), &BuiltIn, &mut scratch))
            };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = part.iter().map(&mut one).collect();
        });
        let results = done.into_iter().flat_map(|s| s.into_inner().unwrap_or_else(PoisonError::into_inner));
        for (p, m) in wave.iter().zip(results) {
            rows += 1;
            let out = match (&p.sides, m) {
                (Ok(_), Some(m)) => {
                    matched |= m.band != Band::No;
                    json!({ "id": p.id, "score": m.score_json(), "band": m.band.to_string(), "evidence": m.items_json() })
                }
                (sides, _) => {
                    let why = sides.as_ref().err().map_or("not compared", String::as_str);
                    bad += 1;
                    if bad <= TOLD {
                        io.note(&format!("{}:{}: {why}", file.display(), p.line));
                    }
                    json!({ "id": p.id, "line": p.line, "error": why })
                }
            };
            io.write(&format!("{out}\n"))?;
        }
        progress.at(rows as u64);
    }
    if bad > 0 {
        let more = if bad > TOLD { format!("; the first {TOLD} are named above") } else { String::new() };
        return Err(Error::input(format!("{bad} of {rows} lines could not be used{more}"))
            .hint("the other lines were answered; mend these and compare them again"));
    }
    Ok(Outcome::of(matched))
}
