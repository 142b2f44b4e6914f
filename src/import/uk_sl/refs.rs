//! Numbers that a list states of its parties in the id spaces of other publishers.

use crate::error::{Place, Result};
use crate::import::Sink;
use crate::model::{Decision, Id, Record, Ruling};
use std::collections::{BTreeMap, HashSet};

/// The publisher's word that two parties are the same, gathered until the end of the list:
/// only then is it known whether a number was given to several.
#[derive(Default)]
pub(in crate::import) struct Refs {
    all: Vec<(Id, Id, &'static str)>,
    said: HashSet<(Id, Id)>,
}

/// A reference number of the United Nations as its own list writes it (`QDe.145` for
/// `QDE.145`); `None` for other texts.
pub(in crate::import) fn un_number(text: &str) -> Option<String> {
    let b = text.as_bytes();
    let letters = b.get(..3).filter(|l| l.iter().all(u8::is_ascii_alphabetic))?;
    let digits = b.get(4..).filter(|d| d.len() == 3 && d.iter().all(u8::is_ascii_digit))?;
    let kind = letters.get(2)?.to_ascii_lowercase();
    if b.get(3) != Some(&b'.') || !matches!(kind, b'i' | b'e' | b's') || digits.is_empty() {
        return None;
    }
    let (head, tail) = (text.get(..2)?, text.get(3..)?);
    Some(format!("{}{}{tail}", head.to_ascii_uppercase(), char::from(kind)))
}

impl Refs {
    /// Notes that `party` is `other`, in the words of `note`.
    pub(in crate::import) fn add(&mut self, party: &Id, other: Id, note: &'static str) {
        if self.said.insert((party.clone(), other.clone())) {
            self.all.push((party.clone(), other, note));
        }
    }

    /// Hands over the decisions: `Same`, or `Unsure` for all that share one number.
    pub(in crate::import) fn put(self, file: &Place, sink: &mut Sink<'_>) -> Result<()> {
        let mut by_number: BTreeMap<Id, u32> = BTreeMap::new();
        for (_, b, _) in &self.all {
            *by_number.entry(b.clone()).or_default() += 1;
        }
        for (a, b, note) in self.all {
            let shared = by_number.get(&b).is_some_and(|n| *n > 1);
            let (ruling, note) = if shared {
                let place = file.clone().element(format!("entry {}", a.local()));
                sink.report.suspect("number of another list that several entries have", place, b.as_str());
                (Ruling::Unsure, format!("{note}; other entries of the list have the same number"))
            } else {
                (Ruling::Same, note.to_owned())
            };
            sink.report.count(if shared { "decisions/unsure" } else { "decisions/same" }, 1);
            sink.put("decisions", Record::Decision(Decision { a, b, ruling, note }))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_of_the_united_nations() {
        for (text, want) in [
            ("QDE.145", Some("QDe.145")),
            ("KPi.033", Some("KPi.033")),
            ("KPi.033 and more", None),
            ("KPx.033", None),
            ("KPi033", None),
            ("", None),
            ("éi.033", None),
        ] {
            assert_eq!(super::un_number(text).as_deref(), want, "{text}");
        }
    }
}
