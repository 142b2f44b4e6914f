//! Entities of several parties in a proof: that the decisions it names make them one, and stand.
//!
//! The log is read here from its end to its beginning, without what folds it elsewhere.

use super::check::Checker;
use super::check_read::EntityClaim;
use crate::error::Result;
use crate::graph::{DecidedAt, Node};
use crate::store::{DecidedRow, Decree};
use std::collections::{HashMap, HashSet};

/// What a standing decision says of two parties.
struct Said {
    a: String,
    b: String,
    decree: Decree,
    time: String,
    actor: String,
}

impl Checker<'_> {
    /// The decisions that stand on any of some parties, by number.
    fn standing(&self, parties: &HashSet<String>) -> Result<HashMap<u32, Said>> {
        let last = match self.graph.decided_at() {
            DecidedAt::Never => return Ok(HashMap::new()),
            DecidedAt::Day(day) => Some(day.last_day().to_string()),
            DecidedAt::Now => None,
        };
        let mut rows: Vec<(u32, DecidedRow<'_>)> = Vec::new();
        let Some(log) = self.graph.snapshot().map(crate::store::Snapshot::decisions) else { return Ok(HashMap::new()) };
        log.each(|number, row| {
            let known = |id: &str| parties.contains(id);
            if matches!(row.decree, Decree::Retract(_)) || known(row.a) || known(row.b) {
                rows.push((number, row));
            }
            Ok(())
        })?;
        rows.retain(|(_, r)| last.as_ref().is_none_or(|l| r.time.get(..10).is_some_and(|day| day <= l.as_str())));
        let (mut gone, mut out) = (HashSet::new(), HashMap::new());
        for (number, row) in rows.into_iter().rev().collect::<Vec<_>>() {
            if gone.contains(&number) {
                continue;
            }
            if let Decree::Retract(n) = row.decree {
                gone.insert(n);
                continue;
            }
            let (a, b) = (row.a.to_owned(), row.b.to_owned());
            let (time, actor) = (row.time.to_owned(), row.actor.to_owned());
            out.insert(number, Said { a, b, decree: row.decree, time, actor });
        }
        Ok(out)
    }

    /// Verifies what a proof says of entities of several parties, and that it says it of all that it
    /// speaks of.
    pub(super) fn entities(&mut self, claims: &[EntityClaim], decided_at: Option<&str>) -> Result<()> {
        let here = self.graph.decided_at().text();
        if here.as_deref() != decided_at {
            let word = |t: Option<&str>| t.unwrap_or("now").to_owned();
            let (made, here) = (word(decided_at), word(here.as_deref()));
            self.fault("decided_at", format!("it goes by decisions of {made}, this check by those of {here}"));
        }
        let mut claimed: HashSet<Node> = HashSet::new();
        let all: HashSet<String> = claims.iter().flat_map(|c| c.parties.iter().cloned()).collect();
        let said = if claims.is_empty() { HashMap::new() } else { self.standing(&all)? };
        for c in claims {
            let Some(n) = self.node(&format!("{}.entity", c.at), &c.entity) else { continue };
            claimed.insert(n);
            let mut members: Vec<String> =
                self.graph.members(n).into_iter().map(|p| self.graph.id(p).to_owned()).collect();
            let mut parties = c.parties.clone();
            members.sort();
            parties.sort();
            if members != parties {
                self.fault(&c.at, format!("its parties are {}", members.join(", ")));
            }
            // What the decisions named hold together, from the first party on.
            let mut together: HashSet<&str> = c.parties.first().map(String::as_str).into_iter().collect();
            let mut left: Vec<&Said> = Vec::new();
            for d in &c.decisions {
                match said.get(&d.number) {
                    Some(s) if s.decree == Decree::Same => {
                        let pair = (s.a == d.a && s.b == d.b) || (s.a == d.b && s.b == d.a);
                        let signed = d.time.as_ref().is_none_or(|t| *t == s.time)
                            && d.actor.as_ref().is_none_or(|a| *a == s.actor);
                        if !pair || !signed {
                            self.fault(&d.at, format!("decision {} is another: {} same {}", d.number, s.a, s.b));
                        }
                        left.push(s);
                    }
                    Some(s) => self.fault(&d.at, format!("decision {} says {}", d.number, s.decree.as_str())),
                    None => self.fault(&d.at, format!("no decision {} on these parties stands", d.number)),
                }
            }
            loop {
                let before = left.len();
                left.retain(|s| {
                    let touches = together.contains(s.a.as_str()) || together.contains(s.b.as_str());
                    if touches {
                        together.extend([s.a.as_str(), s.b.as_str()]);
                    }
                    !touches
                });
                if left.len() == before {
                    break;
                }
            }
            if let Some(lone) = parties.iter().find(|p| !together.contains(p.as_str())) {
                self.fault(&c.at, format!("no decision that it names makes {lone} one of its parties"));
            }
            let apart = said.iter().find(|(_, s)| {
                s.decree == Decree::Different && together.contains(s.a.as_str()) && together.contains(s.b.as_str())
            });
            if let Some((number, s)) = apart {
                self.fault(&c.at, format!("decision {number} says that {} and {} are different", s.a, s.b));
            }
        }
        let met: Vec<Node> = self.met.iter().copied().collect();
        for n in met {
            if !claimed.contains(&n) && self.graph.members(n).len() > 1 {
                let id = self.shown(n);
                self.fault(
                    "entities",
                    format!("{id} is an entity of several parties, and nothing says by what decisions"),
                );
            }
        }
        if !claims.is_empty() {
            self.out.checked.push(format!("{} entities of several parties: the decisions stand", claims.len()));
        }
        Ok(())
    }
}
