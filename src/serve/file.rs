//! An export as a file to be kept.

use super::Reply;
use crate::export::Target;

/// A reply that a browser saves under a name. `bytes`: the file, or the zip of several.
pub(super) fn attachment(target: &Target, stem: &str, bytes: Vec<u8>) -> Reply {
    let extension = if target.multi_file { "zip" } else { target.extension };
    let name = format!("{}.{extension}", plain(stem));
    Reply::bytes(200, media(target), bytes).header("content-disposition", format!("attachment; filename=\"{name}\""))
}

/// The media type of a format.
fn media(target: &Target) -> &'static str {
    match (target.name, target.extension) {
        _ if target.multi_file => "application/zip",
        ("svg", _) => "image/svg+xml",
        ("html", _) => "text/html; charset=utf-8",
        ("graphml" | "gexf", _) => "application/xml",
        ("dot", _) => "text/vnd.graphviz; charset=utf-8",
        ("jsonl" | "ftm", _) => "application/x-ndjson",
        (_, "json" | "cyjs") => "application/json",
        _ => "application/octet-stream",
    }
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
    use crate::export::{target, targets};

    #[test]
    fn every_format_has_a_name_and_a_type() {
        for t in targets() {
            let r = attachment(t, "Козлов, \"S\"\r\nx: y", b"x".to_vec());
            assert_ne!(r.content_type, "application/octet-stream", "{}", t.name);
            let ending = if t.multi_file { "zip" } else { t.extension };
            let want = format!("attachment; filename=\"kozlov-s-x-y.{ending}\"");
            assert_eq!(r.headers, [("content-disposition", want)]);
        }
        let name = |stem: &str| attachment(target("svg").unwrap(), stem, Vec::new()).headers[0].1.clone();
        assert_eq!(name("../../etc/passwd"), "attachment; filename=\"etc-passwd.svg\"");
        assert_eq!(name("…"), "attachment; filename=\"network.svg\"");
    }
}
