//! Where a command writes: data to `out`, notes to stderr.

use super::args::{Form, Global, Output};
use super::render::escape;
use cuibono::error::{Error, Result};
use std::io::Write;

/// Output of one command.
pub(crate) struct Io<'a> {
    /// Data goes here.
    pub(crate) out: &'a mut dyn Write,
    /// Whether `out` is a terminal: tables are cut to its width and odd characters escaped.
    pub(crate) terminal: bool,
    /// No notes.
    pub(crate) quiet: bool,
    json: bool,
    colour: bool,
}

/// A failure to write the answer.
pub(crate) fn write_error(e: std::io::Error) -> Error {
    Error::io("write the answer", e)
}

impl<'a> Io<'a> {
    /// Output as the global flags ask for it.
    pub(crate) fn new(out: &'a mut dyn Write, global: &Global, terminal: bool) -> Io<'a> {
        Io { out, terminal, quiet: global.quiet, json: global.json, colour: global.colour_on_stderr() }
    }

    /// Output of one question of a batch: JSON into memory.
    pub(crate) fn json(out: &'a mut dyn Write) -> Io<'a> {
        Io { out, terminal: false, quiet: true, json: true, colour: false }
    }

    /// The form of an answer: asked for, else a table on a terminal and TSV elsewhere.
    pub(crate) fn form(&self, output: &Output) -> Form {
        match output.format {
            _ if self.json => Form::Json,
            Some(f) => f,
            None if self.terminal => Form::Table,
            None => Form::Tsv,
        }
    }

    /// The form of an answer that is text to be read (a tree, a path): text unless another was
    /// asked for, on a terminal and elsewhere.
    pub(crate) fn text_form(&self, output: &Output) -> Form {
        if self.json { Form::Json } else { output.format.unwrap_or(Form::Table) }
    }

    /// Whether JSON was asked for, in commands that have no other choice of form.
    pub(crate) fn wants_json(&self) -> bool {
        self.json
    }

    /// A note for the reader, on stderr.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("{} {}", if self.colour { "\x1b[1;33mnote:\x1b[0m" } else { "note:" }, escape(text));
        }
    }

    /// Writes text.
    pub(crate) fn write(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(write_error)
    }

    /// Writes a line of text for people: control characters are escaped.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        let text = escape(text);
        writeln!(self.out, "{text}").map_err(write_error)
    }

    /// Writes lines of text for people.
    pub(crate) fn lines(&mut self, lines: &[String]) -> Result<()> {
        lines.iter().try_for_each(|l| self.line(l))
    }

    /// Writes one JSON value with line breaks.
    pub(crate) fn json_value(&mut self, value: &serde_json::Value) -> Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, value).map_err(|e| write_error(e.into()))?;
        self.write("\n")
    }
}
