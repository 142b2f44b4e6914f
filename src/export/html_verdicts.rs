//! What an answer says beside its graph: verdicts, their arithmetic, proofs.

use super::html_tables::{Page, scroll};
use super::html_text::text;
use super::verdicts::{self, Said, string};
use crate::ownership::Outcome;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Parties whose arithmetic is spelt out under one regime; the table has them all.
const SPELT_OUT: usize = 300;
/// Regimes shown.
const REGIMES: usize = 20;

fn strings<'v>(v: &'v Value, key: &str) -> Vec<&'v str> {
    v.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A verdict and its share in words: `blocked, 55 %`.
fn cell(v: &Value) -> String {
    let said = Said::of(v);
    let class = match said.outcome {
        Some(Outcome::Listed | Outcome::Blocked) => " class=\"blocked\"",
        Some(Outcome::NotBlocked) => "",
        Some(Outcome::Indeterminate) | None => " class=\"doubt\"",
    };
    // Nothing need be held of a party that is on a list itself.
    let share = said.share.as_ref().filter(|_| said.outcome.is_some_and(|o| o != Outcome::Listed));
    let share = share.map_or(String::new(), |s| format!(", {} %", text(s)));
    format!("<td{class}>{}{share}</td>", said.words())
}

/// The section on verdicts; nothing where the answer has none.
pub(super) fn section(page: &Page<'_>) -> String {
    let places = page.by_shown_id();
    match (verdicts::regimes(page.doc), verdicts::rows(page.doc)) {
        (Some(regimes), _) => side_by_side(page, &places, regimes),
        (None, []) => String::new(),
        (None, rows) => flat(page, &places, rows),
    }
}

/// The rows of `trace`: one regime, no arithmetic.
fn flat(page: &Page<'_>, places: &HashMap<&str, usize>, rows: &[Value]) -> String {
    let mut out = String::new();
    scroll(&mut out, "Table of verdicts", &|out| {
        out.push_str("<table><thead><tr><th scope=\"col\">Party</th><th scope=\"col\">Regime</th><th scope=\"col\">Verdict</th></tr></thead><tbody>\n");
        for v in rows.iter().take(page.doc.nodes.len().saturating_mul(REGIMES)) {
            if let Some(at) = places.get(string(v, "id")) {
                let (party, regime) = (page.party_link(*at), text(string(v, "regime")));
                out.push_str(&format!("<tr><th scope=\"row\">{party}</th><td>{regime}</td>{}</tr>\n", cell(v)));
            }
        }
        out.push_str("</tbody></table>\n");
    });
    out
}

fn side_by_side(page: &Page<'_>, places: &HashMap<&str, usize>, regimes: &Map<String, Value>) -> String {
    let told: Vec<(&String, &Value)> = regimes.iter().take(REGIMES).collect();
    let title = |id: &str, v: &Value| match string(v, "title") {
        "" => text(id),
        t => text(t),
    };
    let of = |v: &Value, at: usize| -> Option<Value> {
        let p = page.doc.nodes.get(at)?;
        v.get("verdicts")?.get(page.doc.show_id(p.id.as_str())).cloned()
    };
    let mut out = String::new();
    scroll(&mut out, "Table of verdicts", &|out| {
        out.push_str("<table><thead><tr><th scope=\"col\">Party</th>");
        for (id, v) in &told {
            out.push_str(&format!("<th scope=\"col\">{}</th>", title(id, v)));
        }
        out.push_str("</tr></thead><tbody>\n");
        for at in 0..page.doc.nodes.len() {
            let cells: Vec<Option<Value>> = told.iter().map(|(_, v)| of(v, at)).collect();
            if cells.iter().all(Option::is_none) {
                continue;
            }
            let cells: String =
                cells.iter().map(|c| c.as_ref().map_or_else(|| "<td>not asked</td>".to_owned(), cell)).collect();
            out.push_str(&format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", page.party_link(at)));
        }
        out.push_str("</tbody></table>\n");
    });
    for (id, v) in told {
        out.push_str(&format!("<h3>{}</h3>\n", title(id, v)));
        ground(v, &mut out);
        arithmetic(page, places, v, &mut out);
        proof(page, places, v, &mut out);
    }
    out
}

/// The rule, and the lists that were searched or not, in the words in which every answer has them.
fn ground(told: &Value, out: &mut String) {
    let Some(g) = told.get("ground") else { return };
    let lines = strings(g, "lines");
    let Some((rule, rest)) = lines.split_first() else { return };
    out.push_str(&format!("<p>{}</p>\n", text(rule)));
    if !rest.is_empty() {
        out.push_str("<ul>");
        rest.iter().for_each(|l| out.push_str(&format!("<li>{}</li>", text(l))));
        out.push_str("</ul>\n");
    }
}

fn arithmetic(page: &Page<'_>, places: &HashMap<&str, usize>, told: &Value, out: &mut String) {
    let Some(verdicts) = told.get("verdicts").and_then(Value::as_object) else { return };
    let mut left = 0usize;
    let mut spelt = 0usize;
    // In the order of the parties, and what is not blocked and held by nobody is in the table only.
    let mut rows: Vec<(usize, &Value)> =
        verdicts.iter().filter_map(|(id, v)| Some((*places.get(id.as_str())?, v))).collect();
    rows.sort_by_key(|(at, _)| *at);
    for (at, v) in rows {
        let plain = string(v, "verdict") == Outcome::NotBlocked.as_str()
            && v.get("terms").and_then(Value::as_array).is_none_or(Vec::is_empty);
        let lines = strings(v, "arithmetic");
        if plain || lines.is_empty() {
            continue;
        }
        if spelt >= SPELT_OUT {
            left += 1;
            continue;
        }
        spelt += 1;
        out.push_str(&format!("<h4>{}</h4>\n", page.party_link(at)));
        out.push_str(&format!("<p>{}</p>\n<ol class=\"sum\">", text(string(v, "wording"))));
        lines.iter().for_each(|l| out.push_str(&format!("<li>{}</li>", text(l))));
        out.push_str("</ol>\n");
        for (key, words) in [("missing", "would have to be known"), ("warnings", "warning")] {
            let all = strings(v, key);
            if !all.is_empty() {
                let codes: Vec<String> = all.iter().map(|c| format!("<code>{}</code>", text(c))).collect();
                out.push_str(&format!("<p>{words}: {}</p>\n", codes.join(", ")));
            }
        }
    }
    if left > 0 {
        out.push_str(&format!("<p>The arithmetic of {left} more parties is not spelt out here.</p>\n"));
    }
}

fn proof(page: &Page<'_>, places: &HashMap<&str, usize>, told: &Value, out: &mut String) {
    let Some(p) = told.get("proof") else { return };
    let lines = strings(p, "text");
    if lines.is_empty() {
        return;
    }
    let of = places.get(string(p, "id")).map_or(String::new(), |at| format!(" on {}", page.party_link(*at)));
    out.push_str(&format!("<h4>Proof{of}</h4>\n<p>Its numbers in brackets are those of the sources at its own end.</p>\n<div class=\"proof\">"));
    for l in lines {
        let depth = l.chars().take_while(|c| *c == ' ').count().min(8);
        out.push_str(&format!("<p class=\"d{}\">{}</p>", depth / 2, text(l.trim_start())));
    }
    out.push_str("</div>\n");
}
