//! The typed columns that every export shares.

use crate::model::{
    Act, Citation, Direct, Document, Fact, Listing, PartialDate, PartyRecord, RelationRecord, Status, prop,
};

use std::borrow::Cow;
use std::collections::HashSet;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Text, or nothing.
    Text,
    /// True or false, always there.
    Bool,
    /// A number for display, or nothing. Exact shares stand in the text column `share`.
    Number,
    /// Texts in order, possibly none.
    List,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing stated.
    Missing,
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// Texts.
    List(Vec<String>),
}

/// Name and type of a column.
pub(super) type Column = (&'static str, Type);

use Type::{Bool, List, Number, Text};

/// Columns of nodes, beside the id.
pub(super) const NODE: [Column; 17] = [
    ("label", Text),
    ("kind", Text),
    ("listed", Bool),
    ("lists", List),
    ("listed_from", Text),
    ("programs", List),
    ("listings", List),
    ("countries", List),
    ("birth", List),
    ("aliases", List),
    ("weak_aliases", List),
    ("former_names", List),
    ("identifiers", List),
    ("addresses", List),
    ("properties", List),
    ("sources", List),
    ("locators", List),
];

/// Columns of edges, beside id, source and target. `edge_id` repeats the id because readers
/// drop or misread the native one; dates are not called `start` and `end` because readers eat
/// those.
pub(super) const EDGE: [Column; 18] = [
    ("edge_id", Text),
    ("kind", Text),
    ("label", Text),
    ("share", Text),
    ("share_min", Number),
    ("share_max", Number),
    ("start_date", Text),
    ("end_date", Text),
    ("status", Text),
    ("act", Text),
    ("direct", Text),
    ("role", Text),
    ("stake", Text),
    ("joint", Text),
    ("properties", List),
    ("sources", List),
    ("locators", List),
    ("directed", Bool),
];

fn text(s: &str) -> Cell {
    if s.is_empty() { Cell::Missing } else { Cell::Text(s.to_owned()) }
}

/// The texts that are not empty, each once, in order.
fn distinct<'a>(texts: impl IntoIterator<Item = Cow<'a, str>>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.into_iter().filter(|t| !t.is_empty() && seen.insert(t.clone())).map(|t| t.clone().into_owned()).collect()
}

/// Whether something with this end is over on `as_of`, as queries mean it
/// ([`crate::graph::View::over`]); without a day, whether it has an end.
pub(super) fn over(to: Option<PartialDate>, as_of: Option<PartialDate>) -> bool {
    to.is_some_and(|t| as_of.is_none_or(|day| t.has_come(day)))
}

/// Whether something with this start has surely not begun on `as_of`.
pub(super) fn later(from: Option<PartialDate>, as_of: Option<PartialDate>) -> bool {
    matches!((from, as_of), (Some(f), Some(day)) if !f.may_have_come(day))
}

/// Whether something with these dates may hold on `as_of`; without a day, whether it has no end.
pub(super) fn holds(from: Option<PartialDate>, to: Option<PartialDate>, as_of: Option<PartialDate>) -> bool {
    !over(to, as_of) && !later(from, as_of)
}

/// The date of the question where it had one, else the day of the export where it is given.
pub(super) fn as_of(doc: &Document, today: Option<PartialDate>) -> Option<PartialDate> {
    doc.answer.as_ref().and_then(|a| a.as_of.as_deref()).and_then(|d| PartialDate::parse(d).ok()).or(today)
}

/// Sources cited, and `source: locator "quote"` of each citation that has one of these.
fn provenance<'a>(cites: impl Iterator<Item = &'a Citation> + Clone) -> [Cell; 2] {
    let sources = cites.clone().map(|c| Cow::from(&c.source));
    let locators = cites.filter(|c| !c.locator.is_empty() || !c.quote.is_empty()).map(|c| {
        let quote = if c.quote.is_empty() { String::new() } else { format!("\"{}\"", c.quote) };
        let parts: Vec<&str> = [c.locator.as_str(), &quote].into_iter().filter(|t| !t.is_empty()).collect();
        let place = parts.join(" ");
        Cow::from(if c.source.is_empty() { place } else { format!("{}: {place}", c.source) })
    });
    [Cell::List(distinct(sources)), Cell::List(distinct(locators))]
}

/// `from 2020 to 2022-05`, where anything is stated.
pub(super) fn period(from: Option<PartialDate>, to: Option<PartialDate>) -> Option<String> {
    match (from, to) {
        (None, None) => None,
        (Some(a), None) => Some(format!("from {a}")),
        (None, Some(b)) => Some(format!("to {b}")),
        (Some(a), Some(b)) => Some(format!("from {a} to {b}")),
    }
}

/// The name of a list as readers are told it.
pub(super) fn list_words(list: &str) -> &str {
    match list {
        "*" => "every list",
        "" => "a list that is not named",
        named => named,
    }
}

fn listing(l: &Listing) -> String {
    let dates = period(l.from, l.to).map_or(String::new(), |p| format!(" {p}"));
    let programs = if l.programs.is_empty() { String::new() } else { format!(" ({})", l.programs.join(", ")) };
    format!("{}{dates}{programs}", l.list)
}

/// Facts that were not taken back.
fn standing(facts: &[Fact]) -> impl Iterator<Item = &Fact> + Clone {
    facts.iter().filter(|f| f.status != Status::Withdrawn)
}

fn of<'a>(facts: &'a [Fact], name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
    standing(facts).filter(move |f| f.prop == name).map(|f| Cow::from(&f.value))
}

fn values(facts: &[Fact], name: &str) -> Cell {
    Cell::List(distinct(of(facts, name)))
}

/// Identifiers as `scheme: value`.
fn identifiers(facts: &[Fact]) -> Cell {
    let all = standing(facts).filter(|f| f.prop == prop::IDENTIFIER);
    Cell::List(distinct(
        all.map(
            |f| {
                if f.kind.is_empty() { Cow::from(&f.value) } else { Cow::from(format!("{}: {}", f.kind, f.value)) }
            },
        ),
    ))
}

/// Properties without a column of their own, as `name: value`.
fn rest(facts: &[Fact], known: &[&str]) -> Cell {
    let all = standing(facts).filter(|f| !known.contains(&f.prop.as_str()));
    Cell::List(distinct(all.map(|f| Cow::from(format!("{}: {}", f.prop, f.value)))))
}

const NODE_PROPS: [&str; 9] = [
    prop::NAME,
    prop::ALIAS,
    prop::WEAK_ALIAS,
    prop::FORMER_NAME,
    prop::BIRTH,
    prop::COUNTRY,
    prop::IDENTIFIER,
    prop::ADDRESS,
    prop::PROGRAM,
];

/// The name by which a party goes in every format: the first of the preferred kind that has no
/// end, else the first of the preferred kind. A name that was taken back is none.
pub(super) fn main_name(p: &PartyRecord) -> Option<&Fact> {
    let all = || prop::NAMES.iter().flat_map(|n| standing(&p.facts).filter(move |f| f.prop == *n));
    let named = |f: &&Fact| !f.value.trim().is_empty();
    all().filter(named).find(|f| f.to.is_none()).or_else(|| all().find(named))
}

/// The same as a text, else the id.
pub(super) fn label<'a>(p: &'a PartyRecord, id: &'a str) -> &'a str {
    main_name(p).map_or(id, |f| f.value.as_str())
}

/// The cells of a node, in the order of [`NODE`].
pub(super) fn node(p: &PartyRecord, label: &str, kind: &str, as_of: Option<PartialDate>) -> (bool, Vec<Cell>) {
    let now: Vec<&Listing> = p.listings.iter().filter(|l| holds(l.from, l.to, as_of)).collect();
    let lists = distinct(now.iter().map(|l| Cow::from(&l.list)));
    let in_listings = now.iter().flat_map(|l| &l.programs).map(Cow::from);
    let programs = distinct(in_listings.chain(of(&p.facts, prop::PROGRAM)));
    let from = now.iter().filter_map(|l| l.from).min();
    let cites = p.cites.iter().chain(standing(&p.facts).flat_map(|f| &f.cites));
    let [sources, locators] = provenance(cites.chain(p.listings.iter().flat_map(|l| &l.cites)));
    // A second main name contradicts the first; it must stay visible.
    let names = of(&p.facts, prop::NAME).filter(|n| n != label).chain(of(&p.facts, prop::ALIAS));
    let cells = vec![
        text(label),
        text(kind),
        Cell::Bool(!now.is_empty()),
        Cell::List(lists),
        from.map_or(Cell::Missing, |d| Cell::Text(d.to_string())),
        Cell::List(programs),
        Cell::List(p.listings.iter().map(listing).collect()),
        values(&p.facts, prop::COUNTRY),
        values(&p.facts, prop::BIRTH),
        Cell::List(distinct(names)),
        values(&p.facts, prop::WEAK_ALIAS),
        values(&p.facts, prop::FORMER_NAME),
        identifiers(&p.facts),
        values(&p.facts, prop::ADDRESS),
        rest(&p.facts, &NODE_PROPS),
        sources,
        locators,
    ];
    (!now.is_empty(), cells)
}

/// The relation as a phrase, with what keeps it from being a plain fact: "owns (alleged)".
pub(super) fn phrase(r: &RelationRecord) -> String {
    let mut marks = Vec::new();
    if r.act != Act::Done {
        marks.push(r.act.as_str());
    }
    if r.status != Status::Asserted {
        marks.push(r.status.as_str());
    }
    if r.direct == Direct::Indirect {
        marks.push("indirect");
    }
    let verb = r.edge_type.replace('_', " ");
    if marks.is_empty() { verb } else { format!("{verb} ({})", marks.join(", ")) }
}

/// The lower and upper end of a share as numbers, for drawing only.
pub(super) fn bounds(r: &RelationRecord) -> Option<(f64, f64)> {
    let number = |p: crate::model::Percent| {
        let (n, d) = p.fraction();
        n as f64 / d as f64
    };
    r.share.map(|s| (number(s.min), number(s.max)))
}

/// The cells of an edge, in the order of [`EDGE`].
pub(super) fn edge(r: &RelationRecord, id: &str, symmetric: bool) -> Vec<Cell> {
    let date = |d: Option<PartialDate>| d.map_or(Cell::Missing, |d| Cell::Text(d.to_string()));
    let (min, max) =
        bounds(r).map_or((Cell::Missing, Cell::Missing), |(min, max)| (Cell::Number(min), Cell::Number(max)));
    let cites = r.cites.iter().chain(standing(&r.facts).flat_map(|f| &f.cites));
    let [sources, locators] = provenance(cites);
    vec![
        text(id),
        text(&r.edge_type),
        Cell::Text(phrase(r)),
        r.share.map_or(Cell::Missing, |s| Cell::Text(s.to_string())),
        min,
        max,
        date(r.start),
        date(r.end),
        text(r.status.as_str()),
        text(r.act.as_str()),
        text(r.direct.as_str()),
        text(&r.role),
        text(&r.stake),
        text(&r.joint),
        rest(&r.facts, &[]),
        sources,
        locators,
        Cell::Bool(!symmetric),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{End, Id, Share};

    #[test]
    fn rows_fit_their_columns() {
        let day = |t| Some(PartialDate::parse(t).unwrap());
        let mut p = PartyRecord::new(Id::parse("x:a").unwrap(), "person");
        p.facts.push(Fact::new(prop::ALIAS, "An Alias"));
        p.facts.push(Fact::new(prop::IDENTIFIER, "7").kind("tax"));
        p.listings.push(Listing { list: "eu_fsf".into(), from: day("2020"), to: day("2022-05"), ..Listing::default() });
        let (listed, cells) = node(&p, label(&p, "x:a"), "person", None);
        assert!(!listed);
        assert_eq!(cells.len(), NODE.len());
        assert_eq!(cells[0], Cell::Text("An Alias".into()));
        assert_eq!(cells[6], Cell::List(vec!["eu_fsf from 2020 to 2022-05".into()]));
        assert_eq!(cells[12], Cell::List(vec!["tax: 7".into()]));
        assert!(node(&p, "", "", day("2021")).0 && node(&p, "", "", day("2022-05-02")).0);
        assert!(!node(&p, "", "", day("2022-06-01")).0 && !node(&p, "", "", day("2019-12-31")).0);

        let end = || End::Id(Id::parse("x:a").unwrap());
        let mut r = RelationRecord::new(end(), "supplies", end());
        (r.act, r.status) = (Act::Sought, Status::Alleged);
        r.share = Some(Share::parse(">25 to 100/3").unwrap());
        let cells = edge(&r, "e", false);
        assert_eq!(cells.len(), EDGE.len());
        assert_eq!(cells[2], Cell::Text("supplies (sought, alleged)".into()));
        assert_eq!(cells[3], Cell::Text(">25 to 100/3".into()));
        assert_eq!((&cells[4], &cells[5]), (&Cell::Number(25.0), &Cell::Number(100.0 / 3.0)));
        for (cells, columns) in [(cells, &EDGE[..]), (node(&p, "l", "k", None).1, &NODE[..])] {
            for (cell, (name, t)) in cells.iter().zip(columns) {
                let fits = match cell {
                    Cell::Missing => matches!(t, Text | Number),
                    Cell::Text(_) => *t == Text,
                    Cell::Bool(_) => *t == Bool,
                    Cell::Number(_) => *t == Number,
                    Cell::List(_) => *t == List,
                };
                assert!(fits, "{name}: {cell:?}");
            }
        }
    }

    /// In every format an end has come when it has for a question, whatever its precision.
    #[test]
    fn what_is_over_is_over_for_a_question_too() {
        use crate::graph::{Filter, View};
        use crate::query::testing::graph_of;
        let day = |t: &str| PartialDate::parse(t).unwrap();
        let ends = ["2024", "2024-05", "2024-05-01", "2024-05-31", "2024-12-31", "2025"];
        for end in ends {
            let g = graph_of(&format!(
                r#"{{"cuibono": 1, "nodes": [{{"id": "a", "type": "person"}}, {{"id": "b", "type": "company"}}],
                "edges": [{{"source": "a", "target": "b", "type": "owns", "start": "2020", "end": "{end}"}}]}}"#
            ));
            for on in ["2019-12-31", "2020-06-01", "2024-01-01", "2024-05-15", "2024-05-31", "2024-12-31", "2024-05"] {
                let view = View::new(&g, Filter { as_of: Some(day(on)), ..Filter::default() }).unwrap();
                let seen = view.edges().count() == 1;
                assert_eq!(holds(Some(day("2020")), Some(day(end)), Some(day(on))), seen, "{end} on {on}");
                assert_eq!(over(Some(day(end)), Some(day(on))), view.over(day(end)), "{end} on {on}");
            }
        }
        assert!(over(Some(day("2030")), None) && !over(None, None) && !later(Some(day("2030")), None));
    }

    #[test]
    fn a_name_in_force_goes_before_one_that_ended_or_was_taken_back() {
        let mut p = PartyRecord::new(Id::parse("x:a").unwrap(), "company");
        p.facts.push(Fact { status: Status::Withdrawn, ..Fact::new(prop::NAME, "Taken Back") });
        assert_eq!(label(&p, "x:a"), "x:a");
        p.facts.push(Fact { to: PartialDate::parse("2020").ok(), ..Fact::new(prop::NAME, "Old Name") });
        assert_eq!(label(&p, "x:a"), "Old Name");
        p.facts.push(Fact::new(prop::ALIAS, "Alias"));
        p.facts.push(Fact::new(prop::NAME, " "));
        p.facts.push(Fact::new(prop::NAME, "New Name"));
        assert_eq!(label(&p, "x:a"), "New Name");
    }
}
