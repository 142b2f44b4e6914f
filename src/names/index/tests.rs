//! What the index must find, and that damaged bytes only make it find other things.

use super::{Builder, Index, Query, Seeker, SyllableKeys};
use crate::names::{Kind, NameKind};
use proptest::prelude::*;

const NAMES: [(&str, Kind); 17] = [
    ("KOZLOV, Sergey Mikhaylovich", Kind::Person),
    ("JON, Jin Yong", Kind::Person),
    ("KIM, Jong Un", Kind::Person),
    ("AL-GHAMARI, Muhammad Abd Al-Karim", Kind::Person),
    ("INTELLEKT LLC", Kind::Org),
    ("AGROESPINAL S.A.", Kind::Org),
    ("NATIONAL OIL TANKER COMPANY", Kind::Org),
    ("SEA WOLF", Kind::Vessel),
    ("Козлов Сергей Михайлович", Kind::Person),
    ("CARMELLO NO. 1 CORPORATION", Kind::Org),
    ("HIZBALLAH", Kind::Org),
    ("MORETAS ZAMBRILLO, Cristian Abelardo", Kind::Person),
    ("ДЖОНСОН Energy", Kind::Org),
    ("Müller & Söhne GmbH", Kind::Org),
    ("VESTORLANKOL SHIPPING CO LTD", Kind::Org),
    ("ZVOK NAVY", Kind::Org),
    ("VESTERMANN, Orlan", Kind::Person),
];

fn block() -> Vec<u8> {
    let mut b = Builder::new();
    for (i, (name, kind)) in NAMES.iter().enumerate() {
        b.add(i as u32, name, NameKind::Main, *kind);
    }
    b.add_identifier(7, "IMO 9074729");
    b.finish()
}

#[test]
fn syllables_may_be_left_to_somebody_else() {
    // Parties out of order: numbers of names change when the block is made.
    let names = || NAMES.iter().enumerate().map(|(i, (name, kind))| (40 - i as u32 % 7, *name, *kind));
    let (mut whole, mut apart, mut keys) = (Builder::new(), Builder::new(), SyllableKeys::default());
    let mut syllabic = 0;
    for (party, name, kind) in names() {
        whole.add(party, name, NameKind::Main, kind);
        if let Some(number) = apart.add_without_syllables(party, name, NameKind::Main, kind) {
            keys.add(number, name, kind);
            syllabic += 1;
        }
    }
    assert!((2..NAMES.len()).contains(&syllabic), "{syllabic}");
    let without = apart.finish();
    let mut apart = Builder::new();
    for (party, name, kind) in names() {
        apart.add_without_syllables(party, name, NameKind::Main, kind);
    }
    apart.add_syllables(keys);
    let (whole, apart) = (whole.finish(), apart.finish());
    assert_eq!(whole, apart);
    assert_ne!(whole, without);
}

fn ask(index: &Index<'_>, text: &str, kind: Kind) -> Vec<u32> {
    let found = Seeker::new().candidates(index, &Query::text(text, kind), 50);
    found.into_iter().map(|c| c.party).collect()
}

#[test]
fn by_any_spelling() {
    let bytes = block();
    let index = Index::open(&bytes).unwrap();
    assert_eq!(index.names(), NAMES.len());
    for (asked, kind, party) in [
        ("Sergei Kozlov", Kind::Person, 0),
        ("S. M. Kozlov", Kind::Person, 0),
        ("SergeyMikhaylovichKozlov", Kind::Person, 0),
        ("Сергей Козлов", Kind::Person, 0),
        ("전진영", Kind::Person, 1),
        ("김정은", Kind::Person, 2),
        ("Kim Chong-un", Kind::Person, 2),
        ("Mohammed Alghamari", Kind::Person, 3),
        ("Intelekt OOO", Kind::Org, 4),
        ("Agro Espinal", Kind::Org, 5),
        ("NOTC", Kind::Org, 6),
        ("SEAWOLF", Kind::Vessel, 7),
        ("Sea Wolfe", Kind::Vessel, 7),
        ("RENAMED 9074729", Kind::Vessel, 7),
        ("imo:9074729", Kind::Vessel, 7),
        ("Kozlov Sergey", Kind::Person, 8),
        ("حزب الله", Kind::Org, 10),
        ("C. A. Moretas Zambrillo", Kind::Person, 11),
        ("Mueller Soehne", Kind::Org, 13),
        ("Vest Orlan Kol Company Limited", Kind::Org, 14),
        ("Zubar and Vesta Orlan Kolin Navy", Kind::Org, 15),
        ("0rlan Vesterman", Kind::Person, 16),
    ] {
        let mut query = Query::text(asked, kind);
        if asked.starts_with("RENAMED") {
            query.identifier("IMO:9074729");
        }
        let found: Vec<u32> = Seeker::new().candidates(&index, &query, 50).into_iter().map(|c| c.party).collect();
        assert!(found.iter().take(4).any(|p| *p == party), "{asked}: {found:?}");
    }
    assert!(ask(&index, "", Kind::Unknown).is_empty());
    assert!(ask(&index, "Northwind Bicycle", Kind::Org).is_empty());
    assert_eq!(index.frequency("kozlov"), 1);
    assert_eq!(index.frequency("kozlova"), 0);
}

#[test]
fn parties_may_come_in_any_order() {
    let mut b = Builder::new();
    for (i, (name, kind)) in NAMES.iter().enumerate().rev() {
        b.add(i as u32, name, NameKind::Main, *kind);
    }
    b.add_identifier(7, "IMO 9074729");
    let bytes = b.finish();
    let index = Index::open(&bytes).unwrap();
    for (i, (name, kind)) in NAMES.iter().enumerate() {
        // A key of a whole name is a hash of one byte in its bucket: another name may share it.
        let found = Seeker::new().candidates(&index, &Query::text(name, *kind), 50);
        let best: Vec<u32> = found.iter().take_while(|c| c.bits >= found[0].bits).map(|c| c.party).collect();
        assert!(best.contains(&(i as u32)) && best.len() <= 2, "{name}: {best:?}");
    }
}

#[test]
fn nothing_at_all_is_an_index_too() {
    let bytes = Builder::new().finish();
    let index = Index::open(&bytes).unwrap();
    assert!(ask(&index, "Kozlov", Kind::Unknown).is_empty());
    assert_eq!((index.names(), index.words()), (0, 0));
    assert!(Index::open(b"").is_none() && Index::open(b"CUNI").is_none());
}

/// Everything that reads the block, with hostile questions too.
fn use_up(bytes: &[u8]) {
    let Some(index) = Index::open(bytes) else { return };
    let mut seeker = Seeker::new();
    for text in ["Sergey Kozlov", "전진영", "NOTC", "kozlowsergei", "a b c d", "S. M. Kozlov", "9074729"] {
        let found = seeker.candidates(&index, &Query::text(text, Kind::Unknown), 50);
        assert!(found.len() <= 50);
    }
    let _ = index.identified("9074729").take(10).count();
}

#[test]
fn damaged_bytes_lead_astray_and_nowhere_else() {
    let bytes = block();
    for cut in (0..bytes.len()).step_by(37) {
        use_up(&bytes[..cut]);
    }
    for at in 0..bytes.len() {
        // Every byte of the head and the counts, and some of the rest.
        if at < 700 || at % 13 == 0 {
            let mut bad = bytes.clone();
            bad[at] ^= if at % 2 == 0 { 0xff } else { 0x11 };
            use_up(&bad);
        }
    }
}

#[test]
fn long_and_odd_questions_are_bounded() {
    let bytes = block();
    let index = Index::open(&bytes).unwrap();
    for text in ["Kozlov ".repeat(2000), "a".repeat(10_000), "é".repeat(10_000), "S.".repeat(5000), "가".repeat(10_000)]
    {
        assert!(ask(&index, &text, Kind::Unknown).len() <= 50);
    }
}

fn word() -> impl Strategy<Value = String> {
    "[a-z]{5,10}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A name is found by itself, in another order of its words, and with a slip in one of them.
    #[test]
    fn every_name_is_found(
        names in prop::collection::vec(prop::collection::vec(word(), 2..4), 1..40),
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        letter in 0u8..26,
        edit in 0usize..3,
    ) {
        let mut b = Builder::new();
        for (i, words) in names.iter().enumerate() {
            b.add(i as u32, &words.join(" "), NameKind::Main, Kind::Unknown);
        }
        let bytes = b.finish();
        let index = Index::open(&bytes).unwrap();
        let at = which.index(names.len());
        let words = &names[at];
        let found = |text: &str| ask(&index, text, Kind::Unknown).contains(&(at as u32));
        prop_assert!(found(&words.join(" ")));
        let mut turned = words.clone();
        turned.rotate_left(1);
        prop_assert!(found(&turned.join(" ")));
        prop_assert!(found(&words.join("-").to_uppercase()));
        let mut slip = words.clone();
        let mut bytes = slip[0].clone().into_bytes();
        let k = place.index(bytes.len());
        match edit {
            0 => bytes[k] = b'a' + letter,
            1 => bytes.insert(k, b'a' + letter),
            _ => drop(bytes.remove(k)),
        }
        slip[0] = String::from_utf8(bytes).unwrap();
        prop_assert!(found(&slip.join(" ")), "{slip:?}");
        prop_assert!(found(&slip[0]) , "{:?}", slip[0]);
    }
}
