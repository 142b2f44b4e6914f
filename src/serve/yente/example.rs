//! The entity that a client describes: read, put into normal forms, and as the matcher takes it.

use super::made::normal;
use super::problem::{Answer, Problem, fault};
use super::search::schema;
use crate::import::ftm::model;
use crate::import::ftm::vocabulary::{Holds, holds, matchable};
use crate::names::{Kind, NameKind, Profile};
use serde_json::{Map, Value, json};

/// Values of one property that are read, and letters of one value.
const MAX_VALUES: usize = 200;
const MAX_LETTERS: usize = 4096;

/// An entity by example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    pub(super) id: Option<String>,
    pub(super) schema: &'static str,
    pub(super) properties: Vec<(&'static str, Vec<String>)>,
}

/// The queries of a body: name and example each; what is missing or ill-typed is told at once.
pub(super) fn queries(body: &Value) -> Answer<Vec<(&String, &Map<String, Value>)>> {
    let Some(top) = body.as_object() else {
        return Err(Problem::invalid(vec![fault(
            "model_attributes_type",
            &["body"],
            "Input should be an object",
            body.clone(),
        )]));
    };
    let mut faults: Vec<Value> = Vec::new();
    for name in ["weights", "config"] {
        if let Some(v) = top.get(name).filter(|v| !v.is_object()) {
            faults.push(fault("dict_type", &["body", name], "Input should be a dictionary", v.clone()));
        }
    }
    let mut out = Vec::new();
    match top.get("queries") {
        None => faults.push(fault("missing", &["body", "queries"], "Field required", body.clone())),
        Some(Value::Object(all)) => {
            for (name, example) in all {
                let Some(e) = example.as_object() else {
                    let at = ["body", "queries", name];
                    faults.push(fault("model_attributes_type", &at, "Input should be an object", example.clone()));
                    continue;
                };
                typed(name, e, &mut faults);
                out.push((name, e));
            }
        }
        Some(v) => faults.push(fault("dict_type", &["body", "queries"], "Input should be a dictionary", v.clone())),
    }
    if faults.is_empty() { Ok(out) } else { Err(Problem::invalid(faults)) }
}

fn typed(name: &str, e: &Map<String, Value>, faults: &mut Vec<Value>) {
    let at = |field| ["body", "queries", name, field];
    match e.get("schema") {
        None => faults.push(fault("missing", &at("schema"), "Field required", e.clone().into())),
        Some(Value::String(_)) => {}
        Some(v) => faults.push(fault("string_type", &at("schema"), "Input should be a string", v.clone())),
    }
    if let Some(v) = e.get("id").filter(|v| !v.is_string() && !v.is_null()) {
        faults.push(fault("string_type", &at("id"), "Input should be a string", v.clone()));
    }
    match e.get("properties") {
        None => faults.push(fault("missing", &at("properties"), "Field required", e.clone().into())),
        Some(Value::Object(all)) => {
            for (p, v) in all.iter().filter(|(_, v)| !v.is_string() && !v.is_array()) {
                let at = ["body", "queries", name, "properties", p];
                faults.push(fault("list_type", &at, "Input should be a string or a list", v.clone()));
            }
        }
        Some(v) => faults.push(fault("dict_type", &at("properties"), "Input should be a dictionary", v.clone())),
    }
}

impl Example {
    /// An entity of a schema; properties that it does not have and values without a normal form are
    /// left aside.
    pub(super) fn new(id: Option<String>, schema_name: &str, given: &[(String, Vec<Value>)]) -> Answer<Example> {
        let Some(schema) = schema(schema_name) else {
            return Err(Problem::bad(format!("Cannot parse example entity: no such schema: {schema_name}")));
        };
        let mut properties: Vec<(&'static str, Vec<String>)> = Vec::new();
        for (name, values) in given {
            let Some((name, false)) = model::properties(schema).find(|(n, _)| n == name) else { continue };
            let mut kept: Vec<String> = Vec::new();
            for v in values.iter().take(MAX_VALUES) {
                let text = match v {
                    Value::String(s) => s.chars().take(MAX_LETTERS).collect(),
                    Value::Number(n) => n.to_string(),
                    _ => continue,
                };
                if let Some(text) = normal(name, &text)
                    && !kept.contains(&text)
                {
                    kept.push(text);
                }
            }
            if kept.is_empty() {
                continue;
            }
            match properties.iter_mut().find(|(n, _)| *n == name) {
                Some((_, all)) => all.extend(kept),
                None => properties.push((name, kept)),
            }
        }
        Ok(Example { id, schema, properties })
    }

    /// One query of a body that was found well-typed.
    pub(super) fn read(e: &Map<String, Value>) -> Answer<Example> {
        let list = |v: &Value| match v {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        let given: Vec<(String, Vec<Value>)> = match e.get("properties") {
            Some(Value::Object(all)) => all.iter().map(|(n, v)| (n.clone(), list(v))).collect(),
            _ => Vec::new(),
        };
        let name = e.get("schema").and_then(Value::as_str).unwrap_or_default();
        let example = Example::new(e.get("id").and_then(Value::as_str).map(str::to_owned), name, &given)?;
        if !matchable(example.schema) {
            return Err(Problem::bad(format!(
                "Cannot parse example entity: entities of schema {name} are not compared"
            )));
        }
        Ok(example)
    }

    /// As it was understood: `{"id", "schema", "properties"}`.
    pub(super) fn json(&self) -> Value {
        let all: Map<String, Value> = self.properties.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect();
        json!({ "id": self.id, "schema": self.schema, "properties": all })
    }

    fn values(&self, property: &str) -> &[String] {
        self.properties.iter().find(|(n, _)| *n == property).map_or(&[], |(_, v)| v)
    }

    /// What is known of the party, as the matcher takes it.
    pub(super) fn profile(&self) -> Profile {
        let lineage = model::lineage(self.schema);
        let kind = match self.schema {
            "Person" => Kind::Person,
            "Vessel" => Kind::Vessel,
            "Airplane" => Kind::Aircraft,
            _ if lineage.contains(&"Organization") => Kind::Org,
            _ => Kind::Unknown,
        };
        let mut out = Profile { kind, ..Profile::default() };
        for (name, values) in &self.properties {
            let borne = match *name {
                "name" => Some(NameKind::Main),
                "full" if self.schema == "Address" => Some(NameKind::Main),
                "alias" | "abbreviation" => Some(NameKind::Alias),
                "previousName" => Some(NameKind::Former),
                "weakAlias" => Some(NameKind::Weak),
                _ => None,
            };
            if let Some(borne) = borne {
                out.names.extend(values.iter().map(|v| (v.clone(), borne)));
                continue;
            }
            match holds(name) {
                Holds::Country if *name == "flag" => out.flags.extend(values.iter().cloned()),
                Holds::Country => out.countries.extend(values.iter().cloned()),
                Holds::Identifier => out.ids.extend(values.iter().map(|v| ((*name).to_owned(), v.clone()))),
                Holds::Date if *name == "birthDate" => out.births.extend(values.iter().cloned()),
                _ => {}
            }
        }
        if out.names.is_empty() {
            let given = ["firstName", "secondName", "middleName"].iter().flat_map(|p| self.values(p).first());
            let parts: Vec<&str> = given.chain(self.values("lastName").first()).map(String::as_str).collect();
            if !parts.is_empty() {
                out.names.push((parts.join(" "), NameKind::Main));
            }
        }
        // The main name is compared first.
        out.names.sort_by_key(|(_, borne)| *borne != NameKind::Main);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(e: Value) -> Answer<Example> {
        Example::read(e.as_object().unwrap())
    }

    #[test]
    fn values_are_put_into_normal_forms() {
        let e = read(json!({"id": "a", "schema": "Person", "properties": {
            "name": ["  Mira   Tolv"], "alias": "M. T.", "country": "Russia", "birthDate": ["1952", "soon"],
            "banana": ["x"], "addressEntity": ["y"], "innCode": [7707083893u64, null, {"a": 1}], "nationality": []
        }}))
        .unwrap();
        assert_eq!(
            e.json(),
            json!({"id": "a", "schema": "Person", "properties": {"name": ["Mira Tolv"], "alias": ["M. T."],
                "country": ["ru"], "birthDate": ["1952"], "innCode": ["7707083893"]}})
        );
        let p = e.profile();
        assert_eq!((p.kind, p.names.len(), &*p.births[0], &*p.countries[0]), (Kind::Person, 2, "1952", "ru"));
        assert_eq!(p.ids, [("innCode".to_owned(), "7707083893".to_owned())]);
        let parts = read(json!({"schema": "Person", "properties": {"firstName": "Mira", "lastName": ["Tolv"]}}));
        assert_eq!(parts.unwrap().profile().names, [("Mira Tolv".to_owned(), NameKind::Main)]);
    }

    #[test]
    fn refusals() {
        let status = |p: Problem| p.reply().status;
        assert_eq!(status(read(json!({"schema": "xxx", "properties": {}})).unwrap_err()), 400);
        assert_eq!(status(read(json!({"schema": "Ownership", "properties": {}})).unwrap_err()), 400);
        for body in [
            json!([]),
            json!({}),
            json!({"queries": []}),
            json!({"queries": {"a": null}}),
            json!({"queries": {"a": {"properties": {"name": "x"}}}}),
            json!({"queries": {"a": {"schema": 7, "properties": {}}}}),
            json!({"queries": {"a": {"schema": "Person"}}}),
            json!({"queries": {"a": {"schema": "Person", "properties": {"name": 7}}}}),
            json!({"queries": {"a": {"schema": "Person", "properties": {}, "id": 7}}}),
            json!({"queries": {}, "weights": []}),
        ] {
            assert_eq!(status(queries(&body).unwrap_err()), 422, "{body}");
        }
        assert!(queries(&json!({"queries": {}})).unwrap().is_empty());
    }
}
