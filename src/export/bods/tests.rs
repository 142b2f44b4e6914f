use super::*;
use crate::export::Artifact;
use crate::model::{Direct, Id, Listing, Share, prop};

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn party(text: &str, kind: &str, name: &str) -> PartyRecord {
    let mut p = PartyRecord::new(id(text), kind);
    p.facts.push(Fact::name(prop::NAME, name));
    p.cites.push(Citation { source: "gazette".into(), locator: "page 1".into(), quote: String::new() });
    p
}

fn edge(a: &str, kind: &str, b: &str, share: &str) -> RelationRecord {
    let mut r = RelationRecord::new(End::Id(id(a)), kind, End::Id(id(b)));
    r.share = (!share.is_empty()).then(|| Share::parse(share).unwrap());
    r.cites.push(Citation { source: "gazette".into(), locator: "page 2".into(), quote: String::new() });
    r
}

fn document(nodes: Vec<PartyRecord>, edges: Vec<RelationRecord>) -> Document {
    let gazette = SourceInfo {
        id: "gazette".into(),
        title: "Gazette".into(),
        publisher: "Ministry".into(),
        url: "https://gazette.example/".into(),
        published: "2023-09-01".into(),
        licence: "https://licence.example/".into(),
        ..SourceInfo::default()
    };
    Document { sources: vec![gazette], nodes, edges, ..Document::default() }
}

fn written(doc: &Document) -> (Vec<Value>, Vec<String>) {
    let Export { artifacts, warnings } = write(doc, &Options::default()).unwrap();
    let [Artifact { name, bytes }] = &artifacts[..] else { panic!() };
    assert_eq!(name, "graph.json");
    (serde_json::from_slice(bytes).unwrap(), warnings)
}

#[test]
fn statements_in_the_words_of_the_standard() {
    let mut p = party("x:p", "person", "Ola Nord");
    p.facts.push(Fact::name(prop::FORMER_NAME, "Ola Sud"));
    p.facts.push(Fact::new(prop::BIRTH, "1965-11"));
    p.facts.push(Fact {
        raw: r#"{"name":"Norland","code":"XN"}"#.into(),
        ..Fact::new(prop::COUNTRY, "Norland").kind("nationality")
    });
    let mut c = party("x:c", "company", "Ardent");
    c.facts.push(Fact::name(prop::ALIAS, "Ардент"));
    c.facts.push(Fact::new(prop::COUNTRY, "XN").kind("jurisdiction"));
    c.facts.push(Fact::new(prop::IDENTIFIER, "77").kind("XN-REG"));
    c.facts.push(Fact::new(prop::IDENTIFIER, "78").kind("tax number"));
    c.facts.push(Fact::new(prop::ADDRESS, "1 Quay").kind("registered"));
    c.facts.push(Fact::new("founding_date", "1999-01-02"));
    let mut owns = edge("x:p", "owns", "x:c", ">25 to 50");
    owns.start = PartialDate::parse("2019-03").ok();
    let (all, warnings) = written(&document(vec![p, c], vec![owns]));
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(all.len(), 3);
    let ids: BTreeSet<&str> = all.iter().map(|s| s["statementId"].as_str().unwrap()).collect();
    assert!(ids.len() == 3 && ids.iter().all(|i| i.len() == 32 && i.bytes().all(|b| b.is_ascii_hexdigit())));
    assert_eq!(
        all[0]["recordDetails"],
        json!({"isComponent": false, "personType": "knownPerson",
            "names": [{"fullName": "Ola Nord"}, {"fullName": "Ola Sud", "type": "former"}],
            "birthDate": "1965-11", "nationalities": [{"name": "Norland", "code": "XN"}]})
    );
    assert_eq!(
        all[1]["recordDetails"],
        json!({"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": "Ardent",
            "alternateNames": ["Ардент"], "jurisdiction": {"name": "XN"},
            "identifiers": [{"id": "77", "scheme": "XN-REG"}, {"id": "78", "schemeName": "tax number"}],
            "addresses": [{"address": "1 Quay", "type": "registered"}], "foundingDate": "1999-01-02"})
    );
    let owns = &all[2];
    assert_eq!(
        owns["recordDetails"],
        json!({"isComponent": false, "subject": "x:c", "interestedParty": "x:p", "interests": [{
            "type": "shareholding", "directOrIndirect": "direct",
            "share": {"maximum": 50, "exclusiveMinimum": 25}, "startDate": "2019-03-01"}]})
    );
    assert_eq!(owns["recordId"], "x:p>owns>x:c");
    assert_eq!((&owns["statementDate"], &owns["declarationSubject"]), (&json!("2023-09-01"), &json!("x:c")));
    assert_eq!(owns["annotations"][0]["cuibono"], json!({"start": "2019-03"}), "only the month is known");
    assert_eq!(owns["publicationDetails"]["license"], "https://licence.example/");
    let source = &owns["source"];
    assert_eq!(
        (&source["url"], &source["assertedBy"]),
        (&json!("https://gazette.example/"), &json!([{"name": "Ministry"}]))
    );
    assert!(source["description"].as_str().unwrap().ends_with("Licence: https://licence.example/. At: page 2."));
}

#[test]
fn what_cannot_be_said_is_left_out_and_counted() {
    let mut listed = party("x:p", "person", "Ola");
    listed.listings.push(Listing { list: "eu_fsf".into(), ..Listing::default() });
    listed.facts.push(Fact::name(prop::WEAK_ALIAS, "O."));
    listed.facts.push(Fact::new(prop::BIRTH, "circa 1965"));
    let nodes = vec![listed, party("x:c", "company", "Ardent"), party("x:v", "vessel", "MV Tern")];
    let mut alleged = edge("x:p", "owns", "x:c", "5");
    alleged.status = Status::Alleged;
    let mut sought = edge("x:p", "votes_in", "x:c", "5");
    sought.act = crate::model::Act::Sought;
    let mut former = edge("x:p", "controls", "x:c", "");
    former.facts.push(Fact::new(prop::FORMER, "true"));
    let edges = vec![
        alleged,
        sought,
        former,
        edge("x:c", "owns", "x:v", "100"),
        edge("x:c", "owns", "x:p", "100"),
        edge("x:p", "family_of", "x:c", ""),
        edge("x:p", "supplies", "x:c", ""),
    ];
    let (all, warnings) = written(&document(nodes, edges));
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|s| s["recordType"] != "relationship"));
    assert_eq!(
        warnings,
        [
            "relations that are no interests in BODS were left out: 1 family_of, 1 supplies",
            "parties that are neither persons nor legal entities were left out: 1 vessel",
            "2 relations are alleged, disputed, inferred, withdrawn or not done; BODS states facts, so they were left out",
            "1 relations ended on a day that is not known and were left out",
            "2 relations with an end that can be no interested party or no subject in BODS were left out",
            "1 listings have no place in BODS and were left out",
            "2 properties have no place in BODS and were left out",
        ]
    );
}

#[test]
fn a_joint_holding_is_not_written_for_each_holder() {
    let nodes = vec![party("x:a", "person", "A"), party("x:b", "person", "B"), party("x:c", "company", "C")];
    let joint = |holder: &str| {
        let mut r = edge(holder, "owns", "x:c", "50");
        r.joint = "spouses".into();
        r
    };
    let (all, _) = written(&document(nodes, vec![joint("x:a"), joint("x:b")]));
    for s in &all[3..] {
        let interest = &s["recordDetails"]["interests"][0];
        assert_eq!(
            (&interest["share"], &interest["details"]),
            (&Value::Null, &json!("50 percent held jointly with others (spouses)"))
        );
        assert_eq!(s["annotations"][0]["cuibono"], json!({"joint": "spouses", "share": "50"}));
    }
}

#[test]
fn summaries_stand_behind_their_components() {
    let nodes = vec![party("x:p", "person", "P"), party("x:b", "company", "B"), party("x:c", "company", "C")];
    let mut summary = edge("x:p", "owns", "x:c", "30");
    summary.direct = Direct::Indirect;
    summary.id = Some(id("x:R3/shareholding.indirect"));
    for c in ["b", "R1", "R2", "R9"] {
        summary.facts.push(Fact::new("component_records", c));
    }
    let link = |a: &str, b: &str, own: &str| {
        let mut r = edge(a, "owns", b, "50");
        r.id = Some(id(own));
        r
    };
    let edges = vec![
        summary,
        link("x:p", "x:b", "x:R1/shareholding"),
        link("x:p", "x:b", "x:R1/shareholding@2019-01-01"),
        link("x:b", "x:c", "x:R2/shareholding"),
    ];
    let (all, _) = written(&document(nodes, edges));
    let shown: Vec<(&str, bool)> =
        all.iter().map(|s| (s["recordId"].as_str().unwrap(), s["recordDetails"]["isComponent"] == true)).collect();
    assert_eq!(
        shown,
        [
            ("x:p", false),
            ("x:b", true),
            ("x:c", false),
            ("x:R1/shareholding", true),
            ("x:R2/shareholding", true),
            ("x:R3/shareholding.indirect", false),
            ("x:R1/shareholding@2019-01-01", false),
        ]
    );
    let details = &all[5]["recordDetails"];
    assert_eq!(details["componentRecords"], json!(["x:b", "x:R1/shareholding", "x:R2/shareholding"]));
    assert_eq!(details["interests"][0]["directOrIndirect"], "indirect");
}
