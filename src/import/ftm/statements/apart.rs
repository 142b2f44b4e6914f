//! Files whose rows of one entity do not stand together. A first look at the file finds the
//! entities that come again; their rows are then gathered, not more at a time than memory should
//! hold, in as many passes over the file as that takes.

use crate::error::{Error, Result};
use crate::import::Input;
use crate::import::hashes::Hashes;
use crate::import::rows::Rows;
use rustc_hash::FxHashSet;
use std::io::{Cursor, Read};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// How many rows are gathered in one pass, about; few in tests, so that they take several.
const ROWS: u64 = if cfg!(test) { 8 } else { 400_000 };
/// The most rows that are gathered in one pass, whatever was expected.
const MOST: u64 = 4 * ROWS;
/// How much of what can be read only once is held, so that it can be read again.
const HELD: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };
const HINT: &str = "sort the rows by canonical_id, or save them to a file and name the file: it is read more than once";

/// What a pass does with a row.
pub(super) enum Apart {
    /// All rows of its entity stand together here.
    Together,
    /// Its entity is gathered in this pass, under this key.
    Gathered(u64),
    /// Its entity is the matter of another pass.
    Elsewhere,
}

/// One reading of a file.
pub(super) struct Pass<'p> {
    torn: &'p FxHashSet<u64>,
    number: u64,
    of: u64,
    gathered: u64,
    /// Entities so far, where the file was not looked at before.
    seen: Option<Hashes>,
}

impl Pass<'_> {
    /// Whether this is the pass that counts, and that hands on what stands together.
    pub(super) fn first(&self) -> bool {
        self.number == 0
    }

    /// What to do with a row of an entity; `begins` tells whether the last row was of another.
    ///
    /// # Errors
    /// When an entity comes again in a file that can be read only once, or is too large.
    pub(super) fn takes(&mut self, id: &str, begins: bool, rows: &Rows) -> Result<Apart> {
        let key = xxh3_64(id.as_bytes());
        if let Some(seen) = &mut self.seen
            && begins
            && seen.insert(key, 0).is_some()
        {
            return Err(Error::input(format!("the statements on {id} do not stand together"))
                .at(rows.here())
                .hint(HINT));
        }
        if !self.torn.contains(&key) {
            return Ok(if self.first() { Apart::Together } else { Apart::Elsewhere });
        }
        if key % self.of != self.number {
            return Ok(Apart::Elsewhere);
        }
        self.gathered += 1;
        if self.gathered > MOST {
            let what = "more statements than memory should hold do not stand together with others on the same entity";
            return Err(Error::input(what).at(rows.here()).hint("sort the rows by canonical_id"));
        }
        Ok(Apart::Gathered(key))
    }
}

/// Reads a file in as many passes as it needs.
///
/// # Errors
/// What cannot be read, and what `read` refuses.
pub(super) fn each_pass(mut input: Input, mut read: impl FnMut(Input, &mut Pass<'_>) -> Result<()>) -> Result<()> {
    let none = FxHashSet::default();
    let pass = |torn, number, of| Pass { torn, number, of, gathered: 0, seen: None };
    if let Some(copy) = input.again() {
        let (torn, of) = look(copy?)?;
        for number in 1..of {
            let copy = input.again().ok_or_else(|| Error::input("the file is gone").at(input.place()))?;
            read(copy?, &mut pass(&torn, number, of))?;
        }
        return read(input, &mut pass(&torn, 0, of));
    }
    let (name, mut held) = (input.name().to_owned(), Vec::new());
    (&mut input).take(HELD + 1).read_to_end(&mut held).map_err(|e| input.read_error(e))?;
    if held.len() as u64 > HELD {
        let all = Input::from_reader(&name, Cursor::new(held).chain(input))?;
        let seen = Some(Hashes::default());
        return read(all, &mut Pass { seen, ..pass(&none, 0, 1) });
    }
    let held: Arc<[u8]> = held.into();
    let copy = || Input::from_reader(&name, Cursor::new(Arc::clone(&held)));
    let (torn, of) = look(copy()?)?;
    (0..of).try_for_each(|number| read(copy()?, &mut pass(&torn, number, of)))
}

/// The entities whose rows do not stand together, and in how many passes they are gathered.
fn look(input: Input) -> Result<(FxHashSet<u64>, u64)> {
    let (mut torn, mut seen, mut all, mut again) = (FxHashSet::default(), Hashes::default(), 0u64, 0u64);
    let mut rows = Rows::new(input);
    let Some(header) = super::header(&mut rows)? else { return Ok((torn, 1)) };
    let [canonical, own] = ["canonical_id", "entity_id"].map(|n| header.find(n));
    let mut last = None;
    while rows.next()? {
        let field = |at: Option<usize>| at.map_or("", |i| rows.field(i));
        let id = if field(canonical).is_empty() { field(own) } else { field(canonical) };
        let key = xxh3_64(id.as_bytes());
        if last != Some(key) && seen.insert(key, 0).is_some() {
            torn.insert(key);
        }
        all += 1;
        again += u64::from(torn.contains(&key));
        last = Some(key);
    }
    // The rows before an entity came again are not counted as its own; half of them is a guess.
    let of = again.saturating_mul(2).min(all).div_ceil(ROWS).max(1);
    Ok((torn, of))
}
