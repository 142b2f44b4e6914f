//! Tables: aligned on a terminal, stable separated values elsewhere.

use super::args::Form;
use super::io::{Io, write_error};
use cuibono::error::Result;
use cuibono::model::steers;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Between columns.
const GAP: usize = 2;
/// Narrowest that a column is cut to.
const LEAST: usize = 8;
/// Width where the terminal does not tell.
const USUAL: usize = 80;

/// Rows of text under named columns.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Whether a character may change how a line is read: controls, and marks that reverse or
/// isolate the direction of writing.
pub(crate) fn is_odd(c: char) -> bool {
    c.is_control() || steers(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// The text with odd characters made visible.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_odd(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Columns that a character takes on a terminal, near enough for alignment.
fn char_width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 => 2,
        0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The text cut to a width, an ellipsis where something is missing.
fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        if used + char_width(c) + 1 > most {
            break;
        }
        used += char_width(c);
        out.push(c);
    }
    out.push('…');
    out
}

/// Widths that fit into `total`: the widest columns give way first.
fn fit(mut widths: Vec<usize>, total: usize) -> Vec<usize> {
    let gaps = GAP * widths.len().saturating_sub(1);
    loop {
        let sum: usize = widths.iter().sum();
        if sum + gaps <= total {
            return widths;
        }
        match widths.iter_mut().max() {
            Some(w) if *w > LEAST => *w -= 1,
            _ => return widths,
        }
    }
}

impl Table {
    /// An empty table.
    pub(crate) fn new(columns: &[&'static str]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, one text per column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it in a form other than [`Form::Json`], whose shape is the command's own; asked
    /// for JSON it writes an array of its rows.
    pub(crate) fn write(&self, form: Form, io: &mut Io<'_>) -> Result<()> {
        match form {
            Form::Table => self.aligned(io),
            Form::Tsv => self.tsv(io),
            Form::Csv => self.csv(io),
            Form::Jsonl => self.objects().try_for_each(|o| io.write(&format!("{o}\n"))),
            Form::Json => io.json_value(&self.objects().collect()),
        }
    }

    fn objects(&self) -> impl Iterator<Item = Value> + '_ {
        self.rows.iter().map(|r| {
            let pairs = self.columns.iter().zip(r).map(|(c, v)| ((*c).to_owned(), Value::from(v.as_str())));
            Value::Object(pairs.collect::<Map<String, Value>>())
        })
    }

    fn aligned(&self, io: &mut Io<'_>) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let head: Vec<String> = self.columns.iter().map(|c| c.to_uppercase()).collect();
        let all: Vec<Vec<Cow<'_, str>>> =
            std::iter::once(&head).chain(&self.rows).map(|r| r.iter().map(|c| escape(c)).collect()).collect();
        let mut widths = vec![0usize; self.columns.len()];
        for row in &all {
            for (w, c) in widths.iter_mut().zip(row) {
                *w = (*w).max(width(c));
            }
        }
        if io.terminal {
            let total = terminal_size::terminal_size().map_or(USUAL, |(w, _)| usize::from(w.0));
            widths = fit(widths, total);
        }
        for row in &all {
            let mut line = String::new();
            for (c, w) in row.iter().zip(&widths) {
                let c = cut(c, *w);
                line.push_str(&c);
                line.extend(std::iter::repeat_n(' ', w.saturating_sub(width(&c)) + GAP));
            }
            io.write(line.trim_end())?;
            io.write("\n")?;
        }
        Ok(())
    }

    fn tsv(&self, io: &mut Io<'_>) -> Result<()> {
        io.write(&self.columns.join("\t"))?;
        io.write("\n")?;
        for row in &self.rows {
            let cells: Vec<Cow<'_, str>> = row.iter().map(|c| separated(c)).collect();
            io.write(&cells.join("\t"))?;
            io.write("\n")?;
        }
        Ok(())
    }

    fn csv(&self, io: &mut Io<'_>) -> Result<()> {
        let mut w = csv::Writer::from_writer(&mut *io.out);
        let fail = |e: csv::Error| match e.into_kind() {
            csv::ErrorKind::Io(e) => write_error(e),
            other => write_error(std::io::Error::other(format!("{other:?}"))),
        };
        w.write_record(&self.columns).map_err(fail)?;
        for row in &self.rows {
            w.write_record(row).map_err(fail)?;
        }
        w.flush().map_err(write_error)
    }
}

/// A cell of tab-separated values: what would break a line or column is escaped.
fn separated(text: &str) -> Cow<'_, str> {
    if !text.contains(['\t', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_characters_show() {
        assert_eq!(escape("a\u{1b}[31m\u{202e}b\n"), "a\\u{1b}[31m\\u{202e}b\\n");
        assert!(matches!(escape("Краунфелл 전진영"), Cow::Borrowed(_)));
    }

    #[test]
    fn widest_columns_give_way() {
        assert_eq!(fit(vec![10, 40, 20], 54), vec![10, 20, 20]);
        assert_eq!(fit(vec![10, 10], 80), vec![10, 10]);
        assert_eq!(fit(vec![30, 30], 5), vec![LEAST, LEAST]);
        assert_eq!(cut("전진영", 5), "전진…");
        assert_eq!(cut("short", 5), "short");
    }

    #[test]
    fn forms() {
        let mut t = Table::new(&["id", "name"]);
        t.row(vec!["x:1".into(), "A \"quoted\"\tname, long".into()]);
        let text = |form| {
            let mut out = Vec::new();
            let mut io = Io::json(&mut out);
            t.write(form, &mut io).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(Form::Table), "ID   NAME\nx:1  A \"quoted\"\\tname, long\n");
        assert_eq!(text(Form::Tsv), "id\tname\nx:1\tA \"quoted\"\\tname, long\n");
        assert_eq!(text(Form::Csv), "id,name\nx:1,\"A \"\"quoted\"\"\tname, long\"\n");
        assert_eq!(text(Form::Jsonl), "{\"id\":\"x:1\",\"name\":\"A \\\"quoted\\\"\\tname, long\"}\n");
    }
}
