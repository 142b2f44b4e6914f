//! Files that are broken or say impossible things: one clear message with its place, the right
//! exit code, and the store as it was.

use crate::support::{date, dump, import_texts, memory, on, shipped};
use cuibono::error::{Error, Kind};
use cuibono::import::{self, Input, Request};
use cuibono::store::{MANIFEST, Memory, Storage};
use flate2::{Compression, write::GzEncoder};
use std::io::{self, Read, Write};
use std::sync::Arc;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Rows of a fictional OFAC primary file.
fn ofac(rows: std::ops::Range<u32>) -> String {
    let row = |i| {
        format!(
            "{i},\"FIRM {i} LTD.\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. {i} (Norland).\"\r\n"
        )
    };
    rows.map(row).collect::<String>() + "\u{1a}"
}

fn gz(data: &[u8]) -> Vec<u8> {
    let mut e = GzEncoder::new(Vec::new(), Compression::fast());
    e.write_all(data).unwrap();
    e.finish().unwrap()
}

/// A document with these nodes and edges.
fn doc(nodes: &str, edges: &str) -> String {
    format!("{{\"cuibono\": 1, \"scope\": \"xb\",\n \"nodes\": [\n{nodes}],\n \"edges\": [\n{edges}]}}\n")
}

const TWO: &str = r#"{"id": "a", "type": "company", "name": "Ardent"},
{"id": "b", "type": "company", "name": "Brill"}"#;

fn edge(more: &str) -> String {
    doc(TWO, &format!(r#"{{"source": "a", "target": "b", "type": "owns"{more}}}"#))
}

/// A store with something in it that a bad import could spoil.
fn store() -> Arc<dyn Storage> {
    let s = memory();
    let seed = Input::open(&shipped("seed.json")).unwrap();
    import::import(Arc::clone(&s), vec![seed], &Request::default(), &mut |_| {}).unwrap();
    import_texts(&s, &[("sdn.csv", &ofac(1..21))], &on("2023-01-10")).unwrap();
    s
}

/// Where the message must point.
#[derive(Debug, Default, PartialEq)]
struct At {
    line: Option<u64>,
    offset: bool,
    element: &'static str,
}

const FILE: At = At { line: None, offset: false, element: "" };

fn line(n: u64) -> At {
    At { line: Some(n), ..FILE }
}

/// In an element of a document, on a line.
fn element(n: u64, element: &'static str) -> At {
    At { element, ..line(n) }
}

const OFFSET: At = At { offset: true, ..FILE };

/// Opens and imports; files that cannot be opened are refused as well.
fn refuse(s: &Arc<dyn Storage>, files: Vec<Box<dyn FnOnce() -> cuibono::error::Result<Input>>>) -> Error {
    let inputs: Result<Vec<Input>, Error> = files.into_iter().map(|f| f()).collect();
    let request = Request { today: Some(date("2023-02-10")), ..Request::default() };
    inputs.and_then(|i| import::import(Arc::clone(s), i, &request, &mut |_| {})).expect_err("it was taken in")
}

#[test]
fn bad_files_are_refused_with_their_place() {
    let s = store();
    let before = dump(&s);
    let files = s.list().unwrap();
    let seed = std::fs::read(shipped("seed.json")).unwrap();
    let xml = "<?xml version=\"1.0\"?>\n<Sanctions xmlns=\"https://www.un.org/sanctions/1.0\">\n";
    let mut cut_gz = gz(&seed);
    cut_gz.truncate(cut_gz.len() / 2);
    let mut not_utf8 = doc(TWO, "").into_bytes();
    let at = not_utf8.windows(5).position(|w| w == b"Brill").unwrap();
    not_utf8[at] = 0xff;
    let nodes = "id,type,name\na,company,Ardent\nb,company,Brill\n";
    let table = |edges: &str| format!("source,target,type,share,start,end\n{edges}\n");
    let text = |t: &str| t.as_bytes().to_vec();
    type Case<'a> = (&'a str, Vec<(&'a str, Vec<u8>)>, &'a str, At, &'a str);
    let cases: Vec<Case<'_>> = vec![
        ("truncated gz", vec![("d.json.gz", cut_gz)], "d.json.gz", FILE, "cut short"),
        (
            "malformed XML",
            vec![("s.xml", text(&format!("{xml}<A></B></Sanctions>")))],
            "s.xml",
            At { offset: true, ..line(3) },
            "XML",
        ),
        (
            "XML cut short",
            vec![("s.xml", text(&format!("{xml}<DateOfIssue>")))],
            "s.xml",
            line(3),
            "2 elements still open",
        ),
        (
            "DOCTYPE",
            vec![("s.xml", text(&xml.replace("<Sanctions", "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<Sanctions")))],
            "s.xml",
            line(2),
            "DOCTYPE",
        ),
        (
            "malformed JSON",
            vec![("d.json", text("{\"cuibono\": 1,\n \"nodes\": [\n {\"id\": \"a\",, }]}"))],
            "d.json",
            line(3),
            "",
        ),
        ("JSON cut short", vec![("d.json", seed[..seed.len() / 2].to_vec())], "d.json", line(0), ""),
        ("invalid UTF-8", vec![("d.json", not_utf8)], "d.json", OFFSET, "UTF-8"),
        (
            "invalid UTF-8 in a table",
            vec![("t.csv", b"id,type,name\na,company,Ard\xffent\n".to_vec())],
            "t.csv",
            line(2),
            "UTF-8",
        ),
        (
            "OFAC column count",
            vec![("sdn.csv", text(&ofac(1..9).replace("7,\"FIRM 7 LTD.\",-0- ,", "7,\"FIRM 7 LTD.\",")))],
            "sdn.csv",
            line(7),
            "12",
        ),
        (
            "table column count",
            vec![("t.csv", text("id,type,name\na,company,Ardent\nb,company\n"))],
            "t.csv",
            line(3),
            "2 columns where the header has 3",
        ),
        (
            "unknown node type",
            vec![("d.json", text(&doc(r#"{"id": "a", "type": "compny"}"#, "")))],
            "d.json",
            element(3, "nodes[0]"),
            "compny",
        ),
        (
            "unknown node type in a table",
            vec![("t.csv", text("id,type,name\na,compny,A\n"))],
            "t.csv",
            line(2),
            "compny",
        ),
        (
            "unknown edge type",
            vec![("d.json", text(&edge("").replace("\"owns\"", "\"ownz\"")))],
            "d.json",
            element(6, "edges[0]"),
            "ownz",
        ),
        ("share over 100", vec![("d.json", text(&edge(r#", "share": "150""#)))], "d.json", element(6, "edges[0]"), ""),
        ("share below 0", vec![("d.json", text(&edge(r#", "share": "-5""#)))], "d.json", element(6, "edges[0]"), ""),
        (
            "share is garbage",
            vec![("d.json", text(&edge(r#", "share": "half""#)))],
            "d.json",
            element(6, "edges[0]"),
            "half",
        ),
        (
            "share over 100 in a table",
            vec![("n.csv", text(nodes)), ("e.csv", text(&table("a,b,owns,150,,")))],
            "e.csv",
            line(2),
            "150",
        ),
        (
            "end before start",
            vec![("d.json", text(&edge(r#", "start": "2020-05-01", "end": "2019-01-01""#)))],
            "d.json",
            element(6, "edges[0]"),
            "2019-01-01",
        ),
        (
            "end before start in a table",
            vec![("n.csv", text(nodes)), ("e.csv", text(&table("a,b,owns,10,2020-05-01,2019-01-01")))],
            "e.csv",
            line(2),
            "2019-01-01",
        ),
        (
            "no such day",
            vec![("d.json", text(&edge(r#", "start": "2023-02-30""#)))],
            "d.json",
            element(6, "edges[0]"),
            "2023-02-30",
        ),
        (
            "edge to nowhere",
            vec![("d.json", text(&edge("").replace("\"target\": \"b\"", "\"target\": \"z\"")))],
            "d.json",
            element(6, "edges[0]"),
            "z",
        ),
        (
            "edge to nowhere in a table",
            vec![("n.csv", text(nodes)), ("e.csv", text(&table("a,z,owns,10,,")))],
            "e.csv",
            line(2),
            "nowhere",
        ),
        (
            "duplicate id",
            vec![("d.json", text(&doc(&format!("{TWO},\n{{\"id\": \"a\", \"type\": \"person\"}}"), "")))],
            "d.json",
            element(5, "nodes[2]"),
            "a",
        ),
        (
            "duplicate id in a table",
            vec![("t.csv", text("id,type,name\na,company,Ardent\na,company,Other\n"))],
            "t.csv",
            line(3),
            "duplicate id",
        ),
        ("empty file", vec![("void.json", Vec::new())], "void.json", FILE, "empty"),
        ("unknown format", vec![("photo.jpg", b"\xff\xd8\xff\xe0 JFIF".to_vec())], "photo.jpg", FILE, "not recognised"),
        // Twenty firms and the programme they are listed under.
        ("half of a list", vec![("sdn.csv", text(&ofac(1..11)))], "sdn.csv", FILE, "would end 10 of the 21 parties"),
    ];
    let mut wrong = Vec::new();
    for (name, files, file, at, says) in cases {
        let open = |(n, b): (&str, Vec<u8>)| -> Box<dyn FnOnce() -> cuibono::error::Result<Input>> {
            let n = n.to_owned();
            Box::new(move || Input::from_bytes(&n, b))
        };
        let e = refuse(&s, files.into_iter().map(open).collect());
        let place = e.place().cloned().unwrap_or_default();
        // Line 0 stands for any line.
        let lines = match at.line {
            Some(0) => place.line.is_some(),
            l => place.line == l,
        };
        let right = e.kind() == Kind::Input
            && e.exit_code() == 2
            && place.file == file
            && lines
            && (!at.offset || place.offset.is_some())
            && place.element.as_deref().unwrap_or_default().starts_with(at.element)
            && e.message().contains(says)
            && e.message().lines().count() == 1
            && e.to_string().len() < 600;
        if !right {
            wrong.push(format!("{name}: {:?} {e} | {place:?} | wanted {at:?} {says:?}", e.kind()));
        }
        assert!(dump(&s) == before, "{name} changed the store");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(s.list().unwrap(), files, "files were left behind");
}

/// Gives `head`, a letter a hundred million times, then `tail`, and holds none of it.
fn huge(head: &str, tail: &str) -> Box<dyn Read + Send> {
    let head = io::Cursor::new(head.as_bytes().to_vec());
    let tail = io::Cursor::new(tail.as_bytes().to_vec());
    Box::new(head.chain(io::repeat(b'x').take(100_000_000)).chain(tail))
}

#[test]
fn a_field_of_100_megabytes_is_refused() {
    let s = store();
    let before = dump(&s);
    let xml = "<?xml version=\"1.0\"?>\n<Sanctions xmlns=\"https://www.un.org/sanctions/1.0\">\n<DateOfIssue>";
    let cases = [
        ("t.csv", "id,type,name\na,company,", "\n", Some(2)),
        ("sdn.csv", "1,\"FIRM 1 LTD.\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"", "\"\r\n", Some(1)),
        ("e.json", "{\"id\": \"a\", \"schema\": \"Company\", \"properties\": {\"name\": [\"", "\"]}}\n", Some(1)),
        ("s.xml", xml, "</DateOfIssue></Sanctions>", Some(3)),
        (
            "d.json",
            "{\"cuibono\": 1, \"scope\": \"xb\", \"nodes\": [{\"id\": \"",
            "\", \"type\": \"company\"}], \"edges\": []}",
            Some(1),
        ),
    ];
    for (name, head, tail, line) in cases {
        let reader = huge(head, tail);
        let open = move || Input::from_reader(name, reader);
        let e = refuse(&s, vec![Box::new(open)]);
        assert_eq!((e.kind(), e.exit_code()), (Kind::Input, 2), "{name}: {e}");
        let place = e.place().unwrap_or_else(|| panic!("{name}: {e} has no place"));
        assert_eq!((place.file.as_str(), place.line), (name, line), "{name}: {e}");
        assert!(place.offset != Some(0), "{name}: {e}");
        assert!(e.to_string().len() < 600, "{name}: a message of {} bytes", e.to_string().len());
        assert!(dump(&s) == before, "{name} changed the store");
    }
}

#[test]
fn a_folder_is_no_file() {
    let s = store();
    let before = dump(&s);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let e = refuse(&s, vec![Box::new(move || Input::open(&path))]);
    assert_eq!((e.kind(), e.exit_code()), (Kind::Input, 2));
    assert!(e.message().contains("folder"), "{e}");
    assert_eq!(e.place().unwrap().file, dir.path().display().to_string());
    let path = dir.path().join("absent.json");
    let e = refuse(&s, vec![Box::new(move || Input::open(&path))]);
    assert_eq!((e.kind(), e.exit_code()), (Kind::Io, 2));
    assert!(e.message().contains("absent.json"), "{e}");
    assert_eq!(dump(&s), before);
}

#[test]
fn unknown_formats_asked_for_are_named() {
    let s = store();
    let before = dump(&s);
    let input = Input::open(&shipped("holding.json")).unwrap();
    let request = Request { format: Some("pajek".into()), ..on("2023-02-10") };
    let e = import::import(Arc::clone(&s), vec![input], &request, &mut |_| {}).unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (Kind::Usage, 2));
    assert!(e.message().contains("pajek") && e.message().contains("ofac-csv"), "{e}");
    assert_eq!(dump(&s), before);
}

#[test]
fn a_store_of_a_newer_format_is_left_alone() {
    let memory = Memory::new();
    let s: Arc<dyn Storage> = Arc::new(memory.clone());
    import_texts(&s, &[("sdn.csv", &ofac(1..21))], &on("2023-01-10")).unwrap();
    let mut bytes = s.open(MANIFEST).unwrap().to_vec();
    bytes[12..16].copy_from_slice(&99u32.to_le_bytes());
    // As a newer program would write it, with its own sums (docs/format.md).
    let len = bytes.len();
    let end = u64::from_le_bytes(bytes[len - 24..len - 16].try_into().unwrap()) as usize;
    assert!(end <= 65_536, "one block");
    let sum = xxh3_64(&bytes[..end]).to_le_bytes();
    bytes[end..end + 8].copy_from_slice(&sum);
    let table = xxh3_64_with_seed(&sum, end as u64).to_le_bytes();
    bytes[len - 16..len - 8].copy_from_slice(&table);
    let last = xxh3_64_with_seed(&bytes[len - 24..len - 8], u64::from(u32::from_le_bytes(*b"MANI"))).to_le_bytes();
    bytes[len - 8..].copy_from_slice(&last);
    memory.put(MANIFEST, bytes);
    let contents = |s: &Arc<dyn Storage>| -> Vec<(String, Vec<u8>)> {
        s.list().unwrap().into_iter().map(|n| (n.clone(), s.open(&n).unwrap().to_vec())).collect()
    };
    let before = contents(&s);
    let errors = [
        import_texts(&s, &[("sdn.csv", &ofac(1..22))], &on("2023-02-10")).unwrap_err(),
        cuibono::store::Snapshot::open(Arc::clone(&s)).err().unwrap(),
        cuibono::graph::verify(&s).unwrap_err(),
        cuibono::graph::repair(&s).unwrap_err(),
        cuibono::graph::compact(&s).unwrap_err(),
    ];
    for e in errors {
        assert_eq!((e.kind(), e.exit_code()), (Kind::Newer, 2), "{e}");
        assert!(e.message().contains("format 99"), "{e}");
        assert_eq!(e.place().unwrap().file, MANIFEST);
        assert!(e.next_step().unwrap().contains("newer version"), "{e}");
    }
    assert_eq!(contents(&s), before);
}

#[test]
fn utf_16_is_named_as_such() {
    let text = "<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2025-01-01\"/>";
    for mark in [true, false] {
        for big in [true, false] {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
            let s = memory();
            let input = Input::from_bytes("list.xml", bytes).unwrap();
            let e = import::import(s, vec![input], &Request::default(), &mut |_| {}).unwrap_err();
            assert!(e.to_string().contains("UTF-16"), "{e}");
            assert_eq!(e.exit_code(), 2);
        }
    }
}
