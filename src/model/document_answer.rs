//! Reading the answer block of a document: a document that is handed back to be drawn or written
//! keeps what it answers. Imports pass it over.

use super::document::Answer;
use serde_json::Value;

impl Answer {
    /// Reads an answer block. What it does not know is passed over; an error names the member that
    /// is of the wrong type.
    pub fn read(value: &Value) -> Result<Answer, String> {
        let Value::Object(m) = value else { return Err("answer: expected an object".to_owned()) };
        let text = |key: &str| match m.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) => Ok(Some(s.clone())),
            Some(_) => Err(format!("answer.{key}: expected a text")),
        };
        let truncated = match m.get("truncated") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(b)) => *b,
            Some(_) => return Err("answer.truncated: expected true or false".to_owned()),
        };
        let mut notes = Vec::new();
        match m.get("notes") {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for (i, n) in list.iter().enumerate() {
                    let Value::String(n) = n else { return Err(format!("answer.notes[{i}]: expected a text")) };
                    notes.push(n.clone());
                }
            }
            Some(_) => return Err("answer.notes: expected a list of texts".to_owned()),
        }
        Ok(Answer {
            query: text("query")?.unwrap_or_default(),
            as_of: text("as_of")?,
            known_at: text("known_at")?,
            decided_at: text("decided_at")?,
            store: text("store")?.unwrap_or_default(),
            program: text("program")?.unwrap_or_default(),
            rules: text("rules")?,
            truncated,
            notes,
            result: m.get("result").filter(|r| !r.is_null()).cloned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Document;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        let full = Answer {
            query: "show x".into(),
            as_of: Some("2024".into()),
            decided_at: Some("none".into()),
            rules: Some("1".into()),
            truncated: true,
            notes: vec!["n".into()],
            result: Some(json!({"a": [1]})),
            ..Answer::default()
        };
        for a in [full, Answer::default()] {
            assert_eq!(Answer::read(&Document::answer_json(&a)).unwrap(), a);
        }
        for (bad, says) in [
            (json!([]), "answer: expected"),
            (json!({"query": 1}), "answer.query"),
            (json!({"notes": ["a", 2]}), "answer.notes[1]"),
            (json!({"truncated": "yes"}), "answer.truncated"),
        ] {
            assert!(Answer::read(&bad).unwrap_err().starts_with(says), "{bad}");
        }
    }
}
