use super::*;
use crate::model::{Act, Citation, Direct, Fact, PartialDate, RelationRecord, Share, Status, prop};
use serde_json::{Value, json};

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn party(of: &str, kind: &str, name: &str) -> PartyRecord {
    let mut p = PartyRecord::new(id(of), kind);
    if !name.is_empty() {
        p.facts.push(Fact::name(prop::NAME, name));
    }
    p
}

fn relation(a: &str, kind: &str, b: &str) -> RelationRecord {
    RelationRecord::new(End::Id(id(a)), kind, End::Id(id(b)))
}

fn lines(doc: &Document) -> (Vec<Value>, Vec<String>) {
    let e = write(doc, &Options::default()).unwrap();
    let text = String::from_utf8(e.artifacts[0].bytes.clone()).unwrap();
    (text.lines().map(|l| serde_json::from_str(l).unwrap()).collect(), e.warnings)
}

#[test]
fn properties_are_those_of_the_model() {
    let mut p = party("ofac:1", "person", "Mira Tolv");
    let date = |t: &str| Some(PartialDate::parse(t).unwrap());
    p.facts.extend([
        Fact::name(prop::WEAK_ALIAS, "M"),
        Fact::new(prop::BIRTH, "1970-05"),
        Fact::new(prop::BIRTH, "circa 1971"),
        Fact::new(prop::COUNTRY, "QZ").kind("nationality"),
        Fact::new(prop::COUNTRY, "Quezonia").kind("country_of_residence"),
        Fact::new(prop::IDENTIFIER, "X 1").kind("Passport"),
        Fact::new(prop::IDENTIFIER, "77").kind("Mill number"),
        Fact { to: date("2020"), ..Fact::new("position", "Miller") },
        Fact { status: Status::Alleged, ..Fact::new(prop::ADDRESS, "Port Quellen") },
        Fact::new("legal_form", "none"),
        Fact::new("favourite_food", "bread"),
        Fact::new(prop::NOTE, "met twice"),
    ]);
    let doc = Document { nodes: vec![p], ..Document::default() };
    let (all, warnings) = lines(&doc);
    assert_eq!(
        all[0]["properties"],
        json!({"name": ["Mira Tolv"], "weakAlias": ["M"], "birthDate": ["1970-05"],
            "notes": ["birth: circa 1971", "position: Miller, until 2020", "address: Port Quellen, alleged",
                "favourite_food: bread", "met twice"],
            "nationality": ["qz"], "country": ["Quezonia"], "passportNumber": ["X 1"], "idNumber": ["77"],
            "legalForm": ["none"]})
    );
    assert_eq!((&all[0]["id"], &all[0]["schema"]), (&json!("ofac-1"), &json!("Person")));
    assert_eq!(
        warnings,
        [
            "FollowTheMoney: 1 dates of birth that are not exact stand in notes only",
            "FollowTheMoney: 2 identifiers lose the name of their scheme",
            "FollowTheMoney: 1 values that have ended or are not asserted stand in notes only",
            "FollowTheMoney: 1 values that the model has no property for stand in notes only",
        ]
        .map(|w| if w.contains("have ended") { w.replace("1 values", "2 values") } else { w.to_owned() })
    );
}

#[test]
fn nothing_is_claimed_beyond_the_relation() {
    let mut sought = relation("x:a", "supplies", "x:b");
    (sought.act, sought.status) = (Act::Sought, Status::Alleged);
    let mut alleged = relation("x:a", "owns", "x:b");
    (alleged.status, alleged.share) = (Status::Alleged, Some(Share::parse(">25 to 50").unwrap()));
    let mut former = relation("x:a", "directs", "x:b");
    former.facts.push(Fact::new(prop::FORMER, "true"));
    let mut withdrawn = relation("x:a", "controls", "x:b");
    withdrawn.status = Status::Withdrawn;
    let votes = relation("x:a", "votes_in", "x:b");
    let under = relation("x:a", "under_program", "x:p");
    let mut owns = relation("x:a", "owns", "x:b");
    owns.id = Some(id("x:e1"));
    (owns.share, owns.direct, owns.stake) = (Some(Share::parse("100/3").unwrap()), Direct::Indirect, "B".into());
    owns.start = PartialDate::parse("2019-02").ok();
    let doc = Document {
        nodes: vec![
            party("x:a", "company", "A"),
            party("x:b", "company", "B"),
            party("x:p", "sanctions_program", "GRAIN"),
        ],
        edges: vec![sought, alleged, former, withdrawn, votes, under, owns],
        ..Document::default()
    };
    let (all, warnings) = lines(&doc);
    let said: Vec<String> = all[3..].iter().map(|e| format!("{} {}", e["schema"], e["properties"])).collect();
    let ends = |p: &str| format!("\"UnknownLink\" {{\"subject\":[\"x-a\"],\"object\":[\"x-b\"],{p}}}");
    assert_eq!(
        said,
        [
            ends("\"role\":[\"supplies (sought, alleged)\"]"),
            ends("\"role\":[\"owns (alleged)\"],\"description\":[\"share: >25 to 50\"]"),
            ends("\"role\":[\"directs (former)\"]"),
            ends("\"role\":[\"votes in\"]"),
            "\"Ownership\" {\"owner\":[\"x-a\"],\"asset\":[\"x-b\"],\"percentage\":[\"100/3\"],\"startDate\":[\"2019-02\"],\"description\":[\"stake: B\"],\"ownershipType\":[\"indirect\"]}".to_owned(),
        ]
    );
    assert_eq!(all[0]["properties"]["program"], json!(["GRAIN"]));
    assert!(warnings.iter().any(|w| w.contains("1 withdrawn relations")), "{warnings:?}");
}

#[test]
fn listings_are_sanctions_and_each_stands_once() {
    let listing = |list: &str, from: &str, cites: &[(&str, &str)]| Listing {
        list: list.into(),
        from: PartialDate::parse(from).ok(),
        programs: vec!["G1".into()],
        cites: cites
            .iter()
            .map(|(s, l)| Citation { source: (*s).into(), locator: (*l).into(), quote: String::new() })
            .collect(),
        ..Listing::default()
    };
    let mut a = party("x:a", "company", "A");
    a.listings = vec![listing("ofac_sdn", "2020", &[("report", "")]), listing("eu_fsf", "2021", &[])];
    let mut b = party("ftm:b", "company", "B");
    b.listings = vec![
        listing("ofac_sdn", "2020", &[("us_ofac_sdn", "s1")]),
        listing("us_csl", "2020", &[("us_trade_csl", "s1")]),
        listing("xa_list", "2022", &[("xa_list", "s2")]),
    ];
    let act = party("x:act", "designation", "Designation of A");
    let mut of = relation("x:act", "designation_of", "x:a");
    of.start = PartialDate::parse("2020").ok();
    let mut s2 = party("ftm:s2", "designation", "");
    s2.facts.push(Fact::new("schema", "Sanction"));
    let mut about = relation("ftm:s2", "designation_of", "ftm:b");
    about.facts.push(Fact::new("source_label", "entity"));
    let doc = Document { nodes: vec![a, b, act, s2], edges: vec![of, about], ..Document::default() };
    let (all, _) = lines(&doc);
    let sanctions: Vec<String> = all
        .iter()
        .filter(|e| e["schema"] == "Sanction")
        .map(|e| format!("{} {} {}", e["properties"]["entity"], e["properties"]["listingDate"], e["datasets"]))
        .collect();
    assert_eq!(
        sanctions,
        [
            r#"["x-a"] ["2020"] ["ofac_sdn"]"#,
            r#"["b"] null null"#,
            r#"["x-a"] ["2021"] ["eu_fsf"]"#,
            r#"["b"] ["2020"] ["us_ofac_sdn","us_trade_csl"]"#,
        ]
    );
    assert_eq!(all[0]["properties"]["topics"], json!(["sanction"]));
}

#[test]
fn what_was_one_entity_is_one_again() {
    let own = |n: &str, a: &str, b: &str| {
        let mut r = relation(a, "owns", b);
        r.id = Some(id(&format!("ftm:o/{n}")));
        r.facts.push(Fact::new("schema", "Ownership"));
        r
    };
    let doc = |edges: Vec<RelationRecord>| Document {
        nodes: ["ftm:a", "ftm:b", "ftm:c"].map(|i| party(i, "company", i)).to_vec(),
        edges,
        ..Document::default()
    };
    let (all, _) = lines(&doc(vec![own("1", "ftm:a", "ftm:c"), own("2", "ftm:b", "ftm:c")]));
    assert_eq!((all.len(), &all[3]["id"]), (4, &json!("o")));
    assert_eq!(all[3]["properties"], json!({"owner": ["a", "b"], "asset": ["c"]}));
    let (all, _) = lines(&doc(vec![own("1", "ftm:a", "ftm:c"), own("2", "ftm:b", "ftm:a")]));
    assert_eq!(all.len(), 5, "pairs that are not all pairs stay apart");
}
