//! The lists of the Bureau of Industry and Security under its rule on affiliates, as a user
//! asks: the Consolidated Screening List beside a document with the stakes.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,\
end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,\
vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,\
source_information_url,ids\n";
const EL: &str = "Entity List (EL) - Bureau of Industry and Security";
const MEU: &str = "Military End User (MEU) List - Bureau of Industry and Security";
const SDN: &str = "Specially Designated Nationals (SDN) - Treasury Department";
const UVL: &str = "Unverified List (UVL) - Bureau of Industry and Security";

/// Invented firms, one holding half of each of two others.
const STAKES: &str = r#"{"cuibono": 1, "scope": "s", "sources": [{"id": "s", "title": "Sill register"}],
 "nodes": [
  {"id": "csl:e1", "type": "company", "name": "Sill Rocket Works"},
  {"id": "csl:u1", "type": "company", "name": "North Quay Works"},
  {"id": "half", "type": "company", "name": "Sill Fins"},
  {"id": "less", "type": "company", "name": "Sill Nozzles"},
  {"id": "other", "type": "company", "name": "Quay Cranes"}],
 "edges": [
  {"id": "a", "source": "csl:e1", "target": "half", "type": "owns", "share": "50"},
  {"id": "b", "source": "csl:e1", "target": "less", "type": "owns", "share": "49.99"},
  {"id": "c", "source": "csl:u1", "target": "other", "type": "owns", "share": "100"}]}"#;

fn row(id: &str, list: &str, name: &str, start: &str) -> String {
    format!("{id},{list},,,,{name},,\"Quay 1, Sillstadt, XA\",84 FR 101,{start}{}\n", ",".repeat(19))
}

fn run(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).stdin(std::process::Stdio::null()).env_remove("CUIBONO_STORE");
    let o = c.args(args).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (o.status.code().unwrap_or(-1), text(o.stdout), text(o.stderr))
}

/// Rows of the other lists that the rule goes by: without them it gives no negative.
fn others() -> String {
    row("m1", MEU, "Sill Arsenal", "2021-01-02") + &row("d1", SDN, "Sill Bank", "2021-01-02")
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::TempDir::new().unwrap();
    let own = [row("e1", EL, "Sill Rocket Works", "2019-05-21"), row("u1", UVL, "North Quay Works", "2020-01-02")];
    let rows = own.concat() + &others();
    std::fs::write(dir.path().join("consolidated-2025-10-01.csv"), HEADER.to_owned() + &rows).unwrap();
    std::fs::write(dir.path().join("stakes.json"), STAKES).unwrap();
    dir
}

/// The verdict on a party under the rule of BIS on a day, over the files of the folder.
fn verdict(dir: &Path, party: &str, day: &str) -> Value {
    let args = [
        "verdict",
        party,
        "--regime",
        "bis",
        "--as-of",
        day,
        "--json",
        "--from",
        "consolidated-2025-10-01.csv",
        "--from",
        "stakes.json",
    ];
    let (code, out, err) = run(dir, &args);
    assert_eq!(code, 0, "{args:?}\n{err}");
    serde_json::from_str::<Value>(&out).unwrap()["verdicts"][0].clone()
}

#[test]
fn half_of_a_firm_of_a_party_on_the_entity_list() {
    let dir = folder();
    let dir = dir.path();
    for (party, day, want) in [
        ("s:half", "2025-10-15", "blocked"),
        ("s:less", "2025-10-15", "not_blocked"),
        ("csl:e1", "2025-10-15", "listed"),
        // The Unverified List is not one of the lists of the rule.
        ("csl:u1", "2025-10-15", "not_blocked"),
        ("s:other", "2025-10-15", "not_blocked"),
        // The rule is suspended from 10 November 2025 on.
        ("s:half", "2025-11-15", "not_blocked"),
    ] {
        let v = verdict(dir, party, day);
        assert_eq!(v["verdict"], want, "{party} on {day}: {v}");
    }
    let blocked = verdict(dir, "s:half", "2025-10-15");
    assert_eq!(blocked["share"]["min"], "50", "{blocked}");
}

#[test]
fn one_list_of_several_gives_no_negative() {
    let dir = folder();
    let rows = row("e1", EL, "Sill Rocket Works", "2019-05-21");
    std::fs::write(dir.path().join("consolidated-2025-10-01.csv"), HEADER.to_owned() + &rows).unwrap();
    assert_eq!(verdict(dir.path(), "s:half", "2025-10-15")["verdict"], "blocked");
    let open = verdict(dir.path(), "s:less", "2025-10-15");
    assert_eq!(open["verdict"], "indeterminate");
    assert_eq!(open["warnings"], serde_json::json!(["no_list:bis_meu", "no_list:ofac_sdn"]));
}

#[test]
fn an_entry_that_moves_between_lists() {
    let dir = folder();
    let dir = dir.path();
    let later = [
        row("u1", EL, "North Quay Works", "2025-10-07"),
        row("u2", UVL, "Sill Sheds", "2025-10-07"),
        row("e1", EL, "Sill Rocket Works", "2019-05-21"),
    ];
    std::fs::write(dir.join("consolidated-2025-10-08.csv"), HEADER.to_owned() + &later.concat() + &others()).unwrap();
    for file in ["consolidated-2025-10-01.csv", "consolidated-2025-10-08.csv", "stakes.json"] {
        let (code, out, err) = run(dir, &["import", file, "--allow-removals"]);
        assert_eq!(code, 0, "{file}\n{out}{err}");
    }
    let ask = |party: &str, day: &str| {
        let args = ["verdict", party, "--regime", "bis", "--as-of", day, "--json"];
        let (code, out, err) = run(dir, &args);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()["verdicts"][0]["verdict"].clone()
    };
    assert_eq!(ask("csl:u1", "2025-10-15"), "listed");
    assert_eq!(ask("s:other", "2025-10-15"), "blocked");
    assert_eq!(ask("s:other", "2025-10-03"), "not_blocked");
    let (code, out, err) = run(dir, &["diff", "us_csl", "2025-10-01", "2025-10-08", "--json"]);
    assert_eq!(code, 0, "{err}");
    let diff: Value = serde_json::from_str(&out).unwrap();
    let ids = |key: &str| -> Vec<String> {
        diff[key].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (ids("added"), ids("removed"), ids("changed")),
        (vec!["csl:u2".to_owned()], vec![], vec!["csl:u1".to_owned()]),
        "{diff}"
    );
}
