//! How well names are matched: reads pairs of names that are known to be one party or two, and
//! prints F1, AUC, and recall or rejection by phenomenon, as the tables of `docs/names.md`.
//!
//! ```text
//! cargo run --release --example name_figures -- pairs.jsonl [--rows] [--tune]
//! ```
//!
//! A line of the file: `{"id", "left", "right", "same", "phenomenon", "quality"}`, a side being
//! `{"name", "aliases", "type", "dob", "country", "ids": ["SCHEME:VALUE"]}`. Rows of quality
//! `weak` are left out. Odd numbers in ids are the development half, even ones the test half.
//! `--rows` lists the development rows that come out wrong; `--tune` moves each parameter while
//! the cross-validated loss on the development half falls, and prints what it found.

use cuibono::names::{
    BuiltIn, Kind, MATCH_FROM, Match, NameKind, Prepared, Profile, Scratch, Weights, compare_with, score,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;

struct Row {
    id: String,
    left: Prepared,
    right: Prepared,
    names: (String, String),
    same: bool,
    phenomenon: String,
    test: bool,
}

fn side(v: &Value) -> Profile {
    let texts = |key: &str| -> Vec<String> {
        v[key].as_array().map(|l| l.iter().filter_map(|x| x.as_str().map(str::to_string)).collect()).unwrap_or_default()
    };
    let mut names = vec![(v["name"].as_str().unwrap_or("").to_string(), NameKind::Main)];
    names.extend(texts("aliases").into_iter().map(|n| (n, NameKind::Alias)));
    let ids =
        texts("ids").iter().filter_map(|i| i.split_once(':').map(|(s, v)| (s.to_string(), v.to_string()))).collect();
    Profile {
        kind: Kind::parse(v["type"].as_str().unwrap_or("")),
        names,
        births: texts("dob"),
        countries: texts("country"),
        flags: Vec::new(),
        ids,
    }
}

fn read(path: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().filter(|l| !l.trim().is_empty());
    let rows: Vec<Value> = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    let rows = rows.into_iter();
    let rows = rows
        .filter(|v| v["quality"] != "weak")
        .map(|v| {
            let id = v["id"].as_str().unwrap_or("").to_string();
            let number: u64 = id.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
            Row {
                left: Prepared::new(&side(&v["left"])),
                right: Prepared::new(&side(&v["right"])),
                names: (v["left"]["name"].to_string(), v["right"]["name"].to_string()),
                same: v["same"] == true,
                phenomenon: v["phenomenon"].as_str().unwrap_or("").to_string(),
                test: number.is_multiple_of(2),
                id,
            }
        })
        .collect();
    Ok(rows)
}

fn scores(rows: &[Row], w: &Weights) -> Vec<Match> {
    let mut scratch = Scratch::default();
    rows.iter().map(|r| compare_with(&r.left, &r.right, &BuiltIn, w, &mut scratch)).collect()
}

/// Precision, recall, F1 at a threshold.
fn at(threshold: f32, found: &[(f32, bool)]) -> (f64, f64, f64) {
    let count = |f: &dyn Fn(&(f32, bool)) -> bool| found.iter().filter(|x| f(x)).count() as f64;
    let hit = count(&|x| x.1 && x.0 >= threshold);
    let (said, real) = (count(&|x| x.0 >= threshold), count(&|x| x.1));
    let (p, r) = (hit / said.max(1.0), hit / real.max(1.0));
    (p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 })
}

fn auc(found: &[(f32, bool)]) -> f64 {
    let (mut wins, mut all) = (0.0, 0.0);
    for x in found.iter().filter(|x| x.1) {
        for y in found.iter().filter(|x| !x.1) {
            all += 1.0;
            wins += if x.0 > y.0 {
                1.0
            } else if x.0 == y.0 {
                0.5
            } else {
                0.0
            };
        }
    }
    if all > 0.0 { wins / all } else { 0.0 }
}

fn report(title: &str, rows: &[Row], matches: &[Match], keep: &dyn Fn(&Row) -> bool) {
    let found: Vec<(f32, bool)> =
        rows.iter().zip(matches).filter(|(r, _)| keep(r)).map(|(r, m)| (m.score, r.same)).collect();
    let (p, r, f) = at(MATCH_FROM, &found);
    let best = (1..100).map(|t| at(t as f32 / 100.0, &found).2).fold(0.0, f64::max);
    println!(
        "{title}: {} rows, F1 {f:.3} (precision {p:.3}, recall {r:.3}) at the fixed threshold {MATCH_FROM}; AUC {:.3}; F1 {best:.3} at its best threshold",
        found.len(),
        auc(&found)
    );
}

fn by_phenomenon(rows: &[Row], matches: &[Match]) {
    // Phenomenon and label -> right and all, on the development and the test half.
    let mut table: BTreeMap<(bool, String), [(usize, usize); 2]> = BTreeMap::new();
    for (row, m) in rows.iter().zip(matches) {
        let cell = &mut table.entry((!row.same, row.phenomenon.clone())).or_default()[usize::from(row.test)];
        cell.1 += 1;
        cell.0 += usize::from((m.score >= MATCH_FROM) == row.same);
    }
    for (negative, title) in [(false, "found (recall)"), (true, "told apart")] {
        println!("\n| phenomenon | {title}, development | test |\n|---|---|---|");
        for ((_, phenomenon), cells) in table.iter().filter(|((n, _), _)| *n == negative) {
            let show = |c: (usize, usize)| {
                if c.1 == 0 {
                    "-".to_string()
                } else {
                    format!("{} of {} ({:.0} %)", c.0, c.1, 100.0 * c.0 as f64 / c.1 as f64)
                }
            };
            println!("| {phenomenon} | {} | {} |", show(cells[0]), show(cells[1]));
        }
    }
}

fn wrong_rows(rows: &[Row], matches: &[Match]) {
    for (row, m) in rows.iter().zip(matches).filter(|(r, _)| !r.test) {
        if (m.score >= MATCH_FROM) != row.same {
            let items: Vec<String> = m
                .evidence
                .iter()
                .skip(1)
                .map(|e| format!("{}:{} {}|{} {:+.1}", e.what, e.how, e.left, e.right, e.bits))
                .collect();
            println!(
                "{} {} {} {:.2} {} || {}   [{}]",
                row.id,
                row.phenomenon,
                if row.same { "+" } else { "-" },
                m.score,
                row.names.0,
                row.names.1,
                items.join("; ")
            );
        }
    }
}

/// Loss in bits per row: what the scores cost as probabilities, bounded so that rows nobody can
/// get right do not rule.
fn loss(rows: &[Row], w: &Weights, fold: &dyn Fn(usize) -> bool) -> f64 {
    let mut scratch = Scratch::default();
    let (mut sum, mut n) = (0.0, 0.0);
    for (i, row) in rows.iter().enumerate().filter(|(i, r)| !r.test && fold(*i)) {
        let _ = i;
        let s = f64::from(compare_with(&row.left, &row.right, &BuiltIn, w, &mut scratch).score);
        let p = if row.same { s } else { 1.0 - s };
        sum += -p.max(0.02).log2();
        n += 1.0;
    }
    sum / f64::max(n, 1.0)
}

fn tune(rows: &[Row]) {
    let fields = Weights::fields();
    let folds = 5;
    let search = |fold: &dyn Fn(usize) -> bool| {
        let mut w = Weights::STANDARD;
        let mut best = loss(rows, &w, fold);
        for step in [1.3f32, 1.12] {
            for _ in 0..2 {
                for (_, get) in &fields {
                    for factor in [step, 1.0 / step] {
                        let mut next = w;
                        *get(&mut next) *= factor;
                        let l = loss(rows, &next, fold);
                        if l < best - 0.0005 {
                            best = l;
                            w = next;
                        }
                    }
                }
            }
        }
        w
    };
    let (mut held, mut plain) = (0.0, 0.0);
    for f in 0..folds {
        let w = search(&|i| (i / 2) % folds != f);
        held += loss(rows, &w, &|i| (i / 2) % folds == f) / folds as f64;
        plain += loss(rows, &Weights::STANDARD, &|i| (i / 2) % folds == f) / folds as f64;
    }
    println!("\nloss in bits per row, {folds}-fold: {plain:.4} as it is, {held:.4} on the part held out after tuning");
    let mut w = search(&|_| true);
    for (name, get) in &fields {
        println!("{name}: {:.2}", get(&mut w));
    }
}

/// Name pairs per second of one core: every left name with every right name.
fn speed(rows: &[Row]) {
    let mut scratch = Scratch::default();
    let now = || {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
    };
    let start = now();
    let (mut n, mut sum) = (0u64, 0.0);
    for step in 0..rows.len() {
        for (i, row) in rows.iter().enumerate() {
            let other = &rows[(i + step) % rows.len()].right;
            sum += f64::from(score(&row.left, other, &BuiltIn, &mut scratch));
            n += (row.left.names.len() * other.names.len()) as u64;
        }
    }
    let took = now() - start;
    println!(
        "\n{n} name pairs scored in {took:.2} s of processor time: {:.0} a second (sum of scores {sum:.1})",
        n as f64 / took
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let path = args.iter().find(|a| !a.starts_with("--")).ok_or("name the file of pairs")?;
    let rows = read(path)?;
    let matches = scores(&rows, &Weights::STANDARD);
    report("development half", &rows, &matches, &|r| !r.test);
    report("test half", &rows, &matches, &|r| r.test);
    report("both halves", &rows, &matches, &|_| true);
    by_phenomenon(&rows, &matches);
    if args.iter().any(|a| a == "--rows") {
        wrong_rows(&rows, &matches);
    }
    if args.iter().any(|a| a == "--tune") {
        tune(&rows);
    }
    speed(&rows);
    Ok(())
}
