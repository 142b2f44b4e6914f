//! The reference value sets of an OFAC Advanced XML file, and the dates built from its parts.
//!
//! Nearly everything in the file is a number that only its own sets explain, so nothing here
//! knows a number by heart.

use crate::error::Place;
use crate::import::Report;
use crate::import::xml::El;
use crate::model::{FuzzyDate, PartialDate};
use hashbrown::HashMap;

/// One value of a set.
#[derive(Debug, Default)]
pub(super) struct RefValue {
    /// Its text.
    pub(super) text: String,
    attrs: Vec<(String, String)>,
}

impl RefValue {
    /// A further attribute, such as `ISO2` of a country; empty where there is none.
    pub(super) fn attr(&self, name: &str) -> &str {
        self.attrs.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    }
}

/// The sets by the name of their values (`AliasType`, `Country` ...), then by id.
#[derive(Debug, Default)]
pub(super) struct Sets(HashMap<String, HashMap<String, RefValue>>);

impl Sets {
    /// Takes one set (`AliasTypeValues` with its `AliasType` elements).
    pub(super) fn add(&mut self, set: El<'_>) {
        let name = set.name();
        let values = self.0.entry(name.strip_suffix("Values").unwrap_or(name).to_owned()).or_default();
        for v in set.children() {
            let attrs = v.attrs().filter(|(k, _)| *k != "ID").map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            values.insert(v.attr("ID").to_owned(), RefValue { text: v.text().to_owned(), attrs });
        }
    }

    /// A value by set and id.
    pub(super) fn get(&self, set: &str, id: &str) -> Option<&RefValue> {
        self.0.get(set)?.get(id)
    }
}

/// What is at hand while one element is read: the sets, the report, and where we are.
pub(super) struct Ctx<'a> {
    /// The file's sets.
    pub(super) sets: &'a Sets,
    /// Where findings are counted.
    pub(super) report: &'a mut Report,
    /// The place of the element.
    pub(super) place: Place,
}

impl Ctx<'_> {
    /// The text of a value. An id that the sets do not explain stays readable
    /// (`AliasType 1400`) and is counted; no id at all is empty.
    pub(super) fn label(&mut self, set: &str, id: &str) -> String {
        if id.is_empty() {
            return String::new();
        }
        match self.sets.get(set, id) {
            Some(v) if !v.text.is_empty() => v.text.clone(),
            _ => {
                let label = format!("{set} {id}");
                self.suspect("id that the reference value sets do not explain", &label);
                label
            }
        }
    }

    /// The text of a value, or nothing where it only says that it is not known.
    pub(super) fn known(&mut self, set: &str, id: &str) -> Option<String> {
        let label = self.label(set, id);
        (!label.is_empty() && !label.eq_ignore_ascii_case("unknown")).then_some(label)
    }

    /// Counts something that looks wrong here.
    pub(super) fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// Counts something that came in, in all and by kind.
    pub(super) fn count_by(&mut self, what: &str, by: &str, kind: &str) {
        self.report.count(what, 1);
        self.report.count(&format!("{by}/{kind}"), 1);
    }
}

/// A text as a property name: `Email Address` is `email_address`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// A `DatePeriod`, read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// The whole of it as one date, approximate date or range.
    pub(super) whole: Option<FuzzyDate>,
    /// The first day or year stated for its start.
    pub(super) start: Option<PartialDate>,
    /// The last day or year stated for its end.
    pub(super) end: Option<PartialDate>,
    /// Its numbers as found, where they make no date.
    pub(super) bad: Option<String>,
}

/// The text of a point in time as found, and the date it makes.
fn point(el: El<'_>) -> (String, Option<PartialDate>) {
    let part = |name| el.child_text(name);
    let raw = [part("Year"), part("Month"), part("Day")].into_iter().filter(|p| !p.is_empty());
    let raw = raw.collect::<Vec<_>>().join("-");
    let number = |t: &str| if t.is_empty() { Some(0) } else { t.parse::<u32>().ok() };
    let date = (|| PartialDate::new(number(part("Year"))?, number(part("Month"))?, number(part("Day"))?).ok())();
    (raw, date)
}

/// A single date (`Date`, `DateOfIssue`): the date, or its numbers as found.
pub(super) fn date(el: El<'_>) -> Result<PartialDate, String> {
    let (raw, date) = point(el);
    date.ok_or(raw)
}

/// Writes a range as coarsely as it was meant: 1 January to 31 December is the year.
fn coarse(first: PartialDate, last: PartialDate, circa: bool) -> FuzzyDate {
    let (a, b) = (first.parts(), last.parts());
    let cut = |month: bool| {
        let of = |(y, m, _): (u32, u32, u32)| PartialDate::new(y, if month { m } else { 0 }, 0);
        match (of(a), of(b)) {
            (Ok(x), Ok(y)) if x.first_day() == first && y.last_day() == last => Some((x, y)),
            _ => None,
        }
    };
    let (first, last) = cut(false).or_else(|| cut(true)).unwrap_or((first, last));
    FuzzyDate { first, last: (first != last).then_some(last), circa }
}

/// Reads a `DatePeriod`; an empty one gives nothing.
pub(super) fn period(el: El<'_>) -> Period {
    let mut out = Period::default();
    let mut circa = false;
    let mut raw: Vec<String> = Vec::new();
    let mut broken = false;
    let mut side = |name: &str| -> Vec<PartialDate> {
        let Some(side) = el.child(name) else { return Vec::new() };
        circa |= side.flag("Approximate");
        let mut dates = Vec::new();
        for p in ["From", "To"].into_iter().filter_map(|n| side.child(n)) {
            let (text, date) = point(p);
            if raw.last() != Some(&text) {
                raw.push(text);
            }
            broken |= date.is_none();
            dates.extend(date);
        }
        dates
    };
    let (start, end) = (side("Start"), side("End"));
    let all = || start.iter().chain(&end);
    let (first, last) = (all().next().copied(), all().next_back().copied());
    match (first, last) {
        (Some(a), Some(b)) if !broken && a.first_day() <= b.last_day() => {
            out.whole = Some(coarse(a, b, circa));
            let of = |d: &[PartialDate]| Some(coarse(*d.first()?, *d.last()?, false));
            out.start = of(&start).map(|d| d.first);
            out.end = of(&end).map(|d| d.last.unwrap_or(d.first));
        }
        (None, None) if !broken => {}
        _ => out.bad = Some(raw.join(" to ")),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::import::xml::{Step, Tree, Xml};

    fn tree(text: &str) -> Tree {
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.as_bytes().to_vec()).unwrap());
        let mut tree = Tree::default();
        assert_eq!(xml.step().unwrap(), Step::Start);
        xml.subtree(&mut tree).unwrap();
        tree
    }

    fn ymd(text: &str) -> String {
        ["Year", "Month", "Day"].iter().zip(text.split('-')).map(|(n, v)| format!("<{n}>{v}</{n}>")).collect()
    }

    fn whole(from: &str, to: &str, circa: bool) -> String {
        let t = tree(&format!(
            "<DatePeriod><Start Approximate='{circa}'><From>{0}</From><To>{0}</To></Start>\
             <End Approximate='false'><From>{1}</From><To>{1}</To></End></DatePeriod>",
            ymd(from),
            ymd(to)
        ));
        let p = period(t.root());
        p.whole.map(|d| d.to_string()).or(p.bad).unwrap_or_default()
    }

    #[test]
    fn periods() {
        assert_eq!(whole("1962-1-1", "1962-12-31", false), "1962");
        assert_eq!(whole("1962-1-1", "1964-12-31", true), "circa 1962 to 1964");
        assert_eq!(whole("1962-2-1", "1962-2-28", false), "1962-02");
        assert_eq!(whole("1962-2-3", "1962-2-3", true), "circa 1962-02-03");
        assert_eq!(whole("1962-2-3", "1963-2-3", false), "1962-02-03 to 1963-02-03");
        assert_eq!(whole("1962-13-3", "1963-2-3", false), "1962-13-3 to 1963-2-3");
        assert_eq!(whole("1963-2-3", "1962-2-3", false), "1963-2-3 to 1962-2-3");
        assert_eq!(period(tree("<DatePeriod YearFixed='true'/>").root()), Period::default());
    }

    #[test]
    fn labels_stay_readable() {
        let mut sets = Sets::default();
        sets.add(tree("<ListValues><List ID='7' Comment='c'>Fish List</List></ListValues>").root());
        let mut report = Report::default();
        let mut ctx = Ctx { sets: &sets, report: &mut report, place: Place::file("t") };
        assert_eq!(ctx.label("List", "7"), "Fish List");
        assert_eq!(ctx.label("List", "8"), "List 8");
        assert_eq!(ctx.label("List", ""), "");
        assert_eq!(report.suspicious.values().map(|f| f.count).sum::<u64>(), 1);
        assert_eq!(sets.get("List", "7").unwrap().attr("Comment"), "c");
        assert_eq!(
            snake("Executive Order 13662 Directive Determination -"),
            "executive_order_13662_directive_determination"
        );
    }
}
