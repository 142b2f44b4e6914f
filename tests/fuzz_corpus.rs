//! The seeds of the fuzz targets, replayed: every parser and codec reads them and what they
//! become when they are cut or a byte of them is changed.

use crate::fuzz_entries::{IMPORTERS, OTHERS, Target, run};
use std::fs;
use std::path::Path;

fn corpus() -> Option<std::path::PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("corpus");
    if !dir.is_dir() {
        println!("skipped: the package comes without fuzz/corpus");
        return None;
    }
    Some(dir)
}

fn seeds(dir: &Path, target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(dir.join(target)).unwrap_or_else(|e| panic!("no seeds for {target}: {e}"));
    let mut all: Vec<(String, Vec<u8>)> = files
        .map(|f| f.unwrap().path())
        .map(|p| (format!("{target}/{}", p.file_name().unwrap().to_string_lossy()), fs::read(&p).unwrap()))
        .collect();
    all.sort();
    assert!(!all.is_empty(), "no seeds for {target}");
    all
}

#[test]
fn every_target_has_a_program_and_seeds_that_run() {
    let Some(dir) = corpus() else { return };
    let programs = fs::read_to_string(dir.parent().unwrap().join("Cargo.toml")).unwrap();
    for (name, _) in IMPORTERS.iter().chain(&OTHERS) {
        assert!(programs.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        let program = fs::read_to_string(dir.parent().unwrap().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("run(\"{name}\"")), "{program}");
        for (seed, bytes) in seeds(&dir, name) {
            println!("{seed}");
            run(name, &bytes);
        }
    }
    // A seed that some format cannot read would show nothing of its importer.
    let known: Vec<&str> = cuibono_formats();
    let targets: Vec<&str> = IMPORTERS.iter().map(|(n, _)| *n).collect();
    assert_eq!(known.iter().filter(|n| !targets.contains(n)).count(), 0, "{known:?}");
}

/// The formats as the program names them when asked for one that it has not.
fn cuibono_formats() -> Vec<&'static str> {
    let input = cuibono::import::Input::from_bytes("x", b"x".to_vec()).unwrap();
    let e = cuibono::import::detect(&[input], Some("none")).err().unwrap();
    let text = format!("{} {}", e.message(), e.next_step().unwrap_or_default());
    let known = text.split("known: ").nth(1).or_else(|| text.split(": ").last()).unwrap().to_owned();
    known.leak().split(", ").map(str::trim).collect()
}

fn mutated(target: &Target, bytes: &[u8]) {
    let step = (bytes.len() / 24).max(1);
    for at in (0..bytes.len()).step_by(step) {
        target.1(&bytes[..at]);
        let mut changed = bytes.to_vec();
        changed[at] = changed[at].wrapping_add(1 + (at % 255) as u8);
        target.1(&changed);
        let doubled = [&bytes[..at], &bytes[at / 2..]].concat();
        target.1(&doubled);
    }
}

#[test]
fn seeds_cut_changed_and_doubled_are_refused_or_read() {
    let Some(dir) = corpus() else { return };
    for target in IMPORTERS.iter().chain(&OTHERS) {
        let all = seeds(&dir, target.0);
        let (_, smallest) = all.iter().min_by_key(|(_, b)| (b.len() < 30, b.len())).unwrap();
        mutated(target, smallest);
    }
}
