//! A fictional table that takes every branch, files that must be refused, and the real files.

use super::*;
use crate::import::sink::testing::{Got, real, run, spoil};

const COLUMNS: &str = "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,\
previousName,nationality,birthDate,position,passportNumber,incorporationDate,imoNumber,address,notes,motto";

/// A row from values by column; everything else is empty.
fn row(values: &[(&str, &str)]) -> String {
    let defaults = [
        ("celex", "32099R0001"),
        ("programKey", "EU-RUR"),
        ("annex", "I"),
        ("measure", "Asset freeze"),
        ("startDate", "17.3.2014"),
        ("schema", "Person"),
    ];
    let cell = |column: &str| {
        let found = values.iter().chain(&defaults).find(|(c, _)| *c == column).map_or("", |(_, v)| v);
        format!("\"{}\"", found.replace('"', "\"\""))
    };
    COLUMNS.split(',').map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

fn table(rows: &[&[(&str, &str)]]) -> String {
    COLUMNS.to_owned() + "\r\n" + &rows.iter().map(|r| row(r)).collect::<String>()
}

fn got(text: &str) -> Got {
    run(import, &[("32099R0001.csv", text.as_bytes())], &Options::default()).unwrap()
}

fn parties(g: &Got) -> Vec<&PartyRecord> {
    let found = g.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None });
    found.filter(|p| p.id.namespace() == "eu.oj").collect()
}

fn shown(f: &Fact) -> String {
    let more: Vec<&str> =
        [&f.kind, &f.lang, &f.script, &f.raw].into_iter().filter(|t| !t.is_empty()).map(String::as_str).collect();
    format!("{}={} [{}]", f.prop, f.value, more.join("|"))
}

#[test]
fn one_of_everything() {
    let g = got(&table(&[&[
        ("recordId", "174a"),
        ("name", "Rudolf RASSENDYLL (Рудольф РАССЕНДИЛЛ)"),
        ("alias", "\"Rudi; the Fish\"; Рудя; Rudolf RASSENDYLL"),
        ("weakAlias", "Red"),
        ("previousName", "Rupert H."),
        ("nationality", "Ruritanian; Bordurian"),
        ("birthDate", "5.6.1951 or 1952; in spring"),
        ("position", "Colonel; Count"),
        ("passportNumber", "П77 (diplomatic); none"),
        ("address", "1 King St, Strelsau; Ruritania"),
        ("reason", "He owns; and rules."),
        ("notes", "Seen; heard"),
        ("motto", "Nil Quae Feci; semper"),
        ("incorporationDate", "1.2.2003"),
    ]]));
    assert_eq!((g.draft.source.as_str(), g.draft.mode), ("eu_oj_32099r0001", Mode::Full));
    assert!(g.draft.info.url.ends_with("CELEX:32099R0001") && g.draft.info.licence.contains("2011/833/EU"));
    let all = parties(&g);
    assert_eq!((all.len(), all[0].id.as_str(), all[0].node_type.as_str()), (1, "eu.oj:32099R0001/I/174a", "person"));
    let facts: Vec<String> = all[0].facts.iter().map(shown).collect();
    let want = [
        "name=Rudolf RASSENDYLL [Rudolf RASSENDYLL (Рудольф РАССЕНДИЛЛ)]",
        "alias=Рудольф РАССЕНДИЛЛ [Cyrl|Rudolf RASSENDYLL (Рудольф РАССЕНДИЛЛ)]",
        "reason=He owns; and rules. []",
        "alias=Rudi; the Fish []",
        "alias=Рудя [Cyrl]",
        "weak_alias=Red []",
        "former_name=Rupert H. []",
        "country=Ruritanian [nationality]",
        "country=Bordurian [nationality]",
        "birth=1951-06-05 [5.6.1951 or 1952]",
        "birth=1952 [5.6.1951 or 1952]",
        "birth_text=in spring []",
        "position=Colonel []",
        "position=Count []",
        "identifier=П77 [passportNumber|П77 (diplomatic)]",
        "passport_number=none []",
        "incorporation_date=2003-02-01 [1.2.2003]",
        "address=1 King St, Strelsau []",
        "address=Ruritania []",
        "note=Seen []",
        "note=heard []",
        "motto=Nil Quae Feci []",
        "motto=semper []",
    ];
    assert_eq!(facts, want);
    let l = &all[0].listings[0];
    assert_eq!((l.list.as_str(), l.from.unwrap().to_string().as_str(), l.to), ("eu_oj", "2014-03-17", None));
    assert_eq!(
        (l.programs.join(""), l.basis.join(""), l.measures.join("")),
        ("EU-RUR".to_owned(), "32099R0001, annex I".to_owned(), "Asset freeze".to_owned())
    );
    assert_eq!(l.cites[0].locator, "32099R0001, annex I, 174a, EU-RUR, Asset freeze");
    assert!(
        g.records.iter().any(|(_, r)| r.key() == "eu.oj:32099R0001/I/174a>under_program>opensanctions.program:EU-RUR")
    );
    let odd: Vec<(&str, u64)> = g.report.suspicious.iter().map(|(k, f)| (k.as_str(), f.count)).collect();
    assert_eq!(odd, [("date of birth not understood", 1), ("identifier without a digit", 1)]);
    for (what, n) in [("rows", 1), ("with_alias", 1), ("with_inn", 0), ("reason_mentions_ownership", 1)] {
        assert_eq!(g.report.get(what), n, "{what}");
        assert!(g.report.counts.contains_key(what), "{what}");
    }
}

#[test]
fn one_party_in_several_rows() {
    let fish = [("recordId", "1"), ("name", "LADY FLAVIA"), ("schema", "Vessel"), ("imoNumber", "9187629")];
    let ports = [&fish[..], &[("measure", "Transportation restrictions")]].concat();
    let other = [("recordId", "1"), ("name", "Flavia Ltd"), ("schema", "Company")];
    let again = [&other[..], &[("measure", "Financial restrictions"), ("address", "Zenda")]].concat();
    let g = got(&table(&[&fish, &ports, &other, &again]));
    let all = parties(&g);
    let seen: Vec<(&str, &str, usize, &str)> =
        all.iter().map(|p| (p.id.local(), p.node_type.as_str(), p.facts.len(), p.listings[0].list.as_str())).collect();
    let id = all[2].id.local().to_owned();
    assert!(id.starts_with("32099R0001/I/1/"));
    let want = [
        ("32099R0001/I/1", "vessel", 2, "eu_oj"),
        ("32099R0001/I/1", "", 0, "eu_oj_other"),
        (id.as_str(), "company", 1, "eu_oj"),
        (id.as_str(), "company", 2, "eu_oj_other"),
    ];
    assert_eq!(seen, want);
    assert!(all[1].listing_only().is_some(), "one listing can end without the other");
    assert_eq!(g.report.suspicious["record number occurs twice"].count, 2);
    assert_eq!(g.report.get("rows_of_a_party_again"), 2);
}

#[test]
fn rows_without_number_annex_name_or_measure() {
    let g = got(&table(&[
        &[("name", "Lady Flavia (Ruby 2)"), ("schema", "Vessel")],
        &[("name", "Флавия"), ("annex", ""), ("schema", "Airship"), ("startDate", "soon"), ("measure", "")],
        &[("recordId", "3")],
    ]));
    let all = parties(&g);
    assert_eq!(all[0].id.as_str(), "eu.oj:32099R0001/I/~lady_flavia_ruby_2");
    assert!(all[1].id.as_str().starts_with("eu.oj:32099R0001/-/~") && all[1].node_type == "thing");
    assert_eq!((all[1].listings[0].list.as_str(), all[1].listings[0].from), ("eu_oj_other", None));
    assert!(all[1].facts.iter().any(|f| f.prop == "start_date" && f.value == "soon"));
    assert_eq!(g.report.get("rows_without_record_id"), 2);
    let odd: Vec<&str> = g.report.suspicious.keys().map(String::as_str).collect();
    assert_eq!(odd, ["date not understood", "row without a measure", "row without a name", "schema that is not known"]);
}

#[test]
fn doubtful_cells_are_kept_whole() {
    let g = got(&table(&[&[
        ("recordId", "1"),
        ("name", "Zenda Fish"),
        ("alias", "Zenda (Зенда; Рыба"),
        ("address", "Zenda (12, pom VI; kom 3; Ruritania"),
    ]]));
    let facts: Vec<String> = parties(&g)[0].facts.iter().map(shown).collect();
    let want = [
        "name=Zenda Fish []",
        "alias_cell=Zenda (Зенда; Рыба []",
        "alias=Zenda (Зенда []",
        "alias=Рыба [Cyrl]",
        "address=Zenda (12, pom VI; kom 3; Ruritania []",
    ];
    assert_eq!(facts, want);
    assert_eq!(g.report.suspicious["values that may be cut in the wrong place"].count, 2);
}

#[test]
fn files_of_amending_acts() {
    let text = format!("amendedCelex,amendmentCelex,{}\n", COLUMNS.split_once(',').unwrap().1)
        + "32099R0001,32100R0007,5,EU-RUR,I,Asset freeze,26 Feb. 2011,,Person,Flavia"
        + &",".repeat(12)
        + "\n";
    let g = run(import, &[("x.csv", text.as_bytes())], &Options::default()).unwrap();
    assert_eq!((g.draft.source.as_str(), g.draft.mode), ("eu_oj_32100r0007", Mode::Additive));
    let p = parties(&g)[0];
    assert_eq!(p.id.as_str(), "eu.oj:32099R0001/I/5");
    assert_eq!(p.listings[0].basis, ["32099R0001, annex I", "32100R0007"]);
    assert_eq!(p.listings[0].from.unwrap().to_string(), "2011-02-26");
}

#[test]
fn refusals() {
    let refused = |text: &str, line: u64, says: &str| {
        let e = run(import, &[("x.csv", text.as_bytes())], &Options::default()).err().unwrap();
        assert_eq!((e.exit_code(), e.place().unwrap().line), (2, Some(line)), "{e}");
        assert!(e.to_string().contains(says), "{e}");
    };
    let one: &[(&str, &str)] = &[("recordId", "1"), ("name", "Zenda")];
    let fine = table(&[one, one]);
    refused(&(fine.clone() + "a,b\r\n"), 4, "2 columns where the header has 21");
    refused(&table(&[one, &[("celex", "32099R0002")]]), 3, "started with 32099R0001");
    refused(&table(&[&[("celex", "https://x")]]), 2, "not the CELEX number");
    refused(&fine.replacen("schema", "kind", 1), 1, "no column \"schema\"");
    refused(&table(&[&[("recordId", "1"), ("annex", &"I".repeat(2000))]]), 2, "longer than");
    refused(&table(&[&[("recordId", "1"), ("annex", "I\nII")]]), 2, "control");
    refused(&(fine + "\"open"), 4, "never closed");
    let header = table(&[]);
    let e = run(import, &[("x.csv", header.as_bytes())], &Options::default()).err().unwrap();
    assert!(e.to_string().contains("no rows"), "{e}");
    let g = run(import, &[("data/eu-oj-32011D0173.csv.gz", header.as_bytes())], &Options::default()).unwrap();
    assert_eq!(g.draft.source, "eu_oj_32011d0173");
    let files = [("a.csv", header.as_bytes()), ("b.csv", header.as_bytes())];
    assert!(run(import, &files, &Options::default()).err().unwrap().to_string().contains("second"));
}

#[test]
fn detection() {
    use std::io::Write;
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    assert!(is(table(&[]).as_bytes()));
    assert!(is(format!("\u{feff}{}", table(&[])).as_bytes()));
    assert!(is(b"amendedCelex,amendmentCelex,recordId,programKey,annex,measure,startDate,schema,name\n"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(table(&[]).as_bytes()).unwrap();
    assert!(is(&packed.finish().unwrap()));
    for no in
        ["", "celex", "celex,recordId", "id,name,type", "source,target,type", "36,\"AERO\",-0- ", "<export/>", "{}"]
    {
        assert!(!is(no.as_bytes()), "{no}");
    }
}

#[test]
fn damaged_files_never_panic() {
    let whole = table(&[
        &[("recordId", "1"), ("name", "Zenda (Зенда)"), ("alias", "\"a; b\"; c (d; e)"), ("birthDate", "1 or 2")],
        &[("name", "Flavia"), ("passportNumber", "12 (x)"), ("startDate", "1.1.2001")],
    ])
    .into_bytes();
    for n in 0..whole.len() {
        let _ = run(import, &[("x.csv", &whole[..n])], &Options::default()).map(|g| g.records.len());
    }
    let (read, refused) = spoil(import, "x.csv", &whole, 2000, b"0123456789;('");
    assert!(read > 20 && refused > 0, "{read} read, {refused} refused");
}

/// Every count that an independent script found in the real files.
#[test]
fn real_files_have_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let (mut files, mut compared) = (0, 0);
    for (file, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("eu/eu-oj-")) {
        let bytes = std::fs::read(data.join(file)).unwrap();
        assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()), "{file}");
        let g = run(import, &[(file, &bytes)], &Options::default()).unwrap();
        for (key, want) in want.as_object().unwrap() {
            let pairs: Vec<(String, u64)> = match want {
                serde_json::Value::Object(m) => {
                    let prefix = format!("{key}/");
                    assert_eq!(g.report.counts.keys().filter(|k| k.starts_with(&prefix)).count(), m.len(), "{key}");
                    m.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
                }
                n => vec![(key.clone(), n.as_u64().unwrap())],
            };
            for (what, n) in pairs {
                assert_eq!(g.report.get(&what), n, "{file} {what}");
                compared += 1;
            }
        }
        let all = parties(&g);
        let ids: HashSet<&str> = all.iter().map(|p| p.id.as_str()).collect();
        assert_eq!((ids.len(), all.len() as u64), (all.len(), g.report.get("rows")), "{file}: one party for each row");
        assert!(g.report.skipped.is_empty(), "{:?}", g.report.skipped);
        nothing_is_lost(file, &bytes, &all);
        files += 1;
    }
    assert!(files == 2 && compared > 35, "{files} {compared}");
}

/// Every value of every cell stands somewhere in the record of its row.
fn nothing_is_lost(file: &str, bytes: &[u8], all: &[&PartyRecord]) {
    let mut rows = Rows::new(Input::from_bytes(file, bytes.to_vec()).unwrap());
    assert!(rows.next().unwrap());
    let table = Table::of(&rows).unwrap();
    let mut values = 0;
    for p in all {
        assert!(rows.next().unwrap());
        for (i, (column, how)) in table.columns.iter().enumerate() {
            let cell = rows.field(i);
            let pieces = match how {
                Reading::Apart | Reading::Prose => vec![cell.to_owned()],
                _ => cells::split(cell).values,
            };
            for piece in pieces.iter().filter(|p| !p.is_empty()) {
                let l = &p.listings[0];
                let told = match column.as_str() {
                    "celex" | "annex" => l.basis[0].contains(piece),
                    "recordId" => p.id.local().ends_with(&format!("/{piece}")),
                    "programKey" => l.programs.contains(piece),
                    "measure" => l.measures.contains(piece),
                    "startDate" => l.from == dates::date(piece, Order::DayFirst),
                    "schema" => node_type(piece) == Some(p.node_type.as_str()),
                    _ => p.facts.iter().any(|f| f.raw == *piece || f.value.contains(piece.as_str())),
                };
                assert!(told, "{file} {}: {column}={piece} is lost", p.id);
                values += 1;
            }
        }
    }
    assert!(!rows.next().unwrap() && values > 2000, "{values}");
}
