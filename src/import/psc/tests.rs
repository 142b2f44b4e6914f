use super::*;
use crate::import::sink::testing::{Got, run};
use crate::model::Direct;

fn read(text: &str) -> Result<Got> {
    run(import, &[("psc.txt", text.as_bytes())], &Options::default())
}

fn parties(got: &Got) -> Vec<(&str, &PartyRecord)> {
    got.records
        .iter()
        .filter_map(|(part, r)| if let Record::Party(p) = r { Some((&**part, p)) } else { None })
        .collect()
}

fn relations(got: &Got) -> Vec<String> {
    let end = |e: &End| if let End::Id(i) = e { i.to_string() } else { "?".to_owned() };
    let date = |d: Option<PartialDate>| d.map_or("-".to_owned(), |d| d.to_string());
    let of = |r: &RelationRecord| {
        let share = r.share.map_or(String::new(), |s| format!(" {s}"));
        format!(
            "{}: {} {} {}{share} {}..{} {}",
            r.external_id(),
            end(&r.source),
            r.edge_type,
            end(&r.target),
            date(r.start),
            date(r.end),
            r.role
        )
    };
    got.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(of(r)) } else { None }).collect()
}

fn facts(p: &PartyRecord) -> Vec<String> {
    let date = |d: Option<PartialDate>| d.map_or(String::new(), |d| d.to_string());
    let dates =
        |f: &Fact| if f.from.or(f.to).is_some() { format!(" {}..{}", date(f.from), date(f.to)) } else { String::new() };
    p.facts.iter().map(|f| format!("{}|{}|{}|{}{}", f.prop, f.value, f.kind, f.raw, dates(f))).collect()
}

const INDIVIDUAL: &str = r#"{"company_number":"00000042","data":{"address":{"address_line_1":"Quay Street","country":"England","locality":"Port Quellen","postal_code":"PQ1 1AA","premises":"9","care_of":"Tolv & Co"},"country_of_residence":"Wales","date_of_birth":{"month":2,"year":1977},"etag":"aa","is_sanctioned":true,"kind":"individual-person-with-significant-control","links":{"self":"/company/00000042/persons-with-significant-control/individual/Ab-_1"},"name":"Mrs Mira Ask Tolv","name_elements":{"forename":"Mira","middle_name":"Ask","surname":"Tolv","title":"Mrs"},"nationality":"Quezonian,British","natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-25-to-50-percent-as-trust","significant-influence-or-control"],"notified_on":"2016-04-06","ceased_on":"2018-05-14","new_member":{"a":"b"}},"ContentDate":"2024-12-19"}"#;

const CORPORATE: &str = r#"{"company_number":"SC000043","data":{"etag":"bb","identification":{"country_registered":"England & Wales","legal_authority":"Companies Act","legal_form":"Private Limited Company","place_registered":"Companies House","registration_number":"42"},"kind":"corporate-entity-person-with-significant-control","links":{"self":"/company/SC000043/persons-with-significant-control/corporate-entity/Cd2"},"name":"Ardent Ring Ltd","natures_of_control":["right-to-appoint-and-remove-directors"],"notified_on":"2020-01-02"}}"#;

#[test]
fn one_individual_whole() {
    let got = read(&format!("\u{feff}{INDIVIDUAL}\r\n\n")).unwrap();
    let [(part, company), (persons, p)] = parties(&got)[..] else { panic!() };
    assert_eq!((part, company.id.as_str(), company.node_type.as_str()), ("companies", "gb-coh:00000042", "company"));
    assert_eq!(facts(company), ["identifier|00000042|company_number|"]);
    assert_eq!((persons, p.id.as_str(), p.node_type.as_str()), ("persons", "gb-psc:Ab-_1", "person"));
    assert_eq!(
        facts(p),
        [
            "address|Tolv & Co, 9, Quay Street, Port Quellen, PQ1 1AA, England|address|",
            "country|Wales|country_of_residence|",
            "birth|1977-02||",
            "is_sanctioned|true||",
            "name|Mrs Mira Ask Tolv||",
            "forename|Mira||",
            "middle_name|Ask||",
            "surname|Tolv||",
            "title|Mrs||",
            "country|Quezonian|nationality|Quezonian,British",
            "country|British|nationality|Quezonian,British",
            "psc_kind|individual-person-with-significant-control||",
            "content_date|2024-12-19||",
            "etag|aa||",
            "new_member_a|b||",
        ]
    );
    assert_eq!(
        relations(&got),
        [
            "gb-psc:Ab-_1/ownership-of-shares-25-to-50-percent: gb-psc:Ab-_1 owns gb-coh:00000042 >25 to 50 2016-04-06..2018-05-14 ",
            "gb-psc:Ab-_1/voting-rights-25-to-50-percent-as-trust: gb-psc:Ab-_1 votes_in gb-coh:00000042 >25 to 50 2016-04-06..2018-05-14 as trust",
            "gb-psc:Ab-_1/significant-influence-or-control: gb-psc:Ab-_1 influences gb-coh:00000042 2016-04-06..2018-05-14 ",
        ]
    );
    assert_eq!((got.draft.source.as_str(), got.draft.format, got.draft.mode), ("gb_psc", "uk-psc", Mode::Additive));
    assert_eq!((got.report.get("ceased"), got.report.get("natures_of_control"), got.report.get("records")), (1, 3, 1));
    assert!(got.report.suspicious.is_empty() && got.report.skipped.is_empty(), "{:?}", got.report);
}

#[test]
fn firms_of_the_register_join_chains() {
    let long = CORPORATE.replace("\"42\"", "\" 0004 2007 \"");
    let got = read(&format!("{CORPORATE}\n{long}\n")).unwrap();
    let all = parties(&got);
    let ids: Vec<&str> = all.iter().map(|(_, p)| p.id.as_str()).collect();
    assert_eq!(ids, ["gb-coh:SC000043", "gb-psc:Cd2", "gb-coh:00042007", "gb-coh:00042007"]);
    assert_eq!((all[0].0, all[2].0, all[3].0), ("companies", "companies", "persons"));
    assert_eq!(
        facts(all[3].1),
        [
            "country|England & Wales|country_registered|",
            "legal_authority|Companies Act||",
            "legal_form|Private Limited Company||",
            "place_registered|Companies House||",
            "identifier|0004 2007|registration_number|",
            "name|Ardent Ring Ltd||",
        ],
        "what is said of the notification stays with the relation"
    );
    assert_eq!(all[3].1.cites[0].locator, "/company/SC000043/persons-with-significant-control/corporate-entity/Cd2");
    let Record::Relation(r) = &got.records[5].1 else { panic!("{:?}", got.records) };
    assert_eq!((r.edge_type.as_str(), r.value("etag"), r.direct), ("appoints_board_of", Some("bb"), Direct::Unknown));
    assert_eq!(got.report.get("joined by registration number"), 1);
    let own = CORPORATE.replace("\"42\"", "\"SC43\"");
    assert_eq!(read(&own).unwrap().report.suspicious["company that controls itself"].count, 1);
}

#[test]
fn statements_exemptions_and_protected_persons() {
    let got = read(concat!(
        r#"{"company_number":"00000044","data":{"ceased_on":"2021-12-13","etag":"e","kind":"persons-with-significant-control-statement","links":{"self":"/company/00000044/persons-with-significant-control-statements/S1"},"notified_on":"2016-09-11","statement":"no-individual-or-entity-with-signficant-control"}}"#,
        "\n",
        r#"{"company_number":"00000044","data":{"kind":"persons-with-significant-control-statement","links":{"self":"/company/00000044/persons-with-significant-control-statements/S2"},"notified_on":"2022","statement":"psc-exists-but-not-identified","linked_psc_name":"Somebody"}}"#,
        "\n",
        r#"{"company_number":"00000044","data":{"ceased":true,"description":"super-secure-persons-with-significant-control","kind":"super-secure-person-with-significant-control","links":{"self":"/company/00000044/persons-with-significant-control/super-secure/X1"}}}"#,
        "\n",
        r#"{"company_number":"00000045","data":{"exemptions":{"psc_exempt_as_shares_admitted_on_market":{"exemption_type":"psc-exempt-as-shares-admitted-on-market","items":[{"exempt_from":"2017-01-01","exempt_to":"2018-01-01","moved_on":"2018-02-01"},{"exempt_from":"2019-01-01"}]}},"kind":"exemptions","etag":"f","links":{"self":"/company/00000045/exemptions"}}}"#,
        "\n",
        r#"{"data":{"kind":"totals#persons-of-significant-control-snapshot","persons_of_significant_control_count":1,"statements_count":2,"exemptions_count":1,"generated_at":"2024-11-22T03:43:03Z"}}"#,
    ))
    .unwrap();
    let all = parties(&got);
    let brief: Vec<(&str, &str, &str)> =
        all.iter().map(|(part, p)| (*part, p.id.as_str(), p.node_type.as_str())).collect();
    assert_eq!(
        brief,
        [
            ("companies", "gb-coh:00000044", "company"),
            ("statements", "gb-coh:00000044", ""),
            ("statements", "gb-psc:S2", "unknown_party"),
            ("persons", "gb-psc:X1", "person"),
            ("companies", "gb-coh:00000045", "company"),
            ("exemptions", "gb-coh:00000045", ""),
        ]
    );
    assert_eq!(
        facts(all[1].1),
        ["psc_statement|no-individual-or-entity-with-signficant-control|| 2016-09-11..2021-12-13", "etag|e||"]
    );
    assert_eq!(facts(all[2].1), ["psc_statement|psc-exists-but-not-identified||", "linked_psc_name|Somebody||"]);
    assert_eq!(
        facts(all[5].1),
        [
            "psc_exemption|psc-exempt-as-shares-admitted-on-market|| 2017-01-01..2018-01-01",
            "moved_on|2018-02-01||",
            "psc_exemption|psc-exempt-as-shares-admitted-on-market|| 2019-01-01..",
            "etag|f||"
        ]
    );
    assert_eq!(
        relations(&got),
        [
            "gb-psc:S2/interest: gb-psc:S2 interest_in gb-coh:00000044 2022..- ",
            "gb-psc:X1/interest: gb-psc:X1 interest_in gb-coh:00000044 -..- ",
        ]
    );
    let Record::Relation(r) = &got.records.iter().rfind(|(_, r)| matches!(r, Record::Relation(_))).unwrap().1 else {
        panic!()
    };
    assert_eq!(r.value(prop::FORMER), Some("true"));
    assert_eq!((got.draft.mode, got.draft.stated.unwrap().to_string()), (Mode::Full, "2024-11-22".to_owned()));
    assert_eq!(got.report.get("stated by the publisher/statements_count"), 2);
    assert!(got.report.suspicious.is_empty(), "{:?}", got.report.suspicious);
}

#[test]
fn contents_that_are_wrong_are_kept_and_counted() {
    let got = read(concat!(
        r#"{"data":{"kind":"individual-beneficial-owner","links":{"self":"/x/y"},"natures_of_control":["voting-rights-25-to-50-percent"]}}"#,
        "\n",
        r#"{"company_number":"00000046","data":{"kind":"robot-with-significant-control","date_of_birth":{"month":13,"year":1977},"natures_of_control":["steering","steering"],"notified_on":"2020-05-01","ceased_on":"2019"}}"#,
        "\n",
        r#"{"company_number":"00000046","data":{"kind":"legal-person-beneficial-owner","links":{"self":"/company/00000046/other/L1"},"date_of_birth":"1977","natures_of_control":{"a":1},"notified_on":"soon","address":"Hill"}}"#,
        "\n",
        r#"{"company_number":"00000046","data":{"kind":"persons-with-significant-control-statement","links":[7]}}"#,
    ))
    .unwrap();
    for (reason, n) in [
        ("record without a company number", 1),
        ("unknown kind", 1),
        ("unknown nature of control", 2),
        ("date of birth not understood", 2),
        ("date not understood", 1),
        ("ceased before it was notified", 1),
        ("notification without an id", 2),
        ("natures of control not understood", 1),
        ("no nature of control", 1),
        ("statement that states nothing", 1),
    ] {
        assert_eq!(got.report.suspicious.get(reason).map(|f| f.count), Some(n), "{reason}");
    }
    assert_eq!(got.report.skipped["the same nature of control twice"].count, 1);
    let all = parties(&got);
    assert_eq!(facts(all[0].1)[1], "psc_kind|individual-beneficial-owner||");
    assert!(facts(all[0].1).contains(&"nature_of_control|voting-rights-25-to-50-percent||".to_owned()));
    assert_eq!(all[2].1.node_type, "thing");
    assert_eq!(facts(all[2].1)[0], "birth_text|{\"month\":13,\"year\":1977}||");
    assert!(facts(all[3].1).contains(&"address|Hill||".to_owned()));
    let r = relations(&got);
    assert!(r[0].contains(" interest_in gb-coh:00000046 -..2019 "), "{r:?}");
    assert_eq!(r.len(), 2);
}

#[test]
fn faults_name_their_line() {
    let deep = format!("{{\"company_number\":\"1\",\"data\":{}", "[".repeat(100_000));
    for bad in ["{", "[]", "nonsense", r#"{"company_number":"1"}"#, r#"{"company_number":"1","data":[]}"#, &deep] {
        let e = read(&format!("{INDIVIDUAL}\n\n{bad}\n")).err().unwrap_or_else(|| panic!("{bad}"));
        assert_eq!((e.place().unwrap().line, e.exit_code()), (Some(3), 2), "{e}");
    }
    let e = run(import, &[("x", b"{\"data\":{\"kind\":\"\xff\"}}")], &Options::default()).err().unwrap();
    assert_eq!(e.place().unwrap().line, Some(1));
}

#[test]
fn detected_by_content() {
    let is = |text: &str| detect(&Input::from_bytes("x", text.as_bytes().to_vec()).unwrap());
    assert!(is(INDIVIDUAL) && is(CORPORATE) && is(&format!("\u{feff}\n{CORPORATE}\n{{")));
    assert!(is(r#"{"data":{"kind":"totals#persons-of-significant-control-snapshot"}}"#));
    for no in [
        "",
        "company_number,data",
        r#"{"id":"a","schema":"Person","properties":{}}"#,
        r#"{"op":"ADD","entity":{}}"#,
        r#"{"cuibono":1,"nodes":[]}"#,
        r#"{"company_number":"1","data":[]}"#,
        r#"[{"company_number":"1"}]"#,
    ] {
        assert!(!is(no), "{no}");
    }
    use std::io::Write;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(INDIVIDUAL.as_bytes()).unwrap();
    assert!(detect(&Input::from_bytes("x.gz", gz.finish().unwrap()).unwrap()));
}

#[test]
fn cut_or_spoilt_never_panics() {
    let text = format!("{INDIVIDUAL}\n{CORPORATE}\n");
    for at in 0..text.len() {
        let _ = read(text.get(..at).unwrap_or_default());
    }
    let mut x = 88172645463325252u64;
    for _ in 0..3000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..3 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = usize::try_from(x % bytes.len() as u64).unwrap();
            bytes[at] = u8::try_from(x >> 32 & 0xff).unwrap();
        }
        let _ = run(import, &[("x", &bytes)], &Options::default());
    }
}

#[test]
fn published_sample_gives_the_expected_counts() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let text = std::fs::read_to_string(format!("{root}/data/EXPECTED.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for (file, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("psc/")) {
        let bytes = std::fs::read(format!("{root}/data/{file}")).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()));
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
        // Ten totals of the whole snapshot, and far less in the file: no error, and no end of anything.
        assert_eq!(got.draft.mode, Mode::Additive);
        assert_eq!(got.report.get("stated by the publisher/persons_of_significant_control_count"), 12_799_821);
        assert_eq!(got.report.get("joined by registration number"), 2);
        assert!(got.report.suspicious.is_empty(), "{:?}", got.report.suspicious);
        let mut keys: Vec<String> =
            got.records.iter().map(|(p, r)| format!("{p} {} {}", r.kind_code(), r.key())).collect();
        let n = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), n);
    }
    assert!(compared >= 19, "{compared}");
}
