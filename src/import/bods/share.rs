//! The share of an interest, exactly as it is written.

use super::json::{Obj, text};
use crate::model::{Percent, Share};
use serde_json::value::RawValue;

/// A bound or its openness: before 0.4 `exclusiveMinimum` says whether `minimum` is left out,
/// since then it is a bound of its own.
enum Exclusive {
    Flag(bool),
    Bound(Percent),
}

fn exclusive(raw: &RawValue) -> Option<Exclusive> {
    match raw.get() {
        "true" => Some(Exclusive::Flag(true)),
        "false" => Some(Exclusive::Flag(false)),
        _ => Percent::parse(&text(raw)).ok().map(Exclusive::Bound),
    }
}

/// The share an interest states; `Err` holds the text of one that is not understood.
///
/// Before 0.4 an upper end is left out unless the file says otherwise. At 100 that would say
/// that nobody holds the whole, which no file means: there the end counts as included.
pub(super) fn share(interest: &Obj<'_>, old: bool) -> Result<Option<Share>, String> {
    let Some(raw) = interest.get("share") else { return Ok(None) };
    let odd = || text(raw);
    let Some(o) = Obj::of(raw) else { return Err(odd()) };
    let number = |name: &str| match o.get(name) {
        None => Ok(None),
        Some(r) => Percent::parse(&text(r)).map(Some).map_err(|_| odd()),
    };
    let flag = |name: &str| match o.get(name) {
        None => Ok(None),
        Some(r) => exclusive(r).map(Some).ok_or_else(odd),
    };
    if let Some(p) = number("exact")? {
        return Share::exact(p).map(Some).map_err(|_| odd());
    }
    let (min, max) = (number("minimum")?, number("maximum")?);
    let (min, open_min) = match (min, flag("exclusiveMinimum")?) {
        (Some(m), Some(Exclusive::Bound(e))) => (Some(m.max(e)), e >= m),
        (m, Some(Exclusive::Flag(open))) => (m, open),
        (None, Some(Exclusive::Bound(e))) => (Some(e), true),
        (m, None) => (m, false),
    };
    let (max, open_max) = match (max, flag("exclusiveMaximum")?) {
        (Some(m), Some(Exclusive::Bound(e))) => (Some(m.min(e)), e <= m),
        (m, Some(Exclusive::Flag(open))) => (m, open),
        (None, Some(Exclusive::Bound(e))) => (Some(e), true),
        (m, None) => (m, old && m.is_some() && m != Some(Percent::HUNDRED) && m != min),
    };
    if min.is_none() && max.is_none() {
        return Ok(None);
    }
    let open_min = open_min && min.is_some();
    let (min, max) = (min.unwrap_or(Percent::ZERO), max.unwrap_or(Percent::HUNDRED));
    Share::interval(min, open_min, max, open_max && max != Percent::ZERO).map(Some).map_err(|_| odd())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_ranged_and_odd() {
        for (json, old, want) in [
            (r#"{"exact":50}"#, false, "50"),
            (r#"{"exact":33.333333333333333}"#, false, "33.333333333333333"),
            (r#"{"exact":0.1,"minimum":0.1,"maximum":0.1}"#, true, "0.1"),
            (r#"{"minimum":25,"maximum":50}"#, false, "25 to 50"),
            (r#"{"exclusiveMinimum":25,"exclusiveMaximum":50}"#, false, ">25 to <50"),
            (r#"{"minimum":20,"exclusiveMinimum":25,"maximum":50,"exclusiveMaximum":60}"#, false, ">25 to 50"),
            (r#"{"exclusiveMinimum":75}"#, false, ">75 to 100"),
            (r#"{"maximum":50}"#, false, "0 to 50"),
            (r#"{"minimum":25,"maximum":50}"#, true, "25 to <50"),
            (r#"{"minimum":25,"maximum":50,"exclusiveMinimum":true,"exclusiveMaximum":false}"#, true, ">25 to 50"),
            (r#"{"minimum":75,"maximum":100}"#, true, "75 to 100"),
            (r#"{"minimum":50,"maximum":50}"#, true, "50"),
            ("{}", false, "none"),
            ("null", false, "none"),
            (r#"{"exact":101}"#, false, "odd"),
            (r#"{"exact":-1}"#, false, "odd"),
            (r#"{"exact":1e1}"#, false, "odd"),
            (r#"{"minimum":60,"maximum":50}"#, false, "odd"),
            (r#"{"minimum":[]}"#, false, "odd"),
            (r#"{"exclusiveMinimum":"x"}"#, false, "odd"),
            ("50", false, "odd"),
        ] {
            let whole = format!("{{\"share\":{json}}}");
            let got = match share(&Obj::parse(&whole).unwrap(), old) {
                Ok(s) => s.map_or_else(|| "none".to_owned(), |s| s.to_string()),
                Err(_) => "odd".to_owned(),
            };
            assert_eq!(got, want, "{json} {old}");
        }
    }
}
