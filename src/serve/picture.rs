//! `POST /v1/layout` and `POST /v1/export`: the picture on the screen, laid out anew or written to
//! a file exactly as it is.

use super::asked::Asked;
use super::file::attachment;
use super::tree::positions;
use super::{Context, Reply, Request};
use crate::error::{Error, Kind, Place, Result};
use crate::export::{BoxSize, Options, Positions, place, target, targets};
use crate::model::{Answer, Document};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Longest headline, in characters.
const TITLE: usize = 1_000;
/// Furthest place from the origin, in pixels.
const FAR: f64 = 1_000_000.0;
/// Smallest and largest side of a box, in pixels.
const SIDES: (f64, f64) = (20.0, 2_000.0);
/// How the body is called in errors.
const BODY: &str = "the body";

/// A picture as sent.
#[derive(Debug)]
struct Sent {
    document: Document,
    positions: Option<Positions>,
    title: Option<String>,
    boxes: BoxSize,
}

fn wrong(element: &str, message: impl Into<String>) -> Error {
    Error::input(message).at(Place::file(BODY).element(element))
}

impl Sent {
    /// Reads a body: a network document, or an object with it as `document`, and with `positions`,
    /// `title`, `box`.
    fn read(body: &[u8]) -> Result<Sent> {
        let text = std::str::from_utf8(body)
            .map_err(|e| Error::input("not UTF-8").at(Place::file(BODY).offset(e.valid_up_to() as u64)))?;
        let syntax =
            |e: serde_json::Error| Error::input(format!("not JSON: {e}")).at(Place::file(BODY).line(e.line() as u64));
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(syntax)?;
        if !members.contains_key("document") {
            return Ok(Sent { document: document(text)?, positions: None, title: None, boxes: BoxSize::default() });
        }
        let mut sent = Sent { document: Document::default(), positions: None, title: None, boxes: BoxSize::default() };
        for (key, raw) in members {
            let value = || serde_json::from_str::<Value>(raw.get()).map_err(syntax);
            match key.as_str() {
                "document" => sent.document = document(raw.get())?,
                "positions" => sent.positions = places(&value()?)?,
                "title" => sent.title = title(&value()?)?,
                "box" => {
                    if let Some(size) = sides(&value()?)? {
                        sent.boxes.size = size;
                    }
                }
                other => {
                    return Err(wrong(other, format!("unknown member {other:?}"))
                        .hint("known: document, positions, title, box"));
                }
            }
        }
        Ok(sent)
    }
}

/// A document with its answer block.
fn document(text: &str) -> Result<Document> {
    let read = Document::read(text, None, "document");
    // What a newer program wrote is a wrong body, not trouble with the store.
    let (mut doc, _) = read.map_err(|e| match e.kind() {
        Kind::Newer => Error::input(e.message()).at(Place::file("document")),
        _ => e,
    })?;
    #[derive(serde::Deserialize)]
    struct Block {
        answer: Option<Value>,
    }
    let block: Block = serde_json::from_str(text)
        .map_err(|e| Error::input(format!("not JSON: {e}")).at(Place::file("document").line(e.line() as u64)))?;
    if let Some(a) = block.answer.filter(|a| !a.is_null()) {
        doc.answer = Some(Answer::read(&a).map_err(|m| Error::input(m).at(Place::file("document").element("answer")))?);
    }
    Ok(doc)
}

/// Two numbers, neither further out than `most`.
fn pair(v: &Value, most: f64) -> Option<(f64, f64)> {
    match v.as_array().map(Vec::as_slice) {
        Some([x, y]) => {
            let (x, y) = (x.as_f64()?, y.as_f64()?);
            (x.abs() <= most && y.abs() <= most).then_some((x, y))
        }
        _ => None,
    }
}

fn places(v: &Value) -> Result<Option<Positions>> {
    let Value::Object(m) = v else {
        return if v.is_null() { Ok(None) } else { Err(wrong("positions", "expected an object of ID: [x, y]")) };
    };
    let mut out = Positions::with_capacity(m.len());
    for (id, at) in m {
        let Some(at) = pair(at, FAR) else {
            return Err(wrong(&format!("positions[{id:?}]"), format!("expected [x, y] in pixels, {FAR} at most")));
        };
        out.insert(id.clone(), at);
    }
    Ok(Some(out))
}

fn title(v: &Value) -> Result<Option<String>> {
    match v {
        Value::Null => Ok(None),
        Value::String(t) if t.chars().count() <= TITLE => Ok(Some(t.clone())),
        _ => Err(wrong("title", format!("expected a text of at most {TITLE} characters"))),
    }
}

fn sides(v: &Value) -> Result<Option<(f64, f64)>> {
    if v.is_null() {
        return Ok(None);
    }
    let fits = |s: &f64| *s >= SIDES.0 && *s <= SIDES.1;
    match pair(v, SIDES.1).filter(|(w, h)| fits(w) && fits(h)) {
        Some(size) => Ok(Some(size)),
        None => Err(wrong("box", format!("expected [width, height] in pixels, from {} to {}", SIDES.0, SIDES.1))),
    }
}

/// Answers `POST /v1/layout` and `POST /v1/export`.
pub(super) fn answer(request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    match request.path.last().map(String::as_str) {
        Some("layout") => layout(request, context),
        _ => export(request, context),
    }
}

fn layout(request: &Request, context: &Context<'_>) -> Result<Reply> {
    let sent = Sent::read(&request.body)?;
    context.graph.stop.check()?;
    let placed = place(&sent.document, sent.boxes);
    Ok(Reply::json(200, &positions(&sent.document, &placed, sent.boxes).into()))
}

fn export(request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    let asked = Asked(&request.query);
    let known = || targets().iter().map(|t| t.name).collect::<Vec<_>>().join(", ");
    let format = asked.one("format")?.filter(|f| !f.is_empty());
    let format = format.ok_or_else(|| Error::usage("which format?").hint(format!("known: {}", known())))?;
    let target = target(format)?;
    let with_notes = asked.flag("with_notes")?;
    let sent = Sent::read(&request.body)?;
    let name = sent.title.clone().filter(|t| !t.trim().is_empty()).unwrap_or_else(|| "cuibono".to_owned());
    let options = Options {
        with_notes,
        date: context.today,
        title: sent.title,
        positions: sent.positions,
        boxes: sent.boxes,
        ..Options::default()
    };
    context.graph.stop.check()?;
    attachment(target, &name, (target.write)(&sent.document, &options)?)
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
