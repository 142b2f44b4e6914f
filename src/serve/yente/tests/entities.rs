use super::*;
use crate::graph::{Clusters, DecidedAt, Entity};

#[test]
fn an_entity_has_all_members_and_no_more() {
    let g = network();
    let e = get(&g, "/entities/x-mira?nested=false");
    let keys: Vec<&String> = e.as_object().unwrap().keys().collect();
    let wanted = [
        "id",
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
    ];
    assert_eq!(keys, wanted);
    assert_eq!((&e["id"], &e["schema"], &e["caption"]), (&json!("x-mira"), &json!("Person"), &json!("Mira Tolv")));
    assert_eq!((&e["target"], &e["referents"]), (&json!(true), &json!([])));
    assert_eq!(e["first_seen"], json!("2024-01-01T00:00:00"));
    let p = &e["properties"];
    assert_eq!((&p["nationality"], &p["gender"]), (&json!(["ru"]), &json!(["female"])));
    assert_eq!((&p["topics"], &p["addressEntity"]), (&json!(["sanction"]), &json!(["x-home"])));
    assert!(p.get("sanctions").is_none() && p.get("ownershipOwner").is_none());
    // What cites nothing is cited to the document; listings are entities of their own.
    assert_eq!(e["datasets"], json!(["report", "news"]));
    assert_eq!(get(&g, "/entities/x-mira")["properties"]["sanctions"][0]["datasets"], json!(["ofac_sdn"]));
}

#[test]
fn what_is_adjacent_is_nested_two_steps_deep() {
    let g = network();
    let e = get(&g, "/entities/x-mira");
    let p = &e["properties"];
    let own = &p["ownershipOwner"][0];
    assert_eq!((&own["id"], &own["schema"]), (&json!("x-e1"), &json!("Ownership")));
    assert_eq!(own["properties"]["percentage"], json!(["60"]));
    // The way back to the root is left out, the other end is there, and no further.
    assert!(own["properties"].get("owner").is_none());
    let bank = &own["properties"]["asset"][0];
    assert_eq!((&bank["id"], &bank["schema"]), (&json!("x-bank"), &json!("Company")));
    assert!(bank["properties"].get("ownershipOwner").is_none() && bank["properties"].get("sanctions").is_none());
    assert_eq!(bank["properties"]["addressEntity"], json!(["x-home"]));
    let sanction = &p["sanctions"][0];
    assert_eq!((&sanction["schema"], &sanction["properties"]["program"]), (&json!("Sanction"), &json!(["GRAIN"])));
    assert!(sanction["properties"].get("entity").is_none());
    assert_eq!(p["directorshipDirector"][0]["properties"]["organization"][0]["id"], json!("x-mill"));
    assert_eq!(p["familyPerson"][0]["properties"]["relative"][0]["caption"], json!("Mira Tolvanen"));
    assert_eq!((&p["addressEntity"][0]["id"], &p["addressEntity"][0]["schema"]), (&json!("x-home"), &json!("Address")));
    // What is no plain holding is a link that says so.
    let ship = get(&g, "/entities/x-ship");
    let link = &ship["properties"]["unknownLinkFrom"][0];
    assert_eq!(link["properties"]["role"], json!(["owns (alleged)"]));
    let home = get(&g, "/entities/x-home");
    assert_eq!(ids(&home["properties"]["things"]).len(), 2);
}

#[test]
fn relations_and_listings_are_entities_with_stable_ids() {
    let g = network();
    let mira = get(&g, "/entities/x-mira");
    let sanction = mira["properties"]["sanctions"][0]["id"].as_str().unwrap().to_owned();
    assert!(sanction.starts_with("sanction-"), "{sanction}");
    let s = get(&g, &format!("/entities/{sanction}"));
    assert_eq!(s["properties"]["entity"][0]["id"], json!("x-mira"));
    assert_eq!(get(&g, &format!("/entities/{sanction}?nested=false"))["properties"]["entity"], json!(["x-mira"]));
    let own = get(&g, "/entities/x-e1");
    assert_eq!((&own["schema"], &own["caption"]), (&json!("Ownership"), &json!("Ownership")));
    assert_eq!(own["properties"]["owner"][0]["id"], json!("x-mira"));
    // A relation without an id of its own has a hash for one.
    let bank = get(&g, "/entities/x-bank/adjacent/ownershipOwner?limit=500");
    let hashed = bank["results"].as_array().unwrap().iter().find(|e| e["id"].as_str().unwrap().starts_with("rel-"));
    let id = hashed.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&g, &format!("/entities/{id}"))["properties"]["asset"][0]["id"], json!("x-mill"));
}

#[test]
fn every_id_is_the_one_of_the_export() {
    let g = network();
    let view = crate::query::testing::all(&g);
    let part = crate::query::Subgraph {
        nodes: g.nodes().collect(),
        edges: view.edges().map(|(e, ..)| e).collect(),
        ..Default::default()
    };
    let doc = crate::query::answer(&view, &part, "").unwrap();
    let target = crate::export::target("ftm").unwrap();
    let written = (target.write)(&doc, &crate::export::Options::default()).unwrap();
    let text = String::from_utf8(written.artifacts[0].bytes.clone()).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for line in text.lines() {
        let theirs: Value = serde_json::from_str(line).unwrap();
        let ours = get(&g, &format!("/entities/{}?nested=false", theirs["id"].as_str().unwrap()));
        assert_eq!((&ours["id"], &ours["schema"]), (&theirs["id"], &theirs["schema"]));
        let names =
            |v: &Value| v["properties"].as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names(&ours), names(&theirs), "{line}");
        kinds.insert(ours["schema"].as_str().unwrap().to_owned());
    }
    for kind in ["Person", "Company", "Ownership", "Directorship", "Sanction", "Family", "Address", "UnknownLink"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
}

#[test]
fn adjacent_entities_come_in_pages_of_a_property() {
    let g = network();
    let all = get(&g, "/entities/x-bank/adjacent?limit=3");
    assert_eq!(all["entity"]["id"], json!("x-bank"));
    assert!(all["entity"]["properties"].get("ownershipOwner").is_none());
    let adjacent = all["adjacent"].as_object().unwrap();
    let mut names: Vec<&str> = adjacent.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["addressEntity", "ownershipAsset", "ownershipOwner", "sanctions"]);
    let own = &adjacent["ownershipOwner"];
    let keys: Vec<&String> = own.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["limit", "offset", "total", "results"]);
    assert_eq!((&own["limit"], &own["offset"]), (&json!(3), &json!(0)));
    assert_eq!(own["total"], json!({"value": 26, "relation": "eq"}));
    assert_eq!(ids(&own["results"]).len(), 3);
    let mut seen: Vec<String> = Vec::new();
    for offset in (0..30).step_by(10) {
        let page = get(&g, &format!("/entities/x-bank/adjacent/ownershipOwner?offset={offset}"));
        assert_eq!(page["total"]["value"], json!(26));
        assert!(page["results"].as_array().unwrap().iter().all(|e| e["properties"]["asset"][0]["schema"] == "Company"));
        seen.extend(ids(&page["results"]).into_iter().map(str::to_owned));
    }
    let distinct: std::collections::HashSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (26, 26));
    let sorted = get(&g, "/entities/x-bank/adjacent/ownershipOwner?sort=id:desc&limit=2");
    assert_eq!(ids(&sorted["results"]), ["x-s24", "x-s23"]);
    let none = get(&g, "/entities/x-mira/adjacent/membershipMember");
    assert_eq!((&none["total"]["value"], &none["results"]), (&json!(0), &json!([])));
}

/// Two parties with many relations of one type between them, none with an id of its own.
fn parallel(count: usize) -> Graph {
    let edge = |i: usize| json!({"source": "x:a", "target": "x:b", "type": "owns", "share": i % 100, "start": format!("{}", 1000 + i)});
    let doc = json!({"cuibono": 1, "scope": "x", "sources": [{"id": "x"}], "edges": (0..count).map(edge).collect::<Vec<_>>(),
        "nodes": [{"id": "x:a", "type": "person", "name": "Ada"}, {"id": "x:b", "type": "company", "name": "Bee"}]});
    graph_of_files(vec![Input::from_bytes("x.json", doc.to_string().into_bytes()).unwrap()])
}

#[test]
fn every_one_of_many_parallel_relations_has_an_address() {
    let g = parallel(700);
    let mut seen = std::collections::HashSet::new();
    for offset in [0, 500] {
        let page = get(&g, &format!("/entities/x-a/adjacent/ownershipOwner?limit=500&offset={offset}"));
        assert_eq!(page["total"], json!({"value": 700, "relation": "eq"}));
        for (i, e) in page["results"].as_array().unwrap().iter().enumerate() {
            let id = e["id"].as_str().unwrap();
            assert!(seen.insert(id.to_owned()), "{id}");
            if i % 50 == 0 || offset + i == 699 {
                let one = get(&g, &format!("/entities/{id}?nested=false"));
                assert_eq!((&one["id"], &one["properties"]["startDate"]), (&json!(id), &e["properties"]["startDate"]));
            }
        }
    }
    assert_eq!(seen.len(), 700);
}

#[test]
fn refusals() {
    let g = network();
    let get = |a: &str| ask(&g, Method::Get, a, "");
    let none = json!({"detail": "No such entity!"});
    for a in [
        "/entities/banana",
        "/entities/banana/adjacent",
        "/entities/banana/adjacent/owner",
        "/entities/rel-0123456789abcdef",
        "/entities/sanction-0123456789abcdef",
        "/entities/",
        "/entities/x-mira-0123456789",
    ] {
        assert_eq!(get(a), (404, none.clone()), "{a}");
    }
    for p in ["banana", "name", "ownershipAsset"] {
        assert_eq!(
            get(&format!("/entities/x-mira/adjacent/{p}")),
            (404, json!({"detail": "No such property!"})),
            "{p}"
        );
    }
    assert_eq!(get("/entities/x-mira?nested=maybe").0, 422);
    assert_eq!(get("/entities/x-mira/adjacent?limit=501").0, 422);
    assert_eq!(get("/entities/x-mira/adjacent?offset=9500").0, 422);
    assert_eq!(get("/entities/x-mira/adjacent?sort=banana").0, 400);
    assert_eq!(ask(&g, Method::Post, "/entities/x-mira", "").0, 405);
    assert_eq!(ask(&g, Method::Post, "/entities/x-mira/adjacent/owner", "").0, 405);
    for strange in ["/entities/%", "/entities/..", "/entities/\u{0}", "/entities/-", "/entities/----------"] {
        assert_eq!(get(strange).0, 404, "{strange:?}");
    }
}

#[test]
fn ids_that_were_merged_redirect_for_good() {
    let mut g = network();
    let to = |g: &Graph, a: &str| {
        let r = reply(g, &request(Method::Get, a, ""));
        (r.status, r.headers.iter().find(|(n, _)| *n == "location").map(|(_, v)| v.clone()))
    };
    assert_eq!(to(&g, "/entities/x:mira"), (308, Some("/entities/x-mira".to_owned())));
    assert_eq!(to(&g, "/entities/x-other").0, 200);
    let clusters = Clusters::of(&g, [Entity { parties: vec!["x:mira", "x:other"], decisions: vec![] }]);
    g.set_clusters(clusters, DecidedAt::Now);
    let found = ["x-mira", "x-other"].map(|id| to(&g, &format!("/entities/{id}")));
    let (canonical, other) = if found[0].0 == 200 { ("x-mira", "x-other") } else { ("x-other", "x-mira") };
    let location = Some(format!("/entities/{canonical}"));
    for a in ["", "/adjacent", "/adjacent/sanctions"] {
        assert_eq!(to(&g, &format!("/entities/{other}{a}")), (308, location.clone()), "{a}");
    }
    let one = get(&g, &format!("/entities/{canonical}"));
    assert_eq!(one["referents"], json!([other]));
    assert_eq!(one["properties"]["name"].as_array().unwrap().len(), 2);
}

#[test]
fn referents_of_published_entities_redirect_too() {
    let g = published(&[
        json!({"id": "NK-a", "schema": "Person", "caption": "Mira Tolv", "properties": {"name": ["Mira Tolv"]},
            "datasets": ["eu_fsf"], "referents": ["eu-1", "NK-a", "gb/2"], "target": true,
            "first_seen": "2023-01-02T03:04:05", "last_seen": "2023-02-02T03:04:05", "last_change": "2023-01-03T00:00:00"}),
        json!({"id": "NK-o", "schema": "Ownership", "properties": {"owner": ["NK-a", "NK-b"], "asset": ["NK-c"]},
            "datasets": ["eu_fsf"], "referents": []}),
        json!({"id": "NK-b", "schema": "Person", "properties": {"name": ["Other"]}, "datasets": ["eu_fsf"], "referents": []}),
        json!({"id": "NK-c", "schema": "Company", "properties": {"name": ["Mill"]}, "datasets": ["eu_fsf"], "referents": []}),
    ]);
    for old in ["eu-1", "gb/2"] {
        let r = reply(&g, &Request::to(Method::Get, &["entities", old]));
        assert_eq!((r.status, &r.headers[0]), (308, &("location", "/entities/NK-a".to_owned())), "{old}");
    }
    let e = get(&g, "/entities/NK-a");
    assert_eq!(e["referents"], json!(["eu-1", "gb/2"]));
    assert_eq!((&e["first_seen"], &e["target"]), (&json!("2023-01-02T03:04:05"), &json!(true)));
    // One entity with two owners stays one.
    assert_eq!(ids(&e["properties"]["ownershipOwner"]), ["NK-o"]);
    let own = get(&g, "/entities/NK-o?nested=false");
    assert_eq!(own["properties"]["owner"], json!(["NK-a", "NK-b"]));
}
