//! Pictures of small cases. With `CUIBONO_TEST_PICTURES` set to a folder they are also written
//! there, to be looked at.

use super::*;
use crate::model::{
    Act, Answer, Citation, Direct, End, Fact, Id, Listing, PartyRecord, RelationRecord, Share, SourceInfo, Status, prop,
};
use quick_xml::events::Event;

fn id(local: &str) -> Id {
    Id::new("x", local).unwrap()
}

fn node(doc: &mut Document, local: &str, kind: &str, name: &str) {
    let mut p = PartyRecord::new(id(local), kind);
    if !name.is_empty() {
        p.facts.push(Fact::name(prop::NAME, name));
    }
    doc.nodes.push(p);
}

fn list(doc: &mut Document, local: &str, to: Option<&str>) {
    let p = doc.nodes.iter_mut().find(|p| p.id == id(local)).unwrap();
    let from = PartialDate::parse("2023-08-31").ok();
    let to = to.map(|t| PartialDate::parse(t).unwrap());
    p.listings.push(Listing { list: "ofac_sdn".into(), from, to, ..Listing::default() });
}

fn edge<'a>(doc: &'a mut Document, a: &str, kind: &str, b: &str, share: &str) -> &'a mut RelationRecord {
    let mut r = RelationRecord::new(End::Id(id(a)), kind, End::Id(id(b)));
    r.share = (!share.is_empty()).then(|| Share::parse(share).unwrap());
    r.cites.push(Citation { source: "news".into(), ..Citation::default() });
    doc.edges.push(r);
    doc.edges.last_mut().unwrap()
}

fn document(query: &str) -> Document {
    let source = SourceInfo {
        id: "news".into(),
        title: "Designations of persons tied to overseas workers".into(),
        publisher: "The Example Courier".into(),
        published: "2023-09-01".into(),
        licence: "quoted".into(),
        attribution: "Reported by The Example Courier".into(),
        ..SourceInfo::default()
    };
    let answer = Answer {
        query: query.into(),
        store: "3f2a90c1".into(),
        program: "0.1.0".into(),
        as_of: Some("2024-01-01".into()),
        ..Answer::default()
    };
    Document { sources: vec![source], answer: Some(answer), ..Document::default() }
}

/// Draws, checks that the picture is well-formed and harmless, and returns the texts in it.
fn draw(name: &str, doc: &Document) -> String {
    let picture = svg(doc, &SvgOptions::default()).unwrap();
    assert_eq!(picture, svg(&doc.clone(), &SvgOptions::default()).unwrap(), "same document, same bytes");
    if let Ok(folder) = std::env::var("CUIBONO_TEST_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), &picture).unwrap();
    }
    let mut reader = quick_xml::Reader::from_str(&picture);
    let (mut depth, mut texts) = (0i32, String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) => {
                depth += 1;
                assert!(
                    ["svg", "g", "title", "desc", "defs", "marker", "path", "text"]
                        .iter()
                        .any(|n| **n == *e.name().as_ref()),
                    "{e:?}"
                );
                for a in e.attributes() {
                    let a = a.unwrap();
                    assert!(!a.key.as_ref().starts_with("on"), "{a:?}");
                    assert!(!a.value.contains("NaN") && !a.value.contains("inf"), "{a:?}");
                }
            }
            Event::End(_) => depth -= 1,
            Event::Empty(e) => e.attributes().for_each(|a| {
                let a = a.unwrap();
                assert!(!a.value.contains("NaN") && !a.value.contains("inf"), "{a:?}");
            }),
            Event::Text(t) => {
                texts.push_str(&t);
                texts.push('\n');
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    assert!(picture.chars().all(|c| !c.is_control() || c == '\n'));
    texts
}

#[test]
fn small_case_names_everything() {
    let mut d = document("neighbours \"Boris Examplov\" --hops 2");
    node(&mut d, "k", "person", "Boris Examplov");
    node(&mut d, "j", "person", "Jong Tae-min");
    node(&mut d, "i", "company", "Sample Intellect LLC");
    node(&mut d, "p", "project", "Construction project in Northtown");
    node(&mut d, "g", "group_of_persons", "Group of information technology workers");
    for l in ["k", "j", "i"] {
        list(&mut d, l, None);
    }
    edge(&mut d, "k", "owns_or_controls", "i", "").status = Status::Alleged;
    edge(&mut d, "j", "works_with", "k", "");
    edge(&mut d, "j", "coordinates", "p", "");
    edge(&mut d, "i", "participates_in", "p", "");
    edge(&mut d, "j", "leads", "g", "");
    edge(&mut d, "k", "supplies", "g", "").act = Act::Sought;
    let texts = draw("seed", &d);
    for t in ["LISTED ofac_sdn 2023-08-31", "As of 2024-01-01", "[1]", "The Example Courier", "Licence: quoted"] {
        assert!(texts.contains(t), "{t}");
    }
    let joined = texts.replace('\n', " ");
    for t in ["owns or controls, share unknown, alleged [1]", "supplies (sought)", "works with", "store 3f2a90c1"] {
        assert!(joined.contains(t), "{t}");
    }
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert_eq!(picture.matches(">LISTED ofac_sdn 2023-08-31</text>").count(), 3);
}

#[test]
fn holding_with_ring_diamond_and_ended_stake() {
    let mut d = document("trace \"Example Holding\" --down");
    node(&mut d, "o1", "person", "Anna Ownerova");
    node(&mut d, "o2", "person", "Viktor Sharer");
    node(&mut d, "h", "company", "Example Holding International PJSC");
    for k in 1..=20 {
        node(&mut d, &format!("c{k}"), "company", &format!("Daughter Company Number {k} Limited"));
    }
    node(&mut d, "v", "vessel", "MV Sample Star");
    node(&mut d, "a", "aircraft", "RA-00000");
    list(&mut d, "o1", None);
    list(&mut d, "c4", Some("2023-12-01"));
    edge(&mut d, "o1", "owns", "h", "60");
    edge(&mut d, "o2", "owns", "h", "40");
    for k in 1..=5 {
        edge(&mut d, "h", "owns", &format!("c{k}"), ["100", "50.01", ">25 to 50", "100/3", "75"][k - 1]);
    }
    // A diamond, a ring of three, parallel ties, an ended stake, a loop, a summary.
    edge(&mut d, "c1", "owns", "c6", "60");
    edge(&mut d, "c2", "owns", "c6", "40");
    edge(&mut d, "c3", "owns", "c7", "51");
    edge(&mut d, "c7", "owns", "c8", "30");
    edge(&mut d, "c8", "owns", "c3", "20");
    let ended = edge(&mut d, "c4", "owns", "c9", "100");
    ended.start = PartialDate::parse("2015").ok();
    ended.end = PartialDate::parse("2022-03-01").ok();
    edge(&mut d, "c5", "owns", "c9", "100").start = PartialDate::parse("2022-03-01").ok();
    edge(&mut d, "c5", "controls", "c9", "");
    edge(&mut d, "c5", "votes_in", "c9", "100");
    edge(&mut d, "c10", "owns", "c10", "5");
    edge(&mut d, "h", "owns", "c9", "75").direct = Direct::Indirect;
    for k in 10..=20 {
        let owner = format!("c{}", [6, 6, 7, 8, 9, 9, 5, 1, 6, 10, 11][k - 10]);
        edge(&mut d, &owner, "owns", &format!("c{k}"), "100");
    }
    edge(&mut d, "c12", "owns", "v", "100");
    edge(&mut d, "c13", "operates", "a", "");
    edge(&mut d, "o1", "family_of", "o2", "");
    let texts = draw("holding", &d);
    for t in
        ["owns 100/3 %", "was listed ofac_sdn 2023-08-31 to 2023-12-01", "closes a ring", "not in force", "controls"]
    {
        assert!(texts.contains(t), "{t}");
    }
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert!(picture.contains(">owns &gt;25 to 50 % [1]</text>"));
    assert_eq!(picture.matches("class=\"tie\"").count(), d.edges.len() - 1, "owns 100 and votes share one line");
    assert!(picture.contains("stroke-dasharray=\"10 4 2 4\"") && picture.contains("stroke-dasharray=\"8 5\""));
}

#[test]
fn people_beside_each_other_and_a_wide_fan() {
    let mut d = document("neighbours \"Sample Trust\" --hops 1");
    for k in 0..6 {
        node(&mut d, &format!("p{k}"), "person", &format!("Person Number {k}"));
    }
    node(&mut d, "t", "arrangement", "Sample Trust");
    for (a, b) in [("p0", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", "p0"), ("p0", "p2"), ("p4", "p5")] {
        edge(&mut d, a, "associate_of", b, "");
    }
    edge(&mut d, "p0", "settlor_of", "t", "");
    edge(&mut d, "p1", "trustee_of", "t", "");
    edge(&mut d, "p2", "beneficiary_of", "t", "").status = Status::Disputed;
    for k in 0..30 {
        node(&mut d, &format!("f{k}"), "company", &format!("Fan Company {k}"));
        edge(&mut d, "t", "owns", &format!("f{k}"), "100");
    }
    for k in 0..12 {
        node(&mut d, &format!("alone{k}"), "company", &format!("Firm {k} without ties"));
    }
    let texts = draw("fan", &d);
    assert_eq!(texts.matches("owns 100 % [1]\n").count(), 2 * 30 + 30, "label, its title, the title of the line");
    assert!(texts.contains("disputed"));
}

#[test]
fn scripts_and_hostile_names() {
    let mut d = document("between \"<script>alert(1)</script>\" & 'others'");
    node(&mut d, "1", "person", "Константин Александрович Образцов");
    node(&mut d, "2", "company", "주식회사 한국예시무역 대표이사 홍길동");
    node(&mut d, "3", "company", "شركة المثال للتجارة والمقاولات العامة");
    node(&mut d, "4", "company", "北京市朝阳区示例国际贸易有限责任公司");
    node(&mut d, "5", "organization", "<b>\"A\" & 'B'</b>\u{0}\u{1b}\u{202e}");
    node(&mut d, "6", "legal_entity", &"Very long name of a firm ".repeat(40));
    node(&mut d, "7", "", "");
    node(&mut d, "8", "weapons_program", "ע\u{5b4}ברית");
    for (a, b) in [("1", "2"), ("1", "3"), ("2", "4"), ("3", "5"), ("3", "6"), ("1", "8")] {
        edge(&mut d, a, "owns", b, "50");
    }
    edge(&mut d, "1", "made_up_\u{7}<type>", "7", "");
    edge(&mut d, "2", "owns", "missing", "10");
    let mut named = RelationRecord::new(End::Name("Literal & Name".into()), "linked_to", End::Id(id("2")));
    named.status = Status::Inferred;
    d.edges.push(named);
    let texts = draw("scripts", &d);
    assert!(!texts.contains('\u{202e}') && texts.contains("UNRESOLVED NAME") && texts.contains("NOT IN THIS ANSWER"));
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert!(!picture.contains("<script") && !picture.contains("<b>") && picture.contains("direction=\"rtl\""));
}

#[test]
fn empty_and_too_large() {
    draw("empty", &Document::default());
    let mut d = document("x");
    for k in 0..30 {
        node(&mut d, &k.to_string(), "company", "Firm");
    }
    let e = svg(&d, &SvgOptions { max_nodes: 29, ..SvgOptions::default() }).unwrap_err();
    assert_eq!(e.kind(), crate::error::Kind::Usage);
    assert!(e.next_step().unwrap().contains("--limit"));
    let named = svg(&d, &SvgOptions { title: Some("A & B".into()), ..SvgOptions::default() }).unwrap();
    assert!(named.contains("A &amp; B"));
}

#[test]
fn tangled_and_large_graphs_are_drawn_in_bounded_time() {
    let begun = std::time::Instant::now();
    for (name, n, m) in [("tangle", 40usize, 60usize), ("large", 2_000, 8_000)] {
        let mut d = document(name);
        for k in 0..n {
            node(&mut d, &k.to_string(), ["company", "person", "vessel"][k % 3], &format!("Party {k} of many"));
        }
        let mut x = 12_345usize;
        let mut below = |n: usize| {
            x = (x * 1_103_515_245 + 12_345) % (1 << 31);
            x / 7 % n
        };
        for _ in 0..m {
            let kind = ["owns", "directs", "owns", "associate_of", "controls", "linked_to"][below(6)];
            let (a, b) = (below(n), below(n));
            edge(&mut d, &a.to_string(), kind, &b.to_string(), "");
        }
        let texts = draw(name, &d);
        assert!(texts.contains(&format!("Party {} of many", n - 1)));
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn a_partial_end_is_drawn_as_every_format_takes_it() {
    use super::super::{Options, target};
    for (end, over) in [("2024", false), ("2024-05", false), ("2024-03-01", true), ("2023", true)] {
        let mut d = document("show a");
        d.answer.as_mut().unwrap().as_of = Some("2024-05-15".into());
        node(&mut d, "a", "person", "Anna");
        node(&mut d, "b", "company", "Beta");
        list(&mut d, "a", Some(end));
        edge(&mut d, "a", "owns", "b", "60").end = PartialDate::parse(end).ok();
        let picture = svg(&d, &SvgOptions::default()).unwrap();
        assert_eq!(picture.contains("stroke-dasharray=\"8 5\""), over, "{end}");
        assert_eq!(picture.contains("was listed"), over, "{end}");
        assert_eq!(picture.contains(">not in force</text>"), over, "{end}");
        let other = |format: &str| {
            let e = (target(format).unwrap().write)(&d, &Options::default()).unwrap();
            String::from_utf8(e.artifacts[0].bytes.clone()).unwrap()
        };
        assert_eq!(other("dot").contains("dashed"), over, "{end}");
        assert_eq!(other("html").contains("(not in force)"), over, "{end}");
        assert_eq!(other("html").contains("not in force: ofac_sdn"), over, "{end}");
    }
    let mut d = document("show a");
    node(&mut d, "a", "person", "Anna");
    node(&mut d, "b", "company", "Beta");
    edge(&mut d, "a", "owns", "b", "60").start = PartialDate::parse("2024-01-02").ok();
    assert!(svg(&d, &SvgOptions::default()).unwrap().contains(">not in force</text>"), "not yet");
}

#[test]
fn a_party_has_one_name_in_all_formats() {
    use super::super::{Options, target, targets};
    let mut d = document("show a");
    node(&mut d, "a", "company", "");
    let fact =
        |status, to: &str, name: &str| Fact { status, to: PartialDate::parse(to).ok(), ..Fact::name(prop::NAME, name) };
    d.nodes[0].facts = vec![
        fact(Status::Asserted, "2020", "Elder Ltd"),
        fact(Status::Withdrawn, "", "Mistaken Ltd"),
        fact(Status::Asserted, "", "Younger Ltd"),
    ];
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert!(picture.contains("<title>Younger Ltd (company, x:a)"));
    let of = |format: &str| {
        let e = (target(format).unwrap().write)(&d, &Options::default()).unwrap();
        String::from_utf8(e.artifacts[0].bytes.clone()).unwrap()
    };
    assert!(of("html").contains("<th scope=\"row\"><bdi>Younger Ltd</bdi>"));
    assert!(of("dot").contains("label=\"Younger Ltd\""), "{}", of("dot"));
    assert!(
        of("node-link").contains("\"label\":\"Younger Ltd\"") || of("node-link").contains("\"label\": \"Younger Ltd\"")
    );
    assert!(targets().len() > 5);
    // One that has no name goes by its id, the same everywhere.
    d.nodes[0].facts.clear();
    d.nodes[0].id = Id::parse("x:ofac:1").unwrap();
    d.scope = Some("x".into());
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert!(picture.contains(">x:ofac:1</text>"), "{picture}");
}

#[test]
fn verdicts_of_a_trace_are_drawn() {
    let mut d = document("trace a");
    for (id, name) in [("a", "Anna"), ("b", "Beta"), ("c", "Gamma"), ("e", "Epsilon")] {
        node(&mut d, id, "company", name);
    }
    let row = |id: &str, verdict: &str, min: &str, max: &str, marks: &[&str]| serde_json::json!({"id": format!("x:{id}"), "regime": "eu", "verdict": verdict, "share": {"min": min, "max": max}, "marks": marks});
    d.answer.as_mut().unwrap().result = Some(serde_json::json!({"verdicts": [
        row("a", "blocked", "60", "60", &["blocked: 60 of more than 50"]), row("b", "indeterminate", "25", "75", &["cannot tell: 25 to 75"]),
        row("c", "indeterminate", "0", "0", &[]), row("e", "safe", "60", "60", &["safe"]),
    ]}));
    let picture = svg(&d, &SvgOptions::default()).unwrap();
    assert!(picture.contains(">blocked: eu 60 %</text>") && picture.contains(">blocked through others</text>"));
    assert!(picture.contains(">cannot tell: eu 25 to 75 %</text>"));
    assert_eq!(picture.matches("cannot tell: eu").count(), 2, "badge and title of one party");
    assert!(!picture.contains("safe"));
}
