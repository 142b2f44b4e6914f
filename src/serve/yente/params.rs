//! The parameters of a query: typed, bounded, unknown ones left aside.

use super::problem::{Answer, Problem, fault};
use crate::serve::Request;
use serde_json::{Value, json};
use std::cell::RefCell;

/// Results on a page, unless asked for otherwise.
pub(super) const PAGE: usize = 10;
/// The most results on a page.
pub(super) const MAX_PAGE: usize = 500;
/// The furthest page.
pub(super) const MAX_OFFSET: usize = 9499;
/// Results that can be reached at all.
pub(super) const MAX_RESULTS: usize = 9999;
/// Questions in one batch.
pub(super) const MAX_BATCH: usize = 100;
/// Values of one repeated parameter that are looked at.
const MAX_VALUES: usize = 500;

/// Reads parameters and gathers what is wrong with them.
pub(super) struct Params<'r> {
    request: &'r Request,
    faults: RefCell<Vec<Value>>,
}

impl<'r> Params<'r> {
    pub(super) fn new(request: &'r Request) -> Params<'r> {
        Params { request, faults: RefCell::new(Vec::new()) }
    }

    /// The last value of a name, as frameworks take it.
    pub(super) fn text(&self, name: &str) -> Option<&'r str> {
        self.request.query.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a name.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.request.query.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).take(MAX_VALUES).collect()
    }

    fn wrong(&self, name: &str, kind: &str, text: &str, input: Value) {
        self.faults.borrow_mut().push(fault(kind, &["query", name], text, input));
    }

    /// A number of things; less than none is none.
    pub(super) fn count(&self, name: &str, otherwise: usize, most: usize) -> usize {
        let Some(text) = self.text(name) else { return otherwise };
        match text.trim().parse::<i64>() {
            Err(_) => self.wrong(name, "int_parsing", "Input should be a whole number", json!(text)),
            Ok(n) if n > most as i64 => {
                let says = format!("Input should be less than or equal to {most}");
                let mut told = fault("less_than_equal", &["query", name], &says, json!(text));
                if let Some(m) = told.as_object_mut() {
                    m.insert("ctx".to_owned(), json!({ "le": most }));
                }
                self.faults.borrow_mut().push(told);
            }
            Ok(n) => return usize::try_from(n).unwrap_or(0),
        }
        otherwise
    }

    /// A finite number.
    pub(super) fn number(&self, name: &str, otherwise: f64) -> f64 {
        let Some(text) = self.text(name) else { return otherwise };
        match text.trim().parse::<f64>().ok().filter(|n| n.is_finite()) {
            Some(n) => n,
            None => {
                self.wrong(name, "float_parsing", "Input should be a number", json!(text));
                otherwise
            }
        }
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        let text = self.text(name)?;
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
            _ => {
                self.wrong(name, "bool_parsing", "Input should be true or false", json!(text));
                None
            }
        }
    }

    /// Words of which only some are known.
    pub(super) fn words(&self, name: &str, known: &[&'static str]) -> Vec<&'static str> {
        let mut out = Vec::new();
        for value in self.list(name) {
            match known.iter().find(|k| **k == value) {
                Some(k) if out.contains(k) => {}
                Some(k) => out.push(*k),
                None => self.wrong(name, "enum", &format!("Input should be one of {}", known.join(", ")), json!(value)),
            }
        }
        out
    }

    /// A day, perhaps with a time, as texts of that form sort.
    pub(super) fn time(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        if is_time(text) {
            return Some(text.to_owned());
        }
        let says = "Input should be a day, or a day and a time: 2024-01-31, 2024-01-31T12:30";
        self.wrong(name, "string_pattern_mismatch", says, json!(text));
        None
    }

    /// At most so many values.
    pub(super) fn at_most(&self, name: &str, most: usize) -> Vec<String> {
        let all = self.list(name);
        if all.len() > most {
            self.wrong(name, "too_long", &format!("Input should have at most {most} items"), json!(all));
        }
        all
    }

    /// Refuses the request if anything was wrong.
    pub(super) fn sound(self) -> Answer<()> {
        let faults = self.faults.into_inner();
        if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
    }
}

/// A page within the results that can be reached: limit and offset.
pub(super) fn window(limit: usize, offset: usize) -> (usize, usize) {
    let offset = offset.min(MAX_RESULTS);
    (limit.min(MAX_RESULTS - offset), offset)
}

/// `2024-01-31`, `2024-01-31T12`, `2024-01-31T12:30`, `2024-01-31T12:30:59`.
fn is_time(text: &str) -> bool {
    const FORM: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    matches!(text.len(), 10 | 13 | 16 | 19)
        && text.bytes().zip(FORM).all(|(b, f)| if *f == b'd' { b.is_ascii_digit() } else { b == *f })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::Method;

    #[test]
    fn what_is_wrong_is_told_all_at_once() {
        let query =
            ["limit=501", "offset=x", "nested=maybe", "facets=names", "changed_since=May", "fuzzy=1", "other=z"];
        let query = query.iter().filter_map(|t| t.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned()));
        let r = Request { query: query.collect(), ..Request::to(Method::Get, &["search", "default"]) };
        let p = Params::new(&r);
        assert_eq!(p.count("limit", 10, MAX_PAGE), 10);
        assert_eq!(p.count("offset", 0, MAX_OFFSET), 0);
        assert_eq!((p.flag("nested"), p.flag("fuzzy"), p.flag("target")), (None, Some(true), None));
        assert!(p.words("facets", &["topics"]).is_empty());
        assert_eq!(p.time("changed_since"), None);
        let body = String::from_utf8(p.sound().unwrap_err().reply().body).unwrap();
        for at in ["limit", "offset", "nested", "facets", "changed_since"] {
            assert!(body.contains(&format!(r#""loc":["query","{at}"]"#)), "{at}: {body}");
        }
    }

    #[test]
    fn pages_end_where_results_do() {
        assert_eq!(window(10, 0), (10, 0));
        assert_eq!(window(500, 9499), (500, 9499));
        assert_eq!(window(501, 9499), (500, 9499));
        assert_eq!(window(1, 20_000), (0, 9999));
        assert!(
            is_time("2024-01-31") && is_time("2024-01-31T12:30") && !is_time("2024-01") && !is_time("2024-01-31 12")
        );
    }
}
