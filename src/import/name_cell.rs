//! Several names in one cell of a list, told apart only where nothing else can be meant.

use std::collections::HashSet;

/// What a cell holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// One name each.
    pub(super) names: Vec<String>,
    /// Texts that seem to run several names together; nobody can tell where one ends.
    pub(super) doubtful: Vec<String>,
}

/// Words that a comma stands before within the name of a firm, without their stops.
const LEGAL_FORMS: [&str; 56] = [
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "co",
    "corp",
    "corporation",
    "company",
    "sa",
    "srl",
    "spa",
    "gmbh",
    "ag",
    "bv",
    "nv",
    "plc",
    "pjsc",
    "jsc",
    "ojsc",
    "cjsc",
    "oao",
    "zao",
    "ooo",
    "pao",
    "ao",
    "tov",
    "pvt",
    "pte",
    "sarl",
    "kg",
    "sal",
    "fze",
    "fzco",
    "fzc",
    "fz-llc",
    "dmcc",
    "sdn",
    "bhd",
    "kft",
    "doo",
    "eood",
    "ood",
    "oy",
    "ab",
    "as",
    "aps",
    "jr",
    "sr",
    "ао",
    "ооо",
    "оао",
    "пао",
    "зао",
];

/// White space squeezed, the hard one too.
pub(super) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every comma of a name stands before a legal form: `Sill Trading Co., Ltd.`
fn commas_belong(name: &str) -> bool {
    name.split([',', '،', '、']).skip(1).all(|part| {
        let form = |w: &str| LEGAL_FORMS.contains(&w.replace('.', "").to_lowercase().as_str());
        let mut words = part.split_whitespace().peekable();
        words.peek().is_some() && words.all(form)
    })
}

/// Divides a cell at semicolons and at slashes between blanks. Where `commas` may divide names
/// too, and where an "or" stands between words, what is left is doubtful.
pub(super) fn split(cell: &str, commas: bool) -> Names {
    let (mut found, mut said) = (Names::default(), HashSet::new());
    let pieces = cell.split(';').flat_map(|p| p.split(" / ")).enumerate();
    for (i, piece) in pieces {
        let mut piece = squeeze(piece);
        if let Some(rest) = piece.strip_prefix("and ").filter(|_| i > 0) {
            piece = rest.to_owned();
        }
        // A bracket that is never closed says nothing.
        if piece.starts_with('(') && !piece.contains(')') {
            piece.remove(0);
        }
        if !piece.chars().any(char::is_alphanumeric) {
            continue;
        }
        let or = piece.to_lowercase().contains(" or ");
        if !said.insert(piece.clone()) {
            continue;
        }
        let list = if or || (commas && !commas_belong(&piece)) { &mut found.doubtful } else { &mut found.names };
        list.push(piece);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(cell: &str) -> Vec<String> {
        let n = split(cell, true);
        assert!(n.doubtful.is_empty(), "{n:?}");
        n.names
    }

    #[test]
    fn safe_dividers() {
        assert_eq!(
            names(" Rudi \u{a0}Sill; Рудольф\nСилл;;  and R. Sill;Rudi Sill "),
            ["Rudi Sill", "Рудольф Силл", "R. Sill"]
        );
        assert_eq!(names("(Рудольф СИЛЛ / Рудольф СIЛЛ"), ["Рудольф СИЛЛ", "Рудольф СIЛЛ"]);
        assert_eq!(names("Sill A/S; AC/DC"), ["Sill A/S", "AC/DC"]);
        assert_eq!(names("Sill Trading Co., Ltd.; Силл, ООО"), ["Sill Trading Co., Ltd.", "Силл, ООО"]);
        assert_eq!(names("Rudolf (Rudi) Sill"), ["Rudolf (Rudi) Sill"]);
        assert!(names(" ; . ;/").is_empty() && names("").is_empty());
    }

    #[test]
    fn doubt_divides_nothing() {
        let n = split("NQ; North Quay, Quay of the North; Norland or Nordland Quay; Quay Works, JSC North", true);
        assert_eq!(n.names, ["NQ"]);
        assert_eq!(n.doubtful, ["North Quay, Quay of the North", "Norland or Nordland Quay", "Quay Works, JSC North"]);
        assert_eq!(split("SILL, Rudi; SILL, R.", false).names, ["SILL, Rudi", "SILL, R."]);
    }
}
