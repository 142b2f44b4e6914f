use super::*;
use crate::graph::{Filter, Graph, View};
use crate::import::sink::testing::{Got, run};
use crate::import::{Request, import as import_into};
use crate::model::{Direct, Status};
use crate::store::{Memory, Snapshot, Storage};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::sync::Arc;

/// The rest of a 0.4 statement: id, subject of the declaration, day, record, type, status.
fn head(record: &str, kind: &str, day: &str, status: &str) -> String {
    format!(
        r#""statementId":"{record}-{day}-{status}-0000000000000000","declarationSubject":"E1","statementDate":"{day}","recordId":"{record}","recordType":"{kind}","recordStatus":"{status}","publicationDetails":{{"publicationDate":"2024-02-03","bodsVersion":"0.4","license":"https://licence.example/","publisher":{{"name":"Register of Norland","url":"https://norland.example/"}}}}"#
    )
}

fn entity(record: &str, name: &str) -> String {
    format!(
        r#"{{{},"recordDetails":{{"isComponent":false,"entityType":{{"type":"registeredEntity"}},"name":"{name}"}}}}"#,
        head(record, "entity", "2018-01-01", "new")
    )
}

fn person(record: &str, name: &str) -> String {
    format!(
        r#"{{{},"recordDetails":{{"isComponent":false,"personType":"knownPerson","names":[{{"fullName":"{name}"}}]}}}}"#,
        head(record, "person", "2018-01-01", "new")
    )
}

/// A statement that P1 holds `interests` in E1.
fn holds(day: &str, status: &str, interests: &str) -> String {
    format!(
        r#"{{{},"recordDetails":{{"isComponent":false,"subject":"E1","interestedParty":"P1","interests":[{interests}]}}}}"#,
        head("R1", "relationship", day, status)
    )
}

fn array(statements: &[String]) -> String {
    format!("[{}]", statements.join(",\n"))
}

fn read(text: &str) -> Result<Got> {
    run(import, &[("norland.json", text.as_bytes())], &Options::default())
}

fn relations(got: &Got) -> Vec<&RelationRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn parties(got: &Got) -> Vec<&PartyRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None }).collect()
}

/// `id: subject type object share start..end`, `~` before what is indirect.
fn brief(r: &RelationRecord) -> String {
    let end = |e: &End| if let End::Id(i) = e { i.local().to_owned() } else { "?".into() };
    let date = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    let share = r.share.map(|s| s.to_string()).unwrap_or_else(|| "-".into());
    let direct = match r.direct {
        Direct::Direct => "",
        Direct::Indirect => "~",
        Direct::Unknown => "?",
    };
    let id = r.external_id();
    let id = id.strip_prefix("register_of_norland:").unwrap_or(&id);
    format!(
        "{id}: {} {direct}{} {} {share} {}..{}",
        end(&r.source),
        r.edge_type,
        end(&r.target),
        date(r.start),
        date(r.end)
    )
}

fn briefs(text: &str) -> Vec<String> {
    relations(&read(text).unwrap()).into_iter().map(brief).collect()
}

fn shares(share: &str, more: &str) -> String {
    format!(r#"{{"type":"shareholding","directOrIndirect":"direct","share":{share}{more}}}"#)
}

#[test]
fn a_version_ends_where_the_next_begins() {
    let start = r#","startDate":"2018-03-01""#;
    let case = |versions: &[(&str, &str, String)]| {
        let all: Vec<String> = versions.iter().map(|(day, status, i)| holds(day, status, i)).collect();
        let chronological = briefs(&array(&all));
        let back: Vec<String> = all.into_iter().rev().collect();
        let (mut a, mut b) = (chronological.clone(), briefs(&array(&back)));
        a.sort();
        b.sort();
        assert_eq!(a, b, "the order in the file does not matter");
        chronological
    };
    // The publisher keeps the day on which the holding began.
    assert_eq!(
        case(&[
            ("2018-03-05", "new", shares(r#"{"exact":60}"#, start)),
            ("2020-05-01", "updated", shares(r#"{"exact":40}"#, start)),
        ]),
        [
            "R1/shareholding@2018-03-05: P1 owns E1 60 2018-03-01..2020-05-01",
            "R1/shareholding: P1 owns E1 40 2020-05-01.."
        ]
    );
    // It gives the day of the change.
    assert_eq!(
        case(&[
            ("2018-03-05", "new", shares(r#"{"exact":60}"#, start)),
            ("2020-05-01", "updated", shares(r#"{"exact":40}"#, r#","startDate":"2020-04-20""#)),
        ]),
        [
            "R1/shareholding@2018-03-05: P1 owns E1 60 2018-03-01..2020-04-20",
            "R1/shareholding: P1 owns E1 40 2020-04-20.."
        ]
    );
    // It gives no day at all.
    assert_eq!(
        case(&[
            ("2018-03-05", "new", shares(r#"{"exact":60}"#, "")),
            ("2020-05-01", "updated", shares(r#"{"exact":40}"#, "")),
        ]),
        ["R1/shareholding@2018-03-05: P1 owns E1 60 ..2020-05-01", "R1/shareholding: P1 owns E1 40 2020-05-01.."]
    );
    // Confirmed, then changed, confirmed again with the first start, then closed.
    assert_eq!(
        case(&[
            ("2018-03-05", "new", shares(r#"{"exact":60}"#, start)),
            ("2019-03-05", "updated", shares(r#"{"exact":60}"#, start)),
            ("2020-05-01", "updated", shares(r#"{"exact":40}"#, start)),
            ("2021-05-01", "updated", shares(r#"{"exact":40}"#, start)),
            ("2022-05-01", "closed", shares(r#"{"exact":40}"#, start)),
        ]),
        [
            "R1/shareholding@2019-03-05: P1 owns E1 60 2018-03-01..2020-05-01",
            "R1/shareholding: P1 owns E1 40 2020-05-01..2022-05-01"
        ]
    );
    // The closing statement says when it ended; one that says nothing else.
    let ended = shares(r#"{"exact":60}"#, r#","startDate":"2018-03-01","endDate":"2019-12-31""#);
    assert_eq!(
        case(&[("2018-03-05", "new", shares(r#"{"exact":60}"#, start)), ("2020-05-01", "closed", ended.clone())]),
        ["R1/shareholding: P1 owns E1 60 2018-03-01..2019-12-31"]
    );
    assert_eq!(
        case(&[("2018-03-05", "new", shares(r#"{"exact":60}"#, start)), ("2020-05-01", "closed", String::new())]),
        ["R1/shareholding: P1 owns E1 60 2018-03-01..2020-05-01"]
    );
    assert_eq!(
        case(&[("2020-05-01", "closed", shares(r#"{"exact":60}"#, start))]),
        ["R1/shareholding: P1 owns E1 60 2018-03-01..2020-05-01"]
    );
    // An interest that is no longer named has ended; it comes back.
    let votes = r#"{"type":"votingRights","directOrIndirect":"direct","share":{"exact":10}}"#;
    assert_eq!(
        case(&[
            ("2018-03-05", "new", format!("{votes},{}", shares(r#"{"exact":60}"#, start))),
            ("2020-05-01", "updated", shares(r#"{"exact":60}"#, start)),
            ("2021-05-01", "updated", format!("{},{votes}", shares(r#"{"exact":60}"#, start))),
        ])
        .iter()
        .filter(|b| b.contains("voting"))
        .collect::<Vec<_>>(),
        [
            "R1/votingRights@2018-03-05: P1 votes_in E1 10 ..2020-05-01",
            "R1/votingRights: P1 votes_in E1 10 2021-05-01.."
        ]
    );
}

#[test]
fn corrections_of_one_day_and_odd_dates() {
    let all = [
        holds("2018-03-05", "new", &shares(r#"{"exact":60}"#, "")),
        holds("2020-05-01", "updated", &shares(r#"{"exact":44}"#, "")),
        holds("2020-05-01T10:00:00Z", "updated", &shares(r#"{"exact":40}"#, "")),
    ];
    assert_eq!(
        briefs(&array(&all)),
        ["R1/shareholding@2018-03-05: P1 owns E1 60 ..2020-05-01", "R1/shareholding: P1 owns E1 40 2020-05-01.."]
    );
    let odd = holds("last May", "new", &shares(r#"{"exact":60}"#, r#","startDate":"soon","endDate":"2020-02-31""#));
    let got = read(&array(&[odd])).unwrap();
    assert_eq!(brief(relations(&got)[0]), "R1/shareholding: P1 owns E1 60 ..");
    assert_eq!(relations(&got)[0].value("start_date"), Some("soon"));
    assert_eq!(got.report.suspicious["date not understood"].count, 2);
    assert_eq!(got.report.suspicious["date of statement missing or not understood"].count, 1);
    let back = shares(r#"{"exact":60}"#, r#","startDate":"2020-01-02","endDate":"2019-01-01""#);
    let got = read(&array(&[holds("2021-01-01", "new", &back)])).unwrap();
    assert_eq!(brief(relations(&got)[0]), "R1/shareholding: P1 owns E1 60 ..");
    assert_eq!(relations(&got)[0].value("end_date"), Some("2019-01-01"));
    assert_eq!(got.report.suspicious["ends before it starts"].count, 1);
}

/// The graph of files imported one after the other.
fn graph(files: &[&str]) -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    for (n, text) in files.iter().enumerate() {
        let input = Input::from_bytes("x.json", text.as_bytes().to_vec()).unwrap();
        let release = PartialDate::new(2024, 1 + n as u32, 1).ok();
        let request = Request { release, ..Request::default() };
        import_into(storage.clone(), vec![input], &request, &mut |_| {}).unwrap();
    }
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

/// What is held of E1 as seen on a day.
fn seen(graph: &Graph, day: &str) -> Vec<String> {
    let filter = Filter { as_of: Some(PartialDate::parse(day).unwrap()), ..Filter::default() };
    let view = View::new(graph, filter).unwrap();
    let e1 = graph.find_id("register_of_norland:E1").unwrap();
    let links: Vec<_> = view.links(e1, crate::graph::Dir::In).map(|k| view.relation(k.edge).unwrap()).collect();
    links.iter().map(|r| r.share.map(|s| s.to_string()).unwrap_or_default()).collect()
}

#[test]
fn a_question_about_an_earlier_day_finds_the_earlier_share() {
    let start = r#","startDate":"2018-03-01""#;
    let before = [
        entity("E1", "Ardent Ltd"),
        person("P1", "Ola Nord"),
        holds("2018-03-05", "new", &shares(r#"{"exact":60}"#, start)),
    ];
    let mut after = before.to_vec();
    after.push(holds("2020-05-01", "updated", &shares(r#"{"exact":40}"#, start)));
    let g = graph(&[&array(&after)]);
    assert_eq!(seen(&g, "2017-01-01"), [""; 0]);
    assert_eq!(seen(&g, "2020-01-01"), ["60"]);
    assert_eq!(seen(&g, "2020-04-30"), ["60"]);
    assert_eq!(seen(&g, "2020-05-01"), ["40"]);
    assert_eq!(seen(&g, "2024-06-01"), ["40"]);
    // The same in two releases: the second changes one relation and adds one.
    let g = graph(&[&array(&before), &array(&after)]);
    assert_eq!((seen(&g, "2020-01-01"), seen(&g, "2024-06-01")), (vec!["60".to_owned()], vec!["40".to_owned()]));
    after.push(holds("2022-05-01", "closed", ""));
    let g = graph(&[&array(&after)]);
    assert_eq!((seen(&g, "2022-04-30"), seen(&g, "2022-05-01")), (vec!["40".to_owned()], vec![]));
}

/// One of everything in 0.4.
fn everything() -> String {
    let top = |record: &str, kind: &str| head(record, kind, "2018-01-01", "new");
    array(&[
        format!(
            r#"{{{},"declaration":"D7","source":{{"type":["officialRegister","verified"],"description":"Extract","url":"https://norland.example/x","retrievedAt":"2018-02-01","assertedBy":[{{"name":"Clerk","uri":"https://clerk.example"}},{{"name":"Notary"}}],"x":1}},"annotations":[{{"motivation":"commenting","statementPointerTarget":"","description":"A remark"}}],"custom":{{"a": [1, 2]}},
            "recordDetails":{{"isComponent":true,"entityType":{{"type":"stateBody","subtype":"stateAgency","details":"board"}},"name":"Ardent Board","alternateNames":["Ardent","Ардент"],"jurisdiction":{{"name":"Norland","code":"NL-X"}},"identifiers":[{{"id":"77","scheme":"XN-REG"}},{{"id":"78","schemeName":"Old register","uri":"https://old.example/78"}}],"foundingDate":"1999-01-02","dissolutionDate":"2020-01-02","addresses":[{{"type":"registered","address":"1 Quay\nPort","postCode":"N1","country":{{"name":"Norland","code":"XN"}}}},{{"type":"business","address":"2 Quay, N2","postCode":"N2"}}],"uri":"https://ardent.example","publicListing":{{"hasPublicListing": true}},"formedByStatute":{{"name":"Act 9"}},"unspecifiedEntityDetails":{{"reason":"unknown"}}}}}}"#,
            top("E1", "entity")
        ),
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"personType":"knownPerson","names":[{{"type":"alternative","fullName":"Olly"}},{{"type":"legal","fullName":"Ola Nord","familyName":"Nord"}},{{"type":"former","fullName":"Ola Sud"}},{{"type":"transliteration","fullName":"Ола Норд"}}],"nationalities":[{{"name":"Norland","code":"XN"}},{{"name":"Sudland"}}],"taxResidencies":[{{"name":"Sudland"}}],"placeOfBirth":{{"address":"Port","country":{{"name":"Norland"}}}},"birthDate":"1965-11","deathDate":"2021","politicalExposure":{{"status":"isPep","details":[{{"reason":"minister"}}]}}}}}}"#,
            top("P1", "person")
        ),
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"componentRecords":["R9","E2"],"subject":"E1","interestedParty":"P1","interests":[{{"type":"shareholding","directOrIndirect":"indirect","beneficialOwnershipOrControl":true,"details":"by deed","share":{{"exclusiveMinimum":25,"maximum":50.50}},"startDate":"2018-03-01","endDate":"2030-01-01","x":"y"}},{{"type":"shareholding","directOrIndirect":"direct","share":{{"exact":12.345678901234567}}}},{{"type":"shareholding","directOrIndirect":"direct","share":{{"exact":1}}}},{{"type":"boardChair","directOrIndirect":"unknown"}},{{"type":"boardMember","details":"Director"}},{{"type":"hypnosis","share":{{"exact":180}}}},{{}}]}}}}"#,
            top("R1", "relationship")
        ),
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"subject":"E1","interestedParty":{{"reason":"subjectExemptFromDisclosure","description":"Listed"}}}}}}"#,
            top("R2", "relationship")
        ),
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"subject":{{"reason":"unknown"}},"interestedParty":"P1","interests":[{{"type":"nominator"}}]}}}}"#,
            top("R3", "relationship")
        ),
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"subject":"E1","interestedParty":{{"reason":"noBeneficialOwners"}}}}}}"#,
            top("R4", "relationship")
        ),
    ])
}

fn told(p: &PartyRecord) -> Vec<String> {
    let one = |f: &Fact| {
        let kind = if f.kind.is_empty() { String::new() } else { format!(" ({})", f.kind) };
        let raw = if f.raw.is_empty() { String::new() } else { format!(" {}", f.raw) };
        format!("{}: {}{kind}{raw}", f.prop, f.value)
    };
    p.facts.iter().map(one).collect()
}

#[test]
fn one_of_everything() {
    let got = read(&everything()).unwrap();
    assert_eq!((got.draft.source.as_str(), got.draft.mode), ("register_of_norland", Mode::Additive));
    assert_eq!(got.draft.stated, PartialDate::parse("2024-02-03").ok());
    let info = &got.draft.info;
    assert_eq!((info.publisher.as_str(), info.licence.as_str()), ("Register of Norland", "https://licence.example/"));
    assert_eq!((info.url.as_str(), info.published.as_str()), ("https://norland.example/", "2024-02-03"));
    let all = parties(&got);
    assert_eq!(
        all.iter().map(|p| format!("{} {}", p.id, p.node_type)).collect::<Vec<_>>(),
        [
            "register_of_norland:E1 public_body",
            "register_of_norland:P1 person",
            "register_of_norland:R2/unspecified unknown_party",
            "register_of_norland:R3/unspecified-subject unknown_party",
            "register_of_norland:E1 ",
        ]
    );
    assert_eq!(
        told(all[0]),
        [
            "is_component: true",
            r#"entity_type: stateBody {"type":"stateBody","subtype":"stateAgency","details":"board"}"#,
            "name: Ardent Board",
            "alias: Ardent",
            "alias: Ардент",
            r#"country: Norland (jurisdiction) {"name":"Norland","code":"NL-X"}"#,
            "identifier: 77 (XN-REG)",
            r#"identifier: 78 (Old register) {"id":"78","schemeName":"Old register","uri":"https://old.example/78"}"#,
            "founding_date: 1999-01-02",
            "dissolution_date: 2020-01-02",
            r#"address: 1 Quay, Port, N1, Norland (registered) {"type":"registered","address":"1 Quay\nPort","postCode":"N1","country":{"name":"Norland","code":"XN"}}"#,
            r#"address: 2 Quay, N2 (business) {"type":"business","address":"2 Quay, N2","postCode":"N2"}"#,
            "uri: https://ardent.example",
            r#"public_listing: {"hasPublicListing":true}"#,
            r#"formed_by_statute: {"name":"Act 9"}"#,
            r#"unspecified_entity_details: {"reason":"unknown"}"#,
            "declaration_subject: E1",
            "statement_date: 2018-01-01",
            "record_status: new",
            "publication_date: 2024-02-03",
            "declaration: D7",
            "source_type: officialRegister",
            "source_type: verified",
            "source_description: Extract",
            "source_url: https://norland.example/x",
            "retrieved_at: 2018-02-01",
            r#"asserted_by: Clerk {"name":"Clerk","uri":"https://clerk.example"}"#,
            "asserted_by: Notary",
            "x: 1",
            r#"annotation: {"motivation":"commenting","statementPointerTarget":"","description":"A remark"}"#,
            r#"custom: {"a":[1,2]}"#,
        ]
    );
    assert_eq!(all[0].cites[0].locator, "E1-2018-01-01-new-0000000000000000");
    assert_eq!(
        told(all[1])[..12],
        [
            "person_type: knownPerson",
            "alias: Olly (alternative)",
            r#"name: Ola Nord (legal) {"type":"legal","fullName":"Ola Nord","familyName":"Nord"}"#,
            "former_name: Ola Sud (former)",
            "alias: Ола Норд (transliteration)",
            r#"country: Norland (nationality) {"name":"Norland","code":"XN"}"#,
            "country: Sudland (nationality)",
            "country: Sudland (tax residency)",
            r#"birth_place: Port, Norland {"address":"Port","country":{"name":"Norland"}}"#,
            "birth: 1965-11",
            "death_date: 2021",
            r#"political_exposure: {"status":"isPep","details":[{"reason":"minister"}]}"#,
        ]
    );
    assert_eq!(told(all[2])[..2], ["unspecified: subjectExemptFromDisclosure", "description: Listed"]);
    assert_eq!(told(all[4]), ["unspecified_interested_party: noBeneficialOwners"]);
    let all = relations(&got);
    assert_eq!(
        all.iter().map(|r| format!("{} {}{}", brief(r), r.role, r.stake)).collect::<Vec<_>>(),
        [
            "R1/shareholding.indirect: P1 ~owns E1 >25 to 50.5 2018-03-01..2030-01-01 ",
            "R1/shareholding: P1 owns E1 12.345678901234567 .. ",
            "R1/shareholding~2: P1 owns E1 1 .. 2",
            "R1/boardChair: P1 ?directs E1 - .. boardChair",
            "R1/boardMember: P1 ~directs E1 - .. Director",
            "R1/hypnosis: P1 ~interest_in E1 - .. ",
            "R1/interest: P1 ~interest_in E1 - .. ",
            "R2: R2/unspecified interest_in E1 - .. ",
            "R3/nominator: P1 nominates R3/unspecified-subject - .. ",
        ]
    );
    let first = all[0];
    for (name, value) in [
        ("source_label", "shareholding"),
        ("beneficial_ownership_or_control", "true"),
        ("details", "by deed"),
        ("x", "y"),
        ("component_records", "R9"),
        ("statement_date", "2018-01-01"),
    ] {
        assert_eq!(first.value(name), Some(value), "{name}");
    }
    assert_eq!(first.value("start_date"), None, "the field says it");
    assert_eq!(all[5].value("share"), Some(r#"{"exact":180}"#));
    let odd: Vec<(&str, u64)> = got.report.suspicious.iter().map(|(k, f)| (k.as_str(), f.count)).collect();
    assert_eq!(
        odd,
        [("component record is not in the file", 2), ("share not understood", 1), ("type of interest not known", 1),]
    );
    assert_eq!(got.report.get("interests"), 8);
    assert_eq!((got.report.get("shares_exact"), got.report.get("shares_range")), (3, 1));
    assert_eq!(got.report.get("unspecified_interested_party"), 2);
    assert!(all.iter().all(|r| r.status == Status::Asserted));
}

#[test]
fn every_type_of_interest_is_a_relation_of_the_catalogue() {
    let catalogue = crate::model::Catalogue::builtin();
    let words = "shareholding votingRights appointmentOfBoard otherInfluenceOrControl seniorManagingOfficial settlor \
                 trustee protector beneficiaryOfLegalArrangement rightsToSurplusAssetsOnDissolution \
                 rightsToProfitOrIncome rightsGrantedByContract conditionalRightsGrantedByContract \
                 controlViaCompanyRulesOrArticles controlByLegalFramework boardMember boardChair unknownInterest \
                 unpublishedInterest enjoymentAndUseOfAssets rightToProfitOrIncomeFromAssets nominee nominator";
    for word in words.split_whitespace() {
        let (edge, _) = relation::edge_type(word).unwrap_or_else(|| panic!("{word}"));
        assert!(catalogue.edge_type(edge).is_some(), "{word}: {edge}");
    }
}

#[test]
fn a_summary_is_compared_with_its_links() {
    let link = |record: &str, party: &str, subject: &str, share: &str| {
        format!(
            r#"{{{},"recordDetails":{{"isComponent":true,"subject":"{subject}","interestedParty":"{party}","interests":[{}]}}}}"#,
            head(record, "relationship", "2018-01-01", "new"),
            shares(share, "")
        )
    };
    let summary = |share: &str| {
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"componentRecords":["E2","R1","R2"],"subject":"E1","interestedParty":"P1","interests":[{{"type":"shareholding","directOrIndirect":"indirect","share":{{"exact":{share}}}}}]}}}}"#,
            head("R3", "relationship", "2018-01-01", "new")
        )
    };
    let case = |second: &str, share: &str| {
        let all = [
            entity("E1", "Ardent"),
            entity("E2", "Brill"),
            link("R1", "P1", "E2", r#"{"exact":60}"#),
            link("R2", "E2", "E1", second),
            summary(share),
        ];
        read(&array(&all)).unwrap().report
    };
    let agree = "indirect shares that agree with their components";
    let report = case(r#"{"exact":50}"#, "30");
    assert_eq!((report.get(agree), report.suspicious.len()), (1, 0));
    let report = case(r#"{"exact":50}"#, "36");
    let odd = &report.suspicious["indirect share is not what its components make"];
    assert_eq!((odd.count, odd.examples[0].text.as_str()), (1, "R3: 36 stated, 30 by its components"));
    assert_eq!(odd.examples[0].place.line, Some(5));
    let report = case("{}", "36");
    assert_eq!((report.get("indirect shares whose components do not say enough"), report.suspicious.len()), (1, 0));
}

/// A statement of 0.2.
fn old(id: &str, kind: &str, day: &str, more: &str) -> String {
    format!(
        r#"{{"statementID":"{id}","statementType":"{kind}","statementDate":"{day}","isComponent":false,"publicationDetails":{{"publicationDate":"2020-02-03","bodsVersion":"0.2","publisher":{{"name":"Register of Norland"}}}},{more}}}"#
    )
}

#[test]
fn versions_before_0_4() {
    let party = |more: &str| format!(r#""subject":{{"describedByEntityStatement":"e1"}},"interestedParty":{{{more}}}"#);
    let holder = r#""describedByPersonStatement":"p1""#;
    let share = |share: &str| {
        format!(
            r#""interests":[{{"type":"voting-rights","interestLevel":"direct","share":{share},"startDate":"2016"}}]"#
        )
    };
    let text = [
        old("e1", "entityStatement", "2017-01-01", r#""entityType":"registeredEntity","name":"Ardent","incorporatedInJurisdiction":{"code":"XN"}"#),
        old("e2", "entityStatement", "2018-01-01", r#""entityType":"registeredEntity","name":"Ardent & Co","replacesStatements":["e1"]"#),
        old("p1", "personStatement", "2017-01-01", r#""personType":"knownPerson","names":[{"type":"individual","givenName":"Ola","familyName":"Nord"}],"hasPepStatus":true,"addresses":[{"type":"service","address":"1 Quay","country":"XN"}]"#),
        old("r1", "ownershipOrControlStatement", "2017-01-01", &format!("{},{}", party(holder), share(r#"{"minimum":50,"maximum":75}"#))),
        old("r2", "ownershipOrControlStatement", "2018-06-01", &format!("{},{},\"replacesStatements\":[\"r1\"]", party(holder), share(r#"{"exact":20,"minimum":20,"maximum":20}"#)).replace("\"e1\"", "\"e2\"")),
        old("r3", "ownershipOrControlStatement", "2017-01-01", &format!("{},{}", party(holder), share(r#"{"exact":8}"#)).replace("voting-rights", "rights-to-surplus-assets")),
        old("r4", "ownershipOrControlStatement", "2019-01-01", &format!("{},{},\"replacesStatements\":[\"r3\"]", party(holder), share(r#"{"exact":4}"#))),
        old("r5", "ownershipOrControlStatement", "2019-01-01", &format!("{},{},\"replacesStatements\":[\"r3\"]", party(r#""unspecified":{"reason":"unknown"}"#), share(r#"{"exact":4}"#))),
    ]
    .join("
");
    let got = read(&text).unwrap();
    assert_eq!(
        relations(&got).into_iter().map(brief).collect::<Vec<_>>(),
        [
            "r1/votingRights@2017-01-01: p1 votes_in e1 50 to <75 2016..2018-06-01",
            "r1/votingRights: p1 votes_in e1 20 2018-06-01..",
            "r3/rightsToSurplusAssetsOnDissolution: p1 entitled_to_surplus_of e1 8 2016..2019-01-01",
            "r4/votingRights: p1 votes_in e1 4 2019-01-01..",
            "r5/votingRights: r5/unspecified votes_in e1 4 2019-01-01..",
        ]
    );
    let all = parties(&got);
    let shown: Vec<String> =
        all.iter().map(|p| format!("{} {}: {}", p.id.local(), p.node_type, told(p).join("; "))).collect();
    assert_eq!(shown[0], "e1 : former_name: Ardent; country: XN (jurisdiction) {\"code\":\"XN\"}");
    assert_eq!(all[0].facts[0].to, PartialDate::parse("2018-01-01").ok());
    assert!(
        shown[1].starts_with("e1 company: entity_type: registeredEntity; name: Ardent & Co; statement_date"),
        "{}",
        shown[1]
    );
    assert!(
        shown[2].starts_with(r#"p1 person: person_type: knownPerson; name: Ola Nord (individual) {"type""#),
        "{}",
        shown[2]
    );
    assert!(shown[2].contains("has_pep_status: true; address: 1 Quay, XN (service)"), "{}", shown[2]);
    assert_eq!((got.report.get("by_record_type/relationship"), got.report.get("distinct_record_ids")), (5, 6));
}

#[test]
fn what_earlier_statements_said_of_a_party_is_kept() {
    let named = |day: &str, status: &str, name: &str| {
        format!(
            r#"{{{},"recordDetails":{{"isComponent":false,"entityType":{{"type":"registeredEntity"}},"name":"{name}","uri":"https://a.example"}}}}"#,
            head("E1", "entity", day, status)
        )
    };
    let all = [
        named("2018-01-01", "new", "Ardent"),
        named("2019-01-01", "updated", "Ardent"),
        named("2020-01-01", "updated", "Brill"),
        named("2021-01-01", "closed", "Brill"),
    ];
    let got = read(&array(&all)).unwrap();
    let shown: Vec<String> = parties(&got)
        .iter()
        .map(|p| {
            format!(
                "{}|{}",
                p.node_type,
                p.facts
                    .iter()
                    .take(3)
                    .map(|f| format!("{}={} {:?}", f.prop, f.value, f.to.map(|d| d.to_string())))
                    .collect::<Vec<_>>()
                    .join("|")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "|former_name=Ardent Some(\"2020-01-01\")",
            "company|entity_type=registeredEntity None|name=Brill None|uri=https://a.example None",
            "|record_closed=true None",
        ]
    );
}

#[test]
fn structural_faults_have_their_line() {
    let ok = entity("E1", "Ardent");
    let deep = format!("[\n{{\"a\":{}", "[".repeat(100_000));
    for bad in [
        "[\n{\"statementId\":}]".to_owned(),
        "[\n3]".into(),
        format!("[{ok},\n"),
        format!("[{ok},\n]"),
        format!("[{ok}\n"),
        format!("[{ok}\n{ok}]"),
        format!("{ok}\n{{\"a\""),
        format!("{ok}\nnonsense"),
        deep,
    ] {
        let e = read(&bad).err().unwrap_or_else(|| panic!("{bad}"));
        assert_eq!((e.exit_code(), e.place().unwrap().line), (2, Some(2)), "{e} in {bad:.200}");
    }
    let e = run(import, &[("x.json", b"[\n{\"a\":\"\xff\"}]")], &Options::default()).err().unwrap();
    assert!(e.to_string().contains("UTF-8") && e.place().unwrap().line == Some(2), "{e}");
}

#[test]
fn statements_of_no_use_are_counted() {
    let got = read(r#"[{"statementId":"a","recordType":"thought","recordDetails":{}},{"statementId":"b","recordType":"entity"},
        {"recordType":"entity","recordDetails":{"name":"Ardent","entityType":{"type":"club"}},"statementDate":"2020-01-01"},
        {"statementId":"c","recordId":"x\u0007y:","recordType":"relationship","statementDate":"2020-01-01","recordDetails":{"subject":5,"interestedParty":[],"interests":"none"}}]"#).unwrap();
    assert_eq!(got.report.skipped["statement of no known type"].count, 1);
    assert_eq!(got.report.skipped["statement without details"].count, 1);
    assert_eq!(got.report.suspicious["statement without an id"].count, 2);
    assert_eq!(got.report.suspicious["type of entity not known"].count, 1);
    assert_eq!((got.report.get("statements"), got.draft.source.as_str()), (4, "norland"));
    assert_eq!(relations(&got).len(), 1);
}

#[test]
fn cut_or_spoilt_files_never_panic() {
    let text = everything();
    for end in (0..text.len()).step_by(7) {
        let _ = run(import, &[("x.json", &text.as_bytes()[..end])], &Options::default());
    }
    let (mut x, bytes) = (88172645463325252u64, text.as_bytes());
    for _ in 0..1500 {
        let mut spoilt = bytes.to_vec();
        for _ in 0..3 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = (x as usize) % spoilt.len();
            spoilt[at] = b"{}[]\",:0e\\x\xff\n"[(x >> 40) as usize % 13];
        }
        let _ = run(import, &[("x.json", &spoilt)], &Options::default());
    }
}

#[test]
fn detected_by_content() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    let one = entity("E1", "Ardent");
    assert!(is(one.as_bytes()) && is(format!("\u{feff} [\n{one}]").as_bytes()));
    assert!(is(old("a", "entityStatement", "2017-01-01", "\"name\":\"x\"").as_bytes()));
    let long = entity("E1", &"n".repeat(100_000));
    assert!(is(long.as_bytes()));
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(one.as_bytes()).unwrap();
    assert!(is(&gz.finish().unwrap()));
    for no in [
        "",
        "[]",
        "[1]",
        r#"{"cuibono":1,"nodes":[],"edges":[]}"#,
        r#"{"id":"a","schema":"Person","properties":{"statementId":["x"]}}"#,
        r#"{"company_number":"1","data":{}}"#,
        r#"{"statementId":"a"}"#,
        "statementId,recordType",
    ] {
        assert!(!is(no.as_bytes()), "{no}");
    }
    let input = Input::from_bytes("x", one.into_bytes()).unwrap();
    assert_eq!(crate::import::detect(&[input], None).unwrap().name, "bods");
}

#[test]
fn a_file_read_twice_says_what_a_pipe_says() {
    let text = array(&[everything().trim_matches(['[', ']']).to_owned(), holds("2019-01-01", "updated", "")]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("norland.json");
    std::fs::write(&path, &text).unwrap();
    let mut records = Vec::new();
    let mut write = |part: &str, r: &crate::model::RecordView<'_>| {
        let r = r.clone().into_owned();
        records.push((part.to_owned(), r));
        Ok(())
    };
    let mut progress = |_| {};
    let mut sink = Sink::new(&mut write, &mut progress, crate::model::Catalogue::builtin().clone());
    import(vec![Input::open(&path).unwrap()], &Options::default(), &mut sink).unwrap();
    let report = sink.report;
    let piped = read(&text).unwrap();
    assert_eq!((records, report.counts), (piped.records, piped.report.counts));
}

#[test]
fn published_examples_give_the_expected_counts() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let text = std::fs::read_to_string(format!("{root}/data/EXPECTED.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut files, mut compared) = (0, 0);
    for (file, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("bods/")) {
        let bytes = std::fs::read(format!("{root}/data/{file}")).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()), "{file}");
        let got = run(import, &[(file, &bytes)], &Options::default()).unwrap();
        files += 1;
        for (key, value) in want.as_object().unwrap() {
            let pairs: Vec<(String, u64)> = match value {
                serde_json::Value::Object(inner) => {
                    let prefix = format!("{key}/");
                    let counted = got.report.counts.keys().filter(|k| k.starts_with(&prefix)).count();
                    assert_eq!(counted, inner.len(), "{file} {key}");
                    inner.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
                }
                v => vec![(key.clone(), v.as_u64().unwrap())],
            };
            for (key, n) in pairs {
                assert_eq!(got.report.get(&key), n, "{file} {key}");
                compared += 1;
            }
        }
        assert!(got.report.skipped.is_empty(), "{file}: {:?}", got.report.skipped);
        let mut ids: Vec<String> =
            got.records.iter().map(|(p, r)| format!("{p} {} {}", r.kind_code(), r.key())).collect();
        ids.retain(|i| !i.starts_with(HISTORY));
        let n = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), n, "{file}: two records under one id");
    }
    assert!(files == 19 && compared > 200, "{files} {compared}");
}
