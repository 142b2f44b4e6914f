//! Options that a document or a node sets for later questions about ownership: their values,
//! and how those of a document become facts of its nodes.

use super::document_read::sort_facts;
use super::document_value::{At, Shape, Values, shape};
use super::{Document, Fact, Id, prop};
use crate::error::Result;
use serde_json::Value;
use serde_json::value::RawValue;

/// The words that an option may have besides none; the first says that it is on.
fn words(option: &str) -> Option<[&'static str; 2]> {
    match option {
        prop::TREASURY => Some(["exclude", "ignore"]),
        prop::COMPLETE => Some(["true", "false"]),
        prop::UNKNOWN_REMAINDER => Some(["indeterminate", "ignore"]),
        _ => None,
    }
}

/// What an option says: `Some(true)` that it is on, `Some(false)` that it is off, nothing when
/// the text is none of its words.
pub(crate) fn is_on(option: &str, text: &str) -> Option<bool> {
    let [on, off] = words(option)?;
    (text == on || text == off).then_some(text == on)
}

impl<'a> Values<'a> {
    /// Refuses facts of a node's own member that are no value of the option.
    pub(super) fn check_options(&mut self, raw: &'a RawValue, at: At<'_>, option: &str, facts: &[Fact]) -> Result<()> {
        let Some([on, off]) = words(option) else { return Ok(()) };
        match facts.iter().find(|f| f.value != on && f.value != off) {
            None => Ok(()),
            Some(f) => {
                let message = format!("{:?} is not a value of {option}", f.value);
                Err(self.bad(raw, at, message).hint(format!("write {on} or {off}, or leave the member out")))
            }
        }
    }

    /// The value of an option of the whole document; null is nothing. Ids in `complete` are
    /// looked at by [`Values::option_ids`], once the nodes are known.
    pub(super) fn document_option(&mut self, raw: &'a RawValue, at: At<'_>, option: &str) -> Result<Option<Value>> {
        let value: Value = serde_json::from_str(raw.get()).map_err(|e| self.syntax(Some(raw), at, &e))?;
        let complete = option == prop::COMPLETE;
        let fits = match &value {
            Value::Null => return Ok(None),
            Value::Bool(_) => complete,
            Value::String(s) => !complete && is_on(option, s).is_some(),
            Value::Array(_) => complete,
            _ => false,
        };
        if fits {
            return Ok(Some(value));
        }
        let wanted = match words(option) {
            Some([on, off]) if !complete => format!("write \"{on}\" or \"{off}\""),
            _ => "write true, false, or an array of ids of nodes".to_owned(),
        };
        Err(self.bad(raw, at, format!("{} is not a value of {option}", raw.get())).hint(wanted))
    }

    /// The items of a list of ids; none for any other value.
    pub(super) fn option_ids(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Vec<&'a RawValue>> {
        if shape(raw) == Shape::Array { self.array(raw, at) } else { Ok(Vec::new()) }
    }
}

impl Document {
    /// Turns the document's own `treasury`, `complete` and `unknown_remainder` into facts of
    /// its nodes, so that a store keeps them; `scope` is the namespace of bare ids. A list in
    /// `complete` speaks of the nodes it names, everything else of all. What a node says of
    /// itself goes before; an option that is off adds nothing.
    pub fn spread_options(&mut self, scope: &str) {
        for (option, value) in std::mem::take(&mut self.options) {
            let Some([on, _]) = words(&option) else { continue };
            let named: Option<Vec<Id>> = match &value {
                Value::String(s) if s == on => None,
                Value::Bool(true) => None,
                Value::Array(ids) => {
                    let id = |v: &Value| Id::scoped(v.as_str()?, scope).ok();
                    let mut ids: Vec<Id> = ids.iter().filter_map(id).collect();
                    ids.sort_unstable();
                    Some(ids)
                }
                _ => continue,
            };
            for node in &mut self.nodes {
                let meant = named.as_ref().is_none_or(|ids| ids.binary_search(&node.id).is_ok());
                if meant && node.values(&option).next().is_none() {
                    node.facts.push(Fact::new(option.as_str(), on));
                    sort_facts(&mut node.facts);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(head: &str) -> String {
        format!(
            "{{\"cuibono\": 1, \"scope\": \"t\",\n{head},\n\"nodes\": [{{\"id\": \"a\", \"type\": \"person\"}},\n{{\"id\": \"b\", \"type\": \"company\", \"zone\": 1, \"properties\": {{\"zone\": \"z\"}}}},\n{{\"id\": \"c\", \"type\": \"company\", \"treasury\": \"ignore\", \"complete\": false}}]}}"
        )
    }

    fn spread(head: &str) -> Vec<String> {
        let (mut d, _) = Document::read(&document(head), None, "t.json").unwrap();
        d.spread_options("t");
        assert!(d.options.is_empty());
        // Written and read again, each node says the same of itself.
        let mut bytes = Vec::new();
        d.write(&mut bytes).unwrap();
        let (back, _) = Document::read(std::str::from_utf8(&bytes).unwrap(), None, "t.json").unwrap();
        assert_eq!(back, d);
        let facts = |n: &super::super::PartyRecord| {
            let all = n.facts.iter().filter(|f| f.prop != "zone").map(|f| format!("{}={}", f.prop, f.value));
            format!("{} {}", n.id.local(), all.collect::<Vec<_>>().join(" ")).trim_end().to_owned()
        };
        d.nodes.iter().map(facts).collect()
    }

    #[test]
    fn options_of_the_document_become_facts_of_its_nodes() {
        let own = "c complete=false treasury=ignore";
        assert_eq!(spread(r#""treasury": "exclude""#), ["a treasury=exclude", "b treasury=exclude", own]);
        assert_eq!(spread(r#""complete": ["b", "t:c"]"#), ["a", "b complete=true", own]);
        assert_eq!(spread(r#""complete": true"#), ["a complete=true", "b complete=true", own]);
        let off = r#""complete": false, "treasury": "ignore", "unknown_remainder": null"#;
        assert_eq!(spread(off), ["a", "b", own]);
        let rest = spread(r#""unknown_remainder": "indeterminate""#);
        assert_eq!(rest[2], "c complete=false treasury=ignore unknown_remainder=indeterminate");
    }

    #[test]
    fn values_that_are_not_understood_are_refused() {
        let refused = |head: &str| {
            let e = Document::read(&document(head), None, "t.json").unwrap_err();
            format!("{e} | {}", e.next_step().unwrap_or_default())
        };
        let e = refused(r#""treasury": "maybe""#);
        assert_eq!(e, "t.json:2 (treasury): \"maybe\" is not a value of treasury | write \"exclude\" or \"ignore\"");
        assert!(refused(r#""treasury": true"#).contains("not a value of treasury"));
        assert!(refused(r#""complete": "yes""#).contains("an array of ids"));
        assert!(refused(r#""unknown_remainder": {}"#).contains("\"indeterminate\" or \"ignore\""));
        let e = refused("\"complete\": [\"a\",\n\"nobody\"]");
        assert!(e.starts_with("t.json:3 (complete): complete names no node of the document: \"nobody\""), "{e}");
        assert!(refused(r#""complete": [{}]"#).starts_with("t.json:2 (complete)"));
        for member in [r#""treasury": "no""#, r#""complete": [true, 1]"#, r#""unknown_remainder": {"value": true}"#] {
            let text = format!("{{\"cuibono\":1,\"nodes\":[{{\"id\":\"a\",\"type\":\"person\",\n{member}}}]}}");
            let e = Document::read(&text, None, "t.json").unwrap_err();
            assert!(e.to_string().starts_with("t.json:2 (nodes[0]."), "{e}");
        }
        let (d, w) = Document::read(&document(r#""joint_arrangement": "x""#), None, "t.json").unwrap();
        assert!(d.options.is_empty() && w.iter().any(|w| w.text.contains("joint_arrangement")), "{w:?}");
    }
}
