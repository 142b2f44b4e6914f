//! Values inside a cell, and names that carry their original script in brackets.
//!
//! The table's own rules: values are separated by `;`, and a value that holds a `;` or a quote
//! is quoted like a CSV field. Cells copied from printed lists break them where a bracket was
//! opened before a `;` and closed after it; such pieces belong together.

use crate::model::script_of;

/// What a cell holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its values, none empty.
    pub(super) values: Vec<String>,
    /// It does not follow the rules, so the values may be cut in the wrong place.
    pub(super) doubtful: bool,
}

/// The quoted value that `text` starts with, and what follows it up to its separator.
/// `None` when the quote is never closed or text follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut value = String::new();
    loop {
        let (before, after) = rest.split_once('"')?;
        value.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => {
                let after = after.trim_start();
                let next = if after.is_empty() { Some(after) } else { after.strip_prefix(';') };
                return next.map(|next| (value.trim().to_owned(), next));
            }
        }
    }
}

/// How many brackets a text leaves open, and how many it closes that it did not open.
fn brackets(text: &str) -> (usize, usize) {
    text.chars().fold((0, 0), |(open, extra), c| match c {
        '(' | '[' => (open + 1, extra),
        ')' | ']' if open > 0 => (open - 1, extra),
        ')' | ']' => (open, extra + 1),
        _ => (open, extra),
    })
}

/// Takes a cell apart.
pub(super) fn split(cell: &str) -> Cell {
    let mut out = Cell::default();
    // Pieces that stand outside quotes, one after the other.
    let mut run: Vec<&str> = Vec::new();
    let mut rest = cell.trim_start();
    while !rest.is_empty() {
        if let Some((value, next)) = quoted(rest) {
            join(&mut run, &mut out);
            if !value.is_empty() {
                out.values.push(value);
            }
            rest = next.trim_start();
            continue;
        }
        out.doubtful |= rest.starts_with('"');
        let (piece, next) = rest.split_once(';').unwrap_or((rest, ""));
        if !piece.trim().is_empty() {
            run.push(piece.trim());
        }
        rest = next.trim_start();
    }
    join(&mut run, &mut out);
    out
}

/// Puts pieces together again that one bracket holds together.
fn join(run: &mut Vec<&str>, out: &mut Cell) {
    let mut at = 0;
    while let Some(piece) = run.get(at) {
        let (mut open, extra) = brackets(piece);
        // A bracket that does not match matters only where it may hold pieces together.
        out.doubtful |= extra > 0 && at > 0;
        let mut end = at + 1;
        // How far one has to go until the bracket is closed.
        while open > 0 && end < run.len() {
            let (more, closed) = run.get(end).map(|p| brackets(p)).unwrap_or_default();
            open = open.saturating_sub(closed) + more;
            end += 1;
        }
        // Never closed: then it says nothing of where the value ends.
        if open > 0 {
            out.doubtful |= run.len() > at + 1;
            end = at + 1;
        }
        out.doubtful |= end > at + 1;
        out.values.push(run.get(at..end).unwrap_or_default().join("; "));
        at = end;
    }
    run.clear();
}

/// A name as it is printed, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Printed {
    /// The name without a rendering in brackets that ends it, or all of it.
    pub(super) name: String,
    /// Its language, where a label says so.
    pub(super) lang: &'static str,
    /// Renderings in another script that stand in brackets, with their language.
    pub(super) renderings: Vec<(String, &'static str)>,
}

/// Labels before a name in another script.
const LANGUAGES: [(&str, &str); 14] = [
    ("Russian", "ru"),
    ("Ukrainian", "uk"),
    ("Belarusian", "be"),
    ("Arabic", "ar"),
    ("Persian", "fa"),
    ("Farsi", "fa"),
    ("Korean", "ko"),
    ("Chinese", "zh"),
    ("Kazakh", "kk"),
    ("Uzbek", "uz"),
    ("Serbian", "sr"),
    ("Georgian", "ka"),
    ("Armenian", "hy"),
    ("Burmese", "my"),
];

/// Whether most letters are not Latin ones.
fn foreign(text: &str) -> bool {
    script_of(text).is_some_and(|s| s != "Latn")
}

/// A name without the label of its language: `Russian: X`. Only before another script.
fn unlabelled(text: &str) -> (&str, &'static str) {
    let found = LANGUAGES.iter().find_map(|(label, lang)| {
        let rest = text.strip_prefix(label)?.trim_start_matches(" spelling").trim_start();
        let rest = rest.strip_prefix(':')?.trim();
        foreign(rest).then_some((rest, *lang))
    });
    found.unwrap_or((text, ""))
}

/// The outermost bracket groups of a text, as ranges that take in the brackets; `None` when
/// brackets do not match.
pub(super) fn groups(text: &str) -> Option<Vec<(usize, usize)>> {
    let (mut depth, mut from, mut out) = (0usize, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    from = i;
                }
                depth += 1;
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    out.push((from, i + 1));
                }
            }
            _ => {}
        }
    }
    (depth == 0).then_some(out)
}

/// Takes a printed name apart: `Rudolf (Рудольф)` is a name and a rendering. A bracket in the
/// same script stays where it is: it may be anything.
pub(super) fn printed(text: &str) -> Printed {
    let (bare, lang) = unlabelled(text);
    let mut out = Printed { name: bare.to_owned(), lang, renderings: Vec::new() };
    let found = groups(bare).unwrap_or_default();
    let outside: String = {
        let mut at = 0;
        let mut outside = String::new();
        for (from, to) in &found {
            outside.push_str(bare.get(at..*from).unwrap_or_default());
            at = *to;
        }
        outside.push_str(bare.get(at..).unwrap_or_default());
        outside
    };
    if script_of(&outside) != Some("Latn") {
        return out;
    }
    for (from, to) in &found {
        let inner = bare.get(from + 1..to - 1).unwrap_or_default().trim();
        let (inner, lang) = unlabelled(inner);
        // A group of several renderings is a list of its own.
        let each = inner.split(';').map(str::trim);
        if foreign(inner) {
            out.renderings.extend(each.filter(|t| foreign(t)).map(|t| (t.to_owned(), lang)));
        }
    }
    if let [(from, to)] = found[..]
        && to == bare.len()
        && !out.renderings.is_empty()
    {
        let name = bare.get(..from).unwrap_or_default().trim_end();
        if !name.is_empty() {
            out.name = name.to_owned();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(cell: &str) -> (Vec<String>, bool) {
        let c = split(cell);
        (c.values, c.doubtful)
    }

    #[test]
    fn cells() {
        for (cell, want, doubtful) in [
            ("", &[][..], false),
            (" a ; b;c ", &["a", "b", "c"], false),
            ("a;; ;b;", &["a", "b"], false),
            ("\"a; b\"; c", &["a; b", "c"], false),
            ("c; \"a \"\"x\"\"; b\"", &["c", "a \"x\"; b"], false),
            ("12; \"34 (of 1.2.2018; to 1.2.2023)\"", &["12", "34 (of 1.2.2018; to 1.2.2023)"], false),
            ("x (y); z", &["x (y)", "z"], false),
            ("x (p; q); z", &["x (p; q)", "z"], true),
            ("x (p; y (q)); z", &["x (p; y (q))", "z"], true),
            ("x (p; q (r; s", &["x (p", "q (r", "s"], true),
            ("x; y) (z; w", &["x", "y) (z", "w"], true),
            ("a) x b) y (z", &["a) x b) y (z"], false),
            ("a) x; y", &["a) x", "y"], false),
            ("\"a; b", &["\"a", "b"], true),
            ("\"a\" b; c", &["\"a\" b", "c"], true),
            ("Firm \"Zenda\"; b", &["Firm \"Zenda\"", "b"], false),
            ("x (\"p; q\"; r)", &["x (\"p; q\"; r)"], true),
        ] {
            assert_eq!(values(cell), (want.iter().map(|s| (*s).to_owned()).collect(), doubtful), "{cell}");
        }
        let long = "(".repeat(2000) + &";(".repeat(2000);
        assert!(split(&long).doubtful);
    }

    #[test]
    fn names_in_brackets() {
        let show = |t: &str| {
            let p = printed(t);
            let r: Vec<String> = p.renderings.iter().map(|(t, l)| format!("{l}:{t}")).collect();
            format!("{}|{}|{}", p.name, p.lang, r.join("|"))
        };
        for (text, want) in [
            ("Rudolf RASSENDYLL", "Rudolf RASSENDYLL||"),
            ("Rudolf (Рудольф)", "Rudolf||:Рудольф"),
            ("Rudolf (Russian:Рудольф)", "Rudolf||ru:Рудольф"),
            ("Rudolf (Russian spelling: Рудольф)", "Rudolf||ru:Рудольф"),
            ("Russian: Рудольф", "Рудольф|ru|"),
            ("Russian Railways", "Russian Railways||"),
            ("Zenda Fish (ZF)", "Zenda Fish (ZF)||"),
            ("Rudolf (born RASSENDYLL)", "Rudolf (born RASSENDYLL)||"),
            ("Рудольф (Rudolf)", "Рудольф (Rudolf)||"),
            ("Flavia (Флавия) Flaviya (Флавія)", "Flavia (Флавия) Flaviya (Флавія)||:Флавия|:Флавія"),
            ("Zenda (AO ‘Зенда’; Зенда)", "Zenda||:AO ‘Зенда’|:Зенда"),
            ("Rudolf (Рудольф", "Rudolf (Рудольф||"),
            ("Rudolf) (Рудольф)", "Rudolf) (Рудольф)||"),
            ("(Рудольф)", "(Рудольф)||"),
            ("Rudolf (Рудольф (Рудя))", "Rudolf||:Рудольф (Рудя)"),
            ("", "||"),
        ] {
            assert_eq!(show(text), want, "{text}");
        }
    }
}
