//! Natures of control: the codes by which the register says what somebody holds.
//!
//! A code is a right, a band where the right comes in bands, in what capacity it is held, and
//! the kind of firm: `ownership-of-shares-25-to-50-percent-as-trust-limited-liability-partnership`.
//! The bands are those of the register's own descriptions (`psc_descriptions` of its API).

use crate::model::{Direct, Share};

/// What one code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nature {
    /// Edge type of the catalogue.
    pub(super) edge_type: &'static str,
    /// The band.
    pub(super) share: Option<Share>,
    /// In what capacity, in words; empty where it is the person's own right.
    pub(super) role: String,
    /// Rights that the register defines as held "directly or indirectly" are `Unknown`.
    pub(super) direct: Direct,
    /// The company is the subject.
    pub(super) flip: bool,
    /// The code is understood.
    pub(super) known: bool,
}

/// Endings that say what kind of firm it is.
const FIRMS: [&str; 2] = ["-limited-liability-partnership", "-registered-overseas-entity"];
/// Endings that say in what capacity the right is held, the longer before the shorter.
const CAPACITIES: [&str; 4] = ["-as-control-over-trust", "-as-control-over-firm", "-as-trust", "-as-firm"];
/// Bands by their words. What belongs to which band at the ends is law: more than 25 up to 50,
/// more than 50 and less than 75, 75 or more.
const BANDS: [(&str, &str); 4] = [
    ("25-to-50-percent", ">25 to 50"),
    ("50-to-75-percent", ">50 to <75"),
    ("75-to-100-percent", "75 to 100"),
    ("more-than-25-percent", ">25 to 100"),
];
/// Rights that come in bands.
const SHARES: [(&str, &str); 4] = [
    ("ownership-of-shares-", "owns"),
    ("voting-rights-", "votes_in"),
    ("right-to-share-surplus-assets-", "entitled_to_surplus_of"),
    ("part-right-to-share-surplus-assets-", "entitled_to_surplus_of"),
];

/// Reads a code. One that is not understood is an interest of unknown kind.
pub(super) fn read(code: &str) -> Nature {
    let unknown = Nature {
        edge_type: "interest_in",
        share: None,
        role: String::new(),
        direct: Direct::Direct,
        flip: false,
        known: false,
    };
    let body = FIRMS.iter().find_map(|f| code.strip_suffix(f)).unwrap_or(code);
    let (body, role) = CAPACITIES
        .iter()
        .find_map(|c| Some((body.strip_suffix(c)?, c.trim_start_matches('-').replace('-', " "))))
        .unwrap_or((body, String::new()));
    let own = Nature { role, known: true, direct: Direct::Unknown, ..unknown.clone() };
    match body {
        "right-to-appoint-and-remove-directors"
        | "right-to-appoint-and-remove-members"
        | "right-to-appoint-and-remove-person" => return Nature { edge_type: "appoints_board_of", ..own },
        "significant-influence-or-control" => {
            return Nature { edge_type: "influences", direct: Direct::Direct, ..own };
        }
        _ => {}
    }
    // The overseas entity holds land as a nominee: it is the one that acts.
    if body.starts_with("registered-owner-as-nominee-person-") {
        return Nature { edge_type: "nominee_for", direct: Direct::Direct, flip: true, ..own };
    }
    if body.starts_with("registered-owner-as-nominee-another-entity-") {
        return Nature { role: "through another entity".to_owned(), direct: Direct::Indirect, ..own };
    }
    let banded = SHARES.iter().find_map(|(prefix, edge_type)| {
        let band = body.strip_prefix(prefix)?;
        let (_, share) = BANDS.iter().find(|(b, _)| *b == band)?;
        Some((*edge_type, Share::parse(share).ok()?))
    });
    match banded {
        Some((edge_type, share)) => Nature { edge_type, share: Some(share), ..own },
        None => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalogue;

    fn brief(code: &str) -> String {
        let n = read(code);
        assert!(Catalogue::builtin().edge_type(n.edge_type).is_some());
        let share = n.share.map_or(String::new(), |s| format!(" {s}"));
        format!(
            "{}{share}|{}{}{}",
            n.edge_type,
            n.role,
            if n.flip { "|flip" } else { "" },
            if n.known { "" } else { "|?" }
        )
    }

    #[test]
    fn codes() {
        for (code, want) in [
            ("ownership-of-shares-25-to-50-percent", "owns >25 to 50|"),
            ("ownership-of-shares-50-to-75-percent-as-trust", "owns >50 to <75|as trust"),
            ("ownership-of-shares-75-to-100-percent-as-firm", "owns 75 to 100|as firm"),
            (
                "ownership-of-shares-more-than-25-percent-as-control-over-trust-registered-overseas-entity",
                "owns >25 to 100|as control over trust",
            ),
            ("voting-rights-75-to-100-percent-limited-liability-partnership", "votes_in 75 to 100|"),
            ("voting-rights-more-than-25-percent-registered-overseas-entity", "votes_in >25 to 100|"),
            (
                "right-to-share-surplus-assets-25-to-50-percent-as-firm-limited-liability-partnership",
                "entitled_to_surplus_of >25 to 50|as firm",
            ),
            ("part-right-to-share-surplus-assets-75-to-100-percent", "entitled_to_surplus_of 75 to 100|"),
            ("right-to-appoint-and-remove-members-limited-liability-partnership", "appoints_board_of|"),
            ("right-to-appoint-and-remove-person-as-trust", "appoints_board_of|as trust"),
            (
                "right-to-appoint-and-remove-directors-as-control-over-firm-registered-overseas-entity",
                "appoints_board_of|as control over firm",
            ),
            ("significant-influence-or-control-as-trust-registered-overseas-entity", "influences|as trust"),
            ("registered-owner-as-nominee-person-scotland-registered-overseas-entity", "nominee_for||flip"),
            (
                "registered-owner-as-nominee-another-entity-england-wales-registered-overseas-entity",
                "interest_in|through another entity",
            ),
            ("ownership-of-shares-10-to-25-percent", "interest_in||?"),
            ("ownership-of-ships", "interest_in||?"),
            ("", "interest_in||?"),
        ] {
            assert_eq!(brief(code), want, "{code}");
        }
        assert_eq!(read("voting-rights-25-to-50-percent").direct, Direct::Unknown);
        assert_eq!(read("significant-influence-or-control").direct, Direct::Direct);
    }
}
