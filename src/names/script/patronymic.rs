//! Patronymics: the father's given name inside a word.

/// A patronymic and the name behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patronymic {
    /// The father's name without its ending, ASCII lower case (`ivan`, `serge`, `vasil`); compare
    /// two of them, not with a whole given name.
    pub base: String,
    /// A daughter's form.
    pub feminine: bool,
}

/// Endings by length; the stem must keep at least two letters.
const ENDINGS: [(&str, bool); 62] = [
    ("inichna", true),
    ("owitsch", false),
    ("ewitsch", false),
    ("evitsch", false),
    ("ovitsch", false),
    ("yevich", false),
    ("ievich", false),
    ("jevich", false),
    ("yevych", false),
    ("yovych", false),
    ("iovych", false),
    ("yevna", true),
    ("ievna", true),
    ("jevna", true),
    ("yivna", true),
    ("iivna", true),
    ("jewna", true),
    ("ovitch", false),
    ("evitch", false),
    ("ovich", false),
    ("evich", false),
    ("avich", false),
    ("ovych", false),
    ("evych", false),
    ("ovych", false),
    ("owicz", false),
    ("ewicz", false),
    ("jevic", false),
    ("ovits", false),
    ("ovic", false),
    ("evic", false),
    ("ovna", true),
    ("evna", true),
    ("avna", true),
    ("ouna", true),
    ("euna", true),
    ("auna", true),
    ("awna", true),
    ("owitj", false),
    ("ovitj", false),
    ("evitj", false),
    ("ivna", true),
    ("owna", true),
    ("ewna", true),
    ("ichna", true),
    ("inichna", true),
    ("oglu", false),
    ("oghlu", false),
    ("ogly", false),
    ("ogli", false),
    ("ugli", false),
    ("ugly", false),
    ("oglou", false),
    ("uulu", false),
    ("kyzy", true),
    ("kizi", true),
    ("qizi", true),
    ("gizi", true),
    ("gyzy", true),
    ("kysy", true),
    ("qyzy", true),
    ("ich", false),
];

/// Reads a Latin word as a patronymic. Surnames of the same shape (Milosevic, Abramovich) read
/// as one too: only the place in the name tells, which the caller knows.
pub fn patronymic(word: &str) -> Option<Patronymic> {
    let (stem, feminine) = ENDINGS
        .iter()
        .filter_map(|(ending, feminine)| Some((word.strip_suffix(ending)?, *feminine)))
        .min_by_key(|(stem, _)| stem.len())?;
    let short = word.ends_with("ich") && stem.len() + 3 == word.len();
    // "-ich" alone is that of Ilyich, Kuzmich, Lukich, Nikitich, Fomich, Savvich.
    let known = matches!(stem, "il" | "ily" | "kuzm" | "luk" | "nikit" | "fom" | "savv" | "lukin" | "erem");
    if stem.len() < 2 || (short && !known) || !stem.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let base = stem.trim_end_matches(['y', 'j', 'i']);
    (base.len() >= 2).then(|| Patronymic { base: base.to_owned(), feminine })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fathers() {
        let base = |word: &str| patronymic(word).map(|p| (p.base, p.feminine));
        assert_eq!(base("ivanovich"), Some(("ivan".into(), false)));
        assert_eq!(base("ivanovna"), Some(("ivan".into(), true)));
        assert_eq!(base("sergeyevich"), base("sergeevich"));
        assert_eq!(base("ilyich"), Some(("il".into(), false)));
        assert_eq!(base("ilinichna"), Some(("il".into(), true)));
        assert_eq!(base("heidar"), None);
        assert_eq!(base("ulrich"), None);
        assert_eq!(base("vasilievna"), Some(("vasil".into(), true)));
        assert_eq!(base("mammadoglu"), Some(("mammad".into(), false)));
    }
}
