//! What an answer says beside its graph: verdicts, their arithmetic, proofs.

use super::html_tables::{Page, scroll};
use super::html_text::text;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Parties whose arithmetic is spelt out under one regime; the table has them all.
const SPELT_OUT: usize = 300;
/// Regimes shown.
const REGIMES: usize = 20;

fn string<'v>(v: &'v Value, key: &str) -> &'v str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn strings<'v>(v: &'v Value, key: &str) -> Vec<&'v str> {
    v.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A verdict and its share in words: `blocked, 55 %`.
fn cell(v: &Value) -> String {
    let word = string(v, "verdict");
    let class = match word {
        "listed" | "blocked" => " class=\"blocked\"",
        "indeterminate" => " class=\"doubt\"",
        _ => "",
    };
    let shown = match word {
        "indeterminate" => "cannot tell".to_owned(),
        w => w.replace('_', " "),
    };
    let share = match v.get("share") {
        // Nothing need be held of a party that is on a list itself.
        Some(Value::Object(s)) if word != "listed" => share(s),
        _ => String::new(),
    };
    format!("<td{class}>{}{share}</td>", text(&shown))
}

fn share(s: &Map<String, Value>) -> String {
    let of = |k: &str| s.get(k).and_then(Value::as_str).unwrap_or_default();
    let open = |k: &str| s.get(k).and_then(Value::as_bool).unwrap_or(false);
    let (min, max) = (of("min"), of("max"));
    if min.is_empty() && max.is_empty() {
        return String::new();
    }
    if min == max {
        return format!(", {} %", text(min));
    }
    let more = if open("min_excluded") { "more than " } else { "" };
    let less = if open("max_excluded") { "less than " } else { "" };
    format!(", {more}{} to {less}{} %", text(min), text(max))
}

/// The section on verdicts; nothing where the answer has none.
pub(super) fn verdicts(page: &Page<'_>) -> String {
    let Some(result) = page.doc.answer.as_ref().and_then(|a| a.result.as_ref()) else { return String::new() };
    let places = page.by_shown_id();
    match (result.get("regimes").and_then(Value::as_object), result.get("verdicts").and_then(Value::as_array)) {
        (Some(regimes), _) if !regimes.is_empty() => side_by_side(page, &places, regimes),
        (_, Some(rows)) if !rows.is_empty() => flat(page, &places, rows),
        _ => String::new(),
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

/// The rule, and the lists that were searched.
fn ground(told: &Value, out: &mut String) {
    let Some(g) = told.get("ground") else { return };
    out.push_str(&format!("<p>Rule {}: {}</p>\n<ul>", text(string(g, "rule")), text(string(g, "citation"))));
    for n in strings(g, "notes") {
        out.push_str(&format!("<li>{}</li>", text(n)));
    }
    for l in g.get("lists").and_then(Value::as_array).into_iter().flatten() {
        let (list, source, release) = (string(l, "list"), string(l, "source"), string(l, "release"));
        out.push_str(&format!("<li>searched: {} from {}, release {}</li>", text(list), text(source), text(release)));
    }
    if g.get("documents_only") == Some(&Value::Bool(true)) {
        out.push_str("<li>only documents were asked; their word on who is listed is taken as whole</li>");
    }
    for l in strings(g, "missing_lists") {
        out.push_str(&format!("<li>not searched, as it is not there: {}</li>", text(l)));
    }
    out.push_str("</ul>\n");
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
        let plain =
            string(v, "verdict") == "not_blocked" && v.get("terms").and_then(Value::as_array).is_none_or(Vec::is_empty);
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
