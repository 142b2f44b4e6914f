//! The lists of several authorities and a register in one store, asked together. The real files are
//! found through `CUIBONO_TEST_DATA`; without it this says that it was skipped.

use crate::support::test_data as data;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the program in a folder; gives exit code and standard output.
fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).stdin(std::process::Stdio::null()).env_remove("CUIBONO_STORE");
    let o = c.args(args).output().unwrap();
    let code = o.status.code().unwrap();
    assert!(code < 2, "{args:?}\n{}", String::from_utf8_lossy(&o.stderr));
    (code, String::from_utf8(o.stdout).unwrap())
}

fn verdicts(dir: &Path, args: &[&str]) -> Vec<(String, String, String)> {
    let got: Value = serde_json::from_str(&run(dir, &[args, &["--json"]].concat()).1).unwrap();
    let text = |v: &Value, m: &str| v[m].as_str().unwrap().to_owned();
    got["verdicts"].as_array().unwrap().iter().map(|v| (text(v, "id"), text(v, "regime"), text(v, "verdict"))).collect()
}

/// A store with the lists of OFAC, the UN, the EU and the United Kingdom.
fn store(data: &Path, dir: &Path) {
    let files: [&[&str]; 5] = [
        &["ofac/sdn-2023-12-28.csv.gz", "ofac/add-2023-12-28.csv.gz", "ofac/alt-2023-12-28.csv.gz"],
        &["un/un-consolidated-2025-04-19.xml.gz"],
        &["eu/eu-fsf-sample-2020.xml"],
        &["eu/eu-oj-32014R0269.csv.gz"],
        &["uk/fcdo-uk-sanctions-list-summary-2025-08-11.ods"],
    ];
    for set in files {
        let paths: Vec<PathBuf> = set.iter().map(|f| data.join(f)).collect();
        let mut args = vec!["import", "--quiet"];
        if set[0].starts_with("eu/eu-oj") {
            args.extend(["--release", "2025-08-14"]);
        }
        args.extend(paths.iter().map(|p| p.to_str().unwrap()));
        run(dir, &args);
    }
}

#[test]
fn four_lists_and_a_register() {
    let Some(data) = data() else { return };
    let data = data.join("data");
    let dir = tempfile::TempDir::new().unwrap();
    let dir = dir.path();
    store(&data, dir);

    // Each list answers for its own parties, and only for those.
    let day = ["--as-of", "2025-09-01"];
    let own = [("ofac:36217", "ofac"), ("un:KPi.033", "un"), ("uk:DPR0001", "uk")];
    let (_, sources) = run(dir, &["sources", "--format", "tsv"]);
    for source in ["ofac_sdn", "un_sc", "eu_fsf", "eu_oj_32014r0269", "uk_sl"] {
        assert!(sources.contains(source), "{sources}");
    }
    for (id, regime) in own.iter().filter(|(_, r)| *r != "un") {
        let got = verdicts(dir, &[&["verdict", id, "--regime", regime], &day[..]].concat());
        assert_eq!(got, [((*id).to_owned(), (*regime).to_owned(), "listed".to_owned())]);
    }

    // The invented holding, laid over the store: the lists are there, so there are negatives.
    let holding = concat!(env!("CARGO_MANIFEST_DIR"), "/data/holding.json");
    let over = ["--from", holding, "--store", "cuibono.store"];
    let got =
        verdicts(dir, &[&["verdict", "Karrow Steel Works", "--regime", "ofac,eu,uk"], &over[..], &day[..]].concat());
    let got: Vec<(&str, &str)> = got.iter().map(|(_, r, v)| (r.as_str(), v.as_str())).collect();
    assert_eq!(got, [("ofac", "blocked"), ("eu", "not_blocked"), ("uk", "not_blocked")]);

    // A register joined with listings: whoever a document names as listed stands behind companies
    // of the register.
    run(dir, &["import", "--quiet", "--release", "2024-12-19", data.join("psc/psc-sample.jsonl").to_str().unwrap()]);
    let psc = "gb-psc:FReSTxwXcJbAHBrerDpmTylkW48";
    let listed = json!({"cuibono": 1, "scope": "case", "nodes": [
        {"id": psc, "type": "person", "listed": [{"list": "ofac_sdn", "from": "2024-01-01"}, {"list": "uk_sl", "from": "2024-01-01"},
                                               {"list": "eu_fsf", "from": "2024-01-01"}]}]});
    std::fs::write(dir.join("case.json"), listed.to_string()).unwrap();
    run(dir, &["import", "--quiet", "--release", "2024-12-20", "case.json"]);
    let ask = |id: &str| verdicts(dir, &[&["verdict", id, "--regime", "ofac,eu,uk"], &day[..]].concat());
    for (_, regime, verdict) in ask("gb-coh:08209948") {
        assert_eq!(verdict, "blocked", "75 to 100 percent of the shares, under {regime}");
    }
    for (_, regime, verdict) in ask("gb-coh:07434180") {
        assert_eq!(verdict, "not_blocked", "under {regime}");
    }
    // The same question without the lists of the EU can only be left open.
    let ofac_alone = tempfile::TempDir::new().unwrap();
    let sdn = data.join("ofac/sdn-2023-08-31.csv.gz");
    run(ofac_alone.path(), &["import", "--quiet", sdn.to_str().unwrap()]);
    let got =
        verdicts(ofac_alone.path(), &["verdict", "ofac:36217", "--regime", "ofac,eu,uk", "--as-of", "2024-01-01"]);
    let got: Vec<&str> = got.iter().map(|(_, _, v)| v.as_str()).collect();
    assert_eq!(got, ["listed", "indeterminate", "indeterminate"]);
}
