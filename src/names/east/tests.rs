//! Names of textbooks and of our own invention, across scripts and romanisations.

use super::*;

fn name(text: &str) -> Reading {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    read(&words)
}

fn meet(a: &Reading, b: &Reading) -> bool {
    a.keys().any(|key| b.keys().any(|other| other == key))
}

/// One name under two spellings: high, no conflict, a key in common.
fn same(cases: &[(&str, &str)], tradition: Tradition) {
    for (a, b) in cases {
        let (x, y) = (name(a), name(b));
        let found = x.compare(&y).unwrap_or_else(|| panic!("{a} | {b}: {x:?} {y:?}"));
        assert!(found.score >= 90 && found.whole() && found.tradition == tradition, "{a} | {b}: {found:?}");
        assert_eq!(y.compare(&x).map(|back| back.score), Some(found.score), "{a} | {b}");
        assert!(meet(&x, &y), "{a} | {b}: no key in common");
    }
}

/// Two names that share all but a syllable: low.
fn different(cases: &[(&str, &str)]) {
    for (a, b) in cases {
        if let Some(found) = name(a).compare(&name(b)) {
            assert!(found.score <= 55, "{a} | {b}: {found:?}");
        }
    }
}

#[test]
fn korean_spellings_meet() {
    same(
        &[
            ("Hong Gildong", "홍길동"),
            ("Hong Kil-tong", "홍길동"),
            ("Gildong Hong", "Hong Kil Tong"),
            ("Yi Sun-sin", "이순신"),
            ("Lee Soon Shin", "李舜臣"),
            ("Rhee Syngman", "이승만"),
            ("Chŏng Yag-yong", "Jeong Yakyong"),
            ("Choi Eun-young", "최은영"),
            ("Ch'oe Ŭn-yŏng", "Choe Un Yong"),
            ("Noh Hyun-woo", "Ro Hyon U"),
            ("Ryu Kwan Sun", "유관순"),
            ("Namgung Min", "남궁민"),
            ("Ким Чен Ир", "Kim Jong Il"),
            ("Пак Хён Ёнг", "Pak Hon-yong"),
            ("Kim Zyong Il", "Kim Jong Il"),
            ("Kim Kungnyol", "Kim Kuk Ryol"),
            ("Paik Nam June", "백남준"),
            ("Кім Чен Ин", "Kim Jong Un"),
            ("Kimjong Un", "Kim Jong Un"),
            ("Kim Chen Yn", "Kim Jong Un"),
        ],
        Tradition::Korean,
    );
}

/// Every syllable of names in every official spelling is read back.
#[test]
fn every_korean_syllable_is_read_from_every_romanisation() {
    let (mut count, mut lost) = (0, Vec::new());
    for code in 0xac00..=0xd7a3_u32 {
        let letter = char::from_u32(code).unwrap();
        let jamo = hangul::take_apart(letter).unwrap();
        if jamo.spoken() != jamo || !korean::valid(jamo.class()) {
            continue;
        }
        count += 1;
        let spellings = [
            (firm::north(letter), false),
            (firm::south(letter), false),
            (mccune(jamo), true),
            (mccune(jamo).replace('\'', "").to_lowercase(), false),
        ];
        for (spelling, exact) in spellings {
            let table = if exact { pieces::exact() } else { pieces::latin() };
            let cuts = table.cuts(&spelling);
            let held = cuts
                .iter()
                .filter(|cut| cut.sounds.len() == 1)
                .any(|cut| cut.sounds[0].classes().iter().any(|class| class.id() == jamo.class()));
            if !held {
                lost.push(format!("{letter} {spelling}"));
            }
        }
    }
    assert!(count > 400, "{count}");
    assert!(lost.is_empty(), "{} of {count}: {lost:?}", lost.len());
}

/// McCune-Reischauer of one syllable; O and U for o and u with breve.
fn mccune(jamo: hangul::Jamo) -> String {
    let initials =
        ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch'", "k'", "t'", "p'", "h"];
    let medials = [
        "a", "ae", "ya", "yae", "O", "e", "yO", "ye", "o", "wa", "wae", "oe", "yo", "u", "wO", "we", "wi", "yu", "U",
        "Ui", "i",
    ];
    let last = match jamo.last {
        hangul::LAST_K => "k",
        hangul::LAST_N => "n",
        7 => "t",
        hangul::LAST_L => "l",
        hangul::LAST_M => "m",
        hangul::LAST_P => "p",
        hangul::LAST_NG => "ng",
        _ => "",
    };
    format!("{}{}{last}", initials[jamo.initial as usize], medials[jamo.medial as usize])
}

/// Every pinyin syllable and its Wade-Giles and Russian spellings, with the marks and without, meet.
#[test]
fn every_pinyin_syllable_is_read_from_other_romanisations() {
    let mut lost = Vec::new();
    for (class, syllable) in pinyin::all() {
        let wade = pinyin::wade(syllable);
        for spelling in [
            syllable.to_owned(),
            wade.clone(),
            wade.replace('\'', ""),
            wade.replace('v', "u"),
            pinyin::palladius(syllable),
        ] {
            let part = spellings::Part::new(&spelling);
            let held = part
                .cuts(spellings::ALL)
                .iter()
                .filter(|cut| cut.sounds.len() == 1)
                .any(|cut| cut.sounds[0].classes().iter().any(|one| one.id() == class));
            if !held {
                lost.push(format!("{syllable} {spelling}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn korean_syllables_stay_apart() {
    different(&[
        ("Kim Jong Un", "Kim Jong Il"),
        ("Kim Jong Un", "Kim Jong Nam"),
        ("Kim Jong Un", "김정일"),
        ("Pak Jong Ung", "Pak Jong Ok"),
        ("Ri Chol Ho", "Ri Chol Su"),
        ("Kim Yong Nam", "Kim Jong Nam"),
        ("Choe Hyok", "Choe Hyon"),
        ("Kim Il", "Kim Il Song"),
        ("홍길동", "홍길순"),
        ("Han Song Min", "Han Song"),
    ]);
}

#[test]
fn chinese_spellings_meet() {
    same(
        &[
            ("Sun Zhongshan", "孫中山"),
            ("Zhou Shuren", "周樹人"),
            ("Chou Shu-jen", "周树人"),
            ("Lu Xun", "Lu Hsün"),
            ("Lao She", "老舍"),
            ("Mao Tse-tung", "毛泽东"),
            ("Мао Цзэдун", "毛澤東"),
            ("Teng Hsiao-p'ing", "Xiaoping Deng"),
            ("Cheung Man-yuk", "张曼玉"),
            ("Leung Chiu Wai", "梁朝偉"),
            ("Tony Leung Chiu-wai", "Liang Chaowei"),
            ("Goh Chok Tong", "吴作栋"),
            ("Tsai Ing-wen", "蔡英文"),
            ("Ouyang Xiu", "歐陽修"),
            ("Shan Tianfang", "单田芳"),
            ("Zeng Guofan", "曾國藩"),
            ("Xie Zhen", "解珍"),
            ("Lü Buwei", "吕不韦"),
            ("Lyu Buwei", "Lu Buwei"),
            ("Wang Anshi", "Wang An-shih"),
            ("Jack Ma Yun", "马云"),
            ("Yip Lau Suk-yee", "叶刘淑仪"),
            ("Lau Suk Yee", "葉劉淑儀"),
            ("Chan Steve Kwok-wing", "陳國榮"),
            ("Si Tszinpin", "Xi Jinping"),
            ("Сі Цзіньпін", "习近平"),
        ],
        Tradition::Chinese,
    );
}

#[test]
fn chinese_syllables_stay_apart() {
    different(&[
        ("Wang Jun", "Wang Jian"),
        ("Li Ming", "Li Ning"),
        ("Zhang Wei", "Zhang Min"),
        ("Zhang Wei", "Zhang Weimin"),
        ("王军", "Wang Jian"),
        ("王军", "王君"),
        ("Chen Kai-shek", "Chiang Kai-shek"),
    ]);
}

#[test]
fn japanese_spellings_meet() {
    same(
        &[
            ("Yamada Taro", "山田太郎"),
            ("Tarō Yamada", "やまだ たろう"),
            ("Tarou Yamada", "ヤマダ・タロウ"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "山田 太郎"),
            ("Watanabe Ken", "渡邊謙"),
            ("Satoh Jun'ichi", "佐藤純一"),
            ("Sasaki Kojiro", "佐々木小次郎"),
            ("Huzita Syozi", "Fujita Shoji"),
            ("Yamada Sakura", "山田さくら"),
            ("Ohno Hiroshi", "大野 浩"),
            // Put together from the readings of the characters.
            ("Kawayama Haruto", "川山 晴人"),
            ("Matsusaki Tomoki", "松崎智紀"),
        ],
        Tradition::Japanese,
    );
    different(&[("Yamada Taro", "Yamada Jiro"), ("山田太郎", "Tanaka Taro"), ("Suzuki Ichiro", "Suzuki Taro")]);
}

#[test]
fn vietnamese_spellings_meet() {
    same(
        &[
            ("Nguyễn Văn Hùng", "Nguyen Van Hung"),
            ("Nguyen Van Hung", "Hung Van Nguyen"),
            ("Nguyen Van Hung", "Van Hung Nguyen"),
            ("Nguyen Vanhung", "Nguyen Van Hung"),
            ("Trần Thị Hoà", "Trần Thị Hòa"),
            ("Lê Đức Thọ", "Le Duc Tho"),
            ("Ngô Đình Diệm", "Dinh Diem Ngo"),
        ],
        Tradition::Vietnamese,
    );
    different(&[("Nguyễn Văn Hùng", "Nguyễn Văn Hưng"), ("Nguyen Van Hung", "Nguyen Van Minh")]);
    let shorter = name("Nguyen Hung").compare(&name("Nguyen Van Hung")).unwrap();
    assert!(shorter.score >= 70 && shorter.extra == 1, "{shorter:?}");
}

/// Two given names that differ in pinyin are two, though Wade-Giles or Cantonese could write one as the other.
#[test]
fn romanisations_do_not_mix_in_one_name() {
    let given = [
        "bing", "ping", "jin", "jun", "chun", "zhen", "yan", "yin", "ying", "yun", "wen", "xin", "ming", "min", "ning",
        "heng", "hong",
    ];
    for (place, a) in given.iter().enumerate() {
        for b in given.iter().skip(place + 1) {
            for (head, joint) in [("wang ", ""), ("zhang xiao", ""), ("zhang xiao", " ")] {
                let (x, y) = (name(&format!("{head}{joint}{a}")), name(&format!("{head}{joint}{b}")));
                let score = x.compare(&y).map_or(0, |found| found.score);
                assert!(score < 85, "{head}{joint}{a} | {b}: {score}");
            }
        }
    }
    // The whole name in Wade-Giles beside the whole name in pinyin.
    same(&[("Chang Chih-chung", "Zhang Zhizhong"), ("Ts'ao Hsueh-ch'in", "Cao Xueqin")], Tradition::Chinese);
}

#[test]
fn firms_and_western_names_are_not_swallowed() {
    for text in [
        "Korea Ryonbong General Corporation",
        "Korea Kumsan Trading",
        "Dalian Ocean Fishery Co Ltd",
        "John Smith",
        "Maria del Carmen Santos",
        "Vladimir Putin",
        "Jackie Chan",
        "Ali Hasan Mohammed",
        "12 34",
        "",
    ] {
        assert!(name(text).is_empty(), "{text}: {:?}", name(text));
    }
}

#[test]
fn no_unicode_makes_it_panic() {
    let mut seed = 42_u64;
    for round in 0..4000 {
        let mut text = String::new();
        for _ in 0..round % 40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let code = match seed >> 33 & 7 {
                0 => (seed >> 36) as u32 % 0x11_0000,
                1 => 0xac00 + (seed >> 36) as u32 % 11_172,
                2 => 0x4e00 + (seed >> 36) as u32 % 0x5200,
                3 => 0x3041 + (seed >> 36) as u32 % 0xc0,
                4 => 0x300 + (seed >> 36) as u32 % 0x70,
                5 => 0x430 + (seed >> 36) as u32 % 0x20,
                _ => 0x61 + (seed >> 36) as u32 % 26,
            };
            text.extend(char::from_u32(code));
            if seed >> 50 & 7 == 0 {
                text.push([' ', '-', '\'', '・'][(seed >> 55 & 3) as usize]);
            }
        }
        let one = name(&text);
        assert!(one.keys().count() <= 24 * 4);
        let _ = one.compare(&name("Kim Jong Un"));
        let _ = one.compare(&one.clone());
    }
    let long = "kim ".repeat(5000) + &"wangjun".repeat(2000) + &"김".repeat(3000);
    let _ = name(&long);
    let _ = name(&"xianxian".repeat(4000));
    let _ = name(&"山".repeat(4000));
}
