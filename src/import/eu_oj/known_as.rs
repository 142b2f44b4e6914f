//! Names that a printed name gives beside itself: `A (a.k.a. B)`, `A a.k.a. B`, `f.k.a.: B`.

use super::cells::groups;

/// Words before another name, and whether it is an earlier one.
const LABELS: [(&str, bool); 8] = [
    ("a.k.a.", false),
    ("a.k.a", false),
    ("aka", false),
    ("also known as", false),
    ("f.k.a.", true),
    ("f.k.a", true),
    ("fka", true),
    ("formerly known as", true),
];

/// A name and the other names that stand with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KnownAs<'t> {
    /// The name itself; empty where the text only gives another one.
    pub(super) name: &'t str,
    /// The others, and whether each is an earlier one.
    pub(super) others: Vec<(&'t str, bool)>,
}

/// The text behind a label.
fn behind(text: &str) -> Option<(&str, bool)> {
    LABELS.iter().find_map(|(label, former)| {
        let (head, rest) = text.split_at_checked(label.len())?;
        let ends = rest.starts_with([' ', ':', '\u{a0}']);
        let rest = rest.trim_start_matches([' ', ':', '\u{a0}']).trim_end();
        (head.eq_ignore_ascii_case(label) && ends && !rest.is_empty()).then_some((rest, *former))
    })
}

/// Several names in one list, divided only where each part is a name of several words.
fn each(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(", ").flat_map(|p| p.split(" or ")).map(str::trim).collect();
    if parts.iter().all(|p| p.split_whitespace().count() > 1) { parts } else { vec![text] }
}

/// Takes a printed name apart.
pub(super) fn apart(text: &str) -> KnownAs<'_> {
    if let Some((rest, former)) = behind(text) {
        return KnownAs { name: "", others: vec![(rest, former)] };
    }
    let found = groups(text);
    if let Some((from, to)) = found.as_ref().and_then(|g| g.last())
        && *to == text.len()
        && let Some(name) = text.get(..*from).map(str::trim_end).filter(|n| !n.is_empty())
        && let Some((rest, former)) = text.get(from + 1..to - 1).and_then(|inner| behind(inner.trim()))
    {
        return KnownAs { name, others: each(rest).into_iter().map(|n| (n, former)).collect() };
    }
    // Between the two, outside brackets.
    if found.is_some()
        && let [a, b] = ["a.k.a. ", "f.k.a. "].map(|label| text.matches(label).count())
        && a + b == 1
    {
        let label = if a == 1 { " a.k.a. " } else { " f.k.a. " };
        if let Some((name, rest)) = text.split_once(label)
            && groups(name).is_some()
            && [name, rest].iter().all(|t| !t.trim().is_empty())
        {
            return KnownAs { name: name.trim(), others: vec![(rest.trim(), b == 1)] };
        }
    }
    KnownAs { name: text, others: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names() {
        for (text, name, others) in [
            ("Rudolf RASSENDYLL", "Rudolf RASSENDYLL", &[][..]),
            ("Rudolf (a.k.a. Rudy)", "Rudolf", &[("Rudy", false)]),
            ("Rudolf (a.k.a. Rudy (devil))", "Rudolf", &[("Rudy (devil)", false)]),
            ("Rudolf (a.k.a. Rudy, Red)", "Rudolf", &[("Rudy, Red", false)]),
            (
                "R. SILL (a.k.a. Rudi SILL, Rudy SILL or Rodolfo SILL)",
                "R. SILL",
                &[("Rudi SILL", false), ("Rudy SILL", false), ("Rodolfo SILL", false)],
            ),
            ("Zenda (ZF) (f.k.a. Zenda Fish)", "Zenda (ZF)", &[("Zenda Fish", true)]),
            ("f.k.a.: Zenda Fish", "", &[("Zenda Fish", true)]),
            ("A.K.A. ZF", "", &[("ZF", false)]),
            ("ZENDA a.k.a. ZENDA FISH", "ZENDA", &[("ZENDA FISH", false)]),
            ("Zenda (formerly Fish)", "Zenda (formerly Fish)", &[]),
            ("Akakia Sill", "Akakia Sill", &[]),
            ("Zenda a.k.a.", "Zenda a.k.a.", &[]),
            ("Zenda (a.k.a. Fish", "Zenda (a.k.a. Fish", &[]),
            ("Zenda (x a.k.a. y) Fish", "Zenda (x a.k.a. y) Fish", &[]),
            ("a.k.a. b a.k.a. c", "", &[("b a.k.a. c", false)]),
            ("(a.k.a. Fish)", "(a.k.a. Fish)", &[]),
            ("", "", &[]),
        ] {
            assert_eq!(apart(text), KnownAs { name, others: others.to_vec() }, "{text}");
        }
    }
}
