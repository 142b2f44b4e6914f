//! A store file cut by another program while it is open: the command ends with exit 3 and says
//! so. Each case is a process of its own.

use crate::support::{import_texts, on};
use cuibono::store::{Folder, Storage};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// A store whose index and records have many pages.
fn store(at: &Path) {
    let mut text = String::from("id,type,name\n");
    for i in 0..4_000 {
        writeln!(text, "N{i},company,Firm number {i} of the northern shore").unwrap();
    }
    let s: Arc<dyn Storage> = Arc::new(Folder::new(at));
    import_texts(&s, &[("nodes.csv", &text)], &on("2024-01-01")).unwrap();
}

/// Opens the store, answers one question, has files cut, and asks another one.
fn cut_between_questions(cut: &dyn Fn(&Path)) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("store");
    store(&at);
    let mut child = Command::new(env!("CARGO_BIN_EXE_cuibono"))
        .args(["batch", "-", "--store"])
        .arg(&at)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ask = child.stdin.take().unwrap();
    let mut replies = BufReader::new(child.stdout.take().unwrap());
    // What an input is, is told from its first 64 KiB: blank lines, so that the rest is read as it comes.
    ask.write_all(&vec![b'\n'; 64 * 1024]).unwrap();
    let question = |i: u32| format!("{{\"id\": {i}, \"command\": \"show\", \"args\": [\"table:N{}\"]}}\n", 3_000 + i);
    ask.write_all(question(1).as_bytes()).unwrap();
    let mut first = String::new();
    replies.read_line(&mut first).unwrap();
    assert!(first.contains("\"code\":0") && first.contains("Firm number 3001"), "{first}");
    cut(&at);
    ask.write_all(question(2).as_bytes()).unwrap();
    drop(ask);
    let mut stdout = Vec::new();
    replies.read_to_end(&mut stdout).unwrap();
    let mut stderr = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut stderr).unwrap();
    Output { status: child.wait().unwrap(), stdout, stderr }
}

/// Cuts the files whose names begin like this.
fn shorten(at: &Path, prefix: &str, to: u64) {
    let mut any = false;
    for f in fs::read_dir(at).unwrap().map(|f| f.unwrap().path()) {
        if f.file_name().unwrap().to_str().unwrap().starts_with(prefix) {
            OpenOptions::new().write(true).open(f).unwrap().set_len(to).unwrap();
            any = true;
        }
    }
    assert!(any, "no file {prefix}");
}

#[test]
fn a_cut_file_ends_the_command_with_a_message() {
    for prefix in ["index-", "records-"] {
        let o = cut_between_questions(&|at| shorten(at, prefix, 0));
        let err = String::from_utf8_lossy(&o.stderr);
        assert_eq!(o.status.code(), Some(3), "{prefix}: {:?} {err}", o.status);
        assert!(err.starts_with(&format!("error: {prefix}")) && err.contains("shorter"), "{err}");
        assert!(err.contains("cuibono repair") && err.ends_with('\n'), "{err}");
        assert!(o.stdout.is_empty(), "{}", String::from_utf8_lossy(&o.stdout));
    }
    // Nothing cut: the second question is answered.
    let o = cut_between_questions(&|_| {});
    assert_eq!(o.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&o.stdout).contains("Firm number 3002"));
}

#[test]
fn a_store_that_was_cut_before_is_damage_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    for prefix in ["index-", "records-", "presence-", "MANIFEST"] {
        for to in [0, 1, 4_096] {
            let at = dir.path().join(format!("{prefix}{to}"));
            store(&at);
            let before = fs::metadata(at.join("MANIFEST")).unwrap().len();
            // To cut a file to a length that it does not have would make it longer.
            if prefix == "MANIFEST" && to >= before {
                continue;
            }
            shorten(&at, prefix, to);
            for command in [&["show", "table:N1"][..], &["verify"], &["dump"]] {
                let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
                let o = c.args(command).arg("--store").arg(&at).output().unwrap();
                let said = format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr));
                // A store is dumped without its index.
                if command == ["dump"] && prefix == "index-" && o.status.code() == Some(0) {
                    continue;
                }
                assert_eq!(o.status.code(), Some(3), "{prefix} cut to {to}, {command:?}: {said}");
                assert!(said.contains(prefix), "{prefix} cut to {to}, {command:?}: {said}");
            }
        }
    }
}
