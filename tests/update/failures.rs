//! What goes wrong on the way, and that it leaves the store as it was.

use super::server::{Authority, Reply, Server, Way};
use super::{Case, MONDAY, gz, primary};
use crate::support::done;
use std::time::{Duration, Instant};

/// The store and its manifest as they are.
fn manifest(c: &Case) -> Vec<u8> {
    std::fs::read(c.path("s/MANIFEST")).unwrap()
}

#[test]
fn redirects_that_are_refused() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/plain" => Reply::to("http://localhost:1/sdn.csv"),
        "/circle" => Reply::to("/back"),
        "/back" => Reply::to("/circle"),
        "/nowhere" => Reply::new(302, ""),
        path => Reply::to(&format!("{path}x")),
    });
    for (path, says, requests) in [
        ("/plain", "localhost redirects to an address of another kind (http:)", 1),
        ("/circle", "redirects in a circle", 2),
        ("/nowhere", "redirects to nowhere", 1),
        ("/chain", "redirects more than 10 times", 11),
    ] {
        let before = server.asked().len();
        let c = Case::new(&[("norland", "", &[("sdn.csv", server.url(path))])]);
        let said = c.says(2, &["norland"]);
        assert!(said.contains(says), "{said}");
        assert_eq!(server.asked().len() - before, requests, "{path}: not tried again");
        assert!(c.untouched());
    }
    // An address without TLS does not get into a table.
    let c = Case::new(&[("norland", "", &[("sdn.csv", "http://localhost:1/sdn.csv".to_owned())])]);
    assert!(c.says(2, &["norland"]).contains("does not begin with https://"));
}

#[test]
fn a_cut_connection_is_gone_on_with() {
    let list = primary(1..=300);
    let whole = list.clone();
    let server = Server::new(move |asked| match asked.nth {
        0 => Reply::file(asked, "v1", &whole).sent(Way::Cut(5000)),
        1 => Reply::new(503, "").with("Retry-After", "0"),
        2 => Reply::file(asked, "v1", &whole).sent(Way::Cut(4000)),
        _ => Reply::file(asked, "v1", &whole),
    });
    let c = Case::one(&server);
    let said = c.says(0, &["norland"]);
    assert!(said.contains("again in"), "{said}");
    let ranges: Vec<String> = server.asked().iter().map(|a| a.header("range").to_owned()).collect();
    assert_eq!(ranges, ["", "bytes=5000-", "bytes=5000-", "bytes=9000-"]);
    assert!(server.asked().iter().skip(1).all(|a| a.header("if-range") == "\"v1\""));
    assert_eq!(c.finds("FIRM 300 LTD."), 1);
}

#[test]
fn a_file_without_a_tag_or_packed_on_the_way_is_gone_on_with() {
    let packed = gz(&primary(1..=2000));
    let half = packed.len() / 2;
    // The answers are dated 12:00:00 on Monday.
    const JUST_NOW: &str = "Mon, 05 Jan 2026 11:59:30 GMT";
    let server = Server::new(move |asked| {
        let plain = |day: &str| Reply::new(200, primary(1..=2000)).with("Last-Modified", day);
        match (asked.path.as_str(), asked.nth) {
            ("/dated", 0) => plain(MONDAY).sent(Way::Cut(5000)),
            ("/dated", _) => {
                assert_eq!((asked.header("range"), asked.header("if-range")), ("bytes=5000-", MONDAY));
                let list = primary(1..=2000);
                let range = format!("bytes 5000-{}/*", list.len() - 1);
                Reply::new(206, &list[5000..]).with("Content-Range", &range).sent(Way::Chunks)
            }
            ("/just-now", 0) => plain(JUST_NOW).sent(Way::Cut(5000)),
            ("/just-now", _) => plain(JUST_NOW),
            (_, n) => {
                let r = Reply::file(asked, "g1", &packed).with("Content-Encoding", "gzip");
                if n == 0 { r.sent(Way::Cut(half)) } else { r }
            }
        }
    });
    for (path, range) in
        [("/dated", "bytes=5000-".to_owned()), ("/just-now", String::new()), ("/packed", format!("bytes={half}-"))]
    {
        let c = Case::new(&[("norland", "", &[("sdn.csv", server.url(path))])]);
        let files = c.json(&["norland"])["updates"][0]["files"].clone();
        assert_eq!(files[0]["bytes"], primary(1..=2000).len(), "{path}");
        let asked: Vec<_> = server.asked().into_iter().filter(|a| a.path == path).collect();
        assert_eq!((asked.len(), asked[1].header("range")), (2, range.as_str()), "{path}");
        assert_eq!(c.finds("FIRM 2000 LTD."), 1, "{path}");
    }
}

#[test]
fn the_next_run_goes_on_where_the_last_one_was_cut() {
    let server = Server::new(move |asked| match asked.nth {
        0 => Reply::file(asked, "v1", primary(1..=300)).sent(Way::Cut(5000)),
        _ => Reply::file(asked, "v1", primary(1..=300)),
    });
    let c = Case::one(&server);
    assert!(c.says(2, &["norland", "--tries", "1"]).contains("(tried once)"));
    assert!(c.untouched());
    assert_eq!(c.downloads(), ["sdn.csv.part", "sdn.csv.part.json"]);
    c.says(0, &["norland"]);
    assert_eq!(server.asked()[1].header("range"), "bytes=5000-");
    assert_eq!((c.finds("FIRM 300 LTD."), c.downloads().len()), (1, 0));
}

#[test]
fn what_cannot_be_gone_on_with_begins_anew() {
    // The file has changed meanwhile; the server knows no ranges; it has only a weak tag; its
    // range is another than the one asked for; it cannot give the range.
    type Answers = fn(usize) -> Reply;
    let cases: [(&str, Answers); 5] = [
        ("changed", |n| match n {
            0 => Reply::new(200, primary(1..=100)).with("ETag", "\"v1\"").sent(Way::Cut(900)),
            _ => Reply::new(200, primary(1..=50)).with("ETag", "\"v2\""),
        }),
        ("no ranges", |n| {
            let r = Reply::new(200, primary(1..=50)).with("ETag", "\"v1\"").with("Accept-Ranges", "none");
            if n == 0 { r.sent(Way::Cut(900)) } else { r }
        }),
        ("weak", |n| {
            let r = Reply::new(200, primary(1..=50)).with("ETag", "W/\"v1\"");
            if n == 0 { r.sent(Way::Cut(900)) } else { r }
        }),
        ("another range", |n| match n {
            0 => Reply::new(200, primary(1..=50)).with("ETag", "\"v1\"").sent(Way::Cut(900)),
            1 => Reply::new(206, "1,2\r\n").with("Content-Range", "bytes 17-21/22"),
            _ => Reply::new(200, primary(1..=50)).with("ETag", "\"v1\""),
        }),
        ("not satisfiable", |n| match n {
            0 => Reply::new(200, primary(1..=50)).with("ETag", "\"v1\"").sent(Way::Cut(900)),
            1 => Reply::new(416, "").with("Content-Range", "bytes */9"),
            _ => Reply::new(200, primary(1..=50)).with("ETag", "\"v1\""),
        }),
    ];
    for (name, answers) in cases {
        let server = Server::new(move |asked| answers(asked.nth));
        let c = Case::one(&server);
        let files = c.json(&["norland"])["updates"][0]["files"].clone();
        assert_eq!(files[0]["bytes"], primary(1..=50).len(), "{name}");
        assert_eq!(c.finds("FIRM 50 LTD."), 1, "{name}");
        let asks = server.asked().iter().filter(|a| !a.header("range").is_empty()).count();
        assert_eq!(asks, usize::from(!matches!(name, "no ranges" | "weak")), "{name}");
        assert!(server.asked().last().unwrap().header("range").is_empty() || name == "changed", "{name}");
    }
}

#[test]
fn faults_of_the_server() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/recovers" if asked.nth < 2 => Reply::new(if asked.nth == 0 { 503 } else { 429 }, ""),
        "/recovers" => Reply::new(200, primary(1..=3)),
        "/broken" => Reply::new(500, ""),
        "/patience" => Reply::new(503, "").with("Retry-After", "86400"),
        "/date" => Reply::new(503, "").with("Retry-After", "Tue, 06 Jan 2026 12:00:00 GMT"),
        "/forbidden" => Reply::new(403, ""),
        "/strange" => Reply::new(204, ""),
        "/unasked" => Reply::new(304, ""),
        _ => Reply::new(404, ""),
    });
    for (path, code, says, requests) in [
        ("/recovers", 0, "release of", 3),
        ("/broken", 2, "answers 500, it has a fault (tried 3 times)", 3),
        ("/patience", 2, "asks to be left alone for 86400 s", 1),
        ("/date", 2, "asks to be left alone for 86400 s", 1),
        ("/forbidden", 2, "answers 403, access refused", 1),
        ("/strange", 2, "answers 204, which is no file", 1),
        ("/unasked", 2, "answers 304, which is no file", 1),
        ("/missing", 2, "answers 404, there is no such file", 1),
    ] {
        let c = Case::new(&[("norland", "", &[("sdn.csv", server.url(path))])]);
        let said = c.says(code, &["norland", "--tries", "3"]);
        assert!(said.contains(says), "{said}");
        assert_eq!(server.paths().iter().filter(|p| *p == path).count(), requests, "{path}");
        assert_eq!(c.untouched(), code != 0, "{path}");
    }
}

#[test]
fn wrong_content_is_refused_and_the_store_stays_as_it_was() {
    let wrong: [(&str, Vec<u8>, &str); 6] = [
        ("/page", b"<!DOCTYPE html><title>Sign in</title>".to_vec(), "a page of a website, \"Sign in\""),
        ("/empty", Vec::new(), "the file is empty"),
        ("/document", b"{\"cuibono\": 1, \"scope\": \"xa\", \"nodes\": []}".to_vec(), "looks like the format document"),
        ("/unknown", b"\x00\x01\x02".to_vec(), "the format is not recognised"),
        ("/cut", primary(1..=3).trim_end_matches("\"\r\n").as_bytes().to_vec(), "quote"),
        ("/no-gzip", b"not packed".to_vec(), "cannot be unpacked"),
    ];
    let bodies = wrong.clone();
    let server = Server::new(move |asked| match bodies.iter().find(|(path, ..)| *path == asked.path) {
        Some((path, body, _)) => {
            let r = Reply::new(200, body).with("ETag", "\"w\"");
            if *path == "/no-gzip" { r.with("Content-Encoding", "gzip") } else { r }
        }
        None => Reply::new(200, primary(1..=3)).with("ETag", "\"g\""),
    });
    let c = Case::one(&server);
    c.says(0, &["norland"]);
    let before = manifest(&c);
    for (path, _, says) in &wrong {
        let with = Case::new(&[("norland", "", &[("sdn.csv", server.url(path))])]);
        std::fs::copy(with.path("table.json"), c.path("table.json")).unwrap();
        for _ in 0..2 {
            let said = c.says(2, &["norland", "--tries", "1"]);
            assert!(said.contains(says) || *path == "/cut", "{path}: {said}");
            assert_eq!(manifest(&c), before, "{path}");
        }
    }
    // Refused for what it is, a file is not remembered as seen.
    let conditions = server.asked().iter().filter(|a| a.header("if-none-match") == "\"w\"" && a.path != "/cut").count();
    assert_eq!(conditions, 0);
}

#[test]
fn another_list_under_the_address_is_refused() {
    let server = Server::new(|_| Reply::new(200, primary(1..=3)));
    let c = Case::new(&[("norland", "", &[("cons_prim.csv", server.url("/sdn.csv"))])]);
    let said = c.says(2, &["norland"]);
    assert!(said.contains("this is the source \"ofac_cons\", and \"ofac_sdn\" is expected"), "{said}");
    let c = Case::new(&[("norland", ", \"format\": \"x\"", &[])]);
    assert_eq!(c.run(&["norland"]).code, 2, "a table that says a thing twice");
}

#[test]
fn formats_that_cannot_be_read_are_not_fetched() {
    let server = Server::new(|_| Reply::new(200, ""));
    let c = Case::one(&server);
    let table = std::fs::read_to_string(c.path("table.json")).unwrap().replace("ofac-csv", "of-the-future");
    std::fs::write(c.path("table.json"), table).unwrap();
    assert!(c.says(2, &["norland"]).contains("does not read the format \"of-the-future\""));
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_failed_import_can_be_made_up_for_without_fetching_again() {
    let server = Server::new(|asked| match asked.nth {
        0 => Reply::file(asked, "v1", primary(1..=9)).with("Last-Modified", MONDAY),
        _ => Reply::file(asked, "v2", primary(1..=3)).with("Last-Modified", super::TUESDAY),
    });
    let c = Case::one(&server);
    c.says(0, &["norland"]);
    let before = manifest(&c);
    assert!(c.says(2, &["norland"]).contains("--allow-removals"));
    assert_eq!((manifest(&c), c.downloads()), (before, vec!["sdn.csv".to_owned()]));
    let said = c.says(0, &["norland", "--allow-removals"]);
    assert!(said.contains("6 removed"), "{said}");
    assert_eq!(server.asked()[2].header("if-none-match"), "\"v2\"");
    assert_eq!(c.downloads().len(), 0);
}

#[test]
fn files_that_are_too_large() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/declared" => Reply::new(200, primary(1..=100)),
        "/undeclared" => Reply::new(200, primary(1..=100)).sent(Way::Chunks),
        // Unpacks to far more than it is.
        _ => Reply::new(200, gz(&primary(1..=100))).with("Content-Encoding", "gzip"),
    });
    for path in ["/declared", "/undeclared", "/packed"] {
        let c = Case::new(&[("norland", "", &[("sdn.csv", server.url(path))])]);
        let said = c.says(2, &["norland", "--max-size", "3K"]);
        assert!(said.contains("larger than 3072 bytes"), "{path}: {said}");
        assert!(c.untouched() && c.downloads().is_empty(), "{path}");
        c.says(0, &["norland", "--max-size", "1M"]);
    }
    let limited = format!("{}|, \"max_bytes\": 3072", server.url("/declared"));
    let c = Case::new(&[("norland", "", &[("sdn.csv", limited)])]);
    assert!(c.says(2, &["norland"]).contains("larger than 3072 bytes"));
    assert_eq!(server.asked().len(), 7, "none was tried again");
}

#[test]
fn a_file_without_an_end_is_refused() {
    let server = Server::new(|_| Reply::new(200, primary(1..=3)).sent(Way::Close));
    let c = Case::one(&server);
    assert!(c.says(2, &["norland"]).contains("does not say where the file ends"));
    assert!(c.untouched());
}

#[test]
fn certificates_nobody_vouches_for() {
    let ours = Server::new(|_| Reply::new(200, primary(1..=3)));
    let foreign = Server::of(Authority::foreign(), |_| Reply::new(200, primary(1..=3)));
    let c = Case::one(&foreign);
    let said = c.says(2, &["norland"]);
    assert!(said.contains("no secure connection with localhost") && said.contains("--ca"), "{said}");
    assert_eq!((foreign.connections(), foreign.asked().len()), (1, 0), "nothing was said, nothing tried again");
    // Without --ca ours is as foreign; the environment may name it, too.
    let c = Case::one(&ours);
    assert_eq!(done(c.command(&["norland"]).output().unwrap()).code, 2);
    assert!(c.untouched());
    let with = done(c.command(&["norland"]).env("CUIBONO_CA", "ca.pem").output().unwrap());
    assert_eq!(with.code, 0, "{}", with.err);
    std::fs::write(c.path("empty.pem"), "no certificate").unwrap();
    let none = done(c.command(&["norland", "--ca", "empty.pem"]).output().unwrap());
    assert!(none.code == 2 && none.err.contains("holds none"), "{}", none.err);
}

#[test]
fn slow_servers_run_into_the_limits() {
    let drip = Way::Drip(Duration::from_millis(50));
    let server = Server::new(move |asked| match asked.path.as_str() {
        "/silent" => Reply::new(200, "").sent(Way::Silence(Duration::from_secs(3))),
        _ => Reply::new(200, primary(1..=100)).sent(drip),
    });
    let begun = Instant::now();
    let c = Case::new(&[("norland", "", &[("sdn.csv", server.url("/silent"))])]);
    let said = c.says(2, &["norland", "--idle", "0.2", "--tries", "2"]);
    assert!(said.contains("nothing came") && said.contains("(tried 2 times)"), "{said}");
    // Bytes keep coming, one by one, and the whole takes too long.
    let c = Case::new(&[("norland", "", &[("sdn.csv", server.url("/drip"))])]);
    let said = c.says(2, &["norland", "--idle", "2", "--timeout", "0.5"]);
    assert!(said.contains("the time for this file is over"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert!(c.untouched());
}

#[test]
fn a_killed_download_leaves_no_file() {
    let server = Server::new(|asked| match asked.nth {
        0 => Reply::file(asked, "v1", primary(1..=100)).sent(Way::Drip(Duration::from_millis(20))),
        _ => Reply::file(asked, "v1", primary(1..=100)),
    });
    let c = Case::one(&server);
    let mut child = c.command(&["norland", "--ca", "ca.pem"]).spawn().unwrap();
    let part = c.path("s.downloads/norland/incoming/sdn.csv.part");
    let begun = Instant::now();
    while std::fs::metadata(&part).map_or(0, |m| m.len()) < 40 {
        assert!(begun.elapsed() < Duration::from_secs(8), "nothing arrives");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(c.untouched());
    assert_eq!(c.downloads(), ["sdn.csv.part", "sdn.csv.part.json"]);
    c.says(0, &["norland"]);
    assert!(server.asked()[1].header("range").starts_with("bytes="));
    assert_eq!((c.finds("FIRM 100 LTD."), c.downloads().len()), (1, 0));
}

#[test]
fn two_at_once_do_not_share_a_folder() {
    let server = Server::new(|_| Reply::new(200, primary(1..=3)));
    let c = Case::one(&server);
    std::fs::create_dir(c.path("s.downloads")).unwrap();
    let lock = std::fs::File::create(c.path("s.downloads/lock")).unwrap();
    lock.lock().unwrap();
    assert!(c.says(75, &["norland"]).contains("another process is downloading"));
    drop(lock);
    c.says(0, &["norland"]);
}
