//! One list of OFAC's in two forms: the CSV set of one day and the older XML of another.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn row(id: u32, name: &str, remarks: &str) -> String {
    format!("{id},\"{name}\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\r\n")
}

fn entry(id: u32, name: &str, more: &str) -> String {
    format!(
        "<sdnEntry><uid>{id}</uid><lastName>{name}</lastName><sdnType>Entity</sdnType>{more}\
         <programList><program>NORD1</program></programList></sdnEntry>\n"
    )
}

fn run(dir: &Path, args: &[&str]) -> String {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).stdin(std::process::Stdio::null()).env_remove("CUIBONO_STORE");
    let o = c.args(args).output().unwrap();
    assert!(o.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&o.stderr));
    String::from_utf8(o.stdout).unwrap()
}

#[test]
fn two_days_of_a_list_in_two_forms() {
    let dir = tempfile::TempDir::new().unwrap();
    let dir = dir.path();
    let csv = [
        row(11, "NORTH QUAY", "Tax ID No. 77 (Norland); Linked To: SILL BANK."),
        row(12, "SILL BANK", "Website www.sill.example."),
        row(13, "QUAY CRANES", "Linked To: SILL BANK."),
        row(14, "SILL SHEDS", "Gender Male."),
        row(15, "SILL YARDS", "Gender Male."),
        row(16, "SILL FINS", "Gender Male."),
    ];
    let xml = [
        entry(
            11,
            "NORTH QUAY",
            "<remarks>(Linked To: SILL BANK)</remarks><idList><id><idType>Tax ID No.</idType><idNumber>77</idNumber>\
             <idCountry>Norland</idCountry></id></idList>",
        ),
        entry(12, "SILL BANK", ""),
        entry(14, "SILL SHEDS", ""),
        entry(15, "SILL YARDS", ""),
        entry(16, "SILL FINS", ""),
        entry(17, "SILL NOZZLES", "<remarks>(Linked To: SILL BANK)</remarks>"),
    ];
    std::fs::write(dir.join("sdn-2024-01-05.csv"), csv.concat()).unwrap();
    let text = format!(
        "<sdnList xmlns=\"http://tempuri.org/sdnList.xsd\"><publshInformation><Publish_Date>03/07/2024</Publish_Date>\
         <Record_Count>6</Record_Count></publshInformation>{}</sdnList>",
        xml.concat()
    );
    std::fs::write(dir.join("sdn.xml"), text).unwrap();
    for file in ["sdn-2024-01-05.csv", "sdn.xml"] {
        run(dir, &["import", file]);
    }
    let diff: Value =
        serde_json::from_str(&run(dir, &["diff", "ofac_sdn", "2024-01-05", "2024-03-07", "--json"])).unwrap();
    let ids =
        |key: &str| -> Vec<&str> { diff[key].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect() };
    assert_eq!((ids("added"), ids("removed")), (vec!["ofac:17"], vec!["ofac:13"]), "{diff}");
    assert_eq!(diff["parts"], serde_json::json!(["primary"]), "{diff}");
    for (day, party, want) in [
        ("2024-02-01", "ofac:13", "listed"),
        ("2024-04-01", "ofac:11", "listed"),
        ("2024-04-01", "ofac:17", "listed"),
        ("2024-04-01", "ofac:13", "not_blocked"),
    ] {
        let found = run(dir, &["verdict", party, "--regime", "ofac", "--as-of", day, "--json"]);
        let found: Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found["verdicts"][0]["verdict"], want, "{party} on {day}");
    }
    // The links hold by name, from whichever form they came.
    let shown = run(dir, &["neighbours", "ofac:12", "--json"]);
    assert!(shown.contains("ofac:11>linked_to>") && shown.contains("ofac:17>linked_to>"), "{shown}");
}

#[test]
fn a_listing_goes_on_when_the_list_changes_its_words() {
    let dir = tempfile::TempDir::new().unwrap();
    let dir = dir.path();
    for (day, tax) in [("2024-01-05", "77"), ("2024-03-05", "78"), ("2024-05-05", "79")] {
        let rows: String =
            (11..15).map(|i| row(i, &format!("QUAY {i}"), &format!("Tax ID No. {tax} (Norland)."))).collect();
        let file = format!("sdn-{day}.csv");
        std::fs::write(dir.join(&file), rows).unwrap();
        run(dir, &["import", &file]);
    }
    for (day, want) in [
        ("2024-01-04", "indeterminate"),
        ("2024-01-05", "listed"),
        ("2024-02-01", "listed"),
        ("2024-04-01", "listed"),
        ("2024-06-01", "listed"),
    ] {
        let got = run(dir, &["verdict", "ofac:11", "--regime", "ofac", "--as-of", day, "--json"]);
        let got: Value = serde_json::from_str(&got).unwrap();
        assert_eq!(got["verdicts"][0]["verdict"], want, "{day}: {got}");
    }
}
