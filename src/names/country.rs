//! Countries by name, adjective or code.

use super::files;
use super::tables::rows;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Names to ISO 3166-1 codes, lower case: the standard's own and other spellings that lists use, then
/// the forms that stand in the names of organisations.
static CODES: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut all: FxHashMap<String, &'static str> = FxHashMap::default();
    let mut known: FxHashMap<String, &'static str> = FxHashMap::default();
    for mut cells in rows(files::COUNTRIES) {
        let Some(code) = cells.next() else { continue };
        known.insert(code.to_owned(), code);
        all.insert(code.to_owned(), code);
        for name in cells.flat_map(|c| c.split(';')) {
            all.insert(plain(name), code);
        }
    }
    for mut cells in rows(files::PLACES) {
        let Some(code) = cells.next().and_then(|c| known.get(&c.to_lowercase())) else { continue };
        for form in cells.nth(1).into_iter().flat_map(|c| c.split('|')) {
            all.entry(plain(form)).or_insert(code);
        }
    }
    all.insert("uk".to_owned(), "gb");
    // A name in letters that say nothing here, such as signs, is none.
    all.remove("");
    all
});

/// Lower case without marks, "the" and punctuation.
fn plain(text: &str) -> String {
    let letters =
        text.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}')).flat_map(char::to_lowercase);
    let spaced: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split(' ').filter(|w| !w.is_empty() && *w != "the").collect::<Vec<_>>().join(" ")
}

/// The ISO 3166-1 code of a country, lower case, by its name, adjective or code; `None` where the text is
/// none of them.
pub fn country_code(text: &str) -> Option<&'static str> {
    CODES.get(plain(text).as_str()).copied()
}

/// A country's name by its code, in small letters.
pub fn country_name(code: &str) -> Option<&'static str> {
    static NAMES: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
        let all = rows(files::COUNTRIES);
        all.filter_map(|mut cells| Some((cells.next()?, cells.next()?.split(';').next()?))).collect()
    });
    NAMES.get(code).copied()
}

/// A code in capitals, for comparing: two letters that are no country's code stand for themselves, as
/// former countries' do.
pub(super) fn country(text: &str) -> Option<[u8; 2]> {
    let code = country_code(text).unwrap_or(text.trim());
    let [a, b] = *code.as_bytes() else { return None };
    let code = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    code.iter().all(u8::is_ascii_uppercase).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_adjective_and_code() {
        for (text, code) in [
            ("Korea, North", Some("kp")),
            ("ru", Some("ru")),
            ("Türkiye", Some("tr")),
            ("The Russian Federation", Some("ru")),
            ("Iranian", Some("ir")),
            ("UK", Some("gb")),
            ("Samoa", Some("ws")),
            ("Norland", None),
            ("XA", None),
            ("", None),
        ] {
            assert_eq!(country_code(text), code, "{text}");
        }
        assert_eq!((country_name("ru"), country_name("RU")), (Some("Russia"), None));
        assert_eq!(
            (country("kp"), country("SU"), country("Atlantis"), country("1a")),
            (Some(*b"KP"), Some(*b"SU"), None, None)
        );
    }

    #[test]
    fn the_tables_do_not_contradict_each_other() {
        let all = |text: &'static str, of: usize, by: char| -> FxHashMap<String, String> {
            let row = move |cells: Vec<&'static str>| {
                let code = cells[0].to_lowercase();
                cells[of..].iter().flat_map(|c| c.split(by)).map(|n| (plain(n), code.clone())).collect::<Vec<_>>()
            };
            rows(text).flat_map(|r| row(r.collect())).collect()
        };
        for row in rows(files::COUNTRIES) {
            assert!(row.clone().count() > 1 && row.clone().all(|c| !c.trim().is_empty()), "{row:?}");
        }
        let names = all(files::COUNTRIES, 1, ';');
        for (form, code) in all(files::PLACES, 2, '|') {
            assert!(
                code == "-" || names.get(&form).is_none_or(|c| *c == code),
                "{form}: {code}, {:?}",
                names.get(&form)
            );
        }
    }
}
