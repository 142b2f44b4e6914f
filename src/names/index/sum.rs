//! What an index was made by: keys made by other tables or rules lead nowhere, so a block bears a sum
//! of both and is opened only where it is the program's own.

use super::build::Builder;
use super::hashes::{mix, quick};
use crate::names::{Kind, NameKind, files};
use std::sync::LazyLock;

/// Stands for the tables and the rules that an index is made by.
pub(super) fn tables_sum() -> u32 {
    static SUM: LazyLock<u32> = LazyLock::new(|| mix(of_tables(files::ALL) ^ of_rules()) as u32);
    *SUM
}

/// Every table, under whatever name it is read.
fn of_tables(tables: &[(&str, &str)]) -> u64 {
    tables.iter().fold(0, |sum, (path, text)| mix(sum ^ quick(path.as_bytes())) ^ quick(text.as_bytes()))
}

/// Names that the rules in the program have something to do with, each in its way.
const SAMPLES: [(&str, Kind); 24] = [
    ("0rlan Vesterma11", Kind::Person),
    ("0rlan V3sta C0.", Kind::Org),
    ("Vesta Capita1 1nc", Kind::Org),
    ("VESTERMAN, Jr., Órlan &amp; S\u{f6}hne", Kind::Unknown),
    ("Muhammad Aleksandrovich al-Qadhafi", Kind::Person),
    ("O.R. Vestergaard", Kind::Person),
    ("Сергей Ющенко-Вестеров", Kind::Person),
    ("Заводы оптических приборов Веста", Kind::Org),
    ("Stahlwerk Vesta GmbH und Co KG", Kind::Org),
    ("The Vesta National Oil Tanker Company of Vestoria LLC", Kind::Org),
    ("محمدجواد عبدالرحمن", Kind::Person),
    ("שלום ברק", Kind::Person),
    ("Γεώργιος Βεστερίδης", Kind::Person),
    ("Վեստեր გიორგი", Kind::Person),
    ("विजय ਸਿੰਘ বসু", Kind::Person),
    ("สมชาย မင်း ភី", Kind::Person),
    ("አበበ", Kind::Person),
    ("전진영", Kind::Person),
    ("Чон Ын", Kind::Person),
    ("马晓红", Kind::Person),
    ("Tsai Ing-wen", Kind::Person),
    ("西山机械有限公司", Kind::Org),
    ("やまもと 太郎", Kind::Person),
    ("Nguyễn Văn Bảo", Kind::Person),
];

/// What the rules make of some names: the index of them.
fn of_rules() -> u64 {
    let mut builder = Builder::new();
    for (party, (name, kind)) in (0..).zip(SAMPLES) {
        builder.add(party, name, NameKind::Main, kind);
    }
    builder.add_identifier(0, "IMO 9074729");
    quick(&builder.finish_under(0))
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use super::*;

    #[test]
    fn no_table_may_change_unnoticed() {
        let whole = of_tables(files::ALL);
        for at in 0..files::ALL.len() {
            let mut tables = files::ALL.to_vec();
            let changed = format!("{}x", tables[at].1);
            tables[at].1 = &changed;
            assert_ne!(of_tables(&tables), whole, "{}", tables[at].0);
            tables.remove(at);
            assert_ne!(of_tables(&tables), whole);
        }
    }

    #[test]
    fn an_index_made_by_others_is_not_opened() {
        let block = |sum| {
            let mut builder = Builder::new();
            builder.add(0, "Orlan Vesterman", NameKind::Main, Kind::Person);
            builder.finish_under(sum)
        };
        assert!(Index::open(&block(tables_sum())).is_some());
        assert!(Index::open(&block(tables_sum() ^ 1)).is_none());
    }
}
