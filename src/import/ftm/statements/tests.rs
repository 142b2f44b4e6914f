use super::*;
use crate::import::sink::testing::{Got, run};
use crate::model::{PartyRecord, Record, RelationRecord, prop};
use std::io::Read;

const HEADER: &str = "canonical_id,entity_id,prop,prop_type,schema,value,dataset,origin,lang,original_value,external,first_seen,last_seen,id";

fn one(text: &str) -> Result<Got> {
    run(import, &[("Ardent.statements.csv", text.as_bytes())], &Options::default())
}

fn party<'g>(got: &'g Got, id: &str) -> &'g PartyRecord {
    let of = |(_, r): &'g (String, Record)| if let Record::Party(p) = r { Some(p) } else { None };
    got.records.iter().filter_map(of).find(|p| p.id.as_str() == id).unwrap()
}

fn relations(got: &Got) -> Vec<&RelationRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn cites(all: &[Citation]) -> Vec<String> {
    all.iter().map(|c| format!("{}: {}", c.source, c.locator)).collect()
}

#[test]
fn claims_become_entities_with_their_datasets() {
    let got = one(&format!(
        "\u{feff}{HEADER}\r\n{}",
        concat!(
            "NK-1,xa-1,id,,LegalEntity,0aff,xa_list,,,,f,2023-01-01,2024-05-01,s0\n",
            "NK-1,xa-1,name,name,LegalEntity,Mira Tolv,xa_list,,,\"TOLV, Mira\",f,2023-01-01,2024-05-01,s1\n",
            "NK-1,xb-1,name,name,Person,Mira Tolv,xb_list,,,,f,2023-01-01,2024-05-01,s2\n",
            "NK-1,xb-1,name,name,Person,Мира Толв,xb_list,crawl,rus,,f,2024-02-02,2024-03-03,s3\n",
            "NK-1,xb-1,birthDate,date,Person,1970,xb_list,,,circa 70,t,2023-01-01,2024-05-01,s4\n",
            "NK-1,xb-1,notes,text,Person,,xb_list,,,,f,2023-01-01,2024-05-01,s5\n",
            "NK-1,xb-1,addressEntity,entity,Person,ad-1,xb_list,,,,f,2023-01-01,2024-05-01,s6\n",
            "NK-2,NK-2,owner,entity,Ownership,NK-1,xb_list,,,,f,2023-01-01,2024-05-01,s7\n",
            "NK-2,NK-2,asset,entity,Ownership,NK-3,xb_list,,,,f,2023-01-01,2024-05-01,s8\n",
            "NK-2,NK-2,percentage,string,Ownership,50,xb_list,,,1/2,f,2023-01-01,2024-05-01,s9\n",
            "NK-1,NK-1,alias,name,Person,M,xb_list,,,,f,2023-01-01,2024-05-01,s10\n",
        )
    ))
    .unwrap();
    let p = party(&got, "ftm:NK-1");
    assert_eq!(p.node_type, "person");
    assert_eq!(cites(&p.cites), ["xa_list: NK-1", "xb_list: NK-1"]);
    let facts: Vec<String> = p
        .facts
        .iter()
        .map(|f| format!("{}|{}|{}|{}|{}", f.prop, f.value, f.raw, f.lang, cites(&f.cites).join("; ")))
        .collect();
    assert_eq!(
        facts,
        [
            "name|Mira Tolv|TOLV, Mira||xa_list: xa-1; xb_list: xb-1",
            "name|Мира Толв||rus|xb_list: xb-1, origin crawl, first seen 2024-02-02, last seen 2024-03-03",
            "birth|1970|circa 70||xb_list: xb-1, external",
            "alias|M|||xb_list: NK-1",
            "schema|Person|||",
            "first_seen|2023-01-01|||",
            "last_seen|2024-05-01|||",
            "last_change|2023-01-01|||",
        ]
    );
    let r = relations(&got);
    assert_eq!(r.iter().map(|r| r.external_id()).collect::<Vec<_>>(), ["ftm:NK-2", "ftm:NK-1>has_address>ftm:ad-1"]);
    assert_eq!(cites(&r[1].cites), ["xb_list: xb-1"]);
    assert_eq!((r[0].share.unwrap().to_string(), r[0].facts[0].raw.as_str()), ("50".to_owned(), "1/2"));
    let same: Vec<String> = got
        .records
        .iter()
        .filter_map(|(_, r)| if let Record::Decision(d) = r { Some(format!("{} {}", d.a, d.b)) } else { None })
        .collect();
    assert_eq!(same, ["ftm:NK-1 ftm:xa-1", "ftm:NK-1 ftm:xb-1"]);
    assert_eq!(got.report.skipped["empty value"].count, 1);
    let count = |what: &str| got.report.get(what);
    assert_eq!((count("statements"), count("external statements"), count("repeated_ids")), (11, 1, 0));
    assert_eq!((got.draft.source.as_str(), got.draft.format), ("ftm_ardent", "ftm-statements"));
    let again = got.records.iter().filter(|(_, r)| r.key() == "ftm:NK-1").count();
    assert_eq!(again, 1, "a row that stands apart belongs to the same record");
}

#[test]
fn columns_in_any_order_and_schemata_that_clash() {
    let got =
        one("value,schema,dataset,prop,entity_id,canonical_id,Extra\nOla,Person,d,name,a,a,1\nB,Vessel,d,name,a,a,2\n")
            .unwrap();
    assert_eq!(party(&got, "ftm:a").values(prop::NAME).collect::<Vec<_>>(), ["Ola", "B"]);
    assert_eq!(got.report.suspicious["schemata that do not fit together"].count, 1);
    assert_eq!(got.report.skipped["unknown column"].count, 1);
}

#[test]
fn faults_name_their_line() {
    for (text, line) in [
        ("canonical_id,prop\n", 1),
        (&*format!("{HEADER}\na,a,name\n"), 2),
        (&*format!("{HEADER}\n\n,,name,,Person,x,d,,,,,,,\n"), 3),
        (&*format!("{HEADER}\na,a,,,Person,x,d,,,,,,,\n"), 2),
        (&*format!("{HEADER}\na,a,name,,Person,\"x,d,,,,,,,\n"), 2),
    ] {
        let e = one(text).err().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((e.place().unwrap().line, e.exit_code()), (Some(line), 2), "{e}");
    }
}

#[test]
fn detected_by_its_header() {
    let is = |text: &str| detect(&Input::from_bytes("x", text.as_bytes().to_vec()).unwrap());
    assert!(is(HEADER) && is(&format!("\u{feff}\"{}\"\r\n", HEADER.replace(',', "\",\""))));
    for no in ["", "id,schema,name\n", r#"{"id":"a","schema":"Person","properties":{}}"#, "source,target,type\n"] {
        assert!(!is(no), "{no}");
    }
}

#[test]
fn cut_or_spoilt_never_panics() {
    let text = format!(
        "{HEADER}\na,a,name,,Person,\"x \"\"y\"\"\",d,,,,t,2020,2021,i\nb,c,owner,,Ownership,a,d,o,en,z,f,2020,2021,j\n"
    );
    for at in 0..text.len() {
        let _ = one(text.get(..at).unwrap_or_default());
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

/// The same entities as rows: each value said by each dataset, a row for each id merged into them.
fn as_statements(json: &str) -> (String, u64) {
    let mut rows = 0;
    let quoted = |t: &str| format!("\"{}\"", t.replace('"', "\"\""));
    let mut out = format!("{HEADER}\n");
    for line in json.lines() {
        let e: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| e[name].as_str().unwrap_or_default();
        let list = |v: &serde_json::Value| -> Vec<String> {
            v.as_array().into_iter().flatten().map(|t| t.as_str().unwrap().to_owned()).collect()
        };
        let datasets = list(&e["datasets"]);
        let mut row = |entity: &str, name: &str, value: &str, dataset: &str, first: &str| {
            let fields = [
                text("id"),
                entity,
                name,
                "",
                text("schema"),
                value,
                dataset,
                "",
                "",
                "",
                "f",
                first,
                text("last_seen"),
                "",
            ];
            out.push_str(&fields.map(quoted).join(","));
            out.push('\n');
            rows += 1;
        };
        for d in &datasets {
            row(text("id"), BASE, "00", d, text("last_change"));
        }
        for r in list(&e["referents"]) {
            row(&r, BASE, "00", &datasets[0], text("last_change"));
        }
        for (name, values) in e["properties"].as_object().unwrap() {
            for v in list(values) {
                datasets.iter().for_each(|d| row(text("id"), name, &v, d, text("first_seen")));
            }
        }
    }
    (out, rows)
}

#[test]
fn a_published_network_is_the_same_in_both_forms() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    for name in ["zala-network", "t1-eu_fsf"] {
        let file = std::fs::File::open(format!("{root}/data/ftm/{name}.ftm.json.gz")).unwrap();
        let mut json = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut json).unwrap();
        let options = Options { source: Some("x".to_owned()), ..Options::default() };
        let a = run(super::super::import, &[("x.json", json.as_bytes())], &options).unwrap();
        let (csv, rows) = as_statements(&json);
        assert!(detect(&Input::from_bytes("x.csv", csv.clone().into_bytes()).unwrap()));
        let b = run(import, &[("x.csv", csv.as_bytes())], &options).unwrap();
        // Only the JSON form has captions and targets; order within an entity is its own.
        let plain = |got: &Got| {
            let mut all: Vec<String> = got
                .records
                .iter()
                .map(|(part, r)| {
                    let mut r = r.clone();
                    let facts = match &mut r {
                        Record::Party(p) => &mut p.facts,
                        Record::Relation(r) => &mut r.facts,
                        _ => return format!("{part} {r:?}"),
                    };
                    facts.retain(|f| f.kind != "caption" && !["caption", "target"].contains(&f.prop.as_str()));
                    facts.sort_by_key(|f| format!("{f:?}"));
                    format!("{part} {r:?}")
                })
                .collect();
            all.sort();
            all
        };
        assert_eq!(plain(&a), plain(&b), "{name}");
        let counts = |got: &Got| {
            let mut c = got.report.counts.clone();
            c.retain(|k, _| !["lines", "statements", "external statements", "targets"].contains(&k.as_str()));
            c
        };
        assert_eq!(counts(&a), counts(&b), "{name}");
        assert_eq!(b.report.get("statements"), rows);
    }
}

/// Everything that was read, in an order of its own.
fn sorted(got: &Got) -> Vec<String> {
    let mut all: Vec<String> = got.records.iter().map(|(part, r)| format!("{part} {r:?}")).collect();
    all.sort();
    all
}

#[test]
fn rows_of_one_entity_may_stand_apart() {
    let row = |id: &str, schema: &str, prop: &str, value: &str| {
        format!("{id},{id},{prop},string,{schema},{value},xa_list,,,,f,2023-01-01,2024-05-01,\n")
    };
    let mut rows: Vec<String> = Vec::new();
    for n in 0..9 {
        rows.push(row(&format!("c{n}"), "Company", "name", &format!("Firm {n}")));
        rows.push(row(&format!("o{n}"), "Ownership", "owner", &format!("c{n}")));
        rows.push(row(&format!("o{n}"), "Ownership", "asset", &format!("c{}", n + 1)));
        rows.push(row(&format!("o{n}"), "Ownership", "percentage", &format!("{}", 50 + n)));
        rows.push(row(&format!("s{n}"), "Sanction", "entity", &format!("c{n}")));
        rows.push(row(&format!("s{n}"), "Sanction", "startDate", &format!("202{n}-01-01")));
    }
    let list = |rows: &[String]| format!("{HEADER}\n{}", rows.concat());
    let together = one(&list(&rows)).unwrap();
    assert_eq!(relations(&together).iter().filter(|r| r.share.is_some()).count(), 9);
    // By property instead of by entity, and every second row at the end.
    let mut by_property = rows.clone();
    by_property.sort_by_key(|r| r.split(',').nth(2).map(str::to_owned));
    let halves: Vec<String> = rows.iter().step_by(2).chain(rows.iter().skip(1).step_by(2)).cloned().collect();
    for apart in [by_property, halves] {
        let text = list(&apart);
        let got = one(&text).unwrap();
        assert_eq!(sorted(&got), sorted(&together));
        assert_eq!(got.report.get("statements"), 54);
        assert!(got.report.suspicious.is_empty(), "{:?}", got.report.suspicious);
        // From a file, which is opened again for each pass.
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("Ardent.statements.csv");
        std::fs::write(&path, &text).unwrap();
        let got =
            crate::import::sink::testing::run_inputs(import, vec![Input::open(&path).unwrap()], &Options::default())
                .unwrap();
        assert_eq!(sorted(&got), sorted(&together));
    }
}

#[test]
fn what_can_be_read_only_once_is_read_in_order_or_refused() {
    let row = |id: usize, prop: &str| {
        format!("c{id},c{id},{prop},string,Company,{},xa_list,,,,f,2023-01-01,2024-05-01,\n", "x".repeat(200))
    };
    let mut text = format!("{HEADER}\n");
    (0..4000).for_each(|n| text.push_str(&(row(n, "name") + &row(n, "alias"))));
    assert!(text.len() > 1 << 20);
    assert_eq!(one(&text).unwrap().report.get("distinct_ids"), 4000);
    let e = one(&(text + &row(17, "notes"))).map(|_| ()).unwrap_err();
    assert!(e.to_string().contains("the statements on c17 do not stand together"), "{e}");
}
