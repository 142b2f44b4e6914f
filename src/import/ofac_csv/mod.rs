//! The OFAC CSV set, of the SDN and of the Consolidated list: primary, address, alias and
//! comment files.
//!
//! Both lists share the id space `ofac`. Each file is a part of the release (`primary`,
//! `address`, `alias`, `comments`), so that a set without its alias file ends no alias. The
//! files state no date.

pub(super) mod entry;
pub(super) mod items;
mod primary;
pub(super) mod remarks;
mod rows;
mod schemes;
mod sides;

use self::primary::{Comments, Primary};
use self::rows::{Kind, Rows, head_rows, kind_of};
use self::sides::{put_loose_comments, read_addresses, read_aliases, read_comments};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::model::SourceInfo;
use std::collections::BTreeSet;

/// Which of the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Specially Designated Nationals.
    Sdn,
    /// The lists other than SDN, consolidated.
    Consolidated,
}

impl Family {
    /// By the publisher's file names: `sdn.csv`, `add.csv`, `alt.csv`, `sdn_comments.csv`;
    /// `cons_prim.csv` and so on; those of the older XML begin likewise.
    pub(super) fn of_name(input: &Input) -> Option<Family> {
        let name = input.stem().to_ascii_lowercase();
        if name.starts_with("cons") {
            Some(Family::Consolidated)
        } else if ["sdn", "add", "alt"].iter().any(|p| name.starts_with(p)) {
            Some(Family::Sdn)
        } else {
            None
        }
    }

    /// The id of the list, of its source too.
    pub(super) fn list(self) -> &'static str {
        match self {
            Family::Sdn => "ofac_sdn",
            Family::Consolidated => "ofac_cons",
        }
    }

    /// The source under an id.
    pub(super) fn info(self, id: &str) -> SourceInfo {
        let title = match self {
            Family::Sdn => "Specially Designated Nationals and Blocked Persons List (SDN)",
            Family::Consolidated => "Consolidated Sanctions List (non-SDN lists)",
        };
        SourceInfo {
            id: id.to_owned(),
            title: title.to_owned(),
            publisher: "U.S. Department of the Treasury, Office of Foreign Assets Control".to_owned(),
            url: "https://sanctionslist.ofac.treas.gov/".to_owned(),
            published: String::new(),
            licence: "US government work, public domain".to_owned(),
            attribution: "Source: U.S. Department of the Treasury, Office of Foreign Assets Control (OFAC). \
                          Not an official OFAC product."
                .to_owned(),
        }
    }
}

pub(super) fn detect(input: &Input) -> bool {
    kind_of(input).is_some()
}

/// Sorts the files of the set and tells which list they are.
fn sort(files: Vec<Input>) -> Result<(Family, Vec<(Kind, Input)>)> {
    let mut sorted: Vec<(Kind, Input)> = Vec::new();
    let (mut named, mut evident): (Option<Family>, Option<Family>) = (None, None);
    for file in files {
        let Some(kind) = kind_of(&file) else {
            let found = head_rows(&file).first().map_or(0, |r| r.fields().len());
            let what = format!("expected 12 columns (primary), 6 (address), 5 (alias) or 2 (comments), found {found}");
            let hint = "each row of an OFAC CSV file begins with the entry number; name another --format if it is one";
            return Err(Error::input(what).at(file.place().line(1)).hint(hint));
        };
        if sorted.iter().any(|(k, _)| *k == kind) {
            let what = format!("a second {} file; a release has one", kind.part());
            return Err(Error::input(what).at(file.place()).hint("import the releases one after the other"));
        }
        match (named, Family::of_name(&file)) {
            (Some(a), Some(b)) if a != b => {
                let what = "files of the SDN and of the Consolidated list are not one release";
                return Err(Error::input(what).at(file.place()).hint("import the lists one after the other"));
            }
            (_, Some(b)) => named = Some(b),
            _ => {}
        }
        if kind == Kind::Primary {
            evident = Family::of_rows(&head_rows(&file));
        }
        sorted.push((kind, file));
    }
    Ok((named.or(evident).unwrap_or(Family::Sdn), sorted))
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let (family, mut files) = sort(files)?;
    let source = options.source.clone().unwrap_or_else(|| family.list().to_owned());
    // The comments continue primary rows, so they are read before them.
    files.sort_by_key(|(kind, _)| match kind {
        Kind::Comments => 0,
        Kind::Primary => 1,
        Kind::Address => 2,
        Kind::Alias => 3,
    });
    let has = |kind| files.iter().any(|(k, _)| *k == kind);
    let has_primary = has(Kind::Primary);
    let order = [Kind::Primary, Kind::Address, Kind::Alias, Kind::Comments];
    let parts = order.into_iter().filter(|k| has(*k)).map(|k| k.part().to_owned()).collect();

    let mut comments = has(Kind::Comments).then(Comments::new);
    let mut known: Option<BTreeSet<u64>> = None;
    for (kind, file) in files {
        let mut rows = Rows::new(file, kind);
        match kind {
            Kind::Comments => {
                let read = read_comments(&mut rows, sink)?;
                if !has_primary {
                    put_loose_comments(&read, sink)?;
                }
                comments = Some(read);
            }
            Kind::Primary => {
                let mut primary = Primary::new(family, comments.as_ref());
                primary.read(&mut rows, sink)?;
                for (entry, (place, text)) in comments.iter().flatten().filter(|(e, _)| !primary.has(**e)) {
                    let place = place.clone().element(format!("entry {entry}"));
                    sink.report.skip("comment for an entry that is not in the list", place, text);
                }
                known = Some(primary.entries());
            }
            Kind::Address => read_addresses(&mut rows, known.as_ref(), sink)?,
            Kind::Alias => read_aliases(&mut rows, known.as_ref(), sink)?,
        }
    }
    Ok(Draft { info: family.info(&source), source, format: "ofac-csv", stated: None, parts, mode: Mode::Full })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::sink::testing::{Got, run};
    use crate::model::{End, PartyRecord, Record, RelationRecord, prop};
    use std::path::PathBuf;

    const PRIMARY: &str = "\
11,\"NORTH QUAY LTD.\",-0- ,\"NORD1] [SILL-EO2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. 77 (Norland); Linked To: DOE, Jane.\"\r\n\
12,\"DOE, Jane\",\"individual\",\"NORD1\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 05 Jun 1971; alt. DOB circa 1970; DOB 1 Foo 1970; a.k.a. 'JD'; Linked To: NORTH QUAY LTD.; Linked To: NORTH QUAY LTD.; Linked To: DOE, Jane.\"\r\n\
13,\"SILL STAR\",\"vessel\",\"SILL-EO2\",-0- ,\"NSST1\",\"Tanker\",\"900\",\"500\",\"Norland\",\"North Quay Shipping\",\"Vessel Registration Identification IMO 1234567.\"\r\n\
14,\"NQ-1\",\"aircraft\",\"SILL-EO2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Aircraft Operator Norland Air; Aircraft Tail Number NQ-1.\"\r\n\
\u{1a}";

    fn got(files: &[(&str, &str)]) -> Got {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
        run(import, &files, &Options::default()).unwrap()
    }

    fn refused(files: &[(&str, &str)]) -> String {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
        let e = run(import, &files, &Options::default()).err().unwrap();
        assert_eq!(e.exit_code(), 2);
        e.to_string()
    }

    fn party<'a>(got: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
        let mut all = got.records.iter().filter_map(|(p, r)| match r {
            Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
            _ => None,
        });
        let found = all.next().unwrap_or_else(|| panic!("no {part} record of {id}"));
        assert!(all.next().is_none(), "two {part} records of {id}");
        found
    }

    fn relations<'a>(got: &'a Got, part: &str) -> Vec<&'a RelationRecord> {
        let of_part = got.records.iter().filter(|(p, _)| p == part);
        of_part.filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
    }

    fn is(text: &str, name: &str) -> bool {
        detect(&Input::from_bytes(name, text.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn detection() {
        assert!(is(PRIMARY, "x.csv"));
        assert!(is(&format!("ent_num,SDN_name,c,d,e,f,g,h,i,j,k,l\r\n{PRIMARY}"), "x.csv"));
        assert!(is("11,1,-0- ,\"Port Oldhaven\",\"Norland\",-0- \r\n", "x.csv"));
        assert!(is("11,1,\"aka\",\"NQ\",-0- \r\n", "x.csv"));
        assert!(is("11,\"s.; Linked To: DOE, Jane.\"\r\n", "x.csv"));
        assert!(is("11,\"rest of it.\"\r\n", "sdn_comments.csv"));
        for table in [
            "id,type,name,country,listed\n1,person,Jane,no,\n",
            "1,one\n2,two\n",
            "source,target,type,a,b,c\n",
            "",
            "{}",
        ] {
            assert!(!is(table, "x.csv"), "{table}");
        }
    }

    #[test]
    fn primary_rows() {
        let g = got(&[("sdn.csv", PRIMARY)]);
        assert_eq!((g.draft.source.as_str(), g.draft.parts.as_slice()), ("ofac_sdn", &["primary".to_owned()][..]));
        let firm = party(&g, "primary", "ofac:11");
        assert_eq!((firm.node_type.as_str(), firm.listings.len()), ("legal_entity", 1));
        assert_eq!(firm.listings[0].list, "ofac_sdn");
        assert_eq!(firm.listings[0].programs, ["NORD1", "SILL-EO2"]);
        let jane = party(&g, "primary", "ofac:12");
        assert_eq!(jane.node_type, "person");
        assert_eq!(jane.values(prop::BIRTH).collect::<Vec<_>>(), ["1971-06-05", "circa 1970"]);
        assert_eq!(jane.values("title").collect::<Vec<_>>(), ["Director"]);
        assert_eq!(jane.values("remark").collect::<Vec<_>>(), ["DOB 1 Foo 1970"]);
        assert_eq!(g.report.suspicious["date of birth not understood"].count, 1);
        assert_eq!(g.report.suspicious["entry linked to itself"].count, 1);
        let ship = party(&g, "primary", "ofac:13");
        assert_eq!(ship.values(prop::COUNTRY).collect::<Vec<_>>(), ["Norland"]);
        assert_eq!(ship.values("call_sign").chain(ship.values("grt")).collect::<Vec<_>>(), ["NSST1", "500"]);
        assert_eq!(party(&g, "primary", "ofac.program:NORD1").node_type, "sanctions_program");
        let ids: Vec<String> = relations(&g, "primary").iter().map(|r| r.external_id()).collect();
        assert_eq!(
            ids,
            [
                "ofac:11>under_program>ofac.program:NORD1",
                "ofac:11>under_program>ofac.program:SILL-EO2",
                "ofac:11>linked_to>\"DOE, Jane\"",
                "ofac:12>under_program>ofac.program:NORD1",
                "ofac:12>linked_to>\"NORTH QUAY LTD.\"",
                "ofac:12>linked_to>\"NORTH QUAY LTD.\"#1",
                "ofac:12>linked_to>\"DOE, Jane\"",
                "ofac:13>under_program>ofac.program:SILL-EO2",
                "\"North Quay Shipping\">owns>ofac:13",
                "ofac:14>under_program>ofac.program:SILL-EO2",
                "\"Norland Air\">operates>ofac:14",
            ]
        );
        for (what, n) in
            [("entries", 4), ("entity", 1), ("distinct_programs", 2), ("program_memberships", 5), ("linked_to", 4)]
        {
            assert_eq!(g.report.get(what), n, "{what}");
        }
    }

    fn long(tail: &str) -> String {
        let mut text = "Gender Male; ".to_owned();
        text.push_str(&"x".repeat(1000 - text.len() - tail.len()));
        text + tail
    }

    fn row(id: u32, remarks: &str) -> String {
        format!("{id},\"N{id}\",-0- ,\"NORD1\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\n")
    }

    #[test]
    fn overflow_is_glued() {
        let primary =
            row(21, &long("; Linked To: A; Linked To: NORTH ")) + &row(22, "Gender Male.") + &row(23, &long(";"));
        let comments = "21,\"QUAY LTD.; Linked To: B.\"\n23,\" POB Sill.\"\n22,\"stale.\"\n99,\"nobody.\"\n24,-0- \n";
        let g = got(&[("sdn.csv", &primary), ("sdn_comments.csv", comments)]);
        let ids = |part| relations(&g, part).iter().map(|r| r.external_id()).collect::<Vec<_>>();
        assert_eq!(ids("comments"), ["ofac:21>linked_to>\"NORTH QUAY LTD.\"", "ofac:21>linked_to>\"B\""]);
        assert!(ids("primary").contains(&"ofac:21>linked_to>\"A\"".to_owned()));
        let more = party(&g, "comments", "ofac:23");
        assert_eq!((more.node_type.as_str(), more.values(prop::BIRTH_PLACE).collect::<Vec<_>>()), ("", vec!["Sill"]));
        assert_eq!(party(&g, "comments", "ofac:22").facts.len(), 1);
        assert_eq!(g.report.skipped["comment for an entry that is not in the list"].count, 1);
        assert_eq!((g.report.get("truncated_remarks"), g.report.get("comments_rows")), (0, 5));
        assert_eq!(g.draft.parts, ["primary", "comments"]);

        let g = got(&[("sdn.csv", &primary)]);
        assert_eq!(g.report.get("truncated_remarks"), 2);
        assert_eq!(g.report.suspicious["Linked To in a cut item, not used"].count, 1);
        let cut = party(&g, "primary", "ofac:21");
        assert_eq!(cut.values("remarks_cut").collect::<Vec<_>>(), [" Linked To: NORTH "]);
        assert!(!relations(&g, "primary").iter().any(|r| r.external_id().contains("NORTH")));
    }

    #[test]
    fn comments_change_nothing_in_the_primary_part_but_the_cut() {
        let primary = row(21, &long("; Linked To: A; POB S"));
        let facts = |files: &[(&str, &str)]| {
            let g = got(files);
            party(&g, "primary", "ofac:21")
                .facts
                .iter()
                .filter(|f| f.prop != "remarks_cut")
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(
            facts(&[("sdn.csv", &primary)]),
            facts(&[("sdn.csv", &primary), ("sdn_comments.csv", "21,\"ill; POB Sill.\"\n")])
        );
    }

    #[test]
    fn addresses_and_aliases() {
        let g = got(&[
            ("sdn.csv", PRIMARY),
            (
                "add.csv",
                "11,1,\"Quay 1\",\"Port Oldhaven\",\"Norland\",-0- \n12,2,-0- ,-0- ,-0- ,-0- \n\
                 11,3,-0- ,-0- ,\"Norland\",-0- \n77,4,\"x\",-0- ,-0- ,\"closed\"\n",
            ),
            (
                "alt.csv",
                "11,1,\"aka\",\"NQ\",-0- \n11,2,\"fka\",\"OLD QUAY\",-0- \n12,3,\"nka\",\"СМИТ, Джейн\",-0- \n",
            ),
        ]);
        let a = party(&g, "address", "ofac:11");
        assert_eq!(a.values(prop::ADDRESS).collect::<Vec<_>>(), ["Quay 1, Port Oldhaven, Norland", "Norland"]);
        assert_eq!(a.values(prop::COUNTRY).collect::<Vec<_>>(), ["Norland"]);
        assert_eq!(party(&g, "address", "ofac:77").values("address_remarks").collect::<Vec<_>>(), ["closed"]);
        assert_eq!(g.report.suspicious["address of an entry that is not in the list"].count, 1);
        assert_eq!((g.report.get("address_rows"), g.report.get("placeholder_rows_all_null")), (4, 1));
        let n = party(&g, "alias", "ofac:11");
        assert_eq!(n.values(prop::ALIAS).chain(n.values(prop::FORMER_NAME)).collect::<Vec<_>>(), ["NQ", "OLD QUAY"]);
        let n = party(&g, "alias", "ofac:12");
        assert_eq!((n.facts[0].kind.as_str(), n.facts[0].script.as_str()), ("n.k.a.", "Cyrl"));
        assert_eq!(g.draft.parts, ["primary", "address", "alias"]);
    }

    #[test]
    fn the_consolidated_list() {
        let text = "\
31,\"COUNCIL\",-0- ,\"NS-PLC\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\
32,\"FIRM\",-0- ,\"CMIC-EO13959] [NORD1] [FSE-XX\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Listing Date (CMIC) 03 Jun 2021.\"\n";
        for name in ["cons_prim.csv", "standard input"] {
            let g = got(&[(name, text)]);
            assert_eq!(g.draft.source, "ofac_cons");
            let all = &party(&g, "primary", "ofac:32").listings;
            let lists: Vec<_> = all.iter().map(|l| (l.list.as_str(), l.programs.join(" "))).collect();
            assert_eq!(
                lists,
                [
                    ("ofac_cons", "CMIC-EO13959 NORD1 FSE-XX".to_owned()),
                    ("ofac_ns_cmic", "CMIC-EO13959".to_owned()),
                    ("ofac_fse", "FSE-XX".to_owned())
                ]
            );
            assert_eq!(all[1].from, crate::model::PartialDate::parse("2021-06-03").ok());
        }
        let options = Options { source: Some("mine".into()), ..Options::default() };
        let g = run(import, &[("cons_prim.csv", text.as_bytes())], &options).unwrap();
        assert_eq!((g.draft.source.as_str(), g.draft.info.id.as_str()), ("mine", "mine"));
    }

    #[test]
    fn doubles() {
        let g = got(&[("sdn.csv", &(row(21, "A.") + &row(21, "A.") + &row(21, "B.")))]);
        assert_eq!(party(&g, "primary", "ofac:21").values("remark").collect::<Vec<_>>(), ["A"]);
        assert_eq!(g.report.skipped["row that repeats an earlier one"].count, 1);
        assert_eq!(g.report.suspicious["second row of an entry, the first is kept"].count, 1);
    }

    #[test]
    fn faults_refuse() {
        let seven = row(21, "A.") + &row(22, "A.") + &row(23, "A.") + "24,\"N\",-0- ,\"P\",-0- ,-0- ,-0- \n";
        assert_eq!(refused(&[("sdn.csv", &seven)]), "sdn.csv:4: expected 12 columns, found 7");
        let cut = row(21, "A.") + &row(22, "A.") + "23,\"N\",-0- ,\"P";
        assert_eq!(refused(&[("sdn.csv", &cut)]), "sdn.csv:3: the file ends inside a row");
        assert!(refused(&[("x.csv", "1,2,3\n")]).contains("found 3"));
        assert!(refused(&[("sdn.csv", PRIMARY), ("sdn2.csv", PRIMARY)]).contains("a second primary file"));
        let alias = "11,1,\"aka\",\"NQ\",-0- \n";
        assert!(refused(&[("sdn.csv", PRIMARY), ("cons_alt.csv", alias)]).contains("not one release"));
    }

    /// Words of the report for a file of the set, beside the count that a separate program found.
    fn expected(file: &str, all: &serde_json::Value) -> Vec<(String, u64)> {
        let e = &all[file];
        let mut out: Vec<(String, u64)> = Vec::new();
        let mut take = |key: &str, v: &serde_json::Value| out.extend(v.as_u64().map(|n| (key.to_owned(), n)));
        for key in ["entries", "distinct_programs", "program_memberships", "multi_program_entries"] {
            take(key, &e[key]);
        }
        take("placeholder_rows_all_null", &e["placeholder_rows_all_null"]);
        take("truncated_remarks", &e["remarks_len_1000"]);
        let rows = [("add", "address_rows"), ("alt", "alias_rows"), ("comments", "comments_rows")];
        rows.iter().filter(|(f, _)| file.contains(f)).for_each(|(_, key)| take(key, &e["rows"]));
        for group in ["by_type", "remarks"] {
            for (key, v) in e[group].as_object().into_iter().flatten() {
                // Names are looked up by the store, not here.
                let elsewhere = key.starts_with("linked_to_") && key != "linked_to_entries";
                if !elsewhere {
                    take(key, v);
                }
            }
        }
        out
    }

    #[test]
    fn published_files_count_as_expected() {
        let Ok(folder) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let data = PathBuf::from(folder).join("data");
        let all: serde_json::Value =
            serde_json::from_slice(&std::fs::read(data.join("EXPECTED.json")).unwrap()).unwrap();
        let sets: [&[&str]; 7] = [
            &["sdn-2023-08-24"],
            &["sdn-2023-08-31"],
            &["sdn-2023-12-28", "add-2023-12-28", "alt-2023-12-28"],
            &["sdn-2023-12-28", "sdn_comments-older"],
            &["add-2023-12-28"],
            &["cons_prim-2025-12", "cons_add-2025-12", "cons_alt-2025-12"],
            &["cons_prim-2025-12", "cons_add-2025-12", "cons_alt-2025-12", "cons_comments-2025-12"],
        ];
        let mut compared = 0;
        for set in sets {
            let files: Vec<String> = set.iter().map(|f| format!("ofac/{f}.csv.gz")).collect();
            let inputs: Vec<Input> = files.iter().map(|f| Input::open(&data.join(f)).unwrap()).collect();
            assert!(inputs.iter().all(detect), "{set:?}");
            let mut keys = std::collections::HashSet::new();
            let mut write = |part: &str, r: &crate::model::RecordView<'_>| {
                let r = r.clone().into_owned();
                assert!(keys.insert((part.to_owned(), r.kind_code(), r.key())), "{part} {}", r.key());
                if let Record::Relation(r) = &r {
                    assert!(!matches!(&r.target, End::Name(n) if n.is_empty()));
                }
                Ok(())
            };
            let mut progress = |_| {};
            let mut sink = Sink::new(&mut write, &mut progress, crate::model::Catalogue::builtin().clone());
            let draft = import(inputs, &Options::default(), &mut sink).unwrap();
            let report = sink.report;
            assert_eq!(draft.source, if set[0].starts_with("cons") { "ofac_cons" } else { "ofac_sdn" });
            assert_eq!(draft.parts.len(), set.len());
            let with_comments = set.iter().any(|f| f.contains("comments"));
            for (key, n) in files.iter().flat_map(|f| expected(f, &all)) {
                // Comments are there to fill what was cut.
                if !(with_comments && key == "truncated_remarks") {
                    assert_eq!(report.get(&key), n, "{set:?} {key}");
                    compared += 1;
                }
            }
            println!("{set:?}\n{:?}", report.counts);
            for (reason, f) in report.suspicious.iter().chain(&report.skipped) {
                println!("  {} {reason}: {:?}", f.count, f.examples.first().map(|e| (&e.place, &e.text)));
            }
        }
        assert!(compared > 150, "{compared}");
    }
}
