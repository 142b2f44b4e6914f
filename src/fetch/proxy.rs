//! Which connections go through a proxy.

use crate::error::{Error, Result};

/// A proxy for TLS connections, and the hosts that are reached without it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxies {
    url: String,
    except: Vec<String>,
}

impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("Proxies").field("host", &super::address::host(&self.url)).field("except", &self.except).finish()
    }
}

impl Proxies {
    /// A proxy `http://[user:password@]host:port` (or `https://`, or `host:port`), and host names
    /// separated by commas that are reached directly: `example.org` with all below it,
    /// `.example.org` likewise, an address, `*` for every host.
    pub fn new(url: &str, except: &str) -> Result<Proxies> {
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let known = ["http://", "https://"].iter().any(|s| url.to_ascii_lowercase().starts_with(s));
        if !known {
            // The whole address may hold a password: it is not repeated.
            let scheme = url.split("://").next().unwrap_or_default();
            return Err(Error::usage(format!("a proxy of the kind {scheme}: is not supported"))
                .hint("name an HTTP proxy: http://host:port"));
        }
        ureq::Proxy::new(&url).map_err(|_| {
            Error::usage("the address of the proxy cannot be read").hint("write it as http://host:port")
        })?;
        let except = except
            .split([',', ' '])
            .map(|e| e.trim().trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase())
            .zip(except.split([',', ' ']))
            .filter(|(_, raw)| !raw.trim().is_empty())
            .map(|(e, raw)| if raw.trim() == "*" { "*".to_owned() } else { e })
            .filter(|e| !e.is_empty())
            .collect();
        Ok(Proxies { url, except })
    }

    /// The address of the proxy.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Whether a host is reached without the proxy.
    pub(super) fn bypassed(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.except.iter().any(|e| {
            // A port in the exception narrows it nowhere else either: it is dropped.
            let e =
                e.rsplit_once(':').filter(|(h, p)| !h.contains(':') && p.parse::<u16>().is_ok()).map_or(&**e, |x| x.0);
            e == "*" || host == e || host.strip_suffix(e).is_some_and(|rest| rest.ends_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions() {
        let p = Proxies::new(
            "proxy.example:3128",
            "example.org, .inner.example,10.0.0.1,::1 , *.wild.example,port.example:443",
        )
        .unwrap();
        for direct in [
            "example.org",
            "WWW.example.org",
            "inner.example",
            "a.inner.example",
            "10.0.0.1",
            "::1",
            "x.wild.example",
            "port.example",
        ] {
            assert!(p.bypassed(direct), "{direct}");
        }
        for through in ["notexample.org", "example.org.evil.example", "10.0.0.11", "org"] {
            assert!(!p.bypassed(through), "{through}");
        }
        assert!(Proxies::new("http://proxy.example", "*").unwrap().bypassed("anything"));
        assert!(!Proxies::new("http://proxy.example", " , ").unwrap().bypassed("anything"));
    }

    #[test]
    fn addresses() {
        assert_eq!(Proxies::new("proxy.example:3128", "").unwrap().url(), "http://proxy.example:3128");
        let e = Proxies::new("socks5://name:secret@proxy.example", "").unwrap_err().to_string();
        assert!(e.contains("socks5") && !e.contains("secret"), "{e}");
        let shown = format!("{:?}", Proxies::new("http://name:secret@proxy.example:1", "a").unwrap());
        assert!(shown.contains("proxy.example") && !shown.contains("secret"), "{shown}");
        let e = Proxies::new("http://name:secret@", "").unwrap_err().to_string();
        assert!(!e.contains("secret"), "{e}");
    }
}
