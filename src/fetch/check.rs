//! Whether what came is what was wanted.

use crate::error::{Error, Place, Result};
use crate::import::{self, Input};
use std::path::Path;

/// Refuses an empty file, a page of a website, and any format but the one expected.
pub(super) fn content(path: &Path, shown: &str, format: &str) -> Result<()> {
    let refuse = |why: String| {
        Err(Error::input(format!("what came is not the list: {why}"))
            .at(Place::file(shown))
            .hint("nothing was imported; look at the publisher's page for a new address, or fetch the file by hand"))
    };
    // An archive may hold other things beside the list: one member of the format is enough.
    let mut found = String::new();
    for input in Input::open_all(path)? {
        if input.head().is_empty() && !input.is_member() {
            return refuse("the file is empty".to_owned());
        }
        if let Some(title) = page(input.head()) {
            let named = if title.is_empty() { String::new() } else { format!(", {title:?}") };
            return refuse(format!("it is a page of a website{named}"));
        }
        match import::detect(std::slice::from_ref(&input), None) {
            Ok(f) if f.name == format => return Ok(()),
            Ok(f) => found = format!("it looks like the format {}, and {format} is expected", f.name),
            Err(e) if found.is_empty() => found = format!("{format} is expected, and {}", e.message()),
            Err(_) => {}
        }
    }
    refuse(found)
}

/// The title of an HTML page; `None` where the content is none.
fn page(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = String::from_utf8_lossy(head.get(..head.len().min(8 * 1024)).unwrap_or_default()).into_owned();
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_start();
    let html = start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && lower.get(..lower.len().min(1024)).unwrap_or(&lower).contains("<html"));
    if !html {
        return None;
    }
    let title = lower.find("<title").and_then(|at| {
        let inner = text.get(at..)?.split_once('>')?.1.split('<').next()?;
        Some(inner.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect())
    });
    Some(title.unwrap_or_default())
}

/// The SHA-256 that a publisher's text states for a file: the first 64 hexadecimal digits of the
/// only line that has any, or of the line that names the file.
pub(super) fn stated_sum(text: &str, names: &[&str]) -> Option<String> {
    let sums: Vec<(&str, String)> = text
        .lines()
        .take(10_000)
        .filter_map(|line| {
            let word = |w: &&str| w.len() == 64 && w.bytes().all(|b| b.is_ascii_hexdigit());
            let sum = line.split(|c: char| !c.is_ascii_alphanumeric()).find(word)?;
            Some((line, sum.to_ascii_lowercase()))
        })
        .collect();
    if let [(_, only)] = &sums[..] {
        return Some(only.clone());
    }
    let mut named = sums.into_iter().filter(|(line, _)| names.iter().any(|n| line.contains(n)));
    match (named.next(), named.next()) {
        (Some((_, sum)), None) => Some(sum),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_lists() {
        assert_eq!(
            page(b"\xef\xbb\xbf \n<!DOCTYPE html><html><title> Not\n found </title>").as_deref(),
            Some("Not found")
        );
        assert_eq!(page(b"<?xml version=\"1.0\"?><HTML lang='en'>").as_deref(), Some(""));
        assert_eq!(page(b"<?xml version=\"1.0\"?><sdnList><title>x</title>"), None);
        assert_eq!(page(b"id,name\n1,<html>\n"), None);
        assert_eq!(page("<ä".as_bytes()), None);
        assert_eq!(page(b""), None);
    }

    #[test]
    fn sums_of_publishers() {
        let (a, b) = ("0a".repeat(32), "1B".repeat(32));
        let sum = |text: &str| stated_sum(text, &["list.xml"]);
        assert_eq!(sum(&a).as_ref(), Some(&a));
        assert_eq!(sum(&format!("SHA256 (x) = {b}\n")), Some(b.to_lowercase()));
        assert_eq!(sum(&format!("{a}  other.xml\n{b} *list.xml\n")), Some(b.to_lowercase()));
        assert_eq!(sum(&format!("{a}  other.xml\n{b}  third.xml\n")), None);
        assert_eq!(sum(&format!("{a}0 list.xml")), None, "65 digits are no sum");
        assert_eq!(sum("none here"), None);
    }
}
