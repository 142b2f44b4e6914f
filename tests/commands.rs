//! The built program, driven as its users drive it.

use crate::support::{Done, done, program};
use cuibono::store::{Folder, Storage};
use insta::assert_snapshot;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// A folder with a store in it.
struct Case {
    dir: TempDir,
}

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name).display().to_string()
}

impl Case {
    fn empty() -> Case {
        Case { dir: TempDir::new().unwrap() }
    }

    /// A store that holds the two networks that come with the program.
    fn filled() -> Case {
        let c = Case::empty();
        let d = c.run(&["import", &data("seed.json"), &data("holding.json"), "-q"]);
        assert_eq!(d.code, 0, "{}", d.err);
        c
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        name.to_owned()
    }

    fn run(&self, args: &[&str]) -> Done {
        done(program(self.dir.path()).args(args).output().unwrap())
    }

    /// Runs it, expects an exit code, gives back stdout.
    fn out(&self, code: i32, args: &[&str]) -> String {
        let d = self.run(args);
        assert_eq!(d.code, code, "{args:?}\nout: {}\nerr: {}", d.out, d.err);
        d.out
    }

    fn json(&self, code: i32, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.out(code, args)).unwrap()
    }

    /// Runs it, expects an exit code and no data, gives back stderr.
    fn err(&self, code: i32, args: &[&str]) -> String {
        let d = self.run(args);
        assert_eq!((d.code, d.out.as_str()), (code, ""), "{args:?}\nerr: {}", d.err);
        d.err
    }
}

#[test]
fn help_has_examples_and_version_names_the_format() {
    let c = Case::empty();
    let all = c.out(0, &["--help"]);
    assert!(all.contains("Exit codes: 0 found") && all.contains("Examples:"), "{all}");
    let commands = "import sources search show neighbours path between trace components diff export stats batch add link \
                    note retract verify repair compact completions man verdict prove check-proof own ubo controls close-links \
                    what-if exposure rank communities distances decide undo why how resolve review decisions";
    for command in commands.split_whitespace() {
        let text = c.out(0, &[command, "--help"]);
        assert!(text.contains(&format!("cuibono {command}")) && text.contains("Example"), "{command}: {text}");
    }
    // What the program can do stands in its help and in the README.
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = readme.split("## Commands").nth(1).unwrap().split("## Formats").next().unwrap();
    let listed = all.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names = listed.lines().filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' '))?.split(' ').next());
    for name in names.filter(|n| *n != "help") {
        assert!(table.contains(&format!("`{name}")), "{name} is not among the commands of the README");
    }
    let formats = c.out(0, &["export", "--help"]);
    let formats = formats.split("Formats:").nth(1).unwrap().split("\n\n").next().unwrap().replace('\n', " ");
    for target in cuibono::export::targets() {
        assert!(formats.contains(&format!(" {}", target.name)), "{} is not in the help of export", target.name);
    }
    assert_eq!(c.out(0, &["--version"]), format!("cuibono {} (store format 2)\n", env!("CARGO_PKG_VERSION")));
    assert!(c.err(2, &["shwo", "x"]).contains("'show'"));
    assert!(c.out(0, &["completions", "bash"]).contains("_cuibono()"));
    assert!(c.out(0, &["man"]).contains(".TH"));
}

#[test]
fn import_reports_and_repeats_change_nothing() {
    let c = Case::empty();
    let text = c.out(0, &["import", &data("holding.json")]);
    let head: Vec<&str> = text.lines().take(4).collect();
    assert_snapshot!(head.join("\n"), @r"
    holding: release of 2024-05-01 (as the file states), format document
      69 records, 69 of them new; 0 ended
             42  edges
              1  edges/appoints_board_of
    ");
    let again = c.json(0, &["import", &data("holding.json"), "--json"]);
    assert_eq!(again.pointer("/releases/0/unchanged"), Some(&true.into()));
    assert_snapshot!(c.out(0, &["sources"]), @"
    source	releases	first	latest	format	records	title	licence
    holding	1	2024-05-01	2024-05-01	document	69	Crownfell: an invented holding	MIT OR Apache-2.0
    ");
    assert_eq!(c.json(0, &["sources", "--json"]).pointer("/sources/0/source/id"), Some(&"holding".into()));
}

#[test]
fn search_and_show_by_name() {
    let c = Case::filled();
    assert_snapshot!(c.out(0, &["search", "kozlov", "--limit", "2"]), @r"
    id	name	type	listed	score	band	matched	why
    ofac:37621	Sergei Kozlov	person	ofac_sdn	0.11	review	alias kozlov sergey mikhaylovich	kozlov; extra sergei missing; common-words-only
    seed:designation-kozlov	Designation of Sergei Kozlov	designation		0.06	review	name designation of sergei kozlov	kozlov; extra designation missing; extra sergei missing; common-words-only
    ");
    let cut = c.run(&["search", "kozlov", "--limit", "2"]);
    assert!(cut.err.contains("a limit cut this answer"), "{}", cut.err);
    let json = c.json(0, &["search", "kozlov", "--limit", "2", "--json"]);
    assert_eq!(json.pointer("/answer/truncated"), Some(&true.into()));
    assert_eq!(json.pointer("/results/0/id"), Some(&"ofac:37621".into()));
    let shown = c.out(0, &["show", "intellekt llc", "--format", "tsv"]);
    assert!(shown.contains("identifier\t7701080141\tTax ID No."), "{shown}");
    assert!(shown.contains("<- owns_or_controls\tSergei Kozlov (ofac:37621)"), "{shown}");
    let doc = c.out(0, &["show", "ofac:36217", "--json", "--type", "owns_or_controls"]);
    assert!(doc.starts_with("{ \"cuibono\": 1"), "{doc}");
    // An answer can be asked again.
    c.file("answer.json", &doc);
    let again = c.out(0, &["--from", "answer.json", "search", "intellekt"]);
    assert!(again.contains("ofac:36217\tIntellekt LLC"), "{again}");
    let lines = c.out(0, &["show", "ofac:36217", "--format", "jsonl"]);
    assert!(lines.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
}

#[test]
fn ambiguous_names_and_nothing_found() {
    let c = Case::filled();
    let doc = r#"{"cuibono": 1, "scope": "twins", "released": "2024-01-01", "sources": [{"id": "twins"}],
        "nodes": [{"id": "a", "type": "person", "name": "Ada Double"}, {"id": "b", "type": "person", "name": "Ada Double"}],
        "edges": []}"#;
    c.file("twins.json", doc);
    c.out(0, &["import", "twins.json"]);
    assert_snapshot!(c.err(2, &["show", "Ada Double"]), @r#"
    error: "Ada Double" may be any of 2 parties
      twins:a  Ada Double (person)
      twins:b  Ada Double (person)
    hint: give the id of the one you mean
    "#);
    assert_snapshot!(c.err(1, &["show", "Nobody At All"]), @r#"
    error: no party is called "Nobody At All"
    hint: `cuibono search` finds parts of names
    "#);
    let none = c.run(&["search", "zzzz"]);
    assert_eq!((none.code, none.out.lines().count()), (1, 1), "{}", none.err);
    assert!(c.err(2, &["show", "twins:a", "--as-of", "yesterday"]).contains("--as-of: \"yesterday\" is not a date"));
    assert!(c.err(2, &["show", "twins:a", "--type", "ownz"]).contains("unknown edge type \"ownz\""));
}

#[test]
fn bad_input_leaves_no_trace() {
    let c = Case::empty();
    let refused = |args: &[&str], want: &str| {
        let e = c.err(2, args);
        assert!(e.starts_with("error: ") && e.contains(want), "{args:?}: {e}");
        assert!(!c.path("cuibono.store").join("MANIFEST").exists(), "{args:?}");
    };
    refused(&["import", "missing.json"], "missing.json: No such file");
    c.file("empty.json", "");
    refused(&["import", "empty.json"], "empty.json: the file is empty");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(&std::fs::read(data("seed.json")).unwrap()).unwrap();
    let gz = gz.finish().unwrap();
    c.file("cut.json.gz", gz.get(..gz.len() / 2).unwrap());
    refused(&["import", "cut.json.gz"], "cut.json.gz");
    let doc = |edge: &str| {
        format!(
            "{{\"cuibono\": 1, \"scope\": \"t\",\n\"nodes\": [{{\"id\": \"a\", \"type\": \"person\"}}],\n\"edges\": [{edge}]}}"
        )
    };
    c.file("type.json", doc(r#"{"source": "a", "target": "a", "type": "ownz"}"#));
    refused(&["import", "type.json"], "type.json:3 (edges[0]");
    c.file("nowhere.json", doc(r#"{"source": "a", "target": "gone", "type": "owns"}"#));
    refused(&["import", "nowhere.json"], "nowhere.json:3 (edges[0]");
    c.file("plain", "x");
    assert!(c.err(2, &["import", &data("seed.json"), "--store", "plain/store"]).contains("plain/store"));
    refused(&["import", &data("seed.json"), "--release", "soon"], "--release: \"soon\" is not a date");
    refused(&["import", &data("seed.json"), "--map", "x"], "is not OUR=THEIRS");
    // One bad file among several refuses all of them.
    refused(&["import", &data("seed.json"), "nowhere.json"], "nowhere.json:3");
    for args in [&["show", "x"][..], &["verify"], &["compact"], &["note", "x", "y", "--cite", "s"], &["stats"]] {
        assert!(c.err(2, args).contains("there is no store here"), "{args:?}");
    }
}

#[test]
fn own_facts_are_durable_visible_and_can_be_taken_back() {
    let c = Case::filled();
    assert_eq!(
        c.out(
            0,
            &["add", "Quill Trading Ltd", "--type", "company", "--country", "XA", "--cite", "register: page 3", "-q"]
        ),
        "notes:quill-trading-ltd\n"
    );
    let link = [
        "link",
        "Sergei Kozlov",
        "Quill Trading Ltd",
        "--type",
        "owns",
        "--share",
        ">25 to 50",
        "--from-date",
        "2022-03",
        "--status",
        "alleged",
        "--cite",
        "hindu-2023-09-01: paragraph 5",
    ];
    assert_eq!(c.out(0, &link), "notes:sergei-kozlov-owns-quill-trading-ltd\n");
    // The same words a second time are a second relation.
    assert_eq!(c.out(0, &link), "notes:sergei-kozlov-owns-quill-trading-ltd-2\n");
    assert_eq!(c.out(0, &["note", "ofac:36217", "Same telephone", "--cite", "register: page 4", "-q"]), "ofac:36217\n");
    assert_snapshot!(c.out(0, &["show", "Quill Trading Ltd", "--format", "tsv"]), @r"
    what	value	detail	from	to	status	cites
    id	notes:quill-trading-ltd					
    type	company					
    name	Quill Trading Ltd					notes: register: page 3
    country	XA					notes: register: page 3
    <- owns	Sergei Kozlov (ofac:37621)	>25 to 50 %	2022-03		alleged	notes: hindu-2023-09-01: paragraph 5
    <- owns	Sergei Kozlov (ofac:37621)	>25 to 50 %	2022-03		alleged	notes: hindu-2023-09-01: paragraph 5
    ");
    assert!(c.out(0, &["show", "ofac:36217", "--format", "tsv"]).contains("note\tSame telephone"));
    // Folded into the index they are the same.
    c.out(0, &["compact"]);
    assert!(c.out(0, &["show", "ofac:36217", "--format", "tsv"]).contains("note\tSame telephone"));
    c.out(0, &["retract", "notes:sergei-kozlov-owns-quill-trading-ltd-2", "--reason", "twice"]);
    assert_eq!(c.out(0, &["show", "Quill Trading Ltd", "--format", "tsv"]).matches("<- owns").count(), 1);
    c.out(0, &["retract", "Intellekt LLC"]);
    assert!(!c.out(0, &["show", "ofac:36217"]).contains("Same telephone"));
    for other in ["Intellekt LLC", "ofac:37621", "seed:jon-program"] {
        assert!(c.err(2, &["retract", other]).contains("not your own"), "{other}");
    }
    assert!(c.out(0, &["verify"]).starts_with("sound: "));
}

#[test]
fn own_facts_are_checked_before_they_are_stated() {
    let c = Case::filled();
    let bad = |args: &[&str], want: &str| assert!(c.err(2, args).contains(want), "{args:?}");
    bad(&["add", "X", "--type", "company"], "--cite");
    bad(&["add", "X", "--type", "persn", "--cite", "s"], "unknown node type \"persn\"");
    bad(&["add", " ", "--type", "person", "--cite", "s"], "the name is empty");
    bad(&["add", "X", "--type", "person", "--birth", "31.12.99", "--cite", "s"], "--birth");
    let link = |more: &[&str]| -> Vec<String> {
        ["link", "holding:varga", "holding:crown", "--cite", "s"].iter().chain(more).map(|s| (*s).to_owned()).collect()
    };
    for (more, want) in [
        (&["--type", "ownz"][..], "unknown edge type \"ownz\""),
        (&["--type", "owns", "--share", "120"], "over 100 percent"),
        (&["--type", "owns", "--from-date", "2022", "--to-date", "2020"], "ends on 2020, before it starts on 2022"),
        (&["--type", "owns", "--status", "sure"], "--status: \"sure\" is none of asserted"),
        (&["--type", "owns", "--id", "holding:e01"], "the id holding:e01 is taken"),
    ] {
        let args = link(more);
        bad(&args.iter().map(String::as_str).collect::<Vec<_>>(), want);
    }
    assert!(c.err(1, &["link", "Nobody", "holding:crown", "--type", "owns", "--cite", "s"]).contains("Nobody"));
}

#[test]
fn own_notes_stay_at_home() {
    let c = Case::filled();
    c.out(0, &["add", "Quill Trading Ltd", "--type", "company", "--cite", "secret-register: page 3"]);
    c.out(0, &["link", "holding:varga", "Quill Trading Ltd", "--type", "owns", "--cite", "qz-register: line 99"]);
    c.out(0, &["note", "holding:varga", "A private remark", "--cite", "qz-register: line 98"]);
    for compacted in [false, true] {
        if compacted {
            c.out(0, &["compact"]);
        }
        let held = c.out(0, &["export", "--format", "document", "-q"]).to_lowercase();
        assert!(held.contains("vargalund") && held.contains("qz-register"));
        let one = c.out(0, &["export", "Quill Trading Ltd", "--format", "document", "-q"]).to_lowercase();
        for text in [&held, &one] {
            for word in ["quill", "private remark", "secret-register", "line 99"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
        let all = c.out(0, &["export", "--format", "document", "--with-notes"]);
        assert!(all.contains("Quill Trading Ltd") && all.contains("A private remark"));
    }
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let c = Case::filled();
    let held = Folder::new(c.path("cuibono.store")).lock().unwrap();
    let e = c.err(75, &["note", "ofac:36217", "x", "--cite", "s"]);
    assert!(e.contains("another process is writing to the store"), "{e}");
    assert_eq!(c.run(&["import", &data("seed.json")]).code, 75);
    // Readers do not wait.
    c.out(0, &["show", "ofac:36217"]);
    drop(held);
    c.out(0, &["note", "ofac:36217", "x", "--cite", "hindu-2023-09-01"]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let c = Case::empty();
    let mut rows = String::from("id,type,name\n");
    for i in 0..20_000 {
        rows.push_str(&format!("n{i},person,Person Number {i}\n"));
    }
    c.file("nodes.csv", &rows);
    let mut child = program(c.dir.path())
        .args(["--from", "nodes.csv", "export", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0u8; 10];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let d = done(child.wait_with_output().unwrap());
    assert_eq!((d.code, d.err.as_str()), (0, ""));
}

#[test]
fn files_are_asked_without_a_store_and_over_one() {
    let c = Case::empty();
    // Ids of a single document are shown as it writes them.
    let alone = c.out(0, &["--from", &data("holding.json"), "search", "crownfell"]);
    assert_snapshot!(alone, @r"
    id	name	type	listed	score	band	matched	why
    crown	Crownfell Holding AG	company		0.41	review	name crownfell holding ag	crownfell; extra holding missing
    ");
    assert!(!c.path("cuibono.store").exists());
    let both = c.out(0, &["search", "crownfell", "--from", &data("holding.json"), &data("seed.json")]);
    assert!(both.contains("holding:crown\t"), "{both}");
    let c = Case::filled();
    let doc = r#"{"cuibono": 1, "scope": "case", "released": "2024-01-01", "sources": [{"id": "case"}],
        "nodes": [{"id": "x", "type": "company", "name": "Overlaid Ltd"}],
        "edges": [{"source": "ofac:36217", "target": "x", "type": "owns", "share": "40"}]}"#;
    c.file("case.json", doc);
    let over = c.out(0, &["show", "ofac:36217", "--format", "tsv", "--store", "cuibono.store", "--from", "case.json"]);
    assert!(over.contains("owns ->\tOverlaid Ltd (case:x)\t40 %") && over.contains("Tax ID No."), "{over}");
    assert!(!c.out(0, &["show", "ofac:36217"]).contains("Overlaid"));
    assert!(c.err(2, &["verify", "--from", "case.json"]).contains("works on a store, not on files"));
}

#[test]
fn the_environment_names_the_store() {
    let c = Case::filled();
    std::fs::rename(c.path("cuibono.store"), c.path("other")).unwrap();
    assert!(c.err(2, &["stats"]).contains("there is no store here"));
    let run = |args: &[&str]| done(program(c.dir.path()).env("CUIBONO_STORE", "other").args(args).output().unwrap());
    assert_eq!(run(&["stats"]).code, 0);
    assert_eq!(run(&["stats", "--store", "none"]).code, 2);
    let stats = c.json(0, &["stats", "--store", "other", "--json"]);
    assert_eq!(stats.pointer("/nodes"), Some(&61.into()));
}

#[test]
fn walks_print_paths_neighbours_and_parts() {
    let c = Case::filled();
    assert_snapshot!(c.out(0, &["path", "holding:varga", "MV Grey Gull", "--type", "owns", "--direction", "out", "--format", "tsv"]), @r"
    path	step	source	source_name	type	target	target_name	share	start	end	status	id	cites
    1	1	holding:varga	Ottokar Vargalund	owns	holding:karrow	Karrow Steel Works	15 to 20			asserted, indirect	holding:e09	qz-register: line 9
    1	2	holding:karrow	Karrow Steel Works	owns	holding:bluefin	Bluefin Bulk Carriers	75 to 100	2018-03-01		asserted	holding:e30	qz-register: line 30
    1	3	holding:bluefin	Bluefin Bulk Carriers	owns	holding:gull	MV Grey Gull	100	2019-06-12		asserted	holding:e32	qz-register: line 32
    ");
    let text = c.out(0, &["path", "holding:gull", "holding:karrow", "--format", "table"]);
    assert!(
        text.starts_with(
            "path 1 of 1: 2 steps\n  MV Grey Gull (holding:gull)\n    <- owns, 100 %, since 2019-06-12 [1]\n"
        ),
        "{text}"
    );
    assert!(text.contains("sources:\n[1] qz-register"), "{text}");
    assert_eq!(c.out(1, &["path", "holding:varga", "ofac:37621"]).lines().count(), 0);
    let all = c.json(0, &["path", "holding:varga", "holding:karrow", "--k", "3", "--json"]);
    assert_eq!(all.pointer("/answer/result/length"), Some(&1.into()));
    let near = c.out(0, &["neighbours", "Villa Sorrowless", "--hops", "2", "--format", "csv"]);
    assert!(near.starts_with("source,source_name,type") && near.contains("settlor_of"), "{near}");
    let few = c.run(&["neighbours", "holding:crown", "--limit", "2"]);
    assert!(few.err.contains("4 owns out") && few.err.contains("a limit cut this answer"), "{}", few.err);
    let between = c.json(0, &["between", "holding:gull", "holding:dorn", "holding:bank", "--json"]);
    assert_eq!(between.pointer("/answer/result/connected"), Some(&true.into()));
    let up = c.out(0, &["trace", "Karrow Steel Works", "--up", "--hops", "1", "--format", "tsv"]);
    assert_eq!(up.lines().count(), 5, "{up}");
    assert!(up.contains("up\t1\tholding:pell\tAnsgar Pellworth\tperson\t\towns\t100/3\t2018-09-30"), "{up}");
    let tree = c.out(0, &["trace", "Karrow Steel Works", "--format", "table"]);
    assert!(tree.contains("MV Grey Gull") && tree.contains("Ottokar Vargalund"), "{tree}");
    assert_eq!(c.run(&["trace", "seed:japan"]).code, 1);
    let one = c.out(0, &["show", "holding:e08", "--format", "tsv"]);
    assert_eq!(one.lines().count(), 2, "{one}");
    let parts = c.json(0, &["components", "--type", "owns", "--limit", "1", "--json"]);
    assert_eq!(parts.pointer("/answer/truncated"), Some(&true.into()));
}

#[test]
fn whole_graph_questions() {
    let c = Case::filled();
    let top = c.out(0, &["rank", "--limit", "3", "--direction", "in"]);
    assert_snapshot!(top, @r"
    score	id	name	type
    0.11362958	ofac:37621	Sergei Kozlov	person
    0.0644563404	ofac:27743	Jon Jin Yong	person
    0.0480142837	holding:opal	Opaline Nominees Ltd	company
    ");
    let json = c.json(0, &["rank", "--limit", "2", "--iterations", "5", "--type", "owns", "--json"]);
    assert_eq!(json.pointer("/answer/truncated"), Some(&true.into()));
    assert_eq!(json.pointer("/answer/result/iterations"), Some(&5.into()));
    assert_eq!(json["results"].as_array().unwrap().len(), 2);
    assert!(json["answer"]["notes"][0].as_str().unwrap().contains("no verdict rests on them"));
    assert_eq!(json["answer"]["query"], "rank --limit 2 --iterations 5 --damping 0.85 --type owns");
    assert!(c.err(2, &["rank", "--damping", "2"]).contains("damping 2 is not between 0 and 1"));

    let json = c.json(0, &["communities", "--limit", "1", "--members", "3", "--type", "owns", "--json"]);
    let first = json["results"].to_string();
    assert_eq!(
        first,
        r#"[{"label":"holding:pell","size":10,"nodes":["holding:mirel","holding:pell","holding:varga"]}]"#
    );
    assert_eq!(json["answer"]["query"], "communities --limit 1 --members 3 --iterations 10 --type owns");
    assert!(c.out(0, &["communities", "--format", "csv"]).starts_with("community,size,label,members"));

    assert_snapshot!(c.out(0, &["distances", "Karrow Steel Works", "--max-hops", "1", "--type", "owns"]), @r"
    distance	id	name	type
    1	holding:bluefin	Bluefin Bulk Carriers	company
    1	holding:north	Northlantern Invest S.A.	company
    1	holding:pell	Ansgar Pellworth	person
    1	holding:south	Southlantern Invest S.A.	company
    1	holding:varga	Ottokar Vargalund	person
    ");
    let json = c.json(0, &["distances", "Karrow Steel Works", "--direction", "in", "--limit", "1", "--json"]);
    assert_eq!(json["answer"]["result"]["by_distance"][0], 4);
    assert_eq!(json.pointer("/answer/truncated"), Some(&true.into()));
    assert_eq!(c.run(&["distances", "Karrow Steel Works", "--weight", "value"]).code, 1);
    let edge = |a: &str, b: &str, v: &str| {
        format!(r#"{{"source": "{a}", "target": "{b}", "type": "supplies", "properties": {{"value": "{v}"}}}}"#)
    };
    let node = |id: &str| format!(r#"{{"id": "{id}", "type": "company", "name": "Firm {id}"}}"#);
    let doc = format!(
        r#"{{"cuibono": 1, "sources": [{{"id": "s", "title": "S"}}], "nodes": [{}], "edges": [{}]}}"#,
        ["a", "b", "c"].map(node).join(","),
        [edge("a", "b", "2.5"), edge("b", "c", "0.5"), edge("a", "c", "4")].join(",")
    );
    c.file("lengths.json", &doc);
    assert_snapshot!(c.out(0, &["--from", "lengths.json", "distances", "a", "--weight", "value"]), @r"
    distance	id	name	type
    2.5	b	Firm b	company
    3.0	c	Firm c	company
    ");

    let lines = r#"{"id": 1, "command": "rank", "options": {"limit": 1, "direction": "both"}}
{"id": 2, "command": "communities", "options": {"limit": 1}}
{"id": 3, "command": "distances", "args": ["Karrow Steel Works"], "options": {"max_hops": 2, "limit": 1}}"#;
    c.file("whole.jsonl", lines);
    let out = c.out(0, &["batch", "whole.jsonl"]);
    for line in out.lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!((&v["code"], v["answer"]["results"].as_array().unwrap().len()), (&0.into(), 1), "{line}");
    }
    assert_eq!(out.lines().count(), 3);
}

#[test]
fn releases_are_compared() {
    let c = Case::empty();
    let release = |day: &str, name: &str, more: &str| {
        format!(
            "{{\"cuibono\": 1, \"scope\": \"reg\", \"released\": \"{day}\", \"sources\": [{{\"id\": \"reg\"}}],
            \"nodes\": [{{\"id\": \"a\", \"type\": \"company\", \"name\": \"{name}\"}}{more}], \"edges\": []}}"
        )
    };
    c.file("1.json", release("2024-01-01", "Old Ltd", ""));
    c.file("2.json", release("2024-02-01", "New Ltd", ", {\"id\": \"b\", \"type\": \"person\", \"name\": \"Bo\"}"));
    c.out(0, &["import", "1.json", "--full"]);
    c.out(0, &["import", "2.json", "--full"]);
    assert_snapshot!(c.out(0, &["diff", "reg", "2024-01-01", "2024-02-01"]), @r"
    change	what	id	name	type	field	before	after	because
    added	entry	reg:b	Bo	person				
    changed	entry	reg:a	New Ltd		name	Old Ltd	New Ltd	
    ");
    let json = c.json(0, &["diff", "reg", "2024-01", "2024-02", "--json"]);
    assert_eq!(json.pointer("/to"), Some(&"2024-02-01".into()));
    assert_eq!(c.run(&["diff", "reg", "2024-01-01", "2024-01-01"]).code, 1);
    assert!(c.err(2, &["diff", "reg", "2023", "2024-02"]).contains("reg has no release of 2023"));
}

#[test]
fn exports_are_whole_files_and_replace_nothing_unasked() {
    let c = Case::filled();
    c.out(0, &["export", "Sergei Kozlov", "--format", "svg", "-o", "k.svg"]);
    assert!(std::fs::read_to_string(c.path("k.svg")).unwrap().ends_with("</svg>\n"));
    assert!(c.err(2, &["export", "--format", "svg", "-o", "k.svg"]).contains("k.svg: this is there already"));
    c.out(0, &["export", "Sergei Kozlov", "--format", "dot", "-o", "k.svg", "--force"]);
    c.out(0, &["export", "--format", "neo4j", "-o", "neo"]);
    assert!(c.path("neo/README.txt").exists());
    assert!(c.err(2, &["export", "--format", "neo4j"]).contains("-o FOLDER"));
    assert!(c.err(2, &["export", "--format", "pajek"]).contains("unknown export format"));
    let left: Vec<_> = std::fs::read_dir(c.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|n| !n.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[test]
fn batches_answer_line_by_line() {
    let c = Case::filled();
    c.file(
        "q.jsonl",
        "{\"id\": 1, \"command\": \"search\", \"args\": [\"kozlov\"], \"options\": {\"limit\": 1}}\n\n\
         {\"id\": \"two\", \"command\": \"show\", \"args\": [\"Nobody\"]}\n{broken\n{\"command\": \"import\"}\n",
    );
    let text = c.out(0, &["batch", "q.jsonl"]);
    let lines: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let [a, b, broken, unknown] = &lines[..] else { panic!("{text}") };
    assert_eq!(a.pointer("/answer/results/0/id"), Some(&"ofac:37621".into()));
    assert_eq!((b.get("id"), b.get("code")), (Some(&"two".into()), Some(&1.into())));
    assert!(broken.get("error").unwrap().as_str().unwrap().contains("not JSON"));
    assert_eq!(unknown.get("code"), Some(&2.into()));
}

#[test]
fn damage_is_told_and_repaired() {
    let c = Case::filled();
    c.out(0, &["note", "ofac:36217", "x", "--cite", "hindu-2023-09-01"]);
    let store = c.path("cuibono.store");
    let journal = std::fs::read_dir(&store)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.file_name().unwrap().to_string_lossy().starts_with("journal-"))
        .unwrap();
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&journal, bytes).unwrap();
    let d = c.run(&["verify"]);
    assert_eq!(d.code, 3, "{}", d.out);
    assert!(d.err.contains("error: journal-") && d.err.contains("at byte"), "{}", d.err);
    assert_eq!(c.run(&["show", "ofac:36217"]).code, 3);
    let lost = c.out(0, &["repair"]);
    assert!(lost.contains("everything written after generation 1") && lost.contains("sound again"), "{lost}");
    assert!(c.out(0, &["verify"]).starts_with("sound: "));
    assert!(c.out(0, &["show", "ofac:36217"]).contains("Intellekt LLC"));
}

#[test]
fn colour_only_where_it_is_wanted() {
    let c = Case::empty();
    assert!(c.err(2, &["stats"]).starts_with("error: "));
    assert!(c.err(2, &["stats", "--color", "always"]).starts_with("\u{1b}[1;31merror:"));
    let forced = done(program(c.dir.path()).env("CLICOLOR_FORCE", "1").arg("stats").output().unwrap());
    assert!(forced.err.starts_with("\u{1b}["));
    let never =
        done(program(c.dir.path()).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").arg("stats").output().unwrap());
    assert!(never.err.starts_with("error: "));
}

#[test]
fn a_dump_is_read_back() {
    let c = Case::filled();
    c.out(0, &["add", "Olga Varn", "--type", "person", "--cite", "interview: page 1", "-q"]);
    let dump = c.out(0, &["dump"]);
    c.file("case.dump.jsonl", &dump);
    c.out(0, &["import", "case.dump.jsonl", "--store", "copy"]);
    assert_eq!(c.out(0, &["dump", "--store", "copy"]), dump);
    let json = c.json(0, &["show", "Olga Varn", "--store", "copy", "--json"]);
    assert_eq!(json.pointer("/nodes/0/id"), Some(&"notes:olga-varn".into()));
    assert!(c.err(2, &["import", "case.dump.jsonl"]).contains("already has the source"));
    let asked = c.out(0, &["search", "olga varn", "--from", "case.dump.jsonl"]);
    assert!(asked.contains("notes:olga-varn"), "{asked}");
}
