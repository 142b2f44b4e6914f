use super::*;

/// What a form with queries is once it was read, see `connection.rs`.
fn sent(g: &Graph, queries: &str) -> Reply {
    let query = [("queries", queries), ("other", "1")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    reply(g, &Request { query, ..Request::to(Method::Post, &["reconcile", "default"]) })
}

fn form(g: &Graph, queries: &Value) -> (u16, Value) {
    let reply = sent(g, &queries.to_string());
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

#[test]
fn the_manifest_leads_to_everything_else() {
    let g = network();
    let m = get(&g, "/reconcile/default?api_key=s+cret");
    assert_eq!((&m["versions"], &m["name"]), (&json!(["0.2"]), &json!("Everything in the store (cuibono)")));
    for part in ["entity", "type", "property"] {
        let service = &m["suggest"][part];
        assert_eq!(service["service_url"], json!("http://127.0.0.1:8642/reconcile/default"));
        assert_eq!(service["service_path"], json!(format!("/suggest/{part}?api_key=s%20cret")));
    }
    let types: Vec<&str> = ids(&m["defaultTypes"]);
    assert!(types.contains(&"Person") && types.contains(&"Thing") && !types.contains(&"Ownership"), "{types:?}");
    assert!(
        m["preview"]["url"].as_str().unwrap().contains("{{id}}")
            && m["view"]["url"].as_str().unwrap().contains("{{id}}")
    );
    assert!(m["identifierSpace"].is_string() && m["schemaSpace"].is_string() && m["extend"].is_object());
    assert_eq!(ask(&g, Method::Get, "/reconcile/banana", ""), (404, json!({"detail": "No such dataset."})));
}

#[test]
fn queries_in_a_form_in_json_and_in_the_address() {
    let g = network();
    let queries = json!({"one": {"query": "Mira Tolv", "type": "Person", "limit": 1, "properties": [
            {"pid": "Person:birthDate", "v": "1970-05-01"}, {"pid": "country", "v": [{"id": "ru"}]}, {"pid": "banana", "v": 1}]},
        "two": {"query": "Quellen Grain Bank"}, "three": {"query": "Zzyzx"}});
    let address = format!("/reconcile/default?queries={}", queries.to_string().replace(' ', "+"));
    let by_address = ask(&g, Method::Get, &address, "");
    for (status, body) in [
        form(&g, &queries),
        ask(&g, Method::Post, "/reconcile/default", &json!({"queries": queries}).to_string()),
        ask(&g, Method::Post, "/reconcile/default", &json!({"queries": queries.to_string()}).to_string()),
        by_address,
    ] {
        assert_eq!(status, 200, "{body}");
        let best = &body["one"]["result"][0];
        let keys: Vec<&String> = best.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "name", "description", "type", "score", "match"]);
        assert_eq!((&best["id"], &best["match"]), (&json!("x-mira"), &json!(true)));
        assert_eq!(best["type"], json!([{"id": "Person", "name": "People", "description": "Person"}]));
        assert_eq!(body["one"]["result"].as_array().unwrap().len(), 1);
        assert_eq!(body["two"]["result"][0]["id"], json!("x-bank"));
        assert_eq!(body["three"]["result"], json!([]));
    }
    assert_eq!(sent(&g, &queries.to_string()).headers, [("x-batch-size", "3".to_owned())]);
    // A date of birth counts though anything was asked for.
    let score = |q: Value| form(&g, &json!({ "a": q })).1["a"]["result"][0]["score"].as_f64().unwrap();
    let dated = json!({"query": "Mira Tolv", "properties": [{"pid": "birthDate", "v": "1970-05-01"}]});
    assert!(score(dated) > score(json!({"query": "Mira Tolv"})));
}

#[test]
fn refusals() {
    let g = network();
    let of = |body: &str| ask(&g, Method::Post, "/reconcile/default", body).0;
    for bad in ["", "queries=%7B%7D", "{", "{}", "{\"queries\": []}", "{\"queries\": \"[]\"}", "\u{0}"] {
        assert_eq!(of(bad), 400, "{bad:?}");
    }
    for bad in ["", " ", "{", "[]", "%7B%7D"] {
        assert_eq!(sent(&g, bad).status, 400, "{bad:?}");
    }
    assert_eq!(form(&g, &json!({"a": {"query": 37473874}})).0, 400);
    assert_eq!(form(&g, &json!({"a": 7})).0, 400);
    assert_eq!(form(&g, &json!({"a": {"query": "x", "type": "Banana"}})).0, 400);
    let many: serde_json::Map<String, Value> = (0..101).map(|i| (format!("q{i}"), json!({"query": "x"}))).collect();
    assert_eq!(form(&g, &many.into()).0, 400);
    assert_eq!(
        form(&g, &json!({"a": {}, "b": {"query": ""}, "c": {"query": "x", "properties": 7, "limit": "y"}})).0,
        200
    );
}

#[test]
fn suggestions() {
    let g = network();
    let of = |a: &str| get(&g, &format!("/reconcile/default/suggest/{a}"));
    for part in ["entity", "property", "type"] {
        assert_eq!(of(part)["result"], json!([]), "{part}");
        assert_eq!(of(&format!("{part}?prefix=banana+man"))["result"], json!([]), "{part}");
    }
    let found = of("entity?prefix=mira+to");
    assert_eq!(found["prefix"], json!("mira to"));
    let mut names = ids(&found["result"]);
    names.sort_unstable();
    assert_eq!(names, ["x-mira", "x-other"]);
    assert_eq!(found["result"][0]["type"][0]["id"], json!("Person"));
    assert_eq!(ids(&of("entity?prefix=bread&limit=3")["result"]).len(), 3);
    assert!(ids(&of("property?prefix=country")["result"]).contains(&"Thing:country"));
    assert!(ids(&of("property?prefix=birth")["result"]).contains(&"Person:birthDate"));
    assert_eq!(ids(&of("type?prefix=organ")["result"]), ["Organization"]);
    let properties = get(&g, "/reconcile/default/extend/property?type=Person&limit=500");
    assert!(properties["properties"].as_array().unwrap().contains(&json!({"id": "birthDate", "name": "Birth date"})));
}

#[test]
fn more_columns_and_a_preview() {
    let g = network();
    let extend = json!({"ids": ["x-mira", "banana"], "properties": [{"id": "nationality"}, {"id": "birthDate"},
        {"id": "nationality", "settings": {"render": "raw"}}, {"id": "imoNumber"}]});
    let (status, body) = ask(&g, Method::Post, "/reconcile/default", &json!({"extend": extend}).to_string());
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        body["meta"],
        json!([{"id": "nationality", "name": "Nationality"}, {"id": "birthDate", "name": "Birth date"}])
    );
    assert_eq!(body["rows"]["x-mira"]["birthDate"], json!([{"str": "1970-05-01"}]));
    assert_eq!(
        (&body["rows"]["x-mira"]["nationality"], &body["rows"]["banana"]),
        (&json!([{"str": "ru"}]), &json!({}))
    );
    assert_eq!(ask(&g, Method::Post, "/reconcile/default", r#"{"extend": {"ids": 7}}"#).0, 400);
    let g = published(&[
        json!({"id": "a", "schema": "Person", "properties": {"name": ["<script>alert(1)</script>"]}, "datasets": ["d"], "referents": []}),
    ]);
    let page = reply(&g, &request(Method::Get, "/reconcile/default/preview?id=a", ""));
    let text = String::from_utf8(page.body).unwrap();
    assert_eq!((page.status, page.content_type), (200, "text/html; charset=utf-8"));
    assert!(text.contains("&lt;script&gt;") && !text.contains("<script"), "{text}");
    assert_eq!(ask(&g, Method::Get, "/reconcile/default/preview?id=b", "").0, 404);
}
