//! Evidence of a comparison: as JSON, and in words.

use super::evidence::{Evidence, How, Match, What};
use serde_json::{Value, json};

/// Items of a comparison that a line of a table tells.
const TOLD: usize = 4;

/// A number to four places: what it was made from is rounded to them.
fn number(n: f32) -> Value {
    let text = format!("{n:.4}");
    text.parse::<f64>().map_or(Value::Null, |n| if n == 0.0 { 0.0.into() } else { n.into() })
}

impl Evidence {
    /// `{"kind", "left", "right", "how", "bits", "weight"}`, numbers to four places.
    pub fn json(&self) -> Value {
        json!({
            "kind": self.what.word(), "left": self.left, "right": self.right, "how": self.how.word(),
            "bits": number(self.bits), "weight": number(self.weight),
        })
    }

    /// `KOZLOV = KOSLOW cyrillic-spelling`.
    fn words(&self) -> String {
        let what = match self.what {
            What::Token | What::Name => "",
            other => other.word(),
        };
        let how = if self.how == How::Exact { "" } else { self.how.word() };
        let sides = sides(&self.left, &self.right, self.bits < 0.0);
        [what, &sides, how].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" ")
    }
}

/// What stands on the two sides, in a few words.
fn sides(left: &str, right: &str, against: bool) -> String {
    match (left.is_empty(), right.is_empty()) {
        (true, _) => right.to_owned(),
        (_, true) => left.to_owned(),
        _ if left == right => left.to_owned(),
        _ if against => format!("{left} / {right}"),
        _ => format!("{left} = {right}"),
    }
}

/// An item as [`Evidence::json`] has it, in words: `token KOZLOV = KOSLOW, cyrillic-spelling: +5.2
/// bits`. `None` for anything else.
pub fn item_words(item: &Value) -> Option<String> {
    let text = |k: &str| item.get(k).and_then(Value::as_str);
    let bits = item.get("bits").and_then(Value::as_f64)?;
    let sides = sides(text("left")?, text("right")?, bits < 0.0);
    let kind = text("kind")?;
    let kind = if sides.is_empty() { kind.to_owned() } else { format!("{kind} {sides}") };
    Some(format!("{kind}, {}: {bits:+.1} bits", text("how")?))
}

impl Match {
    /// The score, to four places.
    pub fn score_json(&self) -> Value {
        number(self.score)
    }

    /// Every item, in the order in which they were summed.
    pub fn items_json(&self) -> Value {
        self.evidence.iter().map(Evidence::json).collect()
    }

    /// What counted most, for and against, on one line.
    pub fn words(&self) -> String {
        let mut told: Vec<(usize, &Evidence)> =
            self.evidence.iter().enumerate().filter(|(_, e)| e.what != What::Prior && e.bits.abs() >= 0.5).collect();
        told.sort_by(|a, b| b.1.bits.abs().total_cmp(&a.1.bits.abs()).then(a.0.cmp(&b.0)));
        told.truncate(TOLD);
        told.sort_by_key(|(i, _)| *i);
        told.into_iter().map(|(_, e)| e.words()).collect::<Vec<_>>().join("; ")
    }

    /// Bits that the names alone speak for the two being one, or against it.
    pub fn name_bits(&self) -> f32 {
        let of_names = |e: &&Evidence| {
            use What::{Extra, Form, Name, Number, Order, Patronymic, Token};
            matches!(e.what, Token | Name | Extra | Order | Form | Number | Patronymic)
        };
        self.evidence.iter().filter(of_names).map(|e| e.bits).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BuiltIn, Kind, Prepared, Profile, Scratch, compare};
    use super::*;

    #[test]
    fn items_as_json_sum_to_the_score_and_read_as_words() {
        let of = |n: &str| Prepared::new(&Profile::named(Kind::Person, n));
        let m = compare(&of("Sergei Kozlov"), &of("Sergej Koslow"), &BuiltIn, &mut Scratch::default());
        let items = m.items_json();
        let list = items.as_array().unwrap();
        let sum: f64 = list.iter().map(|i| i["weight"].as_f64().unwrap()).sum();
        assert!((sum - m.score_json().as_f64().unwrap()).abs() < 1e-9, "{items}");
        let words: Vec<String> = list.iter().map(|i| item_words(i).unwrap()).collect();
        assert!(words[0].starts_with("prior, start: -"), "{words:?}");
        assert!(words.iter().any(|w| w.contains("kozlov = koslow, ") && w.ends_with(" bits")), "{words:?}");
        assert_eq!(item_words(&json!({ "kind": "identifier", "how": "same" })), None);
        assert!(m.name_bits() > 0.0 && m.words().contains("kozlov"), "{}", m.words());
    }
}
