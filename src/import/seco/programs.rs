//! Programmes of the SECO list. A target names the sets of measures that apply to it; a set
//! belongs to a programme, which is one ordinance.

use super::text;
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::import::leaves::{Facts, squeeze};
use crate::import::xml::El;
use crate::model::{Fact, Id, PartyRecord, Record, prop};
use std::collections::HashMap;
use std::rc::Rc;

/// Words, in the languages of the list, of sets that restrict dealings in the money and capital
/// market and freeze nothing.
const NO_FREEZE: [&str; 4] = ["capital market", "kapitalmarkt", "marché des capitaux", "mercato dei capitali"];

/// What targets need to know of a programme.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Program {
    /// Its node.
    pub(super) id: Id,
    /// Short name (`program-key`), in English where there is one.
    pub(super) key: String,
    /// Name of the ordinance.
    pub(super) ordinance: String,
}

/// A set of measures.
pub(super) struct Set {
    pub(super) program: Rc<Program>,
    /// Its name, in English where there is one.
    pub(super) measure: String,
    /// Whether it freezes assets, as far as its name goes.
    pub(super) freezes: bool,
}

/// All sets by their number.
#[derive(Default)]
pub(super) struct Programs {
    sets: HashMap<String, Set>,
}

/// The text of a child in English, else the first that there is.
fn english(el: El<'_>, name: &str) -> String {
    let in_english = el.all(name).find(|c| c.attr("lang").starts_with("en") && !c.text().is_empty());
    in_english.map_or_else(|| text(el, name), |c| squeeze(c.text()))
}

impl Programs {
    /// A set by its number.
    pub(super) fn set(&self, number: &str) -> Option<&Set> {
        self.sets.get(number)
    }

    /// Reads a `sanctions-program` and hands over its node.
    ///
    /// # Errors
    /// What the sink refuses.
    pub(super) fn read(&mut self, el: El<'_>, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        sink.report.count("programs", 1);
        let ssid = el.attr("ssid");
        let place = place.clone().element(format!("sanctions-program {ssid}"));
        let Some(id) = Some(ssid).filter(|s| !s.is_empty()).and_then(|s| Id::new("ch.seco.program", s).ok()) else {
            sink.report.skip("programme without a number", place, &english(el, "program-key"));
            return Ok(());
        };
        let ordinance = english(el, "program-name");
        let key = Some(english(el, "program-key")).filter(|k| !k.is_empty()).unwrap_or_else(|| ordinance.clone());
        let mut facts = Facts::default();
        facts.add(Fact::name(prop::NAME, key.as_str()));
        for c in el.children() {
            let (lang, value) = (c.attr("lang"), squeeze(c.text()));
            match c.name() {
                tag @ ("program-key" | "program-name") => {
                    let fact = Fact::name(prop::ALIAS, value).kind(tag);
                    facts.add(Fact { lang: lang.to_owned(), ..fact });
                }
                "sanctions-set" => {
                    let fact = Fact::new("sanctions_set", value).kind(c.attr("ssid"));
                    facts.add(Fact { lang: lang.to_owned(), ..fact });
                }
                tag => {
                    facts.leaves(c, &tag.replace('-', "_"));
                }
            }
        }
        for (name, value) in el.attrs().filter(|(n, _)| *n != "ssid") {
            facts.text(&name.replace('-', "_"), squeeze(value));
        }
        let program = Rc::new(Program { id: id.clone(), key, ordinance });
        for c in el.all("sanctions-set") {
            let (number, value, lower) = (c.attr("ssid"), squeeze(c.text()), c.text().to_lowercase());
            let new = Set { program: Rc::clone(&program), measure: String::new(), freezes: true };
            let set = self.sets.entry(number.to_owned()).or_insert(new);
            if set.program != program {
                sink.report.suspect("set of measures in two programmes, the first is used", place.clone(), number);
                continue;
            }
            // A set stands once for each language.
            if set.measure.is_empty() || c.attr("lang").starts_with("en") {
                set.measure = value;
            }
            set.freezes &= !NO_FREEZE.iter().any(|w| lower.contains(w));
        }
        let mut node = PartyRecord::new(id, "sanctions_program");
        node.facts = facts.into_vec();
        sink.put("primary", Record::Party(node))
    }
}
