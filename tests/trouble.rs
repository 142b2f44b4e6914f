//! One file with several parties' worth of trouble: aliases in twelve scripts, empty names, vague
//! days, numbers that occur twice, entries without a number.

use crate::support::{graph, import_texts, memory, on};
use cuibono::graph::{Filter, View};
use cuibono::model::prop;

const SCRIPTS: [(&str, &str); 12] = [
    ("Рудольф Рассендилл", "Cyrl"),
    ("رودولف راسنديل", "Arab"),
    ("רודולף רסנדיל", "Hebr"),
    ("Ροδόλφος Ρασεντίλ", "Grek"),
    ("रुडोल्फ रासेंडिल", "Deva"),
    ("รูดอล์ฟ แรสเซนดิลล์", "Thai"),
    ("루돌프 라센딜", "Hang"),
    ("魯道夫", "Hani"),
    ("ルドルフ", "Kana"),
    ("რუდოლფ რასენდილი", "Geor"),
    ("Ռուդոլֆ Ռասենդիլ", "Armn"),
    ("রুডলফ রাসেন্ডিল", "Beng"),
];

fn person(number: &str, name: &str, more: &str) -> String {
    format!(
        "<INDIVIDUAL><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{number}</REFERENCE_NUMBER>{more}</INDIVIDUAL>"
    )
}

#[test]
fn a_list_of_troubles() {
    let alias =
        |n: &str| format!("<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{n}</ALIAS_NAME></INDIVIDUAL_ALIAS>");
    let aliases: String = SCRIPTS.iter().map(|(n, _)| alias(n)).collect();
    let vague = "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1951</YEAR>\
                 </INDIVIDUAL_DATE_OF_BIRTH>";
    let list = [
        person("QZi.001", "RUDOLF", &(aliases + &alias("") + vague)),
        person("QZi.002", "", ""),
        person("QZi.003", "MICHAEL", ""),
        person("QZi.003", "BLACK MICHAEL", ""),
        person("", "FLAVIA", ""),
    ];
    let text = format!(
        "<CONSOLIDATED_LIST dateGenerated=\"2024-05-01\"><INDIVIDUALS>{}</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>",
        list.concat()
    );
    let s = memory();
    let outcome = import_texts(&s, &[("un.xml", &text)], &on("2024-05-01")).unwrap();
    assert_eq!(outcome.report.get("individuals"), 5, "none is dropped");
    let suspects: u64 = outcome.report.suspicious.values().map(|f| f.count).sum();
    assert!(suspects >= 3, "{:?}", outcome.report.suspicious);

    let g = graph(&s);
    let view = View::new(&g, Filter::default()).unwrap();
    let party = |id: &str| view.party(g.find_id(id).unwrap()).unwrap();
    let rudolf = party("un:QZi.001");
    for (name, script) in SCRIPTS {
        let fact = rudolf.facts.iter().find(|f| f.prop == prop::ALIAS && f.value == name).unwrap();
        assert_eq!(fact.script, script, "{name}");
        let found = view.search(name, 5).0;
        assert!(found.iter().any(|h| g.id(h.node) == "un:QZi.001"), "{name}");
    }
    assert_eq!(rudolf.values(prop::BIRTH).collect::<Vec<_>>(), ["circa 1951"]);
    let twice: Vec<String> = party("un:QZi.003").values(prop::NAME).map(str::to_owned).collect();
    assert_eq!(twice.len(), 2, "both entries of one number are kept: {twice:?}");
    assert_eq!(view.listed().len(), 4, "three numbers and one without");
}
