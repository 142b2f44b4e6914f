//! BODS in and out: what is read, written and read again is the same network, and verdicts
//! count the share of their day.

use crate::support::{graph, import_files, import_texts, memory, shipped, test_data};
use cuibono::export::{Options, target};
use cuibono::graph::{Filter, Graph, View};
use cuibono::import::Request;
use cuibono::model::{Act, Direct, Document, End, PartialDate, RelationRecord, Status, prop};
use cuibono::query::{Subgraph, answer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Everything in a graph.
fn whole(graph: &Graph) -> Document {
    let view = View::new(graph, Filter::default()).unwrap();
    let part = Subgraph {
        nodes: graph.nodes().collect(),
        edges: view.edges().map(|(e, _, _)| e).collect(),
        ..Subgraph::default()
    };
    answer(&view, &part, "export").unwrap()
}

fn end(e: &End) -> String {
    match e {
        End::Id(id) => id.to_string(),
        End::Name(name) => format!("\"{name}\""),
    }
}

/// What must survive of a relation.
fn relation(r: &RelationRecord) -> String {
    let date = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    format!(
        "{} {} {} {} {:?} {}..{} {:?} stake {:?} joint {:?} role {:?}",
        r.external_id(),
        end(&r.source),
        r.edge_type,
        end(&r.target),
        r.share.map(|s| s.to_string()),
        date(r.start),
        date(r.end),
        r.direct,
        r.stake,
        r.joint,
        r.role
    )
}

/// What must survive of the parties: type, names, births, countries, identifiers, addresses.
fn parties(doc: &Document) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let props = [prop::NAME, prop::ALIAS, prop::FORMER_NAME, prop::BIRTH, prop::IDENTIFIER, prop::ADDRESS];
    let kept = |f: &cuibono::model::Fact| {
        let said = ["nationality", "jurisdiction", "tax residency"].contains(&f.kind.as_str());
        (props.contains(&f.prop.as_str()) || (f.prop == prop::COUNTRY && said))
            .then(|| format!("{}={} ({})", f.prop, f.value, f.kind))
    };
    let one = |p: &cuibono::model::PartyRecord| {
        (p.id.to_string(), (p.node_type.clone(), p.facts.iter().filter_map(kept).collect()))
    };
    doc.nodes.iter().map(one).collect()
}

/// Writes a document as BODS and reads it again; gives the statements, the warnings and what was read.
fn through(doc: &Document) -> (Value, Vec<String>, Document) {
    let export = (target("bods").unwrap().write)(doc, &Options::default()).unwrap();
    let again = (target("bods").unwrap().write)(doc, &Options::default()).unwrap();
    assert_eq!(export, again, "same document, other bytes");
    let text = String::from_utf8(export.artifacts[0].bytes.clone()).unwrap();
    let s = memory();
    let got = import_texts(&s, &[("out.json", &text)], &crate::support::on("2024-01-01")).unwrap();
    assert_eq!(got.format, "bods");
    assert!(got.report.skipped.is_empty(), "{:?}", got.report.skipped);
    (serde_json::from_str(&text).unwrap(), export.warnings, whole(&graph(&s)))
}

fn relations(doc: &Document) -> BTreeSet<String> {
    doc.edges.iter().map(relation).collect()
}

/// Checks statements with the standard's schemas where a Python with `jsonschema` is known.
fn check_schema(data: &Path, file: &Path) {
    let Some(python) = std::env::var_os("CUIBONO_READERS_PYTHON") else {
        println!("skipped: the schemas of BODS, CUIBONO_READERS_PYTHON not set");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/check_bods.py");
    let out = Command::new(python).arg(script).arg(data.join("data/schemas/bods-0.4")).arg(file).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success() && said.contains("valid"), "{said}");
}

#[test]
fn published_examples_survive_a_round_trip() {
    let Some(data) = test_data() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (mut files, mut edges) = (0, 0);
    for file in std::fs::read_dir(data.join("data/bods/0.4")).unwrap() {
        let path = file.unwrap().path();
        let s = memory();
        import_files(&s, std::slice::from_ref(&path), &Request::default());
        let before = whole(&graph(&s));
        let (statements, warnings, after) = through(&before);
        assert_eq!(relations(&after), relations(&before), "{}", path.display());
        assert_eq!(parties(&after), parties(&before), "{}", path.display());
        assert!(warnings.iter().all(|w| w.contains("properties") || w.contains("no date")), "{warnings:?}");
        let (twice, _, _) = through(&after);
        let details = |v: &Value| -> BTreeMap<String, Value> {
            let all = v.as_array().unwrap().iter();
            all.map(|s| (s["recordId"].to_string(), s["recordDetails"].clone())).collect()
        };
        assert_eq!(details(&twice), details(&statements), "{}", path.display());
        let out = dir.path().join(path.file_name().unwrap());
        std::fs::write(&out, statements.to_string()).unwrap();
        files += 1;
        edges += before.edges.len();
    }
    assert!(files == 19 && edges > 50, "{files} {edges}");
    check_schema(&data, dir.path());
}

/// Whether BODS can say a relation; worked out apart from the exporter.
fn sayable(doc: &Document, r: &RelationRecord) -> bool {
    let kind = |e: &End| match e {
        End::Id(id) => doc.nodes.iter().find(|p| p.id == *id).map_or("", |p| p.node_type.as_str()),
        End::Name(_) => "unresolved_name",
    };
    let persons = ["person", "group_of_persons"];
    let entities = [
        "company",
        "organization",
        "legal_entity",
        "public_body",
        "international_body",
        "arrangement",
        "state",
        "authority",
        "unknown_party",
        "unresolved_name",
        "thing",
    ];
    let interests = [
        "owns",
        "votes_in",
        "owns_or_controls",
        "beneficially_owns",
        "controls",
        "influences",
        "appoints_board_of",
        "contract_rights_in",
        "entitled_to_income_of",
        "entitled_to_surplus_of",
        "uses_assets_of",
        "directs",
        "manages",
        "settlor_of",
        "trustee_of",
        "protector_of",
        "beneficiary_of",
        "nominee_for",
        "nominates",
        "interest_in",
        "parent_of",
        "owns_controls_or_operates",
        "has_property_interest_in",
        "consolidates",
        "ultimately_consolidates",
        "manages_fund",
    ];
    interests.contains(&r.edge_type.as_str())
        && (r.status, r.act) == (Status::Asserted, Act::Done)
        && entities.contains(&kind(&r.target))
        && (entities.contains(&kind(&r.source)) || persons.contains(&kind(&r.source)))
}

#[test]
fn the_sayable_part_of_documents_survives() {
    let dir = tempfile::tempdir().unwrap();
    let mut edges = 0;
    for name in ["seed.json", "holding.json", "faq-401.json"] {
        let s = memory();
        import_files(&s, &[shipped(name)], &Request::default());
        let before = whole(&graph(&s));
        let (statements, warnings, after) = through(&before);
        let wanted: BTreeSet<String> = before.edges.iter().filter(|r| sayable(&before, r)).map(relation).collect();
        assert_eq!(relations(&after), wanted, "{name}");
        let left = before.edges.len() - wanted.len();
        assert_eq!(left > 0, warnings.iter().any(|w| w.contains("relations")), "{name}: {warnings:?}");
        let was = parties(&before);
        for (id, (kind, facts)) in parties(&after) {
            let (kind_before, facts_before) = &was[&id];
            assert_eq!(&kind, kind_before, "{name}: {id}");
            // An alias of a person gets the standard's word for it, a former name of a firm is an alternate one.
            let bare = |f: &BTreeSet<String>| -> BTreeSet<String> {
                let value = |f: &String| f.split_once('=').map(|(_, v)| v.split(" (").next().unwrap().to_owned());
                f.iter().filter_map(value).collect()
            };
            let (now, then) = (bare(&facts), bare(facts_before));
            assert!(now.is_subset(&then), "{name}: {id}: {now:?} {then:?}");
        }
        std::fs::write(dir.path().join(name), statements.to_string()).unwrap();
        edges += wanted.len();
    }
    assert!(edges > 25, "{edges}");
    if let Some(data) = test_data() {
        check_schema(&data, dir.path());
    }
}

const HEAD: &str = r#""declarationSubject":"E1","publicationDetails":{"publicationDate":"2024-02-03","bodsVersion":"0.4","publisher":{"name":"Register of Norland"}}"#;

/// Ola holds 60 % of Ardent until May 2020, then 40 %; Ada 30 % until June 2021.
fn register() -> String {
    let holds = |record: &str, who: &str, day: &str, status: &str, share: u32| {
        format!(
            r#"{{"statementId":"{record}-{day}-00000000000000000000","statementDate":"{day}","recordId":"{record}","recordType":"relationship","recordStatus":"{status}",{HEAD},
            "recordDetails":{{"isComponent":false,"subject":"E1","interestedParty":"{who}","interests":[{{"type":"shareholding","directOrIndirect":"direct","share":{{"exact":{share}}},"startDate":"2018-03-01"}}]}}}}"#
        )
    };
    let person = |record: &str| {
        format!(
            r#"{{"statementId":"{record}-0000000000000000000000000000","statementDate":"2018-03-05","recordId":"{record}","recordType":"person",{HEAD},"recordDetails":{{"isComponent":false,"personType":"knownPerson","names":[{{"fullName":"Person {record}"}}]}}}}"#
        )
    };
    let entity = format!(
        r#"{{"statementId":"E1-00000000000000000000000000000","statementDate":"2018-03-05","recordId":"E1","recordType":"entity",{HEAD},"recordDetails":{{"isComponent":false,"entityType":{{"type":"registeredEntity"}},"name":"Ardent Ltd"}}}}"#
    );
    let all = [
        entity,
        person("ola"),
        person("ada"),
        holds("R1", "ola", "2018-03-05", "new", 60),
        holds("R2", "ada", "2018-03-05", "new", 30),
        holds("R1", "ola", "2020-05-01", "updated", 40),
        holds("R2", "ada", "2021-06-01", "closed", 30),
    ];
    format!("[{}]", all.join(",\n"))
}

/// The answer of the program to a question about the register and a list.
fn ask(args: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("register.json"), register()).unwrap();
    let listed = r#"{"cuibono":1,"nodes":[{"id":"register_of_norland:ola","listed":[{"list":"ofac_sdn","from":"2015-01-01"}]},{"id":"register_of_norland:ada","listed":[{"list":"ofac_sdn","from":"2015-01-01"}]}],"edges":[]}"#;
    std::fs::write(dir.path().join("list.json"), listed).unwrap();
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir.path()).env_remove("CUIBONO_STORE");
    let out = c.args(["--from", "register.json", "--from", "list.json"]).args(args).arg("--json").output().unwrap();
    serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&out.stderr)))
}

#[test]
fn verdicts_count_the_shares_of_their_day() {
    let at = |day: &str| {
        let v = ask(&["verdict", "register_of_norland:E1", "--regime", "ofac", "--as-of", day]);
        let v = v["verdicts"][0].clone();
        (v["verdict"].as_str().unwrap().to_owned(), v["share"]["min"].to_string(), v["share"]["max"].to_string())
    };
    assert_eq!(at("2020-01-01").1, "\"90\"");
    assert_eq!(at("2020-05-01").1, "\"70\"", "60 percent became 40");
    let (now, min, max) = at("2024-01-01");
    assert_eq!((min.as_str(), max.as_str()), ("\"40\"", "\"40\""), "what has ended is not counted");
    assert_ne!(now, at("2020-01-01").0);
    let seen = |day: &str| -> Vec<String> {
        let v = ask(&["neighbours", "register_of_norland:E1", "--as-of", day]);
        let mut shares: Vec<String> =
            v["edges"].as_array().unwrap().iter().map(|e| e["share"].as_str().unwrap().to_owned()).collect();
        shares.sort();
        shares
    };
    assert_eq!((seen("2020-01-01"), seen("2024-01-01")), (vec!["30".to_owned(), "60".into()], vec!["40".to_owned()]));
    assert_eq!(seen("2017-01-01"), Vec::<String>::new());
}

#[test]
fn the_history_survives_a_round_trip() {
    let s = memory();
    import_texts(&s, &[("register.json", &register())], &Request::default()).unwrap();
    let before = whole(&graph(&s));
    let (_, warnings, after) = through(&before);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!((relations(&after), parties(&after)), (relations(&before), parties(&before)));
    assert_eq!(before.edges.len(), 3);
    assert!(before.edges.iter().all(|r| r.direct == Direct::Direct));
}
