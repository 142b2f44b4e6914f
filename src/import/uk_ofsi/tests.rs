//! A fictional list, files that must be refused, and the real list.

use super::*;
use crate::import::sink::testing::{Got, real, run};
use crate::import::workbook::testing::{ods, xlsx};
use crate::model::{Decision, PartyRecord, Record, RelationRecord, Ruling, prop};

const COLUMNS: [&str; 36] = [
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Number",
    "Passport Details",
    "National Identification Number",
    "National Identification Details",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Alias Quality",
    "Regime",
    "Listed On",
    "UK Sanctions List Date Designated",
    "Last Updated",
    "Group ID",
];

const PERSON: &str = "(UK Sanctions List Ref):NOR0006 (UN Ref):NOI.002 Seen at sea. (UK Statement of Reasons):Sat on a throne. (Gender):Male (Phone number):+99 20 2104. +99 20 2105";
const FIRM: &str = "(UK Sanctions List Ref):NOR0001 (Type of entity):Bank (Parent company):(1) Strelsau Holding (2) Sill Bank (Subsidiaries):Subsidiary of the Ministry (Business Reg No):BR-9";
const SHIP: &str = "(UK Sanctions List Ref):NOR0001 (IMO number):9562233 (Current owners):Zenda Shipping Co (Flag of ship):Sill (Previous flags):Norland (Year built):1983";

fn line(fields: &[(&str, &str)]) -> Vec<String> {
    let find = |c: &&str| fields.iter().rev().find(|(n, _)| n == c).map_or(String::new(), |(_, v)| (*v).to_owned());
    COLUMNS.iter().map(find).collect()
}

fn rows() -> Vec<Vec<String>> {
    let person = [
        ("Group ID", "7172"),
        ("Group Type", "Individual"),
        ("Other Information", PERSON),
        ("Regime", "Norland"),
        ("Listed On", "24/07/2017"),
        ("UK Sanctions List Date Designated", "20/07/2017"),
        ("Last Updated", "31/12/2020"),
        ("Passport Number", "(1) P77 (2) P78"),
        ("Passport Details", "(1) Norland number (2) -"),
        ("National Identification Number", "A1"),
        ("National Identification Details", "(1) card (2) tax card"),
        ("Nationality", "(1) Norland. (2) Sill"),
        ("Town of Birth", "Zenda"),
    ];
    let with = |more: &[(&'static str, &'static str)]| line(&[&person[..], more].concat());
    let other = |id, name, kind, text| {
        let rest =
            [("Alias Type", "Primary name"), ("Regime", "Norland"), ("Listed On", "soon"), ("Other Information", text)];
        line(&[&[("Group ID", id), ("Name 6", name), ("Group Type", kind)][..], &rest[..]].concat())
    };
    vec![
        vec!["Last Updated".to_owned(), "04/05/2022".to_owned()],
        COLUMNS.map(str::to_owned).to_vec(),
        with(&[("Name 6", "ELPHBERG"), ("Alias Type", "FKA"), ("DOB", "1945")]),
        other("12", "ZENDA FISH", "Entity", FIRM),
        with(&[
            ("Name 6", "RASSENDYLL"),
            ("Name 1", "Rudolf"),
            ("Title", "King"),
            ("Alias Type", "Primary name"),
            ("DOB", "00/00/0"),
            ("Name Non-Latin Script", "Рудольф"),
            ("Country", "Norland"),
        ]),
        other("13", "LADY FLAVIA", "Ship", SHIP),
        with(&[
            ("Name 6", "Play Actor"),
            ("Alias Type", "AKA"),
            ("Alias Quality", "Low quality"),
            ("DOB", "1945"),
            ("Address 6", "Zenda"),
            ("Post/Zip Code", "Z1"),
            ("Country", "Norland"),
        ]),
        with(&[
            ("Name 6", "Play Actor"),
            ("Alias Type", "AKA"),
            ("Alias Quality", "Low quality"),
            ("DOB", "1945"),
            ("Regime", "Sill"),
            ("Listed On", "01/02/2018"),
        ]),
    ]
}

fn csv(rows: &[Vec<String>]) -> String {
    let quote =
        |c: &String| if c.contains([',', '"', '\n']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
    rows.iter().map(|r| r.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

fn got(name: &str, bytes: &[u8]) -> Got {
    run(import, &[(name, bytes)], &Options::default()).unwrap()
}

fn party<'a>(g: &'a Got, id: &str) -> &'a PartyRecord {
    let mut all = g.records.iter().filter_map(|(_, r)| match r {
        Record::Party(r) if r.id.as_str() == id => Some(r),
        _ => None,
    });
    let found = all.next().unwrap_or_else(|| panic!("no record of {id}"));
    assert!(all.next().is_none(), "two records of {id}");
    found
}

fn facts(p: &PartyRecord) -> Vec<String> {
    let opt = |open: &str, text: &str, close: &str| {
        if text.is_empty() { String::new() } else { format!("{open}{text}{close}") }
    };
    p.facts
        .iter()
        .map(|f| format!("{}{} {}{}", f.prop, opt(" [", &f.kind, "]"), f.value, opt(" {", &f.raw, "}")))
        .collect()
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn decisions(g: &Got) -> Vec<&Decision> {
    g.records.iter().filter_map(|(_, r)| if let Record::Decision(d) = r { Some(d) } else { None }).collect()
}

#[test]
fn detection() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    let text = csv(&rows());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
    assert!(is(text.as_bytes()) && is(&packed.finish().unwrap()) && is(&xlsx(&[&["Last Updated", "1"], &COLUMNS])));
    for other in [
        &b""[..],
        b"<a/>",
        b"Last Updated,04/05/2022\n",
        b"Unique ID,Name 6,Regime Name\n",
        b"group,name,regime\n",
        &ods(&[&["Unique ID", "Name"]]),
    ] {
        assert!(!is(other), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn one_of_everything() {
    let g = got("ConList.csv", csv(&rows()).as_bytes());
    let p = party(&g, "uk.ofsi:7172");
    assert_eq!(p.node_type, "person");
    assert_eq!(
        facts(p),
        [
            "name Rudolf RASSENDYLL {Rudolf|||||RASSENDYLL}",
            "former_name [FKA] ELPHBERG",
            "alias [non-Latin script] Рудольф",
            "weak_alias [AKA, Low quality] Play Actor",
            &format!("other_information {PERSON}"),
            "identifier [UK Sanctions List Ref] NOR0006",
            "identifier [UN Reference Number] NOI.002",
            "statement_of_reasons Sat on a throne.",
            "gender Male",
            "phone_number +99 20 2104",
            "phone_number +99 20 2105",
            "birth_place Zenda",
            "identifier [Passport number] P77 {P77, Norland number}",
            "identifier [Passport number] P78",
            "national_identifier_details (1) card (2) tax card",
            "identifier [National identifier number] A1",
            "birth 1945",
            "country [nationality] Norland",
            "country [nationality] Sill",
            "uk_sanctions_list_date_designated 2017-07-20 {20/07/2017}",
            "last_updated 2020-12-31 {31/12/2020}",
            "country [address] Norland",
            "title King",
            "birth_text 00/00/0",
            "address Zenda, Z1, Norland",
        ]
    );
    let listed: Vec<_> =
        p.listings.iter().map(|l| (l.list.as_str(), l.from.unwrap().to_string(), l.programs.concat())).collect();
    assert_eq!(
        listed,
        [
            ("uk_ofsi", "2017-07-24".to_owned(), "Norland".to_owned()),
            ("uk_ofsi", "2018-02-01".to_owned(), "Sill".to_owned())
        ]
    );
    let firm = facts(party(&g, "uk.ofsi:12"));
    for fact in [
        "type_of_entity Bank",
        "identifier [Business registration number] BR-9",
        "listed_on soon",
        "subsidiaries Subsidiary of the Ministry",
    ] {
        assert!(firm.contains(&fact.to_owned()), "{fact}: {firm:?}");
    }
    let ship = party(&g, "uk.ofsi:13");
    assert_eq!(ship.node_type, "vessel");
    let kinds: Vec<_> = ship.facts.iter().filter(|f| f.prop == prop::COUNTRY).map(|f| f.kind.as_str()).collect();
    assert_eq!(kinds, ["flag", "former_flag"]);
    let ids: Vec<String> = relations(&g).iter().map(|r| r.external_id()).collect();
    assert_eq!(
        ids,
        [
            "\"Strelsau Holding\">parent_of>uk.ofsi:12",
            "\"Sill Bank\">parent_of>uk.ofsi:12",
            "\"Zenda Shipping Co\">owns_controls_or_operates>uk.ofsi:13",
        ]
    );
    assert!(relations(&g).iter().all(|r| r.value("source_direction") == Some("reversed")));
    let said: Vec<_> = decisions(&g).iter().map(|d| (d.a.as_str(), d.b.as_str(), d.ruling)).collect();
    assert_eq!(
        said,
        [
            ("uk.ofsi:7172", "uk:NOR0006", Ruling::Same),
            ("uk.ofsi:7172", "un:NOi.002", Ruling::Same),
            ("uk.ofsi:12", "uk:NOR0001", Ruling::Unsure),
            ("uk.ofsi:13", "uk:NOR0001", Ruling::Unsure),
        ]
    );
    let odd = |reason: &str| g.report.suspicious.get(reason).map_or(0, |f| f.count);
    assert_eq!(odd("date of birth not understood"), 1);
    assert_eq!(odd("date that cannot be read"), 2);
    assert_eq!(odd("relation field that is not plainly a list of names, kept as text"), 1);
    for (what, n) in [
        ("rows", 6),
        ("distinct_group_ids", 3),
        ("by_alias_quality/", 4),
        ("groups_with_subsidiary_or_parent", 1),
        ("lines apart from those of their party", 2),
        ("relations/Parent company", 2),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    let d = &g.draft;
    assert_eq!(
        (d.source.as_str(), d.format, d.mode, d.parts.concat()),
        ("uk_ofsi", "uk-ofsi", Mode::Full, "primary".into())
    );
    assert_eq!(d.stated.unwrap().to_string(), "2022-05-04");
    assert_eq!((d.info.licence.as_str(), d.info.attribution.as_str()), (LICENCE, ATTRIBUTION));
    let all = rows();
    let cells: Vec<Vec<&str>> = all.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    for book in [xlsx(&cells), ods(&cells)] {
        let b = got("ConList.xlsx", &book);
        assert_eq!((b.records, b.draft), (g.records.clone(), g.draft.clone()));
    }
}

#[test]
fn refusals() {
    let refused = |text: &str| {
        let e = run(import, &[("ConList.csv", text.as_bytes())], &Options::default()).map(|_| ()).unwrap_err();
        assert_eq!(e.exit_code(), 2);
        (e.to_string(), e.place().unwrap().line)
    };
    let text = csv(&rows());
    let (said, line) = refused(&format!("{text}a,b\n"));
    assert!(said.contains("2 columns") && line == Some(9), "{said}");
    let (said, line) = refused(&format!("{text}\"a\"b,\n"));
    assert!(said.contains("closing quote") && line == Some(9), "{said}");
    assert!(refused("Last Updated,1\nName 6\n").0.contains("no header"));
    let g = got("l.csv", text.replace(",12\r\n", ",\r\n").as_bytes());
    assert_eq!(g.report.suspicious["entry without a group id"].count, 1);
    let two = [("a.csv", text.as_bytes()), ("b.csv", text.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
}

#[test]
fn cut_and_flipped_files_are_refused_or_read() {
    let text = csv(&rows()).into_bytes();
    for cut in 0..text.len() {
        let _ = run(import, &[("l.csv", &text[..cut])], &Options::default());
    }
    let mut x = 88172645463325252u64;
    for file in [text, xlsx(&[&["Last Updated", "04/05/2022"], &COLUMNS, &["A"; 36]])] {
        for _ in 0..400 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let mut bad = file.clone();
            let at = (x >> 8) as usize % bad.len();
            bad[at] ^= (x as u8).max(1);
            let _ = Input::from_bytes("l", bad.clone()).map(|i| detect(&i));
            let _ = run(import, &[("l", &bad)], &Options::default());
        }
    }
}

/// Every count that an independent script found in the real list.
#[test]
fn real_list_has_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let file = "uk/ofsi-ConList-2022-05.xlsx";
    let bytes = std::fs::read(data.join(file)).unwrap();
    let input = Input::from_bytes(file, bytes.clone()).unwrap();
    assert!(detect(&input));
    let first = Table::peek(&input, 2);
    let g = got(file, &bytes);
    let mut compared = 0;
    for (word, want) in expected[file].as_object().unwrap() {
        match (word.as_str(), want) {
            ("header_row_index", n) => {
                let at = first.iter().position(|r| is_header(r)).unwrap();
                assert_eq!(at as u64, n.as_u64().unwrap());
            }
            // Words of kinship and association in prose, in which nothing is read: what can be
            // shown is that the prose is kept whole.
            ("groups_with_family_or_association_text", n) => {
                let words = ["brother", "son of", "father", "spouse", "associat", "linked to"];
                let said = |t: &str| words.iter().any(|w| t.to_lowercase().contains(w));
                let found = g
                    .records
                    .iter()
                    .filter(|(_, r)| matches!(r, Record::Party(p) if p.values("other_information").any(said)));
                assert_eq!(found.count() as u64, n.as_u64().unwrap());
            }
            (_, serde_json::Value::Array(cells)) => {
                let row = first.get(usize::from(word == "columns")).unwrap();
                assert_eq!(*row, cells.iter().map(|c| c.as_str().unwrap()).collect::<Vec<_>>(), "{word}");
            }
            (_, serde_json::Value::Object(by)) => {
                // The ten most frequent of all that are counted.
                let word = word.trim_end_matches("_top");
                for (k, n) in by {
                    assert_eq!(g.report.get(&format!("{word}/{k}")), n.as_u64().unwrap(), "{word}/{k}");
                    compared += 1;
                }
                continue;
            }
            (_, n) => assert_eq!(g.report.get(word), n.as_u64().unwrap(), "{word}"),
        }
        compared += 1;
    }
    assert_eq!(compared, 30);
    let groups = g.report.get("distinct_group_ids") as usize;
    assert_eq!(g.records.iter().filter(|(_, r)| matches!(r, Record::Party(_))).count(), groups);
    // Every group but one states its id of the UK Sanctions List; two of them the same one.
    assert_eq!(decisions(&g).iter().filter(|d| d.b.namespace() == "uk").count(), groups - 1);
    assert_eq!(decisions(&g).iter().filter(|d| d.b.namespace() == "un").count(), 942);
    assert_eq!(g.report.get("decisions/unsure"), 2);
    assert!(g.report.skipped.is_empty(), "{:?}", g.report.skipped);
    let odd: Vec<(&str, u64)> = g.report.suspicious.iter().map(|(k, f)| (k.as_str(), f.count)).collect();
    let unclear = "relation field that is not plainly a list of names, kept as text";
    assert_eq!(
        odd,
        [
            ("date of birth not understood", 2),
            ("entry without a primary name", 2),
            ("number of another list that several entries have", 2),
            (unclear, 38),
        ]
    );
    // Fields that say more or less than names invent no party.
    let named = |r: &&RelationRecord| match (&r.source, &r.target) {
        (crate::model::End::Name(n), _) | (_, crate::model::End::Name(n)) => !n.contains(". ") && n.len() < 100,
        _ => false,
    };
    let found = relations(&g);
    assert!(found.len() > 100 && found.iter().all(named));
    assert!(found.iter().all(|r| matches!(r.edge_type.as_str(), "parent_of" | "owns_controls_or_operates")));
}
