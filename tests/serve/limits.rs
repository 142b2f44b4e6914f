//! Sizes, methods, media types, and requests that are none.

use super::client::{Got, Served, TOKEN, one, shipped};
use std::io::{BufReader, Write};

fn seed() -> Served {
    Served::start(&["--from", &shipped("seed.json")], &[])
}

#[test]
fn methods_are_those_of_the_address() {
    let s = seed();
    let ask = |method: &str, target: &str| s.ask(method, target, &[("content-type", "application/json")], b"{}");
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        let got = ask(method, "/v1/search?q=kozlov");
        assert_eq!((got.status, got.header("allow")), (405, Some("GET, HEAD")), "{method}");
        assert_eq!(ask(method, "/v1/note").header("allow"), Some("POST"), "{method}");
        assert_eq!(ask(method, "/").status, 405, "{method}");
    }
    let got = ask("POST", "/v1/search?q=kozlov");
    assert_eq!((got.status, got.header("allow")), (405, Some("GET, HEAD")));
    let got = s.get("/v1/check-proof");
    assert_eq!((got.status, got.header("allow")), (405, Some("POST")));
    assert_eq!(ask("POST", "/").status, 405);
    let head = s.ask("HEAD", "/v1/search?q=kozlov", &[], b"");
    let get = s.get("/v1/search?q=kozlov");
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty() && get.body.len() > 500);
    assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
}

#[test]
fn clients_of_yente_are_refused_in_their_own_way() {
    let s = seed();
    let json = ("content-type", "application/json");
    let plain = ("content-type", "text/plain");
    for (method, target, header, body, status, allow) in [
        ("POST", "/updatez?token=x", plain, "", 403, None),
        ("POST", "/updatez", plain, "whatever", 403, None),
        ("GET", "/updatez", json, "", 405, Some("POST")),
        ("PUT", "/updatez", json, "", 405, Some("POST")),
        ("GET", "/match/default", json, "", 405, Some("POST")),
        ("DELETE", "/reconcile/default", json, "", 405, Some("GET, HEAD, POST")),
        ("POST", "/search/default", plain, "x", 405, Some("GET, HEAD")),
        ("POST", "/match/default", plain, "{}", 415, None),
        ("POST", "/match/default", json, "{", 422, None),
        ("GET", "/entities/nobody", json, "", 404, None),
        ("GET", "/search/default?q=%ff", json, "", 400, None),
    ] {
        let got = s.ask(method, target, &[header], body.as_bytes());
        assert_eq!((got.status, got.header("allow")), (status, allow), "{method} {target}");
        let told = got.json();
        assert!(!told["detail"].is_null() && told.get("error").is_none(), "{method} {target}: {told}");
    }
    // OpenRefine sends its questions as a form.
    let form = ("content-type", "application/x-www-form-urlencoded");
    let queries = b"queries=%7B%22a%22%3A+%7B%22query%22%3A+%22kozlov%22%7D%7D&other=1";
    let got = s.ask("POST", "/reconcile/default", &[form], queries);
    assert_eq!((got.status, &got.json()["a"]["result"][0]["id"]), (200, &"ofac-37621".into()), "{}", got.text());
    assert_eq!(s.ask("POST", "/reconcile/default", &[form], b"queries=%ff").status, 400);
    let host = s.host();
    let unknown = s.bare("GET", "/entities/x", &[("host", &host)], b"");
    assert!(unknown.status == 401 && unknown.json()["detail"].is_string(), "{unknown:?}");
    // What is nowhere is not theirs.
    for method in ["GET", "POST"] {
        let got = s.ask(method, "/nowhere", &[json], b"");
        assert!(got.status == 404 && got.json()["error"].is_string(), "{got:?}");
    }
}

#[test]
fn what_is_not_there_is_said_as_json() {
    let s = seed();
    for target in [
        "/v1",
        "/v1/",
        "/v1/nowhere",
        "/v1/entity",
        "/v1/entity/a/b",
        "/v2/search",
        "/etc/passwd",
        "/v1/../v1/meta",
        "//",
        "/..%2f..%2fetc%2fpasswd",
    ] {
        let got = s.get(target);
        assert_eq!(got.status, 404, "{target}");
        assert!(got.json()["error"].is_string() && got.json()["hint"].is_string(), "{target}");
    }
    // A path with a slash at its end is the same.
    assert_eq!(s.get("/v1/meta/").status, 200);
}

#[test]
fn bodies_are_json_and_have_an_end() {
    let s = seed();
    let with = |media: &str, body: &[u8]| s.ask("POST", "/v1/check-proof", &[("content-type", media)], body).status;
    for media in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"]
    {
        assert_eq!(with(media, b"{}"), 415, "{media}");
    }
    assert_eq!(s.ask("POST", "/v1/check-proof", &[], b"{}").status, 415);
    for media in ["application/json", "Application/JSON; charset=utf-8"] {
        assert_eq!(with(media, b"{}"), 400, "{media}");
    }
    let of = |target: &str, n: usize| s.post(target, &format!("{{\"x\": \"{}\"}}", "y".repeat(n)));
    assert_eq!(of("/v1/note", (1 << 20) - 100).status, 403);
    let got = of("/v1/note", 1 << 20);
    assert_eq!(got.status, 413);
    assert!(got.json()["error"].as_str().unwrap().contains("1024 KiB"));
    assert_eq!(of("/v1/check-proof", 2 << 20).status, 400);
    assert_eq!(of("/v1/check-proof", 16 << 20).status, 413);
    // One that does not say how long it is gets no further.
    let head = format!(
        "POST /v1/note HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n",
        s.host()
    );
    let mut bytes = head.into_bytes();
    for _ in 0..20 {
        bytes.extend_from_slice(format!("{:x}\r\n{}\r\n", 1 << 16, "z".repeat(1 << 16)).as_bytes());
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    let out = s.raw(&bytes);
    assert_eq!(one(&mut BufReader::new(&out[..]), false).unwrap().status, 413);
}

#[test]
fn addresses_and_headers_have_an_end() {
    let s = seed();
    let of = |n: usize| s.get(&format!("/v1/search?q={}", "a".repeat(n))).status;
    assert_eq!(of(8_000), 200);
    assert_eq!(of(8_200), 414);
    // Addresses outside of /v1 may be longer: programs written for yente send such.
    let long = |n: usize| s.get(&format!("/nowhere?q={}", "a".repeat(n))).status;
    assert_eq!(long(50_000), 404);
    assert_eq!(long(62_000), 414);
    assert!(matches!(long(100_000), 414 | 431));
    let many = |n: usize| {
        let names: Vec<String> = (0..n).map(|i| format!("x-{i}")).collect();
        let headers: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "1")).collect();
        s.ask("GET", "/v1/meta", &headers, b"").status
    };
    assert_eq!(many(60), 200);
    assert_eq!(many(62), 431);
    assert_eq!(many(500), 431);
    assert_eq!(s.ask("GET", "/v1/meta", &[("x", &"y".repeat(15_000))], b"").status, 200);
    assert_eq!(s.ask("GET", "/v1/meta", &[("x", &"y".repeat(17_000))], b"").status, 431);
}

#[test]
fn odd_addresses_are_refused_or_taken_as_they_stand() {
    let s = seed();
    for bad in [
        "/v1/search?q=%ff",
        "/v1/search?q=%c3%28",
        "/v1/search?q=%zz",
        "/v1/search?q=%",
        "/v1/entity/%ff",
        "/v1/search?%ff=x",
    ] {
        assert_eq!(s.get(bad).status, 400, "{bad}");
    }
    // Text in any script, by percent signs; a plus sign is a space in a query and itself in a path.
    let got = s.get("/v1/entity/Sergei%20Kozlov");
    assert_eq!(got.json()["answer"]["result"]["id"], "ofac:37621");
    assert!(s.get("/v1/entity/no+body").json()["error"].as_str().unwrap().contains("\"no+body\""));
    assert_eq!(s.get("/v1/search?q=Sergei+Kozlov").json()["results"][0]["id"], "ofac:37621");
    assert_eq!(s.get("/v1/search?q=%D0%9A%D0%BE%D0%B7%D0%BB%D0%BE%D0%B2").json()["results"][0]["id"], "ofac:37621");
    // Nothing of a question reaches the headers or is taken for markup.
    let got = s.get("/v1/entity/%3Cscript%3Ealert(1)%3C%2Fscript%3E%0d%0aset-cookie:%20a=b");
    assert_eq!((got.status, got.header("content-type")), (404, Some("application/json")));
    assert!(got.header("set-cookie").is_none() && got.json()["error"].as_str().unwrap().contains("<script>"));
    assert_eq!(s.get("/v1/search?q=%00").status, 200);
    assert_eq!(s.get("/v1/search?q=").status, 400);
}

#[test]
fn no_value_becomes_another_flag() {
    let s = seed();
    let file = s.path().join("x");
    let tries = [
        format!("/v1/neighbourhood?entity=--output={}", file.display()),
        format!("/v1/export?format=svg&entity=-o{}", file.display()),
        format!("/v1/export?format=svg&output={}", file.display()),
        format!("/v1/export?format=svg&o={}", file.display()),
        format!("/v1/export?format=svg%20--output={}", file.display()),
        format!("/v1/export?format=svg&limit=5%20-o%20{}", file.display()),
        format!("/v1/export?format=svg&edges_key=x&entity=--&entity=--output&entity={}", file.display()),
        format!("/v1/verdict?entity=ofac:36217&rules={}", file.display()),
        format!("/v1/proof?entity=ofac:36217&graph=svg&out={}", file.display()),
        format!("/v1/match?a=x&b=y&pairs={}", file.display()),
        "/v1/search?q=x&json=false".to_owned(),
        "/v1/search?q=x&store=/etc".to_owned(),
        "/v1/search?q=x&from=/etc/passwd".to_owned(),
        "/v1/search?q=x&format=csv".to_owned(),
        "/v1/search?q=x&max_time=1000".to_owned(),
        "/v1/search?q=x&limit=1&limit=2".to_owned(),
        "/v1/trace?entity=ofac:36217&up=--down".to_owned(),
        "/v1/meta?x=y".to_owned(),
        "/v1/counts?entity=ofac:36217&limit=1".to_owned(),
        "/v1/verdict?entity=ofac:36217&exit_code=true".to_owned(),
    ];
    for target in &tries {
        let got = s.get(target);
        assert!(matches!(got.status, 400 | 404), "{target}: {}", got.status);
    }
    assert!(!file.exists());
    // Whoever answers, a parameter that an address does not know is refused.
    let unknown = |got: Got| {
        assert!(got.status == 400 && got.json()["error"].as_str().unwrap().contains("unknown parameter"), "{got:?}");
    };
    for target in
        ["/v1/tree?entity=x&colour=red", "/v1/counts?entity=x&hops=1", "/v1/meta?x", "/v1/search?q=x&output=y"]
    {
        unknown(s.get(target));
    }
    for target in ["/v1/layout?x=1", "/v1/export?format=svg&x=1", "/v1/check-proof?x=1", "/v1/note?entity=x"] {
        unknown(s.post(target, "{}"));
    }
    // Words that look like flags are words.
    for q in ["-x", "--help", "--version", "--", "-", "--output=/tmp/x"] {
        let got = s.get(&format!("/v1/search?q={q}"));
        assert_eq!(got.status, 200, "{q}");
        assert!(got.json()["results"].is_array(), "{q}");
    }
    let got = s.get("/v1/search?q=x&limit=--help");
    assert_eq!(got.status, 400);
    assert!(got.json()["error"].as_str().unwrap().contains("--limit"));
}

#[test]
fn what_is_no_request_is_refused_and_the_server_goes_on() {
    let s = seed();
    let host = s.host();
    let wrong: [&[u8]; 12] = [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /v1/meta HTTP/1.1\r\nhost\r\n\r\n",
        b"GET /v1/meta HTTP/1.1\r\nho st: x\r\n\r\n",
        b"GET /v1/meta HTTP/1.1\r\nhost: 127.0.0.1\r\n folded: x\r\n\r\n",
        b"GET /v1/\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / \0 HTTP/1.1\r\n\r\n",
        b"POST /v1/note HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/note HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
    ];
    for bytes in wrong {
        let mut c = s.connect();
        c.write_all(bytes).unwrap();
        c.shutdown(std::net::Shutdown::Write).unwrap();
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut c, &mut out).ok();
        let text = String::from_utf8_lossy(&out);
        let status = text.split(' ').nth(1).unwrap_or_default();
        assert!(out.is_empty() || ["400", "421", "414", "431", "505"].contains(&status), "{bytes:?}: {text}");
    }
    // A length and pieces at once, by which two programs in a row read two different requests.
    let smuggled = format!(
        "POST /v1/check-proof HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n\
         content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/search?q=kozlov HTTP/1.1\r\nhost: {host}\r\n\r\n"
    );
    let out = String::from_utf8_lossy(&s.raw(smuggled.as_bytes())).into_owned();
    assert!(!out.contains("Kozlov"), "{out}");
    // Old clients are told what is missing.
    let out = s.raw(b"GET /v1/meta HTTP/1.0\r\n\r\n");
    assert!(out.starts_with(b"HTTP/1.0 421") || out.starts_with(b"HTTP/1.1 421"));
    assert_eq!(s.get("/v1/meta").status, 200);
    assert_eq!(s.err(), "");
}

#[test]
fn many_requests_on_one_connection() {
    let s = seed();
    let head =
        |target: &str| format!("GET {target} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n", s.host());
    // Sent all at once; the answers come in their order.
    let mut bytes = String::new();
    for q in ["kozlov", "intellekt", "nobody-of-that-name"] {
        bytes.push_str(&format!("{}\r\n", head(&format!("/v1/search?q={q}"))));
    }
    bytes.push_str(&format!("{}connection: close\r\n\r\n", head("/v1/nowhere")));
    let out = s.raw(bytes.as_bytes());
    let mut reader = BufReader::new(&out[..]);
    let got: Vec<Got> = std::iter::from_fn(|| one(&mut reader, false)).collect();
    assert_eq!(got.iter().map(|g| g.status).collect::<Vec<_>>(), [200, 200, 200, 404]);
    assert_eq!(got[0].json()["results"][0]["id"], "ofac:37621");
    assert_eq!(got[1].json()["results"][0]["id"], "ofac:36217");
    assert_eq!(got[2].json()["results"].as_array().unwrap().len(), 0);
    // One after the other.
    let mut c = s.connect();
    let mut reader = BufReader::new(c.try_clone().unwrap());
    for _ in 0..20 {
        c.write_all(format!("{}\r\n", head("/v1/counts?entity=ofac:36217")).as_bytes()).unwrap();
        assert_eq!(one(&mut reader, false).unwrap().status, 200);
    }
}

#[test]
fn replies_are_compressed_on_request() {
    let s = seed();
    let plain = s.get("/v1/search?q=kozlov");
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
    let gz = s.ask("GET", "/v1/search?q=kozlov", &[("accept-encoding", "br, gzip")], b"");
    assert_eq!(gz.header("content-encoding"), Some("gzip"));
    assert!(gz.body.len() < plain.body.len() / 2);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&gz.body[..]), &mut text).unwrap();
    assert_eq!(text, plain.text());
    let small = s.ask("GET", "/v1/search?q=nobody-of-that-name", &[("accept-encoding", "gzip")], b"");
    assert!(small.body.len() < 500 && small.header("content-encoding").is_none());
}
