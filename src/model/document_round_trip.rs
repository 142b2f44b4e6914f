//! Property test: what is written is read, and nothing that is cut or flipped panics.

use super::document_read::sort_facts;
use super::{Act, Citation, Direct, Document, End, Fact, Id, Listing, PartialDate, PartyRecord, Percent};
use super::{RelationRecord, Share, SourceInfo, Status, prop};
use proptest::prelude::{Just, ProptestConfig, Strategy, TestCaseError, any};
use proptest::{collection, option, sample};
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};
use std::collections::HashMap;

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9Яé:\"\\\\ #>.-]{1,12}".prop_filter("blank", |t| !t.trim().is_empty())
}

fn date() -> impl Strategy<Value = PartialDate> {
    (1900u32..2030, 0u32..13, 0u32..29)
        .prop_map(|(y, m, d)| PartialDate::new(y, m, if m == 0 { 0 } else { d }).unwrap())
}

fn cites() -> impl Strategy<Value = Vec<Citation>> {
    let one = (text(), prop_oneof![Just(String::new()), text()], prop_oneof![Just(String::new()), text()]);
    collection::vec(one.prop_map(|(source, locator, quote)| Citation { source, locator, quote }), 0..3)
}

fn fact() -> impl Strategy<Value = Fact> {
    let props = prop_oneof![
        Just("name"),
        Just("alias"),
        Just("weak_alias"),
        Just("former_name"),
        Just("country"),
        Just("identifier"),
        Just("address"),
        Just("program"),
        Just("birth"),
        Just("note"),
        Just("sector"),
        Just("aliases")
    ];
    let status = sample::select(Status::ALL.to_vec());
    let open = (any::<bool>(), any::<bool>(), any::<bool>());
    (props, text(), text(), status, option::of(date()), cites(), open).prop_map(
        |(p, value, extra, status, day, cites, (kind, lang, raw))| {
            let mut f = Fact::name(p, if p == "birth" { "circa 1950 to 1951-02".into() } else { value });
            if !prop::NAMES.contains(&p) {
                f.script = String::new();
            }
            let some = |yes: bool| if yes { extra.clone() } else { String::new() };
            (f.kind, f.lang, f.raw) = (some(kind), some(lang), some(raw));
            (f.status, f.from, f.to, f.cites) = (status, day, day, cites);
            f
        },
    )
}

fn node() -> impl Strategy<Value = PartyRecord> {
    let listing = (option::of(date()), collection::vec(text(), 0..2), cites()).prop_map(|(day, t, cites)| Listing {
        list: "eu_fsf".into(),
        from: day,
        to: day,
        programs: t.clone(),
        basis: t.clone(),
        measures: t,
        cites,
    });
    let facts = collection::vec(fact(), 0..6);
    (sample::select(vec!["person", "company"]), facts, collection::vec(listing, 0..2), cites()).prop_map(
        |(t, mut facts, listings, cites)| {
            sort_facts(&mut facts);
            PartyRecord { id: Id::new("x", "0").unwrap(), node_type: t.into(), facts, listings, cites }
        },
    )
}

fn share() -> impl Strategy<Value = Option<Share>> {
    option::of((0u64..=700, 0u64..=700, any::<bool>(), any::<bool>()).prop_map(|(a, b, open_min, open_max)| {
        let (min, max) = (Percent::new(a.min(b), 7).unwrap(), Percent::new(a.max(b), 7).unwrap());
        Share::interval(min, open_min && min < max, max, open_max && min < max).unwrap()
    }))
}

type Ends = (usize, usize, bool);

fn edge() -> impl Strategy<Value = (Ends, RelationRecord)> {
    let words =
        (sample::select(Status::ALL.to_vec()), sample::select(Act::ALL.to_vec()), sample::select(Direct::ALL.to_vec()));
    let labels = (prop_oneof![Just(String::new()), "[a-z]{1,3}"], prop_oneof![Just(String::new()), text()]);
    (
        (0usize..20, 0usize..20, proptest::bool::weighted(0.1)),
        (share(), words, labels, option::of(date())),
        (collection::vec(fact(), 0..3), cites(), any::<bool>()),
    )
        .prop_map(|(ends, (share, (status, act, direct), (stake, role), day), (mut facts, cites, own_id))| {
            let nobody = End::Name(role.clone() + "x");
            let mut e = RelationRecord::new(nobody.clone(), "owns", nobody);
            facts.retain(|f| f.prop != "name");
            sort_facts(&mut facts);
            (e.share, e.status, e.act, e.direct, e.stake, e.role) = (share, status, act, direct, stake, role);
            (e.start, e.facts, e.cites) = (day, facts, cites);
            e.joint = e.stake.clone();
            e.id = own_id.then(|| Id::new("x", "own").unwrap());
            (ends, e)
        })
}

fn document() -> impl Strategy<Value = Document> {
    let parts = (collection::vec(node(), 1..8), collection::vec(edge(), 0..10), text());
    (parts, any::<bool>(), option::of(date())).prop_map(|((mut nodes, edges, tail), scoped, day)| {
        for (i, n) in nodes.iter_mut().enumerate() {
            n.id = Id::new(if i % 2 == 0 { "x" } else { "y" }, &format!("{i}{tail}e")).unwrap();
        }
        let mut next: HashMap<String, u32> = HashMap::new();
        let mut all = Vec::new();
        for (i, ((s, t, foreign), mut e)) in edges.into_iter().enumerate() {
            e.source = End::Id(nodes[s % nodes.len()].id.clone());
            if !foreign {
                e.target = End::Id(nodes[t % nodes.len()].id.clone());
            }
            match e.id {
                Some(_) => e.id = Some(Id::new("x", &format!("e{i}")).unwrap()),
                None => {
                    let n = next.entry(e.external_id()).or_insert(0);
                    e.ordinal = *n;
                    *n += 1;
                }
            }
            all.push(e);
        }
        Document {
            scope: scoped.then(|| "x".to_owned()),
            released: day.map(PartialDate::first_day),
            sources: vec![SourceInfo { id: tail.clone(), title: tail, ..SourceInfo::default() }],
            nodes,
            edges: all,
            options: [("treasury".to_owned(), "exclude".into())].into(),
            ..Document::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_is_written_is_read(doc in document()) {
        let mut bytes = Vec::new();
        doc.write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (back, _) = Document::read(&text, None, "t").map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(&back, &doc, "{}", text);
    }

    #[test]
    fn no_cut_and_no_flip_panics(doc in document(), at in any::<sample::Index>(), byte in 32u8..127) {
        let mut bytes = Vec::new();
        doc.write(&mut bytes).unwrap();
        // The last byte is a newline, without which the document is still whole.
        let i = at.index(bytes.len() - 1);
        let cut = String::from_utf8_lossy(bytes.get(..i).unwrap()).into_owned();
        prop_assert!(Document::read(&cut, None, "t").is_err());
        bytes[i] = byte;
        let _ = Document::read(&String::from_utf8_lossy(&bytes), None, "t");
    }
}
