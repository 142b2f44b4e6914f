//! Who may ask, and what for.

use super::client::{Served, TOKEN, shipped};

fn seed(after: &[&str]) -> Served {
    Served::start(&["--from", &shipped("seed.json")], after)
}

const SEARCH: &str = "/v1/search?q=kozlov";

#[test]
fn the_host_must_be_ours() {
    let s = seed(&[]);
    let token = format!("Bearer {TOKEN}");
    let with = |host: &str| s.bare("GET", SEARCH, &[("host", host), ("authorization", &token)], b"").status;
    let port = s.port;
    for ours in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
        assert_eq!(with(&format!("{ours}:{port}")), 200, "{ours}");
    }
    let other = if port == 65_535 { 1 } else { port + 1 };
    let wrong = [
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{other}"),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.2:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::]:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}x"),
        format!("127.0.0.1:0{port}0"),
        "localhost:".to_owned(),
        String::new(),
    ];
    for host in &wrong {
        assert_eq!(with(host), 421, "{host:?}");
    }
    // None, two, and one in the address itself.
    assert_eq!(s.bare("GET", SEARCH, &[("authorization", &token)], b"").status, 421);
    let ours = s.host();
    assert_eq!(s.bare("GET", SEARCH, &[("host", &ours), ("host", &ours), ("authorization", &token)], b"").status, 421);
    assert_eq!(s.ask("GET", &format!("http://evil.example:{port}{SEARCH}"), &[], b"").status, 421);
    assert_eq!(s.ask("GET", &format!("http://{ours}{SEARCH}"), &[], b"").status, 200);
    // By a name that points here, not even a token helps, and nothing is told.
    let got = s.bare("GET", SEARCH, &[("host", "evil.example"), ("authorization", &token)], b"");
    assert!(!got.text().contains("Kozlov"));
    assert_eq!(got.json()["error"], "another host was meant");
}

#[test]
fn other_pages_get_nothing() {
    let s = seed(&[]);
    let with = |name: &str, value: &str| s.ask("GET", SEARCH, &[(name, value)], b"").status;
    let port = s.port;
    for ours in [format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")] {
        assert_eq!(with("origin", &ours), 200, "{ours}");
    }
    let wrong = [
        "null".to_owned(),
        "https://evil.example".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("http://evil.example:{port}"),
        "http://127.0.0.1".to_owned(),
        "http://localhost:1".to_owned(),
        format!("http://127.0.0.1:{port}/"),
    ];
    for origin in &wrong {
        assert_eq!(with("origin", origin), 403, "{origin}");
    }
    for (site, want) in [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("x", 403)] {
        assert_eq!(with("sec-fetch-site", site), want, "{site}");
    }
    // No page is allowed in by a header of ours.
    let got = s.ask("OPTIONS", SEARCH, &[("origin", &wrong[1]), ("access-control-request-method", "GET")], b"");
    assert_eq!(got.status, 403);
    let got = s.ask("OPTIONS", SEARCH, &[("access-control-request-method", "POST")], b"");
    assert_eq!(got.status, 405);
    for got in [got, s.get(SEARCH), s.get("/v1/nowhere")] {
        assert!(!got.headers.iter().any(|(n, _)| n.starts_with("access-control")), "{:?}", got.headers);
    }
}

#[test]
fn the_token_is_asked_for_everywhere() {
    let s = seed(&[]);
    assert_eq!(s.line, format!("http://127.0.0.1:{}/?token={TOKEN}", s.port));
    let host = s.host();
    let with = |target: &str, name: &str, value: &str| s.bare("GET", target, &[("host", &host), (name, value)], b"");
    for target in ["/", SEARCH, "/v1/meta", "/v1/openapi.json", "/v1/nowhere", "/nowhere", "/healthz"] {
        assert_eq!(with(target, "x", "y").status, 401, "{target}");
    }
    let cookie = format!("cuibono-{}={TOKEN}", s.port);
    let wrong = format!("cuibono-{}=t0ken-of-the-testz", s.port);
    let good = [
        ("authorization", format!("Bearer {TOKEN}")),
        ("authorization", format!("bearer  {TOKEN}")),
        ("authorization", format!("ApiKey {TOKEN}")),
        ("cookie", cookie.clone()),
        ("cookie", format!("a=b; {cookie}; c=d")),
        ("cookie", format!("{wrong}; {cookie}")),
    ];
    for (name, value) in &good {
        assert_eq!(with(SEARCH, name, value).status, 200, "{name}: {value}");
    }
    let bad = [
        ("authorization", "Bearer".to_owned()),
        ("authorization", "Bearer ".to_owned()),
        ("authorization", format!("Basic {TOKEN}")),
        ("authorization", format!("Bearer {}", &TOKEN[1..])),
        ("authorization", format!("Bearer {TOKEN}x")),
        ("authorization", TOKEN.to_owned()),
        ("cookie", wrong),
        ("cookie", format!("cuibono={TOKEN}")),
        ("cookie", format!("cuibono-1={TOKEN}")),
        ("cookie", "\u{1}".to_owned()),
        ("x-token", TOKEN.to_owned()),
    ];
    for (name, value) in &bad {
        let got = with(SEARCH, name, value);
        assert!(matches!(got.status, 400 | 401), "{name}: {value}: {got:?}");
    }
    // A wrong header is not made good by a cookie.
    let both = [("host", host.as_str()), ("authorization", "Bearer x"), ("cookie", &cookie)];
    assert_eq!(s.bare("GET", SEARCH, &both, b"").status, 401);
    let got = with(SEARCH, "x", "y");
    assert!(got.header("www-authenticate").is_some_and(|v| v.starts_with("Bearer")));
    assert!(!got.text().contains(TOKEN));
    // The token of an address counts for the first page alone.
    assert_eq!(with(&format!("{SEARCH}&token={TOKEN}"), "x", "y").status, 401);
}

#[test]
fn the_first_visit_turns_the_token_into_a_cookie() {
    let s = seed(&[]);
    let host = s.host();
    let visit = |target: &str| s.bare("GET", target, &[("host", &host)], b"");
    let got = visit(&format!("/?a=b%20c&token={TOKEN}&d=%0d%0aset-cookie:x"));
    assert_eq!((got.status, got.header("location")), (303, Some("/?a=b%20c&d=%0D%0Aset-cookie%3Ax")));
    let cookie = got.header("set-cookie").unwrap().to_owned();
    assert_eq!(cookie, format!("cuibono-{}={TOKEN}; HttpOnly; SameSite=Strict; Path=/", s.port));
    assert_eq!(visit(&format!("/?token={TOKEN}")).header("location"), Some("/"));
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(s.bare("GET", "/", &[("host", &host), ("cookie", pair)], b"").status, 200);
    for wrong in ["/?token=", "/?token=wrong", "/?token", "/?token=wrong&token=x"] {
        let got = visit(wrong);
        assert_eq!((got.status, got.header("set-cookie")), (401, None), "{wrong}");
    }
    // Not for another page, and not by another host.
    let other = [("host", host.as_str()), ("sec-fetch-site", "cross-site")];
    assert_eq!(s.bare("GET", &format!("/?token={TOKEN}"), &other, b"").status, 403);
    assert_eq!(s.bare("GET", &format!("/?token={TOKEN}"), &[("host", "evil.example")], b"").status, 421);
}

#[test]
fn tokens_are_new_each_time_unless_named_or_left_out() {
    let dir = || tempfile::TempDir::new().unwrap();
    let from = shipped("seed.json");
    let token = |s: &Served| s.line.split_once("/?token=").map(|(_, t)| t.to_owned());
    let (a, b) = (Served::start_in(dir(), &["--from", &from], &[]), Served::start_in(dir(), &["--from", &from], &[]));
    let (ta, tb) = (token(&a).unwrap(), token(&b).unwrap());
    assert!(ta != tb && ta.len() == 32 && ta.bytes().all(|c| c.is_ascii_hexdigit()));
    let open = Served::start_in(dir(), &["--from", &from], &["--open"]);
    assert_eq!(open.line, format!("http://127.0.0.1:{}/", open.port));
    let host = open.host();
    assert_eq!(open.bare("GET", SEARCH, &[("host", &host)], b"").status, 200);
    assert_eq!(open.bare("GET", SEARCH, &[("host", "evil.example")], b"").status, 421);
    assert_eq!(open.bare("GET", SEARCH, &[("host", &host), ("origin", "null")], b"").status, 403);
    assert_eq!(open.bare("GET", "/?token=whatever", &[("host", &host)], b"").header("set-cookie"), None);
    for bad in ["short", "with space in the token", "sixteen=letters-or;more"] {
        let o = crate::support::program(a.path()).args(["--from", &from, "serve", "--token", bad]).output().unwrap();
        assert_eq!(o.status.code(), Some(2), "{bad}");
        assert!(String::from_utf8_lossy(&o.stderr).contains("token"));
    }
}

#[test]
fn every_reply_wears_its_headers() {
    let s = seed(&[]);
    let host = s.host();
    let replies = [
        s.get(SEARCH),
        s.get("/"),
        s.get("/v1/nowhere"),
        s.get("/v1/search"),
        s.ask("DELETE", SEARCH, &[], b""),
        s.ask("HEAD", SEARCH, &[], b""),
        s.post("/v1/note", "{}"),
        s.get("/v1/export?format=svg"),
        s.get("/catalog"),
        s.bare("GET", SEARCH, &[("host", &host)], b""),
        s.bare("GET", SEARCH, &[("host", "evil.example")], b""),
        s.bare("GET", &format!("/?token={TOKEN}"), &[("host", &host)], b""),
    ];
    for got in &replies {
        let csp = got.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(csp.contains(part), "{part}");
        }
        assert!(!csp.contains("unsafe"));
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(got.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(got.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(got.header("cross-origin-resource-policy"), Some("same-origin"));
        // The explorer's files are kept and asked for again, answers are not kept.
        assert!(matches!(got.header("cache-control"), Some("no-store" | "private, no-cache")));
        assert!(got.header("etag").is_some() || got.header("cache-control") == Some("no-store"));
        assert!(got.header("server").is_none() && got.header("content-type").is_some());
    }
}

#[test]
fn nothing_changes_unless_it_was_started_for_that() {
    let seed = std::fs::read_to_string(shipped("seed.json")).unwrap();
    let note = r#"{"entity": "Intellekt LLC", "text": "<script>alert(1)</script> seen again"}"#;
    let s = Served::start_in(super::client::store_of(&seed), &[], &["--token", TOKEN]);
    let before = s.get("/v1/meta").json()["store"].clone();
    let got = s.post("/v1/note", note);
    assert_eq!(got.status, 403);
    assert!(got.json()["hint"].as_str().unwrap().contains("--edit"));
    assert_eq!(s.get("/v1/meta").json()["store"], before);
    assert_eq!(s.get("/v1/meta").json()["edit"], false);
    drop(s);

    let s = Served::start_in(super::client::store_of(&seed), &[], &["--token", TOKEN, "--edit"]);
    assert_eq!(s.get("/v1/meta").json()["edit"], true);
    for bad in [
        "",
        "{}",
        "[]",
        r#"{"entity": "x"}"#,
        r#"{"entity": "x", "text": 1}"#,
        r#"{"entity":"Intellekt LLC","text":"x","more":1}"#,
    ] {
        assert_eq!(s.post("/v1/note", bad).status, 400, "{bad}");
    }
    assert_eq!(s.post("/v1/note", r#"{"entity": "nobody at all", "text": "x"}"#).status, 404);
    let got = s.post("/v1/note", note);
    assert_eq!((got.status, got.json()["id"].as_str()), (200, Some("ofac:36217")));
    // It is there at once, in the store and in the command's answer, as text.
    let shown = s.get("/v1/entity/ofac:36217");
    assert!(shown.text().contains("<script>alert(1)</script> seen again"));
    assert_eq!(shown.header("content-type"), Some("application/json"));
    let o = crate::support::program(s.path()).args(["show", "ofac:36217", "--json"]).output().unwrap();
    assert_eq!(o.stdout, shown.body);
    // Notes stay at home unless they are asked to leave.
    let export = |more: &str| s.get(&format!("/v1/export?format=document&entity=ofac:36217{more}")).text();
    assert!(!export("").contains("seen again") && export("&with_notes=true").contains("seen again"));
    // One that cites nothing is an own note like one that says nothing of it.
    for (i, cite) in ["[]", "null"].iter().enumerate() {
        let note = format!(r#"{{"entity": "Intellekt LLC", "text": "remark {i}", "cite": {cite}}}"#);
        assert_eq!(s.post("/v1/note", &note).status, 200, "{cite}");
        let shown = s.get("/v1/entity/ofac:36217").json();
        let notes = shown["nodes"][0]["properties"]["note"].as_array().unwrap();
        let kept = notes.iter().find(|n| n["value"] == format!("remark {i}")).unwrap();
        assert_eq!(kept["cites"], serde_json::json!(["notes"]), "{cite}");
    }
    assert!(!export("").contains("remark") && export("&with_notes=true").contains("remark 0"));
    // Files have nothing to keep a note in.
    let from = shipped("seed.json");
    for more in [&[][..], &["--store", "x.store"]] {
        let o =
            crate::support::program(s.path()).args(["--from", &from, "serve", "--edit"]).args(more).output().unwrap();
        let err = String::from_utf8_lossy(&o.stderr).into_owned();
        assert!(o.status.code() == Some(2) && err.contains("works on a store") && o.stdout.is_empty(), "{err}");
    }
}

#[test]
fn listening_to_others_is_warned_of() {
    let s = Served::start(&["--from", &shipped("seed.json")], &["--listen-public", "0.0.0.0"]);
    let token = format!("Bearer {TOKEN}");
    let with = |host: &str| s.bare("GET", SEARCH, &[("host", host), ("authorization", &token)], b"").status;
    // An address cannot be made to point elsewhere, a name can.
    assert_eq!(with(&format!("192.0.2.7:{}", s.port)), 200);
    assert_eq!(with(&format!("127.0.0.1:{}", s.port)), 200);
    assert_eq!(with(&format!("evil.example:{}", s.port)), 421);
    assert!(s.err().contains("other machines can reach") && s.line.starts_with("http://127.0.0.1:"), "{}", s.err());
}
