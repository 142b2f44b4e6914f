//! The lists that the Consolidated Screening List is made of.

use crate::import::slug::slug;

/// Names of lists in lower case, without what stands in brackets and without "list" at the
/// end, and their abbreviations; with our ids.
const LISTS: [(&str, &str, &str); 20] = [
    ("entity", "el", "bis_el"),
    ("military end user", "meu", "bis_meu"),
    ("military end-user", "meu", "bis_meu"),
    ("denied persons", "dpl", "bis_dpl"),
    ("unverified", "uvl", "bis_uvl"),
    ("nonproliferation sanctions", "isn", "state_isn"),
    ("itar debarred", "dtc", "state_dtc"),
    ("aeca debarred", "dtc", "state_dtc"),
    ("specially designated nationals", "sdn", "ofac_sdn"),
    ("specially designated nationals and blocked persons", "sdn", "ofac_sdn"),
    ("sectoral sanctions identifications", "ssi", "ofac_ssi"),
    ("foreign sanctions evaders", "fse", "ofac_fse"),
    ("palestinian legislative council", "plc", "ofac_ns_plc"),
    ("non-sdn palestinian legislative council", "ns-plc", "ofac_ns_plc"),
    ("non-sdn menu-based sanctions", "mbs", "ofac_ns_mbs"),
    ("non-sdn chinese military-industrial complex companies", "cmic", "ofac_ns_cmic"),
    ("non-sdn iranian sanctions act", "ns-isa", "ofac_ns_isa"),
    ("capta", "cap", "ofac_capta"),
    ("correspondent account or payable-through account sanctions", "capta", "ofac_capta"),
    ("foreign financial institutions subject to part 561", "561", "ofac_capta"),
];

/// A list by the words of the column `source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    /// List id.
    pub(super) id: String,
    /// Whether it is OFAC's, so that its numbers are those of OFAC's own files.
    pub(super) treasury: bool,
    /// Whether it is one of those above.
    pub(super) known: bool,
}

/// Reads `Entity List (EL) - Bureau of Industry and Security`. The whole name must fit: a name
/// that only resembles one is that of another list.
pub(super) fn list(source: &str) -> List {
    let lower = source.to_lowercase();
    let (name, agency) = lower.split_once(" - ").unwrap_or((&lower, ""));
    let mut bare = String::new();
    let mut depth = 0u32;
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> = bare.split_whitespace().collect();
    let bare = words.join(" ");
    let short = bare.strip_suffix(" list").unwrap_or(&bare);
    let treasury = |id: &str| agency.contains("treasury") || id.starts_with("ofac_");
    match LISTS.iter().find(|(name, code, _)| *name == short || *code == bare) {
        Some((_, _, id)) => List { id: (*id).to_owned(), treasury: treasury(id), known: true },
        None => {
            let name = source.split(" - ").next().unwrap_or_default();
            List { id: format!("csl_{}", slug(name)), treasury: treasury(""), known: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn names_as_published() {
        for (source, id) in [
            ("Entity List (EL) - Bureau of Industry and Security", "bis_el"),
            ("Military End User (MEU) List - Bureau of Industry and Security", "bis_meu"),
            ("Denied Persons List (DPL) - Bureau of Industry and Security", "bis_dpl"),
            ("Unverified List (UVL) - Bureau of Industry and Security", "bis_uvl"),
            ("Nonproliferation Sanctions (ISN) - State Department", "state_isn"),
            ("ITAR Debarred (DTC) - State Department", "state_dtc"),
            ("AECA Debarred List (AECA) - Department of State", "state_dtc"),
            ("Specially Designated Nationals (SDN) - Treasury Department", "ofac_sdn"),
            ("SDN", "ofac_sdn"),
            ("Sectoral Sanctions Identifications List (SSI) - Treasury Department", "ofac_ssi"),
            ("Foreign Sanctions Evaders (FSE) - Treasury Department", "ofac_fse"),
            ("Palestinian Legislative Council List (PLC) - Treasury Department", "ofac_ns_plc"),
            ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "ofac_ns_mbs"),
            ("Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department", "ofac_ns_cmic"),
            ("Capta List (CAP) - Treasury Department", "ofac_capta"),
        ] {
            let l = list(source);
            assert_eq!((l.id.as_str(), l.known, l.treasury), (id, true, id.starts_with("ofac_")), "{source}");
        }
        for (source, id, treasury) in [
            ("Entity List Extended (XL) - Bureau of Industry and Security", "csl_entity_list_extended_xl", false),
            ("Sill Act Entity List - Department of Sills", "csl_sill_act_entity_list", false),
            ("Non-SDN Sill List - Treasury Department", "csl_non_sdn_sill_list", true),
            ("((", "csl_doc", false),
            ("", "csl_doc", false),
        ] {
            let l = list(source);
            assert_eq!((l.id.as_str(), l.known, l.treasury), (id, false, treasury), "{source}");
        }
    }
}
