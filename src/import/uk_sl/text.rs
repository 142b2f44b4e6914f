//! How the UK lists write several things in one text.

/// The longest text looked at for names of other parties, in bytes.
const MAX_CELL: usize = 64 * 1024;

/// The values of a text that numbers them, `(1) Russia. (2) Israel`; the whole text where it
/// does not.
pub(in crate::import) fn numbered(text: &str) -> Vec<&str> {
    let text = text.trim();
    let mut rest = match text.strip_prefix("(1)") {
        Some(rest) => rest,
        None => return vec![text].into_iter().filter(|t| !nothing(t)).collect(),
    };
    let mut out = Vec::new();
    for n in 2.. {
        let (value, more) = rest.split_once(&format!("({n})")).map_or((rest, None), |(v, m)| (v, Some(m)));
        out.push(value.trim().trim_end_matches(['.', ';', ',']).trim_end());
        match more {
            Some(more) => rest = more,
            None => break,
        }
    }
    out
}

/// Whether a text only says that there is nothing.
pub(in crate::import) fn nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "–" | "- ." | ".")
}

/// A text with every run of white space made one blank.
pub(in crate::import) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The words of a column, tag or element as one key: `Nationality(/ies)` is `nationalityies`.
pub(in crate::import) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A column, tag or element as a property: `PassportNumber` and `Passport number` are
/// `passport_number`.
pub(in crate::import) fn property(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut small = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            small = true;
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        if c.is_uppercase() && small && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        small = c.is_lowercase();
        out.extend(c.to_lowercase());
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// A list that joins its values by full stops, where each value is plainly one: telephone
/// numbers (digits and signs only) or addresses of electronic mail.
pub(in crate::import) fn contacts(text: &str) -> Vec<&str> {
    let number = |p: &&str| {
        p.bytes().filter(u8::is_ascii_digit).count() >= 6
            && p.bytes().all(|b| b.is_ascii_digit() || b" +-()/".contains(&b))
    };
    let mail = |p: &&str| p.split('@').count() == 2 && !p.contains(' ');
    if text.trim_start().starts_with("(1)") {
        return numbered(text);
    }
    let pieces: Vec<&str> = text.split(". ").map(|p| p.trim().trim_end_matches('.')).collect();
    if pieces.iter().all(number) || pieces.iter().all(mail) { pieces } else { numbered(text) }
}

/// Words of a sentence or of an address: a text with one of them is no bare name.
const NOT_A_NAME: [&str; 24] = [
    "subsidiary",
    "subsidiaries",
    "parent",
    "owned",
    "controlled",
    "established",
    "designated",
    "formerly",
    "known as",
    "spelling",
    "spellings",
    "subject to",
    "listed",
    "is",
    "are",
    "was",
    "by",
    "street",
    "road",
    "avenue",
    "square",
    "building",
    "box",
    "unknown",
];

/// Ends of a name after which a full stop ends nothing.
const SHORT_FORMS: [&str; 20] = [
    "co", "ltd", "inc", "corp", "llc", "st", "no", "jsc", "pjsc", "plc", "gmbh", "dr", "mr", "bros", "intl", "dept",
    "est", "ind", "mfg", "col",
];

/// One name, or nothing where the text may be more or less than that.
fn name(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(['.', ';', ',']).trim_end();
    let lower = text.to_lowercase();
    let spaced: String = lower.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let spaced = format!(" {} ", squeeze(&spaced));
    let prose = NOT_A_NAME.iter().any(|w| spaced.contains(&format!(" {w} ")));
    let fits = text.len() <= 300 && text.chars().any(char::is_alphabetic) && !text.contains(". ") && !prose;
    fits.then_some(text).filter(|t| !nothing(t))
}

/// Splits a list that joins its names by full stops. Only where no full stop can belong to a
/// name: each is a name of several words that does not end in a short form.
fn stops(text: &str) -> Option<Vec<&str>> {
    let pieces: Vec<&str> = text.split(". ").collect();
    let last = pieces.len().saturating_sub(1);
    for (n, piece) in pieces.iter().enumerate() {
        let end = piece.trim_end_matches('.').rsplit(' ').next().unwrap_or_default().to_lowercase();
        let short = SHORT_FORMS.contains(&end.as_str()) || end.chars().count() < 3;
        let capital = piece.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        if piece.trim().split(' ').count() < 2 || !capital || (n < last && short) {
            return None;
        }
    }
    pieces.into_iter().map(name).collect()
}

/// The names that a relation field holds; nothing where it cannot be told for sure: the field
/// is then text. Numbers, semicolons, bars and line ends separate; full stops only where they
/// can mean nothing else.
pub(in crate::import) fn names(cell: &str) -> Option<Vec<&str>> {
    if cell.len() > MAX_CELL {
        return None;
    }
    let values: Vec<&str> = numbered(cell)
        .into_iter()
        .flat_map(|v| v.split([';', '|', '\n']))
        .map(str::trim)
        .filter(|v| !nothing(v))
        .collect();
    let mut out = Vec::new();
    for value in values {
        let value = value.trim_end_matches('.');
        match value.contains(". ") {
            true => out.extend(stops(value)?),
            false => out.push(name(value)?),
        }
    }
    (!out.is_empty()).then_some(out)
}

/// A name and the percentage in the brackets after it, `Sill Ltd (45%)`.
pub(in crate::import) fn percentage(name: &str) -> (&str, Option<&str>) {
    let inside = name.strip_suffix(')').and_then(|n| n.rsplit_once('('));
    match inside.filter(|(head, share)| share.contains('%') && !head.trim().is_empty()) {
        Some((head, share)) => (head.trim_end(), Some(share.trim())),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        assert_eq!(numbered("(1) Norland. (2) Sill (2) (3) "), ["Norland", "Sill (2)", ""]);
        assert_eq!(numbered(" Norland (1) "), ["Norland (1)"]);
        assert!(numbered("-").is_empty() && numbered(" ").is_empty());
        assert_eq!(contacts("+1 234 567. +1 (234) 568-9."), ["+1 234 567", "+1 (234) 568-9"]);
        assert_eq!(contacts("a@b.example. c@d.example"), ["a@b.example", "c@d.example"]);
        assert_eq!(contacts("+1 234 567. ext. 5"), ["+1 234 567. ext. 5"]);
        assert_eq!(contacts("(1) 12 (2) 13"), ["12", "13"]);
    }

    #[test]
    fn properties() {
        for (text, want, k) in [
            ("PassportAdditionalInformation", "passport_additional_information", "passportadditionalinformation"),
            ("Nationality(/ies)", "nationality_ies", "nationalityies"),
            ("UKStatementofReasons", "ukstatementof_reasons", "ukstatementofreasons"),
            ("Hull identification number (HIN)", "hull_identification_number_hin", "hullidentificationnumberhin"),
            ("D.O.B", "d_o_b", "dob"),
            ("  ", "", ""),
        ] {
            assert_eq!((property(text).as_str(), key(text).as_str()), (want, k));
        }
    }

    #[test]
    fn names_in_relation_fields() {
        for (text, want) in [
            ("Sill Holding (SH)", &["Sill Holding (SH)"][..]),
            ("(1) North Quay (2) Sill Bank.", &["North Quay", "Sill Bank"]),
            ("North Quay Ltd.; Sill Bank\nOld Bank", &["North Quay Ltd", "Sill Bank", "Old Bank"]),
            (
                "North Quay Group. Sill Bank (SB). Old Mill Works",
                &["North Quay Group", "Sill Bank (SB)", "Old Mill Works"],
            ),
            ("NQ", &["NQ"]),
        ] {
            assert_eq!(names(text).unwrap(), want, "{text}");
        }
        for text in [
            "",
            "-",
            "11203",
            "North Quay Company. NQC",
            "North Quay Co. Electric Works",
            "Subsidiary organisation of the Ministry",
            "Owned/controlled by Sill Bank",
            "Sill Bank, Mill Street, PO Box 7",
            "Is the Parent company",
            "North Quay; owned by Sill",
            "Sill Works. of Norland",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
        assert_eq!(names(&"a".repeat(1 << 20)), None);
        assert_eq!(percentage("Sill Ltd (45%)"), ("Sill Ltd", Some("45%")));
        assert_eq!(percentage("Sill Ltd (SL)"), ("Sill Ltd (SL)", None));
        assert_eq!(percentage("(45%)"), ("(45%)", None));
    }
}
