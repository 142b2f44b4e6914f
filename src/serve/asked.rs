//! Reading the parameters of an address.

use super::Request;
use crate::error::{Error, Result};
use crate::model::PartialDate;

/// The parameters of a request; one that the address does not know is refused.
pub(super) struct Asked<'a> {
    request: &'a Request,
}

impl<'a> Asked<'a> {
    /// Takes the parameters of a request, of which only these are known.
    pub(super) fn new(request: &'a Request, known: &[&str]) -> Result<Asked<'a>> {
        for (name, _) in &request.query {
            if !known.contains(&name.as_str()) {
                let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(Error::usage(format!("unknown parameter {name:?}")).hint(format!("known: {list}")));
            }
        }
        Ok(Asked { request })
    }

    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&'a str>> {
        let mut values = self.request.query.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::usage(format!("{name} is given more than once")));
        }
        Ok(first)
    }

    /// The values of a parameter that is a list: with commas, or the name again. Each once.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let all = self.request.query.iter().filter(|(n, _)| n == name).flat_map(|(_, v)| v.split(','));
        for v in all.map(str::trim).filter(|v| !v.is_empty()) {
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
}
