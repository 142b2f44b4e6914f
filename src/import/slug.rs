//! Ids made from free text: names of files and of sources.

/// A name of lower-case letters, digits and `_` made from free text; `data` when none is left.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(200));
    for c in text.chars().take(200) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    if out.is_empty() { "data".to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn slugs() {
        for (text, want) in
            [("Zálá -- Net.2", "z_l_net_2"), ("«»", "data"), ("Port Quellen Ship Index", "port_quellen_ship_index")]
        {
            assert_eq!(super::slug(text), want);
        }
    }
}
