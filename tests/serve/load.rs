//! Many clients at once, and slow ones.

use super::client::{Served, TOKEN, one, shipped};
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn sixty_four_clients_at_once() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    let want = s.get("/v1/neighbourhood?entity=ofac:36217").body;
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                let mut c = s.connect();
                let mut reader = BufReader::new(c.try_clone().unwrap());
                for _ in 0..5 {
                    let head = format!(
                        "GET /v1/neighbourhood?entity=ofac:36217 HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\r\n",
                        s.host()
                    );
                    c.write_all(head.as_bytes()).unwrap();
                    let got = one(&mut reader, false).unwrap();
                    assert_eq!(got.status, 200);
                    assert_eq!(got.body, want);
                }
            });
        }
    });
    assert_eq!(s.err(), "");
}

#[test]
fn slow_clients_keep_nobody_waiting_and_are_cut_off() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    let begin = |i: usize| -> TcpStream {
        let mut c = s.connect();
        // Some send nothing, some half of a head, some a head without its body.
        let head = format!("POST /v1/note HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n", s.host());
        let part = match i % 3 {
            0 => String::new(),
            1 => head,
            _ => format!("{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{"),
        };
        c.write_all(part.as_bytes()).unwrap();
        c
    };
    // One that asked once, and then nothing more.
    let mut idle = s.connect();
    let head = format!("GET /v1/meta HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\r\n", s.host());
    idle.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(idle.try_clone().unwrap());
    assert_eq!(one(&mut reader, false).unwrap().status, 200);
    let mut slow: Vec<TcpStream> = (0..200).map(begin).collect();
    let since = Instant::now();
    for _ in 0..5 {
        assert_eq!(s.get("/v1/search?q=kozlov").status, 200);
    }
    // The goal is a second for each; a machine may be busy with other things.
    assert!(since.elapsed() < Duration::from_secs(5 * 5), "{:?}", since.elapsed());
    // A head that goes on and on, a byte at a time, ends when its time is over.
    let start = Instant::now();
    let mut cut = false;
    while start.elapsed() < Duration::from_secs(40) && !cut {
        if let Some(c) = slow.get_mut(1) {
            cut = c.write_all(b"x").is_err();
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(cut, "a head without an end is read on");
    assert!(one(&mut reader, false).is_none(), "an idle connection is closed in the end");
    let mut rest = Vec::new();
    slow[0].read_to_end(&mut rest).ok();
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn more_sockets_than_there_is_room_for() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    // The oldest of them make room for those that ask something.
    let mut idle: Vec<TcpStream> = Vec::new();
    for _ in 0..900 {
        match TcpStream::connect(("127.0.0.1", s.port)) {
            Ok(c) => idle.push(c),
            Err(_) => break,
        }
    }
    for _ in 0..3 {
        assert_eq!(s.get("/v1/meta").status, 200);
    }
}

#[test]
fn a_socket_that_an_answer_is_sent_on_is_not_idle() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    // More than the buffers of both sides hold.
    let node = |i: usize| format!(r#"{{"id": "n{i}", "type": "company", "name": "{}"}}"#, "x".repeat(800));
    let nodes: Vec<String> = (0..15_000).map(node).collect();
    let body = format!(r#"{{"cuibono": 1, "scope": "x", "nodes": [{}], "edges": []}}"#, nodes.join(", "));
    let mut slow = s.connect();
    let head = format!(
        "POST /v1/export?format=document HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        s.host(),
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    slow.write_all(body.as_bytes()).unwrap();
    assert_eq!(slow.peek(&mut [0]).unwrap(), 1);
    // It is by far the oldest of those that might make room.
    let idle: Vec<_> = (0..900).map_while(|_| TcpStream::connect(("127.0.0.1", s.port)).ok()).collect();
    assert!(idle.len() > 768, "{}", idle.len());
    assert_eq!(s.get("/v1/meta").status, 200);
    let got = one(&mut BufReader::new(slow), false).expect("a whole answer");
    assert!(got.status == 200 && got.body.len() > 12 << 20, "{}", got.body.len());
}
