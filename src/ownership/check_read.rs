//! A proof as read from JSON: shapes only, nothing is looked up.

use crate::error::{Error, Kind, Place, Result};
use crate::model::PartialDate;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use serde_json::Value;

/// A value and where it stands: `steps[0].edges[1].share_used`.
struct Item<'a> {
    value: &'a Value,
    at: String,
}

impl<'a> Item<'a> {
    fn bad(&self, what: impl Into<String>) -> Error {
        let at = if self.at.is_empty() { "the whole" } else { self.at.as_str() };
        Error::input(what).at(Place::file("proof").element(at)).hint("`docs/json.md` describes the shape of a proof")
    }

    /// A member; null is as good as absent.
    fn get(&self, name: &str) -> Result<Option<Item<'a>>> {
        let Value::Object(members) = self.value else { return Err(self.bad("expected an object")) };
        let dot = if self.at.is_empty() { "" } else { "." };
        let value = members.get(name).filter(|v| !v.is_null());
        Ok(value.map(|value| Item { value, at: format!("{}{dot}{name}", self.at) }))
    }

    fn need(&self, name: &str) -> Result<Item<'a>> {
        self.get(name)?.ok_or_else(|| self.bad(format!("the member {name:?} is missing")))
    }

    fn items(&self, name: &str) -> Result<Vec<Item<'a>>> {
        let Some(list) = self.get(name)? else { return Ok(Vec::new()) };
        let Value::Array(all) = list.value else { return Err(list.bad("expected an array")) };
        Ok(all.iter().enumerate().map(|(i, value)| Item { value, at: format!("{}[{i}]", list.at) }).collect())
    }

    fn text(&self) -> Result<String> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.bad("expected a text"))
    }

    fn flag(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.bad("expected true or false"))
    }

    fn number(&self) -> Result<BigRational> {
        let text = self.text()?;
        number(&text).ok_or_else(|| self.bad(format!("{text:?} is no number (expected 50, 12.5 or 100/3)")))
    }

    fn date(&self) -> Result<PartialDate> {
        PartialDate::parse(&self.text()?).map_err(|e| self.bad(e.message()))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>> {
        self.items(name)?.iter().map(Item::text).collect()
    }
}

/// Reads `50`, `12.5` or `100/3`; at most 10,000 characters.
fn number(text: &str) -> Option<BigRational> {
    let whole = |t: &str| -> Option<BigInt> {
        (!t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten()
    };
    if text.len() > 10_000 {
        return None;
    }
    if let Some((n, d)) = text.split_once('/') {
        let (n, d) = (whole(n)?, whole(d)?);
        return (!d.is_zero()).then(|| BigRational::new(n, d));
    }
    let (units, places) = text.split_once('.').unwrap_or((text, ""));
    let scale = BigInt::from(10).pow(u32::try_from(places.len()).ok()?);
    Some(BigRational::new(whole(&format!("{units}{places}"))?, scale))
}

fn optional<'a, T>(item: Option<Item<'a>>, read: impl Fn(&Item<'a>) -> Result<T>) -> Result<Option<T>> {
    item.as_ref().map(read).transpose()
}

/// The verdict that a proof claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Listed,
    Blocked,
    NotBlocked,
    Indeterminate,
}

/// A listing that a proof cites.
pub(super) struct ListingClaim {
    pub(super) at: String,
    /// The party; none: the one that the proof is about.
    pub(super) entity: Option<String>,
    pub(super) list: String,
    pub(super) from: Option<PartialDate>,
    pub(super) to: Option<PartialDate>,
}

/// An edge that a step or a set cites.
pub(super) struct EdgeClaim {
    pub(super) at: String,
    pub(super) id: String,
    pub(super) holder: String,
    pub(super) used: Option<BigRational>,
    pub(super) step: Option<u64>,
}

/// A step: this entity is over the line because of these edges.
pub(super) struct StepClaim {
    pub(super) at: String,
    pub(super) entity: String,
    pub(super) by: String,
    pub(super) sum: Option<BigRational>,
    pub(super) open: Option<bool>,
    pub(super) threshold: Option<BigRational>,
    pub(super) inclusive: Option<bool>,
    pub(super) treasury: Option<BigRational>,
    pub(super) outside: Option<BigRational>,
    pub(super) edges: Vec<EdgeClaim>,
}

/// One entity of a closed set: at most so much of it is held from outside the set.
pub(super) struct EntryClaim {
    pub(super) at: String,
    pub(super) entity: String,
    pub(super) by: Option<String>,
    pub(super) most: Option<BigRational>,
    pub(super) open: Option<bool>,
    pub(super) threshold: Option<BigRational>,
    pub(super) inclusive: Option<bool>,
    pub(super) edges: Vec<EdgeClaim>,
}

/// A set that nothing from outside reaches.
pub(super) struct SetClaim {
    pub(super) at: String,
    pub(super) principal: Option<String>,
    pub(super) entries: Vec<EntryClaim>,
}

/// Steps, and whose holdings they count where that is one person's.
#[derive(Default)]
pub(super) struct StepsClaim {
    pub(super) principal: Option<String>,
    pub(super) steps: Vec<StepClaim>,
}

/// A whole proof.
pub(super) struct Proof {
    pub(super) id: String,
    pub(super) regime: String,
    pub(super) rule: Option<String>,
    pub(super) rules_version: String,
    pub(super) as_of: PartialDate,
    pub(super) known_at: Option<PartialDate>,
    pub(super) outcome: Outcome,
    pub(super) treasury: Option<String>,
    pub(super) complete: Option<bool>,
    pub(super) unknown_remainder: Option<String>,
    pub(super) listings: Vec<ListingClaim>,
    pub(super) steps: StepsClaim,
    pub(super) sets: Vec<SetClaim>,
    pub(super) possible: Option<StepsClaim>,
    pub(super) not_certain: Option<Vec<SetClaim>>,
    pub(super) missing: Vec<MissingClaim>,
    /// Only facts of these sources were looked at; empty: all.
    pub(super) sources: Vec<String>,
    pub(super) supposed: bool,
    /// Day of the decisions that it goes by, or `none`.
    pub(super) decided_at: Option<String>,
    pub(super) entities: Vec<EntityClaim>,
}

/// An entity of several parties, and the decisions that make it one.
pub(super) struct EntityClaim {
    pub(super) at: String,
    pub(super) entity: String,
    pub(super) parties: Vec<String>,
    pub(super) decisions: Vec<DecisionClaim>,
}

/// A decision that two parties are the same.
pub(super) struct DecisionClaim {
    pub(super) at: String,
    pub(super) number: u32,
    pub(super) a: String,
    pub(super) b: String,
    pub(super) time: Option<String>,
    pub(super) actor: Option<String>,
}

fn entity(item: &Item<'_>) -> Result<EntityClaim> {
    let decision = |item: &Item<'_>| {
        let number = item.need("decision")?;
        let whole = number.value.as_u64().and_then(|n| u32::try_from(n).ok());
        Ok(DecisionClaim {
            number: whole.ok_or_else(|| number.bad("expected the number of a decision"))?,
            a: item.need("a")?.text()?,
            b: item.need("b")?.text()?,
            time: optional(item.get("time")?, Item::text)?,
            actor: optional(item.get("actor")?, Item::text)?,
            at: item.at.clone(),
        })
    };
    Ok(EntityClaim {
        entity: item.need("entity")?.text()?,
        parties: item.texts("parties")?,
        decisions: item.items("decisions")?.iter().map(decision).collect::<Result<_>>()?,
        at: item.at.clone(),
    })
}

/// An edge whose share or standing would have to be known.
pub(super) struct MissingClaim {
    pub(super) at: String,
    pub(super) edge: String,
    /// What else is said of it; none where only its id is given.
    pub(super) more: Option<MissingBounds>,
}

/// What is said of the stake behind a missing fact; ends are absent for ties of control.
pub(super) struct MissingBounds {
    pub(super) entity: String,
    pub(super) holder: String,
    pub(super) low: Option<BigRational>,
    pub(super) low_open: bool,
    pub(super) high: Option<BigRational>,
    pub(super) high_open: bool,
}

fn missing(item: &Item<'_>) -> Result<MissingClaim> {
    if item.value.is_string() {
        return Ok(MissingClaim { edge: item.text()?, more: None, at: item.at.clone() });
    }
    let more = MissingBounds {
        entity: item.need("entity")?.text()?,
        holder: item.need("holder")?.text()?,
        low: optional(item.get("low")?, Item::number)?,
        low_open: optional(item.get("low_excluded")?, Item::flag)?.unwrap_or(false),
        high: optional(item.get("high")?, Item::number)?,
        high_open: optional(item.get("high_excluded")?, Item::flag)?.unwrap_or(false),
    };
    Ok(MissingClaim { edge: item.need("edge")?.text()?, more: Some(more), at: item.at.clone() })
}

fn edge(item: &Item<'_>) -> Result<EdgeClaim> {
    let count = |i: &Item<'_>| i.value.as_u64().ok_or_else(|| i.bad("expected the number of a step, from 1"));
    Ok(EdgeClaim {
        id: item.need("id")?.text()?,
        holder: item.need("holder")?.text()?,
        used: optional(item.get("share_used")?, Item::number)?,
        step: optional(item.get("step")?, count)?,
        at: item.at.clone(),
    })
}

fn step(item: &Item<'_>) -> Result<StepClaim> {
    Ok(StepClaim {
        entity: item.need("entity")?.text()?,
        by: item.need("by")?.text()?,
        sum: optional(item.get("sum")?, Item::number)?,
        open: optional(item.get("open")?, Item::flag)?,
        threshold: optional(item.get("threshold")?, Item::number)?,
        inclusive: optional(item.get("inclusive")?, Item::flag)?,
        treasury: optional(item.get("treasury")?, Item::number)?,
        outside: optional(item.get("outside")?, Item::number)?,
        edges: item.items("edges")?.iter().map(edge).collect::<Result<_>>()?,
        at: item.at.clone(),
    })
}

fn steps(item: &Item<'_>) -> Result<StepsClaim> {
    Ok(StepsClaim {
        principal: optional(item.get("principal")?, Item::text)?,
        steps: item.items("steps")?.iter().map(step).collect::<Result<_>>()?,
    })
}

fn entry(item: &Item<'_>) -> Result<EntryClaim> {
    Ok(EntryClaim {
        entity: item.need("entity")?.text()?,
        by: optional(item.get("by")?, Item::text)?,
        most: optional(item.get("most")?, Item::number)?,
        open: optional(item.get("open")?, Item::flag)?,
        threshold: optional(item.get("threshold")?, Item::number)?,
        inclusive: optional(item.get("inclusive")?, Item::flag)?,
        edges: item.items("edges")?.iter().map(edge).collect::<Result<_>>()?,
        at: item.at.clone(),
    })
}

fn sets(item: &Item<'_>) -> Result<Vec<SetClaim>> {
    let one = |item: &Item<'_>| {
        Ok(SetClaim {
            principal: optional(item.get("principal")?, Item::text)?,
            entries: item.items("entities")?.iter().map(entry).collect::<Result<_>>()?,
            at: item.at.clone(),
        })
    };
    item.items("sets")?.iter().map(one).collect()
}

fn listing(item: &Item<'_>) -> Result<ListingClaim> {
    Ok(ListingClaim {
        entity: optional(item.get("entity")?, Item::text)?,
        list: item.need("list")?.text()?,
        from: optional(item.get("from")?, Item::date)?,
        to: optional(item.get("to")?, Item::date)?,
        at: item.at.clone(),
    })
}

/// Reads a proof; what does not have its shape is [`Kind::Input`] with the element.
pub(super) fn read(value: &Value) -> Result<Proof> {
    let top = Item { value, at: String::new() };
    let version = top.need("cuibono")?;
    match version.value.as_u64() {
        Some(1) => {}
        Some(2..) => {
            let e = Error::new(Kind::Newer, "the proof was written by a newer version of the program");
            return Err(e.at(Place::file("proof").element("cuibono")).hint("check it with that version"));
        }
        _ => return Err(version.bad("expected 1")),
    }
    let verdict = top.need("verdict")?;
    let outcome = match verdict.text()?.as_str() {
        "listed" => Outcome::Listed,
        "blocked" => Outcome::Blocked,
        "not_blocked" => Outcome::NotBlocked,
        "indeterminate" => Outcome::Indeterminate,
        _ => return Err(verdict.bad("expected listed, blocked, not_blocked or indeterminate")),
    };
    let (mut treasury, mut complete, mut unknown_remainder) = (None, None, None);
    if let Some(options) = top.get("options")? {
        let word = |name: &str, known: &[&str]| match options.get(name)? {
            None => Ok(None),
            Some(item) => match item.text()? {
                t if known.contains(&t.as_str()) => Ok(Some(t)),
                _ => Err(item.bad(format!("expected {}", known.join(" or ")))),
            },
        };
        treasury = word("treasury", &["ignore", "exclude"])?;
        unknown_remainder = word("unknown_remainder", &["ignore", "indeterminate"])?;
        complete = match options.get("complete")? {
            Some(i) if i.value.is_string() => Some(word("complete", &["true", "false"])?.as_deref() == Some("true")),
            other => optional(other, Item::flag)?,
        };
    }
    Ok(Proof {
        id: top.need("id")?.text()?,
        regime: top.need("regime")?.text()?,
        rule: optional(top.get("rule")?, Item::text)?,
        rules_version: optional(top.get("rules_version")?, Item::text)?.unwrap_or_default(),
        as_of: top.need("as_of")?.date()?,
        known_at: optional(top.get("known_at")?, Item::date)?,
        outcome,
        treasury,
        complete,
        unknown_remainder,
        listings: top.items("listings")?.iter().map(listing).collect::<Result<_>>()?,
        steps: steps(&top)?,
        sets: sets(&top)?,
        possible: optional(top.get("possible")?, steps)?,
        not_certain: optional(top.get("not_certain")?, sets)?,
        missing: top.items("missing")?.iter().map(missing).collect::<Result<_>>()?,
        sources: top.texts("sources")?,
        supposed: optional(top.get("supposed")?, Item::flag)?.unwrap_or(false),
        decided_at: optional(top.get("decided_at")?, Item::text)?,
        entities: top.items("entities")?.iter().map(entity).collect::<Result<_>>()?,
    })
}
