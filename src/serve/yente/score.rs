//! Our scores on the scale that clients of yente know, and the reasons in their shape.
//!
//! Clients take 0.7 for a match and are told of nothing up to 0.5. Our bands begin elsewhere, so each
//! is stretched over its part of their scale: what we hold to be different lies up to 0.5, what a
//! human must look at between, what we hold to be the same from 0.7 on. The order never changes.

use crate::names::{MATCH_FROM, Match, SCORER, Weights, item_words};
use serde_json::{Map, Value, json};

/// From here on a client takes it for a match, unless it says otherwise.
pub(super) const THRESHOLD: f64 = 0.7;
/// Up to here clients are told of nothing.
pub(super) const CUTOFF: f64 = 0.5;

/// Parts of one in which our scores come.
const PARTS: f64 = 10_000.0;

/// A score on their scale; it rises wherever ours does, and lies above the cutoff exactly from our
/// band `review` on, at the threshold or above it exactly in our band `match`.
pub(super) fn scaled(score: f32) -> f64 {
    let part = |s: f32| (f64::from(s) * PARTS).round();
    let (s, review, same) = (part(score), part(Weights::AMONG_MANY.review_from), part(MATCH_FROM));
    let value = if s >= same {
        THRESHOLD + (s - same) / (PARTS - same) * (1.0 - THRESHOLD)
    } else if s >= review {
        // One part more, so that the first of the band is above the cutoff.
        CUTOFF + (s - review + 1.0) / (same - review + 1.0) * (THRESHOLD - CUTOFF)
    } else {
        s.max(0.0) / review * CUTOFF
    };
    (value.clamp(0.0, 1.0) * 1e6).round() / 1e6
}

/// The features of our evidence, and what they compare.
pub(super) const FEATURES: [(&str, &str); 14] = [
    ("token", "A word of one name against a word of the other"),
    ("name", "The names as wholes: initials, acronyms, syllables"),
    ("extra", "Words that only one name has"),
    ("order", "The order of the words"),
    ("form", "The legal form"),
    ("number", "Numbers in the names"),
    ("patronymic", "The father's name"),
    ("birth", "Dates of birth"),
    ("country", "Countries"),
    ("flag", "Flags of vessels"),
    ("id", "Identifiers"),
    ("kind", "What sort of party each is"),
    ("bearing", "How the name is borne; a weak alias alone never makes a match"),
    ("limit", "A bound that was put on the sum"),
];

/// `{FEATURE: {"score", "detail", "query", "candidate"}}`. The score of a feature is the step that it
/// makes in our own score; `cuibono` has that score, its band and the scorer.
pub(super) fn explanations(outcome: &Match) -> Map<String, Value> {
    let round = |n: f64| (n * 1e4).round() / 1e4;
    let mut out = Map::new();
    let whole = json!({
        "score": round(f64::from(outcome.score)), "detail": format!("{} {:.4}, {SCORER}", outcome.band, outcome.score),
        "query": null, "candidate": null,
    });
    out.insert("cuibono".to_owned(), whole);
    for (feature, _) in FEATURES {
        let mut score = 0.0;
        let (mut details, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
        for e in outcome.evidence.iter().filter(|e| e.what.word() == feature) {
            score += f64::from(e.weight);
            details.extend(item_words(&e.json()));
            left.extend((!e.left.is_empty()).then_some(e.left.as_str()));
            right.extend((!e.right.is_empty()).then_some(e.right.as_str()));
        }
        if details.is_empty() {
            continue;
        }
        let text = |all: Vec<&str>| if all.is_empty() { Value::Null } else { all.join(" ").into() };
        out.insert(
            feature.to_owned(),
            json!({ "score": round(score), "detail": details.join("; "), "query": text(left), "candidate": text(right) }),
        );
    }
    out
}

/// The names by which clients ask for a scorer. There is one here, whatever they call it.
pub(super) const ALGORITHMS: [&str; 8] =
    ["cuibono", "best", "logic-v2", "logic-v1", "name-based", "name-qualified", "regression-v1", "ofac"];

/// `{"algorithms": [...], "default", "best"}`.
pub(super) fn algorithms() -> Value {
    let features: Map<String, Value> = FEATURES
        .iter()
        .map(|(name, about)| ((*name).to_owned(), json!({ "description": about, "coefficient": 1.0, "url": null })))
        .collect();
    let own = format!(
        "The scorer of this program, {SCORER}: log-odds of names, dates, countries and identifiers, summed and put \
         through a logistic. Its bands are stretched over the scale that clients know: a score above {CUTOFF} is our \
         'review', from {THRESHOLD} on our 'match'; a higher score here is a higher one there. Weights and \
         configuration of a request are not used. See docs/yente.md and docs/names.md."
    );
    let one = |name: &&'static str| {
        let description = match *name {
            "cuibono" => own.clone(),
            other => format!("Another name for 'cuibono'; the algorithm {other} itself is not here. {own}"),
        };
        json!({
            "name": name, "description": description, "features": features,
            "docs": { "description": description, "config": {}, "features": features },
        })
    };
    json!({
        "algorithms": ALGORITHMS.iter().filter(|n| **n != "best").map(one).collect::<Vec<_>>(),
        "default": "cuibono",
        "best": "cuibono",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{Band, band};

    /// What a client takes a score for that leaves threshold and cutoff as they are.
    fn taken_for(theirs: f64) -> Band {
        match theirs {
            s if s >= THRESHOLD => Band::Match,
            s if s > CUTOFF => Band::Review,
            _ => Band::No,
        }
    }

    #[test]
    fn the_order_stays_and_bands_lie_where_clients_look() {
        let mut before = -1.0;
        for part in 0..=10_000u16 {
            let ours = f32::from(part) / 10_000.0;
            let theirs = scaled(ours);
            assert!(theirs > before, "{ours}: {theirs} after {before}");
            assert_eq!(taken_for(theirs), band(ours, &Weights::AMONG_MANY), "{ours}: {theirs}");
            before = theirs;
        }
        assert_eq!((scaled(0.0), scaled(0.5), scaled(1.0)), (0.0, 0.7, 1.0));
    }

    #[test]
    fn every_feature_is_one_of_ours() {
        use crate::names::{BuiltIn, Kind, Prepared, Profile, Scratch, compare};
        let mut a = Profile::named(Kind::Person, "Mira A. Tolv");
        let mut b = Profile::named(Kind::Person, "Mira Anna Tolv Korn");
        a.births = vec!["1970".into()];
        b.births = vec!["1970-05-01".into()];
        let outcome = compare(&Prepared::new(&a), &Prepared::new(&b), &BuiltIn, &mut Scratch::default());
        let told = explanations(&outcome);
        let features: Vec<&String> = told.keys().collect();
        assert!(
            told.contains_key("birth") && told.contains_key("token") && told.contains_key("cuibono"),
            "{features:?}"
        );
        let words: std::collections::HashSet<&str> =
            outcome.evidence.iter().map(|e| e.what.word()).filter(|w| *w != "prior").collect();
        assert_eq!(words.len() + 1, told.len(), "{words:?} {features:?}");
        // The steps and where every comparison starts sum to our score.
        let prior: f64 =
            outcome.evidence.iter().filter(|e| e.what.word() == "prior").map(|e| f64::from(e.weight)).sum();
        let steps: f64 = told.iter().filter(|(k, _)| *k != "cuibono").filter_map(|(_, v)| v["score"].as_f64()).sum();
        assert!((prior + steps - f64::from(outcome.score)).abs() < 1e-3);
    }
}
