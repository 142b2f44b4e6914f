//! What the schemas of BODS 0.4 ask of the parts of a statement. What was read from elsewhere
//! is written only as far as it fits: a member that does not is left out, and with it what
//! cannot be without it. Members that the schemas do not name may stand.

use super::full_day;
use serde_json::Value;

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    /// Absolute, in ASCII.
    Uri,
    /// `YYYY-MM-DD`.
    Day,
    /// A day, or a day and time with its zone.
    Moment,
    /// `YYYY`, `YYYY-MM` or a day.
    Partial,
    Truth,
    Words(&'static [&'static str]),
    /// A text of so many characters.
    Code(usize, usize),
    List(&'static Shape),
    /// Members, and those that must be there.
    Obj(&'static [(&'static str, Shape)], &'static [&'static str]),
}

use Shape::{Code, Day, List, Moment, Obj, Partial, Text, Truth, Uri, Words};

const COUNTRY: Shape = Obj(&[("name", Text), ("code", Code(2, 2))], &["name"]);
const JURISDICTION: Shape = Obj(&[("name", Text), ("code", Code(2, 6))], &["name"]);
const fn address(types: &'static [&'static str]) -> [(&'static str, Shape); 4] {
    [("type", Words(types)), ("address", Text), ("postCode", Text), ("country", COUNTRY)]
}
const OF_ENTITY: [(&str, Shape); 4] = address(&["registered", "business", "alternative"]);
const OF_PERSON: [(&str, Shape); 4] = address(&["residence", "service", "alternative"]);
const OF_BIRTH: [(&str, Shape); 4] = address(&["placeOfBirth"]);
const IDENTIFIER: Shape = Obj(&[("id", Text), ("scheme", Text), ("schemeName", Text), ("uri", Uri)], &["id"]);
/// Reasons why nobody is named.
pub(super) const REASONS: [&str; 7] = [
    "noBeneficialOwners",
    "subjectUnableToConfirmOrIdentifyBeneficialOwner",
    "interestedPartyHasNotProvidedInformation",
    "subjectExemptFromDisclosure",
    "interestedPartyExemptFromDisclosure",
    "unknown",
    "informationUnknownToPublisher",
];
const UNSPECIFIED: Shape = Obj(&[("reason", Words(&REASONS)), ("description", Text)], &["reason"]);
const AGENT: Shape = Obj(&[("name", Text), ("uri", Uri)], &["name"]);
/// Kinds of names of persons.
pub(super) const NAME_TYPES: [&str; 6] = ["legal", "translation", "transliteration", "former", "alternative", "birth"];
const NAME: Shape = Obj(
    &[
        ("type", Words(&NAME_TYPES)),
        ("fullName", Text),
        ("familyName", Text),
        ("givenName", Text),
        ("patronymicName", Text),
    ],
    &["fullName"],
);
const SECURITY: Shape =
    Obj(&[("idScheme", Words(&["isin", "figi", "cusip", "cins"])), ("id", Text), ("ticker", Text)], &["ticker"]);
const LISTING: Shape = Obj(
    &[
        ("marketIdentifierCode", Text),
        ("operatingMarketIdentifierCode", Text),
        ("stockExchangeJurisdiction", Code(2, 6)),
        ("stockExchangeName", Text),
        ("security", SECURITY),
    ],
    &["stockExchangeJurisdiction", "security", "stockExchangeName"],
);
/// Kinds of sources.
pub(super) const SOURCE_TYPES: [&str; 5] =
    ["selfDeclaration", "officialRegister", "thirdParty", "primaryResearch", "verified"];

/// Where a statement comes from.
pub(super) const SOURCE: Shape = Obj(
    &[
        ("type", List(&Words(&SOURCE_TYPES))),
        ("description", Text),
        ("url", Uri),
        ("retrievedAt", Moment),
        ("assertedBy", List(&AGENT)),
    ],
    &[],
);

/// A remark on a statement.
pub(super) const ANNOTATION: Shape = Obj(
    &[
        ("statementPointerTarget", Text),
        ("creationDate", Moment),
        ("createdBy", Obj(&[("name", Text), ("uri", Uri)], &[])),
        ("motivation", Words(&["commenting", "correcting", "identifying", "linking", "transformation"])),
        ("description", Text),
        ("transformedContent", Text),
        ("url", Uri),
    ],
    &["motivation", "statementPointerTarget"],
);

/// Details of an entity.
pub(super) const ENTITY: Shape = Obj(
    &[
        ("isComponent", Truth),
        ("entityType", Obj(&[("type", Text), ("subtype", Text), ("details", Text)], &["type"])),
        ("unspecifiedEntityDetails", UNSPECIFIED),
        ("name", Text),
        ("alternateNames", List(&Text)),
        ("jurisdiction", JURISDICTION),
        ("identifiers", List(&IDENTIFIER)),
        ("foundingDate", Day),
        ("dissolutionDate", Day),
        ("addresses", List(&Obj(&OF_ENTITY, &[]))),
        ("uri", Uri),
        (
            "publicListing",
            Obj(
                &[
                    ("hasPublicListing", Truth),
                    ("companyFilingsURLs", List(&Uri)),
                    ("securitiesListings", List(&LISTING)),
                ],
                &["hasPublicListing"],
            ),
        ),
        ("formedByStatute", Obj(&[("name", Text), ("date", Day)], &[])),
    ],
    &["isComponent", "entityType"],
);

/// Details of a person.
pub(super) const PERSON: Shape = Obj(
    &[
        ("isComponent", Truth),
        ("personType", Words(&["anonymousPerson", "unknownPerson", "knownPerson"])),
        ("unspecifiedPersonDetails", UNSPECIFIED),
        ("names", List(&NAME)),
        ("identifiers", List(&IDENTIFIER)),
        ("nationalities", List(&COUNTRY)),
        ("placeOfBirth", Obj(&OF_BIRTH, &[])),
        ("birthDate", Partial),
        ("deathDate", Partial),
        ("taxResidencies", List(&COUNTRY)),
        ("addresses", List(&Obj(&OF_PERSON, &[]))),
        (
            "politicalExposure",
            Obj(
                &[
                    ("status", Words(&["isPep", "isNotPep", "unknown"])),
                    (
                        "details",
                        List(&Obj(
                            &[
                                ("reason", Text),
                                ("missingInfoReason", Text),
                                ("jurisdiction", JURISDICTION),
                                ("startDate", Day),
                                ("endDate", Day),
                                ("source", SOURCE),
                            ],
                            &[],
                        )),
                    ),
                ],
                &["status"],
            ),
        ),
    ],
    &["isComponent", "personType"],
);

/// Whether a text is an absolute URI.
pub(super) fn is_uri(text: &str) -> bool {
    let scheme = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'()*+,/:;=?@[]_~.-".contains(&b);
    text.split_once(':').is_some_and(|(s, rest)| scheme(s) && !rest.is_empty() && rest.bytes().all(plain))
}

/// Whether a text is a day, alone or with a time and its zone.
fn is_moment(text: &str) -> bool {
    let time = |t: &str| {
        let b = t.as_bytes();
        let digits = |i: usize| b.get(i..i + 2).is_some_and(|d| d.iter().all(u8::is_ascii_digit));
        let below = |i: usize, n: u32| t.get(i..i + 2).and_then(|d| d.parse::<u32>().ok()).is_some_and(|v| v < n);
        let clock = digits(0) && digits(3) && digits(6) && below(0, 24) && below(3, 60) && below(6, 60);
        let colons = b.get(2) == Some(&b':') && b.get(5) == Some(&b':');
        let zone = t.get(8..).unwrap_or_default();
        let zone = match zone.strip_prefix('.') {
            // Fractions of seconds of three or six digits are what all readers take.
            Some(f) => {
                let n = f.bytes().take_while(u8::is_ascii_digit).count();
                if n == 3 || n == 6 { f.get(n..).unwrap_or_default() } else { "" }
            }
            None => zone,
        };
        let offset = |z: &str| {
            z.len() == 6
                && z.starts_with(['+', '-'])
                && z.as_bytes().get(3) == Some(&b':')
                && z.get(1..3).and_then(|h| h.parse::<u32>().ok()).is_some_and(|h| h < 24)
                && z.get(4..).and_then(|m| m.parse::<u32>().ok()).is_some_and(|m| m < 60)
        };
        clock && colons && (zone == "Z" || offset(zone))
    };
    match text.split_once('T') {
        Some((day, t)) => day.len() == 10 && full_day(day).is_some() && time(t),
        None => text.len() == 10 && full_day(text).is_some(),
    }
}

/// What of a value fits; `None` where it does not at all.
pub(super) fn fitting(v: Value, shape: Shape) -> Option<Value> {
    let text = |ok: &dyn Fn(&str) -> bool| v.as_str().is_some_and(ok);
    match shape {
        Text => v.is_string().then_some(v),
        Truth => v.is_boolean().then_some(v),
        Uri => text(&is_uri).then_some(v),
        Day => text(&|t| t.len() == 10 && full_day(t).is_some()).then_some(v),
        Moment => text(&is_moment).then_some(v),
        Partial => text(&|t| t.len() <= 10 && crate::model::PartialDate::parse(t).is_ok()).then_some(v),
        Words(words) => text(&|t| words.contains(&t)).then_some(v),
        Code(min, max) => text(&|t| (min..=max).contains(&t.chars().count())).then_some(v),
        List(of) => match v {
            Value::Array(all) => {
                let all: Vec<Value> = all.into_iter().filter_map(|x| fitting(x, *of)).collect();
                (!all.is_empty()).then(|| all.into())
            }
            _ => None,
        },
        Obj(members, must) => match v {
            Value::Object(all) => {
                let of = |k: &str| members.iter().find(|(m, _)| *m == k).map(|(_, s)| *s);
                let kept: serde_json::Map<String, Value> = all
                    .into_iter()
                    .filter_map(|(k, v)| match of(&k) {
                        Some(shape) => fitting(v, shape).map(|v| (k, v)),
                        None => Some((k, v)),
                    })
                    .collect();
                (must.iter().all(|m| kept.contains_key(*m)) && !kept.is_empty()).then(|| kept.into())
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_does_not_fit_is_left_out() {
        let person = json!({"isComponent": false, "personType": "knownPerson", "x": 1, "birthDate": "circa 1951",
            "names": [{"fullName": "Ola", "type": "nick", "familyName": 3}, {"givenName": "Ola"}, "Ola"],
            "nationalities": [{"name": "Norland", "code": "NOR"}, {"code": "XN"}], "identifiers": [{"id": "7", "uri": "no uri"}],
            "politicalExposure": {"status": "maybe"}, "addresses": "here"});
        assert_eq!(
            fitting(person, PERSON).unwrap(),
            json!({"isComponent": false, "personType": "knownPerson", "x": 1, "names": [{"fullName": "Ola"}],
                "nationalities": [{"name": "Norland"}], "identifiers": [{"id": "7"}]})
        );
        assert!(fitting(json!({"isComponent": "false", "personType": "knownPerson"}), PERSON).is_none());
    }

    #[test]
    fn days_moments_and_uris() {
        for (text, want) in [
            ("2018-02-01", true),
            ("2018-02-01T10:00:00Z", true),
            ("2018-02-01T10:00:00.123+01:00", true),
            ("2018-02-01T10:00:00", false),
            ("2018-02-01T10:00Z", false),
            ("2018-02-01T25:00:00Z", false),
            ("2018-02-01T10:00:00+1:00", false),
            ("2018-02-31", false),
            ("2018-02", false),
            ("", false),
            ("2018-02-01Té", false),
        ] {
            assert_eq!(is_moment(text), want, "{text}");
        }
        assert!(is_uri("https://a.example/x?y=1#z") && is_uri("urn:x"));
        assert!(!is_uri("a.example") && !is_uri("https://a b") && !is_uri("1:x") && !is_uri("x:") && !is_uri("x:é"));
    }
}
