//! The one error type of the library: what went wrong, where, and what to do next.

use std::fmt;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The class of an error. It decides the exit code of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The question itself is wrong: an unknown type, a bad date, an ambiguous name.
    Usage,
    /// A file given by the user is malformed, or says something impossible.
    Input,
    /// Nothing has that id or name.
    NotFound,
    /// A file of the store does not match its checksum, or breaks an invariant.
    Damaged,
    /// The store was written by a newer version of the program.
    Newer,
    /// Another process is writing to the store.
    Busy,
    /// A question was stopped by its budget before there was an answer.
    Stopped,
    /// The operating system refused (no space, no permission, no such file).
    Io,
}

/// An error with its place and the next step to take.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    place: Option<Place>,
    hint: Option<String>,
    candidates: Vec<String>,
    cause: Option<std::io::Error>,
}

/// Where in an input or in the store something stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// File name as the user gave it (or the store's own file name).
    pub file: String,
    /// One-based line, where lines exist.
    pub line: Option<u64>,
    /// Byte offset, where lines do not exist.
    pub offset: Option<u64>,
    /// The element, record or field: `nodes[3].share`, `entry 36217`.
    pub element: Option<String>,
}

impl Place {
    /// A place that names only a file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), ..Place::default() }
    }

    /// The same place at a one-based line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place at a byte offset.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The same place, at a named element.
    #[must_use]
    pub fn element(mut self, element: impl Into<String>) -> Self {
        self.element = Some(element.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " at byte {offset}")?;
        }
        if let Some(element) = &self.element {
            write!(f, " ({element})")?;
        }
        Ok(())
    }
}

impl Error {
    /// An error of a class with a message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            place: None,
            hint: None,
            candidates: Vec::new(),
            cause: None,
        }))
    }

    /// A wrong question ([`Kind::Usage`]).
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// A malformed or impossible input ([`Kind::Input`]).
    pub fn input(message: impl Into<String>) -> Self {
        Error::new(Kind::Input, message)
    }

    /// Nothing of that name ([`Kind::NotFound`]).
    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(Kind::NotFound, message)
    }

    /// Damage in a store file at a byte offset ([`Kind::Damaged`]).
    pub fn damaged(file: &str, offset: u64, message: impl Into<String>) -> Self {
        Error::new(Kind::Damaged, message)
            .at(Place::file(file).offset(offset))
            .hint("run `cuibono verify` for the extent and `cuibono repair` to go back to the last sound state")
    }

    /// A refusal by the operating system, with what was being done.
    pub fn io(doing: impl fmt::Display, cause: std::io::Error) -> Self {
        let mut e = Error::new(Kind::Io, format!("cannot {doing}: {cause}"));
        e.0.cause = Some(cause);
        e
    }

    /// The same error at a place; an earlier, more precise place is kept.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        if self.0.place.is_none() {
            self.0.place = Some(place);
        }
        self
    }

    /// The same error with the next step to take.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if self.0.hint.is_none() {
            self.0.hint = Some(hint.into());
        }
        self
    }

    /// The same error with the parties that a name might mean, one line each.
    #[must_use]
    pub fn candidates(mut self, candidates: Vec<String>) -> Self {
        self.0.candidates = candidates;
        self
    }

    /// The class.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The bare message, without place and hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place, where one is known.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The next step, where one is known.
    pub fn next_step(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The parties that an ambiguous name might mean.
    pub fn candidate_lines(&self) -> &[String] {
        &self.0.candidates
    }

    /// The exit code of the command line: 1 nothing found, 2 usage, bad input or a refusal
    /// by the operating system, 3 damaged store, 4 stopped by its budget, 75 busy.
    pub fn exit_code(&self) -> u8 {
        match self.0.kind {
            Kind::NotFound => 1,
            Kind::Usage | Kind::Input | Kind::Io | Kind::Newer => 2,
            Kind::Damaged => 3,
            Kind::Stopped => 4,
            Kind::Busy => 75,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|e| e as _)
    }
}
