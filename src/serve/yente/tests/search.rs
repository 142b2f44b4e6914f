use super::*;

fn total(g: &Graph, address: &str) -> u64 {
    get(g, address)["total"]["value"].as_u64().unwrap()
}

#[test]
fn the_answer_has_all_members() {
    let g = network();
    let body = get(&g, "/search/default?q=mira+tolv");
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["limit", "offset", "total", "results", "facets"]);
    assert_eq!((&body["limit"], &body["offset"]), (&json!(10), &json!(0)));
    assert_eq!(ids(&body["results"])[0], "x-mira");
    assert_eq!(body["results"][0]["properties"]["addressEntity"], json!(["x-home"]));
    // By another script, by a part, by identifier, by id.
    for q in ["Мира+Толв", "tolv,+mira", "mira+tol*", "X+1234567", "x-mira", "x:mira", "7707083893"] {
        let found = get(&g, &format!("/search/default?q={q}"));
        let first = ids(&found["results"])[0].to_owned();
        assert_eq!(first, if q.starts_with('7') { "x-bank" } else { "x-mira" }, "{q}");
    }
    assert_eq!(total(&g, "/search/default?q=zzyzx"), 0);
}

#[test]
fn without_a_text_everything_is_found_listed_ones_first() {
    let g = network();
    let body = get(&g, "/search/default");
    assert_eq!(body["total"], json!({"value": 31, "relation": "eq"}));
    assert_eq!(ids(&body["results"]).len(), 10);
    let mut first = ids(&body["results"])[..2].to_vec();
    first.sort_unstable();
    assert_eq!(first, ["x-bank", "x-mira"]);
    let mut seen: Vec<String> = Vec::new();
    for offset in (0..40).step_by(10) {
        let page = get(&g, &format!("/search/default?offset={offset}"));
        seen.extend(ids(&page["results"]).into_iter().map(str::to_owned));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 31);
}

#[test]
fn limits() {
    let g = network();
    let status = |a: &str| ask(&g, Method::Get, a, "").0;
    assert_eq!(status("/search/default?limit=501"), 422);
    assert_eq!(status("/search/default?limit=500"), 200);
    assert_eq!(status("/search/default?offset=9500"), 422);
    assert_eq!(status("/search/default?offset=9499"), 200);
    assert_eq!(status("/search/default?limit=x"), 422);
    assert_eq!(get(&g, "/search/default?limit=0&q=mira")["results"], json!([]));
    let far = get(&g, "/search/default?q=mira&offset=100");
    assert_eq!((&far["results"], &far["offset"]), (&json!([]), &json!(100)));
    assert_eq!(get(&g, "/search/default?limit=-5")["limit"], json!(0));
    // Unknown parameters are left aside.
    assert_eq!(status("/search/default?q=mira&banana=1&fuzzy=false"), 200);
}

#[test]
fn refusals() {
    let g = network();
    let told = |a: &str| ask(&g, Method::Get, a, "");
    assert_eq!(told("/search/banana?q=x"), (404, json!({"detail": "No such dataset."})));
    assert_eq!(told("/search/default?schema=Banana"), (400, json!({"detail": "Invalid schema"})));
    assert_eq!(told("/search/default?filter=banana").0, 400);
    assert_eq!(told("/search/default?sort=banana:asc").0, 400);
    assert_eq!(told("/search/default?facets=banana").0, 422);
    assert_eq!(told("/search/default?filter_op=XOR").0, 422);
    assert_eq!(told("/search/default?changed_since=yesterday").0, 422);
    assert_eq!(told("/search/default?q=invalid/query").0, 400);
    assert_eq!(told("/search/default?q=invalid/query&simple=true").0, 200);
    assert_eq!(ask(&g, Method::Post, "/search/default", "").0, 405);
}

#[test]
fn schemata() {
    let g = network();
    assert_eq!(total(&g, "/search/default?schema=Vessel"), 1);
    assert_eq!(total(&g, "/search/default?schema=Person"), 2);
    assert_eq!(total(&g, "/search/default?schema=LegalEntity"), 29);
    assert_eq!(total(&g, "/search/default?q=mira+tolv&schema=Vessel"), 0);
    assert_eq!(total(&g, "/search/default?schema=Address"), 1);
    assert_eq!(total(&g, "/search/default?exclude_schema=Address&exclude_schema=Company"), 3);
    // Relations are not searched.
    assert_eq!(total(&g, "/search/default?schema=Ownership"), 0);
}

#[test]
fn filters() {
    let g = network();
    for (query, count) in [
        ("countries=ru", 2),
        ("countries=ke", 0),
        ("countries=ru&countries=kp", 3),
        ("countries=ru&countries=kp&filter_op=AND", 0),
        ("countries=ru&topics=sanction&filter_op=AND", 2),
        ("topics=sanction", 2),
        ("topics=role.pep", 0),
        ("target=true", 2),
        ("target=false", 29),
        ("datasets=ofac_sdn", 2),
        ("filter=properties.birthDate:1970-05-01", 1),
        ("filter=properties.birthDate:1970-05-02", 0),
        ("filter=genders:female", 1),
        ("filter=banana:1", 0),
        ("filter=schema:Vessel&countries=pa", 1),
        ("q=mira+tolv&filter=schema:Vessel", 0),
        ("q=countries:ru+AND+topics:sanction", 2),
        ("q=mira+-tolvanen", 1),
        ("q=\"mira+tolv\"", 1),
        ("changed_since=2099-01-01T00:00", 0),
        ("changed_since=2020-01-01", 31),
        ("exclude_entity_ids=x-mira&topics=sanction", 1),
    ] {
        assert_eq!(total(&g, &format!("/search/default?{query}")), count, "{query}");
    }
}

#[test]
fn datasets() {
    let g = network();
    let of = |d: &str, q: &str| total(&g, &format!("/search/{d}?{q}"));
    assert_eq!(of("ofac_sdn", ""), 2);
    assert_eq!(of("news", ""), 31);
    assert_eq!(of("sanctions", ""), of("news", ""), "it is the news that states the listings");
    assert_eq!(of("default", "include_dataset=ofac_sdn"), 2);
    assert_eq!(of("default", "include_dataset=elsewhere"), 0);
    assert_eq!(of("default", "exclude_dataset=news"), 0);
    assert_eq!(of("ofac_sdn", "exclude_dataset=ofac_sdn"), 0);
    assert_eq!(of("default", "include_dataset=ofac_sdn&exclude_dataset=ofac_sdn"), 0);
    // Neither collections nor what merely carries others is told as the source of an entity.
    let e = get(&g, "/entities/x-bank?nested=false");
    assert!(!e["datasets"].as_array().unwrap().contains(&json!("default")));
}

#[test]
fn facets() {
    let g = network();
    let body = get(&g, "/search/default");
    let names: Vec<&String> = body["facets"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["countries", "topics", "datasets"]);
    let countries = &body["facets"]["countries"];
    assert_eq!(countries["label"], json!("Countries"));
    assert_eq!(countries["values"][0], json!({"name": "ru", "label": "Russia", "count": 2}));
    let some = get(&g, "/search/default?facets=schema&facets=identifiers&limit=0");
    let names: Vec<&String> = some["facets"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["schema", "identifiers"]);
    assert_eq!(some["facets"]["schema"]["values"][0], json!({"name": "Company", "label": "Companies", "count": 27}));
    // They count what is found, not the page.
    let found = get(&g, "/search/default?countries=ru&limit=1");
    assert_eq!(found["facets"]["topics"]["values"], json!([{"name": "sanction", "label": "Sanction", "count": 2}]));
}

#[test]
fn order() {
    let g = network();
    let sorted = |s: &str| {
        let body = get(&g, &format!("/search/default?schema=Person&sort={s}"));
        ids(&body["results"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sorted("properties.birthDate"), ["x-mira", "x-other"]);
    assert_eq!(sorted("properties.birthDate:desc"), ["x-other", "x-mira"]);
    let all = get(&g, "/search/default?sort=first_seen:desc&limit=500");
    let days: Vec<&str> =
        all["results"].as_array().unwrap().iter().map(|e| e["first_seen"].as_str().unwrap()).collect();
    assert!(days.is_sorted_by(|a, b| a >= b));
}

#[test]
fn health_catalogue_and_scorers() {
    let g = network();
    for a in ["/healthz", "/readyz"] {
        assert_eq!(get(&g, a), json!({"status": "ok"}));
    }
    let r = reply(&g, &request(Method::Get, "/catalog", ""));
    let header = |name: &str| r.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(header("cache-control"), "private, no-cache");
    let again = Request { if_none_match: Some(header("etag")), ..request(Method::Get, "/manifest", "") };
    let second = reply(&g, &again);
    assert_eq!((second.status, second.body.len()), (304, 0));
    let body: Value = serde_json::from_slice(&r.body).unwrap();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["datasets", "current", "outdated", "index_stale"]);
    let all = body["datasets"].as_array().unwrap();
    let names: Vec<&str> = all.iter().map(|d| d["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["default", "news", "ofac_sdn", "report", "sanctions"]);
    assert_eq!(all[0]["children"], json!(["news", "ofac_sdn", "report"]));
    assert_eq!((&all[1]["title"], &all[1]["version"]), (&json!("News of the mill"), &json!("2024-01-01")));
    assert!(all.iter().all(|d| d["index_current"] == true && d["index_version"] == d["version"]));
    let algorithms = get(&g, "/algorithms");
    let names: Vec<&str> =
        algorithms["algorithms"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"logic-v2") && names.contains(&algorithms["default"].as_str().unwrap()));
    for (method, address, allow) in [
        (Method::Get, "/updatez", "POST"),
        (Method::Get, "/match/default", "POST"),
        (Method::Post, "/readyz", "GET, HEAD"),
        (Method::Post, "/entities/x-mira", "GET, HEAD"),
        (Method::Post, "/reconcile/default/preview", "GET, HEAD"),
    ] {
        let r = reply(&g, &request(method, address, ""));
        assert_eq!((r.status, &r.headers[..]), (405, &[("allow", allow.to_owned())][..]), "{address}");
        assert_eq!(serde_json::from_slice::<Value>(&r.body).unwrap(), json!({"detail": "Method Not Allowed"}));
    }
    assert_eq!(ask(&g, Method::Post, "/updatez", ""), (403, json!({"detail": "Invalid token."})));
    let elsewhere = &mut Context { graph: &g, scratch: &mut Scratch::default(), asker: &Silent, today: None };
    for a in ["/", "/v1/meta", "/entities", "/search", "/reconcile/default/banana", "/match/a/b"] {
        assert!(answer(&request(Method::Get, a, ""), elsewhere).is_none(), "{a}");
    }
}

#[test]
fn a_question_that_takes_too_long_ends() {
    let g = network();
    g.stop.set(crate::graph::Why::Time);
    for a in ["/search/default", "/search/default?q=mira", "/entities/x-bank", "/entities/x-bank/adjacent"] {
        let (status, body) = ask(&g, Method::Get, a, "");
        assert_eq!(status, 503, "{a}: {body}");
        assert!(body["detail"].as_str().unwrap().contains("time"), "{body}");
    }
    let body = r#"{"queries": {"a": {"schema": "Person", "properties": {"name": "Mira Tolv"}}}}"#;
    assert_eq!(ask(&g, Method::Post, "/match/default", body).0, 503);
    g.stop.clear();
    assert_eq!(ask(&g, Method::Get, "/entities/x-bank", "").0, 200);
}
