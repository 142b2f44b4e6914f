//! The words in which answers speak of shares, dates, relations and listings.

use crate::graph::{Edge, NodeListing, View};
use crate::model::{Act, Direct, EdgeType, PartialDate, RelationRecord, Share, Status, reorders};
use std::collections::BTreeMap;

/// A share in words: `50 %`, `>25 to 50 %`, `share unknown`.
pub fn share_words(share: Option<&Share>) -> String {
    share.map_or_else(|| "share unknown".to_owned(), |s| format!("{s} %"))
}

/// What stands between one's own node and the other end: `owns`, or seen from the object
/// `owned by`.
pub fn phrase(t: &EdgeType, outgoing: bool) -> String {
    if outgoing || t.symmetric {
        return t.name.replace('_', " ");
    }
    if t.inverse.is_empty() {
        return format!("object of {}:", t.name.replace('_', " "));
    }
    t.inverse.strip_prefix("is_").or_else(|| t.inverse.strip_prefix("was_")).unwrap_or(&t.inverse).replace('_', " ")
}

/// A text from a source, safe to print on one line: control and direction-override characters
/// become blanks.
pub fn clean_text(text: &str) -> String {
    let unsafe_char = |c: char| c.is_control() || reorders(c) || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if unsafe_char(c) { ' ' } else { c }).collect()
}

/// A word of a command line, quoted where it needs to be.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '/');
    // Within double quotes a shell still reads these.
    let read = |c: char| matches!(c, '$' | '`' | '"' | '\\' | '!');
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.chars().any(read) && !text.chars().any(char::is_control) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        format!("{text:?}")
    }
}

/// The qualifiers of an edge in words, in a fixed order. An unknown share is said only where
/// `chain` says that a share is expected.
pub fn edge_words(view: &View<'_>, e: Edge, record: &RelationRecord, chain: bool) -> Vec<String> {
    let mut out = Vec::new();
    if chain || record.share.is_some() {
        out.push(share_words(record.share.as_ref()));
    }
    if !record.joint.is_empty() {
        out.push(format!("jointly ({})", clean_text(&record.joint)));
    }
    if !record.stake.is_empty() {
        out.push(format!("stake {}", clean_text(&record.stake)));
    }
    if !record.role.is_empty() {
        let role = clean_text(&record.role);
        out.push(if role.starts_with("as ") { role } else { format!("as {role}") });
    }
    if record.status != Status::Asserted {
        out.push(record.status.as_str().to_owned());
    }
    if record.act != Act::Done {
        out.push(record.act.as_str().to_owned());
    }
    // Over, on a day that nobody gives.
    if view.graph().meta(e).former {
        out.push("former".to_owned());
    }
    match record.direct {
        Direct::Direct => {}
        Direct::Indirect => out.push("indirect summary, not added".to_owned()),
        Direct::Unknown => out.push("direct or not is not known".to_owned()),
    }
    let (start, stated) = view.graph().dates(e);
    if let Some(d) = start {
        out.push(format!("since {d}"));
    }
    match view.end_of(e) {
        Some(end) if stated == Some(end) && view.over(end) => out.push(format!("ended {end}")),
        Some(end) if stated == Some(end) => out.push(format!("until {end}")),
        Some(end) => out.push(format!("not named by its source since {end}")),
        None => {}
    }
    out
}

/// Listings in words, one phrase per list in alphabetical order:
/// `LISTED ofac_sdn since 2023-08-31`, `LISTED ofac_sdn by 2023-08-31 at the latest`,
/// `LISTED xa_list since 2020 until 2034-11-12`, `was on eu_fsf until 2024-02-01`. Empty when there
/// is none. `over` says whether an end has come, see [`View::over`].
pub fn listing_words(listings: &[NodeListing], over: impl Fn(PartialDate) -> bool) -> String {
    let mut by_list: BTreeMap<&str, Vec<&NodeListing>> = BTreeMap::new();
    for l in listings {
        by_list.entry(&l.list).or_default().push(l);
    }
    let mut open: Vec<String> = Vec::new();
    let mut ended: Vec<String> = Vec::new();
    for (list, entries) in by_list {
        let name = if list == "*" { "every list".to_owned() } else { clean_text(list) };
        let now: Vec<&&NodeListing> = entries.iter().filter(|l| l.to.is_none_or(|to| !over(to))).collect();
        if now.is_empty() {
            if let Some(to) = entries.iter().filter_map(|l| l.to).max() {
                ended.push(format!("was on {name} until {to}"));
            }
            continue;
        }
        let since = match (now.iter().filter_map(|l| l.from).min(), now.iter().filter_map(|l| l.from_at_latest).min()) {
            (Some(d), _) => format!(" since {d}"),
            (None, Some(d)) => format!(" by {d} at the latest"),
            (None, None) => String::new(),
        };
        let until = match now.iter().map(|l| l.to).min_by_key(|to| (to.is_some(), *to)) {
            Some(Some(_)) => now.iter().filter_map(|l| l.to).max().map_or(String::new(), |to| format!(" until {to}")),
            _ => String::new(),
        };
        open.push(format!("LISTED {name}{since}{until}"));
    }
    open.append(&mut ended);
    open.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalogue;

    #[test]
    fn phrases_read_from_both_sides() {
        let t = |n: &str| Catalogue::builtin().edge_type(n).unwrap();
        assert_eq!(phrase(t("owns_or_controls"), true), "owns or controls");
        assert_eq!(phrase(t("owns_or_controls"), false), "owned or controlled by");
        assert_eq!(phrase(t("parent_of"), false), "subsidiary of");
        assert_eq!(phrase(t("works_with"), false), "works with");
    }

    #[test]
    fn shares_and_listings() {
        assert_eq!(share_words(None), "share unknown");
        assert_eq!(share_words(Some(&Share::parse(">25 to 50").unwrap())), ">25 to 50 %");
        let d = |t: &str| PartialDate::parse(t).ok();
        let l = |list: &str, from: Option<&str>, latest: Option<&str>, to: Option<&str>| NodeListing {
            list: list.into(),
            from: from.and_then(d),
            from_at_latest: latest.and_then(d),
            to: to.and_then(d),
            source: "s".into(),
        };
        let all = [
            l("b", None, Some("2023-08-31"), None),
            l("a", None, Some("2023-05-01"), None),
            l("a", Some("2023-04-30"), None, None),
            l("c", Some("2020"), None, Some("2024-02-01")),
        ];
        let want = "LISTED a since 2023-04-30, LISTED b by 2023-08-31 at the latest, was on c until 2024-02-01";
        assert_eq!(listing_words(&all, |_| true), want);
        let on = |day: &'static str| move |end: PartialDate| end.last_day() <= d(day).unwrap();
        assert_eq!(listing_words(&all[3..], on("2023-01-01")), "LISTED c since 2020 until 2024-02-01");
        assert_eq!(listing_words(&all[3..], on("2024-02-01")), "was on c until 2024-02-01");
        assert_eq!(clean_text("a\u{1b}[2J\u{202e}b\nc"), "a [2J b c");
    }

    #[test]
    fn a_shell_takes_a_quoted_word_as_it_is() {
        for (text, expected) in [
            ("ofac-36", "ofac-36"),
            ("", "\"\""),
            ("a>owns>b#2", "\"a>owns>b#2\""),
            ("O'Neil Ltd", "\"O'Neil Ltd\""),
            ("$HOME `id`", "'$HOME `id`'"),
            ("it's \"so\"", r#"'it'\''s "so"'"#),
            ("a\nb", "\"a\\nb\""),
        ] {
            assert_eq!(quoted(text), expected);
            if let Ok(out) = std::process::Command::new("sh").args(["-c", &format!("printf %s {expected}")]).output()
                && !text.contains('\n')
            {
                assert_eq!(String::from_utf8_lossy(&out.stdout), text);
            }
        }
    }
}
