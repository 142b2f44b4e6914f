//! A fictional list that takes every branch, and files that must be refused. Element and
//! attribute names are those that public readers of the list agree on.

use super::*;
use crate::import::sink::testing::{Got, run, spoil};
use crate::model::{Fact, PartyRecord, prop};

const PROGRAMS: &str = "<sanctions-program ssid='20' version-date='2024-02-01' predecessor-version-date='2023-02-01'>\
<program-key lang='ger'>Ruritanien</program-key><program-key lang='eng'>Ruritania</program-key>\
<program-name lang='eng'>Ordinance on measures against Ruritania</program-name>\
<sanctions-set lang='ger' ssid='200'>Anhang 1</sanctions-set><sanctions-set lang='eng' ssid='200'>annex 1</sanctions-set>\
<sanctions-set lang='eng' ssid='201'>article 5 -- Restrictions on the money and capital market</sanctions-set>\
<origin>UN</origin></sanctions-program>\n\
<sanctions-program ssid='30'><program-key lang='eng'>Borduria</program-key><program-name lang='eng'>Ordinance on Borduria</program-name>\
<sanctions-set lang='eng' ssid='300'>annex 7</sanctions-set></sanctions-program>\n";

const PERSON: &str = "<target ssid='5000'><sanctions-set-id>200</sanctions-set-id><sanctions-set-id>300</sanctions-set-id>\
<foreign-identifier>RUi.001</foreign-identifier><foreign-identifier>140</foreign-identifier>\
<individual sex='male'>\
<identity ssid='5001' main='false'><name ssid='5002' name-type='primary-name' quality='good' lang='eng'>\
<name-part order='1' name-part-type='whole-name'><value>Rassendyll</value></name-part></name>\
<nationality ssid='5003'><country iso-code='QB'>Borduria</country></nationality></identity>\
<identity ssid='5010' main='true'>\
<name ssid='5011' name-type='primary-name' quality='good' lang='eng'>\
<name-part order='3' name-part-type='given-name'><value>Rudolf</value>\
<spelling-variant lang='RUS' script='CYRL' spelling-variant-type='not-defined'>Рудольф</spelling-variant>\
<spelling-variant lang='ENG' script='LATN' spelling-variant-type='english'>Rudolph</spelling-variant><spelling-variant lang='ENG' script='LATN'>Rodolfo</spelling-variant></name-part>\
<name-part order='2' name-part-type='family-name'><value>von\n Zenda</value><spelling-variant lang='RUS' script='CYRL'>Зенда</spelling-variant></name-part>\
<name-part order='1' name-part-type='title'><value>King</value></name-part></name>\
<name ssid='5012' name-type='alias' quality='low' lang='eng'><name-part order='1' name-part-type='whole-name'><value>Rudi</value></name-part></name>\
<name ssid='5013' name-type='formerly-known-as' quality='good' lang='eng'><name-part order='1' name-part-type='whole-name'><value>Elphberg</value></name-part></name>\
<name ssid='5014' name-type='primary-name' quality='good' lang='ger'><name-part order='1' name-part-type='whole-name'><value>von Zenda Rudolf</value></name-part></name>\
<name ssid='5015' name-type='alias' quality='good' lang='eng'>\
<name-part order='1' name-part-type='given-name'><value>R.</value><spelling-variant lang='ARA' script='ARAB'>ر</spelling-variant></name-part>\
<name-part order='2' name-part-type='family-name'><value>Z.</value></name-part></name>\
<day-month-year ssid='5020' day='3' month='2' year='1970' calendar='Gregorian' quality='good'/>\
<day-month-year ssid='5021' year='1971' calendar='Gregorian' quality='low'/>\
<day-month-year ssid='5022' day='4' year='1972' calendar='Gregorian' quality='good'/>\
<day-month-year ssid='5023' day='23' month='3' year='1402' calendar='Hijri' quality='good' mood='glum'/>\
<place-of-birth ssid='5024' place-id='9000' quality='good'/>\
<nationality ssid='5025'><country iso-code='QZ'>Ruritania</country></nationality>\
<identification-document ssid='5026' document-type='passport'><number>P 77</number><issuer code='QZ'>Ruritania</issuer>\
<date-of-issue>2001-02-03</date-of-issue><place-of-issue place-id='9000'/><expiry-date>2011-02-03</expiry-date><remark>lost</remark></identification-document>\
<identification-document ssid='5027' document-type='id-card'><remark>seen once</remark></identification-document>\
<address ssid='5028' place-id='9000' quality='good' main='true'><c-o>Fritz</c-o><address-details>1 Castle Rd</address-details>\
<p-o-box>12</p-o-box><zip-code>77</zip-code><remark>summer</remark></address>\
<address ssid='5029' place-id='9001' current='false' quality='low'><address-details>2 Quay</address-details></address>\
<address ssid='5030' place-id='9999' quality='good'><address-details>3 Nowhere</address-details></address>\
<mood>glum</mood></identity>\
<justification ssid='5040'>Reigns\n badly.</justification><other-information ssid='5041'>Likes carp.</other-information>\
<relation ssid='5050' target-id='6000' relation-type='related-to'><remark>founder</remark></relation>\
<relation ssid='5051' target-id='7777' relation-type='plays-chess-with'/>\
</individual><generic-attribute ssid='5060' name='Eye colour'>green</generic-attribute>\
<modification modification-type='amended' enactment-date='2015-02-02' publication-date='2015-02-03' effective-date='2015-02-04'><added><identity ssid='1'><name><name-part><value>Old</value></name-part></name></identity></added><removed/></modification>\
<modification modification-type='listed' enactment-date='2014-02-02' publication-date='2014-02-03' effective-date='2014-02-04'/></target>\n";

const FIRM: &str = "<target ssid='6000'><sanctions-set-id>200</sanctions-set-id><sanctions-set-id>201</sanctions-set-id>\
<foreign-identifier>RUe.001</foreign-identifier><entity>\
<identity ssid='6001' main='true'><name ssid='6002' name-type='primary-name' quality='good' lang='eng'><name-part order='1' name-part-type='whole-name'><value>Zenda Fish</value></name-part></name>\
<day-month-year ssid='6003' day='1' month='5' year='1999' calendar='Gregorian' quality='good'/></identity>\
<relation ssid='6050' target-id='5000' relation-type='owned-by'/></entity>\
<modification modification-type='re-listed' effective-date='2020-01-01'/>\
<modification modification-type='de-listed' effective-date='2016-01-01'/>\
<modification modification-type='listed' effective-date='2015-01-01'/></target>\n";

const SHIP: &str = "<target ssid='6500' sanctions-set-id='300'><foreign-identifier>RUe.001</foreign-identifier><object object-type='vessel'>\
<identity ssid='6501' main='true'><name ssid='6502' name-type='primary-name' quality='good'><name-part order='1' name-part-type='whole-name'><value>Flavia</value></name-part></name></identity>\
<other-information ssid='6503'>IMO Number: 1234567</other-information></object>\
<modification modification-type='de-listed' publication-date='2019-03-03'/></target>\n";

const PLACES: &str = "<place ssid='9000'><location>Zenda</location><location-variant ssid='1'>Senda</location-variant><area>West</area><country iso-code='QZ'>Ruritania</country></place>\n\
<place ssid='9001'><country iso-code='QB'>Borduria</country></place>\n";

fn list(targets: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <swiss-sanctions-list list-type=\"whole-list\" date=\"2024-03-06\">\n{PROGRAMS}{targets}{PLACES}</swiss-sanctions-list>"
    )
}

fn whole() -> String {
    list(&[PERSON, FIRM, SHIP].concat())
}

fn got(text: &str) -> Got {
    run(import, &[("list.xml", text.as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &[u8]) -> String {
    let e = run(import, &[("list.xml", text)], &Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(e.exit_code(), 2, "{e}");
    e.to_string()
}

fn party<'a>(g: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
    let mut all = g.records.iter().filter_map(|(p, r)| match r {
        Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
        _ => None,
    });
    let found = all.next().unwrap_or_else(|| panic!("no {part} record of {id}"));
    assert!(all.next().is_none(), "two {part} records of {id}");
    found
}

/// Facts as `property [kind] value {raw} script/lang from..to`, as far as each is stated.
fn shown(p: &PartyRecord) -> Vec<String> {
    let one = |f: &Fact| {
        let mut s = f.prop.clone();
        for (text, before, after) in
            [(&f.kind, " [", "]"), (&f.value, " ", ""), (&f.raw, " {", "}"), (&f.script, " ", ""), (&f.lang, " /", "")]
        {
            if !text.is_empty() {
                s.push_str(&format!("{before}{text}{after}"));
            }
        }
        if let (Some(a), Some(b)) = (f.from, f.to) {
            s.push_str(&format!(" {a}..{b}"));
        }
        s
    };
    p.facts.iter().map(one).collect()
}

/// Listings as `list from..to programmes | measures | basis`.
fn listings(p: &PartyRecord) -> Vec<String> {
    let day = |d: Option<crate::model::PartialDate>| d.map_or_else(String::new, |d| d.to_string());
    p.listings
        .iter()
        .map(|l| {
            let words = [&l.programs, &l.measures, &l.basis].map(|w| w.join(", ")).join(" | ");
            format!("{} {}..{} {words}", l.list, day(l.from), day(l.to))
        })
        .collect()
}

fn suspicious(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

#[test]
fn a_person_with_everything() {
    let g = got(&whole());
    let p = party(&g, "primary", "ch.seco:5000");
    assert_eq!(p.node_type, "person");
    assert_eq!(
        shown(p),
        [
            "identifier [UN reference number] RUi.001",
            "identifier [foreign-identifier] 140",
            "gender male",
            "spelling_variant_type [Rudolph] english",
            "title King",
            "name [primary-name] von Zenda Rudolf /eng",
            "family_name von Zenda",
            "given_name Rudolf",
            "alias [primary-name] Зенда Рудольф Cyrl /rus",
            "alias [primary-name] von Zenda Rudolph /eng",
            "alias [primary-name] von Zenda Rodolfo /eng",
            "weak_alias [alias] Rudi /eng",
            "former_name [formerly-known-as] Elphberg /eng",
            "alias [alias] R. Z. /eng",
            "given_name R.",
            "family_name Z.",
            "spelling_variant [given-name] ر Arab /ara",
            "birth 1970-02-03",
            "birth [low] 1971",
            "birth_text 4.?.1972",
            "birth_text 23.3.1402 (Hijri)",
            "day_month_year_mood glum",
            "country [nationality] Ruritania",
            "nationality_iso_code QZ",
            "identifier [passport] P 77 {passport P 77; issued by Ruritania; on 2001-02-03; expires 2011-02-03} 2001-02-03..2011-02-03",
            "note [passport P 77] lost",
            "issuer_code QZ",
            "identity_document id-card",
            "note [id-card] seen once",
            "mood glum",
            "alias [primary-name] Rassendyll /eng",
            "country [nationality] Borduria",
            "nationality_iso_code QB",
            "note [justification] Reigns badly.",
            "note [other-information] Likes carp.",
            "eye_colour [generic-attribute] green",
            "last_updated [amended] 2015-02-04 {effective-date 2015-02-04, enactment-date 2015-02-02, publication-date 2015-02-03}",
            "modification [listed] 2014-02-04 {effective-date 2014-02-04, enactment-date 2014-02-02, publication-date 2014-02-03}",
        ]
    );
    assert_eq!(
        listings(p),
        [
            "ch_seco 2014-02-04.. Ruritania, Borduria | annex 1, annex 7 | Ordinance on measures against Ruritania, Ordinance on Borduria"
        ]
    );
    let more = party(&g, "address", "ch.seco:5000");
    assert!(more.node_type.is_empty());
    assert_eq!(
        shown(more),
        [
            "birth_place Zenda, West, Ruritania",
            "place_location_variant [Zenda] Senda",
            "place_of_issue [passport P 77] Zenda, West, Ruritania",
            "address c/o Fritz, 1 Castle Rd, P.O. Box 12, 77 Zenda, West, Ruritania",
            "country [address] Ruritania",
            "note [address c/o Fritz, 1 Castle Rd, P.O. Box 12, 77 Zenda, West, Ruritania] summer",
            "address [former, low] 2 Quay, Borduria",
            "country [address] Borduria",
            "place_id 9999",
            "address 3 Nowhere",
        ]
    );
    assert_eq!(g.report.skipped["earlier state of a target in a modification"].count, 2);
    for (reason, n) in [
        ("date of birth not understood", 2),
        ("place that is not in the file", 1),
        ("relation of unknown type", 1),
        ("relation to a target that is not in the file", 1),
        ("several targets state one UN reference number", 1),
    ] {
        assert_eq!(suspicious(&g, reason), n, "{reason}");
    }
    assert_eq!(g.report.suspicious.len(), 5, "{:?}", g.report.suspicious);
}

#[test]
fn bodies_objects_and_programmes() {
    let g = got(&whole());
    let firm = party(&g, "primary", "ch.seco:6000");
    assert_eq!(
        (firm.node_type.as_str(), firm.values("day_month_year").collect::<Vec<_>>()),
        ("legal_entity", vec!["1999-05-01"])
    );
    let (freeze, market) = (
        "Ruritania | annex 1 | Ordinance on measures against Ruritania",
        "Ruritania | article 5 -- Restrictions on the money and capital market | Ordinance on measures against Ruritania",
    );
    assert_eq!(
        listings(firm),
        [
            format!("ch_seco 2015-01-01..2016-01-01 {freeze}"),
            format!("ch_seco_other 2015-01-01..2016-01-01 {market}"),
            format!("ch_seco 2020-01-01.. {freeze}"),
            format!("ch_seco_other 2020-01-01.. {market}"),
        ]
    );
    let ship = party(&g, "primary", "ch.seco:6500");
    assert_eq!(ship.node_type, "vessel");
    assert!(shown(ship).contains(&"identifier [IMO number] 1234567".to_owned()));
    assert_eq!(listings(ship), ["ch_seco ..2019-03-03 Borduria | annex 7 | Ordinance on Borduria"]);
    let program = party(&g, "primary", "ch.seco.program:20");
    assert_eq!(program.node_type, "sanctions_program");
    assert_eq!(
        shown(program),
        [
            "name Ruritania",
            "alias [program-key] Ruritanien /ger",
            "alias [program-name] Ordinance on measures against Ruritania /eng",
            "sanctions_set [200] Anhang 1 /ger",
            "sanctions_set [200] annex 1 /eng",
            "sanctions_set [201] article 5 -- Restrictions on the money and capital market /eng",
            "origin UN",
            "version_date 2024-02-01",
            "predecessor_version_date 2023-02-01",
        ]
    );
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode), ("ch_seco", "ch-seco", Mode::Full));
    assert_eq!((d.stated.unwrap().to_string(), d.parts.join(" ")), ("2024-03-06".into(), "primary address".into()));
    for (what, n) in [
        ("programs", 2),
        ("targets", 3),
        ("individuals", 1),
        ("entities", 1),
        ("objects", 1),
        ("delisted", 1),
        ("identities", 4),
        ("names", 8),
        ("names_low_quality", 1),
        ("names that repeat a name", 1),
        ("spelling_variants", 5),
        ("addresses", 3),
        ("relations", 3),
        ("relations_by_type/related-to", 1),
        ("modifications_by_type/de-listed", 2),
        ("places", 2),
        ("un_references", 3),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
}

#[test]
fn relations_and_decisions() {
    let g = got(&whole());
    let edges: Vec<String> = g
        .records
        .iter()
        .filter_map(|(_, r)| match r {
            Record::Relation(r) => {
                let end = |e: &End| if let End::Id(id) = e { id.to_string() } else { "name".to_owned() };
                let said: Vec<&str> =
                    ["source_label", "source_direction", prop::NOTE].iter().filter_map(|p| r.value(p)).collect();
                let (a, b) = (end(&r.source), end(&r.target));
                Some(format!("{}: {a} {} {b} {}", r.external_id(), r.edge_type, said.join(", ")))
            }
            _ => None,
        })
        .filter(|r| !r.contains("under_program"))
        .collect();
    assert_eq!(
        edges,
        [
            "ch.seco:rel-5050: ch.seco:5000 linked_to ch.seco:6000 related-to, founder",
            "ch.seco:rel-5051: ch.seco:5000 linked_to ch.seco:7777 plays-chess-with",
            "ch.seco:rel-6050: ch.seco:5000 owns ch.seco:6000 owned-by, reversed",
        ]
    );
    let ties = g.records.iter().filter(|(_, r)| matches!(r, Record::Relation(r) if r.edge_type == "under_program"));
    assert_eq!(ties.count(), 4);
    let decisions: Vec<(&str, &str, Ruling)> = g
        .records
        .iter()
        .filter_map(
            |(_, r)| if let Record::Decision(d) = r { Some((d.a.as_str(), d.b.as_str(), d.ruling)) } else { None },
        )
        .collect();
    assert_eq!(
        decisions,
        [
            ("ch.seco:6000", "un:RUe.001", Ruling::Unsure),
            ("ch.seco:6500", "un:RUe.001", Ruling::Unsure),
            ("ch.seco:5000", "un:RUi.001", Ruling::Same),
        ]
    );
}

#[test]
fn content_faults_are_counted() {
    let text = list(
        "<target><entity/></target><target ssid='1'/><target ssid='1' x='y'><object object-type='submarine'/><entity/>\
         <sanctions-set-id>999</sanctions-set-id></target>\
         <target ssid='2'><entity><relation relation-type='related-to'/><relation relation-type='related-to' target-id='2'/>\
         <relation relation-type='related-to' target-id='2'/><relation ssid='9' relation-type='related-to' target-id='1'/>\
         <relation ssid='9' relation-type='related-to' target-id='2'/></entity>\
         <modification modification-type='renamed' effective-date='soon'/></target>\
         <target ssid='3'><entity/><modification modification-type='de-listed'/>\
         <modification modification-type='listed' effective-date='2014-01-01'/></target>\
         <sanctions-program><program-key>None</program-key></sanctions-program>\
         <sanctions-program ssid='40'><sanctions-set ssid='200'>x</sanctions-set></sanctions-program>\
         <place ssid='9000'/><bystander/>",
    );
    let g = got(&text);
    for (reason, n) in [
        ("target without a usable number", 1),
        ("target number occurs twice", 1),
        ("target of no kind", 1),
        ("target of two kinds, the first is used", 1),
        ("object of unknown type", 1),
        ("set of measures that is not in the file", 1),
        ("target under no programme", 5),
        ("relation of a party to itself", 3),
        ("relation number occurs twice", 1),
        ("modification of unknown type", 1),
        ("date not understood", 1),
        ("delisted on an unknown day", 1),
        ("set of measures in two programmes, the first is used", 1),
        ("place number occurs twice, the last is used", 1),
    ] {
        assert_eq!(suspicious(&g, reason), n, "{reason}");
    }
    for (reason, n) in
        [("relation without a target", 1), ("programme without a number", 1), ("element that is not in the schema", 1)]
    {
        assert_eq!(g.report.skipped[reason].count, n, "{reason}");
    }
    assert_eq!(g.report.suspicious.len(), 14, "{:?}", g.report.suspicious.keys());
    assert!(party(&g, "primary", "ch.seco:3").listings.is_empty(), "delisted, so not listed");
    let relations = g.records.iter().filter(|(_, r)| r.kind_code() == 1).map(|(_, r)| r.key());
    assert_eq!(
        relations.collect::<Vec<_>>(),
        [
            "ch.seco:2>linked_to>ch.seco:2",
            "ch.seco:2>linked_to>ch.seco:2#1",
            "ch.seco:rel-9",
            "ch.seco:2>linked_to>ch.seco:2#2"
        ]
    );
}

#[test]
fn spellings_are_bounded() {
    let spelled = |n: usize, lang: &dyn Fn(usize) -> String| -> String {
        (0..n).map(|i| format!("<spelling-variant lang='{}' script='LATN'>S{i}</spelling-variant>", lang(i))).collect()
    };
    let name = |spelled: &str| {
        let parts: String =
            (0..2000).map(|i| format!("<name-part order='{i}'><value>p{i}</value></name-part>")).collect();
        list(&format!(
            "<target ssid='1' sanctions-set-id='200'><entity><identity main='true'><name name-type='primary-name'>\
             <name-part order='0'><value>p</value>{spelled}</name-part>{parts}</name></identity></entity></target>"
        ))
    };
    for text in [name(&spelled(5000, &|_| "ENG".into())), name(&spelled(5000, &|i| format!("L{i}")))] {
        let g = got(&text);
        assert_eq!(g.report.get("names with more spellings than are kept"), 1);
        let aliases = party(&g, "primary", "ch.seco:1").values(prop::ALIAS).count();
        assert!((50..=100).contains(&aliases), "{aliases}");
    }
    let often: String = (1900..2100)
        .flat_map(|y| {
            ["listed", "de-listed"]
                .map(|t| format!("<modification modification-type='{t}' effective-date='{y}-0{}-01'/>", t.len() / 4))
        })
        .collect();
    let g = got(&list(&format!("<target ssid='1' sanctions-set-id='200'><entity/>{often}</target>")));
    assert_eq!(party(&g, "primary", "ch.seco:1").listings.len(), 100);
    assert_eq!(suspicious(&g, "listed and delisted too often, the first times are left out"), 1);
}

#[test]
fn only_the_whole_list_ends_anything() {
    for (from, to) in [("whole-list", "changes"), ("list-type=\"whole-list\"", "")] {
        let text = whole().replacen(from, to, 1);
        let g = got(&text);
        assert_eq!((g.draft.mode, suspicious(&g, "not the whole list: absence ends nothing")), (Mode::Additive, 1));
        let o = Options { full: true, source: Some("mine".into()), ..Options::default() };
        let g = run(import, &[("list.xml", text.as_bytes())], &o).unwrap();
        assert_eq!((g.draft.mode, g.draft.source.as_str(), g.draft.info.id.as_str()), (Mode::Full, "mine", "mine"));
    }
    let undated = got(&whole().replacen("2024-03-06", "soon", 1));
    assert_eq!((undated.draft.stated, suspicious(&undated, "date of the list not understood")), (None, 1));
}

#[test]
fn refusals() {
    let whole = whole();
    for cut in 0..whole.len() {
        let said = refused(&whole.as_bytes()[..cut]);
        assert!(said.starts_with("list.xml"), "{cut}: {said}");
    }
    let line = whole.lines().position(|l| l.contains("</object>")).unwrap() + 1;
    let said = refused(whole.replace("</object>", "</entity>").as_bytes());
    assert!(said.starts_with(&format!("list.xml:{line}")), "{said}");
    assert!(refused(b"<sdnList><a/></sdnList>").contains("root element is sdnList"));
    assert!(refused(whole.replacen("<swiss", "<!DOCTYPE a><swiss", 1).as_bytes()).contains("DOCTYPE"));
    let mut bad = whole.clone().into_bytes();
    bad[whole.find("Elphberg").unwrap()] = 0xff;
    assert!(refused(&bad).contains("UTF-8"));
    let two = [("a.xml", whole.as_bytes()), ("b.xml", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
}

#[test]
fn flipped_bytes_never_panic() {
    let whole = whole().into_bytes();
    // Mostly digits, so that many files stay well-formed.
    let (read, refused) = spoil(import, "list.xml", &whole, 1500, b"0123456789");
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

#[test]
fn detection() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, whole().as_bytes()).unwrap();
    assert!(is(whole().as_bytes()) && is(&packed.finish().unwrap()));
    assert!(is("\u{feff}<!-- x --><swiss-sanctions-list/>".as_bytes()));
    for other in ["", "<Sanctions/>", "<CONSOLIDATED_LIST/>", "<sdnList/>", "swiss-sanctions-list", "{}", "<a/>"] {
        assert!(!is(other.as_bytes()), "{other}");
    }
}
