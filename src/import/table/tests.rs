use super::read::MAX_SOURCES;
use super::*;
use crate::error::Error;
use crate::import::sink::testing::{Got, run};
use crate::model::{Direct, End, Id, PartialDate, PartyRecord, Record, RelationRecord, Status};

const NODES: &str = "id,type,name,country,listed,colour\n\
    n1,Firm,\"Alder, Holding\",QO,0,red\n\
    n2,person,Мира Толв,,1,\n\
    lei:77,vessel,MV Ardent,XA,ofac_sdn;eu_fsf,\n";
const EDGES: &str = "source,target,type,percentage,start,end,source_name,grade\n\
    n2,n1,owns,33.330,2015-06,2020,Port Quellen Index,A\n\
    n2,n1,shareholding,,,,Port-Quellen Index,\n\
    n1,lei:77,Owns Or Controls,more than 25%,,,Порт,\n\
    n1,ofac:5,directs,,,,,\n";

fn with(files: &[(&str, &str)], options: &Options) -> Result<Got> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    run(import, &files, options)
}

fn plain(files: &[(&str, &str)]) -> Result<Got> {
    with(files, &Options::default())
}

fn relations(got: &Got) -> Vec<&RelationRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn parties(got: &Got) -> Vec<&PartyRecord> {
    got.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None }).collect()
}

fn error(files: &[(&str, &str)]) -> Error {
    let e = plain(files).err().unwrap_or_else(|| panic!("{files:?}"));
    assert_eq!(e.exit_code(), 2);
    e
}

#[test]
fn both_tables_in_any_order() {
    let one = plain(&[("nodes.csv", NODES), ("edges.csv", EDGES)]).unwrap();
    let two = plain(&[("edges.csv", EDGES), ("nodes.csv", NODES)]).unwrap();
    assert_eq!(one.records, two.records);
    let p = parties(&one);
    let seen: Vec<String> = p
        .iter()
        .map(|p| {
            format!(
                "{} {} {}",
                p.id,
                p.node_type,
                p.listings.iter().map(|l| l.list.as_str()).collect::<Vec<_>>().join("+")
            )
        })
        .collect();
    assert_eq!(seen, ["table:n1 company ", "table:n2 person *", "lei:77 vessel ofac_sdn+eu_fsf"]);
    assert_eq!(p[0].values("name").next(), Some("Alder, Holding"));
    assert_eq!((p[0].values("colour").next(), p[0].values("country").next()), (Some("red"), Some("QO")));
    assert_eq!(p[1].facts[0].script, "Cyrl");
    let r = relations(&one);
    let seen: Vec<String> = r
        .iter()
        .map(|r| format!("{} {}", r.external_id(), r.share.map_or("-".to_owned(), |s| s.to_string())))
        .collect();
    assert_eq!(
        seen,
        [
            "table:n2>owns>table:n1 33.33",
            "table:n2>owns>table:n1#1 -",
            "table:n1>owns_or_controls>lei:77 >25 to 100",
            "table:n1>directs>ofac:5 -",
        ]
    );
    assert_eq!((r[0].start, r[0].end), (PartialDate::parse("2015-06").ok(), PartialDate::parse("2020").ok()));
    assert_eq!(
        (r[0].value("grade"), r[2].value("percentage"), r[0].value("percentage")),
        (Some("A"), Some("more than 25%"), None)
    );
    assert_eq!(r[0].cites[0].source, "port_quellen_index");
    assert!(r[1].cites[0].source.starts_with("port_quellen_index_"), "another name, another source");
    assert!(r[2].cites[0].source.starts_with("doc_") && r[3].cites.is_empty());
    let titles: Vec<&str> = one
        .records
        .iter()
        .filter_map(|(_, r)| if let Record::Source(s) = r { Some(s.title.as_str()) } else { None })
        .collect();
    assert_eq!(titles, ["Port Quellen Index", "Port-Quellen Index", "Порт"]);
    for (what, n) in
        [("nodes", 3), ("edges", 4), ("listed", 2), ("nodes/company", 1), ("edges/owns", 2), ("parallel_edges", 1)]
    {
        assert_eq!(one.report.get(what), n, "{what}");
    }
    assert_eq!((one.draft.source.as_str(), one.draft.mode), ("table", Mode::Additive));
    assert_eq!(one.draft.parts, ["nodes", "edges"]);
}

#[test]
fn one_table_other_separators_and_columns() {
    let edges = EDGES.replace(',', ";");
    let options = Options { source: Some("desk".to_owned()), full: true, ..Options::default() };
    let got = with(&[("e.csv", &edges)], &options).unwrap();
    assert_eq!(relations(&got).len(), 4);
    assert_eq!(relations(&got)[0].source, End::Id(Id::parse("desk:n2").unwrap()));
    assert_eq!((got.draft.mode, &got.draft.parts[..]), (Mode::Full, &["edges".to_owned()][..]));

    let text = "holder\tfirm\thow\tedge_id\tstatus\tdirect\tstake\n a \tb\towns\te1\talleged\tindirect\tB\na\tb\towns\te1\talleged\tindirect\tB\n";
    let map = [("source", "holder"), ("target", "Firm"), ("type", "how")];
    let map = map.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    let got = with(&[("e.tsv", text)], &Options { map, ..Options::default() }).unwrap();
    let [r] = relations(&got)[..] else { panic!("the same row twice is one edge") };
    assert_eq!(
        (r.external_id().as_str(), r.status, r.direct, r.stake.as_str()),
        ("table:e1", Status::Alleged, Direct::Indirect, "B")
    );
    assert_eq!(got.report.get("identical_rows"), 1);
}

#[test]
fn what_is_wrong_refuses_with_its_line() {
    let edge = |row: &str| format!("source,target,type,percentage,start,end,id,status\na,b,owns,,,,,\n{row}\n");
    for (row, says) in [
        ("a,b,owns,120,,,,", "over 100"),
        ("a,b,owns,-5,,,,", "not a percentage"),
        ("a,b,owns,1e2,,,,", "not a percentage"),
        ("a,b,owns,half,,,,", "not a percentage"),
        ("a,b,owns,,2020-13,,,", "not a date"),
        ("a,b,owns,,2020-02,2020-01-31,,", "before it starts"),
        ("a,b,owned,,,,,", "unknown edge type"),
        ("a,b,,,,,,", "empty"),
        (",b,owns,,,,,", "empty"),
        ("a,b,owns,,,,,maybe", "none of: asserted"),
        ("a,b,owns", "3 columns"),
        ("a,b,owns,,,,,,", "9 columns"),
        ("\"a,b,owns,,,,,", "never closed"),
        ("a,b,owns,,,,e:,", "empty or holds"),
    ] {
        let e = error(&[("e.csv", &edge(row))]);
        assert!(e.message().contains(says), "{row}: {e}");
        assert_eq!(e.place().unwrap().line, Some(3), "{e}");
    }
    let e = error(&[("e.csv", &edge("a,b,ownss,,,,,"))]);
    assert_eq!(e.next_step(), Some("did you mean \"owns\"?"));
    assert_eq!(e.place().unwrap().to_string(), "e.csv:3 (column type)");

    let e = error(&[("n.csv", NODES), ("e.csv", "source,target,type\nn1,n2,owns\nn1,n9,owns\n")]);
    assert_eq!((e.place().unwrap().line, e.message().contains("an edge to nowhere")), (Some(3), true));
    let twice = format!("{NODES}n1,company,Other,,0,\n");
    let e = error(&[("n.csv", &twice)]);
    assert!(e.to_string().starts_with("n.csv:5 (column id): duplicate id table:n1 with other content"), "{e}");
    let same = format!("{NODES}n1,Firm,\"Alder, Holding\",\"QO\",0,red\n");
    assert_eq!(plain(&[("n.csv", &same)]).unwrap().report.get("identical_rows"), 1);
    assert!(error(&[("n.csv", "id,type,name\nx,planet,Y\n")]).message().contains("unknown node type"));
    assert!(error(&[("n.csv", "id,name,listed\nx,Y,maybe so!\n")]).message().contains("no list"));
    assert!(
        error(&[("e.csv", &format!("{}f,g,owns,,,,e1,\nf,h,owns,,,,e1,\n", edge("")))])
            .message()
            .contains("duplicate id")
    );
    assert!(error(&[("x.csv", "a,b\n1,2\n")]).message().contains("neither"));
    assert!(plain(&[("x.csv", "")]).is_err());
}

#[test]
fn sources_are_bounded() {
    let mut text = "source,target,type,source_name\n".to_owned();
    for n in 0..=MAX_SOURCES {
        text.push_str(&format!("a,b{n},owns,s{n}\n"));
    }
    let e = error(&[("e.csv", &text)]);
    assert_eq!(e.place().unwrap().line, Some(MAX_SOURCES as u64 + 2));
}

#[test]
fn detected_by_header() {
    let is = |text: &str| detect(&Input::from_bytes("x", text.as_bytes().to_vec()).unwrap());
    for yes in [NODES, EDGES, "\u{feff}\"ID\";\"Name\"\r\n", "Source\tTarget\tType\n", "id,label"] {
        assert!(is(yes), "{yes}");
    }
    for no in ["", "36,\"AERO\",-0-\n", "{\"id\":1,\"name\":2}", "source,target\n", "id,address\n"] {
        assert!(!is(no), "{no}");
    }
    assert_eq!((distance("ownss", "owns"), distance("", "ab"), distance("ab", "ba")), (1, 2, 2));
}
