//! The layered ownership chart as a standalone SVG 1.1 picture.
//!
//! Owners stand above what they own; shape, words and line style carry every meaning, colour
//! only repeats it. The footer numbers the sources that the brackets in the picture refer to.

use super::columns::as_of;
use super::given::{self, Positions};
use super::layout::{BoxSize, Layout, Plan, Tie, lay_out};
use super::svg_draw::{self as draw, GREY, INK, put};
use super::svg_model::{LABEL_SIZE, Scene, scene};
use super::svg_straight as straight;
use super::svg_text::{escape, wrap};
use crate::error::{Error, Result};
use crate::model::{Document, PartialDate};
use std::fmt::Write;

/// Margin around everything, in pixels.
const MARGIN: f64 = 32.0;
/// Least width of the picture, and most width of running text.
const LEAST_WIDTH: f64 = 760.0;
const TEXT_WIDTH: f64 = 1100.0;
/// Most relations drawn per party allowed, so that the picture stays a picture.
const EDGES_PER_NODE: usize = 25;

/// What the picture shows beside the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct SvgOptions {
    /// Headline; `None` takes the question of the answer.
    pub title: Option<String>,
    /// Most parties drawn.
    pub max_nodes: usize,
    /// Today, for telling what has ended from what will, when the question names no day.
    pub today: Option<PartialDate>,
    /// Where the boxes stand, instead of in layers: lines are straight then, and relations of one
    /// pair one line with a count.
    pub positions: Option<Positions>,
    /// How large boxes are at places that were given.
    pub boxes: BoxSize,
    /// Only the chart and its legend: headline, notes and sources stand around it.
    pub bare: bool,
}

impl Default for SvgOptions {
    fn default() -> Self {
        SvgOptions {
            title: None,
            max_nodes: 2_000,
            today: None,
            positions: None,
            boxes: BoxSize::default(),
            bare: false,
        }
    }
}

/// A picture, and the sources as numbered in it.
pub(super) struct Drawn {
    pub(super) text: String,
    /// Index into `doc.sources`, or the id of one that is not described there.
    pub(super) sources: Vec<std::result::Result<usize, String>>,
}

/// Draws a document. The same document and options give the same bytes.
///
/// # Errors
///
/// [`crate::error::Kind::Usage`] when the document has more parties than `options.max_nodes`, or
/// more than 25 relations for each party allowed.
pub fn svg(doc: &Document, options: &SvgOptions) -> Result<String> {
    draw_document(doc, options).map(|d| d.text)
}

/// The same, with the sources as numbered.
pub(super) fn draw_document(doc: &Document, options: &SvgOptions) -> Result<Drawn> {
    let too_many = |n: usize, what: &str, limit: usize| {
        Error::usage(format!("{n} {what} are too many for one picture (at most {limit})"))
            .hint("narrow the selection with --limit, --hops or --type, or export to gexf, graphml or another format")
    };
    if doc.nodes.len() > options.max_nodes {
        return Err(too_many(doc.nodes.len(), "parties", options.max_nodes));
    }
    let most = options.max_nodes.saturating_mul(EDGES_PER_NODE);
    if doc.edges.len() > most {
        return Err(too_many(doc.edges.len(), "relations", most));
    }
    let answer = doc.answer.as_ref();
    let day = as_of(doc, options.today);
    let mut scene = scene(doc, day);
    if scene.cards.len() > options.max_nodes {
        return Err(too_many(scene.cards.len(), "parties, with the ends of relations,", options.max_nodes));
    }

    let layout = match &options.positions {
        Some(at) => {
            let more = scene.cards.len() - doc.nodes.len().min(scene.cards.len());
            let centres = given::centres(doc, more, at, options.boxes);
            straight::lay_out(&mut scene, &centres, options.boxes)
        }
        None => layered(&mut scene),
    };
    let page = (layout.size.0 + 2.0 * MARGIN).max(LEAST_WIDTH);
    let text_width = (page - 2.0 * MARGIN).min(TEXT_WIDTH);

    let query = answer.map(|a| a.query.as_str()).filter(|q| !q.is_empty());
    let title = options.title.as_deref().or(query).unwrap_or("Ownership chart");
    let mut body = String::new();
    let mut y = MARGIN;
    let line = |body: &mut String, y: &mut f64, text: &str, size: f64, fill: &str, weight: &str, most: usize| {
        for l in wrap(text, size, text_width, most) {
            *y += size * 1.35;
            put!(
                body,
                "<text x=\"{MARGIN}\" y=\"{:.1}\" font-size=\"{size}\" unicode-bidi=\"plaintext\" fill=\"{fill}\"{weight}>{}</text>",
                *y,
                escape(&l)
            );
        }
    };
    if !options.bare {
        line(&mut body, &mut y, title, 20.0, INK, " font-weight=\"bold\"", 3);
        line(&mut body, &mut y, &dates_line(doc, day), 12.0, GREY, "", 2);
        if answer.is_some_and(|a| a.truncated) {
            let cut = "Incomplete: a limit cut this answer; there is more on the record than is drawn.";
            line(&mut body, &mut y, cut, 12.0, INK, " font-weight=\"bold\"", 2);
        }
        for note in answer.map(|a| a.notes.as_slice()).unwrap_or_default() {
            line(&mut body, &mut y, note, LABEL_SIZE, INK, "", 4);
        }
        y += 26.0;
    }

    // A small chart stands in the middle of the page.
    let left = MARGIN.max((page - layout.size.0) / 2.0);
    put!(body, "<g class=\"chart\" transform=\"translate({left:.1} {y:.1})\">");
    for (s, r) in scene.strands.iter().zip(&layout.routes) {
        draw::line(&mut body, s, r);
    }
    for (c, at) in scene.cards.iter().zip(&layout.centres) {
        draw::card(&mut body, c, *at);
    }
    for (s, r) in scene.strands.iter().zip(&layout.routes) {
        draw::label(&mut body, s, r.label);
    }
    put!(body, "</g>");
    y += layout.size.1 + 34.0;

    let rule = |body: &mut String, y: f64| {
        put!(body, "<path d=\"M{MARGIN} {y:.1}H{:.1}\" stroke=\"{GREY}\" stroke-width=\"0.6\"/>", page - MARGIN);
    };
    rule(&mut body, y);
    let upward = layout.routes.iter().zip(&scene.strands).any(|(r, s)| r.upward && s.arrow);
    y = draw::legend(&mut body, &scene, upward, day.is_some(), MARGIN, y + 14.0, page - 2.0 * MARGIN);
    if !scene.sources.is_empty() && !options.bare {
        y += 4.0;
        rule(&mut body, y);
        y += 6.0;
        line(&mut body, &mut y, "Sources", 12.0, INK, " font-weight=\"bold\"", 1);
        for (k, s) in scene.sources.iter().enumerate() {
            line(&mut body, &mut y, &format!("[{}] {}", k + 1, source_line(doc, s)), LABEL_SIZE, INK, "", 8);
        }
    }
    if !options.bare {
        y += 8.0;
        line(&mut body, &mut y, &made_line(doc), LABEL_SIZE, GREY, "", 2);
    }
    let height = y + MARGIN;

    let mut out = String::with_capacity(body.len() + 2_000);
    put!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    put!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{page:.1}\" height=\"{height:.1}\" viewBox=\"0 0 {page:.1} {height:.1}\" role=\"img\" aria-labelledby=\"cuibono-title cuibono-desc\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif\">"
    );
    put!(out, "<title id=\"cuibono-title\">{}</title>", escape(title));
    let listed = scene.cards.iter().filter(|c| c.listed).count();
    let how = match options.positions {
        Some(_) => "Chart as arranged by hand",
        None => "Layered chart, owners above what they own",
    };
    put!(
        out,
        "<desc id=\"cuibono-desc\">{how}: {} parties, {} relations; {listed} parties on a sanctions list. {}</desc>",
        scene.cards.len(),
        doc.edges.len(),
        escape(&dates_line(doc, day))
    );
    draw::markers(&mut out);
    put!(out, "<rect width=\"{page:.1}\" height=\"{height:.1}\" fill=\"#ffffff\"/>");
    out.push_str(&body);
    put!(out, "</svg>");
    Ok(Drawn { text: out, sources: scene.sources })
}

/// The layered layout of a scene.
fn layered(scene: &mut Scene) -> Layout {
    // Self loops need room at the right of their box.
    let mut extra = vec![0.0f64; scene.cards.len()];
    for s in scene.strands.iter().filter(|s| s.from == s.to) {
        if let (Some(c), Some(e)) = (scene.cards.get_mut(s.from), extra.get_mut(s.from)) {
            c.size.1 = c.size.1.max(s.size.1);
            *e = e.max(s.size.0 + 40.0);
        }
    }
    let boxes = scene.cards.iter().zip(extra).map(|(c, e)| (c.size.0, c.size.1, e)).collect();
    let ties = scene.strands.iter().map(|s| Tie { from: s.from, to: s.to, pull: s.pull, label: s.size }).collect();
    lay_out(&Plan { boxes, ties })
}

/// The program and the state of the store.
pub(super) fn made_line(doc: &Document) -> String {
    let answer = doc.answer.as_ref();
    let program = answer.map(|a| a.program.as_str()).filter(|p| !p.is_empty()).unwrap_or(env!("CARGO_PKG_VERSION"));
    let program = program.strip_prefix("cuibono ").unwrap_or(program);
    let store = answer.map(|a| a.store.as_str()).filter(|s| !s.is_empty());
    format!("Made with cuibono {program}{}", store.map(|s| format!("; store {s}")).unwrap_or_default())
}

/// As of which day, and by which releases. `day` is that by which listings and relations are in
/// force, which is another where the question names none.
pub(super) fn dates_line(doc: &Document, day: Option<PartialDate>) -> String {
    let answer = doc.answer.as_ref();
    let mut s = match (answer.and_then(|a| a.as_of.as_deref()), day) {
        (Some(d), _) => format!("As of {d}"),
        (None, Some(day)) => format!("All dates on the record; listed and in force as of {day}"),
        (None, None) => "All dates on the record".to_owned(),
    };
    if let Some(d) = answer.and_then(|a| a.known_at.as_deref()) {
        s.push_str(&format!("; as published by {d}"));
    }
    s
}

/// One source: title, publisher, date, address, licence, attribution.
fn source_line(doc: &Document, source: &std::result::Result<usize, String>) -> String {
    let s = match source {
        Ok(k) => match doc.sources.get(*k) {
            Some(s) => s,
            None => return String::new(),
        },
        Err(id) => return id.clone(),
    };
    let title = if s.title.is_empty() { &s.id } else { &s.title };
    let licence = if s.licence.is_empty() { String::new() } else { format!("Licence: {}", s.licence) };
    let parts = [title, &s.publisher, &s.published, &s.url, &licence, &s.attribution];
    let parts: Vec<&str> =
        parts.into_iter().map(|p| p.trim().trim_end_matches('.')).filter(|p| !p.is_empty()).collect();
    format!("{}.", parts.join(". "))
}

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;
