//! Addresses taken apart: percent signs, and the names and values of a query.

/// What was written with percent signs; `None` where that is no UTF-8, or no hexadecimal.
/// `plus`: a plus sign is a space, as forms write it.
pub(super) fn decode(text: &str, plus: bool) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                out.push(u8::try_from(high * 16 + low).ok()?);
            }
            b'+' if plus => out.push(b' '),
            b => out.push(b),
        }
    }
    String::from_utf8(out).ok()
}

/// Text as a part of an address.
pub(super) fn encode(text: &str) -> String {
    encode_but(text, b"-._~")
}

/// The same, but letters, digits and these stand as they are.
pub(super) fn encode_but(text: &str, plain: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b if b.is_ascii_alphanumeric() || plain.contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Text as the value of a header: printable ASCII but `%` stands as it is. At most so many bytes of
/// whole characters; where that cuts it, three dots follow.
pub(super) fn header(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most));
    let mut bytes = [0; 4];
    for c in text.chars() {
        let plain = (c == ' ' || c.is_ascii_graphic()) && c != '%';
        let c: &str = c.encode_utf8(&mut bytes);
        let written = if plain { c.to_owned() } else { encode(c) };
        if out.len() + written.len() > most {
            out.push_str("...");
            break;
        }
        out.push_str(&written);
    }
    out
}

/// The segments of a path; empty ones are kept but for those at its ends.
pub(super) fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(Vec::new());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(|s| decode(s, false)).collect()
}

/// Names and values of a query, or of a form, in their order.
pub(super) fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let each = query.split('&').filter(|p| !p.is_empty());
    each.map(|p| {
        let (name, value) = p.split_once('=').unwrap_or((p, ""));
        Some((decode(name, true)?, decode(value, true)?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_with_percent_signs() {
        assert_eq!(decode("a%20b+c%2B%D0%9A", true).as_deref(), Some("a b c+К"));
        assert_eq!(decode("a+b", false).as_deref(), Some("a+b"));
        for bad in ["%", "%2", "%zz", "%+1", "%ff", "%c3%28", "%ed%a0%80"] {
            assert_eq!(decode(bad, true), None, "{bad}");
        }
        assert_eq!(encode("a b+К/~"), "a%20b%2B%D0%9A%2F~");
        assert_eq!(encode_but("ofac:1/2", b":"), "ofac:1%2F2");
        assert_eq!(decode("%00", false).as_deref(), Some("\0"));
    }

    #[test]
    fn headers_are_one_line_of_whole_characters() {
        assert_eq!(header("a (b); 50% of К\r\nx: y", 99), "a (b); 50%25 of %D0%9A%0D%0Ax: y");
        assert_eq!(header("aКК", 13), "a%D0%9A%D0%9A");
        for cut in 7..13 {
            assert_eq!(header("aКК", cut), "a%D0%9A...", "{cut}");
        }
        assert_eq!(header("К", 5), "...");
    }

    #[test]
    fn paths_and_queries() {
        let of = |p: &str| segments(p).unwrap();
        assert!(of("/").is_empty() && of("").is_empty());
        assert_eq!(of("/v1/entity/ofac%3A1%2F2"), ["v1", "entity", "ofac:1/2"]);
        assert_eq!(of("/healthz/"), ["healthz"]);
        assert_eq!(of("//"), [""]);
        assert_eq!(of("//a//b"), ["", "a", "", "b"]);
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let want = [pair("q", "a b"), pair("through", ""), pair("x", "1=2"), pair("", "y")];
        assert_eq!(pairs("q=a+b&through&&x=1=2&=y").unwrap(), want);
        assert_eq!(pairs("q=%ff"), None);
    }
}
