//! What FollowTheMoney has no words for: this program writes it beside the properties, in a
//! member `cuibono_network` of the entity that other readers ignore, and reads it back.

use super::line::Entity;
use super::record::Here;
use crate::import::Report;
use crate::model::{Act, Catalogue, Direct, FactView, PartialDate, RelationView, Share, Status, prop};
use bumpalo::Bump;
use serde::{Deserialize, Serialize};

/// The name of the member.
pub(crate) const MEMBER: &str = "cuibono_network";
/// The most options of one party that are read.
const MAX_OPTIONS: usize = 1000;

/// The member: each value in the words of a network document, and only where the entity says
/// something else or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Own {
    /// Type of the party or relation. A role stands beside that of a relation, where it has one.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub(crate) kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) role: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) share: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) start: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) end: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) direct: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) act: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) stake: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) joint: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) former: bool,
    /// Options of a party for questions about ownership.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) options: Vec<Choice>,
}

/// One option of a party, for some time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    pub(crate) option: String,
    pub(crate) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<PartialDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<PartialDate>,
}

impl Own {
    /// The member of an entity; what cannot be read is counted and taken as missing.
    pub(super) fn of(e: &Entity<'_>, input: &dyn Here, report: &mut Report) -> Option<Own> {
        let (_, json) = e.extra.iter().find(|(name, _)| name.as_str() == MEMBER)?;
        let own = serde_json::from_str::<Own>(json.get()).ok();
        if own.is_none() {
            report.suspect("member cuibono_network not understood", input.here(), json.get());
        }
        own
    }

    /// Makes a relation say what the entity could not.
    pub(super) fn tell<'b>(&self, r: &mut RelationView<'b>, arena: &'b Bump, input: &dyn Here, report: &mut Report) {
        let mut odd = |text: &str| report.suspect("member cuibono_network not understood", input.here(), text);
        if Catalogue::builtin().edge_type(&self.kind).is_some() {
            r.edge_type = arena.alloc_str(&self.kind);
            r.role = arena.alloc_str(&self.role);
        } else if !self.kind.is_empty() {
            odd(&self.kind);
        }
        let mut read = |text: &str, take: &mut dyn FnMut(&str) -> bool| {
            if !text.is_empty() && !take(text) {
                odd(text);
            }
        };
        read(&self.share, &mut |t| Share::parse(t).is_ok_and(|s| r.share.replace(s).is_none()));
        read(&self.start, &mut |t| PartialDate::parse(t).is_ok_and(|d| r.start.replace(d).is_none()));
        read(&self.end, &mut |t| PartialDate::parse(t).is_ok_and(|d| r.end.replace(d).is_none()));
        read(&self.direct, &mut |t| Direct::parse(t).map(|d| r.direct = d).is_some());
        read(&self.status, &mut |t| Status::parse(t).map(|s| r.status = s).is_some());
        read(&self.act, &mut |t| Act::parse(t).map(|a| r.act = a).is_some());
        r.stake = arena.alloc_str(&self.stake);
        r.joint = arena.alloc_str(&self.joint);
        if self.former {
            r.facts.push(FactView::new(prop::FORMER, "true"));
        }
    }

    /// The type of a party, where it is one that is known.
    pub(super) fn node_type(&self) -> Option<&str> {
        Some(self.kind.as_str()).filter(|k| Catalogue::builtin().node_type(k).is_some())
    }

    /// The options of a party as its facts.
    pub(super) fn options<'b>(&self, arena: &'b Bump) -> impl Iterator<Item = FactView<'b>> {
        let known = self.options.iter().filter(|c| prop::OPTIONS.contains(&c.option.as_str()));
        known.take(MAX_OPTIONS).map(|c| FactView {
            from: c.from,
            to: c.to,
            ..FactView::new(arena.alloc_str(&c.option), arena.alloc_str(&c.value))
        })
    }
}
