//! The README's tour is real: its commands are run and their output compared.
//!
//! `CUIBONO_UPDATE_README=1 cargo test readme` writes today's output into the page.

use crate::support::test_data;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Splits a command line as a shell does, double quotes only.
fn words(line: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    for c in line.chars() {
        match c {
            '"' => (quoted, any) = (!quoted, true),
            ' ' if !quoted => {
                if any || !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(c),
        }
    }
    if any || !word.is_empty() {
        out.push(word);
    }
    out
}

#[test]
fn the_tour_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("README.md")).unwrap();
    let update = std::env::var_os("CUIBONO_UPDATE_README").is_some();
    let data = test_data();
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("tour.store").display().to_string();
    let mut new = String::new();
    let (mut ran, mut skipped) = (0, 0);
    let mut rest = page.as_str();
    while let Some(at) = rest.find("```console\n$ cuibono ") {
        let (before, block) = rest.split_at(at + "```console\n".len());
        new.push_str(before);
        let end = block.find("\n```").unwrap() + 1;
        let (body, after) = block.split_at(end);
        rest = after;
        let (command, expected) = body.split_once('\n').unwrap();
        let needs_lists = command.contains("tour.store");
        let lists = data.as_ref().map(|d| d.join("data/ofac").display().to_string());
        if needs_lists && lists.is_none() {
            skipped += 1;
            new.push_str(body);
            continue;
        }
        let lists = lists.unwrap_or_default();
        let args: Vec<String> = words(command)
            .into_iter()
            .skip(2)
            .map(|w| w.replace("tour.store", &store).replace("lists/", &format!("{lists}/")))
            .collect();
        let out = Command::new(env!("CARGO_BIN_EXE_cuibono")).args(&args).current_dir(root).output().unwrap();
        let mut text = String::from_utf8(out.stdout).unwrap();
        text.push_str(&String::from_utf8(out.stderr).unwrap());
        let text = text.replace(&store, "tour.store");
        // Without the lists there is no folder to write shorter.
        let text = if lists.is_empty() { text } else { text.replace(&format!("{lists}/"), "lists/") };
        ran += 1;
        if update {
            write!(new, "{command}\n{text}").unwrap();
        } else {
            assert_eq!(text, expected, "{command}");
            new.push_str(body);
        }
    }
    new.push_str(rest);
    if update {
        std::fs::write(root.join("README.md"), new).unwrap();
    }
    if skipped > 0 {
        println!("skipped: {skipped} commands of the README need CUIBONO_TEST_DATA");
    }
    assert!(ran >= 3, "{ran} commands were found in the README");
}
