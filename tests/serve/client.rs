//! A server of a test, and a client that says exactly what it is told to.

use crate::support::program;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// The token of all servers that ask for one.
pub(super) const TOKEN: &str = "t0ken-of-the-tests";

/// A running server; it ends with this.
pub(super) struct Served {
    child: Child,
    pub(super) port: u16,
    pub(super) dir: TempDir,
    /// What it printed.
    pub(super) line: String,
    err: Arc<Mutex<String>>,
}

/// A reply as it came.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Got {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

impl Served {
    /// `cuibono BEFORE serve --token TOKEN AFTER`, in an empty folder.
    pub(super) fn start(before: &[&str], after: &[&str]) -> Served {
        Served::start_in(TempDir::new().unwrap(), before, &[&["--token", TOKEN], after].concat())
    }

    /// The same in a folder, with these flags alone.
    pub(super) fn start_in(dir: TempDir, before: &[&str], flags: &[&str]) -> Served {
        let mut child = program(dir.path())
            .args(before)
            .arg("serve")
            .args(flags)
            .env_remove("CUIBONO_TOKEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let err = Arc::new(Mutex::new(String::new()));
        let (mut stderr, kept) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&err));
        std::thread::spawn(move || {
            let mut text = String::new();
            while stderr.read_line(&mut text).is_ok_and(|n| n > 0) {
                kept.lock().unwrap().push_str(&std::mem::take(&mut text));
            }
        });
        let line = line.trim_end().to_owned();
        let port = line.split(':').nth(2).and_then(|rest| rest.split('/').next()).and_then(|p| p.parse().ok());
        let port = port.unwrap_or_else(|| panic!("no address: {line:?}, {}", err.lock().unwrap()));
        Served { child, port, dir, line, err }
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// What it told whoever started it.
    pub(super) fn err(&self) -> String {
        self.err.lock().unwrap().clone()
    }

    pub(super) fn connect(&self) -> TcpStream {
        let s = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        s.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        s.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
        s
    }

    /// Sends bytes and reads all replies until the server closes the connection.
    pub(super) fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut s = self.connect();
        // It may answer and close before it has read everything.
        s.write_all(bytes).ok();
        let mut out = Vec::new();
        s.read_to_end(&mut out).ok();
        out
    }

    /// A request with these headers and no others; `Connection: close` is added.
    pub(super) fn bare(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Got {
        let mut head = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let mut bytes = format!("{head}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        let out = self.raw(&bytes);
        one(&mut BufReader::new(&out[..]), method == "HEAD")
            .unwrap_or_else(|| panic!("no reply: {}", String::from_utf8_lossy(&out)))
    }

    /// Our host with its port.
    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A request of one who may ask.
    pub(super) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Got {
        let (host, token) = (self.host(), format!("Bearer {TOKEN}"));
        let ours = [("host", host.as_str()), ("authorization", token.as_str())];
        self.bare(method, target, &[&ours, headers].concat(), body)
    }

    pub(super) fn get(&self, target: &str) -> Got {
        self.ask("GET", target, &[], b"")
    }

    pub(super) fn post(&self, target: &str, body: &str) -> Got {
        self.ask("POST", target, &[("content-type", "application/json")], body.as_bytes())
    }

    /// Asks the process to end; its exit code.
    #[cfg(unix)]
    pub(super) fn interrupt(mut self) -> i32 {
        use rustix::process::{Pid, Signal, kill_process};
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Reads one reply; `None` at the end of the connection.
pub(super) fn one(from: &mut impl BufRead, head_only: bool) -> Option<Got> {
    let mut line = String::new();
    if from.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let status = line.split(' ').nth(1)?.trim().parse().ok()?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut got = Got { status, headers, body: Vec::new() };
    let length: usize = got.header("content-length").map_or(0, |l| l.parse().unwrap());
    if !head_only && status != 304 {
        got.body = vec![0; length];
        from.read_exact(&mut got.body).ok()?;
    }
    Some(got)
}

/// A file of this package's `data/`, as text.
pub(super) fn shipped(name: &str) -> String {
    crate::support::shipped(name).display().to_string()
}

/// A folder with a store of a document.
pub(super) fn store_of(document: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    import(dir.path(), document, "2024-01-01");
    dir
}

/// Imports a document as a release of a day.
pub(super) fn import(dir: &Path, document: &str, day: &str) {
    let file: PathBuf = dir.join("network.json");
    std::fs::write(&file, document).unwrap();
    let o = program(dir).args(["import", "network.json", "-q", "--release", day]).output().unwrap();
    assert!(o.status.success(), "{}", String::from_utf8_lossy(&o.stderr));
}
