//! Names in an OFAC Advanced XML file: parts put together, with their script.

use super::sets::Ctx;
use crate::import::xml::El;
use crate::model::script_of;
use hashbrown::HashMap;

/// ISO 15924 code of a script as the file names it. Older files write `Latin` also where the
/// code should stand.
fn script_code(code: &str, name: &str) -> Option<&'static str> {
    const SCRIPTS: [(&str, &str); 19] = [
        ("latin", "Latn"),
        ("arabic", "Arab"),
        ("cyrillic", "Cyrl"),
        ("chinese simplified", "Hans"),
        ("chinese traditional", "Hant"),
        ("chinese", "Hani"),
        ("korean", "Kore"),
        ("hangul", "Hang"),
        ("japanese", "Jpan"),
        ("hebrew", "Hebr"),
        ("greek", "Grek"),
        ("armenian", "Armn"),
        ("georgian", "Geor"),
        ("bengali", "Beng"),
        ("devanagari", "Deva"),
        ("burmese", "Mymr"),
        ("thai", "Thai"),
        ("khmer", "Khmr"),
        ("ethiopic", "Ethi"),
    ];
    let find = |t: &str| SCRIPTS.iter().find(|(n, c)| n.eq_ignore_ascii_case(t) || c.eq_ignore_ascii_case(t));
    let lower = name.to_lowercase();
    let (_, code) = find(code).or_else(|| find(name)).or_else(|| SCRIPTS.iter().find(|(n, _)| lower.starts_with(n)))?;
    Some(code)
}

/// A name as it is written: the way the CSV lists write it (`LAST, First Middle`), or run
/// together in the scripts that put no blank between the parts of a name.
pub(super) struct Written {
    /// The whole name.
    pub(super) text: String,
    /// ISO 15924 code, empty when Latin.
    pub(super) script: String,
    /// Whether the publisher marks it as an acronym.
    pub(super) acronym: bool,
}

/// Reads a `DocumentedName`, given the kind of name part that each group stands for.
pub(super) fn written(el: El<'_>, groups: &HashMap<&str, String>, ctx: &mut Ctx<'_>) -> Written {
    let (mut last, mut rest): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut script, mut acronym) = (String::new(), false);
    for part in el.all("DocumentedNamePart") {
        for v in part.all("NamePartValue") {
            ctx.report.count("name_part_values", 1);
            let text = [part.attr("LeadingChars"), v.text(), part.attr("TrailingChars")].concat();
            if text.is_empty() {
                continue;
            }
            acronym |= v.flag("Acronym");
            if let Some(s) = ctx.sets.get("Script", v.attr("ScriptID")).filter(|_| script.is_empty()) {
                script = script_code(s.attr("ScriptCode"), &s.text).unwrap_or_default().to_owned();
            }
            let kind = groups.get(v.attr("NamePartGroupID")).map(String::as_str).unwrap_or_default();
            match kind.to_lowercase().as_str() {
                "last name" | "maiden name" | "matronymic" | "surname" | "family name" => last.push(text),
                _ => rest.push(text),
            }
        }
    }
    let dense = matches!(script.as_str(), "Hans" | "Hant" | "Hani" | "Kore" | "Hang" | "Jpan");
    let gap = if dense && !last.is_empty() { "" } else { " " };
    let (last, rest) = (last.join(gap), rest.join(gap));
    let between = match (last.is_empty() || rest.is_empty(), dense) {
        (true, _) | (_, true) => "",
        _ => ", ",
    };
    let text = format!("{last}{between}{rest}");
    let evident = script_of(&text).unwrap_or("Latn");
    if script == "Latn" && evident != "Latn" {
        ctx.suspect("name stated as Latin in another script", &text);
    }
    if script.is_empty() || script == "Latn" {
        script = if evident == "Latn" { String::new() } else { evident.to_owned() };
    }
    Written { text, script, acronym }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts() {
        assert_eq!(script_code("Latin", "Latin"), Some("Latn"));
        assert_eq!(script_code("Cyrl", "whatever"), Some("Cyrl"));
        assert_eq!(script_code("", "Chinese Simplified"), Some("Hans"));
        assert_eq!(script_code("", "Elvish"), None);
    }
}
