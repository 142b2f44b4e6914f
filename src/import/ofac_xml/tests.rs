//! A fictional list that takes every branch, files that must be refused, and the real file.

use super::*;
use crate::import::sink::testing::{Got, real, run};
use crate::model::{End, Fact, PartyRecord, RelationRecord, Status, prop};

/// The sets of the fictional list. The numbers are not OFAC's, except two relation types.
const SETS: &str = r#"
 <AliasTypeValues><AliasType ID="1">Name</AliasType><AliasType ID="2">A.K.A.</AliasType><AliasType ID="3">F.K.A.</AliasType></AliasTypeValues>
 <AreaCodeValues><AreaCode ID="1" Description="undetermined" AreaCodeTypeID="1"/><AreaCode ID="2" Description="Ruritania" AreaCodeTypeID="1">RU</AreaCode></AreaCodeValues>
 <CountryValues><Country ID="1">undetermined</Country><Country ID="2">Ruritania</Country><Country ID="3">Borduria</Country></CountryValues>
 <DetailReferenceValues><DetailReference ID="1">Female</DetailReference></DetailReferenceValues>
 <EntryEventTypeValues><EntryEventType ID="1">Created</EntryEventType><EntryEventType ID="2">Removed</EntryEventType></EntryEventTypeValues>
 <FeatureTypeValues><FeatureType ID="1">Birthdate</FeatureType><FeatureType ID="2">Place of Birth</FeatureType><FeatureType ID="3">Location</FeatureType>
  <FeatureType ID="4">Gender</FeatureType><FeatureType ID="5">Digital Currency Address - XBT</FeatureType><FeatureType ID="6">Vessel Flag</FeatureType>
  <FeatureType ID="7">Favourite Dish:</FeatureType><FeatureType ID="8">Nationality Country</FeatureType></FeatureTypeValues>
 <IDRegDocDateTypeValues><IDRegDocDateType ID="1">Issue Date</IDRegDocDateType><IDRegDocDateType ID="2">Expiration Date</IDRegDocDateType></IDRegDocDateTypeValues>
 <IDRegDocTypeValues><IDRegDocType ID="1">Passport</IDRegDocType><IDRegDocType ID="2">Tax ID No.</IDRegDocType></IDRegDocTypeValues>
 <LegalBasisValues><LegalBasis ID="1" LegalBasisShortRef="Unknown">Unknown</LegalBasis><LegalBasis ID="2" LegalBasisShortRef="Order 7">Order 7 on fish</LegalBasis></LegalBasisValues>
 <ListValues><List ID="1">SDN List</List><List ID="2">Consolidated List</List></ListValues>
 <LocPartTypeValues><LocPartType ID="1">CITY</LocPartType><LocPartType ID="2">ADDRESS1</LocPartType></LocPartTypeValues>
 <NamePartTypeValues><NamePartType ID="1">Last Name</NamePartType><NamePartType ID="2">First Name</NamePartType><NamePartType ID="3">Entity Name</NamePartType></NamePartTypeValues>
 <PartySubTypeValues><PartySubType ID="1" PartyTypeID="9">Vessel</PartySubType><PartySubType ID="2" PartyTypeID="7">Unknown</PartySubType><PartySubType ID="3" PartyTypeID="8">Unknown</PartySubType></PartySubTypeValues>
 <PartyTypeValues><PartyType ID="7">Individual</PartyType><PartyType ID="8">Entity</PartyType><PartyType ID="9">Transport</PartyType></PartyTypeValues>
 <RelationQualityValues><RelationQuality ID="1">Unknown</RelationQuality><RelationQuality ID="2">High</RelationQuality></RelationQualityValues>
 <RelationTypeValues><RelationType ID="5" Symmetrical="false">Owned or Controlled By</RelationType><RelationType ID="6" Symmetrical="false">Providing support to:</RelationType>
  <RelationType ID="92122" Symmetrical="false">Goods in which there is an interest</RelationType><RelationType ID="8" Symmetrical="false">Plays chess with</RelationType>
  <RelationType ID="1555" Symmetrical="true">Associate Of</RelationType></RelationTypeValues>
 <ReliabilityValues><Reliability ID="1">Unknown</Reliability><Reliability ID="2">Confirmed</Reliability></ReliabilityValues>
 <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
 <ScriptValues><Script ID="1" ScriptCode="Latin">Latin</Script><Script ID="2" ScriptCode="Cyrillic">Cyrillic</Script><Script ID="3" ScriptCode="Korean">Korean</Script></ScriptValues>
 <ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity></ValidityValues>"#;

fn day(text: &str) -> String {
    ["Year", "Month", "Day"].iter().zip(text.split('-')).map(|(n, v)| format!("<{n}>{v}</{n}>")).collect()
}

fn period(from: &str, to: &str, circa: bool) -> String {
    let side =
        |name: &str, d: &str| format!("<{name} Approximate='{circa}'><From>{0}</From><To>{0}</To></{name}>", day(d));
    format!("<DatePeriod>{}{}</DatePeriod>", side("Start", from), side("End", to))
}

/// A documented name of an id, from `group:text` parts, in a script.
fn name(id: u32, script: u32, parts: &[(u32, &str)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(g, t)| {
            format!("<DocumentedNamePart><NamePartValue NamePartGroupID='{g}' ScriptID='{script}' Acronym='false'>{t}</NamePartValue></DocumentedNamePart>")
        })
        .collect();
    format!("<DocumentedName ID='{id}'>{parts}</DocumentedName>")
}

fn alias(kind: u32, flags: &str, names: &str) -> String {
    format!("<Alias AliasTypeID='{kind}' {flags}>{names}</Alias>")
}

/// Groups 1 last name, 2 first name, 3 entity name.
const GROUPS: &str = "<NamePartGroups><MasterNamePartGroup><NamePartGroup ID='1' NamePartTypeID='1'/></MasterNamePartGroup>\
    <MasterNamePartGroup><NamePartGroup ID='2' NamePartTypeID='2'/><NamePartGroup ID='3' NamePartTypeID='3'/></MasterNamePartGroup></NamePartGroups>";

fn party(id: u32, sub: u32, names: &str, features: &str) -> String {
    format!(
        "<DistinctParty FixedRef='{id}'><Comment>Seen at sea &amp; ashore.</Comment><Profile ID='{id}' PartySubTypeID='{sub}'>\
         <Identity ID='{id}00' Primary='true' False='false'>{names}{GROUPS}</Identity>{features}</Profile></DistinctParty>\n"
    )
}

fn feature(kind: u32, reliability: u32, inner: &str) -> String {
    format!(
        "<Feature FeatureTypeID='{kind}'><FeatureVersion ReliabilityID='{reliability}'><Comment/>{inner}</FeatureVersion></Feature>"
    )
}

fn relation(id: u32, from: u32, to: u32, kind: u32, more: &str) -> String {
    format!(
        "<ProfileRelationship ID='{id}' From-ProfileID='{from}' To-ProfileID='{to}' RelationTypeID='{kind}' RelationQualityID='2' {more}</ProfileRelationship>"
    )
}

fn list() -> String {
    let first = "Primary='true' LowQuality='false'";
    let other = "Primary='false' LowQuality='false'";
    let person = party(
        10,
        2,
        &[
            alias(
                1,
                first,
                &(name(1, 1, &[(1, "RASSENDYLL"), (2, "Rudolf")]) + &name(2, 2, &[(1, "РАССЕНДИЛЛ"), (2, "Рудольф")])),
            ),
            alias(2, other, &name(3, 3, &[(1, "나"), (2, "성문")])),
            alias(2, "Primary='false' LowQuality='true'", &name(4, 1, &[(2, "Rudi")])),
            alias(3, other, &name(5, 1, &[(1, "ELPHBERG"), (2, "Rudolf")])),
        ]
        .concat(),
        &[
            feature(1, 2, &period("1951-1-1", "1951-12-31", true)),
            feature(1, 1, &period("1951-13-1", "1951-13-1", false)),
            feature(2, 1, "<VersionDetail DetailTypeID='1'>Zenda</VersionDetail>"),
            feature(4, 1, "<VersionDetail DetailTypeID='1' DetailReferenceID='1'/>"),
            feature(8, 1, "<VersionLocation LocationID='2'/>"),
            feature(3, 1, "<VersionLocation LocationID='1'/>"),
            feature(3, 1, "<VersionLocation LocationID='3'/>"),
            feature(7, 1, "<VersionDetail DetailTypeID='1'>Carp</VersionDetail>"),
            feature(77, 1, "<VersionDetail DetailTypeID='1'>odd</VersionDetail>"),
        ]
        .concat(),
    );
    let firm = party(
        11,
        3,
        &alias(1, first, &name(6, 1, &[(3, "ZENDA FISH LLC")])),
        &feature(5, 1, "<VersionDetail DetailTypeID='1'>1FictionalWallet</VersionDetail>"),
    );
    let ship = party(
        12,
        1,
        &alias(1, first, &name(7, 1, &[(3, "LADY FLAVIA")])),
        &feature(6, 1, "<VersionLocation LocationID='2'/>"),
    );
    let documents = [
        format!(
            "<IDRegDocument ID='1' IDRegDocTypeID='1' IdentityID='1000' IssuedBy-CountryID='2' ValidityID='2'><IDRegistrationNo>P77</IDRegistrationNo>\
             <DocumentDate IDRegDocDateTypeID='1'>{}</DocumentDate><DocumentDate IDRegDocDateTypeID='2'>{}</DocumentDate><DocumentedNameReference DocumentedNameID='5'/></IDRegDocument>",
            period("2010-2-3", "2010-2-3", false),
            period("2020-1-1", "2020-12-31", false)
        ),
        "<IDRegDocument ID='2' IDRegDocTypeID='2' IdentityID='1100' ValidityID='1'><IDRegistrationNo>42</IDRegistrationNo><DocumentedNameReference DocumentedNameID='6'/></IDRegDocument>".into(),
        "<IDRegDocument ID='3' IDRegDocTypeID='2' IdentityID='999' ValidityID='1'><IDRegistrationNo>43</IDRegistrationNo></IDRegDocument>".into(),
    ]
    .concat();
    let part = |kind: u32, text: &str| {
        format!(
            "<LocationPart LocPartTypeID='{kind}'><LocationPartValue Primary='true'><Comment/><Value>{text}</Value></LocationPartValue></LocationPart>"
        )
    };
    let locations = format!(
        "<Location ID='1'><LocationAreaCode AreaCodeID='1'/></Location>\
         <Location ID='2'><LocationAreaCode AreaCodeID='2'/></Location>\
         <Location ID='3'><LocationCountry CountryID='3'/>{}{}</Location>",
        part(1, "Szohôd"),
        part(2, "1 Plekszy Gladz Sq.")
    );
    let relations = [
        relation(1, 11, 10, 5, "Former='false' SanctionsEntryID='70'><Comment/>"),
        relation(
            2,
            12,
            11,
            92122,
            &format!(
                "Former='true' SanctionsEntryID='71'><Comment>sold?</Comment>{}",
                period("2001-1-1", "2002-12-31", false)
            ),
        ),
        relation(3, 10, 11, 6, "Former='false'><Comment/>"),
        relation(4, 11, 10, 6, "Former='false'><Comment/>"),
        relation(5, 10, 11, 8, "Former='false'><Comment/>"),
        relation(6, 10, 99, 1555, "Former='false'><Comment/>"),
        relation(7, 10, 11, 5, "Former='false'><Comment/>"),
    ]
    .concat();
    let entry = |id: u32, profile: u32, list: u32, inner: &str| {
        format!("<SanctionsEntry ID='{id}' ProfileID='{profile}' ListID='{list}'>{inner}</SanctionsEntry>")
    };
    let event = |kind: u32, basis: u32, d: &str| {
        format!(
            "<EntryEvent EntryEventTypeID='{kind}' LegalBasisID='{basis}'><Comment/><Date>{}</Date></EntryEvent>",
            day(d)
        )
    };
    let program = |code: &str| {
        format!("<SanctionsMeasure SanctionsTypeID='1'><Comment>{code}</Comment><DatePeriod/></SanctionsMeasure>")
    };
    let block = "<SanctionsMeasure SanctionsTypeID='2'><Comment/><DatePeriod/></SanctionsMeasure>";
    let entries = [
        entry(
            70,
            10,
            1,
            &[&event(1, 2, "2012-5-6"), &event(1, 1, "2011-4-1"), block, &program("FISH"), &program("CHIPS")].concat(),
        ),
        entry(71, 11, 1, &[event(1, 1, "2013-1-2"), event(2, 1, "2014-1-2"), program("FISH")].concat()),
        entry(72, 10, 2, &(event(1, 1, "2015-2-30") + &program("FISH"))),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Sanctions xmlns=\"http://www.un.org/sanctions/1.0\" Version=\"3\">\n\
         <DateOfIssue CalendarTypeID=\"1\">{}</DateOfIssue>\n<ReferenceValueSets>{SETS}</ReferenceValueSets>\n<Locations>{locations}</Locations>\n\
         <IDRegDocuments>{documents}</IDRegDocuments>\n<DistinctParties>{person}{firm}{ship}</DistinctParties>\n\
         <ProfileRelationships>{relations}</ProfileRelationships>\n<SanctionsEntries>{entries}</SanctionsEntries>\n<SanctionsEntryLinks/>\n</Sanctions>",
        day("2024-3-6")
    )
}

fn got(text: &str) -> Got {
    run(import, &[("list.xml", text.as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &str) -> String {
    match run(import, &[("list.xml", text.as_bytes())], &Options::default()) {
        Err(e) => {
            assert_eq!(e.exit_code(), 2, "{e}");
            e.to_string()
        }
        Ok(_) => panic!("accepted"),
    }
}

fn find<'a>(g: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
    g.records
        .iter()
        .find_map(|(p, r)| match r {
            Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
            _ => None,
        })
        .unwrap()
}

fn edge<'a>(g: &'a Got, id: &str) -> &'a RelationRecord {
    g.records
        .iter()
        .find_map(|(_, r)| match r {
            Record::Relation(r) if r.external_id() == id => Some(r),
            _ => None,
        })
        .unwrap()
}

fn ends(r: &RelationRecord) -> (&str, &str, &str) {
    match (&r.source, &r.target) {
        (End::Id(a), End::Id(b)) => (a.as_str(), &r.edge_type, b.as_str()),
        _ => panic!("an end without id"),
    }
}

fn fact<'a>(p: &'a PartyRecord, prop: &str, kind: &str) -> &'a Fact {
    p.facts.iter().find(|f| f.prop == prop && f.kind == kind).unwrap()
}

#[test]
fn parties() {
    let g = got(&list());
    let p = find(&g, "primary", "ofac:10");
    assert_eq!(p.node_type, "person");
    let names: Vec<(&str, &str, &str)> = p
        .facts
        .iter()
        .filter(|f| prop::NAMES.contains(&f.prop.as_str()))
        .map(|f| (f.prop.as_str(), f.value.as_str(), f.script.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("name", "RASSENDYLL, Rudolf", ""),
            ("name", "РАССЕНДИЛЛ, Рудольф", "Cyrl"),
            ("alias", "나성문", "Kore"),
            ("weak_alias", "Rudi", ""),
            ("former_name", "ELPHBERG, Rudolf", ""),
        ]
    );
    assert_eq!(fact(p, "former_name", "F.K.A.").status, Status::Asserted);
    assert_eq!(fact(p, prop::BIRTH, "").value, "circa 1951");
    assert_eq!(fact(p, "birth_text", "").value, "1951-13-1");
    assert_eq!(fact(p, "reliability", "Birthdate").value, "Confirmed");
    assert_eq!(fact(p, prop::BIRTH_PLACE, "").value, "Zenda");
    assert_eq!(fact(p, "gender", "").value, "Female");
    assert_eq!(fact(p, "favourite_dish", "").value, "Carp");
    assert_eq!(fact(p, "featuretype_77", "").value, "odd");
    assert_eq!(fact(p, prop::COUNTRY, "nationality").value, "Ruritania");
    assert_eq!(fact(p, prop::COUNTRY, "address").value, "Borduria");
    assert_eq!(p.values(prop::ADDRESS).collect::<Vec<_>>(), ["1 Plekszy Gladz Sq., Szohôd, Borduria"]);
    assert_eq!(fact(p, prop::NOTE, "").value, "Seen at sea & ashore.");
    let passport = fact(p, prop::IDENTIFIER, "Passport");
    assert_eq!((passport.value.as_str(), passport.status), ("P77", Status::Disputed));
    assert_eq!(
        (passport.from.unwrap().to_string(), passport.to.unwrap().to_string()),
        ("2010-02-03".into(), "2020".into())
    );
    assert_eq!(
        passport.raw,
        "Passport P77 (Ruritania); Issue Date 2010-02-03; Expiration Date 2020; Fraudulent; in the name of ELPHBERG, Rudolf"
    );
    let firm = find(&g, "primary", "ofac:11");
    assert_eq!(firm.node_type, "legal_entity");
    assert_eq!(fact(firm, prop::IDENTIFIER, "Digital Currency Address - XBT").value, "1FictionalWallet");
    assert_eq!(fact(firm, prop::IDENTIFIER, "Tax ID No.").raw, "");
    let ship = find(&g, "primary", "ofac:12");
    assert_eq!((ship.node_type.as_str(), fact(ship, prop::COUNTRY, "flag").value.as_str()), ("vessel", "Ruritania"));
    assert_eq!(g.report.get("profiles_by_type/Vessel"), 1);
    assert_eq!(g.report.skipped["identity document of an identity that is not in the file"].count, 1);
}

#[test]
fn relations() {
    let g = got(&list());
    // Passive relations are turned round: the owner points at the owned.
    let r = edge(&g, "ofac:rel-1");
    assert_eq!(ends(r), ("ofac:10", "owns_or_controls", "ofac:11"));
    assert_eq!(
        (r.value("source_label"), r.value("source_direction")),
        (Some("Owned or Controlled By"), Some("reversed"))
    );
    assert_eq!((r.value("source_id"), r.value("quality"), r.value("former")), (Some("5"), Some("High"), None));
    assert_eq!((r.value("sanctions_entry"), &r.share, r.status), (Some("70"), &None, Status::Asserted));
    let r = edge(&g, "ofac:rel-2");
    assert_eq!(ends(r), ("ofac:11", "has_property_interest_in", "ofac:12"));
    assert_eq!((r.value("former"), r.value("note")), (Some("true"), Some("sold?")));
    assert_eq!((r.start.unwrap().to_string(), r.end.unwrap().to_string()), ("2001-01-01".into(), "2002-12-31".into()));
    let r = edge(&g, "ofac:rel-3");
    assert_eq!((ends(r), r.value("source_direction")), (("ofac:10", "supports", "ofac:11"), None));
    let r = edge(&g, "ofac:rel-5");
    assert_eq!((ends(r).1, r.value("source_label")), ("linked_to", Some("Plays chess with")));
    assert_eq!(ends(edge(&g, "ofac:rel-6")), ("ofac:10", "associate_of", "ofac:99"));
    // A person as the owned party is marked, never turned round.
    let r = edge(&g, "ofac:rel-7");
    assert_eq!((ends(r), r.value("direction_suspect")), (("ofac:11", "owns_or_controls", "ofac:10"), Some("true")));
    let odd = |reason: &str| g.report.suspicious.get(reason).map_or(0, |f| f.count);
    assert_eq!(odd("an individual is the owned party"), 1);
    assert_eq!(odd("reciprocal relations of one type"), 2);
    assert_eq!(odd("relation of unknown type"), 1);
    assert_eq!(odd("relation to a party that is not in the file"), 1);
    assert_eq!(odd("date that cannot be read"), 2);
    for (what, n) in [
        ("profile_relationships", 7),
        ("relationships_former", 1),
        ("relationship_endpoints_not_in_file", 1),
        ("relationships_by_type/Providing support to:", 2),
        ("relationships_distinct_from_to", 4),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
}

#[test]
fn listings_and_draft() {
    let g = got(&list());
    let p = find(&g, "listing", "ofac:10");
    assert!(p.node_type.is_empty());
    assert_eq!(p.listings.iter().map(|l| l.list.as_str()).collect::<Vec<_>>(), ["ofac_sdn", "ofac_cons"]);
    let l = &p.listings[0];
    assert_eq!(l.from.unwrap().to_string(), "2011-04-01");
    assert_eq!(
        (l.programs.concat(), l.measures.concat(), l.basis.concat()),
        ("FISHCHIPS".into(), "Block".into(), "Order 7".into())
    );
    assert_eq!(l.cites[0].locator, "sanctions entry 70");
    assert_eq!(p.listings[1].from, None);
    assert_eq!(fact(p, prop::NOTE, "Created, date as found").value, "2015-2-30");
    assert_eq!(find(&g, "listing", "ofac:11").listings[0].to.unwrap().to_string(), "2014-01-02");
    assert_eq!(find(&g, "primary", "ofac.program:FISH").node_type, "sanctions_program");
    let ties = g.records.iter().filter(|(_, r)| matches!(r, Record::Relation(r) if r.edge_type == "under_program"));
    assert_eq!(ties.count(), 3);
    assert_eq!(g.report.get("programs/FISH"), 3);
    let mut keys: Vec<(String, u8, String)> =
        g.records.iter().map(|(p, r)| (p.clone(), r.kind_code(), r.key())).collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all, "two records say the same in one part");
    let d = &g.draft;
    assert_eq!((d.source.as_str(), d.format, d.mode), ("ofac_sdn", "ofac-xml", Mode::Full));
    assert_eq!((d.stated.unwrap().to_string(), d.parts.len()), ("2024-03-06".into(), 5));
    let o = Options { source: Some("mine".into()), ..Options::default() };
    let named = run(import, &[("list.xml", list().as_bytes())], &o).unwrap();
    assert_eq!((named.draft.source.as_str(), named.draft.info.id.as_str()), ("mine", "mine"));
    let cons = list().replace("<List ID=\"1\">SDN List", "<List ID=\"1\">FSE List");
    assert_eq!(got(&cons).draft.source, "ofac_cons");
}

#[test]
fn refusals() {
    let whole = list();
    for cut in (100..whole.len()).step_by(997).filter(|c| whole.is_char_boundary(*c)) {
        let said = refused(&whole[..cut]);
        assert!(said.starts_with("list.xml:"), "{said}");
    }
    let doctype = whole.replacen("<Sanctions", "<!DOCTYPE Sanctions [<!ENTITY a \"x\">]><Sanctions", 1);
    assert!(refused(&doctype).contains("DOCTYPE"));
    assert!(detect(&Input::from_bytes("x", doctype.into_bytes()).unwrap()), "so that the reason is told");
    assert!(refused("<sdnList><a/></sdnList>").contains("root element is sdnList"));
    assert!(refused(&whole.replacen("Version=", "DeltaBaseVersion='2' Version=", 1)).contains("delta"));
    let order = whole.replacen("<Locations>", "<DistinctParties/><Locations>", 1);
    assert!(refused(&order).contains("Locations comes after DistinctParties"));
    assert!(refused(&whole.replacen("<Profile ID='11'", "<Profile ID=''", 1)).contains("Profile has no usable ID"));
    assert!(refused(&whole.replacen("To-ProfileID='10'", "", 1)).contains("no usable To-ProfileID"));
    let deep = format!("<Sanctions><Locations>{}", "<a>".repeat(400));
    assert!(refused(&deep).contains("nested deeper"));
    let mut bad = whole.clone().into_bytes();
    let at = whole.find("Zenda").unwrap();
    bad[at] = 0xff;
    let e = run(import, &[("list.xml", &bad)], &Options::default()).map(|_| ()).unwrap_err();
    assert!(e.to_string().contains("UTF-8"), "{e}");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let many: String = (100..5000).map(|i| format!("<Location ID='{i}'/>")).collect();
    let long = whole.replacen("<Locations>", &format!("<Locations>{many}"), 1);
    std::io::Write::write_all(&mut packed, long.as_bytes()).unwrap();
    let mut packed = packed.finish().unwrap();
    packed.truncate(packed.len() - 9);
    let cut = run(import, &[("cut.xml.gz", &packed)], &Options::default()).map(|_| ()).unwrap_err();
    assert!(cut.to_string().contains("cut short"), "{cut}");
    let two = [("a.xml", whole.as_bytes()), ("b.xml", whole.as_bytes())];
    assert!(run(import, &two, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("second"));
}

#[test]
fn detection() {
    let is = |t: &str| detect(&Input::from_bytes("x", t.as_bytes().to_vec()).unwrap());
    assert!(is(&list()));
    assert!(is("\u{feff}<!-- x --><s:Sanctions xmlns:s='https://www.un.org/sanctions/1.0'/>"));
    assert!(!is("<Sanctions/>") && !is("<sdnList/>") && !is("") && !is("Sanctions un.org/sanctions"));
    assert!(!is("{\"a\": \"<Sanctions xmlns='un.org/sanctions'>\"}"));
}

/// Every count that an independent script found in the real file.
#[test]
fn real_file_has_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let file = "ofac/cons_advanced-2020-03-17.xml.gz";
    let bytes = std::fs::read(data.join(file)).unwrap();
    assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()));
    let g = run(import, &[(file, &bytes)], &Options::default()).unwrap();
    let mut compared = 0;
    for (key, want) in expected[file].as_object().unwrap() {
        let pairs: Vec<(String, u64)> = match want {
            serde_json::Value::Object(m) => {
                m.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
            }
            serde_json::Value::String(s) => {
                assert_eq!((key.as_str(), Some(s.clone())), ("date_of_issue", g.draft.stated.map(|d| d.to_string())));
                continue;
            }
            n => vec![(key.clone(), n.as_u64().unwrap())],
        };
        for (what, n) in pairs {
            assert_eq!(g.report.get(&what), n, "{what}");
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
    let parties = g.records.iter().filter(|(p, r)| p == "listing" && matches!(r, Record::Party(_)));
    assert_eq!(parties.count(), 375);
    assert_eq!(g.draft.source, "ofac_cons");
    assert!(g.report.suspicious.is_empty(), "{:?}", g.report.suspicious);
    assert!(g.report.skipped.is_empty(), "{:?}", g.report.skipped);
    let edges = || g.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None });
    assert_eq!(edges().filter(|r| r.edge_type == "owns_or_controls").count(), 276);
    assert!(edges().all(|r| r.edge_type == "under_program" || r.value("source_direction") == Some("reversed")));
}
