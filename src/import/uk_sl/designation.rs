//! A `Designation` element of the UK Sanctions List.

use super::fields::take;
use super::party::{Ctx, Party};
use super::sanctions::Sanctions;
use super::text::{nothing, property};
use crate::import::xml::El;
use crate::model::Fact;

/// Elements that only hold lists of others.
const LISTS: [&str; 27] = [
    "Names",
    "NonLatinNames",
    "Titles",
    "Addresses",
    "PhoneNumbers",
    "Websites",
    "EmailAddresses",
    "IndividualDetails",
    "EntityDetails",
    "ShipDetails",
    "Individual",
    "Entity",
    "Ship",
    "DOBs",
    "Nationalities",
    "NationalIdentifierDetails",
    "PassportDetails",
    "Positions",
    "Genders",
    "BirthDetails",
    "TypeOfEntities",
    "Subsidiaries",
    "ParentCompanies",
    "BusinessRegistrationNumbers",
    "IMONumbers",
    "CurrentOwnerOperators",
    "PreviousOwnerOperators",
];
/// More of them, of ships.
const SHIP_LISTS: [&str; 9] = [
    "CurrentBelievedFlagOfShips",
    "PreviousFlags",
    "TypeOfShipDetails",
    "TonnageOfShipDetails",
    "LengthOfShipDetails",
    "YearsBuilt",
    "YearOfBuilds",
    "HullIdentificationNumbers",
    "HINs",
];

/// Texts of the children of these names; other children become facts of their own.
fn parts<'a, const N: usize>(el: El<'a>, names: [&str; N], party: &mut Party, ctx: &mut Ctx<'_>) -> [&'a str; N] {
    let mut out = [""; N];
    for c in el.children() {
        match names.iter().position(|n| *n == c.name()) {
            Some(at) if out.get(at).is_some_and(|o| o.is_empty()) => {
                if let Some(slot) = out.get_mut(at) {
                    *slot = c.text();
                }
            }
            _ => leaf(c, party, ctx),
        }
    }
    out
}

/// An element by its own name, and all that is inside.
fn leaf(el: El<'_>, party: &mut Party, ctx: &mut Ctx<'_>) {
    for e in std::iter::once(el).chain(el.descendants()) {
        take(party, e.name(), e.text(), ctx);
        attributes(e, party);
    }
}

/// The publisher uses no attributes but those that XML schemas ask for.
fn attributes(el: El<'_>, party: &mut Party) {
    for (name, value) in el.attrs().filter(|(n, _)| !matches!(*n, "nil" | "xsi" | "xsd" | "xmlns" | "schemaLocation")) {
        party.say(Fact::new(property(name), value));
    }
}

/// Reads all of an element but its id. Elements of lists are gone through one by one, however
/// deep (the reader bounds depth and number).
pub(super) fn read(designation: El<'_>, party: &mut Party, sanctions: &mut Sanctions, ctx: &mut Ctx<'_>) {
    // Not recursion: a list of elements still to be read, in the order of the file.
    let mut open: Vec<El<'_>> = designation.children().collect();
    open.reverse();
    attributes(designation, party);
    while let Some(el) = open.pop() {
        attributes(el, party);
        match el.name() {
            "UniqueID" => {}
            "OFSIGroupID" => party.reference("OFSI Group ID", el.text(), true, ctx),
            "IndividualEntityShip" => party.is(el.text(), ctx),
            "RegimeName" => sanctions.regime(el.text()),
            "DateDesignated" => sanctions.designated(el.text()),
            "SanctionsImposed" => sanctions.imposed(el.text(), '|'),
            "SanctionsImposedIndicators" => {
                for i in el.children() {
                    sanctions.indicator(i.name(), i.text());
                }
            }
            "DesignationSource" => party.core(Fact::new("designation_source", el.text())),
            "Name" => {
                let names = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6", "NameType", "AliasStrength"];
                let [a, b, c, d, e, f, kind, quality] = parts(el, names, party, ctx);
                ctx.report.count("names", 1);
                party.name(&[a, b, c, d, e, f], kind, quality, ctx);
            }
            "NonLatinName" => {
                let names = ["NameNonLatinScript", "NonLatinScriptType", "NonLatinScriptLanguage"];
                let [text, script, language] = parts(el, names, party, ctx);
                party.original(text, script, language);
            }
            "Address" => {
                const LINES: [&str; 8] = [
                    "AddressLine1",
                    "AddressLine2",
                    "AddressLine3",
                    "AddressLine4",
                    "AddressLine5",
                    "AddressLine6",
                    "AddressPostalCode",
                    "AddressCountry",
                ];
                let [a, b, c, d, e, f, code, country] = parts(el, LINES, party, ctx);
                ctx.report.count("addresses", 1);
                party.address(&[a, b, c, d, e, f], code, country);
            }
            "Passport" => {
                let [number, about] = parts(el, ["PassportNumber", "PassportAdditionalInformation"], party, ctx);
                party.documents("Passport number", "passport_details", number, about);
            }
            "NationalIdentifier" => {
                let names = ["NationalIdentifierNumber", "NationalIdentifierAdditionalInformation"];
                let [number, about] = parts(el, names, party, ctx);
                party.documents("National identifier number", "national_identifier_details", number, about);
            }
            "Location" => {
                let [town, country] = parts(el, ["TownOfBirth", "CountryOfBirth"], party, ctx);
                party.born_in(town, country);
            }
            list if LISTS.contains(&list) || SHIP_LISTS.contains(&list) => {
                let at = open.len();
                open.extend(el.children());
                if let Some(new) = open.get_mut(at..) {
                    new.reverse();
                }
                // A list that was written as one text.
                if !nothing(el.text()) {
                    take(party, list, el.text(), ctx);
                }
            }
            _ => leaf(el, party, ctx),
        }
    }
}
