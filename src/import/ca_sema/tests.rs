//! Invented records under all three sets of tags, and the real list.

use super::*;
use crate::import::sink::testing::{Got, run};
use crate::model::{Citation, Fact, Listing, PartialDate, PartyRecord, Record, prop};
use std::path::Path;

fn list(records: &[&[(&str, &str)]]) -> String {
    let record = |fields: &&[(&str, &str)]| {
        let fields: String = fields.iter().map(|(n, t)| format!("\t\t<{n}>{t}</{n}>\n")).collect();
        format!("\t<record>\n{fields}\t</record>\n")
    };
    let records: String = records.iter().map(record).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data-set xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{records}</data-set>\n"
    )
}

const PERSON: &[(&str, &str)] = &[
    ("Country", "Norland / Norlande"),
    ("Title", "Captain | capitaine"),
    ("LastName", "Doe\u{a0}"),
    ("GivenName", " Jane\n Ann"),
    ("DateOfBirth", "1971-06-05"),
    ("Aliases", "Джейн Доу; Russian: Джейн Роу / J. Doe"),
    ("Schedule", "1, Part 2"),
    ("Item", "7"),
];
const FIRM: &[(&str, &str)] = &[
    ("Country", "Sill/Sille"),
    ("EntityOrShip", "Quay/Quai Ltd."),
    ("Schedule", "N/A"),
    ("Item", "3"),
    ("DateOfListing", "2024-02-23"),
];
const SHIP: &[(&str, &str)] = &[
    ("Country-Pays", "Norland / Norlande"),
    ("EntityOrShip-EntiteOuNavire", "Sill Star"),
    ("TitleOrShipType-TitreOuTypeDeNavire", "Tanker | Pétrolier"),
    ("ShipIMONumber-NumeroOMIDuNavire", "IMO 1234567"),
    ("DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire", "1986"),
    ("Schedule-Annexe", "1.1"),
    ("Item-NumeroDarticle", "2"),
    ("DateOfListing-DateDinscription", "2025-06-13"),
];

fn got(records: &[&[(&str, &str)]]) -> Got {
    run(import, &[("sema-lmes.xml", list(records).as_bytes())], &Options::default()).unwrap()
}

fn parties(g: &Got) -> Vec<&PartyRecord> {
    let all = g.records.iter();
    all.map(|(p, r)| match r {
        Record::Party(r) if p == "primary" => r,
        other => panic!("{other:?}"),
    })
    .collect()
}

fn odd(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

fn fact(prop: &str, kind: &str, value: &str) -> Fact {
    Fact::new(prop, value).kind(kind)
}

fn at(locator: &str) -> Vec<Citation> {
    vec![Citation { locator: locator.into(), ..Citation::default() }]
}

#[test]
fn one_of_each_whole() {
    let g = got(&[PERSON, FIRM, SHIP]);
    let [person, firm, ship] = parties(&g)[..] else { panic!("{}", g.records.len()) };
    assert_eq!((person.id.as_str(), person.node_type.as_str()), ("ca.sema:norland/1-part-2/7", "person"));
    let lang = |f: Fact, lang: &str| Fact { lang: lang.into(), ..f };
    assert_eq!(
        person.facts,
        [
            fact("name", "", "Jane Ann Doe"),
            fact("last_name", "", "Doe"),
            fact("given_name", "", "Jane Ann"),
            Fact::name(prop::ALIAS, "Джейн Доу"),
            Fact {
                raw: "Russian: Джейн Роу".into(), ..lang(Fact::name(prop::ALIAS, "Джейн Роу"), "ru")
            },
            fact("alias", "", "J. Doe"),
            lang(fact("title", "", "Captain"), "en"),
            lang(fact("title", "", "capitaine"), "fr"),
            fact("birth", "", "1971-06-05"),
            fact("country_of_regulations", "", "Norland / Norlande"),
            fact("schedule", "", "1, Part 2"),
            fact("item", "", "7"),
        ]
    );
    let day = |t: &str| PartialDate::parse(t).ok();
    let listing = |from, program: &str, basis: &[&str], locator| Listing {
        list: "ca_sema".into(),
        from,
        programs: vec![program.into()],
        basis: basis.iter().map(|b| (*b).to_owned()).collect(),
        cites: at(locator),
        ..Listing::default()
    };
    assert_eq!(person.listings, [listing(None, "Norland", &["Norland, Schedule 1, Part 2"], "norland/1-part-2/7")]);
    assert_eq!((firm.id.as_str(), firm.node_type.as_str()), ("ca.sema:sill/n-a/3", "legal_entity"));
    assert_eq!(firm.values(prop::NAME).collect::<Vec<_>>(), ["Quay/Quai Ltd."]);
    assert_eq!(firm.listings, [listing(day("2024-02-23"), "Sill", &[], "sill/n-a/3")]);
    assert_eq!((ship.id.as_str(), ship.node_type.as_str()), ("ca.sema:norland/1.1/2", "vessel"));
    assert_eq!(
        ship.facts,
        [
            fact("name", "", "Sill Star"),
            lang(fact("vessel_type", "", "Tanker"), "en"),
            lang(fact("vessel_type", "", "Pétrolier"), "fr"),
            Fact { raw: "IMO 1234567".into(), ..fact("identifier", "IMO", "1234567") },
            fact("build_date", "", "1986"),
            fact("country_of_regulations", "", "Norland / Norlande"),
            fact("schedule", "", "1.1"),
            fact("item", "", "2"),
        ]
    );
    assert_eq!(ship.listings[0].from, day("2025-06-13"));
    // Country names the law, not where a party is from.
    assert!(g.records.iter().all(|(_, r)| matches!(r, Record::Party(p) if p.values(prop::COUNTRY).next().is_none())));
    assert!(g.report.suspicious.is_empty() && g.report.skipped.is_empty());
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode, d.stated), ("ca_sema", "ca-sema", Mode::Full, None));
    let o = Options { source: Some("mine".into()), ..Options::default() };
    let named = run(import, &[("x.xml", list(&[PERSON]).as_bytes())], &o).unwrap().draft;
    assert_eq!((named.source.as_str(), named.info.id.as_str()), ("mine", "mine"));
}

#[test]
fn renamed_tags_make_no_other_party() {
    let french = [
        ("Country", "Country-Pays"),
        ("Title", "TitleOrShipType-TitreOuTypeDeNavire"),
        ("LastName", "LastName-NomDeFamille"),
        ("GivenName", "GivenName-Prenom"),
        ("DateOfBirth", "DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire"),
        ("Aliases", "Aliases-Alias"),
        ("Schedule", "Schedule-Annexe"),
        ("Item", "Item-NumeroDarticle"),
    ];
    let renamed: Vec<(&str, &str)> =
        PERSON.iter().map(|(n, t)| (french.iter().find(|(o, _)| o == n).unwrap().1, *t)).collect();
    assert_eq!(parties(&got(&[PERSON])), parties(&got(&[&renamed])));
}

#[test]
fn keys_that_clash_or_lack() {
    let r = |name: &'static str, item: &'static str| -> Vec<(&'static str, &'static str)> {
        vec![("Country", "Sill"), ("Entity", name), ("Item", item)]
    };
    let all = [r("A", "1"), r("B", "1"), r("B", "1"), r("C", ""), r("D", ""), r("Е", ""), r("Ж", ""), r("Ж", "1")];
    let g = got(&all.each_ref().map(Vec::as_slice));
    let ids: Vec<&str> = parties(&g).iter().map(|p| p.id.local()).collect();
    assert_eq!(&ids[..4], ["sill/-/1", "sill/-/1~b", "sill/-/~c", "sill/-/~d"]);
    assert!(ids[4] != ids[5] && ids[6].starts_with("sill/-/1~") && ids.len() == 7, "{ids:?}");
    assert_eq!(odd(&g, "reference number occurs twice"), 2);
    assert_eq!(odd(&g, "record without an item number, its name is the key"), 4);
    assert_eq!(g.report.skipped["record that repeats an earlier one"].count, 1);
    // The same party again in other words: both records are kept under one id.
    let again: &[(&str, &str)] = &[("Country", "Sill"), ("Entity", "A"), ("Item", "1"), ("Schedule", "")];
    let g = got(&[&all[0], again]);
    let ids: Vec<&str> = parties(&g).iter().map(|p| p.id.local()).collect();
    assert_eq!((ids, odd(&g, "reference number occurs twice")), (vec!["sill/-/1", "sill/-/1"], 1));
}

#[test]
fn content_faults_are_kept_and_counted() {
    let g = got(&[
        &[
            ("Country", "Sill"),
            ("LastName", "Doe"),
            ("DateOfBirth", "1973-01-10 or 1973-01-11"),
            ("Item", "1"),
            ("DateOfListing", "some day"),
            ("Aliases", "Doe; Jane, Janet; Jan or Jean; "),
            ("Remark-Remarque", "tall"),
        ],
        &[("Country", "Sill"), ("GivenName", "Jo"), ("DateOfBirth", "in spring"), ("Item", "2")],
        &[
            ("Country", "Sill"),
            ("EntityOrShip", "S"),
            ("LastName", "X"),
            ("ShipIMONumber", "ex Star"),
            ("Item", "3"),
            ("DateOfBirthOrShipBuildDate", "old"),
        ],
        &[("Schedule", "1"), ("Item", "4")],
        &[("Country", "Sill"), ("EntityOrShip", "T"), ("DateOfBirthOrShipBuildDate", "1990"), ("Item", "5")],
    ]);
    let all = parties(&g);
    let has = |i: usize, prop: &str, value: &str| {
        assert!(all[i].facts.iter().any(|f| (f.prop.as_str(), f.value.as_str()) == (prop, value)), "{prop} {value}");
    };
    assert_eq!(all[0].values(prop::BIRTH).collect::<Vec<_>>(), ["1973-01-10", "1973-01-11"]);
    has(0, "date_of_listing", "some day");
    has(0, "aliases", "Jane, Janet");
    has(0, "aliases", "Jan or Jean");
    has(0, "remark_remarque", "tall");
    has(1, "birth_text", "in spring");
    has(2, "ship_imo_number", "ex Star");
    has(2, "build_date", "old");
    has(2, "alias", "X");
    has(4, "date_of_birth_or_ship_build_date", "1990");
    let types: Vec<&str> = all.iter().map(|p| p.node_type.as_str()).collect();
    assert_eq!(types, ["person", "person", "vessel", "thing", "legal_entity"]);
    for (reason, n) in [
        ("date of listing not understood", 1),
        ("aliases run together, kept as text", 2),
        ("date of birth not understood", 1),
        ("IMO number not understood", 1),
        ("date of building not understood", 1),
        ("record that names a person and an entity", 1),
        ("record without a name", 1),
    ] {
        assert_eq!(odd(&g, reason), n, "{reason}");
    }
    assert_eq!((g.report.get("aliases_that_repeat_the_name"), g.report.get("without_country")), (1, 1));
}

#[test]
fn structural_faults_refuse() {
    let refused = |text: &[u8]| {
        let e = run(import, &[("c.xml", text)], &Options::default()).map(|_| ()).unwrap_err();
        assert_eq!(e.exit_code(), 2);
        e.to_string()
    };
    let whole = list(&[PERSON, FIRM, SHIP]);
    assert!(refused(b"<dataset/>").contains("root element is dataset"));
    assert!(refused(whole.replacen("<data-set", "<!DOCTYPE d><data-set", 1).as_bytes()).contains("DOCTYPE"));
    let said = refused(whole.replacen("</Item>", "</Article>", 1).as_bytes());
    assert!(said.starts_with("c.xml:12"), "{said}");
    let two = [("a.xml", whole.as_bytes()), ("b.xml", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
    let bytes = whole.as_bytes();
    for cut in 0..bytes.len() {
        let done = run(import, &[("c.xml", &bytes[..cut])], &Options::default());
        assert_eq!(done.is_ok(), cut == bytes.len() - 1, "{cut}");
    }
    let mut x = 88_172_645_463_325_252u64;
    for _ in 0..2000 {
        let mut bytes = bytes.to_vec();
        for _ in 0..3 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = (x as usize) % bytes.len();
            bytes[at] = (x >> 32) as u8;
        }
        let _ = run(import, &[("c.xml", &bytes)], &Options::default()).map(|_| ());
    }
    let g = run(import, &[("c.xml", b"<data-set><note><x/></note></data-set>")], &Options::default()).unwrap();
    assert_eq!(g.report.skipped["element that is not a record"].count, 1);
}

#[test]
fn detection() {
    let is = |t: &[u8]| detect(&Input::from_bytes("x", t.to_vec()).unwrap());
    for records in [PERSON, FIRM, SHIP] {
        assert!(is(list(&[records]).as_bytes()));
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, list(&[SHIP]).as_bytes()).unwrap();
    assert!(is(&packed.finish().unwrap()));
    for other in
        ["", "<data-set/>", "<data-set><record><id>1</id></record></data-set>", "<sdnList/>", "<Sanctions/>", "{}"]
    {
        assert!(!is(other.as_bytes()), "{other}");
    }
}

/// Every count that an independent script found in the real file.
#[test]
fn real_file_has_the_expected_counts() {
    let Some(root) = std::env::var_os("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let data = Path::new(&root).join("data");
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("EXPECTED.json")).unwrap()).unwrap();
    let mut compared = 0;
    for (file, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("ca/")) {
        let bytes = std::fs::read(data.join(file)).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()));
        let g = run(import, &[(file, &bytes)], &Options::default()).unwrap();
        for (key, want) in want.as_object().unwrap() {
            let pairs: Vec<(String, u64)> = match want {
                serde_json::Value::Object(m) => {
                    m.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
                }
                n => vec![(key.clone(), n.as_u64().unwrap())],
            };
            for (what, n) in pairs {
                assert_eq!(g.report.get(&what), n, "{what}");
                compared += 1;
            }
        }
        let mut ids: Vec<&str> = parties(&g).iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids.len() as u64, g.report.get("records"), "none dropped");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len() as u64, g.report.get("records"), "no two parties under one id");
        println!("{:?}", g.report.counts);
        for (reason, f) in g.report.suspicious.iter().chain(&g.report.skipped) {
            println!("  {} {reason}: {:?}", f.count, f.examples.iter().map(|e| &e.text).collect::<Vec<_>>());
        }
    }
    assert!(compared >= 20, "{compared}");
}
