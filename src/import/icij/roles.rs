//! What relation types and the free texts of roles say.
//!
//! A role names one or several functions ("Director and shareholder", "Power of Attorney /
//! Shareholder"); each function that is understood is a relation of its own, with the literal
//! role on it. What is not understood is a link without a meaning.

/// Longest role looked at, in bytes.
const MAX: usize = 300;

/// The family of a relation type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// A function in an entity; the role says which.
    Officer,
    /// Set it up or looks after it for somebody.
    Intermediary,
    Address,
    /// Perhaps the same party.
    Same,
    /// Connected, no more is said.
    Connected,
    Unknown,
}

/// Small letters, words apart by one blank, without `is`/`has` before and `of`/`as`/`to` behind.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase().replace('_', " ");
    let words: Vec<&str> = lower.split_whitespace().collect();
    let words = match &words[..] {
        ["is" | "has", rest @ ..] => rest,
        all => all,
    };
    let words = match words {
        [rest @ .., "of" | "as" | "to"] if !rest.is_empty() => rest,
        all => all,
    };
    words.join(" ")
}

/// The family of a relation type or of the label that stands for one.
pub(super) fn family(text: &str) -> Family {
    match normal(text).as_str() {
        "officer" => Family::Officer,
        "intermediary" | "registered" => Family::Intermediary,
        "similar" | "similar company" | "similar name and address" | "entity similar" => Family::Same,
        t if t.starts_with("same ") || t.starts_with("probably same ") || t == "same" => Family::Same,
        t if t.ends_with(" address") || t == "address" => Family::Address,
        "connected" | "underlying" | "underlying company" | "related entity" => Family::Connected,
        _ => Family::Unknown,
    }
}

/// A function that a role names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Function {
    /// Edge type, officer to entity.
    pub(super) edge: &'static str,
    /// For whom is not said: the function that a nominee has in name, such as `shareholder`.
    pub(super) nominee: Option<String>,
}

/// What a role says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    /// Functions, each edge type once, in the order of the text; empty when nothing is understood.
    pub(super) functions: Vec<Function>,
    /// It is over.
    pub(super) former: bool,
    /// Held through somebody else.
    pub(super) indirect: bool,
}

/// Reads a role.
pub(super) fn role(text: &str) -> Role {
    let mut role = Role::default();
    if text.len() > MAX {
        return role;
    }
    let mut text = normal(text);
    for through in ["(through ", " through ", "(via ", " via "] {
        if let Some(at) = text.find(through) {
            text.truncate(at);
            role.indirect = true;
        }
    }
    for sign in [" and ", " & ", " - ", "/", ",", ";", "+"] {
        text = text.replace(sign, "|");
    }
    for piece in text.split('|') {
        let words: Vec<&str> = piece.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        role.former |= words.first().is_some_and(|w| matches!(*w, "former" | "ex" | "resigned"));
        let Some(edge) = function(&words) else { continue };
        let nominee = words.iter().position(|w| w.starts_with("nominee"));
        let function = match nominee {
            Some(at) => {
                let rest: Vec<&str> = words.iter().skip(at + 1).copied().collect();
                Function { edge: "nominee_for", nominee: Some(rest.join(" ")) }
            }
            None => Function { edge, nominee: None },
        };
        if !role.functions.iter().any(|f| f.edge == function.edge) {
            role.functions.push(function);
        }
    }
    role
}

/// The edge type of one function, by the words of it.
fn function(words: &[&str]) -> Option<&'static str> {
    let any = |all: &[&str]| all.iter().any(|w| words.contains(w));
    let begins = |stem: &str| words.iter().any(|w| w.starts_with(stem));
    let pair = |a: &str, b: &str| words.windows(2).any(|w| w == [a, b]);
    Some(match () {
        () if begins("nominee") => "nominee_for",
        () if begins("beneficialowner") || any(&["ubo", "bo"]) => "beneficially_owns",
        // "Beneficial owner", "beneficiary owner".
        () if begins("benef") && begins("owner") => "beneficially_owns",
        () if begins("benefici") || begins("benefiic") => "beneficiary_of",
        () if begins("shareholder") || any(&["owner", "owners", "coowner"]) => "owns",
        () if begins("trustee") => "trustee_of",
        () if any(&["settlor", "settlors", "grantor", "trustor"]) => "settlor_of",
        () if begins("protector") => "protector_of",
        () if begins("secretar") => "secretary_of",
        () if pair("power", "of") || any(&["poa", "proxy"]) || pair("in", "fact") => "acts_for",
        () if begins("signator") || begins("representative") => "acts_for",
        () if (begins("authoris") || begins("authoriz")) && (words.len() == 1 || begins("person")) => "acts_for",
        () if pair("foundation", "council") || pair("board", "member") => "directs",
        () if pair("board", "of") && begins("member") => "directs",
        () if begins("director") && !any(&["advisor", "adviser"]) => "directs",
        () if begins("chairman") || begins("chairwoman") || begins("president") || begins("treasurer") => {
            "leader_or_official_of"
        }
        () if any(&["ceo", "cfo", "chief"]) || words == ["officer"] => "leader_or_official_of",
        () if begins("partner") || begins("investor") => "interest_in",
        () if words == ["member"] => "member_of",
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalogue;

    fn edges(text: &str) -> String {
        let r = role(text);
        let mut s: Vec<String> = r
            .functions
            .iter()
            .map(|f| match &f.nominee {
                Some(n) => format!("{}({n})", f.edge),
                None => f.edge.to_owned(),
            })
            .collect();
        s.extend(r.former.then(|| "former".to_owned()));
        s.extend(r.indirect.then(|| "indirect".to_owned()));
        s.join(" ")
    }

    #[test]
    fn roles() {
        for (text, want) in [
            ("shareholder of", "owns"),
            ("Shareholder", "owns"),
            ("Owner", "owns"),
            ("Co-owner (50% owned by him)", "owns"),
            ("beneficial owner of", "beneficially_owns"),
            ("Ultimate Beneficial Owner", "beneficially_owns"),
            ("UBO, shareholder", "beneficially_owns owns"),
            ("beneficiary of", "beneficiary_of"),
            ("Beneficiay", "beneficiary_of"),
            ("Principal beneficiary", "beneficiary_of"),
            ("director of", "directs"),
            ("alternate director of", "directs"),
            ("Member of Foundation Council", "directs"),
            ("Director and shareholder", "directs owns"),
            ("owner, director and shareholder of", "owns directs"),
            ("Power of Attorney / Shareholder", "acts_for owns"),
            ("Member / Shareholder", "member_of owns"),
            ("Authorized signatory", "acts_for"),
            ("authorised person / signatory of", "acts_for"),
            ("secretary of", "secretary_of"),
            ("trustee of trust of", "trustee_of"),
            ("trust settlor of", "settlor_of"),
            ("protector of", "protector_of"),
            ("president - director of", "leader_or_official_of directs"),
            ("nominee shareholder of", "nominee_for(shareholder)"),
            ("nominee beneficial owner of", "nominee_for(beneficial owner)"),
            ("Former Director", "directs former"),
            ("Shareholder (through Julep Foundation)", "owns indirect"),
            ("shareholder via Julep Holdings", "owns indirect"),
            ("general partner of", "interest_in"),
            ("auditor of", ""),
            ("Connected", ""),
            ("records & registers of", ""),
            ("", ""),
            ("of", ""),
        ] {
            assert_eq!(edges(text), want, "{text}");
        }
        assert_eq!(edges(&"shareholder,".repeat(100)), "");
        let c = Catalogue::builtin();
        for text in [
            "nominee x",
            "bo",
            "beneficiary",
            "owner",
            "trustee",
            "settlor",
            "protector",
            "secretary",
            "poa",
            "director",
            "ceo",
            "partner",
            "member",
        ] {
            let edge = role(text).functions[0].edge;
            assert!(c.edge_type(edge).is_some_and(|t| t.name == edge), "{edge}");
        }
    }

    #[test]
    fn families() {
        for (text, want) in [
            ("officer_of", Family::Officer),
            ("is officer of", Family::Officer),
            ("intermediary_of", Family::Intermediary),
            ("registered", Family::Intermediary),
            ("registered_address", Family::Address),
            ("residential address", Family::Address),
            ("same_name_as", Family::Same),
            ("same_as", Family::Same),
            ("same_id_as", Family::Same),
            ("same_company_as", Family::Same),
            ("same_intermediary_as", Family::Same),
            ("same address as", Family::Same),
            ("similar", Family::Same),
            ("has similar name and address as", Family::Same),
            ("probably_same_officer_as", Family::Same),
            ("same name and registration date as", Family::Same),
            ("connected_to", Family::Connected),
            ("underlying", Family::Connected),
            ("twin_of", Family::Unknown),
            ("", Family::Unknown),
        ] {
            assert_eq!(family(text), want, "{text}");
        }
    }
}
