//! Fictional files of both forms, files that must be refused, and the real archive.

use super::*;
use crate::import::sink::testing::{Got, real, run};
use crate::model::{Direct, End, PartyRecord, RelationRecord, prop};
use std::io::{Read, Write};

const ENTITIES: &str = "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,internal_id,incorporation_date,inactivation_date,status,ibcRUC,country_codes,countries,sourceID,valid_until,note\n\
    10,Kelp Trading Ltd,KELP TRADING LIMITED,Weed Ltd,XAA,Arcadia,Standard,\"1 Quay; Port Quellen\",77,23-MAR-2006,18/19/2015,Active,123,XAR;XBR,Arcadia;Borduria;Arcadia,Glass Papers,through 2015,Closed date stands for nothing.\n\
    11,Sand Ltd,Sand Ltd,,XBB,,,,,,,,,,,Glass Papers - Borduria register,,\n";
const OFFICERS: &str = "node_id,name,countries,country_codes,sourceID,valid_until,note\n\
    20,\"Oduya, Marek\",Arcadia,XAR,Glass Papers,,\n\
    21,THE BEARER,,,,,\n\
    22,,,,Glass Papers,,\n";
const ADDRESSES: &str = "node_id,address,name,countries,country_codes,sourceID,valid_until,note\n\
    30,\"1 Quay; Port Quellen\",,Arcadia,XAR,Glass Papers,,\n\
    31,2 Quay,Harbour House,,,Glass Papers,,\n";
const INTERMEDIARIES: &str = "node_id,name,status,internal_id,address,countries,country_codes,sourceID,valid_until,note\n\
    40,Mole & Partners,ACTIVE,5,3 Quay,,,Glass Papers,,\n";
const OTHERS: &str = "node_id,name,type,incorporation_date,closed_date,jurisdiction,sourceID,valid_until,note\n\
    50,Reef LLC,LIMITED LIABILITY COMPANY,\"Sep 25, 2012\",2013-01-02,XAA,Glass Papers,,\n";
const RELATIONS: &str = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n\
    20,10,officer_of,shareholder of,,24-AUG-2010,03/05/2012,Glass Papers\n\
    20,10,officer_of,shareholder of,,30-AUG-2012,,Glass Papers\n\
    20,10,officer_of,shareholder of,,30-AUG-2012,,Glass Papers\n\
    20,10,officer_of,\"owner, director and shareholder of\",,,,Glass Papers\n\
    21,10,officer_of,nominee director of,Resigned,,,\n\
    21,10,officer_of,gardener of,,,,\n\
    21,11,officer_of,,,,,\n\
    40,10,intermediary_of,intermediary of,,,,Glass Papers\n\
    10,30,registered_address,registered address,,,,Glass Papers\n\
    20,21,same_name_as,same name as,,,,\n\
    10,50,underlying,underlying,,,,\n\
    20,99,twin_of,twin of,,2012-01-01,2011-01-01,\n\
    20,,officer_of,director of,,,,\n";

fn database<'a>() -> Vec<(&'a str, &'a [u8])> {
    vec![
        ("relationships.csv", RELATIONS.as_bytes()),
        ("nodes-entities.csv", ENTITIES.as_bytes()),
        ("nodes-officers.csv", OFFICERS.as_bytes()),
        ("nodes-addresses.csv", ADDRESSES.as_bytes()),
        ("nodes-intermediaries.csv", INTERMEDIARIES.as_bytes()),
        ("nodes-others.csv", OTHERS.as_bytes()),
    ]
}

const CUT_NODES: &str = ",active,color,data.categories.0,data.properties.client_name,data.properties.file_number,data.properties.former_name,data.properties.jurisdiction,data.properties.name,data.properties.numbershares,data.properties.registrationDate,data.properties.transferdate,data.statistics.digest.0.edgeType,data.statistics.digest.0.nodeCategories.0,data.statistics.digest.0.nodes,data.statistics.edgeCount,data.statistics.hiddenEdgeCount,glyphs.0.content,id,label,x,y\n\
    0,True,#111111,Company,,8899,Old Foam,XAV,FOAM S.A.,,30-SEP-2011,,registered,Client,1.0,3,1,x,1,FOAM S.A.,1.5,2\n\
    1,,#222222,Officer,,,,,Marek Oduya,\"5,000\",,17-08-2012,,,,2,0,,2,Marek Oduya,3,4\n\
    2,,#333333,Client,MOLE & PARTNERS,,,,MOLE & PARTNERS,,,,,,,9,9,,3,MOLE & PARTNERS,5,6\n\
    3,,#444444,Address,,,,,1 Quay<br/>Port Quellen,,,,,,,1,0,,4,1 Quay<br/>Port Quellen,7,8\n\
    4,,#444444,Ghost,,,,,,,,,,,,,,,5,Somebody,7,8\n";
const CUT_EDGES: &str = ",cc.y,data.properties.date_end,data.properties.date_start,data.properties.name,data.properties.simil,data.type,id,label,size,source,target\n\
    0,,02/11/2008,03/05/2007,Shareholder,,is officer of,70,Shareholder,1,2,1\n\
    1,,,,Power of Attorney / Shareholder,,is officer of,71,is officer of,1,2,1\n\
    2,2.0,,,,,registered,72,registered,1,3,1\n\
    3,,,,,,registered address,73,registered address,1,2,4\n\
    4,,,,,1.0,has similar name and address as,74,has similar name and address as,1,2,5\n\
    5,,,,Beneficiay,,is officer of,75,Beneficiay,1,2,6\n";

fn cut<'a>() -> Vec<(&'a str, &'a [u8])> {
    vec![("a-edges.csv", CUT_EDGES.as_bytes()), ("a-nodes.csv", CUT_NODES.as_bytes())]
}

fn got(files: &[(&str, &[u8])]) -> Got {
    run(import, files, &Options::default()).unwrap()
}

fn parties(g: &Got) -> Vec<&PartyRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None }).collect()
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Relation(p) = r { Some(p) } else { None }).collect()
}

fn party(p: &PartyRecord) -> String {
    let facts: Vec<String> = p
        .facts
        .iter()
        .map(|f| {
            let more: String = [&f.kind, &f.raw].iter().filter(|t| !t.is_empty()).map(|t| format!(" ({t})")).collect();
            format!("{}={}{more}", f.prop, f.value)
        })
        .collect();
    format!("{} {}: {}", p.id, p.node_type, facts.join(" | "))
}

fn brief(r: &RelationRecord) -> String {
    let date = |d: Option<PartialDate>| d.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let end = |e: &End| match e {
        End::Id(id) => id.local().to_owned(),
        End::Name(n) => panic!("{n}"),
    };
    let facts: Vec<String> = r.facts.iter().map(|f| format!("{}={}", f.prop, f.value)).collect();
    format!(
        "{} {} {}#{} {} {} [{}] {}",
        end(&r.source),
        r.edge_type,
        end(&r.target),
        r.ordinal,
        date(r.start),
        date(r.end),
        r.role,
        facts.join(" | ")
    )
}

fn count(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

#[test]
fn the_database() {
    let g = got(&database());
    assert_eq!(
        parties(&g).iter().map(|p| party(p)).collect::<Vec<_>>(),
        [
            "icij:10 legal_entity: category=Entity | name=Kelp Trading Ltd | alias=KELP TRADING LIMITED (original_name) | former_name=Weed Ltd | \
             jurisdiction=XAA | country=Arcadia (jurisdiction) | company_type=Standard | address=1 Quay; Port Quellen | identifier=77 (internal_id) | \
             incorporation_date=2006-03-23 (23-MAR-2006) | inactivation_date=18/19/2015 | status=Active | identifier=123 (ibcRUC) | \
             country_code=XAR (linked) | country_code=XBR (linked) | country=Arcadia (linked) | country=Borduria (linked) | \
             investigation=Glass Papers | valid_until=through 2015 | note=Closed date stands for nothing.",
            "icij:11 legal_entity: category=Entity | name=Sand Ltd | country=XBB (jurisdiction) | investigation=Glass Papers - Borduria register",
            "icij:20 thing: category=Officer | name=Oduya, Marek | country=Arcadia (linked) | country_code=XAR (linked) | investigation=Glass Papers",
            "icij:21 thing: category=Officer | name=THE BEARER",
            "icij:22 thing: category=Officer | investigation=Glass Papers",
            "icij:30 address: category=Address | name=1 Quay; Port Quellen (address) | country=Arcadia (linked) | country_code=XAR (linked) | investigation=Glass Papers",
            "icij:31 address: category=Address | name=Harbour House | address=2 Quay | investigation=Glass Papers",
            "icij:40 thing: category=Intermediary | name=Mole & Partners | status=ACTIVE | identifier=5 (internal_id) | address=3 Quay | investigation=Glass Papers",
            "icij:50 legal_entity: category=Other | name=Reef LLC | type=LIMITED LIABILITY COMPANY | incorporation_date=2012-09-25 (Sep 25, 2012) | \
             closed_date=2013-01-02 | country=XAA (jurisdiction) | investigation=Glass Papers",
        ]
    );
    assert_eq!(
        relations(&g).iter().map(|r| brief(r)).collect::<Vec<_>>(),
        [
            "20 owns 10#0 2010-08-24 2012-05-03 [shareholder of] source_label=officer_of | end_date=03/05/2012 | investigation=Glass Papers",
            "20 owns 10#1 2012-08-30 - [shareholder of] source_label=officer_of | investigation=Glass Papers",
            "20 owns 10#2 - - [owner, director and shareholder of] source_label=officer_of | investigation=Glass Papers",
            "20 directs 10#0 - - [owner, director and shareholder of] source_label=officer_of | investigation=Glass Papers",
            "21 nominee_for 10#0 - - [nominee director of] source_label=officer_of | status=Resigned | former=true | nominee_role=director",
            "21 linked_to 10#0 - - [gardener of] source_label=officer_of",
            "21 linked_to 11#0 - - [] source_label=officer_of",
            "40 intermediary_of 10#0 - - [intermediary of] source_label=intermediary_of | investigation=Glass Papers",
            "10 has_address 30#0 - - [registered address] source_label=registered_address | investigation=Glass Papers",
            "20 possibly_same_as 21#0 - - [same name as] source_label=same_name_as",
            "10 connected_with 50#0 - - [underlying] source_label=underlying",
            "20 linked_to 99#0 - - [twin of] source_label=twin_of | start_date=2012-01-01 | end_date=2011-01-01",
        ]
    );
    assert!(relations(&g).iter().all(|r| r.share.is_none() && r.id.is_none()));
    // Sameness is a suggestion: no decision is among the records.
    assert!(g.records.iter().all(|(_, r)| !matches!(r, Record::Decision(_))));
    let sources: Vec<&SourceInfo> =
        g.records.iter().filter_map(|(_, r)| if let Record::Source(s) = r { Some(s) } else { None }).collect();
    assert_eq!(
        sources.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(),
        ["icij_glass_papers", "icij_glass_papers_borduria_register"]
    );
    assert!(sources.iter().all(|s| s.licence.contains("ODbL") && s.attribution.contains("wrongdoing")));
    let cite = |c: &[Citation]| c.iter().map(|c| format!("{} {}", c.source, c.locator)).collect::<Vec<_>>();
    assert_eq!(cite(&parties(&g)[0].cites), ["icij_glass_papers 10"]);
    assert_eq!(cite(&relations(&g)[0].cites), ["icij_glass_papers 20 officer_of 10"]);
    assert!(parties(&g)[3].cites.is_empty());
    for (what, n) in [
        ("files", 6),
        ("node_rows", 9),
        ("distinct_node_ids", 9),
        ("nodes_by_category/Officer", 3),
        ("nodes without a name", 1),
        ("edge_rows", 13),
        ("relations", 12),
        ("repeated_edge_rows", 1),
        ("edge_rows_with_missing_endpoint", 1),
        ("edges_by_type/officer_of", 8),
        ("edge_labels/shareholder of", 3),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    assert_eq!(count(&g, "role that is not known"), 2);
    for reason in ["relation of unknown type", "date not understood", "ends before it starts"] {
        assert_eq!(count(&g, reason), 1, "{reason}");
    }
    assert_eq!(g.report.skipped["relation without one of its ends"].count, 1);
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.mode, d.stated), ("icij", Mode::Full, None));
    assert_eq!(d.parts, ["addresses", "entities", "intermediaries", "officers", "others", "relationships"]);
    assert!(d.info.licence.contains("ODbL") && d.info.attribution.contains("does not suggest"));
}

#[test]
fn older_files_and_other_names() {
    let edges = "START_ID,TYPE,END_ID,link,start_date,end_date,sourceID,valid_until\n20,officer_of,10,director of,,,Glass Papers,2015\n";
    let bare = "node_1,rel_type,node_2\n20,officer of,10\n";
    let g = got(&[("glass_papers.edges.csv", edges.as_bytes()), ("all_edges.csv", bare.as_bytes())]);
    assert_eq!(
        relations(&g).iter().map(|r| brief(r)).collect::<Vec<_>>(),
        [
            "20 directs 10#0 - - [director of] source_label=officer_of | investigation=Glass Papers | valid_until=2015",
            "20 linked_to 10#0 - - [] source_label=officer of",
        ]
    );
    // No nodes: nothing is said of ends, and nothing can end.
    assert_eq!((g.report.get("edge_rows_with_missing_endpoint"), g.draft.mode), (0, Mode::Additive));
    let full = Options { full: true, source: Some("mine".to_owned()), ..Options::default() };
    let d = run(import, &[("all_edges.csv", bare.as_bytes())], &full).unwrap().draft;
    assert_eq!((d.mode, d.source.as_str(), d.info.id.as_str()), (Mode::Full, "mine", "mine"));
    // Without a telling name the columns tell.
    for (text, part) in [
        (ENTITIES, "entities"),
        (OFFICERS, "officers"),
        (ADDRESSES, "addresses"),
        (INTERMEDIARIES, "intermediaries"),
        (OTHERS, "others"),
    ] {
        let g = got(&[("1.csv", text.as_bytes())]);
        assert_eq!((g.draft.parts[0].as_str(), g.draft.mode), (part, Mode::Additive));
    }
    // What else an archive holds is skipped; its name may say when it was made.
    let mut all = database();
    all.push(("GENERATED_ON_20220503", b""));
    all.push(("README.txt", b"Please cite."));
    let g = got(&all);
    assert_eq!((g.draft.stated.unwrap().to_string(), g.draft.mode), ("2022-05-03".into(), Mode::Full));
    assert_eq!((g.report.skipped["file that holds no nodes or relations"].count, g.report.get("files")), (2, 6));
}

#[test]
fn a_cut_from_a_graph_viewer() {
    let g = got(&cut());
    assert_eq!(
        parties(&g).iter().map(|p| party(p)).collect::<Vec<_>>(),
        [
            "icij.linkurious:1 company: category=Company | name=FOAM S.A. | identifier=8899 (file_number) | former_name=Old Foam | \
             country=XAV (jurisdiction) | registration_date=2011-09-30 (30-SEP-2011) | statistics_edge_count=3 | lines_in_database=edge_type registered, node_categories Client, nodes 1.0",
            "icij.linkurious:2 thing: category=Officer | name=Marek Oduya | numbershares=5,000 | transferdate=2012-08-17 (17-08-2012) | statistics_edge_count=2",
            "icij.linkurious:3 thing: category=Client | name=MOLE & PARTNERS | statistics_edge_count=9",
            "icij.linkurious:4 address: category=Address | name=1 Quay, Port Quellen (1 Quay<br/>Port Quellen) | statistics_edge_count=1",
            "icij.linkurious:5 thing: category=Ghost | name=Somebody (label)",
        ]
    );
    assert_eq!(
        relations(&g).iter().map(|r| format!("{} {}", r.id.as_ref().unwrap(), brief(r))).collect::<Vec<_>>(),
        [
            "icij.linkurious:edge-70 2 owns 1#0 2007-05-03 2008-11-02 [Shareholder] source_label=is officer of | start_date=03/05/2007 | end_date=02/11/2008",
            "icij.linkurious:edge-71/1 2 acts_for 1#0 - - [Power of Attorney / Shareholder] source_label=is officer of",
            "icij.linkurious:edge-71/2 2 owns 1#0 - - [Power of Attorney / Shareholder] source_label=is officer of",
            "icij.linkurious:edge-72 3 intermediary_of 1#0 - - [] source_label=registered",
            "icij.linkurious:edge-73 2 has_address 4#0 - - [] source_label=registered address",
            "icij.linkurious:edge-74 2 possibly_same_as 5#0 - - [] source_label=has similar name and address as | simil=1.0",
            "icij.linkurious:edge-75 2 beneficiary_of 6#0 - - [Beneficiay] source_label=is officer of",
        ]
    );
    assert_eq!((g.draft.source.as_str(), g.draft.mode), ("icij_linkurious", Mode::Additive));
    assert_eq!(g.draft.parts, ["nodes", "relationships"]);
    assert_eq!((count(&g, "category that is not known"), g.report.get("columns of the drawing, not kept")), (1, 10));
    assert_eq!(g.report.get("edge_rows_with_missing_endpoint"), 1);
    // The same nodes and lines in a second cut say nothing new; another word on a node does.
    let redrawn = CUT_NODES.replace("#111111", "#999999").replace(",3,1,x,1,FOAM", ",3,2,y,1,FOAM");
    let other = redrawn.replace("5,000", "6,000");
    let g = got(&[
        ("a-nodes.csv", CUT_NODES.as_bytes()),
        ("b-nodes.csv", other.as_bytes()),
        ("a-edges.csv", CUT_EDGES.as_bytes()),
        ("b-edges.csv", CUT_EDGES.as_bytes()),
    ]);
    assert_eq!(
        (g.report.get("node_rows"), g.report.get("distinct_node_ids"), g.report.get("repeated_node_rows")),
        (10, 5, 4)
    );
    assert_eq!((count(&g, "node id that occurs twice with different content"), parties(&g).len()), (1, 6));
    assert_eq!(g.report.get("repeated_edge_rows"), 7);
}

#[test]
fn long_cells_cost_no_more_than_their_length() {
    let many = (0..100_000).map(|n| n.to_string()).collect::<Vec<_>>().join(";");
    let g = got(&[("nodes-officers.csv", format!("node_id,name,countries,sourceID\n1,x,{many},{many}\n").as_bytes())]);
    let p = parties(&g)[0];
    assert_eq!((p.values(prop::COUNTRY).count(), p.values("investigation").count(), p.cites.len()), (1, 1, 0));
    let rows: String = (0..400).map(|n| format!("1,2,kind {n},{}\n", "x".repeat(300))).collect();
    let g = got(&[("relationships.csv", format!("node_id_start,node_id_end,rel_type,link\n{rows}").as_bytes())]);
    assert_eq!((g.report.get("edges_by_type/(further ones)"), g.report.get("edge_labels/(long ones)")), (100, 400));
    assert!(relations(&g).iter().enumerate().all(|(n, r)| r.ordinal == n as u32));
}

#[test]
fn shares_held_through_others_are_summaries() {
    let text = "node_id_start,node_id_end,rel_type,link\n1,2,officer_of,Shareholder (through Julep Foundation)\n1,2,officer_of,Former Director\n,,,\n";
    let g = got(&[("relationships.csv", text.as_bytes())]);
    let r = relations(&g);
    assert_eq!((r[0].edge_type.as_str(), r[0].direct), ("owns", Direct::Indirect));
    assert_eq!((r[1].value(prop::FORMER), r[1].direct), (Some("true"), Direct::Direct));
}

#[test]
fn faults_are_refused_with_their_line() {
    let refused = |files: &[(&str, &[u8])]| match run(import, files, &Options::default()) {
        Err(e) => {
            assert_eq!(e.exit_code(), 2, "{e}");
            e
        }
        Ok(_) => panic!("accepted"),
    };
    for bad in ["23,Short\n", "23,\"open\n", "23,\"x\"y,,,,,\n", "23,x,,,,,,,\n", "2\u{7}3,x,,,,,\n"] {
        let e = refused(&[("nodes-officers.csv", format!("{OFFICERS}{bad}").as_bytes())]);
        assert_eq!(e.place().unwrap().line, Some(5), "{bad}: {e}");
    }
    let mut bytes = OFFICERS.as_bytes().to_vec();
    let at = OFFICERS.find("BEARER").unwrap();
    bytes[at] = 0xff;
    assert_eq!(refused(&[("nodes-officers.csv", &bytes)]).place().unwrap().line, Some(3));
    assert!(refused(&[("README.txt", b"x")]).message().contains("no file of nodes"));
    let mut mixed = database();
    mixed.extend(cut());
    assert!(refused(&mixed).message().contains("graph viewer"));
    // A row without an id is kept under one made of its content.
    let g = got(&[("nodes-officers.csv", format!("{OFFICERS},Nobody,,,,,\n").as_bytes())]);
    assert!(parties(&g)[3].id.local().starts_with("without-id-"));
    assert_eq!(count(&g, "node without an id"), 1);
}

#[test]
fn cut_and_flipped_files_end_in_an_error_or_a_result() {
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for all in [database(), cut()] {
        for (name, text) in all {
            let check = |bytes: &[u8]| {
                if let Err(e) = run(import, &[(name, bytes)], &Options::default()) {
                    assert_eq!(e.exit_code(), 2, "{e}");
                }
            };
            for at in 0..text.len() {
                check(&text[..at]);
            }
            for _ in 0..300 {
                let mut bytes = text.to_vec();
                for _ in 0..1 + next() % 4 {
                    let at = (next() % bytes.len() as u64) as usize;
                    bytes[at] = (next() % 256) as u8;
                }
                check(&bytes);
            }
        }
    }
}

#[test]
fn detected_by_the_header() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x.csv", bytes.to_vec()).unwrap());
    for all in [database(), cut()] {
        for (name, text) in all {
            assert!(is(text), "{name}");
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(text).unwrap();
            assert!(is(&packed.finish().unwrap()), "{name}");
            assert!(is(&[b"\xef\xbb\xbf", text].concat()), "{name}");
        }
    }
    assert!(is(b"\"node_id\",\"name\",\"sourceID\"\r\n1,x,y"));
    for no in [
        "",
        "id,type,name\n1,person,x",
        "source,target,type\n1,2,owns",
        "36,\"AEROCARIBBEAN\",\"-0- \"",
        "node_id,name\n1,x",
        "{\"node_id\":1}",
        "<node_id/>",
    ] {
        assert!(!is(no.as_bytes()), "{no}");
    }
}

/// The files of an archive, unpacked. Enough for the one below; it checks nothing.
fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let u16_at = |i: usize| usize::from(bytes[i]) | usize::from(bytes[i + 1]) << 8;
    let u32_at = |i: usize| u16_at(i) | u16_at(i + 2) << 16;
    let end = (0..bytes.len() - 3).rev().find(|i| bytes[*i..].starts_with(b"PK\x05\x06")).unwrap();
    let mut at = u32_at(end + 16);
    let mut out = Vec::new();
    for _ in 0..u16_at(end + 10) {
        let (method, packed, named) = (u16_at(at + 10), u32_at(at + 20), u16_at(at + 28));
        let name = String::from_utf8(bytes[at + 46..at + 46 + named].to_vec()).unwrap();
        let local = u32_at(at + 42);
        let start = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        let raw = &bytes[start..start + packed];
        let mut text = Vec::new();
        match method {
            0 => text.extend_from_slice(raw),
            _ => drop(flate2::read::DeflateDecoder::new(raw).read_to_end(&mut text).unwrap()),
        }
        out.push((name, text));
        at += 46 + named + u16_at(at + 30) + u16_at(at + 32);
    }
    out
}

/// Every count that an independent script found in the real archive.
#[test]
fn published_files_give_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let mut compared = 0;
    for (name, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("icij/")) {
        let files = unzip(&std::fs::read(data.join(name)).unwrap());
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        for (name, bytes) in &files {
            assert!(detect(&Input::from_bytes(name, bytes.to_vec()).unwrap()), "{name}");
        }
        let g = got(&files);
        for (key, value) in want.as_object().unwrap() {
            match value {
                serde_json::Value::Object(inner) => {
                    // The script counted the most frequent labels only.
                    let key = key.strip_suffix("_top").unwrap_or(key);
                    let counted = g.report.counts.keys().filter(|k| k.starts_with(&format!("{key}/"))).count();
                    assert!(counted == inner.len() || (key == "edge_labels" && counted > inner.len()), "{key}");
                    for (k, v) in inner {
                        assert_eq!(g.report.get(&format!("{key}/{k}")), v.as_u64().unwrap(), "{key}/{k}");
                        compared += 1;
                    }
                }
                v => {
                    assert_eq!(g.report.get(key), v.as_u64().unwrap(), "{key}");
                    compared += 1;
                }
            }
        }
        // Every row of relations came in, those that name two functions twice.
        let sum = g.report.get("edge_rows") + 3;
        assert_eq!(g.report.get("relations"), sum);
        assert_eq!((g.report.get("repeated_node_rows"), g.report.get("repeated_edge_rows")), (6, 3));
        assert!(g.report.suspicious.is_empty(), "{:?}", g.report.suspicious);
        assert!(g.report.skipped.is_empty());
        assert!(relations(&g).iter().all(|r| r.share.is_none() && r.edge_type != "linked_to"));
    }
    assert!(compared > 20, "{compared}");
}
