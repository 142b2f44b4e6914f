//! Outcomes over time and consequences against verdicts asked for day by day.

use super::*;
use crate::graph::{Filter, Graph, Node, View};
use crate::import::{Input, Request, import};
use crate::model::PartialDate;
use crate::query::testing::{all, cases, graph_of, node};
use crate::store::{Memory, Snapshot, Storage};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

fn d(t: &str) -> PartialDate {
    PartialDate::parse(t).unwrap()
}

fn document(nodes: &[Value], edges: &[Value]) -> String {
    json!({"cuibono": 1, "scope": "t", "sources": [{"id": "t", "title": "T"}], "nodes": nodes, "edges": edges})
        .to_string()
}

fn regimes(ids: &[&str]) -> Vec<&'static Regime> {
    ids.iter().map(|id| Regimes::builtin().get(id).unwrap()).collect()
}

fn periods(graph: &Graph, id: &str, regime: &str, from: &str, to: &str) -> Over {
    let view = all(graph);
    let conventions = Conventions::default();
    over(&view, Regimes::builtin(), &regimes(&[regime]), conventions, node(graph, id), (d(from), d(to))).unwrap()
}

/// `from outcome share | causes` by line.
fn told(o: &Over) -> Vec<String> {
    let line = |p: &Period| {
        let cause: Vec<String> = p.cause.iter().map(|c| format!("{} {}", c.kind.as_str(), c.id)).collect();
        let outcome = p.outcome.map_or("none", |o| o.as_str());
        let share = p.share.as_ref().map_or(String::new(), range_words);
        format!("{} {outcome} {share} | {}", p.from, cause.join(", "))
    };
    o.list.iter().map(line).collect()
}

fn chain() -> Graph {
    let nodes = [
        json!({"id": "p", "type": "person", "name": "P", "listed": [{"list": "ofac_sdn", "from": "2020-03-01", "to": "2023-05-05"}]}),
        json!({"id": "q", "type": "person", "name": "Q", "listed": [{"list": "ofac_sdn", "from": "2024-02"}]}),
        json!({"id": "h", "type": "company", "name": "H"}),
        json!({"id": "x", "type": "company", "name": "X"}),
        json!({"id": "z", "type": "company", "name": "Z"}),
    ];
    let edges = [
        json!({"id": "e1", "source": "p", "target": "h", "type": "owns", "share": "60", "start": "2019"}),
        json!({"id": "e2", "source": "h", "target": "x", "type": "owns", "share": "50", "start": "2021-01-01", "end": "2022-06-01"}),
        json!({"id": "e3", "source": "q", "target": "x", "type": "owns", "share": "50", "start": "2024-02-10"}),
        // Begins with e2 and changes nothing.
        json!({"id": "e4", "source": "q", "target": "h", "type": "owns", "share": "10", "start": "2021-01-01"}),
        json!({"id": "e5", "source": "p", "target": "x", "type": "owns", "share": "0.5", "start": "2021-01-01", "end": "2021-02-01"}),
        json!({"id": "e6", "source": "x", "target": "z", "type": "owns", "share": "100"}),
    ];
    graph_of(&document(&nodes, &edges))
}

#[test]
fn each_change_names_what_alone_caused_it() {
    let g = chain();
    assert_eq!(
        told(&periods(&g, "x", "ofac", "2010", "2025")),
        [
            "2010-01-01 not_blocked 0 | ",
            "2021-01-01 blocked 50.5 | stake_starts e2",
            "2021-02-01 blocked 50 | stake_ends e5",
            "2022-06-01 not_blocked 0 | stake_ends e2",
            "2024-02-10 indeterminate 0 to 50 | stake_starts e3",
            "2024-02-29 blocked 50 | listed q",
        ]
    );
    let z = periods(&g, "z", "ofac", "2021-06", "2024");
    assert_eq!(told(&z), ["2021-06-01 blocked 100 | ", "2022-06-01 not_blocked 0 | stake_ends e2"]);
    assert_eq!(z.list.last().unwrap().to, d("2024-01-01"));
    assert_eq!(z.list[1].cause[0].words, "H owns X, 50 %: ends (e2)");
    assert_eq!(z.list[1].cause[0].ends, Some(("h".to_owned(), "x".to_owned())));
    let h = periods(&g, "h", "ofac", "2023", "2024");
    assert_eq!(told(&h), ["2023-01-01 blocked 60 | ", "2023-05-05 not_blocked 0 | delisted p"]);
    assert_eq!(h.list[1].cause[0].words, "P is no longer on ofac_sdn (p)");
}

#[test]
fn rules_change_outcomes_too() {
    let nodes = [
        json!({"id": "p", "type": "person", "name": "P", "listed": {"bis_el": {"from": "2020-01-01"}, "ofac_sdn": {"from": "2001-01-01"}}}),
        json!({"id": "x", "type": "company", "name": "X"}),
    ];
    let edges = [json!({"id": "e", "source": "p", "target": "x", "type": "owns", "share": "50"})];
    let g = graph_of(&document(&nodes, &edges));
    assert_eq!(
        told(&periods(&g, "x", "bis", "2025", "2026-01-01")),
        [
            "2025-01-01 not_blocked  | ",
            "2025-09-29 blocked 50 | rule bis-2025",
            "2025-11-10 not_blocked  | rule bis-suspended-2025"
        ]
    );
    assert_eq!(
        told(&periods(&g, "x", "ofac", "2008", "2020")),
        ["2008-01-01 none  | ", "2008-02-14 blocked 50 | rule ofac-2008"]
    );
}

#[test]
fn spans_and_regimes_without_an_answer_are_refused() {
    let g = chain();
    let view = all(&g);
    let ask = |regime: &str, from: &str, to: &str| {
        over(&view, Regimes::builtin(), &regimes(&[regime]), Conventions::default(), node(&g, "x"), (d(from), d(to)))
    };
    assert!(ask("ofac", "2021", "2021").unwrap_err().message().contains("no day"));
    assert!(ask("au", "2021", "2022").unwrap_err().message().contains("no verdict"));
    let many: Vec<Value> = (0..10_001)
        .map(|i| {
            let (y, m, day) = (1900 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
            json!({"id": format!("e{i}"), "source": "p", "target": "x", "type": "owns", "share": "1", "start": format!("{y:04}-{m:02}-{day:02}")})
        })
        .collect();
    let nodes = [json!({"id": "p", "type": "person"}), json!({"id": "x", "type": "company"})];
    let g = graph_of(&document(&nodes, &many));
    let view = all(&g);
    let e = over(
        &view,
        Regimes::builtin(),
        &regimes(&["ch"]),
        Conventions::default(),
        node(&g, "x"),
        (d("1800"), d("2100")),
    );
    assert!(e.unwrap_err().next_step().unwrap().contains("shorter"));
}

/// Releases of one source, each complete.
fn releases(list: &[(&str, &str)]) -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    for (day, text) in list {
        let mut request = Request { release: Some(d(day)), today: Some(d("2026-01-01")), ..Request::default() };
        (request.options.full, request.allow_removals) = (true, true);
        let file = Input::from_bytes("t.json", text.as_bytes().to_vec()).unwrap();
        import(storage.clone(), vec![file], &request, &mut |_| {}).unwrap();
    }
    let mut g = Graph::open(Snapshot::open(storage).unwrap()).unwrap();
    g.home = Some("t".to_owned());
    g
}

fn between(views: [&View<'_>; 2], days: [&str; 2], ids: &[&str]) -> Consequences {
    let [a, b] = views;
    let moments = [Moment { view: a, day: d(days[0]) }, Moment { view: b, day: d(days[1]) }];
    consequences(moments, Regimes::builtin(), &regimes(ids), Conventions::default(), 1_000).unwrap()
}

fn changes(c: &Consequences, g: &Graph) -> Vec<String> {
    let line = |c: &Consequence| {
        let because: Vec<String> = c.because.iter().map(|b| format!("{} {}", b.kind.as_str(), b.id)).collect();
        format!("{} {} | {}", g.show_id(g.id(c.node)), c.change(), because.join(", "))
    };
    let mut lines: Vec<String> = c.list.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn releases_have_consequences() {
    let firm = |id: &str| json!({"id": id, "type": "company", "name": id});
    let person = |id: &str, listed: bool| match listed {
        true => json!({"id": id, "type": "person", "name": id, "listed": ["ofac_sdn"]}),
        false => json!({"id": id, "type": "person", "name": id}),
    };
    let owns = |id: &str, a: &str, b: &str, share: &str| json!({"id": id, "source": a, "target": b, "type": "owns", "share": share});
    let first = document(
        &[
            person("p", false),
            person("q", true),
            firm("a"),
            firm("b"),
            firm("c"),
            firm("k"),
            json!({"id": "m", "type": "company", "listed": ["ofac_sdn"]}),
        ],
        &[
            owns("pa", "p", "a", "60"),
            owns("ab", "a", "b", "70"),
            owns("qc", "q", "c", "50"),
            owns("qk", "q", "k", "80"),
            owns("qm", "q", "m", "100"),
        ],
    );
    // `p` is listed, `qc` falls to 40, `qk` is gone, `m` leaves the list.
    let second = document(
        &[person("p", true), person("q", true), firm("a"), firm("b"), firm("c"), firm("k"), firm("m")],
        &[
            owns("pa", "p", "a", "60"),
            owns("ab", "a", "b", "70"),
            owns("qc", "q", "c", "40"),
            owns("qm", "q", "m", "100"),
        ],
    );
    let g = releases(&[("2024-01-01", &first), ("2024-02-01", &second)]);
    let view = |day: &str| View::new(&g, Filter { known_at: Some(d(day)), ..Filter::default() }).unwrap();
    let (v1, v2) = (view("2024-01-01"), view("2024-02-01"));
    let c = between([&v1, &v2], ["2024-01-01", "2024-02-01"], &["ofac"]);
    assert_eq!(
        changes(&c, &g),
        [
            "a became blocked | listed p",
            "b became blocked | listed p",
            "c became free | stake_changes qc",
            "k became free | stake_ends qk",
            "m still blocked | delisted m",
        ]
    );
    let stated = c.list.iter().flat_map(|c| &c.because).find(|b| b.kind == CauseKind::StakeChanges).unwrap();
    assert_eq!(stated.words, "q owns c, 40 % (was: 50 %): stated otherwise (qc)");
    let back = between([&v2, &v1], ["2024-02-01", "2024-01-01"], &["ofac"]);
    assert!(changes(&back, &g).contains(&"b became free | delisted p".to_owned()), "{:?}", changes(&back, &g));
    assert_eq!(between([&v2, &v2], ["2024-02-01", "2024-02-01"], &["ofac", "eu"]), Consequences::default());
    let none = between([&v1, &v2], ["2024-01-01", "2024-02-01"], &["uk", "ofac_ssi"]);
    assert_eq!((none.list.len(), none.notes.len()), (0, 0));
}

#[test]
fn marks_behind_names() {
    let g = chain();
    let view = all(&g);
    let marks = |day: &str, regime: &str| -> Vec<String> {
        let mut judge =
            Judge::new(&view, Regimes::builtin(), d(day), Conventions::default(), Changes::default()).unwrap();
        let regime = regimes(&[regime])[0];
        let parties: Vec<Node> = ["p", "q", "h", "x", "z"].iter().map(|n| node(&g, n)).collect();
        let together = judge.verdicts_together(regime, &parties).unwrap();
        assert_eq!(together, judge.verdicts(&[regime], &parties).unwrap().list);
        let rule = judge.rule(regime).unwrap();
        together.iter().map(|v| mark(v, rule).unwrap_or_default()).collect()
    };
    let all_over = "blocked: 100 of at least 50";
    assert_eq!(
        marks("2022-01-01", "ofac"),
        ["listed", "", "blocked: 60 of at least 50", "blocked: 50 of at least 50", all_over]
    );
    let maybe = "cannot tell: 0 to 50";
    assert_eq!(marks("2024-02-10", "ofac"), ["", "cannot tell", "", maybe, "cannot tell: 0 to 100"]);
    assert_eq!(marks("2022-01-01", "eu"), ["", "", "", "", ""]);
}

const DATES: [&str; 9] = ["", "", "", "2020", "2020-06", "2020-06-15", "2021-02", "2021", "2021-07-01"];

/// A random network of six parties with dates of all precisions.
fn random() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let date = || prop::sample::select(DATES.to_vec());
    let span = (date(), date()).prop_map(|(a, b)| {
        let start = (!a.is_empty()).then(|| d(a));
        let end = (!b.is_empty()).then(|| d(b)).filter(|e| start.is_none_or(|s| s.last_day() < e.first_day()));
        (start, end)
    });
    let share = prop::sample::select(vec!["", "10", "30", "50", "60", "25 to 75", ">50 to 75"]);
    let kind =
        prop::sample::select(vec!["owns", "owns", "owns", "votes_in", "controls", "owns_or_controls", "influences"]);
    let status = prop::sample::select(vec!["asserted", "asserted", "asserted", "alleged"]);
    let edge = (0..6usize, 0..6usize, kind, share, status, span.clone());
    let listed = prop::option::weighted(0.4, (prop::sample::select(vec!["ofac_sdn", "eu_fsf", "uk_sl"]), span));
    let party = (prop::bool::weighted(0.2), prop::bool::weighted(0.2), listed);
    (prop::collection::vec(party, 6), prop::collection::vec(edge, 0..10)).prop_map(|(parties, edges)| {
        let text = |d: Option<PartialDate>| d.map(|d| d.to_string());
        let nodes = (0..).zip(parties).map(|(i, (person, arranged, listed))| {
            let mut n = json!({"id": format!("n{i}"), "type": if person { "person" } else { "company" }});
            let m = n.as_object_mut().unwrap();
            if arranged {
                m.insert("joint_arrangement".into(), json!(["pact"]));
            }
            if let Some((list, (from, to))) = listed {
                m.insert("listed".into(), json!([{"list": list, "from": text(from), "to": text(to)}]));
            }
            n
        });
        let edges = (0..).zip(edges).map(|(i, (s, t, kind, share, status, (from, to))): (usize, _)| {
            let share = match share.split_once(" to ") {
                Some((a, b)) if a.starts_with('>') => json!({"exclusive_min": &a[1..], "max": b}),
                Some((a, b)) => json!({"min": a, "max": b}),
                None if share.is_empty() => Value::Null,
                None => share.into(),
            };
            json!({"id": format!("e{i}"), "source": format!("n{s}"), "target": format!("n{t}"), "type": kind,
                   "share": share, "status": status, "start": text(from), "end": text(to)})
        });
        (nodes.collect(), edges.collect())
    })
}

fn days() -> impl Iterator<Item = PartialDate> {
    let day = |y| {
        (1..=12).flat_map(move |m| {
            (1..=31)
                .filter(|d| !(3..14).contains(d) && !(17..28).contains(d))
                .filter_map(move |d| PartialDate::new(y, m, d).ok())
        })
    };
    [2019, 2020, 2021, 2022].into_iter().flat_map(day).filter(|x| *x >= d("2019-12-30") && *x < d("2022-01-03"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(10)))]

    #[test]
    fn periods_agree_with_each_single_day((nodes, edges) in random()) {
        let g = graph_of(&document(&nodes, &edges));
        let view = all(&g);
        let chosen = regimes(&["ofac", "eu", "uk"]);
        let parties: Vec<Node> = g.nodes().collect();
        let mut found: HashMap<Node, Over> = HashMap::new();
        let span = (d("2019-12-30"), d("2022-01-03"));
        for n in &parties {
            let o = over(&view, Regimes::builtin(), &chosen, Conventions::default(), *n, span).unwrap();
            for pair in o.list.windows(2).filter(|w| w[0].regime == w[1].regime) {
                prop_assert!(pair[0].to == pair[1].from && !pair[1].cause.is_empty(), "{pair:?}");
                prop_assert!((pair[0].outcome, &pair[0].share) != (pair[1].outcome, &pair[1].share));
            }
            found.insert(*n, o);
        }
        for day in days() {
            let mut judge = Judge::new(&view, Regimes::builtin(), day, Conventions::default(), Changes::default()).unwrap();
            for regime in &chosen {
                let Ok(_) = regime.rule_on(day) else { continue };
                for v in judge.verdicts(&[*regime], &parties).unwrap().list {
                    let here = found[&v.node].list.iter().find(|p| p.regime == v.regime && p.from <= day && day < p.to).unwrap();
                    prop_assert_eq!((here.outcome, &here.share), (Some(v.outcome), &v.share), "{} {} {}", g.id(v.node), v.regime, day);
                }
            }
        }
    }

    #[test]
    fn consequences_agree_with_verdicts_on_both_days((nodes, edges) in random(), which in 0..3usize) {
        let g = graph_of(&document(&nodes, &edges));
        let view = all(&g);
        let regime = regimes(&["ofac", "eu", "ch"])[which];
        let (one, two) = ("2020-03-01", "2021-09-01");
        let c = between([&view, &view], [one, two], &[&regime.id]);
        let at = |day: &str| {
            let mut judge = Judge::new(&view, Regimes::builtin(), d(day), Conventions::default(), Changes::default()).unwrap();
            judge.all_verdicts(&[regime], 100, &|_| true).unwrap().list
        };
        let mut want = 0;
        for (a, b) in at(one).into_iter().zip(at(two)) {
            let got = c.list.iter().find(|x| x.node == a.node);
            if let Some(got) = got {
                prop_assert_eq!((got.before, got.after), (a.outcome, b.outcome));
                prop_assert!(!got.because.is_empty(), "{got:?}");
            }
            // Without a listing of its own every change is a consequence.
            let own = !view.listings(a.node).is_empty();
            prop_assert!(own || (a.outcome != b.outcome) == got.is_some());
            want += usize::from(got.is_some());
        }
        prop_assert_eq!(want, c.list.len());
    }
}
