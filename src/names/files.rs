//! The tables under `data/names`, compiled in: each stands here once, and whoever reads one reads it
//! from here, so that what tells one set of tables from another ([`ALL`]) leaves none out.

macro_rules! files {
    ($($name:ident = $path:literal,)*) => {
        $(pub(super) static $name: &str = include_str!(concat!("../../data/names/", $path));)*
        /// Every table, by its path under `data/names`.
        pub(super) static ALL: &[(&str, &str)] = &[$(($path, $name)),*];
    };
}

files! {
    COMMON_NAMES = "common_names.tsv",
    COUNTRIES = "countries.tsv",
    GIVEN_NAMES = "given_names.tsv",
    LEGAL_FORMS = "legal_forms.tsv",
    NUMBERS = "numbers.tsv",
    ORG_WORDS = "org_words.tsv",
    PLACES = "places.tsv",
    WORDS = "words.tsv",
    CANTONESE = "east/cantonese.tsv",
    CHINESE_SOUTHERN = "east/chinese-southern.tsv",
    CHINESE_SURNAMES = "east/chinese-surnames.tsv",
    FIRM_WORDS = "east/firm-words.tsv",
    HAN = "east/han.tsv",
    JAPANESE_NAMES = "east/japanese-names.tsv",
    KOREAN_CYRILLIC = "east/korean-cyrillic.tsv",
    KOREAN_SURNAMES = "east/korean-surnames.tsv",
    KOREAN = "east/korean.tsv",
    VIETNAMESE = "east/vietnamese.tsv",
    WESTERN = "east/western.tsv",
    LETTERS_BURMESE = "script/letters_burmese.tsv",
    LETTERS_CAUCASUS = "script/letters_caucasus.tsv",
    LETTERS_CYRILLIC = "script/letters_cyrillic.tsv",
    LETTERS_ETHIOPIC = "script/letters_ethiopic.tsv",
    LETTERS_GREEK = "script/letters_greek.tsv",
    LETTERS_INDIC = "script/letters_indic.tsv",
    LETTERS_KHMER = "script/letters_khmer.tsv",
    LETTERS_SEMITIC = "script/letters_semitic.tsv",
    LETTERS_THAI = "script/letters_thai.tsv",
    NAMES_ARABIC = "script/names_arabic.tsv",
    NAMES_CAUCASUS = "script/names_caucasus.tsv",
    NAMES_GREEK = "script/names_greek.tsv",
    NAMES_HEBREW = "script/names_hebrew.tsv",
    NAMES_INDIC = "script/names_indic.tsv",
    NAMES_SLAVIC = "script/names_slavic.tsv",
    NAMES_SOUTHEAST = "script/names_southeast.tsv",
    RULES_ARABIC = "script/rules_arabic.tsv",
    RULES_CAUCASUS = "script/rules_caucasus.tsv",
    RULES_GREEK = "script/rules_greek.tsv",
    RULES_INDIC = "script/rules_indic.tsv",
    RULES_LATIN = "script/rules_latin.tsv",
    RULES_SLAVIC = "script/rules_slavic.tsv",
    RULES_SOUTHEAST = "script/rules_southeast.tsv",
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use std::path::Path;

    fn walk(dir: &Path, each: &mut dyn FnMut(&Path)) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, each) } else { each(&path) }
        }
    }

    #[test]
    fn every_table_is_here_and_nowhere_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let tables = root.join("data/names");
        let mut found = Vec::new();
        walk(&tables, &mut |path| {
            if path.extension().is_some_and(|e| e == "tsv") {
                let parts = path.strip_prefix(&tables).unwrap().iter().map(|p| p.to_str().unwrap());
                found.push(parts.collect::<Vec<_>>().join("/"));
            }
        });
        let mut listed: Vec<String> = ALL.iter().map(|(path, _)| (*path).to_owned()).collect();
        found.sort();
        listed.sort();
        assert_eq!(listed, found);
        // A table read past this list would count in no sum.
        walk(&root.join("src/names"), &mut |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let own = path.ends_with("names/files.rs");
            assert!(own || !text.contains("include_str!(") && !text.contains("include_bytes!("), "{}", path.display());
        });
    }
}
