//! Over whole networks: every entity that is told of is one that FollowTheMoney knows.

use super::*;
use crate::import::ftm::model;

/// Checks an entity and all within it; how many there were.
fn sound(e: &Value, path: &mut Vec<String>) -> usize {
    let (id, schema) = (e["id"].as_str().unwrap(), e["schema"].as_str().unwrap());
    assert!(!path.iter().any(|p| p == id), "{id} within itself: {path:?}");
    assert!(path.len() <= 2, "{path:?}");
    path.push(id.to_owned());
    let mut count = 1;
    for (name, values) in e["properties"].as_object().unwrap() {
        let entity = model::properties(schema).find(|(p, _)| p == name).map(|(_, entity)| entity);
        let values = values.as_array().unwrap();
        assert!(!values.is_empty(), "{id} {name}");
        for v in values {
            match v {
                Value::String(_) => assert!(entity.is_some(), "{schema}.{name}"),
                nested => {
                    assert_ne!(entity, Some(false), "{schema}.{name}");
                    count += sound(nested, path);
                }
            }
        }
    }
    path.pop();
    count
}

fn all(g: &Graph) -> usize {
    let mut count = 0;
    let mut offset = 0;
    loop {
        let page = get(g, &format!("/search/default?limit=500&offset={offset}"));
        let found: Vec<String> = ids(&page["results"]).into_iter().map(str::to_owned).collect();
        if found.is_empty() {
            return count;
        }
        offset += found.len();
        for id in found {
            let path: Vec<&str> = vec!["entities", &id];
            let r = reply(g, &Request::to(Method::Get, &path));
            assert_eq!(r.status, 200, "{id}");
            let e: Value = serde_json::from_slice(&r.body).unwrap();
            count += sound(&e, &mut Vec::new());
            let adjacent = get(g, &format!("/entities/{id}/adjacent?limit=500"));
            for (property, page) in adjacent["adjacent"].as_object().unwrap() {
                // The same by both ways.
                assert_eq!(
                    page["results"].as_array().map(Vec::len),
                    e["properties"][property].as_array().map(Vec::len),
                    "{id} {property}"
                );
                assert!(page["total"]["value"].as_u64() > Some(0));
            }
        }
    }
}

#[test]
fn the_networks_of_the_repository() {
    for (name, text) in [
        ("seed.json", include_str!("../../../../data/seed.json")),
        ("holding.json", include_str!("../../../../data/holding.json")),
    ] {
        let g = graph_of_files(vec![Input::from_bytes(name, text.as_bytes().to_vec()).unwrap()]);
        assert!(all(&g) > 100, "{name}");
    }
    assert!(all(&network()) > 100);
}

/// Entities of a real publisher come out as they went in.
#[test]
fn published_entities_are_the_same_again() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let path = format!("{root}/data/ftm/zala-network.ftm.json.gz");
    let g = graph_of_files(vec![Input::open(std::path::Path::new(&path)).unwrap()]);
    let mut text = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).unwrap()),
        &mut text,
    )
    .unwrap();
    let mut compared = 0;
    for line in text.lines() {
        let theirs: Value = serde_json::from_str(line).unwrap();
        let ours = get(&g, &format!("/entities/{}?nested=false", theirs["id"].as_str().unwrap()));
        for member in ["caption", "schema", "target", "first_seen", "last_seen", "last_change"] {
            assert_eq!(ours[member], theirs[member], "{line}");
        }
        let sorted = |v: &Value| {
            let mut all: Vec<String> = v.as_array().unwrap().iter().map(ToString::to_string).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(sorted(&ours["datasets"]), sorted(&theirs["datasets"]), "{line}");
        for (name, values) in theirs["properties"].as_object().unwrap() {
            assert_eq!(sorted(&ours["properties"][name]), sorted(values), "{name} of {line}");
        }
        assert_eq!(
            ours["properties"].as_object().map(serde_json::Map::len),
            theirs["properties"].as_object().map(serde_json::Map::len)
        );
        compared += 1;
    }
    assert_eq!(compared, 91);
    // The names that clients' own tests of this network go by.
    let first = |q: &str| ids(&get(&g, &format!("/search/default?{q}"))["results"]).first().map(|s| (*s).to_owned());
    assert_eq!(first("q=alexander+zakharov"), Some("NK-aU5ybkbRFJucf8YMwsJvDw".to_owned()));
    assert_eq!(first("q=alexander+zakharov&countries=ke"), None);
}
