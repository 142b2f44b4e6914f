//! Sheets of Office Open XML workbooks (ECMA-376), one row at a time.
//!
//! Kept in memory are the shared strings and which styles show days; the sheet streams.

use super::cells::Cells;
use super::number::{day, is_day, plain};
use super::zip::Zip;
use crate::error::{Error, Result};
use crate::import::xml::{El, Step, Tree, Xml};
use std::collections::HashMap;

/// The strings that cells refer to by number, one after the other.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn get(&self, n: usize) -> Option<&str> {
        let start = if n == 0 { 0 } else { *self.ends.get(n - 1)? };
        self.text.get(start..*self.ends.get(n)?)
    }
}

/// The first sheet of a workbook.
pub(super) struct Xlsx {
    xml: Xml,
    tree: Tree,
    strings: Strings,
    /// For each cell style, whether it shows days.
    days: Vec<bool>,
    since_1904: bool,
    row: u64,
    done: bool,
    /// Names of the sheets that are not read.
    pub(super) others: Vec<String>,
}

/// The path of a part that a part in `folder` refers to.
fn resolve(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("{folder}{target}"),
    }
}

/// The last word of a relation type; the strict and the usual form of the format differ in
/// what stands before it.
fn kind(el: El<'_>) -> String {
    el.attr("Type").rsplit('/').next().unwrap_or_default().to_owned()
}

/// Reads a whole small part.
fn part(zip: &Zip, name: &str) -> Result<Tree> {
    let mut xml = Xml::mixed(zip.input(name)?);
    let mut tree = Tree::default();
    xml.step()?;
    xml.subtree(&mut tree)?;
    xml.step()?;
    Ok(tree)
}

/// Text of all that is inside, runs put together. Characters that XML cannot hold are written
/// `_x000D_`.
fn text_of(el: El<'_>, out: &mut String) {
    let from = out.len();
    for t in el.descendants().filter(|d| d.name().is_empty()) {
        out.push_str(t.text());
    }
    let new = out.get(from..).unwrap_or_default();
    if new.contains("_x") {
        let plain = unescape(new);
        out.truncate(from);
        out.push_str(&plain);
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        let found = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        match found.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// A string with its runs; how it is pronounced (`rPh`) is not part of it.
fn string(el: El<'_>, out: &mut String) {
    for c in el.children() {
        match c.name() {
            "t" => text_of(c, out),
            "r" => c.all("t").for_each(|t| text_of(t, out)),
            _ => {}
        }
    }
}

/// The column of a cell reference (`AB12` is column 27).
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let n = letters.take(4).fold(0usize, |n, b| n * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    n.checked_sub(1)
}

impl Xlsx {
    /// Opens the first sheet.
    ///
    /// # Errors
    /// Parts that are missing, malformed or not as the format says.
    pub(super) fn open(zip: &Zip) -> Result<Xlsx> {
        let mut book = "xl/workbook.xml".to_owned();
        if zip.has("_rels/.rels") {
            let rels = part(zip, "_rels/.rels")?;
            let main = rels.root().all("Relationship").find(|r| kind(*r) == "officeDocument");
            book = main.map_or(book, |r| resolve("", r.attr("Target")));
        }
        let (folder, file) =
            book.rsplit_once('/').map_or((String::new(), book.as_str()), |(d, f)| (format!("{d}/"), f));
        let mut paths: HashMap<String, String> = HashMap::new();
        let (mut strings, mut styles) = (None, None);
        for r in part(zip, &format!("{folder}_rels/{file}.rels"))?.root().all("Relationship") {
            let path = resolve(&folder, r.attr("Target"));
            match kind(r).as_str() {
                "sharedStrings" => strings = Some(path),
                "styles" => styles = Some(path),
                _ => drop(paths.insert(r.attr("Id").to_owned(), path)),
            }
        }
        let main = part(zip, &book)?;
        let flag = main.root().child("workbookPr").map(|p| p.attr("date1904").to_owned()).unwrap_or_default();
        let mut sheets = Vec::new();
        for s in main.root().all("sheets").flat_map(|s| s.all("sheet")) {
            sheets.push((s.attr("name").to_owned(), s.attr("id").to_owned()));
        }
        let mut sheets = sheets.into_iter();
        let sheet = sheets.next().and_then(|(_, id)| paths.remove(&id));
        let sheet = sheet.ok_or_else(|| Error::input(format!("the workbook has no sheet (in {book})")))?;
        Ok(Xlsx {
            xml: Xml::mixed(zip.input(&sheet)?),
            tree: Tree::default(),
            strings: strings.map_or_else(|| Ok(Strings::default()), |p| shared(zip, &p))?,
            days: styles.map_or_else(|| Ok(Vec::new()), |p| day_styles(zip, &p))?,
            since_1904: matches!(flag.as_str(), "1" | "true"),
            row: 0,
            done: false,
            others: sheets.map(|(name, _)| name).collect(),
        })
    }

    /// Reads the next row and says which it is; `None` at the end of the sheet.
    pub(super) fn next(&mut self, cells: &mut Cells) -> Result<Option<u64>> {
        while !self.done {
            match self.xml.step()? {
                Step::Start if self.xml.tag().name() == "row" => {
                    self.xml.subtree(&mut self.tree)?;
                    self.read(cells)?;
                    return Ok(Some(self.row));
                }
                Step::Start if matches!(self.xml.tag().name(), "worksheet" | "sheetData") => {}
                Step::Start => self.xml.skip()?,
                Step::End => {}
                Step::Eof => self.done = true,
            }
        }
        Ok(None)
    }

    fn read(&mut self, cells: &mut Cells) -> Result<()> {
        let row = self.tree.root();
        self.row = row.attr("r").parse().unwrap_or(self.row + 1);
        cells.clear();
        let mut next = 0;
        let mut text = String::new();
        for c in row.all("c") {
            let at = column(c.attr("r")).unwrap_or(next);
            next = at + 1;
            text.clear();
            self.value(c, &mut text)?;
            cells.set(at, &text).map_err(|why| Error::input(why).at(self.xml.place()))?;
        }
        Ok(())
    }

    fn value(&self, c: El<'_>, text: &mut String) -> Result<()> {
        if let Some(inline) = c.child("is") {
            string(inline, text);
            return Ok(());
        }
        let Some(v) = c.child("v") else { return Ok(()) };
        text_of(v, text);
        let known = match c.attr("t") {
            "s" => {
                let found = text.trim().parse().ok().and_then(|n| self.strings.get(n));
                let found = found.ok_or_else(|| {
                    Error::input(format!("cell {} refers to string {text:?}, which is not there", c.attr("r")))
                        .at(self.xml.place())
                })?;
                found.to_owned()
            }
            "b" => if text.trim() == "1" { "true" } else { "false" }.to_owned(),
            "" | "n" => {
                let style: usize = c.attr("s").parse().unwrap_or(0);
                let shown = self.days.get(style).copied().unwrap_or(false);
                shown.then(|| day(text, self.since_1904)).flatten().unwrap_or_else(|| plain(text))
            }
            // Text of a formula, an error, a day in ISO form.
            _ => return Ok(()),
        };
        *text = known;
        Ok(())
    }
}

/// Reads the shared strings.
fn shared(zip: &Zip, path: &str) -> Result<Strings> {
    let mut xml = Xml::mixed(zip.input(path)?);
    let mut tree = Tree::default();
    let mut all = Strings::default();
    loop {
        match xml.step()? {
            Step::Start if xml.tag().name() == "si" => {
                xml.subtree(&mut tree)?;
                string(tree.root(), &mut all.text);
                all.ends.push(all.text.len());
            }
            Step::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// Which cell styles show days.
fn day_styles(zip: &Zip, path: &str) -> Result<Vec<bool>> {
    let tree = part(zip, path)?;
    let root = tree.root();
    let mut codes: HashMap<u32, &str> = HashMap::new();
    for f in root.all("numFmts").flat_map(|f| f.all("numFmt")) {
        if let Ok(id) = f.attr("numFmtId").parse() {
            codes.insert(id, f.attr("formatCode"));
        }
    }
    let formats = root.all("cellXfs").flat_map(|x| x.all("xf")).map(|x| x.attr("numFmtId").parse().unwrap_or(0));
    Ok(formats.map(|id: u32| is_day(id, codes.get(&id).copied())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (reference, want) in [("A1", Some(0)), ("Z9", Some(25)), ("AB12", Some(27)), ("", None), ("12", None)] {
            assert_eq!(column(reference), want, "{reference}");
        }
        assert_eq!(resolve("xl/", "worksheets/a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("xl/", "/xl/b.xml"), "xl/b.xml");
    }

    #[test]
    fn escapes() {
        for (text, want) in [
            ("a_x000D_b", "a\rb"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_x0041", "_x0041"),
            ("_x005F_x0041_", "_x0041_"),
            ("é_x", "é_x"),
        ] {
            assert_eq!(unescape(text), want);
        }
    }
}
