//! Text in markup: what stands for the characters that would be read as markup themselves.

/// What is written for a character, in text and in attributes of XML and HTML alike.
pub(super) fn entity(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => return None,
    })
}

/// A text as content of an element or value of an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match entity(c) {
            Some(e) => out.push_str(e),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_left_of_markup() {
        assert_eq!(super::escape("<a b='c' d=\"e\">&f"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;f");
    }
}
