use super::*;

fn post(g: &Graph, address: &str, body: &Value) -> (u16, Value) {
    ask(g, Method::Post, address, &body.to_string())
}

fn example() -> Value {
    json!({"schema": "Person", "properties": {"name": ["Mira Tolv"], "birthDate": ["1970"], "country": "Russia"}})
}

#[test]
fn a_match_with_its_reasons_and_the_query_as_it_was_understood() {
    let g = network();
    let r = reply(
        &g,
        &request(
            Method::Post,
            "/match/default",
            &json!({"weights": {}, "config": {}, "queries": {"a": example(), "b": example()}}).to_string(),
        ),
    );
    assert_eq!(r.headers, [("x-batch-size", "2".to_owned())]);
    let body: Value = serde_json::from_slice(&r.body).unwrap();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(r.status, 200);
    assert_eq!(keys, ["responses", "limit"]);
    assert_eq!(body["limit"], json!(5));
    let a = &body["responses"]["a"];
    let keys: Vec<&String> = a.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["status", "results", "total", "query"]);
    assert_eq!((&a["status"], &a["total"]), (&json!(200), &json!({"value": 1, "relation": "eq"})));
    assert_eq!(
        a["query"],
        json!({"id": null, "schema": "Person",
            "properties": {"name": ["Mira Tolv"], "birthDate": ["1970"], "country": ["ru"]}})
    );
    let best = &a["results"][0];
    assert_eq!((&best["id"], &best["match"], &best["schema"]), (&json!("x-mira"), &json!(true), &json!("Person")));
    let score = best["score"].as_f64().unwrap();
    assert!((0.7..=1.0).contains(&score), "{score}");
    for feature in ["token", "birth", "country", "cuibono"] {
        let told = &best["explanations"][feature];
        let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["score", "detail", "query", "candidate"], "{feature}");
        assert!(told["score"].as_f64().unwrap() > 0.0 && told["detail"].is_string(), "{told}");
    }
    assert_eq!(best["explanations"]["birth"]["candidate"], json!("1970-05-01"));
    assert_eq!(a, &body["responses"]["b"]);
}

#[test]
fn threshold_cutoff_and_limit() {
    let g = network();
    let query = json!({"queries": {"a": {"schema": "Person", "properties": {"name": "Mira Tolv"}}}});
    let of = |p: &str| post(&g, &format!("/match/default?{p}"), &query).1["responses"]["a"].clone();
    let all = of("cutoff=0");
    assert!(all["results"].as_array().unwrap().len() >= 2, "{all}");
    let scores: Vec<f64> = all["results"].as_array().unwrap().iter().map(|r| r["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    for r in of("")["results"].as_array().unwrap() {
        assert!(r["score"].as_f64().unwrap() > 0.5);
    }
    let none = of("threshold=1.1");
    assert_eq!((&none["results"][0]["match"], &none["total"]["value"]), (&json!(false), &json!(0)));
    assert_eq!(of("limit=1&cutoff=0")["results"].as_array().unwrap().len(), 1);
    assert_eq!(of("limit=0")["results"], json!([]));
    assert_eq!(of("limit=0")["total"]["value"], json!(1));
}

#[test]
fn by_identifier_and_by_parts_of_a_name() {
    let g = network();
    let first = |schema: &str, properties: Value| {
        let body = json!({"queries": {"a": {"schema": schema, "properties": properties}}});
        let found = post(&g, "/match/default?fuzzy=false", &body).1;
        let first = &found["responses"]["a"]["results"][0];
        (first["id"].as_str().unwrap_or_default().to_owned(), first["match"] == true)
    };
    let same = |id: &str| (id.to_owned(), true);
    assert_eq!(first("Vessel", json!({"imoNumber": "IMO 9074729"})), same("x-ship"));
    assert_eq!(first("Company", json!({"name": "Quellen Grain Bank", "innCode": "7707083893"})), same("x-bank"));
    assert_eq!(first("Organization", json!({"name": ["Quellen Grain Bank JSC"]})), same("x-bank"));
    assert_eq!(first("Person", json!({"firstName": "Mira", "lastName": "Tolv"})), same("x-mira"));
    assert_eq!(first("LegalEntity", json!({"name": "Толв Мира"})), same("x-mira"));
    // A vessel is no person, whatever it is called.
    assert_eq!(first("Vessel", json!({"name": "Mira Tolv"})).0, "");
    assert_eq!(first("Person", json!({})).0, "");
}

#[test]
fn filters() {
    let g = network();
    let query = json!({"queries": {"a": example()}});
    let count = |a: &str| post(&g, a, &query).1["responses"]["a"]["results"].as_array().map_or(9, Vec::len);
    assert_eq!(count("/match/default"), 1);
    assert_eq!(count("/match/ofac_sdn"), 1);
    assert_eq!(count("/match/default?topics=sanction"), 1);
    assert_eq!(count("/match/default?topics=role.pep"), 0);
    assert_eq!(count("/match/default?exclude_schema=Person"), 0);
    assert_eq!(count("/match/default?exclude_dataset=news"), 0);
    assert_eq!(count("/match/default?include_dataset=ofac_sdn"), 1);
    assert_eq!(count("/match/default?changed_since=2099-01-01"), 0);
    assert_eq!(count("/match/default?exclude_entity_ids=x-mira"), 0);
    let many: String = (0..51).map(|i| format!("&exclude_entity_ids=a{i}")).collect();
    assert_eq!(post(&g, &format!("/match/default?a=b{many}"), &query).0, 422);
}

#[test]
fn refusals() {
    let g = network();
    let of = |body: Value| post(&g, "/match/default", &body);
    let one = |e: Value| json!({"queries": {"fail": e}});
    let (status, body) = of(one(json!({"properties": {"name": "Banana"}})));
    assert_eq!(status, 422);
    assert_eq!(body["detail"][0]["loc"], json!(["body", "queries", "fail", "schema"]));
    assert_eq!(body["detail"][0]["type"], json!("missing"));
    assert_eq!(of(one(json!({"schema": "xxx", "properties": {"name": "Banana"}}))).0, 400);
    assert_eq!(of(one(json!({"schema": "Ownership", "properties": {}}))).0, 400);
    assert_eq!(of(json!({"queries": {}})), (400, json!({"detail": "No queries provided."})));
    assert_eq!(of(json!({})).0, 422);
    assert_eq!(ask(&g, Method::Post, "/match/default", "").0, 422);
    assert_eq!(ask(&g, Method::Post, "/match/default", "{").0, 422);
    let query = one(example());
    assert_eq!(post(&g, "/match/banana", &query), (404, json!({"detail": "No such dataset."})));
    assert_eq!(post(&g, "/match/default?algorithm=x", &query), (400, json!({"detail": "Invalid algorithm: x"})));
    for name in ["best", "logic-v2", "logic-v1", "name-based", "name-qualified", "regression-v1", "ofac"] {
        assert_eq!(post(&g, &format!("/match/default?algorithm={name}"), &query).0, 200, "{name}");
    }
    assert_eq!(post(&g, "/match/default?threshold=x", &query).0, 422);
    assert_eq!(post(&g, "/match/default?threshold=nan", &query).0, 422);
    let many: serde_json::Map<String, Value> = (0..101).map(|i| (format!("q{i}"), example())).collect();
    assert_eq!(of(json!({ "queries": many })).0, 400);
    assert_eq!(ask(&g, Method::Get, "/match/default", "").0, 405);
    let id = of(one(json!({"id": "own-7", "schema": "Person", "properties": {}}))).1;
    assert_eq!(id["responses"]["fail"]["query"]["id"], json!("own-7"));
}
