//! An invented list of the published shape.

use super::*;
use crate::import::sink::testing::{Got, run};
use crate::model::{Fact, Listing, PartialDate, PartyRecord, Record, RelationRecord, prop};

const COLUMNS: [&str; 29] = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];
const EL: &str = "Entity List (EL) - Bureau of Industry and Security";
const UVL: &str = "Unverified List (UVL) - Bureau of Industry and Security";
const DPL: &str = "Denied Persons List (DPL) - Bureau of Industry and Security";
const ISN: &str = "Nonproliferation Sanctions (ISN) - State Department";
const SDN: &str = "Specially Designated Nationals (SDN) - Treasury Department";
const SSI: &str = "Sectoral Sanctions Identifications List (SSI) - Treasury Department";
const MBS: &str = "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department";
const CMIC: &str = "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department";

type Row<'a> = &'a [(&'a str, &'a str)];

/// The table, every cell quoted as the publisher does.
fn table(rows: &[Row<'_>]) -> String {
    let line = |cells: Vec<&str>| {
        let cells: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        cells.join(",") + "\n"
    };
    let row = |row: &Row<'_>| {
        assert!(row.iter().all(|(n, _)| COLUMNS.contains(n)));
        line(COLUMNS.iter().map(|c| row.iter().find(|(n, _)| n == c).map_or("", |(_, v)| v)).collect())
    };
    line(COLUMNS.to_vec()) + &rows.iter().map(row).collect::<String>()
}

const WORKS: Row<'_> = &[
    ("_id", "aa01"),
    ("source", EL),
    ("name", "Sill Rocket Works, a.k.a. Plant \"7\""),
    ("addresses", "Quay 1, Port Oldhaven, Norland, XA; Shed 2, Sillstadt, XB; XA"),
    ("federal_register_notice", "84 FR 101; 85 FR 202; 84 FR 101"),
    ("start_date", "2019-05-21"),
    ("license_requirement", "For all items subject to the EAR (See §744.11 of the EAR)"),
    ("license_policy", "Presumption of denial"),
    ("source_list_url", "https://lists.example/el"),
    ("alt_names", "SRW; and Силл Рокет; SRW"),
    ("source_information_url", "https://lists.example/about"),
];
const JANE: Row<'_> = &[
    ("_id", "22"),
    ("source", SDN),
    ("entity_number", "22"),
    ("type", "Individual"),
    ("programs", "NORD1; SILL-EO2] [SILL-EO3"),
    ("name", "DOE, Jane"),
    ("title", "Director"),
    ("addresses", "Sillstadt, XB"),
    ("remarks", "for more information, see there.; (Linked To: SILL BANK LTD.); (Linked To: SILL BANK LTD.)"),
    ("alt_names", "ROE, Jane; DOE, J."),
    ("citizenships", "XA; XB"),
    ("dates_of_birth", "1971-06-05; circa 1970"),
    ("nationalities", "XA"),
    ("places_of_birth", "Port Oldhaven, Norland; Sill"),
    (
        "ids",
        "Passport, A1, XA; Passport, B2; Tax ID No., 77; Secondary sanctions risk:, Rule 1, Rule 2; Website, www.x.example",
    ),
];

fn got(rows: &[Row<'_>]) -> Got {
    run(import, &[("consolidated.csv", table(rows).as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &[u8]) -> String {
    let e = run(import, &[("c.csv", text)], &Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(e.exit_code(), 2);
    e.to_string()
}

fn party<'a>(g: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
    let mut all = g.records.iter().filter_map(|(p, r)| match r {
        Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
        _ => None,
    });
    all.next().unwrap_or_else(|| panic!("no {part} record of {id}"))
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    let all = g.records.iter();
    all.filter_map(|(p, r)| match r {
        Record::Relation(r) => {
            assert_eq!(p, "links");
            Some(r)
        }
        _ => None,
    })
    .collect()
}

fn odd(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

fn fact(prop: &str, kind: &str, value: &str) -> Fact {
    Fact::new(prop, value).kind(kind)
}

fn day(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).ok()
}

#[test]
fn an_entry_of_the_entity_list_whole() {
    let g = got(&[WORKS]);
    let p = party(&g, "bis_el", "csl:aa01");
    assert_eq!(p.node_type, "thing");
    assert_eq!(
        p.facts,
        [
            fact("name", "", "Sill Rocket Works, a.k.a. Plant \"7\""),
            fact("alias", "", "SRW"),
            Fact::name(prop::ALIAS, "Силл Рокет"),
            fact("license_requirement", "", "For all items subject to the EAR (See §744.11 of the EAR)"),
            fact("license_policy", "", "Presumption of denial"),
            fact("source_list_url", "", "https://lists.example/el"),
            fact("source_information_url", "", "https://lists.example/about"),
            fact("address", "", "Quay 1, Port Oldhaven, Norland, XA"),
            fact("country", "address", "XA"),
            fact("address", "", "Shed 2, Sillstadt, XB"),
            fact("country", "address", "XB"),
            fact("source_list", "", EL),
        ]
    );
    let basis = ["84 FR 101", "85 FR 202"].map(str::to_owned).to_vec();
    assert_eq!(p.listings, [Listing { list: "bis_el".into(), from: day("2019-05-21"), basis, ..Listing::default() }]);
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode, d.stated), ("us_csl", "us-csl", Mode::Full, None));
    assert_eq!(d.parts, ["bis_el", "links"]);
    let o = Options { source: Some("mine".into()), ..Options::default() };
    let named = run(import, &[("x.csv", table(&[WORKS]).as_bytes())], &o).unwrap().draft;
    assert_eq!((named.source.as_str(), named.info.id.as_str()), ("mine", "mine"));
}

#[test]
fn an_entry_of_an_ofac_list_whole() {
    let g = got(&[JANE]);
    let p = party(&g, "ofac_sdn", "ofac:22");
    assert_eq!(p.node_type, "person");
    let id = |kind: &str, value: &str, raw: &str| Fact { raw: raw.into(), ..fact("identifier", kind, value) };
    assert_eq!(
        p.facts,
        [
            fact("name", "", "DOE, Jane"),
            fact("alias", "", "ROE, Jane"),
            fact("alias", "", "DOE, J."),
            fact("title", "", "Director"),
            fact("birth", "", "1971-06-05"),
            fact("birth", "alternative", "circa 1970"),
            fact("birth_place", "", "Port Oldhaven, Norland"),
            fact("birth_place", "alternative", "Sill"),
            fact("country", "nationality", "XA"),
            fact("country", "citizenship", "XA"),
            fact("country", "citizenship", "XB"),
            fact("address", "", "Sillstadt, XB"),
            fact("country", "address", "XB"),
            fact(
                "remarks",
                "",
                "for more information, see there.; (Linked To: SILL BANK LTD.); (Linked To: SILL BANK LTD.)"
            ),
            fact("more_information", "", "for more information, see there."),
            id("Passport", "A1", "Passport A1 (XA)"),
            id("Passport", "B2", "alt. Passport B2"),
            id("Tax ID No.", "77", "Tax ID No. 77"),
            fact("secondary_sanctions_risk", "", "Rule 1, Rule 2"),
            fact("website", "", "www.x.example"),
            fact("source_list", "", SDN),
        ]
    );
    assert_eq!(p.listings[0].programs, ["NORD1", "SILL-EO2", "SILL-EO3"]);
    let links: Vec<String> = relations(&g).iter().map(|r| r.external_id()).collect();
    assert_eq!(links, ["ofac:22>linked_to>\"SILL BANK LTD.\"", "ofac:22>linked_to>\"SILL BANK LTD.\"#1"]);
    assert!(g.report.suspicious.is_empty() && g.report.skipped.is_empty(), "{:?}", g.report.suspicious);
}

#[test]
fn several_lists_at_once() {
    let bank = |source: &'static str| -> Vec<(&'static str, &'static str)> {
        vec![
            ("_id", "31"),
            ("source", source),
            ("entity_number", "31"),
            ("type", "Entity"),
            ("name", "SILL BANK"),
            ("remarks", "(Linked To: SILL HOLDING)"),
            (
                "ids",
                "03 Jun 2021, Listing Date (CMIC); XA, 77, Registration Number; SILLXX, SWIFT/BIC; Subject to Directive 1, Executive Order 13662 Directive Determination -",
            ),
        ]
    };
    let ship: Row<'_> = &[
        ("_id", "32"),
        ("source", SDN),
        ("entity_number", "32"),
        ("type", "Vessel"),
        ("name", "SILL STAR"),
        ("call_sign", "NSST1"),
        ("vessel_type", "Tanker"),
        ("gross_tonnage", "900"),
        ("gross_registered_tonnage", "500"),
        ("vessel_flag", "XA"),
        ("vessel_owner", "North Quay Shipping"),
        ("ids", "Vessel Registration Identification, IMO 1234567; MMSI, 123456789"),
    ];
    let moved: Row<'_> = &[("_id", "aa01"), ("source", UVL), ("name", "Sill Rocket Works")];
    let g = got(&[WORKS, &bank(SSI), &bank(MBS), &bank(CMIC), ship, moved]);
    assert_eq!(g.draft.parts, ["bis_el", "bis_uvl", "ofac_ns_cmic", "ofac_ns_mbs", "ofac_sdn", "ofac_ssi", "links"]);
    for part in ["ofac_ssi", "ofac_ns_mbs", "ofac_ns_cmic"] {
        let p = party(&g, part, "ofac:31");
        assert_eq!((p.listings.len(), p.listings[0].list.as_str()), (1, part));
        let ids: Vec<(&str, &str)> =
            p.facts.iter().filter(|f| f.prop == "identifier").map(|f| (f.kind.as_str(), f.raw.as_str())).collect();
        assert_eq!(ids, [("Registration Number", "Registration Number 77 (XA)"), ("SWIFT/BIC", "SWIFT/BIC SILLXX")]);
        assert!(p.facts.contains(&fact("executive_order_13662_directive_determination", "", "Subject to Directive 1")));
        assert_eq!(p.listings[0].from, day("2021-06-03").filter(|_| part == "ofac_ns_cmic"));
    }
    assert!(party(&g, "bis_el", "csl:aa01").listings[0].list == "bis_el");
    assert!(party(&g, "bis_uvl", "csl:aa01").listings[0].list == "bis_uvl");
    let ship = party(&g, "ofac_sdn", "ofac:32");
    assert!(ship.facts.contains(&fact("country", "flag", "XA")) && ship.facts.contains(&fact("grt", "", "500")));
    assert_eq!(ship.values(prop::IDENTIFIER).collect::<Vec<_>>(), ["1234567", "123456789"]);
    let links: Vec<String> = relations(&g).iter().map(|r| r.external_id()).collect();
    assert_eq!(links, ["ofac:31>linked_to>\"SILL HOLDING\"", "\"North Quay Shipping\">owns>ofac:32"]);
    assert_eq!((g.report.get("entries"), g.report.get("by_list/bis_uvl"), g.report.get("by_type/Vessel")), (6, 1, 1));
    assert!(g.report.suspicious.is_empty(), "{:?}", g.report.suspicious);
}

#[test]
fn content_faults_are_kept_and_counted() {
    let g = got(&[
        &[("_id", "b1"), ("source", "Sill Act Entity List - Department of Sills"), ("name", "A")],
        &[("source", DPL), ("name", "B"), ("start_date", "2020-13-01"), ("end_date", "never"), ("standard_order", "Y")],
        &[("_id", "b3"), ("source", DPL), ("name", "C"), ("start_date", "2020-01-02"), ("end_date", "2019-01-02")],
        &[("_id", "b4"), ("source", DPL), ("name", "D"), ("start_date", "2010-01-02"), ("end_date", "2019-01-02")],
        &[
            ("_id", "b5"),
            ("source", ISN),
            ("name", "E"),
            ("alt_names", "E Works, Ltd."),
            ("programs", "Sill Act; E.O. 1"),
        ],
        &[("_id", "b6"), ("source", ISN), ("name", "F"), ("alt_names", "F Works, Department of F, FW")],
        &[
            ("_id", "b7"),
            ("source", SDN),
            ("type", "Zeppelin"),
            ("ids", "what, ever; lone"),
            ("dates_of_birth", "in spring"),
        ],
        &[("_id", "b4"), ("source", DPL), ("name", "D"), ("start_date", "2010-01-02"), ("end_date", "2019-01-02")],
        &[("_id", "b4"), ("source", DPL), ("name", "D2"), ("alt_names", "[]")],
    ]);
    assert_eq!(party(&g, "csl_sill_act_entity_list", "csl:b1").listings[0].list, "csl_sill_act_entity_list");
    let without = g.records.iter().filter_map(|(p, r)| match r {
        Record::Party(r) if p == "bis_dpl" && r.id.local().starts_with("row-") => Some(r),
        _ => None,
    });
    let [b] = without.collect::<Vec<_>>()[..] else { panic!() };
    assert!(
        b.facts.contains(&fact("start_date", "", "2020-13-01")) && b.facts.contains(&fact("end_date", "", "never"))
    );
    let c = &party(&g, "bis_dpl", "csl:b3");
    assert!((c.listings[0].from, c.listings[0].to) == (day("2020-01-02"), None));
    assert!(c.facts.contains(&fact("end_date", "", "2019-01-02")));
    assert_eq!(party(&g, "bis_dpl", "csl:b4").listings[0].to, day("2019-01-02"));
    let e = party(&g, "state_isn", "csl:b5");
    assert_eq!((e.values(prop::ALIAS).collect::<Vec<_>>(), e.listings[0].programs.len()), (vec!["E Works, Ltd."], 2));
    let f = party(&g, "state_isn", "csl:b6");
    assert_eq!(f.values("alt_names").collect::<Vec<_>>(), ["F Works, Department of F, FW"]);
    let z = party(&g, "ofac_sdn", "csl:b7");
    assert_eq!(
        (z.node_type.as_str(), z.values("ids").collect::<Vec<_>>()),
        ("legal_entity", vec!["what, ever", "lone"])
    );
    assert_eq!(z.values("birth_text").collect::<Vec<_>>(), ["in spring"]);
    for (reason, n) in [
        ("list that is not known", 1),
        ("entry without a usable id, one made from its content", 1),
        ("date not understood", 2),
        ("listing that ends before it begins", 1),
        ("names run together, kept as text", 1),
        ("entry of an OFAC list without its number", 1),
        ("entry without a name", 1),
        ("unknown type of entry, taken as an entity", 1),
        ("identifier of an unknown form, kept as text", 2),
        ("date of birth not understood", 1),
        ("reference number occurs twice on a list", 1),
    ] {
        assert_eq!(odd(&g, reason), n, "{reason}");
    }
    assert_eq!(g.report.skipped["row that repeats an earlier one"].count, 1);
}

#[test]
fn other_shapes_of_the_table() {
    // Tabs, a byte order mark, a column more and some less, the mark of the end.
    let text = "\u{feff}source\tentity_number\tprograms\tname\tfederal_register_notice\talt_names\tsource_list_url\tSillGrade\r\n\
                Entity List (EL) - Bureau of Industry and Security\t\t\tSill Works\t84 FR 101\t\t\t9\r\n\u{1a}\r\n";
    assert!(detect(&Input::from_bytes("x.tsv", text.into()).unwrap()));
    let g = run(import, &[("x.tsv", text.as_bytes())], &Options::default()).unwrap();
    let Record::Party(p) = &g.records[0].1 else { panic!() };
    assert!(p.id.as_str().starts_with("csl:row-") && p.facts.contains(&fact("sill_grade", "", "9")));
}

#[test]
fn structural_faults_refuse() {
    let whole = table(&[WORKS, JANE]);
    let cut = whole.replace(",\"https://lists.example/about\",\"\"\n", "\n");
    assert!(refused(cut.as_bytes()).starts_with("c.csv:2"), "{}", refused(cut.as_bytes()));
    assert!(refused(table(&[]).as_bytes()).contains("no row"));
    assert!(refused(b"").contains("empty"));
    assert!(refused(b"source,entity_number\n1,2\n").contains("\"name\""));
    assert!(refused(&[whole.as_bytes(), b"\"\xff\"\n"].concat()).contains("UTF-8"));
    let two = [("a.csv", whole.as_bytes()), ("b.csv", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
    // Cells are quoted, so a cut inside one is noticed, and so is one before the last; at the
    // end of a row, or with its last cell gone, it cannot be.
    let bytes = whole.as_bytes();
    let ends = whole.match_indices("\"\n").skip(1).map(|(i, _)| i + 1);
    let silent: Vec<usize> = ends.flat_map(|end| [end, end + 1, whole[..end].rfind("\",\"").unwrap() + 2]).collect();
    for at in 0..bytes.len() {
        let done = run(import, &[("c.csv", &bytes[..at])], &Options::default());
        assert_eq!(done.is_ok(), silent.contains(&at), "{at}");
    }
    let mut x = 88_172_645_463_325_252u64;
    for _ in 0..3000 {
        let mut bytes = bytes.to_vec();
        for _ in 0..3 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = (x as usize) % bytes.len();
            bytes[at] = (x >> 32) as u8;
        }
        let _ = run(import, &[("c.csv", &bytes)], &Options::default()).map(|_| ());
    }
}

#[test]
fn detection() {
    let is = |t: &[u8]| detect(&Input::from_bytes("x", t.to_vec()).unwrap());
    assert!(is(table(&[WORKS]).as_bytes()) && is(COLUMNS.join(",").to_uppercase().as_bytes()));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, table(&[JANE]).as_bytes()).unwrap();
    assert!(is(&packed.finish().unwrap()));
    for other in [
        "",
        "source,target,type\na,b,owns\n",
        "id,type,name,programs\n",
        "21,\"N\",-0- ,\"P\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n",
        "<sdnList/>",
        "{\"source\": \"entity_number\"}",
    ] {
        assert!(!is(other.as_bytes()), "{other}");
    }
}
