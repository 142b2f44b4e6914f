//! A fictional list that takes every branch, files that must be refused, and the real file.

use super::*;
use crate::import::sink::testing::{Got, real, run, spoil};

/// A regulation summary of an act of that number.
fn summary(n: u32) -> String {
    format!(
        "<regulationSummary regulationType='amendment' publicationDate='2020-02-03' numberTitle='{n}/2020 (OJ L9)' \
         publicationUrl='https://example.org/{n}?a=1&amp;b=2'/>"
    )
}

fn child(name: &str, attrs: &str, inner: &str) -> String {
    format!("<{name} {attrs}>{inner}</{name}>")
}

fn alias(id: u32, attrs: &str, inner: &str) -> String {
    child("nameAlias", &format!("{attrs} logicalId='{id}' regulationLanguage='en'"), &(inner.to_owned() + &summary(id)))
}

fn entity(attrs: &str, inner: &str) -> String {
    format!("<sanctionEntity {attrs}>{inner}</sanctionEntity>\n")
}

const REGULATION: &str = "<regulation regulationType='amendment' organisationType='council' publicationDate='2020-02-03' \
    entryIntoForceDate='2020-02-04' numberTitle='7/2020 (OJ L9)' programme='RUR' logicalId='900'>\
    <publicationUrl>https://example.org/7</publicationUrl><corrigendum>C 8</corrigendum></regulation>";

fn list() -> String {
    let person = entity(
        "logicalId='10' euReferenceNumber='EU.1.2' unitedNationId='RUi.001' designationDate='2019-05-06' \
         delistingDate='2021-01-01' designationDetails='Leader of the &quot;Blue Six&quot;' shoeSize='44'",
        &[
            "<remark>Seen at the border.</remark>".to_owned(),
            REGULATION.to_owned(),
            REGULATION.replace("7/2020", "8/2020").replace("RUR", "ZND"),
            "<subjectType code='person' classificationCode='P'/>".to_owned(),
            alias(1, "wholeName='Рудольф Рассендилл' nameLanguage='RU' strong='true' gender='M'", ""),
            alias(
                2,
                "firstName='Rudolf' middleName='' lastName='RASSENDYLL' wholeName='Rudolf RASSENDYLL' function='Colonel' \
                 title='Count' gender='M' nameLanguage='EN' strong='true'",
                "<remark>Good quality alias</remark>",
            ),
            alias(3, "wholeName='Rudolf RASSENDYLL' nameLanguage='DE' strong='true'", ""),
            alias(4, "wholeName='Rudi' nameLanguage='' strong='false'", ""),
            alias(5, "wholeName='' firstName='Rupert' lastName='HENTZAU' nameLanguage='' strong='true'", ""),
            alias(6, "wholeName='' nameLanguage='' strong='true' function='Spy'", ""),
            child(
                "citizenship",
                "region='North' countryIso2Code='RU' countryDescription='RURITANIA' acquisitionDate='1990-01-01' \
                 disenfranchisementDate='2000-01-01' logicalId='20'",
                &summary(20),
            ),
            child("citizenship", "region='' countryIso2Code='00' countryDescription='UNKNOWN' logicalId='21'", ""),
            child(
                "birthdate",
                "circa='true' calendarType='GREGORIAN' city='Zenda' zipCode='12' year='1951' region='' place='' \
                 countryIso2Code='RU' countryDescription='RURITANIA' logicalId='30'",
                &summary(30),
            ),
            child(
                "birthdate",
                "circa='false' birthdate='1951-06-05' dayOfMonth='5' monthOfYear='6' year='1951' logicalId='31'",
                "",
            ),
            child("birthdate", "birthdate='1951-06-05' dayOfMonth='6' monthOfYear='6' year='1951' logicalId='32'", ""),
            child("birthdate", "yearRangeFrom='1950' yearRangeTo='1953' circa='false' logicalId='33'", ""),
            child("birthdate", "calendarType='ISLAMIC' year='1370' logicalId='34'", ""),
            child("birthdate", "year='19x1' logicalId='35'", ""),
            child("birthdate", "city='-' region='Hill' logicalId='36'", ""),
            child(
                "address",
                "city='Strelsau' street='1 King St' poBox='77' zipCode='A1' region='Mid' place='Old Fort' \
                 asAtListingTime='true' countryIso2Code='RU' countryDescription='RURITANIA' logicalId='40'",
                &("<remark>Until 2015</remark><contactInfo key='PHONE' value='+1 22'/><contactInfo><key>EMAIL</key>\
                   <value>r@example.org</value></contactInfo><contactInfo key='PIGEON_POST' value='coop 3'/>"
                    .to_owned()
                    + &summary(40)),
            ),
            child("address", "city='' countryIso2Code='BO' countryDescription='BORDURIA' logicalId='41'", ""),
            child(
                "identification",
                "diplomatic='true' knownExpired='false' knownFalse='true' reportedLost='false' revokedByIssuer='false' \
                 issuedBy='Town hall' latinNumber='P77' nameOnDocument='R. R.' number='П77' issueDate='2001-02-03' \
                 validTo='2011-12-31' countryIso2Code='RU' countryDescription='RURITANIA' \
                 identificationTypeCode='passport' identificationTypeDescription='National passport' logicalId='50'",
                &summary(50),
            ),
            child("identification", "number='' identificationTypeCode='id' issuedBy='Town hall' logicalId='51'", ""),
            child("identification", "number='9' identificationTypeCode='imo' validFrom='soon' logicalId='52'", ""),
            "<additionalInformation key='hatSize' value='XL'/>".to_owned(),
            "<portrait file='a.png'><frame>gold</frame></portrait>".to_owned(),
        ]
        .concat(),
    );
    let firm = entity(
        "logicalId='11' unitedNationId='RUe.002'",
        &(REGULATION.to_owned()
            + "<subjectType code='enterprise' classificationCode='E'/>"
            + &alias(7, "wholeName='Zenda Fish' strong='true'", "")),
    );
    let third = entity("logicalId='12' unitedNationId='RUe.002'", &alias(8, "wholeName='Zenda Fish II'", ""));
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<export xmlns='http://eu.europa.ec/fpi/fsd/export' \
         generationDate='2020-04-15T15:29:22.497+02:00' globalFileId='77'>\n{person}{firm}{third}</export>\n"
    )
}

fn got(text: &str) -> Got {
    run(import, &[("list.xml", text.as_bytes())], &Options::default()).unwrap()
}

fn party<'a>(g: &'a Got, id: &str) -> &'a PartyRecord {
    let found = g.records.iter().find_map(|(_, r)| match r {
        Record::Party(p) if p.id.as_str() == id => Some(p),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no {id}"))
}

/// Everything that a fact says but its citations, empty parts left out.
fn shown(f: &Fact) -> String {
    let dates = [f.from, f.to].map(|d| d.map(|d| d.to_string()).unwrap_or_default());
    let status = if f.status == crate::model::Status::Asserted { "" } else { f.status.as_str() };
    let more = [&f.kind, &f.lang, &f.script, &f.raw, &dates[0], &dates[1], status];
    let more: Vec<&str> = more.into_iter().filter(|t| !t.is_empty()).collect();
    format!("{}={} [{}]", f.prop, f.value, more.join("|"))
}

#[test]
fn one_of_everything() {
    let g = got(&list());
    assert_eq!((g.draft.source.as_str(), g.draft.stated.unwrap().to_string()), ("eu_fsf", "2020-04-15".to_owned()));
    assert_eq!((g.draft.mode, g.draft.parts.clone()), (Mode::Full, vec!["primary".to_owned()]));
    let p = party(&g, "eu:10");
    assert_eq!(p.node_type, "person");
    let facts: Vec<String> = p.facts.iter().map(shown).collect();
    let want = [
        "subject_type=person [P]",
        "alias=Рудольф Рассендилл [ru|Cyrl]",
        "gender=M []",
        "name=Rudolf RASSENDYLL [en]",
        "first_name=Rudolf [en]",
        "last_name=RASSENDYLL [en]",
        "function=Colonel [en]",
        "title=Count [en]",
        "note=Good quality alias [nameAlias, Rudolf RASSENDYLL]",
        "weak_alias=Rudi []",
        "alias=Rupert HENTZAU []",
        "first_name=Rupert []",
        "last_name=HENTZAU []",
        "function=Spy []",
        "note=Seen at the border. []",
        "regulation=7/2020 (OJ L9) [amendment|organisationType: council; publicationDate: 2020-02-03; programme: RUR|2020-02-04]",
        "corrigendum=C 8 [regulation]",
        "regulation=8/2020 (OJ L9) [amendment|organisationType: council; publicationDate: 2020-02-03; programme: ZND|2020-02-04]",
        "country=RURITANIA [citizenship|RU RURITANIA|1990-01-01|2000-01-01]",
        "citizenship_region=North []",
        "birth=circa 1951 []",
        "country=RURITANIA [birth|RU RURITANIA]",
        "birth_place=12 Zenda, RURITANIA []",
        "birth=1951-06-05 []",
        "birth=1951-06-05 [birthdate: 1951-06-05; dayOfMonth: 6; monthOfYear: 6; year: 1951]",
        "birth=1951-06-06 [birthdate: 1951-06-05; dayOfMonth: 6; monthOfYear: 6; year: 1951]",
        "birth=1950 to 1953 []",
        "birth_text=calendarType: ISLAMIC; year: 1370 []",
        "birth_text=year: 19x1 []",
        "birth_place=Hill []",
        "country=RURITANIA [address|RU RURITANIA]",
        "address=1 King St, PO Box 77, Old Fort, A1 Strelsau, Mid, RURITANIA [as at listing time|city: Strelsau; street: 1 King St; poBox: 77; zipCode: A1; region: Mid; place: Old Fort; countryIso2Code: RU; countryDescription: RURITANIA]",
        "note=Until 2015 [address]",
        "phone=+1 22 []",
        "email=r@example.org []",
        "pigeon_post=coop 3 []",
        "country=BORDURIA [address|BO BORDURIA]",
        "identifier=П77 [National passport|diplomatic: true; knownFalse: true; issuedBy: Town hall; latinNumber: P77; nameOnDocument: R. R.; number: П77; issueDate: 2001-02-03; validTo: 2011-12-31; countryIso2Code: RU; countryDescription: RURITANIA; identificationTypeCode: passport; identificationTypeDescription: National passport|2001-02-03|2012-01-01|disputed]",
        "identifier=P77 [National passport|diplomatic: true; knownFalse: true; issuedBy: Town hall; latinNumber: P77; nameOnDocument: R. R.; number: П77; issueDate: 2001-02-03; validTo: 2011-12-31; countryIso2Code: RU; countryDescription: RURITANIA; identificationTypeCode: passport; identificationTypeDescription: National passport|2001-02-03|2012-01-01|disputed]",
        "name_on_document=R. R. []",
        "identification=identificationTypeCode: id; issuedBy: Town hall [id]",
        "valid_from=soon [identification]",
        "identifier=9 [imo|number: 9; identificationTypeCode: imo; validFrom: soon]",
        "hat_size=XL []",
        "portrait=file: a.png; gold []",
        "identifier=EU.1.2 [EU reference number]",
        "identifier=RUi.001 [UN reference number]",
        "designation_details=Leader of the \"Blue Six\" []",
        "shoe_size=44 []",
    ];
    for (i, (have, want)) in facts.iter().zip(want).enumerate() {
        assert_eq!(have, want, "fact {i}");
    }
    assert_eq!(facts.len(), want.len(), "{facts:#?}");
    assert_eq!(p.listings.len(), 1);
    let l = &p.listings[0];
    assert_eq!((l.list.as_str(), l.from.unwrap().to_string().as_str()), ("eu_fsf", "2019-05-06"));
    assert_eq!((l.to.unwrap().to_string(), l.measures.len()), ("2021-01-01".to_owned(), 0));
    assert_eq!((l.programs.join(" "), l.basis.join("; ")), ("RUR ZND".into(), "7/2020 (OJ L9); 8/2020 (OJ L9)".into()));
    let suspicious: Vec<(&str, u64)> = g.report.suspicious.iter().map(|(k, f)| (k.as_str(), f.count)).collect();
    let want = [
        ("UN reference number of several entries", 1),
        ("date of birth not understood", 2),
        ("date that cannot be read", 1),
        ("entity without a subject type", 1),
        ("identification without a number", 1),
    ];
    assert_eq!(suspicious, want);
    assert!(g.report.skipped.is_empty(), "{:?}", g.report.skipped);
    for (what, n) in [
        ("entities", 3),
        ("name_aliases", 8),
        ("strong/true", 6),
        ("strong/false", 1),
        ("strong/not stated", 1),
        ("birthdates", 7),
        ("circa", 1),
        ("birthdates_without_date", 1),
        ("contact_infos", 3),
        ("additional_informations", 1),
        ("remarks", 3),
        ("empty_names", 1),
        ("unknown_countries", 1),
        ("regulations", 3),
        ("regulation_summaries", 12),
        ("global_file_id/77", 1),
        ("by_subject/P", 1),
        ("programmes/RUR", 2),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
}

#[test]
fn each_fact_cites_its_regulation() {
    let g = got(&list());
    let p = party(&g, "eu:10");
    let cites = |prop: &str, value: &str| -> Vec<String> {
        let f = p.facts.iter().find(|f| f.prop == prop && f.value == value).unwrap();
        assert!(f.cites.iter().all(|c| c.source.is_empty() && c.quote.is_empty()));
        f.cites.iter().map(|c| c.locator.clone()).collect()
    };
    let act = |n: u32| format!("{n}/2020 (OJ L9), amendment, 2020-02-03, https://example.org/{n}?a=1&b=2");
    assert_eq!(
        cites("name", "Rudolf RASSENDYLL"),
        [
            format!("10, nameAlias 2, in EN, regulation in en: {}", act(2)),
            format!("10, nameAlias 3, in DE, regulation in en: {}", act(3)),
        ]
    );
    assert_eq!(cites("birth", "circa 1951"), [format!("10, birthdate 30: {}", act(30))]);
    assert_eq!(cites("phone", "+1 22"), [format!("10, address 40: {}", act(40))]);
    assert_eq!(cites("birth", "1950 to 1953"), ["10, birthdate 33"]);
    assert!(cites("identifier", "EU.1.2").is_empty(), "the record's own");
    let regulation = "10, regulation 900: 7/2020 (OJ L9), amendment, 2020-02-03, https://example.org/7";
    assert_eq!(p.listings[0].cites[0].locator, regulation);
    let tie = g.records.iter().find_map(|(_, r)| match r {
        Record::Relation(r) if r.external_id() == "eu:10>under_program>eu.program:RUR" => Some(r),
        _ => None,
    });
    assert_eq!(tie.unwrap().cites[0].locator, regulation);
    assert_eq!(party(&g, "eu.program:ZND").node_type, "sanctions_program");
}

#[test]
fn united_nations_numbers_are_decisions() {
    let g = got(&list());
    let found: Vec<String> = g
        .records
        .iter()
        .filter_map(|(_, r)| if let Record::Decision(d) = r { Some(d) } else { None })
        .map(|d| format!("{} {} {:?}", d.a, d.b, d.ruling))
        .collect();
    assert_eq!(found, ["eu:11 un:RUe.002 Unsure", "eu:12 un:RUe.002 Unsure", "eu:10 un:RUi.001 Same"]);
    // Two entries of one number are one holder; several numbers in one field are none.
    let twice = list().replace("logicalId='12'", "logicalId='11'");
    let g = got(&twice);
    assert_eq!(g.report.suspicious["reference number occurs twice"].count, 1);
    assert!(!g.report.suspicious.contains_key("UN reference number of several entries"));
    assert_eq!(g.records.iter().filter(|(_, r)| r.key() == "eu:11").count(), 2, "both are kept");
    let g = got(&list().replace("logicalId='11'", "logicalId='11' euReferenceNumber='EU.1.2'"));
    assert_eq!(g.report.suspicious["EU reference number that several entries have"].count, 1);
    assert!(!got(&list()).report.suspicious.contains_key("EU reference number that several entries have"));
    let g = got(&list().replace("unitedNationId='RUi.001'", "unitedNationId='RUi.001, RUi.003'"));
    assert_eq!(g.report.suspicious["UN reference number not understood"].count, 1);
    assert_eq!(g.records.iter().filter(|(_, r)| matches!(r, Record::Decision(_))).count(), 2);
}

#[test]
fn entities_without_what_makes_them() {
    let g = got("<export><sanctionEntity euReferenceNumber='EU.5'/><sanctionEntity><nameAlias wholeName='X'/>\
                 </sanctionEntity><other/></export>");
    assert_eq!(party(&g, "eu:EU.5").node_type, "thing");
    assert_eq!(g.report.suspicious["entity without a logical id"].count, 2);
    assert_eq!(g.report.suspicious["entity without a name"].count, 1);
    assert_eq!(g.report.skipped["element that is not in the schema"].count, 1);
    assert!(g.records.iter().any(|(_, r)| r.key().starts_with("eu:~")));
    assert!(g.draft.stated.is_none());
    // Where no name is strong and none is in English, one still stands for the party.
    let g = got("<export><sanctionEntity logicalId='1'><nameAlias wholeName='Нил' strong='false' nameLanguage='BG'/>\
                 <nameAlias wholeName='Nil' strong='false' nameLanguage='FR'/></sanctionEntity></export>");
    let names: Vec<String> = party(&g, "eu:1").facts.iter().map(shown).collect();
    assert_eq!(names, ["weak_alias=Нил [bg|Cyrl]", "name=Nil [fr]"]);
}

#[test]
fn refusals() {
    let refused = |text: &[u8]| {
        let e = run(import, &[("list.xml", text)], &Options::default()).err().unwrap();
        assert_eq!(e.exit_code(), 2);
        e.to_string()
    };
    let whole = list();
    assert!(refused(b"<list/>").contains("root element is list"));
    assert!(refused(&whole.as_bytes()[..whole.len() - 10]).contains("ends early"));
    assert!(refused(whole.replace("</export>", "</exports>").as_bytes()).contains("list.xml:6"));
    assert!(
        refused(&whole.replace("Zenda Fish", "Zenda \u{1}\u{2}").into_bytes().replace_byte(1, 0xff)).contains("UTF-8")
    );
    let id = refused(format!("<export>\n<sanctionEntity logicalId='{}'/></export>", "9".repeat(2000)).as_bytes());
    assert!(id.starts_with("list.xml:2") && id.contains("longer than"), "{id}");
    let files = [("a.xml", whole.as_bytes()), ("b.xml", whole.as_bytes())];
    assert!(run(import, &files, &Options::default()).err().unwrap().to_string().contains("second"));
}

trait ReplaceByte {
    fn replace_byte(self, from: u8, to: u8) -> Self;
}

impl ReplaceByte for Vec<u8> {
    fn replace_byte(mut self, from: u8, to: u8) -> Self {
        self.iter_mut().filter(|b| **b == from).for_each(|b| *b = to);
        self
    }
}

#[test]
fn detection() {
    use std::io::Write;
    let is = |bytes: &[u8]| detect(&Input::from_bytes("x", bytes.to_vec()).unwrap());
    assert!(is(list().as_bytes()));
    assert!(is(b"\xef\xbb\xbf<ns:export xmlns:ns='http://eu.europa.ec/fpi/fsd/export'/>"));
    assert!(is(b"<export><sanctionEntity/></export>"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(list().as_bytes()).unwrap();
    assert!(is(&packed.finish().unwrap()));
    for no in ["", "<export/>", "<Sanctions/>", "<sdnList/>", "<CONSOLIDATED_LIST/>", "export sanctionEntity", "{}"] {
        assert!(!is(no.as_bytes()), "{no}");
    }
}

#[test]
fn damaged_files_never_panic() {
    let whole = list().into_bytes();
    let at = |n: usize| run(import, &[("x.xml", &whole[..n])], &Options::default()).is_ok();
    let fine = (0..whole.len() - 1).filter(|n| at(*n)).count();
    assert_eq!(fine, 0);
    assert!(at(whole.len()));
    let (read, refused) = spoil(import, "x.xml", &whole, 400, b"0123456789;('");
    assert!(read > 20 && refused > 0, "{read} read, {refused} refused");
}

/// Every count that an independent script found in the real file.
#[test]
fn real_file_has_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let file = "eu/eu-fsf-sample-2020.xml";
    let bytes = std::fs::read(data.join(file)).unwrap();
    assert!(detect(&Input::from_bytes(file, bytes.clone()).unwrap()));
    let g = run(import, &[(file, &bytes)], &Options::default()).unwrap();
    let mut compared = 0;
    for (key, want) in expected[file].as_object().unwrap() {
        let pairs: Vec<(String, u64)> = match want {
            serde_json::Value::Object(m) => {
                let prefix = format!("{key}/");
                assert_eq!(g.report.counts.keys().filter(|k| k.starts_with(&prefix)).count(), m.len(), "{key}");
                m.iter().map(|(k, v)| (format!("{key}/{k}"), v.as_u64().unwrap())).collect()
            }
            serde_json::Value::String(s) => {
                assert_eq!(key, "generation_date");
                assert!(s.starts_with(&g.draft.stated.unwrap().to_string()), "{s}");
                compared += 1;
                continue;
            }
            n => vec![(key.clone(), n.as_u64().unwrap())],
        };
        for (what, n) in pairs {
            assert_eq!(g.report.get(&what), n, "{what}");
            compared += 1;
        }
    }
    assert!(compared >= 16, "{compared}");
    assert!(g.report.skipped.is_empty(), "{:?}", g.report.skipped);
    // The sample repeats one number with another name.
    let odd: Vec<&String> = g.report.suspicious.keys().collect();
    assert_eq!(odd, ["reference number occurs twice"]);
    // Nothing is lost: every attribute stands somewhere in the records of the file.
    let said = format!("{:?}{:?}", g.records, g.report.counts);
    let mut xml = Xml::new(Input::from_bytes(file, bytes).unwrap());
    let mut values = 0;
    loop {
        match xml.step().unwrap() {
            Step::Eof => break,
            Step::End => {}
            Step::Start => {
                for (name, value) in xml.tag().attrs() {
                    let told = match name {
                        "generationDate" | "xmlns" => continue,
                        "designationDate" | "entryIntoForceDate" => {
                            PartialDate::parse(value).is_ok_and(|d| said.contains(&format!("{d:?}")))
                        }
                        _ if matches!(value, "true" | "false" | "-" | "00" | "UNKNOWN" | "GREGORIAN") => continue,
                        // Parts of a date that stands there as a whole.
                        "dayOfMonth" | "monthOfYear" => continue,
                        _ => said.contains(&format!("{value:?}").trim_matches('"').to_owned()),
                    };
                    assert!(told, "{name}={value} is lost");
                    values += 1;
                }
            }
        }
    }
    assert!(values > 400, "{values}");
}
