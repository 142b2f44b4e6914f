//! Chains through the register of persons with significant control, and what its bands add up to.

use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Filter, View};
use cuibono::ownership::{Changes, Conventions, Judge, Regimes, range_words};
use std::collections::BTreeMap;

fn notice(company: &str, id: &str, rest: &str, natures: &[&str]) -> String {
    format!(
        r#"{{"company_number":"{company}","data":{{"kind":"{rest},"links":{{"self":"/company/{company}/x/{id}"}},"natures_of_control":{natures:?},"notified_on":"2020-01-01"}}}}"#
    )
}

const PERSON: &str = r#"individual-person-with-significant-control","name":"Ottokar Lundvar""#;

fn firm(number: &str) -> String {
    format!(
        r#"corporate-entity-person-with-significant-control","name":"Ring Ltd","identification":{{"country_registered":"United Kingdom","registration_number":"{number}"}}"#
    )
}

#[test]
fn bands_of_one_notification_are_compared_and_never_added() {
    let lines = [
        // Two bands that exclude each other: somewhere between, not their sum.
        notice(
            "00000101",
            "P1",
            PERSON,
            &["ownership-of-shares-25-to-50-percent", "ownership-of-shares-50-to-75-percent-as-trust"],
        ),
        // Twice more than 25 percent is not more than 50.
        notice(
            "OE000102",
            "P2",
            PERSON,
            &[
                "ownership-of-shares-more-than-25-percent-registered-overseas-entity",
                "ownership-of-shares-more-than-25-percent-as-firm-registered-overseas-entity",
            ],
        ),
        // The same band three times is that band.
        notice(
            "00000103",
            "P3",
            PERSON,
            &[
                "ownership-of-shares-50-to-75-percent",
                "ownership-of-shares-50-to-75-percent-as-trust",
                "ownership-of-shares-50-to-75-percent-as-firm",
            ],
        ),
        // 25 to 50, as a firm too: never over 50.
        notice(
            "00000104",
            "P4",
            PERSON,
            &["ownership-of-shares-25-to-50-percent", "ownership-of-shares-25-to-50-percent-as-firm"],
        ),
        // A chain over the number that a firm gives for itself.
        notice("00000105", "C1", &firm("00000103"), &["ownership-of-shares-75-to-100-percent"]),
        notice("00000106", "C2", &firm("0000103"), &["ownership-of-shares-75-to-100-percent"]),
    ];
    let storage = memory();
    import_texts(&storage, &[("psc.jsonl", &lines.join("\n"))], &on("2024-01-01")).unwrap();
    let listed: Vec<String> = ["P1", "P2", "P3", "P4"]
        .map(|p| format!(r#"{{"id":"gb-psc:{p}","type":"person","listed":["ofac_sdn"]}}"#))
        .to_vec();
    let list = format!(r#"{{"cuibono":1,"scope":"case","nodes":[{}]}}"#, listed.join(","));
    import_texts(&storage, &[("case.json", &list)], &on("2024-01-02")).unwrap();
    let g = graph(&storage);
    let view = View::new(&g, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let day = date("2024-02-01");
    let mut judge = Judge::new(&view, regimes, day, Conventions::default(), Changes::default()).unwrap();
    let nodes: Vec<_> = g.nodes().filter(|n| g.id(*n).starts_with("gb-coh:")).collect();
    let law = regimes.get("ofac").unwrap();
    let words = |v: &cuibono::ownership::Verdict| {
        let share = v.share.as_ref().map_or(String::new(), range_words);
        (g.id(v.node).to_owned(), format!("{} {share}", v.outcome.as_str()))
    };
    let found: BTreeMap<String, String> = judge.verdicts(&[law], &nodes).unwrap().list.iter().map(words).collect();
    let want = [
        ("OE000102", "indeterminate more than 25 to 100"),
        ("00000101", "indeterminate more than 25 to less than 75"),
        ("00000103", "blocked more than 50 to less than 75"),
        ("00000104", "indeterminate more than 25 to 50"),
        ("00000105", "blocked 75 to 100"),
        ("00000106", "blocked 75 to 100"),
    ];
    let want: BTreeMap<String, String> =
        want.iter().map(|(number, said)| (format!("gb-coh:{number}"), (*said).to_owned())).collect();
    assert_eq!(found, want);
}
