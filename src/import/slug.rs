//! Ids made from free text: names of files and of sources.

/// A name of lower-case letters, digits and `_` made from free text; `doc` when none is left.
pub(super) fn slug(text: &str) -> String {
    crate::model::slug(text).replace(['-', '.'], "_")
}

#[cfg(test)]
mod tests {
    #[test]
    fn slugs() {
        for (text, want) in
            [("Zálá -- Net.2", "z_l_net_2"), ("«»", "doc"), ("Port Quellen Ship Index", "port_quellen_ship_index")]
        {
            assert_eq!(super::slug(text), want);
        }
    }
}
