//! Addresses: templates with placeholders, and what a redirect points at.

use crate::error::{Error, Result};
use crate::model::PartialDate;

/// What every address begins with.
const HTTPS: &str = "https://";

/// Checks an address of the table: TLS, a host, nothing but known placeholders.
pub(super) fn valid(url: &str) -> std::result::Result<(), String> {
    let plain = url.replace("{date}", "").replace("{token}", "");
    if !url.starts_with(HTTPS) {
        return Err(format!("{url:?} does not begin with https://: nothing is fetched without TLS"));
    }
    if plain.contains(['{', '}']) {
        return Err(format!("{url:?} has a placeholder other than {{date}} and {{token}}"));
    }
    if plain.contains('#') || plain.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        return Err(format!("{url:?} has characters that no address has"));
    }
    let host = authority(url);
    if host.is_empty() || host.contains('@') || host.contains(['{', '}']) {
        return Err(format!("{url:?} names no host that can be known"));
    }
    Ok(())
}

/// Host and port of an address.
pub(super) fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, r)| r);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The host of an address without port and brackets.
pub(super) fn host(url: &str) -> &str {
    let a = authority(url);
    let a = a.rsplit_once('@').map_or(a, |(_, h)| h);
    match a.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => a.split(':').next().unwrap_or_default(),
    }
}

/// Fills in the placeholders. Characters of the token that an address cannot have are refused,
/// so that a token cannot change the rest of the address.
pub(super) fn fill(template: &str, date: Option<PartialDate>, token: Option<&str>) -> Result<String> {
    let mut url = template.to_owned();
    if url.contains("{date}") {
        let date = date.ok_or_else(|| Error::usage("the address needs a date").hint("give one with --date"))?;
        url = url.replace("{date}", &date.to_string());
    }
    if url.contains("{token}") {
        let token = token.filter(|t| !t.is_empty()).ok_or_else(|| Error::usage("the address needs a token"))?;
        let odd = |c: char| !c.is_ascii_alphanumeric() && !"-._~=+%".contains(c);
        if token.contains(odd) {
            return Err(Error::usage("the token has characters that an address cannot have")
                .hint("copy it as it stands behind `token=` in the address that the publisher gave you"));
        }
        url = url.replace("{token}", token);
    }
    Ok(url)
}

/// Where a redirect from `base` leads. Anything but https is refused.
pub(super) fn redirect(base: &str, location: &str) -> std::result::Result<String, String> {
    let location = location.trim().split('#').next().unwrap_or_default();
    let scheme = location.split_once(':').map(|(s, _)| s).filter(|s| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    let root = format!("{HTTPS}{}", authority(base));
    let full = match scheme {
        Some(s) if s.eq_ignore_ascii_case("https") => {
            let rest = location.get(s.len() + 1..).unwrap_or_default();
            match rest.strip_prefix("//") {
                Some(rest) => format!("{HTTPS}{rest}"),
                None => return Err("to an address without a host".to_owned()),
            }
        }
        Some(s) => return Err(format!("to an address of another kind ({s}:)")),
        None if location.is_empty() => return Err("to nowhere".to_owned()),
        None if location.starts_with("//") => format!("https:{location}"),
        None if location.starts_with('/') => format!("{root}{location}"),
        None => {
            let path = base.split(['?', '#']).next().unwrap_or(base);
            let folder = match path.get(root.len()..).and_then(|p| p.rfind('/')) {
                Some(at) => path.get(..root.len() + at).unwrap_or(&root),
                None => &root,
            };
            match location.strip_prefix('?') {
                Some(query) => format!("{path}?{query}"),
                None => format!("{folder}/{location}"),
            }
        }
    };
    if authority(&full).is_empty() || authority(&full).contains('@') {
        return Err("to an address without a host".to_owned());
    }
    Ok(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_table() {
        assert!(valid("https://lists.example/a/{date}.xml?token={token}").is_ok());
        for bad in [
            "http://lists.example/a.xml",
            "https:///a.xml",
            "https://user@lists.example/a.xml",
            "https://{date}.example/a.xml",
            "https://lists.example/{day}.xml",
            "https://lists.example/a b.xml",
            "https://lists.example/a.xml#part",
            "ftp://lists.example/a.xml",
        ] {
            assert!(valid(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn placeholders() {
        let day = PartialDate::parse("2026-01-05").ok();
        let url = "https://lists.example/snapshot-{date}.zip?token={token}";
        assert_eq!(fill(url, day, Some("a1=")).unwrap(), "https://lists.example/snapshot-2026-01-05.zip?token=a1=");
        assert!(fill(url, day, None).unwrap_err().to_string().contains("token"));
        assert!(fill(url, day, Some("")).is_err());
        assert!(fill(url, None, Some("a")).unwrap_err().to_string().contains("date"));
        for odd in ["a&b=1", "a b", "a/../b", "ä", "a#"] {
            assert!(fill(url, day, Some(odd)).is_err(), "{odd}");
        }
    }

    #[test]
    fn redirects_resolve_against_what_they_come_from() {
        let base = "https://a.example:8443/x/y/list.xml?v=1";
        for (location, want) in [
            ("https://b.example/z", "https://b.example/z"),
            ("HTTPS://b.example/z", "https://b.example/z"),
            ("//b.example/z", "https://b.example/z"),
            ("/z.xml#top", "https://a.example:8443/z.xml"),
            ("z.xml", "https://a.example:8443/x/y/z.xml"),
            ("?v=2", "https://a.example:8443/x/y/list.xml?v=2"),
            ("z.xml?at=10:30", "https://a.example:8443/x/y/z.xml?at=10:30"),
        ] {
            assert_eq!(redirect(base, location).as_deref(), Ok(want), "{location}");
        }
        assert_eq!(redirect("https://a.example", "z").as_deref(), Ok("https://a.example/z"));
        for bad in ["http://a.example/z", "ftp://a.example/z", "javascript:0", "", "#x", "https:z", "//u@b.example/z"] {
            assert!(redirect(base, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hosts() {
        assert_eq!(host("https://Lists.example:8443/x"), "Lists.example");
        assert_eq!(host("https://[::1]:8443/x"), "::1");
        assert_eq!(host("https://lists.example?x"), "lists.example");
    }
}
