//! Reads regime files. It is our own format: whatever is unknown or doubtful refuses the file,
//! with line, element and reason, because a rule read wrongly is a verdict given wrongly.

use super::regime_member::{Item, Object, Source};
use super::{Aggregation, Basis, Cover, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
use crate::error::Result;
use crate::model::{Catalogue, Percent};
use std::collections::HashSet;

const FILE: &[&str] = &["version", "about", "regimes"];
const REGIME: &[&str] = &["id", "title", "kind", "lists", "owner_threshold", "rules"];
const LIST: &[&str] = &["list", "programs", "instead_of", "partial"];
const RULE: &[&str] = &["id", "from", "to", "citation", "notes", "test", "wording"];
const TEST: &[&str] = &[
    "at_least",
    "more_than",
    "aggregation",
    "basis",
    "joint",
    "joint_arrangement",
    "control",
    "may_control",
    "votes_may_control",
];
const WORDING: &[&str] = &["listed", "blocked", "not_blocked", "indeterminate"];

impl Regimes {
    /// Reads a regime file (JSON, `docs/regimes.md`); `file` names it in errors.
    ///
    /// # Errors
    /// An input error with file, line, element and reason: malformed JSON, a member that is
    /// unknown, missing or given twice, an unknown word or edge type, a threshold outside 0 to
    /// 100, a version that ends before it starts or overlaps another, an id given twice.
    pub fn parse(text: &str, file: &str) -> Result<Regimes> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source { text, file };
        let top = Object::read(&source, source.root()?, FILE)?;
        let version = top.required("version")?;
        let (mut list, mut regime_ids, mut rule_ids) = (Vec::new(), HashSet::new(), HashSet::new());
        for item in top.items("regimes")? {
            let object = Object::read(&source, item, REGIME)?;
            list.push(regime(&object, &mut rule_ids)?);
            if let Some(r) = list.last()
                && !regime_ids.insert(r.id.clone())
            {
                return Err(object.bad("id", format!("regime {:?} is given twice", r.id)));
            }
        }
        if list.is_empty() {
            return Err(top.bad("regimes", "the file has no regimes"));
        }
        Ok(Regimes { version, list })
    }
}

fn regime(o: &Object<'_, '_>, rule_ids: &mut HashSet<String>) -> Result<Regime> {
    let id = o.id()?;
    let title = o.required("title")?;
    let kind = o.word("kind", &RegimeKind::WORDS)?.ok_or_else(|| o.missing("kind"))?;
    let owner_threshold = o.percent("owner_threshold")?;
    match (kind, owner_threshold) {
        (RegimeKind::BeneficialOwnership, None) => return Err(o.missing("owner_threshold")),
        (RegimeKind::BeneficialOwnership, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            return Err(
                o.bad("owner_threshold", "only a regime of the kind beneficial_ownership has an owner_threshold")
            );
        }
    }
    let mut lists: Vec<RegimeList> = Vec::new();
    for item in o.items("lists")? {
        let (raw, at) = (item.raw, item.at.clone());
        let list = regime_list(o.source, item)?;
        if lists.iter().any(|l| l.list == list.list) {
            return Err(o.source.bad(raw, &at, format!("list {:?} is given twice", list.list)));
        }
        lists.push(list);
    }
    for l in &lists {
        if let Cover::InsteadOf(other) = &l.cover
            && !lists.iter().any(|m| m.list == *other && m.cover == Cover::Needed)
        {
            let message =
                format!("{:?} stands in for {other:?}, which is no list of the regime that is needed", l.list);
            return Err(o.bad("lists", message));
        }
    }
    if lists.is_empty() && kind != RegimeKind::BeneficialOwnership {
        return Err(o.bad("lists", "the regime names no list"));
    }
    let mut rules = Vec::new();
    for item in o.items("rules")? {
        let rule_object = Object::read(o.source, item, RULE)?;
        let one = rule(&rule_object, kind)?;
        if !rule_ids.insert(one.id.clone()) {
            return Err(rule_object.bad("id", format!("rule {:?} is given twice", one.id)));
        }
        let overlap = rules.iter().find(|r: &&Rule| starts_before_end(r, &one) && starts_before_end(&one, r));
        if let Some(other) = overlap {
            let message = format!("version {:?} overlaps {:?}, in force {}", one.id, other.id, other.span());
            return Err(rule_object
                .bad(if one.from.is_some() { "from" } else { "" }, message)
                .hint("`to` is the first day no longer in force; the next version starts on that day"));
        }
        rules.push(one);
    }
    if rules.is_empty() {
        return Err(o.bad("rules", "the regime has no rules"));
    }
    rules.sort_by_key(|r| r.from);
    Ok(Regime { id, title, kind, lists, owner_threshold, rules })
}

fn starts_before_end(a: &Rule, b: &Rule) -> bool {
    match (a.from, b.to) {
        (Some(from), Some(to)) => from < to,
        _ => true,
    }
}

/// A list id, or `{"list", "programs", "instead_of", "partial"}`.
fn regime_list(source: &Source<'_>, item: Item<'_>) -> Result<RegimeList> {
    let (raw, at) = (item.raw, item.at.clone());
    let list = if raw.get().starts_with('{') {
        let o = Object::read(source, item, LIST)?;
        let cover = match (o.get("instead_of").is_some(), o.flag("partial")?) {
            (true, true) => {
                return Err(o.bad("partial", "a list that holds only some cannot stand in for another"));
            }
            (true, false) => Cover::InsteadOf(o.required("instead_of")?),
            (false, true) => Cover::Partial,
            (false, false) => Cover::Needed,
        };
        let list = RegimeList { list: o.required("list")?, programs: o.texts("programs")?, cover };
        if o.get("programs").is_some() && list.programs.is_empty() {
            return Err(o.bad("programs", "no programme is named").hint("leave the member out: all listings count"));
        }
        list
    } else {
        RegimeList { list: source.text_of(raw, &at)?, programs: Vec::new(), cover: Cover::Needed }
    };
    if list.list.is_empty() || list.list == "*" || list.list.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(source.bad(raw, &at, format!("{:?} is no list id", list.list)).hint("name one such as `ofac_sdn`"));
    }
    Ok(list)
}

fn rule(o: &Object<'_, '_>, kind: RegimeKind) -> Result<Rule> {
    let id = o.id()?;
    let (from, to) = (o.day("from")?, o.day("to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(o
            .bad("to", format!("in force from {from} to {to}: it ends before it starts"))
            .hint("`to` is the first day no longer in force"));
    }
    let citation = o.required("citation")?;
    let test = match (o.get("test"), kind) {
        (None, RegimeKind::Sanctions) => {
            return Err(o.missing("test").hint("write null for a time in which only listed parties are affected"));
        }
        (None, _) => None,
        (Some(raw), _) if raw.get() == "null" => None,
        (Some(raw), RegimeKind::Sanctions) => {
            Some(test(&Object::read(o.source, Item { raw, at: o.path("test") }, TEST)?)?)
        }
        (Some(_), _) => return Err(o.bad("test", "only a regime of the kind sanctions has a test")),
    };
    Ok(Rule { id, from, to, test, citation, notes: o.texts("notes")?, wording: wording(o)? })
}

fn test(o: &Object<'_, '_>) -> Result<Test> {
    let (threshold, inclusive) = match (o.percent("at_least")?, o.percent("more_than")?) {
        (Some(t), None) => (t, true),
        (None, Some(t)) => (t, false),
        (None, None) => return Err(o.bad("", "the test has no threshold").hint("give `at_least` or `more_than`")),
        (Some(_), Some(_)) => return Err(o.bad("more_than", "`at_least` and `more_than` are both given")),
    };
    if inclusive && threshold == Percent::ZERO {
        return Err(o
            .bad("at_least", "at least 0 percent blocks every party there is")
            .hint("write `more_than` 0 for any share at all"));
    }
    let mut basis: Vec<Basis> = Vec::new();
    for item in o.items("basis")? {
        let word = o.source.word(item.raw, &item.at, &Basis::WORDS)?;
        if basis.contains(&word) {
            return Err(o.source.bad(item.raw, &item.at, format!("basis {:?} is given twice", word.as_str())));
        }
        basis.push(word);
    }
    if basis.is_empty() {
        return Err(o.bad("basis", "the test names no basis").hint("give [\"shares\"], [\"votes\"] or both"));
    }
    let control = edge_types(o, "control", &[])?;
    let may_control = edge_types(o, "may_control", &control)?;
    let votes_may_control = o.flag("votes_may_control")?;
    if votes_may_control && basis.contains(&Basis::Votes) {
        return Err(o.bad("votes_may_control", "votes are a basis already"));
    }
    Ok(Test {
        threshold,
        inclusive,
        aggregation: o.word("aggregation", &Aggregation::WORDS)?.ok_or_else(|| o.missing("aggregation"))?,
        basis,
        joint: o.word("joint", &Joint::WORDS)?.unwrap_or(Joint::AnyHolder),
        joint_arrangement: o.flag("joint_arrangement")?,
        control,
        may_control,
        votes_may_control,
    })
}

/// Names or synonyms of edge types that can be read as control; kept by name.
fn edge_types(o: &Object<'_, '_>, name: &str, taken: &[String]) -> Result<Vec<String>> {
    let mut types: Vec<String> = Vec::new();
    for item in o.items(name)? {
        let word = o.source.text_of(item.raw, &item.at)?;
        let bad = |message: String| o.source.bad(item.raw, &item.at, message);
        let Some(t) = Catalogue::builtin().edge_type(&word) else {
            let known = Catalogue::builtin().edge_types().iter().filter(|t| t.control).map(|t| t.name.as_str());
            let known: Vec<&str> = known.collect();
            return Err(bad(format!("unknown edge type {word:?}"))
                .hint(format!("types of control: {}; any other directed type will do", known.join(", "))));
        };
        if t.ownership || t.votes {
            return Err(bad(format!("{:?} is ownership: it is added up and cannot count as control", t.name)));
        }
        if t.symmetric {
            return Err(bad(format!("{:?} has no direction and cannot count as control", t.name)));
        }
        if types.contains(&t.name) || taken.contains(&t.name) {
            return Err(bad(format!("edge type {:?} is given twice", t.name)));
        }
        types.push(t.name.clone());
    }
    Ok(types)
}

fn wording(rule: &Object<'_, '_>) -> Result<Wording> {
    let mut wording = Wording::default();
    let Some(raw) = rule.value("wording") else { return Ok(wording) };
    let o = Object::read(rule.source, Item { raw, at: rule.path("wording") }, WORDING)?;
    for (name, sentence) in [
        ("listed", &mut wording.listed),
        ("blocked", &mut wording.blocked),
        ("not_blocked", &mut wording.not_blocked),
        ("indeterminate", &mut wording.indeterminate),
    ] {
        if o.value(name).is_some() {
            *sentence = o.required(name)?;
            if let Some(wrong) = wrong_placeholder(sentence) {
                let known: Vec<String> = Wording::PLACEHOLDERS.iter().map(|p| format!("{{{p}}}")).collect();
                return Err(o.bad(name, wrong).hint(format!("known: {}", known.join(", "))));
            }
        }
    }
    Ok(wording)
}

fn wrong_placeholder(sentence: &str) -> Option<String> {
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Some("a placeholder is not closed".to_owned());
        };
        if before.contains('}') {
            return Some("a brace is closed that was not opened".to_owned());
        }
        if !Wording::PLACEHOLDERS.contains(&name) {
            return Some(format!("unknown placeholder {{{name}}}"));
        }
        rest = after;
    }
    rest.contains('}').then(|| "a brace is closed that was not opened".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};

    /// A file whose every line is one member, so that errors can be told by line.
    const GOOD: &str = r#"{
  "version": "t1",
  "regimes": [
    {
      "id": "xx",
      "title": "Invented",
      "kind": "sanctions",
      "lists": ["xx_list", {"list": "ofac_sdn", "programs": ["FICTION"]}],
      "rules": [
        {
          "id": "xx-2",
          "from": "2020-01-01",
          "citation": "Act 2",
          "notes": ["one", "two"],
          "test": {
            "more_than": 33.5,
            "aggregation": "each",
            "basis": ["votes", "shares"],
            "joint": "all_holders",
            "joint_arrangement": true,
            "control": ["control"],
            "may_control": ["directs", "trustee_of"]
          },
          "wording": {"blocked": "{entity}: {share} of {threshold}, {rule}, {day}"}
        },
        {
          "id": "xx-1",
          "to": "2020-01-01",
          "citation": "Act 1",
          "test": null
        }
      ]
    }
  ]
}
"#;

    /// The error of the good file with one piece replaced.
    fn refused(from: &str, to: &str) -> Error {
        assert!(GOOD.contains(from), "{from}");
        let e = Regimes::parse(&GOOD.replacen(from, to, 1), "my.json").unwrap_err();
        assert_eq!(e.kind(), Kind::Input, "{e}");
        e
    }

    #[test]
    fn a_file_is_read_to_the_last_member() {
        let all = Regimes::parse(&format!("\u{feff}{GOOD}"), "my.json").unwrap();
        assert_eq!(all.version, "t1");
        let r = all.get("xx").unwrap();
        assert_eq!((r.title.as_str(), r.kind, r.owner_threshold), ("Invented", RegimeKind::Sanctions, None));
        assert_eq!(r.lists[0], RegimeList { list: "xx_list".into(), programs: vec![], cover: Cover::Needed });
        let fiction = vec!["FICTION".into()];
        assert_eq!(r.lists[1], RegimeList { list: "ofac_sdn".into(), programs: fiction, cover: Cover::Needed });
        assert_eq!(r.lacking(|l| l == "xx_list"), ["ofac_sdn"]);
        let ids: Vec<&str> = r.rules.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["xx-1", "xx-2"], "in the order of their dates");
        assert_eq!((r.rules[0].from, r.rules[0].test.as_ref()), (None, None));
        assert_eq!(r.rules[0].wording, Wording::default());
        let rule = &r.rules[1];
        assert_eq!((rule.citation.as_str(), rule.notes.len(), rule.to), ("Act 2", 2, None));
        assert_eq!(rule.wording.blocked, "{entity}: {share} of {threshold}, {rule}, {day}");
        assert_eq!(rule.wording.listed, Wording::default().listed);
        assert_eq!(
            rule.test,
            Some(Test {
                threshold: Percent::new(67, 2).unwrap(),
                inclusive: false,
                aggregation: Aggregation::Each,
                basis: vec![Basis::Votes, Basis::Shares],
                joint: Joint::AllHolders,
                joint_arrangement: true,
                control: vec!["controls".into()],
                may_control: vec!["directs".into(), "trustee_of".into()],
                votes_may_control: false,
            })
        );
    }

    #[test]
    fn mistakes_are_told_with_line_element_and_reason() {
        let rule = "regimes[0].rules[0]";
        let test = "regimes[0].rules[0].test";
        for (from, to, line, element, reason) in [
            (r#""joint": "#, r#""jointly": "#, 19, format!("{test}.jointly"), "unknown member \"jointly\""),
            (r#""title""#, r#""titel""#, 6, "regimes[0].titel".into(), "unknown member"),
            (r#""version""#, r#""vresion""#, 2, "vresion".into(), "unknown member"),
            (r#""each""#, r#""sum""#, 17, format!("{test}.aggregation"), "unknown aggregation \"sum\""),
            (r#""shares"]"#, r#""capital"]"#, 18, format!("{test}.basis[1]"), "unknown basis \"capital\""),
            (r#""shares"]"#, r#""votes"]"#, 18, format!("{test}.basis[1]"), "given twice"),
            (r#"["votes", "shares"]"#, "[]", 18, format!("{test}.basis"), "names no basis"),
            (r#""all_holders""#, "7", 19, format!("{test}.joint"), "expected a text"),
            ("true", r#""yes""#, 20, format!("{test}.joint_arrangement"), "expected true or false"),
            ("33.5", "133.5", 16, format!("{test}.more_than"), "133.5 is not a percentage of 0 to 100"),
            ("33.5", "-1", 16, format!("{test}.more_than"), "-1 is not a percentage of 0 to 100"),
            ("33.5", "3e1", 16, format!("{test}.more_than"), "3e1 is not a percentage"),
            ("33.5", r#""half""#, 16, format!("{test}.more_than"), "\"half\" is not a percentage"),
            (r#""more_than": 33.5"#, r#""at_least": "0""#, 16, format!("{test}.at_least"), "blocks every party"),
            (r#""more_than": 33.5"#, r#""more_than": 1, "at_least": 1"#, 16, format!("{test}.more_than"), "both given"),
            (r#""more_than": 33.5,"#, "", 15, test.into(), "no threshold"),
            (r#""aggregation": "each","#, "", 15, test.into(), "\"aggregation\" is missing"),
            (r#""directs""#, r#""directz""#, 22, format!("{test}.may_control[0]"), "unknown edge type \"directz\""),
            (r#""directs""#, r#""controls""#, 22, format!("{test}.may_control[0]"), "\"controls\" is given twice"),
            (r#""directs""#, r#""owns""#, 22, format!("{test}.may_control[0]"), "\"owns\" is ownership"),
            (r#""directs""#, r#""family_of""#, 22, format!("{test}.may_control[0]"), "no direction"),
            (
                r#""control": ["control"]"#,
                r#""votes_may_control": true"#,
                21,
                format!("{test}.votes_may_control"),
                "basis already",
            ),
            (r#""citation": "Act 2","#, "", 10, rule.into(), "\"citation\" is missing"),
            ("Act 2", " ", 13, format!("{rule}.citation"), "\"citation\" is empty"),
            ("2020-01-01", "2020-13-01", 12, format!("{rule}.from"), "2020-13-01 is not a date"),
            ("2020-01-01", "2020-01", 12, format!("{rule}.from"), "\"2020-01\" is not a full day"),
            (
                r#""citation": "Act 2""#,
                r#""to": "2019-12-31", "citation": "A""#,
                13,
                format!("{rule}.to"),
                "ends before it starts",
            ),
            (
                r#""citation": "Act 2""#,
                r#""to": "2020-01-01", "citation": "A""#,
                13,
                format!("{rule}.to"),
                "ends before it starts",
            ),
            (
                r#""to": "2020-01-01""#,
                r#""to": "2020-01-02""#,
                26,
                "regimes[0].rules[1]".into(),
                "\"xx-1\" overlaps \"xx-2\", in force from 2020-01-01",
            ),
            (r#""id": "xx-1""#, r#""id": "xx-2""#, 27, "regimes[0].rules[1].id".into(), "rule \"xx-2\" is given twice"),
            (r#""id": "xx""#, r#""id": "X X""#, 5, "regimes[0].id".into(), "\"X X\" is no id"),
            (r#""sanctions""#, r#""sanction""#, 7, "regimes[0].kind".into(), "unknown kind \"sanction\""),
            (r#""sanctions""#, r#""exposure""#, 15, test.into(), "only a regime of the kind sanctions has a test"),
            (r#""sanctions""#, r#""beneficial_ownership""#, 4, "regimes[0]".into(), "\"owner_threshold\" is missing"),
            (
                r#""lists""#,
                r#""owner_threshold": 25, "lists""#,
                8,
                "regimes[0].owner_threshold".into(),
                "only a regime of the kind",
            ),
            (r#""xx_list""#, r#""xx list""#, 8, "regimes[0].lists[0]".into(), "\"xx list\" is no list id"),
            (r#""xx_list""#, r#""ofac_sdn""#, 8, "regimes[0].lists[1]".into(), "list \"ofac_sdn\" is given twice"),
            (r#"["FICTION"]"#, "[]", 8, "regimes[0].lists[1].programs".into(), "no programme is named"),
            (r#""test": null"#, r#""notes": []"#, 26, "regimes[0].rules[1]".into(), "\"test\" is missing"),
            (r#""notes": ["one", "two"]"#, r#""notes": "one""#, 14, format!("{rule}.notes"), "expected an array"),
            ("{share}", "{stake}", 24, format!("{rule}.wording.blocked"), "unknown placeholder {stake}"),
            ("{day}\"", "{day\"", 24, format!("{rule}.wording.blocked"), "not closed"),
            ("{day}\"", "day}\"", 24, format!("{rule}.wording.blocked"), "not opened"),
        ] {
            let e = refused(from, to);
            let place = e.place().unwrap();
            assert_eq!((place.file.as_str(), place.line), ("my.json", Some(line)), "{from} -> {to}: {e}");
            assert_eq!(place.element.as_deref(), Some(element.as_str()), "{from} -> {to}: {e}");
            assert!(e.message().contains(reason), "{from} -> {to}: {e}");
        }
    }

    #[test]
    fn known_words_are_named_with_the_mistake() {
        assert_eq!(refused("\"each\"", "\"sum\"").next_step(), Some("use one of: all, each, unsettled"));
        assert!(refused("\"notes\"", "\"note\"").next_step().unwrap().contains("citation, notes, test"));
        assert!(refused("\"directs\"", "\"x\"").next_step().unwrap().contains("appoints_board_of"));
        assert!(refused("{share}", "{x}").next_step().unwrap().contains("{threshold}"));
    }

    #[test]
    fn a_regime_or_member_given_twice_is_refused() {
        let regime = GOOD.split_once("[\n").unwrap().1.rsplit_once("\n  ]").unwrap().0;
        let twice = GOOD.replace(regime, &format!("{regime},\n{}", regime.replace("xx-", "yy-")));
        let e = Regimes::parse(&twice, "my.json").unwrap_err();
        assert!(e.message().contains("regime \"xx\" is given twice"), "{e}");
        assert_eq!(e.place().unwrap().element.as_deref(), Some("regimes[1].id"));
        let e = refused("\"title\"", "\"id\": \"yy\", \"title\"");
        assert!(e.message().contains("member \"id\" is given twice"), "{e}");
    }

    #[test]
    fn files_that_are_no_regime_file() {
        for (text, line, reason) in [
            ("", 1, "ends too early"),
            ("[]", 1, "expected an object"),
            ("{\n\"version\": \"1\",\n", 3, "ends too early"),
            ("{\n\"version\": \"1\"\n\"regimes\": []}", 3, "not well-formed JSON"),
            ("{\"version\": \"1\"}\n{}", 2, "not well-formed JSON"),
            ("{\"regimes\": []}", 1, "\"version\" is missing"),
            ("{\"version\": \"1\"}", 1, "no regimes"),
            ("{\"version\": \"1\",\n\"regimes\": []}", 2, "no regimes"),
            ("{\"version\": \"1\", \"regimes\": {}}", 1, "expected an array"),
            ("{\"version\": 1, \"regimes\": []}", 1, "expected a text"),
        ] {
            let e = Regimes::parse(text, "my.json").unwrap_err();
            assert_eq!(e.place().unwrap().line, Some(line), "{text:?}: {e}");
            assert!(e.message().contains(reason), "{text:?}: {e}");
        }
        let deep = format!("{{\"version\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Regimes::parse(&deep, "my.json").is_err());
        assert!(Regimes::parse("{\"version\": \"\\ud800\", \"regimes\": []}", "my.json").is_err());
    }

    #[test]
    fn no_cut_and_no_changed_byte_panics() {
        for i in 0..GOOD.len() {
            assert!(Regimes::parse(&GOOD[..i], "cut").is_err() || GOOD[i..].trim().is_empty(), "cut at {i}");
            for by in ["\"", "{", "9", "\\", ""] {
                let mut changed = GOOD.to_owned();
                changed.replace_range(i..=i, by);
                if let Err(e) = Regimes::parse(&changed, "changed") {
                    assert!(e.place().is_some_and(|p| p.line.is_some()), "{e}");
                }
            }
        }
    }
}
