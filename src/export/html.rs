//! One page that says everything, to be mailed: the picture, verdicts and their arithmetic, tables
//! of parties, relations and sources. It needs no script and fetches nothing.

use super::columns::as_of;
use super::html_tables::{Page, scroll};
use super::html_text::{attr, text};
use super::svg::{Drawn, SvgOptions, dates_line, draw_document, made_line};
use super::{Export, Options, html_verdicts, notes, whole};
use crate::error::{Error, Result};
use crate::model::{Answer, Document};

/// Most parties and relations that are drawn.
const DRAWN: (usize, usize) = (5_000, 25_000);
/// Most parties and relations of a page: a browser would not show more.
const MOST: (usize, usize) = (20_000, 60_000);

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#4d4d4d;--ground:#fff;--raised:#f4f4f2;--line:#8a8a8a;--link:#0b4f9e;--red:#a3001c;--amber:#7a4200}\
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#bdbdbd;--ground:#161616;--raised:#232323;--line:#777;--link:#8ec2ff;--red:#ff9aa8;--amber:#ffc27a}}\
*{box-sizing:border-box}\
body{margin:0;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;color:var(--ink);background:var(--ground)}\
header,nav,main,footer{max-width:84rem;margin:0 auto;padding:0 1rem}\
h1{line-height:1.25;margin:1.2rem 0 .3rem;overflow-wrap:anywhere}\
h2{margin:2rem 0 .6rem;border-bottom:1px solid var(--line)}\
h3{margin:1.6rem 0 .4rem}h4{margin:1.2rem 0 .3rem}\
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}\
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.3rem .6rem;z-index:1}\
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;list-style:none}nav a{display:inline-block;padding:.2rem 0;min-height:24px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\
.scroll{overflow:auto;max-width:100%}.picture{background:#fff;border:1px solid var(--line);max-height:85vh}\
figure{margin:0}figcaption{color:var(--soft)}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
th,td{border:1px solid var(--line);padding:.35rem .5rem;text-align:start;vertical-align:top}\
thead th{background:var(--raised)}tbody th{font-weight:600}\
td ul,th ul{margin:.2rem 0;padding-inline-start:1.1rem;font-weight:400}code{overflow-wrap:anywhere}small,.none{color:var(--soft);font-weight:400}\
.listed,.blocked{color:var(--red);font-weight:700}.doubt{color:var(--amber);font-weight:700}\
.ctl{font-family:monospace;border:1px dashed var(--line)}.warn{border-inline-start:4px solid var(--amber);padding-inline-start:.7rem}\
.sum{margin:.3rem 0}.proof{background:var(--raised);padding:.5rem .8rem;overflow-wrap:anywhere}.proof p{margin:.1rem 0}\
.proof .d1{margin-inline-start:1.2rem}.proof .d2{margin-inline-start:2.4rem}.proof .d3,.proof .d4{margin-inline-start:3.6rem}\
:target{outline:3px solid var(--amber);outline-offset:-3px}footer{margin-top:2.5rem;padding-bottom:2rem;color:var(--soft)}\
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--ground:#fff;--raised:#eee;--line:#777;--link:#000;--red:#8a0018;--amber:#5f3300}\
nav,.skip{display:none}.scroll{overflow:visible;max-height:none}.picture svg{max-width:100%;height:auto}tr,h2,h3,h4{break-inside:avoid}thead{display:table-header-group}body{font-size:11px}}";

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let whole::Whole { doc, edge_ids } = whole::whole(kept, &mut warnings);
    let doc = doc.as_ref();
    for (n, most, what) in [(doc.nodes.len(), MOST.0, "parties"), (doc.edges.len(), MOST.1, "relations")] {
        if n > most {
            return Err(Error::usage(format!("{n} {what} are too many for one page (at most {most})"))
                .hint("narrow the selection with --limit, --hops or --type, or export to csv or another format"));
        }
    }
    let day = as_of(doc, options.date);
    let drawn = picture(doc, options);
    let none = Vec::new();
    let page = Page::new(doc, &edge_ids, drawn.as_ref().map_or(&none, |d| &d.sources), day);
    let query = doc.answer.as_ref().map(|a| a.query.as_str()).filter(|q| !q.is_empty());
    let title = options.title.as_deref().filter(|t| !t.trim().is_empty()).or(query).unwrap_or("Network");

    let mut out = String::with_capacity(16_000 + doc.nodes.len() * 600 + doc.edges.len() * 500);
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.push_str(&format!("<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n", attr(title)));
    out.push_str("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n");
    out.push_str(&format!("<header><h1>{}</h1>\n<p>{}</p></header>\n", text(title), counted(&page)));
    let told = html_verdicts::section(&page);
    let differences = page.differences();
    let sections = [
        ("asked", "What was asked", true),
        ("picture", "Picture", true),
        ("verdicts", "Verdicts", !told.is_empty()),
        ("differences", "Several values of one member", !differences.is_empty()),
        ("parties", "Parties", true),
        ("relations", "Relations", true),
        ("sources", "Sources", true),
    ];
    out.push_str("<nav aria-label=\"On this page\"><ul>");
    for (id, name, there) in sections {
        if there {
            out.push_str(&format!("<li><a href=\"#{id}\">{name}</a></li>"));
        }
    }
    out.push_str("</ul></nav>\n<main id=\"content\" tabindex=\"-1\">\n");
    for (id, name, there) in sections {
        if !there {
            continue;
        }
        out.push_str(&format!("<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{name}</h2>\n"));
        match id {
            "asked" => asked(doc.answer.as_ref(), options, &mut out),
            "picture" => figure(doc, drawn.as_ref(), &mut out),
            "verdicts" => out.push_str(&told),
            "differences" => {
                out.push_str("<p>Sources say different things here, or one thing in different words. All are shown, none was chosen.</p>\n");
                scroll(&mut out, "Table of what differs", &|out| {
                    out.push_str("<table><tbody>\n");
                    out.push_str(&differences);
                    out.push_str("</tbody></table>\n");
                });
            }
            "parties" => scroll(&mut out, "Table of parties", &|out| page.parties(out)),
            "relations" => scroll(&mut out, "Table of relations", &|out| page.relations(out)),
            _ => scroll(&mut out, "Table of sources", &|out| page.source_table(out)),
        }
        out.push_str("</section>\n");
    }
    out.push_str(&format!(
        "</main>\n<footer><p>{}</p><p>This page says what is on the record of the sources named. A verdict follows from it under a rule as the rule file states it. This is not legal advice.</p></footer>\n</body>\n</html>\n",
        text(&made_line(doc))
    ));
    Ok(Export::one("html", out, warnings))
}

/// How much there is, and as of when.
fn counted(page: &Page<'_>) -> String {
    let several = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut s = format!(
        "{}, {}; {} on a sanctions list. ",
        several(page.doc.nodes.len(), "party", "parties"),
        several(page.doc.edges.len(), "relation", "relations"),
        several(page.listed(), "party", "parties"),
    );
    s.push_str(&text(&dates_line(page.doc, page.day)));
    s
}

fn asked(answer: Option<&Answer>, options: &Options, out: &mut String) {
    let Some(a) = answer else {
        out.push_str("<p>The document does not say what was asked.</p>\n");
        return;
    };
    let date = options.date.map(|d| d.to_string());
    let rows = [
        ("Question", Some(a.query.as_str())),
        ("As of", a.as_of.as_deref().or(Some("all dates"))),
        ("As published by", a.known_at.as_deref()),
        ("Decisions by", a.decided_at.as_deref()),
        ("Store", Some(a.store.as_str())),
        ("Program", Some(a.program.as_str())),
        ("Rules", a.rules.as_deref()),
        ("Written", date.as_deref()),
    ];
    out.push_str("<dl>");
    for (name, value) in rows {
        if let Some(v) = value.filter(|v| !v.is_empty()) {
            out.push_str(&format!("<dt>{name}</dt><dd>{}</dd>", text(v)));
        }
    }
    out.push_str("</dl>\n");
    if a.truncated {
        out.push_str("<p class=\"warn\"><strong>Incomplete:</strong> a limit cut this answer; there is more on the record than is shown.</p>\n");
    }
    if !a.notes.is_empty() {
        out.push_str("<ul>");
        a.notes.iter().for_each(|n| out.push_str(&format!("<li>{}</li>", text(n))));
        out.push_str("</ul>\n");
    }
}

/// The picture, unless there is too much for one.
fn picture(doc: &Document, options: &Options) -> Option<Drawn> {
    if doc.nodes.is_empty() || doc.nodes.len() > DRAWN.0 || doc.edges.len() > DRAWN.1 {
        return None;
    }
    let look = SvgOptions {
        title: Some("Picture of the parties and their relations".to_owned()),
        max_nodes: DRAWN.0,
        today: options.date,
        positions: options.positions.clone(),
        boxes: options.boxes,
        bare: true,
    };
    draw_document(doc, &look).ok()
}

fn figure(doc: &Document, drawn: Option<&Drawn>, out: &mut String) {
    let Some(d) = drawn else {
        let why = if doc.nodes.is_empty() {
            "There is nothing to draw.".to_owned()
        } else {
            format!(
                "{} parties and {} relations are too many for one picture (at most {} and {}); the tables below have them all.",
                doc.nodes.len(),
                doc.edges.len(),
                DRAWN.0,
                DRAWN.1
            )
        };
        out.push_str(&format!("<p>{why}</p>\n"));
        return;
    };
    let svg = d.text.split_once("?>").map_or(d.text.as_str(), |(_, rest)| rest.trim_start());
    out.push_str("<figure>");
    out.push_str(
        "<div class=\"scroll picture\" tabindex=\"0\" role=\"region\" aria-label=\"Picture; it can be scrolled\">\n",
    );
    out.push_str(svg);
    out.push_str("</div>\n<figcaption>Everything in the picture stands in the tables below, too. Numbers in brackets are those of the sources.</figcaption></figure>\n");
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
