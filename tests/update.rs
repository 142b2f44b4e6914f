//! `cuibono update` against a publisher of our own on 127.0.0.1.

mod failures;
mod server;

use crate::support::{Done, done};
use server::{Authority, Proxy, Reply, Server, Way};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A primary file of an OFAC CSV set with these entries.
fn primary(numbers: impl IntoIterator<Item = u32>) -> String {
    let line = |n| {
        format!(
            "{n},\"FIRM {n} LTD.\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. {n} (Norland).\"\r\n"
        )
    };
    numbers.into_iter().map(line).collect()
}

const ALIASES: &str = "1,1,\"aka\",\"F ONE\",-0- \r\n2,2,\"fka\",\"F TWO\",-0- \r\n";
const MONDAY: &str = "Mon, 05 Jan 2026 08:00:00 GMT";
const TUESDAY: &str = "Tue, 06 Jan 2026 08:00:00 GMT";

/// A source of a table: id, further members, names and addresses of its files.
type Entry<'a> = (&'a str, &'a str, &'a [(&'a str, String)]);

/// A folder in which a store grows.
struct Case {
    dir: TempDir,
}

impl Case {
    /// With a table of these sources.
    fn new(sources: &[Entry<'_>]) -> Case {
        let c = Case { dir: TempDir::new().unwrap() };
        let entries: Vec<String> = sources
            .iter()
            .map(|(id, more, files)| {
                let file = |(name, url): &(&str, String)| {
                    // Further members of a file may follow its address.
                    let (url, rest) = url.split_once('|').unwrap_or((url, ""));
                    format!("{{\"name\": \"{name}\", \"url\": \"{url}\"{rest}}}")
                };
                let files = files.iter().map(file).collect::<Vec<_>>().join(", ");
                format!(
                    "{{\"id\": \"{id}\", \"source\": \"ofac_sdn\", \"title\": \"A list\", \"publisher\": \"Norland\", \
                     \"attribution\": \"By Norland\", \"format\": \"ofac-csv\"{more}, \"files\": [{files}]}}"
                )
            })
            .collect();
        let table = format!("{{\"cuibono_publishers\": 1, \"sources\": [{}]}}", entries.join(",\n"));
        std::fs::write(c.path("table.json"), table).unwrap();
        std::fs::write(c.path("ca.pem"), &Authority::ours().pem).unwrap();
        c
    }

    /// One source `norland` of one file from a server.
    fn one(server: &Server) -> Case {
        Case::new(&[("norland", "", &[("sdn.csv", server.url("/sdn.csv"))])])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        c.current_dir(self.dir.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            let upper = name.to_string_lossy().to_ascii_uppercase();
            if upper.ends_with("_PROXY") || upper.starts_with("CUIBONO_") {
                c.env_remove(name);
            }
        }
        c.args(["--store", "s", "update", "--table", "table.json", "--pause", "0.01"]).args(args);
        if !args.contains(&"--idle") {
            c.args(["--idle", "5"]);
        }
        c
    }

    fn run(&self, args: &[&str]) -> Done {
        done(self.command(&[&["--ca", "ca.pem"], args].concat()).output().unwrap())
    }

    /// Runs it, expects an exit code, gives back stdout and stderr in one.
    fn says(&self, code: i32, args: &[&str]) -> String {
        let d = self.run(args);
        assert_eq!(d.code, code, "{args:?}\nout: {}\nerr: {}", d.out, d.err);
        d.out + &d.err
    }

    fn json(&self, args: &[&str]) -> serde_json::Value {
        // The two ways to ask for it are one.
        let d = self.run(&[if args.len() == 1 { &["--json"][..] } else { &["--format", "json"] }, args].concat());
        assert_eq!(d.code, 0, "{args:?}\nout: {}\nerr: {}", d.out, d.err);
        serde_json::from_str(&d.out).unwrap()
    }

    /// Another command on the store.
    fn ask(&self, args: &[&str]) -> serde_json::Value {
        let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        let o = c.current_dir(self.dir.path()).args(["--store", "s", "--json"]).args(args).output().unwrap();
        serde_json::from_slice(&o.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&o.stderr)))
    }

    /// How many entries the store has found for a name.
    fn finds(&self, name: &str) -> usize {
        self.ask(&["search", name])["results"].as_array().map_or(0, Vec::len)
    }

    /// What lies in the folder of downloads, apart from the state and the lock.
    fn downloads(&self) -> Vec<String> {
        fn walk(dir: &Path, out: &mut Vec<String>) {
            for e in std::fs::read_dir(dir).into_iter().flatten() {
                let p = e.unwrap().path();
                if p.is_dir() { walk(&p, out) } else { out.push(p.file_name().unwrap().to_string_lossy().into_owned()) }
            }
        }
        let mut names = Vec::new();
        walk(&self.path("s.downloads"), &mut names);
        names.retain(|n| n != "state.json" && n != "lock");
        names.sort();
        names
    }

    fn state(&self) -> String {
        std::fs::read_to_string(self.path("s.downloads/state.json")).unwrap_or_default()
    }

    /// That nothing was imported.
    fn untouched(&self) -> bool {
        !self.path("s").exists()
    }
}

fn gz(text: &str) -> Vec<u8> {
    let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    e.write_all(text.as_bytes()).unwrap();
    e.finish().unwrap()
}

/// A list whose second edition is there once the path `/next` has been asked for.
fn editions() -> Server {
    use std::sync::atomic::{AtomicBool, Ordering};
    let next = AtomicBool::new(false);
    Server::new(move |asked| {
        if asked.path == "/next" {
            next.store(true, Ordering::SeqCst);
            return Reply::new(200, "");
        }
        match next.load(Ordering::SeqCst) {
            false => Reply::file(asked, "v1", primary(1..=9)).with("Last-Modified", MONDAY),
            true => Reply::file(asked, "v2", primary(2..=10)).with("Last-Modified", TUESDAY),
        }
    })
}

/// Asks a server for its `/next`, by a table of its own.
fn turn(server: &Server) {
    let c = Case::new(&[("next", "", &[("next.csv", server.url("/next"))])]);
    assert!(c.says(2, &["next"]).contains("the file is empty"));
}

#[test]
fn fetched_imported_compared_and_remembered() {
    let server = editions();
    let c = Case::one(&server);
    let first = c.says(0, &["norland"]);
    assert!(first.contains("norland: sdn.csv fetched"), "{first}");
    assert!(first.contains("ofac_sdn: release of 2026-01-05 (when the server says it was changed"), "{first}");
    assert!(first.contains("the first release, nothing to compare it with"), "{first}");
    assert_eq!((c.finds("FIRM 1 LTD."), c.downloads().len()), (1, 0));
    // What the importer knows of the source stays.
    assert_eq!(c.ask(&["sources"])["sources"][0]["source"]["licence"], "US government work, public domain");
    let sum = c.ask(&["sources"])["sources"][0]["releases"][0]["files"][0]["sha256"].as_str().unwrap().to_owned();
    assert!(first.contains(&sum) && c.state().contains(&sum), "{first}");
    assert!(c.state().contains("\"release\": \"2026-01-05\""), "{}", c.state());

    let again = c.says(0, &["norland"]);
    assert!(again.contains("ofac_sdn: nothing new, the release of 2026-01-05 is the latest"), "{again}");
    let asked = server.asked();
    assert_eq!(asked.iter().map(|a| a.header("if-none-match")).collect::<Vec<_>>(), ["", "\"v1\""]);
    assert_eq!(asked[1].header("if-modified-since"), MONDAY);
    assert!(asked[0].header("user-agent").starts_with("cuibono/"));

    turn(&server);
    // Without a name: what the store holds.
    let changed = c.says(0, &[]);
    assert!(changed.contains("ofac_sdn: changes from 2026-01-05 to 2026-01-06"), "{changed}");
    assert!(changed.contains("added\tentry\tofac:10") && changed.contains("removed\tentry\tofac:1\t"), "{changed}");
    assert!(changed.contains("entries: 1 added, 1 removed, 0 changed"), "{changed}");
}

#[test]
fn json_carries_files_report_and_differences() {
    let server = editions();
    let c = Case::one(&server);
    let first = &c.json(&["norland"])["updates"][0];
    assert_eq!((first["nothing_new"].as_bool(), first["diff"].is_null()), (Some(false), true));
    assert_eq!(first["files"][0]["new"], true);
    assert_eq!(first["files"][0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(first["import"]["releases"][0]["release"], "2026-01-05");
    let same = &c.json(&["norland"])["updates"][0];
    assert_eq!((same["nothing_new"].as_bool(), same["release"].as_str()), (Some(true), Some("2026-01-05")));
    turn(&server);
    let second = &c.json(&["norland", "--keep"])["updates"][0];
    assert_eq!(second["diff"]["from"], "2026-01-05");
    assert_eq!(second["diff"]["added"].as_array().map(Vec::len), Some(1), "{}", second["diff"]);
    assert_eq!(c.downloads(), ["sdn.csv"]);
    // Asked not to compare, it does not.
    let c = Case::one(&server);
    assert!(!c.says(0, &["norland", "--no-diff"]).contains("nothing to compare"));
}

#[test]
fn what_the_store_no_longer_has_is_fetched_again() {
    let server = editions();
    let c = Case::one(&server);
    c.says(0, &["norland"]);
    std::fs::remove_dir_all(c.path("s")).unwrap();
    c.says(0, &["norland"]);
    assert_eq!(c.finds("FIRM 9 LTD."), 1);
    assert!(server.asked().iter().all(|a| a.header("if-none-match").is_empty()));
    // A state that cannot be read is no obstacle either.
    std::fs::write(c.path("s.downloads/state.json"), "{").unwrap();
    let said = c.says(0, &["norland"]);
    assert!(said.contains("files are fetched anew") && said.contains("already in the store"), "{said}");
}

#[test]
fn the_same_bytes_again_are_nothing_new() {
    // A server without tags and dates sends the whole file every time.
    let server = Server::new(|_| Reply::new(200, primary(1..=9)));
    let c = Case::one(&server);
    c.says(0, &["norland"]);
    let again = c.says(0, &["norland"]);
    assert!(again.contains("nothing new") && again.contains("not changed"), "{again}");
    assert_eq!((server.asked().len(), c.downloads().len()), (2, 0));
}

#[test]
fn terms_come_from_the_table_where_the_importer_has_none() {
    let document = r#"{"cuibono": 1, "nodes": [{"id": "a", "type": "company", "name": "Heathrun"}]}"#;
    let server = Server::new(move |_| Reply::new(200, document));
    let more =
        ", \"licence\": \"Norland's terms\", \"non_commercial\": true, \"names_source\": true, \"note\": \"Be kind\"";
    let c = Case::new(&[("norland", more, &[("list.json", server.url("/list"))])]);
    let table = std::fs::read_to_string(c.path("table.json")).unwrap();
    let table = table.replace("ofac-csv", "document").replace("\"source\": \"ofac_sdn\", ", "");
    std::fs::write(c.path("table.json"), table).unwrap();
    let said = c.says(0, &["norland"]);
    assert!(said.contains("norland: Norland's terms") && said.contains("norland: Be kind"), "{said}");
    let source = &c.ask(&["sources"])["sources"][0]["source"];
    for (member, want) in
        [("id", "norland"), ("attribution", "By Norland"), ("licence", "Norland's terms"), ("title", "A list")]
    {
        assert_eq!(source[member], want);
    }
}

#[test]
fn nothing_is_fetched_without_being_asked() {
    let server = editions();
    let c = Case::new(&[
        ("norland", "", &[("sdn.csv", server.url("/sdn.csv"))]),
        ("only_named", ", \"by_name\": true, \"non_commercial\": true", &[("sdn.csv", server.url("/named.csv"))]),
    ]);
    let said = c.says(2, &[]);
    assert!(said.contains("none was named") && said.contains("norland  A list"), "{said}");
    assert!(c.says(2, &["nordland"]).contains("no source \"nordland\""));
    c.says(0, &["--list"]);
    assert_eq!(server.connections(), 0);
    assert!(c.untouched() && !c.path("s.downloads").exists());
    c.says(0, &["norland"]);
    c.says(0, &[]);
    assert!(server.paths().iter().all(|p| p == "/sdn.csv"));
}

#[test]
fn the_table_is_printed() {
    let c = Case::new(&[]);
    let list = |args: &[&str]| {
        let mut p = Command::new(env!("CARGO_BIN_EXE_cuibono"));
        let o = p.current_dir(c.dir.path()).args(["update", "--list"]).args(args).output().unwrap();
        assert!(o.status.success(), "{}", String::from_utf8_lossy(&o.stderr));
        String::from_utf8(o.stdout).unwrap()
    };
    let text = list(&[]);
    for id in ["ofac_sdn", "ofac_cons", "un_sc", "eu_fsf", "uk_sl", "ca_sema", "ch_seco", "us_csl", "gleif_lei"] {
        assert!(text.lines().any(|l| l.starts_with(&format!("{id}\t"))), "{id}");
    }
    let value: serde_json::Value = serde_json::from_str(&list(&["--json"])).unwrap();
    let entry = |id: &str| value["sources"].as_array().unwrap().iter().find(|s| s["id"] == id).unwrap().clone();
    assert_eq!(entry("eu_fsf")["token"]["variable"], "CUIBONO_EU_TOKEN");
    assert_eq!(entry("opensanctions_sanctions")["non_commercial"], true);
    assert_eq!(entry("ofac_sdn")["readable"], true);
    assert!(entry("gb_psc")["files"][0]["url"].as_str().unwrap().contains("{date}"));
}

#[test]
fn redirects_lead_to_the_file() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/sdn.csv" => Reply::to("/a/b?x=1"),
        "/a/b?x=1" => Reply::to("c#part"),
        "/a/c" => Reply::new(308, "")
            .with("Location", &format!("https://127.0.0.1:{}/d", asked.header("host").split(':').nth(1).unwrap())),
        "/d" => Reply::file(asked, "v1", primary(1..=3)),
        other => panic!("{other}"),
    });
    let c = Case::one(&server);
    c.says(0, &["norland"]);
    c.says(0, &["norland"]);
    assert_eq!(server.paths(), ["/sdn.csv", "/a/b?x=1", "/a/c", "/d"].repeat(2));
    assert_eq!(server.asked().last().unwrap().header("if-none-match"), "\"v1\"");
}

#[test]
fn packed_on_the_way_and_in_chunks() {
    let list = primary(1..=200);
    let server = Server::new(move |asked| match asked.path.as_str() {
        "/packed" if asked.header("accept-encoding") == "gzip" => {
            Reply::new(200, gz(&primary(1..=200))).with("Content-Encoding", "gzip").sent(Way::Chunks)
        }
        _ => Reply::new(200, primary(1..=200)).sent(Way::Chunks),
    });
    let packed = Case::new(&[("norland", "", &[("sdn.csv", server.url("/packed"))])]);
    let plain = Case::one(&server);
    for c in [packed, plain] {
        let files = c.json(&["norland"])["updates"][0]["files"].clone();
        assert_eq!(files[0]["bytes"], list.len());
        assert_eq!(c.finds("FIRM 200 LTD."), 1);
    }
}

#[test]
fn a_set_is_one_release() {
    // The second file is missing at first, then there.
    let server = Server::new(|asked| match asked.path.as_str() {
        "/sdn.csv" => Reply::file(asked, "p1", primary(1..=5)).with("Last-Modified", MONDAY),
        _ if asked.nth == 0 => Reply::new(404, "gone"),
        _ if asked.nth < 3 => Reply::file(asked, "a1", ALIASES),
        _ => Reply::file(asked, "a2", ALIASES.replace("F ONE", "F EINS")).with("Last-Modified", TUESDAY),
    });
    let files = [("sdn.csv", server.url("/sdn.csv")), ("alt.csv", server.url("/alt.csv"))];
    let c = Case::new(&[("norland", "", &files)]);
    assert!(c.says(2, &["norland"]).contains("404"));
    assert!(c.untouched());
    assert_eq!(c.downloads(), ["sdn.csv"], "what came is kept for the next time");
    let said = c.says(0, &["norland"]);
    assert!(said.contains("sdn.csv not changed") && said.contains("alt.csv fetched"), "{said}");
    assert_eq!((c.finds("F ONE"), c.finds("FIRM 5 LTD.")), (1, 1));
    assert!(c.says(0, &["norland"]).contains("nothing new"));
    // One file changes: the other, which is no longer here, is fetched with it.
    let said = c.says(0, &["norland"]);
    assert!(said.contains("sdn.csv") && said.contains("alt.csv fetched"), "{said}");
    assert_eq!((c.finds("F EINS"), c.finds("FIRM 5 LTD.")), (1, 1));
    let conditions: Vec<String> =
        server.asked().iter().filter(|a| a.path == "/sdn.csv").map(|a| a.header("if-none-match").to_owned()).collect();
    assert_eq!(conditions, ["", "\"p1\"", "\"p1\"", "\"p1\"", ""]);
}

#[test]
fn one_source_that_fails_leaves_the_others_alone() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/sdn.csv" => Reply::new(200, primary(1..=3)),
        _ => Reply::new(404, ""),
    });
    let c = Case::new(&[
        ("gone", "", &[("sdn.csv", server.url("/gone"))]),
        ("norland", "", &[("sdn.csv", server.url("/sdn.csv"))]),
    ]);
    let said = c.says(2, &["gone", "norland", "norland"]);
    assert!(said.contains("1 of 2 sources were not updated: gone") && said.contains("404"), "{said}");
    assert_eq!((c.finds("FIRM 3 LTD."), server.asked().len()), (1, 2));
}

#[test]
fn the_publishers_checksum_is_compared() {
    let sum = |text: &str| {
        use sha2::Digest;
        sha2::Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    let list = primary(1..=3);
    let good = format!("{}  other.csv\n{}  sdn.csv\n", sum("x"), sum(&list));
    let server = Server::new(move |asked| match asked.path.as_str() {
        "/good.sha256" => Reply::new(200, &good),
        "/bad.sha256" => Reply::new(200, "0".repeat(64)),
        "/none.sha256" => Reply::new(200, "no sum here"),
        _ => Reply::new(200, &list),
    });
    for (name, code, says) in
        [("good", 0, "release of"), ("bad", 2, "the publisher states"), ("none", 2, "cannot be read")]
    {
        let url = format!(
            "{}|, \"checksum\": {{\"url\": \"{}\"}}",
            server.url("/sdn.csv"),
            server.url(&format!("/{name}.sha256"))
        );
        let c = Case::new(&[("norland", "", &[("sdn.csv", url)])]);
        let said = c.says(code, &["norland"]);
        assert!(said.contains(says), "{said}");
        assert_eq!((c.untouched(), c.downloads().len()), (code != 0, 0));
    }
}

#[test]
fn a_token_goes_into_the_address_and_nowhere_else() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/list?token=s3cr3t" if asked.nth == 0 => Reply::to("/moved?token=s3cr3t"),
        "/list?token=s3cr3t" => Reply::to("http://localhost/moved?token=s3cr3t"),
        "/moved?token=s3cr3t" => Reply::new(200, primary(1..=3)),
        _ => Reply::new(403, ""),
    });
    let more = ", \"token\": {\"variable\": \"CUIBONO_TEST_TOKEN\", \"how\": \"ask Norland\"}";
    let c = Case::new(&[("norland", more, &[("sdn.csv", server.url("/list?token={token}"))])]);
    let said = c.says(2, &["norland"]);
    assert!(said.contains("--token or in CUIBONO_TEST_TOKEN; ask Norland"), "{said}");
    assert_eq!(server.connections(), 0);
    let said = c.says(0, &["norland", "--token", "s3cr3t"]);
    let o = done(c.command(&["--ca", "ca.pem", "norland"]).env("CUIBONO_TEST_TOKEN", "s3cr3t").output().unwrap());
    assert!(o.code == 2 && o.err.contains("redirects to an address of another kind (http:)"), "{}", o.err);
    for text in [said, o.err, c.says(2, &["norland", "--token", "wrong"]), c.state()] {
        assert!(!text.contains("s3cr3t") && !text.contains("=wrong"), "{text}");
    }
}

#[test]
fn dated_addresses_go_back_to_the_latest_file() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/sdn-2025-12-30.csv" => Reply::file(asked, "v1", primary(1..=3)),
        _ => Reply::new(404, ""),
    });
    let url = |back: u32| format!("{}|, \"back_days\": {back}", server.url("/sdn-{date}.csv"));
    let c = Case::new(&[("norland", "", &[("sdn.csv", url(3))])]);
    c.says(0, &["norland", "--date", "2026-01-01"]);
    assert!(c.says(0, &["norland", "--date", "2026-01-01"]).contains("nothing new"));
    assert_eq!(server.paths(), ["/sdn-2026-01-01.csv", "/sdn-2025-12-31.csv", "/sdn-2025-12-30.csv"].repeat(2));
    let c = Case::new(&[("norland", "", &[("sdn.csv", url(1))])]);
    assert!(c.says(2, &["norland", "--date", "2026-01-01"]).contains("404"));
}

#[test]
fn proxies_and_what_goes_past_them() {
    let server = Server::new(|_| Reply::new(200, primary(1..=3)));
    let proxy = Proxy::new(200);
    let url = format!("http://127.0.0.1:{}", proxy.port);
    let target = format!("localhost:{}", server.port);
    Case::one(&server).says(0, &["norland", "--proxy", &url]);
    assert_eq!(proxy.targets(), std::slice::from_ref(&target));
    let with = |args: &[&str], env: &[(&str, &str)]| {
        let c = Case::one(&server);
        let mut p = c.command(&[&["--ca", "ca.pem", "norland"], args].concat());
        let d = done(p.envs(env.iter().copied()).output().unwrap());
        assert_eq!(d.code, 0, "{}", d.err);
    };
    with(&[], &[("HTTPS_PROXY", &url)]);
    assert_eq!(proxy.targets(), [target.clone(), target.clone()]);
    with(&[], &[("HTTPS_PROXY", &url), ("NO_PROXY", "example.org,localhost")]);
    with(&["--proxy", "none"], &[("HTTPS_PROXY", &url)]);
    assert_eq!(proxy.targets().len(), 2);
    // A proxy that refuses is no reason to go past it.
    let refusing = Proxy::new(407);
    let c = Case::one(&server);
    let before = server.connections();
    let said = c.says(2, &["norland", "--proxy", &format!("http://name:s3cr3t@127.0.0.1:{}", refusing.port)]);
    assert!(said.contains("the proxy does not connect") && !said.contains("s3cr3t"), "{said}");
    assert_eq!((server.connections(), refusing.targets().len()), (before, 1));
}

#[test]
fn offline_opens_no_connection() {
    let server = Server::new(|_| Reply::new(200, primary(1..=3)));
    let c = Case::one(&server);
    let said = c.says(2, &["norland", "--offline"]);
    assert!(said.contains("--offline (or CUIBONO_OFFLINE) forbids it"), "{said}");
    let o = done(c.command(&["norland"]).env("CUIBONO_OFFLINE", "1").output().unwrap());
    assert!(o.code == 2 && o.err.contains("forbids it"), "{}", o.err);
    assert_eq!(server.connections(), 0);
    assert!(c.untouched() && !c.path("s.downloads").exists());
    let o = done(c.command(&["norland", "--ca", "ca.pem"]).env("CUIBONO_OFFLINE", "0").output().unwrap());
    assert_eq!(o.code, 0, "{}", o.err);
}
