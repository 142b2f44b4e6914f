//! Finding parties by name: how well, how fast, and what the index costs.
//!
//! `cargo bench --bench names -- --corpus FILE --queries FILE [--hostile FILE] [--generate N] [--misses]`
//!
//! The corpus is one party a line (`uid`, `name`, `aliases`, `weak`, `type`, `dob`, `country`,
//! `ids`), a question a line has `query`, `type`, `phenomenon` and `expected` (uids; none means that
//! nothing may be found). `--generate` adds so many names made of the corpus's words, each as often
//! as it stands there, one word in sixteen put together of two others. Times are processor time of
//! the one thread at work, evidence included, the least of three runs of each question; parties of
//! the corpus are ready for comparing, generated ones are made ready within the time.

#![allow(clippy::unwrap_used)]

mod measure;

use cuibono::names::index::{Builder, Index, Query, Seeker};
use cuibono::names::{
    Band, BuiltIn, Kind, Match, NameKind, Prepared, Profile, Scratch, Weights, compare_with, likeness, score_and_names,
};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Candidates, and results with evidence, of a question: as `screen` has them.
const CANDIDATES: usize = 100;
const RESULTS: usize = 5;

/// Seconds of processor time of this thread.
fn cpu() -> f64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut h = self.0;
        h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((h ^ (h >> 31)) % n as u64) as usize
    }
}

fn texts(v: &Value) -> Vec<String> {
    v.as_array().map(|a| a.iter().filter_map(|x| x.as_str().map(String::from)).collect()).unwrap_or_default()
}

fn profile(v: &Value, name: &str) -> Profile {
    let mut names = vec![(v[name].as_str().unwrap_or_default().to_owned(), NameKind::Main)];
    names.extend(texts(&v["aliases"]).into_iter().map(|n| (n, NameKind::Alias)));
    names.extend(texts(&v["weak"]).into_iter().map(|n| (n, NameKind::Weak)));
    let id = |t: String| t.split_once(':').map_or((String::new(), t.clone()), |(a, b)| (a.to_owned(), b.to_owned()));
    Profile {
        kind: Kind::parse(v["type"].as_str().unwrap_or("")),
        names,
        births: texts(&v["dob"]),
        countries: texts(&v["country"]),
        flags: Vec::new(),
        ids: texts(&v["ids"]).into_iter().map(id).collect(),
    }
}

fn lines(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// Names made of the corpus's words.
fn generated(corpus: &[Profile], n: usize) -> Vec<String> {
    let (mut pool, mut lengths) = (Vec::new(), Vec::new());
    for (name, _) in corpus.iter().flat_map(|p| &p.names) {
        let before = pool.len();
        pool.extend(name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()));
        lengths.push((pool.len() - before).clamp(2, 8));
    }
    let mut rng = Rng(42);
    let mut out = Vec::with_capacity(n);
    for _ in 0..n {
        let words = lengths[rng.below(lengths.len())];
        let mut name = String::new();
        for k in 0..words {
            if k > 0 {
                name.push(' ');
            }
            let a = pool[rng.below(pool.len())];
            if rng.below(16) == 0 {
                let b: Vec<char> = pool[rng.below(pool.len())].chars().collect();
                let a: Vec<char> = a.chars().collect();
                name.extend(&a[..a.len().div_ceil(2)]);
                name.extend(&b[b.len() / 2..]);
            } else {
                name.push_str(a);
            }
        }
        out.push(name);
    }
    out
}

struct Bench<'a> {
    index: Index<'a>,
    ready: Vec<Arc<Prepared>>,
    made: &'a [String],
    seeker: Seeker,
    scratch: Scratch,
    /// Candidates of the last question.
    candidates: Vec<u32>,
}

/// A candidate that was compared: its score, the names that spoke loudest, its number.
type Scored = (f32, Option<(usize, usize)>, u32, Arc<Prepared>);

impl Bench<'_> {
    fn party(&self, party: u32) -> Arc<Prepared> {
        match self.ready.get(party as usize) {
            Some(p) => Arc::clone(p),
            None => {
                let name = &self.made[party as usize - self.ready.len()];
                Arc::new(Prepared::new(&Profile::named(Kind::Unknown, name.as_str())))
            }
        }
    }

    /// The answer to a question as `screen` makes it: the best with their evidence.
    fn ask(&mut self, asked: &Profile) -> Vec<(u32, Match)> {
        let found = self.seeker.candidates(&self.index, &Query::of(asked), CANDIDATES);
        self.candidates = found.iter().map(|c| c.party).collect();
        let asked = Prepared::new(asked);
        let w = &Weights::AMONG_MANY;
        let mut scored: Vec<Scored> = Vec::with_capacity(found.len());
        for c in found {
            let p = self.party(c.party);
            let (score, names) = score_and_names(&asked, &p, &BuiltIn, w, &mut self.scratch);
            scored.push((score, names, c.party, p));
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut before = 0;
        for run in scored.chunk_by_mut(|a, b| a.0 == b.0).take_while(|run| {
            before += run.len();
            before - run.len() < RESULTS
        }) {
            run.sort_by_cached_key(|s| (Reverse(likeness(&asked, &s.3, s.1)), s.2));
        }
        scored.truncate(RESULTS);
        scored.into_iter().map(|(_, _, n, p)| (n, compare_with(&asked, &p, &BuiltIn, w, &mut self.scratch))).collect()
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let value = |flag: &str| args.iter().position(|a| a == flag).and_then(|i| args.get(i + 1)).cloned();
    let (Some(corpus), Some(queries)) = (value("--corpus"), value("--queries")) else {
        println!("names: give --corpus FILE and --queries FILE");
        return;
    };
    let corpus = lines(&corpus);
    let uids: Vec<&str> = corpus.iter().map(|c| c["uid"].as_str().unwrap_or_default()).collect();
    let profiles: Vec<Profile> = corpus.iter().map(|c| profile(c, "name")).collect();
    let made = generated(&profiles, value("--generate").map_or(0, |n| n.parse().unwrap()));

    let begun = cpu();
    let mut builder = Builder::new();
    for (i, p) in profiles.iter().enumerate() {
        for (name, borne) in &p.names {
            builder.add(i as u32, name, *borne, p.kind);
        }
        for (_, v) in &p.ids {
            builder.add_identifier(i as u32, v);
        }
    }
    for (i, name) in made.iter().enumerate() {
        builder.add((profiles.len() + i) as u32, name, NameKind::Main, Kind::Unknown);
    }
    let names = builder.len();
    let added = cpu();
    let block = builder.finish();
    let done = cpu();
    let index = Index::open(&block).unwrap();
    println!(
        "{names} names of {} parties, {} words: {:.2} s to take them, {:.2} s to finish; {:.1} MB, {:.1} bytes a name; peak {}",
        profiles.len() + made.len(),
        index.words(),
        added - begun,
        done - added,
        block.len() as f64 / 1e6,
        block.len() as f64 / names as f64,
        measure::peak(),
    );
    let begun = cpu();
    let ready: Vec<Arc<Prepared>> = profiles.iter().map(|p| Arc::new(Prepared::new(p))).collect();
    println!("parties of the corpus made ready: {:.2} s", cpu() - begun);

    let mut bench =
        Bench { index, ready, made: &made, seeker: Seeker::new(), scratch: Scratch::default(), candidates: Vec::new() };
    let mut by: BTreeMap<String, [usize; 6]> = BTreeMap::new();
    let mut times: Vec<(f64, String)> = Vec::new();
    let (mut among, mut all_wanted) = (0, 0);
    let misses = args.iter().any(|a| a == "--misses");
    for q in lines(&queries) {
        let asked = profile(&q, "query");
        let mut least = f64::MAX;
        let mut found = Vec::new();
        for _ in 0..3 {
            let begun = cpu();
            found = bench.ask(&asked);
            least = least.min(cpu() - begun);
        }
        times.push((least, asked.names[0].0.clone()));
        let wanted: Vec<&str> =
            q["expected"].as_array().into_iter().flatten().filter_map(|e| e["uid"].as_str()).collect();
        let count = by.entry(q["phenomenon"].as_str().unwrap_or_default().to_owned()).or_default();
        count[0] += 1;
        let best = found.first().map_or(Band::No, |(_, m)| m.band);
        if wanted.is_empty() {
            count[4] += usize::from(best == Band::Match);
            count[5] += usize::from(best == Band::Review);
            if misses && best == Band::Match {
                println!("false alarm: {:?} ~ {:?}", asked.names[0].0, found[0].1);
            }
            continue;
        }
        all_wanted += 1;
        let is = |n: &u32| uids.get(*n as usize).is_some_and(|u| wanted.contains(u));
        among += usize::from(bench.candidates.iter().any(is));
        let at = found.iter().position(|(n, _)| uids.get(*n as usize).is_some_and(|u| wanted.contains(u)));
        count[1] += usize::from(at == Some(0));
        count[2] += usize::from(at.is_some());
        count[3] += usize::from(at.is_some_and(|i| found[i].1.band > Band::No));
        if misses && at != Some(0) {
            println!("not first: {} {:?} at {at:?}", q["id"], asked.names[0].0);
        }
    }
    println!(
        "{:<34} {:>5} {:>6} {:>6} {:>10} {:>12}",
        "phenomenon", "asked", "first", "in 5", "not band no", "false alarms"
    );
    let mut all = [0; 6];
    let mut unlisted = 0;
    for (what, c) in &by {
        let none = c[1] + c[2] == 0 && what.starts_with("negative");
        unlisted += if none { c[0] } else { 0 };
        println!("{what:<34} {:>5} {:>6} {:>6} {:>10} {:>12}", c[0], c[1], c[2], c[3], c[4]);
        all.iter_mut().zip(c).for_each(|(a, b)| *a += b);
    }
    let wanted = (all[0] - unlisted).max(1) as f64;
    println!(
        "top-1 {:.3}, top-5 {:.3}, of them not band no {:.3}; false alarms at match {} of {unlisted}, at review {}",
        all[1] as f64 / wanted,
        all[2] as f64 / wanted,
        all[3] as f64 / wanted,
        all[4],
        all[5],
    );
    println!("right party among the candidates: {among} of {all_wanted}");
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)].0 * 1e6;
    println!(
        "a question: p50 {:.0} us, p90 {:.0} us, p99 {:.0} us, most {:.0} us ({:?})",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
        times[times.len() - 1].1
    );
    if let Some(file) = value("--hostile") {
        for q in lines(&file) {
            let asked = profile(&q, "query");
            let begun = cpu();
            let found = bench.ask(&asked);
            let ms = (cpu() - begun) * 1e3;
            let wanted = q["expected"][0]["uid"].as_str();
            let right = wanted.is_none_or(|w| found.iter().any(|(n, _)| uids.get(*n as usize) == Some(&w)));
            let most = q["max_ms"].as_f64().unwrap_or(50.0);
            if ms > most || !right {
                println!("hostile {}: {ms:.1} ms of {most}, right {right}", q["id"]);
            }
        }
        println!("hostile questions asked");
    }
}
