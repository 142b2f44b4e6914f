//! What clients of yente rely on, address by address: statuses, shapes, redirects, nesting, echoes,
//! paging, facets.

mod entities;
mod matching;
mod reconcile;
mod search;
mod whole;

use super::answer;
use crate::error::Result;
use crate::graph::Graph;
use crate::import::Input;
use crate::model::PartialDate;
use crate::query::Scratch;
use crate::query::testing::graph_of_files;
use crate::serve::{Asker, Context, Method, Reply, Request};
use serde_json::{Value, json};

/// Nobody asks it.
struct Silent;

impl Asker for Silent {
    fn ask(&self, _: &[String], _: &Graph, _: &mut Scratch) -> Result<(u8, Vec<u8>)> {
        unreachable!("these addresses ask a graph")
    }
}

/// A store of some parties: two listed ones, a chain of holdings, an address that many share.
pub(super) fn network() -> Graph {
    let cites = json!([{"source": "report", "locator": "page 1"}]);
    let listed = json!([{"list": "ofac_sdn", "from": "2023-08-31", "programs": ["GRAIN"],
        "cites": [{"source": "ofac_sdn", "locator": "entry 1"}]}]);
    let mut nodes = vec![
        json!({"id": "x:mira", "type": "person", "name": "Mira Tolv", "aliases": ["Мира Толв"], "birth": "1970-05-01",
            "countries": [{"value": "Russia", "kind": "nationality"}], "listed": listed, "cites": cites,
            "identifiers": [{"scheme": "Passport", "value": "X 1234567"}], "properties": {"gender": "Female"}}),
        json!({"id": "x:bank", "type": "company", "name": "Quellen Grain Bank", "listed": listed, "cites": cites,
            "countries": [{"value": "Russia", "kind": "registered"}],
            "identifiers": [{"scheme": "INN", "value": "7707083893"}]}),
        json!({"id": "x:mill", "type": "company", "name": "Tolv Milling Works", "cites": cites,
            "countries": [{"value": "North Korea", "kind": "registered"}]}),
        json!({"id": "x:ship", "type": "vessel", "name": "Corn Flower",
            "identifiers": [{"scheme": "IMO", "value": "9074729"}], "countries": [{"value": "Panama", "kind": "flag"}]}),
        json!({"id": "x:home", "type": "address", "name": "1 Mill Lane, Port Quellen"}),
        json!({"id": "x:other", "type": "person", "name": "Mira Tolvanen", "birth": "1991"}),
    ];
    let mut edges = vec![
        json!({"id": "x:e1", "source": "x:mira", "target": "x:bank", "type": "owns", "share": 60, "start": "2019",
            "cites": cites}),
        json!({"source": "x:bank", "target": "x:mill", "type": "owns", "share": 100, "cites": cites}),
        json!({"id": "x:e2", "source": "x:mira", "target": "x:mill", "type": "directs", "role": "head", "cites": cites}),
        json!({"source": "x:mira", "target": "x:home", "type": "has_address"}),
        json!({"source": "x:bank", "target": "x:home", "type": "has_address"}),
        json!({"id": "x:e3", "source": "x:mill", "target": "x:ship", "type": "owns", "status": "alleged"}),
        json!({"id": "x:e4", "source": "x:mira", "target": "x:other", "type": "family_of", "role": "cousin"}),
    ];
    for i in 0..25 {
        let id = format!("x:shop{i:02}");
        nodes.push(json!({"id": id, "type": "company", "name": format!("Bread Shop {i:02}")}));
        edges.push(json!({"id": format!("x:s{i:02}"), "source": "x:bank", "target": id, "type": "owns"}));
    }
    let sources = json!([{"id": "news", "title": "News of the mill", "publisher": "The Mill Post"},
        {"id": "report", "title": "A report"}, {"id": "ofac_sdn", "title": "SDN list"}]);
    let doc = json!({"cuibono": 1, "scope": "news", "sources": sources, "nodes": nodes, "edges": edges});
    graph_of_files(vec![Input::from_bytes("news.json", doc.to_string().into_bytes()).unwrap()])
}

/// A store of entities as they are published.
pub(super) fn published(lines: &[Value]) -> Graph {
    let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
    graph_of_files(vec![Input::from_bytes("entities.ftm.json", text.into_bytes()).unwrap()])
}

/// A request as a client writes its address.
pub(super) fn request(method: Method, address: &str, body: &str) -> Request {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let pair = |p: &str| p.split_once('=').map(|(n, v)| (n.to_owned(), v.replace('+', " ")));
    Request {
        query: query.split('&').filter_map(pair).collect(),
        body: body.as_bytes().to_vec(),
        host: Some("127.0.0.1:8642".to_owned()),
        ..Request::to(method, &path)
    }
}

pub(super) fn reply(graph: &Graph, r: &Request) -> Reply {
    let today = PartialDate::parse("2024-06-01").ok();
    let context = &mut Context { graph, scratch: &mut Scratch::default(), asker: &Silent, today };
    answer(r, context).unwrap_or_else(|| panic!("no address of yente's: {r:?}"))
}

/// Status and body of an answer.
pub(super) fn ask(graph: &Graph, method: Method, address: &str, body: &str) -> (u16, Value) {
    let reply = reply(graph, &request(method, address, body));
    let text = String::from_utf8(reply.body).unwrap();
    (reply.status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// The body of a good answer to a question.
pub(super) fn get(graph: &Graph, address: &str) -> Value {
    let (status, body) = ask(graph, Method::Get, address, "");
    assert_eq!(status, 200, "{address}: {body}");
    body
}

/// Ids of entities in a list.
pub(super) fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
}
