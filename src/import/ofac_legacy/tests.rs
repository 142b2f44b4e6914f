//! Invented lists in the older XML, alone and beside the same list as a CSV set; and the real one.

use super::*;
use crate::import::ofac_csv;
use crate::import::sink::testing::{Got, run};
use crate::model::{Fact, PartyRecord, Record, RelationRecord, prop};
use std::collections::BTreeMap;
use std::path::Path;

const NAMESPACE: &str = "http://tempuri.org/sdnList.xsd";

fn list(count: u32, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n<sdnList xmlns=\"{NAMESPACE}\">\n<publshInformation>\
         <Publish_Date>03/24/2022</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>\n{entries}</sdnList>\n"
    )
}

fn many(list: &str, one: &str, items: &[&str]) -> String {
    let items: String = items.iter().enumerate().map(|(i, t)| format!("<{one}><uid>{i}</uid>{t}</{one}>")).collect();
    format!("<{list}>{items}</{list}>\n")
}

fn tag(name: &str, text: &str) -> String {
    format!("<{name}>{text}</{name}>")
}

fn id(kind: &str, number: &str, more: &str) -> String {
    format!("<idType>{kind}</idType><idNumber>{number}</idNumber>{more}")
}

fn aka(label: &str, category: &str, last: &str, first: &str) -> String {
    let first = if first.is_empty() { String::new() } else { tag("firstName", first) };
    format!("<type>{label}</type><category>{category}</category><lastName>{last}</lastName>{first}")
}

fn programs(codes: &[&str]) -> String {
    tag("programList", &codes.iter().map(|c| tag("program", c)).collect::<String>())
}

fn born(text: &str, main: bool) -> String {
    format!("<dateOfBirth>{text}</dateOfBirth><mainEntry>{main}</mainEntry>")
}

/// Four entries: a firm, a person, a ship, an aircraft.
fn four() -> String {
    let firm = [
        tag("uid", "21"),
        tag("lastName", "NORTH QUAY LTD"),
        tag("sdnType", "Entity"),
        tag("remarks", "For more information, see there.; (Linked To: DOE, Jane)"),
        programs(&["NORD1", "SILL-EO2"]),
        many(
            "idList",
            "id",
            &[
                &id("Tax ID No.", "77", &tag("idCountry", "Norland")),
                &id("Tax ID No.", "78", ""),
                &id("Website", "www.nq.example", ""),
                &id("Executive Order 13662 Directive Determination -", "Subject to Directive 1", ""),
                &id("Organization Established Date", "17 Oct 1990", ""),
                &id("Listing Date (EO 14024 Directive 2):", "24 Feb 2022", ""),
                &id("Secondary sanctions risk:", "Sill Sanctions Rules", ""),
            ],
        ),
        many(
            "akaList",
            "aka",
            &[
                &aka("a.k.a.", "strong", "QUAY NORTH", ""),
                &aka("f.k.a.", "strong", "OLD QUAY", ""),
                &aka("a.k.a.", "weak", "NQ", ""),
            ],
        ),
        many(
            "addressList",
            "address",
            &[
                "<address1>Quay 1</address1><address2>Shed 2</address2><city>Port Oldhaven</city><stateOrProvince>North \
                 Sill</stateOrProvince><postalCode>7001</postalCode><country>Norland</country>",
                "<country>Norland</country>",
                "",
            ],
        ),
    ]
    .concat();
    let person = [
        tag("uid", "22"),
        tag("firstName", "Jane"),
        tag("lastName", "DOE"),
        tag("title", "Director &amp; owner"),
        tag("sdnType", "Individual"),
        tag("remarks", "(Linked To: NORTH QUAY LTD); (Linked To: NORTH QUAY LTD)"),
        programs(&["NORD1"]),
        many(
            "idList",
            "id",
            &[
                &id("Gender", "Female", ""),
                &id(
                    "Passport",
                    "A1",
                    "<idCountry>Norland</idCountry><issueDate>31 Jul 2000</issueDate><expirationDate>2010</expirationDate>",
                ),
                &id("Digital Currency Address - XBT", "1FictionalWallet", ""),
            ],
        ),
        many("akaList", "aka", &[&aka("a.k.a.", "weak", "JD", ""), &aka("n.k.a.", "strong", "ROE", "Jane")]),
        many("nationalityList", "nationality", &["<country>Norland</country><mainEntry>true</mainEntry>"]),
        many("citizenshipList", "citizenship", &["<country>Sill</country><mainEntry>false</mainEntry>"]),
        many("dateOfBirthList", "dateOfBirthItem", &[&born("05 Jun 1971", true), &born("circa 1970", false)]),
        many(
            "placeOfBirthList",
            "placeOfBirthItem",
            &["<placeOfBirth>Sill</placeOfBirth><mainEntry>true</mainEntry>"],
        ),
    ]
    .concat();
    let ship = [
        tag("uid", "23"),
        tag("lastName", "SILL STAR"),
        tag("sdnType", "Vessel"),
        programs(&["SILL-EO2"]),
        many("idList", "id", &[&id("Vessel Registration Identification", "IMO 1234567", "")]),
        "<vesselInfo><callSign>NSST1</callSign><vesselType>Tanker</vesselType><vesselFlag>Norland</vesselFlag>\
         <vesselOwner>North Quay Shipping</vesselOwner><tonnage>900</tonnage>\
         <grossRegisteredTonnage>500</grossRegisteredTonnage></vesselInfo>"
            .to_owned(),
    ]
    .concat();
    let plane = [
        tag("uid", "24"),
        tag("lastName", "NQ-1"),
        tag("sdnType", "Aircraft"),
        programs(&["SILL-EO2"]),
        many("idList", "id", &[&id("Aircraft Operator", "Norland Air", ""), &id("Aircraft Tail Number", "NQ-1", "")]),
    ]
    .concat();
    list(4, &[firm, person, ship, plane].map(|e| tag("sdnEntry", &e)).concat())
}

/// The same four as a CSV set.
const CSV: [(&str, &str); 3] = [
    (
        "sdn.csv",
        "21,\"NORTH QUAY LTD\",-0- ,\"NORD1] [SILL-EO2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. 77 (Norland); \
alt. Tax ID No. 78; Website www.nq.example; Executive Order 13662 Directive Determination - Subject to Directive 1; \
Organization Established Date 17 Oct 1990; Listing Date (EO 14024 Directive 2): 24 Feb 2022; Secondary sanctions risk: \
Sill Sanctions Rules; a.k.a. 'NQ'; For more information, see there.; Linked To: DOE, Jane.\"\r\n\
22,\"DOE, Jane\",\"individual\",\"NORD1\",\"Director & owner\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 05 Jun 1971; alt. DOB \
circa 1970; POB Sill; nationality Norland; alt. citizen Sill; Gender Female; Passport A1 (Norland) issued 31 Jul 2000 \
expires 2010; Digital Currency Address - XBT 1FictionalWallet; a.k.a. 'JD'; Linked To: NORTH QUAY LTD; \
Linked To: NORTH QUAY LTD.\"\r\n\
23,\"SILL STAR\",\"vessel\",\"SILL-EO2\",-0- ,\"NSST1\",\"Tanker\",\"900\",\"500\",\"Norland\",\"North Quay Shipping\",\"Vessel \
Registration Identification IMO 1234567.\"\r\n\
24,\"NQ-1\",\"aircraft\",\"SILL-EO2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Aircraft Operator Norland Air; Aircraft Tail \
Number NQ-1.\"\r\n",
    ),
    (
        "add.csv",
        "21,1,\"Quay 1, Shed 2\",\"Port Oldhaven, North Sill 7001\",\"Norland\",-0- \r\n21,2,-0- ,-0- ,\"Norland\",-0- \r\n\
22,3,-0- ,-0- ,-0- ,-0- \r\n",
    ),
    (
        "alt.csv",
        "21,1,\"aka\",\"QUAY NORTH\",-0- \r\n21,2,\"fka\",\"OLD QUAY\",-0- \r\n22,3,\"nka\",\"ROE, Jane\",-0- \r\n",
    ),
];

fn got(name: &str, text: &str) -> Got {
    run(import, &[(name, text.as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &str) -> String {
    match run(import, &[("sdn.xml", text.as_bytes())], &Options::default()) {
        Err(e) => {
            assert_eq!(e.exit_code(), 2, "{e}");
            e.to_string()
        }
        Ok(_) => panic!("accepted"),
    }
}

fn party<'a>(g: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
    let mut all = g.records.iter().filter_map(|(p, r)| match r {
        Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
        _ => None,
    });
    all.next().unwrap_or_else(|| panic!("no {part} record of {id}"))
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn odd(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

/// Parties by part and id: type, facts without the literal remarks, listings; and the relations.
type Told = (BTreeMap<(String, String), (String, Vec<String>, String)>, Vec<String>);

fn told(g: &Got) -> Told {
    let (mut parties, mut edges) = (BTreeMap::new(), Vec::new());
    for (part, record) in &g.records {
        match record {
            Record::Party(p) => {
                let facts = p.facts.iter().filter(|f| f.prop != "remarks");
                let mut facts: Vec<String> = facts.map(|f| format!("{f:?}")).collect();
                facts.sort();
                let value = (p.node_type.clone(), facts, format!("{:?}", p.listings));
                assert!(parties.insert((part.clone(), p.id.to_string()), value).is_none());
            }
            Record::Relation(r) => edges.push(format!("{part} {} {:?}", r.external_id(), r.facts)),
            other => panic!("{other:?}"),
        }
    }
    edges.sort();
    (parties, edges)
}

#[test]
fn the_same_list_says_the_same_in_both_forms() {
    let csv: Vec<(&str, &[u8])> = CSV.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    let csv = run(ofac_csv::import, &csv, &Options::default()).unwrap();
    let xml = got("sdn.xml", &four());
    let ((a, links_a), (b, links_b)) = (told(&csv), told(&xml));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (key, value) in &a {
        assert_eq!(value, &b[key], "{key:?}");
    }
    assert_eq!(links_a, links_b);
    assert!(links_a.len() == 10 && a.len() == 9, "{links_a:?} {}", a.len());
    assert_eq!(csv.draft.source, xml.draft.source);
    assert!(csv.draft.parts.iter().all(|p| xml.draft.parts.contains(p)));
    assert_eq!(csv.report.suspicious, BTreeMap::new());
    assert_eq!(xml.report.suspicious, BTreeMap::new());
    // The other namespace, and a prefix, change nothing.
    let now = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML";
    assert_eq!(told(&got("sdn.xml", &four().replace(NAMESPACE, now))), (b, links_b));
}

#[test]
fn one_entry_whole() {
    let g = got("sdn.xml", &four());
    let p = party(&g, "primary", "ofac:22");
    let fact =
        |prop: &str, kind: &str, value: &str, raw: &str| Fact { raw: raw.into(), ..Fact::new(prop, value).kind(kind) };
    let passport = Fact {
        from: PartialDate::parse("2000-07-31").ok(),
        to: PartialDate::parse("2010").ok(),
        ..fact(prop::IDENTIFIER, "Passport", "A1", "Passport A1 (Norland) issued 31 Jul 2000 expires 2010")
    };
    let wallet = "Digital Currency Address - XBT";
    assert_eq!(
        p.facts,
        [
            fact("name", "", "DOE, Jane", ""),
            fact("title", "", "Director & owner", ""),
            fact("remarks", "", "(Linked To: NORTH QUAY LTD); (Linked To: NORTH QUAY LTD)", ""),
            fact("birth", "", "1971-06-05", "05 Jun 1971"),
            fact("birth", "alternative", "circa 1970", ""),
            fact("birth_place", "", "Sill", ""),
            fact("country", "nationality", "Norland", ""),
            fact("country", "citizenship", "Sill", "alt. citizen Sill"),
            fact("gender", "", "Female", ""),
            passport,
            fact("identifier", wallet, "1FictionalWallet", &format!("{wallet} 1FictionalWallet")),
            fact("weak_alias", "a.k.a.", "JD", ""),
        ]
    );
    assert_eq!((p.listings[0].list.as_str(), p.listings[0].programs.concat().as_str()), ("ofac_sdn", "NORD1"));
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode), ("ofac_sdn", "ofac-legacy", Mode::Full));
    assert_eq!((d.stated.unwrap().to_string(), d.info.published.as_str()), ("2022-03-24".to_owned(), "2022-03-24"));
    for (what, n) in [("ids_by_type/Tax ID No.", 2), ("placeholder_addresses", 1), ("record_count_header", 4)] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
}

#[test]
fn which_list_it_is() {
    assert_eq!(got("consolidated.xml.gz", &four()).draft.source, "ofac_cons");
    let cons = four().replace("SILL-EO2", "NS-PLC").replace("NORD1", "CMIC-EO13959");
    let dated = cons.replace("Listing Date (EO 14024 Directive 2):", "Listing Date (CMIC)");
    let g = got("standard input", &dated);
    assert_eq!(g.draft.source, "ofac_cons");
    let lists: Vec<(&str, String)> = party(&g, "primary", "ofac:21")
        .listings
        .iter()
        .map(|l| (l.list.as_str(), l.from.map(|d| d.to_string()).unwrap_or_default()))
        .collect();
    let want = [("ofac_cons", ""), ("ofac_ns_cmic", "2022-02-24"), ("ofac_ns_plc", "")];
    assert_eq!(lists, want.map(|(l, d)| (l, d.to_owned())));
    let o = Options { source: Some("mine".into()), ..Options::default() };
    let g = run(import, &[("sdn.xml", four().as_bytes())], &o).unwrap();
    assert_eq!((g.draft.source.as_str(), g.draft.info.id.as_str()), ("mine", "mine"));
}

#[test]
fn content_faults_are_kept_and_counted() {
    let odd_ids = [
        id("Zenda Card", "X 12", ""),
        id("Favourite dish", "carp", ""),
        id("Passport", "", ""),
        id("", "loose text", ""),
        id("Passport", "P1", "<idScan>yes</idScan>"),
    ];
    let odd_ids: Vec<&str> = odd_ids.iter().map(String::as_str).collect();
    let entry = [
        tag("uid", "31"),
        tag("sdnType", "Zeppelin"),
        tag("remarks", "Linked To: DOE; (Linked To: OPEN; DOB 31 Feb 1970; a.k.a. 'Zep"),
        programs(&["NORD1", "NORD1", "BAD\u{1}CODE", ""]),
        many("idList", "id", &odd_ids),
        many("dateOfBirthList", "dateOfBirthItem", &[&born("in spring", true), "<mainEntry>true</mainEntry>"]),
        many("akaList", "aka", &[&aka("p.k.a.", "strange", "Зеппелин", ""), "<type>a.k.a.</type>"]),
        "<fleetList><ship k='1'>Sill Star</ship></fleetList>".to_owned(),
    ]
    .concat()
    .replace('\u{1}', "&#x9;");
    let g = got("sdn.xml", &list(1, &tag("sdnEntry", &entry)));
    let p = party(&g, "primary", "ofac:31");
    assert_eq!(p.node_type, "legal_entity");
    let has = |prop: &str, kind: &str, value: &str| {
        assert!(
            p.facts.iter().any(|f| (f.prop.as_str(), f.kind.as_str(), f.value.as_str()) == (prop, kind, value)),
            "{prop}"
        )
    };
    has("identifier", "Zenda Card", "X 12");
    has("favourite_dish", "", "carp");
    has("remark", "", "loose text");
    has("id_id_scan", "P1", "yes");
    has("remark", "", "DOB in spring");
    has("remark", "", "DOB 31 Feb 1970");
    has("weak_alias", "a.k.a.", "Zep");
    has("fleet_list_ship", "", "Sill Star");
    has("fleet_list_ship_k", "", "1");
    let alias = &party(&g, "alias", "ofac:31").facts[0];
    assert_eq!((alias.prop.as_str(), alias.script.as_str()), ("alias", "Cyrl"));
    for (reason, n) in [
        ("entry without a name", 1),
        ("unknown type of entry, taken as an entity", 1),
        ("date of birth not understood", 2),
        ("unknown type of alias, taken as an alias", 1),
        ("unknown category of alias, taken as strong", 1),
        ("Linked To in a bracket that is not closed", 1),
        ("weak alias without a closing quote", 1),
    ] {
        assert_eq!(odd(&g, reason), n, "{reason}");
    }
    for reason in [
        "identity document without a number",
        "statement without a value",
        "alias without a name",
        "programme code that cannot be an id",
    ] {
        assert_eq!(g.report.skipped[reason].count, 1, "{reason}");
    }
    let ids: Vec<String> = relations(&g).iter().map(|r| r.external_id()).collect();
    assert_eq!(
        ids,
        ["ofac:31>under_program>ofac.program:NORD1", "ofac:31>linked_to>\"DOE\"", "ofac:31>linked_to>\"OPEN\""]
    );
}

#[test]
fn doubles_and_missing_numbers() {
    let entry = |uid: &str, name: &str| tag("sdnEntry", &format!("<uid>{uid}</uid><lastName>{name}</lastName>"));
    let g = got(
        "sdn.xml",
        &list(5, &[entry("1", "A"), entry("1", "A"), entry("1", "B"), entry("", "C"), entry("", "D")].concat()),
    );
    let names: Vec<&str> = g
        .records
        .iter()
        .filter_map(|(_, r)| if let Record::Party(p) = r { p.values(prop::NAME).next() } else { None })
        .collect();
    assert_eq!(names, ["A", "B", "C", "D"]);
    assert_eq!(g.report.skipped["entry that repeats an earlier one"].count, 1);
    assert_eq!(odd(&g, "reference number occurs twice"), 1);
    assert_eq!(odd(&g, "entry without a usable number, one made from its content"), 2);
    let mut ids: Vec<&str> = g
        .records
        .iter()
        .filter_map(|(_, r)| if let Record::Party(p) = r { Some(p.id.as_str()) } else { None })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn structural_faults_refuse() {
    let whole = four();
    let said = refused(&whole.replace("<Record_Count>4<", "<Record_Count>5<"));
    assert!(said.starts_with("sdn.xml:") && said.contains("says that it holds 5 entries, and holds 4"), "{said}");
    assert!(refused("<sdnLists/>").contains("root element is sdnLists"));
    assert!(refused(&whole.replacen("<sdnList", "<!DOCTYPE sdnList><sdnList", 1)).contains("DOCTYPE"));
    let two = [("sdn.xml", whole.as_bytes()), ("consolidated.xml", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
    let uncounted = whole.replace("<Record_Count>4<", "<Record_Count>four<").replace("03/24/2022", "24/24/2022");
    let g = got("sdn.xml", &uncounted.replace("</publshInformation>", "<x>1</x></publshInformation><y><z/></y>"));
    assert_eq!(odd(&g, "number of entries that cannot be read") + odd(&g, "date that cannot be read"), 2);
    assert_eq!((g.draft.stated, g.report.skipped["element that is not in the schema"].count), (None, 2));
}

#[test]
fn cut_or_spoilt_files_never_panic() {
    let whole = four().into_bytes();
    // What ends before the root does is refused; white space after it is not missed.
    let root = whole.len() - 1;
    for cut in 0..whole.len() {
        let done = run(import, &[("sdn.xml", &whole[..cut])], &Options::default());
        assert_eq!(done.is_ok(), cut >= root, "{cut}");
    }
    let mut x = 88_172_645_463_325_252u64;
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let at = (x as usize) % bytes.len();
            bytes[at] = (x >> 32) as u8;
        }
        let _ = run(import, &[("sdn.xml", &bytes)], &Options::default()).map(|_| ());
    }
}

#[test]
fn detection() {
    let is = |t: &[u8]| detect(&Input::from_bytes("x", t.to_vec()).unwrap());
    assert!(is(four().as_bytes()) && is(b"\xef\xbb\xbf<!-- x --><s:sdnList xmlns:s='x'/>"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, four().as_bytes()).unwrap();
    assert!(is(&packed.finish().unwrap()));
    for other in
        ["", "<Sanctions/>", "<data-set><record/></data-set>", "sdnList", "{\"sdnList\": 1}", "1,\"sdnList\"\n"]
    {
        assert!(!is(other.as_bytes()), "{other}");
    }
    for (name, text) in CSV {
        assert!(!is(text.as_bytes()) && ofac_csv::detect(&Input::from_bytes(name, text.into()).unwrap()));
    }
}

fn real(root: &Path, files: &[&str], import: fn(Vec<Input>, &Options, &mut Sink<'_>) -> Result<Draft>) -> Got {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|f| ((*f).to_owned(), std::fs::read(root.join(f)).unwrap())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    run(import, &files, &Options::default()).unwrap()
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
    let file = "ofac/consolidated-2022-03-24.xml.gz";
    assert!(detect(&Input::open(&data.join(file)).unwrap()));
    let g = real(&data, &[file], import);
    let mut compared = 0;
    for (key, want) in expected[file].as_object().unwrap() {
        let pairs: Vec<(String, u64)> = match want {
            // The script names the most frequent types only; the report counts them all.
            serde_json::Value::Object(m) => {
                m.iter().map(|(k, v)| (format!("{}/{k}", key.trim_end_matches("_top")), v.as_u64().unwrap())).collect()
            }
            serde_json::Value::String(s) => {
                match key.as_str() {
                    "namespace" => assert_eq!(s, NAMESPACE),
                    _ => assert_eq!(dates::date(s, Order::MonthFirst), g.draft.stated),
                }
                continue;
            }
            n => vec![(key.clone(), n.as_u64().unwrap())],
        };
        for (what, n) in pairs {
            assert_eq!(g.report.get(&what), n, "{what}");
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared}");
    assert_eq!(
        (g.draft.source.as_str(), relations(&g).iter().filter(|r| r.edge_type == "linked_to").count()),
        ("ofac_cons", 296)
    );
    assert!(
        g.report.suspicious.is_empty() && g.report.skipped.is_empty(),
        "{:?} {:?}",
        g.report.suspicious,
        g.report.skipped
    );

    // The same list as CSV of another year: most of what its entries said then, they say still.
    let files = ["prim", "add", "alt"].map(|f| format!("ofac/cons_{f}-2025-12.csv.gz"));
    let csv = real(&data, &files.each_ref().map(String::as_str), ofac_csv::import);
    let now = told(&csv).0;
    for (part, least) in [("primary", 80), ("alias", 90), ("address", 80)] {
        let (mut same, mut all) = (0, 0);
        for (key, (_, facts, _)) in told(&g).0.iter().filter(|((p, _), _)| p == part) {
            let Some((_, now, _)) = now.get(key) else { continue };
            all += facts.len();
            same += facts.iter().filter(|f| now.contains(f)).count();
        }
        println!("{part}: {same} of {all}");
        assert!(same * 100 >= all * least && all > 400, "{part}: {same} of {all}");
    }
}
