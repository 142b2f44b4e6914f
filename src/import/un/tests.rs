//! A fictional list that takes every branch, files that must be refused, and the real ones.

use super::*;
use crate::import::sink::testing::{Got, real, run, spoil};

const PERSON: &str = "<INDIVIDUAL>\n<DATAID>7001</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>RUDOLF</FIRST_NAME>\
<SECOND_NAME> VON\n ZENDA </SECOND_NAME><THIRD_NAME/><UN_LIST_TYPE>Ruritania</UN_LIST_TYPE>\
<REFERENCE_NUMBER>RUi.001</REFERENCE_NUMBER><LISTED_ON>2014-03-02-05:00</LISTED_ON>\
<NAME_ORIGINAL_SCRIPT>Рудольф Зенда</NAME_ORIGINAL_SCRIPT><SUBMITTED_BY>Borduria</SUBMITTED_BY><GENDER>Male</GENDER>\
<COMMENTS1>Brother of a\nbaker (RUi.002).</COMMENTS1><DESIGNATION><VALUE>a) King</VALUE><VALUE>b) Clown</VALUE></DESIGNATION>\
<TITLE><VALUE>Sir</VALUE></TITLE><NATIONALITY><VALUE>Ruritania</VALUE><VALUE/><HOW>by birth</HOW></NATIONALITY>\
<LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE><LAST_DAY_UPDATED><VALUE>2016-08-26</VALUE><VALUE/><VALUE>in May</VALUE></LAST_DAY_UPDATED>\
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Rudolf Zenda</ALIAS_NAME><DATE_OF_BIRTH>1969-01-02</DATE_OF_BIRTH><CITY_OF_BIRTH>Zenda</CITY_OF_BIRTH>\
<COUNTRY_OF_BIRTH>Ruritania</COUNTRY_OF_BIRTH><NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Rudi</ALIAS_NAME><NOTE>Original script: Руди</NOTE></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ALIAS><QUALITY>So-so</QUALITY><ALIAS_NAME>R. Z.</ALIAS_NAME><MOOD>glum</MOOD></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>RUDOLF VON ZENDA</ALIAS_NAME></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME/></INDIVIDUAL_ALIAS>\
<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>\
<INDIVIDUAL_ADDRESS><STREET>1 Castle Rd</STREET><CITY>Zenda</CITY><ZIP_CODE>77</ZIP_CODE><COUNTRY>Ruritania</COUNTRY><NOTE>previous</NOTE></INDIVIDUAL_ADDRESS>\
<INDIVIDUAL_ADDRESS><COUNTRY>Borduria</COUNTRY></INDIVIDUAL_ADDRESS>\
<INDIVIDUAL_ADDRESS><NOTE>on the run</NOTE></INDIVIDUAL_ADDRESS>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1970-02-03</DATE><NOTE>false passport</NOTE></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1972</YEAR></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><NOTE>Approximately</NOTE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1975</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1976</NOTE></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><NOTE>30-35 years old</NOTE></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE/></INDIVIDUAL_DATE_OF_BIRTH>\
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Zenda</CITY><STATE_PROVINCE>West</STATE_PROVINCE><COUNTRY>Ruritania</COUNTRY><NOTE>possibly</NOTE></INDIVIDUAL_PLACE_OF_BIRTH>\
<INDIVIDUAL_PLACE_OF_BIRTH/>\
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de\n  passeport</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>old</TYPE_OF_DOCUMENT2><NUMBER>P 77</NUMBER>\
<ISSUING_COUNTRY>Ruritania</ISSUING_COUNTRY><DATE_OF_ISSUE>2001-02-03</DATE_OF_ISSUE><CITY_OF_ISSUE>Zenda</CITY_OF_ISSUE><NOTE>lost</NOTE></INDIVIDUAL_DOCUMENT>\
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NOTE>none known</NOTE></INDIVIDUAL_DOCUMENT>\
<INDIVIDUAL_DOCUMENT/><FAVOURITE_DISH><VALUE>Carp</VALUE></FAVOURITE_DISH><SORT_KEY/><SORT_KEY_LAST_MOD/></INDIVIDUAL>\n";

const FIRM: &str = "<ENTITY><DATAID>7002</DATAID><FIRST_NAME>ZENDA FISH</FIRST_NAME><UN_LIST_TYPE>Ruritania</UN_LIST_TYPE>\
<REFERENCE_NUMBER>RUe.001</REFERENCE_NUMBER><LISTED_ON>2015-01-01</LISTED_ON><DELISTED_ON>2016-01-01</DELISTED_ON>\
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>ZF</ALIAS_NAME></ENTITY_ALIAS>\
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>ZENDA CARP</ALIAS_NAME></ENTITY_ALIAS>\
<ENTITY_ADDRESS><CITY>Zenda</CITY><COUNTRY>Ruritania</COUNTRY></ENTITY_ADDRESS></ENTITY>\n";

fn list(individuals: &str, entities: &str) -> String {
    format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2024-03-06T20:31:19.923-05:00\">\n\
         <INDIVIDUALS>{individuals}</INDIVIDUALS>\n<ENTITIES>{entities}</ENTITIES>\n</CONSOLIDATED_LIST>\n"
    )
}

fn got(text: &str) -> Got {
    run(import, &[("list.xml", text.as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &[u8]) -> String {
    let e = run(import, &[("list.xml", text)], &Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(e.exit_code(), 2, "{e}");
    e.to_string()
}

fn parties(g: &Got) -> Vec<&PartyRecord> {
    let all = g.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None });
    all.filter(|p| p.node_type != "sanctions_program").collect()
}

/// Facts as `property [kind] value {raw} script from`, as far as each is stated.
fn shown(p: &PartyRecord) -> Vec<String> {
    let one = |f: &Fact| {
        let mut s = f.prop.clone();
        for (text, before, after) in
            [(&f.kind, " [", "]"), (&f.value, " ", ""), (&f.raw, " {", "}"), (&f.script, " ", "")]
        {
            if !text.is_empty() {
                s.push_str(&format!("{before}{text}{after}"));
            }
        }
        s + &f.from.map_or_else(String::new, |d| format!(" from {d}"))
    };
    p.facts.iter().map(one).collect()
}

fn suspicious(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

#[test]
fn one_of_everything() {
    let g = got(&list(PERSON, FIRM));
    let all = parties(&g);
    let (person, firm) = (all[0], all[1]);
    assert_eq!((person.id.as_str(), person.node_type.as_str()), ("un:RUi.001", "person"));
    assert_eq!(
        shown(person),
        [
            "name RUDOLF VON ZENDA",
            "first_name RUDOLF",
            "second_name VON ZENDA",
            "dataid 7001",
            "versionnum 1",
            "identifier [UN reference number] RUi.001",
            "alias [original script] Рудольф Зенда Cyrl",
            "submitted_by Borduria",
            "gender Male",
            "note [comments] Brother of a baker (RUi.002).",
            "designation a) King",
            "designation b) Clown",
            "title Sir",
            "nationality_how by birth",
            "country [nationality] Ruritania",
            "list_type UN List",
            "last_updated 2016-08-26",
            "last_updated in May",
            "alias [Good] Rudolf Zenda",
            "birth [alias Rudolf Zenda] 1969-01-02",
            "birth_place [alias Rudolf Zenda] Zenda, Ruritania",
            "note [alias Rudolf Zenda] previously listed as",
            "weak_alias [Low] Rudi",
            "weak_alias [original script] Руди Cyrl",
            "individual_alias_mood glum",
            "alias [So-so] R. Z.",
            "address 1 Castle Rd, Zenda, 77, Ruritania",
            "country [address] Ruritania",
            "note [address 1 Castle Rd, Zenda, 77, Ruritania] previous",
            "country [address] Borduria",
            "note [address] on the run",
            "birth [EXACT] 1970-02-03",
            "note [date of birth 1970-02-03] false passport",
            "birth [EXACT] 1971",
            "birth [APPROXIMATELY] circa 1972 {1972}",
            "birth [BETWEEN] circa 1973 to 1975 {1973 to 1975}",
            "birth [EXACT] 1976-11 {Nov. 1976}",
            "birth_text [APPROXIMATELY] 30-35 years old",
            "birth_place Zenda, West, Ruritania",
            "note [place of birth Zenda, West, Ruritania] possibly",
            "identifier [Numéro de passeport] P 77 {Numéro de passeport P 77; old; issued by Ruritania; in Zenda; on 2001-02-03} from 2001-02-03",
            "note [Numéro de passeport P 77] lost",
            "identity_document Passport; none known",
            "favourite_dish Carp",
        ]
    );
    let l = &person.listings[0];
    assert_eq!((l.list.as_str(), l.programs.concat().as_str(), l.to), ("un_sc", "Ruritania", None));
    assert_eq!(l.from.unwrap().to_string(), "2014-03-02");

    assert_eq!((firm.id.as_str(), firm.node_type.as_str()), ("un:RUe.001", "legal_entity"));
    assert_eq!(
        shown(firm),
        [
            "name ZENDA FISH",
            "dataid 7002",
            "identifier [UN reference number] RUe.001",
            "alias [a.k.a.] ZF",
            "former_name [f.k.a.] ZENDA CARP",
            "address Zenda, Ruritania",
            "country [address] Ruritania",
        ]
    );
    assert_eq!(firm.listings[0].to.unwrap().to_string(), "2016-01-01");

    for (what, n) in [
        ("individuals", 1),
        ("entities", 1),
        ("individual_alias_elements", 6),
        ("individual_alias_nonempty", 4),
        ("alias_quality_nonempty_names/Low", 1),
        ("alias_quality_nonempty_names/f.k.a.", 1),
        ("aliases that repeat a name", 1),
        ("empty aliases", 1),
        ("individual_addresses", 4),
        ("empty addresses", 1),
        ("dob_elements", 7),
        ("dob_type/", 1),
        ("empty dates of birth", 1),
        ("empty places of birth", 1),
        ("documents_elements", 3),
        ("documents_with_number", 1),
        ("documents_without_number", 1),
        ("empty documents", 1),
        ("empty elements", 4),
        ("by_list_entity/Ruritania", 1),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    for (reason, n) in [
        ("date of birth not understood", 1),
        ("date not understood", 1),
        ("alias of unknown quality, taken as good", 1),
        ("alias without a name", 1),
    ] {
        assert_eq!(suspicious(&g, reason), n, "{reason}");
    }
    assert_eq!(g.report.suspicious.len(), 4, "{:?}", g.report.suspicious);
    assert!(g.report.skipped.is_empty());
    let place = &g.report.suspicious["alias without a name"].examples[0].place;
    assert_eq!((place.line.is_some(), place.element.as_deref()), (true, Some("INDIVIDUAL RUi.001")));
}

#[test]
fn programmes_and_draft() {
    let g = got(&list(PERSON, FIRM));
    let ties: Vec<String> = g
        .records
        .iter()
        .filter(|(_, r)| matches!(r, Record::Relation(_)))
        .map(|(p, r)| format!("{p} {}", r.key()))
        .collect();
    assert_eq!(
        ties,
        [
            "primary un:RUi.001>under_program>un.program:Ruritania",
            "primary un:RUe.001>under_program>un.program:Ruritania"
        ]
    );
    let programs = g.records.iter().filter(|(_, r)| r.kind_code() == 0 && r.key() == "un.program:Ruritania");
    assert_eq!(programs.count(), 1);
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode), ("un_sc", "un-xml", Mode::Full));
    assert_eq!((d.stated.unwrap().to_string(), d.parts.concat()), ("2024-03-06".into(), "primary".into()));
    let o = Options { source: Some("mine".into()), ..Options::default() };
    let named = run(import, &[("list.xml", list(PERSON, FIRM).as_bytes())], &o).unwrap();
    assert_eq!((named.draft.source.as_str(), named.draft.info.id.as_str()), ("mine", "mine"));
}

#[test]
fn content_faults_are_counted() {
    let text = list(
        "<INDIVIDUAL><REFERENCE_NUMBER>A</REFERENCE_NUMBER><FIRST_NAME>ONE</FIRST_NAME><LISTED_ON>soon</LISTED_ON></INDIVIDUAL>\
         <INDIVIDUAL><REFERENCE_NUMBER>A</REFERENCE_NUMBER><FIRST_NAME>TWO</FIRST_NAME><UN_LIST_TYPE>P</UN_LIST_TYPE></INDIVIDUAL>\
         <INDIVIDUAL><DATAID>5</DATAID><UN_LIST_TYPE>P</UN_LIST_TYPE><LISTED_ON>2016</LISTED_ON><DELISTED_ON>2015</DELISTED_ON></INDIVIDUAL>\
         <INDIVIDUAL><FIRST_NAME>THREE</FIRST_NAME></INDIVIDUAL><INDIVIDUAL><FIRST_NAME>FOUR</FIRST_NAME></INDIVIDUAL>\
         <BYSTANDER/>",
        "",
    )
    .replace("</CONSOLIDATED_LIST>", "<OBJECTS><OBJECT/></OBJECTS></CONSOLIDATED_LIST>")
    .replace("2024-03-06T", "6 Floreal T");
    let g = got(&text);
    let ids: Vec<&str> = parties(&g).iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids[..3], ["un:A", "un:A", "un:dataid-5"]);
    assert!(ids[3].starts_with("un:content-") && ids[3] != ids[4]);
    assert_eq!(parties(&g)[0].values("listed_on").collect::<Vec<_>>(), ["soon"]);
    assert_eq!((parties(&g)[2].listings[0].to, g.draft.stated), (None, None));
    for (reason, n) in [
        ("date not understood", 1),
        ("reference number occurs twice", 1),
        ("entry without a usable reference number", 3),
        ("entry without a name", 1),
        ("entry under no programme", 3),
        ("delisted before it was listed, still taken as listed", 1),
        ("date of the list not understood", 1),
    ] {
        assert_eq!(suspicious(&g, reason), n, "{reason}");
    }
    assert_eq!(g.report.skipped["element that is no entry"].count, 1);
    assert_eq!(g.report.skipped["section that is not in the schema"].count, 1);
    assert_eq!(g.report.get("distinct_reference_numbers"), 1);
}

#[test]
fn reference_numbers_elsewhere() {
    assert_eq!(referred("RUi.001").unwrap().as_str(), "un:RUi.001");
    assert_eq!(referred("RUe.12345").unwrap().as_str(), "un:RUe.12345");
    for no in ["", "140", "RUi.1", "RUx.001", "Rui.001", "RUi001", "QI.A.12.01", "RUi.001a", "жi.001"] {
        assert_eq!(referred(no), None, "{no}");
    }
}

#[test]
fn refusals() {
    let whole = list(PERSON, FIRM);
    for cut in 0..whole.len() - "</CONSOLIDATED_LIST>\n".len() + 1 {
        let said = refused(&whole.as_bytes()[..cut]);
        assert!(said.starts_with("list.xml"), "{cut}: {said}");
    }
    let line = whole.lines().position(|l| l.contains("</ENTITIES>")).unwrap() + 1;
    let said = refused(whole.replace("</ENTITIES>", "</ENTITY>").as_bytes());
    assert!(said.starts_with(&format!("list.xml:{line}")), "{said}");
    assert!(refused(b"<sdnList><a/></sdnList>").contains("root element is sdnList"));
    assert!(refused(whole.replacen("<CONS", "<!DOCTYPE a><CONS", 1).as_bytes()).contains("DOCTYPE"));
    let mut bad = whole.clone().into_bytes();
    bad[whole.find("baker").unwrap()] = 0xff;
    assert!(refused(&bad).contains("UTF-8"));
    let two = [("a.xml", whole.as_bytes()), ("b.xml", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
}

#[test]
fn flipped_bytes_never_panic() {
    let whole = list(PERSON, FIRM).into_bytes();
    // Mostly letters, so that many files stay well-formed.
    let (read, refused) = spoil(import, "list.xml", &whole, 1500, b"abcdefghijklmnopqrstuvwxyz");
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

#[test]
fn detection() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    let whole = list(PERSON, FIRM);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, whole.as_bytes()).unwrap();
    assert!(is(whole.as_bytes()) && is(&packed.finish().unwrap()));
    assert!(is(b"<!-- x --><CONSOLIDATED_LIST/>"));
    for other in [
        "",
        "<Sanctions/>",
        "<swiss-sanctions-list/>",
        "<sdnList/>",
        "CONSOLIDATED_LIST",
        "{}",
        "<a><CONSOLIDATED_LIST/></a>",
    ] {
        assert!(!is(other.as_bytes()), "{other}");
    }
}

/// Every count that an independent script found in the real files.
#[test]
fn real_files_have_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let files = expected.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("un/"));
    let mut compared = 0;
    for (file, counts) in files {
        let bytes = std::fs::read(data.join(file)).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()));
        let g = run(import, &[(file, &bytes)], &Options::default()).unwrap();
        for (key, want) in counts.as_object().unwrap() {
            let pairs: Vec<(String, u64)> = match want {
                serde_json::Value::Object(m) => {
                    let mut counted = g.report.counts.keys().filter(|k| k.starts_with(&format!("{key}/")));
                    assert!(counted.all(|k| m.contains_key(&k[key.len() + 1..])), "{key}");
                    m.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
                }
                serde_json::Value::String(day) => {
                    assert_eq!(key, "date_generated");
                    assert_eq!(day.get(..10).map(str::to_owned), g.draft.stated.map(|d| d.to_string()));
                    continue;
                }
                n => vec![(key.clone(), n.as_u64().unwrap())],
            };
            for (what, n) in pairs {
                assert_eq!(g.report.get(&what), n, "{file} {what}");
                compared += 1;
            }
        }
        println!("{file}\n{:?}", g.report.counts);
        for (reason, f) in g.report.suspicious.iter().chain(&g.report.skipped) {
            println!("  {} {reason}: {:?}", f.count, f.examples.iter().map(|e| e.text.as_str()).collect::<Vec<_>>());
        }
        assert!(g.report.skipped.is_empty());
        let mut keys: Vec<(u8, String)> = g.records.iter().map(|(_, r)| (r.kind_code(), r.key())).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "one record for each party and relation");
    }
    assert!(compared > 80, "{compared}");
}
