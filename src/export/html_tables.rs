//! The tables of a page: parties, relations, what differs, sources.

use super::columns::{holds, label, list_words, main_name, period, phrase};
use super::html_text::{Sources, attr, bdi, link, text};
use super::layout::edge_type;
use super::whole::shown;
use crate::model::{Document, End, Fact, PartialDate, PartyRecord, RelationRecord, Share, prop};
use std::collections::{BTreeMap, HashMap};

/// What tables need to know.
pub(super) struct Page<'a> {
    pub(super) doc: &'a Document,
    pub(super) sources: Sources<'a>,
    /// The day by which listings and relations hold.
    pub(super) day: Option<PartialDate>,
    /// Ids of edges, unique, in their order.
    pub(super) edge_ids: &'a [String],
    index: HashMap<&'a str, usize>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        doc: &'a Document,
        edge_ids: &'a [String],
        drawn: &'a [Result<usize, String>],
        day: Option<PartialDate>,
    ) -> Page<'a> {
        let index = doc.nodes.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect();
        Page { doc, sources: Sources::of(doc, drawn), day, edge_ids, index }
    }

    /// The place of a party by the id that the document shows.
    pub(super) fn by_shown_id(&self) -> HashMap<&'a str, usize> {
        self.doc.nodes.iter().enumerate().map(|(i, p)| (self.doc.show_id(p.id.as_str()), i)).collect()
    }

    /// A link to the row of a party.
    pub(super) fn party_link(&self, at: usize) -> String {
        match self.doc.nodes.get(at) {
            Some(p) => format!("<a href=\"#p{}\">{}</a>", at + 1, bdi(label(p, shown(self.doc, p.id.as_str())))),
            None => String::new(),
        }
    }

    fn end(&self, e: &End) -> String {
        match e {
            End::Id(id) => match self.index.get(id.as_str()) {
                Some(at) => self.party_link(*at),
                None => text(id.as_str()),
            },
            End::Name(name) => bdi(name),
        }
    }

    /// How many parties are on a list on the day.
    pub(super) fn listed(&self) -> usize {
        let on = |p: &&PartyRecord| p.listings.iter().any(|l| holds(l.from, l.to, self.day));
        self.doc.nodes.iter().filter(on).count()
    }

    /// All parties.
    pub(super) fn parties(&self, out: &mut String) {
        out.push_str("<table><thead><tr><th scope=\"col\">Party</th><th scope=\"col\">Other names</th><th scope=\"col\">Countries</th><th scope=\"col\">On lists</th><th scope=\"col\">Other facts</th><th scope=\"col\">Sources</th></tr></thead><tbody>\n");
        for (i, p) in self.doc.nodes.iter().enumerate() {
            let id = shown(self.doc, p.id.as_str());
            let name = label(p, id);
            let kind =
                if p.node_type.is_empty() { "type not stated".to_owned() } else { p.node_type.replace('_', " ") };
            out.push_str(&format!(
                "<tr id=\"p{}\"><th scope=\"row\">{}{}<br><small><code>{}</code>, {}</small></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                i + 1,
                bdi(name),
                main_name(p).map_or(String::new(), |f| self.sources.marks(&f.cites)),
                text(id),
                text(&kind),
                self.names(p),
                self.values(p, prop::COUNTRY),
                self.listings(p),
                self.rest(p),
                self.sources.cites(&p.cites, ""),
            ));
        }
        out.push_str("</tbody></table>\n");
    }

    fn names(&self, p: &PartyRecord) -> String {
        let kinds = [
            (prop::NAME, "also named"),
            (prop::ALIAS, "also known as"),
            (prop::FORMER_NAME, "formerly"),
            (prop::WEAK_ALIAS, "weak alias"),
        ];
        let mut out = String::new();
        // The name at the head of the row is not said twice.
        let main = main_name(p);
        for (kind, words) in kinds {
            for f in p.facts.iter().filter(|f| f.prop == kind && !main.is_some_and(|m| std::ptr::eq(m, *f))) {
                out.push_str(&format!("<li>{words}: {}</li>", self.sources.fact(f)));
            }
        }
        list(out)
    }

    fn values(&self, p: &PartyRecord, prop: &str) -> String {
        let facts = p.facts.iter().filter(|f| f.prop == prop);
        list(facts.map(|f| format!("<li>{}</li>", self.sources.fact(f))).collect())
    }

    fn listings(&self, p: &PartyRecord) -> String {
        let mut out = String::new();
        for l in &p.listings {
            let on = holds(l.from, l.to, self.day);
            let mut words = vec![match (on, period(l.from, l.to)) {
                (_, None) => String::new(),
                (_, Some(p)) => format!(" {p}"),
            }];
            for (what, all) in [("programmes", &l.programs), ("basis", &l.basis), ("measures", &l.measures)] {
                if !all.is_empty() {
                    words.push(format!("; {what}: {}", text(&all.join(", "))));
                }
            }
            let (open, close) =
                if on { ("<strong class=\"listed\">LISTED: ", "</strong>") } else { ("not in force: ", "") };
            out.push_str(&format!(
                "<li>{open}{}{close}{}{}</li>",
                text(list_words(&l.list)),
                words.concat(),
                self.sources.cites(&l.cites, "")
            ));
        }
        list(out)
    }

    /// Whatever has no column of its own.
    fn rest(&self, p: &PartyRecord) -> String {
        let own = |f: &&Fact| f.prop != prop::COUNTRY && !prop::NAMES.contains(&f.prop.as_str());
        let one = |f: &Fact| format!("<li>{}: {}</li>", text(&f.prop.replace('_', " ")), self.sources.fact(f));
        list(p.facts.iter().filter(own).map(one).collect())
    }

    /// What a share column says: percent, `unknown` where there should be one, or nothing.
    fn share(&self, r: &RelationRecord) -> String {
        let t = edge_type(self.doc, &r.edge_type);
        match r.share {
            Some(s) => format!("{} %", text(&s.to_string())),
            None if t.is_some_and(|t| t.ownership || t.ambiguous || t.votes) => "unknown".to_owned(),
            None => "<span class=\"none\">n/a</span>".to_owned(),
        }
    }

    /// All relations.
    pub(super) fn relations(&self, out: &mut String) {
        out.push_str("<table><thead><tr><th scope=\"col\">From</th><th scope=\"col\">Relation</th><th scope=\"col\">To</th><th scope=\"col\">Share</th><th scope=\"col\">Dates</th><th scope=\"col\">Status</th><th scope=\"col\">Sources</th></tr></thead><tbody>\n");
        for (i, (r, id)) in self.doc.edges.iter().zip(self.edge_ids).enumerate() {
            let mut about = String::new();
            for (what, t) in [("role", &r.role), ("stake", &r.stake), ("jointly", &r.joint)] {
                if !t.is_empty() {
                    about.push_str(&format!("<li>{what}: {}</li>", bdi(t)));
                }
            }
            for f in &r.facts {
                about.push_str(&format!("<li>{}: {}</li>", text(&f.prop.replace('_', " ")), self.sources.fact(f)));
            }
            let over = if holds(r.start, r.end, self.day) { "" } else { " <small>(not in force)</small>" };
            let dates = period(r.start, r.end).unwrap_or_else(|| "not stated".to_owned());
            out.push_str(&format!(
                "<tr id=\"r{}\"><td>{}</td><th scope=\"row\">{}<br><small><code>{}</code></small>{}</th><td>{}</td><td>{}</td><td>{dates}{over}</td><td>{}</td><td>{}</td></tr>\n",
                i + 1,
                self.end(&r.source),
                text(&phrase(r)),
                text(id),
                list(about),
                self.end(&r.target),
                self.share(r),
                text(r.status.as_str()),
                self.sources.cites(&r.cites, id),
            ));
        }
        out.push_str("</tbody></table>\n");
    }

    /// Where several values of one member are on the record, side by side; nothing where none are.
    pub(super) fn differences(&self) -> String {
        let mut out = String::new();
        for (i, p) in self.doc.nodes.iter().enumerate() {
            let mut by_prop: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
            for f in p.facts.iter().filter(|f| single(&f.prop)) {
                by_prop.entry(&f.prop).or_default().push(f);
            }
            for (member, facts) in by_prop {
                if facts.iter().all(|f| facts.first().is_some_and(|a| a.value == f.value)) {
                    continue;
                }
                let cells: Vec<String> = facts
                    .iter()
                    .map(|f| {
                        let cites = if f.cites.is_empty() { &p.cites } else { &f.cites };
                        let bare = Fact { cites: Vec::new(), ..(*f).clone() };
                        format!("<td>{}{}</td>", self.sources.fact(&bare), self.sources.cites(cites, ""))
                    })
                    .collect();
                side_by_side(&mut out, &format!("{}: {}", self.party_link(i), text(&member.replace('_', " "))), &cells);
            }
        }
        for group in self.reports() {
            let Some(first) = group.first().and_then(|i| self.doc.edges.get(*i)) else { continue };
            let cells: Vec<String> = group
                .iter()
                .filter_map(|i| Some((i, self.doc.edges.get(*i)?)))
                .map(|(i, r)| {
                    let dates = period(r.start, r.end).map_or(String::new(), |d| format!(", {d}"));
                    let id = self.edge_ids.get(*i).map_or("", String::as_str);
                    format!(
                        "<td><a href=\"#r{}\">{}</a>: {}{dates}{}</td>",
                        i + 1,
                        text(&phrase(r)),
                        self.share(r),
                        self.sources.cites(&r.cites, id)
                    )
                })
                .collect();
            let head = format!("{} in {}", self.end(&first.source), self.end(&first.target));
            side_by_side(&mut out, &head, &cells);
        }
        out
    }

    /// Relations that speak of one stake at one time and say different shares.
    fn reports(&self) -> Vec<Vec<usize>> {
        type Key<'k> = (&'k End, &'k End, bool, &'k str, &'k str);
        let mut groups: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
        for (i, r) in self.doc.edges.iter().enumerate() {
            let Some(t) = edge_type(self.doc, &r.edge_type) else { continue };
            if t.ownership || t.votes {
                groups.entry((&r.source, &r.target, t.votes, &r.stake, &r.joint)).or_default().push(i);
            }
        }
        let at = |i: &usize| self.doc.edges.get(*i);
        let meet = |a: &RelationRecord, b: &RelationRecord| {
            let before = |a: &RelationRecord, b: &RelationRecord| matches!((a.end, b.start), (Some(e), Some(s)) if e.has_come(s));
            !before(a, b) && !before(b, a)
        };
        let differ = |g: &Vec<usize>| {
            let shares: Vec<(&RelationRecord, Option<Share>)> = g.iter().filter_map(at).map(|r| (r, r.share)).collect();
            // Each against the first few is enough to tell that there is a difference.
            shares.iter().take(20).any(|(a, s)| shares.iter().any(|(b, t)| s != t && meet(a, b)))
        };
        let mut out: Vec<Vec<usize>> = groups.into_values().filter(|g| g.len() > 1 && differ(g)).collect();
        out.sort();
        out
    }

    /// All sources.
    pub(super) fn source_table(&self, out: &mut String) {
        out.push_str("<table><thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Source</th><th scope=\"col\">Publisher</th><th scope=\"col\">Published</th><th scope=\"col\">Address</th><th scope=\"col\">Licence</th><th scope=\"col\">Attribution</th></tr></thead><tbody>\n");
        for (k, (id, at)) in self.sources.order.iter().enumerate() {
            let s = at.and_then(|i| self.doc.sources.get(i)).cloned().unwrap_or_default();
            let title = if s.title.is_empty() { "(not described)" } else { &s.title };
            let licence = if s.licence.is_empty() { "not stated" } else { &s.licence };
            out.push_str(&format!(
                "<tr id=\"s{n}\"><td>[{n}]</td><th scope=\"row\">{}<br><small><code>{}</code></small></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                bdi(title),
                text(id),
                bdi(&s.publisher),
                text(&s.published),
                link(&s.url, &s.url),
                bdi(licence),
                bdi(&s.attribution),
                n = k + 1,
            ));
        }
        out.push_str("</tbody></table>\n");
    }
}

/// Members of which one value is to be expected.
fn single(member: &str) -> bool {
    let many = [
        prop::ALIAS,
        prop::WEAK_ALIAS,
        prop::FORMER_NAME,
        prop::COUNTRY,
        prop::IDENTIFIER,
        prop::ADDRESS,
        prop::PROGRAM,
        prop::NOTE,
        prop::PARTY,
        prop::JOINT_ARRANGEMENT,
    ];
    !many.contains(&member)
}

fn list(items: String) -> String {
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

fn side_by_side(out: &mut String, head: &str, cells: &[String]) {
    out.push_str(&format!("<tr><th scope=\"row\">{head}</th>{}</tr>\n", cells.concat()));
}

/// A region that scrolls by itself, and can be reached by keyboard for that.
pub(super) fn scroll(out: &mut String, label: &str, content: &dyn Fn(&mut String)) {
    out.push_str(&format!("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n", attr(label)));
    content(out);
    out.push_str("</div>\n");
}
