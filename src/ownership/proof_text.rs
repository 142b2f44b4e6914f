//! A proof in words: plain text and Markdown.

use super::exact::Exact;
use super::judge::Outcome;
use super::proof::{By, ClosedSet, MissingFact, Proof, Step, Used};
use super::verdict::range_words;
use crate::error::Result;
use crate::graph::{Graph, Node, View};
use crate::query::Cites;

/// How many parties of a closed set are spelt out.
const SPELT_OUT: usize = 200;

fn line(inclusive: bool, threshold: &Exact) -> String {
    format!("{} {threshold}", if inclusive { "at least" } else { "more than" })
}

impl Proof {
    /// The proof as lines of text.
    pub fn lines(&self, graph: &Graph, cited: &mut Cites) -> Vec<String> {
        let name = |n: Node| format!("{} ({})", graph.label(n), graph.show_id(graph.id(n)));
        let v = &self.verdict;
        let mut out = vec![
            format!("{}: {}", name(v.node), v.outcome.as_str().replace('_', " ")),
            format!("  {}", v.wording),
            format!("  rule {}: {}", v.rule, self.ground.citation),
        ];
        if self.supposed {
            out.push("  under suppositions: this does not speak of the record".to_owned());
        }
        for l in self.listings.iter().filter(|l| l.entity == v.node || v.outcome != Outcome::NotBlocked) {
            let list = if l.list == "*" { "every list (by the document's word)" } else { l.list.as_str() };
            let programs =
                if l.programs.is_empty() { String::new() } else { format!(" under {}", l.programs.join(", ")) };
            let from = l.from.as_ref().map_or(String::new(), |d| format!(" since {d}"));
            out.push(format!("  {} is on {list}{programs}{from} {}", name(l.entity), cited.mark(&l.cites)));
        }
        match v.outcome {
            Outcome::Listed => {
                out.push("It is listed itself: no share has to be known, and none is used.".to_owned());
            }
            Outcome::Blocked => self.steps(graph, cited, &mut out),
            Outcome::NotBlocked => self.closed(graph, cited, &mut out),
            Outcome::Indeterminate => self.open(graph, cited, &mut out),
        }
        out.extend(self.joined_lines(graph));
        for w in &v.warnings {
            out.push(format!("warning: {w}"));
        }
        out
    }

    /// The same, with the sources it cites below it.
    pub fn sourced_lines(&self, view: &View<'_>) -> Result<Vec<String>> {
        let mut cited = Cites::default();
        let mut out = self.lines(view.graph(), &mut cited);
        let sources = cited.lines(view)?;
        if !sources.is_empty() {
            out.push("sources".to_owned());
            out.extend(sources.iter().map(|l| format!("  {}", l.trim_start())));
        }
        Ok(out)
    }

    fn steps(&self, graph: &Graph, cited: &mut Cites, out: &mut Vec<String>) {
        if let Some(p) = self.chain.principal {
            out.push(format!("followed: the holdings of {} alone, as the rule goes person by person", graph.label(p)));
        }
        let certain = self.verdict.outcome != Outcome::Indeterminate;
        for (i, s) in self.chain.steps.iter().enumerate() {
            out.push(format!("step {}: {}", i + 1, step_words(graph, s, certain)));
            for u in &s.edges {
                out.push(format!("    {}", edge_words(graph, u, cited)));
            }
        }
    }

    fn closed(&self, graph: &Graph, cited: &mut Cites, out: &mut Vec<String>) {
        if self.sets.is_empty() {
            out.push("No listed party stands upstream of it on the record.".to_owned());
        }
        for s in &self.sets {
            set_words(graph, s, cited, out, true);
        }
        out.push("This speaks of the record only: owners that nobody recorded are not in it.".to_owned());
        let control = self.test.as_ref().is_some_and(|t| !t.control.is_empty());
        if control {
            out.push("Ties of control were searched and none found; that is no proof that there are none.".to_owned());
        }
    }

    fn open(&self, graph: &Graph, cited: &mut Cites, out: &mut Vec<String>) {
        let absent: Vec<&str> = self.verdict.warnings.iter().filter_map(|w| w.strip_prefix("no_list:")).collect();
        if !absent.is_empty() {
            out.push(format!(
                "Nothing on the record blocks it, but not listed cannot be said without: {}",
                absent.join(", ")
            ));
            for s in &self.sets {
                set_words(graph, s, cited, out, true);
            }
            return;
        }
        if !self.chain.steps.is_empty() {
            out.push("It may be blocked:".to_owned());
            self.steps(graph, cited, out);
        }
        if !self.missing.is_empty() {
            out.push("To find out:".to_owned());
            out.extend(self.missing.iter().map(|m| format!("  {}", missing_words(graph, m))));
        }
        for s in &self.sets {
            set_words(graph, s, cited, out, false);
        }
    }

    /// The proof as Markdown.
    pub fn markdown(&self, graph: &Graph, cited: &mut Cites) -> String {
        let v = &self.verdict;
        let mut out = format!(
            "# {}: {}\n\n{}\n\n",
            markdown_text(graph.label(v.node)),
            v.outcome.as_str().replace('_', " "),
            markdown_text(&v.wording)
        );
        out.push_str(&format!(
            "| | |\n|---|---|\n| party | `{}` |\n| regime | {} |\n",
            graph.show_id(graph.id(v.node)),
            markdown_text(&self.ground.title)
        ));
        out.push_str(&format!(
            "| rule | {} ({}) |\n| day | {} |\n",
            v.rule,
            markdown_text(&self.ground.citation),
            self.as_of
        ));
        if let Some(k) = &self.known_at {
            out.push_str(&format!("| known at | {k} |\n"));
        }
        if let Some(r) = &v.share {
            out.push_str(&format!("| share of affected parties | {} percent |\n", range_words(r)));
        }
        out.push('\n');
        let lines = self.lines(graph, cited);
        for l in lines.iter().skip(3) {
            let depth = l.len() - l.trim_start().len();
            let text = markdown_text(l.trim_start());
            match depth {
                0 => out.push_str(&format!("\n**{text}**\n\n")),
                _ => out.push_str(&format!("- {text}\n")),
            }
        }
        out
    }
}

/// Text that Markdown shows as it is.
pub(super) fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '|' | '#' | '~' | '!') {
            out.push('\\');
        }
        if !c.is_control() {
            out.push(c);
        }
    }
    out
}

fn step_words(graph: &Graph, s: &Step, certain: bool) -> String {
    let what = graph.label(s.entity);
    let (is, more) = if certain { ("is blocked", "more than ") } else { ("may be blocked", "less than ") };
    let Some(sum) = &s.sum else {
        return format!(
            "{what} {is}: {}",
            s.edges.iter().map(|u| u.why.clone()).collect::<Vec<_>>().join(", ") + " and controls it"
        );
    };
    let of = if s.by == By::Votes { " of the votes" } else { "" };
    let parts: Vec<String> = s
        .edges
        .iter()
        .map(|u| {
            let share = u.share.as_ref().map_or(String::new(), ToString::to_string);
            format!("{share} ({})", u.why)
        })
        .collect();
    let open = if s.open { more } else { "" };
    let scaled = s.treasury.as_ref().map_or(String::new(), |t| format!(", its own {t} taken out"));
    let arithmetic = match &s.outside {
        Some(o) if certain => format!("100 - {o} (all that others can hold) = {open}{sum}"),
        Some(o) => format!("{}, at most 100 - {o} (all that others surely hold) = {open}{sum}", parts.join(" + ")),
        None => format!("{} = {open}{sum}", parts.join(" + ")),
    };
    format!("{what} {is}: {arithmetic}{of}, {}{scaled}", line(s.inclusive, &s.threshold))
}

fn edge_words(graph: &Graph, u: &Used, cited: &mut Cites) -> String {
    let share = u.share.as_ref().map_or(String::new(), |s| format!(" {s}"));
    format!("{} holds{share} by {} {}", graph.label(u.holder), u.id, cited.mark(&u.cites))
}

fn set_words(graph: &Graph, s: &ClosedSet, cited: &mut Cites, out: &mut Vec<String>, possible: bool) {
    match s.principal {
        Some(p) => {
            out.push(format!("with regard to {}, supposing all others but these to be in their hands:", graph.label(p)))
        }
        None => out.push("supposing all but these to be affected:".to_owned()),
    }
    for h in s.held.iter().take(SPELT_OUT) {
        let of = if h.by == By::Votes { " of the votes" } else { "" };
        let (can, open) = match possible {
            true => ("they can hold at most", if h.open { "less than " } else { "" }),
            false => ("what they certainly hold is", if h.open { "more than " } else { "" }),
        };
        let (party, most, line) = (graph.label(h.entity), &h.most, line(h.inclusive, &h.threshold));
        out.push(format!("  of {party}{of} {can} {open}{most}; the line is {line}"));
        for u in &h.edges {
            out.push(format!("    {}", edge_words(graph, u, cited)));
        }
    }
    let named: Vec<&str> = s
        .members
        .iter()
        .filter(|n| !s.held.iter().any(|h| h.entity == **n))
        .map(|n| graph.label(*n))
        .take(20)
        .collect();
    if !named.is_empty() {
        out.push(format!("  not listed, and owned by nobody: {}", named.join(", ")));
    }
    if s.held.len() > SPELT_OUT {
        out.push(format!("  and {} more parties (see the JSON)", s.held.len() - SPELT_OUT));
    }
}

fn missing_words(graph: &Graph, m: &MissingFact) -> String {
    let who = format!("{} ({} in {})", m.id, graph.label(m.holder), graph.label(m.entity));
    let Some(b) = &m.bounds else {
        let free = match (m.worked_out, m.settles_free) {
            (false, _) => "; what it would settle was not worked out",
            (true, true) => "; if not, not blocked",
            (true, false) => "",
        };
        return format!("{who}: whether this tie of control holds{free}");
    };
    let range = range_words(&super::judge::Range {
        min: b.low.clone(),
        min_open: b.low_open,
        max: b.high.clone(),
        max_open: b.high_open,
    });
    let what = match (&m.blocked_from, &m.free_below, m.settles_blocked, m.settles_free) {
        (Some(x), Some(y), true, true) if x == y => format!("break-even {x}: on one side blocked, on the other not"),
        (Some(x), _, true, false) => format!("from {x} on blocked"),
        (_, Some(y), false, true) => format!("below {y} not blocked"),
        (Some(x), Some(y), true, true) => format!("from {x} on blocked, below {y} not"),
        _ if !m.worked_out => "what it would settle was not worked out".to_owned(),
        _ => "does not settle it alone".to_owned(),
    };
    format!("{who}: {range}; {what}")
}
