//! The tagged parts of the `Other Information` of an OFSI entry:
//! `(UK Sanctions List Ref):ABC0001 (Parent company):Sill Holding ...`.
//!
//! Prose goes on after a tag's value without a sign, so of references only the first word is
//! taken. The whole text is kept as well.

use crate::import::uk_sl::{Ctx, Field, Party};

/// The tags that the publisher uses; brackets and colons in prose are none.
const TAGS: [&str; 24] = [
    "UK Sanctions List Ref",
    "UN Ref",
    "UK Statement of Reasons",
    "Gender",
    "Phone number",
    "Email address",
    "Type of entity",
    "Website",
    "Parent company",
    "Subsidiaries",
    "Business Reg No",
    "Length of ship",
    "IMO number",
    "Year built",
    "Tonnage of ship",
    "Flag of ship",
    "Type of ship",
    "Current owners",
    "Current owner/operator",
    "Previous owner/operator",
    "Fax",
    "Previous flags",
    "Tel",
    "Hull identification number",
];

/// The tags of a text with what stands between each and the next.
pub(super) fn tagged(text: &str) -> Vec<(&'static str, &str)> {
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    for (at, _) in text.match_indices('(') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let tag = TAGS.iter().find(|t| rest.strip_prefix(**t).is_some_and(|r| r.starts_with("):")));
        found.extend(tag.map(|t| (at, at + 1 + t.len() + 2, *t)));
    }
    let ends = found.iter().skip(1).map(|f| f.0).chain([text.len()]);
    found
        .iter()
        .zip(ends)
        .map(|((_, from, tag), end)| (*tag, text.get(*from..end).unwrap_or_default().trim()))
        .collect()
}

/// Takes the tagged parts as facts and relations.
pub(super) fn read(text: &str, party: &mut Party, ctx: &mut Ctx<'_>) {
    for (tag, value) in tagged(text) {
        let Some(field) = Field::of(tag) else { continue };
        let value = match field {
            Field::Reference(_) => {
                value.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ';', '.'])
            }
            _ => value,
        };
        field.take(party, value, ctx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        let text = "Before. (UK Sanctions List Ref):NOR0001 (UN Ref):KPi.901 Said (Old Reference): to be (x):y.\n\
                    (Gender):Female (Parent company):Sill Holding (SH) (Subsidiaries):";
        assert_eq!(
            tagged(text),
            [
                ("UK Sanctions List Ref", "NOR0001"),
                ("UN Ref", "KPi.901 Said (Old Reference): to be (x):y."),
                ("Gender", "Female"),
                ("Parent company", "Sill Holding (SH)"),
                ("Subsidiaries", ""),
            ]
        );
        assert!(tagged("(Gender) Male").is_empty() && tagged("((((").is_empty());
        for tag in TAGS {
            assert!(Field::of(tag).is_some(), "{tag}");
        }
    }
}
