use super::*;
use crate::import::sink::testing::{Got, run};
use crate::model::{Direct, End, PartialDate, PartyRecord, RelationRecord, prop};
use std::io::Read;

fn one(text: &str) -> Result<Got> {
    run(import, &[("Ardent ring.ftm.json", text.as_bytes())], &Options::default())
}

fn relations(got: &Got) -> Vec<&RelationRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn parties(got: &Got) -> Vec<&PartyRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None }).collect()
}

fn brief(r: &RelationRecord) -> String {
    let share = r.share.map_or(String::new(), |s| format!(" {s}"));
    let end = |e: &End| if let End::Id(i) = e { i.to_string() } else { "?".to_owned() };
    format!("{} {} {}{share}", end(&r.source), r.edge_type, end(&r.target))
}

fn date(t: &str) -> Option<PartialDate> {
    Some(PartialDate::parse(t).unwrap())
}

#[test]
fn parties_keep_everything() {
    let got = one(concat!(
        "\u{feff}",
        r#"{"id":"p1","caption":"Mira Tolv","schema":"Person","properties":{"name":["Mira Tolv","Мира Толв"],"#,
        r#""weakAlias":["M"],"previousName":["Mira Ask"],"birthDate":["1970-05","about 1971"],"nationality":["xa"],"#,
        r#""passportNumber":["X 1"],"topics":["role.pep"],"address":[""],"programId":["XA-1"]},"#,
        r#""datasets":["xa_list","xb_list"],"referents":["old-1","p1"],"target":true,"first_seen":"2024-01-01","origin":"mill"}"#,
        "\r\n\n",
        r#"{"id":"a1","schema":"Address","properties":{"full":["1 Quay, Port Quellen"]}}"#,
    ))
    .unwrap();
    let [p, a] = parties(&got)[..] else { panic!() };
    assert_eq!((p.id.as_str(), p.node_type.as_str()), ("ftm:p1", "person"));
    let facts: Vec<String> =
        p.facts.iter().map(|f| format!("{}|{}|{}|{}", f.prop, f.value, f.kind, f.script)).collect();
    assert_eq!(
        facts,
        [
            "name|Mira Tolv||",
            "name|Мира Толв||Cyrl",
            "weak_alias|M||",
            "former_name|Mira Ask||",
            "birth|1970-05||",
            "birth_text|about 1971||",
            "country|xa|nationality|",
            "identifier|X 1|passportNumber|",
            "topics|role.pep||",
            "program|XA-1|programId|",
            "caption|Mira Tolv||",
            "schema|Person||",
            "first_seen|2024-01-01||",
            "target|true||",
            "origin|mill||",
        ]
    );
    assert_eq!(
        p.cites.iter().map(|c| format!("{}@{}", c.source, c.locator)).collect::<Vec<_>>(),
        ["xa_list@p1", "xb_list@p1"]
    );
    assert_eq!(a.values(prop::NAME).collect::<Vec<_>>(), ["1 Quay, Port Quellen"]);
    assert!(a.cites.is_empty());
    let sources: Vec<_> = got.records.iter().filter(|(_, r)| matches!(r, Record::Source(_))).collect();
    assert_eq!(sources.len(), 2);
    let decisions: Vec<_> =
        got.records.iter().filter_map(|(_, r)| if let Record::Decision(d) = r { Some(d) } else { None }).collect();
    assert_eq!(decisions.len(), 1, "an id is not its own referent");
    assert_eq!((decisions[0].a.as_str(), decisions[0].b.as_str()), ("ftm:p1", "ftm:old-1"));
    assert_eq!((decisions[0].ruling, decisions[0].note.as_str()), (Ruling::Same, "referent"));
    assert_eq!(got.report.suspicious["date not understood"].count, 1);
    assert_eq!(got.report.skipped["empty value"].count, 1);
    assert_eq!((got.draft.source.as_str(), got.draft.mode), ("ftm_ardent_ring", Mode::Full));
    assert_eq!(got.draft.parts, ["entities", "sanctions"]);
}

#[test]
fn every_edge_schema_points_the_right_way() {
    let cases = [
        ("Ownership", "owner", "asset", "ftm:s owns ftm:t"),
        ("Control", "controller", "controlled", "ftm:s controls ftm:t"),
        ("Directorship", "director", "organization", "ftm:s directs ftm:t"),
        ("Membership", "member", "organization", "ftm:s member_of ftm:t"),
        ("Employment", "employee", "employer", "ftm:t employs ftm:s"),
        ("Representation", "agent", "client", "ftm:s acts_for ftm:t"),
        ("Succession", "predecessor", "successor", "ftm:t succeeds ftm:s"),
        ("Debt", "debtor", "creditor", "ftm:s owes ftm:t"),
        ("Payment", "payer", "beneficiary", "ftm:s pays ftm:t"),
        ("ContractAward", "contract", "supplier", "ftm:s awarded_contract_to ftm:t"),
        ("Occupancy", "holder", "post", "ftm:s holds_position ftm:t"),
        ("Family", "person", "relative", "ftm:s family_of ftm:t"),
        ("Associate", "person", "associate", "ftm:s associate_of ftm:t"),
        ("UnknownLink", "subject", "object", "ftm:s linked_to ftm:t"),
        ("ProjectParticipant", "participant", "project", "ftm:s participates_in ftm:t"),
        ("CourtCaseParty", "party", "case", "ftm:s participates_in ftm:t"),
        ("Documentation", "document", "entity", "ftm:s linked_to ftm:t"),
    ];
    for (schema, source, target, want) in cases {
        let line = format!(
            r#"{{"id":"e","schema":"{schema}","properties":{{"{source}":["s"],"{target}":["t"],"role":["of note"],"summary":["x"]}}}}"#
        );
        let got = one(&line).unwrap();
        let [r] = relations(&got)[..] else { panic!("{schema}") };
        assert_eq!(brief(r), want);
        assert_eq!((r.id.as_ref().unwrap().as_str(), r.role.as_str()), ("ftm:e", "of note"));
        assert_eq!(r.value("summary"), Some("x"));
        let flipped = want.starts_with("ftm:t");
        assert_eq!(r.value("source_direction"), flipped.then_some("reversed"));
        assert_eq!(r.value("source_label").is_some(), flipped || schema == "Documentation");
        assert!(parties(&got).is_empty());
        assert_eq!((got.report.get("edge_entities"), got.report.get("edge_pairs")), (1, 1));
        assert_eq!(got.report.get("edge_pairs_with_missing_endpoint"), 1);
    }
}

#[test]
fn several_owners_fan_out_and_shares_are_exact() {
    let got = one(
        r#"{"id":"o","schema":"Ownership","properties":{"owner":["a","b"],"asset":["c"],"percentage":["more than 25%"],"ownershipType":["Indirect"],"startDate":["2020-03","2019"],"endDate":["2022-01-01"]},"datasets":["d"]}
{"id":"w","schema":"Ownership","properties":{"owner":["a"],"asset":["c"],"percentage":["40","60"],"date":["2021-01-01T00:00:00"]}}
{"id":"x","schema":"Ownership","properties":{"owner":["a"],"asset":["c"],"percentage":["about half"],"startDate":["2022"],"endDate":["2021"]}}
{"id":"c","schema":"Company","properties":{"name":["Cold Harbour Ltd"]}}
{"id":"a","schema":"Company","properties":{"name":["Alder Ltd"]}}"#,
    )
    .unwrap();
    let r = relations(&got);
    assert_eq!(
        r.iter().map(|r| format!("{} {}", r.external_id(), brief(r))).collect::<Vec<_>>(),
        [
            "ftm:o/1 ftm:a owns ftm:c >25 to 100",
            "ftm:o/2 ftm:b owns ftm:c >25 to 100",
            "ftm:w ftm:a owns ftm:c 40 to 60",
            "ftm:x ftm:a owns ftm:c",
        ]
    );
    assert_eq!((r[0].start, r[0].end, r[0].direct), (date("2019"), date("2022-01-01"), Direct::Indirect));
    assert_eq!(r[0].facts.iter().filter(|f| f.prop == "startDate").count(), 2);
    assert_eq!(r[0].value("endDate"), None, "the field holds it to the letter");
    assert_eq!((r[0].value("percentage"), r[0].cites[0].source.as_str()), (Some("more than 25%"), "d"));
    assert_eq!((r[2].start, r[2].direct), (date("2021-01-01"), Direct::Direct));
    assert_eq!((r[3].start, r[3].end), (None, None));
    assert_eq!((r[3].value("startDate"), r[3].value("endDate")), (Some("2022"), Some("2021")));
    assert_eq!(r[3].value("percentage"), Some("about half"));
    for reason in
        ["percentage not understood", "percentages differ", "several values of startDate", "ends before it starts"]
    {
        assert_eq!(got.report.suspicious[reason].count, 1, "{reason}");
    }
    assert_eq!(got.report.get("edge_pairs"), 4);
    assert_eq!(got.report.get("edge_pairs_with_missing_endpoint"), 1);
    assert_eq!(got.report.get("ownership_with_percentage"), 3);
}

#[test]
fn linking_properties_become_relations() {
    let got = one(
        r#"{"id":"v","schema":"Vessel","properties":{"owner":["a"],"operator":["b"],"addressEntity":["ad","ad"],"proof":["d"],"riskSource":["d"]}}
{"id":"k","schema":"CryptoWallet","properties":{"holder":["a"]}}
{"id":"n","schema":"Passport","properties":{"holder":["a"],"number":["77"]}}
{"id":"s","schema":"Security","properties":{"issuer":["a"]}}
{"id":"b","schema":"Company","properties":{"parent":["a"]}}
{"id":"u","schema":"UserAccount","properties":{"owner":["a"]}}
{"id":"i","schema":"Similar","properties":{"candidate":["a"],"match":["b"],"confidenceScore":["0.7"]}}
{"id":"h","schema":"Debt","properties":{"debtor":["a"],"amount":["5"]}}
{"id":"p","schema":"Post","properties":{"organization":["just text"]}}"#,
    )
    .unwrap();
    assert_eq!(
        relations(&got)
            .iter()
            .map(|r| format!("{} {}", brief(r), r.value("source_label").unwrap_or_default()))
            .collect::<Vec<_>>(),
        [
            "ftm:a owns ftm:v owner",
            "ftm:b operates ftm:v operator",
            "ftm:v has_address ftm:ad addressEntity",
            "ftm:v linked_to ftm:d proof",
            "ftm:v linked_to ftm:d riskSource",
            "ftm:a holds_wallet ftm:k holder",
            "ftm:a has_identifier ftm:n holder",
            "ftm:a issues ftm:s issuer",
            "ftm:a parent_of ftm:b parent",
            "ftm:a holds_account ftm:u owner",
            "ftm:a possibly_same_as ftm:b ",
            "ftm:h linked_to ftm:a debtor",
        ]
    );
    let mut ids: Vec<String> = relations(&got).iter().map(|r| r.external_id()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12, "{ids:?}");
    let debt = parties(&got).into_iter().find(|p| p.id.local() == "h").unwrap();
    assert_eq!((debt.node_type.as_str(), debt.values("amount").next()), ("thing", Some("5")));
    assert_eq!(got.report.suspicious["edge without one of its ends"].count, 1);
    assert_eq!((got.report.get("edge_entities"), got.report.get("incomplete_edges")), (1, 1));
    let post = parties(&got).into_iter().find(|p| p.id.local() == "p").unwrap();
    assert_eq!(post.values("organization").next(), Some("just text"));
}

#[test]
fn sanctions_list_their_party() {
    let got = one(
        r#"{"id":"s1","schema":"Sanction","caption":"Grain rules","properties":{"entity":["p"],"listingDate":["2023-01-02"],"startDate":["2023-01-03"],"endDate":["2024-01-01"],"programId":["G1"],"program":["Grain"],"provisions":["freeze"]},"datasets":["us_ofac_sdn","xa_list"]}
{"id":"s2","schema":"Sanction","properties":{"entity":["p","q"],"startDate":["2020"]}}"#,
    )
    .unwrap();
    let listed: Vec<_> = got.records.iter().filter(|(part, _)| part == "sanctions").collect();
    let listed: Vec<_> = listed.iter().map(|(_, r)| if let Record::Party(p) = r { p } else { panic!() }).collect();
    let lists: Vec<_> = listed.iter().map(|p| (p.id.local(), p.listings[0].list.as_str())).collect();
    assert_eq!(lists, [("p", "ofac_sdn"), ("p", "xa_list"), ("p", "ftm_ardent_ring"), ("q", "ftm_ardent_ring")]);
    assert!(listed.iter().all(|p| p.listing_only().is_some() && p.listings.len() == 1));
    let l = &listed[0].listings[0];
    assert_eq!((l.from, l.to), (date("2023-01-02"), date("2024-01-01")));
    assert_eq!(
        (&l.programs[..], &l.measures[..]),
        (&["G1".to_owned(), "Grain".to_owned()][..], &["freeze".to_owned()][..])
    );
    assert_eq!((l.cites[0].source.as_str(), l.cites[0].locator.as_str()), ("us_ofac_sdn", "s1"));
    let r = relations(&got);
    assert_eq!(
        r.iter().map(|r| brief(r)).collect::<Vec<_>>(),
        ["ftm:s1 designation_of ftm:p", "ftm:s2 designation_of ftm:p", "ftm:s2 designation_of ftm:q"]
    );
    assert_eq!((r[0].start, r[0].end), (date("2023-01-03"), date("2024-01-01")));
    let s1 = parties(&got).into_iter().find(|p| p.id.local() == "s1").unwrap();
    assert_eq!((s1.node_type.as_str(), s1.values(prop::NAME).next()), ("designation", Some("Grain rules")));
    assert_eq!(s1.values("listingDate").next(), Some("2023-01-02"));
    assert_eq!(got.report.get("sanction_links"), 3);
}

#[test]
fn repeated_ids_and_deltas() {
    let line = r#"{"id":"p","schema":"Person","properties":{"name":["Ola"]}}"#;
    let more = r#"{"id":"p","schema":"Person","properties":{"alias":["Olla"]}}"#;
    let got = run(
        import,
        &[("a.json", line.as_bytes()), ("b.json", format!("{line}\n{more}").as_bytes())],
        &Options::default(),
    )
    .unwrap();
    assert_eq!(parties(&got).len(), 2);
    assert_eq!((got.report.get("repeated_ids"), got.report.get("repeated_lines")), (2, 1));
    assert_eq!((got.report.get("lines"), got.report.get("distinct_ids")), (3, 1));

    let delta = format!("{{\"op\":\"ADD\",\"entity\":{line}}}\n{{\"op\":\"DEL\",\"entity\":{{\"id\":\"gone\"}}}}\n");
    let options = Options { source: Some("mine".to_owned()), ..Options::default() };
    let got = run(import, &[("x.delta.json", delta.as_bytes())], &options).unwrap();
    assert_eq!((got.draft.mode, got.draft.source.as_str()), (Mode::Delta, "mine"));
    assert_eq!(got.deleted, ["ftm:gone"]);
    assert_eq!((got.report.get("by_op/ADD"), got.report.get("by_op/DEL"), got.report.get("lines")), (1, 1, 2));
    assert!(one(&format!("{delta}{line}")).is_err(), "mixed");
    let twice = format!("{{\"op\":\"ADD\",\"entity\":{line}}}\n{{\"op\":\"MOD\",\"entity\":{more}}}");
    assert!(one(&twice).is_err());
}

#[test]
fn faults_are_refused_with_their_line() {
    let ok = r#"{"id":"p","schema":"Person","properties":{}}"#;
    let deep = format!("{{\"id\":\"p\",\"x\":{}", "[".repeat(100_000));
    for bad in [
        "{",
        "[]",
        "nonsense",
        r#"{"schema":"Person","properties":{}}"#,
        r#"{"id":"p","properties":{}}"#,
        r#"{"id":"p","schema":"Person"}"#,
        r#"{"id":"a\nb","schema":"Person","properties":{}}"#,
        r#"{"id":"p","schema":"Person","properties":{"name":{"en":"x"}}}"#,
        r#"{"op":"PUT","entity":{"id":"p"}}"#,
        r#"{"op":"ADD"}"#,
        &deep,
    ] {
        let e = one(&format!("{ok}\n\n{bad}\n{ok}")).err().unwrap_or_else(|| panic!("{bad}"));
        assert_eq!(e.place().unwrap().line, Some(3), "{e}");
        assert_eq!(e.exit_code(), 2);
    }
    let mut bytes = ok.as_bytes().to_vec();
    bytes.extend_from_slice(b"\n{\"id\":\"\xff\"}");
    let e = run(import, &[("x", &bytes)], &Options::default()).err().unwrap();
    assert_eq!((e.place().unwrap().line, e.message().starts_with("not valid UTF-8")), (Some(2), true));
    let many = (0..3000).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(",");
    let e = one(&format!(r#"{{"id":"o","schema":"Person","properties":{{"proof":[{many}]}},"datasets":[{many}]}}"#));
    assert!(e.is_err(), "9,000,000 citations");
    let many: Vec<String> = (0..300).map(|n| format!("\"{n}\"")).collect();
    let many = many.join(",");
    let e = one(&format!(r#"{{"id":"o","schema":"Ownership","properties":{{"owner":[{many}],"asset":[{many}]}}}}"#));
    assert!(e.is_err(), "90,000 pairs");
}

#[test]
fn detected_by_content() {
    let is = |text: &str| detect(&Input::from_bytes("x", text.as_bytes().to_vec()).unwrap());
    assert!(is("\u{feff}\n {\"properties\":{}, \"schema\":\"Person\",\"id\":\"x\"}\n"));
    assert!(is(r#"{"op":"DEL","entity":{"id":"x"}}"#));
    assert!(is(&format!(
        r#"{{"id": "x", "schema": "Person", "properties": {{"notes":["{}"]}}}}"#,
        "n".repeat(100_000)
    )));
    for no in
        ["", "id,schema,properties", r#"{"id":"x","schema":"y"}"#, r#"{"versions":{}}"#, "[{\"id\":1}]", "{\"id\": \n"]
    {
        assert!(!is(no), "{no}");
    }
}

#[test]
fn published_files_give_the_expected_counts() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let text = std::fs::read_to_string(format!("{root}/data/EXPECTED.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for (file, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("ftm/")) {
        let mut bytes = Vec::new();
        std::fs::File::open(format!("{root}/data/{file}")).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()), "{file}");
        let got = run(import, &[(file, &bytes)], &Options::default()).unwrap();
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
        let decisions = got.records.iter().filter(|(_, r)| matches!(r, Record::Decision(_))).count() as u64;
        assert_eq!(decisions, got.report.get("referents"), "{file}");
        let mut ids: Vec<String> =
            got.records.iter().map(|(p, r)| format!("{p} {} {}", r.kind_code(), r.key())).collect();
        let n = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), n, "{file}: two records under one id");
        assert!(!got.report.suspicious.contains_key("percentage not understood"), "{file}");
    }
    assert!(compared > 60, "{compared}");
}
