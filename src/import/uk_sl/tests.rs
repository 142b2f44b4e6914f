//! A fictional list in each of its forms, files that must be refused, and the real short form.

use super::*;
use crate::import::sink::testing::{Got, real, run};
use crate::import::workbook::testing::{ods, xlsx, zip};
use crate::model::{Decision, End, PartyRecord, Record, RelationRecord, Ruling, prop};

const PERSON: &str = "<Designation>
  <LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated>
  <UniqueID>NOR0006</UniqueID><OFSIGroupID>7172</OFSIGroupID><UNReferenceNumber>NOi.002</UNReferenceNumber>
  <Names>
    <Name><Name1>RUDOLF</Name1><Name2>THE
    FIFTH</Name2><Name6>RASSENDYLL</Name6><NameType>Primary Name</NameType></Name>
    <Name><Name1>Rudolph</Name1><Name6>RASSENDYLL</Name6><NameType>Primary name variation</NameType></Name>
    <Name><Name6>Play Actor</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
    <Name><Name6>Elphberg</Name6><NameType>Alias</NameType><AliasStrength>Good quality a.k.a</AliasStrength><Nickname>The Red</Nickname></Name>
    <Name><Name6>Elphberg</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
    <Name><NameType>Alias</NameType></Name>
  </Names>
  <NonLatinNames><NonLatinName><NameNonLatinScript>Рудольф</NameNonLatinScript><NonLatinScriptType>Cyrillic</NonLatinScriptType><NonLatinScriptLanguage>Ruritanian</NonLatinScriptLanguage></NonLatinName></NonLatinNames>
  <Titles><Title>Colonel</Title><Title>King</Title></Titles>
  <RegimeName>The Norland (Sanctions) Regulations 2020</RegimeName>
  <IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UN</DesignationSource>
  <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
  <SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze><ArmsEmbargo>false</ArmsEmbargo></SanctionsImposedIndicators>
  <OtherInformation>Seen at sea &amp; ashore.</OtherInformation><UKStatementofReasons>Sat on a throne.</UKStatementofReasons>
  <Addresses><Address><AddressLine1>1 Castle Hill</AddressLine1><AddressLine6>Zenda</AddressLine6><AddressPostalCode>Z1</AddressPostalCode><AddressCountry>Norland</AddressCountry></Address>
    <Address><AddressCountry>Sill</AddressCountry></Address></Addresses>
  <PhoneNumbers><PhoneNumber>+99 202 104748</PhoneNumber></PhoneNumbers>
  <EmailAddresses><EmailAddress>king@zenda.example</EmailAddress></EmailAddresses>
  <Websites><Website>https://zenda.example</Website></Websites>
  <IndividualDetails><Individual>
      <DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB><DOB>15/08/19yy</DOB></DOBs>
      <Nationalities><Nationality>Norland</Nationality></Nationalities>
      <PassportDetails><Passport><PassportNumber>P77</PassportNumber><PassportAdditionalInformation>Norland passport</PassportAdditionalInformation></Passport>
        <Passport><PassportAdditionalInformation>lost</PassportAdditionalInformation></Passport></PassportDetails>
      <NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>12345</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>
      <Positions><Position>King</Position></Positions><Genders><Gender>Male</Gender></Genders>
      <BirthDetails><Location><TownOfBirth>Zenda</TownOfBirth><CountryOfBirth>Norland</CountryOfBirth></Location></BirthDetails>
      <Swims>yes</Swims>
  </Individual></IndividualDetails>
</Designation>\n";

const FIRM: &str = "<Designation><UniqueID>NOR0001</UniqueID><OFSIGroupID>12703</OFSIGroupID>
  <Names><Name><Name6>ZENDA FISH LTD</Name6><NameType>Primary Name</NameType></Name></Names>
  <RegimeName>Norland</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip><DesignationSource>UK</DesignationSource>
  <DateDesignated>29/06/2012</DateDesignated>
  <EntityDetails><Entity><TypeOfEntities><TypeOfEntity>Bank</TypeOfEntity></TypeOfEntities>
    <Subsidiaries><Subsidiary>Sill Nets Ltd (51%)</Subsidiary><Subsidiary>Owned by the Ministry</Subsidiary></Subsidiaries>
    <ParentCompanies><ParentCompany>Strelsau Holding</ParentCompany></ParentCompanies>
    <BusinessRegistrationNumbers><BusinessRegistrationNumber>BR-99</BusinessRegistrationNumber></BusinessRegistrationNumbers></Entity></EntityDetails></Designation>\n";

const SHIP: &str = "<Designation><UniqueID>NOR0075</UniqueID><OFSIGroupID>12703</OFSIGroupID>
  <Names><Name><Name6>Lady Flavia</Name6><NameType>Primary name</NameType></Name></Names>
  <RegimeName>Norland</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip>
  <SanctionsImposed>Prohibition of port entry</SanctionsImposed><DateDesignated>soon</DateDesignated>
  <ShipDetails><Ship><IMONumbers><IMONumber>IMO9562233</IMONumber></IMONumbers>
    <CurrentOwnerOperators><CurrentOwnerOperator>Zenda Shipping Sill</CurrentOwnerOperator></CurrentOwnerOperators>
    <PreviousOwnerOperators><PreviousOwnerOperator>Zenda Shipping Sill</PreviousOwnerOperator></PreviousOwnerOperators>
    <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Sill</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
    <PreviousFlags><PreviousFlag>Norland</PreviousFlag></PreviousFlags><TypeOfShipDetails><TypeOfShip>Tanker</TypeOfShip></TypeOfShipDetails>
    <TonnageOfShipDetails><TonnageOfShip>7078</TonnageOfShip></TonnageOfShipDetails><LengthOfShipDetails><LengthOfShip>90</LengthOfShip></LengthOfShipDetails>
    <YearsBuilt><YearBuilt>2011</YearBuilt></YearsBuilt><HINs><HIN>H1</HIN></HINs></Ship></ShipDetails></Designation>\n";

fn xml_list(designations: &[&str]) -> String {
    let all = designations.concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Designations xmlns:xsi=\"x\"><DateGenerated>20/08/2026</DateGenerated>\n{all}</Designations>"
    )
}

fn got(name: &str, bytes: &[u8]) -> Got {
    run(import, &[(name, bytes)], &Options::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Error {
    let e = run(import, &[("list.csv", bytes)], &Options::default()).map(|_| ()).unwrap_err();
    assert_eq!(e.exit_code(), 2, "{e}");
    e
}

fn is(bytes: &[u8]) -> bool {
    detect(&Input::from_bytes("x", bytes.to_vec()).unwrap())
}

fn party<'a>(g: &'a Got, part: &str, id: &str) -> &'a PartyRecord {
    let mut all = g.records.iter().filter_map(|(p, r)| match r {
        Record::Party(r) if p == part && r.id.as_str() == id => Some(r),
        _ => None,
    });
    let found = all.next().unwrap_or_else(|| panic!("no {part} record of {id}"));
    assert!(all.next().is_none(), "two {part} records of {id}");
    found
}

fn relations(g: &Got) -> Vec<&RelationRecord> {
    g.records.iter().filter_map(|(_, r)| if let Record::Relation(r) = r { Some(r) } else { None }).collect()
}

fn decisions(g: &Got) -> Vec<&Decision> {
    g.records.iter().filter_map(|(_, r)| if let Record::Decision(d) = r { Some(d) } else { None }).collect()
}

/// Facts as `prop [kind] value {raw}`.
fn facts(p: &PartyRecord) -> Vec<String> {
    let opt = |open: &str, text: &str, close: &str| {
        if text.is_empty() { String::new() } else { format!("{open}{text}{close}") }
    };
    p.facts
        .iter()
        .map(|f| {
            format!(
                "{}{} {}{}{}",
                f.prop,
                opt(" [", &f.kind, "]"),
                f.value,
                opt(" {", &f.raw, "}"),
                opt(" ", &f.script, "")
            )
        })
        .collect()
}

fn suspects(g: &Got, reason: &str) -> u64 {
    g.report.suspicious.get(reason).map_or(0, |f| f.count)
}

#[test]
fn detection() {
    let list = xml_list(&[PERSON]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, list.as_bytes()).unwrap();
    assert!(is(list.as_bytes()) && is(&packed.finish().unwrap()));
    assert!(is(long_csv().as_bytes()) && is(b"\xef\xbb\xbf\"Unique ID\",\"OFSI Group ID\",Name,Regime Name,Type\n"));
    let short: &[&[&str]] = &[&["Unique ID", "OFSI Group ID", "Name", "Regime Name", "Type"], &["NOR1"]];
    assert!(is(&ods(short)) && is(&xlsx(short)));
    for other in [
        &b""[..],
        b"<sdnList/>",
        b"<CONSOLIDATED_LIST/>",
        b"Last Updated,04/05/2022\nName 6,Name 1,Group Type,Regime,Group ID\n",
        b"id,name,type\n1,x,person\n",
        b"{\"Unique ID\": 1, \"Name\": \"Regime Name\"}\n",
        &zip(&[("list.csv", b"Unique ID,Name,Regime Name\n")]),
        &xlsx(&[&["Name 6", "Group Type", "Regime", "Group ID"]]),
    ] {
        assert!(!is(other), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn a_person() {
    let g = got("list.xml", xml_list(&[PERSON]).as_bytes());
    let p = party(&g, "primary", "uk:NOR0006");
    assert_eq!(p.node_type, "person");
    assert_eq!(
        facts(p),
        [
            "name RUDOLF THE FIFTH RASSENDYLL {RUDOLF|THE FIFTH||||RASSENDYLL}",
            "identifier [OFSI Group ID] 7172",
            "designation_source UN"
        ]
    );
    let l = &p.listings[..];
    assert_eq!((l.len(), l[0].list.as_str(), l[0].from.unwrap().to_string()), (1, "uk_sl", "2001-01-25".into()));
    assert_eq!(
        (l[0].programs.concat(), l[0].basis.concat()),
        ("The Norland (Sanctions) Regulations 2020".into(), "The Norland (Sanctions) Regulations 2020".into())
    );
    assert_eq!(l[0].measures, ["Asset freeze", "Travel Ban"]);
    let d = party(&g, "details", "uk:NOR0006");
    assert!(d.node_type.is_empty());
    assert_eq!(
        facts(d),
        [
            "alias [Primary name variation] Rudolph RASSENDYLL {Rudolph|||||RASSENDYLL}",
            "weak_alias [ALias, Low quality a.k.a] Play Actor",
            "alias [Alias, Good quality a.k.a] Elphberg",
            "alias [non-Latin script] Рудольф Cyrl",
            "last_updated 2026-04-14 {14/04/2026}",
            "identifier [UN Reference Number] NOi.002",
            "nickname The Red",
            "non_latin_script_type [Рудольф] Cyrillic",
            "title Colonel",
            "title King",
            "other_information Seen at sea & ashore.",
            "statement_of_reasons Sat on a throne.",
            "country [address] Norland",
            "address 1 Castle Hill, Zenda, Z1, Norland",
            "country [address] Sill",
            "phone_number +99 202 104748",
            "email_address king@zenda.example",
            "website https://zenda.example",
            "birth 1945 {dd/mm/1945}",
            "birth 1958-03-01 {01/03/1958}",
            "birth_text 15/08/19yy",
            "country [nationality] Norland",
            "identifier [Passport number] P77 {P77, Norland passport}",
            "passport_details lost",
            "identifier [National identifier number] 12345",
            "position King",
            "gender Male",
            "birth_place Zenda, Norland",
            "swims yes",
            "sanctions_imposed_indicator asset_freeze",
        ]
    );
    assert_eq!(d.facts.iter().find(|f| f.script == "Cyrl").unwrap().lang, "Ruritanian");
    let same: Vec<_> = decisions(&g).iter().map(|d| (d.a.as_str(), d.b.as_str(), d.ruling)).collect();
    assert_eq!(same, [("uk:NOR0006", "uk.ofsi:7172", Ruling::Same), ("uk:NOR0006", "un:NOi.002", Ruling::Same)]);
    assert_eq!(suspects(&g, "date of birth not understood"), 1);
    assert_eq!(g.report.get("indicators not set"), 1);
    assert_eq!(g.report.skipped["name without text"].count, 1);
    let draft = &g.draft;
    assert_eq!((draft.source.as_str(), draft.format, draft.mode), ("uk_sl", "uk-sl", Mode::Full));
    assert_eq!(
        (draft.stated.unwrap().to_string(), draft.parts.join(" ")),
        ("2026-08-20".into(), "primary details".into())
    );
    assert_eq!((draft.info.licence.as_str(), draft.info.attribution.as_str()), (LICENCE, ATTRIBUTION));
    let named = Options { source: Some("mine".into()), ..Options::default() };
    assert_eq!(run(import, &[("l.xml", xml_list(&[FIRM]).as_bytes())], &named).unwrap().draft.info.id, "mine");
}

#[test]
fn firms_and_ships() {
    let g = got("list.xml", xml_list(&[FIRM, SHIP]).as_bytes());
    let firm = party(&g, "primary", "uk:NOR0001");
    // Nothing is said of measures: an asset freeze is assumed, as the list's name says.
    assert_eq!((firm.node_type.as_str(), firm.listings[0].list.as_str()), ("legal_entity", "uk_sl"));
    assert_eq!(firm.listings[0].basis.len(), 0);
    let ship = party(&g, "primary", "uk:NOR0075");
    assert_eq!(
        (ship.node_type.as_str(), ship.listings[0].list.as_str(), ship.listings[0].from),
        ("vessel", "uk_sl_other", None)
    );
    assert_eq!(facts(ship)[2..], ["date_designated soon"]);
    assert_eq!(
        facts(party(&g, "details", "uk:NOR0075")),
        [
            "identifier [IMO number] 9562233 {IMO9562233}",
            "current_owner_operator Zenda Shipping Sill",
            "previous_owner_operator Zenda Shipping Sill",
            "country [flag] Sill",
            "country [former_flag] Norland",
            "type_of_ship Tanker",
            "tonnage_of_ship 7078",
            "length_of_ship 90",
            "year_built 2011",
            "identifier [Hull identification number (HIN)] H1",
        ]
    );
    let d = facts(party(&g, "details", "uk:NOR0001"));
    assert!(d.contains(&"subsidiaries Owned by the Ministry".to_owned()), "{d:?}");
    let r = relations(&g);
    let ids: Vec<String> = r.iter().map(|r| r.external_id()).collect();
    assert_eq!(
        ids,
        [
            "uk:NOR0001>parent_of>\"Sill Nets Ltd\"",
            "\"Strelsau Holding\">parent_of>uk:NOR0001",
            "\"Zenda Shipping Sill\">owns_controls_or_operates>uk:NOR0075",
            "\"Zenda Shipping Sill\">owns_controls_or_operates>uk:NOR0075#1",
        ]
    );
    assert_eq!((r[0].share.unwrap().to_string(), r[0].value("percentage")), ("51".to_owned(), Some("51%")));
    assert_eq!((r[0].value("source_label"), r[0].value("source_direction")), (Some("Subsidiaries"), None));
    assert_eq!(
        (r[1].value("source_label"), r[1].value("source_direction")),
        (Some("Parent company"), Some("reversed"))
    );
    assert_eq!((r[2].value(prop::FORMER), r[3].value(prop::FORMER)), (None, Some("true")));
    assert!(matches!(r[3].source, End::Name(_)));
    assert_eq!(suspects(&g, "relation field that is not plainly a list of names, kept as text"), 1);
    assert_eq!(suspects(&g, "date that cannot be read"), 1);
    // Two entries state the same number: neither is taken for the other list's entry.
    assert!(decisions(&g).iter().all(|d| d.ruling == Ruling::Unsure) && decisions(&g).len() == 2);
    assert_eq!(suspects(&g, "number of another list that several entries have"), 2);
    for (what, n) in [("designations", 2), ("by_type/Ship", 1), ("by_list/uk_sl_other", 1), ("by_regime/Norland", 2)] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
}

#[test]
fn keys_and_types() {
    let no_key = FIRM.replace("<UniqueID>NOR0001</UniqueID>", "");
    let control = FIRM.replace("NOR0001", "NOR\n0001");
    let odd = SHIP.replace("<IndividualEntityShip>Ship<", "<IndividualEntityShip>Balloon<");
    let unclear =
        FIRM.replace("NOR0001", "NOR0009").replace("12703", "see above").replace("Primary Name", "Stage name");
    let differ = PERSON.replace("<AssetFreeze>true", "<AssetFreeze>false");
    let g =
        got("l.xml", xml_list(&[&no_key, &control, &odd, FIRM, FIRM, &unclear, &differ, "<Note>x</Note>"]).as_bytes());
    assert_eq!(suspects(&g, "entry without a unique id"), 2);
    let unkeyed = |r: &Record| matches!(r, Record::Party(p) if p.id.local().starts_with("unkeyed-"));
    assert_eq!(g.records.iter().filter(|(p, r)| p == "primary" && unkeyed(r)).count(), 2);
    assert_eq!(suspects(&g, "unique id occurs twice"), 1);
    assert_eq!(suspects(&g, "party of unknown type"), 1);
    assert_eq!(suspects(&g, "number of another list that is not understood"), 1);
    assert_eq!(suspects(&g, "unknown type of name, taken as an alias"), 1);
    assert_eq!(suspects(&g, "entry without a primary name"), 1);
    assert_eq!(suspects(&g, "measures and indicators differ on the asset freeze"), 1);
    assert_eq!(party(&g, "primary", "uk:NOR0075").node_type, "thing");
    assert_eq!((g.report.get("designations"), g.report.get("distinct_unique_ids")), (7, 6));
    assert_eq!(g.report.skipped.get("element that is no designation"), None, "a day was stated before");
}

const COLUMNS: &str = "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Title,\
Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,Other Information,\
UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,\
Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,National Identifier additional information,\
Passport number,Passport additional information,Position,Gender,Town of birth,Country of birth,Type of entity,Subsidiaries,Parent company,\
Business registration number (s),IMO number,Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,Previous flags,\
Type of ship,Tonnage of ship,Length of ship,Year Built,Hull identification number (HIN),Favourite dish";

/// A line of the long form.
fn line(fields: &[(&str, &str)]) -> Vec<String> {
    COLUMNS
        .split(',')
        .map(|c| fields.iter().find(|(n, _)| *n == c).map_or(String::new(), |(_, v)| (*v).to_owned()))
        .collect()
}

fn long_rows() -> Vec<Vec<String>> {
    let person = [
        ("Unique ID", "NOR0006"),
        ("OFSI Group ID", "7172"),
        ("Regime Name", "Norland"),
        ("Designation Type", "Individual"),
        ("Sanctions Imposed", "Asset freeze|Travel Ban"),
        ("Date Designated", "25/01/2001"),
        ("Nationality(/ies)", "(1) Norland (2) Sill"),
    ];
    let with = |more: &[(&'static str, &'static str)]| line(&[&person[..], more].concat());
    let ship = [
        ("Unique ID", "NOR0075"),
        ("Name 6", "Lady Flavia"),
        ("Name type", "Primary Name"),
        ("Regime Name", "Norland"),
        ("Designation Type", "Ship"),
        ("Sanctions Imposed", "De-flag"),
        ("IMO number", "9562233"),
        ("Current owner/operator (s)", "Zenda Shipping Sill; North Quay Lines"),
        ("Favourite dish", "Carp"),
    ];
    vec![
        vec!["Report Date: 13-Feb-2026".to_owned()],
        line(&COLUMNS.split(',').map(|c| (c, c)).collect::<Vec<_>>()),
        with(&[
            ("Name 6", "RASSENDYLL"),
            ("Name 1", "Rudolf"),
            ("Name type", "Primary Name"),
            ("Address Line 1", "1 Castle Hill"),
            ("Address Country", "Norland"),
            ("D.O.B", "00/00/1945"),
        ]),
        line(&ship),
        with(&[
            ("Name 6", "Elphberg"),
            ("Name type", "Alias"),
            ("Alias strength", "Good quality a.k.a"),
            ("Address Line 1", "1 Castle Hill"),
            ("Address Country", "Norland"),
            ("D.O.B", "odd"),
        ]),
        with(&[
            ("Name 6", "Elphberg"),
            ("Name type", "Alias"),
            ("Alias strength", "Good quality a.k.a"),
            ("Address Line 1", "2 Hunting Lodge"),
            ("D.O.B", "odd"),
            ("Regime Name", "Norland"),
        ]),
    ]
}

fn csv(rows: &[Vec<String>]) -> String {
    let quote =
        |c: &String| if c.contains([',', '"', '\n']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
    rows.iter().map(|r| r.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

fn long_csv() -> String {
    csv(&long_rows())
}

#[test]
fn lines_of_one_party_are_one_record() {
    let g = got("list.csv", long_csv().as_bytes());
    let p = party(&g, "primary", "uk:NOR0006");
    assert_eq!(facts(p), ["name Rudolf RASSENDYLL {Rudolf|||||RASSENDYLL}", "identifier [OFSI Group ID] 7172"]);
    assert_eq!((p.listings.len(), p.listings[0].measures.len()), (1, 2));
    assert_eq!(
        facts(party(&g, "details", "uk:NOR0006")),
        [
            "alias [Alias, Good quality a.k.a] Elphberg",
            "country [address] Norland",
            "address 1 Castle Hill, Norland",
            "birth 1945 {00/00/1945}",
            "country [nationality] Norland",
            "country [nationality] Sill",
            "birth_text odd",
            "address 2 Hunting Lodge",
        ]
    );
    assert_eq!(suspects(&g, "date of birth not understood"), 1, "once, however many lines repeat it");
    assert!(facts(party(&g, "details", "uk:NOR0075")).contains(&"favourite_dish Carp".to_owned()));
    assert_eq!(relations(&g).len(), 2);
    for (what, n) in [
        ("rows", 4),
        ("parties", 2),
        ("distinct_unique_ids", 2),
        ("by_type/Individual", 1),
        ("by_regime/Norland", 2),
        ("lines apart from those of their party", 1),
    ] {
        assert_eq!(g.report.get(what), n, "{what}");
    }
    assert_eq!(g.draft.stated.unwrap().to_string(), "2026-02-13");
    // A spreadsheet of the same lines says the same.
    let rows = long_rows();
    let cells: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    for book in [xlsx(&cells), ods(&cells)] {
        let b = got("list.xlsx", &book);
        assert_eq!((b.records, b.draft), (g.records.clone(), g.draft.clone()));
        assert_eq!(b.report.skipped["further sheet of the workbook"].count, 1);
    }
}

#[test]
fn memory_is_bounded() {
    use crate::model::Catalogue;
    let mut records = Vec::new();
    let mut write = |_: &str, r: &crate::model::RecordView<'_>| {
        let r = r.clone().into_owned();
        records.push(r.key());
        Ok(())
    };
    let mut progress = |_| {};
    let mut sink = Sink::new(&mut write, &mut progress, Catalogue::builtin().clone());
    let (mut refs, mut groups) = (Refs::default(), Groups::with_limit("details", 4096));
    for n in 0..400 {
        let key = if n == 399 { "0".to_owned() } else { n.to_string() };
        let read = |p: &mut Party, refs: &mut Refs, sink: &mut Sink<'_>| {
            let mut ctx = Ctx { report: &mut sink.report, refs, place: crate::error::Place::default() };
            p.name(&["x"], "Primary Name", "", &mut ctx);
            Ok(())
        };
        groups.line("uk", &key, crate::error::Place::default(), &mut refs, &mut sink, read).unwrap();
    }
    groups.put(&mut refs, &mut sink).unwrap();
    assert_eq!(sink.report.suspicious["lines of one party too far apart to be one record"].count, 1);
    assert_eq!(sink.report.get("parties"), 399);
    assert_eq!((records.len(), records[0].as_str(), records[399].as_str()), (400, "uk:0", "uk:0"));
}

const SHORT: &[&[&str]] = &[
    &[
        "Unique ID",
        "OFSI Group ID",
        "Name",
        "Regime Name",
        "Type",
        "Designation source",
        "Date Designated",
        "Sanctions Imposed",
    ],
    &["NOR0001", "12703", "ZENDA FISH LTD", "Norland", "Entity", "UN", "29-06-2012", "Asset freeze, Travel Ban"],
    &["NOR0075", "", "LADY FLAVIA", "Norland", "Ship", "UK", "03-10-2017", "De-flag, Prohibition of port entry"],
    &["NOR0076", "", "OLD FLAVIA", "Norland", "Ship", "UK|UN", "03-10-2017", "-"],
    &["NOR0076", "", "OLD FLAVIA II", "Norland", "Ship", "UK", "03-10-2017"],
];

#[test]
fn the_short_form() {
    let text = csv(&SHORT.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect::<Vec<Vec<String>>>())
        .replace("2017\r\n", "2017,\r\n");
    let g = got("short.csv", text.as_bytes());
    assert_eq!(g.draft.parts, ["primary"]);
    let p = party(&g, "primary", "uk:NOR0001");
    assert_eq!(facts(p), ["name ZENDA FISH LTD", "identifier [OFSI Group ID] 12703", "designation_source UN"]);
    assert_eq!((p.listings[0].measures.len(), p.listings[0].from.unwrap().to_string()), (2, "2012-06-29".into()));
    assert_eq!(party(&g, "primary", "uk:NOR0075").listings[0].list, "uk_sl_other");
    let twice: Vec<_> = g.records.iter().filter(|(_, r)| r.key() == "uk:NOR0076").collect();
    assert_eq!((twice.len(), suspects(&g, "unique id occurs twice")), (2, 1));
    assert_eq!((g.report.get("rows"), g.report.get("distinct_unique_ids"), g.report.get("by_source/UK|UN")), (4, 3, 1));
    for book in [ods(SHORT), xlsx(SHORT)] {
        assert_eq!(got("short.bin", &book).records, g.records);
    }
}

#[test]
fn refusals() {
    for (text, line, says) in [
        (format!("{}\"open,quote\n", long_csv()), 7, "never closed"),
        (format!("{}a,b\n", long_csv()), 7, "2 columns"),
        ("Report Date: 1-Jan-2026\nName,Group\n1,2\n".to_owned(), 3, "no header"),
    ] {
        let e = refused(text.as_bytes());
        assert!(e.to_string().contains(says), "{e}");
        assert_eq!(e.place().unwrap().line, Some(line), "{e}");
    }
    let mut bytes = long_csv().into_bytes();
    bytes.extend(b"\xff\n");
    assert_eq!(refused(&bytes).place().unwrap().line, Some(7));
    assert!(refused(b"<ArrayOfFinancialSanctionsTarget/>").to_string().contains("root element"));
    let two = xml_list(&[FIRM]);
    let e = run(import, &[("a.xml", two.as_bytes()), ("b.xml", two.as_bytes())], &Options::default())
        .map(|_| ())
        .unwrap_err();
    assert!(e.to_string().contains("second"));
    let e = refused(two.replace("</Names>", "</Name>").as_bytes());
    assert_eq!(e.place().unwrap().line, Some(4), "{e}");
}

#[test]
fn cut_and_flipped_files_are_refused_or_read() {
    let xml = xml_list(&[FIRM, SHIP]).into_bytes();
    for cut in 0..xml.len() {
        assert!(run(import, &[("l.xml", &xml[..cut])], &Options::default()).is_err(), "{cut}");
    }
    let text = long_csv().into_bytes();
    for cut in 0..text.len() {
        let _ = run(import, &[("l.csv", &text[..cut])], &Options::default());
    }
    let mut x = 88172645463325252u64;
    for file in [xml, text, ods(SHORT)] {
        for _ in 0..400 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            let mut bad = file.clone();
            let at = (x >> 8) as usize % bad.len();
            bad[at] ^= (x as u8).max(1);
            let _ = is(&bad);
            let _ = run(import, &[("l", &bad)], &Options::default());
        }
    }
}

/// Every count that an independent script found in the real short form.
#[test]
fn real_short_form_has_the_expected_counts() {
    let Some((data, expected)) = real() else { return };
    let file = "uk/fcdo-uk-sanctions-list-summary-2025-08-11.ods";
    let bytes = std::fs::read(data.join(file)).unwrap();
    let input = Input::from_bytes(file, bytes.clone()).unwrap();
    assert!(detect(&input));
    let g = got(file, &bytes);
    let mut compared = 0;
    for (word, want) in expected[file].as_object().unwrap() {
        match want {
            serde_json::Value::Array(columns) => {
                assert_eq!(word, "columns");
                let found = Table::peek(&input, 1).remove(0);
                assert_eq!(found, columns.iter().map(|c| c.as_str().unwrap()).collect::<Vec<_>>());
            }
            serde_json::Value::Object(by) => {
                // The ten most frequent of all that are counted.
                let word = word.trim_end_matches("_top");
                for (k, n) in by {
                    assert_eq!(g.report.get(&format!("{word}/{k}")), n.as_u64().unwrap(), "{word}/{k}");
                    compared += 1;
                }
            }
            n => {
                assert_eq!(g.report.get(word), n.as_u64().unwrap(), "{word}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 16);
    let rows = g.report.get("rows") as usize;
    assert_eq!(g.records.iter().filter(|(_, r)| matches!(r, Record::Party(_))).count(), rows);
    // Two rows have no name; some numbers of the other list stand in several rows.
    let odd: Vec<(&str, u64)> = g.report.suspicious.iter().map(|(k, f)| (k.as_str(), f.count)).collect();
    assert_eq!(odd, [("entry without a primary name", 2), ("number of another list that several entries have", 31)]);
    assert_eq!(g.report.skipped.keys().collect::<Vec<_>>(), ["name without text"]);
    let frozen =
        g.records.iter().filter(|(_, r)| matches!(r, Record::Party(p) if p.listings[0].list == "uk_sl")).count();
    assert_eq!(frozen as u64, g.report.get("by_list/uk_sl"));
    assert!(g.report.get("by_list/uk_sl_other") > 400);
}
