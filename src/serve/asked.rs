//! Reading the parameters of an address.

use crate::error::{Error, Result};
use crate::graph::Filter;
use crate::model::PartialDate;

/// The parameters of a request, of which those that its address does not know were refused.
pub(super) struct Asked<'a>(pub(super) &'a [(String, String)]);

impl<'a> Asked<'a> {
    /// The values of a name, in their order.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&'a str>> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::usage(format!("{name} is given more than once")));
        }
        Ok(first)
    }

    /// The values of a parameter that is a list: with commas, or the name again. Each once.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for v in self.all(name).flat_map(|v| v.split(',')).map(str::trim).filter(|v| !v.is_empty()) {
            if !out.iter().any(|o| o == v) {
                out.push(v.to_owned());
            }
        }
        out
    }

    /// Whether a flag is set: `name`, `name=true`, `name=false`.
    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.one(name)? {
            None | Some("false" | "0") => Ok(false),
            Some("" | "true" | "1") => Ok(true),
            Some(v) => Err(Error::usage(format!("{name} is true or false, not {v:?}"))),
        }
    }

    /// A number from 0 to `most`.
    pub(super) fn number(&self, name: &str, most: u32) -> Result<Option<u32>> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        match text.parse::<u32>() {
            Ok(n) if n <= most => Ok(Some(n)),
            _ => Err(Error::usage(format!("{name} is a whole number up to {most}, not {text:?}"))),
        }
    }

    /// A date.
    pub(super) fn date(&self, name: &str) -> Result<Option<PartialDate>> {
        let read = |t| PartialDate::parse(t).map_err(|e| Error::usage(format!("{name}: {}", e.message())));
        self.one(name)?.map(read).transpose()
    }

    /// The filters: `as_of`, `known_at`, `type`, `source`.
    pub(super) fn filter(&self, today: Option<PartialDate>) -> Result<Filter> {
        Ok(Filter {
            today,
            as_of: self.date("as_of")?,
            known_at: self.date("known_at")?,
            sources: self.list("source"),
            edge_types: self.list("type"),
        })
    }
}
