use super::*;
use crate::model::{
    Citation, End, Fact, Id, Listing, PartialDate, PartyRecord, RelationRecord, Share, SourceInfo, prop,
};
use serde_json::json;
use std::path::Path;

fn id(t: &str) -> Id {
    Id::parse(t).unwrap()
}

fn cite(source: &str, locator: &str, quote: &str) -> Citation {
    Citation { source: source.into(), locator: locator.into(), quote: quote.into() }
}

fn page(doc: &Document) -> String {
    let options = Options { date: PartialDate::parse("2026-11-30").ok(), ..Options::default() };
    page_with(doc, &options)
}

fn page_with(doc: &Document, options: &Options) -> String {
    let export = write(doc, options).unwrap();
    assert_eq!(export, write(&doc.clone(), options).unwrap(), "same document, same bytes");
    let [one] = &export.artifacts[..] else { panic!("one file") };
    let html = String::from_utf8(one.bytes.clone()).unwrap();
    well_formed(&html);
    html
}

/// Elements nest, ids are unique, every link within the page leads somewhere, nothing runs and
/// nothing is fetched.
fn well_formed(html: &str) {
    const VOID: [&str; 3] = ["meta", "br", "link"];
    let (mut open, mut ids, mut targets) = (Vec::new(), std::collections::HashSet::new(), Vec::new());
    let mut rest = html.strip_prefix("<!doctype html>\n").unwrap();
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()), "at </{name}> before {:?}", &rest[..rest.len().min(80)]);
            continue;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap().to_owned();
        assert!(
            !["script", "iframe", "object", "embed", "link", "img", "base", "form"].contains(&name.as_str()),
            "{tag}"
        );
        let (mut attrs, mut left) = (Vec::new(), tag[name.len()..].trim_end_matches('/'));
        while let Some(eq) = left.find("=\"") {
            let close = left[eq + 2..].find('"').unwrap() + eq + 2;
            attrs.push((left[..eq].trim().to_owned(), left[eq + 2..close].to_owned()));
            left = &left[close + 1..];
        }
        assert_eq!(left.trim(), "", "<{tag}>");
        for (key, value) in attrs {
            assert!(!key.starts_with("on") && key != "src" && key != "srcset", "{tag}");
            match key.as_str() {
                "id" => assert!(ids.insert(value.clone()), "id {value} twice"),
                "href" => match value.strip_prefix('#') {
                    Some(t) => targets.push(t.to_owned()),
                    None => assert!(value.starts_with("http") && tag.contains("rel=\"noreferrer\""), "{tag}"),
                },
                "aria-labelledby" => targets.extend(value.split(' ').map(str::to_owned)),
                _ => {}
            }
        }
        let closed = tag.ends_with('/') || VOID.contains(&name.as_str());
        if name == "style" {
            let to = rest.find("</style>").unwrap();
            assert!(!rest[..to].contains("url(") && !rest[..to].contains("@import"));
            rest = &rest[to..];
        }
        if !closed {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    for t in targets {
        assert!(ids.contains(&t), "nothing has the id {t}");
    }
}

fn shipped(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    Document::read(&std::fs::read_to_string(path).unwrap(), None, name).unwrap().0
}

/// A network with everything that can go wrong in a page.
fn hostile() -> Document {
    let evil = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";
    let mut a = PartyRecord::new(id("x:a"), "person");
    a.facts.push(Fact { cites: vec![cite("report", "", "")], ..Fact::new(prop::NAME, evil) });
    a.facts.push(Fact { cites: vec![cite("rtl", "line 4", "")], ..Fact::new(prop::NAME, "\u{202e}moc.elpmaxe") });
    a.facts.push(Fact { cites: vec![cite("rtl", "line 4", "")], ..Fact::new(prop::ALIAS, "שלום") });
    a.facts.push(Fact { cites: vec![cite("report", "p. 1", "")], ..Fact::new(prop::BIRTH, "1958") });
    a.facts.push(Fact { cites: vec![cite("rtl", "line 5", "")], ..Fact::new(prop::BIRTH, "1961-03") });
    a.facts.push(Fact::new("website", "javascript:alert(1)"));
    a.facts.push(Fact::new(prop::COUNTRY, "QZ").kind("nationality"));
    a.listings.push(Listing {
        list: "ofac_sdn".into(),
        from: PartialDate::parse("2021-03-15").ok(),
        programs: vec!["FICTION".into()],
        cites: vec![cite("report", "entry 7", "is listed")],
        ..Listing::default()
    });
    let mut b = PartyRecord::new(id("x:b"), "company");
    b.facts.push(Fact::new(prop::NAME, "Beta"));
    let owns = |share: &str, source: &str| {
        let mut r = RelationRecord::new(End::Id(id("x:a")), "owns", End::Id(id("x:b")));
        r.share = Share::parse(share).ok();
        r.id = Some(id(&format!("x:{source}")));
        r.cites.push(cite(source, "§ 2", "holds a stake & more"));
        r
    };
    let mut named = RelationRecord::new(End::Name(evil.into()), "directs", End::Id(id("x:b")));
    named.role = evil.into();
    let sources = vec![
        SourceInfo {
            id: "report".into(),
            title: evil.into(),
            url: "https://report.example/a?b=\"c\"&d".into(),
            licence: "CC BY 4.0".into(),
            attribution: "(c) The Report".into(),
            ..SourceInfo::default()
        },
        SourceInfo { id: "rtl".into(), url: "javascript:alert(2)".into(), ..SourceInfo::default() },
    ];
    Document {
        sources,
        nodes: vec![a, b],
        edges: vec![owns("51", "report"), owns("25 to 50", "rtl"), named],
        ..Document::default()
    }
}

#[test]
fn whatever_sources_say_stays_text() {
    let html = page(&hostile());
    assert!(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    assert!(!html.contains("\u{202e}") && html.contains("[U+202E]"));
    assert!(html.contains("<bdi dir=\"rtl\">שלום</bdi>"));
    assert!(html.contains("href=\"https://report.example/a?b=&quot;c&quot;&amp;d\" rel=\"noreferrer\""));
    assert!(html.contains("javascript:alert(2)") && !html.contains("href=\"javascript"));
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
}

#[test]
fn facts_stand_there_with_their_citations() {
    let html = page(&hostile());
    assert!(html.contains("<strong class=\"listed\">LISTED: ofac_sdn</strong> from 2021-03-15; programmes: FICTION"));
    assert!(html.contains("<q><bdi>holds a stake &amp; more</bdi></q>") && html.contains("<bdi>§ 2</bdi>"));
    assert!(html.contains("<td>51 %</td>") && html.contains("<td>25 to 50 %</td>"));
    assert!(html.contains(">report.example</a>") && html.contains("CC BY 4.0") && html.contains("(c) The Report"));
    assert!(html.contains("<bdi>QZ</bdi> <small>(nationality)</small>"));
}

#[test]
fn contradictions_stand_side_by_side() {
    let html = page(&hostile());
    let from = html.find("<h2 id=\"differences\">").unwrap();
    let section = &html[from..html[from..].find("</section>").unwrap() + from];
    assert_eq!(section.matches("<tr>").count(), 3, "name, birth and the share: {section}");
    let birth = section.split("<tr>").find(|r| r.contains(": birth</th>")).unwrap();
    assert!(birth.contains("1958") && birth.contains("1961-03") && birth.contains("p. 1") && birth.contains("line 5"));
    let share = section.split("<tr>").find(|r| r.contains("51 %")).unwrap();
    assert!(share.contains("25 to 50 %") && share.contains("#r1") && share.contains("#r2"));
    // What agrees is no contradiction, and what followed one another neither.
    let mut agreed = hostile();
    agreed.nodes[0].facts.retain(|f| f.prop != prop::BIRTH && f.prop != prop::NAME);
    agreed.edges[0].end = PartialDate::parse("2020").ok();
    agreed.edges[1].start = PartialDate::parse("2020-06").ok();
    assert!(page(&agreed).contains("id=\"differences\""), "these may overlap in 2020");
    agreed.edges[1].start = PartialDate::parse("2020-01-01").ok();
    agreed.edges[0].end = PartialDate::parse("2020-01-01").ok();
    assert!(!page(&agreed).contains("id=\"differences\""));
}

#[test]
fn verdicts_are_told_with_their_arithmetic() {
    let mut doc = hostile();
    doc.nodes.extend(["x:c", "x:d"].map(|n| PartyRecord::new(id(n), "company")));
    let told = json!({
        "title": "The <b>rule</b>",
        "rule": "ofac-2014",
        "ground": {"rule": "ofac-2014", "citation": "FAQ 401", "notes": ["a note"], "lists": [], "documents_only": true, "missing_lists": ["x"],
            "lines": ["The <b>rule</b>: rule ofac-2014 (FAQ 401)", "ofac: a note", "ofac: only documents were asked"]},
        "verdicts": {
            "x:a": {"verdict": "listed", "share": {"min": "0", "max": "0"}, "wording": "Is listed.", "arithmetic": ["on a list itself"], "terms": []},
            "x:b": {"verdict": "indeterminate", "share": {"min": "25", "max": "51", "min_excluded": true}, "wording": "Cannot tell.",
                "arithmetic": ["51 held by <i>A</i>: counts", "at least: 25"], "missing": ["x:rtl"], "marks": ["cannot tell: 25 to 51"], "terms": [{}]},
            "x:nobody": {"verdict": "blocked"},
            "x:c": {"verdict": "not_blocked", "share": {"min": "0", "max": "0"}},
            "x:d": {"verdict": "safe", "share": {"min": "0", "max": "0"}},
        },
        "proof": {"id": "x:b", "nodes": ["x:a"], "edges": [], "text": ["Beta: cannot tell", "  <u>because</u>"]},
    });
    let result = Some(json!({"regimes": {"ofac": told}}));
    doc.answer = Some(Answer {
        query: "tree x:b".into(),
        as_of: Some("2024-01-01".into()),
        truncated: true,
        result,
        ..Answer::default()
    });
    let html = page(&doc);
    assert!(html.contains("<th scope=\"col\">The &lt;b&gt;rule&lt;/b&gt;</th>"));
    assert!(html.contains("<td class=\"doubt\">cannot tell, more than 25 to 51 %</td>"));
    assert!(html.contains("<td class=\"blocked\">listed</td>"));
    assert!(html.contains("<li>51 held by &lt;i&gt;A&lt;/i&gt;: counts</li><li>at least: 25</li>"));
    assert!(html.contains("would have to be known: <code>x:rtl</code>") && html.contains("&lt;u&gt;because&lt;/u&gt;"));
    assert!(html.contains("<p>The &lt;b&gt;rule&lt;/b&gt;: rule ofac-2014 (FAQ 401)</p>\n<ul><li>ofac: a note</li>"));
    assert!(html.contains("<li>ofac: only documents were asked</li>") && !html.contains("searched"));
    // Only our own words stand there, and none of them says more than the record does.
    assert!(
        html.contains("<td>not blocked on the record, 0 %</td>") && html.contains("<td class=\"doubt\">not known</td>")
    );
    assert!(!html.contains(">safe"));
    assert!(html.contains("<strong>Incomplete:</strong>") && !html.contains("x:nobody"));
    // The picture marks what the verdicts say, in words and by its frame.
    assert!(html.contains("cannot tell: ofac more than 25 to 51 %") && html.contains("cannot tell whether blocked"));
    // The rows of `trace` are told, too.
    let rows =
        json!({"verdicts": [{"id": "x:b", "regime": "eu", "verdict": "blocked", "share": {"min": "60", "max": "60"}}]});
    doc.answer.as_mut().unwrap().result = Some(rows);
    assert!(page(&doc).contains("<td>eu</td><td class=\"blocked\">blocked, 60 %</td>"));
    // Nonsense in a result that somebody sent breaks nothing.
    for odd in [
        json!({"regimes": 5}),
        json!({"regimes": {"a": [1]}}),
        json!({"verdicts": [1, {}]}),
        json!([]),
        json!({"regimes": {"a": {"verdicts": {"x:b": 4}, "proof": {"text": [1]}}}}),
    ] {
        doc.answer.as_mut().unwrap().result = Some(odd);
        page(&doc);
    }
}

#[test]
fn the_shipped_networks_are_whole_pages() {
    for name in ["seed.json", "holding.json"] {
        let doc = shipped(name);
        let html = page(&doc);
        assert_eq!(html.matches("<tr id=\"p").count(), doc.nodes.len());
        assert_eq!(html.matches("<tr id=\"r").count(), doc.edges.len());
        assert_eq!(html.matches("<tr id=\"s").count(), doc.sources.len());
        assert_eq!(html.matches("<svg").count(), 1);
    }
}

#[test]
fn the_page_of_the_seed_is_as_it_was() {
    let html = page(&shipped("seed.json"));
    // The picture has its own tests; here are the words of the page.
    let (before, rest) = html.split_once("<svg").unwrap();
    let after = rest.split_once("</svg>").unwrap().1;
    let mut words = String::new();
    let mut inside = false;
    for c in format!("{before}{after}").chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                if !words.ends_with(['\n', ' ']) {
                    words.push(' ');
                }
            }
            c if !inside => words.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    let text: String = words.chunks(16).map(|l| l.join(" ") + "\n").collect();
    let from = text.find("What was asked").unwrap();
    insta::assert_snapshot!(&text[from..]);
}

#[test]
fn what_is_too_much_is_said() {
    let mut doc = Document::default();
    assert!(page(&doc).contains("There is nothing to draw."));
    for i in 0..=DRAWN.0 {
        let mut p = PartyRecord::new(Id::new("x", &i.to_string()).unwrap(), "person");
        p.facts.push(Fact::new(prop::NAME, format!("Person {i}")));
        doc.nodes.push(p);
    }
    let html = String::from_utf8(write(&doc, &Options::default()).unwrap().artifacts.remove(0).bytes).unwrap();
    assert!(html.contains("5001 parties and 0 relations are too many for one picture") && !html.contains("<svg"));
    assert!(html.contains("Person 5000"));
    for i in DRAWN.0 + 1..=MOST.0 {
        doc.nodes.push(PartyRecord::new(Id::new("x", &i.to_string()).unwrap(), "person"));
    }
    let e = write(&doc, &Options::default()).unwrap_err();
    assert!(e.message().contains("20001 parties are too many for one page"));
}

#[test]
fn given_places_and_titles_are_heeded() {
    let positions = [("x:a".to_owned(), (0.0, 0.0)), ("x:b".to_owned(), (300.0, 200.0))].into();
    let options = Options { title: Some("Who owns <Beta>?".into()), positions: Some(positions), ..Options::default() };
    let html = page_with(&hostile(), &options);
    assert!(html.contains("<title>Who owns &lt;Beta&gt;?</title>") && html.contains("<h1>Who owns &lt;Beta&gt;?</h1>"));
    assert!(html.contains("Chart as arranged by hand"));
}

#[test]
fn lists_are_searched_or_not_but_not_both() {
    use crate::graph::{Filter, View};
    use crate::ownership::{Changes, Conventions, Judge, Regimes};
    let (before, after) = ("2020-01-01", "2023-01-01");
    let g = crate::query::testing::graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [{"id": "a", "type": "person", "name": "A"}]}"#,
    );
    let view = View::new(&g, Filter::default()).unwrap();
    let regime = Regimes::builtin().get("eu").unwrap();
    let use_of = |day: &str| crate::ownership::ListUse {
        list: "eu_fsf".into(),
        source: "eu_fsf".into(),
        first: PartialDate::parse(day).unwrap(),
        release: PartialDate::parse(day).unwrap(),
    };
    let on = PartialDate::parse("2021-01-01").unwrap();
    let mut judge = Judge::new(&view, Regimes::builtin(), on, Conventions::default(), Changes::default()).unwrap();
    let mut ground = judge.verdicts(&[regime], &[g.nodes().next().unwrap()]).unwrap().grounds.remove(0);
    for (first, missing) in [(before, false), (after, true)] {
        ground.coverage.documents_only = false;
        ground.coverage.used = vec![use_of(first)];
        ground.coverage.missing = if missing { vec!["eu_fsf".into()] } else { Vec::new() };
        let mut doc = hostile();
        let told = json!({"title": "EU", "rule": "eu", "ground": ground.json(on), "verdicts": {}});
        let result = Some(json!({"regimes": {"eu": told}}));
        doc.answer = Some(Answer { query: "tree x:b".into(), result, ..Answer::default() });
        let html = page(&doc);
        assert_eq!(html.contains("searched eu_fsf from eu_fsf"), !missing, "{first}");
        assert_eq!(html.contains("the day lies before the first release of eu_fsf"), missing, "{first}");
        assert!(!html.contains("not searched"));
    }
}
