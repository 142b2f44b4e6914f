//! Suppositions: stakes and listings as they are not, for "what if".

use super::regime::Basis;
use crate::graph::{Edge, Node};
use crate::model::Share;
use std::collections::{HashMap, HashSet};

/// A stake that is supposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupposedStake {
    /// Its id in answers: that of the stake it replaces, else made up.
    pub id: String,
    /// Holder.
    pub holder: Node,
    /// Owned party.
    pub target: Node,
    /// Shares or votes.
    pub basis: Basis,
    /// Share; `None` is unknown.
    pub share: Option<Share>,
}

/// What is supposed to be otherwise than recorded. The graph stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Edges that are supposed not to be there.
    pub hidden: HashSet<Edge>,
    /// Stakes that are supposed to be there.
    pub added: Vec<SupposedStake>,
    /// Recorded stakes of which another share is supposed; `None` is unknown. All else of them
    /// (dates, status, labels) stays as recorded.
    pub shares: HashMap<Edge, Option<Share>>,
    /// Parties supposed to be on every list of the regime (`true`) or on none (`false`).
    pub listed: HashMap<Node, bool>,
}

impl Changes {
    /// Whether nothing is supposed.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty() && self.added.is_empty() && self.shares.is_empty() && self.listed.is_empty()
    }

    /// The number under which the n-th supposed stake stands among edges.
    pub(super) fn edge(n: usize) -> Edge {
        Edge(u32::MAX - n as u32)
    }

    /// The supposed stake behind an edge number.
    pub(super) fn supposed(&self, e: Edge) -> Option<&SupposedStake> {
        self.added.get((u32::MAX - e.0) as usize)
    }
}
