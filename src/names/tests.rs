//! What the matcher holds to be one and what two, phenomenon by phenomenon. All names are made up.

use super::*;
use proptest::prelude::*;

fn party(kind: Kind, name: &str) -> Profile {
    Profile::named(kind, name)
}

fn outcome(a: &Profile, b: &Profile) -> Match {
    compare(&Prepared::new(a), &Prepared::new(b), &BuiltIn, &mut Scratch::default())
}

fn band_of(kind: Kind, a: &str, b: &str) -> Band {
    outcome(&party(kind, a), &party(kind, b)).band
}

#[track_caller]
fn same(kind: Kind, pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert_eq!(
            band_of(kind, a, b),
            Band::Match,
            "{a} / {b}: {:#?}",
            outcome(&party(kind, a), &party(kind, b)).evidence
        );
    }
}

#[track_caller]
fn apart(kind: Kind, pairs: &[(&str, &str)]) {
    for (a, b) in pairs {
        assert!(
            band_of(kind, a, b) < Band::Match,
            "{a} / {b}: {:#?}",
            outcome(&party(kind, a), &party(kind, b)).evidence
        );
    }
}

#[test]
fn spelling_order_and_case() {
    same(
        Kind::Person,
        &[
            ("Orlan Vestergaard", "ORLAN VESTERGAARD"),
            ("VESTERGAARD, Orlan", "Orlan Vestergaard"),
            ("Jürgen Löwenthal", "Juergen Loewenthal"),
            ("Jurgen Lowenthal", "Jürgen Löwenthal"),
            ("OrlanVestergaard", "Orlan Vestergaard"),
            ("orlanvestergaard", "Orlan Vestergaard"),
            ("Orlan Vester-Gaard", "Orlan Vestergaard"),
        ],
    );
}

#[test]
fn slips_of_the_pen() {
    same(
        Kind::Person,
        &[
            ("Orlan Vestergaard", "Orlan Vestregaard"),
            ("Orlan Vestergaard", "Orlan Vestergard"),
            ("Orlam Vestergaard", "Orlan Vestergaard"),
        ],
    );
    apart(Kind::Person, &[("Orlan Vestergaard", "Orlan Vesterholm"), ("Orlan Kozin", "Orlan Kotov")]);
}

#[test]
fn hiding_tricks() {
    same(
        Kind::Person,
        &[
            ("Оrlаn Vеstergaard", "Orlan Vestergaard"),
            ("Orl4n Vest3rgaard", "Orlan Vestergaard"),
            ("O.r.l.a.n V.e.s.t.e.r.g.a.a.r.d", "Orlan Vestergaard"),
            ("Or\u{200b}lan\u{202e} Vester\u{ad}gaard", "Orlan Vestergaard"),
        ],
    );
}

#[test]
fn titles_middle_names_and_patronymics() {
    same(
        Kind::Person,
        &[
            ("Dr. Orlan Vestergaard", "Orlan Vestergaard"),
            ("Orlan Mikkel Vestergaard", "Orlan Vestergaard"),
            ("Ruslan Zorkin", "Zorkin Ruslan Pavlovich"),
            ("Haji Gulbaran Zarmati", "Gulbaran Zarmati"),
        ],
    );
    apart(
        Kind::Person,
        &[
            ("Ruslan Pavlovich Zorkin", "Ruslan Ilyich Zorkin"),
            ("Zorkin, Ruslan", "Zorkin, Timofey"),
            ("Ten, Ruslan Pavlovich", "Zorkin, Ruslan Pavlovich"),
        ],
    );
}

#[test]
fn initials_keep_their_order() {
    same(Kind::Person, &[("R. P. Zorkin", "Ruslan Pavlovich Zorkin"), ("Зоркин Р.П.", "Ruslan Pavlovich Zorkin")]);
    apart(Kind::Person, &[("R. I. Zorkin", "Ruslan Pavlovich Zorkin"), ("P. R. Zorkin", "Ruslan Pavlovich Zorkin")]);
}

#[test]
fn doublets_and_pet_names() {
    same(
        Kind::Person,
        &[
            ("Sergei Zorkin", "Serhii Zorkin"),
            ("Misha Vestergaard", "Mikhail Vestergaard"),
            ("Bill Ostrander", "William Ostrander"),
        ],
    );
    apart(
        Kind::Person,
        &[
            ("Mario Zanetti", "Maria Zanetti"),
            ("Peter Ostrander", "Petra Ostrander"),
            ("Daniel Zanetti", "Daniela Zanetti"),
        ],
    );
}

#[test]
fn scripts_and_romanisations() {
    same(
        Kind::Person,
        &[
            ("Руслан Зоркин", "Ruslan Zorkin"),
            ("Рұслан Щербицкий", "Ruslan Shcherbitsky"),
            ("قاسم الزرقاني", "Qasim al-Zarqani"),
            ("Gamal Eddin Zarqani", "Jamal al-Din Zarqani"),
            ("박철민", "Pak Chol Min"),
            ("Jo Kwang Min", "Cho Kwang-min"),
            ("周明华", "Zhou Minghua"),
            ("Chou Ming-hua", "Zhou Minghua"),
        ],
    );
    apart(
        Kind::Person,
        &[
            ("Pak Chol Min", "Pak Chol Ho"),
            ("Kim Kwang Il", "Kim Kwang Un"),
            ("Zhou Minghua", "Zhou Mingfei"),
            ("Li Peng", "Li Pei"),
            ("周明华", "周明达"),
        ],
    );
}

#[test]
fn arabic_names_tell_the_father() {
    same(
        Kind::Person,
        &[("Tariq Walid al-Zarqani", "Tariq al-Zarqani"), ("Abd al-Rahman Zarqani", "Abdulrahman Zarqani")],
    );
    apart(
        Kind::Person,
        &[
            ("Walid Zarqani", "Tariq Walid Zarqani"),
            ("Tariq Walid al-Zarqani", "Tariq Walid al-Mosuli"),
            ("Tariq bin Walid Zarqani", "Tariq bin Nabil Zarqani"),
        ],
    );
}

#[test]
fn legal_forms_are_no_names() {
    same(
        Kind::Org,
        &[
            ("Vestaprom OOO", "Vestaprom LLC"),
            ("Vestaprom GmbH", "Vestaprom Gesellschaft mit beschränkter Haftung"),
            ("ПАО «Вестапром»", "Vestaprom PJSC"),
            ("Obshchestvo s ogranichennoi otvetstvennostiu Vestaprom", "Limited Liability Company Vestaprom"),
            ("The Vestaprom Group, Inc.", "Vestaprom Group"),
            ("VestapromAG", "Vestaprom AG"),
        ],
    );
    let of = |b: &str| outcome(&party(Kind::Org, "Vestaprom AG"), &party(Kind::Org, b)).score;
    assert!(of("Vestaprom GmbH") < of("Vestaprom AO"));
}

#[test]
fn firms_words_hold_across_languages() {
    same(
        Kind::Org,
        &[
            ("Bank Vestaprom", "Банк Вестапром"),
            ("Vestaprom Treiding", "Vestaprom Trading"),
            ("Vesta Kholding OOO", "Vesta Holding LLC"),
            ("Vestaprom Sanayi ve Ticaret Ltd Sti", "Vestaprom San. ve Tic. Limited Sirketi"),
        ],
    );
}

#[test]
fn sibling_firms_are_two() {
    apart(
        Kind::Org,
        &[
            ("Vestaprom Trading Company", "Vestaprom Shipping Company"),
            ("Bank of Vesta (Hong Kong) Limited", "Bank of Vesta (Singapore) Limited"),
            ("Vesta Fund VIII LP", "Vesta Fund IX LP"),
            ("Vesta 3 Ltd", "Vesta 4 Ltd"),
            ("Second Vesta Plant", "Third Vesta Plant"),
            ("Orlan Real Estate GmbH & Co. KG", "Vestaprom Real Estate GmbH & Co. KG"),
            ("The Company", "The Trading Company"),
        ],
    );
}

#[test]
fn acronyms() {
    same(
        Kind::Org,
        &[
            ("VNGC", "Vesta National Gas Company"),
            ("KOVID", "Korea Vinalon Development Corporation"),
            ("I.V.S.", "International Vesta Services"),
        ],
    );
    apart(Kind::Org, &[("VNGC", "Vesta National Oil Company"), ("VN", "Vesta National")]);
}

#[test]
fn vessels() {
    same(Kind::Vessel, &[("M/V Orlan Star", "ORLAN STAR"), ("ORLANSTAR", "Orlan Star"), ("Orlan-2", "ORLAN 2")]);
    apart(
        Kind::Vessel,
        &[("ORLAN 601", "ORLAN 802"), ("Orlan Star", "Vesta Star"), ("ORLAN", "ORLAN 2"), ("1", "ORLAN 1")],
    );
}

#[test]
fn facts_count_for_and_against() {
    let with = |birth: &str, country: &str, id: &str| Profile {
        births: vec![birth.into()],
        countries: vec![country.into()],
        ids: vec![("INN".into(), id.into())],
        ..party(Kind::Person, "Ruslan Zorkin")
    };
    let of = |a: &Profile, b: &Profile| outcome(a, b).score;
    let base = with("1960-02-03", "RU", "7701");
    let bare = party(Kind::Person, "Ruslan Zorkin");
    assert!(of(&base, &base) > of(&bare, &base));
    let no_id = |p: Profile| Profile { ids: Vec::new(), ..p };
    assert!(
        of(&no_id(base.clone()), &no_id(with("1971-08-09", "RU", ""))) < of(&no_id(base.clone()), &no_id(base.clone()))
    );
    assert!(outcome(&no_id(base.clone()), &no_id(with("1971-08-09", "RU", ""))).band < Band::Match);
    assert!(
        of(&no_id(base.clone()), &no_id(with("1960-02-03", "Cuba", "")))
            < of(&no_id(base.clone()), &no_id(base.clone()))
    );
    assert!(
        outcome(&base, &with("1960-02-03", "RU", "7702")).evidence.iter().any(|e| e.what == What::Id && e.bits < 0.0)
    );
    // Partial dates agree as far as both say.
    let partial = outcome(&no_id(base), &no_id(with("1960", "RU", "")));
    assert!(partial.evidence.iter().any(|e| e.what == What::Birth && e.how == How::Partial && e.bits > 0.0));
    // A renamed firm keeps its number.
    let firm = |n: &str| Profile { ids: vec![("OGRN".into(), "1027700".into())], ..party(Kind::Org, n) };
    assert_eq!(outcome(&firm("Vestaprom OOO"), &firm("Orlan Holding AO")).band, Band::Match);
    // Persons are no ships.
    assert_eq!(outcome(&party(Kind::Person, "Orlan Star"), &party(Kind::Vessel, "Orlan Star")).band, Band::No);
}

#[test]
fn a_weak_alias_alone_never_matches() {
    let weak = Profile {
        names: vec![("Ruslan Zorkin".into(), NameKind::Main), ("The Falconer".into(), NameKind::Weak)],
        ..Profile::default()
    };
    let m = outcome(&party(Kind::Unknown, "The Falconer"), &weak);
    assert_eq!(m.band, Band::Review, "{m:#?}");
    assert!(m.evidence.iter().any(|e| e.what == What::Bearing && e.how == How::Weak));
    assert_eq!(outcome(&party(Kind::Unknown, "Ruslan Zorkin"), &weak).band, Band::Match);
}

#[test]
fn what_says_nothing_matches_nothing() {
    for noise in ["", "!!!", "\u{202e}", "...", "😀", "-", "()", "\u{301}"] {
        for other in ["", "Ruslan Zorkin", "!!!"] {
            assert_eq!(band_of(Kind::Unknown, noise, other), Band::No, "{noise:?} / {other:?}");
        }
    }
}

#[test]
fn long_names_are_noted_and_bounded() {
    let long = "Orlan Vestergaard ".repeat(600);
    let m = outcome(&party(Kind::Org, &long), &party(Kind::Org, &long));
    assert!(m.evidence.iter().any(|e| e.what == What::Limit && e.how == How::Long));
    let one = "a".repeat(10_000);
    assert!(name(&one, NameKind::Main, Kind::Person).cut);
    let letters = "a ".repeat(5_000);
    assert!(name(&letters, NameKind::Main, Kind::Person).tokens.len() <= MAX_TOKENS);
}

/// The score is the sum of the weights, and they follow from the bits.
#[track_caller]
fn sums(m: &Match) {
    let weights: f64 = m.evidence.iter().map(|e| f64::from(e.weight)).sum();
    assert!((weights - f64::from(m.score)).abs() < 0.000_05, "{weights} {m:#?}");
    assert_eq!(m.evidence.first().map(|e| e.what), Some(What::Prior));
    assert!((0.0..=1.0).contains(&m.score));
    assert_eq!(m.band, band(m.score, &Weights::STANDARD));
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Person), Just(Kind::Org), Just(Kind::Vessel), Just(Kind::Aircraft), Just(Kind::Unknown)]
}

fn texts() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "orlan",
        "Vester",
        "al",
        "-",
        "bin",
        ",",
        "OOO",
        "LLC",
        "(Tula)",
        "2",
        "VIII",
        "Ивановна",
        "김",
        "정은",
        "李",
        "有限公司",
        "محمد",
        "A.",
        "B.C.",
        "M/V",
        "Dr",
        "bank",
        "of",
        "&amp;",
        "Ltd.",
        "ไทย",
        "'",
        "no",
        "third",
        "é\u{301}\u{301}",
        "\u{202e}",
        "𝔘𝔫𝔦",
        "ﷺ",
        "Jr",
        "abd",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..9).prop_map(|w| w.join(" ")),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_ways_come_out_alike(a in texts(), b in texts(), ka in kinds(), kb in kinds()) {
        let (x, y) = (Prepared::new(&party(ka, &a)), Prepared::new(&party(kb, &b)));
        let mut room = Scratch::default();
        let there = compare(&x, &y, &BuiltIn, &mut room);
        let back = compare(&y, &x, &BuiltIn, &mut room);
        prop_assert!((there.score - back.score).abs() < 0.02, "{:?} {:?} {} {} {:#?} {:#?}", a, b, there.score, back.score, there.evidence, back.evidence);
        sums(&there);
        sums(&back);
        // The score alone is the same number.
        prop_assert_eq!(score(&x, &y, &BuiltIn, &mut room), there.score);
    }

    #[test]
    fn a_name_is_like_itself(a in "[A-Z][a-z]{4,9} [A-Z][a-z]{4,9}", k in kinds()) {
        let m = outcome(&party(k, &a), &party(k, &a));
        prop_assert!(m.band == Band::Match, "{} {:#?}", a, m.evidence);
    }
}

#[test]
fn identifiers_that_many_share_say_little() {
    let with = |name: &str, ids: &[(&str, &str)]| Profile {
        ids: ids.iter().map(|(s, v)| ((*s).to_owned(), (*v).to_owned())).collect(),
        ..party(Kind::Org, name)
    };
    let office = outcome(
        &with("Northern Timber", &[("kppCode", "770101001")]),
        &with("Desert Bakeries", &[("KPP", "770101001")]),
    );
    assert_eq!(office.band, Band::No, "{office:?}");
    // Nor does such a one hide that the tax numbers are two.
    let two = |a: &str, b: &str| {
        let ids = |inn: &str| [("kppCode", "770101001"), ("innCode", inn)].map(|(s, v)| (s.to_owned(), v.to_owned()));
        let side = |inn: &str| Profile { ids: ids(inn).to_vec(), ..party(Kind::Org, "Zalvara Works JSC") };
        outcome(&side(a), &side(b)).score
    };
    assert!(two("7701080141", "7701080141") > 0.9 && two("7701080141", "5001080142") < 0.9);
    let same =
        outcome(&with("Northern Timber", &[("INN", "7701080141")]), &with("Severny Les", &[("innCode", "7701080141")]));
    assert_eq!(same.band, Band::Match, "{same:?}");
}

#[test]
fn initials_at_the_end_are_no_roman_numbers() {
    for (a, b) in [
        ("Vadim Viktorovich Zorkin", "Zorkin V. V."),
        ("Xenia Irina Zorkina", "Zorkina X. I."),
        ("Vadim Igor Zorkin", "ZORKIN V I"),
    ] {
        assert_eq!(band_of(Kind::Person, a, b), Band::Match, "{a} {b}");
    }
    assert_ne!(band_of(Kind::Person, "Henry Alan Zorkin III", "Henry Alan Zorkin II"), Band::Match);
}

#[test]
fn father_and_son_bear_one_name() {
    same(
        Kind::Person,
        &[
            ("Orlan Vesterman Jr.", "Orlan Vesterman"),
            ("Orlan Vesterman II", "Orlan Vesterman, Junior"),
            ("VESTERMAN FILHO, Orlan", "Orlan Vesterman Filho"),
            ("Orlan Kai Vesterman Sobrinho", "Orlan Kai Vesterman"),
            ("VESTERMAN, Jr., Orlan", "Orlan Vesterman Jr"),
            // A name, not a word after one.
            ("Neto Vesterman", "VESTERMAN, Neto"),
        ],
    );
    apart(
        Kind::Person,
        &[
            ("Orlan Vesterman Sr.", "Orlan Vesterman Jr."),
            ("Orlan Vesterman II", "Orlan Vesterman III"),
            ("Orlan Kai Vesterman (padre)", "Orlan Kai Vesterman (hijo)"),
            ("Orlan Kai Vesterman Neto", "Orlan Kai Vesterman Filho"),
            ("Orlan Vesterman the Younger", "Orlan Vesterman the Elder"),
            ("Орлан Вестерман старший", "Orlan Vesterman Jr."),
        ],
    );
    let of = |birth: &str| Profile { births: vec![birth.into()], ..party(Kind::Person, "Orlan Kai Vesterman") };
    assert!(outcome(&of("1941-02-03"), &of("1969-11-12")).score < outcome(&of("1961-02-03"), &of("1969-11-12")).score);
}

#[test]
fn numbers_in_words() {
    same(
        Kind::Org,
        &[
            ("Vesta Quince", "Vesta 15"),
            ("Vesta Twenty-First Bureau", "Vesta 21st Bureau"),
            ("Vesta Trente-et-un", "Vesta 31"),
            ("Einundzwanzigste Vesta GmbH", "21. Vesta GmbH"),
            ("Vinte e Dois Vesta", "22 Vesta"),
            ("Ventuno Vesta", "Vesta XXI"),
            ("Yirmi Bir Vesta", "Vesta 21"),
            ("Двадцать первая Веста", "21 Vesta"),
            ("Quatre-vingt-dix-neuf Vesta", "99 Vesta"),
        ],
    );
    apart(Kind::Org, &[("Vesta Quince", "Vesta 16"), ("Vesta Twenty-First Bureau", "Vesta Twenty-Second Bureau")]);
    // Names that are numbers elsewhere.
    apart(Kind::Org, &[("Otto Vesta", "8 Vesta"), ("Kirk Vesta", "40 Vesta")]);
}

#[test]
fn figures_read_for_letters() {
    same(
        Kind::Person,
        &[("0rlan Vesterma11", "Orlan Vestermall"), ("Wil1em Vester", "Willem Vester"), ("5aul Vester", "Saul Vester")],
    );
    same(
        Kind::Org,
        &[
            ("0rlan Vesta C0.", "Orlan Vesta Co"),
            ("Vesta 5hipping L1mited", "Vesta Shipping Limited"),
            ("Vesta Capita1 1nc", "Vesta Capital Inc"),
            ("5Star Vesta", "5 Star Vesta"),
        ],
    );
    apart(Kind::Org, &[("Unit 51398", "Unit 51399")]);
    apart(Kind::Vessel, &[("ORLAN VEST 19", "ORLAN VEST 18")]);
}

#[test]
fn initials_of_a_part() {
    same(
        Kind::Org,
        &[
            ("Vesta Orlan Kolin Reserve Navy", "VOKR Navy"),
            ("Zubar VOK", "Zubar Vesta Orlan Kolin"),
            ("Vesta and Orlan of Kolin Shipyard", "VOK Shipyard"),
        ],
    );
    apart(Kind::Org, &[("Vesta Orlan Kolin Navy", "VOB Navy"), ("Vesta Orlan Kolin Bank", "VOK Insurance")]);
}

#[test]
fn sister_firms_and_ships() {
    apart(
        Kind::Org,
        &[
            ("Vestaka Money Exchange", "Vestada Money Exchange"),
            ("NVX Logistics", "NVZ Logistics"),
            ("Vestorian GmbH", "Vestorian Premium GmbH"),
            ("Sprivnink Trading", "Sprivning Trading House"),
            ("西山机械公司", "西沙机械公司"),
        ],
    );
    same(Kind::Org, &[("Vestroika Shiping Co", "Vestroika Shipping Co"), ("Vestroikka Trading", "Vestroika Trading")]);
    apart(Kind::Vessel, &[("BLUE VESTOR", "BLUE VESTAR"), ("OCEAN VESTRA", "OCEAN VESTRAN")]);
    same(Kind::Vessel, &[("GOLDN VESTAR", "GOLDEN VESTAR"), ("CAPTAIN VESTRJAK", "CAPTAIN VESTRYAK")]);
}

#[test]
fn titles_of_several_words() {
    same(
        Kind::Person,
        &[
            ("Tan Sri Dato' Seri Orlan Vestari", "Orlan Vestari"),
            ("Datuk Seri Ahmad Vestari", "Ahmad Vestari"),
            ("His Excellency Orlan Vestari", "Orlan Vestari"),
            ("Raden Mas Orlan Vestowo", "Orlan Vestowo"),
        ],
    );
    // Tan alone is a surname.
    apart(Kind::Person, &[("Tan Orlan", "Lim Orlan")]);
}

#[test]
fn pet_names_and_two_names_in_one_word() {
    same(
        Kind::Person,
        &[
            ("Женя Вестерова", "Evgenia Vesterova"),
            ("Yauheni Vestsiuk", "Evgenij Vestsiuk"),
            ("Xhemil Vesthaj", "Džemil Vesthaj"),
            ("محمدجواد زرین", "Mohammad Javad Zarin"),
            ("امیرحسین زرین", "Amir Hossein Zarin"),
        ],
    );
    apart(Kind::Person, &[("Женя Вестерова", "Irina Vesterova"), ("محمدجواد زرین", "Mohammad Reza Zarin")]);
}

#[test]
fn firms_names_in_translation() {
    same(
        Kind::Org,
        &[
            ("Vesta Optical Instruments Factory", "Завод оптических приборов Веста"),
            ("Vesta Bearing Plant", "Подшипниковый завод Веста"),
            ("Staatliches Zentrum für Chemie Vesta", "Vesta State Center of Chemistry"),
            ("Voronezh Vesta Plant", "Воронежский завод Веста"),
            ("Banco Agrícola de Vestoria", "Agricultural Bank of Vestoria"),
        ],
    );
}

#[test]
fn what_is_written_more_alike_comes_first() {
    let asked = Prepared::new(&party(Kind::Org, "Vestoria Stichting"));
    let near = |main: &str, alias: &str| {
        let mut p = party(Kind::Org, main);
        p.names.push((alias.into(), NameKind::Alias));
        let p = Prepared::new(&p);
        let (score, names) = score_and_names(&asked, &p, &BuiltIn, &Weights::STANDARD, &mut Scratch::default());
        (score, likeness(&asked, &p, names))
    };
    let (a, b) = (near("STICHTING VESTORIA", "VESTORIA"), near("OTHER FUND", "STICHTING VESTORIA"));
    assert_eq!(a.0, b.0);
    assert!(a.1 > b.1);
}

#[test]
fn a_surname_is_no_notion() {
    // Gold, north, insurance, the town of Ivanovo, "maxi".
    for text in ["Золотов Орлан", "Орлан Северов", "Орлана Страхова", "Иванова Орлана", "Максим Вестеров"]
    {
        assert!(!name(text, NameKind::Main, Kind::Unknown).org, "{text}");
    }
    same(Kind::Unknown, &[("Золотов Орлан", "Золотов Орлан Павлович")]);
    for (a, b) in [("ООО Золотов", "ООО Золото"), ("ООО Максим", "ООО Макси"), ("ООО Северов", "ООО Север")]
    {
        let m = outcome(&party(Kind::Org, a), &party(Kind::Org, b));
        assert!(m.evidence.iter().all(|e| e.how != How::Translation), "{a} / {b}: {m:#?}");
    }
}

#[test]
fn what_stands_before_allah_is_a_name_of_its_own() {
    same(
        Kind::Person,
        &[
            ("Hossein Allah-Karam", "Hossein Allahkaram"),
            ("Hosein ALLAHKARAM", "Hossein Allah Karam"),
            ("Rahmat Allah Vestari", "Rahmatullah Vestari"),
            ("Fazl Ullah Vestari", "Fazlullah Vestari"),
            ("Abd Allah Vestari", "Abdullah Vestari"),
            ("Maria Ulla Vesten", "Ulla Vesten"),
        ],
    );
}
