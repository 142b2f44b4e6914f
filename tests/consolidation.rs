//! Accounting consolidation, as the register of legal entities states it, and what the rules of
//! ownership make of it: perhaps control, never a share.

use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Filter, View};
use cuibono::import::Request;
use cuibono::ownership::{Changes, Conventions, ExposureKind, Judge, Outcome, Regimes};

/// Valid numbers of fictional firms: the listed parent, its daughter, and hers.
const TOP: &str = "TOPHOLDING0000000040";
const MID: &str = "MIDHOLDING0000000031";
const LEAF: &str = "LEAFFIRM000000000024";

/// Relationship records by child, type and parent, each with a quantifier of a hundred percent.
fn register(rows: &[(&str, &str, &str)]) -> String {
    let row = |(child, kind, parent): &(&str, &str, &str)| {
        let node =
            |name: &str, lei: &str| format!("<{name}><NodeID>{lei}</NodeID><NodeIDType>LEI</NodeIDType></{name}>");
        format!(
            "<RelationshipRecord><Relationship>{}{}<RelationshipType>{kind}</RelationshipType>\
             <RelationshipStatus>ACTIVE</RelationshipStatus><RelationshipQuantifiers><RelationshipQuantifier>\
             <MeasurementMethod>ACCOUNTING_CONSOLIDATION</MeasurementMethod><QuantifierAmount>100.00</QuantifierAmount>\
             <QuantifierUnits>PERCENTAGE</QuantifierUnits></RelationshipQuantifier></RelationshipQuantifiers></Relationship>\
             <Registration><RegistrationStatus>PUBLISHED</RegistrationStatus></Registration></RelationshipRecord>",
            node("StartNode", child),
            node("EndNode", parent)
        )
    };
    let body: String = rows.iter().map(row).collect();
    format!(
        "<RelationshipData><Header><ContentDate>2024-01-01T08:00:00Z</ContentDate><FileContent>GLEIF_FULL_PUBLISHED</FileContent>\
         <RecordCount>{}</RecordCount></Header><RelationshipRecords>{body}</RelationshipRecords></RelationshipData>",
        rows.len()
    )
}

/// The parent on every list, with or without shares of a hundred percent down the chain.
fn listing(shares: bool) -> String {
    let lists = r#"["ofac_sdn", "eu_fsf", "uk_sl", "ch_seco"]"#;
    let edge =
        |a: &str, b: &str| format!(r#"{{"source": "lei:{a}", "target": "lei:{b}", "type": "owns", "share": "100"}}"#);
    let edges = if shares { [edge(TOP, MID), edge(MID, LEAF)].join(",") } else { String::new() };
    format!(
        r#"{{"cuibono": 1, "scope": "case", "sources": [{{"id": "case"}}], "edges": [{edges}], "nodes": [
            {{"id": "lei:{TOP}", "type": "company", "name": "Top Holding", "listed": {lists}}},
            {{"id": "lei:{MID}", "type": "company", "name": "Mid Holding"}},
            {{"id": "lei:{LEAF}", "type": "company", "name": "Leaf Firm"}}]}}"#
    )
}

/// A stranger on each of the lists, so that the store holds all of them.
const LISTS: &str = r#"{"id": "s", "schema": "Person", "properties": {"name": ["Stranger"]}}
{"id": "s1", "schema": "Sanction", "properties": {"entity": ["s"]}, "datasets": ["us_ofac_sdn", "eu_fsf", "gb_hmt_sanctions", "ch_seco_sanctions"]}"#;

/// Outcome and share of daughter and granddaughter under a regime, and the kinds of exposure
/// that the daughter has.
fn verdicts(rows: &[(&str, &str, &str)], shares: bool, regime: &str) -> (Vec<(Outcome, String)>, Vec<ExposureKind>) {
    let storage = memory();
    import_texts(&storage, &[("case.json", &listing(shares))], &on("2024-01-01")).unwrap();
    import_texts(&storage, &[("lists.json", LISTS)], &on("2024-01-01")).unwrap();
    let outcome = import_texts(&storage, &[("rr.xml", &register(rows))], &on("2024-01-01")).unwrap();
    assert_eq!((outcome.format, outcome.source.as_str()), ("gleif", "gleif_rr"));
    assert_eq!(outcome.report.get("quantifiers"), rows.len() as u64);
    let g = graph(&storage);
    let view = View::new(&g, Filter::default()).unwrap();
    let (regimes, day) = (Regimes::builtin(), date("2026-03-01"));
    let regime = regimes.get(regime).unwrap();
    let mut judge = Judge::new(&view, regimes, day, Conventions::default(), Changes::default()).unwrap();
    let parties = [MID, LEAF].map(|l| view.resolve(&format!("lei:{l}")).unwrap());
    let found = judge.verdicts(&[regime], &parties).unwrap();
    let shown = |v: &cuibono::ownership::Verdict| {
        let r = v.share.as_ref().unwrap();
        (v.outcome, format!("{} to {}", r.min, r.max))
    };
    let exposed = judge.exposures(&[regime], Some(&parties[..1]), 100).unwrap();
    (found.list.iter().map(shown).collect(), exposed.list.iter().map(|e| e.kind).collect())
}

const CHAIN: [(&str, &str, &str); 3] = [
    (MID, "IS_DIRECTLY_CONSOLIDATED_BY", TOP),
    (LEAF, "IS_DIRECTLY_CONSOLIDATED_BY", MID),
    (LEAF, "IS_ULTIMATELY_CONSOLIDATED_BY", TOP),
];

#[test]
fn a_chain_of_consolidation_is_no_chain_of_shares() {
    // A rule that knows only shares: nothing is held, whatever the quantifier says.
    let (found, _) = verdicts(&CHAIN, false, "ofac");
    assert_eq!(found, [(Outcome::NotBlocked, "0 to 0".to_owned()), (Outcome::NotBlocked, "0 to 0".to_owned())]);
    // Rules that know control: consolidation may be control and is never sure to be.
    for regime in ["eu", "uk", "ch"] {
        let (found, _) = verdicts(&CHAIN, false, regime);
        let outcomes: Vec<Outcome> = found.iter().map(|f| f.0).collect();
        assert_eq!(outcomes, [Outcome::Indeterminate, Outcome::Indeterminate], "{regime}");
        assert!(found.iter().all(|f| f.1 == "0 to 0"), "{regime}: {found:?}");
    }
    // With shares on record the same chain blocks, and by the shares alone.
    for regime in ["ofac", "eu", "uk", "ch"] {
        for rows in [&CHAIN[..], &CHAIN[..2]] {
            let (found, _) = verdicts(rows, true, regime);
            assert_eq!(
                found,
                [(Outcome::Blocked, "100 to 100".to_owned()), (Outcome::Blocked, "100 to 100".to_owned())]
            );
        }
    }
}

#[test]
fn the_ultimate_parent_adds_nothing_to_the_chain() {
    // Alone it is no share either; under rules of control it is one more thing to look into.
    let alone = &CHAIN[2..];
    assert_eq!(verdicts(alone, false, "ofac").0[1], (Outcome::NotBlocked, "0 to 0".to_owned()));
    assert_eq!(verdicts(alone, false, "eu").0[1], (Outcome::Indeterminate, "0 to 0".to_owned()));
    // Funds, branches and feeders of a listed party are not its property.
    for (kind, eu) in [
        ("IS_FUND-MANAGED_BY", Outcome::Indeterminate),
        ("IS_INTERNATIONAL_BRANCH_OF", Outcome::Indeterminate),
        ("IS_SUBFUND_OF", Outcome::NotBlocked),
        ("IS_FEEDER_TO", Outcome::NotBlocked),
    ] {
        let rows = [(LEAF, kind, TOP)];
        assert_eq!(verdicts(&rows, false, "ofac").0[1], (Outcome::NotBlocked, "0 to 0".to_owned()), "{kind}");
        assert_eq!(verdicts(&rows, false, "eu").0[1].0, eu, "{kind}");
    }
    // What a verdict on shares would hide is told as exposure.
    let (_, exposed) = verdicts(&CHAIN, false, "ofac");
    assert_eq!(exposed, [ExposureKind::ControlWithoutOwnership]);
}

#[test]
fn what_a_delta_deletes_or_a_full_file_lacks_no_longer_counts() {
    let full = register(&CHAIN[..1]);
    let gone =
        "<Extension><Deletion><DeletedAt>2024-02-01T00:00:00Z</DeletedAt></Deletion></Extension></RelationshipRecord>";
    let delta =
        full.replace("_FULL_", "_DELTA_").replace("2024-01-01T", "2024-02-02T").replace("</RelationshipRecord>", gone);
    let empty = register(&[]).replace("2024-01-01T", "2024-02-02T");
    for later in [delta, empty] {
        let storage = memory();
        import_texts(&storage, &[("case.json", &listing(false))], &on("2024-01-01")).unwrap();
        import_texts(&storage, &[("lists.json", LISTS)], &on("2024-01-01")).unwrap();
        let request = Request { allow_removals: true, ..Request::default() };
        for (text, day) in [(&full, "2024-01-01"), (&later, "2024-02-02")] {
            let outcome = import_texts(&storage, &[("rr.xml", text)], &request).unwrap();
            assert_eq!((outcome.date, outcome.date_from), (date(day), "stated"));
        }
        let g = graph(&storage);
        for (known, want) in [("2024-01-15", Outcome::Indeterminate), ("2024-03-01", Outcome::NotBlocked)] {
            let view = View::new(&g, Filter { known_at: Some(date(known)), ..Filter::default() }).unwrap();
            let (regimes, none) = (Regimes::builtin(), Conventions::default());
            let mut judge = Judge::new(&view, regimes, date("2024-03-01"), none, Changes::default()).unwrap();
            let mid = view.resolve(&format!("lei:{MID}")).unwrap();
            let found = judge.verdicts(&[regimes.get("eu").unwrap()], &[mid]).unwrap();
            assert_eq!(found.list[0].outcome, want, "{known}");
        }
    }
}
