//! The order that a request asks for.

use super::made::Made;
use super::problem::{Answer, Problem};
use std::cmp::Ordering;

/// Fields that a request sorts by, at most.
const MAX_FIELDS: usize = 16;

/// Fields, each ascending or not; what lacks a field comes last.
#[derive(Debug, Clone, Default)]
pub(super) struct Order(Vec<(String, bool)>);

impl Order {
    /// From `field`, `field:asc`, `field:desc`.
    pub(super) fn parse(texts: &[String]) -> Answer<Order> {
        let mut out = Vec::new();
        for text in texts.iter().take(MAX_FIELDS) {
            let (field, descending) = match text.rsplit_once(':') {
                Some((field, way)) => (field, way == "desc"),
                None => (text.as_str(), false),
            };
            if field == "_score" || field == "_doc" {
                continue;
            }
            if Made::default().field(field).is_none() {
                return Err(Problem::bad(format!("No field to sort by: {field}")));
            }
            out.push((field.to_owned(), descending));
        }
        Ok(Order(out))
    }

    /// Whether nothing was asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of two comes first; equal where the fields say nothing.
    pub(super) fn compare(&self, a: Option<&Made>, b: Option<&Made>) -> Ordering {
        for (field, descending) in &self.0 {
            let value = |m: Option<&Made>| -> Option<String> {
                let all = m?.field(field)?;
                let chosen = if *descending { all.iter().max() } else { all.iter().min() };
                chosen.map(|s| (*s).to_owned())
            };
            let order = match (value(a), value(b)) {
                (Some(x), Some(y)) if *descending => y.cmp(&x),
                (Some(x), Some(y)) => x.cmp(&y),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_come_last_either_way() {
        let made = |day: Option<&str>| Made { first_seen: day.map(str::to_owned), ..Made::default() };
        let (a, b, none) = (made(Some("2020")), made(Some("2021")), made(None));
        for (text, first) in [("first_seen", &a), ("first_seen:asc", &a), ("first_seen:desc", &b)] {
            let order = Order::parse(&[text.to_owned()]).unwrap();
            let other = if std::ptr::eq(first, &a) { &b } else { &a };
            assert_eq!(order.compare(Some(first), Some(other)), Ordering::Less, "{text}");
            assert_eq!(order.compare(Some(other), Some(&none)), Ordering::Less, "{text}");
        }
        assert!(Order::parse(&["banana:asc".to_owned()]).is_err());
        assert!(Order::parse(&["_score:desc".to_owned()]).unwrap().is_empty());
    }
}
