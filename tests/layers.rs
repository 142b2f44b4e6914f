//! A module imports only from those above it.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules, the lowest first.
const ORDER: [&str; 14] = [
    "error",
    "model",
    "codec",
    "store",
    "names",
    "graph",
    "import",
    "fetch",
    "query",
    "ownership",
    "resolve",
    "export",
    "serve",
    "cli",
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut list = Vec::new();
    sources(&root, &mut list);
    list.sort();
    list.into_iter().map(|p| (p.strip_prefix(&root).unwrap().to_owned(), fs::read_to_string(&p).unwrap())).collect()
}

#[test]
fn imports_point_downwards() {
    let rank = |m: &str| ORDER.iter().position(|o| *o == m);
    let mut faults = Vec::new();
    let mut seen = 0;
    for (path, text) in files() {
        let top = path.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        let Some(own) = rank(&top) else {
            assert!(matches!(top.as_str(), "lib" | "main"), "module {top} has no place in the order");
            continue;
        };
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for (at, _) in line.match_indices("crate::") {
                let name: String = line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = rank(&name) else { continue };
                seen += 1;
                if other > own {
                    faults.push(format!("{}:{}: {top} imports from {name}", path.display(), n + 1));
                }
            }
        }
    }
    assert!(seen > 50, "the check looked at {seen} imports only");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut lengths: Vec<usize> = Vec::new();
    for (path, text) in files() {
        let n = text.lines().count();
        assert!(n <= 1000, "{} has {n} lines", path.display());
        lengths.push(n);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 300, "the median file has {median} lines");
}

#[test]
fn one_file_names_bincode_and_one_has_unsafe() {
    for (path, text) in files() {
        let name = path.to_string_lossy().replace('\\', "/");
        let code = || text.lines().filter(|l| !l.trim_start().starts_with("//"));
        if name != "codec.rs" {
            assert!(!code().any(|l| l.contains("bincode::")), "{name} names bincode");
        }
        if name != "store/map.rs" {
            assert!(!code().any(|l| l.contains("unsafe {") || l.contains("unsafe_code)]")), "{name} has unsafe");
        }
    }
}

/// What checks proofs shares nothing with what makes them but the rules as data.
#[test]
fn the_proof_checker_stands_alone() {
    let mut seen = 0;
    for (path, text) in files() {
        let name = path.to_string_lossy().replace('\\', "/");
        let Some(file) = name.strip_prefix("ownership/").filter(|f| *f == "check.rs" || f.starts_with("check_")) else {
            continue;
        };
        if matches!(file, "check_tests.rs" | "check_property.rs" | "check_mutations.rs") {
            continue;
        }
        seen += 1;
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            assert!(!line.contains("crate::ownership"), "{name}:{}: {line}", n + 1);
            for (at, _) in line.match_indices("super::").filter(|(at, _)| !line[..*at].ends_with("super::")) {
                let module: String = line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let own = module == "regime" || module == "check" || module.starts_with("check_");
                assert!(own, "{name}:{}: imports {module:?}", n + 1);
            }
            for decides in [".rule_on(", ".rule_or_preview(", ".admits(", ".gives_verdicts("] {
                assert!(!line.contains(decides), "{name}:{}: leaves to the rules what it must judge itself", n + 1);
            }
        }
    }
    assert!(seen >= 7, "the check looked at {seen} files only");
}
