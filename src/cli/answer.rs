//! Printing answers: network documents, and rows with the block that says where they come from.

use super::args::{Form, Output};
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::View;
use cuibono::model::{Answer, Citation, Direct, Document, End, Fact, PartialDate, RelationRecord, Share, Status, prop};
pub(crate) use cuibono::query::quoted;
use cuibono::store::Snapshot;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Prints a graph-valued answer: JSON is the document, JSON lines its nodes and edges, every
/// other form its relations.
pub(crate) fn document(doc: &Document, output: &Output, io: &mut Io<'_>) -> Result<()> {
    notes(doc.answer.as_ref(), io);
    match io.form(output) {
        Form::Json => doc.write(io.out).map_err(write_error),
        Form::Jsonl => lines(doc, io),
        form => relations(doc).write(form, io),
    }
}

/// Writes one node or edge per line.
pub(crate) fn lines(doc: &Document, io: &mut Io<'_>) -> Result<()> {
    let options = cuibono::export::Options { with_notes: true, ..cuibono::export::Options::default() };
    let export = (cuibono::export::target("jsonl")?.write)(doc, &options)?;
    export.artifacts.iter().try_for_each(|a| io.out.write_all(&a.bytes).map_err(write_error))
}

/// Says on stderr that an answer was cut, and what else its reader should know.
pub(crate) fn notes(answer: Option<&Answer>, io: &Io<'_>) {
    said(answer).iter().for_each(|n| io.note(n));
}

/// What is said beside an answer: that it was cut, and its notes.
pub(crate) fn said(answer: Option<&Answer>) -> Vec<String> {
    let Some(a) = answer else { return Vec::new() };
    let cut = a.truncated.then(|| "a limit cut this answer; there is more (raise --limit)".to_owned());
    cut.into_iter().chain(a.notes.iter().cloned()).collect()
}

/// The relations of a document as rows.
fn relations(doc: &Document) -> Table {
    let names = names(doc);
    let mut t = Table::new(&[
        "source",
        "source_name",
        "type",
        "target",
        "target_name",
        "share",
        "start",
        "end",
        "status",
        "id",
        "cites",
    ]);
    for r in &doc.edges {
        let (a, b) = (end(doc, &r.source), end(doc, &r.target));
        let name = |id: &str| names.get(id).copied().unwrap_or_default().to_owned();
        t.row(vec![
            a.clone(),
            name(&a),
            r.edge_type.clone(),
            b.clone(),
            name(&b),
            share(r.share),
            day(r.start),
            day(r.end),
            status(r),
            doc.show_id(&r.external_id()).to_owned(),
            cites(&r.cites),
        ]);
    }
    t
}

/// Main names by the ids that the document shows.
pub(crate) fn names(doc: &Document) -> HashMap<&str, &str> {
    doc.nodes.iter().filter_map(|p| Some((doc.show_id(p.id.as_str()), p.values(prop::NAME).next()?))).collect()
}

/// An end of a relation as the document shows it.
pub(crate) fn end(doc: &Document, e: &End) -> String {
    match e {
        End::Id(id) => doc.show_id(id.as_str()).to_owned(),
        End::Name(name) => name.clone(),
    }
}

/// A share, empty when unknown.
pub(crate) fn share(s: Option<Share>) -> String {
    s.map_or(String::new(), |s| s.to_string())
}

/// A date, empty when not given.
pub(crate) fn day(d: Option<PartialDate>) -> String {
    d.map_or(String::new(), |d| d.to_string())
}

/// Status of a relation with act and directness, where they are not the usual ones.
pub(crate) fn status(r: &RelationRecord) -> String {
    let mut s = r.status.as_str().to_owned();
    if r.act != cuibono::model::Act::Done {
        s.push_str(&format!(", {}", r.act.as_str()));
    }
    if r.direct != Direct::Direct {
        s.push_str(&format!(", {}", r.direct.as_str()));
    }
    s
}

/// Status of a fact, empty when it is stated as fact.
pub(crate) fn fact_status(f: &Fact) -> String {
    if f.status == Status::Asserted { String::new() } else { f.status.as_str().to_owned() }
}

/// Citations on one line.
pub(crate) fn cites(list: &[Citation]) -> String {
    let one = |c: &Citation| match c.locator.is_empty() {
        true => c.source.clone(),
        false => format!("{}: {}", c.source, c.locator),
    };
    list.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The block that says what was asked, of which state of the store.
pub(crate) fn about(view: &View<'_>, query: &str, truncated: bool) -> Answer {
    let f = view.filter();
    Answer {
        query: query.to_owned(),
        as_of: f.as_of.map(|d| d.to_string()),
        known_at: f.known_at.map(|d| d.to_string()),
        decided_at: view.graph().decided_at().text(),
        store: view.graph().snapshots().map(Snapshot::hash).collect::<Vec<_>>().join("+"),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: None,
        truncated,
        notes: Vec::new(),
        result: None,
    }
}

/// Parties as rows, each after the number that `results` carry of it.
pub(crate) fn party_rows(number: &'static str, results: &[Value]) -> Table {
    let mut table = Table::new(&[number, "id", "name", "type"]);
    for r in results {
        let text = |key: &str| r.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = r.get(number).map_or(String::new(), Value::to_string);
        table.row(vec![number, text("id"), text("name"), text("type")]);
    }
    table
}

/// Prints rows: JSON carries `results` and the answer block, every other form the table.
pub(crate) fn rows(table: &Table, results: Vec<Value>, answer: &Answer, out: &Output, io: &mut Io<'_>) -> Result<()> {
    notes(Some(answer), io);
    match io.form(out) {
        Form::Json => {
            io.json_value(&json!({ "cuibono": 1, "results": results, "answer": Document::answer_json(answer) }))
        }
        Form::Jsonl => results.iter().try_for_each(|r| io.write(&format!("{r}\n"))),
        form => table.write(form, io),
    }
}

/// Prints an answer that is neither graph nor rows: JSON is its members and the answer block,
/// every other form is the table.
pub(crate) fn members(table: &Table, value: Value, answer: &Answer, out: &Output, io: &mut Io<'_>) -> Result<()> {
    notes(Some(answer), io);
    match io.form(out) {
        Form::Json => {
            let mut whole = json!({ "cuibono": 1 });
            if let (Some(to), Value::Object(from)) = (whole.as_object_mut(), value) {
                to.extend(from);
                to.insert("answer".to_owned(), Document::answer_json(answer));
            }
            io.json_value(&whole)
        }
        form => table.write(form, io),
    }
}
