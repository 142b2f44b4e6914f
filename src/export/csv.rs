//! Flat tables: `nodes.csv`, `edges.csv`, `sources.csv` (RFC 4180 quoting, LF, UTF-8). The values
//! of a list are joined by `; `.

use super::columns::{Cell, Column, EDGE, NODE};
use super::graph::Graph;
use super::{Artifact, Export, Options};
use crate::error::{Error, Result};
use crate::model::Document;

/// Writes rows, guarding cells against spreadsheets where asked.
struct Table {
    out: csv::Writer<Vec<u8>>,
    guard: bool,
}

impl Table {
    fn new(guard: bool) -> Table {
        // Without the mark, spreadsheets take UTF-8 for something else.
        let start = if guard { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        // Where `;` separates columns, an unquoted text could become a cell of its own in the middle.
        let style = if guard { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        Table { out: csv::WriterBuilder::new().quote_style(style).from_writer(start), guard }
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        let fail = |e: csv::Error| Error::usage(format!("cannot write a table: {e}"));
        for cell in cells {
            if self.guard && formula(cell) {
                self.out.write_field(format!("'{cell}")).map_err(fail)?;
            } else {
                self.out.write_field(cell).map_err(fail)?;
            }
        }
        self.out.write_record(None::<&[u8]>).map_err(fail)
    }

    fn finish(self, name: &str) -> Result<Artifact> {
        let bytes = self.out.into_inner().map_err(|e| Error::usage(format!("cannot write a table: {e}")))?;
        Ok(Artifact { name: name.to_owned(), bytes })
    }
}

/// Whether a spreadsheet may take a text for a formula: by its first character that is no blank,
/// full-width forms included.
pub fn formula(text: &str) -> bool {
    const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    text.starts_with(['\t', '\r', '\n', '\0']) || text.trim_start().starts_with(STARTS)
}

fn texts(cells: &[Cell]) -> Vec<String> {
    let text = |c: &Cell| match c {
        Cell::Missing => String::new(),
        Cell::Text(t) => t.clone(),
        Cell::Bool(b) => b.to_string(),
        Cell::Number(n) => n.to_string(),
        Cell::List(l) => l.join("; "),
    };
    cells.iter().map(text).collect()
}

fn names(columns: &[Column]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|(name, _)| *name)
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, false);
    let guard = options.for_spreadsheet;
    let mut nodes = Table::new(guard);
    nodes.row(std::iter::once("id").chain(names(&NODE)))?;
    for n in &graph.nodes {
        let cells = texts(&n.cells);
        nodes.row(std::iter::once(n.id.as_str()).chain(cells.iter().map(String::as_str)))?;
    }
    let mut edges = Table::new(guard);
    edges.row(["id", "source", "target", "source_label", "target_label"].into_iter().chain(names(&EDGE)))?;
    for e in &graph.edges {
        let cells = texts(&e.cells);
        let label = |at: usize| graph.nodes.get(at).map_or("", |n| n.label.as_str());
        let head = [&e.id, graph.id(e.source), graph.id(e.target), label(e.source), label(e.target)];
        edges.row(head.into_iter().chain(cells.iter().map(String::as_str)))?;
    }
    let mut sources = Table::new(guard);
    sources.row(["id", "title", "publisher", "url", "published", "licence", "attribution"].into_iter())?;
    for s in &graph.sources {
        let row = [&s.id, &s.title, &s.publisher, &s.url, &s.published, &s.licence, &s.attribution];
        sources.row(row.into_iter().map(String::as_str))?;
    }
    let mut artifacts = vec![nodes.finish("nodes.csv")?, edges.finish("edges.csv")?, sources.finish("sources.csv")?];
    let about = graph.about_lines();
    if doc.answer.is_some() && !about.is_empty() {
        artifacts.push(Artifact { name: "about.txt".into(), bytes: (about.join("\n") + "\n").into_bytes() });
    }
    Ok(Export { artifacts, warnings: graph.warnings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, Id, PartyRecord, prop};

    #[test]
    fn formulas_are_guarded_only_when_asked() {
        let mut p = PartyRecord::new(Id::parse("x:a").unwrap(), "person");
        p.facts.push(Fact::new(prop::NAME, "=HYPERLINK(\"x\")"));
        let doc = Document { nodes: vec![p], ..Document::default() };
        let nodes = |options: &Options| {
            let e = write(&doc, options).unwrap();
            String::from_utf8(e.artifacts[0].bytes.clone()).unwrap()
        };
        let guarded = nodes(&Options { for_spreadsheet: true, ..Options::default() });
        assert!(guarded.starts_with('\u{feff}') && !guarded.contains(",\"=HYP") && guarded.contains("\"'=HYP"));
        assert!(nodes(&Options::default()).contains("x:a,\"=HYPERLINK(\"\"x\"\")\",person,false,"));
        for start in ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u{a0}=1", "＝1", "＋1", "－1", "＠x"]
        {
            assert!(formula(start), "{start:?}");
        }
        assert!(!formula("Ardent = Brill") && !formula("") && !formula("ООО «Кедр»"));
    }
}
