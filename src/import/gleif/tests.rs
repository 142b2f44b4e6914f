//! Fictional files that take every branch, files that must be refused, and the real ones.

use super::*;
use crate::import::sink::testing::{Got, real, run};
use crate::model::{Act, Decision, Direct, End, Fact, PartyRecord, Record, RelationRecord, Status, prop};
use std::io::Write;

/// A valid LEI that begins with some letters.
fn lei(stem: &str) -> String {
    let body = format!("{stem:0<18}00");
    let digits: String = body.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
    let rest = digits.bytes().fold(0u32, |r, b| (r * 10 + u32::from(b - b'0')) % 97);
    format!("{}{:02}", &body[..18], 98 - rest)
}

fn header(name: &str, content: &str, count: u64) -> String {
    format!(
        "<x:{name}><x:ContentDate>2024-03-05T08:00:00Z</x:ContentDate><x:FileContent>{content}</x:FileContent>\
         <x:RecordCount>{count}</x:RecordCount></x:{name}>"
    )
}

/// A file of one kind, each record on a line of its own.
fn file(kind: Kind, content: &str, records: &[String]) -> String {
    let (root, list, item) = kind.names();
    let head = header(if kind == Kind::Entities { "LEIHeader" } else { "Header" }, content, records.len() as u64);
    let records: String = records.iter().map(|r| format!("<x:{item} xmlns:e='http://e/'>{r}</x:{item}>\n")).collect();
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<x:{root} xmlns:x='http://x/'>{head}\n<x:{list}>\n{records}</x:{list}></x:{root}>\n"
    )
}

const FULL: &str = "GLEIF_FULL_PUBLISHED";
const DELTA: &str = "GLEIF_DELTA_PUBLISHED";

fn got(text: &str) -> Got {
    run(import, &[("golden.xml", text.as_bytes())], &Options::default()).unwrap()
}

fn refused(text: &[u8]) -> Error {
    match run(import, &[("golden.xml", text)], &Options::default()) {
        Err(e) => {
            assert_eq!(e.exit_code(), 2, "{e}");
            e
        }
        Ok(_) => panic!("accepted"),
    }
}

fn parties(g: &Got) -> Vec<&PartyRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Party(p) = r { Some(p) } else { None }).collect()
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Relation(p) = r { Some(p) } else { None }).collect()
}

/// A fact on one line: what is empty is left out.
fn line(f: &Fact) -> String {
    let mut s = format!("{}={}", f.prop, f.value);
    for (name, v) in [("kind", &f.kind), ("lang", &f.lang), ("script", &f.script), ("raw", &f.raw)] {
        if !v.is_empty() {
            s.push_str(&format!(" {name}={v}"));
        }
    }
    f.from.iter().for_each(|d| s.push_str(&format!(" from={d}")));
    s
}

fn lines(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(line).collect()
}

fn brief(r: &RelationRecord) -> String {
    let end = |e: &End| match e {
        End::Id(id) => id.as_str().to_owned(),
        End::Name(n) => format!("\"{n}\""),
    };
    let date = |d: Option<PartialDate>| d.map_or_else(|| "-".to_owned(), |d| d.to_string());
    format!("{} {} {} {} {}", end(&r.source), r.edge_type, end(&r.target), date(r.start), date(r.end))
}

fn count(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

fn skipped(g: &Got, reason: &str) -> u64 {
    g.report.skipped.get(reason).map_or(0, |f| f.count)
}

fn entity(lei: &str, inner: &str) -> String {
    format!(
        "<x:LEI>{lei}</x:LEI><x:Entity><x:LegalName xml:lang='en'>Brightwater Quarries Ltd</x:LegalName>{inner}</x:Entity>"
    )
}

#[test]
fn an_entity_with_one_of_everything() {
    let (own, next) = (lei("QUARRY"), lei("HEIR"));
    let record = format!(
        "<x:LEI>{own}</x:LEI><x:Entity>\
         <x:LegalName xml:lang='en'>Brightwater Quarries Ltd</x:LegalName>\
         <x:OtherEntityNames><x:OtherEntityName xml:lang='en' type='PREVIOUS_LEGAL_NAME'>Old Quarries Ltd</x:OtherEntityName>\
         <x:OtherEntityName xml:lang='ru' type='ALTERNATIVE_LANGUAGE_LEGAL_NAME'>Брайтуотер</x:OtherEntityName>\
         <x:OtherEntityName type='TRADING_OR_OPERATING_NAME'>Brightwater Quarries Ltd</x:OtherEntityName><x:OtherEntityName/></x:OtherEntityNames>\
         <x:TransliteratedOtherEntityNames><x:TransliteratedOtherEntityName xml:lang='ru' type='AUTO_ASCII_TRANSLITERATED_LEGAL_NAME'>Brajtuoter</x:TransliteratedOtherEntityName></x:TransliteratedOtherEntityNames>\
         <x:LegalAddress xml:lang='en'><x:FirstAddressLine>12 Slate Row</x:FirstAddressLine><x:AddressNumber>12</x:AddressNumber>\
         <x:MailRouting>12 Slate Row</x:MailRouting><x:AdditionalAddressLine>Floor 2</x:AdditionalAddressLine>\
         <x:City>Port Quellen</x:City><x:Region>XA-Q</x:Region><x:Country>XA</x:Country><x:PostalCode>2</x:PostalCode></x:LegalAddress>\
         <x:HeadquartersAddress><x:FirstAddressLine>1 Mole</x:FirstAddressLine><x:Country>XB</x:Country></x:HeadquartersAddress>\
         <x:OtherAddresses><x:OtherAddress type='ALTERNATIVE_LANGUAGE_LEGAL_ADDRESS' xml:lang='ru'><x:FirstAddressLine>Грифельная 12</x:FirstAddressLine><x:Country>XA</x:Country></x:OtherAddress></x:OtherAddresses>\
         <x:RegistrationAuthority><x:RegistrationAuthorityID>RA000001</x:RegistrationAuthorityID><x:RegistrationAuthorityEntityID>Q-77</x:RegistrationAuthorityEntityID></x:RegistrationAuthority>\
         <x:LegalJurisdiction>XA-Q</x:LegalJurisdiction><x:EntityCategory>GENERAL</x:EntityCategory><x:EntitySubCategory>NONE_OF_THEM</x:EntitySubCategory>\
         <x:LegalForm><x:EntityLegalFormCode>8888</x:EntityLegalFormCode><x:OtherLegalForm xml:lang='en'>Quarry guild</x:OtherLegalForm></x:LegalForm>\
         <x:AssociatedEntity type='FUND_FAMILY'><x:AssociatedEntityName>Slate Funds</x:AssociatedEntityName></x:AssociatedEntity>\
         <x:EntityStatus>INACTIVE</x:EntityStatus><x:EntityCreationDate>1997-06-05T02:00:00+02:00</x:EntityCreationDate>\
         <x:EntityExpirationDate>2020</x:EntityExpirationDate><x:EntityExpirationReason>CORPORATE_ACTION</x:EntityExpirationReason>\
         <x:SuccessorEntity><x:SuccessorLEI>{next}</x:SuccessorLEI></x:SuccessorEntity>\
         <x:SuccessorEntity><x:SuccessorEntityName xml:lang='en'>Slate Heirs Ltd</x:SuccessorEntityName></x:SuccessorEntity>\
         <x:LegalEntityEvents><x:LegalEntityEvent group_type='STANDALONE' event_status='COMPLETED'>\
         <x:LegalEntityEventType>MERGERS_AND_ACQUISITIONS</x:LegalEntityEventType>\
         <x:LegalEntityEventEffectiveDate>2020-01-31T00:00:00Z</x:LegalEntityEventEffectiveDate>\
         <x:AffectedFields><x:AffectedField field_xpath='/x'>{next}</x:AffectedField></x:AffectedFields></x:LegalEntityEvent></x:LegalEntityEvents>\
         <x:NewInVersion9>kept</x:NewInVersion9></x:Entity>\
         <x:Registration><x:InitialRegistrationDate>2012-11-29T16:33:00.000Z</x:InitialRegistrationDate>\
         <x:RegistrationStatus>RETIRED</x:RegistrationStatus><x:NextRenewalDate>soon</x:NextRenewalDate><x:ManagingLOU>{next}</x:ManagingLOU>\
         <x:ValidationSources>FULLY_CORROBORATED</x:ValidationSources>\
         <x:ValidationAuthority><x:ValidationAuthorityID>RA000001</x:ValidationAuthorityID><x:ValidationAuthorityEntityID>Q-77</x:ValidationAuthorityEntityID></x:ValidationAuthority>\
         <x:OtherValidationAuthorities><x:OtherValidationAuthority><x:ValidationAuthorityID>RA999999</x:ValidationAuthorityID>\
         <x:OtherValidationAuthorityID>Guild book</x:OtherValidationAuthorityID><x:ValidationAuthorityEntityID>5</x:ValidationAuthorityEntityID></x:OtherValidationAuthority></x:OtherValidationAuthorities></x:Registration>\
         <x:Extension><e:Geocoding><e:formatted_address>12 Slate Row, Quellen</e:formatted_address><e:lat>1.5</e:lat></e:Geocoding><e:Geocoding><e:geocoding_failed>true</e:geocoding_failed></e:Geocoding></x:Extension>"
    );
    let g = got(&file(Kind::Entities, FULL, &[record]));
    let [p] = parties(&g)[..] else { panic!() };
    assert_eq!((p.id.as_str(), p.node_type.as_str()), (format!("lei:{own}").as_str(), "legal_entity"));
    let event = format!(
        "group_type: STANDALONE; event_status: COMPLETED; LegalEntityEventType: MERGERS_AND_ACQUISITIONS; \
         LegalEntityEventEffectiveDate: 2020-01-31T00:00:00Z; AffectedFields: (AffectedField: ({next}; field_xpath: /x))"
    );
    assert_eq!(
        lines(&p.facts),
        [
            format!("identifier={own} kind=LEI"),
            "name=Brightwater Quarries Ltd kind=LegalName lang=en".into(),
            "former_name=Old Quarries Ltd kind=PREVIOUS_LEGAL_NAME lang=en".into(),
            "alias=Брайтуотер kind=ALTERNATIVE_LANGUAGE_LEGAL_NAME lang=ru script=Cyrl".into(),
            "alias=Brajtuoter kind=AUTO_ASCII_TRANSLITERATED_LEGAL_NAME lang=ru".into(),
            "address=12 Slate Row, Floor 2, Port Quellen, XA-Q, XA, 2 kind=LegalAddress lang=en".into(),
            "country=XA kind=address".into(),
            "address=1 Mole, XB kind=HeadquartersAddress".into(),
            "country=XB kind=address".into(),
            "address=Грифельная 12, XA kind=ALTERNATIVE_LANGUAGE_LEGAL_ADDRESS lang=ru".into(),
            "registration_authority=RA000001".into(),
            "identifier=Q-77 kind=RA000001".into(),
            "country=XA kind=jurisdiction".into(),
            "legal_jurisdiction=XA-Q".into(),
            "entity_category=GENERAL".into(),
            "entity_sub_category=NONE_OF_THEM".into(),
            "legal_form=8888 kind=ELF".into(),
            "legal_form=Quarry guild lang=en".into(),
            "entity_status=INACTIVE".into(),
            "creation_date=1997-06-05 raw=1997-06-05T02:00:00+02:00".into(),
            "expiration_date=2020".into(),
            "expiration_reason=CORPORATE_ACTION".into(),
            format!("legal_entity_event=MERGERS_AND_ACQUISITIONS kind=COMPLETED raw={event} from=2020-01-31"),
            "new_in_version9=kept".into(),
            "initial_registration_date=2012-11-29 raw=2012-11-29T16:33:00.000Z".into(),
            "registration_status=RETIRED".into(),
            "next_renewal_date=soon".into(),
            format!("managing_lou={next}"),
            "validation_sources=FULLY_CORROBORATED".into(),
            "validation_authority=RA000001".into(),
            "other_validation_authority=RA999999".into(),
            "identifier=5 kind=Guild book".into(),
            "other_validation_authority_id=Guild book".into(),
            "geocoding=12 Slate Row, Quellen raw=formatted_address: 12 Slate Row, Quellen; lat: 1.5".into(),
            "geocoding=geocoding_failed: true".into(),
        ]
    );
    // The successor is the subject, dated by the event that names it.
    let r = relations(&g);
    assert_eq!(
        r.iter().map(|r| brief(r)).collect::<Vec<_>>(),
        [
            format!("lei:{own} linked_to \"Slate Funds\" - -"),
            format!("lei:{next} succeeds lei:{own} 2020-01-31 -"),
            format!("\"Slate Heirs Ltd\" succeeds lei:{own} - -"),
        ]
    );
    assert_eq!((r[0].role.as_str(), r[1].role.as_str()), ("FUND_FAMILY", "MERGERS_AND_ACQUISITIONS"));
    assert_eq!(
        (r[1].value("source_label"), r[1].value("source_direction")),
        (Some("SuccessorEntity"), Some("reversed"))
    );
    for (what, n) in [
        ("lei_records", 1),
        ("other_names", 4),
        ("transliterated_names", 1),
        ("names that repeat another", 1),
        ("empty names", 1),
        ("addresses", 3),
        ("successor_entities", 2),
        ("legal_entity_events", 1),
        ("entity_category/GENERAL", 1),
        ("entity_status/INACTIVE", 1),
        ("registration_status/RETIRED", 1),
        ("header/RecordCount", 1),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    assert_eq!(count(&g, "date not understood"), 1);
    assert_eq!(g.report.suspicious.len(), 1, "{:?}", g.report.suspicious);
    assert!(g.report.skipped.is_empty());
    assert_eq!((g.draft.source.as_str(), g.draft.mode), ("gleif_lei", Mode::Full));
    assert_eq!(
        (g.draft.stated.unwrap().to_string(), &g.draft.parts[..]),
        ("2024-03-05".into(), &["entities".to_owned()][..])
    );
    assert_eq!(g.draft.info.licence, "CC0 1.0");
}

#[test]
fn duplicates_events_and_odd_entities() {
    let (a, b, c) = (lei("AAA"), lei("BBB"), lei("CCC"));
    let status = |s: &str| format!("<x:Registration><x:RegistrationStatus>{s}</x:RegistrationStatus></x:Registration>");
    let successor = |l: &str| format!("<x:SuccessorEntity><x:SuccessorLEI>{l}</x:SuccessorLEI></x:SuccessorEntity>");
    let event = |state: &str, day: &str, l: &str| {
        format!(
            "<x:LegalEntityEvent event_status='{state}'><x:LegalEntityEventType>ABSORPTION</x:LegalEntityEventType>\
             <x:LegalEntityEventEffectiveDate>{day}</x:LegalEntityEventEffectiveDate>\
             <x:AffectedFields><x:AffectedField>{l}</x:AffectedField></x:AffectedFields></x:LegalEntityEvent>"
        )
    };
    let events = |e: &str| format!("<x:LegalEntityEvents>{e}</x:LegalEntityEvents>");
    let records = [
        entity(&a, &successor(&b)) + &status("DUPLICATE"),
        entity(&b, &(successor(&c) + &events(&event("IN_PROGRESS", "2030-01-01", &c)))),
        entity(
            &c,
            &(successor(&a)
                + &events(&(event("WITHDRAWN_CANCELLED", "2001-01-01", &a) + &event("COMPLETED", "2000-01-01", &a)))),
        ),
        entity(&a, "<x:EntityCategory>GUILD</x:EntityCategory><x:SuccessorEntity/>"),
        entity("", "<x:EntityCategory>RESIDENT_GOVERNMENT_ENTITY</x:EntityCategory>"),
        entity("SHORT", "<x:EntityCategory>INTERNATIONAL_ORGANIZATION</x:EntityCategory>"),
    ];
    let g = got(&file(Kind::Entities, FULL, &records));
    let decisions: Vec<&Decision> =
        g.records.iter().filter_map(|(_, r)| if let Record::Decision(d) = r { Some(d) } else { None }).collect();
    let [d] = decisions[..] else { panic!() };
    assert_eq!((d.a.local(), d.b.local(), d.ruling), (a.as_str(), b.as_str(), crate::model::Ruling::Same));
    assert_eq!(parties(&g)[0].values("surviving_lei").collect::<Vec<_>>(), [b.as_str()]);
    let r = relations(&g);
    assert_eq!(
        r.iter().map(|r| brief(r)).collect::<Vec<_>>(),
        [format!("lei:{c} succeeds lei:{b} - -"), format!("lei:{a} succeeds lei:{c} 2000-01-01 -")]
    );
    assert_eq!((r[0].act, r[0].value("effective_date"), r[1].act), (Act::Agreed, Some("2030-01-01"), Act::Done));
    let types: Vec<&str> = parties(&g).iter().map(|p| p.node_type.as_str()).collect();
    assert_eq!(
        types,
        ["legal_entity", "legal_entity", "legal_entity", "legal_entity", "public_body", "international_body"]
    );
    assert!(parties(&g)[4].id.local().starts_with("without-lei-"));
    for reason in [
        "LEI that occurs twice",
        "entity category that is not known",
        "record without an LEI",
        "not a valid LEI",
        "SuccessorEntity without LEI or name",
    ] {
        assert_eq!(count(&g, reason), 1, "{reason}");
    }
    // What the cancelled event alone names did not happen.
    let cancelled = entity(&c, &(successor(&a) + &events(&event("WITHDRAWN_CANCELLED", "2001-01-01", &a))));
    assert_eq!(relations(&got(&file(Kind::Entities, FULL, &[cancelled])))[0].status, Status::Withdrawn);
}

fn relation(start: &str, end: &str, kind: &str, inner: &str, registration: &str) -> String {
    format!(
        "<x:Relationship><x:StartNode><x:NodeID>{start}</x:NodeID><x:NodeIDType>LEI</x:NodeIDType></x:StartNode>\
         <x:EndNode><x:NodeID>{end}</x:NodeID><x:NodeIDType>LEI</x:NodeIDType></x:EndNode>\
         <x:RelationshipType>{kind}</x:RelationshipType>{inner}</x:Relationship>\
         <x:Registration><x:RegistrationStatus>{registration}</x:RegistrationStatus></x:Registration>"
    )
}

fn period(kind: &str, start: &str, end: &str) -> String {
    let end = if end.is_empty() { String::new() } else { format!("<x:EndDate>{end}</x:EndDate>") };
    format!(
        "<x:RelationshipPeriod><x:StartDate>{start}</x:StartDate>{end}<x:PeriodType>{kind}</x:PeriodType></x:RelationshipPeriod>"
    )
}

fn periods(all: &[String]) -> String {
    format!("<x:RelationshipPeriods>{}</x:RelationshipPeriods>", all.concat())
}

fn status(s: &str) -> String {
    format!("<x:RelationshipStatus>{s}</x:RelationshipStatus>")
}

#[test]
fn a_relation_with_one_of_everything() {
    let (child, parent) = (lei("CHILD"), lei("PARENT"));
    let inner = periods(&[
        period("ACCOUNTING_PERIOD", "2021-01-01T00:00:00Z", "2021-12-31T00:00:00Z"),
        period("RELATIONSHIP_PERIOD", "2019-02-03", "2022-05-06T00:00:00Z"),
        period("DOCUMENT_FILING_PERIOD", "2022-13-01", ""),
    ]) + &status("ACTIVE")
        + "<x:RelationshipQualifiers><x:RelationshipQualifier><x:QualifierDimension>ACCOUNTING_STANDARD</x:QualifierDimension><x:QualifierCategory>IFRS</x:QualifierCategory></x:RelationshipQualifier></x:RelationshipQualifiers>\
           <x:RelationshipQuantifiers><x:RelationshipQuantifier><x:MeasurementMethod>ACCOUNTING_CONSOLIDATION</x:MeasurementMethod><x:QuantifierAmount>1.00</x:QuantifierAmount><x:QuantifierUnits>PERCENTAGE</x:QuantifierUnits></x:RelationshipQuantifier></x:RelationshipQuantifiers>\
           <x:Remark>kept</x:Remark>";
    let record = relation(&child, &parent, "IS_DIRECTLY_CONSOLIDATED_BY", &inner, "PUBLISHED")
        .replace("</x:Registration>", "<x:LastUpdateDate>2024-01-02T03:04:05Z</x:LastUpdateDate><x:ValidationReference>http://x.test/a</x:ValidationReference></x:Registration>")
        + "<x:Extension><e:Deletion/><e:More>also</e:More></x:Extension>";
    let g = got(&file(Kind::Relations, FULL, &[record]));
    let [r] = relations(&g)[..] else { panic!() };
    assert_eq!(brief(r), format!("lei:{parent} consolidates lei:{child} 2019-02-03 2022-05-06"));
    assert_eq!((r.share, r.direct, r.status, r.id.clone()), (None, Direct::Direct, Status::Asserted, None));
    assert_eq!(
        lines(&r.facts),
        [
            "source_label=IS_DIRECTLY_CONSOLIDATED_BY",
            "source_direction=reversed",
            "accounting_period=2021-01-01 to 2021-12-31 raw=StartDate: 2021-01-01T00:00:00Z; EndDate: 2021-12-31T00:00:00Z; PeriodType: ACCOUNTING_PERIOD",
            "document_filing_period=StartDate: 2022-13-01; PeriodType: DOCUMENT_FILING_PERIOD",
            "relationship_status=ACTIVE",
            "relationship_qualifier=IFRS kind=ACCOUNTING_STANDARD",
            "relationship_quantifier=1.00 PERCENTAGE kind=ACCOUNTING_CONSOLIDATION raw=MeasurementMethod: ACCOUNTING_CONSOLIDATION; QuantifierAmount: 1.00; QuantifierUnits: PERCENTAGE",
            "remark=kept",
            "relationship_period=2019-02-03 to 2022-05-06 raw=StartDate: 2019-02-03; EndDate: 2022-05-06T00:00:00Z; PeriodType: RELATIONSHIP_PERIOD",
            "registration_status=PUBLISHED",
            "last_update_date=2024-01-02 raw=2024-01-02T03:04:05Z",
            "validation_reference=http://x.test/a",
            "more=also",
        ]
    );
    for (what, n) in [
        ("relationship_records", 1),
        ("by_type/IS_DIRECTLY_CONSOLIDATED_BY", 1),
        ("by_status/ACTIVE", 1),
        ("by_registration_status/PUBLISHED", 1),
        ("periods/RELATIONSHIP_PERIOD", 1),
        ("periods/ACCOUNTING_PERIOD", 1),
        ("qualifiers/IFRS", 1),
        ("quantifiers", 1),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    assert_eq!(count(&g, "period not understood"), 1);
    assert_eq!((g.draft.source.as_str(), g.draft.mode), ("gleif_rr", Mode::Full));
    assert_eq!(g.draft.parts, ["relationships"]);
}

#[test]
fn every_relationship_type_points_the_right_way() {
    let (s, e) = (lei("START"), lei("END"));
    let catalogue = crate::model::Catalogue::builtin();
    for (label, edge, flipped) in [
        ("IS_DIRECTLY_CONSOLIDATED_BY", "consolidates", true),
        ("IS_ULTIMATELY_CONSOLIDATED_BY", "ultimately_consolidates", true),
        ("IS_FUND-MANAGED_BY", "manages_fund", true),
        ("IS_SUBFUND_OF", "has_subfund", true),
        ("IS_INTERNATIONAL_BRANCH_OF", "has_branch", true),
        ("IS_FEEDER_TO", "feeds_into", false),
        ("IS_TWINNED_WITH", "linked_to", false),
    ] {
        let g = got(&file(Kind::Relations, FULL, &[relation(&s, &e, label, &status("ACTIVE"), "PUBLISHED")]));
        let [r] = relations(&g)[..] else { panic!() };
        let (a, b) = if flipped { (&e, &s) } else { (&s, &e) };
        assert_eq!(brief(r), format!("lei:{a} {edge} lei:{b} - -"));
        assert_eq!(r.value("source_direction"), flipped.then_some("reversed"));
        assert_eq!((r.value("source_label"), r.share), (Some(label), None));
        // None of them is a holding of shares or votes, sure or possible.
        let t = catalogue.edge_type(edge).unwrap();
        assert!(!t.ownership && !t.votes && !t.ambiguous, "{edge}");
        let summary = edge == "ultimately_consolidates";
        assert_eq!((t.derived, r.direct == Direct::Indirect), (summary, summary), "{edge}");
        assert_eq!(count(&g, "relationship of unknown type"), u64::from(edge == "linked_to"));
    }
}

#[test]
fn what_no_longer_holds_and_what_repeats() {
    let (a, b) = (lei("AAA"), lei("BBB"));
    let direct = |inner: &str, registration: &str| relation(&a, &b, "IS_DIRECTLY_CONSOLIDATED_BY", inner, registration);
    let ended = periods(&[period("RELATIONSHIP_PERIOD", "2010-01-01", "2015-01-01")]);
    let twice = periods(&[
        period("RELATIONSHIP_PERIOD", "2010-01-01", "2012-01-01"),
        period("RELATIONSHIP_PERIOD", "2014-01-01", ""),
    ]);
    let records = [
        direct(&status("INACTIVE"), "RETIRED"),
        direct(&(ended.clone() + &status("INACTIVE")), "RETIRED"),
        direct(&status("NULL"), "PUBLISHED"),
        direct(&status("ACTIVE"), "ANNULLED"),
        direct(&(twice + &status("ACTIVE")), "PUBLISHED"),
        direct(&status("INACTIVE"), "RETIRED"),
        direct(&(ended + &status("DORMANT")), "DUPLICATE"),
        relation(&a, &a, "IS_FEEDER_TO", &status("ACTIVE"), "PUBLISHED"),
        relation(&a, "", "IS_FEEDER_TO", &status("ACTIVE"), "PUBLISHED"),
        relation(&a, "x y", "IS_FEEDER_TO", &status("ACTIVE"), "PUBLISHED"),
        "<x:Registration/>".to_owned(),
    ];
    let g = got(&file(Kind::Relations, FULL, &records));
    let r = relations(&g);
    let facts: Vec<_> = r.iter().map(|r| (r.ordinal, r.status, r.value(prop::FORMER), r.end.is_some())).collect();
    assert_eq!(
        facts,
        [
            (0, Status::Asserted, Some("true"), false),
            (1, Status::Asserted, None, true),
            (2, Status::Disputed, None, false),
            (3, Status::Withdrawn, None, false),
            (4, Status::Asserted, None, false),
            (5, Status::Withdrawn, None, true),
            (0, Status::Asserted, None, false),
            (0, Status::Asserted, None, false),
        ]
    );
    assert_eq!(r[4].start.unwrap().to_string(), "2010-01-01");
    let keys: std::collections::BTreeSet<String> = r.iter().map(|r| r.external_id()).collect();
    assert_eq!(keys.len(), r.len());
    assert_eq!(g.report.get("repeated records"), 1);
    for reason in [
        "several relationship periods",
        "relationship status that is not known",
        "relationship of an entity with itself",
        "not a valid LEI",
    ] {
        assert_eq!(count(&g, reason), 1, "{reason}");
    }
    assert_eq!(skipped(&g, "relationship without one of its ends"), 1);
    assert_eq!(skipped(&g, "record without a Relationship"), 1);
    // An older scheme of numbers is an id space of its own.
    let isin = relation(&a, "XA0001", "IS_FEEDER_TO", "", "")
        .replace("<x:NodeID>XA0001</x:NodeID><x:NodeIDType>LEI", "<x:NodeID>XA0001</x:NodeID><x:NodeIDType>ISIN");
    let g = got(&file(Kind::Relations, FULL, &[isin]));
    assert_eq!(relations(&g)[0].target, End::Id(crate::model::Id::parse("isin:XA0001").unwrap()));
}

fn exception(lei: &str, side: &str, reasons: &[&str], more: &str) -> String {
    let reasons: String = reasons.iter().map(|r| format!("<x:ExceptionReason>{r}</x:ExceptionReason>")).collect();
    format!(
        "<x:LEI>{lei}</x:LEI><x:ExceptionCategory>{side}_ACCOUNTING_CONSOLIDATION_PARENT</x:ExceptionCategory>{reasons}{more}"
    )
}

#[test]
fn exceptions() {
    let a = lei("AAA");
    let records = [
        exception(
            &a,
            "DIRECT",
            &["NON_PUBLIC", "NO_LEI"],
            "<x:ExceptionReference>statute 7</x:ExceptionReference><x:Extension><e:Deletion/><e:More>x</e:More></x:Extension>",
        ),
        exception(&a, "ULTIMATE", &["NATURAL_PERSONS"], "<x:New>y</x:New>"),
        exception(&a, "SIDEWAYS", &["NO_LEI"], ""),
        exception(&a, "ULTIMATE", &[""], ""),
        exception("", "DIRECT", &["NO_LEI"], ""),
    ];
    let g = got(&file(Kind::Exceptions, FULL, &records));
    let found: Vec<(&str, &str, Vec<String>)> = g
        .records
        .iter()
        .map(|(part, r)| match r {
            Record::Party(p) => (part.as_str(), p.node_type.as_str(), lines(&p.facts)),
            _ => panic!(),
        })
        .collect();
    let kind = |side: &str| format!("kind={side}_ACCOUNTING_CONSOLIDATION_PARENT");
    assert_eq!(
        found,
        [
            (
                "direct_parent_exceptions",
                "",
                vec![
                    format!("no_direct_parent_reason=NON_PUBLIC {}", kind("DIRECT")),
                    format!("no_direct_parent_reason=NO_LEI {}", kind("DIRECT")),
                    format!("no_direct_parent_reference=statute 7 {}", kind("DIRECT")),
                    "more=x".to_owned(),
                ]
            ),
            (
                "ultimate_parent_exceptions",
                "",
                vec![format!("no_ultimate_parent_reason=NATURAL_PERSONS {}", kind("ULTIMATE")), "new=y".to_owned()]
            ),
            ("other_exceptions", "", vec![format!("no_parent_reason=NO_LEI {}", kind("SIDEWAYS"))]),
            (
                "ultimate_parent_exceptions",
                "",
                vec![format!("no_ultimate_parent_reason=not stated {}", kind("ULTIMATE"))]
            ),
        ]
    );
    for (what, n) in [
        ("exceptions", 5),
        ("by_category/DIRECT_ACCOUNTING_CONSOLIDATION_PARENT", 2),
        ("by_category/ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT", 2),
        ("by_reason/NO_LEI", 2),
        ("by_reason/NON_PUBLIC", 1),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    for reason in ["exception of unknown category", "second exception of one category", "exception without a reason"] {
        assert_eq!(count(&g, reason), 1, "{reason}");
    }
    assert_eq!(skipped(&g, "exception without an LEI"), 1);
    assert_eq!((g.draft.source.as_str(), g.draft.parts.len()), ("gleif_repex", 3));
}

#[test]
fn full_cut_and_delta_files() {
    let (a, b) = (lei("AAA"), lei("BBB"));
    let whole = file(Kind::Entities, FULL, &[entity(&a, "")]);
    assert_eq!(got(&whole).draft.mode, Mode::Full);
    let cut = whole.replace("RecordCount>1<", "RecordCount>2394586<");
    let g = got(&cut);
    assert_eq!((g.draft.mode, count(&g, "RecordCount is not the number of records")), (Mode::Additive, 1));
    let full = Options { full: true, source: Some("mine".to_owned()), ..Options::default() };
    let g = run(import, &[("x.xml", cut.as_bytes())], &full).unwrap();
    assert_eq!((g.draft.mode, g.draft.source.as_str(), g.draft.info.id.as_str()), (Mode::Full, "mine", "mine"));
    let lou = file(Kind::Entities, "LOU_FULL_PUBLISHED", &[entity(&a, "")]);
    assert_eq!(got(&lou).draft.mode, Mode::Additive);
    let odd = whole
        .replace("RecordCount>1<", "RecordCount>many<")
        .replace("2024-03-05T", "soon")
        .replace("</x:LEIHeader>", "<x:Originator>z</x:Originator></x:LEIHeader><x:Trailer><x:a/></x:Trailer>");
    let odd = odd.replace("</x:LEIRecords>", "<x:Note>n</x:Note></x:LEIRecords>");
    let g = got(&odd);
    assert_eq!((g.draft.mode, g.draft.stated), (Mode::Additive, None));
    assert_eq!((count(&g, "RecordCount is no number"), count(&g, "date not understood")), (1, 1));
    for reason in
        ["part of the header that is not kept", "element that is not in the schema", "element that is no record"]
    {
        assert_eq!(skipped(&g, reason), 1, "{reason}");
    }
    // Two files of one release: the newest dates it.
    let later = whole.replace("2024-03-05", "2024-03-06").replace(&a, &b);
    let two = [("1.xml", whole.as_bytes()), ("2.xml", later.as_bytes())];
    let g = run(import, &two, &Options::default()).unwrap();
    assert_eq!(
        (g.draft.mode, g.draft.stated.unwrap().to_string(), g.report.get("lei_records")),
        (Mode::Full, "2024-03-06".into(), 2)
    );

    let gone = "<x:Extension><e:Deletion><e:DeletedAt>2024-03-04T00:00:00Z</e:DeletedAt></e:Deletion></x:Extension>";
    let delta = file(Kind::Entities, DELTA, &[entity(&a, ""), entity(&b, "") + gone]);
    let g = got(&delta);
    assert_eq!((g.draft.mode, g.deleted.clone(), parties(&g).len()), (Mode::Delta, vec![format!("lei:{b}")], 1));
    assert_eq!(parties(&got(&delta.replace(DELTA, FULL))).len(), 2, "a full file deletes nothing");
    let delta =
        file(Kind::Relations, DELTA, &[relation(&a, &b, "IS_FEEDER_TO", &status("ACTIVE"), "PUBLISHED") + gone]);
    let g = got(&delta);
    assert_eq!(
        (relations(&g)[0].status, relations(&g)[0].value("deleted_at")),
        (Status::Withdrawn, Some("2024-03-04"))
    );
    assert!(g.deleted.is_empty());
    let delta = file(Kind::Exceptions, DELTA, &[exception(&a, "DIRECT", &["NO_LEI"], gone)]);
    assert_eq!(
        lines(&parties(&got(&delta))[0].facts),
        [
            "no_direct_parent_exception_deleted_at=2024-03-04 kind=DIRECT_ACCOUNTING_CONSOLIDATION_PARENT raw=2024-03-04T00:00:00Z"
        ]
    );
    let mixed = [("1.xml", whole.as_bytes()), ("2.xml", file(Kind::Entities, DELTA, &[]).into_bytes().leak() as &[u8])];
    assert!(
        run(import, &mixed, &Options::default()).map(|_| ()).unwrap_err().to_string().contains("different content")
    );
    let kinds = [("1.xml", whole.as_bytes()), ("2.xml", file(Kind::Relations, FULL, &[]).into_bytes().leak() as &[u8])];
    let e = run(import, &kinds, &Options::default()).map(|_| ()).unwrap_err();
    assert!(e.to_string().contains("three sources"), "{e}");
}

#[test]
fn faults_are_refused_with_their_line() {
    let a = lei("AAA");
    let whole = file(Kind::Entities, FULL, &[entity(&a, ""), entity(&lei("BBB"), "")]);
    let at = |text: &[u8]| refused(text).place().unwrap().line.unwrap();
    assert_eq!(at(whole.replacen("</x:Entity>", "</x:Entities>", 1).as_bytes()), 4);
    assert_eq!(at(&whole.as_bytes()[..whole.find("BBB").unwrap()]), 5);
    let mut bad = whole.clone().into_bytes();
    bad[whole.find("Brightwater").unwrap()] = 0xff;
    let e = refused(&bad);
    assert!(e.message().contains("UTF-8"), "{e}");
    assert!(refused(b"<sdnList/>").message().contains("sdnList"));
    assert!(refused(b"").message().contains("no XML element"));
    assert!(refused((whole.clone() + "<x/>").as_bytes()).message().contains("root"));
    assert!(
        refused(format!("<LEIData><LEIRecords><LEIRecord><LEI>{}</LEI>", "9".repeat(2000)).as_bytes())
            .message()
            .contains("early")
    );
    let long =
        format!("<LEIData><LEIRecords><LEIRecord><LEI>{}</LEI></LEIRecord></LEIRecords></LEIData>", "9".repeat(2000));
    assert!(refused(long.as_bytes()).message().contains("longer than"));
    let many = file(Kind::Entities, FULL, &[entity(&a, &"<x:Y/>".repeat(20_000))]);
    assert!(refused(many.as_bytes()).message().contains("at most 10000"));
    assert!(run(import, &[], &Options::default()).is_err());
}

#[test]
fn cut_and_flipped_files_end_in_an_error_or_a_result() {
    let (a, b) = (lei("AAA"), lei("BBB"));
    let files = [
        file(Kind::Entities, FULL, &[entity(&a, "<x:EntityStatus>ACTIVE</x:EntityStatus>")]),
        file(Kind::Relations, DELTA, &[relation(&a, &b, "IS_FEEDER_TO", &status("ACTIVE"), "PUBLISHED")]),
        file(Kind::Exceptions, FULL, &[exception(&a, "DIRECT", &["NO_LEI"], "")]),
    ];
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for text in &files {
        for cut in 0..text.trim_end().len() {
            assert!(run(import, &[("x.xml", &text.as_bytes()[..cut])], &Options::default()).is_err(), "{cut}");
        }
        for _ in 0..1500 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..1 + next() % 4 {
                let at = (next() % bytes.len() as u64) as usize;
                bytes[at] = (next() % 256) as u8;
            }
            if let Err(e) = run(import, &[("x.xml", &bytes)], &Options::default()) {
                assert_eq!(e.exit_code(), 2, "{e}");
            }
        }
    }
}

#[test]
fn detected_by_the_root_element() {
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    for kind in Kind::ALL {
        let text = file(kind, FULL, &[]);
        assert!(is(text.as_bytes()));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        assert!(is(&packed.finish().unwrap()));
    }
    assert!(is(b"\xef\xbb\xbf<!-- c --><LEIData/>"));
    for no in
        ["", "LEIData", "<sdnList/>", "<Sanctions xmlns='un.org/sanctions'/>", "{\"LEIData\":1}", "LEI,Entity\n1,2"]
    {
        assert!(!is(no.as_bytes()), "{no}");
    }
}

/// Every count that an independent script found in the real files.
#[test]
fn published_files_give_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let mut compared = 0;
    for (name, want) in expected.as_object().unwrap().iter().filter(|(f, _)| f.starts_with("gleif/")) {
        let bytes = std::fs::read(data.join(name)).unwrap();
        assert!(detect(&Input::from_bytes(name, bytes.clone()).unwrap()), "{name}");
        let g = run(import, &[(name, &bytes)], &Options::default()).unwrap();
        let check = |what: &str, n: &serde_json::Value| {
            let n = n.as_u64().or_else(|| n.as_str()?.parse().ok()).unwrap();
            assert_eq!(g.report.get(what), n, "{name} {what}");
        };
        for (key, value) in want.as_object().unwrap() {
            match (key.as_str(), value) {
                ("root", v) => assert_eq!(Kind::of(v.as_str().unwrap()).unwrap().source().0, g.draft.source),
                ("header", v) => {
                    let date = v["ContentDate"].as_str().unwrap();
                    assert!(date.starts_with(&g.draft.stated.unwrap().to_string()), "{date}");
                    check(&format!("header/FileContent/{}", v["FileContent"].as_str().unwrap()), &1.into());
                    check("header/RecordCount", &v["RecordCount"]);
                    compared += 2;
                }
                (_, serde_json::Value::Object(inner)) => {
                    let prefix = format!("{key}/");
                    let counted = g.report.counts.keys().filter(|k| k.starts_with(&prefix)).count();
                    assert_eq!(counted, inner.len(), "{name} {key}");
                    for (k, v) in inner {
                        check(&format!("{key}/{k}"), v);
                        compared += 1;
                    }
                }
                (_, v) => {
                    check(key, v);
                    compared += 1;
                }
            }
        }
        // The files are cuts of the golden copy, and everything in them came in.
        assert_eq!((g.draft.mode, count(&g, "RecordCount is not the number of records")), (Mode::Additive, 1));
        assert_eq!(g.report.suspicious.len(), 1, "{name}: {:?}", g.report.suspicious);
        assert!(g.report.skipped.is_empty(), "{name}: {:?}", g.report.skipped);
        assert!(g.records.len() as u64 >= g.report.get(Kind::of(want["root"].as_str().unwrap()).unwrap().source().2));
    }
    assert!(compared > 25, "{compared}");
}
