//! What an importer does not know of an XML item: kept as facts under the names of its elements.

use super::xml::El;
use crate::model::Fact;

/// The longest path of names that is written, in bytes; below that the last name stands alone.
const MAX_PATH: usize = 120;

/// The name of an element as that of a property: `ShipIMONumber` is `ship_imo_number`.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().take(MAX_PATH).collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = i.checked_sub(1).and_then(|p| chars.get(p));
        let begins = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || (before.is_some_and(|b| b.is_uppercase()) && chars.get(i + 1).is_some_and(|n| n.is_lowercase())));
        if begins && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    let out = out.trim_end_matches('_');
    if out.is_empty() { "element".to_owned() } else { out.to_owned() }
}

/// All texts and attributes of an element and of those within, as facts named by the path that
/// leads to them.
pub(super) fn facts(el: El<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut own = |el: El<'_>, path: &str| {
        if !el.text().is_empty() {
            facts.push(Fact::new(path, el.text()));
        }
        for (name, value) in el.attrs().filter(|(_, v)| !v.trim().is_empty()) {
            facts.push(Fact::new(join(path, name), value.trim()));
        }
    };
    let path = snake(el.name());
    own(el, &path);
    let mut open: Vec<(String, Box<dyn Iterator<Item = El<'_>> + '_>)> = vec![(path, Box::new(el.children()))];
    // The reader of XML bounds the depth and the number of elements.
    while let Some((path, children)) = open.last_mut() {
        match children.next() {
            Some(child) => {
                let path = join(path, child.name());
                own(child, &path);
                open.push((path, Box::new(child.children())));
            }
            None => {
                open.pop();
            }
        }
    }
    facts
}

fn join(path: &str, name: &str) -> String {
    let name = snake(name);
    if path.len() + name.len() > MAX_PATH { name } else { format!("{path}_{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::import::xml::{Tree, Xml};

    #[test]
    fn names() {
        for (name, want) in [
            ("ShipIMONumber", "ship_imo_number"),
            ("Publish_Date", "publish_date"),
            ("address1", "address1"),
            ("stateOrProvince", "state_or_province"),
            ("Country-Pays", "country_pays"),
            ("IMO", "imo"),
            ("---", "element"),
            ("", "element"),
        ] {
            assert_eq!(snake(name), want);
        }
    }

    #[test]
    fn nothing_is_lost() {
        let text = "<extraList k=' 1 '><x><deepOne>a</deepOne>b</x><x/><y z=''>c</y></extraList>";
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.into()).unwrap());
        let mut tree = Tree::default();
        xml.step().unwrap();
        xml.subtree(&mut tree).unwrap();
        let got: Vec<(String, String)> = facts(tree.root()).into_iter().map(|f| (f.prop, f.value)).collect();
        let pair = |p: &str, v: &str| (p.to_owned(), v.to_owned());
        assert_eq!(
            got,
            [
                pair("extra_list_k", "1"),
                pair("extra_list_x", "b"),
                pair("extra_list_x_deep_one", "a"),
                pair("extra_list_y", "c")
            ]
        );
        let deep = format!("<a>{}x{}</a>", "<bb>".repeat(200), "</bb>".repeat(200));
        let mut xml = Xml::new(Input::from_bytes("t.xml", deep.into()).unwrap());
        xml.step().unwrap();
        xml.subtree(&mut tree).unwrap();
        let all = facts(tree.root());
        assert!(all.len() == 1 && all[0].prop.len() <= MAX_PATH, "{all:?}");
    }
}
