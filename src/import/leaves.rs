//! What the lists in XML share beside reading: white space, facts that are said once, and the
//! keeping of elements that a format has no word for.

use super::slug::{slug, snake};
use super::xml::El;
use crate::model::{Fact, prop};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Longest name of a property made from the names of nested elements, in bytes.
const MAX_PATH: usize = 200;

/// Attributes that say nothing of the party: marks of XML itself, and the number that SECO gives
/// to every element.
const NOT_KEPT: [&str; 3] = ["xmlns", "nil", "ssid"];

/// A text on one line: publishers break and pad theirs as it falls.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A hash of a text or of several, the same on every run.
pub(super) fn hash_of(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Every text and attribute of an element and of those inside, in the order of the file, each
/// under the names that lead to it (`prefix_child_attribute`). An element `VALUE` adds no name,
/// lists wrap their values in it. Empty ones are left out.
pub(super) fn leaves(el: El<'_>, prefix: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut open = vec![(el, prefix.to_owned())];
    let below = |path: &str, name: &str| match () {
        () if path.len() > MAX_PATH || name.eq_ignore_ascii_case("value") => path.to_owned(),
        () => format!("{path}_{}", snake(name)),
    };
    while let Some((el, path)) = open.pop() {
        let text = squeeze(el.text());
        for (name, value) in el.attrs().filter(|(n, _)| !NOT_KEPT.contains(n)) {
            let value = squeeze(value);
            if !value.is_empty() {
                out.push((below(&path, name), value));
            }
        }
        let from = open.len();
        open.extend(el.children().map(|c| (c, below(&path, c.name()))));
        if let Some(added) = open.get_mut(from..) {
            added.reverse();
        }
        if !text.is_empty() {
            out.push((path, text));
        }
    }
    out
}

/// All texts and attributes of an element and of those within, as facts named by the path that
/// leads to them.
pub(super) fn facts(el: El<'_>) -> Vec<Fact> {
    leaves(el, &named(el.name())).into_iter().map(|(path, text)| Fact::new(path, text)).collect()
}

/// A publisher's word as the name of a property; `element` where nothing of it can stand.
pub(super) fn named(word: &str) -> String {
    let name = snake(word);
    if name.is_empty() { "element".to_owned() } else { name }
}

/// A key made of all that an entry says, for one that has no number.
pub(super) fn content_key(el: El<'_>) -> String {
    let mut hash = Sha256::new();
    for (name, value) in leaves(el, "") {
        for part in [name, value] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    let hex: String = hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("content-{hex}")
}

/// The properties of one party: nothing is said twice in the same words.
#[derive(Default)]
pub(super) struct Facts {
    all: Vec<Fact>,
    said: HashSet<u64>,
}

impl Facts {
    /// Adds a fact; `false` where it has no value or was said before. A name counts as said when
    /// it is the main name or a name of its sort, whatever the publisher calls it.
    pub(super) fn add(&mut self, fact: Fact) -> bool {
        let name = prop::NAMES.contains(&fact.prop.as_str());
        let key = match name {
            true => hash_of(&(&fact.prop, &fact.value)),
            false => hash_of(&(&fact.prop, &fact.value, &fact.kind, &fact.raw, &fact.lang, fact.from, fact.to)),
        };
        let known = name && self.said.contains(&hash_of(&(prop::NAME, &fact.value)));
        if fact.value.is_empty() || known || !self.said.insert(key) {
            return false;
        }
        self.all.push(fact);
        true
    }

    /// Adds a bare fact.
    pub(super) fn text(&mut self, name: &str, value: impl Into<String>) {
        self.add(Fact::new(name, value));
    }

    /// Adds a remark of a kind.
    pub(super) fn note(&mut self, value: impl Into<String>, kind: impl Into<String>) {
        self.add(Fact::new(prop::NOTE, value).kind(kind));
    }

    /// Adds what an element holds, under names that begin with `prefix`; `false` where it is empty.
    pub(super) fn leaves(&mut self, el: El<'_>, prefix: &str) -> bool {
        let found = leaves(el, prefix);
        let any = !found.is_empty();
        for (name, value) in found {
            self.text(&name, value);
        }
        any
    }

    /// Adds what an element holds beside the children and attributes that are known; of children
    /// of one name only the first is known.
    pub(super) fn rest(&mut self, el: El<'_>, known: &[&str]) {
        self.rest_beside(el, known, &[]);
    }

    /// The same, where some children are known however often they come.
    pub(super) fn rest_beside(&mut self, el: El<'_>, known: &[&str], often: &[&str]) {
        let prefix = slug(el.name());
        let mut seen: HashSet<&str> = HashSet::new();
        for child in el.children() {
            let first = known.contains(&child.name()) && seen.insert(child.name());
            if !first && !often.contains(&child.name()) {
                self.leaves(child, &format!("{prefix}_{}", slug(child.name())));
            }
        }
        self.rest_of_attributes(el, known);
        self.text(&prefix, squeeze(el.text()));
    }

    /// Adds the attributes of an element that are not known.
    pub(super) fn rest_of_attributes(&mut self, el: El<'_>, known: &[&str]) {
        for (name, value) in el.attrs().filter(|(n, _)| !known.contains(n) && !NOT_KEPT.contains(n)) {
            self.text(&format!("{}_{}", slug(el.name()), slug(name)), squeeze(value));
        }
    }

    /// The facts in the order in which they came.
    pub(super) fn into_vec(self) -> Vec<Fact> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::import::xml::{Tree, Xml};

    fn tree(text: &str) -> Tree {
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.as_bytes().to_vec()).unwrap());
        let mut tree = Tree::default();
        xml.step().unwrap();
        xml.subtree(&mut tree).unwrap();
        tree
    }

    fn pairs(f: Facts) -> Vec<(String, String)> {
        f.into_vec().into_iter().map(|f| (f.prop, f.value)).collect()
    }

    #[test]
    fn leaves_are_named_by_their_path() {
        let t = tree("<A k='1'>x  y\n z<B-C><VALUE>2</VALUE><VALUE/><D lang='eng'>3</D></B-C></A>");
        let want = [("p_k", "1"), ("p", "x y z"), ("p_b_c", "2"), ("p_b_c_d_lang", "eng"), ("p_b_c_d", "3")];
        let want: Vec<(String, String)> = want.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(leaves(t.root(), "p"), want);
        let deep = "<abcdefghij>".repeat(200) + "x" + &"</abcdefghij>".repeat(200);
        let (path, _) = &leaves(tree(&deep).root(), "p")[0];
        assert!(path.len() < 2 * MAX_PATH, "{path}");
    }

    #[test]
    fn facts_of_what_is_not_known() {
        let t = tree("<extraList k=' 1 '><x><deepOne>a</deepOne>b</x><x/><y z=''>c</y></extraList>");
        let got: Vec<(String, String)> = facts(t.root()).into_iter().map(|f| (f.prop, f.value)).collect();
        let want =
            [("extra_list_k", "1"), ("extra_list_x", "b"), ("extra_list_x_deep_one", "a"), ("extra_list_y", "c")];
        assert_eq!(got, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
        for (word, want) in [("ShipIMONumber", "ship_imo_number"), ("Country-Pays", "country_pays"), ("---", "element")]
        {
            assert_eq!(named(word), want);
        }
    }

    #[test]
    fn the_rest_of_an_element() {
        let t = tree("<DOC ssid='7' odd='1'><N>1</N><N>2</N><M><K>3</K></M>loose</DOC>");
        let mut f = Facts::default();
        f.rest(t.root(), &["N", "ssid"]);
        let got = pairs(f);
        let got: Vec<(&str, &str)> = got.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(got, [("doc_n", "2"), ("doc_m_k", "3"), ("doc_odd", "1"), ("doc", "loose")]);
    }

    #[test]
    fn nothing_is_said_twice() {
        let mut f = Facts::default();
        assert!(f.add(Fact::name(prop::NAME, "Ann")));
        assert!(!f.add(Fact::name(prop::ALIAS, "Ann").kind("x")));
        assert!(f.add(Fact::name(prop::ALIAS, "Anna")));
        assert!(!f.add(Fact::name(prop::ALIAS, "Anna").kind("x")));
        assert!(f.add(Fact::name(prop::WEAK_ALIAS, "Anna")));
        assert!(f.add(Fact::new("note", "Ann")) && !f.add(Fact::new("note", "Ann")));
        assert!(f.add(Fact::new("note", "Ann").kind("k")) && !f.add(Fact::new("note", "")));
        assert_eq!(f.into_vec().len(), 5);
    }
}
