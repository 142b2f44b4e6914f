//! An export as a file to be kept.

use super::{Reply, percent};
use crate::error::Result;
use crate::export::{Export, Target};

/// Bytes of notes that a reply carries.
const NOTES: usize = 2_000;

/// A reply that a browser saves under a name. What the export could not carry over, or what is
/// missing in it, goes with it in `X-Cuibono-Notes`, one line.
pub(super) fn attachment(target: &Target, stem: &str, mut export: Export) -> Result<Reply> {
    let name = format!("{}.{}", plain(stem), target.packed_extension());
    let notes = std::mem::take(&mut export.warnings).join("; ");
    let reply = Reply::bytes(200, target.media, export.packed(target)?)
        .header("content-disposition", format!("attachment; filename=\"{name}\""));
    Ok(if notes.is_empty() { reply } else { reply.header("x-cuibono-notes", percent::header(&notes, NOTES)) })
}

/// A name that is one on every system: letters and digits, the rest as hyphens.
fn plain(stem: &str) -> String {
    let mut name = String::new();
    for c in any_ascii::any_ascii(stem).chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    name.truncate(60);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "network".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Artifact, target, targets};

    fn export(warnings: &[&str]) -> Export {
        let artifacts = vec![Artifact { name: "a".to_owned(), bytes: b"x".to_vec() }];
        Export { artifacts, warnings: warnings.iter().map(|w| (*w).to_owned()).collect() }
    }

    #[test]
    fn every_format_has_a_name_and_a_type() {
        for t in targets() {
            let r = attachment(t, "Козлов, \"S\"\r\nx: y", export(&[])).unwrap();
            assert_eq!((r.content_type, r.body == b"x"), (t.media, !t.multi_file), "{}", t.name);
            let want = format!("attachment; filename=\"kozlov-s-x-y.{}\"", t.packed_extension());
            assert_eq!(r.headers, [("content-disposition", want)]);
        }
        let name = |stem: &str| attachment(target("svg").unwrap(), stem, export(&[])).unwrap().headers[0].1.clone();
        assert_eq!(name("../../etc/passwd"), "attachment; filename=\"etc-passwd.svg\"");
        assert_eq!(name("…"), "attachment; filename=\"network.svg\"");
    }

    #[test]
    fn notes_are_one_line_of_whole_characters() {
        let notes = |warnings: &[&str]| {
            let r = attachment(target("svg").unwrap(), "x", export(warnings)).unwrap();
            let (name, value) = r.headers.last().unwrap().clone();
            assert_eq!(name, "x-cuibono-notes");
            assert!(value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()), "{value}");
            percent::decode(&value, false).expect("whole characters")
        };
        assert_eq!(notes(&["a limit cut it", "Козлов: 2\r\n100%"]), "a limit cut it; Козлов: 2\r\n100%");
        for before in ["", "x", "xy", "xyz"] {
            let long = notes(&[&format!("{before}{}", "К".repeat(NOTES))]);
            assert!(long.starts_with(&format!("{before}К")) && long.ends_with("К...") && long.len() < NOTES, "{long}");
        }
    }
}
