//! The traditions of spelling and their rules.

use super::rules::Rules;
use super::semitic;
use crate::names::files;
use std::sync::LazyLock;

/// A tradition of writing names in Latin letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tradition {
    Slavic,
    Arabic,
    Indic,
    Greek,
    Caucasus,
    SouthEast,
    Latin,
}

impl Tradition {
    pub(super) const ALL: [Tradition; 7] = [
        Tradition::Slavic,
        Tradition::Arabic,
        Tradition::Indic,
        Tradition::Greek,
        Tradition::Caucasus,
        Tradition::SouthEast,
        Tradition::Latin,
    ];

    /// A bit of its own.
    pub(super) fn bit(self) -> u8 {
        1 << (self as u8)
    }

    /// The rules of this tradition.
    pub(super) fn rules(self) -> &'static Rules {
        static TABLES: LazyLock<[Rules; 7]> = LazyLock::new(|| Tradition::ALL.map(read));
        let [slavic, arabic, indic, greek, caucasus, southeast, latin] = &*TABLES;
        match self {
            Tradition::Slavic => slavic,
            Tradition::Arabic => arabic,
            Tradition::Indic => indic,
            Tradition::Greek => greek,
            Tradition::Caucasus => caucasus,
            Tradition::SouthEast => southeast,
            Tradition::Latin => latin,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Tradition::Slavic => files::RULES_SLAVIC,
            Tradition::Arabic => files::RULES_ARABIC,
            Tradition::Indic => files::RULES_INDIC,
            Tradition::Greek => files::RULES_GREEK,
            Tradition::Caucasus => files::RULES_CAUCASUS,
            Tradition::SouthEast => files::RULES_SOUTHEAST,
            Tradition::Latin => files::RULES_LATIN,
        }
    }
}

fn read(tradition: Tradition) -> Rules {
    // The files are compiled in and read whole by a test: a fault cannot reach a user.
    let more = match tradition {
        Tradition::Arabic | Tradition::Slavic => Some(semitic::units()),
        _ => None,
    };
    Rules::read(tradition.text(), more.into_iter().flatten()).unwrap_or_else(|_| Rules::empty())
}

#[cfg(test)]
mod tests {
    use super::super::reading::Readings;
    use super::*;

    #[test]
    fn every_rule_file_reads() {
        for tradition in Tradition::ALL {
            if let Err(fault) = Rules::read(tradition.text(), semitic::units()) {
                panic!("{tradition:?}: {fault}");
            }
        }
    }

    #[test]
    fn every_letter_has_a_rule() {
        let mut out = Readings::new();
        for tradition in Tradition::ALL {
            for letter in b'a'..=b'z' {
                tradition.rules().read_word(&[letter], &mut out);
                assert!(out.iter().all(|reading| reading.len() == 1), "{tradition:?} {}", char::from(letter));
            }
        }
    }
}
