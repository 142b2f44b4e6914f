//! Ids made from free text: names of files and of sources.

/// A name of lower-case letters, digits and `_` made from free text; `doc` when none is left.
pub(super) fn slug(text: &str) -> String {
    crate::model::slug(text).replace(['-', '.'], "_")
}

/// The name of an element or column as one of a property: `ManagingLOU` is `managing_lou`,
/// `IBCRuc No.` is `ibc_ruc_no`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let (mut before, mut rest) = ('_', text.chars().peekable());
    while let Some(c) = rest.next() {
        if !c.is_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
        } else {
            // A word begins at a capital after a small letter, and at the last of several
            // capitals before a small one.
            let last = before.is_uppercase() && rest.peek().is_some_and(|n| n.is_lowercase());
            let begins = c.is_uppercase() && (before.is_lowercase() || before.is_numeric() || last);
            if begins && !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn properties() {
        for (text, want) in [
            ("ManagingLOU", "managing_lou"),
            ("LEIRecord", "lei_record"),
            ("ibcRUC", "ibc_ruc"),
            ("IBCRuc No.", "ibc_ruc_no"),
            ("event_status", "event_status"),
            ("  Name of Ship: ", "name_of_ship"),
            ("digest.0.edgeType", "digest_0_edge_type"),
            ("", ""),
        ] {
            assert_eq!(super::snake(text), want);
        }
    }

    #[test]
    fn slugs() {
        for (text, want) in
            [("Zálá -- Net.2", "z_l_net_2"), ("«»", "doc"), ("Port Quellen Ship Index", "port_quellen_ship_index")]
        {
            assert_eq!(super::slug(text), want);
        }
    }
}
