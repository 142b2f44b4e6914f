//! What the fields of the UK lists mean, whether they are elements, columns or tags in a text:
//! one table for all, by the words of their names.

use super::party::{Ctx, FORMER_OPERATOR, OPERATOR, PARENT, Party, Relation, SUBSIDIARY};
use super::text::{contacts, key, nothing, numbered, property};
use crate::model::{Fact, prop};

/// What a field is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Field {
    /// Several values, numbered.
    Values(&'static str),
    /// Prose.
    Text(&'static str),
    /// Telephone numbers and the like.
    Contact(&'static str),
    /// A country by role.
    Country(&'static str),
    /// Identifiers by scheme.
    Identifier(&'static str),
    /// A day.
    Day(&'static str),
    /// Dates of birth.
    Births,
    /// Numbers in another id space.
    Reference(&'static str),
    /// `Parent company`.
    Parent,
    /// `Subsidiaries`.
    Subsidiary,
    /// Current owner or operator.
    Operator,
    /// Previous owner or operator.
    FormerOperator,
}

impl Field {
    fn relation(self) -> Option<Relation> {
        match self {
            Field::Parent => Some(PARENT),
            Field::Subsidiary => Some(SUBSIDIARY),
            Field::Operator => Some(OPERATOR),
            Field::FormerOperator => Some(FORMER_OPERATOR),
            _ => None,
        }
    }

    /// The meaning of a field by its name; `None` for one that nobody has seen yet.
    pub(in crate::import) fn of(name: &str) -> Option<Field> {
        Some(match key(name).as_str() {
            "title" => Field::Values("title"),
            "position" => Field::Values("position"),
            "gender" => Field::Values("gender"),
            "typeofentity" => Field::Values("type_of_entity"),
            "typeofship" => Field::Values("type_of_ship"),
            "tonnageofship" => Field::Values("tonnage_of_ship"),
            "lengthofship" => Field::Values("length_of_ship"),
            "yearbuilt" | "yearofbuild" => Field::Values("year_built"),
            "otherinformation" => Field::Text("other_information"),
            "ukstatementofreasons" => Field::Text("statement_of_reasons"),
            "phonenumber" => Field::Contact("phone_number"),
            "tel" => Field::Contact("phone_number"),
            "fax" => Field::Contact("fax"),
            "website" => Field::Contact("website"),
            "emailaddress" => Field::Contact("email_address"),
            "nationality" | "nationalityies" => Field::Country("nationality"),
            "currentbelievedflagofship" | "flagofship" => Field::Country("flag"),
            "previousflags" | "previousflag" => Field::Country("former_flag"),
            "businessregistrationnumber" | "businessregistrationnumbers" | "businessregno" => {
                Field::Identifier("Business registration number")
            }
            "imonumber" => Field::Identifier("IMO number"),
            "hullidentificationnumberhin" | "hullidentificationnumber" | "hin" => {
                Field::Identifier("Hull identification number (HIN)")
            }
            "lastupdated" => Field::Day("last_updated"),
            "uksanctionslistdatedesignated" => Field::Day("uk_sanctions_list_date_designated"),
            "dob" => Field::Births,
            "unreferencenumber" | "unref" => Field::Reference("UN Reference Number"),
            "uksanctionslistref" => Field::Reference("UK Sanctions List Ref"),
            "parentcompany" => Field::Parent,
            "subsidiary" | "subsidiaries" => Field::Subsidiary,
            "currentowneroperator" | "currentowneroperators" | "currentowners" | "currentowner" => Field::Operator,
            "previousowneroperator" | "previousowneroperators" | "previousowners" => Field::FormerOperator,
            _ => return None,
        })
    }

    /// Takes the value of a field.
    pub(in crate::import) fn take(self, party: &mut Party, value: &str, ctx: &mut Ctx<'_>) {
        let value = value.trim();
        if nothing(value) {
            return;
        }
        if let Some(relation) = self.relation() {
            return party.relate(relation, value, ctx);
        }
        match self {
            Field::Values(name) => all(party, numbered(value), |v| Fact::new(name, v)),
            Field::Text(name) => all(party, vec![value], |v| Fact::new(name, v)),
            Field::Contact(name) => all(party, contacts(value), |v| Fact::new(name, v)),
            Field::Country(role) => all(party, numbered(value), |v| Fact::new(prop::COUNTRY, v).kind(role)),
            Field::Identifier(scheme) => {
                for v in numbered(value) {
                    // "IMO9562233" and "9562233" are one number.
                    let bare = v.strip_prefix("IMO").map(|n| n.trim_start_matches([' ', ':']));
                    let bare = bare.filter(|n| scheme == "IMO number" && n.bytes().all(|b| b.is_ascii_digit()));
                    let raw = if bare.is_some() { v } else { "" };
                    let fact = Fact::new(prop::IDENTIFIER, bare.unwrap_or(v)).kind(scheme);
                    party.say(Fact { raw: raw.to_owned(), ..fact });
                }
            }
            Field::Day(name) => party.day(name, value, ctx),
            Field::Births => party.births(value, ctx),
            Field::Reference(scheme) => {
                numbered(value).into_iter().for_each(|v| party.reference(scheme, v, false, ctx))
            }
            Field::Parent | Field::Subsidiary | Field::Operator | Field::FormerOperator => {}
        }
    }
}

fn all(party: &mut Party, values: Vec<&str>, fact: impl Fn(&str) -> Fact) {
    for value in values {
        party.say(fact(value));
    }
}

/// Takes the value of a field by its name; a field that nobody has seen yet becomes a fact
/// under its own name.
pub(in crate::import) fn take(party: &mut Party, name: &str, value: &str, ctx: &mut Ctx<'_>) {
    match Field::of(name) {
        Some(field) => field.take(party, value, ctx),
        None => {
            party.say(Fact::new(property(name), value));
        }
    }
}
