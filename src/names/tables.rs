//! The tables under `data/names`, read once.

use super::files;
use super::flags::Flags;
use super::legal::Form;
use super::osa;
use super::sound::skeleton;
use super::stem;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// How telling a notion is in an organisation's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Generic,
    /// Tells a firm from its sister of the same name: plus, north, premium.
    Sibling,
    Common,
    Activity,
    Rank,
    Place,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    pub(super) id: u16,
    pub(super) female: bool,
    pub(super) arabic: bool,
    /// What it may be short for, where it is no name of its own.
    pub(super) pet_of: [u16; 3],
}

/// A word for one of the bearers of a name in a family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer {
    /// 1 for the father, 2 for the son.
    pub(super) count: u8,
    /// The word is a name too.
    pub(super) or_name: bool,
}

impl Bearer {
    fn of_class(class: &str) -> Option<Bearer> {
        let count = class.strip_prefix("generation-")?;
        let sure = count.strip_suffix("-or-name");
        Some(Bearer { count: sure.unwrap_or(count).parse().ok()?, or_name: sure.is_some() })
    }
}

/// Word sequences of a table, by their first word.
type Phrases<T> = FxHashMap<&'static str, Vec<(Vec<&'static str>, T)>>;

pub(super) struct Tables {
    words: FxHashMap<&'static str, Flags>,
    generations: FxHashMap<&'static str, Bearer>,
    /// What German names run together with the word before.
    pub(super) german_heads: Vec<&'static str>,
    /// Names in Arabic letters that are written together with a second one.
    pub(super) arabic_firsts: Vec<&'static str>,
    /// Titles of several words.
    titles: Phrases<()>,
    given: FxHashMap<&'static str, Given>,
    common: FxHashMap<&'static str, u8>,
    numbers: FxHashMap<&'static str, (u32, bool)>,
    concepts: Phrases<u16>,
    classes: Vec<Class>,
    /// Notions that say what sort of body it is, none of them a company.
    bodies: Vec<u16>,
    /// Country codes by the word or phrase, and by the code itself.
    forms: Phrases<Form>,
    by_sound: FxHashMap<String, Vec<(&'static str, u16)>>,
    /// Notions by their Cyrillic words without endings.
    nouns: FxHashMap<&'static str, u16>,
    adjectives: FxHashMap<&'static str, u16>,
    form_words: FxHashMap<String, Vec<&'static str>>,
    /// Org words of Han, Hangul and Kana, longest first.
    unspaced: Vec<&'static str>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

pub(super) fn tables() -> &'static Tables {
    &TABLES
}

pub(super) fn rows(text: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| l.split('\t'))
}

const FAMILIES: [&str; 9] = ["limited", "stock", "partner", "sole", "coop", "state", "nonprofit", "trust", "branch"];

impl Tables {
    fn read() -> Tables {
        let mut t = Tables {
            words: FxHashMap::default(),
            generations: FxHashMap::default(),
            german_heads: Vec::new(),
            arabic_firsts: Vec::new(),
            titles: FxHashMap::default(),
            given: FxHashMap::default(),
            common: FxHashMap::default(),
            numbers: FxHashMap::default(),
            concepts: FxHashMap::default(),
            classes: vec![Class::Generic],
            bodies: Vec::new(),
            forms: FxHashMap::default(),
            by_sound: FxHashMap::default(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
            form_words: FxHashMap::default(),
            unspaced: Vec::new(),
        };
        t.read_words();
        t.read_given();
        t.read_common();
        t.read_numbers();
        t.read_concepts();
        t.read_forms();
        t.unspaced.sort_by_key(|w| std::cmp::Reverse(w.len()));
        t
    }

    fn read_words(&mut self) {
        for mut row in rows(files::WORDS) {
            let class = row.next();
            let words = row.next().unwrap_or("");
            if class == Some("titles") {
                for phrase in words.split('|') {
                    let mut words = phrase.split(' ');
                    let Some(first) = words.next() else { continue };
                    self.titles.entry(first).or_default().push((words.collect(), ()));
                }
                continue;
            }
            if let Some(bearer) = class.and_then(Bearer::of_class) {
                self.generations.extend(words.split(' ').map(|w| (w, bearer)));
                continue;
            }
            let flag = match class {
                Some("german-head") => {
                    self.german_heads.extend(words.split(' '));
                    continue;
                }
                Some("arabic-first") => {
                    self.arabic_firsts.extend(words.split(' '));
                    continue;
                }
                Some("title") => Flags::TITLE,
                Some("suffix") => Flags::SUFFIX,
                Some("particle") => Flags::PARTICLE,
                Some("stop") => Flags::STOP,
                Some("vessel" | "aircraft") => Flags::PREFIX,
                Some("number-word") => Flags::ORDINAL,
                _ => continue,
            };
            for word in words.split(' ') {
                *self.words.entry(word).or_default() |= flag;
            }
        }
    }

    fn read_given(&mut self) {
        let mut id = 0;
        for mut row in rows(files::GIVEN_NAMES) {
            id += 1;
            let female = row.next() == Some("f");
            let arabic = row.next() == Some("a");
            for word in row.next().unwrap_or("").split(' ') {
                let pet_of = self.given.get(word).map_or([0; 3], |g| g.pet_of);
                self.given.insert(word, Given { id, female, arabic, pet_of });
            }
            for word in row.next().unwrap_or("").split(' ').filter(|w| *w != "-") {
                let entry = self.given.entry(word).or_insert(Given { female, ..Given::default() });
                if let Some(free) = entry.pet_of.iter_mut().find(|p| **p == 0) {
                    *free = id;
                }
            }
        }
    }

    fn read_common(&mut self) {
        for mut row in rows(files::COMMON_NAMES) {
            let bits = row.next().and_then(|b| b.parse().ok()).unwrap_or(13);
            for word in row.next().unwrap_or("").split(' ') {
                self.common.entry(word).or_insert(bits);
            }
        }
    }

    fn read_numbers(&mut self) {
        for mut row in rows(files::NUMBERS) {
            let Some(value) = row.next().and_then(|v| v.parse().ok()) else { continue };
            let ordinal = row.next() == Some("o");
            for word in row.next().unwrap_or("").split(' ') {
                self.numbers.entry(word).or_insert((value, ordinal));
            }
        }
    }

    fn concept(&mut self, class: Class, forms: &'static str) -> u16 {
        let id = u16::try_from(self.classes.len()).unwrap_or(u16::MAX);
        self.classes.push(class);
        for form in forms.split('|') {
            let mut words = form.split(' ');
            let Some(first) = words.next() else { continue };
            let rest: Vec<_> = words.collect();
            // Two consonants are the sound of too many words.
            if rest.is_empty() && form.is_ascii() && form.len() >= 6 && skeleton(form).len() >= 3 {
                self.by_sound.entry(skeleton(form)).or_default().push((form, id));
            }
            if rest.is_empty() && form.chars().all(super::chars::unspaced) {
                self.unspaced.push(form);
            }
            if rest.is_empty() {
                let stems = stem::of_form(form, class);
                for (stem, found) in [(stems.noun, &mut self.nouns), (stems.adjective, &mut self.adjectives)] {
                    if let Some(stem) = stem {
                        found.entry(stem).or_insert(id);
                    }
                }
            }
            self.concepts.entry(first).or_default().push((rest, id));
        }
        id
    }

    fn read_concepts(&mut self) {
        for mut row in rows(files::ORG_WORDS) {
            let class = match row.next() {
                Some("generic") => Class::Generic,
                Some("sibling") => Class::Sibling,
                Some("common") => Class::Common,
                Some("activity") => Class::Activity,
                _ => Class::Rank,
            };
            let id = self.concept(class, row.nth(1).unwrap_or(""));
            if row.next() == Some("body") {
                self.bodies.push(id);
            }
        }
        for mut row in rows(files::PLACES) {
            self.concept(Class::Place, row.nth(2).unwrap_or(""));
        }
        for list in self.concepts.values_mut() {
            list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
    }

    fn read_forms(&mut self) {
        for (code, mut row) in (1..).zip(rows(files::LEGAL_FORMS)) {
            let family = row.next().and_then(|f| FAMILIES.iter().position(|x| *x == f)).unwrap_or(0);
            let form = Form { family: u8::try_from(family).unwrap_or(0), code };
            row.next();
            for text in row.next().unwrap_or("").split('|') {
                let mut words = text.split(' ');
                let Some(first) = words.next() else { continue };
                if text.chars().all(super::chars::unspaced) {
                    self.unspaced.push(text);
                }
                for word in text.split(' ').filter(|w| w.is_ascii() && w.len() >= 6) {
                    let list = self.form_words.entry(skeleton(word)).or_default();
                    if !list.contains(&word) {
                        list.push(word);
                    }
                }
                self.forms.entry(first).or_default().push((words.collect(), form));
            }
        }
        for list in self.forms.values_mut() {
            list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
    }

    /// What a word is within a name, apart from the name itself.
    pub(super) fn word(&self, word: &str) -> Flags {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Which of a family's bearers of a name a word at its end says it is.
    pub(super) fn generation(&self, word: &str) -> Option<Bearer> {
        self.generations.get(word).copied()
    }

    /// How many of the next words make a title of several.
    pub(super) fn title_at<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<usize> {
        let list = self.titles.get(word(0)?)?;
        let fits = |rest: &[&str]| rest.iter().enumerate().all(|(i, w)| word(i + 1) == Some(w));
        list.iter().filter(|(rest, ())| fits(rest)).map(|(rest, ())| rest.len() + 1).max()
    }

    pub(super) fn given(&self, word: &str) -> Option<Given> {
        self.given.get(word).copied()
    }

    /// -log2 of the share of persons' names that hold the word.
    pub(super) fn common(&self, word: &str) -> Option<u8> {
        self.common.get(word).copied()
    }

    /// The value of a number word or an ordinal, and whether it is one.
    pub(super) fn number(&self, word: &str) -> Option<(u32, bool)> {
        self.numbers.get(word).copied()
    }

    /// Whether a notion names a body that is no company.
    pub(super) fn is_body(&self, concept: u16) -> bool {
        self.bodies.contains(&concept)
    }

    pub(super) fn class(&self, concept: u16) -> Option<Class> {
        (concept != 0).then(|| self.classes.get(usize::from(concept)).copied()).flatten()
    }

    /// The notion that the next words stand for, and how many words it takes. `word(i)` gives the
    /// i-th of them.
    pub(super) fn concept_at<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<(u16, usize)> {
        let first = word(0)?;
        if first.starts_with(['ا', 'ل', 'و']) {
            // Arabic writes the article, "for the" and "and" with the word.
            let bare = ["وال", "ال", "لل"].iter().find_map(|p| first.strip_prefix(p));
            if let Some(found) = bare.and_then(|bare| self.concepts.get(bare)?.iter().find(|(rest, _)| rest.is_empty()))
            {
                return Some((found.1, 1));
            }
        }
        if let Some(list) = self.concepts.get(first) {
            for (rest, id) in list {
                if rest.iter().enumerate().all(|(i, w)| word(i + 1) == Some(w)) {
                    return Some((*id, rest.len() + 1));
                }
            }
        }
        if let Some(stems) = stem::of_word(first) {
            let noun = stems.noun.and_then(|s| self.nouns.get(s));
            return noun.or_else(|| self.adjectives.get(stems.adjective?)).map(|id| (*id, 1));
        }
        if first.len() < 6 || !first.is_ascii() {
            return None;
        }
        let list = self.by_sound.get(skeleton(first).as_str())?;
        // The first letter is left by transliteration, or changed for one of its own sound.
        let most = (first.len() / 4).max(2);
        let off = |w: &(&str, u16)| Some((osa::distance(w.0.as_bytes(), first.as_bytes(), most)?, w.1));
        list.iter().filter_map(off).min_by_key(|(d, _)| *d).map(|(_, id)| (id, 1))
    }

    /// The legal form that the next words make, and how many words it takes.
    pub(super) fn form_at<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<(Form, usize)> {
        let first = word(0)?;
        self.form_from(first, &word).or_else(|| self.form_from(self.form_word(first), &word))
    }

    fn form_from<'a>(&self, first: &str, word: &impl Fn(usize) -> Option<&'a str>) -> Option<(Form, usize)> {
        for (rest, form) in self.forms.get(first)? {
            if rest.iter().enumerate().all(|(i, w)| word(i + 1).is_some_and(|x| x == *w || self.form_word(x) == *w)) {
                return Some((*form, rest.len() + 1));
            }
        }
        None
    }

    /// A word as the table of forms spells it, whatever the romanisation.
    fn form_word<'a>(&self, word: &'a str) -> &'a str
    where
        Self: 'static,
    {
        if word.len() < 6 || !word.is_ascii() {
            return word;
        }
        let near = |w: &&&'static str| {
            w.as_bytes().first() == word.as_bytes().first()
                && osa::distance(w.as_bytes(), word.as_bytes(), (word.len() / 4).max(2)).is_some()
        };
        match self.form_words.get(skeleton(word).as_str()).and_then(|l| l.iter().find(near)) {
            Some(w) => w,
            None => word,
        }
    }

    /// The longest word of the tables that an unspaced text begins with.
    pub(super) fn unspaced_at(&self, text: &str) -> Option<&'static str> {
        if !text.starts_with(super::chars::unspaced) {
            return None;
        }
        self.unspaced.iter().find(|w| text.starts_with(**w)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(words: &'a [&'a str]) -> impl Fn(usize) -> Option<&'a str> {
        |i| words.get(i).copied()
    }

    #[test]
    fn forms_are_found_in_any_romanisation() {
        let t = tables();
        let (a, n) = t.form_at(at(&["obschestvo", "s", "ogranichenoj", "otvetstvennostju", "vesta"])).unwrap();
        assert_eq!((n, a.family), (4, 0));
        assert_eq!(t.form_at(at(&["ooo"])).unwrap().0, a);
        assert_eq!(t.form_at(at(&["joint", "stock", "company"])).unwrap().1, 3);
        assert_eq!(t.form_at(at(&["vesta"])), None);
    }

    #[test]
    fn notions_hold_across_languages() {
        let t = tables();
        let one = |w: &str| t.concept_at(at(&[w])).map(|c| c.0);
        assert_eq!(one("bank"), one("банк"));
        assert_eq!(one("company"), one("kompanija"));
        assert_eq!(one("mashinostroitelnaja"), one("machinery"));
        assert_ne!(one("oil"), one("gas"));
        assert_eq!(one("оптических"), one("optical"));
        assert_eq!(one("заводов"), one("factory"));
        assert_eq!(one("завывание"), None);
        assert_eq!(one("золота"), one("gold"));
        assert_eq!(one("луганской"), one("луганск"));
        assert_eq!(one("государственном"), one("state"));
        assert_eq!(one("производственно"), one("production"));
    }

    /// Words of a column, each with the row it stands in.
    fn column(text: &'static str, at: usize, by: char) -> impl Iterator<Item = (usize, &'static str)> {
        let cells = rows(text).enumerate().filter_map(move |(i, mut row)| Some((i, row.nth(at)?)));
        cells.flat_map(move |(i, cell)| cell.split(by).map(move |word| (i, word))).filter(|(_, w)| *w != "-")
    }

    #[track_caller]
    fn no_doubles<'a>(words: impl Iterator<Item = (usize, &'a str)>) {
        let mut seen = FxHashMap::default();
        for (row, word) in words {
            assert!(!word.is_empty() && word.trim() == word, "{word:?} in row {row}");
            assert_eq!(seen.insert(word, row), None, "{word} in row {row} too");
        }
    }

    #[test]
    fn no_word_stands_twice() {
        // A notion is one thing: its words are no other's, nor a place's.
        let notions = || column(files::ORG_WORDS, 2, '|');
        no_doubles(notions().chain(column(files::PLACES, 2, '|').map(|(i, w)| (10_000 + i, w))));
        no_doubles(column(files::LEGAL_FORMS, 2, '|'));
        no_doubles(column(files::LEGAL_FORMS, 1, '|'));
        // What bodies are and forms of companies too.
        let forms: Vec<&str> = column(files::LEGAL_FORMS, 2, '|').map(|(_, w)| w).collect();
        let both: Vec<&str> = notions().map(|(_, w)| w).filter(|w| forms.contains(w)).collect();
        assert_eq!(both, ["corporation", "corp", "establishment"]);
        no_doubles(column(files::NUMBERS, 2, ' '));
        no_doubles(column(files::COMMON_NAMES, 1, ' '));
        no_doubles(column(files::GIVEN_NAMES, 2, ' '));
        // A word may be of several classes, but of each once.
        let classes: Vec<&str> = column(files::WORDS, 0, '\t').map(|(_, class)| class).collect();
        for (i, class) in classes.iter().enumerate().filter(|(i, c)| classes.iter().position(|x| x == *c) == Some(*i)) {
            let by = if *class == "titles" { '|' } else { ' ' };
            no_doubles(column(files::WORDS, 1, by).filter(|(k, _)| classes[*k] == *class).map(|(k, w)| (i + k, w)));
        }
    }

    #[test]
    fn what_is_one_notion_is_not_another() {
        let t = tables();
        let one = |w: &str| t.concept_at(at(&[w])).map(|c| c.0);
        assert_eq!(one("mali"), one("malian"));
        assert_ne!(one("mali"), one("finance"));
        assert_eq!(one("jamia"), one("university"));
        assert_eq!(one("moassese"), one("establishment"));
        assert_eq!(one("dom"), one("house"));
        assert_eq!(t.class(one("lux").unwrap()), Some(Class::Sibling));
        assert!(t.is_body(one("foundation").unwrap()) && !t.is_body(one("bank").unwrap()));
    }

    #[test]
    fn surnames_and_given_names_are_no_notions() {
        let t = tables();
        let surnames = "золотов золотова золотых северов востоков банков портов страхов страхова иванов иванова \
            ростова энергетиков техников";
        for name in surnames.split_whitespace().chain(["максим", "макс", "радий"]) {
            assert_eq!(t.concept_at(at(&[name])), None, "{name}");
        }
    }
}
