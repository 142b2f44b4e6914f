//! Dividing OFAC's remarks into items: at semicolons, but not inside quotes, and with care
//! for a field that was cut.

/// How far a quoted name with a semicolon in it may reach, in bytes.
const MAX_QUOTED: usize = 400;

/// How items begin that are seen in every list. A quote that would swallow one of these is no
/// quote but an apostrophe.
const STARTS: [&str; 17] = [
    "Linked To: ",
    "a.k.a. '",
    "f.k.a. '",
    "n.k.a. '",
    "alt. ",
    "DOB ",
    "POB ",
    "nationality ",
    "citizen ",
    "Gender ",
    "Passport ",
    "Tax ID No.",
    "Registration Number ",
    "National ID No.",
    "Secondary sanctions risk",
    "Digital Currency Address",
    "Organization Established Date",
];

/// Labels of weak aliases.
pub(super) const WEAK: [&str; 3] = ["a.k.a.", "f.k.a.", "n.k.a."];

/// The items of a remarks field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Items<'a> {
    /// The complete ones, in order.
    pub(super) whole: Vec<&'a str>,
    /// Of a field cut at its length: the text after the last divider, blanks and all. It is
    /// empty when the cut fell on a divider.
    pub(super) cut: Option<&'a str>,
}

/// Whether a text reads like remarks, or the rest of some: an item of a known kind follows a
/// divider.
pub(super) fn holds_items(text: &str) -> bool {
    text.split("; ").skip(1).any(|t| STARTS.iter().any(|s| t.starts_with(s)))
}

/// Divides a remarks field. Dividers are semicolons before a blank or the end, outside quotes.
///
/// A field ends with one full stop of its own, which is dropped: exactly one, so the last item
/// of `Linked To: X INC..` is `X INC.`, and that of `Linked To: X INC.` is `X INC`, for the
/// publisher lets the two stops fall together. Names are therefore looked up as they are, then
/// without regard to punctuation at their end; that finds both. Items before the last keep
/// theirs, so they are exact. A field that was `cut` has no stop of its own.
pub(super) fn split(text: &str, cut: bool) -> Items<'_> {
    let body = if cut {
        text
    } else {
        let t = text.trim_end();
        t.strip_suffix('.').unwrap_or(t)
    };
    let mut items = Items::default();
    let mut rest = body;
    loop {
        match item_end(rest.trim_start(), cut) {
            Some(end) => {
                let start = rest.trim_start();
                let item = start.get(..end).unwrap_or_default().trim();
                if !item.is_empty() {
                    items.whole.push(item);
                }
                rest = start.get(end + 1..).unwrap_or_default();
            }
            None if cut => {
                items.cut = Some(rest);
                return items;
            }
            None => {
                let item = rest.trim();
                if !item.is_empty() {
                    items.whole.push(item);
                }
                return items;
            }
        }
    }
}

/// Whether the byte at `i` is a divider.
fn divides(bytes: &[u8], i: usize) -> bool {
    bytes.get(i) == Some(&b';') && bytes.get(i + 1).is_none_or(u8::is_ascii_whitespace)
}

/// Whether an item of a known kind begins after the divider at `i`.
fn starts_after(text: &str, i: usize) -> bool {
    text.get(i + 1..).is_some_and(|t| {
        let t = t.trim_start();
        STARTS.iter().any(|s| t.starts_with(s))
    })
}

/// Where the item at the start of `text` ends: the offset of its divider.
pub(in crate::import) fn item_end(text: &str, cut: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let body = text.strip_prefix("alt. ").unwrap_or(text);
    let weak = WEAK.iter().any(|w| body.strip_prefix(w).is_some_and(|r| r.trim_start().starts_with('\'')));
    if weak {
        let open = text.find('\'').unwrap_or(0);
        if let Some(end) = weak_end(text, open, cut) {
            return end;
        }
    }
    let mut i = 0;
    while i < bytes.len() {
        if divides(bytes, i) {
            return Some(i);
        }
        if !weak {
            i = quoted_end(text, i).unwrap_or(i);
        }
        i += 1;
    }
    None
}

/// The end of a weak alias whose quote opens at `open`: names hold apostrophes and semicolons,
/// so it closes at the first quote before a divider or the end. `None` when it never closes.
fn weak_end(text: &str, open: usize, cut: bool) -> Option<Option<usize>> {
    let bytes = text.as_bytes();
    for i in open + 1..bytes.len().min(open + MAX_QUOTED) {
        if divides(bytes, i) && starts_after(text, i) {
            return (bytes.get(i - 1) == Some(&b'\'') && i - 1 > open).then_some(Some(i));
        }
        if bytes.get(i) == Some(&b'\'') {
            if divides(bytes, i + 1) {
                return Some(Some(i + 1));
            }
            if i + 1 == bytes.len() {
                return Some(None);
            }
        }
    }
    // The cut took the closing quote along: what is there belongs to one name.
    (cut && bytes.len() < open + MAX_QUOTED).then_some(None)
}

/// The closing quote of a quotation that opens at `i` and holds a divider. Apostrophes stand
/// inside words or have no partner; then `None`.
fn quoted_end(text: &str, i: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(i).filter(|b| matches!(**b, b'\'' | b'"'))?;
    let opens = |at: usize| {
        let before = at.checked_sub(1).and_then(|p| bytes.get(p));
        before.is_none_or(|b| matches!(b, b' ' | b'(')) && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    };
    if !opens(i) {
        return None;
    }
    for j in i + 1..bytes.len().min(i + MAX_QUOTED) {
        if divides(bytes, j) && starts_after(text, j) {
            return None;
        }
        if bytes.get(j) == Some(&quote) {
            if bytes.get(j + 1).is_none_or(|b| matches!(b, b' ' | b';' | b'.' | b',' | b')')) {
                return Some(j);
            }
            if opens(j) {
                return None;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dividing() {
        let whole = |t| split(t, false).whole;
        assert_eq!(whole("DOB 1971; POB Sill."), ["DOB 1971", "POB Sill"]);
        assert_eq!(whole("A;b; ; Linked To: X INC..; "), ["A;b", "Linked To: X INC.."]);
        assert_eq!(whole("Linked To: X INC.; Linked To: Y INC."), ["Linked To: X INC.", "Linked To: Y INC"]);
        assert_eq!(whole("Linked To: X INC.."), ["Linked To: X INC."]);
        assert_eq!(whole("see 'Annex; part 2' there; B."), ["see 'Annex; part 2' there", "B"]);
        assert_eq!(whole("see \"Annex; part 2\"; B."), ["see \"Annex; part 2\"", "B"]);
        assert_eq!(whole("the Jones' house; B's 'home'."), ["the Jones' house", "B's 'home'"]);
        assert_eq!(whole("Abu 'Abd; POB 'Sill'."), ["Abu 'Abd", "POB 'Sill'"]);
        assert_eq!(whole("see this.; a.k.a. 'B'."), ["see this.", "a.k.a. 'B'"]);
        assert!(whole("").is_empty() && whole(".").is_empty());
    }

    #[test]
    fn cut_fields() {
        let s = |t| split(t, true);
        assert_eq!(s("A; Linked To: B").cut, Some(" Linked To: B"));
        assert_eq!(s("A; Linked To: B").whole, ["A"]);
        assert_eq!((s("A; B;").whole, s("A; B;").cut), (vec!["A", "B"], Some("")));
        assert_eq!(s("A; B ").cut, Some(" B "));
        assert_eq!(s("A; a.k.a. 'B; C").cut, Some(" a.k.a. 'B; C"));
    }

    #[test]
    fn long_hostile_texts_take_little_time() {
        let text = "a.k.a. 'x 'y ".repeat(80_000);
        assert_eq!(split(&text, false).whole.len(), 1);
        let text = "'a; ".repeat(250_000);
        assert!(split(&text, false).whole.len() > 1000);
    }
}
