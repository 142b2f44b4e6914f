//! Names in the SECO list: parts in an order, each with its spellings in other languages and
//! scripts.

use crate::import::Report;
use crate::import::leaves::{Facts, squeeze};
use crate::import::xml::El;
use crate::model::{Fact, prop};
use std::collections::HashSet;

/// Most bytes and parts that the spellings of one name are written out with; real names need
/// some hundred.
const BUDGET: usize = 1 << 20;
/// Most languages and scripts of one name.
const MAX_CULTURES: usize = 100;

/// One part of a name.
struct Part<'a> {
    order: u32,
    kind: &'a str,
    value: String,
    /// Other spellings: language, script, text.
    variants: Vec<(&'a str, &'a str, String)>,
}

/// ISO 15924 code as it is written everywhere else (`CYRL` is `Cyrl`); empty for Latin.
fn script(code: &str) -> String {
    let code = code.to_ascii_lowercase();
    match code.split_at_checked(1) {
        Some((first, rest)) if code.len() == 4 && code != "latn" => first.to_ascii_uppercase() + rest,
        _ => String::new(),
    }
}

/// A name of a property with what the source says of it.
fn name(property: &str, value: String, kind: &str, lang: &str, code: &str) -> Fact {
    let mut fact = Fact::name(property, value).kind(kind);
    fact.lang = lang.to_ascii_lowercase();
    let stated = script(code);
    if !stated.is_empty() {
        fact.script = stated;
    }
    fact
}

/// Reads a `name`. `main` says that it belongs to the main identity of the target.
pub(super) fn read(el: El<'_>, main: bool, facts: &mut Facts, report: &mut Report) {
    report.count("names", 1);
    let (kind, low) = (el.attr("name-type"), el.attr("quality").eq_ignore_ascii_case("low"));
    report.count(&format!("names_by_type/{kind}"), 1);
    report.count("names_low_quality", u64::from(low));
    // Another spelling of the main name is no second main name.
    let (property, variant) = match kind {
        "primary-name" if main => (prop::NAME, if low { prop::WEAK_ALIAS } else { prop::ALIAS }),
        _ if low => (prop::WEAK_ALIAS, prop::WEAK_ALIAS),
        "formerly-known-as" => (prop::FORMER_NAME, prop::FORMER_NAME),
        _ => (prop::ALIAS, prop::ALIAS),
    };
    let mut parts: Vec<Part<'_>> = Vec::new();
    for p in el.all("name-part") {
        let (order, kind) = (p.attr("order").parse().unwrap_or(u32::MAX), p.attr("name-part-type"));
        let value = squeeze(p.child_text("value"));
        facts.rest_beside(p, &["value", "order", "name-part-type"], &["spelling-variant"]);
        // A title is no part of the name.
        if kind == "title" {
            facts.text("title", value);
            for v in p.all("spelling-variant") {
                facts.text("title", squeeze(v.text()));
            }
            continue;
        }
        for v in p.all("spelling-variant") {
            let sort = v.attr("spelling-variant-type");
            if !matches!(sort, "" | "not-defined") {
                facts.add(Fact::new("spelling_variant_type", sort).kind(squeeze(v.text())));
            }
        }
        let variants = p.all("spelling-variant").map(|v| (v.attr("lang"), v.attr("script"), squeeze(v.text())));
        let variants: Vec<_> = variants.filter(|(.., t)| !t.is_empty()).collect();
        report.count("spelling_variants", variants.len() as u64);
        parts.push(Part { order, kind, value, variants });
    }
    facts.rest_beside(el, &["name-type", "quality", "lang"], &["name-part"]);
    parts.sort_by_key(|p| p.order);
    let joined = |texts: &[&str]| texts.iter().copied().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
    let lang = el.attr("lang");
    let whole = joined(&parts.iter().map(|p| p.value.as_str()).collect::<Vec<_>>());
    if whole.is_empty() {
        report.count("empty names", 1);
    } else if !facts.add(name(property, whole, kind, lang, "")) {
        report.count("names that repeat a name", 1);
    }
    for p in parts.iter().filter(|p| parts.len() > 1 && !p.value.is_empty() && !p.kind.is_empty()) {
        facts.add(Fact::new(p.kind.replace('-', "_"), p.value.as_str()));
    }
    written_out(&parts, variant, kind, facts, report);
}

/// Writes the spellings of the parts out as names: those of one language and script together,
/// the first with the first and so on, so that each appears in a name and none is multiplied.
fn written_out(parts: &[Part<'_>], property: &str, kind: &str, facts: &mut Facts, report: &mut Report) {
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let cultures = parts.iter().flat_map(|p| p.variants.iter().map(|(l, s, _)| (*l, *s)));
    let cultures: Vec<(&str, &str)> = cultures.filter(|c| seen.insert(*c)).collect();
    let mut left = BUDGET;
    for (n, (lang, code)) in cultures.into_iter().enumerate() {
        if n == MAX_CULTURES {
            report.count("names with more spellings than are kept", 1);
            return;
        }
        let of = |p: &'_ Part<'_>| -> Vec<String> {
            let mine = p.variants.iter().filter(|(l, s, _)| (*l, *s) == (lang, code));
            mine.map(|(.., text)| text.clone()).collect()
        };
        let own: Vec<Vec<String>> = parts.iter().map(of).collect();
        // Half a name in one script and half in another is nobody's name.
        let whole = script(code).is_empty() || own.iter().zip(parts).all(|(o, p)| !o.is_empty() || p.value.is_empty());
        for i in 0..own.iter().map(Vec::len).max().unwrap_or(0) {
            let mut texts: Vec<&str> = Vec::new();
            for (mine, part) in own.iter().zip(parts) {
                match (whole, mine.get(i)) {
                    (true, found) => texts.push(found.or(mine.last()).map_or(&part.value, String::as_str)),
                    (false, Some(text)) => {
                        let fact = Fact::new("spelling_variant", text.as_str()).kind(part.kind);
                        facts.add(Fact { lang: lang.to_ascii_lowercase(), script: script(code), ..fact });
                    }
                    (false, None) => {}
                }
            }
            texts.retain(|t| !t.is_empty());
            let text = texts.join(" ");
            match left.checked_sub(parts.len() + text.len()) {
                Some(rest) => left = rest,
                None => {
                    report.count("names with more spellings than are kept", 1);
                    return;
                }
            }
            facts.add(name(property, text, kind, lang, code));
        }
    }
}
