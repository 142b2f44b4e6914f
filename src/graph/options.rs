//! Options that parties carry for questions about ownership. A flag of the index says whether
//! there are any, so that most parties cost no look at their records.

use super::build::flag;
use super::layer::{Graph, Node};
use super::prov::Known;
use super::view::View;
use crate::error::Result;
use crate::model::{PartialDate, Record, Status, is_on, prop};

/// What is said of a party for questions about ownership. Where sources differ, the option is
/// on: that is the cautious reading of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeOptions {
    /// Whether its holding in itself is taken out of the count; `None`: not said.
    pub treasury_exclude: Option<bool>,
    /// Whether its stated holders are all there are.
    pub complete: Option<bool>,
    /// Whether anybody may hold what is not stated.
    pub unknown_remainder: Option<bool>,
    /// Labels of the arrangements by which it acts together with others, sorted.
    pub joint_arrangements: Vec<String>,
}

impl Graph {
    /// Whether any record of a node, seen or not, sets an option.
    pub(super) fn has_options(&self, n: Node) -> bool {
        let own =
            |n: Node| self.layers.iter().any(|l| l.down(n.0).is_some_and(|i| l.index.flags(i) & flag::OPTIONS != 0));
        self.parts(n).any(own)
    }
}

impl View<'_> {
    /// The options of a node that are seen: on the view's day where it has one, else those that
    /// have not ended. Cheap for nodes without any.
    pub fn options(&self, n: Node) -> Result<NodeOptions> {
        self.options_on(n, self.filter().as_of)
    }

    /// The same on another day than the view's; a partial day takes what may have held on it.
    pub fn options_on(&self, n: Node, day: Option<PartialDate>) -> Result<NodeOptions> {
        let mut out = NodeOptions::default();
        if !self.graph().has_options(n) {
            return Ok(out);
        }
        for (at, number, p) in self.graph().records(n) {
            if !self.sees_prov(at, p) {
                continue;
            }
            let Some(layer) = self.graph().layers.get(at) else { continue };
            let Some(prov) = layer.index.provs.get(p as usize) else { continue };
            let gone = match prov.known_at(self.filter().known_at) {
                Known::Ended(day) => Some(day),
                Known::Yes | Known::No => None,
            };
            let Record::Party(record) = layer.record(number)? else { continue };
            for f in record.facts.iter().filter(|f| prop::OPTIONS.contains(&f.prop.as_str())) {
                let holds = match day {
                    Some(d) => {
                        f.from.is_none_or(|s| s.first_day() <= d.last_day())
                            && f.to.into_iter().chain(gone).all(|e| e.last_day() > d.first_day())
                    }
                    None => gone.is_none() && f.to.is_none_or(|e| !self.over(e)),
                };
                let cites = if f.cites.is_empty() { &record.cites } else { &f.cites };
                if holds && f.status != Status::Withdrawn && self.keeps(cites, &prov.source) {
                    out.take(&f.prop, &f.value);
                }
            }
        }
        out.joint_arrangements.sort_unstable();
        out.joint_arrangements.dedup();
        Ok(out)
    }

    /// All nodes for which any option is recorded, seen or not, in order.
    pub fn optioned(&self) -> Vec<Node> {
        let layers = self.graph().layers.iter();
        let mut nodes: Vec<Node> = layers.flat_map(|l| l.index.flagged(flag::OPTIONS).map(|n| Node(l.up(n)))).collect();
        self.graph().as_entities(&mut nodes);
        nodes
    }

    /// All nodes in a joint arrangement that is seen, in order, with its labels: on the view's
    /// day where it has one.
    pub fn arranged(&self) -> Result<Vec<(Node, Vec<String>)>> {
        self.arranged_on(self.filter().as_of)
    }

    /// The same on another day than the view's.
    pub fn arranged_on(&self, day: Option<PartialDate>) -> Result<Vec<(Node, Vec<String>)>> {
        let layers = self.graph().layers.iter();
        let mut nodes: Vec<Node> = layers.flat_map(|l| l.index.arranged().iter().map(|n| Node(l.up(*n)))).collect();
        self.graph().as_entities(&mut nodes);
        let mut out = Vec::new();
        for n in nodes {
            let labels = self.options_on(n, day)?.joint_arrangements;
            if !labels.is_empty() {
                out.push((n, labels));
            }
        }
        Ok(out)
    }
}

impl NodeOptions {
    /// Text that is no value of its option says nothing.
    fn take(&mut self, option: &str, text: &str) {
        let slot = match option {
            prop::TREASURY => &mut self.treasury_exclude,
            prop::COMPLETE => &mut self.complete,
            prop::UNKNOWN_REMAINDER => &mut self.unknown_remainder,
            _ => {
                if !text.is_empty() && text != "false" {
                    self.joint_arrangements.push(text.to_owned());
                }
                return;
            }
        };
        if let Some(on) = is_on(option, text) {
            *slot = Some(on || *slot == Some(true));
        }
    }
}
